"""Input of the checks before a release: the finished site, each page read by html5lib; and their findings."""

import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import html5lib

from haopin.csp import forbidden
from haopin.privacy.file_text import FileText, text_of
from haopin.privacy.folding import BARRIER
from haopin.text import fullwidth

#: Elements that load what they name. A link does so by its ``rel``.
_LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed", "object", "track", "use", "image", "input"}
_LOADING_RELS = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "prefetch"}
_NAMES = ("href", "src", "data", "poster", "srcset", "action", "{http://www.w3.org/1999/xlink}href")
#: Elements within a line: what stands before and after them belongs together.
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tspan", "u"),
    *("var", "wbr"),
}
_MACHINE_ATTRIBUTES = {
    *("class", "rel", "type", "role", "charset", "media", "http-equiv", "lang", "dir", "method", "target", "width"),
    *("height", "loading", "decoding", "sizes", "d", "viewBox", "points", "transform"),
}
#: Endings of files that are read as text.
TEXTS = (".html", ".json", ".jsonld", ".csv", ".ics", ".xml", ".txt", ".js", ".css", ".svg", ".md")


@dataclass(frozen=True)
class FinishedPage:
    """What a page says.

    Attributes:
        name: Path of the file below the site.
        language: Its ``lang``.
        ids: Anchors.
        links: Addresses that lead somewhere.
        loaded: Addresses that are loaded with it.
        words: Its text, without markup; blocks apart by `BARRIER`, over which no name or number goes.
        attributes: Values of attributes that readers, or programs for them, meet: words, addresses.
        errors: What is no HTML: line, column and name of the error.
        unsafe: Elements and attributes that no page may have, from `haopin.csp.forbidden`.
        forms: Addresses to which forms are sent.
        robots: What it says to search engines.
    """

    name: str
    language: str
    ids: frozenset[str]
    links: tuple[str, ...]
    loaded: tuple[str, ...]
    words: str
    attributes: tuple[str, ...]
    errors: tuple[str, ...]
    unsafe: tuple[str, ...]
    forms: tuple[str, ...]
    robots: str


def page_of(name: str, source: str) -> FinishedPage:
    """Return what ``source``, the text of the file ``name``, says."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(source)
    errors = tuple(f"{line}:{column}: {error}" for (line, column), error, _ in parser.errors)
    ids: set[str] = set()
    links: list[str] = []
    loaded: list[str] = []
    forms: list[str] = []
    robots = ""
    for element in root.iter():
        # Comments have functions for tags.
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2]
        rels = set(element.get("rel", "").split())
        for key, value in element.attrib.items():
            if key == "id":
                ids.add(value)
            elif key == "formaction" or (tag == "form" and key == "action"):
                forms.append(value)
            if key in _NAMES:
                (loaded if tag in _LOADING or rels & _LOADING_RELS else links).append(value)
        if tag == "meta" and element.get("name") == "robots":
            robots = element.get("content", "")
    pieces: list[str] = []
    _collect(root, pieces)
    words = " ".join("".join(pieces).split())
    attributes = (
        value
        for element in root.iter()
        if isinstance(element.tag, str)
        for key, value in element.attrib.items()
        if key not in _MACHINE_ATTRIBUTES
    )
    return FinishedPage(
        name,
        root.get("lang", ""),
        frozenset(ids),
        tuple(dict.fromkeys(links)),
        tuple(dict.fromkeys(loaded)),
        words,
        tuple(dict.fromkeys(attributes)),
        errors,
        tuple(dict.fromkeys(forbidden(root))),
        tuple(dict.fromkeys(forms)),
        robots,
    )


def _collect(element: Any, words: list[str]) -> None:
    """Add the texts below ``element`` to ``words``, comments too."""
    inline = not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in _INLINE
    if not inline:
        words.append(BARRIER)
    words.append(element.text or "")
    for child in element:
        _collect(child, words)
        words.append(child.tail or "")
    if not inline:
        words.append(BARRIER)


@dataclass(frozen=True)
class FinishedSite:
    """The files of a finished site.

    Attributes:
        folder: Where they are.
        files: Path of every file.
        pages: The pages, by path.
    """

    folder: Path
    files: frozenset[str]
    pages: Mapping[str, FinishedPage]

    def text(self, name: str) -> str:
        """Return the text of a file."""
        return (self.folder / name).read_text(encoding="utf-8", errors="replace")

    def said(self, name: str) -> FileText:
        """Return the words of a file of any kind, without markup."""
        if name in self.pages:
            return FileText(self.pages[name].words)
        return FileText(self.text(name)) if name.endswith(TEXTS) else text_of(self.folder / name)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Files that are text, sorted."""
        return tuple(sorted(name for name in self.files if name.endswith(TEXTS)))


def read(folder: Path) -> FinishedSite:
    """Read the finished site in ``folder``.

    Raises:
        OSError: if a file cannot be read.
    """
    files = frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    names = sorted(name for name in files if name.endswith(".html"))
    sources = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in names]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        pages = pool.map(page_of, names, sources, chunksize=8)
        return FinishedSite(folder, files, dict(zip(names, pages, strict=True)))


# --- What the data expects of the site, and what a check finds


@dataclass(frozen=True)
class GateFinding:
    """One thing that keeps a site from being published: in which file, what, in both languages."""

    file: str
    zh: str
    en: str


def finding(file: str, zh: str, en: str, **values: object) -> GateFinding:
    """Make a finding from two templates; only the Chinese one gets full-width punctuation, not what is filled in."""
    return GateFinding(file, fullwidth(zh).format(**values), en.format(**values))


@dataclass(frozen=True)
class Expected:
    """What the data says that the files of the site must agree with.

    Attributes:
        address: Public address of the site, ending in ``/``.
        languages: Tag of the language by its folder, ``""`` or ending in ``/``; the first is the site's own.
        cards: Folders of cards for other pages, below the root.
        withheld: Kind and id of each record that is not public, and why.
        names: Names that were withdrawn: they may stand nowhere.
        kept: Longer names of others that contain one of them, and may.
        seen: Paths of evidence that no program can read and that a person has looked at.
        numbers: What looks like a number of a person and may be public, without gaps.
    """

    address: str
    languages: Mapping[str, str]
    cards: tuple[str, ...]
    withheld: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
