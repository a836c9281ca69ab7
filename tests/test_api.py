"""The API: every file validates against its schema, agrees with the pages, and has no internal fields."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pytest
from haopin.exports import api_types
from haopin.exports.api_schema import file_schema
from haopin.exports.serialize import hidden, plain, record_schema
from haopin.model import KINDS
from haopin.model.base import Day, Kind, Number, doc, on_page
from haopin.model.ledger import ENTRY, Entry
from haopin.model.publishable import WITHDRAWAL, Publishable, Withdrawal
from haopin.site.catalogue import checked as dataset
from haopin.site.paths import API, api_paths
from haopin.text import LANGUAGES, Text, Wording
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from support import BuiltSite, build, copy_full_county, edit

NAMES = ("index", "status", "changes", "openapi", "schema")


def read(site: BuiltSite, name: str) -> Any:
    return json.loads((site.folder / API / name).read_text("utf-8"))


def answers(site: BuiltSite) -> list[str]:
    """Every file of the API that is no schema."""
    names = (name.removeprefix(API) for name in site.files if name.startswith(API))
    return sorted(name for name in names if not name.startswith("schema/") and name != "openapi.json")


@pytest.fixture(scope="module")
def built(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind; in ``tests/county``, this repository's own."""
    return full_county


def test_no_kind_is_called_like_another_file_of_the_api() -> None:
    assert not {kind.name for kind in KINDS} & set(NAMES)


@pytest.mark.sweep
def test_every_schema_is_a_schema(built: BuiltSite) -> None:
    names = sorted(name for name in built.files if name.startswith(f"{API}schema/"))
    assert {Path(name).stem for name in names} == {kind.name for kind in KINDS} | {"index", "status", "changes"}
    for name in names:
        schema = json.loads((built.folder / name).read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == built.url + name
        text = json.dumps(schema, ensure_ascii=False)
        assert "x-zh" not in text and "x-audience" not in text and " | " not in text, name


def test_every_file_validates_against_the_schema_that_it_names(built: BuiltSite) -> None:
    @cache
    def validator(address: str) -> Draft202012Validator:
        assert address.startswith(built.url)
        schema = json.loads((built.folder / address.removeprefix(built.url)).read_text("utf-8"))
        return Draft202012Validator(schema, format_checker=FormatChecker())

    found = answers(built)
    assert len(found) > 2 * len(KINDS)
    for name in found:
        value = read(built, name)
        validator(value["schema"]).validate(value)


def test_a_schema_refuses_what_is_wrong(full_county: BuiltSite) -> None:
    schema = read(full_county, "schema/target.json")
    good = read(full_county, "target.json")
    check = Draft202012Validator(schema)
    assert check.is_valid(good)
    spoilers: tuple[Callable[[Any], object], ...] = (
        lambda v: v["items"][0]["record"].pop("quote"),
        lambda v: v["items"][0]["record"].update(value="95"),
        lambda v: v["items"][0]["record"].update(more=1),
        lambda v: v["items"][0]["derived"].update(more=1),
        lambda v: v["items"][0]["pages"].pop("en"),
        lambda v: v.update(kind="task"),
        lambda v: v.pop("as_of"),
    )
    for spoil in spoilers:
        value = json.loads(json.dumps(good))
        spoil(value)
        assert not check.is_valid(value)


def test_every_record_has_its_file_and_stands_in_the_list(built: BuiltSite) -> None:
    for kind in KINDS:
        records = built.catalogue.all(kind.model)
        items = read(built, f"{kind.name}.json")["items"]
        assert [item["id"] for item in items] == [record.id for record in records]
        for record, item in zip(records, items, strict=True):
            own = read(built, f"{kind.name}/{record.id}.json")
            assert own["item"] == item
            assert item["record"]["id"] == record.id


def test_pages_that_the_api_names_exist(built: BuiltSite) -> None:
    checked = 0
    for name in answers(built):
        value = read(built, name)
        items = [value["item"]] if "item" in value else (value["changes"] if name == "changes.json" else [])
        for item in items:
            for language, address in item["pages"].items():
                path, _, anchor = address.removeprefix(built.url).partition("#")
                assert path.startswith("en/") == (language == "en"), address
                page = built.html[f"{path}index.html"]
                assert not anchor or anchor in page.ids, address
                checked += 1
    assert checked > 50


def test_files_that_the_index_names_exist(built: BuiltSite) -> None:
    found = read(built, "index.json")
    addresses = [found[name] for name in ("status", "changes", "openapi", "catalog", "schema")]
    addresses += [kind[name] for kind in found["kinds"] for name in ("list", "schema", "csv", "xlsx") if kind[name]]
    assert len(addresses) > len(KINDS) * 2
    assert [a for a in addresses if a.removeprefix(built.url) not in built.files] == []
    assert {kind["kind"]: kind["count"] for kind in found["kinds"]} == {
        kind.name: len(built.catalogue.all(kind.model)) for kind in KINDS
    }


def test_states_are_given_with_their_rules(full_county: BuiltSite) -> None:
    status = read(full_county, "status.json")
    assert status["reported"] is True
    states = {found["state"] for found in status["measures"].values()}
    assert "not-reported" in states and len(states) > 2
    assert states <= status["states"].keys()
    for found in [*status["measures"].values(), *status["targets"].values()]:
        assert status["rules"][found["rule"]]["zh"] and status["rules"][found["rule"]]["en"]
        assert (found["entry"] is None) == (found["reported"] is None)
    for name, tally in status["tasks"].items():
        own = [found["state"] for key, found in status["measures"].items() if key.startswith(f"{name}/")]
        assert tally["total"] == len(own)
        assert tally["counts"] == {state: own.count(state) for state in set(own)}
        record = read(full_county, f"task/{name}.json")
        assert record["item"]["derived"]["tally"] == tally
        assert {m["rule"] for m in record["item"]["derived"]["measures"].values()} <= record["rules"].keys()


def test_the_place_is_also_called_as_the_first_readers_know_it(built: BuiltSite) -> None:
    for found in (read(built, "index.json"), read(built, "site/site.json")["item"]["record"]):
        assert found["county"] == found["place"] and found["place"]["zh"]
    assert "county" in read(built, "schema/index.json")["required"]
    record = read(built, "schema/site.json")["$defs"]["Item"]["properties"]["record"]
    assert "county" in record["required"] and "kept for readers" in record["properties"]["county"]["description"]


def test_a_county_without_reports_has_no_failing_count(county: BuiltSite) -> None:
    status = read(county, "status.json")
    assert status["reported"] is False
    assert {found["state"] for found in status["measures"].values()} == {"not-reported"}
    assert {found["outcome"] for found in status["targets"].values()} <= {"not-reported", "ended-unreported"}
    assert read(county, "changes.json")["changes"] == []


def test_changes_are_all_that_was_published_newest_first(full_county: BuiltSite) -> None:
    found = read(full_county, "changes.json")
    assert [(c["kind"], c["id"]) for c in found["changes"]] == [
        (kind, record.id) for kind, record in full_county.catalogue.publishable
    ]
    days = [c["date"] for c in found["changes"]]
    assert days == sorted(days, reverse=True) and found["count"] == len(days)
    corrections = {c["id"]: c["corrects"] for c in found["changes"] if c["corrects"]}
    assert corrections
    assert {c["id"]: c["corrected_by"] for c in found["changes"] if c["corrected_by"]} == {
        old: new for new, old in corrections.items()
    }
    assert [w["reason"] for w in found["withdrawn"]]


#: Fields of published records for the office only.
OFFICE = {"approved", "drafted", "returned", "publish_from"}


def test_the_office_keeps_its_own_fields(full_county: BuiltSite, tmp_path: Path) -> None:
    site = full_county.catalogue.site
    assert hidden(ENTRY, site) == {*OFFICE, "body"}
    assert hidden(ENTRY, site.model_copy(update={"show_reporting_bodies": True})) == OFFICE
    assert hidden(WITHDRAWAL, site) == {"names", "keep", "record"}
    for kind in KINDS:
        assert ("approved" in hidden(kind, site)) == issubclass(kind.model, Publishable)
    texts = [(full_county.folder / API / name).read_text("utf-8") for name in answers(full_county)]
    assert not [text for text in texts for name in (*OFFICE, "names", "approvers") if f'"{name}"' in text]


@pytest.mark.sweep
def test_the_site_may_show_who_reported_what(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "project")
    edit(project / "data/site.yml", "time_zone:", "show_reporting_bodies: true\ntime_zone:")
    folder = build(tmp_path / "site", config=project / "mkdocs.yml")
    items = json.loads((folder / API / "entry.json").read_text("utf-8"))["items"]
    assert items and all(item["record"]["body"] for item in items)


def test_withdrawn_names_are_in_no_file(full_county: BuiltSite) -> None:
    entries = dataset(full_county.data, "data")[0].entries
    names = [name for entry in entries if isinstance(entry.record, Withdrawal) for name in entry.record.names]
    assert names
    for file in sorted(full_county.files):
        if file.endswith((".json", ".html", ".xml", ".ics", ".csv")):
            text = (full_county.folder / file).read_text("utf-8")
            assert not [name for name in names if name in text], file


def test_a_batch_has_its_table(full_county: BuiltSite) -> None:
    batch = read(full_county, "batch/fruit-2030-1.json")
    derived = batch["item"]["derived"]
    assert len(batch["table"]) == derived["products"]
    assert [row["result"] for row in batch["table"]].count("fail") == derived["failing"] > 0


# The description


def test_openapi_describes_every_file(built: BuiltSite) -> None:
    found = read(built, "openapi.json")
    described = set()
    for path in found["paths"]:
        name = path.removeprefix("/")
        if "{id}" not in name:
            described.add(name)
        else:
            kind = name.partition("/")[0]
            described |= {f"{kind}/{item['id']}.json" for item in read(built, f"{kind}.json")["items"]}
    assert described == set(answers(built))
    assert [server["url"] for server in found["servers"]] == [built.url + API.rstrip("/")]


def test_openapi_is_valid(full_county: BuiltSite) -> None:
    found = read(full_county, "openapi.json")
    OpenAPIV31SpecValidator(found, base_uri=(full_county.folder / API / "openapi.json").as_uri()).validate()
    operations = [path["get"] for path in found["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_schemas_that_openapi_names_fit_what_is_at_the_address(full_county: BuiltSite) -> None:
    registry: Registry[Any] = Registry()
    for name in full_county.files:
        if name.startswith(f"{API}schema/"):
            schema = json.loads((full_county.folder / name).read_text("utf-8"))
            registry = registry.with_resource(f"schema/{Path(name).name}", Resource.from_contents(schema))
    for path, operations in read(full_county, "openapi.json")["paths"].items():
        operation = operations["get"]
        wanted = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        example = operation["parameters"][0]["example"] if "{id}" in path else ""
        value = read(full_county, path.removeprefix("/").replace("{id}", example))
        Draft202012Validator({"$ref": wanted}, registry=registry).validate(value)


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_page_names_every_address(full_county: BuiltSite, folder: str) -> None:
    page = full_county.pages[f"{folder}api/"]
    told = [code.text for code in page.all("code")]
    wanted = [path.path for path in api_paths(full_county.catalogue)]
    assert [name for name in wanted if name not in told] == []
    found = {"/" + name for name in wanted}
    assert found == set(read(full_county, "openapi.json")["paths"])


# Records as data


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("98.5"), 98.5),
        (Decimal("100"), 100),
        (Decimal("0"), 0),
        (date(2030, 1, 2), "2030-01-02"),
        (None, None),
        (True, True),
        (Text(zh="一,二", en="one, two"), {"zh": "一\uff0c二", "en": "one, two"}),
        (Wording(zh="一"), {"zh": "一", "en": None}),
        (Wording(en="one"), {"zh": None, "en": "one"}),
        ((Decimal("1"), "a"), [1, "a"]),
    ],
)
def test_values_become_plain(value: object, expected: object) -> None:
    found = plain(value)
    assert found == expected and type(found) is type(expected)


class Visit(Publishable):
    """参观 | A kind that no code knows."""

    title: Annotated[Wording, doc("标题", "title")]
    seen: Annotated[Number | None, doc("人数", "visitors")] = None
    secret: Annotated[Day | None, doc("内部", "internal", "office")] = None

    @property
    def label(self) -> Wording:
        return self.title


VISIT = Kind(
    name="visit",
    layout="list",
    path="visits.yml",
    model=Visit,
    title=Text(zh="参观", en="Visits"),
    anchor=on_page("changes/"),
)


def test_a_new_kind_needs_no_code(full_county: BuiltSite) -> None:
    site = full_county.catalogue.site
    visit = Visit.model_validate({"id": "v1", "date": "2030-01-01", "source": "县", "title": "开放日", "seen": "12.5"})
    found = plain(visit, hidden(VISIT, site))
    assert found["seen"] == 12.5 and "secret" not in found and "approved" not in found
    schema = record_schema(VISIT, site)
    Draft202012Validator(schema).validate(found)
    assert not Draft202012Validator(schema).is_valid({**found, "secret": None})
    Draft202012Validator.check_schema(file_schema(VISIT, site, LANGUAGES, "https://county.example/schema.json"))


def test_shapes_have_descriptions_in_both_languages() -> None:
    def descriptions(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("description"), str):
                yield node["description"]
            for value in node.values():
                yield from descriptions(value)

    found = [
        words
        for shape in (api_types.ApiStatus, api_types.Changes, api_types.Index)
        for words in descriptions(api_types.schema_of(shape))
    ]
    assert found and all(" / " in words for words in found)


def test_entries_are_what_the_data_says(full_county: BuiltSite) -> None:
    (entry, *_) = full_county.catalogue.all(Entry)
    found = read(full_county, f"entry/{entry.id}.json")["item"]["record"]
    assert found["date"] == entry.date.isoformat() and found["state"] == entry.state
