"""Which files the copy has, and writing it: all of it, or nothing."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path

from haopin import provenance
from haopin.offline.pages import Place, Source, copied
from haopin.offline.scripts import data_script, needs_help, wrapped
from haopin.problem import ConfigurationError
from haopin.render import formats
from haopin.render.labels import Labels, read_labels
from haopin.scratch import PREVIOUS, Scratch
from haopin.text import LANGUAGE_TAGS, LANGUAGES, shown_address

_HERE = Path(__file__).resolve().parent
_LABELS = _HERE.parents[1] / "labels.yml"
#: The helper of the scripts; also what a copy is known by.
HELPER = "assets/offline.js"

#: What only a web server or another program asks for, below the root of a language.
_FOLDERS = ("api/v1/", "feeds/", "embed/", "pictures/", ".well-known/")
_FILES = frozenset({"404.html", "robots.txt", "sitemap.xml", provenance.NAME})
_LANGUAGE_MAP = re.compile(r"[^/]+/sitemap/index\.html")


def copy_site(site: Path, target: Path) -> int:
    """Write at ``target`` a copy of the built ``site`` that opens from a folder.

    Returns:
        The number of pages.

    Raises:
        ConfigurationError: if ``site`` is no built site, or ``target`` holds something else than an older copy.
        OSError: if a file cannot be read or written; ``target`` is then as it was.
    """
    as_of = _day(site)
    if target.exists() and not (target / HELPER).is_file() and any(target.iterdir()):
        raise ConfigurationError(
            f"{target}：里面不是离线副本，不能覆盖 / this folder is not an offline copy and is left alone"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Scratch(target.parent, ".haopin-")
    staging = scratch.path
    try:
        count = 0
        for path, content in _files(site, as_of):
            file = staging / "copy" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            count += path.endswith(".html")
        if target.exists():
            (staging / PREVIOUS).mkdir()
            target.rename(staging / PREVIOUS / target.name)
        (staging / "copy").rename(target)
    finally:
        scratch.remove()
    return count


def _day(site: Path) -> date:
    """Return the day for which the pages of ``site`` speak."""
    try:
        return date.fromisoformat(json.loads((site / provenance.NAME).read_text(encoding="utf-8"))["as_of"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{site}：不是生成好的网站（缺少 {provenance.NAME}）/ not a built site: {provenance.NAME} cannot be read"
        ) from error


def _files(site: Path, as_of: date) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the copy, in the order of their paths."""
    whole = {p.relative_to(site).as_posix(): p for p in sorted(site.rglob("*")) if p.is_file()}
    # Languages are the folders that have a site map of their own.
    roots = ("", *(p.removesuffix("sitemap/index.html") for p in whole if _LANGUAGE_MAP.fullmatch(p)))
    kept = {path: file for path, file in whole.items() if not _is_left_out(path, roots)}
    pages = {path: Source(path, file.read_text(encoding="utf-8")) for path, file in kept.items() if _is_page(path)}
    online = pages["index.html"].canonical if "index.html" in pages else ""
    if not online:
        raise ConfigurationError(f"{site}：首页没有网址 / the home page does not say its address")
    named = {script for page in pages.values() for script in page.scripts}
    scripts = {path: file.read_text(encoding="utf-8") for path, file in kept.items() if path.endswith(".js")}
    # What no page names is fetched by another script: a module, or a worker.
    helped = {path: text for path, text in scripts.items() if path not in named or needs_help(text)}
    data = {path for path in kept if path.endswith(".json")}
    parts = {part for page in pages.values() for part in page.parts} & pages.keys()
    place = Place(online, kept.keys() - data, helped.keys() & named, HELPER)
    notices = _notices(as_of, online)
    yield HELPER, (_HERE / "offline.js").read_bytes()
    for path, file in kept.items():
        if path in pages:
            yield path, copied(pages[path], place, notices[pages[path].language]).encode()
        elif path in helped:
            yield path, wrapped(helped[path], path, entry=path in named).encode()
        elif path not in data:
            yield path, file.read_bytes()
    for path in sorted(data | parts):
        text = pages[path].text if path in parts else kept[path].read_text(encoding="utf-8")
        yield f"{path}.js", data_script(path, text).encode()


def _is_page(path: str) -> bool:
    return path.endswith(".html")


def _is_left_out(path: str, roots: tuple[str, ...]) -> bool:
    return any(
        path.removeprefix(root) in _FILES or path.removeprefix(root).startswith(_FOLDERS)
        for root in roots
        if path.startswith(root)
    )


def _notices(as_of: date, online: str) -> dict[str, Callable[[str], str]]:
    """Return, by the tag of its language, what makes the words that a page of the copy says of itself."""
    labels = read_labels(_LABELS)
    return {
        LANGUAGE_TAGS[language]: _notice(Labels(labels, language), formats.day(as_of, language), online)
        for language in LANGUAGES
    }


def _notice(t: Labels, day: str, online: str) -> Callable[[str], str]:
    def made(canonical: str) -> str:
        address = escape(canonical or online, quote=True)
        words = escape(t("offline.notice", day=day), quote=False)
        shown = escape(shown_address(canonical or online), quote=True)
        return f'\n<p class="hp-notice hp-offline">{words} <a href="{address}">{shown}</a></p>'

    return made
