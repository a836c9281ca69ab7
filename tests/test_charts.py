"""Charts: shapes are inside the drawing, match the rows, and are legible."""

from datetime import date
from itertools import combinations
from typing import get_args

import pytest
from haopin.html.charts.drawing import (
    NARROW,
    SMALL,
    STRONG,
    TEXT,
    WIDE,
    Bar,
    Diamond,
    Dot,
    Drawing,
    Line,
    Word,
    width,
    wrapped,
)
from haopin.html.charts.figures import Charts
from haopin.html.charts.matrix import MOST_BODIES, MOST_TASKS, matrix
from haopin.html.charts.progress import MOST_BARS, Count, Goal, counts, goals
from haopin.html.charts.timeline import MOST_NAMED, ChartEvent, year
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.model.task import Role
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.text import LANGUAGES, Language
from support import ROOT, catalogue_of, full_catalogue

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE])
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
LONG_ZH = "全县各级各有关部门要充分认识创建质量强县工作的重要性和必要性,切实提高政治站位,加强工作组织领导" * 2
LONG_EN = "Office of the County Leading Group for the Quality-Strong County and Brand Strategy " * 3 + "Rindfleisch" * 6
LABELS = ["质量", "Quality", LONG_ZH, LONG_EN]


def box(word: Word) -> tuple[float, float, float, float]:
    """Where ``word`` stands: left, top, right, bottom."""
    length = width(word.text) * {"soft": SMALL, "strong": STRONG, "name": STRONG}.get(word.style, TEXT)
    left = {"start": word.x, "middle": word.x - length / 2, "end": word.x - length}[word.anchor]
    return left, word.y - 11, left + length, word.y + 3


def check(drawing: Drawing) -> None:
    """Nothing lies outside the drawing, and no word on another."""
    for shape in drawing.drawn:
        match shape:
            case Word():
                left, top, right, bottom = box(shape)
            case Bar():
                left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
            case Line():
                left, top, right, bottom = shape.x1, shape.y1, shape.x2, shape.y2
            case Dot() | Diamond():
                left, right = shape.x - shape.radius, shape.x + shape.radius
                top, bottom = shape.y - shape.radius, shape.y + shape.radius
        assert -0.1 <= left <= right <= drawing.width + 0.1, shape
        assert -0.1 <= top <= bottom <= drawing.height + 0.1, shape
    words = [shape for shape in drawing.drawn if isinstance(shape, Word)]
    for one, other in combinations(words, 2):
        a, b = box(one), box(other)
        apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (one, other)


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.drawn if isinstance(shape, Word)]


# Lettering


@pytest.mark.parametrize(
    ("text", "ems", "lines", "expected"),
    [
        ("质量提升", 4, 1, ["质量提升"]),
        ("质量提升", 3, 2, ["质量提", "升"]),
        # No line begins with a closing mark.
        ("质量，提升", 3, 2, ["质量，", "提升"]),
        ("质量提，升", 3, 3, ["质量", "提，升"]),
        ("质量提升行动", 3, 1, ["质量…"]),
        ("质量！提升", 2, 3, ["质", "量！", "提升"]),
        # No line ends with an opening mark.
        ("质量（提升）", 3, 3, ["质量", "（提", "升）"]),
        ("全国“质量月”", 3, 3, ["全国", "“质量", "月”"]),
        ("the “quality month” here", 6.5, 4, ["the", "“quality", "month”", "here"]),
        ("quality goods", 6, 2, ["quality", "goods"]),
        ("quality goods", 20, 2, ["quality goods"]),
        ("a b c d e f g h i j", 3, 1, ["a b…"]),
        ("", 5, 2, [""]),
    ],
)
def test_wrapped(text: str, ems: float, lines: int, expected: list[str]) -> None:
    assert wrapped(text, ems, lines) == expected


@pytest.mark.parametrize("text", LABELS)
@pytest.mark.parametrize("ems", [6, 11, 25])
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_wrapped_lines_are_never_too_many_or_too_wide(text: str, ems: float, lines: int) -> None:
    found = wrapped(text, ems, lines)
    assert 1 <= len(found) <= lines
    assert all(width(line) <= ems for line in found)
    # Nothing is lost silently.
    assert "".join(found).replace(" ", "") == text.replace(" ", "") or found[-1].endswith("…") or "…" in "".join(found)


# The year


def event(label: str, start: str, end: str = "", over: bool = False) -> ChartEvent:
    return ChartEvent(label, date.fromisoformat(start), date.fromisoformat(end or start), over)


@SIZES
def test_the_year_has_twelve_months_and_every_event(size: int) -> None:
    rows = [event("Day", "2030-03-15", over=True), event("Month", "2030-09-01", "2030-09-30")]
    drawing = year(rows, 2030, date(2030, 9, 5), MONTHS, size)
    check(drawing)
    assert [text for text in texts(drawing) if text in MONTHS] == MONTHS
    assert "15 · Day" in texts(drawing)
    (dot,) = (shape for shape in drawing.drawn if isinstance(shape, Dot))
    assert dot.style == "past"
    assert [s.style for s in drawing.drawn if isinstance(s, Bar) and s.style in ("main", "past")] == ["main"]
    assert [s.style for s in drawing.drawn if isinstance(s, Diamond)] == ["today"]


@SIZES
def test_another_year_has_no_mark_of_today(size: int) -> None:
    assert [s for s in year([], 2031, date(2030, 9, 5), MONTHS, size).shapes if isinstance(s, Diamond)] == []


@SIZES
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("many", [1, MOST_NAMED, 40])
def test_the_year_stays_legible(size: int, label: str, many: int) -> None:
    rows = [event(label, f"2030-11-{1 + n % 30:02d}") for n in range(many)] + [event(label, "2030-12-01", "2031-01-15")]
    drawing = year(rows, 2030, date(2030, 11, 23), MONTHS, size)
    check(drawing)
    assert (f"+{many - MOST_NAMED}" in texts(drawing)) == (many > MOST_NAMED)


# Counts


@SIZES
def test_bars_are_as_long_as_what_they_count(size: int) -> None:
    drawing = counts([Count("A", "a/", 4), Count("B", "b/", 2), Count("C", "c/", 0)], size)
    check(drawing)
    a, b, c = (shape.width for shape in drawing.drawn if isinstance(shape, Bar))
    assert a == pytest.approx(2 * b, abs=0.2)
    assert c == 0
    assert [text for text in texts(drawing) if text.isdigit()] == ["4", "2", "0"]


@SIZES
def test_of_very_many_bars_the_largest_are_drawn_in_their_order(size: int) -> None:
    rows = [Count(f"Row {n}", "", n % 100) for n in range(500)]
    drawing = counts(rows, size)
    check(drawing)
    drawn = [int(text) for text in texts(drawing) if text.isdigit()]
    assert len(drawn) == MOST_BARS
    assert min(drawn) >= 94


@SIZES
def test_among_many_equals_the_largest_is_drawn(size: int) -> None:
    rows = [Count(f"Row {n}", "", 1) for n in range(40)] + [Count("Most", "", 9)]
    drawing = counts(rows, size)
    assert len(drawing.of(Bar)) == MOST_BARS
    assert [text for text in texts(drawing) if not text.isdigit()] == [f"Row {n}" for n in range(MOST_BARS - 1)] + [
        "Most"
    ]


@SIZES
@pytest.mark.parametrize("label", LABELS)
def test_counts_stay_legible(size: int, label: str) -> None:
    check(counts([Count(label, "", 123456), Count(label, "", 1)], size))


@SIZES
def test_nothing_counted(size: int) -> None:
    check(counts([Count("A", "", 0)], size))
    assert counts([], size).shapes == ()


# The matrix


def test_matrix() -> None:
    drawing = matrix(
        [("01", "I"), ("02", "I"), ("03", "II")],
        ["Quality", "Commerce"],
        {(0, 0): "joint", (1, 0): "joint", (0, 2): "sole"},
    )
    assert drawing is not None
    check(drawing)
    dots = [(s.x, s.y) for s in drawing.drawn if isinstance(s, Dot)]
    squares = [(s.x + s.width / 2, s.y + s.height / 2) for s in drawing.drawn if isinstance(s, Bar)]
    numbers = {s.text: s.x for s in drawing.drawn if isinstance(s, Word) and s.anchor == "middle"}
    assert [x for x, _ in dots] == [numbers["01"]] * 2
    assert [x for x, _ in squares] == [pytest.approx(numbers["03"])]
    assert squares[0][1] == dots[0][1] != dots[1][1]
    assert [text for text in texts(drawing) if text in ("I", "II")] == ["I", "II"]


def test_each_part_has_a_mark_of_its_own() -> None:
    parts: dict[tuple[int, int], Role] = {(0, n): role for n, role in enumerate(get_args(Role))}
    drawing = matrix([(f"{n:02d}", "I") for n in range(len(parts))], ["Quality"], parts)
    assert drawing is not None
    marks = [(type(s), s.style) for s in drawing.drawn if isinstance(s, Diamond | Dot | Bar)]
    assert len(marks) == len(set(marks)) == len(parts)


@pytest.mark.parametrize("label", LABELS)
def test_matrix_stays_legible(label: str) -> None:
    tasks = [(f"{n:02d}", f"{n // 8}.") for n in range(MOST_TASKS)]
    drawing = matrix(tasks, [label] * MOST_BODIES, {(n, n): get_args(Role)[n % 5] for n in range(MOST_TASKS)})
    assert drawing is not None
    check(drawing)


@pytest.mark.parametrize("mark", ["（二十三）", "Group of tasks"])
def test_marks_of_narrow_groups_do_not_lie_on_each_other(mark: str) -> None:
    drawing = matrix([(f"{n:02d}", f"{mark}{n}") for n in range(20)], ["B"], {})
    assert drawing is not None
    check(drawing)
    # The lines still part the groups.
    assert len([line for line in drawing.of(Line) if isinstance(line, Line) and line.x1 == line.x2]) == 20


@pytest.mark.parametrize(("tasks", "bodies"), [(0, 3), (3, 0), (MOST_TASKS + 1, 3), (3, MOST_BODIES + 1)])
def test_no_matrix_where_none_could_be_read(tasks: int, bodies: int) -> None:
    assert matrix([("01", "I")] * tasks, ["B"] * bodies, {}) is None


# Targets


def goal(value: float | None = 90, *, label: str = "Rate", more: bool = True, aim: bool = False) -> Goal:
    return Goal(label, value, more, aim, "Aim" if aim else "Commitment", f"≥ {value}%", "not yet reported")


@SIZES
@pytest.mark.parametrize("value", [0, 50, 90, 100])
def test_mark_of_a_target_lies_at_its_value(size: int, value: float) -> None:
    drawing = goals([goal(value)], size)
    check(drawing)
    (track,) = (s for s in drawing.drawn if isinstance(s, Bar) and s.style == "track")
    (mark,) = (s for s in drawing.drawn if isinstance(s, Line))
    assert (mark.x1 - track.x) / track.width == pytest.approx(value / 100, abs=0.001)
    # Beyond the mark is as good; nothing is drawn as a result.
    reach = [s for s in drawing.drawn if isinstance(s, Bar) and s.style == "reach"]
    assert len(reach) == (value < 100)
    assert {s.style for s in drawing.drawn if isinstance(s, Bar)} <= {"track", "reach"}


@SIZES
def test_an_aim_looks_other_than_a_promise_and_a_state_has_no_scale(size: int) -> None:
    drawing = goals([goal(None, aim=True), goal(100, more=False)], size)
    check(drawing)
    assert [s.style for s in drawing.drawn if isinstance(s, Bar)] == ["track-aim", "track"]
    assert len([s for s in drawing.drawn if isinstance(s, Diamond)]) == 1
    assert texts(drawing).count("0") == 1
    # And says so in a word.
    assert [text.partition(" · ")[0] for text in texts(drawing) if " · " in text] == ["Aim", "Commitment"]


@SIZES
@pytest.mark.parametrize("label", LABELS)
def test_targets_stay_legible(size: int, label: str) -> None:
    check(goals([goal(3, label=label), goal(None, label=label, aim=True), goal(100, label=label)], size))


# The counties'


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("catalogue", [catalogue_of(), full_catalogue()], ids=["invented", "every-kind"])
@pytest.mark.parametrize("day", [date(2023, 4, 1), date(2026, 11, 22), date(2030, 2, 1)])
def test_figures_of_the_counties(language: Language, catalogue: Catalogue, day: date) -> None:
    t = Labels(read_labels(ROOT / "hooks/haopin/labels.yml"), language)
    found = Charts(TemplateContext(catalogue, language, day, pages(catalogue)), t)
    for figure in (found.course(catalogue.plan), found.year, found.bodies, found.groups, found.targets, found.matrix):
        assert figure is not None
        assert figure.wide is not None
        check(figure.wide)
        if figure.narrow is not None:
            check(figure.narrow)
    assert found.bodies is not None and found.groups is not None
    assert sum(row.number for row in found.bodies.rows) == sum(map(len, catalogue.tasks_of_body.values()))
    tasks = [task for tasks in catalogue.tasks_of_group.values() for task in tasks]
    assert sum(row.number for row in found.groups.rows) == sum(len(task.measures) for task in tasks)
    assert found.year_number >= day.year


def test_omitted_rows_are_counted() -> None:
    found = Charts(
        TemplateContext(catalogue_of(), "en", date(2030, 2, 1), ()),
        Labels(read_labels(ROOT / "hooks/haopin/labels.yml"), "en"),
    )
    drawn = found._counts(Count(str(n), "", n) for n in range(MOST_BARS + 5))
    assert drawn is not None
    assert (drawn.drawn, drawn.left_out) == (MOST_BARS, 5)
    assert found.bodies is not None
    assert (found.bodies.drawn, found.bodies.left_out) == (len(found.bodies.rows), 0)
