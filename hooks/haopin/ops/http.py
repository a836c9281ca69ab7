"""HTTP requests with limits of size, time and redirects, so that a slow or malicious server cannot block the caller."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

#: Largest response body in bytes, after decompression.
LARGEST = 8_000_000
#: Number of redirects that are followed.
REDIRECTS = 5
_AGENT = "haopin-watch/1 (the site's own check)"
_PIECE = 65_536
_MOVED = (301, 302, 303, 307, 308)
#: Errors that a server can cause by an invalid response, or by none.
_FAILURES = (HTTPError, HTTPException, OSError, ValueError)
_Result = TypeVar("_Result")


# --- Findings


@dataclass(frozen=True)
class HealthFinding:
    """A problem of the live site: what, where, and how to fix it, in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the message in both languages."""
        return f"{self.zh} / {self.en}"


class NoAnswerError(Exception):
    """An address gave no usable response; ``finding`` says why."""

    def __init__(self, finding: HealthFinding, *, unreachable: bool = False) -> None:
        """Store the reason.

        Args:
            finding: The reason.
            unreachable: Whether there was no response at all, so that the state of the site is unknown.
        """
        self.finding, self.unreachable = finding, unreachable
        super().__init__(str(finding))


# --- Requests


@dataclass(frozen=True)
class Answer:
    """Response of a server.

    Attributes:
        address: Final address after redirects; on another host if the last redirect led there and was not followed.
        status: Status code; that of the redirect if it led to another host.
        kind: Media type in lower case, without parameters.
        body: Decompressed content; empty for a HEAD request.
        policy: ``Content-Security-Policy`` header; "" if the server sends none.
    """

    address: str
    status: int
    kind: str
    body: bytes
    policy: str = ""


def trust(authorities: Path | None = None) -> ssl.SSLContext:
    """Return a TLS context that trusts the machine's certificate authorities, or those of the PEM file.

    Raises:
        OSError: if the file cannot be read (`ssl.SSLError`, a subclass, if it contains no certificates).
    """
    return ssl.create_default_context(cafile=str(authorities) if authorities else None)


def within(seconds: float, work: Callable[[], _Result], cut: Callable[[], object] = lambda: None) -> _Result:
    """Run ``work`` with a time limit for the whole.

    The timeout of a socket restarts with each packet. This limit covers everything: DNS lookup, connection, TLS,
    status, headers and body, however slowly the server sends.

    Args:
        seconds: Time limit in seconds.
        work: Function to run, in a thread of its own.
        cut: Called at the time limit to end ``work``.

    Returns:
        Result of ``work``.

    Raises:
        TimeoutError: (urllib3's) if the time limit is reached; otherwise any exception of ``work``.
    """
    results: list[_Result] = []
    errors: list[Exception] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True).start()
    if not done.wait(seconds):
        cut()
        raise TimeoutError(f"no answer within {seconds:g} s")
    if errors:
        raise errors[0]
    return results[0]


class HttpClient:
    """HTTP client for one server, one request at a time."""

    def __init__(
        self,
        context: ssl.SSLContext,
        seconds: float = 15,
        *,
        largest: int = LARGEST,
        fresh: bool = False,
    ) -> None:
        """Prepare the client; nothing is requested yet.

        Args:
            context: TLS context, from `trust`.
            seconds: Time limit of one request in seconds, redirects included.
            largest: Largest response body in bytes, after decompression.
            fresh: Send ``Cache-Control: no-cache``, so that caches ask the server.
        """
        self._context, self._seconds, self._largest = context, seconds, largest
        self._headers = {
            "User-Agent": _AGENT,
            "Accept-Encoding": "identity",
            **({"Cache-Control": "no-cache"} if fresh else {}),
        }
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._begin()

    def _begin(self) -> None:
        """Create connection pools that record their sockets, so that `_cut` can close them during a read."""
        made: list[Any] = []

        class PlainConnection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                made.append(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                made.append(self.sock)

        class PlainPool(urllib3.HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class SecurePool(urllib3.HTTPSConnectionPool):
            ConnectionCls = Secure

        self._made, self._pools = made, {}
        self._classes = {"http": PlainPool, "https": SecurePool}

    def _pool(self, address: str) -> urllib3.PoolManager:
        """Return the connection pool for ``address``: direct, or through the proxy that the environment names."""
        where = urlsplit(address)
        proxy = "" if proxy_bypass(where.hostname or "") else getproxies().get(where.scheme, "")
        if proxy not in self._pools:
            # The request asks for no compression; a response that is compressed all the same is decompressed in chunks.
            options: dict[str, Any] = {
                "ssl_context": self._context,
                "retries": False,
                "timeout": urllib3.Timeout(connect=self._seconds, read=self._seconds),
                "headers": self._headers,
            }
            pool = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
            pool.pool_classes_by_scheme = self._classes
            self._pools[proxy] = pool
        return self._pools[proxy]

    def _cut(self) -> None:
        """Close all sockets, also while another thread reads from them, and create new pools."""
        for connected in self._made:
            # On the socket below TLS: closing TLS properly would wait for the server.
            with suppress(OSError, TypeError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
        self._begin()

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.clear()

    def ask(self, address: str, *, head: bool = False, anywhere: bool = False) -> Answer:
        """Request ``address``; redirects are followed as long as they stay on its host.

        Args:
            address: Absolute URL.
            head: Send a HEAD request.
            anywhere: Follow redirects to other hosts, too.

        Raises:
            NoAnswerError: if there is no response, or it is too large, too slow, or a redirect loop.
        """
        try:
            pool = self._pool(address)
            return within(
                self._seconds,
                lambda: self._followed(pool, address, "HEAD" if head else "GET", anywhere),
                self._cut,
            )
        except _FAILURES as error:
            raise _reason(address, error) from error

    def _followed(self, pool: urllib3.PoolManager, address: str, method: str, anywhere: bool) -> Answer:
        host, at = urlsplit(address).netloc, address
        for _ in range(REDIRECTS + 1):
            try:
                answer, to = self._once(pool, at, method)
            except _FAILURES as error:
                raise _reason(at, error) from error
            if not to:
                return answer
            try:
                at = urljoin(at, to)
                where = urlsplit(at)
            except ValueError as error:
                raise NoAnswerError(
                    HealthFinding(
                        f"{at}：跳转的网址写错了（{to!r}）；请检查网页服务器的跳转规则",
                        f"{at}: redirected to an invalid address ({to!r}); check the redirects of the web server",
                    )
                ) from error
            if where.netloc != host and (not anywhere or where.scheme not in ("http", "https")):
                return Answer(at, answer.status, "", b"")
        raise NoAnswerError(
            HealthFinding(
                f"{address}：循环跳转；请检查网页服务器的跳转规则",
                f"{address}: endless redirects; check the redirects of the web server",
            )
        )

    def _once(self, pool: urllib3.PoolManager, address: str, method: str) -> tuple[Answer, str]:
        response = pool.request(method, address, redirect=False, preload_content=False, retries=False)
        whole = False
        try:
            to = response.headers.get("Location", "") if response.status in _MOVED else ""
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            body = b"" if to or method == "HEAD" else self._body(address, response)
            whole = not to
            return Answer(address, response.status, kind, body, response.headers.get("Content-Security-Policy", "")), to
        finally:
            # A connection with unread data cannot be reused.
            if whole:
                response.release_conn()
            else:
                response.close()

    def _body(self, address: str, response: urllib3.BaseHTTPResponse) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := response.read(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > self._largest:
                raise NoAnswerError(
                    HealthFinding(
                        f"{address}：内容超过 {self._largest // 1_000_000} MB，没有读完",
                        f"{address}: larger than {self._largest // 1_000_000} MB; not read to its end",
                    )
                )
        return b"".join(pieces)


def _slow(address: str) -> NoAnswerError:
    return NoAnswerError(
        HealthFinding(
            f"{address}：太慢，没有等到；请检查服务器和网络",
            f"{address}: too slow; check the server and the network",
        ),
        unreachable=True,
    )


def _reason(address: str, error: Exception) -> NoAnswerError:
    if isinstance(error, SSLError):
        return NoAnswerError(certificate_finding(address, error))
    # urllib3's error for a refused connection is a subclass of its timeout.
    if isinstance(error, TimeoutError) and not isinstance(error, NewConnectionError):
        return _slow(address)
    return NoAnswerError(
        HealthFinding(
            f"{address}：没有应答（{type(error).__name__}）；请检查网址、服务器和网络",
            f"{address}: no answer ({type(error).__name__}); check the address, the server and the network",
        ),
        unreachable=True,
    )


def certificate_finding(where: str, error: Exception) -> HealthFinding:
    """Return the finding for a certificate at ``where`` that is not trusted."""
    inner = next((a for a in (error, *error.args) if isinstance(a, ssl.SSLError)), None)
    reason = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or type(error).__name__
    return HealthFinding(
        f"{where}：证书不被信任（{reason}）；请更换证书",
        f"{where}: the certificate is not trusted ({reason}); renew it",
    )
