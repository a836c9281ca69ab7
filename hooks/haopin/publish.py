"""What may be published on a day: approved, begun, not ended, not taken back. All else reaches no page, file or feed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from haopin.reading.folder import Entry, Reading
from haopin.records import KINDS, Kind, Record
from haopin.records.base import Part
from haopin.records.publishable import Publishable, Withdrawal
from haopin.text import Text

Reason = Literal["sample", "unapproved", "future", "expired", "withdrawn"]

#: What stands where a withdrawn name stood in a text about something else.
REDACTED = Text(zh="〔名称已撤下〕", en="[name withdrawn]")

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True)
class Tombstone:
    """What stays of a withdrawn record: that one of this kind was withdrawn, when and why."""

    kind: Kind
    withdrawal: Withdrawal


@dataclass(frozen=True)
class Withheld:
    """A record that is not published, and why."""

    entry: Entry
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
    tables: Mapping[tuple[str, str], tuple[Part, ...]] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()


def publish(reading: Reading, as_of: date, *, samples: bool = False) -> Published:
    """Return what of ``reading`` is public on ``as_of``.

    A withdrawal counts from the moment it is written, whatever its date: the name must go with the next build.

    Args:
        reading: Records without problems.
        as_of: The day for which the pages speak.
        samples: Whether sample records are shown.
    """
    withdrawals = [
        entry.record
        for entry in reading.entries
        if isinstance(entry.record, Withdrawal) and (samples or not entry.record.sample)
    ]
    names = {name: withdrawal for withdrawal in withdrawals for name in withdrawal.names}
    whole = {withdrawal.record: withdrawal for withdrawal in withdrawals if withdrawal.record}
    records: list[Record] = []
    withheld: list[Withheld] = []
    tombstones: list[Tombstone] = []
    for entry in reading.entries:
        record = entry.record
        reason = _reason(record, as_of, samples)
        if reason is None and isinstance(record, Publishable):
            withdrawal = whole.get(f"{entry.kind.name}/{record.id}") or _withdrawn_party(record, names)
            if withdrawal is not None:
                reason = "withdrawn"
                tombstones.append(Tombstone(entry.kind, withdrawal))
            elif names:
                record = redacted(record, names)
        if reason is None:
            records.append(record)
        else:
            withheld.append(Withheld(entry, reason))
    public = {(kind.name, record.id) for record in records for kind in KINDS if kind.table and kind.model is type(record)}
    kinds = {kind.name: kind for kind in KINDS}
    tables = {}
    for key, rows in reading.tables.items():
        if key in public:
            kept = tuple(row for row in rows if not _row_names(row, names))
            gone = {id(w): w for row in rows for w in _row_names(row, names)}
            tombstones += [Tombstone(kinds[key[0]], withdrawal) for withdrawal in gone.values()]
            tables[key] = kept
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
    if max(record.date, record.approved.date, record.publish_from or record.date) > as_of:
        return "future"
    return None


def _withdrawn_party(record: Publishable, names: Mapping[str, Withdrawal]) -> Withdrawal | None:
    return next((w for name, w in names.items() for party in record.parties if name in party), None)


def _row_names(row: Part, names: Mapping[str, Withdrawal]) -> list[Withdrawal]:
    if not names:
        return []
    cells = [value for value in vars(row).values() if isinstance(value, str)]
    return [withdrawal for name, withdrawal in names.items() if any(name in cell for cell in cells)]


def redacted(part: B, names: Iterable[str]) -> B:
    """Return ``part`` with ``names`` struck out of every text in it; itself if there are none."""
    changes: dict[str, Any] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        struck = _struck(value, tuple(names), "en" if name == "en" else "zh")
        if struck is not value:
            changes[name] = struck
    return part.model_copy(update=changes) if changes else part


def _struck(value: Any, names: tuple[str, ...], language: Literal["zh", "en"]) -> Any:
    if isinstance(value, str):
        for name in names:
            value = value.replace(name, REDACTED.get(language)) if name in value else value
        return value
    if isinstance(value, BaseModel):
        return redacted(value, names)
    if isinstance(value, tuple):
        items = tuple(_struck(item, names, language) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
