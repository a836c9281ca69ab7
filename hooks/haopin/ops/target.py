"""Where the public site lies: a folder of this machine or of a server over SSH, and its lock."""

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

# --- The lock of a place for releases: held by a process there for as long as this one answers it

#: Run there, under the lock: it answers each sign of life, and ends when there is none for so many seconds, so that a
#: runner that vanished without closing its connection keeps nobody out.
_HOLD = 'echo locked; while [ -n "$(timeout "$1" head -c 1)" ]; do printf .; done'


class Lock:
    """A lock that was taken, or asked for.

    Attributes:
        lease: Seconds without a sign of life after which the place gives the lock to others.
    """

    def __init__(self, command: Sequence[str], lease: int) -> None:
        """Ask for the lock with ``command``, which runs what follows it under the lock.

        Raises:
            OSError: if the command cannot be run.
        """
        self.lease = lease
        self._holder = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        self._answered = time.monotonic()
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._show_life, daemon=True)

    @staticmethod
    def command(lease: int) -> list[str]:
        """Return what must run under the lock."""
        return ["sh", "-c", _HOLD, "hold", str(lease)]

    def taken(self) -> tuple[int, str] | None:
        """Wait until the lock is taken; if it is not, return the exit code and what was said."""
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
        """Whether the lock is surely ours: the place has answered lately, well before it would give it to others."""
        return self._holder.poll() is None and time.monotonic() - self._answered < self.lease * 2 / 3

    def give_back(self) -> None:
        """Let others have it."""
        self._ended.set()
        self._beat.join()
        self._close()
        try:
            self._holder.wait(10)
        except subprocess.TimeoutExpired:
            # A dead connection: the place gives the lock back by itself.
            self._holder.kill()
            self._holder.wait()

    def _close(self) -> None:
        for end in (self._holder.stdin, self._holder.stdout, self._holder.stderr):
            assert end is not None
            with suppress(OSError):
                end.close()

    def _show_life(self) -> None:
        assert self._holder.stdin is not None and self._holder.stdout is not None
        while not self._ended.wait(self.lease / 6):
            try:
                self._holder.stdin.write(b".")
                # Not longer than the lease, so that an end that is asked for is not waited for.
                if select.select([self._holder.stdout], [], [], self.lease / 6)[0]:
                    if not self._holder.stdout.read(100):
                        return
                    self._answered = time.monotonic()
            except (OSError, ValueError):
                return


# --- Where the public site lies: a folder of this machine, or of a server that is reached by SSH. Both run one script

_SCRIPT = (Path(__file__).parent / "store.sh").read_text(encoding="utf-8")
# Nothing that ssh would take for an option.
_HOST = r"(?:(?!-)[\w.-]+@)?(?:(?!-)[\w.-]+|\[[0-9a-fA-F:]+\])"
_REMOTE = re.compile(rf"(?P<host>{_HOST}):(?P<path>/[^\s'\"]*)")
#: Seconds after which a step is given up that neither ends nor fails, as on a disk that hangs.
LONGEST: float = 1_800
#: The program for connections, with options such as ``-p`` or ``-i``.
SSH = "HAOPIN_SSH"


#: What says that there is no room: of the disk, of its table of files, of the user's share of it.
_FULL = ("No space left", "File too large", "Disk quota exceeded")
#: The same by the numbers: a file that did not fit is gone again, and less room than this is none.
_LEAST_BYTES, _LEAST_FILES = 1_000_000, 50


class DiskFullError(ConfigurationError):
    """There is no more room where the public site lies."""


@dataclass(frozen=True)
class ReleaseTarget:
    """A folder with releases.

    Attributes:
        path: The folder.
        host: ``user@host``; None for this machine.
        ssh: The program that connects, and its options.
        lease: Seconds after which a runner that shows no sign of life loses the lock.
        lock: The lock that is held; nothing is changed there once it is lost.
    """

    path: str
    host: str | None = None
    ssh: tuple[str, ...] = ("ssh",)
    lease: int = 90
    lock: Lock | None = field(default=None, compare=False)

    @classmethod
    def of(cls, text: str, ssh: str = "ssh") -> "ReleaseTarget":
        """Return the target that a person writes as ``user@host:/folder`` or ``folder``.

        Args:
            text: What was written.
            ssh: The program that connects, with options as in a shell.

        Raises:
            ConfigurationError: if it is neither.
        """
        # Nobody is there to answer a question, and a dead line must end.
        options = ("BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=3")
        if (found := _REMOTE.fullmatch(text)) is not None:
            settings = [part for option in options for part in ("-o", option)]
            return cls(_tidy(found["path"]), found["host"], (*_connection(ssh), *settings))
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
        return self._finished(self.command("sh", "-s", "--", name, self.path, *arguments), _SCRIPT)

    def _finished(self, command: Sequence[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``command``, to which ``given`` is said, for as long as the lock is held.

        Raises:
            ConfigurationError: if it cannot be run, or the lock is lost.
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
                                f"not done within {LONGEST / 60:g} minutes: stopped; look at the server and its disk"
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
                "connection broke, or nobody answers): stopped; run the command again"
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
        done = self._finished(command)
        if done.returncode:
            raise self._failure(done.returncode, done.stderr, source)

    @contextmanager
    def locked(self) -> Iterator["ReleaseTarget"]:
        """Keep others from releasing meanwhile; yield this place, which changes nothing once the lock is lost.

        The lock dies with this process, with its connection, or when the connection is silent for `lease` seconds.

        Raises:
            ConfigurationError: if another release is under way, or the place cannot be reached.
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

    def _failure(self, code: int, said: str, source: str | None = None) -> ConfigurationError:
        reason = "; ".join(said.strip().splitlines()[-3:]) or f"code {code}"
        where = f"{self.host}:{self.path}" if self.host else self.path
        if self.host and code == 255:
            return ConfigurationError(f"连不上 / cannot be reached: {self.host}: {reason}")
        if any(words in said for words in _FULL) or (source is not None and self._has_no_room_for(Path(source))):
            return DiskFullError(
                f"磁盘已满，公开网站没有改动 / the disk is full, the public site is as it was: {where}"
            )
        return ConfigurationError(
            f"发布位置出错，公开网站没有改动 / {where} failed, the public site is as it was: {reason}"
        )

    def _has_no_room_for(self, source: Path) -> bool:
        """Tell whether the largest file of ``source`` does not fit, which rsync may have called a broken pipe."""
        done = self._run("space", ())
        if done.returncode:
            return False
        kilobytes, files = (int(number) for number in done.stdout.split())
        found = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
        largest = max((path.stat().st_size for path in found), default=0)
        return kilobytes * 1024 < largest + _LEAST_BYTES or files < _LEAST_FILES


def _connection(ssh: str) -> list[str]:
    """Return the program that connects, and its options, as ``ssh`` says them."""
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
        raise ConfigurationError(f"“{path}”不能用作发布位置 / cannot be a place for releases: {path}")
    return tidy


def target_of(text: str | None) -> ReleaseTarget:
    """Return the target that ``text`` names, with the connection that the environment asks for.

    Raises:
        ConfigurationError: if there is none.
    """
    if not text:
        raise ConfigurationError(
            "请用 --to 或 HAOPIN_TARGET 写明发布到哪里 / say where to release to, by --to or HAOPIN_TARGET"
        )
    return ReleaseTarget.of(text, os.environ.get(SSH, "ssh"))


def lines_of(output: str) -> Sequence[str]:
    """Return the lines of ``output`` that say something."""
    return [line for line in output.splitlines() if line.strip()]
