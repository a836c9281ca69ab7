"""`haopin watch`: findings on a faulty site, and that no server can block it."""

import gzip
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import html5lib
import pytest
import trustme
from haopin.cli.main import main
from haopin.ops import health
from haopin.ops.http import LARGEST, REDIRECTS, HttpClient, NoAnswerError, trust
from haopin.ops.watch import (
    GIVE_UP,
    MOST_LINKS,
    WatchOptions,
    behind,
    ending,
    evidence_of,
    findings,
    links,
    other_version,
    stale,
)
from support import ROOT, BuiltSite, run, serving

TODAY = date(2030, 2, 1)
NOW = datetime(2030, 2, 1, tzinfo=UTC)
BUILD = json.dumps({"as_of": "2030-02-01", "files": {"index.html": "0"}}).encode()
PAGE = "text/html; charset=utf-8"

Reply = tuple[int, Mapping[str, str], bytes]


def page(*addresses: str) -> Reply:
    return 200, {"Content-Type": PAGE}, "".join(f'<a href="{a}">a</a>' for a in addresses).encode()


@contextmanager
def answering(
    replies: Mapping[str, Reply | Callable[[BaseHTTPRequestHandler], None]], tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Serve ``replies`` by their path; the address and the requests so far are yielded."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            reply = replies.get(self.path, (404, {}, b""))
            if callable(reply):
                self.close_connection = True
                reply(self)
                return
            status, headers, body = reply
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that goes away is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join()


def found(root: str, context: ssl.SSLContext | None = None, *, limit: int = 100, seconds: float = 15) -> list[str]:
    """Return the English of what is found at ``root``, without the address."""
    question = WatchOptions(root, TODAY, NOW, context or trust(), days=21, limit=limit, delay=0, seconds=seconds)
    return [finding.en.replace(root, "/") for finding in findings(question)[0]]


# Links


def test_links_that_lead_nowhere_are_named_with_the_page_that_has_them() -> None:
    replies = {
        "/": page("a/", "a/#part", "https://elsewhere.example/", "mailto:a@b.example", "http://[", "gone/"),
        "/a/": page("../lost.css", "../"),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, asked):
        assert found(root) == [
            "/: broken link (404): /gone/; fix it or release again",
            "/a/: broken link (404): /lost.css; fix it or release again",
        ]
        assert len(asked) == len(set(asked))
        assert "HEAD /lost.css" in asked


def test_links_stay_below_the_path_of_the_site() -> None:
    assert links(
        '<a href="../">1<a href="x">2<img src=" y.png "><a href="/q/z#a">',
        "https://h.example/q/",
        "https://h.example/q/",
    ) == [
        "https://h.example/q/x",
        "https://h.example/q/y.png",
        "https://h.example/q/z",
    ]


def test_the_crawl_is_limited_and_reports_what_it_left_out() -> None:
    replies = {"/": page(*(f"{n}/" for n in range(50))), **{f"/{n}/": page() for n in range(50)}}
    with answering(replies) as (root, asked):
        question = WatchOptions(root, TODAY, NOW, trust(), limit=10, delay=0.25)
        pauses: list[float] = []
        _, walk = findings(question, sleep=pauses.append)
    assert (walk.asked, walk.left) == (10, 41)
    assert pauses == [0.25] * 9
    # Version and news are asked for beside the walk.
    assert len(asked) == 12


def test_a_home_page_that_fails_is_one_finding_of_its_own() -> None:
    with answering({"/": (502, {}, b""), "/build.json": (200, {}, BUILD)}) as (root, _):
        assert found(root) == ["/: the home page answers 502; check the web server, or roll back"]


def test_only_pages_are_searched_for_links() -> None:
    replies: dict[str, Reply] = {
        "/": page("text"),
        "/text": (200, {"Content-Type": "text/plain"}, b'<a href="/never/">'),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, asked):
        assert found(root) == []
        assert "GET /text" in asked


# Faulty and malicious servers


def test_redirects_without_end_are_left_after_a_few() -> None:
    replies: dict[str, Reply] = {
        "/": page("round/", "old/"),
        "/round/": (301, {"Location": "/round/"}, b""),
        "/old/": (302, {"Location": "https://elsewhere.example/"}, b""),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, asked):
        assert found(root) == ["/round/: endless redirects; check the redirects of the web server"]
        assert asked.count("GET /round/") == REDIRECTS + 1


def test_a_site_that_leads_to_another_host_is_a_finding() -> None:
    replies: dict[str, Reply] = {
        "/": (302, {"Location": "https://elsewhere.example/"}, b""),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, _):
        assert found(root) == ["/: the home page redirects elsewhere: https://elsewhere.example/; check the address"]


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_without_end_is_left(packed: bool) -> None:
    sent = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        # Forty times the limit if it is plain; a bomb of that size if it is packed.
        content = b"<p>" + b"a" * 999_997
        handler.send_response(200)
        handler.send_header("Content-Type", PAGE)
        if packed:
            bomb = gzip.compress(content * (LARGEST // 1_000_000 * 10))
            assert len(bomb) < LARGEST // 10
            handler.send_header("Content-Encoding", "gzip")
            handler.send_header("Content-Length", str(len(bomb)))
            handler.end_headers()
            handler.wfile.write(bomb)
            return
        handler.end_headers()
        for _ in range(LARGEST // 1_000_000 * 40):
            handler.wfile.write(content)
            sent.append(len(content))

    with answering({"/": page("big/"), "/big/": endless, "/build.json": (200, {}, BUILD)}) as (root, _):
        assert found(root) == ["/big/: larger than 8 MB; not read to its end"]
    assert sum(sent) < LARGEST * 5


def test_a_server_that_drips_is_left_after_its_time() -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", PAGE)
        handler.end_headers()
        # Each piece comes within the time of one read; together they would never end.
        for _ in range(1_000):
            handler.wfile.write(b"a" * 65_536)
            handler.wfile.flush()
            if stop.wait(0.05):
                return

    with answering({"/": drip}) as (root, _):
        try:
            with pytest.raises(NoAnswerError, match="too slow") as error:
                found(root, seconds=1)
        finally:
            stop.set()
    assert error.value.unreachable


@contextmanager
def speaking(say: Callable[[socket.socket], None]) -> Iterator[tuple[str, threading.Event]]:
    """Take connections and let ``say`` answer each as it likes; the address, and what is set once one was cut off."""
    cut = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65_536)
                say(connection)
            except OSError:
                cut.set()

    def accept() -> None:
        while True:
            try:
                connection = listening.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}/", cut
        finally:
            # Closing alone would not wake a thread that waits in accept.
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
#: What comes at once, and what then comes again and again, a little at a time, without end.
DRIPS = {
    "status line": (b"", b"H"),
    "head": (HEAD, b"X: y\r\n"),
    "one header": (HEAD + b"X: ", b"y"),
    "body": (HEAD + b"Content-Length: 1000000\r\n\r\n", b"a"),
    "body to the end of the connection": (HEAD + b"Connection: close\r\n\r\n", b"a"),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "size of a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "nothing": (b"", b""),
}


@pytest.mark.parametrize("name", DRIPS)
def test_each_request_ends_after_its_time_whatever_comes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece comes within the time of one read."""
    monkeypatch.setattr("haopin.ops.health.SECONDS", 0.3)
    first, again = DRIPS[name]

    def drip(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(1_000):
            connection.sendall(again)
            time.sleep(0.02)
            connection.setblocking(False)
            with suppress(BlockingIOError):
                if connection.recv(1) == b"":
                    raise ConnectionResetError
            connection.setblocking(True)

    for ask in (lambda root: found(root, seconds=0.3), health.fetched):
        with speaking(drip) as (address, cut):
            with pytest.raises(NoAnswerError, match="too slow"):
                ask(f"http://{address}")
            # While more was still to come; nobody goes on reading behind the scenes.
            assert cut.wait(30)


def test_tls_that_never_begins_is_left_after_its_time() -> None:
    """The certificate is asked for, too, and pages are."""
    over, waited_out = threading.Event(), threading.Event()

    def silent(connection: socket.socket) -> None:
        if not over.wait(60):
            waited_out.set()

    with speaking(silent) as (address, _):
        for ask in (
            lambda root: found(root, seconds=0.3),
            lambda root: HttpClient(trust(), 0.3).ask(root),
        ):
            with pytest.raises(NoAnswerError):
                ask(f"https://{address}")
        over.set()
    assert not waited_out.is_set()


def test_a_request_over_tls_ends_after_its_time_too(authority: trustme.CA) -> None:
    cut = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1_000):
                handler.wfile.write(b"a")
                time.sleep(0.02)
        except OSError:
            cut.set()

    tls = served(authority, "127.0.0.1", datetime.now(UTC) + timedelta(days=9))
    with answering({"/": drip}, tls) as (root, _):
        with pytest.raises(NoAnswerError, match="too slow"):
            HttpClient(trusting(authority), 0.4).ask(root)
        assert cut.wait(30)


def test_after_a_request_that_was_cut_off_the_next_is_answered() -> None:
    over = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        over.wait(60)

    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = {
        "/": page("slow/", "well/"),
        "/slow/": slow,
        "/well/": page(),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, asked):
        assert found(root, seconds=2) == ["/slow/: too slow; check the server and the network"]
        over.set()
        assert "GET /well/" in asked


#: Text that parsers read again and again from each of its beginnings.
REPEATED = ("<!", "<!--", "<a ", '<a "', "<a b=", "</", "<title>", "<![CDATA[", "<script>", "<a href=x>")


def test_no_page_holds_the_reader_of_links() -> None:
    for piece in REPEATED:
        assert len(links(piece * (3_000_000 // len(piece)), "http://h.example/", "http://h.example/")) <= 1
    many = "".join(f"<a href={n}>" for n in range(MOST_LINKS * 2))
    assert len(links(many, "http://h.example/", "http://h.example/")) == MOST_LINKS


def test_links_are_those_that_a_browser_finds(county: BuiltSite) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [(value or "").strip() for name, value in attrs if name in ("href", "src")]

    pages = sorted(county.folder.rglob("*.html"))
    assert len(pages) > 50
    for each in pages:
        reader = Reader()
        reader.feed(text := each.read_text("utf-8"))
        address = f"https://h.example/{each.relative_to(county.folder).as_posix()}"
        expected = {urldefrag(urljoin(address, value))[0] for value in reader.found if value}
        assert set(links(text, address, "https://h.example/")) == {
            value for value in expected if value.startswith("https://h.example/")
        }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- <a href=a> --><A\nHREF = 'b'>", ["b"]),
        ('<p title="<a href=a>"><a href="b&amp;c">', ["b&c"]),
        ("<script>'<a href=a>'</script><a href=b>", ["b"]),
        ("<a href='a'><a href=", ["a"]),
        ("<a href=b\x1b[2Jc>", ["b%1B[2Jc"]),
    ],
)
def test_links_in_html(text: str, expected: list[str]) -> None:
    root = "http://h.example/"
    assert links(text, root, root) == [root + name for name in expected]


def test_the_walk_ends_when_the_time_for_all_of_it_is_over() -> None:
    times = iter(range(0, 1_000_000, 100))
    replies = {"/": page(*(f"{n}/" for n in range(50))), **{f"/{n}/": page() for n in range(50)}}
    with answering(replies) as (root, _):
        _, walk = findings(WatchOptions(root, TODAY, NOW, trust(), delay=0), clock=lambda: float(next(times)))
    assert 0 < walk.asked < 10 and walk.left == 51 - walk.asked


@pytest.mark.parametrize("to", ["http://[::1", "http://h:port/", "//[", "http://[fe80::1%25\u00e4]/", "\x00"])
def test_a_redirect_to_what_is_no_address_is_a_finding(to: str) -> None:
    replies: dict[str, Reply] = {
        "/": page("old/"),
        "/old/": (302, {"Location": to}, b""),
        "/build.json": (200, {}, BUILD),
    }
    with answering(replies) as (root, _):
        lines = found(root)
        assert len(lines) <= 1
        home = run("-m", "haopin", "watch", f"{root}old/")
        assert home.returncode in (1, 2) and "Traceback" not in home.stdout + home.stderr


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office may reach the world through one only."""
    with answering({"http://site.example/a": (200, {}, b"through")}) as (proxy, _):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert HttpClient(trust()).ask("http://site.example/a").body == b"through"
        assert HttpClient(trust()).ask(proxy).status == 404


# Errors of the program itself


def test_an_error_of_the_program_leaves_the_state_of_the_site_unknown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A workflow rolls back at code 1."""
    for failure in (RuntimeError("odd"), MemoryError(), KeyboardInterrupt(), RecursionError()):

        def fail(question: WatchOptions, failure: BaseException = failure) -> None:
            raise failure

        monkeypatch.setattr("haopin.ops.watch.findings", fail)
        status = tmp_path / "status.html"
        assert main(["watch", "http://127.0.0.1:9/", "--page", str(status)]) == 2
        said = capsys.readouterr().err
        assert "the state of the site is unknown" in said and "不能判断网站是否正常" in said and "Traceback" not in said
        assert "the state of the site is unknown" in shown(status)["en"]


def test_an_error_of_the_program_has_exit_code_two_and_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path) -> None:
        raise KeyError("odd")

    monkeypatch.setattr("haopin.build.settings.settings_of", fail)
    assert main(["release", "--to", "/x", "-f", str(ROOT / "mkdocs.yml")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("程序出错，没有完成：KeyError") and "the program failed" in lines[0]
    # A log gets all of it.
    assert lines[1].startswith("Traceback")


def test_an_installation_that_is_not_whole_ends_with_two() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-m", "haopin", "watch", "http://127.0.0.1:9/"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "hooks")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2 and "the installation is not complete" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_silent_server_is_abandoned() -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        """Close the connection without a word."""

    replies: dict[str, Reply | Callable[[BaseHTTPRequestHandler], None]] = {f"/{n}/": silent for n in range(20)}
    with answering({**replies, "/": page(*(f"{n}/" for n in range(20))), "/build.json": (200, {}, BUILD)}) as (
        root,
        asked,
    ):
        assert len(found(root)) == GIVE_UP
        assert sum(path.startswith("GET /") and path[5:].rstrip("/").isdigit() for path in asked) == GIVE_UP


# Certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def served(authority: trustme.CA, name: str, ends: datetime) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=ends).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = trust()
    authority.configure_trust(context)
    return context


@pytest.mark.parametrize(
    ("name", "days", "problem"),
    [
        ("127.0.0.1", 100, ""),
        ("127.0.0.1", 5, "days left for the certificate: 4"),
        ("127.0.0.1", -1, "certificate has expired"),
        ("other.example", 100, "IP address mismatch"),
    ],
)
def test_certificates(authority: trustme.CA, name: str, days: int, problem: str) -> None:
    # TLS itself reads the clock of this machine.
    now = datetime.now(UTC)
    tls = served(authority, name, now + timedelta(days=days))
    build = json.dumps({"as_of": now.date().isoformat(), "files": {}}).encode()
    with answering({"/": page(), "/build.json": (200, {}, build)}, tls) as (root, asked):
        question = WatchOptions(root, now.date(), now, trusting(authority), delay=0)
        lines = [str(finding) for finding in findings(question)[0]]
        assert len(lines) == bool(problem) and problem in "".join(lines)
        # Nothing is asked of a server that cannot say who it is.
        assert bool(asked) == (problem == "" or "left" in problem)
        if not problem:
            with pytest.raises(NoAnswerError, match="not trusted"):
                HttpClient(trust()).ask(root)


def test_the_days_of_a_certificate_are_counted_in_whole_days() -> None:
    end = NOW + timedelta(days=21)
    assert ending("https://h.example/", end, NOW, 21) is None
    finding = ending("https://h.example/", end, NOW + timedelta(seconds=1), 21)
    assert finding and finding.en == "h.example: days left for the certificate: 20 (it ends on 2030-02-22); renew it"


# Age and version


def news(*items: tuple[str, str]) -> bytes:
    return json.dumps({"items": [{"record": {"kind": kind, "date": day}} for kind, day in items]}).encode()


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], []),
        ([("news", "2030-01-18"), ("notice", "2029-08-02")], []),
        ([("news", "2030-01-17"), ("news", "2029-01-17")], ["news: nothing new for 15 days"]),
        ([("notice", "2029-08-01")], ["notices: nothing new for 184 days"]),
    ],
)
def test_age_against_the_limits_of_an_inspection(items: list[tuple[str, str]], expected: list[str]) -> None:
    assert [finding.en.partition(" (")[0] for finding in stale(news(*items), TODAY)] == expected


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"items": [1]}', news(("news", "soon")), b"[" * 100_000, b"\xff"]
)
def test_invalid_news_and_manifest_files_are_rejected(content: bytes) -> None:
    with pytest.raises(ValueError):
        list(stale(content, TODAY))
    with pytest.raises(ValueError):
        evidence_of(content)


@pytest.mark.parametrize(("day", "well"), [(-3, False), (-2, True), (0, True), (1, True), (2, False)])
def test_the_live_pages_are_dated_about_today(day: int, well: bool) -> None:
    live = {"as_of": (TODAY + timedelta(days=day)).isoformat(), "files": {}}
    assert (behind(live, TODAY) is None) == well


def test_another_version_is_reported_by_the_number_of_files() -> None:
    local = {"as_of": "2030-02-01", "files": {"a": "1", "b": "2"}}
    assert other_version(local, local) is None
    finding = other_version({"as_of": "2030-01-31", "files": {"a": "1", "b": "3", "c": "4"}}, local)
    assert finding and finding.en == (
        "the public site (2030-01-31) is not the local one (2030-02-01): files that differ: 2; release again"
    )


# The command


def test_the_exit_code_reports_the_state_of_the_site(county: BuiltSite, tmp_path: Path) -> None:
    day = json.loads((county.folder / "build.json").read_text("utf-8"))["as_of"]
    with serving(county.folder) as root:
        done = run(
            "-m", "haopin", "watch", root, "--delay", "0", "--limit", "60", "--build", county.folder / "build.json"
        )
        # The county speaks for a day that is not today, and for nothing else is it blamed.
        assert done.returncode == 1, done.stdout + done.stderr
        lines = done.stdout.splitlines()
        assert f"the live pages are dated {day}" in lines[0]
        assert lines[-1].endswith(f"left out: {lines[-1].rpartition(' ')[2]}")
        assert not any("broken" in line for line in lines), lines
    # The server is gone: nothing can be said.
    done = run("-m", "haopin", "watch", root, "--timeout", "2")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no answer" in done.stderr and "没有应答" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("site.example",),
        ("ftp://site.example/",),
        ("https://site.example:port/",),
        ("https://site.example/", "--time-zone", "Nowhere/None"),
        ("https://site.example/", "--build", "missing.json"),
        ("https://site.example/", "--authorities", "pyproject.toml"),
    ],
)
def test_the_command_rejects_invalid_addresses(arguments: tuple[str, ...]) -> None:
    done = run("-m", "haopin", "watch", *arguments, cwd=ROOT)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and done.stderr


def test_no_findings_exit_with_zero() -> None:
    today = datetime.now(UTC).date().isoformat()
    build = json.dumps({"as_of": today, "files": {}}).encode()
    with answering({"/": page(), "/build.json": (200, {}, build)}) as (root, _):
        done = run("-m", "haopin", "watch", root, "--time-zone", "UTC")
    assert (done.returncode, done.stdout) == (0, "正常：1 个网址 / no findings; addresses requested: 1\n"), (
        done.stdout + done.stderr
    )


def shown(page: Path) -> dict[str, str]:
    """Return what the status page says, by language, as a strict reader finds it."""
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.read_text("utf-8"))
    return {part.get("lang", ""): " ".join("".join(part.itertext()).split()) for part in root.iter("section")}


def test_the_status_page_says_what_the_command_says(tmp_path: Path) -> None:
    page_of = tmp_path / "status/index.html"
    today = datetime.now(UTC).date().isoformat()
    build = {"as_of": today, "files": {"index.html": "1", "a.css": "2"}, "data": {"commit": "ab" * 20}}
    replies: dict[str, Reply] = {"/": page(), "/build.json": (200, {}, json.dumps(build).encode())}
    arguments = ("--time-zone", "UTC", "--delay", "0", "--page", page_of)
    with answering(replies) as (root, _):
        assert run("-m", "haopin", "watch", root, *arguments).returncode == 0
        told = shown(page_of)
        assert all(word in told["zh-Hans"] for word in ("正常", f"网页日期 {today}", "网页数 1", "abababababab"))
        assert all(word in told["en"] for word in ("No problems", f"Day of the pages {today}", "Files 2", "UTC+00:00"))
        replies["/"] = page("missing/?a=<b>")
        done = run("-m", "haopin", "watch", root, *arguments)
        assert done.returncode == 1
        told = shown(page_of)
        assert "要处理：1 处" in told["zh-Hans"] and "Problems: 1" in told["en"]
        line = done.stdout.splitlines()[0]
        assert "missing/" in line
        assert line.partition(" / ")[0] in told["zh-Hans"] and line.partition(" / ")[2] in told["en"]
    assert run("-m", "haopin", "watch", root, "--timeout", "2", *arguments).returncode == 2
    told = shown(page_of)
    assert "没有应答" in told["zh-Hans"] and "state of the site is unknown" in told["en"] and "unreadable" in told["en"]
    assert [p.name for p in page_of.parent.iterdir()] == ["index.html"]
    (tmp_path / "file").write_text("", "utf-8")
    done = run("-m", "haopin", "watch", root, "--timeout", "2", "--page", tmp_path / "file/x.html")
    assert done.returncode == 2 and "cannot be written" in done.stderr and "Traceback" not in done.stderr


def test_findings_that_a_rollback_cannot_fix_are_omitted_with_only_site() -> None:
    replies: dict[str, Reply] = {
        "/": page(),
        "/build.json": (200, {}, BUILD),
        "/api/v1/news.json": (200, {}, news(("news", "2029-01-01"))),
    }
    with answering(replies) as (root, _):
        for only_site, count in ((False, 1), (True, 0)):
            question = WatchOptions(root, TODAY, NOW, trust(), delay=0, only_site=only_site)
            assert len(findings(question)[0]) == count
