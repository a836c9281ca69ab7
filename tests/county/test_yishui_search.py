"""The search of the first county: what its visitors type, and what they must find."""

from collections.abc import Sequence

import brotli
import pytest
from county.yishui_queries import QUERIES
from haopin.text import LANGUAGES
from queries import Query
from support import BuiltSite
from test_search_browser import (
    answers,
    test_queries_find_what_they_must_and_no_more,
    test_the_dialog_shows_what_the_search_answers,
)

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("first_county")]


@pytest.fixture(scope="module")
def queries() -> Sequence[Query]:
    """What is asked of it."""
    return QUERIES


def test_there_are_many_queries_in_both_languages() -> None:
    assert len(QUERIES) == len({(q.language, q.text) for q in QUERIES}) >= 60
    assert all(sum(q.language == language for q in QUERIES) >= 25 for language in LANGUAGES)


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_index_is_light(own: BuiltSite, folder: str) -> None:
    assert len(brotli.compress((own.folder / folder / "search/search_index.json").read_bytes())) <= 60_000
