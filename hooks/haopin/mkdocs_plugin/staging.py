"""Building into a staging folder; the public folder changes only when everything has succeeded."""

import traceback
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml
from jinja2 import TemplateError
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import ConfigurationError as MkDocsConfigurationError
from mkdocs.exceptions import MkDocsException

from haopin.build.settings import Settings
from haopin.files import PREVIOUS, Scratch
from haopin.mkdocs_plugin.speed import skip_last_garbage_collection
from haopin.problem import ConfigurationError


def load(config: Path, **overrides: Any) -> Any:
    """Return MkDocs' configuration of ``config``.

    Raises:
        ConfigurationError: if MkDocs refuses it.
    """
    try:
        return load_config(config_file=str(config.resolve()), **overrides)
    except (MkDocsConfigurationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{config}: {error}") from error


def build_site(
    config: Path,
    *,
    as_of: date | None,
    target: Path | None,
    address: str | None = None,
    other: Settings | None = None,
    told: bool = True,
) -> None:
    """Build all languages strictly and put them at ``target`` (default: the configuration's ``site_dir``).

    Args:
        config: The main configuration.
        as_of: The day for which the pages speak; None for that of the configuration.
        target: Where the site goes.
        address: Where it will stand, if not at the address in the data.
        other: Settings that name other folders of data and written pages than the configuration does.
        told: Whether to print where the site is, which nobody needs of one that goes elsewhere at once.

    Raises:
        ConfigurationError: if anything failed; ``target`` is then as it was.
    """
    final = Path(target or load(config).site_dir).resolve()
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
        folders = {} if other is None else {"docs_dir": str(config.resolve().parent / other.edition.docs)}
        settings = load(config, site_dir=str(fresh), strict=True, **folders)
        if other is not None:
            settings.extra["haopin"].update(other.model_dump(include={"data", "editions"}))
        if as_of is not None:
            settings.extra["haopin"]["as_of"] = as_of
        if address is not None:
            settings.extra["haopin"]["address"] = address
        _build(settings)
        swap(fresh, final, previous)
        skip_last_garbage_collection()
    finally:
        # If not even the last site could be put back, it must not be thrown away.
        if final.exists() or not previous.exists():
            scratch.remove()
    if told:
        here = Path.cwd()
        shown = final.relative_to(here) if final.is_relative_to(here) else final
        click.echo(f"已生成 / built: {shown.as_posix()}/")


def _build(settings: object) -> None:
    try:
        build(settings)  # type: ignore[arg-type]
    except (TemplateError, OSError) as error:
        raise ConfigurationError(
            f"生成失败 / the build failed: {_template_of(error)}{type(error).__name__}: {error}"
        ) from error
    except (MkDocsException, SystemExit) as error:
        # MkDocs has already printed what is wrong.
        reason = f": {error}" if str(error) else ""
        raise ConfigurationError(
            f"生成失败，原有网站未改动 / the build failed, the last site is untouched{reason}"
        ) from error


def _template_of(error: Exception) -> str:
    """Return the file and line of the template in which ``error`` arose, empty if in none."""
    # Jinja puts its templates into the traceback.
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.filename.endswith(".html")]
    return f"{Path(steps[-1].filename).name}:{steps[-1].lineno}: " if steps else ""


def swap(fresh: Path, final: Path, previous: Path) -> None:
    """Put ``fresh`` in the place of ``final``; if that fails, ``final`` comes back.

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
        where = f"; 原有网站在 / the last site is in {previous}" if previous.exists() else ""
        raise ConfigurationError(f"无法替换网站文件夹 / cannot replace the site folder: {error}{where}") from error
