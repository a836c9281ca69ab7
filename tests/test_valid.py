"""Every page is valid by two independent checkers: html-validate, and in the sweep vnu, that of the W3C."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, BuiltSite, npm_package, program, serving

#: The pages' policy asks no leave for linked data, which never runs: vnu takes it for a script. What does run is
#: counted by ``tests/test_csp.py``, in the files and in a browser.
LINKED_DATA = (
    "blocked by \u201cscript-src\u201d directive (missing \u201c\u2018unsafe-inline\u2019\u201d or nonce/hash)."
)
#: A page with one mistake for each of the two, to see that they look.
PLANTED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Planted</title></head>
<body><h1>Planted</h1><p><div>In a paragraph</div></p><img src="x.png"></body></html>
"""


def vnu(*folders: Path) -> list[str]:
    """Return ``address:line: message`` of all that vnu says of the pages in ``folders``, warnings too.

    It asks a server for them: a policy that says 'self' means nothing in a file.
    """
    checker = [program("java"), "-Xss2m", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar"]
    checker.append(str(npm_package("vnu-jar", "build/dist/vnu.jar")))
    told = []
    for folder in folders:
        with serving(folder) as base:
            pages = [f"{base}/{page.relative_to(folder).as_posix()}" for page in sorted(folder.rglob("*.html"))]
            arguments = [*checker, "--format", "json", "--exit-zero-always", *pages]
            done = subprocess.run(arguments, capture_output=True, text=True, encoding="utf-8", timeout=300, check=True)
        messages: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
        told += [f"{m.get('url', '')}:{m.get('lastLine', '')}: {m['message']}" for m in messages]
    return [line for line in told if not line.endswith(LINKED_DATA)]


def validated(node: Callable[[str, bytes], Any], *folders: Path) -> tuple[int, list[str]]:
    """Return how many pages html-validate has read in ``folders``, and what it says of them."""
    found = node("validate.mjs", "\n".join(map(str, folders)).encode())
    return found["pages"], found["messages"]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A folder with a page that is not valid."""
    (tmp_path / "planted.html").write_text(PLANTED, encoding="utf-8")
    return tmp_path


@pytest.mark.sweep
def test_vnu_finds_nothing(full_county: BuiltSite, planted: Path) -> None:
    told = vnu(full_county.folder, planted)
    assert len([line for line in told if "planted.html" in line]) > 1
    assert [line for line in told if "planted.html" not in line] == []


def test_html_validate_finds_nothing(full_county: BuiltSite, planted: Path, node: Callable[[str, bytes], Any]) -> None:
    pages, told = validated(node, full_county.folder, planted)
    assert pages == len(full_county.html) + len(full_county.cards) + 1
    assert len([line for line in told if line.startswith("planted.html")]) > 1
    assert [line for line in told if not line.startswith("planted.html")] == []


def test_every_rule_that_is_tuned_says_why() -> None:
    config = json.loads((ROOT / "tests/npm/html-validate.json").read_text("utf-8"))
    assert set(config["why"]) == set(config["rules"])
