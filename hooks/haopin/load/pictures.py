"""Pictures of the data folder: whether a file is a picture, its size in pixels, a digest of its content."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from haopin.trace import portable

#: Formats by suffix, as Pillow names them.
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
#: Orientations in EXIF that lie on their side.
_SIDEWAYS = range(5, 9)
_ORIENTATION = 0x0112
#: How a picture may store its colours; others, such as 16 bits of grey, cannot be converted faithfully.
_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr"})
#: Most pixels that are decoded: more than any camera has.
MOST_PIXELS = 120_000_000


@dataclass(frozen=True)
class Picture:
    """A picture file.

    Attributes:
        path: Its path.
        bytes: Its size in bytes.
        width: Its width in pixels, upright; 0 if it is no picture.
        height: Its height.
    """

    path: Path
    bytes: int
    width: int
    height: int

    @cached_property
    def digest(self) -> str:
        """Digest of its content; a command that publishes nothing does not read all of it."""
        return blake2b(self.path.read_bytes(), digest_size=8).hexdigest()

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it can be decoded; a file that was cut off cannot."""
        from PIL import Image

        if not 0 < self.width * self.height <= MOST_PIXELS:
            return False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(self.path) as image:
                    # A JPEG is read in an eighth of its size, which finds the same damage in a fraction of the time.
                    image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
                    image.load()
                    return image.mode in _MODES
        except Exception:
            return False


@portable.register
def _(picture: Picture, names: Mapping[int, Sequence[str]]) -> Any:
    return ["picture", picture.digest, picture.width, picture.height]


def read_picture(path: Path) -> Picture:
    """Return the picture at ``path``; only its header is read for its size in pixels."""
    facts = path.stat()
    return _read(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=2048)
def _read(path: Path, changed: int, size: int) -> Picture:
    del changed
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=(FORMATS[path.suffix[1:]],)) as image:
                width, height = image.size
                if image.getexif().get(_ORIENTATION, 1) in _SIDEWAYS:
                    width, height = height, width
    except Exception:
        # A damaged file may raise any exception; the data check reports it.
        width = height = 0
    return Picture(path, size, width, height)
