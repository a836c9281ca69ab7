"""Figure: what is to be reached, and what has been reported over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

from haopin.figures.drawing import NARROW, Bar, Dot, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, SMALL, STRONG, width, wrapped
from haopin.figures.placing import Free, around


class Actual(NamedTuple):
    """A row: the day of a value, the value, and whether it has been corrected since, so that it no longer holds."""

    day: date
    value: float
    corrected: bool


def actuals(
    rows: Sequence[Actual],
    goal: float | None,
    goal_words: str,
    open_ended: bool,
    as_of: date,
    size: int,
    day_words: Callable[[date], str],
    value_words: Callable[[float], str],
) -> Drawing:
    """Draw the values of ``rows`` over time, those that hold joined by lines, and the goal across.

    The last, highest, lowest and first value are written beside their dots where they cover nothing.

    Args:
        rows: In any order; those of one day stay in theirs.
        goal: The value to be reached; None if there is none on this scale.
        goal_words: What stands at its line, or at the foot if there it would cover something.
        open_ended: More than ``goal`` is as good.
        as_of: Marked if it is after the last day of ``rows``.
        size: Width of the drawing.
        day_words: A day in words.
        value_words: A value with its unit, in as few letters as possible; for the marks of the axis, too.
    """
    if not rows:
        return Drawing(size, 6, ())
    rows = sorted(rows, key=lambda row: row.day)
    days = sorted({rows[0].day, rows[-1].day, max(rows[-1].day, as_of)})
    marks = ticks([row.value for row in rows] + ([] if goal is None else [goal]))
    labels = [wrapped(value_words(mark), size * 0.35 / SMALL, 1)[0] for mark in marks]
    # What is all of one day does not stand at the edge.
    start = days[0] if rows[0].day < rows[-1].day else days[0] - (days[-1] - days[0]) / 2
    left = to_tenth(14 + max(map(width, labels)) * SMALL)
    plot = _Plot(left, size - 8.0, 178.0 if size == NARROW else 218.0, marks, start, days[-1])
    x, y, right, axis = plot.x, plot.y, plot.right, plot.bottom + 28

    holding = [row for row in rows if not row.corrected]
    radius = 4.5 if len(rows) <= size / 20 else 2.5
    dots = [Dot(x(row.day), y(row.value), radius + 1, "corrected") for row in rows if row.corrected]
    dots += [Dot(x(row.day), y(row.value), radius, "main") for row in holding]
    ground: list[Shape] = [Line(left, y(mark), right, y(mark), "grid") for mark in marks]
    words = [Word(left - 8, y(mark) + 4.5, label, "soft", "end") for mark, label in zip(marks, labels, strict=True)]
    lines = [Line(x(one.day), y(one.value), x(two.day), y(two.value), "course") for one, two in pairwise(holding)]
    beyond = days[-1] > rows[-1].day
    if beyond:
        lines.insert(0, Line(x(as_of), 6, x(as_of), axis, "today"))
    if goal is not None:
        lines.insert(0, Line(left, y(goal), right, y(goal), "goal-line"))
        if open_ended:
            # More is as good: up to the edge.
            ground.insert(0, Bar(left, 6, to_tenth(right - left), to_tenth(y(goal) - 6), "beyond"))

    free = Free((left + 2, 4, right, axis - 2), [around(dot) for dot in dots], lines)
    named = goal is not None and free.place(
        _along(goal_words, y(goal), left + 6, x(as_of) - 8 if beyond else right - 6)
    )
    for row, below in _telling(holding or rows):
        free.place(_beside(x(row.day), y(row.value), value_words(row.value), below))
    placed = free.words
    if goal is not None and open_ended:
        placed = [word._replace(style="on-beyond") if word.y < y(goal) else word for word in placed]
    ground += [Line(left, axis, right, axis, "axis"), *(Line(x(day), axis, x(day), axis + 5, "axis") for day in days)]
    key = "" if goal is None or named else goal_words
    foot, height = _foot([(x(day), day_words(day)) for day in days], key, axis, size)
    return Drawing(size, height, (*ground, *lines, *dots, *words, *foot, *placed))


def ticks(values: Sequence[float]) -> list[float]:
    """Return two to four round numbers, equally far apart, that have all ``values`` between them.

    They stay within 0 to 100 if all values do. If these are whole numbers, so are they.
    """
    low, high = min(values), max(values)
    if high - low <= abs(high) * 1e-9:
        spread = abs(high) / 10 or 1
        share = low >= 0 and high <= 100
        low, high = (max(low - spread, 0), min(high + spread, 100)) if share else (low - spread, high + spread)
    power = floor(log10((high - low) / 3))
    if all(float(value).is_integer() for value in values):
        power = max(power, 0)
    # Steps of 1, 2 and 5 go into 100.
    for step in (factor * 10.0**exponent for exponent in range(power, power + 3) for factor in (1, 2, 5)):
        first, last = floor(round(low / step, 6)), ceil(round(high / step, 6))
        if last - first <= 3:
            break
    return [round(number * step, max(0, -power)) for number in range(first, last + 1)]


@dataclass(frozen=True)
class _Plot:
    """Where days and values lie: between ``left`` and ``right``, the lowest of ``marks`` at ``bottom``."""

    left: float
    right: float
    bottom: float
    marks: Sequence[float]
    start: date
    end: date

    def x(self, day: date) -> float:
        share = (day - self.start) / (self.end - self.start) if self.end > self.start else 0.5
        return to_tenth(self.left + 18 + (self.right - self.left - 36) * share)

    def y(self, value: float) -> float:
        # Above the highest mark and below the lowest there is room for words.
        share = (value - self.marks[0]) / (self.marks[-1] - self.marks[0])
        return to_tenth(self.bottom - (self.bottom - 28) * share)


def _along(words: str, y: float, left: float, right: float) -> list[Word]:
    """Return places for the words of the goal: above its line or below, at the right end or the left."""
    return [
        place
        for baseline in (y - 7, y + 18)
        for place in (Word(right, baseline, words, "strong", "end"), Word(left, baseline, words, "strong"))
    ]


def _telling(rows: Sequence[Actual]) -> list[tuple[Actual, bool]]:
    """Return the last, highest, lowest and first of ``rows``, each once, and whether its value belongs below."""
    highest, lowest = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    found = dict.fromkeys((rows[-1], highest, lowest, rows[0]))
    return [(row, row.value == lowest.value < highest.value) for row in found]


def _beside(x: float, y: float, words: str, below: bool) -> list[Word]:
    """Return places for the words of a dot: above or below it, at its right or left."""
    over, under = (
        [
            Word(x, baseline, words, "name", "middle"),
            Word(x - 2, baseline, words, "name"),
            Word(x + 2, baseline, words, "name", "end"),
        ]
        for baseline in (y - 11, y + 21)
    )
    sides = [Word(x + 10, y + 5, words, "name"), Word(x - 10, y + 5, words, "name", "end")]
    return [*under, *over, *sides] if below else [*over, *under, *sides]


def _foot(days: Sequence[tuple[float, str]], key: str, axis: float, size: float) -> tuple[list[Shape], float]:
    """Return what stands below the axis, and where it ends: the days on up to three lines, and the goal's words if any.

    These stand behind a piece of its line.
    """
    free = Free((0, axis, size, axis + 60), [], [])
    for x, words in days:
        (text,) = wrapped(words, (size - 8) / SMALL, 1)
        half = width(text) * SMALL / 2
        middle = to_tenth(min(max(x, half + 4), size - half - 4))
        free.place(Word(middle, axis + 19 + 18 * line, text, "soft", "middle") for line in range(3))
    y = max(word.y for word in free.words)
    if not key:
        return [*free.words], y + 10
    lines = wrapped(key, (size - 46) / STRONG, 3)
    named = [Word(38, y + LEADING * number + 5, line, "strong") for number, line in enumerate(lines, start=1)]
    return [*free.words, Line(8, y + LEADING, 30, y + LEADING, "goal-line"), *named], named[-1].y + 10
