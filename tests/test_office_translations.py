"""Which English is older than its Chinese: recorded, listed, and forgotten with the text."""

import json
from pathlib import Path

import pytest
from haopin.load import translations
from haopin.load.folder import read
from living import add_living
from office_commands import CommandResult, data_of, office_command
from support import copy_county, edit, edit_all, errors_of

Marks = dict[str, str]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A small county with a record of each published kind."""
    project = copy_county(tmp_path / "county")
    add_living(project / "data")
    return project


def translated(project: Path, *arguments: str) -> CommandResult:
    return office_command(project, "translated", *arguments, day=None)


def marks_of(project: Path) -> Marks:
    found: Marks = json.loads((project / "data/translations.json").read_text(encoding="utf-8"))
    return found


def both(project: Path) -> list[str]:
    """Keys of the texts that have both languages."""
    return [str(text.key) for text in translations.texts(read(project / "data")) if text.en is not None]


def test_nothing_recorded_is_reported(county: Path) -> None:
    count = len(both(county))
    assert count > 40
    assert translated(county).lines == [
        "英文比中文旧\uff1a0",
        f"从未登记\uff1a{count}\uff08用 haopin translated --new 登记\uff09",
    ]
    assert not (county / "data/translations.json").exists()


def test_new_records_every_text_with_both_languages(county: Path) -> None:
    told = translated(county, "--new")
    count = len(both(county))
    assert (told.code, told.lines) == (0, [f"登记了 {count} 处\uff0c删去已不存在的 0 处"])
    assert sorted(marks_of(county)) == sorted(both(county))
    assert not errors_of(county / "data")
    text = (county / "data/translations.json").read_text(encoding="utf-8")
    assert text.count("\n") == count + 2
    assert translated(county).lines == ["英文比中文旧\uff1a0", "从未登记\uff1a0"]
    assert translated(county, "--new").lines == ["登记了 0 处\uff0c删去已不存在的 0 处"]
    assert (county / "data/translations.json").read_text(encoding="utf-8") == text


def test_changed_chinese_is_listed_until_it_is_recorded(county: Path) -> None:
    translated(county, "--new")
    edit(county / "data/news/2030-01-15-fair.zh.md", "title: 展会开幕", "title: 展会闭幕")
    edit(county / "data/violations.yml", "{zh: 东山果脯厂,", "{zh: 东山果脯一厂,")
    assert translated(county).lines == [
        "英文比中文旧\uff1a2",
        "",
        "news/2030-01-15-fair:title",
        "  data/news/2030-01-15-fair.en.md:2",
        "  中文\uff1a展会闭幕",
        "  英文\uff1aThe fair opens",
        "",
        "violation/v1:party",
        "  data/violations.yml:3",
        "  中文\uff1a东山果脯一厂",
        "  英文\uff1aDongshan Works",
        "从未登记\uff1a0",
        "改好英文后运行\uff1ahaopin translated 类别/编号[:字段]",
    ]
    # Recording what is new does not hide what is old.
    assert translated(county, "--new").lines == ["登记了 0 处\uff0c删去已不存在的 0 处"]
    assert translated(county, "--language", "en", "news/2030-01-15-fair:title").lines == [
        "recorded: 1; dropped, since the text is gone: 0"
    ]
    assert translated(county).lines[0] == "英文比中文旧\uff1a1"
    assert translated(county, "violation/v1").lines == ["登记了 1 处\uff0c删去已不存在的 0 处"]
    assert translated(county).lines[0] == "英文比中文旧\uff1a0"


def test_english_says_where(county: Path) -> None:
    translated(county, "--all")
    edit_all(county / "data/bodies.yml", "县质量局", "县质监局")
    assert translated(county, "--language", "en").lines[:6] == [
        "English older than its Chinese: 1",
        "",
        "body/quality:name",
        "  data/bodies.yml:2",
        "  Chinese: 县质监局",
        "  English: County Quality Bureau",
    ]


def test_all_records_what_is_old(county: Path) -> None:
    translated(county, "--new")
    before = marks_of(county)
    edit_all(county / "data/bodies.yml", "县质量局", "县质监局")
    assert translated(county, "--all").lines == ["登记了 1 处\uff0c删去已不存在的 0 处"]
    after = marks_of(county)
    assert {key for key in after if after[key] != before[key]} == {"body/quality:name"}


def test_white_space_is_no_change(county: Path) -> None:
    translated(county, "--new")
    edit(county / "data/news/2030-01-15-fair.zh.md", "展会开幕了。", "  展会\n开幕了。 ")
    assert translated(county).lines[0] == "英文比中文旧\uff1a0"


def test_fingerprints_of_deleted_texts_are_dropped_and_those_of_deleted_english_kept(county: Path) -> None:
    translated(county, "--new")
    count = len(marks_of(county))
    (county / "data/awards.yml").unlink()
    edit(county / "data/violations.yml", "{zh: 东山果脯厂, en: Dongshan Works}", "东山果脯厂")
    assert translated(county, "--new").lines == ["登记了 0 处\uff0c删去已不存在的 1 处"]
    marks = marks_of(county)
    assert len(marks) == count - 1
    assert "award/a1:holder" not in marks and "violation/v1:party" in marks


def test_a_record_stands_for_all_its_texts(county: Path) -> None:
    assert translated(county, "task/01").code == 0
    marks = marks_of(county)
    assert marks and {key.partition(":")[0] for key in marks} == {"task/01"}
    assert "task/01:measures.check.title" in marks


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (
            "news/2030-01-15-fare",
            "news/2030-01-15-fare: 没有这条文字\uff1b是否想写“news/2030-01-15-fair”\uff1f / "
            "there is no such text; did you mean “news/2030-01-15-fair”?",
        ),
        (
            "news/2030-01-15-fair:titel",
            "news/2030-01-15-fair:titel: 没有这条文字\uff1b是否想写“news/2030-01-15-fair:title”\uff1f / "
            "there is no such text; did you mean “news/2030-01-15-fair:title”?",
        ),
        ("动态", "动态: 没有这条文字 / there is no such text"),
        ("recall/r1", "recall/r1: 还没有英文 / there is no English yet"),
        ("recall/r1:product", "recall/r1:product: 还没有英文 / there is no English yet"),
    ],
)
def test_wrong_key_is_explained_and_nothing_written(county: Path, key: str, line: str) -> None:
    before = data_of(county)
    told = translated(county, "body/quality", key)
    assert (told.code, told.lines) == (1, [line])
    assert data_of(county) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "data/translations.json:1:2: 不是完整的 JSON"),
        ("[]", "data/translations.json:1:1: 应为{…}"),
        ('{"a": 1}', "data/translations.json:1:2: “a”的指纹应为一段文字"),
    ],
)
def test_damaged_file_is_reported_with_position_and_fix(county: Path, text: str, words: str) -> None:
    file = county / "data/translations.json"
    file.write_text(text, encoding="utf-8")
    told = translated(county, "--new")
    assert told.code == 1 and told.lines[0].startswith(words), told.output
    assert file.read_text(encoding="utf-8") == text


def test_a_list_item_with_an_id_keeps_its_mark_when_it_moves(county: Path) -> None:
    translated(county, "--new")
    before = marks_of(county)
    assert "task/01:measures.publish.title" in before
    task = county / "data/tasks/01.yml"
    lines = task.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if "id: check" in line)
    moved = lines[:start] + lines[start + 3 : start + 6] + lines[start : start + 3] + lines[start + 6 :]
    task.write_text("\n".join(moved) + "\n", encoding="utf-8")
    assert not errors_of(county / "data")
    assert translated(county).lines == ["英文比中文旧\uff1a0", "从未登记\uff1a0"]
