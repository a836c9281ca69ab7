"""Materials at the desk: chosen, drawn in the background, looked at and downloaded, as the command would make them."""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest
from desk import Visitor, words
from haopin.desk.pages import materials as room
from haopin.desk.runs import BackgroundRun, RunCommand, RunPhase
from haopin.materials import engine
from haopin.materials.contents import contents
from haopin.text import Text
from office_commands import office_command
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from support import copy_county, copy_full_county, edit
from test_desk_publish_browser import SCREENS, findings, opened
from test_desk_recipes import Keyboard

#: Seconds that drawing a few pieces may take.
LONG = 300
#: A cover of an activity in Chinese: one picture, quickly drawn.
COVER = {"of": "activity/quality-day", "format": "wechat-cover", "language": "zh"}
FILE = "edition-quality-day-2032-wechat-cover-zh.png"
SENDER = "县实验小学"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_county(tmp_path / "沂 county")


@pytest.fixture
def clerk(project: Path) -> Iterator[Visitor]:
    visitor = Visitor(project)
    yield visitor
    visitor.desk.close()


def at(*parts: str, **choice: str) -> str:
    """Return the path of the page of a choice, or of a file of it."""
    return room.MaterialChoice(**choice).at(*parts)


def make(visitor: Visitor, **choice: str) -> str:
    """Make the pieces of a choice, wait for them, and return the page."""
    answer = visitor.post("/materials", choice)
    visitor.desk.runner.wait(LONG)
    return visitor.get(answer.headers["location"])


def download(visitor: Visitor, address: str, media_type: str, name: str) -> bytes:
    """Return what ``address`` gives to save."""
    answer = visitor.client.get(address)
    assert answer.status_code == 200, address
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    found: bytes = answer.content
    return found


def is_drawn(project: Path) -> bool:
    """Return whether there is a thumbnail in the cache, which only materials have."""
    return any(b"WEBP" in path.read_bytes()[:40] for path in (project / ".cache").rglob("*") if path.is_file())


@pytest.mark.slow
def test_what_is_chosen_is_made_as_by_the_command(clerk: Visitor, project: Path, tmp_path: Path) -> None:
    page = clerk.get("/materials")
    assert "可以做的内容" in page and "质量日" in page and "全部下载" not in page
    choice = {"of": "activity/quality-day", "format": "windows", "sender": f"  {SENDER} "}
    page = clerk.get(at(**choice))
    stems = [
        f"edition-quality-day-2032-{name}" for name in ("poster-a3", "poster-a2", "poster-500x700", "window-700x1000")
    ]
    assert "共 8 件，还要画 8 件" in words(page) and "海报 A3（中文）、海报 A3（English）" in page
    for part in ("materials.zip", f"files/{stems[0]}-zh.pdf", f"thumbnails/{stems[0]}-zh.pdf"):
        assert clerk.client.get(at(*part.split("/"), **choice)).status_code == 404
    # Nothing is drawn before the clerk asks.
    assert not is_drawn(project)
    page = make(clerk, **choice)
    assert "共 8 件" in words(page) and "还要画" not in page and "还没有画" not in page
    names = re.findall(r'href="/materials/files/([^"?]+)\?[^"]*" download', page)
    assert sorted(names) == sorted(f"{stem}-{language}.pdf" for stem in stems for language in ("zh", "en"))
    # The languages of a format stand beside each other.
    assert names[:2] == [f"{stems[0]}-{language}.pdf" for language in ("zh", "en")]
    where = {"of": "activity/quality-day", "format": "windows", "sender": SENDER}
    for name in names:
        content = download(clerk, at("files", name, **where), "application/pdf", name)
        assert SENDER in PdfReader(io.BytesIO(content)).pages[0].extract_text().replace("\n", "")
        small = clerk.client.get(at("thumbnails", name, **where))
        assert small.headers["content-type"] == "image/webp" and max(Image.open(io.BytesIO(small.content)).size) == 360
    packed = download(clerk, at("materials.zip", **where), "application/zip", "materials.zip")
    # The same as the command makes, to the byte.
    options = [f"--format={stem.removeprefix('edition-quality-day-2032-')}" for stem in stems]
    out = tmp_path / "out"
    done = office_command(project, "materials", "--activity=quality-day", f"--for={SENDER}", f"--out={out}", *options)
    assert done.code == 0, done.output
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == sorted(["contact-sheet.pdf", *names])
    assert packed == (out / "materials.zip").read_bytes()
    # What is drawn comes at once; another sender is another piece.
    before = clerk.desk.runner.last
    assert "全部下载" in make(clerk, **where) and clerk.desk.runner.last is before
    assert "还要画 8 件" in words(clerk.get(at(**where | {"sender": "县图书馆"})))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "before", "said", "other"),
    [
        # No font has this character.
        ("zh", "\U0001f600", "\U0001f600”，请换一种写法", "use another"),
        ("en", "\U0001f600", "\U0001f600”: use another word", "请"),
        ("zh", "很长的名称" * 40, "请填“宣传物料用的短标题”", "short form"),
        ("en", "很长的名称" * 40, "fill in its short form", "请填"),
    ],
)
def test_what_cannot_be_drawn_says_why_beside_it(
    project: Path, language: str, before: str, said: str, other: str
) -> None:
    edit(project / "data/activities/quality-day.yml", "\nname: {zh: ", f"\nname: {{zh: {before}")
    visitor = Visitor(project, language=language)
    page = make(visitor, format="wechat-cover", language="zh")
    assert visitor.desk.runner.last is not None and visitor.desk.runner.last.state == "done"
    (item,) = re.findall(r'(?s)<li class="failed">.*?</li>', page)
    assert said in item and other not in words(f"<main>{item}")
    # The link leads to the input of the text.
    (address,) = re.findall(r'href="(/records/activity/quality-day)#name-zh"', item)
    assert 'id="name-zh"' in visitor.get(address) and "download" not in item
    assert visitor.client.get(at("files", FILE, format="wechat-cover", language="zh")).status_code == 404
    # The others are there, one by one and as a zip.
    packed = visitor.client.get(at("materials.zip", format="wechat-cover", language="zh")).content
    files = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert "slogan-wechat-cover-zh.png" in files and FILE not in files
    visitor.desk.close()


@pytest.mark.slow
def test_slides_come_with_a_loop_where_ffmpeg_is(
    clerk: Visitor, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    choice = {"of": "slogan", "format": "television"}
    page = make(clerk, **choice)
    assert "没有 ffmpeg" in page and "还要画" not in page

    def packed() -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(clerk.client.get(at("materials.zip", **choice)).content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert set(packed()) == {"contact-sheet.pdf", "television-zh-0001.jpg", "television-en-0001.jpg"}
    (programs / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    assert "还要画 2 件" in words(clerk.get(at(**choice)))
    page = make(clerk, **choice)
    assert "television-zh.mp4、television-en.mp4" in page and "没有 ffmpeg" not in page and "还要画" not in page
    done = office_command(project, "materials", "--content=slogan", "--format=television", f"--out={tmp_path / 'out'}")
    assert done.code == 0, done.output
    assert packed() == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.suffix != ".zip"}


@pytest.mark.slow
def test_a_loop_that_fails_says_why_and_leaves_the_slides(
    clerk: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "programs/ffmpeg"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho \"Unknown encoder 'libx264'\" >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    choice = {"of": "slogan", "format": "television", "language": "zh"}
    page = make(clerk, **choice)
    assert "ffmpeg 没有做成 MP4 循环视频" in page and "没有画完" in page and "还要画 1 件" in words(page)
    packed = download(clerk, at("materials.zip", **choice), "application/zip", "materials.zip")
    assert "全部下载" in page
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == ["contact-sheet.pdf", "television-zh-0001.jpg"]


@pytest.mark.slow
def test_an_article_that_is_copied_keeps_its_look_where_it_is_pasted(
    clerk: Visitor, browser: Browser, tmp_path: Path
) -> None:
    """From the window of a browser into an editable element, as the editor of an official account is one."""
    choice = {"of": "task", "format": "wechat-article", "language": "zh"}
    name = re.findall(r'href="/materials/files/([^"?]+)\?', make(clerk, **choice))[0]
    file = tmp_path / name
    file.write_bytes(download(clerk, at("files", name, **choice), "text/html; charset=utf-8", name))
    page = browser.new_page()
    page.goto(file.as_uri())
    title = page.title()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.set_content('<div id="editor" contenteditable></div>')
    page.click("#editor")
    page.keyboard.press("Control+v")
    pasted = page.locator("#editor").get_by_text(title, exact=True)
    look = pasted.evaluate("each => { const s = getComputedStyle(each); return [s.fontSize, s.fontWeight, s.color] }")
    assert look == ["26px", "700", "rgb(255, 255, 255)"]
    behind = pasted.evaluate("each => getComputedStyle(each.closest('section')).backgroundColor")
    assert f"background:{hexadecimal(behind)}" in file.read_text("utf-8")
    assert page.locator("#editor svg path").count() == 2
    page.close()


def hexadecimal(colour: str) -> str:
    """Return ``rgb(1, 2, 3)`` as ``#010203``."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour))


@pytest.mark.slow
def test_a_year_and_pictures_of_printed_pieces(clerk: Visitor) -> None:
    choice = {"of": "activity/quality-day", "format": "card-a5", "language": "zh", "year": "2036", "png": "on"}
    page = make(clerk, **choice)
    name = "edition-quality-day-2036-card-a5-zh.png"
    assert re.findall(r'href="/materials/files/([^"?]+)\?[^"]*" download', page) == [name]
    assert Image.open(io.BytesIO(download(clerk, at("files", name, **choice), "image/png", name))).width > 1000
    assert 'value="2036"' in page and " checked" in page and '<details class="seldom" open>' in page
    assert '<details class="seldom">' in clerk.get("/materials")


@pytest.mark.parametrize("year", ["1948", "2101", "一", "-2030", "2030.5", "9" * 80])
def test_a_year_is_one(clerk: Visitor, year: str) -> None:
    page = clerk.post("/materials", {**COVER, "year": year}, 422).text
    assert "年份请填 1949 到 2100 的数" in page and clerk.desk.runner.last is None
    assert "年份请填" in clerk.get(at(**COVER, year=year))


def test_only_what_is_public_is_offered(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "county")
    visitor = Visitor(project)
    choice = {"of": "event/quality-day-2030", "format": "poster-a3"}
    assert "共 2 件" in words(visitor.get(at(**choice))) and "质量日开放参观" in visitor.get("/materials")
    # The events of an activity are its own.
    assert "共 4 件" in words(visitor.get(at(**choice | {"of": "activity/quality-day"})))
    edit(project / "data/events/quality-day-2030.yml", "approved: {role: section-head, date: 2030-01-19}\n", "")
    page = words(visitor.get(at(**choice)))
    assert "没有可做的" in page and "质量日开放参观" not in page
    assert visitor.client.get(at("files", "event-quality-day-2030-poster-a3-zh.pdf", **choice)).status_code == 404
    before = visitor.desk.runner.last
    visitor.post("/materials", choice)
    assert visitor.desk.runner.last is before is None
    visitor.desk.close()


def test_each_form_leads_to_its_own(tmp_path: Path) -> None:
    visitor = Visitor(copy_full_county(tmp_path / "county"))
    (source, *_) = room.MaterialDesk(visitor.desk).sources().values()
    records = {content.record for content in contents(source) if content.record}
    assert {record.partition("/")[0] for record in records} == room.DRAWN
    for record in records:
        assert at(of=record) in visitor.get(f"/records/{record}"), record
        page = visitor.get(at(of=record, format="network"))
        assert f'href="/records/{record}"' in page and f'value="{record}" selected' in page
    assert "/materials?" not in visitor.get("/records/body/quality")
    visitor.desk.close()


def test_too_many_at_once_are_not_drawn(clerk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 3)
    page = clerk.get(at(of="task"))
    assert "一次最多 3 件" in page and at(of="task/01") in page and "全部下载" not in page
    clerk.post("/materials", {"of": "task"})
    # Nothing is chosen.
    assert "可以做的内容" in clerk.get(clerk.post("/materials", {}).headers["location"])
    assert clerk.desk.runner.last is None


@pytest.mark.parametrize(
    "choice", [{"format": "poster-a33"}, {"format": "../x"}, {"language": "fr"}, {"language": "zh/../en"}]
)
def test_another_choice_is_none(clerk: Visitor, choice: dict[str, str]) -> None:
    assert clerk.client.get(at(of="slogan", **choice)).status_code == 404
    assert clerk.client.get(at("materials.zip", of="slogan", **choice)).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fdata%2fsite.yml",
        "../../data/site.yml",
        "%2fetc%2fpasswd",
        "..%5Cmkdocs.yml",
        f"{FILE}%00.png",
        FILE.replace("zh", "en"),
        FILE.upper(),
        "slogan-wechat-cover-zh.png",
        "contact-sheet.pdf",
        "",
    ],
)
def test_no_other_file_is_answered(clerk: Visitor, name: str) -> None:
    for part in ("files", "thumbnails"):
        answer = clerk.client.get(f"/materials/{part}/{name}?{at(**COVER).partition('?')[2]}")
        assert answer.status_code == 404, (part, answer.headers)


def test_a_sender_is_a_line_and_no_option(clerk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    long = clerk.post("/materials", {**COVER, "sender": "长" * 61}, 422).text
    assert "落款请不超过 60 字" in long and "长" * 61 in long
    started: list[BackgroundRun] = []

    def noted(run: BackgroundRun) -> bool:
        started.append(run)
        return True

    monkeypatch.setattr(clerk.desk.runner, "start", noted)
    clerk.post("/materials", {**COVER, "sender": "--out=/tmp\x00\u202e  x\r\n--png<b>"})
    (command,) = started[0].commands
    assert "--for=--out=/tmp x--png<b>" in command.arguments
    assert not {"--out=/tmp", "--png"} & set(command.arguments)
    assert "&lt;b&gt;" in (page := clerk.get(at(**COVER, sender="<b>"))) and "<b>" not in page


def run_of(script: str) -> BackgroundRun:
    """Return a run of other work."""
    phases = (RunPhase(Text(zh="甲", en="A")),)
    return BackgroundRun("x", Text(zh="别的", en="Other"), [RunCommand((sys.executable, "-c", script), phases)])


SLEEPS = "import time; time.sleep(600)"


def test_one_thing_at_a_time_which_can_be_stopped(clerk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.desk.runner.start(run_of(SLEEPS))
    assert "上一件还没有做完" in clerk.post("/materials", COVER, 409).text
    # What others do is not stopped here.
    clerk.post("/materials", {**COVER, "do": "stop"})
    assert clerk.desk.runner.busy and 'href="/publish">别的' in clerk.get(at(**COVER))
    clerk.desk.runner.stop()
    monkeypatch.setattr(room, "own_command", lambda *rest: (sys.executable, "-c", SLEEPS))
    clerk.post("/materials", COVER)
    page = clerk.get(at(**COVER))
    assert "正在画" in page and "共 1 件，画好 0 件" in page and '<noscript><meta http-equiv="refresh"' in page
    other = clerk.get(at(of="slogan", format="wechat-cover"))
    assert at(**COVER).replace("&", "&amp;") in other and "http-equiv" not in other
    clerk.post("/materials", {**COVER, "do": "stop"})
    page = clerk.get(at(**COVER))
    assert "已停止" in page and "http-equiv" not in page and not clerk.desk.runner.busy


def test_why_drawing_failed_is_told(clerk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "print('没有画完 / it failed'); raise SystemExit(1)"
    monkeypatch.setattr(room, "own_command", lambda *rest: (sys.executable, "-c", script))
    page = words(make(clerk, **COVER))
    assert "没有画完 没有画完" in page and "还要画 1 件" in page and "it failed" not in page


def test_what_is_missing_is_said(clerk: Visitor, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PACKAGES", ("typst", "no_such_package"))
    page = words(clerk.get(at(**COVER)))
    assert "没有装上画宣传物料的程序包" in page and ".ci/setup site" in page and "资料有" not in page
    assert clerk.client.get(at("files", FILE, **COVER)).status_code == 404
    assert clerk.get(clerk.post("/materials", COVER).headers["location"]) and clerk.desk.runner.last is None
    monkeypatch.undo()
    edit(project / "data/site.yml", "address: https://quality.example/", "address: https://quality.example/\nfax: 1")
    page = words(clerk.get(at(**COVER)))
    assert "资料有 1 个错误" in page and "程序包" not in page
    assert "data/site.yml:" in clerk.client.get(at("files", FILE, **COVER)).text


# --- In a browser


def by_keyboard(page: Page, language: str) -> None:
    """Choose, make and wait, with keys alone."""
    hands, is_chinese = Keyboard(page), language == "zh"
    hands.choose(page.get_by_label("内容" if is_chinese else "Content"), COVER["of"])
    hands.choose(page.get_by_label("规格" if is_chinese else "Format"), COVER["format"])
    hands.write(page.get_by_label("落款" if is_chinese else "Sender"), SENDER)
    hands.press(page.get_by_role("button", name="制作" if is_chinese else "Make"))
    expect(page.get_by_role("link", name="全部下载" if is_chinese else "Download all")).to_be_visible(timeout=120_000)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.sweep)])
def test_by_keyboard_in_a_browser(browser: Browser, project: Path, language: str) -> None:
    with opened(browser, project, judged=True) as (page, root):
        if language == "en":
            page.get_by_role("button", name="English").click()
        page.goto(f"{root}/materials")
        assert findings(page, root, ("/materials",)) == []
        page.set_viewport_size({"width": SCREENS[0][0], "height": SCREENS[0][1]})
        page.goto(f"{root}/materials")
        by_keyboard(page, language)
        image = page.get_by_role("img").first
        expect(image).to_have_js_property("naturalWidth", 360)
        hands = Keyboard(page)
        with page.expect_download() as saved:
            hands.press(page.get_by_role("link", name=FILE))
        assert saved.value.suggested_filename == FILE
        with Image.open(saved.value.path()) as picture:
            assert picture.size == (900, 383)
        with page.expect_download() as saved:
            hands.press(page.get_by_role("link", name="全部下载" if language == "zh" else "Download all"))
        with zipfile.ZipFile(saved.value.path()) as packed:
            assert set(packed.namelist()) == {"contact-sheet.pdf", FILE, FILE.replace("-zh", "-en")}
        shown = page.url.removeprefix(root)
        assert findings(page, root, (shown, at(of="task", format="network"))) == []
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_without_scripts(browser: Browser, project: Path) -> None:
    with opened(browser, project) as (other, root):
        context = browser.new_context(java_script_enabled=False, storage_state=other.context.storage_state())
        page = context.new_page()
        page.goto(f"{root}/materials")
        page.get_by_label("内容").select_option("slogan")
        page.get_by_label("规格").select_option("wechat-cover")
        page.get_by_role("button", name="制作").click()
        # The page loads itself again until all is drawn.
        expect(page.get_by_role("link", name="全部下载")).to_be_visible(timeout=120_000)
        expect(page.get_by_role("img")).to_have_count(2)
        context.close()
