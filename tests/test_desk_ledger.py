"""The ledger on the desk: the grid without a script, imports with findings at their cells, forms to download."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import axe
import html5lib
import openpyxl
import pytest
from desk import Visitor, controls, root, served
from haopin.desk.desk import CLERK, LANGUAGE
from playwright.sync_api import Browser, Page, ViewportSize
from starlette.testclient import TestClient
from support import copy_full_county, errors_of, files_of

HEAD = "事项编号\t日期\t状态\t数值\t来源\n"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return copy_full_county(tmp_path / "county")


@pytest.fixture
def client(county: Path) -> Iterator[TestClient]:
    """The browser of a clerk who has opened the desk."""
    visitor = Visitor(county)
    yield visitor.client
    visitor.desk.close()


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the form of the grid, as it stands on the page."""
    form = next(form for form in root(page).iter("form") if "data-grid" in form.attrib)
    return {name: value.replace("\r\n", "\n") for name, value in controls(form)}


def at(page: str, row: str, column: str) -> str:
    """The name of the input of a row, which is found by its id, and a column."""
    return next(
        f"{name.split('.')[0]}.{column}"
        for name, value in fields(page).items()
        if name.endswith(".about") and value == row
    )


def messages(page: str) -> list[str]:
    """The messages at inputs, each with the name of its input."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    by_id = {element.get("id"): "".join(element.itertext()).strip() for element in root.iter() if element.get("id")}
    found = []
    for element in root.iter():
        if (described := element.get("aria-describedby")) and element.get("name"):
            found.append(f"{element.get('name')}: {by_id[described.split()[-1]]}")
    return found


def shown(page: str) -> str:
    """The words of the answer to what was sent."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    (status,) = (element for element in root.iter("div") if element.get("role") == "status")
    return " ".join("".join(status.itertext()).split())


def sent(client: TestClient, page: str, do: str, typed: Mapping[str, str] = {}, **more: str) -> Any:
    data = {**fields(page), **typed, **more, "do": do}
    return client.post("/ledger/grid", data=data, follow_redirects=False)


def test_reports_typed_into_the_grid_are_checked_and_saved(client: TestClient, county: Path) -> None:
    page = client.get("/ledger/grid?body=quality").text
    row = at(page, "01/check", "date").split(".")[0]
    wrong = {f"{row}.date": "2030.1.31", f"{row}.state": "完成"}
    before = files_of(county / "data")
    answer = sent(client, page, "save", wrong, source="")
    assert answer.status_code == 200
    assert messages(answer.text)[1:] == [
        f"{row}.date: “2030.1.31”不是日期；是否想写“2030-01-31”？",
        f"{row}.state: “完成”不是可选的状态，可选：未开始、进行中、已完成、常态化、暂停；是否想写“已完成”？",
        f"{row}.source: 缺少“来源”，请填写",
    ]
    assert files_of(county / "data") == before
    kept = fields(answer.text)
    assert (kept[f"{row}.date"], kept[f"{row}.state"]) == ("2030.1.31", "完成")
    right = {
        f"{row}.date": "2030年1月31日",
        f"{row}.state": "已完成",
        "source": "县质量局",
        f"{row}.text": "一\r\n二",
    }
    answer = sent(client, answer.text, "check", right)
    assert shown(answer.text).startswith("要写入 1 条 每年抽查（01/check）：2030-01-31，状态：已完成")
    answer = sent(client, answer.text, "save")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ledger/grid?body=quality&saved=1")
    assert shown(client.get(answer.headers["location"]).text) == "已写入 1 条，审核后公布。"
    written = (county / "data/ledger/quality.yml").read_text("utf-8")
    assert "- id: 2030-01-31-01-check\n" in written
    assert "  drafted:\n    by: 张三\n    date: 2030-02-01\n" in written, "who may then not approve it"
    assert errors_of(county / "data") == []


def test_what_is_typed_survives_a_closed_browser(client: TestClient) -> None:
    page = client.get("/ledger/grid?body=quality").text
    row = at(page, "01/check", "date").split(".")[0]
    typed = {f"{row}.date": "2030.1.31", f"{row}.text": "做了\n一半"}
    assert sent(client, page, "draft", typed, source="县局").status_code == 204
    page = client.get("/ledger/grid?body=quality").text
    assert "有没保存的填报（张三 " in shown(page)
    assert "/ledger/grid?body=quality&amp;draft=1" in client.get("/").text
    page = client.get("/ledger/grid?body=quality&draft=1").text
    found = fields(page)
    row = at(page, "01/check", "date").split(".")[0]
    assert [found[f"{row}.date"], found[f"{row}.text"], found["source"]] == ["2030.1.31", "做了\n一半", "县局"]
    assert len([name for name in found if name.endswith(".about")]) == 21, "every item once"
    sent(client, page, "save", {f"{row}.date": "2030-01-31", f"{row}.state": "进行中"})
    assert "没保存" not in client.get("/ledger/grid?body=quality").text
    sent(client, page, "draft")
    assert sent(client, page, "drop").status_code == 303
    assert "没保存" not in client.get("/ledger/grid?body=quality").text


def test_nothing_is_saved_without_a_name(client: TestClient, county: Path) -> None:
    client.cookies.set(CLERK, "")
    page = client.get("/ledger/grid?body=quality").text
    row = at(page, "01/check", "date").split(".")[0]
    answer = sent(client, page, "save", {f"{row}.date": "2030-01-31", f"{row}.state": "已完成"})
    assert answer.status_code == 200
    assert "先写上姓名再保存" in shown(answer.text)
    assert not (county / "data/ledger/quality.yml").exists()
    client.cookies.set(CLERK, quote("李四"))
    assert sent(client, answer.text, "save").status_code == 303


def test_cells_pasted_without_a_script(client: TestClient, county: Path) -> None:
    page = client.get("/ledger/grid?body=quality&period=2030-01-01_2030-01-31").text
    pasted = (
        HEAD
        + "pass-rate\t2030/1/31\t\t98.5%\t季度统计\n"
        + "01/check\t2030-01-31\t已完成\t\t县质量局\nno-such\t2030-01-31\t\t\tx\n"
    )
    answer = sent(client, page, "paste", pasted=pasted)
    assert "没有事项“no-such”" in shown(answer.text)
    found = fields(answer.text)
    rate = at(answer.text, "pass-rate", "value").split(".")[0]
    values = [found[f"{rate}.{name}"] for name in ("date", "value", "start", "end")]
    assert values == ["2030/1/31", "98.5%", "2030-01-01", "2030-01-31"], "the value covers the chosen period"
    unknown = at(answer.text, "no-such", "about")
    answer = sent(client, answer.text, "check", {name: "" for name in found if name.startswith(unknown.split(".")[0])})
    assert shown(answer.text).startswith("要写入 2 条")
    # A warning is shown once, then saving goes on.
    answer = sent(client, answer.text, "save")
    assert answer.status_code == 303


def test_a_warning_is_seen_before_saving(client: TestClient, county: Path) -> None:
    page = client.get("/ledger/grid?body=quality").text
    row = at(page, "01/check", "date").split(".")[0]
    typed = {f"{row}.date": "2030-01-28", f"{row}.state": "常态化", f"{row}.source": "县质量局", f"{row}.text": "补充"}
    answer = sent(client, page, "save", typed)
    assert answer.status_code == 200
    assert "有 1 处提醒" in shown(answer.text)
    assert any("同一单位当天已报过这一项" in each for each in messages(answer.text))
    assert sent(client, answer.text, "save").status_code == 303


def test_a_report_is_corrected_with_its_reason(client: TestClient, county: Path) -> None:
    page = client.get("/ledger/grid?body=quality").text
    answer = sent(client, page, "correct:e2030-01-pass-rate")
    row = at(answer.text, "pass-rate", "reason").split(".")[0]
    assert fields(answer.text)[f"{row}.value"] == "96.1"
    answer = sent(client, answer.text, "save", {f"{row}.value": "96.7"})
    assert messages(answer.text)[1:] == [f"{row}.reason: 缺少“更正原因”，请填写"]
    answer = sent(client, answer.text, "save", {f"{row}.reason": "复检合格1批"})
    assert answer.status_code == 303
    written = (county / "data/ledger/quality.yml").read_text("utf-8")
    assert "  corrects: e2030-01-pass-rate\n  reason: 复检合格1批\n" in written


def test_which_bodies_have_not_reported(client: TestClient) -> None:
    page = client.get("/ledger?period=2029-10-01_2029-12-31").text
    assert "还没有报送的单位：1" in page
    assert "2029年四季度" in page
    client.cookies.set(LANGUAGE, "en")
    page = client.get("/ledger?period=2029-10-01_2029-12-31").text
    assert "Bodies that have not reported: 1" in page
    assert "Quarter 4 of 2029" in page
    assert client.get("/ledger/grid?body=no-such", follow_redirects=False).headers["location"] == "/ledger"


def test_forms_are_downloaded_and_come_back(client: TestClient, county: Path) -> None:
    answer = client.get("/ledger/form?body=quality")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%8F%B0%E8%B4%A6-")
    with zipfile.ZipFile(io.BytesIO(client.get("/ledger/forms.zip").content)) as archive:
        assert len(archive.namelist()) == 3
        assert archive.read("台账-县质量局-2030-02-01.xlsx") == answer.content
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    for cell, word in (("K3", "2030-01-31"), ("L3", "完成"), ("U3", "县质量局")):
        book["进展"][cell] = word

    def dropped() -> Any:
        out = io.BytesIO()
        book.save(out)
        return client.post("/ledger/import", files={"file": (r"C:\\表\\回.xlsx", out.getvalue())}, data={"do": "check"})

    answer = dropped()
    assert answer.status_code == 422
    assert re.search(r"<td>进展</td><th scope=\"row\">L3</th><td class=\"wrong\">“完成”不是可选的状态", answer.text)
    assert "“回.xlsx”没有导入" in answer.text
    book["进展"]["L3"] = "已完成"
    answer = dropped()
    assert "“回.xlsx”要写入 1 条" in answer.text
    assert not (county / "data/ledger/quality.yml").exists()
    token = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert token
    answer = client.post("/ledger/import", data={"token": token[1], "do": "save"}, follow_redirects=False)
    assert answer.headers["location"] == "/ledger/import?saved=1"
    assert "2030-01-31-01-check" in (county / "data/ledger/quality.yml").read_text("utf-8")
    answer = client.post("/ledger/import", data={"token": "gone", "do": "save"})
    assert "请选择文件" in answer.text
    answer = client.post("/ledger/import", files={"file": ("旧.xls", b"\xd0\xcf\x11\xe0")}, data={"do": "check"})
    assert "这是旧格式" in answer.text


TABLE = "产品名称,生产单位,抽样编号,检验依据,检验结果\n山楂糕,甲乙果品厂,JY30-9-001,甲乙果品规范02,{}\n"
BATCH = {
    "id": "fruit-2030-9",
    "title": "2030年第九期果品抽查",
    "body": "quality",
    "date": "2030年2月1日",
    "source": "县质量局",
}


def test_a_batch_comes_from_a_table(client: TestClient, county: Path) -> None:
    def dropped(result: str, **given: str) -> Any:
        raw = TABLE.format(result).encode("gbk")
        return client.post("/batches/import", files={"file": ("批.csv", raw)}, data={**BATCH, **given, "do": "check"})

    assert client.get("/batches/import").status_code == 200
    answer = dropped("好", date="2030-02-30", body="", title="")
    assert answer.status_code == 422
    assert [line for line in messages(answer.text) if "请" in line] == [
        "title: 请填写",
        "body: 请填写",
        "date: “2030-02-30”这一天不存在，请核对年月日",
    ]
    assert '<th scope="row">E2</th>' in answer.text
    answer = dropped("合格", date="2030-02-09")
    assert "晚于今天" in answer.text
    answer = dropped("合格")
    assert "“批.csv”：共 1 个样品，合格 1，不合格 0" in answer.text
    token = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert token
    answer = client.post("/batches/import", data={**BATCH, "token": token[1], "do": "save"}, follow_redirects=False)
    assert answer.headers["location"] == "/batches/import?saved=1"
    assert (county / "data/batches/fruit-2030-9.csv").exists()
    assert errors_of(county / "data") == []
    assert "没有新内容" in dropped("合格", title="", body="", date="", source="").text
    assert "by: 张三" in (county / "data/batches/fruit-2030-9.yml").read_text("utf-8")
    page = "/approval/batch/fruit-2030-9"
    base = re.search(r'name="base" value="(\w+)"', client.get(page).text)
    assert base
    client.post(page, data={"base": base[1], "do": "approve", "role": "head", "name": "王五"})
    # Who puts in another table is the drafter of the batch from then on.
    client.cookies.set(CLERK, quote("李四"))
    raw = TABLE.format("合格").replace("山楂糕", "山楂片")
    files = {"file": ("批.csv", raw.encode())}
    answer = client.post("/batches/import", files=files, data={"id": BATCH["id"], "do": "check"})
    for words in ("改动 1", "附表改动 › ", "<del>产品名称：山楂糕</del>", "<ins>产品名称：山楂片</ins>"):
        assert words in answer.text
    token = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert token
    data = {"id": BATCH["id"], "token": token[1], "do": "save"}
    assert client.post("/batches/import", data=data, follow_redirects=False).status_code == 303
    assert "by: 李四" in (county / "data/batches/fruit-2030-9.yml").read_text("utf-8")
    # The approver sees the row, and so does the sheet.
    assert "<del>产品名称：山楂糕</del>" in client.get(page).text
    assert "附表改动 › " in client.get(f"{page}/sheet").text
    assert "<ins>产品名称：山楂片</ins>" in client.get("/history/batches/fruit-2030-9.yml").text


# In a browser.


@contextmanager
def opened(browser: Browser, county: Path, screen: tuple[int, int], *, judged: bool = False) -> Iterator[Page]:
    """The grid of the quality bureau, in a window of ``screen``; with axe if ``judged``, which needs no policy."""
    window: ViewportSize = {"width": screen[0], "height": screen[1]}
    context = axe.context(browser, screen) if judged else browser.new_context(viewport=window)
    context.set_default_timeout(20_000)
    try:
        with served(county) as address:
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(address)
            root = page.url.rstrip("/")
            context.add_cookies([{"name": CLERK, "value": quote("张三"), "url": root}])
            page.goto(f"{root}/ledger/grid?body=quality")
            yield page
    finally:
        context.close()


def paste(page: Page, text: str) -> None:
    """Paste ``text`` where the focus is, as the browser does."""
    page.evaluate(
        """(text) => {
          const data = new DataTransfer()
          data.setData("text/plain", text)
          const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          document.activeElement.dispatchEvent(event)
        }""",
        text,
    )


@pytest.mark.browser
def test_two_hundred_rows_are_pasted_into_a_cell(browser: Browser, county: Path) -> None:
    with opened(browser, county, (1366, 768)) as page:
        ids = [each.get_attribute("value") for each in page.locator("[name$='.about']").all()]
        measures = [about for about in ids if about and "/" in about]
        rows = [
            (measures[n % len(measures)], f"2029-{1 + n // len(measures):02}-15", "进行中", "", f"来源{n}")
            for n in range(200)
        ]
        rows[7] = (*rows[7][:2], "完成了", *rows[7][3:])
        table = HEAD + "".join("\t".join(row) + "\r\n" for row in rows)
        page.locator("[data-column=date]").first.focus()
        paste(page, table)
        page.get_by_text("有 1 处要改").wait_for()
        filled = page.evaluate("[...document.querySelectorAll('[data-column=source]')].filter((e) => e.value).length")
        assert filled == 200
        assert page.evaluate("document.activeElement.dataset.column") == "date"
        page.get_by_role("link", name=re.compile("第 .* 行 状态")).click()
        assert page.locator("[aria-invalid=true]").count() == 1
        page.locator("[aria-invalid=true]").select_option("已完成")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_text("已写入 200 条").wait_for()
    assert errors_of(county / "data") == []


@pytest.mark.browser
def test_cells_are_reached_by_keyboard(browser: Browser, county: Path) -> None:
    with opened(browser, county, (1366, 768)) as page:
        where = "[document.activeElement.dataset.row, document.activeElement.dataset.column].join(' ')"
        page.locator("#r0-date").focus()
        seen = []
        page.keyboard.type("2030-01-31")
        for key in ("Enter", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowDown", "Tab"):
            page.keyboard.press(key)
            seen.append(page.evaluate(where))
        assert seen == ["1 date", "0 date", "0 state", "0 start", "0 state", "0 date", "1 date", "1 state"]
        # The arrows move within a text first.
        page.locator("#r0-date").focus()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(where) == "0 date"
        # Enter moves on and sends nothing; a single cell is pasted by the browser itself, a choice by its words.
        page.locator("#r0-state").focus()
        paste(page, "已完成\n")
        assert page.locator("#r0-state").input_value() == "已完成"
        assert page.url.endswith("/ledger/grid?body=quality")


@pytest.mark.browser
@pytest.mark.parametrize("screen", [(1366, 768), (390, 844)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_screen_has_an_accessibility_problem(
    browser: Browser, county: Path, screen: tuple[int, int], language: str
) -> None:
    with opened(browser, county, screen, judged=True) as page:
        root = page.url.split("/ledger")[0]
        page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": root}])
        for path in ("/ledger", "/ledger/import", "/batches/import", "/ledger/grid?body=quality"):
            page.goto(root + path)
            assert axe.troubles(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.locator("#r0-date").fill("2030.1.31")
        page.get_by_role("button", name="检查" if language == "zh" else "Check", exact=True).click()
        page.locator("[aria-invalid=true]").first.wait_for()
        assert axe.troubles(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
