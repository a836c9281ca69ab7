"""The search index."""

import json
from typing import Any

from haopin.render.outline import Passage
from haopin.search import entry, index


def entries(*pages: tuple[str, str, list[Passage]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads("".join(index((entry(*page) for page in pages), "zh-Hans", {})))["docs"]
    return found


def test_index_of_nothing() -> None:
    assert json.loads("".join(index([], "en", {"none": "Nothing"}))) == {
        "lang": "en",
        "words": {"none": "Nothing"},
        "docs": [],
    }


def test_entry_for_each_page_and_each_of_its_headings() -> None:
    passages = [
        Passage("", "", "before"),
        Passage("", "Title", "lead"),
        Passage("a", "A", "one"),
        Passage("\u4e00", "\u7532", ""),
    ]
    assert entries(("tasks/01/", "Title", passages), ("", "Home", [])) == [
        {"location": "tasks/01/", "title": "Title", "text": "before lead"},
        {"location": "tasks/01/#a", "title": "A", "text": "one"},
        {"location": "tasks/01/#\u4e00", "title": "\u7532", "text": ""},
        {"location": "", "title": "Home", "text": ""},
    ]


def test_text_is_kept_as_it_is() -> None:
    awkward = 'a "b" \\ <c> \u2028 \u7532'
    assert entries(("x/", awkward, [Passage("", "", awkward)])) == [
        {"location": "x/", "title": awkward, "text": awkward}
    ]


def test_a_page_a_line_and_chinese_as_it_is() -> None:
    text = "".join(index([entry("a/", "\u7532", []), entry("b/", "\u4e59", [])], "zh-Hans", {"none": "\u65e0"}))
    head, *lines, tail = text.splitlines()
    assert head == '{"lang":"zh-Hans","words":{"none":"\u65e0"},"docs":['
    assert lines == ['{"location":"a/","title":"\u7532","text":""},', '{"location":"b/","title":"\u4e59","text":""}']
    assert tail == "]}"


def test_pages_are_taken_one_by_one() -> None:
    """The largest file of a site is written as it is made."""
    taken = []

    def pages() -> Any:
        for number in range(3):
            taken.append(number)
            yield entry(f"{number}/", "T", [])

    pieces = index(pages(), "en", {})
    next(pieces)
    assert taken == []
    next(pieces)
    assert taken == [0]
