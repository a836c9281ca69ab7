"""JSON Schemas for editors, and fields for the reference page, from the definitions of kinds."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from haopin.model import READ, Kind
from haopin.text import Language, Text, Wording, fullwidth


def json_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a file with records of ``kind``."""
    schema = kind.model.model_json_schema(mode="validation")
    schema["title"] = f"{kind.title.zh} / {kind.title.en}"
    if kind.layout in ("list", "lists"):
        definitions = schema.pop("$defs", {})
        schema = {"title": schema["title"], "type": "array", "items": schema, "$defs": definitions}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    describe(schema)
    return schema


def describe(node: Any) -> None:
    """Join the two languages of each description, as editors display one text."""
    if isinstance(node, dict):
        zh = node.pop("x-zh", None)
        node.pop("x-audience", None)
        if isinstance(zh, str):
            node["description"] = f"{fullwidth(zh)} / {node['description']}"
        elif isinstance(node.get("description"), str):
            node["description"] = node["description"].replace(" | ", " / ")
        for value in node.values():
            describe(value)
    elif isinstance(node, list):
        for value in node:
            describe(value)


def schema_files() -> dict[str, str]:
    """Return every schema as file name → JSON text."""
    return {f"{kind.name}.json": json.dumps(json_schema(kind), ensure_ascii=False, indent=2) + "\n" for kind in READ}


@dataclass(frozen=True)
class FieldDoc:
    """A field on the reference page; ``depth`` is the number of parts that contain it."""

    name: str
    required: bool
    description: str
    depth: int


def fields_of(model: type[BaseModel], language: Language, depth: int = 0) -> list[FieldDoc]:
    """Return the fields of ``model`` and of its parts, in order."""
    rows = []
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        words = fullwidth(str(extra.get("x-zh", ""))) if language == "zh" else info.description or ""
        rows.append(FieldDoc(name, info.is_required(), words, depth))
        part = _part_of(info.annotation)
        if part is not None:
            rows += fields_of(part, language, depth + 1)
    return rows


def _part_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) and annotation not in (Text, Wording) else None
    for argument in getattr(annotation, "__args__", ()):
        if (found := _part_of(argument)) is not None:
            return found
    return None
