"""How much room words take, estimated without a font: what stands in a drawing must never run out of it."""

import re
import unicodedata

#: Font size of labels and of small print, in units of a drawing (see ``figures.css``).
TEXT, SMALL = 14.0, 12.0
#: Height of a line of labels.
LEADING = 18.0

# Chinese breaks between any two characters, but no closing mark begins a line; Latin breaks at spaces.
_PIECES = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef][\u3001\u3002\uff0c\uff1a\uff1b\uff09\u201d\u300b]*\s*")


def width(text: str) -> float:
    """Return the estimated width of ``text`` in ems; wider rather than narrower."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF" or character in "\u201c\u201d\u2014\u2026\u00b7":
        return 1.0
    return 0.8 if character.isupper() or character in "mw%" else 0.36 if character in "iljtfr .,:;'|" else 0.63


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
