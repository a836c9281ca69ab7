"""Folder of the files that a page loads."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from haopin.site.paths import assets_folder
from support import ROOT, BuiltSite, assets_of, build, copy_county, copy_project, edit

FILES: dict[str, str | bytes] = {"a.css": "p{}", "b.js": b"1"}


def test_the_folder_is_named_by_names_and_content() -> None:
    folder = assets_folder(FILES)
    assert re.fullmatch(r"assets/[0-9a-f]{12}/", folder)
    assert assets_folder(dict(reversed(FILES.items()))) == assets_folder({"a.css": b"p{}", "b.js": "1"}) == folder


@pytest.mark.parametrize(
    "other",
    [{"a.css": "p{}"}, {**FILES, "b.js": b"2"}, {"a.css": "p{}", "c.js": b"1"}, {"a.css": "p{}b.js\x001\x001"}, {}],
)
def test_other_files_lie_elsewhere(other: dict[str, str | bytes]) -> None:
    assert assets_folder(other) != assets_folder(FILES)


def test_every_page_loads_what_lies_in_the_folder_of_its_own_release(full_county: BuiltSite) -> None:
    assert {name.rpartition("/")[0] + "/" for name in full_county.files if "assets/" in name} == {
        full_county.assets,
        f"en/{full_county.assets}",
    }
    for page in [*full_county.html.values(), *full_county.cards.values()]:
        loaded = {a for e, a in page.references if e.tag in ("script", "img") or e.get("rel") in ("stylesheet", "icon")}
        own = {address for address in loaded if "assets/" in address}
        assert len(own) >= 3 and all(f"/{full_county.assets}" in address for address in own), page.name


# Older browsers

#: A line of a script, and what browsers of the floor lack in it.
TOO_NEW = {
    "list.replaceChildren()": ".replaceChildren()",
    "a[b.at(-1)]": ".at()",
    "x.replaceAll('a', 'b')": ".replaceAll()",
    "structuredClone(x)": "structuredClone",
    "a ||= b": "Unexpected token",
    "class A { #b = 1 }": "Unexpected character '#'",
    "x.addEventListener('click', f, { signal })": "addEventListener signal",
    "document.querySelectorAll('a:not([b], .c)')": "selector :not([b],",
    "`main:has(${x})`": "selector :has",
    "/(?<=a)b/.test(x)": "lookbehind",
}
OLD_ENOUGH = (
    "const copy = window.structuredClone || ((x) => x)\nexport const at = (a) => a?.at ?? copy(a.append({ signal: 1 }))"
)


def test_scripts_use_no_features_that_supported_browsers_lack(node: Callable[[str, bytes], Any]) -> None:
    scripts = {file.name: file.read_text("utf-8") for file in (ROOT / "hooks/haopin/theme/assets").glob("*.js")}
    assert len(scripts) > 8
    scripts["offline.js"] = (ROOT / "hooks/haopin/build/offline/offline.js").read_text("utf-8")
    spoiled = {f"{number}.js": f"\n{line}\n" for number, line in enumerate(TOO_NEW)} | {"old.js": OLD_ENOUGH}
    found = node("floor.mjs", json.dumps({**scripts, **spoiled}).encode())
    assert [told for told in found if told[0] in scripts or told[0] == "old.js"] == []
    assert [name for name, line, _ in found if line == 2] == [f"{number}.js" for number in range(len(TOO_NEW))]
    assert [
        what for (_, _, what), words in zip(found, TOO_NEW.values(), strict=True) if not what.startswith(words)
    ] == []


@pytest.mark.sweep
def test_only_another_look_gives_other_addresses(tmp_path: Path) -> None:
    county = copy_county(tmp_path / "county")
    first = build(tmp_path / "first", config=county / "mkdocs.yml")
    edit(county / "data/targets.yml", "en: Product pass rate", "en: Rate of what passed")
    second = build(tmp_path / "second", config=county / "mkdocs.yml")
    assert assets_of(first) == assets_of(second)
    edit(county / "data/site.yml", '"#00594f"', '"#123456"')
    third = build(tmp_path / "third", config=county / "mkdocs.yml")
    assert assets_of(third) != assets_of(first)
    project = copy_project(tmp_path / "project")
    script = project / "hooks/haopin/theme/assets/haopin.js"
    before = assets_of(build(tmp_path / "before", cwd=project))
    script.write_text(f"{script.read_text('utf-8')}\n", encoding="utf-8")
    assert assets_of(build(tmp_path / "after", cwd=project)) != before
