"""Malicious requests are rejected, and slow ones closed; nothing leaks, and others are served meanwhile."""

import re
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hostile import SECRET, requests
from support import BuiltSite
from webserver import HOST, Connection, Server, compress, point, serving_releases

REQUESTS = dict(requests())
#: A refusal: of the client's fault, or of a method or version that is not known.
REFUSED = {*range(400, 500), 501, 505}


@pytest.fixture(scope="module")
def server(county: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root: Path = tmp_path_factory.mktemp("srv") / "haopin"
    site = root / "releases/1"
    shutil.copytree(county.folder, site)
    compress(site, quality=1)
    for name in (".env", ".git/config", ".git/HEAD", "en/.env", "tasks/.hidden", ".htpasswd", ".ssh/id_rsa"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text(SECRET, encoding="utf-8")
    (root / "outside.txt").write_text(SECRET, encoding="utf-8")
    point(root, "1")
    with serving_releases(tmp_path_factory.mktemp("nginx"), root, {"/old": "/tasks/"}, patience=10) as found:
        yield found


def said(server: Server, request: bytes, *, tls: bool = True, until: float = 0.2) -> bytes:
    """Send ``request``; return all that the server says before it closes, or is silent ``until`` seconds."""
    found = b""
    connection = Connection(server.https if tls else server.http, tls=tls)
    with closing(connection):
        # A server that has refused what came first need not read the rest.
        with suppress(OSError):
            connection.socket.sendall(request)
        connection.socket.settimeout(20)
        with suppress(OSError):
            while more := connection.socket.recv(65_536):
                found += more
                connection.socket.settimeout(until)
    return found


def statuses(text: bytes) -> list[int]:
    """Return the status of each answer in what a server said."""
    return [int(status) for status in re.findall(rb"(?:^|\n|>|\})HTTP/1\.[01] (\d{3}) ", text)]


def faults(request: bytes, answer: bytes) -> list[str]:
    """Return what is wrong with an answer to a request that must be refused."""
    found = [f"answered {status}" for status in statuses(answer) if status not in REFUSED]
    if answer and not answer.startswith(b"HTTP/1."):
        found.append(f"no HTTP: {answer[:40]!r}")
    for leaked in (SECRET.encode(), b"root:", b"/releases/", b"haopin/current", b"nginx/1"):
        if leaked in answer:
            found.append(f"leaked {leaked!r}")
    if re.search(rb"^(x-injected|set-cookie)", answer, re.IGNORECASE | re.MULTILINE):
        found.append("a header was put in")
    return found


def test_there_are_enough_of_them() -> None:
    assert len(REQUESTS) >= 150
    assert len(set(REQUESTS.values())) == len(REQUESTS)


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.sweep)])
def test_every_hostile_request_is_refused(server: Server, every: int) -> None:
    """Over TLS and over plain HTTP; the latter only redirects valid requests to HTTPS."""
    with ThreadPoolExecutor(24) as pool:
        chosen = dict(list(REQUESTS.items())[::every])
        answers = dict(zip(chosen, pool.map(lambda r: said(server, r), chosen.values()), strict=True))
    assert {name: wrong for name, answer in answers.items() if (wrong := faults(REQUESTS[name], answer))} == {}
    # Most get an error page; invalid HTTP and requests for another host get none.
    assert sum(bool(answer) for answer in answers.values()) > 0.9 * len(answers)
    assert server.get("/").status == 200
    assert "exited on signal" not in server.log()


@pytest.mark.sweep
def test_plain_http_only_redirects_to_https(server: Server) -> None:
    with ThreadPoolExecutor(24) as pool:
        answers = dict(zip(REQUESTS, pool.map(lambda r: said(server, r, tls=False), REQUESTS.values()), strict=True))
    for name, answer in answers.items():
        assert set(statuses(answer)) <= {*REFUSED, 301}, name
        assert SECRET.encode() not in answer
        for location in re.findall(rb"(?im)^location: (.*)\r$", answer):
            assert location.startswith(f"https://{HOST}/".encode()), name
        assert not re.search(rb"(?im)^(x-injected|set-cookie)", answer), name


def test_the_checker_detects_errors(server: Server) -> None:
    """The checks of this file can fail."""
    page = said(server, f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert faults(b"", page) == ["answered 200"]
    two = said(server, f"GET /none HTTP/1.1\r\nHost: {HOST}\r\n\r\nGET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    assert statuses(two) == [404, 200] and faults(b"", two) == ["answered 200"]
    assert faults(b"", b"HTTP/1.1 404 Not Found\r\nX-Injected: 1\r\n\r\n" + SECRET.encode()) == [
        f"leaked {SECRET.encode()!r}",
        "a header was put in",
    ]


@pytest.mark.sweep
def test_slow_requests_are_closed_while_others_are_served(server: Server) -> None:
    """Eighty that never finish their head, some of them with a byte now and then; some that never begin TLS."""
    slow = [Connection(server.https) for _ in range(60)]
    silent = [socket.create_connection(server.https, timeout=20) for _ in range(20)]
    dripping = slow[:20]
    for connection in slow:
        connection.socket.sendall(b"GET / HTTP/1.1\r\nHost: ")
    assert [server.get("/en/").status for _ in range(20)] == [200] * 20
    end = time.monotonic() + 60
    ended = 0
    # A byte now and then does not prolong the time for the whole head.
    while dripping and time.monotonic() < end:
        for connection in list(dripping):
            try:
                connection.socket.sendall(b"a")
            except OSError:
                dripping.remove(connection)
                ended += 1
        time.sleep(0.2)
    assert ended == 20
    for connection in slow[20:]:
        with suppress(ssl.SSLError, ConnectionError):
            assert connection.socket.recv(1_000)[9:12] in (b"", b"408")
    for each in silent:
        with suppress(ConnectionError):
            assert each.recv(1_000) == b""
    for each in (*silent, *(connection.socket for connection in slow)):
        each.close()


def test_too_many_requests_are_rejected(server: Server, tmp_path: Path) -> None:
    with serving_releases(tmp_path, server.root, rate=1, burst=10) as limited:
        with closing(Connection(limited.https)) as connection:
            answers = [connection.get("/en/") for _ in range(40)]
        found = [answer.status for answer in answers]
        assert found[:10] == [200] * 10 and 429 in found and set(found) == {200, 429}
        refused = answers[found.index(429)]
        assert refused.headers["cache-control"] == "no-store"
        assert refused.headers["x-content-type-options"] == "nosniff"


def test_too_many_connections_are_rejected(server: Server, tmp_path: Path) -> None:
    """A connection counts while a request is under way: here, one whose long answer is not read."""
    big = server.root / "current/big.bin"
    with big.open("wb") as opened:
        opened.truncate(64_000_000)
    try:
        with serving_releases(tmp_path, server.root, connections=2) as limited:
            held = [Connection(limited.https) for _ in range(2)]
            for connection in held:
                connection.socket.sendall(f"GET /big.bin HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                assert connection.socket.recv(12) == b"HTTP/1.1 200"
            assert limited.get("/en/").status == 429
            for connection in held:
                connection.close()
            end = time.monotonic() + 20
            while (status := limited.get("/en/").status) != 200 and time.monotonic() < end:
                time.sleep(0.05)
            assert status == 200
    finally:
        big.unlink()
