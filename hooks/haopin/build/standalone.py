"""A site without MkDocs: its records opened, and its pages exported as Markdown files for other generators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import yaml

from haopin.build.addresses import links_of
from haopin.build.session import THEME_ASSETS, BuildSession, open_session
from haopin.build.settings import read_config
from haopin.cache import Cache
from haopin.exports.downloads import offers
from haopin.exports.registry import PER_LANGUAGE, SHARED
from haopin.exports.source import ExportSource
from haopin.html.renderer import Renderer
from haopin.materials.public import Materials
from haopin.site.branding import stylesheet
from haopin.text import Language


@dataclass(frozen=True)
class Opened:
    """A site that was read for another purpose than a build by MkDocs.

    Attributes:
        session: Its records and texts.
        sources: Inputs of exports, by language, the primary one first.
        folder: Folder of the configuration file.
    """

    session: BuildSession
    sources: Mapping[Language, ExportSource]
    folder: Path


def open_site(config: Path, *, as_of: date | None, is_cached: bool = False) -> Opened:
    """Read the site of ``config``.

    Args:
        config: The configuration file.
        as_of: Date of the pages; None for that of the settings.
        is_cached: Whether to use the cache of the builds.

    Raises:
        DataError: with all errors of the data and of the written pages.
        ConfigurationError: if the settings are invalid.
    """
    folder = config.resolve().parent
    settings, extensions = read_config(config)
    if as_of is not None:
        settings = settings.model_copy(update={"as_of": as_of})
    session = open_session(settings, folder, extensions, lambda line: None)
    base = str(session.catalogue.site.address).rstrip("/") + "/"
    paths = {edition.language: edition.path for edition in settings.editions}
    sources = {}
    for edition in settings.editions:
        language = edition.language
        renderer = Renderer(
            session.catalogue,
            language,
            session.as_of,
            session.labels,
            session.templates,
            session.written[language],
            edition.up,
            base + edition.path,
            session.assets,
        )
        part = f"demo/{language}" if settings.samples else language
        kept = Cache(folder / settings.cache, part) if is_cached else None
        source = sources[language] = ExportSource(renderer, base, paths, settings.indexed, kept)
        renderer.offer(partial(offers, source))
        renderer.offer_materials(Materials(source, is_drawn=False))
        own = settings.model_copy(update={"language": language})
        renderer.links = links_of(
            session.catalogue,
            partial(_same, source),
            own,
            folder / edition.docs,
            session.pages[language],
            extensions,
        )
    return Opened(session, sources, folder)


def export(config: Path, folder: Path, *, as_of: date | None) -> int:
    """Write the generated pages below ``folder``, in a subfolder per language.

    Each is a Markdown file with a title and the HTML of the page; style sheets are in ``assets/``, exports at the paths
    that they have on the site. Exports shared by all languages are in the folder of the first one.

    Returns:
        Number of pages written.
    """
    opened = open_site(config, as_of=as_of)
    session, count = opened.session, 0
    for number, (language, source) in enumerate(opened.sources.items()):
        renderer = source.renderer
        for page in renderer.pages:
            rendered = renderer.render(page)
            head = yaml.safe_dump(
                {"title": rendered.title, "description": rendered.description}, allow_unicode=True, sort_keys=True
            )
            _write(
                folder / language / page.source,
                f"---\n{head}---\n\n<div>\n{rendered.content.strip()}\n</div>\n",
            )
            count += 1
        for export in (*PER_LANGUAGE, *(SHARED if number == 0 else ())):
            for made in export(source):
                target = folder / language / made.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(made.make())
        _write(folder / language / session.assets / "county.css", stylesheet(session.catalogue.site.identity))
        for name in ("haopin.css", "figures.css", "print.css"):
            _write(folder / language / session.assets / name, (THEME_ASSETS / name).read_text("utf-8"))
    return count


def _same(source: ExportSource) -> ExportSource:
    return source


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
