"""The questions that templates ask: derived answers, each computed once for a language and a day."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from haopin import calendar, status
from haopin.catalogue import Catalogue
from haopin.pages import Page, listings, measure_parts, menu
from haopin.records import KINDS, Kind, Record
from haopin.records.activity import Activity
from haopin.records.base import ClauseRef
from haopin.records.body import Body
from haopin.records.document import Clause, Document
from haopin.records.provision import Term
from haopin.records.target import Target
from haopin.records.task import Committed, Measure, Task
from haopin.schema import FieldDoc, fields_of
from haopin.text import Language, fullwidth

_EN_HEADING = re.compile(r"(?:[0-9]+\.|\([^)]*\)|[IVX]+\.)?[^.]*")

_CLASSES = ("term", "status", "award", "brand", "campaign", "slogan", "body", "place")


class View:
    """Answers for one catalogue, language and day."""

    def __init__(self, catalogue: Catalogue, language: Language, as_of: date, pages: tuple[Page, ...]) -> None:
        """Keep what the answers are derived from."""
        self.catalogue, self.language, self.as_of, self.pages = catalogue, language, as_of, pages

    @cached_property
    def _kinds_by_name(self) -> Mapping[str, type[Record]]:
        return {kind.name: kind.model for kind in KINDS}

    def all(self, name: str) -> tuple[Record, ...]:
        """Return the records of the kind called ``name``."""
        return self.catalogue.all(self._kinds_by_name[name])

    def kinds(self) -> list[tuple[Any, list[FieldDoc]]]:
        """Return each kind with its fields, for the reference page."""
        return [(kind, fields_of(kind.model, self.language)) for kind in KINDS]

    @cached_property
    def _kinds_by_model(self) -> Mapping[type[Record], Kind]:
        return {kind.model: kind for kind in KINDS}

    def anchor(self, record: Record) -> str:
        """Return the site-relative address of ``record``."""
        return self._kinds_by_model[type(record)].anchor(record.id)

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders of the listings that exist."""
        return frozenset(listing.folder for listing in listings(self.catalogue))

    @cached_property
    def _children(self) -> Mapping[str, list[Page]]:
        children: dict[str, list[Page]] = {}
        for page in self.pages:
            if page.record is not None and page.parent is not None:
                children.setdefault(page.parent, []).append(page)
        return children

    def section_of(self, folder: str) -> str:
        """Return the name of the menu entry to whose section ``folder`` belongs; empty if to none."""
        return next((entry.name for entry in menu(self.catalogue) if folder in entry.folders), "")

    @cached_property
    def measure_parts(self) -> tuple[tuple[Committed, ...], ...]:
        """Records with measures, divided among the pages that list all measures."""
        return measure_parts(self.catalogue)

    def measure(self, name: str) -> tuple[Committed, Measure]:
        """Return the measure ``record id/measure id`` with its record."""
        return self.catalogue.measures[name]

    def measure_anchor(self, holder: Committed, measure: Measure) -> str:
        """Return the site-relative address of ``measure``."""
        address, hash_sign, anchor = self.anchor(holder).partition("#")
        return f"{address}#{anchor}-{measure.id}" if hash_sign else f"{address}#{measure.id}"

    def measure_rows(self, holder: Committed) -> list[tuple[str, str, bool]]:
        """Return (address, title, has a target) of each measure of ``holder``."""
        return [
            (self.measure_anchor(holder, m), m.title.show(self.language), f"{holder.id}/{m.id}" in self._with_target)
            for m in holder.measures
        ]

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

    def document(self, document_id: str) -> Document:
        """Return the document ``document_id``."""
        return self.catalogue.get(Document, document_id)

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
        """Return the record pages below the page at ``address``."""
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
