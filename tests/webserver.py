"""A real nginx on this machine with the generated configuration: releases below a folder, a link to one of them."""

import gzip
import shlex
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
from haopin.cli.release import write
from haopin.ops.nginx import Setup, configuration, headers_of
from support import program

HOST = "quality.test"
ALIAS = "www.quality.test"
#: What the release compresses; pictures and workbooks are compressed already.
COMPRESSED = {".html", ".css", ".js", ".json", ".jsonld", ".csv", ".ics", ".xml", ".svg", ".txt"}


def compress(folder: Path, *, quality: int = 5) -> None:
    """Put the compressed forms beside each file that has some, as a release does."""
    for file in [p for p in folder.rglob("*") if p.suffix in COMPRESSED]:
        content = file.read_bytes()
        if len(content) > 256:
            for ending, small in (
                (".br", brotli.compress(content, quality=quality)),
                (".gz", gzip.compress(content, 6, mtime=0)),
            ):
                file.with_name(file.name + ending).write_bytes(small)


def point(root: Path, name: str) -> None:
    """Swap the link to the release ``name`` in one step, as a release does."""
    fresh = root / ".current"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(f"releases/{name}")
    fresh.replace(root / "current")


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    lines: list[str] = field(default_factory=list)


class Connection:
    """A connection that is kept, over which requests are sent as they are written, and whole answers read."""

    def __init__(self, address: tuple[str, int], *, tls: bool = True, host: str = HOST, timeout: float = 20) -> None:
        self.host = host
        plain = socket.create_connection(address, timeout=timeout)
        self.socket: socket.socket = plain
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            # The certificate was made by the test itself a moment ago.
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(plain, server_hostname=host)
        self.rest = b""

    def close(self) -> None:
        self.socket.close()

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for ``path``; headers with ``_`` for ``-``."""
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        host = "" if "Host" in headers else f"Host: {self.host}\r\n"
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{host}{more}\r\n".encode())
        return self.answer(head=method == "HEAD")

    def answer(self, *, head: bool = False) -> Answer:
        """Read one answer.

        Raises:
            ConnectionError: if the connection ends before it is whole.
        """
        while b"\r\n\r\n" not in self.rest:
            self._more()
        start, _, self.rest = self.rest.partition(b"\r\n\r\n")
        first, *lines = start.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        length = 0 if head or status == 304 else int(headers.get("content-length", "0"))
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return Answer(status, headers, body, lines)

    def _more(self) -> None:
        found = self.socket.recv(262_144)
        if not found:
            raise ConnectionError("the server closed the connection")
        self.rest += found


def decoded(answer: Answer) -> bytes:
    """Return the content of ``answer`` as a reader sees it."""
    encoding = answer.headers.get("content-encoding", "")
    if encoding == "br":
        return bytes(brotli.decompress(answer.body))
    return gzip.decompress(answer.body) if encoding == "gzip" else answer.body


@dataclass
class Server:
    """A running nginx: its folder with ``releases/`` and ``current``, its ports, and its log of errors."""

    root: Path
    folder: Path
    http: tuple[str, int]
    https: tuple[str, int]
    process: "subprocess.Popen[bytes]"

    def get(self, path: str, method: str = "GET", *, tls: bool = True, host: str = HOST, **headers: str) -> Answer:
        """Ask once, over a connection of its own."""
        connection = Connection(self.https if tls else self.http, tls=tls, host=host)
        with closing(connection):
            return connection.get(path, method, **headers)

    def log(self) -> str:
        """What nginx wrote to its log of errors."""
        return (self.folder / "error.log").read_text("utf-8", "replace")


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Return ports that nobody listens on now."""
    sockets = [socket.create_server((host, 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def has_ipv6() -> bool:
    """Return whether this machine can listen on ``::1``."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself, for the host of the tests."""
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    made = shlex.split("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2")
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:{ALIAS},DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names, *files], check=True, capture_output=True, timeout=60)
    return certificate, key


def settle(folder: Path, root: Path, redirects: Mapping[str, str] | None = None, **options: Any) -> Setup:
    """Write a configuration for the release that is current below ``root`` to ``folder``, with ports of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = make_certificate(folder)
    http, https = free_ports(2)
    addresses: dict[str, tuple[str, ...]] = {"http": (f"127.0.0.1:{http}",), "https": (f"127.0.0.1:{https}",)}
    if has_ipv6():
        addresses = {name: (*found, found[0].replace("127.0.0.1", "[::1]")) for name, found in addresses.items()}
    given: dict[str, Any] = {
        "aliases": (ALIAS,),
        "root": str(root),
        "certificate": str(certificate),
        "certificate_key": str(key),
        "rate": 100_000,
        "burst": 100_000,
        # Folders of the tests are open to their owner alone.
        "user": "root",
        "pid": str(folder / "nginx.pid"),
        "error_log": f"{folder}/error.log info",
        "access_log": f"{folder}/access.log haopin",
        **addresses,
        **options,
    }
    setup = Setup(given.pop("host", HOST), **given)
    write(folder, configuration(setup, headers_of(root / "current"), ("", "en/"), redirects or {}))
    return setup


def nginx(*arguments: str | Path) -> list[str]:
    """Return the command line of nginx."""
    return [program("nginx"), *map(str, arguments)]


@contextmanager
def serving_releases(
    folder: Path, root: Path, redirects: Mapping[str, str] | None = None, **options: Any
) -> Iterator[Server]:
    """Run nginx for the releases below ``root``; its configuration and logs are in ``folder``."""
    setup = settle(folder, root, redirects, **options)
    ports = [int(found[0].rpartition(":")[2]) for found in (setup.http, setup.https)]
    # What it says before it has a log.
    with (folder / "started.log").open("wb") as told:
        command = nginx("-c", folder / "nginx.conf", "-g", "daemon off;")
        process = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        for port in ports:
            _wait_for(port, process, folder)
        yield Server(root, folder, ("127.0.0.1", ports[0]), ("127.0.0.1", ports[1]), process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, (folder / "started.log").read_text("utf-8")
            assert time.monotonic() < end, "nginx does not answer"
            time.sleep(0.02)
