"""The repository that this folder is pushed to: how far the two are apart, as git knows without asking it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from haopin.git import in_repository, run_git


@dataclass(frozen=True)
class RemoteState:
    """A branch and the one that it is pushed to.

    Attributes:
        remote: Name of the remote, such as ``origin``.
        branch: Name of the branch there.
        known: Whether the branch is there already.
        ahead: Commits that are only here.
        behind: Commits that are only there.
        changed: Files that differ from the last commit, and so would not be pushed.
        newest: Time of the newest commit there; None if unknown.
        asked: When the remote was last asked; None if never.
    """

    remote: str
    branch: str
    known: bool
    ahead: int
    behind: int
    changed: int
    newest: datetime | None
    asked: datetime | None


def remote_state(folder: Path) -> RemoteState | None:
    """Return how the branch of ``folder`` and the one it is pushed to differ; None without repository or remote."""
    if not in_repository(folder.resolve()):
        return None

    def told(*arguments: str) -> str:
        return (run_git(folder, arguments) or b"").decode("utf-8", "replace").strip()

    here = told("symbolic-ref", "--short", "HEAD")
    remotes = told("remote").splitlines()
    remote = told("config", f"branch.{here}.remote") or ("origin" if "origin" in remotes else "".join(remotes[:1]))
    if not here or remote not in remotes:
        return None
    branch = told("config", f"branch.{here}.merge").removeprefix("refs/heads/") or here
    there = f"refs/remotes/{remote}/{branch}"
    counts = told("rev-list", "--left-right", "--count", f"HEAD...{there}").split()
    newest = told("log", "-1", "--format=%cI", there)
    fetched = folder / told("rev-parse", "--git-path", "FETCH_HEAD")
    return RemoteState(
        remote,
        branch,
        bool(counts),
        int(counts[0]) if counts else int(told("rev-list", "--count", "HEAD") or 0),
        int(counts[1]) if counts else 0,
        len(told("status", "--porcelain", "--", ".").splitlines()),
        datetime.fromisoformat(newest) if newest else None,
        datetime.fromtimestamp(fetched.stat().st_mtime, UTC) if fetched.is_file() else None,
    )
