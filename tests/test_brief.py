"""What a page says in brief: an activity in three answers, a body as a card, an event with place and calendar."""

from pathlib import Path

import pytest
from support import BuiltSite, copy_data, edit, warnings_of, words

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


CARDS = {
    "bodies/quality/": [
        "任务涉及",
        "市场里的秤和商店里的商品。（编者所拟的通俗说明）",
        "联系方式",
        "电话：000-0000002 地址：甲乙县一路1号 办公时间：工作日9:00至17:00 网站：https://bureau.example/（外部网站） "
        "拨打000-0000质量热线",
        "最近的日期",
        "2月28 质量日开放参观2030年2月28日至3月1日，9:00开始 · 市检测院甲乙分院 加入日历",
    ],
    "en/bodies/commerce/": [
        "Contact",
        "Telephone, address, office hours, and website are not in our sources.Call 000-0000 Quality hotline",
    ],
}


@pytest.mark.parametrize("address", CARDS)
def test_a_body_is_a_card(full_county: BuiltSite, address: str) -> None:
    """The first thing below the name. The talk of the Commerce Bureau is cancelled: it is no next date."""
    page = full_county.pages[address]
    card = page.ids["contact"]
    found = [words(element) for element in card.iter() if element.tag in ("dt", "dd")]
    assert found[: len(CARDS[address])] == CARDS[address]
    assert "标签知识讲座" not in words(card) and "Talk on reading labels" not in words(card)
    assert words(page.one("main")).index(words(card)) < words(page.one("main")).index(words(page.ids["tasks"]))


def test_contacts_of_a_body_need_a_source(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "bodies.yml", "- id: quality\n", "- id: quality\n  hours: {zh: 工作日, en: Working days}\n")
    (found,) = [line for line in warnings_of(data) if "hours" in line]
    assert "“hours” has no source" in found
