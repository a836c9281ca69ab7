"""Responsibility matrix: a row per body, a column per task."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from haopin.html.charts.drawing import (
    LEADING,
    SMALL,
    STRONG,
    TEXT,
    Bar,
    Diamond,
    Dot,
    Drawing,
    Line,
    Shape,
    Word,
    to_tenth,
    width,
    wrapped,
)
from haopin.model.task import Role

#: A larger matrix is not legible as a picture; the lists beside it are.
MOST_TASKS, MOST_BODIES = 26, 60

_WIDTH, _LABELS = 960.0, 380.0


def matrix(
    tasks: Sequence[tuple[str, str]],
    bodies: Sequence[str],
    roles: Mapping[tuple[int, int], Role],
) -> Drawing | None:
    """Draw the matrix; None if it is empty or too large to be legible.

    Args:
        tasks: (number, mark of its group) of each task.
        bodies: Name of each body.
        roles: Role of a body in a task, by (index of the body, index of the task).
    """
    if not (0 < len(tasks) <= MOST_TASKS and 0 < len(bodies) <= MOST_BODIES):
        return None
    step = (_WIDTH - _LABELS - 8) / len(tasks)
    if max(width(number) for number, _ in tasks) * STRONG + 1 > step:
        return None
    shapes: list[Shape] = []
    top = 52.0
    names = [wrapped(name, (_LABELS - 20) / TEXT, 2) for name in bodies]
    heights = [max(len(lines) * LEADING + 8, 30) for lines in names]
    bottom = top + sum(heights)

    def x(task: float) -> float:
        return to_tenth(_LABELS + step * (task + 0.5))

    edge = _LABELS
    for mark, members in groupby(tasks, key=lambda task: task[1]):
        room = step * len(list(members))
        shapes.append(Line(to_tenth(edge), 4, to_tenth(edge), bottom, "axis"))
        # A long mark over a narrow group would overlap the next one; lines separate the groups without marks.
        if width(mark) * SMALL + 8 <= room:
            shapes.append(Word(to_tenth(edge + 6), 20, mark, "soft"))
        edge += room
    for index, (number, _) in enumerate(tasks):
        shapes.append(Word(x(index), top - 10, number, "strong", "middle"))
    y = top
    for row, (lines, height) in enumerate(zip(names, heights, strict=True)):
        shapes.append(Line(4, y, _WIDTH - 4, y, "grid"))
        first = y + (height - len(lines) * LEADING) / 2 + 14
        for index, line in enumerate(lines):
            shapes.append(Word(6, to_tenth(first + index * LEADING), line))
        middle = to_tenth(y + height / 2)
        for task in range(len(tasks)):
            if (row, task) in roles:
                shapes.append(_mark(roles[row, task], x(task), middle))
        y += height
    shapes.append(Line(4, y, _WIDTH - 4, y, "grid"))
    return Drawing(_WIDTH, y + 4, tuple(shapes))


def _mark(role: Role, x: float, y: float) -> Shape:
    """Return the mark of ``role``: shapes differ, so that roles are distinguished by more than colour."""
    if role == "lead":
        return Diamond(x, y, 10, "main")
    if role == "joint":
        return Dot(x, y, 7, "main")
    if role == "sole":
        return Bar(x - 8, y - 8, 16, 16, "main")
    if role == "participating":
        return Dot(x, y, 7, "due-open")
    return Bar(x - 7, y - 7, 14, 14, "due-open")
