"""Records that are public on a date: approved, begun, not expired, not withdrawn. Others reach no page or file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import unquote

from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model import KINDS, Kind, Record
from haopin.model.base import Nested
from haopin.model.photograph import Photograph
from haopin.model.publishable import Evidence, Publishable, Withdrawal
from haopin.privacy.evidence import is_withheld, seen_files
from haopin.privacy.fingerprint import is_changed
from haopin.privacy.folding import BARRIER
from haopin.privacy.redaction import latest_names, redacted, withdrawals_of, withdrawn_names

Reason = Literal["sample", "unapproved", "changed", "future", "expired", "withdrawn"]
#: Which records are shown: public ones; also those that wait for an approval; also approved ones before their day.
Shows = Literal["public", "waiting", "all"]
#: Reasons of records that wait for an approval: never approved, or changed since.
WAITING: frozenset[Reason] = frozenset({"unapproved", "changed"})
_DRAFTS: Mapping[Shows, frozenset[Reason]] = {
    "public": frozenset(),
    "waiting": WAITING,
    "all": WAITING | {"future"},
}


@dataclass(frozen=True)
class Tombstone:
    """Notice that replaces a withdrawn record: its kind, date and reason of the withdrawal, no name.

    ``table_of`` is the id of the record if only rows of its table were withdrawn.
    """

    kind: Kind
    withdrawal: Withdrawal
    table_of: str | None = None


@dataclass(frozen=True)
class Withheld:
    """A record that is not public, and the reason."""

    entry: LoadedRecord
    reason: Reason


@dataclass(frozen=True)
class Published:
    """Public data on a date.

    Attributes:
        records: Public records.
        tables: Rows of their tables, by kind name and record id.
        withheld: Other records.
        tombstones: Notices of withdrawals.
        drafts: (kind, id) → reason of each record that is included and not public; empty except in a draft of the site.
    """

    records: tuple[Record, ...]
    tables: Mapping[tuple[str, str], tuple[Nested, ...]] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    drafts: Mapping[tuple[str, str], Reason] = field(default_factory=dict)


def publish(dataset: Dataset, as_of: date, *, samples: bool = False, shows: Shows = "public") -> Published:
    """Return the public data of ``dataset`` on ``as_of``.

    A withdrawal takes effect with the next build, whatever its date.

    Args:
        dataset: Records without problems.
        as_of: Date of the pages.
        samples: Whether sample records are shown.
        shows: Which records are included: more than the public ones only in a draft of the site for the approver.
    """
    back = _TakenBack(withdrawals_of(dataset, samples), dataset)
    records: list[Record] = []
    withheld: list[Withheld] = []
    tombstones: list[Tombstone] = []
    public: set[tuple[str, str]] = set()
    drafts: dict[tuple[str, str], Reason] = {}
    for entry in dataset.entries:
        reason = _reason(dataset, entry, as_of, samples)
        # What was changed after its approval may have been public.
        if reason in (None, "changed") and (withdrawal := back.withdrawal_of(entry)) is not None:
            reason = "withdrawn"
            tombstones.append(Tombstone(entry.kind, withdrawal))
        if reason is None and back.is_unseen(entry.record):
            reason = "unapproved"
        if reason is not None and reason in _DRAFTS[shows]:
            drafts[entry.kind.name, entry.record.id] = reason
            reason = None
        if reason is not None:
            withheld.append(Withheld(entry, reason))
            continue
        records.append(back.cleaned(entry.record))
        public.add((entry.kind.name, entry.record.id))
    kinds = {kind.name: kind for kind in KINDS}
    tables = {}
    for key, rows in dataset.tables.items():
        if key in public:
            tables[key], withdrawals = back.cleaned_rows(rows)
            tombstones += [Tombstone(kinds[key[0]], withdrawal, key[1]) for withdrawal in withdrawals]
    return Published(tuple(_of_public(records, public)), tables, tuple(withheld), tuple(tombstones), drafts)


def _of_public(records: Iterable[Record], public: set[tuple[str, str]]) -> Iterator[Record]:
    """Yield ``records``; a photograph names only what is public of the records that it shows."""
    for record in records:
        if isinstance(record, Photograph):
            shows = tuple(name for name in record.shows if tuple(name.split("/")) in public)
            record = record.model_copy(update={"shows": shows})
        yield record


def _reason(dataset: Dataset, entry: LoadedRecord, as_of: date, samples: bool) -> Reason | None:
    """Return why a record is not public, regardless of withdrawals; None if it is."""
    record = entry.record
    if record.sample and not samples:
        return "sample"
    if not isinstance(record, Publishable):
        return None
    if record.approved is None:
        return "unapproved"
    if is_changed(dataset, entry):
        return "changed"
    if record.expires is not None and record.expires <= as_of:
        return "expired"
    begin = first_day(record)
    return "future" if begin is not None and begin > as_of else None


def first_day(record: Publishable) -> date | None:
    """Return the first day on which ``record`` may be public; None if it is not approved."""
    if record.approved is None:
        return None
    return max(record.date, record.approved.date, record.publish_from or record.date)


class _TakenBack:
    """Effects of withdrawals on records and rows."""

    def __init__(self, withdrawals: Sequence[Withdrawal], dataset: Dataset) -> None:
        self._names = withdrawn_names(withdrawals, dataset)
        self._dataset = dataset
        self._seen = seen_files(dataset) if self._names else frozenset()
        notices = [(withdrawal, self._notice(withdrawal)) for withdrawal in withdrawals]
        self._by_name = {name: notice for withdrawal, notice in notices for name in withdrawal.names}
        self._latest = latest_names(withdrawals)
        self._by_record = {withdrawal.record: notice for withdrawal, notice in notices if withdrawal.record}

    def _notice(self, withdrawal: Withdrawal) -> Withdrawal:
        """Return the public part of ``withdrawal``: date and reason, without names and record."""
        return redacted(withdrawal.model_copy(update={"names": (), "keep": (), "record": None}), self._names)

    def is_unseen(self, record: Record) -> bool:
        """Return whether a name was withdrawn after ``record`` was approved that may be in its picture.

        No program can read a picture. An approval on the day of the withdrawal or later means that a person has looked.
        """
        if not isinstance(record, Photograph) or self._latest is None:
            return False
        return record.approved is None or record.approved.date < self._latest

    def withdrawal_of(self, entry: LoadedRecord) -> Withdrawal | None:
        """Return the withdrawal of the whole record, by its id or by the name of its subject."""
        if not isinstance(entry.record, Publishable):
            return None
        if (found := self._by_record.get(f"{entry.kind.name}/{entry.record.id}")) is not None:
            return found
        names = [name for party in entry.record.parties for name in self._names.equal_to(party)]
        # An id is part of addresses, in which a name cannot be redacted.
        names += self._names.in_text(entry.record.id)
        return self._by_name[names[0]] if names else None

    def cleaned(self, record: Record) -> Record:
        """Return a public ``record`` with withdrawn names redacted."""
        if isinstance(record, Withdrawal):
            return self._notice(record)
        if not self._names or not isinstance(record, Publishable):
            return record
        kept = tuple(item for item in record.evidence if not self._names_one(item))
        if len(kept) < len(record.evidence):
            record = record.model_copy(update={"evidence": kept})
        return redacted(record, self._names)

    def _names_one(self, evidence: Evidence) -> bool:
        """Return whether a withdrawn name occurs where it cannot be redacted: in the file, its name, or the address.

        A file without machine-readable text counts as containing one until a person has checked it.
        """
        words = (evidence.file or "", unquote(str(evidence.link or "")))
        return any(map(self._names.in_text, words)) or is_withheld(self._dataset, evidence, self._names, self._seen)

    def cleaned_rows(self, rows: Sequence[Nested]) -> tuple[tuple[Nested, ...], list[Withdrawal]]:
        """Return the rows without withdrawn names, and the withdrawals of the others."""
        if not self._names:
            return tuple(rows), []
        kept: list[Nested] = []
        withdrawals: dict[str, Withdrawal] = {}
        for row in rows:
            # Names do not match across cells.
            cells = BARRIER.join(value for value in vars(row).values() if isinstance(value, str))
            names = [
                *self._names.in_text(cells),
                *(name for party in row.parties for name in self._names.equal_to(party)),
            ]
            if not names:
                kept.append(row)
            withdrawals.update((self._by_name[name].id, self._by_name[name]) for name in names)
        return tuple(kept), list(withdrawals.values())
