"""Where links in texts of records lead on one day: to what is public then, and to nothing else."""

from collections.abc import Callable, Iterable, Sequence, Set
from urllib.parse import unquote, urljoin, urlsplit

from haopin.markdown import Lead

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
