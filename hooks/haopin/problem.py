"""Problems in the data: place, cause and fix, in Chinese and English."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Place:
    """A position in a data file, as a path of keys and indices.

    Attributes:
        file: Path of the file below the data folder, with ``/``.
        path: Keys and list indices from the top of the file, e.g. ``("measures", 2, "quote", "zh")``.
        at_key: Point to the key rather than to its value.
        mark: 1-based (line, column), for problems in files that could not be parsed.
    """

    file: str
    path: Path = ()
    at_key: bool = False
    mark: tuple[int, int] | None = None

    def at(self, *path: str | int, key: bool = False) -> "Place":
        """Return the position at ``path`` below this one."""
        return Place(self.file, self.path + path, key)


def mark_at(text: str, index: int) -> tuple[int, int]:
    """Return the 1-based line and column of the character at ``index`` of ``text``, the content of a file."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


@dataclass(frozen=True)
class Problem:
    """A problem at a position. ``zh`` and ``en`` are complete messages; `problem` creates them.

    Attributes:
        place: The position.
        zh: Message in Chinese.
        en: Message in English.
        severity: Error or warning.
        desk: Messages in Chinese and English for the desk, if it has a button for what the others have one write.
    """

    place: Place
    zh: str
    en: str
    severity: Severity = "error"
    desk: tuple[str, str] | None = None


def problem(
    place: Place,
    zh: str,
    en: str,
    *,
    severity: Severity = "error",
    desk: tuple[str, str] | None = None,
    **values: Any,
) -> Problem:
    """Create a problem from two message templates and their values.

    Only the Chinese template gets full-width punctuation; values are shown as typed. ``{colon}`` is the ASCII colon of
    YAML, which is not converted.
    """
    # Not at the top: it needs pydantic, which commands that only print their help should not load.
    from haopin.text import fullwidth

    values = {"colon": ":", **values}

    def filled(zh: str, en: str) -> tuple[str, str]:
        return fullwidth(zh).format(**values), en.format(**values)

    return Problem(place, *filled(zh, en), severity, filled(*desk) if desk else None)


class DataError(Exception):
    """The data has errors; contains all of them, as lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Store ``lines``, each ``folder/file.yml:LINE:COLUMN: message``."""
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class ConfigurationError(Exception):
    """Invalid configuration or failed command; the message has the reason in both languages."""
