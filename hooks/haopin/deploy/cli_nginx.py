"""The command that makes the configuration of a web server."""

from pathlib import Path
from typing import Any

import click

from haopin.desk.cli_common import CONFIG
from haopin.problem import ConfigurationError
from haopin.whole import write_whole


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
    "--alias", "aliases", multiple=True, help="其他域名，转到上面那个 / another host, which leads to that one"
)
@click.option("--certificate", help="证书（含证书链）/ certificate with its chain")
@click.option("--certificate-key", help="私钥 / its key")
@click.option("--brotli/--no-brotli", default=True, help="有没有 brotli 模块 / whether there is a module for brotli")
@click.option("--ipv6/--no-ipv6", default=True, help="服务器有没有开启 IPv6 / whether the server has IPv6")
@click.option("--rate", type=click.IntRange(1, 100_000), help="每个地址每秒的请求数 / requests a second of one address")
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
    """生成 nginx 配置 / make the configuration of nginx for the built site."""
    from haopin.adapter.settings import display_name
    from haopin.adapter.standalone import settings_of
    from haopin.data import checked
    from haopin.deploy.nginx import Setup, configuration, headers_of
    from haopin.deploy.redirects import moved
    from haopin.records.redirect import Redirect
    from haopin.records.site import Site

    settings = settings_of(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    reading = checked(folder, display_name(folder, base))[0]
    records = [entry.record for entry in reading.entries]
    address = next(record.address for record in records if isinstance(record, Site))
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
    roots = [edition.path for edition in settings.editions]
    shown = [r for r in records if isinstance(r, Redirect) and (settings.samples or not r.sample)]
    redirects, waiting = moved(shown, roots, site)
    write(out, configuration(setup, headers_of(site), roots, redirects))
    for name in waiting:
        click.echo(f"提醒 / warning: redirects.yml “{name}”：页面今天没有公开 / its page is not public today")
    click.echo(f"已生成 / written: {out.as_posix()}/nginx.conf ({setup.server_name}; {len(redirects)})")


def write(folder: Path, files: dict[str, str]) -> None:
    """Write ``files`` below ``folder``, each whole or not at all.

    Raises:
        ConfigurationError: if a file cannot be written.
    """
    try:
        for name, text in files.items():
            write_whole(folder / name, text.encode())
        if "haopin/brotli.conf" not in files:
            (folder / "haopin/brotli.conf").unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"无法写入 / cannot be written: {error}") from error
