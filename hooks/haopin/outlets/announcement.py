"""What is said of an occasion in plain text: its name, what it is about, where, and where to read more."""

import re
from functools import cached_property

from haopin.calendar import Occurrence
from haopin.occasions import Due, Occasion
from haopin.outlets.source import Source
from haopin.records.activity import Theme
from haopin.records.body import Body
from haopin.records.news import Event
from haopin.records.target import Target
from haopin.render import formats
from haopin.render.outline import plain
from haopin.text import Language, Text, Wording

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|tr)>|<br>")


class Announcement:
    """The words of one occasion in one language."""

    def __init__(self, source: Source, occasion: Occasion) -> None:
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
