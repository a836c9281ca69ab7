"""Workbooks for download: typed tables with filters, no formulas and no macros."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from haopin.exports.tabular import Cell, CellType
from haopin.problem import ConfigurationError
from haopin.text import fullwidth

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

#: Largest number of rows of a sheet.
MOST_ROWS = 1_048_576
#: Largest number of characters (UTF-16 code units) in a cell.
MOST_CHARACTERS = 32_767
#: First day with the same serial number in all spreadsheet programs; earlier days are written as text.
_FIRST_DAY = date(1900, 3, 1)
#: Precision of numbers in spreadsheet programs, in digits; longer numbers are written as text.
_MOST_DIGITS = 15
#: Longest name of a sheet in letters, and replacement of characters that it must not contain.
_LONGEST_NAME, _NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
#: Number of rows that determine the width of a column; limits of widths, in letters.
_ROWS_FOR_WIDTH, _NARROWEST, _WIDEST_HEADING, _WIDEST = 100, 8, 28, 56


@dataclass(frozen=True)
class PublicSheet:
    """A sheet with a table.

    Attributes:
        name: Its name; changed if it is not allowed.
        headings: Headings of the columns, in one or more rows.
        types: Types of the columns.
        rows: Its rows.
    """

    name: str
    headings: Sequence[str]
    types: Sequence[CellType]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Block:
    """Lines of the sheet that describes the others; ``headed`` if the first line is a heading."""

    lines: Sequence[Sequence[Cell]]
    headed: bool = False


def require_room(name: str, rows: int) -> None:
    """Check that ``rows`` and the heading fit into a sheet.

    Raises:
        ConfigurationError: if they do not; no rows are dropped.
    """
    if rows + 1 > MOST_ROWS:
        zh = fullwidth(f"{name}:有 {rows} 行,超过一张工作表的上限 {MOST_ROWS - 1} 行,请把记录分成几类或几批")
        raise ConfigurationError(
            f"{zh} / {name}: {rows} rows are more than a sheet takes ({MOST_ROWS - 1}); divide the records"
        )


def workbook(
    sheets: Sequence[PublicSheet], about: Sequence[Block], about_name: str, title: str, created: date, cut: str
) -> bytes:
    """Return an XLSX file; the same data and day give the same bytes.

    Args:
        sheets: The tables.
        about: Content of the last sheet, which describes the others.
        about_name: Name of the last sheet.
        title: Title in the document properties.
        created: Date in the document properties.
        cut: Suffix of a text that was shortened to fit into a cell.
    """
    # Imported late: a build without exports does not need it.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    # Rows are written to a temporary file; all cells of a large table would need as much memory as all pages.
    book = Workbook(out, {"constant_memory": True})
    made_at = datetime(created.year, created.month, created.day)
    book.set_properties({"title": title, "created": made_at})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    names = sheet_names([*(sheet.name for sheet in sheets), about_name])
    for sheet, name in zip(sheets, names[:-1], strict=True):
        target = book.add_worksheet(name)
        _head(target, sheet, bold)
        _rows(target, sheet, day, cut)
    _tell(book.add_worksheet(names[-1]), about, bold, day, wrapped)
    book.close()
    return out.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return valid and unique (case-insensitive) names of sheets."""
    found: list[str] = []
    taken: set[str] = set()
    for name in wanted:
        base = name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME]
        free, number = base, 2
        while free.casefold() in taken:
            end = f"~{number}"
            free, number = base[: _LONGEST_NAME - len(end)] + end, number + 1
        taken.add(free.casefold())
        found.append(free)
    return found


def _head(target: "Worksheet", sheet: PublicSheet, bold: "Format") -> None:
    """Write the headings of ``sheet``, and set the widths of its columns from the first rows."""
    widths = [_heading_width(heading) for heading in sheet.headings]
    for cells in sheet.rows[:_ROWS_FOR_WIDTH]:
        widths = [max(width, _width(cell)) for width, cell in zip(widths, cells, strict=True)]
    lines = 1
    for column, (heading, width) in enumerate(zip(sheet.headings, widths, strict=True)):
        width = min(max(width, _NARROWEST), _WIDEST)
        target.set_column(column, column, width)
        target.write_string(0, column, heading, bold)
        lines = max(lines, sum(-(-_width(line) // width) for line in heading.split("\n")))
    target.set_row(0, 15 * lines + 3)
    target.freeze_panes(1, 0)
    target.autofilter(0, 0, len(sheet.rows), len(sheet.headings) - 1)


def _rows(target: "Worksheet", sheet: PublicSheet, day: "Format", cut: str) -> None:
    """Write the rows of ``sheet`` below its headings; empty cells are skipped."""
    for row, cells in enumerate(sheet.rows, 1):
        for column, (type_, cell) in enumerate(zip(sheet.types, cells, strict=True)):
            if cell is None or cell == "":
                continue
            if type_ == "flag":
                target.write_boolean(row, column, bool(cell))
            elif type_ == "day" and isinstance(cell, date) and cell >= _FIRST_DAY:
                target.write_datetime(row, column, cell, day)
            elif type_ in ("whole", "decimal"):
                digits = f"{cell:f}" if isinstance(cell, Decimal | float) else str(cell)
                if sum(map(str.isdigit, digits)) > _MOST_DIGITS:
                    target.write_string(row, column, digits)
                else:
                    target.write_number(row, column, float(digits))
            else:
                target.write_string(row, column, _no_markup(fitting(str(cell), cut)))


def fitting(text: str, cut: str) -> str:
    """Shorten ``text`` to the largest length of a cell; a shortened text ends with ``cut``."""
    if len(text) <= MOST_CHARACTERS // 2:
        return text
    raw = text.encode("utf-16-le")
    if len(raw) // 2 <= MOST_CHARACTERS:
        return text
    return raw[: 2 * (MOST_CHARACTERS - len(cut))].decode("utf-16-le", "ignore") + cut


def _tell(target: "Worksheet", about: Sequence[Block], bold: "Format", day: "Format", wrapped: "Format") -> None:
    """Write the description of the sheets, block by block."""
    row = 0
    for block in about:
        for number, line in enumerate(block.lines):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    target.write_datetime(row, column, cell, day)
                elif isinstance(cell, int):
                    target.write_number(row, column, cell)
                elif cell:
                    target.write_string(
                        row, column, _no_markup(str(cell)), bold if block.headed and number == 0 else wrapped
                    )
            row += 1
        row += 1
    for column, width in enumerate((30, 34, 52, 52, 16)):
        target.set_column(column, column, width)


def _no_markup(text: str) -> str:
    """Append a space to ``text`` if xlsxwriter would interpret it as rich text (``<r>…</r>``)."""
    return f"{text} " if text.startswith("<r>") else text


def _width(cell: Any) -> int:
    """Return the width of ``cell`` in letters; a Chinese character counts as two."""
    if not isinstance(cell, str):
        return 0 if cell is None else len(str(cell)) + 1
    return len(cell) if cell.isascii() else sum(1 if char < "\u1100" else 2 for char in cell[:_WIDEST])


def _heading_width(heading: str) -> int:
    # Includes the filter button.
    return min(max(map(_width, heading.split("\n"))) + 3, _WIDEST_HEADING)
