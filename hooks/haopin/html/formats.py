"""Dates and numbers in the format of each language, from Babel's locale data."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache  # nothing of records is kept

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from haopin.text import LANGUAGES, Language, locale_of

_DASH = " \u2013 "
_DASH_BETWEEN = re.compile("\\s*\u2013\\s*")


def _three_letters(text: str) -> str:
    # The British abbreviation of September has four letters, all others three.
    return text.replace("Sept", "Sep")


@lru_cache(maxsize=4096)
def day(value: date, language: Language) -> str:
    """Return a date in full: 2023年6月27日, 27 June 2023."""
    return format_date(value, "long", locale=locale_of(language))


@lru_cache(maxsize=4096)
def month_day(value: date, language: Language) -> str:
    """Return a date without its year: 3月15日, 15 March."""
    return format_skeleton("MMMMd", value, locale=locale_of(language))


@lru_cache(maxsize=512)
def short_day(value: date, language: Language) -> str:
    """Return an abbreviated date, for charts: 2023年6月27日, 27 Jun 2023."""
    return _three_letters(format_skeleton("yMMMd", value, locale=locale_of(language)))


@lru_cache(maxsize=512)
def month(value: date, language: Language) -> str:
    """Return a month with its year: 2023年3月, March 2023."""
    return format_skeleton("yMMMM", value, locale=locale_of(language))


@lru_cache(maxsize=32)
def month_name(number: int, language: Language) -> str:
    """Return the short name of a month: 3月, Mar."""
    return _three_letters(format_date(date(2000, number, 1), "LLL", locale=locale_of(language)))


#: Separator of the ends of a span.
_TO: dict[Language, str] = {"zh": "至", "en": " to "}


def _is_whole_months(start: date, end: date) -> bool:
    return start.day == 1 and (end + timedelta(days=1)).day == 1


def span(start: date, end: date, language: Language) -> str:
    """Return a span of days, with common parts once: 28 September to 3 October 2027, 2027年9月2日至28日.

    Whole months are written in months: March to May 2023, 2023年3月至5月.
    """
    if start == end:
        return day(start, language)
    if _is_whole_months(start, end):
        found = format_interval(start, end, "yMMMM", locale=locale_of(language))
        return _DASH_BETWEEN.sub(_TO["en"], found) if language == "en" else found
    first, last = day(start, language), day(end, language)
    if start.year == end.year and language == "zh":
        last = f"{end.day}日" if start.month == end.month else month_day(end, language)
    elif start.year == end.year and language == "en":
        first = str(start.day) if start.month == end.month else month_day(start, language)
    return f"{first}{_TO.get(language, _DASH)}{last}"


def hours(opens: str | None, closes: str | None, language: Language) -> str:
    """Return times of day as appended to a date, with a comma: “, 9:30 to 16:30”; "" if none is known."""
    if opens is None:
        return ""
    times = _TO.get(language, "\u2013").join(clock.removeprefix("0") for clock in (opens, closes) if clock)
    return f"{'，' if language == 'zh' else ', '}{times}"


def in_words(names: Iterable[str], language: Language) -> str:
    """Return ``names`` as a list within a sentence: 时间、主题和原文; dates, themes, and words."""
    # The site uses British dates, but British English has no serial comma.
    return format_list(list(names), locale=Locale("en") if language == "en" else locale_of(language))


def number(value: Decimal | int, language: Language) -> str:
    """Return a number with the separators of the language, without trailing zeros."""
    if type(value) is int and 0 <= value < 1000 and language in LANGUAGES:
        # Most numbers are counts, which have no separators in these languages.
        return str(value)
    # Exactly as in the data, never rounded.
    return format_decimal(value, locale=locale_of(language), decimal_quantization=False)


@lru_cache(maxsize=32)
def long_month(number: int, language: Language) -> str:
    """Return the full name of a month: 9月, September."""
    # The full Chinese name is 九月, inconsistent with 2027年9月.
    return format_date(date(2000, number, 1), "LLL" if language == "zh" else "LLLL", locale=locale_of(language))


def of(language: Language) -> dict[str, Callable[..., str]]:
    """Return the formats above by name, for ``language``."""

    def bound(format_: Callable[..., str]) -> Callable[..., str]:
        return lambda *values: format_(*values, language)

    named = (day, month_day, month, month_name, long_month, span, hours, number)
    return {format_.__name__: bound(format_) for format_ in named}
