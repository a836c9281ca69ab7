"""Weight of pages: size of the first view, no requests to other hosts, no layout shifts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from support import SOME, BuiltSite, serving
from weight import Scales, compressed

#: Bytes of HTML, styles and scripts by brotli. Stock MkDocs with Material sends 56,000 to 63,000.
FIRST_VIEW = 45_000
#: The same, for the pages that most visitors open first.
USUAL = 30_000


@pytest.fixture(scope="module")
def built(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


def test_the_first_view_of_every_page_is_light(built: BuiltSite) -> None:
    scales = Scales(built)
    weights = {name: sum(scales.parts(page).values()) for name, page in built.html.items()}
    assert weights
    assert {name: bytes_ for name, bytes_ in weights.items() if bytes_ > FIRST_VIEW} == {}
    for folder in ("", "en/"):
        for address in ("", "tasks/", "tasks/01/", "activities/", "bodies/", "participate/"):
            assert weights.get(f"{folder}{address}index.html", 0) <= USUAL, address


def test_the_scales_count_what_a_page_names(full_county: BuiltSite) -> None:
    parts, assets = Scales(full_county).parts(full_county.pages[""]), full_county.assets
    assert {"index.html", *(f"{assets}{name}" for name in ("haopin.css", "county.css", "haopin.js"))} <= parts.keys()
    assert f"{assets}search.js" not in parts
    assert (
        parts["index.html"]
        == compressed(full_county.folder / "index.html")
        < len((full_county.folder / "index.html").read_bytes())
    )


@pytest.fixture(scope="module")
def home(full_county: BuiltSite) -> Iterator[str]:
    with serving(full_county.folder) as address:
        yield f"{address}/"


_SHIFTS = """() => new Promise((done) => {
  let sum = 0
  new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value })
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(sum), 250)
})"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "every"),
    [(390, SOME), *(pytest.param(width, 1, marks=pytest.mark.sweep) for width in (390, 1440))],
)
def test_nothing_moves_and_nothing_is_asked_of_others(
    browser: Browser, full_county: BuiltSite, home: str, width: int, every: int
) -> None:
    """Each kind of page, on a slow processor as cheap phones have."""
    kinds = full_county.each_kind[::every]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="light")
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    moved = {}
    for address in kinds:
        # A slow processor may paint the header before its last button is read, which no eye sees. What a page really
        # moves, it moves each time; what a busy machine does, it does not do three times.
        for _ in range(3):
            page.goto(home + address, wait_until="load")
            moved[address] = page.evaluate(_SHIFTS)
            if moved[address] < 0.005:
                del moved[address]
                break
    context.close()
    assert moved == {}
    assert len(asked) > len(kinds)
    assert [url for url in asked if not url.startswith(home) and not url.startswith("data:")] == []


@pytest.mark.browser
def test_a_page_that_moves_is_noticed(browser: Browser, home: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(home, wait_until="load")
    page.wait_for_timeout(100)
    page.evaluate(
        "setTimeout(() => document.querySelector('main').before(Object.assign(document.createElement('p'), "
        "{ textContent: 'late '.repeat(200) })), 50)"
    )
    assert page.evaluate(_SHIFTS) > 0.01
    context.close()
