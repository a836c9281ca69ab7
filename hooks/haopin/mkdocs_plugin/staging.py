"""Build into a staging folder; the output folder is replaced only after success."""

import traceback
from datetime import date
from pathlib import Path

import click
from jinja2 import TemplateError
from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from haopin.build.settings import Settings
from haopin.build.unchanged import Request, forget, remember
from haopin.files import PREVIOUS, Scratch
from haopin.mkdocs_plugin import LAST_SITE
from haopin.mkdocs_plugin.incremental import own_theme
from haopin.mkdocs_plugin.loading import load
from haopin.mkdocs_plugin.page_context import build_of
from haopin.mkdocs_plugin.speed import skip_last_garbage_collection
from haopin.problem import ConfigurationError
from haopin.site.publish import Shows


def build_site(
    config: Path,
    *,
    as_of: date | None,
    target: Path | None,
    address: str | None = None,
    other: Settings | None = None,
    shows: Shows = "public",
    told: bool = True,
) -> None:
    """Build all languages in strict mode and move them to ``target`` (default: the configuration's ``site_dir``).

    Args:
        config: Path of the main configuration.
        as_of: Date of the pages; None for that of the configuration.
        target: Output folder.
        address: Address of the site, if not the one in the data.
        other: Settings with other folders of data and written pages than the configuration.
        shows: Which records are shown; a draft has no exports.
        told: Whether to print the output folder; not useful for a temporary one.

    Raises:
        ConfigurationError: if the build failed; ``target`` is then unchanged.
    """
    settings = load(config, strict=True, **_folders(config, target, other))
    final = Path(settings.site_dir).resolve()
    forget(config)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        scratch = Scratch(final.parent, ".haopin-")
    except OSError as error:
        raise ConfigurationError(
            f"无法写入“{final.parent}”，请换一个文件夹，或检查权限和磁盘 / cannot write to “{final.parent}”; choose "
            f"another folder, or check its permissions and the disk: {error.strerror}"
        ) from error
    fresh, previous = scratch.path / "site", scratch.path / PREVIOUS / final.name
    try:
        settings.site_dir = str(fresh)
        if other is not None:
            settings.extra["haopin"].update(other.model_dump(include={"data", "editions"}))
        settings.extra[LAST_SITE] = final
        if as_of is not None:
            settings.extra["haopin"]["as_of"] = as_of
        if address is not None:
            settings.extra["haopin"]["address"] = address
        if shows != "public":
            settings.extra["haopin"] |= {"shows": shows, "exports": False}
        _build(settings)
        swap(fresh, final, previous)
        if other is None and address is None and build_of(settings).graph is not None:
            _remember(Request(config, target, as_of), final, settings)
        skip_last_garbage_collection()
    finally:
        # If the previous site could not be restored, keep its copy.
        if final.exists() or not previous.exists():
            scratch.remove()
    if told:
        here = Path.cwd()
        shown = final.relative_to(here) if final.is_relative_to(here) else final
        click.echo(f"已生成 / built: {shown.as_posix()}/")


def _folders(config: Path, target: Path | None, other: Settings | None) -> dict[str, str]:
    """Return the folders that are not those of the configuration."""
    found = {} if target is None else {"site_dir": str(target.resolve())}
    return found if other is None else {**found, "docs_dir": str(config.resolve().parent / other.edition.docs)}


def _remember(request: Request, final: Path, settings: MkDocsConfig) -> None:
    """Store what the finished build has read, so that the next one knows whether anything has changed."""
    build, base = build_of(settings), request.config.resolve().parent
    given, session = build.settings, build.session
    zone = session.catalogue.site.time_zone if given.as_of is None else None
    docs = [base / edition.docs for edition in given.editions]
    remember(request, final, session.as_of, zone, [session.data, *docs, *own_theme(settings)])


def _build(settings: object) -> None:
    try:
        build(settings)  # type: ignore[arg-type]
    except (TemplateError, OSError) as error:
        raise ConfigurationError(
            f"生成失败 / the build failed: {_template_of(error)}{type(error).__name__}: {error}"
        ) from error
    except (MkDocsException, SystemExit) as error:
        # MkDocs has already printed the reason.
        reason = f": {error}" if str(error) else ""
        raise ConfigurationError(
            f"生成失败，原有网站未改动 / the build failed, the previous site is unchanged{reason}"
        ) from error


def _template_of(error: Exception) -> str:
    """Return "FILE:LINE" of the template that raised ``error``; "" if none did."""
    # Jinja adds template lines to the traceback.
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.endswith(".html")]
    return f"{Path(steps[-1].filename).name}:{steps[-1].lineno}: " if steps else ""


def swap(fresh: Path, final: Path, previous: Path) -> None:
    """Replace ``final`` by ``fresh``, keeping the old one as ``previous``; on failure restore it.

    Raises:
        ConfigurationError: if the folders cannot be moved.
    """
    had_one = final.exists()
    try:
        if had_one:
            previous.parent.mkdir()
            final.rename(previous)
        try:
            fresh.rename(final)
        except OSError:
            if had_one:
                previous.rename(final)
            raise
    except OSError as error:
        where = f"; 原有网站在 / the previous site is in {previous}" if previous.exists() else ""
        raise ConfigurationError(f"无法替换网站文件夹 / cannot replace the site folder: {error}{where}") from error
