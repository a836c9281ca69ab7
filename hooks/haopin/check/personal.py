"""Rule on personal data: numbers of identity cards, mobile phones, bank cards and license plates; e-mail addresses."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from pydantic import BaseModel

from haopin.check.entries import Look, RecordIndex, TextRule, line_in_text, strings
from haopin.load.dataset import LoadedRecord
from haopin.model import Record
from haopin.model.fields import parts_of
from haopin.model.publishable import Publishable, Withdrawal
from haopin.model.site import Site
from haopin.privacy.folding import decoded, unseen_removed
from haopin.problem import Path, Place, Problem, problem

# A letter or digit beside a number, or a decimal point before it, makes it part of a longer code or a value.
_START, _END = r"(?<![0-9A-Za-z])(?<![0-9]\.)", r"(?![0-9A-Za-z])"
# Separators between the groups of a number.
_GAP = r"[ ._\u00b7()/\u2010-\u2015\u2212-]{0,2}"
# Identity card, 18 or 15 digits: region, day of birth, sequence and, of 18, a check character.
_CARD = rf"[1-9][0-9]{{5}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9Xx]"
_OLD_CARD = r"[1-8][0-9]{5}[ -]?[0-9]{6}[ -]?[0-9]{3}"
# Mobile phone, with or without country code, in groups of 3 4 4, 3 3 5, 4 3 4, 4 4 3 or 5 6. A single point makes a
# decimal number.
_MOBILE = (
    r"(?:(?:\+|00)?86[ -]?|\(\+?86\)[ ]?)?(?![0-9]+\.[0-9]+(?![0-9.]))\(?(?:"
    + "|".join(
        _GAP.join(["1[3-9]" + rf"[0-9]{{{groups[0] - 2}}}", *(rf"[0-9]{{{size}}}" for size in groups[1:])])
        for groups in ((3, 4, 4), (3, 3, 5), (4, 3, 4), (4, 4, 3), (5, 6))
    )
    + ")"
)
# Bank card: groups of four digits, optionally a last one of up to three.
_BANK = r"[3-6][0-9]{3}([ .-]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?"
_NUMBERS = re.compile(f"{_START}(?:{_CARD}|{_OLD_CARD}|{_MOBILE}|{_BANK}){_END}")
_MOBILE_DIGITS = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_PROVINCES = (
    r"\u4eac\u6d25\u6caa\u6e1d\u5180\u8c6b\u4e91\u8fbd\u9ed1\u6e58\u7696\u9c81\u65b0\u82cf\u6d59\u8d63\u9102\u6842"
    r"\u7518\u664b\u8499\u9655\u5409\u95fd\u8d35\u7ca4\u9752\u85cf\u5ddd\u5b81\u743c"
)
# License plate: province, letter of the town, five or six letters and digits, at least one digit.
_PLATE = re.compile(
    rf"(?<![A-Za-z0-9-])[{_PROVINCES}][A-Z][ .\u00b7\u2022-]?(?=[A-HJ-NP-Z]*[0-9])[A-HJ-NP-Z0-9]{{4,5}}"
    r"(?:[A-HJ-NP-Z0-9](?![A-Z0-9])|[\u6302\u5b66\u8b66\u6e2f\u6fb3])(?![A-Z0-9-])"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._+-])[A-Za-z0-9][A-Za-z0-9._+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9_-])"
)
# Fast pre-check: a text without a match contains none of these. Most texts do not match.
_HINT = re.compile(
    rf"\d(?:[\W_]{{0,4}}\d){{6}}|[@\uff20]|[{_PROVINCES}][A-Z\uff21-\uff3a\u200b-\u2060]"
    "|[\u3007\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5e7a]{11}"
)
# Markup within a number that is displayed without interruption.
_MARKUP, _EMPHASIS = re.compile(r"[*_~`<&%\\\]]"), re.compile(r"[*_~`]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_HAN_DIGITS = str.maketrans("\u3007\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5e7a", "001234567891")
_HAN_RUN = re.compile("[\u3007\u96f6\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5e7a]{11,}")
# Region codes at the beginning of identity card numbers (GB/T 2260).
_REGIONS = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")
#: E-mail domains of offices, which are not personal.
_OFFICIAL = (".gov.cn",)
_CARD_NAME = ("身份证号", "an identity card number")
_MOBILE_NAME = ("手机号", "a mobile telephone number")
_EMAIL_NAME = ("电子邮箱", "an e-mail address")


@TextRule
def personal_data_is_allowed(entries: RecordIndex) -> Look:
    """Numbers that look personal (identity card, phone, bank card …) are listed as public."""
    # Only if there is such a number, as every text of every record is read for these.
    allowed = cache(lambda: allowed_numbers(entry.record for entry in entries.all))

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        if isinstance(entry.record, Withdrawal):
            return
        for path, text in words:
            if not _HINT.search(text):
                continue
            for start, number, kind in numbers_in_text(text, ()):
                if number not in allowed():
                    yield personal_number_at(line_in_text(text, start, entry.at(*path)), number, kind)

    return look


def personal_data_in_tables_is_allowed(entries: RecordIndex) -> Iterator[Problem]:
    """The same for the rows of tables."""
    allowed = cache(lambda: allowed_numbers(entry.record for entry in entries.all))
    for sheet in entries.dataset.sheets.values():
        for index, row in enumerate(sheet.rows):
            for path, text in strings(row):
                for _, number, kind in numbers_in_text(text, ()):
                    if number not in allowed():
                        yield personal_number_at(sheet.place(index, str(path[0])), number, kind)


def numbers_in_text(text: str, allowed: Container[str]) -> Iterator[tuple[int, str, tuple[str, str]]]:
    """Yield the numbers in the Markdown ``text`` that look personal and are not ``allowed``.

    Yields:
        Start of its line in ``text`` (0 if markup spreads it over lines), the number, and its type in both languages.
    """
    if not _HINT.search(text):
        return
    told = set()
    start = 0
    for line in text.split("\n"):
        for number, kind in personal_numbers(line):
            told.add(number)
            if number not in allowed:
                yield start, number, kind
        start += len(line) + 1
    if _MARKUP.search(text):
        for number, kind in personal_numbers(_EMPHASIS.sub("", decoded(text, markup=True))):
            if number not in told and number not in allowed:
                yield 0, number, kind


#: Fields with contact data of offices.
_CONTACT_FIELDS = frozenset(("phone", "email", "contact", "contacts"))
# Field of the site that lists public numbers, and all fields from which they are collected.
_LISTED = "public_numbers"
_ALLOWING_FIELDS = _CONTACT_FIELDS | {_LISTED}


def _is_contact(record: Record, path: Path, kind: tuple[str, str]) -> bool:
    """Return whether ``path`` in ``record`` is contact data of an office; dated reports have none."""
    return (
        not isinstance(record, Publishable)
        and kind in (_MOBILE_NAME, _EMAIL_NAME)
        and not _CONTACT_FIELDS.isdisjoint(path)
    )


@cache
def _may_allow(model: type[BaseModel]) -> bool:
    """Return whether ``model`` or a part of it has one of `_ALLOWING_FIELDS`: most do not."""
    return not _ALLOWING_FIELDS.isdisjoint(model.model_fields) or any(map(_may_allow, parts_of(model)))


def allowed_numbers(records: Iterable[Record]) -> frozenset[str]:
    """Return the numbers that may be public: contact data of offices, and those listed in the site settings."""
    return frozenset(
        number
        for record in records
        if not isinstance(record, Publishable | Withdrawal) and _may_allow(type(record))
        for path, text in strings(record)
        if not _ALLOWING_FIELDS.isdisjoint(path)
        for number, kind in personal_numbers(text)
        if _is_contact(record, path, kind) or (isinstance(record, Site) and path[0] == _LISTED)
    )


#: Fix for a personal number, in both languages.
ADVICE = (
    "请删去;确认可以公开的,在 site.yml 的 public_numbers 里加上它",
    "delete it; what may be public is listed in public_numbers of site.yml",
)


def personal_number_at(place: Place, number: str, kind: tuple[str, str]) -> Problem:
    """Return the problem of ``number`` of type ``kind`` (in both languages) at ``place``."""
    return problem(
        place,
        "这里像有{zh_kind}“{number}”," + ADVICE[0],
        "this looks like {en_kind}, “{number}”; " + ADVICE[1],
        zh_kind=kind[0],
        en_kind=kind[1],
        number=number,
    )


def personal_numbers(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each number in ``text`` that looks personal, without separators, and its type in both languages.

    Full-width forms, invisible characters and Chinese digits are normalized first.
    """
    if not _HINT.search(text):
        return
    plain = unseen_removed(unicodedata.normalize("NFKC", text))
    if _HAN_RUN.search(plain):
        plain = _HAN_RUN.sub(lambda run: run.group().translate(_HAN_DIGITS), plain)
    for match in _NUMBERS.finditer(plain):
        digits = re.sub("[^0-9Xx]", "", match.group())
        if (kind := personal_number(digits)) is not None:
            yield digits, kind
    for match in _PLATE.finditer(plain):
        yield re.sub(r"[ .\u00b7\u2022-]", "", match.group()), ("车牌号", "a licence plate")
    if "@" in plain:
        for match in _EMAIL.finditer(plain):
            if not match.group().lower().endswith(_OFFICIAL):
                yield match.group().lower(), _EMAIL_NAME


def personal_number(digits: str) -> tuple[str, str] | None:
    """Return the type of personal number that ``digits`` may be, in both languages; None for other numbers.

    Identity cards are recognized by date of birth and check character (GB 11643), bank cards by first digit and Luhn
    checksum (ISO/IEC 7812). Identity cards of 15 digits have no check character: region and date must be valid.
    """
    if re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", digits) and _is_day(digits[6:14]):
        total = sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False))
        if "10X98765432"[total % 11] == digits[17].upper():
            return _CARD_NAME
    if re.fullmatch("[0-9]{15}", digits) and _REGIONS.match(digits) and _is_day(f"19{digits[6:12]}"):
        return _CARD_NAME
    if _MOBILE_DIGITS.fullmatch(digits):
        return _MOBILE_NAME
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
