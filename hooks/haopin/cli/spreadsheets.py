"""Commands on spreadsheets: export and import of the ledger, import of sampling batches."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from haopin.cli.common import AS_OF, CONFIG, FILE, LANGUAGE, YES, confirmed, write_and_list
from haopin.problem import ConfigurationError, DataError, Problem

if TYPE_CHECKING:
    from haopin.office.project import Project


# --- ledger export, ledger import


@click.group()
def ledger() -> None:
    """台账与表格互换 / export and import the ledger as a spreadsheet."""


@ledger.command("export")
@CONFIG
@click.option("--body", help="责任单位的名称或编号，默认全部 / name or id of a body; default: all")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件 / file to write")
@AS_OF
@LANGUAGE
def export_ledger(config: Path, body: str | None, output: Path | None, as_of: datetime | None, language: Any) -> None:
    """导出台账填报表 / export the form in which a body reports."""
    from haopin.office.ledger.columns import whole
    from haopin.office.ledger.export import ledger_book
    from haopin.office.project import body_named, open_project

    project = open_project(config, as_of.date() if as_of else None)
    body = body_named(project, body)
    day = project.day
    path = output or Path(f"ledger-{body or 'all'}-{day.isoformat()}.xlsx")
    if path.exists():
        raise ConfigurationError(
            f"已有文件“{path}”，可能已经填过，请移走或用 --output 换个名字 / “{path}” exists and may be filled in; "
            "move it or choose another name with --output"
        )
    raw = ledger_book(whole(project.dataset, samples=project.samples), body, day, language)
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise ConfigurationError(f"写不了“{path}” / cannot write “{path}”: {error.strerror}") from error
    click.echo(str(path))


@ledger.command("import")
@CONFIG
@FILE
@YES
@click.option("--body", help="填报单位，表里没有写明时用 / the reporting body, if the form does not name one")
@AS_OF
def import_ledger(config: Path, file: Path, yes: bool, body: str | None, as_of: datetime | None) -> None:
    """导入填好的台账表 / import a filled-in form into the ledger."""
    from haopin.office.ledger.importing import format_report, read_import
    from haopin.office.project import body_named, open_project

    project = open_project(config, as_of.date() if as_of else None)
    plan = read_import(
        file, project.dataset, project.name, body=body_named(project, body), samples=project.samples, today=project.day
    )
    click.echo("\n".join(format_report(plan)))
    if not plan.new:
        click.echo("没有新内容，什么都没有改 / nothing new, nothing was changed")
        return
    if not confirmed(yes):
        sys.exit(1)
    write_and_list(project, plan.changes)
    click.echo(
        "这些记录还没有审核，审核后才公布：haopin approve / these entries are published only after approval: "
        "haopin approve"
    )


# --- batch import


@click.group()
def batch() -> None:
    """抽检批次 / batches of product sampling."""


@batch.command("import")
@CONFIG
@FILE
@YES
@click.option("--id", "batch_id", required=True, help="批次编号，如 food-2026-1 / id of the batch")
@click.option("--title", help="标题 / title")
@click.option("--body", help="组织抽检的单位，名称或编号 / body that organized the sampling")
@click.option("--date", "day", help="公布日期，如 2026-03-05 / date of the announcement")
@AS_OF
@click.option("--source", help="来源 / source of the information")
def import_batch(
    config: Path,
    file: Path,
    yes: bool,
    batch_id: str,
    day: str | None,
    as_of: datetime | None,
    **given: str | None,
) -> None:
    """从 xlsx 或 csv 导入一批抽检结果 / import a batch of sampling results from a spreadsheet."""
    from haopin.model.disclosure import Batch
    from haopin.office.batch_import import batch_import, batch_rows, existing, format_report, new_record, placed
    from haopin.office.project import open_project

    project = open_project(config, as_of.date() if as_of else None)
    rows = batch_rows(file)
    options = {**given, "date": day}
    record = None
    if existing(project.dataset, batch_id) is None:
        found = new_record(batch_id, _asked(options, project))
        if not isinstance(found, Batch):
            raise DataError(_at_options(found))
        record = found
    elif unused := [f"--{name}" for name, value in options.items() if value]:
        names = ", ".join(unused)
        click.echo(f"这一批已有说明文件，没有用 {names} / the batch already has a record; {names} not used")
    plan = batch_import(rows, project.dataset, batch_id, record)
    click.echo("\n".join(format_report(plan)))
    if not plan.changes:
        click.echo("没有新内容，什么都没有改 / nothing new, nothing was changed")
        return
    if not confirmed(yes):
        sys.exit(1)
    try:
        write_and_list(project, plan.changes)
    except DataError as error:
        raise DataError(
            placed(line, f"{project.name}/batches/{batch_id}", file.name) for line in error.lines
        ) from error
    if not plan.approved:
        click.echo("审核后才公布：haopin approve / published only after approval: haopin approve")


def _at_options(problems: Sequence[Problem]) -> list[str]:
    named = [(str(p.place.path[0] if p.place.path else "id"), p) for p in problems]
    return [f"--{name}\uff1a{p.zh} / --{name}: {p.en}" for name, p in named]


def _asked(options: dict[str, str | None], project: "Project") -> dict[str, str]:
    """Validate ``options`` and ask for missing ones at a terminal, until each answer is valid."""
    from haopin.model.body import Body
    from haopin.office.batch_import import NEEDED, answer
    from haopin.office.project import refused
    from haopin.office.record_lookup import InvalidAnswerError

    missing = [name for name in NEEDED if not options[name]]
    if missing and not sys.stdin.isatty():
        names = ", ".join(f"--{name}" for name in missing)
        raise DataError([f"新的一批还需要：{names} / a new batch also needs: {names}"])
    answers = {}
    for name in NEEDED:
        if typed := options[name]:
            try:
                answers[name] = answer(name, typed, project)
            except InvalidAnswerError as error:
                raise refused(f"--{name}", error) from error
    bodies = "、".join(body.name.zh for body in project.dataset.records(Body))
    words = {
        "title": "标题 / title",
        "body": f"组织抽检的单位，写名称 / body, by its name（{bodies}）",
        "date": "公布日期，如 2026-03-05 / date of the announcement",
        "source": "来源 / source",
    }
    for name in missing:
        while name not in answers:
            try:
                answers[name] = answer(name, click.prompt(words[name]), project)
            except InvalidAnswerError as error:
                click.echo(f"  {error.words.zh} / {error.words.en}")
    return answers
