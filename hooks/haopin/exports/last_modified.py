"""Date of the last change of a page, from the dates of its records, never from the clock."""

from collections.abc import Iterable
from datetime import date

from haopin.model.activity import Activity
from haopin.model.base import ClauseRef, Record
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.publishable import Publishable
from haopin.model.target import Target
from haopin.model.task import Committed
from haopin.site.catalogue import Catalogue
from haopin.site.pages import LISTINGS, Page
from haopin.site.progress import Progress

#: Pages that show the status of measures and targets, or all publications.
_OF_REPORTS = frozenset({"tasks", "measures", "targets", "progress", "matrix", "bodies"})
_OF_ALL = frozenset({"home", "changes"})
_MODELS = {listing.name: listing.models for listing in LISTINGS}


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def published(record: Record | None) -> date | None:
    """Return the date of publication of ``record``, if known."""
    if isinstance(record, Publishable):
        days = [record.date, record.publish_from, record.approved.date if record.approved else None]
        return max(day for day in days if day is not None)
    return record.published if isinstance(record, Document) else None


class LastModified:
    """Dates of last change of the pages of one catalogue."""

    def __init__(self, catalogue: Catalogue, progress: Progress) -> None:
        """Store the sources of dates."""
        self._catalogue, self._progress = catalogue, progress

    def _clause(self, ref: ClauseRef) -> date | None:
        return self._catalogue.get(Document, ref.document).dated

    def page(self, page: Page) -> date | None:
        """Return the date of ``page``; None if no record gives it one."""
        if page.record is not None:
            return self.record(page.record)
        if page.template not in _MODELS and page.template not in _OF_ALL:
            return None
        base = self._catalogue.document.dated
        if page.template in _OF_ALL:
            return _latest([base, *(record.last_word for _, record in self._catalogue.publishable)])
        records = [record for model in _MODELS[page.template] for record in self._catalogue.all(model)]
        found = [record.last_word for record in records if isinstance(record, Publishable)]
        if page.template in _OF_REPORTS:
            found += [entry.date for entry in self._catalogue.all(Entry)]
        return _latest([*found, None if found or not records else base])

    def record(self, record: Record) -> date | None:
        """Return the date of the last change about ``record``."""
        catalogue = self._catalogue
        if isinstance(record, Publishable):
            return record.last_word
        if isinstance(record, Document):
            return record.dated
        if isinstance(record, Committed):
            reports = self._progress.entries_of([record]) if self._progress.reported else ()
            return _latest([self._clause(record.clause), *(entry.date for entry in reports)])
        if isinstance(record, Body):
            tasks = catalogue.tasks_of_body.get(record.id, ())
            return _latest(self.record(task) for task in tasks)
        if isinstance(record, Activity):
            events = catalogue.events_of_activity.get(record.id, ())
            return _latest([self._clause(record.as_written.clause), *(event.last_word for event in events)])
        if isinstance(record, Target):
            holder = catalogue.statements[record.measure][0]
            return _latest([self._clause(holder.clause), *(e.date for e in self._progress.history(record.id))])
        clause = getattr(record, "clause", None)
        return self._clause(clause) if isinstance(clause, ClauseRef) else None
