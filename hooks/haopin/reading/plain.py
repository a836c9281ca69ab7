"""From YAML nodes to plain values: dict, list and str, and what a record may not contain."""

import re
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.problem import Place, Problem, problem
from haopin.reading.controls import may_have_unseen, unseen, unseen_at
from haopin.reading.yamlfile import TAGS

_EMPTY = {"", "~", "null", "Null", "NULL"}
#: Longest text of a record, in characters; the longest notice has some 30,000.
LONGEST = 200_000
#: So many problems of a file are told.
MOST_PROBLEMS = 100
# Without these a file has no anchor, alias or tag.
_RARE = re.compile(r"[&*!]")


class _UnusualError(Exception):
    """A file holds something that only the careful way reads or reports."""


def plain(root: Node, text: str, file: str) -> tuple[Any, list[Problem]]:
    """Return the value of ``root`` as dict, list and str, and what a record may not contain.

    Nearly every file is read by the quick way, which knows no positions; all others by `Plain`.
    """
    doubtful = may_have_unseen(text)
    if not doubtful and not _RARE.search(text):
        try:
            return _quick(root), []
        except _UnusualError:
            pass
    careful = Plain(file, text if doubtful else None)
    return careful.value(root), careful.problems


def _quick(node: Node) -> Any:
    if isinstance(node, ScalarNode):
        if (not node.style and node.value in _EMPTY) or len(node.value) > LONGEST:
            raise _UnusualError
        return node.value
    if isinstance(node, SequenceNode):
        return [_quick(item) for item in node.value]
    values = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise _UnusualError
        values[key.value] = _quick(value)
    if len(values) != len(node.value) or "" in values:
        raise _UnusualError
    return values


class Plain:
    """Plain values made from nodes, collecting what a record may not contain."""

    def __init__(self, file: str, text: str | None = None) -> None:
        """Prepare for one ``file``; its ``text`` is given if values may have characters that nobody sees."""
        self.file = file
        self._lines = text.split("\n") if text is not None else None
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: Node) -> Any:
        """Return ``node`` as dict, list, str or None (empty)."""
        if self._refused(node):
            return None
        if isinstance(node, ScalarNode):
            if len(node.value) > LONGEST:
                self._report(
                    node,
                    "这段文字太长({count} 个字符),最多 {most} 个,请分成几条或放进依据文件",
                    "this text is too long ({count} characters, {most} at most); divide it, or make it evidence",
                    count=len(node.value),
                    most=LONGEST,
                )
                return None
            if self._lines is not None and len(self.problems) < MOST_PROBLEMS and any(unseen(node.value)):
                self.problems.append(unseen_at(Place(self.file, mark=self._mark(node, self._lines)), node.value))
            # The style of a plain scalar is "" from the C parser and None from the Python one.
            return None if not node.style and node.value in _EMPTY else node.value
        if isinstance(node, SequenceNode):
            return [self.value(item) for item in node.value]
        assert isinstance(node, MappingNode)
        return self._mapping(node)

    def _refused(self, node: Node) -> bool:
        if node.tag != TAGS[type(node)]:
            self._report(node, "标签“{tag}”不可用,请删除", "the tag “{tag}” is not allowed; delete it", tag=node.tag)
            return True
        if id(node) in self._seen:
            self._report(
                node,
                "不支持 YAML 的锚点与引用(& 和 *),请把内容完整写出",
                "anchors and aliases (& and *) are not supported; write the content out",
            )
            return True
        self._seen.add(id(node))
        return False

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        values: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if self._refused(key_node):
                continue
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            if not key:
                self._report(key_node, "字段名须为一个词", "a field name must be a single word")
                continue
            if key in first:
                self._report(
                    key_node,
                    "字段“{key}”重复(第 {line} 行已有),请删去一处",
                    "the field “{key}” stands twice (first in line {line}); delete one",
                    key=key,
                    line=first[key],
                )
                continue
            first[key] = key_node.start_mark.line + 1
            value = self.value(value_node)
            if value == {} and isinstance(value_node, MappingNode) and value_node.value:
                # Fields that are all left empty, such as {role: , date: }, are as empty as none.
                continue
            if value is not None:
                values[key] = value
            elif value_node.start_mark.index == key_node.end_mark.index:
                # No colon: in {zh: 一, 二} the comma ended the text, and what follows must not be lost unnoticed.
                values[key] = ""
        return values

    def _mark(self, node: ScalarNode, lines: list[str]) -> tuple[int, int]:
        """Return where a character that nobody sees stands in a value: the character, or the value if it is escaped."""
        first, last = node.start_mark, node.end_mark
        for number in range(first.line, min(last.line + 1, len(lines))):
            for at, _ in unseen(lines[number]):
                if (number, at) >= (first.line, first.column):
                    return number + 1, at + 1
        return first.line + 1, first.column + 1

    def _report(self, node: Node, zh: str, en: str, **values: Any) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            return
        mark = (node.start_mark.line + 1, node.start_mark.column + 1)
        self.problems.append(problem(Place(self.file, mark=mark), zh, en, **values))
