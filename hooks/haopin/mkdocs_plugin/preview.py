"""Live preview: the page in view follows each edit at once, the rest of the site in the background.

After an edit the data is read and checked; pages are then rendered when a browser asks for them. Files other than pages
are those of the last build, which is repeated in the background and given up when something changes again. Problems
are shown on every page until they are fixed.
"""

import errno
import html
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import click
from mkdocs.commands.build import build
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from haopin.mkdocs_plugin import BUILDER, CANCELLED, LAST_SITE, MODE
from haopin.mkdocs_plugin.loading import load
from haopin.mkdocs_plugin.plugin import fresh
from haopin.problem import ConfigurationError

if TYPE_CHECKING:
    from haopin.mkdocs_plugin.live import Live

_SCRIPT = "/livereload/script.js"
#: Reloads the page when the server knows something newer. ``/livereload/NUMBER/UNIQUE`` answers with the number of the
#: latest change, as soon as it is greater than NUMBER.
_SCRIPT_TEXT = """\
let change = Number(new URL(document.currentScript.src).searchParams.get("change"))
let request = new AbortController()
let timer
function wait() {
  request = new AbortController()
  fetch(`/livereload/${change}/${Date.now()}`, { signal: request.signal })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
    .then((last) => {
      if (Number(last) !== change) return location.reload()
      wait()
    })
    .catch((reason) => {
      if (reason.name !== "AbortError") timer = setTimeout(wait, 3000)
    })
}
// A browser has few connections to a host, and a tab that nobody sees needs none.
document.addEventListener("visibilitychange", () => {
  request.abort()
  clearTimeout(timer)
  if (!document.hidden) wait()
})
if (!document.hidden) wait()
"""
#: Seconds until a preview that does not end by itself is ended by force; until a browser that waits is answered;
#: of silence after an edit; for which the page in view may be asked for before the build in the background begins.
_ENDING, _WAITING, _SILENCE, _FIRST = 5, 60, 0.02, 0.3
_TITLES = {
    "zh": ("有问题，改好后本页自动更新", "zh-CN"),
    "en": ("There are problems. This page reloads when they are fixed.", "en"),
}
_PAGE = """<!doctype html>
<html lang="{tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
</head>
<body><h1>{title}</h1>
<ul style="white-space: pre-wrap; overflow-wrap: anywhere">{problems}</ul></body></html>
"""


class _Collected(logging.Handler):
    """Log handler that collects the errors of a build; they are still printed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += record.getMessage().strip().split("\n")


def in_language(line: str, language: str) -> str:
    """Return the part of a bilingual ``line`` in ``language``, with the place that it begins with.

    Lines are ``PLACE: CHINESE / ENGLISH``; others are returned as they are.
    """
    parts = line.split(" / ")
    # The English part begins after the first separator with a letter behind it.
    number = next((n for n in range(1, len(parts)) if parts[n][:1].isascii() and not parts[n - 1].isascii()), 0)
    if not number:
        return line
    zh, en = " / ".join(parts[:number]), " / ".join(parts[number:])
    if language == "zh":
        return zh
    place = line.split(": ", 1)[0]
    return f"{place}: {en}" if ":" in place and place.isascii() else en


class Preview:
    """The state of a preview, and what follows an edit.

    Attributes:
        config: The configuration file.
        url: Address of the preview.
        problems: Problems of the data, as lines; empty if there are none.
        live: The pages of the data as it is now; None until it has been read without problems.
        site: Folder of the last build.
        change: Number of the latest change that a browser can see.
    """

    def __init__(self, config: Path, url: str, folder: Path) -> None:
        """Prepare the preview of ``config`` with files in ``folder``; nothing is read yet."""
        self.config, self.url, self._folder = config, url, folder
        self.problems: list[str] = []
        self.live: Live | None = None
        self.site = folder / "0"
        self.change = time.time_ns() // 1_000_000
        self.changed = threading.Condition()
        self.edited, self._asked = threading.Event(), threading.Event()
        self._builds, self._waiting, self._is_ending = 0, 0, False
        self._configurations: Any = None

    # --- What follows an edit

    def follow(self) -> None:
        """Follow edits until `end`."""
        while not self._is_ending:
            # With breaks, without which Windows would not notice Ctrl-C.
            if not self.edited.wait(0.25):
                continue
            while self.edited.is_set():
                self.edited.clear()
                time.sleep(_SILENCE)
            if not self._is_ending:
                self.update()

    def end(self) -> None:
        """End `follow`."""
        self._is_ending = True
        self.edited.set()
        with self.changed:
            self.changed.notify_all()

    def update(self) -> None:
        """Read the data, let browsers load the page in view again, and build the site."""
        collected = _Collected()
        logger = logging.getLogger(BUILDER)
        logger.addHandler(collected)
        try:
            self._read()
            self._publish([])
            # The page in view comes first.
            if self._waiting:
                self._asked.wait(_FIRST)
            self._build()
        except (Exception, SystemExit) as error:
            # After an edit of the program, its classes are others.
            lines = collected.lines or getattr(error, "lines", None) or [f"{type(error).__name__}: {error}"]
            if not collected.lines:
                click.echo("\n".join(lines), err=True)
            click.echo("有问题，改好后自动更新 / there are problems; the preview updates when they are fixed", err=True)
            self._publish(lines)
        finally:
            logger.removeHandler(collected)

    def _read(self) -> None:
        module = fresh("live")
        if self._configurations is None or not isinstance(self._configurations, module.Configurations):
            self._configurations = module.Configurations(self.config, self.url)
        self.live = module.Live(self._configurations)

    def _publish(self, problems: list[str]) -> None:
        """Let every browser load its page again."""
        with self.changed:
            self.problems = problems
            self.change += 1
            self._asked.clear()
            self.changed.notify_all()
        if not problems:
            click.echo(f"{time.strftime('%H:%M:%S')} 已更新 / updated: {self.url}")

    def _build(self) -> None:
        """Build the site beside the last one, from which it takes what has not changed."""
        assert self.live is not None
        self._builds += 1
        target, before = self._folder / str(self._builds), self.site
        settings = load(self.config, site_dir=str(target))
        settings.site_url = self.url
        settings.extra |= {LAST_SITE: before, MODE: "preview", CANCELLED: self.edited.is_set}
        settings.extra["haopin"]["session"] = self.live.session
        try:
            build(settings)
        except BaseException as error:
            shutil.rmtree(target, ignore_errors=True)
            if self.edited.is_set() and type(error).__name__ == "CancelledError":
                return
            raise
        self.site = target
        shutil.rmtree(before, ignore_errors=True)

    # --- What a browser asks for

    def wait(self, change: int) -> int:
        """Return the number of the latest change, as soon as it is not ``change``; after a minute in any case."""
        with self.changed:
            self._waiting += 1
            try:
                self.changed.wait_for(lambda: self.change != change or self._is_ending, _WAITING)
            finally:
                self._waiting -= 1
            return self.change

    def page(self, path: str) -> str | None:
        """Return the page at ``path``, relative to the root of the site: live, or with the problems; else None."""
        live, problems, change = self.live, self.problems, self.change
        found = None
        try:
            found = live.page(path) if live is not None and not problems else None
        except Exception as error:
            # For example of a template that is being edited.
            problems = [f"{type(error).__name__}: {error}"]
        self._asked.set()
        if problems:
            language = live.language(path) if live is not None else "en" if path.startswith("en/") else "zh"
            title, tag = _TITLES["zh" if language == "zh" else "en"]
            items = "".join(f"<li>{html.escape(in_language(line, language))}</li>" for line in problems)
            return with_script(_PAGE.format(title=title, tag=tag, problems=items), change)
        if found is None:
            with suppress(OSError):
                found = (self.site / path / "index.html").read_text("utf-8")
        return found and with_script(found, change)


def with_script(page: str, change: int) -> str:
    """Insert the script that loads ``page`` again; the policy of pages does not allow it to be in the page itself."""
    head, body, rest = page.rpartition("</body>")
    return f'{head}<script src="{_SCRIPT}?change={change}"></script>{body}{rest}'


class _Handler(SimpleHTTPRequestHandler):
    """Answers a browser of this machine: pages live, other files from the last build."""

    def __init__(self, preview: Preview, *arguments: Any, **named: Any) -> None:
        self._preview = preview
        super().__init__(*arguments, directory=str(preview.site), **named)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        """Answer a request."""
        if self.headers.get("Host") not in self._hosts():
            # A name that leads to this machine would let another site read the preview.
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = unquote(urlsplit(self.path).path)
        if path == _SCRIPT:
            self._send(_SCRIPT_TEXT, "text/javascript")
        elif path.startswith("/livereload/"):
            known = path.split("/")[2]
            self._send(str(self._preview.wait(int(known) if known.isdigit() else 0)), "text/plain")
        elif path.endswith("/") and (page := self._preview.page(path.removeprefix("/"))) is not None:
            self._send(page, "text/html")
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer like `do_GET`, for which the library has no body."""
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def _hosts(self) -> tuple[str, ...]:
        assert isinstance(self.server, ThreadingHTTPServer)
        port = self.server.server_port
        return (f"127.0.0.1:{port}", f"localhost:{port}")

    def _send(self, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content)


class _Edits(FileSystemEventHandler):
    """Sets an event when a file changes."""

    def __init__(self, edited: threading.Event) -> None:
        self._edited = edited

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note that a file was written, moved or deleted; compiled modules are written by the program itself."""
        names = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or ""))
        is_read = event.event_type in ("opened", "closed_no_write")
        if not (event.is_directory or is_read or any("__pycache__" in name for name in names)):
            self._edited.set()


def _watching(paths: Mapping[str, bool], edited: threading.Event) -> Any:
    """Watch ``paths`` (path → whether below it too); return the running observer."""
    for kind in (Observer, PollingObserver):
        observer = kind()
        try:
            for path, below in paths.items():
                observer.schedule(_Edits(edited), path, recursive=below)
            observer.start()
            return observer
        except OSError:
            # The system watches no more files: look at each from time to time.
            if kind is PollingObserver:
                raise
    return None


def serve(config: Path, port: int) -> None:
    """Serve ``config`` at ``http://127.0.0.1:PORT/``, following each edit, until Ctrl-C.

    Raises:
        ConfigurationError: if the configuration cannot be read or the port is taken.
    """
    settings = load(config)
    folder = Path(tempfile.mkdtemp(prefix="haopin-preview-"))

    def leave() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    def end(_signal: int, _frame: Any) -> None:
        # Python may lose an exception in a callback, and a server waits for its threads: neither may keep the preview
        # from ending. Its folder is removed also if another program ends it.
        last = threading.Timer(_ENDING, leave)
        last.daemon = True
        last.start()
        raise KeyboardInterrupt

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, end)
    preview = Preview(config, f"http://127.0.0.1:{port}/", folder)
    server = observer = None
    try:
        # Bind before the data is read, to report a taken port at once.
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, preview))
        server.daemon_threads = True
        paths = {str(Path(path)): Path(path).is_dir() for path in (settings.docs_dir, *settings.watch)}
        observer = _watching({**paths, str(config.resolve()): False}, preview.edited)
        click.echo("按 Ctrl+C 结束 / Ctrl+C ends the preview")
        preview.update()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        preview.follow()
    except KeyboardInterrupt:
        pass
    except (OSError, OverflowError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise ConfigurationError(
            f"端口 {port} 不能用（已被占用，也许预览已经开着），请换一个 / port {port} cannot be used (taken, perhaps "
            f"by another preview); use another: haopin serve --port {port + 1 if port < 65535 else 8001}"
        ) from error
    finally:
        preview.end()
        if observer is not None:
            observer.stop()
        if server is not None:
            server.server_close()
        shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.flush()
