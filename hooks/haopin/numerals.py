"""Numbers and dates in Chinese official documents."""

import calendar
import re
from collections.abc import Iterator
from datetime import date

_DIGITS = {char: value for value, chars in enumerate(("〇○零ＯO", *"一二三四五六七八九")) for char in chars}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_ROMAN = {100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}
#: A number in Chinese characters, as a pattern.
CHINESE = "[〇○零一二三四五六七八九十百千]+"
_YEAR = "[0-9０-９]{4}|[〇○零ＯO一二三四五六七八九]{4}"
_PART = "[0-9０-９]{1,2}|[〇○一二三四五六七八九十]{1,3}"
DAY = re.compile(rf"({_YEAR})\s*年\s*({_PART})\s*月\s*({_PART})\s*日")
MONTH = re.compile(rf"({_YEAR})\s*年\s*({_PART})\s*月(?!\s*[0-9一二三四五六七八九十])")
YEAR = re.compile(rf"({_YEAR})\s*年")


def chinese(number: int) -> str:
    """Return ``number`` (1 to 9999) in Chinese characters: 十一, 二十, 一百零三."""
    if not 0 < number < 10_000:
        raise ValueError(number)
    words, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return words.removeprefix("一") if words.startswith("一十") else words


def roman(number: int) -> str:
    """Return ``number`` in Roman numerals, the translation of 一、二、三 in documents: I, II, III."""
    words = ""
    for value, digits in _ROMAN.items():
        words, number = words + digits * (number // value), number % value
    return words


def number_of(words: str) -> int | None:
    """Parse a number in digits of any width or Chinese characters: 二十三, 二〇二三, 12."""
    if re.fullmatch("[0-9０-９]+", words):
        return int(words)
    if not words or any(char not in _PLACES and char not in _DIGITS for char in words):
        return None
    if not any(char in _PLACES for char in words):
        return int("".join(str(_DIGITS[char]) for char in words))
    total = digit = 0
    for char in words:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def days_in(text: str) -> Iterator[date]:
    """Yield each complete date in ``text``, in digits or Chinese characters; impossible dates are skipped."""
    return filter(None, (_date(*found.groups()) for found in DAY.finditer(text)))


def day_in(text: str) -> date | None:
    """Return the first complete date in ``text``; None if there is none or it is impossible."""
    found = DAY.search(text)
    return _date(*found.groups()) if found else None


def last_day_of(year: str, month: str | None = None) -> date | None:
    """Return the last day of a month, or of a year, both as written."""
    number = number_of(month) if month else 12
    found = _date(year, str(number), "1")
    return found and found.replace(day=calendar.monthrange(found.year, found.month)[1])


def first_day_of(year: str, month: str) -> date | None:
    """Return the first day of a month, as written."""
    return _date(year, month, "1")


def _date(year: str, month: str, day: str) -> date | None:
    numbers = [number_of(part) for part in (year, month, day)]
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None
