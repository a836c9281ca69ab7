"""Whether the public address gives the release that was just made public."""

import json
import ssl
import time
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from urllib.error import URLError

#: Asks again after so many seconds each: a cache may be slow to notice.
PAUSES: tuple[float, ...] = (0, 1, 2, 4, 8)
_SECONDS = 15
_MOST = 16_000_000


def fetched(address: str) -> bytes:
    """Return what ``address`` gives, at most 16 MB.

    Raises:
        OSError: if it gives nothing, or an error.
    """
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache", "User-Agent": "haopin"})
    with urllib.request.urlopen(request, timeout=_SECONDS, context=ssl.create_default_context()) as answer:
        return bytes(answer.read(_MOST))


def unhealthy(
    url: str,
    digest: str,
    roots: tuple[str, ...],
    fetch: Callable[[str], bytes] = fetched,
    wait: Callable[[float], None] = time.sleep,
) -> str | None:
    """Return what is wrong with the public site; None if it is the release with ``digest``.

    Args:
        url: Public address, ending in ``/``.
        digest: SHA-256 of the release's ``build.json``, hexadecimal.
        roots: Folder of each language, ``""`` or ending in ``/``.
        fetch: Asks for an address.
        wait: Waits for so many seconds.
    """
    said = ""
    for pause in PAUSES:
        wait(pause)
        try:
            evidence = fetch(f"{url}build.json")
            if sha256(evidence).hexdigest() != digest:
                said = f"{url}build.json: 不是这次发布的 / it is not that of this release"
                continue
            files = json.loads(evidence)["files"]
            for root in roots:
                name = f"{root}index.html"
                if sha256(fetch(url + root)).hexdigest() != files[name]:
                    said = f"{url}{root}: 内容不对 / it gives something else"
                    break
            else:
                return None
        except (URLError, OSError, ValueError, KeyError) as error:
            said = f"{url}: {error}"
    return said
