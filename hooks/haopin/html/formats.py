"""Dates and numbers in the form of each language, by Babel's locale data."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from haopin.text import Language, locale_of


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
    """Return a date in few letters, for figures: 2023年6月27日, 27 Jun 2023."""
    return format_skeleton("yMMMd", value, locale=locale_of(language))


@lru_cache(maxsize=512)
def month(value: date, language: Language) -> str:
    """Return a month with its year: 2023年3月, March 2023."""
    return format_skeleton("yMMMM", value, locale=locale_of(language))


@lru_cache(maxsize=32)
def month_name(number: int, language: Language) -> str:
    """Return the short name of a month: 3月, Mar."""
    return format_date(date(2000, number, 1), "LLL", locale=locale_of(language))


def span(start: date, end: date, language: Language) -> str:
    """Return a span of days: one day, or both ends."""
    if start == end:
        return day(start, language)
    dash = " \u2013 "
    return f"{day(start, language)}{dash}{day(end, language)}"


def months(start: date, end: date, language: Language) -> str:
    """Return a span of whole months, the year once: 2023年3月至5月, March – May 2023."""
    return format_interval(start, end, "yMMMM", locale=locale_of(language))


def number(value: Decimal | int, language: Language) -> str:
    """Return a number with the separators of the language, without trailing zeros."""
    # As it is in the data, never rounded.
    return format_decimal(value, locale=locale_of(language), decimal_quantization=False)


@lru_cache(maxsize=32)
def long_month(number: int, language: Language) -> str:
    """Return the full name of a month: 九月, September."""
    return format_date(date(2000, number, 1), "LLLL", locale=locale_of(language))


def of(language: Language) -> dict[str, Callable[..., str]]:
    """Return every format above by its name, for ``language``."""

    def bound(format_: Callable[..., str]) -> Callable[..., str]:
        return lambda *values: format_(*values, language)

    named = (day, month_day, month, month_name, long_month, months, span, number)
    return {format_.__name__: bound(format_) for format_ in named}
