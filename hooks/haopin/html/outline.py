"""Outline of a finished page: headings, anchors, links and searchable text.

The HTML comes from our own templates: lower-case tags, one space before an attribute, double quotes around values only.
So string search is exact; tests compare it with html5lib on every built page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
# What is no text of the page: drawings, menus, notices, sizes of files. From one "<" to the next, which takes a third
# of the time of ".*?".
_SILENT = re.compile(
    r"<(svg|nav|script|form|template)\b[^<]*(?:<(?!/\1>)[^<]*)*</\1>|"
    r"<p class=\"hp-notice [^<]*(?:<(?!/p>)[^<]*)*</p>|<span class=\"hp-size [^<]*</span>"
)
#: Additions to a name that are not part of it: badges, counts.
_BESIDE = re.compile(r'<span class="hp-(?:badge|count)[^"]*">[^<]*</span>')
_TAG = re.compile(r"<[^>]+>")
#: Characters of a block, at least.
_BLOCK = 1 << 18
# Links to the glossary, and marks of what must not break, are removed without a space, as they may be within a
# Chinese word or sentence.
_WITHIN = re.compile(r'<(a|span) class="hp-(?:term|whole)"[^>]*>([^<]*)</\1>')
# Chinese has no space beside a full-width mark, where a tag was removed.
# A literal first, which is found fastest.
_MARKS = "\uff0c\u3002\uff1b\uff1a\u3001"
_BESIDE_MARK = re.compile(f" (?:(?<=[{_MARKS}\uff08] )|(?=[{_MARKS}\uff09]))")
# Separator of texts while all tags are removed at once; it cannot occur in a text.
_GAP = "\0"


class Heading(NamedTuple):
    """A heading with an anchor.

    A named tuple, because pages have dozens, and creating a frozen dataclass takes three times as long.

    Attributes:
        level: 1–6.
        id: Its anchor.
        title: Its text, unescaped.
    """

    level: int
    id: str
    title: str


class Passage(NamedTuple):
    """The text of a page under one heading, for the search index."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Outline:
    """Headings (except level 1), anchors, link addresses and passages of one page."""

    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    links: tuple[str, ...]
    passages: tuple[Passage, ...]


def _values(content: str, attribute: str) -> Iterator[str]:
    for found in re.finditer(f' {attribute}="([^"]*)"', content):
        yield html.unescape(found[1]) if "&" in found[1] else found[1]


def plain(fragment: str) -> str:
    """Return the text of an HTML fragment with normalized white space."""
    text = _TAG.sub(" ", fragment)
    return _folded(html.unescape(text) if "&" in text else text)


def _folded(text: str) -> str:
    """Return ``text`` with normalized white space."""
    words = (" ".join(block.split()) for block in _blocks(text, " "))
    return " ".join(filter(None, words))


def _blocks(text: str, start: str) -> Iterator[str]:
    """Yield ``text`` in blocks that begin with ``start``.

    The list of a province has 50 MB; its words, or texts without tags, would take ten times as much all at once.
    """
    at = 0
    while at < len(text):
        end = text.find(start, at + _BLOCK)
        end = len(text) if end < 0 else end
        yield text[at:end]
        at = end


def outline(content: str) -> Outline:
    """Read the outline of a page's HTML ``content``."""
    # text, (level, attributes, heading, text)*
    within = "hp-term" in content or "hp-whole" in content
    pieces = _HEADING.split(_SILENT.sub(" ", _WITHIN.sub(r"\2", content) if within else content))
    pieces[3::4] = [_BESIDE.sub("", title) if "<span" in title else title for title in pieces[3::4]]
    # One pass over all text instead of one for each passage.
    joined = _GAP.join([pieces[0], *(p for i, p in enumerate(pieces) if i and i % 4 in (3, 0))])
    levels, attributes_of = pieces[1::4], pieces[2::4]
    # Copies of the text are kept no longer than they are needed.
    del pieces
    bare = "".join(_TAG.sub(" ", block) for block in _blocks(joined, "<"))
    del joined
    texts_of = (html.unescape(bare) if "&" in bare else bare).split(_GAP)
    del bare
    words = [text if text.isascii() else _BESIDE_MARK.sub("", text) for text in map(_folded, texts_of)]
    del texts_of
    headings: list[Heading] = []
    # Anchor, title and texts of each passage.
    passages: list[tuple[str, str, list[str]]] = [("", "", [words[0]])] if words[0] else []
    for level, attributes, title, text in zip(levels, attributes_of, words[1::2], words[2::2], strict=True):
        found = _ID.search(attributes) if level != "1" else None
        if level != "1" and not found:
            # A heading without an anchor cannot be linked to: it and its text belong to the previous passage.
            if not passages:
                passages.append(("", "", []))
            passages[-1][2].extend((title, text))
            continue
        anchor = html.unescape(found[1]) if found else ""
        if anchor:
            headings.append(Heading(int(level), anchor, title))
        passages.append((anchor, title, [text]))
    return Outline(
        tuple(headings),
        frozenset(_values(content, "id")),
        (*_values(content, "href"), *_values(content, "src")),
        tuple(Passage(anchor, title, _together(texts)) for anchor, title, texts in passages),
    )


def _together(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else _BESIDE_MARK.sub("", " ".join(filter(None, texts)))
