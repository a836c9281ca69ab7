"""Terminal output: language of the clerk, and columns in which a Chinese character is two wide."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from haopin.text import Language, Text, fullwidth

# --- Language of a command; Chinese gets full-width punctuation

#: Formats one of two templates, Chinese and English, with the given values.
Say = Callable[..., str]


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
