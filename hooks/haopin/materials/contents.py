"""Contents of materials: what a piece says, taken from the records as their pages show them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from haopin.exports.pictures.card import own_words
from haopin.exports.source import ExportSource
from haopin.html import formats
from haopin.html.outline import plain
from haopin.html.renderer import Renderer
from haopin.model.activity import Activity, Theme
from haopin.model.body import Body
from haopin.model.news import Event
from haopin.site.calendar import Occurrence, occurrence
from haopin.text import Wording, fullwidth, shown_address

#: Ends of the clauses of a slogan, each of which has a line of its own in large type.
_CLAUSE = re.compile("(?<=[\uff0c\uff1b,;]) ?")


@dataclass(frozen=True)
class Content:
    """What a piece says, in one language.

    Attributes:
        kind: Type of content: ``slogan``, ``edition``, ``event`` …
        id: Id of its record; with the year for an edition. With ``kind``, unique in a language.
        values: Values for the template, as JSON: texts by name, lists of texts, and pairs of a label and a text.
        address: Absolute address of its page.
        record: ``kind/id`` of the record whose page offers it; "" for the site.
        sample: Whether it is of sample data.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    address: str
    record: str = ""
    sample: bool = False

    @property
    def title(self) -> str:
        """Its title, for lists of pieces."""
        found: str = self.values["title"]
        return found


def contents(source: ExportSource, year: int | None = None) -> tuple[Content, ...]:
    """Return what there is to say in the language of ``source``: nothing that lacks its title in that language.

    Args:
        source: Public records, labels and addresses.
        year: Year of the editions of activities; None for the next one of each.
    """
    found = (*_slogan(source), *_editions(source, year), *_events(source))
    return tuple(found)


def _content(
    source: ExportSource, kind: str, id_: str, address: str, *, record: str = "", sample: bool = False, **values: Any
) -> Content:
    """Return a `Content` with the values that every piece has, and without empty ones."""
    renderer, t = source.renderer, source.t
    site = source.catalogue.site
    url = source.url(address)
    common = {
        "site": renderer.show(site.name),
        "place": renderer.show(site.place),
        "slogan": renderer.show(source.catalogue.slogan) if source.catalogue.slogan else "",
        "host": shown_address(source.base).partition("://")[2].rstrip("/"),
        "address": shown_address(url).partition("://")[2].rstrip("/"),
        "as_of": t("footer.as_of", day=formats.day(source.as_of, source.language)),
        "scan": t("material.scan"),
    }
    filled = {name: value for name, value in {**common, **values}.items() if value}
    return Content(kind, id_, filled, url, record, sample)


def _slogan(source: ExportSource) -> Iterator[Content]:
    slogan = source.catalogue.slogan
    words = own_words(slogan, source.renderer)
    if words:
        clauses = [clause for clause in _CLAUSE.split(words) if clause]
        yield _content(source, "slogan", "slogan", "", title=words, clauses=clauses)


def _editions(source: ExportSource, year: int | None) -> Iterator[Content]:
    for activity in source.catalogue.all(Activity):
        found = source.view.next_of(activity) if year is None else occurrence(activity, year)
        if own_words(activity.name, source.renderer) and (found is not None or year is None):
            yield _edition(source, activity, found)


def _edition(source: ExportSource, activity: Activity, held: Occurrence | None) -> Content:
    renderer, t, language = source.renderer, source.t, source.language
    values: dict[str, Any] = {}
    if held is not None:
        whole_month = activity.recurrence is not None and activity.recurrence.day is None
        own = held.edition is not None and held.edition.start is not None
        large = formats.month_day(held.start, language)
        if whole_month and not own:
            large = formats.long_month(held.start.month, language)
        elif held.start != held.end:
            large = ""
        values = {
            "large": large,
            "year": t("number.in-year", year=held.year),
            "when": formats.span(held.start, held.end, language),
        }
    themes = held.edition.themes if held is not None and held.edition else ()
    events = source.catalogue.events_of_activity.get(activity.id, ())
    coming = [event for event in events if event.cancelled is None and event.last >= source.as_of]
    facts = [[formats.span(event.start, event.last, language), _named(renderer, event)] for event in reversed(coming)]
    if activity.organizers:
        facts.append([t("activity.organizers"), renderer.listed(activity.organizers)])
    return _content(
        source,
        "edition",
        f"{activity.id}-{held.year}" if held is not None else activity.id,
        source.view.address_of(activity),
        record=f"activity/{activity.id}",
        kicker=t(f"activity.kind_{activity.kind}"),
        title=renderer.show(activity.name),
        themes=[_theme(source, theme) for theme in _own_first(themes)],
        lead=_plain(renderer, activity.about),
        facts=facts,
        **values,
    )


def _own_first(themes: tuple[Theme, ...]) -> list[Theme]:
    """Return ``themes``, that of the country first, since the pieces hang there."""
    return sorted(themes, key=lambda theme: theme.scope == "international")


def _theme(source: ExportSource, theme: Theme) -> Mapping[str, str]:
    """Return the wording of a theme in the language of the piece and the other one, and whether it is official."""
    t, language = source.t, source.language
    texts = {each: words for each, words in theme.text.each() if each in (language, "zh", "en")}

    def worded(each: str) -> str:
        words = fullwidth(texts[each]) if each == "zh" else texts[each]
        return words if each in theme.official else words + source.renderer.gap + t("activity.unofficial")

    own = language if language in texts else "zh"
    others = [each for each in texts if each != own]
    return {
        "label": t(f"scope.{theme.scope}"),
        "text": worded(own),
        "other": worded(others[0]) if others else "",
    }


def _events(source: ExportSource) -> Iterator[Content]:
    renderer, t, language = source.renderer, source.t, source.language
    for event in source.catalogue.all(Event):
        title = own_words(event.title, renderer)
        if not title or event.cancelled is not None or event.last < source.as_of:
            continue
        body = source.catalogue.find(Body, event.body)
        activity = source.catalogue.find(Activity, event.activity)
        venue = own_words(event.venue, renderer)
        place = [venue, own_words(event.address, renderer) if venue else ""]
        when = formats.span(event.start, event.last, language)
        hours = formats.hours(event.opens, event.closes, language)
        pairs = (
            ("event.when", when + hours),
            ("event.venue", ("\uff0c" if language == "zh" else ", ").join(filter(None, place)) or t("state.to_come")),
            ("event.audience", own_words(event.audience, renderer)),
            ("activity.organizers", renderer.show(body.name) if body else ""),
            ("service.contact", own_words(event.contact, renderer)),
        )
        yield _content(
            source,
            "event",
            event.id,
            source.view.address_of(event),
            record=f"event/{event.id}",
            sample=event.sample,
            kicker=renderer.show(activity.name) if activity else t("kind.event"),
            title=title,
            large=formats.month_day(event.start, language) if event.is_on_one_day else "",
            year=t("number.in-year", year=event.start.year),
            when=when,
            hours=hours.lstrip("\uff0c, "),
            venue=venue,
            lead=_plain(renderer, event.text) if own_words(event.text, renderer) else "",
            facts=[[t(key), words] for key, words in pairs if words],
            scan=t("material.calendar"),
        )


def _named(renderer: Renderer, event: Event) -> str:
    venue = own_words(event.venue, renderer)
    name = renderer.show(event.title)
    return f"{name} \u00b7 {venue}" if venue else name


def _plain(renderer: Renderer, text: Wording | None) -> str:
    """Return Markdown ``text`` in the language as plain text; "" if it has none."""
    return plain(renderer.rich(text, "")) if text is not None and own_words(text, renderer) else ""
