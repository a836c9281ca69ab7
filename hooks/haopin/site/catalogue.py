"""Catalogue: the public records of a date, frozen, with look-ups; and how it is created from a data folder."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from haopin.cache import Readings
from haopin.check.rules import check
from haopin.load import translations
from haopin.load.dataset import Dataset
from haopin.load.folder import read, report
from haopin.load.pictures import Picture
from haopin.model import KINDS, Record
from haopin.model.activity import Activity, Channel
from haopin.model.base import ClauseRef, Nested
from haopin.model.body import Body
from haopin.model.disclosure import BATCH, Batch, Sampled
from haopin.model.document import Clause, Document, DocumentEffect
from haopin.model.ledger import Assignment, Entry
from haopin.model.need import Need
from haopin.model.news import Event
from haopin.model.plan import Plan, only_plan, plan_of
from haopin.model.provision import Mechanism, Provision
from haopin.model.publishable import Publishable
from haopin.model.recognition import Award
from haopin.model.site import Site
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Measure, Responsible, Statement, Task, Work
from haopin.problem import DataError
from haopin.site.publish import Published, Reason, Shows, Tombstone, publish
from haopin.text import Text
from haopin.trace import derived, note, unnoted

R = TypeVar("R", bound=Record)
#: Models of records that belong to a plan.
OfPlan: TypeAlias = Committed | Group | Target | Assignment | Entry


@dataclass(frozen=True)
class GroupNode:
    """A group with its position in the hierarchy.

    Attributes:
        group: The group.
        number: Its position among its siblings, from 1.
        depth: Number of groups that contain it.
        own: Its direct tasks.
        below: Its subgroups with tasks.
    """

    group: Group
    number: int
    depth: int
    own: tuple[Task, ...]
    below: tuple["GroupNode", ...]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All its tasks, those of its subgroups last."""
        return self.own + tuple(task for node in self.below for task in node.tasks)

    def walk(self) -> Iterator["GroupNode"]:
        """Yield this group and all its descendants, parents first."""
        yield self
        for node in self.below:
            yield from node.walk()


@dataclass(frozen=True)
class Catalogue:
    """All records, by model and id, in the order of the data. Ids and references are valid."""

    records: Mapping[type[Record], Mapping[str, Record]]
    companions: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[tuple[str, str], tuple[Nested, ...]] = field(default_factory=dict)
    tombstones: tuple[Tombstone, ...] = ()
    stale: frozenset[tuple[str, str]] = frozenset()
    #: Files of photographs, by path in the data folder.
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    #: (kind, id) → reason of each record that is not public; empty except in a draft of the site for the approver.
    drafts: Mapping[tuple[str, str], Reason] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        published: Published,
        *,
        companions: Mapping[str, str] | None = None,
        stale: Iterable[tuple[str, str]] = (),
        pictures: Mapping[str, Picture] | None = None,
    ) -> "Catalogue":
        """Create the catalogue of the ``published`` records.

        Args:
            published: The public records and tables.
            companions: Texts of other files, by path in the data folder.
            stale: Kind name and id of the records with outdated English.
            pictures: Files of photographs, by path in the data folder.
        """
        by_model: dict[type[Record], dict[str, Record]] = defaultdict(dict)
        for record in published.records:
            by_model[type(record)][record.id] = record
        _assign(by_model)
        _name_plans(by_model)
        tables, tombstones = dict(published.tables), published.tombstones
        return cls(
            dict(by_model),
            dict(companions or {}),
            tables,
            tombstones,
            frozenset(stale),
            pictures or {},
            published.drafts,
        )

    def all(self, model: type[R]) -> tuple[R, ...]:
        """Return the records of one model."""
        note(id(self), model)
        return tuple(unnoted(self, "records").get(model, {}).values())

    def get(self, model: type[R], record_id: str) -> R:
        """Return one record; KeyError if there is none."""
        note(id(self), (model, record_id))
        found: R = unnoted(self, "records")[model][record_id]
        return found

    def find(self, model: type[R], record_id: str | None) -> R | None:
        """Return one record; None if there is none."""
        note(id(self), (model, record_id))
        found: R | None = unnoted(self, "records").get(model, {}).get(record_id)
        return found

    def has(self, model: type[Record]) -> bool:
        """Return whether there is a record of ``model``."""
        note(id(self), (model, None))
        return bool(unnoted(self, "records").get(model))

    def trace_value(self, item: Any) -> Any:
        """Return what was read as ``item``, to compare it between builds: see `haopin.trace`."""
        records = unnoted(self, "records")
        if isinstance(item, str):
            return [model.__name__ for model in records] if item == "" else unnoted(self, item)
        if isinstance(item, type):
            return list(records.get(item, ()))
        model, record_id = item
        return bool(records.get(model)) if record_id is None else record_id in records.get(model, {})

    def every(self, base: type[R]) -> Iterator[R]:
        """Yield the records of all kinds whose model is ``base`` or a subclass, in the order of the data."""
        note(id(self), "")
        models = (model for model in unnoted(self, "records") if issubclass(model, base))
        return (record for model in models for record in self.all(model))

    @derived
    def publishable(self) -> tuple[tuple[str, Publishable], ...]:
        """All records published over time, with the name of their kind, newest first."""
        names = {kind.model: kind.name for kind in KINDS}
        found = [(names[type(record)], record) for record in self.every(Publishable)]
        return tuple(sorted(found, key=lambda pair: (pair[1].date, pair[0], pair[1].id), reverse=True))

    def rows_of(self, batch: Batch) -> tuple[Sampled, ...]:
        """Return the sampled products of ``batch``, in the order of its table."""
        return tuple(row for row in self.table(BATCH.name, batch.id) if isinstance(row, Sampled))

    def table(self, kind: str, record_id: str) -> tuple[Nested, ...]:
        """Return the rows of the table of a record; empty if it has none."""
        return self.tables.get((kind, record_id), ())

    @derived
    def entries_about(self) -> Mapping[str, tuple[Entry, ...]]:
        """Ledger entries by subject (``record/measure``, or the id of a target), newest first."""
        entries = sorted(self.all(Entry), key=lambda entry: entry.date, reverse=True)
        return _grouped((entry.about, entry) for entry in entries)

    @derived
    def correction_of(self) -> Mapping[str, Entry]:
        """The correction of an entry, by the id of the corrected one."""
        return {entry.corrects: entry for entry in self.all(Entry) if entry.corrects}

    @derived
    def assignment_of(self) -> Mapping[str, Assignment]:
        """The latest assignment by measure (``record/measure``)."""
        return {a.measure: a for a in sorted(self.all(Assignment), key=lambda assignment: assignment.date)}

    @derived
    def awards_of_honour(self) -> Mapping[str, tuple[Award, ...]]:
        """Holders by the id of an honor, latest year first."""
        awards = sorted(self.all(Award), key=lambda award: award.year, reverse=True)
        return _grouped((award.honour, award) for award in awards)

    @derived
    def events_of_activity(self) -> Mapping[str, tuple[Event, ...]]:
        """Events in the county by the id of their activity, latest first."""
        events = sorted(self.all(Event), key=lambda event: event.start, reverse=True)
        return _grouped((event.activity, event) for event in events if event.activity)

    @derived
    def site(self) -> Site:
        """The record of the site."""
        return self.get(Site, "site")

    @derived
    def plans(self) -> tuple[Plan, ...]:
        """Every plan, the current one first; one plan if the data declares none."""
        declared = sorted(self.all(Plan), key=lambda plan: plan.state != "current")
        return tuple(declared) or (only_plan(self.site, self.site.document or ""),)

    @property
    def plan(self) -> Plan:
        """The current plan."""
        return self.plans[0]

    @derived
    def text_only(self) -> bool:
        """Whether of an annex of a plan's document only the title is held, so that the plan may say more."""
        ids = {plan.document for plan in self.plans}
        documents = (document for document in self.all(Document) if document.id in ids)
        return any(annex.is_title_only for document in documents for annex in document.annexes)

    @derived
    def over(self) -> frozenset[str | None]:
        """Ids of the plans that are not current, whose dates are all in the past."""
        return frozenset(plan.id for plan in self.all(Plan) if plan.state != "current")

    def of_plan(self, plan: Plan) -> "Catalogue":
        """Return the records of ``plan``, and those without a plan."""
        return self._by_plan[plan.id]

    @derived
    def _by_plan(self) -> Mapping[str, "Catalogue"]:
        if len(self.plans) == 1:
            return {self.plan.id: self}
        return {plan.id: self._part(plan) for plan in self.plans}

    def _part(self, plan: Plan) -> "Catalogue":
        return replace(
            self,
            records={
                model: {
                    record_id: record
                    for record_id, record in records.items()
                    if not isinstance(record, OfPlan) or self.plan_of(record) is plan
                }
                for model, records in self.records.items()
            },
        )

    def plan_of(self, record: OfPlan) -> Plan:
        """Return the plan of ``record``, its own or that of its measure."""
        if isinstance(record, Entry) and record.target is not None:
            record = self.get(Target, record.target)
        holder = record if isinstance(record, Committed | Group) else self.statements[record.measure or ""][0]
        return next((plan for plan in self.plans if plan.id == holder.plan), self.plan)

    @derived
    def document(self) -> Document:
        """The document of the current plan."""
        return self.get(Document, self.plan.document)

    @property
    def slogan(self) -> Text | None:
        """The slogan of the current plan or, if it has none, of the site."""
        return self.plan.slogan.quote if self.plan.slogan else self.site.slogan

    @property
    def issuer(self) -> Text | None:
        """The body that issued the plan, if known."""
        return self.site.issuing_body or self.document.issuer

    @derived
    def takes_complaints(self) -> bool:
        """Whether the data has a means of complaint: a hotline, or a mechanism of the plan."""
        return bool(self.site.hotlines) or any(m.kind == "complaint" for m in self.all(Mechanism))

    @derived
    def tasks_without_group(self) -> tuple[Task, ...]:
        """Tasks without a group, in the order of the data."""
        return tuple(task for task in self.all(Task) if task.group is None)

    @derived
    def _clauses(self) -> Mapping[tuple[str, str], Clause]:
        return {(document.id, clause.id): clause for document in self.all(Document) for clause in document.every_clause}

    def clause(self, ref: ClauseRef) -> Clause:
        """Return the clause that ``ref`` refers to."""
        return self._clauses[ref.document, ref.id]

    @derived
    def committed(self) -> tuple[Committed, ...]:
        """Every record that divides a clause into statements, in the order of the clauses."""
        order = {key: number for number, key in enumerate(self._clauses)}
        return tuple(sorted(self.every(Committed), key=lambda r: order[r.clause.document, r.clause.id]))

    @derived
    def holder_of_clause(self) -> Mapping[tuple[str, str], Committed]:
        """The record based on a clause, by document and clause id."""
        return {(r.clause.document, r.clause.id): r for r in self.committed}

    @derived
    def statements(self) -> Mapping[str, tuple[Committed, Statement]]:
        """Every measure and requirement with its record, by ``record id/own id``."""
        return {f"{r.id}/{each.id}": (r, each) for r in self.committed for each in r.statements}

    @derived
    def measures(self) -> Mapping[str, tuple[Work, Measure]]:
        """Every measure of a task, phase or safeguard with its record, by ``record id/measure id``."""
        return {f"{r.id}/{m.id}": (r, m) for r in self.committed if isinstance(r, Work) for m in r.measures}

    @derived
    def tasks_of_group(self) -> Mapping[str, tuple[Task, ...]]:
        """Tasks by group id."""
        return _grouped((task.group, task) for task in self.all(Task) if task.group)

    @derived
    def group_tree(self) -> tuple[GroupNode, ...]:
        """Top-level groups with tasks."""
        inner = _grouped((group.parent, group) for group in self.all(Group))

        def nodes(parent: str | None, depth: int) -> tuple[GroupNode, ...]:
            found = (
                GroupNode(group, number, depth, self.tasks_of_group.get(group.id, ()), nodes(group.id, depth + 1))
                for number, group in enumerate(inner.get(parent, ()), start=1)
            )
            return tuple(node for node in found if node.tasks)

        return nodes(None, 0)

    @derived
    def group_nodes(self) -> Mapping[str, GroupNode]:
        """Every group with tasks, by id, parents first."""
        return {node.group.id: node for top in self.group_tree for node in top.walk()}

    @derived
    def charted_groups(self) -> tuple[GroupNode, ...]:
        """The groups by which tasks are counted: the highest level with several groups, or else the top level."""
        nodes = self.group_tree
        while len(nodes) == 1 and nodes[0].below and not nodes[0].own:
            nodes = nodes[0].below
        return nodes

    @derived
    def tasks_of_body(self) -> Mapping[str, tuple[Task, ...]]:
        """Tasks by id of a body with a role in them."""
        return _grouped((body, task) for task in self.all(Task) for body in task.answerable)

    @derived
    def others_of_body(self) -> Mapping[str, tuple[Committed, ...]]:
        """Records other than tasks (such as safeguards) by id of a body with a role in them."""
        others = (holder for holder in self.committed if not isinstance(holder, Task))
        return _grouped((body, holder) for holder in others for body in holder.answerable)

    @derived
    def statements_of_body(self) -> Mapping[str, tuple[tuple[Committed, Statement], ...]]:
        """Measures and requirements with bodies of their own, each with its record, by the id of the body."""
        named = ((holder, each, each.roles) for holder, each in self.statements.values())
        return _grouped((body, (holder, each)) for holder, each, roles in named if roles for body in roles.answerable)

    @property
    def assigns_measures(self) -> bool:
        """Whether the document names bodies for single measures."""
        return any(m.responsible and m.responsible.quote for _, m in self.measures.values())

    @derived
    def targets_of_record(self) -> Mapping[str, tuple[Target, ...]]:
        """Targets by the id of the record whose measure they quantify."""
        return _grouped((target.measure.partition("/")[0], target) for target in self.all(Target))

    @derived
    def activities_of_clause(self) -> Mapping[tuple[str, str], tuple[Activity, ...]]:
        """Activities by document id and clause id."""
        return _grouped((_key(activity.as_written.clause), activity) for activity in self.all(Activity))

    @derived
    def provisions_of_clause(self) -> Mapping[tuple[str, str], tuple[Provision | Channel, ...]]:
        """Provisions other than measures (services, honours, channels …), by document and clause id."""
        found: list[Provision | Channel] = [*self.every(Channel), *self.every(Provision)]
        return _grouped((_key(r.clause), r) for r in found)

    @derived
    def needs_of_record(self) -> Mapping[str, tuple[Need, ...]]:
        """Needs by the id of a record that answers them, directly or by one of its measures."""
        pairs = (
            (record_id, need)
            for need in self.all(Need)
            for record_id in dict.fromkeys([*need.tasks, *(m.partition("/")[0] for m in need.measures)])
        )
        return _grouped(pairs)

    @derived
    def cited_by_document(self) -> Mapping[str, tuple[Document, ...]]:
        """Cited documents, by the id of the citing document."""
        return _grouped(
            (citing, document)
            for document in self.all(Document)
            for citing in dict.fromkeys(citation.clause.document for citation in document.citations)
        )

    @derived
    def changes_of_document(self) -> Mapping[str, tuple[tuple[Document, DocumentEffect], ...]]:
        """Documents that change another, with the change, by the id of the other; latest first."""
        found = [(document, change) for document in self.all(Document) for change in document.changes]
        found.sort(key=lambda pair: pair[0].since(pair[1]) or date.min, reverse=True)
        return _grouped((change.document, (document, change)) for document, change in found)

    def holder_of(self, ref: ClauseRef) -> Committed | None:
        """Return the record based on the clause ``ref``, if there is one."""
        return self.holder_of_clause.get(_key(ref))

    def holder_named(self, record_id: str) -> Committed:
        """Return the record with the id ``record_id`` that is based on a clause; StopIteration if there is none."""
        return next(holder for holder in self.committed if holder.id == record_id)

    def bodies_of(self, holder: Committed) -> tuple[Body, ...]:
        """Return the bodies with a role in ``holder``, leading ones first."""
        return tuple(self.get(Body, body) for body in holder.answerable)

    def groups_of(self, task: Task) -> tuple[GroupNode, ...]:
        """Return the groups that contain ``task``, the top-level one first."""
        found: list[GroupNode] = []
        above = task.group
        while above is not None:
            found.insert(0, self.group_nodes[above])
            above = found[0].group.parent
        return tuple(found)


def _assign(by_model: dict[type[Record], dict[str, Record]]) -> None:
    """Apply tables of annexes and assignments to the measures, later ones over earlier ones."""
    assignments = [r for r in by_model.get(Assignment, {}).values() if isinstance(r, Assignment)]
    changes: dict[str, dict[str, dict[str, object]]] = defaultdict(lambda: defaultdict(dict))
    # A measure with bodies quoted from the document keeps them; the check compares the rows with them.
    named = {
        f"{record.id}/{each.id}"
        for records in by_model.values()
        for record in records.values()
        if isinstance(record, Committed)
        for each in record.statements
        if each.roles is not None
    }
    documents = [r for r in by_model.get(Document, {}).values() if isinstance(r, Document)]
    for document in sorted(documents, key=lambda document: document.dated or date.min):
        for annex in document.annexes:
            for row in annex.table.rows if annex.table else ():
                for measure in row.measures:
                    holder_id, _, measure_id = measure.partition("/")
                    change = changes[holder_id][measure_id]
                    if measure not in named:
                        change.update(_responsibility(row.roles))
                    if row.due is not None:
                        change["due"] = row.due
                    change["assigned_by"] = annex.title
    for assignment in sorted(assignments, key=lambda assignment: assignment.date):
        holder_id, _, measure_id = assignment.measure.partition("/")
        given: dict[str, object] = {"due": assignment.due, "assigned_by": assignment.source}
        change = changes[holder_id][measure_id]
        change.update({name: value for name, value in given.items() if value is not None})
        change.update(_responsibility(assignment.roles))
    for records in by_model.values() if changes else ():
        for record in list(records.values()):
            if isinstance(record, Committed) and record.id in changes:
                own = changes[record.id]
                found = tuple(s.model_copy(update=own[s.id]) if s.id in own else s for s in record.statements)
                records[record.id] = record.model_copy(update={record.divided_into: found})


def _responsibility(roles: Responsible | None) -> dict[str, object]:
    """Return the fields of a measure with the responsible ``roles``, which replace earlier ones."""
    if roles is None:
        return {}
    alone = len(roles.bodies) == 1 and roles.bodies == roles.answerable and not roles.general
    return {"owner": roles.bodies[0], "responsible": None} if alone else {"owner": None, "responsible": roles}


def _name_plans(by_model: dict[type[Record], dict[str, Record]]) -> None:
    """Set the plan of each record, if the data declares plans."""
    plans = [plan for plan in by_model.get(Plan, {}).values() if isinstance(plan, Plan)]
    for records in by_model.values() if plans else ():
        for record in list(records.values()):
            if isinstance(record, Committed | Group) and (plan := plan_of(record, plans)) is not None:
                records[record.id] = record.model_copy(update={"plan": plan.id})


K = TypeVar("K")
V = TypeVar("V")


def _key(ref: ClauseRef) -> tuple[str, str]:
    return ref.document, ref.id


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


# --- From a data folder to a catalogue: read, check, and return either the catalogue or all problems


def examine(folder: Path, name: str, readings: Readings | None = None) -> tuple[Dataset, list[str], list[str]]:
    """Read and check ``folder``.

    Args:
        folder: The data folder.
        name: Its name in messages, e.g. ``data``.
        readings: Results of slow reads that are kept between runs.

    Returns:
        The dataset, the errors and the warnings, as lines.
    """
    dataset = read(folder, readings=readings)
    problems = check(dataset)
    errors = [p for p in problems if p.severity == "error"]
    warnings = [p for p in problems if p.severity == "warning"]
    return dataset, report(folder, errors, name), report(folder, warnings, name)


def checked(folder: Path, name: str, readings: Readings | None = None) -> tuple[Dataset, list[str]]:
    """Return the dataset of ``folder``, and its warnings.

    Raises:
        DataError: with all errors, if there are any.
    """
    if not folder.is_dir():
        raise DataError([f"{name}:1:1: 没有这个资料文件夹 / there is no such data folder"])
    dataset, errors, warnings = examine(folder, name, readings)
    if errors:
        raise DataError(errors)
    return dataset, warnings


def time_zone(dataset: Dataset) -> str:
    """Return the time zone of the county, or the default if the record of the site cannot be read."""
    zones = (site.time_zone for site in dataset.records(Site))
    return next(zones, str(Site.model_fields["time_zone"].default))


def with_site(dataset: Dataset, **values: Any) -> Dataset:
    """Return ``dataset`` with other ``values`` of fields of the site, such as its address."""
    entries = [
        replace(entry, record=entry.record.model_copy(update=values)) if isinstance(entry.record, Site) else entry
        for entry in dataset.entries
    ]
    return replace(dataset, entries=entries)


def catalogue(dataset: Dataset, as_of: date, *, samples: bool = False, shows: Shows = "public") -> Catalogue:
    """Return the catalogue of a dataset without errors for the date ``as_of``."""
    published = publish(dataset, as_of, samples=samples, shows=shows)
    stale = {(key.kind, key.record_id) for key in translations.stale(dataset)}
    return Catalogue.of(published, companions=dataset.companions, stale=stale, pictures=dataset.pictures)
