"""The site built from ``data/`` and ``docs/`` in a real browser, and on paper."""

import re
from io import BytesIO
from itertools import product

import axe
import pytest
from haopin.colour import contrast
from haopin.text import LANGUAGES, Language
from PIL import Image
from playwright.sync_api import Browser
from support import BuiltSite, HtmlPage, serving
from test_axe import DESKTOP, PARTS, PHONE, test_axe_finds_nothing_on_any_kind_of_page
from test_browser import test_everything_can_be_read_without_scripts, test_pages_of_each_kind_load_cleanly_and_fit
from test_faults import faults_on
from test_print import (
    page,
    test_every_task_is_one_sheet,
    test_nothing_to_click_is_printed_nothing_is_cut_and_paper_says_where_it_comes_from,
    test_wall_calendar_is_one_lying_sheet_of_twelve_months,
)

# make test shows on the invented county that pages made by these templates are right in a browser.
pytestmark = [pytest.mark.browser, pytest.mark.sweep]


def main_of(page: HtmlPage) -> str:
    """Return the source of what is not the frame of ``page``, or the whole if it has none, as cards have."""
    found = re.search(r"<main.*</main>", page.source, re.DOTALL)
    return found.group() if found else page.source


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("edition", ["own", "own_demo"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, own: BuiltSite, request: pytest.FixtureRequest, edition: str, part: int
) -> None:
    """Pages in Chinese on a phone, in English on a desktop; of the demonstration those with other content."""
    chosen: BuiltSite = request.getfixturevalue(edition)
    known = {} if chosen is own else {**own.html, **own.cards}
    pages = {**chosen.html, **chosen.cards}
    names = [n for n in sorted(pages) if n not in known or main_of(pages[n]) != main_of(known[n])][part::PARTS]
    with serving(chosen.folder) as address:
        for screen, english in ((PHONE, False), (DESKTOP, True)):
            mine = [name for name in names if name.startswith("en/") == english]
            context = axe.context(browser, screen)
            assert list(axe.troubles_of(context.new_page(), f"{address}/", mine, (screen,))) == []
            context.close()


def test_the_room_of_materials_is_kept_before_their_pictures_come(browser: Browser, own: BuiltSite) -> None:
    """An address with an anchor leads below dozens of them."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.route("**/*.webp", lambda route: route.abort())
    with serving(own.folder) as address:
        page.goto(f"{address}/materials/")
        page.evaluate("document.querySelectorAll('main details').forEach((each) => (each.open = true))")
        heights = page.evaluate("[...document.querySelectorAll('main img')].map((each) => each.clientHeight)")
    assert len(heights) > 50 and min(heights) > 16
    page.close()


_WORDS = """() => {
  const lines = (words) => {
    const range = document.createRange()
    range.selectNodeContents(words)
    return [...range.getClientRects()]
  }
  const all = document.querySelectorAll(".hp-hero-inner > :is(p, h1):not(.hp-actions), .hp-headline a")
  return [...all].flatMap(lines).map((box) => [box.x, box.y + scrollY, box.right, box.bottom + scrollY])
}"""


@pytest.mark.parametrize(("scheme", "least"), [("light", 4.5), ("dark", 4.5), ("elder", 7)])
def test_words_on_the_picture_of_the_home_page_can_be_read(
    browser: Browser, own: BuiltSite, scheme: str, least: float
) -> None:
    """The words are white on the picture itself, of which axe knows no colours."""
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
    if scheme == "elder":
        context.add_init_script("localStorage.setItem('haopin-mode', 'elder')")
    page = context.new_page()
    worst = {}
    with serving(own.folder) as address:
        for edition, width in product(("", "en/"), (320, 390, 768, 960, 1280, 1440, 1920)):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}/{edition}", wait_until="load")
            boxes = page.evaluate(_WORDS)
            page.add_style_tag(content=".hp-hero-inner * { visibility: hidden }")
            image = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
            pixels = b"".join(image.crop(box).tobytes() for box in boxes)
            colours = {pixels[start : start + 3].hex() for start in range(0, len(pixels), 3)}
            worst[edition, width] = min(contrast("#ffffff", f"#{colour}") for colour in colours)
    context.close()
    assert {where: found for where, found in worst.items() if found < least} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("edition", "view"), [("own", "usual"), ("own_demo", "usual"), ("own_demo", "easy-largest")])
def test_no_page_of_the_county_has_a_fault_that_can_be_seen(
    browser: Browser, own: BuiltSite, request: pytest.FixtureRequest, edition: str, view: str, language: Language
) -> None:
    """Of the demonstration as usual, pages with other content."""
    chosen: BuiltSite = request.getfixturevalue(edition)
    known = own.edition(language) if view == "usual" and chosen is not own else {}
    pages = chosen.edition(language)
    names = [name for name in pages if name not in known or main_of(pages[name]) != main_of(known[name])]
    with serving(chosen.folder) as address:
        root = f"{address}/{'en/' if language == 'en' else ''}"
        assert faults_on(browser, view, [root + name for name in names]) == {}
