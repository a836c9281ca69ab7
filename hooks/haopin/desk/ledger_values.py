"""The fields of an entry as a row of the form has them: every cell understood, or named with what is wrong in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from haopin.desk import cells
from haopin.desk.cells import CellError, narrow
from haopin.desk.findings import Findings
from haopin.desk.ledger_columns import FILLED, REPORTER
from haopin.desk.ledger_form import Row
from haopin.desk.ledger_rows import Item
from haopin.desk.workbook import Cell
from haopin.records.choices import STATES
from haopin.text import LANGUAGES

T = TypeVar("T")

_TITLES = {column.name: column.title for column in (REPORTER, *FILLED)}
_STATES = {narrow(word).lower(): code for code, words in STATES.items() for word in (words.zh, words.en, code)}


@dataclass
class Values:
    """Reads the cells that a clerk filled in.

    Attributes:
        places: Number of each column by its name.
        bodies: Id of each body by its names, in both languages, and by its id.
        body: Body that reports where the form does not say it; empty if there is none.
        entries: Ids of all entries.
        found: What is wrong.
    """

    places: Mapping[str, int]
    bodies: Mapping[str, str]
    body: str
    entries: Sequence[str]
    found: Findings

    def of(self, row: Row, item: Item) -> dict[str, Any]:
        """Return the fields of an entry as a row has them."""
        day = self._read(row, "date", cells.day)
        state = self._state(row)
        value = self._read(row, "value", lambda cell: cells.number(cell, item.is_percent)) if item.has_number else None
        if not item.has_number and row.text("value"):
            zh, en = "“{about}”没有数值目标,请清空这一格", "“{about}” has no number as its target; empty this cell"
            self._wrong(row, "value", zh, en, about=item.about)
        for name in ("date", "value" if item.has_number else "state", "source"):
            self._need(row, name)
        values: dict[str, Any] = {
            "date": day,
            "target" if item.target else "measure": item.about,
            "body": self._body(row, item),
        }
        values |= {"state": state, "value": value, "unit": "percent" if item.is_percent and value is not None else None}
        values["covers"] = self._covers(row)
        values["text"] = {"zh": row.text("text") or None, "en": row.text("text_en") or None}
        values["source"] = row.text("source")
        values["evidence"] = self._evidence(row)
        values |= self._correction(row)
        if values["text"] == {"zh": None, "en": None}:
            del values["text"]
        return {name: value for name, value in values.items() if value is not None}

    def _wrong(self, row: Row, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row.number, self.places.get(name, 0), zh, en, **values)

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
            title = _TITLES[name]
            zh, en = "缺少“{zh_title}”,请填写", "“{en_title}” is missing; fill it in"
            self._wrong(row, name, zh, en, zh_title=title.zh, en_title=title.en)

    def _state(self, row: Row) -> str | None:
        word = row.text("state")
        code = _STATES.get(narrow(word).lower())
        if word and code is None:
            words = [state.get(language) for state in STATES.values() for language in LANGUAGES]
            self.found.unknown(
                row.number,
                self.places["state"],
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
            self.found.unknown(row.number, self.places["corrects"], zh, en, guess, id=corrects)
        return {"corrects": corrects or None, "reason": row.text("reason") or None}

    def _body(self, row: Row, item: Item) -> str | None:
        written = row.text("reporter")
        known = self.bodies.get(narrow(written).lower()) if written else self.body
        if written and known is None:
            guess = self.found.guess(written, self.bodies)
            zh, en = "没有单位“{word}”", "there is no body “{word}”"
            self.found.unknown(row.number, self.places["reporter"], zh, en, guess, word=written)
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
