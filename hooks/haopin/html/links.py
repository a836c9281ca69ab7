"""Links: those in texts of records lead to public pages only; external links are marked."""

import re
from collections.abc import Callable, Sequence, Set
from html import escape, unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from haopin.html.i18n import Labels
from haopin.markdown import Lead
from haopin.text import shown_address
from haopin.trace import kept

# --- Links within the site: to what is public on the date of the build

Anchors = Callable[[str], Set[str]]


class Links:
    """Addresses of one language that are valid link targets.

    The target of a link may expire or be withdrawn. Such a link becomes plain text and does not fail the build.
    """

    def __init__(
        self,
        has_page: Callable[[str], bool],
        files: Callable[[str], str | None],
        anchors: Anchors,
        roots: Sequence[str],
    ) -> None:
        """Store the public addresses.

        Args:
            has_page: Returns whether there is a page at an address relative to the root of the language, e.g.
                ``tasks/03/``.
            files: Maps the address of another file in a text to its path relative to the root of the language; None if
                it does not exist.
            anchors: Returns the anchors of a page by its address.
            roots: Absolute address of the root of each language, ending in ``/``.
        """
        self._has_page = has_page
        self._files = files
        self._make_anchors = anchors
        self._anchors: dict[str, Any] = {}
        self._open: set[str] = set()
        # Longest first, as the root of one language may be below that of another.
        self._roots = sorted(roots, key=len, reverse=True)

    def lead(self, root: str, here: str | None = None) -> Lead:
        """Return the function that maps the links of a text.

        Args:
            root: Relative path or absolute address of the root of the language, from the page with the text.
            here: Address of that page, for links within it; None if the text is read elsewhere.
        """

        def lead(address: str) -> str | None:
            if address.startswith("#"):
                return address if here is not None and self.has(f"/{here}{address}") else None
            if not address.startswith("/"):
                own = self.own(address)
                return address if own is None or self.has(own) else None
            way = self.way(address)
            if way is None:
                return None
            return urljoin(root, way) if "://" in root and way.startswith("../") else root + way

        return lead

    def own(self, address: str) -> str | None:
        """Return the absolute ``address`` of a page of this site in the form of a text, with ``/`` in front.

        None for an external address.
        """
        for root in self._roots:
            if address.startswith(root):
                return "/" + address[len(root) :]
        return None

    def has(self, address: str) -> bool:
        """Return whether ``address``, which begins with ``/``, is public."""
        return self.way(address) is not None

    def way(self, address: str) -> str | None:
        """Return the path from the root of the language to ``address`` (with ``/``); None if that is not public."""
        parts = urlsplit(address)
        path = unquote(parts.path).removeprefix("/")
        if self._has_page(path):
            if not parts.fragment:
                return address[1:]
            anchors = self._anchors_of(path)
            return address[1:] if anchors is None or unquote(parts.fragment) in anchors else None
        if parts.fragment:
            return None
        way = self._files(path)
        return None if way is None else address[1:] if way == path else way

    def _anchors_of(self, page: str) -> Set[str] | None:
        """Return the anchors of ``page``; None while they are being determined.

        Anchors are known after a page is rendered, and rendering needs the anchors of the pages that it links to.
        """
        if page in self._open:
            return None
        self._open.add(page)
        try:
            return kept(self._anchors, page, self._make_anchors, page)
        finally:
            self._open.discard(page)


# --- External links: marked in words, and confirmed before leaving, except to government sites

#: Government domains, which need no confirmation.
GOVERNMENT: tuple[str, ...] = ("gov.cn",)

_LINK = re.compile(r'<a ([^>]*?)href="(https?://[^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)
_SAFE = ' rel="noopener noreferrer"'


def is_government(host: str) -> bool:
    """Return whether ``host`` is that of a government site."""
    return any(host == domain or host.endswith(f".{domain}") for domain in GOVERNMENT)


def mark_external(content: str, own: str, t: Labels) -> str:
    """Return the HTML ``content`` with external links marked, and the dialog shown before leaving the site.

    Args:
        content: HTML of a page.
        own: Host of the site.
        t: Labels of the page's language.
    """
    if 'href="http' not in content:
        return content
    leaving = False

    def mark(match: re.Match[str]) -> str:
        nonlocal leaving
        before, address, after, words = match.groups()
        host = urlsplit(unescape(address)).hostname or ""
        if host == own:
            return match[0]
        safe = "" if " rel=" in f" {before} {after}" else _SAFE
        if is_government(host):
            return f'<a {before}href="{address}"{after}{safe}>{words}</a>'
        leaving = True
        said = t("leave.mark")
        # A full-width parenthesis has its space within.
        gap = "" if said.startswith("\uff08") else " "
        note = f'{gap}<span class="hp-external">{escape(said)}</span>'
        # Displayed form of the address in the dialog and in print, if it differs.
        shown = shown_address(unescape(address))
        leave = "data-leave" if shown == unescape(address) else f'data-leave="{escape(shown)}"'
        return f'<a {before}href="{address}"{after}{safe} {leave}>{words}{note}</a>'

    content = _LINK.sub(mark, content)
    return content + _dialog(t) if leaving else content


def _dialog(t: Labels) -> str:
    """Return the dialog of leave.js, which inserts the address and ``rel``."""
    return (
        '<template data-leave-dialog><dialog class="hp-share-sheet"><form method="dialog">'
        f"<h2>{escape(t('leave.title'))}</h2></form><p>{escape(t('leave.text'))}</p><p><code></code></p>"
        '<form method="dialog" class="hp-actions">'
        f'<button type="submit" class="hp-button">{escape(t("leave.stay"))}</button>'
        f'<a class="hp-button hp-button--quiet">{escape(t("leave.go"))}</a></form></dialog></template>\n'
    )
