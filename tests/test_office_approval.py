"""Approval: pending records are listed, selected and approved; nothing else in a file changes."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from haopin.cli.main import cli, main
from living import copy_living
from support import copy_county, errors_of

BLOCK = """\
# 台账 / ledger
- id: w1   # 第一条
  date: 2030-01-10
  measure: 01/check
  body: quality
  state: done
  source: 局
  text: |
    第一行
    # 不是注释

- date: 2030-01-11
  id: w2
  measure: 01/publish
  body: quality
  state: done
  source: 局
- {id: w3, date: 2030-01-12, measure: 01/check, body: quality, state: done, source: 局}
"""
NEWS = "---\ntitle: 一则动态\ndate: 2030-01-10\nsource: 局\n---\n\n正文。\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = copy_county(tmp_path / "county")
    (folder / "data/ledger").mkdir()
    (folder / "data/ledger/q.yml").write_text(BLOCK, encoding="utf-8", newline="\n")
    (folder / "data/news").mkdir()
    (folder / "data/news/n1.zh.md").write_text(NEWS, encoding="utf-8", newline="\n")
    return folder


def approve(project: Path, *arguments: str, answers: str = "") -> Result:
    command = ["approve", "-f", str(project / "mkdocs.yml"), "--as-of", "2030-02-01", *arguments]
    return CliRunner().invoke(cli, command, input=answers)


def ledger(project: Path) -> str:
    return (project / "data/ledger/q.yml").read_bytes().decode()


def test_without_names_it_lists_and_changes_nothing(project: Path) -> None:
    done = approve(project)
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines()[:-1]] == [
        "entry/w1",
        "entry/w2",
        "entry/w3",
        "news/n1",
    ]
    assert ledger(project) == BLOCK


def test_one_line_is_written_into_each_record_and_nothing_else_changes(project: Path) -> None:
    done = approve(project, "--all", "--role", "分管负责人", "--date", "2030-01-20", "--yes")
    assert done.exit_code == 0, done.output
    words = "approved: {role: deputy-head, date: 2030-01-20}"
    assert ledger(project) == BLOCK.replace("01-10\n", f"01-10\n  {words}\n").replace(
        "- date: 2030-01-11\n", f"- date: 2030-01-11\n  {words}\n"
    ).replace("date: 2030-01-12,", f"date: 2030-01-12, {words},")
    news = (project / "data/news/n1.zh.md").read_text("utf-8")
    assert news == NEWS.replace("2030-01-10\n", f"2030-01-10\n{words}\n")
    assert errors_of(project / "data") == []
    assert approve(project).output.startswith("待审核 0 条")


@pytest.mark.parametrize("name", ["w2", "entry/w2"])
def test_only_what_is_named_is_approved(project: Path, name: str) -> None:
    done = approve(project, name, "--date", "2030-01-20", answers="主要负责人\ny\n")
    assert done.exit_code == 0, done.output
    assert ledger(project).count("approved") == 1
    assert "- date: 2030-01-11\n  approved: {role: head, date: " in ledger(project)


def test_a_file_names_all_that_is_in_it(project: Path) -> None:
    assert approve(project, "ledger/q.yml", "--role", "head", "--yes", "--date", "2030-01-12").exit_code == 0
    assert ledger(project).count("approved") == 3


def test_line_ends_and_byte_order_mark_stay(project: Path) -> None:
    file = project / "data/ledger/q.yml"
    raw = b"\xef\xbb\xbf" + BLOCK.replace("\n", "\r\n").encode().rstrip()
    file.write_bytes(raw)
    assert approve(project, "--all", "--role", "head", "--yes", "--date", "2030-01-20").exit_code == 0
    lines = file.read_bytes().split(b"\r\n")
    assert lines[0].startswith(b"\xef\xbb\xbf#")
    assert b"\n" not in b"".join(lines)
    kept = [line for line in lines if not line.strip().startswith(b"approved")]
    inline = b", approved: {role: head, date: 2030-01-20}"
    assert b"\r\n".join(kept).replace(inline, b"") == raw
    assert errors_of(project / "data") == []


@pytest.mark.parametrize(
    ("arguments", "answers", "said"),
    [
        (["--all"], "主要负责人\nn\n", "什么都没有改 / nothing was changed"),
        (["--all"], "", "待审核 4 条"),
        (["--all"], "县长\n主要负责人\nn\n", "nothing was changed"),
    ],
)
def test_answering_no_changes_nothing(project: Path, arguments: list[str], answers: str, said: str) -> None:
    assert said in approve(project, *arguments, answers=answers).output
    assert ledger(project) == BLOCK


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["w9"], "没有编号为“w9”的可审核的记录"),
        (["entry/w22", "--yes", "--role", "head"], "did you mean “entry/w2”?"),
        (["--all", "--yes"], "请写明审核人职务 --role / name the role of the approver with --role"),
        (
            ["--all", "--yes", "--role", "县长"],
            "没有审核人职务“县长”；可选：科室负责人（section-head）、分管负责人（deputy-head）、主要负责人（head） / "
            "there is no role “县长”; choose one of: section-head, deputy-head, head",
        ),
        (
            ["--all", "--yes", "--role", "head", "--date", "2030-02-02"],
            "--date：“2030-02-02”在今天（“2030-02-01”）之后；公布、报送、审核的日期不能晚于今天。",
        ),
    ],
)
def test_invalid_options_are_reported_and_change_nothing(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["approve", "-f", str(project / "mkdocs.yml"), "--as-of", "2030-02-01", *arguments])
    assert code == 1
    assert message in capsys.readouterr().err
    assert ledger(project) == BLOCK


def test_every_kind_of_record_can_be_approved(tmp_path: Path) -> None:
    """What is approved in the living county, taken back, and approved again by the command."""
    project = copy_county(tmp_path / "county")
    data = copy_living(tmp_path / "living")
    taken = 0
    for file in sorted(data.rglob("*.*")):
        if file.suffix in (".yml", ".md"):
            lines = file.read_text("utf-8").splitlines(keepends=True)
            kept = [line for line in lines if not line.strip().startswith("approved:")]
            taken += len(lines) - len(kept)
            file.write_text("".join(kept), encoding="utf-8", newline="\n")
    shutil.rmtree(project / "data")
    shutil.copytree(data, project / "data")
    done = approve(project, "--all", "--role", "head", "--yes", "--date", "2030-02-01")
    assert done.exit_code == 0, done.output
    assert taken > 14
    texts = [f.read_text("utf-8") for f in (project / "data").rglob("*.*") if f.suffix in (".yml", ".md")]
    assert sum(text.count("approved: {role: head, date: 2030-02-01}") for text in texts) == taken
    assert errors_of(project / "data") == []


def test_an_approver_sees_the_content_and_the_warnings_of_the_check(project: Path) -> None:
    file = project / "data/ledger/q.yml"
    report = "- {id: w4, date: 2030-01-12, target: pass-rate, body: quality, value: 93.5, unit: percent, source: 局}\n"
    file.write_text(BLOCK + report, encoding="utf-8", newline="\n")
    (project / "data/news/n1.zh.md").write_text(NEWS + "\n请打<b>12315</b>。\n", encoding="utf-8", newline="\n")
    lines = approve(project).output.splitlines()
    told = {line.split()[0]: line.split("  ")[1:] for line in lines if line.startswith("entry/")}
    assert told["entry/w4"][2].endswith("（pass-rate）") and told["entry/w4"][2].startswith("量化目标：")
    assert told["entry/w4"][3:] == ["填报单位：县质量局（quality）", "数值：93.5", "单位：%"]
    assert told["entry/w3"] == [
        *("2030-01-12", "台账", "举措：每年抽查（01/check）", "填报单位：县质量局（quality）", "状态：已完成"),
    ]
    assert [line for line in lines if "HTML 标记" in line and line.startswith("data/news/n1.zh.md:")]
    named = approve(project, "data/news/n1.zh.md", "--role", "head", "--date", "2030-01-20", "--yes").output
    assert "HTML 标记" in named
    assert "entry/" not in named


def test_all_that_can_be_approved_is_and_the_rest_is_named_where_it_stands(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--all", "--yes", "--role", "head", "--as-of", "2030-01-11"]
    assert main(["approve", "-f", str(project / "mkdocs.yml"), *arguments]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "不能审核 / cannot be approved: entry/w3"
    # The place is one of the file as it is: there is no line “approved” in it.
    assert told[1].startswith("data/ledger/q.yml:18:3: 审核日期“2030-01-11”早于记录日期“2030-01-12”，请核对")
    assert told[2].startswith("其余 3 条可以审核。还没审核过的记录写错了，可以直接改，或用 haopin discard")
    assert ledger(project).count("approved: {role: head, date: 2030-01-11}") == 2
    assert "- {id: w3, date: 2030-01-12, measure" in ledger(project)
    assert "approved" in (project / "data/news/n1.zh.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("approved: {role: head, date: 2030-01-15}", "approved: {role: deputy-head, date: 2030-01-20}"),
        ("approved:", "approved: {role: deputy-head, date: 2030-01-20}"),
        ("approved:   # 待审核", "approved: {role: deputy-head, date: 2030-01-20}   # 待审核"),
        ("approved: ~", "approved: {role: deputy-head, date: 2030-01-20}"),
        ("approved: {role: , date: }", "approved: {role: deputy-head, date: 2030-01-20}"),
    ],
)
def test_a_changed_record_is_approved_anew_and_an_empty_approval_is_filled_in(
    project: Path, before: str, after: str
) -> None:
    file = project / "data/ledger/q.yml"
    text = BLOCK.replace("  date: 2030-01-10\n", f"  date: 2030-01-10\n  {before}\n")
    file.write_text(text, encoding="utf-8", newline="\n")
    done = approve(project, "entry/w1", "--role", "deputy-head", "--date", "2030-01-20", "--yes")
    assert done.exit_code == 0, done.output
    assert ledger(project) == text.replace(before, after)


def test_a_record_that_was_never_approved_can_be_deleted(project: Path) -> None:
    """Also one that `haopin new` wrote, with a comment above each field; an approved one cannot be deleted."""
    config = ["-f", str(project / "mkdocs.yml")]
    options = ["date=2030-01-15", "measure=01/check", "state=1", "body=quality", "source=局", "id=w4"]
    sets = [word for option in options for word in ("--set", option)]
    assert main(["new", "entry", "--yes", "--as-of", "2030-02-01", *config, *sets]) == 0
    written = project / "data/ledger/quality.yml"
    head = "".join(written.read_text("utf-8").splitlines(keepends=True)[:3])
    assert main(["discard", *config, "entry/w4", "--yes"]) == 0
    assert written.read_text("utf-8") == head and head.startswith("# yaml-language-server")
    assert main(["discard", *config, "w2", "--yes"]) == 0
    assert ledger(project) == BLOCK[: BLOCK.index("- date: 2030-01-11")] + BLOCK[BLOCK.index("- {id: w3") :]
    assert main(["discard", *config, "w3", "--yes"]) == 0
    assert ledger(project) == BLOCK[: BLOCK.index("- date: 2030-01-11")]
    assert main(["discard", *config, "news/n1", "--yes"]) == 0
    assert not (project / "data/news/n1.zh.md").exists()
    assert errors_of(project / "data") == []
    assert approve(project, "w1", "--role", "head", "--yes", "--date", "2030-01-20").exit_code == 0
    before = ledger(project)
    assert main(["discard", *config, "w1", "--yes"]) == 1
    assert ledger(project) == before
