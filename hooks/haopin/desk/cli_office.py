"""The commands that tell the office what is to be done, and keep which English is up to date."""

from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import AS_OF, CONFIG, LANGUAGE
from haopin.text import Language


@click.command()
@CONFIG
@LANGUAGE
@AS_OF
@click.option("--body", help="只看一个责任单位，写名称或编号 / one body only, by its name or id")
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    default=6,
    show_default=True,
    help="多少个月没有新报告算久未更新 / months without report",
)
@click.option("--json", "as_data", is_flag=True, help="输出 JSON / print JSON")
def status(
    config: Path, language: Language, as_of: datetime | None, body: str | None, months: int, as_data: bool
) -> None:
    """看还缺什么、该办什么 / what is missing, due, waiting or old."""
    from haopin.desk import status_told
    from haopin.desk.office import Office
    from haopin.desk.opening import body_named, open_desk
    from haopin.desk.status import groups
    from haopin.desk.voice import Voice
    from haopin.reading.places import Places

    desk = open_desk(config, as_of.date() if as_of else None)
    office = Office(desk.reading, desk.day, desk.samples, body_named(desk, body))
    found, table = groups(office, months), status_told.rows(office)
    places, voice = Places(desk.folder), Voice(language)
    if as_data:
        click.echo(status_told.as_json(office, found, table, places, desk.name, voice))
    else:
        click.echo("\n".join(status_told.told(office, found, table, places, desk.name, voice)))


@click.command()
@CONFIG
@LANGUAGE
@click.option("--new", "added", is_flag=True, help="登记还没登记的英文 / record English not recorded yet")
@click.option("--all", "everything", is_flag=True, help="全部登记为最新 / record all English as up to date")
@click.argument("keys", nargs=-1, metavar="[KIND/ID[:PATH]]...")
def translated(config: Path, language: Language, added: bool, everything: bool, keys: tuple[str, ...]) -> None:
    """登记英文已按中文更新；不写编号就列出旧的 / record that English is up to date; without ids: list the old."""
    from haopin.desk.opening import open_desk
    from haopin.desk.translated import chosen, listing, marked
    from haopin.desk.voice import Voice
    from haopin.desk.writing import write
    from haopin.reading.folder import TRANSLATIONS
    from haopin.reading.places import Places

    desk, voice = open_desk(config, None), Voice(language)
    if not (keys or added or everything):
        click.echo("\n".join(listing(desk.reading, Places(desk.folder), desk.name, voice)))
        return
    marks = marked(desk.reading, chosen(desk.reading, keys, added=added, everything=everything))
    if marks.text is not None:
        write(desk.folder, desk.name, {TRANSLATIONS: marks.text.encode()})
    click.echo(
        voice(
            "登记了 {n} 处,删去已不存在的 {gone} 处",
            "recorded: {n}; dropped, since the text is gone: {gone}",
            n=marks.recorded,
            gone=marks.dropped,
        )
    )
