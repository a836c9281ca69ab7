"""Figure: who answers for what. Bodies down, tasks across."""

from collections.abc import Collection, Sequence
from itertools import groupby

from haopin.html.charts.drawing import (
    LEADING,
    SMALL,
    STRONG,
    TEXT,
    Bar,
    Dot,
    Drawing,
    Line,
    Shape,
    Word,
    to_tenth,
    width,
    wrapped,
)

#: A larger matrix cannot be read as a picture; the lists beside it can.
MOST_TASKS, MOST_BODIES = 26, 60

_WIDTH, _LABELS = 960.0, 380.0


def matrix(
    tasks: Sequence[tuple[str, str]],
    bodies: Sequence[str],
    joint: Collection[tuple[int, int]],
    alone: Collection[tuple[int, int]],
) -> Drawing | None:
    """Draw the matrix, None if it would be too large to be read or is empty.

    Args:
        tasks: (number, mark of its group) of each task.
        bodies: Name of each body.
        joint: (index of a body, index of a task) where a body answers with others: a dot.
        alone: The same where it answers alone: a square, so that not colour alone tells.
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
        # Over a narrow group a long mark would lie on the next one: the lines still part the groups.
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
            if (row, task) in alone:
                shapes.append(Bar(x(task) - 8, middle - 8, 16, 16, "main"))
            elif (row, task) in joint:
                shapes.append(Dot(x(task), middle, 7, "main"))
        y += height
    shapes.append(Line(4, y, _WIDTH - 4, y, "grid"))
    return Drawing(_WIDTH, y + 4, tuple(shapes))
