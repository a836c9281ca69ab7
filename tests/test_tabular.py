"""Records as tables: columns from the model alone, for kinds that nobody has thought of yet, too."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from haopin.exports.serialize import hidden
from haopin.exports.tabular import Table, chinese, sort_of, tables_of
from haopin.html.i18n import read_labels
from haopin.model import KINDS, Kind, Record
from haopin.model.base import Day, Flag, HttpsAddress, Line, Nested, Number, Slug, Whole, doc, on_page
from haopin.model.ledger import ENTRY
from haopin.model.publishable import Approval
from haopin.model.site import Site
from haopin.text import Language, Text, Wording
from support import ROOT, catalogue_of, full_catalogue, has_data

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")


def say(key: str) -> Text:
    label = LABELS[key]
    assert isinstance(label.en, str)
    return Text(zh=label.zh, en=label.en)


def text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


class Tool(Nested):
    name: Annotated[Text, doc("名称", "name")]


class Step(Nested):
    number: Annotated[Line, doc("号", "number of it")]
    days: Annotated[Whole | None, doc("天数", "days")] = None
    tools: Annotated[tuple[Tool, ...], doc("工具,可空", "tools, if any")] = ()


class Spot(Nested):
    town: Annotated[Wording, doc("镇", "town")]
    number: Annotated[Whole, doc("门牌号", "number of the house")]
    doors: Annotated[tuple[Tool, ...], doc("门", "doors")] = ()


class Plainly(Nested):
    cell: Line


class Workshop(Record):
    """A kind that the engine has never seen."""

    title: Annotated[Text, doc("标题(照原文)", "title (as written)")]
    plate: Annotated[Wording | None, doc("牌子", "sign")] = None
    kind: Annotated[Literal["open", "closed"], doc("类型", "open, closed")] = "open"
    size: Annotated[Number | None, doc("面积", "size; in square meters")] = None
    people: Annotated[Whole, doc("人数", "people")] = 0
    public: Annotated[Flag, doc("是否开放", "true if open")] = False
    since: Annotated[Day | None, doc("始于", "since")] = None
    again: Annotated[Day | None, doc("始于", "since when again")] = None
    website: Annotated[HttpsAddress | None, doc("网站", "website")] = None
    tags: Annotated[tuple[Slug, ...], doc("标签", "tags")] = ()
    makers: Annotated[tuple[Wording, ...], doc("单位", "makers")] = ()
    spot: Annotated[Spot | None, doc("地点,未定则空", "place; empty if unknown")] = None
    steps: Annotated[tuple[Step, ...], doc("步骤", "steps")] = ()
    secret: Annotated[Line | None, doc("密", "secret", "office")] = None


WORKSHOP = Kind(
    name="work-shop",
    layout="list",
    path="workshops.yml",
    model=Workshop,
    title=text("车间", "Workshops"),
    anchor=on_page("workshops/"),
    table=Plainly,
    row_name=(next(iter(Plainly.model_fields)),),
)

FULL = Workshop(
    id="w1",
    title=text("甲,乙车间", "Workshop"),
    plate=Wording(zh="牌子"),
    size=Decimal("-2.50"),
    people=-3,
    public=True,
    since=date(2030, 1, 2),
    website="https://w.example/",  # type: ignore[arg-type]
    tags=("a", "b"),
    makers=(Wording(zh="甲厂", en="Works A"), Wording(zh="乙厂")),
    spot=Spot(town=Wording(zh="城关", en="Chengguan"), number=7, doors=(Tool(name=text("门", "Door")),)),
    steps=(
        Step(number="一", days=2, tools=(Tool(name=text("锤", "Hammer")), Tool(name=text("锯", "Saw")))),
        Step(number="二"),
        Step(number="三", tools=(Tool(name=text("尺", "Ruler")),)),
    ),
    secret="hush",
)
BARE = Workshop(id="w2", title=text("丙", "C"))

MAIN = [
    *("id", "title_zh", "title_en", "plate_zh", "plate_en", "kind", "size", "people", "public", "since", "again"),
    *("website", "tags", "makers_zh", "makers_en", "spot_town_zh", "spot_town_en", "spot_number"),
    *("note_zh", "note_en"),
]


def tables(*records: Record, **more: Any) -> dict[str, Table]:
    return {table.name: table for table in tables_of(WORKSHOP, records, say, hidden={"secret"}, **more)}


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_a_new_kind_has_its_tables() -> None:
    found = tables(FULL, BARE)
    assert list(found) == [
        "work-shop",
        "work-shop-spot-doors",
        "work-shop-steps",
        "work-shop-steps-tools",
    ]
    assert [(table.title.zh, table.title.en) for table in found.values()] == [
        ("车间", "Workshops"),
        ("车间\uff1a地点\uff1a门", "Workshops: place: doors"),
        ("车间\uff1a步骤", "Workshops: steps"),
        ("车间\uff1a步骤\uff1a工具", "Workshops: steps: tools"),
    ]
    assert [table.label and table.label.en for table in found.values()] == [
        None,
        "Place: doors",
        "Steps",
        "Steps: tools",
    ]


def test_one_row_a_record_typed() -> None:
    main = tables(FULL, BARE)["work-shop"]
    assert names(main) == MAIN
    full, bare = main.rows()
    assert dict(zip(names(main), full, strict=True)) == {
        **dict.fromkeys(MAIN),
        "id": "w1",
        "title_zh": "甲\uff0c乙车间",
        "title_en": "Workshop",
        "plate_zh": "牌子",
        "kind": "open",
        "size": Decimal("-2.50"),
        "people": -3,
        "public": True,
        "since": date(2030, 1, 2),
        "website": "https://w.example/",
        "tags": "a; b",
        "makers_zh": "甲厂\uff1b乙厂",
        "makers_en": "Works A; ",
        "spot_town_zh": "城关",
        "spot_town_en": "Chengguan",
        "spot_number": 7,
    }
    assert [cell for cell in bare if cell is not None] == ["w2", "丙", "C", "open", 0, False]
    types = {column.name: column.type for column in main.columns if column.type != "text"}
    assert types == {
        "size": "decimal",
        "people": "whole",
        "public": "flag",
        "since": "day",
        "again": "day",
        "spot_number": "whole",
    }
    assert main.count == 2


def test_lists_of_parts_are_tables_with_keys() -> None:
    found = tables(BARE, FULL)
    steps, tools, doors = (found[f"work-shop-{name}"] for name in ("steps", "steps-tools", "spot-doors"))
    assert names(steps) == ["work_shop", "position", "number", "days"]
    assert list(steps.rows()) == [("w1", 1, "一", 2), ("w1", 2, "二", None), ("w1", 3, "三", None)]
    assert names(tools) == ["work_shop", "steps_position", "position", "name_zh", "name_en"]
    assert list(tools.rows()) == [("w1", 1, 1, "锤", "Hammer"), ("w1", 1, 2, "锯", "Saw"), ("w1", 3, 1, "尺", "Ruler")]
    assert list(doors.rows()) == [("w1", 1, "门", "Door")]
    assert [table.count for table in (steps, tools, doors)] == [3, 3, 1]


def test_columns_come_from_the_model_and_not_from_the_rows() -> None:
    assert names(tables(BARE)["work-shop"]) == MAIN
    assert list(tables(BARE)) == ["work-shop"]
    assert tables() == {}


def test_headings_are_short_bilingual_and_unique() -> None:
    main = tables(FULL)["work-shop"]
    headings = {column.name: (column.heading.zh, column.heading.en) for column in main.columns}
    assert headings["title_zh"] == ("标题\uff08中文\uff09", "Title (Chinese)")
    assert headings["title_en"] == ("标题\uff08英文\uff09", "Title (English)")
    assert headings["size"] == ("面积", "Size")
    # Only a list of what it can be: no name.
    assert headings["kind"] == ("类型", "Kind")
    assert headings["spot_number"] == ("地点\uff1a门牌号", "Place: number of the house")
    assert headings["spot_town_en"] == ("地点\uff1a镇\uff08英文\uff09", "Place: town (English)")
    assert headings["since"] == ("始于\uff08since\uff09", "Since (since)")
    assert headings["again"] == ("始于\uff08again\uff09", "Since when again (again)")
    meanings = {column.name: (column.meaning.zh, column.meaning.en) for column in main.columns}
    assert meanings["size"] == ("面积", "Size; in square meters")
    assert meanings["title_zh"] == ("标题\uff08中文\uff09\uff08照原文\uff09", "Title (Chinese) (as written)")
    steps = tables(FULL)["work-shop-steps-tools"]
    assert [(column.heading.zh, column.heading.en) for column in steps.columns[:3]] == [
        ("车间\uff1a编号", "Workshops: record ID"),
        ("车间\uff1a步骤\uff1a序号", "Workshops: steps: position"),
        ("序号", "Position"),
    ]


def test_samples_have_a_column_where_there_are_some() -> None:
    sample = BARE.model_copy(update={"id": "w3", "sample": True})
    main = tables(BARE, sample)["work-shop"]
    assert names(main) == [*MAIN, "sample"]
    assert [row[-1] for row in main.rows()] == [False, True]


def test_addresses_come_last() -> None:
    def page(record: Record, language: Language) -> str:
        return f"https://w.example/{language}/{record.id}"

    main = tables(FULL, page=page)["work-shop"]
    assert names(main)[-2:] == ["page", "page_en"]
    (row,) = main.rows()
    assert row[-2:] == ("https://w.example/zh/w1", "https://w.example/en/w1")


def test_rows_beside_records_are_a_table() -> None:
    beside = {"w1": [Plainly(cell="甲,乙"), Plainly(cell="丙")]}
    found = tables(FULL, BARE, beside=lambda record: beside.get(record.id, []))
    rows = found["work-shop-rows"]
    assert names(rows) == ["work_shop", "position", "cell"]
    assert list(rows.rows()) == [("w1", 1, "甲\uff0c乙"), ("w1", 2, "丙")]
    # Without documentation, a field is called by its name.
    assert rows.columns[2].heading == text("cell", "Cell")


def test_columns_of_the_same_name_are_distinguished() -> None:
    class Clashing(Record):
        spot: Spot | None = None
        spot_number: Line = "x"

    clash = Kind(name="clash", layout="list", path="c.yml", model=Clashing, title=text("甲", "A"), anchor=on_page("c/"))
    (main,) = tables_of(clash, [Clashing(id="c")], say)
    assert names(main)[:5] == ["id", "spot_town_zh", "spot_town_en", "spot_number", "spot_number_"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if has_data(kind)], ids=lambda kind: kind.name)
def test_every_kind_has_names_and_headings_of_its_own(kind: Kind) -> None:
    catalogue = full_catalogue()
    records = catalogue.all(kind.model)
    assert records
    public = hidden(kind, catalogue.site)
    for table in tables_of(kind, records, say, hidden=public):
        for found in (
            names(table),
            [column.heading.zh for column in table.columns],
            [column.heading.en for column in table.columns],
        ):
            assert len(set(found)) == len(found), (table.name, found)
        rows = list(table.rows())
        assert len(rows) == table.count > 0
        for row in rows:
            for column, cell in zip(table.columns, row, strict=True):
                expected = {"text": str, "whole": int, "decimal": Decimal, "day": date, "flag": bool}[column.type]
                assert cell is None or type(cell) is expected, (table.name, column.name, cell)
        if table.name == kind.name:
            assert not [name for name in names(table) for field in public if f"{name}_".startswith(f"{field}_")]


def test_hidden_fields() -> None:
    site = catalogue_of().get(Site, "site")
    assert hidden(WORKSHOP, site) == {"secret"}
    assert hidden(ENTRY, site) == {"approved", "drafted", "returned", "publish_from", "body"}
    shown = site.model_copy(update={"show_reporting_bodies": True})
    assert hidden(ENTRY, shown) == {"approved", "drafted", "returned", "publish_from"}


@pytest.mark.parametrize(
    ("annotation", "sort"),
    [
        (str, ("text", None, False)),
        (Slug | None, ("text", None, False)),
        (Literal["a", "b"] | None, ("text", None, False)),
        (Flag, ("flag", None, False)),
        (int, ("whole", None, False)),
        (float | None, ("decimal", None, False)),
        (Day | None, ("day", None, False)),
        (int | str, ("text", None, False)),
        (dict[str, int], ("text", None, False)),
        (Approval | None, ("text", Approval, False)),
        (tuple[Approval, ...], ("text", Approval, True)),
        (list[Whole] | None, ("whole", None, True)),
    ],
)
def test_sorts(annotation: Any, sort: tuple[str, Any, bool]) -> None:
    found = sort_of(annotation)
    assert (found.cell, found.model, found.many) == sort


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("甲,乙", "甲\uff0c乙"),
        ("a, b", "a, b"),
        ("见[网页](https://a.example/)。", "见[网页](https://a.example/)。"),
        ("用`a,b`,甲", "用`a,b`\uff0c甲"),
    ],
)
def test_chinese_as_a_reader_sees_it(stored: str, shown: str) -> None:
    assert chinese(stored) == shown
