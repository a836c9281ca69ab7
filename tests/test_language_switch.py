"""The language switch keeps the place of a visitor: part of the page, filter, search, display; in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support import BuiltSite, build, copy_full_county, serving, shared, site_in, wait_for
from third_language import LANGUAGE, third_county

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, in two languages."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def third_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """That of the same county in three languages."""

    def make(folder: Path) -> None:
        build(folder / "site", config=third_county(folder, copy_full_county) / "mkdocs.yml")

    folder = shared(tmp_path_factory, "third-county", make)
    with serving(site_in(folder, folder / "data").folder) as address:
        yield f"{address}/"


@contextmanager
def visit(browser: Browser, *, scripts: bool = True) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 844}, java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    troubles: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page
        assert troubles == []
    finally:
        context.close()


def switched(page: Page, tag: str = "") -> str:
    """Follow the link to the other language (of ``tag``), and return where it led."""
    link = page.locator(f"a.hp-language{f'[hreflang={tag}]' if tag else ''}")
    # Not expect_navigation, which a filter that writes itself into the address also satisfies.
    with page.expect_event("load"):
        link.click()
    return page.url


@pytest.mark.parametrize(
    "address",
    [
        "tasks/01/#publish",
        "measures/?words=2030",
        "measures/?words=2030#none",
        "documents/plan-2030-1/?a=1&a=%E8%B4%A8#main",
    ],
)
def test_part_filter_and_search_are_kept_both_ways(browser: Browser, home: str, address: str) -> None:
    kept = address.removesuffix("#none")
    with visit(browser) as page:
        page.goto(home + address)
        assert switched(page) == f"{home}en/{kept}"
        if "#" in kept:
            # The same part is in sight.
            wait_for(
                page, "Math.abs(document.getElementById(location.hash.slice(1)).getBoundingClientRect().top) < 844"
            )
        assert switched(page) == home + kept


def test_what_is_chosen_on_the_page_is_kept(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}measures/")
        page.locator(".hp-filter input[type=search]").fill("2030")
        wait_for(page, "location.search === '?words=2030'")
        assert switched(page) == f"{home}en/measures/?words=2030"
        # The script of the filter may come after the page.
        wait_for(page, "document.querySelector('.hp-filter input[type=search]').value === '2030'")
        # A part named before does not go when something is chosen.
        page.goto(f"{home}measures/#main")
        page.locator(".hp-filter input[type=search]").fill("2030")
        wait_for(page, "location.search === '?words=2030'")
        assert switched(page) == f"{home}en/measures/?words=2030#main"


def test_the_keyboard_and_a_new_tab_lead_to_the_same_place(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}tasks/01/")
        link = page.locator("a.hp-language")
        link.focus()
        # Where the place changes after that, it is the last one that counts.
        page.evaluate("location.hash = 'publish'")
        link.focus()
        with page.context.expect_page() as opened:
            link.click(modifiers=["Control"])
        opened.value.wait_for_url(f"{home}en/tasks/01/#publish")
        with page.expect_navigation():
            link.press("Enter")
        assert page.url == f"{home}en/tasks/01/#publish"


def test_a_part_that_the_other_page_lacks_is_not_named(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}about/")
        own = page.evaluate("document.querySelector('h1').id")
        page.goto(f"{home}about/#{own}")
        assert page.evaluate("decodeURIComponent(location.hash.slice(1))") == own
        assert switched(page) == f"{home}en/about/"
        assert page.evaluate("scrollY") == 0
        # Nor one that nobody has, or that is no address at all.
        for wrong in ("#nothing", "#%E8%B4"):
            page.goto(f"{home}tasks/01/{wrong}")
            wait_for(page, "location.hash === ''")
            assert switched(page) == f"{home}en/tasks/01/"


def test_display_settings_are_kept(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}tasks/01/#publish")
        for control in ("[data-mode-switch]", "[data-scheme-switch]"):
            page.locator(control).dispatch_event("click")
        page.locator("[data-text-step='1']").dispatch_event("click")
        chosen = page.evaluate("({...document.documentElement.dataset})")
        assert {"mode", "scheme", "text"} <= chosen.keys()
        assert switched(page) == f"{home}en/tasks/01/#publish"
        assert page.evaluate("({...document.documentElement.dataset})") == chosen


def test_each_of_several_languages_keeps_the_place(browser: Browser, third_home: str) -> None:
    with visit(browser) as page:
        page.goto(f"{third_home}tasks/01/?a=1#publish")
        assert switched(page, LANGUAGE) == f"{third_home}{LANGUAGE}/tasks/01/?a=1#publish"
        assert switched(page, "en") == f"{third_home}en/tasks/01/?a=1#publish"
        assert switched(page, "zh-Hans") == f"{third_home}tasks/01/?a=1#publish"


def test_without_scripts_and_where_there_is_no_page_the_link_is_what_it_says(browser: Browser, home: str) -> None:
    with visit(browser, scripts=False) as page:
        page.goto(f"{home}tasks/01/?words=2030#publish")
        assert switched(page).split("#")[0] == f"{home}en/tasks/01/"
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{home}nothing/?words=2030#main")
        assert switched(page) == f"{home}en/"
