"""The desk in a real browser: by keyboard and mouse, without scripts, on a small screen, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import axe
import pytest
from haopin.office.raw import RawFolder
from PIL import Image
from playwright.sync_api import Browser, Dialog, Page
from support import AS_OF, copy_full_county, wait_for
from test_desk_security import opened

SCREENS = ((1366, 768), (390, 800))
#: Pages with forms and lists, and the list of all kinds.
PAGES = ("/records", "/records/news", "/records/news/new", "/records/event/lecture-2030", "/records/task/01", "/who")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county whose desk is open."""
    return copy_full_county(tmp_path_factory.mktemp("desk") / "county")


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    """The first address of its desk."""
    with opened(project, HAOPIN_AS_OF=AS_OF) as (_, found):
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A clerk's page, which must not report anything to the console."""
    context = axe.context(browser, SCREENS[0])
    found = context.new_page()
    told: list[str] = []
    found.on("console", lambda message: told.append(message.text))
    found.on("pageerror", lambda error: told.append(str(error)))
    found.goto(address)
    assert "token" not in found.url
    found.goto(f"{home(address)}/who")
    found.fill("[name=name]", "Ada")
    with found.expect_navigation():
        found.keyboard.press("Enter")
    yield found
    # axe itself asks the frame of the preview, which has no origin.
    assert [line for line in told if "postMessage" not in line] == []
    context.close()


def home(address: str) -> str:
    """Return ``address`` without path and token."""
    return address.partition("/?")[0]


def ready(page: Page) -> None:
    """Wait until the form was checked."""
    wait_for(page, "() => !/正在检查|Checking|^$/.test(document.querySelector('[data-status]').textContent)")


@pytest.mark.sweep
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_is_accessible_and_fits(page: Page, address: str, language: str) -> None:
    """Axe finds nothing in light and dark colours, at both widths, with all parts open; nothing is wider than it."""
    if language == "en":
        page.goto(f"{home(address)}/records")
        page.get_by_role("button", name="English").click()
    found = []
    for path in PAGES:
        page.goto(f"{home(address)}{path}")
        if page.locator("[data-status]").count():
            ready(page)
        page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            # The preview is tested as the site that it is.
            told = [line for line in axe.troubles(page) if "frame-tested" not in line]
            found += [f"{path} at {width}: {line}" for line in told]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} is wider than {width}")
    assert found == []


def test_a_news_item_by_keyboard_only(page: Page, address: str, project: Path) -> None:
    """A clerk writes a news item without a mouse; what is missing is said at its field, and the page is beside it."""
    page.goto(f"{home(address)}/records/news/new")
    ready(page)
    page.focus("#title-zh")
    page.keyboard.type("键盘写的一条")
    page.keyboard.press("Tab")
    page.keyboard.type("Written by keyboard")
    wait_for(page, "() => /还要填或改/.test(document.querySelector('[data-status]').textContent)")
    page.focus("#body")
    page.keyboard.type("nobody")
    page.wait_for_selector("#body-said .wrong:has-text('没有找到')")
    page.keyboard.press("Control+a")
    page.keyboard.type("县质量局（quality）")
    page.focus("#text-zh")
    page.keyboard.type("正文还没有保存。")
    page.focus("#source-zh")
    page.keyboard.type("县质量局")
    wait_for(page, "() => document.querySelector('[data-status]').textContent.includes('可以保存')")
    frame = page.frame_locator("[data-view]")
    frame.locator("text=正文还没有保存。").first.wait_for()
    page.get_by_role("button", name="English", exact=True).last.click()
    frame.locator("h1:has-text('Written by keyboard')").first.wait_for()
    page.focus("[data-save]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("saved=1"))
    kind = next(kind for kind in RawFolder(project / "data")._kinds if kind.name == "news")
    saved = [r for r in RawFolder(project / "data").records(kind) if "键盘写的一条" in str(r.values)]
    assert [r.values["body"] for r in saved] == ["quality"]


def test_items_of_a_list(page: Page, address: str) -> None:
    """Items are added, moved and removed in place; long lists are folded, and what a link leads to is open."""
    page.goto(f"{home(address)}/records/task/01#measures-1-title-zh")
    ready(page)
    items = page.locator("[data-list=measures] > .items > .item")
    assert items.count() == 3
    opened_ = page.evaluate(
        "[...document.querySelectorAll('[data-list=measures] > ol > li > details')].map((d) => d.open)"
    )
    assert opened_ == [False, True, False]
    first = items.nth(0).locator("> details > summary").inner_text()
    items.nth(0).locator("> .item-tools [data-move=down]").click()
    assert items.nth(1).locator("> details > summary").inner_text() == first
    page.locator("[data-add=measures]").click()
    assert items.count() == 4
    page.keyboard.type("x")
    page.wait_for_selector("[data-list=measures] > .items > .item:nth-child(4) .wrong")
    items.nth(3).locator("> .item-tools [data-remove]").click()
    assert items.count() == 3
    items.nth(1).locator("> .item-tools [data-move=up]").click()
    wait_for(page, "() => document.querySelector('[data-changes]').textContent.includes('没有改动')")


def test_words_are_quoted_by_marking_them(page: Page, address: str) -> None:
    """A quotation is marked in the clause, with the keyboard, too; the clause is one of those of its document."""
    page.goto(f"{home(address)}/records/task/01#measures-0-quote-zh")
    ready(page)
    page.locator("[data-into=measures-0-quote-zh]").click()
    text = page.locator("dialog[open] [data-clause-text]")
    text.wait_for()
    # What is quoted already is marked; by keyboard, the mark is made shorter by a character.
    page.keyboard.press("Shift+ArrowLeft")
    page.locator("dialog button[value=quote]").click()
    assert page.input_value("#measures-0-quote-zh") == "每年抽查产"
    assert page.evaluate("document.getElementById('clause-id').list.options.length") > 3


def test_a_file_is_dropped_in(page: Page, address: str, project: Path) -> None:
    """A file that is put into a new item of evidence is saved with the record; leaving unsaved work is asked about."""
    page.goto(f"{home(address)}/records/news/2030-01-23-fruit")
    ready(page)
    page.locator("[data-add=evidence]").click()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    make = "() => { const d = new DataTransfer(); d.items.add(new File(['水果通报。'], '通报 1.txt')); return d }"
    field = page.locator("[data-list=evidence] .field:has(> input[type=file])").last
    field.dispatch_event("drop", {"dataTransfer": page.evaluate_handle(make)})
    page.evaluate("location.href = '/records'")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] and "fruit" in page.url
    page.locator("[data-save]").click()
    page.wait_for_load_state()
    assert page.locator(".card.error li").all_inner_texts() == []
    assert (project / "data/evidence/通报-1.txt").read_text("utf-8") == "水果通报。"
    assert "通报-1.txt" in (project / "data/news/2030-01-23-fruit.zh.md").read_text("utf-8")


def test_a_picture_is_put_into_a_text(page: Page, address: str, project: Path, tmp_path: Path) -> None:
    """Its file becomes evidence, its words are asked for, and the preview shows it before anything is saved."""
    # While names are withdrawn, a picture is shown only after a person has looked at it.
    (project / "data/withdrawals.yml").unlink()
    file = tmp_path / "会议 现场.png"
    Image.new("RGB", (400, 300), "green").save(file)
    page.goto(f"{home(address)}/records/news/2030-01-23-fruit")
    ready(page)
    page.on("dialog", lambda dialog: dialog.accept("会议[现场]"))
    with page.expect_file_chooser() as chooser:
        page.locator("[data-toolbar=text-zh] button", has_text="图片").click()
    chooser.value.set_files(file)
    shown = page.frame_locator("[data-view]").locator("img[alt=会议现场]")
    shown.wait_for()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    assert not (project / "data/evidence/会议-现场.png").exists()
    page.locator("[data-save]").click()
    page.wait_for_load_state()
    assert (project / "data/evidence/会议-现场.png").read_bytes() == file.read_bytes()
    text = (project / "data/news/2030-01-23-fruit.zh.md").read_text("utf-8")
    assert "![会议现场](/evidence/会议-现场.png)" in text and "file: 会议-现场.png" in text


def test_the_preview_stays_where_it_was(page: Page, address: str) -> None:
    """After a key, the page beside the form is shown again at the same height, and the browser's way back is short."""
    page.goto(f"{home(address)}/records/task/01")
    ready(page)
    page.wait_for_timeout(500)
    frame = page.locator("[data-view]").element_handle().content_frame()
    assert frame is not None
    frame.evaluate("scrollTo(0, 400)")
    page.locator("[name='summary.zh']").press_sequentially("又一句。", delay=100)
    frame.get_by_text("又一句。").first.wait_for(state="attached")
    wait_for(frame, "() => scrollY === 400")
    before = page.evaluate("history.length")
    page.locator("[name='summary.zh']").press_sequentially("再一句。")
    frame.get_by_text("再一句。").first.wait_for(state="attached")
    assert page.evaluate("history.length") == before


def test_without_scripts(browser: Browser, address: str) -> None:
    """Everything but the preview works without scripts: saving shows the changes first, lists have buttons."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.goto(f"{home(address)}/records/event/lecture-2030")
    page.fill("[name='venue.zh']", "县图书馆二楼")
    page.locator("button[value=save]").first.click()
    assert "县图书馆二楼" in page.locator(".card.confirm table.changes ins").all_inner_texts()
    assert page.locator("button[value='save!']").count() == 1
    page.locator("button[value='add:evidence']").click()
    assert page.input_value("[name='venue.zh']") == "县图书馆二楼"
    assert page.locator("[data-list=evidence] > .items > .item").count() == 1
    context.close()
