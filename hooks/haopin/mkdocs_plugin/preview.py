"""Live preview: pages reload after each edit, or show the problems of the data."""

import errno
import html
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from mkdocs.commands.build import build
from mkdocs.livereload import LiveReloadServer

from haopin.mkdocs_plugin import BUILDER
from haopin.mkdocs_plugin.staging import load
from haopin.problem import ConfigurationError

_SCRIPT = "/livereload/script.js"
#: Reloads the page when the server has a newer build, as MkDocs' own script does. ``/livereload/BUILD/NUMBER`` answers
#: with the number of the latest build, as soon as it is greater than BUILD.
_SCRIPT_TEXT = """\
let build = Number(new URL(document.currentScript.src).searchParams.get("build"))
let request = new AbortController()
let timer
function wait() {
  request = new AbortController()
  fetch(`/livereload/${build}/${Date.now()}`, { signal: request.signal })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
    .then((last) => {
      if (build > 0 && Number(last) > build) return location.reload()
      build = Number(last)
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
#: Seconds until a preview that does not end by itself is ended by force.
_ENDING = 5
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>有问题 / problems</title></head>
<body><h1>有问题，改好后本页自动更新</h1><p lang="en">There are problems. This page reloads when they are fixed.</p>
<pre style="white-space: pre-wrap">{problems}</pre></body></html>
"""


class _Collected(logging.Handler):
    """Log handler that collects the errors of a build; they are still printed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class PreviewServer(LiveReloadServer):
    """MkDocs' preview server, extended to show the errors of the data in the browser.

    Attributes:
        problems: Errors of the last build; empty if it succeeded.
    """

    def __init__(self, config: Path, host: str, port: int, root: str) -> None:
        """Prepare to build ``config`` into ``root``; nothing is built or served yet."""
        self.config, self.problems, self._bound = config, "", False
        super().__init__(builder=self.build, host=host, port=port, root=root)

    def server_bind(self) -> None:
        """Bind the address, unless already done."""
        if not self._bound:
            super().server_bind()
            self._bound = True

    def build(self) -> None:
        """Build; on failure store the reason in `problems` instead of raising an exception."""
        collected = _Collected()
        logger = logging.getLogger(BUILDER)
        logger.addHandler(collected)
        try:
            settings = load(self.config, site_dir=self.root)
            settings.site_url = self.url
            build(settings)
        except (Exception, SystemExit) as error:
            self.problems = "\n".join(collected.lines) or f"{type(error).__name__}: {error}"
            if not collected.lines:
                click.echo(self.problems, err=True)
            click.echo("有问题，改好后自动更新 / there are problems; the preview updates when they are fixed", err=True)
        else:
            self.problems = ""
            click.echo(f"{time.strftime('%H:%M:%S')} 已更新 / built: {self.url}")
        finally:
            logger.removeHandler(collected)

    def serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Respond with the reload script, the problems, or a file of the site."""
        path = environ["PATH_INFO"]
        if path == _SCRIPT:
            content, kind = _SCRIPT_TEXT.encode(), "text/javascript; charset=utf-8"
        elif self.problems and not path.startswith("/livereload/"):
            page = _PAGE.format(problems=html.escape(self.problems)).encode()
            content, kind = _with_script(page, 0), "text/html; charset=utf-8"
        else:
            return super().serve_request(environ, start_response)
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        # The only private method of MkDocs that is overridden: it inserts an inline script into every page, which the
        # content security policy blocks, and there is no setting for a script file. A browser test fails if MkDocs
        # changes it.
        return _with_script(content, epoch)


def _with_script(page: bytes, build: int) -> bytes:
    """Insert the reload script into ``page``, which shows the build numbered ``build`` (0: any)."""
    head, body, rest = page.rpartition(b"</body>")
    return head + f'<script src="{_SCRIPT}?build={build}"></script>'.encode() + body + rest


def serve(config: Path, port: int) -> None:
    """Build ``config`` and serve it at ``http://127.0.0.1:PORT/``, rebuilding after each edit, until Ctrl-C.

    Raises:
        ConfigurationError: if the configuration cannot be read or the port is taken.
    """
    settings = load(config)
    root = tempfile.mkdtemp(prefix="haopin-preview-")

    def leave() -> None:
        shutil.rmtree(root, ignore_errors=True)
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
    server = PreviewServer(config, "127.0.0.1", port, root)
    try:
        # Bind before the first build, to report a taken port at once.
        server.server_bind()
        for path in (settings.docs_dir, str(config.resolve()), *settings.watch):
            server.watch(path)
        click.echo("按 Ctrl+C 结束 / Ctrl+C ends the preview")
        server.build()
        server.serve()  # type: ignore[no-untyped-call]
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
        server.shutdown()
        shutil.rmtree(root, ignore_errors=True)
