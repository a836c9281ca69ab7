"""Quantified commitments: a number to be reached or kept, or a state, exactly as in the document."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import Day, Kind, MeasureId, Nested, Number, Record, ShortField, Year, doc, on_page
from haopin.model.fields import Quote, Ref
from haopin.model.task import Committed, Measure, Requirement
from haopin.text import WORD, Text, Wording

#: Comparators of a reported number with that of the document.
NumberComparator = Literal["at-least", "at-most", "about", "between", "equal"]
Comparator = Literal["at-least", "at-most", "about", "between", "equal", "full-coverage", "achieve"]
Change = Literal["up-by", "up-to", "down-by", "down-to"]
Per = Literal["year", "year-average"]

_COMPARATOR_WORDS = (
    "at-least 不低于,at-most 不超过,about 约,between 在两个数之间(另写 to),equal 等于",
    "at-least, at-most, about, between (with “to”), or equal",
)


#: Notations of per cent other than its code.
PERCENT_SIGNS = ("%", "\uff05", "百分比", "百分之", "per cent")


class Unit(Text):
    """单位 | What a number counts or measures: ``percent``, or free words."""

    zh: Annotated[WORD, doc("中文,紧接在数后面,如 人、万平方米", "Chinese, written right after the number")]
    en: Annotated[WORD | None, doc("英文复数,如 people", "English, in the plural, such as “people”")] = None
    one: Annotated[WORD | None, doc("英文单数,数为 1 时用", "English for exactly 1, such as “person”")] = None
    factor: Annotated[
        Number | None,
        doc(
            "英文单位小多少倍:单位是亿元、英文写 million yuan 时填 100",
            "by which the number is multiplied in English: 100 if the Chinese unit is 100 million and the English 1",
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_chinese(cls, value: Any) -> Any:
        if value == "percent":
            return {"zh": "%", "en": "%"}
        if isinstance(value, str) and value.strip() in PERCENT_SIGNS:
            raise PydanticCustomError("percent_form", "not a unit: {value}", {"value": value})
        return {"zh": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _one_word_again(self, handler: SerializerFunctionWrapHandler) -> Any:
        return "percent" if self.is_percent else handler(self)

    @property
    def is_percent(self) -> bool:
        """Whether it is per cent."""
        return self.zh == "%"


PERCENT = Unit(zh="%", en="%")


@dataclass(frozen=True)
class TargetNumber:
    """A target number, final or of a milestone.

    Attributes:
        comparator: Comparator of a reported number with it; full coverage is 100 per cent.
        value: The number; for a range, the lower end.
        to: Upper end of a range.
        unit: Unit of both.
        change: Direction of a change, if it is one.
        per: Period for each of which it holds, if any.
    """

    comparator: Comparator
    value: Decimal
    to: Decimal | None
    unit: Unit
    change: Change | None
    per: Per | None

    @property
    def is_change_by(self) -> bool:
        """Whether it is the size of a change, rather than a level."""
        return self.change in ("up-by", "down-by")

    @property
    def is_share(self) -> bool:
        """Whether it is a share, from 0 to 100 per cent."""
        return self.unit.is_percent and not self.is_change_by

    @property
    def is_limit(self) -> bool:
        """Whether it is an amount with an upper limit, which later amounts may still exceed."""
        return not self.is_share and self.comparator in ("at-most", "between")

    def is_met_by(self, reported: Fraction) -> bool | None:
        """Return whether the number ``reported``, in the same unit, meets it.

        Returns:
            None for “about”, because the document gives no tolerance. ``equal`` is also met by a higher number, or by a
            lower one for a decrease; a share that is not a change is met only by the same number.
        """
        value = Fraction(self.value)
        exact = self.is_share and self.change is None
        ways: dict[Comparator, Callable[[], bool]] = {
            "at-least": lambda: reported >= value,
            "at-most": lambda: reported <= value,
            "between": lambda: self.to is not None and value <= reported <= Fraction(self.to),
            "equal": lambda: (
                reported == value if exact else reported <= value if self.change == "down-to" else reported >= value
            ),
            "full-coverage": lambda: reported == value,
        }
        return ways[self.comparator]() if self.comparator in ways else None


class Baseline(Nested):
    """基数 | What a change is measured from, or where things stood before."""

    year: Annotated[Year | None, doc("年份(与 day 二选一)", "year; give either this or “day,” not both")] = None
    day: Annotated[Day | None, doc("日期(与 year 二选一)", "day; give either this or “year,” not both")] = None
    value: Annotated[Number | None, doc("数值,文件没写则空", "number; empty where the document gives none")] = None
    unit: Annotated[
        Unit | None, doc("单位,与目标相同则不写", "unit of the number; empty if it is that of the target")
    ] = None
    quote: Annotated[Text | None, Quote("measure"), doc("引文,基数出自原文时写", "exact quotation")] = None
    source: Annotated[
        Wording | None, doc("来源,基数不出自原文时写", "source, if the document itself does not state the number")
    ] = None


class Milestone(Nested):
    """阶段目标 | A number to be reached on the way, before the due date of the target."""

    due: Annotated[Day, doc("期限", "due date")]
    value: Annotated[Number, doc("数值;范围的下限", "number to be reached; of a range, the lower end")]
    to: Annotated[Number | None, doc("范围的上限", "upper end of a range")] = None
    comparator: Annotated[
        NumberComparator | None, doc("比较方式,与目标相同则不写", "how values are compared; empty if as for the target")
    ] = None
    quote: Annotated[Text | None, Quote("measure"), doc("引文", "exact quotation")] = None


class Target(Record):
    """量化目标 | A quantified commitment."""

    measure: Annotated[
        MeasureId,
        Ref(Measure, within=Committed, also=Requirement),
        doc("所属举措:记录 id/举措 id", "its measure: record id/measure id"),
    ]
    title: Annotated[Text, doc("标题(编者所拟)", "title, by the editors")]
    short: ShortField = None
    scope: Annotated[Text, doc("适用范围,照原文", "what it covers, as written")]
    quote: Annotated[Text, Quote("measure"), doc("引文", "exact quotation")]
    comparator: Annotated[
        Comparator,
        doc(
            f"比较方式:{_COMPARATOR_WORDS[0]},full-coverage 全覆盖,achieve 达成某状态",
            f"way of comparing: {_COMPARATOR_WORDS[1]}, full-coverage, or achieve (a state rather than a number)",
        ),
    ]
    value: Annotated[Number | None, doc("数值;范围的下限", "number to be reached; of a range, the lower end")] = None
    to: Annotated[Number | None, doc("范围的上限,仅 between", "upper end of a range, for “between” only")] = None
    unit: Annotated[
        Unit | None,
        doc(
            "单位:percent,或中文(zh,如“家”)、英文复数(en)和单数(one)",
            "unit of the number: percent, or words: zh, en (plural), one (singular), such as enterprises, enterprise",
        ),
    ] = None
    change: Annotated[
        Change | None,
        doc(
            "数值是变化:up-by 增长多少,up-to 提高到,down-by 下降多少,down-to 降到",
            "change, if the number states one: up-by or down-by (its size), up-to or down-to (the level reached)",
        ),
    ] = None
    per: Annotated[
        Per | None,
        doc(
            "每年都要达到:year 每年,year-average 年均",
            "period for which the number holds: year (every year) or year-average (a yearly average)",
        ),
    ] = None
    counted: Annotated[
        Unit | None,
        doc(
            "比率按个数报送时数的是什么,如“400人中137人”的人",
            "what is counted, where a share may be reported as “137 of 400 people”",
        ),
    ] = None
    baseline: Annotated[Baseline | None, doc("基数:和什么时候、多少相比", "baseline: what it is compared with")] = None
    milestones: Annotated[
        tuple[Milestone, ...], doc("阶段目标,从早到晚", "milestones before the due date, earliest first")
    ] = ()
    nature: Annotated[Literal["commitment", "aim"], doc("性质:明确要求或力争", "commitment, or aim (to strive for)")]
    due: Annotated[Day | None, doc("期限,原文未写则空", "due date; empty where the document gives none")] = None

    @property
    def number(self) -> TargetNumber | None:
        """The final target number; None for a state."""
        if self.comparator == "full-coverage":
            return TargetNumber("full-coverage", Decimal(100), None, PERCENT, None, self.per)
        if self.comparator == "achieve" or self.value is None:
            return None
        # The check rejects a number without a unit; a preview displays it.
        unit = self.unit or Unit.model_construct(zh="", en=None, one=None, factor=None)
        return TargetNumber(self.comparator, self.value, self.to, unit, self.change, self.per)

    def number_of(self, milestone: Milestone) -> TargetNumber:
        """Return the target number of ``milestone``, with the unit and the change of the target."""
        number = self.number
        own = None if self.comparator in ("full-coverage", "achieve") else self.comparator
        comparator = milestone.comparator or own or "at-least"
        unit, change, per = (number.unit, number.change, number.per) if number else (PERCENT, None, None)
        return TargetNumber(comparator, milestone.value, milestone.to, unit, change, per)

    @property
    def is_kept(self) -> bool:
        """Whether it is to be kept, rather than reached once.

        True for a share (a pass rate), a limit, and a yearly number.
        """
        number = self.number
        return number is not None and (number.is_share or number.comparator == "at-most" or number.per is not None)


TARGET = Kind(
    name="target",
    layout="list",
    path="targets.yml",
    model=Target,
    title=Text(zh="量化目标", en="Targets"),
    anchor=on_page("targets/"),
    section="commitments",
)
