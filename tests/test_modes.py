"""Display settings: text size, mode for elders, high contrast; stored, applied before the first paint, by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from haopin.colour import contrast, strengthened
from haopin.site.branding import HIGH
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import BuiltSite, serving, wait_for

KINDS = (
    "",
    "tasks/03/",
    "targets/",
    "progress/",
    "disclosures/batches/fruit-2030-1/",
    "activities/quality-day/",
    "subscribe/",
)
STORED = {"elder": {"mode": "elder"}, "high": {"contrast": "high"}, "both": {"mode": "elder", "contrast": "high"}}

#: What is shown of elements that one can press and that are too small: a link within a sentence needs a line of 44 px,
#: all others 60 px each way.
SMALL = """() => {
  const found = []
  for (const e of document.querySelectorAll("a[href], button, summary, input, select, textarea")) {
    const box = e.getBoundingClientRect()
    if (!e.checkVisibility({ visibilityProperty: true }) || !box.width || e.matches(".hp-skip")) continue
    if (getComputedStyle(e).display === "inline") {
      let block = e.parentElement
      while (getComputedStyle(block).display === "inline") block = block.parentElement
      const rest = block.cloneNode(true)
      rest.querySelectorAll("a, button, svg").forEach((x) => x.remove())
      if (/[\\p{L}\\p{N}]/u.test(rest.textContent)) {
        if (parseFloat(getComputedStyle(block).lineHeight) < 44) found.push(`line: ${e.outerHTML.slice(0, 90)}`)
        continue
      }
    }
    if (box.width < 59.5 || box.height < 59.5) found.push(`${box.width} x ${box.height}: ${e.outerHTML.slice(0, 90)}`)
  }
  return found
}"""

#: How many texts are shown; those with a contrast below the least, and those smaller than the smallest, in px.
TEXTS = """([least, smallest]) => {
  const channels = (colour) => [...colour.match(/[\\d.]+/g).map(Number), 1].slice(0, 4)
  const linear = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const over = (top, under) => under.map((v, i) => top[i] * top[3] + v * (1 - top[3]))
  const above = function* (e) { for (; e; e = e.parentElement) yield getComputedStyle(e) }
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  let count = 0
  while (walker.nextNode()) {
    const { data, parentElement: e } = walker.currentNode
    if (!data.trim() || e.closest("svg, option, .hp-skip, .hp-status")) continue
    if (!e.checkVisibility({ visibilityProperty: true })) continue
    count += 1
    const styles = [...above(e)]
    let ground = [255, 255, 255]
    for (const style of [...styles].reverse()) ground = over(channels(style.backgroundColor), ground)
    const ink = channels(styles[0].color)
    ink[3] *= styles.reduce((all, style) => all * style.opacity, 1)
    const [dark, light] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => a - b)
    const ratio = (light + 0.05) / (dark + 0.05)
    const what = `${e.className} ${data.trim().slice(0, 30)}`
    if (ratio < least) found.push(`${ratio.toFixed(2)}: ${what}`)
    if (parseFloat(styles[0].fontSize) < smallest) found.push(`${styles[0].fontSize}: ${what}`)
  }
  return [count, found]
}"""

#: Asked before a page's first paint: what the root says when its body begins, and whether anything moves later.
WATCH = """
  window.moved = 0
  const add = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value))
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true })
  new MutationObserver((_, observer) => {
    if (!document.body) return
    window.atFirst = { ...document.documentElement.dataset }
    observer.disconnect()
  }).observe(document, { childList: true, subtree: true })
"""


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(browser: Browser, width: int = 1440, stored: dict[str, str] | None = None, **more: Any) -> Iterator[Page]:
    """Open a page of a visitor who has made the choices ``stored`` before."""
    context = browser.new_context(viewport={"width": width, "height": 844}, **{"color_scheme": "light", **more})
    context.set_default_timeout(10_000)
    for name, value in (stored or {}).items():
        context.add_init_script(
            f"localStorage.getItem('haopin-{name}') || localStorage.setItem('haopin-{name}', '{value}')"
        )
    try:
        yield context.new_page()
    finally:
        context.close()


def size(page: Page, selector: str = "body") -> float:
    """Return the size of the text of ``selector`` in pixels."""
    found: str = page.evaluate(f"getComputedStyle(document.querySelector({selector!r})).fontSize")
    return float(found.removesuffix("px"))


def overflow(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def show_settings(page: Page) -> None:
    """Open the settings of the display; on a phone they stand behind the menu button."""
    opener = page.locator(".hp-opener:not([open]) > summary")
    if opener.count() and opener.is_visible():
        opener.click()
    page.locator("[data-display]").click()


# Choosing


def test_elder_mode_is_one_press_and_holds_on_all_pages_of_both_languages(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(home)
        button = page.locator("[data-mode-switch]")
        assert button.get_attribute("aria-pressed") == "false"
        assert size(page) < 20
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert size(page) == 20
        for address in ("tasks/03/", "en/", "en/subscribe/", "404.html"):
            page.goto(home + address)
            assert size(page) == 20, address
            assert page.locator("[data-mode-switch]").get_attribute("aria-pressed") == "true"
        page.locator("[data-mode-switch]").click()
        assert size(page) < 20
        page.goto(home)
        assert size(page) < 20


@pytest.mark.parametrize(("stored", "sizes"), [({}, [17, 19, 21.3, 25.5]), ({"mode": "elder"}, [20, 24, 27, 30])])
def test_text_has_four_sizes(browser: Browser, home: str, stored: dict[str, str], sizes: list[float]) -> None:
    with visit(browser, stored=stored) as page:
        page.goto(f"{home}en/tasks/03/")
        page.locator("[data-display]").click()
        smaller, usual, bigger = (page.locator(f'[data-text-step="{step}"]') for step in (-1, 0, 1))
        found = [size(page)]
        assert [b.get_attribute("aria-disabled") for b in (smaller, usual, bigger)] == ["true", "true", "false"]
        for _ in range(3):
            bigger.click()
            found.append(size(page))
        assert found == pytest.approx(sizes, abs=0.1)
        assert bigger.get_attribute("aria-disabled") == "true"
        wait_for(
            page,
            f"document.querySelector('.hp-status').textContent === 'Text size: {round(sizes[3])} pixels'"
            if sizes[3] == 30
            else "document.querySelector('.hp-status').textContent.startsWith('Text size: 2')",
        )
        bigger.click(force=True)
        assert size(page) == found[3]
        page.goto(home)
        assert size(page) == found[3]
        page.locator("[data-display]").click()
        page.locator('[data-text-step="-1"]').click()
        assert size(page) == found[2]
        page.locator('[data-text-step="0"]').click()
        assert size(page) == found[0]
        page.goto(home)
        assert size(page) == found[0]


def test_high_contrast_is_the_machines_until_the_visitor_chooses(browser: Browser, home: str) -> None:
    soft = "getComputedStyle(document.documentElement).getPropertyValue('--hp-soft')"
    with visit(browser) as page:
        page.goto(home)
        usual = page.evaluate(soft)
        page.emulate_media(contrast="more")
        page.goto(home)
        high = page.evaluate(soft)
        assert contrast(high, "#ffffff") >= HIGH > contrast(usual, "#ffffff")
        page.locator("[data-display]").click()
        button = page.locator("[data-contrast-switch]")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert (button.get_attribute("aria-pressed"), page.evaluate(soft)) == ("false", usual)
        page.goto(home)
        assert page.evaluate(soft) == usual


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_by_keyboard_alone(browser: Browser, home: str, language: Language) -> None:
    with visit(browser, 390) as page:
        page.goto(home + ("en/" if language == "en" else ""))
        page.keyboard.press("Tab")
        reached = []
        for _ in range(11):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("Object.keys(document.activeElement.dataset).join()"))
            if "modeSwitch" in reached[-1]:
                page.keyboard.press("Space")
                assert size(page) == 20
            if reached[-1] == "display,scripted":
                page.keyboard.press("Enter")
                assert page.locator("#hp-display").is_visible()
            if reached[-1] == "textStep" and page.evaluate("document.activeElement.dataset.textStep") == "1":
                for _ in range(4):
                    page.keyboard.press("Enter")
                # The place is kept at the end of the sizes.
                assert page.evaluate("document.activeElement.dataset.textStep") == "1"
                assert size(page) == 30
        assert reached[-5:] == ["textStep"] * 3 + ["schemeSwitch", "contrastSwitch"], reached
        page.keyboard.press("Enter")
        assert page.evaluate("document.documentElement.dataset.contrast") == "high"
        page.keyboard.press("Escape")
        assert page.locator("#hp-display").is_hidden()
        assert page.evaluate("'display' in document.activeElement.dataset")
        assert page.locator("[data-display]").get_attribute("aria-expanded") == "false"


def test_settings_cover_nothing(browser: Browser, home: str) -> None:
    with visit(browser) as page:
        page.goto(home)
        top = page.locator("h1").bounding_box()
        page.locator("[data-display]").click()
        panel, moved = page.locator("#hp-display").bounding_box(), page.locator("h1").bounding_box()
        assert top and panel and moved
        assert moved["y"] - top["y"] == pytest.approx(panel["height"], abs=1)


def test_without_scripts_no_setting_is_offered(browser: Browser, home: str) -> None:
    with visit(browser, java_script_enabled=False) as page:
        page.goto(home)
        for control in ("[data-mode-switch]", "[data-display]", "[data-contrast-switch]", "[data-text-step='1']"):
            assert page.locator(control).count() == 1 and page.locator(control).is_hidden()


def test_a_stored_value_that_means_nothing_changes_nothing(browser: Browser, home: str) -> None:
    with visit(browser, stored={"mode": "old", "text": "99", "contrast": "x", "scheme": "red"}) as page:
        page.goto(home)
        assert page.evaluate("({ ...document.documentElement.dataset })") == {"scripts": "on", "dialogs": "on"}


@pytest.mark.parametrize("stored", [*STORED.values(), {"text": "3", "scheme": "dark"}])
def test_a_choice_holds_before_the_first_paint_and_nothing_moves(
    browser: Browser, home: str, stored: dict[str, str]
) -> None:
    with visit(browser, 390, stored) as page:
        page.context.add_init_script(WATCH)
        for address in ("", "en/tasks/03/"):
            page.goto(home + address, wait_until="networkidle")
            assert page.evaluate("window.atFirst") == {"scripts": "on", "dialogs": "on", **stored}
            assert page.evaluate("window.moved") == 0


def test_the_watch_sees_what_moves(browser: Browser, home: str) -> None:
    with visit(browser, 390) as page:
        page.context.add_init_script(WATCH)
        page.goto(home, wait_until="networkidle")
        page.evaluate("new Promise((done) => setTimeout(done, 600))")
        page.evaluate("document.documentElement.dataset.mode = 'elder'")
        wait_for(page, "window.moved > 0")


# What a mode is


@pytest.mark.parametrize(
    ("mode", "scheme"),
    [
        ("high", "light"),
        ("both", "dark"),
        *(
            pytest.param(*pair, marks=pytest.mark.sweep)
            for pair in product(STORED, ("light", "dark"))
            if pair not in (("high", "light"), ("both", "dark"))
        ),
    ],
)
def test_every_word_has_the_high_contrast(browser: Browser, home: str, mode: str, scheme: str) -> None:
    with visit(browser, 390, STORED[mode], color_scheme=scheme) as page:
        for address in KINDS:
            page.goto(home + ("en/" if scheme == "dark" else "") + address)
            show_settings(page)
            page.evaluate("document.querySelectorAll('main details').forEach((e) => { e.open = true })")
            # No text for elders is smaller than 18 px.
            count, found = page.evaluate(TEXTS, [HIGH, 18 if "elder" in mode or mode == "both" else 0])
            assert count > 40
            assert found == [], address


def test_words_of_low_contrast_and_small_ones_are_found(browser: Browser, home: str) -> None:
    with visit(browser, 390) as page:
        page.goto(home)
        found = page.evaluate(TEXTS, [HIGH, 18])[1]
        assert any("hp-brand-line" in line and line.startswith("13px") for line in found)
        assert any("hp-meta" in line and "px" not in line for line in found)
        assert page.evaluate(SMALL) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_elder_mode_everything_is_large_enough_to_be_hit(browser: Browser, home: str, language: Language) -> None:
    with visit(browser, 390, {"mode": "elder"}) as page:
        for address in (*KINDS, "documents/plan-2030-1/", "measures/", "404.html"):
            page.goto(home + ("en/" if language == "en" else "") + address)
            show_settings(page)
            page.evaluate("document.querySelectorAll('main details').forEach((e) => { e.open = true })")
            assert page.evaluate(SMALL) == [], address
            height, text = page.evaluate(
                "(s => [s.lineHeight, s.fontSize].map(parseFloat))(getComputedStyle(document.body))"
            )
            assert text >= 20 and height / text >= 1.6
            assert overflow(page) == 0, address


@pytest.mark.parametrize(
    "stored",
    [{"mode": "elder", "text": "3"}, pytest.param({"text": "3"}, marks=pytest.mark.sweep)],
    ids=["elder", "usual"],
)
def test_the_biggest_text_needs_no_scrolling_sideways(browser: Browser, home: str, stored: dict[str, str]) -> None:
    with visit(browser, 390, stored) as page:
        for address in KINDS:
            for language in ("", "en/"):
                page.goto(home + language + address)
                show_settings(page)
                page.evaluate("document.querySelectorAll('main details').forEach((e) => { e.open = true })")
                for width in (390, 320, 768, 1024):
                    page.set_viewport_size({"width": width, "height": 844})
                    assert overflow(page) == 0, f"{language}{address} at {width} px"


# Colours


@pytest.mark.parametrize("colour", ["#777777", "#ffffff", "#f2b866", "#000000"])
@pytest.mark.parametrize("grounds", [["#ffffff", "#e7eeef"], ["#000000", "#0c1515"]])
def test_a_colour_is_strengthened_as_far_as_it_must_be(colour: str, grounds: list[str]) -> None:
    found = strengthened(colour, grounds, HIGH)
    assert min(contrast(found, ground) for ground in grounds) >= HIGH
    if min(contrast(colour, ground) for ground in grounds) >= HIGH:
        assert found == colour


def test_a_colour_that_cannot_be_strong_enough_is_as_strong_as_can_be() -> None:
    assert strengthened("#777777", ["#777777"], 21) == "#000000"
