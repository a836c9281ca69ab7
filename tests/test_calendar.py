"""Recurring days → dated occurrences."""

from datetime import date
from typing import Any

import pytest
from haopin.model.activity import Activity
from haopin.site.calendar import Occurrence, occurrence, occurrences, past, upcoming


def activity(
    record_id: str = "a", kind: str = "day", month: int | None = None, day: int | None = None, **more: Any
) -> Activity:
    when = None if month is None else {"month": month, "day": day}
    text = {"zh": "\u7532", "en": "A"}
    written = {"clause": {"document": "d", "id": "c"}, "quote": text}
    return Activity.model_validate(
        {"id": record_id, "kind": kind, "name": text, "as_written": written, "recurrence": when, **more}
    )


def dates(found: list[Occurrence]) -> list[tuple[str, str, str]]:
    return [(item.activity.id, item.start.isoformat(), item.end.isoformat()) for item in found]


MAY_20 = activity("may", month=5, day=20)
SEPTEMBER = activity("september", "month", month=9)
LEAP = activity("leap", month=2, day=29)
CAMPAIGN = activity("campaign", "campaign")


@pytest.mark.parametrize(
    ("item", "year", "span"),
    [
        (MAY_20, 2026, ("2026-05-20", "2026-05-20")),
        (SEPTEMBER, 2026, ("2026-09-01", "2026-09-30")),
        (activity(kind="month", month=2), 2026, ("2026-02-01", "2026-02-28")),
        (activity(kind="month", month=2), 2028, ("2028-02-01", "2028-02-29")),
        (activity(kind="month", month=12), 2026, ("2026-12-01", "2026-12-31")),
        (LEAP, 2028, ("2028-02-29", "2028-02-29")),
        (LEAP, 2000, ("2000-02-29", "2000-02-29")),
        (LEAP, 2026, None),
        (LEAP, 2100, None),
        (CAMPAIGN, 2026, None),
    ],
)
def test_occurrence(item: Activity, year: int, span: tuple[str, str] | None) -> None:
    found = occurrence(item, year)
    assert (found and (found.start.isoformat(), found.end.isoformat())) == span
    if found:
        assert (found.year, found.activity, found.edition) == (year, item, None)


def test_occurrence_has_the_edition_of_its_year() -> None:
    item = activity(month=5, day=20, editions=[{"year": 2024}, {"year": 2025}])
    found = occurrence(item, 2025)
    assert found is not None
    assert found.edition is item.editions[1]
    assert found.start == date(2025, 5, 20)


def test_edition_may_have_days_of_its_own() -> None:
    item = activity(
        month=5,
        day=20,
        editions=[{"year": 2025, "start": "2025-06-01"}, {"year": 2026, "start": "2026-06-01", "end": "2026-06-07"}],
    )
    found = occurrences([item], [2024, 2025, 2026])
    assert dates(found) == [
        ("a", "2024-05-20", "2024-05-20"),
        ("a", "2025-06-01", "2025-06-01"),
        ("a", "2026-06-01", "2026-06-07"),
    ]


def test_undated_campaign_occurs_where_an_edition_says_when() -> None:
    item = activity(kind="campaign", editions=[{"year": 2025}, {"year": 2026, "start": "2026-03-01"}])
    assert dates(occurrences([item], [2025, 2026])) == [("a", "2026-03-01", "2026-03-01")]


def test_29_february_moved_to_an_existing_day() -> None:
    item = activity(month=2, day=29, editions=[{"year": 2027, "start": "2027-02-28"}])
    assert dates(occurrences([item], [2026, 2027, 2028])) == [
        ("a", "2027-02-28", "2027-02-28"),
        ("a", "2028-02-29", "2028-02-29"),
    ]


def test_occurrences_are_sorted_by_start_then_end_then_id() -> None:
    items = [activity("z", month=9, day=1), SEPTEMBER, activity("b", month=9, day=1), MAY_20]
    assert [item.activity.id for item in occurrences(items, [2026])] == ["may", "b", "z", "september"]


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2026-05-19", [("may", "2026-05-20", "2026-05-20"), ("september", "2026-09-01", "2026-09-30")]),
        ("2026-05-20", [("may", "2026-05-20", "2026-05-20"), ("september", "2026-09-01", "2026-09-30")]),
        ("2026-05-21", [("september", "2026-09-01", "2026-09-30"), ("may", "2027-05-20", "2027-05-20")]),
        # A month that runs is still "upcoming" until its last day.
        ("2026-09-01", [("september", "2026-09-01", "2026-09-30"), ("may", "2027-05-20", "2027-05-20")]),
        ("2026-09-30", [("september", "2026-09-01", "2026-09-30"), ("may", "2027-05-20", "2027-05-20")]),
        ("2026-10-01", [("may", "2027-05-20", "2027-05-20"), ("september", "2027-09-01", "2027-09-30")]),
        ("2026-12-31", [("may", "2027-05-20", "2027-05-20"), ("september", "2027-09-01", "2027-09-30")]),
    ],
)
def test_upcoming(as_of: str, found: list[tuple[str, str, str]]) -> None:
    assert dates(upcoming([SEPTEMBER, MAY_20, CAMPAIGN], date.fromisoformat(as_of))) == found


@pytest.mark.parametrize(
    ("as_of", "start"),
    [
        ("2026-01-01", "2028-02-29"),
        ("2027-03-01", "2028-02-29"),
        ("2028-02-29", "2028-02-29"),
        # Four years off is not "upcoming".
        ("2028-03-01", None),
        ("2029-12-31", None),
        ("2030-01-01", "2032-02-29"),
    ],
)
def test_upcoming_29_february(as_of: str, start: str | None) -> None:
    found = upcoming([LEAP], date.fromisoformat(as_of))
    assert [item.start.isoformat() for item in found] == ([start] if start else [])


HELD = activity("held", month=5, day=20, editions=[{"year": 2025}, {"year": 2024}, {"year": 2026}])


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        ("2024-05-20", []),
        ("2024-05-21", [2024]),
        ("2026-05-19", [2025, 2024]),
        ("2026-05-20", [2025, 2024]),
        ("2026-05-21", [2026, 2025, 2024]),
        ("2040-01-01", [2026, 2025, 2024]),
    ],
)
def test_past_has_known_editions_that_ended_latest_first(as_of: str, years: list[int]) -> None:
    assert [item.year for item in past([HELD, MAY_20, CAMPAIGN], date.fromisoformat(as_of))] == years


def test_no_occurrence_is_both_upcoming_and_past() -> None:
    for day in ("2026-05-19", "2026-05-20", "2026-05-21"):
        as_of = date.fromisoformat(day)
        spans = {(item.activity.id, item.start) for item in upcoming([HELD], as_of)}
        assert not spans & {(item.activity.id, item.start) for item in past([HELD], as_of)}


def test_nothing_recurs() -> None:
    assert occurrences([], [2026]) == upcoming([], date(2026, 1, 1)) == past([], date(2026, 1, 1)) == []
