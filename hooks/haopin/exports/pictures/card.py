"""Content of a preview image, and its cache key."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from haopin import cache
from haopin.exports.pictures.look import Look
from haopin.html import formats
from haopin.html.renderer import Renderer
from haopin.model import FIXED_PAGES, Record
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.disclosure import Batch, Sampled
from haopin.model.document import Document
from haopin.model.news import Event, News
from haopin.model.publishable import Publishable
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.pages import LISTINGS, Page
from haopin.site.progress import State, StatusCounts
from haopin.text import Wording
from haopin.trace import derived

# --- Content and cache key, known before the image is drawn

#: Most characters of a reported value in large type.
_LARGE = 9


@dataclass(frozen=True)
class Card:
    """Content of the preview image of one page.

    Attributes:
        look: Shared properties.
        kind: Type of the subject, e.g. “Task 3”.
        title: Title of the page.
        figure: Number in large type, with sign and unit, e.g. “≥98.5%”; "" if there is none.
        fact: Label of the figure, or a fact; "" if there is none.
        note: A second fact in small type; "" if there is none.
        badges: Important marks: sample data, canceled.
        promised: Whether the figure is promised and nothing is reported of it: an outline.
        states: State of each measure, for the squares of the ledger picture.
    """

    look: Look
    kind: str
    title: str
    figure: str = ""
    fact: str = ""
    note: str = ""
    badges: tuple[str, ...] = ()
    promised: bool = False
    states: tuple[State, ...] = ()

    @derived
    def key(self) -> str:
        """Hash of everything that the image depends on, except versions of libraries."""
        own = (self.kind, self.title, self.figure, self.fact, self.note, str(self.promised))
        return cache.key(self.look.key, *own, *self.badges, "", *self.states)

    @property
    def path(self) -> str:
        """Path of the image, relative to the root of its language."""
        return f"pictures/{self.key[:16]}.png"

    @property
    def alternative(self) -> str:
        """Alternative text."""
        # On the page of a kind, title and kind are the same.
        kind = "" if self.kind == self.title else self.kind
        said = (*self.badges, kind, self.title, f"{self.figure} {self.fact}", self.note)
        return " \u00b7 ".join(filter(None, (" ".join(words.split()) for words in said)))


# --- Facts beside the title, taken from the record as its page shows them


@dataclass(frozen=True)
class CardFacts:
    """Kind, figure and facts of a `Card`."""

    kind: str
    figure: str = ""
    fact: str = ""
    note: str = ""
    cancelled: bool = False
    sample: bool = False
    promised: bool = False
    states: tuple[State, ...] = ()


def facts_of(page: Page, renderer: Renderer) -> CardFacts:
    """Return the facts about ``page``, without its title."""
    found = _BY_TEMPLATE.get(page.template)
    return found(page, renderer) if found is not None else _listing(page, renderer)


def target_value(target: Target, renderer: Renderer) -> str:
    """Return the target number with its sign and unit, e.g. “≥98.5%”; "" if there is none."""
    return "" if target.number is None else renderer.quantity.mark(target.number).text()


def _home(page: Page, renderer: Renderer) -> CardFacts:
    site = renderer.catalogue.site
    fact = renderer.show(renderer.site_description)
    sample = _any_sample(r for _, r in renderer.catalogue.publishable)
    return _programme(renderer, CardFacts(renderer.show(site.place), fact=fact, sample=sample))


def _programme(renderer: Renderer, facts: CardFacts) -> CardFacts:
    """Return ``facts`` with the number of measures, and where they stand, instead of a description of the site."""
    figures = renderer.plans[0].figures
    states = tuple(item.state for _, rows in figures.ledger for row in rows for item in row.items)
    if not states:
        return facts
    figure, fact = _apart(renderer.t("task.measure_count", n=len(states)), len(states))
    note = counted(states, renderer, total=False)
    return replace(facts, figure=figure, fact=fact, note=note, states=states)


def counted(states: Iterable[State], renderer: Renderer, *, total: bool = True) -> str:
    """Return how many measures there are, and how many of them are in each state, in words."""
    t, counts = renderer.t, StatusCounts(Counter(states))
    parts = renderer.between.join(f"{t(f'ledger.{state}')} {n}" for state, n in counts.parts)
    return renderer.pair(t("task.measure_count", n=counts.total), parts) if total else parts


def _listing(page: Page, renderer: Renderer) -> CardFacts:
    view, t = renderer.view, renderer.t
    section = view.section_of(page.address.partition("/")[0]) or view.section_of(page.address.rstrip("/"))
    kind = t("nav.site") if page.template in FIXED_PAGES or not section else t(f"menu.{section}")
    facts = CardFacts(kind, fact=renderer.description(page), sample=_lists_samples(page, renderer))
    return _programme(renderer, facts) if page.template == "progress" else facts


def _lists_samples(page: Page, renderer: Renderer) -> bool:
    catalogue = renderer.catalogue
    if page.template in ("progress", "changes"):
        return _any_sample(record for _, record in catalogue.publishable)
    models = next((listing.models for listing in LISTINGS if listing.name == page.template), ())
    return any(_any_sample(catalogue.all(model)) for model in models)


def _task(page: Page, renderer: Renderer) -> CardFacts:
    task = page.record
    assert isinstance(task, Task)
    progress, t = renderer.view.progress, renderer.t
    kind = t("task.task", number=renderer.view.number_of(task))
    targets = renderer.catalogue.targets_of_record.get(task.id, ())
    entries = progress.entries_of([task]) if progress.reported else ()
    states = states_of([task], renderer)
    sample = task.sample or _any_sample(entries)
    latest = [t("outcome.on", day=formats.day(entries[0].date, renderer.language))] if entries else []
    if len(targets) == 1 and targets[0].value is not None:
        own = target_facts(targets[0], renderer)
        # A report is dated already; of what is promised, the picture says where the whole stands.
        note = " \u00b7 ".join([counted(states, renderer), *latest]) if own.promised else own.note
        return CardFacts(kind, own.figure, own.fact, note, sample=sample, promised=own.promised, states=states)
    figure, fact = _apart(t("task.measure_count", n=len(task.measures)), len(task.measures))
    note = " \u00b7 ".join([counted(states, renderer, total=False), *latest])
    return CardFacts(kind, figure, fact, note, sample=sample, states=states)


def states_of(tasks: Iterable[Task], renderer: Renderer) -> tuple[State, ...]:
    """Return the state of each measure of ``tasks``."""
    return tuple(state for task in tasks for state in renderer.view.progress.states(task.id))


def target_facts(target: Target, renderer: Renderer) -> CardFacts:
    """Return what is promised, or once there is a report what was reported, with its date and source."""
    t, found = renderer.t, renderer.view.progress.target(target)
    kind, entry, value = t("target.target"), found.entry, target_value(target, renderer)
    if entry is None:
        note = t("state.no_result") if found.outcome == "ended-unreported" else t("target.no_result")
        sample = target.sample
        return CardFacts(kind, value, _promised(target, renderer), note, sample=sample, promised=True)
    source = t("ledger.source_is") + renderer.gap + renderer.show(entry.source)
    dated = t("outcome.on", day=formats.day(entry.date, renderer.language))
    note = " \u00b7 ".join((t(f"outcome.{found.outcome}"), dated, source))
    sample, reported = target.sample or entry.sample, renderer.quantity.reported(entry)
    if not reported:
        return CardFacts(kind, value, _promised(target, renderer), note, sample=sample, promised=True)
    promised = renderer.pair(t("target.mark"), value) if value else ""
    fact = " \u00b7 ".join(filter(None, (renderer.show(target.title), promised)))
    # Only a number without words can be so large.
    large = len(reported) <= _LARGE
    fact = fact if large else f"{reported} \u00b7 {fact}"
    return CardFacts(kind, reported if large else "", fact, note, sample=sample)


def _promised(target: Target, renderer: Renderer) -> str:
    """Return the title of ``target`` and the type of its number, to show that it is a target and not a result."""
    nature = renderer.t("target.aim") if target.nature == "aim" else renderer.t("target.target")
    return f"{nature}{': ' if renderer.language == 'en' else chr(0xFF1A)}{renderer.show(target.title)}"


def _apart(words: str, n: int) -> tuple[str, str]:
    """Split the number ``n`` off the beginning of ``words``."""
    return str(n), words.removeprefix(str(n)).strip()


def _body(page: Page, renderer: Renderer) -> CardFacts:
    body = page.record
    assert isinstance(body, Body)
    plan, *others = renderer.plans
    tasks = plan.c.tasks_of_body.get(body.id, ())
    n = len(tasks)
    figure, fact = _apart(renderer.t("body.count", n=n), n) if n else ("", "")
    note = [renderer.show(plan.plan.name)] if others and n else []
    states = states_of(tasks, renderer)
    note += [counted(states, renderer)] if states else []
    sample = body.sample or _any_sample(renderer.view.progress.entries_of(tasks))
    return CardFacts(renderer.t("body.body"), figure, fact, " \u00b7 ".join(note), sample=sample, states=states)


def _event(page: Page, renderer: Renderer) -> CardFacts:
    event = page.record
    assert isinstance(event, Event)
    when = formats.span(event.start, event.last, renderer.language)
    when += formats.hours(event.opens, event.closes, renderer.language)
    venue = own_words(event.venue, renderer)
    cancelled = event.cancelled is not None
    return CardFacts(renderer.t("kind.event"), "", when, venue, cancelled=cancelled, sample=event.sample)


def _activity(page: Page, renderer: Renderer) -> CardFacts:
    activity = page.record
    assert isinstance(activity, Activity)
    coming, fact = renderer.view.next_of(activity), ""
    if coming is not None:
        fact = formats.span(coming.start, coming.end, renderer.language)
    theme = renderer.show(activity.standing_theme) if activity.standing_theme else ""
    return CardFacts(renderer.t(f"activity.kind_{activity.kind}"), "", fact, theme, sample=activity.sample)


def _article(page: Page, renderer: Renderer) -> CardFacts:
    news = page.record
    assert isinstance(news, News)
    return CardFacts(renderer.t(f"news.{news.kind}"), "", formats.day(news.date, renderer.language), sample=news.sample)


def _batch(page: Page, renderer: Renderer) -> CardFacts:
    batch = page.record
    assert isinstance(batch, Batch)
    rows = renderer.catalogue.rows_of(batch)
    failing = sum(row.result == "fail" for row in rows)
    found = renderer.t("batch.found", n=len(rows), failing=failing)
    return CardFacts(
        renderer.t("kind.batch"), "", found, formats.day(batch.date, renderer.language), sample=batch.sample
    )


def _product(page: Page, renderer: Renderer) -> CardFacts:
    batch, row = page.record, page.row
    assert isinstance(batch, Batch) and isinstance(row, Sampled)
    # Not the producer: an image that was shared cannot be withdrawn.
    item = own_words(Wording(zh=row.failing_item, en=row.failing_item_en), renderer) if row.failing_item else ""
    day = formats.day(batch.date, renderer.language)
    return CardFacts(renderer.t("product.kicker"), "", item or day, day if item else "", sample=batch.sample)


def _document(page: Page, renderer: Renderer) -> CardFacts:
    document = page.record
    assert isinstance(document, Document)
    number = document.number if renderer.language == "zh" else document.number_en
    day = document.dated
    shown = formats.day(day, renderer.language) if day else ""
    facts = [words for words in (number, shown) if words]
    return CardFacts(renderer.t("page.documents"), "", " \u00b7 ".join(facts), sample=document.sample)


def own_words(text: Wording | None, renderer: Renderer) -> str:
    """Return ``text`` if it exists in the language of the page; an image cannot mark another language."""
    if text is None or text.language(renderer.language) != renderer.language:
        return ""
    return renderer.show(text)


def _any_sample(records: Iterable[Record | Publishable]) -> bool:
    return any(record.sample for record in records)


_BY_TEMPLATE: dict[str, Callable[[Page, Renderer], CardFacts]] = {
    "home": _home,
    "task": _task,
    "body": _body,
    "event": _event,
    "activity": _activity,
    "article": _article,
    "batch": _batch,
    "product": _product,
    "document": _document,
}
