"""Where the public site lies: a folder of this machine, or of a server that is reached by SSH. Both run one script."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from haopin.problem import ConfigurationError

_SCRIPT = (Path(__file__).parent / "store.sh").read_text(encoding="utf-8")
_REMOTE = re.compile(r"(?P<host>(?:[\w.-]+@)?[\w.-]+|(?:[\w.-]+@)?\[[0-9a-fA-F:]+\]):(?P<path>/[^\s'\"]*)")
#: The program for connections, with options such as ``-p`` or ``-i``.
SSH = "HAOPIN_SSH"


class DiskFullError(ConfigurationError):
    """There is no more room where the public site lies."""


@dataclass(frozen=True)
class Target:
    """A folder with releases.

    Attributes:
        path: The folder.
        host: ``user@host``; None for this machine.
        ssh: The program that connects, and its options.
    """

    path: str
    host: str | None = None
    ssh: tuple[str, ...] = ("ssh",)

    @classmethod
    def of(cls, text: str, ssh: str = "ssh") -> "Target":
        """Return the target that a person writes as ``user@host:/folder`` or ``folder``.

        Args:
            text: What was written.
            ssh: The program that connects, with options as in a shell.

        Raises:
            ConfigurationError: if it is neither.
        """
        # Nobody is there to answer a question, and a dead line must end.
        options = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15")
        if (found := _REMOTE.fullmatch(text)) is not None:
            return cls(_tidy(found["path"]), found["host"], (*shlex.split(ssh), *options))
        if ":" in text or not text.strip() or text.startswith("-"):
            raise ConfigurationError(
                f"“{text}”不是发布位置：写成 用户@主机:/文件夹，或本机的文件夹 / is no place for releases: "
                "write user@host:/folder, or a folder of this machine"
            )
        return cls(_tidy(str(Path(text).resolve())))

    def command(self, *arguments: str) -> list[str]:
        """Return what runs ``arguments`` there."""
        return list(arguments) if self.host is None else [*self.ssh, self.host, shlex.join(arguments)]

    def script(self, name: str, *arguments: str) -> str:
        """Run the command ``name`` of the script there; return what it prints.

        Raises:
            ConfigurationError: if it fails.
        """
        done = self._run(name, arguments)
        if done.returncode:
            raise self._failure(done.returncode, done.stderr)
        return done.stdout

    def asked(self, name: str) -> tuple[bool, str]:
        """Run the command ``name``, which may find something; return whether it found nothing, and what it prints.

        Raises:
            ConfigurationError: if the place cannot be reached.
        """
        done = self._run(name, ())
        if self.host and done.returncode == 255:
            raise self._failure(255, done.stderr)
        return done.returncode == 0, done.stdout + done.stderr

    def _run(self, name: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = self.command("sh", "-s", "--", name, self.path, *arguments)
        return subprocess.run(
            command, input=_SCRIPT, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )

    def send(self, source: str, to: str, *options: str) -> None:
        """Send ``source`` to ``to`` below the folder, by rsync.

        Raises:
            ConfigurationError: if it fails; what has come so far stays for the next time.
        """
        place = f"{self.path}/{to}"
        where = ["-e", shlex.join(self.ssh)] if self.host else []
        # By content, not by time: each build writes every file anew. Times are not sent, so that an unchanged file is
        # the file of the last release, with the tag by which browsers know it.
        command = [
            "rsync",
            "--recursive",
            "--links",
            "--checksum",
            "--chmod=D755,F644",
            "--perms",
            "--timeout=120",
            *options,
            *where,
            "--",
            source,
            f"{self.host}:{place}" if self.host else place,
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
            )
        except FileNotFoundError as error:
            raise ConfigurationError("没有 rsync，请先安装 / rsync is not installed") from error
        if done.returncode:
            raise self._failure(done.returncode, done.stderr)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from releasing meanwhile. The lock dies with this process, or with its connection.

        Raises:
            ConfigurationError: if another release is under way, or the place cannot be reached.
        """
        self.script("ready")
        # It holds the lock for as long as somebody listens at its other end.
        holding = self.command(
            "flock", "-n", "-E", "75", f"{self.path}/.lock", "sh", "-c", "echo locked; cat >/dev/null"
        )
        with subprocess.Popen(
            holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as holder:
            assert holder.stdin is not None and holder.stdout is not None and holder.stderr is not None
            if holder.stdout.readline().strip() != "locked":
                said = holder.stderr.read()
                if holder.wait() == 75:
                    raise ConfigurationError(
                        "另一次发布正在进行，请稍后再试 / another release is under way; try again later"
                    )
                raise self._failure(holder.returncode, said)
            try:
                yield
            finally:
                holder.stdin.close()

    def _failure(self, code: int, said: str) -> ConfigurationError:
        reason = "; ".join(said.strip().splitlines()[-3:]) or f"code {code}"
        where = f"{self.host}:{self.path}" if self.host else self.path
        if self.host and code == 255:
            return ConfigurationError(f"连不上 / cannot be reached: {self.host}: {reason}")
        if "No space left" in said or "File too large" in said:
            return DiskFullError(
                f"磁盘已满，公开网站没有改动 / the disk is full, the public site is as it was: {where}"
            )
        return ConfigurationError(
            f"发布位置出错，公开网站没有改动 / {where} failed, the public site is as it was: {reason}"
        )


def _tidy(path: str) -> str:
    if (tidy := path.rstrip("/")) in ("", "/root", "/home", "/etc", "/usr", "/var"):
        raise ConfigurationError(f"“{path}”不能用作发布位置 / cannot be a place for releases: {path}")
    return tidy


def target_of(text: str | None) -> Target:
    """Return the target that ``text`` names, with the connection that the environment asks for.

    Raises:
        ConfigurationError: if there is none.
    """
    if not text:
        raise ConfigurationError(
            "请用 --to 或 HAOPIN_TARGET 写明发布到哪里 / say where to release to, by --to or HAOPIN_TARGET"
        )
    return Target.of(text, os.environ.get(SSH, "ssh"))


def lines_of(output: str) -> Sequence[str]:
    """Return the lines of ``output`` that say something."""
    return [line for line in output.splitlines() if line.strip()]
