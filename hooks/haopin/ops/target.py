"""Release target: a folder on this machine or on a server reached by SSH, and its lock."""

import os
import re
import select
import shlex
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from haopin.problem import ConfigurationError

# --- The lock, held by a process on the target as long as this process answers it

#: Runs on the target under the lock: answers each heartbeat, and exits after a number of seconds without one. So a
#: runner that vanished without closing its connection blocks nobody.
_HOLD = 'echo locked; while [ -n "$(timeout "$1" head -c 1)" ]; do printf .; done'


class Lock:
    """A lock that is held, or requested.

    Attributes:
        lease: Seconds without a heartbeat after which the target releases the lock.
    """

    def __init__(self, command: Sequence[str], lease: int) -> None:
        """Request the lock with ``command``, which runs its remaining arguments under the lock.

        Raises:
            OSError: if the command cannot be run.
        """
        self.lease = lease
        self._holder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self._answered = time.monotonic()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._send_heartbeats, daemon=True)

    @staticmethod
    def command(lease: int) -> list[str]:
        """Return the command that runs under the lock."""
        return ["sh", "-c", _HOLD, "hold", str(lease)]

    def taken(self) -> tuple[int, str] | None:
        """Wait for the lock; return None if it is held, otherwise the exit code and the error output."""
        assert self._holder.stdout is not None and self._holder.stderr is not None
        if self._holder.stdout.readline().strip() == b"locked":
            self._answered = time.monotonic()
            self._beat.start()
            return None
        said = self._holder.stderr.read().decode("utf-8", "replace")
        self._holder.wait()
        self._close()
        return self._holder.returncode, said

    @property
    def is_held(self) -> bool:
        """Whether the lock is certainly held: the target answered recently, well before the lease ends."""
        return self._holder.poll() is None and time.monotonic() - self._answered < self.lease * 2 / 3

    def give_back(self) -> None:
        """Release the lock."""
        self._ended.set()
        self._beat.join()
        self._close()
        try:
            self._holder.wait(10)
        except subprocess.TimeoutExpired:
            # The connection is dead: the target releases the lock by itself.
            self._holder.kill()
            self._holder.wait()

    def _close(self) -> None:
        for end in (self._holder.stdin, self._holder.stdout, self._holder.stderr):
            assert end is not None
            with suppress(OSError):
                end.close()

    def _send_heartbeats(self) -> None:
        assert self._holder.stdin is not None and self._holder.stdout is not None
        while not self._ended.wait(self.lease / 6):
            try:
                self._holder.stdin.write(b".")
                # With a time limit, so that `give_back` does not wait for an answer.
                if select.select([self._holder.stdout], [], [], self.lease / 6)[0]:
                    if not self._holder.stdout.read(100):
                        return
                    self._answered = time.monotonic()
            except (OSError, ValueError):
                return


# --- The folder of releases, here or on a server; both run the same script

_SCRIPT = (Path(__file__).parent / "store.sh").read_text(encoding="utf-8")
# A host name cannot be mistaken for an option of ssh.
_HOST = r"(?:(?!-)[\w.-]+@)?(?:(?!-)[\w.-]+|\[[0-9a-fA-F:]+\])"
_REMOTE = re.compile(rf"(?P<host>{_HOST}):(?P<path>/[^\s'\"]*)")
#: Time limit of one step in seconds, for one that neither ends nor fails, as on a disk that hangs.
LONGEST: float = 1_800
#: Environment variable with the SSH program and options such as ``-p`` or ``-i``.
SSH = "HAOPIN_SSH"


#: Error texts for a full disk, inode table or quota.
_FULL = ("No space left", "File too large", "Disk quota exceeded")
#: Less free space than this counts as full: after a failed copy, some of the space is free again.
_LEAST_BYTES, _LEAST_FILES = 1_000_000, 50


class DiskFullError(ConfigurationError):
    """The disk of the target is full."""


@dataclass(frozen=True)
class ReleaseTarget:
    """A folder with releases, on this machine or on a server.

    Attributes:
        path: Absolute path of the folder.
        host: ``user@host``; None for this machine.
        ssh: SSH program and its options.
        lease: Seconds without a heartbeat after which a runner loses the lock.
        lock: The lock that is held; without it, nothing is changed any more.
    """

    path: str
    host: str | None = None
    ssh: tuple[str, ...] = ("ssh",)
    lease: int = 90
    lock: Lock | None = field(default=None, compare=False)

    @classmethod
    def of(cls, text: str, ssh: str = "ssh") -> "ReleaseTarget":
        """Parse a target of the form ``user@host:/folder`` or ``folder``.

        Args:
            text: The target.
            ssh: SSH program with options, in shell syntax.

        Raises:
            ConfigurationError: if it has neither form.
        """
        # No questions, as nobody is there to answer; and an end for dead connections.
        options = ("BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=3")
        if (found := _REMOTE.fullmatch(text)) is not None:
            settings = [part for option in options for part in ("-o", option)]
            return cls(_tidy(found["path"]), found["host"], (*_connection(ssh), *settings))
        if ":" in text or not text.strip() or text.startswith("-"):
            raise ConfigurationError(
                f"“{text}”不是发布位置：写成 用户@主机:/文件夹，或本机的文件夹 / is not a release target: "
                "write user@host:/folder, or a folder of this machine"
            )
        return cls(_tidy(str(Path(text).resolve())))

    def command(self, *arguments: str) -> list[str]:
        """Return the command line that runs ``arguments`` on the target."""
        return list(arguments) if self.host is None else [*self.ssh, self.host, shlex.join(arguments)]

    def script(self, name: str, *arguments: str) -> str:
        """Run the command ``name`` of ``store.sh`` on the target; return its output.

        Raises:
            ConfigurationError: if it fails.
        """
        done = self._run(name, arguments)
        if done.returncode:
            raise self._failure(done.returncode, done.stderr)
        return done.stdout

    def asked(self, name: str) -> tuple[bool, str]:
        """Run the command ``name`` of ``store.sh``, which exits with an error if it finds something.

        Returns:
            Whether it found nothing, and its output.

        Raises:
            ConfigurationError: if the target cannot be reached.
        """
        done = self._run(name, ())
        if self.host and done.returncode == 255:
            raise self._failure(255, done.stderr)
        return done.returncode == 0, done.stdout + done.stderr

    def _run(self, name: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return self._finished(self.command("sh", "-s", "--", name, self.path, *arguments), _SCRIPT)

    def _finished(self, command: Sequence[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``command`` with the input ``given`` as long as the lock is held.

        Raises:
            ConfigurationError: if it cannot be run, does not end in time, or the lock is lost.
        """
        self._require_lock()
        end = time.monotonic() + LONGEST
        with self._started(command) as process:
            try:
                while True:
                    try:
                        output, said = process.communicate(given, timeout=min(2, LONGEST))
                    except subprocess.TimeoutExpired:
                        given = None
                        self._require_lock()
                        if time.monotonic() > end:
                            raise ConfigurationError(
                                f"{self.host or self.path}: {LONGEST / 60:g} 分钟没有完成，已停止；请检查服务器 / "
                                f"not done within {LONGEST / 60:g} minutes: stopped; check the server and its disk"
                            ) from None
                    else:
                        return subprocess.CompletedProcess(command, process.returncode, output, said)
            except BaseException:
                process.kill()
                raise

    def _started(self, command: Sequence[str]) -> "subprocess.Popen[str]":
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise _not_run(command[0], error, self.host is not None) from error

    def _require_lock(self) -> None:
        if self.lock is not None and not self.lock.is_held:
            raise ConfigurationError(
                "发布锁已丢失（连接断开或没有应答），已停止，请重新运行 / the lock of the release was lost (its "
                "connection broke, or the server does not answer): stopped; run the command again"
            )

    def send(self, source: str, to: str, *options: str) -> None:
        """Copy ``source`` to ``to`` below the folder, by rsync.

        Raises:
            ConfigurationError: if it fails; files that arrived are kept for the next attempt.
        """
        place = f"{self.path}/{to}"
        where = ["-e", shlex.join(self.ssh)] if self.host else []
        # Compared by checksum, as each build writes every file. Times are not sent: an unchanged file is a hard
        # link to that of the last release and keeps its ETag.
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
        done = self._finished(command)
        if done.returncode:
            raise self._failure(done.returncode, done.stderr, source)

    @contextmanager
    def locked(self) -> Iterator["ReleaseTarget"]:
        """Hold the release lock; yield this target, which changes nothing once the lock is lost.

        The lock ends with this process, with its connection, or when the connection is silent for `lease` seconds.

        Raises:
            ConfigurationError: if another release is running, or the target cannot be reached.
        """
        self.script("ready")
        holding = self.command("flock", "-n", "-E", "75", f"{self.path}/.lock", *Lock.command(self.lease))
        try:
            lock = Lock(holding, self.lease)
        except OSError as error:
            raise _not_run(holding[0], error, self.host is not None) from error
        if (refused := lock.taken()) is not None:
            code, said = refused
            if code == 75:
                raise ConfigurationError(
                    "另一次发布正在进行，请稍后再试 / another release is under way; try again later"
                )
            raise self._failure(code, said)
        try:
            yield replace(self, lock=lock)
        finally:
            lock.give_back()

    def _failure(self, code: int, errors: str, source: str | None = None) -> ConfigurationError:
        reason = "; ".join(errors.strip().splitlines()[-3:]) or f"code {code}"
        where = f"{self.host}:{self.path}" if self.host else self.path
        if self.host and code == 255:
            return ConfigurationError(f"连不上 / cannot connect: {self.host}: {reason}")
        if any(words in errors for words in _FULL) or (source is not None and self._has_no_room_for(Path(source))):
            return DiskFullError(
                f"磁盘已满，公开网站没有改动 / the disk is full, the live site was not changed: {where}"
            )
        return ConfigurationError(
            f"发布位置出错，公开网站没有改动 / {where} failed, the live site was not changed: {reason}"
        )

    def _has_no_room_for(self, source: Path) -> bool:
        """Return whether the largest file of ``source`` does not fit; rsync may have reported only a broken pipe."""
        done = self._run("space", ())
        if done.returncode:
            return False
        kilobytes, files = (int(number) for number in done.stdout.split())
        found = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
        largest = max((path.stat().st_size for path in found), default=0)
        return kilobytes * 1024 < largest + _LEAST_BYTES or files < _LEAST_FILES


def _connection(ssh: str) -> list[str]:
    """Split ``ssh`` into the program and its options.

    Raises:
        ConfigurationError: if it is empty or a quotation mark is not closed.
    """
    try:
        found = shlex.split(ssh)
    except ValueError as error:
        raise ConfigurationError(
            f"{SSH} 的引号不成对 / has a quotation mark without its pair: {ssh} ({error})"
        ) from error
    if not found:
        raise ConfigurationError(
            f'{SSH} 是空的：请删去，或写成 {SSH}="ssh -p 2222" 的样子 / is empty: remove it, or write it like '
            f'{SSH}="ssh -p 2222"'
        )
    return found


def _not_run(program: str, error: OSError, far: bool) -> ConfigurationError:
    if isinstance(error, FileNotFoundError):
        zh, en = f"没有程序“{program}”，请先安装", f"there is no program “{program}”; install it"
        if far and program != "rsync":
            zh, en = f"{zh}，或改正 {SSH}", f"{en}, or correct {SSH}"
        return ConfigurationError(f"{zh} / {en}")
    return ConfigurationError(f"无法运行“{program}” / “{program}” cannot be run: {error}")


def _tidy(path: str) -> str:
    if (tidy := path.rstrip("/")) in ("", "/root", "/home", "/etc", "/usr", "/var"):
        raise ConfigurationError(f"“{path}”不能用作发布位置 / cannot be a release target: {path}")
    return tidy


def target_of(text: str | None) -> ReleaseTarget:
    """Return the target that ``text`` names, connected by the SSH program of the environment.

    Raises:
        ConfigurationError: if ``text`` is empty or invalid.
    """
    if not text:
        raise ConfigurationError(
            "请用 --to 或 HAOPIN_TARGET 写明发布到哪里 / give the release target by --to or HAOPIN_TARGET"
        )
    return ReleaseTarget.of(text, os.environ.get(SSH, "ssh"))


def lines_of(output: str) -> Sequence[str]:
    """Return the lines of ``output`` that are not blank."""
    return [line for line in output.splitlines() if line.strip()]
