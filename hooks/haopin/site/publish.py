"""What may be published on a day: approved, begun, not ended, not taken back. All else reaches no page or file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import unquote

from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model import KINDS, Kind, Record
from haopin.model.base import Nested
from haopin.model.publishable import Evidence, Publishable, Withdrawal
from haopin.privacy.evidence import is_withheld, seen_files
from haopin.privacy.folding import BARRIER
from haopin.privacy.redaction import redacted, withdrawals_of, withdrawn_names

Reason = Literal["sample", "unapproved", "future", "expired", "withdrawn"]


@dataclass(frozen=True)
class Tombstone:
    """What stays of a withdrawn record: that one of this kind was withdrawn, when and why, and no name.

    ``table_of`` is the id of the record that stays, if rows of its table were withdrawn.
    """

    kind: Kind
    withdrawal: Withdrawal
    table_of: str | None = None


@dataclass(frozen=True)
class Withheld:
    """A record that is not published, and why."""

    entry: LoadedRecord
    reason: Reason


@dataclass(frozen=True)
class Published:
    """What is public on a day.

    Attributes:
        records: Every record that is public.
        tables: Rows of the tables beside them, by kind name and record id.
        withheld: The others.
        tombstones: What stays of those withdrawn.
    """

    records: tuple[Record, ...]
    tables: Mapping[tuple[str, str], tuple[Nested, ...]] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()


def publish(dataset: Dataset, as_of: date, *, samples: bool = False) -> Published:
    """Return what of ``dataset`` is public on ``as_of``.

    A withdrawal counts from the moment it is written, whatever its date: the name must go with the next build.

    Args:
        dataset: Records without problems.
        as_of: The day for which the pages speak.
        samples: Whether sample records are shown.
    """
    back = _TakenBack(withdrawals_of(dataset, samples), dataset)
    records: list[Record] = []
    withheld: list[Withheld] = []
    tombstones: list[Tombstone] = []
    public: set[tuple[str, str]] = set()
    for entry in dataset.entries:
        reason = _reason(entry.record, as_of, samples)
        if reason is None and (withdrawal := back.withdrawal_of(entry)) is not None:
            reason = "withdrawn"
            tombstones.append(Tombstone(entry.kind, withdrawal))
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
    return Published(tuple(records), tables, tuple(withheld), tuple(tombstones))


def _reason(record: Record, as_of: date, samples: bool) -> Reason | None:
    """Return why ``record`` is not public, withdrawals aside; None if it is."""
    if record.sample and not samples:
        return "sample"
    if not isinstance(record, Publishable):
        return None
    if record.approved is None:
        return "unapproved"
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
    """Withdrawals, and what they do to records and rows."""

    def __init__(self, withdrawals: Sequence[Withdrawal], dataset: Dataset) -> None:
        self._names = withdrawn_names(withdrawals, dataset)
        self._dataset = dataset
        self._seen = seen_files(dataset) if self._names else frozenset()
        notices = [(withdrawal, self._notice(withdrawal)) for withdrawal in withdrawals]
        self._by_name = {name: notice for withdrawal, notice in notices for name in withdrawal.names}
        self._by_record = {withdrawal.record: notice for withdrawal, notice in notices if withdrawal.record}

    def _notice(self, withdrawal: Withdrawal) -> Withdrawal:
        """Return what may be said of ``withdrawal``: its day and reason, neither the names nor the record."""
        return redacted(withdrawal.model_copy(update={"names": (), "keep": (), "record": None}), self._names)

    def withdrawal_of(self, entry: LoadedRecord) -> Withdrawal | None:
        """Return the withdrawal that takes the whole record back, by its id or by the name of whom it is about."""
        if not isinstance(entry.record, Publishable):
            return None
        if (found := self._by_record.get(f"{entry.kind.name}/{entry.record.id}")) is not None:
            return found
        names = [name for party in entry.record.parties for name in self._names.equal_to(party)]
        # An id is part of addresses, from which no name can be struck.
        names += self._names.in_text(entry.record.id)
        return self._by_name[names[0]] if names else None

    def cleaned(self, record: Record) -> Record:
        """Return a public ``record`` without withdrawn names."""
        if isinstance(record, Withdrawal):
            return self._notice(record)
        if not self._names or not isinstance(record, Publishable):
            return record
        kept = tuple(item for item in record.evidence if not self._names_one(item))
        if len(kept) < len(record.evidence):
            record = record.model_copy(update={"evidence": kept})
        return redacted(record, self._names)

    def _names_one(self, evidence: Evidence) -> bool:
        """Tell whether a withdrawn name stands where it cannot be struck: in the file, its name, or the address.

        A file that no program can read counts as one until somebody has looked at it.
        """
        words = (evidence.file or "", unquote(str(evidence.link or "")))
        return any(map(self._names.in_text, words)) or is_withheld(self._dataset, evidence, self._names, self._seen)

    def cleaned_rows(self, rows: Sequence[Nested]) -> tuple[tuple[Nested, ...], list[Withdrawal]]:
        """Return the rows without a withdrawn name, and the withdrawals of the others."""
        if not self._names:
            return tuple(rows), []
        kept: list[Nested] = []
        withdrawals: dict[str, Withdrawal] = {}
        for row in rows:
            # No name goes over from one cell to the next.
            cells = BARRIER.join(value for value in vars(row).values() if isinstance(value, str))
            names = [
                *self._names.in_text(cells),
                *(name for party in row.parties for name in self._names.equal_to(party)),
            ]
            if not names:
                kept.append(row)
            withdrawals.update((self._by_name[name].id, self._by_name[name]) for name in names)
        return tuple(kept), list(withdrawals.values())
