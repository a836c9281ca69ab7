"""JSON Schemas of the API's files, cached between builds."""

import hashlib
import json
from collections.abc import Sequence
from copy import deepcopy
from functools import cache, partial  # nothing of records is kept
from functools import cache as once  # nothing of records is kept
from pathlib import Path
from typing import Any

import pydantic

from haopin.cache import key
from haopin.exports import api_types
from haopin.exports.serialize import add_languages, part_schema, record_schema
from haopin.exports.source import ExportSource
from haopin.model import Kind
from haopin.model.site import Site
from haopin.text import LANGUAGES, Language

# --- Schemas of the files of a kind: single record, and list

_WORDS = {"$ref": "#/$defs/Words"}


@cache
def _derived() -> dict[str, Any]:
    return api_types.schema_of(api_types.Derived)


@cache
def _words() -> dict[str, Any]:
    return api_types.named(api_types.Words)


def file_schema(kind: Kind, site: Site, languages: Sequence[Language], address: str) -> dict[str, Any]:
    """Return the schema of both files of ``kind``: ``File`` (one record) and ``List`` (all records).

    Args:
        kind: The kind.
        site: The site, whose settings decide which fields are public.
        languages: Languages of the site; a record has an address in each.
        address: Address of the schema.
    """
    record = record_schema(kind, site, languages)
    derived = dict(_derived())
    rules = {"type": "object", "additionalProperties": _WORDS}
    definitions = {**derived.pop("$defs", {}), **record.pop("$defs", {}), **deepcopy(_words())}
    table: dict[str, Any] = {}
    if kind.table is not None:
        rows = part_schema(kind.table, languages=languages)
        definitions.update(rows.pop("$defs", {}))
        table = {"table": {"type": "array", "items": rows}}
    head = {
        "schema": {"const": address},
        "kind": {"const": kind.name},
        "title": _WORDS,
        "as_of": {"type": "string", "format": "date"},
    }
    pages = _object({language: {"type": "string"} for language in languages})
    item = _object({"id": {"type": "string"}, "record": record, "derived": derived, "pages": pages})
    definitions |= {
        "Item": item,
        "File": _object({**head, **table, "item": {"$ref": "#/$defs/Item"}}, {"rules": rules}),
        "List": _object(
            {**head, "count": {"type": "integer"}, "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}}}
        ),
    }
    add_languages(definitions["Words"], [language for language in languages if language not in LANGUAGES])
    return {
        "$schema": api_types.DRAFT,
        "$id": address,
        "title": f"{kind.title.zh} / {kind.title.en}",
        "oneOf": [{"$ref": "#/$defs/File"}, {"$ref": "#/$defs/List"}],
        "$defs": definitions,
    }


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


# --- Cache between builds: generating the schemas would take a tenth of the time of all exports

#: Sources that the schemas depend on: the models, and the code that generates schemas.
_PACKAGE = Path(__file__).resolve().parents[1]
_EXPORTS = tuple(f"exports/{name}.py" for name in ("api_schema", "api_types", "serialize"))


@once
def _definitions() -> str:
    """Return a hash of everything that the schemas depend on, except settings of the site."""
    files = [
        *sorted((_PACKAGE / "model").glob("*.py")),
        *(_PACKAGE / name for name in ("text.py", *_EXPORTS)),
    ]
    found = hashlib.sha256(pydantic.VERSION.encode())
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()


def kind_schema(source: ExportSource, kind: Kind, address: str) -> bytes:
    """Return the schema of the files of ``kind``, with the given ``address``."""
    site = source.catalogue.site
    make = partial(_kind_schema, source, kind, address)
    if source.cache is None:
        return make()
    return source.cache.made(
        key("schema", _definitions(), str(site.show_reporting_bodies), *source.languages, kind.name, address), make
    )


def _kind_schema(source: ExportSource, kind: Kind, address: str) -> bytes:
    return _dumped(file_schema(kind, source.catalogue.site, source.languages, address))


def shape_schema(shape: Any, address: str) -> bytes:
    """Return the schema of a derived value, with the given ``address``."""
    return _dumped({"$schema": api_types.DRAFT, "$id": address, **api_types.schema_of(shape)})


def _dumped(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
