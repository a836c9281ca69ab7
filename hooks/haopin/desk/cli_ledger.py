"""The commands for the ledger as a spreadsheet: out, and back in."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from haopin.desk.cli_common import AS_OF, CONFIG, FILE, LANGUAGE, YES, confirmed, write_told
from haopin.problem import ConfigurationError


@click.group()
def ledger() -> None:
    """台账与表格互换 / the ledger as a spreadsheet, out and back in."""


@ledger.command("export")
@CONFIG
@click.option("--body", help="责任单位的名称或编号，默认全部 / name or id of a body; default: all")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件 / file to write")
@AS_OF
@LANGUAGE
def export_ledger(config: Path, body: str | None, output: Path | None, as_of: datetime | None, language: Any) -> None:
    """导出台账填报表 / write the form in which a body reports."""
    from haopin.desk.ledger_book import ledger_book
    from haopin.desk.ledger_rows import whole
    from haopin.desk.opening import body_named, open_desk

    desk = open_desk(config, as_of.date() if as_of else None)
    body = body_named(desk, body)
    day = desk.day
    path = output or Path(f"ledger-{body or 'all'}-{day.isoformat()}.xlsx")
    if path.exists():
        raise ConfigurationError(
            f"已有文件“{path}”，可能已经填过，请移走或用 --output 换个名字 / “{path}” exists and may be filled in; "
            "move it or choose another name with --output"
        )
    raw = ledger_book(whole(desk.reading, samples=desk.samples), body, day, language)
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise ConfigurationError(f"写不了“{path}” / cannot write “{path}”: {error.strerror}") from error
    click.echo(str(path))


@ledger.command("import")
@CONFIG
@FILE
@YES
@click.option("--body", help="填报单位，表里没有写明时用 / the reporting body, where the form names none")
@AS_OF
def import_ledger(config: Path, file: Path, yes: bool, body: str | None, as_of: datetime | None) -> None:
    """导入填好的台账表 / add what a form reports to the ledger."""
    from haopin.desk.ledger_import import read_import
    from haopin.desk.ledger_told import told
    from haopin.desk.opening import body_named, open_desk

    desk = open_desk(config, as_of.date() if as_of else None)
    plan = read_import(file, desk.reading, desk.name, body=body_named(desk, body), samples=desk.samples, today=desk.day)
    click.echo("\n".join(told(plan)))
    if not plan.new:
        click.echo("没有新内容，什么都没有改 / nothing new, nothing was changed")
        return
    if not confirmed(yes):
        sys.exit(1)
    write_told(desk, plan.changes)
    click.echo(
        "这些记录还没有审核，审核后才公布：haopin approve / these entries are published only after approval: "
        "haopin approve"
    )
