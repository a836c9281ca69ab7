"""Process that draws pieces into a cache: ``python -m haopin.materials.drawer``, with an `Order` on standard input.

Typst has threads of its own, after whose start a process must not fork; so the program, which forks a build for each
language, never draws itself. The process prints a line for each finished piece.
"""

import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from haopin.cache import Cache
from haopin.exports.pictures.look import Look
from haopin.materials.content import Content
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
        content: What it says.
        format: What it is printed on or shown by.
        look: The county's look.
        options: Other arguments of `draw`.
    """

    key: str
    thumbnail: str
    content: Content
    format: MaterialFormat
    look: Look
    options: Mapping[str, Any]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "DrawingJob":
        """Return the job of plain values."""
        content, look = Content(**given["content"]), Look(**given["look"])
        format_ = MaterialFormat.model_validate(given["format"])
        return cls(given["key"], given["thumbnail"], content, format_, look, given["options"])


@dataclass(frozen=True)
class Order:
    """Jobs, with the cache (its folder and part), and the templates of the county by file name."""

    folder: str
    part: str
    own: Mapping[str, str]
    jobs: tuple[DrawingJob, ...]

    @classmethod
    def read(cls, raw: bytes) -> "Order":
        """Return the order from its JSON."""
        given = json.loads(raw)
        return cls(**{**given, "jobs": tuple(map(DrawingJob.of, given["jobs"]))})


def written(value: Any) -> str:
    """Return a content, a format, a look or an order as JSON, the same for equal ones."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, MaterialFormat):
        # Where a piece is offered does not change it.
        return value.model_dump(mode="json", exclude={"on_site"})
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _made(job: DrawingJob, own: Mapping[str, str], kept: Cache) -> None:
    """Draw the file of ``job``, and its thumbnail if it is wanted; a `Failure` if it cannot be drawn."""

    def drawn() -> bytes:
        try:
            return draw(job.content, job.format, job.look, own=own, **job.options)
        except CannotDraw as error:
            return FAILED + written(Failure(error.zh, error.en, error.text, isinstance(error, DoesNotFit))).encode()

    file = kept.made(job.key, drawn)
    if job.thumbnail:
        kept.made(job.thumbnail, lambda: b"" if file.startswith(FAILED) else _thumbnail(file, job, own))


def _thumbnail(file: bytes, job: DrawingJob, own: Mapping[str, str]) -> bytes:
    """Return a WebP of the piece of ``job``, whose ``file`` was drawn."""
    from PIL import Image

    options = {**job.options, "output": "png"}
    if job.options["output"] == "html":
        file = draw(job.content, job.format, job.look, own=own, **options)
    elif job.format.unit == "mm":
        # Twice its size, scaled down: Typst draws thin lines coarsely in so few pixels.
        inches = max(job.format.width, job.format.height) / 25.4
        small = job.format.model_copy(update={"resolution": 2 * THUMBNAIL[0] / inches})
        file = draw(job.content, small, job.look, own=own, **options)
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
