"""Rules on slips of the hand that are no errors of form: what was pasted, left over, or put into the wrong field."""

import re
from collections.abc import Iterator
from datetime import date

from haopin.checking.entries import Entries
from haopin.checking.strings import line_in_text, strings
from haopin.problem import Path, Problem, problem
from haopin.records.disclosure import Recall, RiskWarning
from haopin.records.news import Event, News
from haopin.records.publishable import Publishable
from haopin.records.site import Site

# Fields that are one line on a page; all others may have paragraphs.
_SHORT = frozenset(
    {
        *("title", "name", "party", "number", "product", "maker", "venue", "audience", "contact", "source", "holder"),
        *("penalty", "basis", "scheme", "unit", "label"),
    }
)
_MOST_SHORT, _MOST_LONG, _MOST_ARTICLE = 300, 5_000, 15_000
_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH_WORDS = re.compile(r"[a-z]{2,}[ ,.’-]+[a-z]{2,}")
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|strong|em|span|div|font|img|a|table|tr|td|ul|ol|li|h[1-6]|sup|sub)(?:\s[^<>]*)?/?>", re.I
)
_WIDE_HEADING = re.compile("^[ \u3000]*\uff03+", re.M)
_PLACEHOLDER = re.compile(
    "(?<![A-Za-z0-9])[XxＸｘ]{3,}(?![A-Za-z0-9])|待定|待补充|待填|待完善|此处填写|请填写|测试数据|测试一下|仅供测试|"
    r"\b(?:TODO|TBD|FIXME|lorem ipsum)\b",
    re.I,
)
# An event is announced at most so many days before it begins.
_LONGEST_AHEAD = 400
# One that is announced while it goes on has seldom begun so many days before.
_LONGEST_RUNNING = 200


def texts_are_finished(entries: Entries) -> Iterator[Problem]:
    """No published text has a placeholder, markup of HTML or a full-width heading in it, or is pasted twice over."""
    for entry in entries.all:
        if not isinstance(entry.record, Publishable | Site):
            continue
        for path, text in strings(entry.record):
            place = entry.at(*path)
            for pattern, zh, en in (
                (
                    _PLACEHOLDER,
                    "“{found}”像是还没写完的占位文字,请补全或删去",
                    "“{found}” looks like a placeholder; complete the text or delete it",
                ),
                (
                    _TAG,
                    "HTML 标记“{found}”会原样显示给读者,请删去;加粗写 **文字**,分段空一行",
                    "readers would see the HTML tag “{found}” as it is; delete it: bold is **words**, a blank line "
                    "begins a paragraph",
                ),
                (
                    _WIDE_HEADING,
                    "“{found}”是全角的,不会成为小标题,请改为半角的 # 加空格",
                    "“{found}” is full-width and makes no heading; write # in ASCII and a space",
                ),
            ):
                if (found := pattern.search(text)) is not None:
                    yield problem(
                        line_in_text(text, found.start(), place),
                        zh,
                        en,
                        severity="warning",
                        found=found.group().strip(),
                    )
            if (found_long := _too_long(entry.record, path, text)) is not None:
                yield problem(
                    place,
                    "这一项有 {n} 个字,一般不超过 {most} 个,请核对是否粘贴多了",
                    "this text has {n} characters, and seldom has more than {most}; check whether too much was pasted",
                    severity="warning",
                    n=len(text),
                    most=found_long,
                )


def _too_long(record: Publishable | Site, path: Path, text: str) -> int | None:
    """Return the usual limit of ``text`` if it is longer."""
    names = [step for step in path if isinstance(step, str) and step not in ("zh", "en")]
    most = _MOST_SHORT if names[-1] in _SHORT else _MOST_ARTICLE if isinstance(record, News) else _MOST_LONG
    # English words are longer than Chinese ones.
    most *= 3 if path[-1] == "en" else 1
    return most if len(text) > most else None


def languages_are_in_their_fields(entries: Entries) -> Iterator[Problem]:
    """A text under ``zh`` is Chinese, and one under ``en`` is not."""
    for entry in entries.all:
        if not isinstance(entry.record, Publishable | Site):
            continue
        for path, text in strings(entry.record):
            # Names of organizations and their papers may have no Chinese form.
            if path[0] in ("source", "evidence"):
                continue
            chinese = len(_CHINESE.findall(text))
            if path[-1] == "zh" and not chinese and _ENGLISH_WORDS.search(text):
                yield problem(
                    entry.at(*path),
                    "“zh”里是英文,请写中文;英文写在“en”里",
                    "English under “zh”; write Chinese there, and the English under “en”",
                    severity="warning",
                )
            elif path[-1] == "en" and chinese > 3 and 2 * chinese > len(text.replace(" ", "")):
                yield problem(
                    entry.at(*path),
                    "“en”里是中文;还没有英文就不写“en”,以后再补",
                    "Chinese under “en”; leave “en” out until there is English",
                    severity="warning",
                )


def events_are_near_their_announcement(entries: Entries) -> Iterator[Problem]:
    """An event takes place after its announcement, and within about a year: the year may be mistyped."""
    for event, place in entries.of(Event):
        if event.last < event.date or (event.date - event.start).days > _LONGEST_RUNNING:
            yield problem(
                place.at("start"),
                "活动开始日期“{start}”早于公布日期“{date}”,请核对年份",
                "the event begins on “{start}”, before its announcement, “{date}”; check the year",
                severity="warning",
                start=event.start,
                date=event.date,
            )
        elif (event.start - event.date).days > _LONGEST_AHEAD:
            yield problem(
                place.at("start"),
                "活动“{start}”在公布(“{date}”)一年多以后,请核对年份",
                "the event of “{start}” is more than a year after its announcement, “{date}”; check the year",
                severity="warning",
                start=event.start,
                date=event.date,
            )


def notices_are_not_repeated(entries: Entries) -> Iterator[Problem]:
    """A recall, a warning, a news item or an event stands in the data once."""
    seen: dict[tuple[object, ...], str] = {}
    for record, place in entries.of(Publishable):
        key: tuple[object, ...]
        if isinstance(record, Recall):
            key = Recall, record.product, record.maker, record.affected
        elif isinstance(record, RiskWarning):
            key = RiskWarning, record.title, record.text
        elif isinstance(record, News):
            key = News, record.title, record.text
        elif isinstance(record, Event):
            key = Event, record.title, record.start
        else:
            continue
        # A model is compared by its words: other texts of the same words are the same.
        first = seen.setdefault((*map(str, key), record.sample), record.id)
        if first != record.id:
            yield problem(
                place,
                "内容与“{other}”相同;是同一件事就只留一条",
                "this says the same as “{other}”; if it is the same thing, keep one of the two",
                severity="warning",
                other=first,
            )


def days_to_come(entries: Entries, today: date) -> Iterator[Problem]:
    """Yield the records and approvals that are dated after ``today``: they are not public before that day."""
    for record, place in entries.of(Publishable):
        if record.sample:
            continue
        if record.approved and record.approved.date > today:
            yield problem(
                place.at("approved", "date"),
                "审核日期“{day}”在今天(“{today}”)之后,请核对;推迟发布请写“publish_from”",
                "approved on “{day}”, which is after today, “{today}”; check the day. To publish later, use "
                "“publish_from”",
                severity="warning",
                day=record.approved.date,
                today=today,
            )
        elif record.date > today:
            yield problem(
                place.at("date"),
                "日期“{day}”在今天(“{today}”)之后,到那天才能审核,请核对",
                "the date “{day}” is after today, “{today}”: the record cannot be approved before; check the day",
                severity="warning",
                day=record.date,
                today=today,
            )
