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

#: Bytes of one answer, after unpacking.
LARGEST = 8_000_000
#: Redirects that are followed for one address.
REDIRECTS = 5
_AGENT = "haopin-watch/1 (the site's own check)"
_PIECE = 65_536
_MOVED = (301, 302, 303, 307, 308)
#: What a server can bring about by answering nonsense, or not at all.
_FAILURES = (HTTPError, HTTPException, OSError, ValueError)
_Result = TypeVar("_Result")


# --- What is found


@dataclass(frozen=True)
class HealthFinding:
    """One thing that is not well: what, where, and what to do, in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the line that a clerk reads."""
        return f"{self.zh} / {self.en}"


class NoAnswerError(Exception):
    """An address gave no answer that can be used; ``finding`` says why."""

    def __init__(self, finding: HealthFinding, *, unreachable: bool = False) -> None:
        """Keep the reason.

        Args:
            finding: The reason.
            unreachable: Whether nobody answered at all, so that nothing is known of the site.
        """
        self.finding, self.unreachable = finding, unreachable
        super().__init__(str(finding))


# --- Requests


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        address: Where the answer came from, after redirects; elsewhere if the last redirect left the host.
        status: Status code; that of the redirect if it left the host.
        kind: Media type in lower case, without parameters.
        body: Content, unpacked; empty if only the head was asked for.
        policy: Its ``Content-Security-Policy`` as a header; "" if the server sends none.
    """

    address: str
    status: int
    kind: str
    body: bytes
    policy: str = ""


def trust(authorities: Path | None = None) -> ssl.SSLContext:
    """Return whom to trust: the machine's authorities, or those in the PEM file.

    Raises:
        OSError: if the file cannot be read; `ssl.SSLError`, which is one, if it holds no certificates.
    """
    return ssl.create_default_context(cafile=str(authorities) if authorities else None)


def within(seconds: float, work: Callable[[], _Result], cut: Callable[[], object] = lambda: None) -> _Result:
    """Return what ``work`` returns, if it does so in time.

    A timeout of a socket is one for each piece that comes. Here the clock runs for the whole: looking up the name,
    connecting, TLS, status, head and body, whatever the other side sends.

    Args:
        seconds: How long it may take.
        work: What is done, in a thread of its own.
        cut: Makes ``work`` end, which nobody waits for any longer.

    Raises:
        TimeoutError: of urllib3, if the time is over; otherwise what ``work`` raises.
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
    """Asks one server, one request at a time."""

    def __init__(
        self,
        context: ssl.SSLContext,
        seconds: float = 15,
        *,
        largest: int = LARGEST,
        fresh: bool = False,
    ) -> None:
        """Ask nothing yet.

        Args:
            context: Whom to trust, from `trust`.
            seconds: Longest time for one address, redirects included.
            largest: Bytes of the largest answer that is read, after unpacking.
            fresh: Ask caches on the way to look at the server itself.
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
        """Begin with connections that can be cut while somebody waits for them."""
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
        """Return the pool for ``address``: straight to it, or through the proxy that the environment names."""
        where = urlsplit(address)
        proxy = "" if proxy_bypass(where.hostname or "") else getproxies().get(where.scheme, "")
        if proxy not in self._pools:
            # Nothing packed is asked for; a server that packs all the same is unpacked piece by piece.
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
        """Close the connections under whoever still reads from them, and begin with new ones."""
        for connected in self._made:
            # The socket itself is shut, also below TLS, whose own way would be to wait for the other side.
            with suppress(OSError, TypeError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
        self._begin()

    def close(self) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.clear()

    def ask(self, address: str, *, head: bool = False, anywhere: bool = False) -> Answer:
        """Return the answer of ``address``; redirects are followed while they stay on its host.

        Args:
            address: What is asked for.
            head: Ask for the head alone.
            anywhere: Follow redirects to other hosts, too.

        Raises:
            NoAnswerError: if there is none, or it is too large, too slow, or goes round in circles.
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
                        f"{at}: redirected to what is no address ({to!r}); look at the redirects of the web server",
                    )
                ) from error
            if where.netloc != host and (not anywhere or where.scheme not in ("http", "https")):
                return Answer(at, answer.status, "", b"")
        raise NoAnswerError(
            HealthFinding(
                f"{address}：转来转去，没有尽头；请检查网页服务器的跳转规则",
                f"{address}: redirected without end; look at the redirects of the web server",
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
            # A connection on which something was left unread is of no further use.
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
                        f"{address}: more than {self._largest // 1_000_000} MB; not read to its end",
                    )
                )
        return b"".join(pieces)


def _slow(address: str) -> NoAnswerError:
    return NoAnswerError(
        HealthFinding(
            f"{address}：太慢，没有等到；请检查服务器和网络",
            f"{address}: too slow; look at the server and the network",
        ),
        unreachable=True,
    )


def _reason(address: str, error: Exception) -> NoAnswerError:
    if isinstance(error, SSLError):
        return NoAnswerError(certificate_finding(address, error))
    # Nobody listening counts as a timeout to the library.
    if isinstance(error, TimeoutError) and not isinstance(error, NewConnectionError):
        return _slow(address)
    return NoAnswerError(
        HealthFinding(
            f"{address}：没有应答（{type(error).__name__}）；请检查网址、服务器和网络",
            f"{address}: no answer ({type(error).__name__}); look at the address, the server and the network",
        ),
        unreachable=True,
    )


def certificate_finding(where: str, error: Exception) -> HealthFinding:
    """Return what is wrong with the certificate at ``where``."""
    inner = next((a for a in (error, *error.args) if isinstance(a, ssl.SSLError)), None)
    reason = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or type(error).__name__
    return HealthFinding(
        f"{where}：证书不被信任（{reason}）；请更换证书",
        f"{where}: the certificate is not trusted ({reason}); renew it",
    )
