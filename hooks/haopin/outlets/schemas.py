"""JSON Schemas of the API, kept between builds: making them anew takes a tenth of what all outlets take."""

import hashlib
import json
from functools import cache as once
from functools import partial
from pathlib import Path
from typing import Any

import pydantic

from haopin.cache import key
from haopin.outlets import shapes
from haopin.outlets.envelope import file_schema
from haopin.outlets.source import Source
from haopin.records import Kind

#: What decides of the schemas: the records, and what makes the schemas of them.
_PACKAGE = Path(__file__).resolve().parents[1]
_OUTLETS = tuple(f"outlets/{name}.py" for name in ("envelope", "public", "schemas", "shapes"))


@once
def _definitions() -> str:
    """Return a fingerprint of everything that the schemas depend on, the site's choices aside."""
    files = [
        *sorted((_PACKAGE / "records").glob("*.py")),
        *(_PACKAGE / name for name in ("text.py", "schema.py", *_OUTLETS)),
    ]
    found = hashlib.sha256(pydantic.VERSION.encode())
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()


def kind_schema(source: Source, kind: Kind, address: str) -> bytes:
    """Return the schema of the files of ``kind``, which stands at ``address``."""
    site = source.catalogue.site
    make = partial(_kind_schema, source, kind, address)
    if source.cache is None:
        return make()
    return source.cache.made(key("schema", _definitions(), str(site.show_reporting_bodies), kind.name, address), make)


def _kind_schema(source: Source, kind: Kind, address: str) -> bytes:
    return _dumped(file_schema(kind, source.catalogue.site, address))


def shape_schema(shape: Any, address: str) -> bytes:
    """Return the schema of what the API derives, which stands at ``address``."""
    return _dumped({"$schema": shapes.DRAFT, "$id": address, **shapes.schema_of(shape)})


def _dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
