"""YAML as text with positions, whatever stands in the file."""

import codecs
import random
from pathlib import Path
from typing import Any

import pytest
from haopin.load.yamlfile import PlainValues, compose, decode, locate
from haopin.problem import Place, Problem
from support import COUNTY
from yaml.nodes import Node

FILES = sorted((COUNTY / "data").rglob("*.yml"))


def node(text: str) -> Node:
    root = compose(text, "a.yml")
    assert isinstance(root, Node)
    return root


def plain(text: str) -> tuple[Any, list[tuple[tuple[int, int] | None, str]]]:
    reader = PlainValues("a.yml")
    value = reader.value(node(text))
    return value, [(problem.place.mark, problem.en) for problem in reader.problems]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a\n", "a\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (codecs.BOM_UTF8 + "甲\r\n".encode(), "甲\n"),
        ("甲\u2028乙".encode(), "甲\u2028乙"),
    ],
)
def test_decode(raw: bytes, text: str) -> None:
    assert decode(raw, "a.yml") == text


@pytest.mark.parametrize(
    ("raw", "line", "zh"),
    [
        ("# a\n甲".encode("gbk"), 2, "文件像是 GBK（ANSI）编码，请在编辑器中另存为“UTF-8”编码"),
        ("甲".encode("gb18030"), 1, "文件像是 GBK（ANSI）编码，请在编辑器中另存为“UTF-8”编码"),
        (b"\xff\xfea\x00", 1, "文件不是 UTF-8 文本，请在编辑器中另存为“UTF-8”编码"),
        (b"a\n\n\xff\xff", 3, "文件不是 UTF-8 文本，请在编辑器中另存为“UTF-8”编码"),
    ],
)
def test_decode_of_another_encoding(raw: bytes, line: int, zh: str) -> None:
    found = decode(raw, "a.yml")
    assert isinstance(found, Problem)
    assert (found.place, found.zh) == (Place("a.yml", mark=(line, 1)), zh)


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "   \n\n", "---\n# a\n"])
def test_empty_text_has_no_value(text: str) -> None:
    root = compose(text, "a.yml")
    assert not isinstance(root, Problem)
    assert root is None or PlainValues("a.yml").value(root) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 5.20", {"a": "5.20"}),
        ("a: 0777", {"a": "0777"}),
        ("a: 2023-06-27", {"a": "2023-06-27"}),
        ("no: a\n1: b\n2023-06-27: c", {"no": "a", "1": "b", "2023-06-27": "c"}),
        ("a: [1, 2.0, true]", {"a": ["1", "2.0", "true"]}),
        ("- a\n- b: {c: d}\n", ["a", {"b": {"c": "d"}}]),
        # An empty value counts as not given; an empty text in quotation marks was given.
        ("a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: x", {"f": "x"}),
        ("a: ''\nb: '~'\nc: \"null\"", {"a": "", "b": "~", "c": "null"}),
        ("a: nULL\nb: None", {"a": "nULL", "b": "None"}),
        ("- \n- a", [None, "a"]),
        # A field name without a colon: the rest of a text that a comma cut off.
        ("{a: b, c}", {"a": "b", "c": ""}),
        ("{a: b, c: }", {"a": "b"}),
        ("!!str 5", "5"),
        ("! 5", "5"),
        ("甲", "甲"),
    ],
)
def test_values_are_text(text: str, value: object) -> None:
    assert plain(text) == (value, [])


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        (
            "a: 1\nb: 2\na: 3",
            {"a": "1", "b": "2"},
            [((3, 1), "the field “a” occurs twice (first on line 1); delete one")],
        ),
        ("a: !!int 5", {}, [((1, 4), "the tag “tag:yaml.org,2002:int” is not allowed; delete it")]),
        ("a: !!null ''", {}, [((1, 4), "the tag “tag:yaml.org,2002:null” is not allowed; delete it")]),
        ("!x a: b", {}, [((1, 1), "the tag “!x” is not allowed; delete it")]),
        ("!!set {a, b}", None, [((1, 1), "the tag “tag:yaml.org,2002:set” is not allowed; delete it")]),
        (
            "a: &x 1\nb: *x",
            {"a": "1"},
            [((1, 4), "anchors and aliases (& and *) are not supported; write the content out")],
        ),
        (
            "a: &x [1]\nb: *x",
            {"a": ["1"]},
            [((1, 4), "anchors and aliases (& and *) are not supported; write the content out")],
        ),
        (
            "&x a: 1\nb: {*x : 2}",
            {"a": "1"},
            [((1, 1), "anchors and aliases (& and *) are not supported; write the content out")],
        ),
        ("&x [*x]", [None], [((1, 1), "anchors and aliases (& and *) are not supported; write the content out")]),
        ("? [a]\n: b", {}, [((1, 3), "a field name must be a single word")]),
        ("'': b", {}, [((1, 1), "a field name must be a single word")]),
    ],
)
def test_forbidden_content_of_a_record(text: str, value: object, problems: list[tuple[tuple[int, int], str]]) -> None:
    assert plain(text) == (value, problems)


DOCUMENT = "id: a\nitems:\n  - zh: 甲\n    en: A\n  - {zh: 乙, en: B}\nlast: [x, y]\n"


@pytest.mark.parametrize(
    ("path", "at_key", "mark"),
    [
        ((), False, (1, 1)),
        (("id",), False, (1, 5)),
        (("id",), True, (1, 1)),
        (("items",), True, (2, 1)),
        (("items", 0), False, (3, 5)),
        (("items", 0, "en"), False, (4, 9)),
        (("items", 0, "en"), True, (4, 5)),
        (("items", 1, "en"), False, (5, 17)),
        (("last", 1), False, (6, 11)),
        # What is not there: as near as one gets.
        (("none",), True, (1, 1)),
        (("items", 0, "fr"), True, (3, 5)),
        (("items", 7), False, (2, 1)),
        (("items", "id"), False, (2, 1)),
        (("id", "zh"), True, (1, 1)),
    ],
)
def test_locate(path: tuple[str | int, ...], at_key: bool, mark: tuple[int, int]) -> None:
    assert locate(node(DOCUMENT), path, at_key) == mark


def test_locate_without_a_text() -> None:
    assert locate(None, ("a",), False) == (1, 1)


def test_depth_has_a_limit() -> None:
    assert isinstance(compose("[" * 50 + "]" * 50, "a.yml"), Node)
    assert isinstance(compose("[" * 51 + "]" * 51, "a.yml"), Problem)


def test_depth_beyond_any_stack() -> None:
    found = compose("[" * 1_000_000, "a.yml")
    assert isinstance(found, Problem)
    assert found.en == "nested more than 50 levels deep; check indentation and brackets"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_any_truncated_file_is_read_or_reported(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for end in range(0, len(text), 3):
        found = compose(text[:end], "a.yml")
        assert found is None or isinstance(found, Node | Problem)


def test_any_garbled_file_is_read_or_reported() -> None:
    """2,000 files with a few characters exchanged: never an exception, always a place inside the file."""
    generator = random.Random(2030)
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    told = 0
    for _ in range(2_000):
        chars = list(generator.choice(texts)[: generator.randint(1, 400)])
        for _ in range(3):
            mark = generator.choice("\t\n\r \"'{}[]:,#&*!|>%@`-?\u3000\uff1a\u2028\x85\x07\ufeff")
            chars[generator.randrange(len(chars))] = mark
        text = decode("".join(chars).encode(), "a.yml")
        assert isinstance(text, str)
        root = compose(text, "a.yml")
        if isinstance(root, Problem):
            problems = [root]
        else:
            reader = PlainValues("a.yml")
            if root is not None:
                reader.value(root)
            problems = reader.problems
        for problem in problems:
            told += 1
            assert problem.place.mark is not None
            line, column = problem.place.mark
            # Beside line feeds, YAML counts the line separators of Unicode.
            assert 1 <= line <= len(text.splitlines()) + 1
            assert column >= 1
    assert told > 500
