"""Who has the desk open on a data folder: one at a time; another may take over, which the first then notices."""

import json
import os
import secrets
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from haopin.files import atomic_write
from haopin.office.desk_folder import desk_folder, locked
from haopin.problem import ConfigurationError

#: How often an open desk calls `Presence.beat`, and after how long without it is taken for closed, in seconds.
BEAT, SILENT = 10, 30


@dataclass(frozen=True)
class Holder:
    """A desk that is open.

    Attributes:
        clerk: Whose it is.
        host: Name of the computer.
        pid: Its process there.
        since: When it was opened.
        token: Random name of this desk.
    """

    clerk: str
    host: str
    pid: int
    since: datetime
    token: str


class Presence:
    """This desk among those that may be open on the same data folder."""

    def __init__(self, folder: Path, clerk: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Prepare to open a desk; nothing is read or written yet.

        Args:
            folder: The data folder.
            clerk: Who opens it.
            clock: Returns the present time, with its time zone.
        """
        self._folder = folder
        self._file = desk_folder(folder) / "opened.json"
        self._clock = clock
        self._me = Holder(clerk, socket.gethostname(), os.getpid(), clock(), secrets.token_hex(16))

    def open(self, *, take_over: bool = False) -> Holder | None:
        """Open the desk, unless another is open.

        Args:
            take_over: Whether to take the place of another.

        Returns:
            The other desk that is open, in which case this one is not; None if this one is open now.

        Raises:
            OSError: if it cannot be written.
            ConfigurationError: if another process is writing for too long.
        """
        with locked(self._folder, "opened"):
            if not take_over and (other := self.other()):
                return other
            me = self._me
            value = {
                "clerk": me.clerk,
                "host": me.host,
                "pid": me.pid,
                "since": me.since.isoformat(),
                "token": me.token,
            }
            atomic_write(self._file, json.dumps(value, ensure_ascii=False).encode())
            self._touch()
        return None

    def other(self) -> Holder | None:
        """Return another desk that is open; None if there is none, or if it ended without closing."""
        holder = self._holder()
        if holder is None or holder.token == self._me.token:
            return None
        try:
            beat = datetime.fromtimestamp(self._file.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
        if abs(self._clock() - beat) > timedelta(seconds=SILENT):
            return None
        return None if holder.host == self._me.host and _has_ended(holder.pid) else holder

    def is_mine(self) -> bool:
        """Return whether this desk is the open one: not closed, and not taken over."""
        holder = self._holder()
        return holder is not None and holder.token == self._me.token

    def require(self) -> None:
        """Refuse to save if another desk took over.

        Raises:
            ConfigurationError: in this case; names who has the desk.
        """
        if self.is_mine():
            return
        other = self._holder()
        zh, en = (f"（{other.clerk}，{other.host}）", f" ({other.clerk}, {other.host})") if other else ("", "")
        raise ConfigurationError(
            f"编辑台已在别处打开{zh}，这里不能再保存；内容留在草稿里 / the desk has been opened elsewhere{en}, and "
            "this one no longer saves; what you typed stays as a draft"
        )

    def beat(self) -> None:
        """Say that this desk is still open; to be called every `BEAT` seconds."""
        if self.is_mine():
            with suppress(OSError):
                self._touch()

    def close(self) -> None:
        """Leave the folder to others; nothing happens if another desk took over."""
        with suppress(OSError, ConfigurationError), locked(self._folder, "opened"):
            if self.is_mine():
                self._file.unlink(missing_ok=True)

    def _touch(self) -> None:
        now = self._clock().timestamp()
        os.utime(self._file, (now, now))

    def _holder(self) -> Holder | None:
        try:
            value = json.loads(self._file.read_bytes())
            since = datetime.fromisoformat(value["since"])
            return Holder(str(value["clerk"]), str(value["host"]), int(value["pid"]), since, str(value["token"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _has_ended(pid: int) -> bool:
    """Return whether the process ``pid`` of this computer is known to have ended."""
    if sys.platform == "win32":
        # os.kill would end the process there.
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
