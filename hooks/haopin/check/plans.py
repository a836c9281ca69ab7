"""Rules on plans and their records: current plan, nested groups, periods."""

from collections import Counter
from collections.abc import Iterator

from haopin.check.entries import RecordIndex
from haopin.model.ledger import Entry
from haopin.model.phase import Phase
from haopin.model.plan import Plan, plan_of
from haopin.model.site import Site
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Task
from haopin.problem import Place, Problem, problem


def one_plan_is_current(entries: RecordIndex) -> Iterator[Problem]:
    """Exactly one plan is current; without plans, the site names the document that it is based on."""
    plans = list(entries.of(Plan))
    for site, place in entries.of(Site):
        if plans and site.document is not None:
            yield problem(
                place.at("document"),
                "已有 plans.yml,依据的文件写在方案里,请删去这里的“document”",
                "there is plans.yml, where each plan names its document; delete “document” here",
            )
        elif site.document is None and not plans and entries.is_whole(Plan):
            yield problem(
                place,
                "没有写依据哪个文件:请写“document”(文件的 id),或在 plans.yml 里写方案",
                "no document is named; write “document” with its id, or write plans into plans.yml",
            )
    if not plans or not entries.is_whole(Plan):
        return
    current = [(plan, place) for plan, place in plans if plan.state == "current"]
    for plan, place in current:
        if plan.sample:
            yield problem(
                place.at("state"),
                "示例方案不能是现行方案,请改为 ended",
                "a sample plan cannot be the current one; write ended",
            )
    if not current:
        yield problem(
            plans[-1][1].at("state"),
            "没有现行方案,请把其中一个的“state”写成 current",
            "no plan is current; set the “state” of one of them to current",
        )
    for _, place in current[1:]:
        yield problem(
            place.at("state"),
            "现行方案只能有一个,“{first}”已经是;请把另一个改为 ended 或 replaced",
            "only one plan can be current, and “{first}” is; make the other ended or replaced",
            first=current[0][0].id,
        )


def replacements_lead_on(entries: RecordIndex) -> Iterator[Problem]:
    """Plans do not replace each other in a circle."""
    plans = {plan.id: plan for plan, _ in entries.of(Plan)}
    for plan, place in entries.of(Plan):
        if plan.replaced_by not in plans:
            continue
        chain = _chain(plan.id, {each.id: each.replaced_by for each in plans.values()})
        if chain[-1] == plan.id:
            yield problem(
                place.at("replaced_by"),
                "方案互相替代:{chain},请改正其中一个",
                "plans replace each other: {chain}; correct one of them",
                chain=" → ".join(chain),
            )
        elif plans[plan.replaced_by].state == "ended":
            yield problem(
                place.at("replaced_by"),
                "替代它的方案“{other}”已经结束,请核对",
                "the plan “{other}”, which replaces it, has ended; check both",
                severity="warning",
                other=plan.replaced_by,
            )


def _chain(start: str, next_of: dict[str, str | None]) -> list[str]:
    """Return the chain of ids from ``start``, up to its end or to the first repeated id."""
    chain, following = [start], next_of.get(start)
    while following is not None:
        chain.append(following)
        if following in chain[:-1]:
            break
        following = next_of.get(following)
    return chain


def records_have_one_plan(entries: RecordIndex) -> Iterator[Problem]:
    """If there are several plans, the plan of each record is unambiguous."""
    plans = [plan for plan, _ in entries.of(Plan)]
    if len(plans) < 2 or not entries.is_whole(Plan):
        return
    unclear: dict[str, list[Place]] = {}
    for record, place in _of_plans(entries):
        found = plan_of(record, plans)
        if found is None and record.plan is None:
            unclear.setdefault(record.clause.document, []).append(place)
        elif record.plan is not None:
            others = [p.id for p in plans if p.document == record.clause.document]
            if others and record.plan not in others:
                yield problem(
                    place.at("plan"),
                    "条款在方案“{other}”的文件里,这里却写“{plan}”,请核对",
                    "the clause is of the document of the plan “{other}”, but “plan” is “{plan}”; check both",
                    severity="warning",
                    other=others[0],
                    plan=record.plan,
                )

    # One problem, whatever the number of records.
    for document, places in unclear.items():
        yield problem(
            places[0],
            "以文件“{document}”的条款为依据的 {count} 条记录看不出属于哪个方案:没有或不止一个方案以它为依据;"
            "请核对方案的“document”,或在每条写“plan”,可写 {ids}",
            "the plan of {count} record(s) based on the document “{document}” is not clear: none or several plans "
            "name it; check “document” of the plans, or write “plan” in each record, one of {ids}",
            document=document,
            count=len(places),
            ids=", ".join(plan.id for plan in plans),
        )


def _of_plans(entries: RecordIndex) -> Iterator[tuple[Committed | Group, Place]]:
    yield from entries.of(Committed)
    yield from entries.of(Group)


def groups_are_nested(entries: RecordIndex) -> Iterator[Problem]:
    """No group contains itself, and groups and tasks are in groups of their own plan."""
    found = [group for group, _ in entries.of(Group)]
    parents = {group.id: group.parent for group in found}
    # A duplicate id is ambiguous, and reported by another rule.
    counts = Counter(group.id for group in found)
    groups = {group.id: group for group in found if counts[group.id] == 1}
    plans = [plan for plan, _ in entries.of(Plan)]
    circles: set[frozenset[str]] = set()
    for group, place in entries.of(Group):
        chain = _chain(group.id, parents)
        if chain[-1] == group.id and len(chain) > 1 and frozenset(chain) not in circles:
            circles.add(frozenset(chain))
            yield problem(
                place.at("parent"),
                "分组互相包含:{chain},请改正其中一个的“parent”",
                "groups contain each other: {chain}; correct the “parent” of one of them",
                chain=" → ".join(chain),
            )
        yield from _of_other_plan(group, group.parent, groups, plans, place.at("parent"))
    for task, place in entries.of(Task):
        yield from _of_other_plan(task, task.group, groups, plans, place.at("group"))


def _of_other_plan(
    record: Task | Group, group_id: str | None, groups: dict[str, Group], plans: list[Plan], place: Place
) -> Iterator[Problem]:
    group = groups.get(group_id or "")
    own, other = plan_of(record, plans), plan_of(group, plans) if group is not None else None
    if own is not None and other is not None and own.id != other.id:
        yield problem(
            place,
            "分组“{group}”属于方案“{other}”,这里属于“{own}”;请写同一方案的分组",
            "the group “{group}” is of the plan “{other}”, and this of “{own}”; name a group of the same plan",
            group=group_id,
            other=other.id,
            own=own.id,
        )


def periods_are_within_the_plan(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of phases and reports outside the period of their plan: a year or an id may be mistyped."""
    plans = [plan for plan, _ in entries.of(Plan)]
    if not any(plan.period for plan in plans):
        return
    for phase, place in entries.of(Phase):
        plan = plan_of(phase, plans)
        if plan and plan.period and not plan.period.start <= phase.period.start <= phase.period.end <= plan.period.end:
            yield _outside(place.at("period"), plan)
    holders = {holder.id: holder for holder, _ in entries.of(Committed)}
    measures = {target.id: target.measure for target, _ in entries.of(Target)}
    for entry, place in entries.of(Entry):
        measure = entry.measure or measures.get(entry.target or "", "")
        holder = holders.get(measure.partition("/")[0])
        plan = plan_of(holder, plans) if holder is not None else None
        if plan is None or plan.period is None:
            continue
        if entry.covers is None and entry.date < plan.period.start:
            yield _outside(place.at("date"), plan)
        elif entry.covers and (entry.covers.end < plan.period.start or entry.covers.start > plan.period.end):
            yield _outside(place.at("covers"), plan)


def _outside(place: Place, plan: Plan) -> Problem:
    assert plan.period is not None
    return problem(
        place,
        "不在方案“{plan}”的期间({start} 至 {end})之内,请核对日期,或核对说的是哪个方案",
        "outside the period of the plan “{plan}” ({start} to {end}); check the days, or which plan is meant",
        severity="warning",
        plan=plan.id,
        start=plan.period.start,
        end=plan.period.end,
    )
