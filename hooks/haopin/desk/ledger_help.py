"""The sheet “说明” of the ledger’s workbook: how to fill in the form, step by step, and what its columns mean."""

from collections.abc import Sequence

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from haopin.desk.ledger_columns import HELP, Column
from haopin.desk.ledger_sheet import FONT, extent, finish, fit, style, write_title
from haopin.text import Language, Text

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


def draw_help(sheet: Worksheet, title: str, cols: Sequence[Column], language: Language) -> None:
    """Write how to fill in the form, and what its ``cols`` mean."""
    sheet.title = HELP.get(language)
    write_title(sheet, title)
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
