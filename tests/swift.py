"""A real OpenStack Swift on this machine, three zones of one node each, which also speaks S3."""

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from textwrap import dedent

from support import program
from webserver import Connection, free_ports

ZONES = 3
KINDS = ("account", "container", "object")
#: Account, user and key are of this test alone.
ACCOUNT, USER, KEY = "test", "haopin", "a-key-of-this-test"


@dataclass
class Swift:
    """A running cluster.

    Attributes:
        port: Where its proxy listens on loopback.
        zones: Processes of each zone, the first first.
    """

    port: int
    zones: list[list["subprocess.Popen[bytes]"]] = field(default_factory=list)

    @property
    def environment(self) -> Mapping[str, str]:
        """Options for rclone."""
        return {
            "RCLONE_S3_PROVIDER": "Other",
            "RCLONE_S3_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "RCLONE_S3_ACCESS_KEY_ID": f"{ACCOUNT}:{USER}",
            "RCLONE_S3_SECRET_ACCESS_KEY": KEY,
            "RCLONE_S3_REGION": "us-east-1",
            "RCLONE_S3_FORCE_PATH_STYLE": "true",
            "RCLONE_S3_BUCKET_ACL": "public-read",
        }

    def kill(self, zone: int) -> None:
        """End the node of ``zone`` without a warning."""
        for process in self.zones[zone]:
            process.send_signal(signal.SIGKILL)
            process.wait(20)

    def connect(self) -> Connection:
        """Return a connection, as visitors have one."""
        return Connection(("127.0.0.1", self.port), tls=False, host=f"127.0.0.1:{self.port}", timeout=60)

    def path(self, bucket: str, name: str = "") -> str:
        """Return the path at which everybody may read the file ``name``."""
        return f"/v1/AUTH_{ACCOUNT}/{bucket}/{name}"


def _settings(folder: Path, kind: str, zone: int, port: int) -> str:
    return dedent(f"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        workers = 0
        user = root
        swift_dir = {folder}
        devices = {folder}/zone{zone}
        mount_check = false
        [pipeline:main]
        pipeline = {kind}-server
        [app:{kind}-server]
        use = egg:swift#{kind}
        recon_cache_path = {folder}/recon
        """)


def _proxy(folder: Path, port: int, cache: int) -> str:
    return dedent(f"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        workers = 0
        user = root
        swift_dir = {folder}
        [pipeline:main]
        pipeline = catch_errors cache s3api tempauth proxy-server
        [app:proxy-server]
        use = egg:swift#proxy
        account_autocreate = true
        conn_timeout = 2
        node_timeout = 10
        [filter:catch_errors]
        use = egg:swift#catch_errors
        [filter:cache]
        use = egg:swift#memcache
        memcache_servers = 127.0.0.1:{cache}
        [filter:s3api]
        use = egg:swift#s3api
        location = us-east-1
        allow_multipart_uploads = false
        [filter:tempauth]
        use = egg:swift#tempauth
        user_{ACCOUNT}_{USER} = {KEY} .admin
        """)


def _rings(folder: Path, ports: Mapping[tuple[str, int], int]) -> None:
    def build(*arguments: str) -> None:
        # A warning (of too little balance, say) is its code 1.
        done = subprocess.run([program("swift-ring-builder"), *arguments], cwd=folder, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stdout

    for kind in KINDS:
        build(f"{kind}.builder", "create", "5", str(ZONES), "0")
        for zone in range(ZONES):
            build(f"{kind}.builder", "add", f"r1z{zone + 1}-127.0.0.1:{ports[kind, zone]}/disk", "100")
        build(f"{kind}.builder", "rebalance")
        assert (folder / f"{kind}.ring.gz").is_file()


@contextmanager
def running(folder: Path) -> Iterator[Swift]:
    """Run a cluster whose files lie below ``folder``."""
    found = free_ports(len(KINDS) * ZONES + 2)
    ports = {(kind, zone): found.pop() for kind in KINDS for zone in range(ZONES)}
    swift, cache = Swift(found.pop()), found.pop()
    (folder / "recon").mkdir(parents=True)
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = of-this-test\n", encoding="utf-8")
    _rings(folder, ports)
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> "subprocess.Popen[bytes]":
        with (folder / "log").open("ab") as log:
            started.append(
                subprocess.Popen([program(command[0]), *command[1:]], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            )
        return started[-1]

    try:
        start("memcached", "-l", "127.0.0.1", "-p", str(cache), "-U", "0", "-u", "root")
        for zone in range(ZONES):
            (folder / f"zone{zone}/disk").mkdir(parents=True)
            swift.zones.append([])
            for kind in KINDS:
                settings = folder / f"{kind}{zone}.conf"
                settings.write_text(_settings(folder, kind, zone, ports[kind, zone]), encoding="utf-8")
                swift.zones[zone].append(start(f"swift-{kind}-server", str(settings)))
        (folder / "proxy.conf").write_text(_proxy(folder, swift.port, cache), encoding="utf-8")
        start("swift-proxy-server", str(folder / "proxy.conf"))
        for port in (*ports.values(), swift.port):
            _wait_for(port, folder / "log")
        yield swift
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthcheck")
            connection.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(log.read_text("utf-8", "replace")[-2000:])
