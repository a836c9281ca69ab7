"""Import of a batch of product sampling from spreadsheets of testing bodies."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from broken import Recorded
from haopin.cli.main import main
from haopin.load.tables import headings, read_table
from haopin.model.disclosure import Sampled
from haopin.office.batch_import import batch_import, batch_rows, table_text
from haopin.problem import DataError
from haopin.site.catalogue import checked
from support import copy_full_county, count_calls, errors_of
from test_office_ledger import office

TITLES = list(headings(Sampled).values())
GOOD: list[Any] = ["山楂糕", "甲乙果品厂", "JY30-2-001", "甲乙果品规范02", "合格", None, None]
BAD: list[Any] = ["桃罐头", "西河食品厂", "JY30-2-002", "甲乙果品规范03", "不合格", "净含量", "已改正，复检合格"]
OPTIONS = ("--title", "2030年第二期果品抽查", "--body", "quality", "--date", "2030年2月1日", "--source", "县质量局")


def xlsx(path: Path, rows: Sequence[Sequence[Any]], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "结果"
    for row in rows:
        sheet.append(list(row))
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    book.save(path)
    return path


def table(rows: Sequence[Sequence[Any]], separator: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(DataError) as error:
        batch_rows(path)
    return list(error.value.lines)


def numbers(path: Path) -> list[str]:
    return [row.sample_number for row in batch_rows(path)]


SHEET: list[list[Any]] = [TITLES[:7], GOOD, BAD]
EXPECTED = (
    Sampled.model_validate(
        {
            "product": "山楂糕",
            "producer": "甲乙果品厂",
            "sample_number": "JY30-2-001",
            "standard": "甲乙果品规范02",
            "result": "pass",
        }
    ),
    Sampled.model_validate(
        {
            **{
                "product": "桃罐头",
                "producer": "西河食品厂",
                "sample_number": "JY30-2-002",
                "standard": "甲乙果品规范03",
            },
            **{"result": "fail", "failing_item": "净含量", "follow_up": "已改正，复检合格"},
        }
    ),
)


# Accepted tables.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_usual_form(tmp_path: Path, encoding: str, separator: str) -> None:
    rows = [["2030年第二期, 结果; 共2个"], *SHEET]
    assert batch_rows(text_file(tmp_path / "a.csv", table(rows, separator), encoding)) == EXPECTED


@pytest.mark.slow
def test_a_workbook_with_a_title_a_numbering_and_other_sheets(tmp_path: Path) -> None:
    head = ["序号", "sample_number", *(title for title in TITLES[:7] if title != "抽样编号")]
    rows = [[n, row[2], *row[:2], *row[3:]] for n, row in enumerate((GOOD, BAD), start=1)]
    path = xlsx(tmp_path / "a.xlsx", [["2030年第二期结果"], [], head, *rows, [], []])
    book = openpyxl.load_workbook(path)
    book.create_sheet("封面", 0)["A1"] = "封面"
    hidden = book.create_sheet("旧", 1)
    for row in [TITLES, ["旧"]]:
        hidden.append(row)
    hidden.sheet_state = "hidden"
    book.save(path)
    assert batch_rows(path) == EXPECTED
    assert batch_rows(office(path, "xlsx", tmp_path / "saved")) == EXPECTED


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        *((100000, "General", "100000"), (203001000001, "General", "203001000001"), (123, "00000", "00123")),
        *((20300100000.0, "0.00E+00", "20300100000"), (12.5, "0.00", "12.50"), ("０01", "General", "001")),
        *((date(2030, 1, 5), "yyyy-mm-dd", "2030-01-05"), (datetime(2030, 1, 5, 8), "yyyy-mm-dd", "2030-01-05 08:00")),
        *((12345, "@", "12345"), (999999999999999, "General", "999999999999999")),
    ],
)
def test_numbers_keep_their_text(tmp_path: Path, value: Any, form: str, shown: str) -> None:
    row = [*GOOD[:3], value, *GOOD[4:]]
    path = xlsx(tmp_path / "a.xlsx", [TITLES[:7], row], {"D2": form})
    assert [row.standard.translate({0xFF10: "0"}) for row in batch_rows(path)] == [shown]
    if ":" not in shown:
        row = [*GOOD[:2], value, *GOOD[3:]]
        assert numbers(xlsx(tmp_path / "b.xlsx", [TITLES[:7], row], {"C2": form})) == [shown]


def test_text_that_looks_like_a_formula_is_data(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [TITLES[:7], ["=特级", "+1厂", *GOOD[2:]], ["-5度", "@厂", *BAD[2:]]])
    book = openpyxl.load_workbook(path)
    book["结果"]["A2"].data_type = "s"
    book.save(path)
    rows = batch_rows(path)
    assert [(row.product, row.producer) for row in rows] == [("=特级", "+1厂"), ("-5度", "@厂")]
    assert batch_rows(text_file(tmp_path / "a.csv", table_text(rows))) == rows
    assert "\n=特级,+1厂,JY30-2-001," in table_text(rows)


def test_our_table(tmp_path: Path) -> None:
    text = table_text(EXPECTED)
    assert text == (
        "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理,产品英文名,生产单位英文名,不合格项目英文,后续处理英文\n"
        "山楂糕,甲乙果品厂,JY30-2-001,甲乙果品规范02,合格,,,,,,\n"
        "桃罐头,西河食品厂,JY30-2-002,甲乙果品规范03,不合格,净含量,已改正，复检合格,,,,\n"
    )
    sheet, problems = read_table(text, Sampled, "a.csv")
    assert (sheet.rows, problems) == (EXPECTED, [])


# Rejected tables.


SAMPLED: Mapping[str, list[list[Any]]] = {
    "formula": [TITLES[:7], ["=A1", *GOOD[1:]]],
    "error-value": [TITLES[:7], [*GOOD[:5], "#N/A"]],
    "number-long": [TITLES[:7], [*GOOD[:2], 12345678901234567, *GOOD[3:]]],
    "field-missing": [["title"], TITLES[:7], [*GOOD[:3], None, *GOOD[3:]]],
    "cell-without-heading": [TITLES[:7], [*GOOD, "x"]],
    "heading-unknown": [[*TITLES[:6], "处理"], GOOD],
    "heading-twice": [[*TITLES[:6], "产品名称"], GOOD],
    "heading-missing": [[*TITLES[:3], *TITLES[4:7]], GOOD[:6]],
    "number-twice": [TITLES[:7], GOOD, [*BAD[:2], GOOD[2], *BAD[3:]]],
    "failing-item-of-a-pass": [TITLES[:7], [*GOOD[:5], "净含量"]],
    "no-products": [TITLES[:7]],
}
CSV: Mapping[str, bytes] = {
    "csv-number-spoiled": table([TITLES[:7], [*GOOD[:2], "2.03001E+11", *GOOD[3:]]]).encode(),
    "csv-cell-without-heading": table([TITLES[:7], [*GOOD, "x"]]).encode(),
    "csv-without-headings": "产品,厂\n甲,乙\n".encode(),
    "csv-quotation-mark": f'{",".join(TITLES)}\n"甲,乙\n'.encode(),
    "csv-encoding": b"\x81\xff\xfe\x00\x81",
}


def _hide_rows(sheet: Any) -> None:
    for row in (1, 4, 5, 7, 20):
        sheet.row_dimensions[row].hidden = True


def _hide_columns(sheet: Any) -> None:
    sheet.column_dimensions["D"].hidden = True
    sheet.column_dimensions["G"].width = 0.1
    sheet.column_dimensions["Z"].hidden = True


def _narrow_row(sheet: Any) -> None:
    sheet.row_dimensions[3].height = 0.2


def _merge(sheet: Any) -> None:
    for cells in ("A1:D1", "G5:G7", "J3:J4"):
        sheet.merge_cells(cells)


#: What nobody sees of a sheet: a clerk who filters a table means to publish what is left.
UNSEEN: Mapping[str, Callable[[Any], None]] = {
    "hidden-rows": _hide_rows,
    "narrow-row": _narrow_row,
    "hidden-columns": _hide_columns,
    "merged-cells": _merge,
}
#: Wrong options of the command.
WRONG: Mapping[str, tuple[str, ...]] = {
    "options-missing": (),
    "date": (*OPTIONS, "--date", "2030.2.1"),
    "body": (*OPTIONS, "--body", "qualiti"),
    "id": (*OPTIONS, "--id", "Fruit 2"),
    "id-of-a-path": (*OPTIONS, "--id", "../x"),
}
MESSAGES = Recorded(
    "office_batch_import",
    (*SAMPLED, *CSV, *UNSEEN, *WRONG, "two-sheets"),
    place="表“|a.xlsx：|a.csv：|--[a-z]+：|新的一批还需要：",
)


@pytest.mark.parametrize("name", SAMPLED)
def test_table_is_refused_to_the_letter(tmp_path: Path, name: str) -> None:
    MESSAGES.check(name, refused(xlsx(tmp_path / "a.xlsx", SAMPLED[name])))


@pytest.mark.parametrize("name", CSV)
def test_csv_is_refused_to_the_letter(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV[name])
    MESSAGES.check(name, refused(path))


@pytest.mark.parametrize("name", UNSEEN)
def test_unseen_cells_are_refused_to_the_letter(tmp_path: Path, name: str) -> None:
    book = openpyxl.load_workbook(_seven_rows(tmp_path / "a.xlsx"))
    UNSEEN[name](book["结果"])
    book.save(tmp_path / "a.xlsx")
    MESSAGES.check(name, refused(tmp_path / "a.xlsx"))


@pytest.mark.slow
def test_hidden_rows_saved_by_another_program(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_seven_rows(tmp_path / "a.xlsx"))
    _hide_rows(book["结果"])
    book.save(tmp_path / "a.xlsx")
    assert "第 4-5, 7 行" in refused(office(tmp_path / "a.xlsx", "xlsx", tmp_path / "saved"))[0]


def _seven_rows(path: Path) -> Path:
    more = ([*BAD[:2], f"JY30-2-00{n}", *BAD[3:]] for n in range(2, 7))
    return xlsx(path, [["2030年第二期"], TITLES[:7], GOOD, *more])


@pytest.mark.parametrize("name", WRONG)
def test_options_are_refused_to_the_letter(
    tmp_path: Path, county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    before = sorted((county / "data").rglob("*"))
    assert run_import(county, xlsx(tmp_path / "a.xlsx", SHEET), *WRONG[name]) == 1
    MESSAGES.check(name, capsys.readouterr().err.splitlines())
    assert sorted((county / "data").rglob("*")) == before


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_empty_hidden_rows_and_titles_are_ignored(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["2030年第二期"], ["序号", *TITLES[:7]], [1, *GOOD], [2, *BAD]])
    book = openpyxl.load_workbook(path)
    sheet = book["结果"]
    sheet.merge_cells("A1:H1")
    sheet.column_dimensions["A"].hidden = True
    for row in (1, 9, 1_048_576):
        sheet.row_dimensions[row].hidden = True
    book.save(path)
    assert batch_rows(path) == EXPECTED


def test_one_sheet_must_be_visible_to_the_letter(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", [TITLES[:7], GOOD])
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("不合格")
    for row in (TITLES[:7], BAD):
        other.append(row)
    book.save(path)
    MESSAGES.check("two-sheets", refused(path))
    for state in ("hidden", "veryHidden"):
        other.sheet_state = state
        book.save(path)
        assert batch_rows(path) == EXPECTED[:1]


def test_csv_cells_are_cleaned_as_those_of_a_workbook(tmp_path: Path) -> None:
    head = ["产品\u200b名称", *TITLES[1:7]]
    bad = [*BAD[:6], "已改正，\r\n复检合格"]
    text = table([head, [f"{GOOD[0]}\xa0", *GOOD[1:]], bad]).replace("产品\u200b名称", '"产品\u200b名称"')
    for marks in ("", "\ufeff", "\ufeff\ufeff"):
        rows = batch_rows(text_file(tmp_path / "a.csv", marks + text))
        assert rows[0] == EXPECTED[0]
        assert rows[1].follow_up == "已改正， 复检合格"
        assert batch_rows(text_file(tmp_path / "b.csv", table_text(rows))) == rows


# Limits.


def workbook_with(path: Path, rows: bytes = b"", **parts: bytes) -> Path:
    """Write a good workbook with ``rows`` below the others, and other ``parts`` in place of its own."""
    good = xlsx(path, SHEET).read_bytes()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).replace(b"</sheetData>", rows + b"</sheetData>")
            new.writestr(name, parts.get(Path(name).stem, content))
        for name in parts.keys() - {Path(name).stem for name in old.namelist()}:
            new.writestr(f"xl/{name}.xml", parts[name])
    return path


MUCH = "表里的内容太多，请只留要导入的表和行（下面只有格式的空行也要删去），再另存"
DAMAGED = "文件内容已损坏，读不出来，请在表格软件里打开并另存为 xlsx"


@pytest.mark.slow
@pytest.mark.sweep
def test_workbooks_beyond_all_measure_are_refused_at_once(tmp_path: Path) -> None:
    row = '<row r="{n}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    far = "这一格离表太远（最多 100000 行、200 列），请删去不用的行和列，再另存"
    cases: list[tuple[str, bytes, dict[str, bytes]]] = [
        (f"A1000000000 {far}", row.format(n=10**9, cell="A1000000000").encode(), {}),
        (f"A1048576 {far}", row.format(n=1_048_576, cell="A1048576").encode(), {}),
        (f"XFD4 {far}", row.format(n=4, cell="XFD4").encode(), {}),
        (MUCH, b"<row/>" * 3_000_000, {}),
        (MUCH, b"<row><c><is><t>" + b"x" * 500_000 + b"</t></is></c></row>", {}),
        (MUCH, bytes(130_000_000), {}),
        (MUCH, b"<g>" * 3_000, {}),
        (MUCH, b"", {"styles": b"<styleSheet>" + b"<xf/>" * 60_000 + b"</styleSheet>"}),
        (MUCH, b"", {"sharedStrings": b"<sst>" + b"<si><t/></si>" * 700_000 + b"</sst>"}),
        (DAMAGED, b"", {"theme1": entities}),
        (DAMAGED, row.format(n=2, cell="A2").encode(), {}),
    ]
    for expected, rows, parts in cases:
        path = workbook_with(tmp_path / "a.xlsx", rows, **parts)
        assert [line.split(" / ")[0] for line in refused(path)] == [f"a.xlsx：{expected}"]


def test_rows_and_files_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.office.workbook.MOST_ROWS", 2)
    monkeypatch.setattr("haopin.office.batch_import.MOST_ROWS", 2)
    assert refused(xlsx(tmp_path / "a.xlsx", SHEET))[0].startswith(
        "a.xlsx：一张表里有内容的行太多（最多 2 行），请分成几个文件导入 / "
    )
    assert refused(text_file(tmp_path / "a.csv", table(SHEET)))[0].startswith("a.csv：行太多（最多 2 行）")
    monkeypatch.setattr("haopin.office.batch_import._MOST_LINES", 100)
    assert refused(text_file(tmp_path / "a.csv", "\n" * 101))[0].startswith("a.csv：行太多（最多 2 行）")
    monkeypatch.setattr("haopin.office.workbook.LARGEST", 5_000)
    assert refused(text_file(tmp_path / "a.csv", "x" * 6_000))[0].startswith("a.csv：文件太大（")


def test_packages_that_are_spoiled_or_of_another_kind(tmp_path: Path) -> None:
    raw = xlsx(tmp_path / "a.xlsx", SHEET).read_bytes()
    entry = raw.find(b"PK\x01\x02")
    # The version that is needed to unpack a part, the way it is packed, and whether it is encrypted.
    for place, value in ((6, 255), (10, 99), (8, 1)):
        spoiled = bytearray(raw)
        spoiled[entry + place] = value
        (tmp_path / "a.xlsx").write_bytes(spoiled)
        assert [line.split(" / ")[0] for line in refused(tmp_path / "a.xlsx")] == [f"a.xlsx：{DAMAGED}"]
    strict = b'<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
    assert refused(workbook_with(tmp_path / "b.xlsx", workbook=strict)) == [
        "b.xlsx：文件是“Strict Open XML”格式，请在表格软件里另存为普通的“Excel 工作簿（*.xlsx）” / b.xlsx: the file is "
        "a “Strict Open XML Spreadsheet”; save it as an ordinary “Excel Workbook (*.xlsx)”"
    ]


def test_the_work_grows_with_the_rows_and_not_faster(tmp_path: Path) -> None:
    def calls(rows: int) -> int:
        wrong = [[*GOOD[:2], f"N-{n}", GOOD[3], "好", None, None] for n in range(rows)]
        path = text_file(tmp_path / f"{rows}.csv", table([TITLES[:7], *wrong]))
        return count_calls(lambda: refused(path))[1]

    assert calls(800) < 5 * calls(200)


@pytest.mark.sweep
def test_fifty_thousand_rows(tmp_path: Path) -> None:
    rows = [[*GOOD[:2], f"N-{n}", GOOD[3], "好", None, None] for n in range(50_000)]
    lines = refused(text_file(tmp_path / "a.csv", table([TITLES[:7], *rows])))
    assert len(lines) == 31
    assert lines[-1] == "还有 49970 处，先改上面的 / 49970 more; fix those above first"
    good = [[*GOOD[:2], f"N-{n}", *GOOD[3:]] for n in range(50_000)]
    assert len(batch_rows(text_file(tmp_path / "a.csv", table([TITLES[:7], *good]), "gbk"))) == 50_000


# The command.


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return copy_full_county(tmp_path / "county")


def run_import(county: Path, path: Path, *options: str) -> int:
    return main(
        [
            "batch",
            "import",
            "-f",
            str(county / "mkdocs.yml"),
            str(path),
            "--id",
            "fruit-2030-2",
            "--yes",
            "--as-of",
            "2030-02-01",
            *options,
        ]
    )


def test_a_new_batch(tmp_path: Path, county: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = xlsx(tmp_path / "a.xlsx", SHEET)
    assert run_import(county, path, *OPTIONS) == 0
    assert capsys.readouterr().out.splitlines() == [
        "共 2 个样品，合格 1，不合格 1 / products: 2, passing: 1, failing: 1",
        "已写入 / written: data/batches/fruit-2030-2.csv",
        "已写入 / written: data/batches/fruit-2030-2.yml",
        "审核后才公布：haopin approve / published only after approval: haopin approve",
    ]
    folder = county / "data/batches"
    assert (folder / "fruit-2030-2.csv").read_bytes() == table_text(EXPECTED).encode()
    assert (folder / "fruit-2030-2.yml").read_text("utf-8") == (
        "# yaml-language-server: $schema=../schema/batch.json\n"
        "# 抽检批次，产品在同名的 fruit-2030-2.csv 里。审核（haopin approve）后才公布。\n"
        "# A batch of product sampling; its products are in fruit-2030-2.csv. Public once approved.\n"
        "id: fruit-2030-2\ndate: 2030-02-01\ntitle: 2030年第二期果品抽查\nbody: quality\nsource: 县质量局\n"
    )
    assert errors_of(county / "data") == []

    before = {file: file.read_bytes() for file in folder.iterdir()}
    assert run_import(county, path) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "没有新内容，什么都没有改 / nothing new, nothing was changed"
    assert {file: file.read_bytes() for file in folder.iterdir()} == before

    changed = [TITLES[:7], [*GOOD[:3], "新规范", *GOOD[4:]], [*BAD[:2], "JY30-2-003", *BAD[3:]]]
    assert run_import(county, xlsx(path, changed), "--title", "别的") == 0
    assert capsys.readouterr().out.splitlines()[:6] == [
        "这一批已有说明文件，没有用 --title / the batch already has a record; --title not used",
        "共 2 个样品，合格 1，不合格 1 / products: 2, passing: 1, failing: 1",
        "与已有的表相比：新增 1，删去 1，改动 1 / compared with the table there: added 1, removed 1, changed 1",
        "  新增 / added: JY30-2-003",
        "  删去 / removed: JY30-2-002",
        "  改动 / changed: JY30-2-001",
    ]
    assert (folder / "fruit-2030-2.yml").read_bytes() == before[folder / "fruit-2030-2.yml"]


def test_missing_options_are_requested_at_a_terminal(
    tmp_path: Path, county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "抽查\n县卫生局\n质量\n2030年2月2日\n2030/2/1\n"
    terminal = io.TextIOWrapper(io.BytesIO(answers.encode()), encoding="utf-8")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", terminal)
    assert run_import(county, xlsx(tmp_path / "a.xlsx", SHEET), "--source", "县质量局") == 0
    record = (county / "data/batches/fruit-2030-2.yml").read_text("utf-8")
    assert record.endswith("date: 2030-02-01\ntitle: 抽查\nbody: quality\nsource: 县质量局\n")
    # An invalid answer is explained, and the question repeated, at once.
    told = capsys.readouterr().out
    assert "没有责任单位“县卫生局”；是否想写“" in told and "（县质量局、县商务局、丙丁市检测院甲乙分院）" in told
    assert "“2030-02-02”在今天（“2030-02-01”）之后" in told


def test_a_batch_that_is_approved_needs_a_second_look(
    tmp_path: Path, county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = xlsx(tmp_path / "a.xlsx", SHEET)
    assert run_import(county, path, "--id", "fruit-2030-1") == 0
    told = capsys.readouterr().out
    assert "与已有的表相比：新增 2，删去 40，改动 0" in told
    assert "提醒 / warning: 这一批已经审核，改动后要重新审核" in told


def test_errors_of_the_data_lead_into_the_file_handed_in(
    tmp_path: Path, county: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        stem = "data/batches/fruit-2030-2"
        raise DataError([f"{stem}.csv:3:2: 甲 / a", f"{stem}.yml:3:1: 乙 / b", "data/bodies.yml:1:1: 丙 / c"])

    monkeypatch.setattr("haopin.office.writing.write", refuse)
    assert run_import(county, xlsx(tmp_path / "a.xlsx", SHEET), *OPTIONS) == 1
    assert capsys.readouterr().err.splitlines()[:3] == [
        "“a.xlsx”的第 2 个样品 / product 2 of “a.xlsx”: 甲 / a",
        "新的一批（还没有写入） / the new batch (not written yet): 乙 / b",
        "data/bodies.yml:1:1: 丙 / c",
    ]


def test_a_table_written_by_hand_is_left_as_it_is(county: Path) -> None:
    """The same products in another order of columns are no change."""
    dataset = checked(county / "data", "data")[0]
    rows = tuple(r for r in dataset.tables["batch", "fruit-2030-1"] if isinstance(r, Sampled))
    assert len(rows) == 40
    assert batch_import(rows, dataset, "fruit-2030-1", None).changes == {}
