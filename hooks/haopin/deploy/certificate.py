"""How long the certificate of a public server is still good."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from urllib3.exceptions import TimeoutError

from haopin.deploy.asking import certificate_finding, within
from haopin.deploy.finding import Finding, NoAnswerError


def expiry(address: str, context: ssl.SSLContext, seconds: float = 15) -> datetime:
    """Return when the certificate of ``address`` ends; the whole takes at most ``seconds``.

    Raises:
        NoAnswerError: if nobody answers, or the certificate is not trusted, has ended or names another host.
    """
    where = urlsplit(address)
    host, port = where.hostname or "", where.port or 443

    def told() -> str:
        with (
            socket.create_connection((host, port), timeout=seconds) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return str((secure.getpeercert() or {})["notAfter"])

    try:
        end = within(seconds, told)
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(certificate_finding(where.netloc, error)) from error
    except (OSError, UnicodeError, TimeoutError) as error:
        raise NoAnswerError(
            Finding(
                f"{where.netloc}：连不上（{type(error).__name__}）；请检查网址、服务器和网络",
                f"{where.netloc}: cannot be reached ({type(error).__name__}); look at the server and the network",
            ),
            unreachable=True,
        ) from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC)


def ending(address: str, end: datetime, now: datetime, days: int) -> Finding | None:
    """Return that the certificate ends within ``days`` after ``now``, if it does."""
    left = (end - now).days
    if left >= days:
        return None
    host = urlsplit(address).netloc
    return Finding(
        f"{host}：证书还有 {left} 天到期（{end:%Y-%m-%d}）；请更换证书",
        f"{host}: days left for the certificate: {left} (it ends on {end:%Y-%m-%d}); renew it",
    )
