"""Conventions of government pages: contact, print and share, source and date, leaving, what is out of force."""

import json
import re
from datetime import date
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.html.links import is_government, mark_external
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.text import LANGUAGES, Language, fullwidth
from playwright.sync_api import Browser
from support import ROOT, SEARCH_RESULTS, BuiltSite, catalogue_of, copy_full_county, edit, errors_of, serving, words

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
EN, ZH = Labels(LABELS, "en"), Labels(LABELS, "zh")
OWN = "county.example"


# Every page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contact_stands_in_the_same_words_at_the_same_place_of_every_page(
    site: BuiltSite, language: Language
) -> None:
    found = set()
    for page in site.html.values():
        if page.name.startswith("en/") == (language == "en"):
            body = page.one("body")
            footer = page.one("footer", cls="hp-footer")
            # Nothing but what is said aloud, or kept for scripts, comes after it.
            after = list(body)[list(body).index(footer) + 1 :]
            assert [e.tag for e in after if e.tag != "template" and "hp-status" not in e.get("class", "")] == []
            calls = tuple(e.attrib["href"] for e in footer.iter("a") if ":" in e.get("href", "").split("/")[0])
            found.add((words(footer), calls))
    assert len(found) == 1
    text, calls = found.pop()
    assert (EN if language == "en" else ZH)("footer.contact") in text
    hotlines = tuple(f"tel:{line.number}" for line in site.catalogue.site.hotlines)
    contacts = {f"tel:{c.phone}" for c in site.catalogue.site.contacts} | {
        f"mailto:{c.email}" for c in site.catalogue.site.contacts
    }
    assert calls[: len(hotlines)] == hotlines and {*calls[len(hotlines) :]} <= contacts


def test_every_page_can_be_printed_and_shared_and_says_its_date(site: BuiltSite) -> None:
    for page in site.pages.values():
        aside = page.one("aside", cls="hp-share")
        assert sum("data-print" in e.attrib for e in aside.iter()) == 1, page.name
        assert sum("data-share" in e.attrib for e in aside.iter()) == 1, page.name
        assert [e.attrib["href"] for e in aside.iter("a")] == [site.url + page.address]
    for page in site.html.values():
        assert sum("data-mode-switch" in e.attrib for e in page.elements) == 1, page.name
        assert sum("data-text-step" in e.attrib for e in page.elements) == 3, page.name
        assert re.search(r"20\d\d", words(page.one("footer"))), page.name


def test_every_record_that_is_published_shows_its_source_and_date(full_county: BuiltSite) -> None:
    view = TemplateContext(full_county.catalogue, "zh", date(2030, 2, 1), ())
    records = [record for kind, record in full_county.catalogue.publishable if kind != "assignment"]
    assert len(records) > 30
    for record in records:
        address = view.entry_address(record) if isinstance(record, Entry) else view.anchor(record)
        page = full_county.edition("zh")[address.partition("#")[0]]
        assert words_of(record.source.zh or record.source.en) in words(page.one("main")).replace(" ", ""), record.id
        assert any(e.get("datetime") == record.date.isoformat() for e in page.all("time")), record.id


def words_of(text: str | None) -> str:
    """Return ``text`` as a Chinese page has it, without its spaces."""
    return fullwidth(text or "").replace(" ", "")


# The page for a missing address


@pytest.mark.parametrize(("address", "heading"), [("no/such/", ZH), ("en/no/such/", EN)])
def test_a_missing_address_offers_the_search_in_its_language(
    browser: Browser, county: BuiltSite, address: str, heading: Labels
) -> None:
    with serving(county.folder) as home:
        page = browser.new_page()
        answer = page.goto(f"{home}/{address}")
        assert answer is not None and answer.status == 404
        assert page.locator("h1").inner_text() == heading("not_found.title")
        page.locator("main [data-search]").click()
        page.locator("dialog.hp-search input").fill("01")
        page.locator(SEARCH_RESULTS).first.click()
        page.wait_for_url(lambda url: "/no/" not in url)
        assert ("/en/" in page.url) == address.startswith("en/")
        page.close()
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{home}/{address}")
        assert plain.locator("main [data-search]").is_hidden()
        assert plain.locator("main a[href$='sitemap/']:visible").count() == 1
        plain.context.close()


# Leaving the site


@pytest.mark.parametrize(
    ("host", "expected"),
    [("gov.cn", True), ("www.gov.cn", True), ("a.b.gov.cn", True), ("notgov.cn", False), ("gov.cn.example", False)],
)
def test_is_government(host: str, expected: bool) -> None:
    assert is_government(host) is expected


def link(address: str, more: str = "") -> str:
    return f'<p><a href="{escape(address)}"{more}>A</a></p>'


def test_a_link_to_others_is_marked_in_words_and_asked_about() -> None:
    found = mark_external(link("https://firm.example/?a=1&b=2", ' class="x"'), OWN, EN)
    assert found.startswith(
        '<p><a href="https://firm.example/?a=1&amp;b=2" class="x" rel="noopener noreferrer" data-leave>A '
        '<span class="hp-external">(external site)</span></a></p><template data-leave-dialog>'
    )
    assert found.count("<template") == 1
    assert "\uff08\u5916\u90e8\u7f51\u7ad9\uff09" in mark_external(link("http://firm.example"), OWN, ZH)


def test_a_link_to_a_chinese_domain_is_kept_and_its_name_told() -> None:
    found = mark_external(link("https://xn--2n3aq5g.xn--zfr164b/a?b=1&c"), OWN, EN)
    assert 'href="https://xn--2n3aq5g.xn--zfr164b/a?b=1&amp;c"' in found
    assert 'data-leave="https://\u8d28\u91cf.\u653f\u52a1/a?b=1&amp;c"' in found


def test_a_link_to_a_government_is_safe_and_needs_no_notice() -> None:
    assert mark_external(link("https://www.gov.cn/a"), OWN, EN) == (
        '<p><a href="https://www.gov.cn/a" rel="noopener noreferrer">A</a></p>'
    )


@pytest.mark.parametrize(
    "content", [link(f"https://{OWN}/a"), link("../a/"), link("tel:12"), "<p>https://a.example</p>"]
)
def test_all_other_links_stay_as_they_are(content: str) -> None:
    assert mark_external(content, OWN, EN) == content


def test_a_host_that_only_begins_like_ours_is_not_ours() -> None:
    assert "data-leave" in mark_external(link(f"https://{OWN}.firm.example/"), OWN, EN)
    assert "data-leave" in mark_external(link(f"https://{OWN}@firm.example/"), OWN, EN)


def test_every_link_to_others_on_the_site_is_marked(full_county: BuiltSite) -> None:
    count = 0
    for page in full_county.html.values():
        for element, address in page.references:
            if element.tag == "a" and address.startswith("http") and full_county.target(page, address) is None:
                assert "data-leave" in element.attrib and element.get("rel") == "noopener noreferrer", page.name
                count += 1
        assert any("data-leave" in e.attrib for e in page.all("a")) == ("data-leave-dialog" in page.source)
    assert count > 1


def test_before_leaving_one_is_asked_and_can_stay(browser: Browser, full_county: BuiltSite) -> None:
    with serving(full_county.folder) as home:
        context = browser.new_context()
        context.set_default_timeout(10_000)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route(
            "https://bureau.example/**", lambda route: route.fulfill(body="<h1>there</h1>", content_type="text/html")
        )
        page.goto(f"{home}/en/progress/", wait_until="networkidle")
        assert [url for url in asked if "leave" in url] == []
        way = page.locator("a[data-leave]").first
        way.focus()
        page.keyboard.press("Enter")
        dialog = page.locator("dialog[open]")
        dialog.wait_for()
        assert dialog.locator("h2").inner_text() == "You are leaving this site"
        assert dialog.locator("code").inner_text() == way.get_attribute("href")
        assert page.evaluate("document.activeElement.textContent") == "Stay"
        page.keyboard.press("Enter")
        dialog.wait_for(state="hidden")
        assert page.evaluate("'leave' in document.activeElement.dataset")
        assert not any(url.startswith("https:") for url in asked)
        page.keyboard.press("Enter")
        dialog.wait_for()
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        way.click()
        assert dialog.locator("a").get_attribute("rel") == "noopener noreferrer"
        dialog.locator("a").click()
        page.wait_for_url("https://bureau.example/**")
        assert page.locator("h1").inner_text() == "there"
        context.close()


def test_when_the_notice_cannot_be_fetched_the_link_still_leads_there(browser: Browser, full_county: BuiltSite) -> None:
    with serving(full_county.folder) as home:
        context = browser.new_context()
        page = context.new_page()
        page.route("**/leave.js", lambda route: route.abort())
        page.route(
            "https://bureau.example/**", lambda route: route.fulfill(body="<h1>there</h1>", content_type="text/html")
        )
        page.goto(f"{home}/progress/")
        page.locator("a[data-leave]").first.click()
        page.wait_for_url("https://bureau.example/**")
        context.close()


# Documents that are no longer in force


@pytest.mark.parametrize(("language", "badge"), [("zh", "\u5df2\u5e9f\u6b62"), ("en", "Repealed")])
def test_a_repealed_document_says_so_wherever_it_is_cited(
    full_county: BuiltSite, language: Language, badge: str
) -> None:
    pages = full_county.edition(language)
    for address in ("documents/", "documents/plan-2030-1/"):
        badges = [words(e) for e in pages[address].all("span", cls="hp-badge--late")]
        assert badges == [badge], address
    own = pages["documents/bingding-2029-7/"]
    assert badge in words(own.one("dl", cls="hp-docmeta"))
    notice = words(own.one("p", cls="hp-notice"))
    assert notice.startswith(("\u8fd9\u4efd\u6587\u4ef6\u81ea2030\u5e741\u670820\u65e5", "Repealed: "))


@pytest.mark.parametrize(
    ("as_of", "state", "expected"),
    [
        (date(2030, 1, 19), "repealed", None),
        (date(2030, 1, 20), "repealed", "repealed"),
        (date(2031, 1, 1), "expired", "expired"),
        (date(2031, 1, 1), "in-force", None),
    ],
)
def test_a_document_is_over_from_its_day_on(tmp_path: Path, as_of: date, state: str, expected: str | None) -> None:
    data = copy_full_county(tmp_path) / "data"
    edit(data / "documents/bingding-2029-7.yml", "state: repealed", f"state: {state}")
    catalogue = catalogue_of(data)
    found = TemplateContext(catalogue, "en", as_of, ()).over(catalogue.get(Document, "bingding-2029-7"))
    assert (found.state if found else None) == expected
    plan = catalogue.get(Document, "plan-2030-1")
    assert plan.status is None and TemplateContext(catalogue, "en", as_of, ()).over(plan) is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("state: repealed", "state: gone", "\u201cgone\u201d is not possible"),
        ("  since: 2030-01-20\n", "", "since"),
        ("since: 2030-01-20", "since: 2028-01-20", "the status is of \u201c2028-01-20\u201d"),
    ],
)
def test_a_status_is_checked(tmp_path: Path, old: str, new: str, expected: str) -> None:
    data = copy_full_county(tmp_path) / "data"
    file = data / "documents/bingding-2029-7.yml"
    edit(file, old, new)
    edit(file, "issuer:", "adopted: 2029-07-01\nissuer:")
    lines = errors_of(data)
    assert len(lines) == 1
    assert lines[0].startswith("data/documents/bingding-2029-7.yml:"), lines
    assert expected in lines[0], lines


def test_the_api_gives_the_status(full_county: BuiltSite) -> None:
    value = json.loads((full_county.folder / "api/v1/document/bingding-2029-7.json").read_text("utf-8"))
    status = SimpleNamespace(**value["item"]["record"]["status"])
    assert (status.state, status.since) == ("repealed", "2030-01-20")
    assert status.source["en"].startswith("notice of the city government")
