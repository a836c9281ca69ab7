"""The commands that approve records for publication, and delete those that were never approved."""

import sys
import unicodedata
from datetime import datetime
from pathlib import Path

import click

from haopin.desk.cli_common import AS_OF, CONFIG, YES, confirmed, write_told

#: How the roles are asked for and shown.
ROLES = {"section-head": "科室负责人", "deputy-head": "分管负责人", "head": "主要负责人"}


@click.command()
@CONFIG
@YES
@AS_OF
@click.option("--all", "everything", is_flag=True, help="全部待审核的 / everything that waits")
@click.option("--role", help="审核人职务 / role of the approver")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="审核日期，默认今天 / day; default: today")
@click.argument("names", nargs=-1, metavar="[KIND/ID|ID|FILE]...")
def approve(
    config: Path,
    yes: bool,
    as_of: datetime | None,
    everything: bool,
    role: str | None,
    day: datetime | None,
    names: tuple[str, ...],
) -> None:
    """审核通过，可以发布；不写编号就列出待审核的 / approve for publication; without ids: list what waits."""
    from haopin.desk.approve import Describer, again, approved, chosen, not_approvable, waiting
    from haopin.desk.new_unclear import UnclearError
    from haopin.desk.opening import no_day_to_come, open_desk, refused
    from haopin.problem import ConfigurationError
    from haopin.reading.folder import report

    desk = open_desk(config, as_of.date() if as_of else None)
    today = day.date() if day else desk.day
    try:
        no_day_to_come(today, desk.day)
    except UnclearError as error:
        raise refused("--date", error) from error
    code = _role(role) if role else None
    found = waiting(desk.reading, today, samples=desk.samples)
    # A file may be named as messages name it.
    others = again(desk.reading, samples=desk.samples)
    picked = chosen(found, [name.removeprefix(f"{desk.name}/") for name in names], others) if names else found
    describer = Describer(desk.reading)
    for entry in picked:
        click.echo(describer.line(entry))
    files = {entry.place.file for entry in picked}
    for line in desk.warnings:
        # Such as a number that looks like that of a person.
        if any(line.startswith(f"{desk.name}/{file}:") for file in files):
            click.echo(line)
    click.echo(f"待审核 {len(picked)} 条 / waiting: {len(picked)}")
    if not picked or not (names or everything):
        return
    if code is None:
        if yes:
            raise ConfigurationError("请写明审核人职务 --role / name the role of the approver with --role")
        code = _asked_role()
    wrong = not_approvable(desk.reading, picked, code, today)
    for number, problems in wrong.items():
        name = f"{picked[number].kind.name}/{picked[number].record.id}"
        click.echo(f"不能审核 / cannot be approved: {name}", err=True)
        click.echo("\n".join(report(desk.folder, problems, desk.name)), err=True)
    good = [entry for number, entry in enumerate(picked) if number not in wrong]
    if wrong:
        click.echo(
            f"其余 {len(good)} 条可以审核。还没审核过的记录写错了，可以直接改，或用 haopin discard 类别/编号 删去 / "
            f"the others can be approved: {len(good)}. A record that was never approved may simply be edited, or "
            "deleted with haopin discard KIND/ID",
            err=True,
        )
    if good and confirmed(yes):
        write_told(desk, approved(desk.folder, good, code, today))
    if wrong:
        sys.exit(1)


def _role(typed: str) -> str:
    """Return the code of the role ``typed`` as code or in Chinese.

    Raises:
        ConfigurationError: if it is neither.
    """
    from haopin.problem import ConfigurationError

    codes = {**{code: code for code in ROLES}, **{words: code for code, words in ROLES.items()}}
    word = "".join(typed.split())
    if word in codes:
        return codes[word]
    choices = "、".join(f"{words}（{code}）" for code, words in ROLES.items())
    raise ConfigurationError(
        f"没有审核人职务“{typed}”；可选：{choices} / there is no role “{typed}”; choose one of: {', '.join(ROLES)}"
    )


def _asked_role() -> str:
    """Return the role that the clerk names, by its number, in Chinese or as a code."""
    from haopin.problem import ConfigurationError

    numbers = {str(number): code for number, code in enumerate(ROLES, start=1)}
    for number, code in numbers.items():
        click.echo(f"  {number}. {ROLES[code]} / {code}")
    while True:
        typed = click.prompt("审核人职务 / role of the approver")
        try:
            return numbers.get(unicodedata.normalize("NFKC", typed).strip()) or _role(typed)
        except ConfigurationError as error:
            click.echo(f"  {error}")


@click.command()
@CONFIG
@YES
@click.argument("name", metavar="KIND/ID")
def discard(config: Path, yes: bool, name: str) -> None:
    """删去一条从未审核的记录 / delete a record that was never approved."""
    from haopin.desk.approve import Describer, chosen, waiting
    from haopin.desk.discard import without
    from haopin.desk.opening import open_desk
    from haopin.problem import ConfigurationError

    desk = open_desk(config, None)
    found = waiting(desk.reading, desk.day, samples=desk.samples)
    picked = chosen(found, [name.removeprefix(f"{desk.name}/")])
    if len(picked) > 1:
        describer = Describer(desk.reading)
        lines = "\n".join(describer.line(entry) for entry in picked)
        raise ConfigurationError(f"一次只删一条，请写“类别/编号” / one at a time; write “kind/id”:\n{lines}")
    click.echo(f"删去 / delete: {Describer(desk.reading).line(picked[0])}")
    if confirmed(yes):
        write_told(desk, without(desk.folder, picked[0]))
