"""The ledger as a grid: cells pasted as clerks copy them, understood or explained at the cell."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from broken import Recorded
from haopin.load.dataset import Dataset
from haopin.model.fields import Span
from haopin.model.ledger import Entry
from haopin.office.batch_import import batch_rows
from haopin.office.cells import CellsError
from haopin.office.ledger.columns import whole
from haopin.office.ledger.export import ledger_book, ledger_books
from haopin.office.ledger.grid import CheckedGrid, LedgerGrid, TypedRow, pasted_cells, periods
from haopin.office.ledger.importing import read_import
from haopin.office.project import Office
from haopin.office.status import returns
from haopin.site.catalogue import checked
from support import copy_full_county, count_calls, errors_of

DAY = date(2030, 2, 1)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of the invented county with records of every kind; never written to."""
    return copy_full_county(tmp_path_factory.mktemp("full")) / "data"


@pytest.fixture(scope="module")
def reading(full: Path) -> Dataset:
    return checked(full, "data")[0]


@pytest.fixture(scope="module")
def grid(reading: Dataset) -> LedgerGrid:
    """The grid of the quality bureau."""
    return LedgerGrid(reading, "data", "quality", DAY)


def fields(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def pasted(grid: LedgerGrid, text: str, about: str = "01/check", column: str = "date") -> tuple[CheckedGrid, list[str]]:
    """Paste into a cell of an empty grid, and check: the result, and every message with its cell."""
    empty = grid.empty()
    rows, unclear = grid.paste(empty, text, [row.about for row in empty].index(about), column)
    done = grid.check(rows)
    said = []
    for wrong in (*unclear, *done.errors):
        row, name = grid.place(wrong)
        where = "表" if row < 0 else f"{done.rows[row].about}"
        said.append(f"{where}·{name or '整行'}：{wrong.zh} / {wrong.en}")
    return done, said


def table(*rows: Sequence[str]) -> str:
    return "\r\n".join("\t".join(row) for row in rows) + "\r\n"


HEAD = ("事项编号", "日期", "状态", "数值", "来源")
CHECK = {"date": "2030-01-31", "measure": "01/check", "body": "quality", "state": "done", "source": {"zh": "县质量局"}}
RATE = {
    **{"date": "2030-01-31", "target": "pass-rate", "body": "quality", "value": "98.5", "unit": "percent"},
    "source": {"zh": "季度统计"},
}

# Understood.

#: Name → pasted text, and the entry of the item that it is about, without its id.
UNDERSTOOD: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "headings": (table(HEAD, ("01/check", "2030-01-31", "已完成", "", "县质量局")), CHECK),
    "headings in another order": (
        table(("来源", "状态", "日期", "事项编号"), ("县质量局", "已完成", "2030-1-31", "01/check")),
        CHECK,
    ),
    "headings in English": (
        table(("Item ID", "Date", "State", "Source"), ("01/check", "2030-01-31", "done", "县质量局")),
        CHECK,
    ),
    "headings in two lines": (
        table(("事项\n编号".join('""'), "日期", "状态", "来源"), ("01/check", "2030-01-31", "已完成", "县质量局")),
        CHECK,
    ),
    "a title above, a numbering and empty lines": (
        table(
            ("县质量局一月进展",),
            (),
            ("序号", *HEAD),
            ("1", "01/check", "2030-01-31", "已完成", "", "县质量局"),
            ("", "", "", "", ""),
        ),
        CHECK,
    ),
    "items by their titles": (
        table(("任务", "内容", "日期", "数值", "来源"), ("抽查产品", "产品合格率", "2030-01-31", "98.5", "季度统计")),
        RATE,
    ),
    "no headings, into the date": (table(("2030/1/31", "已完成", "")), {**CHECK, "source": {"zh": "县质量局"}}),
    "day in Chinese": (table(HEAD, ("01/check", "2030年1月31日", "已完成", "", "县质量局")), CHECK),
    "full-width everything": (
        table(HEAD, ("０１／ｃｈｅｃｋ", "２０３０－０１－３１", "已完成　", "", "县质量局")),
        CHECK,
    ),
    "characters that nobody sees": (
        table(HEAD, ("01/check\u200b", "\ufeff2030-01-31", "已\u200b完成", "", "县质\u00ad量局")),
        CHECK,
    ),
    "per cent": (table(HEAD, ("pass-rate", "2030-01-31", "", "98.5%", "季度统计")), RATE),
    "per cent in full width": (table(HEAD, ("pass-rate", "2030-01-31", "", "９８．５％", "季度统计")), RATE),
    "per cent with zeros": (table(HEAD, ("pass-rate", "2030-01-31", "", "98.50 %", "季度统计")), RATE),
    "text of several lines with quotation marks": (
        table(
            ("事项编号", "日期", "状态", "说明", "来源"),
            ("01/check", "2030-01-31", "已完成", '"抽查""三""次\n#均合格"', "县质量局"),
        ),
        {**CHECK, "text": {"zh": '抽查"三"次\n#均合格'}},
    ),
    "a quotation mark at the beginning": (
        table(
            ("事项编号", "日期", "状态", "说明", "来源"),
            ("01/check", "2030-01-31", "已完成", '"双随机"抽查', "县质量局"),
        ),
        {**CHECK, "text": {"zh": '"双随机"抽查'}},
    ),
    "evidence and the words in English": (
        table(
            (*HEAD, "依据文号", "依据网址", "英文说明", "说明"),
            (
                "01/check",
                "2030-01-31",
                "已完成",
                "",
                "县质量局",
                "甲质函〔2030〕3号",
                "https://bureau.example/a",
                "Done",
                "完成",
            ),
        ),
        {
            **CHECK,
            "text": {"zh": "完成", "en": "Done"},
            "evidence": [{"number": "甲质函〔2030〕3号"}, {"link": "https://bureau.example/a"}],
        },
    ),
    "the period that a value covers": (
        table(
            (*HEAD, "涵盖期间开始", "涵盖期间结束"),
            ("pass-rate", "2030-01-31", "", "98.5", "季度统计", "2030/1/1", "2030年1月31日"),
        ),
        {**RATE, "covers": {"start": "2030-01-01", "end": "2030-01-31"}},
    ),
    "the value of a period reported before, with a reason": (
        table(
            (*HEAD, "涵盖期间开始", "涵盖期间结束", "更正原因"),
            ("pass-rate", "2030-01-31", "", "96.5", "季度统计", "2029-10-01", "2029-12-31", "复检合格1批"),
        ),
        {
            **{**RATE, "value": "96.5", "covers": {"start": "2029-10-01", "end": "2029-12-31"}},
            **{"corrects": "e2030-01-pass-rate", "reason": {"zh": "复检合格1批"}},
        },
    ),
    "the same day again, with a reason": (
        table((*HEAD, "更正原因"), ("01/check", "2030-01-28", "暂停", "", "县质量局", "当月未抽查")),
        {
            **{**CHECK, "date": "2030-01-28", "state": "suspended", "corrects": "e2030-01-check"},
            "reason": {"zh": "当月未抽查"},
        },
    ),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_pasted_cells_are_understood(grid: LedgerGrid, name: str) -> None:
    text, expected = UNDERSTOOD[name]
    if name.startswith("no headings"):
        rows = [TypedRow(row.about, {"source": "县质量局"} if row.about == "01/check" else {}) for row in grid.empty()]
        filled, unclear = grid.paste(rows, text, 0, "date")
        done, said = grid.check(filled), [wrong.zh for wrong in unclear]
    else:
        done, said = pasted(grid, text)
    assert ([wrong.zh for wrong in done.errors], said) == ([], [])
    assert [{k: v for k, v in fields(report.entry).items() if k != "id"} for report in done.plan.new] == [expected]


def test_whole_rows_of_the_exported_form(full: Path, reading: Dataset, grid: LedgerGrid) -> None:
    """Without headings, rows that begin with ids have the columns of the form."""
    book = openpyxl.load_workbook(io.BytesIO(ledger_book(whole(reading, samples=False), "quality", DAY, "zh")))
    rows = [[str(cell.value or "") for cell in row] for row in book["进展"].iter_rows(min_row=3)]
    rows[0][10:12], rows[0][20] = ["2030-01-31", "已完成"], "县质量局"
    done, said = pasted(grid, table(*rows))
    assert said == []
    assert [fields(report.entry) for report in done.plan.new] == [{"id": "2030-01-31-01-check", **CHECK}]


# Explained at the cell.


def _row(
    about: str = "01/check", day: str = "2030-01-31", state: str = "已完成", value: str = "", source: str = "县质量局"
) -> str:
    return table(HEAD, (about, day, state, value, source))


def _rate(value: str) -> str:
    return _row("pass-rate", state="", value=value)


def _more(names: Sequence[str], *words: str, about: str = "01/check", state: str = "已完成", value: str = "") -> str:
    return table((*HEAD, *names), (about, "2030-01-31", state, value, "县质量局", *words))


#: Name → pasted text with a mistake.
MISTAKES: Mapping[str, str] = {
    "day with points": _row(day="2030.1.31"),
    "day without marks": _row(day="20300131"),
    "day without a year": _row(day="1月31日"),
    "day of two digits for the year": _row(day="30-1-31"),
    "day that does not exist": _row(day="2030-02-30"),
    "day as a serial number": _row(day="47514"),
    "day of the coming month": _row(day="2030-03-05"),
    "day of another century": _row(day="1900-01-31"),
    "day in a column that was too narrow": _row(day="########"),
    "day missing": _row(day=""),
    "state in other words": _row(state="完成"),
    "state with more words": _row(state="已完成80%"),
    "state of a system of the office": _row(state="达标"),
    "state missing": _row(state=""),
    "state in the column of the value": _row(state="", value="已完成"),
    "value of a measure": _row(value="98"),
    "value missing": _rate(""),
    "value in words": _rate("基本达标"),
    "value with a unit": _rate("98.5分"),
    "value above a hundred": _rate("985"),
    "value below zero": _rate("-3%"),
    "value per mille": _rate("98.5‰"),
    "value with a comma for a point": _rate("98,5"),
    "value with a full stop for a point": _rate("98。5"),
    "value with many decimals": _rate("98.7341772151899"),
    "value as a fraction": _rate("173/180"),
    "value as a range": _rate("95-98%"),
    "value with about": _rate("约98%"),
    "value as a formula": _rate("=173/180"),
    "value as an error": _rate("#DIV/0!"),
    "source missing": _row(source=" \u3000"),
    "total of a share without count": _more(["总数"], "180", about="pass-rate", state="", value="173"),
    "period with one day": _more(["涵盖期间开始"], "2030-01-01", about="pass-rate", state="", value="98"),
    "period backwards": _more(
        ["涵盖期间开始", "涵盖期间结束"], "2030-01-31", "2030-01-01", about="pass-rate", state="", value="98"
    ),
    "period to come": _more(
        ["涵盖期间开始", "涵盖期间结束"], "2030-01-01", "2030-03-31", about="pass-rate", state="", value="98"
    ),
    "period in words": _more(
        ["涵盖期间开始", "涵盖期间结束"], "一季度", "一季度", about="pass-rate", state="", value="98"
    ),
    "link without s": _more(["依据网址"], "http://bureau.example/a"),
    "link without scheme": _more(["依据网址"], "bureau.example/a"),
    "correction of an entry that does not exist": _more(["更正哪一条", "更正原因"], "e2030-01-chek", "写错"),
    "correction without reason": _more(["更正哪一条"], "e2030-01-check"),
    "correction of another item": _more(["更正哪一条", "更正原因"], "e2030-01-results", "写错"),
    "reason without correction": _more(["更正原因"], "写错"),
    "the same day with another state, without reason": _row(day="2030-01-28", state="暂停"),
    "the same period with another value, without reason": _more(
        ["涵盖期间开始", "涵盖期间结束"], "2029-10-01", "2029-12-31", about="pass-rate", state="", value="97"
    ),
    "item that does not exist": _row("01/chekc"),
    "item by a title that does not exist": table(
        ("内容", "日期", "状态", "来源"), ("定期抽检", "2030-01-31", "已完成", "县质量局")
    ),
    "item of another body": _row("03/industries"),
    "item by the title of another row": table(
        ("事项编号", "类型", "任务", "内容", "日期", "状态", "来源"),
        ("01/publish", "举措", "抽查产品", "每年抽查", "2030-01-31", "已完成", "县质量局"),
    ),
    "two rows of a day that contradict": table(
        HEAD, ("01/check", "2030-01-31", "已完成", "", "x"), ("01/check", "2030-01-31", "暂停", "", "x")
    ),
    "heading unknown": table((*HEAD, "备注说明"), ("01/check", "2030-01-31", "已完成", "", "县质量局", "无")),
    "heading twice": table((*HEAD, "日期"), ("01/check", "2030-01-31", "已完成", "", "县质量局", "2030-01-30")),
    "more columns than the grid": table(["2030-01-31", "已完成", *["x"] * 14]),
    "markup in the text": _more(["说明"], "抽查<b>三</b>次\x07"),
    "three mistakes in a row": _row("pass-rate", "2030.1.31", "", "高", ""),
}
MESSAGES = Recorded("office_ledger_grid", MISTAKES, place="[^：]+·[^：]+：")


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_explained_to_the_letter(grid: LedgerGrid, name: str) -> None:
    done, said = pasted(grid, MISTAKES[name])
    said += [f"{done.rows[grid.place(w)[0]].about}·提醒：{w.zh} / {w.en}" for w in done.plan.warnings]
    MESSAGES.check(name, said)


def test_each_mistake_has_its_messages() -> None:
    MESSAGES.check_whole()


# Many rows, corrections, files.


def repeated(grid: LedgerGrid, count: int) -> str:
    """A table of ``count`` rows on measures, on one day after the other."""
    measures = [about for about, item in grid.items.items() if item.target is None]
    rows = [
        (measures[n % len(measures)], f"2029-{1 + n // len(measures):02}-15", "进行中", "", f"来源{n}")
        for n in range(count)
    ]
    return table(HEAD, *rows)


def test_two_hundred_rows(full: Path, grid: LedgerGrid, tmp_path: Path) -> None:
    done, said = pasted(grid, repeated(grid, 200))
    assert (said, len(done.plan.new)) == ([], 200)
    assert len([row for row in done.rows if row.is_filled]) == 200
    # Pasted once more, every row is filled again and none is added.
    rows, _ = grid.paste(done.rows, repeated(grid, 200))
    assert rows == done.rows
    data = copy_full_county(tmp_path / "county") / "data"
    for file, content in done.plan.changes.items():
        (data / file).parent.mkdir(exist_ok=True)
        (data / file).write_bytes(content)
    assert errors_of(data) == []
    again = LedgerGrid(checked(data, "data")[0], "data", "quality", DAY).check(rows)
    assert (len(again.plan.new), len(again.plan.known), again.errors) == (0, 200, ())


def test_the_work_grows_with_the_rows_and_not_faster(grid: LedgerGrid) -> None:
    def calls(rows: int) -> int:
        return count_calls(lambda: pasted(grid, repeated(grid, rows)))[1]

    without = calls(1)
    assert calls(160) - without < 6 * (calls(40) - without)


def test_more_rows_than_a_clerk_can_mean(grid: LedgerGrid) -> None:
    _, said = pasted(grid, "x\n" * 2001)
    assert [line.split(" / ")[0] for line in said] == ["表·整行：一次最多粘贴 2000 行，这里有 2001 行"]
    _, said = pasted(grid, "2030-01-31\n" * 3, list(grid.items)[-2])
    assert said[0].startswith("表·整行：粘贴的第 3 行以下没有对应的事项")


def test_an_entry_is_corrected_with_its_values_in_the_row(grid: LedgerGrid) -> None:
    row = grid.correction("e2030-01-pass-rate", "zh")
    assert row == TypedRow(
        "pass-rate",
        {
            **{
                "reporter": "quality",
                "date": "2030-01-07",
                "value": "96.1",
                "start": "2029-10-01",
                "end": "2029-12-31",
            },
            **{"text": "抽查180批,合格173批。", "text_en": "180 batches were checked, and 173 passed."},
            **{"source": "县质量局季度统计", "corrects": "e2030-01-pass-rate"},
        },
    )
    assert [(grid.place(w)[1], w.zh) for w in grid.check([row]).errors] == [("reason", "缺少“更正原因”，请填写")]
    changed = TypedRow(row.about, {**row.cells, "value": "96.7", "reason": "复检合格1批"})
    (report,) = grid.check([changed]).plan.new
    assert (report.entry.corrects, str(report.entry.value)) == ("e2030-01-pass-rate", "96.7")
    assert grid.correction("e2029-06-pass-rate", "zh") is None, "it is corrected already"
    assert grid.correction("e2030-01-satisfaction", "zh") is None, "it is of another body"


def test_values_cover_the_chosen_period(reading: Dataset) -> None:
    january = Span(start=date(2030, 1, 1), end=date(2030, 1, 31))
    grid = LedgerGrid(reading, "data", "quality", DAY, january)
    done, _ = pasted(grid, UNDERSTOOD["per cent"][0])
    assert fields(done.plan.new[0].entry)["covers"] == {"start": "2030-01-01", "end": "2030-01-31"}
    row = next(row for row in done.rows if row.is_filled)
    assert (row.cells["start"], row.cells["end"]) == ("2030-01-01", "2030-01-31"), "the clerk sees it"
    done, _ = pasted(grid, UNDERSTOOD["headings"][0])
    assert done.plan.new[0].entry.covers is None


def test_periods_are_whole_and_over() -> None:
    found = [f"{span.start} {span.end}" for span in periods(date(2030, 3, 31), date(2029, 11, 20))]
    assert found == [
        *("2030-03-01 2030-03-31", "2030-01-01 2030-03-31", "2030-02-01 2030-02-28", "2030-01-01 2030-01-31"),
        *("2029-12-01 2029-12-31", "2029-10-01 2029-12-31", "2029-07-01 2029-12-31", "2029-01-01 2029-12-31"),
        "2029-11-01 2029-11-30",
    ]


def test_all_bodies_in_one_grid(reading: Dataset) -> None:
    grid = LedgerGrid(reading, "data", None, DAY)
    head = ("事项编号", "填报单位", "日期", "状态", "来源")
    rows = [("01/check", "县商务局", "2030-01-31", "进行中", "x"), ("03/industries", "", "2030-01-31", "进行中", "x")]
    done, said = pasted(grid, table(head, *rows, ("01/publish", "县商局", "2030-01-31", "进行中", "x")))
    assert [report.entry.body for report in done.plan.new] == ["commerce", "commerce"]
    assert [line.split(" / ")[0] for line in said] == ["01/publish·reporter：没有单位“县商局”；是否想写“县商务局”？"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        *(("", []), ("\n\n", []), ("a", [["a"]]), ("a\tb\n", [["a", "b"]]), ("a\r\n\r\nb", [["a"], [""], ["b"]])),
        *(('"a\nb"\tc', [["a\nb", "c"]]), ('"a""b"\t"c"', [['a"b', '"c"']]), ('"a\tb\n"c', [['"a', "b"], ['"c']])),
        *(('"甲"乙\t丙', [['"甲"乙', "丙"]]), ("\ta", [["", "a"]]), ("a\t\n\tb", [["a", ""], ["", "b"]])),
    ],
)
def test_cells_as_programs_copy_them(text: str, cells: list[list[str]]) -> None:
    assert pasted_cells(text) == cells


def test_which_bodies_have_not_reported(reading: Dataset) -> None:
    office = Office(reading, DAY)
    found = {each.body.id: (each.items, each.reported, each.latest) for each in returns(office)}
    assert found == {
        **{"testing": (8, 1, date(2030, 1, 30)), "commerce": (17, 4, date(2030, 1, 24))},
        "quality": (15, 9, date(2030, 1, 28)),
    }
    quarter = Span(start=date(2029, 10, 1), end=date(2029, 12, 31))
    assert {each.body.id: each.reported for each in returns(office, quarter)} == {
        **{"testing": 0, "commerce": 1, "quality": 1}
    }


def test_forms_of_all_bodies_in_one_archive(reading: Dataset) -> None:
    catalogue = whole(reading, samples=False)
    with zipfile.ZipFile(io.BytesIO(ledger_books(catalogue, DAY, "zh"))) as archive:
        names = archive.namelist()
        assert archive.read(names[0]) == ledger_book(catalogue, "quality", DAY, "zh")
    assert names == [f"台账-{name}-2030-02-01.xlsx" for name in ("县质量局", "县商务局", "丙丁市检测院甲乙分院")]


def test_a_workbook_that_a_browser_has_sent(reading: Dataset) -> None:
    """Nothing is read from disk: the path is only its name."""
    book = openpyxl.load_workbook(io.BytesIO(ledger_book(whole(reading, samples=False), "quality", DAY, "zh")))
    for cell, word in (("K3", "2030-01-31"), ("L3", "完成"), ("U3", "县质量局")):
        book["进展"][cell] = word
    out = io.BytesIO()
    book.save(out)

    def plan(raw: bytes) -> Any:
        return read_import(Path("a/表.xlsx"), reading, "data", body=None, samples=False, today=DAY, raw=raw)

    with pytest.raises(CellsError) as error:
        plan(out.getvalue())
    assert [(p.place.file, p.place.mark) for p in error.value.problems] == [("进展", (3, 12))]
    book["进展"]["L3"] = "已完成"
    out = io.BytesIO()
    book.save(out)
    assert [fields(report.entry) for report in plan(out.getvalue()).new] == [{"id": "2030-01-31-01-check", **CHECK}]
    with pytest.raises(CellsError) as error:
        batch_rows(Path("批次.csv"), "产品名称,生产单位,抽样编号,检验依据,检验结果\n甲,乙,1,丙,好".encode())
    assert [p.place.mark for p in error.value.problems] == [(2, 5)]
