"""Texts for missing information: one vocabulary, and nothing past is announced."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from haopin.exports.atom import make_feeds
from haopin.exports.downloads import make_downloads
from haopin.exports.embeds import make_embeds
from haopin.exports.ics import make_calendars
from haopin.exports.source import ExportSource
from haopin.html.i18n import Plural, read_labels
from haopin.html.renderer import Rendered, Renderer, environment
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.news import Event
from haopin.model.phase import Phase
from haopin.site.calendar import occurrence
from haopin.site.catalogue import catalogue, checked
from haopin.text import LANGUAGES, Language
from icalendar import Calendar
from support import ROOT, BuiltSite, HtmlPage, copy_county, copy_full_county, dataset_of, edit, words

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
TEMPLATES = environment(ROOT / "hooks/haopin/templates")
#: The first day of each month of two years, and days on which something begins or ends.
DAYS = [date(2029 + month // 12, month % 12 + 1, 1) for month in range(6, 30)]
DAYS += [date(2030, 9, 2), date(2030, 9, 28), date(2030, 9, 29)]

#: Pages on which something may still be to come.
PAGES = ("activity", "activities", "event", "events", "home", "participate")


def said(key: str, language: Language) -> str:
    label = LABELS[key]
    assert isinstance(label.en, str)
    return label.zh if language == "zh" else label.en


@cache
def dataset() -> Any:
    """Read the invented county with an edition without theme in each year, and an event without venue."""
    with TemporaryDirectory() as folder:
        data = copy_full_county(Path(folder) / "county") / "data"
        edit(data / "activities/quality-month.yml", "editions:\n", "editions:\n  - year: 2028\n")
        edit(
            data / "events/quality-day-2030.yml",
            "venue: {zh: 市检测院甲乙分院, en: Jiayi Branch of the Municipal Testing Institute}\n",
            "",
        )
        return dataset_of(data)


@dataclass(frozen=True)
class Day:
    """The site on a day, as far as it speaks of what is to come."""

    as_of: date
    language: Language
    source: ExportSource
    pages: dict[str, Rendered]

    def html(self, address: str) -> HtmlPage:
        return HtmlPage(address, self.pages[address].content)

    def of(self, model: type[Activity] | type[Event]) -> list[Any]:
        return list(self.source.catalogue.all(model))


def days() -> Iterator[Day]:
    for as_of in DAYS:
        for language in LANGUAGES:
            renderer = Renderer(catalogue(dataset(), as_of), language, as_of, LABELS, TEMPLATES)
            source = ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"})
            pages = {page.address: renderer.render(page) for page in renderer.pages if page.template in PAGES}
            yield Day(as_of, language, source, pages)


@pytest.fixture(scope="module")
def two_years() -> list[Day]:
    return list(days())


def after_headings(page: HtmlPage) -> dict[str, str]:
    """Return the words that follow each heading of the third level, up to the next, by its id."""
    found: dict[str, str] = {}
    name = ""
    for element in page.elements:
        if element.tag in ("h2", "h3"):
            name = element.get("id", "")
        elif element.tag == "p" and name:
            found[name] = f"{found.get(name, '')} {words(element)}".strip()
    return found


@pytest.mark.sweep
def test_a_past_edition_is_never_to_be_announced(two_years: list[Day]) -> None:
    ahead, without_source = 0, 0
    for day in two_years:
        to_come, no_source = said("state.to_come", day.language), said("state.no_source", day.language)
        not_held = said("state.not_held", day.language)
        for activity in day.of(Activity):
            for name, text in after_headings(day.html(f"activities/{activity.id}/")).items():
                if not name.startswith("year-"):
                    continue
                found = occurrence(activity, int(name.removeprefix("year-")))
                assert found is not None
                is_ahead = found.start > day.as_of
                themes = found.edition.themes if found.edition else ()
                sought = found.edition is not None
                assert (to_come in text, no_source in text, not_held in text) == (
                    not themes and is_ahead,
                    not themes and not is_ahead and sought,
                    not themes and not is_ahead and not sought,
                ), (day.as_of, activity.id, name)
                ahead += to_come in text
                without_source += no_source in text
    assert ahead > 20 and without_source > 20


@pytest.mark.sweep
def test_a_list_of_past_years_has_nothing_to_come(two_years: list[Day]) -> None:
    for day in two_years:
        page = day.html("activities/")
        for item in page.all("ol", cls="hp-pastlist"):
            assert said("state.to_come", day.language) not in words(item), day.as_of


@pytest.mark.sweep
def test_an_event_that_is_over_has_no_venue_to_come(two_years: list[Day]) -> None:
    seen = set()
    for day in two_years:
        to_come = said("state.to_come", day.language)
        for event in day.of(Event):
            facts = words(day.html(f"events/{event.id}/").one("dl", cls="hp-facts"))
            is_ahead = not event.venue and event.start > day.as_of
            assert (to_come in facts) == is_ahead, (day.as_of, event.id)
            seen.add(is_ahead)
    assert seen == {True, False}


@pytest.mark.sweep
def test_calendars_say_the_same(two_years: list[Day]) -> None:
    seen = set()
    for day in two_years:
        to_come = said("state.to_come", day.language)
        (file,) = [made.make() for made in make_calendars(day.source) if made.path == "calendar/all.ics"]
        calendar: Any = Calendar.from_ical(file)
        for event in calendar.walk("VEVENT"):
            start = event["DTSTART"].dt
            start = start if type(start) is date else start.date()
            if to_come in str(event.get("DESCRIPTION", "")):
                assert start > day.as_of, (day.as_of, event["UID"])
            seen.add(to_come in str(event.get("DESCRIPTION", "")))
    assert seen == {True, False}


@pytest.mark.sweep
def test_cards_say_the_same(two_years: list[Day]) -> None:
    seen = set()
    for day in two_years:
        for made in make_embeds(day.source):
            if "/activity/" not in made.path:
                continue
            page = HtmlPage(made.path, made.make().decode())
            is_ahead = said("state.to_come", day.language) in words(page.one("body"))
            if is_ahead:
                assert str(page.one("time").get("datetime")) > day.as_of.isoformat(), made.path
            seen.add(is_ahead)
    assert seen == {True, False}


@pytest.mark.sweep
def test_feeds_and_tables_do_not_say_that_something_is_to_come_after_its_day(two_years: list[Day]) -> None:
    for day in two_years:
        to_come = said("state.to_come", day.language)
        # Without a record of the kind there is no feed of it.
        feeds = [made.make().decode() for made in make_feeds(day.source) if made.path == "feeds/event.xml"]
        assert feeds or not day.of(Event)
        for entry in "".join(feeds).split("<entry>")[1:]:
            if to_come in entry:
                name = re.search(r"events/([\w-]+)/", entry)
                assert name is not None
                assert day.source.catalogue.get(Event, name[1]).start > day.as_of, name[1]
        if day.language == "zh" and day.as_of.day == 1 and day.as_of.month in (3, 10):
            for made in make_downloads(day.source):
                if made.path.endswith(".csv") and "/activity" in made.path:
                    text = made.make().decode("utf-8-sig")
                    assert not re.search("待公布|announced", text), made.path


#: Words for what is not known that the site does not use, beside those that it does.
OTHER_WORDS = re.compile(
    "尚未报送|尚未公布|未报送|期间已过|已结束，暂未公布|not yet reported|not yet announced|not reported yet|"
    "not announced|period over|no result published",
    re.IGNORECASE,
)


def test_labels_have_one_vocabulary() -> None:
    found = {}
    for key, label in LABELS.items():
        forms = [label.en.one, label.en.other] if isinstance(label.en, Plural) else [label.en]
        if any(map(OTHER_WORDS.search, [label.zh, *forms])):
            found[key] = label
    assert found == {}
    for one, other in (("state.not_published", "ledger.not-reported"),):
        assert said(one, "zh") == said(other, "zh")
        assert said(one, "en") == said(other, "en").lower()


#: Where the office that is responsible publishes through this site, and nowhere else that the site knows of: results of
#: targets that are not due, the site's own owner and contacts, and the list that explains the words.
PUBLISHED_HERE = {
    "templates/parts/macros.html": 3,
    "templates/parts/living.html": 1,
    "templates/embed/target.html": 1,
    "templates/views/not_known.html": 1,
    "theme/partials/haopin-footer.html": 3,
}


def test_only_what_an_office_publishes_here_is_said_to_be_unpublished() -> None:
    """Of facts of the world the site knows just that its data lacks them."""
    package = ROOT / "hooks/haopin"
    found = {}
    for file in [*package.rglob("*.html"), *package.rglob("*.py")]:
        count = len(re.findall(r"state\.not_published|\bmissing\(\) ?}}", file.read_text(encoding="utf-8")))
        if count:
            found[file.relative_to(package).as_posix()] = count
    assert found == PUBLISHED_HERE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contact_or_date_that_the_data_lacks_is_not_in_our_sources(county: BuiltSite, language: Language) -> None:
    not_held, not_published = said("state.not_held", language), said("state.not_published", language)
    edition = county.edition(language)
    body = next(body for body in county.catalogue.all(Body) if not body.phone and not body.website)
    document = next(document for document in county.catalogue.all(Document) if not document.topic)
    pages = {f"bodies/{body.id}/": "hp-answers", f"documents/{document.id}/": "hp-docmeta"}
    for address, cls in pages.items():
        facts = words(edition[address].all("dl", cls=cls)[-1])
        assert not_held in facts and not_published not in facts, address


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("due", "state"),
    [("", "not_published"), ("due: 2030-12-31\n", "not_published"), ("due: 2029-12-31\n", "no_result")],
)
def test_a_due_date_that_has_passed_has_no_result_on_this_site(
    due: str, state: str, language: Language, tmp_path: Path
) -> None:
    data = copy_county(tmp_path / "county") / "data"
    edit(data / "targets.yml", "  nature: commitment\n", f"  nature: commitment\n  {due}")
    as_of = date(2030, 2, 1)
    renderer = Renderer(catalogue(checked(data, "data")[0], as_of), language, as_of, LABELS, TEMPLATES)
    (page,) = [each for each in renderer.pages if each.address == "targets/"]
    (result,) = HtmlPage(page.address, renderer.render(page).content).all("dd", cls="hp-outcome")
    assert words(result) == said(f"state.{state}", language)


def test_built_pages_have_one_vocabulary(full_county: BuiltSite) -> None:
    """All words of the invented county are its own, so that these are the program's."""
    wrong = [
        name for name, page in full_county.pages.items() if OTHER_WORDS.search(" ".join(page.one("body").itertext()))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vocabulary_is_explained_on_a_page(full_county: BuiltSite, language: Language) -> None:
    page = words(full_county.edition(language)["about/"].one("main"))
    for key in ("not_published", "not_held", "to_come", "no_source", "not_verified", "no_result"):
        mark, meaning = said(f"state.{key}", language), said(f"mark.{key}", language)
        assert mark in page and re.split("[,;(]", meaning)[0] in page, key
    assert said("outcome.met", language) in page


# The tense of the site's own description


ENDED = "description_ended: {zh: 甲乙县曾创建质量强县。, en: Jiayi County set out to improve quality.}\n"


@pytest.mark.parametrize("field", ["", ENDED])
def test_the_description_is_in_the_past_once_the_plan_is_over(field: str, tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    site = data / "site.yml"
    site.write_text(site.read_text(encoding="utf-8") + field, encoding="utf-8")
    found = checked(data, "data")[0]
    last = max(phase.period.end for phase in catalogue(found, date(2030, 2, 1)).all(Phase))
    for as_of, is_over in ((last, False), (last + timedelta(days=1), True)):
        records = catalogue(found, as_of)
        renderer = Renderer(records, "en", as_of, LABELS, TEMPLATES)
        source = ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"})
        past = bool(field) and is_over
        expected = "Jiayi County set out to improve quality." if past else records.site.description.show("en")
        (home,) = [page for page in renderer.pages if page.address == ""]
        assert expected in unescape(renderer.render(home).content)
        assert (renderer.description(home), source.description) == (expected, expected)
