"""What may be said of where a measure, a target or a whole group stands, and by which rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from haopin.records.ledger import Entry

State = Literal["done", "routine", "under-way", "not-started", "suspended", "late", "not-reported"]
#: Every state of a measure, in the order in which people are told of them.
STATES: tuple[State, ...] = ("done", "routine", "under-way", "not-started", "suspended", "late", "not-reported")

Rule = Literal["latest-entry", "due-passed", "by-target", "no-entry"]
Outcome = Literal["met", "not-met", "late", "reported", "not-reported", "ended-unreported"]
TargetRule = Literal[
    "value-meets", "value-below", "value-late", "state-reached", "state-open", "state-late", "aim-ended", "no-entry"
]
Trend = Literal["up", "down", "level"]


@dataclass(frozen=True)
class Standing:
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
class Outlook:
    """Where a target stands, and why.

    Attributes:
        outcome: Its state on the day.
        rule: By which rule.
        entry: The latest entry, if any.
        before: The entry before it that has a value, if any.
        trend: How the latest value compares with the one before.
        age: Days since the latest entry.
    """

    outcome: Outcome
    rule: TargetRule
    entry: Entry | None = None
    before: Entry | None = None
    trend: Trend | None = None
    age: int | None = None


@dataclass(frozen=True)
class Tally:
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
