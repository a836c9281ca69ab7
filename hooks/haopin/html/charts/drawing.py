"""Shapes of a drawing, estimated width of words, and placement of words without overlaps."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

# --- Width of words, estimated without a font, so that words stay within the drawing

#: Font size of labels and of small print, in units of a drawing (see ``figures.css``).
TEXT, SMALL = 14.0, 13.0
#: Bold letters are wider: a bold label takes as much space as normal letters of this size.
STRONG = 16.1
#: Height of a line of labels.
LEADING = 18.0

# Chinese breaks between any two characters, except before a closing or after an opening mark; Latin breaks at spaces.
_OPEN = "\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\uff08"
_CLOSE = "\u2019\u201d\u2026\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
_CHINESE = "\u2e80-\uffef"
_PIECES = re.compile(rf"[{_OPEN}]*(?:[^\s{_CHINESE}{_OPEN}]+|(?![{_OPEN}])[{_CHINESE}])[{_CLOSE}]*\s*|[{_OPEN}]+\s*")


def width(text: str) -> float:
    """Return the estimated width of ``text`` in ems, rounded up in case of doubt."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF" or character in "\u201c\u201d\u2014\u2026\u00b7":
        return 1.0
    if character in "mMW%":
        return 0.97
    if character.isupper() or character in "w+<>=\u2264\u2265":
        return 0.84
    return 0.4 if character in "iljtfr .,:;'|" else 0.63


def wrapped(text: str, ems: float, lines: int) -> list[str]:
    """Return ``text`` as at most ``lines`` lines, none wider than ``ems``; an ellipsis replaces omitted text."""
    found = [""]
    for piece in _PIECES.findall(text):
        if found[-1] and width(found[-1] + piece.rstrip()) > ems:
            found.append("")
        found[-1] += piece
    found = [line.rstrip() for line in found]
    if len(found) <= lines and all(width(line) <= ems for line in found):
        return found
    # Too many lines, or a word that is wider than a line.
    kept = found[:lines]
    rest = len(found) > lines
    for index, line in enumerate(kept):
        last = index == len(kept) - 1
        if width(line) > ems or (last and rest):
            kept[index] = _cut(line, ems)
    return kept


def _cut(line: str, ems: float) -> str:
    while line and width(line) + 1 > ems:
        line = line[:-1]
    return line.rstrip() + "\u2026"


# --- Shapes. ``style`` is a class of ``figures.css``, which defines the colours

#: Widths of the two sizes. On a screen of 320 pixels a narrow drawing is 271 pixels wide, and its letters of 13 units
#: are 11 pixels high.
NARROW, WIDE = 320, 720


class Word(NamedTuple):
    """A line of text with its baseline at ``y``."""

    x: float
    y: float
    text: str
    style: str = "text"
    anchor: Literal["start", "middle", "end"] = "start"


class Bar(NamedTuple):
    """A rectangle with rounded corners."""

    x: float
    y: float
    width: float
    height: float
    style: str
    radius: float = 2


class Line(NamedTuple):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str


class Dot(NamedTuple):
    """A circle around (``x``, ``y``)."""

    x: float
    y: float
    radius: float
    style: str


class Diamond(NamedTuple):
    """A square on its corner around (``x``, ``y``); ``radius`` is half its diagonal."""

    x: float
    y: float
    radius: float
    style: str


Mark = Word | Bar | Line | Dot | Diamond


class Link(NamedTuple):
    """Shapes that lead to the site-relative ``address``; ``name`` is said instead of them."""

    address: str
    name: str
    shapes: tuple[Mark, ...]


Shape = Mark | Link


@dataclass(frozen=True)
class Drawing:
    """Shapes in drawing order, on a background of ``width`` by ``height``."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    @property
    def drawn(self) -> tuple[Mark, ...]:
        """The shapes, those of links one by one."""
        pieces = (shape.shapes if isinstance(shape, Link) else (shape,) for shape in self.shapes)
        return tuple(shape for piece in pieces for shape in piece)

    @property
    def links(self) -> list[Link]:
        """The links."""
        return [shape for shape in self.shapes if isinstance(shape, Link)]

    def has(self, style: str) -> bool:
        """Return whether a shape is drawn in ``style``."""
        return any(shape.style == style for shape in self.drawn)

    def of(self, kind: type) -> list[Mark]:
        """Return the shapes of one ``kind``."""
        return [shape for shape in self.drawn if isinstance(shape, kind)]


def to_tenth(value: float) -> float:
    """Return ``value`` with one decimal: more are invisible and make pages longer."""
    return round(value, 1)


# --- Placement of words without overlaps

#: Left, top, right and bottom.
Box = tuple[float, float, float, float]


class LabelPlacer:
    """Area in which words are placed without covering dots, lines or other words."""

    def __init__(self, room: Box, taken: Iterable[Box], lines: Sequence[Line]) -> None:
        """Store the area ``room``, and what is ``taken`` or crossed by ``lines``."""
        self._room, self._taken, self._lines = room, list(taken), lines
        self.words: list[Word] = []

    def place(self, places: Iterable[Word]) -> bool:
        """Place a word at the first free one of ``places``; return whether there is one."""
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
    """Return the area of ``dot``."""
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
