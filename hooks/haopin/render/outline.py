"""What a finished page holds: headings, anchors, links and the text to be searched.

The HTML comes from our own templates (lower-case tags, double quotes, escaped values), so one pass of regular
expressions reads it exactly; `tests/test_outline.py` holds it to what html5lib reads in every built page.
"""

import html
import re
from dataclasses import dataclass

_ANCHOR = re.compile(r'<[a-z][^>]*?\sid="([^"]+)"')
_LINK = re.compile(r'<[a-z][^>]*?\s(?:href|src)="([^"]*)"')
_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_SILENT = re.compile(r"<(svg|nav|script)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Heading:
    """A heading with an anchor.

    Attributes:
        level: 1–6.
        id: Its anchor.
        title: Its text, unescaped.
    """

    level: int
    id: str
    title: str


@dataclass(frozen=True)
class Passage:
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


def plain(fragment: str) -> str:
    """Return the text of an HTML fragment, white space folded."""
    return " ".join(html.unescape(_TAG.sub(" ", fragment)).split())


def outline(content: str) -> Outline:
    """Read the outline of a page's HTML ``content``."""
    silent = _SILENT.sub(" ", content)
    headings, passages = [], []
    anchor = title = ""
    start = 0
    for match in _HEADING.finditer(silent):
        found = _ID.search(match[2])
        name = plain(match[3])
        if match[1] != "1" and found is None:
            continue
        passages.append(Passage(anchor, title, plain(silent[start : match.start()])))
        anchor, title, start = found[1] if found and match[1] != "1" else "", name, match.end()
        if found and match[1] != "1":
            headings.append(Heading(int(match[1]), html.unescape(found[1]), name))
    passages.append(Passage(anchor, title, plain(silent[start:])))
    return Outline(
        tuple(headings),
        frozenset(map(html.unescape, _ANCHOR.findall(content))),
        tuple(map(html.unescape, _LINK.findall(content))),
        tuple(p for p in passages if p.title or p.text),
    )
