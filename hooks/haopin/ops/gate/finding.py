"""Input and findings of the checks before a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from haopin.text import fullwidth


@dataclass(frozen=True)
class GateFinding:
    """One thing that keeps a site from being published: in which file, what, in both languages."""

    file: str
    zh: str
    en: str


def finding(file: str, zh: str, en: str, **values: object) -> GateFinding:
    """Make a finding from two templates; only the Chinese one gets full-width punctuation, not what is filled in."""
    return GateFinding(file, fullwidth(zh).format(**values), en.format(**values))


@dataclass(frozen=True)
class Expected:
    """What the data says that the files of the site must agree with.

    Attributes:
        address: Public address of the site, ending in ``/``.
        languages: Tag of the language by its folder, ``""`` or ending in ``/``; the first is the site's own.
        cards: Folders of cards for other pages, below the root.
        withheld: Kind and id of each record that is not public, and why.
        names: Names that were withdrawn: they may stand nowhere.
        kept: Longer names of others that contain one of them, and may.
        seen: Paths of evidence that no program can read and that a person has looked at.
        numbers: What looks like a number of a person and may be public, without gaps.
    """

    address: str
    languages: Mapping[str, str]
    cards: tuple[str, ...]
    withheld: Mapping[tuple[str, str], str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
