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
    variants: Annotated[tuple[Variant, ...], doc("原文中的其他写法", "other forms of the name in the document")] = ()
    phone: Annotated[Phone | None, doc("电话,未知则空", "telephone; empty if unknown")] = None
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
