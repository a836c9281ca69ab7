"""A release from end to end: build, gate, compression, sending, swap, health; and the way back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import click

from haopin import provenance
from haopin.adapter.settings import Settings
from haopin.assets import digest_of
from haopin.cache import Cache
from haopin.deploy.bill import LOCK, bill
from haopin.deploy.compressing import compress
from haopin.deploy.facts import Facts, Releases, disobedient, read_list
from haopin.deploy.health import unhealthy
from haopin.deploy.lastgood import examined_or_last_good
from haopin.deploy.making import Wish, policy_of
from haopin.deploy.order import doubts, refuse
from haopin.deploy.target import DiskFullError, Target, lines_of
from haopin.desk.committed import history_failures, run_git
from haopin.problem import ConfigurationError


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
    base = config.resolve().parent
    _tell_removed(lines_of(target.script("room")))
    live = read_list(lines_of(target.script("list"))).live
    with examined_or_last_good(config, settings, wish, as_of, live) as made:
        count = compress(made.site, Cache(base / settings.cache, "compressed"))
        click.echo(f"检查通过，压缩 {count} 个文件 / passed the gate; {count} compressed files")
        source = None if made.is_of_today else live
        return deliver(
            made.site, base, target, wish, made.withdrawals, tuple(made.expected.languages), now, source=source
        )


def deliver(
    site: Path,
    base: Path,
    target: Target,
    wish: Wish,
    withdrawals: tuple[str, ...],
    roots: tuple[str, ...],
    now: datetime,
    source: Facts | None = None,
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
        source: The release whose data it shows, if those are not the data of the checkout.

    Raises:
        ConfigurationError: if it cannot be published, or the public address does not give it.
    """
    with target.locked() as held:
        releases = read_list(lines_of(held.script("list")))
        facts = facts_of(site, base, releases, withdrawals, now)
        if source is not None:
            facts = replace(facts, commit=source.commit, committed=source.committed)
        told = doubts(facts, releases.live, now, clock_of(held), lambda a: run_git(base, a))
        refuse([*history_failures(base), *told], wish.force)
        _publish(site, site.parent, facts, held, wish.keep)
        _settle(facts, releases, held, wish, roots, policy_of(site))
    return facts


def _publish(site: Path, work: Path, facts: Facts, target: Target, keep: int) -> None:
    files = sorted(p for p in site.rglob("*") if p.is_file())
    sums = "".join(f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(site).as_posix()}\n" for p in files)
    (work / "sums").write_text(sums, encoding="utf-8", newline="\n")
    (work / "facts").write_text(facts.text(), encoding="utf-8", newline="\n")
    (work / "bill").write_text(bill(LOCK.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    # First without a sacrifice, then with the public release and the one before it alone, then with the public one:
    # it becomes the one before the new one.
    for spared in (0, 2, 1):
        if spared:
            _tell_removed(lines_of(target.script("spare", str(spared))))
        try:
            _send(site, work, facts, target, keep)
        except DiskFullError:
            # Nothing to take up again: what has come only takes the room of the next try.
            target.script("abandon")
            if spared == 1:
                raise
        else:
            return


def _send(site: Path, work: Path, facts: Facts, target: Target, keep: int) -> None:
    target.script("receive")
    resumed = ("--delete", "--partial", f"--link-dest={target.path}/current/")
    target.send(f"{site}/", ".incoming/site/", *resumed)
    for name in ("sums", "facts", "bill"):
        target.send(str(work / name), f".incoming/{name}")
    target.script("publish", facts.name, str(keep))


def _tell_removed(names: Sequence[str]) -> None:
    if names:
        listed = ", ".join(names)
        click.echo(f"磁盘空间不足，已删除旧版本：{listed} / disk space is short, old releases were removed: {listed}")


def _settle(facts: Facts, before: Releases, target: Target, wish: Wish, roots: tuple[str, ...], policy: str) -> None:
    """See whether the public has the release, and go back if not; throw away what may no longer be kept."""
    gone = disobedient(before, facts.withdrawals)
    said = unhealthy(wish.url, facts.digest, roots, policy) if wish.url else None
    if said is None:
        target.script("purge", str(wish.keep), *gone)
        return
    last = before.live
    if not said.answered:
        target.script("purge", str(wish.keep), *gone)
        raise ConfigurationError(
            f"{said}\n已发布 {facts.name}，但从本机问不到公开网址，没有退回；请检查服务器和网络 / "
            f"{facts.name} is released, but nobody answers at the public address from here: not rolled back; look at "
            "the server and the network"
        )
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
        digest_of(site),
        withdrawals,
    )


def clock_of(target: Target) -> datetime:
    """Return the time of the machine of ``target``."""
    return datetime.fromtimestamp(int(target.script("clock")), UTC)


def back(target: Target, name: str | None, url: str | None = None) -> Facts:
    """Make an earlier release public again: ``name``, or the one before the public one; return it.

    Args:
        target: Where the releases are.
        name: Which one.
        url: Public address to ask afterwards; None not to ask.

    Raises:
        ConfigurationError: if there is none, if it shows what was withdrawn since, or if the public address does not
            give it.
    """
    with target.locked() as held:
        releases = read_list(lines_of(held.script("list")))
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
        held.script("switch", chosen.name)
        if url and (said := unhealthy(url, chosen.digest, ("",))):
            raise ConfigurationError(f"已退回 {chosen.name}，但是 / gone back to it, but: {said}")
    return chosen
