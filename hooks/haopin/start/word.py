"""Reads a Word document: paragraphs and tables of ``word/document.xml``, with numbers by ``word/numbering.xml``.

Word computes automatic numbers for display; the file does not contain them. No maintained library computes them, so
this module does, by ISO/IEC 29500-1, 17.9.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from haopin.numerals import chinese
from haopin.problem import DataError
from haopin.start.lines import Source, SourceLine
from haopin.text import Text

#: Largest decompressed part of a package, in bytes.
LARGEST_PART = 100_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
#: Ignored elements: deleted and moved text.
_GONE = {f"{_W}{name}" for name in ("del", "moveFrom", "pict", "txbxContent", "instrText")}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    values = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    words = ""
    for value, sign in values:
        words += sign * (number // value)
        number %= value
    return words


#: Functions that format a number, by Word's name of the format (ST_NumberFormat of ISO/IEC 29500-1).
_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + n: ord("０") + n for n in range(10)}),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    "decimalEnclosedCircle": lambda number: _CIRCLED[number - 1],
    "decimalEnclosedCircleChinese": lambda number: _CIRCLED[number - 1],
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "ideographTraditional": lambda number: _HEAVENLY[number - 1],
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


@dataclass(frozen=True)
class _Level:
    """A level of a list: format of its numbers, and text around them."""

    format: str
    text: str
    start: int
    restart: int | None
    style: str | None

    @classmethod
    def read(cls, node: Element) -> "_Level":
        def value(name: str) -> str | None:
            found = node.find(f"{_W}{name}")
            return None if found is None else found.get(_VAL)

        restart = value("lvlRestart")
        return cls(
            value("numFmt") or "decimal",
            value("lvlText") or "",
            int(value("start") or 0),
            int(restart) if restart is not None else None,
            value("pStyle"),
        )


class _Numbers:
    """Computes the automatic numbers of a document, paragraph by paragraph."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], _Level | int] = {}
        self._styles: dict[str, tuple[str | None, str | None, int | None]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._started: set[tuple[str, int]] = set()
        #: Unsupported formats.
        self.unknown: set[str] = set()
        self.used = 0
        if numbering is not None:
            self._read(numbering)
        for style in styles.iter(f"{_W}style") if styles is not None else ():
            based = style.find(f"{_W}basedOn")
            self._styles[style.get(f"{_W}styleId", "")] = (
                based.get(_VAL) if based is not None else None,
                *_list_of(style.find(f"{_W}pPr")),
            )

    def _read(self, numbering: Element) -> None:
        linked: dict[str, str] = {}
        named: dict[str, str] = {}
        for node in numbering.iter(f"{_W}abstractNum"):
            key = node.get(f"{_W}abstractNumId", "")
            levels = {int(each.get(f"{_W}ilvl", 0)): _Level.read(each) for each in node.iter(f"{_W}lvl")}
            self._abstract[key] = levels
            # A list may refer to a list style, whose levels are in another definition.
            if (link := node.find(f"{_W}numStyleLink")) is not None:
                linked[key] = link.get(_VAL, "")
            if (link := node.find(f"{_W}styleLink")) is not None:
                named[link.get(_VAL, "")] = key
        for key, style in linked.items():
            self._abstract[key] = self._abstract.get(named.get(style, ""), {})
        for node in numbering.iter(f"{_W}num"):
            key = node.get(f"{_W}numId", "")
            abstract = node.find(f"{_W}abstractNumId")
            if abstract is not None:
                self._lists[key] = abstract.get(_VAL, "")
            for change in node.iter(f"{_W}lvlOverride"):
                level = int(change.get(f"{_W}ilvl", 0))
                if (start := change.find(f"{_W}startOverride")) is not None:
                    self._overrides[key, level] = int(start.get(_VAL, 1))
                if (own := change.find(f"{_W}lvl")) is not None:
                    self._overrides[key, level] = _Level.read(own)

    def label(self, properties: Element | None) -> str:
        """Return the number that Word displays before a paragraph with these ``properties``; "" if there is none."""
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        name = style.get(_VAL) if style is not None else None
        number, level = _list_of(properties)
        seen: set[str] = set()
        first = name
        while number is None and name in self._styles and name not in seen:
            seen.add(name)
            name, number, own = self._styles[name]
            level = own if level is None else level
        abstract = self._lists.get(number or "")
        if number in (None, "0") or abstract is None:
            return ""
        levels = self._abstract.get(abstract, {})
        if level is None:
            level = next((at for at, each in levels.items() if first is not None and each.style == first), 0)
        return self._count(number or "", abstract, levels, level)

    def _count(self, number: str, abstract: str, levels: Mapping[int, _Level], level: int) -> str:
        shape = self._shape(number, levels, level)
        if shape is None or shape.format in ("bullet", "none"):
            return ""
        override = self._overrides.get((number, level))
        key = (abstract, level)
        if isinstance(override, int) and (number, level) not in self._started:
            self._counts[key] = override
        elif key in self._counts:
            self._counts[key] += 1
        else:
            self._counts[key] = shape.start
        self._started.add((number, level))
        for deeper in [each for each in self._counts if each[0] == abstract and each[1] > level]:
            below = levels.get(deeper[1])
            if below is None or below.restart is None or 0 < level + 1 <= below.restart:
                del self._counts[deeper]
        self.used += 1

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            one = self._shape(number, levels, at)
            if one is None:
                return ""
            count = self._counts.setdefault((abstract, at), one.start)
            form = _FORMATS.get(one.format)
            if form is None:
                self.unknown.add(one.format)
                return str(count)
            try:
                return form(count)
            except (IndexError, ValueError):
                return str(count)

        return re.sub("%([1-9])", written, shape.text)

    def _shape(self, number: str, levels: Mapping[int, _Level], level: int) -> _Level | None:
        override = self._overrides.get((number, level))
        return override if isinstance(override, _Level) else levels.get(level)


def _list_of(properties: Element | None) -> tuple[str | None, int | None]:
    """Return the list and the level in paragraph ``properties``."""
    node = properties.find(f"{_W}numPr") if properties is not None else None
    if node is None:
        return None, None
    number, level = node.find(f"{_W}numId"), node.find(f"{_W}ilvl")
    return (
        number.get(_VAL) if number is not None else None,
        int(level.get(_VAL, 0)) if level is not None else None,
    )


def read_word(raw: bytes) -> Source:
    """Return the lines of a Word document.

    Raises:
        DataError: in both languages, if it has a password or an old format.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(
            [
                "文件有密码,或是旧格式(.doc),请另存为没有密码的 docx",
                "the file has a password or is an old one (.doc); save it as docx without a password",
            ]
        )
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        body = _part(package, "word/document.xml")
        if body is None:
            raise ValueError("no document")
        numbers = _Numbers(_part(package, "word/numbering.xml"), _part(package, "word/styles.xml"))
        notes = {name: _part(package, f"word/{name}s.xml") for name in ("footnote", "endnote")}
    lines = list(_blocks(body, numbers))
    source = Source(lines)
    if numbers.used:
        source.doubts.append(
            Text(
                zh=f"原文件有 {numbers.used} 个自动编号,已照 Word 的规则写成文字,请与打印的文本核对",
                en=f"{numbers.used} numbers were counted by Word and are now text; compare them with a printed copy",
            )
        )
    for name in sorted(numbers.unknown):
        source.doubts.append(
            Text(
                zh=f"不认识自动编号的格式“{name}”,写成了阿拉伯数字",
                en=f"the format “{name}” of automatic numbers is not supported; they are written as digits",
            )
        )
    if any(node.tag in (f"{_W}ins", f"{_W}del") for node in body.iter()):
        source.doubts.append(
            Text(
                zh="原文件有修订痕迹,按全部接受处理,请核对",
                en="the file has tracked changes; it was read as if all were accepted",
            )
        )
    for zh, en, words in (
        ("脚注", "footnotes", _notes(notes.get("footnote"))),
        ("尾注", "endnotes", _notes(notes.get("endnote"))),
        ("文本框", "text boxes", [_words(box) for box in body.iter(f"{_W}txbxContent")]),
    ):
        # Word stores a text box twice, for compatibility with old versions.
        found = list(dict.fromkeys(word.strip() for word in words if word.strip()))
        if found:
            source.doubts.append(
                Text(
                    zh=f"{zh}里的文字没有读入({len(found)} 处):“{found[0]}”等,需要的请手工补上",
                    en=f"text of {en} was not read ({len(found)}, such as “{found[0]}”): add what is needed by hand",
                )
            )
    return source


def _notes(part: Element | None) -> list[str]:
    """Return the text of footnotes or endnotes; separator lines are notes with a type, and ignored."""
    if part is None:
        return []
    return [_words(note) for note in part if note.get(f"{_W}type") in (None, "normal")]


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    if name not in package.namelist():
        return None
    if package.getinfo(name).file_size > LARGEST_PART:
        raise ValueError("too large")
    raw = package.read(name)
    # Word writes no document type, whose entities could multiply.
    if b"<!DOCTYPE" in raw[:2000]:
        raise ValueError("a document type")
    return ElementTree.fromstring(raw)


def _blocks(node: Element, numbers: _Numbers) -> Iterator[SourceLine]:
    for child in node:
        if child.tag == f"{_W}p":
            text = _words(child)
            # The number of an empty paragraph is not text.
            if text.strip():
                first, *others = text.split("\n")
                yield SourceLine(numbers.label(child.find(f"{_W}pPr")) + first)
                yield from map(SourceLine, others)
        elif child.tag == f"{_W}tbl":
            yield from (_row(row, numbers) for row in child.iter(f"{_W}tr"))
        elif child.tag not in _GONE:
            yield from _blocks(child, numbers)


def _row(row: Element, numbers: _Numbers) -> SourceLine:
    """Return a row of a table, with empty cells after one that spans several columns."""
    cells: list[str] = []
    above: set[int] = set()
    for cell in row.iter(f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        # Without a value, a merged cell continues the one above (ISO/IEC 29500-1, 17.4.84).
        if merged is not None and merged.get(_VAL, "continue") == "continue":
            above.add(len(cells))
        cells.append(" ".join(line.text for line in _blocks(cell, numbers)))
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        cells += [""] * (int(span.get(_VAL, 1)) - 1 if span is not None else 0)
    return SourceLine("\t".join(cells), tuple(cells), frozenset(above))


def _words(node: Element) -> str:
    words = ""
    for child in node:
        if child.tag in _GONE or (child.tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None):
            continue
        if child.tag == f"{_W}t":
            words += child.text or ""
        elif child.tag == f"{_W}tab":
            words += " "
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            words += "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            words += "-"
        else:
            words += _words(child)
    return words
