"""The command that packs the site for a portal."""

from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import AS_OF, CONFIG
from haopin.problem import ConfigurationError


@click.command("zip")
@CONFIG
@AS_OF
@click.option("--address", help="在门户里的网址，默认用资料里的 / address below the portal; default: that in the data")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), default=Path("site.zip"))
def pack(config: Path, as_of: datetime | None, address: str | None, target: Path) -> None:
    """生成、检查并打包，供上传到门户 / build, examine and pack the site for upload below a path of a portal."""
    from haopin.adapter.standalone import settings_of
    from haopin.deploy.archive import write_archive
    from haopin.deploy.making import Wish, examined

    wish = Wish(address=address)
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
