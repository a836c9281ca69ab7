"""A county without English: a site in Chinese alone, and one that gains its English record by record."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
import yaml
from office_commands import office_command
from support import AS_OF, BuiltSite, build, copy_full_county, edit, errors_of, run

ONLY_CHINESE = """\
extra:
  haopin:
    editions:
      - {language: zh, path: "", config: mkdocs.yml, docs: docs/zh}
"""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def without_english(value: Any) -> Any:
    """Return a piece of a data file without its English: a text in both languages becomes a line of Chinese."""
    if isinstance(value, dict):
        if "zh" in value and set(value) <= {"zh", "en"}:
            return value["zh"]
        return {name: without_english(v) for name, v in value.items() if name != "en" and not name.endswith("_en")}
    return [without_english(item) for item in value] if isinstance(value, list) else value


def chinese_county(target: Path, *, alone: bool) -> Path:
    """Copy the county with records of every kind, without any English.

    Args:
        target: The new folder.
        alone: Whether the site is in Chinese only; otherwise it has English pages that wait for their texts.
    """
    project = copy_full_county(target)
    for file in (project / "data").rglob("*.yml"):
        value = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
        file.write_text(yaml.dump(without_english(value), allow_unicode=True, sort_keys=False), encoding="utf-8")
    for file in (project / "data").rglob("*.en.md"):
        file.unlink()
    for file in (project / "data").rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        kept = [index for index, name in enumerate(rows[0]) if not name.endswith("_en")]
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([[row[index] for index in kept] for row in rows])
        file.write_text(written.getvalue(), encoding="utf-8")
    if alone:
        with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
            config.write(ONLY_CHINESE)
        (project / "mkdocs.en.yml").unlink()
        shutil.rmtree(project / "docs/en")
    return project


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The county with a site in Chinese only."""
    project = chinese_county(tmp_path_factory.mktemp("alone"), alone=True)
    return BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The county with English pages, of which no text is translated yet."""
    project = chinese_county(tmp_path_factory.mktemp("waiting"), alone=False)
    return BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")


def test_data_without_english_has_no_error(tmp_path: Path) -> None:
    assert errors_of(chinese_county(tmp_path / "county", alone=False) / "data") == []


@pytest.mark.sweep
def test_chinese_alone_names_no_other_language(alone: BuiltSite) -> None:
    assert alone.broken_links == []
    assert len(alone.pages) > 60
    assert not (alone.folder / "en").exists()
    wrong = [
        name
        for name in sorted(alone.files)
        if name.endswith((".html", ".xml", ".json", ".txt", ".ics", ".webmanifest"))
        and any(sign in (alone.folder / name).read_text("utf-8") for sign in ("hreflang", "/en/", "hp-language"))
    ]
    assert wrong == []


def test_chinese_alone_is_exported_in_chinese(alone: BuiltSite) -> None:
    record = json.loads((alone.folder / "api/v1/task/01.json").read_text("utf-8"))["item"]
    assert list(record["pages"]) == ["zh"]
    assert record["record"]["title"]["zh"] and record["record"]["title"]["en"] is None
    head = (alone.folder / "downloads/task.csv").read_text("utf-8-sig").partition("\n")[0].split(",")
    assert "page" in head and "page_en" not in head
    robots = (alone.folder / "robots.txt").read_text("utf-8")
    assert robots.count("Sitemap:") == 1
    catalog = json.loads((alone.folder / "data/catalog.jsonld").read_text("utf-8"))
    assert catalog["dct:language"] == ["zh-Hans"]


@pytest.mark.sweep
def test_chinese_alone_is_released(alone: BuiltSite, tmp_path: Path) -> None:
    project = tmp_path / "county"
    shutil.copytree(alone.data.parent, project, ignore=shutil.ignore_patterns("site", ".cache"))
    edit(project / "data/site.yml", "https://quality.example/", "https://quality.test/")
    told = run("-m", "haopin", "release", "-f", project / "mkdocs.yml", "--to", tmp_path / "public", "--as-of", AS_OF)
    assert told.returncode == 0, told.stdout + told.stderr
    assert (tmp_path / "public/current/tasks/01/index.html").exists()


def test_english_pages_mark_what_is_not_translated(waiting: BuiltSite) -> None:
    """All Chinese on an English page stands in an element that says so, and the page says so at its top."""
    assert waiting.broken_links == []
    tasks = waiting.pages["en/tasks/01/"]
    assert tasks.all(cls="hp-notice--untranslated")
    assert [e for e in tasks.all("h1") for e in e.iter() if e.get("lang") == "zh-Hans"]
    wrong = [
        (page.address, words[:60])
        for page in waiting.edition("en").values()
        for words in _unmarked_chinese(page.source)
        if not page.address.endswith("search/")
    ]
    assert not wrong, wrong


def _unmarked_chinese(source: str) -> Iterator[str]:
    """Yield the Chinese text of a page's body that stands in no element with a Chinese ``lang``."""

    def walk(element: Any, chinese: bool) -> Iterator[str]:
        name = element.tag if isinstance(element.tag, str) else ""
        # Words in a drawing are read as its label; code is copied, not read.
        if name.rpartition("}")[2] in ("script", "style", "template", "svg", "code", "pre"):
            return
        chinese = (element.get("lang") or ("zh" if chinese else "")).startswith("zh")
        if not chinese and element.text and _CHINESE.search(element.text):
            yield f"<{name} class={element.get('class')}> {element.text.strip()}"
        for child in element:
            yield from walk(child, chinese)
            if not chinese and child.tail and _CHINESE.search(child.tail):
                yield f"<{name} class={element.get('class')}> {child.tail.strip()}"

    body = html5lib.parse(source, namespaceHTMLElements=False).find("body")
    yield from walk(body, False)


def test_no_mark_stands_within_an_attribute(waiting: BuiltSite, alone: BuiltSite) -> None:
    for site in (waiting, alone):
        wrong = [
            page.name
            for page in (*site.html.values(), *site.cards.values())
            if re.search(r'="[^"<>]*<span|&lt;span|None', page.source)
        ]
        assert wrong == []


@pytest.mark.sweep
def test_pages_without_english_are_valid(
    node: Callable[[str, bytes], Any], waiting: BuiltSite, alone: BuiltSite
) -> None:
    found = node("validate.mjs", f"{waiting.folder}\n{alone.folder}".encode())
    assert not found["messages"], found["messages"]


def test_status_asks_for_english_only_where_there_are_english_pages(tmp_path: Path) -> None:
    for alone in (False, True):
        told = office_command(chinese_county(tmp_path / str(alone), alone=alone), "status")
        assert ("没有英文\uff1a" in told.output) is not alone
