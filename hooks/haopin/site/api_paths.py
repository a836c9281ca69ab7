"""What the API offers: its addresses, for the machines' description and for the page that people read."""

from dataclasses import dataclass

from haopin.model import KINDS
from haopin.site.catalogue import Catalogue
from haopin.text import Text

#: Where the API stands. A change that breaks readers gets a new number, beside this one.
API = "api/v1/"
#: Where the catalog of data sets stands (DCAT).
CATALOG = "data/catalog.jsonld"
#: Where RFC 9116 wants to read, below the host, to whom a weakness is reported: the only hidden file of the site.
SECURITY = ".well-known/security.txt"
#: Version of the API; the first number is that of its address.
VERSION = "1.0.0"


@dataclass(frozen=True)
class Path:
    """An address of the API.

    Attributes:
        path: Below ``api/v1/``, with ``{id}`` where the id of a record stands.
        label: Name of the label (``api.…``) of what it gives.
        schema: Schema of the answer, below ``api/v1/``.
        example: An address that exists.
        kind: Name of the kind, where the label needs it.
    """

    path: str
    label: str
    schema: str
    example: str
    kind: Text | None = None


def paths(catalogue: Catalogue) -> tuple[Path, ...]:
    """Return every address of the API for which ``catalogue`` has an answer."""
    found = [
        Path(f"{name}.json", name, f"schema/{name}.json", f"{name}.json") for name in ("index", "status", "changes")
    ]
    for kind in KINDS:
        name = kind.name
        found.append(Path(f"{name}.json", "list", f"schema/{name}.json#/$defs/List", f"{name}.json", kind.title))
        if records := catalogue.all(kind.model):
            found.append(
                Path(
                    f"{name}/{{id}}.json",
                    "record",
                    f"schema/{name}.json#/$defs/File",
                    f"{name}/{records[0].id}.json",
                    kind.title,
                )
            )
    return tuple(found)
