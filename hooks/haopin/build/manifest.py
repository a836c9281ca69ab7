"""Manifest of a build (``build.json``): commit of the data, versions of the program, SHA-256 of each file."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

#: Name of the file, at the root of the site.
NAME = "build.json"


@dataclass(frozen=True)
class Origin:
    """Inputs of a build.

    Attributes:
        as_of: Date of the pages, ``YYYY-MM-DD``.
        samples: Whether sample data is shown.
        commit: Last commit of the data folder; None without git.
        changed: Whether the data was changed since that commit; None without git.
        versions: Package name → version of the programs that shape the site.
        draft: Whether records are shown that are not public; only such a site says so.
    """

    as_of: str
    samples: bool
    commit: str | None
    changed: bool | None
    versions: Mapping[str, str]
    draft: bool = False


def _digest(file: Path) -> str:
    # Most files are small: `hashlib.file_digest` makes a buffer of a quarter of a megabyte for each.
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fingerprints(site: Path, names: Iterable[str] | None = None) -> dict[str, str]:
    """Return the SHA-256 (hexadecimal) of the files ``names`` below ``site``; by default, of all but the manifest.

    Raises:
        OSError: if a file is missing or cannot be read.
    """
    return {name: _digest(site / name) for name in sorted(_files_of(site) if names is None else names)}


def _files_of(site: Path) -> set[str]:
    return {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file() or p.is_symlink()} - {NAME}


def evidence(origin: Origin, files: Mapping[str, str]) -> str:
    """Return the text of ``build.json``."""
    value = {
        "as_of": origin.as_of,
        "samples": origin.samples,
        **({"draft": True} if origin.draft else {}),
        "data": {"commit": origin.commit, "changed": origin.changed},
        "versions": dict(sorted(origin.versions.items())),
        "files": dict(sorted(files.items())),
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Difference:
    """A file that differs from the manifest; without a name, the manifest itself is missing or damaged."""

    kind: Literal["missing", "changed", "added", "no-evidence", "bad-evidence"]
    name: str = ""


def verify(site: Path) -> tuple[list[Difference], int]:
    """Compare the files below ``site`` with the manifest.

    Returns:
        The differences, and the number of files in the manifest.

    Raises:
        OSError: if a file cannot be read.
    """
    try:
        expected = _files(json.loads((site / NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return [Difference("no-evidence")], 0
    except ValueError:
        return [Difference("bad-evidence")], 0
    return list(_compared(expected, site)), len(expected)


def _compared(expected: Mapping[str, str], site: Path) -> Iterator[Difference]:
    found = _files_of(site)
    for name in sorted(expected.keys() | found):
        if name not in found:
            yield Difference("missing", name)
        elif name not in expected:
            yield Difference("added", name)
        elif _digest(site / name) != expected[name]:
            yield Difference("changed", name)


def _files(value: Any) -> dict[str, str]:
    files = value.get("files") if isinstance(value, dict) else None
    if not isinstance(files, dict) or not files or not all(isinstance(digest, str) for digest in files.values()):
        raise ValueError("no files")
    return files
