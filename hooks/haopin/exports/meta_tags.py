"""Metadata in the ``head`` of a page: tags for government sites, Open Graph, alternate formats, linked data."""

import json
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from babel import Locale
from babel.core import get_global

from haopin.exports.last_modified import published
from haopin.exports.pictures.images import HEIGHT, WIDTH
from haopin.exports.schema_org import CONTEXT, SchemaOrg
from haopin.exports.source import ExportSource
from haopin.model import KINDS, Record
from haopin.model.document import Document
from haopin.model.news import News
from haopin.model.publishable import Publishable
from haopin.site.pages import Page
from haopin.site.paths import API
from haopin.text import Language

_KIND_OF = {kind.model: kind.name for kind in KINDS}
#: Type of column of a page, by its folder; other pages are general information.
_COLUMNS = {
    "": "column_type.home",
    "bodies": "column_type.bodies",
    "matrix": "column_type.bodies",
    "news": "column_type.news",
    "changes": "column_type.news",
    "documents": "column_type.documents",
    "policies": "column_type.documents",
    "participate": "column_type.answers",
    "needs": "column_type.answers",
}


def _meta(name: str, content: str, attribute: str = "name") -> str:
    return f'<meta {attribute}="{name}" content="{escape(content)}">'


def _locale(language: Language) -> str:
    """Return the Open Graph locale of ``language``, with its most likely territory: zh_CN, en_US."""
    code = language.replace("-", "_")
    likely = Locale.parse(get_global("likely_subtags").get(code, code))
    return "_".join(filter(None, (likely.language, likely.territory)))


class MetaTags:
    """Metadata of the pages of one language."""

    def __init__(self, source: ExportSource) -> None:
        """Prepare what all pages have in common."""
        self._source = source
        self._linked = SchemaOrg(source)
        site = source.catalogue.site
        self._name = site.name.show(source.language)
        tags = [_meta("SiteName", self._name), _meta("SiteDomain", urlsplit(source.base).netloc)]
        if site.identifiers.site_id:
            tags.append(_meta("SiteIDCode", site.identifiers.site_id))
        self._site = "\n".join(tags)
        others = [x for x in source.languages if x != source.language]
        alternates = [_meta("og:locale:alternate", _locale(x), "property") for x in others]
        self._locale = "\n".join([_meta("og:locale", _locale(source.language), "property"), *alternates])

    def of(self, page: Page, title: str, description: str) -> str:
        """Return the metadata of ``page`` as escaped HTML, which begins with a line feed.

        Args:
            page: The page.
            title: Its title.
            description: Its description.
        """
        tags = [self._site, *self._place(page, title, description), *self._graph(page, title, description)]
        tags += self._other_forms(page)
        return "\n" + "\n".join(tags) + self._data(page, title, description)

    def _place(self, page: Page, title: str, description: str) -> Iterator[str]:
        """Yield the government tags of a column or an article."""
        source, record = self._source, page.record
        if record is None:
            yield _meta("ColumnName", title)
            yield _meta("ColumnDescription", description)
            yield _meta("ColumnKeywords", ",".join([title, self._name]))
            yield _meta("ColumnType", source.t(_COLUMNS.get(page.folder, "column_type.general")))
            return
        yield _meta("ArticleTitle", title)
        if (day := published(record)) is not None:
            # The tag requires a time; a record has a date, so it is midnight.
            yield _meta("PubDate", f"{day.isoformat()} 00:00")
        if source_name := self._content_source(record):
            yield _meta("ContentSource", source_name)
        yield _meta("Url", source.url(page.address))

    def _content_source(self, record: Record) -> str:
        source = self._source
        if isinstance(record, Publishable):
            return record.source.show(source.language)
        if isinstance(record, Document) and record.issuer:
            return record.issuer.show(source.language)
        issuer = source.catalogue.issuer
        return issuer.show(source.language) if issuer else ""

    def _graph(self, page: Page, title: str, description: str) -> Iterator[str]:
        """Yield the Open Graph tags."""
        article = isinstance(page.record, News)
        yield _meta("og:type", "article" if article else "website", "property")
        yield _meta("og:site_name", self._name, "property")
        yield _meta("og:title", self._name if page.address == "" else title, "property")
        yield _meta("og:description", description, "property")
        yield _meta("og:url", self._source.url(page.address), "property")
        yield self._locale
        picture = self._source.pictures.card(page.address)
        yield _meta("og:image", self._source.url(picture.path), "property")
        yield _meta("og:image:type", "image/png", "property")
        yield _meta("og:image:width", str(WIDTH), "property")
        yield _meta("og:image:height", str(HEIGHT), "property")
        yield _meta("og:image:alt", picture.alternative, "property")
        yield _meta("twitter:card", "summary_large_image")
        if article and (day := published(page.record)) is not None:
            yield _meta("article:published_time", day.isoformat(), "property")

    def _other_forms(self, page: Page) -> Iterator[str]:
        """Yield links to alternate formats of the page."""
        source, record = self._source, page.record
        offered = source.view.subscriptions
        if (feed := offered.feed_of(page.template)) is not None:
            yield f'<link rel="alternate" type="application/atom+xml" href="{escape(source.url(feed))}">'
        if (calendar := offered.calendar_of(page)) is not None:
            yield f'<link rel="alternate" type="text/calendar" href="{escape(source.url(calendar))}">'
        if record is not None and page.row is None:
            address = source.shared(f"{API}{_KIND_OF[type(record)]}/{record.id}.json")
            yield f'<link rel="alternate" type="application/json" href="{escape(address)}">'

    def _data(self, page: Page, title: str, description: str) -> str:
        things = self._linked.page(page, title, description)
        if not things:
            return ""
        # "</" in a text must not end the script element.
        text = json.dumps({"@context": CONTEXT, "@graph": things}, ensure_ascii=False, separators=(",", ":"))
        safe = text.replace("<", "\\u003c")
        return f'\n<script type="application/ld+json">{safe}</script>'
