"""A sheet whose rows are written as they come; everything else of a workbook is the library's.

The library keeps every cell as an object and asks of each what it is. A table knows that by its columns: written so,
a table of 16,000 rows takes a third of the time. Import this module only where a workbook is made: the library is
large.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from haopin.exports.tabular import Cell, CellType

#: So many characters (of UTF-16) a cell takes.
MOST_CHARACTERS = 32_767
#: Spreadsheet programs count days from the first of these, and rightly from the second; what is earlier is text.
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
#: Spreadsheet programs keep so many digits of a number; what has more is text.
_MOST_DIGITS = 15
# What may have to be written otherwise: marks of XML, control characters, and what looks like one that is escaped.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")

Written = Callable[[str, Cell], str]


class TableSheet(Worksheet):  # type: ignore[misc]
    """A sheet with a row of headings, written cell by cell, and the rows of a table below it."""

    def __init__(self) -> None:
        """Have no rows yet."""
        super().__init__()
        self._body: tuple[Sequence[CellType], Sequence[Sequence[Cell]], Format, str] | None = None

    def take(self, types: Sequence[CellType], rows: Sequence[Sequence[Cell]], day: Format, cut: str) -> None:
        """Have ``rows`` below the headings.

        Args:
            types: What the cells of each column are.
            rows: The rows; a cell that is None or empty is not written.
            day: The format of days.
            cut: What stands at the end of a text that is longer than a cell takes.
        """
        self._body = types, rows, day, cut
        self.dim_rowmax = len(rows)

    def _write_rows(self) -> None:
        """Write the headings as the library does, then the rows: called by the library when it writes the sheet."""
        last, self.dim_rowmax = self.dim_rowmax, 0
        super()._write_rows()
        self.dim_rowmax = last
        if self._body is not None:
            types, rows, day, cut = self._body
            self.fh.writelines(lines(types, rows, day._get_xf_index(), cut))


def lines(types: Sequence[CellType], rows: Sequence[Sequence[Cell]], day: int, cut: str) -> Iterator[str]:
    """Yield each of ``rows`` as XML, from the second row of the sheet on; ``day`` is the number of the days' format."""
    text = _text(cut)
    writers = {"text": text, "whole": _number(text), "decimal": _number(text), "day": _day(day, text), "flag": _flag}
    columns = [(xl_col_to_name(index), writers[type_]) for index, type_ in enumerate(types)]
    for row, cells in enumerate(rows, 2):
        written = [
            write(f"{letter}{row}", cell)
            for (letter, write), cell in zip(columns, cells, strict=True)
            if cell is not None and cell != ""
        ]
        yield f'<row r="{row}">{"".join(written)}</row>'


def _text(cut: str) -> Written:
    def write(place: str, cell: Cell) -> str:
        text = str(cell)
        if len(text) > MOST_CHARACTERS // 2:
            text = fitting(text, cut)
        if _SPECIAL.search(text):
            text = Worksheet._escape_control_characters(text)
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    return write


def _number(text: Written) -> Written:
    def write(place: str, cell: Cell) -> str:
        digits = f"{cell:f}" if isinstance(cell, Decimal | float) else str(cell)
        if sum(map(str.isdigit, digits)) > _MOST_DIGITS:
            return text(place, digits)
        return f'<c r="{place}"><v>{digits}</v></c>'

    return write


def _day(number: int, text: Written) -> Written:
    def write(place: str, cell: Cell) -> str:
        if isinstance(cell, date) and cell >= _FIRST_DAY:
            return f'<c r="{place}" s="{number}"><v>{(cell - _DAY_ZERO).days}</v></c>'
        return text(place, cell)

    return write


def _flag(place: str, cell: Cell) -> str:
    return f'<c r="{place}" t="b"><v>{int(bool(cell))}</v></c>'


def fitting(text: str, cut: str) -> str:
    """Return ``text`` as a cell takes it: an end that does not fit is left out, and ``cut`` says so."""
    raw = text.encode("utf-16-le")
    if len(raw) // 2 <= MOST_CHARACTERS:
        return text
    return raw[: 2 * (MOST_CHARACTERS - len(cut))].decode("utf-16-le", "ignore") + cut
