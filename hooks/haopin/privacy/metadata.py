"""Remove personal metadata from files before they are published.

Images lose EXIF, XMP, IPTC and comments (coordinates, camera, names); pixels do not change, except that the orientation
is applied. Office files lose authors, company and other properties, and the authors of comments and tracked changes;
PDF files lose their document information, XMP and earlier revisions. Digitally signed files are not changed, as this
would invalidate the signature. The same file always gives the same bytes.
"""

import io
import logging
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

#: PNG chunks that affect the appearance only.
_PNG_KEPT = (
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"sBIT", b"bKGD", b"pHYs"),
    *(b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
)
_PNG = b"\x89PNG\r\n\x1a\n"
#: First date that the ZIP format supports, for all entries.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp="http://schemas.openxml'
    'formats.org/package/2006/metadata/core-properties"/>'
)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.openxmlformats.org/'
    'officeDocument/2006/extended-properties"/>'
)
_CUSTOM = _APP.replace("extended-properties", "custom-properties")
_PROPERTIES = {"docprops/core.xml": _CORE, "docprops/app.xml": _APP, "docprops/custom.xml": _CUSTOM}
#: Names of authors in the parts of office files.
_AUTHORS = re.compile(
    r"(\s(?:w:author|w:initials|w15:author|displayName|userId|providerId|lastModifiedBy|initials|"
    r'text:author|office:author)=")[^"]*(")'
)
_AUTHOR_ELEMENTS = re.compile(
    r"(<((?:\w+:)?(?:author|creator|initial-creator|printed-by|lastModifiedBy|Author|Creator|Company|Manager))>)[^<]*(</\2>)"
)
_PEOPLE = re.compile(r'(<(?:\w+:)?(?:cmAuthor|person)\b[^>]*?\s(?:name|displayName)=")[^"]*(")')


def stripped(name: str, raw: bytes) -> bytes:
    """Return ``raw``, the content of a file named ``name``, without metadata; unchanged if there are none.

    A file that cannot be parsed is returned unchanged; whether it may be published is decided elsewhere.
    """
    ending = PurePosixPath(name.lower()).suffix
    try:
        if ending in (".jpg", ".jpeg"):
            return _picture(raw, _jpeg)
        if ending == ".png":
            return _picture(raw, _png)
        if ending == ".webp":
            return _picture(raw, _webp)
        if ending in (".xlsx", ".docx", ".pptx", ".ods", ".odt", ".odp", ".xlsm", ".docm", ".ofd"):
            return _package(raw)
        if ending == ".pdf":
            return _pdf(raw)
    except Exception:
        # A damaged file may cause any exception; the data check reports it.
        return raw
    return raw


# --- Images


def _picture(raw: bytes, without: Callable[[bytes], bytes]) -> bytes:
    """Return an image without metadata, with its EXIF orientation applied."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(raw)) as picture:
        turned = picture.getexif().get(0x0112, 1)
        if turned in (0, 1) or getattr(picture, "n_frames", 1) > 1:
            return without(raw)
        upright = ImageOps.exif_transpose(picture)
        out = io.BytesIO()
        profile = picture.info.get("icc_profile")
        if picture.format == "JPEG":
            upright.save(out, "JPEG", quality=95, subsampling="4:4:4", icc_profile=profile)
        elif picture.format == "WEBP":
            upright.save(out, "WEBP", lossless=True, icc_profile=profile or b"")
        else:
            upright.save(out, "PNG", icc_profile=profile)
    return without(out.getvalue())


def _jpeg(raw: bytes) -> bytes:
    """Keep segments that affect the appearance; of application data only JFIF and colour (ICC, Adobe)."""
    if raw[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    kept, at = [raw[:2]], 2
    while at < len(raw):
        marker = raw[at + 1]
        if raw[at] != 0xFF:
            raise ValueError("a segment is missing")
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            kept.append(raw[at : at + 2])
            break
        end = at + 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
        segment = raw[at:end]
        if marker == 0xDA:
            end = _scan_end(raw, end)
            kept.append(raw[at:end])
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or _draws(marker, segment[4:]):
            kept.append(segment)
        at = end
    return b"".join(kept)


def _draws(marker: int, content: bytes) -> bool:
    beginnings = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
    return marker in beginnings and content.startswith(beginnings[marker])


def _scan_end(raw: bytes, at: int) -> int:
    """Return the end of the scan data that starts at ``at``: the next marker that is not part of it."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            return len(raw)
        if raw[at + 1] != 0 and not 0xD0 <= raw[at + 1] <= 0xD7 and raw[at + 1] != 0xFF:
            return at
        at += 1 if raw[at + 1] == 0xFF else 2


def _png(raw: bytes) -> bytes:
    if not raw.startswith(_PNG):
        raise ValueError("no PNG")
    kept, at = [_PNG], len(_PNG)
    while at < len(raw):
        size = struct.unpack(">I", raw[at : at + 4])[0]
        kind = raw[at + 4 : at + 8]
        if kind in _PNG_KEPT:
            kept.append(raw[at : at + 12 + size])
        at += 12 + size
        if kind == b"IEND":
            break
    return b"".join(kept)


def _webp(raw: bytes) -> bytes:
    if raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
        raise ValueError("no WebP")
    kept = []
    for kind, content in _riff(raw):
        if kind == b"VP8X":
            # Clear the flags for EXIF and XMP.
            content = bytes([content[0] & ~0x0C]) + content[1:]
        if kind in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"):
            kept.append(kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + struct.unpack("<I", raw[4:8])[0]
    while at + 8 <= min(end, len(raw)):
        size = struct.unpack("<I", raw[at + 4 : at + 8])[0]
        yield raw[at : at + 4], raw[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


# --- Office files


def _package(raw: bytes) -> bytes:
    """Return a package of XML files without properties, authors of comments, and metadata of its images."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = package.infolist()
        lower = [part.filename.lower() for part in parts]
        if any("signature" in name or "/signs/" in name for name in lower):
            return raw
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as fresh:
            for part in parts:
                if part.is_dir():
                    continue
                info = zipfile.ZipInfo(part.filename, _NO_DATE)
                # OpenDocument demands that its first part is stored uncompressed.
                info.compress_type = part.compress_type if part.compress_type == zipfile.ZIP_STORED else 8
                info.external_attr = 0o644 << 16
                fresh.writestr(info, _part(part.filename, package.read(part)))
    return out.getvalue()


def _part(name: str, raw: bytes) -> bytes:
    lower = name.lower()
    if lower in _PROPERTIES:
        return _PROPERTIES[lower].encode()
    if lower == "meta.xml":
        return re.sub(rb"<office:meta>.*</office:meta>", b"<office:meta/>", raw, flags=re.S)
    if lower.endswith((".jpg", ".jpeg", ".png", ".webp", ".xlsx", ".docx")):
        return stripped(name, raw)
    if not lower.endswith(".xml"):
        return raw
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    for pattern in (_AUTHORS, _PEOPLE):
        text = pattern.sub(r"\1\2", text)
    return _AUTHOR_ELEMENTS.sub(r"\1\3", text).encode()


# --- PDF


def _pdf(raw: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject, NameObject

    # The check reports damaged files.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(raw))
    if b"/ByteRange" in raw or (reader.is_encrypted and not reader.decrypt("")):
        return raw
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for thing in list(writer._objects):
        thing = thing.get_object() if thing is not None else None
        if isinstance(thing, dict):
            for key in ("/Metadata", "/PieceInfo"):
                thing.pop(NameObject(key), None)
    for page in writer.pages:
        for note in page.get("/Annots") or ():
            # Author of an annotation; in a form field, this key is the name of the field.
            if (found := note.get_object()).get("/Subtype") != "/Widget":
                found.pop(NameObject("/T"), None)
    digest = zlib.crc32(raw).to_bytes(4, "big") * 4
    writer._ID = ArrayObject([ByteStringObject(digest), ByteStringObject(digest)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
