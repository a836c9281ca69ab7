"""Figure: the calendar of one year."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from haopin.figures.drawing import NARROW, Bar, Diamond, Dot, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, SMALL, TEXT, width, wrapped

#: More events than this in a month are counted, not named: the table names them all.
MOST_NAMED = 6


class Event(NamedTuple):
    """Something in the year: its name, first and last day (the same for a single day), and whether it is over."""

    label: str
    start: date
    end: date
    over: bool


def year(events: Sequence[Event], number: int, as_of: date, months: Sequence[str], size: int) -> Drawing:
    """Draw the months of the year ``number`` with their events: a list on a phone, a wall calendar if wide.

    Args:
        events: Those that begin in that year, earliest first.
        number: The year.
        as_of: The day that is marked, if it lies in that year.
        months: Short names of the twelve months.
        size: Width of the drawing.
    """
    by_month: dict[int, list[Event]] = {}
    for event in events:
        by_month.setdefault(event.start.month, []).append(event)
    today = as_of.month if as_of.year == number else None
    if size > NARROW:
        return _wall(by_month, today, as_of, months, size)
    return _list(by_month, today, as_of, months, size)


def _list(
    by_month: dict[int, list[Event]], today: int | None, as_of: date, months: Sequence[str], size: int
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
    by_month: dict[int, list[Event]], today: int | None, as_of: date, months: Sequence[str], size: int
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


def _events(events: list[Event], x: float, y: float, room: float) -> tuple[list[Shape], float]:
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
