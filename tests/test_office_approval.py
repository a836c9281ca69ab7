"""Approval: pending records are listed, selected and approved; nothing else in a file changes."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from haopin.cli.main import cli, main
from haopin.load.folder import read
from haopin.model.disclosure import BATCH
from haopin.model.ledger import ENTRY
from haopin.model.publishable import Drafting, Publishable, SentBack
from haopin.office.approval import as_saved, cleared, waiting
from haopin.office.project import open_project
from haopin.office.raw import RawFolder, RawRecord
from haopin.office.sheet import sheet
from haopin.privacy.fingerprint import fingerprint_of
from haopin.site.publish import publish
from living import AS_OF, add_living, copy_living
from support import copy_county, edit, errors_of

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
    return without_fingerprints((project / "data/ledger/q.yml").read_bytes().decode())


def without_fingerprints(text: str) -> str:
    return re.sub(r', fingerprint: "?[0-9a-f]{16}"?', "", text)


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
    news = without_fingerprints((project / "data/news/n1.zh.md").read_text("utf-8"))
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
    lines = without_fingerprints(file.read_bytes().decode()).encode().split(b"\r\n")
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
    assert sum(text.count("approved: {role: head, date: 2030-02-01, fingerprint: ") for text in texts) == taken
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


# --- Fingerprints: a record is published only as it was approved


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """The living county with everything approved by fingerprint, on its last day."""
    project = copy_county(tmp_path / "county")
    add_living(project / "data")
    done = approve(project, "--again", "--name", "甲主任", "--paper", "审1号", "--role", "head", "--yes")
    assert done.exit_code == 0, done.output
    assert errors_of(project / "data") == []
    return project


def withheld(project: Path) -> set[str]:
    found = publish(read(project / "data"), AS_OF).withheld
    assert all(item.reason == "changed" for item in found)
    return {f"{item.entry.kind.name}/{item.entry.record.id}" for item in found}


def test_an_approval_names_person_and_paper_and_fits_until_something_changes(sealed: Path) -> None:
    assert withheld(sealed) == set()
    ledger = (sealed / "data/ledger/2030.yml").read_text("utf-8")
    words = r'approved: \{role: head, date: 2030-02-01, name: 甲主任, paper: 审1号, fingerprint: "?[0-9a-f]{16}"?\}\n'
    assert len(re.findall(words, ledger)) == 3 and ledger.count("approved") == 3
    assert "没有内容指纹" not in CliRunner().invoke(cli, ["check", "-f", str(sealed / "mkdocs.yml")]).output


def plain_leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each leaf of plain values."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, dict | list):
            yield from plain_leaves(item, (*path, step))
        else:
            yield (*path, step)


def test_the_fingerprint_changes_with_every_field_and_with_nothing_else(sealed: Path) -> None:
    """Every leaf of every record, replaced in the model by another value of its type."""
    dataset = read(sealed / "data")
    tried = 0
    for record, entry in dataset.of(Publishable):
        before = fingerprint_of(dataset, entry)
        for path in plain_leaves(record.model_dump(exclude_none=True, mode="json")):
            changed = replace(entry, record=altered(record, path))
            office = path[0] in ("approved", "drafted", "returned", "picture") or path[-1] == "looked_at"
            assert (fingerprint_of(dataset, changed) == before) == office, (record.id, path)
            tried += 1
        for field in (Drafting(by="某", date=AS_OF), SentBack(role="head", date=AS_OF, reason="错字")):
            name = "drafted" if isinstance(field, Drafting) else "returned"
            other = replace(entry, record=record.model_copy(update={name: field, "approved": None}))
            assert fingerprint_of(dataset, other) == before
    assert tried > 100


def altered(part: Any, path: tuple[str | int, ...]) -> Any:
    """Return ``part`` with another value at ``path``, unvalidated."""
    if not path:
        if isinstance(part, bool):
            return not part
        return part + 1 if isinstance(part, int) else f"{part}x"
    if isinstance(part, tuple):
        index = int(path[0])
        return (*part[:index], altered(part[index], path[1:]), *part[index + 1 :])
    return part.model_copy(update={str(path[0]): altered(getattr(part, str(path[0])), path[1:])})


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        # Words, numbers, tables, evidence, pictures.
        ("ledger/2030.yml", "value: 93.5", "value: 93.6", {"entry/e2"}),
        ("ledger/2030.yml", "reason: 原来写错了", "reason: {zh: 原来写错了, en: Written wrongly}", {"entry/e3"}),
        ("ledger/2030.yml", "title: 关于合格率的函", "title: 关于合格率的信", {"entry/e2"}),
        ("evidence/letter.pdf", "%%EOF", "%%EOF\n", {"entry/e2"}),
        ("batches/*.csv", "标签", "标志", {"batch/b1"}),
        # Layout.
        ("ledger/2030.yml", "value: 93.5", "value: '93.50'   # 百分之", set()),
        (
            "ledger/2030.yml",
            "  state: under-way\n  source: 县质量局\n",
            "  source: 县质量局\n  state: under-way\n",
            set(),
        ),
        ("ledger/2030.yml", "- id: e1\n", "# 一条\n\n- id: e1\n", set()),
        ("ledger/2030.yml", "\n", "\r\n", set()),
        ("batches/*.csv", "\n", "\r\n", set()),
        ("batches/*.yml", "\n", "\r\n", set()),
    ],
)
def test_a_changed_record_waits_again(sealed: Path, file: str, old: str, new: str, changed: set[str]) -> None:
    path = next((sealed / "data").glob(file))
    raw = path.read_bytes()
    assert old.encode() in raw
    path.write_bytes(raw.replace(old.encode(), new.encode()))
    found = withheld(sealed)
    assert {name if name in changed else f"{name.partition('/')[0]}/" for name in found} == changed, found
    told = CliRunner().invoke(cli, ["check", "-f", str(sealed / "mkdocs.yml")]).output
    assert told.count("审核以后有改动") == len(changed), told
    listed = approve(sealed).output
    assert all(f"{name}  " in listed for name in found)
    if found:
        done = approve(sealed, "--all", "--role", "head", "--yes")
        assert done.exit_code == 0, done.output
        assert withheld(sealed) == set()


def test_check_names_who_approved_what_when_and_how_to_renew(sealed: Path) -> None:
    edit(sealed / "data/violations.yml", "source: ", "source: 另一个")
    (sealed / "data/ledger/q.yml").write_text(
        BLOCK.replace("source: 局", "source: 局\n  approved: {role: head, date: 2030-02-01}", 1), encoding="utf-8"
    )
    told = CliRunner().invoke(cli, ["check", "-f", str(sealed / "mkdocs.yml"), "--as-of", "2030-02-01"])
    assert told.exit_code == 0
    lines = [line for line in told.output.splitlines() if "审核" in line]
    name = re.findall(r"haopin approve (violation/\S+)", lines[0])[0]
    assert re.sub(r"^data/violations.yml:\d+:\d+", "PLACE", lines[0]) == (
        "PLACE: 提醒 / warning: 审核以后有改动，与甲主任在 2030-02-01 审核的不同，暂不公布。请核对，再重新审核："
        f"haopin approve {name} / changed since the approval by 甲主任 on 2030-02-01, and not published for now. Check "
        f"the change and have it approved again: haopin approve {name}"
    )
    assert lines[1].startswith("data/ledger/q.yml:") and "有 1 条的审核没有内容指纹" in lines[1]
    status = CliRunner().invoke(cli, ["status", "-f", str(sealed / "mkdocs.yml"), "--as-of", "2030-02-01"]).output
    assert "审核后有改动" in status


# --- Who may approve


APPROVERS = """
approvers:
  - {name: 甲主任, roles: [head, deputy-head], until: 2030-06-30}
  - {name: 乙 科长, roles: [section-head]}
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--name", "甲主任", "--role", "head"], ""),
        (["--name", "甲主任", "--role", "section-head"], "“甲主任”不能在 2030-02-01 以科室负责人身份审核"),
        (["--name", "丙", "--role", "head"], "可以审核的人在 site.yml 的 approvers 里：甲主任、乙 科长。"),
        (["--name", "乙科长"], "“乙科长”起草或改过这一条，不能由本人审核；请由别人审核"),
        (["--role", "head"], "请写明审核人姓名 --name；可以审核的有：甲主任、乙 科长"),
        (["--name", " ", "--role", "head"], "name"),
    ],
)
def test_only_approvers_approve_and_nobody_what_they_drafted(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = project / "data/site.yml"
    site.write_text(site.read_text("utf-8") + APPROVERS, encoding="utf-8")
    edit(
        project / "data/ledger/q.yml",
        "  measure: 01/check\n",
        "  measure: 01/check\n  drafted: {by: 丁, date: 2030-01-10, others: [乙 科长]}\n",
    )
    before = ledger(project)
    options = ["--yes", "--as-of", "2030-02-01", "--role", "section-head", *arguments]
    if arguments == ["--role", "head"]:
        options = ["--yes", "--as-of", "2030-02-01", *arguments]
    code = main(["approve", "-f", str(project / "mkdocs.yml"), "entry/w1", *options])
    assert (code, ledger(project) == before) == ((1, True) if message else (0, False))
    assert message in capsys.readouterr().err
    for line in (
        "approved: {role: head, date: 2030-01-20, name: 丙}",
        "approved: {role: head, date: 2030-07-01, name: 甲主任}",
    ):
        (project / "data/ledger/q.yml").write_text(
            before.replace("  drafted", f"  {line}\n  drafted"), encoding="utf-8"
        )
        assert ["不能在" in found for found in errors_of(project / "data")] == [True]


# --- Returns


@pytest.mark.parametrize("name", ["w1", "w2", "w3", "n1"])
def test_a_record_is_sent_back_with_a_reason_until_it_is_saved_or_approved(project: Path, name: str) -> None:
    files = [project / "data/ledger/q.yml", project / "data/news/n1.zh.md"]
    before = [file.read_bytes() for file in files]
    done = approve(project, name, "--role", "head", "--name", "甲", "--return", "数字: 请核对, 再报", "--yes")
    assert done.exit_code == 0, done.output
    words = "returned: {by: 甲, role: head, date: 2030-02-01, reason: '数字: 请核对, 再报'}"
    assert "".join(file.read_text("utf-8") for file in files).count(words) == 1
    assert errors_of(project / "data") == []
    status = CliRunner().invoke(cli, ["status", "-f", str(project / "mkdocs.yml"), "--as-of", "2030-02-01"]).output
    assert "已退回（数字： 请核对， 再报）" in status.replace("\n", "") or "已退回" in status
    dataset = read(project / "data")
    entry = next(entry for entry in dataset.entries if entry.record.id == name)
    for file, content in cleared(project / "data", entry).items():
        (project / "data" / file).write_bytes(content)
    after = [file.read_bytes() for file in files]
    assert [text.replace(b", returned: ~", b"") for text in after] == before
    assert approve(project, name, "--role", "head", "--return", "再改", "--yes").exit_code == 0
    assert approve(project, name, "--role", "head", "--yes").exit_code == 0
    assert b"reason" not in b"".join(file.read_bytes() for file in files)
    assert errors_of(project / "data") == []


def test_an_approval_in_several_lines_is_replaced(project: Path) -> None:
    block = "  approved:\n    role: head   # 主要\n    date: 2030-01-15\n  # 以后\n"
    file = project / "data/ledger/q.yml"
    text = BLOCK.replace("  date: 2030-01-10\n", f"  date: 2030-01-10\n{block}")
    file.write_text(text, encoding="utf-8", newline="\n")
    assert approve(project, "w1", "--role", "head", "--yes", "--date", "2030-01-20").exit_code == 0
    assert ledger(project) == text.replace(block, "  approved: {role: head, date: 2030-01-20}\n  # 以后\n")


def test_all_who_changed_it_since_its_approval_are_its_drafters(sealed: Path) -> None:
    def drafted(record_id: str, by: str, before: object) -> object:
        dataset = read(sealed / "data")
        values = {"id": record_id, "returned": {}, "drafted": before}
        after = as_saved(dataset, ENTRY, values, by, AS_OF)
        assert "returned" not in after
        return after["drafted"]

    once, both = {"by": "丙", "date": "2030-01-12"}, {"by": "丁", "date": "2030-02-01", "others": ["丙"]}
    alone = {"by": "丁", "date": "2030-02-01"}
    assert drafted("new", "丁", None) == alone
    assert drafted("new", "丁", once) == both and drafted("new", "丙", both) == {**both, "by": "丙", "others": ["丁"]}
    assert drafted("e2", "丁", both) == alone, "what they wrote is approved"
    edit(sealed / "data/ledger/2030.yml", "value: 93.5", "value: 95.5")
    assert drafted("e2", "丁", once) == both
    for damaged in ("丙", {"by": ["丙"], "others": "丙"}, [once]):
        assert drafted("new", "丁", damaged) == alone


# --- Sheet for signature


def test_the_sheet_for_signature_says_all_that_is_approved(sealed: Path) -> None:
    edit(sealed / "data/ledger/2030.yml", "value: 93.5", "value: 95.5")
    edit(sealed / "data/ledger/2030.yml", "  covers:", "  drafted: {by: 丙, date: 2030-01-12}\n  covers:")
    edit(sealed / "data/batches/b1.csv", "标签", "<b>标志</b>")
    project = open_project(sealed / "mkdocs.yml", AS_OF)
    entries = waiting(project.dataset, AS_OF)
    raw = {
        "id": "e2",
        "date": "2030-01-12",
        "target": "pass-rate",
        "body": "quality",
        "value": "93.5",
        "unit": "percent",
    }
    batch = RawFolder(sealed / "data").record(BATCH, "b1")
    assert batch is not None
    old = [{**row, "failing_item": "标签"} if row["sample_number"] == "S-2" else row for row in batch.rows or ()]
    former = {
        ("entry", "e2"): RawRecord(ENTRY, "e2", "", (), {**raw, "source": "县质量局"}),
        ("batch", "b1"): replace(batch, rows=old[1:]),
    }
    page = sheet(project, entries, former, paper="审2号", preview="https://preview.example/")
    for entry in entries:
        assert " ".join(re.findall("....", fingerprint_of(project.dataset, entry))) in page
    for words in (
        *(
            "审2号",
            "丙&emsp;2030-01-12",
            "产品合格率（pass-rate）",
            "县质量局",
            "（没有英文）",
            "关于合格率的函 letter.pdf",
        ),
        *("<del>93.5</del><ins>95.5</ins>", "甲主任", "初审", "复审", "终审", "附表，共3行", "&lt;b&gt;标志&lt;/b&gt;"),
        *("附表新增 › S-1 梨汁", "附表改动 › S-2 杏脯", "</ins>标<del>签</del><ins>志"),
        *("审核以后有改动", "不合格"),
    ):
        assert words in page, words
    assert page.count("<svg") == page.count("<section>") == len(entries) == 2
    assert not re.search(r'<script|(?:src|href)="|https?://(?!preview|bureau|www\.w3)', page)
    assert "附表改动 › S-3" not in page
    unknown = sheet(project, entries, {("batch", "b1"): replace(batch, values={"id": "b1"})})
    assert unknown.count("审核过，之后有改动；这里没有上一次的内容可比") == 2
    english = sheet(project, entries, {}, language="en")
    assert "Sheet for signature" in english and "first reading" in english and "Number: " in english
    target = sealed / "sheet.html"
    assert approve(sealed, "entry/e2", "--sheet", str(target)).exit_code == 0
    assert target.read_text("utf-8").count("<section>") == 1 and withheld(sealed) == {"entry/e2", "batch/b1"}
