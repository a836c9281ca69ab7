"""Line breaking for Chinese and English: break opportunities, words, number of lines, ellipsis."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache  # nothing of records is kept
from itertools import pairwise

#: Returns the width of a text in thousandths of the type size.
Measure = Callable[[str], float]

_ELLIPSIS = {False: "\u2026", True: "\ue026"}
# Characters that must not begin or end a line (GB/T 15834, and Latin equivalents).
_NO_START = frozenset(
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300d\u300f\u3011\u3015\u300b\u3009\u201d\u2019\u2026\u2014"
    "\u00b7\uff5e\u2013\u30fb\uff05%\u2030\u2103,.;:!?)]}\ue019\ue01d\ue026"
)
_NO_END = frozenset("\uff08\u300c\u300e\u3010\u3014\u300a\u3008\u201c\u2018\uffe5([{\u2265\u2264\ue018\ue01c")
_PAUSES = (" ", "\uff0c", "\u3002", "\u3001", "\uff1b", "\uff1a", "\uff09", "\u201d")
#: Units that stay with the number before them.
_UNITS = frozenset("\u5e74\u6708\u65e5\u53f7\u4e2a\u9879\u6761\u671f\u5c4a")
# Characters after and before which a line may break.
_WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_CONJUNCTIONS = frozenset("\u548c\u4e0e\u53ca\u6216")
_HAN, _TWO_HAN = re.compile("[\u3400-\u9fff]"), re.compile("[\u3400-\u9fff]{2}")


@dataclass(frozen=True)
class Fitted:
    """A text broken into lines, with its type size in pixels."""

    lines: tuple[str, ...]
    size: int


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[str, ...]:
    """Split ``text`` after each break opportunity; joined, the pieces are the text."""
    found = [text[:1]] if text else []
    for before, after in pairwise(text):
        if _may_break(before, after):
            found.append(after)
        else:
            found[-1] += after
    return tuple(found)


@lru_cache(maxsize=256)
def words(text: str, *, compounds: bool = True) -> tuple[str, ...]:
    """Split ``text`` after each break opportunity that is not within a Chinese word; joined, the words are the text.

    Args:
        text: The text.
        compounds: Whether a word of two words, such as a name of two, stays whole.
    """
    found, place, ends = list[str](), 0, _word_ends(text, compounds)
    for piece in pieces(text):
        within = found and place not in ends and _HAN.match(found[-1][-1]) and _HAN.match(piece)
        if within:
            found[-1] += piece
        else:
            found.append(piece)
        place += len(piece)
    return tuple(found)


def _word_ends(text: str, compounds: bool) -> frozenset[int]:
    """Return where Chinese words of ``text`` end; a single character is none, but belongs to its neighbours.

    A conjunction belongs to the word after it.
    """
    if not _HAN.search(text):
        return frozenset()
    from rjieba import cut, has_word

    ends, place, before = set[int](), 0, ""
    for word in cut(text):
        begins = word in _CONJUNCTIONS or (_TWO_HAN.match(word) and before not in _CONJUNCTIONS)
        if begins and _TWO_HAN.match(text[:place][-2:]):
            ends.add(place)
        if not compounds:
            ends.update(place + k for k in range(2, len(word) - 1) if has_word(word[:k]) and has_word(word[k:]))
        place += len(word)
        before = word
    return frozenset(ends)


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NO_START or before in _NO_END or (before.isdigit() and after in _UNITS):
        return False
    if before == "\u2019" and after.isascii() and after.isalpha():
        # An apostrophe, as in “Governor\u2019s”.
        return False
    if before == " ":
        # A number stays with the word that it counts or numbers.
        return not after.isdigit()
    # A compound may be broken after a hyphen or slash.
    return bool(_WIDE.match(before) or _WIDE.match(after)) or (before in "-/" and after.isalpha())


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Break ``text`` into lines of at most ``width``, filling each; a piece that is wider is divided."""
    return _stripped(_filled(pieces(text), width, measure))


def _stripped(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in lines if line.strip()]


def _filled(parts: Sequence[str], width: float, measure: Measure) -> list[str]:
    """Return the lines including trailing spaces; joined, they are the text."""
    lines: list[str] = []
    line = ""
    for piece in parts:
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line:
            lines.append(line)
        while measure(piece.rstrip()) > width and len(piece) > 1:
            head = _head(piece, width, measure)
            lines.append(head)
            piece = piece[len(head) :]
        line = piece
    return [*lines, line]


def _head(text: str, width: float, measure: Measure) -> str:
    """Return the longest beginning of ``text`` that fits into ``width``, at least one character."""
    end = 1
    while end < len(text) and measure(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """Break ``text`` into as few lines as `wrap`, of similar length; if possible at punctuation or between words."""
    least = wrap(text, width, measure)
    if len(least) < 2:
        return least
    parts: Sequence[str] = ()
    for parts in (phrases(text), words(text), pieces(text)):
        if widest(parts, measure) <= width and len(_filled(parts, width, measure)) <= len(least):
            break
    # Not narrower than the widest phrase, which should not be divided only for balance.
    low, high = max(measure(text) / len(least) * 0.8, widest(parts, measure)), width
    best = _filled(parts, width, measure)
    while high - low > width / 64:
        middle = (low + high) / 2
        tried = _filled(parts, middle, measure)
        if len(tried) == len(best):
            best, high = tried, middle
        else:
            low = middle
    return _stripped(best)


def phrases(text: str) -> tuple[str, ...]:
    """Split ``text`` after punctuation and spaces; Chinese text between these is not divided."""
    found = [""]
    for piece in pieces(text):
        if found[-1].endswith(_PAUSES):
            found.append("")
        found[-1] += piece
    return tuple(found)


def widest(parts: Sequence[str], measure: Measure) -> float:
    """Return the largest width of ``parts``."""
    return max((measure(part.rstrip()) for part in parts), default=0)


def fit(text: str, width: int, steps: tuple[tuple[int, int], ...], measure: Measure, latin: bool = False) -> Fitted:
    """Break ``text`` in the largest type size in which it fits.

    Args:
        text: The text.
        width: Width of the lines in pixels.
        steps: (size in pixels, largest number of lines), in order of preference.
        measure: Returns the width of a text in thousandths of the type size.
        latin: Whether to use the Latin ellipsis.
    """
    for size, allowed in steps:
        limit = width * 1000 / size
        if widest(pieces(text), measure) <= limit and len(wrap(text, limit, measure)) <= allowed:
            return Fitted(tuple(balanced(text, limit, measure)), size)
    lines = _filled(pieces(text), limit, measure)
    if len(lines) > allowed:
        lines = [*lines[: allowed - 1], shortened("".join(lines[allowed - 1 : allowed + 1]), limit, measure, latin)]
    return Fitted(tuple(_stripped(lines)), size)


def shortened(text: str, width: float, measure: Measure, latin: bool = False) -> str:
    """Shorten ``text`` to ``width`` with an ellipsis, without a punctuation mark before it."""
    sign = _ELLIPSIS[latin]
    kept = text
    while kept and measure(kept + sign) > width:
        # English is shortened by words, Chinese by characters.
        shorter = "".join(pieces(kept)[:-1])
        kept = shorter if shorter else kept[:-1]
    return kept.rstrip(" " + "".join(_NO_START | _NO_END)) + sign
