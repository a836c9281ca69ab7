"""The search index."""

import json
from typing import Any

from haopin.exports.search_index import OTHER, entry, index
from haopin.html.outline import Passage
from haopin.text import Language
from haopin.transcription import pinyin, simplified


def read(*pages: str, language: Language = "zh") -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(index(pages, language, {"words": {"none": "Nothing"}})))
    return found


def test_index_of_nothing() -> None:
    assert read(language="en") == {
        "words": {"none": "Nothing"},
        "docs": [],
        "pinyin": {},
        "variants": ["", ""],
    }


def test_entry_for_each_page_with_its_places_and_parts() -> None:
    passages = [
        Passage("", "", "before"),
        Passage("", "Title", "lead"),
        Passage("a", "A", "one"),
        Passage("\u4e00", "\u7532", ""),
    ]
    docs = read(entry("tasks/01/", "Title", passages, 0, {"a": 1}), entry("", "Home", []))["docs"]
    assert docs == [
        ["tasks/01/", 0, "Title", "before lead", [["a", 1, "A", "one"], ["\u4e00", -1, "\u7532", ""]]],
        ["", OTHER, "Home", "", []],
    ]


def test_text_is_kept_as_it_is() -> None:
    awkward = 'a "b" \\ <c> \u2028 \u7532'
    assert read(entry("x/", awkward, [Passage("", "", awkward)]))["docs"] == [["x/", OTHER, awkward, awkward, []]]


def test_a_page_a_line_and_chinese_as_it_is() -> None:
    text = "".join(index([entry("a/", "\u7532", []), entry("b/", "\u4e59", [])], "en", {"none": "\u65e0"}))
    head, *lines, _ = text.splitlines()
    assert head == '{"none":"\u65e0","docs":['
    assert lines == [f'["a/",{OTHER},"\u7532","",[]],', f'["b/",{OTHER},"\u4e59","",[]]']


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


def test_pinyin_of_what_occurs_on_chinese_pages_only() -> None:
    page = entry("a/", "\u8d28\u91cf\u6708 A", [])
    found = read(page)["pinyin"]
    assert (found["zhi"], found["yue"]) == ("\u8d28", "\u6708")
    assert read(page, language="en")["pinyin"] == {}


def test_pinyin_has_the_commoner_readings_and_nothing_but_characters() -> None:
    assert pinyin(set("\u957f\u7eff a1\uff0c")) == {
        "chang": "\u957f",
        "zhang": "\u957f",
        "lv": "\u7eff",
        "lu": "\u7eff",
    }
    assert pinyin("abc") == {}


def test_traditional_forms_stand_for_what_occurs() -> None:
    forms, stands_for = simplified(set("\u8d28\u91cf\u68c0\u9a8c\u53f0"))
    found = dict(zip(forms, stands_for, strict=True))
    assert found["\u8cea"] == "\u8d28"
    assert found["\u6aa2"] == "\u68c0"
    assert found["\u9a57"] == "\u9a8c"
    assert found["\u81fa"] == "\u53f0"
    assert set(stands_for) <= set("\u8d28\u91cf\u68c0\u9a8c\u53f0")
    assert simplified(set("abc")) == ("", "")


def test_a_form_that_occurs_stands_for_itself() -> None:
    assert "\u8cea" not in simplified(set("\u8d28\u8cea"))[0]
