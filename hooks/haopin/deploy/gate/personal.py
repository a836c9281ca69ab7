"""A rule on numbers that belong to a person, wherever they may have come from."""

from collections.abc import Iterator

from haopin.checking.personal import personal_numbers
from haopin.deploy.gate.finding import Expected, Finding, finding
from haopin.deploy.gate.reading import Site

#: Fingerprints and drawings hold digits that mean nothing.
_PASSED_OVER = ("build.json", "policy.json")


def personal_data(site: Site, expected: Expected) -> Iterator[Finding]:
    """No number of an identity card, a bank card or a mobile telephone stands in a file, but those wanted."""
    for name in site.texts:
        if name in _PASSED_OVER or name.endswith((".svg", ".css", ".js")):
            continue
        words = site.pages[name].words if name in site.pages else site.text(name)
        for number, kind in personal_numbers(words):
            if number not in expected.numbers:
                yield finding(
                    name,
                    "像{zh_kind}:{number};确实要公开的,加 --public-number {number}",
                    "looks like {en_kind}: {number}; if it is meant to be public, add --public-number {number}",
                    zh_kind=kind[0],
                    en_kind=kind[1],
                    number=number,
                )
