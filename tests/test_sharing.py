"""Passing on a page or a part of it, in a real browser: the sheet, its code and picture, and what there is without."""

import json
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Iterator
from io import BytesIO

import pytest
import segno
import zxingcpp
from haopin.model.task import Task
from haopin.text import LANGUAGES, Language
from PIL import Image
from playwright.sync_api import Browser, Page
from support import BuiltSite, root_of, serving, unfold, wait_for
from visitor import visit

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


def opened(page: Page, button: str = "[data-share]") -> str:
    """Open the sheet by its button; return the title in it."""
    page.locator(button).first.click()
    page.locator(f"{SHEET}[open]").wait_for()
    return page.locator(f"{SHEET} h2").inner_text()


def poster(page: Page) -> tuple[bytes, str]:
    """Return the poster in the sheet, and its alternative text."""
    picture = page.locator(f"{SHEET} figure img[src^='data:image/png']")
    picture.wait_for()
    content = b64decode((picture.get_attribute("src") or "").partition(",")[2])
    assert Image.open(BytesIO(content)).size == (1080, 1440)
    return content, picture.get_attribute("alt") or ""


def read(content: bytes) -> str:
    """Return what a telephone reads from a poster."""
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(content)).convert("L"))
    return str(code.text)


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
    address = f"{root_of(full_county.url, language)}tasks/01/"
    kinds = {"zh": ["\u4efb\u52a11"], "en": ["Task 1"]}
    with visit(browser, screen) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{root_of(home, language)}tasks/01/")
        assert not [
            url for url in asked if url.endswith((".png", "share.js", "poster.js", "qr.js")) and "icon" not in url
        ]
        assert opened(page) == title
        assert page.locator(f"{SHEET} .hp-share-sheet-address").inner_text() == address
        assert scanned(page) == address
        content, alternative = poster(page)
        assert read(content) == address
        assert title in alternative and {title, *kinds[language]} <= set(alternative.split(" \u00b7 "))
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
        # At the foot, and near the heading of all but the home page, whose first view is full.
        assert page.locator("[data-share]").count() == (1 if address in ("", "en/") else 2)
        opened(page)
        assert scanned(page) == read(poster(page)[0]) == full_county.url + address


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
        content, alternative = poster(page)
        assert read(content) == f"{full_county.url}tasks/01/#{measure.id}"
        assert measure.title.show("zh") in alternative.split(" \u00b7 ")
        page.keyboard.press("Escape")
        opened(page)
        assert scanned(page) == read(poster(page)[0]) == f"{full_county.url}tasks/01/"


@IN_EACH
def test_the_system_shares_where_it_can(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    task, address = full_county.catalogue.get(Task, "01"), f"{root_of(full_county.url, language)}tasks/01/"
    shares = (
        "window.sent = []; navigator.share = async (what) => { sent.push(what); if (sent.length > 1) throw Error() }"
    )
    with visit(browser, script=shares) as page:
        page.goto(f"{root_of(home, language)}tasks/01/")
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
        box = page.locator("[data-share]").first.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 59.9
        opened(page)
        for name, height in (("[data-take=address]", 59.9), (".hp-share-sheet-close", 59.9)):
            box = page.locator(f"{SHEET} {name}").bounding_box()
            assert box is not None and box["height"] >= height, name
        assert not page.locator(f"{SHEET} details").is_visible()


# The poster

#: What the canvas was told to write, and where: nothing may leave the poster or run into the code.
WATCHED = """
window.written = []
const usual = CanvasRenderingContext2D.prototype.fillText
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
  const wide = this.measureText(text).width
  const left = this.direction === "rtl" ? x - wide : x
  written.push([text, left, left + wide, y])
  return usual.call(this, text, x, y, ...more)
}
"""


@IN_EACH
@pytest.mark.parametrize("address", ["tasks/01/", "targets/", "activities/quality-month/", "bodies/quality/", ""])
def test_nothing_on_a_poster_leaves_it(
    browser: Browser, full_county: BuiltSite, home: str, language: Language, address: str
) -> None:
    """Also a title of many lines; on a dark page the poster is as light."""
    if address not in full_county.edition(language):
        address = next(
            a for a in full_county.edition(language) if a.startswith(address.split("/")[0]) and a.count("/") > 1
        )
    long = (
        "\u63d0\u5347\u4ea7\u54c1\u3001\u670d\u52a1\u8d28\u91cf\uff0c" * 6
        if language == "zh"
        else "Improve the quality of products and services, " * 4
    )
    with visit(browser, script=WATCHED + "localStorage.setItem('haopin-scheme', 'dark')") as page:
        page.goto(f"{root_of(home, language)}{address}")
        for title in ("", long):
            page.evaluate(
                "(t) => { if (t) document.querySelector('[property=\"og:title\"]').content = t; written.length = 0 }",
                title,
            )
            opened(page)
            content, _ = poster(page)
            read(content)
            written = page.evaluate("written")
            assert len(written) > 4
            for text, left, right, baseline in written:
                assert left >= 80 and right <= (1000 if baseline < 1140 else 720) and 60 < baseline < 1430, text
                assert text[0] not in "\u3001\uff0c\u3002\uff1a\uff09\u300b\u201d", text
            image = Image.open(BytesIO(content)).convert("RGB")
            assert image.getpixel((4, 1430)) == (255, 255, 255)
            page.keyboard.press("Escape")


def test_the_poster_says_what_the_page_says_and_can_be_kept(
    browser: Browser, full_county: BuiltSite, home: str
) -> None:
    with visit(browser, script=WATCHED) as page:
        page.goto(f"{home}en/tasks/01/")
        facts = json.loads(
            page.evaluate("document.querySelector('[data-cite-dialog]').content.querySelector('script').textContent")
        )
        measures = full_county.catalogue.get(Task, "01").measures
        assert len(facts["states"].split()) == len(measures)
        assert [facts["parts"][measure.id]["at"] for measure in measures] == list(range(len(measures)))
        opened(page)
        alternative = poster(page)[1]
        said = " ".join(each[0] for each in page.evaluate("written"))
        for words in (facts["kind"], facts["figure"]):
            assert words in said and words in alternative
        # The state in words, of the whole and of a part.
        assert [words for words in facts["words"].values() if words not in alternative] == []
        save = page.locator(f"{SHEET} [data-save]")
        assert save.is_visible() and (save.get_attribute("download") or "").endswith(".png")
        page.keyboard.press("Escape")
        unfold(page)
        opened(page, ".hp-measure .hp-share-mark")
        assert facts["words"][facts["states"].split()[0]] in poster(page)[1].split(" \u00b7 ")
        page.keyboard.press("Escape")
        # A target stands on a page of its own, whose address its poster has.
        title = opened(page, ".hp-target > .hp-share-mark")
        content, alternative = poster(page)
        assert title in alternative.split(" \u00b7 ") and "/en/targets/#" in read(content)


def test_a_right_to_left_page_has_its_poster_from_the_right(browser: Browser, home: str) -> None:
    with visit(
        browser, script=WATCHED + "addEventListener('DOMContentLoaded', () => (document.documentElement.dir = 'rtl'))"
    ) as page:
        page.goto(f"{home}en/tasks/01/")
        opened(page)
        content, _ = poster(page)
        read(content)
        ends = [right for _, _, right, baseline in page.evaluate("written") if 140 < baseline < 400]
        assert ends and max(ends) <= 997 and min(ends) >= 990


# What there is without


@IN_EACH
def test_without_scripts_address_and_citation_stand_in_the_page(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    with visit(browser, scripts=False) as page:
        page.goto(f"{root_of(home, language)}tasks/01/")
        address = f"{root_of(full_county.url, language)}tasks/01/"
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
        page.locator("[data-share]").first.click()
        wait_for(page, "document.querySelector('.hp-status').textContent")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.locator("link[rel=canonical]").get_attribute("href")
        assert page.url == f"{home}tasks/01/"


def test_where_the_sheet_cannot_be_fetched_the_citation_comes_back(browser: Browser, home: str) -> None:
    with visit(browser, cut="share.js") as page:
        page.goto(f"{home}tasks/01/")
        assert not page.locator(".hp-citation").is_visible()
        page.locator("[data-share]").first.click()
        page.locator(".hp-citation").wait_for()


def test_where_the_code_cannot_be_fetched_the_sheet_is_as_good(browser: Browser, home: str) -> None:
    with visit(browser, cut="qr.js") as page:
        page.goto(f"{home}tasks/01/")
        opened(page)
        assert not page.locator(".hp-share-sheet-code").is_visible()
        assert page.locator(f"{SHEET} [data-take=address]").is_visible()


# The code


def address(size: int) -> str:
    """Return an address of ``size`` characters."""
    return ("https://a.example/#" * 40)[:size]


def other_code(text: str, mask: int) -> segno.QRCode:
    return segno.make_qr(text, error="m", boost_error=False, mode="byte", mask=mask)


def test_codes_are_those_of_another_program(browser: Browser, full_county: BuiltSite, home: str) -> None:
    """Each version that is drawn, filled to its last codeword: module by module, but for the choice of the mask."""
    with visit(browser) as page:
        page.goto(home)
        draw = f"async (text) => (await import('{home}{full_county.assets}qr.js')).modules(text)"
        for version in range(1, 21):
            # The longest text of this version; without the choice of a mask, which takes most of the time.
            longest = bisect_right(range(1, 668), version, key=lambda size: int(other_code(address(size), 0).version))
            text = address(longest)
            found = page.evaluate(draw, text)
            others = (other_code(text, mask) for mask in range(8))
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
