"""The page of a task: measures in rows by subject, and what is folded behind them."""

from collections.abc import Iterator

import pytest
from haopin.html.measures import says_more
from haopin.model.ledger import Entry
from haopin.model.task import Task
from haopin.site.progress import STATES, Progress, StatusCounts
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser
from support import BuiltSite, HtmlPage, serving, wait_for, words

IN_EACH = pytest.mark.parametrize("language", LANGUAGES)


def page_of(site: BuiltSite, address: str, language: Language) -> HtmlPage:
    """Return the page at ``address`` in ``language``."""
    return site.html[f"{'en/' if language == 'en' else ''}{address}index.html"]


@pytest.mark.parametrize(
    ("quote", "title", "more"),
    [
        ("publish the results", "Publish the results", False),
        ("make progress in publishing results", "Publish the results", False),
        ("Carry out inspections by random selection, with prompt release of results", "Inspect at random", True),
        ("keep the pass rate at 95% or more", "Pass rate", True),
        ("keep the pass rate at 95% or more", "Pass rate 95%", False),
    ],
)
def test_a_translation_is_shown_where_it_says_more_than_the_title(quote: str, title: str, more: bool) -> None:
    assert says_more(quote, title) is more


@IN_EACH
def test_measures_stand_in_rows_below_the_headings_of_their_subjects(
    full_county: BuiltSite, language: Language
) -> None:
    task = full_county.catalogue.get(Task, "04")
    page = page_of(full_county, "tasks/04/", language)
    headed = [measure for measure in task.measures if measure.heading]
    assert len(headed) == 2
    assert [words(e) for e in page.all("h3", cls="hp-subject-title")] == [
        m.heading.show(language) for m in headed if m.heading
    ]
    assert [e.get("id") for e in page.all("h3", cls="hp-subject-title")] == [f"about--{m.id}" for m in headed]
    lists = page.all("ol", cls="hp-measures")
    starts = [1 + [m.id for m in task.measures].index(measure.id) for measure in headed]
    assert [int(e.get("start", "1")) for e in lists] == starts
    assert [e.get("id") for e in page.all("h4", cls="hp-measure-title")] == [m.id for m in task.measures]
    # A task without headings has the titles of its measures one level higher.
    other = page_of(full_county, "tasks/01/", language)
    assert not other.all(cls="hp-subject-title")
    assert len(other.all("h3", cls="hp-measure-title")) == len(full_county.catalogue.get(Task, "01").measures)


@IN_EACH
def test_what_a_task_means_is_marked_as_the_editors(full_county: BuiltSite, language: Language) -> None:
    for task in full_county.catalogue.all(Task):
        boxes = page_of(full_county, f"tasks/{task.id}/", language).all(cls="hp-meaning")
        assert len(boxes) == (task.meaning is not None)
        if task.meaning is not None:
            assert task.meaning.show(language) in words(boxes[0])
            assert any("hp-note-label" in e.get("class", "") for e in boxes[0].iter())
    assert any(task.meaning is not None for task in full_county.catalogue.all(Task))


@IN_EACH
def test_the_clause_is_linked_and_not_repeated(full_county: BuiltSite, language: Language) -> None:
    for task in full_county.catalogue.all(Task):
        page = page_of(full_county, f"tasks/{task.id}/", language)
        assert "full-text" in page.ids
        clause = full_county.catalogue.clause(task.clause).text.show(language)
        assert clause not in words(page.one("main"))
        for row in page.all("li", cls="hp-measure"):
            links = [e.get("href", "") for e in row.iter("a")]
            assert any(link.endswith(f"documents/{task.clause.document}/#{task.clause.id}") for link in links)


@IN_EACH
def test_the_state_of_a_task_is_told_by_its_parts(full_county: BuiltSite, language: Language) -> None:
    progress = Progress(full_county.catalogue, full_county.day)
    assert any(e.state for e in full_county.catalogue.all(Entry))
    page = page_of(full_county, "tasks/", language)
    for card in page.all("li", cls="hp-taskcard"):
        (link,) = [e.get("href", "") for e in card.iter("a") if "tasks/" in e.get("href", "")]
        tally: StatusCounts = progress.task(full_county.catalogue.get(Task, link.split("/")[-2]))
        (parts,) = [e for e in card.iter() if "hp-parts" in e.get("class", "").split()]
        shown = [e for e in parts.iter() if "hp-state" in e.get("class", "").split()]
        states = [e.get("class", "").split("--")[-1] for e in shown]
        assert states == [name for name in STATES if tally.counts.get(name)]
        for element, (_, count) in zip(shown, tally.parts, strict=True):
            assert str(count) in words(element)
        assert str(tally.total) in words(shown[0])


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@pytest.mark.browser
@IN_EACH
def test_an_address_opens_what_is_folded_there(
    browser: Browser, home: str, full_county: BuiltSite, language: Language
) -> None:
    root = f"{home}en/" if language == "en" else home
    entry = next(e for e in full_county.catalogue.all(Entry) if (e.measure or "").startswith("01/"))
    with browser.new_context(viewport={"width": 360, "height": 660}) as context:
        page = context.new_page()
        for anchor, row in (("publish", "publish"), (entry.id, (entry.measure or "").partition("/")[2])):
            page.goto(f"{root}tasks/01/#{anchor}")
            wait_for(page, f"document.querySelector('.hp-measure:has(#{row}) .hp-fold').open")
            assert page.locator(f".hp-measure:has(#{row}) .hp-fold-source").is_visible()
            assert page.locator(".hp-measure .hp-fold[open]").count() == 1
            page.goto("about:blank")
        # A title is such an address.
        page.goto(f"{root}tasks/01/")
        assert page.locator(".hp-measure .hp-fold[open]").count() == 0
        page.locator(".hp-measure-title a").first.click()
        wait_for(page, "document.querySelector('.hp-measure .hp-fold').open")


@pytest.mark.browser
def test_rows_fold_without_scripts_and_lie_open_on_paper(browser: Browser, home: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{home}en/tasks/01/")
        source = page.locator(".hp-measure .hp-quote").first
        assert not source.is_visible()
        page.locator(".hp-measure .hp-fold > summary").first.click()
        assert source.is_visible()
        # The sheet of a task leaves quotations out; other pages print them.
        page.goto(f"{home}en/safeguards/")
        quote = page.locator(".hp-measure .hp-quote").first
        assert not quote.is_visible()
        page.emulate_media(media="print")
        assert quote.is_visible()


@pytest.mark.browser
def test_measures_are_filtered_by_state_where_there_are_several(
    browser: Browser, home: str, full_county: BuiltSite
) -> None:
    progress = Progress(full_county.catalogue, full_county.day)
    with browser.new_context() as context:
        page = context.new_page()
        for task in full_county.catalogue.all(Task):
            parts = progress.task(task).parts
            page.goto(f"{home}tasks/{task.id}/")
            assert page.locator("[data-filter]").count() == (len(parts) > 1)
            for name, count in parts if len(parts) > 1 else ():
                page.locator("#filter-state").select_option(name)
                wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {count}")
