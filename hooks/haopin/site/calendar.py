"""Calendar: dated occurrences of recurring days, items of calendars, and months of the wall calendar."""

import calendar as days
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity, Edition
from haopin.model.base import ClauseRef
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.fields import Ref, Span, marked
from haopin.model.ledger import Assignment
from haopin.model.news import Event
from haopin.model.phase import Phase
from haopin.model.publishable import Publishable
from haopin.model.target import Milestone, Target
from haopin.model.task import Committed, Measure
from haopin.site.catalogue import Catalogue
from haopin.trace import derived

# --- Recurring days and months → dated occurrences


@dataclass(frozen=True)
class Occurrence:
    """An activity in one year.

    Attributes:
        activity: The activity.
        start: First day.
        end: Last day, included.
        edition: Data on this year (theme, source), if any.
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
    # Three years: 29 February may be missing in all of them; the next leap year is then not "upcoming".
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


# --- Calendar items: occurrences of activities, events of the county, and due dates in the data

#: Number of future years in the calendars, so that everything recurring has a next occurrence.
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Due:
    """Something due: a measure or milestone of ``record``, or ``record`` itself (a target, the end of a phase)."""

    record: Committed | Target
    measure: Measure | None = None
    milestone: Milestone | None = None


@dataclass(frozen=True)
class DatedRecord:
    """A published record of a kind with a calendar field (`Kind.calendar`)."""

    kind: Kind
    record: Publishable


@dataclass(frozen=True)
class CalendarItem:
    """A calendar item: a day or a span of days.

    Attributes:
        name: Stable name, the same in all calendars, languages and builds.
        start: First day.
        end: Last day, included.
        subject: Its subject.
        stamp: Date of its latest change in the data.
        revision: Number that increases with each change; calendar programs keep the highest.
        sample: Whether it is based on sample data.
    """

    name: str
    start: date
    end: date
    subject: Occurrence | Event | Due | DatedRecord
    stamp: date
    revision: int
    sample: bool = False


class CalendarItems:
    """Calendar items of one catalogue for one date."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        """Store the sources."""
        self._catalogue, self._as_of = catalogue, as_of

    @derived
    def all(self) -> tuple[CalendarItem, ...]:
        """All items, earliest first."""
        dues = [due for _, due in self._dues]
        return _ordered([*self._activities.values(), self._events.values(), self._records.values(), dues])

    def of_activity(self, activity: Activity) -> tuple[CalendarItem, ...]:
        """Return the occurrences of ``activity`` and its local events."""
        events = self._catalogue.events_of_activity.get(activity.id, ())
        return _ordered([self._activities[activity.id], (self._events[event.id] for event in events)])

    def of_event(self, event: Event) -> tuple[CalendarItem, ...]:
        """Return the item of ``event``."""
        return (self._events[event.id],)

    @property
    def of_records(self) -> Iterable[CalendarItem]:
        """The items of kinds with a calendar field, in the order of the data."""
        return self._records.values()

    def of_body(self, body: Body) -> tuple[CalendarItem, ...]:
        """Return the items that concern ``body``.

        That is: activities of its tasks, events that it organizes, and due dates of the measures and targets that are
        assigned to it, or to no single body in one of its tasks.
        """
        return self._by_body.get(body.id, ())

    @derived
    def _by_body(self) -> dict[str, tuple[CalendarItem, ...]]:
        found: dict[str, list[CalendarItem]] = {}
        for activity in self._catalogue.all(Activity):
            holder = self._catalogue.holder_of(activity.as_written.clause)
            for body in holder.answerable if holder is not None else ():
                found.setdefault(body, []).extend(self._activities[activity.id])
        for event in self._catalogue.all(Event):
            if event.body:
                found.setdefault(event.body, []).append(self._events[event.id])
        for (kind, record_id), item in self._records.items():
            record = self._catalogue.get(kind, record_id)
            for body in dict.fromkeys(named.value for ref, named in marked(record, Ref) if ref.model is Body):
                found.setdefault(body, []).append(item)
        for bodies, due in self._dues:
            for body in bodies:
                found.setdefault(body, []).append(due)
        return {body: _ordered([items]) for body, items in found.items()}

    @derived
    def _activities(self) -> dict[str, list[CalendarItem]]:
        return {activity.id: list(self._occurrences(activity)) for activity in self._catalogue.all(Activity)}

    def _occurrences(self, activity: Activity) -> Iterator[CalendarItem]:
        """Yield every year with data, and future years.

        Past years without data are omitted: a recurrence does not prove that the activity took place.
        """
        last = self._as_of.year + YEARS_AHEAD
        known = {edition.year for edition in activity.editions if edition.year <= last}
        for year in sorted(known.union(range(self._as_of.year, last + 1))):
            item = occurrence(activity, year)
            if item is None:
                continue
            # A theme or a different date for a year is a later addition to the data.
            edition = item.edition
            said = len(edition.themes) + bool(edition.start) if edition else 0
            yield CalendarItem(
                f"activity-{activity.id}-{year}",
                item.start,
                item.end,
                item,
                # An activity has no date of its own: use that of the document that states its recurrence.
                self._dated(activity.as_written.clause, item.start),
                said,
                activity.sample,
            )

    @derived
    def _events(self) -> dict[str, CalendarItem]:
        return {event.id: _of_event(event) for event in self._catalogue.all(Event)}

    @derived
    def _records(self) -> dict[tuple[type[Record], str], CalendarItem]:
        return {
            (kind.model, record.id): item
            for kind in KINDS
            if kind.calendar
            for record in self._catalogue.all(kind.model)
            if (item := _of_record(kind, record)) is not None
        }

    @derived
    def _assignments(self) -> dict[str, list[Assignment]]:
        found: dict[str, list[Assignment]] = {}
        for assignment in self._catalogue.all(Assignment):
            if assignment.due:
                found.setdefault(assignment.measure, []).append(assignment)
        return found

    @derived
    def _dues(self) -> list[tuple[tuple[str, ...], CalendarItem]]:
        """All due dates of the current plan, with the responsible bodies."""
        found = []
        over = self._catalogue.over
        for name, (holder, measure) in self._catalogue.measures.items():
            if measure.due and holder.plan not in over:
                found.append((holder.answerable_in(measure), self._due_measure(name, holder, measure, measure.due)))
        for target in self._catalogue.all(Target):
            whole, statement = self._catalogue.statements[target.measure]
            if whole.plan in over:
                continue
            days = [(f"-{each.due}", each.due, each) for each in target.milestones]
            for name, day, milestone in (*days, *([("", target.due, None)] if target.due else [])):
                stamp, due = self._dated(whole.clause, day), Due(target, milestone=milestone)
                item = CalendarItem(f"target-{target.id}{name}", day, day, due, stamp, 0, target.sample)
                found.append((whole.answerable_in(statement), item))
        for phase in self._catalogue.all(Phase):
            if phase.plan in over:
                continue
            end = phase.period.end
            stamp = self._dated(phase.clause, end)
            found.append(((), CalendarItem(f"phase-{phase.id}", end, end, Due(phase), stamp, 0, phase.sample)))
        return found

    def _due_measure(self, name: str, holder: Committed, measure: Measure, due: date) -> CalendarItem:
        assignments = self._assignments.get(name, [])
        said = [day for a in assignments for day in (a.date, a.approved and a.approved.date) if day]
        return CalendarItem(
            # A dot separates the two ids, which contain none.
            f"due-{name.replace('/', '.')}",
            due,
            due,
            Due(holder, measure),
            max(said, default=self._dated(holder.clause, due)),
            # Each assignment may set another due date.
            len(assignments),
            holder.sample or any(assignment.sample for assignment in assignments),
        )

    def _dated(self, clause: ClauseRef, otherwise: date) -> date:
        """Return the date of the document with ``clause``, or ``otherwise``; never the clock's."""
        document = self._catalogue.get(Document, clause.document)
        own = self._catalogue.document
        return document.dated or own.dated or otherwise


def _of_event(event: Event) -> CalendarItem:
    stamp = max(event.last_word, event.approved.date if event.approved else event.date)
    # Calendar programs ignore updates unless the number increases (RFC 5545, 3.8.7.4). `check` requires a new approval
    # after a change; each change and the cancellation add one, even on the day of the approval.
    revision = (stamp - event.date).days + len(event.changed) + (event.cancelled is not None)
    return CalendarItem(f"event-{event.id}", event.start, event.last, event, stamp, revision, event.sample)


def _of_record(kind: Kind, record: Record) -> CalendarItem | None:
    """Return the days of ``record`` from the calendar field of its kind; None if it is empty."""
    assert isinstance(record, Publishable), f"{kind.name}: only what is published is in calendars"
    days = getattr(record, kind.calendar)
    if days is None:
        return None
    start, end = (days.start, days.end) if isinstance(days, Span) else (days, days)
    stamp = max(record.date, record.approved.date if record.approved else record.date)
    name, revision = f"{kind.name}-{record.id}", (stamp - record.date).days
    return CalendarItem(name, start, end, DatedRecord(kind, record), stamp, revision, record.sample)


def _ordered(lists: Iterable[Iterable[CalendarItem]]) -> tuple[CalendarItem, ...]:
    return tuple(sorted((o for found in lists for o in found), key=lambda o: (o.start, o.end, o.name)))


# --- The wall calendar: twelve months with their items

MONTHS = 12
#: Largest number of named entries per month in print, for a single page; others are counted. Same in `print.css`.
MOST_NAMED = 5


@dataclass(frozen=True)
class WallMonth:
    """A month of the wall calendar.

    Attributes:
        first: Its first day.
        items: Items that begin in it, earliest first; in the first month also those still running.
    """

    first: date
    items: tuple[Occurrence | Event, ...]

    @property
    def left_out(self) -> int:
        """Number of its entries that are counted, not named, in print."""
        return max(0, len(self.items) - MOST_NAMED)


def months(activities: Iterable[Activity], events: Iterable[Event], as_of: date) -> tuple[WallMonth, ...]:
    """Return the twelve months from that of ``as_of``, without cancelled events."""
    listed = list(activities)
    held = [event for event in events if event.cancelled is None]
    years = range(as_of.year - 1, as_of.year + 2)
    found: list[Occurrence | Event] = [*occurrences(listed, years), *held]
    found.sort(key=lambda item: (item.start, _last(item)))
    this, *others = _firsts(as_of)
    return (_month(this, found, opens=True), *(_month(first, found, opens=False) for first in others))


def _month(first: date, found: list[Occurrence | Event], *, opens: bool) -> WallMonth:
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


def _last(item: Occurrence | Event) -> date:
    return item.last if isinstance(item, Event) else item.end
