"""The rules across records, each on a small variant of the invented county: the complete printed lines."""

import io
import os
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from broken import Broken, Edit, Recorded
from haopin.check.documents import uncovered
from haopin.check.entries import RecordIndex
from haopin.check.rules import RULES, check
from haopin.check.texts import days_to_come
from haopin.load.folder import read
from haopin.model.document import Clause
from haopin.model.task import Section
from living import copy_living
from support import COUNTY, copy_data, edit, errors_of, warnings_of

PLAN_RULES = {"identity", "references", "quotations", "coverage", "calendar", "sources"}

_EVENT = """\
id: {id}
date: 2030-01-05
title: 参观
start: {start}
source: 县质量局
"""


PLAN, SOURCE = "documents/plan-2030-1.yml", "documents/plan-2030-1.zh.txt"
_OLD = {1: "县质量局、县商务局按职责分工负责", 2: "县质量局负责"}


def says(task: int, words: str) -> list[Edit]:
    """The plan, and the quotation of a task, name the responsible bodies in other ``words``."""
    return [
        (PLAN, f"({_OLD[task]})", f"({words})"),
        (SOURCE, f"({_OLD[task]})", f"({words})"),
        (f"tasks/{task:02d}.yml", f"{{zh: {_OLD[task]},", f'{{zh: "{words}",'),
    ]


_DAY = "activities/quality-day.yml"


def sourced(zh: str, en: str, address: str = "", certainty: str = "high") -> list[Edit]:
    """The theme of Quality Day has another source."""
    return [
        (_DAY, "certainty: medium", f"certainty: {certainty}"),
        (
            _DAY,
            'source: {zh: 甲政发〔2028〕2号, en: "Jia Zheng Fa [2028] No. 2"}\n',
            f'source: {{zh: "{zh}", en: "{en}"}}\n' + (f"        source_address: {address}\n" if address else ""),
        ),
    ]


#: Sources that were not seen themselves, or name no page.
SECOND_HAND = {
    "reprint": sourced("仅见转载", "Newspaper", "https://paper.example/1"),
    "reprint-in-english": sourced("县报", "Seen only in a reprint", "https://paper.example/1"),
    "to-be-confirmed": sourced("县报,待县里核实", "County Daily", "https://paper.example/1"),
    "bare-host": sourced("质量局 quality.example", "Bureau"),
    "home-page": sourced("质量局", "Bureau", "https://quality.example/"),
}
BROKEN = (
    *(Broken(f"sure-at-second-hand-{name}", edits) for name, edits in SECOND_HAND.items()),
    Broken(
        "names-that-no-disk-takes",
        [
            ("events/con.yml", None, _EVENT.format(id="con", start="2030-02-09")),
            (f"events/{'e' * 101}.yml", None, _EVENT.format(id="e" * 101, start="2030-02-09")),
            ("evidence/AUX.pdf", None, "%PDF-1.4"),
            (f"evidence/{'质' * 66}.pdf", None, "%PDF-1.4"),
        ],
    ),
    Broken(
        "days-that-cannot-be",
        [
            ("events/a.yml", None, _EVENT.format(id="a", start="9999-12-31")),
            ("events/b.yml", None, _EVENT.format(id="b", start="0203-02-09")),
        ],
    ),
    Broken(
        "body-twice",
        [
            ("bodies.yml", ("id: commerce"), ("id: quality")),
            ("tasks/01.yml", ("[quality, commerce]"), ("[quality, quality]")),
        ],
    ),
    Broken("measure-twice", [("tasks/01.yml", ("id: publish"), ("id: check"))]),
    Broken(
        "clause-twice",
        [
            ("documents/plan-2030-1.yml", ("{id: slogan, level: paragraph"), ("{id: plan-title, level: paragraph")),
            ("site.yml", ("id: slogan}"), ("id: plan-title}")),
        ],
    ),
    Broken(
        "site-id-in-two-files",
        [
            (
                "activities/other.yml",
                None,
                (
                    "id: quality-day\n"
                    "kind: campaign\n"
                    "name: {zh: 甲, en: A}\n"
                    "as_written: {clause: {document: plan-2030-1, id: task-02}, quote: {zh: 质量日, "
                    "en: Quality Day}}\n"
                ),
            )
        ],
    ),
    Broken(
        "anchor-twice",
        [
            (
                "industries.yml",
                None,
                (
                    "- id: food\n"
                    "  title: {zh: 甲, en: A}\n"
                    "  clause: {document: plan-2030-1, id: task-02}\n"
                    "  quote: {zh: 质量日, en: Quality Day}\n"
                ),
            ),
            (
                "pilot_fields.yml",
                None,
                (
                    "- id: food\n"
                    "  name: {zh: 甲, en: A}\n"
                    "  clause: {document: plan-2030-1, id: task-02}\n"
                    "  quote: {zh: 质量日, en: Quality Day}\n"
                ),
            ),
        ],
    ),
    Broken("group-unknown", [("tasks/01.yml", ("group: line"), ("group: lines"))]),
    Broken("group-unknown-no-guess", [("tasks/01.yml", ("group: line"), ("group: safety"))]),
    Broken("body-unknown", [("tasks/01.yml", ("[quality, commerce]"), ("[quality, comerce]"))]),
    Broken(
        "owner-unknown",
        [
            (
                "tasks/01.yml",
                ("  - id: check\n"),
                ("  - id: check\n    owner: qualty\n    assigned_by: {zh: 分工表, en: Plan}\n"),
            )
        ],
    ),
    Broken(
        "owner-is-a-sample",
        [
            ("samples/bodies.yml", None, "- {id: sb, name: {zh: 示例局, en: Sample}, level: county, sample: true}\n"),
            (
                "tasks/01.yml",
                "  - id: check\n",
                "  - id: check\n    owner: sb\n    assigned_by: {zh: 分工表, en: Plan}\n",
            ),
        ],
    ),
    Broken("document-unknown", [("tasks/02.yml", ("document: plan-2030-1"), ("document: plan-2030-2"))]),
    Broken("clause-unknown", [("tasks/02.yml", ("id: task-02}"), ("id: task-2}"))]),
    Broken("clause-unknown-deep", [("activities/quality-day.yml", ("id: task-02}"), ("id: quality}"))]),
    Broken("site-document-unknown", [("site.yml", ("document: plan-2030-1\na"), ("document: plan-2030\na"))]),
    Broken("slogan-clause-unknown", [("site.yml", ("id: slogan}"), ("id: slogen}"))]),
    Broken("target-measure-unknown", [("targets.yml", ("01/pass-rate"), ("01/passrate"))]),
    Broken("target-without-unit", [("targets.yml", ("  unit: percent\n"), "")]),
    Broken("target-without-value", [("targets.yml", ("  value: 95\n"), "")]),
    Broken("target-without-both", [("targets.yml", ("  value: 95\n  unit: percent\n"), "")]),
    Broken("state-with-value", [("targets.yml", ("at-least"), ("achieve"))]),
    Broken("percent-too-large", [("targets.yml", ("value: 95"), ("value: 950"))]),
    Broken("percent-negative", [("targets.yml", ("value: 95"), ("value: -5"))]),
    Broken("joint-sole", [("tasks/02.yml", ("joint: false"), ("joint: true"))]),
    Broken(
        "joint-several",
        [("tasks/01.yml", ("  bodies: [quality, commerce]\n"), ("  bodies: [quality, commerce]\n  joint: false\n"))],
    ),
    Broken(
        "joint-others",
        [("tasks/02.yml", ("joint: false"), ("joint: false\n  others: {zh: 等部门, en: and other departments}"))],
    ),
    Broken("lead-not-recorded", [*says(2, "县质量局牵头"), ("tasks/02.yml", "  joint: false\n", "")]),
    Broken("lead-listed-first", says(2, "牵头单位：县质量局")),
    Broken("lead-of-no-known-name", says(2, "县质检所牵头")),
    Broken("lead-not-quoted", [("tasks/02.yml", "  bodies: [quality]\n", "  lead: [quality]\n")]),
    Broken(
        "lead-of-another",
        [
            *says(1, "县质量局牵头,县商务局配合"),
            ("tasks/01.yml", "  bodies: [quality, commerce]\n", "  lead: [commerce]\n  participating: [quality]\n"),
        ],
    ),
    Broken(
        "lead-is-joint",
        [
            *says(2, "县质量局牵头"),
            ("tasks/02.yml", "[quality]\n  joint: false", "[]\n  lead: [quality]\n  joint: true"),
        ],
    ),
    Broken(
        "lead-in-a-measure",
        [
            (PLAN, "2.办好质量日。办好质量日活动。", "2.办好质量日。由县质量局、县商务局共同牵头办好质量日活动。"),
            (SOURCE, "2.办好质量日。办好质量日活动。", "2.办好质量日。由县质量局、县商务局共同牵头办好质量日活动。"),
            ("tasks/02.yml", "{zh: 办好质量日活动,", "{zh: 由县质量局、县商务局共同牵头办好质量日活动,"),
        ],
    ),
    Broken("responsible-unquoted", [("tasks/02.yml", "  quote: {zh: 县质量局负责, en: County Quality Bureau}\n", "")]),
    Broken(
        "general-not-quoted",
        [("tasks/02.yml", "[quality]\n  joint: false", "[quality]\n  general: [{zh: 各乡镇, en: all townships}]")],
    ),
    Broken("nobody-responsible", [("tasks/02.yml", "  bodies: [quality]\n", "")]),
    Broken(
        "body-in-two-parts",
        [("tasks/01.yml", "  bodies: [quality, commerce]\n", "  bodies: [quality]\n  participating: [quality]\n")],
    ),
    Broken(
        "owner-and-responsible",
        [
            (
                "tasks/01.yml",
                "  - id: check\n",
                "  - id: check\n    owner: quality\n    responsible: {bodies: [quality]}\n",
            )
        ],
    ),
    Broken(
        "measure-responsible-without-source",
        [("tasks/01.yml", "  - id: check\n", "  - id: check\n    responsible: {lead: [quality]}\n")],
    ),
    Broken("quote-zh", [("tasks/01.yml", ("quote: {zh: 每年抽查产品,"), ("quote: {zh: 每年抽检产品,"))]),
    Broken("quote-en", [("tasks/01.yml", ("en: Check products every year}"), ("en: Check products each year}"))]),
    Broken(
        "quote-both",
        [
            (
                "tasks/02.yml",
                ("{zh: 办好质量日活动, en: Hold the events of Quality Day}"),
                ("{zh: 办好活动日, en: Hold events}"),
            )
        ],
    ),
    Broken("quote-nothing-near", [("phases.yml", ("{zh: 召开会议, en: Hold a meeting}"), ("{zh: 丙丁, en: Zzz}"))]),
    Broken("quote-responsible", [("tasks/02.yml", ("zh: 县质量局负责"), ("zh: 县质量局牵头"))]),
    Broken("quote-period", [("phases.yml", ("zh: 2030年1月至3月"), ("zh: 2030年1月至4月"))]),
    Broken("quote-activity", [("activities/quality-day.yml", ("quote: {zh: 质量日,"), ("quote: {zh: 质量月,"))]),
    Broken("quote-target", [("targets.yml", ("quote: {zh: 合格率不低于95%,"), ("quote: {zh: 合格率不低于90%,"))]),
    Broken("quote-target-en", [("targets.yml", ("en: pass rate at 95% or more"), ("en: pass rate of 95% or more"))]),
    Broken(
        "quote-provision",
        [
            (
                "services.yml",
                None,
                (
                    "- id: help\n"
                    "  name: {zh: 甲, en: A}\n"
                    "  clause: {document: plan-2030-1, id: task-02}\n"
                    "  quote: {zh: 质量月, en: Quality Day}\n"
                ),
            )
        ],
    ),
    Broken(
        "quote-citation",
        [
            (
                "documents/other.yml",
                None,
                (
                    "id: other\n"
                    "title: {zh: 甲, en: A}\n"
                    "citations:\n"
                    "  - clause: {document: plan-2030-1, id: task-02}\n"
                    "    quote: {zh: 质量月, en: Quality Day}\n"
                ),
            )
        ],
    ),
    Broken("heading", [("tasks/02.yml", ("title: {zh: 办好质量日,"), ("title: {zh: 办好质量月,"))]),
    Broken("heading-group", [("groups.yml", ("zh: 守住底线"), ("zh: 守好底线"))]),
    Broken(
        "uncovered-measure",
        [
            (
                "tasks/01.yml",
                (
                    "  - id: publish\n"
                    "    title: {zh: 公布结果, en: Publish the results}\n"
                    "    quote: {zh: 公布结果, en: publish the results}\n"
                ),
                "",
            )
        ],
    ),
    Broken(
        "uncovered-word",
        [
            (
                "tasks/01.yml",
                ("quote: {zh: 每年抽查产品, en: Check products every year}"),
                ("quote: {zh: 抽查产品, en: Check products}"),
            )
        ],
    ),
    Broken(
        "uncovered-new-sentence",
        [
            (
                "documents/plan-2030-1.yml",
                ("办好质量日活动。(县质量局负责)\n"),
                ("办好质量日活动。另行通知。(县质量局负责)\n"),
            ),
            ("documents/plan-2030-1.zh.txt", ("办好质量日活动。"), ("办好质量日活动。另行通知。")),
        ],
    ),
    Broken(
        "uncovered-no-measures",
        [
            (
                "phases.yml",
                (
                    "  measures:\n"
                    "    - id: meeting\n"
                    "      title: {zh: 开会, en: Meet}\n"
                    "      quote: {zh: 召开会议, en: Hold a meeting}\n"
                ),
                "",
            )
        ],
    ),
    Broken(
        "document-differs",
        [
            (
                "documents/plan-2030-1.yml",
                ("zh: 甲乙县质量工作方案, en: Quality Work Plan of Jiayi County}\n  -"),
                ("zh: 甲乙县质量工作方策, en: Quality Work Plan of Jiayi County}\n  -"),
            )
        ],
    ),
    Broken(
        "document-differs-in-punctuation",
        [("documents/plan-2030-1.yml", ('zh: "诚信为本,质量为先。"'), ('zh: "诚信为本，质量为先。"'))],
    ),
    Broken(
        "hotline-not-in-clause",
        [
            (
                "site.yml",
                ("document: plan-2030-1\naddress"),
                (
                    'hotlines: [{number: "10000", name: {zh: 甲, en: A}, '
                    "clause: {document: plan-2030-1, id: task-01}}]\n"
                    "document: plan-2030-1\naddress"
                ),
            )
        ],
    ),
    Broken("measure-takes-an-anchor-of-the-page", [("tasks/02.yml", ("id: events"), ("id: full-text"))]),
    Broken(
        "document-character-lost",
        [
            ("documents/plan-2030-1.yml", ("公布结果,合格率"), ("公布,合格率")),
            ("tasks/01.yml", ("quote: {zh: 公布结果,"), ("quote: {zh: 公布,")),
        ],
    ),
    Broken(
        "source-longer",
        [("documents/plan-2030-1.zh.txt", ("召开会议。"), ("召开会议。\n附件:分工表,共二十五个单位的名单,另行印发。"))],
    ),
    Broken("source-shorter", [("documents/plan-2030-1.zh.txt", ("召开会议。"), ("召开"))]),
    Broken("source-missing", [("documents/plan-2030-1.zh.txt", None, None)]),
    Broken("phase-backwards", [("phases.yml", ("end: 2030-03-31"), ("end: 2029-12-31"))]),
    Broken(
        "edition-backwards",
        [
            (
                "activities/quality-day.yml",
                ("  - year: 2032\n"),
                ("  - year: 2032\n    start: 2032-03-02\n    end: 2032-03-01\n"),
            )
        ],
    ),
    Broken(
        "edition-in-another-year",
        [
            (
                "activities/quality-day.yml",
                ("  - year: 2032\n"),
                ("  - year: 2032\n    start: 2031-12-31\n    end: 2032-01-02\n"),
            )
        ],
    ),
    Broken("june-31", [("activities/quality-day.yml", ("{month: 2, day: 29}"), ("{month: 6, day: 31}"))]),
    Broken("february-30", [("activities/quality-day.yml", ("{month: 2, day: 29}"), ("{month: 2, day: 30}"))]),
    Broken("edition-twice", [("activities/quality-day.yml", ("year: 2032"), ("year: 2028"))]),
    Broken("time-zone-unknown", [("site.yml", ("Asia/Shanghai"), ("Asia/Shanghia"))]),
    Broken("time-zone-unknown-no-guess", [("site.yml", ("Asia/Shanghai"), ("Peking"))]),
    Broken("time-zone-path", [("site.yml", ("Asia/Shanghai"), ("../etc"))]),
    Broken("record-takes-an-anchor", [("glossary.yml", None, "- {id: main, term: {zh: 主, en: main}, kind: term}\n")]),
    Broken(
        "need-leads-nowhere",
        [
            (
                "needs.yml",
                None,
                (
                    "- id: shopping\n"
                    "  icon: food\n"
                    "  title: {zh: 甲, en: A}\n"
                    "  answer: {zh: 乙, en: B}\n"
                    "  measures: [01/chek]\n"
                    "  tasks: ['03']\n"
                    "  documents: [plan-2030]\n"
                    "  pages: [activites]\n"
                ),
            )
        ],
    ),
    Broken(
        "colours-too-pale",
        [
            (
                "site.yml",
                'identity: {main: "#00594f", main_dark: "#6fd3c4"}',
                'identity: {main: "#88ccaa", main_dark: "#22443c", late: {light: "#ffcccc", dark: "#ffcccc"}}',
            )
        ],
    ),
    Broken(
        "look-of-a-group",
        [
            (
                "groups.yml",
                "  title: {zh: 守住底线, en: Hold the line}\n",
                "  title: {zh: 守住底线, en: Hold the line}\n"
                '  colour: {light: "#88ccaa", dark: "#88ccaa"}\n'
                "  picture: lantern.svg\n",
            ),
            ("tasks/02.yml", "group: line\n", "group: line\npicture: gate.svg\n"),
            (
                "scenes/lanterns.svg",
                None,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\n<a href='https://x.example/'/></svg>",
            ),
        ],
    ),
    Broken("mark-cut-off", [("mark.svg", None, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\n<g>")]),
    Broken("mark-of-another-kind", [("mark.svg", None, "<html/>")]),
    Broken(
        "hero-that-runs-and-loads",
        [
            (
                "hero.svg",
                None,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\n<script/>\n"
                "<rect fill='url(https://x.example/#a)'/><rect fill='url(#a)'/><use href='#a'/></svg>",
            )
        ],
    ),
    Broken(
        "mark-without-a-size",
        [("mark.svg", None, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' width='100%' height='12pt'/>")],
    ),
    Broken(
        "template-with-a-package",
        [
            (
                "materials/poster.typ",
                None,
                '#import "county.typ": *\n// #import "@preview/a:1.0.0"\n  #import "@preview/cetz:0.3.0"\n',
            )
        ],
    ),
)


MESSAGES = Recorded("check_rules", (broken.name for broken in BROKEN))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_rule_is_reported_to_the_letter(broken: Broken, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


@pytest.fixture
def data() -> Path:
    """Records of the invented county; in ``tests/county``, this repository's own."""
    return COUNTY / "data"


def test_good_county_has_no_errors(data: Path) -> None:
    assert errors_of(data) == []


@pytest.mark.slow
def test_every_rule_is_broken_by_some_case(tmp_path: Path) -> None:
    """A rule that no case breaks is not tested; `tests/test_check_publishable.py` has the rules on living data."""
    quiet = {rule.__name__ for rule in RULES if rule.__module__.rpartition(".")[2] in PLAN_RULES}
    for broken in BROKEN:
        data = copy_data(tmp_path / broken.name)
        broken.spoil(data)
        entries = RecordIndex(read(data))
        quiet -= {rule.__name__ for rule in RULES if any(p.severity == "error" for p in rule(entries))}
    # A placeholder address and a missing source are never errors; tests/test_synonyms.py has the rule on synonyms.
    assert quiet == {"site_address_is_real", "facts_have_sources", "synonyms_lead_somewhere"}


def test_time_zone_that_is_a_folder_of_zones(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "site.yml", "Asia/Shanghai", "Asia")
    (line,) = errors_of(data)
    assert line.startswith("data/site.yml:9:12: 没有编号为“Asia”的时区")


@pytest.mark.parametrize(
    ("zh", "address", "certainty"),
    [
        ("县报,2028年2月29日", "http://paper.example/1", "high"),
        ("国函〔2017〕51号", "", "high"),
        ("仅见转载", "https://paper.example/1", "medium"),
        ("质量局", "https://quality.example/?p=1", "high"),
    ],
)
def test_a_source_that_can_be_followed_is_no_problem(zh: str, address: str, certainty: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    Broken("", sourced(zh, "Source", address, certainty)).spoil(data)
    assert errors_of(data) == [] and len(warnings_of(data)) == 1


@pytest.mark.parametrize(("zh", "address"), [("县报", ""), ("质量局 quality.example", ""), ("甲", "https://a.example")])
def test_a_source_that_cannot_be_followed_is_a_warning(zh: str, address: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    Broken("", sourced(zh, "Source", address, "medium")).spoil(data)
    assert errors_of(data) == []
    (line,) = (line for line in warnings_of(data) if "source_address" in line)
    assert line == (
        f"data/activities/quality-day.yml:13:17: 提醒 / warning: 来源“{zh}”读者无法查找，请在“source_address”"
        "写网页的完整网址，或写明文件的发文字号 / "
        f"a reader cannot look up the source “{zh}”; give the full address of the page in “source_address”, or the "
        "number of the document"
    )


def test_facts_without_a_source_are_warnings(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / _DAY, "editions:", "since: 2020\nstanding_theme: {zh: 甲, en: A}\neditions:")
    edit(data / "bodies.yml", "- id: quality\n", "- id: quality\n  phone: 000-0000002\n")
    found = [line for line in warnings_of(data) if "sources" in line]
    assert [line.partition(" ")[0] for line in found] == [
        "data/activities/quality-day.yml:6:1:",
        "data/bodies.yml:2:3:",
    ]
    assert "“since”没有来源，请加“sources”，写明出自哪个文件（发文字号）或网页（完整网址）" in found[0]
    assert "“phone” has no source; add “sources” with the document (its number) or the page" in found[1]
    edit(data / _DAY, "editions:", "sources:\n  - text: {zh: 甲政发〔2020〕1号, en: No. 1}\neditions:")
    edit(data / "bodies.yml", "- id: quality\n", "- id: quality\n  website: https://bureau.example/\n")
    assert [line for line in warnings_of(data) if "sources" in line] == []


def test_an_honor_that_is_held_has_a_source(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "honours.yml").write_text(
        "- id: prize\n  name: 质量奖\n  clause: {document: plan-2030-1, id: task-02}\n  quote: 质量日\n"
        "  standing: held\n  kind: award\n",
        encoding="utf-8",
    )
    (line,) = errors_of(data)
    assert line.startswith("data/honours.yml:5:")
    assert "写 held 要有来源：请加“sources”" in line and "held needs a source: add “sources”" in line
    edit(data / "honours.yml", "standing: held", "standing: mentioned")
    assert errors_of(data) == []


@pytest.mark.parametrize("host", ["quality.example", "a.b.example", "www.example.org", "quality.invalid"])
def test_placeholder_address_is_a_warning_only(host: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "site.yml", "https://quality.example/", f"https://{host}/")
    assert errors_of(data) == []
    assert warnings_of(data) == [
        f"data/site.yml:8:10: 提醒 / warning: “https://{host}/”是占位网址，不能发布，发布前请换成真实网址 / "
        f"“https://{host}/” is a placeholder and is not released; put in the real address before a release"
    ]


@pytest.mark.parametrize("host", ["quality.test", "localhost", "a.localhost", "127.0.0.1"])
def test_an_address_for_trials_is_a_warning(host: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "site.yml", "https://quality.example/", f"https://{host}/")
    assert errors_of(data) == []
    assert warnings_of(data) == [
        f"data/site.yml:8:10: 提醒 / warning: “https://{host}/”只用于试验，公众打不开，正式发布前请换成真实网址 / "
        f"“https://{host}/” is for trials, and the public cannot open it; put in the real address before a release"
    ]


@pytest.mark.parametrize("address", ["https://quality.gov.cn/", "https://example.gov.cn/zt/", "https://example.cn/"])
def test_real_address_is_no_warning(address: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "site.yml", "https://quality.example/", address)
    assert warnings_of(data) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        # The same id in two kinds, and the same measure id in two records, are different things.
        ("bodies.yml", "- id: quality\n", "- {id: line, name: {zh: 县局, en: Office}, level: county}\n- id: quality\n"),
        ("tasks/02.yml", "id: events", "id: check"),
        # White space does not count in a quotation, nor a line break in the English one.
        ("tasks/01.yml", "{zh: 每年抽查产品,", "{zh: 每 年抽查　产品,"),
        ("tasks/01.yml", "en: Check products every year}", "en: Check  products every year}"),
        # An edition may last over several days.
        ("activities/quality-day.yml", "{month: 2, day: 29}", "{month: 4, day: 30}"),
        ("activities/quality-day.yml", "- year: 2032", "- {year: 2032, start: 2032-02-28, end: 2032-03-02}"),
        ("targets.yml", "value: 95", "value: 100"),
        ("targets.yml", "value: 95", "value: 0"),
        ("targets.yml", "comparator: at-least\n  value: 95\n  unit: percent", "comparator: achieve"),
        ("phases.yml", "end: 2030-03-31", "end: 2030-01-01"),
        (
            "tasks/01.yml",
            "  - id: check\n",
            "  - id: check\n    owner: quality\n    due: 2030-06-30\n    assigned_by: {zh: 分工表, en: Plan}\n",
        ),
    ],
)
def test_correct_data_has_no_problems(file: str, old: str, new: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / file, old, new)
    assert errors_of(data) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("documents/plan-2030-1.yml", "id: plan-2030-1\n"),
        ("groups.yml", "- id: line\n"),
        ("bodies.yml", "- id: quality\n"),
        ("tasks/01.yml", "id: '01'\n"),
    ],
)
def test_unread_record_is_not_called_unknown(file: str, text: str, tmp_path: Path) -> None:
    """Only errors of the file itself are reported, not every reference to it."""
    data = copy_data(tmp_path)
    (data / file).write_text(text, encoding="utf-8")
    lines = errors_of(data)
    assert lines
    assert {line.split(":")[0] for line in lines} == {f"data/{file}"}


def test_problems_of_reading_and_of_rules_come_together(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "tasks/02.yml", "joint: false", "joint: true")
    edit(data / "activities/quality-day.yml", "year: 2032", "year: soon")
    found = check(read(data))
    assert [problem.place.file for problem in found if problem.severity == "error"] == [
        "activities/quality-day.yml",
        "tasks/02.yml",
    ]


def committed(title: str, *quotes: str) -> Section:
    measures = [
        {"id": f"m-{number}", "title": {"zh": "题", "en": "T"}, "quote": {"zh": quote, "en": "Q"}}
        for number, quote in enumerate(quotes)
    ]
    clause = {"document": "plan", "id": "a"}
    return Section.model_validate(
        {"id": "a", "clause": clause, "title": {"zh": title, "en": "T"}, "measures": measures}
    )


@pytest.mark.parametrize(
    ("text", "title", "quotes", "left"),
    [
        ("1.标题。甲做乙。", "标题", ["甲做乙"], []),
        ("12.标题。甲做乙。", "标题", ["甲做乙"], []),
        ("(三)标题。甲做乙。", "标题", ["甲做乙"], []),
        ("二、标题", "标题", [], []),
        # A number inside the text is no number of the clause, and a heading elsewhere is no heading.
        ("1.标题。增加2.5个点。", "标题", ["增加", "个点"], ["2", "5"]),
        ("1.甲乙。标题。", "标题", ["甲乙"], ["标题"]),
        # What the quotation says twice, it says twice; overlaps are fine.
        ("甲做乙,丙做乙。", "题", ["甲做", "做乙", "丙"], []),
        ("甲、乙;丙:丁(戊)?!", "题", ["甲", "乙", "丙", "丁", "戊"], []),
        ("甲“乙”丙", "题", ["甲", "乙", "丙"], ["“", "”"]),
        ("甲 做 乙。丙。", "题", ["甲做 乙"], ["丙"]),
        ("甲做乙。", "题", [], ["甲做乙"]),
    ],
)
def test_uncovered(text: str, title: str, quotes: list[str], left: list[str]) -> None:
    clause = Clause(id="a", level="item", zh=text, en="T")
    assert uncovered(clause, committed(title, *quotes)) == left


# Likely mistakes in valid data: each causes one warning, and correct data none.

SLIPS = (
    ("recalls.yml", "defect: ", "defect: XXX测试待定", "“XXX”像是还没写完的占位文字，请补全或删去"),
    ("recalls.yml", "remedy: ", "remedy: <p>", "HTML 标记“<p>”会原样显示给读者，请删去；加粗写 **文字**，分段空一行"),
    (
        "warnings.yml",
        "  text: ",
        "  text: " + "长" * 20_000,
        "这一项有 20006 个字，一般不超过 5000 个，请核对是否粘贴多了",
    ),
    ("warnings.yml", "  title: ", "  title: " + "长" * 500, "一般不超过 300 个，请核对是否粘贴多了"),
    ("news/", "}\n---\n", "}\n---\n＃＃ 小标题\n\n", "“＃＃”是全角的，不会成为小标题，请改为半角的 # 加空格"),
    ("events/", "start: 2030", "start: 2062", "在公布（“"),
    ("events/", "start: 2030", "start: 2029", "活动开始日期“2029-02-28”早于公布日期“2030-01-18”，请核对年份"),
    (
        "violations.yml",
        "  breach: ",
        "  breach: {zh: wrong labels on goods} # ",
        "“zh”里是英文，请写中文；英文写在“en”里",
    ),
    (
        "violations.yml",
        "  breach: ",
        "  breach: {zh: 标签, en: 标签不合规定} # ",
        "“en”里是中文；还没有英文就不写“en”，以后再补",
    ),
)


def test_slips_of_the_hand_are_pointed_out(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    assert [line for line in warnings_of(data) if "占位网址" not in line] == []
    for number, (file, old, new, words) in enumerate(SLIPS):
        path = sorted((data / file).iterdir())[-1] if file.endswith("/") else data / file
        if file == "news/":
            path = next(path for path in sorted((data / file).iterdir()) if path.name.endswith(".zh.md"))
        before = path.read_text(encoding="utf-8")
        assert old in before, (file, old)
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        found = [line for line in warnings_of(data) if "占位网址" not in line]
        assert len(found) >= 1 and any(words in line for line in found), (number, found, errors_of(data))
        assert all(line.startswith(f"data/{file}") for line in found)
        path.write_text(before, encoding="utf-8")


def test_the_same_notice_twice_is_pointed_out(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    for file in ("recalls.yml", "warnings.yml"):
        text = (data / file).read_text(encoding="utf-8")
        again = re.sub(r"^- id: \S+", "- id: again", text, count=1, flags=re.M)
        (data / file).write_text(text + again, encoding="utf-8")
    found = [line for line in warnings_of(data) if "内容与“" in line]
    assert [line.partition(":")[0] for line in found] == ["data/recalls.yml", "data/warnings.yml"]


def test_days_still_to_come_are_pointed_out(tmp_path: Path) -> None:
    entries = RecordIndex(read(copy_living(tmp_path)))
    assert list(days_to_come(entries, date(2030, 2, 1))) == []
    found = list(days_to_come(entries, date(2029, 1, 1)))
    assert len(found) > 14 and all(problem.severity == "warning" for problem in found)
    assert "推迟发布请写“publish_from”" in found[0].zh and found[0].place.path[-2:] == ("approved", "date")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("０５３９—２２５１２３４", "0539-2251234"),
        ("(0539) 2251234", "0539-2251234"),
        ("0539 – 2251234", "0539-2251234"),
        ("05392251234 ", None),
        ("12345", None),
        ("+86-539-2251234", None),
    ],
)
def test_a_telephone_number_is_one_that_can_be_dialled(typed: str, right: str | None, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "bodies.yml", "- id: quality\n", f'- id: quality\n  phone: "{typed}"\n')
    zh, en = f"“{typed}”应写成“{right}”", f"write “{typed}” as “{right}”"
    assert errors_of(data) == ([f"data/bodies.yml:2:10: {zh} / {en}"] if right else [])


@pytest.mark.parametrize("typed", ["0539-2251234、2251235", "2251234转8001", "请拨打12345", "12", "1-" * 20 + "1"])
def test_a_telephone_number_that_cannot_be_dialled_is_refused(typed: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "bodies.yml", "- id: quality\n", f"- id: quality\n  phone: {typed}\n")
    assert errors_of(data) == [
        f"data/bodies.yml:2:10: “{typed}”不能拨打，只写一个号码，用半角数字和连字符，如 0539-2251234；"
        "两个号码只写主要的一个 / "
        f"“{typed}” cannot be dialled; write one number in ASCII digits and hyphens, such as 0539-2251234"
    ]


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return out.getvalue()


def test_evidence_is_what_its_name_says(tmp_path: Path) -> None:
    folder = copy_data(tmp_path) / "evidence"
    folder.mkdir(exist_ok=True)
    good = {
        **{
            "a.pdf": b"%PDF-1.4",
            "b.pdf": b"\n" * 1000 + b"%PDF-1.4",
            "a.jpg": b"\xff\xd8\xff\xe0",
            "a.txt": "甲".encode(),
        },
        **{"a.png": b"\x89PNG\r\n\x1a\n", "a.csv": "甲,乙\n".encode("gbk"), "b.csv": "甲\t乙".encode("utf-16")},
        **{"a.xlsx": packed("xl/workbook.xml"), "a.docx": packed("word/document.xml"), "a.ofd": packed("OFD.xml")},
    }
    bad = {
        **{"x1.pdf": b"MZ\x90\x00\x03", "x2.pdf": b"\x7fELF", "x3.jpg": good["a.png"], "x4.png": b"<svg/>"},
        **{
            "x5.txt": b"MZ\x90\x00\x03",
            "x6.csv": good["a.xlsx"],
            "x7.xlsx": good["a.docx"],
            "x8.docx": b"PK\x03\x04cut",
        },
        **{"x9.ofd": b"\xd0\xcf\x11\xe0"},
    }
    for name, content in (good | bad).items():
        (folder / name).write_bytes(content)
    assert [line.split("（")[0] for line in errors_of(folder.parent)] == [
        f"data/evidence/{name}:1:1: 文件内容不是 {name.partition('.')[2]}" for name in bad
    ]


def test_evidence_has_a_limit_a_file_and_in_all(tmp_path: Path) -> None:
    folder = copy_data(tmp_path) / "evidence"
    folder.mkdir(exist_ok=True)

    def put(name: str, size: int) -> None:
        (folder / name).write_bytes(b"%PDF-1.4")
        # Files with holes: they take no room.
        os.truncate(folder / name, size)

    put("a.pdf", 0)
    put("b.pdf", 50_000_001)
    assert errors_of(folder.parent) == [
        "data/evidence/a.pdf:1:1: 这个文件是空的，请重新放入 / this file is empty; copy it here again",
        "data/evidence/b.pdf:1:1: 文件太大（51 MB），一个依据文件最多 50 MB；扫描件请降低分辨率（150 "
        "到 200 dpi）另存，"
        "或改用文号、网址（link） / the file is too large (51 MB); an evidence file has 50 MB at most. Save a scan "
        "with less resolution (150 to 200 dpi), or give a document number or an address (link)",
    ]
    for name in "ab":
        (folder / f"{name}.pdf").unlink()
    (folder / "c.csv").write_bytes(b"a,b\n" * 4_000_000)
    with zipfile.ZipFile(folder / "c.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<w:t>a</w:t>" * 2_000_000)
    assert [line.split("；")[0] for line in errors_of(folder.parent)] == [
        "data/evidence/c.csv:1:1: 文件里的文字太多（16 MB），一个依据文件最多 15 MB",
        "data/evidence/c.docx:1:1: 文件里的文字太多（24 MB），一个依据文件最多 15 MB",
    ]
    for name in ("c.csv", "c.docx"):
        (folder / name).unlink()
    for number in range(8):
        put(f"{number}.pdf", 50_000_000)
    assert (errors_of(folder.parent), "最多 500 MB" in str(warnings_of(folder.parent))) == ([], False)
    put("8.pdf", 1_000_000)
    assert errors_of(folder.parent) == []
    told = (
        "data/evidence:1:1: 提醒 / warning: 依据文件共 401 MB，最多 500 MB；请压缩大的文件，或改用文号、网址（link） / "
    )
    assert any(line.startswith(told) for line in warnings_of(folder.parent))
    for number in range(9, 12):
        put(f"{number}.pdf", 40_000_000)
    assert [line.split("；")[0] for line in errors_of(folder.parent)] == [
        "data/evidence:1:1: 依据文件共 521 MB，最多 500 MB"
    ]


def test_a_removed_body_is_one_mistake_however_many_name_it(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    text = (data / "bodies.yml").read_text("utf-8")
    (data / "bodies.yml").write_text(text.replace("id: commerce", "id: culture"), encoding="utf-8")
    entry = "- {{id: e{n}, date: 2030-01-10, measure: 01/check, body: commerce, state: done, source: 局}}\n"
    (data / "ledger").mkdir()
    (data / "ledger/a.yml").write_text("".join(entry.format(n=n) for n in range(50)), encoding="utf-8")
    found = errors_of(data)
    assert len(found) == 1
    assert "没有编号为“commerce”的责任单位（另有 50 处也写着它；若是误删，请恢复）" in found[0]
    assert "(50 more places name it; if it was deleted by mistake, restore it)" in found[0]
