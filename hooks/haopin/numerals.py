"""Numbers and days as Chinese official documents write them."""

import re
from collections.abc import Iterator
from datetime import date

_DIGITS = {char: value for value, chars in enumerate(("〇○零ＯO", *"一二三四五六七八九")) for char in chars}
_PLACES = {"十": 10, "百": 100, "千": 1000}
#: A number in Chinese characters, as a pattern.
CHINESE = "[〇○零一二三四五六七八九十百千]+"
_YEAR = "[0-9０-９]{4}|[〇○零ＯO一二三四五六七八九]{4}"
_PART = "[0-9０-９]{1,2}|[〇○一二三四五六七八九十]{1,3}"
DAY = re.compile(rf"({_YEAR})\s*年\s*({_PART})\s*月\s*({_PART})\s*日")


def number_of(words: str) -> int | None:
    """Return the number that ``words`` name in digits of any width or Chinese characters: 二十三, 二〇二三, 12."""
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
    """Yield each day that ``text`` names in full, in digits or Chinese characters; a day that cannot be is left out."""
    for match in DAY.finditer(text):
        try:
            yield date(*(number_of(part) or 0 for part in match.groups()))
        except ValueError:
            continue


def day_in(text: str) -> date | None:
    """Return the first day that ``text`` names in full; None if there is none, or no such day."""
    return next(days_in(text), None)
