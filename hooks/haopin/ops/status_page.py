"""Status page: result of the last health check, actions, and the live release."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from haopin.ops.http import HealthFinding


@dataclass(frozen=True)
class SiteHealth:
    """Result of a health check of the live site.

    Attributes:
        root: Address of the home page.
        now: Time of the check, in the time zone that the page shows.
        findings: Problems found.
        asked: Number of addresses requested.
        answered: Whether the server answered at all.
        ends: Expiry of the certificate, if it was checked.
        live: Content of the live ``build.json``; None if it could not be read.
    """

    root: str
    now: datetime
    findings: Sequence[HealthFinding]
    asked: int = 0
    answered: bool = True
    ends: datetime | None = None
    live: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Text:
    lang: str
    title: str
    verdict: str
    looked: str
    todo: str
    findings: Sequence[str]
    release: str
    facts: Sequence[tuple[str, str]]


def page(seen: SiteHealth) -> str:
    """Return the page as HTML; it needs no other file and contains only what the live site shows anyway."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("status.html").render(
        host=urlsplit(seen.root).netloc, texts=[_chinese(seen), _english(seen)]
    )


def _chinese(seen: SiteHealth) -> _Text:
    host, count = urlsplit(seen.root).netloc, len(seen.findings)
    verdict = "正常" if not count else f"要处理：{count} 处"
    return _Text(
        "zh-Hans",
        f"网站状态：{host}",
        verdict if seen.answered else "没有应答，网站状态不明",
        f"查看时间：{_time(seen.now)}，看了 {seen.asked} 个网址",
        "要做的事",
        [finding.zh for finding in seen.findings],
        "公开的这一版",
        list(_facts(seen, ("网页日期", "资料版本", "文件数", "网页数", "证书到期", "读不到"))),
    )


def _english(seen: SiteHealth) -> _Text:
    host, count = urlsplit(seen.root).netloc, len(seen.findings)
    verdict = "No problems" if not count else f"Problems: {count}"
    return _Text(
        "en",
        f"Status of the site: {host}",
        verdict if seen.answered else "No answer: the state of the site is unknown",
        f"Checked: {_time(seen.now)}; addresses requested: {seen.asked}",
        "What to do",
        [finding.en for finding in seen.findings],
        "The live release",
        list(_facts(seen, ("Day of the pages", "Data version", "Files", "Pages", "Certificate ends", "unreadable"))),
    )


def _facts(seen: SiteHealth, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    day, commit, files, pages, end, unknown = names
    if (live := seen.live) is None:
        yield day, unknown
    else:
        yield day, str(live["as_of"])
        data = live.get("data")
        if isinstance(data, Mapping) and isinstance(data.get("commit"), str):
            yield commit, data["commit"][:12]
        yield files, str(len(live["files"]))
        yield pages, str(sum(1 for name in live["files"] if name.endswith(".html")))
    if seen.ends is not None:
        yield end, f"{seen.ends:%Y-%m-%d}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (UTC{moment.isoformat(timespec='minutes')[16:]})"
