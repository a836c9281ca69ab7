"""What may be written in the data folder: frozen, closed, and documented in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.base import Day, Flag, HttpsAddress, Nested, Number, Slug, Whole, Year, page_each
from haopin.model.fields import Quote, marks_of
from haopin.model.look import Colour
from haopin.text import InLanguages, Text, Wording
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from support import COUNTY, catalogue_of


def parts_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for argument in getattr(annotation, "__args__", ()):
        yield from parts_of(argument)


def models() -> list[type[BaseModel]]:
    """Every model that a data file may hold, the two-language texts aside."""
    found: dict[type[BaseModel], None] = {}
    waiting: list[type[BaseModel]] = [model for kind in KINDS for model in (kind.model, kind.table) if model]
    while waiting:
        model = waiting.pop(0)
        if model not in (Text, Wording) and model not in found:
            found[model] = None
            waiting += [part for info in model.model_fields.values() for part in parts_of(info.annotation)]
    return list(found)


MODELS = models()
FIELDS = [(model, name) for model in MODELS for name in model.model_fields]


def test_walk_finds_the_models() -> None:
    assert len(MODELS) > len(KINDS) + 10
    assert len(FIELDS) > 100


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model_is_frozen_and_closed(model: type[BaseModel]) -> None:
    # A unit is a text with more beside it.
    assert issubclass(model, Nested | Text)
    assert model.model_config["frozen"] is True
    # Beside the fields of a text stand further languages, and nothing else: `test_text.py`.
    assert model.model_config["extra"] == ("allow" if issubclass(model, InLanguages) else "forbid")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_model_is_documented_in_both_languages(model: type[BaseModel]) -> None:
    assert model.__doc__
    chinese, _, english = model.__doc__.splitlines()[0].partition(" | ")
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert re.fullmatch(r"[A-Z].*\.", english)


def is_documented(info: FieldInfo) -> bool:
    """Return whether a field is documented in both languages, the English without full-width marks."""
    extra, english = info.json_schema_extra, info.description or ""
    return (
        isinstance(extra, dict)
        and re.search(r"[\u4e00-\u9fff]", str(extra["x-zh"])) is not None
        and re.search(r"[A-Za-z]", english) is not None
        and re.search(r"[\uff08\uff09\uff0c\uff1a\uff1b]", english) is None
    )


def test_every_field_is_documented_in_both_languages() -> None:
    assert len(FIELDS) > 400
    assert [f"{m.__name__}.{name}" for m, name in FIELDS if not is_documented(m.model_fields[name])] == []


def test_kinds_differ() -> None:
    for values in (
        [k.name for k in KINDS],
        [k.path for k in KINDS],
        [k.model for k in KINDS],
        [k.title for k in KINDS],
    ):
        assert len(set(map(str, values))) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_says_where_its_records_lie(kind: Kind) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.name)
    assert issubclass(kind.model, Record)
    assert kind.path.endswith(".yml") == (kind.layout in ("list", "single"))
    # The site itself is the home page.
    assert re.fullmatch(r"" if kind.layout == "single" else r"([a-z]+(-[a-z]+)*/){1,2}(r-1/|#r-1)", kind.anchor("r-1"))
    assert set(Record.model_fields) <= set(kind.model.model_fields)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "open_day"}, "name has lower-case letters, digits and hyphens, like pilot-field"),
        ({"section": "news"}, "section cannot be 'news'; choose from: commitments, progress"),
        ({"feed": "events"}, "feed cannot be 'events'; choose from: news, activities, disclosures, ledger"),
        ({"search": "news"}, "search cannot be 'news'; choose from: tasks, activities"),
        ({"calendar": "when"}, "calendar cannot be 'when'; choose from: id, note"),
        ({"calendar": "note"}, "calendar needs a Publishable model; Record is none"),
        ({"unique": ("number",)}, "unique cannot be 'number'; choose from: id, note"),
        ({"alike": ("title",)}, "alike cannot be 'title'; choose from: id, note"),
        ({"labels": {"open.lead": Text(zh="甲")}}, "labels cannot be 'open.lead'; choose from: days.lead"),
    ],
)
def test_kind_rejects_unknown_names(wrong: dict[str, Any], said: str) -> None:
    given = {"name": "day", "layout": "list", "path": "d.yml", "model": Record, "title": Text(zh="日")}
    with pytest.raises(ValueError, match="^" + re.escape(f"Kind {wrong.get('name', 'day')!r}: {said}")):
        Kind(**{**given, "anchor": page_each("open/days"), **wrong})


def test_every_quotation_has_its_source() -> None:
    # The check compares nothing where the clause is left out.
    marks = {(m, mark.source) for m in MODELS for _, mark, _ in marks_of(m, Quote) if mark is not None}
    assert len(marks) > 5
    own = [(m.__name__, source) for m, source in marks if source in m.model_fields]
    optional = [(m.__name__, s) for m, s in marks if s in m.model_fields and not m.model_fields[s].is_required()]
    assert own
    assert optional == []


def test_records_of_a_county_cannot_be_changed() -> None:
    for records in catalogue_of(COUNTY / "data").records.values():
        for record in records.values():
            with pytest.raises(ValidationError, match="frozen"):
                record.id = "other"


SLUGS: TypeAdapter[str] = TypeAdapter(Slug)


@pytest.mark.parametrize("slug", ["a", "01", "task-03", "a-b-c", "12345"])
def test_slug(slug: str) -> None:
    assert SLUGS.validate_python(slug) == slug


@pytest.mark.parametrize(
    "wrong",
    ["", "A", "a_b", "a b", "-a", "a-", "a--b", "a/b", "a.b", "\u8d28\u91cf", "\uff11", "a\n", " a", "caf\u00e9"],
)
def test_not_a_slug(wrong: str) -> None:
    with pytest.raises(ValidationError):
        SLUGS.validate_python(wrong)


DAYS: TypeAdapter[date] = TypeAdapter(Day)


@pytest.mark.parametrize("day", ["2023-06-27", "2024-02-29", "1949-01-01", "2100-12-31"])
def test_day(day: str) -> None:
    assert DAYS.validate_python(day).isoformat() == day


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("2023-02-29", "day_impossible"),
        ("2023-06-31", "day_impossible"),
        ("2023-00-01", "day_impossible"),
        ("1948-12-31", "day_year"),
        ("2101-01-01", "day_year"),
        ("0001-01-01", "day_year"),
        ("9999-12-31", "day_year"),
        ("2023-6-27", "day_form"),
        ("20230627", "day_form"),
        ("1687824000", "day_form"),
        ("2023-06-27T00:00:00", "day_form"),
        ("2023-06-27\n", "day_form"),
        ("2023-W26-2", "day_form"),
        ("\uff12\uff10\uff12\uff13-06-27", "day_form"),
        (20230627, "day_form"),
        (True, "day_form"),
    ],
)
def test_not_a_day(wrong: object, kind: str) -> None:
    with pytest.raises(ValidationError) as caught:
        DAYS.validate_python(wrong)
    assert [error["type"] for error in caught.value.errors()] == [kind]


@pytest.mark.parametrize(("written", "flag"), [("true", True), ("false", False), (True, True), (False, False)])
def test_flag(written: object, flag: bool) -> None:
    assert TypeAdapter(Flag).validate_python(written) is flag


@pytest.mark.parametrize("wrong", ["yes", "no", "True", "FALSE", "on", "\u662f", "", "2", ["true"]])
def test_not_a_flag(wrong: object) -> None:
    with pytest.raises(ValidationError, match="not true or false"):
        TypeAdapter(Flag).validate_python(wrong)


@pytest.mark.parametrize(("written", "whole"), [("7", 7), ("-1", -1), ("007", 7), (5, 5)])
def test_whole(written: object, whole: int) -> None:
    assert TypeAdapter(Whole).validate_python(written) == whole


@pytest.mark.parametrize(
    "wrong", ["", "1_0", "1.5", "1e3", "0x10", " 7", "7\n", "\uff17", "\u0667", "7\u5e74", "1" * 10]
)
def test_not_a_whole_number(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Whole).validate_python(wrong)


@pytest.mark.parametrize("written", ["95", "99.5", "0", "-0.25", "99.50"])
def test_number_keeps_its_digits(written: str) -> None:
    number: Decimal = TypeAdapter(Number).validate_python(written)
    assert str(number) == written


@pytest.mark.parametrize(
    "wrong", ["", "95%", "1,000", "1_000", ".5", "5.", "1e3", "NaN", "Infinity", "\uff19\uff15", "9\uff0e5", "\u0669"]
)
def test_not_a_number(wrong: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Number).validate_python(wrong)


@pytest.mark.parametrize(("year", "possible"), [("1799", False), ("1800", True), ("2200", True), ("2201", False)])
def test_year(year: str, possible: bool) -> None:
    if possible:
        assert TypeAdapter(Year).validate_python(year) == int(year)
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Year).validate_python(year)


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://a.gov.cn/", True),
        ("https://a.gov.cn/zt/haopin/?x=1", True),
        ("http://a.gov.cn/", False),
        ("//a.gov.cn/", False),
        ("a.gov.cn", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://", False),
    ],
)
def test_https_address(address: str, possible: bool) -> None:
    if possible:
        assert str(TypeAdapter(HttpsAddress).validate_python(address)) == address
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(HttpsAddress).validate_python(address)


@pytest.mark.parametrize(
    ("colour", "possible"),
    [("#00594f", True), ("#00594F", False), ("#059", False), ("red", False), ("#00594f}", False), ("url(x)", False)],
)
def test_colour(colour: str, possible: bool) -> None:
    if possible:
        assert TypeAdapter(Colour).validate_python(colour) == colour
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Colour).validate_python(colour)


@pytest.mark.parametrize(("kind", "needed"), [("day", True), ("month", True), ("campaign", False)])
def test_only_a_campaign_may_be_undated(kind: str, needed: bool) -> None:
    fields = {
        "id": "a",
        "kind": kind,
        "name": {"zh": "\u7532", "en": "A"},
        "as_written": {"clause": {"document": "d", "id": "c"}, "quote": {"zh": "\u7532", "en": "A"}},
    }
    if needed:
        with pytest.raises(ValidationError, match="needs a recurrence"):
            Activity.model_validate(fields)
    else:
        assert Activity.model_validate(fields).recurrence is None
    assert Activity.model_validate({**fields, "recurrence": {"month": "2", "day": "29"}}).recurrence is not None
