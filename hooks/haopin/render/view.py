"""The questions that templates ask: derived answers, each computed once for a language and a day."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from haopin import calendar, status, wall
from haopin.pages import Page, listings, measure_parts, menu
from haopin.records import KINDS, Kind, Record
from haopin.records.activity import Activity
from haopin.records.base import ClauseRef
from haopin.records.body import Body
from haopin.records.document import Clause, Document, Status
from haopin.records.news import Event
from haopin.records.provision import Term
from haopin.records.target import Target
from haopin.records.task import Committed, Task
from haopin.render.living import Living
from haopin.schema import FieldDoc, fields_of
from haopin.text import fullwidth

# A heading ends at the first period; that of "No. 13" is none.
_EN_HEADING = re.compile(r"(?:[0-9]+\.|\([^)]*\)|[IVX]+\.)?(?:[^.]|(?<=\bNo)\.)*")

_CLASSES = ("term", "status", "award", "brand", "campaign", "slogan", "body", "place")


class View(Living):
    """Answers for one catalogue, language and day."""

    def kinds(self) -> list[tuple[Any, list[FieldDoc]]]:
        """Return each kind with its fields, for the reference page."""
        return [(kind, fields_of(kind.model, self.language)) for kind in KINDS]

    def columns_of(self, kind: Kind) -> list[FieldDoc]:
        """Return the columns of the table that records of ``kind`` have beside them."""
        return fields_of(kind.table, self.language) if kind.table else []

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders of the listings that exist."""
        return frozenset(listing.folder for listing in listings(self.catalogue))

    @cached_property
    def _children(self) -> Mapping[str, list[Page]]:
        children: dict[str, list[Page]] = {}
        for page in self.pages:
            listed = page.record is not None or bool(page.parent and page.part == 1)
            if listed and page.row is None and page.parent is not None:
                children.setdefault(page.parent, []).append(page)
        return children

    def section_of(self, folder: str) -> str:
        """Return the name of the menu entry to whose section ``folder`` belongs; empty if to none."""
        return next((entry.name for entry in menu(self.catalogue) if folder in entry.folders), "")

    @cached_property
    def measure_parts(self) -> tuple[tuple[Committed, ...], ...]:
        """Records with measures, divided among the pages that list all measures."""
        return measure_parts(self.catalogue)

    def measure_rows(self, holder: Committed) -> list[tuple[str, str, bool, str]]:
        """Return (address, title, has a target, state or "") of each measure of ``holder``."""
        rows: list[tuple[str, str, bool, str]] = []
        for m in holder.measures:
            name = f"{holder.id}/{m.id}"
            state = self.progress.measure(name).state if self.progress.reported and isinstance(holder, Task) else ""
            rows.append((self.measure_anchor(holder, m), m.title.show(self.language), name in self._with_target, state))
        return rows

    @cached_property
    def _with_target(self) -> frozenset[str]:
        return frozenset(target.measure for target in self.catalogue.all(Target))

    @cached_property
    def domains(self) -> list[str]:
        """Domains that tasks name, in the order of the tasks."""
        return list(dict.fromkeys(task.domain for task in self.catalogue.all(Task) if task.domain))

    def targets_of_body(self, body: Body) -> list[Target]:
        """Return the targets of the tasks that ``body`` answers for."""
        tasks = self.catalogue.tasks_of_body.get(body.id, ())
        return [target for task in tasks for target in self.catalogue.targets_of_record.get(task.id, ())]

    @cached_property
    def terms_by_kind(self) -> list[tuple[str, list[Term]]]:
        """Terms by class, names last; in English by the alphabet, in Chinese in the order of the data."""
        found: dict[str, list[Term]] = {kind: [] for kind in _CLASSES}
        for term in self.catalogue.all(Term):
            found.setdefault(term.kind, []).append(term)
        if self.language == "en":
            found = {kind: sorted(terms, key=lambda t: t.term.en.casefold()) for kind, terms in found.items()}
        return [(kind, terms) for kind, terms in found.items() if terms]

    def related(self, ref: ClauseRef) -> list[tuple[str, list[Record]]]:
        """Return what the clause ``ref`` provides beside measures, by folder of its page."""
        found: dict[str, list[Record]] = {}
        for record in self.catalogue.provisions_of_clause.get((ref.document, ref.id), ()):
            found.setdefault(self.anchor(record).partition("/")[0], []).append(record)
        return list(found.items())

    def children(self, address: str) -> list[Page]:
        """Return the pages below the page at ``address``: of records, or listings of their own."""
        return self._children.get(address, [])

    @cached_property
    def _clause_names(self) -> Mapping[tuple[str, str], str]:
        names = {}
        for document in self.catalogue.all(Document):
            section: Clause | None = None
            for clause in document.clauses:
                # The text of a section is cited by the section's heading.
                named = section if clause.level == "paragraph" and section is not None else clause
                names[document.id, clause.id] = self._heading(named)
                if clause.level in ("section", "subsection", "title"):
                    section = clause
        return names

    def _heading(self, clause: Clause) -> str:
        if self.language == "zh":
            return fullwidth(clause.zh.partition("。")[0])
        match = _EN_HEADING.match(clause.en)
        return (match.group() if match else clause.en).strip()

    def clause_name(self, ref: Any) -> str:
        """Return how a clause is cited: its number and heading."""
        return self._clause_names[ref.document, ref.id]

    def over(self, document: Document) -> Status | None:
        """Return since when ``document`` is no longer in force, and why; None if it is, or nobody has said."""
        found = document.status
        return found if found and found.state != "in-force" and found.since <= self.as_of else None

    def name_of_clause(self, document: Document, clause: Clause) -> str:
        """Return how a clause of ``document`` is cited."""
        return self._clause_names[document.id, clause.id]

    @cached_property
    def phases(self) -> list[status.PhaseState]:
        """Phases with their position on the day."""
        return status.phases(self.catalogue, self.as_of)

    @cached_property
    def programme(self) -> str:
        """Where the programme stands."""
        return status.programme(self.phases)

    def target_state(self, target: Target) -> str:
        """Return the state of a target on the day."""
        return status.target_state(target, self.as_of)

    @cached_property
    def upcoming(self) -> list[calendar.Occurrence]:
        """Next occurrence of each activity."""
        return calendar.upcoming(self.catalogue.all(Activity), self.as_of)

    @cached_property
    def wall(self) -> tuple[wall.WallMonth, ...]:
        """The twelve months of the wall calendar."""
        return wall.months(self.catalogue.all(Activity), self.catalogue.all(Event), self.as_of)

    @cached_property
    def past(self) -> list[calendar.Occurrence]:
        """Occurrences that have ended, latest first."""
        return calendar.past(self.catalogue.all(Activity), self.as_of)

    @cached_property
    def _next(self) -> Mapping[str, calendar.Occurrence]:
        return {item.activity.id: item for item in self.upcoming}

    def next_of(self, activity: Activity) -> calendar.Occurrence | None:
        """Return the next occurrence of ``activity``."""
        return self._next.get(activity.id)

    @cached_property
    def measure_count(self) -> int:
        """Number of measures of all tasks."""
        return sum(len(task.measures) for task in self.catalogue.all(Task))

    def holders(self) -> tuple[Committed, ...]:
        """Return every record that has measures."""
        return self.catalogue.committed
