"""Where the files lie that a page loads: in a folder named by their content, so that a page meets its own files only.

A visitor may hold a page of the last release while the server has the next: styles and scripts of both then stand side
by side, and a browser may keep each as long as it likes.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

#: Folder below the root of a language.
FOLDER = "assets/"
#: Hexadecimal digits of a folder's name.
DIGITS = 12


def folder_of(files: Mapping[str, str | bytes]) -> str:
    """Return the folder of ``files`` (content by name) below the root of a language, ending in ``/``."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        raw = content.encode() if isinstance(content, str) else content
        # With the length, no other files make the same bytes.
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return f"{FOLDER}{digest.hexdigest()[:DIGITS]}/"


def digest_of(site: Path) -> str:
    """Return the name of the one folder of assets that the built ``site`` has, below ``FOLDER``.

    Raises:
        ValueError: if there is none or more than one: this is not a site that was just built.
    """
    named = [p.name for p in (site / FOLDER).iterdir() if p.is_dir() and re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", p.name)]
    if len(named) != 1:
        raise ValueError(f"{FOLDER} has {len(named)} folders of assets: {sorted(named)}")
    return named[0]
