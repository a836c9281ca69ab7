"""The ledger as a spreadsheet: exported, filled in, and imported, with errors at their cells."""

import io
import os
import re
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from broken import Recorded
from haopin.cli.main import main
from haopin.files import atomic_write
from haopin.load.characters import typed_number
from haopin.load.dataset import Dataset
from haopin.model.ledger import Entry
from haopin.office import cells, writing
from haopin.office.cells import line, text
from haopin.office.ledger.columns import last_entry, whole
from haopin.office.ledger.export import ledger_book
from haopin.office.ledger.importing import LedgerImport, changes_of, read_import
from haopin.office.workbook import Cell
from haopin.problem import DataError
from haopin.site.catalogue import checked
from haopin.text import Language, Text, Wording
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from support import COUNTY, COUNTY_MORE, copy_county, copy_full_county, count_calls, errors_of, program

DAY = date(2030, 2, 1)
#: What a clerk types into one row: heading → value.
Typed = Mapping[str, Any]
GOOD: Typed = {"日期": date(2030, 1, 31), "状态": "已完成", "来源": "县质量局"}


@lru_cache(maxsize=2)
def _read(data: Path, state: frozenset[tuple[Path, int, int]]) -> Dataset:
    return checked(data, "data")[0]


def dataset(data: Path) -> Dataset:
    """The records below ``data``, read again after a change."""
    found = ((p, p.stat()) for p in data.rglob("*"))
    return _read(data, frozenset((p, stat.st_mtime_ns, stat.st_size) for p, stat in found))


def form(data: Path, body: str | None = "quality", language: Language = "zh") -> bytes:
    """The workbook that the command writes."""
    return ledger_book(whole(dataset(data), samples=False), body, DAY, language)


def sheet_of(book: openpyxl.Workbook, title: str = "进展") -> Worksheet:
    sheet = book[title]
    assert isinstance(sheet, Worksheet)
    return sheet


def places(sheet: Worksheet) -> dict[str, int]:
    """Number of each column by its heading."""
    return {str(cell.value): cell.column for cell in sheet[2] if cell.column}


def row_of(sheet: Worksheet, about: str) -> int:
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == about)


def type_in(sheet: Worksheet, about: str, typed: Typed) -> None:
    columns = places(sheet)
    for heading, value in typed.items():
        sheet.cell(row_of(sheet, about), columns[heading]).value = value


def fill(
    path: Path, raw: bytes, rows: Mapping[str, Typed], spoil: Callable[[openpyxl.Workbook], None] | None = None
) -> Path:
    """Save the workbook ``raw`` as ``path`` with ``rows`` filled in."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for about, typed in rows.items():
        type_in(sheet_of(book), about, typed)
    if spoil:
        spoil(book)
    book.save(path)
    return path


def plan(data: Path, path: Path, body: str | None = None) -> LedgerImport:
    return read_import(path, dataset(data), "data", body=body, samples=False, today=DAY)


def refused(data: Path, path: Path, body: str | None = None) -> list[str]:
    """The lines with which an import is refused."""
    with pytest.raises(DataError) as error:
        plan(data, path, body)
    return list(error.value.lines)


def entries(found: LedgerImport) -> list[dict[str, Any]]:
    return [report.entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for report in found.new]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data of the invented county with records of every kind; never written to."""
    return copy_full_county(tmp_path_factory.mktemp("full")) / "data"


@pytest.fixture(scope="module")
def blank(full: Path) -> bytes:
    """The form of the quality bureau."""
    return form(full)


# The form.


@pytest.mark.parametrize("body", ["quality", None])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_data_make_the_same_bytes(
    full: Path, body: str | None, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = form(full, body, language)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert form(full, body, language) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        stamps = re.findall(rb"\d{4}-\d\d-\d\dT[0-9:]+Z", package.read("docProps/core.xml"))
        assert stamps == [b"2030-02-01T00:00:00Z"] * 2


def test_the_form_has_a_row_for_everything_that_the_body_answers_for(full: Path, blank: bytes) -> None:
    sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(blank)))
    ids = [sheet.cell(row, 1).value for row in range(3, sheet.max_row + 1)]
    assert ids[:6] == ["01/check", "01/publish", "01/pass-rate", "pass-rate", "02/events", "03/clusters"]
    assert "03/industries" not in ids, "its owner is the commerce bureau alone"
    assert [sheet.cell(row_of(sheet, "pass-rate"), n).value for n in range(1, 11)] == [
        *("pass-rate", "目标", "抽查产品", "产品合格率", "县质量局、县商务局"),
        *(None, None, "96.1%", "2030-01-07", "e2030-01-pass-rate"),
    ]
    assert sheet.cell(row_of(sheet, "03/pilots"), 6).value == "2030-01-20"
    assert sheet.cell(row_of(sheet, "01/publish"), 7).value == "进行中", "the correction counts, not what it corrects"
    everything = sheet_of(openpyxl.load_workbook(io.BytesIO(form(full, None))))
    all_ids = [everything.cell(row, 1).value for row in range(3, everything.max_row + 1)]
    assert set(ids) < set(all_ids)
    assert {"03/industries", "model-county", "start/meeting"} <= set(all_ids)
    assert len(all_ids) == len(set(all_ids))


def test_given_cells_are_locked_and_cells_to_fill_in_are_open(blank: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank))
    sheet = sheet_of(book)
    columns = places(sheet)
    assert book.sheetnames == ["说明", "进展", "历史", "_haopin"]
    assert book["_haopin"].sheet_state == "hidden"
    assert book.active.title == "进展"  # type: ignore[union-attr]
    for title in book.sheetnames[:3]:
        protection = sheet_of(book, title).protection
        assert (protection.sheet, protection.password) == (True, None)
    open_columns = set(list(columns)[10:]) - {"单位"}
    for about in ("01/check", "pass-rate"):
        row = row_of(sheet, about)
        found = {heading for heading, n in columns.items() if not sheet.cell(row, n).protection.locked}
        assert found == open_columns - (set() if about == "pass-rate" else {"数值"})
    assert sheet.freeze_panes == "E3"
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert sheet.cell(2, columns["来源"]).comment.text == "来源：信息出自哪里"  # type: ignore[union-attr]


def validations(path: Path) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Type, first formula and prompt of the rule on each cell of row 6 (a target in percent), by its heading."""
    sheet = sheet_of(openpyxl.load_workbook(path))
    found = {}
    for heading, column in places(sheet).items():
        for rule in sheet.data_validations.dataValidation:
            if sheet.cell(6, column).coordinate in rule.sqref:
                found[heading] = rule.type, rule.formula1, rule.prompt
    return found


def test_the_program_helps_to_fill_in(tmp_path: Path, blank: bytes) -> None:
    path = fill(tmp_path / "form.xlsx", blank, {})
    found = validations(path)
    assert found["状态"][:2] == ("list", '"未开始,进行中,已完成,常态化,暂停"')
    assert found["数值"][:2] == ("decimal", "0")
    assert found["日期"][0] == "date"
    assert found["依据网址"][0] == "custom"
    assert found["来源"][2] == "来源：信息出自哪里"
    assert "事项编号" not in found


def test_history_and_help(blank: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank))
    history = [[cell.value for cell in row] for row in book["历史"].iter_rows(min_row=3)]
    days = [str(row[4]) for row in history]
    assert days == sorted(days, reverse=True)
    ids = [row[0] for row in history]
    assert "e2030-03-future" not in ids
    unapproved = history[ids.index("e2030-01-unapproved")]
    assert (unapproved[5], unapproved[13]) == ("已完成", "未审核")
    words = [str(cell.value) for row in book["说明"].iter_rows() for cell in row if cell.value]
    assert "状态：未开始、进行中、已完成、常态化、暂停，从下拉中选" in words
    assert words[0] == "台账填报表：县质量局（截至 2030-02-01）"


def test_the_form_in_english_is_understood(tmp_path: Path, full: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(form(full, "quality", "en")))
    assert book.sheetnames == ["Help", "Progress", "History", "_haopin"]
    sheet = sheet_of(book, "Progress")
    assert list(places(sheet))[10:14] == ["Date", "State", "Unit", "Value"]
    type_in(sheet, "01/check", {"Date": date(2030, 1, 31), "State": "Suspended", "Source": "Bureau"})
    type_in(sheet, "01/publish", {"Date": date(2030, 1, 31), "State": "进行中", "Source": "Bureau"})
    book.save(tmp_path / "form.xlsx")
    assert [entry["state"] for entry in entries(plan(full, tmp_path / "form.xlsx"))] == ["suspended", "under-way"]


# Import.

ROWS: Mapping[str, Typed] = {
    "01/check": {
        **{
            "日期": datetime(2030, 1, 31),
            "状态": "暂停",
            "说明": "抽查: 40批\n#其中2批不合格",
            "英文说明": "40 “batches”",
        },
        **{"依据文号": "甲质函〔2030〕3号", "依据网址": "https://bureau.example/a", "来源": "县质量局"},
    },
    "pass-rate": {
        **{"日期": "2030年1月30日", "数值": "98.5%", "来源": "- 季度统计"},
        **{"涵盖期间开始": "２０３０/1/1", "涵盖期间结束": " 2030-01-29 "},
    },
    "01/publish": {
        **{"日期": "2030/1/29", "状态": "已完成", "来源": "县质量局"},
        **{"更正哪一条": "ｅ2030-01-publish-corrected", "更正原因": "各期都已公布"},
    },
}
EXPECTED: list[dict[str, Any]] = [
    {
        **{"id": "2030-01-31-01-check", "date": "2030-01-31", "measure": "01/check", "body": "quality"},
        **{"state": "suspended", "text": {"zh": "抽查: 40批\n#其中2批不合格", "en": "40 “batches”"}},
        **{"source": {"zh": "县质量局"}},
        "evidence": [{"number": "甲质函〔2030〕3号"}, {"link": "https://bureau.example/a"}],
    },
    {
        **{"id": "2030-01-29-01-publish", "date": "2030-01-29", "measure": "01/publish", "body": "quality"},
        **{"state": "done", "source": {"zh": "县质量局"}},
        **{"corrects": "e2030-01-publish-corrected", "reason": {"zh": "各期都已公布"}},
    },
    {
        **{"id": "2030-01-30-pass-rate", "date": "2030-01-30", "target": "pass-rate", "body": "quality"},
        **{"value": "98.5", "unit": "percent", "covers": {"start": "2030-01-01", "end": "2030-01-29"}},
        **{"source": {"zh": "- 季度统计"}},
    },
]


def test_round_trip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clerk's whole way with the commands: out, in, the YAML, and again without any change."""
    county = copy_full_county(tmp_path / "county")
    config, data = str(county / "mkdocs.yml"), county / "data"
    old = (data / "ledger/2030.yml").read_bytes()
    exported = tmp_path / "form.xlsx"
    options = ["--body", "quality", "--as-of", "2030-02-01", "--output", str(exported)]
    assert main(["ledger", "export", "-f", config, *options]) == 0
    assert main(["ledger", "export", "-f", config, *options]) == 1
    assert f"已有文件“{exported}”，可能已经填过" in capsys.readouterr().err
    filled = fill(tmp_path / "filled.xlsx", exported.read_bytes(), ROWS)
    assert entries(plan(data, filled)) == EXPECTED

    assert main(["ledger", "import", "-f", config, str(filled), "--yes", "--as-of", "2030-02-01"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "新增 3 条，已有 0 条不变 / new entries: 3, already there: 0"
    assert "3. 产品合格率（pass-rate）：2030-01-30，数值：98.5%，来源：- 季度统计" in told
    assert told[-1].startswith("这些记录还没有审核，审核后才公布：haopin approve")
    assert (data / "ledger/2030.yml").read_bytes() == old
    written = (data / "ledger/quality.yml").read_text("utf-8")
    assert written.startswith(
        "# yaml-language-server: $schema=../schema/entry.json\n"
        "# 县质量局台账。只增不改，更正另写一条；审核（haopin approve）后才公布。\n"
        "# Ledger of County Quality Bureau. Entries are only added; public once approved.\n"
        "- id: 2030-01-31-01-check\n  date: 2030-01-31\n  measure: 01/check\n"
    )
    assert "approved:" not in written
    assert errors_of(data) == []
    read = {e.record.id: e.record for e in checked(data, "data")[0].entries}
    for wanted in EXPECTED:
        found = read[str(wanted["id"])].model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        assert found == wanted

    state = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    assert main(["ledger", "import", "-f", config, str(filled), "--yes", "--as-of", "2030-02-01"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "新增 0 条，已有 3 条不变 / new entries: 0, already there: 3"
    # Approved in the meantime, it is still the same entry.
    (data / "ledger/quality.yml").write_text(written + "  approved: {role: head, date: 2030-02-01}\n", "utf-8")
    assert not plan(data, filled).new
    (data / "ledger/quality.yml").write_text(written, "utf-8")
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == state


@pytest.mark.parametrize(
    "words",
    [
        *(
            "null",
            "~",
            "- a",
            "# b",
            "a: b",
            "x #y",
            "'q'",
            '"q"',
            "{a, b}",
            "[1]",
            "*a",
            "&a",
            "!t",
            "%d",
            "@x",
            "`x`",
        ),
        *(
            "a\u2028b",
            "行一\r\n\r\n  行三 \n",
            "尾\u3000",
            "\u200b零宽",
            "a_x000D_\nb",
            "\tx",
            "=1",
            "不，是：好；",
            "长" * 1200,
        ),
        *("long words " * 150, "| >", "---", "...", "é\u0301", "😀", "\\n", "on", "12:30", "0777", "1_0"),
    ],
)
def test_typed_values_are_read_back_unchanged(tmp_path: Path, words: str) -> None:
    """What a clerk types comes back from the YAML as it stood in the cell, line breaks and invisible marks aside."""
    data = copy_county(tmp_path / "county") / "data"
    cell = Cell("text", words)
    entry = Entry(
        id="x",
        date=DAY,
        body="quality",
        measure="01/check",
        state="done",
        source=Wording(zh=text(cell)),
        text=Wording(zh=text(cell)),
    )
    for file, content in changes_of([entry], data, {"quality": Text(zh="县质量局", en="Bureau")}).items():
        (data / file).parent.mkdir(exist_ok=True)
        (data / file).write_bytes(content)
    read = [e.record for e in checked(data, "data")[0].entries if isinstance(e.record, Entry)]
    assert read == [entry]
    assert text(cell).split() == re.sub("[\u200b\u2028]|_x000D_", " ", words).split()


def test_existing_content_is_unchanged_to_the_byte(tmp_path: Path, blank: bytes) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    ledger = data / "ledger/quality.yml"
    # A comment, odd spacing, Windows line ends, indented items, and no line feed at the end.
    old = (
        b"# \xe6\x88\x91\xe4\xbb\xac\xe7\x9a\x84\r\n  - id: mine   # keep\r\n    date:  2030-01-02\r\n"
        b"    measure: 04/recall\r\n    body: quality\r\n    state: done\r\n    source: x"
    )
    ledger.write_bytes(old)
    found = plan(data, fill(tmp_path / "form.xlsx", blank, ROWS))
    assert list(found.changes) == ["ledger/quality.yml"]
    content = found.changes["ledger/quality.yml"]
    assert content.startswith(old + b"\n  - id: 2030-01-31-01-check\n")
    ledger.write_bytes(content)
    assert errors_of(data) == []


@pytest.mark.parametrize("answer", ["", "n\n"])
def test_nothing_is_written_without_confirmation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, blank: bytes, answer: str
) -> None:
    county = copy_full_county(tmp_path / "county")
    filled = fill(tmp_path / "form.xlsx", blank, ROWS)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(answer.encode())))
    assert main(["ledger", "import", "-f", str(county / "mkdocs.yml"), str(filled), "--as-of", "2030-02-01"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith("什么都没有改 / nothing was changed")
    assert not (county / "data/ledger/quality.yml").exists()


def test_a_locked_file_leaves_all_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, full: Path
) -> None:
    county = copy_full_county(tmp_path / "county")
    book = {"01/check": {**GOOD, "填报单位": "县商务局"}, "02/events": GOOD}
    filled = fill(tmp_path / "form.xlsx", form(full, None), book)
    (county / "data/ledger/commerce.yml").write_text("# ours\n", "utf-8")
    before = {file: file.read_bytes() for file in (county / "data").rglob("*") if file.is_file()}

    def locked(target: Path, content: bytes, *, durable: bool = False) -> None:
        if target.name == "quality.yml":
            raise PermissionError(13, "locked")
        atomic_write(target, content, durable=durable)

    monkeypatch.setattr(writing, "atomic_write", locked)
    assert (
        main(["ledger", "import", "-f", str(county / "mkdocs.yml"), str(filled), "--yes", "--as-of", "2030-02-01"]) == 1
    )
    assert "无法写入文件" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in (county / "data").rglob("*") if file.is_file()} == before


def test_a_form_of_all_bodies(tmp_path: Path, full: Path) -> None:
    rows = {
        "02/events": {**GOOD, "日期": "2030-01-31"},
        "01/check": {**GOOD, "填报单位": " 县商务局 "},
        "start/meeting": {**GOOD, "填报单位": "quality"},
    }
    found = plan(full, fill(tmp_path / "form.xlsx", form(full, None), rows))
    assert {report.entry.about: report.entry.body for report in found.new} == {
        **{"02/events": "quality", "01/check": "commerce", "start/meeting": "quality"}
    }
    assert sorted(found.changes) == ["ledger/commerce.yml", "ledger/quality.yml"]
    path = tmp_path / "form.xlsx"
    assert {r.entry.body for r in plan(full, fill(path, form(full, None), {"01/check": GOOD}), "commerce").new} == {
        "commerce"
    }


def test_corrections(tmp_path: Path, blank: bytes) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    same: Typed = {"日期": "2030-01-28", "说明": "每月抽查一次。", "英文说明": "Checks now take place every month."}
    why: Typed = {"更正哪一条": "e2030-01-check", "更正原因": "错"}
    for state in ("常态化", "暂停"):
        # On the day of the entry that it corrects, in the same words (only the source was wrong) or in others.
        rows = {"01/check": {**same, **why, "状态": state, "来源": "县统计局"}}
        found = plan(data, fill(tmp_path / "form.xlsx", blank, rows))
        assert [entry["corrects"] for entry in entries(found)] == ["e2030-01-check"]
    # What was corrected contradicts nothing.
    assert plan(
        data, fill(tmp_path / "form.xlsx", blank, {"01/publish": {**GOOD, "日期": "2030-01-09", "状态": "暂停"}})
    ).new
    rows = {"01/check": {**same, **why, "状态": "暂停", "来源": "县统计局"}}
    for file, content in plan(data, fill(tmp_path / "form.xlsx", blank, rows)).changes.items():
        (data / file).write_bytes(content)
    catalogue = whole(checked(data, "data")[0], samples=False)
    last = {day: last_entry(catalogue, "01/publish", date(2030, 1, day)) for day in (8, 9, 13, 14)}
    assert {day: entry and entry.id for day, entry in last.items()} == {
        **{8: None, 9: "e2030-01-publish", 13: "e2030-01-publish", 14: "e2030-01-publish-corrected"}
    }
    corrected = last_entry(catalogue, "01/check", DAY)
    assert corrected is not None
    assert corrected.id == "2030-01-28-01-check"


def test_ids_that_are_taken_get_a_number(tmp_path: Path, full: Path) -> None:
    rows = {"01/check": {**GOOD, "填报单位": "县商务局"}}

    def twice(book: openpyxl.Workbook) -> None:
        sheet = sheet_of(book)
        sheet.append([cell.value for cell in sheet[row_of(sheet, "01/check")]])
        sheet.cell(sheet.max_row, places(sheet)["填报单位"]).value = "县质量局"

    found = plan(full, fill(tmp_path / "form.xlsx", form(full, None), rows, twice))
    assert [(e["id"], e["body"]) for e in entries(found)] == [
        ("2030-01-31-01-check", "commerce"),
        ("2030-01-31-01-check-2", "quality"),
    ]


@pytest.mark.parametrize(
    ("value", "form_", "expected"),
    [
        *((98.5, "General", "98.5"), ("98.5%", "General", "98.5"), ("９８．５％", "General", "98.5")),
        *((0.985, "0.00%", "98.5"), (1, "0%", "100"), (98.10000000000001, "0.0", "98.1"), (0, "General", "0")),
        *((" 98.50 ", "@", "98.5"), (0.33, "General", "0.33")),
    ],
)
def test_numbers_that_are_understood(
    tmp_path: Path, full: Path, blank: bytes, value: object, form_: str, expected: str
) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        sheet_of(book)["N6"].number_format = form_

    rows = {"pass-rate": {"日期": "2030-01-31", "来源": "x", "数值": value}}
    found = plan(full, fill(tmp_path / "form.xlsx", blank, rows, spoil))
    assert [entry["value"] for entry in entries(found)] == [expected]
    # A hundredth may be a percentage that was typed as a share: the data check points it out, here at its cell.
    assert [w.split("：")[0] for w in map(line, found.warnings)] == (["表“进展”N6"] if expected == "0.33" else [])


def test_rows_may_be_sorted_and_inserted_and_columns_moved(tmp_path: Path, full: Path, blank: bytes) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        sheet = sheet_of(book)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        order = [*range(22, 9, -1), *range(10)]
        head, body = rows[0], sorted(rows[1:], key=lambda row: str(row[3]), reverse=True)
        sheet.delete_rows(1, sheet.max_row)
        sheet.append(["县质量局", None])
        sheet.append(["填表人", "甲"])
        sheet.append([])
        lines: list[list[Any]] = [head, *body[:4], [None] * 23, *body[4:]]
        for row in lines:
            sheet.append([row[n] for n in order] + ["=1+1", "旁注"])

    found = plan(full, fill(tmp_path / "form.xlsx", blank, ROWS, spoil))
    assert sorted(entries(found), key=str) == sorted(EXPECTED, key=str)


def test_days_in_the_formats_of_east_asia(tmp_path: Path, full: Path, blank: bytes) -> None:
    """Formats 27 to 36 and 50 to 58 stand in no file: the program of the country knows them."""
    path = fill(tmp_path / "form.xlsx", blank, {"01/check": {**GOOD, "状态": "已完成"}})
    book = openpyxl.load_workbook(path)
    sheet_of(book)["K3"].number_format = "mm-dd-yy"
    book.save(path)
    raw = path.read_bytes()
    for number in (27, 31, 36, 50, 57, 58):
        with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(path, "w") as new:
            for part in old.namelist():
                new.writestr(part, old.read(part).replace(b'numFmtId="14"', b'numFmtId="%d"' % number))
        assert [entry["date"] for entry in entries(plan(full, path))] == ["2030-01-31"]


def test_a_number_is_never_guessed() -> None:
    for words in (
        "1,5",
        "2,50",
        "12,34",
        "1,2345",
        "3 5",
        "3.5 6",
        "1 000",
        ",5",
        "1,,000",
        "1.000,5",
        "1，5",
        "１２，３４",
    ):
        assert typed_number(words) is None, words
        with pytest.raises(cells.CellError) as error:
            cells.number(Cell("text", words), percent=False)
        assert "可以读成不同的数" in error.value.zh
    for words, expected in (
        *(("1,250", "1250"), ("-1,250,000.5", "-1250000.5"), ("１，２５０．５", "1250.5")),
        *((" 98.5 % ", "98.5%"), ("−3", "-3"), ("100", "100")),
    ):
        found = typed_number(words)
        assert found is not None and found.number + "%" * found.is_percent == expected
        assert str(cells.number(Cell("text", words), percent="%" in expected)) == expected.rstrip("%")


# Rejected input, with positions.

SOURCE_AND_DAY: Typed = {"日期": "2030-01-31", "来源": "x"}
#: Name → item, and what is typed into its row.
REFUSED: Mapping[str, tuple[str, Typed]] = {
    "date-with-points": ("01/check", {**GOOD, "日期": "2026.3.5"}),
    "date-that-is-none": ("01/check", {**GOOD, "日期": "三月五日"}),
    "date-as-number": ("01/check", {**GOOD, "日期": 20260305}),
    "date-impossible": ("01/check", {**GOOD, "日期": "2026-02-30"}),
    "date-missing": ("01/check", {"状态": "已完成", "来源": "x"}),
    "state-unknown": ("01/check", {**GOOD, "状态": "完成"}),
    "state-missing": ("01/check", SOURCE_AND_DAY),
    "value-missing": ("pass-rate", SOURCE_AND_DAY),
    "source-missing": ("01/check", {"日期": "2030-01-31", "状态": "暂停", "来源": " \u3000"}),
    "value-no-number": ("pass-rate", {**SOURCE_AND_DAY, "数值": "很高"}),
    "value-unit": ("pass-rate", {**SOURCE_AND_DAY, "数值": "98.5分"}),
    "value-range": ("pass-rate", {**SOURCE_AND_DAY, "数值": 985}),
    "value-long": ("pass-rate", {**SOURCE_AND_DAY, "数值": 98.7341772151899}),
    "value-flag": ("pass-rate", {**SOURCE_AND_DAY, "数值": True}),
    "value-of-a-measure": ("01/check", {**GOOD, "数值": 5}),
    "link-http": ("01/check", {**GOOD, "依据网址": "http://a.example"}),
    "corrects-unknown": ("01/check", {**GOOD, "更正哪一条": "e2030-01-chek", "更正原因": "错"}),
    "corrects-without-reason": ("01/check", {**GOOD, "更正哪一条": "e2030-01-check"}),
    "corrects-another-item": ("01/check", {**GOOD, "更正哪一条": "e2030-01-results", "更正原因": "错"}),
    "covers-half": ("pass-rate", {**SOURCE_AND_DAY, "数值": 98, "涵盖期间开始": "2030-01-01"}),
    "covers-backwards": (
        "pass-rate",
        {**SOURCE_AND_DAY, "数值": 98, "涵盖期间开始": "2030-01-09", "涵盖期间结束": "2030-01-01"},
    ),
    "formula": ("01/check", {**GOOD, "说明": "=1+1"}),
    "error-value": ("01/check", {**GOOD, "说明": "#REF!"}),
    "contradicts-the-ledger": ("01/check", {**GOOD, "日期": "2030-01-28"}),
    "id-unknown": ("01/check", {**GOOD, "事项编号": "01/chekc"}),
    "id-of-another-row": ("01/check", {**GOOD, "事项编号": "01/publish"}),
    "id-missing": ("01/check", {"事项编号": None}),
    "day-to-come": ("01/check", {**SOURCE_AND_DAY, "日期": date(2030, 2, 2), "状态": "已完成"}),
    "grey-cell": ("03/pilots", {"完成时限": "2031-01-20"}),
}


def _hide(book: openpyxl.Workbook) -> None:
    sheet = sheet_of(book)
    for row in (3, 5, 6):
        sheet.row_dimensions[row].hidden = True
    for column in ("B", "L", "R"):
        sheet.column_dimensions[column].hidden = True


def _merge(book: openpyxl.Workbook) -> None:
    for cells_ in ("S3:S5", "A1:D1"):
        sheet_of(book).merge_cells(cells_)


def _contradict(book: openpyxl.Workbook) -> None:
    """Add a row of the same item and day with another state."""
    sheet = sheet_of(book)
    row = [cell.value for cell in sheet[3]]
    row[places(sheet)["状态"] - 1] = "暂停"
    sheet.append(row)


def _set(title: str, cell: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        sheet_of(book, title)[cell].value = value

    return change


#: Name → what is done to a filled-in workbook.
SPOILED: Mapping[str, Callable[[openpyxl.Workbook], None]] = {
    "hidden-rows-and-columns": _hide,
    "merged-cells": _merge,
    "hidden-sheet": lambda book: setattr(sheet_of(book), "sheet_state", "veryHidden"),
    "rows-that-contradict": _contradict,
    "sheet-missing": lambda book: book.remove(book["进展"]),
    "data-sheet-missing": lambda book: book.remove(book["_haopin"]),
    "other-version": _set("_haopin", "B1", "99"),
    "heading-unknown": _set("进展", "L2", "进度"),
    "heading-twice": _set("进展", "L2", "日期"),
    "headings-missing": _set("进展", "A2", "编号"),
}


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + stream.encode("utf-16-le")


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "<x/>")
    return out.getvalue()


#: Name → name and content of a file that is no workbook.
FILES: Mapping[str, tuple[str, bytes]] = {
    "file-empty": ("a.xlsx", b""),
    "file-old": ("a.xls", _ole("Workbook")),
    "file-encrypted": ("a.xlsx", _ole("EncryptedPackage")),
    "file-of-text": ("a.xlsx", b"id,date\n"),
    "file-of-words": ("a.xlsx", _zip("word/document.xml")),
    "file-damaged": ("a.xlsx", _zip("xl/workbook.xml")),
    "file-temporary": ("~$a.xlsx", b"PK"),
}
#: Files beside a workbook that is open in a spreadsheet program.
LOCKS = ("~$form.xlsx", ".~form.xlsx", ".~lock.form.xlsx#")
MESSAGES = Recorded(
    "office_ledger",
    (*REFUSED, *SPOILED, *FILES, *LOCKS, "reported-already", "form-of-all-bodies", "form-of-another-body"),
    place="表“进展”|[^ ]*form.xlsx：|[^ ]*a.xlsx?：",
)


@pytest.mark.parametrize("name", REFUSED)
def test_row_is_refused_to_the_letter(tmp_path: Path, full: Path, blank: bytes, name: str) -> None:
    about, typed = REFUSED[name]
    MESSAGES.check(name, refused(full, fill(tmp_path / "form.xlsx", blank, {about: typed})))


@pytest.mark.parametrize("name", SPOILED)
def test_sheet_is_refused_to_the_letter(tmp_path: Path, full: Path, blank: bytes, name: str) -> None:
    path = fill(tmp_path / "form.xlsx", blank, {"01/check": GOOD}, SPOILED[name])
    MESSAGES.check(name, refused(full, path))


@pytest.mark.parametrize("name", FILES)
def test_file_is_refused_to_the_letter(tmp_path: Path, full: Path, name: str) -> None:
    file, raw = FILES[name]
    (tmp_path / file).write_bytes(raw)
    MESSAGES.check(name, refused(full, tmp_path / file))


@pytest.mark.parametrize("lock", LOCKS)
def test_open_file_is_refused_to_the_letter(tmp_path: Path, full: Path, blank: bytes, lock: str) -> None:
    path = fill(tmp_path / "form.xlsx", blank, {"01/check": GOOD})
    (tmp_path / lock).write_bytes(b"")
    MESSAGES.check(lock, refused(full, path))


def test_bodies_of_a_form_to_the_letter(tmp_path: Path, full: Path, blank: bytes) -> None:
    rows = {"01/check": GOOD, "01/publish": {**GOOD, "填报单位": "县商务"}}
    MESSAGES.check("form-of-all-bodies", refused(full, fill(tmp_path / "form.xlsx", form(full, None), rows)))
    path = fill(tmp_path / "form.xlsx", blank, {"01/check": GOOD})
    MESSAGES.check("form-of-another-body", refused(full, path, "commerce"))


def test_row_imported_before_is_pointed_out_to_the_letter(tmp_path: Path, full: Path, blank: bytes) -> None:
    """Its words differ from those of the entry of the same body and day: it would be another entry."""
    words = {"日期": date(2030, 1, 28), "状态": "常态化", "来源": "县质量局", "说明": "补充说明"}
    warnings = plan(full, fill(tmp_path / "form.xlsx", blank, {"01/check": words})).warnings
    MESSAGES.check("reported-already", [line(warnings[0])])


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_the_last_report_is_that_of_the_body_of_the_form(tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    other = "- {id: c9, date: 2030-01-30, measure: 01/check, body: commerce, state: done, source: 局}\n"
    (data / "ledger/commerce.yml").write_text(other, encoding="utf-8")
    last = {}
    for body in ("quality", "commerce", None):
        sheet = sheet_of(openpyxl.load_workbook(io.BytesIO(form(data, body))))
        last[body] = sheet.cell(row_of(sheet, "01/check"), places(sheet)["上次记录编号"]).value
    assert last == {"quality": "e2030-01-check", "commerce": "c9", None: "c9"}


def test_all_problems_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], blank: bytes) -> None:
    county = copy_full_county(tmp_path / "county")
    rows = {
        "01/check": {"日期": "2026.3.5", "状态": "完成"},
        "pass-rate": {**SOURCE_AND_DAY, "数值": "高"},
        "02/events": GOOD,
    }
    path = fill(tmp_path / "form.xlsx", blank, rows)
    before = {file: file.read_bytes() for file in (county / "data").rglob("*") if file.is_file()}
    assert (
        main(["ledger", "import", "-f", str(county / "mkdocs.yml"), str(path), "--yes", "--as-of", "2030-02-01"]) == 1
    )
    done = capsys.readouterr()
    assert [line.split("：")[0] for line in done.err.splitlines()] == [
        f"表“进展”{cell}" for cell in ("K3", "L3", "U3", "N6")
    ]
    assert done.out == ""
    assert {file: file.read_bytes() for file in (county / "data").rglob("*") if file.is_file()} == before


def test_a_second_look_is_asked_for(tmp_path: Path, full: Path, blank: bytes) -> None:
    found = plan(full, fill(tmp_path / "form.xlsx", blank, {"01/check": {**GOOD, "说明": "抽查<b>三</b>次"}}))
    assert len(found.new) == 1
    assert [w.split("，")[0] for w in map(line, found.warnings)] == ["表“进展”Q3：HTML 标记“<b>”会原样显示给读者"]
    # The same text as an existing entry, but another source: the entry is kept, with a message.
    rows = {"01/check": {"日期": "2030-01-28", "状态": "常态化", "说明": "每月抽查一次。", "来源": "别处"}}
    rows["01/check"]["英文说明"] = "Checks now take place every month."
    found = plan(full, fill(tmp_path / "form.xlsx", blank, rows))
    assert (len(found.new), len(found.known), found.changes) == (0, 1, {})
    assert [w.split("，")[0] for w in map(line, found.warnings)] == [
        "表“进展”U3：来源、期间或依据与已有的“e2030-01-check”不同"
    ]


def test_a_file_cut_short_anywhere(tmp_path: Path, full: Path, blank: bytes) -> None:
    path = tmp_path / "form.xlsx"
    for length in (*range(100, len(blank), len(blank) // 20), len(blank) - 1):
        path.write_bytes(blank[:length])
        assert refused(full, path) == [
            "form.xlsx：文件不完整（可能没有传完），请重新复制一份 / form.xlsx: the file is incomplete; copy it again"
        ]
    # Whole as a package, but with a part that is spoiled.
    for at in range(200, len(blank) - 3000, 997):
        path.write_bytes(blank[:at] + bytes(40) + blank[at + 40 :])
        try:
            plan(full, path)
        except DataError as error:
            assert len(error.lines) >= 1


def test_macros_are_never_run_and_only_cells_count(tmp_path: Path, full: Path, blank: bytes) -> None:
    path = fill(tmp_path / "form.xlsx", blank, ROWS)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", bytes(100))
    assert entries(plan(full, path.rename(tmp_path / "form.xlsm"))) == EXPECTED


def with_unknown_rows(path: Path, blank: bytes, count: int) -> Path:
    """Write the blank form to ``path`` with ``count`` rows that name an unknown measure."""
    row = "".join(f'<c r="{c}{{n}}" t="inlineStr"><is><t>{v}</t></is></c>' for c, v in (("A", "01/chek"), ("K", "x")))
    rows = "".join(f'<row r="{n}">{row.format(n=n)}</row>' for n in range(30, 30 + count))
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet2.xml":
                content = content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(part, content)
    return path


def test_the_work_grows_with_the_rows_and_not_faster(tmp_path: Path, full: Path, blank: bytes) -> None:
    def calls(rows: int) -> int:
        path = with_unknown_rows(tmp_path / "form.xlsx", blank, rows)
        return count_calls(lambda: refused(full, path))[1]

    # The data is read, too, whatever the rows.
    without = calls(1)
    assert calls(800) - without < 5 * (calls(200) - without)


@pytest.mark.sweep
def test_fifty_thousand_rows(tmp_path: Path, full: Path, blank: bytes) -> None:
    lines = refused(full, with_unknown_rows(tmp_path / "form.xlsx", blank, 50_000))
    assert len(lines) == 31
    assert lines[0].startswith("表“进展”A30：没有事项“01/chek”；是否想写“01/check”？ / ")
    assert lines[-1] == "还有 49970 处，先改上面的 / 49970 more; fix those above first"


# Another program.


def office(path: Path, target: str, folder: Path) -> Path:
    """Open ``path`` with LibreOffice and save it as ``target``."""
    profile = folder / "profile"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *(program("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *("--convert-to", target, "--outdir", str(folder), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    return folder / f"{path.stem}.{target}"


def test_saved_by_another_program(tmp_path: Path, full: Path, blank: bytes) -> None:
    def typed_as_percent(book: openpyxl.Workbook) -> None:
        sheet = sheet_of(book)
        sheet["N6"].value, sheet["N6"].number_format = 0.985, "0.0%"
        sheet["Q3"].comment = Comment("?", "clerk")

    path = office(fill(tmp_path / "form.xlsx", blank, ROWS, typed_as_percent), "xlsx", tmp_path / "saved")
    assert entries(plan(full, path)) == EXPECTED
    kept = validations(path)
    assert kept["状态"][:2] == ("list", '"未开始,进行中,已完成,常态化,暂停"')
    assert kept["数值"][0] == "decimal"
    book = openpyxl.load_workbook(path)
    sheet = sheet_of(book)
    assert sheet.protection.sheet
    assert (sheet["A3"].protection.locked, sheet["K3"].protection.locked) == (True, False)
    assert book["_haopin"].sheet_state == "hidden"


def test_the_invented_counties_are_the_ones_meant(tmp_path: Path) -> None:
    """The small county has no ledger yet: its first form has no history."""
    assert COUNTY_MORE.is_dir() and COUNTY.is_dir()
    data = copy_county(tmp_path / "county") / "data"
    book = openpyxl.load_workbook(io.BytesIO(form(data)))
    assert book["历史"].max_row == 2
    found = plan(data, fill(tmp_path / "form.xlsx", form(data), {"01/check": GOOD}))
    assert list(found.changes) == ["ledger/quality.yml"]


def test_a_missing_file_is_reported_in_both_languages(full: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "import", "-f", str(full.parent / "mkdocs.yml"), "无此表.xlsx"]) != 0
    told = capsys.readouterr().err
    assert "没有文件“无此表.xlsx”，请核对文件名和所在的文件夹 / " in told and "does not exist" in told
