"""The charts of one catalogue, language and day: rows for the table, and both sizes of the drawing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar, get_args

from markupsafe import Markup

from haopin.html import formats
from haopin.html.charts import matrix, progress, timeline
from haopin.html.charts.course import Moment, course
from haopin.html.charts.drawing import NARROW, WIDE, Drawing
from haopin.html.charts.ledger import SQUARE, LedgerItem, LedgerRow, Squares, links, squares
from haopin.html.charts.moments import due_form, moments, spoken
from haopin.html.charts.progress import MOST_BARS, Actual, Count, Goal, Share, ticks
from haopin.html.charts.timeline import ChartEvent, Deadline
from haopin.html.context import TemplateContext, part_address
from haopin.html.i18n import Labels
from haopin.html.quantity import QuantityFormat
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.ledger import Entry
from haopin.model.plan import Plan
from haopin.model.target import Target, TargetNumber
from haopin.model.task import Group, Role, Task
from haopin.site import calendar
from haopin.site.progress import STATES, MeasureStatus, State, StatusCounts
from haopin.trace import Lazy, derived

R = TypeVar("R")


def scale(number: TargetNumber, reported: float | None) -> float:
    """Return the end of a scale from 0 that includes ``number`` and the reported values."""
    values = [0.0, float(number.value), float(number.to or 0), reported or 0.0]
    return ticks([0.0, max(*values, 1e-9)])[-1]


@dataclass(frozen=True)
class Chart(Generic[R]):
    """A chart: rows for its table, and its drawings; ``narrow`` is None if phones show a list instead, of ``near``.

    ``left_out`` is the number of rows that only the table has.
    """

    rows: tuple[R, ...]
    narrow: Drawing | None
    wide: Drawing | None
    left_out: int = 0
    near: tuple[R, ...] = ()

    @property
    def drawn(self) -> int:
        """Number of drawn rows."""
        return len(self.rows) - self.left_out

    @property
    def today(self) -> bool:
        """Whether the date of the page is marked."""
        return self.wide is not None and self.wide.has("today")


class Charts:
    """The charts, each created at its first use by a template. A chart without rows is None."""

    def __init__(self, view: TemplateContext, t: Labels) -> None:
        """Store the sources."""
        self._view, self._t = view, t
        self._catalogue, self._language, self._as_of = view.catalogue, view.language, view.as_of
        self._quantity = QuantityFormat(view.language, t, Lazy(lambda: view.catalogue.all(Target)))
        self._months = [formats.month_name(number, view.language) for number in range(1, 13)]

    def course(self, plan: Plan) -> Chart[Moment] | None:
        """Return the course of ``plan``, whose records these are; None if it was replaced."""
        rows = () if plan.state == "replaced" else moments(plan, self._view, self._t)
        if not rows:
            return None
        dated = [row for row in rows if row.kind in ("event", "due")]
        far = sorted(dated, key=lambda row: abs(row.start - self._as_of))[MOST_BARS:]
        near = tuple(row for row in rows if row not in far)
        wide = course(
            near,
            self._as_of,
            self._months,
            {row.kind: self._t(f"course.{row.kind}") for row in rows},
            self._t("course.no_reports"),
            lambda moment: spoken(moment, self._view, self._t),
        )
        return Chart(rows, None, wide, len(far), near)

    @derived
    def year_number(self) -> int:
        """The year of the calendar: that of the next event, or the current one if there is none."""
        return self._view.upcoming[0].start.year if self._view.upcoming else self._as_of.year

    @derived
    def year(self) -> Chart[ChartEvent] | None:
        """The calendar of a year."""
        number = self.year_number
        found = calendar.occurrences(self._catalogue.all(Activity), [number])
        rows = tuple(
            ChartEvent(item.activity.name.show(self._language), item.start, item.end, item.end < self._as_of)
            for item in found
        )
        return self._both(rows, lambda size: timeline.year(rows, number, self._as_of, self._months, size))

    @derived
    def bodies(self) -> Chart[Count] | None:
        """Number of tasks that each body is responsible for."""
        tasks = self._catalogue.tasks_of_body
        return self._counts(
            Count(body.name.show(self._language), f"bodies/{body.id}/", len(tasks.get(body.id, ())))
            for body in self._catalogue.all(Body)
        )

    @derived
    def groups(self) -> Chart[Count] | None:
        """Number of measures in the tasks of each group."""
        nodes, others = self._catalogue.charted_groups, self._catalogue.tasks_without_group
        parts = [(node.group.title.show(self._language), f"tasks/#{node.group.id}", node.tasks) for node in nodes]
        if nodes and others:
            parts.append((self._t("measure.no_group"), "tasks/", others))
        return self._counts(Count(name, way, sum(len(task.measures) for task in tasks)) for name, way, tasks in parts)

    def _counts(self, found: Iterable[Count]) -> Chart[Count] | None:
        rows = tuple(found)
        drawn = self._both(rows, lambda size: progress.counts(rows, size))
        return drawn and replace(drawn, left_out=max(0, len(rows) - MOST_BARS))

    @derived
    def targets(self) -> Chart[Goal] | None:
        """Targets, with the latest results."""
        rows = tuple(self._goal(target) for target in self._catalogue.all(Target))
        return self._both(rows, lambda size: progress.goals(rows, size))

    def _goal(self, target: Target) -> Goal:
        aim = target.nature == "aim"
        mark = self._t("target.aim" if aim else "target.state")
        number = target.number
        if number is not None:
            mark = self._quantity.mark(number).text()
        found = self._view.progress.target(target)
        words = self._t("state.no_result") if found.outcome == "ended-unreported" else self._t("target.no_result")
        if found.entry is not None:
            words = self._t(f"outcome.{found.outcome}")
            if found.entry.value is not None:
                words = self._t("target.reported", value=self._quantity.reported(found.entry), outcome=words)
        if target.due is not None:
            words = self._t("target.by", day=formats.day(target.due, self._language), result=words)
        reported = None if found.entry is None or found.entry.measured is None else float(found.entry.measured)
        return Goal(
            target.title.show(self._language),
            None if number is None else float(number.value),
            number is not None and number.comparator == "at-least",
            aim,
            self._t("target.aim") if aim else self._t("target.commitment"),
            mark,
            words,
            reported,
            number is not None and number.comparator == "at-most",
            None if number is None or number.to is None else float(number.to),
            None if number is None or number.is_share else scale(number, reported),
        )

    @derived
    def states(self) -> tuple[State, ...]:
        """States that occur among the measures."""
        present = self._view.progress.programme.counts
        return tuple(state for state in STATES if present.get(state))

    @derived
    def shares(self) -> Chart[Share] | None:
        """Number of measures by state, of all tasks and of each group."""
        all_progress = self._view.progress
        if not all_progress.reported:
            return None
        counted = [(self._t("figure.all"), all_progress.programme)]
        groups = [node.group for node in self._catalogue.charted_groups]
        counted += [(group.title.show(self._language), all_progress.group(group)) for group in groups]
        if groups and self._catalogue.tasks_without_group:
            counted.append((self._t("measure.no_group"), all_progress.of(self._catalogue.tasks_without_group)))
        rows = tuple(
            Share(label, tuple((state, each.counts.get(state, 0)) for state in self.states)) for label, each in counted
        )
        words: dict[str, str] = {state: self._t(f"ledger.{state}") for state in self.states}
        drawn = self._both(rows, lambda size: progress.shares(rows, words, size))
        return drawn and replace(drawn, left_out=max(0, len(rows) - MOST_BARS))

    @derived
    def ledger(self) -> tuple[tuple[Group | None, tuple[LedgerRow, ...]], ...]:
        """Tasks with measures by group, None for those in no group."""
        nodes: list[tuple[Group | None, Sequence[Task]]] = [
            (node.group, node.tasks) for node in self._catalogue.charted_groups
        ]
        nodes.append((None, self._catalogue.tasks_without_group))
        found = [(group, tuple(map(self.ledger_row, tasks))) for group, tasks in nodes]
        kept = [(group, tuple(row for row in rows if row.items)) for group, rows in found]
        return tuple((group, rows) for group, rows in kept if rows)

    def ledger_row(self, task: Task) -> LedgerRow:
        """Return the measures of ``task`` with their states."""
        items = self._items(task)
        return LedgerRow(task, StatusCounts(Counter([item.state for item in items])), items)

    def _items(self, task: Task) -> tuple[LedgerItem, ...]:
        all_progress, address = self._view.progress, self._view.anchor(task)
        return tuple(
            LedgerItem(each, part_address(address, each.id), state)
            for each, state in zip(task.measures, all_progress.states(task.id), strict=True)
        )

    def square_links(self, task: Task, root: str | None = None) -> Markup:
        """Return the squares of ``task`` as links to its measures: below ``root``, or on the page of the task."""
        return links(self._items(task), self._language, self._t, root)

    def squares_of(self, tasks: Sequence[Task]) -> Squares:
        """Return the squares of the measures of ``tasks``, one after another."""
        states = self._view.progress.states
        return squares([state for task in tasks for state in states(task.id)])

    def square(self, state: State) -> Markup:
        """Return the drawing of a square in the form of ``state``."""
        return SQUARE[state]

    @derived
    def deadlines(self) -> Chart[Deadline] | None:
        """Due dates that the data states."""
        rows = tuple(self._deadline(name, status) for name, status in self._view.progress.deadlines)
        drawn = self._both(rows, lambda size: timeline.deadlines(rows, self._as_of, self._months, size))
        return drawn and replace(drawn, left_out=max(0, len(rows) - MOST_BARS))

    def _deadline(self, name: str, status: MeasureStatus) -> Deadline:
        assert status.due is not None
        title = self._catalogue.measures[name][1].title.show(self._language)
        words = self._t(f"ledger.{status.state}")
        return Deadline(title, status.due, due_form(status, self._as_of), words)

    def actuals(self, target: Target) -> Chart[Entry] | None:
        """Reported values of ``target`` over time, and its value."""
        entries = self._view.progress.values(target)
        corrected = self._catalogue.correction_of
        rows = [Actual(e.date, float(e.measured), e.id in corrected) for e in entries if e.measured is not None]
        number = target.number
        goal = None if number is None else float(number.value)

        def value_words(value: float) -> str:
            return self._quantity.short(Decimal(str(round(value, 2))).normalize(), number.unit if number else None)

        def day_words(value: date) -> str:
            return formats.short_day(value, self._language)

        words = self._t("figure.goal", value=self._goal(target).mark)
        return self._both(
            entries,
            lambda size: progress.actuals(
                rows,
                goal,
                words,
                target.comparator == "at-least",
                self._as_of,
                size,
                day_words,
                value_words,
                less=target.comparator == "at-most",
                to=None if number is None or number.to is None else float(number.to),
            ),
        )

    @derived
    def matrix(self) -> Chart[Task] | None:
        """Responsibility matrix; None if it is empty or too large to be legible."""
        tasks, bodies = self._catalogue.all(Task), self._catalogue.all(Body)
        row_of = {body.id: row for row, body in enumerate(bodies)}
        marks = [
            "".join(
                self._t("task.group", number=self._view.number_of(n.group)) for n in self._catalogue.groups_of(task)
            )
            for task in tasks
        ]
        parts = [(column, role, bodies) for column, t in enumerate(tasks) if t.roles for role, bodies in t.roles.parts]
        drawing = matrix.matrix(
            [(self._view.number_of(task), mark) for task, mark in zip(tasks, marks, strict=True)],
            [body.name.show(self._language) for body in bodies],
            {(row_of[body], column): role for column, role, bodies in parts for body in bodies},
        )
        return None if drawing is None else Chart(tasks, None, drawing)

    @derived
    def matrix_roles(self) -> tuple[Role, ...]:
        """Roles that occur in the matrix, in the order of its legend."""
        found = {role for task in self._catalogue.all(Task) if task.roles for role, _ in task.roles.parts}
        return tuple(role for role in get_args(Role) if role in found)

    def _both(self, rows: tuple[R, ...], draw: Callable[[int], Drawing]) -> Chart[R] | None:
        return Chart(rows, draw(NARROW), draw(WIDE)) if rows else None
