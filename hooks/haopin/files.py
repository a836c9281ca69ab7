"""Writing files so that nobody ever sees half of one, and working folders that remove themselves."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

# --- Writing a file so that nobody ever sees half of it


def atomic_write(target: Path, content: bytes) -> None:
    """Write ``content`` beside ``target`` and put it in its place: a reader sees the old or the new, never a part.

    Raises:
        OSError: if it cannot be written; ``target`` is then as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".haopin-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except OSError:
        Path(beside).unlink(missing_ok=True)
        raise


# --- Working folders that are removed when their process ends, or by the next run if it was killed

try:
    import fcntl
except ImportError:  # Windows: nothing tells a folder in use from one that was left, so none is removed.
    fcntl = None  # type: ignore[assignment]

#: Folder, in a working folder, for what was moved out of the way, by its name beside the working folder.
PREVIOUS = "previous"
#: Letters of the random part of a name that `tempfile.mkdtemp` makes.
_RANDOM = "[a-z0-9_]" * 8


class Scratch:
    """A working folder. As long as this object exists, no other process takes it for one that was left behind.

    Attributes:
        path: The folder.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        """Make a folder ``prefix…`` below ``parent``, after removing those of processes that no longer run.

        Raises:
            OSError: if it cannot be made.
        """
        for folder in sorted(parent.glob(prefix + _RANDOM)):
            _remove_if_left_behind(folder, parent)
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            try:
                self._handle = _lock(self.path)
            except (BlockingIOError, FileNotFoundError):
                # Another process took the new folder for one that was left behind.
                continue
            if self.path.exists():
                return

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Leave the folder to whoever comes next."""
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
        # Locked while it is removed: whoever has just made it then makes another.
        if _put_back(folder, parent):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _put_back(left: Path, parent: Path) -> bool:
    """Move what ``left`` holds of ``parent``, and ``parent`` has no longer, back; return whether all of it is there."""
    found = list((left / PREVIOUS).iterdir()) if (left / PREVIOUS).is_dir() else []
    for kept in found:
        if not (parent / kept.name).exists():
            with suppress(OSError):
                kept.rename(parent / kept.name)
    return all((parent / kept.name).exists() for kept in found)


def _lock(folder: Path) -> int | None:
    """Open and lock ``folder``; None where folders cannot be locked.

    The system gives the lock back when the last process that shares it ends, however it ends.

    Raises:
        BlockingIOError: if another process has it.
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
