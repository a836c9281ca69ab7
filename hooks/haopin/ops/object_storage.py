"""Releases to object storage by rclone: headers of each file, assets first, pages last."""

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

# --- A release to storage for objects, by rclone: headers of each file, assets first, pages last, deletions delayed
#
# rclone speaks to every such store, compares before it sends, and takes its secrets from the environment, so that
# none stands in a list of processes.

#: What went out of use: path → the day since which no release has it. It lies in the store, beside the site.
OUT_OF_USE = ".haopin-out-of-use.json"
#: Days for which a file that no release has is kept: longer than any page is kept in a browser or by a CDN.
KEPT_DAYS = 30

_TARGET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[\w./-]*)?")
_HASHED = re.compile(rf"(?:[\w-]+/)?{ASSETS}[0-9a-f]{{{ASSETS_DIGITS}}}/")


@dataclass(frozen=True)
class UploadGroup:
    """Files that are sent in one step, with the same headers.

    Attributes:
        turn: The step: 0 assets, 1 other files, 2 pages.
        type: ``Content-Type``.
        cache: ``Cache-Control``.
    """

    turn: int
    type: str
    cache: str


def remote_of(target: str) -> str:
    """Return ``s3://BUCKET[/prefix]`` as rclone names it; which store it is, the environment says.

    Raises:
        ConfigurationError: if it is not of that form.
    """
    found = _TARGET.fullmatch(target)
    if not found or ".." in target:
        raise ConfigurationError(
            f"“{target}”不能用，请写成 s3://桶名/前缀 的样子 / cannot be used; write it like s3://bucket/prefix"
        )
    return f":s3:{found[1]}{(found[2] or '').rstrip('/')}"


def grouped(names: Iterable[str], types: Mapping[str, str]) -> dict[UploadGroup, list[str]]:
    """Return ``names`` of files by what is said of them, in the order in which they are sent.

    Args:
        names: Paths below the site; compressed forms (``.br``, ``.gz``) are left out, a CDN compresses by itself.
        types: Ending → type.
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
    """Return what is out of use since when, and what of it has been so for long enough to be deleted.

    Pages are not kept: what was withdrawn must be gone at once. Only assets with a digest wait.
    """
    unused = sorted(set(there) - set(here) - {OUT_OF_USE})
    since = {name: before.get(name, today.isoformat()) for name in unused}
    limit = (today - timedelta(days=KEPT_DAYS)).isoformat()
    gone = [name for name, day in since.items() if not _HASHED.match(name) or day <= limit]
    return {name: day for name, day in since.items() if name not in gone}, gone


def publish(
    site: Path, remote: str, types: Mapping[str, str], today: date, environment: Mapping[str, str]
) -> tuple[int, int]:
    """Bring the built ``site`` to ``remote``; return how many files it has there, and how many were deleted.

    Args:
        site: A site that has passed the gate.
        remote: As `remote_of` gives it, or a folder.
        types: Ending → type.
        today: For the delay of deletions.
        environment: Of rclone, with its secrets (``RCLONE_S3_ACCESS_KEY_ID`` and so on).

    Raises:
        ConfigurationError: if rclone is missing or fails; pages are then those of before, or sent in part, and the
            same command goes on where it ended.
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
        told = Path(folder) / OUT_OF_USE
        told.write_text(json.dumps(waiting, indent=1, sort_keys=True), encoding="utf-8")
        _run(["copyto", str(told), f"{remote}/{OUT_OF_USE}"], environment)
    return len(sent), len(gone)


def content_of(remote: str, name: str, environment: Mapping[str, str]) -> str | None:
    """Return the text of the file ``name`` below ``remote``; None if it is not there.

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
    """Run rclone and return what it says; with ``missing``, a folder that is not there yet is empty."""
    given = dict(environment)
    # rclone's library for S3 stumbles over this variable; rclone itself has another name for it.
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


# --- A release to storage for objects: the same gate, then what `haopin.ops.object_storage` does


def release_to_store(
    config: Path, settings: Settings, remote: str, wish: ReleaseOptions, now: datetime, as_of: date | None
) -> int:
    """Build, examine and send the site of ``config`` to storage for objects; return the number of its files.

    Args:
        config: The main configuration.
        settings: What it says.
        remote: The storage, as `haopin.ops.object_storage.remote_of` names it.
        wish: What is asked for.
        now: The time, with its zone.
        as_of: The day for which the pages speak; None for today.

    Raises:
        DataError: if the data has problems.
        ConfigurationError: if anything else fails.
    """
    base = config.resolve().parent
    # Damaged evidence must not keep a forced release from mending it.
    live = None if wish.force else _live_in(remote)
    with examined_or_last_good(config, settings, wish, as_of, live) as made:
        site = made.site
        fresh = facts_of(site, base, Releases((), ""), (), now)
        told = release_warnings(fresh, live, now, now, lambda a: run_git(base, a))
        refuse([*history_failures(base), *told], wish.force)
        count, _ = publish(site, remote, types_by_ending(), now.date(), os.environ)
        digest = sha256((site / manifest.NAME).read_bytes()).hexdigest()
    if wish.url and (said := unhealthy(wish.url, digest, tuple(made.expected.languages))):
        raise ConfigurationError(
            f"{said}\n已发送，但公开网址还不是这一版：CDN 可能要等一会儿 / "
            "sent, but the public address does not give it yet: a CDN may take a while"
        )
    return count


def _live_in(remote: str) -> ReleaseManifest | None:
    """Return what the store's evidence tells of the release that is public there; None if there is none."""
    content = content_of(remote, manifest.NAME, os.environ)
    if content is None:
        return None
    try:
        told = json.loads(content)
        date.fromisoformat(told["as_of"])
        # When it was committed, no evidence says: only history decides then.
        return ReleaseManifest(0, "", "", told["as_of"], told["data"]["commit"] or "", 0, 0, "")
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            f"{remote}/{manifest.NAME} 已损坏，不知道公开的是哪一版；要换上新的，加 --force / "
            "is damaged and does not say what is public; to replace it: --force"
        ) from error
