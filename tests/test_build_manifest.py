"""The manifest of a build: it has the hash of every file, and every change is detected."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from haopin.build.manifest import NAME, Difference, Origin, evidence, fingerprints, verify
from support import AS_OF, BuiltSite, build, copy_county, run

ORIGIN = Origin("2030-02-01", False, "abc", True, {"b": "2", "a": "1"})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site with its evidence."""
    folder = tmp_path / "site"
    (folder / "tasks").mkdir(parents=True)
    (folder / "index.html").write_text("home", "utf-8")
    (folder / "tasks/质量.html").write_bytes(b"\x00\xff")
    (folder / NAME).write_text(evidence(ORIGIN, fingerprints(folder)), "utf-8")
    return folder


def test_evidence_names_origin_and_every_file(site: Path) -> None:
    found = json.loads((site / NAME).read_text("utf-8"))
    assert found["as_of"] == "2030-02-01" and found["samples"] is False
    assert found["data"] == {"commit": "abc", "changed": True}
    assert list(found["versions"]) == ["a", "b"]
    assert found["files"] == {
        "index.html": hashlib.sha256(b"home").hexdigest(),
        "tasks/质量.html": hashlib.sha256(b"\x00\xff").hexdigest(),
    }


def test_an_untouched_site_is_as_it_was_built(site: Path) -> None:
    assert verify(site) == ([], 2)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda s: (s / "index.html").write_text("hone", "utf-8"), [Difference("changed", "index.html")]),
        (lambda s: (s / "index.html").unlink(), [Difference("missing", "index.html")]),
        (lambda s: (s / "more.html").write_text("", "utf-8"), [Difference("added", "more.html")]),
        (lambda s: (s / ".hidden").write_text("", "utf-8"), [Difference("added", ".hidden")]),
        (
            lambda s: (s / "index.html").rename(s / "home.html"),
            [Difference("added", "home.html"), Difference("missing", "index.html")],
        ),
        (lambda s: (s / NAME).unlink(), [Difference("no-evidence")]),
        (lambda s: (s / NAME).write_text("{", "utf-8"), [Difference("bad-evidence")]),
        (lambda s: (s / NAME).write_text("[]", "utf-8"), [Difference("bad-evidence")]),
        (lambda s: (s / NAME).write_text('{"files": {}}', "utf-8"), [Difference("bad-evidence")]),
        (lambda s: (s / NAME).write_text('{"files": {"a": 1}}', "utf-8"), [Difference("bad-evidence")]),
        (lambda s: (s / NAME).write_bytes(b"\xff\xfe"), [Difference("bad-evidence")]),
    ],
)
def test_every_change_is_found(site: Path, spoil: Callable[[Path], object], expected: list[Difference]) -> None:
    spoil(site)
    assert verify(site)[0] == expected


def test_evidence_cannot_lead_out_of_the_site(site: Path) -> None:
    (site.parent / "secret").write_text("x", "utf-8")
    value = json.loads((site / NAME).read_text("utf-8"))
    value["files"]["../secret"] = hashlib.sha256(b"x").hexdigest()
    (site / NAME).write_text(json.dumps(value), "utf-8")
    assert verify(site)[0] == [Difference("missing", "../secret")]


def test_every_built_site_has_its_evidence(full_county: BuiltSite) -> None:
    found = json.loads((full_county.folder / NAME).read_text("utf-8"))
    assert verify(full_county.folder) == ([], len(full_county.files) - 1)
    assert found["as_of"] == AS_OF and found["files"].keys() == full_county.files - {NAME}
    # The invented county was copied out of the repository.
    assert found["data"] == {"commit": None, "changed": None}


def test_the_command_prints_every_difference(tmp_path: Path, full_county: BuiltSite) -> None:
    copy = Path(shutil.copytree(full_county.folder, tmp_path / "site"))
    done = run("-m", "haopin", "verify", copy)
    assert done.returncode == 0 and done.stdout.startswith(str(len(full_county.files) - 1))
    (copy / "index.html").write_text("hacked", "utf-8")
    (copy / "tasks/01/index.html").unlink()
    done = run("-m", "haopin", "verify", copy)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        f"{copy.as_posix()}/index.html: 内容与生成时不同 / the content is not what was built",
        f"{copy.as_posix()}/tasks/01/index.html: 缺少文件 / the file is missing",
    ]
    done = run("-m", "haopin", "verify", tmp_path / "nothing")
    assert done.returncode == 1 and "没有网站文件夹" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.sweep
def test_the_commit_of_the_data_is_named(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "project")

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        done = subprocess.run(["git", "-C", project, *identity, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q")
    git("add", "data")
    git("commit", "-qm", "data")
    commit = git("rev-parse", "HEAD")
    # A later commit elsewhere says nothing about the data.
    (project / "notes.txt").write_text("x", "utf-8")
    git("add", "notes.txt")
    git("commit", "-qm", "notes")
    folder = build(tmp_path / "site", config=project / "mkdocs.yml")
    assert json.loads((folder / NAME).read_text("utf-8"))["data"] == {"commit": commit, "changed": False}
    with (project / "data/bodies.yml").open("a", encoding="utf-8") as bodies:
        bodies.write("\n")
    folder = build(tmp_path / "site", config=project / "mkdocs.yml")
    assert json.loads((folder / NAME).read_text("utf-8"))["data"] == {"commit": commit, "changed": True}
