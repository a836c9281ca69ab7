"""Lines of a title: where Chinese and English may break, how many lines they need, and how to cut what does not fit."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

#: Width of a text, in thousandths of the size of its type.
Measure = Callable[[str], float]

_ELLIPSIS = {False: "\u2026", True: "\ue026"}
# What must not begin a line, and what must not end one (GB/T 15834, and the same marks of Latin).
_NO_START = frozenset(
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300d\u300f\u3011\u3015\u300b\u3009\u201d\u2019\u2026\u2014"
    "\u00b7\uff5e\u2013\u30fb\uff05%\u2030\u2103,.;:!?)]}\ue019\ue01d\ue026"
)
_NO_END = frozenset("\uff08\u300c\u300e\u3010\u3014\u300a\u3008\u201c\u2018\uffe5([{\u2265\u2264\ue018\ue01c")
_PAUSES = (" ", "\uff0c", "\u3002", "\u3001", "\uff1b", "\uff1a", "\uff09", "\u201d")
#: Words that stay with the number before them.
_UNITS = frozenset("\u5e74\u6708\u65e5\u53f7\u4e2a\u9879\u6761\u671f\u5c4a")
# From here on a character may stand alone on a line.
_WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")


@dataclass(frozen=True)
class Fitted:
    """A text in lines of one size of type (pixels)."""

    lines: tuple[str, ...]
    size: int


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[str, ...]:
    """Return ``text`` in the pieces that a line may end after; joined, they are the text."""
    found = [text[:1]] if text else []
    for before, after in pairwise(text):
        if _may_break(before, after):
            found.append(after)
        else:
            found[-1] += after
    return tuple(found)


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NO_START or before in _NO_END or (before.isdigit() and after in _UNITS):
        return False
    if before == " ":
        return True
    # A compound may be divided after its hyphen or slash.
    return bool(_WIDE.match(before) or _WIDE.match(after)) or (before in "-/" and after.isalpha())


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Return ``text`` in lines of at most ``width``, each as full as can be; a piece that is wider is divided."""
    return _stripped(_filled(pieces(text), width, measure))


def _stripped(lines: list[str]) -> list[str]:
    return [line.rstrip() for line in lines if line.strip()]


def _filled(parts: Sequence[str], width: float, measure: Measure) -> list[str]:
    """Return the lines with the spaces at their ends: joined, they are the text."""
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
    """Return as much of the beginning of ``text`` as ``width`` holds, at least a character."""
    end = 1
    while end < len(text) and measure(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def balanced(text: str, width: float, measure: Measure) -> list[str]:
    """Return ``text`` in as few lines as `wrap` needs, but of about one length, and ended at a pause if possible."""
    least = wrap(text, width, measure)
    if len(least) < 2:
        return least
    parts: Sequence[str] = phrases(text)
    if widest(parts, measure) > width or len(_filled(parts, width, measure)) > len(least):
        parts = pieces(text)
    # No narrower than the widest part: it is not divided for the sake of balance.
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
    """Return ``text`` in parts that end at a pause: a mark, or a space. Chinese words are not divided between them."""
    found = [""]
    for piece in pieces(text):
        if found[-1].endswith(_PAUSES):
            found.append("")
        found[-1] += piece
    return tuple(found)


def widest(parts: Sequence[str], measure: Measure) -> float:
    """Return the width of the widest of ``parts``."""
    return max((measure(part.rstrip()) for part in parts), default=0)


def fit(text: str, width: int, steps: tuple[tuple[int, int], ...], measure: Measure, latin: bool = False) -> Fitted:
    """Return ``text`` in the largest type in which it fits.

    Args:
        text: What is to be set.
        width: Width of the lines in pixels.
        steps: (size in pixels, number of lines allowed), the one that is liked best first.
        measure: Width of a text in thousandths of the size.
        latin: Whether the ellipsis at the end of what does not fit is that of Latin.
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
    """Return the beginning of ``text`` with an ellipsis that no mark stands before, within ``width``."""
    sign = _ELLIPSIS[latin]
    kept = text
    while kept and measure(kept + sign) > width:
        # English ends at a word, Chinese at a character.
        shorter = "".join(pieces(kept)[:-1])
        kept = shorter if shorter else kept[:-1]
    return kept.rstrip(" " + "".join(_NO_START | _NO_END)) + sign
