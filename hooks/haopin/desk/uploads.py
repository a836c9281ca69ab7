"""Files that clerks drop in: name, type and size are checked before they are kept."""

import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from starlette.datastructures import UploadFile

from haopin.model.photograph import PHOTOGRAPH_PATTERN, PHOTOGRAPHS
from haopin.model.publishable import EVIDENCE_PATTERN
from haopin.office.record_lookup import InvalidAnswerError

#: Largest evidence file in bytes.
LARGEST = 50_000_000
#: How files of a type begin; a program that was renamed does not.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "ofd": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "webp": (b"RIFF",),
}


#: Folders for files, and the names that they take.
_PATTERNS = {"evidence": EVIDENCE_PATTERN, PHOTOGRAPHS: PHOTOGRAPH_PATTERN}
_TYPES = {"evidence": "pdf、ofd、jpg、png、xlsx、docx、csv、txt", PHOTOGRAPHS: "jpg、png、webp"}


def stored(folder: Path, upload: UploadFile, into: str = "evidence") -> tuple[str, bytes]:
    """Return the name and the content of a file that was dropped in.

    A name that is taken by another content gets a number.

    Args:
        folder: The data folder.
        upload: The file.
        into: Folder below it: ``evidence`` or ``photographs``.

    Raises:
        InvalidAnswerError: if the name, type or size is not allowed.
    """
    name = usable_name(upload.filename or "", into)
    content = upload.file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidAnswerError(
            "“{name}”超过 {most} MB,请压缩或分开",
            "“{name}” is larger than {most} MB; compress or divide it",
            name=name,
            most=LARGEST // 1_000_000,
        )
    ending = name.rpartition(".")[2]
    if ending in _BEGINNINGS and not content.startswith(_BEGINNINGS[ending]):
        raise InvalidAnswerError(
            "“{name}”的内容不是 {ending} 文件,请用原来的程序另存一次",
            "the content of “{name}” is not a {ending} file; save it again with its program",
            name=name,
            ending=ending,
        )
    if ending in ("csv", "txt") and (b"\0" in content or content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"):
        raise InvalidAnswerError(
            "“{name}”的内容不是文字,是程序或网页,请放入原来的文件",
            "the content of “{name}” is no text but a program or a web page; use the original file",
            name=name,
        )
    stem = name.removesuffix(f".{ending}")
    number = 1
    while _is_other(folder / into / name, content):
        number += 1
        name = f"{stem}-{number}.{ending}"
    return name, content


def _is_other(path: Path, content: bytes) -> bool:
    """Return whether ``path`` is taken by something else than ``content``; a link is nobody's content."""
    return path.is_symlink() or (path.exists() and path.read_bytes() != content)


def usable_name(given: str, into: str = "evidence") -> str:
    """Return ``given`` as the name of a file in ``into``: no folders, allowed characters only, type in lower case.

    Raises:
        InvalidAnswerError: if the type is not allowed.
    """
    bare = PureWindowsPath(PurePosixPath(given).name).name
    stem, _, ending = unicodedata.normalize("NFC", bare).rpartition(".")
    ending = {"jpeg": "jpg"}.get(ending.lower(), ending.lower())
    stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80]
    # Windows takes these names for devices, whatever their type.
    stem = f"file-{stem}" if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", stem) else stem
    name = f"{stem}.{ending}"
    if re.fullmatch(_PATTERNS[into], name) is None:
        raise InvalidAnswerError(
            "“{name}”的类型不可用,可用 {types}",
            "the type of “{name}” is not allowed; use one of {listed}",
            name=bare or given,
            types=_TYPES[into],
            listed=_TYPES[into].replace("、", ", "),
        )
    return name
