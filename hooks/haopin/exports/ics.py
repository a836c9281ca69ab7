"""Calendars (RFC 5545; names and refresh intervals by RFC 7986)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from haopin.exports.source import ExportSource, Outfile
from haopin.html import formats
from haopin.html.outline import plain
from haopin.model.activity import Theme
from haopin.model.body import Body
from haopin.model.news import Event
from haopin.model.target import Target
from haopin.model.task import Responsible
from haopin.site.calendar import CalendarItem, DatedRecord, Due, Occurrence
from haopin.site.subscriptions import CalendarFile
from haopin.text import LANGUAGE_TAGS, Language, Wording
from haopin.trace import derived, kept

if TYPE_CHECKING:
    from icalendar import Calendar, Component


# --- Texts of a calendar item: name, description, venue, link

S = TypeVar("S")

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|tr)>|<br>")


class Announcement(Generic[S]):
    """Texts of one calendar item in one language; a subclass per type of subject."""

    #: Label of its category.
    category = "page.events"

    def __init__(self, source: ExportSource, occasion: CalendarItem, subject: S) -> None:
        """Store the source, item and subject."""
        self._source, self._occasion, self.subject = source, occasion, subject

    @property
    def name(self) -> str:
        """Name, with a mark for samples."""
        raise NotImplementedError

    def lines(self) -> list[str]:
        """Lines of the description."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Absolute address of the page with more information."""
        raise NotImplementedError

    @property
    def state(self) -> str | None:
        """``STATUS`` (RFC 5545); None if unknown."""
        return None

    @property
    def language(self) -> Language:
        """Language of the name, which may be untranslated."""
        return self._source.language

    @property
    def venue(self) -> tuple[Wording, ...]:
        """Venue and its address, as far as known."""
        return ()

    @property
    def summary(self) -> str:
        """Title of the event in the calendar."""
        return self._source.t("subscribe.sample", title=self.name) if self._occasion.sample else self.name

    @property
    def description(self) -> str:
        """Description, as plain text."""
        return "\n".join([*self.lines(), self.url])

    @property
    def categories(self) -> list[str]:
        """Categories."""
        return [self._source.t(self.category)]

    @property
    def _gap(self) -> str:
        return self._source.renderer.gap

    def _fact(self, label: str, value: str) -> str:
        return self._source.pair(self._source.t(label), value)

    def _plain(self, text: Wording) -> str:
        html = self._source.outside["article"](text)
        return "\n".join(filter(None, map(plain, _BLOCK_END.split(html))))


class OccurrenceAnnouncement(Announcement[Occurrence]):
    """An activity in one year."""

    category = "page.activities"

    @property
    def name(self) -> str:
        """Name of the activity."""
        return self._source.renderer.show(self.subject.activity.name)

    def lines(self) -> list[str]:
        """Themes of the year."""
        themes = self.subject.edition.themes if self.subject.edition else ()
        if not themes:
            ahead = self.subject.start > self._source.as_of
            # An edition in the data without a theme is one whose theme was sought.
            state = "to_come" if ahead else "no_source" if self.subject.edition else "not_held"
            return [self._fact("activity.theme", self._source.t(f"state.{state}"))]
        return [line for theme in themes for line in self._of_theme(theme)]

    def _of_theme(self, theme: Theme) -> list[str]:
        t, show = self._source.t, self._source.renderer.show
        unofficial = "" if self._source.language in theme.official else t("activity.unofficial")
        uncertain = "" if theme.certainty == "high" else t("state.not_verified")
        words = self._gap.join(filter(None, [show(theme.text), unofficial]))
        lines = [self._fact("scope." + theme.scope, words)]
        if theme.tagline:
            lines.append(show(theme.tagline))
        source = t(
            "activity.source", source=" ".join(filter(None, (show(theme.source), str(theme.source_address or ""))))
        )
        return [*lines, " · ".join(filter(None, [source, uncertain]))]

    @property
    def url(self) -> str:
        """Page of the activity."""
        return self._source.page_of(self.subject.activity)


class EventAnnouncement(Announcement[Event]):
    """An event of the county."""

    @property
    def name(self) -> str:
        """Title, with a mark if canceled, as few calendar programs show ``STATUS``."""
        name = self._source.renderer.show(self.subject.title)
        return self._source.t("subscribe.cancelled", title=name) if self.subject.cancelled else name

    @property
    def state(self) -> str:
        """``CANCELLED`` or ``CONFIRMED``."""
        return "CANCELLED" if self.subject.cancelled else "CONFIRMED"

    @property
    def language(self) -> Language:
        """Language of the title."""
        return self.subject.title.language(self._source.language)

    def lines(self) -> list[str]:
        """Lines of the description."""
        event = self.subject
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
        if event.opens and event.last > event.start:
            days = formats.span(event.start, event.last, language)
            lines.append(self._fact("event.when", days + formats.hours(event.opens, event.closes, language)))
        if not event.venue:
            ahead = event.start > self._source.as_of
            lines.append(self._fact("event.venue", t("state.to_come" if ahead else "state.not_held")))
        if event.audience:
            lines.append(self._fact("event.audience", show(event.audience)))
        if event.body:
            lines.append(self._fact("activity.organizers", show(self._source.catalogue.get(Body, event.body).name)))
        if event.text:
            lines.append(self._plain(event.text))
        contact = show(event.contact) if event.contact else t("state.not_held")
        return [
            *lines,
            self._fact("service.contact", contact),
            f"{t('ledger.source_is')}{self._gap}{show(event.source)}",
        ]

    @property
    def venue(self) -> tuple[Wording, ...]:
        """Venue and its address."""
        event = self.subject
        return tuple(filter(None, (event.venue, event.address))) if event.venue else ()

    @property
    def url(self) -> str:
        """Page of the event."""
        return self._source.page_of(self.subject)


class DueAnnouncement(Announcement[Due]):
    """The due date of a measure or a target, or the end of a phase."""

    category = "progress.deadlines"

    @property
    def name(self) -> str:
        """Name of what is due."""
        due, t, show = self.subject, self._source.t, self._source.renderer.show
        if due.measure is not None:
            return t("subscribe.due", title=show(due.measure.title))
        return t("subscribe.due" if isinstance(due.record, Target) else "subscribe.end", title=show(due.record.title))

    def lines(self) -> list[str]:
        """Lines of the description."""
        due = self.subject
        t, show = self._source.t, self._source.renderer.show
        if due.measure is None:
            if isinstance(due.record, Target):
                nature = "target.aim" if due.record.nature == "aim" else "target.commitment"
                facts = [self._fact("target.nature", t(nature)), self._fact("target.scope", show(due.record.scope))]
                number, quantity = due.record.number, self._source.renderer.quantity
                if due.milestone is not None:
                    return [self._fact("target.words", quantity.milestone(due.record, due.milestone)), *facts]
                if number is not None and not quantity.is_plain(number):
                    return [self._fact("target.words", quantity.goal(number)), *facts]
                return facts
            return []
        lines = [self._fact("activity.task", show(due.record.title))]
        if due.measure.roles:
            lines.append(f"{t('task.owner')}{self._gap}{self._bodies(due.measure.roles)}")
        if due.measure.assigned_by:
            lines.append(t("activity.source", source=show(due.measure.assigned_by)))
        return lines

    def _bodies(self, roles: Responsible) -> str:
        t, show, get = self._source.t, self._source.renderer.show, self._source.catalogue.get
        names = [(role, show(get(Body, body).name)) for role, bodies in roles.parts for body in bodies]
        marked = [t(f"part.named_{r}", name=n) if r in ("lead", "participating") else n for r, n in names]
        return (t("list.separator") + self._gap).join([*marked, *map(show, roles.general)])

    @property
    def url(self) -> str:
        """Anchor of the measure, or page of the record."""
        due = self.subject
        if due.measure is not None and not isinstance(due.record, Target):
            return self._source.url(self._source.view.anchor_in(due.record, due.measure))
        return self._source.page_of(due.record)


class RecordAnnouncement(Announcement[DatedRecord]):
    """A record of a kind that declares calendar dates."""

    @property
    def name(self) -> str:
        """Name of the record."""
        return self._source.renderer.show(self.subject.record.label)

    @property
    def language(self) -> Language:
        """Language of the name."""
        label, own = self.subject.record.label, self._source.language
        return label.language(own)

    def lines(self) -> list[str]:
        """Source of the record."""
        record = self.subject.record
        said = self._source.renderer.show(record.source)
        return [f"{self._source.t('ledger.source_is')}{self._gap}{said}"]

    @property
    def url(self) -> str:
        """Page of the record."""
        return self._source.page_of(self.subject.record)

    @property
    def categories(self) -> list[str]:
        """Title of the kind."""
        return [self._source.kind_title(self.subject.kind).show(self._source.language)]


_ANNOUNCEMENTS: Mapping[type, type[Announcement[Any]]] = {
    Occurrence: OccurrenceAnnouncement,
    Event: EventAnnouncement,
    Due: DueAnnouncement,
    DatedRecord: RecordAnnouncement,
}


def announcement(source: ExportSource, occasion: CalendarItem) -> Announcement[Any]:
    """Return the texts of ``occasion``."""
    return _ANNOUNCEMENTS[type(occasion.subject)](source, occasion, occasion.subject)


# --- Calendar files
#
# A calendar item has the same UID in all files and languages, so that someone who imports two calendars has it only
# once, in the language imported last.

#: Suggested refresh interval of subscriptions.
REFRESH = timedelta(days=1)

_END = b"END:VCALENDAR\r\n"


def make_calendars(source: ExportSource) -> Iterator[Outfile]:
    """Yield every calendar of the language."""
    writer = _CalendarWriter(source)
    for file in source.view.subscriptions.calendars:
        yield Outfile(file.path, lambda file=file: writer.write(file))  # type: ignore[misc]


class _CalendarWriter:
    """Writer of the calendars of one language; items in several calendars are serialised once."""

    def __init__(self, source: ExportSource) -> None:
        self._source = source
        address = urlsplit(str(source.catalogue.site.address))
        #: Part of UIDs: two sites may share a host.
        self._place = f"{address.hostname}{address.path.rstrip('/')}"
        self._zone = source.catalogue.site.time_zone
        self._made: dict[str, Any] = {}

    def write(self, file: CalendarFile) -> bytes:
        """Serialise ``file``."""
        frame: bytes = self._frame(file).to_ical()
        assert frame.endswith(_END)
        # Serialise items separately, as an item may be in a dozen files.
        return b"".join([frame[: -len(_END)], self._time_zone, *map(self._occasion, file.items), _END])

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
        # The library does not escape properties that it does not know, unless they are vText.
        found.add("name", vText(name), parameters=language)
        found.add("x-wr-calname", vText(name))
        found.add("x-wr-timezone", self._zone)
        found.add("url", page)
        found.add("source", source.url(file.path), parameters={"VALUE": "URI"})
        found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", "P1D")
        return found

    @derived
    def _time_zone(self) -> bytes:
        from icalendar import Timezone

        occasions = self._source.view.subscriptions.items.all
        first = min((o.start.year for o in occasions), default=self._source.as_of.year)
        last = max((o.end.year for o in occasions), default=self._source.as_of.year)
        zone = Timezone.from_tzid(self._zone, first_date=date(first, 1, 1), last_date=date(last + 1, 1, 1))
        # The library's comment about these years is in English only.
        zone.pop("COMMENT", None)
        made: bytes = zone.to_ical()
        return made

    def _occasion(self, occasion: CalendarItem) -> bytes:
        return kept(self._made, occasion.name, self._serialized, occasion)

    def _serialized(self, occasion: CalendarItem) -> bytes:
        made: bytes = self._component(occasion).to_ical()
        return made

    def _component(self, occasion: CalendarItem) -> "Component":
        from icalendar import Event as Component

        said = announcement(self._source, occasion)
        language = {"LANGUAGE": LANGUAGE_TAGS[said.language]}
        # Not the clock: the latest date in the data.
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
            own = self._source.language
            between = "，" if own == "zh" else ", "
            place = between.join(each.show(own) for each in said.venue)
            found.add("location", place, parameters={"LANGUAGE": LANGUAGE_TAGS[said.venue[0].language(own)]})
        found.add("url", said.url)
        found.add("categories", said.categories, parameters={"LANGUAGE": LANGUAGE_TAGS[self._source.language]})
        is_busy = isinstance(start, datetime) and said.state != "CANCELLED"
        found.add("transp", "OPAQUE" if is_busy else "TRANSPARENT")
        found.add("class", "PUBLIC")
        if said.state is not None:
            found.add("status", said.state)
        return found


def moments(occasion: CalendarItem, zone: str) -> tuple[date | datetime, date | datetime | None]:
    """Return begin and (exclusive) end of ``occasion``: dates, or times in ``zone``; the end may be None.

    The hours of an event over several days may not apply to each day, so it becomes an all-day event, with the hours
    in its description. An event without a closing time has no end.
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
    """Return the title of a calendar."""
    site = source.catalogue.site.name.show(source.language)
    name = source.renderer.show(source.name_of(file.record)) if file.record else source.t("subscribe.all_dates")
    return source.pair(site, name)
