"""Geometry of the figures: where every bar, dot and label lies. Templates draw it as SVG, tables stand behind.

All lengths are in units of the drawing, which is 360 wide: a phone shows it at about one unit a pixel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haopin.calendar import Occurrence
from haopin.status import PhaseState

WIDTH = 360


@dataclass(frozen=True)
class Tick:
    """A mark on the axis: the first of a month at ``x``."""

    x: float
    month: date


@dataclass(frozen=True)
class PhaseBar:
    """A phase as a bar: its row's top ``y``, from ``x``, ``width`` wide."""

    state: PhaseState
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class PhaseChart:
    """Phases over time; ``today`` is the x of the build's day, None outside the axis."""

    height: float
    axis_y: float
    ticks: tuple[Tick, ...]
    bars: tuple[PhaseBar, ...]
    today: float | None


def phase_chart(states: Sequence[PhaseState], as_of: date) -> PhaseChart:
    """Lay out the phases: one row each, months along the axis. ``states`` must not be empty."""
    first = min(state.phase.period.start for state in states).replace(day=1)
    last = max(state.phase.period.end for state in states)
    end = _next_month(last)
    left, right, row, top = 6.0, WIDTH - 6.0, 52.0, 8.0

    def x(day: date) -> float:
        return round(left + (right - left) * (day - first).days / (end - first).days, 1)

    months, month = [], first
    while month < end:
        months.append(month)
        month = _next_month(month)
    # About ten labels fit beside each other.
    step = -(-len(months) // 10)
    bars = tuple(
        PhaseBar(
            state,
            x(state.phase.period.start),
            top + row * index,
            round(x(state.phase.period.end + timedelta(days=1)) - x(state.phase.period.start), 1),
        )
        for index, state in enumerate(states)
    )
    axis_y = top + row * len(states) + 4
    ticks = tuple(Tick(x(month), month) for month in months[::step])
    return PhaseChart(axis_y + 24, axis_y, ticks, bars, x(as_of) if first <= as_of < end else None)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class CalendarMark:
    """An occurrence in the year calendar: its label, and below it a dot (``width`` 0) or a bar at ``x``, ``y``."""

    occurrence: Occurrence
    x: float
    y: float
    width: float
    label_y: float
    past: bool


@dataclass(frozen=True)
class CalendarMonth:
    """A month's row: its number, top and height."""

    number: int
    y: float
    height: float


@dataclass(frozen=True)
class YearChart:
    """The year calendar; ``today`` is (x, y of the row's middle) of the build's day if it is in this year."""

    year: int
    height: float
    left: float
    right: float
    months: tuple[CalendarMonth, ...]
    marks: tuple[CalendarMark, ...]
    today: tuple[float, float] | None


def year_chart(found: Iterable[Occurrence], year: int, as_of: date) -> YearChart:
    """Lay out the occurrences of ``year``: a row a month, days along it, one line an occurrence."""
    left, right, line, gap = 44.0, WIDTH - 8.0, 36.0, 18.0

    def x(day: int) -> float:
        return round(left + (right - left) * (day - 1) / 30, 1)

    by_month: dict[int, list[Occurrence]] = {}
    for item in found:
        if item.year == year:
            by_month.setdefault(item.start.month, []).append(item)
    months, marks, y, today = [], [], 4.0, None
    for number in range(1, 13):
        items = by_month.get(number, [])
        height = max(gap, line * len(items))
        months.append(CalendarMonth(number, y, height))
        for index, item in enumerate(items):
            start = x(item.start.day)
            last = item.end.day if item.end.month == number else 31
            width = 0.0 if item.start == item.end else round(x(last) - start, 1)
            # The label has a line of its own: beside the dot a long name would not always fit.
            top = y + line * index
            marks.append(CalendarMark(item, start, top + 26, width, top + 15, item.end < as_of))
        if as_of.year == year and as_of.month == number:
            today = x(as_of.day), y + height / 2
        y += height
    return YearChart(year, y + 4, left, right, tuple(months), tuple(marks), today)


@dataclass(frozen=True)
class CountBar:
    """One bar of a bar chart: what is counted, its address, how many, and where it lies."""

    label: str
    address: str
    count: int
    y: float
    width: float


@dataclass(frozen=True)
class CountChart:
    """A horizontal bar chart of counts."""

    height: float
    bars: tuple[CountBar, ...]


def count_chart(rows: Iterable[tuple[str, str, int]]) -> CountChart:
    """Lay out (label, address, count) rows: the label above its bar, the longest bar filling the width."""
    listed = list(rows)
    most = max((count for _, _, count in listed), default=0)
    row = 36.0
    bars = tuple(
        CountBar(label, address, count, row * index, round((WIDTH - 40) * count / most, 1) if most else 0.0)
        for index, (label, address, count) in enumerate(listed)
    )
    return CountChart(row * len(listed) + 4, bars)
