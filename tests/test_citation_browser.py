"""Citing items of a page in a real browser: by mouse, touch and keyboard, with and without browser features."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from haopin.html.citation import Citations
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.model.document import Document
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import ROOT, BuiltSite, build, copy_county, edit, root_of, serving, unfold, wait_for, words
from test_citation import DAY
from visitor import visit as visit_from

pytestmark = pytest.mark.browser
LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
PHONE, DESKTOP = (390, 844), (1440, 900)
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)
OLD_CLIPBOARD = (
    "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    "document.execCommand = (command) => { window.copied = getSelection().toString(); return true }"
)


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


def visit(browser: Browser, screen: tuple[int, int] = DESKTOP, script: str = "") -> AbstractContextManager[Page]:
    """Open a page of a new visitor, who has no trouble of any kind."""
    return visit_from(browser, screen, script, quiet=True)


def citations(catalogue: Catalogue, language: Language) -> Citations:
    return Citations(TemplateContext(catalogue, language, DAY, pages(catalogue)), Labels(LABELS, language))


def expected(site: BuiltSite, language: Language, place: str, title: str, address: str) -> tuple[str, str]:
    """Return the address and citation of what is called ``title`` and stands at ``address`` below the language."""
    made = citations(site.catalogue, language)
    whole = f"{site.url}{'en/' if language == 'en' else ''}{address}"
    return whole, place + made.item(title) + (" " if language == "en" else "\uff0c") + made.site + whole


def shown(page: Page) -> tuple[str, str]:
    """Return address and citation in the open dialog."""
    page.locator("dialog.hp-share-sheet[open]").wait_for()
    found = page.locator("dialog.hp-share-sheet :is(.hp-share-sheet-address, .hp-share-sheet-text)").all_text_contents()
    return found[0], found[1]


def pasted(page: Page) -> str:
    wait_for(page, "document.querySelector('dialog.hp-share-sheet [role=status]').textContent")
    found: str = page.evaluate("navigator.clipboard.readText()")
    return found


@pytest.mark.sweep
def test_a_site_with_a_chinese_domain_is_cited_by_it_and_linked_by_the_other_form(
    browser: Browser, tmp_path: Path
) -> None:
    county = copy_county(tmp_path / "county")
    edit(county / "data/site.yml", "https://quality.example/", "https://\u8d28\u91cf.\u653f\u52a1/zl/")
    site = BuiltSite(build(county / "site", config=county / "mkdocs.yml"), county / "data")
    link, read = "https://xn--2n3aq5g.xn--zfr164b/zl/", "https://\u8d28\u91cf.\u653f\u52a1/zl/"
    page = site.pages["tasks/01/"]
    assert f'<a href="{link}tasks/01/">{read}tasks/01/</a>' in page.source
    assert f'<link rel="canonical" href="{link}tasks/01/">' in page.source
    assert words(page.one("p", cls="hp-citation")).endswith(f"{read}tasks/01/")
    with serving(site.folder) as home, visit(browser) as opened:
        opened.goto(f"{home}/tasks/01/")
        unfold(opened)
        opened.locator(".hp-fold > .hp-share-mark").first.click()
        address, text = shown(opened)
        assert address.startswith(f"{link}tasks/01/#") and text.endswith(address.replace(link, read))


@pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(PHONE, "zh", id="phone-zh"),
        pytest.param(DESKTOP, "en", id="desktop-en"),
        pytest.param(PHONE, "en", id="phone-en", marks=pytest.mark.sweep),
        pytest.param(DESKTOP, "zh", id="desktop-zh", marks=pytest.mark.sweep),
    ],
)
def test_a_measure_is_cited_and_copied_by_mouse_or_finger(
    browser: Browser, full_county: BuiltSite, home: str, language: Language, screen: tuple[int, int]
) -> None:
    task = full_county.catalogue.get(Task, "01")
    place = citations(full_county.catalogue, language).clause(task.clause)
    with visit(browser, screen) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{root_of(home, language)}tasks/01/")
        unfold(page)
        assert not [url for url in asked if "share.js" in url or "qr.js" in url], (
            "fetched when something is first passed on"
        )
        buttons = page.locator(".hp-fold > .hp-share-mark")
        assert buttons.count() == len(task.measures)
        for index, measure in enumerate(task.measures):
            title = measure.title.show(language)
            link, text = expected(full_county, language, place, title, f"tasks/01/#{measure.id}")
            (buttons.nth(index).tap if screen == PHONE else buttons.nth(index).click)()
            assert shown(page) == (link, text)
            assert page.locator("dialog.hp-share-sheet h2").inner_text() == title
            page.locator("dialog.hp-share-sheet summary").click()
            page.locator("dialog.hp-share-sheet [data-take=text]").click()
            assert pasted(page) == text
            page.keyboard.press("Escape")
        buttons.nth(0).click()
        page.locator("dialog.hp-share-sheet [data-take=address]").click()
        assert pasted(page).endswith(f"tasks/01/#{task.measures[0].id}")
        page.locator(".hp-share-sheet-close").click()
        assert not page.locator("dialog.hp-share-sheet").is_visible()


@IN_EACH
def test_citing_by_keyboard_alone(browser: Browser, home: str, language: Language) -> None:
    with visit(browser) as page:
        page.goto(f"{root_of(home, language)}tasks/01/")
        page.locator(".hp-measure .hp-fold > summary").nth(1).focus()
        page.keyboard.press("Enter")
        # Its links stand before the button.
        for _ in range(page.locator(".hp-measure").nth(1).locator(".hp-fold :is(a, .hp-share-mark)").count()):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.hp-share-mark')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        text = shown(page)[1]
        page.locator("dialog.hp-share-sheet [data-save]").wait_for()
        # Close, copy the address, save the poster, unfold the citation, copy it: nothing outside of the dialog is
        # reached.
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert pasted(page) == text
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement === document.querySelectorAll('.hp-fold > .hp-share-mark')[1]")
        page.keyboard.press("Space")
        assert shown(page)[1] == text
        page.keyboard.press("Enter")
        assert not page.locator("dialog.hp-share-sheet").is_visible()
        assert page.evaluate("document.activeElement === document.querySelectorAll('.hp-fold > .hp-share-mark')[1]")


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.sweep)])
def test_every_button_of_each_page_cites_what_it_says(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    """What the script makes is what `Citations` makes, and its address leads to an element."""
    edition = full_county.edition(language)
    cited = 0
    with visit(browser) as page:
        for address in ("tasks/01/", "targets/", "documents/plan-2030-1/", "timeline/", "safeguards/", "progress/"):
            page.goto(root_of(home, language) + address)
            places = page.evaluate(
                "[...document.querySelectorAll('.hp-share-mark')].map((b) => (b.closest('[data-cite-place]') || "
                "{ dataset: { citePlace: document.querySelector('[data-place]').textContent } }).dataset.citePlace)"
            )
            for button, place in zip(page.locator(".hp-share-mark").all(), places, strict=True):
                button.dispatch_event("click")
                link, text = shown(page)
                title = page.locator("dialog.hp-share-sheet h2").inner_text()
                label = LABELS["share.of"].zh if language == "zh" else str(LABELS["share.of"].en)
                assert (button.get_attribute("aria-label") or "").endswith(title)
                assert len(button.get_attribute("aria-label") or "") == len(title) + len(label) - len("{title}")
                target = full_county.target(edition[address], link)
                assert target is not None and target[1] in full_county.html[target[0]].ids
                way = link.removeprefix(full_county.url).removeprefix("en/")
                assert (link, text) == expected(full_county, language, place, title, way)
                page.keyboard.press("Escape")
                cited += 1
    assert cited > 40


@IN_EACH
def test_targets_and_clauses_are_cited_with_their_document(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    catalogue, made = full_county.catalogue, citations(full_county.catalogue, language)
    with visit(browser) as page:
        page.goto(f"{root_of(home, language)}targets/")
        for target in catalogue.all(Target):
            clause = catalogue.statements[target.measure][0].clause
            page.locator(f".hp-target > .hp-share-mark[data-cite='#{target.id}']").click()
            title = target.title.show(language)
            assert shown(page) == expected(full_county, language, made.clause(clause), title, f"targets/#{target.id}")
            page.keyboard.press("Escape")
        (document,) = [d for d in catalogue.all(Document) if d.clauses]
        page.goto(f"{root_of(home, language)}documents/{document.id}/")
        assert page.locator(".hp-clause > .hp-share-mark").count() == len(document.clauses)
        page.locator(f"#{document.clauses[3].id} + .hp-share-mark").click()
        link, text = shown(page)
        assert link.endswith(f"/documents/{document.id}/#{document.clauses[3].id}")
        assert text.startswith(made.document(document))


def test_the_number_of_a_document_is_marked_as_chinese_in_an_english_citation(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}en/tasks/01/")
        unfold(page)
        page.locator(".hp-fold > .hp-share-mark").first.click()
        shown(page)
        found = page.locator("dialog.hp-share-sheet p [lang=zh-Hans]")
        assert found.all_text_contents() == ["\u7532\u653f\u53d1\u30142030\u30151\u53f7"]
        assert page.locator(".hp-citation [lang=zh-Hans]").all_text_contents() == found.all_text_contents()
        page.goto(f"{home}tasks/01/")
        unfold(page)
        page.locator(".hp-fold > .hp-share-mark").first.click()
        shown(page)
        assert found.count() == 0


def test_without_a_clipboard_the_old_command_copies_within_the_dialog(browser: Browser, home: str) -> None:
    with visit(browser, PHONE, OLD_CLIPBOARD) as page:
        page.goto(f"{home}en/tasks/01/")
        unfold(page)
        page.locator(".hp-fold > .hp-share-mark").first.tap()
        text = shown(page)[1]
        page.locator("dialog.hp-share-sheet summary").tap()
        button = page.locator("dialog.hp-share-sheet [data-take=text]")
        button.tap()
        wait_for(page, "window.copied")
        assert page.evaluate("window.copied") == text
        assert page.evaluate("document.activeElement.matches('dialog.hp-share-sheet .hp-button')")


@IN_EACH
def test_without_dialogs_the_address_is_copied_and_followed(browser: Browser, home: str, language: Language) -> None:
    with visit(browser, script="delete window.HTMLDialogElement") as page:
        page.goto(f"{root_of(home, language)}tasks/01/")
        unfold(page)
        page.locator(".hp-fold > .hp-share-mark").nth(1).click()
        wait_for(page, "document.querySelector('.hp-status').textContent")
        assert page.evaluate("navigator.clipboard.readText()") == (
            f"https://quality.example/{'en/' if language == 'en' else ''}tasks/01/#publish"
        )
        wait_for(page, "location.hash === '#publish'")
        assert page.locator("dialog").count() == 0


def test_where_the_script_cannot_be_fetched_the_address_still_stands_in_the_bar(browser: Browser, home: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/share.js", lambda route: route.abort())
        page.goto(f"{home}en/tasks/01/")
        unfold(page)
        page.locator(".hp-fold > .hp-share-mark").nth(1).click()
        wait_for(page, "location.hash === '#publish'")


@SCREENS
def test_buttons_are_large_enough_and_lie_over_nothing(browser: Browser, home: str, screen: tuple[int, int]) -> None:
    with visit(browser, screen) as page:
        for address in ("tasks/01/", "en/tasks/01/", "targets/", "documents/plan-2030-1/", "en/documents/plan-2030-1/"):
            page.goto(home + address)
            unfold(page)
            found = page.evaluate(
                """() => [...document.querySelectorAll(".hp-share-mark")].filter((b) => b.offsetWidth).map((b) => {
                  b.scrollIntoView({ block: "center", behavior: "instant" })
                  const r = b.getBoundingClientRect()
                  const hit = [[4, 4], [r.width - 4, r.height - 4]].every(([x, y]) =>
                    document.elementFromPoint(r.left + x, r.top + y) === b)
                  return [r.width, r.height, hit, r.right <= innerWidth]
                })"""
            )
            least = 44 if screen == PHONE else 24
            assert found
            assert [f for f in found if f[0] < least or f[1] < least or not f[2] or not f[3]] == [], address


@IN_EACH
def test_the_citation_of_a_page_is_read_without_scripts_and_copied_with_them(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    made = citations(full_county.catalogue, language)
    for page in full_county.edition(language).values():
        text = words(page.one(cls="hp-citation"))
        assert text.endswith(f"{made.site}{full_county.url}{page.address}".strip()), page.name
    with visit(browser) as visitor:
        visitor.goto(f"{root_of(home, language)}tasks/02/")
        # Where scripts run, it stands behind the button that shares the page.
        assert not visitor.locator(".hp-citation").is_visible()
        visitor.locator("[data-share]").first.click()
        visitor.locator("dialog.hp-share-sheet summary").click()
        visitor.locator("dialog.hp-share-sheet [data-take=text]").click()
        wait_for(visitor, "document.querySelector('dialog.hp-share-sheet [role=status]').textContent")
        clause = full_county.catalogue.get(Task, "02").clause
        copied = visitor.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(made.clause(clause))
        assert copied == visitor.locator(".hp-citation").text_content()
        visitor.keyboard.press("Escape")
        visitor.emulate_media(media="print")
        assert not visitor.locator(".hp-share-mark").first.is_visible()
        assert not visitor.locator("[data-share]").first.is_visible()
        assert visitor.locator(".hp-share-address").is_visible()


@pytest.mark.parametrize(("address", "width"), [("tasks/01/", 21), ("targets/", 24)])
def test_a_code_for_a_qr_code_shows_on_paper_only(browser: Browser, home: str, address: str, width: int) -> None:
    with visit(browser) as page:
        page.goto(f"{home}{address}")
        code = page.locator(".hp-share-qr")
        code.evaluate("(e) => { e.innerHTML = '<svg viewBox=\"0 0 9 9\"></svg>' }")
        assert not code.is_visible()
        page.emulate_media(media="print")
        box = code.bounding_box()
        assert box is not None
        # Millimetres, at 96 pixels an inch.
        assert [round(box[side] * 25.4 / 96) for side in ("width", "height")] == [width, width]


def test_the_marks_of_measures_weigh_nothing_in_the_page(full_county: BuiltSite) -> None:
    page = full_county.html["en/tasks/01/index.html"]
    measures = page.all("li", cls="hp-measure")
    assert measures and [item for item in measures if item.findall("button")] == []
