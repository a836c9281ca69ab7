"""The desk under attack: from other sites, by forged names, paths and files, and by what records themselves contain."""

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from desk import ORIGIN, PORT, SECRET, Clerk, pairs_of
from haopin.desk import security, uploads
from haopin.desk.app import PAGES
from haopin.desk.security import COOKIE, PREVIEW_POLICY
from haopin.load.folder import home
from haopin.model import READ
from starlette.testclient import TestClient
from support import ROOT, copy_full_county, engine_environment, files_of

NEWS = "/records/news/new"
#: An address of each route.
PATHS = sorted({re.sub(r"\{[^}]+\}", "x", route.path) for page in PAGES for route in page.ROUTES})
JS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    """A desk of the county that nobody changes."""
    found = Clerk(copy_full_county(tmp_path_factory.mktemp("desk") / "county"))
    before = files_of(found.desk.folder)
    yield found
    assert files_of(found.desk.folder) == before
    found.desk.close()


def stranger(clerk: Clerk, **headers: str) -> TestClient:
    """Return a client that knows the address only: no cookie, no origin."""
    found = TestClient(clerk.http.app, base_url=ORIGIN, follow_redirects=False)
    found.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return found


# --- Who may ask


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1:{PORT}.evil.example",
        f"[::1]:{PORT}",
        f"0.0.0.0:{PORT}",
        f"127.1:{PORT}",
        f"user@127.0.0.1:{PORT}",
        "localhost",
        "",
    ],
)
def test_another_name_gets_no_answer(clerk: Clerk, host: str) -> None:
    """A name that leads here (DNS rebinding) is refused, cookie or not, on pages, static files and previews."""
    for path in ("/", "/records", "/static/desk.js", clerk.desk.preview_root):
        answer = clerk.http.get(path, headers={"Host": host})
        assert (answer.status_code, COOKIE in answer.text) == (421, False), (path, host)


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}"])
def test_the_own_names_get_one(clerk: Clerk, host: str) -> None:
    """Both names of this machine are the desk's."""
    assert clerk.http.get("/records", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        f"https://127.0.0.1:{PORT}",
        f"http://127.0.0.1:{PORT + 1}",
        "http://127.0.0.1",
        f"http://localhost:{PORT}",
        f"http://127.0.0.1:{PORT}.evil.example",
    ],
)
def test_a_request_from_elsewhere_changes_nothing(clerk: Clerk, origin: str | None) -> None:
    """A form or script of another site, of another port, or of a sandboxed preview cannot send anything."""
    client = stranger(clerk)
    client.cookies.update(dict(clerk.http.cookies))
    if origin is not None:
        client.headers["Origin"] = origin
    for path in (NEWS, f"{NEWS}/check", *PATHS):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            assert client.request(method, path, data={"name": "Eve", "do": "save!"}).status_code == 403, (method, path)


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        f"{COOKIE}-{PORT}=",
        f"{COOKIE}-{PORT}=wrong",
        f"{COOKIE}-{PORT}={SECRET}x",
        f"{COOKIE}-{PORT + 1}={SECRET}",
        f"{COOKIE}={SECRET}",
        f"{COOKIE}-{PORT}={SECRET.upper()}",
        f"{COOKIE}-{PORT}=\xe4",
        "=;=;\x01",
    ],
)
def test_without_the_cookie_there_is_nothing(clerk: Clerk, cookie: str) -> None:
    """No page, no static file, no list of choices without the token of this run."""
    for path in (*PATHS, "/records/news", "/choices/news?field=body", "/static/desk.js", "/nothing"):
        answer = stranger(clerk).get(path, headers={b"Cookie": cookie.encode("latin-1")})
        assert answer.status_code == 401, (path, cookie)
        assert "<" not in answer.text and SECRET not in answer.text


def test_the_token_leaves_the_address_at_once(clerk: Clerk) -> None:
    """The first address sets the cookie and leads on without the token, which no history and no referrer then has."""
    answer = stranger(clerk).get(f"/records/news?token={SECRET}&q=a%26b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/records/news?q=a%26b")
    parts = {part.strip() for part in answer.headers["set-cookie"].lower().split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts and not any("domain" in part for part in parts)
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("same-origin", "no-store")
    assert stranger(clerk).get("/records?token=guess").status_code == 401
    assert stranger(clerk).get("/records?token=%ff%c3").status_code == 401
    # The token leads nowhere else.
    for path in ("//evil.example/", "/\\evil.example/", "/%5Cevil.example/", "/%0d%0aSet-Cookie:a=b"):
        to = stranger(clerk).get(f"{ORIGIN}{path}?token={SECRET}").headers["location"]
        assert not to.startswith(("//", "/\\")) and "\n" not in to and urlsplit(to).netloc == "", path


def test_opening_a_page_changes_nothing(clerk: Clerk) -> None:
    """No address changes anything by being opened, whatever its query; actions answer to forms only."""
    before = files_of(clerk.desk.folder)
    for path in ("/records/news/n/delete", "/take-over", "/language", f"{NEWS}/check", f"{NEWS}/drop"):
        assert clerk.http.get(path, params={"do": "delete!", "number": "1"}).status_code in (404, 405), path
    (first, *_) = clerk.desk.raw.records(next(kind for kind in READ if kind.name == "news"))
    assert clerk.http.get(f"/records/news/{first.id}?do=delete!").status_code == 200
    assert files_of(clerk.desk.folder) == before


# --- Headers


def test_headers_of_every_answer(clerk: Clerk) -> None:
    """Answers of all kinds have the policy of the desk, which lets nothing run that is not its own."""
    paths = {
        "/": 200,
        "/records": 200,
        NEWS: 200,
        "/materials": 200,
        "/static/desk.js": 200,
        "/nothing": 404,
        "/records/x": 404,
    }
    for path, status in paths.items():
        answer = clerk.http.get(path)
        assert answer.status_code == status, path
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", path
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", path
        assert "unsafe" not in " ".join(policy.values()) and "*" not in " ".join(policy.values()), path
        expected = {
            "x-content-type-options": "nosniff",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }
        assert {name: answer.headers.get(name) for name in expected} == expected, path
        assert "access-control-allow-origin" not in answer.headers
        # The policy allows no attribute that is a script or a style, so the pages have none.
        assert not re.search(r"<[^>]*\s(?:on[a-z]+|style)=|<style|<script(?! src=)", answer.text), path


def test_preview_runs_apart(clerk: Clerk) -> None:
    """A preview is in a sandbox without origin, at an address that cannot be guessed, and leads to nothing else."""
    clerk.check(NEWS, pairs_of(clerk.page(NEWS)))
    shown = clerk.desk.preview_root
    secret = shown.removeprefix("/preview/").strip("/")
    assert len(secret) >= 40 and secret != SECRET
    answer = stranger(clerk).get(f"{shown}theme/none.js")
    assert answer.headers["content-security-policy"] == PREVIEW_POLICY
    assert "allow-same-origin" not in PREVIEW_POLICY and "allow-forms" not in PREVIEW_POLICY
    for path in ("/preview/", "/preview/x/", shown[:-2] + "/", shown.upper(), f"/preview/../preview/{secret[:-1]}/"):
        assert stranger(clerk).get(path).status_code in (401, 404, 405), path
    assert stranger(clerk).post(shown, headers={"Origin": ORIGIN}).status_code == 405
    for path in ("../records", "%2e%2e/records", "..%2f..%2frecords", "../../data/site.yml", "..%5Cdata%5Csite.yml"):
        assert stranger(clerk).get(f"{ORIGIN}{shown}{path}").status_code in (401, 404), path


def test_what_is_written_cannot_run_in_the_desk(tmp_path: Path) -> None:
    """Markup in a record is text in the desk: in its form, in lists, in messages, in the difference and in JSON."""
    clerk = Clerk(copy_full_county(tmp_path / "county"))
    edit_title(clerk.desk.folder, f'"{JS}\'"')
    for path in ("/records/news", "/", "/approval", "/history"):
        text = clerk.http.get(path).text
        assert "<script>alert" not in text and "<img" not in text, path
    page = clerk.page(NEWS)
    pairs = [(name, JS if name.endswith((".zh", "date")) else value) for name, value in pairs_of(page)]
    for do in ("save", "save!", "add:photographs", f"add:{JS}", f"up:{JS}", f"remove:{JS}"):
        answer = clerk.send(NEWS, pairs, do)
        assert "<script>alert" not in answer.text and "<img" not in answer.text, do
    assert clerk.http.post(f"{NEWS}/check", data=dict(pairs)).headers["content-type"] == "application/json"
    for path in (
        f"/materials?of=task/{JS}&sender={JS}",
        f"/records/{JS}",
        f"/records/news?q={JS}&state={JS}",
        f"/records/news/{JS}",
        f"/who?back={JS}",
    ):
        assert "<script>alert" not in clerk.http.get(path).text, path


def edit_title(folder: Path, title: str) -> None:
    """Give a news item another title."""
    file = next(iter(sorted((folder / "news").glob("*.zh.md"))))
    lines = file.read_text("utf-8").split("\n")
    lines = [f"title: {title}" if line.startswith("title:") else line for line in lines]
    file.write_text("\n".join(lines), "utf-8")


# --- Paths

OUTSIDE = (
    "../mkdocs.yml",
    "..%2fmkdocs.yml",
    "%2e%2e/mkdocs.yml",
    "news/../../mkdocs.yml",
    "news/..%5C..%5Cmkdocs.yml",
    "news%5C..%5C..%5Cmkdocs.yml",
    "C:%5Cwindows%5Cwin.ini",
    "C:/windows/win.ini",
    "news/C:x.zh.md",
    "//host/share/news/a.zh.md",
    "/etc/passwd",
    "%00site.yml",
    "news/a%00.zh.md",
    "site.yml%00",
    ".haopin-desk/opened.json",
    "evidence/report.pdf",
    "news/..%5Cb.zh.md",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leaves_the_records(clerk: Clerk, path: str) -> None:
    """Files, histories, records and drafts are found by their names only; never a folder above, a drive, a share."""
    for before in ("/files/", "/history/", "/records/news/", "/records/", "/static/", "/choices/"):
        answer = clerk.http.get(f"{ORIGIN}{before}{path}")
        assert answer.status_code in (404, 405), (before, answer.status_code)
    for before in ("/files/", "/records/news/"):
        answer = clerk.http.post(f"{ORIGIN}{before}{path}", data={"text": "x", "do": "save!", "base": ""})
        assert answer.status_code in (404, 405, 409), (before, answer.status_code)


@pytest.mark.parametrize("given", ["../x", "a/b", "a\\b", "C:a", ".hidden", "a\x00b", "con/../x", "news-é", "A B"])
def test_an_id_is_no_path(tmp_path: Path, given: str) -> None:
    """A new record cannot be given an id that is a path: its field says so, and nothing is written."""
    clerk = Clerk(copy_full_county(tmp_path / "county"))
    before = files_of(clerk.desk.folder.parent)
    pairs = [("id", given), ("kind", "news"), ("date", "2030-01-05"), ("title.zh", "题"), ("text.zh", "文")]
    answer = clerk.send(NEWS, pairs)
    assert answer.status_code == 422
    assert files_of(clerk.desk.folder.parent) == before


def test_draft_names_are_no_paths(clerk: Clerk) -> None:
    """The name of a draft comes from the form: another than the desk's own is not used."""
    pairs = [("draft", "../../../x"), ("typed", "1"), ("title.zh", "题")]
    clerk.check(NEWS, pairs)
    assert not any(path.stem == "x" for path in clerk.desk.folder.parent.parent.rglob("*.json"))
    assert clerk.http.post(f"{NEWS}/drop", data={"draft": "../../site.yml"}).status_code in (303, 404)
    assert (clerk.desk.folder / "site.yml").is_file()


# --- Files

PDF, PNG = b"%PDF-1.7\n%%EOF\n", b"\x89PNG\r\n\x1a\n"
#: Name, content, words of the message; "" for a file that is taken.
FILES: Mapping[str, tuple[str, bytes, str]] = {
    "pdf": ("批复.pdf", PDF, ""),
    "capitals": ("A B.PDF", PDF, ""),
    "path": ("..\\..\\evil.pdf", PDF, ""),
    "unix path": ("../../evil.pdf", PDF, ""),
    "program renamed": ("a.pdf", b"MZ\x90\x00", "内容不是 pdf"),
    "page renamed": ("a.png", b"<html><script>1</script>", "内容不是 png"),
    "script before a pdf": ("a.pdf", b"<script>1</script>%PDF-", "内容不是 pdf"),
    "empty": ("a.pdf", b"", "内容不是 pdf"),
    "page": ("a.html", b"<p>", "类型不可用"),
    "drawing": ("a.svg", b"<svg onload='alert(1)'/>", "类型不可用"),
    "program": ("a.exe", b"MZ", "类型不可用"),
    "double": ("a.pdf.exe", PDF, "类型不可用"),
    "stream": ("a.pdf::$DATA", PDF, "类型不可用"),
    "nothing before": (".pdf", PDF, "类型不可用"),
    "zero": ("a.exe\x00.pdf", PDF, ""),
    "no type": ("report", PDF, "类型不可用"),
    "page as text": ("a.txt", b"<!doctype html><script>1</script>", "网页"),
    "page as table": ("a.csv", b" <svg/onload=alert(1)>", "网页"),
    "device": ("CON.pdf", PDF, ""),
}


@pytest.mark.parametrize("case", FILES)
def test_files_are_what_they_say(tmp_path: Path, case: str) -> None:
    """A file is taken by name, type and beginning, into the folder of evidence, or refused with a reason."""
    name, content, words = FILES[case]
    clerk = Clerk(copy_full_county(tmp_path / "county"))
    before = files_of(tmp_path)
    pairs = [("kind", "news"), ("date", "2030-01-05"), ("title.zh", "题"), ("text.zh", "文"), ("source", "县质量局")]
    pairs += [("evidence.0._", ""), ("evidence.0.file", "")]
    answer = clerk.send(NEWS, pairs, files=[("evidence.0.upload", (name, content, "application/octet-stream"))])
    new = {
        path: each
        for path, each in files_of(tmp_path).items()
        if before.get(path) != each and path.startswith("county/data/")
    }
    if words:
        assert answer.status_code == 422 and words in answer.text, answer.text
        assert not new
    else:
        assert answer.status_code in (303, 422), answer.text
        assert all(path.startswith("county/data/evidence/") or "/news/" in path for path in new), new
        assert not any("evil" in path and "evidence" not in path for path in new)


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    """A link in the folder of evidence is not followed when a file of its name is dropped in."""
    clerk = Clerk(copy_full_county(tmp_path / "county"))
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(PDF + b"secret")
    (clerk.desk.folder / "evidence").mkdir(exist_ok=True)
    (clerk.desk.folder / "evidence/batch.pdf").symlink_to(secret)
    pairs = [("kind", "news"), ("date", "2030-01-05"), ("title.zh", "题"), ("text.zh", "文"), ("source", "县质量局")]
    pairs += [("evidence.0._", ""), ("evidence.0.file", "")]
    clerk.send(NEWS, pairs, files=[("evidence.0.upload", ("batch.pdf", PDF, "application/pdf"))])
    assert secret.read_bytes() == PDF + b"secret"


def test_sizes_are_limited(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is refused: by its stated length, by what arrives without one, and by file."""
    monkeypatch.setattr(security, "LARGEST", 20_000)
    monkeypatch.setattr(uploads, "LARGEST", 5_000)
    assert clerk.http.post(NEWS, content=b"x" * 20_001).status_code == 413
    for length in ("-1", "abc", "9" * 30, "٣"):
        answer = clerk.http.post(NEWS, content=b"x", headers={b"Content-Length": length.encode()})
        assert answer.status_code in (400, 413), length
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="title.zh"\r\n\r\n'
        for _ in range(100):
            sent += 1_000
            yield b"x" * 1_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert clerk.http.post(NEWS, content=parts(), headers=headers).status_code == 413
    pairs = [("kind", "news"), ("evidence.0._", "")]
    answer = clerk.send(NEWS, pairs, files=[("evidence.0.upload", ("a.pdf", PDF + b"x" * 6_000, "application/pdf"))])
    assert answer.status_code == 422 and "MB" in answer.text


def test_broken_forms_are_refused_in_words(clerk: Clerk) -> None:
    """A form that no browser sends gets an answer, not a traceback."""
    kinds = {
        "multipart/form-data": b"x",
        "multipart/form-data; boundary=b": b"--b\r\nbroken",
        "application/x-www-form-urlencoded": b"do=save%21&measures.1=a&measures.1.x=b&..=c&title.zh.deep=1&%ff=%fe",
        "application/json": b"{}",
        "text/plain": b"\xff",
    }
    for kind, content in kinds.items():
        for path in (NEWS, f"{NEWS}/check", "/language"):
            answer = clerk.http.post(path, content=content, headers={"Content-Type": kind})
            assert answer.status_code in (200, 303, 400, 422), (kind, path, answer.status_code)
    many = [(f"evidence.{n}.link", "x") for n in range(21_000)]
    answer = clerk.http.post(f"{NEWS}/check", files=[(name, (None, value)) for name, value in many])
    assert answer.status_code == 400


# --- The real server


@contextmanager
def opened(project: Path, *options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the desk as a clerk does; yield the process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "haopin", "desk", "--no-browser", *options],
        cwd=project,
        env=engine_environment(ROOT, **environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        yield process, re.search(r"http\S+|$", line)[0] or line + process.stdout.read()  # type: ignore[index]
    finally:
        process.kill()
        process.wait(30)
        process.stdout.close()


def listening(process: int) -> set[str]:
    """Return the local addresses, in hexadecimal, that ``process`` listens on."""
    inodes = {str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_symlink()}
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            cells = row.split()
            if cells[3] == "0A" and f"socket:[{cells[9]}]" in inodes:
                found.add(cells[1].partition(":")[0])
    return found


def ask(address: str, target: str, **headers: str) -> tuple[int, bytes]:
    """Ask for ``target`` exactly as it is written; return status and body."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=30)
    connection.putrequest("GET", target, skip_host=True)
    for name, value in {"Host": where.netloc, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_the_server_listens_here_only_and_ends_when_told(tmp_path: Path, way: signal.Signals) -> None:
    """It is on 127.0.0.1 only, answers nothing without token, takes no path literally, and ends on a signal."""
    project = copy_full_county(tmp_path / "county")
    with opened(project) as (process, address):
        where = urlsplit(address)
        assert where.hostname == "127.0.0.1" and listening(process.pid) == {"0100007F"}
        assert len(where.query.removeprefix("token=")) >= 40
        cookie = {"Cookie": f"{COOKIE}-{where.port}={where.query.removeprefix('token=')}"}
        assert ask(address, "/")[0] == 401
        assert ask(address, "/records", Host="evil.example")[0] == 421
        assert ask(address, "http://evil.example/", **cookie)[0] in (200, 404)
        for target in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%5Capp.py", "/files/../mkdocs.yml"):
            assert ask(address, target, **cookie)[0] == 404, target
        assert ask(address, "/records", **cookie)[0] == 200
        # A second desk on the same port says so; one on another port says who has the data open.
        with opened(project, "--port", str(where.port)) as (taken, words):
            assert taken.wait(30) == 1 and str(where.port) in words and "Traceback" not in words
        with opened(project) as (_, other):
            second = urlsplit(other)
            mine = {"Cookie": f"{COOKIE}-{second.port}={second.query.removeprefix('token=')}"}
            status, body = ask(other, "/", **mine)
            assert status == 200 and "take-over" in body.decode()
            # The cookie of one desk does not open the other.
            assert ask(other, "/", **cookie)[0] == 401
        process.send_signal(way)
        assert process.wait(30) in (0, -way)
        assert process.stdout is not None and "Traceback" not in process.stdout.read()
    with opened(project) as (_, again):
        port = urlsplit(again).port
        mine = {"Cookie": f"{COOKIE}-{port}={urlsplit(again).query.removeprefix('token=')}"}
        assert "take-over" not in ask(again, "/", **mine)[1].decode()


def test_no_name_with_a_backslash_is_a_file_of_records() -> None:
    """On Windows a backslash and a colon lead elsewhere: such a name is no file of records on any system."""
    for name in ("news/..\\..\\x.zh.md", "news/C:x.zh.md", "news\\a.zh.md", "C:/news/a.zh.md", "../news/a.zh.md"):
        assert home(name, READ) is None, name
