"""The folder for offices without a network: what is in it, for which computers, and that it installs without one."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from haopin.start.folder import SHIPPED, start
from support import AS_OF, ROOT, copy_project
from test_setup import setup, version_of, wheel

__all__ = ["setup"]

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def load(name: str) -> ModuleType:
    """Return a file of `.ci` as a module."""
    spec = spec_from_file_location(f"{name}_of_a_test", ROOT / f".ci/{name}.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


office = load("office")


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is dead, and no setting of pip on this machine."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {"CONFIG_FILE": os.devnull, "INDEX_URL": "http://127.0.0.1:9/simple", "RETRIES": "0"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)


def clone(root: Path, lock: str, files: Mapping[str, str]) -> Path:
    """Make an invented clone that tracks ``files``."""
    for name, text in {
        **files,
        "requirements.lock": lock,
        "hooks/haopin/__init__.py": '__version__ = "9.1"\n',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return track(root)


def track(root: Path) -> Path:
    """Let git track every file in ``root``."""
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return root


# The lock


def test_every_package_of_the_lock_is_read_with_its_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    packages = office.locked(text)
    assert [f"{each.name}=={each.version}" for each in packages] == re.findall(r"^[\w.-]+==[^\s;]+", text, re.M)
    assert all(each.hashes.startswith("--hash=sha256:") for each in packages) and len(packages) > 50
    assert sum(each.hashes.count("--hash=") for each in packages) == text.count("--hash=")


@pytest.mark.parametrize(
    ("marker", "needed"),
    [
        ("", {"win_amd64", "win_arm64", "linux_x86_64", "linux_aarch64"}),
        ("sys_platform == 'win32'", {"win_amd64", "win_arm64"}),
        ("platform_system != 'Windows'", {"linux_x86_64", "linux_aarch64"}),
        ("platform_machine == 'ARM64' or platform_machine == 'aarch64'", {"win_arm64", "linux_aarch64"}),
        ("python_full_version < '3.12' and os_name == 'nt'", {"win_amd64", "win_arm64"}),
        ("python_version >= '3.12'", set()),
        ("implementation_name == 'pypy'", set()),
    ],
)
def test_markers_are_those_of_the_office_not_of_the_packer(marker: str, needed: set[str]) -> None:
    lock = f"first==1.0{f' ; {marker}' if marker else ''} \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n"
    (package,) = office.locked(lock)
    assert (package.name, package.version) == ("first", "1.0")
    assert package.hashes.split() == ["--hash=sha256:00", "--hash=sha256:01"]
    assert {name for name, target in office.TARGETS.items() if package.applies(target, "3.11")} == needed


@pytest.mark.parametrize(
    ("file", "computers"),
    [
        ("first-1.0-py3-none-any.whl", "win_amd64 3.11, win_amd64 3.14, win_arm64 3.11, linux_x86_64 3.11"),
        ("first-1.0-cp311-cp311-win_amd64.whl", "win_amd64 3.11"),
        ("first-1.0-cp310-abi3-win_amd64.whl", "win_amd64 3.11, win_amd64 3.14"),
        ("first-1.0-cp313-abi3-win_amd64.whl", "win_amd64 3.14"),
        ("first-1.0-cp314-cp314t-win_amd64.whl", ""),
        ("first-1.0-py3-none-win_arm64.whl", "win_arm64 3.11"),
        ("first-1.0-cp311-cp311-win32.whl", ""),
        ("first-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", "linux_x86_64 3.11"),
        ("first-1.0-cp311-cp311-manylinux_2_34_x86_64.whl", ""),
        ("first-2.0-py3-none-any.whl", ""),
    ],
)  # fmt: skip
def test_a_wheel_is_for_these_computers(file: str, computers: str) -> None:
    packages = office.locked("First==1.0 --hash=sha256:00\n")
    tried = [("win_amd64", "3.11"), ("win_amd64", "3.14"), ("win_arm64", "3.11"), ("linux_x86_64", "3.11")]
    fitting = [f"{name} {p}" for name, p in tried if not office.lacking(packages, [file], office.TARGETS[name], p)]
    assert ", ".join(fitting) == computers


# The folder


def test_a_new_site_can_be_made_from_the_folder() -> None:
    assert [name for name in SHIPPED if office.LEFT_OUT.match(name)] == []
    assert office.LEFT_OUT.match(".github/dependabot.yml") and office.LEFT_OUT.match("tests/support.py")


def native(folder: Path, name: str, tag: str) -> str:
    """Put a package for one kind of computer into ``folder``; return its hash."""
    line = wheel(folder, name, "1.0")
    made = folder / f"{name}-1.0-py3-none-any.whl"
    made.rename(folder / f"{name}-1.0-{tag}.whl")
    return line.split()[1]


@pytest.mark.slow
@pytest.mark.usefixtures("no_index")
def test_the_folder_has_what_an_office_needs_and_says_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wheels = tmp_path / "made"
    lock = wheel(wheels, "first", "1.0")
    lock += f"second==1.0 {' '.join(native(wheels, 'second', f'cp{v}-cp{v}-win_amd64') for v in (311, 313))}\n"
    lock += wheel(wheels, "third", "1.0").replace(" --hash", " ; sys_platform == 'win32' --hash")
    lock += "fourth==1.0 ; sys_platform == 'linux' --hash=sha256:00\n"
    root = clone(
        tmp_path / "my clone",
        lock,
        {
            **{name: (ROOT / name).read_text("utf-8") for name in ("haopin.cmd", "编辑台.cmd", ".ci/setup.py")},
            **dict.fromkeys(("data/site.yml", "docs/zh/关于.md", "tests/test_x.py", ".github/dependabot.yml"), "x\n"),
            **dict.fromkeys(("requirements-test.lock", ".ci/office.py", ".gitignore"), "x\n"),
        },
    )
    (root / "data/Thumbs.db").write_text("not tracked", "utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    archive = office.pack(root, root / "dist", ["win_amd64", "win_arm64"], ["3.11", "3.12", "3.13"])
    assert archive == root / "dist/haopin-office-9.1.zip"
    missing = "没有装进：缺少 second==1.0 的安装文件 / left out: there is no wheel of second==1.0"
    printed = capfd.readouterr().out.splitlines()
    assert [line for line in printed if "…" not in line][:4] == [
        f"win_amd64, Python 3.12: {missing}",
        *(f"win_arm64, Python {python}: {missing}" for python in ("3.11", "3.12", "3.13")),
    ]
    assert "for the office only" in printed[-1]
    expected = [
        *(".ci/setup.py", ".gitignore", "data/site.yml", "docs/zh/关于.md", "haopin.cmd", "hooks/haopin/__init__.py"),
        *("requirements.lock", "wheels/first-1.0-py3-none-any.whl", "wheels/second-1.0-cp311-cp311-win_amd64.whl"),
        *("wheels/second-1.0-cp313-cp313-win_amd64.whl", "wheels/third-1.0-py3-none-any.whl"),
        *("使用说明.txt", "编辑台.cmd"),
    ]
    with zipfile.ZipFile(archive) as packed:
        names = [each.filename for each in packed.infolist() if not each.is_dir()]
    assert sorted(names) == [f"haopin-office-9.1/{name}" for name in expected]
    folder = root / "dist/haopin-office-9.1"
    text = (folder / "使用说明.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf\xe5\xa5\xbd") and text.count(b"\n") == text.count(b"\r\n") > 20
    told = text.decode("utf-8-sig")
    assert "Windows 10/11（64 位 / 64 bits）：Python 3.11、3.13\r\n" in told and "   - Windows 11 ARM" not in told
    assert str(tmp_path) not in told
    assert sorted(path.name for path in (root / "dist").iterdir()) == ["haopin-office-9.1", "haopin-office-9.1.zip"]
    # Again over it; and for a computer for which nothing is complete, nothing is left.
    office.pack(root, root / "dist", ["win_amd64"], ["3.13"])
    assert not (folder / "wheels/second-1.0-cp311-cp311-win_amd64.whl").exists()
    with pytest.raises(SystemExit, match=r"left out: there is no wheel of second==1\.0"):
        office.pack(root, tmp_path / "none", ["win_arm64"], ["3.11"])
    assert list((tmp_path / "none").iterdir()) == []


@pytest.mark.usefixtures("no_index")
def test_without_a_network_or_a_clone_packing_says_so(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone", "first==1.0 --hash=sha256:00\n", {})
    with pytest.raises(SystemExit, match=r"the download failed: win_amd64, Python 3\.11"):
        office.pack(root, tmp_path / "out", ["win_amd64"], ["3.11"])
    assert list((tmp_path / "out").iterdir()) == []
    with pytest.raises(SystemExit, match="not a git repository"):
        office.tracked(tmp_path)


# In the office


@pytest.mark.sweep
@pytest.mark.usefixtures("no_index")
def test_an_office_installs_from_the_folder_and_a_broken_installation_is_repaired(
    setup: ModuleType, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = setup.ROOT.with_name("质量 办公室")
    setup.ROOT.rename(moved)
    for name, value in {"ROOT": moved, "SLOTS": moved / ".venvs", "LOG": moved / ".cache/setup.log"}.items():
        monkeypatch.setattr(setup, name, value)
    (moved / "requirements.lock").write_text(wheel(moved / "wheels", "first", "1.0"))

    def said() -> list[str]:
        return [line.partition(" / ")[2] for line in capfd.readouterr().err.splitlines()]

    steps = [
        "creating the Python environment",
        "taking the Python packages from the folder wheels, once",
        "writing them to disk",
        "the Python packages are installed",
    ]
    slot = setup.environment("site")
    assert version_of(setup, slot) == "1.0" and said() == steps
    # Broken off: the note of completeness is written last.
    (slot / setup.STAMP).unlink()
    (slot / "lib").rename(slot / "half")
    assert setup.environment("site") == slot and version_of(setup, slot) == "1.0" and said() == steps
    # The Python that it was made with is gone; on Windows the program in the environment stays.
    config = slot / "pyvenv.cfg"
    config.write_text(re.sub("home = .*", r"home = C:/Python311", config.read_text("utf-8")), "utf-8")
    assert not setup.fits(slot, "site")
    # Outdated: the new folder has another lock and its packages.
    (moved / "requirements.lock").write_text(wheel(moved / "wheels", "first", "2.0"))
    second = setup.environment("site")
    assert second != slot and version_of(setup, second) == "2.0" and said() == steps
    # Moved to another place, or copied to another disk: it still runs.
    (moved.parent / "U 盘").mkdir()
    elsewhere = moved.rename(moved.parent / "U 盘" / moved.name)
    for name, value in {"ROOT": elsewhere, "SLOTS": elsewhere / ".venvs"}.items():
        monkeypatch.setattr(setup, name, value)
    assert version_of(setup, setup.environment("site")) == "2.0" and said() == []


@pytest.mark.parametrize(("lacks", "network"), [(True, True), (True, False), (False, True)])
def test_what_the_folder_of_wheels_lacks_is_downloaded(
    setup: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    lacks: bool,
    network: bool,
) -> None:
    (setup.ROOT / "wheels").mkdir()
    (setup.ROOT / "requirements.lock").write_text("first==1.0 --hash=sha256:00\n")
    calls: list[Sequence[str]] = []

    def log_of(command: Sequence[str], **_: object) -> int:
        calls.append(command)
        if "venv" in command:
            Path(command[-1]).mkdir(parents=True)
            return 0
        text = "" if network or "--no-index" in command else "NewConnectionError\n"
        failed = ("--no-index" in command and lacks) or bool(text)
        setup.LOG.write_text(f"{text}ERROR: No matching distribution found for first==1.0\n" if failed else "")
        return int(failed)

    monkeypatch.setattr(setup, "log_of", log_of)
    if network:
        setup.make("site")
    else:
        with pytest.raises(setup.SetupError, match="the package index cannot be reached"):
            setup.make("site")
    told = capfd.readouterr().err
    assert ["--no-index" in call for call in calls[1:]] == [True, *([False] if lacks else [])]
    assert all(call[call.index("--find-links") + 1] == "wheels" for call in calls[1:])
    assert ("the folder wheels has no first==1.0 for this Python; downloading" in told) == lacks


def test_a_new_site_can_be_started_by_a_double_click(tmp_path: Path) -> None:
    """It has no lock: its own list names the program, with the desk."""
    start(tmp_path / "my site", None)
    site = tmp_path / "my site"
    for name in ("haopin.cmd", "编辑台.cmd"):
        assert (site / name).read_bytes() == (ROOT / name).read_bytes()
    assert "*.cmd text eol=crlf" in (site / ".gitattributes").read_text("utf-8")
    assert all(os.access(site / name, os.X_OK) for name in ("haopin", ".ci/setup"))
    assert "/.venvs/" in (site / ".gitignore").read_text("utf-8")
    code = "import sys; sys.path.insert(0, '.ci'); import setup; print(setup.LOCK, *setup.packages_of(setup.LOCK)[0])"
    done = subprocess.run([sys.executable, "-c", code], cwd=site, capture_output=True, text=True, check=True)
    assert done.stdout == "requirements.txt haopin\n"
    assert "haopin[desk,materials,ops]==" in (site / "requirements.txt").read_text("utf-8")


# With the packages of the lock, from the package index


@pytest.fixture
def index(tmp_path: Path) -> None:
    """The package index, from which a machine that only tests may be cut off: then there is nothing to prove here."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        str(tmp_path / "try"),
        "segno",
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("the package index cannot be reached")


@pytest.mark.sweep
@pytest.mark.usefixtures("index")
def test_the_packages_of_every_windows_python_are_complete(tmp_path: Path) -> None:
    packages = office.locked((ROOT / "requirements.lock").read_text("utf-8"))
    whole, left_out = office.fetch(packages, ["win_amd64", "win_arm64"], office.PYTHONS, tmp_path / "wheels")
    assert {("win_amd64", python) for python in office.PYTHONS} <= set(whole)
    names = [path.name for path in (tmp_path / "wheels").iterdir()]
    for name, python in whole:
        assert office.lacking(packages, names, office.TARGETS[name], python) == []
    assert all("opencc" in line for line in left_out), left_out


@pytest.mark.sweep
@pytest.mark.usefixtures("index")
def test_the_real_folder_installs_without_a_network(tmp_path: Path) -> None:
    here = f"linux_{os.uname().machine}"
    root = copy_project(tmp_path / "clone")
    shutil.copytree(ROOT / ".ci", root / ".ci")
    for name in ("haopin", "haopin.cmd", "编辑台.cmd"):
        shutil.copy2(ROOT / name, root)
    archive = office.pack(track(root), tmp_path / "dist", [here], [HERE])
    place = tmp_path / "U 盘"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(place)
    (folder,) = place.iterdir()
    for name in ("haopin", ".ci/setup"):
        (folder / name).chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    environment |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PYTHON": sys.executable}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(folder / "haopin"), *arguments]
        return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)

    done = run("--help")
    assert done.returncode == 0 and "status" in done.stdout, done.stderr
    assert "taking the Python packages from the folder wheels" in done.stderr and "downloading" not in done.stderr
    done = run("check", "--as-of", AS_OF)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
