"""Differences between two versions of a table, in words."""

from collections.abc import Mapping, Sequence

import pytest
from haopin.model.disclosure import BATCH
from haopin.office.differences import LISTED_ROWS, row_differences

Rows = Sequence[Mapping[str, str]]
PEAR = {"sample_number": "S-1", "product": "梨汁", "result": "合格"}
PLUM = {"sample_number": "S-2", "product": "杏脯", "failing_item": "标签"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([PEAR], [PEAR], []),
        ([], [PEAR], ["附表新增 › S-1 梨汁|Row added › S-1 梨汁||产品名称：梨汁；抽样编号：S-1；检验结果：合格"]),
        (
            [PEAR, PLUM],
            [PEAR],
            ["附表删去 › S-2 杏脯|Row removed › S-2 杏脯|产品名称：杏脯；抽样编号：S-2；不合格项目：标签|"],
        ),
        (
            [PEAR, PLUM],
            [PEAR, {**PLUM, "failing_item": "酒精度", "follow_up": "停售"}],
            ["附表改动 › S-2 杏脯|Row changed › S-2 杏脯|不合格项目：标签|不合格项目：酒精度；后续处理：停售"],
        ),
        (
            [PEAR, {**PEAR, "follow_up": "停售"}],
            [PEAR, PEAR],
            ["附表改动 › S-1 梨汁|Row changed › S-1 梨汁|后续处理：停售|"],
        ),
        ([PEAR, PLUM], [PLUM, PEAR], ["附表|Table||各行的次序有变"]),
        ([{"product": "{zh} <b>"}], [], ["附表删去 › {zh} <b>|Row removed › {zh} <b>|产品名称：{zh} <b>|"]),
    ],
    ids=["same", "added", "removed", "changed", "a number twice", "order", "without number"],
)
def test_rows_are_named_with_what_differs(before: Rows, after: Rows, said: list[str]) -> None:
    found = row_differences(BATCH, before, after)
    assert [f"{each.label.zh}|{each.label.get('en')}|{each.before}|{each.after}" for each in found] == said


def test_of_many_rows_the_rest_is_counted() -> None:
    many = [{**PEAR, "sample_number": f"N-{number}"} for number in range(60_000)]
    found = row_differences(BATCH, [PLUM, PEAR], [{**PEAR, "product": "梨汤"}, *many], "en")
    assert len(found) == LISTED_ROWS + 1
    more = len(many) + 2 - LISTED_ROWS
    assert (found[-1].label.zh, found[-1].label.get("en")) == (f"另有 {more} 行", f"{more} more rows")
    assert found[-1].after == "in all: rows added 60000, removed 1, changed 1"
