"""Chart: the course of a plan. Documents, phases, reports, events and due dates along one axis of time."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from haopin.html.charts.drawing import (
    SMALL,
    TEXT,
    WIDE,
    Bar,
    Diamond,
    Dot,
    Drawing,
    Line,
    Link,
    Mark,
    Shape,
    Word,
    to_tenth,
    width,
    wrapped,
)
from haopin.html.charts.timeline import axis, next_month

MomentKind = Literal["document", "phase", "silent", "reports", "event", "due", "today"]
#: Rows of the drawing from the top: kinds with a row (or several) of their own.
_LANES: tuple[tuple[MomentKind, ...], ...] = (("document",), ("phase",), ("silent", "reports"), ("event",), ("due",))

#: Height of a row, and half the width of a mark with its space: targets for pointers are at least 24 units wide.
_ROW, _HALF = 26.0, 13.0
#: Longest name of a mark, in ems.
_NAME = 28
#: A name stands where at least so much of it fits, in ems.
_LEAST = 8
#: Room after the axis for the names of what is to come, in ems.
_AFTER = 15
#: Dots of reports nearer to each other, in units, are one.
_APART = 8


class Moment(NamedTuple):
    """Something on the line of time.

    Attributes:
        kind: Its kind.
        start: First day.
        end: Last day, included.
        label: Its name.
        address: Site-relative address; "" if there is none.
        words: Its state or position in words.
        form: Its state or position, a style.
        days: Dates of the reports of a stretch.
        sample: Whether it is sample data.
    """

    kind: MomentKind
    start: date
    end: date
    label: str
    address: str = ""
    words: str = ""
    form: str = ""
    days: tuple[date, ...] = ()
    sample: bool = False


def named(moment: Moment) -> str:
    """Return the name of ``moment`` in the drawing; that an event is cancelled, which no mark shows, is part of it."""
    return f"{moment.words} \u00b7 {moment.label}" if moment.kind == "event" and moment.words else moment.label


def course(
    moments: Sequence[Moment],
    as_of: date,
    months: Sequence[str],
    names: Mapping[MomentKind, str],
    silent: str,
    spoken: Callable[[Moment], str],
) -> Drawing:
    """Draw ``moments`` in rows by kind over a common axis, each mark a link with its name beside it.

    Args:
        moments: At least one, earliest first.
        as_of: Date that is marked.
        months: Short names of the twelve months.
        names: Name of the rows of each kind.
        silent: Words within a stretch without reports.
        spoken: Returns the accessible name of a mark.
    """
    first = min(*(moment.start for moment in moments), as_of).replace(day=1)
    end = next_month(max(*(moment.end for moment in moments), as_of))
    heads = {kind: wrapped(name, 8, 2) for kind, name in names.items()}
    edge = max(width(line) for lines in heads.values() for line in lines) * SMALL + 14
    left = to_tenth(edge + 14)
    # What is still to come has room for its name after its mark.
    coming = [min(_AFTER, width(moment.label)) for moment in moments if moment.start > as_of]
    right = to_tenth(WIDE - 14 - max(coming, default=0) * TEXT)

    def x(day: date) -> float:
        return to_tenth(left + (right - left) * (day - first).days / (end - first).days)

    today = x(as_of)
    lines: list[Shape] = []
    marks: list[Shape] = []
    heading: list[Shape] = []
    y = 8.0
    for kinds in _LANES:
        row = [moment for moment in moments if moment.kind in kinds]
        if not row:
            continue
        if marks:
            lines.append(Line(4, y, WIDE - 4, y, "grid"))
        y += 5
        heading += [Word(8, y + 17 + 15 * number, line, "soft") for number, line in enumerate(heads[row[-1].kind])]
        least = y + _ROW + 15 * (len(heads[row[-1].kind]) - 1)
        if "reports" in kinds:
            marks += _stretches(row, x, y, silent, spoken)
            y += _ROW
        else:
            drawn, y = _lane(row, x, y, (left, WIDE - 8), today, spoken)
            marks += drawn
        y = max(y, least) + 5
    along = axis(first, end, months, x, y)
    lines += [Line(left, y, right, y, "axis"), *(shape for shape in along if isinstance(shape, Line))]
    lines.append(Line(today, 2, today, y + 5, "today"))
    dates = [shape for shape in along if isinstance(shape, Word)]
    return Drawing(WIDE, y + 42, (*lines, *heading, *dates, *marks))


def _stretches(
    row: Sequence[Moment], x: Callable[[date], float], y: float, silent: str, spoken: Callable[[Moment], str]
) -> list[Shape]:
    found: list[Shape] = []
    for moment in row:
        start, length = x(moment.start), to_tenth(max(2, x(moment.end) - x(moment.start)))
        if moment.kind == "silent":
            found.append(Bar(start, y + 3, length, 20, "silent", 4))
            if width(silent) * TEXT + 16 <= length:
                found.append(Word(to_tenth(start + length / 2), y + 18, silent, "aside", "middle"))
            continue
        places = [x(moment.days[0])]
        for at in map(x, moment.days):
            if at - places[-1] >= _APART:
                places.append(at)
        dots = [Dot(at, y + 13, 3.5, "report") for at in places]
        box = Bar(to_tenth(start - 6), y + 1, to_tenth(max(24, length + 12)), 24, "hit", 4)
        found.append(
            Link(moment.address, spoken(moment), (box, Line(start, y + 13, start + length, y + 13, "run"), *dots))
        )
    return found


def _lane(
    row: Sequence[Moment],
    x: Callable[[date], float],
    y: float,
    room: tuple[float, float],
    today: float,
    spoken: Callable[[Moment], str],
) -> tuple[list[Shape], float]:
    """Return the marks of ``row``, each in the first row in which it and its name are free, and where these end."""
    taken: list[list[tuple[float, float]]] = []
    found: list[Shape] = []
    for moment in row:
        start, end = (
            x(moment.start),
            x(moment.end + timedelta(days=1)) if moment.end > moment.start else x(moment.start),
        )
        name, side, box = _name(moment, (start, end), room, today)
        number = next(
            (n for n, boxes in enumerate(taken) if all(box[1] <= a or b <= box[0] for a, b in boxes)), len(taken)
        )
        if number == len(taken):
            taken.append([])
        taken[number].append(box)
        top = y + number * _ROW
        at = to_tenth(end + _HALF if side == "start" else start - _HALF)
        word = Word(at, top + 18, name, "aside", side)
        hit = Bar(to_tenth(box[0]), top + 1, to_tenth(box[1] - box[0]), 24, "hit", 4)
        found.append(Link(moment.address, spoken(moment), (hit, _mark(moment, start, end, top), word)))
    return found, y + len(taken) * _ROW


def _name(
    moment: Moment, span: tuple[float, float], room: tuple[float, float], today: float
) -> tuple[str, Literal["start", "end"], tuple[float, float]]:
    """Return the name of ``moment``, on which side of its mark it stands, and the extent of both.

    It stands where the line of today does not cross it and, if both sides are free of that, where more of it fits.
    """
    start, end = span
    label = named(moment)
    limit = min(width(label), _NAME)
    sides: tuple[tuple[Literal["start", "end"], float, float], ...] = (
        ("start", room[1] - end - _HALF - 4, today - end - _HALF - 6),
        ("end", start - _HALF - room[0] - 4, start - _HALF - today - 6),
    )
    places = []
    for side, whole, free in sides:
        # A longer name ends before the line of today, if enough of it fits there.
        space = min(whole, free) if free >= _LEAST * TEXT else whole
        name = wrapped(label, max(2, min(limit, space / TEXT)), 1)[0]
        if name != label and " " in name and re.match("[!-~]{2}", label[len(name) - 2 :]):
            # No part of a word, so that what is seen is part of what is said.
            name = name.rsplit(" ", 1)[0].rstrip() + "\u2026"
        length = width(name) * TEXT + 4
        box = (start - _HALF, end + _HALF + length) if side == "start" else (start - _HALF - length, end + _HALF)
        crossed = end + 4 < today < box[1] if side == "start" else box[0] < today < start - 4
        places.append((space < min(limit, _LEAST) * TEXT, crossed, space < limit * TEXT, -length, name, side, box))
    *_, name, side, box = min(places, key=lambda place: place[:4])
    return name, side, box


def _mark(moment: Moment, start: float, end: float, top: float) -> Mark:
    if moment.kind == "phase":
        return Bar(start, top + 4, to_tenth(max(3, end - start)), 18, f"phase-{moment.form}", 4)
    if moment.kind == "due":
        style = f"due-{moment.form}"
        diamond = moment.form in ("late", "unreported")
        return Diamond(start, top + 13, 7, style) if diamond else Dot(start, top + 13, 5.5, style)
    if end > start:
        return Bar(start, top + 8, to_tenth(max(10, end - start)), 10, moment.form, 5)
    return Diamond(start, top + 13, 7, "main") if moment.kind == "document" else Dot(start, top + 13, 5.5, moment.form)
