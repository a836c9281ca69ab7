"""Writing data files: all of a change or nothing, only if the data stays without errors, each file in one stroke."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from haopin.data import examine
from haopin.problem import ConfigurationError, DataError
from haopin.whole import write_whole


def write(folder: Path, name: str, changes: Mapping[str, bytes | None]) -> None:
    """Write ``changes`` into the data folder, if the data has no error with them that it has not without.

    Args:
        folder: The data folder.
        name: How problems name it, e.g. ``data``.
        changes: New content by path below the folder, with ``/``; None deletes the file.

    Raises:
        DataError: with every error that the changes would bring; nothing is written.
        ConfigurationError: if a file cannot be written (open in another program, say); nothing is changed.
    """
    before = set(examine(folder, name)[1])
    with tempfile.TemporaryDirectory(prefix="haopin-") as place:
        trial = Path(place) / "data"
        shutil.copytree(folder, trial)
        for file, content in changes.items():
            target = trial / file
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        new = [line for line in examine(trial, name)[1] if line not in before]
    if new:
        raise DataError(new)
    _replace_all(folder, changes)


def _replace_all(folder: Path, changes: Mapping[str, bytes | None]) -> None:
    previous: dict[Path, bytes | None] = {}
    try:
        for file, content in changes.items():
            target = folder / file
            previous[target] = target.read_bytes() if target.exists() else None
            if content is None:
                target.unlink()
            else:
                write_whole(target, content)
    except OSError as error:
        for target, content_before in previous.items():
            if content_before is None:
                target.unlink(missing_ok=True)
            elif not target.exists() or target.read_bytes() != content_before:
                write_whole(target, content_before)
        raise ConfigurationError(
            f"写不进文件，可能正被别的程序打开，什么都没有改 / cannot write a file, perhaps it is open in another "
            f"program; nothing was changed: {error}"
        ) from error
