"""Compiled templates are cached between runs, and cache failures are harmless; templates call functions as they are."""

import sys
from pathlib import Path

import pytest
from haopin.html.renderer import CompiledTemplates, environment
from jinja2 import Environment, FileSystemLoader
from support import ROOT


def kept(folder: Path) -> CompiledTemplates:
    cache = CompiledTemplates()
    cache.directory = str(folder)
    return cache


def rendered(templates: Path, cache: CompiledTemplates) -> str:
    return Environment(loader=FileSystemLoader(templates), bytecode_cache=cache).get_template("a.html").render()


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.html").write_text("one", encoding="utf-8")
    return folder


def test_a_template_is_compiled_once(templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = kept(tmp_path / "cache")
    assert rendered(templates, cache) == "one"
    with monkeypatch.context() as patch:
        patch.setattr(Environment, "_compile", None)
        assert rendered(templates, cache) == "one"
    (templates / "a.html").write_text("two", encoding="utf-8")
    assert rendered(templates, cache) == "two"
    # The new one takes the place of the old one.
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(b"spoiled")
    assert rendered(templates, cache) == "two"


def test_a_folder_that_cannot_be_made_costs_time_only(templates: Path) -> None:
    assert rendered(templates, kept(Path("/proc/none"))) == "one"


def test_pythons_option_is_respected(templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered(templates, kept(tmp_path / "cache")) == "one" and not (tmp_path / "cache").exists()


def test_no_function_of_the_templates_takes_their_context() -> None:
    # `PlainContext` would not give it to them.
    found = environment(ROOT / "hooks/haopin/templates")
    assert found.globals and not [name for name, each in found.globals.items() if hasattr(each, "jinja_pass_arg")]


def test_finished_html_is_not_escaped_and_all_else_is(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "{% macro b(x) %}<b>{{ x }}</b>{% endmacro %}{% macro i() %}<i>{{ caller() }}</i>{% endmacro %}"
        "{% for x in '&<' %}{{ b(x) }}{% call i() %}>{{ x }}{% endcall %}{% endfor %}{{ ['>'] }}",
        encoding="utf-8",
    )
    found = environment(tmp_path).get_template("a.html").render()
    assert found == "<b>&amp;</b><i>>&amp;</i><b>&lt;</b><i>>&lt;</i>[&#39;&gt;&#39;]"
