"""Recurring days and months → dated occurrences."""

import calendar as days
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from haopin.records.activity import Activity, Edition


@dataclass(frozen=True)
class Occurrence:
    """An activity in one year.

    Attributes:
        activity: The activity.
        start: First day.
        end: Last day, included.
        edition: What is known of this year (theme, source), if anything.
    """

    activity: Activity
    start: date
    end: date
    edition: Edition | None

    @property
    def year(self) -> int:
        """Year in which it begins."""
        return self.start.year


def occurrence(activity: Activity, year: int) -> Occurrence | None:
    """Return ``activity`` in ``year``; None if it has no date or 29 February does not exist then."""
    edition = next((e for e in activity.editions if e.year == year), None)
    if edition and edition.start:
        return Occurrence(activity, edition.start, edition.end or edition.start, edition)
    when = activity.recurrence
    if when is None:
        return None
    last = days.monthrange(year, when.month)[1]
    if when.day is None:
        return Occurrence(activity, date(year, when.month, 1), date(year, when.month, last), edition)
    if when.day > last:
        return None
    day = date(year, when.month, when.day)
    return Occurrence(activity, day, day, edition)


def occurrences(activities: Iterable[Activity], years: Iterable[int]) -> list[Occurrence]:
    """Return all occurrences of ``activities`` in ``years``, earliest first."""
    listed = list(activities)
    found = [occurrence(activity, year) for year in years for activity in listed]
    return sorted((o for o in found if o), key=lambda o: (o.start, o.end, o.activity.id))


def upcoming(activities: Iterable[Activity], as_of: date) -> list[Occurrence]:
    """Return the next occurrence of each activity that runs on ``as_of`` or later, earliest first."""
    found: dict[str, Occurrence] = {}
    # Three years: 29 February may be missing in two of them, and then the next leap year is not "upcoming".
    for item in occurrences(activities, range(as_of.year, as_of.year + 3)):
        if item.end >= as_of:
            found.setdefault(item.activity.id, item)
    return list(found.values())


def past(activities: Iterable[Activity], as_of: date) -> list[Occurrence]:
    """Return the occurrences with a known edition that ended before ``as_of``, latest first."""
    listed = list(activities)
    years = {edition.year for activity in listed for edition in activity.editions}
    ended = [o for o in occurrences(listed, sorted(years)) if o.edition and o.end < as_of]
    return sorted(ended, key=lambda o: (o.start, o.end, o.activity.id), reverse=True)
