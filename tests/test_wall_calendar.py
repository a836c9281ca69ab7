"""The wall calendar: months and their items."""

from datetime import date

from haopin.model.activity import Activity, Recurrence
from haopin.model.news import Event
from haopin.site.calendar import MOST_NAMED, Occurrence, months


def activity(name: str, kind: str, month: int, day: int | None) -> Activity:
    return Activity.model_construct(id=name, kind=kind, recurrence=Recurrence(month=month, day=day), editions=())


def event(name: str, start: date, end: date | None = None, *, cancelled: bool = False) -> Event:
    return Event.model_construct(id=name, start=start, end=end, cancelled=object() if cancelled else None)


def names(items: tuple[Occurrence | Event, ...]) -> list[str]:
    return [item.id if isinstance(item, Event) else item.activity.id for item in items]


def test_twelve_months_from_that_of_the_day() -> None:
    firsts = [month.first for month in months([], [], date(2030, 11, 22))]
    assert firsts[0] == date(2030, 11, 1)
    assert firsts[2] == date(2031, 1, 1)
    assert firsts[-1] == date(2031, 10, 1)
    assert len(firsts) == 12


def test_items_are_in_their_month_in_order_of_date() -> None:
    days = [activity("last", "day", 3, 20), activity("first", "day", 3, 15), activity("whole", "month", 9, None)]
    found = {
        m.first.month: names(m.items) for m in months(days, [event("fair", date(2031, 3, 16))], date(2030, 11, 22))
    }
    assert {month: items for month, items in found.items() if items} == {3: ["first", "fair", "last"], 9: ["whole"]}


def test_days_of_this_month_that_are_over_stay_and_those_of_the_month_before_do_not() -> None:
    past = [event("morning", date(2030, 11, 2)), event("before", date(2030, 10, 31))]
    assert names(months([], past, date(2030, 11, 22))[0].items) == ["morning"]


def test_running_items_are_in_the_first_month_only() -> None:
    found = months([], [event("weeks", date(2030, 10, 20), date(2031, 1, 3))], date(2030, 11, 22))
    assert [names(month.items) for month in found] == [["weeks"], *[[]] * 11]


def test_cancelled_events_are_not_in_the_wall_calendar() -> None:
    found = months([], [event("fair", date(2030, 12, 1), cancelled=True)], date(2030, 11, 22))
    assert not any(month.items for month in found)


def test_the_same_month_a_year_later_is_not_on_the_sheet() -> None:
    found = months([], [event("later", date(2031, 11, 1))], date(2030, 11, 22))
    assert not any(month.items for month in found)


def test_29_february_exists_in_leap_years_alone() -> None:
    leap = [activity("leap", "day", 2, 29)]
    assert names(months(leap, [], date(2032, 1, 1))[1].items) == ["leap"]
    assert names(months(leap, [], date(2030, 1, 1))[1].items) == []


def test_a_full_month_counts_what_the_sheet_does_not_name() -> None:
    many = [event(f"e{day}", date(2030, 12, day)) for day in range(1, MOST_NAMED + 4)]
    december, january = months([], many, date(2030, 12, 1))[:2]
    assert (len(december.items), december.left_out, january.left_out) == (MOST_NAMED + 3, 3, 0)
