"""The built sites in a real browser: on a phone and on a desktop, in both languages, by keyboard, without scripts."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench_county import make_county
from haopin.html.i18n import read_labels
from haopin.model import SECTIONS
from haopin.model.document import Document
from haopin.model.publishable import Withdrawal
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.pages import measure_parts
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language
from playwright.sync_api import Browser, BrowserContext, Page, Route
from support import AS_OF, ROOT, SEARCH_RESULTS, SOME, BuiltSite, build, catalogue_of, root_of, serving, wait_for, words

pytestmark = pytest.mark.browser
LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")

PHONE, DESKTOP = (390, 844), (1440, 900)
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)
#: Each screen and each language in ``make test``, all four pairs in the sweep.
ON_EACH = pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(PHONE, "zh", id="phone-zh"),
        pytest.param(DESKTOP, "en", id="desktop-en"),
        pytest.param(PHONE, "en", id="phone-en", marks=pytest.mark.sweep),
        pytest.param(DESKTOP, "zh", id="desktop-zh", marks=pytest.mark.sweep),
    ],
)


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


@pytest.fixture(scope="module")
def county_home(county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the invented county."""
    with serving(county.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def full_home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind."""
    with serving(full_county.folder) as address:
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


def open_menu(page: Page) -> None:
    """Open the menu of a page on a phone; on a wide screen it always stands open."""
    opener = page.locator(".hp-opener > summary")
    if opener.is_visible():
        opener.click()


def load(page: Page, address: str) -> None:
    """Go to ``address`` and wait until its scripts have run."""
    page.goto(address, wait_until="load")


def open_search(page: Page, query: str) -> None:
    """Open the search and type ``query`` into it."""
    page.locator("a.hp-tool--search").click()
    field = page.locator("dialog.hp-search input")
    field.wait_for()
    field.fill(query)


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


@pytest.mark.parametrize(
    ("screen", "language", "every"),
    [
        pytest.param(PHONE, "zh", SOME, id="phone-zh-some"),
        pytest.param(DESKTOP, "en", SOME, id="desktop-en-some"),
        pytest.param(PHONE, "zh", 1, id="phone-zh", marks=pytest.mark.sweep),
        pytest.param(PHONE, "en", 1, id="phone-en", marks=pytest.mark.sweep),
        pytest.param(DESKTOP, "zh", 1, id="desktop-zh", marks=pytest.mark.sweep),
        pytest.param(DESKTOP, "en", 1, id="desktop-en", marks=pytest.mark.sweep),
    ],
)
def test_pages_of_each_kind_load_cleanly_and_fit(
    browser: Browser, site: BuiltSite, home: str, screen: tuple[int, int], language: Language, every: int
) -> None:
    kinds = site.each_kind[::every]
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
        open_menu(page)
        page.get_by_role("link", name="English", exact=True).click()
        page.wait_for_url(f"{county_home}en/tasks/01/")
        assert page.evaluate("document.documentElement.lang") == "en"
        assert page.locator("h1").inner_text() != chinese
        open_menu(page)
        page.get_by_role("link", name="\u4e2d\u6587", exact=True).click()
        page.wait_for_url(f"{county_home}tasks/01/")
        assert page.locator("h1").inner_text() == chinese


def luminance(page: Page) -> float:
    """Return how light the ground of the page is, 0 to 255."""
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(c) for c in re.findall(r"[0-9.]+", colour)[:3]]
    assert len(channels) == 3, colour
    return sum(channels) / 3


def turn_scheme(page: Page) -> None:
    """Press the switch of the colors, which is among the settings of the display."""
    page.locator("[data-display]").click()
    page.locator("[data-scheme-switch]").click()


def unfold(page: Page) -> None:
    """Open the filters, which are folded on a phone."""
    page.evaluate("document.querySelector('.hp-filter-fold').open = true")


@ON_EACH
def test_the_dark_scheme_toggles_and_stays(
    browser: Browser, county_home: str, screen: tuple[int, int], language: Language
) -> None:
    with visit(browser, screen) as page:
        load(page, root_of(county_home, language))
        button = page.locator("[data-scheme-switch]")
        assert button.get_attribute("aria-pressed") == "false"
        assert luminance(page) > 200
        turn_scheme(page)
        assert button.get_attribute("aria-pressed") == "true"
        assert luminance(page) < 60
        # The choice holds on every page, also in the other language.
        load(page, f"{county_home}en/tasks/")
        assert luminance(page) < 60
        load(page, root_of(county_home, language))
        turn_scheme(page)
        assert luminance(page) > 200
        load(page, f"{county_home}tasks/01/")
        assert luminance(page) > 200


def test_a_machine_set_to_dark_gets_the_dark_scheme_until_the_visitor_chooses(
    browser: Browser, county_home: str
) -> None:
    with visit(browser) as page:
        page.emulate_media(color_scheme="dark")
        load(page, county_home)
        assert luminance(page) < 60
        button = page.locator("[data-scheme-switch]")
        assert button.get_attribute("aria-pressed") == "true"
        turn_scheme(page)
        assert luminance(page) > 200
        load(page, county_home)
        assert luminance(page) > 200


@SCREENS
@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("zh", "\u8d28\u91cf\u6708"),
        ("en", "scales"),
        ("zh", "\u5408\u683c\u7387"),
        ("en", "PASS rate"),
        ("zh", "\uff12\uff10\uff13\uff10"),
    ],
)
def test_search_leads_to_pages_with_the_words(
    browser: Browser, full_home: str, screen: tuple[int, int], language: Language, query: str
) -> None:
    with visit(browser, screen) as page:
        load(page, root_of(full_home, language))
        open_search(page, query)
        page.locator(SEARCH_RESULTS).first.wait_for()
        addresses = [link.get_attribute("href") or "" for link in page.locator(".hp-search-list > ol > li > a").all()]
        assert len(addresses) > 2
        assert len(set(addresses)) == len(addresses)
        assert "{" not in page.locator(".hp-search-count").inner_text()
        page.locator(SEARCH_RESULTS).first.click()
        page.wait_for_url(lambda url: url != root_of(full_home, language))
        assert page.url.startswith(root_of(full_home, language))
        text = folded(page.locator("article.hp-article").inner_text())
        assert all(word in text for word in folded(query).split())


def folded(text: str) -> str:
    """Return ``text`` as the search compares it."""
    return unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")


@IN_EACH
def test_search_says_when_there_is_nothing(browser: Browser, county_home: str, language: Language) -> None:
    with visit(browser) as page:
        load(page, root_of(county_home, language))
        open_search(page, "no-such-word-anywhere")
        way_on = page.locator(f"{SEARCH_RESULTS}[href$='sitemap/']")
        way_on.wait_for()
        assert "no-such-word-anywhere" in page.locator(".hp-search-count").inner_text()
        way_on.click()
        page.wait_for_url(f"{root_of(county_home, language)}sitemap/")


def test_chinese_in_the_results_of_an_english_search_says_so(browser: Browser, full_home: str) -> None:
    with visit(browser) as page:
        load(page, f"{full_home}en/")
        open_search(page, "\u8d28\u91cf\u6708")
        page.locator(SEARCH_RESULTS).first.wait_for()
        unmarked = page.locator(".hp-search-list").evaluate(
            """list => {
              const found = [], walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT)
              while (walker.nextNode()) {
                const { data, parentElement } = walker.currentNode
                if (/[\\u3400-\\u9fff]/.test(data) && !parentElement.closest("[lang]:not(html)")) found.push(data)
              }
              return found
            }"""
        )
        assert unmarked == []
        assert page.locator(".hp-search-list mark [lang=zh-Hans]").count() > 0


def test_search_by_keyboard_alone(browser: Browser, full_home: str) -> None:
    with visit(browser) as page:
        load(page, f"{full_home}en/tasks/01/")
        link = page.locator("a.hp-tool--search")
        link.focus()
        page.keyboard.press("Space")
        page.locator("dialog.hp-search[open]").wait_for()
        page.keyboard.press("Escape")
        page.locator("dialog.hp-search").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.classList.contains('hp-tool--search')")
        page.keyboard.press("Enter")
        page.locator("dialog.hp-search[open]").wait_for()
        page.keyboard.type("hotline")
        # Pressed at once: applies to the whole query, not to the results of its first letter.
        page.keyboard.press("Enter")
        page.locator(f"{SEARCH_RESULTS}:focus").wait_for()
        assert page.locator(SEARCH_RESULTS).first.evaluate("link => link === document.activeElement")
        assert "hotline" in page.locator(".hp-search-list > ol > li").first.inner_text().lower()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/tasks/01/"))


def test_enter_before_the_index_is_there_goes_to_the_first_result(browser: Browser, county_home: str) -> None:
    with visit(browser) as page:
        held: list[Route] = []
        page.route("**/search_index.json", lambda route: held.append(route))
        load(page, county_home)
        open_search(page, "a")
        page.keyboard.press("Enter")
        while not held:
            page.wait_for_timeout(20)
        held[0].continue_()
        page.locator(f"{SEARCH_RESULTS}:focus").wait_for()


def test_nothing_of_the_search_is_fetched_before_it_is_opened(browser: Browser, county_home: str) -> None:
    with visit(browser) as page:
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url))
        page.goto(county_home, wait_until="networkidle")
        assert [url for url in asked if "search" in url] == []
        open_search(page, "a")
        page.locator(SEARCH_RESULTS).first.wait_for()
        fetched = [url.removeprefix(county_home) for url in asked if url.endswith(".json")]
        assert fetched == ["search/search_index.json"]


def test_a_search_that_cannot_load_leads_to_the_site_map(browser: Browser, county_home: str) -> None:
    with visit(browser) as page:
        page.route("**/search_index.json", lambda route: route.abort())
        load(page, f"{county_home}tasks/")
        page.locator("a.hp-tool--search").click()
        page.wait_for_url(f"{county_home}sitemap/")


# Filters


def shown_rows(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("[data-row]:visible > a").all_inner_texts()]


@ON_EACH
def test_measures_can_be_filtered(
    browser: Browser, full_county: BuiltSite, full_home: str, screen: tuple[int, int], language: Language
) -> None:
    tasks = full_county.catalogue.all(Task)
    # One may rest on an aim, which is no measure.
    targets = [t for t in full_county.catalogue.all(Target) if t.measure in full_county.catalogue.measures]
    total = sum(len(task.measures) for task in tasks)
    with visit(browser, screen) as page:
        load(page, f"{root_of(full_home, language)}measures/")
        form = page.locator("[data-filter]")
        unfold(page)
        form.wait_for()
        assert len(shown_rows(page)) == total
        form.locator("[name=group]").select_option("line")
        expected = [m.title.show(language) for task in tasks if task.group == "line" for m in task.measures]
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {len(expected)}")
        assert shown_rows(page) == expected
        assert page.locator("[data-count]").inner_text().count(str(len(expected))) == 1
        wait_for(
            page,
            "document.querySelector('.hp-status').textContent === document.querySelector('[data-count]').textContent",
        )
        # Groups without a row left are gone as well; the address can be shared.
        assert page.locator(".hp-holder:visible").count() == len([t for t in tasks if t.group == "line"])
        shared = page.url
        assert shared.endswith("/measures/?group=line")
        form.locator("[name=body]").select_option("commerce")
        both = [m for t in tasks if t.group == "line" and "commerce" in t.answerable for m in t.measures]
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {len(both)}")
        form.locator("[name=words]").fill("no-such-word")
        page.locator("[data-empty]").wait_for()
        assert shown_rows(page) == []
        form.locator("[type=reset]").click()
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {total}")
        form.locator("[name=target]").check()
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {len(targets)}")
        load(page, shared)
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {len(expected)}")
        assert page.locator("[data-filter] [name=group]").input_value() == "line"


@pytest.mark.parametrize(
    ("address", "script", "rows"),
    [
        ("measures/", "filter.js", "[data-row]:not([hidden])"),
        ("disclosures/batches/fruit-2030-1/", "rows.js", "[data-rows-of] tbody tr"),
    ],
)
def test_what_is_asked_before_the_filter_comes_counts(
    browser: Browser, full_home: str, address: str, script: str, rows: str
) -> None:
    """On a slow network a visitor sees the form before its script has come."""
    with visit(browser, PHONE) as page:
        held: list[Route] = []
        page.route(f"**/{script}", lambda route: held.append(route))
        load(page, full_home + address)
        before = page.locator(rows).count()
        unfold(page)
        page.locator("form [name=words]").fill("no-such-word")
        page.wait_for_timeout(300)
        assert len(held) == 1 and page.locator(rows).count() == before > 0
        held[0].continue_()
        page.locator("[data-empty]").wait_for()
        assert page.locator(rows).count() == 0


def test_more_rows_asked_for_before_the_script_has_come_are_shown(browser: Browser, full_home: str) -> None:
    with visit(browser, PHONE) as page:
        held: list[Route] = []
        page.route("**/rows.js", lambda route: held.append(route))
        load(page, full_home + BATCH)
        page.locator("[data-rows-more]").click()
        page.wait_for_timeout(300)
        assert len(held) == 1 and page.locator("[data-rows-of] tbody tr").count() == 30
        held[0].continue_()
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length === 39")


def test_filters_reach_the_other_pages_of_a_long_list(browser: Browser, tmp_path: Path) -> None:
    project = tmp_path / "project"
    make_county(60, project)
    folder = build(tmp_path / "site", cwd=project)
    parts = measure_parts(catalogue_of(project / "data"))
    assert len(parts) > 2
    total = sum(len(holder.measures) for part in parts for holder in part)
    with serving(folder) as address, visit(browser) as page:
        load(page, f"{address}/en/measures/2/")
        assert len(shown_rows(page)) == sum(len(holder.measures) for holder in parts[1])
        assert page.locator("[data-pager] [aria-current]").inner_text() == "2"
        page.locator("[data-filter] [name=body]").select_option("quality")
        with_body = [t for t in catalogue_of(project / "data").all(Task) if "quality" in t.answerable]
        expected = sum(len(task.measures) for task in with_body)
        wait_for(page, f"document.querySelectorAll('[data-row]:not([hidden])').length === {expected}")
        assert page.locator("[data-row]").count() == total
        last = page.locator("[data-row] > a").last
        last.click()
        page.locator("h1").wait_for()
        assert page.evaluate("document.querySelector(location.hash) !== null")


@IN_EACH
def test_changes_since_a_date(browser: Browser, full_county: BuiltSite, full_home: str, language: Language) -> None:
    """A date, chosen or in the address, hides what is older: of changes and of withdrawals."""
    days = [record.date for _, record in full_county.catalogue.publishable]
    days += [withdrawal.date for withdrawal in full_county.catalogue.all(Withdrawal)]
    since = sorted(days)[len(days) // 2]
    later = [day for day in days if day >= since]
    assert 0 < len(later) < len(days)
    changes = f"{root_of(full_home, language)}changes/"
    shown = "document.querySelectorAll('[data-row]:not([hidden])').length"
    with visit(browser, PHONE) as page:
        load(page, f"{changes}?since={since}")
        wait_for(page, f"{shown} === {len(later)}")
        assert page.locator("[name=since]").input_value() == str(since)
        assert str(len(later)) in page.locator("[data-count]").inner_text()
        page.locator("[name=since]").fill("2999-01-01")
        page.locator("[data-empty]").wait_for()
        assert page.url.endswith("/changes/?since=2999-01-01")
        assert page.locator(".hp-tombstones:visible").count() == 0
        page.locator(".hp-filter [type=reset]").click()
        wait_for(page, f"{shown} === {len(days)}")
        month = page.locator(".hp-since a").first
        assert (month.get_attribute("href") or "").endswith(f"?since={date.fromisoformat(AS_OF) - timedelta(30)}")
    with visit(browser, PHONE, scripts=False) as page:
        load(page, f"{changes}?since={since}")
        assert page.locator("[data-row]:visible").count() == len(days)
        assert not page.locator(".hp-filter").is_visible()


# Sharing


@IN_EACH
def test_the_address_of_a_page_can_be_copied(browser: Browser, county_home: str, language: Language) -> None:
    with visit(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        load(page, f"{root_of(county_home, language)}tasks/01/")
        address = page.locator(".hp-share-address a").inner_text()
        assert address == page.locator("link[rel=canonical]").get_attribute("href")
        page.locator("[data-share]").first.click()
        page.locator("dialog.hp-share-sheet [data-take=address]").click()
        wait_for(page, "document.querySelector('dialog.hp-share-sheet [role=status]').textContent")
        assert page.evaluate("navigator.clipboard.readText()") == address


@IN_EACH
def test_the_full_text_of_a_document_can_be_copied(
    browser: Browser, county: BuiltSite, county_home: str, language: Language
) -> None:
    """Where nothing can be downloaded, the words can still be taken along."""
    (document,) = county.catalogue.all(Document)
    with visit(browser, PHONE) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        load(page, f"{root_of(county_home, language)}documents/{document.id}/")
        page.locator("article [data-copy-of]").click()
        wait_for(page, "document.querySelector('.hp-status').textContent")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.splitlines() == [clause.text.show(language) for clause in document.clauses]


def test_an_in_app_browser_without_a_clipboard_copies_by_the_old_command(browser: Browser, county_home: str) -> None:
    with visit(browser, PHONE) as page:
        page.add_init_script(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
            "document.execCommand = (command) => { window.copied = [command, getSelection().toString()]; return true }"
        )
        load(page, f"{county_home}tasks/01/")
        page.locator("[data-share]").first.click()
        page.locator("dialog.hp-share-sheet [data-take=address]").click()
        wait_for(page, "window.copied")
        assert page.evaluate("window.copied") == ["copy", "https://quality.example/tasks/01/"]


# Keyboard


FOCUS = """() => {
  const a = document.activeElement, e = a
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


@ON_EACH
def test_the_keyboard_starts_with_the_skip_link_and_shows_where_it_is(
    browser: Browser, county_home: str, screen: tuple[int, int], language: Language
) -> None:
    with visit(browser, screen) as page:
        load(page, f"{root_of(county_home, language)}tasks/01/")
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUS)
        assert first["skip"], first
        # It slides into view.
        wait_for(page, f"({FOCUS})().seen")
        page.keyboard.press("Enter")
        wait_for(page, "document.activeElement.id === 'main'")
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
    document.querySelector("article.hp-article").innerText,
    r.height > 0 && r.left >= 0 && r.right <= innerWidth && (h1.contains(top) || r.top > innerHeight),
  ]
}"""


@pytest.mark.parametrize(
    ("language", "every"),
    [("zh", SOME), *(pytest.param(language, 1, marks=pytest.mark.sweep) for language in LANGUAGES)],
)
def test_everything_can_be_read_without_scripts(
    browser: Browser, site: BuiltSite, home: str, language: Language, every: int
) -> None:
    with visit(browser, PHONE) as scripted, visit(browser, PHONE, scripts=False) as page:
        for address in site.each_kind[::every]:
            for visitor in (scripted, page):
                visitor.goto(root_of(home, language) + address)
            # Elements that depend on scripts.
            scripted.evaluate("document.querySelectorAll('[data-filter], [data-scripted]').forEach((e) => e.remove())")
            text, readable = page.evaluate(READABLE)
            assert readable, address
            assert (text, True) == tuple(scripted.evaluate(READABLE)), address
            assert len(text) > 20
        page.goto(f"{root_of(home, language)}tasks/01/")
        page.locator("a.hp-tool--search").click()
        page.wait_for_url(f"{root_of(home, language)}sitemap/")
        open_menu(page)
        page.locator(".hp-menu a").last.click()
        page.wait_for_url(f"{root_of(home, language)}documents/")
        page.locator(".hp-local a").last.click()
        page.wait_for_url(f"{root_of(home, language)}data/")
        page.goto(f"{root_of(home, language)}tasks/01/")
        open_menu(page)
        page.locator("a.hp-language").click()
        other: Language = "en" if language == "zh" else "zh"
        page.wait_for_url(f"{root_of(home, other)}tasks/01/")


def test_tables_behind_figures_open_without_scripts(browser: Browser, county: BuiltSite, county_home: str) -> None:
    with visit(browser, PHONE, scripts=False) as page:
        page.goto(f"{county_home}timeline/")
        table = page.locator("details.hp-data table").first
        assert not table.is_visible()
        page.locator("details.hp-data summary").first.click()
        table.wait_for()
        assert words(county.pages["timeline/"].all("figcaption")[0]) in page.locator("figure").first.inner_text()


def test_each_mark_of_the_timeline_is_reached_by_keyboard(browser: Browser, full_home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{root_of(full_home, 'en')}timeline/")
        links = page.locator(".hp-drawing a")
        assert links.count() > 5
        assert not page.locator(".hp-course").is_visible()
        links.first.focus()
        for number in range(links.count()):
            link = links.nth(number)
            assert link.evaluate("(e) => e === document.activeElement")
            assert (link.get_attribute("aria-label") or "").count("·") >= 2
            assert link.locator(".hp-d-hit").evaluate("(e) => getComputedStyle(e).strokeWidth") == "3px"
            page.keyboard.press("Tab")
    with visit(browser, PHONE) as page:
        page.goto(f"{root_of(full_home, 'en')}timeline/")
        assert page.locator(".hp-course").is_visible() and not page.locator(".hp-drawing").first.is_visible()


@ON_EACH
def test_the_other_language_stands_beside_the_document_without_scripts(
    browser: Browser, full_home: str, screen: tuple[int, int], language: Language
) -> None:
    with visit(browser, screen, scripts=False) as page:
        page.goto(f"{root_of(full_home, language)}documents/plan-2030-1/")
        box, other = page.locator("#beside"), page.locator(".hp-clause-other").nth(10)
        # English readers are shown the original, which prevails; Chinese readers need no translation.
        assert box.is_checked() == other.is_visible() == (language == "en")
        box.set_checked(True)
        own = page.locator(".hp-clause-text").nth(10).bounding_box()
        found = other.bounding_box()
        assert own is not None and found is not None
        if screen == DESKTOP:
            assert found["x"] >= own["x"] + own["width"]
            assert found["y"] == pytest.approx(own["y"], abs=8)
        else:
            assert found["y"] >= own["y"] + own["height"]
        box.set_checked(False)
        assert not other.is_visible()


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.sweep)])
def test_the_current_place_is_marked_in_every_menu(
    browser: Browser, full_county: BuiltSite, full_home: str, language: Language
) -> None:
    present = full_county.edition(language).keys()
    with visit(browser, PHONE) as page:
        for name, folders in SECTIONS.items():
            for folder in (each for each in folders if f"{each}/" in present):
                load(page, f"{root_of(full_home, language)}{folder}/")
                label = LABELS[f"menu.{name}"]
                expected = label.zh if language == "zh" else label.en
                assert page.locator(".hp-menu [aria-current]").inner_text() == expected
                current = page.locator(".hp-local [aria-current=page]")
                assert current.is_visible()
                assert (current.get_attribute("href") or "").endswith(f"{folder}/")
        load(page, f"{root_of(full_home, language)}tasks/01/")
        assert (page.locator(".hp-local [aria-current=true]").get_attribute("href") or "").endswith("tasks/")


def test_paper_shows_the_document_in_the_margins_of_official_documents(browser: Browser, full_home: str) -> None:
    with visit(browser) as page:
        load(page, f"{full_home}documents/plan-2030-1/")
        page.emulate_media(media="print")
        for gone in (".hp-menu", ".hp-tools", ".hp-toc", ".hp-beside-switch", ".hp-share-tools"):
            assert not page.locator(gone).first.is_visible(), gone
        assert page.locator(".hp-clause-text").nth(12).is_visible()
        assert page.locator(".hp-share-address").is_visible()


# Living data


BATCH = "disclosures/batches/fruit-2030-1/"


@ON_EACH
def test_rows_of_a_batch_are_searched_filtered_and_shown_in_parts(
    browser: Browser, full_home: str, language: Language, screen: tuple[int, int]
) -> None:
    with visit(browser, screen) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        load(page, f"{full_home}{'en/' if language == 'en' else ''}{BATCH}")
        rows = page.locator("[data-rows-of] tbody tr")
        assert rows.count() == 30
        assert not any(url.endswith("rows.json") for url in asked), "all rows are fetched only when they are asked for"
        page.locator("[data-rows-more]").click()
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length > 30")
        assert rows.count() == 39
        assert page.locator("[data-rows-more]").is_hidden()
        # Keyboard focus continues at the first new row.
        assert page.evaluate("document.activeElement.rowIndex") == 31
        # Folded where there is little room.
        page.evaluate("document.querySelector('.hp-filter-fold').open = true")
        page.locator("#rows-result").select_option("fail")
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length < 10")
        failing = rows.count()
        label = LABELS["batch.count"]
        text = label.zh if language == "zh" else str(label.en)
        assert page.locator("[data-count]").inner_text() == text.replace("{{n}}", str(failing))
        wait_for(
            page,
            "document.querySelector('.hp-status').textContent === document.querySelector('[data-count]').textContent",
        )
        assert rows.first.locator(".hp-state--late").count() == 1
        rows.first.locator("a").click()
        page.wait_for_load_state()
        assert page.locator("h1").inner_text() in ({"zh": "草莓酱", "en": "Strawberry jam"}[language],)


def test_words_find_rows_whatever_their_width_and_nothing_found_is_said(browser: Browser, full_home: str) -> None:
    with visit(browser) as page:
        load(page, f"{full_home}{BATCH}")
        unfold(page)
        page.locator("#rows-words").fill("\uff2a\uff3930-1-026")
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length === 1")
        assert "二氧化硫" in page.locator("[data-rows-of] tbody").inner_text()
        page.locator("#rows-words").fill("没有这种产品")
        page.locator("[data-empty]").wait_for()
        page.locator("form[data-table] [type=reset]").click()
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length > 30")
        assert page.locator("[data-empty]").is_hidden()


def test_a_name_in_a_table_is_text_and_never_runs(browser: Browser, full_county: BuiltSite, full_home: str) -> None:
    evil = '<img src=x onerror="document.title=1">'
    with visit(browser) as page:
        page.route(
            "**/rows.json",
            lambda route: route.fulfill(
                json={
                    "columns": [
                        "product",
                        "producer",
                        "sample_number",
                        "standard",
                        "result",
                        "failing_item",
                        "follow_up",
                        "page",
                    ],
                    "rows": [[evil, evil, "1", "2", "pass", evil, evil, ""]],
                }
            ),
        )
        load(page, f"{full_home}{BATCH}")
        unfold(page)
        page.locator("#rows-words").fill("img")
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length === 1")
        assert page.locator("[data-rows-of] img").count() == 0
        assert page.title() != "1"


def test_without_scripts_a_batch_is_read_and_downloaded(browser: Browser, full_home: str) -> None:
    with visit(browser, PHONE, scripts=False) as page:
        load(page, f"{full_home}{BATCH}")
        assert page.locator("[data-rows-of] tbody tr").count() == 30
        assert page.locator("form[data-table]").is_hidden()
        files = [link.get_attribute("href") or "" for link in page.locator("a[download]").all()]
        assert [file.rpartition("/")[2] for file in files] == ["fruit-2030-1.csv", "fruit-2030-1.xlsx"]


@IN_EACH
def test_a_number_of_the_dashboard_leads_to_as_many_measures(
    browser: Browser, full_home: str, language: Language
) -> None:
    with visit(browser) as page:
        load(page, f"{full_home}{'en/' if language == 'en' else ''}progress/")
        link = page.locator("a.hp-stat:has(.hp-state--late)")
        count = int(link.locator("strong").inner_text())
        link.click()
        wait_for(page, "document.querySelectorAll('[data-row][hidden]').length > 0")
        assert page.locator("[data-row]:not([hidden])").count() == count


# The age of the pages


@pytest.mark.parametrize(
    ("now", "zone", "days"),
    [
        # One night may fail; the day is that of the county, not of the device.
        ("2030-02-03T15:59:00Z", "Pacific/Auckland", None),
        ("2030-02-03T16:00:00Z", "America/Los_Angeles", 3),
        ("2031-02-01T04:00:00Z", "Asia/Shanghai", 365),
        # A device whose clock is wrong cannot tell.
        ("2030-01-20T04:00:00Z", "Asia/Shanghai", None),
        ("1970-01-01T00:00:00Z", "UTC", None),
    ],
)
def test_pages_that_are_not_made_anew_say_so(
    browser: Browser, county: BuiltSite, county_home: str, now: str, zone: str, days: int | None
) -> None:
    # The screen is so high that the foot of the page is seen at once, and would move if anything did.
    context = browser.new_context(viewport={"width": 390, "height": 9_000}, timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time(now)
    for language in LANGUAGES:
        load(page, root_of(county_home, language))
        said = page.locator(".hp-footer [role=status]")
        if days is None:
            assert said.text_content() == "" and not said.is_visible()
            continue
        assert said.is_visible() and page.locator(".hp-footer").bounding_box()["y"] > 0  # type: ignore[index]
        expected = {"zh": f"本页已有{days}天没有重新生成", "en": f"has not been updated for {days} days"}[language]
        assert expected in said.inner_text()
        moved = page.evaluate(
            """() => new Promise((done) => {
              let sum = 0
              new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value })
                .observe({ type: "layout-shift", buffered: true })
              requestAnimationFrame(() => requestAnimationFrame(() => done(sum)))
            })"""
        )
        assert moved == 0
    context.close()


def test_without_scripts_or_time_zones_nothing_is_said_of_the_age(browser: Browser, county_home: str) -> None:
    with visit(browser, scripts=False) as page:
        load(page, county_home)
        assert page.locator(".hp-footer [role=status]").text_content() == ""
    with visit(browser) as page:
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.add_init_script("Date.prototype.toLocaleDateString = () => { throw new RangeError('no time zones') }")
        page.clock.set_fixed_time("2031-02-01T04:00:00Z")
        load(page, county_home)
        assert page.locator(".hp-footer [role=status]").text_content() == "" and problems == []
