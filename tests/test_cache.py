"""The cache of slow results: whatever happens to its folder, the content is correct and the build continues."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from haopin.cache import SHARED, Cache, Readings, key
from support import ROOT

KEY = key("a")


class Maker:
    """Makes bytes, and counts."""

    def __init__(self, content: bytes = b"made") -> None:
        self.content, self.calls = content, 0

    def __call__(self) -> bytes:
        self.calls += 1
        return self.content


def no_call() -> bytes:
    raise AssertionError("made again")


def test_key_distinguishes_parts() -> None:
    keys = [key("ab", "c"), key("a", "bc"), key("abc"), key("a", "b", "c"), key("abc", ""), key("\u7532")]
    assert len(set(keys)) == len(keys)
    assert key("a", "b") == key("a", "b")
    assert len(KEY) == 32


def test_entry_is_made_once_also_for_the_next_build(tmp_path: Path) -> None:
    make = Maker()
    first = Cache(tmp_path / "cache")
    assert [first.made(KEY, make), first.made(KEY, make), Cache(tmp_path / "cache").made(KEY, make)] == [b"made"] * 3
    assert make.calls == 1


def test_empty_content_is_content(tmp_path: Path) -> None:
    Cache(tmp_path).made(KEY, Maker(b""))
    assert Cache(tmp_path).made(KEY, no_call) == b""


def test_exceptions_are_passed_on_and_nothing_is_stored(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="made again"):
        Cache(tmp_path).made(KEY, no_call)
    assert Cache(tmp_path).made(KEY, Maker()) == b"made"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:7],
        lambda whole: b"",
        lambda whole: whole + b"x",
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
    ],
)
def test_damaged_entry_is_made_anew(spoil: Callable[[bytes], bytes], tmp_path: Path) -> None:
    Cache(tmp_path).made(KEY, Maker())
    (tmp_path / KEY).write_bytes(spoil((tmp_path / KEY).read_bytes()))
    make = Maker()
    assert Cache(tmp_path).made(KEY, make) == b"made"
    assert make.calls == 1
    assert Cache(tmp_path).made(KEY, no_call) == b"made"


def test_entry_under_the_name_of_another_is_made_anew(tmp_path: Path) -> None:
    Cache(tmp_path).made(KEY, Maker(b"one"))
    (tmp_path / KEY).rename(tmp_path / key("b"))
    assert Cache(tmp_path).made(key("b"), Maker(b"two")) == b"two"


def test_folder_that_cannot_be_made_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    found = Cache(tmp_path / "file/cache", "zh")
    make = Maker()
    assert [found.made(KEY, make), found.made(KEY, make)] == [b"made"] * 2
    assert make.calls == 2
    found.finish()


def test_entry_that_is_a_folder_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / KEY).mkdir()
    assert Cache(tmp_path).made(KEY, Maker()) == b"made"
    assert sorted(p.name for p in tmp_path.iterdir()) == [KEY]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is read-only for root")
def test_read_only_folder_is_no_failure(tmp_path: Path) -> None:
    Cache(tmp_path).made(KEY, Maker())
    tmp_path.chmod(0o555)
    try:
        found = Cache(tmp_path)
        assert found.made(KEY, no_call) == b"made"
        assert found.made(key("b"), Maker()) == b"made"
        found.finish()
    finally:
        tmp_path.chmod(0o755)


def test_full_disk_is_no_failure_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    found = Cache(tmp_path, "zh")
    assert found.made(KEY, Maker()) == b"made"
    found.finish()
    assert list((tmp_path / "zh").iterdir()) == []


def test_folder_is_tagged_as_a_cache(tmp_path: Path) -> None:
    Cache(tmp_path / "cache", "zh").made(KEY, Maker())
    tag = (tmp_path / "cache/CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == ["CACHEDIR.TAG", "zh"]


def test_folder_with_own_files_keeps_them_and_is_not_tagged(tmp_path: Path) -> None:
    own = [tmp_path / "letter.txt", tmp_path / "abc", tmp_path / "x.tmp"]
    for file in own:
        file.write_bytes(b"own")
    found = Cache(tmp_path)
    found.made(KEY, Maker())
    found.finish()
    assert [file.read_bytes() for file in own] == [b"own"] * 3
    assert not (tmp_path / "CACHEDIR.TAG").exists()


def test_only_what_the_last_build_used_is_kept(tmp_path: Path) -> None:
    """What was made for a record that has been withdrawn must not stay on disk."""
    # The index of an earlier version.
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh/used.json").write_bytes(b"{}")
    for names in ("abc", "bd"):
        found, other = Cache(tmp_path, "zh"), Cache(tmp_path, "demo/zh")
        for name in names:
            found.made(key(name), Maker())
            other.made(key(name), Maker())
        found.finish()
    assert sorted(p.name for p in (tmp_path / "zh").iterdir()) == sorted(map(key, "bd"))
    # Another part is cleaned by its own builds.
    assert len(list((tmp_path / "demo/zh").iterdir())) == 4


def test_a_folder_that_serves_several_sites_keeps_everything(tmp_path: Path) -> None:
    (tmp_path / SHARED).touch()
    for name in "ab":
        found = Cache(tmp_path, "zh")
        found.made(key(name), Maker())
        found.finish()
    assert sorted(p.name for p in (tmp_path / "zh").iterdir()) == sorted(map(key, "ab"))


def test_temporary_files_of_a_killed_build_are_deleted(tmp_path: Path) -> None:
    found = Cache(tmp_path)
    found.made(KEY, Maker())
    left = tmp_path / f"{KEY}.4711.tmp"
    left.write_bytes(b"half")
    found.finish()
    assert not left.exists()
    assert (tmp_path / KEY).exists()


WORKER = """
import sys
from pathlib import Path
from haopin.cache import Cache, Readings, key
found = Cache(Path(sys.argv[1]), "zh")
for turn in range(3):
    for n in range(200):
        content = str(n).encode() * 500
        assert found.made(key(str(n)), lambda: content) == content, n
    found.finish()
"""


def test_processes_at_once_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "cache")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks")}
    running = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    found = Cache(tmp_path / "cache", "zh")
    assert all(found.made(key(str(n)), no_call) == str(n).encode() * 500 for n in range(200))
    assert not list((tmp_path / "cache/zh").glob("*.tmp"))


# --- Results of slow reads


def readings(folder: Path, version: str = "1") -> Readings:
    return Readings(folder, version)


def no_result() -> object:
    raise AssertionError("read again")


VALUE: dict[str, object] = {"zh": "\u6c42\u771f\nand \ud800 \0", "list": ["1", None, {"a": []}]}


def test_readings_are_made_once_also_for_the_next_run(tmp_path: Path) -> None:
    first = readings(tmp_path)
    assert first.made("a", lambda: VALUE) == first.made("a", no_result) == VALUE
    first.finish()
    second = readings(tmp_path)
    kept = second.made("a", no_result)
    assert kept == VALUE
    # Who changes a result does not change what is kept.
    kept["zh"] = "other"
    assert second.made("a", no_result) == VALUE


def test_readings_that_the_last_run_did_not_use_are_gone(tmp_path: Path) -> None:
    first = readings(tmp_path)
    first.made("secret", lambda: "words of secret")
    first.made("a", lambda: "words of a")
    first.finish()
    second = readings(tmp_path)
    second.made("a", no_result)
    second.finish()
    assert b"secret" not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert readings(tmp_path).made("a", no_result) == "words of a"


@pytest.mark.parametrize("spoil", ["version", "cut", "changed", "empty", "folder"])
def test_damaged_readings_are_made_again(spoil: str, tmp_path: Path) -> None:
    first = readings(tmp_path)
    first.made("a", lambda: VALUE)
    first.finish()
    (file,) = (tmp_path / "readings").iterdir()
    raw = file.read_bytes()
    if spoil == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes({"cut": raw[:-5], "changed": raw[:-2] + b"2]", "empty": b"", "version": raw}[spoil])
    second = readings(tmp_path, "2" if spoil == "version" else "1")
    assert second.made("a", lambda: "fresh") == "fresh"
    second.finish()


def test_readings_without_a_writable_folder_are_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    found = readings(tmp_path / "file")
    assert found.made("a", lambda: VALUE) == VALUE
    found.finish()
