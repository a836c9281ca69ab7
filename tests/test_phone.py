"""On a phone the content comes first: how high the heading stands, whole words, the menu behind its button."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import BuiltSite, root_of, serving

pytestmark = pytest.mark.browser

#: Views of a page: what is stored, and above which height in px its heading begins on a screen of 360 x 660.
VIEWS: dict[str, tuple[dict[str, str], int]] = {
    "normal": ({}, 200),
    "easy": ({"mode": "elder"}, 330),
    "largest": ({"text": "3"}, 330),
    "easy-largest": ({"mode": "elder", "text": "3"}, 330),
}

#: Spacing of text that a reader may set: success criterion 1.4.12 of WCAG.
SPACING = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important }"

#: Words of Latin letters, below what the selector names, that stand on more than one line.
BROKEN = """(within) => {
  const found = [], range = document.createRange()
  for (const root of document.querySelectorAll(within)) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { data, parentElement: e } = walker.currentNode
      if (e.closest("svg, code, pre, .hp-share-address") || !e.checkVisibility({ visibilityProperty: true })) continue
      for (const { index, 0: word } of data.matchAll(/\\p{Script=Latin}{2,}/gu)) {
        range.setStart(walker.currentNode, index)
        range.setEnd(walker.currentNode, index + word.length)
        const lines = new Set([...range.getClientRects()].filter((r) => r.width).map((r) => Math.round(r.top)))
        if (lines.size > 1) found.push(word)
      }
    }
  }
  return found
}"""


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(
    browser: Browser, width: int = 360, stored: dict[str, str] | None = None, *, scripts: bool = True
) -> Iterator[Page]:
    """Open a page of a visitor who has made the choices ``stored`` before."""
    context = browser.new_context(
        viewport={"width": width, "height": 660}, java_script_enabled=scripts, bypass_csp=True, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    for name, value in (stored or {}).items():
        context.add_init_script(f"localStorage.setItem('haopin-{name}', '{value}')")
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heading_of_every_kind_of_page_is_on_the_first_screen(
    browser: Browser, full_county: BuiltSite, home: str, language: Language, view: str
) -> None:
    stored, most = VIEWS[view]
    low = {}
    with visit(browser, stored=stored) as page:
        for address in full_county.each_kind:
            page.goto(root_of(home, language) + address)
            top = page.evaluate("document.querySelector('h1').getBoundingClientRect().top + scrollY")
            if top >= most:
                low[address] = round(top)
    assert low == {}


@pytest.mark.parametrize("width", [320, 360, 390])
@pytest.mark.parametrize("stored", [{}, {"text": "3"}, {"mode": "elder"}, {"mode": "elder", "text": "3"}])
def test_no_word_of_the_menus_breaks(browser: Browser, home: str, width: int, stored: dict[str, str]) -> None:
    with visit(browser, width, stored) as page:
        for address in ("en/", "en/tasks/01/", "en/bodies/", "en/documents/"):
            page.goto(home + address)
            page.locator(".hp-opener > summary").click()
            for spaced in (False, True):
                if spaced:
                    page.add_style_tag(content=SPACING)
                assert page.locator(".hp-menu a").first.is_visible()
                assert page.evaluate(BROKEN, ".hp-top") == [], address
                wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(wide) == 0 or spaced, address


@pytest.mark.parametrize("width", [320, 360, 390])
def test_no_word_of_a_page_breaks(browser: Browser, full_county: BuiltSite, home: str, width: int) -> None:
    with visit(browser, width) as page:
        for address in full_county.each_kind:
            page.goto(f"{home}en/{address}")
            assert page.evaluate(BROKEN, "header, h1, h2, h3, .hp-needs, .hp-footer") == [], address


def test_broken_words_are_found(browser: Browser) -> None:
    with visit(browser) as page:
        page.set_content('<p style="width: 3em; overflow-wrap: anywhere">Responsibility</p>')
        assert page.evaluate(BROKEN, "body") == ["Responsibility"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_menu_opens_by_keyboard_and_says_that_it_is_open(browser: Browser, home: str, scripts: bool) -> None:
    with visit(browser, scripts=scripts) as page:
        page.goto(f"{home}tasks/01/")
        sections, settings = page.locator(".hp-menu a"), page.locator(".hp-tools a")
        assert not sections.first.is_visible() and not settings.first.is_visible()
        page.locator(".hp-opener > summary").focus()
        page.keyboard.press("Enter")
        # The element itself tells its state to those who hear the page.
        assert page.locator(".hp-opener").get_attribute("open") is not None
        assert sections.count() == 6 and all(link.is_visible() for link in sections.all())
        assert settings.first.is_visible()
        # What opened follows the button.
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('.hp-tools')") or not scripts
        if scripts:
            sections.first.focus()
            page.keyboard.press("Escape")
            assert not sections.first.is_visible()
            assert page.evaluate("document.activeElement.matches('.hp-opener > summary')")


def test_the_pages_of_a_section_are_one_line_with_the_current_one_in_sight(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        for address in ("tasks/", "en/aims/", "en/honours/", "en/measures/"):
            page.goto(home + address)
            links = page.locator(".hp-local a").all()
            tops = {round(box["y"]) for link in links if (box := link.bounding_box())}
            assert len(links) > 2 and len(tops) == 1, address
            box = page.locator(".hp-local [aria-current]").bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360, address


@pytest.mark.parametrize("width", [320, 360, 390])
def test_needs_stand_in_two_columns(browser: Browser, home: str, width: int) -> None:
    with visit(browser, width) as page:
        for address in ("", "en/"):
            page.goto(home + address)
            boxes = [link.bounding_box() for link in page.locator(".hp-needs > li").all()]
            assert len({round(box["x"]) for box in boxes if box}) == 2


def test_on_a_wide_screen_the_sections_stand_open(browser: Browser, home: str) -> None:
    with visit(browser, 1440) as page:
        page.goto(f"{home}tasks/01/")
        assert not page.locator(".hp-opener").is_visible()
        assert all(link.is_visible() for link in page.locator(".hp-menu a, .hp-tools a, .hp-local a").all())


def test_in_easy_view_the_foot_is_short_and_words_stand_above_what_is_said_of_them(browser: Browser, home: str) -> None:
    with visit(browser, stored={"mode": "elder"}) as page:
        page.goto(f"{home}targets/")
        foot = page.locator(".hp-footer").bounding_box()
        assert foot and foot["height"] < 2 * 660
        word, said = (page.locator(f".hp-facts > {tag}").first for tag in ("dt", "dd"))
        weights = [int(e.evaluate("e => getComputedStyle(e).fontWeight")) for e in (word, said)]
        assert weights[0] > weights[1]
        assert said.evaluate("e => parseFloat(getComputedStyle(e).borderInlineStartWidth)") >= 2
