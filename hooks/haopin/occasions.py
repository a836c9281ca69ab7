"""What a calendar holds: occurrences of activities, events of the county, and the due dates that the data states."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from haopin.calendar import Occurrence, occurrence
from haopin.catalogue import Catalogue
from haopin.records.activity import Activity
from haopin.records.base import ClauseRef
from haopin.records.body import Body
from haopin.records.document import Document
from haopin.records.ledger import Assignment
from haopin.records.news import Event
from haopin.records.phase import Phase
from haopin.records.target import Target
from haopin.records.task import Committed, Measure, Task

#: So many years after the current one are in the calendars, so that everything that comes round has a next time.
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Due:
    """What is due: a measure of ``record``, or ``record`` itself (a target, the end of a phase)."""

    record: Committed | Target
    measure: Measure | None = None


@dataclass(frozen=True)
class Occasion:
    """Something on a day or a span of days.

    Attributes:
        name: Stable name, the same in every calendar and language, in every build.
        start: First day.
        end: Last day, included.
        subject: What it is.
        stamp: Day of the latest word on it in the data.
        revision: Number that rises when the data says something else of it; readers keep the highest they know.
        sample: Whether it rests on invented sample data.
    """

    name: str
    start: date
    end: date
    subject: Occurrence | Event | Due
    stamp: date
    revision: int
    sample: bool = False


class Occasions:
    """The occasions of one catalogue as known on one day."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        """Keep what they are derived from."""
        self._catalogue, self._as_of = catalogue, as_of

    @cached_property
    def all(self) -> tuple[Occasion, ...]:
        """Every occasion, earliest first."""
        return _ordered([*self._activities.values(), self._events.values(), [due for _, due in self._dues]])

    def of_activity(self, activity: Activity) -> tuple[Occasion, ...]:
        """Return the occurrences of ``activity`` and the county's events of it."""
        events = self._catalogue.events_of_activity.get(activity.id, ())
        return _ordered([self._activities[activity.id], (self._events[event.id] for event in events)])

    def of_event(self, event: Event) -> tuple[Occasion, ...]:
        """Return the one occasion that ``event`` is."""
        return (self._events[event.id],)

    def of_body(self, body: Body) -> tuple[Occasion, ...]:
        """Return what concerns ``body``.

        That is: activities of the tasks that it answers for, the events that it holds, and due dates of the measures
        and targets for which it answers: laid upon it alone, or upon no body alone in a task that it answers for.
        """
        return self._by_body.get(body.id, ())

    @cached_property
    def _by_body(self) -> dict[str, tuple[Occasion, ...]]:
        found: dict[str, list[Occasion]] = {}
        for activity in self._catalogue.all(Activity):
            holder = self._catalogue.holder_of(activity.as_written.clause)
            for body in holder.responsible.bodies if isinstance(holder, Task) else ():
                found.setdefault(body, []).extend(self._activities[activity.id])
        for event in self._catalogue.all(Event):
            if event.body:
                found.setdefault(event.body, []).append(self._events[event.id])
        for bodies, due in self._dues:
            for body in bodies:
                found.setdefault(body, []).append(due)
        return {body: _ordered([occasions]) for body, occasions in found.items()}

    @cached_property
    def _activities(self) -> dict[str, list[Occasion]]:
        return {activity.id: list(self._occurrences(activity)) for activity in self._catalogue.all(Activity)}

    def _occurrences(self, activity: Activity) -> Iterator[Occasion]:
        """Yield every year of which something is known, and those that come.

        A past year of which nothing is known is left out: that it comes round does not say that it took place.
        """
        last = self._as_of.year + YEARS_AHEAD
        known = {edition.year for edition in activity.editions if edition.year <= last}
        for year in sorted(known.union(range(self._as_of.year, last + 1))):
            item = occurrence(activity, year)
            if item is None:
                continue
            # A theme, or a date of its own, is what the data says later of a year.
            edition = item.edition
            said = len(edition.themes) + bool(edition.start) if edition else 0
            yield Occasion(
                f"activity-{activity.id}-{year}",
                item.start,
                item.end,
                item,
                # An activity has no date of record: the document that names it does, and it says when it comes round.
                self._dated(activity.as_written.clause, item.start),
                said,
                activity.sample,
            )

    @cached_property
    def _events(self) -> dict[str, Occasion]:
        return {event.id: _of_event(event) for event in self._catalogue.all(Event)}

    @cached_property
    def _assignments(self) -> dict[str, list[Assignment]]:
        found: dict[str, list[Assignment]] = {}
        for assignment in self._catalogue.all(Assignment):
            if assignment.due:
                found.setdefault(assignment.measure, []).append(assignment)
        return found

    @cached_property
    def _dues(self) -> list[tuple[tuple[str, ...], Occasion]]:
        """Every due date, with the bodies that answer for it."""
        found = []
        for name, (holder, measure) in self._catalogue.measures.items():
            if measure.due:
                found.append((_answerable(holder, measure), self._due_measure(name, holder, measure, measure.due)))
        for target in self._catalogue.all(Target):
            if target.due:
                holder, measure = self._catalogue.measures[target.measure]
                stamp = self._dated(holder.clause, target.due)
                due = Occasion(f"target-{target.id}", target.due, target.due, Due(target), stamp, 0, target.sample)
                found.append((_answerable(holder, measure), due))
        for phase in self._catalogue.all(Phase):
            end = phase.period.end
            stamp = self._dated(phase.clause, end)
            found.append(((), Occasion(f"phase-{phase.id}", end, end, Due(phase), stamp, 0, phase.sample)))
        return found

    def _due_measure(self, name: str, holder: Committed, measure: Measure, due: date) -> Occasion:
        assignments = self._assignments.get(name, [])
        said = [day for a in assignments for day in (a.date, a.approved and a.approved.date) if day]
        return Occasion(
            # A dot parts the two ids, which have none.
            f"due-{name.replace('/', '.')}",
            due,
            due,
            Due(holder, measure),
            max(said, default=self._dated(holder.clause, due)),
            # Each assignment may set another day.
            len(assignments),
            holder.sample or any(assignment.sample for assignment in assignments),
        )

    def _dated(self, clause: ClauseRef, otherwise: date) -> date:
        """Return the day of the document that has ``clause``, or ``otherwise``: never a day that a clock gave."""
        document = self._catalogue.get(Document, clause.document)
        own = self._catalogue.document
        return document.published or document.adopted or own.published or own.adopted or otherwise


def _of_event(event: Event) -> Occasion:
    stamp = max(event.last_word, event.approved.date if event.approved else event.date)
    # Calendars keep what they have unless the number rises (RFC 5545, 3.8.7.4). What is changed is approved anew, which
    # `check` asks for, and each change and the cancellation count for one more, even on the day of the approval.
    revision = (stamp - event.date).days + len(event.changed) + (event.cancelled is not None)
    return Occasion(f"event-{event.id}", event.start, event.last, event, stamp, revision, event.sample)


def _answerable(holder: Committed, measure: Measure) -> tuple[str, ...]:
    if measure.owner:
        return (measure.owner,)
    return holder.responsible.bodies if isinstance(holder, Task) else ()


def _ordered(lists: Iterable[Iterable[Occasion]]) -> tuple[Occasion, ...]:
    return tuple(sorted((o for found in lists for o in found), key=lambda o: (o.start, o.end, o.name)))
