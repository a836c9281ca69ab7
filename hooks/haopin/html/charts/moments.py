"""Moments on the line of time of a plan: its documents, phases, reports, events, and due dates."""

from collections.abc import Iterator
from datetime import date

from haopin.html import formats
from haopin.html.charts.course import Moment, named
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.news import Event
from haopin.model.plan import Plan
from haopin.model.target import Target
from haopin.site.course import stretches
from haopin.site.progress import MeasureStatus, Outcome

#: Number of activities whose next date is shown.
NEXT = 3

#: Forms of due dates by state.
_FORMS = {"done": "done", "routine": "done", "late": "late"}
_TARGET_FORMS: dict[Outcome, str] = {
    "met": "done",
    "within": "open",
    "not-met": "open",
    "late": "late",
    "reported": "open",
    "not-judged": "open",
    "not-reported": "open",
    "ended-unreported": "unreported",
}


def due_form(status: MeasureStatus, as_of: date) -> str:
    """Return the form of the due date of a measure with ``status``."""
    passed = status.due is not None and status.due < as_of
    if status.state == "not-reported":
        return "unreported" if passed else "open"
    return _FORMS.get(status.state, "open")


def moments(plan: Plan, view: TemplateContext, t: Labels) -> tuple[Moment, ...]:
    """Return the moments of ``plan``, whose records are those of ``view``, in order; none if nothing is dated."""
    found = [*_documents(plan, view, t), *_phases(view, t), *_reports(plan, view, t), *_dues(view, t)]
    if not found:
        return ()
    if plan is view.catalogue.plan:
        # What belongs to no plan stands with the current one.
        found += [*_events(view, t), *_next_activities(view)]
    found.append(Moment("today", view.as_of, view.as_of, t("course.today")))
    # A stretch without reports stands where it ends; of one day, today is last of what has been.
    order = ("document", "phase", "event", "due", "silent", "reports", "today")
    return tuple(sorted(found, key=lambda m: (m.end if m.kind == "silent" else m.start, order.index(m.kind), m.end)))


def spoken(moment: Moment, view: TemplateContext, t: Labels) -> str:
    """Return what ``moment`` is, in words: kind, name as drawn, date, state."""
    name, span = named(moment), formats.span(moment.start, moment.end, view.language)
    state = moment.words if name == moment.label else ""
    return " \u00b7 ".join(filter(None, (t(f"course.{moment.kind}"), name, span, state)))


def _documents(plan: Plan, view: TemplateContext, t: Labels) -> Iterator[Moment]:
    document = view.catalogue.get(Document, plan.document)
    title, address = (document.short_title or document.title).show(view.language), view.anchor(document)
    over = view.over(document)
    for words, day in (
        ("document.adopted", document.adopted),
        ("document.published", None if document.published == document.adopted else document.published),
        (f"document.state-{over.state}" if over else "", over.since if over else None),
    ):
        if day is not None:
            yield Moment("document", day, day, title, address, t(words))


def _phases(view: TemplateContext, t: Labels) -> Iterator[Moment]:
    for state in view.phases:
        phase, words = state.phase, t(f"phase.{state.position}")
        title, address = phase.title.show(view.language), view.anchor(phase)
        start, end = phase.period.start, phase.period.end
        yield Moment("phase", start, end, title, address, words, state.position, sample=phase.sample)


def _reports(plan: Plan, view: TemplateContext, t: Labels) -> Iterator[Moment]:
    entries = view.catalogue.all(Entry)
    begin = view.catalogue.get(Document, plan.document).dated
    for stretch in stretches(begin, (entry.date for entry in entries), view.as_of):
        if stretch.is_silent:
            yield Moment("silent", stretch.start, stretch.end, t("course.no_reports"))
        else:
            label = t("course.number", n=len(stretch.days))
            address = f"changes/?since={stretch.start}"
            sample = any(entry.sample for entry in entries if stretch.start <= entry.date <= stretch.end)
            yield Moment("reports", stretch.start, stretch.end, label, address, days=stretch.days, sample=sample)


def _events(view: TemplateContext, t: Labels) -> Iterator[Moment]:
    for event in view.catalogue.all(Event):
        words = t("event.cancelled") if event.cancelled else ""
        form = "past" if event.cancelled or event.last < view.as_of else "main"
        title = event.title.show(view.language)
        yield Moment("event", event.start, event.last, title, view.anchor(event), words, form, sample=event.sample)


def _next_activities(view: TemplateContext) -> Iterator[Moment]:
    for item in view.upcoming[:NEXT]:
        name, address = item.activity.name.show(view.language), view.anchor(item.activity)
        yield Moment("event", item.start, item.end, name, address, "", "main", sample=item.activity.sample)


def _dues(view: TemplateContext, t: Labels) -> Iterator[Moment]:
    for name, status in view.progress.deadlines:
        assert status.due is not None
        holder, measure = view.catalogue.statements[name]
        title, address = measure.title.show(view.language), view.anchor_in(holder, measure)
        words, form = t(f"ledger.{status.state}"), due_form(status, view.as_of)
        assignment = view.catalogue.assignment_of.get(name)
        sample = holder.sample or (assignment is not None and assignment.sample)
        yield Moment("due", status.due, status.due, title, address, words, form, sample=sample)
    for target in view.catalogue.all(Target):
        found = view.progress.target(target)
        days = [(each.milestone.due, each.outcome) for each in found.milestones]
        days += [(target.due, found.outcome)] if target.due else []
        for day, outcome in days:
            label = {"not-reported": "target.no_result", "ended-unreported": "state.no_result"}
            words = t(label.get(outcome, f"outcome.{outcome}"))
            title = target.title.show(view.language)
            yield Moment(
                "due", day, day, title, view.anchor(target), words, _TARGET_FORMS[outcome], sample=target.sample
            )
