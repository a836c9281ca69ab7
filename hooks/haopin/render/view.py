"""The questions that templates ask: derived answers, each computed once for a language and a day."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from haopin import calendar, charts, status
from haopin.catalogue import Catalogue
from haopin.pages import Page, listings
from haopin.records import KINDS, Record
from haopin.records.activity import Activity
from haopin.records.body import Body
from haopin.records.document import Clause, Document
from haopin.records.target import Target
from haopin.records.task import Committed, Task
from haopin.schema import FieldDoc, fields_of
from haopin.text import Language, fullwidth

_EN_HEADING = re.compile(r"(?:[0-9]+\.|\([^)]*\)|[IVX]+\.)?[^.]*")


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

    def anchor(self, record: Record) -> str:
        """Return the site-relative address of ``record``."""
        return next(kind for kind in KINDS if kind.model is type(record)).anchor(record.id)

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
    def phase_chart(self) -> charts.PhaseChart:
        """Figure: phases over time."""
        return charts.phase_chart(self.phases, self.as_of)

    @cached_property
    def year_chart(self) -> charts.YearChart:
        """Figure: the calendar of the year of the build."""
        found = calendar.occurrences(self.catalogue.all(Activity), [self.as_of.year])
        return charts.year_chart(found, self.as_of.year, self.as_of)

    @cached_property
    def body_chart(self) -> charts.CountChart:
        """Figure: tasks by body."""
        tasks = self.catalogue.tasks_of_body
        return charts.count_chart(
            (body.name.show(self.language), f"bodies/{body.id}/", len(tasks.get(body.id, ())))
            for body in self.catalogue.all(Body)
        )

    @cached_property
    def measure_count(self) -> int:
        """Number of measures of all tasks."""
        return sum(len(task.measures) for task in self.catalogue.all(Task))

    def holders(self) -> tuple[Committed, ...]:
        """Return every record that has measures."""
        return self.catalogue.committed
