"""Figures of progress (states, reported values, deadlines) lie inside their drawing, are legible, say what is so."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from haopin.html.charts.drawing import NARROW, SMALL, STRONG, TEXT, WIDE, Bar, Diamond, Dot, Drawing, Line, Word, width
from haopin.html.charts.progress import MOST_BARS, Actual, Share, actuals, shares, ticks
from haopin.html.charts.timeline import Deadline, deadlines
from haopin.site.progress import STATES
from support import ROOT
from test_charts import LABELS, LONG_EN, LONG_ZH, MONTHS, SIZES, texts
from test_charts import check as check_downwards

ZH: dict[str, str] = dict(
    zip(STATES, ["已完成", "常态开展", "推进中", "未启动", "已暂停", "逾期", "尚未报送"], strict=True)
)
EN: dict[str, str] = dict(
    zip(
        STATES,
        ["Done", "Ongoing routine", "Under way", "Not started", "Suspended", "Late", "Not reported"],
        strict=True,
    )
)

#: What `LABELS` are.
IDS = ["zh", "en", "long-zh", "long-en"]


def check(drawing: Drawing) -> None:
    """Check a drawing whose lines may rise."""
    turned = (
        shape._replace(y1=shape.y2, y2=shape.y1) if isinstance(shape, Line) and shape.y1 > shape.y2 else shape
        for shape in drawing.drawn
    )
    check_downwards(replace(drawing, shapes=tuple(turned)))


def words_of(drawing: Drawing) -> list[Word]:
    return [shape for shape in drawing.drawn if isinstance(shape, Word)]


def bars(drawing: Drawing) -> list[Bar]:
    return [shape for shape in drawing.drawn if isinstance(shape, Bar)]


def lines(drawing: Drawing, style: str) -> list[Line]:
    return [shape for shape in drawing.drawn if isinstance(shape, Line) and shape.style == style]


def dots(drawing: Drawing, style: str) -> list[Dot]:
    return [shape for shape in drawing.drawn if isinstance(shape, Dot) and shape.style == style]


def extent(word: Word) -> tuple[float, float, float, float]:
    """Where the letters of ``word`` are: left, top, right, bottom."""
    length = width(word.text) * {"soft": SMALL, "text": TEXT, "over": TEXT}.get(word.style, STRONG)
    left = {"start": word.x, "middle": word.x - length / 2, "end": word.x - length}[word.anchor]
    return left, word.y - 11, left + length, word.y + 3


def covers(word: Word, shape: Dot | Diamond | Bar | Line) -> bool:
    """Whether ``word`` lies on ``shape``."""
    left, top, right, bottom = extent(word)
    match shape:
        case Line():
            steps = [n / 200 for n in range(201)]
            points = [(shape.x1 + (shape.x2 - shape.x1) * s, shape.y1 + (shape.y2 - shape.y1) * s) for s in steps]
            return any(left < x < right and top < y < bottom for x, y in points)
        case Bar():
            box = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
        case _:
            box = shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius
    return left < box[2] and box[0] < right and top < box[3] and box[1] < bottom


def test_every_style_has_a_rule() -> None:
    row = Share("A", tuple((state, 1) for state in STATES))
    drawings = [
        shares([row], EN, NARROW),
        actuals(VALUES, 90, "Goal", True, date(2025, 3, 1), NARROW, str, percent),
        deadlines(DEADLINES, date(2030, 3, 15), MONTHS, NARROW),
    ]
    css = (ROOT / "hooks/haopin/theme/assets/figures.css").read_text(encoding="utf-8")
    known = set(re.findall(r"\.hp-d-([\w-]+)", css)) | {"text"}
    assert {shape.style for drawing in drawings for shape in drawing.drawn} <= known


# Shares


def share(label: str, *numbers: int) -> Share:
    return Share(label, tuple(zip(STATES, numbers, strict=False)))


def parts(drawing: Drawing) -> list[Bar]:
    """The parts of bars and samples, without their fill."""
    return [bar for bar in bars(drawing) if bar.style != "share-half"]


def test_parts_are_as_long_as_their_share() -> None:
    drawing = shares([share("A", 6, 0, 0, 0, 0, 2, 0)], EN, NARROW)
    check(drawing)
    key_done, key_late, done, late = parts(drawing)
    # From 6 to 295.9: at the end "8" takes 10.1 and its margins 14. A gap of 2 lies between the parts.
    assert (done.x, done.width) == (6, 216.9)
    assert (late.x, late.width) == (224.9, 71.0)
    # Above are the key and a gap, 38, a line of words, 18, and twice room for the mark of what is late, 11, from 4 on.
    assert (done.y, done.height) == (late.y, late.height) == (82, 24)
    assert (key_done.width, key_late.width) == (24, 24)
    assert [(word.text, word.x) for word in words_of(drawing) if word.anchor == "middle"] == [
        ("6", 114.5),
        ("2", 260.4),
    ]
    (total,) = (word for word in words_of(drawing) if word.style == "strong")
    assert (total.text, total.x) == ("8", 302.9)


@SIZES
def test_all_rows_are_of_one_length(size: int) -> None:
    drawing = shares([share("A", 10, 20, 30), share("B", 300, 300), share("C", 0, 0, 1)], EN, size)
    check(drawing)
    # After the samples of the key.
    found = parts(drawing)[3:]
    assert [bar.style for bar in found] == [f"share-{state}" for state in (*STATES[:3], *STATES[:2], "under-way")]
    ends = [(row[0].x, row[-1].x + row[-1].width) for row in (found[:3], found[3:5], found[5:])]
    # An outline lies 0.8 inside.
    assert all(end == pytest.approx(ends[1], abs=0.9) for end in ends)
    assert ends[1][1] > size * 0.8


@SIZES
def test_the_key_has_what_occurs_in_the_order_of_states(size: int) -> None:
    rows = [share("A", 0, 0, 3), Share("B", (("late", 1), ("done", 1))), share("C", 0)]
    drawing = shares(rows, ZH, size)
    check(drawing)
    assert [text for text in texts(drawing) if text in ZH.values()] == ["已完成", "推进中", "逾期"]
    # A row keeps its own order.
    assert [bar.style for bar in parts(drawing)][-3:] == ["share-late", "share-done", "track"]


def test_states_can_be_distinguished_without_colours() -> None:
    drawing = shares([Share("A", ((state, 1),)) for state in STATES], EN, NARROW)
    what: dict[str, list[str]] = {}
    state = ""
    for shape in drawing.drawn:
        if isinstance(shape, Bar) and shape.style.removeprefix("share-") in STATES:
            state = shape.style.removeprefix("share-")
            what[state] = []
        elif shape.style.startswith("share-"):
            what[state].append(f"{type(shape).__name__} {shape.style}")
    assert what == {
        "done": [],
        "routine": ["Line share-stripes"],
        "under-way": ["Bar share-half"],
        "not-started": [],
        "suspended": ["Line share-stopped"],
        "late": ["Diamond share-late"],
        "not-reported": [],
    }


@SIZES
def test_every_number_is_written(size: int) -> None:
    numbers = (1, 22, 333, 4444, 5, 66, 7)
    drawing = shares([share("A", *numbers)], EN, size)
    check(drawing)
    assert [int(text) for text in texts(drawing) if text.isdigit()] == [*numbers, sum(numbers)]
    # No part is too short to be seen, and none lies on another.
    row = [bar for bar in parts(drawing) if bar.y == pytest.approx(parts(drawing)[7].y, abs=1)][:7]
    assert all(bar.width >= 3 for bar in row)
    assert all(one.x + one.width <= other.x for one, other in pairwise(row))


@SIZES
@pytest.mark.parametrize("label", LABELS, ids=IDS)
@pytest.mark.parametrize("words", [ZH, EN, dict.fromkeys(STATES, LONG_ZH), dict.fromkeys(STATES, LONG_EN)], ids=IDS)
@pytest.mark.parametrize(
    "numbers",
    [(0,) * 7, (1,) * 7, (1, 0, 0, 0, 0, 0, 123456), (123456,) * 7, (0, 0, 0, 0, 0, 5), (0, 0, 0, 0, 0, 1, 500)],
    ids=str,
)
def test_shares_stay_legible(size: int, label: str, words: dict[str, str], numbers: tuple[int, ...]) -> None:
    drawing = shares([share(label, *numbers), share(label, 1), share(label)], words, size)
    check(drawing)
    marks = [shape for shape in drawing.drawn if isinstance(shape, Bar | Diamond)]
    # Numbers stand within their parts, others beside them.
    within, beside = (
        [word for word in words_of(drawing) if (word.style == "name") is inside] for inside in (True, False)
    )
    assert not [(word, mark) for word, mark in product(beside, marks) if covers(word, mark)]
    for left, _, right, _ in map(extent, within):
        assert any(bar.x <= left and right <= bar.x + bar.width for bar in parts(drawing))


@SIZES
def test_nothing_shared(size: int) -> None:
    drawing = shares([share("A"), share("B", 0, 0)], EN, size)
    check(drawing)
    assert [bar.style for bar in bars(drawing)] == ["track", "track"]
    assert texts(drawing) == ["A", "0", "B", "0"]
    assert shares([], EN, size).shapes == ()


@SIZES
def test_of_very_many_shares_those_with_the_most_are_drawn_in_their_order(size: int) -> None:
    drawing = shares([share(f"Row {n}", n % 50, 1) for n in range(200)], EN, size)
    check(drawing)
    drawn = [text for text in texts(drawing) if text.startswith("Row")]
    assert len(drawn) == MOST_BARS
    assert drawn == sorted(drawn, key=lambda text: int(text[4:]))
    assert {int(text[4:]) % 50 for text in drawn} == set(range(42, 50))


# Reported values


def percent(value: float) -> str:
    return f"{value:g}%"


def actual(day: str, value: float, corrected: bool = False) -> Actual:
    return Actual(date.fromisoformat(day), value, corrected)


VALUES = [
    actual("2024-01-01", 82),
    actual("2024-06-30", 88, True),
    actual("2024-06-30", 86),
    actual("2024-04-01", 85),
    actual("2024-12-31", 92),
]
MANY = [actual(str(date(2020, 1, 31) + timedelta(30 * n)), 50 + (n * 37 % 45)) for n in range(60)]


def draw(rows: Sequence[Actual], goal: float | None = 90, as_of: str = "2024-12-31", size: int = NARROW) -> Drawing:
    return actuals(rows, goal, "Goal: 90%", True, date.fromisoformat(as_of), size, str, percent)


def test_values_lie_at_their_day_and_height() -> None:
    drawing = draw(VALUES)
    check(drawing)
    # Marks of 80 to 95 from 178 up to 28, ten units a percent point.
    assert [word.text for word in words_of(drawing)[:4]] == ["80%", "85%", "90%", "95%"]
    found = dots(drawing, "main")
    assert [dot.y for dot in found] == [158, 128, 118, 58]
    # "95%" takes 29 units, with margins 43; from 18 further right to 26 before the right edge, 233 units for 365 days.
    assert [dot.x for dot in found] == pytest.approx([61, 61 + 233 * 91 / 365, 61 + 233 * 181 / 365, 294], abs=0.1)
    (goal,) = lines(drawing, "goal-line")
    assert (goal.y1, goal.y2, goal.x2) == (78, 78, 312)
    (beyond,) = (bar for bar in bars(drawing) if bar.style == "beyond")
    assert (beyond.y, beyond.y + beyond.height) == (6, 78)


def test_valid_values_are_joined_by_date_and_corrected_ones_are_hollow() -> None:
    drawing = draw(VALUES)
    points = [(dot.x, dot.y) for dot in dots(drawing, "main")]
    assert [((line.x1, line.y1), (line.x2, line.y2)) for line in lines(drawing, "course")] == list(pairwise(points))
    (hollow,) = dots(drawing, "corrected")
    assert (hollow.x, hollow.y) == (points[2][0], 98)


def test_no_band_where_more_is_not_as_good() -> None:
    drawing = actuals(VALUES, 90, "Goal", False, date(2024, 12, 31), NARROW, str, percent)
    assert not bars(drawing)
    assert len(lines(drawing, "goal-line")) == 1
    assert not lines(draw(VALUES, None), "goal-line")
    assert "Goal: 90%" not in texts(draw(VALUES, None))


@pytest.mark.parametrize(("as_of", "shown"), [("2024-12-30", False), ("2024-12-31", False), ("2025-01-01", True)])
def test_the_day_of_the_page_is_marked_if_it_is_later(as_of: str, shown: bool) -> None:
    drawing = draw(VALUES, as_of=as_of)
    assert drawing.has("today") == shown == (as_of in texts(drawing) and as_of != "2024-12-31")
    assert {"2024-01-01", "2024-12-31"} <= set(texts(drawing))


@SIZES
def test_telling_values_are_written(size: int) -> None:
    rows = [actual(f"2024-{n:02d}-01", value) for n, value in enumerate([70, 75, 60, 72, 90, 80], start=1)]
    written = [word.text for word in words_of(draw(rows, None, "2024-06-01", size)) if word.style == "name"]
    assert sorted(written) == ["60%", "70%", "80%", "90%"]


@SIZES
@pytest.mark.parametrize("as_of", ["2024-01-01", "2024-01-02", "2030-01-01"])
@pytest.mark.parametrize("goal", [None, 90])
def test_one_value(size: int, as_of: str, goal: float | None) -> None:
    drawing = draw([actual("2024-01-01", 90)], goal, as_of, size)
    check(drawing)
    (dot,) = dots(drawing, "main")
    assert texts(drawing).count("90%") == 1 + ("90%" in [word.text for word in words_of(drawing)[:4]])
    plot = lines(drawing, "axis")[0]
    middle = (plot.x1 + plot.x2) / 2
    # Alone in the middle; with room on both sides if the day of the page is later.
    assert dot.x == pytest.approx(middle, abs=0.1) if as_of == "2024-01-01" else plot.x1 < dot.x < middle
    if as_of == "2030-01-01":
        assert dot.x > plot.x1 + (plot.x2 - plot.x1) / 4


@SIZES
@pytest.mark.parametrize("corrected", [False, True])
def test_values_of_one_day(size: int, corrected: bool) -> None:
    drawing = draw([actual("2024-01-01", 3, corrected), actual("2024-01-01", 5)], None, "2024-01-01", size)
    check(drawing)
    assert len({dot.x for dot in drawing.of(Dot) if isinstance(dot, Dot)}) == 1
    assert len(lines(drawing, "course")) == (not corrected)


def test_only_corrected_values() -> None:
    drawing = draw([actual("2024-01-01", 3, True), actual("2024-02-01", 5, True)], None)
    check(drawing)
    assert not lines(drawing, "course")
    assert len(dots(drawing, "corrected")) == 2
    assert "5%" in [word.text for word in words_of(drawing) if word.style == "name"]


@pytest.mark.slow
@SIZES
@pytest.mark.parametrize("goal_words", ["≥ 90%", LONG_ZH, LONG_EN], ids=["short", "zh", "en"])
@pytest.mark.parametrize(
    "as_of",
    [
        "2024-12-31",
        *(pytest.param(day, marks=pytest.mark.sweep) for day in ("2024-01-01", "2025-01-09", "2029-01-01")),
    ],
)
@pytest.mark.parametrize(
    "rows",
    [
        VALUES,
        MANY,
        MANY[:2],
        [row._replace(value=row.value * 1e6) for row in MANY],
        [row._replace(value=7) for row in MANY],
    ],
    ids=["few", "many", "two", "large", "level"],
)
@pytest.mark.parametrize("goal", [90, 45, 100000])
def test_values_stay_legible(size: int, goal_words: str, as_of: str, rows: list[Actual], goal: float) -> None:
    def day_words(day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日"

    day = date.fromisoformat(as_of)
    drawing = actuals(rows, goal, goal_words, True, day, size, day_words, lambda value: f"{value:,.0f} tonnes")
    check(drawing)
    # Its words stand at the line or at the foot, never nowhere.
    assert any(text[:3] == goal_words[:3] for text in texts(drawing))
    drawn = [shape for shape in drawing.drawn if isinstance(shape, Dot | Line) and shape.style not in ("grid", "axis")]
    assert not [(word, shape) for word, shape in product(words_of(drawing), drawn) if covers(word, shape)]


@SIZES
def test_no_values(size: int) -> None:
    assert draw([], size=size).shapes == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([82, 92, 90], [80, 85, 90, 95]),
        ([0, 100], [0, 50, 100]),
        ([96], [85, 90, 95, 100]),
        ([100], [90, 95, 100]),
        ([0], [0, 1]),
        ([0.5], [0.45, 0.5, 0.55]),
        ([99, 100], [99, 100]),
        ([98.5, 100], [98.5, 99, 99.5, 100]),
        ([3, 5], [3, 4, 5]),
        ([-3, 4], [-5, 0, 5]),
        ([7_100_000, 12_000_000], [6_000_000, 8_000_000, 10_000_000, 12_000_000]),
        ([0.1 + 0.2, 0.3], [0.25, 0.3, 0.35]),
        ([99, 130], [80, 100, 120, 140]),
    ],
)
def test_ticks(values: list[float], expected: list[float]) -> None:
    assert ticks(values) == expected


@pytest.mark.parametrize("low", [0, 0.013, 1, 37.5, 80, 99.9, 1234567])
@pytest.mark.parametrize("span", [0, 0.01, 0.1, 1, 7, 19, 20, 62.5, 5e5])
def test_ticks_take_in_all_values(low: float, span: float) -> None:
    found = ticks([low, low + span])
    assert 2 <= len(found) <= 4
    assert found[0] <= low <= low + span <= found[-1] + 1e-9
    if low + span <= 100:
        assert found[0] >= 0 and found[-1] <= 100


# Deadlines


def deadline(label: str, day: str, state: str = "open", words: str = "") -> Deadline:
    return Deadline(label, date.fromisoformat(day), state, words or f"{day} · {state}")


DEADLINES = [
    deadline("B", "2030-02-15", "late"),
    deadline("A", "2030-01-15", "done"),
    deadline("C", "2030-03-01", "unreported"),
    deadline("D", "2030-04-30", "open"),
]


def test_deadlines_lie_at_their_day_in_order() -> None:
    drawing = deadlines(DEADLINES, date(2030, 2, 1), MONTHS, NARROW)
    check(drawing)
    assert [text for text in texts(drawing) if len(text) == 1] == ["A", "B", "C", "D"]
    # 120 days on 292 units from 14: 14, 45, 59 and 119 days in.
    marks = [shape for shape in drawing.drawn if isinstance(shape, Dot | Diamond)]
    assert [(type(mark), mark.x, mark.style) for mark in marks] == [
        (Dot, 48.1, "due-done"),
        (Diamond, 123.5, "due-late"),
        (Diamond, 157.6, "due-unreported"),
        (Dot, 303.6, "due-open"),
    ]
    assert {x for today in lines(drawing, "today") for x in (today.x1, today.x2)} == {89.4}


@pytest.mark.parametrize(
    ("as_of", "first", "shown"),
    [
        ("2029-01-14", "Feb", True),
        ("2029-01-13", "Jan", False),
        ("2030-02-01", "Jan", True),
        ("2031-05-01", "Jan", True),
        ("2031-05-02", "Jan", False),
    ],
)
def test_the_axis_reaches_to_a_day_that_is_near(as_of: str, first: str, shown: bool) -> None:
    drawing = deadlines(DEADLINES, date.fromisoformat(as_of), MONTHS, WIDE)
    check(drawing)
    assert drawing.has("today") == shown


def test_months_and_years_of_the_axis() -> None:
    def names(*days: str, size: int = WIDE) -> list[str]:
        drawing = deadlines([deadline("A", day, words="x") for day in days], date(1990, 1, 1), MONTHS, size)
        return [word.text for word in words_of(drawing) if word.style == "soft"]

    assert names("2030-02-10") == ["Feb", "2030"]
    assert names("2029-11-10", "2030-02-10") == ["Nov", "2029", "Dec", "Jan", "2030", "Feb"]
    assert names("2029-11-10", "2030-12-10") == ["Nov", "2029", "Jan", "2030", "Mar", "May", "Jul", "Sept", "Nov"]
    assert names("2029-11-10", "2030-08-10", size=NARROW) == ["Nov", "2029", "Jan", "2030", "Mar", "May", "Jul"]
    # Where a year or more lies between two, years alone.
    assert names("2019-11-10", "2030-12-10") == ["2020", "2022", "2024", "2026", "2028", "2030"]


@SIZES
@pytest.mark.parametrize("months", [*range(1, 61), 120, 500, 1200])
def test_names_of_months_stay_apart(size: int, months: int) -> None:
    days = [date(2030, 1, 1), date(2030 + (months - 1) // 12, (months - 1) % 12 + 1, 28)]
    rows = [Deadline("A", day, "open", "x") for day in days]
    check(deadlines(rows, date(1990, 1, 1), ["Sept"] * 12, size))


@SIZES
def test_words_stand_off_the_day_of_the_page_where_they_can(size: int) -> None:
    rows = [deadline("A", "2030-01-01"), deadline("B", "2030-06-25", words="words"), deadline("C", "2030-12-31")]
    drawing = deadlines(rows, date(2030, 7, 25), MONTHS, size)
    check(drawing)
    (words,) = (word for word in words_of(drawing) if word.text == "words")
    assert words.anchor == "end"
    assert not any(covers(words, today) for today in lines(drawing, "today"))


@SIZES
@pytest.mark.parametrize("label", LABELS, ids=IDS)
def test_the_day_of_the_page_crosses_no_word(size: int, label: str) -> None:
    rows = [deadline(label, f"2030-{month:02}-10", words="Under way") for month in (1, 6, 7, 8, 12)]
    drawing = deadlines(rows, date(2030, 7, 25), MONTHS, size)
    check(drawing)
    today = lines(drawing, "today")
    assert today and not any(covers(word, line) for word in words_of(drawing) for line in today)


@pytest.mark.slow
@SIZES
@pytest.mark.parametrize("label", LABELS, ids=IDS)
@pytest.mark.parametrize(
    "words", ["x", "2030年12月31日 · 尚未报送", LONG_ZH, LONG_EN], ids=["shortest", "short", "zh", "en"]
)
@pytest.mark.parametrize(
    "as_of", ["2030-06-15", *(pytest.param(day, marks=pytest.mark.sweep) for day in ("2029-12-01", "2040-01-01"))]
)
def test_deadlines_stay_legible(size: int, label: str, words: str, as_of: str) -> None:
    days = ["2030-01-01", "2030-06-10", "2030-06-20", "2030-06-20", "2030-12-31"]
    rows = [deadline(label, day, state, words) for day in days for state in ("done", "open", "late", "unreported")]
    drawing = deadlines(rows, date.fromisoformat(as_of), MONTHS, size)
    check(drawing)
    marks = [shape for shape in drawing.drawn if isinstance(shape, Dot | Diamond)]
    assert len(marks) == len(rows)
    assert not [(word, mark) for word, mark in product(words_of(drawing), marks) if covers(word, mark)]
    # Names are on their own side: never on a mark's axis if wide.
    if size > NARROW:
        assert max(extent(word)[2] for word in words_of(drawing) if word.style == "text") < min(m.x for m in marks)


@SIZES
def test_no_line_lies_over_a_word_or_a_mark(size: int) -> None:
    shapes = deadlines(DEADLINES, date(2030, 2, 1), MONTHS, size).shapes
    kinds = [
        isinstance(shape, Line) * 1 + isinstance(shape, Dot | Diamond) * 2 + isinstance(shape, Word) * 3
        for shape in shapes
    ]
    assert kinds == sorted(kinds)


@SIZES
def test_of_very_many_deadlines_the_nearest_are_drawn(size: int) -> None:
    rows = [deadline(f"Row {n}", str(date(2020, 1, 1) + timedelta(20 * n))) for n in range(200)]
    drawing = deadlines(rows, date(2020, 1, 1) + timedelta(2000), MONTHS, size)
    check(drawing)
    drawn = [int(text[4:]) for text in texts(drawing) if text.startswith("Row")]
    assert drawn in (list(range(85, 115)), list(range(86, 116)))


@SIZES
@pytest.mark.parametrize("as_of", ["2030-01-31", "2030-01-01", "2000-01-01"])
def test_one_deadline_and_none(size: int, as_of: str) -> None:
    check(deadlines([deadline("A", "2030-01-31", "late")], date.fromisoformat(as_of), MONTHS, size))
    assert deadlines([], date.fromisoformat(as_of), MONTHS, size).shapes == ()
