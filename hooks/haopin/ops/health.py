"""Health check after a release: does the public address serve this release?"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from haopin.ops.http import HttpClient, NoAnswerError, trust

#: Seconds to wait before each attempt; several, because a cache may be slow to update.
PAUSES: tuple[float, ...] = (0, 1, 2, 4, 8)
#: Time limit of one request in seconds, from the DNS lookup to the last byte.
SECONDS: float = 15
_MOST = 16_000_000


@dataclass(frozen=True)
class LiveAnswer:
    """Response of the live site.

    Attributes:
        content: Body, at most 16 MB.
        policy: ``Content-Security-Policy`` header; "" if the server sends none.
    """

    content: bytes
    policy: str = ""


@dataclass(frozen=True)
class HealthFailure:
    """Reason why the health check failed.

    Attributes:
        reason: The reason, in both languages.
        answered: Whether the server answered at all. If not, the state of the site is unknown and a rollback would not
            help.
    """

    reason: str
    answered: bool = True

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


def fetched(address: str) -> LiveAnswer:
    """Request ``address``.

    Raises:
        NoAnswerError: if there is no answer in time.
        OSError: if the status is an error.
    """
    client = HttpClient(trust(), SECONDS, largest=_MOST, fresh=True)
    try:
        answer = client.ask(address, anywhere=True)
    finally:
        client.close()
    if answer.status >= 400:
        raise OSError(f"HTTP {answer.status}")
    return LiveAnswer(answer.body, answer.policy)


def unhealthy(
    url: str,
    digest: str,
    roots: tuple[str, ...],
    policy: str = "",
    fetch: Callable[[str], LiveAnswer] = fetched,
    wait: Callable[[float], None] = time.sleep,
) -> HealthFailure | None:
    """Check that the live site is the release with ``digest``; return the failure, or None if it is.

    Args:
        url: Public address, ending in ``/``.
        digest: SHA-256 of the release's ``build.json``, hexadecimal.
        roots: Folder of each language, ``""`` or ending in ``/``.
        policy: ``Content-Security-Policy`` that a server may send with the pages; "" if unknown.
        fetch: Requests an address.
        wait: Sleeps for a number of seconds.
    """
    reason, answered = "", False
    for pause in PAUSES:
        wait(pause)
        try:
            evidence = fetch(f"{url}build.json").content
            answered = True
            if sha256(evidence).hexdigest() != digest:
                reason = f"{url}build.json: 不是这次发布的 / not that of this release"
                continue
            files = json.loads(evidence)["files"]
            for root in roots:
                name = f"{root}index.html"
                given = fetch(url + root)
                if sha256(given.content).hexdigest() != files[name]:
                    reason = f"{url}{root}: 内容不对 / the content is not that of this release"
                    break
                # A browser enforces both policies, so that of an older build would block scripts of this one.
                if policy and given.policy and given.policy != policy:
                    return HealthFailure(
                        f"{url}{root}: 服务器的安全策略不是这一版的，请重新生成并安装 nginx 配置（deploy/README.md） / "
                        "the server's policy is that of another build: generate and install the configuration of nginx "
                        "again (deploy/README.md)"
                    )
            else:
                return None
        except NoAnswerError as error:
            reason, answered = str(error), answered or not error.unreachable
        except (OSError, ValueError, KeyError) as error:
            reason, answered = f"{url}: {error}", True
    return HealthFailure(reason, answered)
