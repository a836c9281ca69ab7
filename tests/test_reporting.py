"""The test run: tests are collected on any machine, and failures are printed when they happen."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

TESTS = """
import time

import pytest


def test_fails():
    assert 1 + 1 == 3, "the reason\\nmore"


@pytest.fixture
def broken():
    raise ValueError("no fixture")


def test_has_no_fixture(broken):
    pass


@pytest.mark.parametrize("n", range(4))
def test_passes(n):
    time.sleep(0.1)
"""


def pytest_in(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in ``folder``, without the settings of the run that this test is part of.

    A run that hangs is ended and made once more: a process of xdist has been seen to wait for ever for its next test,
    once in thousands of runs and never when it was looked for. What is tested here is what a run prints.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "HAOPIN_"))}
    paths = os.pathsep.join([str(ROOT / "hooks"), str(ROOT / "tests")])
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    limits = (90, 180)
    for seconds in limits:
        with subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, "PYTHONPATH": paths, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, errors = process.communicate(timeout=seconds)
                return subprocess.CompletedProcess(command, process.returncode, output, errors)
            except subprocess.TimeoutExpired:
                # The processes of xdist belong to the same session.
                os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError(f"{command} hung twice, for {limits} seconds")


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.sweep)])
def test_a_failure_is_reported_when_it_happens_and_progress_now_and_then(tmp_path: Path, workers: str) -> None:
    plugin = "import reporting\nfrom reporting import pytest_configure\nreporting.INTERVAL = 0\n"
    (tmp_path / "conftest.py").write_text(plugin, "utf-8")
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")
    done = pytest_in(tmp_path, "-q", "-n", workers)
    lines = done.stdout.splitlines()
    end = next(number for number, line in enumerate(lines) if "FAILURES" in line or "ERRORS" in line)
    told = [line for line in lines[:end] if line.startswith("FAILED ")]
    assert sorted(told) == [
        "FAILED test_some.py::test_fails: AssertionError: the reason",
        "FAILED test_some.py::test_has_no_fixture (setup): ValueError: no fixture",
    ], done.stdout
    progress = [line for line in lines[:end] if " tests, " in line]
    assert progress[-1].startswith("6/6 (100%) tests, 2 failed, 0:0"), done.stdout
    assert progress[0].startswith(("0/6 (0%)", "1/6 (16%)")), done.stdout
    assert "4 passed" in done.stdout and done.returncode == 1


@pytest.mark.sweep
def test_tests_are_collected_on_a_machine_without_programs_and_packages_of_npm(tmp_path: Path) -> None:
    """What is missing is for the tests that need it to say, when they run."""
    checkout = tmp_path / "checkout"
    passed_over = shutil.ignore_patterns(".git", ".cache", ".venv*", "node_modules", "site*.zip", "*.webp")

    def left_out(folder: str, names: list[str]) -> set[str]:
        # The county of this repository is for the tests in tests/county alone.
        return passed_over(folder, names) | ({"data", "docs"} if Path(folder) == ROOT else set())

    shutil.copytree(ROOT, checkout, ignore=left_out, symlinks=True)
    done = pytest_in(checkout, "--collect-only", "-q", "-n", "0", PATH="", PYTHONPATH="", CHROMIUM="")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "test_axe.py: " in done.stdout
