"""Clients of a server during releases."""

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from urllib.parse import urljoin

from haopin.site.paths import ASSETS_DIGITS, assets_digest
from webserver import Answer, Connection, decoded

#: What a page fetches to be shown.
ASSET = re.compile(rb'(?:href|src)="([^"]*assets/[0-9a-f]{%d}/[^"]+)"' % ASSETS_DIGITS)
#: Digests of assets as addresses have them, one of each build.
DIGESTS = ("0" * ASSETS_DIGITS, "1" * ASSETS_DIGITS)
#: A number of requests that is never reached: visitors stay until they are sent away.
FOREVER = 10**9
#: Says of which build a page is, and each of its assets.
MARK = re.compile(rb"haopin-release-(\d+)")


def lay(site: Path, source: Path, number: int, others: tuple[int, ...]) -> None:
    """Lay a build at ``site``: pages and assets of ``source`` that say its number, and the assets of ``others``."""
    # A build has one folder of assets, named by their content: here the one that is made below.
    left_out = ("pictures", "downloads", "search", "api", "embed", assets_digest(source))
    shutil.copytree(source, site, ignore=shutil.ignore_patterns(*left_out))
    for file in site.rglob("*.html"):
        page = file.read_bytes()
        page = re.sub(
            rb'((?:href|src)="[^"]*assets/)(haopin\.(?:css|js))"',
            lambda found: found[1] + DIGESTS[number].encode() + b"/" + found[2] + b'"',
            re.sub(rb"assets/[0-9a-f]{%d}/" % ASSETS_DIGITS, b"assets/", page),
        )
        file.write_bytes(page.replace(b"</body>", b"<!--haopin-release-%d--></body>" % number))
    for name in ("haopin.css", "haopin.js"):
        found = next(p for p in sorted((source / "assets").rglob(name)))
        for other in (number, *others):
            for folder in ("", "en/"):
                target = site / folder / "assets" / DIGESTS[other] / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(found.read_bytes() + f"/*haopin-release-{other}*/".encode())


@dataclass
class Tally:
    """Results of the clients.

    Attributes:
        requests: How many requests were answered.
        bad: Answers that were none, or not whole, by what was wrong.
        mismatches: Assets that are not of the release of the page that names them.
        versions: Pages by their release.
    """

    requests: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    mismatches: int = 0
    versions: Counter[bytes] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)


class Line:
    """A client's connection: kept while the server keeps it, and replaced when the server closes it."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect, self._connection = connect, connect()

    def get(self, path: str) -> Answer:
        try:
            answer = self._connection.get(path, Accept_Encoding="br")
        except Exception:
            # This request has failed, and is counted; the next one starts afresh.
            self._again()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            self._again()
        return answer

    def _again(self) -> None:
        self.close()
        self._connection = self._connect()

    def close(self) -> None:
        self._connection.close()


def visit(connect: Callable[[], Connection], pages: list[str], tally: Tally, number: int, stop: Event) -> None:
    """Fetch pages, and after each the assets that it names, until ``number`` requests of all visitors or ``stop``.

    Args:
        connect: Makes a connection to whom is asked.
        pages: Paths, taken in turn.
        tally: Where it is counted; shared by all visitors.
        number: Requests in all.
        stop: Set when visitors shall go.
    """
    with closing(Line(connect)) as line:
        turn = 0
        while not stop.is_set() and tally.requests < number:
            path = pages[turn % len(pages)]
            turn += 1
            page = _content(line, path, tally)
            version = MARK.search(page)
            if version is None:
                with tally.lock:
                    tally.bad[f"{path}: without a mark"] += 1
                continue
            with tally.lock:
                tally.versions[version[1]] += 1
            for address in ASSET.findall(page):
                asset = MARK.search(_content(line, urljoin(path, address.decode()), tally))
                if asset is None or asset[1] != version[1]:
                    with tally.lock:
                        tally.mismatches += 1


def _content(line: Line, path: str, tally: Tally) -> bytes:
    """Return what ``path`` holds, ``b""`` if the answer is a bad one; all of them are counted."""
    wrong, content = "", b""
    try:
        found = line.get(path)
        wrong = "" if found.status == 200 else str(found.status)
        content = decoded(found) if not wrong else b""
    except Exception as error:
        # Whatever goes wrong for a visitor is what this counts.
        wrong = repr(error)
    with tally.lock:
        tally.requests += 1
        if wrong:
            tally.bad[f"{path}: {wrong}"] += 1
    return content


def wait_until(tally: Tally, number: int, seconds: float) -> bool:
    """Wait until ``number`` requests are answered; return whether that happened within ``seconds``."""
    end = time.monotonic() + seconds
    while tally.requests < number:
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True
