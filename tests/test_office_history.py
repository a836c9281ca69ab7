"""The ledger is append-only: messages of the check about changed or deleted committed entries."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from haopin.git import run_git
from haopin.office.history import FIXED, changed_entries, ledger_warnings
from living import LIVING, add_living
from office_commands import office_command
from support import copy_county, edit, git

LEDGER = LIVING["ledger/2030.yml"]
FILE = "ledger/2030.yml"
ZH = "已提交的台账记录不可改动或删除\uff1b更正请另写一条\uff08corrects\uff09"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A checkout of a small county with a ledger."""
    project = copy_county(tmp_path / "county")
    add_living(project / "data")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "ledger")
    return project


def check(project: Path) -> list[str]:
    """Return the lines of the check that speak of committed entries; the check must pass."""
    told = office_command(project, "check")
    assert told.code == 0, told.output
    found = [line for line in told.lines if "已提交" in line]
    assert f"，{len(told.lines) - 1} 个提醒" in told.lines[-1]
    return found


def test_untouched_ledger_is_right(county: Path) -> None:
    assert check(county) == []


@pytest.mark.parametrize(
    ("old", "new", "fields", "place"),
    [
        ("date: 2030-01-10", "date: 2030-01-09", "date", "2:9"),
        ("body: quality\n  state", "body: commerce\n  state", "body", "4:9"),
        ("measure: 01/check\n  body: quality", "measure: 01/publish\n  body: quality", "about", "3:12"),
        ("state: under-way", "state: done", "state", "5:10"),
        ("value: 93.5", "value: 93.6", "value", "12:10"),
        ("end: 2029-12-31", "end: 2029-12-30", "covers", "14:11"),
        ("reason: 原来写错了", "reason: 错了", "reason", "28:11"),
        ("state: routine", "state: routine\n  text: 新说明", "text", "27:9"),
        ("  corrects: e1\n  reason: 原来写错了\n", "", "corrects, reason", "22:3"),
    ],
)
def test_changed_entry_is_reported_with_its_place(county: Path, old: str, new: str, fields: str, place: str) -> None:
    if fields == "about":
        # The correction of the entry is removed too.
        edit(county / "data" / FILE, "measure: 01/check\n  body: commerce", "measure: 01/publish\n  body: commerce")
    edit(county / "data" / FILE, old, new)
    lines = check(county)
    record = {"2:9": "e1", "3:12": "e1", "4:9": "e1", "5:10": "e1", "12:10": "e2", "14:11": "e2"}.get(place, "e3")
    assert lines[0] == (
        f"data/{FILE}:{place}: 提醒 / warning: “{record}”改了 {fields}。{ZH} / {fields} of “{record}” changed: "
        "a committed entry of the ledger may not be changed or deleted; correct it by another (corrects)"
    )
    assert len(lines) == (2 if fields == "about" else 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  approved: {role: section-head, date: 2030-01-11}\n", ""),
        ("role: section-head, date: 2030-01-11", "role: head, date: 2030-01-12"),
        ("  approved: {role: section-head, date: 2030-01-11}\n", "  publish_from: 2030-01-15\n  expires: 2031-01-01\n"),
        ("value: 93.5", "value: 93.50"),
        ("value: 93.5", 'value: "93.5"'),
        ("reason: 原来写错了", "reason: {zh: 原来写错了}"),
        ("reason: 原来写错了", "reason: |\n    原来\n    写错了"),
        ("covers: {start: 2029-01-01, end: 2029-12-31}", "covers:\n    end: 2029-12-31\n    start: 2029-01-01"),
        ("- id: e1\n", "# 第一条\n- id: e1\n"),
        ("title: 关于合格率的函", "title: 函"),
        (
            "measure: 01/check\n  body: quality\n  state: under-way",
            "state: under-way\n  body: quality\n  measure: 01/check",
        ),
    ],
)
def test_approval_life_evidence_and_form_may_change(county: Path, old: str, new: str) -> None:
    edit(county / "data" / FILE, old, new)
    assert check(county) == []


def test_deleted_entry_is_reported_at_its_former_position(county: Path) -> None:
    first = LEDGER.index("- id: e2")
    last = LEDGER.index("- id: e3")
    (county / "data" / FILE).write_text(LEDGER[:first] + LEDGER[last:], encoding="utf-8")
    assert check(county) == [
        f"data/{FILE}:8:1: 提醒 / warning: “e2”不见了。{ZH} / “e2” is gone: a committed entry of the ledger may not be "
        "changed or deleted; correct it by another (corrects)"
    ]


def test_deleted_file_is_reported(county: Path) -> None:
    (county / "data" / FILE).unlink()
    lines = check(county)
    assert [line.partition("。")[0] for line in lines] == [
        f"data/{FILE}:1:1: 提醒 / warning: “{name}”不见了" for name in ("e1", "e2", "e3")
    ]


def test_entry_may_move_to_another_file_and_more_may_be_added(county: Path) -> None:
    first = LEDGER.index("- id: e3")
    (county / "data" / FILE).write_text(LEDGER[:first], encoding="utf-8")
    (county / "data/ledger/correction.yml").write_text(LEDGER[first:], encoding="utf-8")
    assert office_command(county, "new", "entry", "--yes", *sets("measure=02/events", "state=1")).code == 0
    assert check(county) == []


def sets(*options: str) -> list[str]:
    every = ("date=2030-01-30", "body=quality", "source=局", *options)
    return [word for option in every for word in ("--set", option)]


def test_uncommitted_entries_are_free(county: Path) -> None:
    (county / "data/ledger/new.yml").write_text(
        LEDGER[: LEDGER.index("- id: e2")].replace("e1", "n1"), encoding="utf-8"
    )
    assert check(county) == []
    (county / "data/ledger/new.yml").unlink()
    assert check(county) == []


def test_a_ledger_that_cannot_be_read_has_lost_nothing(county: Path) -> None:
    (county / "data" / FILE).write_text("- id: [\n", encoding="utf-8")
    told = office_command(county, "check")
    assert told.code == 1 and "不见了" not in told.output
    (county / "data" / FILE).write_bytes("- id: 局\n".encode("gbk"))
    told = office_command(county, "check")
    assert told.code == 1 and "不见了" not in told.output


@pytest.mark.parametrize("text", ["null\n", "id: e1\n", "- 一\n", "- id: [a]\n", "- {id: e1, value: x, text: [a]}\n"])
def test_a_spoiled_ledger_raises_nothing(text: str) -> None:
    assert isinstance(changed_entries({FILE: LEDGER}, {FILE: text}), list)
    assert isinstance(changed_entries({FILE: text}, {FILE: LEDGER}), list)


def test_every_fixed_field_counts() -> None:
    before = {
        "date": "2030-01-01", "body": "a", "measure": "01/a", "state": "done", "value": "1", "unit": "percent",
        "covers": "{start: 2030-01-01, end: 2030-01-02}", "text": "一", "corrects": "x", "reason": "二",
    }  # fmt: skip
    text = "- id: e\n  approved: {role: head, date: 2030-01-02}\n" + "".join(
        f"  {name}: {value}\n" for name, value in before.items()
    )
    for name in before:
        found = changed_entries({FILE: text}, {FILE: text.replace(f"  {name}: {before[name]}\n", "")})
        field = "about" if name == "measure" else name
        assert [problem.zh.partition("。")[0] for problem in found] == [f"“e”改了 {field}"]
        assert field in FIXED


def test_no_warnings_without_git(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    data = project / "data"
    (data / "ledger").mkdir()
    (data / FILE).write_text(LEDGER, encoding="utf-8")
    assert ledger_warnings(data, "data", lambda folder, arguments: None) == []
    assert ledger_warnings(data, "data") == []
    git(project, "init", "-q")
    # No commit yet.
    assert ledger_warnings(data, "data") == []


def test_git_that_is_not_installed_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_git(tmp_path, ["status"]) is None


def test_git_is_asked_for_the_ledger_only(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []
    answers = {"ls-tree": f"{FILE}\0ledger/说明.yml\0ledger/note.txt\0".encode(), "show": LEDGER.encode()}

    def fake(folder: Path, arguments: Sequence[str]) -> bytes | None:
        asked.append(arguments)
        return answers[arguments[0]]

    run: Callable[[Path, Sequence[str]], bytes | None] = fake
    (tmp_path / "ledger").mkdir()
    lines = ledger_warnings(tmp_path, "data", run)
    assert asked == [
        ["ls-tree", "-z", "--name-only", "HEAD", "ledger/"],
        ["show", f"HEAD:./{FILE}"],
        ["show", "HEAD:./ledger/说明.yml"],
    ]
    assert len(lines) == 3


def test_samples_are_free(county: Path) -> None:
    samples = county / "data/samples/ledger"
    samples.mkdir(parents=True)
    (samples / "2030.yml").write_text(
        "- {id: s1, sample: true, date: 2030-01-10, measure: 01/check, body: quality, state: done, source: 局}\n",
        encoding="utf-8",
    )
    git(county, "add", ".")
    git(county, "commit", "-q", "-m", "samples")
    (samples / "2030.yml").unlink()
    assert check(county) == []


def test_a_translation_may_be_added_but_existing_text_not_changed(county: Path) -> None:
    edit(county / "data" / FILE, "reason: 原来写错了", "reason: {zh: 原来写错了, en: It was written wrongly}")
    assert check(county) == []
    edit(county / "data" / FILE, "zh: 原来写错了, en", "zh: 原来写对了, en")
    assert ["改了 reason" in line for line in check(county)] == [True]


# Approved records that are deleted; changes of them are found by their fingerprints.


def test_an_emptied_or_deleted_file_with_published_records_is_reported_in_one_line(county: Path) -> None:
    data = county / "data"
    (data / "violations.yml").write_text("", encoding="utf-8")
    event = next((data / "events").iterdir())
    event.unlink()
    told = [line for line in office_command(county, "check").lines if "不见了" in line]
    assert [line.partition(" ")[0] for line in told] == [f"data/events/{event.name}:1:1:", "data/violations.yml:1:1:"]
