"""Plans: subject of a site. One is current; others have ended or were replaced."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from haopin.model.activity import Quoted
from haopin.model.base import Kind, Record, Slug, doc, page_each
from haopin.model.document import Document
from haopin.model.fields import Ref, Span
from haopin.model.site import Site
from haopin.model.task import Committed, Group
from haopin.text import Text


class Plan(Record):
    """方案 | A plan: tasks, groups, phases, safeguards, and targets that rest on one document."""

    name: Annotated[Text, doc("方案名称", "name of the plan")]
    document: Annotated[Slug, Ref(Document), doc("方案所在文件的 id", "id of the document that lays it down")]
    state: Annotated[
        Literal["current", "ended", "replaced"],
        doc("现状:current 现行,ended 已结束,replaced 已被替代", "current, ended, or replaced by another plan"),
    ]
    replaced_by: Annotated[
        Slug | None, Ref("Plan"), doc("被哪个方案替代:它的 id", "id of the plan that replaces it")
    ] = None
    period: Annotated[Span | None, doc("起止日期,文件未写则空", "first and last day, if the document says")] = None
    slogan: Annotated[Quoted | None, doc("口号:条款和原文", "slogan: its clause, and its words")] = None
    summary: Annotated[Text | None, doc("通俗说明(编者所拟)", "plain-language summary, by the editors")] = None

    @model_validator(mode="after")
    def _replaced_says_by_what(self) -> Self:
        if (self.state == "replaced") != (self.replaced_by is not None):
            raise PydanticCustomError("replaced_by", "replaced_by belongs to state: replaced", {})
        return self


def plan_of(record: Committed | Group, plans: Sequence[Plan]) -> Plan | None:
    """Return the plan of ``record`` among ``plans``; None if it is unknown.

    It is the plan in the record, or the only one, or the only one whose document has the clause of the record.
    """
    if record.plan is not None:
        return next((plan for plan in plans if plan.id == record.plan), None)
    own = plans if len(plans) == 1 else [plan for plan in plans if plan.document == record.clause.document]
    return own[0] if len(own) == 1 else None


def only_plan(site: Site, document: str) -> Plan:
    """Return the implicit plan, based on ``document``, of a site whose data declares none."""
    return Plan(id="plan", name=site.name, document=document, state="current")


PLAN = Kind(
    name="plan",
    layout="list",
    path="plans.yml",
    model=Plan,
    title=Text(zh="方案", en="Plans"),
    anchor=page_each("plans"),
    section="commitments",
    page="plan",
    search="documents",
    labels={
        "plans.lead": Text(
            zh="本站的各个方案及其现状。",
            en="The plans on this site, and the state of each.",
        ),
        "description.plan": Text(
            zh="{title}:依据的文件、任务和目标。", en="{title}: its document, tasks, and targets."
        ),
        "plan.current": Text(zh="现行", en="Current"),
        "plan.ended": Text(zh="已结束", en="Ended"),
        "plan.replaced": Text(zh="已被替代", en="Replaced"),
        "plan.replaced_by": Text(zh="替代它的方案", en="Replaced by"),
        "plan.state": Text(zh="现状", en="State"),
        "plan.period": Text(zh="期间", en="Period"),
        "plan.document": Text(zh="依据的文件", en="Document"),
        "plan.slogan": Text(zh="口号", en="Slogan"),
        "plan.of": Text(zh="{plan}:{title}", en="{plan}: {title}"),
        "plan.counts": Text(
            zh="任务{tasks}项,举措{measures}项,量化目标{targets}项。",
            en="Tasks: {tasks}; measures: {measures}; targets: {targets}.",
        ),
        "plan.elsewhere": Text(zh="在本站查看这个方案", en="This plan on the site"),
        "plan.shown": Text(
            zh="本页的数字和列表属于现行方案:{plan}。",
            en="Figures and lists on this page are for the current plan: {plan}.",
        ),
        "plan.others": Text(zh="其他方案", en="Other plans"),
        "plan.phases": Text(
            zh="这个方案已被替代,各阶段的时间照原文列出。",
            en="This plan has been replaced; the periods are those that its document states.",
        ),
        "plan.plan": Text(zh="方案", en="Plan"),
    },
)
