"""Workbooks (.xlsx, .xlsm) as cells: read without running anything in them, or refused with the way to mend it.

Only values, formulas (as formulas) and number formats are looked at. Every way in which a file may be spoiled ends in
one line for a clerk.
"""

import io
import math
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import openpyxl

from haopin.problem import DataError
from haopin.text import fullwidth

CellKind = Literal["text", "number", "day", "formula", "error", "flag"]

_OLE = b"\xd0\xcf\x11\xe0"
_LARGEST = 400_000_000
_MOST_CELLS = 3_000_000
_KINDS: Mapping[str, CellKind] = {"n": "number", "d": "day", "f": "formula", "e": "error", "b": "flag"}


class Cell(NamedTuple):
    """A cell that is not empty: what kind of thing it holds, the value, and the number format."""

    kind: CellKind
    value: Any
    format: str = "General"


@dataclass(frozen=True)
class Grid:
    """A sheet: the rows that are not empty by their number, each with its cells by the number of the column."""

    title: str
    hidden: bool
    rows: tuple[tuple[int, Mapping[int, Cell]], ...]


def refusal(path: Path, zh: str, en: str) -> DataError:
    """Return the error that ``path`` cannot be used."""
    return DataError([f"{path.name}\uff1a{fullwidth(zh)} / {path.name}: {en}"])


def content(path: Path) -> bytes:
    """Return the bytes of a file that a clerk hands in.

    Raises:
        DataError: if it is open in a spreadsheet program, cannot be read, or is empty.
    """
    if path.name.startswith(("~$", ".~")):
        raise refusal(
            path,
            "这是表格软件打开文件时的临时文件,请关闭表格软件,改用名称前没有“~$”的文件",
            "this is a temporary file of the spreadsheet program; close it there and use the file without “~$”",
        )
    for mark in (f"~${path.name}", f".~{path.name}", f".~lock.{path.name}#"):
        if path.with_name(mark).exists():
            raise refusal(
                path,
                f"文件正在表格软件里打开,请保存并关闭后再导入(如已关闭,请删除同一文件夹里的“{mark}”)",
                f"the file is open in a spreadsheet program; save and close it first (if it is closed, delete “{mark}” "
                "in the same folder)",
            )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refusal(
            path,
            f"读不了这个文件,可能正被别的程序打开({error.strerror})",
            f"cannot read this file, perhaps it is open in another program ({error.strerror})",
        ) from error
    if not raw:
        raise refusal(path, "文件是空的,请重新保存或重新导出", "the file is empty; save or export it again")
    return raw


def open_workbook(path: Path) -> tuple[Grid, ...]:
    """Return the sheets of the workbook ``path`` in their order.

    Raises:
        DataError: if it is no workbook that can be read.
    """
    raw = content(path)
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
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names, size = set(package.namelist()), sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile as error:
        cut = raw.startswith(b"PK")
        zh = "文件不完整(可能没有传完),请重新复制一份" if cut else "这不是 xlsx 表格,请在表格软件里另存为 xlsx 再导入"
        en = "the file is cut short; copy it again" if cut else "this is no xlsx workbook; save it as xlsx first"
        raise refusal(path, zh, en) from error
    if "xl/workbook.xml" not in names:
        raise refusal(
            path,
            "这不是 xlsx 表格,请在表格软件里另存为 xlsx 再导入",
            "this is no xlsx workbook; save it as xlsx first",
        )
    if size > _LARGEST:
        raise refusal(path, "文件太大,请删去不用的表和行", "the file is too large; delete sheets and rows not needed")
    try:
        return _grids(raw, path)
    except DataError:
        raise
    except Exception as error:
        # Whatever a spoiled package makes the reader raise (XML, zip, missing parts, numbers), the way out is one.
        raise refusal(
            path,
            "文件内容已损坏,读不出来,请在表格软件里打开并另存为 xlsx",
            "the file is damaged and cannot be read; open it in a spreadsheet program and save it as xlsx",
        ) from error


def _grids(raw: bytes, path: Path) -> tuple[Grid, ...]:
    found, count = [], 0
    with warnings.catch_warnings():
        # The reader warns of parts that it does not keep; nothing is written back.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
        for sheet in book.worksheets:
            # What a file says of its own size is often wrong.
            sheet.reset_dimensions()
            rows = []
            for row in sheet.iter_rows():
                cells = {c.column: _cell(c) for c in row if c.value is not None and c.value != ""}
                if cells:
                    rows.append((next(c.row for c in row if c.value is not None), cells))
                    count += len(cells)
                    if count > _MOST_CELLS:
                        raise refusal(
                            path, "表里的格太多,请只留要导入的行", "too many cells; keep only the rows to import"
                        )
            found.append(Grid(sheet.title, sheet.sheet_state != "visible", tuple(rows)))
    return tuple(found)


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, _KINDS.get(cell.data_type, "text")
    if kind == "number" and isinstance(value, float) and not math.isfinite(value):
        return Cell("error", str(value))
    return Cell(kind, value if kind != "formula" or isinstance(value, str) else "=…", cell.number_format or "General")
