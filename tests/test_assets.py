"""Where the files lie that a page loads."""

import re
from pathlib import Path

import pytest
from haopin.assets import folder_of
from support import BuiltSite, assets_of, build, copy_county, copy_project, edit

FILES: dict[str, str | bytes] = {"a.css": "p{}", "b.js": b"1"}


def test_the_folder_is_named_by_names_and_content() -> None:
    folder = folder_of(FILES)
    assert re.fullmatch(r"assets/[0-9a-f]{12}/", folder)
    assert folder_of(dict(reversed(FILES.items()))) == folder_of({"a.css": b"p{}", "b.js": "1"}) == folder


@pytest.mark.parametrize(
    "other",
    [{"a.css": "p{}"}, {**FILES, "b.js": b"2"}, {"a.css": "p{}", "c.js": b"1"}, {"a.css": "p{}b.js\x001\x001"}, {}],
)
def test_other_files_lie_elsewhere(other: dict[str, str | bytes]) -> None:
    assert folder_of(other) != folder_of(FILES)


def test_every_page_loads_what_lies_in_the_folder_of_its_own_release(full_county: BuiltSite) -> None:
    assert {name.rpartition("/")[0] + "/" for name in full_county.files if "assets/" in name} == {
        full_county.assets,
        f"en/{full_county.assets}",
    }
    for page in [*full_county.html.values(), *full_county.cards.values()]:
        loaded = {a for e, a in page.references if e.tag in ("script", "img") or e.get("rel") in ("stylesheet", "icon")}
        own = {address for address in loaded if "assets/" in address}
        assert len(own) >= 3 and all(f"/{full_county.assets}" in address for address in own), page.name


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
    script = project / "hooks/theme/assets/haopin.js"
    before = assets_of(build(tmp_path / "before", cwd=project))
    script.write_text(f"{script.read_text('utf-8')}\n", encoding="utf-8")
    assert assets_of(build(tmp_path / "after", cwd=project)) != before
