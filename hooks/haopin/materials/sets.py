"""Sets of pieces: which there are, in which formats, their names, and their files from the cache."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache as once  # nothing of records is kept
from importlib.metadata import version
from pathlib import Path
from typing import IO

import yaml

from haopin import cache
from haopin.cache import Cache
from haopin.exports.ahead import processor_count, progress
from haopin.exports.source import ExportSource
from haopin.fonts import FONT_DIGEST
from haopin.installation import PACKAGE
from haopin.materials.content import Content
from haopin.materials.contents import contents
from haopin.materials.drawer import FAILED, DrawingJob, Failure, Order, written
from haopin.materials.engine import DRAWING, Output, output_of, suits
from haopin.model.material_format import OWN_TEMPLATES, MaterialFormat
from haopin.problem import ConfigurationError
from haopin.text import LANGUAGES, Language

#: Packages whose versions change the bytes of a piece.
_PACKAGES = ("typst", "pylopdf-fonts-zh-cn", "pillow", "segno", "rjieba")


@dataclass(frozen=True)
class Piece:
    """A content in a format and a language.

    Attributes:
        content: What it says.
        format: What it is printed on or shown by.
        language: Its language.
        output: Type of its file.
        job: How to draw it.
    """

    content: Content
    format: MaterialFormat
    language: Language
    output: Output
    job: DrawingJob = field(repr=False)

    @property
    def name(self) -> str:
        """Name of its file, the same in every set."""
        return f"{self.content.name}-{self.format.id}-{self.language}.{self.output}"


@dataclass(frozen=True)
class PieceFilter:
    """Selection and options of pieces; by default all pieces.

    Attributes:
        of: Kind of content, or ``kind/id`` of a record, with the events of an activity; empty for all contents.
        year: Year of the editions of activities; None for the next of each.
        formats: Ids of formats; empty for all.
        sender: Line that names who puts the pieces up; "" for none.
        png: Whether printed pieces become pictures in place of PDF.
        on_site: Whether only those that the site offers.
    """

    of: str = ""
    year: int | None = None
    formats: tuple[str, ...] = ()
    sender: str = ""
    png: bool = False
    on_site: bool = False


@once
def shipped() -> tuple[MaterialFormat, ...]:
    """Return the formats that come with the program, from ``formats.yml``."""
    # In C where that is installed: a tenth of the time, of each command that draws or offers materials.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    records = yaml.load(Path(__file__).with_name("formats.yml").read_text("utf-8"), loader)
    return tuple(MaterialFormat.model_validate(record) for record in records)


def formats_of(source: ExportSource) -> tuple[MaterialFormat, ...]:
    """Return all formats: one of the county with the id of a shipped one takes its place."""
    return tuple({each.id: each for each in (*shipped(), *source.catalogue.all(MaterialFormat))}.values())


def pieces(source: ExportSource, wanted: PieceFilter | None = None) -> tuple[Piece, ...]:
    """Return the pieces of ``wanted`` in the language of ``source``, in the order of contents and formats."""
    wanted, source = wanted or PieceFilter(), drawable(source)
    look = source.pictures.look
    sample = source.t("state.sample") if any(record.sample for _, record in source.catalogue.publishable) else ""
    given = "material", _program(), str(sorted(own_templates(source).items())), written(look), wanted.sender, sample
    chosen = [each for each in formats_of(source) if not wanted.formats or each.id in wanted.formats]
    sizes = {format_.id: written(format_) for format_ in chosen}
    found = []
    for content in contents(source, wanted.year):
        if wanted.of and not is_of(content, source, wanted.of):
            continue
        said = written(content)
        for format_ in chosen:
            if suits(content, format_) and (not wanted.on_site or content.kind in format_.on_site):
                output = output_of(format_)
                output = "png" if wanted.png and output == "pdf" else output
                options = {"sender": wanted.sender, "output": output, "sample": sample}
                key = cache.key(*given, said, sizes[format_.id], output)
                job = DrawingJob(key, cache.key("thumbnail", key), content, format_, look, options)
                found.append(Piece(content, format_, source.language, output, job))
    return tuple(found)


def drawable(source: ExportSource) -> ExportSource:
    """Return ``source`` in a language whose characters the fonts have: its own, or English, or Chinese."""
    if source.language in LANGUAGES:
        return source
    return replace(source, renderer=source.renderer.in_language("en" if "en" in source.languages else "zh"))


def own_templates(source: ExportSource) -> Mapping[str, str]:
    """Return the templates of the county and their pictures, by file name."""
    files = source.catalogue.companions
    return {name.removeprefix(OWN_TEMPLATES): text for name, text in files.items() if name.startswith(OWN_TEMPLATES)}


def is_of(content: Content, source: ExportSource, of: str) -> bool:
    """Return whether ``content`` is of the kind or record ``of``, or of an event of that activity."""
    kind, _, id_ = of.partition("/")
    events = source.catalogue.events_of_activity.get(id_, ()) if kind == "activity" else ()
    return of in (content.kind, content.record) or content.record in {f"event/{event.id}" for event in events}


@once
def _program() -> str:
    """Return what of the program changes the bytes of a piece."""
    room = [path for path in sorted(Path(__file__).parent.rglob("*")) if path.suffix in (".py", ".typ")]
    others = [PACKAGE / name for name in ("colour.py", "exports/pictures/wrapping.py", "fonts/__init__.py")]
    sources = [path.read_text("utf-8") for path in [*room, *others]]
    return cache.key(DRAWING, FONT_DIGEST, *map(version, _PACKAGES), *sources)


# --- Files


@dataclass(frozen=True)
class Made:
    """A piece that was drawn, or that could not be.

    Attributes:
        piece: The piece.
        size: Number of bytes of its file; 0 if it could not be drawn.
        failure: Why it could not be drawn; None if it was.
    """

    piece: Piece
    size: int
    failure: Failure | None = None


class MaterialSet:
    """Pieces with their files, which are drawn once and then taken from the cache."""

    def __init__(self, pieces: Sequence[Piece], kept: Cache | None, own: Mapping[str, str], share: int = 1) -> None:
        """Use the cache ``kept``; nothing is drawn yet.

        Args:
            pieces: The pieces.
            kept: Cache of the files; None for a temporary one.
            own: Templates of the county and their pictures, by file name.
            share: How many sets are drawn at the same time, which share the processors.
        """
        self.pieces, self._own, self._share = pieces, own, share
        if kept is None:
            folder = tempfile.mkdtemp(prefix="haopin-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            kept = Cache(Path(folder))
        self.cache = kept

    def lacking(self, thumbnails: bool = False) -> list[DrawingJob]:
        """Return what the cache lacks.

        Args:
            thumbnails: Whether thumbnails of all pieces are wanted, and not of those only that show a content or a
                format.
        """
        shown = {piece.job.key for piece in (self.pieces if thumbnails else covers(self.pieces))}
        lacking = []
        for job in {piece.job.key: piece.job for piece in self.pieces}.values():
            job = job if job.key in shown else replace(job, thumbnail="")
            if not self.cache.taken(job.key) or (job.thumbnail and self.cache.lacks(job.thumbnail)):
                lacking.append(job)
        return lacking

    def draw(self, thumbnails: bool = False) -> tuple[Made, ...]:
        """Draw what the cache lacks, by other processes; return what became of each piece, in order.

        Args:
            thumbnails: As for `lacking`.

        Raises:
            ConfigurationError: if a process fails.
        """
        if lacking := self.lacking(thumbnails):
            _draw(lacking, self.cache, self._own, self._share)
        unwritten = Failure("缓存文件夹写不了", "the cache folder cannot be written")
        return tuple(self.found(piece) or Made(piece, 0, unwritten) for piece in self.pieces)

    def found(self, piece: Piece) -> Made | None:
        """Return what became of ``piece``; None if it is not drawn yet."""
        content = self.file(piece)
        if content.startswith(FAILED):
            return Made(piece, 0, Failure(**json.loads(content[1:])))
        return Made(piece, len(content)) if content else None

    def file(self, piece: Piece) -> bytes:
        """Return the file of ``piece``."""
        return self.cache.taken(piece.job.key)

    def thumbnail(self, piece: Piece) -> bytes:
        """Return the thumbnail of ``piece``, a WebP."""
        return self.cache.taken(piece.job.thumbnail)


def set_of(source: ExportSource, wanted: PieceFilter | None = None) -> MaterialSet:
    """Return the set of ``wanted`` in the language of ``source``."""
    return MaterialSet(pieces(source, wanted), source.cache, own_templates(source))


def covers(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces whose thumbnails stand for a content (a poster, if it has one) or for a format."""
    by_content: dict[tuple[str, str], Piece] = {}
    by_format: dict[str, Piece] = {}
    for piece in pieces:
        by_format.setdefault(piece.format.id, piece)
        first = by_content.setdefault((piece.content.kind, piece.content.id), piece)
        if piece.format.shape == "poster" != first.format.shape:
            by_content[piece.content.kind, piece.content.id] = piece
    return tuple({piece.name: piece for piece in (*by_content.values(), *by_format.values())}.values())


def _draw(jobs: Sequence[DrawingJob], kept: Cache, own: Mapping[str, str], share: int) -> None:
    """Let processes draw ``jobs`` into ``kept``, and show the progress on a terminal."""
    number = max(1, min(processor_count() // share, len(jobs)))
    with ExitStack() as stack:
        advance = stack.enter_context(
            progress(len(jobs), "正在绘制宣传物料 / drawing materials", shown=sys.stderr.isatty())
        )
        errors = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(number)]
        others = [
            _start(Order(*kept.place, own, tuple(jobs[first::number])), errors[first], told=first == 0)
            for first in range(number)
        ]
        assert others[0].stdout is not None
        # The shares are alike, so the progress of all is a multiple of this one's.
        for _ in others[0].stdout:
            advance(number)
        for other, error in zip(others, errors, strict=True):
            with other:
                failed = other.wait() != 0
            if failed:
                error.seek(0)
                last = error.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
                raise ConfigurationError(
                    f"宣传物料没有画完，请重试；site.yml 里写 materials: false 可以不做 / "
                    f"materials could not be drawn; try again, or write “materials: false” in site.yml: {last}"
                )


def _start(order: Order, errors: IO[bytes], *, told: bool) -> subprocess.Popen[bytes]:
    """Start a process that draws ``order`` with its standard error in ``errors``."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)])}
    with tempfile.TemporaryFile() as given:
        given.write(written(order).encode())
        given.seek(0)
        return subprocess.Popen(
            [sys.executable, "-m", "haopin.materials.drawer"],
            stdin=given,
            stdout=subprocess.PIPE if told else subprocess.DEVNULL,
            stderr=errors,
            env=environment,
        )
