"""A clerk without a browser: opens pages of the desk, and sends their forms as a browser would."""

from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from haopin.desk.app import create_app
from haopin.desk.desk import CLERK, Desk
from haopin.desk.security import COOKIE
from starlette.testclient import TestClient
from support import TEST_DAY

PORT, TOKEN = 8123, "token-of-a-test"
ORIGIN = f"http://127.0.0.1:{PORT}"
Pairs = list[tuple[str, str]]


class Clerk:
    """The desk of a project, and a clerk with a cookie who uses it.

    Attributes:
        desk: The desk.
        http: The client.
    """

    def __init__(self, project: Path, name: str = "Ada", language: str = "zh") -> None:
        """Open the desk of ``project``."""
        self.desk = Desk(project / "mkdocs.yml")
        self.desk.settings = self.desk.settings.model_copy(update={"as_of": TEST_DAY})
        self.http = TestClient(create_app(self.desk, TOKEN, PORT), base_url=ORIGIN, follow_redirects=False)
        self.http.headers["Origin"] = ORIGIN
        self.http.cookies.update({f"{COOKIE}-{PORT}": TOKEN, CLERK: name, "haopin-language": language})

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


def root(text: str) -> Element:
    """Parse a page."""
    found: Element = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return found


def pairs_of(page: Element) -> Pairs:
    """Return what a browser sends of the form of a record on ``page``, without button."""
    (form,) = [e for e in page.iter("form") if "record" in e.get("class", "").split()]
    return list(_controls(form))


def _controls(element: Element) -> Pairs:
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
            found += _controls(child)
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
