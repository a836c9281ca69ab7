"""A release to storage for objects: the same gate, then what `haopin.deploy.storage` does."""

import json
import os
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from haopin import provenance
from haopin.adapter.settings import Settings
from haopin.deploy.facts import Facts, Releases
from haopin.deploy.health import unhealthy
from haopin.deploy.lastgood import examined_or_last_good
from haopin.deploy.making import Wish
from haopin.deploy.nginx import types_by_ending
from haopin.deploy.order import doubts, refuse
from haopin.deploy.releasing import facts_of
from haopin.deploy.storage import content_of, publish
from haopin.desk.committed import history_failures, run_git
from haopin.problem import ConfigurationError


def release_to_store(
    config: Path, settings: Settings, remote: str, wish: Wish, now: datetime, as_of: date | None
) -> int:
    """Build, examine and send the site of ``config`` to storage for objects; return the number of its files.

    Args:
        config: The main configuration.
        settings: What it says.
        remote: The storage, as `haopin.deploy.storage.remote_of` names it.
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
        told = doubts(fresh, live, now, now, lambda a: run_git(base, a))
        refuse([*history_failures(base), *told], wish.force)
        count, _ = publish(site, remote, types_by_ending(), now.date(), os.environ)
        digest = sha256((site / provenance.NAME).read_bytes()).hexdigest()
    if wish.url and (said := unhealthy(wish.url, digest, tuple(made.expected.languages))):
        raise ConfigurationError(
            f"{said}\n已发送，但公开网址还不是这一版：CDN 可能要等一会儿 / "
            "sent, but the public address does not give it yet: a CDN may take a while"
        )
    return count


def _live_in(remote: str) -> Facts | None:
    """Return what the store's evidence tells of the release that is public there; None if there is none."""
    content = content_of(remote, provenance.NAME, os.environ)
    if content is None:
        return None
    try:
        told = json.loads(content)
        date.fromisoformat(told["as_of"])
        # When it was committed, no evidence says: only history decides then.
        return Facts(0, "", "", told["as_of"], told["data"]["commit"] or "", 0, 0, "")
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(
            f"{remote}/{provenance.NAME} 已损坏，不知道公开的是哪一版；要换上新的，加 --force / "
            "is damaged and does not say what is public; to replace it: --force"
        ) from error
