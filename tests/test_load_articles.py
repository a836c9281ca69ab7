"""Articles: front matter and text per language, errors reported in the right file, nothing lost silently."""

import codecs
from pathlib import Path

import pytest
from haopin.load.articles import head_of, merge, parse_name, split
from haopin.load.folder import read
from haopin.model.news import News
from haopin.problem import Problem
from haopin.text import fullwidth
from living import LIVING, copy_living
from support import errors_of

ZH, EN = "news/2030-01-15-fair.zh.md", "news/2030-01-15-fair.en.md"
CHINESE, ENGLISH = LIVING[ZH], LIVING[EN]
HEAD_MISSING = (
    "文件开头应有一行“---”\uff0c接着是“字段: 值”\uff0c再一行“---”\uff0c下面是正文 / "
    "the file must begin with a line “---”, then fields “name: value”, another line “---”, and the text below"
)


def news_of(data: Path) -> News:
    dataset = read(data)
    assert dataset.problems == []
    (news,) = [entry.record for entry in dataset.entries if isinstance(entry.record, News)]
    return news


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2030-fair.zh.md", ("2030-fair", "zh")),
        ("2030-fair.en.md", ("2030-fair", "en")),
        ("a.b.zh.md", ("a.b", "zh")),
        ("2030-fair.md", None),
        ("2030-fair.cn.md", None),
        ("2030-fair.ZH.md", None),
        ("2030-fair.zh.MD", None),
        ("2030-fair.zh.markdown", None),
        (".zh.md", None),
        ("x.zh.md\n", None),
    ],
)
def test_name(name: str, found: tuple[str, str] | None) -> None:
    assert parse_name(name) == found


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("---\na: b\n---\n甲\n", "\na: b\n", "甲"),
        ("---  \na: b\n---\t\n\n\n甲\n\n乙\n\n", "\na: b\n", "甲\n\n乙"),
        ("---\n---\n甲", "\n", "甲"),
        ("---\na: b\n---", "\na: b\n", ""),
        # Only the first line of its kind ends the head; dashes in a text or a value do not.
        ("---\na: b---c\n ---\n---\n甲\n---\n乙\n", "\na: b---c\n ---\n", "甲\n---\n乙"),
    ],
)
def test_split(text: str, head: str, body: str) -> None:
    assert split(text, "x") == (head, body)
    assert head_of(text) == head


@pytest.mark.parametrize(
    "text", ["", "甲\n", "a: b\n---\n甲\n", "---\na: b\n甲\n", "--\na: b\n--\n", "\n---\na: b\n---\n"]
)
def test_text_without_head(text: str) -> None:
    found = split(text, "x")
    assert isinstance(found, Problem)
    assert found.place.mark == (1, 1)
    assert head_of(text) == ""


def test_merge() -> None:
    parts = {"en": ({"title": "A", "date": "b"}, "B"), "zh": ({"title": "甲", "date": "a"}, "乙")}
    assert merge(parts, "x") == {
        "id": "x",
        "date": "a",
        "title": {"en": "A", "zh": "甲"},
        "text": {"en": "B", "zh": "乙"},
    }
    assert merge({"en": ({}, "")}, "x") == {"id": "x"}


def test_article_in_both_languages(tmp_path: Path) -> None:
    news = news_of(copy_living(tmp_path))
    assert (news.id, news.kind, news.date.isoformat()) == ("2030-01-15-fair", "news", "2030-01-15")
    assert (news.title.zh, news.title.en) == ("展会开幕", "The fair opens")
    assert (news.text.zh, news.text.en) == ("展会开幕了。\n\n- 甲乙果品厂参展。", "The fair is open.")


def test_article_in_chinese_only(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / EN).unlink()
    news = news_of(data)
    assert (news.title.en, news.text.en) == (None, None)


def test_article_in_english_only(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {EN: CHINESE.replace("展会开幕", "The fair")})
    (data / ZH).unlink()
    news = news_of(data)
    assert (news.title.zh, news.title.en) == (None, "The fair")
    assert errors_of(data) == []


@pytest.mark.parametrize(
    "english",
    [
        # A title only; a text only; a field said again as in the Chinese file.
        "---\ntitle: The fair opens\n---\n",
        "---\n---\nThe fair is open.\n",
        "---\ndate: 2030-01-15\nid: 2030-01-15-fair\ntitle: The fair opens\n---\nThe fair is open.\n",
    ],
)
def test_second_file_may_say_less_or_the_same(english: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path, {EN: english})
    assert errors_of(data) == []


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + CHINESE.encode(),
        CHINESE.replace("\n", "\r\n").encode(),
        CHINESE.replace("\n", "\r").encode(),
        CHINESE.rstrip().encode(),
        CHINESE.replace("---\n", "---  \n").encode(),
        CHINESE.replace("title:", "# 标题\ntitle:").encode(),
    ],
)
def test_file_is_accepted(raw: bytes, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    whole = news_of(data)
    (data / ZH).write_bytes(raw)
    assert news_of(data) == whole


@pytest.mark.parametrize(
    ("file", "text", "lines"),
    [
        (ZH, "展会开幕了。\n", [f"data/{ZH}:1:1: {HEAD_MISSING}"]),
        (EN, "The fair\n", [f"data/{EN}:1:1: {HEAD_MISSING}"]),
        (ZH, "", [f"data/{ZH}:1:1: {HEAD_MISSING}"]),
        (ZH, CHINESE.replace("source: 县质量局\n", "source: 县质量局\n\tbody: quality\n"), None),
        (
            EN,
            "---\n\ttitle: The fair\n---\nOpen.\n",
            [
                f"data/{EN}:2:1: 缩进里有制表符\uff08Tab\uff09\uff0c请改用空格 / "
                "a tab in the indentation; use spaces instead"
            ],
        ),
        (
            ZH,
            CHINESE.replace("title: ", "title\uff1a"),
            [
                f"data/{ZH}:3:6: 字段名后用了全角冒号\uff0c请改为半角冒号加空格“: ” / "
                "a full-width colon after the field name; type an ASCII colon and a space"
            ],
        ),
        (
            ZH,
            CHINESE.replace("date: 2030-01-15\ntitle", "date: 1月15日\ntitle"),
            [
                f"data/{ZH}:2:7: “1月15日”不是日期\uff0c请写成 2023-06-27 的样子 / "
                "“1月15日” is not a date; write it like 2023-06-27"
            ],
        ),
        (
            ZH,
            CHINESE.replace("source: 县质量局\n", ""),
            [f"data/{ZH}:2:1: 缺少字段“source”\uff0c请补上 / the field “source” is missing; add it"],
        ),
        (
            ZH,
            CHINESE.replace("source:", "sorce:"),
            [
                f"data/{ZH}:2:1: 缺少字段“source”\uff0c请补上 / the field “source” is missing; add it",
                f"data/{ZH}:5:1: 没有“sorce”这个字段\uff0c请删除或改正\uff1b是否想写“source”\uff1f / "
                "there is no field “sorce”; delete or correct it; did you mean “source”?",
            ],
        ),
        (
            EN,
            '---\ntitle: ""\n---\nOpen.\n',
            [f"data/{EN}:2:8: “en”不能为空 / “en” must not be empty"],
        ),
        (
            EN,
            "---\ntitle: {zh: 展会, en: The fair}\n---\nOpen.\n",
            [
                f"data/{EN}:2:8: 标题只写这个文件的语言\uff0c写成一行文字 / "
                "write the title in the language of this file only, as one line of text"
            ],
        ),
        (
            EN,
            "---\ntitle: The fair\ntext: Open.\n---\n",
            [
                f"data/{EN}:3:1: 正文不写在文件头里\uff0c请移到第二行“---”下面 / "
                "the text does not belong in the head; move it below the second line “---”"
            ],
        ),
        (
            EN,
            "---\ntitle: The fair\ndate: 2030-01-16\n---\nOpen.\n",
            [
                f"data/{EN}:3:1: “date”与“{ZH}”里的不一致\uff1b这一项只写在那个文件里\uff0c请删去这里的 / "
                f"“date” differs from “{ZH}”; it belongs in that file only, so delete it here"
            ],
        ),
        (
            EN,
            "---\ntitle: The fair\nexpires: 2030-03-01\n---\nOpen.\n",
            [
                f"data/{EN}:3:1: “expires”与“{ZH}”里的不一致\uff1b这一项只写在那个文件里\uff0c请删去这里的 / "
                f"“expires” differs from “{ZH}”; it belongs in that file only, so delete it here"
            ],
        ),
        (
            EN,
            "---\ntitel: The fair\n---\nOpen.\n",
            [
                f"data/{EN}:2:1: 没有“titel”这个字段\uff0c请删除或改正\uff1b是否想写“title”\uff1f / "
                "there is no field “titel”; delete or correct it; did you mean “title”?"
            ],
        ),
        (
            EN,
            "---\n- title\n---\nOpen.\n",
            [f"data/{EN}:2:1: 文件头应为若干“字段: 值” / the head must consist of fields, each “name: value”"],
        ),
        (
            ZH,
            CHINESE.replace("body:", "id: fair\nbody:"),
            [
                f"data/{ZH}:4:5: 编号“fair”与文件名“2030-01-15-fair.zh.md”不一致\uff0c请改为一致 / "
                "the id “fair” differs from the file name “2030-01-15-fair.zh.md”; make them the same"
            ],
        ),
        (
            ZH,
            CHINESE.replace("参展。", "\x07参展。"),
            [
                f"data/{ZH}:10:8: 含有不可见的控制字符\uff08U+0007\uff09\uff0c请删除 / "
                "contains the control character U+0007; delete it"
            ],
        ),
        (
            ZH,
            CHINESE.replace("展会开幕\n", "展会\x00开幕\n"),
            [
                f"data/{ZH}:3:10: 含有不可见的控制字符\uff08U+0000\uff09\uff0c请删除 / "
                "contains the control character U+0000; delete it"
            ],
        ),
        (
            "news/五一.zh.md",
            CHINESE,
            [
                "data/news/五一.zh.md:2:1: “五一”不合“id”的格式\uff1b编号只用小写英文字母、数字和连字符 / "
                "“五一” does not fit “id”; ids use lower-case letters, digits and hyphens only"
            ],
        ),
        (
            "news/2030_01_16.zh.md",
            CHINESE,
            [
                "data/news/2030_01_16.zh.md:2:1: “2030_01_16”不合“id”的格式\uff1b编号只用小写英文字母、数字和连字符 / "
                "“2030_01_16” does not fit “id”; ids use lower-case letters, digits and hyphens only"
            ],
        ),
    ],
)
def test_bad_article_is_reported_to_the_letter(file: str, text: str, lines: list[str] | None, tmp_path: Path) -> None:
    data = copy_living(tmp_path, {file: text})
    found = errors_of(data)
    if lines is None:
        (line,) = found
        assert line.startswith(f"data/{ZH}:6:1: 缩进里有制表符")
    else:
        assert found == lines


def test_article_without_text(tmp_path: Path) -> None:
    head = CHINESE.partition("---\n展会")[0] + "---\n"
    data = copy_living(tmp_path, {ZH: head, EN: "---\ntitle: The fair opens\n---\n\n"})
    assert errors_of(data) == [
        f"data/{ZH}:7:1: 正文是空的\uff0c请写在第二行“---”下面 / "
        "the text is empty; write it below the second line “---”"
    ]


def test_article_without_title(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {ZH: CHINESE.replace("title: 展会开幕\n", ""), EN: "---\n---\nOpen.\n"})
    assert errors_of(data) == [f"data/{ZH}:2:1: 缺少字段“title”\uff0c请补上 / the field “title” is missing; add it"]


def test_id_of_an_article_in_english_only(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {EN: CHINESE.replace("body:", "id: fair\nbody:")})
    (data / ZH).unlink()
    (line,) = errors_of(data)
    assert line.startswith(f"data/{EN}:4:5: ")
    assert line.endswith("differs from the file name “2030-01-15-fair.en.md”; make them the same")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("2030-02-01-fair.cn.md", "2030-02-01-fair.zh.md"),
        ("2030-02-01-fair.md", "2030-02-01-fair.zh.md"),
        ("2030-02-01-fair.ZH.md", "2030-02-01-fair.zh.md"),
        ("2030-02-01-fair.zh.md.txt", "2030-02-01-fair.zh.md"),
    ],
)
def test_wrong_language_in_the_name(name: str, meant: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path, {f"news/{name}": CHINESE})
    (line,) = errors_of(data)
    assert line == (
        f"data/news/{name}:1:1: 此处不应有文件“news/{name}”\uff1b是否应为“news/{meant}”\uff1f"
        f" / no file “news/{name}” belongs here; should it be “news/{meant}”?"
    )


def test_guess_stays_among_the_samples(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {"samples/news/a.cn.md": CHINESE})
    (line,) = errors_of(data)
    assert fullwidth("是否应为“") + "samples/news/a.zh.md” " not in line
    assert "should it be “samples/news/a.zh.md”?" in line


def test_problems_of_both_files_come_at_once(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {ZH: CHINESE.replace("title: ", "title:"), EN: "---\n\ttitle: The fair\n---\nOpen.\n"})
    assert [line.split(": ")[0] for line in errors_of(data)] == [f"data/{EN}:2:1", f"data/{ZH}:3:6"]


def test_file_in_gbk(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / ZH).write_bytes(CHINESE.encode("gbk"))
    assert errors_of(data) == [
        f"data/{ZH}:3:1: 文件像是 GBK\uff08ANSI\uff09编码\uff0c请在编辑器中另存为“UTF-8”编码 / "
        "the file looks like GBK (ANSI); save it again with the encoding UTF-8"
    ]
