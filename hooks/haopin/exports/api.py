"""API: public records and values derived from them, as JSON files at stable addresses."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, get_args

from haopin.exports import api_types, openapi
from haopin.exports.api_schema import kind_schema, shape_schema
from haopin.exports.serialize import hidden, plain
from haopin.exports.source import ExportSource, Outfile
from haopin.html import formats
from haopin.html.context import TemplateContext
from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.disclosure import Batch
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.news import Event
from haopin.model.phase import Phase
from haopin.model.photograph import Photograph
from haopin.model.plan import Plan
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Task, Work
from haopin.site import progress
from haopin.site.paths import API, CATALOG
from haopin.site.progress import STATES, Rule, TargetRule
from haopin.text import LANGUAGES, Text
from haopin.trace import kept

#: Label of the rule that determines the status of milestones.
_MILESTONE_RULE = "outcome.rule-milestone"

# --- Derived values, the same as on the pages


def standing_of(found: progress.MeasureStatus) -> api_types.Standing:
    """Convert the status of a measure."""
    entry = found.entry
    return {
        "state": found.state,
        "rule": found.rule,
        "entry": entry.id if entry else None,
        "reported": entry.date.isoformat() if entry else None,
        "due": found.due.isoformat() if found.due else None,
    }


def tally_of(found: progress.StatusCounts) -> api_types.Tally:
    """Convert the numbers of measures by status."""
    return {
        "state": found.state,
        "total": found.total,
        "reported": found.reported,
        "counts": {str(state): count for state, count in found.parts},
    }


def outlook_of(source: ExportSource, target: Target) -> api_types.Outlook:
    """Return the status of a target."""
    found = source.view.progress.target(target)
    entry, before, number = found.entry, found.before, target.number
    share = entry.measured if entry and entry.of else None
    quantity = {language: source.quantity(language) for language in LANGUAGES}
    return {
        "outcome": found.outcome,
        "rule": found.rule,
        "entry": entry.id if entry else None,
        "reported": entry.date.isoformat() if entry else None,
        "value": plain(entry.value) if entry else None,
        "of": plain(entry.of) if entry else None,
        "share": None if share is None else round(float(share), 2),
        "before": plain(before.value) if before else None,
        "trend": found.trend,
        "days_since_report": found.age,
        "goal": None if number is None else {"zh": quantity["zh"].goal(number), "en": quantity["en"].goal(number)},
        "reported_words": None
        if entry is None or entry.value is None
        else {"zh": quantity["zh"].reported(entry), "en": quantity["en"].reported(entry)},
        "milestones": [
            {
                "due": each.milestone.due.isoformat(),
                "outcome": each.outcome,
                "entry": each.entry.id if each.entry else None,
            }
            for each in found.milestones
        ],
    }


def measures_of(view: TemplateContext, holder: Committed) -> dict[str, api_types.Standing]:
    """Return the status of each measure of ``holder``, by its id.

    Measures of phases and safeguards have a status only if one was reported; so have requirements, in older data.
    """
    found = {each.id: view.progress.measure(f"{holder.id}/{each.id}") for each in holder.statements}
    return {
        name: standing_of(each)
        for name, each in found.items()
        if isinstance(holder, Task) or each.state != "not-reported"
    }


def derived(source: ExportSource, record: Record) -> api_types.Derived:
    """Return the values derived for ``record``; empty if there are none."""
    view, found = source.view, dict[str, Any]()
    if isinstance(record, Task):
        found["tally"] = tally_of(view.progress.task(record))
    if isinstance(record, Committed):
        reported = measures_of(view, record)
        if isinstance(record, Work) or reported:
            found[record.divided_into] = reported
    if isinstance(record, Phase):
        found["position"] = next(state.position for state in view.phases if state.phase.id == record.id)
    if isinstance(record, Group):
        found["tally"] = tally_of(view.progress.group(record))
    if isinstance(record, Body):
        found["tally"] = tally_of(source.renderer.plans[0].view.progress.body(record))
    if isinstance(record, Target):
        found["outlook"] = outlook_of(source, record)
        if (plan := view.catalogue.statements[record.measure][0].plan) is not None:
            found["plan"] = plan
    if isinstance(record, Activity):
        dates = view.next_of(record)
        found["next"] = {"start": dates.start.isoformat(), "end": dates.end.isoformat()} if dates else None
    if isinstance(record, Event):
        found["over"] = record.last < view.as_of
    if isinstance(record, Document):
        found["over"] = view.over(record) is not None
        found["changed_by"] = [
            {"document": other.id, "what": change.what, "since": since.isoformat() if since else None}
            for other, change in view.catalogue.changes_of_document.get(record.id, ())
            for since in (other.since(change),)
        ]
    if isinstance(record, Entry):
        correction = view.catalogue.correction_of.get(record.id)
        found["corrected_by"] = correction.id if correction else None
    if isinstance(record, Batch):
        sampling = view.sampling(record)
        found["products"], found["failing"] = sampling.total, len(sampling.failing)
    if isinstance(record, Photograph):
        found["pictures"] = [
            {"address": source.shared(size.path), "width": size.width, "height": size.height}
            for size in view.sizes(record)
        ]
    return found  # type: ignore[return-value]


def rules_in(found: api_types.Derived) -> set[str]:
    """Return the labels of the rules in ``found``."""
    reported = (*found.get("measures", {}).values(), *found.get("requirements", {}).values())
    rules = {f"ledger.rule-{each['rule']}" for each in reported}
    if "outlook" in found:
        rules.add(f"outcome.rule-{found['outlook']['rule']}")
        if found["outlook"]["milestones"]:
            rules.add(_MILESTONE_RULE)
    return rules


# --- Files of the API: records, derived values, schemas


def make_api(source: ExportSource) -> Iterator[Outfile]:
    """Yield every file of the API; each contains both languages."""
    for kind in KINDS:
        maker = _Kind(source, kind)
        for record in source.catalogue.all(kind.model):
            yield Outfile(f"{API}{kind.name}/{record.id}.json", partial(maker.record, record))
        yield Outfile(f"{API}{kind.name}.json", maker.list)
        yield Outfile(
            f"{API}schema/{kind.name}.json", partial(kind_schema, source, kind, _schema_address(source, kind.name))
        )
    yield Outfile(f"{API}status.json", lambda: dumped(status(source)))
    yield Outfile(f"{API}changes.json", lambda: dumped(changes(source)))
    yield Outfile(f"{API}index.json", lambda: dumped(index(source)))
    for name, shape in (("status", api_types.ApiStatus), ("changes", api_types.Changes), ("index", api_types.Index)):
        yield Outfile(f"{API}schema/{name}.json", partial(shape_schema, shape, _schema_address(source, name)))
    yield Outfile(f"{API}openapi.json", lambda: dumped(openapi.description(source)))


def dumped(value: Any) -> bytes:
    """Serialise ``value`` as JSON without spaces."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _schema_address(source: ExportSource, name: str) -> str:
    return source.shared(f"{API}schema/{name}.json")


class _Kind:
    """Files of one kind. The list reuses the serialised records, which are written first."""

    def __init__(self, source: ExportSource, kind: Kind) -> None:
        self._source, self._kind = source, kind
        self._without = hidden(kind, source.catalogue.site)
        self._items: dict[str, Any] = {}

    def _head(self) -> dict[str, Any]:
        return {
            "schema": _schema_address(self._source, self._kind.name),
            "kind": self._kind.name,
            "title": plain(self._source.kind_title(self._kind)),
            "as_of": self._source.as_of.isoformat(),
        }

    def record(self, record: Record) -> bytes:
        """Return the file of one record."""
        text, rules = kept(self._items, record.id, self._item, record)
        more: dict[str, Any] = {}
        if isinstance(record, Batch):
            more["table"] = [plain(row) for row in self._source.catalogue.rows_of(record)]
        if rules:
            more["rules"] = {rule.partition("rule-")[2]: words(self._source, rule) for rule in rules}
        head = json.dumps({**self._head(), **more}, ensure_ascii=False, separators=(",", ":"))
        return f'{head[:-1]},"item":{text}}}\n'.encode()

    def _item(self, record: Record) -> tuple[str, list[str]]:
        """Return ``record`` as JSON, which is in two files, and the labels of the rules in it."""
        source = self._source
        found = derived(source, record)
        item: dict[str, Any] = {
            "id": record.id,
            "record": plain(record, self._without),
            "derived": found,
            "pages": {language: source.page_of(record, language) for language in source.languages},
        }
        return json.dumps(item, ensure_ascii=False, separators=(",", ":")), sorted(rules_in(found))

    def list(self) -> bytes:
        """Return the file of all records."""
        records = self._source.catalogue.all(self._kind.model)
        items = [kept(self._items, record.id, self._item, record)[0] for record in records]
        head = json.dumps({**self._head(), "count": len(items)}, ensure_ascii=False, separators=(",", ":"))
        return f'{head[:-1]},"items":[{",".join(items)}]}}\n'.encode()


def words(source: ExportSource, key: str, **values: object) -> api_types.Words:
    """Return the label ``key`` in both languages; ``{day}`` in it is the date of the build."""
    said = {
        language: source.labels(language)(key, day=formats.day(source.as_of, language), **values)
        for language in LANGUAGES
    }
    return {"zh": said["zh"], "en": said["en"]}


def both(text: Text) -> api_types.Words:
    """Return ``text`` in both languages."""
    return {"zh": text.show("zh"), "en": text.show("en")}


def status(source: ExportSource) -> api_types.ApiStatus:
    """Return the status of all measures and targets on the date of the build, with the rules."""
    catalogue, view = source.catalogue, source.view
    progress, current = view.progress, source.renderer.plans[0].view
    rules = {f"ledger.rule-{rule}" for rule in get_args(Rule)} | {
        f"outcome.rule-{rule}" for rule in get_args(TargetRule)
    }
    rules.add(_MILESTONE_RULE)
    return {
        "schema": _schema_address(source, "status"),
        "as_of": source.as_of.isoformat(),
        "reported": progress.reported,
        "states": {state: words(source, f"ledger.{state}") for state in STATES},
        "rules": {rule.partition("rule-")[2]: words(source, rule) for rule in sorted(rules, reverse=True)},
        "plan": catalogue.plan.id if catalogue.all(Plan) else None,
        "plans": {
            part.plan.id: {
                "state": part.plan.state,
                "programme": None if part.plan.state == "replaced" else part.view.programme,
                "tally": tally_of(part.view.progress.programme),
            }
            for part in source.renderer.plans
            if catalogue.all(Plan)
        },
        "programme": current.programme,
        "phases": {state.phase.id: state.position for state in view.phases},
        "tasks_together": tally_of(current.progress.programme),
        "groups": {group.id: tally_of(progress.group(group)) for group in catalogue.all(Group)},
        "tasks": {task.id: tally_of(progress.task(task)) for task in catalogue.all(Task)},
        "bodies": {body.id: tally_of(current.progress.body(body)) for body in catalogue.all(Body)},
        "measures": {
            f"{task.id}/{name}": found
            for task in catalogue.committed
            if isinstance(task, Task)
            for name, found in measures_of(view, task).items()
        },
        "others": {
            f"{holder.id}/{name}": found
            for holder in catalogue.committed
            if not isinstance(holder, Task)
            for name, found in measures_of(view, holder).items()
        },
        "targets": {target.id: outlook_of(source, target) for target in catalogue.all(Target)},
    }


def changes(source: ExportSource) -> api_types.Changes:
    """Return all publications, latest first, and all withdrawals (without names)."""
    corrections = source.catalogue.correction_of

    def change(kind: str, record: Any) -> api_types.ApiChange:
        pages = {language: source.page_of(record, language) for language in source.languages}
        correction = corrections.get(record.id) if isinstance(record, Entry) else None
        return {
            "date": record.date.isoformat(),
            "kind": kind,
            "id": record.id,
            "title": plain(record.label),
            "pages": {str(language): address for language, address in pages.items()},
            "api": source.shared(f"{API}{kind}/{record.id}.json"),
            "corrects": record.corrects if isinstance(record, Entry) else None,
            "corrected_by": correction.id if correction else None,
            "sample": record.sample,
        }

    found = [change(kind, record) for kind, record in source.catalogue.publishable]
    return {
        "schema": _schema_address(source, "changes"),
        "as_of": source.as_of.isoformat(),
        "count": len(found),
        "changes": found,
        "withdrawn": [
            {"date": w.date.isoformat(), "reason": w.reason, "kinds": [kind.name for kind in kinds]}
            for w, kinds in source.view.withdrawals
        ],
    }


def index(source: ExportSource) -> api_types.Index:
    """Return the index of the API: its files and their addresses."""
    catalogue, site = source.catalogue, source.catalogue.site

    def of(kind: Kind) -> api_types.KindFiles:
        count = len(catalogue.all(kind.model))
        return {
            "kind": kind.name,
            "title": both(source.kind_title(kind)),
            "count": count,
            "list": source.shared(f"{API}{kind.name}.json"),
            "schema": _schema_address(source, kind.name),
            "csv": source.shared(f"downloads/{kind.name}.csv") if count else None,
            "xlsx": source.shared(f"downloads/{kind.name}.xlsx") if count else None,
        }

    return {
        "schema": _schema_address(source, "index"),
        "title": both(site.name),
        "place": both(site.place),
        "county": both(site.place),
        "as_of": source.as_of.isoformat(),
        "document": catalogue.document.id,
        "kinds": [of(kind) for kind in KINDS],
        "status": source.shared(f"{API}status.json"),
        "changes": source.shared(f"{API}changes.json"),
        "openapi": source.shared(f"{API}openapi.json"),
        "catalog": source.shared(CATALOG),
    }
