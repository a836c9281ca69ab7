"""Other ways to type Chinese characters: pinyin, and traditional or variant forms, as small tables for the search."""

import os
from collections.abc import Collection, Mapping
from functools import cache

#: Beyond these blocks hardly a keyboard has a variant of a simplified character.
_FIRST, _LAST = 0x3400, 0x9FFF
#: The commonest readings of a character come first; rarer ones would only find what nobody meant.
_READINGS = 3
#: The forms of Taiwan and Hong Kong come after the general ones, which win.
_STANDARDS = ("t2s", "tw2s", "hk2s")


def pinyin(characters: Collection[str]) -> dict[str, str]:
    """Return the Chinese ``characters`` by syllable, without tones, ``v`` for ü; each under its commoner readings."""
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
    """Return ``text`` in small Latin letters and digits alone: a Chinese character by its commonest reading."""
    _without_phrases()
    from pypinyin import lazy_pinyin

    return "".join(char for char in "".join(lazy_pinyin(text)).lower() if char.isascii() and char.isalnum())


def _without_phrases() -> None:
    # The dictionary of phrases, which is of no use here, takes 0.1 s to load; this is how pypinyin is told so.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")


def simplified(characters: Collection[str]) -> tuple[str, str]:
    """Return forms that do not occur and, in the same order, which of ``characters`` each stands for, as two texts."""
    if not any(_FIRST <= ord(c) <= _LAST for c in characters):
        return "", ""
    found: dict[str, str] = {}
    for form, simple in _forms():
        if simple in characters and form not in characters:
            found.setdefault(form, simple)
    return "".join(found), "".join(found.values())


@cache
def simplified_forms() -> Mapping[str, str]:
    """Return the simplified character of each traditional or variant one; the forms of each place as it writes them."""
    found: dict[str, str] = {}
    for form, simple in _forms():
        found.setdefault(form, simple)
    return found


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """Return each character with each other one that a standard gives for it, the general standard first."""
    from opencc import OpenCC

    forms = [chr(code) for code in range(_FIRST, _LAST + 1)]
    # One to a line: neighbours must not be read as a phrase.
    lines = "\n".join(forms)
    return tuple(
        (form, simple)
        for standard in _STANDARDS
        for form, simple in zip(forms, OpenCC(standard).convert(lines).split("\n"), strict=True)
        if simple != form
    )
