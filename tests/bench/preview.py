"""Measure the live preview in a real browser: ``make bench-preview``.

``haopin serve`` runs on the county of this repository and on an invented one of 1,000 tasks; the browser shows the page
of a task. The time is from the write of a file of data until the browser has painted the page with the new text, and
the CPU time is that of the server and all below it, up to the paint and until they are idle. Then a name that does not
exist is written, and corrected: until the page shows the problem, and until it shows the text again. At the desk it is
the time from a key until the page beside the form is painted.
"""

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "hooks"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import compiled_engine
from changes import Office, offices
from desk import served
from measure import processor_seconds
from playwright.sync_api import Page, sync_playwright
from support import CHROMIUM_FLAGS, chromium

#: Reports each new word of an edit when a frame with it is on the screen: the second one after the text is there.
_WATCH = """
let last = ""
function look() {
  const found = /(?:edit|wrong)-[0-9]+/.exec(document.body?.textContent ?? "")?.[0] ?? "none"
  if (found === last || !document.body) return
  last = found
  const report = () => console.log(`painted ${found} ${Date.now()} ${location.pathname}`)
  requestAnimationFrame(() => requestAnimationFrame(report))
}
new MutationObserver(look).observe(document, { childList: true, characterData: true, subtree: true })
addEventListener("DOMContentLoaded", look)
"""
#: Seconds until a change that nobody sees is given up.
_PATIENCE = 180.0


class Screen:
    """A page in the browser that reports what it paints, or what a frame in it paints."""

    def __init__(self, page: Page, path: str = "/") -> None:
        """Watch ``page``: its documents whose path begins with ``path``."""
        self._page, self._path, self._painted = page, path, dict[str, float]()
        page.add_init_script(_WATCH)
        page.on("console", lambda message: self._note(message.text))

    def _note(self, text: str) -> None:
        if (found := re.fullmatch(r"painted (\S+) (\d+) (\S+)", text)) and found[3].startswith(self._path):
            self._painted[found[1]] = int(found[2]) / 1000

    def painted(self, word: str) -> float:
        """Wait until ``word`` is painted; return when that was, in seconds since 1970.

        Raises:
            TimeoutError: if it is not.
        """
        end = time.monotonic() + _PATIENCE
        while word not in self._painted:
            if time.monotonic() > end:
                raise TimeoutError(f"{word} was not painted in {_PATIENCE:.0f} s")
            self._page.wait_for_timeout(10)
        return self._painted.pop(word)


@contextmanager
def serving(office: Office, engine: Path) -> Iterator[tuple[str, int]]:
    """Run the preview; yield the address of the home page and the id of the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {"PYTHONPATH": str(engine), "NO_MKDOCS_2_WARNING": "1", "HAOPIN_AS_OF": office.day.isoformat()}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (office.folder / "serve.txt").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "haopin", "serve", "--port", str(port)],
            cwd=office.folder,
            env={**inherited, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    home = f"http://127.0.0.1:{port}/"
    try:
        _wait(lambda: _answers(home))
        yield home, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the preview does not answer")
        time.sleep(0.2)


def idle(pid: int) -> float:
    """Wait until the processes have been idle for a second; return the CPU seconds that they have used."""
    last = processor_seconds(pid)
    while True:
        time.sleep(1)
        used = processor_seconds(pid)
        if used - last < 0.03:
            return used
        last = used


def edited(screen: Screen, pid: int, write: Callable[[], str]) -> tuple[float, float, float]:
    """Return the seconds until the word of ``write`` is painted, and CPU seconds until then and until all is idle."""
    before = idle(pid)
    start = time.time()
    seconds = screen.painted(write()) - start
    then = processor_seconds(pid) - before
    return seconds, then, idle(pid) - before


def keys(page: Page, project: Path, task: str, count: int) -> list[float]:
    """Return the seconds from each of ``count`` keys at the desk until the page beside the form is painted."""
    with served(project) as address:
        screen = Screen(page, "/preview/")
        page.goto(address)
        page.goto(f"{address.partition('/?')[0]}/records/task/{task}")
        field = page.locator("[name='summary.zh']")
        text, found = field.input_value(), []
        for number in range(count + 2):
            field.focus()
            page.keyboard.press("Control+A")
            page.wait_for_timeout(1500)
            start = time.time()
            page.keyboard.insert_text(f"{text} edit-{number}")
            found.append(screen.painted(f"edit-{number}") - start)
        # The first ones wait for the form to be prepared.
        return found[2:]


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=10)
    parser.add_argument("--only", type=int, choices=(0, 1), help="0: the county of this repository; 1: 1,000 records")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haopin-preview-") as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        work = Path(name)
        engine = compiled_engine(work)
        print("| county | what | seconds to the paint | slowest | CPU s to the paint | CPU s until idle |")
        print("| --- | --- | --- | --- | --- | --- |")
        for number, (what, office) in enumerate(offices(work, engine)):
            if options.only not in (None, number):
                continue
            with serving(office, engine) as (home, pid):
                page = browser.new_page()
                screen = Screen(page)
                page.goto(f"{home}en/tasks/{office.task.stem}/", timeout=_PATIENCE * 1000)
                edits = [edited(screen, pid, office.edit) for _ in range(options.edits + 1)][1:]
                kinds = {"edit": edits, "error": [], "correction": []}
                for _ in range(3):
                    kinds["error"].append(edited(screen, pid, office.spoil))
                    kinds["correction"].append(edited(screen, pid, office.correct))
                for kind, found in kinds.items():
                    seconds, then, total = (sorted(values) for values in zip(*found, strict=True))
                    cells = (statistics.median(seconds), seconds[-1], statistics.median(then), statistics.median(total))
                    print(f"| {what} | {kind} | {' | '.join(f'{cell:.2f}' for cell in cells)} |", flush=True)
                page.close()
            page = browser.new_page()
            seconds = sorted(keys(page, office.folder, office.task.stem, options.edits))
            print(
                f"| {what} | key at the desk | {statistics.median(seconds):.2f} | {seconds[-1]:.2f} | | |", flush=True
            )
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
