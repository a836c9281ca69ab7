"""The search of the first county: what its visitors type, and what they must find."""

import re
from collections.abc import Sequence
from pathlib import Path

import brotli
import pytest
from county.yishui_queries import EVERYDAY, EVERYDAY_CHINESE, EVERYDAY_ENGLISH, QUERIES
from haopin.load.folder import read
from haopin.model.synonym import Synonym
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser
from queries import Query
from support import BuiltSite, root_of
from test_search_browser import (
    _RUN_ALL,
    addresses,
    answers,
    fits,
    test_queries_find_what_they_must_and_no_more,
    test_the_dialog_shows_what_the_search_answers,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("first_county")]

#: Share of the everyday words whose first answer or result is a right one.
RIGHT_FIRST = 0.9
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def queries() -> Sequence[Query]:
    """What is asked of it."""
    return QUERIES


def test_there_are_many_queries_in_both_languages() -> None:
    assert len(QUERIES) == len({(q.language, q.text) for q in QUERIES}) >= 60
    assert all(sum(q.language == language for q in QUERIES) >= 25 for language in LANGUAGES)
    assert len(EVERYDAY) == len({(language, text) for language, text, _ in EVERYDAY})
    assert len(EVERYDAY_CHINESE) + len(EVERYDAY_ENGLISH) >= 60


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_index_is_light(own: BuiltSite, folder: str) -> None:
    assert len(brotli.compress((own.folder / folder / "search/search_index.json").read_bytes())) <= 60_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_everyday_words_lead_to_the_right_place(browser: Browser, home: str, language: Language) -> None:
    asked = [(text, right) for of, text, right in EVERYDAY if of == language]
    with visit(browser, root_of(home, language)) as page:
        found = page.evaluate(_RUN_ALL, [root_of(home, language), [text for text, _ in asked]])
    wrong = []
    for (text, right), answer in zip(asked, found, strict=True):
        first = [*(card["links"][0][1] for card in answer["cards"]), *addresses(answer)][:1]
        if not any(fits(address, first[0]) for address in right if first):
            wrong.append((text, first))
    assert len(wrong) <= len(asked) * (1 - RIGHT_FIRST), wrong


def test_what_the_plan_does_not_mention_is_not_in_it() -> None:
    """“没有写到…” holds for the words in quotation marks, or before the semicolon."""
    plan = (DATA / "documents/notice-2023-13.zh.txt").read_text("utf-8")
    said = [s.answer.zh for s in read(DATA).records(Synonym) if s.answer and "没有写到" in s.answer.zh]
    names = [
        name for text in said for name in re.split("[、和”“的]+", re.findall("没有写到(?:具体的)?([^；。]+)", text)[0])
    ]
    assert len(said) >= 10
    assert [name for name in names if name and name in plan] == []
