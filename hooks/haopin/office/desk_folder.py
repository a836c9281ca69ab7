"""The office's own folder `.desk/` beside the data: journal, history, drafts; and its lock between processes."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haopin.problem import ConfigurationError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Name of the folder, in the folder of `mkdocs.yml`. It is never part of a site, a package or a commit.
DESK = ".desk"
#: Seconds to wait for another process that is writing.
_PATIENCE = 60.0
#: Journal of `office.writing`: exists while files are written.
JOURNAL = "journal.json"


def desk_folder(folder: Path) -> Path:
    """Return the folder for the journal, history and drafts of the data ``folder``; it may not exist.

    It is below `.desk/` in the nearest folder with `mkdocs.yml` above the data, or else in the parent of the data
    folder: never within data or written pages. Each data folder has its own.
    """
    folder = folder.resolve()
    project = next((parent for parent in folder.parents if (parent / "mkdocs.yml").is_file()), folder.parent)
    return project / DESK / folder.relative_to(project)


def interrupted(project: Path) -> list[Path]:
    """Return the data folders in ``project`` to which a process was writing when it was killed, or is writing now."""
    desk = project.resolve() / DESK
    journals = [*desk.glob(f"*/{JOURNAL}"), *desk.glob(f"*/*/{JOURNAL}")]
    return [desk.parent / journal.parent.relative_to(desk) for journal in journals]


def prepared(folder: Path) -> Path:
    """Create and return `desk_folder`, ignored by git from within, whatever the project's own `.gitignore` has.

    Raises:
        OSError: if it cannot be created.
    """
    place = desk_folder(folder)
    place.mkdir(parents=True, exist_ok=True)
    top = next(parent for parent in (place, *place.parents) if parent.name == DESK)
    if not (top / ".gitignore").exists():
        (top / ".gitignore").write_text("*\n", encoding="ascii")
    return place


@contextmanager
def locked(folder: Path, what: str = "data") -> Iterator[None]:
    """Keep other processes and threads from writing to the data ``folder``. The lock ends with its process.

    Args:
        folder: The data folder.
        what: What to write: the data, or something in `desk_folder` with a lock of its own.

    Raises:
        ConfigurationError: if another process does not finish writing within a minute, or `.desk/` is not writable.
    """
    try:
        handle = os.open(prepared(folder) / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ConfigurationError(
            f"无法写入文件夹 {DESK}，什么都没有改 / cannot write to the folder {DESK}; nothing was changed: {error}"
        ) from error
    try:
        until = time.monotonic() + _PATIENCE
        while not _try_lock(handle):
            if time.monotonic() > until:
                raise ConfigurationError(
                    "另一个程序正在写入资料，请稍后再试 / another program is writing to the data; try again later"
                )
            time.sleep(0.02)
        yield
    finally:
        # Closing the file releases the lock.
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network file systems have no locks.
        return True
    return True
