"""An incremental build has the same bytes as a clean one, whatever changed; and it makes only what changed."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from edits import Project
from haopin.load.folder import open_readings
from haopin.site.catalogue import examine
from support import COUNTY_MORE, copy_project, edit, files_of, run


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


def test_reading_again_finds_what_a_first_reading_does(tmp_path: Path) -> None:
    """A preview and the desk keep records whose file has the same text; a refused edit stays for one reading, too."""
    project = county_of_every_kind(tmp_path / "project", seed=3)
    data, lasting = project.folder / "data", open_readings(tmp_path / "cache", lasting=True)
    refused = kept = 0
    before: set[int] = set()
    for _ in range(12):
        with suppress(RefusedError), project.edited() as what:
            again, first = examine(data, "data", lasting), examine(data, "data")
            assert [vars(entry) for entry in again[0].entries] == [vars(entry) for entry in first[0].entries], what
            assert (again[1:], again[0].problems) == (first[1:], first[0].problems), what
            now = set(map(id, again[0].entries))
            kept, before = kept + len(now & before), now
            if first[1]:
                refused += 1
                raise RefusedError
    assert 0 < refused < 12
    assert kept > 6 * len(before)


def county_of_every_kind(folder: Path, seed: int) -> Project:
    """Copy the county with every kind to ``folder``, to be edited in the order of ``seed``."""
    copy_project(folder)
    shutil.copytree(COUNTY_MORE / "data", folder / "data", dirs_exist_ok=True)
    return Project(folder, seed)


def edited_at_random(folder: Path, seed: int, count: int) -> int:
    """Make ``count`` edits to the county with every kind; return how many the check accepted."""
    project = county_of_every_kind(folder, seed)
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
    assert edited_at_random(tmp_path / "project", 1, 4) >= 2


# Two classes, so that two processes share the work.


@pytest.mark.sweep
class TestManyEdits:
    @pytest.mark.parametrize("seed", range(10, 13))
    def test_many_edits(self, tmp_path: Path, seed: int) -> None:
        assert edited_at_random(tmp_path / "project", seed, 50) >= 25


@pytest.mark.sweep
class TestMoreEdits:
    @pytest.mark.parametrize("seed", range(13, 16))
    def test_more_edits(self, tmp_path: Path, seed: int) -> None:
        assert edited_at_random(tmp_path / "project", seed, 50) >= 25


def inodes(site: Path) -> dict[str, int]:
    """Return the inode of each file of ``site``; one that is taken from the last site keeps it."""
    return {path.relative_to(site).as_posix(): path.stat().st_ino for path in site.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The county with every kind, built once."""
    folder = copy_project(tmp_path / "project")
    shutil.copytree(COUNTY_MORE / "data", folder / "data", dirs_exist_ok=True)
    project = Project(folder, 0)
    assert built(project, "site", tmp_path / "cache") == 0
    return project


def made_again(project: Project, cache: Path) -> set[str]:
    """Build ``project`` again; return the pages and exports that were made again."""
    site = project.folder / "site"
    before = inodes(site)
    assert built(project, "site", cache) == 0
    after = inodes(site)
    # Small files that MkDocs copies, or that stand for the whole site, are always written.
    always = ("assets/", "evidence/", "search/", "sitemap.xml", "404.html", "build.json", "policy.json")
    return {
        name for name in after if after[name] != before.get(name) and not name.removeprefix("en/").startswith(always)
    }


@pytest.mark.slow
def test_an_edit_makes_the_files_that_show_it(project: Project, tmp_path: Path) -> None:
    edit(project.folder / "data/tasks/01.yml", "en: Publish the results}", "en: Announce the results}")
    made = made_again(project, tmp_path / "cache")
    assert {"en/tasks/01/index.html", "en/measures/index.html", "api/v1/task/01.json", "downloads/task.csv"} <= made
    assert not {name for name in made if name.startswith(("tasks/02/", "en/tasks/02/", "news/", "glossary/"))}
    assert len(made) < len(inodes(project.folder / "site")) / 8


@pytest.mark.sweep
def test_a_written_page_is_made_again_for_what_it_shows(tmp_path: Path) -> None:
    project = Project(copy_project(tmp_path / "project"), 0)
    data, page = project.folder / "data", project.folder / "docs/en/about.md"
    page.write_text(page.read_text("utf-8") + "\nWords of a party.\n\n[[bodies]]\n", encoding="utf-8")
    same_as_clean(project, "first")
    before = inodes(project.folder / "site")
    edit(data / "tasks/01.yml", "en: Publish the results}", "en: Announce the results}")
    same_as_clean(project, "what it does not show")
    assert inodes(project.folder / "site")["en/about/index.html"] == before["en/about/index.html"]
    edit(data / "bodies.yml", "name: {zh: 县质量局", "name: {zh: 县质量办")
    same_as_clean(project, "its view")
    (data / "withdrawals.yml").write_text(
        "- id: w\n  date: 2030-01-31\n  reason: error\n  names: [Words of a party]\n", encoding="utf-8"
    )
    same_as_clean(project, "a withdrawn name")
    assert "Words of a party" not in (project.folder / "site/en/about/index.html").read_text("utf-8")
    (data / "withdrawals.yml").unlink()
    same_as_clean(project, "without it")


@pytest.mark.slow
def test_nothing_is_made_if_nothing_changed_and_a_damaged_file_is_replaced(project: Project, tmp_path: Path) -> None:
    site = project.folder / "site"
    before = inodes(site)
    command = ("-m", "haopin", "build", "--as-of", project.day.isoformat(), "--site-dir", "site")
    variables = {"HAOPIN_CACHE": str(tmp_path / "cache"), "HAOPIN_SAMPLES": "false"}
    done = run(*command, cwd=project.folder, **variables)
    assert "nothing has changed, the site is up to date: site/" in done.stdout
    assert inodes(site) == before
    whole = (site / "robots.txt").read_bytes()
    (site / "robots.txt").write_text("damaged", encoding="utf-8")
    (site / "stray.txt").write_text("stray", encoding="utf-8")
    done = run(*command, cwd=project.folder, **variables)
    assert "nothing has changed" not in done.stdout
    assert (site / "robots.txt").read_bytes() == whole and not (site / "stray.txt").exists()


@pytest.mark.sweep
@pytest.mark.parametrize("why", ["hook", "setting"])
def test_nothing_is_remembered_with_hooks_of_others_or_if_it_is_not_wanted(
    project: Project, tmp_path: Path, why: str
) -> None:
    cache = tmp_path / "other-cache"
    if why == "hook":
        (project.folder / "own.py").write_text("", encoding="utf-8")
        for name in ("mkdocs.yml", "mkdocs.en.yml"):
            text = (project.folder / name).read_text("utf-8")
            (project.folder / name).write_text(text.replace("  - hooks/main.py\n", "  - hooks/main.py\n  - own.py\n"))
        assert built(project, "site", cache) == 0
    else:
        command = ("-m", "haopin", "build", "--as-of", project.day.isoformat(), "--site-dir", "site")
        assert run(*command, cwd=project.folder, HAOPIN_CACHE=str(cache), HAOPIN_REMEMBER="false").returncode == 0
    assert not (cache / "graph").exists()


@pytest.mark.slow
def test_nothing_of_a_withdrawn_record_is_left_in_the_graph(project: Project, tmp_path: Path) -> None:
    graph = tmp_path / "cache/graph"
    name = "2030-01-23-fruit"
    assert any(name in file.read_text("utf-8") for file in graph.rglob("*.json"))
    with (project.folder / "data/withdrawals.yml").open("a", encoding="utf-8") as file:
        file.write(f"- id: w-fruit\n  date: 2030-01-31\n  reason: error\n  record: news/{name}\n")
    assert built(project, "site", tmp_path / "cache") == 0
    assert not [file.name for file in graph.rglob("*.json") if name in file.read_text("utf-8")]
