"""Figure: what is to be reached, and the value last reported. No result is drawn before one is reported."""

from collections.abc import Sequence
from typing import NamedTuple

from haopin.figures.drawing import Bar, Diamond, Dot, Drawing, Line, Shape, Word, to_tenth
from haopin.figures.lettering import LEADING, SMALL, STRONG, width, wrapped


class Goal(NamedTuple):
    """A row: its name, the mark on the scale of 0 to 100 if it has one, and words.

    Attributes:
        label: Name of the target.
        value: 0 to 100, or None for a state to be reached.
        open_ended: More than ``value`` is as good.
        aim: Striven for, not promised.
        nature: The same in a word, so that not the outline alone tells.
        mark: What stands at the mark, such as “≥ 90%”.
        words: What is known of the result.
        actual: The value last reported, 0 to 100.
    """

    label: str
    value: float | None
    open_ended: bool
    aim: bool
    nature: str
    mark: str
    words: str
    actual: float | None = None


def goals(rows: Sequence[Goal], size: int) -> Drawing:
    """Draw a track for each of ``rows`` with the mark to be reached; an aim's is dashed, a state's has no scale."""
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
            at = to_tenth(left + (right - left) * row.value / 100)
            shapes.append(Bar(left, y, to_tenth(right - left), 16, track, 8))
            if row.open_ended and at < right:
                shapes.append(Bar(at, y, to_tenth(right - at), 16, "reach", 4))
            shapes.append(Line(at, y - 4, at, y + 20, "goal"))
            if row.actual is not None:
                shapes.append(Dot(to_tenth(left + (right - left) * row.actual / 100), y + 8, 6, "actual"))
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
