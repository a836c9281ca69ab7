"""Compressed forms of what a web server sends, beside their files: made once a content, kept between releases."""

import gzip
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

from haopin.cache import Cache, key

#: Endings of files that shrink; pictures and spreadsheets are compressed already.
ENDINGS = frozenset(
    {".html", ".css", ".js", ".json", ".jsonld", ".csv", ".ics", ".xml", ".txt", ".svg", ".webmanifest", ".md"}
)
#: What is smaller fits into one packet anyway.
LEAST = 256


def _brotli() -> Any:
    """Return the package, which only releases need: `haopin verify` of a built site does without."""
    import brotli

    return brotli


#: How each form is made, by its ending; the greatest effort, since a file is sent a thousand times.
FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    ".br": lambda content: _brotli().compress(content, quality=11),
    # Without a time in it: the same content gives the same bytes.
    ".gz": lambda content: gzip.compress(content, 9, mtime=0),
}
#: Raised when a form is made otherwise.
_MAKING = "1"


def compress(site: Path, cache: Cache) -> int:
    """Write the compressed forms beside the files of ``site`` where they are smaller; return their number.

    Raises:
        OSError: if a file cannot be written.
    """
    files = sorted(p for p in site.rglob("*") if p.suffix in ENDINGS and p.is_file() and p.stat().st_size >= LEAST)

    def form(task: tuple[Path, str]) -> int:
        file, ending = task
        target = file.with_name(file.name + ending)
        content = file.read_bytes()
        made = cache.made(key(_MAKING, ending, sha256(content).hexdigest()), lambda: FORMS[ending](content))
        if len(made) >= len(content):
            return 0
        target.write_bytes(made)
        return 1

    # Both libraries work outside Python's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        count = sum(pool.map(form, product(files, FORMS)))
    cache.finish()
    return count


def original(name: str) -> str | None:
    """Return the name of the file of which ``name`` may be a compressed form; None if it cannot be one."""
    stem, dot, ending = name.rpartition(".")
    return stem if f".{ending}" in FORMS and Path(stem).suffix in ENDINGS and dot else None


def restored(name: str, content: bytes) -> bytes | None:
    """Return what the compressed form ``content`` of the name ``name`` holds; None if it is damaged."""
    try:
        return gzip.decompress(content) if name.endswith(".gz") else bytes(_brotli().decompress(content))
    except (OSError, EOFError, ValueError, _brotli().error):
        return None
