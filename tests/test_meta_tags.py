"""What pages say to machines: tags of government sites, Open Graph, linked data, site map, robots; read by readers."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import extruct
import pytest
from haopin.exports.last_modified import LastModified
from haopin.model.activity import Activity
from haopin.model.document import Document
from haopin.model.news import Event, News
from haopin.model.provision import Service
from haopin.site.pages import pages
from haopin.site.progress import Progress
from haopin.text import LANGUAGES, Language
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS
from support import AS_OF, BuiltSite, HtmlPage, build, copy_county, copy_full_county

FOLDERS = {"zh": "", "en": "en/"}
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def built(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


def metas(page: HtmlPage) -> dict[str, list[str]]:
    """Contents of the ``meta`` elements of a page, by name or property."""
    found: dict[str, list[str]] = {}
    for element in page.all("meta"):
        name = element.get("name") or element.get("property")
        if name:
            found.setdefault(name, []).append(element.get("content", ""))
    return found


def things(page: HtmlPage) -> list[dict[str, Any]]:
    """What a page says in JSON-LD, as `extruct` reads it."""
    found = extruct.extract(page.source, syntaxes=["json-ld"])["json-ld"]
    assert len(found) <= 1 and all(part["@context"] == "https://schema.org" for part in found)
    return list(found[0]["@graph"]) if found else []


def thing(page: HtmlPage, kind: str) -> dict[str, Any]:
    (found,) = [each for each in things(page) if each["@type"] == kind]
    return found


# Tags of government sites


def test_every_page_names_its_site(built: BuiltSite) -> None:
    site = built.catalogue.site
    for address, page in built.pages.items():
        found = metas(page)
        language: Language = "en" if address.startswith("en/") else "zh"
        assert found["SiteName"] == [site.name.show(language)], address
        assert found["SiteDomain"] == [str(site.address.host)]
        code = site.identifiers.site_id
        assert found.get("SiteIDCode") == ([code] if code else None), "an identification code is never invented"
        assert all(len(values) == 1 and values[0].strip() for values in found.values())


def test_a_page_is_a_column_or_an_article(built: BuiltSite) -> None:
    columns = 0
    for page in pages(built.catalogue):
        for folder in FOLDERS.values():
            found = metas(built.pages[folder + page.address])
            column = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"} <= found.keys()
            article = {"ArticleTitle", "ContentSource", "Url"} <= found.keys()
            assert column == (page.record is None) and article == (page.record is not None), page.address
            columns += column
    assert columns > 20


@IN_EACH
def test_an_article_tells_when_it_was_published_and_where_it_is_from(
    full_county: BuiltSite, language: Language
) -> None:
    for news in full_county.catalogue.all(News):
        found = metas(full_county.pages[f"{FOLDERS[language]}news/{news.id}/"])
        assert news.approved
        published = max(news.date, news.approved.date, news.publish_from or news.date)
        assert found["PubDate"] == [f"{published.isoformat()} 00:00"]
        assert found["ContentSource"] == [news.source.show(language)]
        assert found["og:type"] == ["article"]


def test_a_page_without_a_date_of_publication_does_not_invent_one(county: BuiltSite) -> None:
    for address, page in county.pages.items():
        assert "PubDate" not in metas(page), address


# Open Graph and hreflang


def test_open_graph_says_what_the_page_says(built: BuiltSite) -> None:
    for address, page in built.pages.items():
        found = metas(page)
        assert found["og:url"] == [built.url + address]
        assert found["og:description"] == found["description"]
        title = page.one("title").text or ""
        assert title.startswith(found["og:title"][0])
        other = {"zh_CN": "en_US", "en_US": "zh_CN"}
        assert found["og:locale:alternate"] == [other[found["og:locale"][0]]]


def test_languages_name_each_other(built: BuiltSite) -> None:
    for address, page in built.pages.items():
        links = {
            e.get("hreflang"): e.get("href", "")
            for e in page.all("link")
            if e.get("rel") == "alternate" and e.get("hreflang")
        }
        own = address.removeprefix("en/")
        assert links == {
            "zh-Hans": built.url + own,
            "en": f"{built.url}en/{own}",
            "x-default": built.url + own,
        }
        for link in links.values():
            assert link.removeprefix(built.url) in built.pages
        (canonical,) = [e.get("href") for e in page.all("link") if e.get("rel") == "canonical"]
        assert canonical == built.url + address


def test_other_forms_of_a_page_exist(built: BuiltSite) -> None:
    found = [
        e.get("href", "")
        for page in built.pages.values()
        for e in page.all("link")
        if e.get("rel") == "alternate" and e.get("type")
    ]
    assert found
    assert [link for link in found if link.removeprefix(built.url) not in built.files] == []


# Linked data


def test_every_page_but_home_has_its_trail(built: BuiltSite) -> None:
    for address, page in built.pages.items():
        if address in FOLDERS.values():
            assert {each["@type"] for each in things(page)} == {"WebSite", "GovernmentOrganization"}
            continue
        items = thing(page, "BreadcrumbList")["itemListElement"]
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        assert items[-1]["item"] == built.url + address
        for item in items:
            assert item["item"].removeprefix(built.url) in built.pages
        shown = [e for e in page.all("nav") if "hp-trail" in e.get("class", "")]
        if shown:
            names = ["".join(li.itertext()).strip() for li in shown[0].iter("li")]
            assert [item["name"] for item in items] == names, address


@IN_EACH
def test_events_are_events(full_county: BuiltSite, language: Language) -> None:
    cancelled = 0
    for event in full_county.catalogue.all(Event):
        found = thing(full_county.pages[f"{FOLDERS[language]}events/{event.id}/"], "Event")
        assert found["name"] == event.title.show(language)
        assert (found["startDate"], found["endDate"]) == (event.start.isoformat(), event.last.isoformat())
        assert ("location" in found) == (event.venue is not None)
        status = "EventCancelled" if event.cancelled else "EventScheduled"
        assert found["eventStatus"] == f"https://schema.org/{status}"
        cancelled += event.cancelled is not None
    assert cancelled


def test_a_recurring_day_is_an_event_when_its_next_date_is_known(full_county: BuiltSite) -> None:
    dated = [a for a in full_county.catalogue.all(Activity) if a.recurrence]
    for activity in full_county.catalogue.all(Activity):
        found = [t for t in things(full_county.pages[f"activities/{activity.id}/"]) if t["@type"] == "Event"]
        assert len(found) == (activity in dated)
        for each in found:
            assert each["startDate"] >= "2030-02"
            assert "location" not in each
    assert dated


@IN_EACH
def test_services_articles_and_data_sets_are_reported(full_county: BuiltSite, language: Language) -> None:
    folder = FOLDERS[language]
    names = [t["name"] for t in things(full_county.pages[f"{folder}services/"]) if t["@type"] == "GovernmentService"]
    assert names == [service.name.show(language) for service in full_county.catalogue.all(Service)]
    news = full_county.catalogue.all(News)[0]
    article = thing(full_county.pages[f"{folder}news/{news.id}/"], "NewsArticle")
    assert news.approved
    assert article["datePublished"] == max(news.date, news.approved.date, news.publish_from or news.date).isoformat()
    catalog = thing(full_county.pages[f"{folder}data/"], "DataCatalog")
    batch = thing(full_county.pages[f"{folder}disclosures/batches/fruit-2030-1/"], "Dataset")
    addresses = [d["contentUrl"] for data in [*catalog["dataset"], batch] for d in data["distribution"]]
    assert len(addresses) > 30
    assert [a for a in addresses if a.removeprefix(full_county.url) not in full_county.files] == []


def test_linked_data_can_be_read_as_a_graph(full_county: BuiltSite) -> None:
    """The words of schema.org are put in by hand: a reader must not ask the network."""
    page = next(p for a, p in full_county.pages.items() if a.startswith("events/") and a != "events/")
    value = {"@context": {"@vocab": "https://schema.org/"}, "@graph": things(page)}
    graph = Graph().parse(data=json.dumps(value), format="json-ld")
    subjects = set(graph.subjects(predicate=None, object=URIRef("https://schema.org/Event")))
    assert len(subjects) == 1


@pytest.mark.sweep
def test_data_cannot_end_the_element(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "project")
    site = (project / "data/site.yml").read_text(encoding="utf-8")
    name = re.search(r"^name:\n  zh: .*\n  en: (.*)$|^name: \{zh: .*, en: (.*)\}$", site, re.M)
    assert name
    spoiled = site.replace(name[0], 'name: {zh: "好</script><b>品", en: "Go</script><b>od"}', 1)
    (project / "data/site.yml").write_text(spoiled, encoding="utf-8")
    built = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), project / "data")
    page = built.pages[""]
    assert things(page)[0]["name"] == "好</script><b>品"
    assert page.all("b") == []


# The catalog of data


def test_the_catalog_is_a_graph_of_data_sets(built: BuiltSite) -> None:
    graph = Graph().parse(built.folder / "data/catalog.jsonld", format="json-ld")
    sets = list(graph.subjects(predicate=None, object=DCAT.Dataset))
    assert len(sets) > 10
    (catalog,) = graph.subjects(predicate=None, object=DCAT.Catalog)
    assert set(graph.objects(catalog, DCAT.dataset)) == set(sets)
    for data in sets:
        titles = {t.language for t in graph.objects(data, DCTERMS.title)}  # type: ignore[attr-defined]
        assert titles == {"zh-Hans", "en"}
        files = [str(f) for d in graph.objects(data, DCAT.distribution) for f in graph.objects(d, DCAT.downloadURL)]
        assert len(files) == 3
        assert [f for f in files if f.removeprefix(built.url) not in built.files] == []


def test_the_catalog_dates_what_has_a_date(full_county: BuiltSite) -> None:
    graph = Graph().parse(full_county.folder / "data/catalog.jsonld", format="json-ld")
    news = URIRef(f"{full_county.url}data/catalog.jsonld#news")
    (modified,) = graph.objects(news, DCTERMS.modified)
    assert str(modified) == max(item.date for item in full_county.catalogue.all(News)).isoformat()
    task = URIRef(f"{full_county.url}data/catalog.jsonld#task")
    assert list(graph.objects(task, DCTERMS.modified)) == []


# Site map and robots

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@IN_EACH
def test_the_site_map_has_every_page_with_its_alternates(built: BuiltSite, language: Language) -> None:
    tree = ElementTree.parse(built.folder / f"{FOLDERS[language]}sitemap.xml")
    found = {}
    for url in tree.getroot().findall(f"{SITEMAP}url"):
        found[url.findtext(f"{SITEMAP}loc", "")] = {
            link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")
        }
    edition = built.edition(language)
    assert found.keys() == {built.url + FOLDERS[language] + address for address in edition}
    for address in edition:
        assert found[built.url + FOLDERS[language] + address] == {
            "zh-Hans": built.url + address,
            "en": f"{built.url}en/{address}",
            "x-default": built.url + address,
        }


def test_a_page_is_dated_by_its_records_never_by_the_build(built: BuiltSite) -> None:
    tree = ElementTree.parse(built.folder / "sitemap.xml")
    days = [e.text for e in tree.iter(f"{SITEMAP}lastmod")]
    assert days
    day = AS_OF if built.url == "https://quality.example/" else "2026-11-22"
    known = {d.isoformat() for document in built.catalogue.all(Document) if (d := document.dated)}
    known |= {record.date.isoformat() for _, record in built.catalogue.publishable}
    known |= {e.cancelled.date.isoformat() for e in built.catalogue.all(Event) if e.cancelled}
    assert {d for d in days if d} <= known and day not in set(days) - known


def test_dates_of_pages(full_county: BuiltSite) -> None:
    catalogue = full_county.catalogue
    dates = LastModified(catalogue, Progress(catalogue, date.fromisoformat(AS_OF)))
    by_address = {page.address: page for page in pages(catalogue)}
    newest = catalogue.publishable[0][1].date
    assert dates.page(by_address["changes/"]) == newest
    assert dates.page(by_address["sitemap/"]) is None
    news = max(catalogue.all(News), key=lambda item: item.date)
    assert dates.page(by_address["news/"]) == news.date
    assert dates.page(by_address[f"news/{news.id}/"]) == news.date
    for page in by_address.values():
        found = dates.page(page)
        assert found is None or found <= date.fromisoformat(AS_OF)


def test_robots_are_welcome_and_told_of_the_site_maps(built: BuiltSite) -> None:
    text = (built.folder / "robots.txt").read_text("utf-8")
    assert "Allow: /\n" in text and "Disallow" not in text
    for line in text.splitlines():
        if line.startswith("Sitemap: "):
            assert line.removeprefix(f"Sitemap: {built.url}") in built.files
    assert text.count("Sitemap: ") == 2


def test_security_txt_names_contacts_of_the_data_or_does_not_exist(county: BuiltSite, full_county: BuiltSite) -> None:
    """RFC 9116. Nothing is invented: a county without an e-mail address has no such file."""
    assert not (county.folder / ".well-known").exists()
    lines = (full_county.folder / ".well-known/security.txt").read_text("utf-8").splitlines()
    assert lines == [
        "Contact: mailto:editors@quality.example",
        # Thirty days after the day for which the site speaks.
        "Expires: 2030-03-03T00:00:00Z",
        "Preferred-Languages: zh, en",
        f"Canonical: {full_county.url}.well-known/security.txt",
    ]


@pytest.mark.sweep
@pytest.mark.parametrize("setting", ["staging", "samples"])
def test_a_trial_stays_out_of_search_engines(tmp_path: Path, setting: str) -> None:
    project = (copy_full_county if setting == "samples" else copy_county)(tmp_path / "project")
    # Set once, for all languages.
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        config.write(f"extra: {{haopin: {{{setting}: true}}}}\n")
    site = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), project / "data")
    assert (site.folder / "robots.txt").read_text("utf-8") == "User-agent: *\nDisallow: /\n"
    assert not (site.folder / ".well-known").exists()
    assert all(metas(page).get("robots") == ["noindex"] for page in site.html.values())


def test_the_public_site_is_open_to_search_engines(built: BuiltSite) -> None:
    assert [a for a, page in built.pages.items() if "robots" in metas(page)] == []
