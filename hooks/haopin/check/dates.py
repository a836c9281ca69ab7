"""Rules on dates: periods, deadlines, recurring days, and the days of published records."""

import calendar
from collections.abc import Iterator

from haopin.check.entries import RecordIndex
from haopin.model.activity import Activity
from haopin.model.document import Document
from haopin.model.fields import NotBefore, Past, marked
from haopin.model.news import Event
from haopin.model.publishable import Publishable
from haopin.model.recognition import Award, Certification, Demonstration
from haopin.problem import Place, Problem, problem

# --- Dates in one record


def ends_follow_beginnings(entries: RecordIndex) -> Iterator[Problem]:
    """Nothing ends before it begins."""
    for entry in entries.all:
        for mark, found in marked(entry.record, NotBefore):
            part, end = found.holders[-1], found.value
            start = getattr(part, mark.start)
            if start is None or end >= start or (mark.when is not None and not getattr(part, mark.when)):
                continue
            zh, en = _REVERSED_RECORD if isinstance(entry.record, Publishable) else _REVERSED
            yield problem(entry.place.at(*found.path), zh, en, start=start, end=end)


_REVERSED = (
    "结束日期“{end}”早于开始日期“{start}”,请核对",
    "the last day “{end}” is before the first, “{start}”; check both",
)
# An event may also end at a time of day.
_REVERSED_RECORD = (
    "结束“{end}”早于开始“{start}”,请核对",
    "the end “{end}” is before the beginning “{start}”; check both",
)


def editions_are_in_their_year(entries: RecordIndex) -> Iterator[Problem]:
    """The days of an edition are in its year."""
    for activity, place in entries.of(Activity):
        for index, edition in enumerate(activity.editions):
            for name in ("start", "end"):
                day = getattr(edition, name)
                if day and day.year != edition.year:
                    yield problem(
                        place.at("editions", index, name),
                        "“{day}”不在 {year} 年",
                        "“{day}” is not in {year}",
                        day=day,
                        year=edition.year,
                    )


def days_exist(entries: RecordIndex) -> Iterator[Problem]:
    """A yearly day exists in every year or, for 29 February, in some."""
    for activity, place in entries.of(Activity):
        when = activity.recurrence
        # 2000 was a leap year: the longest form of each month.
        if when and when.day and when.day > calendar.monthrange(2000, when.month)[1]:
            yield problem(
                place.at("recurrence", "day"),
                "{month} 月没有 {day} 日",
                "month {month} has no day {day}",
                month=when.month,
                day=when.day,
            )


def editions_are_one_a_year(entries: RecordIndex) -> Iterator[Problem]:
    """An activity has one edition a year."""
    for activity, place in entries.of(Activity):
        seen = set()
        for index, edition in enumerate(activity.editions):
            if edition.year in seen:
                yield problem(
                    place.at("editions", index, "year"),
                    "{year} 年已有一届,请合并",
                    "there is already an edition of {year}; merge the two",
                    year=edition.year,
                )
            seen.add(edition.year)


# --- Dates of published records


def period_ended_before_record(entries: RecordIndex) -> Iterator[Problem]:
    """A report on a period is rarely dated before the end of the period: the year may be mistyped."""
    for record, place in entries.of(Publishable):
        for _, found in marked(record, Past):
            if found.value.end > record.date:
                yield problem(
                    place.at(*found.path, "end"),
                    "“{end}”晚于记录日期“{date}”,请核对年份",
                    "“{end}” is after the date of the record, “{date}”; check the year",
                    severity="warning",
                    end=found.value.end,
                    date=record.date,
                )


def days_of_records_agree(entries: RecordIndex) -> Iterator[Problem]:
    """Years, validity and cancellation agree with the date of the record."""
    for award, place in entries.of(Award):
        yield from _year_is_reached(award.year, award, place)
    for demonstration, place in entries.of(Demonstration):
        if demonstration.year is None:
            continue
        if demonstration.state == "building":
            yield problem(
                place.at("year"),
                "还在创建中,没有命名年份;请删去“year”,或把“state”改为 awarded",
                "still being built, so there is no year of award; delete “year”, or make “state” awarded",
            )
        else:
            yield from _year_is_reached(demonstration.year, demonstration, place)
    for certification, place in entries.of(Certification):
        if certification.valid_until and certification.valid_until < certification.date:
            yield problem(
                place.at("valid_until"),
                "有效期至“{end}”,早于记录日期“{date}”,请核对",
                "valid until “{end}”, before the date of the record, “{date}”; check both",
                end=certification.valid_until,
                date=certification.date,
            )
    for event, place in entries.of(Event):
        for index, change in enumerate(event.changed):
            if change.date < event.date:
                yield problem(
                    place.at("changed", index, "date"),
                    "变更的日期“{day}”早于公布的日期“{date}”,请核对",
                    "changed on “{day}”, before the announcement, “{date}”; check both",
                    day=change.date,
                    date=event.date,
                )
        if event.cancelled and not event.date <= event.cancelled.date <= event.last:
            yield problem(
                place.at("cancelled", "date"),
                "取消的日期“{day}”不在公布(“{date}”)与活动结束(“{last}”)之间,请核对",
                "cancelled on “{day}”, which is not between the announcement, “{date}”, and the end, “{last}”; check",
                day=event.cancelled.date,
                date=event.date,
                last=event.last,
            )


def _year_is_reached(year: int, record: Publishable, place: Place) -> Iterator[Problem]:
    if year > record.date.year:
        yield problem(
            place.at("year"),
            "年份“{year}”晚于记录日期“{date}”,请核对",
            "the year “{year}” is after the date of the record, “{date}”; check both",
            year=year,
            date=record.date,
        )


def documents_end_after_they_begin(entries: RecordIndex) -> Iterator[Problem]:
    """A document is not repealed, or confirmed to be in force, before its adoption."""
    for document, place in entries.of(Document):
        if document.status and document.adopted and document.status.since < document.adopted:
            yield problem(
                place.at("status", "since"),
                "效力日期“{since}”早于成文日期“{adopted}”,请核对",
                "the status is of “{since}”, before the document was adopted, “{adopted}”; check both",
                since=document.status.since,
                adopted=document.adopted,
            )
