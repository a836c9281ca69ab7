"""Links and pictures in texts: checked where they stand, and words on days on which what they lead to is not public."""

from base64 import b64decode
from datetime import date
from pathlib import Path

import pytest
from haopin.cli.main import main
from living import LIVING, add_living
from support import HtmlPage, build, copy_county, run, words

DAY = "2030-02-01"
#: An article of 1 February 2030; its text begins on line 8, since a notice has a kind.
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
HEAD = """\
---
date: 2030-01-{day:02d}
kind: {kind}
title: {title}
source: 县质量局
approved: {{role: head, date: 2030-01-{day:02d}}}
{more}---
"""


def article(text: str, *, day: int = 20, kind: str = "news", title: str = "甲", more: str = "") -> str:
    return HEAD.format(day=day, kind=kind, title=title, more=more) + text + "\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The invented county with a record of each kind, and a notice of the 16th that ends on 1 March."""
    project = copy_county(tmp_path / "county")
    add_living(project / "data")
    write(
        project,
        "data/news/notice.zh.md",
        article("招募。", day=16, kind="notice", title="乙", more="expires: 2030-03-01\n"),
    )
    return project


def write(project: Path, name: str, text: str) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def told(project: Path, capsys: pytest.CaptureFixture[str], day: str = DAY) -> list[str]:
    """What the check says of ``project`` on ``day``, the placeholder address and the sum aside."""
    capsys.readouterr()
    code = main(["check", "-f", str(project / "mkdocs.yml"), "--as-of", day])
    captured = capsys.readouterr()
    assert captured.err == ""
    # Records of this test are approved by hand, without a fingerprint.
    known = ("placeholder", "haopin approve --again")
    lines = [line for line in captured.out.splitlines()[:-1] if not any(words in line for words in known)]
    assert code == any("提醒 / warning" not in line for line in lines)
    return lines


def prose(project: Path, name: str, folder: str = "site") -> str:
    page = HtmlPage(name, (project / folder / name).read_text("utf-8"))
    return words(page.one("div", cls="hp-prose"))


def links(project: Path, name: str, folder: str = "site") -> list[str]:
    page = HtmlPage(name, (project / folder / name).read_text("utf-8"))
    return [e.attrib["href"] for e in page.one("div", cls="hp-prose").iter("a")]


@pytest.mark.sweep
def test_a_link_to_a_notice_that_ends_becomes_words_on_that_day(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "data/news/news.zh.md", article("详见[乙通知](/news/notice/)。"))
    write(project, "docs/zh/about.md", "# 关于\n\n见[乙通知](news/notice.md)。\n")
    write(
        project, "docs/en/about.md", '# About\n\nSee <a href="../news/notice/">the notice</a> [now](news/notice.md).\n'
    )
    assert told(project, capsys) == [
        f"{place}: 提醒 / warning: “{address}”在 2030-03-01 没有公开，那时网页上只显示文字，不成为链接 / "
        f"“{address}” is not public on 2030-03-01: pages then show the text without the link"
        for place, address in [
            ("data/news/news.zh.md:8:9", "/news/notice/"),
            ("docs/zh/about.md:3:8", "news/notice.md"),
            ("docs/en/about.md:3:14", "../news/notice/"),
            ("docs/en/about.md:3:52", "news/notice.md"),
        ]
    ]
    assert told(project, capsys, "2030-03-01")[0].endswith(
        "“/news/notice/”今天没有公开，网页上只显示文字，不成为链接 / "
        "“/news/notice/” is not public today: pages show the text without the link"
    )
    build(project / "site", config=project / "mkdocs.yml", as_of="2030-02-28")
    assert links(project, "news/news/index.html") == ["../../news/notice/"]
    for name in ("about/index.html", "en/about/index.html"):
        assert "news/notice/" in (project / "site" / name).read_text("utf-8")
    build(project / "later", config=project / "mkdocs.yml", as_of="2030-03-01")
    for name in ("news/news/index.html", "en/news/news/index.html"):
        assert prose(project, name, "later") == "详见乙通知。"
        assert links(project, name, "later") == []
    assert "news/notice" not in "".join(p.read_text("utf-8") for p in (project / "later").rglob("*.html"))
    assert "the notice now" in (project / "later/en/about/index.html").read_text("utf-8").replace("<a>", "").replace(
        "</a>", ""
    ).replace("<span>", "")


def test_a_written_page_has_no_personal_number_that_is_not_listed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "docs/zh/about.md", "# 关于\n\n找小李。\n电话138**0053**1234。\n")
    (line,) = told(project, capsys)
    assert line.startswith("docs/zh/about.md:1:1: 这里像有手机号“13800531234”，请删去；确认可以公开的，在 site.yml")
    done = run("-m", "haopin", "build", "-f", project / "mkdocs.yml", "--as-of", DAY)
    assert done.returncode == 1 and line in done.stderr and not (project / "site").exists()
    with (project / "data/site.yml").open("a", encoding="utf-8") as site:
        site.write("public_numbers: [13800531234]\n")
    assert told(project, capsys) == []


@pytest.mark.sweep
def test_a_record_to_which_others_link_can_be_withdrawn(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "data/news/news.zh.md", article("详见[乙](/news/notice/)、[召回](/disclosures/recalls/#r1)。"))
    write(
        project,
        "data/withdrawals.yml",
        "- {id: w-1, date: 2030-01-30, reason: error, record: news/notice}\n"
        "- {id: w-2, date: 2030-01-30, reason: error, record: recall/r1}\n",
    )
    assert [line.partition("网页上")[0] for line in told(project, capsys)] == [
        "data/news/news.zh.md:8:7: 提醒 / warning: “/news/notice/”今天没有公开，",
        "data/news/news.zh.md:8:27: 提醒 / warning: “/disclosures/recalls/#r1”今天没有公开，",
    ]
    build(project / "site", config=project / "mkdocs.yml")
    assert prose(project, "news/news/index.html") == "详见乙、召回。"
    assert links(project, "news/news/index.html") == []


NEVER = {
    "[丙](/nonexist/)": "本站没有“/nonexist/”这个页面或文件 / there is no page or file “/nonexist/” on this site",
    "[丙](/news/notce/)": "本站没有“/news/notce/”这个页面或文件；是否想写“/news/notice/”？ / "
    "there is no page or file “/news/notce/” on this site; did you mean “/news/notice/”?",
    "[丙](/tasks/01)": "本站没有“/tasks/01”这个页面或文件；是否想写“/tasks/01/”？ / "
    "there is no page or file “/tasks/01” on this site; did you mean “/tasks/01/”?",
    "[丙](/tasks/01/#nothing)": "本站没有“/tasks/01/#nothing”这个页面或文件",
    "[丙](#nothing)": "本站没有“#nothing”这个页面或文件",
    "[丙](https://quality.example/nonexist/)": "本站没有“https://quality.example/nonexist/”这个页面或文件",
    "![丙](/evidence/none.png)": "本站没有“/evidence/none.png”这个页面或文件",
    "![丙](/evidence/photo.png)": "没有记录列出“/evidence/photo.png”这个文件，它不会公开；请写进这条记录的“evidence” / "
    "no record names the file “/evidence/photo.png”, so it is not published; name it in “evidence” of this record",
}
WORDS = {
    "[丙](http://bureau.example/)": "“http://bureau.example/”不会成为链接",
    "[丙](evidence/letter.pdf)": "“evidence/letter.pdf”不会成为链接",
    "[丙](//bureau.example/)": "“//bureau.example/”不会成为链接",
    "![丙](evidence/photo.png)": "图片“evidence/photo.png”不会显示，只显示其说明",
    "![丙](https://bureau.example/a.png)": "图片“https://bureau.example/a.png”不会显示",
    "[[upcoming]]": "“[[upcoming]]”在记录里不起作用",
}
GOOD = (
    "[丙](/tasks/01/) [丙](/tasks/01/#check) [丙](/tasks/01/#e1) [丙](/) [丙](/evidence/letter.pdf) "
    "[丙](/calendar/all.ics) [丙](/feeds/all.xml) [丙](/api/v1/index.json) [丙](/disclosures/batches/b1/b1.csv) "
    "[丙](/disclosures/recalls/#r1) [丙](https://quality.example/tasks/01/) [丙](https://quality.example/en/tasks/01/) "
    "[丙](tel:12345) [丙](mailto:a@bureau.gov.cn) <a@bureau.gov.cn> [丙](https://bureau.example/x) [丙](/about/)"
)


def test_links_of_records_are_checked_where_they_stand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "data/evidence/photo.png").write_bytes(b64decode(PICTURE))
    write(
        project,
        "data/news/news.zh.md",
        article(
            "\n\n".join(f"{line} x" if line.startswith(("[丙", "![")) else line for line in [GOOD, *NEVER, *WORDS])
        ),
    )
    write(project, "data/news/news.en.md", "---\ntitle: A\n---\nSee [c](/nonexist/).\n")
    recall = LIVING["recalls.yml"].replace(
        "affected: M2型", "affected: >-\n    M2型，\n    见[丙](/nonexist/)\n    和[丁](http://x.example/)"
    )
    write(project, "data/recalls.yml", recall)
    found = told(project, capsys)
    assert found[0].startswith("data/news/news.en.md:4:9: 本站没有“/nonexist/”")
    errors = [line for line in found if "提醒" not in line and "news.zh.md" in line]
    for number, (written, said) in enumerate(NEVER.items()):
        column = written.index("(") + 2
        assert errors[number].startswith(f"data/news/news.zh.md:{10 + 2 * number}:{column}: {said}"), errors[number]
    warned = [line for line in found if "提醒" in line and "news.zh.md" in line]
    for number, (written, said) in enumerate(WORDS.items()):
        column = written.index("(") + 2 if "(" in written else 1
        place = f"data/news/news.zh.md:{10 + 2 * (len(NEVER) + number)}:{column}: "
        assert warned[number].startswith(f"{place}提醒 / warning: {said}"), warned[number]
    assert (len(errors), len(warned)) == (len(NEVER), len(WORDS))
    assert [line.partition("”")[0] for line in found if "recalls" in line] == [
        "data/recalls.yml:7:10: 本站没有“/nonexist/",
        "data/recalls.yml:8:10: 提醒 / warning: “http://x.example/",
    ]
    # The build says the same.
    done = run("-m", "haopin", "build", "-f", project / "mkdocs.yml", "--as-of", DAY, "--site-dir", project / "site")
    assert done.returncode == 1 and "data/news/news.zh.md:10:5: 本站没有“/nonexist/”" in done.stdout + done.stderr


@pytest.mark.sweep
def test_good_links_of_records_are_built(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "data/news/news.zh.md", article(GOOD))
    assert told(project, capsys) == []
    build(project / "site", config=project / "mkdocs.yml")
    zh, en = links(project, "news/news/index.html"), links(project, "en/news/news/index.html")
    assert len(zh) == len(en) == GOOD.count("](") + 1
    # What both languages share lies at the root of the site.
    assert "../../api/v1/index.json" in zh and "../../../api/v1/index.json" in en


PAGES = {
    "见[甲](tasks/1.md)。": ("本站没有“tasks/1.md”", 6),
    "见[甲](tasks/01.md#none)。": ("本站没有“tasks/01.md#none”", 6),
    "见[甲](/tasks/01/)。": ("“/tasks/01/”不能以“/”开头；在 docs 里写源文件的相对路径，如 tasks/03.md", 6),
    "见[甲](#none)。": ("本站没有“#none”", 6),
    "![甲](photo.png)": ("本站没有“photo.png”", 6),
    '<a href="../tasks/1/">甲</a>': ("本站没有“../tasks/1/”", 10),
    "[[upcomming]]": ("没有视图“upcomming”，可用：accessible, bodies, ", 1),
}


def test_links_of_written_pages_are_checked_where_they_stand(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = "[任务](tasks/01.md#check) [关于](about.md#top) [外](http://x.example/) [图](sitemap/index.md) [自](#top)"
    write(project, "docs/zh/about.md", "\n\n".join(["# 关于 {#top}", good, *PAGES, "[[upcoming]]"]) + "\n")
    write(project, "docs/zh/more.md", "# 更多\n")
    write(project, "docs/zh/tasks/02/index.md", "# 任务\n")
    write(project, "docs/en/tasks/02/index.md", "# Task\n")
    found = told(project, capsys)
    for number, (said, column) in enumerate(PAGES.values()):
        place = f"docs/zh/about.md:{5 + 2 * number}:{column}: "
        assert any(line.startswith(place + said) for line in found), (place, said, found)
    others = [line for line in found if not line.startswith("docs/zh/about.md")]
    assert others[0].startswith("docs/en/more.md:1:1: 缺少这个页面的英文版")
    assert [line.partition("；")[0] for line in others[1:]] == [
        f"docs/{language}/tasks/02/index.md:1:1: 与本站自己的页面“/tasks/02/”地址相同" for language in ("zh", "en")
    ]
    assert len(found) == len(PAGES) + 3


@pytest.mark.sweep
def test_the_check_looks_ahead_at_old_addresses(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An old address that becomes a page again stops the build of that day."""
    write(project, "data/news/later.zh.md", article("丁。", more="publish_from: 2030-03-05\n"))
    write(project, "data/redirects.yml", "- {id: a, old: news/later/, page: tasks/01/}\n")
    assert told(project, capsys) == [
        "data/redirects.yml:1:16: 到 2030-03-05 那天：“news/later/”现在就是页面，不能再当旧地址，请删去这一条 / "
        "on 2030-03-05: “news/later/” is a page today and cannot be an old address; delete this entry"
    ]
    assert not [line for line in told(project, capsys, "2029-01-01") if "redirects" in line], "400 days are not over"
    build(project / "site", config=project / "mkdocs.yml", as_of="2030-03-04")
    assert date.fromisoformat(DAY) < date(2030, 3, 5)


def test_an_article_that_is_over_or_withdrawn_needs_no_good_links(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "data/news/news.zh.md", article("[丙](/nonexist/)", more="expires: 2030-01-31\n"))
    write(project, "data/news/more.zh.md", article("[丁](/never/)", title="丁"))
    write(project, "data/withdrawals.yml", "- {id: w, date: 2030-01-30, reason: error, record: news/more}\n")
    assert told(project, capsys) == []


@pytest.mark.sweep
def test_the_note_of_a_withdrawal_can_be_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its English is then old, and the page that says so names it."""
    withdrawal = """\
- {id: w-1, date: 2030-01-30, reason: credit-restored, names: [东山果脯厂], note: {zh: 信用修复。, en: Restored.}}
"""
    write(project, "data/withdrawals.yml", withdrawal)
    assert main(["translated", "-f", str(project / "mkdocs.yml"), "--new"]) == 0
    write(project, "data/withdrawals.yml", withdrawal.replace("信用修复。", "信用已经修复。"))
    assert told(project, capsys) == []
    build(project / "site", config=project / "mkdocs.yml")
    page = HtmlPage("", (project / "site/en/changes/index.html").read_text("utf-8"))
    assert "Withdrawals" in words(page.one(cls="hp-notice--stale"))


def test_a_folder_that_cannot_be_written_to_is_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "file", "")
    config = str(project / "mkdocs.yml")
    assert main(["build", "-f", config, "--as-of", DAY, "--site-dir", str(project / "file/site")]) == 1
    assert capsys.readouterr().err.startswith(
        f"无法写入“{project / 'file'}”，请换一个文件夹，或检查权限和磁盘 / cannot write to"
    )
    assert main(["check", "-f", config, "--as-of", "9999-12-31"]) == 1
    assert "9999-12-31 不在 1949 年到 2100 年之间" in capsys.readouterr().err
