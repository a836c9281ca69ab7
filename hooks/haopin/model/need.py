"""Visitors' needs: what a visitor looks for, in the visitor's words, and where to find it."""

from typing import Annotated, Literal

from haopin.model.base import Flag, Kind, MeasureId, Record, ShortField, Slug, doc, on_page
from haopin.model.document import Document
from haopin.model.fields import Destination, Ref
from haopin.model.task import Committed, Measure, Requirement, Task
from haopin.text import Text

Icon = Literal["complain", "food", "home", "air", "firm", "join", "answer", "document", "travel", "learn"]


class Need(Record):
    """按需查找 | What a visitor comes for, and where to find the answer."""

    title: Annotated[Text, doc("需要,用来访者的话", "the need, in the visitor’s words")]
    short: ShortField = None
    icon: Annotated[Icon, doc("图标", "icon")]
    answer: Annotated[Text, doc("简短回答(编者所拟)", "short answer, by the editors")]
    hotline: Annotated[Flag, doc("是否显示热线", "true to show the hotlines")] = False
    measures: Annotated[
        tuple[MeasureId, ...],
        Ref(Measure, within=Committed, also=Requirement),
        doc("有关举措:记录 id/举措 id", "relevant measures: record id/measure id"),
    ] = ()
    tasks: Annotated[tuple[Slug, ...], Ref(Task), doc("有关任务的 id", "ids of relevant tasks")] = ()
    documents: Annotated[tuple[Slug, ...], Ref(Document), doc("有关文件的 id", "ids of relevant documents")] = ()
    pages: Annotated[
        tuple[Slug, ...],
        Destination(),
        doc("有关栏目的文件夹名,如 activities", "folders of relevant sections, such as activities"),
    ] = ()


NEED = Kind(
    name="need",
    layout="list",
    path="needs.yml",
    model=Need,
    title=Text(zh="按需查找", en="Visitors’ needs"),
    anchor=on_page("needs/"),
    section="involvement",
)
