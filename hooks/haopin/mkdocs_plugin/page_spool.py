"""Where finished pieces of pages wait to be written: a file, not memory."""

import tempfile
from typing import NamedTuple


class SpoolPlace(NamedTuple):
    """Where a piece lies in its spool."""

    start: int
    length: int


#: Where nothing lies.
NOWHERE = SpoolPlace(0, 0)


class Spool:
    """A temporary file for finished pages, since MkDocs renders all pages before it writes the first."""

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
