"""Entry point: defines the commands, and maps exceptions to messages and exit codes."""

import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from haopin import __version__, installation
from haopin.cli.common import CONFIG, CONFIG_OR_NEW
from haopin.cli.materials import materials
from haopin.cli.records import approve, discard, new, status, translated
from haopin.cli.release import bill, nginx, pack, release, releases, rollback
from haopin.cli.spreadsheets import batch, ledger
from haopin.cli.start import sheet, start
from haopin.cli.watch import watch
from haopin.problem import ConfigurationError, DataError

_AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="页面所依据的日期，默认今天 / date of the pages; default: today",
)


@click.group()
@click.version_option(__version__, message="%(prog)s %(version)s", help="版本 / version")
def cli() -> None:
    """Haopin 好品: 公开工作方案及其落实情况的网站 / the public site of a plan and of how it is carried out."""


@cli.command()
@CONFIG
@_AS_OF
def check(config: Path, as_of: datetime | None) -> None:
    """检查数据和以后 400 天的生成 / check the data folder, the written pages, and the builds of the next 400 days."""
    from haopin.build.foresight import DAYS_AHEAD, foresee, read_words
    from haopin.build.settings import display_name, read_config, resolve_day
    from haopin.build.written_pages import named_lines, personal_lines, read_docs
    from haopin.check.approvals import unproven_approvals
    from haopin.check.entries import RecordIndex
    from haopin.check.texts import days_to_come
    from haopin.git import history_warnings
    from haopin.load.folder import open_readings, report
    from haopin.office.history import deletion_warnings, ledger_warnings
    from haopin.privacy.redaction import names_of
    from haopin.site.catalogue import examine, time_zone

    settings, extensions = read_config(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    if not folder.is_dir():
        raise ConfigurationError(f"没有资料文件夹 / there is no data folder: {settings.data}")
    name = display_name(folder, base)
    readings = open_readings(base / settings.cache)
    dataset, errors, warnings = examine(folder, name, readings)
    day = resolve_day(as_of.date() if as_of else settings.as_of, time_zone(dataset))
    entries = RecordIndex(dataset)
    warnings += report(folder, [*days_to_come(entries, day), *unproven_approvals(entries)], name)
    warnings += [*ledger_warnings(folder, name), *deletion_warnings(folder, name), *history_warnings(folder)]
    docs = read_docs(settings, base, extensions, readings)
    warnings = [*docs.warnings, *warnings]
    if not errors:
        seen = foresee(
            settings, extensions, base, dataset, name, docs.pages, day, read_words(dataset, settings), ahead=DAYS_AHEAD
        )
        named = named_lines(docs.pages, names_of(dataset, samples=settings.samples))
        personal = personal_lines(docs, (entry.record for entry in dataset.entries))
        errors, warnings = [*personal, *seen.errors], [*warnings, *seen.warnings, *named]
    readings.finish()
    errors = [*docs.lines, *errors]
    for line in [*errors, *warnings]:
        click.echo(line)
    click.echo(
        f"共 {len(dataset.entries)} 条记录，{len(errors)} 个错误，{len(warnings)} 个提醒 / "
        f"{len(dataset.entries)} records, errors: {len(errors)}, warnings: {len(warnings)}"
    )
    sys.exit(1 if errors else 0)


@cli.command()
@CONFIG
@_AS_OF
@click.option("--site-dir", type=click.Path(path_type=Path), help="输出文件夹 / output folder")
def build(config: Path, as_of: datetime | None, site_dir: Path | None) -> None:
    """生成网站 / build the site; the previous build is replaced only if this one succeeds."""
    from haopin.build.unchanged import Request, built_site

    day = as_of.date() if as_of else None
    if (site := built_site(Request(config, site_dir, day))) is not None:
        here = Path.cwd()
        shown = (site.relative_to(here) if site.is_relative_to(here) else site).as_posix()
        click.echo(f"没有变化，网站仍是最新的 / nothing has changed, the site is up to date: {shown}/")
    else:
        from haopin.mkdocs_plugin.staging import build_site

        build_site(config, as_of=day, target=site_dir)
    command = installation.command()
    click.echo(f"查看 / to look at it: {command} serve; 离线副本 / a copy that opens from a folder: {command} offline")


@cli.command()
@CONFIG
@_AS_OF
@click.option("--site-dir", type=click.Path(path_type=Path), default=Path("site-demo"), show_default=True)
def demo(config: Path, as_of: datetime | None, site_dir: Path) -> None:
    """生成带示例数据的演示网站 / build a demonstration with sample data, into a folder of its own."""
    from haopin.mkdocs_plugin.staging import build_site

    os.environ["HAOPIN_SAMPLES"] = "true"
    build_site(config, as_of=as_of.date() if as_of else None, target=site_dir)


@cli.command()
@CONFIG
@_AS_OF
@click.option("--all", "everything", is_flag=True, help="也含未到公布日的 / also what is approved for a later day")
@click.argument("target", type=click.Path(path_type=Path), default=Path("site-preview"))
def preview(config: Path, as_of: datetime | None, everything: bool, target: Path) -> None:
    """生成送审稿：也显示并标明待审核的 / make a draft with what awaits approval, to open from a folder."""
    from haopin.mkdocs_plugin.draft import build_draft

    count = build_draft(config, target, as_of=as_of.date() if as_of else None, shows="all" if everything else "waiting")
    click.echo(f"送审稿 / draft: {target.as_posix()}/index.html ({count})")


@cli.command()
@CONFIG
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口 / port")
def serve(config: Path, port: int) -> None:
    """本机预览，边改边看 / live preview of both languages on this machine."""
    from haopin.mkdocs_plugin import preview

    preview.serve(config, port)


@cli.command()
@CONFIG_OR_NEW
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认任选一个空闲的 / port; default: a free one")
@_AS_OF
@click.option("--no-browser", is_flag=True, help="不打开浏览器 / do not open the browser")
def desk(config: Path, port: int | None, as_of: datetime | None, no_browser: bool) -> None:
    """编辑台：在浏览器里写、看、审、发布 / the desk: write, check, approve and publish in the browser."""
    from haopin.desk.server import serve as open_desk

    open_desk(config, port or 0, as_of.date() if as_of else None, browse=not no_browser)


@cli.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("data/schema"))
@click.option("--editor", is_flag=True, help="也写出 VS Code 的设置 / write the settings of VS Code too")
def schema(folder: Path, editor: bool) -> None:
    """写出 JSON Schema / write the JSON Schemas that editors use."""
    from haopin.model.schema import schema_files
    from haopin.office.editor_settings import write_settings

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    click.echo(str(folder))
    if (settings := write_settings(folder, always=editor)) is not None:
        click.echo(str(settings))


@cli.command("export-pages")
@CONFIG
@_AS_OF
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_pages(config: Path, as_of: datetime | None, folder: Path) -> None:
    """写出全部页面 / write the generated pages for generators without hooks."""
    from haopin.build.standalone import export

    count = export(config, folder, as_of=as_of.date() if as_of else None)
    click.echo(f"{folder}: {count}")


_DIFFERENCES = {
    "missing": "缺少文件 / the file is missing",
    "changed": "内容与生成时不同 / the content is not what was built",
    "added": "生成时没有这个文件 / the file was not part of the build",
    "no-evidence": "没有 build.json，无法核对；请重新生成 / there is no build.json; build the site again",
    "bad-evidence": "build.json 已损坏；请重新生成 / build.json is damaged; build the site again",
}


@cli.command()
@click.argument("site", type=click.Path(path_type=Path), default=Path("site"))
def verify(site: Path) -> None:
    """核对网站文件 / check every file of a built site against its build.json."""
    from haopin.build.manifest import NAME
    from haopin.build.manifest import verify as differences
    from haopin.ops.prepare import of_a_release

    if not site.is_dir():
        raise ConfigurationError(f"没有网站文件夹 / there is no site folder: {site}")
    try:
        found, count = differences(site)
        found = list(of_a_release(site, found))
    except OSError as error:
        raise ConfigurationError(f"无法读取 / cannot be read: {error}") from error
    for difference in found:
        click.echo(f"{site.as_posix()}/{difference.name or NAME}: {_DIFFERENCES[difference.kind]}")
    if found:
        sys.exit(1)
    click.echo(f"{count} 个文件都与生成时相同 / all {count} files are unchanged since the build")


@cli.command()
@click.argument("site", type=click.Path(path_type=Path), default=Path("site"))
@click.argument("target", type=click.Path(path_type=Path), default=Path("site-offline"))
def offline(site: Path, target: Path) -> None:
    """制作离线副本 / copy a built site into a folder that opens without a web server."""
    from haopin.build.offline import copy_site

    try:
        count = copy_site(site, target.resolve())
    except OSError as error:
        raise ConfigurationError(f"无法制作离线副本 / the copy cannot be made: {error}") from error
    click.echo(f"已生成 / written: {target.as_posix()}/index.html ({count})")


cli.add_command(start)
cli.add_command(sheet)
cli.add_command(ledger)
cli.add_command(batch)
cli.add_command(approve)
cli.add_command(discard)
cli.add_command(new)
cli.add_command(status)
cli.add_command(materials)
cli.add_command(translated)
cli.add_command(nginx)
cli.add_command(release)
cli.add_command(rollback)
cli.add_command(releases)
cli.add_command(watch)
cli.add_command(pack)
cli.add_command(bill)


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code: 1 for expected errors (with a message), 2 for an error of the program.

    So a pipeline can tell "the data or the site is wrong" (1: roll back) from "unknown" (2: do not).
    """
    # Material prints an advertisement at each start.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    # The encoding of a terminal (GBK) may lack a character of a message.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s - %(message)s", stream=sys.stderr)
    try:
        cli.main(list(arguments), prog_name="haopin", standalone_mode=False)
    except DataError as error:
        click.echo("\n".join(error.lines), err=True)
        return 1
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        return 1
    except OSError as error:
        # For example an unreadable folder or a full disk.
        name = f"{error.filename}: " if error.filename else ""
        click.echo(f"读写文件失败 / a file cannot be read or written: {name}{error.strerror or error}", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return 1
    except click.exceptions.Exit as error:
        return error.exit_code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except ModuleNotFoundError as error:
        click.echo(installation.incomplete(error), err=True)
        return 2
    except Exception as error:
        return crashed(error)
    return 0


def crashed(error: BaseException) -> int:
    """Report an error of the program itself; return exit code 2.

    The traceback goes to logs only, not to a person at a terminal.
    """
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    click.echo(
        f"程序出错，没有完成：{reason}；请把这一行和命令发给维护程序的人 / "
        f"the program failed and did not finish: {reason}; report this line and the command",
        err=True,
    )
    if not sys.stderr.isatty():
        traceback.print_exception(error)
    return 2
