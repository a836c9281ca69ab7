"""What a command costs: CPU seconds, time and memory of the process and all that it started and waited for."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """The cost of one run.

    Attributes:
        user: User CPU seconds of the process and its children.
        system: System CPU seconds of the same.
        wall: Seconds from start to end.
        largest: Largest resident size of a single process, MB.
        together: Peak of the proportional set size of all processes together, MB (sampled every 20 ms).
    """

    user: float
    system: float
    wall: float
    largest: float
    together: float


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run ``command`` in ``folder`` and return its cost.

    Raises:
        RuntimeError: with the end of its output, if it fails.
    """
    # Without compiled modules each program would compile itself at each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (folder / "output.txt").open("wb") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env={**inherited, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        done = threading.Event()
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(process.pid, done, peak))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        sampler.join()
    if status:
        raise RuntimeError((folder / "output.txt").read_text("utf-8", "replace")[-2000:])
    return Cost(usage.ru_utime, usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6, peak[0] * 1024 / 1e6)


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    # It may end at any time.
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [p for child in task.read_text().split() for p in family(int(child))]
    return found


def processor_seconds(pid: int) -> float:
    """Return the CPU seconds, user and system, that a process and all below it have used since their start."""
    ticks = 0
    for member in family(pid):
        try:
            # The name of the program, in brackets, may have spaces.
            values = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # User and system time, its own and that of the ended children that it waited for.
        ticks += sum(map(int, values[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _sample(pid: int, done: threading.Event, peak: list[int]) -> None:
    while not done.wait(0.02):
        peak[0] = max(peak[0], sum(_proportional(p) for p in family(pid)))


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in KB: shared pages count by their share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
