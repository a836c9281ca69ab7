"""Manifest beside each release: its number, commit and day, and fingerprints of the withdrawals that it obeys."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from haopin.model.publishable import Withdrawal
from haopin.problem import ConfigurationError

NAME = re.compile(r"(?P<number>[0-9]{6})-(?P<digest>[0-9a-f]{12})")


@dataclass(frozen=True)
class ReleaseManifest:
    """The facts of one release.

    Attributes:
        number: Which it is, from 1; clocks may be wrong, numbers are not.
        digest: SHA-256 of its evidence, hexadecimal.
        made: When it was released, ISO 8601, UTC.
        as_of: The day for which its pages speak, ``YYYY-MM-DD``.
        commit: The checkout that it was made from, or "" outside version control.
        committed: When that was committed, seconds since 1970; 0 outside version control.
        pages: Number of its pages.
        assets: Digest in the address of what its pages load.
        withdrawals: Fingerprint of each name and record that it takes back; no name can be read from one.
    """

    number: int
    digest: str
    made: str
    as_of: str
    commit: str
    committed: int
    pages: int
    assets: str
    withdrawals: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of its folder; names sort as releases do."""
        return f"{self.number:06d}-{self.digest[:12]}"

    def text(self) -> str:
        """Return the facts as a file."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Releases:
    """The releases of a place, the first first, and the name of the public one."""

    all: tuple[ReleaseManifest, ...]
    public: str

    @property
    def live(self) -> ReleaseManifest | None:
        """The public one."""
        return self.named(self.public)

    def named(self, name: str) -> ReleaseManifest | None:
        """Return the release ``name``."""
        return next((release for release in self.all if release.name == name), None)

    @property
    def next_number(self) -> int:
        """Number of the next one."""
        return max((release.number for release in self.all), default=0) + 1


def read_list(lines: Sequence[str]) -> Releases:
    """Return what the script's ``list`` has printed.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    found, public = [], ""
    for line in lines:
        mark, name, text = line.split(" ", 2)
        try:
            value: dict[str, Any] = json.loads(text)
            facts = ReleaseManifest(**{**value, "withdrawals": tuple(value["withdrawals"])})
            if facts.name != name:
                raise ValueError(name)
            date.fromisoformat(facts.as_of)
            datetime.fromisoformat(facts.made)
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigurationError(f"版本 {name} 的记录已损坏 / the facts of release {name} are damaged") from error
        found.append(facts)
        public = name if mark == "*" else public
    return Releases(tuple(sorted(found, key=lambda release: release.name)), public)


def withdrawn_fingerprints(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """Return a fingerprint of each name and each record that ``withdrawals`` take back.

    Each for itself: a withdrawal to which a spelling is added still takes back what it did.
    """
    taken: set[tuple[tuple[str, ...], str | None]] = set()
    for withdrawal in withdrawals:
        taken |= {((name,), None) for name in withdrawal.names}
        if withdrawal.record is not None:
            taken.add(((), withdrawal.record))
    return frozenset(sha256(json.dumps(one, ensure_ascii=False).encode()).hexdigest() for one in taken)


def disobedient(releases: Releases, withdrawals: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the releases that show what ``withdrawals`` (fingerprints) have taken back since."""
    return tuple(release.name for release in releases.all if not set(withdrawals) <= set(release.withdrawals))
