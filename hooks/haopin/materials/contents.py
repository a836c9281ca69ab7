"""Contents of materials: what a piece says, taken from the records as their pages show them."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from haopin.exports.pictures.card import own_words, target_value
from haopin.exports.pictures.images import begun
from haopin.exports.pictures.poster import who
from haopin.exports.source import ExportSource
from haopin.html import formats
from haopin.html.outline import plain
from haopin.html.renderer import Renderer
from haopin.materials.content import Content
from haopin.model.activity import Activity, Theme
from haopin.model.body import Body
from haopin.model.ledger import Entry
from haopin.model.need import Need
from haopin.model.news import Event
from haopin.model.provision import Honour, Term
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.calendar import Occurrence, occurrence
from haopin.site.progress import StatusCounts
from haopin.text import Wording, fullwidth, shown_address
from haopin.trace import kept

#: Ends of the clauses of a slogan, each of which has a line of its own in large type.
_CLAUSE = re.compile("(?<=[\uff0c\uff1b,;]) ?")
#: Ends of sentences, which may stand in different columns.
_SENTENCE = re.compile("(?<=[\u3002\uff01\uff1f])(?![\u201d\uff09]|$)|(?<=[.!?]) (?=[A-Z])")

#: Most characters of a name that stays on one line.
_SHORT = 6
#: Number of explained terms on a piece.
_TERMS = 4


def contents(source: ExportSource, year: int | None = None) -> tuple[Content, ...]:
    """Return what there is to say in the language of ``source``: nothing that lacks its title in that language.

    Args:
        source: Public records, labels and addresses.
        year: Year of the editions of activities; None for the next one of each.
    """
    return kept(source.values, f"contents {source.language} {year}", _contents, source, year)


def _contents(source: ExportSource, year: int | None) -> tuple[Content, ...]:
    return (
        *_slogan(source),
        *_editions(source, year),
        *_events(source),
        *_groups(source),
        *_tasks(source),
        *_targets(source),
        *_progress(source),
        *_needs(source),
        *_terms(source),
        *_honours(source),
    )


def _content(
    source: ExportSource,
    kind: str,
    id_: str,
    address: str,
    *,
    record: str = "",
    sample: bool = False,
    short: Wording | None = None,
    shorts: Mapping[str, str] | None = None,
    **values: Any,
) -> Content:
    """Return a `Content` with the values that every piece has, and without empty ones.

    Args:
        source: Public records, labels and addresses.
        kind: Its kind.
        id_: Its id.
        address: Address of its page, relative to the root of the language.
        record: ``kind/id`` of its record.
        sample: Whether it is of sample data.
        short: Short form of its title.
        shorts: Short forms of other texts, by the text.
        values: What it says besides.
    """
    renderer, t = source.renderer, source.t
    site = source.catalogue.site
    url = source.url(address)
    common = {
        "site": renderer.show(site.name),
        "place": renderer.show(site.place),
        "slogan": (slogan := own_words(source.catalogue.slogan, renderer)),
        "slogan-clauses": _clauses(slogan),
        "host": shown_address(source.base).partition("://")[2].rstrip("/"),
        "address": shown_address(url).partition("://")[2].rstrip("/"),
        # The month: a day would have every piece drawn again on the next one.
        "as_of": t("footer.as_of", day=formats.month(date(source.as_of.year, source.as_of.month, 1), source.language)),
        "scan": t("material.scan"),
    }
    filled = {name: value for name, value in {**common, **values}.items() if value}
    if "lead" in filled:
        filled["sentences"] = _SENTENCE.split(filled["lead"])
    if source.language == "zh":
        filled["names"] = _names(source, json.dumps(filled, ensure_ascii=False))
    shorts = {values["title"]: own_words(short, renderer), **(shorts or {})}
    return Content(kind, id_, filled, url, record, sample, {full: each for full, each in shorts.items() if each})


def _names(source: ExportSource, said: str) -> list[str]:
    """Return short names and terms that occur in ``said``: they stay on one line."""
    names = kept(source.values, f"short names {source.language}", _short_names, source)
    return [name for name in names if name in said]


def _short_names(source: ExportSource) -> list[str]:
    site = source.catalogue.site
    texts = [site.place, site.subject, *(term.term for term in source.catalogue.all(Term))]
    names = {source.renderer.show(text) for text in texts if text is not None}
    return sorted(name for name in names if 1 < len(name) <= _SHORT)


def _slogan(source: ExportSource) -> Iterator[Content]:
    slogan = source.catalogue.slogan
    words = own_words(slogan, source.renderer)
    if words:
        yield _content(source, "slogan", "slogan", "", title=words, clauses=_clauses(words))


def _clauses(slogan: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(slogan) if clause]


def _editions(source: ExportSource, year: int | None) -> Iterator[Content]:
    """Yield the editions of activities in the order of their days; those without any come last."""
    found = [
        (activity, source.view.next_of(activity) if year is None else occurrence(activity, year))
        for activity in source.catalogue.all(Activity)
        if own_words(activity.name, source.renderer)
    ]
    for activity, held in sorted(found, key=lambda pair: date.max if pair[1] is None else pair[1].start):
        if held is not None or year is None:
            yield _edition(source, activity, held)


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
    themes = _own_first(held.edition.themes) if held is not None and held.edition else []
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
        short=activity.short,
        shorts={full: short for theme in themes for full, short in _short_theme(source, theme)},
        themes=[_theme(source, theme) for theme in themes],
        lead=_plain(renderer, activity.about),
        facts=facts,
        **values,
    )


def _own_first(themes: tuple[Theme, ...]) -> list[Theme]:
    """Return ``themes``, that of the country first, since the pieces hang there."""
    return sorted(themes, key=lambda theme: theme.scope == "international")


def _theme(source: ExportSource, theme: Theme) -> Mapping[str, str]:
    """Return the wording of a theme in the language of the piece and the other one, and which one is not official."""
    t, language = source.t, source.language
    texts = {each: words for each, words in theme.text.each() if each in (language, "zh", "en")}

    def worded(each: str) -> str:
        return fullwidth(texts[each]) if each == "zh" else texts[each]

    def marked(each: str) -> str:
        return worded(each) + ("" if each in theme.official else source.renderer.gap + t("activity.unofficial"))

    own = language if language in texts else "zh"
    others = [each for each in texts if each != own]
    return {
        "label": t(f"scope.{theme.scope}"),
        "text": worded(own),
        "note": "" if own in theme.official else t("activity.unofficial"),
        "whole": marked(own),
        "other": marked(others[0]) if others else "",
    }


def _short_theme(source: ExportSource, theme: Theme) -> Iterator[tuple[str, str]]:
    """Yield each wording of a theme that a piece may have, with the short one; nothing if there is none."""
    if own_words(theme.short, source.renderer):
        full, short = _theme(source, theme), _theme(source, theme.model_copy(update={"text": theme.short}))
        yield from ((full[name], short[name]) for name in ("text", "whole"))


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
            short=event.short,
            large=formats.month_day(event.start, language) if event.is_on_one_day else "",
            year=t("number.in-year", year=event.start.year),
            when=when,
            hours=hours.lstrip("\uff0c, "),
            venue=venue,
            lead=_plain(renderer, event.text) if own_words(event.text, renderer) else "",
            facts=[[t(key), words] for key, words in pairs if words],
            scan=t("material.calendar"),
        )


def _groups(source: ExportSource) -> Iterator[Content]:
    renderer, view = source.renderer, source.view
    for node in source.catalogue.group_nodes.values():
        if not own_words(node.group.title, renderer):
            continue
        yield _content(
            source,
            "group",
            node.group.id,
            view.address_of(node.group),
            record=f"group/{node.group.id}",
            kicker=source.t("page.tasks"),
            title=renderer.show(node.group.title),
            short=node.group.short,
            lead=_plain(renderer, node.group.summary),
            points=[renderer.show(task.title) for task in node.tasks],
        )


def _tasks(source: ExportSource) -> Iterator[Content]:
    renderer, view, t = source.renderer, source.view, source.t
    for task in source.catalogue.all(Task):
        if not own_words(task.title, renderer):
            continue
        yield _content(
            source,
            "task",
            task.id,
            view.address_of(task),
            record=f"task/{task.id}",
            sample=task.sample,
            kicker=t("task.task", number=view.number_of(task)),
            title=renderer.show(task.title),
            short=task.short,
            lead=_plain(renderer, task.meaning or task.summary),
            points=[renderer.show(measure.title) for measure in task.measures],
            facts=[[t("task.responsible"), who(task.roles, renderer)]] if task.roles else [],
        )


def _targets(source: ExportSource) -> Iterator[Content]:
    """Yield each target: what is promised as an outlined number, what was reported as a full one."""
    renderer, t = source.renderer, source.t
    for target in source.catalogue.all(Target):
        if not own_words(target.title, renderer):
            continue
        found, value = source.view.progress.target(target), target_value(target, renderer)
        reported = renderer.quantity.reported(found.entry) if found.entry is not None else ""
        day = formats.day(target.due, source.language) if target.due else ""
        pairs: list[tuple[Any, ...]] = [
            (t("target.scope"), renderer.show(target.scope), 1),
            (t("target.mark"), value if reported else ""),
            (t("target.due"), day),
        ]
        if found.entry is None:
            no_result = "state.no_result" if found.outcome == "ended-unreported" else "target.no_result"
            pairs.append((t("target.result"), begun(t(no_result))))
        else:
            pairs += [
                (t("target.result"), t(f"outcome.{found.outcome}")),
                (t("figure.day"), formats.day(found.entry.date, source.language)),
                (t("ledger.source"), renderer.show(found.entry.source)),
            ]
        yield _content(
            source,
            "result" if reported else "target",
            target.id,
            source.view.address_of(target),
            record=f"target/{target.id}",
            sample=target.sample or (found.entry is not None and found.entry.sample),
            kicker=t("target.result") if reported else t("target.aim" if target.nature == "aim" else "target.target"),
            title=renderer.show(target.title),
            short=target.short,
            number=reported or value,
            promised=not reported,
            facts=[list(pair) for pair in pairs if pair[1]],
        )


def _progress(source: ExportSource) -> Iterator[Content]:
    """Yield where the measures stand, once there is a report on one."""
    renderer, t = source.renderer, source.t
    states = [item.state for _, rows in renderer.plans[0].figures.ledger for row in rows for item in row.items]
    if not source.view.progress.reported or not states:
        return
    yield _content(
        source,
        "progress",
        "progress",
        "progress/",
        sample=any(entry.sample for entry in source.catalogue.all(Entry)),
        kicker=renderer.show(source.catalogue.site.place),
        title=t("page.progress"),
        number=t("task.measure_count", n=len(states)),
        facts=[[t(f"ledger.{state}"), str(n)] for state, n in StatusCounts(Counter(states)).parts],
    )


def _needs(source: ExportSource) -> Iterator[Content]:
    renderer, site = source.renderer, source.catalogue.site
    for need in source.catalogue.all(Need):
        if not own_words(need.title, renderer) or not own_words(need.answer, renderer):
            continue
        hotlines = site.hotlines if need.hotline else ()
        yield _content(
            source,
            "knowledge",
            need.id,
            source.view.address_of(need),
            record=f"need/{need.id}",
            kicker=source.t("page.needs"),
            title=renderer.show(need.title),
            short=need.short,
            number=hotlines[0].number if hotlines else "",
            label=renderer.show(hotlines[0].name) if hotlines else "",
            lead=_plain(renderer, need.answer),
            points=[renderer.show(source.view.statement(measure)[1].title) for measure in need.measures],
        )


def _terms(source: ExportSource) -> Iterator[Content]:
    """Yield the explained terms, several on a piece."""
    renderer = source.renderer
    every = [
        term
        for term in source.catalogue.all(Term)
        if own_words(term.term, renderer) and own_words(term.definition, renderer)
    ]
    for number, first in enumerate(range(0, len(every), _TERMS), start=1):
        terms = every[first : first + _TERMS]
        yield _content(
            source,
            "terms",
            f"terms-{number}",
            "glossary/",
            kicker=renderer.show(source.catalogue.site.name),
            title=source.t("material.terms"),
            listed=renderer.listed(term.term for term in terms),
            facts=[
                [renderer.show(term.term), _plain(renderer, term.definition), rank] for rank, term in enumerate(terms)
            ],
        )


def _honours(source: ExportSource) -> Iterator[Content]:
    renderer, t = source.renderer, source.t
    for honour in source.catalogue.all(Honour):
        if not own_words(honour.name, renderer):
            continue
        awards = source.catalogue.awards_of_honour.get(honour.id, ())
        # The name alone, as many documents have it in one of the languages, would be said twice.
        name_alone = any(quote in honour.name.get(language) for language, quote in honour.quote.each())
        yield _content(
            source,
            "honour",
            honour.id,
            source.view.address_of(honour),
            record=f"honour/{honour.id}",
            sample=any(award.sample for award in awards),
            kicker=begun(t(f"standing.{honour.standing}")),
            title=renderer.show(honour.name),
            short=honour.short,
            quote="" if name_alone else own_words(honour.quote, renderer),
            facts=[
                [t("number.in-year", year=award.year), renderer.show(award.holder)]
                for award in awards
                if own_words(award.holder, renderer)
            ],
        )


def _named(renderer: Renderer, event: Event) -> str:
    venue = own_words(event.venue, renderer)
    name = renderer.show(event.title)
    return f"{name} \u00b7 {venue}" if venue else name


def _plain(renderer: Renderer, text: Wording | None) -> str:
    """Return Markdown ``text`` in the language as plain text; "" if it has none."""
    return plain(renderer.rich(text, "")) if text is not None and own_words(text, renderer) else ""
