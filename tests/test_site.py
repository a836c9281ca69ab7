"""Every page of both languages of both counties, read as by a browser."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from haopin.exports.search_index import GROUPS, WORDS
from haopin.html.i18n import Plural, read_labels
from haopin.html.outline import outline
from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.document import Document
from haopin.model.publishable import Publishable, Withdrawal
from haopin.site.pages import pages as generated_pages
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language, Text, ascii_punctuation, squeeze
from support import ROOT, BuiltSite, HtmlPage, is_silent, search_entries, without_beside, words

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
CONTENT = '<article class="hp-article">'
SPOKEN_ATTRIBUTES = ("title", "alt", "placeholder", "content", "value", "summary", "label")
#: What a script announces or a stylesheet shows.
SAID_LATER = ("data-done", "data-of", "data-label", "aria-description", "aria-valuetext")


def language_of(page: HtmlPage) -> Language:
    return "en" if page.name.startswith("en/") else "zh"


def alternates(page: HtmlPage) -> dict[str, str]:
    """Return the addresses that a page gives for itself in each language; the theme's selector needs the bare word."""
    found = [e for e in page.all("link") if "alternate" in e.attrib["rel"].split() and "hreflang" in e.attrib]
    assert len(found) == len({e.attrib["hreflang"] for e in found}), page.name
    return {e.attrib["hreflang"]: e.attrib["href"] for e in found}


def pieces(element: Element, language: str) -> Iterator[tuple[str, str]]:
    """Yield (language, text) of every text node and every attribute that is shown or spoken."""
    if element.tag in ("script", "style", "code"):
        return
    language = element.get("lang", language)
    for name, value in element.attrib.items():
        if name in (*SPOKEN_ATTRIBUTES, *SAID_LATER) or (name.startswith("aria-label") and name != "aria-labelledby"):
            yield language, value
    if element.text:
        yield language, element.text
    for child in element:
        if isinstance(child.tag, str):
            yield from pieces(child, language)
        if child.tail:
            yield language, child.tail


def article_of(page: HtmlPage) -> Element:
    return page.one("article", cls="hp-article")


def source_of_article(page: HtmlPage) -> str:
    return page.source.partition(CONTENT)[2].rpartition("</article>")[0]


def title_of(record: Record) -> Text:
    for name in ("title", "name", "term"):
        found = getattr(record, name, None)
        if isinstance(found, Text):
            return found
    raise AssertionError(record)


# The head of a page


def test_every_page_has_a_title_of_its_own(site: BuiltSite) -> None:
    for language in LANGUAGES:
        # Two products of a batch may have one name.
        pages = [page for page in site.edition(language).values() if "disclosures/batches/" not in page.address]
        titles = {page.name: words(page.one("title")) for page in pages}
        assert [name for name, title in titles.items() if not title] == []
        assert [title for title, count in Counter(titles.values()).items() if count > 1] == []


def test_the_title_ends_in_the_name_of_the_site(site: BuiltSite) -> None:
    for page in site.html.values():
        name = site.catalogue.site.name.show(language_of(page))
        title = words(page.one("title"))
        assert title == name if page.address in ("", "en/") else title.endswith(f" - {name}"), page.name


def test_every_page_has_a_description(site: BuiltSite) -> None:
    found = {
        p.name: [e.get("content") for e in p.all("meta") if e.get("name") == "description"] for p in site.html.values()
    }
    assert [name for name, texts in found.items() if len(texts) != 1 or not texts[0]] == []


def test_every_page_says_its_language(site: BuiltSite) -> None:
    found = {page.name: page.one("html").get("lang") for page in site.html.values()}
    assert found == {page.name: LANGUAGE_TAGS[language_of(page)] for page in site.html.values()}


def test_canonical_addresses_are_absolute_and_the_pages_own(site: BuiltSite) -> None:
    for page in site.pages.values():
        canonical = [e.get("href") for e in page.all("link") if e.get("rel") == "canonical"]
        assert canonical == [site.url + page.address]


def test_alternates_are_absolute_and_include_the_page_itself(site: BuiltSite) -> None:
    for language in LANGUAGES:
        for address, page in site.edition(language).items():
            assert alternates(page) == {
                "zh-Hans": site.url + address,
                "en": f"{site.url}en/{address}",
                "x-default": site.url + address,
            }
            assert alternates(page)[LANGUAGE_TAGS[language]] == site.url + page.address


def test_alternates_are_reciprocal(site: BuiltSite) -> None:
    for page in site.pages.values():
        for href in alternates(page).values():
            assert alternates(site.pages[href.removeprefix(site.url)]) == alternates(page)


def test_the_pages_are_the_same_in_both_languages(site: BuiltSite) -> None:
    zh, en = set(site.edition("zh")), set(site.edition("en"))
    assert zh == en
    assert zh >= {page.address for page in generated_pages(site.catalogue)}


def test_the_language_link_leads_to_the_very_same_page(site: BuiltSite) -> None:
    names: dict[Language, str] = {"zh": "\u4e2d\u6587", "en": "English"}
    for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        name, tag = names[other], LANGUAGE_TAGS[other]
        for address, page in site.edition(language).items():
            link = page.one("a", cls="hp-language")
            assert (words(link), link.get("lang"), link.get("hreflang")) == (name, tag, tag)
            expected = site.edition(other)[address].name
            assert site.target(page, link.attrib["href"]) == (expected, "")


# What a strict content policy needs


def test_nothing_is_styled_or_scripted_in_place(site: BuiltSite) -> None:
    for page in site.html.values():
        assert page.all("style") == [], page.name
        marked = [(e.tag, name) for e in page.elements for name in e.attrib if name == "style" or name.startswith("on")]
        assert marked == [], page.name


def test_scripts_are_files_of_the_site(site: BuiltSite) -> None:
    for page in site.html.values():
        for script in page.all("script"):
            # Data: no browser runs it.
            if script.get("type") == "application/ld+json":
                assert json.loads(script.text or "")["@context"] == "https://schema.org"
                continue
            if script.get("type") == "application/json":
                json.loads(script.text or "")
                continue
            assert "src" in script.attrib, page.name
            assert not (script.text or "").strip(), page.name


def test_nothing_of_the_themes_own_shell_is_published(site: BuiltSite) -> None:
    assets = {name.removeprefix(site.assets) for name in site.files if name.startswith("assets/")}
    own = {file.name for file in (ROOT / "hooks/haopin/theme/assets").iterdir()}
    # Of the theme come the rules of the elements on written pages, and their icons: test_material.py.
    elements = {name for name in assets if re.fullmatch(r"material\.css|material-[a-z-]+\.svg", name)}
    pictures = {"mark.svg", "hero.svg", "hero-dark.svg", "icon-32.png", "icon-180.png"}
    drawings = {name for name in assets if re.fullmatch(r"(?:group|task|field)-[\w-]+\.svg", name)}
    assert assets - own - elements - drawings <= {"county.css", *pictures}
    assert own <= assets


def test_a_page_loads_nothing_from_elsewhere(site: BuiltSite) -> None:
    for page in site.html.values():
        for element, address in page.references:
            if element.tag != "a" and element.get("rel", "").strip() not in ("canonical", "alternate"):
                assert site.target(page, address) is not None, f"{page.name}: {element.tag} {address}"
        assert page.all("iframe", "object", "embed", "base", "source", "video", "audio") == []
        assert [e for e in page.elements if "action" in e.attrib] == [], page.name
        for element in page.all("img"):
            for size in filter(str.strip, element.get("srcset", "").split(",")):
                assert site.target(page, size.split()[0]) is not None, f"{page.name}: {size}"


def test_stylesheets_load_nothing_from_elsewhere(site: BuiltSite) -> None:
    for name in sorted(n for n in site.files if n.endswith(".css")):
        text = (site.folder / name).read_text("utf-8")
        assert "@import" not in text, name
        assert [u for u in re.findall(r"url\(\s*[\"']?([^)\"']*)", text) if re.match(r"(?:https?:)?//", u)] == [], name


# Links


def test_every_internal_link_and_anchor_leads_somewhere(site: BuiltSite) -> None:
    assert site.broken_links == []


def test_external_links_are_safe(site: BuiltSite) -> None:
    activities = site.catalogue.all(Activity)
    # A page that is cited as a source may be served by http only.
    cited = {str(source.address) for activity in activities for source in activity.sources}
    cited |= {str(theme.source_address) for a in activities for edition in a.editions for theme in edition.themes}
    for page in site.html.values():
        for _, address in page.references:
            if site.target(page, address) is None and address not in cited:
                assert re.match(r"https://|webcal://|tel:[0-9-]+$|mailto:\S+@", address), f"{page.name}: {address}"


def test_ids_are_unique_and_readable(site: BuiltSite) -> None:
    for page in site.html.values():
        ids = [e.attrib["id"] for e in page.elements if "id" in e.attrib]
        assert [name for name, count in Counter(ids).items() if count > 1] == [], page.name
        assert [name for name in ids if not name or re.search(r"\s", name) or re.fullmatch(r"_[0-9]+", name)] == []


def test_references_by_id_lead_to_an_element_of_the_page(site: BuiltSite) -> None:
    for page in site.html.values():
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                missing = [i for i in element.get(name, "").split() if i not in page.ids]
                assert missing == [], f"{page.name}: {name}"


def test_every_page_has_one_first_heading(site: BuiltSite) -> None:
    assert {page.name: len(page.all("h1")) for page in site.html.values()} == dict.fromkeys(site.html, 1)
    assert [page.name for page in site.html.values() if not words(page.one("h1"))] == []


# Languages


def test_no_chinese_on_an_english_page_outside_marked_originals(county: BuiltSite) -> None:
    found = []
    for page in county.html.values():
        if language_of(page) == "en":
            for language, text in pieces(page.root, "en"):
                if language != "zh-Hans" and CHINESE.search(text):
                    found.append(f"{page.name}: {' '.join(text.split())}")
    assert found == []


def bodies(site: BuiltSite) -> Iterator[HtmlPage]:
    """Yield every page and card; their heads have no place for a mark."""
    for page in (*site.html.values(), *site.cards.values()):
        page.root.remove(page.one("head"))
        yield page


def test_words_of_the_other_language_are_marked_wherever_they_stand(full_county: BuiltSite) -> None:
    """With records that are not translated yet, in contents, feet and cards too."""
    latin = re.compile("[A-Za-z ,.\u2019-]+")
    found = []
    # A reading of its own, as heads are taken off.
    for page in bodies(BuiltSite(full_county.folder, full_county.data)):
        for language, text in pieces(page.root, LANGUAGE_TAGS[language_of(page)]):
            shown = " ".join(text.split())
            # Up to three words may be a name.
            is_english = latin.fullmatch(shown) is not None and len(shown.split()) > 3
            if (CHINESE.search(shown) and language != "zh-Hans") or (is_english and language != "en"):
                found.append(f"{page.name}: {language}: {shown}")
    assert found == []


def test_contents_mark_chinese_headings(full_county: BuiltSite) -> None:
    contents = [nav for page in full_county.html.values() for nav in page.all("nav", cls="hp-toc")]
    assert {span.get("lang") for nav in contents for span in nav.iter("span")} == {"zh-Hans"}


def test_every_state_has_a_word(full_county: BuiltSite) -> None:
    """A mark or a colour alone says nothing."""
    pages = (*full_county.html.values(), *full_county.cards.values())
    states = [(page.name, state) for page in pages for state in page.all(cls="hp-state")]
    assert len(states) > 100
    assert [name for name, state in states if not re.search(r"\w{2}", words(state))] == []


def test_no_english_label_on_a_chinese_page(site: BuiltSite) -> None:
    english = set()
    for label in LABELS.values():
        forms = (label.en.one, label.en.other) if isinstance(label.en, Plural) else (label.en,)
        english |= {form for form in forms if form != label.zh and re.search("[A-Za-z]{2}", form)}
    assert {"Tasks", "Home"} <= english
    for page in site.html.values():
        if language_of(page) == "zh":
            shown = {text.strip() for language, text in pieces(page.root, "zh-Hans") if language == "zh-Hans"}
            assert shown & english == set(), page.name


def test_no_label_key_and_no_placeholder_is_left(site: BuiltSite) -> None:
    groups = "|".join(sorted({key.partition(".")[0] for key in LABELS}))
    unfilled = re.compile(rf"(?<![\w./-])(?:{groups})\.(?!yml\b)[a-z_]+\b|\{{[a-z_]*\}}|\{{\{{|\[\[|\bNone\b|\x02|\x03")
    for page in site.html.values():
        for _, text in pieces(page.root, ""):
            assert not unfilled.search(text), f"{page.name}: {text.strip()}"


# Records


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_the_home_page(site: BuiltSite, language: Language) -> None:
    edition = site.edition(language)
    by_name = {page.name: address for address, page in edition.items()}
    reached, waiting = {""}, [""]
    while waiting:
        page = edition[waiting.pop()]
        for link in page.all("a"):
            target = site.target(page, link.get("href", "#"))
            address = by_name.get(target[0]) if target else None
            if address is not None and address not in reached:
                reached.add(address)
                waiting.append(address)
    assert reached == set(edition)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_record_stands_where_its_kind_says(site: BuiltSite, kind: Kind) -> None:
    # What the office publishes over time is called otherwise on its pages: test_published_data.py.
    records = () if issubclass(kind.model, Publishable | Withdrawal) else site.catalogue.all(kind.model)
    for language in LANGUAGES:
        edition = site.edition(language)
        for record in records:
            address, _, fragment = kind.anchor(record.id).partition("#")
            page = edition[address]
            # The home page has the slogan for its heading; the name of the site is its title.
            place = page.ids[fragment] if fragment else page.one("title" if kind.name == "site" else "h1")
            title = " ".join(title_of(record).show(language).split())
            assert title in words(place), f"{page.name}#{fragment}"


def test_every_measure_has_an_anchor_on_the_page_of_its_record(site: BuiltSite) -> None:
    kinds = {kind.model: kind for kind in KINDS}
    for record in site.catalogue.committed:
        address, _, fragment = kinds[type(record)].anchor(record.id).partition("#")
        for language in LANGUAGES:
            page = site.edition(language)[address]
            for measure in record.statements:
                heading = page.ids[f"{fragment}-{measure.id}" if fragment else measure.id]
                assert words(heading) == " ".join(measure.title.show(language).split())


# The documents


def documents(site: BuiltSite) -> list[Document]:
    found = [d for d in site.catalogue.all(Document) if d.source_file]
    assert found
    return found


def test_the_chinese_document_is_verbatim(site: BuiltSite) -> None:
    for document in documents(site):
        page = site.edition("zh")[f"documents/{document.id}/"]
        shown = "".join(words(e) for e in page.all(cls="hp-clause-text"))
        source = (site.data / "documents" / str(document.source_file)).read_text("utf-8")
        assert ascii_punctuation(squeeze(shown)) == squeeze(source)
        assert squeeze(shown) != squeeze(source), "punctuation is shown full-width"


def test_the_english_document_shows_the_original_of_every_clause(site: BuiltSite) -> None:
    for document in documents(site):
        page = site.edition("en")[f"documents/{document.id}/"]
        originals = page.all(cls="hp-clause-original")
        assert {e.get("lang") for e in originals} == {"zh-Hans"}
        source = (site.data / "documents" / str(document.source_file)).read_text("utf-8")
        assert ascii_punctuation(squeeze("".join(map(words, originals)))) == squeeze(source)
        translated = [words(e) for e in page.all(cls="hp-clause-text")]
        assert translated == [" ".join((clause.en or "").split()) for clause in document.clauses]


def test_every_clause_has_an_anchor(site: BuiltSite) -> None:
    for document in documents(site):
        for language in LANGUAGES:
            page = site.edition(language)[f"documents/{document.id}/"]
            found = [e.get("id") for e in page.all(cls="hp-clause-text")]
            assert found == [clause.id for clause in document.clauses]


# Search, site map, missing pages


def search_index(site: BuiltSite, language: Language) -> Any:
    file = site.folder / ("en" if language == "en" else "") / "search/search_index.json"
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_entries_lead_to_pages_and_anchors(site: BuiltSite, language: Language) -> None:
    edition = site.edition(language)
    entries = search_entries(search_index(site, language))
    locations = [entry["location"] for entry in entries]
    assert len(locations) == len(set(locations))
    assert {location for location in locations if "#" not in location} == set(edition)
    for entry in entries:
        address, _, anchor = entry["location"].partition("#")
        page = edition[address]
        if anchor:
            heading = spaced(without_beside(page.ids[anchor]))
            # A term stands beside its name in the other language.
            assert heading == entry["title"] or (address == "glossary/" and heading.startswith(f"{entry['title']} "))
        elif address:
            assert words(page.one("title")).startswith(f"{' '.join(entry['title'].split())} - ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_says_its_language(site: BuiltSite, language: Language) -> None:
    index = search_index(site, language)
    assert index["lang"] == LANGUAGE_TAGS[language]
    shown = [LABELS[key].zh if language == "zh" else LABELS[key].en for key in WORDS]
    assert set(index["words"]) == {key.partition(".")[2] for key in WORDS}
    assert index["words"]["close"] in shown
    assert len(set(index["groups"])) == len(GROUPS)
    assert all(isinstance(group, int) and group in range(len(GROUPS)) for _, group, *_ in index["docs"])
    ways = dict(index["ways"])
    assert len(ways) == len(index["ways"]) >= 1
    assert all(way.startswith("tel:") or way in site.edition(language) for way in ways.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_in_an_article_can_be_searched(site: BuiltSite, language: Language) -> None:
    texts: dict[str, str] = {}
    for entry in search_entries(search_index(site, language)):
        address = entry["location"].partition("#")[0]
        texts[address] = f"{texts.get(address, '')} {entry['title']} {entry['text']}"
    for document in documents(site):
        for clause in document.clauses:
            shown = " ".join(clause.text.show(language).split())
            assert shown in texts[f"documents/{document.id}/"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sitemap_lists_every_page_once(site: BuiltSite, language: Language) -> None:
    file = site.folder / ("en" if language == "en" else "") / "sitemap.xml"
    root = ElementTree.fromstring(file.read_bytes())
    space, xhtml = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"
    assert root.tag == f"{space}urlset"
    assert {url.tag for url in root} == {f"{space}url"}
    found = {}
    for url in root:
        links = url.findall(f"{xhtml}link")
        days = url.findall(f"{space}lastmod")
        assert list(url) == [url[0], *days, *links] and url[0].tag == f"{space}loc" and len(days) < 2
        location = url[0].text or ""
        assert location not in found
        assert {link.get("rel") for link in links} == {"alternate"}
        found[location] = {link.attrib["hreflang"]: link.attrib["href"] for link in links}
    expected = {}
    for page in site.edition(language).values():
        expected[site.url + page.address] = alternates(page)
    assert found == expected
    # Its compressed form is made with all others, for the server.
    assert not file.with_suffix(".xml.gz").exists()


@pytest.mark.parametrize(
    ("name", "home", "other"),
    [("404.html", "index.html", "en/index.html"), ("en/404.html", "en/index.html", "index.html")],
)
def test_a_missing_address_is_answered_in_both_languages(site: BuiltSite, name: str, home: str, other: str) -> None:
    page = site.html[name]
    label = LABELS["not_found.title"]
    assert words(page.one("h1")) == (label.en if language_of(page) == "en" else label.zh)
    assert alternates(page) == {}
    assert [e for e in page.all("link") if e.get("rel") == "canonical"] == []
    # The page answers at every address, so no link of it may depend on where it stands.
    relative = [a for _, a in page.references if not re.match(r"/(?!/)|https://|tel:|mailto:|#", a)]
    assert relative == []
    targets = [site.target(page, a) for _, a in page.references]
    assert (home, "") in targets
    language_link = page.one("a", cls="hp-language")
    assert site.target(page, language_link.attrib["href"]) == (other, "")
    assert urljoin(site.url, language_link.attrib["href"]).startswith(site.url)


# The quick reader of our own pages against an independent one


def test_the_outline_is_what_an_independent_reader_sees(site: BuiltSite) -> None:
    for page in site.html.values():
        article = article_of(page)
        found = outline(source_of_article(page))
        inside = [e for e in article.iter() if e is not article and isinstance(e.tag, str)]
        assert sorted(found.anchors) == sorted(e.attrib["id"] for e in inside if "id" in e.attrib), page.name
        expected = [e.attrib[name] for name in ("href", "src") for e in inside if name in e.attrib]
        assert list(found.links) == expected, page.name
        assert [(h.level, h.id, h.title) for h in found.headings] == [
            (int(e.tag[1]), e.attrib["id"], spaced(without_beside(e)))
            for e in inside
            if re.fullmatch("h[2-6]", e.tag) and "id" in e.attrib
        ], page.name
        assert [(p.anchor, p.title, p.text) for p in found.passages] == passages(article), page.name


def spaced(element: Element) -> str:
    """Return the text of ``element`` with its elements set apart, as search wants it."""
    return without_gaps(" ".join(texts(element).split()))


def without_gaps(text: str) -> str:
    """Return ``text`` without blanks beside full-width marks, which Chinese does not set."""
    return re.sub(" ?([\uff0c\u3002\uff1b\uff1a\u3001]) ?|(?<=\uff08) | (?=\uff09)", r"\1", text)


#: Classes of elements within a word or sentence, whose text is not set apart from its neighbours.
WITHIN = ("hp-term", "hp-whole")


def texts(element: Element) -> str:
    """Return the text of ``element``, with the text of most elements in it set apart."""
    text = element.text or ""
    for child in element:
        gap = "" if child.get("class") in WITHIN else " "
        text += gap + (texts(child) if isinstance(child.tag, str) else "") + gap + (child.tail or "")
    return text


def passages(article: Element) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, list[str]]] = [("", "", [])]

    def walk(element: Element) -> None:
        if is_silent(element):
            return
        if re.fullmatch("h[1-6]", element.tag) and (element.tag == "h1" or "id" in element.attrib):
            anchor = "" if element.tag == "h1" else element.attrib["id"]
            found.append((anchor, spaced(without_beside(element)), []))
            return
        if re.fullmatch("h[1-6]", element.tag):
            # Additions to the name of a group are not searched either.
            element = without_beside(element)
        gap = "" if element.get("class") in WITHIN else " "
        found[-1][2].append(gap + (element.text or ""))
        for child in element:
            walk(child)
            found[-1][2].append(child.tail or "")
        found[-1][2].append(gap)

    walk(article)
    folded = [(anchor, title, without_gaps(" ".join("".join(parts).split()))) for anchor, title, parts in found]
    return [(anchor, title, text) for anchor, title, text in folded if title or text]
