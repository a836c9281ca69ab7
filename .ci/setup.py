"""Prepare a machine, and start the office's commands. `.ci/setup`, `haopin` and `haopin.cmd` call this file.

    setup.py site|lint|test|bench|audit   make the environment; test: also install the programs that tests use
    setup.py run ARGUMENTS                make the environment of the site, then run ``haopin ARGUMENTS``

The packages come from the folder ``wheels`` where there is one (`.ci/office.py` makes it), so that a machine without a
network can install; what it lacks is downloaded. A site made by ``haopin start`` has no lock but ``requirements.txt``.

Each environment has a folder of its own below ``.venvs`` and is used only when complete; the previous one is kept
until the next update, so that a running command keeps its files. ``.venv`` is a symlink to the one in use.

Uses only the standard library and syntax of Python 3.6, so that an old Python can report that it is too old.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
SLOTS = ROOT / ".venvs"
LOG = ROOT / ".cache" / "setup.log"
#: Folder with packages, relative to the project's: no path that pip could split or misread.
WHEELS = "wheels"
WINDOWS = os.name == "nt"
OLDEST, NEWEST = (3, 11), (3, 14)
LOCK = "requirements.lock" if (ROOT / "requirements.lock").is_file() else "requirements.txt"
#: Lock file of each environment, its symlink, and its cost in words.
ENVIRONMENTS = {
    "site": (LOCK, ".venv", ("约 1 至 3 分钟，占用约 350 MB", "1 to 3 minutes, 350 MB")),
    "test": ("requirements-test.lock", ".venv", ("约 2 至 5 分钟，占用约 950 MB", "2 to 5 minutes, 950 MB")),
    "bench": ("requirements-bench.lock", ".venv-bench", ("约 1 至 3 分钟", "1 to 3 minutes")),
    "audit": ("requirements-audit.lock", ".venv-audit", ("约 1 分钟", "a minute")),
}
STAMP = "haopin.json"
#: Seconds after a failed update during which the old environment is used without another attempt.
PAUSE = 900
#: Debian packages that the tests need, each with a program whose presence shows that it is not needed.
PROGRAMS = {
    # The headless build of the browser: twice as fast as the full one with --headless.
    "chromium-headless-shell": "chromium-headless-shell",
    "fontconfig": "fc-list",
    "fonts-noto-cjk": "",
    # Opens and saves the workbooks of clerks.
    "libreoffice-calc-nogui": "soffice",
    # For the HTML checker.
    "default-jre-headless": "java",
    # The web server, its brotli module, the firewall, and clients.
    "nginx-light": "",
    "libnginx-mod-http-brotli-static": "",
    "nftables": "",
    "curl": "curl",
    "openssl": "openssl",
    # Transfer of a release to a server or object storage, and an object storage.
    "rsync": "rsync",
    "openssh-server": "",
    "openssh-client": "ssh",
    "rclone": "rclone",
    "swift-proxy": "",
    "swift-account": "",
    "swift-container": "",
    "swift-object": "",
    "memcached": "",
    "unzip": "unzip",
    # systemd-analyze checks the units of the release.
    "systemd": "systemd-analyze",
    # Needed by Playwright's own Node on a slim Debian.
    "libatomic1": "",
}
SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")
POLICY = Path("/usr/sbin/policy-rc.d")
UNITS = Path("/etc/systemd/system")
RUN_LEVELS = Path("/etc")


class SetupError(Exception):
    """An error that a person has to fix; the message says how."""


def say(zh: str, en: str) -> None:
    """Print a message in both languages."""
    tell(f"{zh} / {en}")


def tell(text: str, end: str = "\n") -> None:
    """Print ``text`` to standard error, in the encoding of the terminal."""
    sys.stderr.buffer.write(f"{text}{end}".encode(sys.stderr.encoding or "utf-8", "backslashreplace"))
    sys.stderr.flush()


# Selection of a Python


def unsuitable(version: "Sequence[int]", bits: int = 64, platform: str = "") -> str:
    """Return why a Python of ``version`` (major, minor) is unsuitable; "" if it is suitable.

    Args:
        version: Its version, as ``sys.version_info`` begins.
        bits: 64 or 32.
        platform: What ``sysconfig.get_platform`` returns.
    """
    name = ".".join(str(number) for number in version[:2])
    oldest, newest = (f"{major}.{minor}" for major, minor in (OLDEST, NEWEST))
    span = (f"{oldest} 至 {newest}", f"{oldest} to {newest}")
    if tuple(version[:2]) < OLDEST:
        wrong = f"Python {name} 太旧，需要 {span[0]} / Python {name} is too old: {span[1]} is needed"
    elif tuple(version[:2]) > NEWEST:
        wrong = (
            f"Python {name} 太新：opencc 等包还没有适合它的安装文件，需要 {span[0]} / "
            f"Python {name} is too new: opencc and others have no wheels for it yet; {span[1]} is needed"
        )
    elif bits != 64:
        wrong = (
            "Python 是 32 位的，opencc 没有适合它的安装文件，需要 64 位 / "
            "this Python has 32 bits, for which opencc has no wheel; 64 bits are needed"
        )
    elif platform == "win-arm64":
        wrong = (
            "Python 是 ARM64 的，opencc 没有适合它的安装文件；请装 x64（AMD64）的，Windows 11 的 ARM 电脑能运行 / "
            "this Python is for ARM64, for which opencc has no wheel; install one for x64 (AMD64), which Windows 11 on "
            "ARM runs"
        )
    else:
        return ""
    if WINDOWS:
        fix = "安装 / install: winget install Python.Python.3.13 --architecture x64"
    else:
        fix = "装好后用 PYTHON 指定 / install one, then name it: PYTHON=python3.13 make site"
    return f"{wrong}\n{fix}"


def another_python() -> "list[str] | None":
    """Return the command of a suitable Python on this machine; None if there is none, or PYTHON names this one."""
    if os.environ.get("PYTHON"):
        return None
    # Not one that is unsuitable itself: it would look for another again.
    probe = "import sys, sysconfig; sys.exit(sys.maxsize <= 2**32 or sysconfig.get_platform() == 'win-arm64')"
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = ["py", f"-3.{minor}"] if WINDOWS else [f"python3.{minor}"]
        if shutil.which(command[0]) and succeeds([*command, "-c", probe]):
            return command
    return None


def abi() -> str:
    """Return the type of Python that an environment is for: its version without the patch number, and its build."""
    return sys.implementation.cache_tag + getattr(sys, "abiflags", "") + ("-win" if WINDOWS else "")


# Environments


def python_of(slot: Path) -> Path:
    """Return the Python of the environment ``slot``."""
    return slot / "Scripts" / "python.exe" if WINDOWS else slot / "bin" / "python"


def stamp_of(slot: Path) -> "dict[str, str]":
    """Return the inputs of the environment ``slot``; empty if it is incomplete or its Python is missing."""
    try:
        stamp = json.loads((slot / STAMP).read_text("utf-8"))
        # On Windows an environment has a program of its own, which stays when the Python that it starts is removed.
        home = re.search(r"^home *= *(.+?) *$", (slot / "pyvenv.cfg").read_text("utf-8"), re.M)
    except (OSError, ValueError):
        return {}
    return stamp if python_of(slot).exists() and home and Path(home[1]).is_dir() else {}


def digest(lock: str) -> str:
    """Return the hash of a lock file."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def fits(slot: Path, what: str) -> bool:
    """Return whether ``slot`` is complete, for this Python, and has exactly the packages in the lock of ``what``."""
    stamp = stamp_of(slot)
    return stamp.get("python") == abi() and stamp.get(what) == digest(ENVIRONMENTS[what][0])


def slots(what: str) -> "list[Path]":
    """Return the environments suitable for ``what``: the one in use first, then the newest."""
    link = ROOT / ENVIRONMENTS[what][1]
    found = [link.resolve()] if link.exists() else []
    others = [path for path in SLOTS.glob("*") if path.is_dir()] if SLOTS.is_dir() else []
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return found + [path for path in others if path.resolve() not in found]


def point(link: Path, slot: Path) -> None:
    """Atomically point ``link`` to ``slot``; a folder of an earlier version is moved to the others."""
    if WINDOWS or (link.is_symlink() and link.resolve() == slot.resolve()):
        return
    if link.is_dir() and not link.is_symlink():
        link.rename(SLOTS / f"before-{int(time.time())}")
    fresh = link.with_name(f"{link.name}.new")
    if fresh.is_symlink():
        fresh.unlink()
    fresh.symlink_to(os.path.relpath(str(slot), str(link.parent)) if slot.parent == SLOTS else slot)
    fresh.replace(link)


def packages_of(lock: str) -> "tuple[list[str], int]":
    """Return the names of the packages of a lock that every machine needs, and the number of all its packages."""
    lines = re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[.*?\])?==[^\s;]+( ;)?", (ROOT / lock).read_text("utf-8"), re.M)
    return [name for name, marker in lines if not marker], len(lines)


def works(slot: Path, what: str) -> bool:
    """Return whether the environment ``slot`` is usable: it has every package of the lock, in any version."""
    names, _ = packages_of(ENVIRONMENTS[what][0])
    code = "import importlib.metadata as m, sys\nfor name in sys.argv[1:]: m.version(name)\n"
    if what == "site":
        code += "import haopin.cli.main, haopin.mkdocs_plugin.staging\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), "NO_MKDOCS_2_WARNING": "1"}
    command = [str(python_of(slot)), "-c", code, *names]
    return python_of(slot).exists() and succeeds(command, environment)


def environment(what: str) -> Path:
    """Return the environment for ``what``, created or updated if necessary.

    Raises:
        SetupError: if no usable one exists.
    """
    link = ROOT / ENVIRONMENTS[what][1]
    if link.exists() and fits(link.resolve(), what):
        return link.resolve()
    with alone():
        for slot in slots(what):
            if fits(slot, what):
                point(link, slot)
                return slot
        failed = SLOTS / f"failed-{what}"
        wanted = abi() + digest(ENVIRONMENTS[what][0])
        lately = failed.is_file() and failed.read_text() == wanted and time.time() - failed.stat().st_mtime < PAUSE
        try:
            if lately:
                raise SetupError(f"刚才试过，没有成功，原因见 / tried a short while ago, without success: {shown(LOG)}")
            slot = make(what)
        except SetupError as error:
            old = next((slot for slot in slots(what) if works(slot, what)), None)
            if old is None:
                raise
            if not lately:
                failed.write_text(wanted)
            say("没能更新依赖的包，先用原来的", "the packages could not be renewed; those of before are used")
            tell(str(error))
            return old
        point(link, slot)
        if failed.is_file():
            failed.unlink()
        remove_old(slot)
        return slot


def make(what: str) -> Path:
    """Return a complete environment for ``what``; the one in use is not changed, except for added packages.

    Raises:
        SetupError: if it cannot be created; the incomplete one is removed.
    """
    lock, _, (zh, en) = ENVIRONMENTS[what]
    if importlib.util.find_spec("ensurepip") is None:
        # Debian has venv in a separate package.
        apt_install(["python3-venv"])
    # Packages for tests are added to those of the site.
    bases = [slot for slot in slots("site") if fits(slot, "site") and "test" not in stamp_of(slot)]
    base = bases[0] if bases and what == "test" else None
    # Those of the program of a site are known to pip only.
    count = packages_of(lock)[1] - (packages_of(LOCK)[1] if base else 0) if lock.endswith(".lock") else 0
    steps = 2 if base else 3
    slot = base or SLOTS / f"{what}-{abi()}-{digest(lock)[:12]}"
    if base is None:
        if slot.exists():
            shutil.rmtree(str(slot))
        begin_log()
        say("1/3 正在建立 Python 环境", "creating the Python environment")
        if log_of([sys.executable, "-m", "venv", str(slot)]) != 0:
            shutil.rmtree(str(slot), ignore_errors=True)
            raise SetupError(cause(LOG.read_text("utf-8", "replace"), "python -m venv"))
    command = [str(python_of(slot)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", *(["--require-hashes"] if lock.endswith(".lock") else []), "-r", lock]
    whole = False
    try:
        begin_log()
        last = "Installing collected packages", f"{steps}/{steps} 正在写入磁盘 / writing them to disk"
        done = False
        if (ROOT / WHEELS).is_dir():
            command += ["--find-links", WHEELS]
            say(
                f"{steps - 1}/{steps} 正在用 {WHEELS} 文件夹里的 Python 包，只需一次",
                f"taking the Python packages from the folder {WHEELS}, once",
            )
            done = log_of([*command, "--no-index"], counting=r"Collecting ([\w.-]+)", total=count, last=last) == 0
            if not done:
                told = LOG.read_text("utf-8", "replace")
                lacking = re.search(r"No matching distribution found for ([^\s,]+)", told)
                if not lacking:
                    raise SetupError(cause(told, "pip", lock))
                say(
                    f"{WHEELS} 文件夹里没有适合这个 Python 的 {lacking[1]}，改为下载",
                    f"the folder {WHEELS} has no {lacking[1]} for this Python; downloading",
                )
                begin_log()
        if not done:
            number = (f"{count} 个 ", f"{count} ") if count else ("", "")
            say(
                f"{steps - 1}/{steps} 正在下载 {number[0]}Python 包，只需一次，{zh}",
                f"downloading {number[1]}Python packages, once: {en}",
            )
            if log_of(command, counting=r"Collecting ([\w.-]+)", total=count, last=last) != 0:
                raise SetupError(cause(LOG.read_text("utf-8", "replace"), "pip", lock))
        stamp = {"python": abi(), what: digest(lock)}
        if what == "test":
            # It has all packages of the site.
            stamp["site"] = digest(LOCK)
        text = slot / f"{STAMP}.new"
        text.write_text(json.dumps(stamp), "utf-8")
        text.replace(slot / STAMP)
        whole = True
        say("Python 包装好了", "the Python packages are installed")
    finally:
        if not whole and base is None:
            shutil.rmtree(str(slot), ignore_errors=True)
    return slot


def remove_old(used: Path) -> None:
    """Remove environments without a symlink, except the newest, in which a command may still run."""
    kept = {(ROOT / link).resolve() for _, link, _ in ENVIRONMENTS.values()} | {used.resolve()}
    others = [path for path in slots("site") if path.parent == SLOTS and path.resolve() not in kept]
    for path in others[1:]:
        shutil.rmtree(str(path), ignore_errors=True)


@contextmanager
def alone() -> "Iterator[None]":
    """Let only one process at a time create environments; others wait."""
    SLOTS.mkdir(exist_ok=True)
    with (SLOTS / "lock").open("a") as file:
        if WINDOWS:
            import msvcrt

            while True:
                try:
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
                    break
                except OSError:
                    time.sleep(1)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("另一个命令正在安装，请稍候", "another command is installing; waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


# Running programs, and explaining failures


def succeeds(command: "list[str]", environment: "dict[str, str] | None" = None) -> bool:
    """Return whether ``command`` succeeds; its output is discarded."""
    quiet = subprocess.DEVNULL
    return subprocess.call(command, env=environment, stdout=quiet, stderr=quiet) == 0


def shown(path: Path) -> str:
    """Return ``path`` relative to the project's folder, for messages."""
    return path.relative_to(ROOT).as_posix() if ROOT in path.parents else str(path)


def begin_log() -> None:
    """Start a new log."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    if LOG.exists():
        LOG.unlink()


def log_of(
    command: "list[str]",
    *,
    counting: str = "",
    total: int = 0,
    last: "tuple[str, str]" = ("", ""),
    cwd: "Path | None" = None,
    more: "dict[str, str] | None" = None,
) -> int:
    """Run ``command``, append its output to the log, and return its exit code.

    Args:
        command: Program and arguments.
        counting: Pattern of the lines that are counted to show progress; its group is shown beside the count. A
            terminal has one line, a log one in ten seconds.
        total: Expected number of these lines.
        last: Beginning of the line after the last counted one, and the message to print then.
        cwd: Working folder; default: the project's folder.
        more: Additional environment variables.
    """
    LOG.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONUTF8": "1", "PIP_RETRIES": os.environ.get("PIP_RETRIES", "3"), **(more or {})}
    done, told, terminal = 0, time.monotonic(), sys.stderr.isatty()
    with LOG.open("a", encoding="utf-8") as log:
        log.write(" ".join(command) + "\n")
        with subprocess.Popen(
            command,
            cwd=str(cwd or ROOT),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                for raw in process.stdout or ():
                    line = raw.decode("utf-8", "replace")
                    log.write(line)
                    found = re.match(counting, line) if counting else None
                    done += bool(found)
                    count = f"  {done}" + (f"/{total}" if total else "")
                    if last[0] and line.startswith(last[0]):
                        counting = ""
                        tell(("\n" if terminal and done else "") + last[1])
                    elif found and terminal:
                        tell(f"\r{count} {found[1]:.40}".ljust(60), end="")
                    elif counting and done and not terminal and time.monotonic() - told > 10:
                        told = time.monotonic()
                        tell(count)
            except BaseException:
                process.terminate()
                raise
            finally:
                if terminal and done and counting:
                    tell("")
        return process.wait()


NETWORK = (
    r"NewConnectionError|Name or service not known|name resolution|getaddrinfo|Connection refused|timed out|unreachable"
    r"|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|Could not (?:resolve|connect)|Connection reset|RemoteDisconnected"
)
CAUSES = (
    (
        r"No space left on device|ENOSPC",
        "磁盘已满，请腾出空间",
        "the disk is full; make room",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|certificate verification failed",
        "网络里有设备替换了 HTTPS 证书，安装程序不信任它。请指明本单位的根证书（PEM 文件）：PIP_CERT=/路径/根证书.pem",
        "something in the network replaces HTTPS certificates, and pip does not trust it. Name your office's root "
        "certificate (a PEM file): PIP_CERT=/path/root.pem",
    ),
    (
        r"ProxyError|Tunnel connection failed|407 Proxy|Cannot connect to proxy",
        "代理服务器不通。检查环境变量 HTTPS_PROXY（或去掉它）",
        "the proxy does not answer. Look at the variable HTTPS_PROXY (or unset it)",
    ),
    (
        r"DO NOT MATCH THE HASHES|EINTEGRITY|hash mismatch",
        "下载的文件与锁定的指纹不符：镜像或代理改动了文件，换一个来源（PIP_INDEX_URL）",
        "a downloaded file is not the one that was locked: a mirror or proxy changed it; use another (PIP_INDEX_URL)",
    ),
    (
        NETWORK,
        "连不上软件源。用代理：设置 HTTPS_PROXY=http://代理:端口；用镜像：设置 PIP_INDEX_URL=镜像地址；没有网络见下",
        "the package index cannot be reached. Behind a proxy set HTTPS_PROXY=http://proxy:port; for a mirror set "
        "PIP_INDEX_URL=address; without a network see below",
    ),
    (
        r"No matching distribution found",
        "软件源（或 wheels 文件夹）里缺少锁定的包",
        "the package index (or the folder wheels) lacks a package of the lock",
    ),
    (
        r"Failed building wheel|subprocess-exited-with-error|failed-wheel-build",
        "有一个包没有适合这台机器和这个 Python 的安装文件",
        "a package has no wheel for this machine and this Python",
    ),
    (
        r"Long Path",
        "文件夹的路径太长，请把整个文件夹移到盘符下面，如 D:\\haopin",
        "the path of the folder is too long; move the whole folder up, to D:\\haopin for instance",
    ),
    (r"Permission denied|EACCES", "没有写入权限", "permission denied"),
)


def cause(text: str, program: str, lock: str = "") -> str:
    """Return why ``program`` with the output ``text`` failed, with the fix and the path of the log."""
    lines = ["安装没有成功 / the installation failed:"]
    zh, en = next(
        ((zh, en) for pattern, zh, en in CAUSES if re.search(pattern, text)),
        (f"{program} 出错", f"{program} failed"),
    )
    lines += [f"  {zh}", f"  {en}"]
    named = re.search(r"(?:No matching distribution found for|Failed to build|not build wheels for) ([^\s,]+)", text)
    if named and not re.search(NETWORK, text):
        lines.append(f"  {named[1]}")
    if lock:
        lines += [
            f"  没有网络时，先在能上网的机器上 / without a network, first on a machine that has one: "
            f"python3 -m pip download --require-hashes -r {lock} -d {WHEELS}",
            f"  再把 {WHEELS} 文件夹拷到这里，再运行一次 / then copy the folder {WHEELS} here and run this again",
        ]
    lines.append("  代理、镜像、证书的设置 / proxy, mirror, certificate: docs/dev/commands.md")
    return "\n".join([*lines, f"  详细记录 / log: {shown(LOG)}"])


# Debian packages, for the tests


def installed(package: str) -> bool:
    """Return whether a Debian package is installed."""
    done = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return b"ok installed" in done.stdout


def missing_programs() -> "list[str]":
    """Return the missing Debian packages that the tests need."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS])
    has_dpkg = shutil.which("dpkg-query")
    missing = []
    for package, program in PROGRAMS.items():
        if not (program and shutil.which(program, path=path)) and not (has_dpkg and installed(package)):
            missing.append(package)
    return missing


def apt_install(packages: "list[str]") -> None:
    """Install Debian packages: print what and how much, then the progress; no service is started or enabled.

    Raises:
        SetupError: if that is not possible, with instructions.
    """
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise SetupError(f"请先安装 / please install first: {names}")
    command = "apt-get update && sudo apt-get install --no-install-recommends"
    if os.geteuid() != 0:
        raise SetupError(f"请先运行 / please run first: sudo {command} {names}")
    options = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "NEEDRESTART_MODE": "l"}
    install = ["apt-get", "install", "-q", "--no-install-recommends", *packages]
    for attempt in (1, 2, 3):
        begin_log()
        if log_of(["apt-get", "update", "-q"], more=options) == 0:
            if attempt == 1:
                log_of([*install, "--assume-no"], more=options)
                tell_size(LOG.read_text("utf-8", "replace"), names)
            with no_services():
                # Complete an interrupted installation.
                log_of(["dpkg", "--configure", "-a"], more=options)
                if log_of([*install, "-y"], counting=r"(?:Unpacking|Setting up) ([\w.+-]+)", more=options) == 0:
                    return
        # A mirror may fail temporarily in either step.
        if attempt < 3:
            time.sleep(attempt * 5)
    raise SetupError(cause(LOG.read_text("utf-8", "replace"), "apt-get") + f"\n  {names}")


def tell_size(text: str, names: str) -> None:
    """Print what apt is going to install, from the output of its simulation."""
    new = re.search(r"NEW packages will be installed:\n((?:  .*\n)+)", text)
    count = len(new[1].split()) if new else 0
    patterns = (r"Need to get ([^\n]+?) of archives", r"operation, ([^\n]+?) of additional")
    load, disk = (found[1] if found else "?" for found in (re.search(pattern, text) for pattern in patterns))
    say(
        f"正在安装 {count} 个 Debian 包（下载 {load}，占用 {disk}，约 1 至 10 分钟；不启动任何服务）：{names}",
        f"installing {count} Debian packages ({load} to download, {disk} on disk, 1 to 10 minutes; starts no service)",
    )


def enabled() -> "set[Path]":
    """Return the symlinks that start services at boot."""
    links = {path for path in UNITS.glob("**/*") if path.is_symlink()}
    return links | {path for path in RUN_LEVELS.glob("rc[2-5].d/S*") if path.is_symlink()}


@contextmanager
def no_services() -> "Iterator[None]":
    """Prevent installed packages from starting services now or at boot.

    Debian calls ``policy-rc.d`` before it starts a service; new symlinks that enable services are removed, as by
    ``systemctl disable``. Those of systemd itself are kept.
    """
    own = "# of Haopin's set-up, for the time of an installation"
    kept = POLICY.with_name("policy-rc.d.haopin")
    # Left over from a killed set-up.
    if POLICY.is_file() and own in POLICY.read_text("utf-8", "replace"):
        POLICY.unlink()
    if kept.exists() and not POLICY.exists():
        kept.replace(POLICY)
    before = enabled()
    if POLICY.exists():
        POLICY.replace(kept)
    handlers = {number: signal.signal(number, stopped) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        POLICY.write_text(f"#!/bin/sh\n{own}\nexit 101\n")
        POLICY.chmod(0o755)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        POLICY.unlink()
        if kept.exists():
            kept.replace(POLICY)
        listing = ["dpkg-query", "-L", "systemd"]
        done = subprocess.run(listing, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        own_units = {Path(line).name for line in done.stdout.decode().splitlines()}
        for name in {re.sub(r"^S\d+", "", link.name) for link in enabled() - before if UNITS not in link.parents}:
            log_of(["update-rc.d", name, "disable"])
        # Only those still enabled, as the command above disabled some units too.
        for link in enabled() - before:
            if UNITS in link.parents and link.resolve().name not in own_units:
                link.unlink()
                if link.parent != UNITS and not any(link.parent.iterdir()):
                    link.parent.rmdir()


def stopped(_number: int, _frame: object) -> None:
    """Exit as on Ctrl-C, so that changes are reverted."""
    raise KeyboardInterrupt


# npm packages, for the tests


def npm_install(slot: Path) -> None:
    """Install the npm packages of the tests with the Node of ``slot``; the old ones are replaced after success.

    Raises:
        SetupError: if npm fails.
    """
    folder, beside = ROOT / "tests/npm", ROOT / ".cache/npm"
    lock = (folder / "package-lock.json").read_bytes()
    node = slot / "bin" / "node"
    version = subprocess.run([str(node), "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    wanted = f"{hashlib.sha256(lock).hexdigest()} {version}\n"
    stamp = folder / "node_modules" / ".haopin-stamp"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    count = len(json.loads(lock.decode())["packages"]) - 1
    say(
        f"正在安装 {count} 个 npm 包，约 1 分钟，占用约 230 MB", f"installing {count} packages of npm: a minute, 230 MB"
    )
    shutil.rmtree(str(beside), ignore_errors=True)
    beside.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(str(folder / name), str(beside / name))
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    begin_log()
    command = [str(node.parent / "npm"), "ci", "--loglevel=error", "--no-audit", "--no-fund"]
    if log_of(command, cwd=beside, more={"PATH": path}) != 0:
        raise SetupError(cause(LOG.read_text("utf-8", "replace"), "npm"))
    (beside / "node_modules" / ".haopin-stamp").write_text(wanted, "utf-8")
    if (folder / "node_modules").exists():
        (folder / "node_modules").rename(beside / "before")
    (beside / "node_modules").rename(folder / "node_modules")
    shutil.rmtree(str(beside), ignore_errors=True)


# The commands


def prepare(what: str) -> Path:
    """Prepare this machine for ``what`` and return the environment."""
    if what == "test":
        missing = missing_programs()
        if missing:
            apt_install(missing)
    slot = environment("test" if what == "lint" else what)
    if what == "test":
        npm_install(slot)
    return slot


def run(arguments: "list[str]") -> int:
    """Run the office's command with ``arguments`` in place of this process; on Windows return its exit code."""
    slot = environment("site")
    told = {"PYTHONPATH": str(ROOT / "hooks"), "NO_MKDOCS_2_WARNING": "1"}
    command = [str(python_of(slot)), "-m", "haopin", *arguments]
    if WINDOWS:
        # On Windows, a replaced process returns to the terminal before it ends.
        return subprocess.call(command, env={**os.environ, **told})
    os.execve(command[0], command, {**os.environ, **told})


def main(arguments: "list[str]") -> int:
    """Run the command in ``arguments`` and return the exit code.

    It is 2 if a command of the office could not run, so that 1 always means wrong data or a wrong site.
    """
    failed = 2 if arguments[:1] == ["run"] else 1
    wrong = unsuitable(sys.version_info[:2], 64 if sys.maxsize > 2**32 else 32, sysconfig.get_platform())
    if wrong:
        other = another_python()
        if other is None:
            tell(wrong)
            return failed
        return subprocess.call([*other, __file__, *arguments])
    if arguments[:1] != ["run"] and (len(arguments) != 1 or arguments[0] not in ("lint", *ENVIRONMENTS)):
        tell("usage: .ci/setup site|lint|test|bench|audit, .ci/setup run ARGUMENTS")
        return 2
    try:
        if arguments[0] == "run":
            return run(arguments[1:])
        prepare(arguments[0])
    except SetupError as error:
        tell(str(error))
        return failed
    except OSError as error:
        tell(f"安装没有成功 / the installation failed: {error}")
        return failed
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
