"""Quantified commitments, with exactly the scope, value and date that the document gives."""

from typing import Annotated, Literal

from haopin.model.base import Day, Kind, MeasureId, Number, Record, doc, on_page
from haopin.model.fields import Quote, Ref
from haopin.model.task import Committed, Measure
from haopin.text import Text

Comparator = Literal["at-least", "equal", "achieve"]


class Target(Record):
    """量化目标 | A quantified commitment."""

    measure: Annotated[
        MeasureId,
        Ref(Measure, within=Committed),
        doc("所属举措:记录 id/举措 id", "its measure: record id/measure id"),
    ]
    title: Annotated[Text, doc("标题(编者所拟)", "title, by the editors")]
    scope: Annotated[Text, doc("适用范围,照原文", "what it covers, as written")]
    quote: Annotated[Text, Quote("measure"), doc("引文", "exact quotation")]
    comparator: Annotated[Comparator, doc("比较方式", "at-least, equal, or achieve (a state rather than a number)")]
    value: Annotated[Number | None, doc("数值", "number to be reached")] = None
    unit: Annotated[Literal["percent"] | None, doc("单位", "unit of the number")] = None
    nature: Annotated[Literal["commitment", "aim"], doc("性质:承诺或力争", "commitment, or aim (to strive for)")]
    due: Annotated[Day | None, doc("期限,原文未写则空", "due date; empty where the document gives none")] = None


TARGET = Kind(
    name="target",
    layout="list",
    path="targets.yml",
    model=Target,
    title=Text(zh="量化目标", en="Targets"),
    anchor=on_page("targets/"),
    section="commitments",
)
