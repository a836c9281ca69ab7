"""Provisions of the plan besides tasks: services, pilot fields, industries, honours, mechanisms, terms."""

from typing import Annotated, Literal

from haopin.model.base import ClauseRef, FactSource, Kind, Line, Record, ShortField, doc, on_page
from haopin.model.fields import Quote
from haopin.model.look import ColourField, PictureField
from haopin.text import Text


class Provision(Record):
    """Something quoted from a clause."""

    clause: Annotated[ClauseRef, doc("条款", "clause")]
    quote: Annotated[Text, Quote(), doc("引文", "exact quotation")]


class Service(Provision):
    """服务事项 | One line of business of the one-stop service."""

    name: Annotated[Text, doc("名称", "name")]
    description: Annotated[Text | None, doc("说明,未知则空", "description; empty if unknown")] = None
    contact: Annotated[Text | None, doc("联系方式,未知则空", "contact; empty if unknown")] = None


class PilotField(Provision):
    """标准化试点领域 | A field of the standardization pilots."""

    name: Annotated[Text, doc("名称", "name")]
    colour: ColourField = None
    picture: PictureField = None


class Industries(Provision):
    """产业 | A list of industries as the document has it."""

    title: Annotated[Text, doc("标题", "title")]
    members: Annotated[tuple[Text, ...], doc("所列产业,原文未列则空", "industries listed; empty if not named")] = ()


class Honour(Provision):
    """荣誉与称号 | An award, brand, status, or project that a document names, aims at, or says is held."""

    name: Annotated[Text, doc("名称", "name")]
    short: ShortField = None
    standing: Annotated[
        Literal["mentioned", "aimed", "held"],
        doc(
            "文件提到、提出创建或已获得;已获得的写来源 sources",
            "mentioned, set as an aim of the document, or held; for one that is held, sources",
        ),
    ]
    kind: Annotated[
        Literal["award", "brand", "status", "label", "project"],
        doc("类型", "award, brand, status, label, or project"),
    ]
    sources: Annotated[tuple[FactSource, ...], doc("已获得的来源", "sources that say that it is held")] = ()


class Mechanism(Provision):
    """公开与监督机制 | A mechanism of disclosure, warning, recall, complaint, or accountability."""

    title: Annotated[Text, doc("标题(编者所拟)", "title, by the editors")]
    kind: Annotated[
        Literal["disclosure", "warning", "recall", "complaint", "accountability"],
        doc("类型", "disclosure, warning, recall, complaint, or accountability"),
    ]
    areas: Annotated[tuple[Text, ...], doc("领域", "areas")] = ()


class Term(Record):
    """术语 | A term of the field in both languages."""

    term: Annotated[Text, doc("术语", "term")]
    kind: Annotated[
        Literal["body", "term", "award", "place", "slogan", "status", "brand", "campaign"], doc("类别", "class")
    ]
    definition: Annotated[
        Text | None,
        doc(
            "释义(编者所拟);有释义的术语,每页首次出现处链接到术语对照",
            "definition, by the editors; a defined term is linked where it first occurs on a page",
        ),
    ] = None
    forms: Annotated[
        tuple[Line, ...], doc("其他写法,任一语言,也会链接", "other forms, in either language; also linked")
    ] = ()


SERVICE = Kind(
    name="service",
    layout="list",
    path="services.yml",
    model=Service,
    title=Text(zh="一站式服务", en="One-stop services"),
    anchor=on_page("services/"),
    section="involvement",
)
PILOT_FIELD = Kind(
    name="pilot-field",
    layout="list",
    path="pilot_fields.yml",
    model=PilotField,
    title=Text(zh="标准化试点领域", en="Fields of the standardization pilots"),
    anchor=on_page("industries/"),
    section="commitments",
)
INDUSTRIES = Kind(
    name="industries",
    layout="list",
    path="industries.yml",
    model=Industries,
    title=Text(zh="产业", en="Industries"),
    anchor=on_page("industries/"),
    section="commitments",
)
HONOUR = Kind(
    name="honour",
    layout="list",
    path="honours.yml",
    model=Honour,
    title=Text(zh="荣誉与称号", en="Honors and titles"),
    anchor=on_page("honours/"),
    section="commitments",
)
MECHANISM = Kind(
    name="mechanism",
    layout="list",
    path="mechanisms.yml",
    model=Mechanism,
    title=Text(zh="公开与监督机制", en="Disclosure and accountability"),
    anchor=on_page("disclosure/"),
    section="involvement",
    lists=("disclosure",),
)
TERM = Kind(
    name="term",
    layout="list",
    path="glossary.yml",
    model=Term,
    title=Text(zh="术语", en="Glossary"),
    anchor=on_page("glossary/"),
    section="documents",
)
