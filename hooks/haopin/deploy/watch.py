"""Whether the public site is well: its certificate, links, age and version."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from haopin import provenance
from haopin.deploy import age
from haopin.deploy.asking import Asker
from haopin.deploy.certificate import ending, expiry
from haopin.deploy.crawl import Walk, walk
from haopin.deploy.finding import Finding, NoAnswerError

#: Seconds after which a walk over the site ends, without the pauses that were asked for.
WHOLE = 900
_NEWS = "api/v1/news.json"


@dataclass(frozen=True)
class Question:
    """What is asked, and how gently.

    Attributes:
        root: Address of the home page, ending in ``/``.
        today: Today where the site is at home.
        now: This moment, with its time zone.
        context: Whom to trust.
        local: What the local build says of itself, to compare; None if there is none.
        days: Days that the certificate must still be good.
        limit: Largest number of addresses that are asked.
        delay: Seconds between two requests.
        seconds: Longest time for one address.
        only_site: Leave out what is the office's task and no fault of a release: the certificate, old news.
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
    question: Question, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
) -> tuple[list[Finding], Walk]:
    """Return what is not well with the public site, and how far it was looked at.

    Raises:
        NoAnswerError: with ``unreachable`` if nothing can be said, because nobody answers.
    """
    found: list[Finding] = []
    end, begun = None, clock()
    asker = Asker(question.context, question.seconds)
    try:
        if question.root.startswith("https:") and not question.only_site:
            end = expiry(question.root, question.context, question.seconds)
            if (soon := ending(question.root, end, question.now, question.days)) is not None:
                found.append(soon)
        done = walk(
            question.root,
            asker,
            limit=question.limit,
            pause=lambda: sleep(question.delay),
            over=lambda: clock() > begun + WHOLE + question.limit * question.delay,
        )
        done.ends = end
        found += done.findings
        # A home page that does not open says it all: nothing that it should lead to is looked for.
        found += _of_version(question, asker, done)
        if not question.only_site:
            found += _of_news(question, asker)
    except NoAnswerError as error:
        if error.unreachable:
            raise
        return [*found, error.finding], Walk()
    finally:
        asker.close()
    return found, done


def _of_version(question: Question, asker: Asker, done: Walk) -> Iterator[Finding]:
    address = question.root + provenance.NAME
    answer = asker.ask(address)
    try:
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        live = age.evidence_of(answer.body)
    except ValueError as error:
        yield Finding(
            f"{address}：读不到版本（{error}）；请重新发布",
            f"{address}: the version cannot be read ({error}); release again",
        )
        return
    done.live = live
    if (finding := age.behind(live, question.today)) is not None:
        yield finding
    if question.local is not None and (finding := age.other_version(live, question.local)) is not None:
        yield finding


def _of_news(question: Question, asker: Asker) -> Iterator[Finding]:
    address = question.root + _NEWS
    answer = asker.ask(address)
    if answer.status == 404:
        # A site without outlets has no API, and then no dates that could be read safely.
        return
    try:
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        yield from age.stale(answer.body, question.today)
    except ValueError as error:
        yield Finding(
            f"{address}：读不到动态的日期（{error}）；请重新发布",
            f"{address}: the dates of the news cannot be read ({error}); release again",
        )
