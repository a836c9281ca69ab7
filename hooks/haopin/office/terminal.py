"""Terminal output: language of the clerk, and columns in which a Chinese character is two wide."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from haopin.text import Language, Text, fullwidth

# --- Language of a command; Chinese gets full-width punctuation

#: Formats one of two templates, Chinese and English, with the given values.
Say = Callable[..., str]

_WARNING = "提醒 / warning: "


@dataclass(frozen=True)
class CommandLanguage:
    """Formats messages in one language."""

    language: Language

    def __call__(self, zh: str, en: str, **values: Any) -> str:
        """Return one of two templates with ``values``; only the Chinese template gets full-width punctuation."""
        return (fullwidth(zh) if self.language == "zh" else en).format(**values)

    def of(self, text: Text) -> str:
        """Return ``text`` in the chosen language, as displayed."""
        return text.show(self.language)

    def side(self, line: str) -> str:
        """Return the half of a line of output “Chinese / English” in the chosen language; a line without halves whole.

        Both halves have the same number of “ / ” in themselves.
        """
        # A place in a file is before the Chinese half only, followed by the mark of a warning.
        place = re.match(r"(?:[^\s:]+:\d+:\d+: )?", line)
        assert place is not None
        rest = line[place.end() :]
        warning = rest.startswith(_WARNING)
        parts = rest.removeprefix(_WARNING).split(" / ")
        if len(parts) % 2:
            return line
        half = len(parts) // 2
        mark = self("提醒：", "warning: ") if warning else ""
        return place[0] + mark + " / ".join(parts[:half] if self.language == "zh" else parts[half:])


# --- Columns: a Chinese character is two columns wide

#: Width of the narrowest supported terminal.
COLUMNS = 80
# An ellipsis is one column wide in some terminals and two in others.
_LEFT_OUT = ".."


def width(text: str) -> int:
    """Return the width of ``text`` in columns."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # Ambiguous characters (quotation marks, dashes, the ellipsis) are wide in a Chinese terminal.
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def cut(text: str, columns: int) -> str:
    """Return ``text`` as one line of at most ``columns``, ending in two points if it was shortened."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    left = columns - len(_LEFT_OUT)
    kept = ""
    for character in text:
        left -= _width(character)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + _LEFT_OUT


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return ``text``, shortened to ``columns`` or padded with spaces; ``right`` aligns it to the right."""
    text = cut(text, columns)
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap
