"""CSV tables: output of spreadsheet programs is read, and errors are reported with line and cell."""

import codecs
from pathlib import Path

import pytest
from haopin.load.tables import MOST_PROBLEMS, headings, read_table
from haopin.model.disclosure import Sampled
from haopin.problem import Problem
from haopin.text import fullwidth
from living import LIVING, copy_living
from support import errors_of

HEAD = "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目"
GOOD = f"{HEAD}\n梨汁,西河厂,S-1,规范,合格,\n杏脯,东山厂,S-2,规范,不合格,标签\n"
CHOICES = (
    "产品名称 (product), 生产单位 (producer), 抽样编号 (sample_number), 检验依据 (standard), 检验结果 (result), "
    "不合格项目 (failing_item), 后续处理 (follow_up), 产品英文名 (product_en), 生产单位英文名 (producer_en), "
    "不合格项目英文 (failing_item_en), "
    "后续处理英文 (follow_up_en)"
)


def rows_of(text: str) -> list[Sampled]:
    sheet, problems = read_table(text, Sampled, "b.csv")
    assert problems == []
    rows = [row for row in sheet.rows if isinstance(row, Sampled)]
    assert len(rows) == len(sheet.rows) == len(sheet.lines)
    return rows


def told(text: str) -> list[tuple[int, int, str, str]]:
    """Return line, cell and both messages of each problem."""
    problems = read_table(text, Sampled, "b.csv")[1]
    return [(*mark_of(problem), problem.zh, problem.en) for problem in problems]


def mark_of(problem: Problem) -> tuple[int, int]:
    assert problem.place.file == "b.csv"
    assert problem.place.mark is not None
    return problem.place.mark


def test_headings_are_those_of_the_model() -> None:
    assert list(headings(Sampled)) == list(Sampled.model_fields)
    assert ", ".join(f"{zh} ({name})" for name, zh in headings(Sampled).items()) == CHOICES


def test_rows_are_typed() -> None:
    first, second = rows_of(GOOD)
    assert (first.product, first.producer, first.sample_number, first.standard) == ("梨汁", "西河厂", "S-1", "规范")
    assert (first.result, first.failing_item, first.product_en) == ("pass", None, None)
    assert (second.result, second.failing_item) == ("fail", "标签")


@pytest.mark.parametrize(
    "text",
    [
        # In any order; as the fields are called; mixed; with columns that need not be there.
        "检验结果,产品名称,抽样编号,生产单位,检验依据,不合格项目\n合格,梨汁,S-1,西河厂,规范,\n不合格,杏脯,S-2,东山厂,规范,标签\n",
        "product,producer,sample_number,standard,result,failing_item\n梨汁,西河厂,S-1,规范,pass,\n杏脯,东山厂,S-2,规范,fail,标签\n",
        GOOD.replace("检验结果", "result"),
        GOOD.replace("\n", ",\n").replace("不合格项目,\n", "不合格项目,后续处理\n"),
        # What spreadsheet programs add: spaces, quotation marks, empty columns and rows, no last line end.
        GOOD.replace(",", " , "),
        "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in GOOD.splitlines()),
        GOOD.replace("\n", ",,,\n"),
        GOOD.replace("\n", ",,,\n", 1),
        GOOD.replace("\n", "\n\n,,,,,\n   \n"),
        GOOD + ",,,,,\n" * 100,
        GOOD.rstrip("\n"),
    ],
)
def test_table_is_accepted(text: str) -> None:
    first, second = rows_of(text)
    assert (first.product, first.sample_number, first.result) == ("梨汁", "S-1", "pass")
    assert (second.product, second.result, second.failing_item) == ("杏脯", "fail", "标签")


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ('"甲,乙"', "甲,乙"),
        ('"甲""乙"""', '甲"乙"'),
        ('"甲\n乙"', "甲\n乙"),
        ('甲"乙', '甲"乙'),
        ("  甲 ", "甲"),
        ("=1+1", "=1+1"),
        ("'; DROP", "'; DROP"),
        ("甲\u2028乙", "甲\u2028乙"),
        ("\U0001f600", "\U0001f600"),
        ("甲" * 100_000, "甲" * 100_000),
    ],
)
def test_cell_is_not_converted(cell: str, kept: str) -> None:
    assert rows_of(f"{HEAD}\n{cell},西河厂,S-1,规范,合格,\n")[0].product == kept


@pytest.mark.parametrize(
    ("written", "result"), [("合格", "pass"), ("不合格", "fail"), ("pass", "pass"), ("fail", "fail")]
)
def test_result_in_words(written: str, result: str) -> None:
    item = "标签" if result == "fail" else ""
    assert rows_of(f"{HEAD}\n甲,乙,S-1,丙,{written},{item}\n")[0].result == result


def test_places_of_cells() -> None:
    sheet, problems = read_table(GOOD.replace("\n梨汁", '\n\n"梨\n汁"'), Sampled, "b.csv")
    assert problems == []
    assert sheet.lines == (3, 5)
    assert sheet.columns == ("product", "producer", "sample_number", "standard", "result", "failing_item")
    assert sheet.place(1, "result").mark == (5, 5)
    assert sheet.place(0).mark == sheet.place(0, "follow_up").mark == (3, 1)


HEADING = "“{}”列\uff1a"


@pytest.mark.parametrize(
    ("row", "cell", "zh", "en"),
    [
        (
            ",乙,S-1,丙,合格,",
            1,
            HEADING.format("产品名称") + fullwidth("缺少字段“product”,请补上"),
            "the field “product” is missing; add it",
        ),
        (
            "甲,乙,编号1,丙,合格,",
            3,
            HEADING.format("抽样编号")
            + fullwidth("“编号1”不合“sample_number”的格式;抽样编号用英文字母、数字和")
            + " . _ / ( ) -",
            "“编号1” does not fit “sample_number”; a sample number has letters, digits and . _ / ( ) -",
        ),
        (
            "甲,乙,\uff33-1,丙,合格,",
            3,
            HEADING.format("抽样编号") + fullwidth("“\uff33-1”含全角字符,请改用半角:“S-1”"),
            "“\uff33-1” has full-width characters; write “S-1”",
        ),
        (
            "甲,乙,S-1,丙,不及格,",
            5,
            HEADING.format("检验结果")
            + fullwidth("“不及格”不可用,可选:")
            + "合格, 不合格, pass, fail"
            + fullwidth(";是否想写“不合格”?"),
            "“不及格” is not possible; choose one of: 合格, 不合格, pass, fail; did you mean “不合格”?",
        ),
        (
            "甲,乙,S-1,丙,不合格,",
            1,
            fullwidth("不合格的产品须写不合格项目,合格的不写"),
            "a failing product needs its failing item; a passing one must not have one",
        ),
        (
            "甲,乙,S-1,丙,合格,标签",
            1,
            fullwidth("不合格的产品须写不合格项目,合格的不写"),
            "a failing product needs its failing item; a passing one must not have one",
        ),
        (
            "甲,乙,S-1,合格,",
            1,
            fullwidth("这一行有 5 格,应为 6 格:可能有一列错位,或文字里有未加引号的逗号"),
            "this row has 5 cells and should have 6: a column has shifted, or a text has a comma without quotation "
            "marks",
        ),
        (
            "甲,散装,乙,S-1,丙,合格,无",
            1,
            fullwidth("这一行有 7 格,应为 6 格:可能有一列错位,或文字里有未加引号的逗号"),
            "this row has 7 cells and should have 6: a column has shifted, or a text has a comma without quotation "
            "marks",
        ),
        (
            "甲,乙\0丙,S-1,丙,合格,",
            2,
            fullwidth("含有不可见的控制字符(U+0000),请删除"),
            "contains the control character U+0000; delete it",
        ),
        (
            '甲,"乙丙,S-1,丙,合格,',
            1,
            fullwidth("从这一行起引号不成对,请补上引号,或在表格软件里另存为 CSV(unexpected end of data)"),
            "quotation marks are unpaired from this line on; add the missing one, or save the table as CSV from the "
            "spreadsheet program (unexpected end of data)",
        ),
        (
            '甲,"乙"丙,S-1,丙,合格,',
            1,
            fullwidth("从这一行起引号不成对,请补上引号,或在表格软件里另存为 CSV(',' expected after '\"')"),
            "quotation marks are unpaired from this line on; add the missing one, or save the table as CSV from the "
            "spreadsheet program (',' expected after '\"')",
        ),
    ],
)
def test_bad_row_is_reported_to_the_letter(row: str, cell: int, zh: str, en: str) -> None:
    # An empty line and a cell of two lines above: the line counted is that of the file.
    assert told(f'{HEAD}\n\n"甲\n甲",乙,S-0,丙,合格,\n{row}\n') == [(5, cell, zh, en)]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "\n\n" + GOOD,
            [
                (
                    1,
                    1,
                    fullwidth("第一行没有标题,可用:") + CHOICES,
                    f"the first line has no headings; possible: {CHOICES}",
                )
            ],
        ),
        (
            GOOD.replace("不合格项目", "备注", 1),
            [
                (
                    1,
                    6,
                    fullwidth("第 6 列的标题“备注”不认识,可用:") + CHOICES,
                    f"the heading “备注” of column 6 is unknown; possible: {CHOICES}",
                )
            ],
        ),
        (
            GOOD.replace("不合格项目", "产品名称", 1),
            [
                (
                    1,
                    6,
                    fullwidth("第 6 列的标题“产品名称”与前面的一列重复,请删去一列"),
                    "the heading “产品名称” of column 6 repeats that of an earlier column; delete one of the two",
                )
            ],
        ),
        (
            GOOD.replace("抽样编号,", "", 1),
            [
                (
                    1,
                    1,
                    fullwidth("缺少“抽样编号”这一列,请补上"),
                    "the column “抽样编号” (sample_number) is missing; add it",
                )
            ],
        ),
        (
            GOOD.replace(",", "\t"),
            [
                (
                    1,
                    1,
                    fullwidth("各格之间须用英文逗号分隔,请在表格软件里另存为“")
                    + "CSV UTF-8"
                    + fullwidth("(逗号分隔)”"),
                    "cells must be separated by commas; save the table again, as “CSV UTF-8 (comma delimited)”",
                )
            ],
        ),
    ],
)
def test_bad_headings_are_reported_to_the_letter(text: str, problems: list[tuple[int, int, str, str]]) -> None:
    assert told(text) == problems


@pytest.mark.parametrize("separator", [";", "|", "\uff0c", "\uff1b"])
def test_other_separator_is_noticed(separator: str) -> None:
    ((line, cell, _, english),) = told(GOOD.replace(",", separator))
    assert (line, cell) == (1, 1)
    assert english.startswith("cells must be separated by commas")


def test_all_wrong_headings_come_at_once() -> None:
    found = told("产品,产品名称,产品名称,,检验结果\n")
    assert [(line, cell) for line, cell, _, _ in found] == [(1, 1), (1, 3), (1, 4), (1, 1), (1, 1), (1, 1)]
    assert [english.partition(";")[0] for _, _, _, english in found] == [
        "the heading “产品” of column 1 is unknown",
        "the heading “产品名称” of column 3 repeats that of an earlier column",
        "the heading “” of column 4 is unknown",
        "the column “生产单位” (producer) is missing",
        "the column “抽样编号” (sample_number) is missing",
        "the column “检验依据” (standard) is missing",
    ]


def test_all_problems_of_a_row_come_at_once() -> None:
    found = told(f"{HEAD}\n,,编号,规范,坏,\n")
    assert [(line, cell) for line, cell, _, _ in found] == [(2, 1), (2, 2), (2, 3), (2, 5)]


@pytest.mark.parametrize("count", [MOST_PROBLEMS - 1, MOST_PROBLEMS, MOST_PROBLEMS + 1, 5_000])
def test_problems_are_capped(count: int) -> None:
    found = told(f"{HEAD}\n" + "甲,乙,S-1,丙,坏,\n" * count)
    assert len(found) == min(count, MOST_PROBLEMS + 1)
    if count > MOST_PROBLEMS:
        assert found[-1] == (
            MOST_PROBLEMS + 2,
            5,
            fullwidth(f"这个表还有 {count - MOST_PROBLEMS} 处问题,先改上面的"),
            f"there are {count - MOST_PROBLEMS} more problems in this table; fix those above first",
        )


def test_many_wrong_headings_are_capped() -> None:
    assert len(told(",".join("甲" * 1_000) + "\n")) == MOST_PROBLEMS + 1


def test_enormous_cell_is_reported_and_not_kept() -> None:
    ((line, cell, _, english),) = told(f'{HEAD}\n甲,乙,S-1,丙,合格,\n"{"甲" * 200_000}",乙,S-2,丙,合格,\n')
    assert (line, cell) == (3, 1)
    assert "field larger than field limit" in english


def test_good_rows_beside_bad_ones_are_kept() -> None:
    sheet, problems = read_table(f"{GOOD}甲,乙\n丙,丁,S-3,戊,合格,\n", Sampled, "b.csv")
    assert len(problems) == 1
    assert sheet.lines == (2, 3, 5)


@pytest.mark.slow
def test_large_table() -> None:
    rows = rows_of(HEAD + "\n" + "".join(f"梨汁,西河厂,S-{number},规范,合格,\n" for number in range(50_000)))
    assert len(rows) == 50_000
    assert (rows[0].sample_number, rows[-1].sample_number) == ("S-0", "S-49999")


# Whole files, as the office's programs write them.

TABLE = LIVING["batches/b1.csv"]


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace("\n", "\r\r\n").encode(),
        TABLE.replace("\n", "\r\n").rstrip().encode(),
    ],
)
def test_file_is_accepted(raw: bytes, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / "batches/b1.csv").write_bytes(raw)
    assert errors_of(data) == []


NOT_UTF8 = (
    "data/batches/b1.csv:1:1: 文件不是 UTF-8 文本\uff0c请在编辑器中另存为“UTF-8”编码 / "
    "the file is not UTF-8 text; save it again with the encoding UTF-8"
)
GBK = (
    "data/batches/b1.csv:1:1: 文件像是 GBK\uff08ANSI\uff09编码\uff0c请在编辑器中另存为“UTF-8”编码 / "
    "the file looks like GBK (ANSI); save it again with the encoding UTF-8"
)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (TABLE.encode("gbk"), GBK),
        (b"PK\x03\x04\xff\xff\xff", NOT_UTF8),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\xff\xff", NOT_UTF8),
    ],
)
def test_file_in_another_encoding(raw: bytes, line: str, tmp_path: Path) -> None:
    """Nothing else is reported, such as a missing table."""
    data = copy_living(tmp_path)
    (data / "batches/b1.csv").write_bytes(raw)
    assert errors_of(data) == [line]


def test_lines_of_a_file_with_carriage_returns(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / "batches/b1.csv").write_bytes(TABLE.replace("不合格,标签", "不合格,").replace("\n", "\r\n").encode())
    (line,) = errors_of(data)
    assert line.startswith("data/batches/b1.csv:3:1: ")
