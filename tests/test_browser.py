"""The built sites in a real browser: on a phone and on a desktop, in both languages, by keyboard, without scripts."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from haopin.pages import pages as generated_pages
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from support import BuiltSite, serving, words

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESKTOP = (390, 844), (1440, 900)
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "install chromium, or set CHROMIUM"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def home(site: BuiltSite) -> Iterator[str]:
    """Address of the served home page of each county in turn, ending in ``/``."""
    with serving(site.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def county_home(county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the invented county."""
    with serving(county.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def real_home(yishui: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the real county."""
    with serving(yishui.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(browser: Browser, screen: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Iterator[Page]:
    """Open a page of a new visitor, who has no choices stored."""
    width, height = screen
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=scripts,
        is_mobile=screen == PHONE,
        has_touch=screen == PHONE,
        color_scheme="light",
    )
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def load(page: Page, address: str) -> None:
    """Go to ``address`` and wait for the last thing that a page fetches: the search index."""
    with page.expect_response(lambda r: r.url.endswith("/search_index.json")) as index:
        page.goto(address)
    index.value.finished()


def open_search(page: Page, query: str) -> None:
    """Type ``query`` into the search, which a phone opens by a button."""
    field = page.locator("input.md-search__input")
    if not field.is_visible():
        page.locator("header label[for=__search]").first.click()
    field.fill(query)
    # The theme listens for keys alone.
    field.dispatch_event("keyup")


def root_of(home: str, language: Language) -> str:
    return f"{home}en/" if language == "en" else home


def each_kind(site: BuiltSite) -> list[str]:
    """Return the address of one page of each kind: the longest, where things may not fit."""
    found: dict[str, str] = {}
    for page in generated_pages(site.catalogue):
        longest = max(found.get(page.template, page.address), page.address, key=lambda a: len(site.pages[a].source))
        found[page.template] = longest
    return [*found.values(), "about/", "404.html"]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@IN_EACH
@SCREENS
def test_pages_of_each_kind_load_cleanly_and_fit(
    browser: Browser, site: BuiltSite, home: str, screen: tuple[int, int], language: Language
) -> None:
    kinds = each_kind(site)
    host = urlsplit(home).netloc
    troubles: list[str] = []
    with visit(browser, screen) as page:
        page.on("console", lambda m: troubles.append(f"{page.url}: {m.type}: {m.text}"))
        page.on("pageerror", lambda e: troubles.append(f"{page.url}: {e}"))
        # Leaving a page aborts what it still loads (the search worker, after the page itself): no trouble of the page.
        page.on(
            "requestfailed",
            lambda r: troubles.append(f"{page.url}: {r.failure}: {r.url}") if r.failure != "net::ERR_ABORTED" else None,
        )
        page.on("response", lambda r: troubles.append(f"{page.url}: {r.status} {r.url}") if r.status >= 400 else None)
        page.on(
            "request",
            lambda r: (
                troubles.append(f"{page.url}: third party: {r.url}")
                if urlsplit(r.url).netloc != host and not r.url.startswith(("data:", "blob:"))
                else None
            ),
        )
        for address in kinds:
            page.set_viewport_size({"width": screen[0], "height": screen[1]})
            load(page, root_of(home, language) + address)
            assert page.evaluate("document.documentElement.lang") == LANGUAGE_TAGS[language]
            assert page.locator("h1").is_visible(), address
            assert overflow(page) == 0, f"{address} at {screen[0]} px"
            if screen == PHONE:
                page.set_viewport_size({"width": 320, "height": 640})
                assert overflow(page) == 0, f"{address} at 320 px"
                for details in page.locator("main details").all():
                    details.evaluate("e => { e.open = true }")
                assert overflow(page) == 0, f"{address} at 320 px, all opened"
    assert troubles == []


@SCREENS
def test_the_language_link_leads_to_the_same_page_and_back(
    browser: Browser, county_home: str, screen: tuple[int, int]
) -> None:
    with visit(browser, screen) as page:
        load(page, f"{county_home}tasks/01/")
        chinese = page.locator("h1").inner_text()
        page.get_by_role("link", name="English", exact=True).click()
        page.wait_for_url(f"{county_home}en/tasks/01/")
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.locator("h1").inner_text() != chinese
        page.get_by_role("link", name="\u4e2d\u6587", exact=True).click()
        page.wait_for_url(f"{county_home}tasks/01/")
        assert page.locator("h1").inner_text() == chinese


def luminance(page: Page) -> float:
    """Return how light the ground of the page is, 0 to 255."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(c) for c in re.findall(r"[0-9.]+", colour)[:3]]
    assert len(channels) == 3, colour
    return sum(channels) / 3


@SCREENS
@IN_EACH
def test_the_dark_scheme_toggles_and_stays(
    browser: Browser, county_home: str, screen: tuple[int, int], language: Language
) -> None:
    names = {"zh": ("\u5207\u6362\u4e3a\u6df1\u8272", "\u5207\u6362\u4e3a\u6d45\u8272"), "en": ("dark", "light")}
    dark, light = names[language]
    with visit(browser, screen) as page:
        load(page, root_of(county_home, language))
        scheme = page.locator("body")
        assert scheme.get_attribute("data-md-color-scheme") == "default"
        assert luminance(page) > 200
        page.locator(f"label[title*='{dark}']").click()
        assert scheme.get_attribute("data-md-color-scheme") == "slate"
        page.wait_for_function("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0] < 60")
        assert luminance(page) < 60
        # The choice holds on every page, also in the other language.
        load(page, f"{county_home}en/tasks/")
        assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
        load(page, root_of(county_home, language))
        page.locator(f"label[title*='{light}']").click()
        assert page.locator("body").get_attribute("data-md-color-scheme") == "default"


def test_a_machine_set_to_dark_gets_the_dark_scheme(browser: Browser, county_home: str) -> None:
    with visit(browser) as page:
        page.emulate_media(color_scheme="dark")
        load(page, county_home)
        assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


@SCREENS
@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("zh", "\u8d28\u91cf\u6708"),
        ("en", "metrology"),
        ("zh", "\u4e16\u754c\u8ba1\u91cf\u65e5"),
        ("en", "METROLOGY day"),
    ],
)
def test_search_leads_to_pages_with_the_words(
    browser: Browser, real_home: str, screen: tuple[int, int], language: Language, query: str
) -> None:
    with visit(browser, screen) as page:
        load(page, root_of(real_home, language))
        open_search(page, query)
        links = page.locator(".md-search-result__list a.md-search-result__link")
        links.first.wait_for()
        addresses = [link.get_attribute("href") or "" for link in links.all()]
        assert len({urlsplit(a).path for a in addresses}) > 2
        marks = page.locator(".md-search-result__list mark")
        assert marks.first.inner_text().lower() in query.lower()
        links.first.click()
        page.wait_for_url(lambda url: url != root_of(real_home, language))
        assert page.url.startswith(root_of(real_home, language))
        text = page.locator("article.md-content__inner").inner_text().lower()
        assert all(word in text for word in query.lower().split())


def test_search_says_when_there_is_nothing(browser: Browser, county_home: str) -> None:
    with visit(browser) as page:
        load(page, f"{county_home}en/")
        open_search(page, "no-such-word-anywhere")
        page.get_by_text("No matching documents").wait_for()
        assert page.locator("a.md-search-result__link").count() == 0


FOCUS = """() => {
  // The buttons of the color scheme are drawn by the label beside the field that has the focus.
  const a = document.activeElement, e = a.matches("input.md-option") ? a.nextElementSibling : a
  const s = getComputedStyle(e), r = e.getBoundingClientRect()
  return {
    what: e.outerHTML.slice(0, 90),
    body: a === document.body,
    skip: a.classList.contains("hp-skip"),
    ring: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
    seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth
      && s.visibility === "visible" && s.opacity !== "0",
  }
}"""


@IN_EACH
@SCREENS
def test_the_keyboard_starts_with_the_skip_link_and_shows_where_it_is(
    browser: Browser, county_home: str, screen: tuple[int, int], language: Language
) -> None:
    with visit(browser, screen) as page:
        load(page, f"{root_of(county_home, language)}tasks/01/")
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        assert first["skip"], first
        # It slides into view.
        page.wait_for_function(f"({FOCUS})().seen")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'main'")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")

        load(page, f"{root_of(county_home, language)}tasks/")
        unseen, reached = [], set()
        for _ in range(25):
            page.keyboard.press("Tab")
            state = page.evaluate(FOCUS)
            if state["body"]:
                break
            reached.add(state["what"])
            if not (state["seen"] and state["ring"]):
                page.wait_for_timeout(300)
                state = page.evaluate(FOCUS)
            if not (state["seen"] and state["ring"]):
                unseen.append(state)
        assert unseen == []
        assert len(reached) > 10


# The words of the page, and whether its heading lies on the screen with nothing above it.
READABLE = """() => {
  const h1 = document.querySelector("h1"), r = h1.getBoundingClientRect()
  const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)
  return [
    document.querySelector("article.md-content__inner").innerText,
    r.height > 0 && r.left >= 0 && r.right <= innerWidth && (h1.contains(top) || r.top > innerHeight),
  ]
}"""


@IN_EACH
def test_everything_can_be_read_without_scripts(
    browser: Browser, yishui: BuiltSite, real_home: str, language: Language
) -> None:
    with visit(browser, PHONE) as scripted, visit(browser, PHONE, scripts=False) as page:
        for address in each_kind(yishui):
            for visitor in (scripted, page):
                visitor.goto(root_of(real_home, language) + address)
            text, readable = page.evaluate(READABLE)
            assert readable, address
            assert (text, True) == tuple(scripted.evaluate(READABLE)), address
            assert len(text) > 20
        page.goto(f"{root_of(real_home, language)}tasks/01/")
        page.locator("a.hp-language").click()
        other: Language = "en" if language == "zh" else "zh"
        page.wait_for_url(f"{root_of(real_home, other)}tasks/01/")


def test_tables_behind_figures_open_without_scripts(browser: Browser, county: BuiltSite, county_home: str) -> None:
    with visit(browser, PHONE, scripts=False) as page:
        page.goto(f"{county_home}timeline/")
        table = page.locator("details.hp-data table").first
        assert not table.is_visible()
        page.locator("details.hp-data summary").first.click()
        table.wait_for()
        assert words(county.pages["timeline/"].all("figcaption")[0]) in page.locator("figure").first.inner_text()
