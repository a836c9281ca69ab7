"""Cache on disk for slow results, between builds."""

import json
import os
import re
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from haopin.trace import note

V = TypeVar("V")
_DIGEST = 16
_TAG = "CACHEDIR.TAG"
#: The first line is the signature of https://bford.info/cachedir/, so that backups skip the folder.
_TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by Haopin; may be deleted at any time.\n"
#: Entries, and what a killed build or an earlier version (its index) left.
_OWN = re.compile(r"[0-9a-f]{32}(\.[0-9]+\.tmp)?|used\.json")
#: Name of a file in a cache folder that serves several sites, such as those of the tests: nothing is deleted there.
SHARED = "shared"


def key(*parts: str) -> str:
    """Return the name of an entry: a hash of everything that its content depends on, 32 hexadecimal digits."""
    return blake2b(json.dumps(parts).encode(), digest_size=_DIGEST).hexdigest()


class Recipe(NamedTuple):
    """How to compute an entry.

    Attributes:
        key: Its name, from `key`.
        make: Computes the content; its exceptions are not caught.
        cost: Processor time that this usually takes, in milliseconds.
    """

    key: str
    make: Callable[[], bytes]
    cost: int

    def made(self, kept: "Cache | None") -> bytes:
        """Return the content, from the cache ``kept`` if possible."""
        return self.make() if kept is None else kept.made(self.key, self.make)


class Cache:
    """A folder of entries; each is a file that begins with a hash of its name and content.

    A missing, damaged or unwritable entry never fails a build: its content is computed again. Several processes may
    share a folder, because files are replaced atomically.
    """

    def __init__(self, folder: Path, part: str = "") -> None:
        """Use the folder ``part`` of ``folder``, which is created with the first entry.

        Args:
            folder: The cache folder, which gets a CACHEDIR.TAG.
            part: Subfolder of the builds that use the same entries, e.g. those of one language.
        """
        self._top, self._folder = folder, folder / part
        #: The arguments, for another process that fills the same cache.
        self.place = str(folder), part
        # Thousands of paths are looked up: concatenating strings is much faster than joining paths.
        self._prefix = f"{self._folder}{os.sep}"
        self._used: set[str] = set()
        self._exists = False
        #: Name of this service in `haopin.trace`.
        self.trace_name = f"cache {part}"

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return the entry ``key``; if missing, compute it with ``make`` and store it.

        Args:
            key: Name of the entry, from `key`.
            make: Computes the content; its exceptions are not caught.
        """
        self._used.add(key)
        note(self.trace_name, key)
        content = self._read(key)
        if content is None:
            content = make()
            self.replace(key, content)
        return content

    def taken(self, key: str) -> bytes:
        """Return the entry ``key``, which another process has stored; empty if it is missing or damaged."""
        self._used.add(key)
        note(self.trace_name, key)
        return self.read(key)

    def lacks(self, key: str) -> bool:
        """Return whether there is no entry ``key`` yet."""
        return not os.path.exists(self._prefix + key)  # noqa: PTH110

    def read(self, key: str) -> bytes:
        """Return the entry ``key``; empty if it is missing or damaged."""
        return self._read(key) or b""

    def replace(self, key: str, content: bytes) -> None:
        """Store ``content`` as the entry ``key``, in place of an older one."""
        self._write(key, _digest(key, content) + content)

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
            self._folder.mkdir(parents=True, exist_ok=True)
            self._exists = True

    def trace_value(self, key: str) -> str:
        """Return what was read as ``key``, to compare it between builds: entries are named by their content."""
        return key

    def keep(self, keys: Iterable[str]) -> None:
        """Keep the entries ``keys``, which this build did not read: what they are in is taken from the last build."""
        self._used.update(keys)

    def finish(self) -> None:
        """Delete the entries that this build did not use, so that nothing of a withdrawn record stays."""
        if (self._top / SHARED).exists():
            return
        with suppress(OSError):
            for name in os.listdir(self._folder):  # noqa: PTH208
                if name not in self._used and _OWN.fullmatch(name):
                    with suppress(OSError):
                        Path(self._prefix + name).unlink()


_READINGS = key("readings")


class Readings:
    """Results of slow reads of data and written pages, in one entry of the cache.

    Kept is what the last run used: of a file that was changed or deleted nothing remains. A process that reads again
    and again, such as a preview, also keeps objects from one time to the next, in memory.
    """

    def __init__(self, folder: Path, version: str, *, lasting: bool = False) -> None:
        """Read what the last run kept, if it had the same ``version`` of the program.

        Args:
            folder: The cache folder.
            version: Hash of everything besides the keys that the results depend on.
            lasting: Whether this process reads again and again; what it uses is then not kept for the next run.
        """
        self._cache, self._version, self.lasting = Cache(folder, "readings"), version, lasting
        self._objects: dict[Hashable, tuple[Any, Any]] = {}
        #: JSON by key, of the last run and of this one.
        self._kept: dict[bytes, bytes] = {}
        self._used: dict[bytes, bytes] = {}
        first, *lines = self._cache.read(_READINGS).split(b"\n")
        if first == version.encode():
            self._kept = dict(line.split(b" ", 1) for line in lines)

    def made(self, key: str, make: Callable[[], Any]) -> Any:
        """Return the result ``key``; if missing, compute it with ``make``.

        Args:
            key: Name of the result, from `key`.
            make: Computes the result: a value of JSON. Its exceptions are not caught.
        """
        name = key.encode()
        found = self._used.get(name) or self._kept.get(name)
        if found is not None:
            self._used[name] = found
            return json.loads(found)
        result = make()
        written = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        # As bytes, which take half the memory: these are all texts of the data.
        self._used[name] = written.encode(errors="surrogatepass")
        return result

    def same(self, name: Hashable, given: Any, make: Callable[[], V]) -> V:
        """Return the object ``name``: that of the last time if it was made from the same ``given``, else a new one.

        Args:
            name: Identifies the object; of each name, the latest object is kept, by a process that reads again.
            given: Everything that the object is made from.
            make: Makes the object, which nobody may change. Its exceptions are not caught.
        """
        if not self.lasting:
            return make()
        found = self._objects.get(name)
        if found is None or found[0] != given:
            found = self._objects[name] = given, make()
        made: V = found[1]
        return made

    def finish(self) -> None:
        """Keep the results that this run used, and drop all others."""
        if self.lasting:
            return
        if self._used.keys() != self._kept.keys():
            lines = (part for entry in self._used.items() for part in (b"\n", entry[0], b" ", entry[1]))
            self._cache.replace(_READINGS, b"".join((self._version.encode(), *lines)))
        self._kept, self._used = {}, {}


def _digest(key: str, content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST, key=key.encode()).digest()
