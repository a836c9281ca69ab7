"""What a drawing is made of. ``style`` is a class of ``figures.css``, which has the colours."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

#: Widths of the two sizes of a figure. On a screen of 320 pixels a narrow one is 271 pixels wide, and its letters of
#: 13 units are 11 pixels high.
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


Shape = Word | Bar | Line | Dot | Diamond


@dataclass(frozen=True)
class Drawing:
    """Shapes in the order in which they are drawn, on a ground of ``width`` by ``height``."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    def has(self, style: str) -> bool:
        """Tell whether a shape is drawn in ``style``."""
        return any(shape.style == style for shape in self.shapes)

    def of(self, kind: type) -> list[Shape]:
        """Return the shapes of one ``kind``."""
        return [shape for shape in self.shapes if isinstance(shape, kind)]


def to_tenth(value: float) -> float:
    """Return ``value`` with one decimal: finer is invisible and only makes pages longer."""
    return round(value, 1)
