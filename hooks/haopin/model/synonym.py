"""What people say for something on the site, and where the search leads them: for the search alone, not on pages."""

from typing import Annotated

from pydantic import Field

from haopin.model.base import Flag, Kind, Line, Record, doc
from haopin.model.fields import Destination
from haopin.text import Text

#: ``kind/id``, ``kind/id/measure id``, or the folder of a section.
TARGET_PATTERN = r"^[a-z-]+(/[a-z0-9-]+){0,2}$"


class Synonym(Record):
    """说法 | Words that people say, and what the search shows for them."""

    say: Annotated[
        tuple[Line, ...],
        Field(min_length=1),
        doc(
            "大家的说法,各种语言写在一起,如 假货、fake goods",
            "words that people use, in all languages, such as fake goods",
        ),
    ]
    show: Annotated[
        tuple[Annotated[str, Field(pattern=TARGET_PATTERN)], ...],
        Field(min_length=1),
        Destination(records=True),
        doc(
            "显示什么,最要紧的在前:类别/编号,如 need/complain;举措写 task/07/举措编号;栏目写文件夹名,如 documents",
            "what is shown, the most important first: kind/id, such as need/complain; a measure as task/07/its-id; "
            "a section by its folder, such as documents",
        ),
    ]
    answer: Annotated[
        Text | None,
        doc(
            "一句话回答(编者所拟),只写资料能证明的;第一项是“按需查找”的,不写则用它的回答",
            "answer in one sentence, by the editors, with nothing that the data does not prove; "
            "by default that of the need, if one comes first",
        ),
    ] = None
    hotline: Annotated[Flag, doc("回答下面是否显示热线", "true to show the hotlines below the answer")] = False
    suggested: Annotated[
        Flag, doc("打开搜索时是否列出第一个说法", "true to offer its first word when the search is opened")
    ] = False


SYNONYM = Kind(
    name="synonym",
    layout="list",
    path="synonyms.yml",
    model=Synonym,
    title=Text(zh="搜索说法", en="Words for the search"),
    # Not on any page.
    anchor=lambda record_id: "",
)
