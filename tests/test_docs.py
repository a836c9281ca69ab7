"""The folders of written pages: permitted files are published, others are reported with their position."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import markdown
import pytest
from haopin.check.docs import Folder, examine, page_problems
from haopin.load.folder import is_litter
from haopin.text import Language
from support import copy_data, copy_project, edit, errors_of, files_of, run

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 8
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def convert(text: str) -> str:
    converter = markdown.Markdown(extensions=["attr_list", "tables", "toc"])
    return converter.convert(re.sub(r"^---\n.*?\n---\n", "", text, flags=re.DOTALL))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A project with a written page in two languages."""
    for language in ("zh", "en"):
        (tmp_path / "docs" / language).mkdir(parents=True)
        (tmp_path / "docs" / language / "about.md").write_text("# a\n", "utf-8")
    return tmp_path


def look(base: Path) -> tuple[list[str], Mapping[Language, tuple[str, ...]]]:
    """Return the lines of the problems, and the files that may be published."""
    folders = [Folder("zh", base / "docs/zh", "docs/zh"), Folder("en", base / "docs/en", "docs/en")]
    return examine(folders, base, ["en"], convert)


def test_pages_and_pictures_may_lie_there(base: Path) -> None:
    for language in ("zh", "en"):
        (base / "docs" / language / "how/to").mkdir(parents=True)
        (base / "docs" / language / "how/to/go.md").write_text("# b\n", "utf-8")
    pictures = {
        "a.png": PNG,
        "how/b.jpg": b"\xff\xd8\xff\xe0" + b"0" * 12,
        "c.jpeg": b"\xff\xd8\xff\xe1" + b"0" * 12,
        "d.webp": b"RIFF\n\0\0\nWEBPVP8 ",
        "e-1_x.svg": SVG.encode(),
    }
    for name, content in pictures.items():
        (base / "docs/zh" / name).write_bytes(content)
    pages = ("about.md", "how/to/go.md")
    assert look(base) == ([], {"zh": tuple(sorted([*pictures, *pages])), "en": pages})


#: Files, their content, and the message.
STRAY = {
    "名单.docx": (b"s", "the name “名单.docx” becomes an address"),
    "list.docx": (b"s", "only pages (.md) and pictures"),
    "notes": (b"s", "only pages (.md) and pictures"),
    "index.md.bak": (b"s", "only pages (.md) and pictures"),
    "data.sqlite": (b"s", "only pages (.md) and pictures"),
    "evil.js": (b"alert(1)", "only pages (.md) and pictures"),
    "page.html": (b"<script>alert(1)</script>", "only pages (.md) and pictures"),
    "page.markdown": (b"# a", "only pages (.md) and pictures"),
    "Page.MD": (b"# a", "only pages (.md) and pictures"),
    "a.PNG": (PNG, "only pages (.md) and pictures"),
    "a.png": (b"root:x:0:0:root:/root:/bin/bash\n", "this is not a png picture"),
    "a.webp": (b"RIFF", "this is not a webp picture"),
    "a.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1' onload='x()'/>", "must not hold “onload”"),
    ".env": (b"s", "hidden files are not allowed here"),
    ".git/config": (b"s", "hidden files are not allowed here"),
    "a b.md": (b"# a", "the name “a b.md” becomes an address"),
    "README.md": (b"# a", "no page is called “README.md”"),
    "en.md": (b"# a", "the name “en.md” is used by the site itself"),
    "en/x.md": (b"# a", "the name “en” is used by the site itself"),
    "templates/x.md": (b"# a", "the name “templates” is used by the site itself"),
    "gbk.md": ("质量".encode("gbk"), "looks like GBK"),
    "control.md": (b"# a\n\x08", "contains the control character U+0008"),
}


def test_other_files_are_reported_with_position_in_both_languages(base: Path) -> None:
    for name, (content, words) in STRAY.items():
        file = base / "docs/zh" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        lines, files = look(base)
        told = [line for line in lines if "this page is missing" not in line]
        assert len(told) == 1, (name, lines)
        place = name.partition("/")[0] if name.partition("/")[0] in (".git", "en", "templates") else name
        assert told[0].startswith(f"docs/zh/{place}:") and words in told[0], told
        chinese, _, english = told[0].partition(" / ")
        assert english and any("\u4e00" <= character <= "\u9fff" for character in chinese), told
        if not name.endswith(".md") or "/" in name:
            assert files["zh"] == ("about.md",), name
        file.unlink()
        while file.parent != base / "docs/zh":
            file = file.parent
            file.rmdir()


def test_links_are_reported_and_not_followed(base: Path) -> None:
    secret = base / "secret"
    secret.mkdir()
    (secret / "x.md").write_text("# secret", "utf-8")
    (base / "docs/zh/page.md").symlink_to(secret / "x.md")
    (base / "docs/zh/folder").symlink_to(secret)
    (base / "docs/zh/own.md").symlink_to("about.md")
    (base / "docs/zh/dead.png").symlink_to("nowhere")
    lines, files = look(base)
    assert [line.partition(" ")[0] for line in lines] == [
        f"docs/zh/{name}:1:1:" for name in ("dead.png", "folder", "own.md", "page.md")
    ]
    assert all("this is a link" in line for line in lines)
    assert files["zh"] == ("about.md",)


def test_a_folder_of_pages_that_is_itself_a_link_is_reported(base: Path) -> None:
    (base / "docs").rename(base / "elsewhere")
    (base / "docs").symlink_to("elsewhere")
    lines, files = look(base)
    assert len(lines) == 2 and lines[0].startswith("docs/zh/:1:1:") and "this is a link" in lines[0]
    assert files == {"zh": (), "en": ()}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_reported_and_not_read(base: Path) -> None:
    os.mkfifo(base / "docs/zh/x.md")
    (line,) = look(base)[0]
    assert line.startswith("docs/zh/x.md:1:1:") and "only pages (.md)" in line


def test_a_page_without_its_twin_is_reported_whichever_it_is(base: Path) -> None:
    (base / "docs/zh/a.md").write_text("# a", "utf-8")
    (base / "docs/en/b.md").write_text("# b", "utf-8")
    assert look(base)[0] == [
        "docs/zh/b.md:1:1: 缺少这个页面的中文版（另一种语言的在 docs/en/b.md），请补上"
        " / this page is missing in Chinese; add it (the other language is docs/en/b.md)",
        "docs/en/a.md:1:1: 缺少这个页面的英文版（另一种语言的在 docs/zh/a.md），请补上"
        " / this page is missing in English; add it (the other language is docs/zh/a.md)",
    ]


# What systems and office programs leave behind

LITTER = (
    "Thumbs.db",
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "Desktop.ini",
    ".DS_Store",
    "._about.md",
    "~$名单.docx",
    "~$list.xlsx",
    "~WRL0001.tmp",
    "~WRD2345.tmp",
    ".~list.xlsx",
    ".~lock.list.ods#",
    "about.md~",
    "bodies.yml~",
    ".#about.md",
    "#about.md#",
    ".about.md.swp",
    "__MACOSX/about.md",
    "$RECYCLE.BIN/x.docx",
    "System Volume Information/x",
)
NO_LITTER = ("about.md", "thumbs.db.docx", "list.tmp", "desktop.ini.md", "x~y.md", ".env", "tmp/a.md", "a#b.md")


def test_system_files_are_ignored_in_both_folders(base: Path) -> None:
    assert [name for name in LITTER if not is_litter(name)] == []
    assert [name for name in NO_LITTER if is_litter(name)] == []
    data = copy_data(base)
    for name in LITTER:
        for file in (base / "docs/zh" / name, data / name, data / "tasks" / name, data / "evidence" / name):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"\xff\x00 no text")
    assert look(base) == ([], {"zh": ("about.md",), "en": ("about.md",)})
    assert errors_of(data) == []


# What a page may hold

#: Text of a page, line of the problem, and message.
UNFIT = {
    "# a\n\n<script>\none()\n</script>\n": (3, "“script”"),
    "a\n\nb <script>one()</script>": (3, "“script”"),
    "a\n\n<script src='x.js'></script>\n": (3, "“script”"),
    "---\ntitle: a\n---\n# a\n\n<p onclick='x()'>a</p>\n": (6, "“p onclick”"),
    "# a {onclick=x()}\n": (1, "“h1 onclick”"),
    "a\n\n`<script>`\n\n<script>one()</script>\n": (5, "“script”"),
    "a\n\n[a](javascript:one())\n": (3, "“a href=javascript:one()”"),
    "a\n\n[a][1]\n\n[1]: java&#115;cript:one()\n": (3, "“a href=javascript:one()”"),
    "<a href='data:text/html,a'>a</a>": (1, "“a href=data:text/html,a”"),
    "a\n\n<iframe src='../tasks/'></iframe>": (3, "“iframe”"),
    "a\n\n<base href='/'>": (3, "“base”"),
    "a\n\n<meta http-equiv='refresh' content='0'>": (3, "“meta http-equiv=refresh”"),
    "a\n\n<link rel='stylesheet' href='x.css'>": (3, "“link”"),
    "a\n\n<form action='https://x.example/'></form>": (3, "“form action=https://x.example/”"),
    "a\n\n<p style='color: red'>a</p>": (3, "“p style”"),
    "a\n\n![a](https://x.example/a.png)": (3, "“img src=https://x.example/a.png”"),
    "a\n\n![a](//x.example/a.png)": (3, "“img src=//x.example/a.png”"),
    "a\n\n<div>\n\nb\n": (3, "this is not valid HTML"),
}
FIT = (
    "# a {#none}\n\n- a\n- b\n\n[a](https://x.example/) ![a](a.png)\n",
    "`<script>one()</script>` and &lt;script&gt;\n\n    <script>one()</script>\n",
    "<div class='hp-note'>a</div>\n\n<details><summary>a</summary><p>b</p></details>\n",
    "| a | b |\n| --- | --- |\n| 1 | 2 |\n",
)


def test_forbidden_elements_are_reported_with_their_line() -> None:
    for text, (line, words) in UNFIT.items():
        found = list(page_problems(text, "x.md", convert))
        assert [p.place.mark for p in found][:1] == [(line, 1)] and words in found[0].en, (text, found)
    assert [text for text in FIT if list(page_problems(text, "x.md", convert))] == []


def test_each_of_several_is_reported() -> None:
    text = "<script>\none()\n</script>\n\n<p onclick='x()'>a</p>\n\n<script>two()</script>\n"
    assert [p.place.mark for p in page_problems(text, "x.md", convert)] == [(1, 1), (5, 1), (7, 1)]


# The commands


def test_check_and_build_refuse_them_and_a_build_publishes_no_litter(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    for name in ("Thumbs.db", "about.md~", ".DS_Store"):
        (project / "docs/zh" / name).write_bytes(b"litter")
        (project / "hooks/haopin/theme/assets" / name).write_bytes(b"litter")
    (project / "hooks/haopin/theme/notes.txt").write_bytes(b"left in the theme")
    (project / "docs/zh/a.png").write_bytes(PNG)
    done = run("-m", "haopin", "build", "--as-of", "2030-02-01", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    names = {Path(name).name for name in files_of(project / "site")}
    assert "a.png" in names and not names & {"Thumbs.db", "about.md~", ".DS_Store", "notes.txt"}
    before = files_of(project / "site")
    (project / "docs/en/x.docx").write_bytes(b"s")
    (project / "data/x.docx").write_bytes(b"s")
    edit(project / "docs/en/about.md", "# About\n", "# About\n\n<script>one()</script>\n\n| a |\n| :-: |\n| b |\n")
    for command in ("check", "build"):
        done = run("-m", "haopin", command, cwd=project)
        told = [line.partition(": ")[0] for line in (done.stdout + done.stderr).splitlines()]
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert {"docs/en/x.docx:1:1", "docs/en/about.md:6:1", "data/x.docx:1:1"} <= set(told), told
        assert len([line for line in told if line.startswith("docs/")]) == 2, "cells of tables may have a side"
    assert files_of(project / "site") == before


def test_the_folder_of_pages_is_the_one_that_is_checked(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    edit(project / "mkdocs.yml", "docs_dir: docs/zh\n", "docs_dir: docs\n")
    done = run("-m", "haopin", "build", cwd=project)
    assert done.returncode == 1 and "docs_dir 须为 / must be docs/zh" in done.stderr
