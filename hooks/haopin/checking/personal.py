"""A rule on numbers that belong to a person: identity cards, mobile telephones, bank cards."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from haopin.checking.entries import Entries
from haopin.checking.strings import strings
from haopin.problem import Place, Problem, problem
from haopin.records.publishable import Publishable

# No letter or digit beside the number, nor a decimal point before it: that would be part of a longer code or a value.
_START, _END = r"(?<![0-9A-Za-z])(?<![0-9]\.)", r"(?![0-9A-Za-z])"
_NUMBERS = re.compile(
    _START
    + r"(?:"
    # Identity card: region, day of birth, sequence and check character.
    + r"[1-9][0-9]{5}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx]|"
    # Mobile telephone, with or without the code of the country.
    + r"(?:(?:\+|00)?86[ -]?)?1[3-9][0-9]([ -]?)[0-9]{4}\1[0-9]{4}|"
    # Bank card: groups of four, perhaps a last one of up to three.
    + r"[3-6][0-9]{3}([ -]?)[0-9]{4}\2[0-9]{4}\2[0-9]{4}(?:\2[0-9]{1,3})?"
    + r")"
    + _END
)
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def personal_data_is_flagged(entries: Entries) -> Iterator[Problem]:
    """A number that looks like that of an identity card, a mobile telephone or a bank card is worth a second look."""
    for entry in entries.all:
        if isinstance(entry.record, Publishable):
            for path, text in strings(entry.record):
                for place, text_there in _lines(text, entry.at(*path)):
                    yield from _personal(text_there, place)
    for sheet in entries.reading.sheets.values():
        for index, row in enumerate(sheet.rows):
            for path, text in strings(row):
                yield from _personal(text, sheet.place(index, str(path[0])))


def _lines(text: str, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield the lines of the text of an article, of which the place is known, or else the whole."""
    if place.mark is None:
        yield place, text
        return
    for number, line in enumerate(text.split("\n")):
        yield Place(place.file, mark=(place.mark[0] + number, 1)), line


def _personal(text: str, place: Place) -> Iterator[Problem]:
    for _, kind in personal_numbers(text):
        yield problem(
            place,
            "这里像有{zh_kind},请确认可以公开,不可以就删去",
            "this looks like {en_kind}; make sure that it may be public, or delete it",
            severity="warning",
            zh_kind=kind[0],
            en_kind=kind[1],
        )


def personal_numbers(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each number in ``text`` that may belong to a person, digits only, and what kind, in both languages."""
    if len(text) < 11:
        return
    for match in _NUMBERS.finditer(unicodedata.normalize("NFKC", text)):
        digits = re.sub(r"[ +-]", "", match.group())
        if (kind := personal_number(digits)) is not None:
            yield digits, kind


def personal_number(digits: str) -> tuple[str, str] | None:
    """Return what kind of personal number ``digits`` may be, in both languages; None if none.

    Identity cards are known by the day of birth and the check character in them (GB 11643), bank cards by their first
    digit and the Luhn check (ISO/IEC 7812).
    """
    if re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", digits) and _is_day(digits[6:14]):
        total = sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False))
        if "10X98765432"[total % 11] == digits[17].upper():
            return "身份证号", "an identity card number"
    if _MOBILE.fullmatch(digits):
        return "手机号", "a mobile telephone number"
    if re.fullmatch(r"[3-6][0-9]{15,18}", digits) and _luhn(digits):
        return "银行卡号", "a bank card number"
    return None


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
