"""The questions that templates ask of living data: reports, disclosures, news, events, what was withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from haopin.pages import CHANGES_PER_PAGE, Page
from haopin.progress import Progress
from haopin.records import KINDS, Kind, Record
from haopin.records.disclosure import Batch, Sampled
from haopin.records.ledger import Assignment, Entry
from haopin.records.news import Event, News
from haopin.records.publishable import Publishable, Withdrawal
from haopin.records.target import Target
from haopin.render.lookup import Lookup
from haopin.subscriptions import Subscriptions
from haopin.text import Text, Wording

#: So many rows of a table stand on its page; a script brings the others when they are asked for.
FIRST_ROWS = 30


@dataclass(frozen=True)
class Sampling:
    """A batch’s table: how many rows, those that failed, and the first rows."""

    total: int
    failing: list[Sampled]
    first: tuple[Sampled, ...]


class Living(Lookup):
    """Answers about what the office publishes by and by."""

    @cached_property
    def progress(self) -> Progress:
        """Where measures and targets stand on the day."""
        return Progress(self.catalogue, self.as_of)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Calendars and feeds."""
        return Subscriptions(self.catalogue, self.as_of)

    @cached_property
    def _kinds_by_page(self) -> Mapping[str, list[Kind]]:
        """Kinds whose records share a page, by its address."""
        found: dict[str, list[Kind]] = {}
        for kind in KINDS:
            address, hash_sign, _ = kind.anchor("x").partition("#")
            if hash_sign:
                found.setdefault(address, []).append(kind)
        return found

    def stale_on(self, page: Page) -> list[Text | Wording]:
        """Return the names of the records on ``page`` whose translation is older than the Chinese."""
        stale = self.catalogue.stale
        if not stale:
            return []
        if page.record is not None:
            shown: list[Record] = [page.record]
        else:
            kinds = self._kinds_by_page.get(page.address, [])
            shown = [record for kind in kinds for record in self.catalogue.all(kind.model)]
        own = self._kinds_by_model
        named = [
            _name_of(record, own[type(record)]) for record in shown if (own[type(record)].name, record.id) in stale
        ]
        # Several withdrawals share the name of their kind.
        return list(dict.fromkeys(named))

    #: Columns of a batch's table, the English twins aside.
    columns = tuple(name for name in Sampled.model_fields if not name.endswith("_en"))

    def sampling(self, batch: Batch) -> Sampling:
        """Return what a batch’s table holds."""
        rows = self.catalogue.rows_of(batch)
        return Sampling(len(rows), [row for row in rows if row.result == "fail"], rows[:FIRST_ROWS])

    def entry_address(self, entry: Entry) -> str:
        """Return the site-relative address at which a ledger entry stands: with its measure or target."""
        if entry.measure is None:
            return f"targets/#{entry.id}"
        holder, _ = self.catalogue.measures[entry.measure]
        return f"{self.anchor(holder).partition('#')[0]}#{entry.id}"

    def subject(self, entry: Entry | Assignment) -> tuple[str, str, Text]:
        """Return address, name of the record around it, and title of what ``entry`` is about."""
        if isinstance(entry, Entry) and entry.measure is None:
            target = self.catalogue.get(Target, entry.target or "")
            holder = self.measure(target.measure)[0]
            return f"targets/#{target.id}", holder.title.show(self.language), target.title
        holder, measure = self.catalogue.measures[entry.measure or ""]
        return self.measure_anchor(holder, measure), holder.title.show(self.language), measure.title

    def changes(self, part: int) -> tuple[tuple[str, Publishable], ...]:
        """Return what stands on one page of the changes: kind name and record, newest first."""
        start = (part - 1) * CHANGES_PER_PAGE
        return self.catalogue.publishable[start : start + CHANGES_PER_PAGE]

    def address_of(self, record: Record) -> str:
        """Return the site-relative address of ``record``; of a ledger entry, where it stands."""
        if isinstance(record, Assignment):
            return self.subject(record)[0]
        return self.entry_address(record) if isinstance(record, Entry) else self.anchor(record)

    def newest(self, name: str) -> list[Publishable]:
        """Return the records of the kind called ``name``, newest first."""
        found = [r for r in self.all(name) if isinstance(r, Publishable)]
        return sorted(found, key=lambda record: (record.date, record.id), reverse=True)

    @cached_property
    def news_in_language(self) -> list[News]:
        """News that readers of this language can read, newest first; all of them if there is none."""
        found = [item for item in self.newest("news") if isinstance(item, News)]
        return [item for item in found if item.text.language(self.language) == self.language] or found

    @cached_property
    def events(self) -> list[Event]:
        """Events of the county that have not ended, earliest first."""
        found = [e for e in self.catalogue.all(Event) if e.last >= self.as_of]
        return sorted(found, key=lambda event: (event.start, event.id))

    @cached_property
    def past_events(self) -> list[Event]:
        """Events of the county that have ended, latest first."""
        found = [e for e in self.catalogue.all(Event) if e.last < self.as_of]
        return sorted(found, key=lambda event: (event.start, event.id), reverse=True)

    @cached_property
    def withdrawals(self) -> list[tuple[Withdrawal, list[Kind]]]:
        """Every withdrawal with the kinds of what it took back, latest first."""
        found = sorted(self.catalogue.all(Withdrawal), key=lambda w: (w.date, w.id), reverse=True)
        return [
            (w, list({t.kind.name: t.kind for t in self.catalogue.tombstones if t.withdrawal.id == w.id}.values()))
            for w in found
        ]

    def rows_withdrawn(self, batch: Batch) -> list[Withdrawal]:
        """Return the withdrawals that took rows out of the table of ``batch``."""
        return [t.withdrawal for t in self.catalogue.tombstones if t.table_of == batch.id]

    def withdrawn(self, name: str) -> list[Withdrawal]:
        """Return the withdrawals that took back something of the kind called ``name``, latest first."""
        return [w for w, kinds in self.withdrawals if any(kind.name == name for kind in kinds)]


def _name_of(record: Record, kind: Kind) -> Text | Wording:
    """Return what ``record`` is called; a withdrawal, say, has no name but that of its kind."""
    if isinstance(record, Publishable):
        return record.label
    names = (getattr(record, name, None) for name in ("title", "name", "term"))
    return next((name for name in names if isinstance(name, Text | Wording)), kind.title)
