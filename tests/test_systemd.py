"""The systemd units: valid, hardened, and with a notification on failure."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from support import ROOT, program

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
        [program("systemd-analyze"), *arguments, str(units / "nginx.service")],
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
    """The check of the previous test can fail."""
    with (units / "nginx.service.d/haopin.conf").open("a", encoding="utf-8") as opened:
        opened.write("ProtectEverything=yes\n")
    assert "ProtectEverything" in analyze(units, "verify", "--man=no").stderr


# The units of the machine that builds

#: What systemd-analyze is asked about: every unit of ours; of a template, one made from it.
OURS = sorted(path.name.replace("@.", "@haopin-watch.service.") for path in UNITS.glob("haopin-*.*"))
SERVICES = sorted(path for path in UNITS.glob("haopin-*.service"))
TIMERS = sorted(path for path in UNITS.glob("haopin-*.timer"))


def setting(unit: Path, name: str) -> list[str]:
    """Return what ``unit`` says of ``name``, a value a line."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text("utf-8"), re.M)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The units, with programs that are there."""
    for path in (*SERVICES, *TIMERS):
        text = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", path.read_text("utf-8"), flags=re.M)
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def said_of_ours(folder: Path) -> str:
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *(str(folder / name) for name in OURS)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "\n".join(line for line in done.stderr.splitlines() if "haopin-" in line)


def test_systemd_takes_every_unit_of_ours(ours: Path) -> None:
    assert len(OURS) >= 6 and said_of_ours(ours) == ""


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        ("haopin-nightly.timer", "[Timer]\nOnCalendar=five past midnight\n"),
        ("haopin-tell@.service", "[Service]\nRestart=sometimes\n"),
    ],
)
def test_systemd_sees_a_mistake_in_ours(ours: Path, name: str, mistake: str) -> None:
    with (ours / name).open("a", encoding="utf-8") as opened:
        opened.write(mistake)
    assert said_of_ours(ours) != ""


def test_every_unit_that_fails_sends_a_notification() -> None:
    tell = (ROOT / "deploy/tell").read_text("utf-8")
    for path in SERVICES:
        assert int(re.sub(r"\D", "", setting(path, "TimeoutStartSec")[0])) > 0
        if "@" in path.name:
            assert not setting(path, "OnFailure") and setting(path, "Restart") == ["on-failure"]
        else:
            assert setting(path, "OnFailure") == ["haopin-tell@%n.service"] and f'"{path.name}": "' in tell


def test_the_unit_that_tells_may_use_a_sendmail_that_changes_its_group() -> None:
    """Each of these implies NoNewPrivileges for a service with a user (systemd.exec); Postfix then takes no mail."""
    text = (UNITS / "haopin-tell@.service").read_text("utf-8")
    for name in (
        *("NoNewPrivileges", "SystemCall", "Restrict", "PrivateDevices", "ProtectKernel", "ProtectClock"),
        *("ProtectHostname", "MemoryDeny", "LockPersonality", "DynamicUser"),
    ):
        assert not re.search(rf"^{name}\w*=", text, re.M), name


def test_the_nightly_release_waits_for_the_edits_and_goes_on_without_them() -> None:
    nightly = UNITS / "haopin-nightly.service"
    for name in ("Wants", "After"):
        assert "haopin-pull.service" in setting(nightly, name)[0].split()
    assert not setting(nightly, "Requires") and not setting(nightly, "BindsTo")
    # A site on the same machine lies where the documentation puts it.
    assert setting(nightly, "ReadWritePaths") == ["/var/lib/haopin -/srv/haopin"]


def test_edits_are_fetched_forward_only(tmp_path: Path) -> None:
    """The commands of the unit, in a checkout of its own."""
    unit = UNITS / "haopin-pull.service"
    commands = [shlex.split(setting(unit, name)[0]) for name in ("ExecCondition", "ExecStart")]
    assert [command[0] for command in commands] == ["/usr/bin/git", "/usr/bin/git"]

    def git(folder: Path, *arguments: str) -> int:
        who = ("-c", "user.name=Clerk", "-c", "user.email=clerk@site.example", "-c", "init.defaultBranch=main")
        return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, check=False).returncode

    def edit(folder: Path, text: str) -> None:
        (folder / "data.yml").write_text(text, "utf-8")
        assert git(folder, "add", ".") == git(folder, "commit", "-m", text) == 0

    def pulled() -> list[int]:
        return [git(tmp_path / "server", *command[1:]) for command in commands]

    office, server = tmp_path / "office", tmp_path / "server"
    office.mkdir()
    git(office, "init")
    edit(office, "one")
    assert git(tmp_path, "clone", str(office), "server") == 0
    edit(office, "two")
    assert pulled() == [0, 0] and (server / "data.yml").read_text() == "two"
    edit(office, "three")
    (server / "data.yml").write_text("changed here", "utf-8")
    assert pulled() == [0, 1] and (server / "data.yml").read_text() == "changed here"
    edit(server, "committed here")
    code = pulled()[1]
    assert code != 0 and (server / "data.yml").read_text() == "committed here"
    # The other way of deploy/README.md: the office pushes here, and the files follow.
    assert git(tmp_path, "clone", str(office), "pushed") == git(tmp_path / "pushed", "remote", "remove", "origin") == 0
    assert git(tmp_path / "pushed", "config", "receive.denyCurrentBranch", "updateInstead") == 0
    edit(office, "four")
    assert git(office, "push", str(tmp_path / "pushed"), "main") == 0
    assert (tmp_path / "pushed/data.yml").read_text() == "four"
    # Nothing is to be fetched, and that is no failure.
    assert git(server, "remote", "remove", "origin") == 0 and pulled()[0] == 1


def test_the_unit_is_hardened(units: Path) -> None:
    """By systemd's own measure: 0 is closed, 10 is open; the threshold is given in tenths of it."""
    threshold = ("security", "--offline=true", "--threshold=35")
    done = analyze(units, *threshold)
    assert done.returncode == 0, done.stdout
    (units / "nginx.service.d/haopin.conf").unlink()
    assert analyze(units, *threshold).returncode != 0
