"""Rules on approvals: who may approve, and whether a record is still what was approved."""

from collections.abc import Iterator, Mapping, Sequence

from haopin.check.entries import RecordIndex
from haopin.model.choices import ROLES
from haopin.model.publishable import Approval, Publishable
from haopin.model.site import Approver, Site
from haopin.privacy.fingerprint import is_changed
from haopin.problem import Problem, problem


def approvers_may_approve(entries: RecordIndex) -> Iterator[Problem]:
    """If the site lists who may approve, others do not; an approval without fingerprint may lack a name."""
    listed: dict[str, list[Approver]] = {}
    for site, _ in entries.of(Site):
        for approver in site.approvers:
            listed.setdefault(folded(approver.name), []).append(approver)
    if not listed:
        return
    for record, place in entries.of(Publishable):
        approval = record.approved
        if record.sample or approval is None:
            continue
        if approval.name is None:
            if approval.fingerprint is not None:
                yield problem(
                    place.at("approved"),
                    "审核没有写姓名;site.yml 列了审核人(approvers),请用 haopin approve --name 姓名 重新审核",
                    "the approval has no name, and site.yml lists approvers: approve it again with haopin approve "
                    "--name NAME",
                )
        elif not any(_may(approver, approval) for approver in listed.get(folded(approval.name), ())):
            yield problem(
                place.at("approved", "name"),
                "“{name}”不能在 {date} 以{role}身份审核;可以审核的人在 site.yml 的 approvers 里:{names}。"
                "请由其中的人审核,或补到 approvers 里(离任的写 until,不要删)",
                "“{name}” may not approve as {role_en} on {date}; those who may are in approvers of site.yml: {names}. "
                "Have one of them approve it, or add the person there (for one who has left: until)",
                name=approval.name,
                date=approval.date,
                role=ROLES[approval.role].zh,
                role_en=ROLES[approval.role].get("en"),
                names=_names(listed),
            )


def folded(name: str) -> str:
    """Return a person's name without spaces, to compare it."""
    return "".join(name.split())


def _names(listed: Mapping[str, Sequence[Approver]]) -> str:
    return "、".join(approvers[0].name for approvers in listed.values())


def _may(approver: Approver, approval: Approval) -> bool:
    begun = approver.since is None or approver.since <= approval.date
    ended = approver.until is not None and approver.until < approval.date
    return approval.role in approver.roles and begun and not ended


def drafters_do_not_approve(entries: RecordIndex) -> Iterator[Problem]:
    """Nobody approves what she or he has drafted or changed, with a name or without.

    An approval that was overtaken by a change is none; one without fingerprint may lack a name.
    """
    for entry in entries.all:
        record = entry.record
        if not isinstance(record, Publishable) or record.drafted is None or record.approved is None:
            continue
        name = record.approved.name
        if is_changed(entries.dataset, entry):
            continue
        if name is None and record.approved.fingerprint is not None:
            zh, en = (
                "审核没有写姓名;这一条写了起草人,请由别人",
                "the approval has no name, and the record has a drafter: ",
            )
            yield problem(
                entry.place.at("approved"),
                f"{zh}用 haopin approve --name 姓名 重新审核",
                f"{en}have another person approve it again with haopin approve --name NAME",
                desk=(f"{zh}写上姓名审核", f"{en}another person approves it, with a name"),
            )
        if name is None or folded(name) not in map(folded, record.drafted.names):
            continue
        yield problem(
            entry.place.at("approved", "name"),
            "“{name}”起草或改过这一条,不能由本人审核;请由别人审核",
            "“{name}” has drafted or changed this record and may not approve it; have it approved by another person",
            name=name,
        )


def changes_wait_for_approval(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of records that were changed after their approval: they are not published."""
    for entry in entries.all:
        record = entry.record
        if not isinstance(record, Publishable) or record.approved is None or not is_changed(entries.dataset, entry):
            continue
        role = ROLES[record.approved.role]
        zh = "审核以后有改动,与{who}在 {date} 审核的不同,暂不公布。请核对,再重新审核"
        en = (
            "changed since the approval by {who_en} on {date}, and not published for now. Check the change and have it "
            "approved again"
        )
        yield problem(
            entry.place.at("approved"),
            zh + ":haopin approve {kind}/{id}",
            en + ": haopin approve {kind}/{id}",
            severity="warning",
            desk=(zh, en),
            who=record.approved.name or role.zh,
            who_en=record.approved.name or f"the {role.get('en')}",
            date=record.approved.date,
            kind=entry.kind.name,
            id=record.id,
        )


def unproven_approvals(entries: RecordIndex) -> Iterator[Problem]:
    """Yield one warning for all approvals without fingerprint: a change after them goes unnoticed."""
    found = [place for record, place in entries.of(Publishable) if _is_unproven(record)]
    if found:
        yield problem(
            found[0].at("approved"),
            "有 {n} 条的审核没有内容指纹,审核后的改动查不出来(这是第一条)。请审核人核对后补上:haopin approve --again",
            "approvals without a fingerprint of what was approved, after which a change goes unnoticed: {n} (this is "
            "the first). Have them approved again: haopin approve --again",
            severity="warning",
            n=len(found),
        )


def _is_unproven(record: Publishable) -> bool:
    return record.approved is not None and record.approved.fingerprint is None and not record.sample
