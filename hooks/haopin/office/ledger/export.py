"""Write the ledger workbook for WPS and Excel: help, form with drop-down lists, history."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from haopin.model.body import Body
from haopin.model.choices import STATES
from haopin.model.ledger import Entry
from haopin.office.ledger.columns import (
    GIVEN,
    HELP,
    HIDDEN,
    HISTORY,
    PROGRESS,
    VERSION,
    FormColumn,
    ReportItem,
    columns,
    given,
    items,
    state_shown,
    value_shown,
)
from haopin.site.catalogue import Catalogue
from haopin.text import Language, Text, Wording

# --- The sheet “进展”: protected cells are grey, cells to fill in are open and explained

#: Row of the headings, below a title.
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
    """Return the line that explains the colours of cells."""
    return _LEGEND.show(language).format(help=help_title)


def write_title(sheet: Worksheet, title: str, legend: str = "") -> None:
    """Write the first line of a sheet."""
    sheet["A1"] = f"{title}    {legend}".strip()
    sheet["A1"].font = Font(name=FONT, size=12, bold=True)
    sheet["A1"].alignment = Alignment(vertical="center")


def draw(
    sheet: Worksheet,
    columns: Sequence[FormColumn],
    rows: Sequence[tuple[ReportItem, Sequence[str]]],
    language: Language,
    bodies: str | None = None,
) -> None:
    """Write headings and ``rows`` to ``sheet``, whose first row already has the title.

    Args:
        sheet: The sheet.
        columns: Its columns.
        rows: Items with the texts of their cells.
        language: Language of headings and help.
        bodies: Cell range with the names of bodies, for the drop-down list of the column “填报单位”.
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
            open_cell = column.filled and {"value": item.number, "of": item.counted}.get(column.name, True) is not None
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
    """Format ``cell``."""
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.border = _EDGE
    # Otherwise text such as “=1” would become a formula.
    if isinstance(cell.value, str):
        cell.data_type = "s"
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)


def fit(sheet: Worksheet, row: int, words: Sequence[str], widths: Sequence[int]) -> None:
    """Set the height of ``row`` for its longest cell; some programs do so only when a cell is edited."""
    lines = (
        sum(max(1, -(-extent(line) // width)) for line in word.split("\n"))
        for word, width in zip(words, widths, strict=True)
        if word
    )
    sheet.row_dimensions[row].height = 15 * max(lines, default=1) + 3


def extent(words: str) -> int:
    """Return the width of ``words`` in characters; a Chinese character counts as two."""
    return sum(1 if ord(c) < 0x2000 else 2 for c in words)


def finish(sheet: Worksheet, head: int, count: int, freeze: str) -> None:
    """Protect ``sheet`` without a password, freeze its headings, and set up printing on A4 landscape."""
    sheet.protection.sheet = True
    # False means allowed: the clerk may resize, sort and filter.
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


# --- The sheet “说明”: instructions, and the meaning of the columns

_STEPS: Sequence[Text] = (
    Text(
        zh="1. 在“进展”表里找到要报的事项,在同一行的白色格填写。没有新进展的行空着,不用填。",
        en="1. Find the item in the sheet “Progress” and fill in the white cells of its row. Leave other rows empty.",
    ),
    Text(
        zh="2. 每报一条,必填日期、来源,举措填状态,有数值的目标填数值。",
        en="2. A report needs a date and a source; a measure needs a state, a target with a number its value.",
    ),
    Text(
        zh="3. 灰色格不改。可以排序、筛选、插入行、调列宽,导入按标题和事项编号认。",
        en="3. Leave the grey cells. Rows may be sorted, filtered and inserted: headings and item ids count.",
    ),
    Text(
        zh="4. 同一事项要报两次(不同日期):先“撤销工作表保护”(没有密码),复制整行再填。",
        en="4. To report twice on an item (on two days): unprotect the sheet (no password), copy the row, fill it in.",
    ),
    Text(
        zh="5. 已报的内容有误:在该事项的行重新填报,把错的那一条的编号写进“更正哪一条”,并写更正原因。原来的一条保留。",
        en="5. To correct an entry, report on the item again, with the id of the wrong entry and a reason. Both stay.",
    ),
    Text(
        zh="6. 不写公式,不知道的不填。保存为 xlsx,关闭后交网站管理员导入:haopin ledger import 文件名。",
        en="6. No formulas, nothing that is not known. Save as xlsx, close it, hand it in: haopin ledger import FILE.",
    ),
    Text(
        zh="7. 导入后还要审核,审核后才在网站公布。",
        en="7. What is imported is published only when it has been approved.",
    ),
)
_HELP_WIDTHS = (24, 14, 66)
_MEANINGS = Text(zh="各列的含义", en="What the columns mean")
_WHO = {
    True: Text(zh="填写", en="to be filled in"),
    False: Text(zh="不改", en="leave"),
}


def draw_help(sheet: Worksheet, title: str, cols: Sequence[FormColumn], language: Language) -> None:
    """Write the instructions, and the meaning of ``cols``."""
    sheet.title = HELP.get(language)
    write_title(sheet, title)
    for number, step in enumerate(_STEPS, start=2):
        cell = sheet.cell(number, 1, step.show(language))
        cell.font, cell.alignment = Font(name=FONT, size=11), Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=3)
        # The height of merged cells is not automatic: about 52 Chinese or 104 other characters fit in a line.
        sheet.row_dimensions[number].height = 20 * (1 + extent(step.show(language)) // 104)
    start = len(_STEPS) + 3
    sheet.cell(start, 1, _MEANINGS.get(language)).font = Font(name=FONT, size=12, bold=True)
    for number, column in enumerate(cols, start=start + 1):
        words = (column.title.get(language), _WHO[column.filled].get(language), column.help.show(language))
        for place, word in enumerate(words, start=1):
            style(sheet.cell(number, place, word), bold=place == 1)
        fit(sheet, number, words, _HELP_WIDTHS)
    for letter, width in zip("ABC", _HELP_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    finish(sheet, 1, 3, "A2")
    sheet.auto_filter.ref, sheet.page_setup.fitToHeight = None, 1


# --- The sheet “历史”: earlier entries on the items of the form, newest first

#: Heading and width of each column.
HISTORY_COLUMNS: Sequence[tuple[Text, int]] = (
    (Text(zh="记录编号", en="Entry ID"), 26),
    (Text(zh="事项编号", en="Item ID"), 20),
    (Text(zh="内容", en="Content"), 24),
    (Text(zh="填报单位", en="Reporting body"), 16),
    (Text(zh="日期", en="Date"), 11),
    (Text(zh="状态", en="State"), 10),
    (Text(zh="数值", en="Value"), 8),
    (Text(zh="涵盖期间", en="Covers"), 12),
    (Text(zh="说明", en="Text"), 34),
    (Text(zh="依据", en="Evidence"), 22),
    (Text(zh="来源", en="Source"), 18),
    (Text(zh="更正哪一条", en="Corrects entry"), 20),
    (Text(zh="更正原因", en="Reason for correction"), 18),
    (Text(zh="审核", en="Approved"), 11),
)
_PENDING = Text(zh="未审核", en="not yet")


def past(catalogue: Catalogue, found: Iterable[ReportItem], as_of: date, language: Language) -> list[list[str]]:
    """Return the cells of each entry on the items ``found`` up to ``as_of``, newest first."""
    rows = []
    for item in found:
        for entry in catalogue.entries_about.get(item.about, ()):
            if entry.date <= as_of:
                rows.append((entry.date, entry.id, _row(catalogue, item, entry, language)))
    return [row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1]), reverse=True)]


def _row(catalogue: Catalogue, item: ReportItem, entry: Entry, language: Language) -> list[str]:
    covers = f"{entry.covers.start.isoformat()}\n{entry.covers.end.isoformat()}" if entry.covers else ""
    evidence = "\n".join(str(part.number or part.link or part.file) for part in entry.evidence)
    return [
        entry.id,
        item.about,
        item.title.show(language),
        catalogue.get(Body, entry.body).name.show(language),
        entry.date.isoformat(),
        state_shown(entry, language),
        value_shown(item, entry, language),
        covers,
        _words(entry.text, language),
        evidence,
        _words(entry.source, language),
        entry.corrects or "",
        _words(entry.reason, language),
        entry.approved.date.isoformat() if entry.approved else _PENDING.get(language),
    ]


def _words(wording: Wording | None, language: Language) -> str:
    return wording.show(language) if wording else ""


# --- Data validation in the spreadsheet program: drop-down lists, ranges, and input messages

_FIRST_DAY, _LAST_DAY = "DATE(2000,1,1)", "DATE(2100,12,31)"
_WRONG = {
    "state": Text(zh="请从下拉中选择状态。", en="Choose a state from the list."),
    "date": Text(zh="请填日期,如 2026-03-05。", en="Enter a date such as 2026-03-05."),
    "value": Text(zh="请填 0 到 100 之间的数字,不写单位。", en="Enter a number between 0 and 100, without the unit."),
    "link": Text(zh="网址须以 https:// 开头。", en="An address begins with https://."),
    "reporter": Text(zh="请从下拉中选择单位。", en="Choose a body from the list."),
}


def _is_share(item: ReportItem) -> bool:
    """Return whether the value can only be a share of a whole."""
    return item.number is not None and item.number.is_share and item.counted is None


def validate(
    sheet: Worksheet,
    first: int,
    column: FormColumn,
    letter: str,
    rows: Sequence[tuple[ReportItem, Sequence[str]]],
    language: Language,
    bodies: str | None,
) -> None:
    """Add data validation with the same rules as the import, and an input message.

    Args:
        sheet: The form.
        first: First row of the form.
        column: The column.
        letter: Its letter.
        rows: Items of the rows, in order.
        language: Language of the words.
        bodies: Cell range with the names of bodies.
    """
    last = first + len(rows) - 1
    rule: dict[str, Any] = {}
    places: Iterable[str] = [f"{letter}{first}:{letter}{last}"]
    if column.name == "state":
        rule = {"type": "list", "formula1": f'"{",".join(state.get(language) for state in STATES.values())}"'}
    elif column.name == "reporter" and bodies:
        rule = {"type": "list", "formula1": bodies}
    elif column.name in ("date", "start", "end"):
        rule = {"type": "date", "operator": "between", "formula1": _FIRST_DAY, "formula2": _LAST_DAY}
    elif column.name == "value":
        rule = {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "100"}
        places = [f"{letter}{first + n}" for n, (item, _) in enumerate(rows) if _is_share(item)]
    elif column.name == "link":
        rule = {"type": "custom", "formula1": f'LEFT({letter}{first},8)="https://"'}
    check = DataValidation(allow_blank=True, showErrorMessage=bool(rule), showInputMessage=True, **rule)
    check.promptTitle, check.prompt = column.title.get(language)[:32], column.help.show(language)[:255]
    if rule:
        wrong = _WRONG["date" if column.name in ("start", "end") else column.name]
        check.errorTitle, check.error = column.title.get(language)[:32], wrong.show(language)
    for place in places:
        check.add(place)
    if check.sqref:
        sheet.add_data_validation(check)


# --- The workbook

#: Row of the hidden sheet above the original content of protected cells; body names are to the right of these.
HIDDEN_HEAD = 5
_ALL = Text(zh="各责任单位", en="all bodies")
# Characters that file names may not have on Windows.
_REFUSED = r'[\\/:*?"<>|\s]+'


def ledger_book(catalogue: Catalogue, body: str | None, as_of: date, language: Language) -> bytes:
    """Return the workbook of ``body`` (None: all bodies) for the current plan.

    The same data and day give the same bytes.
    """
    catalogue = catalogue.of_plan(catalogue.plan)
    book = Workbook()
    found = items(catalogue, body)
    cols = columns(reporter=body is None, total=any(item.counted for item in found.values()))
    who = catalogue.get(Body, body).name.show(language) if body else _ALL.show(language)
    rows = [(item, given(catalogue, item, as_of, language, body)) for item in found.values()]
    title = title_of(who, as_of.isoformat(), language)

    draw_help(book.worksheets[0], title, cols, language)
    form = book.create_sheet(PROGRESS.get(language))
    write_title(form, title, legend_of(HELP.get(language), language))
    names = [b.name.show(language) for b in catalogue.all(Body)]
    place = get_column_letter(len(GIVEN) + 2)
    first = HIDDEN_HEAD + 1
    area = f"{quote_sheetname(HIDDEN)}!${place}${first}:${place}${first + len(names) - 1}"
    draw(form, cols, [(item, [words.get(c.name, "") for c in cols]) for item, words in rows], language, area)
    _past(book.create_sheet(HISTORY.get(language)), past(catalogue, found.values(), as_of, language), title, language)

    hidden = book.create_sheet(HIDDEN)
    hidden.sheet_state = "hidden"
    for line in (("haopin-ledger", VERSION), ("body", body or ""), ("day", as_of.isoformat()), ("language", language)):
        hidden.append(line)
    hidden.append([column.name for column in GIVEN])
    for _, words in rows:
        hidden.append([words[column.name] for column in GIVEN])
    for number, name in enumerate(names):
        hidden.cell(first + number, len(GIVEN) + 2, name)
    for row in hidden.iter_rows():
        for cell in row:
            # Never a formula, even if a title begins with "=".
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.active = 1
    book.worksheets[0].sheet_view.tabSelected = False
    return _fixed(book, as_of)


def ledger_books(catalogue: Catalogue, as_of: date, language: Language) -> bytes:
    """Return a zip archive with the workbook of each body that reports on anything, named after the body."""
    out = io.BytesIO()
    reporting = {body for item in items(catalogue.of_plan(catalogue.plan)).values() for body in item.reporting}
    with zipfile.ZipFile(out, "w") as archive:
        for body in catalogue.all(Body):
            if body.id in reporting:
                part = zipfile.ZipInfo(f"{book_name(body, as_of, language)}.xlsx", (1980, 1, 1, 0, 0, 0))
                archive.writestr(part, ledger_book(catalogue, body.id, as_of, language))
    return out.getvalue()


def book_name(body: Body | None, as_of: date, language: Language) -> str:
    """Return the name of a workbook, without suffix; no character that file systems refuse."""
    who = body.name.show(language) if body else _ALL.show(language)
    title = Text(zh="台账", en="Ledger").show(language)
    return f"{title}-{re.sub(_REFUSED, '_', who)}-{as_of.isoformat()}"


def _past(sheet: Worksheet, rows: Sequence[Sequence[str]], title: str, language: Language) -> None:
    write_title(sheet, title)
    for number, (heading, width) in enumerate(HISTORY_COLUMNS, start=1):
        style(sheet.cell(2, number, heading.get(language)), bold=True, fill="D9D9D9")
        sheet.column_dimensions[get_column_letter(number)].width = width
    for index, words in enumerate(rows, start=3):
        for number, word in enumerate(words, start=1):
            style(sheet.cell(index, number, word or None))
        fit(sheet, index, words, [width for _, width in HISTORY_COLUMNS])
    finish(sheet, 2, len(HISTORY_COLUMNS), "A3")


def _fixed(book: Workbook, day: date) -> bytes:
    """Serialise ``book`` with fixed dates instead of the clock's."""
    book.properties.creator, book.properties.created = "Haopin", datetime(day.year, day.month, day.day)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in written.namelist():
            data = written.read(name)
            if name == "docProps/core.xml":
                stamp = f"{day.isoformat()}T00:00:00Z".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            # Let the row height adapt to the typed text.
            data = data.replace(b' customHeight="1"', b"") if "worksheets/" in name else data
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, data)
    return out.getvalue()
