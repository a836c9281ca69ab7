"""The sheet “进展” to be filled in: what is given is grey and locked, what is to be filled in is open and explained."""

from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from haopin.desk.ledger_columns import Column
from haopin.desk.ledger_rows import Item
from haopin.desk.ledger_validation import validate
from haopin.text import Language, Text

#: Row of the headings; a title stands above.
HEAD = 2
FONT = "微软雅黑"
_GREY, _DARK_GREY, _BLUE, _RED, _INK = "F0F0F0", "D9D9D9", "DCE9F5", "B00020", "222222"
_EDGE = Border(*(Side(style="thin", color="BFBFBF"),) * 4)
_TITLE = Text(zh="台账填报表:{who}(截至 {day})", en="Ledger form: {who} (as of {day})")
_LEGEND = Text(
    zh="白色格填写,灰色格不改;红字的列必填(状态或数值);有下拉箭头的请选;填法见“{help}”表。",
    en="Fill in the white cells, leave the grey ones; columns in red are needed (state or value); choose where there "
    "is a list; how to: sheet “{help}”.",
)


def title_of(who: str, day: str, language: Language) -> str:
    """Return the title of the form."""
    return _TITLE.show(language).format(who=who, day=day)


def legend_of(help_title: str, language: Language) -> str:
    """Return the line that says how cells are told apart."""
    return _LEGEND.show(language).format(help=help_title)


def write_title(sheet: Worksheet, title: str, legend: str = "") -> None:
    """Write the line at the top of a sheet."""
    sheet["A1"] = f"{title}    {legend}".strip()
    sheet["A1"].font = Font(name=FONT, size=12, bold=True)
    sheet["A1"].alignment = Alignment(vertical="center")


def draw(
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Sequence[tuple[Item, Sequence[str]]],
    language: Language,
    bodies: str | None = None,
) -> None:
    """Draw headings and ``rows`` into ``sheet``, whose first row holds the title already.

    Args:
        sheet: The sheet.
        columns: Its columns.
        rows: Each item with the words of its row, a word a column.
        language: Language of headings and help.
        bodies: Range of the names of bodies, for the list of the column “填报单位”.
    """
    for number, column in enumerate(columns, start=1):
        head = sheet.cell(HEAD, number, column.title.get(language))
        style(head, bold=True, fill=_BLUE if column.filled else _DARK_GREY, colour=_RED if column.needed else _INK)
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        head.comment = Comment(column.help.show(language), "Haopin", height=90, width=260)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    for index, (item, words) in enumerate(rows, start=HEAD + 1):
        for number, (column, word) in enumerate(zip(columns, words, strict=True), start=1):
            cell = sheet.cell(index, number, word or None)
            open_cell = column.filled and (column.name != "value" or item.has_number)
            style(cell, fill=None if open_cell else _GREY)
            cell.protection = Protection(locked=not open_cell)
            if column.name in ("date", "start", "end"):
                cell.number_format = "yyyy-mm-dd"
        fit(sheet, index, words, [column.width for column in columns])
    sheet.row_dimensions[1].height, sheet.row_dimensions[HEAD].height = 24, 34
    for number, column in enumerate(columns, start=1):
        if column.filled and rows:
            validate(sheet, HEAD + 1, column, get_column_letter(number), rows, language, bodies)
    finish(sheet, HEAD, len(columns), f"{get_column_letter(5)}{HEAD + 1}")


def style(cell: Cell, *, bold: bool = False, fill: str | None = None, colour: str = _INK, size: int = 10) -> None:
    """Give ``cell`` the look of the form."""
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.border = _EDGE
    # Without this, text such as “=1” would be taken for a formula.
    if isinstance(cell.value, str):
        cell.data_type = "s"
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)


def fit(sheet: Worksheet, row: int, words: Sequence[str], widths: Sequence[int]) -> None:
    """Make ``row`` as high as its longest cell: some programs do so only when a cell is edited."""
    lines = (
        sum(max(1, -(-extent(line) // width)) for line in word.split("\n"))
        for word, width in zip(words, widths, strict=True)
        if word
    )
    sheet.row_dimensions[row].height = 15 * max(lines, default=1) + 3


def extent(words: str) -> int:
    """Return the width of ``words`` in characters of a column’s width; a Chinese character counts twice."""
    return sum(1 if ord(c) < 0x2000 else 2 for c in words)


def finish(sheet: Worksheet, head: int, count: int, freeze: str) -> None:
    """Protect ``sheet`` without a password, freeze its headings, and make it print on A4 sideways."""
    sheet.protection.sheet = True
    # False allows: a clerk may widen, sort and filter.
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)
    sheet.freeze_panes = freeze
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(count)}{max(sheet.max_row, head)}"
    sheet.print_title_rows = f"{head}:{head}"
    setup: Any = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, 0.3)
    sheet.page_margins.top, sheet.page_margins.bottom = 0.4, 0.5
    footer: Any = sheet.oddFooter
    footer.center.text = "&P / &N"
