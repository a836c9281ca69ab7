"""`haopin watch`: health check of the live site, for cron."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

if TYPE_CHECKING:
    from haopin.ops.http import HealthFinding
    from haopin.ops.status_page import SiteHealth

#: Exit codes: no findings; findings; the check was not possible.
OK, FINDINGS, UNKNOWN = 0, 1, 2


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    try:
        where = urlsplit(value)
        _ = where.port
    except ValueError:
        where = urlsplit("")
    if where.scheme not in ("http", "https") or not where.hostname or where.username or where.query or where.fragment:
        raise click.BadParameter("要写完整的网址，如 / give a full address such as https://site.example/")
    return value if where.path.endswith("/") else f"{value}/"


@click.command()
@click.argument("url", callback=_address)
@click.option(
    "--build",
    type=click.Path(dir_okay=False, path_type=Path),
    help="本机的 build.json，用来核对版本 / the local build.json, to compare the version",
)
@click.option(
    "--time-zone",
    default="Asia/Shanghai",
    show_default=True,
    help="当地的时区 / time zone of the place (data/site.yml)",
)
@click.option(
    "--days",
    type=click.IntRange(0, 365),
    default=21,
    show_default=True,
    help="证书至少还要有效几天 / days for which the certificate must still be valid",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 20_000),
    default=500,
    show_default=True,
    help="最多查看多少个网址 / largest number of addresses requested",
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 60),
    default=0.1,
    show_default=True,
    help="两次之间等几秒 / seconds between two requests",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 120),
    default=15,
    show_default=True,
    help="一个网址最多等几秒 / time limit of one request, seconds",
)
@click.option(
    "--authorities",
    type=click.Path(dir_okay=False, path_type=Path),
    help="另外信任的证书机构（PEM） / certificate authorities to trust instead of the machine's (PEM)",
)
@click.option(
    "--only-site",
    is_flag=True,
    help="只看退回上一版能解决的问题 / only what a rollback can fix: neither the certificate nor old news",
)
@click.option(
    "--page",
    "status",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把结果写成网页，给办公室看 / also write the result as a page for the office",
)
def watch(
    url: str,
    build: Path | None,
    time_zone: str,
    days: int,
    limit: int,
    delay: float,
    timeout: float,
    authorities: Path | None,
    only_site: bool,
    status: Path | None,
) -> None:
    """检查公开的网站 / health check of the live site.

    \b
    退出码 / exit codes: 0 正常 / no findings; 1 有问题 / findings; 2 无法查看 / not possible.
    """  # noqa: D301 - \b is click's mark for a paragraph that stays as it is
    from haopin.ops.http import NoAnswerError, trust
    from haopin.ops.status_page import SiteHealth
    from haopin.ops.watch import WatchOptions, evidence_of, findings

    try:
        now = datetime.now(ZoneInfo(time_zone))
        local = evidence_of(build.read_bytes()) if build else None
        context = trust(authorities)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        click.echo(f"参数不能用 / an option cannot be used: {error}", err=True)
        sys.exit(UNKNOWN)
    options = WatchOptions(url, now.date(), now, context, local, days, limit, delay, timeout, only_site)
    try:
        found, crawl = findings(options)
    except (Exception, KeyboardInterrupt) as failure:
        # An error of this program says nothing about the site and must not cause a rollback.
        reason = failure if isinstance(failure, NoAnswerError) else NoAnswerError(_not_checked(url, failure))
        _write_status(status, SiteHealth(url, now, [reason.finding], answered=False))
        click.echo(str(reason), err=True)
        sys.exit(UNKNOWN)
    _write_status(status, SiteHealth(url, now, found, crawl.asked, ends=crawl.ends, live=crawl.live))
    for finding in found:
        click.echo(str(finding))
    if crawl.left:
        click.echo(
            f"只看了 {crawl.asked} 个网址，还有 {crawl.left} 个 / requested: {crawl.asked}, left out: {crawl.left}"
        )
    if found:
        sys.exit(FINDINGS)
    click.echo(f"正常：{crawl.asked} 个网址 / no findings; addresses requested: {crawl.asked}")


def _not_checked(url: str, failure: BaseException) -> "HealthFinding":
    from haopin.ops.http import HealthFinding

    reason = f"{type(failure).__name__}: {failure}" if str(failure) else type(failure).__name__
    return HealthFinding(
        f"{url}：没有查完，不能判断网站是否正常（{reason}）；请再查一次，还不行请联系开发者",
        f"{url}: the check did not finish, so the state of the site is unknown ({reason}); try again, then report it",
    )


def _write_status(target: Path | None, seen: "SiteHealth") -> None:
    """Write the status page to ``target``, unless that is None."""
    from haopin.files import atomic_write
    from haopin.ops.status_page import page

    if target is None:
        return
    try:
        atomic_write(target, page(seen).encode())
    except OSError as error:
        click.echo(f"状态页无法写入 / the status page cannot be written: {error}", err=True)
        sys.exit(UNKNOWN)
