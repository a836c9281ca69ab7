"""Run git: command output, last commit, and warnings about a missing or shallow history."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

#: Runs git in a folder with arguments; returns its output, or None if it fails or is not installed.
Git = Callable[[Path, Sequence[str]], bytes | None]
_SECONDS = 20
#: Message of git before the first commit.
_EMPTY = "does not have any commits yet"


def run_git(folder: Path, arguments: Sequence[str]) -> bytes | None:
    """Run git in ``folder``; see `Git`."""
    done = _run(folder, arguments)
    return done.stdout if not isinstance(done, str) and done.returncode == 0 else None


def history_failures(folder: Path) -> list[str]:
    """Return an error message if git fails in ``folder`` although there is a repository.

    Otherwise changes of committed records, and an outdated checkout, would go unnoticed.
    """
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return []
    done = _run(folder, ["log", "-1", "--format=%H"])
    if not isinstance(done, str) and done.returncode == 0:
        return []
    said = done if isinstance(done, str) else done.stderr.decode("utf-8", "replace")
    if _EMPTY in said:
        return []
    reason = "; ".join(line.strip() for line in said.splitlines() if line.strip())
    return [
        f"git 不能用，无法核对已提交的记录和版本先后：{reason}\n"
        f"git fails, so committed records and the order of versions cannot be checked: {reason}"
    ]


def history_warnings(folder: Path) -> list[str]:
    """Return a message if git fails in ``folder`` although there is a repository, or if the clone is shallow."""
    if found := history_failures(folder):
        return found
    if cut_off(folder):
        return [
            "仓库是浅克隆，build.json 不写资料的提交编号，请运行 git fetch --unshallow / the clone is shallow: "
            "build.json will not name the commit of the data; run: git fetch --unshallow"
        ]
    return []


def cut_off(folder: Path) -> frozenset[str]:
    """Return the boundary commits of a shallow clone, which seem to have added all their files."""
    path = run_git(folder, ["rev-parse", "--git-path", "shallow"])
    if path is None:
        return frozenset()
    file = folder / path.decode("utf-8", "surrogateescape").strip()
    return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()


def last_commit(folder: Path) -> str | None:
    """Return the hash of the last commit that changed ``folder``; None if unknown."""
    told = run_git(folder, ["log", "-1", "--format=%H", "--", "."])
    commit = told.decode().strip() if told else ""
    return commit if commit and commit not in cut_off(folder) else None


def _run(folder: Path, arguments: Sequence[str]) -> "subprocess.CompletedProcess[bytes] | str":
    """Run git; return the completed process, or the reason why it could not be started."""
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            # Messages are compared in English.
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        return "没有安装 git / git is not installed"
    except subprocess.TimeoutExpired:
        return f"git 在 {_SECONDS} 秒内没有应答 / git did not answer within {_SECONDS} seconds"
    except OSError as error:
        return str(error)
