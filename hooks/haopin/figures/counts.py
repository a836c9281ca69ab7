"""Figure: how many of each."""

from collections.abc import Sequence
from heapq import nlargest
from typing import NamedTuple

from haopin.figures.drawing import NARROW, Bar, Drawing, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, STRONG, TEXT, width, wrapped

#: More bars than this are no picture any more: the largest are drawn, all stand in the table.
MOST_BARS = 30


class Count(NamedTuple):
    """A row: what is counted, where its page is (below the root of the language), and how many there are."""

    label: str
    address: str
    number: int


def counts(rows: Sequence[Count], size: int) -> Drawing:
    """Draw a bar for each of ``rows``, the longest filling its room: names above the bars, or beside them if wide."""
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
