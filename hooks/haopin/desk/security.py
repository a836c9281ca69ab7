"""Who may talk to the desk: a browser of this machine that was opened with the desk's own address.

Three things are checked, since any page of the web can send requests to 127.0.0.1:

- **Host** names this machine, so that a name that leads here (DNS rebinding) gets no answer.
- **Origin** of a request that changes something is the desk itself.
- A **cookie** holds the token of this run, which only the first address has. It is `HttpOnly` and `SameSite=Strict`.

Previews are at an address nobody can guess, without cookie, and in a sandbox: what is in a record or a file runs, if at
all, apart from the desk.
"""

import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Name of the cookie; the port is added, because browsers share cookies between the ports of a host.
COOKIE = "haopin-desk"
#: Query of the first address.
TOKEN = "token"
#: Largest request in bytes: forms with pictures and evidence.
LARGEST = 100_000_000
_TOO_LARGE = f"413: 超过 {LARGEST // 1_000_000} MB / more than that"
#: Methods that change nothing.
_SAFE = ("GET", "HEAD")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: Policy of previews: an origin of their own, and only the desk may frame them.
PREVIEW_POLICY = "sandbox allow-scripts allow-popups; frame-ancestors 'self'"


class Guard:
    """Answers only the desk's own browser; adds the security headers to each answer."""

    def __init__(self, app: ASGIApp, token: str, port: int, open_paths: tuple[str, ...]) -> None:
        """Guard ``app``.

        Args:
            app: The application.
            token: Token of this run.
            port: Port that the desk listens on.
            open_paths: Beginnings of the paths that need no cookie: previews.
        """
        self._app, self._token, self._open = app, token, open_paths
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._cookie = f"{COOKIE}-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        is_open = scope["path"].startswith(self._open)
        if refusal is not None:
            await refusal(scope, receive, _secured(send, is_open=False))
            return
        await self._app(scope, _limited(receive), _secured(send, is_open=is_open))

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not the desk's own; None if it is."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host not in self._hosts:
            return PlainTextResponse("421: 请用编辑台自己的网址 / use the address of the desk itself", 421)
        origin = headers.get("origin")
        if scope["method"] not in _SAFE and origin != f"http://{host}":
            # All browsers send the header with requests that change something.
            return PlainTextResponse("403: 请求来自别的网站 / the request comes from another site", 403)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdecimal()):
            return PlainTextResponse("400", 400)
        if len(length) > 12 or int(length) > LARGEST:
            return PlainTextResponse(_TOO_LARGE, 413)
        if scope["path"].startswith(self._open):
            return None if scope["method"] in _SAFE else PlainTextResponse("405", 405)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if TOKEN in query and _equal(query[TOKEN][0], self._token):
            return self._admitted(scope["path"], query)
        if not _equal(_cookies(headers).get(self._cookie, ""), self._token):
            return PlainTextResponse(
                "401: 请从打开编辑台的窗口里的网址进入 / open the address that is printed in the window of the desk",
                401,
            )
        return None

    def _admitted(self, path: str, query: Mapping[str, list[str]]) -> Response:
        """Set the cookie, and lead to the same address without the token, which then is in no history."""
        rest = urlencode([(key, value) for key, values in query.items() if key != TOKEN for value in values])
        response = RedirectResponse("/" + path.lstrip("/\\") + (f"?{rest}" if rest else ""), 303)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return response


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def _equal(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _cookies(headers: Headers) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _limited(receive: Receive) -> Receive:
    """Cut off a body that is longer than allowed, whatever its headers say."""
    left = LARGEST

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return limited


def _secured(send: Send, *, is_open: bool) -> Send:
    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            added: dict[str, Any] = {
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer" if is_open else "same-origin",
                "Cache-Control": "no-store",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "cross-origin" if is_open else "same-origin",
                "Content-Security-Policy": PREVIEW_POLICY if is_open else _POLICY,
            }
            if is_open:
                # A sandboxed page has no origin, and may load its own module scripts and data only so.
                added["Access-Control-Allow-Origin"] = "*"
            for name, value in added.items():
                # A page that needs a policy of its own has set it.
                headers.setdefault(name, value)
        await send(message)

    return secured
