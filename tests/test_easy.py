"""Easy view is simpler, not only larger: its own home page, reading aloud by the device's voices, no machine data."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import BuiltSite, build, copy_city, root_of, serving

IN_EACH = pytest.mark.parametrize("language", LANGUAGES)

#: Voices in the place of the device's: what is said stands in ``said``; a sentence ends when ``over`` is called.
VOICES = """
  window.said = []
  window.languages = %s
  let current
  const over = (kind) => {
    const one = current
    current = null
    if (one && one[kind]) one[kind](new Event(kind.slice(2)))
  }
  window.over = () => over("onend")
  class Utterance { constructor(text) { this.text = text } }
  const synthesis = new EventTarget()
  synthesis.getVoices = () => window.languages.map((lang) => ({ lang, localService: true, default: false }))
  synthesis.cancel = () => { window.cancelled = (window.cancelled || 0) + 1; over("onerror") }
  synthesis.speak = (one) => { current = one; said.push([one.voice.lang, one.lang, one.text]) }
  Object.defineProperty(window, "speechSynthesis", { value: synthesis })
  Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance })
"""
BAR = ".hp-reader"
#: How addresses end that no citizen needs.
MACHINE = ("matrix/", "/api/", "/data/", "/reference/", ".csv", ".json", ".xml", ".xlsx")


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    """Address of the served home page of the county with records of every kind, ending in ``/``."""
    with serving(full_county.folder) as address:
        yield f"{address}/"


@contextmanager
def visit(
    browser: Browser, *voices: str, mode: str | None = "elder", scripts: bool = True, width: int = 360
) -> Iterator[Page]:
    """Open a page of a visitor whose device has ``voices``; no script of it may fail, nor may the policy stop one."""
    context = browser.new_context(viewport={"width": width, "height": 660}, java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    context.add_init_script(VOICES % list(voices))
    if mode:
        context.add_init_script(f"sessionStorage.seen || localStorage.setItem('haopin-mode', '{mode}')")
        context.add_init_script("sessionStorage.seen = 1")
    troubles: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        yield page
        assert troubles == []
    finally:
        context.close()


def said(page: Page) -> list[str]:
    found: list[list[str]] = page.evaluate("said")
    return [text for _, _, text in found]


def seen(page: Page) -> list[str]:
    """Return the addresses of the links that one sees in the page itself."""
    links = page.locator("main a[href]").all()
    return [(link.get_attribute("href") or "").removeprefix("./") for link in links if link.is_visible()]


# The home page


@pytest.mark.browser
@IN_EACH
def test_the_home_page_is_four_buttons_and_the_next_date(browser: Browser, home: str, language: Language) -> None:
    with visit(browser) as page:
        page.goto(root_of(home, language))
        call, *others, following = seen(page)
        assert call.startswith("tel:") and others == ["activities/", "bodies/", "tasks/"]
        assert following.startswith(("activities/", "events/"))
        assert all(box["height"] >= 80 for link in page.locator(".hp-easy li a").all() if (box := link.bounding_box()))
        assert [h.inner_text() for h in page.locator("main :is(h1, h2)").all() if h.is_visible()] == [
            page.locator("h1").inner_text()
        ]
        # Nothing of it is wider than the smallest phone.
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        # An address that names a part of the page still leads there.
        page.goto(f"{root_of(home, language)}#tasks")
        assert page.locator("#tasks").is_visible() and not page.locator("#needs").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("mode", "scripts"), [(None, True), ("elder", False)], ids=["usual", "no-scripts"])
def test_the_usual_home_page_has_nothing_of_it(browser: Browser, home: str, mode: str | None, scripts: bool) -> None:
    with visit(browser, "zh-CN", mode=mode, scripts=scripts) as page:
        page.goto(home)
        assert not page.locator(".hp-easy").is_visible() and page.locator("#needs").is_visible()
        assert not page.locator(BAR).count()


def test_buttons_and_sentence_follow_from_the_data(full_county: BuiltSite, tmp_path: Path) -> None:
    def easy(site: BuiltSite, page: str) -> list[str]:
        (nav,) = [nav for nav in site.pages[page].all("nav") if nav.get("class") == "hp-easy"]
        return [(a.get("href") or "").removeprefix("./") for a in nav.iter("a")]

    assert easy(full_county, "")[0].startswith("tel:")
    # A place without a hotline, and without any date to come.
    project = copy_city(tmp_path / "city")
    city = BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")
    assert not city.catalogue.site.hotlines
    found = easy(city, "")
    assert not [address for address in found if address.startswith("tel:") or "participate" in address]
    assert ("activities/" in found) == ("activities/" in city.pages)


# Reading aloud


def read_through(page: Page) -> None:
    """Start reading, and let it come to its end."""
    page.locator(f"{BAR} button").first.click()
    while page.evaluate("(over(), said.length)") < 400 and page.locator(f"{BAR} button").nth(1).is_visible():
        pass


@pytest.mark.browser
@IN_EACH
def test_the_page_is_read_in_its_order_each_part_by_a_voice_of_its_language(
    browser: Browser, home: str, language: Language
) -> None:
    with visit(browser, "en-GB", "zh_CN", "zh-HK") as page:
        page.goto(f"{root_of(home, language)}tasks/01/")
        title = page.locator("h1").inner_text()
        read_through(page)
        texts = said(page)
        assert texts[0] == title
        # The headings stand in the order of the page.
        headings = [h.inner_text() for h in page.locator("main :is(h1, h2)").all() if h.is_visible()]
        places = [next(i for i, text in enumerate(texts) if text.startswith(words[:6])) for words in headings]
        assert len(places) > 2 and places == sorted(places)
        # Only what is shown is read, and no table or code.
        shown = page.locator("main").inner_text().replace("\n", " ")
        assert not [text for text in texts if text.split()[0] not in shown]
        # The glossary has words of both languages.
        page.goto(f"{root_of(home, language)}glossary/")
        read_through(page)
        voices = page.evaluate("[...new Set(said.map(([voice, lang]) => voice + ' ' + lang))].sort()")
        assert voices == ["en-GB en", "zh_CN zh-Hans"]


@pytest.mark.browser
def test_folds_hidden_things_and_what_is_for_machines_are_not_read(browser: Browser, home: str) -> None:
    with visit(browser, "zh-CN") as page:
        page.goto(f"{home}targets/")
        page.evaluate("""() => document.querySelector(".hp-article").innerHTML = `<h1>甲</h1>
          <p>一是1.5倍。二是<b>好</b>!</p><p hidden>藏</p><details><summary>折</summary><p>内</p></details>
          <table><tr><td>格</td><td><code>id-1</code></td></tr></table>
          <p><span lang="en">Some words. More</span></p><p lang="ja">他</p><button>钮</button><ul><li>末</li></ul>`""")
        read_through(page)
        # English is left out, as the device has no voice for it.
        assert said(page) == ["甲", "一是1.5倍。", "二是好!", "折", "格", "末"]


@pytest.mark.browser
def test_reading_stops_goes_on_and_ends_by_keyboard_and_on_leaving(browser: Browser, home: str) -> None:
    with visit(browser, "zh-CN", "en-US") as page:
        page.goto(f"{home}en/tasks/01/")
        start, stop = page.locator(f"{BAR} button").all()
        assert start.inner_text() == "Read aloud" and not stop.is_visible()
        start.focus()
        page.keyboard.press("Enter")
        assert start.inner_text() == "Pause" and stop.is_visible()
        page.evaluate("over()")
        page.keyboard.press("Space")
        assert start.inner_text() == "Continue"
        # Nothing goes on while it pauses; then the sentence that was broken off is read again.
        heard = said(page)
        assert len(heard) == 2
        page.keyboard.press("Enter")
        assert said(page) == [*heard, heard[-1]]
        # What is read is marked, and in sight.
        assert page.locator(".hp-heard").count() == 1
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert start.inner_text() == "Read aloud" and not stop.is_visible()
        assert page.evaluate("document.activeElement === document.querySelector('.hp-reader button')")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        assert start.inner_text() == "Read aloud" and not page.locator(".hp-heard").count()
        # It begins from the start, and is silent once the page is left.
        page.keyboard.press("Enter")
        assert said(page)[-1] == heard[0]
        before = page.evaluate("window.cancelled")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
        assert page.evaluate("window.cancelled") > before and not page.locator(".hp-heard").count()


@pytest.mark.browser
@pytest.mark.parametrize("voices", [(), ("zh-CN",), ("de-DE", "zh-HK")])
def test_without_a_voice_for_the_language_nothing_is_offered(
    browser: Browser, home: str, voices: tuple[str, ...]
) -> None:
    with visit(browser, *voices) as page:
        page.goto(f"{home}en/tasks/01/")
        page.wait_for_function("!document.querySelector('a.hp-term[href]')")
        assert not page.locator(BAR).count()
        # Voices may come later.
        page.evaluate("languages.push('en-GB'); speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
        assert page.locator(BAR).is_visible()


@pytest.mark.browser
def test_the_mode_switch_brings_and_takes_it(browser: Browser, home: str) -> None:
    with visit(browser, "zh-CN", mode=None, width=1440) as page:
        page.goto(f"{home}tasks/01/")
        terms = page.locator("main a.hp-term[href]").count()
        assert terms and not page.locator(BAR).count()
        page.locator("[data-mode-switch]").click()
        page.locator(BAR).wait_for()
        assert not page.locator("main a.hp-term[href]").count()
        page.locator("[data-mode-switch]").click()
        page.locator(BAR).wait_for(state="detached")
        assert page.locator("main a.hp-term[href]").count() == terms


@pytest.mark.browser
def test_the_script_is_fetched_in_easy_view_only(browser: Browser, home: str) -> None:
    for mode in (None, "elder"):
        with visit(browser, "zh-CN", mode=mode) as page:
            page.goto(f"{home}tasks/01/", wait_until="networkidle")
            asked: list[str] = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
            assert any(address.endswith("/easy.js") for address in asked) == (mode is not None)


@pytest.mark.browser
def test_nothing_moves_and_the_end_of_the_page_is_not_covered(browser: Browser, home: str) -> None:
    with visit(browser, "zh-CN") as page:
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => (moved += e.value)))"
            ".observe({ type: 'layout-shift', buffered: true })"
        )
        page.goto(f"{home}tasks/01/")
        page.locator(BAR).wait_for()
        assert page.evaluate("window.moved") == 0
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        bar, last = page.locator(BAR).bounding_box(), page.locator(".hp-footer-site").bounding_box()
        assert bar and last and last["y"] + last["height"] <= bar["y"]


# What is left out


@pytest.mark.browser
@IN_EACH
def test_no_way_leads_to_the_matrix_or_to_what_is_for_machines(
    browser: Browser, full_county: BuiltSite, home: str, language: Language
) -> None:
    found = {}
    with visit(browser, width=1440) as page:
        for address in full_county.each_kind:
            if address.startswith(("matrix/", "api/", "data/", "subscribe/", "reference/")):
                continue
            page.goto(root_of(home, language) + address)
            links: list[str] = page.evaluate(
                "[...document.querySelectorAll('a[href]')].filter((a) => a.checkVisibility())"
                # Those of drawings have no string as their href.
                ".map((a) => String(new URL(a.getAttribute('href'), document.baseURI)))"
            )
            if shown := [link for link in links if link.startswith(home) and link.endswith(MACHINE)]:
                found[address] = shown
    assert found == {}
