"""How a record looks: colours with a meaning, and the colour and drawing that a group, task or field has of its own."""

from typing import Annotated

from pydantic import Field

from haopin.model.base import Nested, doc

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
#: Folder with the drawings of records in the data folder.
SCENES = "scenes/"


class Meaning(Nested):
    """含义色 | A color with a meaning, on light and on dark backgrounds."""

    light: Annotated[Colour, doc("浅色界面", "on a light background")]
    dark: Annotated[Colour, doc("深色界面", "on a dark background")]


ColourField = Annotated[Meaning | None, doc("专用颜色,没有则空", "color of its own, if it has one", audience="office")]
PictureField = Annotated[
    str | None,
    doc(
        "线描图的文件名,放在 scenes 文件夹;没有则空",
        "file name of its line drawing in the folder scenes, if it has one",
        audience="office",
        pattern=r"^[a-z0-9-]+\.svg$",
    ),
]
