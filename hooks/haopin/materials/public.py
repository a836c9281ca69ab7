"""The page of materials, what the pages of records say of them, and their files on the site."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from haopin.cache import Cache
from haopin.exports.source import ExportSource, Outfile
from haopin.html import formats
from haopin.materials.content import Content
from haopin.materials.contents import contents
from haopin.materials.sets import Made, MaterialSet, Piece, PieceFilter, covers, drawable, own_templates, pieces
from haopin.model.choices import CHOICES
from haopin.model.material_format import MaterialFormat
from haopin.text import Text
from haopin.trace import derived, question

#: Folder of the files and thumbnails.
FILES = "materials/files/"
#: Label of the heading above the contents of each kind, in order; those with the same one stand together.
HEADINGS = {
    "slogan": "materials.slogan",
    "edition": "page.activities",
    "event": "page.events",
    "group": "page.tasks",
    "task": "page.tasks",
    "target": "page.targets",
    "result": "page.targets",
    "progress": "page.progress",
    "knowledge": "page.needs",
    "terms": "page.glossary",
    "honour": "page.honours",
}


@dataclass(frozen=True)
class Download:
    """A file that the page offers.

    Attributes:
        format: Its format.
        path: Path relative to the root of the language.
        type: ``PDF`` or ``PNG``.
        size: Its size in words.
    """

    format: MaterialFormat
    path: str
    type: str
    size: str


@dataclass(frozen=True)
class Thumbnail:
    """A small picture of a piece: its path, what it shows, and its size in pixels."""

    path: str
    alternative: str
    width: int
    height: int


@dataclass(frozen=True)
class ContentGroup:
    """All files of a content.

    Attributes:
        content: The content.
        anchor: Its anchor on the page.
        address: Address of its page, relative to the root of the language.
        thumbnail: Picture of one of them; None if it could not be drawn.
        downloads: The files, by the label of their channel.
    """

    content: Content
    anchor: str
    address: str
    thumbnail: Thumbnail | None
    downloads: tuple[tuple[Text, tuple[Download, ...]], ...]

    @property
    def count(self) -> int:
        """Number of its files."""
        return sum(len(files) for _, files in self.downloads)


@dataclass(frozen=True)
class FormatRow:
    """A format with the picture of a piece in it."""

    format: MaterialFormat
    thumbnail: Thumbnail | None


class Materials:
    """The materials of a site in one language."""

    def __init__(self, source: ExportSource, *, is_drawn: bool) -> None:
        """Draw nothing yet.

        Args:
            source: Public records, labels and the cache.
            is_drawn: Whether files are drawn; otherwise only the contents are known.
        """
        self._source, self.is_drawn = source, is_drawn
        #: Name of this service in `haopin.trace`.
        self.trace_name = f"materials {source.language}"

    @derived
    def _contents(self) -> tuple[Content, ...]:
        if not self._source.catalogue.site.materials:
            return ()
        return contents(drawable(self._source))

    @question
    def anchor_of(self, record: str) -> str:
        """Return the anchor of the materials of ``record``, as ``kind/id``; "" if there are none."""
        every = (group for _, groups in self.groups for group in groups)
        return next((group.anchor for group in every if group.content.record == record), "")

    @derived
    def _set(self) -> MaterialSet:
        source = self._source
        # Without the packages that draw, not even the keys of pieces can be made.
        is_offered = self.is_drawn and source.catalogue.site.materials
        offered = pieces(source, PieceFilter(on_site=True)) if is_offered else ()
        return MaterialSet(offered, source.cache, own_templates(source), len(source.languages))

    @derived
    def made(self) -> tuple[Made, ...]:
        """What became of each piece."""
        return self._set.draw()

    @derived
    def _covers(self) -> dict[str, Thumbnail]:
        """Thumbnails by the name of their piece."""
        drawn = {each.piece.name for each in self.made if each.failure is None}
        return {piece.name: self._thumbnail(piece) for piece in covers(self._set.pieces) if piece.name in drawn}

    def _thumbnail(self, piece: Piece) -> Thumbnail:
        from PIL import Image

        with Image.open(io.BytesIO(self._set.thumbnail(piece))) as image:
            size = image.size
        name = piece.format.name.show(drawable(self._source).language)
        return Thumbnail(f"{FILES}{piece.name.rpartition('.')[0]}.webp", f"{piece.content.listed} \u00b7 {name}", *size)

    @derived
    def groups(self) -> tuple[tuple[str, tuple[ContentGroup, ...]], ...]:
        """The contents with their files, by the label of their heading; without files if nothing is drawn."""
        own: dict[tuple[str, str], list[Made]] = {}
        for made in self.made:
            if made.failure is None:
                own.setdefault((made.piece.content.kind, made.piece.content.id), []).append(made)
        found: dict[str, list[ContentGroup]] = {}
        for content in self._contents:
            files = own.get((content.kind, content.id), [])
            if files or not self.is_drawn:
                found.setdefault(HEADINGS[content.kind], []).append(self._group(content, files))
        return tuple((heading, tuple(groups)) for heading, groups in found.items())

    def _group(self, content: Content, files: list[Made]) -> ContentGroup:
        by_channel: dict[str, list[Download]] = {}
        for made in files:
            by_channel.setdefault(made.piece.format.channel, []).append(self._download(made))
        labels = CHOICES[MaterialFormat, "channel"]
        cover = covers([made.piece for made in files])[:1]
        return ContentGroup(
            content,
            content.name,
            content.address.removeprefix(drawable(self._source).url("")),
            self._covers.get(cover[0].name) if cover else None,
            tuple((labels[channel], tuple(downloads)) for channel, downloads in by_channel.items()),
        )

    @derived
    def channels(self) -> tuple[tuple[Text, tuple[FormatRow, ...]], ...]:
        """The formats of the files by the label of their channel, each with a picture of the first content."""
        labels = CHOICES[MaterialFormat, "channel"]
        rows: dict[str, dict[str, FormatRow]] = {}
        for piece in self._set.pieces:
            own = rows.setdefault(piece.format.channel, {})
            own.setdefault(piece.format.id, FormatRow(piece.format, self._covers.get(piece.name)))
        return tuple((labels[channel], tuple(own.values())) for channel, own in rows.items())

    def _download(self, made: Made) -> Download:
        piece, language = made.piece, self._source.language
        size = self._source.t("materials.kilobytes", n=formats.number(max(1, round(made.size / 1000)), language))
        return Download(piece.format, FILES + piece.name, piece.output.upper(), size)

    def files(self) -> Iterator[Outfile]:
        """Yield the files and thumbnails."""
        kept = self._set.cache
        for each in self.made:
            if each.failure is None:
                yield Outfile(FILES + each.piece.name, partial(_taken, each.piece.job.key, kept))
        for piece in covers(self._set.pieces):
            if (thumbnail := self._covers.get(piece.name)) is not None:
                yield Outfile(thumbnail.path, partial(_taken, piece.job.thumbnail, kept))


def _taken(key: str, kept: Cache) -> bytes:
    return kept.taken(key)
