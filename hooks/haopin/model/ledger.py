"""The ledger (台账), append-only: reports on measures and targets; and which body is responsible for which measure."""

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import Day, Kind, MeasureId, Number, Slug, doc, on_page
from haopin.model.body import Body
from haopin.model.fields import Past, Ref, Span
from haopin.model.publishable import Publishable
from haopin.model.target import Target, Unit
from haopin.model.task import Committed, Measure, Requirement, Responsible, named_once
from haopin.text import Text, Wording

#: States that can be reported.
ReportedState = Literal["not-started", "under-way", "done", "routine", "suspended"]


class Covered(Span):
    """涵盖期间 | The span of days that a reported value covers, both ends included."""


class Entry(Publishable):
    """台账记录 | One report on a measure or a target. A correction is a new entry; both stay visible."""

    measure: Annotated[
        MeasureId | None,
        Ref(Measure, within=Committed, formerly=Requirement),
        doc("举措:记录 id/举措 id(与 target 二选一)", "record id/measure id; either this or “target,” not both"),
    ] = None
    target: Annotated[
        Slug | None, Ref(Target), doc("量化目标的 id(与 measure 二选一)", "target; either this or “measure,” not both")
    ] = None
    body: Annotated[Slug, Ref(Body), doc("填报单位的 id", "id of the reporting body", "reporting")]
    state: Annotated[
        ReportedState | None,
        doc(
            "状态:未开始、进行中、已完成、常态化、暂停",
            "status: not started, under way, done, ongoing, or suspended",
        ),
    ] = None
    value: Annotated[Number | None, doc("数值,仅量化目标", "value, for targets with a number")] = None
    of: Annotated[
        Number | None, doc("总数:“400人中137人”的400", "whole that the value is part of: 400 in “137 of 400 people”")
    ] = None
    unit: Annotated[
        Unit | None,
        doc(
            "单位,与目标的 unit 一致;写了 of 的与目标的 counted 一致",
            "unit, the same as the target’s; if “of” is given, that of its “counted”",
        ),
    ] = None
    covers: Annotated[Covered | None, Past(), doc("数值涵盖的期间", "span of days that the value covers")] = None
    text: Annotated[Wording | None, doc("说明", "what was done, in words")] = None
    corrects: Annotated[
        Slug | None, Ref("Entry", ruled=True), doc("更正哪一条:该条的 id", "id of the entry that this one corrects")
    ] = None
    reason: Annotated[Wording | None, doc("更正原因", "reason for the correction")] = None

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> "Entry":
        if (self.measure is None) == (self.target is None):
            raise PydanticCustomError("entry_about", "an entry is about a measure or a target", {})
        if (self.corrects is None) != (self.reason is None):
            raise PydanticCustomError("entry_reason", "a correction needs its reason", {})
        return self

    @property
    def about(self) -> str:
        """Subject of the entry: ``record/measure``, or the id of a target."""
        return self.measure or self.target or ""

    @property
    def measured(self) -> Fraction | None:
        """The exact value in the unit of the target: for a part of a total, the share in per cent."""
        if self.value is None:
            return None
        return Fraction(self.value) * 100 / Fraction(self.of) if self.of else Fraction(self.value)

    @property
    def label(self) -> Wording:
        """The text of the entry, or its id if it has none."""
        return self.text or Wording(zh=self.id)


class Assignment(Publishable):
    """分工 | Which body is responsible for a measure, and by when: laid down after the document. The latest counts."""

    measure: Annotated[
        MeasureId,
        Ref(Measure, within=Committed, formerly=Requirement),
        doc("举措:记录 id/举措 id", "measure: record id/measure id"),
    ]
    body: Annotated[Slug | None, Ref(Body), doc("责任单位的 id", "id of the responsible body")] = None
    due: Annotated[Day | None, doc("完成时限", "due date")] = None
    lead: Annotated[tuple[Slug, ...], Ref(Body), doc("牵头单位的 id", "ids of the bodies that lead")] = ()
    participating: Annotated[
        tuple[Slug, ...], Ref(Body), doc("参与(配合)单位的 id", "ids of the bodies that take part")
    ] = ()
    general: Annotated[
        tuple[Text, ...],
        doc("统称的一批单位,如“各乡镇”", "bodies named as a group, such as “all townships”"),
    ] = ()

    @property
    def roles(self) -> Responsible | None:
        """Responsible bodies; None if it only sets a date."""
        bodies = (self.body,) if self.body else ()
        if not (bodies or self.lead or self.participating or self.general):
            return None
        return Responsible(bodies=bodies, lead=self.lead, participating=self.participating, general=self.general)

    @model_validator(mode="after")
    def _assigns_something(self) -> "Assignment":
        named_once((*((self.body,) if self.body else ()), *self.lead, *self.participating))
        if self.roles is None and self.due is None:
            raise PydanticCustomError("assigns_nothing", "an assignment needs a body or a due date", {})
        return self

    @property
    def label(self) -> Wording:
        """The key of the measure."""
        return Wording(zh=self.measure)


ASSIGNMENT = Kind(
    name="assignment",
    layout="list",
    path="assignments.yml",
    model=Assignment,
    title=Text(zh="分工和时限", en="Assignments"),
    anchor=on_page("changes/"),
    lists=(),
    feed="ledger",
)
ENTRY = Kind(
    name="entry",
    layout="lists",
    path="ledger",
    model=Entry,
    title=Text(zh="台账", en="Task ledger"),
    anchor=on_page("changes/"),
    lists=("progress",),
    feed="ledger",
)
