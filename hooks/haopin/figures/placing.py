"""Places for words in a drawing, such that they cover nothing."""

from collections.abc import Iterable, Sequence

from haopin.figures.drawing import Dot, Line, Word
from haopin.figures.lettering import SMALL, STRONG, width

#: Left, top, right and bottom.
Box = tuple[float, float, float, float]


class Free:
    """Room in which words are placed where they cover no dot, no line and no other word."""

    def __init__(self, room: Box, taken: Iterable[Box], lines: Sequence[Line]) -> None:
        """Keep the ``room``, and what is ``taken`` or crossed by ``lines``."""
        self._room, self._taken, self._lines = room, list(taken), lines
        self.words: list[Word] = []

    def place(self, places: Iterable[Word]) -> bool:
        """Place a word at the first of ``places`` that is free; tell whether there is one."""
        for word in places:
            box = _box(word)
            left, top, right, bottom = self._room
            inside = left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom
            if (
                inside
                and not any(_meet(box, other) for other in self._taken)
                and not any(_cross(line, box) for line in self._lines)
            ):
                self.words.append(word)
                self._taken.append(box)
                return True
        return False


def _box(word: Word) -> Box:
    length = width(word.text) * (SMALL if word.style == "soft" else STRONG)
    left = {"start": word.x, "middle": word.x - length / 2, "end": word.x - length}[word.anchor]
    return left - 2, word.y - 13, left + length + 2, word.y + 4


def around(dot: Dot) -> Box:
    """Return the room that ``dot`` takes."""
    return dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _cross(line: Line, box: Box) -> bool:
    (x1, y1), (x2, y2) = sorted([(line.x1, line.y1), (line.x2, line.y2)])
    start, end = max(x1, box[0]), min(x2, box[2])
    if start > end:
        return False
    slope = (y2 - y1) / (x2 - x1) if x2 > x1 else 0
    ys = (y1 + slope * (start - x1), y1 + slope * (end - x1)) if slope else (y1, y2)
    return min(ys) < box[3] and box[1] < max(ys)
