"""The commands of releases: make one, go back to one, list them."""

import sys
from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import CONFIG

_TO = click.option(
    "--to",
    envvar="HAOPIN_TARGET",
    metavar="PLACE",
    help="发布到哪里：用户@主机:/文件夹，或本机文件夹 / where to: user@host:/folder, or a folder of this machine",
)


@click.command()
@CONFIG
@_TO
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="页面所依据的日期，默认今天 / day for which the pages speak; default: today",
)
@click.option(
    "--keep",
    type=click.IntRange(2, 100),
    default=5,
    show_default=True,
    help="保留几个版本 / number of releases that stay",
)
@click.option(
    "--url",
    envvar="HAOPIN_URL",
    help="发布后检查的公开网址，不对就退回 / public address to ask afterwards; the last release comes back if need be",
)
@click.option("--force", is_flag=True, help="比公开网站旧也发布 / release even what is older than the public site")
@click.option(
    "--public-number",
    "numbers",
    multiple=True,
    help="确实要公开的手机号 / a mobile number that is meant to be public",
)
def release(
    config: Path,
    to: str | None,
    as_of: datetime | None,
    keep: int,
    url: str | None,
    force: bool,
    numbers: tuple[str, ...],
) -> None:
    """生成、检查、发布 / build, examine, and publish; what fails leaves the public site as it was."""
    from datetime import UTC

    from haopin.adapter.standalone import settings_of
    from haopin.deploy.releasing import Wish
    from haopin.deploy.releasing import release as publish
    from haopin.deploy.target import target_of

    wish = Wish(keep, f"{url.rstrip('/')}/" if url else None, force, frozenset("".join(n.split()) for n in numbers))
    day = as_of.date() if as_of else None
    facts = publish(config, settings_of(config), target_of(to), wish, datetime.now(UTC), day)
    click.echo(f"已发布 / released: {facts.name} ({facts.pages})")


@click.command()
@_TO
@click.argument("name", required=False)
def rollback(to: str | None, name: str | None) -> None:
    """退回上一个版本，或写明的版本 / make the last release public again, or the one that is named."""
    from haopin.deploy.releasing import back
    from haopin.deploy.target import target_of

    click.echo(f"已退回 / public again: {back(target_of(to), name).name}")


@click.command()
@_TO
@click.option("--check", is_flag=True, help="核对公开的文件 / compare the public files with what was sent")
def releases(to: str | None, check: bool) -> None:
    """列出版本 / list the releases; * is the public one."""
    from haopin.deploy.facts import read_list
    from haopin.deploy.target import lines_of, target_of

    target = target_of(to)
    found = read_list(lines_of(target.script("list")))
    for each in found.all:
        mark = "*" if each.name == found.public else " "
        click.echo(
            f"{mark} {each.name}  {each.made}  as of {each.as_of}  {each.pages} pages  {each.commit[:12] or '-'}"
        )
    if not found.all:
        click.echo("还没有版本 / there are no releases yet")
    if check:
        whole, told = target.asked("check")
        for line in lines_of(told):
            click.echo(line)
        if not whole:
            sys.exit(1)
        click.echo("公开的文件都与发布时相同 / every public file is as it was released")
