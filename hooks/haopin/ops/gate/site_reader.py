"""Input of the pre-release checks: the finished site, its pages parsed by html5lib; and the type of a finding."""

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
from haopin.privacy.file_text import READABLE, FileText, text_of
from haopin.privacy.folding import BARRIER
from haopin.text import fullwidth

#: Elements that load the address they name; ``link`` does so depending on its ``rel``.
_LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed", "object", "track", "use", "image", "input"}
_LOADING_RELS = {"stylesheet", "icon", "apple-touch-icon", "manifest", "preload", "modulepreload", "prefetch"}
_NAMES = ("href", "src", "data", "poster", "srcset", "action", "{http://www.w3.org/1999/xlink}href")
#: Inline elements: the text before and after them belongs together.
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tspan", "u"),
    *("var", "wbr"),
}
_MACHINE_ATTRIBUTES = {
    *("class", "rel", "type", "role", "charset", "media", "http-equiv", "lang", "dir", "method", "target", "width"),
    *("height", "loading", "decoding", "sizes", "d", "viewBox", "points", "transform"),
}
#: Suffixes of files that are read as text.
TEXTS = (".html", ".json", ".jsonld", ".csv", ".ics", ".xml", ".txt", ".js", ".css", ".svg", ".md")


@dataclass(frozen=True)
class FinishedPage:
    """Parsed content of a page.

    Attributes:
        name: Path of the file below the site.
        language: Value of ``lang``.
        ids: All ``id`` attributes.
        links: Addresses of links.
        loaded: Addresses that a browser loads with the page.
        words: Text without markup; blocks are separated by `BARRIER`, so that no name or number matches across them.
        attributes: Values of attributes that contain text or addresses.
        errors: HTML errors: line, column and name.
        unsafe: Forbidden elements and attributes, from `haopin.csp.forbidden`.
        forms: Target addresses of forms.
        robots: Content of the robots meta tag.
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
    """Parse ``source``, the HTML of the file ``name``."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root = parser.parse(source)
    errors = tuple(f"{line}:{column}: {error}" for (line, column), error, _ in parser.errors)
    ids: set[str] = set()
    links: list[str] = []
    loaded: list[str] = []
    forms: list[str] = []
    robots = ""
    for element in root.iter():
        # The tag of a comment is a function.
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
                # Each size of a picture is an address, with its width behind it.
                sizes = [each.split()[0] for each in value.split(",") if each.strip()] if key == "srcset" else [value]
                (loaded if tag in _LOADING or rels & _LOADING_RELS else links).extend(sizes)
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
    """Append the text below ``element`` to ``words``, including comments."""
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
        folder: Folder of the site.
        files: Path of every file, relative to the folder.
        pages: Parsed pages by path.
        contents: Texts of files that take time to be read, by path: those of office programs, PDF files and pictures.
    """

    folder: Path
    files: frozenset[str]
    pages: Mapping[str, FinishedPage]
    contents: Mapping[str, FileText] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the content of a text file."""
        return (self.folder / name).read_text(encoding="utf-8", errors="replace")

    def content(self, name: str) -> FileText:
        """Return the text of a file of any type, without markup."""
        if name in self.pages:
            return FileText(self.pages[name].words)
        if name in self.contents:
            return self.contents[name]
        return FileText(self.text(name)) if name.endswith(TEXTS) else text_of(self.folder / name)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Paths of the text files, sorted."""
        return tuple(sorted(name for name in self.files if name.endswith(TEXTS)))


def read(folder: Path) -> FinishedSite:
    """Read and parse the finished site in ``folder``, on all processors.

    Raises:
        OSError: if a file cannot be read.
    """
    files = frozenset(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    names = sorted(name for name in files if name.endswith(".html"))
    sources = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in names]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        pages = pool.map(page_of, names, sources, chunksize=8)
        # Several rules ask for the same texts; a PDF file takes 60 ms.
        others = sorted(name for name in files if name.lower().endswith(READABLE) and not name.endswith(TEXTS))
        contents = pool.map(text_of, [folder / name for name in others], chunksize=8)
        return FinishedSite(
            folder, files, dict(zip(names, pages, strict=True)), dict(zip(others, contents, strict=True))
        )


# --- Expectations of the data, and findings of the checks


@dataclass(frozen=True)
class GateFinding:
    """A reason not to release the site: the file and a message in both languages."""

    file: str
    zh: str
    en: str


def finding(file: str, zh: str, en: str, **values: object) -> GateFinding:
    """Create a finding from two message templates; punctuation of the Chinese template becomes full-width."""
    return GateFinding(file, fullwidth(zh).format(**values), en.format(**values))


@dataclass(frozen=True)
class Expected:
    """Facts derived from the data that the files of the site must agree with.

    Attributes:
        address: Public address of the site, ending in ``/``.
        languages: Language tag by folder, ``""`` or ending in ``/``; the first is the primary language.
        cards: Folders of the embeddable cards, relative to the site.
        withheld: (kind, id) of each record that is not public → reason.
        names: Withdrawn names, which must not appear anywhere.
        kept: Longer names of other parties that contain a withdrawn name and may appear.
        seen: Paths of evidence files without machine-readable text that a person has checked.
        numbers: Numbers that look personal but may be public, without spaces.
    """

    address: str
    languages: Mapping[str, str]
    cards: tuple[str, ...]
    withheld: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
