"""Rows of a filled-in form as reports: every cell understood, or named with what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from haopin.desk.cells import narrow, shown
from haopin.desk.findings import find_merged
from haopin.desk.ledger_columns import FILLED, GIVEN, REPORTER
from haopin.desk.ledger_form import Form, Row
from haopin.desk.ledger_rows import Item
from haopin.desk.ledger_values import Values
from haopin.problem import Place
from haopin.reading.messages import translate
from haopin.records.ledger import Entry

_COLUMNS = tuple(column.name for column in (*GIVEN, REPORTER, *FILLED))
_FILLED = tuple(column.name for column in (REPORTER, *FILLED))
#: Column in which a field of an entry is filled in, where the two are not called the same.
COLUMN_OF = {"covers": "end", "unit": "value", "evidence": "link", "body": "reporter", "measure": "id", "target": "id"}


@dataclass(frozen=True)
class Report:
    """A row that says something: its number, and the entry in it, still without an id of its own."""

    row: int
    item: Item
    entry: Entry


@dataclass
class Reader:
    """Makes reports of the rows of a form.

    Attributes:
        form: The form.
        items: What may be reported on, by id.
        values: Reads the cells that were filled in, and collects what is wrong with any.
    """

    form: Form
    items: Mapping[str, Item]
    values: Values

    def __post_init__(self) -> None:
        """Collect all problems in one place."""
        self.found = self.values.found

    def reports(self) -> list[Report]:
        """Return a report for each row that is filled in and understood."""
        self._find_hidden()
        filled = [self.form.places[name] for name in _FILLED if name in self.form.places]
        find_merged(self.form.grid, self.form.head, filled, self.found)
        return [report for row in self.form.rows if (report := self._report(row)) is not None]

    def _wrong(self, row: Row, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row.number, self.form.places.get(name, 0), zh, en, **values)

    def _find_hidden(self) -> None:
        """Report what was filled in where nobody sees it; rows that a clerk filtered away without a word may be."""
        grid = self.form.grid
        rows = [row for row in self.form.rows if row.is_filled(_FILLED)]
        for row in rows:
            if row.number in grid.hidden_rows:
                self.found.add(
                    row.number,
                    0,
                    "这一行填了内容,却被隐藏或筛掉,请取消隐藏和筛选后核对,不报的清空",
                    "this row is filled in, but hidden or filtered out; unhide it and clear the filter, look it over, "
                    "and empty it if it is not to be reported",
                )
        for name in _FILLED:
            column = self.form.places.get(name, 0)
            if column in grid.hidden_columns and any(row.text(name) for row in rows):
                zh, en = (
                    "这一列填了内容,却被隐藏,请取消隐藏后核对",
                    "this column is filled in, but hidden; unhide it and look it over",
                )
                self.found.add(self.form.head, column, zh, en)

    def _report(self, row: Row) -> Report | None:
        if not row.is_filled(_COLUMNS):
            return None
        before = len(self.found.problems)
        for name, cell in row.cells.items():
            if cell.kind == "formula":
                zh, en = "这一格是公式,请改成它的值", "this cell has a formula; put its value there"
                self._wrong(row, name, zh, en)
            elif cell.kind == "error" and name in ("date", "start", "end"):
                # Also a number that no date has, such as 20260305.
                zh, en = "这一格不是日期,请写成 2026-03-05 的样子", "this cell holds no date; write it like 2026-03-05"
                self._wrong(row, name, zh, en)
            elif cell.kind == "error":
                zh, en = "这一格是错误值“{value}”,请改正", "this cell has the error “{value}”; correct it"
                self._wrong(row, name, zh, en, value=shown(cell))
        item = self._item(row)
        if item is None or not row.is_filled(_FILLED) or len(self.found.problems) > before:
            return None
        values = self.values.of(row, item)
        if len(self.found.problems) > before:
            return None
        try:
            return Report(row.number, item, Entry.model_validate({"id": "new", **values}))
        except ValidationError as error:
            for wrong in translate(error, Entry, Place("")):
                field = str(wrong.place.path[0]) if wrong.place.path else ""
                mark = (row.number, self.form.places.get(COLUMN_OF.get(field, field), 0))
                place = Place(self.found.sheet, mark=mark)
                self.found.problems.append(type(wrong)(place, wrong.zh, wrong.en))
            return None

    def _item(self, row: Row) -> Item | None:
        """Return what the row is about, if its grey cells are as they were."""
        about, meant = narrow(row.text("id")), self.form.meant(row)
        item = self.items.get(about)
        if not about:
            zh, en = "这一行没有事项编号,请补上或删去这一行", "this row has no item id; add it or delete the row"
            self._wrong(row, "id", zh, en)
            return None
        if item is None or about not in self.form.given:
            guess = meant or self.found.guess(about, self.form.given)
            place = row.number, self.form.places["id"]
            self.found.unknown(*place, "没有事项“{about}”", "there is no item “{about}”", guess, about=about)
            return None
        if meant is not None and meant != about:
            self._wrong(
                row,
                "id",
                "事项编号被改动:这一行的内容是“{meant}”的,请改回",
                "the item id was changed: the words of this row are those of “{meant}”; change it back",
                meant=meant,
            )
            return None
        for column in GIVEN[1:]:
            was, now = self.form.given[about][column.name], row.text(column.name)
            if narrow(was) != narrow(now):
                self._wrong(
                    row,
                    column.name,
                    "灰色格不能改:原为“{was}”,现为“{now}”,请改回",
                    "grey cells must stay as they are: it was “{was}” and is “{now}”; change it back",
                    was=was,
                    now=now,
                )
        return item
