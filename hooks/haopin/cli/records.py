"""Commands on records: new, approve, discard, status, translated."""

import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from haopin.cli.common import AS_OF, CONFIG, LANGUAGE, YES, confirmed, write_and_list

if TYPE_CHECKING:
    from haopin.load.dataset import LoadedRecord
    from haopin.model.base import Nested
    from haopin.model.publishable import Approval
    from haopin.model.site import Approver
    from haopin.office.project import Project
    from haopin.text import Language

# --- new: create a record from options


@click.command()
@CONFIG
@LANGUAGE
@AS_OF
@click.option("--set", "options", multiple=True, metavar="FIELD=VALUE", help="一个字段，可重复 / a field; repeatable")
# Scripts of earlier versions, which asked for what was not given, have it.
@click.option("--yes", is_flag=True, hidden=True, expose_value=False)
@click.argument("kind", required=False, default="")
def new(config: Path, language: "Language", as_of: datetime | None, options: tuple[str, ...], kind: str) -> None:
    """新建一条记录；不写 --set 就列出字段 / create a record; without --set: list its fields."""
    from haopin.office.new.session import create, guide
    from haopin.office.project import open_project
    from haopin.office.terminal import CommandLanguage

    project, say = open_project(config, as_of.date() if as_of else None), CommandLanguage(language)
    for line in create(project, kind, options, say) if options else guide(project, kind, say):
        click.echo(line)
    if not options:
        # A script that reads 0 may rely on a new record.
        sys.exit(1)


# --- approve, discard: approve records for publication, delete records that were never approved


@click.command()
@CONFIG
@YES
@AS_OF
@click.option("--all", "everything", is_flag=True, help="全部待审核的 / all pending records")
@click.option(
    "--again",
    is_flag=True,
    help="没有内容指纹的，重新审核 / approve again what has no fingerprint",
)
@click.option("--role", help="审核人职务 / role of the approver")
@click.option("--name", "person", help="审核人姓名 / name of the approver")
@click.option("--paper", help="审签单编号 / number of the signed sheet")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="审核日期，默认今天 / day; default: today")
@click.option("--return", "reason", help="不同意，写明原因退回 / send back instead, with a reason")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="不审核，写出打印签字用的审签单（HTML） / write a sheet to print and sign instead",
)
@click.argument("names", nargs=-1, metavar="[KIND/ID|ID|FILE]...")
def approve(
    config: Path,
    yes: bool,
    as_of: datetime | None,
    everything: bool,
    again: bool,
    role: str | None,
    person: str | None,
    paper: str | None,
    day: datetime | None,
    reason: str | None,
    sheet: Path | None,
    names: tuple[str, ...],
) -> None:
    """审核通过，可以发布；不写编号就列出待审核的 / approve for publication; without ids: list pending records."""
    from haopin.files import atomic_write
    from haopin.model.publishable import Approval, SentBack
    from haopin.office import approval
    from haopin.office import sheet as signing
    from haopin.office.project import open_project, refused
    from haopin.office.record_lookup import InvalidAnswerError, no_day_to_come

    project = open_project(config, as_of.date() if as_of else None)
    today = day.date() if day else project.day
    try:
        no_day_to_come(today, project.day)
    except InvalidAnswerError as error:
        raise refused("--date", error) from error
    code = _role(role) if role else None
    found = approval.waiting(project.dataset, today, samples=project.samples)
    # Those without a fingerprint are chosen from, or all approved ones, which can be named after a change.
    others = approval.again(project.dataset, samples=project.samples)
    if again:
        found = approval.unproven(project.dataset, samples=project.samples)
    # Accept file names as messages print them.
    wanted = [name.removeprefix(f"{project.name}/") for name in names]
    picked = approval.chosen(found, wanted, others) if names else found
    _list(project, picked)
    if sheet is not None and picked:
        atomic_write(sheet, signing.sheet(project, picked, {}, paper=paper or "").encode())
        click.echo(f"已写入 / written: {sheet.as_posix()}")
        return
    if not picked or not (names or everything or again):
        return
    person = _approver(project, person, yes=yes)
    code = code or _role_of(project, person) or _asked_role(yes=yes)
    if reason is not None:
        back = _checked(SentBack, by=person, role=code, date=today, reason=reason)
        if confirmed(yes):
            for entry in picked:
                write_and_list(project, approval.returned(project.folder, entry, back))
        return
    given = _checked(Approval, role=code, date=today, name=person, paper=paper)
    good = _approvable(project, picked, given)
    if good and confirmed(yes):
        write_and_list(project, approval.approved(project.dataset, good, given))
    if len(good) < len(picked):
        sys.exit(1)


def _list(project: "Project", picked: Sequence["LoadedRecord"]) -> None:
    """Print a line for each record, the warnings of their files, and how many there are."""
    from haopin.office.describe import Describer

    describer = Describer(project.dataset)
    for entry in picked:
        click.echo(describer.line(entry))
    files = {entry.place.file for entry in picked}
    for line in project.warnings:
        # For instance, a number that looks personal.
        if any(line.startswith(f"{project.name}/{file}:") for file in files):
            click.echo(line)
    click.echo(f"待审核 {len(picked)} 条 / waiting: {len(picked)}")


def _approvable(project: "Project", picked: Sequence["LoadedRecord"], given: "Approval") -> list["LoadedRecord"]:
    """Return the records that can get the approval; print why the others cannot."""
    from haopin.load.folder import report
    from haopin.office.approval import not_approvable

    wrong = not_approvable(project.dataset, picked, given)
    for number, problems in wrong.items():
        name = f"{picked[number].kind.name}/{picked[number].record.id}"
        click.echo(f"不能审核 / cannot be approved: {name}", err=True)
        click.echo("\n".join(report(project.folder, problems, project.name)), err=True)
    good = [entry for number, entry in enumerate(picked) if number not in wrong]
    if wrong:
        click.echo(
            f"其余 {len(good)} 条可以审核。还没审核过的记录写错了，可以直接改，或用 haopin discard 类别/编号 删去 / "
            f"the others can be approved: {len(good)}. A record that was never approved may simply be edited, or "
            "deleted with haopin discard KIND/ID",
            err=True,
        )
    return good


M = TypeVar("M", bound="Nested")


def _checked(model: type[M], **values: Any) -> M:
    """Return an instance of ``model``.

    Raises:
        ConfigurationError: if a value is invalid, such as an empty name.
    """
    from pydantic import ValidationError

    from haopin.load.messages import translate
    from haopin.problem import ConfigurationError, Place

    try:
        return model.model_validate({name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        wrong = next(iter(translate(error, model, Place(""))))
        raise ConfigurationError(f"{wrong.zh} / {wrong.en}") from error


def _approver(project: "Project", person: str | None, *, yes: bool) -> str | None:
    """Return the name of the approver; asks for it if the site lists who may approve.

    Raises:
        ConfigurationError: if it is needed, and there is nobody to ask.
    """
    from haopin.problem import ConfigurationError

    listed = _approvers(project)
    if person is not None or not listed:
        return person
    names = "、".join(dict.fromkeys(approver.name for approver in listed))
    if yes:
        raise ConfigurationError(
            f"请写明审核人姓名 --name；可以审核的有：{names} / name the approver with --name; those who may: {names}"
        )
    typed: Any = click.prompt(f"审核人姓名（{names}） / name of the approver")
    return str(typed)


def _approvers(project: "Project") -> list["Approver"]:
    from haopin.model.site import Site

    return [approver for site in project.dataset.records(Site) for approver in site.approvers]


def _role_of(project: "Project", person: str | None) -> str | None:
    """Return the role in which ``person`` approves, if the site lists just one."""
    roles = {role for approver in _approvers(project) if approver.name == person for role in approver.roles}
    return roles.pop() if len(roles) == 1 else None


def _role(typed: str) -> str:
    """Return the code of a role given as code or in Chinese.

    Raises:
        ConfigurationError: if there is no such role.
    """
    from haopin.model.choices import ROLES
    from haopin.problem import ConfigurationError

    word = "".join(typed.split())
    for code, words in ROLES.items():
        if word in (code, words.zh):
            return code
    choices = "、".join(f"{words.zh}（{code}）" for code, words in ROLES.items())
    raise ConfigurationError(
        f"没有审核人职务“{typed}”；可选：{choices} / there is no role “{typed}”; choose one of: {', '.join(ROLES)}"
    )


def _asked_role(*, yes: bool) -> str:
    """Ask for a role; return its code. Accepts its number in the list, its Chinese name and its code."""
    from haopin.model.choices import ROLES
    from haopin.problem import ConfigurationError

    if yes:
        raise ConfigurationError("请写明审核人职务 --role / name the role of the approver with --role")
    numbers = {str(number): code for number, code in enumerate(ROLES, start=1)}
    for number, code in numbers.items():
        click.echo(f"  {number}. {ROLES[code].zh} / {code}")
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
    from haopin.office.approval import chosen, waiting
    from haopin.office.describe import Describer
    from haopin.office.edit import removed
    from haopin.office.project import open_project
    from haopin.office.raw import RawFolder
    from haopin.problem import ConfigurationError

    project = open_project(config, None)
    found = waiting(project.dataset, project.day, samples=project.samples)
    picked = chosen(found, [name.removeprefix(f"{project.name}/")])
    if len(picked) > 1:
        describer = Describer(project.dataset)
        lines = "\n".join(describer.line(entry) for entry in picked)
        raise ConfigurationError(f"一次只删一条，请写“类别/编号” / one at a time; write “kind/id”:\n{lines}")
    click.echo(f"删去 / delete: {Describer(project.dataset).line(picked[0])}")
    if confirmed(yes):
        entry = picked[0]
        record = RawFolder(project.folder, (entry.kind,)).record(entry.kind, entry.record.id)
        assert record is not None, "it was read above"
        write_and_list(project, removed(project.folder, record))


# --- status, translated: what the office has to do, and which English texts are up to date


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
    help="多少个月没有新报送算久未更新 / months without report",
)
@click.option("--json", "as_data", is_flag=True, help="输出 JSON / print JSON")
def status(
    config: Path, language: "Language", as_of: datetime | None, body: str | None, months: int, as_data: bool
) -> None:
    """看还缺什么、该办什么 / list what is missing, due, pending, or outdated."""
    from haopin.load.folder import Places
    from haopin.office import status
    from haopin.office.project import Office, body_named, open_project
    from haopin.office.status import groups
    from haopin.office.terminal import CommandLanguage

    project = open_project(config, as_of.date() if as_of else None)
    office = Office(project.dataset, project.day, project.samples, body_named(project, body), project.languages)
    found, table = groups(office, months), status.rows(office)
    places, say = Places(project.folder), CommandLanguage(language)
    if as_data:
        click.echo(status.as_json(office, found, table, places, project.name, say))
    else:
        click.echo("\n".join(status.format_report(office, found, table, places, project.name, say)))


@click.command()
@CONFIG
@LANGUAGE
@click.option("--new", "added", is_flag=True, help="登记还没登记的英文 / record English not recorded yet")
@click.option("--all", "everything", is_flag=True, help="全部登记为最新 / record all English as up to date")
@click.argument("keys", nargs=-1, metavar="[KIND/ID[:PATH]]...")
def translated(config: Path, language: "Language", added: bool, everything: bool, keys: tuple[str, ...]) -> None:
    """登记英文已按中文更新；不写编号就列出旧的 / record English as up to date; without ids: list outdated texts."""
    from haopin.load.folder import TRANSLATIONS, Places
    from haopin.office.project import open_project
    from haopin.office.terminal import CommandLanguage
    from haopin.office.translations import chosen, listing, marked
    from haopin.office.writing import write

    project, say = open_project(config, None), CommandLanguage(language)
    if not (keys or added or everything):
        click.echo("\n".join(listing(project.dataset, Places(project.folder), project.name, say)))
        return
    marks = marked(project.dataset, chosen(project.dataset, keys, added=added, everything=everything))
    if marks.text is not None:
        write(project.folder, project.name, {TRANSLATIONS: marks.text.encode()})
    click.echo(
        say(
            "登记了 {n} 处,删去已不存在的 {gone} 处",
            "recorded: {n}; dropped, since the text is gone: {gone}",
            n=marks.recorded,
            gone=marks.dropped,
        )
    )
