"""What a page says in brief: an activity in three answers, a body as a card, an event with place and calendar."""

import pytest
from support import BuiltSite, words

ANSWERS = {
    "": {
        "这是什么": "全县一起关心质量的一个月。",
        "有什么内容": "企业开放生产线。",
        "怎样参加": "到现场参观，不用报名。本县安排参与和投诉",
    },
    "en/": {
        "What it is": "A month in which the county cares about quality.",
        "What happens": "Companies open their production lines.",
        "How to take part": "Come and look; there is no need to sign up.Events in the county "
        "Take part or make a complaint",
    },
}


@pytest.mark.parametrize("language", ANSWERS)
def test_an_activity_says_first_what_it_is_what_happens_and_how_to_take_part(
    full_county: BuiltSite, language: str
) -> None:
    page = full_county.pages[f"{language}activities/quality-month/"]
    block = page.one("dl", cls="hp-answers")
    texts = [words(element) for element in block.iter() if element.tag in ("dt", "dd")]
    assert dict(zip(texts[::2], texts[1::2], strict=True)) == ANSWERS[language]
    order = list(page.elements)
    assert order.index(block) < order.index(page.one("dl", cls="hp-facts")) < order.index(page.ids["origin"])
    assert words(order[order.index(block) + len(list(block.iter()))]) in (
        "（编者所拟的通俗说明）",
        "(Plain-language summary by the editors)",
    )


def test_an_activity_without_answers_has_no_block(full_county: BuiltSite) -> None:
    assert not full_county.pages["activities/shop-with-confidence/"].all("dl", cls="hp-answers")


def test_the_first_answer_describes_the_page(full_county: BuiltSite) -> None:
    page = full_county.pages["en/activities/quality-month/"]
    (description,) = [e.get("content") for e in page.all("meta") if e.get("name") == "description"]
    assert description == "A month in which the county cares about quality."
