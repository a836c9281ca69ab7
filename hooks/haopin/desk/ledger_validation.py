"""What a spreadsheet program checks while a form is filled in: drop-downs, ranges, and a word at each cell."""

from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from haopin.desk.ledger_columns import Column
from haopin.desk.ledger_rows import Item
from haopin.records.choices import STATES
from haopin.text import Language, Text

_FIRST_DAY, _LAST_DAY = "DATE(2000,1,1)", "DATE(2100,12,31)"
_WRONG = {
    "state": Text(zh="请从下拉中选择状态。", en="Choose a state from the list."),
    "date": Text(zh="请填日期,如 2026-03-05。", en="Enter a date such as 2026-03-05."),
    "value": Text(zh="请填 0 到 100 之间的数字,不写单位。", en="Enter a number between 0 and 100, without the unit."),
    "link": Text(zh="网址须以 https:// 开头。", en="An address begins with https://."),
    "reporter": Text(zh="请从下拉中选择单位。", en="Choose a body from the list."),
}


def validate(
    sheet: Worksheet,
    first: int,
    column: Column,
    letter: str,
    rows: Sequence[tuple[Item, Sequence[str]]],
    language: Language,
    bodies: str | None,
) -> None:
    """Let the program refuse what the import would refuse, and explain the column where the cursor stands.

    Args:
        sheet: The form.
        first: Its first row.
        column: The column.
        letter: Its letter.
        rows: The items of the rows, in order.
        language: Language of the words.
        bodies: Range of the names of bodies.
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
        places = [f"{letter}{first + n}" for n, (item, _) in enumerate(rows) if item.is_percent]
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
