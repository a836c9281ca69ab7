"""Progress of measures, targets, groups and the programme on a day, each with the rule it follows from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal

from haopin.model.body import Body
from haopin.model.ledger import Entry
from haopin.model.phase import Phase
from haopin.model.plan import Plan
from haopin.model.target import Milestone, Target, TargetNumber
from haopin.model.task import Committed, Group, Measure, Task, Work
from haopin.site.catalogue import Catalogue
from haopin.text import Text

# --- Where the programme stands on a day, and why: only what dates in the data support

Position = Literal["past", "current", "future"]
TargetState = Literal["open", "ended-unreported", "undated"]


@dataclass(frozen=True)
class PhaseState:
    """A phase and its position relative to the day of the build."""

    phase: Phase
    position: Position


def phases(catalogue: Catalogue, as_of: date) -> list[PhaseState]:
    """Return the phases in order of their start, each with its position on ``as_of``."""
    ordered = sorted(catalogue.all(Phase), key=lambda p: p.period.start)
    return [PhaseState(phase, _position(phase.period.start, phase.period.end, as_of)) for phase in ordered]


def _position(start: date, end: date, as_of: date) -> Position:
    if as_of < start:
        return "future"
    return "current" if as_of <= end else "past"


def programme(states: list[PhaseState]) -> Literal["before", "running", "between", "ended", "undated"]:
    """Return where the whole programme stands, from its phases."""
    positions = {state.position for state in states}
    if not positions:
        return "undated"
    if "current" in positions:
        return "running"
    if positions == {"future"}:
        return "before"
    return "ended" if positions == {"past"} else "between"


def description(catalogue: Catalogue, as_of: date) -> Text:
    """Return what the site says of itself on ``as_of``; another text once the time of the current plan is over."""
    site, plan = catalogue.site, catalogue.plan
    if plan.period is not None:
        is_over = plan.period.end < as_of
    else:
        is_over = programme(phases(catalogue.of_plan(plan), as_of)) == "ended"
    return site.description_ended if is_over and site.description_ended is not None else site.description


def target_state(target: Target, as_of: date) -> TargetState:
    """Return the state of a target of which no result is reported.

    Nothing is called late or failed: an aim or commitment whose date has passed without a report is "ended, no result
    published"; one without a date stays undated.
    """
    if target.due is None:
        return "undated"
    return "ended-unreported" if as_of > target.due else "open"


# --- What may be said of where a measure, a target or a whole group stands, and by which rule

State = Literal["done", "routine", "under-way", "not-started", "suspended", "late", "not-reported"]
#: Every state of a measure, in the order in which people are told of them.
STATES: tuple[State, ...] = ("done", "routine", "under-way", "not-started", "suspended", "late", "not-reported")

Rule = Literal["latest-entry", "due-passed", "by-target", "no-entry"]
Outcome = Literal["met", "within", "not-met", "late", "reported", "not-judged", "not-reported", "ended-unreported"]
TargetRule = Literal[
    "value-meets",
    "value-within",
    "value-below",
    "value-late",
    "value-about",
    "state-reached",
    "state-open",
    "state-late",
    "aim-ended",
    "no-entry",
]
Trend = Literal["up", "down", "level"]


@dataclass(frozen=True)
class MeasureStatus:
    """Where a measure stands, and why.

    Attributes:
        state: Its state on the day.
        rule: By which rule.
        entry: The entry that it rests on; None if nothing is reported.
        due: Its due date, if the data states one.
    """

    state: State
    rule: Rule
    entry: Entry | None
    due: date | None


@dataclass(frozen=True)
class MilestoneStatus:
    """Where a milestone stands: its state on the day, and the entry that this rests on, if any."""

    milestone: Milestone
    outcome: Outcome
    entry: Entry | None = None


@dataclass(frozen=True)
class TargetStatus:
    """Where a target stands, and why.

    Attributes:
        outcome: Its state on the day.
        rule: By which rule.
        entry: The latest entry, if any.
        before: The entry before it that has a value, if any.
        trend: How the latest value compares with the one before.
        age: Days since the latest entry.
        milestones: Where each milestone stands, in the order of the data.
    """

    outcome: Outcome
    rule: TargetRule
    entry: Entry | None = None
    before: Entry | None = None
    trend: Trend | None = None
    age: int | None = None
    milestones: tuple[MilestoneStatus, ...] = ()


@dataclass(frozen=True)
class StatusCounts:
    """How many measures are in each state: counts, without weights."""

    counts: Mapping[State, int]

    @property
    def total(self) -> int:
        """All measures."""
        return sum(self.counts.values())

    @property
    def reported(self) -> int:
        """Measures of which something is reported."""
        return self.total - self.counts.get("not-reported", 0)

    @property
    def state(self) -> State:
        """The state of the whole.

        ``late`` if any measure is late; ``not-reported`` if none is reported; ``done`` (or ``routine``) if all are done
        or routine; ``suspended`` if nothing is done or under way but something was suspended; ``not-started`` if the
        reported ones have not begun; else ``under-way``.
        """
        present = {state for state, count in self.counts.items() if count}
        reported = present - {"not-reported"}
        if "late" in present:
            return "late"
        if not reported:
            return "not-reported"
        if present <= {"done", "routine"}:
            return "done" if "done" in present else "routine"
        if reported <= {"not-started", "suspended"}:
            return "suspended" if "suspended" in reported else "not-started"
        return "under-way"

    @property
    def parts(self) -> tuple[tuple[State, int], ...]:
        """State and count, of the states that occur."""
        return tuple((state, self.counts[state]) for state in STATES if self.counts.get(state))


_YEAR = 365  # days

# --- Where measures and targets stand on a day, from the ledger, each with the rule and the entry that it rests on
#
# Late is only what has a due date in the data that has passed without completion, and of which something was
# reported: of what nobody has reported, the site says just that. An aim is never late. A number with “about” is never
# judged: the document does not say how near is near enough.

__all__ = [
    "STATES",
    "MeasureStatus",
    "MilestoneStatus",
    "Outcome",
    "Progress",
    "Rule",
    "State",
    "StatusCounts",
    "TargetRule",
    "TargetStatus",
    "Trend",
]


class Progress:
    """Standings of one catalogue on one day."""

    def __init__(self, catalogue: Catalogue, as_of: date) -> None:
        """Keep what they are derived from."""
        self._catalogue, self._as_of = catalogue, as_of

    @property
    def reported(self) -> bool:
        """Whether the ledger has any entry."""
        return bool(self._catalogue.entries_about)

    @cached_property
    def _position(self) -> Mapping[str, int]:
        """Place of each entry in the data, where what is written later stands later."""
        return {entry.id: number for number, entry in enumerate(self._catalogue.all(Entry))}

    def _written(self, entry: Entry) -> tuple[date, int]:
        return entry.date, self._position[entry.id]

    def _spoken(self, entry: Entry) -> tuple[date, date, int]:
        """Return what tells how late the day is of which ``entry`` speaks.

        A correction speaks of the day of the entry that it corrects: it must not outdo what was reported since. Of two
        entries on one day, that counts as later which covers the later days, and then that which was written later.
        """
        first, seen = entry, {entry.id}
        while first.corrects and first.corrects in self._position and first.corrects not in seen:
            first = self._catalogue.get(Entry, first.corrects)
            seen.add(first.id)
        return first.date, entry.covers.end if entry.covers else first.date, self._position[entry.id]

    def standing_entries(self, about: str) -> tuple[Entry, ...]:
        """Return the entries on a measure or target that no other corrects, those on the latest day first."""
        corrected = self._catalogue.correction_of
        standing = [e for e in self._catalogue.entries_about.get(about, ()) if e.id not in corrected]
        return tuple(sorted(standing, key=self._spoken, reverse=True))

    def history(self, about: str) -> tuple[Entry, ...]:
        """Return every entry on a measure or target, corrected ones too, newest first."""
        return tuple(sorted(self._catalogue.entries_about.get(about, ()), key=self._written, reverse=True))

    @cached_property
    def _standings(self) -> Mapping[str, MeasureStatus]:
        return {
            name: self._standing(name, each.due) if isinstance(each, Measure) else self._reported(name)
            for name, (_, each) in self._catalogue.statements.items()
        }

    def _is_replaced(self, measure: str) -> bool:
        """Tell whether the plan of ``measure`` was replaced: nobody is late with what no longer holds."""
        plan = self._catalogue.statements[measure][0].plan
        return any(each.id == plan and each.state == "replaced" for each in self._catalogue.all(Plan))

    def measure(self, name: str) -> MeasureStatus:
        """Return where the measure ``record/measure`` stands."""
        return self._standings[name]

    def _reported(self, name: str) -> MeasureStatus:
        """Return what older data reports of a requirement, which is never late."""
        entry = next((e for e in self.standing_entries(name) if e.state), None)
        if entry is None or entry.state is None:
            return MeasureStatus("not-reported", "no-entry", None, None)
        return MeasureStatus(entry.state, "latest-entry", entry, None)

    def _standing(self, name: str, due: date | None) -> MeasureStatus:
        entry = next((e for e in self.standing_entries(name) if e.state), None)
        if entry is None or entry.state is None:
            return self._by_target(name, due)
        open_ = entry.state not in ("done", "routine")
        if open_ and due is not None and due < self._as_of and not self._is_replaced(name):
            return MeasureStatus("late", "due-passed", entry, due)
        return MeasureStatus(entry.state, "latest-entry", entry, due)

    @cached_property
    def _targets_of_measure(self) -> Mapping[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in self._catalogue.all(Target):
            found.setdefault(target.measure, []).append(target)
        return found

    def _by_target(self, name: str, due: date | None) -> MeasureStatus:
        """Return where a measure stands of which only its target was reported on; the target then speaks for it."""
        outlooks = [self._outlooks[target.id] for target in self._targets_of_measure.get(name, ())]
        reported = [outlook for outlook in outlooks if outlook.entry is not None]
        if not reported:
            return MeasureStatus("not-reported", "no-entry", None, due)
        latest = max((o.entry for o in reported if o.entry is not None), key=lambda entry: entry.date)
        if all(outlook.outcome == "met" for outlook in outlooks):
            # A rate that is met today must be met tomorrow, too.
            kept = any(target.is_kept for target in self._targets_of_measure[name])
            return MeasureStatus("routine" if kept else "done", "by-target", latest, due)
        open_ = any(outlook.outcome not in ("met", "within", "not-judged") for outlook in outlooks)
        late = any(outlook.outcome == "late" for outlook in reported) or (
            open_ and due is not None and due < self._as_of and not self._is_replaced(name)
        )
        return MeasureStatus("late" if late else "under-way", "by-target", latest, due)

    @cached_property
    def _outlooks(self) -> Mapping[str, TargetStatus]:
        return {target.id: self._outlook(target) for target in self._catalogue.all(Target)}

    def target(self, target: Target) -> TargetStatus:
        """Return where ``target`` stands."""
        return self._outlooks[target.id]

    def _outlook(self, target: Target) -> TargetStatus:
        ended = target.due is not None and target.due < self._as_of
        entries = self.standing_entries(target.id)
        milestones = tuple(self._milestone(target, each, entries) for each in target.milestones)
        if not entries:
            unreported = TargetStatus("not-reported", "no-entry", milestones=milestones)
            return replace(unreported, outcome="ended-unreported", rule="aim-ended") if ended else unreported
        entry = entries[0]
        age = (self._as_of - entry.date).days
        late = ended and target.nature == "commitment" and not self._is_replaced(target.measure)
        number = target.number
        if number is None:
            if entry.state == "done":
                return TargetStatus("met", "state-reached", entry, age=age)
            return TargetStatus("late" if late else "reported", "state-late" if late else "state-open", entry, age=age)
        before = next((e for e in entries[1:] if e.measured is not None), None)
        trend = _trend(entry.measured, before.measured) if before is not None else None
        outcome = _compared(number, entry, ended)
        outcome = "late" if late and outcome == "not-met" else outcome
        return TargetStatus(outcome, _RULE_OF[outcome], entry, before, trend, age, milestones)

    def _milestone(self, target: Target, milestone: Milestone, entries: tuple[Entry, ...]) -> MilestoneStatus:
        """Return where ``milestone`` stands, by the ``entries`` that hold, those on the latest day first.

        While its due date lies ahead, the latest value counts. After it, the last one that speaks of a day up to the
        due date; if there is none, the first one after it: a year's figure is often reported early in the next.
        """
        ended = milestone.due < self._as_of
        valued = [entry for entry in entries if entry.measured is not None]
        on_time = [entry for entry in valued if self._spoken(entry)[1] <= milestone.due]
        entry = next(iter(on_time if ended and on_time else valued[-1:] if ended else valued), None)
        if entry is None:
            return MilestoneStatus(milestone, "ended-unreported" if ended else "not-reported")
        outcome = _compared(target.number_of(milestone), entry, ended)
        late = ended and target.nature == "commitment" and outcome == "not-met"
        late = late and not self._is_replaced(target.measure)
        return MilestoneStatus(milestone, "late" if late else outcome, entry)

    def values(self, target: Target) -> tuple[Entry, ...]:
        """Return the entries with a value on ``target``, oldest first, corrected ones too."""
        return tuple(e for e in reversed(self.history(target.id)) if e.value is not None)

    def tally(self, names: Iterable[str]) -> StatusCounts:
        """Count the measures ``names`` by state."""
        return StatusCounts(Counter(self._standings[name].state for name in names))

    def of(self, holders: Iterable[Work]) -> StatusCounts:
        """Count the measures of ``holders`` by state."""
        return self.tally(f"{holder.id}/{measure.id}" for holder in holders for measure in holder.measures)

    def task(self, task: Task) -> StatusCounts:
        """Count the measures of one task."""
        return self.of([task])

    def group(self, group: Group) -> StatusCounts:
        """Count the measures of the tasks of ``group`` and of the groups that lie in it."""
        node = self._catalogue.group_nodes.get(group.id)
        return self.of(node.tasks if node else ())

    def body(self, body: Body) -> StatusCounts:
        """Count the measures of the tasks that ``body`` answers for, with others or alone."""
        return self.of(self._catalogue.tasks_of_body.get(body.id, ()))

    @cached_property
    def programme(self) -> StatusCounts:
        """The measures of all tasks: what the plan says before and after them is no work order."""
        return self.of(self._catalogue.all(Task))

    @cached_property
    def deadlines(self) -> tuple[tuple[str, MeasureStatus], ...]:
        """Every measure with a due date, earliest first."""
        due = [(name, standing) for name, standing in self._standings.items() if standing.due is not None]
        return tuple(sorted(due, key=lambda pair: (pair[1].due, pair[0])))

    def entries_of_body(self, body: Body) -> tuple[Entry, ...]:
        """Return the entries on the tasks and targets of ``body``, newest first."""
        tasks = self._catalogue.tasks_of_body.get(body.id, ())
        return self.entries_of(tasks)

    def entries_of(self, holders: Iterable[Committed]) -> tuple[Entry, ...]:
        """Return the entries on the measures and targets of ``holders``, newest first."""
        found: list[Entry] = []
        for holder in holders:
            for statement in holder.statements:
                found += self.history(f"{holder.id}/{statement.id}")
            for target in self._catalogue.targets_of_record.get(holder.id, ()):
                found += self.history(target.id)
        return tuple(sorted(found, key=self._written, reverse=True))


#: Why a target with a number stands where it does.
_RULE_OF: Mapping[Outcome, TargetRule] = {
    "met": "value-meets",
    "within": "value-within",
    "not-met": "value-below",
    "late": "value-late",
    "not-judged": "value-about",
}


def _compared(number: TargetNumber, entry: Entry, ended: bool) -> Outcome:
    """Return how the value of ``entry`` compares with ``number``.

    Of an amount with an upper end more may come until its time has ``ended``, or for a year until a report covers one:
    up to then it is within the limit, no more.
    """
    met = number.is_met_by(entry.measured) if entry.measured is not None else False
    if met is None:
        return "not-judged"
    if met and number.is_limit:
        days = (entry.covers.end - entry.covers.start).days + 1 if entry.covers else 0
        return "met" if (days >= _YEAR if number.per else ended) else "within"
    return "met" if met else "not-met"


def _trend(value: Fraction | None, before: Fraction | None) -> Trend | None:
    if value is None or before is None:
        return None
    return "level" if value == before else "up" if value > before else "down"
