"""Groups, tasks, and the measures in which a clause makes its commitments."""

from typing import Annotated, ClassVar, Literal

from haopin.model.base import ClauseRef, Day, Flag, Kind, Line, Nested, Record, Slug, doc, on_page, page_each
from haopin.model.body import Body
from haopin.model.fields import ClauseHeading, Quote, Ref
from haopin.text import Text, Wording

Domain = Literal["product", "engineering", "service", "environment"]


class Measure(Nested):
    """举措 | A single commitment of a clause, in the clause’s own words."""

    id: Annotated[Slug, doc("编号,本条内唯一", "id, unique within its record; the anchor on the page")]
    title: Annotated[Text, doc("短标题(编者所拟)", "short title, by the editors")]
    quote: Annotated[Text, Quote(), doc("引文,与条款原文一字不差", "exact quotation from the clause")]
    owner: Annotated[
        Slug | None, Ref(Body), doc("责任单位,未明确则空", "responsible body; empty until the data gives it")
    ] = None
    due: Annotated[Day | None, doc("完成时限,未明确则空", "due date; empty until the data gives it")] = None
    assigned_by: Annotated[
        Wording | None, doc("责任单位和时限出自哪里", "where the body and the due date are laid down")
    ] = None
    note: Annotated[Text | None, doc("编者说明", "editor’s note")] = None


class Committed(Record):
    """A record that rests on one clause and divides it into measures."""

    clause: Annotated[ClauseRef, doc("条款", "clause that it is based on")]
    title: Annotated[Text, ClauseHeading(), doc("标题,照原文", "heading, as in the document")]
    summary: Annotated[Text | None, doc("通俗说明(编者所拟)", "plain-language summary, by the editors")] = None
    measures: Annotated[tuple[Measure, ...], doc("举措", "measures, in the order of the clause")] = ()

    #: Whether its measures are work that bodies report on: one without a report says so.
    is_reported: ClassVar[bool] = False

    @property
    def answerable(self) -> tuple[str, ...]:
        """Ids of the bodies that answer for all of it, in the order given."""
        return ()

    def stated_phrases(self) -> tuple[Text, ...]:
        """Phrases of the clause that are stated by fields other than the measures."""
        return ()


class Responsible(Nested):
    """责任分工 | Who is responsible for the task, as the document has it."""

    quote: Annotated[Text, Quote(), doc("原文", "words of the document")]
    bodies: Annotated[
        tuple[Slug, ...], Ref(Body), doc("责任单位的 id,按原文顺序", "ids of the bodies, in the order given")
    ]
    others: Annotated[Text | None, doc("“等部门”一类的原文", "words such as “and other departments”")] = None
    joint: Annotated[Flag, doc("是否按职责分工共同负责", "true if jointly, each within its remit")] = True


class Task(Committed):
    """任务 | One of the tasks of the plan."""

    group: Annotated[
        Slug | None, Ref("Group"), doc("所属工程(组)的 id,不分组则空", "id of its group, if it has one")
    ] = None
    domain: Annotated[Domain | None, doc("领域,仅在原文写明时填", "domain, only where the document names it")] = None
    responsible: Annotated[Responsible, doc("责任分工", "who is responsible")]

    is_reported = True

    @property
    def answerable(self) -> tuple[str, ...]:
        """Ids of the bodies that are responsible."""
        return self.responsible.bodies

    def stated_phrases(self) -> tuple[Text, ...]:
        """The trailing parenthesis that names the bodies."""
        return (self.responsible.quote,)


class Group(Record):
    """任务分组 | A group of tasks."""

    number: Annotated[Line, doc("序号,照原文", "number, as in the document")]
    clause: Annotated[ClauseRef, doc("条款", "clause that names the group")]
    title: Annotated[Text, ClauseHeading(), doc("标题,照原文", "heading, as in the document")]
    summary: Annotated[Text | None, doc("通俗说明(编者所拟)", "plain-language summary, by the editors")] = None


class Section(Committed):
    """总体要求与目标 | A section of the plan that commits to something outside the tasks."""


GROUP = Kind(
    name="group",
    layout="list",
    path="groups.yml",
    model=Group,
    title=Text(zh="任务分组", en="Groups of tasks"),
    anchor=on_page("tasks/"),
    lists=(),
)
TASK = Kind(
    name="task",
    layout="folder",
    path="tasks",
    model=Task,
    title=Text(zh="任务", en="Tasks"),
    anchor=page_each("tasks"),
    section="commitments",
    page="task",
    search="tasks",
)
SECTION = Kind(
    name="section",
    layout="list",
    path="sections.yml",
    model=Section,
    title=Text(zh="总体要求与目标", en="Requirements and aims"),
    anchor=on_page("aims/"),
    section="commitments",
)
