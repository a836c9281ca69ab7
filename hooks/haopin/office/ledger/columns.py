"""Columns and rows of the ledger workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from haopin.html.quantity import quantity_format
from haopin.load.dataset import Dataset
from haopin.model.base import Nested
from haopin.model.body import Body
from haopin.model.choices import STATES
from haopin.model.fields import Span
from haopin.model.ledger import Covered, Entry
from haopin.model.publishable import Evidence
from haopin.model.target import Target, TargetNumber, Unit
from haopin.model.task import Measure, Responsible, Role, Task
from haopin.site.catalogue import Catalogue
from haopin.site.publish import Published
from haopin.text import Language, Text

# --- Columns, with their texts in both languages; shared by export and import

#: Version of the form; older workbooks must be exported again.
VERSION = "1"

PROGRESS = Text(zh="进展", en="Progress")
HISTORY = Text(zh="历史", en="History")
HELP = Text(zh="说明", en="Help")
#: Hidden sheet with version, body and the original content of protected cells.
HIDDEN = "_haopin"

_RISE, _FALL = Text(zh="(增长数)", en=" (increase)"), Text(zh="(下降数)", en=" (decrease)")
_OR = Text(zh="{unit}(填总数时为{counted})", en="{unit} ({counted} where a total is given)")
MEASURE = Text(zh="举措", en="Measure")
TARGET = Text(zh="目标", en="Target")


@dataclass(frozen=True)
class FormColumn:
    """A column of the sheet “进展”.

    Attributes:
        name: Name in the code.
        title: Heading.
        width: Width in characters.
        help: Meaning, or instructions.
        filled: Whether the clerk fills it in; other columns are protected.
        needed: Whether a report may require it.
    """

    name: str
    title: Text
    width: int
    help: Text
    filled: bool = False
    needed: bool = False


def doc_of(model: type[Nested], field: str, zh: str = "", en: str = "") -> Text:
    """Return the documentation of a field, followed by instructions for the form."""
    info = model.model_fields[field]
    assert isinstance(info.json_schema_extra, dict) and info.description, f"{model.__name__}.{field} needs doc()"
    return Text(zh=str(info.json_schema_extra["x-zh"]) + zh, en=info.description[0].upper() + info.description[1:] + en)


def _given(name: str, zh: str, en: str, width: int, help_zh: str, help_en: str) -> FormColumn:
    return FormColumn(name, Text(zh=zh, en=en), width, Text(zh=help_zh, en=help_en))


def _filled(name: str, zh: str, en: str, width: int, words: Text, needed: bool = False) -> FormColumn:
    return FormColumn(name, Text(zh=zh, en=en), width, words, filled=True, needed=needed)


GIVEN: tuple[FormColumn, ...] = (
    _given("id", "事项编号", "Item ID", 16, "举措或目标的编号,导入时靠它认行", "Id of the measure or target"),
    _given("kind", "类型", "Type", 6, "举措或目标", "Measure or target"),
    _given("task", "任务", "Task", 13, "所属任务", "The task that it is part of"),
    _given("title", "内容", "Content", 20, "举措或目标的标题", "Title of the measure or target"),
    _given("bodies", "责任单位", "Responsible bodies", 13, "责任单位", "Responsible bodies"),
    _given("due", "完成时限", "Due", 11, "完成时限,未明确则空", "Due date; empty where none is laid down"),
    _given("last_state", "上次状态", "Last state", 7, "最近一条记录的状态", "State in the latest entry"),
    _given("last_value", "上次数值", "Last value", 7, "最近一条记录的数值", "Value in the latest entry"),
    _given("last_date", "上次日期", "Last date", 11, "最近一条记录的日期", "Day of the latest entry"),
    _given(
        "last_id",
        "上次记录编号",
        "Last entry ID",
        15,
        "更正时抄到“更正哪一条”",
        "Copied to “Corrects entry” to correct",
    ),
    _given("unit", "单位", "Unit", 5, "数值的单位", "Unit of the value"),
)
#: Only in a workbook for all bodies.
REPORTER = _filled(
    "reporter",
    "填报单位",
    "Reporting body",
    12,
    doc_of(Entry, "body", ",从下拉中选;责任单位只有一个时可不填", "; may stay empty where one body is responsible"),
)
#: Only if an item can be reported as a count out of a total.
TOTAL = _filled("of", "总数", "Total", 8, doc_of(Entry, "of", ",这时“数值”填137", "; the value is then 137"))
FILLED: tuple[FormColumn, ...] = (
    _filled("date", "日期", "Date", 11, doc_of(Entry, "date", ",如 2026-03-05", ", such as 2026-03-05"), True),
    _filled("state", "状态", "State", 8, doc_of(Entry, "state", ",从下拉中选", "; choose from the list"), True),
    _filled("value", "数值", "Value", 8, doc_of(Entry, "value", ",只写数字,98.5% 写 98.5", "; 98.5 for 98.5%"), True),
    _filled(
        "start", "涵盖期间开始", "Covers from", 11, doc_of(Covered, "start", ",与结束一起填", "; with the last day")
    ),
    _filled("end", "涵盖期间结束", "Covers to", 11, doc_of(Covered, "end", ",与开始一起填", "; with the first day")),
    _filled(
        "text", "说明", "Text", 26, doc_of(Entry, "text", ":做了什么,向社会公开", " in Chinese; it will be public")
    ),
    _filled("text_en", "英文说明", "Text in English", 16, doc_of(Entry, "text", "的英文,可以不填", " in English")),
    _filled("number", "依据文号", "Document number", 12, doc_of(Evidence, "number", ",有就填", ", if there is one")),
    _filled("link", "依据网址", "Link", 12, doc_of(Evidence, "link")),
    _filled("source", "来源", "Source", 12, doc_of(Entry, "source"), True),
    _filled("corrects", "更正哪一条", "Corrects entry", 14, doc_of(Entry, "corrects", ",见“上次记录编号”和“历史”表")),
    _filled("reason", "更正原因", "Reason for correction", 12, doc_of(Entry, "reason", ",更正时必填", "; needed then")),
)


def columns(reporter: bool, total: bool) -> tuple[FormColumn, ...]:
    """Return the columns in their order.

    Args:
        reporter: Whether several bodies may report.
        total: Whether a row can be reported as a count out of a total.
    """
    unit = GIVEN[-1]
    filled: list[FormColumn] = [REPORTER] if reporter else []
    for column in FILLED:
        filled += [unit, column, *([TOTAL] if total else [])] if column.name == "value" else [column]
    return (*GIVEN[:-1], *filled)


# --- Rows: the measures and targets of a body, and the latest report on each


@dataclass(frozen=True)
class ReportItem:
    """A measure or a target to report on.

    Attributes:
        about: ``record/measure``, or the id of the target.
        holder: Title of the task (or section, phase, safeguard) that it belongs to.
        title: Its own title.
        roles: The responsible bodies; None if the documents name none.
        due: Due date, if the data has one.
        is_of_task: Whether it belongs to a task: only its measures make up the number of measures.
        target: The target, if it is one.
    """

    about: str
    holder: Text
    title: Text
    roles: Responsible | None
    due: date | None
    is_of_task: bool
    target: Target | None = None

    @property
    def reporting(self) -> tuple[str, ...]:
        """Ids of the bodies that report on it: the leading ones, or if there are none, all responsible ones."""
        return () if self.roles is None else self.roles.lead or self.roles.answerable

    @property
    def number(self) -> TargetNumber | None:
        """The target number, if it is reported as a value."""
        return self.target.number if self.target is not None else None

    @property
    def counted(self) -> Unit | None:
        """Unit of the count, if the value can be reported as a count out of a total."""
        return self.target.counted if self.target is not None else None


def whole(reading: Dataset, *, samples: bool) -> Catalogue:
    """Return a catalogue of all records, approved or not."""
    records = tuple(entry.record for entry in reading.entries if samples or not entry.record.sample)
    return Catalogue.of(Published(records))


def items(catalogue: Catalogue, body: str | None = None) -> Mapping[str, ReportItem]:
    """Return the items that ``body`` (None: any body) may report on, by ``about``, in the order of the documents.

    These are the measures of tasks; those of phases and safeguards for which a body answers or a deadline is set, or on
    which there is a report; and all targets. Requirements are no work: of them only their targets are reported on.
    """
    by_measure: dict[str, list[Target]] = {}
    for target in catalogue.all(Target):
        by_measure.setdefault(target.measure, []).append(target)
    found: dict[str, ReportItem] = {}
    for holder in catalogue.committed:
        for each in holder.statements:
            name, roles = f"{holder.id}/{each.id}", holder.roles_in(each)
            if body is not None and (roles is None or roles.role_of(body) is None):
                continue
            is_task = isinstance(holder, Task)
            followed = roles is not None or each.due is not None or name in catalogue.entries_about
            if is_task or (isinstance(each, Measure) and followed):
                found[name] = ReportItem(name, holder.title, each.title, roles, each.due, is_task)
            for target in by_measure.get(name, ()):
                found[target.id] = ReportItem(target.id, holder.title, target.title, roles, target.due, is_task, target)
    return found


def last_entry(catalogue: Catalogue, about: str, as_of: date, body: str | None = None) -> Entry | None:
    """Return the latest entry on ``about`` up to ``as_of`` that was not corrected by then, if any.

    With ``body``, only its own entries count, as other bodies may report on a shared measure too.
    """
    entries = [entry for entry in catalogue.entries_about.get(about, ()) if entry.date <= as_of]
    corrected = {entry.corrects for entry in entries}
    return next((e for e in entries if e.id not in corrected and body in (None, e.body)), None)


def is_in(entry: Entry, period: Span) -> bool:
    """Return whether ``entry`` covers a part of ``period``; one that covers no period counts by its date."""
    start, end = (entry.covers.start, entry.covers.end) if entry.covers else (entry.date, entry.date)
    return start <= period.end and period.start <= end


def value_shown(item: ReportItem, entry: Entry, language: Language) -> str:
    """Return the reported value of ``entry`` with its unit; "" if there is none."""
    return quantity_format(language, [item.target] if item.target else []).reported(entry)


def state_shown(entry: Entry, language: Language) -> str:
    """Return the label of the state of ``entry``; "" if there is none."""
    return "" if entry.state is None else STATES[entry.state].show(language)


def unit_shown(item: ReportItem, language: Language) -> str:
    """Return the unit in which ``item`` is reported, marked as a change if it is one; "" if there is none."""
    number = item.number
    if number is None:
        return ""
    # The size of a change is easily confused with the level that it leads to.
    words = number.unit.show(language)
    if number.is_change_by:
        words += (_RISE if number.change == "up-by" else _FALL).show(language)
    return words if item.counted is None else _OR.show(language).format(unit=words, counted=item.counted.show(language))


#: Suffix of a body's name that tells its role.
ROLE_MARKS: Mapping[Role, Text] = {
    "lead": Text(zh="(牵头)", en=" (lead)"),
    "participating": Text(zh="(参与)", en=" (participating)"),
}


def names(catalogue: Catalogue, roles: Responsible | None, language: Language) -> str:
    """Return the names of the bodies of ``roles`` with their roles; "" if there are none."""
    if roles is None:
        return ""
    marked = (
        catalogue.get(Body, body).name.show(language) + (ROLE_MARKS[role].show(language) if role in ROLE_MARKS else "")
        for role, bodies in roles.parts
        for body in bodies
    )
    groups = (words.show(language) for words in roles.general)
    return ("、" if language == "zh" else "; ").join((*marked, *groups))


def given(
    catalogue: Catalogue, item: ReportItem, as_of: date, language: Language, body: str | None = None
) -> Mapping[str, str]:
    """Return the content of the protected cells of ``item``, by column name.

    The last report is that of ``body``, or of any body if the form is for all.
    """
    last = last_entry(catalogue, item.about, as_of, body)
    return {
        "id": item.about,
        "kind": (TARGET if item.target else MEASURE).show(language),
        "task": item.holder.show(language),
        "title": item.title.show(language),
        "bodies": names(catalogue, item.roles, language),
        "due": item.due.isoformat() if item.due else "",
        "last_state": state_shown(last, language) if last else "",
        "last_value": value_shown(item, last, language) if last else "",
        "last_date": last.date.isoformat() if last else "",
        "last_id": last.id if last else "",
        "unit": unit_shown(item, language),
    }
