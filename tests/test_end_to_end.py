"""From an edit to the live site and back, with the real programs: release, nginx over TLS, watch, rollback."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import copy_release_project, edit, run
from webserver import Server, decoded, serving_releases

HOST = "localhost"
PAGE = "/en/targets/"
#: The words of a target, before and after each edit.
WORDS = ("Product pass rate", "Rate of what passed", "Share of what passed")


@dataclass
class Public:
    """A county's checkout, and the server that shows it."""

    project: Path
    server: Server

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server.https[1]}/"

    @property
    def certificate(self) -> Path:
        return self.server.folder / "fullchain.pem"

    def command(self, *arguments: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the office, which trusts the server's certificate."""
        trusting = {"SSL_CERT_FILE": str(self.certificate), "HAOPIN_TARGET": str(self.server.root), **environment}
        return run("-m", "haopin", *arguments, cwd=self.project, **trusting)

    def release(self) -> "subprocess.CompletedProcess[str]":
        return self.command("release", "--as-of", "2030-02-01", "--url", self.url)

    def edit(self, words: str) -> None:
        """Let the data say ``words``, whatever it says now."""
        file = self.project / "data/targets.yml"
        (old,) = (each for each in WORDS if f"en: {each}" in file.read_text("utf-8"))
        edit(file, f"en: {old}", f"en: {words}")

    @property
    def shown(self) -> str:
        """Which words the public reads."""
        answer = self.server.get(PAGE, host=HOST, Accept_Encoding="br")
        assert (answer.status, answer.headers["content-encoding"]) == (200, "br")
        (found,) = (words for words in WORDS if words in decoded(answer).decode())
        return found


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Public]:
    work = tmp_path_factory.mktemp("public")
    project = copy_release_project(work / "project")
    done = run("-m", "haopin", "release", "--to", work / "srv", "--as-of", "2030-02-01", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    with serving_releases(work / "nginx", work / "srv", host=HOST, aliases=()) as server:
        yield Public(project, server)


@pytest.mark.sweep
def test_an_edit_becomes_public_and_is_taken_back(public: Public, tmp_path: Path) -> None:
    assert public.shown == WORDS[0]
    public.edit(WORDS[1])
    done = public.release()
    assert (done.returncode, done.stderr) == (0, "") and public.shown == WORDS[1]
    shutil.copy2(public.server.root / "current/build.json", tmp_path)
    watch = ("watch", public.url, "--authorities", public.certificate, "--days", "0", "--delay", "0")
    done = public.command(*watch, "--build", tmp_path / "build.json", "--page", tmp_path / "status.html")
    # The only fault of this county is that its day is not today.
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 1, done.stdout + done.stderr
    assert "the live pages are dated 2030-02-01" in done.stdout
    assert "Problems: 1" in (tmp_path / "status.html").read_text("utf-8")
    done = public.command("rollback", "--url", public.url)
    assert (done.returncode, done.stderr) == (0, "") and public.shown == WORDS[0]
    done = public.command(*watch, "--limit", "1", "--build", tmp_path / "build.json")
    assert "is not the local one" in done.stdout


@pytest.mark.sweep
def test_an_outdated_server_configuration_is_detected(public: Public) -> None:
    shown, maps = public.shown, public.server.folder / "haopin/maps.conf"
    old = maps.read_text("utf-8")
    _reload(public, maps, old.replace("script-src 'self'", "script-src 'none'"))
    public.edit(WORDS[2])
    done = public.release()
    assert done.returncode == 1 and "configuration of nginx again" in done.stderr and "rolled back to" in done.stderr
    assert public.shown == shown
    _reload(public, maps, old)
    done = public.release()
    assert (done.returncode, done.stderr) == (0, "") and public.shown == WORDS[2]


def _reload(public: Public, file: Path, text: str) -> None:
    """Write ``text`` into a file of the configuration and let nginx read it."""

    def policy() -> str:
        return public.server.get("/", host=HOST).headers["content-security-policy"]

    before = policy()
    file.write_text(text, encoding="utf-8")
    public.server.process.send_signal(signal.SIGHUP)
    for _ in range(200):
        if policy() != before:
            return
        time.sleep(0.05)
    raise AssertionError("nginx has not read its configuration")
