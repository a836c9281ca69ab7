"""Start the desk: bind a free port of this machine, open the browser, serve until Ctrl-C."""

import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import click
import uvicorn

from haopin.desk.app import Entrance
from haopin.desk.security import new_token
from haopin.office.opened import BEAT
from haopin.problem import ConfigurationError


def serve(config: Path, port: int, as_of: date | None = None, *, browse: bool = True) -> None:
    """Serve the desk of ``config`` until Ctrl-C; if there is no such file, offer to create a site.

    Args:
        config: The configuration file.
        port: Port of this machine; 0 for a free one.
        as_of: Date to use as today.
        browse: Whether to open the browser.

    Raises:
        ConfigurationError: if the port is taken or the configuration is invalid.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A port that was just freed can be had again; on Windows the option would share it with others instead.
    if sys.platform == "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        # The address is printed before the server runs: requests sent meanwhile wait.
        listening.listen()
    except (OSError, OverflowError) as error:
        raise ConfigurationError(
            f"端口 {port} 不能用（已被占用），请换一个或不写 / port {port} cannot be used; choose another, or none"
        ) from error
    port = listening.getsockname()[1]
    token = new_token()
    entrance = Entrance(config, token, port, as_of)
    address = f"http://127.0.0.1:{port}/?token={token}"
    server = uvicorn.Server(uvicorn.Config(entrance, log_level="error", lifespan="off", server_header=False))
    click.echo(f"编辑台 / desk: {address}\n按 Ctrl+C 结束 / Ctrl+C ends it")
    if browse:
        _when_started(server, lambda: webbrowser.open(address))
    ended = threading.Event()
    threading.Thread(target=_beat, args=(entrance, ended), daemon=True).start()
    try:
        # Ctrl-C is how it ends; uvicorn passes it on once it has answered what was asked.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        ended.set()
        entrance.close()
        listening.close()


def _beat(entrance: Entrance, ended: threading.Event) -> None:
    """Say from time to time that the desk is open."""
    while not ended.wait(BEAT):
        if entrance.desk is not None:
            entrance.desk.presence.beat()


def _when_started(server: uvicorn.Server, then: Callable[[], object]) -> None:
    def wait() -> None:
        while not server.started and not server.should_exit:
            threading.Event().wait(0.02)
        if server.started:
            then()

    threading.Thread(target=wait, daemon=True).start()
