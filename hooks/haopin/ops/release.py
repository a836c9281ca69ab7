"""Release: build, checks, upload, switch, health check; and rollback."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

# Imported late elsewhere; a missing package must be reported before the build.
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

# --- Warnings before a release: is it older than the live one? By git history if known, otherwise by time

#: Runs git in the checkout; returns its output, or None if it fails.
Git = Callable[[Sequence[str]], bytes | None]
#: Clock errors below this cause no warning.
LENIENCE = timedelta(hours=26)
#: Releases usually run each night. So long after the last release and the last commit the clock is probably wrong, and
#: a wrong clock would publish records that are scheduled for later.
LONGEST_PAUSE = timedelta(days=45)


def release_warnings(
    fresh: ReleaseManifest, live: ReleaseManifest | None, now: datetime, there: datetime, git: Git
) -> list[str]:
    """Return the reasons, in both languages, why ``fresh`` should not replace ``live``.

    Args:
        fresh: The new release.
        live: The live release, if any.
        now: Time of this machine.
        there: Time of the server.
        git: Runs git in the checkout.
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
    # A recent commit explains a recent date, however long ago the last release was.
    known = max(last, datetime.fromtimestamp(fresh.committed, UTC).date())
    if day - known > LONGEST_PAUSE:
        found.append(
            f"网页日期 {day} 距公开网站的日期 {last} 有 {(day - last).days} 天：请核对本机时钟，以免提前公开 / "
            f"the pages are dated {day}, {(day - last).days} days after the live site ({last}): check the clock of "
            "this machine; a wrong one publishes what is scheduled for later"
        )
    if live.made and now < datetime.fromisoformat(live.made) - LENIENCE:
        found.append(
            f"本机时钟（{now:%Y-%m-%d %H:%M}）早于上次发布（{live.made}） / "
            "the clock of this machine is before the last release"
        )
    if day < last:
        found.append(
            f"网页日期 {fresh.as_of} 早于公开网站的 {live.as_of} / the pages are dated before those of the live site"
        )
    if gone := set(live.withdrawals) - set(fresh.withdrawals):
        found.append(
            f"公开网站依据的撤下记录，这里少了 {len(gone)} 条：撤下的内容会重新公开 / withdrawals that the live site "
            f"applies and this one does not: {len(gone)}; what was withdrawn would be public again"
        )
    if _is_older(fresh, live, git):
        found.append(
            f"这份资料比公开网站的旧（{live.commit[:12]}），请先更新 / this checkout is older than that of the live "
            "site; update it first"
        )
    return found


def refuse(warnings: Sequence[str], force: bool) -> None:
    """Stop the release if there are warnings, unless it is forced.

    Raises:
        ConfigurationError: with all warnings.
    """
    if warnings and not force:
        raise ConfigurationError("\n".join([*warnings, "确实要发布，加 --force / to release anyway, add --force"]))


def _is_older(fresh: ReleaseManifest, live: ReleaseManifest, git: Git) -> bool:
    if not fresh.commit or not live.commit or fresh.commit == live.commit:
        return False
    if git(["cat-file", "-e", f"{live.commit}^{{commit}}"]) is not None:
        # The commit of the live release is known here: it is newer if this one is its ancestor.
        return git(["merge-base", "--is-ancestor", fresh.commit, live.commit]) is not None
    return fresh.committed < live.committed


# --- A release from end to end: build, checks, compression, upload, switch, health check; and rollback


def release(
    config: Path, settings: Settings, target: ReleaseTarget, wish: ReleaseOptions, now: datetime, as_of: date | None
) -> ReleaseManifest:
    """Build, check and publish the site.

    Args:
        config: Path of the main configuration.
        settings: Its content.
        target: Folder of the releases, here or on a server.
        wish: Options of the release.
        now: Current time, with time zone.
        as_of: Date of the pages; None for today.

    Returns:
        Manifest of the release.

    Raises:
        DataError: if the data has errors.
        ConfigurationError: if the release fails; the live site is then as before.
    """
    base = config.resolve().parent
    _report_removed(lines_of(target.script("room")))
    live = read_list(lines_of(target.script("list"))).live
    with examined_or_last_good(config, settings, wish, as_of, live) as prepared:
        count = compress(prepared.site, Cache(base / settings.cache, "compressed"))
        click.echo(f"检查通过，压缩 {count} 个文件 / pre-release checks passed; compressed files: {count}")
        source = None if prepared.is_of_today else live
        return deliver(
            prepared.site,
            base,
            target,
            wish,
            prepared.withdrawals,
            tuple(prepared.expected.languages),
            now,
            source=source,
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
    """Upload and publish a ``site`` that passed the pre-release checks.

    Args:
        site: Its folder; temporary files are written beside it.
        base: The checkout that it was built from.
        target: Folder of the releases, here or on a server.
        wish: Options of the release.
        withdrawals: Fingerprints of the withdrawals in the data.
        roots: Folder of each language, ``""`` or ending in ``/``.
        now: Current time, with time zone.
        source: The release whose data the site shows, if it is not that of the checkout.

    Returns:
        Manifest of the release.

    Raises:
        ConfigurationError: if it cannot be published, or the health check fails.
    """
    with target.locked() as held:
        releases = read_list(lines_of(held.script("list")))
        facts = facts_of(site, base, releases, withdrawals, now)
        if source is not None:
            facts = replace(facts, commit=source.commit, committed=source.committed)
        warnings = release_warnings(facts, releases.live, now, clock_of(held), lambda a: run_git(base, a))
        refuse([*history_failures(base), *warnings], wish.force)
        _publish(site, site.parent, facts, held, wish.keep)
        _check_health(facts, releases, held, wish, roots, policy_of(site))
    return facts


def _publish(site: Path, work: Path, facts: ReleaseManifest, target: ReleaseTarget, keep: int) -> None:
    files = sorted(p for p in site.rglob("*") if p.is_file())
    sums = "".join(f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(site).as_posix()}\n" for p in files)
    (work / "sums").write_text(sums, encoding="utf-8", newline="\n")
    (work / "facts").write_text(facts.text(), encoding="utf-8", newline="\n")
    (work / "bill").write_text(sbom(lock_text()), encoding="utf-8", newline="\n")
    # If the disk is full, remove old releases and try again: at first all but the live one and its predecessor, then
    # all but the live one, which becomes the predecessor.
    for kept in (0, 2, 1):
        if kept:
            _report_removed(lines_of(target.script("spare", str(kept))))
        try:
            _send(site, work, facts, target, keep)
        except DiskFullError:
            # A partial upload cannot be resumed here: it would only take space from the next attempt.
            target.script("abandon")
            if kept == 1:
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


def _report_removed(names: Sequence[str]) -> None:
    if names:
        listed = ", ".join(names)
        click.echo(f"磁盘空间不足，已删除旧版本：{listed} / disk space is short, old releases were removed: {listed}")


def _check_health(
    facts: ReleaseManifest,
    before: Releases,
    target: ReleaseTarget,
    wish: ReleaseOptions,
    roots: tuple[str, ...],
    policy: str,
) -> None:
    """Run the health check of the new release and roll back if it fails; remove releases that must not be kept.

    Raises:
        ConfigurationError: if the health check fails.
    """
    withdrawn = disobedient(before, facts.withdrawals)
    failure = unhealthy(wish.url, facts.digest, roots, policy) if wish.url else None
    if failure is None:
        target.script("purge", str(wish.keep), *withdrawn)
        return
    last = before.live
    if not failure.answered:
        target.script("purge", str(wish.keep), *withdrawn)
        raise ConfigurationError(
            f"{failure}\n已发布 {facts.name}，但从本机问不到公开网址，没有退回；请检查服务器和网络 / "
            f"{facts.name} is released, but the public address does not answer from here: not rolled back; check "
            "the server and the network"
        )
    if last is None or last.name in withdrawn:
        # Withdrawn content must not become public again: the new release stays, and an administrator must act.
        target.script("purge", str(wish.keep), *withdrawn)
        raise ConfigurationError(
            f"{failure}\n网站没有通过检查，但没有可以退回的版本，仍保留新版本 / "
            "the health check failed, and there is no release to roll back to: the new release stays"
        )
    target.script("switch", last.name)
    target.script("purge", str(wish.keep), facts.name)
    raise ConfigurationError(f"{failure}\n已退回 {last.name} / rolled back to {last.name}")


def facts_of(
    site: Path, base: Path, releases: Releases, withdrawals: tuple[str, ...], now: datetime
) -> ReleaseManifest:
    """Return the manifest of a new release of ``site``."""
    evidence = (site / manifest.NAME).read_bytes()
    head = run_git(base, ["log", "-1", "--format=%H %ct"])
    commit, _, committed = head.decode().strip().partition(" ") if head else ("", "", "0")
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
    """Return the time of the machine with ``target``, UTC."""
    return datetime.fromtimestamp(int(target.script("clock")), UTC)


def back(target: ReleaseTarget, name: str | None, url: str | None = None) -> ReleaseManifest:
    """Roll back: make the release ``name`` live, or the one before the live one.

    Args:
        target: Folder of the releases, here or on a server.
        name: Name of the release; None for the one before the live one.
        url: Public address for the health check afterwards; None for no health check.

    Returns:
        Manifest of the release that is now live.

    Raises:
        ConfigurationError: if there is no such release, it has content that was withdrawn since, or the health check
            fails.
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
                f"{chosen.name} 含有后来撤下的内容，不能退回 / it has content that was withdrawn since"
            )
        held.script("switch", chosen.name)
        if url and (failure := unhealthy(url, chosen.digest, ("",))):
            raise ConfigurationError(f"已退回 {chosen.name}，但是 / rolled back to it, but: {failure}")
    return chosen
