"""Progress of measures, targets, groups and the programme on a date, each with the applied rule."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from haopin.model.body import Body
from haopin.model.ledger import Entry
from haopin.model.phase import Phase
from haopin.model.plan import Plan
from haopin.model.target import Milestone, Target, TargetNumber
from haopin.model.task import Committed, Group, Measure, Task, Work
from haopin.site.catalogue import Catalogue
from haopin.text import Text
from haopin.trace import derived, question

# --- Status of the programme on a date, derived only from dates in the data

Position = Literal["past", "current", "future"]
TargetState = Literal["open", "ended-unreported", "undated"]


@dataclass(frozen=True)
class PhaseState:
    """A phase and its position relative to the date of the build."""

    phase: Phase
    position: Position


def phases(catalogue: Catalogue, as_of: date) -> list[PhaseState]:
    """Return the phases by start, each with its position relative to ``as_of``."""
    ordered = sorted(catalogue.all(Phase), key=lambda p: p.period.start)
    return [PhaseState(phase, _position(phase.period.start, phase.period.end, as_of)) for phase in ordered]


def _position(start: date, end: date, as_of: date) -> Position:
    if as_of < start:
        return "future"
    return "current" if as_of <= end else "past"


def programme(states: list[PhaseState]) -> Literal["before", "running", "between", "ended", "undated"]:
    """Return the position of the whole programme, from its phases."""
    positions = {state.position for state in states}
    if not positions:
        return "undated"
    if "current" in positions:
        return "running"
    if positions == {"future"}:
        return "before"
    return "ended" if positions == {"past"} else "between"


def description(catalogue: Catalogue, as_of: date) -> Text:
    """Return the description of the site on ``as_of``; a different text after the end of the current plan."""
    site, plan = catalogue.site, catalogue.plan
    if plan.period is not None:
        is_over = plan.period.end < as_of
    else:
        is_over = programme(phases(catalogue.of_plan(plan), as_of)) == "ended"
    return site.description_ended if is_over and site.description_ended is not None else site.description


def target_state(target: Target, as_of: date) -> TargetState:
    """Return the state of a target without a reported result.

    Nothing is called late or failed: an aim or commitment whose date has passed without a report has "no result on
    this site"; one without a date stays undated.
    """
    if target.due is None:
        return "undated"
    return "ended-unreported" if as_of > target.due else "open"


# --- States of measures, targets and groups, with the rules

State = Literal["done", "routine", "under-way", "not-started", "suspended", "late", "not-reported"]
#: All states of a measure, in display order.
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
    """Status of a measure.

    Attributes:
        state: Its state on the date.
        rule: The applied rule.
        entry: The ledger entry on which it is based; None without a report.
        due: Its due date, if the data has one.
    """

    state: State
    rule: Rule
    entry: Entry | None
    due: date | None


#: Status of a measure without due date and reports, as most are at first.
_SILENT = MeasureStatus("not-reported", "no-entry", None, None)


@dataclass(frozen=True)
class MilestoneStatus:
    """Status of a milestone: its state on the date, and the ledger entry on which it is based, if any."""

    milestone: Milestone
    outcome: Outcome
    entry: Entry | None = None


@dataclass(frozen=True)
class TargetStatus:
    """Status of a target.

    Attributes:
        outcome: Its state on the date.
        rule: The applied rule.
        entry: The latest entry, if any.
        before: The previous entry with a value, if any.
        trend: Comparison of the latest value with the previous one.
        age: Days since the latest entry.
        milestones: Status of each milestone, in the order of the data.
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
    """Number of measures in each state, without weights."""

    counts: Mapping[State, int]

    @property
    def total(self) -> int:
        """Number of all measures."""
        return sum(self.counts.values())

    @property
    def reported(self) -> int:
        """Number of measures with a report."""
        return self.total - self.counts.get("not-reported", 0)

    @property
    def state(self) -> State:
        """The state of the whole.

        ``late`` if any measure is late; ``not-reported`` if none has a report; ``done`` (or ``routine``) if all are so;
        ``suspended`` if none is done or under way and some are suspended; ``not-started`` if those with a
        report have not begun; else ``under-way``.
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
        """State and count of the states that occur."""
        return tuple((state, self.counts[state]) for state in STATES if self.counts.get(state))


_YEAR = 365  # days

# --- Status of measures and targets on a date, from the ledger, with the rule and the entry
#
# A measure is late only if its due date in the data has passed without completion and there is a report; without one,
# its state is “not reported”. An aim is never late. A number with “about” is never compared, because the document gives
# no tolerance.

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
    """Status of measures and targets of one catalogue on one date."""

    def __init__(self, catalogue: Catalogue, as_of: date, trace_name: str = "") -> None:
        """Store the sources; ``trace_name`` is the name of this service in `haopin.trace`."""
        self._catalogue, self._as_of, self.trace_name = catalogue, as_of, trace_name

    @property
    def reported(self) -> bool:
        """Whether the ledger has entries."""
        return self._catalogue.has(Entry)

    @derived
    def _position(self) -> Mapping[str, int]:
        """Position of each entry in the data; later entries have higher ones."""
        return {entry.id: number for number, entry in enumerate(self._catalogue.all(Entry))}

    def _written(self, entry: Entry) -> tuple[date, int]:
        return entry.date, self._position[entry.id]

    def _spoken(self, entry: Entry) -> tuple[date, date, int]:
        """Return the sort key of ``entry`` by the date that it is about.

        A correction has the date of the corrected entry, so that it does not override later reports. Of two entries of
        one date, the one with the later period counts as later, then the one written later.
        """
        first, seen = entry, {entry.id}
        while first.corrects and first.corrects in self._position and first.corrects not in seen:
            first = self._catalogue.get(Entry, first.corrects)
            seen.add(first.id)
        return first.date, entry.covers.end if entry.covers else first.date, self._position[entry.id]

    def standing_entries(self, about: str) -> tuple[Entry, ...]:
        """Return the uncorrected entries on a measure or target, latest date first."""
        entries = self._catalogue.entries_about.get(about)
        if not entries:
            return ()
        corrected = self._catalogue.correction_of
        standing = [e for e in entries if e.id not in corrected]
        return tuple(sorted(standing, key=self._spoken, reverse=True))

    def history(self, about: str) -> tuple[Entry, ...]:
        """Return all entries on a measure or target, including corrected ones, newest first."""
        entries = self._catalogue.entries_about.get(about)
        return tuple(sorted(entries, key=self._written, reverse=True)) if entries else ()

    @derived
    def _standings(self) -> Mapping[str, MeasureStatus]:
        return {
            name: self._standing(name, each.due) if isinstance(each, Measure) else self._reported(name)
            for name, (_, each) in self._catalogue.statements.items()
        }

    def _is_replaced(self, measure: str) -> bool:
        """Return whether the plan of ``measure`` was replaced; its measures are then never late."""
        plan = self._catalogue.statements[measure][0].plan
        return any(each.id == plan and each.state == "replaced" for each in self._catalogue.all(Plan))

    @question
    def measure(self, name: str) -> MeasureStatus:
        """Return the status of the measure ``record/measure``."""
        return self._standings[name]

    def _reported(self, name: str) -> MeasureStatus:
        """Return the status of a requirement in older data, which is never late."""
        entry = next((e for e in self.standing_entries(name) if e.state), None)
        if entry is None or entry.state is None:
            return _SILENT
        return MeasureStatus(entry.state, "latest-entry", entry, None)

    def _standing(self, name: str, due: date | None) -> MeasureStatus:
        if due is None and name not in self._catalogue.entries_about and name not in self._targets_of_measure:
            return _SILENT
        entry = next((e for e in self.standing_entries(name) if e.state), None)
        if entry is None or entry.state is None:
            return self._by_target(name, due)
        open_ = entry.state not in ("done", "routine")
        if open_ and due is not None and due < self._as_of and not self._is_replaced(name):
            return MeasureStatus("late", "due-passed", entry, due)
        return MeasureStatus(entry.state, "latest-entry", entry, due)

    @derived
    def _targets_of_measure(self) -> Mapping[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in self._catalogue.all(Target):
            found.setdefault(target.measure, []).append(target)
        return found

    def _by_target(self, name: str, due: date | None) -> MeasureStatus:
        """Return the status of a measure without reports of its own, derived from its target."""
        outlooks = [self._outlooks[target.id] for target in self._targets_of_measure.get(name, ())]
        reported = [outlook for outlook in outlooks if outlook.entry is not None]
        if not reported:
            return MeasureStatus("not-reported", "no-entry", None, due)
        latest = max((o.entry for o in reported if o.entry is not None), key=lambda entry: entry.date)
        if all(outlook.outcome == "met" for outlook in outlooks):
            # A rate must stay met: the measure is ongoing.
            kept = any(target.is_kept for target in self._targets_of_measure[name])
            return MeasureStatus("routine" if kept else "done", "by-target", latest, due)
        open_ = any(outlook.outcome not in ("met", "within", "not-judged") for outlook in outlooks)
        late = any(outlook.outcome == "late" for outlook in reported) or (
            open_ and due is not None and due < self._as_of and not self._is_replaced(name)
        )
        return MeasureStatus("late" if late else "under-way", "by-target", latest, due)

    @derived
    def _outlooks(self) -> Mapping[str, TargetStatus]:
        return {target.id: self._outlook(target) for target in self._catalogue.all(Target)}

    def target(self, target: Target) -> TargetStatus:
        """Return the status of ``target``."""
        return self._outlook_of(target.id)

    @question
    def _outlook_of(self, target: str) -> TargetStatus:
        return self._outlooks[target]

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
        """Return the status of ``milestone``, from the valid ``entries``, latest date first.

        Before its due date, the latest value counts. After it, the last value up to the due date counts; if there is
        none, the first one after it, because the figure of a year is often reported early in the next.
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
        """Return the entries on ``target`` with a value, including corrected ones, oldest first."""
        return tuple(e for e in reversed(self.history(target.id)) if e.value is not None)

    def tally(self, names: Iterable[str]) -> StatusCounts:
        """Count the measures ``names`` by state."""
        return StatusCounts(Counter(self._standings[name].state for name in names))

    def of(self, holders: Iterable[Work]) -> StatusCounts:
        """Count the measures of ``holders`` by state."""
        return self.tally(f"{holder.id}/{measure.id}" for holder in holders for measure in holder.measures)

    def task(self, task: Task) -> StatusCounts:
        """Count the measures of one task."""
        return StatusCounts(Counter(self.states(task.id)))

    @question
    def states(self, task_id: str) -> tuple[State, ...]:
        """Return the states of the measures of a task, in their order."""
        names = (f"{task_id}/{measure.id}" for measure in self._catalogue.get(Task, task_id).measures)
        return tuple(self._standings[name].state for name in names)

    def group(self, group: Group) -> StatusCounts:
        """Count the measures of the tasks of ``group`` and its subgroups."""
        return self._of_group(group.id)

    @question
    def _of_group(self, group_id: str) -> StatusCounts:
        node = self._catalogue.group_nodes.get(group_id)
        return self.of(node.tasks if node else ())

    def body(self, body: Body) -> StatusCounts:
        """Count the measures of the tasks that ``body`` is responsible for, alone or with others."""
        return self._of_body(body.id)

    @question
    def _of_body(self, body_id: str) -> StatusCounts:
        return self.of(self._catalogue.tasks_of_body.get(body_id, ()))

    @property
    def programme(self) -> StatusCounts:
        """Counts of the measures of all tasks, without those of other records."""
        return self._of_all()

    @question
    def _of_all(self) -> StatusCounts:
        return self.of(self._catalogue.all(Task))

    @derived
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


#: Rules for the states of a target with a number.
_RULE_OF: Mapping[Outcome, TargetRule] = {
    "met": "value-meets",
    "within": "value-within",
    "not-met": "value-below",
    "late": "value-late",
    "not-judged": "value-about",
}


def _compared(number: TargetNumber, entry: Entry, ended: bool) -> Outcome:
    """Return the result of comparing the value of ``entry`` with ``number``.

    An amount with an upper limit may still grow until its period has ``ended``, or for a yearly limit until a report
    covers a year; until then it counts only as within the limit.
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
