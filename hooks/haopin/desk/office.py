"""The office's own view of the data on a day: everything that was entered by then, approved or not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from haopin.catalogue import Catalogue
from haopin.desk.ledger_rows import Item, items
from haopin.problem import Place
from haopin.progress import Progress
from haopin.publish import Published, Reason, publish
from haopin.reading.folder import Entry as Found
from haopin.reading.folder import Reading
from haopin.records.body import Body
from haopin.records.ledger import Entry
from haopin.records.publishable import Publishable
from haopin.records.task import Committed


@dataclass(frozen=True)
class Office:
    """What the office sees.

    Attributes:
        reading: Data without errors.
        day: The day.
        samples: Whether sample records count.
        body: Id of the only body that is looked at; None for all.
    """

    reading: Reading
    day: date
    samples: bool = False
    body: str | None = None

    @cached_property
    def found(self) -> Sequence[Found]:
        """The records that count, with their places."""
        return [e for e in self.reading.entries if self.samples or not e.record.sample]

    @cached_property
    def catalogue(self) -> Catalogue:
        """All that was entered up to the day: what waits for its approval is reported nevertheless."""
        records = (entry.record for entry in self.found)
        return Catalogue.of(
            Published(tuple(r for r in records if not (isinstance(r, Publishable) and r.date > self.day)))
        )

    @cached_property
    def progress(self) -> Progress:
        """Where measures and targets stand."""
        return Progress(self.catalogue, self.day)

    def progress_of(self, body: str) -> Progress:
        """Return where measures and targets stand by the reports of ``body`` alone, and what corrects these."""
        entries = {entry.id: entry for entry in self.catalogue.all(Entry)}

        def is_own(entry: Entry) -> bool:
            seen: set[str] = set()
            while entry.body != body and entry.corrects in entries and entry.id not in seen:
                seen.add(entry.id)
                entry = entries[entry.corrects]
            return entry.body == body

        own = {entry.id: entry for entry in entries.values() if is_own(entry)}
        return Progress(replace(self.catalogue, records={**self.catalogue.records, Entry: own}), self.day)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """The measures and targets that are looked at, in the order of the documents."""
        return items(self.catalogue, self.body)

    @cached_property
    def bodies(self) -> Sequence[Body]:
        """The bodies that are looked at."""
        return [body for body in self.catalogue.all(Body) if self.body in (None, body.id)]

    @cached_property
    def withheld(self) -> Mapping[tuple[str, str], Reason]:
        """Why a record is not public on the day, by its kind and id."""
        withheld = publish(self.reading, self.day, samples=self.samples).withheld
        return {(w.entry.kind.name, w.entry.record.id): w.reason for w in withheld}

    def concerns(self, entry: Found) -> bool:
        """Tell whether a record is one of the body that is looked at."""
        record = entry.record
        own = {getattr(record, "body", None), *getattr(record, "bodies", ())}
        return self.body is None or self.body in own or (isinstance(record, Body) and record.id == self.body)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Where each measure and target stands, by ``record/measure`` or the target’s id."""
        return dict(self._places())

    def _places(self) -> Iterator[tuple[str, Place]]:
        for entry in self.found:
            if isinstance(entry.record, Committed):
                for index, measure in enumerate(entry.record.measures):
                    yield f"{entry.record.id}/{measure.id}", entry.place.at("measures", index)
            elif entry.kind.name == "target":
                yield entry.record.id, entry.place
