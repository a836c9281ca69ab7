"""OpenAPI 3.1 description of the API; the API page is generated from it too."""

from typing import Any

from haopin.exports.source import ExportSource
from haopin.model import Kind
from haopin.site.paths import API, VERSION, ApiPath, api_paths
from haopin.text import LANGUAGES


def description(source: ExportSource) -> dict[str, Any]:
    """Return the OpenAPI document."""
    site = source.catalogue.site
    return {
        "openapi": "3.1.1",
        "info": {
            "title": f"{site.name.show('zh')} / {site.name.show('en')}",
            "summary": _both(source, "api.summary"),
            "description": _both(source, "api.rules"),
            "version": VERSION,
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": source.shared(API.rstrip("/"))}],
        "paths": {f"/{path.path}": {"get": _get(source, path)} for path in api_paths(source.catalogue)},
    }


def _both(source: ExportSource, key: str, kind: Kind | None = None) -> str:
    values = {language: {"kind": source.kind_title(kind).show(language)} if kind else {} for language in LANGUAGES}
    return " / ".join(source.labels(language)(key, **values[language]) for language in LANGUAGES)


def _get(source: ExportSource, path: ApiPath) -> dict[str, Any]:
    name, _, rest = path.path.partition("/")
    operation: dict[str, Any] = {
        "operationId": (name.removesuffix(".json") + ("-record" if rest else "")),
        "summary": _both(source, f"api.{path.label}", path.kind),
        "responses": {
            "200": {
                "description": "OK",
                "content": {"application/json": {"schema": {"$ref": path.schema}}},
            },
            "404": {"description": _both(source, "api.missing")},
        },
    }
    if rest:
        example = path.example.partition("/")[2].removesuffix(".json")
        operation["parameters"] = [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": example}
        ]
    return operation
