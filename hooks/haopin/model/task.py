"""Groups, tasks with measures, and general requirements: the commitments in the clauses of a plan."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import (
    ClauseRef,
    Day,
    Flag,
    Kind,
    Line,
    Nested,
    Record,
    ShortField,
    Slug,
    doc,
    on_page,
    page_each,
)
from haopin.model.body import Body
from haopin.model.fields import ClauseHeading, Quote, Ref
from haopin.model.look import ColourField, PictureField
from haopin.text import Text, Wording

Domain = Literal["product", "engineering", "service", "environment"]


#: Role of a body in a task: ``joint`` with others, none of which leads; ``sole`` alone; ``responsible`` if another
#: body leads or takes part.
Role = Literal["lead", "joint", "sole", "responsible", "participating"]
#: Form of responsibility: with leading bodies, joint, sole, or with participating bodies.
Form = Literal["led", "joint", "sole", "supported"]
#: Type under which the statements of a clause are counted.
CountedAs = Literal["measures", "requirements", "phase_work", "safeguards"]


def is_joint(given: Mapping[str, Any]) -> bool:
    """Return whether several bodies are responsible and none leads, from the other fields of a `Responsible`."""
    bodies = given.get("bodies")
    several = (
        (isinstance(bodies, list | tuple) and len(bodies) > 1)
        or given.get("others") is not None
        or bool(given.get("general"))
    )
    return several and not given.get("lead") and not given.get("participating")


def named_once(bodies: Sequence[str]) -> None:
    """Reject a body that is named twice, as it has one role.

    Raises:
        PydanticCustomError: for the first such body.
    """
    if twice := next((body for body in bodies if bodies.count(body) > 1), None):
        raise PydanticCustomError("body_twice", "the body {value} is named twice", {"value": twice})


class Responsible(Nested):
    """责任分工 | Who is responsible, as the document has it. Each body stands in one of the three lists."""

    quote: Annotated[Text | None, Quote(), doc("原文", "words of the document")] = None
    bodies: Annotated[
        tuple[Slug, ...],
        Ref(Body),
        doc(
            "责任单位的 id,按原文顺序;不含牵头和参与单位",
            "ids of the bodies, in the order given, that neither lead nor take part",
        ),
    ] = ()
    others: Annotated[Text | None, doc("“等部门”一类的原文", "words such as “and other departments”")] = None
    lead: Annotated[
        tuple[Slug, ...], Ref(Body), doc("牵头单位的 id,按原文顺序", "ids of the bodies that lead, in the order given")
    ] = ()
    participating: Annotated[
        tuple[Slug, ...],
        Ref(Body),
        doc("参与(配合)单位的 id,按原文顺序", "ids of the bodies that take part, in the order given"),
    ] = ()
    general: Annotated[
        tuple[Text, ...],
        doc("统称的一批单位,照原文,如“各乡镇”", "bodies named as a group, as written, such as “all townships”"),
    ] = ()
    joint: Annotated[
        Flag,
        doc(
            "是否由几个单位共同负责、没有牵头单位",
            "true if several bodies are responsible and none leads; derived from the rest",
        ),
    ] = Field(default_factory=bool)

    @model_validator(mode="before")
    @classmethod
    def _fill_in_joint(cls, given: Any) -> Any:
        return {**given, "joint": is_joint(given)} if isinstance(given, dict) and "joint" not in given else given

    @model_validator(mode="after")
    def _names_each_body_once(self) -> "Responsible":
        named_once(self.answerable)
        if not self.answerable and not self.general and self.others is None:
            raise PydanticCustomError("names_no_body", "responsibility needs a body", {})
        return self

    @property
    def answerable(self) -> tuple[str, ...]:
        """Ids of all bodies: leading ones first, participating ones last."""
        return self.lead + self.bodies + self.participating

    @property
    def is_ranked(self) -> bool:
        """Whether the bodies have different roles."""
        return bool(self.lead or self.participating)

    @property
    def form(self) -> Form:
        """Form of responsibility."""
        if self.lead:
            return "led"
        return "supported" if self.participating else "joint" if self.joint else "sole"

    @property
    def is_divided(self) -> bool:
        """Whether the document states that each body is responsible within its remit."""
        return self.quote is not None and "职责" in self.quote.zh

    @property
    def parts(self) -> tuple[tuple[Role, tuple[str, ...]], ...]:
        """The roles that occur, each with the ids of its bodies."""
        named: Role = "responsible" if self.is_ranked else "joint" if self.joint else "sole"
        found: tuple[tuple[Role, tuple[str, ...]], ...] = (
            ("lead", self.lead),
            (named, self.bodies),
            ("participating", self.participating),
        )
        return tuple((role, bodies) for role, bodies in found if bodies)

    def role_of(self, body: str) -> Role | None:
        """Return the role of ``body`` (an id); None if it is not named."""
        return next((role for role, bodies in self.parts if body in bodies), None)


class Statement(Nested):
    """条文内容 | One thing that a clause says, in the clause’s own words: a measure or a requirement."""

    id: Annotated[Slug, doc("编号,本条内唯一", "id, unique within its record; the anchor on the page")]
    title: Annotated[Text, doc("短标题(编者所拟)", "short title, by the editors")]
    quote: Annotated[Text, Quote(), doc("引文,与条款原文一字不差", "exact quotation from the clause")]
    heading: Annotated[
        Text | None,
        doc(
            "小标题(编者所拟):本项和其后各项所讲的事,到下一个小标题为止",
            "heading above this measure by the editors; it holds up to the next heading",
        ),
    ] = None
    owner: Annotated[
        Slug | None, Ref(Body), doc("责任单位,未明确则空", "responsible body; empty until one is laid down")
    ] = None
    due: Annotated[Day | None, doc("完成时限,未明确则空", "due date; empty until one is laid down")] = None
    assigned_by: Annotated[
        Wording | None, doc("责任单位和时限出自哪里", "where the body and the due date are laid down")
    ] = None
    note: Annotated[Text | None, doc("编者说明", "editor’s note")] = None
    responsible: Annotated[
        Responsible | None,
        doc("本条自己的责任分工", "who is responsible for it, if laid down for it alone"),
    ] = None

    @model_validator(mode="after")
    def _names_bodies_once(self) -> Self:
        if self.owner is not None and self.responsible is not None:
            raise PydanticCustomError("owner_twice", "give either owner or responsible", {})
        return self

    @property
    def roles(self) -> Responsible | None:
        """Its own responsible bodies; None if they are given for the whole record or not at all."""
        return self.responsible or (Responsible(bodies=(self.owner,)) if self.owner is not None else None)


class Measure(Statement):
    """举措 | A piece of work: bodies report on it, and it can be late."""


class Requirement(Statement):
    """要求 | A general requirement or aim. It is not a piece of work: it has no state, and is never late."""


#: The plan of a record; see `haopin.model.plan.plan_of`.
PlanField = Annotated[
    Slug | None,
    Ref("Plan"),
    doc(
        "属于哪个方案:它的 id;条款所在的文件只有一个方案时可不写",
        "id of its plan; may be left out where only one plan rests on the document of its clause",
    ),
]


class Committed(Record):
    """A record that divides one clause into statements."""

    clause: Annotated[ClauseRef, doc("条款", "clause that it is based on")]
    title: Annotated[Text, ClauseHeading(), doc("标题,照原文", "heading, as in the document")]
    summary: Annotated[Text | None, doc("通俗说明(编者所拟)", "plain-language summary, by the editors")] = None
    plan: PlanField = None

    #: Name of the field with its statements.
    divided_into: ClassVar[Literal["measures", "requirements"]] = "measures"

    #: Type under which its statements are counted: the number of measures includes those of tasks only.
    counted_as: ClassVar[CountedAs]

    #: Whether bodies report on its measures, so that a missing report is displayed.
    is_reported: ClassVar[bool] = False

    #: Whether its name includes its number.
    is_numbered: ClassVar[bool] = False

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its measures or requirements, in the order of the clause."""
        found: tuple[Statement, ...] = getattr(self, self.divided_into)
        return found

    @property
    def roles(self) -> Responsible | None:
        """Bodies responsible for all of it; None if unknown."""
        return None

    @property
    def answerable(self) -> tuple[str, ...]:
        """Ids of the bodies responsible for all of it, leading ones first."""
        return self.roles.answerable if self.roles else ()

    def roles_in(self, statement: Statement) -> Responsible | None:
        """Return the bodies responsible for ``statement``: its own, or else those of the whole record."""
        return statement.roles or self.roles

    def answerable_in(self, statement: Statement) -> tuple[str, ...]:
        """Return the ids of the bodies responsible for ``statement``, leading ones first."""
        roles = self.roles_in(statement)
        return roles.answerable if roles else ()

    def stated_phrases(self) -> tuple[Text, ...]:
        """Phrases of the clause that are covered by fields other than quotations of statements."""
        stated = (self.roles, *(statement.responsible for statement in self.statements))
        return tuple(each.quote for each in stated if each is not None and each.quote is not None)


class Work(Committed):
    """A record whose clause requires work: a task, a phase, a safeguard. The number of measures counts tasks only."""

    measures: Annotated[tuple[Measure, ...], doc("举措", "measures, in the order of the clause")] = ()


class Task(Work):
    """任务 | One of the tasks of the plan."""

    group: Annotated[
        Slug | None, Ref("Group"), doc("所属工程(组)的 id,不分组则空", "id of its group, if it has one")
    ] = None
    number: Annotated[
        Line | None, doc("序号,照原文;不写则显示编号", "number, as in the document; by default its id is shown")
    ] = None
    domain: Annotated[Domain | None, doc("领域,仅在原文写明时填", "domain, only where the document names it")] = None
    short: ShortField = None
    responsible: Annotated[Responsible | None, doc("责任分工", "who is responsible")] = None
    meaning: Annotated[
        Text | None,
        doc(
            "对公众意味着什么(编者所拟):只说条款要求的事,一两句,不说已经做到",
            "what it means for the public, by the editors: only what the clause asks for, never as done",
        ),
    ] = None
    colour: ColourField = None
    picture: PictureField = None

    counted_as = "measures"
    is_reported = True
    is_numbered = True

    @property
    def shown_number(self) -> str:
        """The displayed number: that of the document, or else the id; 3 for “03”."""
        return self.number or (self.id.lstrip("0") or self.id)

    @property
    def roles(self) -> Responsible | None:
        """Responsible bodies of the task."""
        return self.responsible


class Group(Record):
    """任务分组 | A group of tasks."""

    number: Annotated[Line, doc("序号,照原文", "number, as in the document")]
    clause: Annotated[ClauseRef, doc("条款", "clause that names the group")]
    title: Annotated[Text, ClauseHeading(), doc("标题,照原文", "heading, as in the document")]
    short: ShortField = None
    summary: Annotated[Text | None, doc("通俗说明(编者所拟)", "plain-language summary, by the editors")] = None
    parent: Annotated[
        Slug | None, Ref("Group"), doc("上一级分组的 id,没有则空", "id of the group that it lies in, if it lies in one")
    ] = None
    plan: PlanField = None
    colour: ColourField = None
    picture: PictureField = None


class Section(Committed):
    """总体要求与目标 | A section of the plan that states requirements or aims, outside the tasks."""

    requirements: Annotated[
        tuple[Requirement, ...],
        doc(
            "要求或目标,不是举措:不计数,不报送",
            "requirements or aims, in the order of the clause: not measures, not counted, and not reported on",
            # In older data, sections have measures instead of requirements.
            validation_alias=AliasChoices("requirements", "measures"),
        ),
    ] = ()

    divided_into = "requirements"
    counted_as = "requirements"


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
    title=Text(zh="总体要求与工作目标", en="Requirements and aims"),
    anchor=on_page("aims/"),
    section="commitments",
)
