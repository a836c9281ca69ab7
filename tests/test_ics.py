"""Calendars: content, and readability by other programs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from haopin.exports.atom import make_feeds
from haopin.exports.ics import make_calendars, moments
from haopin.exports.source import ExportSource
from haopin.html.i18n import read_labels
from haopin.html.outline import plain
from haopin.html.renderer import Renderer, environment
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.news import Event
from haopin.site.calendar import CalendarItem, CalendarItems
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.site.subscriptions import Subscriptions
from icalendar import Calendar
from living import AS_OF, copy_living
from rfc5545 import problems
from support import ROOT, BuiltSite, catalogue_of, copy_full_county, edit, errors_of

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
HOST = "quality.example"


def living(target: Path, files: dict[str, str] | None = None) -> Catalogue:
    return catalogue_of(copy_living(target, files), as_of=AS_OF)


def occasion(catalogue: Catalogue, name: str, as_of: date = AS_OF) -> CalendarItem:
    (found,) = [o for o in CalendarItems(catalogue, as_of).all if o.name == name]
    return found


# What is in them


def test_known_years_and_those_that_come_are_in() -> None:
    catalogue = catalogue_of(as_of=date(2030, 2, 1))
    found = CalendarItems(catalogue, date(2030, 2, 1)).of_activity(catalogue.get(Activity, "quality-day"))
    # 29 February: the two years between have none.
    assert [(o.name, o.start) for o in found] == [
        ("activity-quality-day-2028", date(2028, 2, 29)),
        ("activity-quality-day-2032", date(2032, 2, 29)),
    ]


def test_year_too_far_ahead_is_not_in_yet() -> None:
    catalogue = catalogue_of(as_of=date(2029, 2, 1))
    found = CalendarItems(catalogue, date(2029, 2, 1)).of_activity(catalogue.get(Activity, "quality-day"))
    assert [o.name for o in found] == ["activity-quality-day-2028"]


def test_an_announced_theme_and_a_date_of_its_own_raise_the_revision(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    name = "activity-quality-day-2032"
    assert occasion(catalogue_of(data, as_of=AS_OF), name).revision == 0
    edit(
        data / "activities/quality-day.yml",
        "  - year: 2032\n",
        "  - year: 2032\n    start: 2032-03-01\n    end: 2032-03-02\n",
    )
    moved = occasion(catalogue_of(data, as_of=AS_OF), name)
    assert (moved.revision, moved.start, moved.end) == (1, date(2032, 3, 1), date(2032, 3, 2))
    assert occasion(catalogue_of(data, as_of=AS_OF), "activity-quality-day-2028").revision == 1


def test_an_activity_is_dated_by_the_document_that_names_it() -> None:
    catalogue = catalogue_of(as_of=AS_OF)
    document = catalogue.document
    assert occasion(catalogue, "activity-quality-day-2032").stamp == (document.published or document.adopted)


FAIR = "events/fair.yml"


def test_cancelling_raises_the_revision_even_on_the_day_of_the_approval(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    before = occasion(catalogue_of(data, as_of=AS_OF), "event-fair")
    assert (before.stamp, before.revision) == (date(2030, 1, 19), 1)
    with (data / FAIR).open("a", encoding="utf-8") as file:
        file.write("cancelled: {date: 2030-01-19}\n")
    after = occasion(catalogue_of(data, as_of=AS_OF), "event-fair")
    assert (after.stamp, after.revision) == (date(2030, 1, 19), 2)


def test_a_change_reaches_subscribers_the_page_and_the_feeds(tmp_path: Path) -> None:
    """A later state of an event has a higher number (RFC 5545, 3.8.7.4), and says what changed."""
    data = copy_living(tmp_path)
    before = occasion(catalogue_of(data, as_of=AS_OF), "event-fair")
    changes = "changed:\n  - {date: 2030-01-19, what: {zh: 改在县剧院。, en: Now in the theater.}}\n"
    with (data / FAIR).open("a", encoding="utf-8") as file:
        file.write(changes)
    first = occasion(catalogue_of(data, as_of=AS_OF), "event-fair")
    with (data / FAIR).open("a", encoding="utf-8") as file:
        file.write("  - {date: 2030-01-20, what: 改到下午。}\n")
    catalogue = catalogue_of(data, as_of=AS_OF)
    second = occasion(catalogue, "event-fair")
    assert before.revision < first.revision < second.revision
    assert [o.stamp for o in (before, first, second)] == [date(2030, 1, 19), date(2030, 1, 19), date(2030, 1, 20)]
    renderer = Renderer(catalogue, "zh", AS_OF, LABELS, environment(ROOT / "hooks/haopin/templates"))
    (page,) = [page for page in renderer.pages if page.address == "events/fair/"]
    words = plain(renderer.render(page).content)
    assert words.index("改到下午。") < words.index("改在县剧院。")
    source = ExportSource(renderer, f"https://{HOST}/", {"zh": "", "en": "en/"})
    (ics,) = [made.make() for made in make_calendars(source) if made.path == "calendar/events/fair.ics"]
    event: Any = Calendar.from_ical(ics).walk("VEVENT")[0]
    assert event["SEQUENCE"] == second.revision
    assert "有变更：2030年1月20日 · 改到下午。\n有变更：2030年1月19日 · 改在县剧院。\n" in event["DESCRIPTION"]
    feed = next(made.make() for made in make_feeds(source) if made.path == "feeds/event.xml").decode()
    assert "改到下午。" in feed
    assert "<updated>2030-01-20T" in feed


def test_a_change_is_not_before_the_announcement(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    with (data / FAIR).open("a", encoding="utf-8") as file:
        file.write("changed: [{date: 2029-01-01, what: 改到下午。}]\n")
    (error,) = errors_of(data)
    assert "变更的日期“2029-01-01”早于公布的日期" in error
    assert "changed on “2029-01-01”, before the announcement" in error


def test_an_assignment_sets_the_due_date_its_day_and_the_revision(tmp_path: Path) -> None:
    catalogue = living(tmp_path)
    due = occasion(catalogue, "due-01.check")
    assert (due.start, due.end, due.stamp, due.revision) == (
        date(2030, 12, 31),
        date(2030, 12, 31),
        date(2030, 1, 6),
        1,
    )
    occasions = CalendarItems(catalogue, AS_OF)
    # The assignment names one of the two bodies of the task.
    assert due in occasions.of_body(catalogue.get(Body, "quality"))
    assert due not in occasions.of_body(catalogue.get(Body, "commerce"))


def test_a_due_date_laid_upon_no_body_alone_is_every_bodys(tmp_path: Path) -> None:
    text = (
        "- {id: a0, date: 2030-01-05, measure: 01/check, due: 2030-12-31, source: X,"
        " approved: {role: head, date: 2030-01-06}}\n"
    )
    catalogue = living(tmp_path, {"assignments.yml": text})
    occasions = CalendarItems(catalogue, AS_OF)
    for body in ("quality", "commerce"):
        assert "due-01.check" in [o.name for o in occasions.of_body(catalogue.get(Body, body))]


def test_phases_end_in_the_calendar_of_everything_only(tmp_path: Path) -> None:
    catalogue = living(tmp_path)
    occasions = CalendarItems(catalogue, AS_OF)
    ends = [o for o in occasions.all if o.name.startswith("phase-")]
    assert ends
    assert not any(o in occasions.of_body(body) for o in ends for body in catalogue.all(Body))


def test_upcoming_has_the_next_of_each_and_no_cancelled_events(full_county: BuiltSite) -> None:
    found = Subscriptions(full_county.catalogue, date(2030, 2, 1)).coming
    assert [o.name for o in found] == [
        "event-scale-day-2030",
        "event-quality-day-2030",
        "activity-quality-month-2030",
        "activity-quality-day-2032",
    ]


def test_body_without_items_has_no_calendar_and_pages_link_their_own() -> None:
    catalogue = catalogue_of(as_of=AS_OF)
    offered = Subscriptions(catalogue, AS_OF)
    by_address = {page.address: page for page in pages(catalogue)}
    asked = {a: offered.calendar_of(by_address[a]) for a in ("", "activities/", "activities/quality-day/", "tasks/01/")}
    assert asked == {
        "": "calendar/all.ics",
        "activities/": "calendar/all.ics",
        "activities/quality-day/": "calendar/activities/quality-day.ics",
        "tasks/01/": None,
    }
    bodies = {body.id: bool(offered.items.of_body(body)) for body in catalogue.all(Body)}
    assert set(bodies.values()) == {True, False}
    for body, has in bodies.items():
        path = f"calendar/bodies/{body}.ics"
        assert offered.calendar_of(by_address[f"bodies/{body}/"]) == (path if has else None)
        assert (path in [file.path for file in offered.calendars]) == has


# The files


def calendars_of(site: BuiltSite) -> dict[str, bytes]:
    return {name: (site.folder / name).read_bytes() for name in sorted(site.files) if name.endswith(".ics")}


def events_of(site: BuiltSite, name: str) -> dict[str, Any]:
    calendar = Calendar.from_ical((site.folder / name).read_bytes())
    return {str(event["UID"]).removesuffix(f"@{HOST}"): event for event in calendar.walk("VEVENT")}


@pytest.fixture(params=["county", "full_county"])
def any_site(request: pytest.FixtureRequest) -> BuiltSite:
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


def test_every_file_keeps_the_rules(any_site: BuiltSite) -> None:
    files = calendars_of(any_site)
    assert {"calendar/all.ics", "en/calendar/all.ics"} <= set(files)
    assert {name: found for name, file in files.items() if (found := problems(file))} == {}


def test_the_files_are_those_offered_in_each_language(full_county: BuiltSite) -> None:
    offered = Subscriptions(full_county.catalogue, date(2030, 2, 1)).calendars
    paths = {file.path for file in offered}
    assert set(calendars_of(full_county)) == paths | {f"en/{path}" for path in paths}
    assert {path.split("/")[1] for path in paths} == {"all.ics", "activities", "bodies", "events"}


def test_an_occasion_is_the_same_in_every_file_and_language(full_county: BuiltSite) -> None:
    files = calendars_of(full_county)
    whole = events_of(full_county, "calendar/all.ics")
    assert list(whole) == list(events_of(full_county, "en/calendar/all.ics"))
    for name in files:
        for uid, event in events_of(full_county, name).items():
            same = ("DTSTART", "DTEND", "DTSTAMP", "SEQUENCE")
            assert [event.get(key) for key in same] == [whole[uid].get(key) for key in same], name
            if not name.startswith("en/"):
                assert event.to_ical() == whole[uid].to_ical()


def test_a_calendar_says_what_it_is_and_how_often_to_ask(full_county: BuiltSite) -> None:
    text = (full_county.folder / "en/calendar/all.ics").read_bytes().replace(b"\r\n ", b"").decode()
    for line in (
        "METHOD:PUBLISH",
        "NAME;LANGUAGE=en:Quality Jiayi: All dates",
        "X-WR-CALNAME:Quality Jiayi: All dates",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        "SOURCE;VALUE=URI:https://quality.example/en/calendar/all.ics",
        "TZID:Asia/Shanghai",
    ):
        assert f"{line}\r\n" in text


def test_event_with_hours_is_in_the_time_of_the_county(full_county: BuiltSite) -> None:
    event = events_of(full_county, "en/calendar/all.ics")["event-scale-day-2030"]
    zone = ZoneInfo("Asia/Shanghai")
    assert event["DTSTART"].dt == datetime(2030, 2, 9, 8, 30, tzinfo=zone)
    assert event["DTEND"].dt == datetime(2030, 2, 9, 11, 30, tzinfo=zone)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert (event["STATUS"], event["TRANSP"], event["LOCATION"]) == (
        "CONFIRMED",
        "OPAQUE",
        "Jiayi market, 3 West Street, Jiayi County",
    )
    assert event["URL"] == "https://quality.example/en/events/scale-day-2030/"
    assert str(event["DESCRIPTION"]).splitlines() == [
        "For whom: Stallholders and shoppers",
        "Organizers: Jiayi Branch of the Bingding Testing Institute",
        "Bring your scales, and they are checked on the spot.",
        "Contact: Jiayi Branch of the Municipal Testing Institute",
        "Source: Jiayi Branch of the Municipal Testing Institute",
        "https://quality.example/en/events/scale-day-2030/",
    ]


def test_event_of_several_days_is_whole_days_with_its_hours_in_words(full_county: BuiltSite) -> None:
    event = events_of(full_county, "en/calendar/all.ics")["event-quality-day-2030"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2030, 2, 28), date(2030, 3, 2))
    assert "28 February to 1 March 2030, 9:00\n" in str(event["DESCRIPTION"])
    assert event["TRANSP"] == "TRANSPARENT"


def test_event_without_closing_time_has_no_end_made_up(tmp_path: Path) -> None:
    fair = living(tmp_path).get(Event, "fair").model_copy(update={"end": None, "closes": None})
    found = CalendarItem("event-fair", fair.start, fair.start, fair, fair.date, 0)
    begins = datetime(2030, 2, 28, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert moments(found, "Asia/Shanghai") == (begins, None)
    earlier = fair.model_copy(update={"closes": "08:00"})
    assert moments(replace(found, subject=earlier), "Asia/Shanghai") == (begins, None)
    later = fair.model_copy(update={"closes": "16:30"})
    assert moments(replace(found, subject=later), "Asia/Shanghai") == (begins, begins.replace(hour=16, minute=30))


@pytest.mark.parametrize(
    ("zone", "utc"), [("America/New_York", "20300209T133000Z"), ("Europe/Berlin", "20300209T073000Z")]
)
def test_county_with_summer_time_has_its_zone_in_full(zone: str, utc: str, tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    edit(data / "site.yml", "Asia/Shanghai", zone)
    renderer = Renderer(catalogue_of(data), "en", AS_OF, LABELS, environment(ROOT / "hooks/haopin/templates"))
    source = ExportSource(renderer, f"https://{HOST}/", {"zh": "", "en": "en/"})
    (file,) = [made.make() for made in make_calendars(source) if made.path == "calendar/events/scale-day-2030.ics"]
    assert problems(file) == []
    assert b"BEGIN:DAYLIGHT\r\n" in file
    event: Any = Calendar.from_ical(file).walk("VEVENT")[0]
    assert event["DTSTART"].dt.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ") == utc


def test_cancelled_event_is_marked_and_takes_no_time(full_county: BuiltSite) -> None:
    event = events_of(full_county, "en/calendar/all.ics")["event-lecture-2030"]
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    # Nineteen days from its date to the cancellation, and one for the cancellation itself.
    assert event["SEQUENCE"] == 20
    assert event["SUMMARY"] == "[canceled] Talk on reading labels"
    assert str(event["DESCRIPTION"]).startswith("Canceled: 29 January 2030 \u00b7 The speaker is ill.\n")
    assert event["LAST-MODIFIED"].dt == datetime(2030, 1, 28, 16, tzinfo=ZoneInfo("UTC"))


def test_whole_month_and_its_theme(full_county: BuiltSite) -> None:
    events = events_of(full_county, "en/calendar/activities/quality-month.ics")
    month = events["activity-quality-month-2029"]
    assert (month["DTSTART"].dt, month["DTEND"].dt, month["TRANSP"]) == (
        date(2029, 9, 1),
        date(2029, 10, 1),
        "TRANSPARENT",
    )
    description = str(month["DESCRIPTION"])
    assert "National theme: Quality is up to all of us (unofficial translation)\n" in description
    source = "Source: County Quality Bureau http://bureau.example/2029/en \u00b7 not verified"
    assert f"International theme: Good goods travel far\n{source}\n" in description
    unknown = events["activity-quality-month-2031"]
    assert str(unknown["DESCRIPTION"]).splitlines()[0] == "Theme: to be announced"
    own = events["activity-quality-month-2030"]
    assert (own["DTSTART"].dt, own["DTEND"].dt) == (date(2030, 9, 2), date(2030, 9, 29))


def test_due_dates(full_county: BuiltSite) -> None:
    events = events_of(full_county, "en/calendar/all.ics")
    due = events["due-01.publish"]
    assert (due["DTSTART"].dt, due["SEQUENCE"], due["SUMMARY"]) == (date(2030, 3, 31), 2, "Due: Publish the results")
    assert due["URL"] == "https://quality.example/en/tasks/01/#publish"
    assert "Task: Check products\nSource: " in str(due["DESCRIPTION"])
    assert events["target-satisfaction"]["DTSTART"].dt == date(2030, 1, 31)
    assert events["phase-start"]["SUMMARY"] == "Ends: Start"


def test_names_are_marked_with_their_language(full_county: BuiltSite) -> None:
    for name, language in (("calendar/all.ics", "zh-Hans"), ("en/calendar/all.ics", "en")):
        for event in events_of(full_county, name).values():
            assert event["SUMMARY"].params["LANGUAGE"] == language


def test_nothing_withdrawn_unapproved_or_reported_by_name_is_in(full_county: BuiltSite) -> None:
    for name, file in calendars_of(full_county).items():
        text = file.replace(b"\r\n ", b"").decode()
        assert "\u8fdc\u5cad\u996e\u54c1\u5382" not in text, name
        assert "Yuanling" not in text, name


# Other people's readers


def test_recurring_ical_events_finds_the_days(full_county: BuiltSite) -> None:
    calendar = Calendar.from_ical((full_county.folder / "en/calendar/all.ics").read_bytes())
    query = recurring_ical_events.of(calendar)
    found = {day: sorted(str(e["SUMMARY"]) for e in query.at(day)) for day in ("20300209", "20300301", "20300302")}
    assert found == {
        "20300209": ["Scales checked at the market"],
        "20300301": ["Open house on Quality Day"],
        "20300302": [],
    }


def test_ical_js_reads_the_same(full_county: BuiltSite, node: Callable[[str, bytes], Any]) -> None:
    for name in ("calendar/all.ics", "en/calendar/all.ics"):
        file = (full_county.folder / name).read_bytes()
        read = node("ical.mjs", file)
        calendar = Calendar.from_ical(file)
        assert read["name"] == str(calendar["X-WR-CALNAME"])
        expected = [
            {
                "uid": str(event["UID"]),
                "summary": str(event["SUMMARY"]),
                "description": str(event["DESCRIPTION"]),
                "location": str(event["LOCATION"]) if "LOCATION" in event else None,
                "sequence": event["SEQUENCE"],
                "status": event.get("STATUS"),
            }
            for event in calendar.walk("VEVENT")
        ]
        assert [{key: event[key] for key in expected[0]} for event in read["events"]] == expected
        by_uid = {event["uid"]: event for event in read["events"]}
        assert by_uid[f"event-scale-day-2030@{HOST}"]["utc"] == "2030-02-09T00:30:00.000Z"
        fair = by_uid[f"event-quality-day-2030@{HOST}"]
        assert (fair["start"], fair["end"], fair["utc"]) == ("2030-02-28", "2030-03-02", None)


# Where they are offered


def test_pages_offer_their_calendar(full_county: BuiltSite) -> None:
    for address, path in (
        ("activities/quality-month/", "calendar/activities/quality-month.ics"),
        ("events/lecture-2030/", "calendar/events/lecture-2030.ics"),
        ("bodies/testing/", "calendar/bodies/testing.ics"),
        ("activities/", "calendar/all.ics"),
    ):
        for prefix in ("", "en/"):
            page = full_county.pages[prefix + address]
            offered = [a for a in page.all("a") if "download" in a.attrib and a.attrib["href"].endswith(".ics")]
            assert [full_county.target(page, a.attrib["href"]) for a in offered] == [(prefix + path, "")]


def test_the_page_offers_every_calendar_in_three_ways(full_county: BuiltSite) -> None:
    offered = [f for f in Subscriptions(full_county.catalogue, date(2030, 2, 1)).calendars if "/events/" not in f.path]
    for prefix in ("", "en/"):
        page = full_county.pages[f"{prefix}subscribe/"]
        whole = [f"https://{HOST}/{prefix}{file.path}" for file in offered]
        links = [a.attrib["href"] for a in page.all("a") if "href" in a.attrib]
        assert [a.replace("webcal:", "https:") for a in links if a.startswith("webcal:")] == whole
        downloads = [a.attrib["href"] for a in page.all("a") if "download" in a.attrib and "href" in a.attrib]
        assert [f"https://{HOST}/{full_county.target(page, a)[0]}" for a in downloads] == whole  # type: ignore[index]
        assert [e.text for e in page.all("code") if (e.text or "").endswith(".ics")] == whole
        copied = [b.attrib["data-copy"] for b in page.all("button") if b.get("data-copy", "").endswith(".ics")]
        assert copied == whole


def test_dates_can_be_copied_a_line_each(full_county: BuiltSite) -> None:
    page = full_county.pages["en/subscribe/"]
    lines = [" ".join("".join(e.itertext()).split()) for e in page.all(cls="hp-coming")]
    assert lines == [
        "9 February 2030, 8:30 to 11:30 \u00b7 Scales checked at the market \u00b7 Jiayi market",
        "28 February to 1 March 2030, 9:00 \u00b7 Open house on Quality Day \u00b7 "
        "Jiayi Branch of the Municipal Testing Institute",
        "2 to 28 September 2030 \u00b7 Quality Month",
        "29 February 2032 \u00b7 Quality Day",
    ]
