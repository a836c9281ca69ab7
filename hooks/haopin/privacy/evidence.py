"""Evidence files of the data folder: paths, fingerprints, text, and whether a file may be published."""

import zipfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from haopin.load.dataset import Dataset
from haopin.load.folder import SAMPLES
from haopin.model.publishable import Evidence, Publishable
from haopin.privacy.file_text import PACKAGES, PLAIN, FileText, text_of
from haopin.privacy.redaction import Names

#: Largest amount of text of an evidence file that is searched, in bytes after decompression.
MOST_TEXT = 15_000_000


def path_of(folder: Path, file: str) -> Path:
    """Return the path of the evidence ``file`` below the data ``folder``: its own or that of a sample."""
    own = folder / "evidence" / file
    return own if own.is_file() else folder / SAMPLES / "evidence" / file


def fingerprint(path: Path) -> str:
    """Return the first 12 hexadecimal digits of the file's SHA-256; "" if it does not exist."""
    try:
        facts = path.stat()
    except OSError:
        return ""
    return _fingerprint(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=512)
def _fingerprint(path: Path, changed: int, size: int) -> str:
    del changed, size
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]


def seen_files(dataset: Dataset) -> frozenset[str]:
    """Return the names of evidence files that a person has checked in their present version."""
    return frozenset(
        item.file
        for record in dataset.records(Publishable)
        for item in record.evidence
        if item.file and item.looked_at and item.looked_at.file == fingerprint(path_of(dataset.folder, item.file))
    )


def said(dataset: Dataset, item: Evidence) -> FileText:
    """Return the text of the file of ``item``; empty if it has no file."""
    if item.file is None:
        return FileText()
    path = path_of(dataset.folder, item.file)
    return FileText(unread="too-large") if size_of_text(path) > MOST_TEXT else text_of(path, dataset.readings)


def size_of_text(path: Path) -> int:
    """Return the size of the text in an evidence file in bytes, decompressed; 0 for other file types."""
    try:
        if path.suffix in PLAIN:
            return path.stat().st_size
        if path.suffix in PACKAGES:
            with zipfile.ZipFile(path) as package:
                return sum(part.file_size for part in package.infolist() if part.filename.lower().endswith(".xml"))
    except Exception:
        # Missing or damaged: reported by another check.
        return 0
    return 0


def is_withheld(dataset: Dataset, item: Evidence, names: Names, seen: frozenset[str]) -> bool:
    """Return whether ``item`` must not be published because of withdrawn ``names``.

    Args:
        dataset: The dataset.
        item: The evidence.
        names: The withdrawn names.
        seen: From `seen_files`.
    """
    if not names or item.file is None:
        return False
    words = said(dataset, item)
    return bool(names.in_text(words.text)) or (words.unread is not None and item.file not in seen)
