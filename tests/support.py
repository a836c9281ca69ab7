"""Shared code of tests: the invented county, copies of it to modify, and the messages of the program about them."""

import fcntl
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from functools import cache, cached_property, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NoReturn, TypeVar
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from haopin.cache import SHARED
from haopin.load.dataset import Dataset
from haopin.model import Kind
from haopin.site.catalogue import Catalogue, catalogue, checked, examine
from haopin.site.pages import pages as generated_pages
from haopin.text import Language
from playwright.sync_api import Frame, Page

ROOT = Path(__file__).resolve().parents[1]
COUNTY = ROOT / "tests/fixtures/county"
COUNTY_DOCUMENTS = ROOT / "tests/fixtures/county-documents"
COUNTY_FIRST = ROOT / "tests/fixtures/county-first"
COUNTY_MORE = ROOT / "tests/fixtures/county-more"
COUNTY_PLANS = ROOT / "tests/fixtures/county-plans"
COUNTY_NUMBERS = ROOT / "tests/fixtures/county-numbers"
CITY = ROOT / "tests/fixtures/city"
NPM = ROOT / "tests/npm"
Result = TypeVar("Result")
#: Where Debian has programs that not everybody has on PATH.
DAEMONS = ("/usr/sbin", "/usr/local/sbin", "/sbin")


def count_calls(function: Callable[[], Result]) -> tuple[Result, int]:
    """Call ``function``; return its result and how many calls of Python and C functions it made.

    A measure of work that does not depend on the machine or on what else runs there.
    """
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        result = function()
    finally:
        sys.setprofile(before)
    return result, calls


def has_data(kind: Kind) -> bool:
    """Return whether the invented county supports ``kind``, which is not the case for a newly added one."""
    return any((folder / "data" / kind.path).exists() for folder in (COUNTY, COUNTY_MORE))


def copy_data(target: Path) -> Path:
    """Copy the invented county's data below ``target`` and return the folder."""
    return Path(shutil.copytree(COUNTY / "data", target / "data"))


def copy_county(target: Path) -> Path:
    """Copy the whole invented county to ``target``, with configurations that find the engine from there."""
    # Another test may be writing there.
    shutil.copytree(COUNTY, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".cache", ".desk"))
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        edit_all(target / name, "../../../", f"{ROOT.as_posix()}/")
    return target


def copy_full_county(target: Path) -> Path:
    """Copy the invented county to ``target`` like `copy_county`, with records of every kind."""
    copy_county(target)
    shutil.copytree(COUNTY_MORE / "data", target / "data", dirs_exist_ok=True)
    return target


def copy_numbers_county(target: Path) -> Path:
    """Copy the invented county to ``target`` like `copy_county`, with a number of every form and a report on each."""
    copy_county(target)
    shutil.copytree(COUNTY_NUMBERS / "data", target / "data", dirs_exist_ok=True)
    return target


def copy_documents_county(target: Path) -> Path:
    """Copy the invented county to ``target`` like `copy_county`, with documents of every form."""
    copy_county(target)
    shutil.copytree(COUNTY_DOCUMENTS / "data", target / "data", dirs_exist_ok=True)
    return target


def copy_plans_county(target: Path) -> Path:
    """Copy the invented county to ``target`` like `copy_county`, with a second plan that replaces the first."""
    copy_county(target)
    shutil.copytree(COUNTY_PLANS / "data", target / "data", dirs_exist_ok=True)
    return target


def copy_city(target: Path) -> Path:
    """Copy the invented city to ``target``: a place and a plan with opposite facts."""
    copy_county(target)
    # Keep only the configurations of the county, and the pages on privacy and accessibility.
    shutil.rmtree(target / "data")
    for file in target.glob("docs/*/authoring.*"):
        file.unlink()
    for name in ("data", "docs"):
        shutil.copytree(CITY / name, target / name, dirs_exist_ok=True)
    return target


def edit_all(file: Path, old: str, new: str) -> None:
    """Replace every ``old`` in ``file``; there must be one."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} has no {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8", newline="")


def edit(file: Path, old: str, new: str) -> None:
    """Replace the only ``old`` in ``file``."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} has {text.count(old)} of {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8", newline="")


def errors_of(folder: Path) -> list[str]:
    """Return the lines that the check prints for the errors in ``folder``."""
    return examine(folder, "data")[1]


def warnings_of(folder: Path) -> list[str]:
    """Return the lines that the check prints for the warnings in ``folder``."""
    return examine(folder, "data")[2]


def catalogue_of(folder: Path = COUNTY / "data", *, samples: bool = False, as_of: date = date(2030, 2, 1)) -> Catalogue:
    """Return the catalogue of a data folder without errors, as it is public on ``as_of``."""
    return catalogue(dataset_of(folder), as_of, samples=samples)


def dataset_of(folder: Path) -> Dataset:
    """Return the dataset of a data folder without errors, which may then be deleted."""
    found = checked(folder, "data")[0]
    assert all(picture.digest for picture in found.pictures.values())
    return found


@cache
def full_catalogue() -> Catalogue:
    """Return the catalogue of the invented county with records of every kind."""
    with TemporaryDirectory() as folder:
        return catalogue_of(copy_full_county(Path(folder) / "county") / "data")


# Building: commands, whole projects to modify, and built sites as browsers read them.

AS_OF = "2030-02-01"
TEST_DAY = date.fromisoformat(AS_OF)
#: Of the kinds of pages ``make test`` takes every eighth, the sweep all of them.
SOME = 8


def run(
    *arguments: str | Path, cwd: Path = ROOT, python: str | Path = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python`` in ``cwd`` with the engine found there, and with ``environment`` added."""
    return subprocess.run(
        [str(python), *map(str, arguments)],
        cwd=cwd,
        env=engine_environment(cwd, **environment),
        capture_output=True,
        text=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        # A county of thousands of records is built in a minute on two quiet cores.
        timeout=600,
        check=False,
    )


def engine_environment(cwd: Path, **more: str) -> dict[str, str]:
    """Return the environment of commands: that of the tests, without variables that affect a build."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HAOPIN_", "PYTHONHASHSEED"))}
    path = os.pathsep.join([str(cwd / "hooks"), str(ROOT / "tests/guard")])
    fixed = {"PYTHONPATH": path, "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    # One cache for all: hundreds of builds of a few counties draw the same pictures.
    shared = ROOT / ".cache/tests" / SHARED
    shared.parent.mkdir(parents=True, exist_ok=True)
    shared.touch()
    fixed["HAOPIN_CACHE"] = str(shared.parent)
    return {**kept, **fixed, **more}


def build(site: Path, *, config: Path | str = "mkdocs.yml", as_of: str = AS_OF, cwd: Path = ROOT) -> Path:
    """Build ``config`` into ``site`` as the office does; it must succeed."""
    done = run("-m", "haopin", "build", "-f", config, "--as-of", as_of, "--site-dir", site, cwd=cwd)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return site


def copy_project(target: Path) -> Path:
    """Make a checkout at ``target``: this engine and its configurations with the invented county's data and pages."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("mkdocs.yml", "mkdocs.en.yml", "requirements.lock"):
        shutil.copy2(ROOT / name, target / name)
    shutil.copytree(ROOT / "hooks", target / "hooks")
    shutil.copytree(COUNTY / "data", target / "data")
    shutil.copytree(COUNTY / "docs", target / "docs")
    return target


def copy_release_project(target: Path) -> Path:
    """Make a checkout at ``target`` whose site has an address for trials; that of a fixture is not released."""
    edit(copy_project(target) / "data/site.yml", "https://quality.example/", "https://quality.test/")
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below ``folder``, by its path there."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def site_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a built site; its evidence without the commits and without the package that built it."""
    found = files_of(folder)
    evidence = json.loads(found["build.json"])
    del evidence["data"]
    for name in ("haopin", "mkdocs", "properdocs"):
        evidence["versions"].pop(name, None)
    return {**found, "build.json": json.dumps(evidence).encode()}


class HtmlPage:
    """A built HTML file as html5lib, an independent reader, sees it."""

    def __init__(self, name: str, source: str, kept: Path | None = None) -> None:
        """Store ``source``, the text of the file ``name``; it is parsed at the first use.

        Args:
            name: Path below the site.
            source: Text of the page.
            kept: Where what html5lib reads is kept for the other processes of a run: it reads a megabyte a second.
        """
        self.name, self.source, self._kept = name, source, kept

    @cached_property
    def root(self) -> Element:
        """The element ``html``."""
        if self._kept is not None and self._kept.is_file():
            kept: Element = pickle.loads(self._kept.read_bytes())
            return kept
        root: Element = html5lib.parse(self.source, treebuilder="etree", namespaceHTMLElements=False)
        if self._kept is not None:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            own = self._kept.with_name(f"{self._kept.name}.{os.getpid()}")
            own.write_bytes(pickle.dumps(root))
            own.replace(self._kept)
        return root

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the order of the page."""
        return tuple(e for e in self.root.iter() if isinstance(e.tag, str))

    @property
    def address(self) -> str:
        """Address below the site's root: ``tasks/03/`` for ``tasks/03/index.html``."""
        return self.name.removesuffix("index.html")

    @cached_property
    def ids(self) -> dict[str, Element]:
        """Elements by id."""
        return {e.attrib["id"]: e for e in self.elements if "id" in e.attrib}

    def all(self, *tags: str, cls: str = "") -> list[Element]:
        """Return the elements of ``tags`` (any, if none is named) that have the class ``cls``."""
        return [
            e for e in self.elements if (not tags or e.tag in tags) and (not cls or cls in e.get("class", "").split())
        ]

    def one(self, *tags: str, cls: str = "") -> Element:
        """Return the only such element."""
        found = self.all(*tags, cls=cls)
        assert len(found) == 1, f"{self.name}: {len(found)} of {tags} {cls}"
        return found[0]

    @cached_property
    def references(self) -> tuple[tuple[Element, str], ...]:
        """Every address that an element names, in the order of the page."""
        names = ("href", "src", "{http://www.w3.org/1999/xlink}href")
        return tuple((e, e.attrib[name]) for e in self.elements for name in names if name in e.attrib)


def words(element: Element) -> str:
    """Return the text of ``element``, white space folded."""
    return " ".join("".join(element.itertext()).split())


def is_beside(element: Element) -> bool:
    """Return whether ``element`` is an addition to a name, such as a badge or a count."""
    return any(name.startswith(("hp-badge", "hp-count")) for name in element.get("class", "").split())


def is_silent(element: Element) -> bool:
    """Return whether the words in ``element`` are not text of the page, for the search."""
    tag = str(element.tag).rpartition("}")[2]
    classes = set(element.get("class", "").split())
    return tag in ("svg", "nav", "script", "form", "template") or not classes.isdisjoint({"hp-notice", "hp-size"})


def without_beside(heading: Element) -> Element:
    """Return a copy of ``heading`` without additions to its name, and without marks of what must not break."""
    found = deepcopy(heading)
    for parent in list(found.iter()):
        before: Element | None = None
        for child in list(parent):
            mark = child.get("class") == "hp-whole"
            if mark or is_beside(child):
                kept = ((child.text or "") if mark else "") + (child.tail or "")
                if before is None:
                    parent.text = (parent.text or "") + kept
                else:
                    before.tail = (before.tail or "") + kept
                parent.remove(child)
            else:
                before = child
    return found


def program(name: str) -> str:
    """Return the path of a program that ``.ci/setup test`` installs, in this environment, on PATH or with daemons."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", ""), *DAEMONS])
    found = shutil.which(name, path=path)
    return found or missing(name)


def missing(what: str) -> NoReturn:
    """Skip a test because ``what`` is missing; fail it if everything should be installed (HAOPIN_COMPLETE)."""
    (pytest.fail if os.environ.get("HAOPIN_COMPLETE") else pytest.skip)(f"run .ci/setup test: {what} is missing")


def npm_package(name: str, file: str = "") -> Path:
    """Return the folder of a package of ``tests/npm`` in its locked version, or a ``file`` in it."""
    # Only .ci/setup installs packages: two workers at once would conflict.
    found, wanted = (
        json.loads(path.read_text("utf-8"))["packages"] if path.is_file() else {}
        for path in (NPM / "node_modules/.package-lock.json", NPM / "package-lock.json")
    )
    package = f"node_modules/{name}"
    if found.get(package, {}).get("version") != wanted[package]["version"]:
        missing(f"{name} {wanted[package]['version']} of npm")
    return NPM / package / file


def chromium() -> str:
    """Return the path of Debian's Chromium without windows, or of the one that CHROMIUM names."""
    return os.environ.get("CHROMIUM") or program("chromium-headless-shell")


#: Flags of every Chromium that a test starts: no sandbox for root, nothing asked of the network.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def is_card(name: str) -> bool:
    """Return whether the file ``name`` of a built site is a card for other pages."""
    return name.removeprefix("en/").startswith("embed/")


def assets_of(site: Path) -> str:
    """Return the folder of what the pages of ``site`` load, below the root of a language, ending in ``/``."""
    (folder,) = (site / "assets").iterdir()
    return f"assets/{folder.name}/"


class BuiltSite:
    """A built site: its folder, the data that it was made from, and its pages."""

    def __init__(self, folder: Path, data: Path, parsed: Path | None = None, day: date = TEST_DAY) -> None:
        """Read nothing yet; keep what html5lib reads of its pages in the folder ``parsed``, if there is one.

        Args:
            folder: Where the site is.
            data: Its records.
            parsed: Where parsed pages are kept.
            day: The day of its build.
        """
        self.folder, self.data, self._parsed, self.day = folder, data, parsed, day

    @cached_property
    def catalogue(self) -> Catalogue:
        """The records."""
        return catalogue_of(self.data, as_of=self.day)

    @cached_property
    def broken_links(self) -> list[str]:
        """``page: address`` of every link or other address without a target within the site."""
        broken = []
        for page in self.html.values():
            for _, address in page.references:
                target = self.target(page, address)
                if target is not None:
                    file, fragment = target
                    if file not in self.files or (fragment and fragment not in self.html[file].ids):
                        broken.append(f"{page.name}: {address}")
        return broken

    @cached_property
    def each_kind(self) -> tuple[str, ...]:
        """Address of one page of each kind: the longest, where things may not fit."""
        found: dict[str, str] = {}
        for page in generated_pages(self.catalogue):
            longest = max(found.get(page.template, page.address), page.address, key=lambda a: len(self.pages[a].source))
            found[page.template] = longest
        # Two pages that a person wrote: a plain one, and one with every element that such a page may have.
        written = [address for address in ("about/", "authoring/") if address in self.pages]
        return (*found.values(), *written, "404.html")

    @property
    def url(self) -> str:
        """Public address of the site, ending in ``/``."""
        return str(self.catalogue.site.address).rstrip("/") + "/"

    @cached_property
    def assets(self) -> str:
        """Folder of what pages load, below the root of a language, ending in ``/``."""
        return assets_of(self.folder)

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file, by its path below the folder."""
        return frozenset(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

    @cached_property
    def html(self) -> dict[str, HtmlPage]:
        """Every HTML file but the cards, by its path."""
        return self._read(name for name in self.files if name.endswith(".html") and not is_card(name))

    @cached_property
    def cards(self) -> dict[str, HtmlPage]:
        """Every card for other pages, by its path: small pages in frames, which are no pages of the site."""
        return self._read(name for name in self.files if is_card(name))

    def _read(self, names: Iterable[str]) -> dict[str, HtmlPage]:
        return {
            name: HtmlPage(name, (self.folder / name).read_text("utf-8"), self._parsed and self._parsed / name)
            for name in sorted(names)
        }

    @cached_property
    def pages(self) -> dict[str, HtmlPage]:
        """Every page but those for a missing address, by its address."""
        return {page.address: page for page in self.html.values() if not page.name.endswith("404.html")}

    def edition(self, language: str) -> dict[str, HtmlPage]:
        """Return the pages of one language, by their address below its root."""
        inside = {True: "en", False: "zh"}
        return {
            address.removeprefix("en/"): page
            for address, page in self.pages.items()
            if inside[address.startswith("en/")] == language
        }

    def target(self, page: HtmlPage, reference: str) -> tuple[str, str] | None:
        """Return the file and fragment that ``reference`` leads to from ``page``; None if it leads out of the site."""
        where = urlsplit(urljoin(self.url + page.address, reference))
        root = urlsplit(self.url)
        if where.scheme not in ("http", "https") or where.netloc != root.netloc:
            return None
        path = unquote(where.path)
        if not path.startswith(root.path):
            return f"(outside) {path}", ""
        name = path.removeprefix(root.path)
        return (f"{name}index.html" if name == "" or name.endswith("/") else name), unquote(where.fragment)


def search_entries(index: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return ``location``, ``title`` and ``text`` of every page and place in a search index, in its order."""
    found = []
    for address, _, title, text, below in index["docs"]:
        found.append({"location": address, "title": title, "text": text})
        for anchor, _, name, own in below:
            found.append({"location": f"{address}#{anchor}", "title": name, "text": own})
    return found


#: Links of the search dialog, once they are those of what was typed last; before, it offers needs and suggestions.
SEARCH_RESULTS = "dialog.hp-search .hp-search-list[aria-busy=false] a"


def root_of(home: str, language: Language) -> str:
    """Return the address of the home page of ``language``, below ``home``, that of the site."""
    return f"{home}en/" if language == "en" else home


def unfold(page: Page) -> None:
    """Open the folded parts of ``page``."""
    page.evaluate("document.querySelectorAll('.hp-fold').forEach((fold) => (fold.open = true))")


def wait_for(page: Page | Frame, script: str, arg: object = None) -> None:
    """Wait until ``script`` gives something true on ``page``.

    Playwright's own waiting evaluates text within the page, which the policy of the pages forbids.
    """
    end = time.monotonic() + 30
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"never true: {script}"
        page.wait_for_timeout(20)


@contextmanager
def serving(folder: Path, headers: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[str]:
    """Serve ``folder`` on this machine, at the address that is yielded (no ``/`` at its end).

    Args:
        folder: What is served; its ``404.html`` answers for what is not there, ``en/404.html`` below ``en/``.
        headers: Headers by the beginning of the address, as ``policy.json`` of a built site gives them.
    """

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def end_headers(self) -> None:
            fitting = [beginning for beginning in headers or {} if self.path.startswith(beginning)]
            for name, value in (headers or {})[max(fitting, key=len)].items() if fitting else ():
                self.send_header(name, value)
            super().end_headers()

        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            page = folder / ("en/404.html" if self.path.startswith("/en/") else "404.html")
            if code != 404 or not page.is_file():
                super().send_error(code, message, explain)
                return
            content = page.read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder`` with a neutral identity and configuration; return its output."""
    fixed = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        fixed |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@b.example"}
    done = subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, text=True, env={**os.environ, **fixed}
    )
    return done.stdout.strip()


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder ``name`` with a site built by ``make``, once for all processes of xdist."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"built-{name}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # A build moves its complete folder into place.
        if not (folder / "site").exists():
            make(folder)
    return folder


def site_in(folder: Path, data: Path, day: date = TEST_DAY) -> BuiltSite:
    """Return the site that `shared` has built in ``folder``; a page that one process has parsed, the others load."""
    return BuiltSite(folder / "site", data, folder / "parsed", day)
