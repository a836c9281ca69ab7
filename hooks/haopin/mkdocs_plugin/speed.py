r"""Optimisations for large builds. Without them nothing would change but time and memory.

Savings, measured on 2026-11-29 by disabling each in turn (CPU seconds for both languages; see docs/dev/decisions.md
for the setup and for what was rejected):

==================================  ===============  ======================
\                                   county (4.0 s)   1,000 tasks (18 s)
==================================  ===============  ======================
no garbage collection in a build    0.1 s            3 s; costs 45 MB
no garbage collection at its end    0.5 s            3 s
the shell of pages, rendered once   0.1 s            2 s
pages wait in a file                (no time)        (no time); 22 MB a process
templates' garbage is collected     (no time)        69 MB of 350; costs 0.2 s
==================================  ===============  ======================
"""

import gc
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from html import escape
from typing import IO, Any, NamedTuple

from haopin.problem import ConfigurationError
from haopin.trace import kept

# --- No garbage collection: records and pages live until the end of a build anyway


def pause_garbage_collection() -> None:
    """Disable garbage collection for this build; collect the garbage of the previous build (live preview)."""
    if not gc.isenabled():
        gc.unfreeze()
        gc.collect()
    gc.disable()


def skip_last_garbage_collection() -> None:
    """Let the process end without a final garbage collection."""
    gc.freeze()


# --- Page frame: rendered once per depth and language with placeholders, then filled with the parts of each page.
# In every build one page of each kind is also rendered in full and compared, so that a difference cannot go unnoticed.

_MARK = re.compile("\x02([a-z_]+)\x03")


@dataclass(frozen=True)
class PageParts:
    """Parts of one page, as HTML."""

    kind: str
    styles: str
    title: str
    description: str
    canonical: str
    shown_address: str
    alternates: str
    languages: str
    menu: str
    head: str
    citation: str
    qr: str
    poster: str
    embed: str
    content: str


#: Names of the parts.
SLOTS = tuple(part.name for part in fields(PageParts))


@dataclass
class Shell:
    """Page frames by depth; ``render`` renders the theme's template with the given parts for an address."""

    render: Callable[[PageParts, str], str]
    _pieces: dict[str, Any] = field(default_factory=dict)
    _compared: set[str] = field(default_factory=set)

    def page(self, parts: PageParts, address: str, kind: str) -> str:
        """Return the complete HTML of a page.

        Args:
            parts: Parts of the page.
            address: Its address relative to the root of the language.
            kind: Kind of page; the first page of each kind is compared with a full rendering.

        Raises:
            ConfigurationError: if the full rendering differs.
        """
        # Relative addresses in the frame depend on the depth only.
        depth = "x/" * address.count("/")
        values: Mapping[str, Any] = vars(parts)
        pieces = list(kept(self._pieces, depth, self._split, depth))
        pieces[1::2] = [values[slot] for slot in pieces[1::2]]
        page = "".join(pieces)
        if kind not in self._compared:
            self._compared.add(kind)
            if page != self.render(parts, address):
                raise ConfigurationError(
                    f"页面“{address}”拼装结果与整页渲染不同 / the spliced page “{address}” differs from its full render"
                )
        return page

    def _split(self, depth: str) -> list[str]:
        """Return the frame of pages at ``depth``, and the names of the parts between its pieces."""
        marked = PageParts(**{slot: f"\x02{slot}\x03" for slot in SLOTS})
        return _MARK.split(self.render(marked, depth))


def attribute(text: str) -> str:
    """Escape ``text`` for an attribute or an element."""
    return escape(text, quote=True)


# --- Spool: MkDocs renders all pages before it writes the first, so finished pages wait in a file


class SpoolPlace(NamedTuple):
    """Position of a piece in the spool."""

    start: int
    length: int


#: Position of an empty piece.
NOWHERE = SpoolPlace(0, 0)


#: Pieces after which the garbage of their making is collected.
_ROUND = 200


class Spool:
    """A temporary file for finished pages."""

    def __init__(self) -> None:
        """Create the spool; its file is created at the first use."""
        self._file: IO[bytes] | None = None
        self._end = self._at = self._pieces = 0

    def put(self, content: bytes) -> SpoolPlace:
        """Append ``content``; return its position.

        Raises:
            OSError: if the disk is full.
        """
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the build
        # The templates of a page leave cycles behind, a third of the memory of a large build. Only what is newer than
        # the records is looked at, and only once.
        if not self._pieces:
            gc.freeze()
        self._pieces += 1
        if self._pieces % _ROUND == 0:
            gc.collect(0)
        # To seek empties the buffer.
        if self._at != self._end:
            self._file.seek(self._end)
        self._file.write(content)
        place = SpoolPlace(self._end, len(content))
        self._at = self._end = self._end + len(content)
        return place

    def get(self, place: SpoolPlace) -> bytes:
        """Return the piece at ``place``."""
        if self._file is None:
            return b""
        self._file.seek(place.start)
        self._at = place.start + place.length
        return self._file.read(place.length)
