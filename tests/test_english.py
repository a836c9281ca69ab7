"""No Chinese in what a reader of English gets, but quotations marked as such, and texts that are not translated yet.

What `test_site` asks of the two counties' pages is asked here of whatever else is in English too: the data for machines
on the pages, the cards, the feeds, the calendars; and of a county with texts of the office that lack a translation.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib
import pytest
from haopin.model import KINDS
from haopin.model.document import Document
from haopin.site.catalogue import Catalogue
from haopin.text import Wording, fullwidth
from icalendar import Calendar
from pydantic import BaseModel
from support import BuiltSite
from test_site import CHINESE, language_of, pieces

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RUN = re.compile(rf"{CHINESE.pattern}+")

Found = tuple[str, str]


@pytest.fixture(params=["county", "full_county"])
def any_site(request: pytest.FixtureRequest) -> BuiltSite:
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


def untranslated(value: Any) -> Iterator[str]:
    """Yield every text of the office in ``value`` that is in Chinese only, as a reader sees it."""
    if isinstance(value, Wording):
        if value.en is None:
            yield value.show("en")
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from untranslated(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from untranslated(item)


def allowed(catalogue: Catalogue) -> str:
    """Return all that may be in Chinese: texts without a translation, and the proper numbers of documents."""
    records = [record for kind in KINDS for record in catalogue.all(kind.model)]
    rows = [row for rows in catalogue.tables.values() for row in rows]
    texts = [text for item in (*records, *rows) for text in untranslated(item)]
    for row in rows:
        texts += [getattr(row, name) or "" for name in ("product", "producer", "failing_item", "follow_up")]
    numbers = [fullwidth(document.number) for document in catalogue.all(Document) if document.number]
    return "\n".join((*texts, *numbers))


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_of(item)
    elif isinstance(value, str):
        yield value


def of_html(root: Element) -> Iterator[str]:
    return (text for language, text in pieces(root, "en") if language != "zh-Hans")


def of_pages(site: BuiltSite) -> Iterator[Found]:
    for page in (*site.html.values(), *site.cards.values()):
        if language_of(page) == "en":
            for text in of_html(page.root):
                yield page.name, text
            for script in page.all("script"):
                if script.get("type") == "application/ld+json":
                    for text in strings_of(json.loads("".join(script.itertext()))):
                        yield f"{page.name} (JSON-LD)", text


def of_xml(element: Element, language: str) -> Iterator[str]:
    language = element.get(XML_LANG, language)
    text = element.text or ""
    if element.get("type") == "html":
        yield from of_html(html5lib.parse(text, namespaceHTMLElements=False))
    elif language != "zh-Hans":
        yield text
    yield from (value for name, value in element.attrib.items() if name != XML_LANG)
    for child in element:
        yield from of_xml(child, language)


def of_feeds(site: BuiltSite) -> Iterator[Found]:
    for name in sorted(n for n in site.files if re.fullmatch(r"en/feeds/.+\.xml", n)):
        feed = ElementTree.fromstring((site.folder / name).read_bytes())
        yield from ((name, text) for text in of_xml(feed, "zh-Hans"))


def of_calendars(site: BuiltSite) -> Iterator[Found]:
    for name in sorted(n for n in site.files if re.fullmatch(r"en/calendar/.+\.ics", n)):
        items: list[tuple[str, Any]] = Calendar.from_ical((site.folder / name).read_bytes()).property_items()
        for _, value in items:
            raw = value if isinstance(value, str | bytes) else value.to_ical()
            if getattr(value, "params", {}).get("LANGUAGE") != "zh-Hans":
                yield name, raw.decode() if isinstance(raw, bytes) else raw


@pytest.mark.parametrize("texts_of", [of_pages, of_feeds, of_calendars])
def test_chinese_in_english_is_marked_or_not_translated_yet(any_site: BuiltSite, texts_of: Any) -> None:
    texts = list(texts_of(any_site))
    assert any(any_site.catalogue.site.name.en in text for _, text in texts)
    may = allowed(any_site.catalogue)
    found = {(name, run) for name, text in texts for run in RUN.findall(text) if run not in may}
    assert found == set()


def test_cards_are_among_the_pages(any_site: BuiltSite) -> None:
    names = {name for name, _ in of_pages(any_site)}
    assert {name.split("/")[2] for name in names if name.startswith("en/embed/")} == {"activity", "target", "task"}


def test_texts_without_translation_are_met_in_all_of_them(full_county: BuiltSite) -> None:
    # Otherwise the test above would pass on a county in which everything is translated.
    for texts_of in (of_pages, of_calendars):
        assert any(CHINESE.search(text) for _, text in texts_of(full_county))
    feed = (full_county.folder / "en/feeds/news.xml").read_text("utf-8")
    assert 'xml:lang="zh-Hans"' in feed
    assert CHINESE.search(feed)
    assert any(" (JSON-LD)" in name and CHINESE.search(text) for name, text in of_pages(full_county))


def test_unmarked_chinese_is_found() -> None:
    feed = ElementTree.fromstring(
        '<feed xml:lang="en"><title>甲</title><entry xml:lang="zh-Hans"><title>乙</title><link title="丙"/>'
        '<content xml:lang="en" type="html">&lt;p title="丁"&gt;戊'
        "&lt;b lang='zh-Hans'&gt;己&lt;/b&gt;&lt;/p&gt;</content></entry></feed>"
    )
    assert RUN.findall(" ".join(of_xml(feed, "en"))) == ["甲", "丙", "丁", "戊"]
