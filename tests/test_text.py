"""Bilingual text and the punctuation of Chinese."""

import random
import re

import pytest
from haopin.check.documents import sentences
from haopin.text import Text, ascii_punctuation, fullwidth, shown_address, squeeze
from pydantic import ValidationError

MARKS = ",:;()!?"
WIDE = "\uff0c\uff1a\uff1b\uff08\uff09\uff01\uff1f"
COMMA, COLON, SEMICOLON, OPEN, CLOSE, CALL, QUESTION = list(WIDE)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("无标点", "无标点"),
        ("甲,乙", f"甲{COMMA}乙"),
        ("甲:乙;丙!丁?", f"甲{COLON}乙{SEMICOLON}丙{CALL}丁{QUESTION}"),
        ("(一)总体", f"{OPEN}一{CLOSE}总体"),
        # One Chinese neighbour is enough, also beyond a space or at an end of the text.
        ("NQI,甲", f"NQI{COMMA}甲"),
        ("甲 , NQI", f"甲 {COMMA} NQI"),
        ("甲,", f"甲{COMMA}"),
        (",甲", f"{COMMA}甲"),
        # Numbers, Latin phrases and addresses keep theirs.
        ("1,250 家", "1,250 家"),
        ("9:30 开始", "9:30 开始"),
        ("A, B (C)", "A, B (C)"),
        ("见 https://a.cn/b?c=d 一页", "见 https://a.cn/b?c=d 一页"),
        # Two marks in a row lean on each other; parentheses are widened in pairs.
        ("甲),乙", f"甲{CLOSE}{COMMA}乙"),
        ("质量(NQI)", f"质量{OPEN}NQI{CLOSE}"),
        ("质量(NQI),好", f"质量{OPEN}NQI{CLOSE}{COMMA}好"),
        ("(NQI)质量", f"{OPEN}NQI{CLOSE}质量"),
        ("甲(A, B)C", f"甲{OPEN}A, B{CLOSE}C"),
        ("A(B(C)乙", f"A(B{OPEN}C{CLOSE}乙"),
        # What is full-width or Chinese anyway stays.
        (f"甲{COMMA}乙、丙。", f"甲{COMMA}乙、丙。"),
        ("甲-乙.丙", "甲-乙.丙"),
    ],
)
def test_fullwidth(typed: str, shown: str) -> None:
    assert fullwidth(typed) == shown


def by_definition(text: str) -> str:
    """The rule of `fullwidth` as its words say it, mark by mark, until nothing changes."""
    while True:
        chars = list(text)
        for at, mark in enumerate(chars):
            if mark in MARKS:
                before, after = "".join(chars[:at]).rstrip()[-1:], "".join(chars[at + 1 :]).lstrip()[:1]
                if not (before + after).isascii():
                    chars[at] = WIDE[MARKS.index(mark)]
        for pattern in (rf"{OPEN}[^(){OPEN}{CLOSE}]*\)", rf"\([^(){OPEN}{CLOSE}]*{CLOSE}"):
            for pair in re.finditer(pattern, "".join(chars)):
                chars[pair.start()], chars[pair.end() - 1] = OPEN, CLOSE
        if "".join(chars) == text:
            return text
        text = "".join(chars)


def test_fullwidth_equals_its_definition() -> None:
    """Short cuts may not change a result: 5,000 invented texts that mix what makes the rule hard."""
    generator = random.Random(2023)
    for _ in range(5_000):
        text = "".join(generator.choices("甲乙AB1  " + MARKS + "\u201c。\n", k=generator.randint(0, 12)))
        assert fullwidth(text) == by_definition(text), repr(text)


def test_fullwidth_is_stable_and_reversible() -> None:
    generator = random.Random(13)
    for _ in range(2_000):
        text = "".join(generator.choices("甲乙A1 " + MARKS, k=generator.randint(0, 12)))
        shown = fullwidth(text)
        assert fullwidth(shown) == shown
        assert ascii_punctuation(shown) == text


def test_a_chinese_domain_is_shown_in_chinese_and_no_other_letters_are() -> None:
    shown = {
        "https://xn--2n3aq5g.xn--zfr164b/a/?b=xn--c#xn--d": "https://\u8d28\u91cf.\u653f\u52a1/a/?b=xn--c#xn--d",
        "https://a-1.XN--ZFR164B": "https://a-1.\u653f\u52a1",
        "xn--2n3aq5g.xn--zfr164b": "\u8d28\u91cf.\u653f\u52a1",
        # Letters that look like Latin ones, umlauts, and what is no such label.
        "https://xn--80ak6aa92e.com/": "https://xn--80ak6aa92e.com/",
        "https://xn--mnchen-3ya.example/": "https://xn--mnchen-3ya.example/",
        "https://xn--/": "https://xn--/",
        "https://a.example/xn--zfr164b/": "https://a.example/xn--zfr164b/",
        "tel:12": "tel:12",
        "": "",
    }
    assert {address: shown_address(address) for address in shown} == shown


def test_ascii_punctuation() -> None:
    assert ascii_punctuation(WIDE) == MARKS
    assert ascii_punctuation("甲、乙。") == "甲、乙。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("没有句号", []),
        ("一。二。", ["一。", "二。"]),
        ("1.标题。一句;还是这句。(县质量局负责)", ["1.标题。", "一句;还是这句。"]),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@pytest.mark.parametrize(
    ("text", "squeezed"), [("", ""), (" 甲 乙\n\t丙\u3000丁\u00a0", "甲乙丙丁"), ("〔2023〕 13 号", "〔2023〕13号")]
)
def test_squeeze(text: str, squeezed: str) -> None:
    assert squeeze(text) == squeezed


def test_text_in_each_language() -> None:
    text = Text(zh=" 诚信,质量 ", en=" Honesty, quality ")
    assert (text.get("zh"), text.get("en")) == ("诚信,质量", "Honesty, quality")
    assert (text.show("zh"), text.show("en")) == (f"诚信{COMMA}质量", "Honesty, quality")


@pytest.mark.parametrize(
    "fields",
    [
        {"en": "A"},
        {"zh": "甲", "en": " "},
        {"zh": "", "en": "A"},
        {"zh": "甲", "en": "A", "xx": "A"},
        {"zh": "甲", "fr": " "},
    ],
)
def test_text_needs_its_chinese(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Text.model_validate(fields)


def test_text_is_frozen() -> None:
    text = Text(zh="甲", en="A")
    with pytest.raises(ValidationError):
        text.zh = "乙"
