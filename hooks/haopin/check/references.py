"""Rules on references between records, and where clause references lie in a record."""

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from haopin.check.entries import RecordIndex, no_such
from haopin.model.base import ClauseRef
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.need import Need
from haopin.model.sections import SECTIONS
from haopin.model.site import Site
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Task
from haopin.problem import Path, Place, Problem, problem

# --- Where in a record clause references lie


def clause_refs(part: BaseModel, path: Path = ()) -> Iterator[tuple[ClauseRef, Path]]:
    """Yield every clause reference in a record, with the path that leads to it."""
    for name in fields_with_refs(type(part)):
        value = getattr(part, name)
        if isinstance(value, ClauseRef):
            yield value, (*path, name)
        elif isinstance(value, BaseModel):
            yield from clause_refs(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from clause_refs(item, (*path, name, index))


@cache
def fields_with_refs(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of ``model`` in which a clause reference may lie, at any depth."""
    return tuple(name for name, info in model.model_fields.items() if _may_hold_ref(info.annotation))


def _may_hold_ref(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation is ClauseRef or bool(fields_with_refs(annotation))
    return any(_may_hold_ref(argument) for argument in getattr(annotation, "__args__", ()))


# --- Rules on references between records

_FOLDERS = [folder for folders in SECTIONS.values() for folder in folders]


def references_exist(entries: RecordIndex) -> Iterator[Problem]:
    """Every id that a record names exists."""
    for entry in entries.all if entries.is_whole(Document) else ():
        for ref, path in clause_refs(entry.record):
            place = entry.place.at(*path)
            if ref.document not in entries.clauses:
                yield no_such(ref.document, entries.clauses, place.at("document"), "文件", "document")
            elif ref.id not in entries.clauses[ref.document]:
                yield no_such(ref.id, entries.clauses[ref.document], place.at("id"), "条款", "clause")
    for site, place in entries.of(Site):
        yield from entries.unknown(Document, site.document, place.at("document"), "文件")
    for task, place in entries.of(Task):
        yield from entries.unknown(Group, task.group, place.at("group"), "任务分组")
        for index, body in enumerate(task.responsible.bodies):
            yield from entries.unknown(Body, body, place.at("responsible", "bodies", index), "责任单位")
    for record, place in entries.of(Committed):
        for index, measure in enumerate(record.measures):
            if measure.owner:
                yield from entries.unknown(Body, measure.owner, place.at("measures", index, "owner"), "责任单位")
    measures = [f"{record.id}/{measure.id}" for record, _ in entries.of(Committed) for measure in record.measures]
    known = set(measures)
    for target, place in entries.of(Target):
        if target.measure not in known and entries.is_whole(Committed):
            yield no_such(target.measure, measures, place.at("measure"), "举措", "measure")
    for need, place in entries.of(Need):
        for index, measure_id in enumerate(need.measures if entries.is_whole(Committed) else ()):
            if measure_id not in known:
                yield no_such(measure_id, measures, place.at("measures", index), "举措", "measure")
        for index, task_id in enumerate(need.tasks):
            yield from entries.unknown(Task, task_id, place.at("tasks", index), "任务")
        for index, document_id in enumerate(need.documents):
            yield from entries.unknown(Document, document_id, place.at("documents", index), "文件")
        for index, folder in enumerate(need.pages):
            if folder not in _FOLDERS:
                yield no_such(folder, _FOLDERS, place.at("pages", index), "栏目", "section")


def targets_are_whole(entries: RecordIndex) -> Iterator[Problem]:
    """A number goes with its unit, and a state to be achieved has neither."""
    for target, place in entries.of(Target):
        if target.comparator == "achieve" and target.value is not None:
            yield problem(
                place.at("value"),
                "“achieve”(达成某状态)不带数值,请删去“value”",
                "“achieve” is a state without a number; delete “value”",
            )
        elif target.comparator != "achieve":
            yield from _needs(target.value, place, "value")
            yield from _needs(target.unit, place, "unit")
        if target.unit == "percent" and target.value is not None and not 0 <= target.value <= 100:
            yield problem(
                place.at("value"),
                "百分比“{value}”须在 0 到 100 之间",
                "the percentage “{value}” must lie between 0 and 100",
                value=target.value,
            )


def _needs(value: object, place: Place, field: str) -> Iterator[Problem]:
    if value is None:
        yield problem(
            place.at(field, key=True),
            "量化目标缺少“{field}”,请补上",
            "the target has no “{field}”; add it",
            field=field,
        )


def joint_flag_matches_bodies(entries: RecordIndex) -> Iterator[Problem]:
    """A sole body is not joint, and several bodies are."""
    for task, place in entries.of(Task):
        several = len(task.responsible.bodies) > 1 or task.responsible.others is not None
        if task.responsible.joint != several:
            yield problem(
                place.at("responsible", "joint"),
                "“joint”应为 {expected}:所列责任单位{count}",
                "“joint” should be {expected}: {many} listed",
                expected=str(several).lower(),
                count="不止一个" if several else "只有一个",
                many="several bodies are" if several else "one body is",
            )
