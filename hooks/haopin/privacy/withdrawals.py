"""Which names the withdrawals in the data take out, and of whom records are."""

from collections.abc import Collection, Sequence

from haopin.load.dataset import Dataset
from haopin.model.disclosure import Sampled
from haopin.model.publishable import Publishable, Withdrawal
from haopin.privacy.redaction import Names


def parties_of(part: object) -> tuple[str, ...]:
    """Return the names of the firms or persons whom a record, or a row of a table, is about."""
    return part.parties if isinstance(part, Publishable | Sampled) else ()


def longer_names(names: Collection[str], reading: Dataset) -> tuple[str, ...]:
    """Return the names of parties in the data that contain one of ``names`` and are another's, sorted.

    A withdrawn name takes back what is about a party of exactly this name. Whether a longer one means the same party
    only a person knows: the check asks, and until somebody answers it is another.
    """
    plain = Names(names)
    if not plain:
        return ()
    parts = [*(entry.record for entry in reading.entries), *(row for rows in reading.tables.values() for row in rows)]
    parties = {party for part in parts for party in parties_of(part)}
    return tuple(sorted(party for party in parties if plain.in_text(party) and not plain.equal_to(party)))


def withdrawn_names(withdrawals: Sequence[Withdrawal], reading: Dataset) -> Names:
    """Return the names that ``withdrawals`` take out of what was read."""
    names = [name for withdrawal in withdrawals for name in withdrawal.names]
    kept = [name for withdrawal in withdrawals for name in withdrawal.keep]
    return Names(names, [*kept, *longer_names(names, reading)])


def names_of(reading: Dataset, *, samples: bool = False) -> Names:
    """Return the names that the withdrawals of ``reading`` take out; those of sample withdrawals if ``samples``."""
    return withdrawn_names(withdrawals_of(reading, samples), reading)


def withdrawals_of(reading: Dataset, samples: bool) -> list[Withdrawal]:
    """Return the withdrawals of ``reading``; those of samples too if ``samples``."""
    return [
        entry.record
        for entry in reading.entries
        if isinstance(entry.record, Withdrawal) and (samples or not entry.record.sample)
    ]
