"""A release from end to end: build, checks, transfer, swap, health check; and rollback."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

# Both are used late; without them a release ends before anything is built.
import brotli  # noqa: F401
import click
import cyclonedx  # noqa: F401

from haopin.build import manifest
from haopin.build.settings import Settings
from haopin.cache import Cache
from haopin.git import history_failures, run_git
from haopin.ops.compression import compress
from haopin.ops.health import unhealthy
from haopin.ops.last_good import examined_or_last_good
from haopin.ops.prepare import ReleaseOptions, policy_of
from haopin.ops.release_manifest import ReleaseManifest, Releases, disobedient, read_list
from haopin.ops.sbom import lock_text, sbom
from haopin.ops.target import DiskFullError, ReleaseTarget, lines_of
from haopin.problem import ConfigurationError
from haopin.site.paths import assets_digest

# --- Whether what is to be released is newer than what is public: by history where it is known, or else by the clocks

#: Runs git in the checkout; its output, or None if it fails.
Git = Callable[[Sequence[str]], bytes | None]
#: A clock may be wrong by so much before it is told of.
LENIENCE = timedelta(hours=26)
#: A release each night is the rule. So long after the last release and the last commit, the clock is rather wrong: it
#: would publish what is kept for a later day.
LONGEST_PAUSE = timedelta(days=45)


def release_warnings(
    fresh: ReleaseManifest, live: ReleaseManifest | None, now: datetime, there: datetime, git: Git
) -> list[str]:
    """Return why ``fresh`` should not follow ``live``, in both languages each; nothing if it may.

    Args:
        fresh: What is to be released.
        live: What is public, if anything.
        now: Time of this machine.
        there: Time of the machine with the public site.
        git: Asks the checkout.
    """
    found = []
    if abs(now - there) > LENIENCE:
        found.append(
            f"本机时钟（{now:%Y-%m-%d %H:%M}）与服务器（{there:%Y-%m-%d %H:%M}）相差太多 / "
            "the clocks of this machine and of the server differ by more than a day"
        )
    if fresh.committed and now < datetime.fromtimestamp(fresh.committed, now.tzinfo) - LENIENCE:
        found.append("本机时钟早于最后一次提交 / the clock of this machine is before the last commit")
    if live is None:
        return found
    day, last = date.fromisoformat(fresh.as_of), date.fromisoformat(live.as_of)
    # A site that was edited yesterday is not of another time, however long ago it was released.
    known = max(last, datetime.fromtimestamp(fresh.committed, UTC).date())
    if day - known > LONGEST_PAUSE:
        found.append(
            f"网页日期 {day} 距公开网站的日期 {last} 有 {(day - last).days} 天：请核对本机时钟，以免提前公开 / "
            f"the pages speak for {day}, {(day - last).days} days after the public site ({last}): check the clock of "
            "this machine; a wrong one publishes what is kept for a later day"
        )
    if live.made and now < datetime.fromisoformat(live.made) - LENIENCE:
        found.append(
            f"本机时钟（{now:%Y-%m-%d %H:%M}）早于上次发布（{live.made}） / "
            "the clock of this machine is before the last release"
        )
    if day < last:
        found.append(
            f"网页日期 {fresh.as_of} 早于公开网站的 {live.as_of} / "
            "the pages speak for a day before that of the public site"
        )
    if gone := set(live.withdrawals) - set(fresh.withdrawals):
        found.append(
            f"公开网站依据的撤下记录，这里少了 {len(gone)} 条：撤下的内容会重新公开 / withdrawals that the public site "
            f"obeys and this one does not: {len(gone)}; what was taken back would be public again"
        )
    if _is_older(fresh, live, git):
        found.append(
            f"这份资料比公开网站的旧（{live.commit[:12]}），请先更新 / this checkout is older than that of the public "
            "site; update it first"
        )
    return found


def refuse(told: Sequence[str], force: bool) -> None:
    """Stop if there are warnings in ``told``, unless the release is forced.

    Raises:
        ConfigurationError: with all of them.
    """
    if told and not force:
        raise ConfigurationError("\n".join([*told, "确实要发布，加 --force / to release it nevertheless: --force"]))


def _is_older(fresh: ReleaseManifest, live: ReleaseManifest, git: Git) -> bool:
    if not fresh.commit or not live.commit or fresh.commit == live.commit:
        return False
    if git(["cat-file", "-e", f"{live.commit}^{{commit}}"]) is not None:
        # The public commit is known here: it is newer if this one is among its ancestors.
        return git(["merge-base", "--is-ancestor", fresh.commit, live.commit]) is not None
    return fresh.committed < live.committed


# --- A release from end to end: build, gate, compression, sending, swap, health; and the way back


def release(
    config: Path, settings: Settings, target: ReleaseTarget, wish: ReleaseOptions, now: datetime, as_of: date | None
) -> ReleaseManifest:
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
    target: ReleaseTarget,
    wish: ReleaseOptions,
    withdrawals: tuple[str, ...],
    roots: tuple[str, ...],
    now: datetime,
    source: ReleaseManifest | None = None,
) -> ReleaseManifest:
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
        told = release_warnings(facts, releases.live, now, clock_of(held), lambda a: run_git(base, a))
        refuse([*history_failures(base), *told], wish.force)
        _publish(site, site.parent, facts, held, wish.keep)
        _settle(facts, releases, held, wish, roots, policy_of(site))
    return facts


def _publish(site: Path, work: Path, facts: ReleaseManifest, target: ReleaseTarget, keep: int) -> None:
    files = sorted(p for p in site.rglob("*") if p.is_file())
    sums = "".join(f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(site).as_posix()}\n" for p in files)
    (work / "sums").write_text(sums, encoding="utf-8", newline="\n")
    (work / "facts").write_text(facts.text(), encoding="utf-8", newline="\n")
    (work / "bill").write_text(sbom(lock_text()), encoding="utf-8", newline="\n")
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


def _send(site: Path, work: Path, facts: ReleaseManifest, target: ReleaseTarget, keep: int) -> None:
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


def _settle(
    facts: ReleaseManifest,
    before: Releases,
    target: ReleaseTarget,
    wish: ReleaseOptions,
    roots: tuple[str, ...],
    policy: str,
) -> None:
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


def facts_of(
    site: Path, base: Path, releases: Releases, withdrawals: tuple[str, ...], now: datetime
) -> ReleaseManifest:
    """Return the facts of a new release of ``site``."""
    evidence = (site / manifest.NAME).read_bytes()
    told = run_git(base, ["log", "-1", "--format=%H %ct"])
    commit, _, committed = told.decode().strip().partition(" ") if told else ("", "", "0")
    return ReleaseManifest(
        releases.next_number,
        sha256(evidence).hexdigest(),
        now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        json.loads(evidence)["as_of"],
        commit,
        int(committed or 0),
        sum(1 for _ in site.rglob("*.html")),
        assets_digest(site),
        withdrawals,
    )


def clock_of(target: ReleaseTarget) -> datetime:
    """Return the time of the machine of ``target``."""
    return datetime.fromtimestamp(int(target.script("clock")), UTC)


def back(target: ReleaseTarget, name: str | None, url: str | None = None) -> ReleaseManifest:
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
