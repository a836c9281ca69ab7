"""Types of derived values in the API, kept apart from the data; their JSON Schemas are generated from them."""

from typing import Any, NotRequired

from pydantic import TypeAdapter

# pydantic requires these instead of the standard library's before Python 3.12.
from typing_extensions import TypedDict


class Words(TypedDict):
    """文字 | A text in both languages."""

    zh: str
    en: str


class Standing(TypedDict):
    """举措的状态 | Where a measure stands: the rule, the report that it rests on, and the due date."""

    state: str
    rule: str
    entry: str | None
    reported: str | None
    due: str | None


class Tally(TypedDict):
    """按状态计数 | How many measures are in each state; counts without weights."""

    state: str
    total: int
    reported: int
    counts: dict[str, int]


class MilestoneState(TypedDict):
    """阶段目标的状态 | Where a milestone stands, and the report that this rests on."""

    due: str
    outcome: str
    entry: str | None


class Outlook(TypedDict):
    """目标的状态 | Where a target stands: the rule, the report that it rests on, and the value before it.

    ``share`` is the share in per cent that ``value`` is of ``of``, to two decimals; ``goal`` and ``reported_words`` say
    the number to be reached and the one reported as the pages do.
    """

    outcome: str
    rule: str
    entry: str | None
    reported: str | None
    value: int | float | None
    of: int | float | None
    share: int | float | None
    before: int | float | None
    trend: str | None
    days_since_report: int | None
    goal: Words | None
    reported_words: Words | None
    milestones: list[MilestoneState]


class Dates(TypedDict):
    """起止 | First and last day."""

    start: str
    end: str


class DocumentChange(TypedDict):
    """被修改或废止 | Which document changes this one, how, and since when."""

    document: str
    what: str
    since: str | None


class PictureFile(TypedDict):
    """图片文件 | A size of a photograph: its address, its width and height in pixels."""

    address: str
    width: int
    height: int


class Derived(TypedDict):
    """推算的内容,不是资料里写的 | What is worked out from the data, not stated in it."""

    tally: NotRequired[Tally]
    measures: NotRequired[dict[str, Standing]]
    requirements: NotRequired[dict[str, Standing]]
    outlook: NotRequired[Outlook]
    plan: NotRequired[str]
    position: NotRequired[str]
    next: NotRequired[Dates | None]
    over: NotRequired[bool]
    corrected_by: NotRequired[str | None]
    changed_by: NotRequired[list[DocumentChange]]
    products: NotRequired[int]
    failing: NotRequired[int]
    pictures: NotRequired[list[PictureFile]]


class PlanStatus(TypedDict):
    """方案的现状 | Where a plan stands."""

    state: str
    programme: str | None
    tally: Tally


class ApiStatus(TypedDict):
    """全部状态 | Where everything stands on a day.

    ``measures`` are those of all tasks, as many as ``tasks_together`` counts; ``others`` are the phase work and
    safeguards on which there is a report.
    """

    schema: str
    as_of: str
    reported: bool
    states: dict[str, Words]
    rules: dict[str, Words]
    plan: str | None
    plans: dict[str, PlanStatus]
    programme: str
    phases: dict[str, str]
    tasks_together: Tally
    groups: dict[str, Tally]
    tasks: dict[str, Tally]
    bodies: dict[str, Tally]
    measures: dict[str, Standing]
    others: dict[str, Standing]
    targets: dict[str, Outlook]


class ApiChange(TypedDict):
    """一条变化 | Something that was published."""

    date: str
    kind: str
    id: str
    title: dict[str, str | None]
    pages: dict[str, str]
    api: str
    corrects: str | None
    corrected_by: str | None
    sample: bool


class Withdrawn(TypedDict):
    """撤下的内容,不含名称 | Something that was withdrawn; no name."""

    date: str
    reason: str
    kinds: list[str]


class Changes(TypedDict):
    """变化,最近的在前 | Changes, latest first."""

    schema: str
    as_of: str
    count: int
    changes: list[ApiChange]
    withdrawn: list[Withdrawn]


class KindFiles(TypedDict):
    """一类记录 | A kind of record and its files."""

    kind: str
    title: Words
    count: int
    list: str
    schema: str
    csv: str | None
    xlsx: str | None


class Index(TypedDict):
    """目录 | What there is."""

    schema: str
    title: Words
    place: Words
    # The older name of “place”, kept for readers that know it.
    county: Words
    as_of: str
    document: str
    kinds: list[KindFiles]
    status: str
    changes: str
    openapi: str
    catalog: str


#: Dialect of all schemas.
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(shape: Any) -> dict[str, Any]:
    """Return the JSON Schema of a type, with its definitions under ``$defs``."""
    schema = TypeAdapter(shape).json_schema()
    close(schema)
    return schema


def named(shape: Any) -> dict[str, Any]:
    """Return the schema of a simple type as a definition with its name."""
    return {shape.__name__: schema_of(shape)}


def close(node: Any) -> None:
    """Forbid additional properties, and split descriptions into both languages."""
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        if isinstance(node.get("description"), str):
            node["description"] = node["description"].removesuffix(".").replace(" | ", " / ")
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)
