"""The application: routes of all pages, static files, and the guard around them."""

import mimetypes
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from haopin.desk.desk import Desk
from haopin.desk.pages import (
    approval,
    batches,
    files,
    history,
    ledger,
    overview,
    preview,
    publish,
    records,
    translation,
)
from haopin.desk.security import Guard, new_token
from haopin.problem import ConfigurationError, DataError

_STATIC = Path(__file__).parent / "static"
# On Windows, any program can change these in the registry, and a browser runs no script of another type.
for _type, _suffix in (("text/javascript", ".js"), ("text/css", ".css"), ("image/svg+xml", ".svg")):
    mimetypes.add_type(_type, _suffix)
#: Modules with ``ROUTES``, in the order in which paths are compared.
PAGES = (overview, records, ledger, batches, translation, approval, publish, history, files, preview)


def create_app(desk: Desk, token: str, port: int) -> Starlette:
    """Return the application of ``desk``, to which only a browser with ``token`` has access, on ``port``."""
    desk.preview_root = f"/preview/{new_token()}/"
    app = Starlette(
        routes=[*(route for page in PAGES for route in page.ROUTES), Mount("/static", StaticFiles(directory=_STATIC))],
        middleware=[Middleware(Guard, token=token, port=port, open_paths=(desk.preview_root,))],
        exception_handlers={
            DataError: _data_error,
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


def _configuration_error(request: Request, error: Exception) -> Response:
    return _problem(request, str(error).splitlines(), 422)


def _not_found(request: Request, error: Exception) -> Response:
    desk: Desk = request.app.state.desk
    return desk.missing(request)


def _unexpected(request: Request, error: Exception) -> Response:
    # The window of the desk has the rest, for whoever looks after the program.
    words = f"程序出错了，什么都没有写：{error!r} / the program failed and wrote nothing: {error!r}"
    return _problem(request, [words], 500)


def _problem(request: Request, lines: object, status: int) -> Response:
    desk: Desk = request.app.state.desk
    return desk.page(request, "problem.html", lines=lines, status=status)
