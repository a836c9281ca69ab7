"""Release to object storage (S3 and others) by rclone, with the HTTP headers of each file."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from haopin.build import manifest
from haopin.build.settings import Settings
from haopin.git import history_failures, run_git
from haopin.ops.health import unhealthy
from haopin.ops.last_good import examined_or_last_good
from haopin.ops.nginx import types_by_ending
from haopin.ops.prepare import ReleaseOptions
from haopin.ops.release import facts_of, refuse, release_warnings
from haopin.ops.release_manifest import ReleaseManifest, Releases
from haopin.ops.target import LONGEST
from haopin.problem import ConfigurationError
from haopin.site.paths import ASSETS, ASSETS_DIGITS

# --- Upload: assets first, pages last, old assets deleted after a delay
#
# rclone supports every such store, uploads only what changed, and takes its secrets from the environment, so that they
# do not appear in the list of processes.

#: File in the store, beside the site: unused file → the first day on which no release used it.
OUT_OF_USE = ".haopin-out-of-use.json"
#: Days for which unused assets are kept: longer than a browser or a CDN caches any page.
KEPT_DAYS = 30

_TARGET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[\w./-]*)?")
_HASHED = re.compile(rf"(?:[\w-]+/)?{ASSETS}[0-9a-f]{{{ASSETS_DIGITS}}}/")


@dataclass(frozen=True)
class UploadGroup:
    """Files that are uploaded in one step, with the same headers.

    Attributes:
        turn: Order of the upload: 0 assets, 1 other files, 2 pages.
        type: ``Content-Type``.
        cache: ``Cache-Control``.
    """

    turn: int
    type: str
    cache: str


def remote_of(target: str) -> str:
    """Return ``s3://BUCKET[/prefix]`` in rclone's notation; the environment configures the store.

    Raises:
        ConfigurationError: if ``target`` does not have that form.
    """
    found = _TARGET.fullmatch(target)
    if not found or ".." in target:
        raise ConfigurationError(
            f"“{target}”不能用，请写成 s3://桶名/前缀 的样子 / cannot be used; write it like s3://bucket/prefix"
        )
    return f":s3:{found[1]}{(found[2] or '').rstrip('/')}"


def grouped(names: Iterable[str], types: Mapping[str, str]) -> dict[UploadGroup, list[str]]:
    """Group files by their headers, in the order of the upload.

    Args:
        names: Paths below the site; compressed copies (``.br``, ``.gz``) are left out, as a CDN compresses by itself.
        types: File suffix → media type.
    """
    found: dict[UploadGroup, list[str]] = {}
    for name in sorted(names):
        ending = name.rpartition(".")[2]
        if ending in ("br", "gz"):
            continue
        kind = "application/atom+xml; charset=utf-8" if "feeds/" in name else types.get(ending)
        if _HASHED.match(name):
            group = UploadGroup(0, kind or "application/octet-stream", "public, max-age=31536000, immutable")
        else:
            group = UploadGroup(2 if ending == "html" else 1, kind or "application/octet-stream", "no-cache")
        found.setdefault(group, []).append(name)
    return dict(sorted(found.items(), key=lambda item: (item[0].turn, item[0].type, item[0].cache)))


def expired(
    there: Iterable[str], here: Iterable[str], before: Mapping[str, str], today: date
) -> tuple[dict[str, str], list[str]]:
    """Return the unused files with the day since when, and those to be deleted now.

    Only hashed assets are kept for `KEPT_DAYS`; pages are deleted at once, because withdrawn content must disappear.

    Args:
        there: Files in the store.
        here: Files of the new release.
        before: Content of `OUT_OF_USE` so far.
        today: Date of the release.
    """
    unused = sorted(set(there) - set(here) - {OUT_OF_USE})
    since = {name: before.get(name, today.isoformat()) for name in unused}
    limit = (today - timedelta(days=KEPT_DAYS)).isoformat()
    gone = [name for name, day in since.items() if not _HASHED.match(name) or day <= limit]
    return {name: day for name, day in since.items() if name not in gone}, gone


def publish(
    site: Path, remote: str, types: Mapping[str, str], today: date, environment: Mapping[str, str]
) -> tuple[int, int]:
    """Upload the built ``site`` to ``remote`` and delete what expired.

    Args:
        site: A site that passed the pre-release checks.
        remote: From `remote_of`, or a local folder.
        types: File suffix → media type.
        today: For the delayed deletion.
        environment: For rclone, with its secrets (``RCLONE_S3_ACCESS_KEY_ID`` and so on).

    Returns:
        Number of files of the site, and number of deleted files.

    Raises:
        ConfigurationError: if rclone is missing or fails. The store then has the old pages, or only part of the new
            ones; running the command again completes the upload.
    """
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    if not {"index.html", "build.json"} <= set(names):
        raise ConfigurationError(f"{site}：不是生成好的网站 / not a built site")
    groups = grouped(names, types)
    sent = [name for each in groups.values() for name in each]
    there = _run(["lsf", "--recursive", "--files-only", remote], environment, missing=True).splitlines()
    before = json.loads(_run(["cat", f"{remote}/{OUT_OF_USE}"], environment)) if OUT_OF_USE in there else {}
    for group, files in groups.items():
        headers = ["--header-upload", f"Content-Type: {group.type}", "--header-upload", f"Cache-Control: {group.cache}"]
        _listed(["copy", "--checksum", "--no-traverse", *headers, str(site), remote], files, environment)
    waiting, gone = expired(there, sent, before, today)
    if gone:
        _listed(["delete", remote], gone, environment)
    with tempfile.TemporaryDirectory() as folder:
        unused = Path(folder) / OUT_OF_USE
        unused.write_text(json.dumps(waiting, indent=1, sort_keys=True), encoding="utf-8")
        _run(["copyto", str(unused), f"{remote}/{OUT_OF_USE}"], environment)
    return len(sent), len(gone)


def content_of(remote: str, name: str, environment: Mapping[str, str]) -> str | None:
    """Return the text of the file ``name`` in ``remote``; None if it does not exist.

    Raises:
        ConfigurationError: if rclone is missing or fails.
    """
    there = _run(["lsf", "--files-only", "--include", f"/{name}", remote], environment, missing=True)
    return _run(["cat", f"{remote}/{name}"], environment) if there.strip() else None


def _listed(command: Sequence[str], names: Sequence[str], environment: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "files"
        listed.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        _run([*command, "--files-from-raw", str(listed)], environment)


def _run(arguments: Sequence[str], environment: Mapping[str, str], *, missing: bool = False) -> str:
    """Run rclone and return its output; with ``missing``, a folder that does not exist counts as empty."""
    given = dict(environment)
    # rclone's S3 library fails with this variable; rclone itself has another name for it.
    if authorities := given.pop("AWS_CA_BUNDLE", None):
        given.setdefault("RCLONE_CA_CERT", authorities)
    command = ["rclone", "--config", "", "--retries", "5", "--low-level-retries", "10", *arguments]
    try:
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError(
            f"rclone {LONGEST / 60:g} 分钟没有完成，已停止；再运行一次会接着做 / rclone was not done within "
            f"{LONGEST / 60:g} minutes: stopped; run the command again, it goes on from there"
        ) from error
    except FileNotFoundError as error:
        raise ConfigurationError("没有 rclone，请先安装 / rclone is missing: apt-get install rclone") from error
    if done.returncode == 3 and missing:
        return ""
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [""]
        raise ConfigurationError(f"rclone 没有成功，可以重新运行 / rclone failed; run the command again: {last[0]}")
    return done.stdout


# --- A release: the same build and checks as for a server, then the upload


def release_to_store(
    config: Path, settings: Settings, remote: str, wish: ReleaseOptions, now: datetime, as_of: date | None
) -> int:
    """Build the site, run the pre-release checks, and upload it.

    Args:
        config: Path of the main configuration.
        settings: Its content.
        remote: The store, from `remote_of`.
        wish: Options of the release.
        now: Current time, with time zone.
        as_of: Date of the pages; None for today.

    Returns:
        Number of files of the site.

    Raises:
        DataError: if the data has errors.
        ConfigurationError: if anything else fails.
    """
    base = config.resolve().parent
    # A damaged build.json in the store must not prevent a forced release, which replaces it.
    live = None if wish.force else _live_in(remote)
    with examined_or_last_good(config, settings, wish, as_of, live) as prepared:
        site = prepared.site
        fresh = facts_of(site, base, Releases((), ""), (), now)
        warnings = release_warnings(fresh, live, now, now, lambda a: run_git(base, a))
        refuse([*history_failures(base), *warnings], wish.force)
        count, _ = publish(site, remote, types_by_ending(), now.date(), os.environ)
        digest = sha256((site / manifest.NAME).read_bytes()).hexdigest()
    if wish.url and (failure := unhealthy(wish.url, digest, tuple(prepared.expected.languages))):
        raise ConfigurationError(
            f"{failure}\n已发送，但公开网址还不是这一版：CDN 可能要等一会儿 / "
            "sent, but the public address does not give it yet: a CDN may take a while"
        )
    return count


def _live_in(remote: str) -> ReleaseManifest | None:
    """Return the live release as the store's ``build.json`` describes it; None if the store has none."""
    content = content_of(remote, manifest.NAME, os.environ)
    if content is None:
        return None
    try:
        build = json.loads(content)
        date.fromisoformat(build["as_of"])
        # build.json does not have the time of the commit: only the git history can tell which one is newer.
        return ReleaseManifest(0, "", "", build["as_of"], build["data"]["commit"] or "", 0, 0, "")
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            f"{remote}/{manifest.NAME} 已损坏，不知道公开的是哪一版；要换上新的，加 --force / "
            "is damaged, so the live release is unknown; to replace it: --force"
        ) from error
