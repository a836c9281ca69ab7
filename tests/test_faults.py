"""How pages stand there: words over words, broken words and dates, small letters … (faults.js), at every width.

``make test`` takes some kinds of pages, ``make sweep`` every page of the invented county in both languages, in easy
view and at the largest text; ``tests/county`` every page of this repository's own county, as usual and at its largest.
"""

from collections.abc import Iterator

import pytest
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import ROOT, SOME, BuiltSite

pytestmark = pytest.mark.browser

#: From the smallest phone, which is also a desk at 400 %, to the widest screen.
WIDTHS = (320, 360, 768, 1100, 1280, 1440, 1920)
#: What a visitor has chosen before, by the name of the view.
VIEWS: dict[str, dict[str, str]] = {
    "usual": {},
    "easy": {"mode": "elder"},
    "largest": {"text": "3"},
    "easy-largest": {"mode": "elder", "text": "3"},
}
FAULTS = (ROOT / "tests/faults.js").read_text("utf-8")

ON_SOME = [("zh", "usual", SOME), ("en", "usual", SOME), ("en", "easy-largest", 2 * SOME)]
ON_ALL = [
    pytest.param(language, view, 1, marks=pytest.mark.sweep, id=f"{language}-{view}")
    for language in LANGUAGES
    for view in VIEWS
]


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


def visit(browser: Browser, view: str = "usual") -> Page:
    """Return a page of a visitor who has chosen ``view`` before."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True, reduced_motion="reduce")
    for name, value in VIEWS[view].items():
        context.add_init_script(f"localStorage.setItem('haopin-{name}', '{value}')")
    return context.new_page()


def faults_of(page: Page, widths: tuple[int, ...] = WIDTHS) -> Iterator[tuple[int, str]]:
    """Yield width and fault of every fault of ``page``, which is loaded once."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        for fault in page.evaluate(FAULTS):
            yield width, fault


def faults_on(browser: Browser, view: str, addresses: list[str]) -> dict[str, list[str]]:
    """Return where each fault is, on the pages at ``addresses`` at every width, in ``view``."""
    found: dict[str, list[str]] = {}
    page = visit(browser, view)
    for address in addresses:
        page.goto(address)
        if view == "usual":
            # What is folded is judged, too; filters stay folded, so that what they filter is on the screen.
            page.evaluate("document.querySelectorAll('main details:not(:has(form))').forEach((e) => (e.open = true))")
        for width, fault in faults_of(page):
            found.setdefault(fault, []).append(f"{address}@{width}")
    page.context.close()
    return found


@pytest.mark.parametrize(("language", "view", "every"), [*ON_SOME, *ON_ALL])
def test_no_page_has_a_fault_that_can_be_seen(
    browser: Browser, site: BuiltSite, home: str, language: Language, view: str, every: int
) -> None:
    addresses = site.each_kind[::every] if every > 1 else [*site.edition(language), "404.html"]
    root = home + ("en/" if language == "en" else "")
    assert faults_on(browser, view, [root + address for address in addresses]) == {}


#: A page with one fault, by its kind.
WRONG = {
    "overlap": '<p>words</p><p style="margin-top: -40px">others</p>',
    "no gap between words": '<p style="float: left; margin: 0">100%</p><p style="margin: 0">of all</p>',
    "line through a word": '<svg width="90" height="40"><line x1="20" x2="20" y1="0" y2="40" stroke="red"/>'
    '<text y="20">words</text></svg>',
    "broken word": '<p style="width: 120px; word-break: break-all; font-size: 20px">the one invented</p>',
    "broken date": '<p style="width: 140px; font-size: 16px">最近报送2026年7月13日</p>',
    "heading broken at a hyphen": '<h2 style="width: 200px; font-size: 24px">Shandong brand high-endings</h2>',
    "blank beside a mark": "<p>县市场监管局、 县工信局</p>",
    "small text": '<p style="font-size: 11px">words</p>',
    "uneven chips": '<p><b class="x">words</b> <b class="x" style="padding: 6px">words</b></p>'
    "<style>.x { display: inline-block; border: 1px solid; border-radius: 4px }</style>",
    "uneven links": '<nav><ul style="display: flex; align-items: start; gap: 9px"><li>one'
    '<li style="padding-top: 3px">two</ul></nav>',
    "badges at different places": "<main><ul><li><p>a</p><p><b class=badge style='margin-left: 90px'>new</b></p>"
    "<li><p>b</p><p><b class=badge style='margin-left: 50px'>new</b></p></ul></main>",
    "several measures": '<article><p style="max-width: 200px">words<p style="max-width: 150px">words</article>',
    "placeholder cut": '<input placeholder="many words that do not fit" style="width: 60px">',
    "two crosses": '<form><input type="search"><button>x</button></form>',
    "contents of few entries": '<main><nav><a href="#a">one</a><a href="#b">two</a></nav></main>',
    "tall form": '<main><form style="height: 300px">words</form></main>',
    "half-empty card": '<main><ul style="display: flex">'
    '<li style="height: 400px; border: 1px solid; border-radius: 4px">words</ul></main>',
    "first sentence broken in a word": "<div><h1>好</h1>"
    '<p style="width: 110px; font-size: 20px">本站公开责任单位</div>',
}


@pytest.mark.parametrize("kind", WRONG)
def test_each_kind_of_fault_is_found(browser: Browser, kind: str) -> None:
    page = visit(browser)
    page.set_content(f'<!doctype html><html lang="zh-Hans"><title>t</title><body>{WRONG[kind]}')
    page.set_viewport_size({"width": 768 if kind.startswith("first") else 360, "height": 800})
    kinds = {fault.partition(":")[0] for fault in page.evaluate(FAULTS)}
    page.context.close()
    assert kinds == {kind}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_has_one_cross_and_its_field_shows_all_that_it_suggests(
    browser: Browser, home: str, language: Language
) -> None:
    page = visit(browser)
    page.goto(home + ("en/" if language == "en" else ""))
    page.locator("[data-search]").click()
    page.locator(".hp-search-field").fill("x")
    page.locator(".hp-search-field").fill("")
    # Behind the dialog stands the page, which the other tests judge.
    page.evaluate("document.querySelectorAll('main, header, footer').forEach((e) => (e.hidden = true))")
    found = list(faults_of(page))
    page.context.close()
    assert found == []


def test_a_mark_that_opens_a_title_has_no_empty_half_to_underline(browser: Browser, home: str) -> None:
    page = visit(browser)
    page.goto(home)
    width = """() => {
      const title = document.createElement("h3")
      title.innerHTML = "<a href='#'>\u201c质量\u201d行动</a>"
      document.querySelector("main").prepend(title)
      const range = document.createRange()
      range.setStart(title.firstChild.firstChild, 0)
      range.setEnd(title.firstChild.firstChild, 1)
      return range.getBoundingClientRect().width / parseFloat(getComputedStyle(title).fontSize)
    }"""
    assert page.evaluate(width) < 0.6
    page.context.close()


def test_colors_are_a_setting_of_the_display(browser: Browser, home: str) -> None:
    page = visit(browser)
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(home)
        switch = page.locator("[data-scheme-switch]")
        assert not switch.is_visible()
        page.locator("[data-display]").click()
        assert switch.is_visible() and switch.inner_text().strip()
    page.context.close()


def test_filters_are_folded_on_a_phone_and_open_where_one_is_set(browser: Browser, home: str) -> None:
    page = visit(browser)
    page.goto(f"{home}measures/")
    field = page.locator("[data-filter] [name=words]")
    assert not field.is_visible()
    page.locator(".hp-filter-fold > summary").click()
    assert field.is_visible()
    page.goto(f"{home}measures/?words=a")
    field.wait_for()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{home}measures/")
    assert field.is_visible() and not page.locator(".hp-filter-fold > summary").is_visible()
    page.context.close()
