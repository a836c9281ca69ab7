"""Living data as a visitor reads it on the built pages: states with reasons, histories, results, what was withdrawn."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from haopin.html.i18n import read_labels
from haopin.model.disclosure import Batch
from haopin.model.ledger import Entry
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.progress import Progress
from haopin.text import LANGUAGES, Language
from support import AS_OF, ROOT, BuiltSite, HtmlPage, build, copy_full_county, edit, errors_of, words

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
DAY = date.fromisoformat(AS_OF)
BATCH = "disclosures/batches/fruit-2030-1/"


@pytest.fixture(scope="module")
def progress(full_county: BuiltSite) -> Progress:
    return Progress(full_county.catalogue, DAY)


def page(site: BuiltSite, language: Language, address: str) -> HtmlPage:
    return site.edition(language)[address]


def said(key: str, language: Language) -> str:
    label = LABELS[key]
    words_ = label.zh if language == "zh" else label.en
    assert isinstance(words_, str)
    return words_


# States and reasons


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_measure_says_where_it_stands_on_the_page_of_its_task(
    full_county: BuiltSite, progress: Progress, language: Language
) -> None:
    task = page(full_county, language, "tasks/03/")
    rows = task.all("li", cls="hp-measure")
    holder = full_county.catalogue.get(Task, "03")
    for row, measure in zip(rows, holder.measures, strict=True):
        standing = progress.measure(f"03/{measure.id}")
        # Beside the title, not folded.
        title, facts, *_ = row
        assert title.get("id") == measure.id
        assert facts.tag == "p"
        assert words(facts).startswith(said(f"ledger.{standing.state}", language))
    assert {progress.measure(f"03/{m.id}").state for m in holder.measures} >= {"late", "done", "not-reported"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_gives_rule_input_due_date_and_source(full_county: BuiltSite, language: Language) -> None:
    task = page(full_county, language, "tasks/03/")
    (row,) = [e for e in task.all("li", cls="hp-measure") if e.get("data-state") == "late"]
    assert said("ledger.late", language) in words(row)
    (late,) = row.iter("details")
    text = words(late)
    day = {"zh": "2030年2月1日", "en": "1 February 2030"}[language]
    due = {"zh": "2030年1月20日", "en": "20 January 2030"}[language]
    rule = said("ledger.rule-due-passed", language).replace("{day}", day)
    for part in (rule.split(",")[0].split("(")[0], due, said("ledger.source", language)):
        assert part in text
    assert any(e.attrib.get("href", "").endswith("#e2030-01-pilots") for e in late.iter("a"))


def test_every_entry_of_the_ledger_has_its_place_once_and_can_be_reached(full_county: BuiltSite) -> None:
    """On the page of what it is about; the list of changes leads there."""
    entries = full_county.catalogue.all(Entry)
    assert len(entries) > 15
    for language in LANGUAGES:
        pages = full_county.edition(language)
        for entry in entries:
            holders = [p.address for p in pages.values() if entry.id in p.ids]
            assert len(holders) == 1, (entry.id, holders)
    # Links from the changes are checked with all others: `test_site` follows every one.
    changes = page(full_county, "en", "changes/")
    linked = {reference.rpartition("#")[2] for _, reference in changes.references}
    assert {entry.id for entry in entries} <= linked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_and_what_it_corrects_both_stay(full_county: BuiltSite, language: Language) -> None:
    task = page(full_county, language, "tasks/01/")
    wrong, right = task.ids["e2030-01-publish"], task.ids["e2030-01-publish-corrected"]
    assert "hp-entry--corrected" in wrong.attrib["class"].split()
    assert said("ledger.corrected", language) in words(wrong)
    assert said("ledger.correction", language) in words(right)
    assert {"zh": "只公布了第一期", "en": "Only the first results had been published"}[language] in words(right)


@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_show_value_trend_and_every_report(
    full_county: BuiltSite, progress: Progress, language: Language
) -> None:
    targets = page(full_county, language, "targets/")
    target = full_county.catalogue.get(Target, "pass-rate")
    outlook = progress.target(target)
    assert (outlook.outcome, outlook.trend) == ("met", "up")
    section = next(e for e in targets.all("div", cls="hp-target") if "pass-rate" in [i.get("id") for i in e.iter()])
    text = words(section)
    assert "96.1%" in text
    assert said("outcome.met", language) in text
    assert (
        said("outcome.up", language)
        .replace("{value}", "95.2%")
        .translate(str.maketrans("()", "\uff08\uff09" if language == "zh" else "()"))
        in text
    )
    drawings = [e for e in section.iter() if "hp-drawing" in e.get("class", "").split()]
    assert len(drawings) == 2
    # Behind the figure is a table with every value, the corrected one too.
    table = next(section.iter("table"))
    assert len(list(table.iter("tr"))) == 1 + len(progress.values(target))


def test_a_county_that_reported_nothing_counts_nobody_as_failing(county: BuiltSite) -> None:
    assert "progress/" not in county.pages
    for language in LANGUAGES:
        task = page(county, language, "tasks/01/")
        assert not task.all(cls="hp-state")
        assert "hp-tallyline" not in task.source
        targets = page(county, language, "targets/")
        assert len(targets.all(cls="hp-missing")) >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_dashboard_counts_are_those_of_the_ledger(
    full_county: BuiltSite, progress: Progress, language: Language
) -> None:
    dashboard = page(full_county, language, "progress/")
    shown = [words(e) for e in dashboard.all("a", cls="hp-stat")]
    expected = [f"{count} {said(f'ledger.{state}', language)}" for state, count in progress.programme.parts]
    assert [
        " ".join(text.replace(said(f"ledger.{s}", language), f" {said(f'ledger.{s}', language)}").split())
        for text, (s, _) in zip(shown, progress.programme.parts, strict=True)
    ] == expected
    assert sum(count for _, count in progress.programme.parts) == sum(
        len(task.measures) for task in full_county.catalogue.all(Task)
    )
    # The filter that each number leads to shows as many rows.
    measures = page(full_county, language, "measures/")
    rows = [e.attrib["data-state"] for e in measures.elements if "data-state" in e.attrib]
    assert {state: rows.count(state) for state in set(rows)} == dict(progress.programme.parts)


@pytest.mark.sweep
def test_which_body_reported_what_is_for_the_office_unless_the_county_says_otherwise(
    full_county: BuiltSite, tmp_path: Path
) -> None:
    label = "Reported by:"
    assert not any(label in p.source for p in full_county.pages.values())
    assert "bodies" not in page(full_county, "en", "progress/").ids
    project = copy_full_county(tmp_path / "project")
    site = project / "data/site.yml"
    site.write_text(site.read_text("utf-8") + "show_reporting_bodies: true\n", encoding="utf-8")
    open_county = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), project / "data")
    assert label in page(open_county, "en", "tasks/01/").source
    assert "bodies" in page(open_county, "en", "progress/").ids


# Disclosures


@pytest.mark.parametrize("language", LANGUAGES)
def test_batch_shows_counts_failing_products_and_first_rows(full_county: BuiltSite, language: Language) -> None:
    batch = full_county.catalogue.get(Batch, "fruit-2030-1")
    rows = full_county.catalogue.rows_of(batch)
    failing = [row for row in rows if row.result == "fail"]
    found = page(full_county, language, BATCH)
    assert [words(next(e.iter("strong"))) for e in found.all(cls="hp-stat")] == [
        str(len(rows)),
        str(len(rows) - len(failing)),
        str(len(failing)),
    ]
    body = next(found.one("table", cls="hp-table").iter("tbody"))
    assert len(list(body.iter("tr"))) == 30 < len(rows)
    for row in failing:
        product = page(full_county, language, f"{BATCH}{row.slug}/")
        assert row.sample_number in words(product.root)
        wanted = (row.product, row.failing_item) if language == "zh" else (row.product_en, row.failing_item_en)
        for text in wanted:
            assert text is not None
            assert text in words(product.root)


@pytest.mark.parametrize(("language", "folder"), [("zh", ""), ("en", "en/")])
def test_the_whole_batch_can_be_downloaded(full_county: BuiltSite, language: Language, folder: str) -> None:
    rows = full_county.catalogue.rows_of(full_county.catalogue.get(Batch, "fruit-2030-1"))
    raw = (full_county.folder / f"{folder}{BATCH}fruit-2030-1.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(lines) == 1 + len(rows)
    number = lines[0].index(said("column.sample_number", language))
    assert [line[number] for line in lines[1:]] == [row.sample_number for row in rows]
    result = lines[0].index(said("column.result", language))
    assert {line[result] for line in lines[1:]} == {said("batch.pass", language), said("batch.fail", language)}
    found = json.loads((full_county.folder / f"{folder}{BATCH}rows.json").read_text("utf-8"))
    assert len(found["rows"]) == len(rows)
    assert {len(row) for row in found["rows"]} == {len(found["columns"])}


# What has a life


GONE = ("远岭饮品厂", "Yuanling Beverage Works", "99.9%", "一则未审核的动态", "一则到期的通知")


@pytest.mark.parametrize("text", GONE)
def test_withdrawn_unapproved_and_expired_records_are_in_no_file(full_county: BuiltSite, text: str) -> None:
    data = "".join(p.read_text("utf-8") for p in full_county.data.rglob("*.*") if p.suffix in (".yml", ".md", ".csv"))
    assert text in data, "the fixture no longer has what must not be published"
    wide = text.encode()
    assert [name for name in sorted(full_county.files) if wide in (full_county.folder / name).read_bytes()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_leaves_a_dated_notice(full_county: BuiltSite, language: Language) -> None:
    changes = page(full_county, language, "changes/")
    text = words(changes.one(cls="hp-tombstones"))
    assert {"zh": "2030年1月30日", "en": "30 January 2030"}[language] in text
    assert said("withdrawal.credit-restored", language) in text
    violations = page(full_county, language, "disclosures/violations/")
    assert said("withdrawal.credit-restored", language) in words(violations.one(cls="hp-tombstones"))


def test_a_batch_says_that_rows_were_withdrawn(full_county: BuiltSite) -> None:
    text = words(page(full_county, "en", BATCH).root)
    assert "Some rows were withdrawn on 30 January 2030 and are not counted above. Reason: Credit restored." in text


def test_assignments_give_body_and_due_date_and_the_latest_counts(full_county: BuiltSite, progress: Progress) -> None:
    assert progress.measure("01/publish").due == date(2030, 3, 31)
    assert progress.measure("01/publish").state == "under-way", "only an earlier due date, since moved, has passed"
    text = words(page(full_county, "en", "tasks/01/").root)
    assert "Due: 31 December 2030" in text
    assert "Source: Jia Zhi Han [2030] No. 5" in text
    changes = page(full_county, "en", "changes/")
    assert "31 March 2030" in words(changes.root)


def test_a_missing_language_is_marked_and_said(full_county: BuiltSite) -> None:
    chinese_only = page(full_county, "en", "news/2030-01-23-fruit/")
    heading = chinese_only.one("h1")
    assert [e.attrib["lang"] for e in heading.iter("span")] == ["zh-Hans"]
    assert said("notice.untranslated", "en") in words(chinese_only.one(cls="hp-notices"))
    english_only = page(full_county, "zh", "news/2030-01-28-visitors/")
    assert [e.attrib["lang"] for e in english_only.one("h1").iter("span")] == ["en"]


@pytest.mark.sweep
def test_old_translation_is_reported_to_the_english_reader_only(full_county: BuiltSite, tmp_path: Path) -> None:
    from haopin.load.folder import read
    from haopin.load.translations import fingerprint, fingerprints_file, texts

    project = copy_full_county(tmp_path / "project")
    data = project / "data"
    marks = {str(t.key): fingerprint(t.zh) for t in texts(read(data)) if t.en is not None}
    (data / "translations.json").write_text(fingerprints_file(marks), encoding="utf-8")
    edit(data / "targets.yml", "title: {zh: 产品合格率,", "title: {zh: 全县产品合格率,")
    assert errors_of(data) == []
    site = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), data)
    told = {
        language: sorted(a for a, p in site.edition(language).items() if "hp-notice--stale" in p.source)
        for language in LANGUAGES
    }
    assert told == {"zh": [], "en": ["targets/"]}
    assert "Product pass rate" in words(page(site, "en", "targets/").one(cls="hp-notice--stale"))


def test_evidence_files_are_published_only_with_what_names_them(full_county: BuiltSite) -> None:
    published = {name for name in full_county.files if "/evidence/" in f"/{name}"}
    assert published == {"evidence/meeting-2030-01.txt", "en/evidence/meeting-2030-01.txt"}
