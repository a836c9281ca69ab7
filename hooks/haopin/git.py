"""Run git: command output, last commit, and warnings about a missing or shallow history."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
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


def try_git(folder: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> bytes | str:
    """Run git in ``folder`` without questions; return its output, or the reason why it failed, on one line.

    Args:
        folder: Where to run it.
        arguments: Its arguments.
        environment: Variables to add to those of this process.
    """
    done = _run(folder, arguments, {"GIT_TERMINAL_PROMPT": "0", **(environment or {})})
    return done.stdout if not isinstance(done, str) and done.returncode == 0 else _reason(done)


def in_repository(folder: Path) -> bool:
    """Return whether ``folder`` is in a repository, whether or not git works there."""
    return any((parent / ".git").exists() for parent in (folder, *folder.parents))


def history_failures(folder: Path) -> list[str]:
    """Return an error message if git fails in ``folder`` although there is a repository.

    Otherwise changes of committed records, and an outdated checkout, would go unnoticed.
    """
    if not in_repository(folder):
        return []
    done = _run(folder, ["log", "-1", "--format=%H"])
    if not isinstance(done, str) and done.returncode == 0:
        return []
    reason = _reason(done)
    if _EMPTY in reason:
        return []
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


def _reason(done: "subprocess.CompletedProcess[bytes] | str") -> str:
    if isinstance(done, str):
        return done
    said = (done.stderr or done.stdout).decode("utf-8", "replace")
    return "; ".join(line.strip() for line in said.splitlines() if line.strip()) or f"git: {done.returncode}"


def _run(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes] | str":
    """Run git; return the completed process, or the reason why it could not be started."""
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            # Messages are compared in English.
            env={**os.environ, "LC_ALL": "C", **(environment or {})},
        )
    except FileNotFoundError:
        return "没有安装 git / git is not installed"
    except subprocess.TimeoutExpired:
        return f"git 在 {_SECONDS} 秒内没有应答 / git did not answer within {_SECONDS} seconds"
    except OSError as error:
        return str(error)
