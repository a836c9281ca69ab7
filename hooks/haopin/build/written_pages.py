"""Written pages (Markdown): list, content and links."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import markdown
import yaml
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from haopin.build.settings import MarkdownExtensions, Settings, read_yaml
from haopin.check import docs
from haopin.check.configuration import (
    configuration_problems,
    file_problems,
    nav_entry,
    nav_problems,
    own_files,
    untested,
)
from haopin.check.links import place_of
from haopin.check.personal import allowed_numbers, numbers_in_text, personal_number_at
from haopin.html import material
from haopin.html.outline import outline
from haopin.html.renderer import Renderer, views_of
from haopin.markdown import make_words, without_styles
from haopin.model import Record
from haopin.privacy.redaction import REDACTED, Names
from haopin.problem import Place
from haopin.text import Language

#: A view of the data, where it stands alone in a paragraph.
SHORT_CODE = re.compile(r"<p>\[\[([a-z_]+)\]\]</p>")
# What is meant as one, in a paragraph of its own.
_LIKE_SHORT_CODE = re.compile(r"<p>\[\[([^\[\]]*)\]\]</p>")
_RAW_ADDRESS = re.compile(r"<(a|img)\b[^>]*?\s(?:href|src)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_RAW_LINK = re.compile(r"(?<=<a)\s+href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
# An icon in a heading is no word of it.
_ICON = re.compile(r":[a-z0-9]+(?:-[a-z0-9]+)+:")
_ID = re.compile(r'\s(?:id|name)="([^"]+)"')
_NAMES = {"a": "href", "img": "src"}


_HEAD = re.compile(r"---[ \t]*\n(.*?\n)(?:\.{3}|---)[ \t]*\n", re.DOTALL)


def split_head(text: str) -> tuple[str, dict[str, Any]]:
    """Return the Markdown of a page, and the fields above it, as MkDocs reads them.

    Fields are YAML between lines of ``---``, or lines ``name: value`` at the very beginning (MultiMarkdown).
    """
    if (head := _HEAD.match(text)) is not None:
        try:
            fields = yaml.safe_load(head[1])
        except yaml.YAMLError:
            return text, {}
        return (text[head.end() :].lstrip("\n"), fields) if isinstance(fields, dict) else (text, {})
    if text.startswith("---"):
        return text, {}
    converter = markdown.Markdown(extensions=["meta"])
    lines = converter.preprocessors["meta"].run(text.split("\n"))
    fields = {name: " ".join(found) for name, found in converter.Meta.items()}  # type: ignore[attr-defined]
    return "\n".join(lines).lstrip("\n"), fields


def _heading(text: str) -> str | None:
    """Return the heading with which ``text`` begins."""
    first = text.lstrip().partition("\n")[0].strip()
    return first.lstrip("# ") if first.startswith("# ") else None


@dataclass(frozen=True)
class WrittenLink:
    """A link or picture of a written page.

    Attributes:
        tag: ``a`` or ``img``.
        address: As it was written.
        raw: Whether it stands in HTML, where an address is meant from the page and not from the Markdown file.
    """

    tag: str
    address: str
    raw: bool


@dataclass(frozen=True)
class Content:
    """What a written page becomes: its links, its anchors, its short codes, and all that is meant as one."""

    links: tuple[WrittenLink, ...]
    anchors: frozenset[str]
    views: tuple[str, ...]
    codes: tuple[str, ...]


class WrittenPage:
    """A page that a person wrote.

    Attributes:
        path: The file.
        name: How messages name it, e.g. ``docs/zh/about.md``.
        source: Path of the file below the folder of its language, e.g. ``about.md``.
        address: Address of the page below the root of its language, ``""`` or ending in ``/``.
        title: Its title: that of the navigation, of the head of the page, or its first heading.
        meta: The head of the page.
    """

    def __init__(self, path: Path, docs: Path, name: str, titles: Mapping[str, str] | None = None) -> None:
        """Read the file ``path`` below the folder ``docs``, which messages call ``name``.

        ``titles`` are those of the navigation, by file.
        """
        self.path = path
        self.source = path.relative_to(docs).as_posix()
        self.name = f"{name}/{self.source}"
        self.text = path.read_text(encoding="utf-8-sig", errors="replace")
        self._body, self.meta = split_head(self.text)
        parts = path.relative_to(docs).with_suffix("").parts
        address = "/".join(parts[:-1] if parts[-1] == "index" else parts)
        self.address = f"{address}/" if address else ""
        heading = _ICON.sub("", _heading(self._body) or "").strip()
        self.title = str((titles or {}).get(self.source) or self.meta.get("title") or heading or parts[-1])

    def content(self, extensions: MarkdownExtensions) -> Content:
        """Return what the Markdown of the page becomes by ``extensions``."""
        collector = _Collector()
        converter = extensions.converter()
        converter.treeprocessors.register(collector, "haopin_links", 1)
        html = converter.convert(self._body)
        raw = [
            WrittenLink(tag.lower(), unescape(address), raw=True)
            for block in converter.htmlStash.rawHtmlBlocks
            for tag, address in _RAW_ADDRESS.findall(block if isinstance(block, str) else "")
        ]
        found = [WrittenLink(tag, address, raw=False) for tag, address in collector.found]
        views, codes = SHORT_CODE.findall(html), map(unescape, _LIKE_SHORT_CODE.findall(html))
        return Content((*found, *raw), frozenset(map(unescape, _ID.findall(html))), tuple(views), tuple(codes))

    def place(self, words: str) -> tuple[int, int]:
        """Return the 1-based line and column at which ``words`` first stand in the file; 1 and 1 if they do not."""
        return place_of(self.text, words) or (1, 1)

    def anchors(self, extensions: MarkdownExtensions, renderer: Renderer) -> frozenset[str]:
        """Return the anchors of the page, those of the views on it included."""
        content = self.content(extensions)
        root = "../" * self.address.count("/") or "./"
        views = set(content.views).intersection(views_of(renderer.templates))
        parts = (renderer.part(view, root) for view in views)
        return content.anchors.union(*(outline(part).anchors for part in parts))


@dataclass(frozen=True)
class Docs:
    """What lies in the folders of written pages.

    Attributes:
        lines: All problems of the folders, as lines to print.
        files: What may be published, by language, below its folder.
        pages: The pages, by language; those of the navigation first, in its order.
        parts: Tags and classes that stand on pages, for the stylesheet of Material's elements.
        titles: Titles of the navigation, by language and file.
        warnings: What the configuration adds with which this site is not tested, as lines to print.
        loaded: Texts of the styles and scripts that the configuration adds, by the name that messages use.
    """

    lines: Sequence[str]
    files: Mapping[Language, tuple[str, ...]]
    pages: Mapping[Language, tuple[WrittenPage, ...]]
    parts: frozenset[str]
    titles: Mapping[Language, Mapping[str, str]]
    warnings: Sequence[str]
    loaded: Mapping[str, str]


def read_docs(settings: Settings, base: Path, extensions: MarkdownExtensions) -> Docs:
    """Read the folders of written pages.

    Args:
        settings: What the configuration says.
        base: Folder of the configuration file.
        extensions: How their Markdown is read.
    """
    converter = extensions.converter()
    raw = {
        edition.language: read_yaml(base / edition.config) if (base / edition.config).is_file() else {}
        for edition in settings.editions
    }
    folders = [
        docs.Folder(
            edition.language,
            base / edition.docs,
            edition.docs,
            tuple(
                path
                for key, ending in (("extra_css", ".css"), ("extra_javascript", ".js"))
                for path in own_files(raw[edition.language], key, ending)[0]
            ),
            (*docs.STATUSES, *map(str, (raw[edition.language].get("extra") or {}).get("status") or ())),
        )
        for edition in settings.editions
    ]
    parts: set[str] = set()
    others = [edition.path.strip("/") for edition in settings.editions if edition.path]

    def convert(text: str) -> str:
        html = without_styles(converter.reset().convert(split_head(text)[0]))
        parts.update(material.parts_of(html))
        return html

    lines, files = docs.examine(folders, base, others, convert)
    told: list[str] = []
    warnings: list[str] = []
    pages: dict[Language, tuple[WrittenPage, ...]] = {}
    titles: dict[Language, Mapping[str, str]] = {}
    for edition, folder in zip(settings.editions, folders, strict=True):
        language, its = edition.language, raw[edition.language]
        names = [name for name in files[language] if name.endswith(".md")]
        told += configuration_problems(its, edition.config)
        warnings += untested(its, edition.config)
        told += nav_problems(its.get("nav"), names, edition.config)
        told += file_problems(its, edition.config, edition.docs, files[language])
        entries = [nav_entry(entry) for entry in its.get("nav") or ()]
        # The titles of another language are none in this one: it has its own navigation, or the titles of its pages.
        own = edition is settings.editions[0] or its.get("nav") != raw[settings.editions[0].language].get("nav")
        titles[language] = {file: str(title) for title, file in entries if own and title and file}
        order = {file: number for number, (_, file) in enumerate(entries)}
        pages[language] = tuple(
            WrittenPage(folder.path / name, folder.path, folder.name, titles[language])
            for name in sorted(names, key=lambda name: (order.get(name, len(order)), folder.path / name))
        )
    loaded = {
        f"{folder.name}/{name}": (folder.path / name).read_text(encoding="utf-8-sig")
        for folder in folders
        for name in folder.loaded
        if name in files[folder.language]
    }
    # What one configuration inherits from another is told once.
    return Docs([*_once(told), *lines], files, pages, frozenset(parts), titles, _once(warnings), loaded)


def _once(lines: Iterable[str]) -> list[str]:
    """Return ``lines``, those that differ in nothing but the name of the file once."""
    found: dict[str, str] = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        found.setdefault(rest.replace(name, ""), line)
    return list(found.values())


def personal_lines(docs: Docs, records: Iterable[Record]) -> list[str]:
    """Return an error for each personal number in ``docs`` that ``records`` do not let be public."""
    allowed = allowed_numbers(records)
    texts = {page.name: page.text for pages in docs.pages.values() for page in pages}
    found = []
    for name, text in {**texts, **docs.loaded}.items():
        for start, number, kind in numbers_in_text(text, allowed):
            line = text.count("\n", 0, start) + 1
            wrong = personal_number_at(Place(name, mark=(line, 1)), number, kind)
            found.append(f"{name}:{line}:1: {wrong.zh} / {wrong.en}")
    return found


def named_lines(written: Mapping[Language, Sequence[WrittenPage]], names: Names) -> list[str]:
    """Return a warning for each line of a written page with a withdrawn name: pages show it struck."""
    found = []
    for page in (page for pages in written.values() for page in pages):
        lines = [(n, line) for n, line in enumerate(page.text.split("\n"), start=1) if names.in_text(line)]
        # A name may go over the end of a line.
        if not lines and names.in_text(page.text):
            lines = [(1, page.text)]
        for number, line in lines:
            zh = f"这里有已撤下的名称“{names.in_text(line)[0]}”，页面上换成“{REDACTED.zh}”，请改掉"
            en = f"this has a withdrawn name, which the page shows as “{REDACTED.en}”; change it"
            found.append(f"{page.name}:{number}:1: 提醒 / warning: {zh} / {en}")
    return found


def meant(source: str, address: str, link: WrittenLink) -> str | None:
    """Return what a link of a written page leads to: the path of a source file, or an address in raw HTML.

    Args:
        source: Path of the file with the link.
        address: Address of its page.
        link: The link.

    Returns:
        ``tasks/03.md`` or ``photo.png`` for a link in Markdown, ``tasks/03/`` for one in HTML, both below the folder
        of the language; None if it leads out of the site, or only to a place on the same page.
    """
    parts = urlsplit(link.address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    if link.raw:
        return unquote(urljoin(f"/{address}", parts.path)).removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path)))


class _Collector(Treeprocessor):
    """Collects links and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def run(self, root: Any) -> None:
        for element in root.iter():
            name = _NAMES.get(element.tag)
            address = element.get(name) if name else None
            if address is not None and AMP_SUBSTITUTE not in address:
                self.found.append((element.tag, address))


class LeadsOn(Extension):
    """Makes words of the links of written pages that lead to nothing public today, before MkDocs refuses them."""

    def __init__(self, is_gone: Callable[[WrittenLink], bool]) -> None:
        """Ask ``is_gone`` of each link of the page that is being made."""
        super().__init__()
        self._is_gone = is_gone

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Look at links before MkDocs does (priority 0)."""
        md.treeprocessors.register(_Gone(self._is_gone), "haopin_gone", 1)


class _Gone(Treeprocessor):
    def __init__(self, is_gone: Callable[[WrittenLink], bool]) -> None:
        super().__init__()
        self._is_gone = is_gone

    def run(self, root: Any) -> None:
        for element in root.iter():
            name = _NAMES.get(element.tag)
            address = element.get(name) if name else None
            if address is not None and self._is_gone(WrittenLink(element.tag, address, raw=False)):
                make_words(element)


def without_gone(html: str, is_gone: Callable[[WrittenLink], bool]) -> str:
    """Return ``html`` of a written page without the addresses in HTML of its own that are gone."""

    def words(match: re.Match[str]) -> str:
        return "" if is_gone(WrittenLink("a", unescape(match[1] or match[2]), raw=True)) else match[0]

    return _RAW_LINK.sub(words, html)
