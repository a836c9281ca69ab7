"""Formats of publicity materials: what a piece is printed on or shown by. Those of a county add to the shipped ones."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import Kind, Number, Record, Whole, doc
from haopin.text import Text

#: Folder of a county's own templates and their pictures, below the data folder.
OWN_TEMPLATES = "materials/"

MaterialChannel = Literal[
    "boards", "screens", "banners", "signs", "windows", "television", "newspapers", "network", "handouts"
]
# fmt: off
Shape = Literal[
    "board", "poster", "banner", "flag", "screen", "led", "television",
    "newspaper", "net", "article", "leaflet", "card", "slide",
]
ContentKind = Literal[
    "slogan", "edition", "event", "group", "task", "target", "result", "progress", "knowledge", "terms", "honour",
]
# fmt: on


class MaterialFormat(Record):
    """物料规格 | A format of publicity materials."""

    name: Annotated[Text, doc("名称", "name")]
    channel: Annotated[MaterialChannel, doc("宣传渠道", "channel of publicity")]
    shape: Annotated[Shape, doc("版式", "layout: the template that draws it")]
    width: Annotated[Whole, doc("宽(成品)", "width after trimming", ge=1, le=30000)]
    height: Annotated[
        Whole,
        doc("高(成品),网页文章写 0", "height after trimming; 0 for an article, as long as its text", ge=0, le=30000),
    ]
    unit: Annotated[Literal["mm", "px"], doc("单位,毫米或像素", "unit: millimeters or pixels")]
    bleed: Annotated[Whole, doc("出血,毫米", "bleed on each side, in millimeters", ge=0, le=100)] = 0
    safe: Annotated[Whole, doc("安全边距,单位同上", "margin without text, in the same unit", ge=0, le=2000)]
    colour: Annotated[
        Literal["rgb", "cmyk", "grey"], doc("颜色:屏幕 rgb,印刷 cmyk,黑白 grey", "colors: rgb, cmyk, or grey")
    ]
    resolution: Annotated[Whole, doc("转成图片时每英寸多少点", "dots per inch of a picture of it", ge=20, le=600)] = 150
    distance: Annotated[Number, doc("观看距离,米", "viewing distance, in meters", gt=0, le=200)]
    shown: Annotated[
        Whole | None,
        Field(ge=10, le=100000),
        doc("实际显示多宽,毫米;印出来与成品同宽的不填", "width as shown, in millimeters; empty if that of the print"),
    ] = None
    qr: Annotated[bool, doc("有没有二维码", "whether it has a QR code")] = True
    on_site: Annotated[
        tuple[ContentKind, ...],
        doc(
            "网站提供哪些内容的下载;其余的仍可用命令制作",
            "contents that the site offers in it; the others are made by the command",
        ),
    ] = ()

    @property
    def smallest(self) -> float:
        """Minimum height of characters in ``unit``: the viewing distance ÷ 250."""
        return float(self.distance) * 1000 / 250 * (self.width / (self.shown or self.width))

    @model_validator(mode="after")
    def _shown(self) -> "MaterialFormat":
        if self.unit == "px" and self.shown is None:
            raise PydanticCustomError("shown", "the width as shown is needed", {})
        if self.unit == "px" and self.bleed:
            raise PydanticCustomError("bleed_px", "a screen has no bleed", {})
        if self.height and 2 * self.safe >= min(self.width, self.height):
            raise PydanticCustomError("no_room", "the margin leaves no room", {})
        return self


MATERIAL_FORMAT = Kind(
    name="material-format",
    layout="list",
    path="materials.yml",
    model=MaterialFormat,
    title=Text(zh="宣传物料规格", en="Formats of materials"),
    # Not on any page.
    anchor=lambda record_id: "",
)
