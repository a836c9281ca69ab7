"""Bad input, one file at a time: the complete printed lines, to the letter; and what must be accepted as it is."""

import codecs
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from haopin.load.folder import read
from haopin.load.tables import headings, read_table
from haopin.model.disclosure import Sampled
from haopin.model.provision import Term
from support import ROOT, copy_county, copy_data, edit, errors_of


def syntax(written: str, detail: str) -> str:
    """Return the message of a syntax error in the line ``written``; ``detail`` is the parser's own."""
    return (
        f"YAML 格式有误：“{written}”。常见原因：冒号后缺空格、缩进不齐、引号不成对，"
        f"或文字里有“: ”“ #”而没有加引号（{detail}） / "
        f"YAML syntax: “{written}”. Usual causes: no space after a colon, uneven indentation, an unpaired quotation "
        f"mark, or “: ” or “ #” in a text without quotation marks ({detail})"
    )


def cut(rest: str) -> str:
    """Return the message about ``rest``, which is read as a comment."""
    return (
        f"“{rest}”被当成了注释，不会显示。是内容就把整段加上双引号，是注释就在 # 后面空一格 / "
        f"“{rest}” is read as a comment and would not be shown. If it belongs to the text, put "
        f"quotation marks around "
        "the whole; if it is a comment, write a space after #"
    )


UNPAIRED = (
    '这一行的双引号没有成对，请在文字末尾补上“"” / '
    'the quotation mark of this line is not closed; add “"” at the end of the text'
)
COLON = (
    "文字里有“: ”（半角冒号加空格），请把整段文字加上双引号，或改用全角冒号 / "
    "“: ” within a text; put quotation marks around the whole text"
)
SECOND = (
    "文件里又有一行“---”：一个文件只写一份，请删去这一行，或把后面的移到另一个文件 / "
    "another “---” begins a second document: a file holds one; delete this line, or move what follows to another file"
)


def reserved(mark: str) -> str:
    """Return the message about a text that begins with ``mark``."""
    return f"文字以“{mark}”开头，请整段加上双引号 / a text that begins with “{mark}” needs quotation marks around it"


def wide(mark: str, narrow: str) -> str:
    """Return the message about a full-width ``mark`` in a list or an object."""
    return (
        f"这里用了全角的“{mark}”，请改为半角的“{narrow}”；若是文字的一部分，请把文字加上双引号 / a "
        f"full-width “{mark}”; "
        f"type an ASCII “{narrow}”, or put quotation marks around the text that it is part of"
    )


def joined(written: str) -> str:
    """Return the message about a line that is no field."""
    return (
        f"“{written}”这一行不是“字段: 值”。若是上一行文字的下半段，请并到上一行，或比字段名多缩进两格 / the line "
        f"“{written}” is no “name: value”. If it goes on with the text above, join the two lines, or "
        f"indent it by two spaces "
        "more than the field"
    )


class Bad:
    """One bad file: the county's ``file`` with this content, with (old, new) exchanged, or (None) deleted."""

    def __init__(self, name: str, file: str, content: str | bytes | tuple[str, str] | None, *lines: str) -> None:
        self.name, self.file, self.content, self.lines = name, file, content, lines

    def spoil(self, data: Path) -> None:
        """Make the file in the folder ``data`` bad."""
        path = data / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.content is None:
            path.unlink()
        elif isinstance(self.content, tuple):
            edit(path, *self.content)
        elif isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            path.write_text(self.content, encoding="utf-8", newline="")


BAD = (
    Bad(
        "tab",
        "glossary.yml",
        ("- id: cnas\n\tkind: term\n"),
        ("data/glossary.yml:2:1: 缩进里有制表符（Tab），请改用空格 / a tab in the indentation; use spaces instead"),
    ),
    Bad(
        "tab-in-item",
        "glossary.yml",
        ("- id: cnas\n  term:\n  \tzh: 甲\n    en: A\n  kind: term\n"),
        ("data/glossary.yml:3:3: 缩进里有制表符（Tab），请改用空格 / a tab in the indentation; use spaces instead"),
    ),
    Bad(
        "tab-after-dash",
        "glossary.yml",
        ("-\tid: cnas\n  term: {zh: 甲, en: A}\n"),
        ("data/glossary.yml:1:2: " + syntax("-\tid: cnas", "found character that cannot start any token")),
    ),
    Bad(
        "full-width-colon",
        "glossary.yml",
        ("- id：cnas\n  kind: term\n"),
        (
            "data/glossary.yml:1:5: 字段名后用了全角冒号，请改为半角冒号加空格“: ” / "
            "a full-width colon after the field name; type an ASCII colon and a space"
        ),
    ),
    Bad(
        "full-width-colon-second",
        "glossary.yml",
        ("- id: cnas\n  kind：term\n  term: {zh: 甲, en: A}\n"),
        (
            "data/glossary.yml:2:7: 字段名后用了全角冒号，请改为半角冒号加空格“: ” / "
            "a full-width colon after the field name; type an ASCII colon and a space"
        ),
    ),
    Bad(
        "full-width-space-indent",
        "glossary.yml",
        ("- id: cnas\n\u3000\u3000kind: term\n"),
        (
            "data/glossary.yml:2:1: 缩进里有全角空格或不间断空格，请改用普通空格 / "
            "a full-width or no-break space in the indentation; use plain spaces instead"
        ),
    ),
    Bad(
        "no-break-space-indent",
        "glossary.yml",
        ("- id: cnas\n \u00a0kind: term\n"),
        (
            "data/glossary.yml:2:2: 缩进里有全角空格或不间断空格，请改用普通空格 / "
            "a full-width or no-break space in the indentation; use plain spaces instead"
        ),
    ),
    Bad(
        "no-space-after-colon",
        "glossary.yml",
        ("- id:cnas\n  kind: term\n"),
        (
            "data/glossary.yml:1:5: 字段名的冒号后缺空格，请写成“id: ” / "
            "no space after the colon of a field name; write “id: ”"
        ),
    ),
    Bad(
        "no-colon",
        "glossary.yml",
        ("- id cnas\n  kind: term\n"),
        ("data/glossary.yml:1:5: 字段名“id”后缺冒号，请写成“id: ” / no colon after the field name “id”; write “id: ”"),
    ),
    Bad(
        "no-colon-above-a-comment",
        "glossary.yml",
        ("- id cnas\n  # note\n  kind: term\n"),
        ("data/glossary.yml:1:5: 字段名“id”后缺冒号，请写成“id: ” / no colon after the field name “id”; write “id: ”"),
    ),
    Bad(
        "no-colon-in-a-record",
        "glossary.yml",
        ("- id: cnas\n  kind term\n  term: {zh: 甲, en: A}\n"),
        (
            "data/glossary.yml:2:3: “kind term”这一行不是“字段: 值”。若是上一行文字的下半段，请并到上一行，"
            "或比字段名多缩进两格 / the line “kind term” is no “name: value”. If it goes on with the text above, "
            "join the two lines, or indent it by two spaces more than the field"
        ),
    ),
    Bad(
        "no-space-after-colon-last-line",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh:甲\n    en: A\n"),
        (
            "data/glossary.yml:5:7: 字段名的冒号后缺空格，请写成“zh: ” / "
            "no space after the colon of a field name; write “zh: ”"
        ),
    ),
    Bad(
        "uneven",
        "glossary.yml",
        ("- id: cnas\n   kind: term\n  term: {zh: 甲, en: A}\n"),
        ("data/glossary.yml:2:8: " + syntax("kind: term", "mapping values are not allowed in this context")),
    ),
    Bad(
        "unclosed-quote",
        "glossary.yml",
        ('- id: cnas\n  kind: "term\n'),
        ("data/glossary.yml:2:9: " + UNPAIRED),
    ),
    Bad(
        "unclosed-brace",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A\n  kind: term\n"),
        ("data/glossary.yml:3:7: " + syntax("kind: term", "did not find expected ',' or '}'")),
    ),
    Bad(
        "unclosed-bracket",
        "activities/quality-day.yml",
        (("official: [zh]", "official: [zh")),
        ("data/activities/quality-day.yml:12:18: " + syntax("certainty: medium", "did not find expected ',' or ']'")),
    ),
    Bad(
        "colon-in-text",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: 注: 见下\n    en: See below\n"),
        ("data/glossary.yml:5:10: " + COLON),
    ),
    Bad(
        "text-after-quote",
        "glossary.yml",
        ('- id: cnas\n  term: {zh: "甲"乙, en: A}\n  kind: term\n'),
        ("data/glossary.yml:2:17: " + syntax('term: {zh: "甲"乙, en: A}', "did not find expected ',' or '}'")),
    ),
    Bad(
        "at-sign",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: @甲\n    en: A\n"),
        ("data/glossary.yml:5:9: " + reserved("@")),
    ),
    Bad(
        "star",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definition:\n    zh: *甲*\n    en: A\n"),
        ("data/glossary.yml:5:9: " + reserved("*")),
    ),
    Bad(
        "bad-escape",
        "glossary.yml",
        ('- id: cnas\n  term: {zh: 甲, en: "C:\\data"}\n  kind: term\n'),
        ("data/glossary.yml:2:24: " + syntax('term: {zh: 甲, en: "C:\\data"}', "found unknown escape character")),
    ),
    Bad(
        "dash-without-space",
        "glossary.yml",
        ("-id: cnas\n"),
        (
            "data/glossary.yml:1:1: “-”应为半角，后面空一格，请写成“- id: ” / "
            "write “- id: ”, with an ASCII “-” and a space"
        ),
    ),
    Bad(
        "control",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲\x07, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:2:1: 含有不可见的控制字符（U+0007），请删除 / "
            "contains the control character U+0007; delete it"
        ),
    ),
    Bad(
        "nul",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A\x00}\n  kind: term\n"),
        (
            "data/glossary.yml:2:1: 含有不可见的控制字符（U+0000），请删除 / "
            "contains the control character U+0000; delete it"
        ),
    ),
    Bad(
        "del",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A\x7f}\n  kind: term\n"),
        (
            "data/glossary.yml:2:1: 含有不可见的控制字符（U+007F），请删除 / "
            "contains the control character U+007F; delete it"
        ),
    ),
    Bad(
        "duplicate-key",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  kind: body\n"),
        (
            "data/glossary.yml:4:3: 字段“kind”重复（第 3 行已有），请删去一处 / "
            "the field “kind” stands twice (first in line 3); delete one"
        ),
    ),
    Bad(
        "duplicate-language",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, zh: 乙, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:2:17: 字段“zh”重复（第 2 行已有），请删去一处 / "
            "the field “zh” stands twice (first in line 2); delete one"
        ),
    ),
    Bad(
        "complex-key",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  ? [a, b]\n  : c\n"),
        ("data/glossary.yml:4:5: 字段名须为一个词 / a field name must be a single word"),
    ),
    Bad(
        "empty-key",
        "glossary.yml",
        ('- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  "": c\n'),
        ("data/glossary.yml:4:3: 字段名须为一个词 / a field name must be a single word"),
    ),
    Bad(
        "null-key",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  : c\n"),
        ("data/glossary.yml:4:3: " + syntax(": c", "did not find expected key")),
    ),
    Bad(
        "alias-mapping",
        "glossary.yml",
        ("- id: a\n  term: &t {zh: 甲, en: A}\n  kind: term\n- id: b\n  term: *t\n  kind: term\n"),
        (
            "data/glossary.yml:2:9: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
        ("data/glossary.yml:5:3: 缺少字段“term”，请补上 / the field “term” is missing; add it"),
    ),
    Bad(
        "alias-scalar",
        "glossary.yml",
        ("- id: a\n  term: {zh: &z 甲, en: A}\n  kind: term\n- id: b\n  term: {zh: *z, en: B}\n  kind: term\n"),
        (
            "data/glossary.yml:2:14: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
        ("data/glossary.yml:5:10: “term”缺中文（字段“zh”），请补上 / “term” has no Chinese (field “zh”); add it"),
    ),
    Bad(
        "merge",
        "glossary.yml",
        ("- &a\n  id: a\n  term: {zh: 甲, en: A}\n  kind: term\n- <<: *a\n  id: b\n"),
        (
            "data/glossary.yml:1:3: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
        ("data/glossary.yml:5:3: 缺少字段“kind”，请补上 / the field “kind” is missing; add it"),
        ("data/glossary.yml:5:3: 缺少字段“term”，请补上 / the field “term” is missing; add it"),
    ),
    Bad(
        "merge-inline",
        "glossary.yml",
        ("- id: b\n  <<: {term: {zh: 甲, en: A}, kind: term}\n"),
        ("data/glossary.yml:1:3: 缺少字段“kind”，请补上 / the field “kind” is missing; add it"),
        ("data/glossary.yml:1:3: 缺少字段“term”，请补上 / the field “term” is missing; add it"),
        (
            "data/glossary.yml:2:3: “<<”被当成了字段名。{ } 里的文字若含英文逗号或冒号，请整段加上引号 / "
            "“<<” was read as a field name; inside { } a text with a comma or colon needs quotation marks"
        ),
    ),
    Bad(
        "unknown-alias",
        "glossary.yml",
        ("- id: a\n  term: *t\n  kind: term\n"),
        ("data/glossary.yml:2:9: " + reserved("*")),
    ),
    Bad(
        "anchor-twice",
        "glossary.yml",
        ("- id: &a a\n  term: {zh: 甲, en: A}\n  kind: &a term\n"),
        ("data/glossary.yml:3:9: " + reserved("&")),
    ),
    Bad(
        "anchor-key",
        "glossary.yml",
        ("- &k id: a\n  term: {zh: 甲, en: A}\n  kind: term\n- *k : b\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:3: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
        ("data/glossary.yml:1:3: 缺少字段“id”，请补上 / the field “id” is missing; add it"),
    ),
    Bad(
        "recursion",
        "glossary.yml",
        ("- id: a\n  term: &t {zh: 甲, en: A, more: *t}\n  kind: term\n"),
        (
            "data/glossary.yml:2:9: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
    ),
    Bad(
        "recursion-root",
        "glossary.yml",
        ("&a\n- *a\n"),
        (
            "data/glossary.yml:1:1: 不支持 YAML 的锚点与引用（& 和 *），请把内容完整写出 / "
            "anchors and aliases (& and *) are not supported; write the content out"
        ),
        (
            "data/glossary.yml:1:1: “glossary.yml”应为若干“字段: 值” / "
            "“glossary.yml” must hold fields, each “name: value”"
        ),
    ),
    Bad(
        "tag-int",
        "glossary.yml",
        ("- id: !!int 5\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:3: 缺少字段“id”，请补上 / the field “id” is missing; add it"),
        (
            "data/glossary.yml:1:7: 标签“tag:yaml.org,2002:int”不可用，请删除 / "
            "the tag “tag:yaml.org,2002:int” is not allowed; delete it"
        ),
    ),
    Bad(
        "tag-python",
        "glossary.yml",
        ("- id: !!python/object/apply:os.system ['true']\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:3: 缺少字段“id”，请补上 / the field “id” is missing; add it"),
        (
            "data/glossary.yml:1:7: 标签“tag:yaml.org,2002:python/object/apply:os.system”不可用，请删除 "
            "/ "
            "the tag “tag:yaml.org,2002:python/object/apply:os.system” is not allowed; delete it"
        ),
    ),
    Bad(
        "yaml2",
        "glossary.yml",
        ("%YAML 2.0\n---\n- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:1: " + syntax("%YAML 2.0", "found incompatible YAML document")),
    ),
    Bad(
        "empty-task",
        "tasks/03.yml",
        (""),
        ("data/tasks/03.yml:1:1: 文件是空的 / the file is empty"),
    ),
    Bad(
        "comment-only",
        "tasks/03.yml",
        ("# later\n"),
        ("data/tasks/03.yml:1:1: 文件是空的 / the file is empty"),
    ),
    Bad(
        "missing-site",
        "site.yml",
        (None),
        ("data/site.yml:1:1: 缺少文件“site.yml” / the file “site.yml” is missing"),
    ),
    Bad(
        "list-expected",
        "glossary.yml",
        ("id: a\n"),
        (
            "data/glossary.yml:1:1: 此文件应为列表，每条记录以“- ”开头 / "
            "this file must be a list, each record with “- ” in front"
        ),
    ),
    Bad(
        "list-expected-text",
        "glossary.yml",
        ("甲\n"),
        (
            "data/glossary.yml:1:1: 此文件应为列表，每条记录以“- ”开头 / "
            "this file must be a list, each record with “- ” in front"
        ),
    ),
    Bad(
        "text-for-record",
        "tasks/03.yml",
        ("甲\n"),
        (
            "data/tasks/03.yml:1:1: “tasks/03.yml”应为若干“字段: 值” / "
            "“tasks/03.yml” must hold fields, each “name: value”"
        ),
    ),
    Bad(
        "text-for-item",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n- 甲\n"),
        (
            "data/glossary.yml:4:3: “glossary.yml”应为若干“字段: 值” / "
            "“glossary.yml” must hold fields, each “name: value”"
        ),
    ),
    Bad(
        "empty-item",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n-\n"),
        (
            "data/glossary.yml:4:2: “glossary.yml”应为若干“字段: 值” / "
            "“glossary.yml” must hold fields, each “name: value”"
        ),
    ),
    Bad(
        "unknown-field",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  definiton: {zh: 甲, en: A}\n"),
        (
            "data/glossary.yml:4:3: 没有“definiton”这个字段，请删除或改正；是否想写“definition”？ / "
            "there is no field “definiton”; delete or correct it; did you mean “definition”?"
        ),
    ),
    Bad(
        "unknown-field-no-guess",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  colour: red\n"),
        (
            "data/glossary.yml:4:3: 没有“colour”这个字段，请删除或改正 / "
            "there is no field “colour”; delete or correct it"
        ),
    ),
    Bad(
        "unknown-nested",
        "activities/quality-day.yml",
        (("certainty: medium", "certanty: medium")),
        ("data/activities/quality-day.yml:9:9: 缺少字段“certainty”，请补上 / the field “certainty” is missing; add it"),
        (
            "data/activities/quality-day.yml:12:9: 没有“certanty”这个字段，请删除或改正；"
            "是否想写“certainty”？ / "
            "there is no field “certanty”; delete or correct it; did you mean “certainty”?"
        ),
    ),
    Bad(
        "unknown-in-text",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A, fr: B}\n  kind: term\n"),
        ("data/glossary.yml:2:24: 没有“fr”这个字段，请删除或改正 / there is no field “fr”; delete or correct it"),
    ),
    Bad(
        "unquoted-comma",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲,乙, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:2:16: “乙”被当成了字段名。{ } 里的文字若含英文逗号或冒号，请整段加上引号 "
            "/ "
            "“乙” was read as a field name; inside { } a text with a comma or colon needs quotation marks"
        ),
    ),
    Bad(
        "unquoted-comma-en",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A, and B}\n  kind: term\n"),
        (
            "data/glossary.yml:2:24: “and B”被当成了字段名。{ } 里的文字若含英文逗号或冒号，"
            "请整段加上引号 / "
            "“and B” was read as a field name; inside { } a text with a comma or colon needs quotation "
            "marks"
        ),
    ),
    Bad(
        "missing-field",
        "glossary.yml",
        ("- id: a\n  term: {zh: 甲, en: A}\n"),
        ("data/glossary.yml:1:3: 缺少字段“kind”，请补上 / the field “kind” is missing; add it"),
    ),
    Bad(
        "missing-id",
        "glossary.yml",
        ("- term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:3: 缺少字段“id”，请补上 / the field “id” is missing; add it"),
    ),
    Bad(
        "missing-nested",
        "activities/quality-day.yml",
        (("        certainty: medium\n", "")),
        ("data/activities/quality-day.yml:9:9: 缺少字段“certainty”，请补上 / the field “certainty” is missing; add it"),
    ),
    Bad(
        "missing-zh",
        "glossary.yml",
        ("- id: cnas\n  term: {en: A}\n  kind: term\n"),
        ("data/glossary.yml:2:3: “term”缺中文（字段“zh”），请补上 / “term” has no Chinese (field “zh”); add it"),
    ),
    Bad(
        "missing-en",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲}\n  kind: term\n"),
        ("data/glossary.yml:2:3: “term”缺英文（字段“en”），请补上 / “term” has no English (field “en”); add it"),
    ),
    Bad(
        "missing-en-block",
        "glossary.yml",
        ("- id: a\n  term:\n    zh: 甲\n  kind: term\n"),
        ("data/glossary.yml:2:3: “term”缺英文（字段“en”），请补上 / “term” has no English (field “en”); add it"),
    ),
    Bad(
        "missing-en-item",
        "activities/quality-day.yml",
        (("text: {zh: 人人参与, en: Everyone takes part}", "text: {zh: 人人参与}")),
        (
            "data/activities/quality-day.yml:10:9: “text”缺英文（字段“en”），请补上 / "
            "“text” has no English (field “en”); add it"
        ),
    ),
    Bad(
        "missing-en-clause",
        "documents/plan-2030-1.yml",
        ((", en: Quality Work Plan of Jiayi County}\n  - {id: slogan", "}\n  - {id: slogan")),
        (
            "data/documents/plan-2030-1.yml:8:5: “clauses”缺英文（字段“en”），请补上 / "
            "“clauses” has no English (field “en”); add it"
        ),
    ),
    Bad(
        "empty-en",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: }\n  kind: term\n"),
        ("data/glossary.yml:2:17: “term”缺英文（字段“en”），请补上 / “term” has no English (field “en”); add it"),
    ),
    Bad(
        "empty-en-quoted",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: ''}\n  kind: term\n"),
        ("data/glossary.yml:2:21: “en”不能为空 / “en” must not be empty"),
    ),
    Bad(
        "blank-zh",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: ' ', en: A}\n  kind: term\n"),
        ("data/glossary.yml:2:14: “zh”不能为空 / “zh” must not be empty"),
    ),
    Bad(
        "null-en",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: null}\n  kind: term\n"),
        ("data/glossary.yml:2:17: “term”缺英文（字段“en”），请补上 / “term” has no English (field “en”); add it"),
    ),
    Bad(
        "text-not-bilingual",
        "glossary.yml",
        ("- id: cnas\n  term: 甲\n  kind: term\n"),
        ("data/glossary.yml:2:9: “term”应为若干“字段: 值” / “term” must hold fields, each “name: value”"),
    ),
    Bad(
        "text-as-list",
        "glossary.yml",
        ("- id: cnas\n  term: [甲, A]\n  kind: term\n"),
        ("data/glossary.yml:2:9: “term”应为若干“字段: 值” / “term” must hold fields, each “name: value”"),
    ),
    Bad(
        "zh-as-list",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: [甲], en: A}\n  kind: term\n"),
        ("data/glossary.yml:2:14: “zh”应为一段文字 / “zh” must be a text"),
    ),
    Bad(
        "zh-as-map",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: {甲: 乙}, en: A}\n  kind: term\n"),
        ("data/glossary.yml:2:14: “zh”应为一段文字 / “zh” must be a text"),
    ),
    Bad(
        "list-field-text",
        "activities/quality-day.yml",
        (("official: [zh]", "official: zh")),
        (
            "data/activities/quality-day.yml:11:19: “official”应为列表，每项一行，以“- ”开头 / "
            "“official” must be a list, one item a line, each with “- ” in front"
        ),
    ),
    Bad(
        "literal",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: tem\n"),
        (
            "data/glossary.yml:3:9: “tem”不可用，可选：body, term, award, place, slogan, status, brand, "
            "campaign；是否想写“term”？ / "
            "“tem” is not possible; choose one of: body, term, award, place, slogan, status, brand, "
            "campaign; did you mean “term”?"
        ),
    ),
    Bad(
        "literal-no-guess",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: something\n"),
        (
            "data/glossary.yml:3:9: “something”不可用，可选：body, term, award, place, slogan, status, "
            "brand, campaign / "
            "“something” is not possible; choose one of: body, term, award, place, slogan, status, "
            "brand, campaign"
        ),
    ),
    Bad(
        "literal-in-list",
        "activities/quality-day.yml",
        (("official: [zh]", "official: [cn]")),
        (
            "data/activities/quality-day.yml:11:20: “cn”不可用，可选：zh, en / "
            "“cn” is not possible; choose one of: zh, en"
        ),
    ),
    Bad(
        "month-13",
        "activities/quality-day.yml",
        (("month: 2", "month: 13")),
        ("data/activities/quality-day.yml:5:21: “13”太大，最大为 12 / “13” is too large; the most is 12"),
    ),
    Bad(
        "month-0",
        "activities/quality-day.yml",
        (("month: 2", "month: 0")),
        ("data/activities/quality-day.yml:5:21: “0”太小，最小为 1 / “0” is too small; the least is 1"),
    ),
    Bad(
        "month-text",
        "activities/quality-day.yml",
        (("month: 2", "month: 二月")),
        (
            "data/activities/quality-day.yml:5:21: “二月”不是整数，请只写数字 / "
            "“二月” is not a whole number; write digits only"
        ),
    ),
    Bad(
        "month-fullwidth",
        "activities/quality-day.yml",
        (("month: 2", "month: １２")),
        (
            "data/activities/quality-day.yml:5:21: “１２”含全角字符，请改用半角：“12” / "
            "“１２” has full-width characters; write “12”"
        ),
    ),
    Bad(
        "month-decimal",
        "activities/quality-day.yml",
        (("month: 2", "month: 2.5")),
        (
            "data/activities/quality-day.yml:5:21: “2.5”不是整数，请只写数字 / "
            "“2.5” is not a whole number; write digits only"
        ),
    ),
    Bad(
        "month-list",
        "activities/quality-day.yml",
        (("month: 2", "month: [2]")),
        ("data/activities/quality-day.yml:5:21: “month”应为整数 / “month” must be a whole number"),
    ),
    Bad(
        "day-32",
        "activities/quality-day.yml",
        (("day: 29", "day: 32")),
        ("data/activities/quality-day.yml:5:29: “32”太大，最大为 31 / “32” is too large; the most is 31"),
    ),
    Bad(
        "year-early",
        "activities/quality-day.yml",
        (("year: 2028", "year: 1028")),
        ("data/activities/quality-day.yml:7:11: “1028”太小，最小为 1800 / “1028” is too small; the least is 1800"),
    ),
    Bad(
        "year-with-unit",
        "activities/quality-day.yml",
        (("year: 2028", "year: 2028年")),
        (
            "data/activities/quality-day.yml:7:11: “2028年”不是整数，请只写数字 / "
            "“2028年” is not a whole number; write digits only"
        ),
    ),
    Bad(
        "value-percent",
        "targets.yml",
        (("value: 95", "value: 95%")),
        (
            "data/targets.yml:7:10: “95%”不是数，请只写数字和小数点 / "
            "“95%” is not a number; write digits and a point only"
        ),
    ),
    Bad(
        "value-fullwidth",
        "targets.yml",
        (("value: 95", "value: ９５")),
        ("data/targets.yml:7:10: “９５”含全角字符，请改用半角：“95” / “９５” has full-width characters; write “95”"),
    ),
    Bad(
        "value-fullwidth-point",
        "targets.yml",
        (("value: 95", "value: 95．5")),
        (
            "data/targets.yml:7:10: “95．5”含全角字符，请改用半角：“95.5” / "
            "“95．5” has full-width characters; write “95.5”"
        ),
    ),
    Bad(
        "value-list",
        "targets.yml",
        (("value: 95", "value: [95]")),
        ("data/targets.yml:7:10: “value”应为数 / “value” must be a number"),
    ),
    Bad(
        "value-nan",
        "targets.yml",
        (("value: 95", "value: NaN")),
        (
            "data/targets.yml:7:10: “NaN”不是数，请只写数字和小数点 / "
            "“NaN” is not a number; write digits and a point only"
        ),
    ),
    Bad(
        "value-comma",
        "targets.yml",
        (("value: 95", "value: 1,000")),
        ("data/targets.yml:7:10: “1,000”应写成“1000” / write “1,000” as “1000”"),
    ),
    Bad(
        "value-arabic",
        "targets.yml",
        (("value: 95", "value: ٩٥")),
        ("data/targets.yml:7:10: “٩٥”不是数，请只写数字和小数点 / “٩٥” is not a number; write digits and a point only"),
    ),
    Bad(
        "value-underscore",
        "targets.yml",
        (("value: 95", "value: 9_5")),
        (
            "data/targets.yml:7:10: “9_5”不是数，请只写数字和小数点 / "
            "“9_5” is not a number; write digits and a point only"
        ),
    ),
    Bad(
        "month-underscore",
        "activities/quality-day.yml",
        (("month: 2", "month: 1_0")),
        (
            "data/activities/quality-day.yml:5:21: “1_0”不是整数，请只写数字 / "
            "“1_0” is not a whole number; write digits only"
        ),
    ),
    Bad(
        "date-impossible",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030-02-30")),
        (
            "data/documents/plan-2030-1.yml:5:10: “2030-02-30”这一天不存在，请核对年月日 / "
            "there is no such day as “2030-02-30”; check year, month and day"
        ),
    ),
    Bad(
        "date-month-13",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030-13-01")),
        (
            "data/documents/plan-2030-1.yml:5:10: “2030-13-01”这一天不存在，请核对年月日 / "
            "there is no such day as “2030-13-01”; check year, month and day"
        ),
    ),
    Bad(
        "date-slashes",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030/01/02")),
        ("data/documents/plan-2030-1.yml:5:10: “2030/01/02”应写成“2030-01-02” / write “2030/01/02” as “2030-01-02”"),
    ),
    Bad(
        "date-bare",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "20300102")),
        (
            "data/documents/plan-2030-1.yml:5:10: “20300102”不是日期，请写成 2023-06-27 的样子 / "
            "“20300102” is not a date; write it like 2023-06-27"
        ),
    ),
    Bad(
        "date-short",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030-1-2")),
        ("data/documents/plan-2030-1.yml:5:10: “2030-1-2”应写成“2030-01-02” / write “2030-1-2” as “2030-01-02”"),
    ),
    Bad(
        "date-chinese",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030年1月2日")),
        (
            "data/documents/plan-2030-1.yml:5:10: “2030年1月2日”应写成“2030-01-02” / "
            "write “2030年1月2日” as “2030-01-02”"
        ),
    ),
    Bad(
        "date-fullwidth",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "２０３０-01-02")),
        (
            "data/documents/plan-2030-1.yml:5:10: “２０３０-01-02”应写成“2030-01-02” / "
            "write “２０３０-01-02” as “2030-01-02”"
        ),
    ),
    Bad(
        "date-time",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030-01-02 12:30")),
        (
            "data/documents/plan-2030-1.yml:5:10: “2030-01-02 12:30”不是日期，请写成 2023-06-27 的样子 / "
            "“2030-01-02 12:30” is not a date; write it like 2023-06-27"
        ),
    ),
    Bad(
        "date-zero",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "0000-01-02")),
        (
            "data/documents/plan-2030-1.yml:5:10: “0000-01-02”这一天不存在，请核对年月日 / "
            "there is no such day as “0000-01-02”; check year, month and day"
        ),
    ),
    Bad(
        "date-leap",
        "documents/plan-2030-1.yml",
        (("2030-01-02", "2030-02-29")),
        (
            "data/documents/plan-2030-1.yml:5:10: “2030-02-29”这一天不存在，请核对年月日 / "
            "there is no such day as “2030-02-29”; check year, month and day"
        ),
    ),
    Bad(
        "flag-no",
        "tasks/02.yml",
        (("joint: false", "joint: no")),
        ("data/tasks/02.yml:8:10: “no”不对，请写 true 或 false / “no” is not possible; write true or false"),
    ),
    Bad(
        "flag-false-cap",
        "tasks/02.yml",
        (("joint: false", "joint: False")),
        ("data/tasks/02.yml:8:10: “False”不对，请写 true 或 false / “False” is not possible; write true or false"),
    ),
    Bad(
        "flag-chinese",
        "tasks/02.yml",
        (("joint: false", "joint: 否")),
        ("data/tasks/02.yml:8:10: “否”不对，请写 true 或 false / “否” is not possible; write true or false"),
    ),
    Bad(
        "id-fullwidth",
        "glossary.yml",
        ("- id: ｃｎａｓ\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “ｃｎａｓ”含全角字符，请改用半角：“cnas” / "
            "“ｃｎａｓ” has full-width characters; write “cnas”"
        ),
    ),
    Bad(
        "id-fullwidth-digits",
        "glossary.yml",
        ("- id: task-０1\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “task-０1”含全角字符，请改用半角：“task-01” / "
            "“task-０1” has full-width characters; write “task-01”"
        ),
    ),
    Bad(
        "id-upper",
        "glossary.yml",
        ("- id: CNAS\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “CNAS”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“CNAS” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "id-underscore",
        "glossary.yml",
        ("- id: quality_day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “quality_day”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“quality_day” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "id-space",
        "glossary.yml",
        ("- id: quality day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “quality day”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“quality day” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "id-chinese",
        "glossary.yml",
        ("- id: 质量\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “质量”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“质量” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "id-hyphen-end",
        "glossary.yml",
        ("- id: quality-\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “quality-”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“quality-” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "id-list",
        "glossary.yml",
        ("- id: [a]\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:7: “id”应为一段文字 / “id” must be a text"),
    ),
    Bad(
        "id-fullwidth-hyphen",
        "glossary.yml",
        ("- id: quality－day\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:1:7: “quality－day”含全角字符，请改用半角：“quality-day” / "
            "“quality－day” has full-width characters; write “quality-day”"
        ),
    ),
    Bad(
        "ref-upper",
        "tasks/02.yml",
        (("id: task-02", "id: Task-02")),
        (
            "data/tasks/02.yml:3:37: “Task-02”不合“id”的格式；编号只用小写英文字母、数字和连字符 / "
            "“Task-02” does not fit “id”; ids use lower-case letters, digits and hyphens only"
        ),
    ),
    Bad(
        "clause-as-text",
        "tasks/02.yml",
        (("clause: {document: plan-2030-1, id: task-02}", "clause: task-02")),
        ("data/tasks/02.yml:3:9: “clause”应为若干“字段: 值” / “clause” must hold fields, each “name: value”"),
    ),
    Bad(
        "number-brackets",
        "documents/plan-2030-1.yml",
        (("〔2030〕", "[2030]")),
        (
            "data/documents/plan-2030-1.yml:3:9: “甲政发[2030]1号”不合“number”的格式；"
            "发文字号写成“某政发〔2023〕1号”，电话只写数字 / "
            "“甲政发[2030]1号” does not fit “number”; a document number looks like 某政发〔2023〕1号, a "
            "phone number is digits"
        ),
    ),
    Bad(
        "number-fullwidth",
        "documents/plan-2030-1.yml",
        (("〔2030〕1", "〔２０３０〕１")),
        (
            "data/documents/plan-2030-1.yml:3:9: “甲政发〔２０３０〕１号”含全角字符，"
            "请改用半角：“甲政发〔2030〕1号” / "
            "“甲政发〔２０３０〕１号” has full-width characters; write “甲政发〔2030〕1号”"
        ),
    ),
    Bad(
        "source-file",
        "documents/plan-2030-1.yml",
        (("plan-2030-1.zh.txt", "../x.txt")),
        (
            "data/documents/plan-2030-1.yml:6:14: “../x.txt”不合“source_file”的格式；写成“某文件.txt”，"
            "不带文件夹 / "
            "“../x.txt” does not fit “source_file”; write a file name such as “notice.txt”, without a "
            "folder"
        ),
    ),
    Bad(
        "measure-form",
        "targets.yml",
        (("01/pass-rate", "01-pass-rate")),
        (
            "data/targets.yml:2:12: “01-pass-rate”不合“measure”的格式；写成“记录编号/举措编号” / "
            "“01-pass-rate” does not fit “measure”; write “record id/measure id”"
        ),
    ),
    Bad(
        "phone-text",
        "site.yml",
        (
            (
                "document: plan-2030-1\n",
                "document: plan-2030-1\nhotlines: [{number: 12345转1, name: {zh: 甲, en: A}, "
                "clause: {document: plan-2030-1, id: slogan}}]\n",
            )
        ),
        (
            "data/site.yml:8:21: “12345转1”不合“number”的格式；发文字号写成“某政发〔2023〕1号”，"
            "电话只写数字 / "
            "“12345转1” does not fit “number”; a document number looks like 某政发〔2023〕1号, a phone "
            "number is digits"
        ),
    ),
    Bad(
        "phone-fullwidth",
        "site.yml",
        (
            (
                "document: plan-2030-1\n",
                "document: plan-2030-1\nhotlines: [{number: １２３４５, name: {zh: 甲, en: A}, "
                "clause: {document: plan-2030-1, id: slogan}}]\n",
            )
        ),
        (
            "data/site.yml:8:21: “１２３４５”含全角字符，请改用半角：“12345” / "
            "“１２３４５” has full-width characters; write “12345”"
        ),
    ),
    Bad(
        "colour-name",
        "site.yml",
        (('main: "#00594f"', "main: green")),
        (
            "data/site.yml:10:18: “green”不合“main”的格式；颜色写成“#00594f”的样子 / "
            "“green” does not fit “main”; a color looks like “#00594f”"
        ),
    ),
    Bad(
        "colour-upper",
        "site.yml",
        (('main: "#00594f"', 'main: "#00594F"')),
        (
            "data/site.yml:10:18: “#00594F”不合“main”的格式；颜色写成“#00594f”的样子 / "
            "“#00594F” does not fit “main”; a color looks like “#00594f”"
        ),
    ),
    Bad(
        "colour-unquoted",
        "site.yml",
        (('identity: {main: "#00594f", main_dark: "#6fd3c4"}', 'identity:\n  main: #00594f\n  main_dark: "#6fd3c4"')),
        ("data/site.yml:11:9: " + cut("#00594f")),
    ),
    Bad(
        "text-cut-by-a-hash",
        "groups.yml",
        ("- id: a\n  title: 批号 #12 低速\n"),
        ("data/groups.yml:2:13: " + cut("#12 低速")),
    ),
    Bad(
        "http",
        "site.yml",
        (("https://quality.example/", "http://quality.example/")),
        (
            "data/site.yml:8:10: 网址“http://quality.example/”须以 https:// 开头 / "
            "the address “http://quality.example/” must begin with https://"
        ),
    ),
    Bad(
        "no-scheme",
        "site.yml",
        (("https://quality.example/", "quality.example")),
        (
            "data/site.yml:8:10: “quality.example”不是网址，请写成 https://… 的样子 / "
            "“quality.example” is not an address; write it like https://…"
        ),
    ),
    Bad(
        "ftp",
        "site.yml",
        (("https://quality.example/", "ftp://quality.example/")),
        (
            "data/site.yml:8:10: 网址“ftp://quality.example/”须以 https:// 开头 / "
            "the address “ftp://quality.example/” must begin with https://"
        ),
    ),
    Bad(
        "https-nothing",
        "site.yml",
        (("https://quality.example/", "https://")),
        (
            "data/site.yml:8:10: “https://”不是网址，请写成 https://… 的样子 / "
            "“https://” is not an address; write it like https://…"
        ),
    ),
    Bad(
        "javascript",
        "site.yml",
        (("https://quality.example/", "'javascript:alert(1)'")),
        (
            "data/site.yml:8:10: 网址“javascript:alert(1)”须以 https:// 开头 / "
            "the address “javascript:alert(1)” must begin with https://"
        ),
    ),
    Bad(
        "website-list",
        "bodies.yml",
        (("level: county\n- id: commerce", "level: county\n  website: [https://a.cn]\n- id: commerce")),
        ("data/bodies.yml:4:12: “website”应为一个网址 / “website” must be one address"),
    ),
    Bad(
        "undated",
        "activities/quality-day.yml",
        (("recurrence: {month: 2, day: 29}\n", "")),
        (
            "data/activities/quality-day.yml:1:1: 节日或活动月须写“recurrence”（每年何时） / "
            "a day or month needs the field “recurrence”"
        ),
    ),
    Bad(
        "yaml-ending",
        "tasks/03.yaml",
        ("id: '03'\n"),
        (
            "data/tasks/03.yaml:1:1: 此处不应有文件“tasks/03.yaml”；是否应为“tasks/03.yml”？ / "
            "no file “tasks/03.yaml” belongs here; should it be “tasks/03.yml”?"
        ),
    ),
    Bad(
        "wrong-folder",
        "task/03.yml",
        ("id: '03'\n"),
        (
            "data/task/03.yml:1:1: 此处不应有文件“task/03.yml”；是否应为“tasks/03.yml”？ / "
            "no file “task/03.yml” belongs here; should it be “tasks/03.yml”?"
        ),
    ),
    Bad(
        "body-yml",
        "body.yml",
        ("[]"),
        (
            "data/body.yml:1:1: 此处不应有文件“body.yml”；是否应为“bodies.yml”？ / "
            "no file “body.yml” belongs here; should it be “bodies.yml”?"
        ),
    ),
    Bad(
        "too-deep",
        "tasks/2030/03.yml",
        ("id: '03'\n"),
        (
            "data/tasks/2030/03.yml:1:1: 此处不应有文件“tasks/2030/03.yml”；"
            "是否应为“tasks/03.yml”？ / "
            "no file “tasks/2030/03.yml” belongs here; should it be “tasks/03.yml”?"
        ),
    ),
    Bad(
        "docx",
        "说明.docx",
        (b"PK"),
        (
            "data/说明.docx:1:1: “说明.docx”是办公文件，资料里不放。证明用的放进 evidence 文件夹，"
            "表格用 haopin ledger import "
            "或 batch import 导入，要公布的文字用 haopin new 写成记录 / “说明.docx” is an office "
            "file, which is no record. Put what "
            "proves something into the folder evidence, take in spreadsheets with haopin ledger "
            "import or batch import, "
            "write texts with haopin new"
        ),
    ),
    Bad(
        "upper-ending",
        "tasks/03.YML",
        ("id: '03'\n"),
        (
            "data/tasks/03.YML:1:1: 此处不应有文件“tasks/03.YML”；是否应为“tasks/03.yml”？ / "
            "no file “tasks/03.YML” belongs here; should it be “tasks/03.yml”?"
        ),
    ),
    Bad(
        "multiline-literal",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: |\n    a\n    b\n"),
        (
            "data/glossary.yml:3:9: “a b ”不可用，可选：body, term, award, place, slogan, status, brand, "
            "campaign / "
            "“a b ” is not possible; choose one of: body, term, award, place, slogan, status, brand, "
            "campaign"
        ),
    ),
    Bad(
        "time-zone",
        "site.yml",
        (("Asia/Shanghai", "Asia/Beijing")),
        ("data/site.yml:9:12: 没有编号为“Asia/Beijing”的时区 / there is no time zone with the id “Asia/Beijing”"),
    ),
    Bad(
        "noncharacter",
        "glossary.yml",
        ("- id: \uffff\n"),
        (
            "data/glossary.yml:1:1: 含有不可见的控制字符（U+FFFF），请删除 / "
            "contains the control character U+FFFF; delete it"
        ),
    ),
    Bad(
        "bom-middle",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n\ufeff- id: b\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:4:2: " + syntax("\ufeff- id: b", "did not find expected '-' indicator")),
    ),
    Bad(
        "two-documents",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n---\n- id: b\n  term: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:4:1: " + SECOND),
    ),
    Bad(
        "year-long",
        "activities/quality-day.yml",
        (("year: 2028", "year: 20280000000")),
        (
            "data/activities/quality-day.yml:7:11: “20280000000”不是整数，请只写数字 / "
            "“20280000000” is not a whole number; write digits only"
        ),
    ),
    Bad(
        "id-not-name",
        "activities/quality-day.yml",
        (("id: quality-day\n", "id: quality-days\n")),
        (
            "data/activities/quality-day.yml:1:5: 编号“quality-days”与文件名“quality-day.yml”不一致，"
            "请改为一致 / "
            "the id “quality-days” differs from the file name “quality-day.yml”; make them the same"
        ),
    ),
    Bad(
        "brackets-deep",
        "glossary.yml",
        ("[" * 20_000),
        (
            "data/glossary.yml:1:50: 嵌套超过 50 层，请检查缩进和括号 / "
            "nested more than 50 levels deep; check indentation and brackets"
        ),
    ),
    Bad(
        "indentation-deep",
        "glossary.yml",
        ("".join(" " * depth + "a:\n" for depth in range(60))),
        (
            "data/glossary.yml:50:50: 嵌套超过 50 层，请检查缩进和括号 / "
            "nested more than 50 levels deep; check indentation and brackets"
        ),
    ),
    Bad(
        "gbk",
        "glossary.yml",
        ("# a\n- id: cnas\n  term: {zh: 甲, en: A}\n".encode("gbk")),
        (
            "data/glossary.yml:3:1: 文件像是 GBK（ANSI）编码，请在编辑器中另存为“UTF-8”编码 / "
            "the file looks like GBK (ANSI); save it again with the encoding UTF-8"
        ),
    ),
    Bad(
        "gbk-source",
        "documents/plan-2030-1.zh.txt",
        ("甲".encode("gbk")),
        (
            "data/documents/plan-2030-1.yml:6:14: 找不到原文文件“plan-2030-1.zh.txt” / "
            "the source file “plan-2030-1.zh.txt” is missing"
        ),
        (
            "data/documents/plan-2030-1.zh.txt:1:1: 文件像是 GBK（ANSI）编码，"
            "请在编辑器中另存为“UTF-8”编码 / "
            "the file looks like GBK (ANSI); save it again with the encoding UTF-8"
        ),
    ),
    Bad(
        "utf-16",
        "glossary.yml",
        (codecs.BOM_UTF16_LE + b"-\x00"),
        (
            "data/glossary.yml:1:1: 文件不是 UTF-8 文本，请在编辑器中另存为“UTF-8”编码 / "
            "the file is not UTF-8 text; save it again with the encoding UTF-8"
        ),
    ),
    Bad(
        "no-text",
        "glossary.yml",
        (b"\x89PNG\r\n\x1a\n\xff\xff"),
        (
            "data/glossary.yml:1:1: 文件不是 UTF-8 文本，请在编辑器中另存为“UTF-8”编码 / "
            "the file is not UTF-8 text; save it again with the encoding UTF-8"
        ),
    ),
    Bad(
        "escape",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲\x1b, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:2:1: 含有不可见的控制字符（U+001B），请删除 / "
            "contains the control character U+001B; delete it"
        ),
    ),
    Bad(
        "conflict",
        "glossary.yml",
        ("- id: cnas\n<<<<<<< HEAD\n  kind: term\n=======\n  kind: body\n>>>>>>> other\n"),
        (
            "data/glossary.yml:2:1: “<<<<<<<”是合并冲突的记号：两个人改了同一处。"
            "“=======”上下两段请只留对的，再删去三行记号 / "
            "“<<<<<<<” marks a conflict: two people changed the same lines. Of the parts above and "
            "below “=======” keep "
            "what is right, and delete the three lines of marks"
        ),
    ),
    Bad(
        "copy",
        "tasks/01 - 副本.yml",
        ("id: '01'\n"),
        (
            "data/tasks/01 - 副本.yml:1:1: 多了一个副本“tasks/01 - 副本.yml”（原件是“tasks/01.yml”），请删去；"
            "要照着写一条新的，用 haopin new / “tasks/01 - 副本.yml” is a copy of “tasks/01.yml”; "
            "delete it. To write "
            "another record, use haopin new"
        ),
    ),
    Bad(
        "chinese-field",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  kind: term\n  释义: 乙\n"),
        (
            "data/glossary.yml:4:3: 字段名用英文：“释义”应写成“definition” / "
            "field names are English: write “释义” as “definition”"
        ),
    ),
    Bad(
        "invisible-in-field",
        "glossary.yml",
        ("- id: cnas\n  te\u200brm: {zh: 甲, en: A}\n  kind: term\n"),
        ("data/glossary.yml:1:3: 缺少字段“term”，请补上 / the field “term” is missing; add it"),
        (
            "data/glossary.yml:2:3: 字段名“term”里有看不见的字符（U+200B），请删去整个字段名重新输入 / "
            "the field name “term” has an invisible character in it (U+200B); delete the name and type it again"
        ),
    ),
    Bad(
        "quoted-field",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲, en: A}\n  “kind”: term\n"),
        ("data/glossary.yml:1:3: 缺少字段“kind”，请补上 / the field “kind” is missing; add it"),
        (
            "data/glossary.yml:3:3: 字段名““kind””应写成“kind”，不加引号，用半角 / "
            "write the field name ““kind”” as “kind”"
        ),
    ),
    Bad(
        "body-by-name",
        "tasks/01.yml",
        ("bodies: [quality, commerce]", "bodies: [县质量局, 商务局]"),
        (
            "data/tasks/01.yml:8:12: “县质量局”是名称，这里写编号：“quality” / “县质量局” is a name; "
            "write the id: “quality”"
        ),
        (
            "data/tasks/01.yml:8:18: “商务局”是名称，这里写编号：“commerce” / “商务局” is a name; "
            "write the id: “commerce”"
        ),
    ),
    Bad(
        "choice-in-chinese",
        "activities/quality-day.yml",
        ("certainty: medium", "certainty: 高"),
        ("data/activities/quality-day.yml:12:20: “高”应写成“high” / write “高” as “high”"),
    ),
    Bad(
        "text-goes-on",
        "glossary.yml",
        ("- id: cnas\n  note: 第一行\n第二行\n\n# 注\n- id: b\n"),
        ("data/glossary.yml:3:1: " + joined("第二行")),
    ),
    Bad(
        "dash-without-space-second",
        "glossary.yml",
        ("- id: cnas\n  kind: term\n-id: b\n  kind: term\n"),
        ("data/glossary.yml:3:1: “-”后缺空格，请写成“- id: ” / no space after “-”; write “- id: ”"),
    ),
    Bad(
        "full-width-dash",
        "glossary.yml",
        ("- id: cnas\n  kind: term\n－ id: b\n  kind: term\n"),
        (
            "data/glossary.yml:3:1: 每条记录开头用了“－”，请改为半角的“-”加空格 / "
            "a record begins with “－”; type an ASCII “-” and a space"
        ),
    ),
    Bad(
        "quote-closed-by-another",
        "glossary.yml",
        ('- id: cnas\n  term: "甲\n  kind: term\n  note: "乙"\n'),
        ("data/glossary.yml:2:9: " + UNPAIRED),
    ),
    Bad(
        "full-width-comma",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲，en: A}\n"),
        ("data/glossary.yml:2:15: " + wide("，", ",")),
    ),
    Bad(
        "full-width-braces",
        "glossary.yml",
        ("- id: cnas\n  term: ｛zh: 甲, en: A｝\n"),
        ("data/glossary.yml:2:9: " + wide("｛", "{")),
    ),
    Bad(
        "full-width-brackets",
        "tasks/01.yml",
        ("bodies: [quality, commerce]", "bodies: 【quality, commerce】"),
        ("data/tasks/01.yml:8:11: “【”是全角的，请改用半角的“[ ]” / “【” is full-width; type an ASCII “[ ]”"),
    ),
    Bad(
        "hash-in-braces",
        "glossary.yml",
        ("- id: cnas\n  term: {zh: 甲 #1, en: A}\n  kind: term\n"),
        (
            "data/glossary.yml:2:16: “ #”后面被当成了注释，括号因此没有结束，请把文字加上双引号 / "
            "what follows “ #” is read "
            "as a comment, so that the bracket is never closed; put quotation marks around the text"
        ),
    ),
)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_bad_file_is_told_to_the_letter(bad: Bad, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    bad.spoil(data)
    assert errors_of(data) == list(bad.lines)


def test_files_beyond_all_measure_are_refused_at_once(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    size, much = "文件太大", "内容太多"
    cases: dict[str, tuple[str, str]] = {
        "targets.yml": ("- a: b\n" * 2_000_000, size),
        "bodies.yml": ("- a\n" * 200_000, much),
        "glossary.yml": ("[" * 1_000_000, "嵌套超过"),
        "services.yml": ("- &a [x]\n" + "- *a\n" * 50_000, "不支持 YAML 的锚点"),
        "channels.yml": (f"- id: a\n  note: '{'x' * 300_000}'\n", "这段文字太长（300000 个字符），最多 200000 个"),
        "phases.yml": (f"- id: {'X' * 150_000}\n", f"“{'X' * 100} ...”不合"),
        "documents/x.txt": ("x" * 11_000_000, size),
        "news/2030-01-01-x.zh.md": ("x" * 1_100_000, size),
        "batches/x.csv": ("x" * 21_000_000, size),
        "mark.svg": ("<g>" * 1_000_000, size),
    }
    for file, (content, _) in cases.items():
        path = data / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    began = time.process_time()
    lines = errors_of(data)
    assert time.process_time() - began < 6
    for file, (_, words) in cases.items():
        assert any(line.startswith(f"data/{file}:") and words in line for line in lines), file
    assert max(map(len, lines)) < 2_000


def test_a_list_of_nothing_but_mistakes_ends_early(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text("- a\n" * 1_000, encoding="utf-8")
    lines = [line for line in errors_of(data) if line.startswith("data/glossary.yml")]
    assert len(lines) == 101
    assert "后面的 900 条还没有检查 / " in "".join(lines)


def test_a_table_with_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.load.tables.MOST_ROWS", 2)
    text = ",".join(headings(Sampled).values()) + "\n" + "甲,乙,A-{},丙,合格,,,,,,\n" * 4
    for rows in (text.format(1, 2, 3, 4), ",".join(headings(Sampled).values()) + "\n" * 20):
        problem = read_table(rows, Sampled, "a.csv")[1][0]
        assert problem.zh == "行太多，一个表最多 2 行；请分成几批，并删去空行"


def test_cases_have_names_of_their_own() -> None:
    assert len({bad.name for bad in BAD}) == len(BAD) >= 50


def is_one_line_in_both_languages(line: str) -> bool:
    chinese, _, english = line.partition(" / ")
    return (
        line.startswith("data/")
        and len(line.splitlines()) == 1
        and any("\u4e00" <= char <= "\u9fff" for char in chinese)
        and any(char.isascii() and char.isalpha() for char in english)
    )


def test_each_problem_is_one_line_with_both_languages() -> None:
    assert [line for bad in BAD for line in bad.lines if not is_one_line_in_both_languages(line)] == []


def good_term(text: str) -> str:
    return f"- id: cnas\n  term: {{zh: 甲, en: A}}\n  kind: term\n  definition:\n    zh: {text}\n    en: A\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", "true"),
        ("12:30", "12:30"),
        ("5.20", "5.20"),
        ("0777", "0777"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("12315", "12315"),
        ("2023-06-27", "2023-06-27"),
        ("2023-06-27 12:30:00", "2023-06-27 12:30:00"),
        ("'null'", "null"),
        ('"~"', "~"),
        ("=", "="),
        ("<b>甲</b>", "<b>甲</b>"),
        ("甲#乙", "甲#乙"),
        ("甲:乙", "甲:乙"),
        ('"甲: 乙 #丙"', "甲: 乙 #丙"),
        ("甲, 乙", "甲, 乙"),
        (">\n      甲\n      乙", "甲 乙"),
        ("|\n      甲\n      乙", "甲\n乙"),
    ],
)
def test_text_stays_what_it_is(written: str, kept: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text(good_term(written), encoding="utf-8")
    reading = read(data)
    assert reading.problems == []
    (term,) = [entry.record for entry in reading.entries if isinstance(entry.record, Term)]
    assert term.definition is not None
    assert term.definition.zh == kept


PLAIN = good_term("乙")


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        ("# 说明\n\n---\n" + PLAIN + "...\n").encode(),
        (PLAIN + "  note:\n").encode(),
        (PLAIN + "  note: ~\n").encode(),
        (PLAIN + "  note: null # later\n").encode(),
        (PLAIN + "  sample: false\n").encode(),
    ],
)
def test_file_is_accepted(raw: bytes, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    whole = read(data).entries
    (data / "glossary.yml").write_bytes(raw)
    reading = read(data)
    assert reading.problems == []
    (entry,) = [entry for entry in reading.entries if entry not in whole]
    assert isinstance(entry.record, Term)
    assert (entry.record.id, entry.record.term.zh, entry.record.note) == ("cnas", "甲", None)


@pytest.mark.parametrize("empty", ["", "# later\n", "[]\n", "~\n", "---\n"])
def test_list_may_be_empty(empty: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "glossary.yml").write_text(empty, encoding="utf-8")
    assert errors_of(data) == []


def test_crlf_keeps_lines_and_columns(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    raw = codecs.BOM_UTF8 + good_term("乙").replace("kind: term", "kind: tem").replace("\n", "\r\n").encode()
    (data / "glossary.yml").write_bytes(raw)
    (line,) = errors_of(data)
    assert line.startswith("data/glossary.yml:3:9: ")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.mark.parametrize(
    "file", [".DS_Store", ".git/config", "~$说明.docx", "tasks/.03.yml.swp", "tasks/~$03.yml", "README.md", "mark.svg"]
)
def test_file_beside_the_records_is_no_problem(file: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    path = data / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(SVG)
    assert errors_of(data) == []


def test_texts_beside_the_records_are_read_along(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "mark.svg").write_bytes(codecs.BOM_UTF8 + SVG + b"\r\n")
    companions = read(data).companions
    assert set(companions) == {"mark.svg", "documents/plan-2030-1.zh.txt"}
    assert companions["mark.svg"] == SVG.decode() + "\n"


def test_markup_in_a_message_is_shown_as_typed(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "activities/quality-day.yml", "kind: day", "kind: '<b>{day}</b>, day'")
    (line,) = errors_of(data)
    assert line == (
        "data/activities/quality-day.yml:2:7: “<b>{day}</b>, day”不可用，可选：day, month, campaign / "
        "“<b>{day}</b>, day” is not possible; choose one of: day, month, campaign"
    )


def test_broken_record_hides_no_problem_and_makes_none(tmp_path: Path) -> None:
    """An id that is missing only because its file cannot be read is not called unknown."""
    data = copy_data(tmp_path)
    (data / "bodies.yml").write_text("- id: [quality\n", encoding="utf-8")
    (line,) = errors_of(data)
    assert line.startswith("data/bodies.yml:")


def run_check(county: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "haopin", "check", "--config", str(county / "mkdocs.yml")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_check_tells_all_bad_files_at_once(tmp_path: Path) -> None:
    county = copy_county(tmp_path / "county")
    data = county / "data"
    chosen = {
        "glossary.yml": "duplicate-key",
        "tasks/03.yml": "empty-task",
        "activities/quality-day.yml": "month-13",
        "site.yml": "http",
        "documents/plan-2030-1.yml": "date-impossible",
        "body.yml": "body-yml",
        "targets.yml": "value-fullwidth",
    }
    expected: list[str] = []
    for bad in BAD:
        if chosen.get(bad.file) == bad.name:
            bad.spoil(data)
            expected += bad.lines
    (data / "channels.yml").write_bytes("- id: 甲\n".encode("gbk"))
    (data / "services.yml").write_text("- id: a\n\tname: b\n", encoding="utf-8")
    expected += [
        "data/channels.yml:1:1: 文件像是 GBK（ANSI）编码，请在编辑器中另存为“UTF-8”编码 / "
        "the file looks like GBK (ANSI); save it again with the encoding UTF-8",
        "data/services.yml:2:1: 缩进里有制表符（Tab），请改用空格 / a tab in the indentation; use spaces instead",
    ]
    assert len(expected) == 9
    done = run_check(county)
    *lines, summary = done.stdout.splitlines()
    assert lines == sorted(expected, key=lambda line: line.split(":")[0])
    assert summary == "共 7 条记录, 9 个错误, 0 个提醒 / 7 records, errors: 9, warnings: 0"
    assert done.returncode == 1
    assert done.stderr == ""


def test_no_bad_file_ends_in_a_traceback(tmp_path: Path) -> None:
    """All bad files that are files of their own, in one run of the command."""
    county = copy_county(tmp_path / "county")
    for number, bad in enumerate(bad for bad in BAD if isinstance(bad.content, str | bytes)):
        name = f"activities/bad-{number}.yml"
        Bad(bad.name, name, bad.content).spoil(county / "data")
    done = run_check(county)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.count("data/activities/bad-") > number
    lines = done.stdout.splitlines()[:-1]
    places = [(line.split(":")[0], int(line.split(":")[1]), int(line.split(":")[2])) for line in lines]
    assert places == sorted(places)


def test_check_of_a_good_county(tmp_path: Path) -> None:
    done = run_check(copy_county(tmp_path / "county"))
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "data/site.yml:8:10: 提醒 / warning: “https://quality.example/”是占位网址，正式发布前请换成真实网址 / "
        "“https://quality.example/” is a placeholder; put in the real address before a release",
        "共 10 条记录, 0 个错误, 1 个提醒 / 10 records, errors: 0, warnings: 1",
    ]
