"""Accessibility as axe-core judges it, and the contrasts that it leaves open: every kind of page, every state.

Each kind of page of the county with records of every kind is judged by all rules in both languages, on both screens
and in both schemes by ``make sweep``. ``make test`` takes some kinds of pages, and every state, in Chinese on
the phone.
"""

import axe
import pytest
from haopin.text import Language
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page
from support import SEARCH_RESULTS, SOME, BuiltSite, wait_for

pytestmark = pytest.mark.browser
PHONE, DESKTOP = (390, 844), (1440, 900)
ON_EACH = pytest.mark.parametrize(
    ("screen", "language"),
    [
        (PHONE, "zh"),
        pytest.param(DESKTOP, "en", marks=pytest.mark.sweep),
        pytest.param(PHONE, "en", marks=pytest.mark.sweep),
        pytest.param(DESKTOP, "zh", marks=pytest.mark.sweep),
    ],
)
#: The sweep goes in parts, each of which is a line on the screen.
PARTS = 5


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


def cards_of(site: BuiltSite, language: Language) -> list[str]:
    """Return one card of each kind, the longest."""
    own = [card for name, card in site.cards.items() if name.startswith("en/") == (language == "en")]
    found = {card.name.split("/")[-3]: card for card in sorted(own, key=lambda card: len(card.source))}
    return sorted(card.name.removeprefix("en/") for card in found.values())


@pytest.mark.parametrize(
    ("screen", "language", "every"),
    [
        (PHONE, "zh", SOME),
        *(
            pytest.param(screen, language, 1, marks=pytest.mark.sweep)
            for screen in (PHONE, DESKTOP)
            for language in ("zh", "en")
        ),
    ],
)
def test_axe_finds_nothing_on_any_kind_of_page(
    browser: Browser, site: BuiltSite, home: str, screen: tuple[int, int], language: Language, every: int
) -> None:
    root = f"{home}en/" if language == "en" else home
    addresses = (*site.each_kind, *cards_of(site, language))[::every]
    context = axe.context(browser, screen)
    assert list(axe.troubles_of(context.new_page(), root, addresses, (screen,))) == []
    context.close()


# States that a page comes to


def search(page: Page, words: str) -> None:
    page.locator("a.hp-tool--search").click()
    page.locator("dialog.hp-search input").fill(words)
    page.locator(SEARCH_RESULTS).first.wait_for()


@ON_EACH
def test_axe_finds_nothing_in_any_state(
    browser: Browser, home: str, screen: tuple[int, int], language: Language
) -> None:
    root = f"{home}en/" if language == "en" else home
    context = axe.context(browser, screen)
    page = context.new_page()
    told = {}
    page.goto(f"{root}tasks/01/", wait_until="load")
    page.keyboard.press("Tab")
    # It lies over the name of the site, whose contrast then cannot be read off the page.
    told["skip link"] = axe.troubles(page, drawn=False)
    search(page, "2030")
    told["search"] = axe.troubles(page)
    page.locator("dialog.hp-search input").fill("no-such-word")
    page.locator(SEARCH_RESULTS).first.wait_for()
    told["nothing found"] = axe.troubles(page)
    page.locator(".hp-search-close").click()
    page.locator("[data-cite]").first.click()
    page.locator("dialog.hp-share-sheet").wait_for()
    page.locator("dialog.hp-share-sheet .hp-button").first.click()
    wait_for(page, "document.querySelector('dialog.hp-share-sheet [role=status]').textContent")
    page.locator("dialog.hp-share-sheet summary").click()
    told["citing"] = axe.troubles(page)
    page.keyboard.press("Escape")
    page.locator("[data-share]").first.click()
    page.locator("dialog.hp-share-sheet figure img").wait_for()
    told["sharing"] = axe.troubles(page)
    page.goto(f"{root}measures/?words=no-such-word", wait_until="load")
    page.locator("[data-empty]").wait_for()
    told["nothing left of a list"] = axe.troubles(page)
    page.goto(f"{root}disclosures/batches/fruit-2030-1/", wait_until="load")
    page.locator("[data-rows-more]").click()
    wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length > 30")
    told["all rows"] = axe.troubles(page)
    page.goto(f"{root}documents/plan-2030-1/", wait_until="load")
    page.locator("#beside").click()
    told["beside"] = axe.troubles(page)
    assert {state: found for state, found in told.items() if found} == {}
    context.close()


# The judge itself


PLANTED = """<!doctype html><html lang="en"><head><title>Planted</title><style>
main { padding: 40px; background: linear-gradient(90deg, #fff, #777) }
p, b { position: relative; font: 16px sans-serif; color: #000 }
.faint { color: #777 }
svg { background: #fff } text { fill: #999 }
</style></head><body><main><h1>Planted</h1><h4>Skipped</h4><img src="x.png">
<p>Clear words</p><p class="faint">Faint words</p>
<svg width="99" height="20"><text y="15">Drawn</text></svg></main></body></html>"""


def test_planted_errors_are_found(browser: Browser) -> None:
    context = axe.context(browser, PHONE)
    page = context.new_page()
    page.set_content(PLANTED)
    page.add_script_tag(content=axe.script())
    found = axe.run(page)
    assert {"image-alt", "heading-order"} <= {rule for rule, _ in found.violations}
    assert found.unsure > 2
    told = [trouble.partition(": ")[2] for trouble in axe.faint(page)]
    assert [html.partition(">")[2] for html in told if "Faint" in html] == ["Faint words</p>"]
    assert [html.partition(">")[2] for html in told if "Drawn" in html] == ["Drawn</text>"]
    assert not any("Clear" in html or "<h1>" in html for html in told)
    context.close()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((0, 0, 0), (255, 255, 255), 21), ((118, 118, 118), (255, 255, 255), 4.54), ((9, 9, 9), (9, 9, 9), 1)],
)
def test_contrast_is_that_of_the_guidelines(one: axe.Colour, other: axe.Colour, expected: float) -> None:
    assert axe.contrast(one, other) == axe.contrast(other, one) == pytest.approx(expected, abs=0.005)


def test_the_worst_point_behind_a_letter_counts_and_no_other() -> None:
    ground = Image.new("RGB", (30, 10), "white")
    ImageDraw.Draw(ground).rectangle((20, 0, 29, 9), fill="#888888")
    whole = ground.copy()
    ImageDraw.Draw(whole).rectangle((2, 2, 8, 8), fill="black")
    box = (0, 0, 29, 9)
    assert axe.lowest(whole, ground, [box], "rgb(0, 0, 0)") == pytest.approx(21)
    assert axe.lowest(whole, ground, [box], "rgb(0, 0, 0)", opacity=0.5) == pytest.approx(3.98, abs=0.05)
    assert axe.lowest(whole, ground, [box], "rgba(0, 0, 0, 0.5)") == pytest.approx(3.98, abs=0.05)
    ImageDraw.Draw(whole).rectangle((22, 2, 23, 3), fill="black")
    assert axe.lowest(whole, ground, [box], "rgb(0, 0, 0)") == pytest.approx(5.92, abs=0.05)
    assert axe.lowest(whole, ground, [(10, 0, 18, 9)], "rgb(0, 0, 0)") is None


def test_an_unknown_colour_is_no_colour() -> None:
    with pytest.raises(AssertionError, match="oklch"):
        axe.channels("oklch(0.5 0 0)")
