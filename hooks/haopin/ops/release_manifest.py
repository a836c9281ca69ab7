"""Manifest of a release: its number, commit and date, and fingerprints of the withdrawals that it applies."""

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
    """Facts about one release, stored beside it as JSON.

    Attributes:
        number: Sequence number from 1; used for the order, because clocks may be wrong.
        digest: SHA-256 of its ``build.json``, hexadecimal.
        made: Time of the release, ISO 8601, UTC.
        as_of: Date of its pages, ``YYYY-MM-DD``.
        commit: Hash of the commit that it was built from; "" without git.
        committed: Time of that commit, seconds since 1970; 0 without git.
        pages: Number of HTML pages.
        assets: Hash in the address of its assets.
        withdrawals: Fingerprint of each withdrawn name and record; a name cannot be derived from it.
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
        """Name of its folder; names sort in the order of releases."""
        return f"{self.number:06d}-{self.digest[:12]}"

    def text(self) -> str:
        """Return the manifest as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Releases:
    """The releases in a folder, oldest first, and the name of the live one."""

    all: tuple[ReleaseManifest, ...]
    public: str

    @property
    def live(self) -> ReleaseManifest | None:
        """The live release, if any."""
        return self.named(self.public)

    def named(self, name: str) -> ReleaseManifest | None:
        """Return the release with the name ``name``, if any."""
        return next((release for release in self.all if release.name == name), None)

    @property
    def next_number(self) -> int:
        """Number of the next release."""
        return max((release.number for release in self.all), default=0) + 1


def read_list(lines: Sequence[str]) -> Releases:
    """Parse the output of ``store.sh list``.

    Raises:
        ConfigurationError: if a manifest is damaged.
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
            raise ConfigurationError(f"版本 {name} 的记录已损坏 / the manifest of release {name} is damaged") from error
        found.append(facts)
        public = name if mark == "*" else public
    return Releases(tuple(sorted(found, key=lambda release: release.name)), public)


def withdrawn_fingerprints(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """Return a fingerprint (SHA-256) of each withdrawn name and record.

    One for each, so that adding a spelling to a withdrawal keeps its other fingerprints.
    """
    taken: set[tuple[tuple[str, ...], str | None]] = set()
    for withdrawal in withdrawals:
        taken |= {((name,), None) for name in withdrawal.names}
        if withdrawal.record is not None:
            taken.add(((), withdrawal.record))
    return frozenset(sha256(json.dumps(one, ensure_ascii=False).encode()).hexdigest() for one in taken)


def disobedient(releases: Releases, withdrawals: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the releases that do not apply all of ``withdrawals`` (fingerprints)."""
    return tuple(release.name for release in releases.all if not set(withdrawals) <= set(release.withdrawals))
