"""Rows of a filled-in form as reports: every cell understood, or named with what is wrong in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from haopin.desk import cells
from haopin.desk.cells import CellError, narrow, shown
from haopin.desk.findings import Findings
from haopin.desk.ledger_columns import FILLED, GIVEN, REPORTER, STATES
from haopin.desk.ledger_form import Form, Row
from haopin.desk.ledger_rows import Item
from haopin.desk.workbook import Cell
from haopin.problem import Place
from haopin.reading.messages import translate
from haopin.records.ledger import Entry
from haopin.text import LANGUAGES

T = TypeVar("T")

_COLUMNS = {column.name: column for column in (*GIVEN, REPORTER, *FILLED)}
_FILLED = tuple(column.name for column in (REPORTER, *FILLED))
_STATES = {narrow(word).lower(): code for code, words in STATES.items() for word in (words.zh, words.en, code)}
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
        bodies: Id of each body by its names, in both languages, and by its id.
        body: Body that reports where the form does not say it.
        entries: Ids of all entries.
        found: What is wrong.
    """

    form: Form
    items: Mapping[str, Item]
    bodies: Mapping[str, str]
    body: str
    entries: Sequence[str]
    found: Findings

    def reports(self) -> list[Report]:
        """Return a report for each row that is filled in and understood."""
        return [report for row in self.form.rows if (report := self._report(row)) is not None]

    def _wrong(self, row: Row, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row.number, self.form.places.get(name, 0), zh, en, **values)

    def _report(self, row: Row) -> Report | None:
        if not row.is_filled(_COLUMNS):
            return None
        before = len(self.found.problems)
        for name, cell in row.cells.items():
            if cell.kind == "formula":
                zh, en = "这一格是公式,请改成它的值", "this cell has a formula; put its value there"
                self._wrong(row, name, zh, en)
            elif cell.kind == "error":
                zh, en = "这一格是错误值“{value}”,请改正", "this cell has the error “{value}”; correct it"
                self._wrong(row, name, zh, en, value=shown(cell))
        item = self._item(row)
        if item is None or not row.is_filled(_FILLED) or len(self.found.problems) > before:
            return None
        values = self._values(row, item)
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

    def _values(self, row: Row, item: Item) -> dict[str, Any]:
        """Return the fields of an entry as a row has them."""
        day = self._read(row, "date", cells.day)
        state = self._state(row)
        value = self._read(row, "value", lambda cell: cells.number(cell, item.is_percent)) if item.has_number else None
        if not item.has_number and row.text("value"):
            zh, en = "“{about}”没有数值目标,请清空这一格", "“{about}” has no number as its target; empty this cell"
            self._wrong(row, "value", zh, en, about=item.about)
        for name in ("date", "value" if item.has_number else "state", "source"):
            self._need(row, name)
        values: dict[str, Any] = {"date": day, "target" if item.target else "measure": item.about, "body": self._body(row, item)}
        values |= {"state": state, "value": value, "unit": "percent" if item.is_percent and value is not None else None}
        values["covers"] = self._covers(row)
        values["text"] = {"zh": row.text("text") or None, "en": row.text("text_en") or None}
        values["source"] = row.text("source")
        values["evidence"] = self._evidence(row)
        values |= self._correction(row)
        if values["text"] == {"zh": None, "en": None}:
            del values["text"]
        return {name: value for name, value in values.items() if value is not None}

    def _read(self, row: Row, name: str, read: Callable[[Cell], T]) -> T | None:
        if not row.text(name):
            return None
        try:
            return read(row.cells[name])
        except CellError as error:
            self._wrong(row, name, error.zh, error.en, **error.values)
            return None

    def _need(self, row: Row, name: str) -> None:
        if not row.text(name):
            title = _COLUMNS[name].title
            zh, en = "缺少“{zh_title}”,请填写", "“{en_title}” is missing; fill it in"
            self._wrong(row, name, zh, en, zh_title=title.zh, en_title=title.en)

    def _state(self, row: Row) -> str | None:
        word = row.text("state")
        code = _STATES.get(narrow(word).lower())
        if word and code is None:
            words = [state.get(language) for state in STATES.values() for language in LANGUAGES]
            self.found.unknown(
                row.number,
                self.form.places["state"],
                "“{word}”不是可选的状态,可选:{choices}",
                "“{word}” is not a possible state; choose one of: {choices_en}",
                self.found.guess(word, words),
                word=word,
                choices="、".join(state.zh for state in STATES.values()),
                choices_en=", ".join(state.en for state in STATES.values()),
            )
        return code

    def _covers(self, row: Row) -> dict[str, Any] | None:
        start, end = self._read(row, "start", cells.day), self._read(row, "end", cells.day)
        if row.is_filled(["start", "end"]):
            for name in ("start", "end"):
                self._need(row, name)
        return {"start": start, "end": end} if start and end else None

    def _evidence(self, row: Row) -> list[dict[str, str]] | None:
        number, link = row.text("number"), row.text("link")
        if link and not link.lower().startswith("https://"):
            zh, en = "网址“{link}”须以 https:// 开头", "the address “{link}” must begin with https://"
            self._wrong(row, "link", zh, en, link=link)
        given = [{"number": number} if number else {}, {"link": link} if link else {}]
        return [part for part in given if part] or None

    def _correction(self, row: Row) -> dict[str, Any]:
        corrects = narrow(row.text("corrects"))
        if row.is_filled(["corrects", "reason"]):
            for name in ("corrects", "reason"):
                self._need(row, name)
        if corrects and corrects not in self.entries:
            guess = self.found.guess(corrects, self.entries)
            zh, en = "没有台账记录“{id}”", "there is no ledger entry “{id}”"
            self.found.unknown(row.number, self.form.places["corrects"], zh, en, guess, id=corrects)
        return {"corrects": corrects or None, "reason": row.text("reason") or None}

    def _body(self, row: Row, item: Item) -> str | None:
        written = row.text("reporter")
        known = self.bodies.get(narrow(written).lower()) if written else self.body
        if written and known is None:
            guess = self.found.guess(written, self.bodies)
            zh, en = "没有单位“{word}”", "there is no body “{word}”"
            self.found.unknown(row.number, self.form.places["reporter"], zh, en, guess, word=written)
        if not written and not known:
            if len(item.bodies) == 1:
                return item.bodies[0]
            self._wrong(
                row,
                "reporter",
                "请选择填报单位(责任单位不止一个或未明确)",
                "choose the reporting body (several bodies are responsible, or none is named)",
            )
        return known


