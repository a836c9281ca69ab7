"""YAML as this project reads it: every plain scalar is text, and every value knows its line and column.

PyYAML resolves YAML 1.1 surprises (``no`` → false, ``12:30`` → 750, ``0777`` → 511, ``5.20`` → 5.2) and lets duplicate
keys pass. Here nothing is resolved: the schema gives the types. Anchors and tags are refused, an empty value counts as
not given.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.problem import Path, Place, Problem, problem
from haopin.reading.syntax import syntax_problem

#: The only tags there are.
TAGS: dict[type[Node], str] = {
    ScalarNode: "tag:yaml.org,2002:str",
    SequenceNode: "tag:yaml.org,2002:seq",
    MappingNode: "tag:yaml.org,2002:map",
}
_DEEPEST = 50
#: Most values in a file: each takes some 300 bytes and 3 microseconds.
MOST_VALUES = 150_000


class _TooDeepError(Exception):
    """More levels than any record has; unbounded, they would exhaust the parser's stack."""

    def __init__(self, mark: yaml.Mark) -> None:
        """Keep where it was noticed."""
        self.mark = mark.line + 1, mark.column + 1
        super().__init__()


class _TooManyError(Exception):
    """More values than any file has."""

    def __init__(self, mark: yaml.Mark) -> None:
        """Keep where it was noticed."""
        self.mark = mark.line + 1, mark.column + 1
        super().__init__()


class _TextParser(CParser):
    """The C parser with the simplest resolver there is: every scalar is text."""

    _depth = 0
    _count = 0

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:
        """Return the tag of a node without one of its own."""
        return TAGS[kind]

    def descend_resolver(self, node: Node | None, index: Any) -> None:
        """Count the levels and the values; the parser calls this at each node."""
        self._depth += 1
        self._count += 1
        if self._count > MOST_VALUES and node is not None:
            raise _TooManyError(node.start_mark)
        if self._depth > _DEEPEST and node is not None:
            raise _TooDeepError(node.start_mark)

    def ascend_resolver(self) -> None:
        """Leave a level."""
        self._depth -= 1


_CUT = re.compile(r"\S[ \t]+#[^\s#]")
_COMMENT = re.compile(r":?[ \t]+(?P<hash>#[^\s#!].*)")


def decode(raw: bytes, file: str) -> str | Problem:
    """Return the text of a file (UTF-8, with or without BOM), or what is wrong with its encoding."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        place = Place(file, mark=(line, 1))
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError:
            return problem(
                place,
                "文件不是 UTF-8 文本,请在编辑器中另存为“UTF-8”编码",
                "the file is not UTF-8 text; save it again with the encoding UTF-8",
            )
        return problem(
            place,
            "文件像是 GBK(ANSI)编码,请在编辑器中另存为“UTF-8”编码",
            "the file looks like GBK (ANSI); save it again with the encoding UTF-8",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def compose(text: str, file: str) -> Node | Problem | None:
    """Return the root node of a YAML text (None if it is empty), or the first syntax problem."""
    try:
        root: Node | None = _TextParser(text).get_single_node()
        return root
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return problem(
            Place(file, mark=(line, 1)),
            "含有不可见的控制字符(U+{code:04X}),请删除",
            "contains the control character U+{code:04X}; delete it",
            code=error.character if isinstance(error.character, int) else ord(error.character),
        )
    except _TooDeepError as error:
        return problem(
            Place(file, mark=error.mark),
            "嵌套超过 {deepest} 层,请检查缩进和括号",
            "nested more than {deepest} levels deep; check indentation and brackets",
            deepest=_DEEPEST,
        )
    except _TooManyError as error:
        return problem(
            Place(file, mark=error.mark),
            "内容太多,一个文件最多 {most} 个值;请分成几个文件,或检查是否放错了文件",
            "there is too much in this file ({most} values at most); divide it into several files, or see whether it "
            "is the right one",
            most=MOST_VALUES,
        )
    except yaml.MarkedYAMLError as error:
        return syntax_problem(error, text, file)


def cut_texts(root: Node | None, text: str, file: str) -> list[Problem]:
    """Return a problem for each text that ``#`` ends unnoticed: the rest of the line is read as a comment.

    A comment that is meant as one has a space after ``#``.
    """
    if root is None or not _CUT.search(text):
        return []
    lines = text.split("\n")
    found = []
    for node in _scalars(root):
        if node.style in (None, ""):
            mark = node.end_mark
            rest = lines[mark.line][mark.column :] if mark.line < len(lines) else ""
            if (cut := _COMMENT.match(rest)) is not None:
                found.append(
                    problem(
                        Place(file, mark=(mark.line + 1, mark.column + cut.start("hash") + 1)),
                        "“{rest}”被当成了注释,不会显示。是内容就把整段加上双引号,是注释就在 # 后面空一格",
                        "“{rest}” is read as a comment and would not be shown. If it belongs to the text, put "
                        "quotation marks around the whole; if it is a comment, write a space after #",
                        rest=cut["hash"].strip()[:40],
                    )
                )
    return found


def _scalars(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ScalarNode):
        yield node
    for item in node.value if isinstance(node, SequenceNode | MappingNode) else ():
        for child in item if isinstance(item, tuple) else (item,):
            yield from _scalars(child)


def locate(root: Node | None, path: Path, at_key: bool) -> tuple[int, int]:
    """Return the 1-based line and column that ``path`` leads to, as deep as it exists."""
    if root is None:
        return 1, 1
    node, key_node = root, None
    for step in path:
        found = next(_children(node, step), None)
        if found is None:
            # A missing field is missing in this mapping: its key or dash is the best place to point at. A text in one
            # language may be written as a plain line, without its language.
            return _mark(key_node if key_node is not None and (at_key or not isinstance(node, ScalarNode)) else node)
        key_node, node = found
    return _mark(key_node if at_key and key_node is not None else node)


def _children(node: Node, step: str | int) -> Iterator[tuple[Node | None, Node]]:
    if isinstance(node, MappingNode) and isinstance(step, str):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and key.value == step:
                yield key, value
    elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        yield None, node.value[step]


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
