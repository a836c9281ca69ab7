"""Long work in the background: the same commands that a terminal has, one at a time, which can be stopped."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from haopin.installation import PACKAGE
from haopin.problem import ConfigurationError
from haopin.text import Text

#: Lines of output that are kept.
_MOST_LINES = 2_000
#: Seconds that a stopped command has to tidy up.
_PATIENCE = 10
#: Names of variables whose values are secret, and passwords in addresses.
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSW|NOTIFY", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class RunPhase:
    """A part of a command.

    Attributes:
        words: What it does.
        ends: Line of output with which it ends; "" for the end of the command.
    """

    words: Text
    ends: str = ""


@dataclass(frozen=True)
class RunCommand:
    """A command and its parts, the last of which ends with it."""

    arguments: tuple[str, ...]
    phases: tuple[RunPhase, ...]


@dataclass
class BackgroundRun:
    """Commands that run one after another until one fails.

    Attributes:
        name: Code of what is done.
        words: What is done.
        commands: The commands.
        publishes: Whether the last phase changes what is public.
        finish: What to do in the end if all succeed; may raise `OSError` or `ConfigurationError`.
        started: When it began.
        ended: When it ended; None while it runs.
        state: What became of it.
        done: Number of phases that are done.
        lines: Output of the command that runs, or ran last.
    """

    name: str
    words: Text
    commands: Sequence[RunCommand]
    publishes: bool = False
    finish: Callable[[], None] = lambda: None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    state: Literal["running", "done", "failed", "stopped"] = "running"
    done: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def phases(self) -> Sequence[RunPhase]:
        """All phases of all commands."""
        return [phase for command in self.commands for phase in command.phases]

    @property
    def changes_nothing(self) -> bool:
        """Whether what is public certainly stays as it was."""
        return not self.publishes or self.done < len(self.phases) - 1


class Runner:
    """Runs one `BackgroundRun` at a time.

    Attributes:
        last: The run that is under way, or was last; None if there was none.
    """

    def __init__(self, folder: Path) -> None:
        """Run commands in ``folder``."""
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None
        self.last: BackgroundRun | None = None

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.last is not None and self.last.state == "running"

    def start(self, run: BackgroundRun) -> bool:
        """Start ``run`` unless another one is under way; return whether it was started."""
        with self._lock:
            if self.busy:
                return False
            self.last = run
            self._thread = threading.Thread(target=self._carry_out, args=(run,), daemon=True)
            self._thread.start()
            return True

    def stop(self) -> None:
        """Stop what is under way, and wait for its end."""
        with self._lock:
            run, process, thread = self.last, self._process, self._thread
            if run is None or run.state != "running":
                return
            run.state = "stopped"
        if process is not None:
            _end(process)
        if thread is not None:
            thread.join(2 * _PATIENCE)

    def wait(self, seconds: float) -> None:
        """Wait until the run has ended, at most ``seconds``."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _carry_out(self, run: BackgroundRun) -> None:
        code = 0
        try:
            before = 0
            for command in run.commands:
                code = self._command(run, command, before)
                if code or run.state != "running":
                    break
                before += len(command.phases)
                run.done = before
            else:
                run.finish()
        except (OSError, ConfigurationError) as error:
            code = 1
            run.lines.append(str(error))
        with self._lock:
            self._process = None
            run.ended = datetime.now(UTC)
            if run.state == "running":
                run.state = "failed" if code else "done"

    def _command(self, run: BackgroundRun, command: RunCommand, before: int) -> int:
        """Run a command; return its exit code."""
        run.lines.clear()
        with self._lock:
            if run.state != "running":
                return 0
            self._process = process = subprocess.Popen(
                command.arguments,
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                # A group of its own, to be stopped with everything that it has started.
                start_new_session=os.name != "nt",
            )
        assert process.stdout is not None
        at = 0
        with process:
            for line in process.stdout:
                if line.strip() and len(run.lines) < _MOST_LINES:
                    run.lines.append(without_secrets(_COLOURS.sub("", line.rstrip()), os.environ))
                if command.phases[at].ends and command.phases[at].ends in line:
                    at += 1
                    run.done = before + at
        return process.returncode


def own_command(*arguments: str) -> tuple[str, ...]:
    """Return the command line of a command of this program."""
    return sys.executable, "-m", PACKAGE.name, *arguments


def without_secrets(line: str, variables: Mapping[str, str]) -> str:
    """Return ``line`` without passwords in addresses, and without the values of secret variables."""
    for name, value in variables.items():
        if _SECRET.search(name) and len(value) > 5:
            line = line.replace(value, "***")
    return _IN_ADDRESS.sub("***@", line)


def _environment() -> dict[str, str]:
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
        # Nobody is there to answer, and messages are compared in English.
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -o BatchMode=yes"),
        "LC_ALL": "C.UTF-8",
    }


def _end(process: "subprocess.Popen[str]") -> None:
    """End a process and those that it has started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    # The first signal lets Python tidy up.
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, kind)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE / 2)
            return
