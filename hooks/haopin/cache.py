"""Cache on disk for slow results, between builds."""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

_DIGEST = 16
_TAG = "CACHEDIR.TAG"
#: The first line is the signature of https://bford.info/cachedir/, so that backups skip the folder.
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by Haopin; may be deleted at any time.\n"
_INDEX = "used.json"
_ENTRY, _LEFT_OVER = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{32}\.[0-9]+\.tmp")
#: Entries that are always kept; beyond these, three times as many as the last build used.
_FEWEST, _TIMES = 3000, 3


def key(*parts: str) -> str:
    """Return the name of an entry: a hash of everything that its content depends on, 32 hexadecimal digits."""
    return blake2b(json.dumps(parts).encode(), digest_size=_DIGEST).hexdigest()


class Cache:
    """A folder of entries; each is a file that begins with a hash of its name and content.

    A missing, damaged or unwritable entry never fails a build: its content is computed again. Several processes may
    share a folder, because files are replaced atomically.
    """

    def __init__(self, folder: Path, part: str = "") -> None:
        """Use the folder ``part`` of ``folder``, which is created with the first entry.

        Args:
            folder: The cache folder, which gets a CACHEDIR.TAG.
            part: Subfolder whose users are counted together, e.g. the builds of one language.
        """
        self._top, self._folder = folder, folder / part
        # Thousands of paths are looked up: concatenating strings is much faster than joining paths.
        self._prefix = f"{self._folder}{os.sep}"
        self._used: set[str] = set()
        self._exists = False

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return the entry ``key``; if missing, compute it with ``make`` and store it.

        Args:
            key: Name of the entry, from `key`.
            make: Computes the content; its exceptions are not caught.
        """
        self._used.add(key)
        content = self._read(key)
        if content is None:
            content = make()
            self._write(key, _digest(key, content) + content)
        return content

    def _read(self, key: str) -> bytes | None:
        try:
            with open(self._prefix + key, "rb", buffering=0) as file:  # noqa: PTH123
                found = file.read()
        except OSError:
            return None
        content = found[_DIGEST:]
        return content if found[:_DIGEST] == _digest(key, content) else None

    def _write(self, name: str, content: bytes) -> None:
        temporary = f"{self._prefix}{name}.{os.getpid()}.tmp"
        # Unwritable folder or full disk: the build works without the cache.
        try:
            self._make_folder()
            Path(temporary).write_bytes(content)
            os.replace(temporary, self._prefix + name)  # noqa: PTH105
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()

    def _make_folder(self) -> None:
        if not self._exists:
            self._top.mkdir(parents=True, exist_ok=True)
            # Do not exclude a folder with somebody's own files from backups.
            if not any(self._top.iterdir()):
                (self._top / _TAG).write_bytes(_TAG_TEXT)
            self._folder.mkdir(exist_ok=True)
            self._exists = True

    def finish(self, *, spare: bool = True) -> None:
        """Record the entries that this build used, and delete the least recently used ones beyond the limit.

        Age is counted in builds, so that no clock is needed.

        Args:
            spare: Whether entries that this build did not use are kept at all.
        """
        with suppress(OSError):
            names = os.listdir(self._folder)  # noqa: PTH208
            last = self._last_used()
            now = max(last.values(), default=0) + 1
            # Entries just written by another process are not in the index yet: treat them as used now.
            last = {
                name: now if name in self._used else last.get(name, now) for name in filter(_ENTRY.fullmatch, names)
            }
            if not spare:
                kept = {name: now for name in last if name in self._used}
            else:
                most = max(_FEWEST, _TIMES * len(self._used))
                kept = dict(sorted(last.items(), key=lambda item: (-item[1], item[0]))[:most])
            for name in [*(last.keys() - kept.keys()), *filter(_LEFT_OVER.fullmatch, names)]:
                with suppress(OSError):
                    Path(self._prefix + name).unlink()
            self._write(_INDEX, json.dumps(kept, separators=(",", ":")).encode())

    def _last_used(self) -> dict[str, int]:
        """Return the number of the last build that used each entry; empty if the index is missing or damaged."""
        try:
            found = json.loads(Path(self._prefix + _INDEX).read_bytes())
            return {str(name): int(number) for name, number in found.items()}
        except (OSError, ValueError, AttributeError, TypeError, OverflowError):
            return {}


def _digest(key: str, content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST, key=key.encode()).digest()
