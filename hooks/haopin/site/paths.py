"""Fixed addresses of the site: those of the API, for machines and people to read, and the folder of assets."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from haopin.model import KINDS, Kind
from haopin.site.catalogue import Catalogue

# --- The API: its addresses, and what it offers

#: Where the API stands. A change that breaks readers gets a new number, beside this one.
API = "api/v1/"
#: Where the catalog of data sets stands (DCAT).
CATALOG = "data/catalog.jsonld"
#: Where RFC 9116 wants to read, below the host, to whom a weakness is reported: the only hidden file of the site.
SECURITY = ".well-known/security.txt"
#: Version of the API; the first number is that of its address.
VERSION = "1.0.0"


@dataclass(frozen=True)
class ApiPath:
    """An address of the API.

    Attributes:
        path: Below ``api/v1/``, with ``{id}`` where the id of a record stands.
        label: Name of the label (``api.…``) of what it gives.
        schema: Schema of the answer, below ``api/v1/``.
        example: An address that exists.
        kind: The kind, where the label needs it.
    """

    path: str
    label: str
    schema: str
    example: str
    kind: Kind | None = None


def api_paths(catalogue: Catalogue) -> tuple[ApiPath, ...]:
    """Return every address of the API for which ``catalogue`` has an answer."""
    found = [
        ApiPath(f"{name}.json", name, f"schema/{name}.json", f"{name}.json") for name in ("index", "status", "changes")
    ]
    for kind in KINDS:
        name = kind.name
        found.append(ApiPath(f"{name}.json", "list", f"schema/{name}.json#/$defs/List", f"{name}.json", kind))
        if records := catalogue.all(kind.model):
            found.append(
                ApiPath(
                    f"{name}/{{id}}.json",
                    "record",
                    f"schema/{name}.json#/$defs/File",
                    f"{name}/{records[0].id}.json",
                    kind,
                )
            )
    return tuple(found)


# --- Assets: files that the browser keeps for ever, in a folder named by their content

#: Folder below the root of a language.
ASSETS = "assets/"
#: Hexadecimal digits of a folder's name.
ASSETS_DIGITS = 12


def assets_folder(files: Mapping[str, str | bytes]) -> str:
    """Return the folder of ``files`` (content by name) below the root of a language, ending in ``/``."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        raw = content.encode() if isinstance(content, str) else content
        # With the length, no other files make the same bytes.
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return f"{ASSETS}{digest.hexdigest()[:ASSETS_DIGITS]}/"


def assets_digest(site: Path) -> str:
    """Return the name of the one folder of assets that the built ``site`` has, below ``ASSETS``.

    Raises:
        ValueError: if there is none or more than one: this is not a site that was just built.
    """
    named = [
        p.name
        for p in (site / ASSETS).iterdir()
        if p.is_dir() and re.fullmatch(rf"[0-9a-f]{{{ASSETS_DIGITS}}}", p.name)
    ]
    if len(named) != 1:
        raise ValueError(f"{ASSETS} has {len(named)} folders of assets: {sorted(named)}")
    return named[0]
