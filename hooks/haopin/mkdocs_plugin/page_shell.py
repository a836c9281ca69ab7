"""The page around the content, rendered once a depth and language; pages are put in.

Every part that differs from page to page is a slot. The shell is the theme's own template rendered with marks in the
slots; a page is the pieces between the marks with its own parts. For each kind of page one page is also rendered in
full and compared, in every build, so that the two can never differ unnoticed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from haopin.problem import ConfigurationError

SLOTS = (
    "kind",
    "styles",
    "title",
    "description",
    "canonical",
    "shown_address",
    "alternates",
    "other_href",
    "menu",
    "head",
    "citation",
    "qr",
    "embed",
    "content",
)

_MARK = re.compile("\x02([a-z_]+)\x03")


@dataclass(frozen=True)
class PageParts:
    """The parts of one page, ready to stand in HTML."""

    kind: str
    styles: str
    title: str
    description: str
    canonical: str
    shown_address: str
    alternates: str
    other_href: str
    menu: str
    head: str
    citation: str
    qr: str
    embed: str
    content: str


@dataclass
class Shell:
    """Shells by depth. ``render`` fills the theme's template with the given parts for a page address."""

    render: Callable[[PageParts, str], str]
    _pieces: dict[str, list[str]] = field(default_factory=dict)
    _compared: set[str] = field(default_factory=set)

    def page(self, parts: PageParts, address: str, kind: str) -> str:
        """Return the whole page.

        Args:
            parts: Its own parts.
            address: Address below the edition's root.
            kind: Kind of page; the first of each is compared with a full render.

        Raises:
            ConfigurationError: if the theme makes something else of the page than splicing does.
        """
        # Relative addresses in the shell depend on nothing but the depth.
        depth = "x/" * address.count("/")
        if depth not in self._pieces:
            marked = PageParts(**{slot: f"\x02{slot}\x03" for slot in SLOTS})
            self._pieces[depth] = _MARK.split(self.render(marked, depth))
        values: Mapping[str, Any] = vars(parts)
        pieces = list(self._pieces[depth])
        pieces[1::2] = [values[slot] for slot in pieces[1::2]]
        page = "".join(pieces)
        if kind not in self._compared:
            self._compared.add(kind)
            if page != self.render(parts, address):
                raise ConfigurationError(
                    f"页面“{address}”拼装结果与整页渲染不同 / the spliced page “{address}” differs from its full render"
                )
        return page


def attribute(text: str) -> str:
    """Return ``text`` escaped for an attribute or an element."""
    return escape(text, quote=True)
