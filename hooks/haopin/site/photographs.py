"""Published sizes of photographs: their addresses, widths and heights, known before they are made."""

from collections.abc import Mapping
from dataclasses import dataclass

from haopin.load.folder import photograph_file
from haopin.load.pictures import Picture
from haopin.model.photograph import PHOTOGRAPHS, Photograph

#: Widths in pixels. A picture is never enlarged: a narrower one ends with its own width.
WIDTHS = (480, 960, 1600)
#: Changes the addresses of all pictures; to be increased after a change of how they are made.
ENCODING = 1


@dataclass(frozen=True)
class PictureSize:
    """One size of a photograph; ``path`` is relative to the root of the site, which all languages share."""

    picture: Picture
    path: str
    width: int
    height: int


def sizes_of(photograph: Photograph, pictures: Mapping[str, Picture]) -> tuple[PictureSize, ...]:
    """Return the sizes of ``photograph``, the smallest first; none if its file cannot be read."""
    picture = pictures.get(photograph_file(photograph.picture, sample=photograph.sample))
    if picture is None or not picture.width:
        return ()
    most = min(picture.width, WIDTHS[-1])
    # The name of the file is not public, and a digest lets caches keep the picture for ever.
    place = f"{PHOTOGRAPHS}/{photograph.id}/"
    return tuple(
        PictureSize(
            picture,
            f"{place}{width}-{picture.digest[:8]}{ENCODING}.webp",
            width,
            max(1, round(picture.height * width / picture.width)),
        )
        for width in (*(width for width in WIDTHS if width < most), most)
    )
