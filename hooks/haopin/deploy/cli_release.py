"""The commands of releases: make one, go back to one, list them; and what they are made with."""

import sys
from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import CONFIG

_TO = click.option(
    "--to",
    envvar="HAOPIN_TARGET",
    metavar="PLACE",
    help="发布到哪里：用户@主机:/文件夹、本机文件夹，或（只用于 release）s3://桶名/前缀 / "
    "where to: user@host:/folder, a folder of this machine, or (release only) s3://bucket/prefix",
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
    "--withdrawals-only",
    is_flag=True,
    help="只发布新的撤下：用上一次发布的资料 / release new withdrawals alone, with the data of the last release",
)
def release(
    config: Path,
    to: str | None,
    as_of: datetime | None,
    keep: int,
    url: str | None,
    force: bool,
    withdrawals_only: bool,
) -> None:
    """生成、检查、发布 / build, examine, and publish; what fails leaves the public site as it was."""
    from datetime import UTC

    from haopin.adapter.standalone import settings_of
    from haopin.deploy.lastgood import NothingNewError
    from haopin.deploy.making import Wish
    from haopin.deploy.releasing import release as publish
    from haopin.deploy.storage import remote_of
    from haopin.deploy.storing import release_to_store
    from haopin.deploy.target import target_of

    wish = Wish(keep, f"{url.rstrip('/')}/" if url else None, force, withdrawals_only=withdrawals_only)
    day = as_of.date() if as_of else None
    now = datetime.now(UTC)
    try:
        if to is not None and to.startswith("s3://"):
            count = release_to_store(config, settings_of(config), remote_of(to), wish, now, day)
            click.echo(f"已发布 / released: {to} ({count})")
        else:
            facts = publish(config, settings_of(config), target_of(to), wish, now, day)
            click.echo(f"已发布 / released: {facts.name} ({facts.pages})")
    except NothingNewError as told:
        click.echo(str(told))


@click.command()
@_TO
@click.option("--url", envvar="HAOPIN_URL", help="退回后检查的公开网址 / public address to ask afterwards")
@click.argument("name", required=False)
def rollback(to: str | None, url: str | None, name: str | None) -> None:
    """退回上一个版本，或写明的版本 / make the last release public again, or the one that is named."""
    from haopin.deploy.releasing import back
    from haopin.deploy.target import target_of

    address = f"{url.rstrip('/')}/" if url else None
    click.echo(f"已退回 / public again: {back(target_of(to), name, address).name}")


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


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def bill(file: Path | None) -> None:
    """写出物料清单（CycloneDX）/ write the bill of materials, CycloneDX; each release has it beside its files."""
    from haopin.deploy.bill import LOCK
    from haopin.deploy.bill import bill as bill_of

    text = bill_of(LOCK.read_text(encoding="utf-8"))
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8", newline="\n")
