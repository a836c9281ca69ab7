"""Pack one folder, and a zip of it, for offices without a network: `make office`.

    office.py [--platform NAME]... [--python VERSION]... [--out FOLDER]

It holds the files of the project that git tracks, except those for its development; ``wheels``, from which
`.ci/setup.py` installs; and instructions. Needs the packages of the site (`packaging` reads markers and tags).
"""

import argparse
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
WHEELS = "wheels"
INSTRUCTIONS = "使用说明.txt"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: Tracked files that only the development needs; `haopin start` copies the workflow into new sites.
LEFT_OUT = re.compile(
    r"(?:tests|\.vscode|\.github(?!/workflows/site\.yml$))/|\.ci/(?:bare-tests|fresh|run|office\.py)$"
    r"|requirements-\w+\.lock$|\.(?:editorconfig|pre-commit-config\.yaml)$"
)


def _linux(machine: str) -> tuple[str, ...]:
    """Return the platform tags of glibc 2.28 (UOS 20, Kylin V10, Debian 10) on ``machine``, newest first."""
    old = ("manylinux2014", "manylinux2010", "manylinux1")
    return (*(f"manylinux_2_{minor}_{machine}" for minor in range(28, 4, -1)), *(f"{name}_{machine}" for name in old))


@dataclass(frozen=True)
class Target:
    """A kind of computer.

    Attributes:
        tags: Platform tags of its wheels, best first.
        markers: Its values of the markers in a lock; those of the Python are added.
        words: What it is, in both languages.
    """

    tags: tuple[str, ...]
    markers: Mapping[str, str]
    words: str


def _windows(machine: str) -> dict[str, str]:
    return {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": machine}


def _posix(machine: str) -> dict[str, str]:
    return {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": machine}


TARGETS: Mapping[str, Target] = {
    "win_amd64": Target(("win_amd64",), _windows("AMD64"), "Windows 10/11（64 位 / 64 bits）"),
    "win_arm64": Target(("win_arm64",), _windows("ARM64"), "Windows 11 ARM"),
    "linux_x86_64": Target(_linux("x86_64"), _posix("x86_64"), "Linux x86_64（UOS、麒麟 / Kylin）"),
    "linux_aarch64": Target(_linux("aarch64"), _posix("aarch64"), "Linux aarch64（UOS、麒麟 / Kylin）"),
}
DEFAULT = ("win_amd64", "win_arm64")


@dataclass(frozen=True)
class Locked:
    """A package of a lock: name, exact version, marker (may be empty), and its lines with the hashes."""

    name: str
    version: str
    marker: str
    hashes: str

    def applies(self, target: Target, python: str) -> bool:
        """Return whether ``target`` with ``python`` (such as ``3.11``) needs it."""
        values = {"python_version": python, "python_full_version": f"{python}.0", "implementation_name": "cpython"}
        values |= {"platform_python_implementation": "CPython", **target.markers}
        return not self.marker or Marker(self.marker).evaluate(values)


def locked(text: str) -> list[Locked]:
    """Return the packages of a lock with the content ``text``."""
    joined = re.sub(r"\\\n\s*", " ", text)
    pattern = r"^([A-Za-z0-9][\w.-]*)(?:\[.*?\])?==([^\s;]+)(?: *; *(.*?))?((?: +--hash=\S+)*) *$"
    return [Locked(m[1], m[2], (m[3] or "").strip(), m[4].strip()) for m in re.finditer(pattern, joined, re.M)]


def tags(target: Target, python: str) -> set[Tag]:
    """Return the tags of the wheels that ``python`` on ``target`` can install."""
    major, minor = (int(part) for part in python.split("."))
    interpreter = f"cp{major}{minor}"
    known = set(cpython_tags((major, minor), platforms=target.tags))
    return known | set(compatible_tags((major, minor), interpreter, target.tags))


def lacking(packages: Iterable[Locked], wheels: Iterable[str], target: Target, python: str) -> list[str]:
    """Return the packages that ``python`` on ``target`` needs and that none of ``wheels``, file names, is for."""
    fitting = tags(target, python)
    have = set()
    for file in wheels:
        name, version, _, carried = parse_wheel_filename(file)
        if carried & fitting:
            have.add((name, str(version)))
    needed = (each for each in packages if each.applies(target, python))
    return [
        f"{each.name}=={each.version}" for each in needed if (canonicalize_name(each.name), each.version) not in have
    ]


def download(packages: Sequence[Locked], target: Target, python: str, folder: Path) -> list[str]:
    """Download the wheels for ``python`` on ``target`` into ``folder``; return the packages that have none.

    The markers are evaluated here, as pip evaluates them for the Python that runs it.

    Raises:
        SystemExit: if pip fails for another reason, such as the network; with its output.
    """
    wanted = [each for each in packages if each.applies(target, python)]
    without: list[str] = []
    options = [option for tag in target.tags for option in ("--platform", tag)]
    with tempfile.TemporaryDirectory(prefix="haopin-") as place:
        while True:
            lines = [f"{p.name}=={p.version} {p.hashes}\n" for p in wanted if f"{p.name}=={p.version}" not in without]
            lock = Path(place) / LOCK
            lock.write_text("".join(lines), "utf-8")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
            # Without an answer, too, pip says that there is none; that it asked again shows that it was the network.
            command += ["--retries", "2"]
            command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--implementation", "cp", *options]
            command += ["--python-version", python, "--dest", str(folder), "--requirement", str(lock)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return without
            missing = re.search(r"No matching distribution found for (\S+)", done.stderr)
            if not missing or "Retrying (Retry(" in done.stderr or missing[1] in without:
                raise SystemExit(f"{done.stderr}下载没有成功 / the download failed: {target.tags[0]}, Python {python}")
            without.append(missing[1])


def tracked(root: Path) -> list[str]:
    """Return the files of the project in ``root`` that are packed: those that git tracks and that still exist.

    Raises:
        SystemExit: if ``root`` is no clone.
    """
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit("这里不是 Git 仓库，不知道该打包哪些文件 / not a git repository: its files are not known")
    names = done.stdout.decode("utf-8").split("\0")
    return [name for name in names if name and not LEFT_OUT.match(name) and (root / name).is_file()]


def instructions(version: str, whole: Sequence[tuple[str, str]]) -> str:
    """Return the text for the office; ``whole`` has the computers and Pythons that the folder installs on."""
    pythons = {name: "、".join(p for n, p in whole if n == name) for name, _ in whole}
    computers = "\n".join(f"   - {TARGETS[name].words}：Python {of}" for name, of in pythons.items())
    return f"""\
好品编辑台 {version} 使用说明

1. 把整个文件夹解压（不要在压缩包里直接双击），放到路径短的地方，如 D:\\haopin。
2. 装 Python（已经装了的不用再装；不需要管理员权限，装时选“仅为我安装”）：
   用 python.org 的安装程序 Windows installer (64-bit)，或 Microsoft Store 里的 Python 3.13。
   没有网络的电脑，安装程序从别的电脑拷来。本文件夹里的包适合：
{computers}
   ARM 处理器的 Windows 11：也装 64-bit（x64，不是 ARM64）的 Python。
3. 双击“编辑台.cmd”。第一次要安装 1 至 3 分钟，不用网络；以后直接在浏览器里打开。
   Linux：在文件夹里运行 ./haopin desk
4. 出错时窗口不会关，写着原因和办法；详细记录在 .cache\\setup.log。
5. 换新版本：解压新文件夹，删去里面的 data、docs，再把旧文件夹里的 data、docs、.desk、mkdocs.yml、mkdocs.en.yml
   拷进去。旧文件夹留到新的能用为止。

本文件夹里有没有公布的资料和撤下的名称，不要发到网上。

Haopin desk {version}

1. Unpack the whole folder to a short path, such as D:\\haopin.
2. Install Python, 64 bits (x64, on ARM computers too), from python.org or the Microsoft Store; no administrator is
   needed. The folder has the packages for the computers and versions listed above.
3. Double-click 编辑台.cmd (Linux: ./haopin desk). The first time takes 1 to 3 minutes and needs no network.
4. After an error the window stays open, with the reason and what to do; the log is .cache\\setup.log.
5. New version: unpack it, delete its data and docs, then copy data, docs, .desk, mkdocs.yml and mkdocs.en.yml of the
   old folder into it. Keep the old folder until the new one works.

The folder holds unpublished records and withdrawn names: keep it private.
"""


def write_text(path: Path, text: str) -> None:
    """Write a text as Notepad of every Windows shows it: with BOM and CRLF."""
    path.write_text(text, "utf-8-sig", newline="\r\n")


def pack(root: Path, out: Path, platforms: Sequence[str], pythons: Sequence[str]) -> Path:
    """Make the folder and its zip in ``out``; return the zip.

    Args:
        root: The clone.
        out: The folder for both; those of the same version are replaced.
        platforms: Names in `TARGETS`.
        pythons: Such as ``3.11``.

    Raises:
        SystemExit: if nothing can be downloaded for any of the platforms.
    """
    version = re.search(r'__version__ = "(.+?)"', (root / "hooks/haopin/__init__.py").read_text("utf-8"))
    assert version is not None
    name = f"haopin-office-{version[1]}"
    out.mkdir(parents=True, exist_ok=True)
    files = tracked(root)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=out) as place:
        folder = Path(place) / name
        for file in files:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / file, folder / file)
        packages = locked((root / LOCK).read_text("utf-8"))
        whole, left_out = fetch(packages, platforms, pythons, folder / WHEELS)
        if not whole:
            raise SystemExit("\n".join(left_out))
        write_text(folder / INSTRUCTIONS, instructions(version[1], whole))
        archive = Path(place) / f"{name}.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.rglob("*")):
                packed.write(path, path.relative_to(place).as_posix())
        if (out / name).exists():
            shutil.rmtree(out / name)
        folder.rename(out / name)
        archive.replace(out / archive.name)
    print("\n".join(left_out), end="\n" if left_out else "")
    size = (out / f"{name}.zip").stat().st_size / 1e6
    print(f"{out / name}.zip  {size:.0f} MB")
    print("内有没有公布的资料，只给本单位用 / it holds unpublished records: for the office only")
    return out / f"{name}.zip"


def fetch(
    packages: Sequence[Locked], platforms: Sequence[str], pythons: Sequence[str], folder: Path
) -> tuple[list[tuple[str, str]], list[str]]:
    """Download the wheels for each of ``platforms`` with each of ``pythons`` into ``folder``.

    Returns:
        The platforms and Pythons for which they are complete, and messages about the others, whose wheels are not kept.
    """
    folder.mkdir()
    whole, left_out = [], []
    with tempfile.TemporaryDirectory(prefix=".wheels-", dir=folder.parent) as place:
        for name in platforms:
            for python in pythons:
                print(f"{name}, Python {python} …", flush=True)
                beside = Path(place) / f"{name}-{python}"
                beside.mkdir()
                without = download(packages, TARGETS[name], python, beside)
                # What pip left there must be what the office's pip will look for.
                without = without or lacking(packages, (p.name for p in beside.iterdir()), TARGETS[name], python)
                if without:
                    words = ", ".join(without)
                    zh, en = f"没有装进：缺少 {words} 的安装文件", f"left out: there is no wheel of {words}"
                    left_out.append(f"{name}, Python {python}: {zh} / {en}")
                    continue
                whole.append((name, python))
                for path in beside.iterdir():
                    path.replace(folder / path.name)
    return whole, left_out


def main(arguments: Sequence[str]) -> int:
    """Run the command with ``arguments``; return the exit code."""
    here = f"linux_{platform.machine()}"
    parser = argparse.ArgumentParser(description="pack a folder for offices without a network")
    parser.add_argument("--platform", action="append", choices=[*TARGETS], help=f"default: {DEFAULT}; here: {here}")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="default: all")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    given = parser.parse_args(arguments)
    pack(ROOT, given.out, given.platform or DEFAULT, given.python or PYTHONS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
