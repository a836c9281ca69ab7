"""Edits of records in their files: the change is written as expected, and everything else stays to the byte."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from haopin.model import Kind
from haopin.model.task import TASK
from haopin.office.edit import saved
from haopin.office.raw import RawFolder
from haopin.problem import Path as Where
from support import CITY, COUNTY, COUNTY_DOCUMENTS, COUNTY_FIRST, COUNTY_MORE, COUNTY_NUMBERS, COUNTY_PLANS

FIXTURES = (CITY, COUNTY, COUNTY_DOCUMENTS, COUNTY_FIRST, COUNTY_MORE, COUNTY_NUMBERS, COUNTY_PLANS)
GONE = None
NEW_MEASURE = {"quote": {"zh": "新", "en": "New"}, "id": "new", "title": "新的"}

TEXT = """\
# yaml-language-server: $schema=../schema/task.json
# 任务一
id: "01"   # 编号
group: quality-improvement
clause: {document: notice, id: task-01}

# 标题
title:
  zh: 开展'提升'行动   # 中文
  en: "Improve \\"quality\\""
summary: 一句话  # 概括
meaning: >-
  A folded text.
# 领域
domain: 'product'
picture:
responsible:   # 责任
  quote: |
    第一行
    # 不是注释

    第三行
  bodies: [quality, commerce] # 两个
  others: {zh: 等部门, "en": and others}
  joint: ~
measures:
  # 第一条
  - id: check
    title: {zh: 抽查, en: Check}
    quote:
      zh: 每年抽查
  # 还是第一条的

  # 第二条
  - title: 公布
    id: publish
  - {id: third, title: 三}   # 第三条
# 完
"""


def folder_with(tmp_path: Path, file: str, content: str | bytes) -> Path:
    target = tmp_path / "data" / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path / "data"


def edited(values: Mapping[str, Any], path: Where, new: Any) -> dict[str, Any]:
    """Return the values with ``new`` at ``path``; `GONE` deletes it; a function is called with the old value."""
    after = copy.deepcopy(dict(values))
    if not path:
        return dict(new(after))
    holder: Any = after
    for step in path[:-1]:
        holder = holder[step]
    if new is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new(holder[path[-1]]) if callable(new) else new
    return after


def without_last_feeds(value: Any) -> Any:
    """Return ``value`` without the line feed at the end of a text, which the model removes."""
    if isinstance(value, dict):
        return {name: without_last_feeds(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_last_feeds(each) for each in value]
    return value.removesuffix("\n") if isinstance(value, str) else value


def result(tmp_path: Path, text: str | bytes, path: Where, new: Any, kind: Kind = TASK) -> bytes:
    """Return the file after an edit of its first record, which is then read again."""
    file = "tasks/01.yml" if kind is TASK else kind.path
    folder = folder_with(tmp_path, file, text)
    record = RawFolder(folder).records(kind)[0]
    after = edited(record.values, path, new)
    changes = saved(folder, record, after)
    content = changes.get(file, (folder / file).read_bytes())
    assert content is not None
    (folder / file).write_bytes(content)
    assert without_last_feeds(RawFolder(folder).records(kind)[0].values) == without_last_feeds(after)
    return content


TITLE = ("title",)
MEASURES = ("measures",)
BODIES = ("responsible", "bodies")
ITEM_1 = "  - id: check\n    title: {zh: 抽查, en: Check}\n    quote:\n      zh: 每年抽查\n"
LEAD_1, TAIL_1, LEAD_2 = "  # 第一条\n", "  # 还是第一条的\n\n", "  # 第二条\n"
ITEM_2 = "  - title: 公布\n    id: publish\n"
ITEM_3 = "  - {id: third, title: 三}   # 第三条\n"
BEGIN, ALL = LEAD_1 + ITEM_1 + TAIL_1 + LEAD_2 + ITEM_2, LEAD_1 + ITEM_1 + TAIL_1 + LEAD_2 + ITEM_2 + ITEM_3
WRITTEN = "  - id: new\n    title: 新的\n    quote:\n      zh: 新\n      en: New\n"


@pytest.mark.parametrize(
    ("path", "new", "old_text", "new_text"),
    [
        # Scalars keep their style, if the text permits.
        (("group",), "other", "quality-improvement", "other"),
        (("group",), "a: b", "quality-improvement", '"a: b"'),
        (("group",), "a #b", "quality-improvement", '"a #b"'),
        (("group",), "- a", "quality-improvement", '"- a"'),
        (("group",), "@a", "quality-improvement", '"@a"'),
        (("group",), '"甲"乙', "quality-improvement", "'\"甲\"乙'"),
        (("group",), "~", "quality-improvement", '"~"'),
        (("group",), "null", "quality-improvement", '"null"'),
        (("group",), "", "quality-improvement", '""'),
        (("group",), " a ", "quality-improvement", '" a "'),
        (("group",), "12:30", "quality-improvement", "12:30"),
        (("group",), "no", "quality-improvement", "no"),
        (("group",), "a, b]", "quality-improvement", "a, b]"),
        (("group",), "a\tb\\", "quality-improvement", "a\tb\\"),
        (("group",), "一行\n二行", "quality-improvement", "|-\n  一行\n  二行"),
        (("group",), "一行\n二行\n", "quality-improvement", "|\n  一行\n  二行"),
        (("group",), "  缩进\n二行", "quality-improvement", '"  缩进\\n二行"'),
        (("domain",), "it's", "'product'", "'it''s'"),
        (("title", "en"), 'Say "so" \\', '"Improve \\"quality\\""', '"Say \\"so\\" \\\\"'),
        (("title", "zh"), "新 #1", "开展'提升'行动   # 中文", '"新 #1"   # 中文'),
        (("title", "zh"), "一\n二", "开展'提升'行动   # 中文\n", "|-   # 中文\n    一\n    二\n"),
        (("meaning",), "Other: #text", "A folded text.", "Other: #text"),
        (("meaning",), "One.\n\nTwo.\n", ">-\n  A folded text.", ">\n  One.\n\n\n  Two."),
        (("responsible", "quote"), "第一行\n改了", "第一行\n    # 不是注释\n\n    第三行", "第一行\n    改了"),
        (("responsible", "quote"), "一行", "|\n    第一行\n    # 不是注释\n\n    第三行", "|\n    一行"),
        # Empty fields are filled in where they stand.
        (("picture",), "a.svg", "picture:\n", "picture: a.svg\n"),
        (("picture",), {"zh": "甲", "en": "A"}, "picture:\n", "picture: {zh: 甲, en: A}\n"),
        (("responsible", "joint"), "true", "joint: ~", "joint: true"),
        # Braces and brackets are edited in place.
        (("clause", "id"), "task-02", "id: task-01}", "id: task-02}"),
        (("clause", "id"), "a, b", "id: task-01}", 'id: "a, b"}'),
        (("clause", "id"), "a\nb", "id: task-01}", 'id: "a\\nb"}'),
        (("clause", "id"), GONE, ", id: task-01}", "}"),
        (("clause", "document"), GONE, "{document: notice, id", "{id"),
        (("responsible", "others", "en"), GONE, ', "en": and others}', "}"),
        (("responsible", "others", "en"), "all, too", '"en": and others}', '"en": "all, too"}'),
        (("measures", 2, "quote"), {"en": "T", "zh": "引"}, "title: 三}", "title: 三, quote: {zh: 引, en: T}}"),
        (("measures", 2, "title"), {"zh": "三", "en": "3"}, "title: 三}", "title: {zh: 三, en: 3}}"),
        (BODIES, ["quality"], "[quality, commerce] #", "[quality] #"),
        (BODIES, ["commerce"], "[quality, commerce] #", "[commerce] #"),
        (BODIES, ["commerce", "quality", "a: b"], "[quality, commerce] #", '[commerce, quality, "a: b"] #'),
        (BODIES, [], "[quality, commerce] #", "[] #"),
        (BODIES, GONE, "  bodies: [quality, commerce] # 两个\n", ""),
        # Texts in one and in two languages.
        (("summary",), {"zh": "一句话", "en": "So: it"}, "一句话  # 概括", '{zh: 一句话, en: "So: it"}  # 概括'),
        (
            ("summary",),
            {"zh": "一句话", "en": "x" * 90},
            "summary: 一句话  # 概括",
            f"summary:  # 概括\n  zh: 一句话\n  en: {'x' * 90}",
        ),
        (TITLE, "新标题", '\n  zh: 开展\'提升\'行动   # 中文\n  en: "Improve \\"quality\\""\n', " 新标题\n"),
        (("title", "en"), GONE, '  en: "Improve \\"quality\\""\n', ""),
        (("title", "zh"), GONE, "zh: 开展'提升'行动   # 中文\n  en", "en"),
        (("responsible", "others"), "等", '{zh: 等部门, "en": and others}', "等"),
        # Fields are deleted with their lines, and inserted where the model has them.
        (("summary",), GONE, "summary: 一句话  # 概括\n", ""),
        (("domain",), GONE, "domain: 'product'\n", ""),
        (("meaning",), GONE, "meaning: >-\n  A folded text.\n", ""),
        (("responsible", "quote"), GONE, "quote: |\n    第一行\n    # 不是注释\n\n    第三行\n  ", ""),
        (("note",), "注", "# 完\n", "note: 注\n# 完\n"),
        (("number",), "一", "domain: 'product'\n", "domain: 'product'\n"),
        (("plan",), {"zh": "甲", "en": "A"}, "meaning: >-\n", "plan: {zh: 甲, en: A}\nmeaning: >-\n"),
        # Items of lists move with their comments.
        (MEASURES, lambda v: [v[1], v[0], v[2]], BEGIN, LEAD_2 + ITEM_2 + LEAD_1 + ITEM_1 + TAIL_1),
        (MEASURES, lambda v: v[1:], LEAD_1 + ITEM_1 + TAIL_1, TAIL_1),
        (MEASURES, lambda v: [v[0], v[2]], LEAD_2 + ITEM_2, ""),
        (MEASURES, lambda v: v[:2], ITEM_3, ""),
        (MEASURES, lambda v: v[::-1], ALL, ITEM_3 + LEAD_2 + ITEM_2 + LEAD_1 + ITEM_1 + TAIL_1.rstrip() + "\n"),
        (MEASURES, lambda v: [*v, NEW_MEASURE], ITEM_3, ITEM_3 + WRITTEN),
        (MEASURES, lambda v: [v[0], NEW_MEASURE, *v[1:]], LEAD_2, WRITTEN + LEAD_2),
        (MEASURES, [], f"\n{LEAD_1}{ITEM_1}{TAIL_1}{LEAD_2}{ITEM_2}{ITEM_3}", " []\n"),
        (
            ("measures", 1, "title"),
            {"zh": "公布", "en": "P"},
            "- title: 公布\n",
            "- title:\n      zh: 公布\n      en: P\n",
        ),
        (("measures", 1, "title"), GONE, "- title: 公布\n    id", "- id"),
        (("measures", 0, "quote", "en"), "Every year", "zh: 每年抽查\n", "zh: 每年抽查\n      en: Every year\n"),
        (("measures", 0, "id"), "checked", "- id: check\n", "- id: checked\n"),
    ],
)
def test_a_change_is_written_as_a_person_would_and_nothing_else_changes(
    tmp_path: Path, path: Where, new: Any, old_text: str, new_text: str
) -> None:
    assert TEXT.count(old_text) == 1
    content = result(tmp_path, TEXT, path, new).decode()
    assert content == TEXT.replace(old_text, new_text)
