"""Feeds (Atom, RFC 4287) of what the office publishes by and by, with the full text of each record.

An entry is a text, so each language has entries of its own; ids are tag: URIs (RFC 4151) that every build makes anew.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cached_property
from io import StringIO
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from haopin.outlets.entries import Entries, Item
from haopin.outlets.source import Outfile, Source
from haopin.subscriptions import NEWEST, Feed
from haopin.text import LANGUAGE_TAGS


def make_feeds(source: Source) -> Iterator[Outfile]:
    """Yield every feed of the language."""
    writer = _Writer(source)
    for feed in source.view.subscriptions.feeds:
        yield Outfile(feed.path, lambda feed=feed: writer.write(feed))  # type: ignore[misc]


class _Writer:
    """Writes the feeds of one language; an entry that stands in several is made once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._zone = ZoneInfo(source.catalogue.site.time_zone)
        self._made: dict[tuple[str, str], dict[str, Any]] = {}

    @cached_property
    def _entries(self) -> Entries:
        return Entries(self._source)

    def write(self, feed: Feed) -> bytes:
        """Return ``feed`` as bytes."""
        from haopin.outlets.atom import AtomFeed

        source, site, language = self._source, self._source.catalogue.site, self._source.language
        items = self._entries.of(feed)[:NEWEST]
        made = AtomFeed(
            title=source.pair(site.name.show(language), title(source, feed)),
            link=source.url(feed.page),
            description=source.t("subscribe.newest", n=NEWEST),
            language=LANGUAGE_TAGS[language],
            author_name=(site.owner or site.issuing_body).show(language),
            author_link=source.url(""),
            feed_url=source.url(feed.path),
            feed_guid=self._tag(self._founded, feed.path),
            updated=self._midnight(max((item.updated for item in items), default=self._founded)),
        )
        for item in items:
            made.add_item(**self._entry(item))
        text = StringIO()
        made.write(text, "utf-8")
        return f"{text.getvalue()}\n".encode()

    def _entry(self, item: Item) -> dict[str, Any]:
        key = item.kind, item.id
        if key not in self._made:
            language = item.language
            self._made[key] = {
                "title": item.title,
                "link": self._source.url(item.address),
                "description": None,
                "content": self._entries.content(item),
                "unique_id": self._tag(item.dated, f"{item.kind}/{item.id}"),
                "pubdate": self._midnight(item.published),
                "updateddate": self._midnight(item.updated),
                "lang": LANGUAGE_TAGS[language] if language != self._source.language else None,
                "feed_lang": LANGUAGE_TAGS[self._source.language],
                "kind": (item.kind, item.kind_name),
            }
        return self._made[key]

    @property
    def _founded(self) -> date:
        """A day on which the programme had begun: that of its document."""
        document = self._source.catalogue.document
        return document.published or document.adopted or self._source.as_of

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)

    def _tag(self, day: date, name: str) -> str:
        address = urlsplit(str(self._source.catalogue.site.address))
        # Two counties may share a host.
        place = "/".join(filter(None, [address.path.strip("/"), self._source.language, name]))
        return f"tag:{address.hostname},{day}:{place}"


def title(source: Source, feed: Feed) -> str:
    """Return what a feed is called."""
    # The labels of the groups are looked up by hand so that a new kind needs none.
    names = {
        "all": "page.changes",
        "news": "page.news",
        "activities": "page.events",
        "disclosures": "page.disclosures",
        "ledger": "subscribe.ledger",
    }
    return source.t(names[feed.name]) if feed.is_group else feed.kinds[0].title.show(source.language)
