"""The wall calendar: twelve months with what happens in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from haopin import calendar
from haopin.records.activity import Activity
from haopin.records.news import Event

MONTHS = 12
#: On paper more entries than this are counted, not named: the sheet has one side. `print.css` has the same number.
MOST_NAMED = 5


@dataclass(frozen=True)
class WallMonth:
    """A month of the sheet.

    Attributes:
        first: Its first day.
        items: What begins in it, earliest first; in the first month also what still runs then.
    """

    first: date
    items: tuple[calendar.Occurrence | Event, ...]

    @property
    def left_out(self) -> int:
        """How many of its entries the sheet does not name."""
        return max(0, len(self.items) - MOST_NAMED)


def months(activities: Iterable[Activity], events: Iterable[Event], as_of: date) -> tuple[WallMonth, ...]:
    """Return the twelve months from that of ``as_of``. Events that were cancelled are left out."""
    listed = list(activities)
    held = [event for event in events if event.cancelled is None]
    years = range(as_of.year - 1, as_of.year + 2)
    found: list[calendar.Occurrence | Event] = [*calendar.occurrences(listed, years), *held]
    found.sort(key=lambda item: (item.start, _last(item)))
    this, *others = _firsts(as_of)
    return (_month(this, found, opens=True), *(_month(first, found, opens=False) for first in others))


def _month(first: date, found: list[calendar.Occurrence | Event], *, opens: bool) -> WallMonth:
    inside = [
        item
        for item in found
        if (item.start.year, item.start.month) == (first.year, first.month)
        or (opens and item.start < first <= _last(item))
    ]
    return WallMonth(first, tuple(inside))


def _firsts(as_of: date) -> Iterator[date]:
    start = as_of.year * 12 + as_of.month - 1
    for number in range(start, start + MONTHS):
        yield date(number // 12, number % 12 + 1, 1)


def _last(item: calendar.Occurrence | Event) -> date:
    return item.last if isinstance(item, Event) else item.end
