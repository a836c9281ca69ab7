"""Calendars (RFC 5545, with names and refreshing by RFC 7986) that people subscribe to on a phone or a desk.

An occasion has one UID in all files and in both languages: it is one thing that happens, so that somebody who takes
two of the calendars into one has it once, in the language taken last.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from haopin.occasions import Occasion
from haopin.outlets.announcement import Announcement
from haopin.outlets.source import Outfile, Source
from haopin.records.news import Event
from haopin.subscriptions import CalendarFile
from haopin.text import LANGUAGE_TAGS

if TYPE_CHECKING:
    from icalendar import Calendar, Component

#: How often a reader should ask again.
REFRESH = timedelta(days=1)

_END = b"END:VCALENDAR\r\n"


def make_calendars(source: Source) -> Iterator[Outfile]:
    """Yield every calendar of the language."""
    writer = _Writer(source)
    for file in source.view.subscriptions.calendars:
        yield Outfile(file.path, lambda file=file: writer.write(file))  # type: ignore[misc]


class _Writer:
    """Writes the calendars of one language; what several of them have is made once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        address = urlsplit(str(source.catalogue.site.address))
        #: Two counties may share a host.
        self._place = f"{address.hostname}{address.path.rstrip('/')}"
        self._zone = source.catalogue.site.time_zone
        self._made: dict[str, bytes] = {}

    def write(self, file: CalendarFile) -> bytes:
        """Return ``file`` as bytes."""
        frame: bytes = self._frame(file).to_ical()
        assert frame.endswith(_END)
        # The library writes each component by itself, and an occasion stands in up to a dozen files.
        return b"".join([frame[: -len(_END)], self._time_zone, *map(self._occasion, file.occasions), _END])

    def _frame(self, file: CalendarFile) -> "Calendar":
        from icalendar import Calendar, vText

        source, language = self._source, {"LANGUAGE": LANGUAGE_TAGS[self._source.language]}
        name = title(source, file)
        page = source.page_of(file.record) if file.record is not None else source.url("subscribe/")
        found = Calendar()
        found.add("version", "2.0")
        found.add("prodid", f"-//{self._place}//Haopin//{source.language.upper()}")
        found.add("calscale", "GREGORIAN")
        found.add("method", "PUBLISH")
        # The library escapes texts of properties that it knows; these it does not.
        found.add("name", vText(name), parameters=language)
        found.add("x-wr-calname", vText(name))
        found.add("x-wr-timezone", self._zone)
        found.add("url", page)
        found.add("source", source.url(file.path), parameters={"VALUE": "URI"})
        found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", "P1D")
        return found

    @cached_property
    def _time_zone(self) -> bytes:
        from icalendar import Timezone

        occasions = self._source.view.subscriptions.occasions.all
        first = min((o.start.year for o in occasions), default=self._source.as_of.year)
        last = max((o.end.year for o in occasions), default=self._source.as_of.year)
        zone = Timezone.from_tzid(self._zone, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))
        # The library's remark on these years is in English only.
        zone.pop("COMMENT", None)
        made: bytes = zone.to_ical()
        return made

    def _occasion(self, occasion: Occasion) -> bytes:
        if occasion.name not in self._made:
            made: bytes = self._component(occasion).to_ical()
            self._made[occasion.name] = made
        return self._made[occasion.name]

    def _component(self, occasion: Occasion) -> "Component":
        from icalendar import Event as Component

        said = Announcement(self._source, occasion)
        language = {"LANGUAGE": LANGUAGE_TAGS[said.language]}
        # No clock is asked: the latest day in the data is the only one that is known.
        stamp = datetime.combine(occasion.stamp, time(), ZoneInfo(self._zone)).astimezone(ZoneInfo("UTC"))
        found = Component()
        found.add("uid", f"{occasion.name}@{self._place}")
        found.add("dtstamp", stamp)
        found.add("last-modified", stamp)
        found.add("sequence", occasion.revision)
        start, end = moments(occasion, self._zone)
        found.add("dtstart", start)
        if end is not None:
            found.add("dtend", end)
        found.add("summary", said.summary, parameters=language)
        found.add("description", said.description, parameters={"LANGUAGE": LANGUAGE_TAGS[self._source.language]})
        if said.venue:
            found.add("location", said.venue, parameters={"LANGUAGE": LANGUAGE_TAGS[said.venue_language]})
        found.add("url", said.url)
        found.add("categories", said.categories, parameters={"LANGUAGE": LANGUAGE_TAGS[self._source.language]})
        found.add("transp", "OPAQUE" if isinstance(start, datetime) and not said.is_cancelled else "TRANSPARENT")
        found.add("class", "PUBLIC")
        if isinstance(occasion.subject, Event):
            found.add("status", "CANCELLED" if said.is_cancelled else "CONFIRMED")
        return found


def moments(occasion: Occasion, zone: str) -> tuple[date | datetime, date | datetime | None]:
    """Return when ``occasion`` begins and the moment after its end: days, or times in ``zone``.

    Hours of an event of several days do not say whether they are those of each day: it is given as whole days, and
    the hours stand in its description. Of an event without a closing time, no end is made up.
    """
    event = occasion.subject
    if isinstance(event, Event) and event.opens and occasion.start == occasion.end:
        start, end = (
            datetime.combine(occasion.start, time.fromisoformat(clock), ZoneInfo(zone)) if clock else None
            for clock in (event.opens, event.closes)
        )
        assert start is not None
        return start, end if end and end > start else None
    return occasion.start, occasion.end + timedelta(days=1)


def title(source: Source, file: CalendarFile) -> str:
    """Return what a calendar is called."""
    site = source.catalogue.site.name.show(source.language)
    name = source.renderer.show(source.name_of(file.record)) if file.record else source.t("subscribe.all_dates")
    return source.pair(site, name)
