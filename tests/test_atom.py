"""Feeds: content, conformance to RFC 4287, and readability by other programs."""

import copy
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser  # type: ignore[import-untyped]
import html5lib
import pytest
from haopin.exports.atom import FeedEntries, make_feeds
from haopin.exports.source import ExportSource
from haopin.html.i18n import read_labels
from haopin.html.renderer import Renderer, environment
from haopin.model.publishable import Publishable
from haopin.site import subscriptions as module
from haopin.site.catalogue import Catalogue
from haopin.site.pages import LISTINGS
from haopin.site.subscriptions import DATED, GROUPS, Feed, Subscriptions
from haopin.text import LANGUAGES, Language
from living import AS_OF, copy_living
from lxml import etree  # type: ignore[import-untyped]
from support import ROOT, BuiltSite, catalogue_of

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
TEMPLATES = environment(ROOT / "hooks/haopin/templates")


@cache
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(ROOT / "tests/atom.rng"))


@pytest.fixture(params=["county", "full_county"])
def any_site(request: pytest.FixtureRequest) -> BuiltSite:
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


def files_of(site: BuiltSite) -> dict[str, bytes]:
    return {n: (site.folder / n).read_bytes() for n in sorted(site.files) if re.match(r"(en/)?feeds/", n)}


def entries_of(site: BuiltSite, name: str) -> list[Any]:
    return list(feedparser.parse((site.folder / name).read_bytes()).entries)


def every_entry(site: BuiltSite, language: Language) -> dict[str, Any]:
    """Every entry of a language by kind and id, from whichever feed has it."""
    files = [name for name in files_of(site) if name.startswith("en/") == (language == "en")]
    return {entry.id.split(f":{language}/")[1]: entry for name in files for entry in entries_of(site, name)}


def source_of(catalogue: Catalogue, language: Language = "en", as_of: date = AS_OF) -> ExportSource:
    renderer = Renderer(catalogue, language, as_of, LABELS, TEMPLATES)
    return ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"})


def titles(catalogue: Catalogue, name: str, language: Language = "en") -> list[str]:
    source = source_of(catalogue, language)
    (feed,) = [f for f in source.view.subscriptions.feeds if f.name == name]
    return [item.title for item in FeedEntries(source).of(feed)]


# Rules of the format


def test_every_feed_keeps_the_schema_and_can_be_read(any_site: BuiltSite) -> None:
    files = files_of(any_site)
    assert {f"{p}feeds/{name}.xml" for p in ("", "en/") for name in GROUPS} <= set(files)
    for name, file in files.items():
        assert schema().validate(etree.fromstring(file)), f"{name}: {schema().error_log}"
        read = feedparser.parse(file)
        assert not read.bozo, f"{name}: {read.get('bozo_exception')}"
        assert read.version == "atom10"
        assert read.feed.language == ("en" if name.startswith("en/") else "zh-Hans")
        assert read.feed.title
        assert [link.href for link in read.feed.links if link.rel == "self"] == [any_site.url + name]


def test_ids_are_tag_addresses_of_their_own(any_site: BuiltSite) -> None:
    host = urlsplit(any_site.url).hostname
    for name, file in files_of(any_site).items():
        ids = [element.text or "" for element in etree.fromstring(file).iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids), name
        for found in ids:
            assert re.fullmatch(rf"tag:{host},[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}:(zh|en)/[a-z0-9/.-]+", found)


def test_an_entry_is_the_same_in_every_feed_of_its_language(full_county: BuiltSite) -> None:
    seen: dict[str, bytes] = {}
    for name, file in files_of(full_county).items():
        for entry in etree.fromstring(file).iter(f"{ATOM}entry"):
            key = entry.findtext(f"{ATOM}id") or ""
            assert key.partition(":")[2].split(":")[1].startswith("en/" if name.startswith("en/") else "zh/")
            assert seen.setdefault(key, etree.tostring(entry)) == etree.tostring(entry)
    assert len(seen) > 40


def remove(name: str) -> Callable[[Any], object]:
    return lambda feed: [e.getparent().remove(e) for e in list(feed.iter(f"{ATOM}{name}"))]


def change(name: str, text: str) -> Callable[[Any], object]:
    return lambda feed: setattr(next(feed.iter(f"{ATOM}{name}")), "text", text)


def twice(name: str) -> Callable[[Any], object]:
    return lambda feed: next(feed.iter(f"{ATOM}entry")).append(copy.deepcopy(next(feed.iter(f"{ATOM}{name}"))))


def attribute(name: str, key: str, value: str) -> Callable[[Any], object]:
    return lambda feed: next(feed.iter(f"{ATOM}{name}")).set(key, value)


@pytest.mark.parametrize(
    "spoil",
    [
        remove("id"),
        remove("title"),
        remove("updated"),
        remove("author"),
        remove("name"),
        remove("link"),
        twice("id"),
        twice("title"),
        twice("published"),
        twice("content"),
        change("id", "all.xml"),
        change("title", ""),
        change("updated", "2030-01-01"),
        change("updated", "2030-01-01T00:00:00"),
        change("updated", "2030-02-30T00:00:00+08:00"),
        change("published", "Tue, 01 Jan 2030 00:00:00 +0800"),
        attribute("link", "href", "events/"),
        attribute("link", "rel", "nofollow"),
        attribute("content", "type", "xml"),
        attribute("feed", XML_LANG, "en_GB"),
        attribute("category", "text", "news"),
        lambda feed: feed.append(etree.Element(f"{ATOM}description")),
        lambda feed: etree.SubElement(feed, "entry"),
        lambda feed: setattr(feed, "tag", f"{ATOM}entry"),
    ],
)
def test_the_schema_refuses_a_spoiled_feed(full_county: BuiltSite, spoil: Callable[[Any], object]) -> None:
    feed = etree.fromstring((full_county.folder / "en/feeds/all.xml").read_bytes())
    assert schema().validate(feed)
    spoil(feed)
    assert not schema().validate(feed)


# What is in them


def test_each_kind_with_records_has_a_feed_without_a_word_of_code(full_county: BuiltSite) -> None:
    offered = {feed.name: feed for feed in Subscriptions(full_county.catalogue, date(2030, 2, 1)).feeds}
    assert list(offered)[: len(GROUPS)] == list(GROUPS)
    kinds = {kind.name for kind in DATED if full_county.catalogue.all(kind.model)}
    assert set(offered) == set(GROUPS) | kinds
    for name in kinds - set(GROUPS):
        shown = {entry.id.split("/")[1] for entry in entries_of(full_county, f"feeds/{name}.xml")}
        assert name in shown
        assert shown <= {name, "withdrawal"}


def test_every_record_is_in_the_feed_of_its_kind_and_the_newest_in_that_of_everything(full_county: BuiltSite) -> None:
    found = every_entry(full_county, "zh")
    notices = {"withdrawal/w2030-1", "withdrawal/w2030-2"}
    assert set(found) == {f"{name}/{record.id}" for name, record in full_county.catalogue.publishable} | notices
    newest = sorted((entry.updated for entry in found.values()), reverse=True)[:50]
    assert [entry.updated for entry in entries_of(full_county, "feeds/all.xml")] == newest
    for name, (_, kinds) in GROUPS.items():
        if name != "all":
            own = {entry.id.split(":zh/")[1] for entry in entries_of(full_county, f"feeds/{name}.xml")}
            assert own - notices == {
                f"{k}/{record.id}" for k, record in full_county.catalogue.publishable if k in kinds
            }


def test_entries_have_the_dates_of_their_records_at_midnight_in_the_county(full_county: BuiltSite) -> None:
    by_id = {entry.id: entry for entry in entries_of(full_county, "en/feeds/all.xml")}
    lecture = by_id["tag:quality.example,2030-01-10:en/event/lecture-2030"]
    # Public from the day of its approval; last word: that it is canceled.
    assert (lecture.published, lecture.updated) == ("2030-01-11T00:00:00+08:00", "2030-01-29T00:00:00+08:00")
    assert lecture.title == "[canceled] Event: Talk on reading labels"
    report = by_id["tag:quality.example,2030-01-09:en/entry/e2030-01-publish"]
    assert report.updated == "2030-01-14T00:00:00+08:00"


def test_newest_first(any_site: BuiltSite) -> None:
    for name, file in files_of(any_site).items():
        read = feedparser.parse(file)
        days = [entry.updated for entry in read.entries]
        assert days == sorted(days, reverse=True), name
        assert not days or read.feed.updated == days[0]


def test_at_most_the_newest_fifty_and_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.NEWEST == 50
    source = source_of(catalogue_of(copy_living(tmp_path), as_of=AS_OF))
    monkeypatch.setattr("haopin.exports.atom.NEWEST", 3)
    made = {file.path: file for file in make_feeds(source)}
    read = feedparser.parse(made["feeds/all.xml"].make())
    assert read.feed.subtitle == "Newest first, up to 3 items."
    assert len(read.entries) == 3
    assert [entry.title for entry in read.entries] == titles(source.catalogue, "all")[:3]


def test_reports_say_what_they_are_about_and_that_they_correct(tmp_path: Path) -> None:
    catalogue = catalogue_of(copy_living(tmp_path), as_of=AS_OF)
    assert titles(catalogue, "ledger") == [
        "[correction] Progress report: Check every year \u00b7 Ongoing",
        "[corrected] Progress report: Check every year \u00b7 Under way",
        "Progress report: Product pass rate \u00b7 93.5%",
        "Assignment: Check every year",
    ]
    assert (
        titles(catalogue, "ledger", "zh")[0]
        == "\u3010\u66f4\u6b63\u3011\u8fdb\u5c55\u62a5\u9001\uff1a\u6bcf\u5e74\u62bd\u67e5 \u00b7 \u5e38\u6001\u5316"
    )


def test_the_reporting_body_is_shown_only_if_the_data_says_so(full_county: BuiltSite) -> None:
    assert not full_county.catalogue.site.show_reporting_bodies
    for entry in entries_of(full_county, "en/feeds/ledger.xml"):
        if "/entry/" in entry.id:
            assert "/bodies/" not in entry.content[0].value


def test_sample_says_so_in_its_title(tmp_path: Path) -> None:
    folder = copy_living(tmp_path)
    file = folder / "warnings.yml"
    file.write_text(file.read_text("utf-8").replace("- id: w1\n", "- id: w1\n  sample: true\n"), encoding="utf-8")
    catalogue = catalogue_of(folder, as_of=AS_OF, samples=True)
    (title,) = titles(catalogue, "warning")
    assert title.startswith("[sample data] ")
    assert "warning" not in {feed.name for feed in Subscriptions(catalogue_of(folder, as_of=AS_OF), AS_OF).feeds}


def test_withdrawal_leaves_a_notice_without_the_name(full_county: BuiltSite) -> None:
    for name, file in files_of(full_county).items():
        text = file.decode()
        assert "\u8fdc\u5cad" not in text, name
        assert "Yuanling" not in text, name
        assert "wrong-figures" not in text, name
    notices = [e for e in entries_of(full_county, "en/feeds/news.xml") if "/withdrawal/" in e.id]
    assert [(e.title, e.link) for e in notices] == [
        ("Withdrawn: News and notices", "https://quality.example/en/changes/#w2030-2")
    ]
    assert notices[0].content[0].value.startswith("<p>Error in the content</p>")


def test_text_without_translation_is_marked(full_county: BuiltSite) -> None:
    feed = etree.fromstring((full_county.folder / "en/feeds/news.xml").read_bytes())
    marked = {e.findtext(f"{ATOM}id"): e.get(XML_LANG) for e in feed.iter(f"{ATOM}entry")}
    chinese = "tag:quality.example,2030-01-23:en/news/2030-01-23-fruit"
    assert marked[chinese] == "zh-Hans"
    assert set(marked.values()) == {"zh-Hans", None}
    for entry in feed.iter(f"{ATOM}entry"):
        title = entry.findtext(f"{ATOM}title") or ""
        assert bool(re.search("[\u4e00-\u9fff]", title)) == (entry.get(XML_LANG) == "zh-Hans")
        if entry.get(XML_LANG):
            content = entry.find(f"{ATOM}content")
            assert content.get(XML_LANG) == "en"
            assert 'lang="zh-Hans"' in content.text


def test_content_is_whole_html_with_absolute_addresses(any_site: BuiltSite) -> None:
    for name, file in files_of(any_site).items():
        for entry in feedparser.parse(file, sanitize_html=False, resolve_relative_uris=False).entries:
            html = entry.content[0].value
            assert html.strip(), f"{name} {entry.id}"
            assert not re.search(r"\b(?:class|style|tabindex|data-\w+)=|<(?:script|form|button|svg|template)\b", html)
            found = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
            links = [e.attrib[key] for e in found.iter() for key in ("href", "src") if key in e.attrib]
            assert [link for link in [*links, entry.link] if not re.match(r"https://|tel:|mailto:", link)] == []
            for link in [*links, entry.link]:
                if link.startswith(any_site.url):
                    file_name, fragment = any_site.target(any_site.html["index.html"], link) or ("", "")
                    assert file_name in any_site.files, link
                    assert not fragment or fragment in any_site.html[file_name].ids, link


def test_full_text_of_a_record_is_in_its_entry(full_county: BuiltSite) -> None:
    found = {name: entry.content[0].value for name, entry in every_entry(full_county, "en").items()}
    texts = {name: " ".join(re.sub("<[^>]+>", " ", html).split()) for name, html in found.items()}
    catalogue = full_county.catalogue
    for kind, record in catalogue.publishable:
        for field in ("text", "advice", "defect", "remedy", "breach", "penalty", "benefit", "reason"):
            words = getattr(record, field, None)
            if words is not None and kind != "news":
                plain = re.sub(r"[*\[\]]|\(/[^)]*\)", "", words.show("en")).split("\n")[0]
                assert plain in texts[f"{kind}/{record.id}"], f"{kind}/{record.id}: {field}"
        assert record.source.show("en") in texts[f"{kind}/{record.id}"]


def test_kind_without_template_and_page_of_its_own_gives_all_its_words(tmp_path: Path) -> None:
    source = source_of(catalogue_of(copy_living(tmp_path), as_of=AS_OF), "zh")
    entries: Any = FeedEntries(source)
    (feed,) = [f for f in source.view.subscriptions.feeds if f.name == "warning"]
    (item,) = entries.of(feed)
    template = entries._template

    def without(name: str) -> Any:
        found = template("feeds/none.html" if name == "feeds/warning.html" else name)
        return template("tasks.html") if name == "warnings.html" else found

    entries._template = without
    content = entries.content(item)
    assert "<p>\u65e7\u7535\u7ebf\u4f1a\u8d77\u706b</p><p>\u7528\u524d\u770b\u4e00\u770b</p>" in content
    assert item.record.label.zh not in content


def test_county_without_anything_published_has_feeds_that_wait(county: BuiltSite) -> None:
    files = files_of(county)
    assert set(files) == {f"{p}feeds/{name}.xml" for p in ("", "en/") for name in GROUPS}
    document = county.catalogue.document
    for file in files.values():
        read = feedparser.parse(file)
        assert read.entries == []
        assert read.feed.updated.startswith(str(document.published or document.adopted))


# Where they are offered


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("home", "feeds/all.xml"),
        ("changes", "feeds/all.xml"),
        ("news", "feeds/news.xml"),
        ("article", "feeds/news.xml"),
        ("disclosures", "feeds/disclosures.xml"),
        ("violations", "feeds/violation.xml"),
        ("batch", "feeds/batch.xml"),
        ("event", "feeds/activities.xml"),
        ("progress", "feeds/ledger.xml"),
        ("tasks", None),
    ],
)
def test_pages_know_their_feed(full_county: BuiltSite, template: str, path: str | None) -> None:
    assert Subscriptions(full_county.catalogue, date(2030, 2, 1)).feed_of(template) == path


def test_feeds_lead_to_a_page_that_exists(any_site: BuiltSite) -> None:
    listed = {f"{listing.folder}/" for listing in LISTINGS} | {""}
    offered: tuple[Feed, ...] = Subscriptions(any_site.catalogue, date(2030, 2, 1)).feeds
    for feed in offered:
        assert feed.page in listed
        assert feed.page in any_site.pages


def test_pages_link_their_feed(full_county: BuiltSite) -> None:
    expected = {"news/": "news", "changes/": "all", "disclosures/": "disclosures", "disclosures/recalls/": "recall"}
    for prefix in ("", "en/"):
        for address, name in expected.items():
            page = full_county.pages[prefix + address]
            links = {urljoin(full_county.url + page.address, a) for _, a in page.references if "/feeds/" in a}
            assert links == {f"{full_county.url}{prefix}feeds/{name}.xml"}
        page = full_county.pages[f"{prefix}subscribe/"]
        offered = [feed.path for feed in Subscriptions(full_county.catalogue, date(2030, 2, 1)).feeds]
        assert [e.text for e in page.all("code") if (e.text or "").endswith(".xml")] == [
            f"{full_county.url}{prefix}{path}" for path in offered
        ]


def test_every_dated_kind_is_in_the_feed_of_everything() -> None:
    assert set(GROUPS["all"][1]) == {kind.name for kind in DATED}
    assert all(issubclass(kind.model, Publishable) for kind in DATED)
    names = {kind.name for kind in DATED}
    assert all(set(kinds) <= names for _, kinds in GROUPS.values())
    assert len(LANGUAGES) == 2
