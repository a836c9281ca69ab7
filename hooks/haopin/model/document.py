"""Official documents: metadata, verbatim numbered clauses, citations and annexes."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from haopin.model.base import ClauseRef, Day, Kind, Line, MeasureId, Nested, Record, Slug, doc, page_each
from haopin.model.body import Body
from haopin.model.fields import Quote, Ref
from haopin.model.task import Committed, Measure, Requirement, Responsible, named_once
from haopin.text import InLanguages, Text

Level = Literal[
    "title",
    "number",
    "salutation",
    "paragraph",
    "signature",
    "date",
    "remark",
    "section",
    "subsection",
    "item",
    "subitem",
    "point",
    "annex",
]


class Clause(Nested, InLanguages):
    """条款 | One line of the document: the Chinese verbatim, the English our own unofficial translation."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[Slug, doc("编号,即页内锚点", "id and anchor on the page")]
    level: Annotated[
        Level,
        doc(
            "层级;section 为“一、”,subsection 为“(一)”,item 为“1.”,subitem 为“(1)”,point 为“①”",
            "level in the layout of official documents, from the highest: section, subsection, item, subitem, point",
        ),
    ]
    zh: Annotated[Line, doc("原文,一字不改", "original text, exact to the character")]
    en: Annotated[Line | None, doc("英文译文(非官方)", "English translation, unofficial")] = None

    @property
    def text(self) -> Text:
        """The clause as text in each language."""
        return Text.model_construct(zh=self.zh, en=self.en, **dict[str, Any](self.further))


class Citation(Nested):
    """引用 | Where another document cites this one, and in what words."""

    clause: Annotated[ClauseRef, doc("引用它的条款", "clause that cites it")]
    quote: Annotated[Text, Quote(), doc("引文", "words of the citation")]


class Row(Nested):
    """附表的一行 | A row of an annex’s table: its cells as the document has them, and what it assigns to whom."""

    cells: Annotated[tuple[Text | None, ...], doc("各格,照原文;空白的格写 null", "cells, as written; null where empty")]
    measures: Annotated[
        tuple[MeasureId, ...],
        Ref(Measure, within=Committed, also=Requirement),
        doc("这一行说的举措:记录 id/举措 id", "measures that it is about: record id/measure id"),
    ] = ()
    lead: Annotated[tuple[Slug, ...], Ref(Body), doc("牵头单位的 id", "ids of the bodies that lead")] = ()
    bodies: Annotated[
        tuple[Slug, ...],
        Ref(Body),
        doc("责任单位的 id;不含牵头和参与单位", "ids of the bodies that neither lead nor take part"),
    ] = ()
    participating: Annotated[
        tuple[Slug, ...], Ref(Body), doc("参与(配合)单位的 id", "ids of the bodies that take part")
    ] = ()
    general: Annotated[
        tuple[Text, ...],
        doc("统称的一批单位,照原文,如“各乡镇”", "bodies named as a group, as written, such as “all townships”"),
    ] = ()
    due: Annotated[Day | None, doc("完成时限", "due date")] = None

    @model_validator(mode="after")
    def _names_each_body_once(self) -> "Row":
        named_once((*self.lead, *self.bodies, *self.participating))
        return self

    @property
    def roles(self) -> Responsible | None:
        """Responsible bodies; None if it only sets a date, or assigns nothing."""
        if not (self.lead or self.bodies or self.participating or self.general):
            return None
        return Responsible(lead=self.lead, bodies=self.bodies, participating=self.participating, general=self.general)


class AnnexTable(Nested):
    """附表 | The table of an annex."""

    columns: Annotated[tuple[Text, ...], Field(min_length=1), doc("各列的标题,照原文", "headings, as written")]
    rows: Annotated[tuple[Row, ...], doc("各行,按原文顺序", "rows, in the order of the document")] = ()


class Annex(Nested):
    """附件 | An annex of the document."""

    id: Annotated[Slug, doc("编号", "id and anchor")]
    title: Annotated[Text, doc("标题", "title")]
    cited_as: Annotated[tuple[Line, ...], doc("文中的称呼", "how the document refers to it")] = ()
    note: Annotated[Text | None, doc("编者说明", "editor’s note")] = None
    clauses: Annotated[tuple[Clause, ...], doc("附件的条款", "clauses of the annex, in its order")] = ()
    table: Annotated[AnnexTable | None, doc("附表,如责任分解表", "table, such as one of responsibilities")] = None

    @property
    def is_title_only(self) -> bool:
        """Whether nothing but its title is held."""
        return not self.clauses and self.table is None


class Status(Nested):
    """效力 | Whether the document is in force, since when, and who says so."""

    state: Annotated[
        Literal["in-force", "repealed", "expired"],
        doc("现行有效、已废止或已失效", "in force, repealed, or expired"),
    ]
    since: Annotated[
        Day,
        doc(
            "从哪天起;现行有效的,写核实日期",
            "first day of this status; for a document in force, the day on which that was confirmed",
        ),
    ]
    source: Annotated[Text, doc("来源", "source of this information")]


class DocumentEffect(Nested):
    """修改或废止 | How this document affects another: it amends, repeals, or replaces it."""

    document: Annotated[Slug, Ref("Document"), doc("另一份文件的 id", "id of the other document")]
    what: Annotated[Literal["amends", "repeals", "replaces"], doc("修改、废止或代替", "amends, repeals, or replaces")]
    since: Annotated[
        Day | None,
        doc(
            "从哪天起;空则为本文件的发布(成文)日期",
            "first day of the effect; empty for the date on which this document was published or adopted",
        ),
    ] = None
    clause: Annotated[
        Slug | None, doc("本文件里写明这一点的条款", "id of the clause of this document that says so")
    ] = None


class Document(Record):
    """文件 | An official document: the notice and its plan, or a document that it cites."""

    title: Annotated[Text, doc("标题", "title")]
    short_title: Annotated[Text | None, doc("简称,用于链接", "short title for links")] = None
    number: Annotated[
        Line | None, doc("发文字号(或令号、标准号),照原文", "document number, as the document has it")
    ] = None
    number_en: Annotated[Line | None, doc("发文字号的英文写法", "document number in English form")] = None
    issuer: Annotated[Text | None, doc("发文机关", "issuing body")] = None
    adopted: Annotated[Day | None, doc("成文日期", "date on the document")] = None
    published: Annotated[Day | None, doc("发布日期,未知则空", "date of publication; empty if unknown")] = None
    topic: Annotated[Text | None, doc("主题分类,未知则空", "subject class; empty if unknown")] = None
    status: Annotated[Status | None, doc("效力,未知则空", "whether it is in force; empty if unknown")] = None
    source_file: Annotated[
        str | None,
        Field(pattern=r"^[\w.-]+\.txt$"),
        doc("原文文本文件", "text file with the original text, for comparison"),
    ] = None
    clauses: Annotated[tuple[Clause, ...], doc("条款", "clauses, in the order of the document")] = ()
    citations: Annotated[tuple[Citation, ...], doc("被引用之处", "where it is cited")] = ()
    annexes: Annotated[tuple[Annex, ...], doc("附件", "annexes")] = ()
    changes: Annotated[
        tuple[DocumentEffect, ...], doc("修改、废止的文件", "documents that it amends, repeals, or replaces")
    ] = ()

    @property
    def every_clause(self) -> tuple[Clause, ...]:
        """The clauses of the document and of its annexes, in order."""
        return (*self.clauses, *(clause for annex in self.annexes for clause in annex.clauses))

    @property
    def dated(self) -> Day | None:
        """Date of publication, or of adoption if only that is known."""
        return self.published or self.adopted

    def since(self, change: DocumentEffect) -> Day | None:
        """Return the date from which ``change`` takes effect."""
        return change.since or self.dated


DOCUMENT = Kind(
    name="document",
    layout="folder",
    path="documents",
    model=Document,
    title=Text(zh="文件", en="Documents"),
    anchor=page_each("documents"),
    section="documents",
    page="document",
    search="documents",
)
