"""Figure: deadlines."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from heapq import nsmallest
from typing import NamedTuple

from haopin.figures.counts import MOST_BARS
from haopin.figures.drawing import NARROW, Diamond, Dot, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, SMALL, TEXT, width, wrapped
from haopin.figures.periods import next_month

#: The axis reaches as far as the day of the page, if that is no further off than this.
_NEAR = timedelta(days=366)
#: Months between two names on the axis: those after which January comes again.
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


class Deadline(NamedTuple):
    """A row: what is due, its day, its state (``done``, ``open``, ``late``, ``unreported``), and both in words."""

    label: str
    day: date
    state: str
    words: str


def deadlines(rows: Sequence[Deadline], as_of: date, months: Sequence[str], size: int) -> Drawing:
    """Draw ``rows`` in order of their days, a mark each over one axis: names above, or beside if wide.

    Args:
        rows: Of more than `MOST_BARS`, those nearest to ``as_of`` are drawn.
        as_of: The day that is marked, if it lies on the axis.
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
    y = 4.0
    for index, row in enumerate(drawn):
        if index:
            lines.append(Line(4, y, size - 4, y, "grid"))
        label = wrapped(row.label, (edge - 16) / TEXT if beside else (size - 14) / TEXT, 2)
        for number, line in enumerate(label):
            baseline = y + 2 + LEADING * (number + 1)
            words.append(Word(edge - 8, baseline, line, "text", "end") if beside else Word(8, baseline, line, "over"))
        beneath = y + 8 + len(label) * LEADING
        mark, aside, bottom = _mark(row, x(row.day), y + 3 if beside else beneath - 2, (left - 6, right + 6), today)
        marks.append(mark)
        words += aside
        y = max(bottom, beneath) + 4
    axis = _axis(first, end, months, x, y)
    lines += [Line(left, y, right, y, "axis"), *(shape for shape in axis if isinstance(shape, Line))]
    if today is not None:
        lines.append(Line(today, 2, today, y + 5, "today"))
    names = [shape for shape in axis if isinstance(shape, Word)]
    # Lines lie under the marks, and words are last: nothing crosses them out.
    return Drawing(size, y + 42, (*lines, *marks, *names, *words))


def _mark(
    row: Deadline, x: float, top: float, room: tuple[float, float], today: float | None
) -> tuple[Shape, list[Word], float]:
    """Return the mark at ``x``, its words where they have ``room``, if possible off ``today``, and where they end."""
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


def _axis(first: date, end: date, months: Sequence[str], x: Callable[[date], float], y: float) -> list[Shape]:
    """Return lines and names of months, as many as have room; years under the first and each January.

    Where a year or more lies between two, years alone.
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
