"""Whether the public address gives the release that was just made public."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from haopin.ops.http import HttpClient, NoAnswerError, trust

#: Asks again after so many seconds each: a cache may be slow to notice.
PAUSES: tuple[float, ...] = (0, 1, 2, 4, 8)
#: Longest time for one address, from looking up its name to the last byte.
SECONDS: float = 15
_MOST = 16_000_000


@dataclass(frozen=True)
class LiveAnswer:
    """What an address gave.

    Attributes:
        content: At most 16 MB.
        policy: Its ``Content-Security-Policy`` as a header; "" if the server sends none.
    """

    content: bytes
    policy: str = ""


@dataclass(frozen=True)
class Doubt:
    """Why the public site is not known to be the release.

    Attributes:
        said: The reason, in both languages.
        answered: Whether somebody answered. If not, nothing is known of the site, and going back mends nothing.
    """

    said: str
    answered: bool = True

    def __str__(self) -> str:
        """Return the reason."""
        return self.said


def fetched(address: str) -> LiveAnswer:
    """Return what ``address`` gives.

    Raises:
        NoAnswerError: if it gives nothing in time.
        OSError: if it gives an error.
    """
    asker = HttpClient(trust(), SECONDS, largest=_MOST, fresh=True)
    try:
        answer = asker.ask(address, anywhere=True)
    finally:
        asker.close()
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
) -> Doubt | None:
    """Return what is wrong with the public site; None if it is the release with ``digest``.

    Args:
        url: Public address, ending in ``/``.
        digest: SHA-256 of the release's ``build.json``, hexadecimal.
        roots: Folder of each language, ``""`` or ending in ``/``.
        policy: What the pages' ``Content-Security-Policy`` is, if the server sends one; "" if that is not known.
        fetch: Asks for an address.
        wait: Waits for so many seconds.
    """
    said, answered = "", False
    for pause in PAUSES:
        wait(pause)
        try:
            evidence = fetch(f"{url}build.json").content
            answered = True
            if sha256(evidence).hexdigest() != digest:
                said = f"{url}build.json: 不是这次发布的 / it is not that of this release"
                continue
            files = json.loads(evidence)["files"]
            for root in roots:
                name = f"{root}index.html"
                given = fetch(url + root)
                if sha256(given.content).hexdigest() != files[name]:
                    said = f"{url}{root}: 内容不对 / it gives something else"
                    break
                # A browser obeys both policies, so one of an older site keeps scripts of this one from running.
                if policy and given.policy and given.policy != policy:
                    return Doubt(
                        f"{url}{root}: 服务器的安全策略不是这一版的，请重新生成并安装 nginx 配置（deploy/README.md） / "
                        "the server's policy is that of another build: generate and install the configuration of nginx "
                        "anew (deploy/README.md)"
                    )
            else:
                return None
        except NoAnswerError as error:
            said, answered = str(error), answered or not error.unreachable
        except (OSError, ValueError, KeyError) as error:
            said, answered = f"{url}: {error}", True
    return Doubt(said, answered)
