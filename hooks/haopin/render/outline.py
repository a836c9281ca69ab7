"""What a finished page holds: headings, anchors, links and the text to be searched.

The HTML comes from our own templates: lower-case tags, one space before an attribute, double quotes around values and
nowhere else. So string search reads it exactly; tests hold it to what html5lib reads in every built page.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

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
        frozenset(_values(content, "id")),
        (*_values(content, "href"), *_values(content, "src")),
        tuple(p for p in passages if p.title or p.text),
    )
