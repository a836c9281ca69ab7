"""Responsible bodies."""

from typing import Annotated, Literal

from haopin.model.base import (
    ClauseRef,
    FactSource,
    HttpsAddress,
    Kind,
    Line,
    Nested,
    Phone,
    Record,
    doc,
    page_each,
    renamed,
)
from haopin.text import Text


class Variant(Nested):
    """异写 | Another form of the body’s name in a document."""

    as_written: Annotated[Line, doc("原文写法", "name as written there")]
    clause: Annotated[ClauseRef, doc("出处", "where")]


class Body(Record):
    """责任单位 | A body responsible for tasks."""

    name: Annotated[Text, doc("名称", "name")]
    level: Annotated[
        Literal["own", "branch"] | None,
        renamed(Literal["own", "branch", "county", "city-branch"] | None, county="own", city_branch="branch"),
        doc("层级:本级单位,或上级部门的派出机构", "own body of the place, or branch of a body of the level above"),
    ] = None
    about: Annotated[
        Text | None,
        doc(
            "它的任务涉及哪些事,用群众的话(编者所拟),只写方案写明的",
            "what its tasks are about, in plain words, by the editors; only what the plan says",
        ),
    ] = None
    variants: Annotated[tuple[Variant, ...], doc("原文中的其他写法", "other forms of the name in the document")] = ()
    phone: Annotated[Phone | None, doc("电话,未知则空", "telephone; empty if unknown")] = None
    address: Annotated[Text | None, doc("地址,未知则空", "postal address; empty if unknown")] = None
    hours: Annotated[Text | None, doc("办公时间,未知则空", "office hours; empty if unknown")] = None
    website: Annotated[HttpsAddress | None, doc("网站,未知则空", "website; empty if unknown")] = None
    sources: Annotated[
        tuple[FactSource, ...], doc("电话等的来源", "sources of the contact details and other facts")
    ] = ()


BODY = Kind(
    name="body",
    layout="list",
    path="bodies.yml",
    model=Body,
    title=Text(zh="责任单位", en="Responsible bodies"),
    anchor=page_each("bodies"),
    section="answerable",
    page="body",
    search="bodies",
)
