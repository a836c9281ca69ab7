"""The command that approves records for publication."""

from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import CONFIG, YES, confirmed, write_told

#: How the roles are asked for and shown.
ROLES = {"section-head": "科室负责人", "deputy-head": "分管负责人", "head": "主要负责人"}


@click.command()
@CONFIG
@YES
@click.option("--all", "everything", is_flag=True, help="全部待审核的 / everything that waits")
@click.option("--role", type=click.Choice([*ROLES, *ROLES.values()]), help="审核人职务 / role of the approver")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="审核日期，默认今天 / day; default: today")
@click.argument("names", nargs=-1, metavar="[KIND/ID|ID|FILE]...")
def approve(
    config: Path, yes: bool, everything: bool, role: str | None, day: datetime | None, names: tuple[str, ...]
) -> None:
    """审核通过，可以发布；不写编号就列出待审核的 / approve for publication; without ids: list what waits."""
    from haopin.desk.approve import approved, chosen, described, waiting
    from haopin.desk.opening import open_desk
    from haopin.problem import ConfigurationError

    desk = open_desk(config, day.date() if day else None)
    today = desk.day
    found = waiting(desk.reading, today, samples=desk.samples)
    # A file may be named as messages name it.
    picked = chosen(found, [name.removeprefix(f"{desk.name}/") for name in names]) if names else found
    for entry in picked:
        click.echo(described(entry))
    files = {entry.place.file for entry in picked}
    for line in desk.warnings:
        # Such as a number that looks like that of a person.
        if any(line.startswith(f"{desk.name}/{file}:") for file in files):
            click.echo(line)
    click.echo(f"待审核 {len(picked)} 条 / waiting: {len(picked)}")
    if not picked or not (names or everything):
        return
    codes = {**{code: code for code in ROLES}, **{words: code for code, words in ROLES.items()}}
    if role is None:
        if yes:
            raise ConfigurationError("请写明审核人职务 --role / name the role of the approver with --role")
        role = click.prompt("审核人职务 / role of the approver", type=click.Choice([*ROLES.values()]))
    if confirmed(yes):
        write_told(desk, approved(desk.folder, picked, codes[role], today))
