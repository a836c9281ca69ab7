"""Support policies, and the evaluation system of the programme."""

from typing import Annotated

from haopin.model.base import Day, Kind, Nested, Number, Slug, doc, on_page
from haopin.model.body import Body
from haopin.model.fields import NotBefore, Ref
from haopin.model.publishable import Publishable, Titled
from haopin.text import Text, Wording


class Policy(Titled):
    """支持政策 | A support policy: for whom, until when, and how to apply."""

    body: Annotated[Slug, Ref(Body), doc("负责单位的 id", "id of the body in charge")]
    audience: Annotated[Wording, doc("支持对象", "for whom")]
    benefit: Annotated[Wording, doc("支持内容", "what is given")]
    apply: Annotated[Wording, doc("怎样申请", "how to apply")]
    opens: Annotated[Day | None, doc("申请开始日期", "first day for applications")] = None
    closes: Annotated[
        Day | None, NotBefore("opens"), doc("申请截止日期,长期有效则空", "last day for applications; empty if none")
    ] = None
    contact: Annotated[Wording | None, doc("联系方式,未知则空", "contact; empty if unknown")] = None


class Indicator(Nested):
    """指标 | An indicator of the evaluation."""

    title: Annotated[Wording, doc("名称", "title")]
    points: Annotated[Number | None, doc("分值,原文未写则空", "points; empty where the source gives none", ge=0)] = None
    bodies: Annotated[tuple[Slug, ...], Ref(Body), doc("责任单位的 id", "ids of the responsible bodies")] = ()


class Dimension(Publishable):
    """评价指标体系 | A dimension of the evaluation system, with its indicators."""

    title: Annotated[Wording, doc("名称", "title")]
    indicators: Annotated[tuple[Indicator, ...], doc("指标", "indicators")] = ()

    @property
    def label(self) -> Wording:
        """The title."""
        return self.title


POLICY = Kind(
    name="policy",
    layout="list",
    path="policies.yml",
    model=Policy,
    title=Text(zh="支持政策", en="Support policies"),
    anchor=on_page("policies/"),
    section="involvement",
)
DIMENSION = Kind(
    name="dimension",
    layout="list",
    path="evaluation.yml",
    model=Dimension,
    title=Text(zh="评价指标体系", en="Evaluation system"),
    anchor=on_page("evaluation/"),
    section="answerable",
)
