"""What people say: read and checked like all data, resolved for the search, and on no page."""

import json
from pathlib import Path

import pytest
from haopin.model import INTERNAL, KINDS
from haopin.model.synonym import SYNONYM
from support import BuiltSite, copy_data, errors_of

BROKEN = {
    "no record": (
        ["id: a, say: [x], show: [activity/quality-dy]"],
        [
            "data/synonyms.yml:1:28: 没有编号为“activity/quality-dy”的记录或栏目；"
            "是否想写“activity/quality-day”？ / "
            "there is no record or section with the id “activity/quality-dy”; did you mean “activity/quality-day”?"
        ],
    ),
    "no measure": (
        ["id: a, say: [x], show: [task/01/chck]"],
        [
            "data/synonyms.yml:1:28: 没有编号为“task/01/chck”的记录或栏目；是否想写“task/01/check”？ / "
            "there is no record or section with the id “task/01/chck”; did you mean “task/01/check”?"
        ],
    ),
    "said twice": (
        ["id: a, say: [Fake], show: [bodies]", "id: b, say: [y, fake], show: [bodies]"],
        [
            "data/synonyms.yml:2:20: 说法“fake”已写过（编号“a”），请删去一条 / "
            "“fake” is already among the words of “a”; delete one"
        ],
    ),
}


def write_synonyms(data: Path, *lines: str) -> None:
    text = "".join(f"- {{{line}}}\n" for line in lines)
    (data / "synonyms.yml").write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_synonym_is_reported(tmp_path: Path, name: str) -> None:
    lines, expected = BROKEN[name]
    data = copy_data(tmp_path)
    write_synonyms(data, *lines)
    assert errors_of(data) == expected


def test_it_serves_the_search_alone(full_county: BuiltSite) -> None:
    assert SYNONYM in INTERNAL and SYNONYM not in KINDS
    assert not list(full_county.folder.glob("**/synonyms*"))


def test_the_index_has_answers_for_what_is_public(full_county: BuiltSite) -> None:
    index = json.loads((full_county.folder / "en/search/search_index.json").read_text("utf-8"))
    by_word = {answer[0][0]: answer[1:] for answer in index["answers"]}
    sentence = "The plan does not mention fake goods. The quality hotline takes complaints."
    assert by_word["假货"][:2] == [sentence, 1]
    assert [address for _, address in by_word["假货"][2]] == ["needs/#complain", "tasks/04/#hotline"]
    # A need that comes first answers by itself, with its hotline.
    assert by_word["投诉"][:2] == ["If something that you bought is not right, call the quality hotline.", 1]
    assert by_word["质监局"] == ["", 0, [["County Quality Bureau", "bodies/quality/"]]]
    assert index["suggested"] == ["fake goods", "exhibition"]
    assert index["calls"][0][1] == "tel:000-0000"
