"""JSON Schemas for editors: valid, and consistent with the models and the files of the counties."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from haopin.load.yamlfile import PlainValues, compose
from haopin.model import READ, Kind
from haopin.model.schema import fields_of, json_schema, schema_files
from haopin.text import LANGUAGES
from jsonschema import Draft202012Validator
from support import COUNTY, COUNTY_MORE, ROOT

COUNTIES = {"invented": COUNTY / "data", "every-kind": COUNTY_MORE / "data"}


class Editor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: numbers and true or false are no text, dates are."""


Editor.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def files_of(kind: Kind, data: Path) -> list[Path]:
    found = [data / kind.path] if kind.path.endswith(".yml") else sorted((data / kind.path).glob("*.yml"))
    return [file for file in found if file.is_file()]


def is_list(kind: Kind) -> bool:
    return kind.layout in ("list", "lists")


CASES = [
    pytest.param(kind, file, id=f"{name}-{file.relative_to(data).as_posix()}")
    for name, data in COUNTIES.items()
    for kind in READ
    for file in files_of(kind, data)
]


def read_plainly(file: Path) -> Any:
    root = compose(file.read_text(encoding="utf-8"), file.name)
    return None if root is None else PlainValues(file.name).value(root)  # type: ignore[arg-type]


#: By the name of the kind, each made when it is first wanted: that takes longer than judging a file.
VALIDATORS: dict[str, Draft202012Validator] = {}


def validator(kind: Kind) -> Draft202012Validator:
    if kind.name not in VALIDATORS:
        checker = Draft202012Validator.FORMAT_CHECKER
        VALIDATORS[kind.name] = Draft202012Validator(json_schema(kind), format_checker=checker)
    return VALIDATORS[kind.name]


@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.name)
def test_schema_is_valid(kind: Kind) -> None:
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"{kind.title.zh} / {kind.title.en}"
    assert schema["type"] == ("array" if is_list(kind) else "object")
    assert "x-zh" not in json.dumps(schema)
    assert " | " not in json.dumps(schema)


@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.name)
def test_every_field_says_what_it_is_in_both_languages(kind: Kind) -> None:
    schema = json_schema(kind)
    objects = [schema["items"] if is_list(kind) else schema, *schema.get("$defs", {}).values()]
    for entry in objects:
        if entry["title"] in ("Text", "Wording"):
            continue
        # A unit is one word, or an object.
        entry = next((way for way in entry.get("anyOf", ()) if "properties" in way), entry)
        assert entry["additionalProperties"] is False
        for name, field in entry["properties"].items():
            chinese, _, english = field["description"].partition(" / ")
            assert re.search(r"[\u4e00-\u9fff]", chinese), name
            assert re.search(r"[A-Za-z]", english), name


def test_the_counties_have_files_to_compare() -> None:
    assert len(CASES) > 40


@pytest.mark.parametrize(("kind", "file"), CASES)
def test_file_as_an_editor_reads_it_fits_its_schema(kind: Kind, file: Path) -> None:
    value = yaml.load(file.read_text(encoding="utf-8"), Editor)
    assert [error.message for error in validator(kind).iter_errors(without_none(value))] == []


def without_none(value: Any) -> Any:
    """An empty value counts as not given."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("kind", "file"), CASES)
def test_file_as_the_engine_reads_it_agrees_with_model_and_schema(kind: Kind, file: Path) -> None:
    """What the model makes of a file, written out again, fits the schema and makes the same record."""
    value = read_plainly(file)
    records = [kind.model.model_validate(item) for item in (value if is_list(kind) else [value])]
    assert records
    written = [record.model_dump(mode="json", exclude_unset=True) for record in records]
    assert [e.message for e in validator(kind).iter_errors(written if is_list(kind) else written[0])] == []
    assert [kind.model.model_validate(item) for item in written] == records


# Fields of which only the model's own rules know that one must stand there; the schema lets pass that they are missing.
OWN_RULES = {"assignment": {"body", "due"}, "activity": {"recurrence"}, "entry": {"target"}, "withdrawal": {"names"}}


def spoilt(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**record, "unknown": "a"},
        {**record, "id": "Upper Case"},
        {**record, "id": ["a"]},
        {**record, "note": {"zh": "\u7532"}},
        {**record, "note": "\u7532"},
        *({name: item for name, item in record.items() if name != gone} for gone in record),
    ]


@pytest.mark.parametrize(("kind", "file"), CASES)
def test_schema_refuses_what_the_model_refuses(kind: Kind, file: Path) -> None:
    value = read_plainly(file)
    first = value[0] if is_list(kind) else value
    record = kind.model.model_validate(first).model_dump(mode="json", exclude_unset=True)
    refused = 0
    for bad in spoilt(record):
        try:
            kind.model.model_validate(bad)
            accepted = True
        except ValueError:
            accepted = False
            refused += 1
        errors = list(validator(kind).iter_errors([bad] if is_list(kind) else bad))
        if accepted or OWN_RULES.get(kind.name, set()) <= bad.keys():
            assert (not errors) == accepted, bad
    assert refused >= 5


def test_schema_files_are_named_by_kind() -> None:
    files = schema_files()
    assert list(files) == [f"{kind.name}.json" for kind in READ]
    for kind in READ:
        text = files[f"{kind.name}.json"]
        assert json.loads(text) == json_schema(kind)
        assert text.endswith("}\n")
        assert "\\u" not in text.replace("\\\\u", "")


def test_schemas_of_the_repository_are_of_today() -> None:
    folder = ROOT / "data/schema"
    stored = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*")}
    assert stored == schema_files(), "run make schema"


@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.name)
def test_fields_for_the_reference_page(kind: Kind) -> None:
    for language in LANGUAGES:
        rows = fields_of(kind.model, language)
        assert [row.name for row in rows if row.depth == 0] == list(kind.model.model_fields)
        assert all(row.description for row in rows)
    chinese, english = fields_of(kind.model, "zh"), fields_of(kind.model, "en")
    assert [(r.name, r.required, r.depth) for r in chinese] == [(r.name, r.required, r.depth) for r in english]
    assert all(re.search(r"[\u4e00-\u9fff]", row.description) for row in chinese)


def test_fields_of_parts_stand_below_their_field() -> None:
    (kind,) = [kind for kind in READ if kind.name == "activity"]
    rows = [(row.name, row.depth) for row in fields_of(kind.model, "en")]
    at = rows.index(("editions", 0))
    assert rows[at : at + 6] == [("editions", 0), ("year", 1), ("start", 1), ("end", 1), ("themes", 1), ("scope", 2)]
