"""Text as people type and paste it: encodings, invisible characters, forms of numbers."""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from haopin.problem import Place, Problem, mark_at, problem

# --- Encodings


def decoded(raw: bytes, errors: str = "strict") -> str:
    """Decode a file from another program: UTF-16 with BOM, UTF-8, or else GB 18030.

    Raises:
        UnicodeDecodeError: if it has none of these encodings, and ``errors`` is ``strict``.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors)


# --- Invisible and control characters, which are not allowed in pages

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
#: Control characters except tab and line feed; YAML and XML do not allow them.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
# Format characters, variation selectors, fillers, and noncharacters (list from html5lib). Allowed are the emoji
# variation selector and the joiner within emoji.
_NEVER = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a"
    f"\U000e0000-\U000e0fff{_NONCHARACTERS}"
)
_UNSEEN = re.compile(
    f"[{_NEVER}]"
    "|(?<![0-9#*\xa9\xae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
    "|(?<![\ufe0f\U0001f000-\U0001faff])\u200d"
)
# Few texts have any of these; a regular expression with few ranges above U+FFFF is twenty times as fast.
_HIGH = "\U0001d173-\U0010ffff"
_SUSPECT = re.compile(f"[{re.sub(f'[{_HIGH}](?:-[{_HIGH}])?', '', _NEVER)}\ufe0e\ufe0f\u200d{_HIGH}]")
# YAML escapes and HTML references, which may produce such characters.
_WRITTEN_OTHERWISE = re.compile(r"\\[0abvferNLPxuU]|&(?:#|[A-Za-z])")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_AROUND = 4


def may_have_unseen(text: str) -> bool:
    """Return whether values in the YAML ``text`` may contain invisible characters (fast, with false positives)."""
    return _SUSPECT.search(text) is not None or _WRITTEN_OTHERWISE.search(text) is not None


def unseen(text: str) -> Iterator[tuple[int, int]]:
    """Yield (position, code point) of each invisible character in ``text``, literal or as an HTML reference."""
    if _SUSPECT.search(text):
        for match in _UNSEEN.finditer(text):
            yield match.start(), ord(match.group())
    if "&" in text:
        for match in _REFERENCE.finditer(text):
            written = match.group()
            number = int(written[3:-1], 16) if written[2] in "xX" else int(written[2:-1]) if written[1] == "#" else None
            # Browsers replace some code points, but they are HTML errors all the same.
            char = unescape(written) if number is None else chr(min(number, 0x10FFFF))
            if len(char) == 1 and _UNSEEN.match(char):
                yield match.start(), ord(char)


def cleaned(text: str) -> str:
    """Remove invisible characters from ``text``, as for cells and answers."""
    return _UNSEEN.sub("", text) if _SUSPECT.search(text) else text


def control(text: str, file: str) -> Problem | None:
    """Return the problem of the first control character in ``text``, the content of ``file``; None if there is none."""
    for at, _ in unseen(text):
        return unseen_at(Place(file, mark=mark_at(text, at)), text)
    return None


def unseen_at(place: Place, text: str) -> Problem:
    """Return the problem at ``place`` of the first invisible character of ``text``, which must have one."""
    at, code = next(unseen(text))
    if CONTROL.match(chr(code)):
        return problem(
            place,
            "含有不可见的控制字符(U+{code:04X}),请删除",
            "contains the control character U+{code:04X}; delete it",
            code=code,
        )
    shown = cleaned(text[max(0, at - 3 * _AROUND) : at])[-_AROUND:], cleaned(text[at + 1 : at + 3 * _AROUND])[:_AROUND]
    return problem(
        place,
        "“{before}”与“{after}”之间有看不见的字符(U+{code:04X}),多是从微信、网页、PDF 复制来的;请删去这几个字,重新输入",
        "an invisible character (U+{code:04X}) is between “{before}” and “{after}”, as in text copied from "
        "chats, web pages or PDF files; delete these words and type them again",
        code=code,
        before=" ".join(shown[0].split()),
        after=" ".join(shown[1].split()),
    )


# --- Numbers: unambiguous forms are accepted, no other is guessed

# Commas must separate groups of three digits, because 1,5 may be 1.5 or 15.
_NUMBER = re.compile(r"(-?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]{1,9})?) ?(%?)")
_MINUS = str.maketrans("−", "-")


class Typed(NamedTuple):
    """A parsed number as written in data (``-1250.5``), and whether a percent sign follows."""

    number: str
    is_percent: bool


def typed_number(words: str) -> Typed | None:
    """Parse ``words``, half-width or full-width, as a number; None if invalid or ambiguous."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", words).translate(_MINUS).strip())
    return Typed(match[1].replace(",", ""), bool(match[2])) if match else None
