"""The command that makes a new record, with a clerk at a terminal or from options."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from haopin.desk.cli_common import AS_OF, CONFIG, LANGUAGE
from haopin.text import Language


@click.command()
@CONFIG
@LANGUAGE
@AS_OF
@click.option(
    "--set", "options", multiple=True, metavar="FIELD=VALUE", help="不问就填好一项，可重复 / answer; repeatable"
)
@click.option("--yes", is_flag=True, help="什么都不问 / ask nothing")
@click.argument("kind", required=False, default="")
def new(
    config: Path, language: Language, as_of: datetime | None, options: tuple[str, ...], yes: bool, kind: str
) -> None:
    """新建一条记录 / make a new record, asked field by field."""
    from haopin.desk.new_session import Session
    from haopin.desk.opening import open_desk

    session = Session(open_desk(config, as_of.date() if as_of else None), language, kind, options)
    try:
        written = session.unasked() if yes else session.dialogue(_ask, click.echo)
    except (click.Abort, KeyboardInterrupt):
        click.echo()
        written = []
    if not written:
        click.echo(session.voice("什么都没有改", "Nothing was changed"))
        sys.exit(1)
    for line in written:
        click.echo(line)


def _ask(prompt: str) -> str:
    while True:
        try:
            answer: Any = click.prompt(prompt, default="", show_default=False, prompt_suffix="")
            return str(answer)
        except UnicodeDecodeError:
            # Pasted from a program that uses GBK.
            click.echo("  这些字不是 UTF-8\uff0c请重新输入 / this is not UTF-8; type it again")
