"""Photographs of what the records are about, with caption, credit and rights."""

from typing import Annotated

from pydantic import Field

from haopin.model.base import Day, Kind, Record, doc, page_each
from haopin.model.fields import Ref
from haopin.model.publishable import Publishable
from haopin.text import Text, Wording

#: Folder of the files, beside the list of the records.
PHOTOGRAPHS = "photographs"
PHOTOGRAPH_PATTERN = r"^[\w.-]+\.(jpg|jpeg|png|webp)$"


class Photograph(Publishable):
    """照片 | A photograph. Pages have it in several sizes, without the data that a camera writes into its file."""

    date: Annotated[Day, doc("公布日期", "date of publication")]
    picture: Annotated[
        str,
        Field(pattern=PHOTOGRAPH_PATTERN),
        doc("photographs 文件夹里的文件名", "name of a file in the folder “photographs”", "office"),
    ]
    caption: Annotated[Wording, doc("图片说明,写在照片下面", "caption, shown below the picture")]
    alt: Annotated[
        Wording,
        doc(
            "替代文字:给看不见照片的人,说画面上有什么,不重复图片说明",
            "text for those who cannot see it: what is in the picture, without repeating the caption",
        ),
    ]
    credit: Annotated[Wording, doc("摄影者或提供单位", "photographer, or who provided it")]
    rights: Annotated[
        Wording,
        doc("使用依据:谁同意公开、同意怎样使用", "rights: who agreed to its publication, and to what use"),
    ]
    taken: Annotated[Day | None, doc("拍摄日期,未知则空", "day on which it was taken; empty if unknown")] = None
    place: Annotated[Wording | None, doc("拍摄地点,未知则空", "where it was taken; empty if unknown")] = None
    shows: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z-]+/[a-z0-9-]+$")], ...],
        Ref(Record, any_kind=True, ruled=True),
        doc(
            "拍的是什么:记录的类别/编号,如 event/open-day-2026;照片显示在这些页面上",
            "what it shows: kind/id of records, such as event/open-day-2026, on whose pages it appears",
        ),
    ] = ()

    @property
    def label(self) -> Wording:
        """The caption."""
        return self.caption


PHOTOGRAPH = Kind(
    name="photograph",
    layout="list",
    path="photographs.yml",
    model=Photograph,
    title=Text(zh="照片", en="Photographs"),
    anchor=page_each(PHOTOGRAPHS),
    section="activities",
    page="photograph",
    search="published",
    schema_org="ImageObject",
    unique=("picture",),
)
