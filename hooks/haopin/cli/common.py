"""Shared parts of the commands: options, confirmation, and the list of written files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from haopin.installation import CLONE
from haopin.office.desk_folder import interrupted
from haopin.problem import ConfigurationError

if TYPE_CHECKING:
    # For annotations only: commands import what they need when they run, so that `build` starts fast.
    from haopin.office.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])
_NAME = "mkdocs.yml"


def _existing(_context: click.Context, _parameter: click.Parameter, config: Path) -> Path:
    if config.is_file():
        for folder in interrupted(config.parent):
            from haopin.office.writing import recover

            for line in recover(folder):
                click.echo(line, err=True)
        return config
    # A program installed as a package does not know the folder of the site.
    where = f"\n  cd {CLONE}" if CLONE is not None else ""
    raise ConfigurationError(
        f"这里没有 {config}：请在项目文件夹里运行，或用 -f 指定 / there is no {config} here: run this in the project's "
        f"folder, or name the file with -f{where}"
    )


def _existing_or_new(context: click.Context, parameter: click.Parameter, config: Path) -> Path:
    is_new = config.name == _NAME and not config.exists() and config.parent.is_dir()
    return config if is_new else _existing(context, parameter, config)


def _config(callback: Callable[[click.Context, click.Parameter, Path], Path]) -> Callable[[Command], Command]:
    return click.option(
        "--config",
        "-f",
        type=click.Path(path_type=Path),
        default=Path(_NAME),
        callback=callback,
        show_default=True,
        help="配置文件 / configuration file",
    )


CONFIG = _config(_existing)
#: For the desk, which creates a site where there is none.
CONFIG_OR_NEW = _config(_existing_or_new)
LANGUAGE = click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
AS_OF = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="当作哪天，默认今天 / date to use as today; default: today"
)


class _ExistingFile(click.Path):
    """Path of an existing file, with a bilingual error message."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Validate and convert the path."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.BadParameter(
                f"没有文件“{value}”，请核对文件名和所在的文件夹 / {error.message}", ctx, param
            ) from error


FILE = click.argument("file", type=_ExistingFile(exists=True, dir_okay=False, path_type=Path))
YES = click.option("--yes", is_flag=True, help="不问，直接写入 / write without asking")


def confirmed(yes: bool) -> bool:
    """Ask for confirmation, unless ``yes``; return whether to write."""
    try:
        if yes or click.confirm("写入吗 / write"):
            return True
    except click.Abort:
        click.echo()
    click.echo("什么都没有改 / nothing was changed")
    return False


def write_and_list(project: "Project", changes: Mapping[str, bytes | None]) -> None:
    """Write ``changes`` (path in the data folder → content, None to delete) and print the paths."""
    from haopin.office.writing import write

    write(project.folder, project.name, changes)
    for name, content in changes.items():
        click.echo(f"{'已删去 / deleted' if content is None else '已写入 / written'}: {project.name}/{name}")
