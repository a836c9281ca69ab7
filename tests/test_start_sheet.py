"""The workbook of `haopin sheet`: exported, filled in, and imported; every finding at its cell."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from haopin.cli.main import main
from haopin.problem import DataError
from haopin.start.folder import start
from haopin.start.notice import read_notice
from haopin.start.plan import read_plan
from haopin.start.sheet import SheetImport, data_files, read_sheet, sheet_book
from openpyxl import Workbook
from support import copy_data, errors_of
from test_start_folder import SLOGAN, plan
from test_start_notice import HEAD, TABLE, TASKS, with_annex

Fill = Callable[[Workbook], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data of a site made from an invented notice."""
    assert start(tmp_path / "mine", plan(HEAD + SLOGAN + TASKS)) == []
    return tmp_path / "mine/data"


def cell(book: Workbook, sheet: str, key: str, column: str) -> str:
    """Return the name of the cell in ``column`` of the row whose first cells are ``key``, such as ``01/m2``."""
    heads = [str(head.value).partition(" / ")[0] for head in book[sheet][1]]
    for row in book[sheet].iter_rows(min_row=2):
        given = [str(one.value) for one in row[: key.count("|") + 1]]
        if "|".join(given) == key:
            return str(row[heads.index(column)].coordinate)
    raise LookupError(key)


def put(sheet: str, key: str, **values: str) -> Fill:
    def fill(book: Workbook) -> None:
        for column, value in values.items():
            book[sheet][cell(book, sheet, key, column)] = value

    return fill


def imported(folder: Path, *fills: Fill) -> SheetImport:
    path = folder.parent / "sheet.xlsx"
    path.write_bytes(sheet_book(folder))
    book = openpyxl.load_workbook(path)
    for fill in fills:
        fill(book)
    book.save(path)
    return read_sheet(path, folder, "data")


def applied(folder: Path, *fills: Fill) -> SheetImport:
    found = imported(folder, *fills)
    for name, content in found.changes.items():
        (folder / name).write_bytes(content)
    assert errors_of(folder) == []
    return found


def findings(folder: Path, *fills: Fill) -> list[str]:
    with pytest.raises(DataError) as caught:
        imported(folder, *fills)
    return list(caught.value.lines)


def record(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / name).read_text("utf-8"))


def test_a_workbook_that_nobody_filled_in_changes_nothing(folder: Path) -> None:
    assert imported(folder).changes == {}


def test_a_file_is_written_again_as_it_was(folder: Path) -> None:
    before = (folder / "tasks/01.yml").read_text("utf-8")
    applied(folder, put("举措", "01|m1", 短标题="改老园"))
    after = (folder / "tasks/01.yml").read_text("utf-8")
    assert after == before.replace("    title:\n      zh: 改造老果园\n", "    title:\n      zh: 改老园\n", 1)


def test_an_empty_cell_of_a_table_stays_empty(tmp_path: Path) -> None:
    start(tmp_path / "mine", read_plan(read_notice(with_annex(TABLE))))
    file = data_files(tmp_path / "mine/data")["documents/notice-2030-4.yml"]
    assert file.written() == (tmp_path / "mine/data/documents/notice-2030-4.yml").read_text("utf-8")
    assert file.tree["annexes"][0]["table"]["rows"][2]["cells"][3] is None


def test_titles_and_english_come_in(folder: Path) -> None:
    found = applied(
        folder,
        put("举措", "01|m1", 短标题="改老园", 英文短标题="Renew orchards"),
        put("文字", "bodies.yml|xiannongyeju/name", 英文="County Bureau of Agriculture"),
        put("文字", "tasks/01.yml|title", 英文="Improve orchards"),
    )
    assert (found.english, found.joined, found.split) == (3, 0, 0)
    task = record(folder, "tasks/01.yml")
    assert task["title"] == {"zh": "开展果园改造", "en": "Improve orchards"}
    assert task["measures"][0]["title"] == {"zh": "改老园", "en": "Renew orchards"}
    assert imported(folder).changes == {}


def test_a_measure_joins_the_one_before(folder: Path) -> None:
    found = applied(folder, put("举措", "01|m2", 处理="并入上一条"), put("举措", "03|m2", 处理="并入上一条"))
    assert found.joined == 2
    measures = record(folder, "tasks/01.yml")["measures"]
    assert measures[0]["quote"]["zh"] == "改造老果园，推广有机肥"
    assert [one["id"] for one in measures] == ["m1", "m3", "m4"]
    # The number that rested on it moves along.
    assert (folder / "targets.yml").read_text("utf-8").count("measure: 03/m1\n") == 2


def test_a_measure_is_split(folder: Path) -> None:
    quote = "围绕“红果，绿叶”品牌，|建设示范园"
    found = applied(
        folder,
        put("举措", "01|m3", 处理="拆开", 原文=quote, 短标题="围绕品牌|建示范园"),
    )
    assert found.split == 1
    measures = record(folder, "tasks/01.yml")["measures"]
    assert [(one["id"], one["title"]["zh"], one["quote"]["zh"]) for one in measures][2:4] == [
        ("m3", "围绕品牌", "围绕“红果，绿叶”品牌"),
        ("m3-2", "建示范园", "建设示范园"),
    ]
    assert "en" not in measures[3]["title"]


def test_scope_nature_and_due_date_of_a_number(folder: Path) -> None:
    found = applied(
        folder,
        put("数字", "t2", 范围="全县果园", 性质="力争", 期限="2032年12月31日"),
        put("数字", "t3", 处理="删去"),
    )
    assert found.dropped == 1
    targets = yaml.safe_load((folder / "targets.yml").read_text("utf-8"))
    assert [one["id"] for one in targets] == ["t1", "t2", "t4", "t5"]
    assert targets[1]["scope"]["zh"] == "全县果园"
    assert (targets[1]["nature"], str(targets[1]["due"])) == ("aim", "2032-12-31")


@pytest.mark.parametrize(
    ("values", "column", "told"),
    [
        ({"处理": "合并"}, "D", "“合并”不认识，请选 保留、并入上一条、拆开 / "),
        ({"处理": "并入上一条"}, "D", "前面没有举措，不能并入 / "),
        ({"原文": "改造新果园"}, "C", "原文不能改；要拆开，请在“处理”选“拆开”，并只加“|” / "),
        ({"原文": "改造|老果园"}, "C", "原文不能改；"),
        ({"处理": "拆开"}, "C", "拆开要在原文里用“|”标出，两边都要有字 / "),
        ({"处理": "拆开", "原文": "改造|老果园", "短标题": "一|二|三"}, "E", "拆成 2 条，这里也要用“|”分成 2 段 / "),
        ({"短标题": ""}, "E", "短标题不能空 / "),
        ({"英文引文": "Words not there"}, "G", "英文引文“Words not there”在条款“task-01”的译文中找不到；"),
    ],
)
def test_what_is_wrong_with_a_measure_is_found_at_its_cell(
    folder: Path, values: dict[str, str], column: str, told: str
) -> None:
    (line,) = findings(folder, put("举措", "01|m1", **values))
    row = cell(openpyxl.load_workbook(folder.parent / "sheet.xlsx"), "举措", "01|m1", "记录")[1:]
    assert line.startswith(f"表“举措”{column}{row}：{told}"), line


@pytest.mark.parametrize(
    ("fill", "told"),
    [
        (put("举措", "01|m1", 举措="m99"), "资料里没有举措“01/m99”"),
        (put("文字", "tasks/01.yml|title", 位置="titel"), "资料里没有这段文字"),
        (put("文字", "tasks/01.yml|title", 中文="别的标题"), "中文与资料不同：资料写的是“开展果园改造”"),
        (put("文字", "activities/quality-month.yml|as_written/quote", 英文="Words not there"), "表“文字”D"),
        (put("数字", "t2", 编号="t99"), "资料里没有这个编号"),
        (put("数字", "t2", 处理="改"), "“改”不认识，请选 保留、删去"),
        (put("数字", "t2", 性质="希望"), "“希望”不认识，请选 明确要求、力争"),
        (put("数字", "t2", 范围=""), "表“数字”G3：不能空 / sheet “数字” G3: this is missing"),
        (put("数字", "t2", 期限="2032年13月1日"), "表“数字”J3：“2032年13月1日”这一天不存在"),
    ],
)
def test_what_is_wrong_elsewhere_is_found_at_its_cell(folder: Path, fill: Fill, told: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yml")}
    assert any(told in line for line in findings(folder, fill))
    assert all(path.read_bytes() == raw for path, raw in before.items())


def test_a_deleted_row_is_reported(folder: Path) -> None:
    def fill(book: Workbook) -> None:
        book["举措"].delete_rows(3)

    (line,) = findings(folder, fill)
    assert line.startswith("表“举措”：缺少“") and "is missing; put it back" in line


def test_a_comment_in_a_file_is_not_lost(folder: Path) -> None:
    path = folder / "tasks/01.yml"
    path.write_text(path.read_text("utf-8").replace("measures:\n", "# 我的话\nmeasures:\n"), "utf-8")
    (line,) = findings(folder, put("举措", "01|m1", 短标题="改老园"))
    assert line.startswith("data/tasks/01.yml:") and "this comment would be lost" in line
    # A file that does not change may have comments.
    assert set(imported(folder, put("举措", "02|m1", 短标题="培训")).changes) == {"tasks/02.yml"}


def test_a_text_that_is_a_line_gets_english_and_stays_one_without(folder: Path) -> None:
    path = folder / "tasks/01.yml"
    lines = path.read_text("utf-8").replace("title:\n  zh: 开展果园改造", "title: 开展果园改造")
    path.write_text(lines.replace("    title:\n      zh: 改造老果园", "    title: 改造老果园"), "utf-8")
    assert errors_of(folder) == [] and imported(folder).changes == {}
    applied(folder, put("举措", "01|m1", 英文短标题="Renew orchards"))
    text = path.read_text("utf-8")
    assert "\ntitle: 开展果园改造\n" in text
    assert record(folder, "tasks/01.yml")["measures"][0]["title"] == {"zh": "改造老果园", "en": "Renew orchards"}


def test_another_workbook_is_refused(folder: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(DataError, match="there is no sheet “举措”"):
        read_sheet(tmp_path / "other.xlsx", folder, "data")

    def fill(book: Workbook) -> None:
        book["文字"]["A1"] = "别的"

    assert findings(folder, fill)[0].startswith("sheet.xlsx：“文字”表缺少“文件”一列")


def test_data_that_people_wrote_go_out_and_in(tmp_path: Path) -> None:
    folder = copy_data(tmp_path)
    (tmp_path / "sheet.xlsx").write_bytes(sheet_book(folder))
    assert read_sheet(tmp_path / "sheet.xlsx", folder, "data").changes == {}


def test_the_commands(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(folder.parent)
    assert main(["sheet", "export"]) == 0
    assert capsys.readouterr().out == "sheet.xlsx\n"
    assert main(["sheet", "export"]) == 1
    assert "exists and may be filled in" in capsys.readouterr().err
    assert main(["sheet", "import", "sheet.xlsx"]) == 0
    assert "nothing new, nothing was changed" in capsys.readouterr().out
    book = openpyxl.load_workbook("sheet.xlsx")
    put("举措", "01|m1", 短标题="改老园")(book)
    put("举措", "01|m2", 处理="并入上一条")(book)
    book.save("sheet.xlsx")
    assert main(["sheet", "import", "--yes", "sheet.xlsx"]) == 0
    out = capsys.readouterr().out
    assert "英文 0 处，合并 1 条，拆开 0 条，删去数字 0 个 / English: 0, joined: 1, split: 0" in out
    assert "已写入 / written: data/tasks/01.yml" in out
    assert errors_of(folder) == []
