"""The ledger as a workbook for WPS and Excel: help, the form to be filled in, and what was reported before."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from haopin.catalogue import Catalogue
from haopin.desk.ledger_columns import GIVEN, HELP, HIDDEN, HISTORY, PROGRESS, VERSION, Column, columns
from haopin.desk.ledger_past import HISTORY_COLUMNS, past
from haopin.desk.ledger_rows import Item, given, items
from haopin.desk.ledger_sheet import FONT, draw, extent, finish, fit, legend_of, style, title_of
from haopin.records.body import Body
from haopin.text import Language, Text

#: Row of the hidden sheet below which what was given stands, a row an item; names of bodies stand right of it.
HIDDEN_HEAD = 5
_ALL = Text(zh="各责任单位", en="all bodies")
_STEPS: Sequence[Text] = (
    Text(
        zh="1. 在“进展”表里找到要报的事项,在同一行的白色格填写。没有新进展的行空着,不用填。",
        en="1. Find the item in the sheet “Progress” and fill in the white cells of its row. Leave rows without news empty.",
    ),
    Text(
        zh="2. 每报一条,必填日期、来源,举措填状态,有数值的目标填数值。",
        en="2. A report needs a date and a source; a measure needs a state, a target with a number its value.",
    ),
    Text(
        zh="3. 灰色格不改。可以排序、筛选、插入行、调列宽,导入按标题和事项编号认。",
        en="3. Leave the grey cells. Rows may be sorted, filtered and inserted: the import goes by headings and item ids.",
    ),
    Text(
        zh="4. 同一事项要报两次(不同日期):先“撤销工作表保护”(没有密码),复制整行再填。",
        en="4. To report twice on an item (on two days): unprotect the sheet (no password), copy the row, and fill it in.",
    ),
    Text(
        zh="5. 已报的内容有误:在该事项的行重新填报,把错的那一条的编号写进“更正哪一条”,并写更正原因。原来的一条保留。",
        en="5. To correct an entry: report on the item again, with the id of the wrong entry and the reason. Both stay.",
    ),
    Text(
        zh="6. 不写公式,不知道的不填。保存为 xlsx,关闭后交网站管理员导入:haopin ledger import 文件名。",
        en="6. No formulas, and nothing that is not known. Save as xlsx, close it, and hand it in: haopin ledger import FILE.",
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


def ledger_book(catalogue: Catalogue, body: str | None, as_of: date, language: Language) -> bytes:
    """Return the workbook of ``body`` (of all bodies if None); the same bytes for the same data and day."""
    book = Workbook()
    cols = columns(reporter=body is None)
    who = catalogue.get(Body, body).name.show(language) if body else _ALL.show(language)
    found = items(catalogue, body)
    rows = [(item, given(catalogue, item, as_of, language)) for item in found.values()]
    title = title_of(who, as_of.isoformat(), language)

    _help(book.worksheets[0], title, cols, language)
    form = book.create_sheet(PROGRESS.get(language))
    _title(form, title, legend_of(HELP.get(language), language))
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
            # Never a formula, whatever a title begins with.
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.active = 1
    book.worksheets[0].sheet_view.tabSelected = False
    return _fixed(book, as_of)


def _title(sheet: Worksheet, title: str, legend: str = "") -> None:
    sheet["A1"] = f"{title}    {legend}".strip()
    sheet["A1"].font = Font(name=FONT, size=12, bold=True)
    sheet["A1"].alignment = Alignment(vertical="center")


def _help(sheet: Worksheet, title: str, cols: Sequence[Column], language: Language) -> None:
    sheet.title = HELP.get(language)
    _title(sheet, title)
    for number, step in enumerate(_STEPS, start=2):
        cell = sheet.cell(number, 1, step.show(language))
        cell.font, cell.alignment = Font(name=FONT, size=11), Alignment(wrap_text=True, vertical="center")
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=3)
        # Merged cells do not grow with their text: about 52 Chinese or 104 other characters fit a line.
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


def _past(sheet: Worksheet, rows: Sequence[Sequence[str]], title: str, language: Language) -> None:
    _title(sheet, title)
    for number, (heading, width) in enumerate(HISTORY_COLUMNS, start=1):
        style(sheet.cell(2, number, heading.get(language)), bold=True, fill="D9D9D9")
        sheet.column_dimensions[get_column_letter(number)].width = width
    for index, words in enumerate(rows, start=3):
        for number, word in enumerate(words, start=1):
            style(sheet.cell(index, number, word or None))
        fit(sheet, index, words, [width for _, width in HISTORY_COLUMNS])
    finish(sheet, 2, len(HISTORY_COLUMNS), "A3")


def _fixed(book: Workbook, day: date) -> bytes:
    """Return the file of ``book`` without the clock of the machine in it."""
    book.properties.creator, book.properties.created = "Haopin", datetime(day.year, day.month, day.day)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in written.namelist():
            data = written.read(name)
            if name == "docProps/core.xml":
                stamp = f"{day.isoformat()}T00:00:00Z".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            # A height that is only proposed: the row grows with what is typed.
            data = data.replace(b' customHeight="1"', b"") if "worksheets/" in name else data
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, data)
    return out.getvalue()
