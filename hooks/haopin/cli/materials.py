"""Command of the publicity materials."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from haopin.cli.common import AS_OF, CONFIG
from haopin.problem import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from haopin.materials.handover import Loop


@click.command()
@CONFIG
@AS_OF
@click.option("--for", "sender", default="", metavar="TEXT", help="落款，写在每件上 / who puts them up, on each piece")
@click.option("--activity", default="", metavar="ID", help="只做一项活动的 / only those of an activity")
@click.option(
    "--content",
    default="",
    metavar="KIND[/ID]",
    help="只做一类内容，或一条记录的 / only a kind of content, or those of a record: slogan, task, task/03",
)
@click.option(
    "--year", type=click.IntRange(1949, 2100), help="哪一年的活动，默认下一届 / year; default: the next edition"
)
@click.option(
    "--format", "formats", multiple=True, metavar="ID", help="只做一种规格，可写几次 / only a format; repeatable"
)
@click.option("--language", "languages", multiple=True, metavar="zh|en", help="只做一种语言 / only a language")
@click.option("--png", is_flag=True, help="印刷的也做成图片 / printed ones as pictures, too")
@click.option("--list", "listed", is_flag=True, help="列出规格和活动的 ID / list the ids of formats and activities")
@click.option("--prepare", is_flag=True, help="只画好放进缓存，不写文件 / draw into the cache, write no files")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("site-materials"),
    show_default=True,
    help="输出文件夹 / output folder",
)
def materials(
    config: Path,
    as_of: datetime | None,
    sender: str,
    activity: str,
    content: str,
    year: int | None,
    formats: tuple[str, ...],
    languages: tuple[str, ...],
    png: bool,
    listed: bool,
    prepare: bool,
    out: Path,
) -> None:
    """制作宣传物料：展板、海报、横幅、屏幕…… / make publicity materials: boards, posters, banners, screens …."""
    from haopin.build.settings import display_name
    from haopin.build.standalone import open_site
    from haopin.materials.engine import is_available
    from haopin.materials.failures import lines_of
    from haopin.materials.handover import collected, handed, loops, packed
    from haopin.materials.sets import PieceFilter, formats_of, set_of
    from haopin.model.activity import Activity
    from haopin.model.choices import CHOICES
    from haopin.model.material_format import MaterialFormat
    from haopin.text import LANGUAGES

    if not is_available():
        raise ConfigurationError(
            "这台机器没有装上画图的程序包（Typst 和字体），请联网后再运行一次 / "
            "this machine lacks the packages that draw (Typst and its fonts): run this again with a network"
        )
    opened = open_site(config, as_of=as_of.date() if as_of else None, is_cached=True)
    sources = {language: source for language, source in opened.sources.items() if language in LANGUAGES}
    first = next(iter(opened.sources.values()))
    known = {each.id: each.name for each in formats_of(first)}
    activities = {each.id: each.name for each in first.catalogue.all(Activity)}
    if listed:
        for each, name in [*known.items(), *activities.items()]:
            click.echo(f"{each:24} {name.zh} / {name.get('en')}")
        return
    kinds = CHOICES[MaterialFormat, "on_site"]
    for asked, choice, zh, en in (
        (formats, known, "规格", "format"),
        ((activity,) if activity else (), activities, "活动", "activity"),
        ((content,) if content and "/" not in content else (), kinds, "内容", "content"),
        (languages, sources, "语言", "language"),
    ):
        for each in asked:
            if each not in choice:
                ids = "、".join(choice)
                raise ConfigurationError(
                    f"没有{zh}“{each}”，可选：{ids} / there is no {en} “{each}”; choose from these"
                )
    wanted = PieceFilter(content or (activity and f"activity/{activity}"), year, formats, sender, png)
    chosen = [set_of(source, wanted) for each, source in sources.items() if not languages or each in languages]
    made = [each for found in chosen for each in found.draw(thumbnails=True)]
    films, problems = _films(tuple(loops(chosen)), is_quiet=prepare)
    if prepare:
        # The desk shows beside a piece why that was not drawn, and a failed film as the command's output.
        sys.exit(1 if problems else 0)
    files = collected(tuple(handed(chosen)), first) | films
    out.mkdir(parents=True, exist_ok=True)
    for file, found in files.items():
        (out / file).write_bytes(found)
    if files:
        (out / "materials.zip").write_bytes(packed(files.items()))
    failed = [each for each in made if each.failure is not None]
    data = opened.session.data
    for line in lines_of(failed, data, display_name(data, opened.folder)):
        click.echo(line, err=True)
    size = sum(map(len, files.values())) / 1e6
    count = len(made) - len(failed)
    click.echo(
        f"{count} 件，{size:.1f} MB，另有缩略图 contact-sheet.pdf，全部在 materials.zip / "
        f"{count} pieces with a contact sheet, all in materials.zip: {out.as_posix()}/"
        if files
        else "没有可做的 / there is nothing to make"
    )
    sys.exit(1 if failed or problems else 0)


def _films(loops: "Sequence[Loop]", *, is_quiet: bool) -> tuple[dict[str, bytes], list[str]]:
    """Return the files of ``loops`` by name, if ffmpeg is installed, and what failed."""
    from haopin.materials.television import ffmpeg

    films, problems, program = dict[str, bytes](), list[str](), ffmpeg()
    if program is None:
        if loops and not is_quiet:
            click.echo(
                "电视画面是按顺序编号的 JPG；做 MP4 循环视频要用 ffmpeg，没有找到：装好后再运行一次 / "
                "the slides for television are numbered JPG; the MP4 loop needs ffmpeg, which was not found: "
                "install it and run this again"
            )
        return {}, []
    for loop in loops:
        try:
            films[loop.name] = loop.make(program)
        except ConfigurationError as error:
            problems.append(f"{loop.name}: {error}")
            click.echo(problems[-1], err=True)
        else:
            count = len(loop.slides)
            click.echo(f"{loop.name}：{count} 个画面，{loop.seconds} 秒 / slides: {count}, seconds: {loop.seconds}")
    return films, problems
