"""What a command costs: CPU seconds and memory of the process and all that it started and waited for."""

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """The cost of one run.

    Attributes:
        user: User CPU seconds of the process and its children.
        system: System CPU seconds of the same.
        largest: Largest resident size of a single process, MB.
        together: Peak of the proportional set size of all processes together, MB (sampled every 20 ms).
    """

    user: float
    system: float
    largest: float
    together: float


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run ``command`` in ``folder`` and return its cost.

    Raises:
        RuntimeError: with the end of its output, if it fails.
    """
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        done = threading.Event()
        peak = [0]
        sampler = threading.Thread(target=_sample, args=(process.pid, done, peak))
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        sampler.join()
    if status:
        raise RuntimeError((folder / "output.txt").read_text("utf-8", "replace")[-2000:])
    return Cost(usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024, peak[0] / 1024)


def _sample(pid: int, done: threading.Event, peak: list[int]) -> None:
    while not done.wait(0.02):
        peak[0] = max(peak[0], sum(_proportional(p) for p in _family(pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [p for child in task.read_text().split() for p in _family(int(child))]
        except OSError:
            continue
    return found


def _proportional(pid: int) -> int:
    """Return the proportional set size of a process in KB: shared pages count by their share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
