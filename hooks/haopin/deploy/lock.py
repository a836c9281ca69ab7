"""The lock of a place for releases: held by a process there for as long as this one answers it."""

import select
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

#: Run there, under the lock: it answers each sign of life, and ends when there is none for so many seconds, so that a
#: runner that vanished without closing its connection keeps nobody out.
_HOLD = 'echo locked; while [ -n "$(timeout "$1" head -c 1)" ]; do printf .; done'


class Lock:
    """A lock that was taken, or asked for.

    Attributes:
        lease: Seconds without a sign of life after which the place gives the lock to others.
    """

    def __init__(self, command: Sequence[str], lease: int) -> None:
        """Ask for the lock with ``command``, which runs what follows it under the lock.

        Raises:
            OSError: if the command cannot be run.
        """
        self.lease = lease
        self._holder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self._answered = time.monotonic()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._show_life, daemon=True)

    @staticmethod
    def command(lease: int) -> list[str]:
        """Return what must run under the lock."""
        return ["sh", "-c", _HOLD, "hold", str(lease)]

    def taken(self) -> tuple[int, str] | None:
        """Wait until the lock is taken; if it is not, return the exit code and what was said."""
        assert self._holder.stdout is not None and self._holder.stderr is not None
        if self._holder.stdout.readline().strip() == b"locked":
            self._answered = time.monotonic()
            self._beat.start()
            return None
        said = self._holder.stderr.read().decode("utf-8", "replace")
        self._holder.wait()
        self._close()
        return self._holder.returncode, said

    @property
    def is_held(self) -> bool:
        """Whether the lock is surely ours: the place has answered lately, well before it would give it to others."""
        return self._holder.poll() is None and time.monotonic() - self._answered < self.lease * 2 / 3

    def give_back(self) -> None:
        """Let others have it."""
        self._ended.set()
        self._beat.join()
        self._close()
        try:
            self._holder.wait(10)
        except subprocess.TimeoutExpired:
            # A dead connection: the place gives the lock back by itself.
            self._holder.kill()
            self._holder.wait()

    def _close(self) -> None:
        for end in (self._holder.stdin, self._holder.stdout, self._holder.stderr):
            assert end is not None
            with suppress(OSError):
                end.close()

    def _show_life(self) -> None:
        assert self._holder.stdin is not None and self._holder.stdout is not None
        while not self._ended.wait(self.lease / 6):
            try:
                self._holder.stdin.write(b".")
                # Not longer than the lease, so that an end that is asked for is not waited for.
                if select.select([self._holder.stdout], [], [], self.lease / 6)[0]:
                    if not self._holder.stdout.read(100):
                        return
                    self._answered = time.monotonic()
            except (OSError, ValueError):
                return
