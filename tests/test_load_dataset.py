"""Bad input, one file at a time: the complete printed lines, to the letter; and what must be accepted as it is."""

import codecs
import os
import subprocess
import sys
from pathlib import Path

import pytest
from broken import Recorded
from haopin.load.folder import read
from haopin.load.tables import headings, read_table
from haopin.model.disclosure import Sampled
from haopin.model.provision import Term
from support import ROOT, copy_county, copy_data, edit, errors_of


class Bad:
    """One bad file: the county's ``file`` with this content, with (old, new) exchanged, or (None) deleted."""

    def __init__(self, name: str, file: str, content: str | bytes | tuple[str, str] | None) -> None:
        self.name, self.file, self.content = name, file, content

    def spoil(self, data: Path) -> None:
        """Make the file in the folder ``data`` bad."""
        path = data / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.content is None:
            path.unlink()
        elif isinstance(self.content, tuple):
            edit(path, *self.content)
        elif isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            path.write_text(self.content, encoding="utf-8", newline="")


BAD = (
    Bad("tab", "glossary.yml", "- id: cnas\n\tkind: term\n"),
    Bad("tab-in-item", "glossary.yml", "- id: cnas\n  term:\n  \tzh: 甲\n    en: A\n  kind: term\n"),
    Bad("tab-after-dash", "glossary.yml", "-\tid: cnas\n  term: {zh: 甲, en: A}\n"),
    Bad("full-width-colon", "glossary.yml", "- id：cnas\n  kind: term\n"),
    Bad("full-width-colon-second", "glossary.yml", "- id: cnas\n  kind：term\n  term: {zh: 甲, en: A}\n"),
    Bad("full-width-space-indent", "glossary.yml", "- id: cnas\n\u3000\u3000kind: term\n"),
    Bad("no-break-space-indent", "glossary.yml", "- id: cnas\n \u00a0kind: term\n"),
    Bad("no-space-after-colon", "glossary.yml", "- id:cnas\n  kind: term\n"),
    Bad("no-colon", "glossary.yml", "- id cnas\n  kind: term\n"),
    Bad("no-colon-above-a-comment", "glossary.yml", "- id cnas\n  # note\n  kind: term\n"),
    Bad("no-colon-in-a-record", "glossary.yml", "- id: cnas\n  kind term\n  term: {zh: 甲, en: A}\n"),
    Bad(
        "no-space-after-colon-last-line",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh:甲\n    en: A\n",
    ),
    Bad("uneven", "glossary.yml", "- id: cnas\n   kind: term\n  term: {zh: 甲, en: A}\n"),
    Bad("unclosed-quote", "glossary.yml", '- id: cnas\n  kind: "term\n'),
    Bad("unclosed-brace", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A\n  kind: term\n"),
    Bad("unclosed-bracket", "activities/quality-day.yml", (("official: [zh]", "official: [zh"))),
    Bad(
        "colon-in-text",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: 注: 见下\n    en: See below\n",
    ),
    Bad("text-after-quote", "glossary.yml", '- id: cnas\n  term: {zh: "甲"乙, en: A}\n  kind: term\n'),
    Bad(
        "at-sign",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: @甲\n    en: A\n",
    ),
    Bad(
        "star",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: *甲*\n    en: A\n",
    ),
    Bad("bad-escape", "glossary.yml", '- id: cnas\n  term: {zh: 甲, en: "C:\\data"}\n  kind: term\n'),
    Bad("dash-without-space", "glossary.yml", "-id: cnas\n"),
    Bad("control", "glossary.yml", "- id: cnas\n  term: {zh: 甲\x07, en: A}\n  kind: term\n"),
    Bad("nul", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A\x00}\n  kind: term\n"),
    Bad("del", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A\x7f}\n  kind: term\n"),
    Bad("duplicate-key", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  kind: body\n"),
    Bad("duplicate-language", "glossary.yml", "- id: cnas\n  term: {zh: 甲, zh: 乙, en: A}\n  kind: term\n"),
    Bad("complex-key", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  ? [a, b]\n  : c\n"),
    Bad("empty-key", "glossary.yml", '- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  "": c\n'),
    Bad("null-key", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  : c\n"),
    Bad(
        "alias-mapping",
        "glossary.yml",
        "- id: a\n  term: &t {zh: 甲, en: A}\n  kind: term\n- id: b\n  term: *t\n  kind: term\n",
    ),
    Bad(
        "alias-scalar",
        "glossary.yml",
        "- id: a\n  term: {zh: &z 甲, en: A}\n  kind: term\n- id: b\n  term: {zh: *z, en: B}\n  kind: term\n",
    ),
    Bad("merge", "glossary.yml", "- &a\n  id: a\n  term: {zh: 甲, en: A}\n  kind: term\n- <<: *a\n  id: b\n"),
    Bad("merge-inline", "glossary.yml", "- id: b\n  <<: {term: {zh: 甲, en: A}, kind: term}\n"),
    Bad("unknown-alias", "glossary.yml", "- id: a\n  term: *t\n  kind: term\n"),
    Bad("anchor-twice", "glossary.yml", "- id: &a a\n  term: {zh: 甲, en: A}\n  kind: &a term\n"),
    Bad(
        "anchor-key",
        "glossary.yml",
        "- &k id: a\n  term: {zh: 甲, en: A}\n  kind: term\n- *k : b\n  term: {zh: 甲, en: A}\n  kind: term\n",
    ),
    Bad("recursion", "glossary.yml", "- id: a\n  term: &t {zh: 甲, en: A, more: *t}\n  kind: term\n"),
    Bad("recursion-root", "glossary.yml", "&a\n- *a\n"),
    Bad("tag-int", "glossary.yml", "- id: !!int 5\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad(
        "tag-python",
        "glossary.yml",
        "- id: !!python/object/apply:os.system ['true']\n  term: {zh: 甲, en: A}\n  kind: term\n",
    ),
    Bad("yaml2", "glossary.yml", "%YAML 2.0\n---\n- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("empty-task", "tasks/03.yml", ""),
    Bad("comment-only", "tasks/03.yml", "# later\n"),
    Bad("missing-site", "site.yml", None),
    Bad("list-expected", "glossary.yml", "id: a\n"),
    Bad("list-expected-text", "glossary.yml", "甲\n"),
    Bad("text-for-record", "tasks/03.yml", "甲\n"),
    Bad("text-for-item", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n- 甲\n"),
    Bad("empty-item", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n-\n"),
    Bad(
        "unknown-field",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definiton: {zh: 甲, en: A}\n",
    ),
    Bad("unknown-field-no-guess", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  colour: red\n"),
    Bad("unknown-nested", "activities/quality-day.yml", (("certainty: medium", "certanty: medium"))),
    Bad("unknown-in-text", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A, fr: B}\n  kind: term\n"),
    Bad("unquoted-comma", "glossary.yml", "- id: cnas\n  term: {zh: 甲,乙, en: A}\n  kind: term\n"),
    Bad("unquoted-comma-en", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A, and B}\n  kind: term\n"),
    Bad("missing-field", "glossary.yml", "- id: a\n  term: {zh: 甲, en: A}\n"),
    Bad("missing-id", "glossary.yml", "- term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("missing-nested", "activities/quality-day.yml", (("        certainty: medium\n", ""))),
    Bad("missing-zh", "glossary.yml", "- id: cnas\n  term: {en: A}\n  kind: term\n"),
    Bad("missing-zh-block", "glossary.yml", "- id: a\n  term:\n    en: A\n  kind: term\n"),
    Bad(
        "missing-zh-item",
        "activities/quality-day.yml",
        (("text: {zh: 人人参与, en: Everyone takes part}", "text: {en: Everyone takes part}")),
    ),
    Bad(
        "missing-zh-clause",
        "documents/plan-2030-1.yml",
        (("title, zh: 甲乙县质量工作方案, en: ", "title, en: ")),
    ),
    Bad("empty-en-quoted", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: ''}\n  kind: term\n"),
    Bad("blank-zh", "glossary.yml", "- id: cnas\n  term: {zh: ' ', en: A}\n  kind: term\n"),
    Bad("text-as-list", "glossary.yml", "- id: cnas\n  term: [甲, A]\n  kind: term\n"),
    Bad("zh-as-list", "glossary.yml", "- id: cnas\n  term: {zh: [甲], en: A}\n  kind: term\n"),
    Bad("zh-as-map", "glossary.yml", "- id: cnas\n  term: {zh: {甲: 乙}, en: A}\n  kind: term\n"),
    Bad("list-field-text", "activities/quality-day.yml", (("official: [zh]", "official: zh"))),
    Bad("literal", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: tem\n"),
    Bad("literal-no-guess", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: something\n"),
    Bad("literal-in-list", "activities/quality-day.yml", (("official: [zh]", "official: [cn]"))),
    Bad("month-13", "activities/quality-day.yml", (("month: 2", "month: 13"))),
    Bad("month-0", "activities/quality-day.yml", (("month: 2", "month: 0"))),
    Bad("month-text", "activities/quality-day.yml", (("month: 2", "month: 二月"))),
    Bad("month-fullwidth", "activities/quality-day.yml", (("month: 2", "month: １２"))),
    Bad("month-decimal", "activities/quality-day.yml", (("month: 2", "month: 2.5"))),
    Bad("month-list", "activities/quality-day.yml", (("month: 2", "month: [2]"))),
    Bad("day-32", "activities/quality-day.yml", (("day: 29", "day: 32"))),
    Bad("year-early", "activities/quality-day.yml", (("year: 2028", "year: 1028"))),
    Bad("year-with-unit", "activities/quality-day.yml", (("year: 2028", "year: 2028年"))),
    Bad("value-percent", "targets.yml", (("value: 95", "value: 95%"))),
    Bad("value-fullwidth", "targets.yml", (("value: 95", "value: ９５"))),
    Bad("value-fullwidth-point", "targets.yml", (("value: 95", "value: 95．5"))),
    Bad("value-list", "targets.yml", (("value: 95", "value: [95]"))),
    Bad("value-nan", "targets.yml", (("value: 95", "value: NaN"))),
    Bad("value-comma", "targets.yml", (("value: 95", "value: 1,000"))),
    Bad("value-arabic", "targets.yml", (("value: 95", "value: ٩٥"))),
    Bad("value-underscore", "targets.yml", (("value: 95", "value: 9_5"))),
    Bad("month-underscore", "activities/quality-day.yml", (("month: 2", "month: 1_0"))),
    Bad("date-impossible", "documents/plan-2030-1.yml", (("2030-01-02", "2030-02-30"))),
    Bad("date-month-13", "documents/plan-2030-1.yml", (("2030-01-02", "2030-13-01"))),
    Bad("date-slashes", "documents/plan-2030-1.yml", (("2030-01-02", "2030/01/02"))),
    Bad("date-bare", "documents/plan-2030-1.yml", (("2030-01-02", "20300102"))),
    Bad("date-short", "documents/plan-2030-1.yml", (("2030-01-02", "2030-1-2"))),
    Bad("date-chinese", "documents/plan-2030-1.yml", (("2030-01-02", "2030年1月2日"))),
    Bad("date-fullwidth", "documents/plan-2030-1.yml", (("2030-01-02", "２０３０-01-02"))),
    Bad("date-time", "documents/plan-2030-1.yml", (("2030-01-02", "2030-01-02 12:30"))),
    Bad("date-zero", "documents/plan-2030-1.yml", (("2030-01-02", "0000-01-02"))),
    Bad("date-leap", "documents/plan-2030-1.yml", (("2030-01-02", "2030-02-29"))),
    Bad("flag-no", "tasks/02.yml", (("joint: false", "joint: no"))),
    Bad("flag-false-cap", "tasks/02.yml", (("joint: false", "joint: False"))),
    Bad("flag-chinese", "tasks/02.yml", (("joint: false", "joint: 否"))),
    Bad("id-fullwidth", "glossary.yml", "- id: ｃｎａｓ\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-fullwidth-digits", "glossary.yml", "- id: task-０1\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-upper", "glossary.yml", "- id: CNAS\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-underscore", "glossary.yml", "- id: quality_day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-space", "glossary.yml", "- id: quality day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-chinese", "glossary.yml", "- id: 质量\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-hyphen-end", "glossary.yml", "- id: quality-\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-list", "glossary.yml", "- id: [a]\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("id-fullwidth-hyphen", "glossary.yml", "- id: quality－day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("ref-upper", "tasks/02.yml", (("id: task-02", "id: Task-02"))),
    Bad("clause-as-text", "tasks/02.yml", (("clause: {document: plan-2030-1, id: task-02}", "clause: task-02"))),
    Bad("date-numerals", "documents/plan-2030-1.yml", (("2030-01-02", "二〇三〇年一月二日"))),
    Bad("source-file", "documents/plan-2030-1.yml", (("plan-2030-1.zh.txt", "../x.txt"))),
    Bad("measure-form", "targets.yml", (("01/pass-rate", "01-pass-rate"))),
    Bad(
        "phone-text",
        "site.yml",
        (
            (
                "document: plan-2030-1\n",
                "document: plan-2030-1\nhotlines: [{number: 12345转1, name: {zh: 甲, en: A}, "
                "clause: {document: plan-2030-1, id: slogan}}]\n",
            )
        ),
    ),
    Bad(
        "phone-fullwidth",
        "site.yml",
        (
            (
                "document: plan-2030-1\n",
                "document: plan-2030-1\nhotlines: [{number: １２３４５, name: {zh: 甲, en: A}, "
                "clause: {document: plan-2030-1, id: slogan}}]\n",
            )
        ),
    ),
    Bad("colour-name", "site.yml", (('main: "#00594f"', "main: green"))),
    Bad("colour-upper", "site.yml", (('main: "#00594f"', 'main: "#00594F"'))),
    Bad(
        "colour-unquoted",
        "site.yml",
        (('identity: {main: "#00594f", main_dark: "#6fd3c4"}', 'identity:\n  main: #00594f\n  main_dark: "#6fd3c4"')),
    ),
    Bad("text-cut-by-a-hash", "groups.yml", "- id: a\n  title: 批号 #12 低速\n"),
    Bad("http", "site.yml", (("https://quality.example/", "http://quality.example/"))),
    Bad("no-scheme", "site.yml", (("https://quality.example/", "quality.example"))),
    Bad("ftp", "site.yml", (("https://quality.example/", "ftp://quality.example/"))),
    Bad("https-nothing", "site.yml", (("https://quality.example/", "https://"))),
    Bad("javascript", "site.yml", (("https://quality.example/", "'javascript:alert(1)'"))),
    Bad(
        "website-list",
        "bodies.yml",
        (("level: county\n- id: commerce", "level: county\n  website: [https://a.cn]\n- id: commerce")),
    ),
    Bad("undated", "activities/quality-day.yml", (("recurrence: {month: 2, day: 29}\n", ""))),
    Bad("yaml-ending", "tasks/03.yaml", "id: '03'\n"),
    Bad("wrong-folder", "task/03.yml", "id: '03'\n"),
    Bad("body-yml", "body.yml", "[]"),
    Bad("too-deep", "tasks/2030/03.yml", "id: '03'\n"),
    Bad("docx", "说明.docx", b"PK"),
    Bad("upper-ending", "tasks/03.YML", "id: '03'\n"),
    Bad("multiline-literal", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: |\n    a\n    b\n"),
    Bad("time-zone", "site.yml", (("Asia/Shanghai", "Asia/Beijing"))),
    Bad("noncharacter", "glossary.yml", "- id: \uffff\n"),
    Bad(
        "bom-middle",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n\ufeff- id: b\n  term: {zh: 甲, en: A}\n  kind: term\n",
    ),
    Bad(
        "two-documents",
        "glossary.yml",
        "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n---\n- id: b\n  term: {zh: 甲, en: A}\n  kind: term\n",
    ),
    Bad("year-long", "activities/quality-day.yml", (("year: 2028", "year: 20280000000"))),
    Bad("id-not-name", "activities/quality-day.yml", (("id: quality-day\n", "id: quality-days\n"))),
    Bad("brackets-deep", "glossary.yml", "[" * 20_000),
    Bad("indentation-deep", "glossary.yml", "".join(" " * depth + "a:\n" for depth in range(60))),
    Bad("gbk", "glossary.yml", "# a\n- id: cnas\n  term: {zh: 甲, en: A}\n".encode("gbk")),
    Bad("gbk-source", "documents/plan-2030-1.zh.txt", "甲".encode("gbk")),
    Bad("utf-16", "glossary.yml", codecs.BOM_UTF16_LE + b"-\x00"),
    Bad("no-text", "glossary.yml", b"\x89PNG\r\n\x1a\n\xff\xff"),
    Bad("escape", "glossary.yml", "- id: cnas\n  term: {zh: 甲\x1b, en: A}\n  kind: term\n"),
    Bad("conflict", "glossary.yml", "- id: cnas\n<<<<<<< HEAD\n  kind: term\n=======\n  kind: body\n>>>>>>> other\n"),
    Bad("copy", "tasks/01 - 副本.yml", "id: '01'\n"),
    Bad("chinese-field", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  释义: 乙\n"),
    Bad("invisible-in-field", "glossary.yml", "- id: cnas\n  te\u200brm: {zh: 甲, en: A}\n  kind: term\n"),
    Bad("quoted-field", "glossary.yml", "- id: cnas\n  term: {zh: 甲, en: A}\n  “kind”: term\n"),
    Bad("body-by-name", "tasks/01.yml", ("bodies: [quality, commerce]", "bodies: [县质量局, 商务局]")),
    Bad("choice-in-chinese", "activities/quality-day.yml", ("certainty: medium", "certainty: 高")),
    Bad("text-goes-on", "glossary.yml", "- id: cnas\n  note: 第一行\n第二行\n\n# 注\n- id: b\n"),
    Bad("dash-without-space-second", "glossary.yml", "- id: cnas\n  kind: term\n-id: b\n  kind: term\n"),
    Bad("full-width-dash", "glossary.yml", "- id: cnas\n  kind: term\n－ id: b\n  kind: term\n"),
    Bad("quote-closed-by-another", "glossary.yml", '- id: cnas\n  term: "甲\n  kind: term\n  note: "乙"\n'),
    Bad("full-width-comma", "glossary.yml", "- id: cnas\n  term: {zh: 甲，en: A}\n"),
    Bad("full-width-braces", "glossary.yml", "- id: cnas\n  term: ｛zh: 甲, en: A｝\n"),
    Bad("full-width-brackets", "tasks/01.yml", ("bodies: [quality, commerce]", "bodies: 【quality, commerce】")),
    Bad("hash-in-braces", "glossary.yml", "- id: cnas\n  term: {zh: 甲 #1, en: A}\n  kind: term\n"),
)


MESSAGES = Recorded("load_dataset", (bad.name for bad in BAD))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_file_is_reported_to_the_letter(bad: Bad, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    bad.spoil(data)
    MESSAGES.check(bad.name, errors_of(data))


def test_files_beyond_all_measure_are_refused_at_once(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    size, much = "文件太大", "内容太多"
    cases: dict[str, tuple[str, str]] = {
        "targets.yml": ("- a: b\n" * 2_000_000, size),
        "bodies.yml": ("- a\n" * 200_000, much),
        "glossary.yml": ("[" * 1_000_000, "嵌套超过"),
        "services.yml": ("- &a [x]\n" + "- *a\n" * 50_000, "不支持 YAML 的锚点"),
        "channels.yml": (f"- id: a\n  note: '{'x' * 300_000}'\n", "这段文字太长（300000 个字符），最多 200000 个"),
        "phases.yml": (f"- id: {'X' * 150_000}\n", f"“{'X' * 100} ...”不合"),
        "documents/x.txt": ("x" * 11_000_000, size),
        "news/2030-01-01-x.zh.md": ("x" * 1_100_000, size),
        "batches/x.csv": ("x" * 21_000_000, size),
        "mark.svg": ("<g>" * 1_000_000, size),
    }
    for file, (content, _) in cases.items():
        path = data / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    lines = errors_of(data)
    for file, (_, words) in cases.items():
        assert any(line.startswith(f"data/{file}:") and words in line for line in lines), file
    assert max(map(len, lines)) < 2_000


def test_a_list_of_nothing_but_mistakes_ends_early(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text("- a\n" * 1_000, encoding="utf-8")
    lines = [line for line in errors_of(data) if line.startswith("data/glossary.yml")]
    assert len(lines) == 101
    assert "后面的 900 条还没有检查 / " in "".join(lines)


def test_a_table_with_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.load.tables.MOST_ROWS", 2)
    text = ",".join(headings(Sampled).values()) + "\n" + "甲,乙,A-{},丙,合格,,,,,,\n" * 4
    for rows in (text.format(1, 2, 3, 4), ",".join(headings(Sampled).values()) + "\n" * 20):
        problem = read_table(rows, Sampled, "a.csv")[1][0]
        assert problem.zh == "行太多，一个表最多 2 行；请分成几批，并删去空行"


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def good_term(text: str) -> str:
    return f"- id: cnas\n  term: {{zh: 甲, en: A}}\n  kind: term\n  definition:\n    zh: {text}\n    en: A\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", "true"),
        ("12:30", "12:30"),
        ("5.20", "5.20"),
        ("0777", "0777"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("12315", "12315"),
        ("2023-06-27", "2023-06-27"),
        ("2023-06-27 12:30:00", "2023-06-27 12:30:00"),
        ("'null'", "null"),
        ('"~"', "~"),
        ("=", "="),
        ("<b>甲</b>", "<b>甲</b>"),
        ("甲#乙", "甲#乙"),
        ("甲:乙", "甲:乙"),
        ('"甲: 乙 #丙"', "甲: 乙 #丙"),
        ("甲, 乙", "甲, 乙"),
        (">\n      甲\n      乙", "甲 乙"),
        ("|\n      甲\n      乙", "甲\n乙"),
    ],
)
def test_text_is_not_converted(written: str, kept: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text(good_term(written), encoding="utf-8")
    dataset = read(data)
    assert dataset.problems == []
    (term,) = [entry.record for entry in dataset.entries if isinstance(entry.record, Term)]
    assert term.definition is not None
    assert term.definition.zh == kept


PLAIN = good_term("乙")


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        ("# 说明\n\n---\n" + PLAIN + "...\n").encode(),
        (PLAIN + "  note:\n").encode(),
        (PLAIN + "  note: ~\n").encode(),
        (PLAIN + "  note: null # later\n").encode(),
        (PLAIN + "  sample: false\n").encode(),
    ],
)
def test_file_is_accepted(raw: bytes, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    whole = read(data).entries
    (data / "glossary.yml").write_bytes(raw)
    dataset = read(data)
    assert dataset.problems == []
    (entry,) = [entry for entry in dataset.entries if entry not in whole]
    assert isinstance(entry.record, Term)
    assert (entry.record.id, entry.record.term.zh, entry.record.note) == ("cnas", "甲", None)


@pytest.mark.parametrize("empty", ["", "# later\n", "[]\n", "~\n", "---\n"])
def test_list_may_be_empty(empty: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text(empty, encoding="utf-8")
    assert errors_of(data) == []


def test_crlf_keeps_lines_and_columns(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    raw = codecs.BOM_UTF8 + good_term("乙").replace("kind: term", "kind: tem").replace("\n", "\r\n").encode()
    (data / "glossary.yml").write_bytes(raw)
    (line,) = errors_of(data)
    assert line.startswith("data/glossary.yml:3:9: ")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.mark.parametrize(
    "file", [".DS_Store", ".git/config", "~$说明.docx", "tasks/.03.yml.swp", "tasks/~$03.yml", "README.md", "mark.svg"]
)
def test_file_beside_the_records_is_no_problem(file: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    path = data / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(SVG)
    assert errors_of(data) == []


def test_texts_beside_the_records_are_read_along(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "mark.svg").write_bytes(codecs.BOM_UTF8 + SVG + b"\r\n")
    companions = read(data).companions
    assert set(companions) == {"mark.svg", "documents/plan-2030-1.zh.txt"}
    assert companions["mark.svg"] == SVG.decode() + "\n"


def test_markup_in_a_message_is_shown_as_typed(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "activities/quality-day.yml", "kind: day", "kind: '<b>{day}</b>, day'")
    (line,) = errors_of(data)
    assert line == (
        "data/activities/quality-day.yml:2:7: “<b>{day}</b>, day”不可用，可选：day, month, campaign / "
        "“<b>{day}</b>, day” is not possible; choose one of: day, month, campaign"
    )


def test_broken_record_hides_no_problem_and_makes_none(tmp_path: Path) -> None:
    """An id that is missing only because its file cannot be read is not called unknown."""
    data = copy_data(tmp_path)
    (data / "bodies.yml").write_text("- id: [quality\n", encoding="utf-8")
    (line,) = errors_of(data)
    assert line.startswith("data/bodies.yml:")


def run_check(county: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "haopin", "check", "--config", str(county / "mkdocs.yml")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_check_reports_all_bad_files_at_once(tmp_path: Path) -> None:
    county = copy_county(tmp_path / "county")
    data = county / "data"
    chosen = {
        "glossary.yml": "duplicate-key",
        "tasks/03.yml": "empty-task",
        "activities/quality-day.yml": "month-13",
        "site.yml": "http",
        "documents/plan-2030-1.yml": "date-impossible",
        "body.yml": "body-yml",
        "targets.yml": "value-fullwidth",
    }
    expected: list[str] = []
    for bad in BAD:
        if chosen.get(bad.file) == bad.name:
            bad.spoil(data)
            expected += MESSAGES.lines(bad.name)
    (data / "channels.yml").write_bytes("- id: 甲\n".encode("gbk"))
    (data / "services.yml").write_text("- id: a\n\tname: b\n", encoding="utf-8")
    expected += [
        "data/channels.yml:1:1: 文件像是 GBK（ANSI）编码，请在编辑器中另存为“UTF-8”编码 / "
        "the file looks like GBK (ANSI); save it again with the encoding UTF-8",
        "data/services.yml:2:1: 缩进里有制表符（Tab），请改用空格 / a tab in the indentation; use spaces instead",
    ]
    assert len(expected) == 9
    done = run_check(county)
    *lines, summary = done.stdout.splitlines()
    assert lines == sorted(expected, key=lambda line: line.split(":")[0])
    assert summary == "共 7 条记录，9 个错误，0 个提醒 / 7 records, errors: 9, warnings: 0"
    assert done.returncode == 1
    assert done.stderr == ""


def test_no_bad_file_ends_in_a_traceback(tmp_path: Path) -> None:
    """All bad files that are files of their own, in one run of the command."""
    county = copy_county(tmp_path / "county")
    for number, bad in enumerate(bad for bad in BAD if isinstance(bad.content, str | bytes)):
        name = f"activities/bad-{number}.yml"
        Bad(bad.name, name, bad.content).spoil(county / "data")
    done = run_check(county)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.count("data/activities/bad-") > number
    lines = done.stdout.splitlines()[:-1]
    places = [(line.split(":")[0], int(line.split(":")[1]), int(line.split(":")[2])) for line in lines]
    assert places == sorted(places)


def test_check_of_a_good_county(tmp_path: Path) -> None:
    done = run_check(copy_county(tmp_path / "county"))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "data/site.yml:8:10: 提醒 / warning: “https://quality.example/”是占位网址，不能发布，发布前请换成真实网址 / "
        "“https://quality.example/” is a placeholder and is not released; put in the real address before a release",
        "共 10 条记录，0 个错误，1 个提醒 / 10 records, errors: 0, warnings: 1",
    ]
