"""The recipes of the handbook (`data/README.md`), each done by mouse and by keyboard, in both languages and widths.

The names of the functions follow the headings there. Each is done on a county of its own combination of hands, language
and screen, one after another, as at a desk.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe
import pytest
from desk import served
from haopin.transcription import romanized
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Browser, FileChooser, Locator, Page
from support import copy_full_county, wait_for

#: Each opens a desk in a browser and saves.
pytestmark = pytest.mark.sweep
DESKTOP, PHONE = (1366, 768), (390, 800)
CLERK, LEADER = "张三", "李四"
BATCH = (
    "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理\n"
    "山楂片,东山果脯厂,JY30-2-001,甲乙果品规范02,合格,,\n"
    "苹果罐头,西河食品厂,JY30-2-002,甲乙果品规范03,不合格,菌落总数,责令整改\n"
)
#: More keys than any page needs to be walked through.
_MOST_KEYS = 3_000


class Mouse:
    """Presses, writes and chooses by mouse; letters come from the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, place: Locator) -> None:
        """Bring the focus to ``place``."""
        place.click()

    def press(self, place: Locator) -> None:
        """Press a button, a link or a summary."""
        place.click()

    def write(self, place: Locator, words: str) -> None:
        """Write ``words`` over what is there."""
        self.reach(place)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(words)

    def choose(self, place: Locator, value: str) -> None:
        """Choose an option by its value; the browser draws its own list, which no test can see."""
        place.select_option(value)

    def give(self, place: Locator, name: str, content: bytes) -> None:
        """Put a file into an input, or into what asks for one."""
        with self.page.expect_file_chooser() as asked:
            self.press(place)
        put(asked.value, name, content)


class Keyboard(Mouse):
    """The same with keys alone."""

    def reach(self, place: Locator) -> None:
        """Walk to ``place`` by Tab, forwards or back."""
        target = place.element_handle()
        for _ in range(_MOST_KEYS):
            way = self.page.evaluate(
                "(to) => { const at = document.activeElement; return at === to ? '' :"
                " at !== document.body && at.compareDocumentPosition(to) & 2 ? 'Shift+Tab' : 'Tab' }",
                target,
            )
            if not way:
                return
            self.page.keyboard.press(way)
        raise AssertionError(f"no key leads to {place}")

    def press(self, place: Locator) -> None:
        """Press Enter on ``place``, or the space bar on a box or a file."""
        self.reach(place)
        kind = place.get_attribute("type")
        self.page.keyboard.press("Space" if kind in ("checkbox", "radio", "file") else "Enter")

    def choose(self, place: Locator, value: str) -> None:
        """Go through the options by arrow keys."""
        self.reach(place)
        values = place.evaluate("(list) => [...list.options].map((option) => option.value)")
        self.page.keyboard.press("Home")
        for _ in range(values.index(value)):
            self.page.keyboard.press("ArrowDown")
        assert place.input_value() == value


@dataclass
class Office:
    """A clerk in front of a desk.

    Attributes:
        hands: How the clerk works.
        page: The browser.
        home: Address of the desk, without a slash at its end.
        project: Folder of the project.
        seen: What each screen that axe has judged is called.
    """

    hands: Mouse
    page: Page
    home: str
    project: Path
    seen: set[str] = field(default_factory=set)

    @property
    def is_chinese(self) -> bool:
        """Whether the desk is in Chinese."""
        return str(self.page.locator("html").get_attribute("lang")).startswith("zh")

    def at(self, selector: str, words: str | re.Pattern[str] | None = None) -> Locator:
        """Return the first visible element of the page for ``selector``, with ``words`` if given."""
        return self.page.locator(selector, has_text=words).locator("visible=true").first

    def menu(self, address: str) -> None:
        """Go to a page of the main menu."""
        self.go(f".bar nav a[href='{address}']")

    def go(self, selector: str, words: str | re.Pattern[str] | None = None) -> None:
        """Press what leads to another page, and wait for it to be ready."""
        with self.page.expect_navigation():
            self.hands.press(self.at(selector, words))
        self.ready()
        self.judge()

    def ready(self) -> None:
        """Wait until the form of the page, if there is one, has been checked."""
        if self.page.locator("[data-status]").count():
            checked = "/正在检查|Checking|^$/.test(document.querySelector('[data-status]').textContent)"
            wait_for(self.page, f"() => !{checked}")

    def judge(self) -> None:
        """Let axe judge the screen, in light and dark colours, the first time that it is seen."""
        screen = f"{self.page.title()} {self.page.locator('main h2').all_inner_texts()}"
        if screen in self.seen or type(self.hands) is not Mouse:
            return
        self.seen.add(screen)
        folded = self.page.locator("details:not([open])").element_handles()
        self.page.evaluate("(all) => all.forEach((each) => (each.open = true))", folded)
        # The preview is judged as the site that it is.
        assert [line for line in axe.troubles(self.page) if "frame-tested" not in line] == []
        self.page.evaluate("(all) => all.forEach((each) => (each.open = false))", folded)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width

    def fill(self, values: dict[str, str]) -> None:
        """Fill in the form by the names of its fields."""
        for name, value in values.items():
            place = self.page.locator(f"[name='{name}']").first
            if not place.is_visible():
                # What is seldom needed is folded.
                self.hands.press(place.locator("xpath=ancestor::details[not(@open)]").last.locator("> summary"))
            if place.evaluate("(field) => field.tagName") == "SELECT":
                self.hands.choose(place, value)
            else:
                self.hands.write(place, value)

    def add(self, group: str) -> str:
        """Add an item to a list; return the beginning of the names of its fields."""
        before = self.page.locator(f"[data-list='{group}'] > .items > .item").count()
        self.hands.press(self.at(f"[data-add='{group}']"))
        item = self.page.locator(f"[data-list='{group}'] > .items > .item").nth(before)
        return str(item.locator("input[type=hidden]").first.get_attribute("name")).removesuffix("_")

    def save(self) -> None:
        """Save the form; nothing may be left to fix."""
        wait_for(self.page, "() => /可以保存|Ready/.test(document.querySelector('[data-status]').textContent)")
        self.go("[data-save]")
        assert self.page.locator(".card.error").all_inner_texts() == []

    def be(self, name: str) -> None:
        """Say who works now."""
        self.go(".tools a")
        self.fill({"name": name})
        self.go("main .button")

    def open(self, kind: str, record: str = "new") -> None:
        """Open the form of a record by the list of its kind."""
        self.menu("/records")
        self.go(f"main a[href='/records/{kind}']")
        self.go(f"main a[href='/records/{kind}/{record}']")

    def text(self, pattern: str = "**/*") -> str:
        """Return the text of the data files of ``pattern``."""
        files = sorted((self.project / "data").glob(pattern))
        return "\n".join(f.read_text("utf-8") for f in files if f.suffix in (".yml", ".md", ".csv", ".txt"))


def put(chooser: FileChooser, name: str, content: bytes) -> None:
    """Answer a browser that asks for a file."""
    chooser.set_files({"name": name, "mimeType": "", "buffer": content})


COMBINATIONS = [
    pytest.param((hands, language, screen), id=f"{hands.__name__.lower()}-{language}-{screen[0]}")
    for hands, language, screen in (
        (Mouse, "zh", DESKTOP),
        (Mouse, "en", PHONE),
        (Keyboard, "zh", PHONE),
        (Keyboard, "en", DESKTOP),
    )
]


@pytest.fixture(scope="module", params=COMBINATIONS)
def office(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A clerk with one way to work."""
    hands, language, screen = request.param
    project = copy_full_county(tmp_path_factory.mktemp("desk") / "county")
    site = project / "data/site.yml"
    # The address of the fixtures is one that is never released.
    site.write_text(site.read_text("utf-8").replace("quality.example", "quality.test"), encoding="utf-8", newline="\n")
    with served(project) as address:
        context = axe.context(browser, screen)
        page = context.new_page()
        page.goto(address)
        found = Office(hands(page), page, address.partition("/?")[0], project)
        if language == "en":
            found.go(".tools button")
        assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-Hans")
        found.be(CLERK)
        yield found
        context.close()


# --- The recipes


def report_progress(office: Office) -> None:
    """Recipe 1: a row of the grid."""
    office.menu("/ledger")
    office.go("main a[href*='/ledger/grid?body=quality']")
    state = office.at("select[data-column=state]")
    row = state.get_attribute("data-row")
    office.hands.choose(
        state, state.locator("option").nth(2).get_attribute("value") or state.locator("option").nth(2).inner_text()
    )
    office.hands.write(office.at(f"[data-row='{row}'][data-column=date]"), "2030年1月31日")
    office.hands.write(office.at(f"[data-row='{row}'][data-column=text]"), "抽查了4批果品。")
    office.fill({"source": "县质量局"})
    office.hands.press(office.at("button[value=check]"))
    office.at(".card.confirm li").wait_for()
    office.hands.press(office.at("button[value=save]"))
    office.at(".card.good").wait_for()
    assert "抽查了4批果品" in office.text("ledger/*")


def paste_cells(office: Office) -> None:
    """Recipe 1: cells from a spreadsheet."""
    office.menu("/ledger")
    office.go("main a[href*='/ledger/grid?body=quality']")
    about = office.page.locator("input[name='r1.about']").input_value()
    office.hands.press(office.at("details.card > summary"))
    office.fill(
        {"pasted": f"事项编号\t日期\t状态\t说明\n{about}\t2030/1/30\t进行中\t已发出文件。\n", "source": "县质量局"}
    )
    office.go("button[value=paste]")
    office.go("button[value=save]")
    assert "已发出文件" in office.text("ledger/*")


def import_form(office: Office) -> None:
    """Recipe 1: the form that a body returned."""
    office.menu("/ledger")
    with office.page.expect_download() as download:
        office.hands.press(office.at("main a[href*='/ledger/form?body=quality']"))
    book: Any = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    answers = ("2030-01-29", "进行中" if office.is_chinese else "under way", "交回的表。", "县质量局")
    titles = ("日期", "状态", "说明", "来源") if office.is_chinese else ("Date", "State", "Text", "Source")
    head = next(row for sheet in book for row in sheet.iter_rows() if {cell.value for cell in row} >= {*titles})
    sheet, at = head[0].parent, {cell.value: cell.column for cell in head}
    # The last row: the first ones are reported by the recipes before.
    last = max(row for row in range(head[0].row, sheet.max_row + 1) if sheet.cell(row, 1).value)
    for title, answer in zip(titles, answers, strict=True):
        sheet.cell(last, at[title]).value = answer
    out = io.BytesIO()
    book.save(out)
    office.go("main a[href='/ledger/import']")
    office.hands.give(office.at("#file"), "县质量局.xlsx", out.getvalue())
    office.go("button[value=check]")
    office.go("button[value=save]")
    assert "交回的表" in office.text("ledger/*")


def correct_a_report(office: Office) -> None:
    """Recipe 2: the right figure, which report it replaces, and why."""
    office.menu("/ledger")
    office.go("main a[href*='/ledger/grid?body=quality']")
    button = office.page.locator("button[value='correct:e2030-01-check']")
    office.hands.press(button.locator("xpath=ancestor::details").locator("> summary"))
    with office.page.expect_navigation():
        office.hands.press(button)
    row = office.page.locator("[data-column=corrects]").evaluate_all(
        "(all) => all.find((each) => each.value === 'e2030-01-check').dataset.row"
    )
    office.hands.write(office.at(f"[data-row='{row}'][data-column=reason]"), "上次漏了1批。")
    office.hands.write(office.at(f"[data-row='{row}'][data-column=source]"), "县质量局")
    office.go("button[value=check]")
    office.go("button[value=save]")
    assert "上次漏了1批" in office.text("ledger/*") and "corrects: e2030-01-check" in office.text("ledger/*")


def announce_an_event(office: Office) -> None:
    """Recipe 3: announced, moved, called off, and held again."""
    office.open("event")
    office.fill(
        {
            "title.zh": "集市检秤",
            "title.en": "Scales at the market",
            "start": "2030年2月16日",
            "opens": "08：30",
            "venue.zh": "东市场",
            "venue.en": "East market",
            "source.zh": "县质量局",
            "source.en": "County Quality Bureau",
        }
    )
    office.save()
    file = office.project / "data/events/2030-02-01-scales-at-the-market.yml"
    office.open("event", file.stem)
    office.fill({"opens": "09:00"})
    item = office.add("changed")
    office.fill({f"{item}date": "2030-02-01", f"{item}what.zh": "开始时间改为9时。"})
    office.save()
    office.open("event", file.stem)
    office.fill({"cancelled.date": "2030-02-01", "cancelled.reason.zh": "天气原因。"})
    office.save()
    text = file.read_text("utf-8")
    assert "start: 2030-02-16" in text and "09:00" in text and "开始时间改为9时" in text and "天气原因" in text
    office.open("event", file.stem)
    office.go("a[href*='copy=']")
    assert office.page.input_value("[name='title.zh']") == "集市检秤"
    office.fill({"start": "2030-03-16"})
    office.save()
    assert office.text("events/*").count("Scales at the market") == 2


def write_news_with_a_picture(office: Office) -> None:
    """Recipe 4: words, a picture in them, and the page beside them."""
    office.open("news")
    office.fill({"title.zh": "标准化宣讲进商场", "title.en": "Talks on standards", "source.zh": "县质量局"})
    office.fill({"text.zh": "县质量局到商场讲解标准。\n\n"})
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(picture, "PNG")
    office.page.once("dialog", lambda dialog: dialog.accept("宣讲现场"))
    office.hands.give(office.page.locator("[data-toolbar=text-zh] button").last, "宣讲 现场.png", picture.getvalue())
    office.save()
    assert "![宣讲现场](/evidence/" in office.text("news/*")


def import_a_batch(office: Office) -> None:
    """Recipe 5: the table of a testing body."""
    office.menu("/ledger")
    office.go("main a[href='/batches/import']")
    office.hands.give(office.at("#file"), "果品.csv", BATCH.encode())
    office.fill({"id": "fruit-2030-2", "title": "2030年第二期果品抽查", "body": "quality", "date": "2030-02-01"})
    office.fill({"source": "县质量局"})
    office.go("button[value=check]")
    office.go("button[value=save]")
    assert "西河食品厂" in (office.project / "data/batches/fruit-2030-2.csv").read_text("utf-8")


def warn(office: Office) -> None:
    """Recipe 6: a warning, whose evidence is a file."""
    begin_warning(office, "雪天当心屋檐落冰", "Beware of ice falling from roofs")
    item = office.add("evidence")
    office.hands.give(office.page.locator(f"[name='{item}upload']"), "通知.txt", "屋檐落冰的通知。".encode())
    office.fill({f"{item}title.zh": "通知", f"{item}title.en": "Notice"})
    office.save()
    assert "雪天当心屋檐落冰" in office.text("warnings.yml")
    assert (office.project / "data/evidence/通知.txt").exists()


def begin_warning(office: Office, title: str, english: str) -> None:
    """Fill in a new warning."""
    office.open("warning")
    office.fill(
        {
            "title.zh": title,
            "title.en": english,
            "body": "县质量局（quality）",
            "text.zh": "雪后气温回升，屋檐有冰。",
            "advice.zh": "绕行。",
            "source.zh": "县质量局",
        }
    )


def find_and_copy_an_award(office: Office) -> None:
    """Recipe 7: found by pinyin, and a new one like it."""
    office.menu("/records")
    office.go("main a[href='/records/award']")
    first = office.page.locator("ul.records a").first
    title = first.inner_text()
    office.hands.write(office.at("#q"), romanized(title)[:4])
    office.go("form.filters button")
    office.go("ul.records a", title)
    office.go("a[href*='copy=']")
    office.fill({"date": "2030-01-31", "year": "2030"})
    office.save()
    assert "date: 2030-01-31" in office.text("awards.yml")


def quote_a_clause(office: Office) -> None:
    """Recipe 7: a part of the plan; its quotation is marked in the clause."""
    office.open("task", "01")
    office.hands.press(
        office.page.locator("[data-list=measures] > .items > .item").first.locator("details > summary").first
    )
    if not office.page.locator("[data-into=measures-0-quote-zh]").is_visible():
        office.hands.press(
            office.page.locator("[data-list=measures] > .items > .item").first.locator("details > summary").first
        )
    office.hands.press(office.page.locator("[data-into=measures-0-quote-zh]"))
    office.at("dialog[open] [data-clause-text]").wait_for()
    wait_for(office.page, "() => document.querySelector('[data-clause-text]').selectionEnd > 0")
    office.page.keyboard.press("Shift+ArrowLeft")
    office.hands.press(office.page.locator("dialog button[value=quote]"))
    assert office.page.input_value("#measures-0-quote-zh") == "每年抽查产"
    wait_for(office.page, "() => document.activeElement.dataset.into === 'measures-0-quote-zh'")
    # Leaving is asked about; nothing is saved.
    office.page.once("dialog", lambda dialog: dialog.accept())
    office.menu("/records")


def assign(office: Office) -> None:
    """Recipe 8: who is responsible, and until when."""
    office.open("assignment")
    place = office.page.locator("[name=measure]")
    office.hands.write(place, "抽查")
    option = office.page.locator(f"[id='{place.get_attribute('list')}'] option[value*='抽查']").first
    option.wait_for(state="attached")
    office.fill({"measure": str(option.get_attribute("value")), "body": "县质量局（quality）", "due": "2030年12月31日"})
    office.fill({"source.zh": "县质量局分工表"})
    office.save()
    assert "县质量局分工表" in office.text("assignments.yml")


def withdraw_a_name(office: Office) -> None:
    """Recipe 9: a name that must go at once."""
    office.open("withdrawal")
    office.fill({"date": "2030-02-01", "reason": "credit-restored"})
    item = office.add("names")
    office.hands.write(office.page.locator(f"input[name^='{item}']:not([type=hidden])").first, "东山果脯厂")
    office.save()
    assert "东山果脯厂" in office.text("withdrawals.yml")


def print_the_sheet(office: Office) -> None:
    """Recipe 10: the sheet for signature."""
    office.menu("/approval")
    office.go("main a[href='/approval/news/2030-01-30-draft']")
    with office.page.expect_popup() as popup:
        office.hands.press(office.at("a[href$='/sheet']"))
    popup.value.wait_for_load_state()
    words = popup.value.locator("body").inner_text()
    popup.value.close()
    steps = ("初审", "复审", "终审") if office.is_chinese else ("First reading", "Second reading", "Final reading")
    assert all(step.casefold() in words.casefold() for step in steps)


def send_back_and_approve(office: Office) -> None:
    """Recipe 11: the leader sends it back, the clerk sees why, the leader approves."""
    office.be(LEADER)
    office.menu("/approval")
    office.go("main a[href='/approval/news/2030-01-30-draft']")
    office.fill({"role": "head", "name": LEADER, "reason": "标题写清楚些。"})
    office.go("button[value=return]")
    office.be(CLERK)
    office.open("news", "2030-01-30-draft")
    assert "标题写清楚些" in office.page.locator("main").inner_text()
    office.fill({"title.zh": "写清楚了的标题"})
    office.save()
    office.be(LEADER)
    office.menu("/approval")
    office.go("main a[href='/approval/news/2030-01-30-draft']")
    office.fill({"role": "head", "name": LEADER, "paper": "2030-8"})
    office.go("button[value=approve]")
    office.be(CLERK)
    text = office.text("news/2030-01-30-draft*")
    assert "2030-8" in text and "fingerprint" in text and "returned" not in text


def translate(office: Office) -> None:
    """Recipe 12: English that is missing."""
    office.menu("/translation")
    office.go("nav.pages a[href*='missing']")
    office.go("main a[href*='/translation/news/2029-12-01-closed']")
    office.hands.write(office.page.locator("[name='en.title']"), "Closed for a day")
    office.go("main form .actions button")
    assert "Closed for a day" in office.text("news/*")


def build_the_site(office: Office) -> None:
    """Recipe 13: checked and built on this computer."""
    office.menu("/publish")
    office.go("button[value=rehearse]")
    office.page.locator("[data-run=done], [data-run=failed]").wait_for(timeout=180_000)
    assert office.page.locator("[data-run]").get_attribute("data-run") == "done"
    assert (office.project / "site/index.html").exists()


def undo_and_restore(office: Office) -> None:
    """Recipe 14: the last step is taken back, and an earlier version comes back."""
    file = office.project / "data/events/scale-day-2030.yml"
    for hour in ("07:45", "07:50"):
        office.open("event", "scale-day-2030")
        office.fill({"opens": hour})
        office.save()
    office.menu("/history")
    office.go("ul.records form button")
    assert "07:45" in file.read_text("utf-8")
    office.open("event", "scale-day-2030")
    office.go("a[href*='/history/']")
    office.go("section.card:not(:first-of-type) form button")
    assert "07:50" in file.read_text("utf-8")


def delete_a_draft(office: Office) -> None:
    """Recipe 15: a record that was never approved, and a draft that was never saved."""
    office.open("warning")
    office.fill({"title.zh": "写错的", "source.zh": "县质量局"})
    office.ready()
    office.page.wait_for_timeout(500)
    office.page.once("dialog", lambda dialog: dialog.accept())
    office.menu("/")
    office.go("main a[href*='/records/warning/new?draft=']")
    office.go("form[action$='/drop'] button")
    office.open("news", "2030-02-10-later")
    assert office.page.locator("form[action$='/delete']").count() == 0
    begin_warning(office, "这条写错了", "Written by mistake")
    office.save()
    office.open("warning", "2030-02-01-written-by-mistake")
    office.go("form[action$='/delete'] button")
    office.go("button[value='delete!']")
    assert "这条写错了" not in office.text("warnings.yml")


def change_what_somebody_else_changed(office: Office) -> None:
    """Recipe 16: both changes are shown, and one form has both."""
    file = office.project / "data/events/lecture-2030.yml"
    office.open("event", "lecture-2030")
    before = file.read_text("utf-8")
    assert "opens:" in before
    file.write_text(re.sub("opens: .*", 'opens: "07:30"', before), encoding="utf-8", newline="\n")
    office.fill({"venue.zh": "县图书馆二楼", "venue.en": "County library, second floor"})
    office.go("[data-save]")
    shown = office.page.locator("main").inner_text()
    assert "07:30" in shown and "县图书馆二楼" in shown
    office.go("form.record .actions button")
    office.go("button[value='save!']")
    after = file.read_text("utf-8")
    assert "07:30" in after and "县图书馆二楼" in after


def make_materials(office: Office) -> None:
    """Recipe 19: pieces with a sender, drawn and downloaded."""
    office.menu("/materials")
    office.fill({"of": "slogan", "format": "wechat-cover", "sender": "县实验小学"})
    office.go("form[action='/materials'] .button")
    with office.page.expect_download() as download:
        office.hands.press(office.page.locator("a[href^='/materials/materials.zip']"))
    with zipfile.ZipFile(download.value.path()) as archive:
        names = {f"slogan-wechat-cover-{language}.png" for language in ("zh", "en")}
        assert set(archive.namelist()) == {"contact-sheet.pdf", *names}


RECIPES: tuple[Callable[[Office], None], ...] = (
    report_progress,
    paste_cells,
    import_form,
    correct_a_report,
    announce_an_event,
    write_news_with_a_picture,
    import_a_batch,
    warn,
    find_and_copy_an_award,
    quote_a_clause,
    assign,
    print_the_sheet,
    send_back_and_approve,
    translate,
    build_the_site,
    undo_and_restore,
    delete_a_draft,
    change_what_somebody_else_changed,
    make_materials,
    withdraw_a_name,
)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.__name__)
def test_recipe(office: Office, recipe: Callable[[Office], None]) -> None:
    """A clerk with these hands, in this language, on this screen, does what the handbook says."""
    try:
        recipe(office)
    except Exception as error:
        error.add_note(office.page.url + "\n" + office.page.locator("main").inner_text()[:3000])
        raise
