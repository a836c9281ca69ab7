"""Figure: how many of each state."""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

from haopin.figures.counts import MOST_BARS
from haopin.figures.drawing import NARROW, Bar, Diamond, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, STRONG, TEXT, width, wrapped

#: In the order of the key. How full a state is drawn is how far it has come, so that it can be told without colours.
_STATES = ("done", "routine", "under-way", "not-started", "suspended", "late", "not-reported")
_HEIGHT, _SWATCH, _GAP = 16.0, 18.0, 2.0
#: The least length of a part, its gap included: one in a thousand must still be seen.
_LEAST = 7.0


class Share(NamedTuple):
    """A row: what it is called, and how many are in each state, in the order in which they are drawn."""

    label: str
    parts: tuple[tuple[str, int], ...]


def shares(rows: Sequence[Share], words: Mapping[str, str], size: int) -> Drawing:
    """Draw a bar of one length for each of ``rows``, parted by its counts; a key of what occurs is above them.

    The number of each part stands under it. Where they have no room there, all of the row stand below, each behind a
    sample of its state. The sum is at the end of the bar.

    Args:
        rows: Of more than `MOST_BARS`, those with the most are drawn, in their order.
        words: Name of each state that occurs.
        size: Width of the drawing.
    """
    sums = [sum(number for _, number in row.parts) for row in rows]
    drawn = sorted(nlargest(MOST_BARS, range(len(rows)), key=lambda index: sums[index]))
    occurring = {state for index in drawn for state, number in rows[index].parts if number}
    key = [(state, words[state]) for state in _STATES if state in occurring]
    beside = size > NARROW
    left = to_tenth(size * 0.44) if beside else 6.0
    end = to_tenth(size - 14 - max((width(str(sums[index])) for index in drawn), default=0) * STRONG)
    shapes, y = _samples(key, 6, 4, size - 6)
    y += 14 if key else 0
    for index in drawn:
        row, whole = rows[index], sums[index]
        parts = [part for part in row.parts if part[1]]
        lift = _lift(parts)
        lines = wrapped(row.label, (left - 24) / TEXT if beside else (size - 10) / TEXT, 2)
        top = y + lift if beside else y + len(lines) * LEADING + lift
        for number, line in enumerate(lines):
            baseline = y + LEADING * (number + 1) - 4 + (lift if beside else 0)
            shapes.append(Word(left - 14, baseline, line, "text", "end") if beside else Word(left, baseline, line))
        found, bottom = _row(parts, whole, left, top, end)
        shapes += [*found, Word(end + 7, top + 13, str(whole), "strong")]
        y = max(bottom, y + len(lines) * LEADING + (lift if beside else 0)) + (12 if beside else 14)
    return Drawing(size, to_tenth(y), tuple(shapes))


def _row(
    parts: Sequence[tuple[str, int]], whole: int, left: float, top: float, end: float
) -> tuple[list[Shape], float]:
    """Return the bar with its numbers, and where it ends below."""
    if not whole:
        return [Bar(left, top + 6, to_tenth(end - left), 4, "track")], top + _HEIGHT
    lengths = _lengths([number for _, number in parts], end - left + _GAP)
    shapes: list[Shape] = []
    numbers: list[Shape] = []
    x = left
    for (state, number), length in zip(parts, lengths, strict=True):
        shapes += _part(state, to_tenth(x), top, to_tenth(length - _GAP))
        if width(str(number)) * TEXT + 4 <= length:
            middle = to_tenth(x + (length - _GAP) / 2)
            numbers.append(Word(middle, top + _HEIGHT + 15, str(number), "text", "middle"))
        x += length
    if len(numbers) == len(parts):
        return shapes + numbers, top + _HEIGHT + LEADING
    found, bottom = _samples([(state, str(number)) for state, number in parts], left, top + _HEIGHT + 4, end)
    return shapes + found, bottom + 5


def _lengths(numbers: Sequence[int], room: float) -> list[float]:
    """Return how much of ``room`` each of ``numbers`` (all above zero) has: as its share is, but never too little."""
    lengths = [room * number / sum(numbers) for number in numbers]
    lacking = sum(max(0.0, _LEAST - length) for length in lengths)
    spare = sum(max(0.0, length - _LEAST) for length in lengths)
    return [_LEAST + max(0.0, length - _LEAST) * (1 - lacking / spare if spare else 0) for length in lengths]


def _samples(items: Sequence[tuple[str, str]], left: float, top: float, right: float) -> tuple[list[Shape], float]:
    """Return a sample of each state and its words from (``left``, ``top``), and where the last line ends."""
    shapes: list[Shape] = []
    lift = _lift(items)
    x, top = left, top + lift
    for state, words in items:
        (line,) = wrapped(words, (right - left - _SWATCH - 7) / TEXT, 1)
        length = _SWATCH + 7 + width(line) * TEXT
        if x > left and x + length > right:
            x, top = left, top + _HEIGHT + lift + 4
        shapes += [*_part(state, to_tenth(x), top, _SWATCH), Word(to_tenth(x + _SWATCH + 7), top + 13, line)]
        x += length + 14
    return shapes, top + _HEIGHT if items else top - lift


def _lift(parts: Sequence[tuple[str, object]]) -> float:
    """Return the room that is needed above ``parts``: what is late has a mark there."""
    return 11.0 if any(state == "late" for state, _ in parts) else 5.0


def _part(state: str, x: float, y: float, length: float) -> list[Shape]:
    """Return a part of a bar: its outline or filling, and what else tells its state."""
    if state in ("done", "late"):
        mark = [Diamond(to_tenth(x + length / 2), y - 6, 4.5, "share-late")] if state == "late" else []
        return [Bar(x, y, length, _HEIGHT, f"share-{state}"), *mark]
    # An outline lies half outside its edge.
    shapes: list[Shape] = [Bar(x + 0.8, y + 0.8, to_tenth(length - 1.6), _HEIGHT - 1.6, f"share-{state}")]
    if state == "routine":
        shapes.append(Line(x, y + _HEIGHT / 2, to_tenth(x + length), y + _HEIGHT / 2, "share-stripes"))
    elif state == "under-way":
        shapes.append(Bar(x, y + _HEIGHT / 2, length, _HEIGHT / 2, "share-half", 1))
    elif state == "suspended":
        shapes.append(Line(x, y + _HEIGHT / 2, to_tenth(x + length), y + _HEIGHT / 2, "share-stopped"))
    return shapes
