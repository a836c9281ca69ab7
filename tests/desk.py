"""A desk of a test: a browser without scripts, and a real server for a real browser."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from haopin.desk.app import create_app
from haopin.desk.desk import CLERK, LANGUAGE, Desk
from haopin.desk.security import TOKEN
from starlette.testclient import TestClient
from support import ROOT, engine_environment

PORT, SECRET = 8123, "token-of-a-test"
HOME = f"http://127.0.0.1:{PORT}"


class Visitor:
    """A clerk at a desk, in a browser without scripts.

    Attributes:
        desk: The desk.
        client: The browser.
    """

    def __init__(self, project: Path, clerk: str = "张三", language: str = "zh", day: date = date(2030, 2, 1)) -> None:
        self.desk = Desk(project / "mkdocs.yml", day)
        self.client = TestClient(create_app(self.desk, SECRET, PORT), base_url=HOME, headers={"Origin": HOME})
        assert self.client.get(f"/?{TOKEN}={SECRET}").status_code == 200
        self.be(clerk)
        self.client.cookies.set(LANGUAGE, language)

    def be(self, clerk: str) -> None:
        """Be another clerk."""
        self.client.cookies.set(CLERK, quote(clerk))

    def get(self, path: str) -> str:
        """Open a page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, words(answer.text))
        return answer.text

    def post(self, path: str, values: Mapping[str, Any], status: int = 303, **more: Any) -> Any:
        """Send a form; return the answer."""
        answer = self.client.post(path, data=dict(values), follow_redirects=False, **more)
        assert answer.status_code == status, (answer.status_code, words(answer.text))
        return answer

    def fill(self, path: str, changes: Mapping[str, Any], do: str = "save!", status: int = 303, **more: Any) -> Any:
        """Open a form, change values by name (None removes one), and send it; return the answer."""
        values = {**inputs(self.get(path)), **changes}
        sent = {name: value for name, value in values.items() if value is not None}
        return self.post(path.partition("?")[0], {**sent, "do": do}, status, **more)


def words(page: str) -> str:
    """Return the visible words of the main part of a page."""
    main = re.sub(r"(?s)<template.*?</template>|<option.*?</option>", "", page.partition("<main")[2])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def inputs(page: str) -> dict[str, str]:
    """Return the values of the first form of a record on a page, by name, as a browser would send them."""
    form = page.partition("data-form")[2].partition("</form>")[0]
    form = re.sub(r"(?s)<template.*?</template>", "", _without_nested(form))
    found: dict[str, str] = {}
    for tag in re.finditer(
        r"(?s)<input ([^>]*)>|<textarea ([^>]*)>(.*?)</textarea>|<select ([^>]*)>(.*?)</select>", form
    ):
        attributes = tag[1] or tag[2] or tag[4]
        name = re.search(r'\bname="([^"]*)"', attributes)
        if name is None or 'type="file"' in attributes:
            continue
        if tag[4]:
            chosen = re.search(r'<option(?: value="([^"]*)")?[^>]* selected>(.*?)</option>', tag[5])
            value = (chosen[1] if chosen[1] is not None else chosen[2]) if chosen else ""
        elif tag[2]:
            value = tag[3]
        else:
            value = (re.search(r'\bvalue="([^"]*)"', attributes) or ["", ""])[1]
        found[unescape(name[1])] = unescape(value)
    return found


def _without_nested(form: str) -> str:
    """Remove templates within templates, from the inside."""
    inner = re.compile(r"(?s)<template[^>]*>(?:(?!<template).)*?</template>")
    while (less := inner.sub("", form)) != form:
        form = less
    return form


@contextmanager
def served(project: Path, *options: str) -> Iterator[str]:
    """Serve the desk of a project by its command; yield the first address."""
    command = [sys.executable, "-m", "haopin", "desk", "--no-browser", "--as-of", "2030-02-01", *options]
    with subprocess.Popen(
        command, cwd=project, env=engine_environment(ROOT), stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(20)
