"""Rules on dates."""

import calendar
from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.problem import Problem, problem
from haopin.records.activity import Activity
from haopin.records.phase import Phase


def spans_run_forward(entries: Entries) -> Iterator[Problem]:
    """Nothing ends before it begins."""
    spans = [(phase.period.start, phase.period.end, place.at("period")) for phase, place in entries.of(Phase)]
    for activity, place in entries.of(Activity):
        for index, edition in enumerate(activity.editions):
            where = place.at("editions", index)
            if edition.start and edition.end:
                spans.append((edition.start, edition.end, where))
            for name in ("start", "end"):
                day = getattr(edition, name)
                if day and day.year != edition.year:
                    yield problem(
                        where.at(name),
                        "“{day}”不在 {year} 年",
                        "“{day}” is not in {year}",
                        day=day,
                        year=edition.year,
                    )
    for start, end, where in spans:
        if end < start:
            yield problem(
                where.at("end"),
                "结束日期“{end}”早于开始日期“{start}”,请核对",
                "the last day “{end}” is before the first, “{start}”; check both",
                start=start,
                end=end,
            )


def days_exist(entries: Entries) -> Iterator[Problem]:
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


def editions_are_one_a_year(entries: Entries) -> Iterator[Problem]:
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
