"""Writing of data files: all or none, also if the process is killed at any step; trial copies; two processes."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from haopin.office.desk_folder import desk_folder, interrupted, locked
from haopin.office.steps import ChangedMeanwhileError, Note, Steps, contents_of, digest
from haopin.office.writing import changed_copy, recover, replace_files, save, write
from haopin.problem import ConfigurationError, DataError
from haopin.text import Text
from support import copy_data

NOTE = Note("王莉", Text(zh="改两份文件", en="Change two files"), datetime(2030, 1, 10, 8, tzinfo=UTC))
#: Calls of the system after which a process is killed.
EVENTS = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree"))
BEFORE = {"甲.yml": b"a: 1\r\n", "乙 丙/b.yml": b"b: 1\n", "new/c.yml": None, "gone.yml": b"d: 1\n"}
AFTER = {"甲.yml": b"a: 2\r\n", "乙 丙/b.yml": b"b: 2\n", "new/c.yml": b"c: 2\n", "gone.yml": None}


def in_child(action: Callable[[], object], killed_at: int | None = None) -> bool:
    """Run ``action`` in a process that ends without further ado at a call of the system; return whether it finished."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(event: str, _: object) -> None:
            nonlocal calls
            if event in EVENTS:
                if calls == killed_at:
                    os._exit(9)
                calls += 1

        code = 1
        try:
            sys.addaudithook(count)
            action()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9), "the action failed"
    return code == 0


def folder_with(place: Path, contents: dict[str, bytes | None]) -> Path:
    folder = place / "data"
    for file, content in contents.items():
        if content is not None:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
    return folder


def replace(folder: Path, note: Note | None) -> None:
    with locked(folder):
        replace_files(folder, AFTER, note)


@pytest.mark.parametrize(
    "note", [pytest.param(NOTE, id="step"), pytest.param(None, id="no step", marks=pytest.mark.sweep)]
)
def test_a_process_killed_at_any_step_leaves_all_files_or_none(tmp_path: Path, note: Note | None) -> None:
    outcomes, kills = [], 0
    while True:
        folder = folder_with(tmp_path / str(kills), BEFORE)
        finished = in_child(partial(replace, folder, note), kills)
        assert bool(interrupted(folder.parent)) == (desk_folder(folder) / "journal.json").exists()
        # The one that finishes it may be killed, too.
        in_child(partial(recover, folder), kills % 11)
        assert recover(folder) == []
        now = contents_of(folder, tuple(BEFORE))
        assert now in (BEFORE, AFTER), kills
        assert len(Steps(folder).all()) == (note is not None and now == AFTER)
        assert not interrupted(folder.parent) and not list(folder.rglob(".*"))
        with locked(folder):
            replace_files(folder, {}, None)
        assert note is not None or not list(desk_folder(folder).glob("passing/*/*"))
        outcomes.append(now == AFTER)
        if finished:
            break
        kills += 1
    # First nothing, from one moment on everything.
    assert outcomes == sorted(outcomes) and 5 < sum(outcomes) < len(outcomes) - 5


@pytest.mark.sweep
def test_files_changed_after_a_kill_are_kept_and_the_step_is_dropped(tmp_path: Path) -> None:
    seen = set()
    for kills in range(200):
        folder = folder_with(tmp_path / str(kills), BEFORE)
        finished = in_child(partial(replace, folder, NOTE), kills)
        if not interrupted(folder.parent):
            if finished:
                break
            continue
        (folder / "甲.yml").write_bytes(b"a: 3\n")
        if Steps(folder).all():
            # It was over but for the journal.
            assert recover(folder) == [] and (folder / "甲.yml").read_bytes() == b"a: 3\n"
            continue
        (message,) = recover(folder)
        assert "甲.yml" in message and "was changed since" in message
        assert contents_of(folder, tuple(BEFORE)) == BEFORE | {"甲.yml": b"a: 3\n"}
        assert Steps(folder).all() == [] and recover(folder) == []
        seen.add(kills)
    assert len(seen) > 5


def test_a_file_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, BEFORE)
    (folder / "z.yml").mkdir()
    with pytest.raises(ConfigurationError, match="nothing was changed"), locked(folder):
        replace_files(folder, AFTER | {"z.yml": b"z"}, NOTE)
    assert contents_of(folder, tuple(BEFORE)) == BEFORE
    assert Steps(folder).all() == [] and not interrupted(tmp_path)


@pytest.mark.parametrize(
    "file", ["../x.yml", "/x.yml", "a/../../x", "a//b", ".", "..\\x", "C:/x", "a/ ../x", "", "a\0"]
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, file: str) -> None:
    folder = folder_with(tmp_path, BEFORE)
    with pytest.raises(ConfigurationError, match="not in the data folder"):
        write(folder, "data", {file: b"x"})


def test_a_trial_copy_shares_files_and_never_writes_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path, BEFORE)
    for linked in (True, False):
        with changed_copy(folder, {"甲.yml": b"new", "gone.yml": None, "deep/er/x": b"x"}) as trial:
            assert (trial / "甲.yml").read_bytes() == b"new" and (trial / "deep/er/x").is_file()
            assert not (trial / "gone.yml").exists()
            assert (trial / "乙 丙/b.yml").samefile(folder / "乙 丙/b.yml") is linked
            assert (trial / "乙 丙/b.yml").read_bytes() == BEFORE["乙 丙/b.yml"]
        assert not trial.exists() and contents_of(folder, tuple(BEFORE)) == BEFORE

        def refuse(*_: object) -> None:
            raise PermissionError("no links here")

        monkeypatch.setattr(os, "link", refuse)


def test_changes_that_break_the_data_or_overtake_others_are_refused(tmp_path: Path) -> None:
    folder = copy_data(tmp_path)
    old = (folder / "bodies.yml").read_bytes()
    with pytest.raises(DataError):
        write(folder, "data", {"bodies.yml": b"- id: x\n"}, NOTE)
    with pytest.raises(ChangedMeanwhileError) as caught:
        write(folder, "data", {"bodies.yml": b"mine"}, NOTE, {"bodies.yml": digest(b"what I read")})
    assert caught.value.files == {"bodies.yml": (old, b"mine")} and "bodies.yml" in str(caught.value)
    assert (folder / "bodies.yml").read_bytes() == old and Steps(folder).all() == []
    step = write(folder, "data", {"bodies.yml": old + b"# x\n"}, NOTE, {"bodies.yml": digest(old)})
    assert step is not None and step.number == 1


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    folder = copy_data(tmp_path)
    old = (folder / "bodies.yml").read_bytes()

    def append(name: str) -> None:
        for number in range(4):
            while True:
                now = (folder / "bodies.yml").read_bytes()
                changes = {"bodies.yml": now + f"# {name} {number}\n".encode()}
                try:
                    save(folder, "data", changes, NOTE, {"bodies.yml": digest(now)})
                    break
                except ChangedMeanwhileError:
                    continue

    child = os.fork()
    if child == 0:
        try:
            append("one")
        finally:
            os._exit(0)
    append("other")
    os.waitpid(child, 0)
    added = (folder / "bodies.yml").read_bytes().removeprefix(old).decode().splitlines()
    assert sorted(added) == sorted(f"# {name} {number}" for name in ("one", "other") for number in range(4))
    assert [step.number for step in Steps(folder).all()] == list(range(1, 9))


def test_the_offices_folder_is_beside_the_data_and_never_committed(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").touch()
    folder = folder_with(tmp_path / "content", BEFORE)
    replace(folder, NOTE)
    assert desk_folder(folder) == tmp_path / ".desk/content/data"
    for command in ("init -q", "add -A"):
        subprocess.run(("git", "-C", str(tmp_path), *command.split()), check=True)
    listed = subprocess.run(("git", "-C", str(tmp_path), "ls-files"), check=True, capture_output=True, text=True).stdout
    assert "mkdocs.yml" in listed and ".desk" not in listed
