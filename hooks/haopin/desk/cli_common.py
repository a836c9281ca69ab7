"""What the commands of the desk share: their options, the clerk’s yes, and the files that were written."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    # Only for its name: what a command works with is loaded when it runs, so that `build` starts at once.
    from haopin.desk.opening import Desk

CONFIG = click.option(
    "--config",
    "-f",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="配置文件 / configuration file",
)
LANGUAGE = click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="当作哪天，默认今天 / day that counts as today; default: today"
)
PUBLIC_NUMBERS = click.option(
    "--public-number",
    "numbers",
    multiple=True,
    help="确实要公开的手机号 / a mobile number that is meant to be public",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
YES = click.option("--yes", is_flag=True, help="不问，直接写入 / write without asking")


def confirmed(yes: bool) -> bool:
    """Return whether the clerk agrees; ``yes`` if that was said beforehand."""
    try:
        if yes or click.confirm("写入吗 / write"):
            return True
    except click.Abort:
        click.echo()
    click.echo("什么都没有改 / nothing was changed")
    return False


def write_told(desk: "Desk", changes: Mapping[str, bytes | None]) -> None:
    """Write ``changes`` and name the files."""
    from haopin.desk.writing import write

    write(desk.folder, desk.name, changes)
    for name, content in changes.items():
        click.echo(f"{'已删去 / deleted' if content is None else '已写入 / written'}: {desk.name}/{name}")
