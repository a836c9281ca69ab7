"""Ledger picture: a square for each measure, in the form of its state.

The forms differ without colours: done is full, routine striped, under way half full, not started has a dot, suspended
two bars, late a hole, and not reported is an outline only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from haopin.html.i18n import Labels
from haopin.model.task import Measure, Task
from haopin.site.progress import STATES, State, StatusCounts
from haopin.text import Language

#: Squares in a row. With 22, the squares of a task are as wide as a small phone.
COLUMNS = 22
#: Units from a square to the next, 1 em on a page.
PITCH = 12

_FRAME = "h10v10h-10z"
#: Parts within a square as (x, y, rest of the path), beside its outline.
_INSIDE: dict[State, tuple[tuple[int, int, str], ...]] = {
    "routine": ((1, 3, "h10v2h-10z"), (1, 7, "h10v2h-10z")),
    "under-way": ((1, 6, "h10v5h-10z"),),
    "not-started": ((4, 4, "h4v4h-4z"),),
    "suspended": ((3, 3, "h2v6h-2z"), (7, 3, "h2v6h-2z")),
}
_HOLE = (6, 3, "l3 3-3 3-3-3z")
#: What is filled in a square of each state, by the even-odd rule, which cuts the hole out; of others, nothing is.
_FILLED: dict[State, tuple[tuple[int, int, str], ...]] = {
    **_INSIDE,
    "done": ((1, 1, _FRAME),),
    "late": ((1, 1, _FRAME), _HOLE),
}


class Path(NamedTuple):
    """Shapes of one style: a class of ``figures.css`` and the path of an SVG."""

    style: str
    path: str


class Squares(NamedTuple):
    """Squares in rows: numbers of columns and rows, and the paths that draw them."""

    columns: int
    rows: int
    paths: tuple[Path, ...]

    @property
    def drawing(self) -> Markup:
        """The end of an SVG of the squares, from its size on."""
        paths = "".join(f'<path class="hp-q-{style}" d="{path}"/>' for style, path in self.paths)
        return Markup(
            f'viewBox="0 0 {self.columns * PITCH} {self.rows * PITCH}" '
            f'width="{self.columns}em" height="{self.rows}em">{paths}</svg>'
        )


class LedgerItem(NamedTuple):
    """A measure, its site-relative address and its state."""

    measure: Measure
    address: str
    state: State


class LedgerRow(NamedTuple):
    """A task with the counts of its measures, and each of them in the order of the plan."""

    task: Task
    counts: StatusCounts
    items: tuple[LedgerItem, ...]

    @property
    def squares(self) -> Squares:
        """The squares of the measures."""
        return squares([item.state for item in self.items])


def squares(states: Sequence[State], columns: int = COLUMNS) -> Squares:
    """Return a square for each of ``states``, in their order."""
    cells: dict[State, list[tuple[int, int]]] = {}
    for number, state in enumerate(states):
        row, column = divmod(number, columns)
        cells.setdefault(state, []).append((column * PITCH, row * PITCH))
    paths: list[Path] = []
    for state in (each for each in STATES if each in cells):
        frame = _FILLED["late" if state == "late" else "done"]
        paths.append(Path(state, _drawn(cells[state], frame)))
        if state in _INSIDE:
            paths.append(Path(f"{state}-in", _drawn(cells[state], _INSIDE[state])))
    width = min(len(states), columns)
    return Squares(width, -(-len(states) // columns), tuple(paths))


def filled(state: State) -> str:
    """Return the path of what is filled in one square, at (0, 0); "" if it is an outline only."""
    return _drawn([(0, 0)], _FILLED.get(state, ()))


def shapes(state: State) -> list[tuple[bool | None, list[tuple[int, int]]]]:
    """Return the polygons of a square, for pictures: each is filled (True), an outline (False) or a hole (None)."""
    found: list[tuple[bool | None, list[tuple[int, int]]]] = [
        (state in ("done", "late"), _corners(1, 1, _FRAME)),
        *((True, _corners(*part)) for part in _INSIDE.get(state, ())),
    ]
    return [*found, (None, _corners(*_HOLE))] if state == "late" else found


def _corners(x: int, y: int, path: str) -> list[tuple[int, int]]:
    """Return the corners of ``path``, which has relative lines only."""
    found = [(x, y)]
    for letter, numbers in re.findall(r"([hvl])([-\d ]+)", path):
        steps = [int(n) for n in re.findall(r"-?\d+", numbers)]
        pairs = zip(steps[::2], steps[1::2], strict=True) if letter == "l" else ((n, 0) for n in steps)
        for dx, dy in pairs if letter != "v" else ((0, n) for n in steps):
            found.append((found[-1][0] + dx, found[-1][1] + dy))
    return found


def _drawn(cells: Iterable[tuple[int, int]], parts: Sequence[tuple[int, int, str]]) -> str:
    return "".join(f"M{x + left} {y + top}{rest}" for x, y in cells for left, top, rest in parts)


#: Drawing of a square, by state.
SQUARE: Mapping[State, Markup] = {state: squares([state]).drawing for state in STATES}


def links(items: Iterable[LedgerItem], language: Language, words: Labels, root: str | None) -> Markup:
    """Return a square for each of ``items`` as a link with title and state, below ``root`` or within the page.

    They are for pointer and touch. By keyboard the list of measures is near: they are no tab stops, which would be as
    many as there are measures. In Python, because a large site has tens of thousands.
    """
    states = {state: words(f"ledger.{state}") for state in STATES}
    found = []
    for measure, address, state in items:
        name = escape(f"{measure.title.show(language)} · {states[state]}")
        href = f"#{measure.id}" if root is None else root + address
        found.append(
            f'<a tabindex="-1" href="{href}" title="{name}" aria-label="{name}">'
            f'<svg class="hp-squares" aria-hidden="true" {SQUARE[state]}</a>'
        )
    return Markup(f'<div class="hp-squarelinks">{"".join(found)}</div>\n')
