"""Extract the text of published files: plain text, office files, PDF, OFD, and metadata of images.

Includes everything that a reader could find with the right program: hidden and deleted text, comments, authors,
addresses. Files without machine-readable text are marked (`FileText.unread`).
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from haopin.cache import Readings, key
from haopin.load.characters import decoded
from haopin.privacy.folding import BARRIER

#: Reason why the text cannot be extracted.
Unread = Literal["encrypted", "damaged", "no-text", "picture", "too-large"]

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff")
PACKAGES = (".xlsx", ".docx", ".pptx", ".ods", ".odt", ".odp", ".ofd", ".xlsm", ".docm", ".zip", ".epub")
PLAIN = (".txt", ".csv", ".md", ".tsv")
READABLE = (*PICTURES, *PACKAGES, *PLAIN, ".pdf")

#: Largest file that is read, in bytes; a person has to check a larger one.
_LARGEST = 50_000_000
_MOST_PAGES = 500
_DEEPEST = 3
#: Closing tags that separate texts: paragraphs, cells, properties.
_BLOCK_END = re.compile(
    r"</(?:\w+:)?(?:p|tc|si|c|v|f|h|t[dhr]|row|table-cell|definedName|sheet|comment|author|"
    r"(?!Text(?:Code|Object)>)[A-Z]\w+|title|creator|subject|description|keywords|lastModifiedBy|category|lpwstr|property)>|<(?:\w+:)?sheet\b"
)
_BREAK = re.compile(r"<(?:\w+:)?(?:br|tab|line-break|s)(?:\s[^<>]*)?/>")
_TAG = re.compile(r"<!--.*?-->|<[?!/a-zA-Z][^<>]*>", re.S)
_LOOK = re.compile(r"/(?:theme|styles|fonttable|settings|websettings)")
_VALUE = re.compile(r"""=\s*"([^"]+)"|=\s*'([^']+)'""")
_TRACKED = re.compile(r"<w:(?:ins|del|moveFrom|moveTo)\b")


@dataclass(frozen=True)
class FileText:
    """Text and properties of a file.

    Attributes:
        text: The text; unrelated pieces are separated by `BARRIER`.
        unread: Why the text could not be extracted, or not completely; None if it could.
        comments: Whether there are comments, notes or tracked changes.
        signed: Whether there is a digital signature, which any change would invalidate.
        located: Whether the coordinates of a photograph are included.
    """

    text: str = ""
    unread: Unread | None = None
    comments: bool = False
    signed: bool = False
    located: bool = False


def text_of(path: Path, readings: Readings | None = None) -> FileText:
    """Extract the text of the file ``path``; empty if it does not exist.

    Args:
        path: The file.
        readings: Results that are kept between runs.
    """
    try:
        facts = path.stat()
    except OSError:
        return FileText()
    if facts.st_size > _LARGEST:
        return FileText(unread="too-large")
    return _text_of(path, facts.st_mtime_ns, facts.st_size, readings)


@lru_cache(maxsize=512)
def _text_of(path: Path, changed: int, size: int, readings: Readings | None) -> FileText:
    """Read a file once for data check, build and pre-release checks."""
    del changed, size
    raw = path.read_bytes()
    if readings is None or path.suffix.lower() in PLAIN:
        return text_in(path.name, raw)
    name = key("text", _versions(), path.suffix, sha256(raw).hexdigest())
    return FileText(*readings.made(name, lambda: astuple(text_in(path.name, raw))))


@cache
def _versions() -> str:
    from importlib.metadata import version

    return f"{version('pypdf')} {version('pillow')}"


def text_in(name: str, raw: bytes, depth: int = 0) -> FileText:
    """Extract the text of ``raw``, the content of a file named ``name``."""
    ending = PurePosixPath(name.lower()).suffix
    try:
        if ending in PLAIN:
            return FileText(decoded(raw, "replace"))
        if ending in PICTURES:
            return _in_picture(raw)
        if ending == ".pdf":
            return _in_pdf(raw, depth)
        if ending in PACKAGES:
            return _in_package(raw, depth)
    except Exception:
        # A damaged file may cause any exception: a person has to check it.
        return FileText(unread="picture" if ending in PICTURES else "damaged")
    return FileText()


def _in_package(raw: bytes, depth: int) -> FileText:
    """Extract the text of a package of XML files: Office Open XML, OpenDocument, OFD."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return FileText(unread="encrypted")
    pieces: list[str] = []
    found = FileText()
    pictures = False
    words = False
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
        if any(part.flag_bits & 1 for part in parts):
            return FileText(unread="encrypted")
        if sum(part.file_size for part in parts) > 4 * _LARGEST or depth > _DEEPEST:
            return FileText(unread="too-large")
        for part in parts:
            pieces.append(part.filename)
            ending = PurePosixPath(part.filename.lower()).suffix
            inner = package.read(part)
            if ending in (".xml", ".rels", ".vml", ".txt", ".csv", ".json", ".xhtml", ".html"):
                seen, attributes = _in_xml(decoded(inner, "replace"))
                # The attributes of style parts have no text.
                pieces += [seen] if _LOOK.search(part.filename.lower()) else [seen, attributes]
                own = "docprops" not in part.filename.lower() and ending == ".xml"
                words = words or (own and any(map(str.isalnum, seen)))
                lower = part.filename.lower()
                found = _with(
                    found,
                    comments="comments" in lower or bool(_TRACKED.search(decoded(inner, "replace"))),
                    signed="signature" in lower or "/signs/" in lower,
                )
            elif ending in READABLE:
                below = text_in(part.filename, inner, depth + 1)
                pieces.append(below.text)
                pictures = pictures or ending in PICTURES
                kept = None if ending in PICTURES else below.unread
                found = _with(found, unread=kept, comments=below.comments, located=below.located)
            else:
                pictures = pictures or ending in (".emf", ".wmf", ".jb2", ".bmp")
                pieces.append(_strings(inner) if ending == ".bin" else "")
    if pictures and not words:
        found = _with(found, unread="no-text")
    return _with(found, text=BARRIER.join(pieces))


def _with(found: FileText, text: str = "", unread: Unread | None = None, **flags: bool) -> FileText:
    return FileText(
        text or found.text,
        found.unread or unread,
        found.comments or flags.get("comments", False),
        found.signed or flags.get("signed", False),
        found.located or flags.get("located", False),
    )


def _in_xml(source: str) -> tuple[str, str]:
    """Return the text between the tags, separated at the ends of paragraphs and cells, and the attribute values."""
    values = BARRIER.join(first or second for tag in _TAG.findall(source) for first, second in _VALUE.findall(tag))
    return _TAG.sub("", _BREAK.sub(" ", _BLOCK_END.sub(BARRIER, source))), values


def _strings(raw: bytes) -> str:
    """Return possible text in a part of unknown format."""
    return BARRIER.join((raw.decode("utf-8", "ignore"), raw.decode("utf-16-le", "ignore")))


def _in_picture(raw: bytes) -> FileText:
    """Extract the metadata of an image: EXIF, XMP, comments; the pixels are not read."""
    from PIL import ExifTags, Image

    pieces: list[str] = []
    located = False
    with Image.open(io.BytesIO(raw)) as picture:
        pieces += [_text_of_value(value) for key, value in picture.info.items() if key not in ("icc_profile", "exif")]
        exif = picture.getexif()
        # Texts may have any encoding, whatever the format demands.
        block = picture.info.get("exif", b"")
        pieces += [
            block[at:].decode(encoding, "ignore") for encoding in ("utf-8", "gb18030", "utf-16-le") for at in (0, 1)
        ]
        for tags in (exif, *(exif.get_ifd(ifd) for ifd in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo))):
            pieces += [_text_of_value(value) for value in tags.values()]
        located = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    packets = re.findall(rb"<x:xmpmeta.*?</x:xmpmeta>|<\?xpacket.*?<\?xpacket", raw, re.S)
    for packet in packets:
        pieces += _in_xml(packet.decode("utf-8", "replace"))
        located = located or b"exif:GPS" in packet
    return FileText(BARRIER.join(piece for piece in pieces if piece), unread="picture", located=located)


def _text_of_value(value: Any) -> str:
    if isinstance(value, bytes):
        # Windows writes its own tags as UTF-16.
        return BARRIER.join((decoded(value, "replace"), value.decode("utf-16-le", "ignore")))
    if isinstance(value, dict):
        return BARRIER.join(map(_text_of_value, value.values()))
    if isinstance(value, tuple | list):
        return BARRIER.join(map(_text_of_value, value))
    return str(value)


def _in_pdf(raw: bytes, depth: int) -> FileText:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(raw))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            return FileText(unread="encrypted")
        if len(reader.pages) > _MOST_PAGES:
            return FileText(unread="too-large")
        pieces: list[str] = []
        unread: Unread | None = None
        comments = False
        for page in reader.pages:
            words = page.extract_text()
            pieces.append(words)
            if not _is_legible(words) and "/Contents" in page:
                unread = "no-text"
            for note in page.get("/Annots") or ():
                note = note.get_object()
                comments = comments or note.get("/Subtype") not in ("/Link", "/Widget")
                pieces += _words_below(note)
        if not reader.pages:
            unread = "damaged"
        root = reader.root_object
        pieces += _words_below(reader.metadata or {})
        pieces += [
            part for key in ("/Outlines", "/AcroForm", "/Names") if key in root for part in _words_below(root[key])
        ]
        if "/Metadata" in root:
            packet: Any = root["/Metadata"].get_object()
            pieces += _in_xml(decoded(packet.get_data(), "replace"))
        signed = b"/ByteRange" in raw
        for name, contents in reader.attachments.items():
            pieces.append(name)
            for content in contents:
                inner = text_in(name, content, depth + 1)
                pieces.append(inner.text)
                unread = unread or inner.unread
    except FileNotDecryptedError:
        return FileText(unread="encrypted")
    return FileText(BARRIER.join(pieces), unread, comments, signed)


def _is_legible(words: str) -> bool:
    """Return whether the text of a page is legible; a font without character map yields only symbols."""
    letters = sum(map(str.isalnum, words))
    strange = sum(not char.isprintable() and not char.isspace() for char in words) + words.count("\ufffd")
    return letters > 0 and strange * 10 <= letters


def _words_below(thing: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts in a PDF object and in the objects that it refers to."""
    thing = thing.get_object() if hasattr(thing, "get_object") else thing
    if depth > 12:
        return
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key not in (
                "/P",
                "/Parent",
                "/Prev",
                "/Popup",
                "/IRT",
                "/Dest",
                "/Page",
                "/Pg",
                "/AP",
                "/FontDescriptor",
            ):
                yield from _words_below(value, depth + 1)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _words_below(value, depth + 1)
    elif isinstance(thing, str) and not thing.startswith("/"):
        yield thing
