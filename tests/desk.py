"""A desk of a test: a browser without scripts, and a real server for a real browser."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
from haopin.desk.app import create_app
from haopin.desk.desk import CLERK, LANGUAGE, Desk
from haopin.desk.security import TOKEN
from starlette.testclient import TestClient
from support import ROOT, TEST_DAY, engine_environment

PORT, SECRET = 8123, "token-of-a-test"
ORIGIN = f"http://127.0.0.1:{PORT}"
Pairs = list[tuple[str, str]]


class Visitor:
    """A clerk at a desk, in a browser without scripts.

    Attributes:
        desk: The desk.
        client: The browser.
    """

    def __init__(self, project: Path, clerk: str = "张三", language: str = "zh", day: date = date(2030, 2, 1)) -> None:
        self.desk = Desk(project / "mkdocs.yml", day)
        self.client = TestClient(create_app(self.desk, SECRET, PORT), base_url=ORIGIN, headers={"Origin": ORIGIN})
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
        values = {**dict(pairs_of(root(self.get(path)))), **changes}
        sent = {name: value for name, value in values.items() if value is not None}
        return self.post(path.partition("?")[0], {**sent, "do": do}, status, **more)


class Clerk:
    """The desk of a project, and a clerk with a cookie who uses it.

    Attributes:
        desk: The desk.
        http: The client.
    """

    def __init__(self, project: Path, name: str = "Ada", language: str = "zh") -> None:
        """Open the desk of ``project``."""
        visitor = Visitor(project, name, language, TEST_DAY)
        self.desk, self.http = visitor.desk, visitor.client
        self.http.follow_redirects = False

    def page(self, path: str, status: int = 200) -> Element:
        """Open ``path``; return the root of its page."""
        answer = self.http.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:2000])
        return root(answer.text)

    def send(self, path: str, pairs: Sequence[tuple[str, Any]], do: str = "save!", files: Any = ()) -> Any:
        """Send ``pairs`` to ``path`` with the button ``do``; return the answer."""
        fields: dict[str, Any] = {}
        for name, value in [*pairs, ("do", do)]:
            fields.setdefault(name, []).append(value)
        # A browser sends such forms as parts; the client does only when there is a file.
        parts = [(name, (None, str(value))) for name, values in fields.items() for value in values]
        return self.http.post(path, files=[*parts, *files])

    def check(self, path: str, pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
        """Return what the desk says of ``pairs`` while they are typed."""
        answer = self.http.post(f"{path}/check", files=[(name, (None, str(value))) for name, value in pairs])
        assert answer.status_code == 200, answer.text[:2000]
        found: Mapping[str, Any] = answer.json()
        return found


def words(page: str) -> str:
    """Return the visible words of the main part of a page."""
    main = re.sub(r"(?s)<template.*?</template>|<option.*?</option>", "", page.partition("<main")[2])
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def root(text: str) -> Element:
    """Parse a page."""
    found: Element = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return found


def pairs_of(page: Element) -> Pairs:
    """Return what a browser sends of the form of a record on ``page``, without button."""
    (form,) = [e for e in page.iter("form") if "record" in e.get("class", "").split()]
    return list(controls(form))


def controls(element: Element) -> Pairs:
    """Return what a browser sends of the inputs in ``element``, in their order."""
    found: Pairs = []
    for child in element:
        name = child.get("name")
        if child.tag == "template":
            continue
        if child.tag == "textarea" and name:
            text = "".join(child.itertext())
            found.append((name, text.replace("\n", "\r\n")))
        elif child.tag == "select" and name:
            options = list(child.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0])
            found.append((name, chosen.get("value", unescape("".join(chosen.itertext())))))
        elif child.tag == "input" and name and child.get("type") not in ("file", "submit", "button"):
            found.append((name, child.get("value", "")))
        else:
            found += controls(child)
    return found


def changed(pairs: Pairs, **values: str) -> Pairs:
    """Return ``pairs`` with other values; ``__`` in a name is a dot."""
    left = {name.replace("__", "."): value for name, value in values.items()}
    found = [(name, left.pop(name, value)) for name, value in pairs]
    return [*found, *left.items()]


def said(page: Element, name: str) -> str:
    """Return the messages at the input ``name``."""
    places = [e for e in page.iter("div") if e.get("data-said") == name]
    return " ".join("".join(place.itertext()).strip() for place in places)


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
