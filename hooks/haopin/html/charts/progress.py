"""Charts of progress: values over time, targets, shares and counts of states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

from haopin.html.charts.drawing import (
    LEADING,
    NARROW,
    SMALL,
    STRONG,
    TEXT,
    Bar,
    Diamond,
    Dot,
    Drawing,
    LabelPlacer,
    Line,
    Shape,
    Word,
    around,
    to_tenth,
    width,
    wrapped,
)

# --- Chart: reported values over time, and the target value


class Actual(NamedTuple):
    """A row: date of a value, the value, and whether a later correction replaced it."""

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
    *,
    less: bool = False,
    to: float | None = None,
) -> Drawing:
    """Draw the values of ``rows`` over time, with lines between valid ones, and a line at the goal.

    The last, highest, lowest and first value are written beside their dots if they cover nothing.

    Args:
        rows: In any order; the order within a day is kept.
        goal: The target value; None if there is none on this scale.
        goal_words: Label of its line, at the foot if it would cover something there.
        open_ended: Whether values above ``goal`` meet it.
        as_of: Date that is marked if it is after the last day of ``rows``.
        size: Width of the drawing.
        day_words: Formats a date.
        value_words: Formats a value with its unit, as short as possible; also for the axis.
        less: Whether values below ``goal`` meet it.
        to: Upper end of a range that begins at ``goal``.
    """
    if not rows:
        return Drawing(size, 6, ())
    rows = sorted(rows, key=lambda row: row.day)
    days = sorted({rows[0].day, rows[-1].day, max(rows[-1].day, as_of)})
    marks = ticks([row.value for row in rows] + [end for end in (goal, to) if end is not None])
    labels = [wrapped(value_words(mark), size * 0.35 / SMALL, 1)[0] for mark in marks]
    # If all values have the same date, it is not at the edge.
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
        lines[:0] = [Line(left, y(end), right, y(end), "goal-line") for end in (goal, to) if end is not None]
        # The band of values that meet the goal extends to the edge.
        top = 6 if open_ended else y(goal) if to is None else y(to)
        bottom = axis if less else y(goal)
        if bottom > top:
            ground.insert(0, Bar(left, top, to_tenth(right - left), to_tenth(bottom - top), "beyond"))

    free = LabelPlacer((left + 2, 4, right, axis - 2), [around(dot) for dot in dots], lines)
    named = goal is not None and free.place(
        _along(goal_words, y(goal), left + 6, x(as_of) - 8 if beyond else right - 6)
    )
    for row, below in _telling(holding or rows):
        free.place(_beside(x(row.day), y(row.value), value_words(row.value), below))
    placed = free.words
    if goal is not None and bottom > top:
        placed = [word._replace(style="on-beyond") if top < word.y < bottom else word for word in placed]
    ground += [Line(left, axis, right, axis, "axis"), *(Line(x(day), axis, x(day), axis + 5, "axis") for day in days)]
    key = "" if goal is None or named else goal_words
    foot, height = _foot([(x(day), day_words(day)) for day in days], key, axis, size)
    return Drawing(size, height, (*ground, *lines, *dots, *words, *foot, *placed))


def ticks(values: Sequence[float]) -> list[float]:
    """Return two to four round numbers, equally spaced, that enclose all ``values``.

    They are within 0 to 100 if all values are, and integers if all values are.
    """
    low, high = min(values), max(values)
    if high - low <= abs(high) * 1e-9:
        spread = abs(high) / 10 or 1
        share = low >= 0 and high <= 100
        low, high = (max(low - spread, 0), min(high + spread, 100)) if share else (low - spread, high + spread)
    power = floor(log10((high - low) / 3))
    if all(float(value).is_integer() for value in values):
        power = max(power, 0)
    # Steps of 1, 2 and 5 divide 100.
    for step in (factor * 10.0**exponent for exponent in range(power, power + 3) for factor in (1, 2, 5)):
        first, last = floor(round(low / step, 6)), ceil(round(high / step, 6))
        if last - first <= 3:
            break
    return [round(number * step, max(0, -power)) for number in range(first, last + 1)]


@dataclass(frozen=True)
class _Plot:
    """Scale of days and values: between ``left`` and ``right``, the lowest of ``marks`` at ``bottom``."""

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
        # Space for words above the highest mark and below the lowest.
        share = (value - self.marks[0]) / (self.marks[-1] - self.marks[0])
        return to_tenth(self.bottom - (self.bottom - 28) * share)


def _along(words: str, y: float, left: float, right: float) -> list[Word]:
    """Return possible places for the label of the goal: above or below its line, at the right or left end."""
    return [
        place
        for baseline in (y - 7, y + 18)
        for place in (Word(right, baseline, words, "strong", "end"), Word(left, baseline, words, "strong"))
    ]


def _telling(rows: Sequence[Actual]) -> list[tuple[Actual, bool]]:
    """Return the last, highest, lowest and first of ``rows``, each once, and whether its label goes below the dot."""
    highest, lowest = max(rows, key=lambda row: row.value), min(rows, key=lambda row: row.value)
    found = dict.fromkeys((rows[-1], highest, lowest, rows[0]))
    return [(row, row.value == lowest.value < highest.value) for row in found]


def _beside(x: float, y: float, words: str, below: bool) -> list[Word]:
    """Return possible places for the label of a dot: above, below, right or left of it."""
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
    """Return the labels below the axis (days on up to three lines, and that of the goal, if any), and where they end.

    A sample of its line precedes the latter.
    """
    free = LabelPlacer((0, axis, size, axis + 60), [], [])
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


# --- Chart: targets with the latest reported value, if there is one


class Goal(NamedTuple):
    """A row: name, position on a scale of 0 to 100 if any, and texts.

    Attributes:
        label: Name of the target.
        value: 0 to 100; None for a state to be achieved.
        open_ended: Whether values above ``value`` meet it.
        aim: Whether it is an aim, not a commitment.
        nature: The same in words, so that the outline is not the only distinction.
        mark: Label of the mark, such as “≥ 90%”.
        words: Latest result in words.
        actual: Latest reported value, 0 to 100.
        less: Whether values below ``value`` meet it.
        to: Upper end of a range that begins at ``value``.
        full: End of the scale, if it is not 100.
    """

    label: str
    value: float | None
    open_ended: bool
    aim: bool
    nature: str
    mark: str
    words: str
    actual: float | None = None
    less: bool = False
    to: float | None = None
    full: float | None = None


def goals(rows: Sequence[Goal], size: int) -> Drawing:
    """Draw a track with the target mark for each of ``rows``; dashed for an aim, without scale for a state."""
    left, right = 10.0, size - 14.0
    shapes: list[Shape] = []
    y = 4.0
    for row in rows:
        room = right - left
        for line in wrapped(row.label, room / STRONG, 2):
            shapes.append(Word(left, y + 16, line, "strong"))
            y += LEADING
        y += 8
        track = "track-aim" if row.aim else "track"
        if row.value is None:
            shapes += [Bar(left, y, to_tenth(right - left), 16, track, 8), Diamond(right - 8, y + 8, 10, "mark")]
            shapes.append(Word(right - 24, y + 32, row.mark, "strong", "end"))
        else:
            full = row.full or 100
            at = to_tenth(left + (right - left) * row.value / full)
            end = at if row.to is None else to_tenth(left + (right - left) * row.to / full)
            shapes.append(Bar(left, y, to_tenth(right - left), 16, track, 8))
            low, high = left if row.less else at, right if row.open_ended else end
            if low < high:
                shapes.append(Bar(low, y, to_tenth(high - low), 16, "reach", 4))
            shapes += [Line(x, y - 4, x, y + 20, "goal") for x in dict.fromkeys((at, end))]
            # A change in the other direction is given in words only.
            if row.actual is not None and row.actual >= 0:
                shapes.append(Dot(to_tenth(left + (right - left) * row.actual / full), y + 8, 6, "actual"))
            half = width(row.mark) * STRONG / 2
            middle = min(max(at, left + half), right - half)
            if middle - half > left + SMALL:
                shapes.append(Word(left, y + 32, "0", "soft"))
            shapes.append(Word(to_tenth(middle), y + 32, row.mark, "strong", "middle"))
        y += 32 + LEADING
        for line in wrapped(f"{row.nature} \u00b7 {row.words}", room / SMALL, 2):
            shapes.append(Word(left, y, line, "soft"))
            y += LEADING
        y += 8
    return Drawing(size, y, tuple(shapes))


# --- Chart: number of measures by state

#: In the order of the legend. More progress has a fuller fill, so that states are distinguished without colours.
_STATES = ("done", "routine", "under-way", "not-started", "suspended", "late", "not-reported")
_HEIGHT, _SWATCH, _GAP = 24.0, 24.0, 2.0
#: Smallest length of a part, gap included, where not all numbers fit: one in a thousand must be visible.
_LEAST = 7.0


class Share(NamedTuple):
    """A row: its name, and the number in each state, in drawing order."""

    label: str
    parts: tuple[tuple[str, int], ...]


def shares(rows: Sequence[Share], words: Mapping[str, str], size: int) -> Drawing:
    """Draw a bar of equal length for each of ``rows``, divided by its counts; a legend is above them.

    The number of each part is in it, and a part is at least as long as its number. If they do not fit, all numbers of
    the row follow on lines below, each after a sample of its state. The sum is at the end of the bar.

    Args:
        rows: If there are more than `MOST_BARS`, the largest are drawn, in their order.
        words: Name of each state that occurs.
        size: Width of the drawing.
    """
    sums = [sum(number for _, number in row.parts) for row in rows]
    drawn = sorted(nlargest(MOST_BARS, range(len(rows)), key=lambda index: sums[index]))
    occurring = {state for index in drawn for state, number in rows[index].parts if number}
    key = [(state, words[state]) for state in _STATES if state in occurring]
    beside = size > NARROW
    labels = {index: wrapped(rows[index].label, (size * (0.4 if beside else 1) - 10) / TEXT, 2) for index in drawn}
    longest = max((width(line) for lines in labels.values() for line in lines), default=0)
    left = to_tenth(6 + longest * TEXT + 14) if beside else 6.0
    end = to_tenth(size - 14 - max((width(str(sums[index])) for index in drawn), default=0) * STRONG)
    shapes, y = _samples(key, 6, 4, size - 6)
    y += 14 if key else 0
    for index in drawn:
        row, whole = rows[index], sums[index]
        parts = [part for part in row.parts if part[1]]
        lift = _lift(parts)
        lines = labels[index]
        top = y + lift if beside else y + len(lines) * LEADING + lift
        first = top + (_HEIGHT - (len(lines) - 1) * LEADING) / 2 + 5 if beside else y + LEADING - 4
        shapes += [Word(6, to_tenth(first + LEADING * number), line) for number, line in enumerate(lines)]
        found, bottom = _row(parts, whole, left, top, end)
        shapes += [*found, Word(end + 7, top + 17, str(whole), "strong")]
        y = max(bottom, first + LEADING * (len(lines) - 1) + 4) + (12 if beside else 14)
    return Drawing(size, to_tenth(y), tuple(shapes))


def _row(
    parts: Sequence[tuple[str, int]], whole: int, left: float, top: float, end: float
) -> tuple[list[Shape], float]:
    """Return the bar with its numbers, and its lower end."""
    if not whole:
        return [Bar(left, top + 10, to_tenth(end - left), 4, "track")], top + _HEIGHT
    numbers = [number for _, number in parts]
    least = [width(str(number)) * STRONG + 8 for number in numbers]
    room = end - left + _GAP
    fit = sum(least) <= room
    shapes: list[Shape] = []
    x = left
    lengths = _lengths(numbers, least if fit else [_LEAST] * len(parts), room)
    for (state, number), length in zip(parts, lengths, strict=True):
        shapes += _part(state, to_tenth(x), top, to_tenth(length - _GAP))
        if fit:
            shapes.append(Word(to_tenth(x + (length - _GAP) / 2), top + 17, str(number), "name", "middle"))
        x += length
    if fit:
        return shapes, top + _HEIGHT
    found, bottom = _samples([(state, str(number)) for state, number in parts], left, top + _HEIGHT + 4, end)
    return shapes + found, bottom + 5


def _lengths(numbers: Sequence[int], least: Sequence[float], room: float) -> list[float]:
    """Return the share of the length ``room`` of each of ``numbers`` (all above zero), with a minimum for each."""
    lengths = [room * number / sum(numbers) for number in numbers]
    lacking = sum(max(0.0, low - length) for length, low in zip(lengths, least, strict=True))
    spare = sum(max(0.0, length - low) for length, low in zip(lengths, least, strict=True))
    kept = 1 - lacking / spare if spare else 0
    return [low + max(0.0, length - low) * kept for length, low in zip(lengths, least, strict=True)]


def _samples(items: Sequence[tuple[str, str]], left: float, top: float, right: float) -> tuple[list[Shape], float]:
    """Return the legend (sample and name of each state) from (``left``, ``top``), and the end of its last line."""
    shapes: list[Shape] = []
    lift = _lift(items)
    x, top = left, top + lift
    for state, words in items:
        (line,) = wrapped(words, (right - left - _SWATCH - 7) / TEXT, 1)
        length = _SWATCH + 7 + width(line) * TEXT
        if x > left and x + length > right:
            x, top = left, top + _HEIGHT + lift + 4
        shapes += [*_part(state, to_tenth(x), top, _SWATCH), Word(to_tenth(x + _SWATCH + 7), top + 17, line)]
        x += length + 14
    return shapes, top + _HEIGHT if items else top - lift


def _lift(parts: Sequence[tuple[str, object]]) -> float:
    """Return the space needed above ``parts``, where late measures have a mark."""
    return 11.0 if any(state == "late" for state, _ in parts) else 5.0


def _part(state: str, x: float, y: float, length: float) -> list[Shape]:
    """Return the shapes of a part of a bar: outline or fill, and the mark of its state."""
    if state in ("done", "late"):
        mark = [Diamond(to_tenth(x + length / 2), y - 6, 4.5, "share-late")] if state == "late" else []
        return [Bar(x, y, length, _HEIGHT, f"share-{state}"), *mark]
    # Half of an outline is outside its edge.
    shapes: list[Shape] = [Bar(x + 0.8, y + 0.8, to_tenth(length - 1.6), _HEIGHT - 1.6, f"share-{state}")]
    if state == "routine":
        shapes.append(Line(x, y + _HEIGHT / 2, to_tenth(x + length), y + _HEIGHT / 2, "share-stripes"))
    elif state == "under-way":
        shapes.append(Bar(x, y + _HEIGHT / 2, length, _HEIGHT / 2, "share-half", 1))
    elif state == "suspended":
        shapes.append(Line(x, y + _HEIGHT / 2, to_tenth(x + length), y + _HEIGHT / 2, "share-stopped"))
    return shapes


# --- Chart: counts

#: Largest number of bars: of more, the largest are drawn; the table has all.
MOST_BARS = 30


class Count(NamedTuple):
    """A row: name, address of its page (relative to the root of the language), and count."""

    label: str
    address: str
    number: int


def counts(rows: Sequence[Count], size: int) -> Drawing:
    """Draw a bar for each of ``rows``, the longest at full length: names above the bars, or beside them if wide."""
    drawn = list(rows)
    if len(drawn) > MOST_BARS:
        largest = nlargest(MOST_BARS, range(len(drawn)), key=lambda index: drawn[index].number)
        drawn = [rows[index] for index in sorted(largest)]
    beside = size > NARROW
    left = to_tenth(size * 0.44) if beside else 4.0
    most = max((row.number for row in drawn), default=0)
    room = size - left - 12 - width(str(most)) * STRONG
    shapes: list[Shape] = []
    y = 4.0
    for row in drawn:
        lines = wrapped(row.label, (left - 20) / TEXT if beside else (size - 8) / TEXT, 2)
        length = to_tenth(room * row.number / most) if most else 0.0
        top = y + (len(lines) * LEADING - 16) / 2 + 3 if beside else y + len(lines) * LEADING + 3
        for index, line in enumerate(lines):
            baseline = y + LEADING * (index + 1) - 2
            shapes.append(Word(left - 12, baseline, line, "text", "end") if beside else Word(left, baseline, line))
        shapes.append(Bar(left, to_tenth(top), length, 14, "main"))
        shapes.append(Word(to_tenth(left + length + 7), to_tenth(top + 12), str(row.number), "strong"))
        y = y + len(lines) * LEADING + (10 if beside else 26)
    return Drawing(size, y + 2, tuple(shapes))
