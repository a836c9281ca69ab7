"""Geometry of the figures."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from haopin.calendar import occurrences
from haopin.catalogue import Catalogue
from haopin.charts import WIDTH, count_chart, phase_chart, year_chart
from haopin.records.activity import Activity
from haopin.records.phase import Phase
from haopin.status import phases

TEXT = {"zh": "\u7532", "en": "A"}


def phase(record_id: str, start: str, end: str) -> Phase:
    clause = {"document": "d", "id": "c"}
    period = {"start": start, "end": end, "quote": TEXT}
    return Phase.model_validate({"id": record_id, "clause": clause, "title": TEXT, "period": period})


def activity(record_id: str, kind: str, month: int, day: int | None = None, **more: Any) -> Activity:
    written = {"clause": {"document": "d", "id": "c"}, "quote": TEXT}
    when = {"month": month, "day": day}
    return Activity.model_validate(
        {"id": record_id, "kind": kind, "name": TEXT, "as_written": written, "recurrence": when, **more}
    )


PHASES = Catalogue.of([phase("a", "2030-01-15", "2030-02-28"), phase("b", "2030-03-01", "2030-04-30")])


def chart(as_of: date, catalogue: Catalogue = PHASES) -> Any:
    return phase_chart(phases(catalogue, as_of), as_of)


def test_phase_chart_runs_from_the_first_of_a_month_to_the_end_of_one() -> None:
    found = chart(date(2030, 2, 1))
    first, second = found.bars
    assert [tick.month.isoformat() for tick in found.ticks] == ["2030-01-01", "2030-02-01", "2030-03-01", "2030-04-01"]
    assert found.ticks[0].x == 6
    assert second.x + second.width == pytest.approx(WIDTH - 6)
    # 120 days on 348 units: 15 January is 14 days in, 1 March is 59 days in.
    assert (first.x, first.width) == (46.6, 130.5)
    assert (second.x, second.width) == (177.1, 176.9)
    assert first.x + first.width == pytest.approx(second.x)


def test_phase_chart_has_a_row_each() -> None:
    found = chart(date(2030, 2, 1))
    assert [bar.y for bar in found.bars] == [8, 60]
    assert found.bars[-1].y + 40 < found.axis_y < found.height


@pytest.mark.parametrize(
    ("as_of", "x"),
    [
        ("2029-12-31", None),
        ("2030-01-01", 6.0),
        ("2030-01-15", 46.6),
        ("2030-04-30", 351.1),
        ("2030-05-01", None),
    ],
)
def test_today_stands_on_the_axis_or_nowhere(as_of: str, x: float | None) -> None:
    assert chart(date.fromisoformat(as_of)).today == x


@pytest.mark.parametrize(
    ("end", "labels", "step"),
    [("2030-10-31", 10, 1), ("2030-11-30", 6, 2), ("2032-12-31", 9, 4), ("2049-12-31", 10, 24)],
)
def test_axis_has_room_for_its_labels(end: str, labels: int, step: int) -> None:
    found = chart(date(2030, 1, 1), Catalogue.of([phase("a", "2030-01-01", end)]))
    assert len(found.ticks) == labels
    months = [tick.month.year * 12 + tick.month.month for tick in found.ticks]
    assert {later - earlier for earlier, later in pairwise(months)} == {step}
    assert all(6 <= tick.x < WIDTH - 6 for tick in found.ticks)


def test_phase_of_one_day_is_seen() -> None:
    found = chart(date(2030, 1, 1), Catalogue.of([phase("a", "2030-12-31", "2030-12-31")]))
    (bar,) = found.bars
    assert bar.width > 0
    assert bar.x + bar.width == pytest.approx(WIDTH - 6)


YEAR = [
    activity("day", "day", 5, 20),
    activity("same", "day", 5, 20),
    activity("month", "month", 9),
    activity("first", "day", 1, 1),
    activity("last", "day", 12, 31),
    activity("week", "day", 10, 14, editions=[{"year": 2030, "start": "2030-10-30", "end": "2030-11-02"}]),
]


def year(as_of: date, items: list[Activity] = YEAR) -> Any:
    return year_chart(occurrences(items, [2029, 2030, 2031]), 2030, as_of)


def test_year_chart_has_twelve_rows_that_touch() -> None:
    found = year(date(2030, 6, 1))
    assert [month.number for month in found.months] == list(range(1, 13))
    assert all(upper.y + upper.height == lower.y for upper, lower in pairwise(found.months))
    assert found.months[-1].y + found.months[-1].height < found.height
    assert {month.number: month.height for month in found.months} == {
        **dict.fromkeys(range(1, 13), 18.0),
        **dict.fromkeys((1, 9, 10, 12), 36.0),
        5: 72.0,
    }


def test_year_chart_shows_only_its_year_each_in_its_month() -> None:
    found = year(date(2030, 6, 1))
    rows = {month.number: month for month in found.months}
    assert [mark.occurrence.activity.id for mark in found.marks] == ["first", "day", "same", "month", "week", "last"]
    for mark in found.marks:
        assert mark.occurrence.year == 2030
        row = rows[mark.occurrence.start.month]
        assert row.y < mark.label_y < mark.y < row.y + row.height
        assert found.left <= mark.x <= mark.x + mark.width <= found.right
    ys = [mark.y for mark in found.marks]
    assert ys == sorted(set(ys))


def test_days_are_dots_and_spans_are_bars() -> None:
    marks = {mark.occurrence.activity.id: mark for mark in year(date(2030, 6, 1)).marks}
    left, right = 44.0, WIDTH - 8.0
    assert {name: mark.width for name, mark in marks.items() if not mark.width} == dict.fromkeys(
        ("first", "day", "same", "last"), 0.0
    )
    assert (marks["first"].x, marks["last"].x) == (left, right)
    assert (marks["month"].x, marks["month"].width) == (left, round((right - left) * 29 / 30, 1))
    # What goes on into the next month ends at the row's end.
    assert marks["week"].x + marks["week"].width == pytest.approx(right, abs=0.1)


@pytest.mark.parametrize(
    ("as_of", "past"),
    [
        ("2030-05-20", ["first"]),
        ("2030-05-21", ["first", "day", "same"]),
        ("2030-09-30", ["first", "day", "same"]),
        ("2030-10-01", ["first", "day", "same", "month"]),
        ("2031-01-01", ["first", "day", "same", "month", "week", "last"]),
    ],
)
def test_what_is_past_on_the_day(as_of: str, past: list[str]) -> None:
    found = year(date.fromisoformat(as_of))
    assert [mark.occurrence.activity.id for mark in found.marks if mark.past] == past


@pytest.mark.parametrize(
    ("as_of", "today"),
    [("2029-12-31", None), ("2030-01-01", (44.0, 22.0)), ("2030-12-31", (352.0, 328.0)), ("2031-01-01", None)],
)
def test_today_in_the_year(as_of: str, today: tuple[float, float] | None) -> None:
    assert year(date.fromisoformat(as_of)).today == today


def test_year_without_activities() -> None:
    found = year(date(2030, 6, 1), [])
    assert (len(found.months), found.marks) == (12, ())


def test_count_chart() -> None:
    found = count_chart([("A", "a/", 4), ("B", "b/", 1), ("C", "c/", 0)])
    assert [(bar.label, bar.address, bar.count, bar.y, bar.width) for bar in found.bars] == [
        ("A", "a/", 4, 0, 320),
        ("B", "b/", 1, 36, 80),
        ("C", "c/", 0, 72, 0),
    ]
    assert found.height == 112


@pytest.mark.parametrize("rows", [[], [("A", "a/", 0)]])
def test_count_chart_of_nothing(rows: list[tuple[str, str, int]]) -> None:
    assert [bar.width for bar in count_chart(iter(rows)).bars] == [0.0] * len(rows)
