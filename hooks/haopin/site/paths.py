"""Fixed addresses of the site: API, and folder of assets."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from haopin.model import KINDS, Kind
from haopin.site.catalogue import Catalogue

# --- Addresses of the API

#: Path of the API. An incompatible change gets a new version number, beside this one.
API = "api/v1/"
#: Path of the catalog of data sets (DCAT).
CATALOG = "data/catalog.jsonld"
#: Path below the host of the contact for vulnerability reports (RFC 9116): the only hidden file of the site.
SECURITY = ".well-known/security.txt"
#: Version of the API; the major version is that in its address.
VERSION = "1.0.0"


@dataclass(frozen=True)
class ApiPath:
    """An address of the API.

    Attributes:
        path: Path below ``api/v1/``, with ``{id}`` for the id of a record.
        label: Name of the label (``api.…``) that describes it.
        schema: Path of the schema of the response, below ``api/v1/``.
        example: An existing address.
        kind: The kind, if the label needs it.
    """

    path: str
    label: str
    schema: str
    example: str
    kind: Kind | None = None


def api_paths(catalogue: Catalogue) -> tuple[ApiPath, ...]:
    """Return the addresses of the API for which ``catalogue`` has content."""
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


# --- Assets: files that browsers cache without expiry, in a folder named by a hash of their content

#: Folder of assets relative to the root of a language.
ASSETS = "assets/"
#: Number of hexadecimal digits in the name of the folder.
ASSETS_DIGITS = 12


def assets_folder(files: Mapping[str, str | bytes]) -> str:
    """Return the folder of ``files`` (content by name) relative to the root of a language, ending in ``/``."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        raw = content.encode() if isinstance(content, str) else content
        # The length makes the concatenation unambiguous.
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return f"{ASSETS}{digest.hexdigest()[:ASSETS_DIGITS]}/"


def assets_digest(site: Path) -> str:
    """Return the name of the only folder of assets in the built ``site``, below ``ASSETS``.

    Raises:
        ValueError: if there is none or more than one, so that this is not a fresh build.
    """
    named = [
        p.name
        for p in (site / ASSETS).iterdir()
        if p.is_dir() and re.fullmatch(rf"[0-9a-f]{{{ASSETS_DIGITS}}}", p.name)
    ]
    if len(named) != 1:
        raise ValueError(f"{ASSETS} has {len(named)} folders of assets: {sorted(named)}")
    return named[0]
