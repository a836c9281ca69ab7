"""Commands that create a site: start, and the workbook for content that requires people."""

import shlex
import sys
from pathlib import Path

import click

from haopin import installation
from haopin.cli.common import CONFIG, FILE, YES, confirmed, write_and_list
from haopin.problem import ConfigurationError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "notice",
    type=click.Path(path_type=Path),
    help="通知：docx、txt、html、有文字的 pdf / the notice: docx, txt, html, or pdf with text",
)
def start(folder: Path, notice: Path | None) -> None:
    """新建一个网站，可以从通知读起 / create a site in an empty folder, from a notice or without one."""
    from haopin.start.folder import REPORT, start
    from haopin.start.notice import read_notice
    from haopin.start.plan import read_plan
    from haopin.start.source import read_source

    plan = read_plan(read_notice(read_source(notice))) if notice is not None else None
    errors = start(folder, plan)
    click.echo(f"已写入 / written: {folder}")
    if plan is not None:
        measures = sum(len(task.measures) for task in plan.tasks)
        counts = (len(plan.clauses), len(plan.tasks), measures, len(plan.bodies), len(plan.doubts))
        zh = "条款 {}，任务 {}，举措 {}，单位 {}，拿不准的 {}".format(*counts)
        en = "clauses: {}, tasks: {}, measures: {}, bodies: {}, doubts: {}".format(*counts)
        click.echo(f"{zh} / {en}")
        click.echo(f"请看 / read: {folder / REPORT}")
    if errors:
        click.echo(
            f"检查还有 {len(errors)} 个错误，写在报告里 / errors of the check, listed in the report: {len(errors)}"
        )
    if installation.CLONE is not None:
        click.echo(
            "在那个文件夹里生成网站，要先安装程序包，见 docs/dev/releasing.md / "
            "to build there, install the package first: docs/dev/releasing.md"
        )
    else:
        click.echo(f"接下来 / next: cd {shlex.quote(str(folder))}, haopin check, haopin build")


@click.group()
def sheet() -> None:
    """整理用的表：短标题、英文、举措的合并与拆分 / the workbook for titles, English, joining and splitting."""


@sheet.command("export")
@CONFIG
@click.option("--output", type=click.Path(path_type=Path), default=Path("sheet.xlsx"), show_default=True)
def export_sheet(config: Path, output: Path) -> None:
    """写出表格 / write the workbook."""
    from haopin.office.project import open_project
    from haopin.start.sheet import sheet_book

    project = open_project(config, None)
    if output.exists():
        raise ConfigurationError(
            f"已有文件“{output}”，可能已经填过，请移走或用 --output 换个名字 / “{output}” exists and may be filled in; "
            "move it or choose another name with --output"
        )
    output.write_bytes(sheet_book(project.folder))
    click.echo(str(output))


@sheet.command("import")
@CONFIG
@FILE
@YES
def import_sheet(config: Path, file: Path, yes: bool) -> None:
    """导入填好的表格 / import the filled-in workbook."""
    from haopin.office.project import open_project
    from haopin.start.sheet import read_sheet

    project = open_project(config, None)
    plan = read_sheet(file, project.folder, project.name)
    counts = (plan.english, plan.joined, plan.split, plan.dropped)
    zh = "英文 {} 处，合并 {} 条，拆开 {} 条，删去数字 {} 个".format(*counts)
    en = "English: {}, joined: {}, split: {}, numbers deleted: {}".format(*counts)
    click.echo(f"{zh} / {en}")
    if not plan.changes:
        click.echo("没有新内容，什么都没有改 / nothing new, nothing was changed")
        return
    if not confirmed(yes):
        sys.exit(1)
    write_and_list(project, plan.changes)
