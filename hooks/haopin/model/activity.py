"""Activities (days, months, campaigns) and the channels that carry them."""

from typing import Annotated, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import (
    Certainty,
    ClauseRef,
    Day,
    FactSource,
    Kind,
    Nested,
    PageAddress,
    Record,
    ShortField,
    Whole,
    Year,
    doc,
    on_page,
    page_each,
    renamed,
)
from haopin.model.fields import NotBefore, Quote
from haopin.text import Text


class Quoted(Nested):
    """原文 | The words in which a document names something."""

    clause: Annotated[ClauseRef, doc("条款", "clause")]
    quote: Annotated[Text, Quote(), doc("引文", "exact quotation")]


class Recurrence(Nested):
    """时间 | When it comes around each year: a whole month, or one day of it."""

    month: Annotated[Whole, doc("月份", "month, 1–12", ge=1, le=12)]
    day: Annotated[Whole | None, doc("日,整月活动则空", "day of the month; empty for a whole month", ge=1, le=31)] = (
        None
    )


class Theme(Nested):
    """主题 | A theme of a year, with its source and its certainty."""

    scope: Annotated[
        Literal["national", "international", "annual"],
        renamed(Literal["national", "international", "annual", "china"], china="national"),
        doc("范围", "scope: theme in the country, of the international day, or of the year"),
    ]
    text: Annotated[Text, doc("主题", "wording of the theme")]
    short: ShortField = None
    official: Annotated[
        tuple[Literal["zh", "en"], ...], doc("哪种语言是官方表述", "languages in which the wording is official")
    ]
    certainty: Annotated[Certainty, doc("可靠程度", "certainty: high or medium")]
    source: Annotated[Text, doc("来源", "source")]
    source_address: Annotated[PageAddress | None, doc("来源的完整网址", "full address of the source")] = None
    tagline: Annotated[Text | None, doc("副题", "tagline")] = None


class Edition(Nested):
    """届次 | The activity in one year."""

    year: Annotated[Year, doc("年份", "year")]
    start: Annotated[Day | None, doc("开始日期,与常例不同时填", "first day, if other than usual")] = None
    end: Annotated[Day | None, NotBefore("start"), doc("结束日期,与常例不同时填", "last day, if other than usual")] = (
        None
    )
    themes: Annotated[tuple[Theme, ...], doc("主题,没有则空", "themes; empty if none is known")] = ()


class Activity(Record):
    """活动 | A day, month, or campaign devoted to the subject of the plan."""

    kind: Annotated[Literal["day", "month", "campaign"], doc("类型", "day, month, or campaign")]
    name: Annotated[Text, doc("名称", "name")]
    short: ShortField = None
    as_written: Annotated[Quoted, doc("原文写法", "how the document names it")]
    about: Annotated[
        Text | None, doc("这是什么,一两句通俗的话(编者所拟)", "what it is: a plain sentence by the editors")
    ] = None
    happens: Annotated[
        Text | None,
        doc("有什么内容(编者所拟),照文件和来源写", "what happens, in the editors’ words"),
    ] = None
    take_part: Annotated[
        Text | None,
        doc(
            "市民可以怎样参加(编者所拟),没有写明的写明没有",
            "what a visitor can do, by the editors; say so if that is not laid down",
        ),
    ] = None
    recurrence: Annotated[Recurrence | None, doc("每年何时,无固定日期则空", "time of year; empty if undated")] = None
    since: Annotated[Year | None, doc("起始年份", "year of origin")] = None
    origin: Annotated[Text | None, doc("由来", "origin")] = None
    organizers: Annotated[tuple[Text, ...], doc("主办单位", "organizers")] = ()
    standing_theme: Annotated[Text | None, doc("固定主题", "standing theme")] = None
    sources: Annotated[
        tuple[FactSource, ...],
        doc("由来、起始年份、主办单位、固定主题的来源", "sources of the origin, year, organizers, and standing theme"),
    ] = ()
    editions: Annotated[tuple[Edition, ...], doc("历年", "editions, one for each year")] = ()

    @property
    def is_verified(self) -> bool:
        """Whether all sources of its origin have been checked against an authoritative one."""
        return bool(self.sources) and all(source.certainty == "high" for source in self.sources)

    @model_validator(mode="after")
    def _dated_unless_campaign(self) -> "Activity":
        if self.kind != "campaign" and self.recurrence is None:
            raise PydanticCustomError("undated", "a day or month needs a recurrence", {})
        return self


class Channel(Record):
    """宣传渠道 | A publicity channel."""

    name: Annotated[Text, doc("名称", "name")]
    clause: Annotated[ClauseRef, doc("条款", "clause")]
    quote: Annotated[Text, Quote(), doc("引文", "exact quotation")]
    formats: Annotated[tuple[Text, ...], doc("规格", "formats")] = ()


ACTIVITY = Kind(
    name="activity",
    layout="folder",
    path="activities",
    model=Activity,
    title=Text(zh="活动", en="Activities"),
    anchor=page_each("activities"),
    section="activities",
    lists=("activities", "subscribe/wall", "participate"),
    page="activity",
    search="activities",
)
CHANNEL = Kind(
    name="channel",
    layout="list",
    path="channels.yml",
    model=Channel,
    title=Text(zh="宣传渠道", en="Publicity channels"),
    anchor=on_page("channels/"),
    section="activities",
)
