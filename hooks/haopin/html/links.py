"""Links: those in texts of records lead to what is public on the day; those to sites of others are marked."""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from html import escape, unescape
from urllib.parse import unquote, urljoin, urlsplit

from haopin.html.i18n import Labels
from haopin.markdown import Lead
from haopin.text import shown_address

# --- Links within the site: what is public on one day, and nothing else

Anchors = Callable[[str], Set[str]]


class Links:
    """The addresses of one language to which a text may link.

    A text may outlive what it links to: a notice that has ended, a record that was withdrawn. Such a link must become
    words, not stop the build.
    """

    def __init__(
        self,
        pages: Iterable[str],
        files: Callable[[str], str | None],
        anchors: Anchors,
        roots: Sequence[str],
    ) -> None:
        """Keep what is public.

        Args:
            pages: Addresses of all pages below the root of the language, e.g. ``tasks/03/``.
            files: Gives the way from the root of the language to another file by the address that a text has for it;
                None if there is none.
            anchors: Gives the anchors of a page by its address.
            roots: Absolute address of the root of each language, ending in ``/``.
        """
        self._pages = frozenset(pages)
        self._files = files
        self._make_anchors = anchors
        self._anchors: dict[str, Set[str] | None] = {}
        # That of a language below another is the longer one.
        self._roots = sorted(roots, key=len, reverse=True)

    def lead(self, root: str, here: str | None = None) -> Lead:
        """Return where the links of a text lead.

        Args:
            root: Way, or absolute address, of the root of the language from the page that shows the text.
            here: Address of that page, for links to a place on it; None if it is read elsewhere.
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
        """Return the absolute ``address`` of a page of this site as a text may write it, with ``/`` in front.

        None if it is an address of others.
        """
        for root in self._roots:
            if address.startswith(root):
                return "/" + address[len(root) :]
        return None

    def has(self, address: str) -> bool:
        """Tell whether there is something public at ``address``, which begins with ``/``."""
        return self.way(address) is not None

    def way(self, address: str) -> str | None:
        """Return the way from the root of the language to ``address``, beginning with ``/``; None if there is none."""
        parts = urlsplit(address)
        path = unquote(parts.path).removeprefix("/")
        if path in self._pages:
            if not parts.fragment:
                return address[1:]
            anchors = self._anchors_of(path)
            return address[1:] if anchors is None or unquote(parts.fragment) in anchors else None
        if parts.fragment:
            return None
        way = self._files(path)
        return None if way is None else address[1:] if way == path else way

    def _anchors_of(self, page: str) -> Set[str] | None:
        """Return the anchors of ``page``; None while they are being looked for.

        They are known when the page was made, and making it asks for those of the pages that it links to.
        """
        if page not in self._anchors:
            self._anchors[page] = None
            self._anchors[page] = self._make_anchors(page)
        return self._anchors[page]


# --- Links that lead to sites of others: marked in words, and announced before one leaves, unless to a government

#: Domains of governments: whoever goes there needs no notice.
GOVERNMENT: tuple[str, ...] = ("gov.cn",)

_LINK = re.compile(r'<a ([^>]*?)href="(https?://[^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)
_SAFE = ' rel="noopener noreferrer"'


def is_government(host: str) -> bool:
    """Tell whether ``host`` is that of a government."""
    return any(host == domain or host.endswith(f".{domain}") for domain in GOVERNMENT)


def mark_external(content: str, own: str, t: Labels) -> str:
    """Return the HTML ``content`` with its links to others marked, and what is asked before one follows them.

    Args:
        content: HTML of a page.
        own: Host of the site itself.
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
        note = f' <span class="hp-external">{escape(t("leave.mark"))}</span>'
        # What the notice and paper show of it, where it is not the address itself.
        shown = shown_address(unescape(address))
        leave = "data-leave" if shown == unescape(address) else f'data-leave="{escape(shown)}"'
        return f'<a {before}href="{address}"{after}{safe} {leave}>{words}{note}</a>'

    content = _LINK.sub(mark, content)
    return content + _dialog(t) if leaving else content


def _dialog(t: Labels) -> str:
    """Return what leave.js shows; it puts the address and ``rel`` in."""
    return (
        '<template data-leave-dialog><dialog class="hp-citing"><form method="dialog">'
        f"<h2>{escape(t('leave.title'))}</h2></form><p>{escape(t('leave.text'))}</p><p><code></code></p>"
        '<form method="dialog" class="hp-actions">'
        f'<button type="submit" class="hp-button">{escape(t("leave.stay"))}</button>'
        f'<a class="hp-button hp-button--quiet">{escape(t("leave.go"))}</a></form></dialog></template>\n'
    )
