"""Output in a terminal: the clerk's language, and columns where a Chinese character is two wide."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from haopin.text import Language, Text, fullwidth

# --- What a command says: in the language that the clerk has chosen, Chinese with full-width punctuation

#: A function that turns two templates, and what they name, into the words to print.
Say = Callable[..., str]


@dataclass(frozen=True)
class CommandLanguage:
    """Words in one language."""

    language: Language

    def __call__(self, zh: str, en: str, **values: Any) -> str:
        """Return one of two templates with ``values`` put in; only the Chinese template gets full-width punctuation."""
        return (fullwidth(zh) if self.language == "zh" else en).format(**values)

    def of(self, text: Text) -> str:
        """Return ``text`` as a reader sees it."""
        return text.show(self.language)


# --- Text in columns of a terminal, where a Chinese character is two columns wide

#: Columns of the narrowest terminal that the office uses.
COLUMNS = 80
# An ellipsis is one column wide in some terminals and two in others.
_LEFT_OUT = ".."


def width(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # Characters of ambiguous width (quotation marks, dashes, the ellipsis) are wide in a Chinese terminal.
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def cut(text: str, columns: int) -> str:
    """Return ``text`` on one line, in at most ``columns``, with two points where something was left out."""
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
    """Return ``text``, cut to ``columns`` and filled up with spaces; ``right`` puts the text at the right."""
    text = cut(text, columns)
    gap = " " * (columns - width(text))
    return gap + text if right else text + gap
