"""What a page says in brief: an activity in three answers, a body as a card, an event with place and calendar."""

from pathlib import Path

import pytest
from icalendar import Calendar
from rfc5545 import problems
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
        "2月28质量日开放参观2030年2月28日至3月1日，9:00 · 市检测院甲乙分院",
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


@pytest.mark.parametrize(
    ("language", "where", "place", "added"),
    [
        ("", "甲乙县西街3号复制地点", "甲乙大集，甲乙县西街3号", "加入日历"),
        (
            "en/",
            "3 West Street, Jiayi CountyCopy the place",
            "Jiayi market, 3 West Street, Jiayi County",
            "Add to calendar",
        ),
    ],
)
def test_an_event_says_how_to_get_there(
    full_county: BuiltSite, language: str, where: str, place: str, added: str
) -> None:
    page = full_county.pages[f"{language}events/scale-day-2030/"]
    facts = {words(dt): dd for dt, dd in zip(page.all("dt"), page.all("dd"), strict=True)}
    assert words(facts["How to get there" if language else "怎么去"]) == where
    (copy,) = [button for button in page.all("button") if "data-copy" in button.attrib]
    assert copy.get("data-copy") == place
    when = facts["When" if language else "时间"]
    assert words(when).endswith(added)


@pytest.mark.parametrize("event", ["lecture-2030", "month-fair-2029"])
def test_nobody_is_sent_to_an_event_that_is_cancelled_or_over(full_county: BuiltSite, event: str) -> None:
    page = full_county.pages[f"events/{event}/"]
    assert "怎么去" not in words(page.one("main"))
    assert not [button for button in page.all("button") if "data-copy" in button.attrib]


def test_a_place_without_an_address_says_so(full_county: BuiltSite) -> None:
    assert "怎么去地址：本站资料未收录" in words(full_county.pages["events/quality-day-2030/"].one("main"))


@pytest.mark.parametrize("language", ["", "en/"])
def test_beside_the_date_is_a_calendar_that_other_programs_read(full_county: BuiltSite, language: str) -> None:
    """The file that the link names, as icalendar and the grammar of RFC 5545 read it."""
    page = full_county.pages[f"{language}events/scale-day-2030/"]
    link = page.one("a", cls="hp-take-date")
    target = full_county.target(page, link.get("href", ""))
    assert target is not None and "download" in link.attrib
    content = full_county.folder.joinpath(target[0]).read_bytes()
    assert problems(content) == []
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    day = page.one("dl", cls="hp-facts").find(".//time")
    assert day is not None and str(event.decoded("dtstart").date()) == day.get("datetime") == "2030-02-09"
    assert str(event["location"]) in ("甲乙大集，甲乙县西街3号", "Jiayi market, 3 West Street, Jiayi County")
