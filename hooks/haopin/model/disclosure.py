"""Disclosures: sampling results, inspections, violations, recalls, risk warnings, the periodic quality analysis."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import Kind, Line, Nested, Number, Slug, Whole, doc, on_page, page_each
from haopin.model.body import Body
from haopin.model.fields import Past, Ref, Span
from haopin.model.publishable import Publishable, Titled
from haopin.text import Text, Wording

#: Results of a sample as in tables → codes.
RESULTS = {"合格": "pass", "不合格": "fail"}


def _result(value: Any) -> Any:
    return RESULTS.get(value, value)


class Sampled(Nested):
    """抽检产品 | One sampled product: a row of a batch’s table."""

    product: Annotated[Line, doc("产品名称", "product")]
    producer: Annotated[Line, doc("生产单位", "producer")]
    sample_number: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/()-]{0,59}$"), doc("抽样编号", "sample number")
    ]
    standard: Annotated[Line, doc("检验依据", "standard tested against")]
    result: Annotated[Literal["pass", "fail"], BeforeValidator(_result), doc("检验结果", "result")]
    failing_item: Annotated[Line | None, doc("不合格项目", "failing item")] = None
    follow_up: Annotated[Line | None, doc("后续处理", "follow-up")] = None
    product_en: Annotated[Line | None, doc("产品英文名", "product in English")] = None
    producer_en: Annotated[Line | None, doc("生产单位英文名", "producer in English")] = None
    failing_item_en: Annotated[Line | None, doc("不合格项目英文", "failing item in English")] = None
    follow_up_en: Annotated[Line | None, doc("后续处理英文", "follow-up in English")] = None

    @model_validator(mode="after")
    def _failing_says_why(self) -> "Sampled":
        if (self.result == "fail") != (self.failing_item is not None):
            raise PydanticCustomError("failing_item", "a failing item goes with a failing result", {})
        return self

    @property
    def parties(self) -> tuple[str, ...]:
        """The producer, in both languages."""
        return tuple(name for name in (self.producer, self.producer_en) if name)

    @property
    def slug(self) -> str:
        """The sample number as part of an address."""
        return "-".join(filter(None, "".join(c if c.isalnum() else " " for c in self.sample_number.lower()).split()))


class Batch(Titled):
    """抽检批次 | A batch of product sampling; its rows are in a table of the same name, ID.csv."""

    body: Annotated[Slug, Ref(Body), doc("组织抽检的单位的 id", "id of the body that had the samples taken")]
    sampled: Annotated[Span | None, Past(), doc("抽样时间", "when the samples were taken")] = None
    text: Annotated[Wording | None, doc("说明", "explanation")] = None


class Inspection(Titled):
    """“双随机、一公开”抽查 | Results of inspections by random selection, and what followed."""

    bodies: Annotated[tuple[Slug, ...], Ref(Body), doc("实施单位的 id", "ids of the bodies that inspected")]
    period: Annotated[Span, Past(), doc("期间", "span of days")]
    inspected: Annotated[Whole, doc("抽查户(批)数", "number of entities or batches inspected", ge=0)]
    problems: Annotated[Whole, doc("发现问题的户(批)数", "how many of these had problems", ge=0)]
    handled: Annotated[Whole, doc("其中已处置的", "how many of those were followed up", ge=0)]
    text: Annotated[Wording | None, doc("说明", "explanation")] = None

    @property
    def rate(self) -> Decimal | None:
        """Share of problems with a follow-up, in percent with one decimal; None if there were no problems."""
        if not self.problems:
            return None
        share = Decimal(100 * self.handled) / self.problems
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()


class Violation(Publishable):
    """违法信息 | A decision on a violation of the law."""

    party: Annotated[Wording, doc("当事人(单位名称)", "organization that committed the violation")]
    number: Annotated[Line, doc("决定书文号", "number of the decision")]
    body: Annotated[Slug, Ref(Body), doc("作出决定的单位的 id", "id of the body that decided")]
    breach: Annotated[Wording, doc("违法事实", "facts of the violation")]
    basis: Annotated[Wording | None, doc("处罚依据", "legal basis")] = None
    penalty: Annotated[Wording, doc("处罚内容", "penalty")]

    @property
    def label(self) -> Wording:
        """The party."""
        return self.party

    @property
    def parties(self) -> tuple[str, ...]:
        """The party, in both languages."""
        return self.party.both


class Recall(Publishable):
    """召回 | A recall of a defective product."""

    product: Annotated[Wording, doc("产品", "product")]
    maker: Annotated[Wording, doc("召回单位", "who is recalling it")]
    affected: Annotated[Wording, doc("范围:型号、批号、数量", "models, lots, and number affected")]
    defect: Annotated[Wording, doc("缺陷与危害", "defect and hazard")]
    remedy: Annotated[Wording, doc("消费者怎么办", "what consumers should do")]
    contact: Annotated[Wording | None, doc("联系方式,未知则空", "contact; empty if unknown")] = None

    @property
    def label(self) -> Wording:
        """The product."""
        return self.product

    @property
    def parties(self) -> tuple[str, ...]:
        """The recalling party, in both languages."""
        return self.maker.both


class RiskWarning(Titled):
    """风险预警 | A warning of a risk."""

    body: Annotated[Slug, Ref(Body), doc("发布单位的 id", "id of the body that warns")]
    text: Annotated[Wording, doc("风险", "the risk")]
    advice: Annotated[Wording, doc("建议", "advice")]


class Figure(Nested):
    """数据 | A figure of an analysis."""

    label: Annotated[Wording, doc("名称", "what it counts")]
    value: Annotated[Number, doc("数值", "value")]
    unit: Annotated[Wording | None, doc("单位", "unit")] = None


class Analysis(Titled):
    """状况分析 | A periodic analysis of how things stand."""

    body: Annotated[Slug, Ref(Body), doc("发布单位的 id", "id of the body that publishes it")]
    period: Annotated[Span, Past(), doc("分析期间", "span of days analyzed")]
    text: Annotated[Wording, doc("摘要", "summary")]
    findings: Annotated[tuple[Wording, ...], doc("主要结论", "findings")] = ()
    figures: Annotated[tuple[Figure, ...], doc("主要数据", "figures")] = ()


BATCH = Kind(
    name="batch",
    layout="folder",
    path="batches",
    model=Batch,
    title=Text(zh="产品质量抽检", en="Product sampling"),
    anchor=page_each("disclosures/batches"),
    table=Sampled,
    row_name=("sample_number", "product"),
    section="progress",
    page="batch",
    feed="disclosures",
    search="published",
)
INSPECTION = Kind(
    name="inspection",
    layout="list",
    path="inspections.yml",
    model=Inspection,
    title=Text(zh="“双随机、一公开”抽查", en="Random inspections"),
    anchor=on_page("disclosures/inspections/"),
    section="progress",
    feed="disclosures",
)
VIOLATION = Kind(
    name="violation",
    layout="list",
    path="violations.yml",
    model=Violation,
    title=Text(zh="违法信息", en="Violations"),
    anchor=on_page("disclosures/violations/"),
    section="progress",
    feed="disclosures",
    unique=("number", "party"),
)
RECALL = Kind(
    name="recall",
    layout="list",
    path="recalls.yml",
    model=Recall,
    title=Text(zh="缺陷召回", en="Recalls"),
    anchor=on_page("disclosures/recalls/"),
    section="progress",
    feed="disclosures",
    alike=("product", "maker", "affected"),
)
WARNING = Kind(
    name="warning",
    layout="list",
    path="warnings.yml",
    model=RiskWarning,
    title=Text(zh="风险预警", en="Risk warnings"),
    anchor=on_page("disclosures/warnings/"),
    section="progress",
    feed="disclosures",
    alike=("title", "text"),
)
ANALYSIS = Kind(
    name="analysis",
    layout="list",
    path="analyses.yml",
    model=Analysis,
    title=Text(zh="状况分析", en="Analyses"),
    anchor=on_page("disclosures/analyses/"),
    section="progress",
    feed="disclosures",
)
