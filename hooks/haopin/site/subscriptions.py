"""Calendars and feeds: list, addresses, and the one for each page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.base import FeedGroup
from haopin.model.body import Body
from haopin.model.news import Event
from haopin.model.publishable import Publishable, Withdrawal
from haopin.site.calendar import CalendarItem, CalendarItems, DatedRecord, Due, Occurrence
from haopin.site.catalogue import Catalogue
from haopin.site.pages import LISTINGS, Page, listings
from haopin.trace import derived, question

#: Kinds of records published over time.
DATED: tuple[Kind, ...] = tuple(kind for kind in KINDS if issubclass(kind.model, Publishable))

_PAGES: Mapping[FeedGroup, str] = {
    "news": "news/",
    "activities": "events/",
    "disclosures": "disclosures/",
    "ledger": "progress/",
}
#: Feeds of several kinds, each with the page that lists the same. They always exist, so that people can subscribe
#: before there are entries. Of activities only events are included: occurrences and themes have no date of
#: announcement.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "all": ("changes/", tuple(kind.name for kind in DATED)),
    **{name: (page, tuple(kind.name for kind in DATED if kind.feed == name)) for name, page in _PAGES.items()},
}


#: Largest number of entries in a feed.
NEWEST = 50


@dataclass(frozen=True)
class CalendarFile:
    """A calendar: path relative to the root of a language, subject (None: everything), and items."""

    path: str
    record: Record | None
    items: tuple[CalendarItem, ...]


@dataclass(frozen=True)
class Feed:
    """A feed.

    Attributes:
        name: Its name: that of a group or a kind.
        kinds: Kinds of its records.
        page: Site-relative address of the page that lists the same; "" (the home page) if there is none.
    """

    name: str
    kinds: tuple[Kind, ...]
    page: str

    @property
    def path(self) -> str:
        """Path relative to the root of a language."""
        return f"feeds/{self.name}.xml"

    @property
    def is_group(self) -> bool:
        """Whether it is the feed of a group, not of a kind."""
        return self.name in GROUPS


#: Path of the calendar with everything, relative to the root of a language.
ALL_DATES = "calendar/all.ics"


class Subscriptions:
    """Calendars and feeds of one catalogue on one date."""

    newest = NEWEST

    def __init__(self, catalogue: Catalogue, as_of: date, trace_name: str = "") -> None:
        """Store the sources; ``trace_name`` is the name of this service in `haopin.trace`."""
        self._catalogue, self._as_of, self.trace_name = catalogue, as_of, trace_name
        self.items = CalendarItems(catalogue, as_of)

    @derived
    def calendars(self) -> tuple[CalendarFile, ...]:
        """All calendars, the one with everything first."""
        return (CalendarFile(ALL_DATES, None, self.items.all), *self._of_records())

    def _of_records(self) -> Iterator[CalendarFile]:
        for activity in self._catalogue.all(Activity):
            found = self.items.of_activity(activity)
            # The calendar of a recurring day keeps its address, even in years without an occurrence.
            if found or activity.recurrence:
                yield CalendarFile(f"calendar/activities/{activity.id}.ics", activity, found)
        for body in self._catalogue.all(Body):
            if found := self.items.of_body(body):
                yield CalendarFile(f"calendar/bodies/{body.id}.ics", body, found)
        for event in self._catalogue.all(Event):
            yield CalendarFile(f"calendar/events/{event.id}.ics", event, self.items.of_event(event))
        for item in self.items.of_records:
            if isinstance(item.subject, DatedRecord):
                kind, record = item.subject.kind, item.subject.record
                yield CalendarFile(f"calendar/{kind.folder}/{record.id}.ics", record, (item,))

    def is_empty(self, feed: Feed) -> bool:
        """Return whether ``feed`` has no entry yet."""
        gone = {tombstone.kind.name for tombstone in self._catalogue.tombstones}
        if feed.name == "all" and self._catalogue.all(Withdrawal):
            return False
        return not any(kind.name in gone or self._catalogue.all(kind.model) for kind in feed.kinds)

    def calendars_of(self, folder: str) -> list[CalendarFile]:
        """Return the calendars of the records in ``folder`` (activities, bodies or events)."""
        return [file for file in self.calendars if file.path.startswith(f"calendar/{folder}/")]

    @derived
    def coming(self) -> list[CalendarItem]:
        """Upcoming items: the next occurrence of each activity, and events, earliest first."""
        found: dict[str, CalendarItem] = {}
        for item in self.items.all:
            subject = item.subject
            if item.end < self._as_of or isinstance(subject, Due) or (isinstance(subject, Event) and subject.cancelled):
                continue
            found.setdefault(subject.activity.id if isinstance(subject, Occurrence) else item.name, item)
        return list(found.values())

    @derived
    def _paths(self) -> Mapping[tuple[str, str], str]:
        found = ((file.record, file.path) for file in self.calendars if file.record is not None)
        return {(type(record).__name__, record.id): path for record, path in found}

    @question
    def _path_of(self, model: str, record_id: str) -> str | None:
        return self._paths.get((model, record_id))

    def calendar_of(self, page: Page) -> str | None:
        """Return the path of the calendar of ``page``, relative to the root of its language."""
        if page.template in ("home", "activities", "events", "subscribe"):
            return ALL_DATES
        return self.calendar_of_record(page.record) if page.record is not None else None

    def calendar_of_record(self, record: Record) -> str | None:
        """Return the path of the calendar of ``record``, relative to the root of a language."""
        return self._path_of(type(record).__name__, record.id)

    @derived
    def feeds(self) -> tuple[Feed, ...]:
        """All feeds: those of groups always, that of a kind if there are or were records of it."""
        kinds = {kind.name: kind for kind in DATED}
        groups = [
            Feed(name, tuple(kinds[kind] for kind in names), self._existing(page))
            for name, (page, names) in GROUPS.items()
        ]
        gone = {tombstone.kind.name for tombstone in self._catalogue.tombstones}
        single = [
            Feed(kind.name, (kind,), self._existing(kind.folder))
            for kind in DATED
            if kind.name not in GROUPS and (kind.name in gone or self._catalogue.all(kind.model))
        ]
        return (*groups, *single)

    @question
    def _folders(self) -> frozenset[str]:
        return frozenset(listing.folder for listing in listings(self._catalogue))

    def _existing(self, page: str) -> str:
        return f"{page.rstrip('/')}/" if page.rstrip("/") in self._folders() else ""

    @derived
    def _by_template(self) -> Mapping[str, Feed]:
        found: dict[str, Feed] = {"home": self.feeds[0], "subscribe": self.feeds[0]}
        for feed in self.feeds:
            for listing in LISTINGS:
                if f"{listing.folder}/" == feed.page:
                    found.setdefault(listing.name, feed)
                    if listing.kind is not None and listing.kind.page:
                        found.setdefault(listing.kind.page, feed)
        return found

    @question
    def feed_of(self, template: str) -> str | None:
        """Return the path of the feed of pages of ``template``, relative to the root of their language."""
        feed = self._by_template.get(template)
        return feed.path if feed else None
