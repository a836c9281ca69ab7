"""The file of a notice as lines: Word with its automatic numbers, text, web page, PDF with text.

A line is a paragraph. What the file itself only implies (a number that Word counts, a paragraph that a page of a PDF
breaks) is worked out here and told as a doubt.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib

from haopin.load.characters import cleaned
from haopin.problem import DataError
from haopin.start.numerals import chinese, day_in
from haopin.text import Text

#: Endings of the files that are read.
READABLE = (".docx", ".txt", ".html", ".htm", ".pdf")
#: Largest file, and largest part of a package once it is unpacked, in bytes.
LARGEST, LARGEST_PART = 50_000_000, 100_000_000


@dataclass(frozen=True)
class SourceLine:
    """A paragraph of the notice, or a row of a table.

    Attributes:
        text: Its words; of a row, the cells with a tab between them.
        cells: The cells of a row; None for a paragraph.
    """

    text: str
    cells: tuple[str, ...] | None = None


@dataclass
class Source:
    """What was read from a file.

    Attributes:
        lines: Paragraphs and rows in their order; none is empty.
        doubts: What was worked out by rule and may be wrong.
        published: Day of publication, as ``2023-06-30``, if the file says so.
    """

    lines: list[SourceLine]
    doubts: list[Text] = field(default_factory=list)
    published: str | None = None


def read_source(path: Path) -> Source:
    """Return the lines of the notice in ``path``.

    Raises:
        DataError: if it is of another type, too large, empty, or has no text that a program can read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _refusal(
            path,
            "只能读 docx、txt、html 和有文字的 pdf。别的格式(doc、wps、ofd)请先另存为 docx",
            "only docx, txt, html and pdf with text can be read; save others (doc, wps, ofd) as docx first",
        )
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise _refusal(path, "文件太大", "the file is too large")
    try:
        source = reader(raw)
    except DataError as error:
        raise _refusal(path, *error.lines) from error
    except Exception as error:
        # Whatever a spoiled file makes the readers raise, the way out is one.
        raise _refusal(
            path,
            "文件已损坏,读不出来;请打开后另存一份",
            "the file is damaged and cannot be read; open it and save it again",
        ) from error
    source.lines = [line for each in source.lines if (line := _tidy(each)) is not None]
    if sum(len(line.text) for line in source.lines) < 20:
        raise _refusal(
            path,
            "没有文字(可能是扫描件);请用有文字的文件,或先做文字识别并校对",
            "there is no text in it (a scan, perhaps); use a file with text, or have the text recognized and read it "
            "over first",
        )
    return source


def _refusal(path: Path, zh: str, en: str) -> DataError:
    return DataError([f"{path.name}: {Text(zh=zh, en=en).show('zh')} / {en}"])


def _tidy(line: SourceLine) -> SourceLine | None:
    cells = tuple(_spaced(cell) for cell in line.cells) if line.cells is not None else None
    text = "\t".join(cells) if cells is not None else _spaced(line.text)
    return SourceLine(text, cells) if text.strip() else None


def _spaced(text: str) -> str:
    """Return ``text`` without characters that nobody sees; every stretch of white space as one space."""
    return " ".join(cleaned(text).split())


# --- Text


def _text(raw: bytes) -> Source:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
    return Source([SourceLine(line) for line in text.splitlines()])


# --- Word: paragraphs and tables of word/document.xml, with the numbers that Word counts by word/numbering.xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
#: What stands in the file and is not read: deleted text, and where text was moved from.
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


#: How the number of a level is written, by Word's name of the format (ST_NumberFormat of ISO/IEC 29500-1).
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
    """One level of a list: how its numbers are written, and what Word puts around them."""

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
    """Counts the automatic numbers of a document, paragraph by paragraph."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], _Level | int] = {}
        self._styles: dict[str, tuple[str | None, str | None, int | None]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._started: set[tuple[str, int]] = set()
        #: Formats that this program does not know.
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
            # A list may be declared by a style of lists, whose levels stand in another definition.
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
        """Return the number that Word shows before a paragraph with these ``properties``; "" if it has none."""
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
    """Return the list and the level that paragraph ``properties`` name."""
    node = properties.find(f"{_W}numPr") if properties is not None else None
    if node is None:
        return None, None
    number, level = node.find(f"{_W}numId"), node.find(f"{_W}ilvl")
    return (
        number.get(_VAL) if number is not None else None,
        int(level.get(_VAL, 0)) if level is not None else None,
    )


def _word(raw: bytes) -> Source:
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
                en=f"the format “{name}” of automatic numbers is not known; they are written as digits",
            )
        )
    if any(node.tag in (f"{_W}ins", f"{_W}del") for node in body.iter()):
        source.doubts.append(
            Text(
                zh="原文件有修订痕迹,按全部接受处理,请核对",
                en="the file has tracked changes; it was read as if all were accepted",
            )
        )
    return source


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    if name not in package.namelist():
        return None
    if package.getinfo(name).file_size > LARGEST_PART:
        raise ValueError("too large")
    raw = package.read(name)
    # Word writes none; entities declared in one may multiply.
    if b"<!DOCTYPE" in raw[:2000]:
        raise ValueError("a document type")
    return ElementTree.fromstring(raw)


def _blocks(node: Element, numbers: _Numbers) -> Iterator[SourceLine]:
    for child in node:
        if child.tag == f"{_W}p":
            text = _words(child)
            # A paragraph without words has a number only on the screen.
            if text.strip():
                first, *others = text.split("\n")
                yield SourceLine(numbers.label(child.find(f"{_W}pPr")) + first)
                yield from map(SourceLine, others)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [" ".join(line.text for line in _blocks(cell, numbers)) for cell in row.iter(f"{_W}tc")]
                yield SourceLine("\t".join(cells), tuple(cells))
        elif child.tag not in _GONE:
            yield from _blocks(child, numbers)


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


# --- A web page: the part of it with the text, and what its head says

_SKIPPED = {"script", "style", "noscript", "nav", "header", "footer", "aside", "form", "select", "button", "iframe"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "article", "blockquote", "pre"}
_BLOCKS |= {"table", "tbody", "thead", "tr", "td", "th", "center", "dl", "dt", "dd", "main", "body", "figure"}
#: So much of the text, by its full stops, the part that is read must have.
_SHARE = 0.9


def _page(raw: bytes) -> Source:
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    # What the page itself declares comes first.
    root: Element = parser.parse(raw, likely_encoding=_encoding(raw))
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                # What follows an element belongs to its parent.
                before = list(parent).index(child)
                tail = child.tail or ""
                parent.remove(child)
                if before:
                    parent[before - 1].tail = (parent[before - 1].tail or "") + tail
                else:
                    parent.text = (parent.text or "") + tail
    body = root.find("body")
    top = body if body is not None else root
    whole = _stops(top)
    while (inner := next((child for child in top if whole and _stops(child) >= _SHARE * whole), None)) is not None:
        if inner.tag in ("p", "span", "td", "tr", "tbody"):
            break
        top = inner
    lines = [line for line in _page_lines(top) if line.text.strip()]
    source = Source(lines)
    meta = {
        (node.get("name") or node.get("property") or "").lower(): (node.get("content") or "").strip()
        for node in root.iter("meta")
    }
    # Names that the guideline for government sites (国办发〔2017〕47号) gives to what the head of a page says.
    if found := re.match(r"\d{4}-\d{2}-\d{2}", meta.get("pubdate", "")):
        source.published = found[0]
    title = meta.get("articletitle") or next(
        ("".join(node.itertext()).strip() for node in root.iter("h1") if node not in set(top.iter())), ""
    )
    if title and _bare(title) not in _bare("".join(line.text for line in lines[:6])):
        lines.insert(0, SourceLine(title))
        source.doubts.append(
            Text(
                zh=f"标题“{title}”取自网页的抬头,不在正文里",
                en=f"the title “{title}” is from the head of the page, not from the text",
            )
        )
    return source


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _stops(node: Element) -> int:
    return "".join(node.itertext()).count("。")


def _page_lines(node: Element) -> Iterator[SourceLine]:
    """Yield the lines of an element: a block, what a break ends, a row of a table with several cells."""
    if node.tag == "tr":
        cells = [child for child in node if child.tag in ("td", "th")]
        if len(cells) > 1:
            texts = ["".join(line.text for line in _page_lines(cell)) for cell in cells]
            yield SourceLine("\t".join(texts), tuple(texts))
            return
    current = node.text or ""
    number = int(node.get("start") or 1) if node.tag == "ol" else 0
    for child in node:
        if child.tag == "br":
            yield SourceLine(current)
            current = ""
        elif child.tag in _BLOCKS:
            yield SourceLine(current)
            current = ""
            inner = [line for line in _page_lines(child) if line.text.strip()]
            if number and child.tag == "li" and inner:
                inner[0] = SourceLine(f"{number}.{inner[0].text.strip()}")
                number += 1
            yield from inner
        else:
            pieces = list(_page_lines(child))
            current += pieces[0].text if pieces else ""
            for piece in pieces[1:]:
                yield SourceLine(current)
                current = piece.text
        current += child.tail or ""
    yield SourceLine(current)


# --- PDF: lines of pages joined to paragraphs

_PAGE_NUMBER = re.compile(r"\s*(?:[-—–－]\s*)?(?:第\s*)?\d{1,3}(?:\s*页.*)?(?:\s*[-—–－])?\s*")
#: What begins a paragraph: the number of a heading or an item, a bullet, an annex.
BEGINS = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}\s*[.．、](?!\d)|[(（]\d{1,2}[)）]|"
    rf"[{_CIRCLED}]|第[一二三四五六七八九十百]+[章条部]|——|附\s*件)"
)


def _pdf(raw: bytes) -> Source:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DataError(["文件有密码,请取消密码", "the file has a password; remove it first"])
    pages = [[line for line in page.extract_text().splitlines() if line.strip()] for page in reader.pages]
    pages = [[line for line in page if not _PAGE_NUMBER.fullmatch(line)] for page in pages]
    # What stands at the top or the foot of most pages is no part of the text.
    repeated = {
        edge
        for at in (0, -1)
        for edge in {page[at] for page in pages if page}
        if len(pages) > 2 and sum(bool(page) and page[at] == edge for page in pages) > len(pages) / 2
    }
    rows = [line for page in pages for line in page if line not in repeated]
    source = Source([SourceLine(text) for text in _joined(rows)])
    source.doubts.append(
        Text(
            zh="pdf 里没有段落,段落是按行的长短和编号拼接的,请与原文核对",
            en="a PDF has lines, not paragraphs; they were joined by their length and by numbers, compare them",
        )
    )
    return source


def _joined(rows: list[str]) -> list[str]:
    """Return ``rows`` joined to paragraphs: a full line goes on, unless the next one begins something."""
    full = 0.85 * max((len(row.strip()) for row in rows), default=0)
    paragraphs: list[str] = []
    for before, row in pairwise(["", *rows]):
        goes_on = (
            paragraphs
            and not BEGINS.match(row)
            and len(before.strip()) >= full
            and not (day_in(row) and len(row.strip()) < 14)
        )
        if goes_on:
            paragraphs[-1] += row.strip()
        else:
            paragraphs.append(row.strip())
    return paragraphs


_READERS: Mapping[str, Callable[[bytes], Source]] = {
    ".docx": _word,
    ".txt": _text,
    ".html": _page,
    ".htm": _page,
    ".pdf": _pdf,
}
