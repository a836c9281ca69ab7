"""The pre-release checks: a correct site passes, and every defect is reported."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from haopin.build.settings import Settings, settings_of
from haopin.ops.gate import examine as gate
from haopin.ops.gate.examine import examine
from haopin.ops.gate.page_rules import nothing_is_run_but_own_files, own_file
from haopin.ops.gate.site_reader import Expected, FinishedSite, page_of, read
from haopin.ops.prepare import expected_of, pass_gate
from haopin.problem import ConfigurationError
from support import COUNTY, BuiltSite

TASK = "en/tasks/01/index.html"
CARD = "embed/task/01/index.html"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return settings_of(COUNTY / "mkdocs.yml")


@pytest.fixture(scope="module")
def expected(county: BuiltSite, settings: Settings) -> Expected:
    """What the data expects of the site."""
    return expected_of(COUNTY, settings, county.folder)[0]


@pytest.fixture(scope="module")
def whole(county: BuiltSite) -> FinishedSite:
    """The site, read once."""
    return read(county.folder)


@pytest.mark.sweep
def test_the_invented_county_passes_though_it_withholds_records(full_county: BuiltSite, settings: Settings) -> None:
    update = {"data": str(full_county.data)}
    told = expected_of(full_county.data.parent, settings.model_copy(update=update), full_county.folder)[0]
    assert told.withheld and told.names
    assert list(examine(full_county.folder, told)) == []


# What may be wrong


Breaking = Callable[[Path], None]


def put(name: str, text: str) -> Breaking:
    """Write a file."""

    def write(site: Path) -> None:
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text, encoding="utf-8")

    return write


def change(name: str, old: str, new: str) -> Breaking:
    """Replace the first ``old`` in a file."""

    def write(site: Path) -> None:
        text = (site / name).read_text("utf-8")
        assert old in text, (name, old)
        put(name, text.replace(old, new, 1))(site)

    return write


def without(name: str) -> Breaking:
    """Take a file away."""
    return lambda site: (site / name).unlink()


def samples(site: Path) -> None:
    evidence = json.loads((site / "build.json").read_text("utf-8"))
    put("build.json", json.dumps({**evidence, "samples": True}))(site)


BODY = "<main"
BROKEN: dict[str, tuple[Breaking, str, str]] = {
    "link": (change(TASK, BODY, '<a href="../99/">x</a><main'), TASK, "leads nowhere: ../99/"),
    "anchor": (change(TASK, BODY, '<a href="../02/#none">x</a><main'), TASK, "leads nowhere: ../02/#none"),
    "picture": (change(TASK, BODY, '<img src="none.png" alt=""><main'), TASK, "leads nowhere: none.png"),
    "above": (change(TASK, BODY, '<a href="/../../x/">x</a><main'), TASK, "leads nowhere: /../../x/"),
    "sitemap": (change("sitemap.xml", "tasks/01/</loc>", "tasks/77/</loc>"), "sitemap.xml", "leads nowhere"),
    "html": (change(TASK, BODY, "<p></div><main"), TASK, "error in the HTML"),
    "attribute": (change(TASK, BODY, "<p style='color:red'></p><main"), TASK, "must not have p style"),
    "handler": (change(TASK, BODY, "<p onclick='x()'></p><main"), TASK, "must not have p onclick"),
    "address of a script": (change(TASK, BODY, "<a href='javascript:x()'>x</a><main"), TASK, "must not have a href"),
    "script in the page": (change(TASK, BODY, "<script>x()</script><main"), TASK, "must not have script"),
    "script in a card": (change(CARD, "<body", "<script>x()</script><body"), CARD, "must not have script"),
    "frame": (change(TASK, BODY, "<iframe src='../'></iframe><main"), TASK, "must not have iframe"),
    "base": (change(TASK, "<head>", "<head><base href='../'>"), TASK, "must not have base"),
    "form to others": (
        change(TASK, BODY, "<form action='https://x.example/'></form><main"),
        TASK,
        "must not have form action=https://x.example/",
    ),
    "button to others": (
        change(TASK, BODY, "<form><button formaction='//x.example/'>a</button></form><main"),
        TASK,
        "must not have form action=//x.example/",
    ),
    "policy": (change(TASK, "script-src 'self'", "script-src *"), TASK, "policy is not that of the site"),
    "fingerprint of a script": (
        change(TASK, "script-src 'self'", "script-src 'self' 'sha256-AAAA'"),
        TASK,
        "policy is not that of the site",
    ),
    "headers": (
        change("policy.json", "script-src 'self'", "script-src 'self' 'sha256-AAAA'"),
        "policy.json",
        "does not fit the policy of the pages",
    ),
    "script of others": (
        change(TASK, BODY, '<script src="https://x.example/a.js"></script><main'),
        TASK,
        "another host",
    ),
    "picture of others": (change(TASK, BODY, '<img alt="" src="//x.example/a.png"><main'), TASK, "another host"),
    "style of others": (
        put("assets/x.css", "p{background:url(https://x.example/a.png)}"),
        "assets/x.css",
        "loads what",
    ),
    "missing page": (without(TASK), TASK, "missing in this language (en)"),
    "language": (change(TASK, '<html lang="en"', '<html lang="fr"'), TASK, "it declares the language"),
    "changed": (change("robots.txt", "User-agent", "User-Agent"), "robots.txt", "not as it was built (changed)"),
    "added": (put("more.txt", "x"), "more.txt", "not as it was built (added)"),
    "hidden": (put(".env", "x"), ".env", "hidden files"),
    "no evidence": (without("build.json"), "build.json", "the file is missing"),
    "no 404": (without("404.html"), "404.html", "the file is missing"),
    "demonstration": (samples, "build.json", "a demonstration"),
    "badge": (change(TASK, BODY, '<b class="x hp-badge--sample">x</b><main'), TASK, "there is sample data"),
    "trial": (change(TASK, "<head>", '<head><meta name="robots" content="noindex">'), TASK, "this is a trial"),
    "identity card": (change(TASK, BODY, "<p>11010519491231002X</p><main"), TASK, "an identity card number"),
    "mobile number": (put("downloads/x.csv", "138 0013 8000"), "downloads/x.csv", "a mobile telephone number"),
    "number in a style sheet": (put("own.css", "/* 13800138000 */"), "own.css", "a mobile telephone number"),
    "number in a script": (put("own.js", "const a = '11010519491231002X'"), "own.js", "an identity card number"),
    "bank card": (change(TASK, BODY, "<p>4111 1111 1111 1111</p><main"), TASK, "a bank card number"),
}


def reread(whole: FinishedSite, folder: Path) -> FinishedSite:
    """Return the site in ``folder``, a copy of ``whole``; only changed files are read again."""
    files = frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    pages = {name: page for name, page in whole.pages.items() if name in files}
    for name in pages:
        if not (folder / name).samefile(whole.folder / name):
            pages[name] = page_of(name, (folder / name).read_text("utf-8"))
    return FinishedSite(folder, files, pages)


SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xhtml'"
#: SVG files, and the findings.
DRAWINGS = {
    f"{SVG}><script>x()</script></svg>": "script",
    f"{SVG}><script href='a.js'/></svg>": "script",
    f"{SVG}><x:script>x()</x:script></svg>": "script",
    f"{SVG}><x:iframe src='/'/></svg>": "iframe",
    f"{SVG} onload='x()'/>": "svg onload",
    f"{SVG}><use href='https://x.example/a.svg#a'/></svg>": "use href=https://x.example",
    f"<?xml-stylesheet href='https://x.example/a.css'?>{SVG}/>": "<?xml-stylesheet",
    f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG}/>": "<!ENTITY",
    "<svg": "XML",
}


def test_forbidden_content_of_an_svg_file_is_reported(whole: FinishedSite, copy: Path, expected: Expected) -> None:
    names = {f"x{number}.svg": text for number, text in enumerate(DRAWINGS)}
    for name, text in names.items():
        put(name, text)(copy)
    found = {f.file: f.en for f in nothing_is_run_but_own_files(reread(whole, copy), expected)}
    assert found.keys() == names.keys()
    assert [name for name, text in names.items() if f"must not have {DRAWINGS[text]}" not in found[name]] == [], found


@pytest.fixture
def copy(whole: FinishedSite, tmp_path: Path) -> Path:
    """A copy of the site, of hard links."""
    shutil.copytree(whole.folder, tmp_path / "site", copy_function=os.link)
    return tmp_path / "site"


@pytest.mark.parametrize("case", BROKEN)
def test_findings_are_reported(case: str, copy: Path, whole: FinishedSite, expected: Expected) -> None:
    spoil, file, words = BROKEN[case]
    spoil(copy)
    found = list(gate._found(reread(whole, copy), expected))
    assert any(f.file == file and words in f.en for f in found), found
    assert all(f.zh != f.en for f in found)


def test_a_listed_number_passes(copy: Path, whole: FinishedSite, expected: Expected) -> None:
    put("downloads/x.csv", "13800138000")(copy)
    told = [f.en for f in gate._found(reread(whole, copy), replace(expected, numbers=frozenset({"13800138000"})))]
    assert told == ["not as it was built (added)"]


def test_records_that_are_not_public_and_withdrawn_names_are_reported(whole: FinishedSite, expected: Expected) -> None:
    told = replace(expected, withheld={("task", "01"): "unapproved"}, names=frozenset({"\u8d28\u91cf\u65e5"}))
    found = list(gate._found(whole, told))
    assert {f.file for f in found if "unapproved" in f.en} == {
        "tasks/01/index.html",
        "en/tasks/01/index.html",
        "api/v1/task/01.json",
    }
    named = {f.file for f in found if "a withdrawn name" in f.en}
    assert {"activities/quality-day/index.html", "search/search_index.json", "api/v1/activity.json"} <= named


# Where an address leads


@pytest.mark.parametrize(
    ("name", "address", "target"),
    [
        ("tasks/01/index.html", "../../", ("index.html", "")),
        ("tasks/01/index.html", "#a%20b", ("tasks/01/index.html", "a b")),
        ("tasks/01/index.html", "?x=1", ("tasks/01/index.html", "")),
        ("index.html", "https://a.example/zt/en/", ("en/index.html", "")),
        ("index.html", "https://a.example/", None),
        ("index.html", "https://b.example/zt/", None),
        ("index.html", "//b.example/", None),
        ("index.html", "/other/", ("..//other/", "")),
        ("index.html", "mailto:a@a.example", None),
        ("index.html", "tel:12345", None),
        ("index.html", "a/b.txt", ("a/b.txt", "")),
    ],
)
def test_own_file(name: str, address: str, target: tuple[str, str] | None) -> None:
    assert own_file(name, address, Expected("https://a.example/zt/", {"": "zh-Hans"}, ())) == target


# The report


def test_failed_pre_release_checks_print_two_lines(copy: Path, expected: Expected, tmp_path: Path) -> None:
    put("a.txt", "x")(copy)
    put("b.txt", "x")(copy)
    report = tmp_path / ".cache/release/gate.txt"
    report.parent.mkdir(parents=True)
    with pytest.raises(ConfigurationError) as caught:
        pass_gate(copy, expected, report)
    chinese, english = str(caught.value).split("\n")
    assert "\u516c\u5f00\u7f51\u7ad9\u6ca1\u6709\u6539\u52a8" in chinese and "a.txt" in chinese
    assert english.startswith("pre-release checks failed") and "Findings: 2 (.cache/release/gate.txt)" in english
    lines = report.read_text("utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["a.txt", "b.txt"]


def test_an_open_gate_leaves_no_report(county: BuiltSite, expected: Expected, tmp_path: Path) -> None:
    report = tmp_path / "gate.txt"
    report.write_text("old", encoding="utf-8")
    pass_gate(county.folder, expected, report)
    assert not report.exists()
