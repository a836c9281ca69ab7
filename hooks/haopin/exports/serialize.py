"""Serialise public records: without internal fields, texts in both languages, plain JSON types."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from haopin.model import Kind
from haopin.model.schema import describe
from haopin.model.site import Site
from haopin.model.target import Unit
from haopin.text import LANGUAGES, InLanguages, Language, Text, fullwidth

#: Names that API v1 once gave to fields of the site, by which it still gives them to readers of then, too.
OLDER_NAMES: Mapping[str, str] = {"county": "place"}


def _audience(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra.get("x-audience", "public")) if isinstance(extra, dict) else "public"


def hidden(kind: Kind, site: Site) -> frozenset[str]:
    """Return the fields of ``kind`` that are internal, or that the settings of ``site`` hide."""
    kept = {"public", "reporting"} if site.show_reporting_bodies else {"public"}
    return frozenset(name for name, info in kind.model.model_fields.items() if _audience(info) not in kept)


def plain(value: Any, without: Collection[str] = ()) -> Any:
    """Serialise ``value`` (a record, a part, a text, or a value in one) to JSON types.

    Texts become ``{"zh": …, "en": …}`` with full-width punctuation in Chinese, dates ``YYYY-MM-DD``, numbers JSON
    numbers; missing values are null.

    Args:
        value: The value.
        without: Fields to leave out of the record itself.
    """
    # Large sites have hundreds of thousands of values: compare exact types first.
    form = type(value)
    if value is None or form is str or form is bool or form is int:
        return value
    if form is Unit and value.is_percent:
        return "percent"
    if form is Text:
        return {"zh": fullwidth(value.zh), "en": value.en, **value.further}
    if isinstance(value, BaseModel):
        values = value.__dict__
        found = {
            name: item if (item := values[name]) is None or type(item) is str else plain(item)
            for name in type(value).model_fields
            if name not in without
        }
        if form is Site:
            found |= {older: found[name] for older, name in OLDER_NAMES.items()}
        if isinstance(zh := found.get("zh"), str):
            # A wording, or a clause.
            found["zh"] = fullwidth(zh)
        if isinstance(value, InLanguages):
            found |= value.further
        return found
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    assert not isinstance(value, dict | list | set), value
    return str(value)


class _Schema(GenerateJsonSchema):
    """Generator of schemas for the output of `plain`."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "number"}


def record_schema(kind: Kind, site: Site, languages: Sequence[Language] = LANGUAGES) -> dict[str, Any]:
    """Return the JSON Schema of a record of ``kind`` as serialised by `plain`, with definitions under ``$defs``."""
    return part_schema(kind.model, hidden(kind, site), languages)


def part_schema(
    model: type[BaseModel], without: Collection[str] = (), languages: Sequence[Language] = LANGUAGES
) -> dict[str, Any]:
    """Return the JSON Schema of a ``model`` as serialised by `plain`, except the fields ``without``.

    Texts have each of ``languages``; those other than Chinese and English are optional.
    """
    schema = model.model_json_schema(mode="serialization", schema_generator=_Schema)
    for name in without:
        del schema["properties"][name]
    if model is Site:
        for older, name in OLDER_NAMES.items():
            said = f"同“{name}”,旧名,为原有的读者保留 | The older name of “{name}”, kept for readers that know it"
            schema["properties"][older] = {**schema["properties"][name], "x-zh": None, "description": said}
    definitions = schema.setdefault("$defs", {})
    definitions |= {name: deepcopy(form) for name, form in _WORDINGS.items() if name in definitions}
    _complete(schema)
    for definition in definitions.values():
        add_languages(definition, [language for language in languages if language not in LANGUAGES])
    describe(schema)
    return _referenced(schema)


_EITHER = {"type": ["string", "null"]}
_UNIT = "单位:percent,或文字 | Unit of a number: percent, or words"
# Serialised texts always have both languages.
_WORDINGS: Mapping[str, Any] = {
    "Text": {
        "description": "文字,可能还没有英文 | A text, perhaps without its English",
        "type": "object",
        "properties": {"zh": {"type": "string"}, "en": _EITHER},
        "required": ["zh", "en"],
        "additionalProperties": False,
    },
    "Wording": {
        "description": "文字,可能只有一种语言 | A text, perhaps in one language only",
        "type": "object",
        "properties": {"zh": _EITHER, "en": _EITHER},
        "additionalProperties": False,
    },
    "Unit": {
        "description": _UNIT,
        "anyOf": [
            {"const": "percent"},
            {
                "description": _UNIT,
                "type": "object",
                "properties": {
                    "zh": {"type": "string"},
                    "en": _EITHER,
                    "one": _EITHER,
                    "factor": {"type": ["number", "null"]},
                },
                "additionalProperties": False,
            },
        ],
    },
}


def _complete(node: Any) -> None:
    """Require every field: missing values are serialised as null."""
    if isinstance(node, dict):
        node.pop("default", None)
        if isinstance(node.get("properties"), dict):
            node["required"] = list(node["properties"])
        for value in node.values():
            _complete(value)
    elif isinstance(node, list):
        for value in node:
            _complete(value)


def add_languages(node: Any, languages: Sequence[Language]) -> None:
    """Add ``languages`` to the schema of a text, and of texts within ``node``."""
    properties = node.get("properties", {})
    if {"zh", "en"} <= properties.keys():
        node["properties"] = {**properties, **{language: {"type": "string"} for language in languages}}
    for choice in node.get("anyOf", ()):
        add_languages(choice, languages)


def _referenced(schema: dict[str, Any]) -> dict[str, Any]:
    """Remove unused definitions from ``schema``."""
    definitions = schema.pop("$defs")
    wanted, waiting = set(), [schema]
    while waiting:
        node: Any = waiting.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name and name not in wanted:
                wanted.add(name)
                waiting.append(definitions[name])
            waiting += list(node.values())
        elif isinstance(node, list):
            waiting += node
    if wanted:
        schema["$defs"] = {name: definitions[name] for name in definitions if name in wanted}
    return schema
