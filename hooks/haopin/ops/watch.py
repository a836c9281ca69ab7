"""Health check of the live site: certificate, links, date and version."""

import json
import re
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from urllib3.exceptions import TimeoutError

from haopin.build import manifest
from haopin.ops.http import Answer, HealthFinding, HttpClient, NoAnswerError, certificate_finding, within

# --- Expiry of the certificate


def expiry(address: str, context: ssl.SSLContext, seconds: float = 15) -> datetime:
    """Return when the certificate of ``address`` expires, UTC; limited to ``seconds`` in all.

    Raises:
        NoAnswerError: if there is no answer, or the certificate is untrusted, expired or of another host.
    """
    where = urlsplit(address)
    host, port = where.hostname or "", where.port or 443

    def not_after() -> str:
        with (
            socket.create_connection((host, port), timeout=seconds) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            return str((secure.getpeercert() or {})["notAfter"])

    try:
        end = within(seconds, not_after)
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(certificate_finding(where.netloc, error)) from error
    except (OSError, UnicodeError, TimeoutError) as error:
        raise NoAnswerError(
            HealthFinding(
                f"{where.netloc}：连不上（{type(error).__name__}）；请检查网址、服务器和网络",
                f"{where.netloc}: cannot be reached ({type(error).__name__}); check the server and the network",
            ),
            unreachable=True,
        ) from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC)


def ending(address: str, end: datetime, now: datetime, days: int) -> HealthFinding | None:
    """Return a finding if the certificate expires within ``days`` after ``now``."""
    left = (end - now).days
    if left >= days:
        return None
    host = urlsplit(address).netloc
    return HealthFinding(
        f"{host}：证书还有 {left} 天到期（{end:%Y-%m-%d}）；请更换证书",
        f"{host}: days left for the certificate: {left} (it ends on {end:%Y-%m-%d}); renew it",
    )


# --- Age of the content, by the rules for inspections of government sites; and the live version

#: Days without a new item after which a column fails an inspection: two weeks for news, six months for notices.
LIMITS: Mapping[str, int] = {"news": 14, "notice": 183}
_NAMES = {"news": ("动态", "news"), "notice": ("通知", "notices")}
#: Days by which the pages may be old: they are built each night, and one night may fail.
BEHIND = 2


def stale(news: bytes, today: date) -> Iterator[HealthFinding]:
    """Yield a finding for each column of ``api/v1/news.json`` whose last item is too old; empty columns are ignored.

    Raises:
        ValueError: if the file has another format.
    """
    latest: dict[str, date] = {}
    try:
        for item in json.loads(news)["items"]:
            kind, day = item["record"]["kind"], date.fromisoformat(item["record"]["date"])
            latest[kind] = max(day, latest.get(kind, day))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a list of news") from error
    for kind, limit in LIMITS.items():
        if kind in latest and (age := (today - latest[kind]).days) > limit:
            zh, en = _NAMES[kind]
            yield HealthFinding(
                f"“{zh}”已有 {age} 天没有更新（检查要求不超过 {limit} 天）；请发布新内容",
                f"{en}: nothing new for {age} days (an inspection allows {limit}); publish what is new",
            )


def evidence_of(content: bytes) -> dict[str, Any]:
    """Parse a ``build.json``.

    Raises:
        ValueError: if it has another format.
    """
    try:
        found = json.loads(content)
        date.fromisoformat(found["as_of"])
        if not isinstance(found["files"], dict):
            raise ValueError("no files")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not the manifest of a build") from error
    return dict(found)


def behind(live: Mapping[str, Any], today: date) -> HealthFinding | None:
    """Return a finding if the live pages are dated more than about a day from ``today``."""
    day = date.fromisoformat(live["as_of"])
    if 0 <= (today - day).days <= BEHIND or (day - today).days == 1:
        return None
    return HealthFinding(
        f"公开的网页说的是 {day}，今天是 {today}；请看每天的自动发布是否还在运行",
        f"the live pages are dated {day}, today is {today}; check that the nightly release still runs",
    )


def other_version(live: Mapping[str, Any], local: Mapping[str, Any]) -> HealthFinding | None:
    """Return a finding if the live site differs from the local build."""
    public, here = live["files"], local["files"]
    count = sum(public.get(name) != here.get(name) for name in public.keys() | here.keys())
    if not count:
        return None
    return HealthFinding(
        f"公开的网站（{live['as_of']}）与本机的（{local['as_of']}）不同：{count} 个文件；请重新发布",
        f"the public site ({live['as_of']}) is not the local one ({local['as_of']}): "
        f"files that differ: {count}; release again",
    )


# --- Crawl: follow the links of the live site from its home page, within limits

#: Consecutive addresses without an answer after which the crawl ends.
GIVE_UP = 5
#: Largest number of links read per page, and of addresses remembered.
MOST_LINKS, MOST_KNOWN = 20_000, 100_000
_HTML = ("text/html", "application/xhtml+xml")


#: A comment, a declaration or a tag. Possessive: there is no backtracking, so the time grows linearly with the length
#: of the page. (The parser of the standard library needs hours for a few megabytes of `<!`.)
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
#: Elements whose content is text only.
_TEXT_ONLY = ("script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _link_values(page: str) -> Iterator[str]:
    """Yield the values of the attributes ``href`` and ``src`` in ``page``."""
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
    """Return the links of ``page`` to addresses below ``root``, absolute, without fragments, each once.

    Only the first `MOST_LINKS` links are read.
    """
    found: dict[str, None] = {}
    for value in islice(_link_values(page), MOST_LINKS):
        try:
            target = urldefrag(urljoin(address, value))[0]
            urlsplit(target)
        except ValueError:
            # Not a valid address: a browser ignores it too.
            continue
        if value and target.startswith(root):
            # It may be printed: no control characters for the terminal.
            found[_CONTROL.sub(lambda sign: quote(sign[0]), target)] = None
    return list(found)


@dataclass
class Walk:
    """Result of a crawl.

    Attributes:
        asked: Number of addresses requested.
        left: Number of known addresses that were not requested because of the limit.
        findings: Problems found.
        ends: Expiry of the certificate, if it was checked.
        live: Content of the live ``build.json``, if it was read.
    """

    asked: int = 0
    left: int = 0
    findings: list[HealthFinding] = field(default_factory=list)
    ends: datetime | None = None
    live: Mapping[str, Any] | None = None


def walk(
    root: str, asker: HttpClient, *, limit: int, pause: Callable[[], object], over: Callable[[], bool] = lambda: False
) -> Walk:
    """Request ``root`` and everything below it that its pages link to, breadth first.

    Args:
        root: Address of the home page, ending in ``/``.
        asker: HTTP client.
        limit: Largest number of addresses.
        pause: Called between two requests.
        over: Whether the time limit is reached.

    Raises:
        NoAnswerError: if the home page gives no answer.
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
            answer = _request(address, asker)
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


def _request(address: str, asker: HttpClient) -> Answer:
    """Request ``address``; for a file that is not a page only the headers, if the server supports HEAD."""
    last = urlsplit(address).path.rpartition("/")[2]
    if last == "" or last.endswith((".html", ".htm")) or "." not in last:
        return asker.ask(address)
    answer = asker.ask(address, head=True)
    return asker.ask(address) if answer.status in (405, 501) else answer


def _broken(address: str, status: int, page: str) -> HealthFinding:
    if not page:
        return HealthFinding(
            f"{address}：首页打不开（{status}）；请检查网页服务器，必要时退回上一版",
            f"{address}: the home page answers {status}; check the web server, or roll back",
        )
    return HealthFinding(
        f"{page}：链接打不开（{status}）：{address}；请改正或重新发布",
        f"{page}: broken link ({status}): {address}; fix it or release again",
    )


def _elsewhere(root: str, address: str) -> HealthFinding:
    return HealthFinding(
        f"{root}：首页转到了别处：{address}；请检查网址",
        f"{root}: the home page redirects elsewhere: {address}; check the address",
    )


# --- The whole health check: certificate, links, date and version

#: Time limit of a crawl in seconds, without the pauses between requests.
WHOLE = 900
_NEWS = "api/v1/news.json"


@dataclass(frozen=True)
class WatchOptions:
    """Options of a health check: what to request, and with which limits.

    Attributes:
        root: Address of the home page, ending in ``/``.
        today: Today's date in the site's time zone.
        now: Current time, with time zone.
        context: TLS context.
        local: Content of the local ``build.json``, to compare; None for no comparison.
        days: Days for which the certificate must still be valid.
        limit: Largest number of addresses requested.
        delay: Seconds between two requests.
        seconds: Time limit of one request in seconds.
        only_site: Leave out what a release cannot cause: an expiring certificate, old news.
    """

    root: str
    today: date
    now: datetime
    context: ssl.SSLContext
    local: Mapping[str, Any] | None = None
    days: int = 21
    limit: int = 500
    delay: float = 0.1
    seconds: float = 15
    only_site: bool = False


def findings(
    options: WatchOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[list[HealthFinding], Walk]:
    """Run the health check; return its findings and the result of the crawl.

    Raises:
        NoAnswerError: with ``unreachable`` if the server does not answer, so that the state of the site is unknown.
    """
    found: list[HealthFinding] = []
    end, begun = None, clock()
    asker = HttpClient(options.context, options.seconds)
    try:
        if options.root.startswith("https:") and not options.only_site:
            end = expiry(options.root, options.context, options.seconds)
            if (soon := ending(options.root, end, options.now, options.days)) is not None:
                found.append(soon)
        done = walk(
            options.root,
            asker,
            limit=options.limit,
            pause=lambda: sleep(options.delay),
            over=lambda: clock() > begun + WHOLE + options.limit * options.delay,
        )
        done.ends = end
        found += done.findings
        # If the home page fails, the rest of the site is not requested.
        found += _of_version(options, asker, done)
        if not options.only_site:
            found += _of_news(options, asker)
    except NoAnswerError as error:
        if error.unreachable:
            raise
        return [*found, error.finding], Walk()
    finally:
        asker.close()
    return found, done


def _of_version(options: WatchOptions, asker: HttpClient, done: Walk) -> Iterator[HealthFinding]:
    address = options.root + manifest.NAME
    answer = asker.ask(address)
    try:
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        live = evidence_of(answer.body)
    except ValueError as error:
        yield HealthFinding(
            f"{address}：读不到版本（{error}）；请重新发布",
            f"{address}: the version cannot be read ({error}); release again",
        )
        return
    done.live = live
    if (finding := behind(live, options.today)) is not None:
        yield finding
    if options.local is not None and (finding := other_version(live, options.local)) is not None:
        yield finding


def _of_news(options: WatchOptions, asker: HttpClient) -> Iterator[HealthFinding]:
    address = options.root + _NEWS
    answer = asker.ask(address)
    if answer.status == 404:
        # A site without exports has no API, and then no dates that could be read safely.
        return
    try:
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        yield from stale(answer.body, options.today)
    except ValueError as error:
        yield HealthFinding(
            f"{address}：读不到动态的日期（{error}）；请重新发布",
            f"{address}: the dates of the news cannot be read ({error}); release again",
        )
