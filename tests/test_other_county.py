"""Only the tests in ``tests/county`` depend on the county in this repository."""

import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT, run


@pytest.mark.parametrize("name", ["data/site.yml", "docs/zh/about.md"])
def test_a_test_that_reads_this_repositorys_own_county_is_stopped(name: str) -> None:
    with pytest.raises(Exception, match="only tests/county may read"):
        (ROOT / name).read_text("utf-8")


def test_a_command_that_a_test_starts_is_stopped_as_well() -> None:
    done = run("-m", "haopin", "check")
    assert done.returncode != 0 and "only tests/county may read" in done.stderr


@pytest.mark.sweep
def test_the_tests_pass_with_another_countys_data_and_pages(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "tests/tools/other_county.py"), str(tmp_path / "copy")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-2_000:]
