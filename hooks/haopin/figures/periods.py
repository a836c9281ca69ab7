"""Figure: phases over time."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from haopin.figures.drawing import Bar, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, SMALL, STRONG, TEXT, width, wrapped


class Period(NamedTuple):
    """A row: what it is called, its first and last day, where it lies (``past``, ``current``, ``future``), in words."""

    label: str
    start: date
    end: date
    position: str
    words: str


def periods(rows: Sequence[Period], as_of: date, months: Sequence[str], size: int) -> Drawing:
    """Draw ``rows``, a bar each with its name above it, months along the axis.

    Args:
        rows: At least one.
        as_of: The day that is marked, if it lies on the axis.
        months: Short names of the twelve months.
        size: Width of the drawing.
    """
    first = min(row.start for row in rows).replace(day=1)
    end = next_month(max(row.end for row in rows))
    left, right, bar = 8.0, size - 8.0, 24.0

    def x(day: date) -> float:
        return to_tenth(left + (right - left) * (day - first).days / (end - first).days)

    shapes: list[Shape] = []
    words: list[Shape] = []
    y = 4.0
    for row in rows:
        start, length = x(row.start), x(row.end + timedelta(days=1)) - x(row.start)
        for line in wrapped(row.label, (right - left) / STRONG, 2):
            y += LEADING
            # A name begins above its bar, or as far right as it has room.
            words.append(Word(to_tenth(max(left, min(start, right - width(line) * STRONG))), y - 4, line, "name"))
        shapes.append(Bar(start, y + 2, to_tenth(length), bar, f"phase-{row.position}", 4))
        room = width(row.words) * (STRONG if row.position == "current" else TEXT) + 16
        if length >= room:
            words.append(Word(start + 8, y + 19, row.words, f"in-{row.position}"))
        elif start + length + room <= right:
            words.append(Word(to_tenth(start + length + 6), y + 19, row.words, "aside"))
        else:
            words.append(Word(start - 6, y + 19, row.words, "aside", "end"))
        y += bar + 14
    axis = y
    shapes.append(Line(left, axis, right, axis, "axis"))
    month = first
    every = -(-_months_between(first, end) // (size // 60))
    number = 0
    while month < end:
        if number % every == 0:
            shapes.append(Line(x(month), axis, x(month), axis + 5, "axis"))
            # Only the first month, and each January, needs its year.
            labels = [months[month.month - 1]] + [str(month.year)] * (number == 0 or month.month <= every)
            for index, label in enumerate(labels):
                # The last month may be narrower than its name.
                at = min(x(month), to_tenth(size - 2 - width(label) * SMALL))
                words.append(Word(at, axis + 19 + 15 * index, label, "soft"))
        month, number = next_month(month), number + 1
    if first <= as_of < end:
        shapes.append(Line(x(as_of), 2, x(as_of), axis + 5, "today"))
    # Words last: no line crosses them out.
    return Drawing(size, axis + 42, (*shapes, *words))


def next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _months_between(first: date, end: date) -> int:
    return (end.year - first.year) * 12 + end.month - first.month
