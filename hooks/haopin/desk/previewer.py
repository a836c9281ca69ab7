"""Pages of a record as it would be if it were saved, approved or not, rendered when they are asked for."""

import threading
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from haopin.problem import ConfigurationError, DataError

if TYPE_CHECKING:
    from haopin.build.session import Reading
    from haopin.mkdocs_plugin.live import Configurations, Live


class Previewer:
    """Holds the pages of the latest preview.

    Attributes:
        number: Number of the latest preview; grows with each.
        problems: Why there is none, as lines.
    """

    def __init__(self, config: Path, as_of: date | None) -> None:
        """Prepare for the site of ``config`` on ``as_of`` (None: as in the settings); nothing is read yet."""
        self._config, self._as_of = config, as_of
        self._lock = threading.RLock()
        self._configurations: Configurations | None = None
        self._live: Live | None = None
        self._held = ExitStack()
        self.number = 0
        self.problems: tuple[str, ...] = ()

    def show(self, folder: Path, reading: "Reading", held: ExitStack) -> None:
        """Let the preview be that of the data in ``folder``.

        Args:
            folder: The data with the changes.
            reading: Its records, without errors.
            held: Closed when the preview is replaced.
        """
        # Not at the top: MkDocs takes a tenth of a second, and the first page of the desk does not need it.
        from haopin.mkdocs_plugin.live import Configurations, Live

        with self._lock:
            if self._configurations is None:
                self._configurations = Configurations(self._config, "http://127.0.0.1/")
            try:
                self._live = Live(self._configurations, folder, reading, self._as_of, shows="all")
                self.problems = ()
            except (DataError, ConfigurationError, SystemExit) as error:
                # MkDocs ends by SystemExit if the configuration is wrong, and prints why.
                self._live, self.problems = None, tuple(getattr(error, "lines", (str(error),)))
            self._held.close()
            self._held = held
            self.number += 1

    def answer(self, path: str) -> str | bytes | None:
        """Return the page or file at ``path``, relative to the root of the site; None if there is none."""
        with self._lock:
            if self._live is None:
                return None
            if path == "" or path.endswith("/"):
                return self._live.page(path)
            return self._live.file(path)

    def close(self) -> None:
        """Remove the data of the preview."""
        with self._lock:
            self._live = None
            self._held.close()
