"""JSON Schemas of the files of a kind: a file a record, and one of all records."""

from functools import cache
from typing import Any

from haopin.outlets import shapes
from haopin.outlets.public import part_schema, record_schema
from haopin.records import Kind
from haopin.records.site import Site

_WORDS = {"$ref": "#/$defs/Words"}


@cache
def _derived() -> dict[str, Any]:
    return shapes.schema_of(shapes.Derived)


@cache
def _words() -> dict[str, Any]:
    return shapes.named(shapes.Words)


def file_schema(kind: Kind, site: Site, address: str) -> dict[str, Any]:
    """Return the schema of both files of ``kind``: ``File`` (one record) and ``List`` (all of them).

    Args:
        kind: The kind.
        site: The site, which decides what of a record is shown.
        address: Where the schema itself stands.
    """
    record = record_schema(kind, site)
    derived = dict(_derived())
    rules = {"type": "object", "additionalProperties": _WORDS}
    definitions = {**derived.pop("$defs", {}), **record.pop("$defs", {}), **_words()}
    table: dict[str, Any] = {}
    if kind.table is not None:
        rows = part_schema(kind.table)
        definitions.update(rows.pop("$defs", {}))
        table = {"table": {"type": "array", "items": rows}}
    head = {
        "schema": {"const": address},
        "kind": {"const": kind.name},
        "title": _WORDS,
        "as_of": {"type": "string", "format": "date"},
    }
    item = _object({"id": {"type": "string"}, "record": record, "derived": derived, "pages": _WORDS})
    definitions |= {
        "Item": item,
        "File": _object({**head, **table, "item": {"$ref": "#/$defs/Item"}}, {"rules": rules}),
        "List": _object(
            {**head, "count": {"type": "integer"}, "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}}}
        ),
    }
    return {
        "$schema": shapes.DRAFT,
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
