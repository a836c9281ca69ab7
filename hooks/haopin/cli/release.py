"""Commands of releases: release, rollback, releases, bill, pack, nginx."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from haopin.cli.common import AS_OF, CONFIG
from haopin.problem import ConfigurationError

# --- release, rollback, releases, bill

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
    help="页面所依据的日期，默认今天 / date of the pages; default: today",
)
@click.option(
    "--keep",
    type=click.IntRange(2, 100),
    default=5,
    show_default=True,
    help="保留几个版本 / number of releases to keep",
)
@click.option(
    "--url",
    envvar="HAOPIN_URL",
    help="发布后检查的公开网址，不对就退回 / public address for the health check; failure rolls back",
)
@click.option("--force", is_flag=True, help="比公开网站旧也发布 / release in spite of warnings, such as older data")
@click.option(
    "--dry-run", is_flag=True, help="只生成和做发布前检查，什么都不发布 / build and check only; nothing is released"
)
@click.option(
    "--withdrawals-only",
    is_flag=True,
    help="只发布新的撤下：用上一次发布的资料 / release new withdrawals only, with the data of the last release",
)
def release(
    config: Path,
    to: str | None,
    as_of: datetime | None,
    keep: int,
    url: str | None,
    force: bool,
    dry_run: bool,
    withdrawals_only: bool,
) -> None:
    """生成、检查、发布 / build, check, and release; on failure the live site does not change."""
    from datetime import UTC

    from haopin.build.settings import settings_of
    from haopin.ops.last_good import NothingNewError
    from haopin.ops.object_storage import release_to_store, remote_of
    from haopin.ops.prepare import ReleaseOptions, examined
    from haopin.ops.release import release as publish
    from haopin.ops.target import target_of

    wish = ReleaseOptions(keep, f"{url.rstrip('/')}/" if url else None, force, withdrawals_only=withdrawals_only)
    day = as_of.date() if as_of else None
    now = datetime.now(UTC)
    if dry_run:
        with examined(config, settings_of(config), wish, day):
            click.echo("没有发布 / nothing was released")
        return
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
@click.option("--url", envvar="HAOPIN_URL", help="退回后检查的公开网址 / public address for the health check")
@click.argument("name", required=False)
def rollback(to: str | None, url: str | None, name: str | None) -> None:
    """退回上一个版本，或写明的版本 / roll back to the previous release, or to the one named."""
    from haopin.ops.release import back
    from haopin.ops.target import target_of

    address = f"{url.rstrip('/')}/" if url else None
    click.echo(f"已退回 / public again: {back(target_of(to), name, address).name}")


@click.command()
@_TO
@click.option("--check", is_flag=True, help="核对公开的文件 / compare the live files with the release")
def releases(to: str | None, check: bool) -> None:
    """列出版本 / list the releases; * marks the live one."""
    from haopin.ops.release_manifest import read_list
    from haopin.ops.target import lines_of, target_of

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
        click.echo("公开的文件都与发布时相同 / all live files are unchanged since the release")


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def bill(file: Path | None) -> None:
    """写出物料清单（CycloneDX）/ write the bill of materials (CycloneDX), which each release includes."""
    from haopin.ops.sbom import lock_text, sbom

    text = sbom(lock_text())
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8", newline="\n")


# --- pack


@click.command("zip")
@CONFIG
@AS_OF
@click.option("--address", help="在门户里的网址，默认用资料里的 / address below the portal; default: that in the data")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), default=Path("site.zip"))
def pack(config: Path, as_of: datetime | None, address: str | None, target: Path) -> None:
    """生成、检查并打包，供上传到门户 / build, check, and pack the site, to upload below a path of a portal."""
    from haopin.build.settings import settings_of
    from haopin.ops.archive import write_archive
    from haopin.ops.prepare import ReleaseOptions, examined

    wish = ReleaseOptions(address=address)
    target = target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with examined(config, settings_of(config), wish, as_of.date() if as_of else None) as (site, expected, _):
            count = write_archive(site, target, expected.address)
            chinese = sorted(p.name for p in site.rglob("*") if not p.name.isascii())
    except OSError as error:
        raise ConfigurationError(f"无法打包 / the archive cannot be made: {error}") from error
    if chinese:
        click.echo(
            f"提醒：有 {len(chinese)} 个名称不是英文（{chinese[0]}），解压后请按 README.html 核对 / "
            f"warning: {len(chinese)} names are not ASCII; check them after unpacking, as README.html says"
        )
    click.echo(f"已打包 / packed: {target.name} ({count}), {expected.address}")


# --- nginx


@click.command()
@CONFIG
@click.argument("site", type=click.Path(path_type=Path), default=Path("site"))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("site-nginx"),
    show_default=True,
    help="输出文件夹 / output folder",
)
@click.option("--root", default="/srv/haopin", show_default=True, help="服务器上的发布文件夹 / folder of the releases")
@click.option("--server-name", help="域名，默认取 data/site.yml 的网址 / host; default: that of data/site.yml")
@click.option(
    "--alias", "aliases", multiple=True, help="其他域名，转到上面那个 / other host name, redirected to that one"
)
@click.option("--certificate", help="证书（含证书链）/ certificate with its chain")
@click.option("--certificate-key", help="私钥 / its key")
@click.option("--brotli/--no-brotli", default=True, help="有没有 brotli 模块 / whether the brotli module is installed")
@click.option("--ipv6/--no-ipv6", default=True, help="服务器有没有开启 IPv6 / whether the server has IPv6")
@click.option("--rate", type=click.IntRange(1, 100_000), help="每个地址每秒的请求数 / requests per second and address")
def nginx(
    config: Path,
    site: Path,
    out: Path,
    root: str,
    server_name: str | None,
    aliases: tuple[str, ...],
    certificate: str | None,
    certificate_key: str | None,
    brotli: bool,
    ipv6: bool,
    rate: int | None,
) -> None:
    """生成 nginx 配置 / generate the nginx configuration of the built site."""
    from haopin.build.settings import display_name, settings_of
    from haopin.model.redirect import Redirect
    from haopin.model.site import Site
    from haopin.ops.nginx import Setup, configuration, headers_of, moved
    from haopin.ops.prepare import refuse_placeholder
    from haopin.site.catalogue import checked

    settings = settings_of(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    dataset = checked(folder, display_name(folder, base))[0]
    address = next(dataset.records(Site)).address
    if (address.path or "/") != "/":
        raise ConfigurationError(
            f"网址 {address} 在子目录下：这份配置用于整个域名，门户请用压缩包 / the address lies below a path: "
            "this configuration is for a whole host; give a portal the archive"
        )
    more: dict[str, Any] = {"certificate": certificate, "certificate_key": certificate_key, "rate": rate}
    if not ipv6:
        more |= {"http": ("80",), "https": ("443",)}
    setup = Setup(
        (server_name or address.host or "").lower(),
        tuple(alias.lower() for alias in aliases),
        root=root.rstrip("/"),
        brotli=brotli,
        **{name: value for name, value in more.items() if value is not None},
    )
    for host in (setup.server_name, *setup.aliases):
        refuse_placeholder(host)
    roots = [edition.path for edition in settings.editions]
    shown = [r for r in dataset.records(Redirect) if settings.samples or not r.sample]
    redirects, waiting = moved(shown, roots, site)
    write(out, configuration(setup, headers_of(site), roots, redirects))
    for name in waiting:
        click.echo(f"提醒 / warning: redirects.yml “{name}”：页面今天没有公开 / its page is not public today")
    click.echo(f"已生成 / written: {out.as_posix()}/nginx.conf ({setup.server_name}; {len(redirects)})")


def write(folder: Path, files: dict[str, str]) -> None:
    """Write ``files`` (path → text) below ``folder``, each one atomically.

    Raises:
        ConfigurationError: if a file cannot be written.
    """
    from haopin.files import atomic_write

    try:
        for name, text in files.items():
            atomic_write(folder / name, text.encode())
        if "haopin/brotli.conf" not in files:
            (folder / "haopin/brotli.conf").unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"无法写入 / cannot be written: {error}") from error
