"""By keyboard alone, with less motion, and in a reader's own colours: every kind of page.

``make test`` walks through some kinds of pages in Chinese on a phone; ``make sweep`` walks through all of them in both
languages, on a phone and on a desktop.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from axe import channels, contrast
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import ROOT, SEARCH_RESULTS, SOME, BuiltSite, serving

pytestmark = pytest.mark.browser
PHONE, DESKTOP = (390, 844), (1440, 900)


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(browser: Browser, screen: tuple[int, int] = DESKTOP) -> Iterator[Page]:
    """Open a page of a visitor who wants no motion."""
    context = browser.new_context(viewport={"width": screen[0], "height": screen[1]}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    try:
        yield context.new_page()
    finally:
        context.close()


# Marks what can be reached, and notes down what gets the focus and whether that is seen.
WATCH = """() => {
  const visible = { visibilityProperty: true, opacityProperty: true }
  const seen = (e) => e.checkVisibility(visible) && e.getBoundingClientRect().height > 0
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  // Of choices Tab reaches the chosen one, and its label shows where the focus is.
  const face = (e) => (e.type === "radio" ? e.labels[0] : e)
  window.wanted = all.filter(
    (e) => !e.disabled && e.tabIndex >= 0 && (e.type !== "radio" || e.checked) && seen(face(e)))
  const ring = (e) => {
    // Browsers draw no outline around parts of a drawing: there it is a rectangle of its own.
    if (e instanceof SVGElement) {
      const { stroke, strokeWidth } = getComputedStyle(e.querySelector("rect"))
      return stroke === "none" ? "" : `${strokeWidth} ${stroke}`
    }
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(face(e))
    return outlineStyle === "none" ? "" : `${outlineWidth} ${outlineColor}`
  }
  const before = new Map(window.wanted.map((e) => [e, ring(e)]))
  window.reached = []
  document.addEventListener("focusin", ({ target }) => {
    const now = ring(target)
    const box = face(target).getBoundingClientRect()
    const shown = now && parseFloat(now) >= 2 && now !== before.get(target) && box.width > 0 && box.height > 0
    window.reached.push([window.wanted.indexOf(target), Boolean(shown), target.outerHTML.slice(0, 120)])
  })
  return window.wanted.length
}"""

MISSED = """() => {
  const found = new Set(window.reached.map(([index]) => index))
  return window.wanted.filter((_, index) => !found.has(index)).map((e) => e.outerHTML.slice(0, 120))
}"""


def walk(page: Page) -> list[str]:
    """Go through ``page`` by Tab, and return what is wrong with that."""
    count: int = page.evaluate(WATCH)
    assert count > 10, page.url
    # A date has a stop for day, month, year and calendar each.
    for _ in range(count + 3 * page.locator("input[type=date]:visible").count()):
        page.keyboard.press("Tab")
    reached: list[tuple[int, bool, str]] = page.evaluate("window.reached")
    told = [f"not reached: {html}" for html in page.evaluate(MISSED)]
    told += [f"focus not seen: {html}" for _, shown, html in reached if not shown]
    order = [index for index, _, _ in reached if index >= 0]
    if order != sorted(order):
        told.append(f"not in the order of the page: {order}")
    # Behind the last, focus leaves the page: it is kept nowhere.
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement === document.body || document.activeElement === window.wanted[0]"):
        told.append("a trap at the end")
    return told


def walked(page: Page, root: str, addresses: Sequence[str]) -> Iterator[str]:
    for address in addresses:
        page.goto(f"{root}{address}", wait_until="load")
        for trouble in walk(page):
            yield f"{address}: {trouble}"


def test_tab_leads_through_everything_in_order_and_shows_where_it_is(
    browser: Browser, full_county: BuiltSite, home: str
) -> None:
    """Some kinds of pages in Chinese on a phone; the sweep goes through all, in both languages on both screens."""
    with visit(browser, PHONE) as page:
        assert list(walked(page, home, full_county.each_kind[::SOME])) == []


@pytest.mark.sweep
@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_leads_through_every_kind_of_page(
    browser: Browser, full_county: BuiltSite, home: str, screen: tuple[int, int], language: Language
) -> None:
    with visit(browser, screen) as page:
        assert list(walked(page, f"{home}en/" if language == "en" else home, full_county.each_kind)) == []


def test_the_walk_finds_what_is_planted(browser: Browser) -> None:
    links = "".join(f'<a href="#{n}">{n}</a> ' for n in range(12))
    with visit(browser) as page:
        page.set_content(
            "<style>:focus-visible { outline: 3px solid red } .dull:focus { outline: 0 }</style>"
            f'{links}<a class="dull" href="#dull">Dull</a><button id="trap">Trap</button><a href="#never">Never</a>'
        )
        page.evaluate("document.querySelector('#trap').addEventListener('keydown', (event) => event.preventDefault())")
        told = walk(page)
        assert [line.partition(": ")[0] for line in told] == ["not reached", "focus not seen", "a trap at the end"]


@pytest.mark.parametrize(
    ("opener", "dialog"),
    [
        ("a.hp-tool--search", "dialog.hp-search"),
        ("[data-cite]", "dialog.hp-share-sheet"),
        ("[data-share]", "dialog.hp-share-sheet"),
    ],
)
def test_a_dialog_keeps_the_focus_and_gives_it_back(browser: Browser, home: str, opener: str, dialog: str) -> None:
    with visit(browser) as page:
        page.goto(f"{home}tasks/01/", wait_until="load")
        page.locator(opener).first.focus()
        page.keyboard.press("Enter")
        page.locator(f"{dialog}[open]").wait_for()
        if dialog == "dialog.hp-search":
            page.keyboard.type("2030")
            page.locator(SEARCH_RESULTS).first.wait_for()
        inside = set()
        for _ in range(12):
            page.keyboard.press("Tab")
            # Between the last and the first, focus is in the browser's own bars.
            where = page.evaluate(
                """(name) => {
                  const a = document.activeElement
                  return a === document.body ? null : [!!a.closest(name), a.outerHTML]
                }""",
                dialog,
            )
            if where:
                inside.add(tuple(where))
        assert len(inside) > 2 and all(within for within, _ in inside), inside
        page.locator(f"{dialog} button[class*=close]").press("Enter")
        page.locator(dialog).wait_for(state="hidden")
        assert page.evaluate("(opener) => document.activeElement === document.querySelector(opener)", opener)


# Less motion


def test_nothing_moves_but_where_motion_is_welcome() -> None:
    moving = re.compile(r"(?:transition|animation|(?<!over)scroll-behavior)[\w-]*\s*:")
    for file in sorted((ROOT / "hooks/haopin/theme/assets").glob("*.css")):
        text = file.read_text("utf-8")
        welcome = re.sub(r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
        assert moving.findall(welcome) == [], file.name
    assert moving.search((ROOT / "hooks/haopin/theme/assets/haopin.css").read_text("utf-8"))


def test_with_less_motion_nothing_takes_time(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        for address in ("", "tasks/01/", "progress/"):
            page.goto(f"{home}{address}", wait_until="load")
            slow = page.evaluate(
                """[...document.querySelectorAll("*")].filter((e) => {
                  const s = getComputedStyle(e)
                  const longest = Math.max(parseFloat(s.transitionDuration), parseFloat(s.animationDuration))
                  return longest > 0.01 || s.scrollBehavior !== "auto"
                }).length"""
            )
            assert slow == 0, address


# A reader's own colours

STATES = """() => [...document.querySelectorAll(".hp-state")].filter((e) => e.checkVisibility()).map((e) => {
  const icon = e.querySelector("svg")
  const square = icon && icon.matches(".hp-squares") && icon.firstElementChild
  const drawn = square ? getComputedStyle(square).stroke : icon ? getComputedStyle(icon).fill : ""
  const box = icon && icon.getBoundingClientRect()
  const ground = getComputedStyle(document.body).backgroundColor
  return [e.innerText.trim(), box ? box.width : 0, drawn, ground]
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_states_keep_their_marks_and_focus_is_seen(browser: Browser, home: str, scheme: str) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{home}progress/", wait_until="load")
    states = page.evaluate(STATES)
    assert len({word for word, *_ in states}) > 4
    for word, width, fill, ground in states:
        assert word and width >= 12, word
        assert contrast(channels(fill)[:3], channels(ground)[:3]) >= 3, (word, fill, ground)
    # The current place in the menus has a mark that the others have not.
    for menu in (".hp-menu", ".hp-local"):
        marks = [
            page.locator(f"{menu} a{which}").first.evaluate("e => getComputedStyle(e).borderBottomColor")
            for which in ("[aria-current]", ":not([aria-current])")
        ]
        assert marks[0] != marks[1], menu
    # What is pressed has an edge.
    for button in page.locator(".hp-button:visible").all():
        assert float(button.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)")) >= 1
    for _ in range(12):
        page.keyboard.press("Tab")
        style, width, colour, ground = page.evaluate(
            """() => {
              const s = getComputedStyle(document.activeElement)
              const ground = getComputedStyle(document.body).backgroundColor
              return [s.outlineStyle, parseFloat(s.outlineWidth), s.outlineColor, ground]
            }"""
        )
        assert style != "none" and width >= 2
        assert contrast(channels(colour)[:3], channels(ground)[:3]) >= 3
    context.close()
