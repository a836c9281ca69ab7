"""The generated configuration in a real nginx: headers, types, caching, languages, redirects, hosts, HTTP/2, IPv6."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from haopin.cli.main import main
from haopin.ops.nginx import Setup, configuration, headers_of
from haopin.problem import ConfigurationError
from support import COUNTY, ROOT, BuiltSite, program, run
from webserver import (
    ALIAS,
    COMPRESSED,
    HOST,
    Answer,
    Connection,
    Server,
    compress,
    decoded,
    free_ports,
    has_ipv6,
    nginx,
    point,
    serving_releases,
    settle,
)

REDIRECTS = {"/old": "/tasks/02/", "/old/": "/tasks/02/", "/en/old/": "/en/tasks/02/", "/旧/页.html": "/tasks/"}


@pytest.fixture(scope="module")
def releases(full_county: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release: the invented county, compressed."""
    root: Path = tmp_path_factory.mktemp("srv") / "haopin"
    site = root / "releases/1"
    shutil.copytree(full_county.folder, site)
    # What a person put beside the folder of a release has no digest in its address.
    (site / "assets/plain.js").write_text("0", encoding="utf-8")
    compress(site)
    (site / ".git").mkdir()
    (site / ".git/config").write_text("secret", encoding="utf-8")
    (site / ".env").write_text("secret", encoding="utf-8")
    (site / "font.woff2").write_bytes(b"wOF2")
    (site / "app.webmanifest").write_text("{}", encoding="utf-8")
    (site / "empty").mkdir()
    (site / "evidence/检测报告.txt").write_text("whole", encoding="utf-8")
    (root / "outside.txt").write_text("secret", encoding="utf-8")
    point(root, "1")
    return root


@pytest.fixture(scope="module")
def server(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_releases(tmp_path_factory.mktemp("nginx"), releases, REDIRECTS) as found:
        yield found


# Headers on every answer

PAGE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "strict-transport-security": "max-age=31536000",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


def assert_guarded(answer: Answer, server: Server) -> None:
    """All security headers are there once, as for a page."""
    headers = json.loads((server.root / "current/policy.json").read_text("utf-8"))["headers"]["/"]
    expected = {**PAGE, "content-security-policy": headers["Content-Security-Policy"]}
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "camera=()" in answer.headers["permissions-policy"]
    assert answer.headers["server"] == "nginx"
    names = [line.partition(":")[0].lower() for line in answer.lines]
    assert len(names) == len(set(names)), names


@pytest.mark.parametrize("language", ["", "en/"])
def test_every_status_has_every_header(server: Server, language: str) -> None:
    page = server.get(f"/{language}tasks/01/")
    answers = {
        200: page,
        304: server.get(f"/{language}tasks/01/", If_None_Match=page.headers["etag"]),
        301: server.get(f"/{language}tasks/01"),
        404: server.get(f"/{language}tasks/none/"),
        405: server.get(f"/{language}tasks/01/", "POST"),
        206: server.get(f"/{language}tasks/01/", Range="bytes=0-9"),
        416: server.get(f"/{language}tasks/01/", Range="bytes=99999999-"),
    }
    assert {status: answer.status for status, answer in answers.items()} == {status: status for status in answers}
    for answer in answers.values():
        assert_guarded(answer, server)
    assert answers[301].headers["location"] == f"/{language}tasks/01/"
    assert answers[405].headers["allow"] == "GET, HEAD" and "allow" not in page.headers
    assert answers[304].body == b"" and answers[206].body == page.body[:10]


#: Requests that nginx refuses before it looks for a file: the request line, headers, and the status.
REFUSED = [
    ("POST /en/ HTTP/1.1", "", 405),
    ("GET /tasks/01/ HTTP/1.1", "Range: bytes=99999999-", 416),
    ("GET / HTTP/1.1", "Range: bytes=0-,0-,0-,0-,0-", 400),
    ("GET / HTTP/1.1", "Content-Length: 2000", 413),
    ("GET / HTTP/1.1", "Transfer-Encoding: chunked", 400),
    ("GET / HTTP/1.1", "Transfer-Encoding: x", 501),
    ("GET / HTTP/1.1", f"X: {'a' * 9_000}", 400),
    (f"GET /{'a' * 9_000} HTTP/1.1", "", 414),
    ("GET /%zz HTTP/1.1", "", 400),
    ("GET / HTTP/9.9", "", 505),
]


@pytest.mark.parametrize(("line", "header", "status"), REFUSED)
@pytest.mark.parametrize("tls", [True, False])
def test_a_refusal_is_reported_in_both_languages_with_every_header_once(
    server: Server, line: str, header: str, status: int, tls: bool
) -> None:
    with closing(Connection(server.https if tls else server.http, tls=tls)) as connection:
        lines = [line, f"Host: {HOST}", *([header] if header else [])]
        connection.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        found = connection.answer()
    if not tls and status == 416:
        assert found.status == 301
        return
    assert (found.status, found.headers["content-type"]) == (status, "text/html; charset=utf-8")
    text = found.body.decode()
    assert "content-encoding" not in found.headers and '<html lang="zh-Hans">' in text and '<div lang="en">' in text
    assert 'href="/"' in text and "nginx" not in text
    if tls:
        assert_guarded(found, server)
    else:
        names = [one.partition(":")[0].lower() for one in found.lines]
        assert len(names) == len(set(names))
    assert found.headers["cache-control"] == ("no-cache" if status == 416 else "no-store")
    if status == 416:
        assert found.headers["content-range"].startswith("bytes */")


def test_the_pages_of_refusals_have_no_address(server: Server) -> None:
    for status in (400, 405, 413, 414, 416, 429, 500):
        assert server.get(f"/.errors/{status}").status == 404
    with closing(Connection(server.https)) as connection:
        connection.socket.sendall(f"GET /.errors/400 HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\n".encode())
        assert connection.answer().status in (404, 413)


def test_everyday_requests_are_not_errors_in_the_log(releases: Path, tmp_path: Path) -> None:
    """So that a line at `error` means that an administrator must act; and a flood of refusals fills no disk."""
    with serving_releases(tmp_path, releases, rate=1, burst=5, error_log=f"{tmp_path}/error.log warn") as found:
        with closing(Connection(found.https)) as connection:
            answers = [connection.get("/none/") for _ in range(30)]
        assert {answer.status for answer in answers} == {404, 429}
        refused = next(answer for answer in answers if answer.status == 429)
        assert refused.headers["retry-after"] == "10" and "请求太多" in refused.body.decode()
        assert_guarded(refused, found)
        assert all("retry-after" not in answer.headers for answer in answers if answer.status != 429)
        for line, header, _ in REFUSED:
            with closing(Connection(found.https)) as connection:
                connection.socket.sendall(f"{line}\r\nHost: {HOST}\r\n{header}\r\n\r\n".encode())
                connection.answer()
    # nginx writes its access log when it ends.
    statuses = re.findall(r'" (\d{3}) ', (tmp_path / "access.log").read_text("utf-8"))
    assert "404" in statuses and "429" not in statuses
    lines = [line for line in found.log().splitlines() if re.search(r"\[(error|crit|alert|emerg)\]", line)]
    # A container may not raise its number of files.
    assert [line for line in lines if "setrlimit" not in line] == []


@pytest.mark.parametrize("path", ["/tasks/01", "/en/tasks/01?a=1", "//tasks//01", "/old/", "/旧/页.html"])
def test_a_redirect_stays_on_the_host(server: Server, path: str) -> None:
    found = server.get(path)
    assert found.status == 301
    assert re.fullmatch(r"/[a-z][a-z0-9/]*/(\?a=1)?", found.headers["location"])
    assert_guarded(found, server)


@pytest.mark.parametrize("language", ["", "en/"])
def test_a_missing_page_is_reported_in_the_language_of_its_address(server: Server, language: str) -> None:
    expected = (server.root / "current" / language / "404.html").read_bytes()
    for path in ("none", "none/", "none/a.html", "tasks/01/none", "assets/", "api/v1/none.json", "404.html"):
        found = server.get(f"/{language}{path}", Accept_Encoding="br")
        assert (found.status, found.headers["content-type"]) == (404, "text/html; charset=utf-8"), path
        assert found.headers["content-encoding"] == "br"
        assert decoded(found) == expected
        assert found.headers["cache-control"] == "no-store"
    assert (b'lang="en"' if language else b'lang="zh-Hans"') in expected


def test_a_head_says_what_a_get_says_without_content(server: Server) -> None:
    with closing(Connection(server.https)) as connection:
        for path in ("/", "/en/", "/none", "/tasks"):
            head, get = connection.get(path, "HEAD"), connection.get(path)
            without_date = [{k: v for k, v in a.headers.items() if k != "date"} for a in (head, get)]
            assert (head.status, without_date[0]) == (get.status, without_date[1])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "MKCOL", "get", "FOO"])
def test_other_methods_are_refused(server: Server, method: str) -> None:
    found = server.get("/", method)
    assert found.status == 405 if method.isupper() else found.status in (400, 405)


def test_only_cards_may_be_framed(server: Server) -> None:
    cards = json.loads((server.root / "current/policy.json").read_text("utf-8"))["headers"]
    for folder in ("/embed/", "/en/embed/"):
        found = server.get(f"{folder}task/01/")
        assert found.status == 200
        assert found.headers["content-security-policy"] == cards[folder]["Content-Security-Policy"]
        assert found.headers["content-security-policy"].endswith("frame-ancestors *")
        assert "x-frame-options" not in found.headers
        assert found.headers["x-content-type-options"] == "nosniff"
    for path in ("/embedded/", "/tasks/embed/", "/en/tasks/01/"):
        assert_guarded(server.get(path), server)
    missing = server.get("/embed/task/none/")
    assert missing.status == 404 and missing.headers["x-frame-options"] == "DENY"
    assert missing.headers["content-security-policy"].endswith("frame-ancestors 'none'")


#: Endings of the tables of a batch.
BATCH = {".csv", ".json", ".xlsx"}


def test_open_data_may_be_read_from_other_sites(server: Server) -> None:
    open_data = ["/api/v1/index.json", "/feeds/all.xml", "/en/feeds/all.xml", "/calendar/all.ics"]
    site = (server.root / "current").resolve()
    tables = [f"/{p.relative_to(site).as_posix()}" for p in site.rglob("disclosures/batches/*/*") if p.suffix in BATCH]
    assert {Path(name).suffix for name in tables} == BATCH and any(name.startswith("/en/") for name in tables)
    for path in (
        *open_data,
        "/downloads/task.csv",
        "/downloads/task.xlsx",
        "/data/catalog.jsonld",
        "/api/v1/none.json",
        "/build.json",
        *tables,
    ):
        found = server.get(path)
        assert found.headers["access-control-allow-origin"] == "*", path
        assert found.headers["cross-origin-resource-policy"] == "cross-origin", path
        assert found.status == (404 if "none" in path else 200), path
    for path in ("/", "/en/", "/api/", "/data/", "/search/search_index.json", "/policy.json", "/disclosures/"):
        found = server.get(path)
        assert "access-control-allow-origin" not in found.headers and found.status == 200, path


# Content

TYPES = {
    "/": "text/html; charset=utf-8",
    "/{assets}haopin.css": "text/css; charset=utf-8",
    "/{assets}haopin.js": "text/javascript; charset=utf-8",
    "/{assets}mark.svg": "image/svg+xml; charset=utf-8",
    "/{assets}icon-32.png": "image/png",
    "/calendar/all.ics": "text/calendar; charset=utf-8",
    "/downloads/task.csv": "text/csv; charset=utf-8",
    "/downloads/task.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/api/v1/index.json": "application/json; charset=utf-8",
    "/data/catalog.jsonld": "application/ld+json; charset=utf-8",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/feeds/all.xml": "application/atom+xml; charset=utf-8",
    "/en/feeds/all.xml": "application/atom+xml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8",
    "/app.webmanifest": "application/manifest+json; charset=utf-8",
    "/font.woff2": "font/woff2",
}


def test_every_file_has_its_type_plain_and_compressed(server: Server, full_county: BuiltSite) -> None:
    with closing(Connection(server.https)) as connection:
        for encoding in ("", "gzip", "br"):
            found = {
                path: connection.get(path.format(assets=full_county.assets), Accept_Encoding=encoding) for path in TYPES
            }
            assert {path: answer.headers["content-type"] for path, answer in found.items()} == TYPES
            assert {answer.status for answer in found.values()} == {200}


def test_every_ending_of_the_site_has_a_type(server: Server) -> None:
    known = (server.folder / "haopin/types.conf").read_text("utf-8")
    endings = {p.suffix[1:] for p in (server.root / "current/").rglob("*") if p.is_file() and p.suffix}
    assert len(endings) > 10
    assert sorted(e for e in endings - {"br", "gz"} if not re.search(rf"\b{e}[ ;]", known)) == []


def test_compressed_content_is_the_plain_content(server: Server) -> None:
    """Every file, over one kept connection: each form holds the same, and says what it depends on."""
    site = (server.root / "current").resolve()
    files = [p for p in sorted(site.rglob("*")) if p.suffix in COMPRESSED and "404" not in p.name and p.name != ".env"]
    assert len(files) > 300
    compressed = 0
    with closing(Connection(server.https)) as connection:
        for file in files[::3]:
            content = file.read_bytes()
            path = f"/{file.relative_to(site).as_posix()}"
            for accepted, encoding, ending in (
                ("br, gzip", "br", ".br"),
                ("gzip", "gzip", ".gz"),
                ("identity", "", ""),
            ):
                found = connection.get(path, Accept_Encoding=accepted)
                assert (found.status, decoded(found)) == (200, content), path
                if file.with_name(f"{file.name}.br").exists():
                    assert found.headers.get("content-encoding", "") == encoding, path
                    assert found.headers["vary"] == "Accept-Encoding"
                    # As compressed by the release, not for each request.
                    assert found.body == file.with_name(file.name + ending).read_bytes(), path
                    compressed += 1
    assert compressed > 200


def test_forms_of_a_file_have_tags_of_their_own(server: Server) -> None:
    tags = {server.get("/", Accept_Encoding=encoding).headers["etag"] for encoding in ("br", "gzip", "identity")}
    assert len(tags) == 3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "no-cache"),
        ("/en/tasks/01/", "no-cache"),
        ("/assets/plain.js", "no-cache"),
        ("/{assets}haopin.js", "public, max-age=31536000, immutable"),
        ("/en/{assets}haopin.css", "public, max-age=31536000, immutable"),
        ("/{assets}none.js", "no-store"),
        ("/api/v1/index.json", "public, max-age=300"),
        ("/calendar/all.ics", "public, max-age=300"),
        ("/en/feeds/all.xml", "public, max-age=300"),
        ("/downloads/task.xlsx", "public, max-age=300"),
        ("/build.json", "no-cache"),
        ("/{picture}", "public, max-age=300"),
        ("/policy.json", "no-cache"),
        ("/tasks", "public, max-age=3600"),
    ],
)
def test_cache_lifetimes(server: Server, full_county: BuiltSite, path: str, expected: str) -> None:
    picture = next(p.relative_to(full_county.folder).as_posix() for p in full_county.folder.glob("pictures/**/*.png"))
    path = path.format(assets=full_county.assets, picture=picture)
    found = server.get(path)
    assert found.headers["cache-control"] == expected
    if found.status == 200:
        again = server.get(path, If_None_Match=found.headers["etag"])
        assert (again.status, again.headers["cache-control"]) == (304, expected)


# Addresses


@pytest.mark.parametrize(
    ("old", "new"), [("/old", "/tasks/02/"), ("/old/", "/tasks/02/"), ("/en/old/?a=1", "/en/tasks/02/")]
)
def test_an_old_address_leads_to_its_page(server: Server, old: str, new: str) -> None:
    found = server.get(old)
    assert (found.status, found.headers["location"]) == (301, new)
    assert server.get(new).status == 200


@pytest.mark.parametrize("path", ["/.env", "/.git/config", "/.git/", "/empty/", "/.well-known/none", "/index.html.br"])
def test_hidden_files_are_not_found(server: Server, path: str) -> None:
    found = server.get(path)
    assert found.status == 404 and b"secret" not in found.body
    assert_guarded(found, server)


def test_a_file_with_a_chinese_name_is_found(server: Server) -> None:
    assert server.get(f"/evidence/{quote('检测报告.txt')}").body == b"whole"


def test_the_contact_for_weaknesses_is_the_only_hidden_file_that_is_public(server: Server) -> None:
    found = server.get("/.well-known/security.txt")
    assert (found.status, found.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert found.body.startswith(b"Contact: mailto:")
    assert server.get("/.well-known/").status == 404


def test_the_compressed_site_map_is_sent_in_the_place_of_the_plain_one_only(server: Server) -> None:
    assert server.get("/sitemap.xml.gz").status == 404
    assert server.get("/sitemap.xml", Accept_Encoding="gzip").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("host", [HOST, ALIAS, HOST.upper()])
def test_plain_http_leads_to_the_right_host(server: Server, host: str) -> None:
    found = server.get("/en/tasks/01/?a=%0d%0aX:1", tls=False, Host=host)
    assert (found.status, found.headers["location"]) == (301, f"https://{HOST}/en/tasks/01/?a=%0d%0aX:1")
    assert "strict-transport-security" not in found.headers and "x" not in found.headers
    assert found.headers["x-content-type-options"] == "nosniff"


def test_an_alias_leads_to_the_right_host(server: Server) -> None:
    found = server.get("/tasks/?a=1", host=ALIAS)
    assert (found.status, found.headers["location"]) == (301, f"https://{HOST}/tasks/?a=1")
    assert_guarded(found, server)


def test_a_host_that_is_not_ours_gets_nothing(server: Server) -> None:
    with pytest.raises(OSError):
        server.get("/", host="evil.example")
    for tls in (True, False):
        with pytest.raises(ConnectionError):
            server.get("/", tls=tls, Host="evil.example")


def test_certificates_can_be_renewed_over_plain_http(releases: Path, tmp_path: Path) -> None:
    challenge = tmp_path / "acme/.well-known/acme-challenge/abc"
    challenge.parent.mkdir(parents=True)
    challenge.write_text("token", encoding="utf-8")
    with serving_releases(tmp_path / "nginx", releases, challenges=str(tmp_path / "acme")) as found:
        assert found.get("/.well-known/acme-challenge/abc", tls=False).body == b"token"
        assert found.get("/.well-known/other", tls=False).status == 301


# Protocols


def curl(server: Server, *arguments: str) -> str:
    resolve = f"{HOST}:{server.https[1]}:{server.https[0]}"
    done = subprocess.run(
        [program("curl"), "--silent", "--show-error", "--max-time", "30", "--resolve", resolve, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_http_2(server: Server) -> None:
    address = f"https://{HOST}:{server.https[1]}/en/tasks/01/"
    authority = ["--cacert", str(server.folder / "fullchain.pem")]
    told = curl(server, *authority, "--http2", "-D", "-", "-o", "/dev/null", address)
    assert told.startswith("HTTP/2 200")
    headers = dict(line.lower().split(": ", 1) for line in told.strip().splitlines()[1:])
    assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(("version", "works"), [("1.1", False), ("1.2", True), ("1.3", True)])
def test_only_tls_of_today(server: Server, version: str, works: bool) -> None:
    asked = f"s_client -connect 127.0.0.1:{server.https[1]} -servername {HOST} -cipher DEFAULT@SECLEVEL=0"
    command = [program("openssl"), *asked.split(), f"-tls{version.replace('.', '_')}"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=30, check=False)
    assert (b"Verify return code" in done.stdout and b"Cipher is (NONE)" not in done.stdout) == works


def test_ipv6(server: Server) -> None:
    if not has_ipv6():
        pytest.skip("this machine has no ::1")
    with closing(Connection(("::1", server.https[1]))) as connection:
        assert connection.get("/en/").status == 200
    with closing(Connection(("::1", server.http[1]), tls=False)) as connection:
        assert connection.get("/").status == 301


# The command and its files


def test_the_firewall_takes_its_rules(tmp_path: Path) -> None:
    rules = (ROOT / "deploy/nftables.conf").read_text("utf-8")
    for text, works in ((rules, True), (rules.replace("ct count", "ct counts"), False)):
        (tmp_path / "rules").write_text(text, encoding="utf-8")
        # In a network of its own: nothing of this machine is looked at.
        command = ["unshare", "--net", program("nft"), "--check", "--file", str(tmp_path / "rules")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if "Operation not permitted" in done.stderr:
            pytest.skip("rules may not be looked at here")
        assert (done.returncode == 0) == works, done.stderr


def test_nginx_takes_the_configuration(server: Server) -> None:
    done = subprocess.run(nginx("-t", "-c", server.folder / "nginx.conf"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # From nginx 1.25 on http2 has a directive of its own, which that of Debian 12 does not know; both take this form.
    said = [line for line in done.stderr.splitlines() if '"listen ... http2" directive is deprecated' not in line]
    assert not [line for line in said if "warn" in line or "conflicting" in line]


def test_the_command_makes_what_nginx_takes(releases: Path, tmp_path: Path) -> None:
    """As the administrator has it, with the ports and paths of a real server, tested without listening."""
    setup = settle(tmp_path / "other", releases)
    done = run(
        *("-m", "haopin", "nginx", "-f", COUNTY / "mkdocs.yml", releases / "current", "--out", tmp_path / "made"),
        *("--root", releases, "--server-name", HOST, "--alias", ALIAS, "--certificate", setup.certificate),
        *("--certificate-key", setup.certificate_key),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"({HOST}; 0)" in done.stdout
    text = "".join(p.read_text("utf-8") for p in (tmp_path / "made").rglob("*.conf"))
    assert "listen [::]:443 ssl http2;" in text and f"root {releases}/current;" in text
    made = tmp_path / "made/nginx.conf"
    http, https = free_ports(2)
    for name, old, new in (("nginx.conf", "/run/nginx.pid", str(tmp_path / "pid")),):
        file = tmp_path / "made" / name
        file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    site = tmp_path / "made/haopin/site.conf"
    ports = re.sub(
        r"listen (\S*?)(80|443)\b", lambda m: f"listen {m[1]}{http if m[2] == '80' else https}", site.read_text("utf-8")
    )
    site.write_text(ports, encoding="utf-8")
    tested = subprocess.run(nginx("-t", "-c", made), capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr


def test_a_server_without_ipv6_can_be_told(releases: Path, tmp_path: Path) -> None:
    command = (
        "-m",
        "haopin",
        "nginx",
        "-f",
        COUNTY / "mkdocs.yml",
        releases / "current",
        "--no-ipv6",
        "--server-name",
        HOST,
    )
    assert run(*command, "--out", tmp_path).returncode == 0
    lines = re.findall(r"listen (.*?);", (tmp_path / "haopin/site.conf").read_text("utf-8"))
    assert lines == ["80 default_server", "443 ssl http2 default_server", "80", "443 ssl http2"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none", "--server-name", HOST), "not a built site"),
        (("none",), "is a placeholder"),
        (("none", "--server-name", HOST, "--alias", "www.example.org"), "is a placeholder"),
        (("none", "--server-name", "a b"), "is not a host name"),
        (("none", "--server-name", HOST, "--root", "srv"), "cannot be used"),
        (("none", "--server-name", HOST, "--certificate", "/a b.pem"), "cannot be used"),
    ],
)
def test_a_mistake_is_reported_in_both_languages(
    tmp_path: Path, arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written."""
    command = ["nginx", "-f", str(COUNTY / "mkdocs.yml"), str(tmp_path / arguments[0])]
    assert main([*command, *arguments[1:], "--out", str(tmp_path / "made")]) == 1
    said = capsys.readouterr().err
    assert told in said and re.search("[\u4e00-\u9fff]", said)
    assert not (tmp_path / "made").exists()


def test_the_same_site_gives_the_same_configuration(releases: Path) -> None:
    made = [configuration(Setup(HOST), headers_of(releases / "current"), ("", "en/"), REDIRECTS) for _ in range(2)]
    assert made[0] == made[1]


def test_without_the_module_nothing_asks_for_it(releases: Path) -> None:
    headers = headers_of(releases / "current")
    assert "haopin/brotli.conf" in configuration(Setup(HOST), headers, ("",), {})
    without = configuration(Setup(HOST, brotli=False), headers, ("",), {})
    assert "haopin/brotli.conf" not in without
    assert not any(line.strip().startswith("brotli") for text in without.values() for line in text.splitlines())


@pytest.mark.parametrize("host", ["", "a b", "a;b", "a\nb", "-a.example", "{x}", "a..b", "\u8d28\u91cf.example", '"a"'])
def test_a_wrong_host_is_refused(host: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a host name"):
        Setup(host)
    with pytest.raises(ConfigurationError, match="is not a host name"):
        Setup(HOST, aliases=(host,))


@pytest.mark.parametrize("path", ["", "srv", "/srv; x", "/a b", "/a/../b", "/a$b", '/"a"', "/a\n"])
def test_a_wrong_path_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        Setup(HOST, root=path)


@pytest.mark.parametrize(
    "text",
    [None, "", "[]", "{}", '{"headers": {}}', '{"headers": {"/a b/": {}, "/": {}}}', '{"headers": {"/": {"A": 1}}}'],
)
def test_a_folder_that_is_not_a_site_is_rejected(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "policy.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not a built site"):
        headers_of(tmp_path)


@pytest.mark.parametrize("value", ["$uri", 'a"b', "a\\b", "a\nb", "a\0"])
def test_values_cannot_leave_their_string(value: str) -> None:
    for headers, redirects in (({"/": {"X-A": value}}, {}), ({"/": {}}, {"/a": value}), ({"/": {}}, {value: "/a"})):
        with pytest.raises(ConfigurationError, match="cannot be used in an nginx configuration"):
            configuration(Setup(HOST), headers, ("", "en/"), redirects)


def test_no_county_is_named_in_the_templates() -> None:
    for file in (ROOT / "hooks/haopin/ops").rglob("*"):
        if file.suffix in (".py", ".conf"):
            assert "yishui" not in file.read_text("utf-8").lower(), file
