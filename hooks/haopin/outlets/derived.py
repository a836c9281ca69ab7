"""What the API derives: the same answers that the pages give, as data."""

from typing import Any

from haopin import standing
from haopin.outlets import shapes
from haopin.outlets.public import plain
from haopin.records import Record
from haopin.records.activity import Activity
from haopin.records.body import Body
from haopin.records.disclosure import Batch
from haopin.records.ledger import Entry
from haopin.records.news import Event
from haopin.records.phase import Phase
from haopin.records.target import Target
from haopin.records.task import Committed, Group, Task
from haopin.render.view import View


def standing_of(found: standing.Standing) -> shapes.Standing:
    """Return where a measure stands."""
    entry = found.entry
    return {
        "state": found.state,
        "rule": found.rule,
        "entry": entry.id if entry else None,
        "reported": entry.date.isoformat() if entry else None,
        "due": found.due.isoformat() if found.due else None,
    }


def tally_of(found: standing.Tally) -> shapes.Tally:
    """Return how many measures are in each state."""
    return {
        "state": found.state,
        "total": found.total,
        "reported": found.reported,
        "counts": {str(state): count for state, count in found.parts},
    }


def outlook_of(found: standing.Outlook) -> shapes.Outlook:
    """Return where a target stands."""
    entry, before = found.entry, found.before
    return {
        "outcome": found.outcome,
        "rule": found.rule,
        "entry": entry.id if entry else None,
        "reported": entry.date.isoformat() if entry else None,
        "value": plain(entry.value) if entry else None,
        "before": plain(before.value) if before else None,
        "trend": found.trend,
        "days_since_report": found.age,
    }


def measures_of(view: View, holder: Committed) -> dict[str, shapes.Standing]:
    """Return where each measure of ``holder`` stands, by its id.

    Requirements, phases and safeguards are no work orders: their measures have a state when one is reported.
    """
    found = {measure.id: view.progress.measure(f"{holder.id}/{measure.id}") for measure in holder.measures}
    return {
        name: standing_of(each)
        for name, each in found.items()
        if isinstance(holder, Task) or each.state != "not-reported"
    }


def derived(view: View, record: Record) -> shapes.Derived:
    """Return what is worked out about ``record``; empty if nothing is."""
    found: dict[str, Any] = {}
    if isinstance(record, Task):
        found["tally"] = tally_of(view.progress.task(record))
    if isinstance(record, Committed):
        found["measures"] = measures_of(view, record)
    if isinstance(record, Phase):
        found["position"] = next(state.position for state in view.phases if state.phase.id == record.id)
    if isinstance(record, Group):
        found["tally"] = tally_of(view.progress.group(record))
    if isinstance(record, Body):
        found["tally"] = tally_of(view.progress.body(record))
    if isinstance(record, Target):
        found["outlook"] = outlook_of(view.progress.target(record))
    if isinstance(record, Activity):
        dates = view.next_of(record)
        found["next"] = {"start": dates.start.isoformat(), "end": dates.end.isoformat()} if dates else None
    if isinstance(record, Event):
        found["over"] = record.last < view.as_of
    if isinstance(record, Entry):
        correction = view.catalogue.correction_of.get(record.id)
        found["corrected_by"] = correction.id if correction else None
    if isinstance(record, Batch):
        sampling = view.sampling(record)
        found["products"], found["failing"] = sampling.total, len(sampling.failing)
    return found  # type: ignore[return-value]


def rules_in(found: shapes.Derived) -> set[str]:
    """Return the labels of the rules that ``found`` names."""
    rules = {f"ledger.rule-{each['rule']}" for each in found.get("measures", {}).values()}
    if "outlook" in found:
        rules.add(f"outcome.rule-{found['outlook']['rule']}")
    return rules
