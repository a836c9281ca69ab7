"""The command that takes in a batch of product sampling."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haopin.desk.cli_common import CONFIG, FILE, YES, confirmed, write_told
from haopin.problem import DataError

if TYPE_CHECKING:
    from haopin.reading.reading import Reading


@click.group()
def batch() -> None:
    """抽检批次 / batches of product sampling."""


@batch.command("import")
@CONFIG
@FILE
@YES
@click.option("--id", "batch_id", required=True, help="批次编号，如 food-2026-1 / id of the batch")
@click.option("--title", help="标题 / title")
@click.option("--body", help="组织抽检的单位的 id / id of the body that had the samples taken")
@click.option("--date", "day", help="日期，如 2026-03-05 / date")
@click.option("--source", help="来源 / source of the information")
def import_batch(config: Path, file: Path, yes: bool, batch_id: str, day: str | None, **given: str | None) -> None:
    """从 xlsx 或 csv 导入一批抽检结果 / take a batch of sampling results from a spreadsheet."""
    from haopin.desk.batch_import import batch_import, batch_rows
    from haopin.desk.batch_record import existing, new_record
    from haopin.desk.batch_told import told
    from haopin.desk.opening import known_body, open_desk

    desk = open_desk(config, None)
    rows = batch_rows(file)
    options = {**given, "date": day}
    record = None
    if existing(desk.reading, batch_id) is None:
        known_body(desk, options["body"])
        record = new_record(batch_id, _asked(options, desk.reading))
        known_body(desk, record.body)
    elif unused := [f"--{name}" for name, value in options.items() if value]:
        names = ", ".join(unused)
        click.echo(f"这一批已有说明文件，没有用 {names} / the batch has its record already; {names} not used")
    plan = batch_import(rows, desk.reading, batch_id, record)
    click.echo("\n".join(told(plan)))
    if not plan.changes:
        click.echo("没有新内容，什么都没有改 / nothing new, nothing was changed")
        return
    if not confirmed(yes):
        sys.exit(1)
    write_told(desk, plan.changes)
    if not plan.approved:
        click.echo("审核后才公布：haopin approve / published only after approval: haopin approve")


def _asked(options: dict[str, str | None], reading: "Reading") -> dict[str, str]:
    """Return ``options`` with what is missing asked at a terminal."""
    from haopin.desk.batch_record import NEEDED
    from haopin.desk.cells import CellError, day
    from haopin.desk.workbook import Cell
    from haopin.problem import Place, problem
    from haopin.records.body import Body

    missing = [name for name in NEEDED if not options[name]]
    if missing and not sys.stdin.isatty():
        names = ", ".join(f"--{name}" for name in missing)
        raise DataError([f"新的一批还需要：{names} / a new batch also needs: {names}"])
    bodies = ", ".join(entry.record.id for entry in reading.entries if isinstance(entry.record, Body))
    words = {
        "title": "标题 / title",
        "body": f"组织抽检的单位 / body ({bodies})",
        "date": "日期，如 2026-03-05 / date",
        "source": "来源 / source",
    }
    answers = {name: options[name] or click.prompt(words[name]) for name in NEEDED}
    try:
        answers["date"] = day(Cell("text", answers["date"])).isoformat()
    except CellError as error:
        wrong = problem(Place(""), error.zh, error.en, **error.values)
        raise DataError([f"--date：{wrong.zh} / --date: {wrong.en}"]) from error
    return answers
