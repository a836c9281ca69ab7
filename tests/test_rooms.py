"""The rooms of the package: which imports which, and what its names mean."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from haopin.build.settings import MarkdownExtensions, read_config, read_settings
from haopin.build.written_pages import split_head
from haopin.markdown import AsWritten
from haopin.problem import ConfigurationError
from importlinter.cli import lint_imports
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data
from support import COUNTY, ROOT, copy_county

PACKAGE = ROOT / "hooks/haopin"
#: Runs a command where MkDocs and its successor are not installed.
WITHOUT_MKDOCS = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("mkdocs", "properdocs"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
from haopin.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
#: Names of classes, modules and functions that the house has given up, and those that it has for them.
FORMER_NAMES = {
    "Asker": "HttpClient",
    "Asking": "Prompter",
    "Free": "LabelPlacer",
    "Given": "CliAnswers",
    "Living": "TemplateContext",
    "Lookup": "TemplateContext",
    "Occasion": "CalendarItem",
    "Part": "Nested",
    "Question": "WatchOptions",
    "Reading": "Dataset",
    "Sort": "FieldType",
    "Speech": "Translator",
    "UnclearError": "InvalidAnswerError",
    "Voice": "CommandLanguage",
    "Wish": "ReleaseOptions",
    "adapter": "mkdocs_plugin",
    "asking": "http",
    "beside": "site_files",
    "doubts": "release_warnings",
    "envelope": "api_schema",
    "facts": "release_manifest",
    "flat": "tabular",
    "joint_means_several": "joint_flag_matches_bodies",
    "lives_run_forward": "publication_dates_in_order",
    "outlets": "exports",
    "outward": "links",
    "spans_are_over": "period_ended_before_record",
    "told": "format_report",
    "truth": "integrity_rules",
    "write_whole": "atomic_write",
}


def test_imports_keep_to_the_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(str(PACKAGE.parent))
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


def definitions() -> Iterator[tuple[str, str, bool]]:
    """Yield name, place and whether it is a class, of each module, class and function of a module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        yield (path.parent.name if path.stem == "__init__" else path.stem), where, False
        tree = ast.parse(path.read_text("utf-8"))
        inner = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        yield from ((node.name, f"{where}:{node.lineno}", True) for node in inner)
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        yield from ((node.name, f"{where}:{node.lineno}", False) for node in functions)


def test_one_class_has_a_name() -> None:
    places: dict[str, list[str]] = {}
    for name, place, is_class in definitions():
        if is_class:
            places.setdefault(name, []).append(place)
    assert {name: its for name, its in places.items() if len(its) > 1} == {}


def test_former_names_are_gone() -> None:
    assert [(name, place, FORMER_NAMES[name]) for name, place, _ in definitions() if name in FORMER_NAMES] == []


@pytest.mark.slow
def test_data_is_checked_without_mkdocs(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "project")
    target = project / "data/targets.yml"
    target.write_text(target.read_text("utf-8") + "- id: x\n", "utf-8")
    (project / "docs/zh/about.md").write_text("# 甲\n\n[乙](nowhere.md)\n", "utf-8")
    for folder, code in ((COUNTY, 0), (project, 1)):
        command = [sys.executable, "-c", WITHOUT_MKDOCS, "check", "-f", str(folder / "mkdocs.yml")]
        env = {"PYTHONPATH": str(PACKAGE.parent), "PATH": ""}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == code, done.stdout + done.stderr
        assert "errors: 0" in done.stdout if code == 0 else "data/targets.yml:" in done.stdout


CONFIGS = {
    "names": "markdown_extensions: [attr_list, admonition]",
    "options": "markdown_extensions: [toc: {permalink: true, slugify: !!python/name:posixpath.join }, def_list]",
    "mapping": "markdown_extensions:\n  def_list:\n  toc:\n    toc_depth: 3\n  attr_list: {}",
    "twice": "markdown_extensions: [toc: {toc_depth: 2}, toc, attr_list: null]",
    "none": "theme: {name: mkdocs}",
    "environment": "extra: {haopin: {samples: !ENV [HAOPIN_TEST_ABSENT, true], cache: !ENV HAOPIN_TEST_CACHE}}",
    "inherited": "markdown_extensions: [admonition]\nextra: {haopin: {language: en, data: other}}",
}


@pytest.mark.parametrize("name", [*CONFIGS, "county"])
def test_a_configuration_is_read_as_mkdocs_reads_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAOPIN_TEST_CACHE", "kept")
    project = copy_county(tmp_path / "project")
    config = project / "mkdocs.yml"
    if name != "county":
        config.rename(project / "parent.yml")
        config.write_text(f"INHERIT: parent.yml\nhooks: []\n{CONFIGS[name]}\n", "utf-8")
    settings, extensions = read_config(config)
    expected = load_config(config_file=str(config))
    *names, own = extensions.names
    assert names == expected.markdown_extensions and isinstance(own, AsWritten)
    # Functions in it are equal by their names only.
    given = MarkdownExtensions(expected.markdown_extensions, expected.mdx_configs)
    assert repr(extensions.configs) == repr(given.configs)
    assert settings == read_settings(expected.extra)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "“name: value” expected"),
        ("a: [\n", "cannot be read"),
        ("INHERIT: none.yml\n", "none.yml"),
        ("a: !relative $docs_dir\n", "only !relative $config_dir"),
        ("INHERIT: parent.yml\nmarkdown_extensions: [no_such_extension]\n", "no_such_extension"),
        ("INHERIT: parent.yml\nmarkdown_extensions: [toc: {no_such_option: 1}]\n", "no_such_option"),
        ("INHERIT: parent.yml\nmarkdown_extensions: 3\n", "markdown_extensions 有误 / is wrong"),
        ("INHERIT: parent.yml\nextra: {haopin: {language: fr}}\n", "language"),
    ],
)
def test_errors_of_a_configuration_are_reported(text: str, said: str, tmp_path: Path) -> None:
    project = copy_county(tmp_path / "project")
    (project / "mkdocs.yml").rename(project / "parent.yml")
    (project / "mkdocs.yml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as told:
        read_config(project / "mkdocs.yml")[1].converter()
    assert said in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\nb\n",
        "---\ntitle: 甲\ntags: [a, b]\n---\n\n# A\n",
        "---\ntitle: a\n...\nb\n",
        "---\n- a\n---\nb\n",
        "---\na: [\n---\nb\n",
        "---\n",
        "---\ntitle: a\n",
        "title: a\nmore: b\n    c\n\nd\n",
        "title: a\n\n\nb: c\n",
        "Note: this is text\n",
        "\n\na\n",
        "",
    ],
)
def test_the_head_of_a_page_is_read_as_mkdocs_reads_it(text: str) -> None:
    assert split_head(text) == get_data(text)
