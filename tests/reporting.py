"""Output of a long test run: each failure when it happens, and the progress."""

import time

import pytest

#: Seconds between two lines of progress.
INTERVAL = 30


class Reporting:
    """Prints failures at once and regular lines of progress, instead of a dot per test."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal
        self._begun = self._told = time.monotonic()
        self._done = self._failed = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no letter for a test that passes or fails; it is counted all the same."""
        if report.failed:
            return ("failed" if report.when == "call" else "error"), "", ""
        passed = report.when == "call" and report.passed and not hasattr(report, "wasxfail")
        return ("passed", "", "") if passed else None

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a failure, and the progress if the last line is old."""
        if report.failed:
            self._failed += 1
            self._write(f"FAILED {report.nodeid}{_where(report)}: {_reason(report)}", red=True)
        self._done += report.when == "teardown"
        if time.monotonic() - self._told >= INTERVAL:
            self._told = time.monotonic()
            total = self._terminal._session.testscollected if self._terminal._session else 0
            share = f"/{total} ({100 * self._done // total}%)" if total else ""
            minutes, seconds = divmod(int(self._told - self._begun), 60)
            self._write(f"{self._done}{share} tests, {self._failed} failed, {minutes}:{seconds:02}")

    def _write(self, line: str, **markup: bool) -> None:
        self._terminal.ensure_newline()
        self._terminal.write_line(line, **markup)
        self._terminal.flush()


def _where(report: pytest.TestReport) -> str:
    return "" if report.when == "call" else f" ({report.when})"


def _reason(report: pytest.TestReport) -> str:
    """Return the first line of the error, without the rest of the traceback."""
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).partition("\n")[0]


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Report where the results come together: not in the processes of xdist, nor where each test is a line (-v)."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if isinstance(terminal, pytest.TerminalReporter) and config.get_verbosity() <= 0:
        config.pluginmanager.register(Reporting(terminal))
