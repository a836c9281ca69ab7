r"""What is here only because builds are large: it saves time or memory, and nothing else would change without it.

Savings, measured on 2026-11-29 by leaving out each in turn (CPU seconds of both languages; docs/dev/decisions.md names
what was measured and left out):

==================================  ===============  ======================
\                                   county (4.0 s)   1,000 tasks (18 s)
==================================  ===============  ======================
no garbage collection in a build    0.1 s            3 s; costs 45 MB
no garbage collection at its end    0.5 s            3 s
the shell of pages, rendered once   0.1 s            2 s
pages wait in a file                (no time)        (no time); 22 MB a process
==================================  ===============  ======================
"""

import gc
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from html import escape
from typing import Any, NamedTuple

from haopin.problem import ConfigurationError

# --- No garbage collection: records and pages live until the end of a build, and are searched in vain


def pause_garbage_collection() -> None:
    """Collect no garbage in the build that begins; collect that of the last one, if this is a live preview."""
    if not gc.isenabled():
        gc.collect()
    gc.disable()


def skip_last_garbage_collection() -> None:
    """Let the process end without a last search through all that it has made."""
    gc.freeze()


# --- The frame of pages (shell): rendered once a depth and language with marks, into which each page's parts are put.
# One page of each kind is also rendered in full and compared, in every build, so that the two cannot differ unnoticed.

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


#: Names of the parts.
SLOTS = tuple(part.name for part in fields(PageParts))


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


# --- Finished pages wait in a file: MkDocs renders all pages before it writes the first


class SpoolPlace(NamedTuple):
    """Where a piece lies in its spool."""

    start: int
    length: int


#: Where nothing lies.
NOWHERE = SpoolPlace(0, 0)


class Spool:
    """A temporary file for finished pages."""

    def __init__(self) -> None:
        """Open nothing yet: a build that fails early needs no file."""
        self._file = tempfile.SpooledTemporaryFile(max_size=1)  # noqa: SIM115 - it lives as long as the build
        self._end = 0

    def put(self, content: bytes) -> SpoolPlace:
        """Keep ``content``; return its place.

        Raises:
            OSError: if there is no room.
        """
        self._file.seek(self._end)
        self._file.write(content)
        place = SpoolPlace(self._end, len(content))
        self._end += len(content)
        return place

    def get(self, place: SpoolPlace) -> bytes:
        """Return what was kept at ``place``."""
        self._file.seek(place.start)
        return self._file.read(place.length)
