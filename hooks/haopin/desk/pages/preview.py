"""Previews: pages of the data as it would be, in an origin of their own."""

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from haopin.desk.desk import desk_of

#: Script in each page: keeps the place that it was scrolled to.
_PLACE = Path(__file__).parents[1] / "static" / "place.js"


def preview(request: Request) -> Response:
    """Answer with a page or file of the preview."""
    desk, path = desk_of(request), request.path_params["path"]
    if not request.url.path.startswith(desk.preview_root):
        return PlainTextResponse("404", 404)
    found = _PLACE.read_bytes() if path == _PLACE.name else desk.previewer.answer(path)
    if found is None:
        return PlainTextResponse("404", 404)
    if isinstance(found, str):
        # The sandbox has no origin: scripts of the page may import their modules only if they are loaded like this.
        found = found.replace("<script ", '<script crossorigin="anonymous" ')
        found = found.replace("</head>", f'<script src="{desk.preview_root}{_PLACE.name}" defer></script>\n</head>', 1)
    kind = "text/html" if isinstance(found, str) else mimetypes.guess_type(path)[0] or "application/octet-stream"
    return Response(found, media_type=kind)


ROUTES = (Route("/preview/{secret}/{path:path}", preview),)
