"""The rules on records published over time, each on a small variant of an invented county: complete lines."""

import json
import os
import random
import re
import sys
from pathlib import Path

import pytest
from broken import Broken, Edit, Recorded
from evidence import ofd
from haopin.check.entries import RecordIndex
from haopin.check.personal import numbers_in_text, personal_number, personal_numbers
from haopin.check.rules import RULES
from haopin.load.folder import read
from haopin.model.publishable import Publishable
from haopin.site.catalogue import Catalogue, catalogue, checked, examine, time_zone
from haopin.site.progress import Progress
from living import AS_OF, copy_living
from support import edit, errors_of, warnings_of

BROKEN = (
    Broken(
        "document-repealed-before-it-was-adopted",
        [
            (
                "documents/plan-2030-1.yml",
                "adopted: 2030-01-02\n",
                "adopted: 2030-01-02\nstatus: {state: repealed, since: 2030-01-01, source: {zh: 局, en: bureau}}\n",
            )
        ],
    ),
    Broken(
        "about-nothing",
        [
            (
                "ledger/2030.yml",
                "  measure: 01/check\n  body: quality\n  state: under-way",
                "  body: quality\n  state: under-way",
            )
        ],
    ),
    Broken(
        "about-two-things", [("ledger/2030.yml", "  target: pass-rate\n", "  target: pass-rate\n  measure: 01/check\n")]
    ),
    Broken("correction-without-reason", [("ledger/2030.yml", "  reason: 原来写错了\n", "")]),
    Broken("reason-without-correction", [("ledger/2030.yml", "  corrects: e1\n", "")]),
    Broken("state-unknown", [("ledger/2030.yml", "state: under-way", "state: 进行中")]),
    Broken("state-misspelled", [("ledger/2030.yml", "state: under-way", "state: underway")]),
    Broken("value-with-percent-sign", [("ledger/2030.yml", "value: 93.5", "value: 93.5%")]),
    Broken("value-fullwidth", [("ledger/2030.yml", "value: 93.5", "value: ９３．５")]),
    Broken("value-with-comma", [("ledger/2030.yml", "value: 93.5", "value: 93,5")]),
    Broken("value-scientific", [("ledger/2030.yml", "value: 93.5", "value: 9e1")]),
    Broken("unit-in-words", [("ledger/2030.yml", "unit: percent", "unit: 百分比")]),
    Broken(
        "measure-with-chinese",
        [("ledger/2030.yml", "  measure: 01/check\n  body: commerce", "  measure: 第一项\n  body: commerce")],
    ),
    Broken("date-with-slashes", [("ledger/2030.yml", "date: 2030-01-12", "date: 2030/1/12")]),
    Broken("date-impossible", [("ledger/2030.yml", "date: 2030-01-12", "date: 2030-02-30")]),
    Broken("source-missing", [("ledger/2030.yml", "  source: 县质量局\n  evidence:", "  evidence:")]),
    Broken("source-empty", [("warnings.yml", "source: 县商务局", "source: {zh: }")]),
    Broken("source-of-wrong-language", [("warnings.yml", "source: 县商务局", "source: {cn: 县商务局}")]),
    Broken("source-a-list", [("warnings.yml", "source: 县商务局", "source: [县商务局]")]),
    Broken("finding-empty", [("analyses.yml", "    - 标签问题多", "    - {en: ''}")]),
    Broken("role-unknown", [("warnings.yml", "approved: {role: head,", "approved: {role: 局长,")]),
    Broken(
        "approval-without-role",
        [("warnings.yml", "approved: {role: head, date: 2030-01-08}", "approved: {date: 2030-01-08}")],
    ),
    Broken("approval-a-flag", [("warnings.yml", "approved: {role: head, date: 2030-01-08}", "approved: true")]),
    Broken("field-unknown", [("ledger/2030.yml", "state: routine", "status: routine")]),
    Broken("clock-wrong", [("events/fair.yml", 'closes: "16:30"', "closes: 下午四点半")]),
    Broken("clock-without-zero", [("events/fair.yml", 'opens: "09:00"', 'opens: "9:00"')]),
    Broken("clock-fullwidth", [("events/fair.yml", 'opens: "09:00"', 'opens: "09：00"')]),
    Broken("negative-count", [("inspections.yml", "handled: 4", "handled: -4")]),
    Broken("count-with-words", [("inspections.yml", "inspected: 20", "inspected: 20家")]),
    Broken(
        "holders-no-list",
        [
            (
                "standards.yml",
                "  holders:\n    - 甲乙果品厂\n    - {zh: 北坡合作社, en: Beipo Cooperative}\n",
                "  holders: 甲乙果品厂\n",
            )
        ],
    ),
    Broken(
        "evidence-two-things",
        [
            (
                "ledger/2030.yml",
                "    - number: 甲质函〔2030〕1号\n    - link:",
                "    - number: 甲质函〔2030〕1号\n      link:",
            )
        ],
    ),
    Broken("evidence-nothing", [("ledger/2030.yml", "    - number: 甲质函〔2030〕1号\n", "    - title: 函\n")]),
    Broken("evidence-file-missing", [("ledger/2030.yml", "file: letter.pdf", "file: leter.pdf")]),
    Broken(
        "evidence-file-of-the-samples",
        [("evidence/letter.pdf", None, None), ("samples/evidence/letter.pdf", None, "%PDF-1.4")],
    ),
    Broken("evidence-http", [("ledger/2030.yml", "https://bureau.example/2030", "http://bureau.example/2030")]),
    Broken("evidence-script", [("ledger/2030.yml", "https://bureau.example/2030", "javascript:alert(1)")]),
    Broken("evidence-no-address", [("ledger/2030.yml", "https://bureau.example/2030", "www.bureau.example")]),
    Broken("evidence-above", [("ledger/2030.yml", "file: letter.pdf", "file: ../letter.pdf")]),
    Broken("evidence-absolute", [("ledger/2030.yml", "file: letter.pdf", "file: /etc/passwd")]),
    Broken("evidence-windows-path", [("ledger/2030.yml", "file: letter.pdf", "file: C:\\letter.pdf")]),
    Broken("evidence-program", [("ledger/2030.yml", "file: letter.pdf", "file: setup.exe")]),
    Broken("evidence-two-endings", [("ledger/2030.yml", "file: letter.pdf", "file: letter.pdf.html")]),
    Broken("evidence-upper-ending", [("ledger/2030.yml", "file: letter.pdf", "file: letter.PDF")]),
    Broken(
        "evidence-files-with-bad-names",
        [
            ("evidence/通知 (1).pdf", None, "x"),
            ("evidence/scan.JPG", None, "x"),
            ("evidence/setup.exe", None, "x"),
            ("evidence/2030/a.pdf", None, "x"),
            ("evidence/a.pdf\n", None, "x"),
        ],
    ),
    Broken(
        "entry-measure-unknown",
        [("ledger/2030.yml", "  measure: 01/check\n  body: commerce", "  measure: 01/chek\n  body: commerce")],
    ),
    Broken("entry-target-unknown", [("ledger/2030.yml", "target: pass-rate", "target: passrate")]),
    Broken("entry-body-unknown", [("ledger/2030.yml", "body: commerce", "body: comerce")]),
    Broken("entry-twice", [("ledger/2030.yml", "id: e2", "id: e1")]),
    Broken("corrects-unknown", [("ledger/2030.yml", "corrects: e1", "corrects: e9")]),
    Broken("corrects-itself", [("ledger/2030.yml", "corrects: e1", "corrects: e3")]),
    Broken(
        "corrects-in-a-circle",
        [
            (
                "ledger/2030.yml",
                "date: 2030-01-10\n  measure: 01/check",
                "date: 2030-01-10\n  corrects: e3\n  reason: 误\n  measure: 01/check",
            )
        ],
    ),
    Broken("corrects-another-thing", [("ledger/2030.yml", "corrects: e1", "corrects: e2")]),
    Broken("corrects-the-future", [("ledger/2030.yml", "date: 2030-01-20\n  measure", "date: 2030-01-09\n  measure")]),
    Broken(
        "corrected-twice",
        [
            (
                "ledger/2030.yml",
                "- id: e3\n",
                (
                    "- {id: e4, date: 2030-01-19, measure: 01/check, body: quality, state: done, corrects: "
                    "e1, reason: 误, source: 局}\n- id: e3\n"
                ),
            )
        ],
    ),
    Broken("state-missing", [("ledger/2030.yml", "  state: routine\n", "")]),
    Broken(
        "value-for-a-measure", [("ledger/2030.yml", "state: routine", "state: routine\n  value: 9\n  unit: percent")]
    ),
    Broken("value-missing", [("ledger/2030.yml", "  value: 93.5\n", "")]),
    Broken("unit-missing", [("ledger/2030.yml", "  unit: percent\n", "")]),
    Broken(
        "unit-missing-in-target",
        [
            ("targets.yml", "  value: 95\n  unit: percent\n", ""),
            ("targets.yml", "comparator: at-least", "comparator: achieve"),
        ],
    ),
    Broken("value-above-a-hundred", [("ledger/2030.yml", "value: 93.5", "value: 100.1")]),
    Broken("value-below-zero", [("ledger/2030.yml", "value: 93.5", "value: -0.1")]),
    Broken(
        "two-states-on-one-day",
        [
            ("ledger/2030.yml", "date: 2030-01-20\n  measure: 01/check", "date: 2030-01-10\n  measure: 01/check"),
            ("ledger/2030.yml", "  corrects: e1\n  reason: 原来写错了\n", ""),
        ],
    ),
    Broken(
        "two-values-on-one-day",
        [
            (
                "ledger/2030.yml",
                "- id: e3\n",
                (
                    "- {id: e4, date: 2030-01-12, target: pass-rate, body: quality, value: 93.6, unit: "
                    "percent, covers: {start: 2029-01-01, end: 2029-12-31}, source: 局}\n- id: e3\n"
                ),
            )
        ],
    ),
    Broken(
        "assignment-of-unknown-measure",
        [("assignments.yml", None, "- {id: a1, date: 2030-01-10, measure: 01/chek, body: qualty, source: 局}\n")],
    ),
    Broken(
        "assignment-of-nothing",
        [("assignments.yml", None, "- {id: a1, date: 2030-01-10, measure: 01/check, source: 局}\n")],
    ),
    Broken(
        "assignments-of-one-day",
        [
            (
                "assignments.yml",
                None,
                "- {id: a1, date: 2030-01-10, measure: 01/check, due: 2030-05-01, source: 局}\n"
                "- {id: a2, date: 2030-01-10, measure: 01/check, due: 2030-06-01, source: 局}\n",
            )
        ],
    ),
    Broken("owner-without-source", [("tasks/01.yml", "  - id: check\n", "  - id: check\n    owner: quality\n")]),
    Broken("due-without-source", [("tasks/01.yml", "  - id: publish\n", "  - id: publish\n    due: 2030-06-30\n")]),
    Broken(
        "approved-too-early",
        [("recalls.yml", "approved: {role: head, date: 2030-01-13}", "approved: {role: head, date: 2030-01-11}")],
    ),
    Broken(
        "expires-on-its-date",
        [
            ("recalls.yml", "source:", "expires: 2030-01-12\n  source:"),
            ("recalls.yml", "approved: {role: head, date: 2030-01-13}", "note: {zh: 甲, en: A}"),
        ],
    ),
    Broken(
        "expires-before-publication",
        [("recalls.yml", "source:", "publish_from: 2030-03-01\n  expires: 2030-02-01\n  source:")],
    ),
    Broken("expires-before-approval", [("recalls.yml", "source:", "expires: 2030-01-13\n  source:")]),
    Broken(
        "covers-backwards",
        [
            (
                "ledger/2030.yml",
                "covers: {start: 2029-01-01, end: 2029-12-31}",
                "covers: {start: 2029-12-31, end: 2029-01-01}",
            )
        ],
    ),
    Broken("event-backwards", [("events/fair.yml", "end: 2030-03-01", "end: 2030-02-27")]),
    Broken(
        "event-closes-before-it-opens",
        [("events/fair.yml", "end: 2030-03-01\n", ""), ("events/fair.yml", 'opens: "09:00"', 'opens: "17:00"')],
    ),
    Broken("policy-backwards", [("policies.yml", "closes: 2030-06-30", "closes: 2030-01-14")]),
    Broken(
        "batch-backwards",
        [("batches/b1.yml", "{start: 2030-01-02, end: 2030-01-09}", "{start: 2030-01-09, end: 2030-01-02}")],
    ),
    Broken(
        "inspection-backwards",
        [("inspections.yml", "{start: 2030-01-02, end: 2030-01-19}", "{start: 2030-01-19, end: 2030-01-02}")],
    ),
    Broken(
        "analysis-backwards",
        [("analyses.yml", "{start: 2029-01-01, end: 2029-12-31}", "{start: 2029-12-31, end: 2029-01-01}")],
    ),
    Broken("award-of-the-next-year", [("awards.yml", "year: 2029", "year: 2030")]),
    Broken("demonstration-of-the-next-year", [("demonstrations.yml", "year: 2029", "year: 2031")]),
    Broken("demonstration-not-yet-awarded", [("demonstrations.yml", "state: awarded", "state: building")]),
    Broken(
        "certificate-ended-before-it-began",
        [("certifications.yml", "valid_until: 2032-05-07", "valid_until: 2023-05-07")],
    ),
    Broken(
        "event-cancelled-before-announced", [("events/fair.yml", "source:", "cancelled: {date: 2030-01-17}\nsource:")]
    ),
    Broken(
        "event-cancelled-after-it-was-over", [("events/fair.yml", "source:", "cancelled: {date: 2030-03-02}\nsource:")]
    ),
    Broken(
        "bodies-unknown",
        [
            ("batches/b1.yml", "body: quality", "body: qualty"),
            ("violations.yml", "body: quality", "body: q1"),
            ("warnings.yml", "body: commerce", "body: q2"),
            ("analyses.yml", "body: quality", "body: q3"),
            ("policies.yml", "body: quality", "body: q4"),
            ("news/2030-01-15-fair.zh.md", "body: quality", "body: q5"),
            ("events/fair.yml", "body: quality", "body: q6"),
            ("inspections.yml", "[quality, commerce]", "[quality, comerce]"),
            ("evaluation.yml", "bodies: [quality]", "bodies: [quality, test]"),
        ],
    ),
    Broken("honour-unknown", [("awards.yml", "honour: prize", "honour: price")]),
    Broken("activity-unknown", [("events/fair.yml", "activity: quality-day", "activity: qualityday")]),
    Broken("more-problems-than-inspections", [("inspections.yml", "inspected: 20", "inspected: 4")]),
    Broken("more-handled-than-problems", [("inspections.yml", "handled: 4", "handled: 6")]),
    Broken(
        "violation-twice",
        [
            (
                "violations.yml",
                "- id: v1",
                (
                    "- {id: v0, date: 2030-01-16, party: {zh: 东山果脯厂, en: Dongshan Works}, number: "
                    "甲质罚〔2030〕1号, body: quality, breach: 误, penalty: 警告, source: 局}\n- id: v1"
                ),
            )
        ],
    ),
    Broken(
        "award-twice",
        [
            (
                "awards.yml",
                "- id: a1",
                (
                    "- {id: a0, date: 2029-12-20, honour: prize, year: 2029, holder: {zh: 甲乙木器厂, en: "
                    "Jiayi Woodworks}, source: 局}\n- id: a1"
                ),
            )
        ],
    ),
    Broken(
        "standard-twice",
        [
            (
                "standards.yml",
                "- id: s1",
                (
                    "- {id: s0, date: 2029-12-20, number: JY/T 001-2029, title: 规程, level: city, role: "
                    "lead, holders: [甲厂], source: 局}\n- id: s1"
                ),
            )
        ],
    ),
    Broken(
        "certificate-twice",
        [
            (
                "certifications.yml",
                "- id: c1",
                (
                    "- {id: c0, date: 2029-12-20, number: INVENTED-1, holder: 甲乙果品厂, scheme: "
                    "质量管理体系认证, source: 局}\n- id: c1"
                ),
            )
        ],
    ),
    Broken(
        "sample-not-marked",
        [
            (
                "samples/warnings.yml",
                None,
                ("- {id: sw, date: 2030-01-01, title: 甲, body: quality, text: 乙, advice: 丙, source: 丁}\n"),
            )
        ],
    ),
    Broken(
        "sample-named-by-a-real-record",
        [
            ("samples/bodies.yml", None, "- {id: sb, name: {zh: 示例局, en: Sample}, level: county, sample: true}\n"),
            ("warnings.yml", "body: commerce", "body: sb"),
        ],
    ),
    Broken(
        "sample-with-real-evidence",
        [
            (
                "samples/warnings.yml",
                None,
                (
                    "- {id: sw, date: 2030-01-01, title: 甲, body: quality, text: 乙, advice: 丙, source: "
                    "丁, sample: true, evidence: [{file: letter.pdf}]}\n"
                ),
            )
        ],
    ),
    Broken("table-without-record", [("batches/b2.csv", None, "产品名称,生产单位,抽样编号,检验依据,检验结果\n")]),
    Broken("record-without-table", [("batches/b1.csv", None, None)]),
    Broken(
        "table-beside-another",
        [
            ("batches/b1.csv", None, None),
            ("samples/batches/b1.csv", None, "产品名称,生产单位,抽样编号,检验依据,检验结果\n"),
        ],
    ),
    Broken("table-twice", [("samples/batches/b1.csv", None, "产品名称,生产单位,抽样编号,检验依据,检验结果\n")]),
    Broken(
        "sample-number-twice",
        [("batches/b1.csv", "枣片,北坡合作社,S-3", '\n"枣片\n散装",北坡合作社,S-1,甲,合格,,\n枣片,北坡合作社,s.2')],
    ),
    Broken(
        "table-of-gbk",
        [("batches/b1.csv", None, b"\xb2\xfa\xc6\xb7\xc3\xfb\xb3\xc6,\xc9\xfa\xb2\xfa\xb5\xa5\xce\xbb\n")],
    ),
    Broken("table-without-headings", [("batches/b1.csv", None, "")]),
    Broken(
        "keeps-another-name",
        [
            (
                "withdrawals.yml",
                None,
                "- id: w\n  date: 2030-02-01\n  reason: error\n  names: [东山果脯厂]\n  keep: [西河食品厂]\n",
            )
        ],
    ),
    Broken("withdraws-nothing", [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n")]),
    Broken(
        "withdrawal-of-an-unknown-record",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  record: news/2030-01-15-fare\n")],
    ),
    Broken(
        "withdrawal-of-a-task",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  record: task/01\n")],
    ),
    Broken(
        "withdrawal-without-kind",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  record: v1\n")],
    ),
    Broken(
        "withdrawal-before-the-record",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-01-15\n  reason: error\n  record: violation/v1\n")],
    ),
    Broken(
        "withdrawal-for-an-unknown-reason",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: mistake\n  record: violation/v1\n")],
    ),
    Broken(
        "withdrawn-name-too-short",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  names: [厂]\n")],
    ),
    Broken(
        "withdrawn-name-no-list",
        [("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  names: 东山果脯厂\n")],
    ),
    Broken(
        "withdrawn-name-still-in-a-task",
        [
            (
                "withdrawals.yml",
                None,
                "- id: w\n  date: 2030-02-01\n  reason: error\n  names: [东山果脯厂, Dongshan Works]\n",
            ),
            (
                "tasks/01.yml",
                "measures:\n",
                'note: {zh: "东山 果脯厂,见附件。", en: "See the DONGSHAN WORKS, annex."}\nmeasures:\n',
            ),
        ],
    ),
    Broken("translations-cut-off", [("translations.json", None, '{\n"a": "b",\n')]),
    Broken("translations-merged-badly", [("translations.json", None, '{\n"a": "b"\n<<<<<<< HEAD\n}\n')]),
    Broken("translations-a-list", [("translations.json", None, '["a"]\n')]),
    Broken(
        "translations-of-numbers", [("translations.json", None, '{\n"a": "0123",\n  "body/b:名称": 5,\n"c": null}\n')]
    ),
    Broken("translations-too-deep", [("translations.json", None, "[" * 100_000)]),
    Broken("translations-of-a-huge-number", [("translations.json", None, '{"a": ' + "1" * 5000 + "}")]),
    Broken("translations-empty", [("translations.json", None, "")]),
    Broken("translations-in-gbk", [("translations.json", None, b'{"a": "\xbc\xd7"}')]),
    Broken(
        "everything-at-once",
        [
            ("ledger/2030.yml", "value: 93.5", "value: 935"),
            ("ledger/2030.yml", "corrects: e1", "corrects: e9"),
            ("awards.yml", "year: 2029", "year: 2092"),
            ("recalls.yml", "date: 2030-01-13}", "date: 2030-01-03}"),
            ("news/2030-01-15-fair.en.md", "title:", "titel:"),
            ("batches/b1.csv", ",S-2,", ",S-1,"),
            ("warnings.yml", "body: commerce", "body: comerce"),
            ("withdrawals.yml", None, "- id: w\n  date: 2030-02-01\n  reason: error\n  names: [质]\n"),
        ],
    ),
)
# Rules that warn only have tests of their own below.
WARNING_ONLY = {
    "percentages_are_no_fractions",
    "period_ended_before_record",
    "withdrawn_names_occur",
    "notices_are_not_repeated",
    "personal_data_is_allowed",
    "personal_data_in_tables_is_allowed",
    "addresses_have_no_withdrawn_name",
    "requirements_are_not_reported_on",
}


MESSAGES = Recorded("check_publishable", (broken.name for broken in BROKEN))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_rule_is_reported_to_the_letter(broken: Broken, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_living_county_has_no_problems(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    assert errors_of(data) == []
    assert [line for line in warnings_of(data) if "placeholder" not in line] == []


@pytest.mark.slow
def test_every_rule_is_broken_by_some_case(tmp_path: Path) -> None:
    """A rule that no case breaks is not tested; `tests/test_check_rules.py` has those on the plan."""
    modules = {"ledger", "publication", "dates", "withdrawals", "personal"}
    quiet = {rule.__name__ for rule in RULES if rule.__module__.rpartition(".")[2] in modules}
    quiet |= {"translations_are_fingerprints"}
    quiet -= {"editions_are_in_their_year", "days_exist", "editions_are_one_a_year"}
    for number, broken in enumerate(BROKEN):
        data = copy_living(tmp_path / str(number))
        broken.spoil(data)
        entries = RecordIndex(read(data))
        quiet -= {rule.__name__ for rule in RULES if any(p.severity == "error" for p in rule(entries))}
    assert quiet == WARNING_ONLY


LEDGER = "ledger/2030.yml"
ONE_MORE = "- {id: e4, date: 2030-01-12, target: pass-rate, body: quality, value: 91, unit: percent, source: 局"


@pytest.mark.parametrize(
    "edits",
    [
        # Two values on one day for two periods; the same said twice; a correction on the day itself.
        [(LEDGER, "- id: e3\n", f"{ONE_MORE}, covers: {{start: 2028-01-01, end: 2028-12-31}}}}\n- id: e3\n")],
        [
            (
                LEDGER,
                "- id: e3\n",
                "- {id: e4, date: 2030-01-20, measure: 01/check, body: quality, state: routine, "
                "source: 局}\n- id: e3\n",
            )
        ],
        [(LEDGER, "- id: e3\n  date: 2030-01-20", "- id: e3\n  date: 2030-01-10")],
        # A correction of a correction; an entry without evidence; English only; both ends of what is possible.
        [
            (
                LEDGER,
                "- id: e3\n",
                "- {id: e4, date: 2030-02-20, measure: 01/check, body: quality, state: done, "
                "corrects: e3, reason: 又错了, source: 局}\n- id: e3\n",
            )
        ],
        [(LEDGER, "source: 县质量局\n  evidence:", "source: {en: Bureau}\n  evidence:")],
        [(LEDGER, "value: 93.5", "value: 0")],
        [(LEDGER, "value: 93.5", "value: 100")],
        # Lives: approved on the day, ending the day after.
        [
            (
                "recalls.yml",
                "approved: {role: head, date: 2030-01-13}",
                "approved: {role: head, date: 2030-01-12}\n  expires: 2030-01-13",
            )
        ],
        [("recalls.yml", "  approved: {role: head, date: 2030-01-13}\n", "")],
        [("events/fair.yml", "end: 2030-03-01", "end: 2030-02-28")],
        [("events/fair.yml", 'closes: "16:30"', 'closes: "08:30"')],
        [("events/fair.yml", "source:", "cancelled: {date: 2030-01-18, reason: 大雪}\nsource:")],
        [("events/fair.yml", "source:", "cancelled: {date: 2030-03-01}\nsource:")],
        [("policies.yml", "closes: 2030-06-30", "closes: 2030-01-15")],
        [("awards.yml", "year: 2029", "year: 2028")],
        [("demonstrations.yml", "state: awarded\n  year: 2029", "state: building")],
        [
            (
                "inspections.yml",
                "inspected: 20\n  problems: 5\n  handled: 4",
                "inspected: 5\n  problems: 5\n  handled: 5",
            )
        ],
        [
            (
                "inspections.yml",
                "inspected: 20\n  problems: 5\n  handled: 4",
                "inspected: 0\n  problems: 0\n  handled: 0",
            )
        ],
        # The same decision on another party, the same award in another year, the same certificate of another scheme.
        [
            (
                "violations.yml",
                "- id: v1",
                "- {id: v0, date: 2030-01-16, party: 西河食品厂, number: 甲质罚〔2030〕1号, "
                "body: quality, breach: 误, penalty: 警告, source: 局}\n- id: v1",
            )
        ],
        [
            (
                "awards.yml",
                "- id: a1",
                "- {id: a0, date: 2029-12-20, honour: prize, year: 2028, "
                "holder: {zh: 甲乙木器厂, en: Jiayi Woodworks}, source: 局}\n- id: a1",
            )
        ],
        [
            (
                "certifications.yml",
                "- id: c1",
                "- {id: c0, date: 2029-12-20, holder: 甲, scheme: 认证, source: 局}\n"
                "- {id: c2, date: 2029-12-20, holder: 甲, scheme: 认证, source: 局}\n- id: c1",
            )
        ],
        # Samples: a folder of their own, also beside the real ones; a sample may name what is real.
        [("recalls.yml", "- id: r1\n", "- id: r1\n  sample: true\n")],
        [
            (
                "samples/warnings.yml",
                None,
                "- {id: sw, date: 2030-01-01, title: 甲, body: quality, text: 乙, advice: 丙, "
                "source: 丁, sample: true, evidence: [{file: a.txt}]}\n",
            ),
            ("samples/evidence/a.txt", None, "甲"),
        ],
        [
            ("samples/bodies.yml", None, "- {id: sb, name: {zh: 示例局, en: Sample}, level: county, sample: true}\n"),
            ("warnings.yml", "- id: w1\n", "- id: w1\n  sample: true\n"),
            ("warnings.yml", "body: commerce", "body: sb"),
        ],
        [
            (
                "samples/awards.yml",
                None,
                "- {id: sa, date: 2029-12-20, honour: prize, year: 2029, sample: true, source: 局, "
                "holder: {zh: 甲乙木器厂, en: Jiayi Woodworks}}\n",
            )
        ],
        # Withdrawals: of a record, of names, of both; the name may stay in what the withdrawal reaches.
        [("withdrawals.yml", None, "- {id: w, date: 2030-01-16, reason: law, record: violation/v1}\n")],
        [("withdrawals.yml", None, "- {id: w, date: 2030-02-01, reason: law, names: [东山果脯厂, Dongshan Works]}\n")],
        # A folder of evidence that nobody names, and names with Chinese in them.
        [
            ("evidence/会议通知-2030.ofd", None, ofd("会议通知")),
            (LEDGER, "file: letter.pdf", "file: 会议通知-2030.ofd"),
        ],
        [("translations.json", None, "{}\n")],
        [("translations.json", None, '{"body/quality:name": "0123456789ab"}\n')],
    ],
)
def test_correct_data_has_no_problems(edits: list[Edit], tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    Broken("", edits).spoil(data)
    assert errors_of(data) == []
    assert [line for line in warnings_of(data) if "placeholder" not in line] == []


def only_warning(data: Path) -> str:
    assert errors_of(data) == []
    (line,) = [line for line in warnings_of(data) if "placeholder" not in line]
    return line


@pytest.mark.parametrize(("value", "likely"), [("0.935", "93.5"), ("0.5", "50"), ("0.01", "1")])
def test_percentage_that_may_be_a_fraction_is_a_warning(value: str, likely: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / LEDGER, "value: 93.5", f"value: {value}")
    assert only_warning(data) == (
        f"data/ledger/2030.yml:12:10: 提醒 / warning: “{value}”不到百分之一\uff1b是否应为“{likely}”\uff1f / "
        f"“{value}” is less than one percent; should it be “{likely}”?"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "end", "date"),
    [
        (LEDGER, "end: 2029-12-31", "end: 2030-12-31", "14:36", "2030-12-31", "2030-01-12"),
        ("batches/b1.yml", "end: 2030-01-09", "end: 2030-01-16", "5:35", "2030-01-16", "2030-01-15"),
        ("inspections.yml", "end: 2030-01-19", "end: 2030-01-21", "5:36", "2030-01-21", "2030-01-20"),
        ("analyses.yml", "end: 2029-12-31", "end: 2031-12-31", "5:36", "2031-12-31", "2030-01-15"),
    ],
)
def test_span_that_is_not_over_is_a_warning(
    file: str, old: str, new: str, place: str, end: str, date: str, tmp_path: Path
) -> None:
    data = copy_living(tmp_path)
    edit(data / file, old, new)
    assert only_warning(data) == (
        f"data/{file}:{place}: 提醒 / warning: “{end}”晚于记录日期“{date}”\uff0c请核对年份 / "
        f"“{end}” is after the date of the record, “{date}”; check the year"
    )


def test_withdrawn_name_that_occurs_nowhere_is_a_warning(tmp_path: Path) -> None:
    withdrawal = "- id: w\n  date: 2030-02-01\n  reason: law\n  names:\n    - 东山果脯厂\n    - 东山果辅厂\n"
    data = copy_living(tmp_path, {"withdrawals.yml": withdrawal})
    assert only_warning(data) == (
        "data/withdrawals.yml:6:7: 提醒 / warning: 资料里没有“东山果辅厂”\uff0c请核对写法是否与要撤下的一致 / "
        "“东山果辅厂” occurs nowhere in the data; check its spelling against what is to be withdrawn"
    )


def test_withdrawn_name_may_stand_in_a_table_only(tmp_path: Path) -> None:
    withdrawal = "- {id: w, date: 2030-02-01, reason: law, names: [西河食品厂]}\n"
    data = copy_living(tmp_path, {"withdrawals.yml": withdrawal})
    assert [line for line in warnings_of(data) if "placeholder" not in line] == []


def test_withdrawn_name_in_many_places_is_reported_ten_times(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {"withdrawals.yml": "- {id: w, date: 2030-02-01, reason: law, names: [质量]}\n"})
    lines = errors_of(data)
    assert len(lines) == 10
    assert all("“质量”" in line for line in lines)


def test_evidence_that_leads_elsewhere(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / "evidence/letter.pdf").unlink()
    (data / "evidence/letter.pdf").symlink_to("/etc/passwd")
    assert errors_of(data) == [
        "data/evidence/letter.pdf:1:1: 这是链接\uff0c不是文件\uff0c请放入文件本身 / "
        "this is a link, not a file; put the file itself here",
        "data/ledger/2030.yml:19:13: evidence 文件夹里没有“letter.pdf” / "
        "there is no file “letter.pdf” in the folder evidence",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep file names as text")
def test_file_name_that_is_no_text(tmp_path: Path) -> None:
    """An archive from a Chinese Windows may have file names in GBK: they are reported in a form for any terminal."""
    data = copy_living(tmp_path)
    (data / os.fsdecode("质量.pdf".encode("gbk"))).write_bytes(b"x")
    (data / "a\nb.yml").write_bytes(b"x")
    first, second = errors_of(data)
    assert first.startswith("data/a b.yml:1:1: ")
    assert second.startswith(r"data/\udcd6\udcca\udcc1\udcbf.pdf:1:1: ")
    assert "\n" not in first + second
    assert (first + second).encode()


IDENTITY_CARD = ("身份证号", "an identity card number")
MOBILE = ("手机号", "a mobile telephone number")
BANK_CARD = ("银行卡号", "a bank card number")
PLATE = ("车牌号", "a licence plate")
EMAIL = ("电子邮箱", "an e-mail address")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("13800138000", [MOBILE]),
        ("电话13800138000。", [MOBILE]),
        ("138 0013 8000", [MOBILE]),
        ("138-0013-8000", [MOBILE]),
        ("+86 13800138000", [MOBILE]),
        ("8613800138000", [MOBILE]),
        ("\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10", [MOBILE]),
        ("19912345678/17012345678", [MOBILE, MOBILE]),
        ("2030-01-05 13800138000", [MOBILE]),
        # The identity card of the standard (GB 11643) itself.
        ("11010519491231002X", [IDENTITY_CARD]),
        ("身份证11010519491231002x号", [IDENTITY_CARD]),
        ("110105 19491231 002X", [IDENTITY_CARD]),
        ("4111111111111111", [BANK_CARD]),
        ("4111 1111 1111 1111", [BANK_CARD]),
        ("4111-1111-1111-1111", [BANK_CARD]),
        ("6222021234567890128", [BANK_CARD]),
        ("张三 11010519491231002X 13800138000", [IDENTITY_CARD, MOBILE]),
        # However it is typed.
        ("138.0053.1234", [MOBILE]),
        ("138 00531234", [MOBILE]),
        ("138-0053 1234", [MOBILE]),
        ("138\u00b70053\u00b71234", [MOBILE]),
        ("(138)0053-1234", [MOBILE]),
        ("1380053 1234", [MOBILE]),
        ("13800 531234", [MOBILE]),
        ("1380 0531 234", [MOBILE]),
        ("138(0053)1234", [MOBILE]),
        ("一三八零零五三一二三四", [MOBILE]),
        ("110105 1949 12 31 002X", [IDENTITY_CARD]),
        ("110105.19491231.002X", [IDENTITY_CARD]),
        ("110105 19491231002\uff38", [IDENTITY_CARD]),
        ("110105491231002", [IDENTITY_CARD]),
        ("110105 491231 002", [IDENTITY_CARD]),
        ("车牌鲁Q12345", [PLATE]),
        ("鲁Q\u00b7A1234", [PLATE]),
        ("鲁QD12345", [PLATE]),
        ("鲁Q1234学", [PLATE]),
        ("邮箱li.shanming@mail.example", [EMAIL]),
        ("邮箱\uff1aLi\uff20mail.example。", [EMAIL]),
    ],
)
def test_personal_number_is_refused_unless_it_is_listed(
    text: str, kinds: list[tuple[str, str]], tmp_path: Path
) -> None:
    data = copy_living(tmp_path)
    edit(data / "warnings.yml", "advice: 用前看一看", f'advice: "{text}"')
    lines = errors_of(data)
    assert sorted(re.sub("“.*?”", "", line) for line in lines) == sorted(
        f"data/warnings.yml:6:11: 这里像有{chinese}\uff0c请删去\uff1b确认可以公开的\uff0c在 site.yml 的 public_numbers "
        f"里加上它 / this looks like {english}, ; delete it; what may be public is listed in public_numbers of site.yml"
        for chinese, english in kinds
    )
    numbers = [number for line in lines for number in re.findall("“(.*?)”", line.partition(" / ")[0])]
    with (data / "site.yml").open("a", encoding="utf-8") as site:
        site.write(f"public_numbers: {json.dumps(numbers)}\n")
    assert errors_of(data) == []


@pytest.mark.parametrize("text", ["138**0013**8000", "1380013<b>8000</b>", "138&#48;0138000", "[138](/)00138000"])
def test_personal_number_is_found_through_markup(text: str) -> None:
    assert [(number, kind) for _, number, kind in numbers_in_text(f"电话。\n{text}", ())] == [("13800138000", MOBILE)]
    assert list(numbers_in_text(text, ("13800138000",))) == []


@pytest.mark.parametrize(
    "text",
    [
        # One digit other, one fewer, one more; right check characters, but a day that never was, or one of 1880.
        "110105194912310021",
        "1101051949123100X",
        "110105194913310021",
        "110105188001010017",
        "4111111111111112",
        # Fifteen digits with a day that never was, or of no region.
        "411111111311111",
        "991111111111111",
        # Values beside days, coordinates, codes; places of a standard; offices.
        "118.62713548",
        "150.12345678元",
        "DB37/T 1234-2020",
        "鲁ICP备12345678号",
        "鲁SC10437132300123",
        "UTC+8613",
        "邮箱quality@yishui.gov.cn",
        "a@b",
        "1380013800",
        "138001380001",
        "12800138000",
        # Standards, documents, decisions, dates and times.
        "GB/T 19001-2016",
        "GB/T 19001-2016、GB/T 24001-2016、GB/T 45001-2020",
        "GB 15763-2009 1234",
        "甲质罚〔2030〕13号",
        "2030-01-02 2030-12-31",
        "20300102-20301231",
        "2030年1月2日9:00至2030年12月31日16:30",
        "202601051830",
        # Codes of firms, goods and licences; other telephones; values.
        "91371323MA3C1234XY",
        "913713231698245678",
        "6901234567892",
        "SC13800138000",
        "JY13713230012345",
        "INVENTED-13800138000X",
        "2030010513800138",
        "371323004213",
        "12345",
        "0539-2251234",
        "400-600-1234",
        "0.13800138000",
        "13,800,138,000元",
    ],
)
def test_other_number_is_no_warning(text: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "warnings.yml", "advice: 用前看一看", f'advice: "{text}"')
    assert errors_of(data) == []
    assert [line for line in warnings_of(data) if "placeholder" not in line] == []


def test_personal_number_is_found_in_every_corner(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / LEDGER, "number: 甲质函〔2030〕1号", "number: 13800138000")
    edit(data / "batches/b1.csv", '"杏脯,散装",东山果脯厂', '"杏脯,散装",东山果脯厂13800138000')
    edit(data / "news/2030-01-15-fair.en.md", "is open.", "is open: 13800138000.")
    edit(data / "standards.yml", "    - 甲乙果品厂", "    - 甲乙果品厂 13800138000")
    # A body's own telephone is meant to be public, also where a report repeats it.
    edit(data / "recalls.yml", "remedy: 免费更换", "remedy: 请打13900139000免费更换")
    edit(data / "bodies.yml", "level: county\n- id: commerce", 'level: county\n  phone: "13900139000"\n- id: commerce')
    places = [line.split(": ")[0] for line in errors_of(data)]
    assert places == [
        "data/batches/b1.csv:3:2",
        "data/ledger/2030.yml:17:15",
        "data/news/2030-01-15-fair.en.md:4:1",
        "data/standards.yml:8:7",
    ]


@pytest.mark.parametrize(
    ("digits", "kind"),
    [
        ("11010519491231002X", IDENTITY_CARD),
        ("13800138000", MOBILE),
        ("8613800138000", MOBILE),
        ("4111111111111111", BANK_CARD),
        ("", None),
        ("X" * 18, None),
        ("1" * 18, None),
        ("0" * 16, None),
    ],
)
def test_personal_number(digits: str, kind: tuple[str, str] | None) -> None:
    assert personal_number(digits) == kind


def test_personal_number_with_invisible_characters_is_found() -> None:
    """Data has none of these, but files and pages may."""
    for text in ("138\u200b00531234", "1\ufeff38 0053 1234", "138\u00ad0053\u00ad1234"):
        assert list(personal_numbers(text)) == [("13800531234", MOBILE)]
    assert list(personal_numbers("110105\u200b19491231002\uff38")) == [("11010519491231002X", IDENTITY_CARD)]
    assert list(personal_numbers("鲁\u200bQ12345")) == [("鲁Q12345", PLATE)]


# Bad input by chance: mutated files must end in lines or in success, never in anything else.

NASTY = [
    "\t",
    "\uff1a",
    ":",
    ": ",
    "\0",
    "\u3000",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "!x ",
    "%",
    "- ",
    "---\n",
]
NASTY += [
    "#",
    "\r",
    "\r\n",
    "\ufeff",
    "\x1b",
    "\u2028",
    "\U0001f600",
    "0",
    "-1",
    "9" * 30,
    "null",
    "~",
    "\n",
    "\n\n",
    ",",
]
NASTY += [
    "2030-02-30",
    "e1",
    "quality",
    "东山果脯厂",
    "../",
    "https://",
    "{zh: }",
    "|",
    ">",
    "a" * 200_000,
    "<b>",
    "{0}",
]


def mutated(raw: bytes, generator: random.Random) -> bytes:
    """Return ``raw`` with a random defect: a typing error, damage, or a wrong encoding."""
    text = raw.decode()
    lines = text.split("\n")
    at = generator.randrange(len(lines))
    place = generator.randrange(len(text) + 1)
    match generator.randrange(9):
        case 0:
            del lines[at]
            return "\n".join(lines).encode()
        case 1:
            lines.insert(generator.randrange(len(lines)), lines[at])
            return "\n".join(lines).encode()
        case 2:
            lines[at] = generator.choice([" ", "  ", "\t"]) + lines[at]
            return "\n".join(lines).encode()
        case 3:
            return raw[: generator.randrange(len(raw) + 1)]
        case 4:
            return (text[:place] + generator.choice(NASTY) + text[place:]).encode()
        case 5:
            return (text[:place] + text[place + generator.randrange(1, 20) :]).encode()
        case 6:
            return bytes(generator.randrange(256) if generator.random() < 0.02 else byte for byte in raw)
        case 7:
            return text.encode(generator.choice(["gb18030", "utf-16", "utf-8-sig"]))
        case _:
            words = text.split(" ")
            words[generator.randrange(len(words))] = generator.choice(NASTY)
            return " ".join(words).encode()


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [60, pytest.param(600, marks=pytest.mark.sweep)])
def test_mutated_files_end_in_lines_or_in_success(tmp_path: Path, rounds: int) -> None:
    withdrawal = "- {id: w, date: 2030-02-01, reason: law, names: [东山果脯厂]}\n"
    more = {"withdrawals.yml": withdrawal, "translations.json": '{\n"body/quality:name": "0123456789ab"\n}\n'}
    data = copy_living(tmp_path, more)
    whole = {p.relative_to(data).as_posix(): p.read_bytes() for p in data.rglob("*") if p.is_file()}
    generator = random.Random(20300101)
    outcomes = {"lines": 0, "success": 0}
    for _ in range(rounds):
        chosen = generator.sample(sorted(whole), generator.randrange(1, 4))
        for file in chosen:
            (data / file).write_bytes(mutated(whole[file], generator))
        dataset, errors, warnings = examine(data, "data")
        for line in [*errors, *warnings]:
            found = re.fullmatch(r"data/([^:]+):([0-9]+):([0-9]+): (.+) / (.+)", line)
            assert found, (chosen, line)
            file, number, column = found[1], int(found[2]), int(found[3])
            size = (data / file).read_bytes().count(b"\n") + (data / file).read_bytes().count(b"\r") + 2
            assert 1 <= number <= size, (chosen, line)
            assert column >= 1, (chosen, line)
        if not errors:
            found_catalogue = catalogue(dataset, AS_OF)
            assert isinstance(found_catalogue, Catalogue)
            assert Progress(found_catalogue, AS_OF).programme.total >= 1
            assert time_zone(dataset)
        outcomes["lines" if errors else "success"] += 1
        for file in chosen:
            (data / file).write_bytes(whole[file])
    assert errors_of(data) == []
    # Both must have been tried: most mutations spoil something, some only change a text.
    assert outcomes["lines"] > rounds / 3
    assert outcomes["success"] > rounds / 30


def test_each_optional_field_left_empty_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    before = checked(data, "data")[0].entries
    seen = set()
    for entry in before:
        path = data / entry.place.file
        text = path.read_text(encoding="utf-8")
        names = [
            f"{name}:"
            for name, info in entry.kind.model.model_fields.items()
            if not info.is_required() and not re.search(rf"\b{name}:", text)
        ]
        if not names or not isinstance(entry.record, Publishable):
            continue
        inner = ["approved: {role: , date: }" if name == "approved:" else name for name in names]
        if entry.kind.layout in ("list", "lists"):
            text = re.sub(rf"^(- id: {entry.record.id}\n)", rf"\1  {'NEXT  '.join(inner)}NEXT", text, flags=re.M)
        elif path.suffix == ".yml":
            text += "NEXT".join(["", *inner, ""])
        else:
            text = text.replace("---\n", "---\n" + "NEXT".join([*inner, ""]), 1)
        if "NEXT" in text:
            seen.add(entry.kind.name)
        path.write_text(text.replace("NEXT", "\n"), encoding="utf-8", newline="\n")
    assert len(seen) >= 12
    assert errors_of(data) == []
    assert [entry.record for entry in checked(data, "data")[0].entries] == [entry.record for entry in before]
