"""YAML reader in which every plain scalar is text and every value has a line and column."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml._yaml import CParser, get_version_string
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.load.characters import may_have_unseen, unseen, unseen_at
from haopin.load.syntax import syntax_problem
from haopin.problem import Path, Place, Problem, problem

# --- Parsing
#
# PyYAML would apply YAML 1.1 types (``no`` → false, ``12:30`` → 750, ``0777`` → 511, ``5.20`` → 5.2) and accept
# duplicate keys. Here scalars are not converted: the model determines the types. Anchors, aliases and tags are
# rejected; an empty value counts as missing.

#: The tags in use.
TAGS: dict[type[Node], str] = {
    ScalarNode: "tag:yaml.org,2002:str",
    SequenceNode: "tag:yaml.org,2002:seq",
    MappingNode: "tag:yaml.org,2002:map",
}
#: Versions of the parser and of its Python wrapper.
VERSION = f"{yaml.__version__} {get_version_string()}"
_DEEPEST = 50
#: Largest number of values in a file; each takes about 300 bytes and 3 microseconds.
MOST_VALUES = 150_000


class _TooDeepError(Exception):
    """Nesting deeper than in any record; it could exhaust the parser's stack."""

    def __init__(self, mark: yaml.Mark) -> None:
        """Store the position."""
        self.mark = mark.line + 1, mark.column + 1
        super().__init__()


class _TooManyError(Exception):
    """More values than in any file."""

    def __init__(self, mark: yaml.Mark) -> None:
        """Store the position."""
        self.mark = mark.line + 1, mark.column + 1
        super().__init__()


class _TextParser(CParser):
    """The C parser with a trivial resolver: every scalar is text."""

    _depth = 0
    _count = 0

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:
        """Return the tag of a node without an explicit tag."""
        return TAGS[kind]

    def descend_resolver(self, node: Node | None, index: Any) -> None:
        """Count levels and values; called at each node."""
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
    """Decode a file (UTF-8, with or without BOM), or return the problem of its encoding."""
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
    """Parse a YAML text; return its root node (None if it is empty), or the first syntax problem."""
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
            "there are too many values in this file ({most} at most); divide it into several files, or check whether "
            "it is the right one",
            most=MOST_VALUES,
        )
    except yaml.MarkedYAMLError as error:
        return syntax_problem(error, text, file)


def cut_texts(root: Node | None, text: str, file: str) -> list[Problem]:
    """Return a problem for each text that a ``#`` cuts off, because the rest of the line is a comment.

    An intended comment has a space after ``#``.
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
    """Return the 1-based line and column of ``path``, or of its longest existing prefix."""
    if root is None:
        return 1, 1
    node, key_node = root, None
    for step in path:
        found = next(_children(node, step), None)
        if found is None:
            # For a missing field, point to the key or dash of its mapping. A text in one language may be a plain
            # scalar, without a key for the language.
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


# --- Nodes to plain values (dict, list and str), with checks

_EMPTY = {"", "~", "null", "Null", "NULL"}
#: Longest text in characters; the longest notice has about 30,000.
LONGEST = 200_000
#: Largest number of problems reported per file.
MOST_PROBLEMS = 100
# Characters that every anchor, alias or tag needs.
_RARE = re.compile(r"[&*!]")


class _UnusualError(Exception):
    """The fast conversion met something that only `PlainValues` can convert or report."""


def plain(root: Node, text: str, file: str) -> tuple[Any, list[Problem]]:
    """Convert ``root`` to dict, list and str; return the value, and the problems.

    Most files are converted by the fast way, without positions; the others by `PlainValues`.
    """
    doubtful = may_have_unseen(text)
    if not doubtful and not _RARE.search(text):
        try:
            return _quick(root), []
        except _UnusualError:
            pass
    careful = PlainValues(file, text if doubtful else None)
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


class PlainValues:
    """Conversion of nodes to plain values, with collection of problems."""

    def __init__(self, file: str, text: str | None = None) -> None:
        """Prepare for one ``file``; with its ``text``, values are searched for invisible characters."""
        self.file = file
        self._lines = text.split("\n") if text is not None else None
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: Node) -> Any:
        """Convert ``node`` to dict, list, str or None (empty)."""
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
            # A plain scalar has the style "" from the C parser, and None from the Python parser.
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
                    "the field “{key}” occurs twice (first on line {line}); delete one",
                    key=key,
                    line=first[key],
                )
                continue
            first[key] = key_node.start_mark.line + 1
            value = self.value(value_node)
            if value == {} and isinstance(value_node, MappingNode) and value_node.value:
                # A mapping whose fields are all empty, such as {role: , date: }, counts as empty.
                continue
            if value is not None:
                values[key] = value
            elif value_node.start_mark.index == key_node.end_mark.index:
                # No colon: in {zh: 一, 二} the comma ended the text; keep the rest, to be reported.
                values[key] = ""
        return values

    def _mark(self, node: ScalarNode, lines: list[str]) -> tuple[int, int]:
        """Return the position of an invisible character in a value; that of the value if it is escaped."""
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
