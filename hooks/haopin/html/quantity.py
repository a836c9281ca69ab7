"""Numbers with their units in words: targets and reported values. All output uses this module."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache  # nothing of records is kept
from typing import NamedTuple

from haopin.html import formats
from haopin.html.i18n import Labels, site_labels
from haopin.installation import PACKAGE
from haopin.model.ledger import Entry
from haopin.model.target import PERCENT, Baseline, Change, Milestone, Target, TargetNumber, Unit
from haopin.text import Language, direction_of
from haopin.trace import derived

_SIGNS = {"at-least": "\u2265", "at-most": "\u2264"}
#: Opposite direction, for a negative change.
_OPPOSITE: dict[Change, Change] = {"up-by": "down-by", "down-by": "up-by"}
# Placeholder value at which a label is split.
_PLACE = "\0"
#: Unicode left-to-right isolate, and its end.
_LTR, _END = "\u2066", "\u2069"


class Mark(NamedTuple):
    """A short target number, in pieces: ``每年增长``, ``≥``, ``6``, ``%`` and a suffix."""

    before: str
    sign: str
    number: str
    unit: str
    after: str

    def text(self) -> str:
        """Return the pieces joined."""
        return "".join(self)


class QuantityFormat:
    """Numbers of targets and reports in one language."""

    def __init__(self, language: Language, t: Labels, targets: Iterable[Target]) -> None:
        """Store the words, and which ``targets`` are changes, whose reports include the direction."""
        self._language, self._t = language, t
        self._targets = targets

    @derived
    def _changes(self) -> dict[str, Change]:
        return {target.id: target.change for target in self._targets if target.change is not None}

    def amount(self, value: Decimal | Fraction, unit: Unit | None) -> str:
        """Return a number with its unit: 1,250家, 1,250 enterprises; only endless decimals are rounded."""
        number, before, after = self._pieces(value, unit)
        return f"{before}{number}{after}"

    def short(self, value: Decimal, unit: Unit | None) -> str:
        """Return a number for the axis of a chart, with its unit only if that is per cent."""
        number, before, after = self._pieces(value, unit)
        return f"{before}{number}{after}" if unit is not None and unit.is_percent else number

    def mark(self, number: TargetNumber) -> Mark:
        """Return ``number`` in short form, for cards and charts: ≥95%."""
        if number.comparator == "full-coverage":
            return Mark("", "", self._framed(self._t("number.full-coverage"), number), "", "")
        words, before, after = self._pieces(number.value, number.unit)
        if number.to is not None:
            low = words
            words, before, after = self._pieces(number.to, number.unit)
            words = f"{low}\u2013{words}"
        frame = self._t("number.about", v=_PLACE) if number.comparator == "about" else _PLACE
        head, _, tail = self._framed(frame, number).partition(_PLACE)
        sign = _SIGNS.get(number.comparator, "")
        if sign and direction_of(self._language) == "rtl":
            # Without isolates, the bidirectional algorithm would put the sign behind the number.
            sign, words, after = _LTR + sign, *((words, after + _END) if after.isascii() else (words + _END, after))
        return Mark(head + before, sign, words, after, tail)

    def goal(self, number: TargetNumber) -> str:
        """Return ``number`` in words: 每年增长不低于6%, increase of at least 6% a year."""
        t, amount = self._t, self.amount(number.value, number.unit)
        if number.comparator == "full-coverage":
            words = t("number.full-coverage")
        elif number.to is not None:
            low = amount if number.unit.is_percent else self._pieces(number.value, number.unit)[0]
            words = t("number.range", low=low, high=self.amount(number.to, number.unit))
        elif number.comparator == "equal":
            words = amount
        elif number.comparator in _SIGNS and not number.unit.is_percent:
            words = t(f"number.{number.comparator}-count", v=amount)
        else:
            words = t(f"number.{number.comparator}", v=amount)
        return self._framed(words, number, full=True)

    def is_plain(self, number: TargetNumber) -> bool:
        """Return whether the short form of ``number`` is complete, so that words are unnecessary."""
        if number.comparator in ("at-least", "equal", "full-coverage") and not (number.change or number.per):
            return True
        return self.goal(number) == self.mark(number).text()

    def reported(self, entry: Entry) -> str:
        """Return the value that ``entry`` reports: 98.1%, 增长12%, 400人中137人(34.25%); "" if it has none."""
        if entry.value is None:
            return ""
        if entry.of and entry.measured is not None:
            return self._part(entry.value, entry.of, entry.measured, entry.unit)
        change = self._changes.get(entry.target or "")
        if change is None or change not in _OPPOSITE:
            return self.amount(entry.value, entry.unit)
        change = change if entry.value >= 0 else _OPPOSITE[change]
        kind = "" if entry.unit is None or entry.unit.is_percent else "-count"
        return self._t(f"number.{change}{kind}", v=self.amount(abs(entry.value), entry.unit))

    def baseline(self, target: Target, baseline: Baseline) -> str:
        """Return the baseline of ``target``: 2022年, 1,250家."""
        when = formats.day(baseline.day, self._language) if baseline.day else None
        when = when or self._t("number.in-year", year=baseline.year)
        if baseline.value is None:
            return when
        return self._t("number.dated", day=when, v=self.amount(baseline.value, baseline.unit or target.unit))

    def milestone(self, target: Target, milestone: Milestone) -> str:
        """Return the number of ``milestone`` of ``target``, in words."""
        return self.goal(target.number_of(milestone))

    def _framed(self, words: str, number: TargetNumber, *, full: bool = False) -> str:
        """Return the ``words`` of a number, extended if it is a change or holds for each year."""
        if number.change is not None:
            kind = "" if number.unit.is_percent else "-count"
            words = self._t(f"number.{'of-' if full else ''}{number.change}{kind}", v=words)
        return self._t(f"number.{number.per}", v=words) if number.per is not None else words

    def _part(self, value: Decimal, of: Decimal, measured: Fraction, unit: Unit | None) -> str:
        share = self.amount(measured, PERCENT)
        number, whole = formats.number(value, self._language), self.amount(of, unit)
        if unit is None:
            return self._t("number.part-bare", number=number, whole=whole, share=share)
        return self._t("number.part", n=self.amount(value, unit), number=number, whole=whole, share=share)

    def _pieces(self, value: Decimal | Fraction, unit: Unit | None) -> tuple[str, str, str]:
        """Return a number, and the parts of its unit before and after it."""
        chinese = unit is None or unit.language(self._language) == "zh"
        if unit is not None and unit.factor is not None and not chinese:
            value = value * Fraction(unit.factor) if isinstance(value, Fraction) else value * unit.factor
        exact, rounded = _decimal(value)
        number = formats.number(exact, self._language)
        if unit is None or not unit.zh:
            frame = _PLACE
        elif unit.is_percent:
            frame = self._t("number.percent", n=_PLACE)
        else:
            words = unit.one if unit.one and exact == 1 and not chinese else unit.show(self._language)
            frame = self._t("number.amount", n=_PLACE, unit=words)
        frame = self._t("number.about", v=frame) if rounded else frame
        before, _, after = frame.partition(_PLACE)
        return number, before, after


def _decimal(value: Decimal | Fraction) -> tuple[Decimal, bool]:
    """Return ``value`` with at most two decimals if it is a fraction, and whether it was rounded."""
    if isinstance(value, Decimal):
        return value, False
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    found = exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return found, Fraction(found) != value


@cache
def _labels(language: Language) -> Labels:
    return Labels(site_labels(PACKAGE / "labels.yml"), language)


def quantity_format(language: Language, targets: Iterable[Target]) -> QuantityFormat:
    """Return the formatter of numbers for forms and lists of the office, outside pages."""
    return QuantityFormat(language, _labels(language), targets)
