"""Cuts the font of the pictures out of Noto Sans CJK: run by hand, its results are committed. See the fonts' README.

python tests/tools/cut_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc \
    /usr/share/unicode/Unihan_OtherMappings.txt.bz2 hooks/haopin/fonts
"""

import bz2
import re
import sys
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

NAME = "NotoSansCJKsc-Bold-subset.otf"
#: Face of simplified Chinese in the collection.
FACE = 2
#: ASCII, Latin-1, general punctuation, CJK punctuation, full-width forms, signs of comparison.
BLOCKS = ((0x20, 0x7F), (0xA0, 0x100), (0x2010, 0x2060), (0x2264, 0x2266), (0x3000, 0x3020), (0xFF01, 0xFF5F))
#: Marks that are as wide as a Chinese character unless the text is Latin.
WIDE_MARKS = "\u2018\u2019\u201c\u201d\u2026"
#: Where the narrow forms of these marks stand in the cut font: so far above the marks themselves.
NARROW = 0xE000 - 0x2000


def gb2312() -> set[str]:
    """Return every character of GB2312."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def general_standard(mappings: Path) -> set[str]:
    """Return the 8,105 characters of 通用规范汉字表 (2013), the State Council's list of characters for general use.

    It has those of the names of people and places that GB2312 lacks.

    Args:
        mappings: ``Unihan_OtherMappings.txt.bz2`` of Unicode, which has the list as ``kTGH``.
    """
    text = bz2.decompress(mappings.read_bytes()).decode("utf-8")
    return {chr(int(code, 16)) for code in re.findall(r"^U\+(\w+)\tkTGH\t", text, re.MULTILINE)}


def subtables(table: Any, feature: str) -> list[Any]:
    """Return the subtables of all look-ups of ``feature``."""
    indices = {
        i for record in table.FeatureList.FeatureRecord if record.FeatureTag == feature
        for i in record.Feature.LookupListIndex
    }  # fmt: skip
    found = [sub for i in sorted(indices) for sub in table.LookupList.Lookup[i].SubTable]
    return [getattr(sub, "ExtSubTable", sub) for sub in found]


def narrow_forms(font: TTFont) -> dict[int, str]:
    """Return the proportional forms of `WIDE_MARKS`, by the private code that they get."""
    cmap, forms = font.getBestCmap(), {}
    for sub in subtables(font["GSUB"].table, "pwid"):
        forms.update(sub.mapping)
    return {ord(mark) + NARROW: forms[cmap[ord(mark)]] for mark in WIDE_MARKS}


def cut(source: Path, mappings: Path, target: Path) -> None:
    """Cut the font ``source``; write it to ``target``, and beside it the characters it has beyond ASCII and GB2312."""
    font = TTFont(source, fontNumber=FACE)
    cmap = font.getBestCmap()
    wanted = gb2312() | general_standard(mappings)
    wanted |= {chr(code) for start, end in BLOCKS for code in range(start, end)} - {"\xad"}
    wanted = {char for char in wanted if ord(char) in cmap}
    narrow = narrow_forms(font)
    for table in font["cmap"].tables:
        if table.isUnicode() and table.format == 12:
            table.cmap.update(narrow)
    options = Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14], notdef_outline=True)
    options.bidi_closure = False
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    cutter = Subsetter(options)
    cutter.populate(unicodes={*map(ord, wanted), *narrow})
    cutter.subset(font)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target / NAME)
    beyond = sorted(char for char in wanted - gb2312() if not char.isascii())
    (target / "beyond-gb2312.txt").write_text("".join(beyond), encoding="utf-8", newline="")


if __name__ == "__main__":
    cut(*map(Path, sys.argv[1:]))
