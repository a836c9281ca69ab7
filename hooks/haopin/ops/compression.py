"""Precompressed copies (gzip, brotli) beside the files of a site, cached by content between releases."""

import gzip
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from haopin.cache import Cache, key

#: Suffixes of compressible files; images and spreadsheets are compressed already.
ENDINGS = frozenset(
    {".html", ".css", ".js", ".json", ".jsonld", ".csv", ".ics", ".xml", ".txt", ".svg", ".webmanifest", ".md"}
)
#: Smallest file that is compressed, in bytes: a smaller one fits into one network packet anyway.
LEAST = 256


def _brotli() -> Any:
    """Import brotli late: only a release needs it, `haopin verify` of a built site works without."""
    import brotli

    return brotli


#: Compressor of each suffix, at the highest level: a file is compressed once and sent many times.
FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    ".br": lambda content: _brotli().compress(content, quality=11),
    # No time stamp: the same content gives the same bytes.
    ".gz": lambda content: gzip.compress(content, 9, mtime=0),
}
#: Part of the cache key; increase it when the compressors change.
_VERSION = "1"


def compress(site: Path, cache: Cache) -> int:
    """Write compressed copies beside the files of ``site`` where they are smaller than the file.

    Returns:
        Number of copies written.

    Raises:
        OSError: if a file cannot be written.
    """
    files = sorted(p for p in site.rglob("*") if p.suffix in ENDINGS and p.is_file() and p.stat().st_size >= LEAST)

    def form(task: tuple[Path, str]) -> int:
        file, ending = task
        target = file.with_name(file.name + ending)
        content = file.read_bytes()
        made = cache.made(key(_VERSION, ending, sha256(content).hexdigest()), lambda: FORMS[ending](content))
        if len(made) >= len(content):
            return 0
        target.write_bytes(made)
        return 1

    # Both libraries release the GIL.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        count = sum(pool.map(form, product(files, FORMS)))
    cache.finish()
    return count


def original(name: str) -> str | None:
    """Return the name of the file of which ``name`` would be a compressed copy; None if it cannot be one."""
    stem, dot, ending = name.rpartition(".")
    return stem if f".{ending}" in FORMS and Path(stem).suffix in ENDINGS and dot else None


def restored(name: str, content: bytes) -> bytes | None:
    """Decompress ``content`` of the compressed copy ``name``; None if it is damaged."""
    try:
        return gzip.decompress(content) if name.endswith(".gz") else bytes(_brotli().decompress(content))
    except (OSError, EOFError, ValueError, _brotli().error):
        return None
