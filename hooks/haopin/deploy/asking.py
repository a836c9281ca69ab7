"""Asking a public server: bounded in size, time and redirects, so that a sick or hostile one holds nobody up."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError, TimeoutError

from haopin.deploy.finding import Finding, NoAnswerError

#: Bytes of one answer, after unpacking.
LARGEST = 8_000_000
#: Redirects that are followed for one address.
REDIRECTS = 5
_AGENT = "haopin-watch/1 (the site's own check)"
_PIECE = 65_536
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes:
        address: Where the answer came from, after redirects; elsewhere if the last redirect left the host.
        status: Status code; that of the redirect if it left the host.
        kind: Media type in lower case, without parameters.
        body: Content, unpacked; empty if only the head was asked for.
    """

    address: str
    status: int
    kind: str
    body: bytes


def trust(authorities: Path | None = None) -> ssl.SSLContext:
    """Return whom to trust: the machine's authorities, or those in the PEM file.

    Raises:
        OSError: if the file cannot be read; `ssl.SSLError`, which is one, if it holds no certificates.
    """
    return ssl.create_default_context(cafile=str(authorities) if authorities else None)


class Asker:
    """Asks one server, one request at a time."""

    def __init__(self, context: ssl.SSLContext, clock: Callable[[], float], seconds: float = 15) -> None:
        """Ask nothing yet.

        Args:
            context: Whom to trust, from `trust`.
            clock: Seconds that only go forward, as `time.monotonic`.
            seconds: Longest time for one address, redirects included.
        """
        self._clock, self._seconds = clock, seconds
        # Nothing packed is asked for; a server that packs all the same is unpacked piece by piece.
        self._pool = urllib3.PoolManager(
            ssl_context=context,
            retries=False,
            timeout=urllib3.Timeout(connect=seconds, read=seconds),
            headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def ask(self, address: str, *, head: bool = False) -> Answer:
        """Return the answer of ``address``; redirects are followed while they stay on its host.

        Raises:
            NoAnswerError: if there is none, or it is too large, too slow, or goes round in circles.
        """
        host, end = urlsplit(address).netloc, self._clock() + self._seconds
        at = address
        for _ in range(REDIRECTS + 1):
            answer, to = self._once(at, "HEAD" if head else "GET", end)
            if not to:
                return answer
            at = urljoin(at, to)
            if urlsplit(at).netloc != host:
                return Answer(at, answer.status, "", b"")
        raise NoAnswerError(
            Finding(
                f"{address}：转来转去，没有尽头；请检查网页服务器的跳转规则",
                f"{address}: redirected without end; look at the redirects of the web server",
            )
        )

    def _once(self, address: str, method: str, end: float) -> tuple[Answer, str]:
        try:
            response = self._pool.request(method, address, redirect=False, preload_content=False, retries=False)
        except (HTTPError, UnicodeError, ValueError) as error:
            raise _reason(address, error) from error
        whole = False
        try:
            to = response.headers.get("Location", "") if response.status in _MOVED else ""
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            body = b"" if to or method == "HEAD" else self._body(address, response, end)
            whole = not to
            return Answer(address, response.status, kind, body), to
        except HTTPError as error:
            raise _reason(address, error) from error
        finally:
            # A connection on which something was left unread is of no further use.
            if whole:
                response.release_conn()
            else:
                response.close()

    def _body(self, address: str, response: urllib3.BaseHTTPResponse, end: float) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while piece := response.read(_PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST:
                raise NoAnswerError(
                    Finding(
                        f"{address}：内容超过 {LARGEST // 1_000_000} MB，没有读完",
                        f"{address}: more than {LARGEST // 1_000_000} MB; not read to its end",
                    )
                )
            if self._clock() > end:
                raise _slow(address)
        return b"".join(pieces)


def _slow(address: str) -> NoAnswerError:
    return NoAnswerError(
        Finding(
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
        Finding(
            f"{address}：没有应答（{type(error).__name__}）；请检查网址、服务器和网络",
            f"{address}: no answer ({type(error).__name__}); look at the address, the server and the network",
        ),
        unreachable=True,
    )


def certificate_finding(where: str, error: Exception) -> Finding:
    """Return what is wrong with the certificate at ``where``."""
    inner = next((a for a in (error, *error.args) if isinstance(a, ssl.SSLError)), None)
    reason = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or type(error).__name__
    return Finding(
        f"{where}：证书不被信任（{reason}）；请更换证书",
        f"{where}: the certificate is not trusted ({reason}); renew it",
    )
