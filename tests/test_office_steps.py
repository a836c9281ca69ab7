"""Log of steps, undo, history with and without git, commits; drafts; who has the desk open."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from haopin.office.desk_folder import desk_folder, locked
from haopin.office.drafts import Draft, Drafts
from haopin.office.opened import SILENT, Presence
from haopin.office.steps import LOG_HEADINGS, ChangedMeanwhileError, Note, Steps, author, contents_of
from haopin.office.writing import replace_files
from haopin.problem import ConfigurationError
from haopin.text import Text

NOW = datetime(2030, 1, 10, 8, tzinfo=UTC)
FILE, TABLE = "抽查/甲 乙.yml", "抽查/甲 乙.csv"


def note(hour: int = 0, clerk: str = "王莉", sentence: str = "改名称") -> Note:
    return Note(clerk, Text(zh=sentence, en="Rename"), NOW + timedelta(hours=hour))


def written(folder: Path, changes: dict[str, bytes | None], note: Note) -> list[str]:
    """Save without checking the data, which is none; return the warnings."""
    with locked(folder):
        step = replace_files(folder, changes, note)
        assert step is not None
        return Steps(folder).commit(step)[1]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Zhao", "-c", "user.email=z@example.org")
    done = subprocess.run(("git", "-C", folder, *who, *arguments), check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder outside of every repository."""
    place = tmp_path / "项 目/data"
    (place / FILE).parent.mkdir(parents=True)
    return place


@pytest.fixture
def committed(folder: Path) -> Path:
    """A data folder in a repository, with one version committed."""
    project = folder.parent
    git(project, "init", "-q")
    # As on Windows: line ends of the folder differ from those in git.
    (project / ".gitattributes").write_text("*.yml text eol=crlf\n*.csv -text\n", encoding="ascii")
    (folder / FILE).write_bytes("名称: 甲\r\n".encode())
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "首次 | 录入", "--date=2030-01-01T00:00:00Z")
    return folder


# --- Log and undo


def test_undo_gives_back_what_was_there_unless_someone_changed_it(folder: Path) -> None:
    steps = Steps(folder)
    assert steps.all() == [] and steps.recent() == [] and steps.last_number() == 0
    (folder / FILE).write_bytes(b"a: 1\r\n")
    assert written(folder, {FILE: b"a: 2\r\n", TABLE: b"x,y\n"}, note()) == []
    assert written(folder, {TABLE: None}, note(1)) == []
    assert [step.number for step in steps.recent(1)] == [2]
    assert steps.undo(2) == {TABLE: b"x,y\n"}
    (folder / TABLE).write_bytes(b"z\n")
    with pytest.raises(ChangedMeanwhileError) as caught:
        steps.undo(1)
    assert caught.value.files == {TABLE: (b"z\n", None)}
    # What is undone already is left out.
    (folder / TABLE).unlink()
    assert steps.undo(1) == {FILE: b"a: 1\r\n"}
    assert written(folder, steps.undo(1), note(2, sentence="撤销第 1 步")) == []
    assert contents_of(folder, (FILE, TABLE)) == {FILE: b"a: 1\r\n", TABLE: None}
    # An undo is a step, which can be undone.
    assert steps.undo(3) == {FILE: b"a: 2\r\n"}
    with pytest.raises(ConfigurationError, match="no step 9"):
        steps.undo(9)


def test_a_line_that_a_power_cut_broke_costs_that_line_only(folder: Path) -> None:
    steps = Steps(folder)
    written(folder, {FILE: b"a: 1\n"}, note())
    log = desk_folder(folder) / "history/steps.jsonl"
    with log.open("ab") as file:
        file.write('{"number": 2, "clerk": "王'.encode()[:-1])
    assert [step.number for step in steps.all()] == [1]
    written(folder, {FILE: b"a: 2\n"}, note())
    assert [step.number for step in steps.all()] == [1, 2]
    assert json.loads(log.read_bytes().splitlines()[-1])["clerk"] == "王莉"
    # Contents that are damaged are not offered.
    for content in (desk_folder(folder) / "history/contents").glob("*/*"):
        content.write_bytes(b"?")
    with pytest.raises(ConfigurationError, match="missing from the history"):
        steps.undo(2)


def test_the_log_as_a_table(folder: Path) -> None:
    (folder / FILE).write_bytes("a: 1\r\nb: 2\r\nc: 三\r\n".encode())
    written(folder, {FILE: "a: 1\r\nb: =5\r\nc: 三\r\nd: 4\r\n".encode(), "p.png": b"\x89PNG\0"}, note(20))
    rows = list(Steps(folder).as_rows(timezone(timedelta(hours=8))))
    assert rows == [
        (1, "2030-01-11 12:00:00", "王莉", "改名称", FILE, "b: 2", "b: =5\nd: 4"),
        (1, "2030-01-11 12:00:00", "王莉", "改名称", "p.png", "", "5 B"),
    ]
    assert len(LOG_HEADINGS) == len(rows[0])


@pytest.mark.parametrize(
    ("hours", "withdrawn", "first"),
    [(1, None, 5), (200 * 24, None, 7), (1, "2030-01-11", 8), (1, "2030-01-09", 5), (1, "[", 5)],
    ids=["number", "age", "a later withdrawal", "an earlier withdrawal", "a damaged file"],
)
def test_the_history_keeps_the_newest_steps_and_of_others_the_late_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hours: int, withdrawn: str | None, first: int
) -> None:
    monkeypatch.setattr("haopin.office.steps.ALWAYS_KEPT", 3)
    monkeypatch.setattr("haopin.office.steps.MOST_STEPS", 6)
    if withdrawn is not None:
        (folder / "withdrawals.yml").write_text(f"- id: w\n  date: {withdrawn}\n", encoding="utf-8")
    for number in range(10):
        assert written(folder, {FILE: f"a: {number}\n".encode(), TABLE: b"1\n"}, note(hours * number)) == []
    steps = Steps(folder)
    assert [step.number for step in steps.all()] == list(range(first, 11))
    assert steps.undo(10) == {FILE: b"a: 8\n"}
    assert steps.of_files([FILE])[-1].contents == {FILE: f"a: {first - 2}\n".encode()}, (
        "what was there before the first"
    )
    with pytest.raises(ConfigurationError, match=f"no step {first - 1}"):
        steps.undo(first - 1)
    stored = {path.read_bytes() for path in steps.contents.folder.glob("*/*")}
    assert stored == {b"1\n", *(f"a: {number}\n".encode() for number in range(first - 2, 10))}


# --- History


def test_history_without_git(folder: Path) -> None:
    steps = Steps(folder)
    assert steps.of_files([FILE, TABLE]) == []
    (folder / FILE).write_bytes(b"a: 1\n")
    (folder / TABLE).write_bytes(b"x\n")
    written(folder, {FILE: b"a: 2\n"}, note())
    written(folder, {"another.yml": b"?"}, note(1))
    written(folder, {FILE: b"a: 3\n", TABLE: b"y\n"}, note(2, "李"))
    versions = steps.of_files([FILE, TABLE])
    assert [(version.key, version.note.clerk, version.contents) for version in versions] == [
        ("3", "李", {FILE: b"a: 3\n", TABLE: b"y\n"}),
        ("1", "王莉", {FILE: b"a: 2\n", TABLE: b"x\n"}),
        ("01", "", {FILE: b"a: 1\n", TABLE: b"x\n"}),
    ]
    assert steps.restore([FILE, TABLE], "01") == {FILE: b"a: 1\n", TABLE: b"x\n"}
    assert steps.restore([FILE, TABLE], "3") == {}
    with pytest.raises(ConfigurationError, match="no version 2"):
        steps.restore([FILE], "2")


def test_history_before_the_desk_comes_from_git(committed: Path) -> None:
    steps = Steps(committed)
    assert written(committed, {FILE: "名称: 乙\r\n".encode()}, note(1)) == []
    git(committed, "mv", FILE, "moved.yml")
    git(committed, "mv", "moved.yml", FILE)
    versions = steps.of_files([FILE, TABLE])
    assert [(v.note.clerk, v.note.sentence.zh, v.contents[FILE]) for v in versions] == [
        ("王莉", "改名称", "名称: 乙\r\n".encode()),
        ("Zhao", "首次 | 录入", "名称: 甲\r\n".encode()),
    ]
    assert steps.restore([FILE], versions[1].key) == {FILE: "名称: 甲\r\n".encode()}
    # On another computer, the commits of the desk are what remains.
    desk_folder(committed).rename(committed.parent / "elsewhere")
    assert [(v.note.clerk, v.contents[FILE]) for v in steps.of_files([FILE])] == [
        ("王莉", "名称: 乙\r\n".encode()),
        ("Zhao", "名称: 甲\r\n".encode()),
    ]


# --- Commits


def test_a_commit_has_exactly_the_files_of_the_step(committed: Path) -> None:
    (committed / "staged.yml").write_bytes(b"x")
    git(committed, "add", "staged.yml")
    (committed / "*.yml").write_bytes(b"x")
    assert written(committed, {FILE: None, TABLE: b"1\n", "[a]*.yml": b"2\n"}, note(1, sentence="# 删去“甲”\n二")) == []
    assert git(committed, "log", "-1", "--format=%an <%ae> %aI%n%B").strip() == (
        "王莉 <desk@localhost> 2030-01-10T09:00:00+00:00\n# 删去“甲”\n二"
    )
    listed = git(committed, "log", "-1", "-z", "--no-renames", "--format=", "--name-status").split("\0")
    assert set(zip(listed[::2], listed[1::2], strict=False)) == {
        ("D", f"data/{FILE}"),
        ("A", f"data/{TABLE}"),
        ("A", "data/[a]*.yml"),
    }
    assert git(committed, "status", "--porcelain").splitlines() == ["A  data/staged.yml", "?? data/*.yml"]
    # Written as committed before: nothing to commit, no warning.
    assert written(committed, {TABLE: b"1\n"}, note(2)) == []
    assert Steps(committed).all()[-1].commit is None


@pytest.mark.parametrize(
    ("clerk", "name"),
    [
        ("张三", "张三"),
        ("O'Brien <a@b> \n X", "O'Brien a@b X"),
        ("<>", "desk"),
        ("", "desk"),
        (" .,;\"' ", "desk"),
        ("a\0b", "a b"),
        ("-n --amend", "-n --amend"),
        ("𠮷\u202e野", "𠮷 野"),
    ],
)
def test_names_of_clerks_in_commits(committed: Path, clerk: str, name: str) -> None:
    assert author(clerk) == name
    assert written(committed, {FILE: b"b: 1\r\n"}, note(clerk=clerk)) == []
    assert git(committed, "log", "-1", "--format=%an|%cn").strip() == f"{name}|{name}"
    assert Steps(committed).all()[0].note.clerk == clerk


def test_a_commit_that_fails_leaves_the_save_and_a_warning(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = committed.parent / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 不许 >&2; exit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    (warning,) = written(committed, {FILE: b"a: 5\r\n", TABLE: b"1\n"}, note())
    assert "已保存,但没有提交" in warning.replace("，", ",") and "not committed to git: 不许" in warning
    assert (committed / FILE).read_bytes() == b"a: 5\r\n"
    assert git(committed, "diff", "--cached", "--name-only") == ""
    hook.unlink()
    # The next step of the file takes it along.
    assert written(committed, {FILE: b"a: 6\r\n"}, note(1)) == []
    # Files that git ignores are no fault.
    (committed.parent / ".gitignore").write_text("*.csv\n", encoding="ascii")
    assert written(committed, {TABLE: b"2\n"}, note(2)) == []
    assert written(committed, {TABLE: b"3\n", FILE: b"a: 7\r\n"}, note(3)) == []
    assert "data" in git(committed, "log", "-1", "--name-only", "--format=")
    monkeypatch.setenv("PATH", str(committed))
    (warning,) = written(committed, {FILE: b"a: 8\r\n"}, note(4))
    assert "git is not installed" in warning and (committed / FILE).read_bytes() == b"a: 8\r\n"
    assert len(Steps(committed).of_files([FILE])) == 5


# --- Drafts


def test_drafts_survive_what_breaks_their_last_change(folder: Path) -> None:
    drafts = Drafts(folder)
    assert drafts.all() == ([], []) and drafts.get("news", "x") is None
    draft = Draft("news", "../../x:", {"title": {"zh": "一"}}, {FILE: None}, {"title": None}, "王莉", NOW)
    drafts.save(draft)
    assert drafts.all() == ([draft], []) and drafts.get("news", "../../x:") == draft
    later = replace(draft, values={"title": {"zh": "二"}}, time=NOW + timedelta(seconds=5))
    drafts.save(later)
    drafts.save(replace(draft, id="new-1"))
    assert [one.values for one in drafts.all()[0]] == [later.values, draft.values]
    (file,) = (path for path in (desk_folder(folder) / "drafts").glob("*.json") if "二" in path.read_text("utf-8"))
    file.write_bytes(file.read_bytes()[:40])
    found, (message,) = drafts.all()
    assert found[0] == draft == drafts.get("news", "../../x:") and "the one before is used" in message
    # The broken one does not replace the one before.
    drafts.save(later)
    file.unlink()
    assert drafts.get("news", "../../x:") == draft
    drafts.delete("news", "../../x:")
    drafts.delete("news", "../../x:")
    assert [one.id for one in drafts.all()[0]] == ["new-1"]
    for path in (desk_folder(folder) / "drafts").iterdir():
        path.write_bytes(b"\0")
    assert drafts.all()[0] == [] and "cannot be read" in drafts.all()[1][0]


# --- Who has the desk open


def test_a_second_desk_learns_of_the_first_and_may_take_over(folder: Path) -> None:
    now = [NOW]
    first, second = (Presence(folder, clerk, lambda: now[0]) for clerk in ("王莉", "李强"))
    assert not first.is_mine() and first.open() is None and first.is_mine()
    assert first.open() is None, "one's own desk is no other"
    now[0] += timedelta(seconds=SILENT - 1)
    first.beat()
    now[0] += timedelta(seconds=SILENT - 1)
    held = second.open()
    assert held is not None and (held.clerk, held.since) == ("王莉", NOW) and not second.is_mine()
    first.require()
    assert second.open(take_over=True) is None
    first.beat()
    first.close()
    assert second.is_mine() and not first.is_mine()
    with pytest.raises(ConfigurationError, match=r"李强.*no longer saves"):
        first.require()
    # Without a beat it is taken for closed.
    now[0] += timedelta(seconds=SILENT + 1)
    assert first.open() is None and not second.is_mine()
    first.close()
    assert second.open() is None


def test_a_desk_whose_process_ended_or_whose_file_is_broken_is_none(folder: Path) -> None:
    child = subprocess.Popen(("true",))
    child.wait()
    desk = Presence(folder, "王莉")
    assert desk.open() is None
    file = desk_folder(folder) / "opened.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"pid": child.pid}), encoding="utf-8")
    assert Presence(folder, "李强").open() is None
    file.write_bytes(b"{")
    assert Presence(folder, "赵").open() is None
