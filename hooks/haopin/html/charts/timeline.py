"""Charts over time: deadlines, and the calendar of a year."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from heapq import nsmallest
from typing import NamedTuple

from haopin.html.charts.drawing import (
    LEADING,
    NARROW,
    SMALL,
    TEXT,
    Bar,
    Diamond,
    Dot,
    Drawing,
    Line,
    Shape,
    Word,
    to_tenth,
    width,
    wrapped,
)
from haopin.html.charts.progress import MOST_BARS

# --- Chart: deadlines

#: The axis extends to the date of the page if that is at most this far away.
_NEAR = timedelta(days=366)
#: Possible numbers of months between two labels of the axis: divisors or multiples of a year.
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


class Deadline(NamedTuple):
    """A row: subject, due date, state (``done``, ``open``, ``late``, ``unreported``), and both in words."""

    label: str
    day: date
    state: str
    words: str


def deadlines(rows: Sequence[Deadline], as_of: date, months: Sequence[str], size: int) -> Drawing:
    """Draw ``rows`` by date, each with a mark over a common axis: names above, or beside if wide.

    Args:
        rows: If there are more than `MOST_BARS`, those nearest to ``as_of`` are drawn.
        as_of: Date that is marked if it is on the axis.
        months: Short names of the twelve months.
        size: Width of the drawing.
    """
    nearest = nsmallest(MOST_BARS, rows, key=lambda row: abs(row.day - as_of))
    drawn = sorted(nearest, key=lambda row: row.day)
    if not drawn:
        return Drawing(size, 6, ())
    days = [drawn[0].day, drawn[-1].day]
    if days[0] - _NEAR <= as_of <= days[1] + _NEAR:
        days.append(as_of)
    first, end = min(days).replace(day=1), next_month(max(days))
    beside = size > NARROW
    edge = to_tenth(size * 0.4) if beside else 0.0
    left, right = edge + 14, size - 14.0

    def x(day: date) -> float:
        return to_tenth(left + (right - left) * (day - first).days / (end - first).days)

    today = x(as_of) if first <= as_of < end else None
    lines: list[Shape] = []
    marks: list[Shape] = []
    words: list[Shape] = []
    # Where the line of today breaks off for a name.
    breaks: list[tuple[float, float]] = []
    y = 4.0
    for index, row in enumerate(drawn):
        if index:
            lines.append(Line(4, y, size - 4, y, "grid"))
        label = wrapped(row.label, (edge - 16) / TEXT if beside else (size - 14) / TEXT, 2)
        for number, line in enumerate(label):
            baseline = y + 2 + LEADING * (number + 1)
            words.append(Word(edge - 8, baseline, line, "text", "end") if beside else Word(8, baseline, line, "over"))
            if today is not None and not beside and 4 < today < 12 + width(line) * TEXT:
                breaks.append((baseline - 15, baseline + 5))
        beneath = y + 8 + len(label) * LEADING
        mark, aside, bottom = _mark(row, x(row.day), y + 3 if beside else beneath - 2, (left - 6, right + 6), today)
        marks.append(mark)
        words += aside
        for word in aside:
            start = word.x - (width(word.text) * TEXT if word.anchor == "end" else 0)
            if today is not None and start - 4 < today < start + width(word.text) * TEXT + 4:
                breaks.append((word.y - 15, word.y + 5))
        y = max(bottom, beneath) + 4
    along = axis(first, end, months, x, y)
    lines += [Line(left, y, right, y, "axis"), *(shape for shape in along if isinstance(shape, Line))]
    if today is not None:
        ends = [2.0, *(end for pair in breaks for end in pair), y + 5]
        lines += [Line(today, a, today, b, "today") for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]
    names = [shape for shape in along if isinstance(shape, Word)]
    # Lines are below the marks, and words on top, so that nothing crosses them.
    return Drawing(size, y + 42, (*lines, *marks, *names, *words))


def _mark(
    row: Deadline, x: float, top: float, room: tuple[float, float], today: float | None
) -> tuple[Shape, list[Word], float]:
    """Return the mark at ``x``, its label within ``room``, if possible away from ``today``, and where that ends."""
    style = f"due-{row.state}"
    diamond = row.state in ("late", "unreported")
    mark: Shape = Diamond(x, top + 12, 7, style) if diamond else Dot(x, top + 12, 5.5, style)
    left, right = room
    length = width(row.words) * TEXT
    places = [
        (crossed, word)
        for start, word in (
            (x + 13, Word(x + 13, top + 17, row.words, "over")),
            (x - 13 - length, Word(x - 13, top + 17, row.words, "over", "end")),
        )
        if left <= start and start + length <= right
        for crossed in [today is not None and start - 2 <= today <= start + length + 2]
    ]
    if places:
        return mark, [min(places, key=lambda place: place[0])[1]], top + 24
    lines = wrapped(row.words, (right - left) / TEXT, 2)
    start = to_tenth(min(max(left, x - 7), right - max(map(width, lines)) * TEXT))
    below = [Word(start, top + 36 + index * LEADING, line, "over") for index, line in enumerate(lines)]
    return mark, below, top + 24 + len(lines) * LEADING


def axis(first: date, end: date, months: Sequence[str], x: Callable[[date], float], y: float) -> list[Shape]:
    """Return lines and names of as many months as fit; years under the first and each January.

    If a year or more is between two, only years.
    """
    number = (end.year - first.year) * 12 + end.month - first.month
    room = (x(end) - x(first)) / number
    every = next((step for step in _STEPS if step * room >= 48), _STEPS[-1])
    shapes: list[Shape] = []
    month = first
    while month < end:
        if (month.year * 12 + month.month - 1) % every == 0:
            year = [str(month.year)] if month.month == 1 or not shapes else []
            names = year if every >= 12 else [months[month.month - 1], *year]
            january = month.month == 1 and month > first
            shapes.append(Line(x(month), 4 if january else y, x(month), y + 5, "grid" if january else "axis"))
            # The last month may be narrower than its name.
            at = min(x(month), to_tenth(x(end) + 12 - max(map(width, names)) * SMALL))
            shapes += [Word(at, y + 19 + 15 * line, name, "soft") for line, name in enumerate(names)]
        month = next_month(month)
    return shapes


def next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


# --- Chart: calendar of one year

#: Largest number of named events per month; others are counted. The table names all.
MOST_NAMED = 6


class ChartEvent(NamedTuple):
    """An event: name, first and last day (equal for a single day), and whether it is over."""

    label: str
    start: date
    end: date
    over: bool


def year(events: Sequence[ChartEvent], number: int, as_of: date, months: Sequence[str], size: int) -> Drawing:
    """Draw the months of the year ``number`` with their events: a list if narrow, a wall calendar if wide.

    Args:
        events: Those that begin in that year, earliest first.
        number: The year.
        as_of: Date that is marked if it is in that year.
        months: Short names of the twelve months.
        size: Width of the drawing.
    """
    by_month: dict[int, list[ChartEvent]] = {}
    for event in events:
        by_month.setdefault(event.start.month, []).append(event)
    today = as_of.month if as_of.year == number else None
    if size > NARROW:
        return _wall(by_month, today, as_of, months, size)
    return _list(by_month, today, as_of, months, size)


def _list(
    by_month: dict[int, list[ChartEvent]], today: int | None, as_of: date, months: Sequence[str], size: int
) -> Drawing:
    shapes: list[Shape] = []
    left, y = 58.0, 4.0
    for month in range(1, 13):
        top = y
        found = _events(by_month.get(month, []), left, top + 4, size - left - 8)
        height = max(found[1], 26.0)
        shapes.append(Word(8, top + 20, months[month - 1], "strong" if month in by_month else "soft"))
        shapes += found[0]
        if month == today:
            below = top + height + 12
            shapes += [Diamond(left + 7, below, 6, "today"), Word(left + 22, below + 5, str(as_of.day))]
            height += 24
        y = top + height + 4
        if month < 12:
            shapes.append(Line(4, y, size - 4, y, "grid"))
    return Drawing(size, y + 2, tuple(shapes))


def _wall(
    by_month: dict[int, list[ChartEvent]], today: int | None, as_of: date, months: Sequence[str], size: int
) -> Drawing:
    shapes: list[Shape] = []
    columns, gap = 4, 10.0
    box = (size - gap * (columns - 1) - 2) / columns
    y = 1.0
    for row in range(3):
        numbers = range(row * columns + 1, row * columns + columns + 1)
        drawn = []
        height = 62.0
        for column, month in enumerate(numbers):
            x = 1 + column * (box + gap)
            inside = _events(by_month.get(month, []), x + 10, y + 34, box - 18)
            needed = 34 + inside[1] + (26 if month == today else 0) + 8
            height = max(height, needed)
            drawn.append((x, month, inside[0]))
        for x, month, inside_shapes in drawn:
            shapes.append(Bar(to_tenth(x), y, to_tenth(box), height, "box-now" if month == today else "box", 6))
            shapes.append(Word(to_tenth(x + 10), y + 21, months[month - 1], "strong" if month in by_month else "soft"))
            shapes += inside_shapes
            if month == today:
                below = y + height - 13
                shapes.append(Diamond(to_tenth(x + 17), below, 6, "today"))
                shapes.append(Word(to_tenth(x + 30), below + 5, str(as_of.day)))
        y += height + gap
    return Drawing(size, y - gap + 1, tuple(shapes))


def _events(events: list[ChartEvent], x: float, y: float, room: float) -> tuple[list[Shape], float]:
    """Return the shapes of a month's ``events`` from (``x``, ``y``) downwards, and their height."""
    shapes: list[Shape] = []
    top = y
    for event in events[:MOST_NAMED]:
        style = "past" if event.over else "main"
        if event.start == event.end:
            shapes.append(Dot(to_tenth(x + 7), top + 11, 5, style))
            label = f"{event.start.day} \u00b7 {event.label}"
        else:
            shapes.append(Bar(to_tenth(x), top + 7, 14, 8, style))
            label = event.label
        for line in wrapped(label, (room - 22) / TEXT, 3):
            shapes.append(Word(to_tenth(x + 22), top + 16, line))
            top += LEADING
        top += 5
    if len(events) > MOST_NAMED:
        more = f"+{len(events) - MOST_NAMED}"
        assert width(more) * SMALL <= room
        shapes.append(Word(to_tenth(x + 22), top + 14, more, "soft"))
        top += LEADING
    return shapes, top - y
