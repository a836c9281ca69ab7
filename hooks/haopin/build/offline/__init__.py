"""Offline copy of the built site, opened from a folder without web server or network."""

import json
import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from haopin.build import manifest
from haopin.files import PREVIOUS, Scratch
from haopin.html import formats
from haopin.html.i18n import Labels, read_labels
from haopin.problem import ConfigurationError
from haopin.text import LANGUAGE_TAGS, LANGUAGES, shown_address

# Browsers treat every file opened from a folder as an origin of its own: they load no modules, workers or data from
# beside a page. So in the copy, links name files instead of folders, modules are wrapped as classic scripts, and the
# data that scripts fetch is wrapped in scripts. The copy is derived from the built site alone.

__all__ = ["copy_site"]


# --- Modules as classic scripts: each becomes a function that the loader (``offline.js``) runs
#
# Independent of what the modules do: ``import`` becomes a call of the loader, ``export`` a property of an object;
# ``fetch``, ``Worker`` and others are parameters of the function, so that the loader can replace them.

_IMPORT = re.compile(r'^import\s+(?:([^"\'();]*?)\s+from\s+)?["\']([^"\']+)["\'];?[ \t]*$', re.MULTILINE)
_EXPORT_FROM = re.compile(r"^export\s+(?:\*|\{[^}]*\})\s+from\b", re.MULTILINE)
_DECLARED = re.compile(r"^export\s+((?:async\s+)?function\*?|class|const|let|var)\s+([\w$]+)", re.MULTILINE)
_LISTED = re.compile(r"^export\s*\{([^}]*)\};?[ \t]*$", re.MULTILINE)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b(?!\s*\()", re.MULTILINE)
_DYNAMIC = re.compile(r"\bimport\s*\(")
_META = re.compile(r"\bimport\.meta\b")
_RENAMED = re.compile(r"([\w$]+) as ([\w$]+)")
_NEEDS_HELP = re.compile(r"\b(?:import|export|fetch|Worker|importScripts)\b")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)

#: Parameters that the loader passes to every function, in its order.
_GIVEN = ("$import", "$export", "$use", "$meta", "self", "fetch", "Worker", "addEventListener", "postMessage")


def needs_help(source: str) -> bool:
    """Return whether a script uses what a browser blocks in pages opened from a folder."""
    return bool(_NEEDS_HELP.search(_COMMENT.sub("", source)))


def wrapped(source: str, path: str, *, entry: bool = False) -> str:
    """Wrap the script at ``path`` as a classic script for the loader; an ``entry`` script runs at once.

    Raises:
        ConfigurationError: if it has an unsupported import or export.
    """
    uses: list[str] = []

    def imported(match: re.Match[str]) -> str:
        names, address = match.groups()
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
        uses.append(file)
        return f"{_bound(names, path)}$use({json.dumps(file)})" if names else ""

    exports: list[tuple[str, str]] = []

    def declared(match: re.Match[str]) -> str:
        exports.append((match[2], match[2]))
        return f"{match[1]} {match[2]}"

    def listed(match: re.Match[str]) -> str:
        for part in filter(None, map(str.strip, match[1].split(","))):
            name, _, other = part.partition(" as ")
            exports.append((other.strip() or name, name.strip()))
        return ""

    if _EXPORT_FROM.search(source):
        raise _refused(path)
    body = _IMPORT.sub(imported, source)
    body = _DECLARED.sub(declared, body)
    body = _LISTED.sub(listed, body)
    body = _DEFAULT.sub("$export.default = ", body)
    if _LEFT.search(_COMMENT.sub("", body)):
        raise _refused(path)
    body = _META.sub("$meta", _DYNAMIC.sub("$import(", body))
    # Getters, because the value of a `let` may change.
    given = "".join(
        f"Object.defineProperty($export, {json.dumps(name)}, {{ enumerable: true, get: () => {local} }})\n"
        for name, local in exports
    )
    run = f"haopinOffline.run({json.dumps(path)})\n" if entry else ""
    return (
        f"haopinOffline.define({json.dumps(path)}, {json.dumps(uses)}, function ({', '.join(_GIVEN)}) {{\n"
        f'"use strict"\n{{\n{given}{body}\n}}\n}})\n{run}'
    )


def _bound(names: str, path: str) -> str:
    """Return the left side of an import as the pattern of a variable declaration."""
    names = " ".join(names.split())
    if names.startswith("{") and names.endswith("}"):
        return "const " + _RENAMED.sub(r"\1: \2", names) + " = "
    if names.startswith("* as "):
        return f"const {names.removeprefix('* as ')} = "
    if re.fullmatch(r"[\w$]+", names):
        return f"const {{ default: {names} }} = "
    raise _refused(path)


def data_script(path: str, text: str) -> str:
    """Wrap the text file at ``path`` in a script that passes it to the loader."""
    return f"haopinOffline.data({json.dumps(path)}, {json.dumps(text, ensure_ascii=False)})\n"


def _refused(path: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path}：这种 import/export 写法离线副本还不支持 / the offline copy does not support this import or export"
    )


# --- Pages: addresses name files, and a notice says that this is a copy

#: Attributes with one address that a browser follows or loads.
_ADDRESSES = ("href", "src")
_HERE = "https://here.invalid/"


@dataclass(frozen=True)
class CopyPlace:
    """What is needed to copy a page.

    Attributes:
        online: Public address of the site, ending in ``/``.
        files: Path of every file of the copy.
        scripts: Paths of the scripts that need the loader.
        helper: Path of the loader.
    """

    online: str
    files: Collection[str]
    scripts: Collection[str]
    helper: str


@dataclass
class _Tag:
    """A start tag with its position in the source."""

    name: str
    text: str
    start: int
    attributes: dict[str, str]


@dataclass
class _Reader(HTMLParser):
    """Parser that collects the start tags of a page with their positions."""

    source: str
    tags: list[_Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self._lines = [0, *accumulate(len(line) for line in self.source.split("\n"))]
        # A line break counts as part of the line that it ends.
        self._lines = [offset + index for index, offset in enumerate(self._lines)]
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the tag."""
        line, column = self.getpos()
        text = self.get_starttag_text() or ""
        self.tags.append(_Tag(tag, text, self._lines[line - 1] + column, {name: value or "" for name, value in attrs}))


class CopySource:
    """A built page and its start tags."""

    def __init__(self, path: str, text: str) -> None:
        """Parse ``text``, the page at ``path`` relative to the site."""
        self.path, self.text = path, text
        self.tags = tuple(_Reader(text).tags)

    @property
    def language(self) -> str:
        """Tag of its language: ``zh-Hans``, ``en``."""
        return next((tag.attributes.get("lang", "") for tag in self.tags if tag.name == "html"), "")

    @property
    def canonical(self) -> str:
        """Canonical address; "" if the page has none."""
        links = (tag.attributes for tag in self.tags if tag.name == "link")
        return next((link.get("href", "") for link in links if link.get("rel") == "canonical"), "")

    @property
    def scripts(self) -> set[str]:
        """Paths of the scripts that it loads."""
        found = (tag.attributes.get("src", "") for tag in self.tags if tag.name == "script")
        return {target(self.path, address)[0] for address in found} - {""}

    @property
    def parts(self) -> set[str]:
        """Paths of the pages that a script of this page fetches: the rest of a long list."""
        found = (tag.attributes for tag in self.tags if "data-more" in tag.attributes)
        return {target(self.path, attributes.get("href", ""))[0] for attributes in found} - {""}


def target(path: str, address: str) -> tuple[str, str]:
    """Resolve ``address`` on the page at ``path`` to a file, and the rest (``?…#…``).

    The file is "" if the address leads to another site or within the page.
    """
    if address.startswith("#") or not address:
        return "", ""
    where = urlsplit(urljoin(_HERE + quote(path), address))
    if f"{where.scheme}://{where.netloc}/" != _HERE:
        return "", ""
    name = unquote(where.path).removeprefix("/")
    rest = (f"?{where.query}" if where.query else "") + (f"#{where.fragment}" if where.fragment else "")
    return (f"{name}index.html" if name == "" or name.endswith("/") else name), rest


def copied(page: CopySource, place: CopyPlace, notice: Callable[[str], str]) -> str:
    """Convert ``page`` for the copy.

    Args:
        page: The built page.
        place: Files and addresses of the copy.
        notice: Returns the HTML of the notice, given the public address of the page ("" if it has none).
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


def _tag(tag: _Tag, path: str, place: CopyPlace) -> str:
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
            # A file that is not in the copy: link to the live site.
            new = urljoin(place.online, quote(file.removesuffix("index.html"))) + rest
        text = _replaced(text, name, new)
        if tag.name == "script" and file in place.scripts:
            # The loader comes first and is deferred if the script is.
            late = " defer" if "defer" in tag.attributes or tag.attributes.get("type") == "module" else ""
            helper = posixpath.relpath(place.helper, here)
            text = f'<script src="{helper}"{late}></script>' + text.replace(' type="module"', late)
    return text


def _replaced(text: str, name: str, value: str) -> str:
    """Replace the value of the attribute ``name`` (which must be quoted) in the start tag ``text``."""
    start = text.index(f' {name}="') + len(name) + 3
    return text[:start] + escape(value, quote=True) + text[text.index('"', start) :]


# --- Selection of files; the copy is written completely or not at all

_FOLDER = Path(__file__).resolve().parent
_LABELS = _FOLDER.parents[1] / "labels.yml"
#: The loader, by which a folder is recognized as a copy.
HELPER = "assets/offline.js"

#: Files only for web servers or other programs, relative to the root of a language.
_FOLDERS = ("api/v1/", "feeds/", "embed/", "pictures/", ".well-known/")
_FILES = frozenset({"404.html", "robots.txt", "sitemap.xml", manifest.NAME})
_LANGUAGE_MAP = re.compile(r"[^/]+/sitemap/index\.html")


def copy_site(site: Path, target: Path) -> int:
    """Write an offline copy of the built ``site`` to ``target``.

    Returns:
        Number of pages.

    Raises:
        ConfigurationError: if ``site`` is not a built site, or ``target`` has content other than an older copy.
        OSError: if a file cannot be read or written; ``target`` is then unchanged.
    """
    facts = _facts(site)
    as_of, draft = date.fromisoformat(facts["as_of"]), facts.get("draft") is True
    if target.exists() and not (target / HELPER).is_file() and any(target.iterdir()):
        raise ConfigurationError(
            f"{target}：里面不是离线副本，不能覆盖 / this folder is not an offline copy and is not changed"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Scratch(target.parent, ".haopin-")
    staging = scratch.path
    try:
        count = 0
        for path, content in _files(site, as_of, draft=draft):
            file = staging / "copy" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            count += path.endswith(".html")
        if draft:
            # So that nobody takes the copy for a site that may be released.
            files = manifest.fingerprints(staging / "copy")
            text = json.dumps({**facts, "files": files}, ensure_ascii=False, indent=1) + "\n"
            (staging / "copy" / manifest.NAME).write_text(text, encoding="utf-8", newline="\n")
        if target.exists():
            (staging / PREVIOUS).mkdir()
            target.rename(staging / PREVIOUS / target.name)
        (staging / "copy").rename(target)
    finally:
        scratch.remove()
    return count


def _facts(site: Path) -> dict[str, Any]:
    """Return the manifest of ``site``, which has a date."""
    try:
        found: dict[str, Any] = json.loads((site / manifest.NAME).read_text(encoding="utf-8"))
        date.fromisoformat(found["as_of"])
        return found
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{site}：不是生成好的网站（缺少 {manifest.NAME}）/ not a built site: {manifest.NAME} cannot be read"
        ) from error


def _files(site: Path, as_of: date, *, draft: bool) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of every file of the copy, sorted by path.

    A ``draft`` has no notice that it is a copy: its pages say that they are not public.
    """
    whole = {p.relative_to(site).as_posix(): p for p in sorted(site.rglob("*")) if p.is_file()}
    # The languages are the folders with a sitemap.
    roots = ("", *(p.removesuffix("sitemap/index.html") for p in whole if _LANGUAGE_MAP.fullmatch(p)))
    kept = {path: file for path, file in whole.items() if not _is_left_out(path, roots)}
    pages = {path: CopySource(path, file.read_text(encoding="utf-8")) for path, file in kept.items() if _is_page(path)}
    online = pages["index.html"].canonical if "index.html" in pages else ""
    if not online:
        raise ConfigurationError(f"{site}：首页没有网址 / the home page does not say its address")
    named = {script for page in pages.values() for script in page.scripts}
    scripts = {path: file.read_text(encoding="utf-8") for path, file in kept.items() if path.endswith(".js")}
    # Assets that no page names are loaded by another script: modules and workers.
    helped = {path: text for path, text in scripts.items() if path not in named or needs_help(text)}
    data = {path for path in kept if path.endswith(".json")}
    parts = {part for page in pages.values() for part in page.parts} & pages.keys()
    place = CopyPlace(online, kept.keys() - data, helped.keys() & named, HELPER)
    notices = {"": _no_notice} if draft else _notices(as_of, online)
    yield HELPER, (_FOLDER / "offline.js").read_bytes()
    for path, file in kept.items():
        if path in pages:
            yield path, copied(pages[path], place, notices.get(pages[path].language, notices[""])).encode()
        elif path in helped:
            yield path, wrapped(helped[path], path, entry=path in named).encode()
        elif path not in data:
            yield path, file.read_bytes()
    for path in sorted(data | parts):
        text = pages[path].text if path in parts else kept[path].read_text(encoding="utf-8")
        yield f"{path}.js", data_script(path, text).encode()


def _no_notice(canonical: str) -> str:
    return ""


def _is_page(path: str) -> bool:
    return path.endswith(".html")


def _is_left_out(path: str, roots: tuple[str, ...]) -> bool:
    return any(
        path.removeprefix(root) in _FILES or path.removeprefix(root).startswith(_FOLDERS)
        for root in roots
        if path.startswith(root)
    )


def _notices(as_of: date, online: str) -> dict[str, Callable[[str], str]]:
    """Return, by language tag (or "" for other languages), the function that makes the notice of a page."""
    labels = read_labels(_LABELS)
    found = {
        LANGUAGE_TAGS[language]: _notice(Labels(labels, language), formats.day(as_of, language), online)
        for language in LANGUAGES
    }
    # A built site does not contain the labels of further languages; only the data folder does.
    english = _notice(Labels(labels, "en"), formats.day(as_of, "en"), online, ' lang="en" dir="ltr"')
    return {**found, "": english}


def _notice(t: Labels, day: str, online: str, language: str = "") -> Callable[[str], str]:
    def made(canonical: str) -> str:
        address = escape(canonical or online, quote=True)
        words = escape(t("offline.notice", day=day), quote=False)
        shown = escape(shown_address(canonical or online), quote=True)
        return f'\n<p class="hp-notice hp-offline"{language}>{words} <a href="{address}">{shown}</a></p>'

    return made
