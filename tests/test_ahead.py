"""Pictures and QR codes drawn ahead: every processor has a share, the bytes are the same, and the progress is shown."""

import io
import multiprocessing
import os
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
from haopin.cache import Cache, Recipe, key
from haopin.exports.ahead import Lacking, draw_ahead
from support import copy_full_county, files_of, run


def drawn(log: Path, name: str) -> bytes:
    """Draw ``name`` and note which process and thread did."""
    if name == "broken":
        raise ValueError(name)
    # The ident of a thread that has ended is given to another one; its name is not.
    (log / f"{name} {os.getpid()} {threading.current_thread().name}").touch()
    return name.encode()


def lacking(folder: Path, count: int, cost: int = 50, *more: str) -> list[list[Lacking]]:
    """Return ``count`` recipes in two kinds, whose drawing is noted in the folder ``log``."""
    log, kept = folder / "log", Cache(folder / "cache", "zh")
    log.mkdir(exist_ok=True)
    names = [*(f"n{number}" for number in range(count)), *more]
    found: list[Lacking] = [(kept, Recipe(key(name), partial(drawn, log, name), cost)) for name in names]
    return [found[:2], [], found[2:]]


def artists(folder: Path) -> dict[str, set[str]]:
    """Return what each process and thread drew."""
    found: dict[str, set[str]] = {}
    for file in (folder / "log").iterdir():
        name, _, artist = file.name.partition(" ")
        found.setdefault(artist, set()).add(name)
    return found


@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("processors", [1, 2, 3])
def test_each_processor_draws_a_share_and_the_entries_are_the_same(
    processors: int, threads: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A thread of pytest's plugins would stop it from forking.
    monkeypatch.setattr(threading, "active_count", lambda: 2 if threads else 1)
    draw_ahead(lacking(tmp_path, 14), processors)
    found = artists(tmp_path)
    assert sorted(map(len, found.values())) == {1: [14], 2: [6, 8], 3: [4, 4, 6]}[processors]
    assert len({artist.split()[0] for artist in found}) == (1 if threads else processors)
    entries = files_of(tmp_path / "cache/zh")
    (tmp_path / "alone").mkdir()
    draw_ahead(lacking(tmp_path / "alone", 14), 1)
    assert entries == files_of(tmp_path / "alone/cache/zh") and len(entries) == 14


def test_only_what_is_lacking_is_drawn(tmp_path: Path) -> None:
    draw_ahead(lacking(tmp_path, 14), 2)
    for file in (tmp_path / "log").iterdir():
        file.unlink()
    draw_ahead(lacking(tmp_path, 20), 2)
    assert set().union(*artists(tmp_path).values()) == {f"n{number}" for number in range(14, 20)}


def test_a_few_are_drawn_where_they_are_needed(tmp_path: Path) -> None:
    draw_ahead(lacking(tmp_path, 14, cost=4), 2)
    assert artists(tmp_path) == {}


def test_the_process_of_another_language_starts_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: "another process")
    draw_ahead(lacking(tmp_path, 14), 2)
    assert artists(tmp_path) == {}


@pytest.mark.parametrize("processors", [1, 2])
def test_an_error_is_left_to_where_the_drawing_is_needed(processors: int, tmp_path: Path) -> None:
    kinds = lacking(tmp_path, 14, 50, "broken", "after")
    draw_ahead(kinds, processors)
    assert len(files_of(tmp_path / "cache/zh")) == 15
    kept, broken = kinds[2][-2]
    with pytest.raises(ValueError, match="broken"):
        broken.made(kept)


def test_nothing_is_drawn_twice_where_the_cache_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    draw_ahead(lacking(tmp_path, 14), 2)
    # The first of each kind, to find out.
    assert list(artists(tmp_path).values()) == [{"n0", "n2"}]


class Terminal(io.StringIO):
    """What is written to a terminal; a bare machine may have no device for one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("cost", "shown"), [(100, True), (50, False)])
def test_a_terminal_shows_the_progress_of_what_takes_a_second(
    cost: int, shown: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    draw_ahead(lacking(tmp_path, 14, cost), 2)
    lines = terminal.getvalue()
    assert ("drawing pictures and QR codes" in lines) is ("14/14" in lines) is shown
    # One line, after which the cursor is visible again.
    assert lines.count("\n") == shown and lines.rfind("\033[?25h") >= lines.rfind("\033[?25l")


def test_a_log_has_no_progress(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    draw_ahead(lacking(tmp_path, 14, 1000), 2)
    assert capfd.readouterr() == ("", "")


BUILD = """
import multiprocessing, os, sys
from pathlib import Path
from haopin.mkdocs_plugin import events
draw_ahead, entries = events.draw_ahead, Path(sys.argv[1])
def told(kinds):
    draw_ahead(kinds)
    for part in ("zh", "photographs") if multiprocessing.parent_process() is None else ():
        print(part, *sorted(os.listdir(entries / part)))
events.draw_ahead = told
from haopin.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.slow
def test_a_build_draws_ahead_exactly_what_it_uses(tmp_path: Path) -> None:
    project, kept = copy_full_county(tmp_path / "county"), tmp_path / "cache"
    options = ("--as-of", "2030-02-01", "--site-dir", tmp_path / "site")
    done = run("-c", BUILD, kept, "build", "-f", project / "mkdocs.yml", *options, HAOPIN_CACHE=str(kept))
    assert (done.returncode, done.stderr) == (0, "")
    ahead = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.startswith(("zh", "photo"))}
    # The schemas of the API and the sounds of characters are kept too; they are no drawings.
    used = {part: [name for name, raw in files_of(kept / part).items() if raw[16:17] not in b'{"'] for part in ahead}
    assert ahead == {part: sorted(names) for part, names in used.items()}
    assert len(ahead["zh"]) > 50 and len(ahead["photographs"]) > 3
