"""Problems in the data: place, cause and fix, in Chinese and English."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from haopin.text import fullwidth

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Place:
    """A place in a data file, named by the path of keys and indices that leads to it.

    Attributes:
        file: Path of the file below the data folder, with ``/``.
        path: Keys and list indices from the top of the file, e.g. ``("measures", 2, "quote", "zh")``.
        at_key: Point at the key rather than at its value.
        mark: 1-based (line, column), for problems found before there is any structure.
    """

    file: str
    path: Path = ()
    at_key: bool = False
    mark: tuple[int, int] | None = None

    def at(self, *path: str | int, key: bool = False) -> "Place":
        """Return the place that ``path`` leads to from here."""
        return Place(self.file, self.path + path, key)


@dataclass(frozen=True)
class Problem:
    """One problem at one place. ``zh`` and ``en`` are ready to print; `problem` makes them."""

    place: Place
    zh: str
    en: str
    severity: Severity = "error"


def problem(place: Place, zh: str, en: str, *, severity: Severity = "error", **values: Any) -> Problem:
    """Make a problem from two templates and the values they name.

    Only the Chinese template gets full-width punctuation: the offending text is shown as it was typed. ``{colon}`` is
    the ASCII colon of YAML, which must stay one.
    """
    values = {"colon": ":", **values}
    return Problem(place, fullwidth(zh).format(**values), en.format(**values), severity)


class DataError(Exception):
    """The data has problems; carries every one of them, as lines ready to print."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Keep ``lines``, each ``folder/file.yml:LINE:COLUMN: message``."""
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class ConfigurationError(Exception):
    """The configuration cannot be used; the message says why, in both languages."""
