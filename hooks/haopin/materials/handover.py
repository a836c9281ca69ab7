"""Files to hand over: those of several sets, slides for television numbered and as loops, a contact sheet and a zip."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from haopin import cache
from haopin.exports.source import ExportSource
from haopin.materials.sets import MaterialSet, Piece, drawable
from haopin.materials.television import ENCODING, Slide, is_slide, jpg, loop, numbered

#: Name of the contact sheet.
CONTACT_SHEET = "contact-sheet.pdf"
#: First moment that a zip can express.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Handed:
    """A drawn piece with its file and its thumbnail."""

    piece: Piece
    file: bytes
    thumbnail: bytes


def handed(sets: Iterable[MaterialSet]) -> Iterator[Handed]:
    """Yield the pieces of ``sets`` that were drawn with their thumbnails; those for television are slides, as JPG."""
    for each in sets:
        for piece in numbered(_drawn(each, each.pieces)):
            file = each.file(piece)
            yield Handed(piece, jpg(file) if isinstance(piece, Slide) else file, each.thumbnail(piece))


def _drawn(found: MaterialSet, pieces: Iterable[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if (made := found.found(piece)) and made.size)


@dataclass(frozen=True)
class Loop:
    """The slides of one sequence as a film, which is made once and then taken from the cache.

    Attributes:
        name: Name of its file.
        slides: The slides, in order.
    """

    name: str
    slides: Sequence[Slide]
    _set: MaterialSet

    @property
    def seconds(self) -> int:
        """How long it is."""
        return sum(slide.seconds for slide in self.slides)

    @property
    def is_made(self) -> bool:
        """Whether its file is in the cache."""
        return not self._set.cache.lacks(self._key)

    def file(self) -> bytes:
        """Return its file; empty before it is made."""
        return self._set.cache.taken(self._key)

    def make(self, program: str) -> bytes:
        """Return its file.

        Args:
            program: Path of ffmpeg.

        Raises:
            ConfigurationError: if ffmpeg fails.
        """
        return self._set.cache.made(
            self._key, lambda: loop([(jpg(self._set.file(slide)), slide.seconds) for slide in self.slides], program)
        )

    @property
    def _key(self) -> str:
        return cache.key("loop", *ENCODING, *(f"{slide.job.key} {slide.seconds}" for slide in self.slides))


def loops(sets: Iterable[MaterialSet]) -> Iterator[Loop]:
    """Yield the loops of the slides in ``sets`` that were drawn."""
    for each in sets:
        sequences: dict[str, list[Slide]] = {}
        for piece in numbered(_drawn(each, filter(is_slide, each.pieces))):
            if isinstance(piece, Slide):
                sequences.setdefault(piece.sequence, []).append(piece)
        for name, slides in sequences.items():
            yield Loop(f"{name}.mp4", slides, each)


def collected(pieces: Sequence[Handed], source: ExportSource) -> dict[str, bytes]:
    """Return the files of ``pieces`` by name, and a contact sheet in the language of ``source``."""
    if not pieces:
        return {}
    sheet = contact_sheet([(each.piece, each.thumbnail) for each in pieces], source)
    return {each.piece.name: each.file for each in pieces} | {CONTACT_SHEET: sheet}


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of ``files`` (name, content), the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def contact_sheet(pieces: Sequence[tuple[Piece, bytes]], source: ExportSource) -> bytes:
    """Return a PDF with the thumbnails of ``pieces`` and their names, in the language of ``source``."""
    import typst

    from haopin.materials.engine import fonts

    language = drawable(source).language
    rows = [
        {
            "picture": f"{number}.webp",
            "name": piece.format.name.show(language),
            "title": piece.content.listed,
            "file": piece.name,
        }
        for number, (piece, _) in enumerate(pieces)
    ]
    sheet = {"title": source.renderer.show(source.catalogue.site.name), "language": language, "pieces": rows}
    with tempfile.TemporaryDirectory(prefix="haopin-") as folder:
        # Pictures must be files.
        main = Path(folder) / "main.typ"
        main.write_bytes(Path(__file__).with_name("contact.typ").read_bytes())
        for row, (_, picture) in zip(rows, pieces, strict=True):
            (Path(folder) / row["picture"]).write_bytes(picture)
        found = typst.compile(
            str(main),
            root=folder,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
            timestamp=0,
        )
    assert isinstance(found, bytes)
    return found
