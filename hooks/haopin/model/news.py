"""News and notices, and local events."""

from typing import Annotated, Literal

from pydantic import Field

from haopin.model.activity import Activity
from haopin.model.base import Day, Kind, Nested, ShortField, Slug, doc, page_each
from haopin.model.body import Body
from haopin.model.fields import NotBefore, Ref
from haopin.model.publishable import Publishable
from haopin.text import Text, Wording


class News(Publishable):
    """动态与通知 | A news item or a notice, written in Markdown; a language may be missing."""

    kind: Annotated[Literal["news", "notice"], doc("动态或通知", "news or notice")] = "news"
    date: Annotated[Day, doc("公布日期", "date of the announcement")]
    title: Annotated[Wording, doc("标题", "title")]
    body: Annotated[Slug | None, Ref(Body), doc("发布单位的 id", "id of the body that publishes it")] = None
    text: Annotated[Wording, doc("正文:文件头下面的部分", "text: everything below the header of the file")]

    @property
    def label(self) -> Wording:
        """The title."""
        return self.title


class Cancellation(Nested):
    """取消 | The cancellation of an event."""

    date: Annotated[Day, doc("取消日期", "date of the cancellation")]
    reason: Annotated[Wording | None, doc("原因", "reason")] = None


class Change(Nested):
    """变更 | A change to an event since it was announced."""

    date: Annotated[Day, doc("变更日期", "date of the change")]
    what: Annotated[Wording, doc("改了什么", "what changed")]


_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Event(Publishable):
    """活动安排 | A local event: when, where, and for whom."""

    date: Annotated[Day, doc("公布日期", "date of the announcement")]
    title: Annotated[Wording, doc("名称", "name")]
    short: ShortField = None
    activity: Annotated[
        Slug | None, Ref(Activity), doc("属于哪项活动:它的 id", "id of the activity that it belongs to")
    ] = None
    start: Annotated[Day, doc("活动开始日期", "first day of the event")]
    end: Annotated[
        Day | None, NotBefore("start"), doc("活动结束日期,只有一天则空", "last day of the event; empty for one day")
    ] = None
    opens: Annotated[
        str | None,
        Field(pattern=_CLOCK),
        doc("开始时间,如 09:00,未定则空", "time of day when it begins, such as 09:00"),
    ] = None
    closes: Annotated[
        str | None,
        Field(pattern=_CLOCK),
        NotBefore("opens", when="is_on_one_day"),
        doc("结束时间,如 11:30", "time of day when it ends, such as 11:30"),
    ] = None
    venue: Annotated[Wording | None, doc("地点,未定则空", "place; empty if not yet known")] = None
    address: Annotated[
        Wording | None, doc("地点的详细地址,如街道门牌,未知则空", "postal address of the place; empty if unknown")
    ] = None
    body: Annotated[Slug | None, Ref(Body), doc("主办单位的 id", "id of the body that holds it")] = None
    audience: Annotated[Wording | None, doc("面向谁", "for whom")] = None
    text: Annotated[Wording | None, doc("内容和参加办法", "what happens, and how to take part")] = None
    contact: Annotated[Wording | None, doc("联系方式,未知则空", "contact; empty if unknown")] = None
    changed: Annotated[
        tuple[Change, ...],
        doc("公布以后的变更,一次一条,旧的保留", "changes since the announcement, one each; earlier ones stay"),
    ] = ()
    cancelled: Annotated[Cancellation | None, doc("取消", "cancellation")] = None

    @property
    def last(self) -> Day:
        """The last day."""
        return self.end or self.start

    @property
    def is_on_one_day(self) -> bool:
        """Whether it begins and ends on the same day."""
        return self.last == self.start

    @property
    def last_word(self) -> Day:
        """Date of the latest information: announcement, change or cancellation."""
        later = [change.date for change in self.changed]
        return max([self.date, *later, *([self.cancelled.date] if self.cancelled else [])])

    @property
    def label(self) -> Wording:
        """The name."""
        return self.title


NEWS = Kind(
    name="news",
    layout="articles",
    path="news",
    model=News,
    title=Text(zh="动态与通知", en="News and notices"),
    anchor=page_each("news"),
    section="progress",
    page="article",
    feed="news",
    search="published",
    alike=("title", "text"),
)
EVENT = Kind(
    name="event",
    layout="folder",
    path="events",
    model=Event,
    title=Text(zh="活动安排", en="Events"),
    anchor=page_each("events"),
    section="activities",
    lists=("events", "subscribe/wall"),
    page="event",
    feed="activities",
    search="activities",
    alike=("title", "start"),
)
