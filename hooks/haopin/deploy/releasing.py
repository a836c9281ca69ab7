"""A release from end to end: build, gate, compression, sending, swap, health; and the way back."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import click

from haopin import provenance
from haopin.adapter.settings import Settings, display_name
from haopin.assets import FOLDER
from haopin.cache import Cache
from haopin.data import checked
from haopin.deploy.compressing import compress
from haopin.deploy.facts import Facts, Releases, disobedient, fingerprint, read_list
from haopin.deploy.gate import Expected, Finding, examine
from haopin.deploy.health import unhealthy
from haopin.deploy.order import doubts
from haopin.deploy.target import DiskFullError, Target, lines_of
from haopin.desk.committed import run_git
from haopin.problem import ConfigurationError
from haopin.publish import publish
from haopin.records.publishable import Withdrawal
from haopin.records.site import Site
from haopin.text import LANGUAGE_TAGS

#: Where a failed gate writes all that it found.
REPORT = "gate.txt"


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        keep: Number of releases that stay.
        url: Public address to ask after the swap; None not to ask.
        force: Whether to release what seems to be older than what is public.
        numbers: Telephone numbers of persons that may be public.
    """

    keep: int = 5
    url: str | None = None
    force: bool = False
    numbers: frozenset[str] = frozenset()


def release(config: Path, settings: Settings, target: Target, wish: Wish, now: datetime, as_of: date | None) -> Facts:
    """Build, examine and publish the site of ``config``; return the facts of its release.

    Args:
        config: The main configuration.
        settings: What it says.
        target: Where the public site lies.
        wish: What is asked for.
        now: The time, with its zone.
        as_of: The day for which the pages speak; None for today.

    Raises:
        DataError: if the data has problems.
        ConfigurationError: if anything else keeps the site from being published; the public one is then as it was.
    """
    from haopin.adapter.release import build_site

    if settings.samples or settings.staging:
        raise ConfigurationError(
            "HAOPIN_SAMPLES 和 HAOPIN_STAGING 不能用于发布 / demonstrations and trials are not for release"
        )
    base = config.resolve().parent
    work = base / ".cache/release"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="haopin-", dir=work) as name:
        site = Path(name) / "site"
        build_site(config, as_of=as_of, target=site)
        expected, withdrawals = expected_of(base, settings, site, wish.numbers)
        pass_gate(site, expected, work / REPORT)
        count = compress(site, Cache(base / settings.cache, "compressed"))
        click.echo(f"检查通过，压缩 {count} 个文件 / passed the gate; {count} compressed files")
        return deliver(site, base, target, wish, withdrawals, tuple(expected.languages), now)


def deliver(
    site: Path,
    base: Path,
    target: Target,
    wish: Wish,
    withdrawals: tuple[str, ...],
    roots: tuple[str, ...],
    now: datetime,
) -> Facts:
    """Publish the finished ``site``, which has passed the gate.

    Args:
        site: A folder; files may stand beside it while it is sent.
        base: The checkout that it was made from.
        target: Where the public site lies.
        wish: What is asked for.
        withdrawals: Fingerprints of what the data has taken back.
        roots: Folder of each language.
        now: The time, with its zone.

    Raises:
        ConfigurationError: if it cannot be published, or the public address does not give it.
    """
    with target.locked():
        releases = read_list(lines_of(target.script("list")))
        facts = facts_of(site, base, releases, withdrawals, now)
        told = doubts(facts, releases.live, now, clock_of(target), lambda a: run_git(base, a))
        if told and not wish.force:
            raise ConfigurationError("\n".join([*told, "确实要发布，加 --force / to release it nevertheless: --force"]))
        _publish(site, site.parent, facts, target, wish.keep)
        _settle(facts, releases, target, wish, roots)
    return facts


def _publish(site: Path, work: Path, facts: Facts, target: Target, keep: int) -> None:
    files = sorted(p for p in site.rglob("*") if p.is_file())
    sums = "".join(f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(site).as_posix()}\n" for p in files)
    (work / "sums").write_text(sums, encoding="utf-8", newline="\n")
    (work / "facts").write_text(facts.text(), encoding="utf-8", newline="\n")
    resumed = ("--delete", "--partial", f"--link-dest={target.path}/current/")
    try:
        target.send(f"{site}/", ".incoming/site/", *resumed)
    except DiskFullError:
        # Nothing to take up again: what has come only takes the room of the next try.
        target.script("abandon")
        raise
    target.send(str(work / "sums"), ".incoming/sums")
    target.send(str(work / "facts"), ".incoming/facts")
    target.script("publish", facts.name, str(keep))


def _settle(facts: Facts, before: Releases, target: Target, wish: Wish, roots: tuple[str, ...]) -> None:
    """See whether the public has the release, and go back if not; throw away what may no longer be kept."""
    gone = disobedient(before, facts.withdrawals)
    said = unhealthy(wish.url, facts.digest, roots) if wish.url else None
    if said is None:
        target.script("purge", str(wish.keep), *gone)
        return
    last = before.live
    if last is None or last.name in gone:
        # What was withdrawn must not come back: the new release stays, and somebody must look.
        target.script("purge", str(wish.keep), *gone)
        raise ConfigurationError(
            f"{said}\n网站没有通过检查，但没有可以退回的版本，仍保留新版本 / "
            "the site is not well, and there is nothing that may be gone back to: the new release stays"
        )
    target.script("switch", last.name)
    target.script("purge", str(wish.keep), facts.name)
    raise ConfigurationError(f"{said}\n已退回 {last.name} / gone back to {last.name}")


def expected_of(
    base: Path, settings: Settings, site: Path, numbers: frozenset[str]
) -> tuple[Expected, tuple[str, ...]]:
    """Return what the data expects of the built ``site``, and the fingerprints of its withdrawals, sorted."""
    folder = (base / settings.data).resolve()
    reading = checked(folder, display_name(folder, base))[0]
    day = date.fromisoformat(json.loads((site / provenance.NAME).read_text(encoding="utf-8"))["as_of"])
    published = publish(reading, day)
    withdrawals = [
        entry.record for entry in reading.entries if isinstance(entry.record, Withdrawal) and not entry.record.sample
    ]
    address = next(str(entry.record.address) for entry in reading.entries if isinstance(entry.record, Site))
    paths = [edition.path for edition in settings.editions]
    expected = Expected(
        address.rstrip("/") + "/",
        {edition.path: LANGUAGE_TAGS[edition.language] for edition in settings.editions},
        tuple(f"{path}embed/" for path in paths),
        {(held.entry.kind.name, held.entry.record.id): held.reason for held in published.withheld},
        frozenset(name for withdrawal in withdrawals for name in withdrawal.names),
        numbers,
    )
    return expected, tuple(sorted(fingerprint(withdrawal) for withdrawal in withdrawals))


def pass_gate(site: Path, expected: Expected, report: Path) -> None:
    """Let ``site`` through the gate.

    Raises:
        ConfigurationError: if something keeps it back; ``report`` then has everything.
    """
    report.unlink(missing_ok=True)
    found: Sequence[Finding] = examine(site, expected)
    if not found:
        return
    report.write_text("".join(f"{f.file}: {f.zh} / {f.en}\n" for f in found), encoding="utf-8", newline="\n")
    first = found[0]
    where = f"{report.parent.parent.name}/{report.parent.name}/{report.name}"
    raise ConfigurationError(
        f"发布前检查没有通过，公开网站没有改动。共 {len(found)} 处（{where}），第一处：{first.file}：{first.zh}\n"
        f"the gate is shut, the public site is as it was. Findings: {len(found)} ({where}); the first: "
        f"{first.file}: {first.en}"
    )


def facts_of(site: Path, base: Path, releases: Releases, withdrawals: tuple[str, ...], now: datetime) -> Facts:
    """Return the facts of a new release of ``site``."""
    evidence = (site / provenance.NAME).read_bytes()
    told = run_git(base, ["log", "-1", "--format=%H %ct"])
    commit, _, committed = told.decode().strip().partition(" ") if told else ("", "", "0")
    return Facts(
        releases.next_number,
        sha256(evidence).hexdigest(),
        now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        json.loads(evidence)["as_of"],
        commit,
        int(committed or 0),
        sum(1 for _ in site.rglob("*.html")),
        next((site / FOLDER).iterdir()).name,
        withdrawals,
    )


def clock_of(target: Target) -> datetime:
    """Return the time of the machine of ``target``."""
    return datetime.fromtimestamp(int(target.script("clock")), UTC)


def back(target: Target, name: str | None) -> Facts:
    """Make an earlier release public again: ``name``, or the one before the public one; return it.

    Raises:
        ConfigurationError: if there is none, or if it shows what was withdrawn since.
    """
    with target.locked():
        releases = read_list(lines_of(target.script("list")))
        live = releases.live
        earlier = [r for r in releases.all if live is None or r.number < live.number]
        chosen = releases.named(name) if name else (earlier[-1] if earlier else None)
        if chosen is None:
            raise ConfigurationError(
                f"没有可以退回的版本{name or ''}，用 haopin releases 列出 / there is no such release; "
                "haopin releases lists them"
            )
        newest = max((set(r.withdrawals) for r in releases.all), key=len, default=set())
        if chosen.name in disobedient(releases, tuple(newest)):
            raise ConfigurationError(
                f"{chosen.name} 含有后来撤下的内容，不能退回 / it shows what was withdrawn since, and cannot come back"
            )
        target.script("switch", chosen.name)
    return chosen
