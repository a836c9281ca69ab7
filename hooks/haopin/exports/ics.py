"""Calendars (RFC 5545, with names and refresh intervals by RFC 7986) to subscribe to."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from haopin.exports.source import ExportSource, Outfile
from haopin.html import formats
from haopin.html.outline import plain
from haopin.model.activity import Theme
from haopin.model.body import Body
from haopin.model.news import Event
from haopin.model.target import Target
from haopin.site.calendar import CalendarItem, Due, Occurrence
from haopin.site.subscriptions import CalendarFile
from haopin.text import LANGUAGE_TAGS, Language, Text, Wording

if TYPE_CHECKING:
    from icalendar import Calendar, Component


# --- What is said of an occasion in plain text: its name, what it is about, where, and where to read more

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|tr)>|<br>")


class Announcement:
    """The words of one occasion in one language."""

    def __init__(self, source: ExportSource, occasion: CalendarItem) -> None:
        """Keep what they are made from."""
        self._source, self._occasion = source, occasion

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return isinstance(self._occasion.subject, Event) and self._occasion.subject.cancelled is not None

    @property
    def language(self) -> Language:
        """The language of the name: the other one if it is not translated yet."""
        subject = self._occasion.subject
        own = self._source.language
        return subject.title.language(own) if isinstance(subject, Event) else own

    @cached_property
    def summary(self) -> str:
        """The name."""
        t, subject, show = self._source.t, self._occasion.subject, self._source.renderer.show
        if isinstance(subject, Occurrence):
            name = show(subject.activity.name)
        elif isinstance(subject, Event):
            name = show(subject.title)
            # Few readers show the state of an event.
            name = t("subscribe.cancelled", title=name) if subject.cancelled else name
        elif subject.measure is not None:
            name = t("subscribe.due", title=show(subject.measure.title))
        elif isinstance(subject.record, Target):
            name = t("subscribe.due", title=show(subject.record.title))
        else:
            name = t("subscribe.end", title=show(subject.record.title))
        return t("subscribe.sample", title=name) if self._occasion.sample else name

    @cached_property
    def description(self) -> str:
        """What is known of it, a line each."""
        subject = self._occasion.subject
        if isinstance(subject, Occurrence):
            lines = self._of_occurrence(subject)
        elif isinstance(subject, Event):
            lines = self._of_event(subject)
        else:
            lines = self._of_due(subject)
        return "\n".join([*lines, self.url])

    def _of_occurrence(self, item: Occurrence) -> list[str]:
        t = self._source.t
        themes = item.edition.themes if item.edition else ()
        if not themes:
            return [t("subscribe.no_theme")]
        return [line for theme in themes for line in self._of_theme(theme)]

    def _of_theme(self, theme: Theme) -> list[str]:
        t, show = self._source.t, self._source.renderer.show
        unofficial = "" if self._source.language in theme.official else t("activity.unofficial")
        uncertain = "" if theme.certainty == "high" else t("activity.uncertain")
        gap = "" if self._source.language == "zh" else " "
        words = gap.join(filter(None, [show(theme.text), unofficial]))
        lines = [self._fact("scope." + theme.scope, words)]
        if theme.tagline:
            lines.append(show(theme.tagline))
        source = t("activity.source", source=show(theme.source))
        return [*lines, " · ".join(filter(None, [source, uncertain]))]

    def _of_event(self, event: Event) -> list[str]:
        t, show, language = self._source.t, self._source.renderer.show, self._source.language
        lines = []
        if event.cancelled:
            reason = [show(event.cancelled.reason)] if event.cancelled.reason else []
            lines.append(
                self._fact("event.cancelled", " · ".join([formats.day(event.cancelled.date, language), *reason]))
            )
        for change in sorted(event.changed, key=lambda change: change.date, reverse=True):
            lines.append(
                self._fact("event.changed", " · ".join([formats.day(change.date, language), show(change.what)]))
            )
        hours = "–".join(filter(None, [event.opens, event.closes]))
        if hours and event.last > event.start:
            lines.append(self._fact("event.when", f"{formats.span(event.start, event.last, language)} {hours}"))
        if not event.venue:
            lines.append(self._fact("event.venue", t("event.no_venue")))
        if event.audience:
            lines.append(self._fact("event.audience", show(event.audience)))
        if event.body:
            lines.append(self._fact("activity.organizers", show(self._source.catalogue.get(Body, event.body).name)))
        if event.text:
            lines.append(self._plain(event.text))
        contact = show(event.contact) if event.contact else t("state.not_reported")
        return [
            *lines,
            self._fact("service.contact", contact),
            f"{t('ledger.source_is')}{self._gap}{show(event.source)}",
        ]

    def _of_due(self, due: Due) -> list[str]:
        t, show = self._source.t, self._source.renderer.show
        if due.measure is None:
            if isinstance(due.record, Target):
                nature = "target.aim" if due.record.nature == "aim" else "target.commitment"
                return [self._fact("target.nature", t(nature)), self._fact("target.scope", show(due.record.scope))]
            return []
        lines = [self._fact("activity.task", show(due.record.title))]
        if due.measure.owner:
            lines.append(
                f"{t('task.owner')}{self._gap}{show(self._source.catalogue.get(Body, due.measure.owner).name)}"
            )
        if due.measure.assigned_by:
            lines.append(t("activity.source", source=show(due.measure.assigned_by)))
        return lines

    @property
    def venue(self) -> str:
        """Where it is; empty if that is not known."""
        subject = self._occasion.subject
        return self._source.renderer.show(subject.venue) if isinstance(subject, Event) and subject.venue else ""

    @property
    def venue_language(self) -> Language:
        """The language of the venue."""
        subject, own = self._occasion.subject, self._source.language
        return subject.venue.language(own) if isinstance(subject, Event) and subject.venue else own

    @property
    def url(self) -> str:
        """Absolute address of the page that tells more."""
        subject, view = self._occasion.subject, self._source.view
        if isinstance(subject, Occurrence):
            return self._source.page_of(subject.activity)
        if isinstance(subject, Event):
            return self._source.page_of(subject)
        if subject.measure is not None and not isinstance(subject.record, Target):
            return self._source.url(view.measure_anchor(subject.record, subject.measure))
        return self._source.page_of(subject.record)

    @property
    def categories(self) -> list[str]:
        """What kind of thing it is."""
        t, subject = self._source.t, self._occasion.subject
        if isinstance(subject, Occurrence):
            return [t("page.activities")]
        return [t("page.events")] if isinstance(subject, Event) else [t("progress.deadlines")]

    @property
    def _gap(self) -> str:
        return "" if self._source.language == "zh" else " "

    def _fact(self, label: str, value: str) -> str:
        return self._source.pair(self._source.t(label), value)

    def _plain(self, text: Text | Wording) -> str:
        html = self._source.outside["article"](text)
        return "\n".join(filter(None, map(plain, _BLOCK_END.split(html))))


# --- Calendars (RFC 5545, with names and refreshing by RFC 7986) that people subscribe to on a phone or a desk
#
# An occasion has one UID in all files and in both languages: it is one thing that happens, so that somebody who takes
# two of the calendars into one has it once, in the language taken last.

#: How often a reader should ask again.
REFRESH = timedelta(days=1)

_END = b"END:VCALENDAR\r\n"


def make_calendars(source: ExportSource) -> Iterator[Outfile]:
    """Yield every calendar of the language."""
    writer = _CalendarWriter(source)
    for file in source.view.subscriptions.calendars:
        yield Outfile(file.path, lambda file=file: writer.write(file))  # type: ignore[misc]


class _CalendarWriter:
    """Writes the calendars of one language; what several of them have is made once."""

    def __init__(self, source: ExportSource) -> None:
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

    def _occasion(self, occasion: CalendarItem) -> bytes:
        if occasion.name not in self._made:
            made: bytes = self._component(occasion).to_ical()
            self._made[occasion.name] = made
        return self._made[occasion.name]

    def _component(self, occasion: CalendarItem) -> "Component":
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


def moments(occasion: CalendarItem, zone: str) -> tuple[date | datetime, date | datetime | None]:
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


def title(source: ExportSource, file: CalendarFile) -> str:
    """Return what a calendar is called."""
    site = source.catalogue.site.name.show(source.language)
    name = source.renderer.show(source.name_of(file.record)) if file.record else source.t("subscribe.all_dates")
    return source.pair(site, name)
