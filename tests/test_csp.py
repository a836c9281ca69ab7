"""Content security policy: in each page, as headers for web servers, and as enforced by a browser."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import html5lib
import pytest
from haopin.csp import STORED, card_policy, forbidden, guarded, headers, page_policy, policy_of
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import ROOT, SEARCH_RESULTS, SOME, BuiltSite, serving, words

# The text of a policy


def test_a_policy_is_strict() -> None:
    assert "; script-src 'self'; " in page_policy()
    assert page_policy().startswith("default-src 'none'; ")
    for text in (page_policy(), card_policy()):
        assert "unsafe" not in text and "sha256" not in text and "nonce" not in text
        assert "*" not in text and "http" not in text
        assert '"' not in text, "it stands in an attribute"
    assert "script-src" not in card_policy()


def test_headers_let_cards_be_framed_and_nothing_else() -> None:
    found = {address: value["Content-Security-Policy"] for address, value in headers(["embed/"]).items()}
    assert found == {
        "/": f"{page_policy()}; frame-ancestors 'none'",
        "/embed/": f"{card_policy()}; frame-ancestors *",
    }


def test_a_page_says_its_policy_before_it_loads_anything() -> None:
    page = guarded('<head>\n<meta charset="utf-8">\n<script src="a.js"></script></head>')
    assert page.index("<meta http-equiv") < page.index("<script")
    assert policy_of(page) == page_policy()
    assert policy_of(guarded('<meta charset="utf-8">', card_policy())) == card_policy()
    assert policy_of("<p>a</p>") == ""


# What no page may have

#: Markup, and the findings.
FORBIDDEN = {
    "<script>one()</script>": "script",
    "<SCRIPT TYPE='module'>one()</SCRIPT>": "script",
    "<script type='text/ecmascript'>one()</script>": "script",
    "<script type='speculationrules'>{}</script>": "script",
    "<script type='some/thing'>one()</script>": "script",
    "<template><script>one()</script></template>": "script",
    "<noscript><p onclick='x()'></p></noscript>": "p onclick",
    "<img src=x ONERROR=one()>": "img onerror",
    "<p style='color: red'>a</p>": "p style",
    "<style>p {}</style>": "style",
    "<a href='javascript:one()'>a</a>": "a href=javascript:one()",
    "<a href=' \x01java\nscr&#x09;ipt&colon;one()'>a</a>": "a href=javascript:one()",
    "<a href='vbscript:one'>a</a>": "a href=vbscript:one",
    "<a href='data:text/html,<b>a</b>'>a</a>": "a href=data:text/html,<b>a</b>",
    "<a href='data:image/svg+xml,x'>a</a>": "a href=data:image/svg+xml,x",
    "<form action='javascript:one()'></form>": "form action=javascript:one()",
    "<button formaction='javascript:one()'>a</button>": "button formaction=javascript:one()",
    "<iframe src='tasks/'></iframe>": "iframe",
    "<iframe srcdoc='<p>'></iframe>": "iframe",
    "<object data='a.svg'></object>": "object",
    "<embed src='a.svg'>": "embed",
    "<base href='https://bureau.example/'>": "base",
    "<meta http-equiv='Refresh' content='0; url=/'>": "meta http-equiv=Refresh",
    "<svg><script>one()</script></svg>": "script",
    "<svg><foreignObject></foreignObject></svg>": "foreignobject",
    "<svg onload='one()'></svg>": "svg onload",
    "<svg><a xlink:href='javascript:one()'></a></svg>": "a href=javascript:one()",
    "<svg><set attributeName='xlink:href' to='x'></set></svg>": "set attributeName=xlink:href",
    "<svg><animate attributeName='onclick' to='one()'></animate></svg>": "animate attributeName=onclick",
}
ALLOWED = (
    "<script src='a.js'></script>",
    "<script src='a.js' defer> </script>",
    "<script type='application/ld+json'>{\"a\": 1}</script>",
    "<script type='application/json'>{\"a\": 1}</script>",
    "<code>&lt;script&gt;one()&lt;/script&gt;</code>",
    "<img src='data:image/png;base64,AAAA' alt='data: one'>",
    "<a href='https://bureau.example/javascript:one()'>javascript: one</a>",
    "<form action='measures/'><input name='on'></form>",
    "<meta http-equiv='Content-Security-Policy' content=''>",
    "<!-- <script>one()</script> -->",
)


def told(markup: str) -> list[str]:
    return list(forbidden(html5lib.parseFragment(markup, namespaceHTMLElements=False)))


def test_scripts_and_external_targets_are_reported() -> None:
    assert {markup: told(markup)[:1] for markup in FORBIDDEN} == {markup: [what] for markup, what in FORBIDDEN.items()}
    assert {markup: told(markup) for markup in ALLOWED} == {markup: [] for markup in ALLOWED}


# The built site


def test_every_page_and_card_says_its_policy(site: BuiltSite) -> None:
    assert {policy_of(page.source) for page in site.html.values()} == {page_policy()}
    assert {policy_of(card.source) for card in site.cards.values()} == {card_policy()}


def test_the_headers_lie_beside_the_site(site: BuiltSite) -> None:
    found = json.loads((site.folder / "policy.json").read_text("utf-8"))
    assert found == {"headers": headers(["embed/", "en/embed/"])}
    evidence = json.loads((site.folder / "build.json").read_text("utf-8"))
    assert "policy.json" in evidence["files"]


# What is kept in the browser


def test_scripts_keep_what_the_list_names_and_nothing_else() -> None:
    scripts = {file.name: file.read_text("utf-8") for file in (ROOT / "hooks/haopin/theme/assets").glob("*.js")}
    whole = "\n".join([*scripts.values(), (ROOT / "hooks/haopin/build/offline/offline.js").read_text("utf-8")])
    assert re.findall(r"sessionStorage|indexedDB|cookie|\bcaches\b|serviceWorker|openDatabase|\.storage\b", whole) == []
    assert {name for name, text in scripts.items() if "localStorage" in text} == {"scheme.js", "haopin.js"}
    assert set(re.findall(r"localStorage\.setItem\(([^,]+),", whole)) == {"`haopin-${name}`"}
    assert len(re.findall(r"localStorage\b(?!\.(?:setItem|getItem|removeItem)\()", whole)) == 0
    assert set(re.findall(r"choose\(\"(\w+)\"", whole)) == set(STORED)
    choices = re.search(r"const choices = \{(.*)\}", scripts["scheme.js"])
    assert choices and set(re.findall(r"(\w+): \[", choices[1])) == set(STORED)


def test_pages_on_privacy_name_what_is_kept(site: BuiltSite) -> None:
    found = {
        page.address: tuple(words(code) for code in page.all("code") if words(code).startswith("haopin-"))
        for page in site.pages.values()
        if page.address.endswith("privacy/")
    }
    assert found == dict.fromkeys(("privacy/", "en/privacy/"), tuple(f"haopin-{name}" for name in STORED))


# In the browser

LISTEN = """
  window.violations = []
  const keep = (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`)
  addEventListener("securitypolicyviolation", keep)
"""


@contextmanager
def visit(browser: Browser, folder: Path, *, served: bool = True, width: int = 1280) -> Iterator[tuple[Page, str]]:
    """Open a page that keeps what its policy forbade, of a site served with its own headers."""
    own = json.loads((folder / "policy.json").read_text("utf-8"))["headers"] if served else None
    with serving(folder, own) as address:
        context = browser.new_context(viewport={"width": width, "height": 844}, permissions=["clipboard-read"])
        context.set_default_timeout(10_000)
        context.add_init_script(LISTEN)
        try:
            yield context.new_page(), f"{address}/"
        finally:
            context.close()


def violations(page: Page) -> Any:
    """Return what the policy of ``page`` has forbidden so far."""
    page.wait_for_timeout(50)
    return page.evaluate("violations")


@pytest.mark.parametrize(
    ("language", "every"),
    [("zh", SOME), *(pytest.param(language, 1, marks=pytest.mark.sweep) for language in LANGUAGES)],
)
def test_nothing_that_a_visitor_does_is_forbidden(
    browser: Browser, full_county: BuiltSite, language: Language, every: int
) -> None:
    with visit(browser, full_county.folder) as (page, home):
        troubles: list[str] = []
        page.on("console", lambda m: troubles.append(f"{page.url}: {m.text}") if "404" not in m.text else None)
        page.on("pageerror", lambda e: troubles.append(f"{page.url}: {e}"))
        page.context.add_init_script("window.print = () => { window.printed = true }")
        root = home + ("en/" if language == "en" else "")
        page.goto(root)
        for control in ("[data-mode-switch]", "[data-display]", '[data-text-step="1"]', "[data-contrast-switch]"):
            page.locator(control).click()
        page.locator("[data-scheme-switch]").click()
        assert sorted(page.evaluate("Object.keys(localStorage)")) == sorted(f"haopin-{name}" for name in STORED)
        assert page.evaluate("[sessionStorage.length, document.cookie]") == [0, ""]
        page.locator("a.hp-tool--search").click()
        page.locator("dialog.hp-search input").fill("2030")
        page.locator(SEARCH_RESULTS).first.wait_for()
        assert violations(page) == []
        page.locator(SEARCH_RESULTS).first.click()
        page.evaluate("['mode', 'contrast', 'text'].forEach((name) => localStorage.removeItem(`haopin-${name}`))")
        page.goto(f"{root}tasks/01/")
        page.locator("[data-cite]").first.click()
        page.locator("dialog.hp-share-sheet .hp-button").first.click()
        page.locator("dialog.hp-share-sheet [role=status]:not(:empty)").wait_for()
        page.keyboard.press("Escape")
        page.locator("[data-print]").click()
        page.locator("[data-share]").first.click()
        page.locator("dialog.hp-share-sheet figure img").wait_for()
        page.locator("dialog.hp-share-sheet svg.hp-qr").wait_for()
        page.keyboard.press("Escape")
        page.locator("a[data-leave]").first.evaluate("e => e.closest('details').open = true")
        page.locator("a[data-leave]").first.click()
        page.locator("dialog[open] code").wait_for()
        page.wait_for_timeout(100)
        assert page.evaluate("window.printed")
        assert violations(page) == []
        page.goto(f"{root}measures/")
        page.evaluate("document.querySelector('.hp-filter-fold').open = true")
        page.locator("[data-filter] [name=words]").fill("no-such-word")
        page.locator("[data-empty]").wait_for()
        assert violations(page) == []
        page.goto(f"{root}disclosures/batches/fruit-2030-1/")
        page.evaluate("document.querySelector('.hp-filter-fold').open = true")
        page.locator("[data-table] [name=words]").fill("no-such-word")
        page.locator("[data-empty]").wait_for()
        assert violations(page) == []
        for address in full_county.each_kind[::every]:
            page.goto(root + address)
            assert violations(page) == [], address
        page.goto(f"{root}embed/task/01/")
        assert violations(page) == []
        assert troubles == []


SPOILED = {
    "script": ('<script>document.title = "spoiled"</script>', "script-src-elem inline"),
    "handler": ('<img src="x" onerror="document.title = \'spoiled\'">', "script-src-attr inline"),
    "style": ('<p style="color: red">a</p>', "style-src-attr inline"),
    "picture": ('<img src="https://bureau.example/a.png" alt="">', "img-src https://bureau.example/a.png"),
    "font": ("<link rel=stylesheet href=//bureau.example/a.css>", "style-src-elem http://bureau.example/a.css"),
    "frame": ('<iframe src="https://bureau.example/"></iframe>', "frame-src https://bureau.example"),
}


@pytest.mark.parametrize("what", SPOILED)
def test_injected_scripts_are_blocked_without_headers(browser: Browser, full_county: BuiltSite, what: str) -> None:
    """The policy of the page itself holds, and this test can see that the one above could fail."""
    spoiled, expected = SPOILED[what]
    with visit(browser, full_county.folder, served=False) as (page, home):
        page.route(
            f"{home}tasks/01/",
            lambda route: route.fulfill(
                body=full_county.pages["tasks/01/"].source.replace("<main", f"{spoiled}<main", 1),
                content_type="text/html; charset=utf-8",
            ),
        )
        page.goto(f"{home}tasks/01/")
        assert [line for line in violations(page) if line.startswith(expected)], violations(page)
        assert page.title() != "spoiled"


def test_a_script_in_a_page_does_not_run_though_it_was_there_when_the_policy_was_made(
    browser: Browser, full_county: BuiltSite
) -> None:
    """Linked data may stand there: it is data, and no violation."""
    spoiled = (
        '<html><head><meta charset="utf-8"></head><body><script>document.title = "ran"</script>'
        '<script type="application/ld+json">{"a": 1}</script></body></html>'
    )
    with visit(browser, full_county.folder, served=False) as (page, home):
        page.route(f"{home}spoiled", lambda route: route.fulfill(body=guarded(spoiled), content_type="text/html"))
        page.goto(f"{home}spoiled")
        assert violations(page) == ["script-src-elem inline"]
        assert page.title() == ""


def test_only_cards_can_be_framed(browser: Browser, full_county: BuiltSite, tmp_path: Path) -> None:
    with visit(browser, full_county.folder) as (page, home), serving(tmp_path) as other:
        frames = "".join(f'<iframe src="{home}{a}" name="{a}"></iframe>' for a in ("embed/task/01/", "tasks/01/"))
        (tmp_path / "index.html").write_text(frames, encoding="utf-8")
        page.goto(other)
        shown = {frame.name: frame.url for frame in page.frames if frame.name}
        assert shown["embed/task/01/"] == f"{home}embed/task/01/"
        assert re.match("chrome-error:", shown["tasks/01/"])
