"""The desk in a folder without a site: what is read, what is asked, and that nothing is overwritten."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from desk import ORIGIN, PORT, SECRET, words
from haopin.desk.app import Entrance
from haopin.desk.desk import LANGUAGE
from haopin.desk.security import TOKEN
from starlette.testclient import TestClient
from support import errors_of, files_of
from test_start_notice import HEAD, TASKS

SLOGAN = "一、质量精神口号\n果红人诚。\n"
NOTICE = (HEAD + SLOGAN + TASKS.strip()).encode()
ANSWERS = {"do": "create", "place": "甲乙县", "kind": "county", "word": "", "region": "", "english": "1"}


class Beginner:
    """A clerk at the desk of a folder without a site."""

    def __init__(self, folder: Path, language: str = "zh") -> None:
        self.entrance = Entrance(folder / "mkdocs.yml", SECRET, PORT)
        self.client = TestClient(self.entrance, base_url=ORIGIN, headers={"Origin": ORIGIN})
        self.client.cookies.set(LANGUAGE, language)
        assert self.client.get(f"/?{TOKEN}={SECRET}").status_code == 200

    @property
    def page(self) -> str:
        """The first page."""
        answer = self.client.get("/")
        assert answer.status_code == 200
        return answer.text

    def send(self, values: Mapping[str, Any], status: int = 303, **more: Any) -> str:
        """Send a form; return the answer."""
        answer = self.client.post("/", data=dict(values), follow_redirects=False, **more)
        assert answer.status_code == status, words(answer.text)
        return answer.text

    def read(self, name: str, content: bytes, status: int = 303) -> str:
        """Send the file of a notice."""
        return self.send({"do": "read"}, status, files={"notice": (name, content)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    place = tmp_path / "沂 new"
    place.mkdir()
    return place


@pytest.fixture
def beginner(folder: Path) -> Iterator[Beginner]:
    found = Beginner(folder)
    yield found
    found.entrance.close()


def said(page: str, name: str) -> str:
    """Return what is said beside a field."""
    return "".join(re.findall(rf'(?s)id="{name}-said">(.*?)</div>', page))


def site(folder: Path) -> Any:
    return yaml.safe_load((folder / "data/site.yml").read_text("utf-8"))


def test_from_a_notice_to_the_overview(beginner: Beginner, folder: Path) -> None:
    assert "还没有网站" in beginner.page
    beginner.read(r"C:\桌面\通知 (1).txt", NOTICE)
    page = beginner.page
    assert "通知 (1).txt" in page and "桌面" not in page and 'value="甲乙县"' in page
    assert "甲政发〔2030〕4号" in page and "建设检测站" in page and "拿不准的" in page
    assert files_of(folder) == {}
    beginner.send({**ANSWERS, "region": "丙市"})
    assert errors_of(folder / "data") == []
    assert (site(folder)["place"], site(folder)["region"]) == ({"zh": "甲乙县"}, {"zh": "丙市"})
    assert {"mkdocs.yml", "mkdocs.en.yml", "start-report.md"} <= {path.name for path in folder.iterdir()}
    assert "今天要办的" in beginner.page and beginner.client.get("/records/task").status_code == 200
    before = files_of(folder)
    # A second form of the same page, sent late, overwrites nothing.
    assert beginner.client.post("/", data=ANSWERS).status_code in (404, 405)
    assert files_of(folder) == before


@pytest.mark.parametrize("english", [True, False])
def test_without_a_notice_in_one_language_or_two(english: bool, beginner: Beginner, folder: Path) -> None:
    beginner.send({**ANSWERS, "kind": "other", "word": "旗", "place": "甲旗", "english": "1" if english else ""})
    assert errors_of(folder / "data") == []
    assert (site(folder)["place"], site(folder)["place_word"]) == ({"zh": "甲旗"}, {"zh": "旗"})
    assert (folder / "mkdocs.en.yml").exists() == (folder / "docs/en").exists() == english
    desk = beginner.entrance.desk
    assert desk is not None
    assert [edition.language for edition in desk.settings.editions] == (["zh", "en"] if english else ["zh"])


@pytest.mark.parametrize(
    ("name", "content", "zh", "en"),
    [
        ("", b"", "请先选通知的文件", "choose the file"),
        ("a.doc", b"x", "只能读 docx", "only docx"),
        ("a.docx", b"not a docx at all", "文件已损坏", "damaged"),
        ("a.txt", b"", "文件是空的", "is empty"),
        ("../../a.ofd", b"x", "a.ofd: 只能读", "only docx"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_at_its_field(
    name: str, content: bytes, zh: str, en: str, folder: Path
) -> None:
    for language, expected in (("zh", zh), ("en", en)):
        page = Beginner(folder, language).read(name, content, 422)
        assert expected in said(page, "notice"), words(page)
    assert files_of(folder) == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"place": " "}, "place"),
        ({"place": "长" * 31}, "place"),
        ({"kind": "nothing"}, "kind"),
        ({"kind": "other"}, "word"),
        ({"region": "长" * 31}, "region"),
    ],
)
def test_an_answer_that_is_wrong_is_explained_at_its_field(
    changed: Mapping[str, str], field: str, beginner: Beginner, folder: Path
) -> None:
    page = beginner.send({**ANSWERS, **changed}, 422)
    assert "wrong" in said(page, field) and files_of(folder) == {}


def test_beside_other_files_a_new_folder_is_made(beginner: Beginner, folder: Path) -> None:
    (folder / "taken").mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    assert 'name="name"' in beginner.page
    for name in ("taken", "..", "a/b", "a\\b", "", ".git", "C:", "a."):
        assert "wrong" in said(beginner.send({**ANSWERS, "name": name}, 422), "name"), name
    assert files_of(folder) == {"notes.txt": b"mine"}
    beginner.send({**ANSWERS, "name": "县 site"})
    assert errors_of(folder / "县 site/data") == [] and (folder / "notes.txt").read_text("utf-8") == "mine"
    assert "今天要办的" in beginner.page


def test_another_notice_can_be_chosen(beginner: Beginner) -> None:
    beginner.read("a.txt", NOTICE)
    beginner.send({"do": "forget"})
    assert "读一读" in beginner.page


def test_the_start_is_guarded_like_the_desk(beginner: Beginner) -> None:
    assert TestClient(beginner.entrance, base_url=ORIGIN).get("/").status_code == 401
    assert beginner.client.post("/", data=ANSWERS, headers={"Origin": "http://other.example"}).status_code == 403
    assert beginner.client.get("/", headers={"Host": "other.example"}).status_code == 421
    assert beginner.client.get("/records").status_code == 404
