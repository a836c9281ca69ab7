"""What the commands of the desk share: their options, the data folder that they work in, and the clerk’s yes."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from haopin.problem import ConfigurationError

if TYPE_CHECKING:
    from haopin.reading.reading import Reading

CONFIG = click.option(
    "--config",
    "-f",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("mkdocs.yml"),
    show_default=True,
    help="配置文件 / configuration file",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
YES = click.option("--yes", is_flag=True, help="不问，直接写入 / write without asking")


class Desk(NamedTuple):
    """What a command works with: the data folder, its name in messages, what is in it, and the day."""

    folder: Path
    name: str
    reading: "Reading"
    samples: bool
    day: Callable[[date | None], date]


def open_desk(config: Path) -> Desk:
    """Read the data of ``config``.

    Raises:
        DataError: if the data has errors; they are mended first.
    """
    from haopin.adapter.settings import display_name, resolve_day
    from haopin.adapter.standalone import settings_of
    from haopin.data import checked
    from haopin.records.site import Site

    settings = settings_of(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    name = display_name(folder, base)
    reading = checked(folder, name)[0]
    zone = next(entry.record.time_zone for entry in reading.entries if isinstance(entry.record, Site))
    return Desk(folder, name, reading, settings.samples, lambda day: resolve_day(day or settings.as_of, zone))


def known_body(reading: "Reading", body: str | None) -> None:
    """Raise ConfigurationError if there is no such body."""
    from haopin.checking.entries import Entries
    from haopin.problem import Place
    from haopin.records.body import Body

    for wrong in Entries(reading).unknown(Body, body, Place(""), "责任单位") if body is not None else ():
        raise ConfigurationError(f"--body：{wrong.zh} / --body: {wrong.en}")


def confirmed(yes: bool) -> bool:
    """Return whether the clerk agrees; ``yes`` if that was said beforehand."""
    try:
        if yes or click.confirm("写入吗 / write"):
            return True
    except click.Abort:
        click.echo()
    click.echo("什么都没有改 / nothing was changed")
    return False


def write_told(desk: Desk, changes: Mapping[str, bytes]) -> None:
    """Write ``changes`` and name the files."""
    from haopin.desk.writing import write

    write(desk.folder, desk.name, changes)
    for name in changes:
        click.echo(f"已写入 / written: {desk.name}/{name}")
