"""Checks of pages: HTML, addresses, languages, and requests to other hosts."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

from haopin.csp import forbidden
from haopin.ops.gate.site_reader import Expected, FinishedPage, FinishedSite, GateFinding, finding

_CSS_ADDRESS = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])([^\"')]+)")
#: Address schemes that do not lead to a page.
_NO_PAGES = ("mailto:", "tel:", "webcal:", "data:", "sms:")


def pages_are_html(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No page has HTML errors."""
    del expected
    for page in site.pages.values():
        for error in page.errors[:3]:
            yield finding(page.name, "HTML 错误:{error}", "error in the HTML: {error}", error=error)


def nothing_is_run_but_own_files(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No page, card or SVG file has an inline script, event handler or frame, or a form with a foreign target."""
    zh, en = "不允许出现:{place}", "must not have {place}"
    for page in site.pages.values():
        for place in page.unsafe[:3]:
            yield finding(page.name, zh, en, place=place)
        for address in page.forms:
            if own_file(page.name, address, expected) is None:
                yield finding(page.name, zh, en, place=f"form action={address}")
    for name in sorted(n for n in site.files if n.lower().endswith(".svg")):
        for place in list(_unsafe_drawing(site.text(name)))[:3]:
            yield finding(name, zh, en, place=place)


def _unsafe_drawing(text: str) -> Iterator[str]:
    """Yield forbidden content of an SVG file, because a portal may serve it as a document."""
    for mark in ("<!ENTITY", "<!ATTLIST", "<?xml-stylesheet"):
        if mark.lower() in text.lower():
            yield mark
            return
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        yield f"XML: {error}"
        return
    yield from forbidden(root)
    for element in root.iter():
        if element.tag.rpartition("}")[2].lower() == "script" and not "".join(element.itertext()).strip():
            yield "script"
        for name, value in element.attrib.items():
            if name.rpartition("}")[2].lower() in ("href", "src") and not value.startswith("#"):
                yield f"{element.tag.rpartition('}')[2]} href={value[:40]}"


def both_languages_are_whole(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """Every page exists in every language and declares its language."""
    cards = tuple(expected.cards)
    by_folder: dict[str, set[str]] = {folder: set() for folder in expected.languages}
    for page in site.pages.values():
        folder = _folder(page.name, expected)
        if not page.name.startswith(cards):
            by_folder[folder].add(page.name.removeprefix(folder))
        if page.language != expected.languages[folder]:
            yield finding(
                page.name,
                "语言写成了“{found}”,应为“{right}”",
                "it declares the language “{found}”, not “{right}”",
                found=page.language,
                right=expected.languages[folder],
            )
    everything = set().union(*by_folder.values())
    for folder, names in by_folder.items():
        for name in sorted(everything - names):
            yield finding(
                folder + name,
                "缺少这种语言的页面",
                "the page is missing in this language ({tag})",
                tag=expected.languages[folder],
            )
        if not names:
            yield finding(folder or "./", "没有任何页面", "there are no pages at all")


def addresses_lead_somewhere(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """Every internal address, on a page or in the sitemap, has a file, and every fragment an anchor."""
    for page in site.pages.values():
        for address in (*page.links, *page.loaded):
            if (target := own_file(page.name, address, expected)) is None:
                continue
            file, fragment = target
            missing = file not in site.files
            if missing or (fragment and file in site.pages and fragment not in site.pages[file].ids):
                yield finding(page.name, "地址不通:{address}", "leads nowhere: {address}", address=address)
    for name in sorted(n for n in site.files if n.rpartition("/")[2] == "sitemap.xml"):
        for address in re.findall(r"<loc>([^<]+)</loc>", site.text(name)):
            target = own_file(name, address, expected)
            if target is None or target[0] not in site.files:
                yield finding(name, "地址不通:{address}", "leads nowhere: {address}", address=address)


def nothing_is_loaded_from_others(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No page and no stylesheet loads anything from another host."""
    for page in site.pages.values():
        yield from _loaded_from_others(page, expected)
    for name in sorted(n for n in site.files if n.endswith(".css")):
        for address in _CSS_ADDRESS.findall(site.text(name)):
            target = own_file(name, address, expected)
            if not address.startswith("data:") and (target is None or target[0] not in site.files):
                yield finding(name, "从别处加载:{address}", "loads what is not on the site: {address}", address=address)


def _loaded_from_others(page: FinishedPage, expected: Expected) -> Iterator[GateFinding]:
    for address in page.loaded:
        if not address.startswith("data:") and own_file(page.name, address, expected) is None:
            yield finding(page.name, "从别处加载:{address}", "loads from another host: {address}", address=address)


def own_file(name: str, address: str, expected: Expected) -> tuple[str, str] | None:
    """Return the (file, fragment) of this site that ``address`` in the file ``name`` leads to; None for other sites."""
    if address.startswith(_NO_PAGES):
        return None
    whole = urljoin(expected.address + name, address)
    if not whole.startswith(expected.address):
        own, other = urlsplit(expected.address), urlsplit(whole)
        # The same host, but outside the site's own folder.
        return (f"../{other.path}", "") if own.netloc == other.netloc and address[:4] != "http" else None
    parts = urlsplit(whole)
    path = unquote(whole.partition("#")[0].partition("?")[0].removeprefix(expected.address))
    return (f"{path}index.html" if path == "" or path.endswith("/") else path), unquote(parts.fragment)


def _folder(name: str, expected: Expected) -> str:
    """Return the folder of the language to which the page ``name`` belongs (longest match)."""
    return max((f for f in expected.languages if name.startswith(f)), key=len)
