"""The ledger of a body as a grid: rows to report on, what was typed or pasted into them, and the entries made of it.

Parsing, messages and files are those of the import of spreadsheets: a grid is a form whose cells were typed in a page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from haopin.load.dataset import Dataset
from haopin.model.choices import STATES
from haopin.model.fields import Span
from haopin.model.ledger import Entry
from haopin.office.cells import NUMBERING, Findings, narrow, text
from haopin.office.ledger.columns import GIVEN, PROGRESS, FormColumn, ReportItem, columns, given, items, whole
from haopin.office.ledger.form import HEADINGS, TO_FILL_IN, FormRow, LedgerForm, Values, places_of
from haopin.office.ledger.importing import MOST_ENTRIES, LedgerImport, bodies_by_name, plan_form
from haopin.office.workbook import Cell
from haopin.office.workbook import Grid as Sheet
from haopin.problem import Place, Problem
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language

# --- Periods that a report may cover


def periods(today: date, first: date) -> Sequence[Span]:
    """Return the whole months, quarters, halves and years from ``first`` to ``today``, latest first."""
    found = []
    for months in (1, 3, 6, 12):
        start = date(first.year, 1, 1)
        while (end := _months_later(start, months) - timedelta(days=1)) <= today:
            if end >= first:
                found.append(Span(start=start, end=end))
            start = _months_later(start, months)
    return sorted(found, key=lambda span: (span.end, span.start), reverse=True)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


# --- Rows


@dataclass(frozen=True)
class TypedRow:
    """What was typed into a row: id of the item (or the words typed for it), and texts by column name."""

    about: str
    cells: Mapping[str, str]

    @property
    def is_filled(self) -> bool:
        """Return whether anything is typed into it."""
        return any(self.cells.get(name, "").strip() for name in TO_FILL_IN)


@dataclass(frozen=True)
class ReportedItem:
    """An item of the grid, and what the body has reported on it.

    Attributes:
        item: The measure or target.
        past: Entries of the body (or of any body), newest first.
        corrected: Id of the correction by id of the corrected entry.
    """

    item: ReportItem
    past: Sequence[Entry]
    corrected: Mapping[str, str]

    @property
    def last(self) -> Entry | None:
        """The latest entry that was not corrected, if any."""
        return next((entry for entry in self.past if entry.id not in self.corrected), None)


@dataclass(frozen=True)
class CheckedGrid:
    """Typed rows, and what would become of them.

    Attributes:
        rows: The rows, with what was added to them (ids of corrected entries, the period covered).
        plan: New entries and files; if there are errors, those of the other rows.
        errors: Errors; their marks are (row from 1, column number); see `LedgerGrid.place`.
    """

    rows: tuple[TypedRow, ...]
    plan: LedgerImport
    errors: tuple[Problem, ...]


# --- The grid

#: Errors of a spreadsheet program, as they come with copied cells; “####” is a column that is too narrow.
_ERRORS = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|#{2,})")
# A cell is quoted where programs must quote it: for line breaks and quotation marks in it. Spreadsheet programs copy
# other cells as they are, even “"甲"公告”, whose quotation marks the csv module would drop.
_CELL = re.compile(r'"((?:[^"\t]|"")*(?:[\r\n]|"")(?:[^"\t]|"")*)"(?=[\t\r\n]|\Z)|([^\t\r\n]*)')
_FIRST_ROWS = 20


def pasted_cells(pasted: str) -> list[list[str]]:
    """Split cells copied from a spreadsheet program into rows; line breaks within a cell are kept."""
    rows: list[list[str]] = [[]]
    at = 0
    while match := _CELL.match(pasted, at):
        rows[-1].append(match[1].replace('""', '"') if match[1] is not None else match[2])
        if (at := match.end()) >= len(pasted):
            break
        if pasted[at] != "\t":
            at += pasted.startswith("\r\n", at)
            rows.append([])
        at += 1
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


@dataclass(frozen=True)
class LedgerGrid:
    """The items that a body reports on, in the current plan.

    Attributes:
        dataset: The dataset, without errors.
        name: Name of the data folder in messages.
        body: Reporting body; None for all, then each row names one.
        today: Latest permitted date of a report.
        period: Period that values cover if nothing else is typed; None for no such period.
        samples: Whether to include sample records.
        source: Source of the rows in which none is typed; "" for none.
        by: Name of the clerk, written as the drafter of new entries; "" for none.
    """

    dataset: Dataset
    name: str
    body: str | None
    today: date
    period: Span | None = None
    samples: bool = False
    source: str = ""
    by: str = ""

    @cached_property
    def catalogue(self) -> Catalogue:
        """All records of the current plan, approved or not."""
        every = whole(self.dataset, samples=self.samples)
        return every.of_plan(every.plan)

    @cached_property
    def items(self) -> Mapping[str, ReportItem]:
        """The items, in the order of the documents."""
        return items(self.catalogue, self.body)

    @cached_property
    def columns(self) -> tuple[FormColumn, ...]:
        """The columns to fill in."""
        total = any(item.counted for item in self.items.values())
        return tuple(column for column in columns(self.body is None, total) if column.filled)

    @cached_property
    def reported(self) -> Mapping[str, ReportedItem]:
        """The items with the entries of the body, up to today."""
        found = {}
        for about, item in self.items.items():
            entries = [entry for entry in self.catalogue.entries_about.get(about, ()) if entry.date <= self.today]
            corrected = {entry.corrects: entry.id for entry in entries if entry.corrects}
            past = tuple(entry for entry in entries if self.body in (None, entry.body))
            found[about] = ReportedItem(item, past, corrected)
        return found

    @cached_property
    def form(self) -> LedgerForm:
        """The form with the same columns, without rows."""
        protected = {
            about: given(self.catalogue, item, self.today, "zh", self.body) for about, item in self.items.items()
        }
        names = ["id", *(column.name for column in self.columns)]
        places = {name: number for number, name in enumerate(names, start=1)}
        return LedgerForm(PROGRESS.zh, self.body or "", places, (), protected, Sheet(PROGRESS.zh, False, ()), 0)

    def place(self, wrong: Problem) -> tuple[int, str]:
        """Return index of the row (-1 for the whole grid) and name of the column ("" for the whole row)."""
        row, column = wrong.place.mark or (0, 0)
        return row - 1, next((name for name, number in self.form.places.items() if number == column), "")

    def empty(self) -> tuple[TypedRow, ...]:
        """Return an empty row for each item."""
        return tuple(TypedRow(about, {}) for about in self.items)

    def correction(self, entry_id: str, language: Language) -> TypedRow | None:
        """Return the row that repeats an entry of the grid, to correct it; None if it cannot be corrected."""
        for about, found in self.reported.items():
            for entry in found.past:
                if entry.id == entry_id and entry.id not in found.corrected:
                    return TypedRow(about, _cells_of(entry, language))
        return None

    # --- Pasting

    def paste(
        self, rows: Sequence[TypedRow], pasted: str, row: int = 0, column: str = ""
    ) -> tuple[tuple[TypedRow, ...], tuple[Problem, ...]]:
        """Fill ``rows`` with cells copied from a spreadsheet program.

        Columns are those of the headings in ``pasted``, or of the exported form if rows begin with ids of items;
        otherwise cells go to the right from ``column``. Rows are those of the item that a row names by id or title, or
        else go down from ``row``.

        Args:
            rows: Rows of the grid.
            pasted: Lines of cells separated by tabs.
            row: Index of the row of the cell that was pasted into.
            column: Name of its column; the first one if empty.

        Returns:
            The filled rows, and what could not be understood.
        """
        found = Findings(PROGRESS.zh)
        lines = pasted_cells(pasted)
        if len(lines) > MOST_ENTRIES:
            zh, en = "一次最多粘贴 {most} 行,这里有 {count} 行", "at most {most} rows at a time; these are {count}"
            found.add(0, 0, zh, en, most=MOST_ENTRIES, count=len(lines))
            return tuple(rows), tuple(found.problems)
        head, places = self._places(lines, column, found)
        filled = [replace(typed, cells=dict(typed.cells)) for typed in rows]
        used: dict[str, int] = {}
        for number, line in enumerate(lines[head:]):
            cells = {name: line[at].strip() for name, at in places.items() if at < len(line)}
            if not any(cells.get(name) for name in TO_FILL_IN):
                continue
            about = self._about(cells)
            if about is None:
                index = row + number
                if index >= len(filled):
                    zh = "粘贴的第 {number} 行以下没有对应的事项:请带上“事项编号”一列,或从靠上的一行粘贴"
                    en = (
                        "there is no item for row {number} and below: copy the column “Item ID” too, or paste higher up"
                    )
                    found.add(0, 0, zh, en, number=number + 1)
                    break
            else:
                same = [n for n, typed in enumerate(filled) if typed.about == about]
                nth = used[about] = used.get(about, -1) + 1
                if nth < len(same):
                    index = same[nth]
                else:
                    index = same[-1] + 1 if same else len(filled)
                    filled.insert(index, TypedRow(about, {}))
            old = filled[index]
            kept = {name: word for name, word in cells.items() if name in self.form.places or name in _IDENTIFYING}
            kept.pop("id", None)
            filled[index] = TypedRow(old.about, {**old.cells, **kept})
        return tuple(filled), tuple(found.problems)

    def _places(self, lines: Sequence[Sequence[str]], column: str, found: Findings) -> tuple[int, Mapping[str, int]]:
        """Return the number of lines down to the headings, and the index of each column by name."""
        for number, line in enumerate(lines[:_FIRST_ROWS]):
            words = {at: Cell("text", word) for at, word in enumerate(line) if word.strip()}
            known = [word for word in words.values() if narrow(text(word)) in HEADINGS]
            if len(known) > 1 or (known and len(words) == 1):
                twice = Findings(found.sheet)
                places = places_of(0, words, twice)
                # The columns of the pasted cells are not those of the grid.
                found.problems += [replace(wrong, place=Place(found.sheet)) for wrong in twice.problems]
                titles = [c.title.get(lang) for c in (*GIVEN, *self.columns) for lang in LANGUAGES]
                here = {*NUMBERING, *(narrow(title).lower() for title in titles)}
                for word in words.values():
                    if narrow(text(word)).lower() not in here:
                        zh, en = "这里没有“{word}”这一列,没有填入", "there is no column “{word}” here; it was left out"
                        found.unknown(0, 0, zh, en, found.guess(text(word), titles), word=text(word))
                return number + 1, places
        with_ids = [line for line in lines if line and narrow(line[0]) in self.items]
        if with_ids and len(with_ids) == len([line for line in lines if any(cell.strip() for cell in line)]):
            names = [each.name for each in columns(self.body is None, any(i.counted for i in self.items.values()))]
        else:
            every = [each.name for each in self.columns]
            names = every[every.index(column) if column in every else 0 :]
        if max((len(line) for line in lines), default=0) > len(names):
            zh = "粘贴的列比表多,右边多出的没有填入:请从靠左的一格粘贴,或带上标题行"
            en = "there are more columns than in the grid; those to the right were left out: paste further left, or"
            found.add(0, 0, zh, en + " copy the headings too")
        return 0, {name: at for at, name in enumerate(names)}

    def _about(self, cells: Mapping[str, str]) -> str | None:
        """Return the item that a row names by id or title; None if it names none."""
        if word := narrow(text(Cell("text", cells.get("id", "")))):
            return word
        if not (title := narrow(text(Cell("text", cells.get("title", ""))))):
            return None
        task = narrow(cells.get("task", ""))
        alike = [
            about
            for about, item in self.items.items()
            if title in [narrow(item.title.get(language)) for language in LANGUAGES]
            and (not task or task in [narrow(item.holder.get(language)) for language in LANGUAGES])
        ]
        return alike[0] if len(alike) == 1 else title

    # --- Checking

    def check(self, rows: Sequence[TypedRow]) -> CheckedGrid:
        """Check the filled rows; make entries of them.

        Raises:
            DataError: if the rows are right, but the data would have errors elsewhere.
        """
        rows = tuple(self._completed(row) for row in rows)
        filled = [(n, row) for n, row in enumerate(rows, start=1) if row.is_filled]
        form = replace(self.form, rows=[_form_row(n, row) for n, row in filled])
        found = Findings(form.sheet)
        plan = plan_form(
            form,
            self.dataset,
            self.name,
            found,
            body=self.body or "",
            samples=self.samples,
            today=self.today,
            by=self.by,
        )
        return CheckedGrid(rows, plan, tuple(found.problems))

    def _completed(self, row: TypedRow) -> TypedRow:
        """Add the source, the period covered, and the entry that is corrected by a second report of its period."""
        item = self.items.get(row.about)
        if item is None or not row.is_filled:
            return row
        cells = {name: word.strip() for name, word in row.cells.items()}
        if self.period and cells.get("value") and not (cells.get("start") or cells.get("end")):
            cells |= {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()}
        if self.source and not cells.get("source"):
            cells["source"] = self.source
        if not cells.get("corrects") and (known := self._reported_already(TypedRow(row.about, cells), item)):
            cells["corrects"] = known
        return TypedRow(row.about, cells)

    def _reported_already(self, row: TypedRow, item: ReportItem) -> str | None:
        """Return the entry that ``row`` would change: the body's own of the same period (or day), with another content.

        Only a reason makes a correction of a row that differs in its words.
        """
        values = Values(self.form.places, bodies_by_name(self.catalogue), self.body or "", (), Findings(""))
        typed: Mapping[str, Any] = values.of(_form_row(1, row), item)
        for entry in self.reported[item.about].past:
            if entry.id in self.reported[item.about].corrected or entry.body != typed.get("body"):
                continue
            covers = entry.covers and {"start": entry.covers.start, "end": entry.covers.end}
            is_same_period = (
                covers == typed["covers"] if covers and "covers" in typed else entry.date == typed.get("date")
            )
            differs = any(typed.get(name) != getattr(entry, name) for name in ("state", "value", "of"))
            if is_same_period and (differs or row.cells.get("reason")):
                return entry.id
        return None


#: Columns of a pasted row that tell its item, if its id was changed by mistake.
_IDENTIFYING = ("kind", "task", "title")


def _form_row(number: int, row: TypedRow) -> FormRow:
    cells = {"id": row.about, **row.cells}
    if not all(cells.get(name) for name in _IDENTIFYING):
        cells = {name: word for name, word in cells.items() if name not in _IDENTIFYING}
    return FormRow(number, {name: _cell(word) for name, word in cells.items() if word.strip()})


def _cell(word: str) -> Cell:
    word = word.strip()
    if _ERRORS.fullmatch(word):
        return Cell("error", word)
    return Cell("formula" if re.match(r"=\S", word) else "text", word)


def _cells_of(entry: Entry, language: Language) -> dict[str, str]:
    """Return the cells that make an entry, to be changed."""
    found = {
        "reporter": entry.body,
        "date": entry.date.isoformat(),
        "state": STATES[entry.state].get(language) if entry.state else "",
        "value": "" if entry.value is None else f"{entry.value:f}",
        "of": "" if entry.of is None else f"{entry.of:f}",
        "start": entry.covers.start.isoformat() if entry.covers else "",
        "end": entry.covers.end.isoformat() if entry.covers else "",
        "text": (entry.text and entry.text.zh) or "",
        "text_en": (entry.text and entry.text.en) or "",
        "number": next((part.number for part in entry.evidence if part.number), ""),
        "link": next((str(part.link) for part in entry.evidence if part.link), ""),
        "source": entry.source.zh or "",
        "corrects": entry.id,
    }
    return {name: word for name, word in found.items() if word}
