"""Translation at the desk: what is listed, what is offered, what saving writes, and what is marked as current."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from desk import Visitor, words
from haopin.load import translations
from haopin.load.folder import read
from haopin.office.translations import compared, terms_in
from living import add_living
from office_commands import data_of, office_command
from support import copy_county, edit, git

NEWS = "data/news/2030-01-15-fair.zh.md"
PAGE = "/translation/news/2030-01-15-fair"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A county whose English is recorded, in a repository."""
    folder = copy_county(tmp_path / "沂 county")
    add_living(folder / "data")
    office_command(folder, "translated", "--new", day=None)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "begun")
    return folder


@pytest.fixture
def clerk(project: Path) -> Iterator[Visitor]:
    visitor = Visitor(project)
    yield visitor
    visitor.desk.close()


def fields(page: str) -> dict[str, str]:
    """Return the inputs of the page of a record."""
    found = {"base": re.findall(r'name="base" value="(\w+)"', page)[0]}
    for name, text in re.findall(r'(?s)<textarea id="[^"]*" name="([^"]*)"[^>]*>(.*?)</textarea>', page):
        found[unescape(name)] = unescape(text)
    return found


def stale(project: Path) -> list[str]:
    return [str(key) for key in translations.stale(read(project / "data"))]


def test_the_list_has_old_and_missing_english_in_both_languages(clerk: Visitor, project: Path) -> None:
    before = words(clerk.get("/translation"))
    missing = int(re.findall(r"没有英文 (\d+)", before)[0])
    assert "英文比中文旧 0" in before
    edit(project / NEWS, "title: 展会开幕", "title: 展会闭幕")
    edit(project / "data/violations.yml", "{zh: 东山果脯厂, en: Dongshan Works}", "{zh: 东山果脯厂}")
    page = words(clerk.get("/translation"))
    assert "英文比中文旧 1" in page and f"没有英文 {missing + 1}" in page and "The fair opens" in page
    assert "东山果脯厂" in words(clerk.get("/translation?standing=missing"))
    english = Visitor(project, language="en")
    assert "English is older 1" in words(english.get("/translation"))
    english.desk.close()


@pytest.mark.parametrize("where", ["git", "history", "nowhere"])
def test_what_changed_since_the_translation_is_marked(where: str, clerk: Visitor, project: Path) -> None:
    if where == "history":
        clerk.fill("/records/news/2030-01-15-fair", {"title.zh": "展会闭幕"})
        clerk.fill("/records/news/2030-01-15-fair", {"title.zh": "展会延期闭幕"})
    else:
        edit(project / NEWS, "title: 展会开幕", "title: 展会延期闭幕")
    if where == "nowhere":
        (project / ".git").rename(project.parent / "gone")
    page = clerk.get(PAGE)
    if where == "nowhere":
        assert "不知道译的时候中文是怎样的" in page and "<del>" not in page
    else:
        assert "展会<del>开</del><ins>延期闭</ins>幕" in page


def test_saving_writes_the_english_and_records_it_as_current(clerk: Visitor, project: Path) -> None:
    edit(project / NEWS, "title: 展会开幕", "title: 展会闭幕")
    before = data_of(project)
    sent = fields(clerk.get(PAGE))
    assert sent["en.title"] == "The fair opens"
    clerk.post(PAGE, {**sent, "en.title": "The fair closes"})
    assert stale(project) == []
    after = data_of(project)
    changed = {file for file in after if before.get(file) != after[file]}
    assert changed == {"news/2030-01-15-fair.en.md", "news/2030-01-15-fair.zh.md", "translations.json"}
    assert "title: The fair closes" in after["news/2030-01-15-fair.en.md"].decode()
    assert "English" not in words(clerk.get("/history")) and "英文" in words(clerk.get("/history"))


def test_a_checked_translation_stays_and_others_stay_old(clerk: Visitor, project: Path) -> None:
    edit(project / NEWS, "title: 展会开幕", "title: 展会开幕了")
    edit(project / "data/violations.yml", "{zh: 东山果脯厂,", "{zh: 东山果脯一厂,")
    clerk.post(PAGE, {**fields(clerk.get(PAGE)), "current": "title"})
    assert stale(project) == ["violation/v1:party"]
    clerk.post(PAGE, fields(clerk.get(PAGE + "?every=1")))
    assert stale(project) == ["violation/v1:party"]


def test_texts_are_marked_one_by_one_and_together_from_the_list(clerk: Visitor, project: Path) -> None:
    edit(project / NEWS, "title: 展会开幕", "title: 展会开幕了")
    edit(project / "data/violations.yml", "{zh: 东山果脯厂,", "{zh: 东山果脯一厂,")
    page = clerk.get("/translation")
    seen = dict(re.findall(r'name="(zh\.[^"]+)" value="(\w+)"', page))
    # What changed while the page was open is not marked.
    edit(project / NEWS, "title: 展会开幕了", "title: 展会又开幕了")
    answer = clerk.post("/translation", {**seen, "key": [key.removeprefix("zh.") for key in seen]})
    assert "marked=1" in unquote(answer.headers["location"])
    assert stale(project) == ["news/2030-01-15-fair:title"]
    seen = dict(re.findall(r'name="(zh\.[^"]+)" value="(\w+)"', clerk.get("/translation")))
    clerk.post("/translation", {**seen, "key": "news/2030-01-15-fair:title"})
    assert stale(project) == []


def test_english_never_recorded_is_recorded_at_once(clerk: Visitor, project: Path) -> None:
    (project / "data/translations.json").write_text("{}\n", "utf-8")
    assert "核对过了" in clerk.get("/translation?standing=unrecorded")
    clerk.post("/translation", {"standing": "unrecorded", "every": "1"})
    assert len(json.loads((project / "data/translations.json").read_text("utf-8"))) > 40


def test_a_record_changed_meanwhile_is_not_overwritten(clerk: Visitor, project: Path) -> None:
    edit(project / NEWS, "title: 展会开幕", "title: 展会闭幕")
    sent = fields(clerk.get(PAGE))
    edit(project / NEWS, "title: 展会闭幕", "title: 展会延期")
    before = data_of(project)
    page = clerk.post(PAGE, {**sent, "en.title": "The fair closes"}, 409).text
    assert "改动了" in page and "The fair closes" in page and data_of(project) == before


def test_a_mistake_is_shown_at_its_text_and_nothing_is_written(clerk: Visitor, project: Path) -> None:
    before = data_of(project)
    page = "/translation/violation/v1"
    answer = clerk.post(page, {**fields(clerk.get(page + "?every=1")), "en.party": "东山 Works\u200b"}, 422).text
    assert data_of(project) == before
    wrong = re.search(r'(?s)id="en.party-said">(.*?)</div>', answer)
    assert wrong is not None and "wrong" in wrong[1] and "东山 Works" in answer


def test_terms_and_other_translations_are_offered(clerk: Visitor, project: Path) -> None:
    glossary = project / "data/glossary.yml"
    text = glossary.read_text("utf-8") if glossary.exists() else ""
    glossary.write_text(text + "- id: fair-t\n  term: {zh: 展会, en: trade fair}\n  kind: term\n", "utf-8")
    edit(project / "data/violations.yml", "{zh: 东山果脯厂, en: Dongshan Works}", "{zh: 展会开幕}")
    page = clerk.get("/translation/violation/v1")
    assert 'data-offer="en.party">trade fair' in page
    assert 'data-offer="en.party" data-whole>The fair opens' in page
    assert PAGE in page


def test_a_term_within_a_longer_one_is_not_offered(project: Path) -> None:
    from haopin.model.provision import Term

    made = [
        Term.model_validate({"id": name, "term": {"zh": zh, "en": name}, "kind": "term"})
        for name, zh in (("quality", "质量"), ("month", "质量月"), ("absent", "计量"))
    ]
    assert [term.id for term in terms_in("质量月里看质量", made)] == ["month", "quality"]
    assert [term.id for term in terms_in("质量月", made)] == ["month"]


def test_a_comparison_is_whole() -> None:
    pieces = compared("甲乙丙", "甲丁丙戊")
    assert pieces == [("same", "甲"), ("gone", "乙"), ("added", "丁"), ("same", "丙"), ("added", "戊")]
