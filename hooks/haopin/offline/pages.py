"""A page of the copy: its addresses name files, and it says what it is."""

import posixpath
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import quote, unquote, urljoin, urlsplit

#: Attributes that hold one address which a browser follows or loads.
_ADDRESSES = ("href", "src")
_HERE = "https://here.invalid/"


@dataclass(frozen=True)
class Place:
    """What a page is copied by.

    Attributes:
        online: Public address of the site, ending in ``/``.
        files: Path of every file of the copy.
        scripts: Paths of the scripts that need the helper of the copy.
        helper: Path of that helper.
    """

    online: str
    files: Collection[str]
    scripts: Collection[str]
    helper: str


@dataclass
class _Tag:
    """A start tag: where it stands in the source, and what it says."""

    name: str
    text: str
    start: int
    attributes: dict[str, str]


@dataclass
class _Reader(HTMLParser):
    """Collects the start tags of a page with their places."""

    source: str
    tags: list[_Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *accumulate(len(line) for line in self.source.split("\n"))]
        # A line break belongs to the line that it ends.
        self._lines = [offset + index for index, offset in enumerate(self._lines)]
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        line, column = self.getpos()
        text = self.get_starttag_text() or ""
        self.tags.append(_Tag(tag, text, self._lines[line - 1] + column, {name: value or "" for name, value in attrs}))


class Source:
    """A built page: its text and path, and what it says of itself and asks for."""

    def __init__(self, path: str, text: str) -> None:
        """Read ``text``, the page at ``path`` below the site."""
        self.path, self.text = path, text
        self.tags = tuple(_Reader(text).tags)

    @property
    def language(self) -> str:
        """Tag of its language: ``zh-Hans``, ``en``."""
        return next((tag.attributes.get("lang", "") for tag in self.tags if tag.name == "html"), "")

    @property
    def canonical(self) -> str:
        """Its public address; empty if it has none."""
        links = (tag.attributes for tag in self.tags if tag.name == "link")
        return next((link.get("href", "") for link in links if link.get("rel") == "canonical"), "")

    @property
    def scripts(self) -> set[str]:
        """Paths of the scripts that it names."""
        found = (tag.attributes.get("src", "") for tag in self.tags if tag.name == "script")
        return {target(self.path, address)[0] for address in found} - {""}

    @property
    def parts(self) -> set[str]:
        """Paths of the pages that a script of this page fetches: further parts of a long list."""
        found = (tag.attributes for tag in self.tags if "data-more" in tag.attributes)
        return {target(self.path, attributes.get("href", ""))[0] for attributes in found} - {""}


def target(path: str, address: str) -> tuple[str, str]:
    """Return the file that ``address`` names on the page at ``path``, and what follows it (``?…#…``).

    The file is empty if the address leads elsewhere: to another site, or to a place on the same page.
    """
    if address.startswith("#") or not address:
        return "", ""
    where = urlsplit(urljoin(_HERE + quote(path), address))
    if f"{where.scheme}://{where.netloc}/" != _HERE:
        return "", ""
    name = unquote(where.path).removeprefix("/")
    rest = (f"?{where.query}" if where.query else "") + (f"#{where.fragment}" if where.fragment else "")
    return (f"{name}index.html" if name == "" or name.endswith("/") else name), rest


def copied(page: Source, place: Place, notice: Callable[[str], str]) -> str:
    """Return ``page`` as it stands in the copy.

    Args:
        page: The built page.
        place: What is copied, and from where.
        notice: Makes the HTML that says what the copy is, from the page's public address (empty if it has none).
    """
    pieces, done = [], 0
    for tag in page.tags:
        text = _tag(tag, page.path, place)
        if tag.name == "main":
            text += notice(page.canonical)
        if text != tag.text:
            pieces += [page.text[done : tag.start], text]
            done = tag.start + len(tag.text)
    return "".join([*pieces, page.text[done:]])


def _tag(tag: _Tag, path: str, place: Place) -> str:
    text, here = tag.text, posixpath.dirname(path) or "."
    for name in _ADDRESSES:
        value = tag.attributes.get(name)
        if value is None:
            continue
        file, rest = target(path, value)
        if not file:
            continue
        if file in place.files:
            new = quote(posixpath.relpath(file, here)) + rest
        else:
            # What is not in the copy is where it always was.
            new = urljoin(place.online, quote(file.removesuffix("index.html"))) + rest
        text = _replaced(text, name, new)
        if tag.name == "script" and file in place.scripts:
            # Whatever the script is to wait for, its helper waits for it too, and comes first.
            late = " defer" if "defer" in tag.attributes or tag.attributes.get("type") == "module" else ""
            helper = posixpath.relpath(place.helper, here)
            text = f'<script src="{helper}"{late}></script>' + text.replace(' type="module"', late)
    return text


def _replaced(text: str, name: str, value: str) -> str:
    """Return the start tag ``text`` with another value of its attribute ``name``, which is quoted."""
    start = text.index(f' {name}="') + len(name) + 3
    return text[:start] + escape(value, quote=True) + text[text.index('"', start) :]
