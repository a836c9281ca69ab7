"""An incremental build has the same bytes as a clean one, whatever changed; and it makes only what changed."""

import shutil
from pathlib import Path

import pytest
from edits import Project
from support import COUNTY_MORE, copy_project, files_of, run


class RefusedError(Exception):
    """The check refuses an edit."""


def built(project: Project, site: str, cache: Path) -> int:
    """Build ``project`` into its folder ``site``; return the exit code."""
    done = run(
        *("-m", "haopin", "build", "--as-of", project.day.isoformat(), "--site-dir", site),
        cwd=project.folder,
        HAOPIN_CACHE=str(cache),
        HAOPIN_SAMPLES=str(project.samples).lower(),
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode


def same_as_clean(project: Project, what: str) -> None:
    """Build ``project`` incrementally and clean; compare every byte."""
    site, clean = project.folder / "site", project.folder / "clean"
    before = files_of(site) if site.exists() else {}
    shutil.rmtree(clean, ignore_errors=True)
    # The clean build finds drawn pictures, and no graph.
    cache = project.folder.with_name("cache-clean")
    shutil.rmtree(cache / "graph", ignore_errors=True)
    code = built(project, "site", project.folder.with_name("cache"))
    assert code == built(project, "clean", cache), what
    if code:
        assert files_of(site) == before, what
        raise RefusedError(what)
    own, other = files_of(site), files_of(clean)
    differing = [name for name in sorted(own.keys() | other.keys()) if own.get(name) != other.get(name)]
    assert not differing, (what, differing)


def edited_at_random(folder: Path, seed: int, count: int) -> int:
    """Make ``count`` edits to the county with every kind; return how many the check accepted."""
    copy_project(folder)
    shutil.copytree(COUNTY_MORE / "data", folder / "data", dirs_exist_ok=True)
    project = Project(folder, seed)
    same_as_clean(project, "first")
    accepted = 0
    for number in range(count):
        try:
            with project.edited() as what:
                same_as_clean(project, f"seed {seed}, edit {number}: {what}")
        except RefusedError:
            continue
        accepted += 1
    return accepted


@pytest.mark.slow
def test_a_few_edits(tmp_path: Path) -> None:
    assert edited_at_random(tmp_path / "project", 1, 8) >= 3


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(10, 16))
def test_many_edits(tmp_path: Path, seed: int) -> None:
    assert edited_at_random(tmp_path / "project", seed, 50) >= 25
