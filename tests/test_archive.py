"""`haopin zip`: the archive opens anywhere, lists its content, and works below a path of a portal."""

import hashlib
import os
import stat
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from haopin.cli.main import main
from haopin.ops.archive import FOLDER, GUIDE, SUMS, write_archive
from haopin.problem import ConfigurationError
from playwright.sync_api import Browser
from support import (
    COUNTY,
    SEARCH_RESULTS,
    BuiltSite,
    copy_county,
    copy_full_county,
    copy_project,
    edit,
    files_of,
    program,
    run,
    serving,
)

ADDRESS = "https://portal.test/quality/site/"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target: Path = tmp_path_factory.mktemp("zip") / "site.zip"
    done = run(
        "-m", "haopin", "zip", "-f", COUNTY / "mkdocs.yml", "--as-of", "2030-02-01", "--address", ADDRESS, target
    )
    assert done.returncode == 0, done.stderr
    assert ADDRESS in done.stdout
    # No temporary file is left.
    assert [p.name for p in target.parent.iterdir()] == ["site.zip"]
    return target


@pytest.fixture(scope="module")
def portal(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A portal with a page of its own, and the site below a path of it."""
    root = tmp_path_factory.mktemp("portal")
    (root / "quality").mkdir()
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(unpacked)
    (unpacked / FOLDER).rename(root / "quality/site")
    with serving(root) as address:
        yield address, root


@pytest.mark.sweep
def test_names_are_ascii_relative_and_readable_by_all(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        infos = opened.infolist()
    names = [info.filename for info in infos]
    assert len(set(names)) == len(names) and {GUIDE, SUMS, f"{FOLDER}index.html", f"{FOLDER}en/index.html"} <= {*names}
    for info in infos:
        assert info.filename.isascii() and not info.filename.startswith("/") and ".." not in info.filename.split("/")
        assert stat.S_IMODE(info.external_attr >> 16) == 0o644 and info.date_time == (1980, 1, 1, 0, 0, 0)
        assert "\\" not in info.filename


def test_the_list_of_files_matches_the_content(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        listed = dict(line.split("  ", 1)[::-1] for line in opened.read(SUMS).decode().splitlines())
        found = {n: hashlib.sha256(opened.read(n)).hexdigest() for n in opened.namelist() if n != SUMS}
    assert listed == found


def test_python_alone_opens_it_and_sums_are_those_of_the_standard_program(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", SUMS], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
    (tmp_path / FOLDER / "index.html").write_text("changed")
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", SUMS], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1 and b"site/index.html" in done.stdout


def test_the_program_of_most_administrators_opens_it(archive: Path, tmp_path: Path) -> None:
    for command in (
        [program("unzip"), "-tqq", str(archive)],
        [program("unzip"), "-qq", str(archive), "-d", str(tmp_path)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with zipfile.ZipFile(archive) as opened:
        assert {n: opened.read(n) for n in opened.namelist()} == files_of(tmp_path)


@pytest.mark.sweep
def test_a_site_that_fails_the_checks_is_not_packed(tmp_path: Path) -> None:
    project, target = copy_project(tmp_path / "project"), tmp_path / "out/site.zip"
    arguments = ("-m", "haopin", "zip", "--as-of", "2030-02-01", "--address", ADDRESS, target)
    edit(project / "data/targets.yml", "en: Product pass rate", "en: Rate of 13800138000")
    done = run(*arguments, cwd=project)
    assert (
        done.returncode == 1
        and "a mobile telephone number, “13800138000”" in done.stderr
        and list(target.parent.iterdir()) == []
    )
    with (project / "data/site.yml").open("a", encoding="utf-8") as site:
        site.write('public_numbers: ["138 0013 8000"]\n')
    done = run(*arguments, cwd=project)
    assert (done.returncode, done.stderr) == (0, "") and target.is_file()


@pytest.mark.sweep
def test_the_same_site_gives_the_same_bytes(county: BuiltSite, tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    write_archive(county.folder, first, county.url)
    write_archive(county.folder, second, county.url)
    assert first.read_bytes() == second.read_bytes()


def test_every_absolute_address_of_the_site_is_that_in_the_portal(county: BuiltSite, portal: tuple[str, Path]) -> None:
    files = files_of(portal[1] / "quality/site")
    own = (urlsplit(county.url).netloc or "").encode()
    assert any(own in content for content in files_of(county.folder).values())
    assert [name for name, content in files.items() if b"https://" + own in content] == []
    for name in ("sitemap.xml", "index.html", "feeds/all.xml"):
        assert ADDRESS.encode() in files[name], name


def test_the_instructions_are_for_this_address_in_both_languages(archive: Path) -> None:
    class Reader(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    reader = Reader()
    with zipfile.ZipFile(archive) as opened:
        reader.feed(opened.read(GUIDE).decode())
    assert reader.text.count(ADDRESS) == 2 and "@" not in reader.text
    assert reader.text.index("给门户管理员") < reader.text.rindex("For the portal's administrator")
    assert "Content-Security-Policy: default-src 'none'" in reader.text and "frame-ancestors 'none'" in reader.text


@pytest.mark.browser
def test_the_site_works_below_the_path_of_a_portal(portal: tuple[str, Path], browser: Browser) -> None:
    address, _ = portal
    home = f"{address}/quality/site/"
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on(
        "console",
        lambda message: (
            said.append(f"{message.text} {message.location}") if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda response: asked.append(f"{response.status} {response.url}"))
    for path in ("", "tasks/", "timeline/", "en/", "en/tasks/"):
        # A folder without a page would be listed by this server, and look well.
        assert (portal[1] / "quality/site" / path / "index.html").is_file()
        page.goto(home + path)
        # Those of drawings have no string as their href.
        address_of = "found => found.map(a => String(new URL(a.getAttribute('href'), document.baseURI)))"
        links = page.eval_on_selector_all("a[href]", address_of)
        own = [link for link in links if link.startswith(address)]
        assert own and all(link.startswith(home) for link in own), path
    page.goto(home)
    page.locator("a.hp-tool--search").click()
    page.locator("dialog.hp-search input").fill("质量")
    result = page.locator(SEARCH_RESULTS).first
    result.wait_for()
    assert str(result.evaluate("a => a.href")).startswith(home)
    context.close()
    assert [answer for answer in asked if not answer.startswith(("200 ", "304 "))] == []
    assert said == []
    assert all(answer[4:].startswith((home, "blob:", "data:")) for answer in asked)


@pytest.mark.sweep
def test_evidence_with_a_chinese_name_is_checked_packed_and_found(tmp_path: Path) -> None:
    """What the check accepts is released, and packed for a portal; links to it lead to it."""
    project, name = copy_full_county(tmp_path / "project"), "会议通知2030.txt"
    (project / "data/evidence/meeting-2030-01.txt").rename(project / "data/evidence" / name)
    edit(project / "data/ledger/2030.yml", "meeting-2030-01.txt", name)
    configured = ("-f", project / "mkdocs.yml")
    assert run("-m", "haopin", "check", *configured).returncode == 0
    target = tmp_path / "site.zip"
    done = run("-m", "haopin", "zip", *configured, "--as-of", "2030-02-01", "--address", ADDRESS, target)
    assert (done.returncode, done.stderr) == (0, "") and f"（{name}）" in done.stdout
    with zipfile.ZipFile(target) as opened:
        infos = [info for info in opened.infolist() if not info.filename.isascii()]
        assert [info.filename for info in infos] == [f"{FOLDER}en/evidence/{name}", f"{FOLDER}evidence/{name}"]
        # The mark by which programs know that a name is UTF-8.
        assert all(info.flag_bits & 0x800 for info in infos)
        pages = [opened.read(n).decode() for n in opened.namelist() if n.endswith(".html")]
    assert any(f'evidence/{quote(name)}"' in page for page in pages)
    unpacked = tmp_path / "unpacked"
    command = ["unzip", "-qq", str(target), "-d", str(unpacked)]
    subprocess.run(command, check=True, timeout=60, env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]})
    sums = subprocess.run(
        ["sha256sum", "--quiet", "-c", SUMS], cwd=unpacked, capture_output=True, timeout=60, check=False
    )
    assert (sums.returncode, sums.stdout) == (0, b"")


@pytest.mark.parametrize("what", ["changed", "nothing"])
def test_a_site_that_differs_from_its_build_is_not_packed(what: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("a")
    target = tmp_path / "site.zip"
    target.write_bytes(b"the last one")
    if what != "nothing":
        from haopin.build.manifest import NAME, Origin, evidence, fingerprints

        name = "b.html"
        (site / name).write_text("b")
        origin = Origin("2030-02-01", False, None, None, {})
        (site / NAME).write_text(evidence(origin, fingerprints(site)))
        if what == "changed":
            (site / name).write_text("c")
    with pytest.raises(ConfigurationError):
        write_archive(site, target, ADDRESS)
    assert target.read_bytes() == b"the last one"
    assert {p.name for p in tmp_path.iterdir()} == {"site", "site.zip"}


@pytest.mark.parametrize(
    ("command", "own"),
    [
        (("zip",), "quality.example"),
        (("zip", "--address", "https://portal.example/quality/"), "portal.example"),
        (("release", "--to", "srv"), "quality.example"),
        (("nginx", "site"), "quality.example"),
        (("nginx", "site", "--server-name", "www.example.org"), "www.example.org"),
    ],
)
def test_a_placeholder_is_not_published(
    command: tuple[str, ...],
    own: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In both languages, with the way out, before anything is built."""
    county = copy_county(tmp_path / "county")
    monkeypatch.chdir(tmp_path)
    assert main([command[0], "-f", str(county / "mkdocs.yml"), *command[1:]]) == 1
    said = capsys.readouterr().err
    assert f"“{own}”是占位网址，不能发布" in said and f"“{own}” is a placeholder and is not released" in said
    assert "data/site.yml" in said and "--address" in said and "--server-name" in said
    assert not [p for p in tmp_path.rglob("index.html") if "docs" not in p.parts]
    assert not (tmp_path / "srv/current").exists() and not (tmp_path / "site-nginx").exists()


def test_an_invalid_address_is_refused(tmp_path: Path) -> None:
    done = run(
        "-m", "haopin", "zip", "-f", COUNTY / "mkdocs.yml", "--address", "http://portal.test/", tmp_path / "a.zip"
    )
    assert done.returncode == 1 and "address" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
