"""The units of the web server: systemd takes them, and they open no more than they need."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from support import ROOT

UNITS = ROOT / "deploy/systemd"
DEBIAN = Path("/lib/systemd/system/nginx.service")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """Debian's unit with our addition, as on a server."""
    if not DEBIAN.is_file():
        pytest.skip("this nginx is not Debian's")
    shutil.copy2(DEBIAN, tmp_path)
    shutil.copytree(UNITS / "nginx.service.d", tmp_path / "nginx.service.d")
    return tmp_path


def analyze(units: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["systemd-analyze", *arguments, str(units / "nginx.service")],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_takes_the_unit(units: Path) -> None:
    done = analyze(units, "verify", "--man=no")
    assert (done.returncode, "haopin.conf" in done.stderr) == (0, False), done.stderr


def test_systemd_sees_a_mistake_in_the_addition(units: Path) -> None:
    """A check that cannot fail would be none."""
    with (units / "nginx.service.d/haopin.conf").open("a", encoding="utf-8") as opened:
        opened.write("ProtectEverything=yes\n")
    assert "ProtectEverything" in analyze(units, "verify", "--man=no").stderr


NIGHTLY = ("haopin-nightly.service", "haopin-nightly.timer")


@pytest.fixture
def nightly(tmp_path: Path) -> Path:
    """The units for each night, with a program that is there."""
    for name in NIGHTLY:
        text = (UNITS / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/var/lib/haopin/checkout/haopin release", "/bin/true"), "utf-8")
    return tmp_path


def nightly_said(folder: Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(folder / name) for name in NIGHTLY)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "\n".join(line for line in done.stderr.splitlines() if "haopin-nightly" in line)


def test_each_night_five_past_midnight_where_the_county_is(nightly: Path) -> None:
    assert nightly_said(nightly) == ""
    calendar = re.search(r"^OnCalendar=(.*)$", (nightly / NIGHTLY[1]).read_text("utf-8"), re.M)
    assert calendar is not None
    zone = yaml.safe_load((ROOT / "data/site.yml").read_text("utf-8"))["time_zone"]
    assert calendar[1] == f"*-*-* 00:05:00 {zone}"
    done = subprocess.run(["systemd-analyze", "calendar", calendar[1]], capture_output=True, text=True, check=True)
    assert "Next elapse" in done.stdout


def test_systemd_sees_a_mistake_in_the_units_for_each_night(nightly: Path) -> None:
    with (nightly / NIGHTLY[1]).open("a", encoding="utf-8") as opened:
        opened.write("[Timer]\nOnCalendar=five past midnight\n")
    assert nightly_said(nightly) != ""


def test_the_unit_is_hardened(units: Path) -> None:
    """By systemd's own measure: 0 is closed, 10 is open; the threshold is given in tenths of it."""
    threshold = ("security", "--offline=true", "--threshold=35")
    done = analyze(units, *threshold)
    assert done.returncode == 0, done.stdout
    (units / "nginx.service.d/haopin.conf").unlink()
    assert analyze(units, *threshold).returncode != 0
