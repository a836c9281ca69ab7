"""Dates and numbers in the form of each language."""

from datetime import date
from decimal import Decimal

import pytest
from haopin.html import formats
from haopin.text import Language


@pytest.mark.parametrize(("language", "shown"), [("zh", "2023\u5e746\u670827\u65e5"), ("en", "27 June 2023")])
def test_day(language: Language, shown: str) -> None:
    assert formats.day(date(2023, 6, 27), language) == shown


@pytest.mark.parametrize(("language", "shown"), [("zh", "3\u670815\u65e5"), ("en", "15 March")])
def test_month_day(language: Language, shown: str) -> None:
    assert formats.month_day(date(2023, 3, 15), language) == shown


def test_month_day_of_a_leap_day() -> None:
    assert formats.month_day(date(2000, 2, 29), "en") == "29 February"


@pytest.mark.parametrize(("language", "shown"), [("zh", "2023\u5e749\u6708"), ("en", "September 2023")])
def test_month(language: Language, shown: str) -> None:
    assert formats.month(date(2023, 9, 1), language) == shown


@pytest.mark.parametrize(("language", "shown"), [("zh", "9\u6708"), ("en", "Sep")])
def test_month_name(language: Language, shown: str) -> None:
    assert formats.month_name(9, language) == shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_month_names_differ_and_are_short(language: Language) -> None:
    names = {formats.month_name(number, language) for number in range(1, 13)}
    assert len(names) == 12
    assert max(map(len, names)) <= 3


@pytest.mark.parametrize(("language", "shown"), [("zh", "9\u6708"), ("en", "September")])
def test_long_month(language: Language, shown: str) -> None:
    assert formats.long_month(9, language) == shown


@pytest.mark.parametrize(
    ("end", "language", "shown"),
    [
        (date(2023, 9, 1), "en", "1 September 2023"),
        (date(2023, 9, 1), "zh", "2023\u5e749\u67081\u65e5"),
        (date(2023, 9, 29), "en", "1 to 29 September 2023"),
        (date(2023, 10, 3), "en", "1 September to 3 October 2023"),
        (date(2024, 1, 1), "en", "1 September 2023 to 1 January 2024"),
        (date(2023, 9, 29), "zh", "2023年9月1日至29日"),
        (date(2023, 10, 3), "zh", "2023年9月1日至10月3日"),
        (date(2024, 1, 1), "zh", "2023年9月1日至2024年1月1日"),
    ],
)
def test_span(end: date, language: Language, shown: str) -> None:
    assert formats.span(date(2023, 9, 1), end, language) == shown


@pytest.mark.parametrize(
    ("start", "end", "zh", "en"),
    [
        (date(2023, 3, 1), date(2023, 5, 31), "2023年3月至5月", "March to May 2023"),
        (date(2023, 3, 1), date(2024, 1, 31), "2023年3月至2024年1月", "March 2023 to January 2024"),
        (date(2023, 9, 1), date(2023, 9, 30), "2023年9月", "September 2023"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "February 2024"),
        (date(2024, 2, 1), date(2024, 2, 28), "2024年2月1日至28日", "1 to 28 February 2024"),
        (date(2023, 3, 2), date(2023, 5, 31), "2023年3月2日至5月31日", "2 March to 31 May 2023"),
    ],
)
def test_whole_months_are_written_in_months(start: date, end: date, zh: str, en: str) -> None:
    assert (formats.span(start, end, "zh"), formats.span(start, end, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("opens", "closes", "language", "shown"),
    [
        (None, None, "en", ""),
        ("09:30", None, "en", ", 9:30"),
        ("09:30", "16:30", "en", ", 9:30 to 16:30"),
        ("09:30", "16:30", "zh", "\uff0c9:30\u81f316:30"),
        ("10:00", "20:00", "zh", "\uff0c10:00\u81f320:00"),
    ],
)
def test_hours(opens: str | None, closes: str | None, language: Language, shown: str) -> None:
    assert formats.hours(opens, closes, language) == shown


@pytest.mark.parametrize(
    ("names", "language", "shown"),
    [
        ([], "en", ""),
        (["a"], "en", "a"),
        (["a", "b"], "en", "a and b"),
        (["a", "b", "c"], "en", "a, b, and c"),
        (["\u7532", "\u4e59", "\u4e19"], "zh", "\u7532\u3001\u4e59\u548c\u4e19"),
    ],
)
def test_in_words(names: list[str], language: Language, shown: str) -> None:
    assert formats.in_words(names, language) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("95"), "95"),
        (Decimal("99.5"), "99.5"),
        (Decimal("99.50"), "99.5"),
        (Decimal("100.00"), "100"),
        (1250, "1,250"),
        (0, "0"),
        (Decimal("-0.25"), "-0.25"),
        # As it is in the data, never rounded.
        (Decimal("0.0005"), "0.0005"),
        (Decimal("12345.6789"), "12,345.6789"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_number(value: Decimal | int, shown: str, language: Language) -> None:
    assert formats.number(value, language) == shown
