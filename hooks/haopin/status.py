"""Where the programme stands on a day, and why: only what dates in the data support."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from haopin.catalogue import Catalogue
from haopin.records.phase import Phase
from haopin.records.target import Target

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


def target_state(target: Target, as_of: date) -> TargetState:
    """Return the state of a target of which no result is reported.

    Nothing is called late or failed: an aim or commitment whose date has passed without a report is "period ended,
    result not published"; one without a date stays undated.
    """
    if target.due is None:
        return "undated"
    return "ended-unreported" if as_of > target.due else "open"
