"""How much room words take, estimated without a font: what stands in a drawing must never run out of it."""

import re
import unicodedata

#: Font size of labels and of small print, in units of a drawing (see ``figures.css``).
TEXT, SMALL = 14.0, 13.0
#: Bold letters are wider: a bold label takes as much room as letters of this size.
STRONG = 16.1
#: Height of a line of labels.
LEADING = 18.0

# Chinese breaks between any two characters, but no closing mark begins a line and no opening one ends it; Latin breaks
# at spaces.
_OPEN = "\u2018\u201c\u3008\u300a\u300c\u300e\u3010\u3014\uff08"
_CLOSE = "\u2019\u201d\u2026\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff1a\uff1b\uff1f"
_CHINESE = "\u2e80-\uffef"
_PIECES = re.compile(rf"[{_OPEN}]*(?:[^\s{_CHINESE}{_OPEN}]+|(?![{_OPEN}])[{_CHINESE}])[{_CLOSE}]*\s*|[{_OPEN}]+\s*")


def width(text: str) -> float:
    """Return the estimated width of ``text`` in ems; wider rather than narrower."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF" or character in "\u201c\u201d\u2014\u2026\u00b7":
        return 1.0
    if character in "mMW%":
        return 0.97
    if character.isupper() or character in "w+<>=\u2264\u2265":
        return 0.84
    return 0.4 if character in "iljtfr .,:;'|" else 0.63


def wrapped(text: str, ems: float, lines: int) -> list[str]:
    """Return ``text`` as at most ``lines`` lines, none wider than ``ems``; an ellipsis stands for what is left out."""
    found = [""]
    for piece in _PIECES.findall(text):
        if found[-1] and width(found[-1] + piece.rstrip()) > ems:
            found.append("")
        found[-1] += piece
    found = [line.rstrip() for line in found]
    if len(found) <= lines and all(width(line) <= ems for line in found):
        return found
    # Too many lines, or a word that is wider than a line.
    kept = found[:lines]
    rest = len(found) > lines
    for index, line in enumerate(kept):
        last = index == len(kept) - 1
        if width(line) > ems or (last and rest):
            kept[index] = _cut(line, ems)
    return kept


def _cut(line: str, ems: float) -> str:
    while line and width(line) + 1 > ems:
        line = line[:-1]
    return line.rstrip() + "\u2026"
