"""The built sites, each made once a session as the office makes it."""

import ast
import fcntl
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
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
)

#: The county of whose words and numbers the tests marked ``county_content`` know.
FIRST_COUNTY = "沂水县"
_ITS_SITES = {"yishui", "demo"}
#: A module that has one of these builds a site or starts a program: its tests are not among the quick ones.
_PROGRAMS = {"build", "run", "serving", "program", "subprocess", "BuiltSite", "Server", "Browser", "sync_playwright"}
_IMPORT = (ast.Import, ast.ImportFrom)
_FIXTURES = {"county", "full_county", "yishui", "demo", "site", "node", "browser"}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over files without a quick test if only those are wanted: importing all takes a third of a minute."""
    if not config.option.markexpr.startswith("quick") or collection_path.suffix != ".py":
        return None
    imports = (node for node in ast.parse(collection_path.read_text("utf-8")).body if isinstance(node, _IMPORT))
    return True if _PROGRAMS & {alias.asname or alias.name for node in imports for alias in node.names} else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the site of the first county, and pass over all of its content where data/ is another's.

    Mark as quick what needs no built site and no other program: the edits of an hour are tried by ``make quick``.
    """
    here = FIRST_COUNTY in (ROOT / "data/site.yml").read_text("utf-8")
    skip = pytest.mark.skip(reason=f"knows the content of {FIRST_COUNTY}; data/ is another county's")
    for item in items:
        module = getattr(item, "module", None)
        if not _PROGRAMS & vars(module).keys() and not _FIXTURES & {*getattr(item, "fixturenames", ())}:
            item.add_marker("quick")
        chosen = getattr(item, "callspec", None)
        values = [value for value in chosen.params.values() if isinstance(value, str)] if chosen is not None else []
        if _ITS_SITES & {*getattr(item, "fixturenames", ()), *values}:
            item.add_marker("county_content")
        if not here and item.get_closest_marker("county_content") is not None:
            item.add_marker(skip)


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder ``name`` with a site in it that ``make`` has built: once for all processes of xdist."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"built-{name}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # A build puts its folder into place when it is whole.
        if not (folder / "site").exists():
            make(folder)
    return folder


def site_in(folder: Path, data: Path) -> BuiltSite:
    """Return the site that `shared` has built in ``folder``; a page that one process has parsed, the others load."""
    return BuiltSite(folder / "site", data, folder / "parsed")


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
def yishui(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The real county on 22 November 2026."""

    def make(folder: Path) -> None:
        build(folder / "site", config=ROOT / "mkdocs.yml", as_of="2026-11-22")

    return site_in(shared(tmp_path_factory, "yishui", make), ROOT / "data")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The real county with sample data, on 22 November 2026."""

    def make(folder: Path) -> None:
        arguments = ("-m", "haopin", "build", "--as-of", "2026-11-22", "--site-dir", folder / "site")
        done = run(*arguments, HAOPIN_SAMPLES="true")
        assert done.returncode == 0, done.stderr

    return site_in(shared(tmp_path_factory, "demo", make), ROOT / "data")


@pytest.fixture(scope="session", params=["county", "yishui"])
def site(request: pytest.FixtureRequest) -> BuiltSite:
    """Each of the two in turn."""
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def node() -> Callable[[str, bytes], Any]:
    """Run a script of ``tests/npm`` with a file as its input, and return what it prints, read as JSON."""
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
