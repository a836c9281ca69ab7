"""The built sites, each built once per session, as the office builds them."""

import ast
import json
import runpy
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bench_county import copy_own
from haopin.build.settings import resolve_day, settings_of
from haopin.site.catalogue import checked, time_zone
from playwright.sync_api import Browser, sync_playwright
from reporting import pytest_configure as pytest_configure
from support import (
    AS_OF,
    CHROMIUM_FLAGS,
    COUNTY,
    NPM,
    ROOT,
    BuiltSite,
    build,
    chromium,
    copy_full_county,
    npm_package,
    program,
    run,
    serving,
    shared,
    site_in,
)

#: A module that uses one of these builds a site or starts a program: its tests are not quick.
_PROGRAMS = {"build", "run", "serving", "program", "subprocess", "BuiltSite", "Server", "Browser", "sync_playwright"}
_IMPORT = (ast.Import, ast.ImportFrom)
_FIXTURES = {"county", "full_county", "own", "own_demo", "site", "any_site", "built", "node", "browser", "reading"}

runpy.run_path(str(ROOT / "tests/guard/sitecustomize.py"))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip files without a quick test if only those are selected: importing all takes a third of a minute."""
    if not config.option.markexpr.startswith("quick") or collection_path.suffix != ".py":
        return None
    imports = (node for node in ast.parse(collection_path.read_text("utf-8")).body if isinstance(node, _IMPORT))
    return True if _PROGRAMS & {alias.asname or alias.name for node in imports for alias in node.names} else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests without built site and other programs as quick, for ``make quick``."""
    for item in items:
        module = getattr(item, "module", None)
        if not _PROGRAMS & vars(module).keys() and not _FIXTURES & {*getattr(item, "fixturenames", ())}:
            item.add_marker("quick")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The invented county on 1 February 2030."""

    def make(folder: Path) -> None:
        build(folder / "site", config=COUNTY / "mkdocs.yml", as_of=AS_OF)

    return site_in(shared(tmp_path_factory, "county", make), COUNTY / "data")


@pytest.fixture(scope="session")
def full_county(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The invented county with records of every kind, on 1 February 2030."""

    def make(folder: Path) -> None:
        build(folder / "site", config=copy_full_county(folder) / "mkdocs.yml", as_of=AS_OF)

    folder = shared(tmp_path_factory, "full-county", make)
    return site_in(folder, folder / "data")


@pytest.fixture(scope="session")
def own_day() -> date:
    """The date of the tests in ``tests/county``: HAOPIN_AS_OF, or today."""
    return resolve_day(settings_of(ROOT / "mkdocs.yml").as_of, time_zone(checked(ROOT / "data", "data")[0]))


def built_own(factory: pytest.TempPathFactory, name: str, day: date, *, samples: bool, is_drawn: bool) -> BuiltSite:
    """Return the site of this repository's own county on ``day``, with its materials if ``is_drawn``."""

    def make(folder: Path) -> None:
        project = ROOT
        if not is_drawn:
            project = folder / "project"
            copy_own(project, ROOT / "hooks")
            site = project / "data/site.yml"
            site.write_text(site.read_text("utf-8") + "\nmaterials: false\n", encoding="utf-8")
        arguments = ("-m", "haopin", "build", "--as-of", day.isoformat(), "--site-dir", folder / "site")
        done = run(*arguments, cwd=project, HAOPIN_SAMPLES=str(samples).lower())
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr

    made = shared(factory, name, make)
    return site_in(made, (ROOT if is_drawn else made / "project") / "data", day)


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory, own_day: date, request: pytest.FixtureRequest) -> BuiltSite:
    """The site of ``data/`` and ``docs/``, for ``tests/county`` only.

    Its materials are left to ``make sweep``: drawing them takes a minute of both processors.
    """
    is_drawn = request.config.option.markexpr != "not sweep"
    return built_own(tmp_path_factory, "own", own_day, samples=False, is_drawn=is_drawn)


@pytest.fixture(scope="session")
def own_demo(tmp_path_factory: pytest.TempPathFactory, own_day: date) -> BuiltSite:
    """The same with sample data, without materials."""
    return built_own(tmp_path_factory, "own-demo", own_day, samples=True, is_drawn=False)


@pytest.fixture(scope="session", params=["county", pytest.param("full_county", marks=pytest.mark.sweep)])
def site(request: pytest.FixtureRequest) -> BuiltSite:
    """Each of the two in turn; in ``tests/county``, this repository's own."""
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def home(site: BuiltSite) -> Iterator[str]:
    """Address of the served home page of ``site``, which a module may define, ending in ``/``."""
    with serving(site.folder) as address:
        yield f"{address}/"


@pytest.fixture(scope="session")
def node() -> Callable[[str, bytes], Any]:
    """Run a script of ``tests/npm`` with a file as its input; return its JSON output."""
    for name in json.loads((NPM / "package.json").read_text("utf-8"))["dependencies"]:
        npm_package(name)

    def read(script: str, given: bytes) -> Any:
        done = subprocess.run(
            [program("node"), script], cwd=NPM, input=given, capture_output=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    return read


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file."""
    path = chromium()
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield found
        found.close()
