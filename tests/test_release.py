"""Releases: complete or not at all, atomic, reversible, in spite of failures; on this machine and over SSH."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from haopin.build.manifest import Origin, evidence, fingerprints, verify
from haopin.git import history_failures, history_warnings, last_commit
from haopin.model.publishable import Withdrawal
from haopin.ops.prepare import ReleaseOptions, of_a_release
from haopin.ops.release import back, deliver, release_warnings
from haopin.ops.release_manifest import ReleaseManifest, Releases, disobedient, read_list, withdrawn_fingerprints
from haopin.ops.sbom import sbom
from haopin.ops.target import ReleaseTarget, lines_of, target_of
from haopin.problem import ConfigurationError
from haopin.site.paths import assets_folder
from support import ROOT, copy_release_project, edit, engine_environment, git, program, run, serving

NOW = datetime(2030, 2, 1, 1, tzinfo=UTC)
COMMON = {"scheme.js": "1"}


def make_site(
    folder: Path, words: str, *, look: str = "p{}", as_of: str = "2030-02-01", policy: str | None = None
) -> Path:
    """Write a small site that says ``words`` and looks like ``look``, with a ``policy`` if one is given."""
    shutil.rmtree(folder, ignore_errors=True)
    assets = assets_folder({"a.css": look, **COMMON})
    for root in ("", "en/"):
        files = {f"{assets}a.css": look, **{f"{assets}{name}": text for name, text in COMMON.items()}}
        files["index.html"] = f'<link rel="stylesheet" href="{assets}a.css"><p>{words}'
        files["same.html"] = "<p>the same in every release</p>"
        for name, text in files.items():
            target = folder / root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    if policy is not None:
        headers = {"/": {"Content-Security-Policy": policy}}
        (folder / "policy.json").write_text(json.dumps({"headers": headers}), encoding="utf-8")
    (folder / "a b \u4e2d.txt").write_text(words, encoding="utf-8")
    text = evidence(Origin(as_of, False, None, None, {}), fingerprints(folder))
    (folder / "build.json").write_text(text, encoding="utf-8")
    return folder


class Place:
    """A place for releases, and what is public there."""

    def __init__(self, folder: Path, work: Path) -> None:
        self.folder, self.work, self.count = folder, work, 0
        self.target = ReleaseTarget(str(folder))

    @property
    def public(self) -> Path:
        return self.folder / "current"

    @property
    def words(self) -> str:
        """What the public page says, in both languages alike, with a style that is there."""
        found = set()
        for root in ("", "en/"):
            page = (self.public / root / "index.html").read_text("utf-8")
            href = re.search(r'href="([^"]+)"', page)
            assert href is not None and (self.public / root / href[1]).is_file()
            found.add(page.rpartition("<p>")[2])
        (words,) = found
        assert list(of_a_release(self.public, verify(self.public)[0])) == []
        return words

    def release(self, words: str, *, keep: int = 5, withdrawn: tuple[str, ...] = (), **more: object) -> ReleaseManifest:
        self.count += 1
        look = str(more.pop("look", "p{}"))
        as_of = str(more.pop("as_of", "2030-02-01"))
        now = more.pop("now", datetime.now(UTC))
        assert isinstance(now, datetime)
        policy = more.pop("policy", None)
        assert policy is None or isinstance(policy, str)
        site = make_site(self.work / f"{self.count}/site", words, look=look, as_of=as_of, policy=policy)
        wish = ReleaseOptions(keep=keep, **more)  # type: ignore[arg-type]
        return deliver(site, self.work, self.target, wish, withdrawn, ("", "en/"), now)

    @property
    def releases(self) -> Releases:
        return read_list(lines_of(self.target.script("list")))


@pytest.fixture(autouse=True, scope="module")
def one_sbom() -> Iterator[None]:
    """Make the bill of materials once: it is the same for each of the hundred releases, and takes half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("haopin.ops.release.sbom", cache(sbom))
        yield


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "srv", tmp_path / "work")


# What a release is


def test_a_release_is_public_whole_and_beside_the_last_ones(place: Place) -> None:
    first = place.release("one")
    assert place.words == "one" and (first.number, first.name[:7]) == (1, "000001-")
    second = place.release("two")
    assert place.words == "two" and second.number == 2
    assert [release.name for release in place.releases.all] == [first.name, second.name]
    assert place.releases.public == second.name
    names = {p.name for p in place.folder.iterdir()}
    assert names == {"releases", "current", ".lock"}
    assert str(place.public.readlink()) == f"releases/{second.name}"


def test_unchanged_files_are_hard_links(place: Place) -> None:
    first, second = place.release("one"), place.release("two")
    one, two = (place.folder / "releases" / release.name for release in (first, second))
    assert (one / "same.html").samefile(two / "same.html")
    assert not (one / "index.html").samefile(two / "index.html")
    # A file of a release is never written to, or it would change in all.
    assert (one / "index.html").read_text("utf-8").endswith("one")


def test_files_can_be_read_by_the_web_server(place: Place) -> None:
    old = os.umask(0o077)
    try:
        place.release("one")
    finally:
        os.umask(old)
    modes = {stat.S_IMODE(p.stat().st_mode) for p in (place.public.resolve()).rglob("*")}
    assert modes == {0o755, 0o644}


def test_the_last_releases_stay_and_no_more(place: Place) -> None:
    names = [place.release(str(n), keep=3).name for n in range(6)]
    assert sorted(p.name for p in (place.folder / "releases").iterdir() if p.is_dir()) == names[-3:]
    beside = {f"{name}{ending}" for name in names[-3:] for ending in ("", ".json", ".sums", ".cdx.json")}
    assert {p.name for p in (place.folder / "releases").iterdir()} == beside


def test_pages_of_earlier_releases_find_what_they_load(place: Place) -> None:
    looks = [f"p{{order:{n}}}" for n in range(5)]
    for look in looks:
        place.release(look, look=look, keep=3)
    there = {p.name for p in (place.public / "assets").iterdir()}
    wanted = [assets_folder({"a.css": look, **COMMON}).split("/")[1] for look in looks]
    # Those of the releases that were there before, and what they carried themselves no longer.
    assert there == set(wanted[-4:])
    assert {p.name for p in (place.public / "en/assets").iterdir()} == there
    assert (place.public / "assets" / wanted[1] / "a.css").read_text("utf-8") == looks[1]


# Rollback


def test_the_last_release_comes_back_and_forth(place: Place) -> None:
    names = [place.release(words).name for words in ("one", "two", "three")]
    assert back(place.target, None).name == names[1] and place.words == "two"
    assert back(place.target, None).name == names[0] and place.words == "one"
    assert back(place.target, names[2]).name == names[2] and place.words == "three"
    place.release("four")
    assert place.words == "four" and place.releases.live and place.releases.live.number == 4


@pytest.mark.parametrize("name", [None, "000009-000000000000", "../../etc"])
def test_rollback_to_a_missing_release_fails(place: Place, name: str | None) -> None:
    place.release("one")
    with pytest.raises(ConfigurationError, match="there is no such release"):
        back(place.target, name)
    assert place.words == "one"


def test_a_withdrawal_is_permanent(place: Place) -> None:
    kept = place.release("before", withdrawn=("a",)).name
    shown = [place.release(f"shows it {n}", withdrawn=(), force=True).name for n in range(2)]
    place.release("without it", withdrawn=("a", "b"))
    left = [p.name for p in (place.folder / "releases").iterdir()]
    assert not [name for name in left if name.startswith((kept, *shown))]
    assert not [p for p in (place.folder).rglob("*.html") if "shows it" in p.read_text("utf-8")]
    with pytest.raises(ConfigurationError, match="there is no such release"):
        back(place.target, None)
    last = place.release("later", withdrawn=("a", "b")).name
    assert back(place.target, None).number == 4 and back(place.target, last).name == last


def test_a_fingerprint_identifies_a_withdrawal_without_its_name() -> None:
    def of(**more: object) -> frozenset[str]:
        given = {"id": "x", "date": "2030-01-01", "reason": "law", **more}
        return withdrawn_fingerprints([Withdrawal.model_validate(given)])

    assert of(names=["Li", "Wang"]) == of(names=["Wang", "Li"], reason="error", id="y") != of(names=["Li"])
    # A clerk who finds another spelling adds it, and the release still obeys the withdrawal.
    assert (
        of(names=["Li"]) | of(record="news/a")
        == of(names=["Li"], record="news/a")
        < of(names=["Li", "Wang"], record="news/a")
    )
    (one,) = of(record="news/a")
    assert re.fullmatch("[0-9a-f]{64}", one)


def test_a_release_without_a_withdrawal_is_detected() -> None:
    one, two = (facts(number=n, withdrawals=w) for n, w in ((1, ("a",)), (2, ("a", "b"))))
    assert disobedient(Releases((one, two), ""), ("a", "b")) == (one.name,)
    assert disobedient(Releases((one, two), ""), ()) == ()


# Health


@contextmanager
def public(place: Place) -> Iterator[str]:
    """Serve what is public, whatever it is just now."""
    place.release("zero")
    with serving(place.public) as address:
        yield f"{address}/"


def test_a_release_that_is_served_stays(place: Place) -> None:
    with public(place) as url:
        place.release("one", url=url)
    assert place.words == "one"


def test_a_release_that_is_not_served_is_rolled_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.ops.health.PAUSES", (0, 0.1))
    first = place.release("one")
    elsewhere = make_site(place.work / "elsewhere", "another")
    with serving(elsewhere) as url, pytest.raises(ConfigurationError, match=f"rolled back to {first.name}"):
        place.release("two", url=f"{url}/")
    assert place.words == "one"
    assert [release.name for release in place.releases.all] == [first.name]


def test_no_rollback_if_the_server_does_not_answer(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The network of this machine says nothing of the site, and the last release would answer as little."""
    monkeypatch.setattr("haopin.ops.health.PAUSES", (0, 0.1))
    place.release("one")
    with pytest.raises(ConfigurationError, match=r"public address does not answer.*: not rolled back"):
        place.release("two", url="http://127.0.0.1:9/")
    assert place.words == "two" and len(place.releases.all) == 2
    # What was withdrawn is gone all the same.
    with pytest.raises(ConfigurationError, match="not rolled back"):
        place.release("without it", url="http://127.0.0.1:9/", withdrawn=("a",))
    assert place.words == "without it" and len(place.releases.all) == 1


def test_a_server_with_the_policy_of_another_build_is_noticed_and_gone_back_from(place: Place) -> None:
    """Its pages would lose their scripts."""
    headers = {"/": {"Content-Security-Policy": "default-src 'none'"}}
    first = place.release("one", policy="default-src 'none'")
    with serving(place.public, headers) as url:
        with pytest.raises(ConfigurationError, match=f"(?s)configuration of nginx again.*rolled back to {first.name}"):
            place.release("two", url=f"{url}/", policy="default-src 'self'")
        assert place.words == "one"
        place.release("three", url=f"{url}/", policy="default-src 'none'")
    # A portal without headers is not an outdated server.
    with serving(place.public) as url:
        place.release("four", url=f"{url}/", policy="default-src 'self'")
    assert place.words == "four"


def test_going_back_asks_the_public_address_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.ops.health.PAUSES", (0,))
    place.release("one")
    second = place.release("two")
    with serving(place.public) as url:
        assert back(place.target, None, f"{url}/").number == 1
    with pytest.raises(ConfigurationError, match="rolled back to it, but:"):
        back(place.target, second.name, "http://127.0.0.1:9/")
    assert place.words == "two"


def test_withdrawn_content_is_not_restored_by_a_rollback(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.ops.health.PAUSES", (0,))
    place.release("shows it")
    elsewhere = make_site(place.work / "elsewhere", "another")
    with serving(elsewhere) as url, pytest.raises(ConfigurationError, match="the new release stays"):
        place.release("without it", url=f"{url}/", withdrawn=("a",))
    assert place.words == "without it" and len(place.releases.all) == 1


# Order


def facts(**more: object) -> ReleaseManifest:
    given = {"number": 1, "digest": "0" * 64, "made": "", "as_of": "2030-02-01", "commit": "", "committed": 0}
    return ReleaseManifest(**{**given, "pages": 1, "assets": "", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fresh", "live", "here", "words"),
    [
        ({}, {}, NOW, []),
        ({}, {"as_of": "2030-02-02"}, NOW, ["dated before those of the live site"]),
        ({}, {"as_of": "2030-01-31"}, NOW, []),
        ({"withdrawals": ("a", "b")}, {"withdrawals": ("a",)}, NOW, []),
        ({"withdrawals": ("b",)}, {"withdrawals": ("a",)}, NOW, ["would be public again"]),
        ({}, {}, NOW - timedelta(days=400), ["differ by more than a day"]),
        ({}, {}, NOW + timedelta(days=3), ["differ by more than a day"]),
        ({}, {}, NOW + timedelta(hours=20), []),
        ({"committed": int(NOW.timestamp()) + 400_000, "commit": "a"}, {}, NOW, ["before the last commit"]),
        ({"committed": 5, "commit": "a"}, {"committed": 6, "commit": "b"}, NOW, ["checkout is older"]),
        ({"committed": 6, "commit": "a"}, {"committed": 5, "commit": "b"}, NOW, []),
        ({"committed": 5, "commit": "a"}, {"committed": 6, "commit": "a"}, NOW, []),
        # A clock that has jumped: what is kept for a later day would be published.
        ({"as_of": "2031-03-08"}, {}, NOW, ["check the clock"]),
        ({"as_of": "2030-03-10"}, {"as_of": "2030-02-01"}, NOW, []),
        ({"as_of": "2030-04-01", "committed": int(NOW.timestamp())}, {"as_of": "2029-10-01"}, NOW, ["check the clock"]),
        ({"as_of": "2030-02-01", "committed": int(NOW.timestamp())}, {"as_of": "2029-10-01"}, NOW, []),
        ({}, {"made": "2030-02-03T00:00:00Z"}, NOW, ["before the last release"]),
    ],
)
def test_an_older_release_causes_a_warning(
    fresh: dict[str, object], live: dict[str, object], here: datetime, words: list[str]
) -> None:
    told = release_warnings(facts(**fresh), facts(**live), here, NOW, lambda arguments: None)
    assert [word for line, word in zip(told, words, strict=True) if word in line] == words


def test_history_counts_more_than_clocks() -> None:
    known = {"cat-file", "merge-base"}
    old, new = facts(commit="a", committed=9), facts(commit="b", committed=5)
    assert release_warnings(old, new, NOW, NOW, lambda a: b"" if a[0] in known else None) != []
    assert release_warnings(old, new, NOW, NOW, lambda a: b"" if a[0] == "cat-file" else None) == []
    assert release_warnings(old, None, NOW, NOW, lambda a: b"") == []


def test_an_older_day_is_refused_unless_forced(place: Place) -> None:
    place.release("new")
    with pytest.raises(ConfigurationError, match="--force"):
        place.release("old", as_of="2030-01-01")
    assert place.words == "new"
    place.release("old", as_of="2030-01-01", force=True)
    assert place.words == "old"


def test_a_clock_that_jumps_ahead_is_refused_on_this_machine_too(place: Place) -> None:
    place.release("one")
    with pytest.raises(ConfigurationError, match=r"400 days after the live site .*check the clock"):
        place.release("embargoed", as_of="2031-03-08")
    assert place.words == "one"


def committed(folder: Path) -> Path:
    """Make ``folder`` a repository with a commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "a").write_text("a", encoding="utf-8")
    git(folder, "add", "a")
    git(folder, "commit", "-q", "-m", "a")
    return folder


def test_a_git_that_fails_stops_a_release_and_says_why(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or an older checkout would replace a newer one without a word."""
    committed(place.work)
    place.release("one")
    # As in a container: the repository belongs to somebody else.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ConfigurationError, match=r"(?s)git 不能用.*git fails.*dubious ownership.*--force"):
        place.release("two")
    monkeypatch.setenv("PATH", str(place.work))
    (said,) = history_failures(place.work)
    assert "没有安装 git" in said and "git is not installed" in said
    monkeypatch.undo()
    (place.work / ".git/HEAD").write_text("ref: refs/heads/../x", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="git fails"):
        place.release("two")
    assert place.words == "one"
    place.release("two", force=True)
    assert place.words == "two"


def test_a_folder_without_history_or_commits_needs_no_git(tmp_path: Path) -> None:
    assert history_failures(tmp_path) == []
    git(tmp_path, "init", "-q")
    assert history_failures(tmp_path) == []
    assert history_warnings(committed(tmp_path)) == []


def test_a_shallow_clone_names_no_commit_that_did_not_change_the_data(tmp_path: Path) -> None:
    full = committed(tmp_path / "full")
    (full / "data").mkdir()
    (full / "data/a").write_text("a", encoding="utf-8")
    git(full, "add", "data")
    git(full, "commit", "-q", "-m", "data")
    changed = git(full, "rev-parse", "HEAD")
    git(full, "commit", "-q", "--allow-empty", "-m", "another")
    assert last_commit(full / "data") == changed and history_warnings(full / "data") == []
    for depth, told in ((1, None), (2, None), (3, changed)):
        clone = tmp_path / str(depth)
        git(tmp_path, "clone", "-q", "--depth", str(depth), f"file://{full}", str(clone))
        assert last_commit(clone / "data") == told, depth
    (said,) = history_warnings(tmp_path / "1/data")
    assert "浅克隆" in said and "git fetch --unshallow" in said


def test_a_wrong_clock_is_reported_and_does_not_change_the_order(place: Place) -> None:
    place.release("one")
    with pytest.raises(ConfigurationError, match="differ by more than a day"):
        place.release("two", now=datetime(2001, 1, 1, tzinfo=UTC))
    forced = place.release("two", now=datetime(2001, 1, 1, tzinfo=UTC), force=True)
    assert (forced.number, forced.made, place.words) == (2, "2001-01-01T00:00:00Z", "two")
    assert back(place.target, None).number == 1


# Failures


#: Every program that a release runs where the site lies.
PROGRAMS = ("rsync", "sha256sum", "mv", "cp", "ln", "rm", "find", "sed", "mkdir", "sync", "flock", "cat", "ls")
DELIVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from haopin.ops.prepare import ReleaseOptions
from haopin.ops.release import deliver
from haopin.ops.target import ReleaseTarget
site, target = Path(sys.argv[1]), ReleaseTarget(sys.argv[2])
deliver(site, site.parent, target, ReleaseOptions(keep=2), tuple(sys.argv[3].split()), ("", "en/"), datetime.now(UTC))
"""


def killing(folder: Path, at: int) -> Path:
    """Return a folder with programs that do their work until the ``at``th, at which all processes are killed."""
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        real = program(name)
        (folder / name).write_text(
            f"#!/bin/sh\necho x >>'{folder}/calls'\n"
            f"[ $(/usr/bin/wc -l <'{folder}/calls') -eq {at} ] && kill -KILL 0\nexec {real} \"$@\"\n",
            encoding="utf-8",
        )
        (folder / name).chmod(0o755)
    return folder


def deliver_apart(site: Path, place: Place, programs: Path | None, withdrawn: str = "") -> int:
    """Deliver ``site`` in a process group of its own; return its exit code."""
    environment = engine_environment(ROOT)
    if programs is not None:
        environment["PATH"] = f"{programs}:{environment['PATH']}"
    command = [sys.executable, "-c", DELIVER, str(site), str(place.folder), withdrawn]
    with subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        return process.wait(60)


def when_unlocked(place: Place) -> None:
    """Wait until nobody holds the lock: its program ends a moment after the release that was killed."""
    for _ in range(200):
        if subprocess.run([program("flock"), "-n", f"{place.folder}/.lock", "true"], check=False).returncode == 0:
            return
        time.sleep(0.05)


def killed_everywhere(place: Place, tmp_path: Path, steps: Iterator[int]) -> int:
    """Kill a release at each of ``steps``; after each the public site is whole, and another release goes through."""
    looks = ["p{}", "b{}"]
    place.release("start", look=looks[0])
    now = "start"
    for step in steps:
        site = make_site(tmp_path / f"kill/{step}/site", f"k{step}", look=looks[step % 2])
        # Every third release has one withdrawal more, and so throws the ones before it away.
        withdrawn = tuple(f"w{n}" for n in range(step // 3))
        code = deliver_apart(site, place, killing(tmp_path / f"kill/{step}/bin", step), " ".join(withdrawn))
        assert place.words in (now, f"k{step}"), step
        if code == 0:
            return step
        assert code == -signal.SIGKILL
        now = f"after {step}"
        when_unlocked(place)
        place.release(now, look=looks[step % 2], withdrawn=withdrawn)
        assert place.words == now
        left = {p.name for p in place.folder.iterdir()}
        assert left == {"releases", "current", ".lock"}, step
    return 0


def test_a_release_that_is_killed_leaves_the_public_site_whole(place: Place, tmp_path: Path) -> None:
    killed_everywhere(place, tmp_path, iter((6, 24)))


@pytest.mark.sweep
def test_a_release_may_be_killed_at_every_step(place: Place, tmp_path: Path) -> None:
    last = killed_everywhere(place, tmp_path, iter(range(1, 200)))
    assert last > 20


def test_two_at_once_are_one_after_the_other(place: Place) -> None:
    place.release("one")
    with place.target.locked(), pytest.raises(ConfigurationError, match="another release is under way"):
        place.release("two")
    assert place.words == "one"
    place.release("two")
    assert place.words == "two"


def test_a_lock_dies_with_its_holder(place: Place) -> None:
    place.release("one")
    hold = (
        "import sys, time\nfrom haopin.ops.target import ReleaseTarget\n"
        "with ReleaseTarget(sys.argv[1]).locked():\n print('held', flush=True)\n time.sleep(60)\n"
    )
    command = [sys.executable, "-c", hold, str(place.folder)]
    with subprocess.Popen(command, env=engine_environment(ROOT), stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(ConfigurationError, match="under way"):
            place.release("two")
        holder.kill()
        holder.wait()
    when_unlocked(place)
    place.release("two")
    assert place.words == "two"


@pytest.mark.sweep
def test_a_runner_that_vanishes_loses_the_lock_and_changes_nothing_more(place: Place) -> None:
    """Nobody closes its connection; it is silent."""
    place.release("one")
    hold = (
        "import sys, time\nfrom haopin.ops.target import ReleaseTarget\n"
        "with ReleaseTarget(sys.argv[1], lease=6).locked() as held:\n print('held', flush=True)\n time.sleep(4)\n"
        " held.script('clock')\n print('still held', flush=True)\n sys.stdin.readline()\n"
        " held.script('switch', 'none')\n"
    )
    command = [sys.executable, "-c", hold, str(place.folder)]
    with subprocess.Popen(
        command,
        env=engine_environment(ROOT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout and holder.stdin and holder.stderr
        assert [holder.stdout.readline() for _ in range(2)] == ["held\n", "still held\n"]
        # Longer than the lease: signs of life keep it.
        time.sleep(4)
        with pytest.raises(ConfigurationError, match="under way"):
            place.release("two")
        holder.send_signal(signal.SIGSTOP)
        end = time.monotonic() + 60
        while place.words == "one" and time.monotonic() < end:
            try:
                place.release("two")
            except ConfigurationError:
                time.sleep(0.1)
        assert place.words == "two"
        holder.send_signal(signal.SIGCONT)
        holder.stdin.write("\n")
        holder.stdin.flush()
        assert "the lock of the release was lost" in holder.stderr.read()


def test_a_release_whose_lock_dies_stops(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of the lock alone: that of the files lives on."""
    place.release("one")
    real = ReleaseTarget.send

    def send(self: ReleaseTarget, source: str, to: str, *options: str) -> None:
        real(self, source, to, *options)
        if self.lock is not None and to.endswith("/facts"):
            assert self.lock._holder.stdin is not None
            self.lock._holder.stdin.close()
            self.lock._holder.wait()

    monkeypatch.setattr(ReleaseTarget, "send", send)
    with pytest.raises(ConfigurationError, match="the lock of the release was lost"):
        place.release("two")
    assert place.words == "one"
    monkeypatch.undo()
    # The place itself refuses to swap, too, if nobody holds the lock.
    with pytest.raises(ConfigurationError, match="the lock of the release was lost"), monkeypatch.context() as patch:
        patch.setattr(ReleaseTarget, "_require_lock", lambda self: None)
        patch.setattr(ReleaseTarget, "send", send)
        place.release("two")
    assert place.words == "one"
    place.release("two")
    assert place.words == "two"


def test_a_long_transfer_stops_when_the_lock_dies(place: Place, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never")
    (tmp_path / "rsync").write_text(f"#!/bin/sh\nread line < {tmp_path}/never\n", encoding="utf-8")
    (tmp_path / "rsync").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch, place.target.locked() as held:
        patch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        assert held.lock is not None
        held.lock._holder.kill()
        with pytest.raises(ConfigurationError, match="the lock of the release was lost"):
            held.send(str(tmp_path), "x")


def test_leftovers_of_a_killed_release_are_removed_by_the_next_one(place: Place) -> None:
    first = place.release("one")
    (place.folder / ".incoming/site").mkdir(parents=True)
    (place.folder / ".incoming/site/rest.html").write_text("half", encoding="utf-8")
    (place.folder / f"releases/.{first.name}.json").write_text("half", encoding="utf-8")
    place.release("two")
    assert {p.name for p in place.folder.iterdir()} == {"releases", "current", ".lock"}
    assert [p.name for p in (place.folder / "releases").iterdir() if p.name.startswith(".")] == []
    # Going back makes nothing to be sent.
    back(place.target, None)
    assert not (place.folder / ".incoming").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1.2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_changes_nothing(small_disk: Path, tmp_path: Path) -> None:
    place = Place(small_disk / "srv", tmp_path / "work")
    place.release("one")
    with pytest.raises(ConfigurationError, match="the disk is full"):
        place.release("x" * 1_600_000)
    assert place.words == "one"
    # What came before the disk was full gives way to the next release.
    place.release("two")
    assert place.words == "two"


def test_old_releases_are_removed_from_a_full_disk(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The night goes on: the public release stays all the while, and becomes the one before the new one."""
    place = Place(small_disk / "srv", tmp_path / "work")
    # Two of these fit on the disk with their bills of materials, three do not; nothing is alike in two of them.
    names = [place.release(f"{n}" * 100_000, look=f"{n}").name for n in "abcde"]
    said = capsys.readouterr().out
    assert f"磁盘空间不足，已删除旧版本：{names[0]} / disk space is short, old releases were removed: " in said
    assert place.words == "e" * 100_000
    left = [release.name for release in place.releases.all]
    assert left[-2:] == names[-2:] and names[0] not in left
    # A larger one, for which only the public one can stay.
    last = place.release("f" * 110_000, look="f").name
    assert [release.name for release in place.releases.all] == [names[-1], last]
    assert place.words == "f" * 110_000 and back(place.target, None).name == names[-1]


def test_space_is_made_before_a_build_if_it_is_short(small_disk: Path, tmp_path: Path) -> None:
    place = Place(small_disk / "srv", tmp_path / "work")
    names = [place.release(n * 10_000, look=n).name for n in "abc"]
    assert lines_of(place.target.script("room")) == []
    (small_disk / "other").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 80_000))
    # Not while a release is under way: it sees for itself.
    with place.target.locked():
        assert lines_of(place.target.script("room")) == []
    assert lines_of(place.target.script("room")) == [names[0]]
    assert [release.name for release in place.releases.all] == names[1:] and place.words == "c" * 10_000
    assert lines_of(ReleaseTarget(str(tmp_path / "none")).script("room")) == []


def test_a_full_disk_that_rsync_calls_a_broken_pipe_is_named(small_disk: Path, tmp_path: Path) -> None:
    place = Place(small_disk / "srv", tmp_path / "work")
    place.release("one")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "rsync").write_text(
        "#!/bin/sh\necho 'rsync: [sender] write error: Broken pipe (32)' >&2\nexit 12\n", encoding="utf-8"
    )
    (programs / "rsync").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
        patch.setattr("haopin.ops.target._LEAST_BYTES", 100_000)
        with pytest.raises(ConfigurationError, match="Broken pipe"):
            place.release("two")
        free = shutil.disk_usage(small_disk).free
        (small_disk / "other").write_bytes(b"x" * (free - 50_000))
        with pytest.raises(ConfigurationError, match="the disk is full"):
            place.release("two")
    assert place.words == "one" and not (place.folder / ".incoming").exists()


def test_files_damaged_in_transfer_are_not_published(place: Place, tmp_path: Path) -> None:
    place.release("one")
    programs = tmp_path / "bin"
    programs.mkdir()
    real = program("rsync")
    (programs / "rsync").write_text(
        f'#!/bin/sh\n{real} "$@"\nf="{place.folder}/.incoming/site/index.html"\n[ -e "$f" ] && echo x >>"$f"\nexit 0\n',
        encoding="utf-8",
    )
    (programs / "rsync").chmod(0o755)
    site = make_site(tmp_path / "damaged/site", "two")
    assert deliver_apart(site, place, programs) == 1
    assert place.words == "one"


def test_a_file_that_is_damaged_later_is_found(place: Place) -> None:
    place.release("one")
    place.release("two", look="b{}")
    assert place.target.asked("check")[0]
    assert run("-m", "haopin", "verify", place.public).returncode == 0
    shown = run("-m", "haopin", "releases", "--to", str(place.folder), "--check")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert [line[0] for line in shown.stdout.splitlines()[:2]] == [" ", "*"]
    page = place.public / "en/index.html"
    page.write_text(page.read_text("utf-8").replace("two", "tow"), encoding="utf-8")
    found = run("-m", "haopin", "verify", place.public)
    assert found.returncode == 1 and "en/index.html" in found.stdout
    shown = run("-m", "haopin", "releases", "--to", str(place.folder), "--check")
    assert shown.returncode == 1 and "en/index.html: FAILED" in shown.stdout
    carried = next(p for p in (place.public / "assets").glob("*/a.css") if p.read_text("utf-8") == "p{}")
    carried.unlink()
    carried.write_text("p{color:red}", encoding="utf-8")
    assert str(carried.parent.name) in run("-m", "haopin", "verify", place.public).stdout


# Over SSH


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Host and connection program of an SSH server on loopback, with keys of its own."""
    folder = tmp_path_factory.mktemp("sshd")
    folder.chmod(0o700)
    for name in ("host", "client"):
        subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy2(folder / "client.pub", folder / "authorized")
    port = free_port()
    config = folder / "config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile {folder}/pid\nPasswordAuthentication no\nUsePAM no\nStrictModes no\nPermitRootLogin yes\n",
        encoding="utf-8",
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    public_key = (folder / "host.pub").read_text("utf-8").split()[:2]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {' '.join(public_key)}\n", encoding="utf-8")
    with subprocess.Popen([program("sshd"), "-D", "-e", "-f", config], stderr=subprocess.DEVNULL) as server:
        ssh = f"ssh -p {port} -i {folder}/client -o UserKnownHostsFile={folder}/known -o IdentitiesOnly=yes"
        # One connection for all commands: separate logins for the thirty commands of a release take half a minute.
        ssh += f" -o ControlMaster=auto -o ControlPersist=60 -o ControlPath={folder}/mux"
        for _ in range(200):
            if subprocess.run([*ssh.split(), "127.0.0.1", "true"], capture_output=True, check=False).returncode == 0:
                break
            assert server.poll() is None
            time.sleep(0.05)
        try:
            yield "127.0.0.1", ssh
        finally:
            subprocess.run([*ssh.split(), "-O", "exit", "127.0.0.1"], capture_output=True, check=False)
            server.terminate()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def far(place: Place, sshd: tuple[str, str]) -> Place:
    """A place that is reached by SSH."""
    place.target = ReleaseTarget.of(f"{sshd[0]}:{place.folder}", sshd[1])
    return place


def test_a_server_is_released_to_and_back_over_ssh(far: Place) -> None:
    names = [far.release(words, look=f"{words}{{}}").name for words in ("one", "two")]
    assert far.words == "two" and len(list((far.public / "assets").iterdir())) == 2
    one, two = (far.folder / "releases" / name / "same.html" for name in names)
    assert one.samefile(two)
    with far.target.locked(), pytest.raises(ConfigurationError, match="another release is under way"):
        far.release("three")
    assert back(far.target, None).name == names[0] and far.words == "one"


#: A connection that breaks: that of the files ends after some bytes.
BREAKING = """#!{python}
import os, subprocess, sys
command = [*{ssh}, *sys.argv[1:]]
if "rsync --server" not in " ".join(command) or not command[-1].endswith(".incoming/site/"):
    os.execvp(command[0], command)
with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0) as line:
    left = 60_000
    while left > 0 and (some := os.read(0, left)):
        line.stdin.write(some)
        left -= len(some)
    line.kill()
"""


@pytest.mark.sweep
def test_a_broken_connection_changes_nothing_and_is_taken_up_again(
    far: Place, sshd: tuple[str, str], tmp_path: Path
) -> None:
    far.release("one")
    breaking = tmp_path / "ssh"
    breaking.write_text(BREAKING.format(python=sys.executable, ssh=sshd[1].split()), encoding="utf-8")
    breaking.chmod(0o755)
    whole, far.target = far.target, ReleaseTarget.of(f"{sshd[0]}:{far.folder}", str(breaking))
    # Nothing that repeats itself, in which rsync would look for what is there already.
    long = "".join(sha256(str(n).encode()).hexdigest() for n in range(4_000))
    with pytest.raises(ConfigurationError, match="the live site was not changed"):
        far.release(long)
    assert far.words == "one" and (far.folder / ".incoming").is_dir()
    far.target = whole
    far.release(long)
    assert far.words == long and not (far.folder / ".incoming").exists()


def test_a_server_that_cannot_be_reached_is_named(place: Place) -> None:
    place.target = ReleaseTarget.of("nobody@127.0.0.1:/srv/x", f"ssh -p {free_port()}")
    with pytest.raises(ConfigurationError, match=r"cannot connect: nobody@127\.0\.0\.1"):
        place.release("one")


@pytest.mark.parametrize(
    ("ssh", "words"),
    [
        ("ssh -i 'key", "HAOPIN_SSH 的引号不成对"),
        ("", "HAOPIN_SSH 是空的"),
        ("  ", "is empty"),
        ("no-such-program -p 1", "没有程序“no-such-program”.*correct HAOPIN_SSH"),
        ("/etc/passwd", "无法运行“/etc/passwd”"),
    ],
)
def test_a_program_for_connections_that_cannot_be_used_is_named(
    ssh: str, words: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAOPIN_SSH", ssh)
    with pytest.raises(ConfigurationError, match=words):
        target_of("host:/srv/x").script("clock")
    with pytest.raises(ConfigurationError, match=words), target_of("host:/srv/x").locked():
        pass
    # It is not asked for on this machine.
    assert target_of(str(place.folder)).script("clock")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-Fx:/srv/y",
        "-oProxyCommand=x:/y",
        "a@-x:/y",
        "-a@b:/y",
        "host:relative",
        "a:b:c",
        "-x",
        "/",
        "/etc/",
        "host:/a b",
        "s p:/x",
        "host:/x'y",
    ],
)
def test_an_invalid_target_is_rejected(text: str) -> None:
    with pytest.raises(ConfigurationError):
        target_of(text)


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("me@web.example:/srv/haopin/", "me@web.example", "/srv/haopin"),
        ("[::1]:/srv/h", "[::1]", "/srv/h"),
        ("/srv/h", None, "/srv/h"),
    ],
)
def test_a_place_is_a_folder_here_or_there(text: str, host: str | None, path: str) -> None:
    found = ReleaseTarget.of(text, "ssh -p 22")
    assert (found.host, found.path) == (host, path)


def test_damaged_facts_are_reported(place: Place) -> None:
    place.release("one")
    next((place.folder / "releases").glob("*[0-9a-f].json")).write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="the manifest of release"):
        place.release("two")


# The command


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_release_project(tmp_path_factory.mktemp("released") / "project")


def test_one_command_builds_examines_and_publishes(project: Path, tmp_path: Path) -> None:
    srv = tmp_path / "srv"
    done = run("-m", "haopin", "release", "--to", srv, "--as-of", "2030-02-01", cwd=project)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "released: 000001-" in done.stdout
    site = srv / "current"
    assert run("-m", "haopin", "verify", site, cwd=project).returncode == 0
    for ending in ("br", "gz"):
        assert (site / f"index.html.{ending}").is_file() and not (site / f"assets/mark.svg.{ending}").exists()
    before = {p: p.stat().st_ino for p in site.resolve().rglob("*.html")}
    text = (site / "en/targets/index.html").read_text("utf-8")
    # A mistake of a clerk: nothing changes, and no trace is left.
    edit(project / "data/targets.yml", "en: Product pass rate", "en: [Product pass rate")
    failed = run("-m", "haopin", "release", "--to", srv, "--as-of", "2030-02-01", cwd=project)
    assert failed.returncode == 1 and "data/targets.yml:" in failed.stdout + failed.stderr
    assert "Traceback" not in failed.stdout + failed.stderr
    edit(project / "data/targets.yml", "en: [Product pass rate", "en: Rate of what passed")
    # A hole in a template, which only the gate can see.
    edit(project / "hooks/haopin/theme/main.html", '<main class="hp-main"', '<main onclick="x()" class="hp-main"')
    failed = run("-m", "haopin", "release", "--to", srv, "--as-of", "2030-02-01", cwd=project)
    assert failed.returncode == 1 and "checks failed" in failed.stderr and len(failed.stderr.splitlines()) == 2
    assert {p: p.stat().st_ino for p in site.resolve().rglob("*.html")} == before
    assert (site / "en/targets/index.html").read_text("utf-8") == text
    edit(project / "hooks/haopin/theme/main.html", ' onclick="x()"', "")
    done = run("-m", "haopin", "release", "--to", srv, "--as-of", "2030-02-01", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Rate of what passed" in (site / "en/targets/index.html").read_text("utf-8")
    done = run("-m", "haopin", "rollback", "--to", srv, cwd=project)
    assert done.returncode == 0 and (site / "en/targets/index.html").read_text("utf-8") == text
    told = json.loads((site / "build.json").read_text("utf-8"))
    assert sha256((site / "index.html").read_bytes()).hexdigest() == told["files"]["index.html"]


@pytest.mark.parametrize("variable", ["HAOPIN_SAMPLES", "HAOPIN_STAGING"])
def test_demonstrations_and_trials_are_not_released(project: Path, tmp_path: Path, variable: str) -> None:
    done = run("-m", "haopin", "release", "--to", tmp_path / "srv", cwd=project, **{variable: "true"})
    assert done.returncode == 1 and "not for release" in done.stderr and not (tmp_path / "srv").exists()


def test_a_release_needs_a_place(project: Path) -> None:
    for command in ("release", "rollback", "releases"):
        done = run("-m", "haopin", command, cwd=project)
        assert done.returncode == 1 and "HAOPIN_TARGET" in done.stderr


def test_a_target_that_does_not_respond_is_abandoned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that hangs neither ends nor fails."""
    monkeypatch.setattr("haopin.ops.target.LONGEST", 0.3)
    hanging = tmp_path / "ssh"
    os.mkfifo(tmp_path / "never")
    hanging.write_text(f"#!/bin/sh\nread line < {tmp_path}/never\n", "utf-8")
    hanging.chmod(0o755)
    with pytest.raises(ConfigurationError, match="not done within"):
        ReleaseTarget.of("web@site.example:/srv/site", str(hanging)).script("list")


# Backup and restore


BACKUP = ROOT / "deploy/backup"


def back_up(base: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BACKUP, *arguments],
        env={**os.environ, "HAOPIN_BACKUP_OF": str(base)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def machine(tmp_path: Path) -> Place:
    """A machine with data, settings and two releases, below a folder of its own."""
    base = tmp_path / "machine"
    found = Place(base / "srv/haopin", tmp_path / "work")
    found.release("one")
    found.release("two")
    checkout = base / "var/lib/haopin/checkout"
    (checkout / "data").mkdir(parents=True)
    (checkout / "data/site.yml").write_text("name: committed", "utf-8")
    who = ("-c", "user.name=Clerk", "-c", "user.email=clerk@site.example")
    for command in (("init",), ("add", "."), ("commit", "-m", "data")):
        subprocess.run(["git", *who, *command], cwd=checkout, check=True, capture_output=True)
    (checkout / "data/site.yml").write_text("name: not committed yet", "utf-8")
    for name in (".venv/lib/x.py", ".cache/card.png", "site/index.html", "tests/npm/node_modules/x.js"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("can be made again", "utf-8")
    for name in ("etc/haopin.env", "etc/nginx/tls/privkey.pem", "etc/systemd/system/haopin-nightly.timer"):
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(f"of {name}", "utf-8")
    (base / "etc/haopin.env").chmod(0o600)
    (base / "etc/systemd/system/other.service").write_text("of others", "utf-8")
    return found


def restoring(folder: Path, archive: Path) -> int:
    """Run the commands of deploy/README.md that restore ``archive``, with ``folder`` for /."""
    text = (ROOT / "deploy/README.md").read_text("utf-8")
    commands = re.findall(r"^    # ((?:sha256sum|tar) .*TIME.*)$", text, re.M)
    assert len(commands) == 2
    for command in commands:
        # The last word is a comment, or the folder /.
        words = shlex.split(command.replace("haopin-TIME.tar.gz", archive.name), comments=True)
        done = subprocess.run(
            [str(folder) if word == "/" else word for word in words],
            cwd=archive.parent,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            return done.returncode
    return 0


def test_a_backup_restores_a_new_machine(machine: Place, tmp_path: Path) -> None:
    old, to, new = tmp_path / "machine", tmp_path / "backups", tmp_path / "new"
    new.mkdir()
    done = back_up(old, to)
    assert done.returncode == 0, done.stderr
    (archive,) = to.glob("*.tar.gz")
    assert {stat.S_IMODE(path.stat().st_mode) for path in to.iterdir()} == {0o600}
    assert restoring(new, archive) == 0
    # Data with its history, and what was not committed yet; nothing that can be made again, nothing of others.
    checkout = new / "var/lib/haopin/checkout"
    assert (checkout / "data/site.yml").read_text("utf-8") == "name: not committed yet"
    shown = subprocess.run(["git", "show", "HEAD:data/site.yml"], cwd=checkout, capture_output=True, check=True)
    assert shown.stdout == b"name: committed"
    assert {path.name for path in checkout.iterdir()} == {".git", "data", "tests"}
    assert not list(checkout.rglob("node_modules")) and not (new / "etc/systemd/system/other.service").exists()
    assert (new / "etc/nginx/tls/privkey.pem").is_file()
    assert stat.S_IMODE((new / "etc/haopin.env").stat().st_mode) == 0o600
    # The public site is whole, what releases share stays shared, and going back and on works.
    restored = Place(new / "srv/haopin", tmp_path / "more")
    assert restored.words == "two" and restored.target.asked("check")[0]
    assert restored.releases == machine.releases
    one, two = (new / "srv/haopin/releases" / release.name for release in restored.releases.all)
    assert (one / "same.html").samefile(two / "same.html")
    assert back(restored.target, None).name == one.name and restored.words == "one"
    assert restored.release("three").number == 3 and restored.words == "three"


def test_a_damaged_backup_is_refused_before_anything_is_written(machine: Place, tmp_path: Path) -> None:
    to, new = tmp_path / "backups", tmp_path / "new"
    new.mkdir()
    assert back_up(tmp_path / "machine", to).returncode == 0
    (archive,) = to.glob("*.tar.gz")
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    assert restoring(new, archive) != 0 and not list(new.iterdir())


def test_a_backup_waits_for_a_release_keeps_the_last_ones_and_leaves_nothing_half(
    machine: Place, tmp_path: Path
) -> None:
    base, to = tmp_path / "machine", tmp_path / "backups"
    to.mkdir()
    for day in range(10, 15):
        for ending in ("", ".sha256"):
            (to / f"haopin-203001{day}T000000Z.tar.gz{ending}").write_text("", "utf-8")
    (to / "haopin-notes.txt").write_text("of a person", "utf-8")
    with machine.target.locked():
        environment = {**os.environ, "HAOPIN_BACKUP_OF": str(base)}
        with subprocess.Popen([BACKUP, to, "3"], env=environment, start_new_session=True) as waiting:
            time.sleep(0.5)
            assert waiting.poll() is None and len(list(to.iterdir())) == 11
            held = list(to.glob(".*"))
            os.killpg(waiting.pid, signal.SIGTERM)
    assert held == []
    done = back_up(base, to, "3")
    assert done.returncode == 0, done.stderr
    kept = sorted(path.name for path in to.glob("*.tar.gz"))
    # The clock of this machine is before the days of the others: the new one stays all the same.
    assert kept[1:] == [f"haopin-203001{day}T000000Z.tar.gz" for day in (13, 14)] and kept[0] < kept[1]
    assert len(list(to.iterdir())) == 3 * 2 + 1


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("to", "none"), 2), (("to", "0"), 2), (("to",), 1)], ids=str)
def test_a_backup_without_data_fails_with_a_message(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    done = back_up(tmp_path, *(tmp_path / a if a == "to" else a for a in arguments))
    assert done.returncode == code and "/" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
