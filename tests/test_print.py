"""Pages on paper: how many sheets they take, what is on them, and that nothing is cut off. PDFs come from Chromium."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from haopin.model.document import Document
from haopin.model.task import Task
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from support import ROOT, SOME, BuiltSite, root_of, serving

pytestmark = pytest.mark.browser
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)

#: CSS pixels between the margins of an upright A4 page, and of one that lies.
UPRIGHT, LYING = 665, 1042


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a reader on a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def full(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served county with records of every kind."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


@pytest.fixture(scope="module")
def home(full: str) -> str:
    """Address of its home page, ending in ``/``."""
    return full


def sheets(page: Page) -> list[tuple[float, float]]:
    """Return width and height in points of each side on which ``page`` is printed."""
    pdf = page.pdf(prefer_css_page_size=True)
    counts = [int(n) for n in re.findall(rb"/Count (\d+)", pdf)]
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    # Chromium divides many pages among nodes of a tree; the root counts them all.
    assert len(sizes) == max(counts)
    return [(float(width), float(height)) for width, height in sizes]


def lies(sheet: tuple[float, float]) -> bool:
    return sheet[0] > sheet[1]


@IN_EACH
def test_every_task_is_one_sheet(language: Language, page: Page, site: BuiltSite, home: str) -> None:
    tasks = site.catalogue.all(Task)
    assert tasks
    found = {}
    for task in tasks:
        page.goto(f"{root_of(home, language)}tasks/{task.id}/")
        found[task.id] = len(sheets(page))
    assert found == dict.fromkeys(found, 1)


@IN_EACH
def test_a_task_of_24_reported_measures_is_one_sheet(page: Page, full: str, language: Language) -> None:
    page.goto(f"{root_of(full, language)}tasks/01/")
    page.evaluate(
        """() => {
        const list = document.querySelector(".hp-measures")
        document.querySelector(".hp-rowed").classList.add("hp-rowed--many")
        const own = [...list.children]
        while (list.children.length < 24) list.append(...own.map((item) => item.cloneNode(true)))
        while (list.children.length > 24) list.lastChild.remove()
    }"""
    )
    assert page.locator(".hp-measures > li").count() == 24
    assert len(sheets(page)) == 1


@IN_EACH
def test_wall_calendar_is_one_lying_sheet_of_twelve_months(language: Language, page: Page, home: str) -> None:
    page.goto(f"{root_of(home, language)}subscribe/wall/")
    (sheet,) = sheets(page)
    assert lies(sheet)
    page.emulate_media(media="print")
    assert page.locator(".hp-month").count() == 12
    assert page.locator(".hp-share-qr svg").is_visible()
    assert page.locator(".hp-months-slogan").is_visible()
    page.emulate_media(media="screen")


def test_other_pages_stand_upright_and_the_matrix_lies(page: Page, full: str) -> None:
    page.goto(f"{full}targets/")
    found = sheets(page)
    assert not any(map(lies, found))
    assert len(found) <= 4
    page.goto(f"{full}matrix/")
    assert all(map(lies, sheets(page)))


@pytest.mark.parametrize(
    ("language", "every"),
    [("zh", SOME), *(pytest.param(language, 1, marks=pytest.mark.sweep) for language in LANGUAGES)],
)
def test_nothing_to_click_is_printed_nothing_is_cut_and_paper_says_where_it_comes_from(
    language: Language, every: int, page: Page, site: BuiltSite, home: str
) -> None:
    troubles = []
    page.emulate_media(media="print")
    for address in site.each_kind[::every]:
        page.goto(f"{root_of(home, language)}{address}")
        kind = page.locator("body").get_attribute("class") or ""
        page.set_viewport_size({"width": LYING if "matrix" in kind or "wall" in kind else UPRIGHT, "height": 900})
        for gone in (".hp-tools", ".hp-menu", ".hp-trail", ".hp-filter", ".hp-share-mark", ".hp-share-tools", "button"):
            if any(element.is_visible() for element in page.locator(gone).all()):
                troubles.append((address, f"visible: {gone}"))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            troubles.append((address, f"cut: {wide}"))
        # A page for a missing address has no address.
        if page.locator(".hp-share").count() and not page.locator(".hp-share-qr svg").is_visible():
            troubles.append((address, "no QR code"))
        if page.locator(".hp-footer-line").is_hidden():
            troubles.append((address, "no line at its foot"))
    assert troubles == []


#: Kinds of tests/faults.js that paper can have, too.
ON_PAPER = ("overlap", "no gap between words", "broken word", "broken date")


def blank_below(pdf: bytes) -> list[float]:
    """Return how much of each sheet but the last is blank below its last line, as a part of its height."""
    found = []
    for sheet in PdfReader(BytesIO(pdf)).pages[:-1]:
        heights: list[float] = []

        def line(text: str, ctm: list[float], tm: list[float], *_: object, heights: list[float] = heights) -> None:
            if text.strip():
                heights.append(tm[4] * ctm[1] + tm[5] * ctm[3] + ctm[5])

        sheet.extract_text(visitor_text=line)
        found.append(min(heights, default=0.0) / float(sheet.mediabox.height))
    return found


@pytest.mark.parametrize(
    ("language", "every"),
    [("zh", SOME), *(pytest.param(language, 1, marks=pytest.mark.sweep) for language in LANGUAGES)],
)
def test_words_stand_apart_on_paper_and_no_sheet_is_half_empty(
    language: Language, every: int, page: Page, site: BuiltSite, home: str
) -> None:
    faults = (ROOT / "tests/faults.js").read_text("utf-8")
    found = []
    for address in site.each_kind[::every]:
        page.emulate_media(media="print")
        page.goto(f"{root_of(home, language)}{address}")
        kind = page.locator("body").get_attribute("class") or ""
        page.set_viewport_size({"width": LYING if "matrix" in kind or "wall" in kind else UPRIGHT, "height": 900})
        found += [(address, fault) for fault in page.evaluate(faults) if fault.startswith(ON_PAPER)]
        # The annex of a document begins on a sheet of its own.
        if "document" not in kind:
            blank = blank_below(page.pdf(prefer_css_page_size=True))
            found += [(address, f"sheet {n}: {part:.0%} blank") for n, part in enumerate(blank, 1) if part > 0.4]
    assert found == []


@IN_EACH
def test_document_is_printed_like_an_official_one(
    page: Page, full: str, full_county: BuiltSite, language: Language
) -> None:
    document = next(d for d in full_county.catalogue.all(Document) if d.clauses)
    page.set_viewport_size({"width": UPRIGHT, "height": 900})
    page.goto(f"{root_of(full, language)}documents/{document.id}/")
    page.emulate_media(media="print")
    style = "(e) => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight, getComputedStyle(e).textAlign]"
    body = page.locator(".hp-clause--paragraph .hp-clause-text").first.evaluate(style)
    title = page.locator(".hp-clause--title .hp-clause-text").first.evaluate(style)
    assert title[2] == "center"
    if language == "zh":
        # 28 characters fill the 156 mm between the margins; 28 pt from line to line.
        assert int(156 / 25.4 * 96 / float(body[0].removesuffix("px"))) == 28
        assert float(body[1].removesuffix("px")) == pytest.approx(28 / 72 * 96, abs=0.01)
        assert float(title[0].removesuffix("px")) == pytest.approx(22 / 72 * 96, abs=0.01)
    number = page.locator(".hp-doc").evaluate("(e) => getComputedStyle(e, '::before').content")
    assert number == f'"{document.number if language == "zh" else document.number_en}"'
    assert page.locator(".hp-clause--number").is_hidden()
    other = page.locator(".hp-clause-other").first
    assert other.is_hidden()
    if language == "zh":
        page.emulate_media(media="screen")
        page.locator("#beside").check()
        page.emulate_media(media="print")
        assert other.is_visible()
    page.emulate_media(media="screen")


def test_paper_says_what_it_leaves_out(page: Page, full: str) -> None:
    after = "(e) => getComputedStyle(e, '::after').content"
    for address, holder, words in (
        ("en/tasks/01/", "section[data-paper]", "leaves out the quotations"),
        ("en/disclosures/batches/fruit-2030-1/", "section[data-paper]", "39 rows in all"),
    ):
        page.goto(f"{full}{address}")
        assert page.locator(holder).evaluate(after) == "none"
        page.emulate_media(media="print")
        assert words in page.locator(holder).evaluate(after)
        page.emulate_media(media="screen")


def test_print_stylesheet_does_not_weigh_on_the_first_view(full_county: BuiltSite) -> None:
    links = [e for e in full_county.pages[""].all("link") if e.get("rel") == "stylesheet"]
    assert [e.get("media") for e in links if str(e.get("href")).endswith("print.css")] == ["print"]
    for name in ("haopin.css", "figures.css"):
        assert "@media print" not in (full_county.folder / full_county.assets / name).read_text("utf-8")
