"""Approving: what waits is listed, chosen and approved; nothing else in a file changes."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from haopin.commands import cli, main
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
    command = ["approve", "-f", str(project / "mkdocs.yml"), *arguments]
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
def test_no_is_no(project: Path, arguments: list[str], answers: str, said: str) -> None:
    assert said in approve(project, *arguments, answers=answers).output
    assert ledger(project) == BLOCK


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["w9"], "没有编号为“w9”的待审核的记录"),
        (["entry/w22", "--yes", "--role", "head"], "did you mean “entry/w2”?"),
        (["--all", "--yes"], "请写明审核人职务 --role / name the role of the approver with --role"),
        (
            ["--all", "--yes", "--role", "head", "--date", "2030-01-11"],
            "data/ledger/q.yml:20:59: 审核日期“2030-01-11”",
        ),
    ],
)
def test_wrong_asking_is_told_and_changes_nothing(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["approve", "-f", str(project / "mkdocs.yml"), *arguments])
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


def test_an_approver_sees_what_is_said_and_what_the_check_warns_of(project: Path) -> None:
    file = project / "data/ledger/q.yml"
    report = "- {id: w4, date: 2030-01-12, target: pass-rate, body: quality, value: 93.5, unit: percent, source: 局}\n"
    file.write_text(BLOCK + report, encoding="utf-8", newline="\n")
    (project / "data/news/n1.zh.md").write_text(NEWS + "\n请打13812345678。\n", encoding="utf-8", newline="\n")
    lines = approve(project).output.splitlines()
    assert "entry/w4  2030-01-12  pass-rate  93.5  percent  quality" in lines
    assert "entry/w3  2030-01-12  01/check  done  quality" in lines
    assert [line for line in lines if "手机号" in line and line.startswith("data/news/n1.zh.md:")]
    named = approve(project, "data/news/n1.zh.md", "--role", "head", "--date", "2030-01-20", "--yes").output
    assert "手机号" in named
    assert "entry/" not in named
