"""Rules on the ledger."""

from collections import defaultdict
from collections.abc import Iterator

from haopin.check.entries import RecordIndex, no_such
from haopin.model.ledger import Assignment, Entry
from haopin.model.target import Target
from haopin.model.task import Committed, Section
from haopin.problem import Place, Problem, problem


def corrected_entries_exist(entries: RecordIndex) -> Iterator[Problem]:
    """A correction refers to an earlier entry on the same measure or target."""
    known = {f"{record.id}/{each.id}" for record, _ in entries.of(Committed) for each in record.statements}
    by_id = {entry.id: entry for entry, _ in entries.of(Entry)}
    for entry, place in entries.of(Entry):
        if entry.corrects is None:
            continue
        corrected = by_id.get(entry.corrects)
        if corrected is None:
            if entries.is_whole(Entry):
                others = [other.id for other in by_id.values() if other.about == entry.about and other is not entry]
                yield no_such(entry.corrects, others, place.at("corrects"), "台账记录", "entry")
        elif _comes_round(entry, by_id):
            yield problem(
                place.at("corrects"),
                "“{id}”经过更正又回到自己,请改为最早的那一条",
                "the corrections of “{id}” form a circle; name the original entry",
                id=entry.id,
            )
        elif corrected.about != entry.about and (entry.target or entry.measure in known):
            yield problem(
                place.at("corrects"),
                "“{id}”说的是“{other}”,不能由这一条更正",
                "“{id}” is about “{other}” and cannot be corrected by this entry",
                id=entry.corrects,
                other=corrected.about,
            )
        elif corrected.date > entry.date:
            yield problem(
                place.at("date"),
                "更正的日期“{date}”早于被更正的那一条(“{other}”)",
                "the correction is dated “{date}”, before the entry that it corrects (“{other}”)",
                date=entry.date,
                other=corrected.date,
            )


def _comes_round(entry: Entry, by_id: dict[str, Entry]) -> bool:
    """Return whether ``entry`` corrects itself, directly or through other entries."""
    seen: set[str] = set()
    other = by_id.get(entry.corrects or "")
    while other is not None and other.id != entry.id and other.id not in seen:
        seen.add(other.id)
        other = by_id.get(other.corrects or "")
    return other is not None and other.id == entry.id


def corrections_are_single(entries: RecordIndex) -> Iterator[Problem]:
    """An entry has at most one correction; a further one corrects the correction."""
    seen: dict[str, str] = {}
    for entry, place in entries.of(Entry):
        if entry.corrects and entry.corrects in seen:
            yield problem(
                place.at("corrects"),
                "“{id}”已由“{other}”更正;再要更正,请写 corrects{colon} {other}",
                "“{id}” is already corrected by “{other}”; to correct again, write corrects: {other}",
                id=entry.corrects,
                other=seen[entry.corrects],
            )
        elif entry.corrects:
            seen[entry.corrects] = entry.id


def ledger_states_fit(entries: RecordIndex) -> Iterator[Problem]:
    """A measure has a state; a target with a number has a value; a target without one has a state."""
    targets = {target.id: target for target, _ in entries.of(Target)}
    for entry, place in entries.of(Entry):
        target = targets.get(entry.target or "")
        if entry.target and target is None:
            continue
        if target is None or target.comparator == "achieve":
            if entry.state is None:
                yield _missing(place, "state")
            for name in ("value", "of", "unit"):
                if getattr(entry, name) is not None:
                    yield problem(
                        place.at(name),
                        "“{about}”没有数值目标,请删去“{name}”,用文字说明",
                        "“{about}” has no number as its target; delete “{name}” and describe it in words",
                        about=entry.about,
                        name=name,
                    )
        elif entry.value is None:
            yield _missing(place, "value")


def _missing(place: Place, field: str) -> Problem:
    return problem(
        place.at(field, key=True), "台账记录缺少“{field}”,请补上", "the entry has no “{field}”; add it", field=field
    )


def ledger_days_agree(entries: RecordIndex) -> Iterator[Problem]:
    """Two entries of one day on the same item and period agree, unless one corrects the other."""
    corrected = {entry.corrects for entry, _ in entries.of(Entry) if entry.corrects}
    by_day: dict[tuple[object, ...], list[tuple[Entry, Place]]] = defaultdict(list)
    for entry, place in entries.of(Entry):
        if entry.id not in corrected:
            by_day[entry.about, entry.date, entry.covers].append((entry, place))
    for found in by_day.values():
        first = found[0][0]
        for entry, place in found[1:]:
            if (entry.state, entry.value, entry.of) != (first.state, first.value, first.of):
                yield problem(
                    place,
                    "与“{other}”同一天、同一事项,说法却不同;如是更正,请写“corrects”和“reason”",
                    "contradicts “{other}”, on the same item and day; if it is a correction, write "
                    "“corrects” and “reason”",
                    other=first.id,
                )


def percentages_are_no_fractions(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of a value below one percent: a spreadsheet shows 0.935 as 93.5%."""
    changes = {target.id for target, _ in entries.of(Target) if target.change in ("up-by", "down-by")}
    for entry, place in entries.of(Entry):
        if entry.target in changes:
            continue
        if entry.unit is not None and entry.unit.is_percent and entry.value is not None and 0 < entry.value < 1:
            yield problem(
                place.at("value"),
                "“{value}”不到百分之一;是否应为“{likely}”?",
                "“{value}” is less than one percent; should it be “{likely}”?",
                severity="warning",
                value=entry.value,
                likely=f"{(entry.value * 100).normalize():f}",
            )


def assignments_fit(entries: RecordIndex) -> Iterator[Problem]:
    """Two assignments of one day for the same measure agree."""
    seen: dict[tuple[str, object], Assignment] = {}
    for assignment, place in entries.of(Assignment):
        other = seen.setdefault((assignment.measure, assignment.date), assignment)
        if (other.body, other.due) != (assignment.body, assignment.due):
            yield problem(
                place,
                "与“{other}”同一天、同一举措,说法却不同,请只留一条",
                "contradicts “{other}”, on the same measure and day; keep one of them",
                other=other.id,
            )


def requirements_are_not_reported_on(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of reports and assignments on requirements; older data may contain some, which are kept."""
    requirements = {f"{section.id}/{each.id}" for section, _ in entries.of(Section) for each in section.requirements}
    about = [(entry.measure, place) for entry, place in entries.of(Entry)]
    about += [(assignment.measure, place) for assignment, place in entries.of(Assignment)]
    for name, place in about:
        if name in requirements:
            yield problem(
                place.at("measure"),
                "“{id}”是总体要求或目标,不是举措:不报送进展,不定时限;请改报有关任务的举措,或报它的量化目标",
                "“{id}” is a general requirement or aim, not a measure: it is not reported on and has no deadline; "
                "name a measure of a task, or report on its target",
                severity="warning",
                id=name,
            )


def owners_have_a_source(entries: RecordIndex) -> Iterator[Problem]:
    """A responsible body or due date of a measure or requirement has a source."""
    for record, place in entries.of(Committed):
        for index, each in enumerate(record.statements):
            roles = each.responsible
            unquoted = roles is not None and roles.quote is None
            given = "owner" if each.owner else "responsible" if unquoted else "due"
            if (each.owner or unquoted or each.due) and each.assigned_by is None:
                yield problem(
                    place.at(record.divided_into, index, given, key=True),
                    "写了责任单位或时限,还须写出处“assigned_by”",
                    "a body or due date is given; give its source in “assigned_by”",
                )
