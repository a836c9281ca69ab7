"""Going over the pages of the public site from its home page, bounded, to find links that lead nowhere."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from haopin.deploy.asking import Answer, Asker
from haopin.deploy.finding import Finding, NoAnswerError

#: After so many addresses in a row without an answer the rest is left alone.
GIVE_UP = 5
#: Links of one page that are looked at, and addresses that are kept in mind.
MOST_LINKS, MOST_KNOWN = 20_000, 100_000
_HTML = ("text/html", "application/xhtml+xml")


#: A comment, a declaration or a tag. Each alternative takes what it has begun with to an end, if need be that of the
#: page, and nothing is tried twice: the time grows with the length of the page, whatever stands in it. (The parser of
#: the standard library needs hours for a few megabytes of `<!`.)
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z)
      | <[!?/][^>]*+>?
      | <(?P<tag>[a-zA-Z][^\s/>]*+)(?P<rest>(?: [^>"']++ | "[^"]*+"? | '[^']*+'? )*+)>?""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'>/=]++)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"?|'(?P<single>[^']*+)'?|(?P<bare>[^\s>"']++)))?+""",
    re.DOTALL | re.VERBOSE,
)
#: Elements that hold no other elements.
_TEXT_ONLY = ("script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _named(page: str) -> Iterator[str]:
    """Yield what the attributes ``href`` and ``src`` in ``page`` say."""
    at = 0
    while (found := _MARKUP.search(page, at)) is not None:
        at = found.end()
        if (tag := (found["tag"] or "").lower()) == "":
            continue
        for attribute in _ATTRIBUTE.finditer(found["rest"]):
            if attribute["name"].lower() in ("href", "src"):
                yield unescape(attribute["double"] or attribute["single"] or attribute["bare"] or "").strip()
        if tag in _TEXT_ONLY:
            ending = re.compile(rf"</{tag}", re.IGNORECASE).search(page, at)
            at = ending.start() if ending else len(page)


def links(page: str, address: str, root: str) -> list[str]:
    """Return the addresses below ``root`` that ``page``, found at ``address``, names, without fragments, each once.

    A page that names more than `MOST_LINKS` is not read to its end.
    """
    found: dict[str, None] = {}
    for value in islice(_named(page), MOST_LINKS):
        try:
            target = urldefrag(urljoin(address, value))[0]
            urlsplit(target)
        except ValueError:
            # Not an address at all: a browser leaves it alone too.
            continue
        if value and target.startswith(root):
            # What is printed of it must not steer a terminal.
            found[_CONTROL.sub(lambda sign: quote(sign[0]), target)] = None
    return list(found)


@dataclass
class Walk:
    """What a walk over the site found.

    Attributes:
        asked: How many addresses were asked.
        left: How many more were known when the limit was reached.
        findings: What is not well.
        ends: When the certificate ends, once it was asked for.
        live: What the public ``build.json`` says, once it was read.
    """

    asked: int = 0
    left: int = 0
    findings: list[Finding] = field(default_factory=list)
    ends: datetime | None = None
    live: Mapping[str, Any] | None = None


def walk(
    root: str, asker: Asker, *, limit: int, pause: Callable[[], object], over: Callable[[], bool] = lambda: False
) -> Walk:
    """Ask ``root`` and what its pages lead to below it.

    Args:
        root: Address of the home page, ending in ``/``.
        asker: Who asks.
        limit: Largest number of addresses.
        pause: Waits between two requests.
        over: Whether the time for all of it is over.

    Raises:
        NoAnswerError: if the home page itself gives no answer.
    """
    done, queue = Walk(), deque([root])
    origin = {root: ""}
    silent = 0
    while queue and done.asked < limit and silent < GIVE_UP and not over():
        if done.asked:
            pause()
        address = queue.popleft()
        done.asked += 1
        try:
            answer = _asked(address, asker)
            silent = 0
        except NoAnswerError as error:
            if address == root:
                raise
            silent = silent + 1 if error.unreachable else 0
            done.findings.append(error.finding)
            continue
        if answer.status >= 400:
            done.findings.append(_broken(address, answer.status, origin[address]))
        elif not answer.address.startswith(root):
            if address == root:
                done.findings.append(_elsewhere(root, answer.address))
        elif answer.kind in _HTML and answer.body:
            for link in links(answer.body.decode("utf-8", "replace"), answer.address, root):
                if link not in origin and len(origin) < MOST_KNOWN:
                    origin[link] = address
                    queue.append(link)
    done.left = len(queue)
    return done


def _asked(address: str, asker: Asker) -> Answer:
    """Return the answer of ``address``; of what is no page only the head, where the server gives heads."""
    last = urlsplit(address).path.rpartition("/")[2]
    if last == "" or last.endswith((".html", ".htm")) or "." not in last:
        return asker.ask(address)
    answer = asker.ask(address, head=True)
    return asker.ask(address) if answer.status in (405, 501) else answer


def _broken(address: str, status: int, page: str) -> Finding:
    if not page:
        return Finding(
            f"{address}：首页打不开（{status}）；请检查网页服务器，必要时退回上一版",
            f"{address}: the home page answers {status}; look at the web server, or roll back",
        )
    return Finding(
        f"{page}：链接打不开（{status}）：{address}；请改正或重新发布",
        f"{page}: broken link ({status}): {address}; mend it or release again",
    )


def _elsewhere(root: str, address: str) -> Finding:
    return Finding(
        f"{root}：首页转到了别处：{address}；请检查网址",
        f"{root}: the home page leads elsewhere: {address}; look at the address",
    )
