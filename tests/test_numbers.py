"""Numbers of every form: in words, compared, checked, on pages, in the ledger form, in the API and the tables."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from broken import Broken, Recorded
from haopin.check.entries import RecordIndex
from haopin.check.rules import RULES
from haopin.html.quantity import quantity_format
from haopin.load.folder import read
from haopin.load.translations import texts
from haopin.model.ledger import Entry
from haopin.model.target import Target
from haopin.office.ledger.columns import whole
from haopin.office.ledger.export import ledger_book
from haopin.office.ledger.importing import format_report, read_import
from haopin.problem import DataError
from haopin.site.catalogue import checked
from haopin.site.progress import Progress
from haopin.text import LANGUAGES, Language
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from office_commands import office_command
from pydantic import ValidationError
from support import AS_OF, ROOT, HtmlPage, build, catalogue_of, copy_numbers_county, edit, errors_of, warnings_of
from test_progress import day, entry, measure, progress, task

DAY = date.fromisoformat(AS_OF)
TEXT = {"zh": "甲", "en": "A"}
FIRMS = {"zh": "家", "en": "enterprises", "one": "enterprise"}
PEOPLE = {"zh": "人", "en": "people", "one": "person"}
PERCENT: Any = {"value": 95, "unit": "percent"}


def target(way: str = "at-least", **more: Any) -> Target:
    fields = {"id": "t", "measure": "01/m", "title": TEXT, "scope": TEXT, "quote": TEXT, "nature": "commitment"}
    return Target.model_validate({**fields, "comparator": way, **more})


# In words.


@pytest.mark.parametrize(
    ("of", "marks", "goals"),
    [
        (target(**PERCENT), ("≥95%", "≥95%"), ("不低于95%", "at least 95%")),
        (target("equal", value=100, unit="percent"), ("100%", "100%"), ("100%", "100%")),
        (
            target(value=12500, unit=FIRMS),
            ("≥12,500家", "≥12,500 enterprises"),
            ("不少于12,500家", "at least 12,500 enterprises"),
        ),
        (target("equal", value=1, unit=FIRMS), ("1家", "1 enterprise"), ("1家", "1 enterprise")),
        (target("at-most", value="0.5", unit="percent"), ("≤0.5%", "≤0.5%"), ("不高于0.5%", "at most 0.5%")),
        (
            target("at-most", value=3, unit=FIRMS, per="year"),
            ("每年≤3家", "≤3 enterprises a year"),
            ("每年不超过3家", "at most 3 enterprises a year"),
        ),
        (target("about", value=20, unit=FIRMS), ("约20家", "about 20 enterprises"), ("约20家", "about 20 enterprises")),
        (
            target("between", value=20, to=30, unit=FIRMS),
            ("20\u201330家", "20\u201330 enterprises"),
            ("20至30家", "20 to 30 enterprises"),
        ),
        (
            target("between", value=90, to=95, unit="percent"),
            ("90\u201395%", "90\u201395%"),
            ("90%至95%", "90% to 95%"),
        ),
        (
            target(value=6, unit="percent", change="up-by", per="year-average"),
            ("年均增长≥6%", "up ≥6% a year on average"),
            ("年均增长不低于6%", "increase of at least 6% a year on average"),
        ),
        (
            target("about", value=50, unit=FIRMS, change="up-by"),
            ("增加约50家", "up about 50 enterprises"),
            ("增加约50家", "increase of about 50 enterprises"),
        ),
        (
            target("equal", value=15, unit="percent", change="down-by"),
            ("下降15%", "down 15%"),
            ("下降15%", "decrease of 15%"),
        ),
        (
            target("equal", value=500, unit=FIRMS, change="up-to"),
            ("增加到500家", "rise to 500 enterprises"),
            ("增加到500家", "increase to 500 enterprises"),
        ),
        (
            target("at-most", value=5, unit="percent", change="down-to"),
            ("降到≤5%", "fall to ≤5%"),
            ("降到不高于5%", "decrease to at most 5%"),
        ),
        (target("full-coverage"), ("全覆盖", "Full coverage"), ("全覆盖", "Full coverage")),
        (
            target(value="1.2", unit={"zh": "亿元", "en": "million yuan", "factor": 100}),
            ("≥1.2亿元", "≥120 million yuan"),
            ("不少于1.2亿元", "at least 120 million yuan"),
        ),
    ],
)  # fmt: skip
def test_number_in_words(of: Target, marks: tuple[str, str], goals: tuple[str, str]) -> None:
    formats = [quantity_format(language, [of]) for language in LANGUAGES]
    assert of.number is not None
    assert tuple(each.mark(of.number).text() for each in formats) == marks
    assert tuple(each.goal(of.number) for each in formats) == goals


def test_unit_without_english_is_shown_in_chinese() -> None:
    of = target(value="1.2", unit={"zh": "亿元", "factor": 100})
    assert of.number is not None
    assert [quantity_format(language, [of]).goal(of.number) for language in LANGUAGES] == [
        "不少于1.2亿元",
        # The factor belongs to the English words.
        "at least 1.2 亿元",
    ]
    assert target(value=3, unit="人").unit == target(value=3, unit={"zh": "人"}).unit


def test_state_has_no_number() -> None:
    assert target("achieve").number is None


@pytest.mark.parametrize(
    ("of", "value", "more", "words"),
    [
        (target(**PERCENT), "98.1", {"unit": "percent"}, ("98.1%", "98.1%")),
        (target(value=500, unit=FIRMS), "1250", {"unit": FIRMS}, ("1,250家", "1,250 enterprises")),
        (target(value=500, unit=FIRMS), "1", {"unit": FIRMS}, ("1家", "1 enterprise")),
        (
            target("full-coverage", counted=PEOPLE),
            "137",
            {"of": 400, "unit": PEOPLE},
            ("400人中137人（34.25%）", "137 of 400 people (34.25%)"),
        ),
        # A share without an end is rounded, and says so: not 100 %.
        (
            target("full-coverage", counted=PEOPLE),
            "99999",
            {"of": 100000, "unit": PEOPLE},
            ("100,000人中99,999人（约100%）", "99,999 of 100,000 people (about 100%)"),
        ),
        (
            target("full-coverage", counted=PEOPLE),
            "1",
            {"of": 3, "unit": PEOPLE},
            ("3人中1人（约33.33%）", "1 of 3 people (about 33.33%)"),
        ),
        (
            target(value=6, unit="percent", change="up-by"),
            "7.5",
            {"unit": "percent"},
            ("增长7.5%", "up 7.5%"),
        ),
        (target(value=6, unit="percent", change="up-by"), "-2", {"unit": "percent"}, ("下降2%", "down 2%")),
        (target(value=6, unit=FIRMS, change="down-by"), "-2", {"unit": FIRMS}, ("增加2家", "up 2 enterprises")),
        (target(value=500, unit=FIRMS, change="up-to"), "480", {"unit": FIRMS}, ("480家", "480 enterprises")),
    ],
)  # fmt: skip
def test_report_in_words(of: Target, value: str, more: dict[str, Any], words: tuple[str, str]) -> None:
    found = entry("e", "01-10", value=value, **more)
    assert tuple(quantity_format(language, [of]).reported(found) for language in LANGUAGES) == words


def test_old_data_reads_as_before() -> None:
    of = target(**PERCENT)
    assert of.unit is not None and of.unit.is_percent
    assert of.model_dump(mode="json", exclude_none=True, exclude_defaults=True)["unit"] == "percent"
    assert entry("e", "01-10", value=96, unit="percent").unit == of.unit


def test_examples_of_the_handbook_read_as_they_say() -> None:
    rows = re.findall(r"^\| ([^|]+) \| `(comparator: [^|`]+)` \|$", (ROOT / "data/README.md").read_text("utf-8"), re.M)
    assert len(rows) >= 10
    for words, fields in rows:
        of = target(**{"way": (found := yaml.safe_load(f"{{{fields}}}")).pop("comparator"), **found})
        assert of.number is not None
        goals = [quantity_format(language, [of]).goal(of.number) for language in LANGUAGES]
        assert " / ".join(dict.fromkeys(goals)) == words


# Judged.

NUMBERS = st.decimals(-200, 200, places=2)
SHARES = st.fractions(-50, 300, max_denominator=400)


@given(NUMBERS, st.decimals("0.01", 200, places=2), SHARES)
def test_comparisons(value: Decimal, more: Decimal, reported: Fraction) -> None:
    low, high = Fraction(value), Fraction(value + more)

    def met(way: str, **fields: Any) -> bool | None:
        number = target(way, value=value, **{"unit": FIRMS, **fields}).number
        assert number is not None
        return number.is_met_by(reported)

    assert met("at-least") is (reported >= low)
    assert met("at-most") is (reported <= low)
    assert met("between", to=value + more) is (low <= reported <= high)
    assert met("about") is None
    assert met("equal", unit="percent") is (reported == low)
    # An amount alone is met by more, too; what is to fall to it, by less.
    assert met("equal") is met("equal", change="up-by", unit="percent") is (reported >= low)
    assert met("equal", change="down-to", unit="percent") is (reported <= low)


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 100))
def test_share_of_a_total_is_exact(part: int, of: int, least: int) -> None:
    found = entry("e", "01-10", value=part, of=of, unit=PEOPLE)
    full, at_least = target("full-coverage").number, target(value=least, unit="percent").number
    assert full is not None and at_least is not None and found.measured is not None
    assert full.is_met_by(found.measured) is (part == of)
    assert at_least.is_met_by(found.measured) is (part * 100 >= least * of)


YEAR = {"covers": {"start": "2029-01-01", "end": "2029-12-31"}}
MONTH = {"covers": {"start": "2030-01-01", "end": "2030-01-31"}}


@pytest.mark.parametrize(
    ("of", "reported", "outcome", "rule", "state"),
    [
        # A rate that is met is to be kept: the measure is not done.
        (target(**PERCENT), {"value": 96}, "met", "value-meets", "routine"),
        (target("full-coverage"), {"value": 100}, "met", "value-meets", "routine"),
        (target("full-coverage", counted=PEOPLE), {"value": 400, "of": 400}, "met", "value-meets", "routine"),
        (target("full-coverage", counted=PEOPLE), {"value": 399, "of": 400}, "not-met", "value-below", "under-way"),
        (target(value=500, unit=FIRMS), {"value": 500}, "met", "value-meets", "done"),
        (target(value=20, unit=FIRMS, per="year"), {"value": 20}, "met", "value-meets", "routine"),
        (target("about", value=500, unit=FIRMS), {"value": 500}, "not-judged", "value-about", "under-way"),
        (
            target("about", value=500, unit=FIRMS, due="2030-01-20"),
            {"value": 3},
            "not-judged",
            "value-about",
            "under-way",
        ),
        # Below a limit before the time is over: more may come.
        (target("at-most", value=9, unit=FIRMS), {"value": 3}, "within", "value-within", "under-way"),
        (target("at-most", value=9, unit=FIRMS, due="2030-01-20"), {"value": 3}, "met", "value-meets", "routine"),
        (target("at-most", value=9, unit=FIRMS, due="2030-01-20"), {"value": 10}, "late", "value-late", "late"),
        (
            target("at-most", value=9, unit=FIRMS, per="year"),
            {"value": 3, **MONTH},
            "within",
            "value-within",
            "under-way",
        ),
        (target("at-most", value=9, unit=FIRMS, per="year"), {"value": 9, **YEAR}, "met", "value-meets", "routine"),
        (target("between", value=2, to=4, unit=FIRMS), {"value": 3}, "within", "value-within", "under-way"),
        (target("between", value=2, to=4, unit=FIRMS), {"value": 5}, "not-met", "value-below", "under-way"),
        (target("at-most", value=5, unit="percent"), {"value": 3}, "met", "value-meets", "routine"),
        (target(value=6, unit="percent", change="up-by"), {"value": -1}, "not-met", "value-below", "under-way"),
    ],
)  # fmt: skip
def test_outcome(of: Target, reported: dict[str, Any], outcome: str, rule: str, state: str) -> None:
    found = progress("02-01", task("01", measure("m")), of, entry("e", "01-15", **reported))
    assert (found.target(of).outcome, found.target(of).rule) == (outcome, rule)
    assert (found.measure("01/m").state, found.measure("01/m").rule) == (state, "by-target")


@given(st.sampled_from(["commitment", "aim"]), st.integers(-40, 400), st.decimals(0, 100, places=1))
def test_about_is_never_judged(nature: str, days: int, value: Decimal) -> None:
    of = target("about", value=50, unit="percent", nature=nature, due="2030-02-01")
    reports = entry("e", "01-15", value=value)
    as_of = day("02-01") + timedelta(days=days)
    found = Progress(progress("02-01", task("01", measure("m")), of, reports)._catalogue, as_of)
    assert found.target(of).outcome == "not-judged"
    assert found.measure("01/m").state == "under-way"


def year_end(value: int, on: str) -> dict[str, Any]:
    return {"value": value, "covers": {"start": "2029-01-01", "end": on}}


@pytest.mark.parametrize(
    ("nature", "reports", "outcome", "of"),
    [
        ("commitment", [], "ended-unreported", None),
        # The report of the year decides, however late it was written, and whatever came after it.
        ("commitment", [("01-10", year_end(94, "2029-12-31")), ("01-20", {"value": 99})], "late", "e0"),
        ("commitment", [("01-10", year_end(95, "2029-12-31")), ("01-20", {"value": 60})], "met", "e0"),
        ("aim", [("01-10", year_end(94, "2029-12-31"))], "not-met", "e0"),
        # Nothing speaks of a day up to the date: the first report after it.
        ("commitment", [("01-10", {"value": 96}), ("01-20", {"value": 60})], "met", "e0"),
    ],
)
def test_milestone_that_is_over(
    nature: str, reports: list[tuple[str, dict[str, Any]]], outcome: str, of: str | None
) -> None:
    milestones = [{"due": "2029-12-31", "value": 95}]
    goal = target(value=98, unit="percent", nature=nature, due="2031-12-31", milestones=milestones)
    entries = [entry(f"e{n}", on, target="t", **reported) for n, (on, reported) in enumerate(reports)]
    (found,) = progress("02-01", task("01", measure("m")), goal, *entries).target(goal).milestones
    assert (found.outcome, found.entry and found.entry.id) == (outcome, of)


def test_milestone_ahead_is_judged_by_the_latest_report() -> None:
    milestones = [{"due": "2030-12-31", "value": 95}, {"due": "2031-12-31", "value": 97, "comparator": "about"}]
    goal = target("full-coverage", due="2032-12-31", milestones=milestones)
    reports = entry("e0", "01-10", value=90), entry("e1", "01-20", value=96)
    found = progress("02-01", task("01", measure("m")), goal, *reports).target(goal)
    assert [(each.outcome, each.entry and each.entry.id) for each in found.milestones] == [
        ("met", "e1"),
        ("not-judged", "e1"),
    ]
    assert found.outcome == "not-met"


# Checked: each wrong combination with its fix, at its place.


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_numbers_county(tmp_path / "county") / "data"


def test_fixture_is_without_problems(data: Path) -> None:
    assert errors_of(data) == []
    assert [line for line in warnings_of(data) if "placeholder" not in line] == []


def test_units_are_translated_once(data: Path) -> None:
    keys = {str(text.key) for text in texts(checked(data, "data")[0])}
    assert {"target/lifts:unit", "target/certified:counted", "target/key-goods:milestones.0.quote"} <= keys
    assert "target/pass-rate:unit" not in keys, "per cent is no word"
    assert not [key for key in keys if key.startswith("entry/") and key.endswith(":unit")]


BROKEN = [
    Broken("range-without-end", [("targets.yml", "  to: 30\n", "")]),
    Broken("range-upside-down", [("targets.yml", "  to: 30\n", "  to: 20\n")]),
    Broken("end-without-range", [("targets.yml", "  value: 1250\n", "  value: 1250\n  to: 1300\n")]),
    Broken(
        "unit-missing", [("targets.yml", "  value: 1250\n  unit: {zh: 台, en: lifts, one: lift}\n", "  value: 1250\n")]
    ),
    Broken(
        "coverage-with-value",
        [("targets.yml", "  comparator: full-coverage\n", "  comparator: full-coverage\n  value: 100\n")],
    ),
    Broken(
        "percent-in-half",
        [("targets.yml", "  unit: {zh: 台, en: lifts, one: lift}\n", '  unit: {zh: "%", en: lifts}\n')],
    ),
    Broken(
        "factor-of-nothing", [("targets.yml", "en: thousand yuan, factor: 10}\n", "en: thousand yuan, factor: 0}\n")]
    ),
    Broken("comparator-in-chinese", [("targets.yml", "  comparator: at-most\n", "  comparator: 不超过\n")]),
    Broken("change-in-chinese", [("targets.yml", "  change: down-by\n", "  change: 下降\n")]),
    Broken("change-negative", [("targets.yml", "  value: 15\n", "  value: -15\n")]),
    Broken("share-too-large", [("targets.yml", "  value: 98\n", "  value: 198\n")]),
    Broken("baseline-undated", [("targets.yml", "  baseline: {year: 2029}\n", "  baseline: {value: 3}\n")]),
    Broken(
        "baseline-without-unit",
        [("targets.yml", "  baseline: {year: 2029}\n", "  baseline: {year: 2029, value: 3, source: 统计局}\n")],
    ),
    Broken(
        "baseline-without-source",
        [
            (
                "targets.yml",
                "    value: 380\n    quote: {zh: 由2029年的380件, en: from 380 in 2029}\n",
                "    value: 380\n",
            )
        ],
    ),
    Broken(
        "milestone-on-the-last-day", [("targets.yml", "{due: 2030-12-31, value: 96}", "{due: 2031-12-31, value: 96}")]
    ),
    Broken(
        "milestones-out-of-order", [("targets.yml", "{due: 2030-12-31, value: 96}", "{due: 2029-06-30, value: 96}")]
    ),
    Broken(
        "milestone-range-without-end",
        [("targets.yml", "{due: 2030-12-31, value: 96}", "{due: 2030-12-31, value: 96, comparator: between}")],
    ),
    Broken(
        "counted-of-an-amount",
        [
            (
                "targets.yml",
                "  unit: {zh: 家, en: enterprises, one: enterprise}\n",
                "  unit: {zh: 家, en: enterprises, one: enterprise}\n  counted: {zh: 人, en: people}\n",
            )
        ],
    ),
    Broken(
        "report-in-another-unit",
        [
            (
                "ledger/quality.yml",
                "  value: 41\n  unit: {zh: 件, en: complaints, one: complaint}\n",
                "  value: 41\n  unit: percent\n",
            )
        ],
    ),
    Broken("total-too-small", [("ledger/quality.yml", "  of: 400\n", "  of: 100\n")]),
    Broken("total-of-nothing", [("ledger/quality.yml", "  of: 400\n", "  of: 0\n")]),
    Broken("total-not-counted", [("ledger/quality.yml", "  value: 1300\n", "  value: 1300\n  of: 1400\n")]),
    Broken("unit-of-percent-sign", [("targets.yml", "  unit: {zh: 台, en: lifts, one: lift}\n", "  unit: '%'\n")]),
    Broken(
        "state-with-milestones",
        [("targets.yml", "  comparator: at-least\n  value: 98\n  unit: percent\n", "  comparator: achieve\n")],
    ),
    Broken(
        "baseline-twice-dated",
        [("targets.yml", "  baseline: {year: 2029}\n", "  baseline: {year: 2029, day: 2029-12-31}\n")],
    ),
    Broken(
        "baseline-later-than-due",
        [("targets.yml", "one: lift}\n  nature", "one: lift}\n  baseline: {year: 2033}\n  nature")],
    ),
    Broken(
        "baseline-source-of-nothing",
        [("targets.yml", "  baseline: {year: 2029}\n", "  baseline: {year: 2029, source: 统计局}\n")],
    ),
    Broken("part-negative", [("ledger/quality.yml", "  value: 137\n", "  value: -1\n")]),
    Broken(
        "state-reported-for-number",
        [("ledger/quality.yml", "  value: 1300\n  unit: {zh: 台, en: lifts, one: lift}\n", "  state: done\n")],
    ),
    Broken(
        "unit-left-out",
        [("ledger/quality.yml", "  value: 1300\n  unit: {zh: 台, en: lifts, one: lift}\n", "  value: 1300\n")],
    ),
    Broken("share-reported-too-large", [("ledger/quality.yml", "  value: 96.5\n", "  value: 965\n")]),
    Broken("milestone-without-value", [("targets.yml", "{due: 2030-12-31, value: 96}", "{due: 2030-12-31}")]),
]
MESSAGES = Recorded("numbers", (broken.name for broken in BROKEN))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_wrong_number_is_reported_to_the_letter(broken: Broken, data: Path) -> None:
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_every_rule_on_numbers_is_broken_by_some_case(tmp_path: Path) -> None:
    quiet = {rule for rule in RULES if rule.__module__ == "haopin.check.targets"}
    assert len(quiet) == 4
    for broken in BROKEN:
        data = copy_numbers_county(tmp_path / broken.name) / "data"
        broken.spoil(data)
        index = RecordIndex(read(data))
        quiet -= {rule for rule in quiet if any(True for _ in rule(index))}
    assert quiet == set()


def test_level_reported_for_a_change_is_asked_about(data: Path) -> None:
    edit(data / "targets.yml", "  change: up-to\n", "  change: up-by\n")
    assert [line for line in warnings_of(data) if "not less than the baseline “380”" in line]


def test_small_change_is_no_fraction_of_a_percentage(data: Path) -> None:
    edit(data / "ledger/quality.yml", "value: -2\n", "value: 0.5\n")
    assert not [line for line in warnings_of(data) if "less than one percent" in line]
    edit(data / "ledger/quality.yml", "value: 96.5\n", "value: 0.965\n")
    assert [line for line in warnings_of(data) if "should it be “96.5”" in line]


@pytest.mark.parametrize("unit", [{"en": "people"}, {"zh": "人", "en": "people", "few": "x"}, 3, "百分比"])
def test_unit_of_another_form_is_refused(unit: Any) -> None:
    with pytest.raises(ValidationError):
        target(value=3, unit=unit)


# On the pages.

#: Per target: what is to be reached, what was reported, its state.
SHOWN: dict[Language, dict[str, tuple[str, str, str]]] = {
    "zh": {
        "lifts": ("≥1,250台", "1,300台", "达标"),
        "complaints": ("每年≤300件", "41件", "目前未超过上限"),
        "fees": ("约20万元", "21.5万元", "已报送，不作判定"),
        "firms": ("20\u201330家", "1家", "尚未达标"),
        "investment": ("年均增长≥6%", "下降2%", "尚未达标"),
        "energy": ("下降15%", "下降12.5%", "尚未达标"),
        "patents": ("增加到500件", "512件", "达标"),
        "certified": ("全覆盖", "400人中137人（34.25%）", "尚未达标"),
        "key-goods": ("≥98%", "96.5%", "尚未达标"),
    },
    "en": {
        "lifts": ("≥1,250 lifts", "1,300 lifts", "Target met"),
        "complaints": ("≤300 complaints a year", "41 complaints", "Within the limit so far"),
        "fees": ("about 200 thousand yuan", "215 thousand yuan", "Reported, not judged"),
        "firms": ("20\u201330 enterprises", "1 enterprise", "Not yet met"),
        "investment": ("up ≥6% a year on average", "down 2%", "Not yet met"),
        "energy": ("down 15%", "down 12.5%", "Not yet met"),
        "patents": ("rise to 500 patents", "512 patents", "Target met"),
        "certified": ("Full coverage", "137 of 400 people (34.25%)", "Not yet met"),
        "key-goods": ("≥98%", "96.5%", "Not yet met"),
    },
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_numbers_county(tmp_path_factory.mktemp("numbers") / "county")


@pytest.fixture(scope="module")
def site(county: Path) -> Path:
    return build(county / "site", config=county / "mkdocs.yml")


def words_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def page(site: Path, language: Language, address: str) -> HtmlPage:
    name = f"{'' if language == 'zh' else 'en/'}{address}index.html"
    return HtmlPage(name, (site / name).read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_of_targets(site: Path, language: Language) -> None:
    cards = {
        heading.attrib["id"]: card
        for card in page(site, language, "targets/").all("div", cls="hp-target")
        for heading in card.iter("h2")
    }
    for name, (mark, value, state) in SHOWN[language].items():
        words = words_of(cards[name])
        assert words.startswith(mark), name
        outcome = words_of(next(e for e in cards[name].iter("dd") if e.get("class") == "hp-outcome"))
        assert outcome.startswith(f"{state} {value}"), name
    facts = {name: words_of(cards[name]) for name in ("energy", "patents", "key-goods", "lifts", "complaints", "firms")}
    chinese = language == "zh"
    assert ("对比基数2029年" if chinese else "Compared with2029") in facts["energy"]
    assert ("对比基数2029年，380件" if chinese else "Compared with2029: 380 patents") in facts["patents"]
    source = (
        "2029年12月31日，8家 来源：县统计局" if chinese else "31 December 2029: 8 enterprises Source: County Statistics"
    )
    assert source in facts["firms"]
    assert ("目标表述每年不超过300件" if chinese else "Target in wordsat most 300 complaints a year") in facts[
        "complaints"
    ]
    assert ("目标表述" if chinese else "Target in words") not in facts["lifts"]
    first, second = (
        (
            "2029年12月31日，不低于94% 到期未达标 93.2% 最近报送：2030年1月5日",
            "2030年12月31日，不低于96% 达标 96.5% 最近报送：2030年1月20日",
        )
        if chinese
        else (
            "31 December 2029: at least 94% Not met by the due date 93.2% last report: 5 January 2030",
            "31 December 2030: at least 96% Target met 96.5% last report: 20 January 2030",
        )
    )
    assert first in facts["key-goods"] and second in facts["key-goods"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["progress/", "tasks/03/", "changes/", "bodies/quality/", ""])
def test_same_numbers_on_every_page(site: Path, language: Language, address: str) -> None:
    words = words_of(page(site, language, address).root)
    found = [name for name, (_, value, _) in SHOWN[language].items() if value in words]
    # The home page shows the first six targets of all.
    assert len(found) == (5 if address == "" else len(SHOWN[language])), found


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_speak_in_the_same_words(site: Path, language: Language) -> None:
    source = page(site, language, "targets/").source
    rows = {words_of(row) for row in page(site, language, "targets/").all("tr")}
    for name, (mark, value, _) in SHOWN[language].items():
        assert any(mark in row and value in row for row in rows), name
    assert "NaN" not in source and "Infinity" not in source
    expected = "每条刻度从0起" if language == "zh" else "each on a scale from 0"
    assert expected in source


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_and_feeds(site: Path, language: Language) -> None:
    base = site if language == "zh" else site / "en"
    for name, (mark, value, _) in SHOWN[language].items():
        card = HtmlPage(name, (base / f"embed/target/{name}/index.html").read_text("utf-8"))
        assert mark in words_of(card.root) and value in words_of(card.root), name
    feeds = "".join(path.read_text("utf-8") for path in base.rglob("*.xml") if "feed" in path.as_posix())
    assert all(value in feeds for _, value, _ in SHOWN[language].values())


# In the ledger's form.


@pytest.fixture(scope="module")
def form(county: Path) -> bytes:
    return ledger_book(whole(checked(county / "data", "data")[0], samples=False), "quality", DAY, "zh")


def filled_in(form: bytes, path: Path, **rows: dict[str, Any]) -> Path:
    book = openpyxl.load_workbook(io.BytesIO(form))
    sheet = book["进展"]
    columns = {str(cell.value): cell.column or 0 for cell in sheet[2]}
    at = {sheet.cell(n, 1).value: n for n in range(3, sheet.max_row + 1)}
    for name, cells in rows.items():
        typed = {"日期": date(2030, 1, 31), "来源": "县质量局", **cells}
        for heading, value in typed.items():
            sheet.cell(at[name.replace("_", "-")], columns[heading]).value = value
    book.save(path)
    return path


def test_form_says_units_and_last_values(form: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(form))["进展"]
    columns = {str(cell.value): cell.column or 0 for cell in sheet[2]}
    assert columns["总数"] == columns["数值"] + 1
    rows = {str(sheet.cell(n, 1).value): n for n in range(3, sheet.max_row + 1)}
    units = {name: sheet.cell(rows[name], columns["单位"]).value for name in SHOWN["zh"]}
    assert units == {
        "lifts": "台",
        "complaints": "件",
        "fees": "万元",
        "firms": "家",
        "investment": "%（增长数）",
        "energy": "%（下降数）",
        "patents": "件",
        "certified": "%（填总数时为人）",
        "key-goods": "%",
    }
    last = {name: sheet.cell(rows[name], columns["上次数值"]).value for name in SHOWN["zh"]}
    assert last == {name: value for name, (_, value, _) in SHOWN["zh"].items()}
    # A total is asked only where one can be reported.
    locked = {name: sheet.cell(rows[name], columns["总数"]).protection.locked for name in SHOWN["zh"]}
    assert [name for name, shut in locked.items() if not shut] == ["certified"]


def test_form_without_totals_has_no_column_for_them(data: Path) -> None:
    edit(data / "targets.yml", "  counted: {zh: 人, en: people, one: person}\n", "")
    (data / "ledger/quality.yml").unlink()
    book = ledger_book(whole(checked(data, "data")[0], samples=False), "quality", DAY, "zh")
    headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(book))["进展"][2]]
    assert "数值" in headings and "总数" not in headings


def test_form_comes_back_as_it_was_filled_in(form: bytes, data: Path, tmp_path: Path) -> None:
    path = filled_in(
        form,
        tmp_path / "form.xlsx",
        lifts={"数值": 1310},
        certified={"数值": 250, "总数": 400},
        key_goods={"数值": "97.25%"},
        investment={"数值": -3.5},
        energy={"数值": 120},
    )
    reading = checked(data, "data")[0]
    plan = read_import(path, reading, "data", body=None, samples=False, today=DAY)
    found = {report.entry.target: report.entry for report in plan.new}
    certified, lifts = found["certified"], found["lifts"]
    assert (certified.value, certified.of) == (Decimal(250), Decimal(400))
    assert (lifts.value, lifts.of) == (Decimal(1310), None)
    assert certified.unit is not None and certified.unit.zh == "人"
    assert lifts.unit is not None and lifts.unit.en == "lifts"
    assert found["key-goods"].value == Decimal("97.25")
    assert (found["investment"].value, found["energy"].value) == (Decimal("-3.5"), Decimal(120))
    told = "\n".join(format_report(plan))
    assert "数值：400人中250人（62.5%）" in told and "value: 250 of 400 people (62.5%)" in told
    assert "数值：下降3.5%" in told and "value: 1,310 lifts" in told
    for file, raw in plan.changes.items():
        (data / file).write_bytes(raw)
    assert errors_of(data) == []
    written = {e.id: e for e in catalogue_of(data).all(Entry)}
    assert "2030-01-31-certified" not in written, "a report is public once it is approved"
    again = read_import(path, checked(data, "data")[0], "data", body=None, samples=False, today=DAY)
    assert (len(again.new), len(again.known)) == (0, 5)


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("certified", {"数值": 401, "总数": 400}, "is less than the part “401”"),
        ("certified", {"数值": 137}, "the percentage “137” must lie between 0 and 100"),
        ("lifts", {"数值": 3, "总数": 4}, "“lifts” is not reported as part of a total; empty this cell"),
        ("lifts", {"数值": "3%"}, "“3%” is a percentage, and this is not"),
        ("certified", {"数值": 3, "总数": "x"}, "“x” is not a number"),
    ],
)
def test_form_that_cannot_be_right(
    form: bytes, data: Path, tmp_path: Path, name: str, cells: dict[str, Any], words: str
) -> None:
    path = filled_in(form, tmp_path / "form.xlsx", **{name: cells})
    with pytest.raises(DataError) as error:
        read_import(path, checked(data, "data")[0], "data", body=None, samples=False, today=DAY)
    assert [line for line in error.value.lines if words in line], error.value.lines


# By questions.


def new_entry(data: Path, *options: str) -> tuple[int, str]:
    given = ("date=2030-01-31", "body=quality", "source=局", *options)
    told = office_command(data.parent, "new", "entry", "--yes", *(word for each in given for word in ("--set", each)))
    return told.code, told.output


def test_new_report_takes_the_unit_of_its_target_or_of_what_it_counts(data: Path) -> None:
    file = data / "ledger/quality.yml"
    for target, cells, lines in (
        ("lifts", ("value=1,400",), "  value: 1400\n  unit:\n    zh: 台\n    en: lifts\n    one: lift\n"),
        ("certified", ("value=250", "of=400"), "  value: 250\n  of: 400\n  unit:\n    zh: 人\n    en: people\n"),
        ("certified", ("value=62.5%", "date=2030-02-01"), "  value: 62.5\n  unit: percent\n"),
        ("fees", ("value=22",), "  value: 22\n  unit:\n    zh: 万元\n    en: thousand yuan\n    factor: 10\n"),
    ):
        code, told = new_entry(data, f"target={target}", *cells)
        assert code == 0, told
        text = re.sub(r"^ *#.*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
        assert lines in text, text
    assert errors_of(data) == []


def test_new_report_in_per_cent_of_what_is_not(data: Path) -> None:
    code, told = new_entry(data, "target=lifts", "value=3%")
    assert code != 0 and "“3%” is not a number" in told, told
    code, told = new_entry(data, "target=lifts", "value=3", "of=4")
    assert code != 0 and "counted" in told, told


# In the API and the tables.


def test_api(site: Path) -> None:
    for kind in ("target", "entry"):
        schema = json.loads((site / f"api/v1/schema/{kind}.json").read_text("utf-8"))
        found = json.loads((site / f"api/v1/{kind}.json").read_text("utf-8"))
        assert [error.message for error in Draft202012Validator(schema).iter_errors(found)] == []
    items = {item["id"]: item for item in json.loads((site / "api/v1/target.json").read_text("utf-8"))["items"]}
    assert items["pass-rate"]["record"]["unit"] == "percent"
    assert items["lifts"]["record"]["unit"] == {"zh": "台", "en": "lifts", "one": "lift", "factor": None}
    assert items["key-goods"]["record"]["milestones"][1]["value"] == 96
    certified = items["certified"]["derived"]["outlook"]
    assert (certified["value"], certified["of"], certified["share"]) == (137, 400, 34.25)
    for language in LANGUAGES:
        for name, (_, value, _) in SHOWN[language].items():
            assert items[name]["derived"]["outlook"]["reported_words"][language] == value
    assert items["firms"]["derived"]["outlook"]["goal"] == {"zh": "20至30家", "en": "20 to 30 enterprises"}
    assert items["key-goods"]["derived"]["outlook"]["milestones"] == [
        {"due": "2029-12-31", "outcome": "late", "entry": "key-goods-1"},
        {"due": "2030-12-31", "outcome": "met", "entry": "key-goods-2"},
    ]
    file = json.loads((site / "api/v1/target/key-goods.json").read_text("utf-8"))
    assert set(file["rules"]) == {"value-below", "milestone"}
    status = json.loads((site / "api/v1/status.json").read_text("utf-8"))
    schema = json.loads((site / "api/v1/schema/status.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(status)] == []
    assert {"value-about", "value-within", "milestone"} <= set(status["rules"])
    assert status["targets"]["fees"]["outcome"] == "not-judged"


def rows_of(site: Path, name: str) -> list[dict[str, str]]:
    text = (site / f"downloads/{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_tables(site: Path) -> None:
    data = json.loads((site / "api/v1/target.json").read_text("utf-8"))
    rows = rows_of(site, "target")
    assert len(rows) == data["count"]
    by_title = {row[next(iter(row))]: row for row in rows}
    lifts = list(by_title["lifts"].values())
    assert {"1250", "台", "lifts", "lift", "at-least"} <= set(lifts)
    assert {"20", "30", "between"} <= set(by_title["firms"].values())
    assert {"2029", "380", "up-to"} <= set(by_title["patents"].values())
    milestones = [set(row.values()) for row in rows_of(site, "target-milestones")]
    assert [{"key-goods", "2029-12-31", "94"} <= row for row in milestones] == [True, False]
    certified = next(row for row in rows_of(site, "entry") if "certified-1" in row.values())
    assert {"137", "400", "人", "people"} <= set(certified.values())
    # In English the number of 万元 is another one: the table says by how much.
    assert {"20", "万元", "thousand yuan", "10"} <= set(by_title["fees"].values())


def test_milestones_are_in_the_calendar(site: Path) -> None:
    calendars = "".join(path.read_text("utf-8") for path in site.rglob("*.ics"))
    assert "UID:target-key-goods-2030-12-31" in calendars
