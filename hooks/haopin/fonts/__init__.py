"""Characters that the font of the preview images has, known without opening it."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from haopin.text import Language

FONTS = Path(__file__).parent
FONT = FONTS / "NotoSansCJKsc-Bold-subset.otf"
#: SHA-256 of the font: images drawn with another font have other addresses.
FONT_DIGEST = "df64d3befe0f99ab0c130e81b48b2b8e87a3127254d5fbc3c2d25fb138c65c1f"
#: Replacement of a character that the font lacks (the geta mark).
LACKING = "\u3013"

# Narrow forms of marks that are otherwise as wide as a Chinese character, and a narrow middle dot.
_NARROW = {code: code + 0xC000 for code in map(ord, "\u2018\u2019\u201c\u201d\u2026")} | {0xB7: 0x2022}

# Full-width marks include their space.
_AIRY = re.compile("(?<=[\u3001-\u3015\uff01-\uff5e]) | (?=[\u3001-\u3015\uff01-\uff5e])")


@lru_cache(maxsize=1)
def _beyond() -> frozenset[str]:
    return frozenset((FONTS / "beyond-gb2312.txt").read_text(encoding="utf-8"))


def missing(text: str) -> set[str]:
    """Return the characters of ``text`` that the font lacks, without invisible ones."""
    try:
        # The font has all of GB2312 and ASCII, which suffice for nearly every text.
        text.encode("gb2312")
        return set()
    except UnicodeEncodeError:
        return {char for char in _visible(text) if not _has(char)}


def _has(char: str) -> bool:
    if char in _beyond():
        return True
    try:
        char.encode("gb2312")
        return True
    except UnicodeEncodeError:
        return False


def drawable(text: str, language: Language) -> str:
    """Return ``text`` as drawn: on one line, marks in the width of ``language``, `LACKING` for missing characters."""
    text = _AIRY.sub("", " ".join(_visible(text).split()))
    for char in missing(text):
        text = text.replace(char, LACKING)
    return text.translate(_NARROW) if language == "en" else text


def _visible(text: str) -> str:
    """Return ``text`` composed, without joiners, direction marks and variation selectors."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if unicodedata.category(c) != "Cf" and not 0xFE00 <= ord(c) <= 0xFE0F)
