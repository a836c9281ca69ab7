"""What a finished page holds: headings, anchors, links and the text to be searched.

The HTML comes from our own templates: lower-case tags, one space before an attribute, double quotes around values and
nowhere else. So string search reads it exactly; tests hold it to what html5lib reads in every built page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_SILENT = re.compile(r"<(svg|nav|script|form|template)\b.*?</\1>|<p class=\"hp-notice .*?</p>", re.DOTALL)
#: What stands beside a name and is no part of it: badges, counts.
_BESIDE = re.compile(r'<span class="hp-(?:badge|count)[^"]*">[^<]*</span>')
_TAG = re.compile(r"<[^>]+>")
# A term is linked inside a word of Chinese, as it were: the link must not set it apart from its neighbours.
_TERM = re.compile(r'<a class="hp-term"[^>]*>([^<]*)</a>')
# Chinese sets no blank beside a full-width mark, where a tag stood.
_BESIDE_MARK = re.compile("(?<=[\uff0c\u3002\uff1b\uff1a\u3001\uff08]) | (?=[\uff0c\u3002\uff1b\uff1a\u3001\uff09])")
# Stands between stretches of text while all tags are taken out at once; no text can contain it.
_GAP = "\0"


class Heading(NamedTuple):
    """A heading with an anchor.

    A named tuple, as pages have dozens: a frozen dataclass takes three times as long to make.

    Attributes:
        level: 1–6.
        id: Its anchor.
        title: Its text, unescaped.
    """

    level: int
    id: str
    title: str


class Passage(NamedTuple):
    """A stretch of a page under one heading, as search sees it."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Outline:
    """Headings (level 1 aside), anchors, link addresses and passages of one page."""

    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    links: tuple[str, ...]
    passages: tuple[Passage, ...]


def _values(content: str, attribute: str) -> Iterator[str]:
    for part in content.split(f' {attribute}="')[1:]:
        value = part[: part.index('"')]
        yield html.unescape(value) if "&" in value else value


def plain(fragment: str) -> str:
    """Return the text of an HTML fragment, white space folded."""
    text = _TAG.sub(" ", fragment)
    return " ".join((html.unescape(text) if "&" in text else text).split())


def outline(content: str) -> Outline:
    """Read the outline of a page's HTML ``content``."""
    # text, (level, attributes, heading, text)*
    pieces = _HEADING.split(_SILENT.sub(" ", _TERM.sub(r"\1", content)))
    pieces[3::4] = [_BESIDE.sub("", title) if "<span" in title else title for title in pieces[3::4]]
    # One pass over all text instead of one for each of a page's many stretches.
    bare = _TAG.sub(" ", _GAP.join([pieces[0], *(p for i, p in enumerate(pieces) if i and i % 4 in (3, 0))]))
    folded = (" ".join(text.split()) for text in (html.unescape(bare) if "&" in bare else bare).split(_GAP))
    words = [_BESIDE_MARK.sub("", text) for text in folded]
    headings, passages = [], []
    if words[0]:
        passages.append(Passage("", "", words[0]))
    for level, attributes, title, text in zip(pieces[1::4], pieces[2::4], words[1::2], words[2::2], strict=True):
        found = _ID.search(attributes) if level != "1" else None
        if level != "1" and not found:
            # Without an anchor nothing can lead here: the heading and its text belong to the passage before.
            last = passages.pop() if passages else Passage("", "", "")
            passages.append(
                Passage(last.anchor, last.title, _BESIDE_MARK.sub("", f"{last.text} {title} {text}".strip()))
            )
            continue
        anchor = html.unescape(found[1]) if found else ""
        if anchor:
            headings.append(Heading(int(level), anchor, title))
        passages.append(Passage(anchor, title, text))
    return Outline(
        tuple(headings),
        frozenset(_values(content, "id")),
        (*_values(content, "href"), *_values(content, "src")),
        tuple(passages),
    )
