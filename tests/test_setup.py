"""Set-up: messages and packages on a bare machine; it keeps working environments and starts no service."""

import ast
import hashlib
import importlib.util
import io
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from support import ROOT, copy_county, edit, program, run

SETUP = ROOT / ".ci/setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The set-up of an invented checkout at ``tmp_path/checkout``."""
    spec = importlib.util.spec_from_file_location("setup_of_a_test", SETUP)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name, value in {"ROOT": checkout, "SLOTS": checkout / ".venvs", "LOG": checkout / ".cache/setup.log"}.items():
        monkeypatch.setattr(module, name, value)
    return module


# Environments


def wheel(folder: Path, name: str, version: str) -> str:
    """Put a package without content into ``folder`` and return its line of a lock."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.py", f"version = {version!r}\n")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def version_of(setup: ModuleType, slot: Path, name: str = "first") -> str:
    done = subprocess.run(
        [setup.python_of(slot), "-c", f"import {name}; print({name}.version)"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


@pytest.mark.sweep
def test_an_environment_is_renewed_beside_the_one_in_use_and_a_failure_leaves_that(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    checkout, wheels = setup.ROOT, tmp_path / "wheels"
    for name in (
        "haopin/__init__.py",
        "haopin/cli/main.py",
        "haopin/mkdocs_plugin/__init__.py",
        "haopin/mkdocs_plugin/staging.py",
    ):
        (checkout / "hooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / "hooks" / name).write_text("")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    site, test = checkout / "requirements.lock", checkout / "requirements-test.lock"
    site.write_text(wheel(wheels, "first", "1.0"))
    test.write_text(site.read_text() + wheel(wheels, "second", "1.0"))

    # The first, from a folder of wheels, without a network.
    first = setup.environment("site")
    assert version_of(setup, first) == "1.0" and (checkout / ".venv").resolve() == first
    assert [line.partition(" / ")[2] for line in capfd.readouterr().err.splitlines()] == [
        "creating the Python environment",
        "downloading 1 Python packages, once: 1 to 3 minutes, 350 MB",
        "writing them to disk",
        "the Python packages are installed",
    ]
    # The same again: nothing is run, and nothing said.
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", None)
        assert setup.environment("site") == first
    assert capfd.readouterr().err == ""
    # Packages for tests are added to it.
    assert setup.environment("test") == first and version_of(setup, first, "second") == "1.0"
    assert [line.partition(" ")[0] for line in capfd.readouterr().err.splitlines()] == ["1/2", "2/2", "Python"]

    def failing(what: str) -> Path:
        raise setup.SetupError("the reason")

    # A new lock that cannot be had.
    old = site.read_text()
    site.write_text("first==2.0 --hash=sha256:" + "0" * 64 + "\n")
    with monkeypatch.context() as patch:
        patch.delenv("PIP_NO_INDEX")
        patch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
        patch.setenv("PIP_RETRIES", "1")
        assert setup.environment("site") == first
    told = capfd.readouterr().err
    assert "the packages could not be renewed; those of before are used" in told
    assert "the package index cannot be reached" in told and "PIP_INDEX_URL" in told and ".cache/setup.log" in told
    assert len(told.splitlines()) < 12 and "Traceback" not in told and "No matching" not in told
    # It is not tried again for a while.
    assert setup.environment("site") == first and "tried a short while ago" in capfd.readouterr().err
    assert version_of(setup, first) == "1.0" and [p.name for p in setup.SLOTS.glob("site-*")] == [first.name]
    # What the environment lacks altogether cannot be gone on without.
    site.write_text("third==1.0 --hash=sha256:" + "0" * 64 + "\n")
    with monkeypatch.context() as patch, pytest.raises(setup.SetupError, match="the reason"):
        patch.setattr(setup, "make", failing)
        setup.environment("site")
    assert (checkout / ".venv").resolve() == first

    # The old lock again is served at once; a new one that can be had is made beside, and the old one stays once more.
    site.write_text(old)
    assert setup.environment("site") == first
    site.write_text(wheel(wheels, "first", "3.0"))
    second = setup.environment("site")
    assert second != first and version_of(setup, second) == "3.0" and (checkout / ".venv").resolve() == second
    assert version_of(setup, first) == "1.0" and not (setup.SLOTS / "failed-site").exists()


def test_old_environments_except_the_last_are_removed(setup: ModuleType) -> None:
    setup.SLOTS.mkdir()
    made = []
    for number in range(4):
        slot = setup.SLOTS / f"site-{number}"
        slot.mkdir()
        os.utime(slot, (number, number))
        made.append(slot)
    setup.point(setup.ROOT / ".venv", made[3])
    setup.remove_old(made[3])
    assert sorted(p.name for p in setup.SLOTS.iterdir()) == ["site-2", "site-3"]


def test_a_folder_of_an_earlier_version_is_replaced_by_the_symlink(setup: ModuleType) -> None:
    slot, link = setup.SLOTS / "new", setup.ROOT / ".venv"
    slot.mkdir(parents=True)
    (link / "bin").mkdir(parents=True)
    setup.point(link, slot)
    assert link.is_symlink() and link.resolve() == slot
    assert [(path / "bin").is_dir() for path in setup.SLOTS.glob("before-*")] == [True]


def test_an_environment_is_for_a_kind_of_python_not_for_the_day_on_which_that_was_built(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A security update of Python must not make every machine download everything again."""
    assert setup.abi().startswith(f"cpython-{sys.version_info.major}{sys.version_info.minor}")
    before = setup.abi()
    monkeypatch.setattr(sys, "version", "3.99.9 (main, Jan 1 2030)")
    assert setup.abi() == before


def test_a_second_command_waits_until_the_first_has_installed(setup: ModuleType, tmp_path: Path) -> None:
    code = (
        f"import importlib.util as u, pathlib, time; s = u.spec_from_file_location('s', {str(SETUP)!r});"
        f"m = u.module_from_spec(s); s.loader.exec_module(m); m.SLOTS = pathlib.Path({str(setup.SLOTS)!r})\n"
        "with m.alone(): print('has it', flush=True)"
    )
    with setup.alone():
        waiting = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert waiting.stderr is not None
        assert b"another command is installing" in waiting.stderr.readline()
        assert waiting.poll() is None
    out, _ = waiting.communicate(timeout=30)
    assert out == b"has it\n"


# Messages


@pytest.mark.parametrize(
    ("version", "bits", "expected"),
    [
        ((3, 11), 64, ""),
        ((3, 14), 64, ""),
        ((3, 9), 64, "Python 3.9 is too old: 3.11 to 3.14 is needed"),
        ((2, 7), 64, "Python 2.7 is too old"),
        ((3, 15), 64, "Python 3.15 is too new: opencc and others have no wheels for it yet"),
        ((3, 13), 32, "this Python has 32 bits"),
    ],
)
def test_which_python(setup: ModuleType, version: tuple[int, int], bits: int, expected: str) -> None:
    said = setup.unsuitable(version, bits, "linux-x86_64")
    assert said.startswith(expected) if not expected else expected in said
    assert not expected or ("PYTHON=python3.13" in said and re.search("[\u4e00-\u9fff]", said))


def test_on_arm_a_python_for_x64_is_needed(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "WINDOWS", True)
    said = setup.unsuitable((3, 13), 64, "win-arm64")
    assert "install one for x64 (AMD64), which Windows 11 on ARM runs" in said
    assert said.endswith("winget install Python.Python.3.13 --architecture x64")
    assert setup.unsuitable((3, 13), 64, "win-amd64") == ""


def fake(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    (folder / name).chmod(0o755)


def test_another_python_of_the_machine_is_taken_where_the_first_is_unsuitable(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYTHON", raising=False)
    assert setup.another_python() is None
    fake(tmp_path / "bin", "python3.12", "exit 0")
    assert setup.another_python() == ["python3.12"]
    # On Windows the launcher says which there are.
    monkeypatch.setattr(setup, "WINDOWS", True)
    assert setup.another_python() is None
    fake(tmp_path / "bin", "py", '[ "$1" = -3.13 ]')
    assert setup.another_python() == ["py", "-3.13"]
    # One that is unsuitable itself would look for another again, without end.
    fake(tmp_path / "bin", "py", "exit 1")
    assert setup.another_python() is None
    # If one was named with PYTHON, the message says why it is unsuitable.
    monkeypatch.setenv("PYTHON", "python3.9")
    assert setup.another_python() is None


def test_on_windows_a_command_runs_beside_and_its_code_is_returned(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "WINDOWS", True)
    (tmp_path / "slot/Scripts").mkdir(parents=True)
    monkeypatch.setattr(setup, "environment", lambda what: tmp_path / "slot")
    fake(tmp_path / "slot/Scripts", "python.exe", f'echo "$PYTHONPATH $*" >{tmp_path}/called; exit 7')
    assert setup.main(["run", "status", "a b"]) == 7
    assert (tmp_path / "called").read_text() == f"{setup.ROOT / 'hooks'} -m haopin status a b\n"


def test_an_old_python_can_read_it_and_say_so() -> None:
    ast.parse(SETUP.read_text("utf-8"), feature_version=(3, 6))


PIP = """
print("Collecting first==1.0 (from -r x)\\n  Downloading first.whl\\nCollecting second-name==2.0 (from -r x)")
print("Installing collected packages: first, second-name\\nSuccessfully installed")
"""


class Screen(io.TextIOWrapper):
    """What is written to a terminal or a log; a bare machine may have no device for a terminal."""

    is_terminal = False

    def isatty(self) -> bool:
        return self.is_terminal


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize("last", ["Installing", ""])
def test_a_terminal_shows_each_package_and_a_log_does_not(
    setup: ModuleType, last: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    screen = Screen(raw, encoding="utf-8", write_through=True)
    screen.is_terminal = terminal
    monkeypatch.setattr(sys, "stderr", screen)
    message = (last, "2/2 writing") if last else ("", "")
    assert setup.log_of([sys.executable, "-c", PIP], counting=r"Collecting ([\w.-]+)", total=3, last=message) == 0
    setup.tell("end")
    lines = [line.strip() for line in re.split("[\r\n]", raw.getvalue().decode())]
    shown = ["1/3 first", "2/3 second-name"] if terminal else []
    assert [line for line in lines if line] == [*shown, *(["2/2 writing"] if last else []), "end"]
    assert "Downloading first.whl" in setup.LOG.read_text("utf-8")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("NewConnectionError(...)\nERROR: No matching distribution found for babel==2.18.0", "index cannot be reached"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed'))", "PIP_CERT="),
        ("ProxyError('Cannot connect to proxy.', NewConnectionError('...Connection refused'))", "HTTPS_PROXY"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "a mirror or proxy changed it"),
        ("ERROR: No matching distribution found for babel==2.18.0", "lacks a package of the lock\n  babel==2.18.0"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: Failed building wheel for opencc", "no wheel for this machine"),
        ("HINT: ... this system does not have Windows Long Path support enabled", "move the whole folder up, to D:"),
        ("npm error code EAI_AGAIN", "the package index cannot be reached"),
        ("something else", "pip failed"),
    ],
)  # fmt: skip
def test_the_cause_comes_first_with_its_fix_and_the_log(setup: ModuleType, printed: str, expected: str) -> None:
    said = setup.cause(printed, "pip", "requirements.lock")
    assert expected in said and len(said.splitlines()) <= 8
    assert "docs/dev/commands.md" in said.splitlines()[-2] and said.splitlines()[-1].endswith(".cache/setup.log")
    assert "then copy the folder wheels here and run this again" in said


def bare_path(folder: Path, *names: str) -> str:
    """Return a PATH with nothing but the programs ``names``."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(program(name))
    return str(folder)


def test_without_python_the_machine_says_what_to_install(tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin", "sh", "dirname", "cat", "id")
    for given, expected in (({}, "sudo apt-get install python3"), ({"PYTHON": "python9"}, "PYTHON=python9:")):
        done = subprocess.run(
            [ROOT / ".ci/setup", "site"], env={"PATH": path, **given}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1 and expected in done.stderr and "winget install" in done.stderr


def test_a_terminal_of_another_code_gets_every_message(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "x")
    edit(project / "data/site.yml", "time_zone:", "\U00020bb7: x\ntime_zone:")
    done = run("-m", "haopin", "check", cwd=project, PYTHONPATH=str(ROOT / "hooks"), PYTHONIOENCODING="gbk")
    assert done.returncode == 1 and "\\U00020bb7" in done.stdout and "Traceback" not in done.stderr


def test_in_another_folder_a_command_says_where_to_run_it(tmp_path: Path) -> None:
    for command in ("check", "build", "serve"):
        done = run("-m", "haopin", command, cwd=tmp_path, PYTHONPATH=str(ROOT / "hooks"))
        assert (done.returncode, done.stdout) == (1, "")
        assert "\u8bf7\u5728\u9879\u76ee\u6587\u4ef6\u5939\u91cc\u8fd0\u884c" in done.stderr
        assert "run this in the project's folder" in done.stderr and f"cd {ROOT}" in done.stderr


# Programs of Debian


@pytest.fixture
def machine(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Folders of an invented machine, where packages enable services."""
    units = tmp_path / "system"
    (units / "multi-user.target.wants").mkdir(parents=True)
    (units / "multi-user.target.wants/old.service").symlink_to("/lib/systemd/system/old.service")
    monkeypatch.setattr(setup, "UNITS", units)
    monkeypatch.setattr(setup, "RUN_LEVELS", tmp_path)
    monkeypatch.setattr(setup, "POLICY", tmp_path / "policy-rc.d")
    # Debian's own program for what starts in the old way disables the unit of that name, too.
    levels = tmp_path / "rc2.d"
    fake(tmp_path / "bin", "update-rc.d", f"rm {units}/*.wants/$1.service\nmv {levels}/S01$1 {levels}/K01$1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    yield units


def install(setup: ModuleType, units: Path) -> None:
    """Do what the scripts of a package with a service do."""
    done = subprocess.run([setup.POLICY], check=False)
    assert done.returncode == 101
    (units / "multi-user.target.wants/new.service").symlink_to("/lib/systemd/system/new.service")
    (units / "sockets.target.wants").mkdir()
    (units / "sockets.target.wants/new.socket").symlink_to("/lib/systemd/system/new.socket")
    (units / "new-alias.service").symlink_to("/lib/systemd/system/new.service")
    (units.parent / "rc2.d").mkdir(exist_ok=True)
    (units.parent / "rc2.d/S01new").symlink_to("../init.d/new")


@pytest.mark.parametrize("before", [None, "#!/bin/sh\nexit 0\n"])
@pytest.mark.parametrize("end", ["well", "error", "SIGTERM", "SIGHUP"])
def test_no_service_is_started_or_enabled(setup: ModuleType, machine: Path, before: str | None, end: str) -> None:
    if before is not None:
        setup.POLICY.write_text(before)
    try:
        with setup.no_services():
            install(setup, machine)
            if end == "error":
                raise setup.SetupError("x")
            if end.startswith("SIG"):
                os.kill(os.getpid(), signal.Signals[end])
    except (setup.SetupError, KeyboardInterrupt):
        assert end != "well"
    assert [p.relative_to(machine).as_posix() for p in sorted(machine.rglob("*"))] == [
        "multi-user.target.wants",
        "multi-user.target.wants/old.service",
    ]
    assert [p.name for p in (machine.parent / "rc2.d").iterdir()] == ["K01new"]
    assert (setup.POLICY.read_text() if setup.POLICY.exists() else None) == before
    assert signal.getsignal(signal.SIGTERM) is not setup.stopped


def test_changes_of_a_killed_set_up_are_reverted(setup: ModuleType, machine: Path) -> None:
    setup.POLICY.with_name("policy-rc.d.haopin").write_text("of the machine")
    setup.POLICY.write_text("#!/bin/sh\n# of Haopin's set-up, for the time of an installation\nexit 101\n")
    with setup.no_services():
        install(setup, machine)
    assert setup.POLICY.read_text() == "of the machine"


def test_packages_are_listed_before_installation(setup: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    printed = (
        "The following NEW packages will be installed:\n  a b c\n  d\n0 upgraded, 4 newly installed, 0 to remove.\n"
        "Need to get 812 MB/900 MB of archives.\n"
        "After this operation, 2,345 MB of additional disk space will be used.\n"
    )
    setup.tell_size(printed, "a b")
    told = capfd.readouterr().err
    assert "installing 4 Debian packages (812 MB/900 MB to download, 2,345 MB on disk" in told
    assert "starts no service" in told and "a b" in told


def test_without_root_the_command_to_run_is_printed(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    with pytest.raises(
        setup.SetupError, match="sudo apt-get update && sudo apt-get install --no-install-recommends a b"
    ):
        setup.apt_install(["a", "b"])
    monkeypatch.setattr(setup.shutil, "which", lambda name, path=None: None)
    with pytest.raises(setup.SetupError, match="please install first: a b"):
        setup.apt_install(["a", "b"])


@pytest.mark.parametrize(("arguments", "code"), [(["run", "check"], 2), (["site"], 1)])
def test_a_command_that_cannot_run_exits_with_code_two(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    def failing(what: str) -> Path:
        raise setup.SetupError("the reason")

    monkeypatch.setattr(setup, "environment", failing)
    assert setup.main(arguments) == code


# Windows: the script is only read, not run


@pytest.mark.parametrize("name", ["haopin.cmd", "编辑台.cmd"])
def test_commands_of_windows_are_well_formed(name: str) -> None:
    """ASCII, since cmd reads a file in the code page in use; CRLF, since it loses its place without."""
    raw = (ROOT / name).read_bytes()
    before, _, after = raw.partition(b"chcp 65001 >nul\r\n") if name != "haopin.cmd" else (raw, b"", b"")
    assert before.isascii() and after.decode("utf-8").count("echo ") == (2 if after else 0)
    assert raw.count(b"\n") == raw.count(b"\r\n") and not raw.startswith(b"\xef\xbb\xbf")
    assert "*.cmd text eol=crlf" in (ROOT / ".gitattributes").read_text("utf-8")
    text = raw.decode("utf-8")
    lines = text.splitlines()
    assert lines[0] == "@echo off" and "setlocal" in lines
    assert {m[1] for m in re.finditer(r"goto (\w+)", text)} == {line[1:] for line in lines if line.startswith(":")}
    assert text.count("(") == text.count(")") and text.count('"') % 2 == 0
    # The folder may have blanks, brackets and ampersands in its name: its path only ever stands in quotation marks.
    assert text.count("%~dp0") == len(re.findall(r'"%~dp0[\w.\\-]*"', text)) > 0
    for path in re.findall(r"%~dp0([\w.\\-]+)", text):
        assert (ROOT / path.replace("\\", "/")).is_file(), path
    # No jump into the end of the file, and no name of a variable that another program could have set.
    assert lines[-1].startswith("exit /b ")
    assert set(re.findall(r"^.*?\bset (\w+)=", text, re.M)) <= {"PYTHONUTF8", *re.findall(r"HAOPIN_\w+", text)}


def test_the_command_of_windows_leaves_all_to_the_same_file() -> None:
    lines = (ROOT / "haopin.cmd").read_text("utf-8").splitlines()
    assert '%HAOPIN_PYTHON% "%~dp0.ci\\setup.py" run %*' in lines
    # Any Python by the launcher, else the one on PATH, each tried before it is used.
    tried = [line.partition(" >nul 2>nul && set HAOPIN_PYTHON=") for line in lines if " -c " in line]
    assert [(before.rpartition("HAOPIN_PYTHON ")[2], after) for before, _, after in tried] == [
        ('py -3 -c ""', "py -3"),
        ('python -c ""', "python"),
    ]
    assert "exit /b %errorlevel%" in lines and "set PYTHONUTF8=1" in lines


def test_a_double_click_keeps_the_reason_of_a_failure_in_sight() -> None:
    lines = (ROOT / "编辑台.cmd").read_text("utf-8").splitlines()
    # In the project's folder, on a drive: a network folder is no current folder for cmd, and pushd gives it a letter.
    assert lines.index('pushd "%~dp0"') < lines.index('call ".\\haopin.cmd" desk %*')
    after = lines[lines.index('call ".\\haopin.cmd" desk %*') :]
    assert after[:3] == ['call ".\\haopin.cmd" desk %*', "set HAOPIN_CODE=%errorlevel%", "popd"]
    assert (
        after.index('if "%HAOPIN_CODE%"=="0" exit /b 0') < after.index("pause") < after.index("exit /b %HAOPIN_CODE%")
    )
    # Out of the window of a zip, only this file is there.
    assert lines.index('if not exist "haopin.cmd" goto packed') < lines.index('call ".\\haopin.cmd" desk %*')
    assert lines[lines.index(":packed") :].count("pause") == 1


# Where tests find programs

#: What every Debian has, and what a checkout needs anyway.
ALWAYS = {"git", "make", "sh", "bash", "env", "mount", "umount", "sha256sum", "tar", "cp", "ln", "find", "true"}


def named_programs(source: str) -> Iterator[tuple[int, str]]:
    """Return line and name of every program that a test file takes from PATH by itself."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in ("shutil.which", "which"):
            yield node.lineno, called
        if called.startswith("subprocess.") and node.args and isinstance(node.args[0], ast.List):
            first = node.args[0].elts[0]
            if isinstance(first, ast.Constant) and str(first.value) not in ALWAYS:
                yield node.lineno, str(first.value)


def test_tests_find_programs_where_the_set_up_puts_them() -> None:
    """A ``node`` on PATH is that of a developer's machine; a bare one has it in the environment."""
    found = [
        f"{path.name}:{line}: {name}"
        for path in sorted((ROOT / "tests").glob("*.py"))
        if path.name != "support.py"
        for line, name in named_programs(path.read_text("utf-8"))
    ]
    assert found == []
    assert [name for _, name in named_programs('subprocess.run(["node", x])\nshutil.which("node")')] == [
        "node",
        "shutil.which",
    ]


def test_programs_come_from_the_environment_even_without_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert Path(program("node")).parent == Path(sys.executable).parent
    monkeypatch.delenv("HAOPIN_COMPLETE", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"run \.ci/setup test: no-such-program is missing"):
        program("no-such-program")
    monkeypatch.setenv("HAOPIN_COMPLETE", "true")
    with pytest.raises(pytest.fail.Exception, match=r"run \.ci/setup test: no-such-program is missing"):
        program("no-such-program")


def test_the_tests_of_a_bare_machine_exist() -> None:
    names = (ROOT / ".ci/bare-tests").read_text("utf-8").split()
    assert len(names) > 10 and all((ROOT / name).is_file() for name in names)
    assert json.loads((ROOT / "tests/npm/package-lock.json").read_text("utf-8"))["packages"]
