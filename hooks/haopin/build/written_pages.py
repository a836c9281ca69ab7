"""Written pages (Markdown): list, content and links."""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import markdown
import yaml
from markdown.extensions import Extension
from markdown.extensions.meta import MetaPreprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from haopin.build.settings import MarkdownExtensions, Settings, read_yaml
from haopin.cache import Readings
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
from haopin.installation import PACKAGE
from haopin.markdown import make_words, without_styles
from haopin.model import Record
from haopin.privacy.redaction import REDACTED, Names
from haopin.problem import Place
from haopin.text import Language

if TYPE_CHECKING:
    from haopin.html.renderer import Renderer

#: Names of the views for written pages, sorted.
VIEWS = tuple(sorted(file.stem for file in (PACKAGE / "templates/views").glob("*.html")))
#: A short code (a view of the data) in a paragraph of its own.
SHORT_CODE = re.compile(r"<p>\[\[([a-z_]+)\]\]</p>")
# Anything that looks like one, in a paragraph of its own.
_LIKE_SHORT_CODE = re.compile(r"<p>\[\[([^\[\]]*)\]\]</p>")
_RAW_ADDRESS = re.compile(r"<(a|img)\b[^>]*?\s(?:href|src)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_RAW_LINK = re.compile(r"(?<=<a)\s+href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
# Icons in a heading are not part of the title.
_ICON = re.compile(r":[a-z0-9]+(?:-[a-z0-9]+)+:")
_ID = re.compile(r'\s(?:id|name)="([^"]+)"')
_NAMES = {"a": "href", "img": "src"}


_HEAD = re.compile(r"---[ \t]*\n(.*?\n)(?:\.{3}|---)[ \t]*\n", re.DOTALL)


def split_head(text: str) -> tuple[str, dict[str, Any]]:
    """Split the text of a page into its Markdown and its front matter, as MkDocs does.

    Front matter is YAML between lines of ``---``, or lines ``name: value`` at the very beginning (MultiMarkdown).
    """
    if (head := _HEAD.match(text)) is not None:
        try:
            fields = yaml.safe_load(head[1])
        except yaml.YAMLError:
            return text, {}
        return (text[head.end() :].lstrip("\n"), fields) if isinstance(fields, dict) else (text, {})
    if text.startswith("---"):
        return text, {}
    holder = SimpleNamespace(Meta={})
    lines = MetaPreprocessor(holder).run(text.split("\n"))  # type: ignore[arg-type]
    fields = {name: " ".join(found) for name, found in holder.Meta.items()}
    return "\n".join(lines).lstrip("\n"), fields


def _heading(text: str) -> str | None:
    """Return the heading if ``text`` begins with one."""
    first = text.lstrip().partition("\n")[0].strip()
    return first.lstrip("# ") if first.startswith("# ") else None


@dataclass(frozen=True)
class WrittenLink:
    """A link or an image of a written page.

    Attributes:
        tag: ``a`` or ``img``.
        address: Its target as written.
        raw: Whether it is in an HTML block, where targets are relative to the page and not to the Markdown file.
    """

    tag: str
    address: str
    raw: bool


@dataclass(frozen=True)
class PageContent:
    """Converted content of a written page: links, anchors, views, and all short codes, unknown ones too."""

    links: tuple[WrittenLink, ...]
    anchors: frozenset[str]
    views: tuple[str, ...]
    codes: tuple[str, ...]


class WrittenPage:
    """A written page (Markdown file).

    Attributes:
        path: Path of the file.
        name: Its name in messages, such as ``docs/zh/about.md``.
        source: Path relative to the folder of its language, such as ``about.md``.
        address: Address of the page relative to the root of its language, ``""`` or ending in ``/``.
        title: Title from the navigation, else from the front matter, else the first heading.
        meta: Front matter.
    """

    def __init__(
        self,
        path: Path,
        docs: Path,
        name: str,
        titles: Mapping[str, str] | None = None,
        readings: Readings | None = None,
    ) -> None:
        """Read the file.

        Args:
            path: Path of the file.
            docs: Folder of its language.
            name: Name of that folder in messages.
            titles: Titles of the navigation, by file.
            readings: Results that are kept between runs.
        """
        self.path, self._readings = path, readings
        self._found: PageContent | None = None
        self.source = path.relative_to(docs).as_posix()
        self.name = f"{name}/{self.source}"
        self.text = path.read_text(encoding="utf-8-sig", errors="replace")
        self._body, self.meta = split_head(self.text)
        parts = path.relative_to(docs).with_suffix("").parts
        address = "/".join(parts[:-1] if parts[-1] == "index" else parts)
        self.address = f"{address}/" if address else ""
        heading = _ICON.sub("", _heading(self._body) or "").strip()
        self.title = str((titles or {}).get(self.source) or self.meta.get("title") or heading or parts[-1])

    def content(self, extensions: MarkdownExtensions) -> PageContent:
        """Return the content of the page, from its Markdown with the extensions of the site."""
        if self._found is None:
            found = extensions.reading(self._readings, self._body, "content", lambda: self._content(extensions))
            links, anchors, views, codes = found
            own = tuple(WrittenLink(*link) for link in links)
            self._found = PageContent(own, frozenset(anchors), tuple(views), tuple(codes))
        return self._found

    def _content(self, extensions: MarkdownExtensions) -> list[Any]:
        """Convert the Markdown of the page; return its `PageContent` as a value of JSON."""
        collector = _Collector()
        converter = extensions.converter()
        converter.treeprocessors.register(collector, "haopin_links", 1)
        html = converter.convert(self._body)
        raw = [
            (tag.lower(), unescape(address), True)
            for block in converter.htmlStash.rawHtmlBlocks
            for tag, address in _RAW_ADDRESS.findall(block if isinstance(block, str) else "")
        ]
        found = [(tag, address, False) for tag, address in collector.found]
        views, codes = SHORT_CODE.findall(html), list(map(unescape, _LIKE_SHORT_CODE.findall(html)))
        return [[*found, *raw], sorted(set(map(unescape, _ID.findall(html)))), views, codes]

    def place(self, words: str) -> tuple[int, int]:
        """Return the 1-based line and column of the first occurrence of ``words``; (1, 1) if there is none."""
        return place_of(self.text, words) or (1, 1)

    def anchors(self, extensions: MarkdownExtensions, renderer: "Renderer") -> frozenset[str]:
        """Return the anchors of the page, including those of embedded views."""
        content = self.content(extensions)
        root = "../" * self.address.count("/") or "./"
        views = set(content.views).intersection(VIEWS)
        parts = (renderer.part(view, root) for view in views)
        return content.anchors.union(*(outline(part).anchors for part in parts))


@dataclass(frozen=True)
class Docs:
    """Content of the folders of written pages, all languages.

    Attributes:
        lines: All problems, as lines to print.
        files: Files that may be published, by language, relative to the folder.
        pages: The pages by language; those in the navigation first, in its order.
        parts: Tags and classes used on the pages, to select the styles of Material's elements.
        titles: Titles of the navigation, by language and file.
        warnings: Warnings about untested features of the configuration, as lines to print.
        loaded: Text of the style sheets and scripts that the configuration adds, by name in messages.
    """

    lines: Sequence[str]
    files: Mapping[Language, tuple[str, ...]]
    pages: Mapping[Language, tuple[WrittenPage, ...]]
    parts: frozenset[str]
    titles: Mapping[Language, Mapping[str, str]]
    warnings: Sequence[str]
    loaded: Mapping[str, str]


def read_docs(settings: Settings, base: Path, extensions: MarkdownExtensions, readings: Readings | None = None) -> Docs:
    """Read and check the folders of written pages.

    Args:
        settings: Settings of the site.
        base: Folder of the configuration file.
        extensions: Markdown extensions of the pages.
        readings: Results that are kept between runs.
    """
    # Also with no page: invalid extensions are an error.
    extensions.reading(readings, "", "extensions", lambda: bool(extensions.converter()))
    converter = cache(extensions.converter)
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
        body = split_head(text)[0]
        html: str = extensions.reading(readings, body, "html", lambda: converter().reset().convert(body))
        html = without_styles(html)
        parts.update(material.parts_of(html))
        return html

    lines, files = docs.examine(folders, base, others, convert, readings)
    problems: list[str] = []
    warnings: list[str] = []
    pages: dict[Language, tuple[WrittenPage, ...]] = {}
    titles: dict[Language, Mapping[str, str]] = {}
    for edition, folder in zip(settings.editions, folders, strict=True):
        language, its = edition.language, raw[edition.language]
        names = [name for name in files[language] if name.endswith(".md")]
        problems += configuration_problems(its, edition.config)
        warnings += untested(its, edition.config)
        problems += nav_problems(its.get("nav"), names, edition.config)
        problems += file_problems(its, edition.config, edition.docs, files[language])
        entries = [nav_entry(entry) for entry in its.get("nav") or ()]
        # Titles are used only if the language has a navigation of its own.
        own = edition is settings.editions[0] or its.get("nav") != raw[settings.editions[0].language].get("nav")
        titles[language] = {file: str(title) for title, file in entries if own and title and file}
        order = {file: number for number, (_, file) in enumerate(entries)}
        pages[language] = tuple(
            WrittenPage(folder.path / name, folder.path, folder.name, titles[language], readings)
            for name in sorted(names, key=lambda name: (order.get(name, len(order)), folder.path / name))
        )
    loaded = {
        f"{folder.name}/{name}": (folder.path / name).read_text(encoding="utf-8-sig")
        for folder in folders
        for name in folder.loaded
        if name in files[folder.language]
    }
    # Problems of an inherited setting are reported once.
    return Docs(
        [*_without_repeats(problems), *lines],
        files,
        pages,
        frozenset(parts),
        titles,
        _without_repeats(warnings),
        loaded,
    )


def _without_repeats(lines: Iterable[str]) -> list[str]:
    """Return ``lines`` without those that differ from an earlier one only in the file name."""
    found: dict[str, str] = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        found.setdefault(rest.replace(name, ""), line)
    return list(found.values())


def personal_lines(docs: Docs, records: Iterable[Record]) -> list[str]:
    """Return an error for each personal number in ``docs`` that no record allows."""
    texts = {page.name: page.text for pages in docs.pages.values() for page in pages}
    found = [
        (name, text, *each) for name, text in {**texts, **docs.loaded}.items() for each in numbers_in_text(text, ())
    ]
    # Every text of every record is read for these.
    allowed = allowed_numbers(records) if found else frozenset()
    lines = []
    for name, text, start, number, kind in found:
        if number not in allowed:
            line = text.count("\n", 0, start) + 1
            wrong = personal_number_at(Place(name, mark=(line, 1)), number, kind)
            lines.append(f"{name}:{line}:1: {wrong.zh} / {wrong.en}")
    return lines


def named_lines(written: Mapping[Language, Sequence[WrittenPage]], names: Names) -> list[str]:
    """Return a warning for each line with a withdrawn name, which the pages redact."""
    found = []
    for page in (page for pages in written.values() for page in pages):
        lines = [(n, line) for n, line in enumerate(page.text.split("\n"), start=1) if names.in_text(line)]
        # A name may be broken over two lines.
        if not lines and names.in_text(page.text):
            lines = [(1, page.text)]
        for number, line in lines:
            zh = f"这里有已撤下的名称“{names.in_text(line)[0]}”，页面上换成“{REDACTED.zh}”，请改掉"
            en = f"this has a withdrawn name, which the page shows as “{REDACTED.en}”; change it"
            found.append(f"{page.name}:{number}:1: 提醒 / warning: {zh} / {en}")
    return found


def meant(source: str, address: str, link: WrittenLink) -> str | None:
    """Resolve a link of a written page to a source file, or in raw HTML to an address.

    Args:
        source: Path of the file with the link.
        address: Address of its page.
        link: The link.

    Returns:
        ``tasks/03.md`` or ``photo.png`` for a link in Markdown, ``tasks/03/`` for one in HTML, both relative to the
        folder of the language; None for an external link or one within the page.
    """
    parts = urlsplit(link.address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    if link.raw:
        return unquote(urljoin(f"/{address}", parts.path)).removeprefix("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(parts.path)))


class _Collector(Treeprocessor):
    """Tree processor that collects the targets of links and images."""

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
    """Markdown extension that turns links without a public target today into text, before MkDocs reports them."""

    def __init__(self, is_gone: Callable[[WrittenLink], bool]) -> None:
        """Use ``is_gone`` to decide for each link of the current page."""
        super().__init__()
        self._is_gone = is_gone

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Register the tree processor, to run before MkDocs' own (priority 0)."""
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
    """Remove link targets for which ``is_gone`` holds from the raw HTML in ``html``."""

    def words(match: re.Match[str]) -> str:
        return "" if is_gone(WrittenLink("a", unescape(match[1] or match[2]), raw=True)) else match[0]

    return _RAW_LINK.sub(words, html)
