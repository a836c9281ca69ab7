"""Takes the pictures of the handbook (`data/README.md`): run by hand, the result is committed.

    .venv/bin/python tests/tools/handbook_pictures.py [NAME ...]

At the desk of the invented county, each scene does what a clerk does before its picture is taken. The names of persons
are those that textbooks use.
"""

import io
import itertools
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "hooks")]

from desk import served  # noqa: E402
from pictures import photographer  # noqa: E402
from support import copy_full_county  # noqa: E402

FOLDER = ROOT / "docs/dev/pictures"
#: Largest size of a picture in bytes.
LARGEST = 60_000
WIDTH, HEIGHT = 1280, 640
#: Milliseconds in which the desk checks what was typed and renders the preview.
SETTLED = 2_500
CLERK, LEADER = "张三", "李四"
NEWS = {
    "kind": "news",
    "title.zh": "标准化宣讲进商场",
    "title.en": "Talks on standards in shops",
    "source.zh": "县质量局",
    "source.en": "County Quality Bureau",
}
TEXT = "县质量局到商场讲解标准，现场回答提问。\n\n![宣讲现场](/evidence/talk.jpg)"
#: Id that the desk gives to these news.
ID = "2030-02-01-talks-on-standards-in-shops"
BATCH = (
    "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理\n"
    "山楂片,东山果脯厂,JY30-2-001,甲乙果品规范02,合格,,\n"
    "苹果罐头,西河食品厂,JY30-2-002,甲乙果品规范03,不合格,菌落总数,责令整改\n"
)


@dataclass(frozen=True)
class Scene:
    """One picture.

    Attributes:
        path: Page of the desk.
        act: What is done on it.
        top: What the picture begins above, as a selector; "" for the top of the page.
        height: Height of the picture in CSS pixels.
        who: Who is at the desk.
    """

    path: str
    act: Callable[[Page], object] = lambda page: None
    top: str = ""
    height: int = HEIGHT
    who: str = CLERK


def fill(page: Page, values: Mapping[str, str]) -> None:
    """Fill in a form by the names of its fields."""
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]').first
        if field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.wait_for_timeout(SETTLED)


def typed(**values: str) -> Callable[[Page], object]:
    """Return an action that fills in a form; two underscores stand for a dot."""
    return lambda page: fill(page, {name.replace("__", "."): value for name, value in values.items()})


def save(page: Page) -> None:
    """Save the form, and wait for the answer."""
    with page.expect_navigation():
        page.locator("[data-save]").click()


def report_in_grid(page: Page) -> None:
    """Fill in the first row, and let it be checked."""
    state = page.locator("select[data-column=state]").first
    row = state.get_attribute("data-row")
    page.locator(f"[data-row='{row}'][data-column=date]").fill("2030年1月31日")
    state.select_option(index=2)
    page.locator(f"[data-row='{row}'][data-column=text]").fill("抽查了4批果品。")
    page.locator("button[value=check]").click()
    page.wait_for_timeout(SETTLED)


def drop_form(page: Page) -> None:
    """Drop the form of a body, in which one cell is wrong."""
    answer = page.request.get(page.url.partition("/ledger")[0] + "/ledger/form?body=quality")
    book = load_workbook(io.BytesIO(answer.body()))
    sheet = book["进展"]
    head, first = next(
        (row, below) for row, below in itertools.pairwise(sheet.iter_rows()) if "状态" in [cell.value for cell in row]
    )
    typed = {"日期": "2030-01-31", "状态": "完成", "来源": "县质量局"}
    for title, cell in zip(head, first, strict=True):
        if title.value in typed:
            cell.value = typed[str(title.value)]
    out = io.BytesIO()
    book.save(out)
    page.locator("#file").set_input_files({"name": "县质量局.xlsx", "mimeType": "", "buffer": out.getvalue()})
    page.locator("button[value=check]").click()
    page.wait_for_timeout(SETTLED)


def correct(page: Page) -> None:
    """Choose which report is corrected, and scroll to the columns of a correction."""
    chooser = next(
        each for each in page.locator("select[data-column=corrects]").all() if each.locator("option").count() > 1
    )
    chooser.select_option(index=1)
    row = chooser.get_attribute("data-row")
    page.locator(f"[data-row='{row}'][data-column=reason]").fill("上次漏了1批。")
    page.locator(f"[data-row='{row}'][data-column=reason]").scroll_into_view_if_needed()


def write_news(page: Page) -> None:
    """Write news with a picture."""
    fill(page, NEWS)
    page.locator('[data-add="evidence"]').click()
    picture = io.BytesIO()
    Image.effect_mandelbrot((900, 500), (-2.2, -1.2, 1, 1.2), 60).convert("RGB").save(picture, "JPEG")
    page.locator('input[type=file][name^="evidence"]').first.set_input_files(
        {"name": "talk.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    page.locator('[name="text.zh"]').fill(TEXT)
    page.wait_for_timeout(SETTLED)


def drop_batch(page: Page) -> None:
    """Drop the table of a batch."""
    page.locator("#file").set_input_files({"name": "果品.csv", "mimeType": "text/csv", "buffer": BATCH.encode()})
    fill(
        page,
        {
            "id": "fruit-2030-2",
            "title": "2030年第二期果品抽查",
            "body": "quality",
            "date": "2030-02-01",
            "source": "县质量局",
        },
    )
    page.locator("button[value=check]").click()
    page.wait_for_timeout(SETTLED)


def withdraw(page: Page) -> None:
    """Withdraw one name."""
    fill(page, {"date": "2030-02-01", "reason": "credit-restored"})
    page.locator('[data-add="names"]').click()
    page.locator('input[name^="names."][id]').first.fill("西河食品厂")
    page.wait_for_timeout(SETTLED)


def change_twice(page: Page) -> None:
    """Change a record that another person changes meanwhile."""
    other = page.context.new_page()
    other.goto(page.url)
    fill(other, {"venue.zh": "甲乙大集南门"})
    save(other)
    other.close()
    fill(page, {"opens": "09:00"})
    page.locator("[data-save]").click()
    page.wait_for_timeout(SETTLED)


def make_materials(page: Page) -> None:
    """Make the pieces of an event with a sender."""
    fill(page, {"sender": "县实验小学"})
    page.get_by_role("button", name="制作").click()
    page.get_by_role("link", name="全部下载").wait_for(timeout=120_000)


SCENES: Mapping[str, Scene] = {
    "overview": Scene("/"),
    "records": Scene("/records"),
    "grid": Scene("/ledger/grid?body=quality", report_in_grid),
    "import": Scene("/ledger/import", drop_form),
    "correct": Scene("/ledger/grid?body=quality", correct, top="table.grid"),
    "event": Scene(
        "/records/event/new",
        typed(title__zh="集市检秤", start="2030年2月16日", opens="08:30", source__zh="县质量局"),
    ),
    "news": Scene("/records/news/new", write_news, top="[name='text.zh']"),
    "batch": Scene("/batches/import", drop_batch),
    "warning": Scene("/records/warning/new", typed(title__zh="雪天当心屋檐落冰", body="县质量局（quality）")),
    "award": Scene("/records/award"),
    "withdrawal": Scene("/records/withdrawal/new", withdraw),
    "approval": Scene(f"/approval/news/{ID}", who=LEADER),
    "sheet": Scene(f"/approval/news/{ID}/sheet", who=LEADER),
    "translation": Scene("/translation"),
    "publish": Scene("/publish"),
    "conflict": Scene("/records/event/scale-day-2030", change_twice),
    "delete": Scene(
        f"/records/news/{ID}", lambda page: page.get_by_role("button", name="删去这条").click(), height=260
    ),
    "history": Scene("/history", height=360),
    "materials": Scene("/materials?of=event/quality-day-2030&format=network", make_materials, height=800),
}


def main() -> None:
    """Write the pictures named as arguments, or all."""
    chosen = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory() as place:
        project = copy_full_county(Path(place) / "county")
        with photographer(Path(place)) as browser, served(project) as address:
            page = browser.new_context(color_scheme="light", reduced_motion="reduce").new_page()
            page.goto(address)
            home = address.partition("/?")[0]
            who = ""
            for name, scene in SCENES.items():
                if scene.who != who:
                    page.goto(f"{home}/who")
                    page.locator("#name").fill(who := scene.who)
                    page.locator("main .button").click()
                page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
                page.goto(home + scene.path)
                page.wait_for_timeout(SETTLED)
                scene.act(page)
                if name in chosen:
                    _take(page, scene, FOLDER / f"desk-{name}.webp")
                if name == "news":
                    save(page)


def _take(page: Page, scene: Scene, file: Path) -> None:
    page.set_viewport_size({"width": WIDTH, "height": scene.height})
    if scene.top:
        page.locator(scene.top).first.evaluate("(place) => scrollBy(0, place.getBoundingClientRect().top - 150)")
    else:
        page.evaluate("() => scrollTo(0, 0)")
    page.wait_for_timeout(SETTLED)
    shot = page.screenshot(animations="disabled")
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.save(file, quality=60, method=6)
    size = file.stat().st_size
    assert size <= LARGEST, f"{file.name}: {size} bytes"
    print(f"{file.relative_to(ROOT)}: {picture.width} x {picture.height}, {size // 1000} kB")


if __name__ == "__main__":
    main()
