"""Course of a plan: stretches of time with and without progress reports, from the dates of the data only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: A stretch without reports is shown from this length.
SILENCE = timedelta(days=183)


@dataclass(frozen=True)
class Stretch:
    """A stretch of time: its first and last day, and the dates of its reports; none if there was none in between."""

    start: date
    end: date
    days: tuple[date, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Whether no report is dated within it."""
        return not self.days


def stretches(begin: date | None, reported: Iterable[date], as_of: date) -> list[Stretch]:
    """Return the stretches from ``begin`` (or the first report) to ``as_of``, earliest first.

    Args:
        begin: Date of the document of the plan, if known.
        reported: Dates of the reports, including corrections.
        as_of: Date of the page.

    Returns:
        Stretches without reports, each at least `SILENCE` long and between two reports, ``begin`` or ``as_of``; and the
        stretches with reports, which contain the shorter pauses.
    """
    found: list[Stretch] = []
    run: list[date] = []
    last = begin
    for day in [*sorted(day for day in reported if day <= as_of), as_of]:
        if last is not None and day - last >= SILENCE:
            if run:
                found.append(Stretch(run[0], run[-1], tuple(run)))
            found.append(Stretch(last, day))
            run = []
        run.append(day)
        last = day
    # The last day is the date of the page, not of a report.
    if reports := run[:-1]:
        found.append(Stretch(reports[0], reports[-1], tuple(reports)))
    return found
