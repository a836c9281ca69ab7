"""Atomic writing of files, and temporary folders that remove themselves."""

import os
import shutil
import tempfile
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

# --- Atomic writing


def atomic_write(target: Path, content: bytes, *, durable: bool = False) -> None:
    """Write ``content`` to ``target`` atomically: readers see either the old or the new content.

    Args:
        target: File to create or replace.
        content: Its new content.
        durable: Whether to wait until the content is on the disk, so that it survives a power cut.

    Raises:
        OSError: if it cannot be written; ``target`` is then unchanged.
    """
    new_folder = not target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".haopin-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(target.parent)
        if new_folder:
            sync_folder(target.parent.parent)


def sync_folder(folder: Path) -> None:
    """Wait until new, replaced and deleted names in ``folder`` are on the disk, where the system can say so."""
    with suppress(OSError):  # Windows does not open folders.
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- Digests of files

#: Stamp (time of the last change, size) and digest of each file that was read.
_digests: dict[str, tuple[tuple[int, int], bytes]] = {}


def file_digest(path: Path) -> bytes:
    """Return a digest of the content of ``path``, which is read again only if the file has changed.

    Raises:
        OSError: if it cannot be read.
    """
    name, facts = str(path), path.stat()
    stamp = facts.st_mtime_ns, facts.st_size
    kept = _digests.get(name)
    if kept is None or kept[0] != stamp:
        kept = _digests[name] = stamp, blake2b(path.read_bytes()).digest()
    return kept[1]


# --- Temporary folders, removed at the end of their process, or by the next run if the process was killed

try:
    import fcntl
except ImportError:  # Windows: nothing tells a folder in use from one that was left, so none is removed.
    fcntl = None  # type: ignore[assignment]

#: Folder in a temporary folder for what was moved out of the way, by its original name.
PREVIOUS = "previous"
#: Pattern of the random part of a name from `tempfile.mkdtemp`.
_RANDOM = "[a-z0-9_]" * 8


class Scratch:
    """A temporary folder, locked against removal by other processes as long as this object exists.

    Attributes:
        path: The folder.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        """Create a folder ``prefix…`` below ``parent``, after removing those of processes that ended.

        Raises:
            OSError: if it cannot be created.
        """
        for folder in sorted(parent.glob(prefix + _RANDOM)):
            _remove_if_left_behind(folder, parent)
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            try:
                self._handle = _lock(self.path)
            except (BlockingIOError, FileNotFoundError):
                # Another process removed the new folder before it was locked.
                continue
            if self.path.exists():
                return

    def remove(self) -> None:
        """Remove the folder with its content."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Release the lock and leave the folder to other processes."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _remove_if_left_behind(folder: Path, parent: Path) -> None:
    if not folder.is_dir() or folder.is_symlink():
        return
    try:
        handle = _lock(folder)
    except OSError:
        return
    if handle is not None:
        # Locked during removal: a process that has just created it will create another.
        if _put_back(folder, parent):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _put_back(left: Path, parent: Path) -> bool:
    """Restore to ``parent`` what is missing there and was moved to ``left``; return whether everything was restored."""
    found = list((left / PREVIOUS).iterdir()) if (left / PREVIOUS).is_dir() else []
    for kept in found:
        if not (parent / kept.name).exists():
            with suppress(OSError):
                kept.rename(parent / kept.name)
    return all((parent / kept.name).exists() for kept in found)


def _lock(folder: Path) -> int | None:
    """Open and lock ``folder``; None if the system has no folder locks.

    The lock is released when the last process that holds it ends.

    Raises:
        BlockingIOError: if another process holds the lock.
        OSError: if it cannot be opened.
    """
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise
    except OSError:
        # Some network file systems have no locks.
        os.close(handle)
        return None
    return handle
