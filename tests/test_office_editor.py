"""Settings of the editor: the schema of every kind, for the files in which reading finds it."""

import json
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from click.testing import CliRunner
from haopin.cli.main import cli
from haopin.load.folder import home, read
from haopin.model import READ, Kind
from haopin.model.schema import schema_files
from haopin.office.editor_settings import globs, settings, vscode_settings, write_settings
from support import COUNTY, COUNTY_MORE, ROOT


def test_committed_settings_are_those_of_the_kinds() -> None:
    assert (ROOT / ".vscode/settings.json").read_text(encoding="utf-8") == vscode_settings()


def test_every_kind_with_yaml_files_is_mapped_to_its_schema() -> None:
    mapped = settings()["yaml.schemas"]
    assert set(mapped) == {f"./data/schema/{kind.name}.json" for kind in READ if kind.layout != "articles"}
    assert {Path(name).name for name in mapped} <= set(schema_files())


def example(kind: Kind) -> str:
    return f"{kind.path}/x.yml" if kind.layout in ("folder", "lists") else kind.path


@pytest.mark.parametrize("kind", [kind for kind in READ if kind.layout != "articles"], ids=lambda kind: kind.name)
def test_globs_match_where_reading_finds_the_kind(kind: Kind) -> None:
    places = [example(kind)] if kind.layout == "single" else [example(kind), f"samples/{example(kind)}"]
    for place in places:
        assert home(place, READ) is kind
        assert [other.name for other in READ for glob in globs(other) if fnmatchcase(place, glob)] == [kind.name]
    assert len(globs(kind)) == len(places)


@pytest.fixture(params=[COUNTY / "data", COUNTY_MORE / "data"], ids=["small", "full"])
def data(request: pytest.FixtureRequest) -> Path:
    """Records of the invented counties; in ``tests/county``, this repository's own."""
    found: Path = request.param
    return found


def test_every_yaml_file_has_the_schema_of_its_kind(data: Path) -> None:
    entries = [e for e in read(data).entries if e.kind.layout != "articles"]
    assert entries
    for entry in entries:
        assert any(fnmatchcase(entry.place.file, glob) for glob in globs(entry.kind)), entry.place.file


def test_yaml_is_typed_with_two_spaces() -> None:
    found = settings()
    assert found["files.encoding"] == "utf8"
    assert found["[yaml]"] == {
        "editor.insertSpaces": True,
        "editor.tabSize": 2,
        "editor.detectIndentation": False,
    }


@pytest.mark.parametrize(
    ("there", "option", "written"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_schema_command_writes_settings_where_the_editor_is_used(
    tmp_path: Path, there: bool, option: bool, written: bool
) -> None:
    if there:
        (tmp_path / ".vscode").mkdir()
    done = CliRunner().invoke(cli, ["schema", str(tmp_path / "data/schema"), *(["--editor"] if option else [])])
    file = tmp_path / ".vscode/settings.json"
    assert (done.exit_code, file.exists()) == (0, written)
    assert done.output.splitlines()[1:] == ([str(file)] if written else [])
    if written:
        assert file.read_text(encoding="utf-8") == vscode_settings()


def test_other_folders_are_named_as_they_are(tmp_path: Path) -> None:
    file = write_settings(tmp_path / "资料/schemas", always=True)
    assert file is not None
    mapped = json.loads(file.read_text(encoding="utf-8"))["yaml.schemas"]
    assert mapped["./资料/schemas/body.json"] == ["资料/bodies.yml", "资料/samples/bodies.yml"]


def test_existing_settings_are_kept(tmp_path: Path) -> None:
    file = tmp_path / ".vscode/settings.json"
    file.parent.mkdir()
    file.write_text('{"editor.fontSize": 18, "files.encoding": "gbk"}', encoding="utf-8")
    assert write_settings(tmp_path / "data/schema", always=False) == file
    found = json.loads(file.read_text(encoding="utf-8"))
    assert (found["editor.fontSize"], found["files.encoding"]) == (18, "utf8")
    for kept in ("{\n  // mine\n}\n", "[]"):
        file.write_text(kept, encoding="utf-8")
        assert write_settings(tmp_path / "data/schema", always=True) is None
        assert file.read_text(encoding="utf-8") == kept
    shutil.rmtree(file.parent)
