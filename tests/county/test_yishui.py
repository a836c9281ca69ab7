"""The data of the first county, compared with its notice: verbatim text, and facts derived from it."""

import hashlib
import io
import re
from pathlib import Path

import openpyxl
import pytest
from haopin.check.documents import sentences
from haopin.model import KINDS
from haopin.model.activity import Activity
from haopin.model.need import Need
from haopin.model.provision import Service, Term
from haopin.model.publishable import Publishable
from haopin.model.task import Task
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language, ascii_punctuation, fullwidth, squeeze
from playwright.sync_api import Browser
from support import BuiltSite, serving, warnings_of, words
from test_measure_counts import (
    test_every_number_of_measures_on_pages_cards_and_feeds_is_one_of_the_data,
    test_every_number_of_tasks_targets_and_bodies_is_one_of_the_data,
)
from test_office_ledger import SOURCE_AND_DAY, fill, form, places, plan, row_of, sheet_of
from test_site import LABELS, language_of, pieces
from test_text import WIDE

pytestmark = pytest.mark.usefixtures("first_county")


def test_what_a_clause_provides_and_who_asks_for_it(catalogue: Catalogue) -> None:
    found = catalogue.provisions_of_clause["notice-2023-13", "task-05"]
    assert {type(record) for record in found} == {Service}
    assert set(found) == set(catalogue.all(Service))
    assert [need.id for need in catalogue.needs_of_record["09"]] == ["complain"]
    assert {need.id for need in catalogue.needs_of_record["01"]} == {"food-and-medicine"}
    needs = {record.id: record for record in catalogue.all(Need)}
    assert all(needs[need.id] is need for found in catalogue.needs_of_record.values() for need in found)


def test_documents_that_a_document_cites(catalogue: Catalogue) -> None:
    assert {key: [d.id for d in found] for key, found in catalogue.cited_by_document.items()} == {
        "notice-2023-13": ["shandong-2022-2"]
    }


def test_facts_about_activities_have_sources(data: Path, catalogue: Catalogue) -> None:
    assert [line for line in warnings_of(data) if "source" in line] == []
    origins = {a.id: a.origin for a in catalogue.all(Activity) if a.origin}
    assert "1985年至1992年没有举办" in origins["quality-month"].zh
    assert "since 1997" in (origins["quality-month"].en or "")
    assert "1970年由国际标准化组织" in origins["standards-day"].zh and "1993年起" in origins["standards-day"].zh


def test_tasks_say_what_they_mean_and_large_ones_have_headings(catalogue: Catalogue) -> None:
    for task in catalogue.all(Task):
        assert task.meaning is not None and task.meaning.en, task.id
        assert task.measures[0].heading is not None or len(task.measures) < 8, task.id


@pytest.mark.browser
def test_the_longest_task_page_is_half_as_high_as_it_was(browser: Browser, own: BuiltSite) -> None:
    """It was 7,706 px high while it had every quotation twice."""
    with serving(own.folder) as address, browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/en/tasks/01/")
        assert page.locator(".hp-measure").count() == 22
        assert page.evaluate("document.documentElement.scrollHeight") <= 3853


#: Words that the translation adds to the notice, by clause.
ADDED = {
    "task-02": {"[EPC]"},
    "task-04": {"[hazardous waste, tailings ponds, and chemicals]"},
    "task-08": {"[Service]"},
    "task-09": {"[CCC]", "[government service]"},
    "task-11": {"[Linyi]"},
}


def test_words_that_the_translation_adds_are_in_brackets(catalogue: Catalogue) -> None:
    document = catalogue.document
    number = re.compile(r"\[\d{4}\]")
    found = {c.id: set(re.findall(r"\[.*?\]", number.sub("", c.en or ""))) for c in document.clauses}
    assert {clause: words for clause, words in found.items() if words} == ADDED
    assert document.note is not None and "方括号" in document.note.zh


@pytest.mark.parametrize("body", ["market-regulation", pytest.param(None, marks=pytest.mark.sweep)])
def test_the_data_go_round(data: Path, tmp_path: Path, body: str | None) -> None:
    raw = form(data, body)
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(raw)))
    empty = fill(tmp_path / "form.xlsx", raw, {})
    assert not plan(data, empty).new
    rows = {str(sheet.cell(row, 1).value): dict(SOURCE_AND_DAY) for row in range(3, sheet.max_row + 1)}
    value = places(sheet)["数值"]
    for about, typed in rows.items():
        open_ = not sheet.cell(row_of(sheet, about), value).protection.locked
        typed |= {"数值": 91} if open_ else {"状态": "进行中"}
        if body is None:
            typed["填报单位"] = "market-regulation"
    found = plan(data, fill(empty, raw, rows))
    assert [report.entry.about for report in found.new] == list(rows)
    assert found.warnings == ()


@pytest.fixture(scope="module")
def source(data: Path) -> str:
    """The notice of the first county as it was published."""
    return (data / "documents/notice-2023-13.zh.txt").read_text(encoding="utf-8")


def test_notice_has_no_fullwidth_mark_so_that_the_rule_is_reversible(source: str) -> None:
    assert not set(source) & set(WIDE)
    assert ascii_punctuation(fullwidth(source)) == source


def test_notice_shows_no_ascii_mark_beside_chinese(catalogue: Catalogue) -> None:
    document = catalogue.document
    for clause in document.clauses:
        shown = clause.text.show("zh")
        assert ascii_punctuation(shown) == clause.zh
        assert not re.search(r"[\u4e00-\u9fff]\s*[,:;()!?]|[,:;()!?]\s*[\u4e00-\u9fff]", shown), clause.id


def test_notice_is_verbatim(source: str, catalogue: Catalogue) -> None:
    """The clauses joined, spaces aside, are the source to the character."""
    document = catalogue.document
    assert squeeze("".join(clause.zh for clause in document.clauses)) == squeeze(source)


def test_source_of_the_notice_is_the_published_one(source: str) -> None:
    """Detects an edit of both clause and source."""
    assert len(squeeze(source)) == 5_091
    digest = hashlib.sha256(squeeze(source).encode()).hexdigest()
    assert digest == "3f0e95df71f36d25a500bec315745ddd8b31dd3e7d8634d5d98ee8a5c88a2378"


def test_tasks_have_seventy_sentences(catalogue: Catalogue) -> None:
    """Those after the numbered heading of each of the 13 clauses; the parenthesis of bodies is no sentence."""
    counts = []
    for task in catalogue.all(Task):
        heading, *rest = sentences(catalogue.clause(task.clause).zh)
        # A title leaves out the blanks that its heading has in the copied text.
        assert squeeze(heading) == f"{int(task.id)}.{squeeze(task.title.zh)}。"
        counts.append(len(rest))
    assert counts == [9, 7, 8, 6, 1, 3, 6, 9, 7, 4, 5, 3, 2]
    assert sum(counts) == 70


def test_it_has_records_of_every_kind_that_the_notice_gives(own: BuiltSite) -> None:
    """Records published over time have no source yet, so there are none in production."""
    living = {kind.name for kind in KINDS if issubclass(kind.model, Publishable)} | {"withdrawal"}
    # A place with one plan need not declare it.
    living |= {"plan"}
    assert {kind.name for kind in KINDS if not own.catalogue.all(kind.model)} == living


def test_the_notice_is_the_source_file_to_the_character(own: BuiltSite) -> None:
    page = own.edition("zh")["documents/notice-2023-13/"]
    shown = "".join("".join(e.itertext()) for e in page.all(cls="hp-clause-text"))
    source = (own.data / "documents/notice-2023-13.zh.txt").read_text("utf-8")
    assert ascii_punctuation(squeeze(shown)) == squeeze(source)


@pytest.mark.sweep
@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_definition_is_led_to(own: BuiltSite, language: Language) -> None:
    defined = {term.id for term in own.catalogue.all(Term) if term.definition}
    linked = [link for page in own.edition(language).values() for link in page.all("a", cls="hp-term")]
    links = {link.attrib["href"].partition("#")[2] for link in linked}
    assert len(defined) > 50
    assert len(links) >= 0.9 * len(defined), defined - links


def test_english_is_set_with_curly_quotation_marks(own: BuiltSite) -> None:
    straight = re.compile(r"[A-Za-z]'[a-z]|[A-Za-z]\"|\"[A-Za-z]")
    found = []
    for page in own.html.values():
        if language_of(page) == "en":
            prose = [text for _, text in pieces(page.root, "en") if not text.startswith("<iframe ")]
            found += [f"{page.name}: {text.strip()}" for text in prose if straight.search(text)]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_aim_whose_period_has_ended_without_a_result_says_just_that(own: BuiltSite, language: Language) -> None:
    said = LABELS["state.no_result"]
    wanted = fullwidth(said.zh) if language == "zh" else str(said.en)
    assert wanted in words(own.edition(language)["targets/"].root)
