"""A rule on numbers that belong to a person, wherever they may have come from."""

from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from haopin.checking.personal import ADVICE, personal_numbers
from haopin.deploy.gate.finding import Expected, Finding, finding
from haopin.deploy.gate.reading import TEXTS, Site
from haopin.filetext import READABLE

#: Fingerprints and drawings hold digits that mean nothing.
_PASSED_OVER = ("build.json", "policy.json")


@cache
def _numbers_in(words: str) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Return the numbers in the words of a file, each once; many pages of the two languages say the same."""
    return tuple(dict.fromkeys(personal_numbers(words)))


def personal_data(site: Site, expected: Expected) -> Iterator[Finding]:
    """No number of an identity card, a bank card or a mobile telephone stands in a file, but those wanted."""
    host = urlsplit(expected.address).hostname
    for name in sorted(site.files):
        if name in _PASSED_OVER or not name.endswith((*TEXTS, *READABLE)) or name.endswith((".svg", ".css", ".js")):
            continue
        for number, kind in _numbers_in(site.said(name).text):
            # Names of things in calendars and feeds are made with the host of the site.
            if number not in expected.numbers and not number.endswith(f"@{host}"):
                yield finding(
                    name,
                    "像{zh_kind}“{number}”," + ADVICE[0],
                    "looks like {en_kind}, “{number}”; " + ADVICE[1],
                    zh_kind=kind[0],
                    en_kind=kind[1],
                    number=number,
                )
