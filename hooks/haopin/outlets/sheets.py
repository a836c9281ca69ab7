"""Workbooks for the public: typed tables that every spreadsheet program filters, and nothing in them that runs."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from haopin.outlets.fields import Cell, CellType
from haopin.problem import ConfigurationError
from haopin.text import fullwidth

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

#: So many rows a sheet has, and so many characters (of UTF-16) a cell.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
#: So many letters of the name of a sheet, and characters that it cannot have.
_LONGEST_NAME, _NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
#: Spreadsheet programs count days from here; what is earlier is text.
_FIRST_DAY = date(1900, 3, 1)
#: Spreadsheet programs keep so many digits of a number; what has more is text.
_MOST_DIGITS = 15
#: What begins so and ends accordingly is written as it is by the library.
_RICH = "<r>"
#: Widths in letters: so many rows say how wide a column is, and it is no wider or narrower than this.
_ROWS_FOR_WIDTH, _NARROWEST, _WIDEST_HEADING, _WIDEST = 100, 8, 28, 56


@dataclass(frozen=True)
class Sheet:
    """A sheet with a table.

    Attributes:
        name: Its name; what a sheet cannot be called is changed.
        headings: Headings of the columns, in one or more lines.
        types: What the cells of each column are.
        rows: Its rows.
    """

    name: str
    headings: Sequence[str]
    types: Sequence[CellType]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class Block:
    """Lines of the sheet that says what the others are; ``headed`` if the first is a heading."""

    lines: Sequence[Sequence[Cell]]
    headed: bool = False


def require_room(name: str, rows: int) -> None:
    """Check that a sheet takes ``rows`` and their heading.

    Raises:
        ConfigurationError: if there are more: nothing is left out in silence.
    """
    if rows + 1 > MOST_ROWS:
        zh = fullwidth(f"{name}:有 {rows} 行,超过一张工作表的上限 {MOST_ROWS - 1} 行,请把记录分成几类或几批")
        raise ConfigurationError(
            f"{zh} / {name}: {rows} rows are more than a sheet takes ({MOST_ROWS - 1}); divide the records"
        )


def workbook(
    sheets: Sequence[Sheet], about: Sequence[Block], about_name: str, title: str, created: date, cut: str
) -> bytes:
    """Return an XLSX file; the same data and day give the same bytes.

    Args:
        sheets: The tables.
        about: What the last sheet says of them.
        about_name: Name of the last sheet.
        title: Title among the properties of the file.
        created: Day among the properties of the file.
        cut: What stands at the end of a text that is longer than a cell takes.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    made_at = datetime(created.year, created.month, created.day)
    book.set_properties({"title": title, "created": made_at})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    names = sheet_names([*(sheet.name for sheet in sheets), about_name])
    for sheet, name in zip(sheets, names[:-1], strict=True):
        _fill(book.add_worksheet(name), sheet, bold, day, cut)
    _tell(book.add_worksheet(names[-1]), about, bold, day, wrapped)
    book.close()
    return out.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names that sheets can have, each its own whatever its case."""
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


def _fill(target: "Worksheet", sheet: Sheet, bold: "Format", day: "Format", cut: str) -> None:
    """Write the table of ``sheet``."""
    widths = [_heading_width(heading) for heading in sheet.headings]
    texts = [type_ == "text" for type_ in sheet.types]
    columns = range(len(texts))
    write = target.write_string
    row = 0
    for row, cells in enumerate(sheet.rows, 1):
        for column in columns:
            cell = cells[column]
            if cell is None or cell == "":
                continue
            # Nearly all cells are short texts, and a look at each costs.
            if texts[column] and len(cell) < MOST_CHARACTERS // 2 and cell[:3] != _RICH:  # type: ignore[index,arg-type]
                write(row, column, cell)
            else:
                _write(target, row, column, cell, day, cut)
        if row <= _ROWS_FOR_WIDTH:
            widths = [max(width, _width(cell)) for width, cell in zip(widths, cells, strict=True)]
    lines = 1
    for column, (heading, width) in enumerate(zip(sheet.headings, widths, strict=True)):
        width = min(max(width, _NARROWEST), _WIDEST)
        target.set_column(column, column, width)
        target.write_string(0, column, heading, bold)
        lines = max(lines, sum(-(-_width(line) // width) for line in heading.split("\n")))
    target.set_row(0, 15 * lines + 3)
    target.freeze_panes(1, 0)
    if texts:
        target.autofilter(0, 0, row, len(texts) - 1)


def _tell(target: "Worksheet", about: Sequence[Block], bold: "Format", day: "Format", wrapped: "Format") -> None:
    """Write what the sheets are, a block below the other."""
    row = 0
    for block in about:
        for number, line in enumerate(block.lines):
            for column, cell in enumerate(line):
                if isinstance(cell, str) and cell:
                    target.write_string(row, column, cell, bold if block.headed and number == 0 else wrapped)
                elif cell is not None and cell != "":
                    _write(target, row, column, cell, day, "")
            row += 1
        row += 1
    for column, width in enumerate((30, 34, 52, 52, 16)):
        target.set_column(column, column, width)


def _write(target: "Worksheet", row: int, column: int, cell: Cell, day: "Format", cut: str) -> None:
    """Write a cell as what it is; as text what no spreadsheet program would show as it is."""
    if isinstance(cell, bool):
        target.write_boolean(row, column, cell)
    elif isinstance(cell, int | Decimal) and len(str(abs(cell)).replace(".", "")) <= _MOST_DIGITS:
        target.write_number(row, column, float(cell))
    elif isinstance(cell, date) and cell >= _FIRST_DAY:
        target.write_datetime(row, column, cell, day)
    else:
        target.write_string(row, column, _fitting(str(cell), cut))


def _fitting(text: str, cut: str) -> str:
    """Return ``text`` as a cell takes it: an end that does not fit is left out, and that is said."""
    if text.startswith(_RICH):
        # The library would take it for markup of its own.
        text += " "
    if len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS:
        return text
    room = MOST_CHARACTERS - len(cut)
    return text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + cut


def _width(cell: Any) -> int:
    """Return how many letters wide ``cell`` is; a Chinese character takes the room of two."""
    if not isinstance(cell, str):
        return 0 if cell is None else len(str(cell)) + 1
    return len(cell) if cell.isascii() else sum(1 if char < "\u1100" else 2 for char in cell[:_WIDEST])


def _heading_width(heading: str) -> int:
    # Room for the button of the filter.
    return min(max(map(_width, heading.split("\n"))) + 3, _WIDEST_HEADING)
