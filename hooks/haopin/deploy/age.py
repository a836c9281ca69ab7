"""How old the public content is, against what an inspection of government sites allows; and which version is public."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from haopin.deploy.finding import Finding

#: Days without a new item after which a column fails an inspection: news two weeks, notices six months.
LIMITS: Mapping[str, int] = {"news": 14, "notice": 183}
_NAMES = {"news": ("动态", "news"), "notice": ("通知", "notices")}
#: Days that the pages may be behind: they are made anew each night, and one night may fail.
BEHIND = 2


def stale(news: bytes, today: date) -> Iterator[Finding]:
    """Yield the columns of the API file ``news`` whose last item is too old; a column without items does not exist.

    Raises:
        ValueError: if the file is not what the API gives.
    """
    latest: dict[str, date] = {}
    try:
        for item in json.loads(news)["items"]:
            kind, day = item["record"]["kind"], date.fromisoformat(item["record"]["date"])
            latest[kind] = max(day, latest.get(kind, day))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a list of news") from error
    for kind, limit in LIMITS.items():
        if kind in latest and (age := (today - latest[kind]).days) > limit:
            zh, en = _NAMES[kind]
            yield Finding(
                f"“{zh}”已有 {age} 天没有更新（检查要求不超过 {limit} 天）；请发布新内容",
                f"{en}: nothing new for {age} days (an inspection allows {limit}); publish what is new",
            )


def evidence_of(content: bytes) -> dict[str, Any]:
    """Return what a ``build.json`` says.

    Raises:
        ValueError: if it is none.
    """
    try:
        found = json.loads(content)
        date.fromisoformat(found["as_of"])
        if not isinstance(found["files"], dict):
            raise ValueError("no files")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not the evidence of a build") from error
    return dict(found)


def behind(live: Mapping[str, Any], today: date) -> Finding | None:
    """Return that the public pages speak for another day than about ``today``, if they do."""
    day = date.fromisoformat(live["as_of"])
    if 0 <= (today - day).days <= BEHIND or (day - today).days == 1:
        return None
    return Finding(
        f"公开的网页说的是 {day}，今天是 {today}；请看每天的自动发布是否还在运行",
        f"the public pages speak for {day}, today is {today}; look whether the nightly release still runs",
    )


def other_version(live: Mapping[str, Any], local: Mapping[str, Any]) -> Finding | None:
    """Return that the public site is not the local build, if it is not."""
    public, here = live["files"], local["files"]
    count = sum(public.get(name) != here.get(name) for name in public.keys() | here.keys())
    if not count:
        return None
    return Finding(
        f"公开的网站（{live['as_of']}）与本机的（{local['as_of']}）不同：{count} 个文件；请重新发布",
        f"the public site ({live['as_of']}) is not the local one ({local['as_of']}): "
        f"files that differ: {count}; release again",
    )
