"""Pictures of the data folder: whether a file is a picture, its size in pixels, a digest of its content."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from haopin.cache import Readings, key
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
        readings: Results that are kept between runs.
    """

    path: Path
    bytes: int
    width: int
    height: int
    readings: Readings | None = field(default=None, repr=False, compare=False)

    @cached_property
    def digest(self) -> str:
        """Digest of its content; a command that publishes nothing does not read all of it."""
        return _digest(self.path)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it can be decoded; a file that was cut off cannot."""
        if not 0 < self.width * self.height <= MOST_PIXELS:
            return False
        return bool(_kept(self.readings, "whole", self.path, lambda: _is_decoded(self.path)))


def _digest(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()


@portable.register
def _(picture: Picture, names: Mapping[int, Sequence[str]]) -> Any:
    return ["picture", picture.digest, picture.width, picture.height]


def read_picture(path: Path, readings: Readings | None = None) -> Picture:
    """Return the picture at ``path``; only its header is read for its size in pixels."""
    facts = path.stat()
    return _read(path, facts.st_mtime_ns, facts.st_size, readings)


@lru_cache(maxsize=2048)
def _read(path: Path, changed: int, size: int, readings: Readings | None) -> Picture:
    del changed
    width, height = _kept(readings, "size", path, lambda: _size(path))
    return Picture(path, size, width, height, readings)


def _kept(readings: Readings | None, what: str, path: Path, make: Callable[[], Any]) -> Any:
    if readings is None:
        return make()
    from PIL import __version__

    return readings.made(key("picture", what, __version__, path.suffix, _digest(path)), make)


def _size(path: Path) -> tuple[int, int]:
    """Return width and height of a picture in pixels, upright; zeros if it is none."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=(FORMATS[path.suffix[1:]],)) as image:
                width, height = image.size
                if image.getexif().get(_ORIENTATION, 1) in _SIDEWAYS:
                    width, height = height, width
                return width, height
    except Exception:
        # A damaged file may raise any exception; the data check reports it.
        return 0, 0


def _is_decoded(path: Path) -> bool:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                # A JPEG is read in an eighth of its size, which finds the same damage in a fraction of the time.
                image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
                image.load()
                return image.mode in _MODES
    except Exception:
        return False
