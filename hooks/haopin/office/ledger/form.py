"""Parse a filled-in form: rows, cells, and the reports in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from haopin.load.messages import translate
from haopin.model.choices import STATES
from haopin.model.ledger import Entry
from haopin.office import cells
from haopin.office.cells import CellError, Findings, find_merged, narrow, shown, text
from haopin.office.ledger.columns import FILLED, GIVEN, HIDDEN, PROGRESS, REPORTER, TOTAL, VERSION, ReportItem
from haopin.office.ledger.export import HIDDEN_HEAD
from haopin.office.workbook import Cell, Grid, refusal
from haopin.problem import Place
from haopin.text import LANGUAGES

# --- Sheet and columns, found by their headings; and the original content of protected cells

# All columns of a form.
_ALL = (*GIVEN, REPORTER, TOTAL, *FILLED)
#: Name of each column by its heading in both languages, compared by `narrow`.
HEADINGS: Mapping[str, str] = {narrow(c.title.get(language)): c.name for c in _ALL for language in LANGUAGES}
# The headings are expected within the first rows, as a clerk may insert some above.
_FIRST_ROWS = 20


@dataclass(frozen=True)
class FormRow:
    """A row of the form: its number, and its cells by column name."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return the text of a cell, empty for an empty one."""
        return text(self.cells.get(name))

    def is_filled(self, names: Iterable[str]) -> bool:
        """Return whether any of the cells ``names`` is not empty."""
        return any(self.text(name) for name in names)


@dataclass(frozen=True)
class LedgerForm:
    """The sheet “进展”, and the data of the hidden sheet.

    Attributes:
        sheet: Its title.
        body: Body that the form is for; "" for all bodies.
        places: Column number by column name.
        rows: Rows below the headings.
        given: Original content of the protected cells, by item.
        grid: The sheet.
        head: Row number of the headings.
    """

    sheet: str
    body: str
    places: Mapping[str, int]
    rows: Sequence[FormRow]
    given: Mapping[str, Mapping[str, str]]
    grid: Grid
    head: int

    @cached_property
    def known_by_words(self) -> Mapping[tuple[str, ...], str]:
        """Item by the words in its protected cells."""
        return {_signature(words): about for about, words in self.given.items()}

    def meant(self, row: FormRow) -> str | None:
        """Return the item that ``row`` describes, regardless of its id."""
        return self.known_by_words.get(_signature({name: row.text(name) for name in ("kind", "task", "title")}))


def _signature(words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(narrow(words[name]) for name in ("kind", "task", "title"))


def read_form(path: Path, grids: Sequence[Grid]) -> LedgerForm:
    """Find the form in the sheets ``grids`` of the file ``path``.

    Raises:
        DataError: if a sheet or heading is missing, or the form has another version.
    """
    grid = next((grid for grid in grids if grid.title.strip() in (PROGRESS.zh, PROGRESS.en)), None)
    hidden = next((grid for grid in grids if grid.title == HIDDEN), None)
    if grid is None:
        raise refusal(
            path,
            f"缺少表“{PROGRESS.zh}”,请用 haopin ledger export 导出的表填写",
            f"the sheet “{PROGRESS.zh}” or “{PROGRESS.en}” is missing; fill in a workbook made by haopin ledger export",
        )
    if grid.hidden:
        raise refusal(
            path,
            f"表“{grid.title}”被隐藏,请取消隐藏并核对后再导入",
            f"the sheet “{grid.title}” is hidden; unhide and check it first",
        )
    if hidden is None:
        raise refusal(
            path,
            f"缺少隐藏的表“{HIDDEN}”,请重新导出,把填好的格复制过去",
            f"the hidden sheet “{HIDDEN}” is missing; export the form again and copy the filled-in cells",
        )
    lines = {number: {column: text(cell) for column, cell in cells.items()} for number, cells in hidden.rows}
    if lines.get(1, {}).get(2) != VERSION:
        raise refusal(
            path,
            "这个表是别的版本的程序导出的,请重新导出,把填好的格复制过去",
            "this form has another version; export it again and copy the filled-in cells",
        )
    given = {
        words[1]: {column.name: words.get(n, "") for n, column in enumerate(GIVEN, start=1)}
        for number, words in lines.items()
        if number > HIDDEN_HEAD and 1 in words
    }
    body = lines.get(2, {}).get(2, "")
    head, places = _headings(grid, with_reporter=not body)
    names = {place: name for name, place in places.items()}
    rows = [
        FormRow(number, {names[column]: cell for column, cell in cells.items() if column in names})
        for number, cells in grid.rows
        if number > head
    ]
    return LedgerForm(grid.title, body, places, rows, given, grid, head)


def _headings(grid: Grid, with_reporter: bool) -> tuple[int, Mapping[str, int]]:
    """Return the row number of the headings, and the column numbers by name."""
    found = Findings(grid.title)
    for number, row in grid.rows[:_FIRST_ROWS]:  # noqa: B007
        words = {column: HEADINGS.get(narrow(shown(cell))) for column, cell in row.items()}
        if "id" in words.values():
            break
    else:
        found.add(
            0,
            0,
            "缺少标题行(“{heading}”等),请用 haopin ledger export 导出的表填写",
            "the row of headings (“{heading}” …) is missing; fill in a form made by haopin ledger export",
            heading=GIVEN[0].title.zh,
        )
        found.raise_if_any()
    places = places_of(number, row, found)
    for wanted in (*GIVEN, *([REPORTER] if with_reporter else []), *FILLED):
        if wanted.name not in places:
            zh, en = "缺少“{zh_title}”这一列,请补上", "the column “{zh_title}” or “{en_title}” is missing; add it"
            found.add(number, 0, zh, en, zh_title=wanted.title.zh, en_title=wanted.title.en)
    found.raise_if_any()
    return number, places


def places_of(number: int, row: Mapping[int, Cell], found: Findings) -> dict[str, int]:
    """Return the column number of each known heading in the row ``number``; report headings that occur twice."""
    places: dict[str, int] = {}
    for column, cell in row.items():
        name = HEADINGS.get(narrow(shown(cell)))
        if name in places:
            zh, en = "“{heading}”这一列有两个,请删去一个", "there are two columns “{heading}”; delete one of them"
            found.add(number, column, zh, en, heading=shown(cell))
        elif name is not None:
            places[name] = column
    return places


# --- Cells of a row as fields of an entry

T = TypeVar("T")

_TITLES = {column.name: column.title for column in _ALL}
_STATES = {narrow(word).lower(): code for code, words in STATES.items() for word in (words.zh, words.get("en"), code)}


@dataclass
class Values:
    """Parses the cells that a clerk filled in.

    Attributes:
        places: Column number by column name.
        bodies: Id of each body by name (both languages) and by id.
        body: Reporting body, if the form does not name one; "" if unknown.
        entries: Ids of all ledger entries.
        found: Collected errors.
    """

    places: Mapping[str, int]
    bodies: Mapping[str, str]
    body: str
    entries: Sequence[str]
    found: Findings

    def of(self, row: FormRow, item: ReportItem) -> dict[str, Any]:
        """Parse the fields of an entry in ``row``."""
        day = self._read(row, "date", cells.day)
        state = self._state(row)
        number = item.number
        for name in ("date", "state" if number is None else "value", "source"):
            self._need(row, name)
        values: dict[str, Any] = {
            "date": day,
            "target" if item.target else "measure": item.about,
            "body": self._body(row, item),
        }
        values |= {"state": state, **self._amount(row, item)}
        values["covers"] = self._covers(row)
        values["text"] = {"zh": row.text("text") or None, "en": row.text("text_en") or None}
        values["source"] = row.text("source")
        values["evidence"] = self._evidence(row)
        values |= self._correction(row)
        if values["text"] == {"zh": None, "en": None}:
            del values["text"]
        return {name: value for name, value in values.items() if value is not None}

    def _amount(self, row: FormRow, item: ReportItem) -> dict[str, Any]:
        """Parse value, total and unit."""
        number, whole = item.number, row.text("of")
        if number is None and row.text("value"):
            zh, en = "“{about}”没有数值目标,请清空这一格", "“{about}” has no number as its target; empty this cell"
            self._wrong(row, "value", zh, en, about=item.about)
        if whole and item.counted is None:
            self._wrong(
                row,
                "of",
                "“{about}”不按“总数中的多少”报送,请清空这一格",
                "“{about}” is not reported as part of a total; empty this cell",
                about=item.about,
            )
        if number is None:
            return {}
        unit = item.counted if whole else number.unit
        of = self._read(row, "of", lambda cell: cells.number(cell, percent=False)) if item.counted else None
        percent = unit is not None and unit.is_percent
        most = 100 if number.is_share else None
        value = self._read(row, "value", lambda cell: cells.number(cell, percent, most))
        return {"value": value, "of": of, "unit": unit if value is not None else None}

    def _wrong(self, row: FormRow, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row.number, self.places.get(name, 0), zh, en, **values)

    def _read(self, row: FormRow, name: str, read: Callable[[Cell], T]) -> T | None:
        if not row.text(name):
            return None
        try:
            return read(row.cells[name])
        except CellError as error:
            self._wrong(row, name, error.zh, error.en, **error.values)
            return None

    def _need(self, row: FormRow, name: str) -> None:
        if not row.text(name):
            title = _TITLES[name]
            zh, en = "缺少“{zh_title}”,请填写", "“{en_title}” is missing; fill it in"
            self._wrong(row, name, zh, en, zh_title=title.zh, en_title=title.en)

    def _state(self, row: FormRow) -> str | None:
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
                choices_en=", ".join(state.get("en") for state in STATES.values()),
            )
        return code

    def _covers(self, row: FormRow) -> dict[str, Any] | None:
        start, end = self._read(row, "start", cells.day), self._read(row, "end", cells.day)
        if row.is_filled(["start", "end"]):
            for name in ("start", "end"):
                self._need(row, name)
        return {"start": start, "end": end} if start and end else None

    def _evidence(self, row: FormRow) -> list[dict[str, str]] | None:
        number, link = row.text("number"), row.text("link")
        if link and not link.lower().startswith("https://"):
            zh, en = "网址“{link}”须以 https:// 开头", "the address “{link}” must begin with https://"
            self._wrong(row, "link", zh, en, link=link)
        given = [{"number": number} if number else {}, {"link": link} if link else {}]
        return [part for part in given if part] or None

    def _correction(self, row: FormRow) -> dict[str, Any]:
        corrects = narrow(row.text("corrects"))
        if row.is_filled(["corrects", "reason"]):
            for name in ("corrects", "reason"):
                self._need(row, name)
        if corrects and corrects not in self.entries:
            guess = self.found.guess(corrects, self.entries)
            zh, en = "没有台账记录“{id}”", "there is no ledger entry “{id}”"
            self.found.unknown(row.number, self.places["corrects"], zh, en, guess, id=corrects)
        return {"corrects": corrects or None, "reason": row.text("reason") or None}

    def _body(self, row: FormRow, item: ReportItem) -> str | None:
        written = row.text("reporter")
        known = self.bodies.get(narrow(written).lower()) if written else self.body
        if written and known is None:
            guess = self.found.guess(written, self.bodies)
            zh, en = "没有单位“{word}”", "there is no body “{word}”"
            self.found.unknown(row.number, self.places["reporter"], zh, en, guess, word=written)
        if not written and not known:
            if len(item.reporting) == 1:
                return item.reporting[0]
            self._wrong(
                row,
                "reporter",
                "请选择填报单位(责任单位不止一个或未明确)",
                "choose the reporting body (several bodies are responsible, or none is named)",
            )
        return known


# --- Rows as reports

_COLUMNS = tuple(column.name for column in _ALL)
#: Columns that a clerk fills in.
TO_FILL_IN = tuple(column.name for column in _ALL if column.filled)
#: Column of a field of an entry, where their names differ.
COLUMN_OF = {"covers": "end", "unit": "value", "evidence": "link", "body": "reporter", "measure": "id", "target": "id"}


@dataclass(frozen=True)
class Report:
    """A filled-in row: its number, and its entry, which has no id yet."""

    row: int
    item: ReportItem
    entry: Entry


@dataclass
class LedgerReader:
    """Converts the rows of a form to reports.

    Attributes:
        form: The form.
        items: Items that can be reported on, by id.
        values: Parses cells and collects errors.
    """

    form: LedgerForm
    items: Mapping[str, ReportItem]
    values: Values

    def __post_init__(self) -> None:
        """Share the list of errors."""
        self.found = self.values.found

    def reports(self) -> list[Report]:
        """Return a report for each row that is filled in and valid."""
        self._find_hidden()
        filled = [self.form.places[name] for name in TO_FILL_IN if name in self.form.places]
        find_merged(self.form.grid, self.form.head, filled, self.found)
        return [report for row in self.form.rows if (report := self._report(row)) is not None]

    def _wrong(self, row: FormRow, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row.number, self.form.places.get(name, 0), zh, en, **values)

    def _find_hidden(self) -> None:
        """Report content in hidden rows or columns; an empty hidden row is allowed."""
        grid = self.form.grid
        rows = [row for row in self.form.rows if row.is_filled(TO_FILL_IN)]
        for row in rows:
            if row.number in grid.hidden_rows:
                self.found.add(
                    row.number,
                    0,
                    "这一行填了内容,却被隐藏或筛掉,请取消隐藏和筛选后核对,不报的清空",
                    "this row is filled in, but hidden or filtered out; unhide it and clear the filter, check it, "
                    "and empty it if it is not to be reported",
                )
        for name in TO_FILL_IN:
            column = self.form.places.get(name, 0)
            if column in grid.hidden_columns and any(row.text(name) for row in rows):
                zh, en = (
                    "这一列填了内容,却被隐藏,请取消隐藏后核对",
                    "this column is filled in, but hidden; unhide and check it",
                )
                self.found.add(self.form.head, column, zh, en)

    def _report(self, row: FormRow) -> Report | None:
        if not row.is_filled(_COLUMNS):
            return None
        before = len(self.found.problems)
        for name, cell in row.cells.items():
            if cell.kind == "formula":
                zh, en = "这一格是公式,请改成它的值", "this cell has a formula; replace it by its value"
                self._wrong(row, name, zh, en)
            elif cell.kind == "error" and name in ("date", "start", "end"):
                # Also a number that is not a date, such as 20260305.
                zh, en = "这一格不是日期,请写成 2026-03-05 的样子", "this cell is not a date; write it like 2026-03-05"
                self._wrong(row, name, zh, en)
            elif cell.kind == "error":
                zh, en = "这一格是错误值“{value}”,请改正", "this cell has the error “{value}”; correct it"
                self._wrong(row, name, zh, en, value=shown(cell))
        item = self._item(row)
        if item is None or not row.is_filled(TO_FILL_IN) or len(self.found.problems) > before:
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

    def _item(self, row: FormRow) -> ReportItem | None:
        """Return the item of the row, provided its protected cells are unchanged."""
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
        for column in (column for column in GIVEN[1:] if column.name in self.form.places):
            was, now = self.form.given[about][column.name], row.text(column.name)
            if narrow(was) != narrow(now):
                self._wrong(
                    row,
                    column.name,
                    "灰色格不能改:原为“{was}”,现为“{now}”,请改回",
                    "grey cells must not be changed: it was “{was}” and is “{now}”; change it back",
                    was=was,
                    now=now,
                )
        return item
