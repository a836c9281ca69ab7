"""Edits of records in their files: the change is written as expected, and everything else stays to the byte."""

import copy
import random
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from haopin.model import READ, Kind
from haopin.model.body import BODY
from haopin.model.disclosure import BATCH, VIOLATION
from haopin.model.news import NEWS
from haopin.model.task import TASK
from haopin.office.differences import differences
from haopin.office.edit import created, matched, removed, saved
from haopin.office.raw import RawFolder
from haopin.problem import ConfigurationError
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
        (("number",), "一", "meaning: >-\n", "number: 一\nmeaning: >-\n"),
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


LIST = """\
# 单位

- id: a
  name: {zh: 甲}

# 乙
- id: b   # 编号
  about: |
    第一行

  level: county
# 丙
-   id: c
    bodies:
    - x
    # 关于 y
    - y
"""
NEW_HEAD = "# yaml-language-server: $schema=schema/body.json\n# 责任单位\n"


@pytest.mark.parametrize(
    ("text", "index", "path", "new", "expected"),
    [
        (LIST, 1, ("about",), "新", LIST.replace("第一行", "新")),
        (LIST, 1, ("level",), "city", LIST.replace("county", "city")),
        (LIST, 1, ("level",), GONE, LIST.replace("  level: county\n", "")),
        (LIST, 0, ("name", "en"), "A", LIST.replace("{zh: 甲}", "{zh: 甲, en: A}")),
        (LIST, 2, ("level",), "county", LIST.replace("    bodies", "    level: county\n    bodies")),
        (LIST, 2, ("bodies",), ["y"], LIST.replace("    - x\n", "")),
        (LIST, 2, ("bodies",), ["z", "x", "y"], LIST.replace("    - x\n", "    - z\n    - x\n")),
        (
            LIST,
            2,
            ("bodies",),
            ["y", "x"],
            LIST.replace("    - x\n    # 关于 y\n    - y", "    # 关于 y\n    - y\n    - x"),
        ),
        (LIST, 2, ("bodies", 1), "一\n二", LIST.replace("    - y", "    - |-\n      一\n      二")),
        ("- {id: a, name: 甲}\n", 0, ("level",), "x", "- {id: a, name: 甲, level: x}\n"),
        ("[{id: a, name: 甲}, {id: b}]\n", 1, ("name",), "乙", "[{id: a, name: 甲}, {id: b, name: 乙}]\n"),
        ("---\n- 'id': a\n  \"name\": 甲\n", 0, ("name",), "乙", "---\n- 'id': a\n  \"name\": 乙\n"),
        ("-\n  id: a\n  name: 甲\n", 0, ("name",), "乙", "-\n  id: a\n  name: 乙\n"),
        ("- id: a\n  name:\n    甲\n", 0, ("name",), "乙", "- id: a\n  name:\n    乙\n"),
        ("- id: a\n  name: 甲\n    乙\n  level: x\n", 0, ("name",), "丙", "- id: a\n  name: 丙\n  level: x\n"),
        ("- id: a\n  name: 甲", 0, ("level",), "x", "- id: a\n  name: 甲\n  level: x"),
        ("- id: a\n  name: 甲", 0, ("name",), GONE, "- id: a"),
        ("- id: a\n  level:\n  name: 甲\n", 0, ("level",), "x", "- id: a\n  level: x\n  name: 甲\n"),
        ("- id: a\n  level: # 待定\n", 0, ("level",), "x", "- id: a\n  level: x # 待定\n"),
        ("- id: a\n  name: {zh: , en: }\n", 0, ("name",), {"zh": "甲"}, "- id: a\n  name: {zh: 甲, en: }\n"),
        ("- id: a\n  sources: []\n", 0, ("sources",), [{"text": "t"}], "- id: a\n  sources:\n    - text: t\n"),
        (
            "- id: a\n  sources:\n    - {text: t}\n",
            *(0, ("sources",), [{"text": "t"}, {"text": "u"}]),
            "- id: a\n  sources:\n    - {text: t}\n    - {text: u}\n",
        ),
        (
            "- id: a\n  names: [甲,\n    乙]   # 两个\n",
            *(0, ("names",), ["甲", "乙", "丙"]),
            "- id: a\n  names: [甲,\n    乙,\n    丙]   # 两个\n",
        ),
        (
            f"{NEW_HEAD}# 编号 / id\n- id: a\n  # 自己的\n  # 级别：县级 / level\n  level: x\n",
            *(0, ("level",), GONE),
            f"{NEW_HEAD}# 编号 / id\n- id: a\n  # 自己的\n  # 级别：县级 / level\n",
        ),
    ],
)
def test_a_record_in_a_list_changes_and_its_neighbours_do_not(
    tmp_path: Path, text: str, index: int, path: Where, new: Any, expected: str
) -> None:
    folder = folder_with(tmp_path, "bodies.yml", text)
    record = RawFolder(folder).records(BODY)[index]
    assert saved(folder, record, edited(record.values, path, new)) == {"bodies.yml": expected.encode()}


def test_line_ends_and_byte_order_mark_stay(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    content = result(tmp_path, raw, ("measures", 0, "quote", "zh"), "一行\n二行")
    assert content == raw.replace("每年抽查".encode(), "|-\r\n        一行\r\n        二行".encode())
    mixed = b"id: x\r\ngroup: a\ntitle: t\r\nsummary: s"
    assert result(tmp_path, mixed, ("group",), "b") == mixed.replace(b"group: a", b"group: b\r")
    assert result(tmp_path, mixed, ("title",), "u") == mixed.replace(b": t", b": u")


def test_comments_that_new_writes_come_and_go_with_their_fields(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "ledger").mkdir(parents=True)
    values = {"id": "w1", "date": "2030-01-10", "measure": "01/check", "body": "quality", "state": "done"}
    changes = created(VIOLATION, {**values, "source": "局"}, folder, {})
    (folder / "violations.yml").write_bytes(changes["violations.yml"] or b"")
    before = (folder / "violations.yml").read_text("utf-8")
    record = RawFolder(folder).records(VIOLATION)[0]
    wider = {**record.values, "number": "1号", "approved": {"role": "head", "date": "2030-01-12"}}
    content = (saved(folder, record, wider)["violations.yml"] or b"").decode()
    added = [line.strip() for line in content.splitlines() if line not in before.splitlines()]
    assert added == [
        *("# 决定书文号 / number of the decision", "number: 1号"),
        "# 审核，未审核则空：不发布 / approval; empty until approved, and until then not published",
        "approved: {role: head, date: 2030-01-12}",
    ]
    (folder / "violations.yml").write_text(content, encoding="utf-8", newline="")
    assert saved(folder, RawFolder(folder).records(VIOLATION)[0], record.values) == {"violations.yml": before.encode()}
    head = "".join(before.splitlines(keepends=True)[:3])
    (folder / "violations.yml").write_text(before, encoding="utf-8", newline="")
    assert removed(folder, record) == {"violations.yml": head.encode()}
    assert created(VIOLATION, {**values, "source": "局"}, folder, {})["violations.yml"] != before.encode()


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, LIST.replace("- id: a\n  name: {zh: 甲}\n\n# 乙\n", "# 乙\n")),
        (1, LIST.replace(LIST[LIST.index("# 乙") : LIST.index("# 丙")], "")),
        (2, LIST[: LIST.index("# 丙")]),
    ],
)
def test_a_deleted_record_takes_its_comments_with_it(tmp_path: Path, index: int, expected: str) -> None:
    folder = folder_with(tmp_path, "bodies.yml", LIST)
    assert removed(folder, RawFolder(folder).records(BODY)[index]) == {"bodies.yml": expected.encode()}


@pytest.mark.parametrize(
    "text",
    [
        "- id: a\n  name: &n 甲\n  about: *n\n",
        "- {? id : a, ? [b] : c}\n",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(tmp_path: Path, text: str) -> None:
    folder = folder_with(tmp_path, "bodies.yml", text)
    record = RawFolder(folder).records(BODY)[0]
    with pytest.raises(ConfigurationError, match=r"请打开文件手工修改.*edit the file by hand"):
        saved(folder, record, {**record.values, "about": "新", "name": "新"})


def test_a_file_that_was_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "bodies.yml", LIST)
    record = RawFolder(folder).records(BODY)[1]
    folder_with(tmp_path, "bodies.yml", LIST.replace("county", "city"))
    for change in (partial(saved, folder, record, {"id": "b"}), partial(removed, folder, record)):
        with pytest.raises(ConfigurationError, match=r"已被别人改动.*changed meanwhile"):
            change()


@pytest.mark.parametrize("new_id", ["../x", "a/b", "", "甲", "b"])
def test_an_id_that_is_no_file_name_or_is_taken_is_refused(tmp_path: Path, new_id: str) -> None:
    folder_with(tmp_path, "tasks/b.yml", "id: b\n")
    folder = folder_with(tmp_path, "tasks/a.yml", "id: a\n")
    record = RawFolder(folder).record(TASK, "a")
    assert record is not None
    with pytest.raises(ConfigurationError):
        saved(folder, record, {"id": new_id})
    with pytest.raises(ConfigurationError):
        created(TASK, {"id": new_id}, folder, {})
    assert saved(folder, record, {"id": "c"}) == {"tasks/a.yml": None, "tasks/c.yml": b"id: c\n"}


# --- Articles

ZH = "---\r\n# 头\r\ntitle: 一则动态\r\ndate: 2030-01-10   # 日\r\nsource: {zh: 局}\r\n---\r\n\r\n正文。\r\n\r\n"
EN = "---\ntitle: 'News'\n---\nText.\n"


@pytest.mark.parametrize(
    ("path", "new", "expected"),
    [
        ((), dict, {}),
        (("date",), "2030-01-11", {"zh": ZH.replace("01-10", "01-11")}),
        (("title", "zh"), "新: 题", {"zh": ZH.replace("一则动态", '"新: 题"')}),
        (("title", "en"), "It's", {"en": EN.replace("'News'", "'It''s'")}),
        (("title", "en"), GONE, {"en": "---\n---\nText.\n"}),
        (("text", "zh"), "第一段。\n\n第二段。\n", {"zh": ZH.replace("正文。", "第一段。\r\n\r\n第二段。")}),
        (("text", "en"), "---\nOther", {"en": EN.replace("Text.", "---\nOther")}),
        (("text",), lambda text: {"zh": text["zh"]}, {"en": "---\ntitle: 'News'\n---\n\n"}),
        (
            (),
            lambda v: {**v, "title": "题", "text": {"zh": "正文。"}},
            {"zh": ZH.replace("一则动态", "题"), "en": None},
        ),
        (
            (),
            lambda v: {**v, "title": {"en": "News"}, "text": {"en": "Text."}},
            {"zh": None, "en": "---\n# 头\ntitle: News\ndate: 2030-01-10   # 日\nsource: {zh: 局}\n---\nText.\n"},
        ),
        (("body",), "quality", {"zh": ZH.replace("source: {zh: 局}", "body: quality\r\nsource: {zh: 局}")}),
        (("note",), {"zh": "注"}, {"zh": ZH.replace("{zh: 局}\r\n", "{zh: 局}\r\nnote: {zh: 注}\r\n")}),
    ],
)
def test_each_language_of_an_article_changes_in_its_file(
    tmp_path: Path, path: Where, new: Any, expected: Mapping[str, str | None]
) -> None:
    folder_with(tmp_path, "news/n.en.md", EN)
    folder = folder_with(tmp_path, "news/n.zh.md", ZH)
    record = RawFolder(folder).records(NEWS)[0]
    changes = saved(folder, record, edited(record.values, path, new))
    assert changes == {f"news/n.{side}.md": text and text.encode() for side, text in expected.items()}


def test_english_of_an_article_is_written_to_a_new_file(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "samples/news/n.zh.md", "\ufeff---\ntitle: 题\n---\n文\n")
    record = RawFolder(folder).records(NEWS)[0]
    after = {**record.values, "title": {"zh": "题", "en": "News: new"}, "text": {"zh": "文", "en": "One.\n"}}
    english = b"---\ntitle: 'News: new'\n---\nOne.\n"
    assert saved(folder, record, after) == {"samples/news/n.en.md": b"\xef\xbb\xbf" + english}
    assert saved(folder, record, {**after, "id": "m"}) == {
        "samples/news/n.zh.md": None,
        "samples/news/m.zh.md": (folder / "samples/news/n.zh.md").read_bytes(),
        "samples/news/m.en.md": b"\xef\xbb\xbf" + english,
    }
    with pytest.raises(ConfigurationError):
        saved(folder, record, {"id": "n"})


# --- Tables

TABLE = (
    '\ufeff产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目\r\n"梨汁","西河厂","S-1","规范","合格",""\r\n'
    "杏脯,东山厂,S-2,规范,不合格,标签\r\n,,,,,\r\n苹果, 南湾厂 ,S-3,规范,合格,\r\n"
)


def test_only_changed_rows_of_a_table_change(tmp_path: Path) -> None:
    folder_with(tmp_path, "batches/b.yml", "id: b\n")
    folder = folder_with(tmp_path, "batches/b.csv", TABLE)
    record = RawFolder(folder).records(BATCH)[0]
    assert record.rows is not None and record.rows[2]["producer"] == "南湾厂"

    def changed(*rows: Mapping[str, str]) -> str:
        return (saved(folder, record, record.values, rows)["batches/b.csv"] or b"").decode()

    one, two, three = record.rows
    assert saved(folder, record, record.values, record.rows) == {}
    assert changed({**one, "product": "梨,汁"}, two, three) == TABLE.replace("梨汁", "梨,汁").replace(",,,,,\r\n", "")
    assert changed(one, three) == "".join(TABLE.splitlines(keepends=True)[i] for i in (0, 1, 4))
    assert changed(one, two, {**three, "product": "a,b"}).endswith('"a,b", 南湾厂 ,S-3,规范,合格,\r\n')
    assert changed(one, {**two, "follow_up": "改"}).splitlines() == [
        TABLE.splitlines()[0] + ",后续处理",
        *('"梨汁","西河厂","S-1","规范","合格","",""', "杏脯,东山厂,S-2,规范,不合格,标签,改"),
    ]


# --- Every record of the invented counties


def leaves(value: Any, path: Where = ()) -> Iterator[Where]:
    """Yield the path of each text in ``value``."""
    if isinstance(value, dict | list):
        for step, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, step))
    else:
        yield path


@pytest.mark.parametrize("county", FIXTURES, ids=lambda folder: folder.name)
def test_one_changed_text_changes_one_place_of_any_record(county: Path) -> None:
    folder = county / "data"
    raw, chance, count = RawFolder(folder), random.Random(county.name), 0
    assert raw.unreadable == {}
    for record in (record for kind in READ for record in raw.records(kind)):
        assert saved(folder, record, record.values) == {}
        removed(folder, record)
        path = chance.choice([path for path in leaves(record.values) if path != ("id",)] or [()])
        if not path:
            continue
        for new in ("改", "a: b # c", "两行\n文字", '"引'):
            after = edited(record.values, path, new)
            ((file, content),) = saved(folder, record, after).items()
            assert content is not None and len(where_different((folder / file).read_bytes(), content)) == 1
            count += 1
    assert count > 10


def where_different(old: bytes, new: bytes) -> list[str]:
    """Return the lines of ``old`` that are not in ``new``, joined where they stand together."""
    lines, left = old.decode().splitlines(), new.decode().splitlines()
    start = next(i for i, line in enumerate(lines) if i >= len(left) or line != left[i])
    end = 0
    while end < min(len(lines), len(left)) - start and lines[-1 - end] == left[-1 - end]:
        end += 1
    gone = lines[start : len(lines) - end]
    # A change is within one text: its own lines, never a field below it.
    return ["\n".join(gone)]


# --- Reading


def test_files_are_parsed_again_only_if_they_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_with(tmp_path, "bodies.yml", "- id: a\n  phone: [\n")
    folder_with(tmp_path, "tasks/01.yml", "id: '01'\ntitle: 不全\n")
    folder_with(tmp_path, "tasks/01 - 副本.yml", "id: '01'\n")
    folder_with(tmp_path, "tasks/.01.yml.swp", "x")
    folder = folder_with(tmp_path, "samples/violations.yml", "- id: v\n- 甲\n-\n")
    raw = RawFolder(folder)
    assert list(raw.unreadable) == ["bodies.yml"] and raw.unreadable["bodies.yml"].place.mark is not None
    (task,) = raw.records(TASK)
    assert (task.id, task.file, task.path, task.sample, task.values["title"]) == (
        "01",
        "tasks/01.yml",
        (),
        False,
        "不全",
    )
    assert raw.files(task) == {"tasks/01.yml": (folder / "tasks/01.yml").read_bytes()}
    (violation,) = raw.records(VIOLATION)
    assert (violation.file, violation.path, violation.sample) == ("samples/violations.yml", (0,), True)
    folder_with(tmp_path, "bodies.yml", "- id: a\n")
    raw.refresh()
    assert raw.unreadable == {} and raw.records(TASK)[0] is task
    assert raw.record(BODY, "a") is not None and raw.record(BODY, "b") is None
    folder_with(tmp_path, "tasks/01.yml", "id: '01'\ntitle: 别的\n")
    raw.refresh()
    assert raw.records(TASK)[0].digest != task.digest


# --- Differences in words


def test_differences_are_told_in_words() -> None:
    record = {"id": "v", "body": "quality", "source": "局", "approved": {"role": "head", "date": "2030-01-10"}}
    after = {
        **record,
        "source": {"zh": "局", "en": "Bureau"},
        "approved": {"role": "deputy-head", "date": "2030-01-10"},
    }
    assert [
        (d.path, d.label.zh, d.label.get("en"), d.before, d.after) for d in differences(VIOLATION, record, after)
    ] == [
        (("source", "en"), "来源 › 英文", "source of the information › English", "", "Bureau"),
        (
            ("approved", "role"),
            *("审核 › 审核人职务", "approval › role of the approver", "主要负责人", "分管负责人"),
        ),
    ]
    assert [d.after for d in differences(VIOLATION, record, after, "en")][1] == "deputy head"
    (gone,) = differences(VIOLATION, record, {**record, "approved": None})
    assert (gone.before, gone.after) == ("审核人职务：主要负责人；审核日期：2030-01-10", "")
    assert differences(VIOLATION, record, record) == ()


def test_differences_name_items_by_their_number() -> None:
    one, two = {"id": "a", "title": {"zh": "甲"}}, {"id": "b", "title": {"zh": "乙"}}
    before = {"id": "01", "measures": [one, two]}
    told = differences(TASK, before, {"id": "01", "measures": [two, {**one, "title": {"zh": "丙"}}]})
    assert [(d.label.zh, d.before, d.after) for d in told] == [
        ("举措 › 第2项 › 短标题 › 中文", "甲", "丙"),
        ("举措 › 顺序", "甲、乙", "乙、甲"),
    ]
    (added,) = differences(TASK, {"id": "01", "measures": [one]}, before)
    assert (added.path, added.label.get("en"), added.before) == (("measures", 1), "measures › item 2", "")
    (lost,) = differences(TASK, before, {"id": "01", "measures": [two]})
    assert (lost.path, lost.after) == (("measures", 0), "")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a", "b", "c"], ["a", "x", "c"], [0, 1, 2]),
        (["a", "b", "c"], ["a", "c", "d"], [0, 2, None]),
        (["a", "a"], ["a", "a", "a"], [0, 1, None]),
        ([{"id": "a"}, {"id": "b"}], [{"id": "b", "x": "1"}, {"id": "c"}], [1, None]),
        ([{"t": "1", "u": "2"}], [{"t": "1", "u": "3"}], [0]),
        ([], ["a"], [None]),
    ],
)
def test_items_are_matched_by_id_by_equality_or_between_the_same_neighbours(
    before: list[Any], after: list[Any], expected: list[int | None]
) -> None:
    assert matched(before, after) == expected
