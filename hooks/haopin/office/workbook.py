"""Read workbooks (.xlsx, .xlsm) as cells, without running anything in them; reject damaged or oversized files.

Only values, formulas (as text), number formats, hidden and merged cells are read. Every kind of damage gives one
message for the clerk. Before openpyxl reads a package, a streaming pass over all its parts checks the size: openpyxl
needs a hundred times as much time and memory.
"""

import io
import math
import warnings
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple
from xml.parsers import expat

import openpyxl
from openpyxl.reader.workbook import WorkbookParser
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel

from haopin.load.tables import MOST_ROWS
from haopin.problem import DataError
from haopin.text import fullwidth

CellKind = Literal["text", "number", "day", "formula", "error", "flag"]

_OLE = b"\xd0\xcf\x11\xe0"
_WORKBOOK = "xl/workbook.xml"
_STRICT = b"http://purl.oclc.org/ooxml/"
_PIECE = 1 << 18
#: Largest file in bytes; largest package in bytes after decompression.
LARGEST, LARGEST_UNPACKED = 30_000_000, 120_000_000
#: Largest number of XML tags in all parts (a cell has four to six), and of nested elements.
MOST_TAGS, _DEEPEST = 3_000_000, 100
#: Largest number of elements in parts that openpyxl turns into objects, by name of the root element.
_MOST_ELEMENTS = {
    **dict.fromkeys(("workbook", "styleSheet", "Types", "Relationships", "Properties", "coreProperties"), 50_000),
    "sst": 600_000,
}
#: Longest text in bytes; programs allow 32,767 characters in a cell.
_LONGEST = 400_000
#: Last row and column that may have content.
LAST_ROW, LAST_COLUMN = 100_000, 200
_KINDS: Mapping[str, CellKind] = {"n": "number", "d": "day", "f": "formula", "e": "error", "b": "flag"}
#: Ids of date formats in East Asia that are built into programs and not defined in the file.
_EAST_ASIAN_DAYS = frozenset((*range(27, 37), *range(50, 59)))


class Cell(NamedTuple):
    """A cell that is not empty: type of the value, value, and number format."""

    kind: CellKind
    value: Any
    format: str = "General"


class Merged(NamedTuple):
    """A range of merged cells: rows and columns of its corners."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def name(self) -> str:
        """Range as spreadsheet programs show it: ``C3:C5``."""
        return f"{get_column_letter(self.left)}{self.top}:{get_column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Grid:
    """A sheet: its non-empty rows by number, each with its cells by column number.

    Attributes:
        title: Its title.
        hidden: Whether it is hidden, also if only a program can unhide it.
        rows: Non-empty rows.
        hidden_rows: Numbers of rows that are hidden or filtered out.
        hidden_columns: Numbers of hidden columns.
        merged: Merged ranges.
    """

    title: str
    hidden: bool
    rows: tuple[tuple[int, Mapping[int, Cell]], ...]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Merged, ...] = ()


def refusal(path: Path, zh: str, en: str) -> DataError:
    """Return the error that the file ``path`` is rejected."""
    return DataError([f"{path.name}\uff1a{fullwidth(zh)} / {path.name}: {en}"])


def content(path: Path, raw: bytes | None = None) -> bytes:
    """Return the content of a file that a clerk provides.

    Args:
        path: The file; its name is that in messages.
        raw: Its content, if a browser has sent it; then ``path`` is only a name, and nothing is read.

    Raises:
        DataError: if it is open in a spreadsheet program, unreadable, or empty.
    """
    if path.name.startswith(("~$", ".~")):
        raise refusal(
            path,
            "这是表格软件打开文件时的临时文件,请关闭表格软件,改用名称前没有“~$”的文件",
            "this is a temporary file of the spreadsheet program; close it there and use the file without “~$”",
        )
    for mark in (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#"):
        if raw is None and path.with_name(mark).exists():
            raise refusal(
                path,
                f"文件正在表格软件里打开,请保存并关闭后再导入(如已关闭,请删除同一文件夹里的“{mark}”)",
                f"the file is open in a spreadsheet program; save and close it first (if it is closed, delete “{mark}” "
                "in the same folder)",
            )
    try:
        size = path.stat().st_size if raw is None else len(raw)
        if size > LARGEST:
            raise refusal(
                path,
                f"文件太大({size // 1_000_000} MB),最多 {LARGEST // 1_000_000} MB;请删去图片和不用的表、行,再另存",
                f"the file is too large ({size // 1_000_000} MB, {LARGEST // 1_000_000} MB at most); delete pictures, "
                "and sheets and rows not needed, and save it again",
            )
        raw = path.read_bytes() if raw is None else raw
    except OSError as error:
        raise refusal(
            path,
            f"无法读取这个文件,可能正被别的程序打开({error.strerror})",
            f"cannot read this file, perhaps it is open in another program ({error.strerror})",
        ) from error
    if not raw:
        raise refusal(path, "文件是空的,请重新保存或重新导出", "the file is empty; save or export it again")
    return raw


def open_workbook(path: Path, raw: bytes | None = None) -> tuple[Grid, ...]:
    """Read the sheets of the workbook ``path`` in their order; see `content` for ``raw``.

    Raises:
        DataError: if it is not a readable workbook, or too large.
    """
    raw = content(path, raw)
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise refusal(
                path,
                "文件有打开密码,请在表格软件里取消密码后再导入",
                "the file has a password; remove it in the spreadsheet program first",
            )
        raise refusal(
            path,
            "这是旧格式(.xls 或 .et),请在表格软件里另存为 xlsx 再导入",
            "this is an old format (.xls or .et); save it as xlsx in the spreadsheet program first",
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(raw))
    except zipfile.BadZipFile as error:
        if not raw.startswith(b"PK"):
            raise _no_workbook(path) from error
        zh, en = "文件不完整(可能没有传完),请重新复制一份", "the file is incomplete; copy it again"
        raise refusal(path, zh, en) from error
    except Exception as error:
        raise _damaged(path) from error
    try:
        with package:
            _whole(package, path)
            return _grids(raw, package, _shapes(package, path), path)
    except DataError:
        raise
    except Exception as error:
        # A damaged package may cause any exception (XML, zip, missing parts, numbers).
        raise _damaged(path) from error


def _no_workbook(path: Path) -> DataError:
    return refusal(
        path,
        "这不是 xlsx 表格,请在表格软件里另存为 xlsx 再导入",
        "this is not an xlsx workbook; save it as xlsx first",
    )


def _damaged(path: Path) -> DataError:
    return refusal(
        path,
        "文件内容已损坏,读不出来,请在表格软件里打开并另存为 xlsx",
        "the file is damaged and cannot be read; open it in a spreadsheet program and save it as xlsx",
    )


def _too_large(path: Path) -> DataError:
    return refusal(
        path,
        "表里的内容太多,请只留要导入的表和行(下面只有格式的空行也要删去),再另存",
        "there is too much in the workbook; keep only the sheet and rows to import (delete empty rows with a format, "
        "too), and save it again",
    )


def _whole(package: zipfile.ZipFile, path: Path) -> None:
    """Check that the package is a workbook and not too large after decompression.

    Raises:
        DataError: if not.
    """
    if _WORKBOOK not in package.namelist():
        raise _no_workbook(path)
    if sum(part.file_size for part in package.infolist()) > LARGEST_UNPACKED:
        raise _too_large(path)
    if _STRICT in package.read(_WORKBOOK):
        raise refusal(
            path,
            "文件是“Strict Open XML”格式,请在表格软件里另存为普通的“Excel 工作簿(*.xlsx)”",
            "the file is a “Strict Open XML Spreadsheet”; save it as an ordinary “Excel Workbook (*.xlsx)”",
        )


@dataclass
class _Shape:
    """Result of the pass over a sheet: size, hidden and merged cells."""

    rows: int = 0
    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)


class _Pass:
    """Streaming pass over the XML of a part; collects a `_Shape` and rejects what is too large."""

    def __init__(self, path: Path, shape: _Shape) -> None:
        self.path, self.shape = path, shape
        self._row = self._column = self._depth = self._count = self._at = 0
        self._most = MOST_TAGS
        self._is_hidden = self._has_content = False
        self._letters: dict[str, int] = {}
        self.parser = parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        # Workbooks have no document type; its entities could multiply, or name other files.
        raise _damaged(self.path)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self.parser.CurrentByteIndex - self._at > _LONGEST:
            raise _too_large(self.path)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self._depth:
            self._most = _MOST_ELEMENTS.get(local, MOST_TAGS)
        self._count += 1
        self._depth += 1
        self._at = self.parser.CurrentByteIndex
        if self._count > self._most or self._depth > _DEEPEST:
            raise _too_large(self.path)
        if local == "c":
            place = attributes.get("r")
            self._column = self._number(place.rstrip("0123456789")) if place else self._column + 1
        elif local in ("v", "f", "is"):
            self._filled()
        elif local == "row":
            self._begin_row(attributes)
        elif local == "col":
            if _is_hidden(attributes, "width"):
                last = min(int(attributes["max"]), LAST_COLUMN)
                self.shape.hidden_columns |= set(range(int(attributes["min"]), last + 1))
        elif local == "mergeCell":
            self.shape.merged.append(Merged(*range_boundaries(attributes["ref"])))

    def _number(self, letters: str) -> int:
        if letters not in self._letters:
            self._letters[letters] = column_index_from_string(letters)
        return self._letters[letters]

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        row = int(attributes.get("r") or self._row + 1)
        if row <= self._row:
            # openpyxl would ignore the row.
            raise _damaged(self.path)
        self._row, self._column = row, 0
        self._is_hidden, self._has_content = _is_hidden(attributes, "ht"), False

    def _filled(self) -> None:
        shape = self.shape
        if self._column > LAST_COLUMN or self._row > LAST_ROW:
            cell = f"{get_column_letter(self._column)}{self._row}" if self._column <= 16384 else f"({self._row})"
            raise refusal(
                self.path,
                f"{cell} 这一格离表太远(最多 {LAST_ROW} 行、{LAST_COLUMN} 列),请删去不用的行和列,再另存",
                f"the cell {cell} is too far away ({LAST_ROW} rows and {LAST_COLUMN} columns at most); delete rows and "
                "columns not needed, and save it again",
            )
        shape.last_column = max(shape.last_column, self._column)
        if self._has_content:
            return
        self._has_content = True
        shape.rows += 1
        shape.last_row = self._row
        if shape.rows > MOST_ROWS:
            raise refusal(
                self.path,
                f"一张表里有内容的行太多(最多 {MOST_ROWS} 行),请分成几个文件导入",
                f"a sheet has too many rows ({MOST_ROWS} at most); import it as several files",
            )
        if self._is_hidden:
            shape.hidden_rows.add(self._row)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    # A row of no height, or a column of no width, is hidden too.
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 9)) < 0.5


def _shapes(package: zipfile.ZipFile, path: Path) -> Mapping[str, _Shape]:
    """Run the pass over all parts; return the shape of each by name."""
    names, tags = [], 0
    for name in package.namelist():
        with package.open(name) as part:
            piece = part.read(_PIECE)
            if not piece.lstrip().startswith((b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
                # An image or a macro.
                continue
            names.append(name)
            while piece:
                tags += piece.count(b"<")
                if tags > MOST_TAGS:
                    raise _too_large(path)
                piece = part.read(_PIECE)
    found: dict[str, _Shape] = {}
    for name in names:
        found[name] = _Shape()
        parser = _Pass(path, found[name]).parser
        # Drawings are often not well-formed and are not read; openpyxl reports errors in the parts that it reads.
        with package.open(name) as part, suppress(expat.ExpatError):
            while piece := part.read(_PIECE):
                parser.Parse(piece)
    return found


def _grids(raw: bytes, package: zipfile.ZipFile, shapes: Mapping[str, _Shape], path: Path) -> tuple[Grid, ...]:
    found = []
    with warnings.catch_warnings():
        # openpyxl warns of parts that it would not write back; nothing is written.
        warnings.simplefilter("ignore")
        parts = WorkbookParser(package, _WORKBOOK, keep_links=False)
        parts.parse()
        shape_of = {sheet.name: shapes.get(relation.target) for sheet, relation in parts.find_sheets()}
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            shape = shape_of[sheet.title]
            if shape is None:
                raise _damaged(path)
            # The size that a file declares is often wrong.
            sheet.reset_dimensions()
            rows = []
            if shape.rows:
                for row in sheet.iter_rows(max_row=shape.last_row, max_col=max(shape.last_column, 1)):
                    cells = {c.column: _cell(c, book.epoch) for c in row if c.value is not None and c.value != ""}
                    if cells:
                        rows.append((next(c.row for c in row if c.value is not None), cells))
            found.append(
                Grid(
                    sheet.title,
                    sheet.sheet_state != "visible",
                    tuple(rows),
                    frozenset(shape.hidden_rows),
                    frozenset(shape.hidden_columns),
                    tuple(shape.merged),
                )
            )
    return tuple(found)


def _cell(cell: Any, epoch: datetime) -> Cell:
    value, kind = cell.value, _KINDS.get(cell.data_type, "text")
    if kind == "number" and isinstance(value, float) and not math.isfinite(value):
        return Cell("error", str(value))
    if kind == "number" and cell.style_array.numFmtId in _EAST_ASIAN_DAYS:
        try:
            return Cell("day", from_excel(value, epoch))
        except (ValueError, OverflowError):
            return Cell("error", str(value))
    return Cell(kind, value if kind != "formula" or isinstance(value, str) else "=…", cell.number_format or "General")
