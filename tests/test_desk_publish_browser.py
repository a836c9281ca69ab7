"""Translation, publishing and the start of a site in a real browser: with a script, by eye of axe, on two screens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import axe
import pytest
from desk import served
from living import add_living
from office_commands import office_command
from playwright.sync_api import Browser, Page, expect
from support import copy_county, edit
from test_start_notice import HEAD, TASKS

SCREENS = ((1366, 768), (390, 800))
NEWS = "/translation/news/2030-01-15-fair"


@contextmanager
def opened(browser: Browser, folder: Path, *, judged: bool = False) -> Iterator[tuple[Page, str]]:
    """The desk of ``folder`` in a browser, with axe if ``judged``; yield the page and the address of the desk."""
    context = axe.context(browser, SCREENS[0]) if judged else browser.new_context()
    context.set_default_timeout(30_000)
    try:
        with served(folder) as address:
            page = context.new_page()
            page.goto(address)
            yield page, page.url.rstrip("/")
    finally:
        context.close()


def findings(page: Page, root: str, paths: Sequence[str]) -> list[str]:
    """Return what axe finds on the pages, on each screen; the menu of a phone is scrolled, so no pictures are taken."""
    found = []
    for path in paths:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{root}{path}")
            page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
            found += [f"{path} at {width}: {trouble}" for trouble in axe.troubles(page)]
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A county with old English and a term."""
    folder = copy_county(tmp_path / "沂 county")
    add_living(folder / "data")
    office_command(folder, "translated", "--new", day=None)
    edit(folder / "data/news/2030-01-15-fair.zh.md", "title: 展会开幕", "title: 展会闭幕")
    with (folder / "data/glossary.yml").open("a", encoding="utf-8") as glossary:
        glossary.write("- id: fair-term\n  term: {zh: 展会, en: trade fair}\n  kind: term\n")
    return folder


def test_no_page_has_a_finding(browser: Browser, project: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with opened(browser, project, judged=True) as (page, root):
        pages = ("/translation", "/translation?standing=missing", f"{NEWS}?every=1", "/publish")
        assert findings(page, root, pages) == []
        page.get_by_role("button", name="English").click()
        assert findings(page, root, ("/publish", NEWS)) == []
    with opened(browser, empty, judged=True) as (page, root):
        assert findings(page, root, ("/",)) == []
        (tmp_path / "a.txt").write_text(HEAD + TASKS, "utf-8")
        page.get_by_label("通知的文件").set_input_files(tmp_path / "a.txt")
        page.get_by_role("button", name="读一读").click()
        expect(page.get_by_text("建设检测站").first).to_be_attached()
        assert findings(page, root, ("/",)) == []


def test_a_term_is_put_where_one_writes_and_saved(browser: Browser, project: Path) -> None:
    with opened(browser, project) as (page, root):
        page.goto(f"{root}{NEWS}#title")
        field = page.get_by_role("textbox", name="英文 标题")
        field.fill("End of the ")
        page.get_by_role("button", name="用它 trade fair").first.click()
        expect(field).to_have_value("End of the trade fair")
        page.get_by_role("button", name="保存", exact=True).click()
        page.wait_for_url("**/translation?*")
        expect(page.get_by_role("status")).to_contain_text("1")
    assert "title: End of the trade fair" in (project / "data/news/2030-01-15-fair.en.md").read_text("utf-8")


def test_progress_is_followed_and_a_run_can_be_stopped(browser: Browser, project: Path) -> None:
    with opened(browser, project) as (page, root):
        page.goto(f"{root}/publish")
        page.get_by_role("button", name="检查并生成，不发布").click()
        expect(page.get_by_role("progressbar", name="进度")).to_be_visible()
        page.get_by_role("button", name="停止").click()
        expect(page.get_by_role("status")).to_contain_text("已停止")
        page.get_by_role("button", name="检查并生成，不发布").click()
        # A placeholder of an address is not released: the script shows the end without a reload by hand.
        expect(page.get_by_role("status")).to_contain_text("没有做成", timeout=120_000)
        expect(page.get_by_text("占位网址").first).to_be_visible()
    assert not (project / "site").exists()
