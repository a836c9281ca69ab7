"""Atom feeds (RFC 4287) of publications, with the full text of each entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import TemplateNotFound
from markupsafe import Markup, escape

from haopin.exports.source import ExportSource, Outfile
from haopin.model import Kind
from haopin.model.ledger import Assignment, Entry
from haopin.model.news import Event
from haopin.model.publishable import Publishable, Withdrawal
from haopin.model.recognition import Award
from haopin.site.subscriptions import DATED, NEWEST, Feed
from haopin.text import LANGUAGE_TAGS, Language, Text, Wording
from haopin.trace import derived, kept

# --- Entries: records with their dates, and notices of withdrawals

# Feed readers have neither the site's style sheets nor its scripts.
_OF_PAGES = re.compile(r' (?:class|tabindex|data-[a-z-]+)="[^"]*"')


@dataclass(frozen=True)
class FeedItem:
    """An entry of a feed, without its content.

    Attributes:
        kind: Name of the kind of record.
        kind_name: Label of the kind.
        id: Id of the record.
        dated: Date of the record.
        published: First day on which it is public.
        updated: Date of the latest change.
        title: Its title.
        language: Language of the title.
        address: Address of its page, relative to the root of the language.
        record: The record.
    """

    kind: str
    kind_name: str
    id: str
    dated: date
    published: date
    updated: date
    title: str
    language: Language
    address: str
    record: Publishable | Withdrawal


class FeedEntries:
    """The entries of one language."""

    def __init__(self, source: ExportSource) -> None:
        """Store the source."""
        self._source = source

    def of(self, feed: Feed) -> list[FeedItem]:
        """Return the entries of ``feed``, latest first."""
        names = {kind.name for kind in feed.kinds}
        found = [item for name in sorted(names) for item in self._records.get(name, ())]
        # A deleted record may have been in any feed: withdrawals of unknown records are in the feed of everything.
        withdrawn = [
            item
            for kinds, item in self._withdrawals
            if names.intersection(kinds) or (not kinds and len(names) == len(DATED))
        ]
        return sorted(found + withdrawn, key=lambda item: (item.updated, item.dated, item.kind, item.id), reverse=True)

    @derived
    def _records(self) -> dict[str, list[FeedItem]]:
        catalogue = self._source.catalogue
        return {
            kind.name: [self._item(kind, r) for r in catalogue.all(kind.model) if isinstance(r, Publishable)]
            for kind in DATED
        }

    def _item(self, kind: Kind, record: Publishable) -> FeedItem:
        approved = record.approved.date if record.approved else record.date
        published = max(record.date, approved, record.publish_from or record.date)
        title, language = self._title(kind, record)
        return FeedItem(
            kind.name,
            self._source.t(f"kind.{kind.name}"),
            record.id,
            record.date,
            published,
            max(published, self._last_word(record)),
            title,
            language,
            self._source.view.address_of(record),
            record,
        )

    def _last_word(self, record: Publishable) -> date:
        """Return the date of the last change of a record after its publication."""
        correction = self._source.catalogue.correction_of.get(record.id) if isinstance(record, Entry) else None
        return (
            max(correction.date, correction.approved.date) if correction and correction.approved else record.last_word
        )

    def _title(self, kind: Kind, record: Publishable) -> tuple[str, Language]:
        t, own = self._source.t, self._source.language
        name, language = self._name(record)
        if language == own:
            # An untranslated name gets no prefix: the entry is marked with one language.
            name = self._source.pair(t(f"kind.{kind.name}"), name)
        if isinstance(record, Entry) and record.corrects:
            name = t("subscribe.correction", title=name)
        elif isinstance(record, Entry) and record.id in self._source.catalogue.correction_of:
            name = t("subscribe.corrected", title=name)
        elif isinstance(record, Event) and record.cancelled:
            name = t("subscribe.cancelled", title=name)
        return (t("subscribe.sample", title=name) if record.sample else name), language

    def _name(self, record: Publishable) -> tuple[str, Language]:
        own, view = self._source.language, self._source.view
        if isinstance(record, Entry | Assignment):
            name = view.subject(record)[2].show(own)
            if isinstance(record, Entry) and (said := self._reported(record)):
                name = f"{name} · {said}"
            if len(self._source.catalogue.plans) > 1:
                plan = self._source.catalogue.plan_of(record)
                name = self._source.t("plan.of", plan=plan.name.show(own), title=name)
            return name, own
        label: Wording | Text = record.label
        language = label.language(own)
        name = label.show(own)
        if isinstance(record, Award) and language == own:
            name = f"{name} · {view.honour(record.honour).name.show(own)}"
        return name, language

    def _reported(self, entry: Entry) -> str:
        if entry.value is not None:
            return self._source.renderer.quantity.reported(entry)
        return self._source.t(f"ledger.{entry.state}") if entry.state else ""

    @derived
    def _withdrawals(self) -> list[tuple[frozenset[str], FeedItem]]:
        t, view, own = self._source.t, self._source.view, self._source.language
        found = []
        for withdrawal, kinds in view.withdrawals:
            title = t("withdrawal.title")
            if kinds:
                what = self._source.renderer.listed(map(self._source.kind_title, kinds))
                title = self._source.pair(title, what)
            title = t("subscribe.sample", title=title) if withdrawal.sample else title
            # The page of changes lists withdrawals.
            address = f"changes/#{withdrawal.id}" if "changes" in view.folders else ""
            day = withdrawal.date
            name = t("withdrawal.title")
            item = FeedItem("withdrawal", name, withdrawal.id, day, day, day, title, own, address, withdrawal)
            found.append((frozenset(kind.name for kind in kinds), item))
        return found

    def content(self, item: FeedItem) -> str:
        """Return the full text of an entry as HTML with absolute addresses."""
        if isinstance(item.record, Withdrawal):
            reason, rule = self._source.t(f"withdrawal.{item.record.reason}"), self._source.t("withdrawal.lead")
            return f"<p>{escape(reason)}</p>\n<p>{escape(rule)}</p>"
        given = {**self._context, "item": item.record, "body_of": self._facts(item)}
        html = _OF_PAGES.sub("", self._template("feeds/record.html").render(given))
        return "\n".join(line for line in html.splitlines() if line.strip())

    def _facts(self, item: FeedItem) -> Markup:
        """Return the content by kind: from its feed template, from the template of its page, or all its texts."""
        given = {**self._context, "item": item.record}
        try:
            return Markup(self._template(f"feeds/{item.kind}.html").render(given))
        except TemplateNotFound:
            pass
        kind = next(kind for kind in DATED if kind.name == item.kind)
        try:
            page = self._template(f"{kind.folder.rpartition('/')[2]}.html")
        except TemplateNotFound:
            page = None
        if page is not None and "item" in page.blocks:
            return Markup("".join(page.blocks["item"](page.new_context(given))))
        texts = [value for name, value in item.record if name != "source" and isinstance(value, Wording)]
        return Markup("".join(given["rich"](text) for text in texts if text != getattr(item.record, "label", None)))

    def _template(self, name: str) -> Any:
        return self._source.renderer.templates.get_template(name)

    @derived
    def _context(self) -> dict[str, Any]:
        given = dict(self._source.outside)
        # Macros that page templates import: created once, because each import creates all macros again.
        macros = {name: self._template(f"parts/{file}.html") for name, file in (("m", "macros"), ("l", "living"))}
        return {**given, **{name: template.make_module(given) for name, template in macros.items()}}


# --- Feeds: entries are in one language, so each language has its own; ids are tag: URIs (RFC 4151), reproducible


def make_feeds(source: ExportSource) -> Iterator[Outfile]:
    """Yield every feed of the language."""
    writer = _FeedWriter(source)
    for feed in source.view.subscriptions.feeds:
        yield Outfile(feed.path, lambda feed=feed: writer.write(feed))  # type: ignore[misc]


class _FeedWriter:
    """Writer of the feeds of one language; entries in several feeds are rendered once."""

    def __init__(self, source: ExportSource) -> None:
        self._source = source
        self._zone = ZoneInfo(source.catalogue.site.time_zone)
        self._made: dict[tuple[str, str], Any] = {}

    @derived
    def _entries(self) -> FeedEntries:
        return FeedEntries(self._source)

    def write(self, feed: Feed) -> bytes:
        """Serialise ``feed``."""
        source, site, language = self._source, self._source.catalogue.site, self._source.language
        # Loads the library, which loads modules of the network: only when a feed is written.
        from haopin.exports.atom_feed import AtomFeed

        items = self._entries.of(feed)[:NEWEST]
        made = AtomFeed(
            title=source.pair(site.name.show(language), title(source, feed)),
            link=source.url(feed.page),
            description=source.t("subscribe.newest", n=NEWEST),
            language=LANGUAGE_TAGS[language],
            # RFC 4287 requires an author: the site itself if no owner is known.
            author_name=(site.owner or site.name).show(language),
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

    def _entry(self, item: FeedItem) -> dict[str, Any]:
        return kept(self._made, (item.kind, item.id), self._rendered, item)

    def _rendered(self, item: FeedItem) -> dict[str, Any]:
        language = item.language
        return {
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

    @property
    def _founded(self) -> date:
        """Date for tag: URIs, the date of the programme's document."""
        document = self._source.catalogue.document
        return document.dated or self._source.as_of.plain()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)

    def _tag(self, day: date, name: str) -> str:
        address = urlsplit(str(self._source.catalogue.site.address))
        # Two sites may share a host.
        place = "/".join(filter(None, [address.path.strip("/"), self._source.language, name]))
        return f"tag:{address.hostname},{day}:{place}"


def title(source: ExportSource, feed: Feed) -> str:
    """Return the title of a feed."""
    # Labels of groups are looked up by name, so that a new kind needs none.
    names = {
        "all": "page.changes",
        "news": "page.news",
        "activities": "page.events",
        "disclosures": "page.disclosures",
        "ledger": "subscribe.ledger",
    }
    return source.t(names[feed.name]) if feed.is_group else source.kind_title(feed.kinds[0]).show(source.language)
