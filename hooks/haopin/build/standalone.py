"""Export of the generated pages as Markdown files, for site generators without hooks."""

from datetime import date
from functools import partial
from pathlib import Path

import yaml

from haopin.build.addresses import links_of
from haopin.build.session import THEME_ASSETS, open_session
from haopin.build.settings import read_config
from haopin.exports.downloads import offers
from haopin.exports.registry import PER_LANGUAGE, SHARED
from haopin.exports.source import ExportSource
from haopin.html.renderer import Renderer
from haopin.site.branding import stylesheet


def export(config: Path, folder: Path, *, as_of: date | None) -> int:
    """Write the generated pages below ``folder``, in a subfolder per language.

    Each is a Markdown file with a title and the HTML of the page; style sheets are in ``assets/``, exports at the paths
    that they have on the site. Exports shared by all languages are in the folder of the first one.

    Returns:
        Number of pages written.
    """
    base_folder = config.resolve().parent
    settings, extensions = read_config(config)
    if as_of is not None:
        settings = settings.model_copy(update={"as_of": as_of})
    session = open_session(settings, base_folder, extensions, _ignore)
    count = 0
    base = str(session.catalogue.site.address).rstrip("/") + "/"
    paths = {edition.language: edition.path for edition in settings.editions}
    for edition in settings.editions:
        language = edition.language
        written = session.written[language]
        renderer = Renderer(
            session.catalogue,
            language,
            session.as_of,
            session.labels,
            session.templates,
            written,
            edition.up,
            base + edition.path,
            session.assets,
        )
        source = ExportSource(renderer, base, paths, settings.indexed)
        renderer.offer(partial(offers, source))
        docs = base_folder / edition.docs
        own = settings.model_copy(update={"language": language})
        pages = session.pages[language]
        renderer.links = links_of(session.catalogue, partial(_same, source), own, docs, pages, extensions)
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
        for export in (*PER_LANGUAGE, *(SHARED if edition is settings.editions[0] else ())):
            for made in export(source):
                target = folder / language / made.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(made.make())
        _write(folder / language / session.assets / "county.css", stylesheet(session.catalogue.site.identity))
        for name in ("haopin.css", "figures.css", "print.css"):
            _write(folder / language / session.assets / name, (THEME_ASSETS / name).read_text("utf-8"))
    return count


def _ignore(line: str) -> None:
    """Ignore a warning; the build and the check print it."""


def _same(source: ExportSource) -> ExportSource:
    return source


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
