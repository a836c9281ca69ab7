"""Withdrawn names: finding them in texts however they were typed, and striking them out."""

import re
import typing
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from haopin.text import Text

#: What stands where a withdrawn name stood in a text about something else.
REDACTED = Text(zh="〔名称已撤下〕", en="[name withdrawn]")

B = TypeVar("B", bound=BaseModel)
# The dots that people type between the parts of a foreign name.
_DOTS = "\u00b7\u2022\u2027\u30fb\uff65"
_ONE_DOT = str.maketrans(dict.fromkeys(_DOTS, "\u00b7"))


class Names:
    """Names in all the ways in which they may be typed: wide or narrow letters and marks, any case, spaces or none."""

    def __init__(self, names: Iterable[str]) -> None:
        """Prepare ``names``; a longer one is found before a shorter one within it."""
        self._names = [(_folded(name), name) for name in sorted(set(names), key=lambda name: (-len(name), name))]
        patterns = [_pattern(name) for _, name in self._names]
        self._each = {name: re.compile(words, re.I) for (_, name), words in zip(self._names, patterns, strict=True)}
        self._any = re.compile("|".join(patterns), re.I)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._names)

    def in_text(self, text: str) -> list[str]:
        """Return the names that occur in ``text``."""
        folded = _folded(text) if self._names else ""
        return [name for key, name in self._names if key in folded and self._each[name].search(text)]

    def struck_from(self, text: str, language: Literal["zh", "en"]) -> str:
        """Return ``text`` without the names; itself if there are none."""
        return self._any.sub(REDACTED.get(language), text) if self.in_text(text) else text


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_ONE_DOT).split()).casefold()


def _pattern(name: str) -> str:
    """Return the expression that finds ``name``: a Latin name as whole words, a Chinese one with spaces anywhere."""
    name = unicodedata.normalize("NFKC", name)
    words = ""
    previous = ""
    for char in name:
        if char.isspace():
            previous = char
            continue
        # Within a Latin word no space is expected; at its ends, and among Chinese, any may be typed.
        if words and not (_is_latin(previous) and _is_latin(char)):
            words += r"\s*"
        words += _one_of(char)
        previous = char
    start = r"(?<![A-Za-z0-9])" if _is_latin(name.strip()[:1]) else ""
    end = r"(?![A-Za-z0-9])" if _is_latin(name.strip()[-1:]) else ""
    return f"{start}{words}{end}"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _one_of(char: str) -> str:
    """Return the expression for ``char`` in each of its widths."""
    if char in _DOTS:
        return f"[{_DOTS}]"
    return f"[{re.escape(char)}{chr(ord(char) + 0xFEE0)}]" if "!" <= char <= "~" else re.escape(char)


def redacted(part: B, names: Names) -> B:
    """Return ``part`` with ``names`` struck out of every text in it; itself if there are none.

    Only words are changed: ids and other values that have a form of their own stay what they are.
    """
    changes: dict[str, Any] = {}
    for name in _fields_with_words(type(part)):
        value = getattr(part, name)
        struck = _struck(value, names, "en" if name == "en" or name.endswith("_en") else "zh")
        if struck is not value:
            changes[name] = struck
    return part.model_copy(update=changes) if changes else part


def _struck(value: Any, names: Names, language: Literal["zh", "en"]) -> Any:
    if isinstance(value, str):
        return names.struck_from(value, language)
    if isinstance(value, BaseModel):
        return redacted(value, names)
    if isinstance(value, tuple):
        items = tuple(_struck(item, names, language) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


@cache
def _fields_with_words(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of ``model`` that hold words, or parts in which words may stand."""
    hints = typing.get_type_hints(model, include_extras=True)
    return tuple(name for name in model.model_fields if _holds_words(hints[name]))


def _holds_words(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        held, *marks = get_args(annotation)
        # Text is what has no form but that it is not empty (`text.WORD`).
        return any(isinstance(mark, StringConstraints) for mark in marks) or _holds_words(held)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_words(argument) for argument in get_args(annotation))
