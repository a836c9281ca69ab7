"""From a notice, or from nothing, to a folder with a whole site."""

import os
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml
from haopin.cli.main import main
from haopin.model.document import DOCUMENT
from haopin.office.writing import block
from haopin.problem import ConfigurationError
from haopin.start.folder import REPORT, SHIPPED, site_files, start, words
from haopin.start.lines import Source, SourceLine
from haopin.start.notice import read_notice
from haopin.start.plan import NoticePlan, read_plan
from haopin.text import squeeze
from support import ROOT, catalogue_of, errors_of
from test_start_notice import HEAD, ORDER, TABLE, TASKS, with_annex

SLOGAN = "一、质量精神口号\n果红人诚。\n"


def plan(text: str) -> NoticePlan:
    return read_plan(read_notice(Source([SourceLine(line) for line in text.splitlines() if line])))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site made from an invented notice."""
    folder = tmp_path_factory.mktemp("start") / "mine"
    assert start(folder, plan(HEAD + SLOGAN + TASKS.strip())) == []
    return folder


def read(path: Path) -> object:
    return yaml.safe_load(path.read_text("utf-8"))


def test_the_records_of_a_notice_are_without_an_error(made: Path) -> None:
    assert errors_of(made / "data") == []
    names = {path.relative_to(made / "data").as_posix() for path in (made / "data").rglob("*.yml")}
    assert names == {
        "activities/quality-month.yml",
        "bodies.yml",
        "documents/cited-1.yml",
        "documents/notice-2030-4.yml",
        "groups.yml",
        "phases.yml",
        "safeguards.yml",
        "sections.yml",
        "site.yml",
        "targets.yml",
        "tasks/01.yml",
        "tasks/02.yml",
        "tasks/03.yml",
    }


def test_the_source_of_the_document_is_the_notice(made: Path) -> None:
    text = (made / "data/documents/notice-2030-4.zh.txt").read_text("utf-8")
    assert squeeze(text) == squeeze(HEAD + SLOGAN + TASKS)


def test_a_task_has_its_words_and_bodies(made: Path) -> None:
    task = read(made / "data/tasks/03.yml")
    assert task == {
        "id": "03",
        "clause": {"document": "notice-2030-4", "id": "task-03"},
        "title": {"zh": "建设检测站"},
        "group": "group-2",
        "responsible": {
            "quote": {"zh": "县市场监管局牵头，县农业局、县财政局配合，各乡镇人民政府按职责分工负责"},
            "lead": ["xianshichangjianguanju"],
            "participating": ["xiannongyeju", "xiancaizhengju"],
            "general": [{"zh": "各乡镇人民政府"}],
        },
        "measures": [
            {
                "id": "m1",
                "title": {"zh": "建设乡镇检测站12个"},
                "quote": {"zh": "建设乡镇检测站12个"},
            },
            {
                "id": "m2",
                "title": {"zh": "实现果品检测全覆盖"},
                "quote": {"zh": "实现果品检测全覆盖"},
            },
            {"id": "m3", "title": {"zh": "畅通12315热线"}, "quote": {"zh": "畅通12315热线"}},
        ],
    }


def test_what_stands_before_the_tasks_is_written_as_requirements(made: Path) -> None:
    sections = read(made / "data/sections.yml")
    assert isinstance(sections, list)
    assert [each["quote"]["zh"] for section in sections for each in section["requirements"]][:1] != []
    assert [section for section in sections if "measures" in section] == []
    written = sum(len(section["requirements"]) for section in sections)
    assert f"| 总体要求与目标 / requirements and aims | {written} |" in (made / "start-report.md").read_text("utf-8")


def test_numbers_become_targets_and_are_reported(made: Path) -> None:
    targets = read(made / "data/targets.yml")
    assert isinstance(targets, list)
    assert [(t["comparator"], t.get("value"), t["nature"], str(t.get("due"))) for t in targets] == [
        ("achieve", None, "aim", "2032-12-31"),
        ("at-least", 90, "commitment", "None"),
        ("equal", 100, "commitment", "None"),
        ("equal", 12, "commitment", "None"),
        ("full-coverage", None, "commitment", "None"),
    ]
    assert targets[3]["unit"] == {"zh": "个"}
    report = (made / REPORT).read_text("utf-8").splitlines()
    told = [
        "03/m1",
        "建设乡镇检测站12个",
        "建设乡镇检测站",
        "建设乡镇检测站",
        "达到 / equal",
        "12个",
        "—",
    ]
    assert f"| {' | '.join(told)} |" in report


def test_changes_and_ranges_are_targets_without_an_error(tmp_path: Path) -> None:
    text = TASKS.replace("优质果率不低于90%", "产值年均增长8%；投诉率降到5%以内；引进3-5个品种")
    assert start(tmp_path / "mine", plan(HEAD + SLOGAN + text)) == []
    targets = read(tmp_path / "mine/data/targets.yml")
    assert isinstance(targets, list)
    names = ("comparator", "value", "to", "change", "per")
    assert [tuple(one.get(name) for name in names) for one in targets[1:4]] == [
        ("equal", 8, None, "up-by", "year-average"),
        ("at-most", 5, None, "down-to", None),
        ("between", 3, 5, None, None),
    ]
    report = (tmp_path / "mine" / REPORT).read_text("utf-8")
    row = "| 01/m4 | 产值年均增长8% | 产值 | 产值 | 年均 / on average a year；增长 / up by | 8% | — |"
    assert f"\n{row}\n" in report


def test_the_report_counts_doubts_and_says_who_leads(made: Path) -> None:
    report = (made / REPORT).read_text("utf-8")
    for line in (
        "| 发文字号 / document number | 甲政发〔2030〕4号 |",
        "| 任务 / tasks | 3 |",
        "## 检查还有的错误 / Errors that remain: 0",
        "- 附件“甲乙县水果质量任务分解表”只有标题，没有内容。 / "
        "only the title of the annex “甲乙县水果质量任务分解表” is in the file.",
        "| 03 建设检测站 | 县市场监管局 | — | 县农业局、县财政局 | 各乡镇人民政府 | — |",
    ):
        assert f"\n{line}\n" in report, line


def test_missing_content_of_a_notice_is_omitted_and_reported(tmp_path: Path) -> None:
    text = HEAD.replace("甲乙县人民政府\n2030年3月5日\n", "") + TASKS.replace("（县农业局负责）", "")
    assert start(tmp_path / "mine", plan(text)) == []
    site = yaml.safe_load((tmp_path / "mine/data/site.yml").read_text("utf-8"))
    assert not {"slogan", "slogan_clause"} & set(site)
    assert "responsible" not in yaml.safe_load((tmp_path / "mine/data/tasks/02.yml").read_text("utf-8"))
    report = (tmp_path / "mine" / REPORT).read_text("utf-8")
    assert "任务02“培训果农”没有写明由谁负责" in report


def test_english_that_a_text_has_is_kept() -> None:
    assert words("质量月", "Quality Month") == {"zh": "质量月", "en": "Quality Month"}


def test_rows_of_an_annex_assign_measures(tmp_path: Path) -> None:
    assert start(tmp_path / "mine", read_plan(read_notice(with_annex(TABLE)))) == []
    (annex,) = yaml.safe_load((tmp_path / "mine/data/documents/notice-2030-4.yml").read_text("utf-8"))["annexes"]
    assert annex["table"]["rows"][0] == {
        "cells": [{"zh": words} for words in TABLE[1].split("|")],
        "measures": ["01/m1", "01/m2"],
        "lead": ["xiannongyeju"],
        "participating": ["xianshuiliju", "xiancaizhengju"],
        "general": [{"zh": "各乡镇"}],
        "due": date(2031, 12, 31),
    }
    assert annex["table"]["rows"][2]["cells"][3] is None and "measures" not in annex["table"]["rows"][2]
    measure = catalogue_of(tmp_path / "mine/data").measures["01/m1"][1]
    assert measure.roles is not None and measure.roles.lead == ("xiannongyeju",)
    report = (tmp_path / "mine" / REPORT).read_text("utf-8")
    assert "| 修路 | 县交通局 | — | — | — | 长期 | — |" in report


def test_an_order_is_written_without_an_error(tmp_path: Path) -> None:
    assert start(tmp_path / "mine", plan(ORDER)) == []
    document = yaml.safe_load((tmp_path / "mine/data/documents/notice-12.yml").read_text("utf-8"))
    assert document["changes"] == [
        {"document": "cited-1", "what": "repeals", "since": date(2030, 3, 1), "clause": "safeguard-1"}
    ]
    assert "responsible" in yaml.safe_load((tmp_path / "mine/data/tasks/01.yml").read_text("utf-8"))["measures"][0]


def test_groups_lie_in_one_another(tmp_path: Path) -> None:
    text = "一、改造果园\n（一）老果园\n1.改造。（县农业局负责）\n二、修路\n（一）大路\n1.修大路。（县农业局负责）"
    assert start(tmp_path / "mine", plan(HEAD + text)) == []
    groups = yaml.safe_load((tmp_path / "mine/data/groups.yml").read_text("utf-8"))
    assert [(group["id"], group["title"]["zh"], group.get("parent")) for group in groups] == [
        ("section-1", "改造果园", None),
        ("group-2", "老果园", "section-1"),
        ("section-2", "修路", None),
        ("group-4", "大路", "section-2"),
    ]
    tasks = [yaml.safe_load((tmp_path / f"mine/data/tasks/{n}.yml").read_text("utf-8")) for n in ("01", "02")]
    assert [task["group"] for task in tasks] == ["group-2", "group-4"]


ODD = """
一、主要目标
——供给质量提高。优质果率达到95%以上。
二、主要任务
1.改造果园。改造老果园。（县农业局负责，2031年底前完成）修水渠。（县水利局牵头，县财政局配合）
〔县农业局负责〕
三、实施步骤
（一）启动。开会。
（一）再启动。再开会。
四、保障措施
（一）加强领导。成立小组。
五、组织保障
（一）加强领导。再成立小组。
"""


def test_odd_forms_are_written_without_an_error(tmp_path: Path) -> None:
    assert start(tmp_path / "mine", plan(HEAD + SLOGAN.replace("一", "零", 1) + ODD)) == []
    measures = yaml.safe_load((tmp_path / "mine/data/tasks/01.yml").read_text("utf-8"))["measures"]
    assert (measures[0]["owner"], str(measures[0]["due"])) == ("xiannongyeju", "2031-12-31")
    assert measures[0]["assigned_by"] == {"zh": "《甲乙县水果质量提升工作方案》"}
    assert measures[1]["responsible"] == {
        "quote": {"zh": "县水利局牵头，县财政局配合"},
        "lead": ["xianshuiliju"],
        "participating": ["xiancaizhengju"],
    }
    safeguards = yaml.safe_load((tmp_path / "mine/data/safeguards.yml").read_text("utf-8"))
    assert [one["id"] for one in safeguards] == ["safeguard-1", "safeguard-1-2"]


def test_without_a_notice_a_site_has_placeholders(tmp_path: Path) -> None:
    assert start(tmp_path / "deep/mine", None) == []
    assert errors_of(tmp_path / "deep/mine/data") == []
    assert not (tmp_path / "deep/mine" / REPORT).exists()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["mine"]


def test_an_empty_folder_is_taken_and_another_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    start(tmp_path / "mine", None)
    with pytest.raises(ConfigurationError, match="is not empty; choose an empty folder"):
        start(tmp_path / "mine", None)


def test_nothing_in_it_names_a_clone() -> None:
    files = site_files("notice")
    assert set(SHIPPED) < set(files)
    handbook = files["data/README.md"]
    assert "./haopin" not in handbook and ".\\haopin" not in handbook and "](../" not in handbook
    assert "`make " not in handbook and "![" not in re.sub(r"`[^`\n]*`", "", handbook), "pictures are in the clone only"
    config = files["mkdocs.yml"]
    assert "name: haopin" in config and "plugins: [haopin]" in config and "hooks" not in config
    workflow = files[".github/workflows/site.yml"]
    assert "pipeline test" not in workflow
    steps = [step for job in yaml.safe_load(workflow)["jobs"].values() for step in job["steps"]]
    pythons = [at for at, step in enumerate(steps) if "setup-python" in step.get("uses", "")]
    assert pythons and all(steps[at + 1] == {"run": "pip install -r requirements.txt"} for at in pythons)
    actions = {step["uses"] for step in steps if "uses" in step}
    assert actions <= set(re.findall(r"uses: (\S+)", (ROOT / ".github/workflows/site.yml").read_text("utf-8")))
    assert "documents/notice.md" in files["docs/zh/about.md"] and "documents/notice.md" in files["docs/en/about.md"]


def test_the_pipeline_calls_the_installed_command_and_has_no_tests(tmp_path: Path) -> None:
    files = site_files("notice")
    pipeline = tmp_path / "site/deploy/pipeline"
    pipeline.parent.mkdir(parents=True)
    pipeline.write_text(files["deploy/pipeline"], "utf-8")
    wrong = subprocess.run(["bash", pipeline, "test"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stderr.count("check|build|preview|deploy|")) == (2, 1)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "haopin").write_text('#!/bin/sh\necho "called: $*"\n', "utf-8")
    (programs / "haopin").chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", pipeline, "check"], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "called: check\n"


def test_long_clauses_stay_on_their_line(made: Path) -> None:
    text = (made / f"data/{DOCUMENT.path}/notice-2030-4.yml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/document.json\n")
    assert block({"zh": "甲" * 2000}).count("\n") == 1


def test_the_command_says_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notice.txt").write_text(HEAD + TASKS, "utf-8")
    assert main(["start", str(tmp_path / "mine"), "--from", str(tmp_path / "notice.txt")]) == 0
    out = capsys.readouterr().out
    assert (
        "条款 27，任务 3，举措 9，单位 4，拿不准的 1 / clauses: 27, tasks: 3, measures: 9, bodies: 4, doubts: 1" in out
    )
    assert "errors of the check" not in out
    (tmp_path / "notice.doc").write_bytes(b"x")
    assert main(["start", str(tmp_path / "other"), "--from", str(tmp_path / "notice.doc")]) == 1
    assert "notice.doc: 只能读 docx" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
