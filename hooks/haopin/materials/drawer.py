"""Process that draws pieces into a cache: ``python -m haopin.materials.drawer``, with an `Order` on standard input.

Typst has threads of its own, after whose start a process must not fork; so the program, which forks a build for each
language, never draws itself. The process prints a line for each finished piece.
"""

import io
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from haopin.cache import Cache
from haopin.exports.pictures.card import Look
from haopin.materials.contents import Content
from haopin.materials.engine import CannotDraw, DoesNotFit, draw
from haopin.model.material_format import MaterialFormat

#: First byte of an entry that is a `Failure`, as JSON, in place of a file.
FAILED = b"!"
#: Width and height of a thumbnail in pixels, at most.
THUMBNAIL = 360, 360
_QUALITY = 72


@dataclass(frozen=True)
class Failure:
    """Why a piece could not be drawn: see `CannotDraw`; ``is_long`` of a text that has no room."""

    zh: str
    en: str
    text: str = ""
    is_long: bool = False


@dataclass(frozen=True)
class DrawingJob:
    """A piece to draw.

    Attributes:
        key: Name of its entry in the cache.
        thumbnail: Name of the entry of its thumbnail; "" if none is wanted.
        request: Arguments of `draw`, as JSON: from `request_of`.
    """

    key: str
    thumbnail: str
    request: str


@dataclass(frozen=True)
class Order:
    """Jobs, with the cache (its folder and part), and the templates of the county by file name."""

    folder: str
    part: str
    own: Mapping[str, str]
    jobs: tuple[DrawingJob, ...]

    def written(self) -> bytes:
        """Return the order as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def read(cls, raw: bytes) -> "Order":
        """Return the order from its JSON."""
        given = json.loads(raw)
        return cls(**{**given, "jobs": tuple(DrawingJob(**each) for each in given["jobs"])})


def request_of(content: Content, format_: MaterialFormat, look: Look, **more: Any) -> str:
    """Return the arguments of `draw` as JSON: a content in a format, the look, and ``more`` options."""
    given = {
        "content": asdict(content),
        "format": format_.model_dump(mode="json", exclude={"on_site"}),
        "look": asdict(look),
        **more,
    }
    return json.dumps(given, ensure_ascii=False, sort_keys=True)


def _made(job: DrawingJob, own: Mapping[str, str], kept: Cache) -> None:
    """Draw the file of ``job``, and its thumbnail if it is wanted; a `Failure` if it cannot be drawn."""
    given = json.loads(job.request)
    content, look = Content(**given.pop("content")), Look(**given.pop("look"))
    format_ = MaterialFormat.model_validate(given.pop("format"))

    def drawn() -> bytes:
        try:
            return draw(content, format_, look, own=own, **given)
        except CannotDraw as error:
            failure = Failure(error.zh, error.en, error.text, isinstance(error, DoesNotFit))
            return FAILED + json.dumps(asdict(failure), ensure_ascii=False).encode()

    file = kept.made(job.key, drawn)
    if job.thumbnail:
        failed = file.startswith(FAILED)
        kept.made(job.thumbnail, lambda: b"" if failed else _thumbnail(file, content, format_, look, own, given))


def _thumbnail(
    file: bytes, content: Content, format_: MaterialFormat, look: Look, own: Mapping[str, str], given: dict[str, Any]
) -> bytes:
    """Return a WebP of the piece whose ``file`` was drawn."""
    from PIL import Image

    if given["output"] == "html":
        file = draw(content, format_, look, own=own, **{**given, "output": "png"})
    elif format_.unit == "mm":
        # Twice its size, scaled down: Typst draws thin lines coarsely in so few pixels.
        inches = max(format_.width, format_.height) / 25.4
        small = format_.model_copy(update={"resolution": 2 * THUMBNAIL[0] / inches})
        file = draw(content, small, look, own=own, **{**given, "output": "png"})
    with Image.open(io.BytesIO(file)) as image:
        picture = image.convert("RGB")
        picture.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=6)
    return out.getvalue()


def fill(order: Order) -> None:
    """Draw the jobs of ``order`` into its cache."""
    cache = Cache(Path(order.folder), order.part)
    for job in order.jobs:
        _made(job, order.own, cache)
        print(job.key, flush=True)


if __name__ == "__main__":
    fill(Order.read(sys.stdin.buffer.read()))
