"""Documents of every form: one wrong character is reported once, at its cause; numbers, levels, annexes, changes."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from broken import Broken, Recorded
from haopin.model.base import ClauseRef
from haopin.model.document import Document
from haopin.numerals import day_in
from haopin.office.cells import day
from haopin.office.workbook import Cell
from haopin.text import LANGUAGES, Language
from support import (
    AS_OF,
    BuiltSite,
    build,
    catalogue_of,
    copy_data,
    copy_documents_county,
    edit,
    errors_of,
    shared,
    site_in,
    words,
)

ORDER = "documents/order-12.yml"

PLAN = "documents/plan-2030-1.yml"
SOURCE = "documents/plan-2030-1.zh.txt"
_UNSOURCED = (PLAN, "source_file: plan-2030-1.zh.txt\n", "")

#: One wrong character each causes one problem, whatever quotes the clause.
ONE_CHARACTER = (
    Broken("in-a-clause", [(PLAN, "每年抽查产品,公布", "每年抽杳产品,公布")]),
    Broken("in-the-source", [(SOURCE, "每年抽查产品,公布", "每年抽杳产品,公布")]),
    Broken("lost-in-a-clause", [(PLAN, "合格率不低于95%", "合格率不于95%")]),
    Broken("too-many-in-a-clause", [(PLAN, "合格率不低于95%", "合格率不不低于95%")]),
    Broken("in-the-heading-of-a-clause", [(PLAN, "2.办好质量日。", "2.办好质最日。")]),
    Broken("in-the-bodies-of-a-clause", [(PLAN, "县质量局、县商务局按", "县质量局、县商务厅按")]),
    Broken("in-the-slogan-of-a-clause", [(PLAN, "诚信为本,质量为先。", "诚信为木,质量为先。")]),
    Broken("in-the-last-clause", [(PLAN, "召开会议。", "召开会仪。")]),
    Broken("in-a-clause-without-a-source", [_UNSOURCED, (PLAN, "合格率不低于95%", "合格率不底于95%")]),
    Broken("in-the-english-of-a-clause", [(PLAN, "keep the pass rate at 95%", "keep the pass rate at 96%")]),
    Broken("in-a-quotation", [("tasks/01.yml", "quote: {zh: 公布结果,", "quote: {zh: 公布结杲,")]),
    Broken("lost-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质日活动")]),
    Broken("too-many-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质质量日活动")]),
    Broken("first-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "力好质量日活动")]),
    Broken("last-lost-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质量日活")]),
)
#: Several mistakes: each is reported.
SEVERAL = (
    Broken("in-two-clauses", [(PLAN, "每年抽查产品,公布", "每年抽杳产品,公布"), (PLAN, "召开会议。", "召开会仪。")]),
    Broken(
        "in-a-clause-and-in-a-quotation",
        [
            (PLAN, "每年抽查产品,公布", "每年抽杳产品,公布"),
            ("tasks/01.yml", "quote: {zh: 公布结果,", "quote: {zh: 公布结杲,"),
        ],
    ),
    Broken(
        "a-clause-lost",
        [(PLAN, "  - {id: group-1, level: subsection, zh: (一)守住底线, en: (I) Hold the line}\n", "")],
    ),
    Broken(
        "a-clause-too-many",
        [(PLAN, "  - {id: group-1,", "  - {id: group-0, level: paragraph, zh: 增加的一段。}\n  - {id: group-1,")],
    ),
    Broken(
        "two-quotations-against-a-sure-clause",
        [("targets.yml", "合格率不低于95%", "合格率不低于90%"), ("tasks/01.yml", "合格率不低于95%", "合格率不低于90%")],
    ),
)

_ROW = "          measures: [01/check, 01/publish]\n"
#: Documents that contradict themselves, each other, or the measures.
CONTRADICTIONS = (
    Broken("number-of-another", [(ORDER, "府令第 12 号", "府令第 21 号")]),
    Broken("date-of-another", [(ORDER, "adopted: 2030-01-10", "adopted: 2030-01-11")]),
    Broken("cell-lost", [(ORDER, "{zh: 县商务局, en: County Commerce Bureau}, null,", "null,")]),
    Broken("row-for-nothing", [(ORDER, _ROW, "")]),
    Broken(
        "row-without-bodies", [(ORDER, "en: continuous}]\n", "en: continuous}]\n          measures: [02/events]\n")]
    ),
    Broken("row-of-no-measure", [(ORDER, "01/check", "01/chek")]),
    Broken("row-of-no-body", [(ORDER, "lead: [quality]", "lead: [qality]")]),
    Broken(
        "row-against-the-measure",
        [("tasks/01.yml", "  - id: check\n", "  - id: check\n    owner: commerce\n    assigned_by: 会议纪要\n")],
    ),
    Broken(
        "row-against-a-row",
        [
            (
                ORDER,
                '        - cells: ["2",',
                "        - {cells: [甲, 乙, 丙, 丁, 戊], measures: [01/check], due: 2031-01-01}\n"
                '        - cells: ["2",',
            ),
            ("documents/order-12.zh.txt", "\n2 宣传", "\n甲乙丙丁戊\n2 宣传"),
        ],
    ),
    Broken("cell-altered", [(ORDER, "宣传质量知识", "宣传质量知织")]),
    Broken("annex-clause-altered", [(ORDER, "由县质量局解释", "由县商务局解释")]),
    Broken("annex-clause-twice", [(ORDER, "id: annex-1-note", "id: item-1")]),
    Broken("change-of-nothing", [(ORDER, "document: rules-2025, what", "document: rules-2052, what")]),
    Broken("change-of-itself", [(ORDER, "document: standard-1234", "document: order-12")]),
    Broken(
        "change-in-no-clause",
        [(ORDER, "clause: article-2}\n  - {document: sch", "clause: article}\n  - {document: sch")],
    ),
    Broken("change-without-a-day", [(ORDER, "adopted: 2030-01-10\n", "")]),
    Broken("in-force-and-replaced", [("documents/scheme-2026.yml", "since: 2029-06-01", "since: 2030-03-01")]),
    Broken(
        "repealed-on-another-day",
        [
            (
                "documents/rules-2025.yml",
                "number:",
                "status: {state: repealed, since: 2030-01-21, source: {zh: 公告, en: notice}}\nnumber:",
            )
        ],
    ),
)

MESSAGES = Recorded("documents", (broken.name for broken in (*ONE_CHARACTER, *SEVERAL, *CONTRADICTIONS)))


@pytest.mark.parametrize("broken", ONE_CHARACTER, ids=lambda broken: broken.name)
def test_one_wrong_character_is_one_problem(broken: Broken, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    broken.spoil(data)
    lines = errors_of(data)
    assert len(lines) == 1
    MESSAGES.check(broken.name, lines)


@pytest.mark.parametrize("broken", SEVERAL, ids=lambda broken: broken.name)
def test_every_mistake_is_reported(broken: Broken, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_every_message_is_of_a_case() -> None:
    MESSAGES.check_whole()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tasks/01.yml", "{zh: 每年抽查产品,", '{zh: "每年抽查产品\uff0c公布结果",'),
        ("tasks/01.yml", "合格率不低于95%", "合格率不低于95\uff05"),
        ("targets.yml", "合格率不低于95%", "合格率不低于\uff19\uff15\uff05"),
        ("tasks/01.yml", "quote: {zh: 公布结果,", 'quote: {zh: "公布结果\uff0c 合格率不低于95%",'),
        ("tasks/02.yml", "{zh: 办好质量日活动,", '{zh: "办好质量日活动\uff61",'),
        ("tasks/02.yml", "en: Hold the events of Quality Day}", 'en: "Hold the events of Quality Day\uff0e"}'),
        ("phases.yml", "zh: 2030年1月至3月", 'zh: "\uff082030年1月至3月\uff09"'),
        ("site.yml", "诚信为本,质量为先。", "诚信为本\uff0c质量为先。"),
    ],
)
def test_a_quotation_is_found_whatever_the_width_of_its_marks(file: str, old: str, new: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / file, old, new)
    assert errors_of(data) == []


def test_a_clause_of_either_width_is_quoted_in_the_other(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    for file in (PLAN, SOURCE):
        edit(data / file, "1.抽查产品。每年抽查产品,公布结果,", "1.抽查产品。每年抽查产品\uff0c公布结果\uff0c")
        edit(data / file, "(县质量局负责)", "\uff08县质量局负责\uff09")
        edit(data / file, "(2030年1月至3月)", "\uff082030年1月至3月\uff09")
    assert errors_of(data) == []


# --- Documents of every form


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The invented county with documents of every form, built."""

    def make(folder: Path) -> None:
        build(folder / "site", config=copy_documents_county(folder) / "mkdocs.yml", as_of=AS_OF)

    folder = shared(tmp_path_factory, "documents", make)
    return site_in(folder, folder / "data")


def page(site: BuiltSite, language: Language, document: str) -> Any:
    return site.edition(language)[f"documents/{document}/"]


def test_documents_of_every_form_are_right(tmp_path: Path) -> None:
    assert errors_of(copy_documents_county(tmp_path) / "data") == []


@pytest.mark.parametrize("broken", CONTRADICTIONS, ids=lambda broken: broken.name)
def test_a_contradiction_is_reported(broken: Broken, tmp_path: Path) -> None:
    data = copy_documents_county(tmp_path) / "data"
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


@pytest.mark.parametrize("written", ["二〇三〇年一月十日", "二○三○年一月十日", "二零三零年一月十日", "2030年1月10日"])
def test_a_day_in_chinese_numerals_is_understood(written: str) -> None:
    assert day_in(written) == date(2030, 1, 10)
    assert day(Cell("text", written)) == date(2030, 1, 10)


@pytest.mark.parametrize("written", ["二〇三〇年二月三十日", "二〇三〇年一月", "一月十日"])
def test_text_that_is_not_a_date_gives_none(written: str) -> None:
    assert day_in(written) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_is_shown_as_the_document_has_it(documents: BuiltSite, language: Language) -> None:
    listed = words(documents.edition(language)["documents/"].root)
    for document in documents.catalogue.all(Document):
        if document.number:
            own = page(documents, language, document.id)
            assert document.number in words(own.one(cls="hp-docmeta"))
            assert document.number in listed
    assert {d.number for d in documents.catalogue.all(Document)} >= {
        "甲乙县人民政府令第 12 号",
        "甲政办发[2025]3号",
        "甲政\uff082026\uff095号",
        "DB99/T 1234—2029",
        None,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_that_runs_on_is_a_heading_alone(documents: BuiltSite, language: Language) -> None:
    own = page(documents, language, "order-12")
    expected = {
        "zh": [("一、总则。", "本办法适用于本县。"), ("\uff08一\uff09职责。", "各部门各负其责\uff1a")],
        "en": [
            ("I. General provisions.", "These measures apply in the county."),
            ("(I) Duties.", "Each department answers for its own:"),
        ],
    }[language]
    assert [tuple(words(part) for part in run_in) for run_in in own.all(cls="hp-run-in")] == expected
    assert [own.ids[name].tag.rpartition("}")[2] for name in ("chapter-1", "part-1")] == ["h2", "h3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_of_document_and_annex_is_shown_and_cited(documents: BuiltSite, language: Language) -> None:
    document = documents.catalogue.get(Document, "order-12")
    own = page(documents, language, "order-12")
    levels = {clause.level for clause in document.every_clause}
    assert levels >= {"subitem", "point"}
    for clause in document.every_clause:
        assert clause.id in own.ids
        assert documents.catalogue.clause(ClauseRef(document=document.id, id=clause.id)) == clause
    shown = "".join(words(each) for each in own.all(cls="hp-clause-text")).replace(" ", "")
    assert "".join(clause.text.show(language) for clause in document.every_clause).replace(" ", "") == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_an_annex_is_shown_cell_by_cell(documents: BuiltSite, language: Language) -> None:
    (annex,) = documents.catalogue.get(Document, "order-12").annexes
    assert annex.table is not None
    own = page(documents, language, "order-12")
    (table,) = own.all("table")
    (caption,) = [e for e in table.iter() if e.tag.endswith("caption")]
    assert words(caption) == annex.title.show(language)
    heads = [e for e in table.iter() if e.tag.endswith("}th") or e.tag == "th"]
    assert {e.get("scope") for e in heads} == {"col"}
    assert [words(e) for e in heads[:-1]] == [column.show(language) for column in annex.table.columns]
    rows = [[e for e in row if e.tag.endswith("td")] for row in table.iter() if row.tag.endswith("tr")][1:]
    for row, cells in zip(annex.table.rows, rows, strict=True):
        assert [e.get("data-label") for e in cells] == [words(e) for e in heads]
        for cell, shown in zip(row.cells, cells, strict=False):
            assert words(shown).startswith(cell.show(language) if cell else "")
            assert cell is None or language == "zh" or cell.zh in words(shown)
        links = [e.get("href") for e in cells[-1].iter() if e.get("href")]
        assert links == [f"../../tasks/{name.replace('/', '/#')}" for name in row.measures]


def test_a_row_of_the_table_assigns_its_measures(documents: BuiltSite) -> None:
    measures = documents.catalogue.measures
    for name in ("01/check", "01/publish"):
        measure = measures[name][1]
        assert measure.roles is not None and measure.owner is None
        assert measure.roles.parts == (("lead", ("quality",)), ("participating", ("commerce",)))
        assert measure.due == date(2030, 12, 31) and str(measure.assigned_by and measure.assigned_by.zh) == "责任分解表"
    assert measures["01/pass-rate"][1].roles is None


def test_a_row_may_name_one_body_that_answers_or_a_group_and_the_measures_own_words_stay(tmp_path: Path) -> None:
    data = copy_documents_county(tmp_path) / "data"
    order = data / ORDER
    old = "          lead: [quality]\n          participating: [commerce]\n"
    text = order.read_text("utf-8")
    assert old in text
    order.write_text(text.replace(old, "          bodies: [quality]\n"), "utf-8")
    assert catalogue_of(data).measures["01/check"][1].owner == "quality"
    order.write_text(text.replace(old, "          bodies: [quality]\n          general: [各乡镇]\n"), "utf-8")
    roles = catalogue_of(data).measures["01/check"][1].roles
    assert roles is not None and (roles.form, [each.zh for each in roles.general]) == ("joint", ["各乡镇"])
    task = data / "tasks/01.yml"
    own = "  - id: check\n    responsible: {lead: [quality], participating: [commerce]}\n    assigned_by: 会议纪要\n"
    task.write_text(task.read_text("utf-8").replace("  - id: check\n", own), "utf-8")
    order.write_text(text, "utf-8")
    assert catalogue_of(data).measures["01/check"][1].roles is not None
    order.write_text(text.replace(old, "          lead: [commerce]\n"), "utf-8")
    assert any("01/check" in line for line in errors_of(data))


def test_a_later_assignment_counts_more_than_the_table(tmp_path: Path) -> None:
    data = copy_documents_county(tmp_path) / "data"
    (data / "assignments.yml").write_text(
        "- {id: a, date: 2030-01-20, measure: 01/check, due: 2030-06-30, source: 会议纪要, "
        "approved: {role: head, date: 2030-01-20}}\n",
        encoding="utf-8",
    )
    measure = catalogue_of(data).measures["01/check"][1]
    assert measure.roles is not None and (measure.roles.lead, measure.due) == (("quality",), date(2030, 6, 30))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_document_says_by_whom_and_since_when(documents: BuiltSite, language: Language) -> None:
    said = {
        "zh": ("自2030年1月20日起废止本文件", "自2030年3月1日起代替本文件", "自2030年1月10日起修改本文件"),
        "en": (
            "repeals this document with effect from 20 January 2030",
            "replaces this document with effect from 1 March 2030",
            "amends this document with effect from 10 January 2030",
        ),
    }[language]
    title = documents.catalogue.get(Document, "order-12").title.show(language)
    for document, phrase in zip(("rules-2025", "scheme-2026", "standard-1234"), said, strict=True):
        own = page(documents, language, document)
        text = words(own.root)
        assert phrase in text
        assert title in text
        assert "../../documents/order-12/" in {e.get("href") for e in own.elements}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_repealed_document_is_marked_at_every_link(documents: BuiltSite, language: Language) -> None:
    repealed = {"zh": "已废止", "en": "Repealed"}[language]
    assert len(page(documents, language, "rules-2025").all(cls="hp-notice--cancelled")) == 1
    # It is replaced a month after the day of the build.
    assert page(documents, language, "scheme-2026").all(cls="hp-notice--cancelled") == []
    badges = [words(e) for e in page(documents, language, "order-12").all(cls="hp-badge")]
    assert badges == [repealed, repealed]
    assert [words(e) for e in documents.edition(language)["documents/"].all(cls="hp-badge")] == [repealed]


def test_the_day_decides_what_is_repealed(tmp_path: Path) -> None:
    catalogue = catalogue_of(copy_documents_county(tmp_path) / "data")
    found = catalogue.changes_of_document["scheme-2026"]
    assert [(document.id, change.what, document.since(change)) for document, change in found] == [
        ("order-12", "replaces", date(2030, 3, 1))
    ]


def test_api_and_downloads_have_tables_and_changes(documents: BuiltSite) -> None:
    record = json.loads((documents.folder / "api/v1/document/order-12.json").read_bytes())["item"]["record"]
    assert [row["measures"] for row in record["annexes"][0]["table"]["rows"]] == [["01/check", "01/publish"], []]
    derived = json.loads((documents.folder / "api/v1/document/rules-2025.json").read_bytes())["item"]["derived"]
    assert derived == {
        "over": True,
        "changed_by": [{"document": "order-12", "what": "repeals", "since": "2030-01-20"}],
    }
    with (documents.folder / "downloads/document-annexes-table-rows.csv").open(
        encoding="utf-8-sig", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    assert [(row["measures"], row["lead"], row["due"]) for row in rows] == [
        ("01/check; 01/publish", "quality", "2030-12-31"),
        ("", "", ""),
    ]
    assert rows[1]["cells_zh"] == "2；宣传质量知识；县商务局；；长期"
