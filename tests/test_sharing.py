"""Passing on a page or a part of it, in a real browser: the sheet, its code and picture, and what there is without."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
import segno
import zxingcpp
from haopin.model.task import Task
from haopin.text import LANGUAGES, Language
from PIL import Image
from playwright.sync_api import Browser, Page
from support import BuiltSite, serving, unfold, wait_for

pytestmark = pytest.mark.browser
PHONE, DESKTOP = (360, 720), (1440, 900)
SCREENS = pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)
SHEET = "dialog.hp-share-sheet"


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(
    browser: Browser, screen: tuple[int, int] = PHONE, script: str = "", *, scripts: bool = True, cut: str = ""
) -> Iterator[Page]:
    """Open a page of a new visitor; no script of it may fail.

    Args:
        browser: The browser.
        screen: Width and height; a phone has a touch screen.
        script: What runs before those of the page.
        scripts: Whether any run.
        cut: Name of a script that cannot be fetched.
    """
    phone = screen == PHONE
    context = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        is_mobile=phone,
        has_touch=phone,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    troubles: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if script:
            page.add_init_script(script)
        if cut:
            page.route(f"**/{cut}", lambda route: route.abort())
        yield page
        assert troubles == []
    finally:
        context.close()


def root(home: str, language: Language) -> str:
    return f"{home}en/" if language == "en" else home


def opened(page: Page, button: str = "[data-share]") -> str:
    """Open the sheet by its button; return the title in it."""
    page.locator(button).first.click()
    page.locator(f"{SHEET}[open]").wait_for()
    return page.locator(f"{SHEET} h2").inner_text()


def scanned(page: Page) -> str:
    """Return what a telephone reads from the code on the screen."""
    picture = page.locator(f"{SHEET} svg.hp-qr").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))
    assert str(code.ec_level) == "M"
    return str(code.text)


@IN_EACH
@SCREENS
def test_a_page_is_passed_on_by_address_code_and_picture(
    browser: Browser, full_county: BuiltSite, home: str, screen: tuple[int, int], language: Language
) -> None:
    title = full_county.catalogue.get(Task, "01").title.show(language)
    address = f"{root(full_county.url, language)}tasks/01/"
    with visit(browser, screen) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{root(home, language)}tasks/01/")
        assert not [url for url in asked if url.endswith((".png", "share.js", "qr.js")) and "icon" not in url]
        assert opened(page) == title
        assert page.locator(f"{SHEET} .hp-share-sheet-address").inner_text() == address
        assert scanned(page) == address
        picture = page.locator(f"{SHEET} img")
        wait_for(page, f"document.querySelector('{SHEET} img').naturalWidth === 1200")
        alternative = page.locator("meta[property='og:image:alt']").get_attribute("content")
        assert picture.get_attribute("alt") == alternative
        # With a finger one presses and holds; a mouse has a menu for that.
        assert page.locator(f"{SHEET} figcaption").is_visible() == (screen == PHONE)
        assert not page.locator(f"{SHEET} .hp-share-sheet-text").is_visible()
        page.locator(f"{SHEET} [data-take=address]").click()
        wait_for(page, f"document.querySelector('{SHEET} [role=status]').textContent")
        assert page.evaluate("navigator.clipboard.readText()") == address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        box = page.locator(SHEET).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= screen[0]
        page.keyboard.press("Escape")
        assert not page.locator(SHEET).is_visible()
        assert page.evaluate("document.activeElement.matches('[data-share]')")


@pytest.mark.parametrize("address", ["", "en/", "targets/", "about/", "en/documents/plan-2030-1/"])
def test_each_kind_of_page_has_one_button_and_a_picture(
    browser: Browser, full_county: BuiltSite, home: str, address: str
) -> None:
    with visit(browser) as page:
        page.goto(home + address)
        assert page.locator("[data-share]").count() == 1
        opened(page)
        assert scanned(page) == full_county.url + address
        wait_for(page, f"document.querySelector('{SHEET} img').naturalWidth === 1200")


@SCREENS
def test_a_measure_is_passed_on_by_the_address_of_its_anchor(
    browser: Browser, full_county: BuiltSite, home: str, screen: tuple[int, int]
) -> None:
    measure = full_county.catalogue.get(Task, "01").measures[1]
    with visit(browser, screen) as page:
        page.goto(f"{home}tasks/01/")
        unfold(page)
        # What another part was passed on with is gone.
        opened(page)
        page.keyboard.press("Escape")
        page.locator(".hp-fold > .hp-share-mark").nth(1).click()
        page.locator(f"{SHEET}[open]").wait_for()
        assert page.locator(f"{SHEET} h2").inner_text() == measure.title.show("zh")
        assert scanned(page) == f"{full_county.url}tasks/01/#{measure.id}"
        # The picture is that of the page.
        assert not page.locator(f"{SHEET} img").is_visible()
        page.keyboard.press("Escape")
        opened(page)
        assert scanned(page) == f"{full_county.url}tasks/01/"
        page.locator(f"{SHEET} img").wait_for()


@IN_EACH
def test_the_system_shares_where_it_can(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    task, address = full_county.catalogue.get(Task, "01"), f"{root(full_county.url, language)}tasks/01/"
    shares = (
        "window.sent = []; navigator.share = async (what) => { sent.push(what); if (sent.length > 1) throw Error() }"
    )
    with visit(browser, script=shares) as page:
        page.goto(f"{root(home, language)}tasks/01/")
        unfold(page)
        opened(page)
        send = page.locator(f"{SHEET} [data-send]")
        # A visitor may turn back, as the second time here: that is no error.
        send.click()
        send.click()
        page.keyboard.press("Escape")
        opened(page, ".hp-fold > .hp-share-mark")
        send.click()
        whole = {"title": task.title.show(language), "url": address}
        part = {"title": task.measures[0].title.show(language), "url": f"{address}#{task.measures[0].id}"}
        assert page.evaluate("sent") == [whole, whole, part]
    with visit(browser, script="delete Navigator.prototype.share") as page:
        page.goto(f"{home}tasks/01/")
        opened(page)
        assert not page.locator(f"{SHEET} [data-send]").is_visible()


def test_a_press_beside_the_sheet_closes_it(browser: Browser, home: str) -> None:
    with visit(browser, DESKTOP) as page:
        page.goto(f"{home}tasks/01/")
        opened(page)
        page.mouse.click(5, 5)
        assert not page.locator(SHEET).is_visible()


def test_easy_view_has_the_sheet_without_the_citation(browser: Browser, home: str) -> None:
    with visit(browser, script="localStorage.setItem('haopin-mode', 'elder')") as page:
        page.goto(f"{home}tasks/01/")
        box = page.locator("[data-share]").bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 59.9
        opened(page)
        for name, height in (("[data-take=address]", 59.9), (".hp-share-sheet-close", 59.9)):
            box = page.locator(f"{SHEET} {name}").bounding_box()
            assert box is not None and box["height"] >= height, name
        assert not page.locator(f"{SHEET} details").is_visible()


# What there is without


@IN_EACH
def test_without_scripts_address_and_citation_stand_in_the_page(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    with visit(browser, scripts=False) as page:
        page.goto(f"{root(home, language)}tasks/01/")
        address = f"{root(full_county.url, language)}tasks/01/"
        assert page.locator(".hp-share-address a").get_attribute("href") == address
        assert page.locator(".hp-citation").inner_text().endswith(address)
        assert [b.is_visible() for b in page.locator(".hp-share button").all()] == [False] * 2 + [False] * (
            page.locator(".hp-embed button").count()
        )
        page.emulate_media(media="print")
        assert page.locator(".hp-share-qr svg").is_visible()


def test_without_dialogs_the_address_is_copied_and_the_citation_stands_in_the_page(browser: Browser, home: str) -> None:
    with visit(browser, script="delete window.HTMLDialogElement") as page:
        page.goto(f"{home}tasks/01/")
        assert page.locator(".hp-citation").is_visible()
        page.locator("[data-share]").click()
        wait_for(page, "document.querySelector('.hp-status').textContent")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("link[rel=canonical]").get_attribute("href")
        assert page.url == f"{home}tasks/01/"


def test_where_the_sheet_cannot_be_fetched_the_citation_comes_back(browser: Browser, home: str) -> None:
    with visit(browser, cut="share.js") as page:
        page.goto(f"{home}tasks/01/")
        assert not page.locator(".hp-citation").is_visible()
        page.locator("[data-share]").click()
        page.locator(".hp-citation").wait_for()


def test_where_the_code_cannot_be_fetched_the_sheet_is_as_good(browser: Browser, home: str) -> None:
    with visit(browser, cut="qr.js") as page:
        page.goto(f"{home}tasks/01/")
        opened(page)
        assert not page.locator(".hp-share-sheet-code").is_visible()
        assert page.locator(f"{SHEET} [data-take=address]").is_visible()


# The code


def test_codes_are_those_of_another_program(browser: Browser, full_county: BuiltSite, home: str) -> None:
    """Each version that is drawn, filled to its last codeword: module by module, but for the choice of the mask."""
    with visit(browser) as page:
        page.goto(home)
        draw = f"async (text) => (await import('{home}{full_county.assets}qr.js')).modules(text)"
        for version in range(1, 21):
            text = ""
            # The longest text of this version.
            while int(segno.make_qr(f"{text}x", error="m", boost_error=False, mode="byte").version) <= version:
                text += "https://a.example/#"[len(text) % 19]
            found = page.evaluate(draw, text)
            others = (segno.make_qr(text, error="m", boost_error=False, mode="byte", mask=mask) for mask in range(8))
            assert [version for other in others if [list(map(int, row)) for row in other.matrix] == found] == [version]
        assert page.evaluate(draw, "x" * 667) is None


def test_codes_of_any_length_are_read_back(browser: Browser, full_county: BuiltSite, home: str) -> None:
    with visit(browser) as page:
        page.goto(home)
        page.evaluate(
            f"""async () => {{
              const {{ drawn }} = await import('{home}{full_county.assets}qr.js')
              window.show = (text) => document.body.replaceChildren(drawn(text, "code"))
            }}"""
        )
        for length in (1, 30, 47, 90, 150, 213, 300):
            text = ("https://a.example/en/tasks/01/#\u8d28\u91cf" * 10)[:length]
            page.evaluate("(text) => show(text)", text)
            picture = page.locator("svg.hp-qr").screenshot()
            assert [c.text for c in zxingcpp.read_barcodes(Image.open(BytesIO(picture)).convert("L"))] == [text]
