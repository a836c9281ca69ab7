r"""Normal form of text for the comparison of names, with a map back to the positions in the source.

Used everywhere that a withdrawn name is searched: in records, when redacting, and in all files before a release, so
that all of them find the same.

Folded are: width and compatibility forms (NFKD), case, accents, radicals that stand for characters (from PDF files),
traditional and variant characters, Cyrillic and Greek letters that look Latin. Separators between the letters of a name
become spaces: white space, dots, hyphens, brackets, quotation marks. Invisible characters are dropped: format
characters, variation selectors, combining marks, Markdown syntax, tags, link targets. Encoded characters are decoded:
references (``&#x5C71;``), percent encoding, ``\u5c71``, Punycode in host names.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote_to_bytes

from haopin.transcription import simplified_form

#: Separator of unrelated texts; no name matches across it.
BARRIER = "\0"

#: Radicals without a compatibility form in Unicode, each followed by its character (EquivalentUnifiedIdeograph).
_RADICALS = (
    "⺁厂⺄乙⺇几⺈刀⺊卜⺌小⺍小⺒巳⺓幺⺗心⺜日⺝月⺟母⺠民⺧牛⺩王⺪疋⺫目⺬示⺮竹⺳网⺴网⺵网⺶羊⺷羊⺻聿⺼肉⺽臼⻁虎⻄西⻅见⻆角⻇角⻉贝⻊足⻋车"
    "⻏邑⻑長⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻱龟⻲龟⻳龟"
)
#: Lower-case letters of other scripts that look like a Latin letter in either case; and circles that stand for zero.
_LOOKALIKES = str.maketrans(
    "авекмнорстухѕіјһԁԛԝαβεζηικμνορτυχ○◯零",
    "abekmhopctyxsijhdqwabezhikmnoptyx〇〇〇",
)
_VANISHING = frozenset("*`~\\[]")
#: Separators that people type within names, besides hyphens, brackets, quotation marks and white space.
_GAPS = frozenset(".\u00b7\u2022\u2027\u2219\u22c5\u30fb\u25cf\u2e31\u2e33\u318d\u2043\u2212\"'`\u00b4\uff02+_")
_GAP_CATEGORIES = ("Ps", "Pe", "Pi", "Pf", "Pd", "Pc", "Zs", "Zl", "Zp")
_UNSEEN_CATEGORIES = ("Cf", "Cc", "Cs", "Cn", "Co", "Mn", "Me")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")

#: Number of rounds in which nested encodings are decoded.
_ROUNDS = 4
# Begins with the characters that may begin an encoding, so that a search leaps to these.
_CODED = re.compile(
    r"[&%\\xX](?:(?<=&)(?:#[xX][0-9a-fA-F]{1,6};?|#[0-9]{1,7};?|[a-zA-Z][a-zA-Z0-9]{1,31};)"
    r"|(?<=%)[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2})*|(?<=\\)[uU][0-9a-fA-F]{4}|(?<!\w[xX])(?<=[xX])[nN]--[a-zA-Z0-9-]+)"
)
#: Target of a Markdown link after its text; parentheses may be nested once.
DESTINATION = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]\n]*\]")
_TAG = re.compile(r"<!--.*?-->|</?[a-z!?][^<>]*>", re.I | re.S)
_CODE_MARKS = ("&", "%", "\\u", "xn--", "XN--")
# What markup or an encoding needs.
_READ_OTHERWISE = re.compile(r"[&%<\]]|\\u|xn--|XN--")


@dataclass(frozen=True)
class Folded:
    """A folded text, with the start and end of each character in the source."""

    text: str
    places: Sequence[tuple[int, int]]


class _Table(dict[int, str]):
    """Cache: character → folded characters."""

    def __missing__(self, code: int) -> str:
        if code == 0:
            return self.setdefault(code, BARRIER)
        form = "".join(_one(char) for char in unicodedata.normalize("NFKD", chr(code)))
        return self.setdefault(code, form)


def _one(char: str) -> str:
    if char.isspace() or char in _GAPS:
        return " "
    if char in _VANISHING or char in _FILLERS:
        return ""
    category = unicodedata.category(char)
    if category in _GAP_CATEGORIES:
        return " "
    if category in _UNSEEN_CATEGORIES:
        return ""
    return simplified_form(_radicals().get(char, char)).casefold().translate(_LOOKALIKES)


@cache
def _radicals() -> dict[str, str]:
    return dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the folded ``text``. Separators become spaces; encodings and markup are not interpreted."""
    return text.translate(_TABLE)


def unseen_removed(text: str) -> str:
    """Remove invisible characters: format characters, variation selectors, combining marks."""
    return text if text.isascii() else "".join(filter(_is_seen, text))


@cache
def _is_seen(char: str) -> bool:
    return char.isspace() or char == BARRIER or unicodedata.category(char) not in _UNSEEN_CATEGORIES


def is_read_as_it_is(text: str) -> bool:
    """Return whether ``text`` has neither markup nor an encoding. Most texts have none."""
    return not _READ_OTHERWISE.search(text)


def forms(text: str) -> Iterator[str]:
    """Yield the folded ``text`` as a reader sees it, and if different, with the markup as text."""
    if is_read_as_it_is(text):
        yield fold(text)
        return
    plain = decoded(text)
    seen = decoded(text, markup=True)
    yield fold(seen)
    if seen != plain:
        yield fold(plain)


def forms_with_places(text: str) -> Iterator[Folded]:
    """Yield the same forms with the positions of their characters in ``text``."""
    for markup in (True, False):
        chars, places = text, [(index, index + 1) for index in range(len(text))]
        for _ in range(_ROUNDS):
            fresh, where, last = [], [], 0
            for start, end, plain in _readings(chars, markup):
                if start < last:
                    continue
                span = places[start][0], places[end - 1][1]
                fresh += [chars[last:start], plain]
                where += [*places[last:start], *[span] * len(plain)]
                last = end
            if last == 0:
                break
            chars, places = "".join(fresh) + chars[last:], where + places[last:]
        letters = [_TABLE[ord(char)] for char in chars]
        found = [place for form, place in zip(letters, places, strict=True) for _ in form]
        yield Folded("".join(letters), found)


def decoded(text: str, *, markup: bool = False) -> str:
    """Decode the encodings in ``text``; with ``markup``, also remove tags and link targets."""
    for _ in range(_ROUNDS):
        pieces, last = [], 0
        for start, end, plain in _readings(text, markup):
            if start >= last:
                pieces += [text[last:start], plain]
                last = end
        if last == 0:
            break
        text = "".join(pieces) + text[last:]
    return text


def _readings(text: str, markup: bool) -> Iterator[tuple[int, int, str]]:
    """Yield replacements (start, end, text), in order."""
    found: list[tuple[int, int, str]] = []
    if any(mark in text for mark in _CODE_MARKS):
        found += [
            (m.start(), m.end(), plain) for m in _CODED.finditer(text) if (plain := _plain(m.group())) is not None
        ]
    if markup and "<" in text:
        found += [(m.start(), m.end(), "") for m in _TAG.finditer(text)]
    if markup and "]" in text:
        found += [(m.start(), m.end(), "") for m in DESTINATION.finditer(text)]
    # Replacements within a tag or a link target belong to it: longer ones first.
    yield from sorted(found, key=lambda item: (item[0], -item[1]))


def _plain(code: str) -> str | None:
    """Decode an encoded piece; None if it is not an encoding."""
    if code[0] == "%":
        raw = unquote_to_bytes(code)
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return None
    if code[0] == "\\":
        return chr(int(code[2:], 16))
    if code[0] == "&":
        plain = html.unescape(code)
        return None if plain == code else plain
    try:
        return code[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return None
