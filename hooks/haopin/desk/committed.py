"""The ledger as it was committed, from git; nothing where there is no git."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from haopin.desk.history import changed_entries
from haopin.problem import Problem
from haopin.reading import yamlfile
from haopin.reading.report import report
from haopin.records.ledger import ENTRY

#: Runs git in a folder with arguments; returns what it prints, or None if it fails or is not there.
Git = Callable[[Path, Sequence[str]], bytes | None]
_SECONDS = 20


def run_git(folder: Path, arguments: Sequence[str]) -> bytes | None:
    """Run git in ``folder``; see `Git`."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None


def ledger_warnings(folder: Path, name: str, git: Git = run_git) -> list[str]:
    """Return a line for each committed entry of the ledger that was changed or deleted since.

    Args:
        folder: The data folder.
        name: How problems name it.
        git: Runs git.
    """
    committed = _committed(folder, git)
    if not committed:
        return []
    current = {}
    for path in sorted((folder / ENTRY.path).glob("*.yml")):
        text = _text(path.read_bytes(), path.name)
        if text is None:
            # Not to be read: its entries are not gone.
            return []
        current[f"{ENTRY.path}/{path.name}"] = text
    return report(folder, changed_entries(committed, current), name)


def _committed(folder: Path, git: Git) -> dict[str, str]:
    """Return the text of each committed file of the ledger, by path below the data ``folder``."""
    listed = git(folder, ["ls-tree", "-z", "--name-only", "HEAD", f"{ENTRY.path}/"]) or b""
    files = [name for name in listed.decode("utf-8", "replace").split("\0") if name.endswith(".yml")]
    found = {}
    for file in files:
        raw = git(folder, ["show", f"HEAD:./{file}"])
        text = _text(raw, file) if raw is not None else None
        if text is not None:
            found[file] = text
    return found


def _text(raw: bytes, file: str) -> str | None:
    text = yamlfile.decode(raw, file)
    return None if isinstance(text, Problem) else text
