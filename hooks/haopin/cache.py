"""Bytes that are made only when what they depend on has changed, kept on disk between builds."""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

_DIGEST = 16
_TAG = "CACHEDIR.TAG"
#: The first line is the signature of https://bford.info/cachedir/; backups leave such a folder out.
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by Haopin; may be deleted at any time.\n"
_INDEX = "used.json"
_ENTRY, _LEFT_OVER = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{32}\.[0-9]+\.tmp")
#: So many entries stay in any case; of more, three times as many as the last build used.
_FEWEST, _TIMES = 3000, 3


def key(*parts: str) -> str:
    """Return the name of an entry: a digest of everything that its bytes depend on, 32 hexadecimal digits."""
    return blake2b(json.dumps(parts).encode(), digest_size=_DIGEST).hexdigest()


class Cache:
    """A folder of entries, each a file that begins with a digest of its name and content.

    Nothing that happens to the folder fails a build: an entry that is missing, damaged or cannot be written is made
    anew. Several processes may use one folder at once: a file appears whole or not at all.
    """

    def __init__(self, folder: Path, part: str = "") -> None:
        """Keep entries in ``part`` of ``folder``, which is made when the first entry is written.

        Args:
            folder: The cache, which gets a CACHEDIR.TAG.
            part: Folder in it for those who count together what was used, e.g. the builds of a language.
        """
        self._top, self._folder = folder, folder / part
        # Thousands of paths are looked up: joining texts is a fraction of the work of joining paths.
        self._prefix = f"{self._folder}{os.sep}"
        self._used: set[str] = set()
        self._exists = False

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return the entry ``key``, or what ``make`` returns, which is then kept.

        Args:
            key: Name of the entry, from `key`.
            make: Makes the content; what it raises is raised.
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
        # A folder that cannot be written, a full disk: the build needs none of it.
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
            # A folder that holds somebody's own files must not fall out of their backup.
            if not any(self._top.iterdir()):
                (self._top / _TAG).write_bytes(_TAG_TEXT)
            self._folder.mkdir(exist_ok=True)
            self._exists = True

    def finish(self) -> None:
        """Note what this build used, and delete what was used longest ago if there is too much.

        Age is counted in builds, not in days: nothing reads a clock.
        """
        with suppress(OSError):
            names = os.listdir(self._folder)  # noqa: PTH208
            last = self._last_used()
            now = max(last.values(), default=0) + 1
            # What another process has just written is not in the index yet: it counts as used now.
            last = {
                name: now if name in self._used else last.get(name, now) for name in filter(_ENTRY.fullmatch, names)
            }
            most = max(_FEWEST, _TIMES * len(self._used))
            kept = dict(sorted(last.items(), key=lambda item: (-item[1], item[0]))[:most])
            for name in [*(last.keys() - kept.keys()), *filter(_LEFT_OVER.fullmatch, names)]:
                with suppress(OSError):
                    Path(self._prefix + name).unlink()
            self._write(_INDEX, json.dumps(kept, separators=(",", ":")).encode())

    def _last_used(self) -> dict[str, int]:
        """Return the number of the build that last used each entry; nothing if the index is missing or damaged."""
        try:
            found = json.loads(Path(self._prefix + _INDEX).read_bytes())
            return {str(name): int(number) for name, number in found.items()}
        except (OSError, ValueError, AttributeError, TypeError, OverflowError):
            return {}


def _digest(key: str, content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST, key=key.encode()).digest()
