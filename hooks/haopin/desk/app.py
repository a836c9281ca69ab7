"""The application: routes of all pages, static files, and the guard around them."""

import mimetypes
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from haopin.desk.desk import Desk, PageRenderer
from haopin.desk.pages import (
    approval,
    batches,
    files,
    history,
    ledger,
    materials,
    overview,
    preview,
    publish,
    records,
    start,
    translation,
)
from haopin.desk.pages.start import StartDesk
from haopin.desk.security import Guard, new_token
from haopin.office.steps import ChangedMeanwhileError, different_lines
from haopin.problem import ConfigurationError, DataError

_STATIC = Path(__file__).parent / "static"
# On Windows, any program can change these in the registry, and a browser runs no script of another type.
for _type, _suffix in (("text/javascript", ".js"), ("text/css", ".css"), ("image/svg+xml", ".svg")):
    mimetypes.add_type(_type, _suffix)
#: Modules with ``ROUTES``, in the order in which paths are compared.
PAGES = (overview, records, ledger, batches, translation, approval, materials, publish, history, files, preview)


class Entrance:
    """The application that is served: the start of a site where there is none, and then its desk.

    Attributes:
        desk: The desk; None until there is a site.
    """

    def __init__(self, config: Path, token: str, port: int, as_of: date | None = None) -> None:
        """Serve the desk of ``config``, or the start of a site in its folder if the file does not exist.

        Args:
            config: The configuration file.
            token: Token of this run.
            port: Port that the desk listens on.
            as_of: Date to use as today.

        Raises:
            ConfigurationError: if the configuration is invalid.
        """
        self._token, self._port, self._as_of = token, port, as_of
        self.desk: Desk | None = None
        self._app: Starlette
        if config.is_file():
            self.open(config)
        else:
            folder = config.resolve().parent
            self._app = _application(StartDesk(folder, self.open), start.ROUTES, token, port, ())

    def open(self, config: Path) -> None:
        """Open the desk of ``config``.

        Raises:
            ConfigurationError: if the configuration is invalid.
        """
        self.desk = Desk(config, self._as_of)
        self._app = create_app(self.desk, self._token, self._port)

    def close(self) -> None:
        """Close the desk, if there is one."""
        if self.desk is not None:
            self.desk.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._app(scope, receive, send)


def create_app(desk: Desk, token: str, port: int) -> Starlette:
    """Return the application of ``desk``, to which only a browser with ``token`` has access, on ``port``."""
    desk.preview_root = f"/preview/{new_token()}/"
    routes = [route for page in PAGES for route in page.ROUTES]
    return _application(desk, routes, token, port, (desk.preview_root,))


def _application(
    desk: PageRenderer, routes: Iterable[BaseRoute], token: str, port: int, open_paths: tuple[str, ...]
) -> Starlette:
    app = Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=_STATIC))],
        middleware=[Middleware(Guard, token=token, port=port, open_paths=open_paths)],
        exception_handlers={
            DataError: _data_error,
            ChangedMeanwhileError: _changed_meanwhile,
            ConfigurationError: _configuration_error,
            404: _not_found,
            Exception: _unexpected,
        },
    )
    app.state.desk = desk
    return app


def _data_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DataError)
    return _problem(request, error.lines, 422)


def _changed_meanwhile(request: Request, error: Exception) -> Response:
    assert isinstance(error, ChangedMeanwhileError)
    rows = [(file, *different_lines(*both)) for file, both in error.files.items()]
    desk: PageRenderer = request.app.state.desk
    return desk.page(request, "changed.html", rows=rows, status=409)


def _configuration_error(request: Request, error: Exception) -> Response:
    return _problem(request, str(error).splitlines(), 422)


def _not_found(request: Request, error: Exception) -> Response:
    desk: PageRenderer = request.app.state.desk
    return desk.missing(request)


def _unexpected(request: Request, error: Exception) -> Response:
    # The window of the desk has the rest, for the person who maintains the program.
    words = f"程序出错了，什么都没有写：{error!r} / the program failed and wrote nothing: {error!r}"
    return _problem(request, [words], 500)


def _problem(request: Request, lines: object, status: int) -> Response:
    desk: PageRenderer = request.app.state.desk
    return desk.page(request, "problem.html", lines=lines, status=status)
