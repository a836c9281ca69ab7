"""Alternative input of Chinese for the search: pinyin, traditional and variant characters, as compact tables."""

import os
from collections.abc import Collection
from functools import cache
from typing import Any

#: Range of characters with variants that people can type.
_FIRST, _LAST = 0x3400, 0x9FFF
#: Number of readings per character, most frequent first; rarer ones would give unwanted results.
_READINGS = 3
#: Conversion tables; the general one has precedence over those of Taiwan and Hong Kong.
_STANDARDS = ("t2s", "tw2s", "hk2s")


def pinyin(characters: Collection[str]) -> dict[str, str]:
    """Return the Chinese ``characters`` by syllable (no tones, ``v`` for ü), each under its frequent readings."""
    chinese = sorted(c for c in characters if _FIRST <= ord(c) <= _LAST)
    if not chinese:
        return {}
    _without_phrases()
    from pypinyin import Style
    from pypinyin import pinyin as transcribe

    found: dict[str, list[str]] = {}
    for character in chinese:
        for syllable in transcribe(character, style=Style.NORMAL, heteronym=True, errors="ignore")[:1]:
            for dataset in syllable[:_READINGS]:
                found.setdefault(dataset, []).append(character)
    return {syllable: "".join(found[syllable]) for syllable in sorted(found)}


def romanized(text: str) -> str:
    """Transcribe ``text`` to lower-case Latin letters and digits, with the most frequent reading of each character."""
    _without_phrases()
    from pypinyin import lazy_pinyin

    return "".join(char for char in "".join(lazy_pinyin(text)).lower() if char.isascii() and char.isalnum())


def _without_phrases() -> None:
    # The phrase dictionary is not needed and takes 0.1 s to load; pypinyin skips it if this variable is set.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")


def simplified(characters: Collection[str]) -> tuple[str, str]:
    """Return variant characters and, in the same order, the one of ``characters`` for each, as two strings."""
    if not any(_FIRST <= ord(c) <= _LAST for c in characters):
        return "", ""
    found: dict[str, str] = {}
    for form, simple in _forms():
        if simple in characters and form not in characters:
            found.setdefault(form, simple)
    return "".join(found), "".join(found.values())


def simplified_form(character: str) -> str:
    """Return the simplified form of a traditional or variant ``character``, as each place writes it; else itself."""
    if _FIRST <= ord(character) <= _LAST:
        for converter in _converters():
            if (form := converter.convert(character)) != character:
                return str(form)
    return character


@cache
def _converters() -> tuple[Any, ...]:
    from opencc import OpenCC

    return tuple(map(OpenCC, _STANDARDS))


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """Return (variant, character) pairs of all standards, the general standard first."""
    forms = [chr(code) for code in range(_FIRST, _LAST + 1)]
    # One character per line, so that neighbours are not converted as a phrase.
    lines = "\n".join(forms)
    return tuple(
        (form, simple)
        for converter in _converters()
        for form, simple in zip(forms, converter.convert(lines).split("\n"), strict=True)
        if simple != form
    )
