"""Incremental builds: which files of the last site are taken as they are; the graph is in `haopin.build.graph`."""

import json
import re
from dataclasses import astuple
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from haopin import trace
from haopin.build.graph import Graph, PageBody, digest, program_digest
from haopin.build.session import BuildSession
from haopin.build.settings import Settings
from haopin.cache import Cache
from haopin.check.configuration import TESTED_EXTENSIONS
from haopin.installation import PACKAGE
from haopin.mkdocs_plugin import CANCELLED, LAST_SITE, MODE, PROGRAM
from haopin.mkdocs_plugin.page_context import Build, extras_of

SEARCH_INDEX = "search/search_index.json"


def graph_of(config: MkDocsConfig, session: BuildSession, settings: Settings) -> Graph | None:
    """Return the graph of the build of one language; None if nothing is to be remembered."""
    last: Path | None = config.extra.get(LAST_SITE)
    if last is None or not settings.remember or settings.is_draft or not is_alone(config):
        return None
    base = Path(config.config_file_path).resolve().parent
    return Graph(
        base / settings.cache / "graph" / mode_of(config, settings) / f"{settings.language}.json",
        _key(config, session, settings, base),
        session.as_of,
        last / settings.edition.path,
        SEARCH_INDEX,
        session.catalogue,
        is_cancelled=config.extra.get(CANCELLED, bool),
    )


def mode_of(config: MkDocsConfig, settings: Settings) -> str:
    """Return for what a site is built: ``site``, ``demo``, ``draft`` or ``preview``; each is remembered apart."""
    return config.extra.get(MODE) or ("draft" if settings.is_draft else "demo" if settings.samples else "site")


def is_alone(config: MkDocsConfig) -> bool:
    """Return whether everything that a build reads is known.

    Plugins and hooks of others, extensions that are not tested, and configurations elsewhere may read anything.
    """
    names = {str(name) for name in config.markdown_extensions if isinstance(name, str)}
    text = Path(config.config_file_path).read_text("utf-8", "replace")
    is_here = re.search(r"^INHERIT:.*[/\\]", text, re.MULTILINE) is None
    return is_here and len(config.plugins) == 1 and names <= TESTED_EXTENSIONS


def own_theme(config: MkDocsConfig) -> list[Path]:
    """Return the theme folders of the site, which come before that of the program."""
    folders = [Path(folder) for folder in config.theme.dirs]
    last = next((n for n, folder in enumerate(folders) if folder.resolve() == PACKAGE / "theme"), 0)
    return [folder for folder in folders[:last] if folder.is_dir()]


def _key(config: MkDocsConfig, session: BuildSession, settings: Settings, base: Path) -> str:
    """Return a digest of what every file depends on: program, settings, written pages, files of the theme."""
    names = {edition.config for edition in settings.editions} | {Path(config.config_file_path).name}
    files = [base / name for name in sorted(names)]
    files += [base / edition.docs / name for edition in settings.editions for name in session.docs[edition.language]]
    files += [file for folder in own_theme(config) for file in sorted(folder.rglob("*")) if file.is_file()]
    found = [digest(file.read_bytes()) if file.is_file() else "" for file in files]
    pages = {language: list(titles) for language, titles in session.written.items()}
    made = settings.model_dump(mode="json", exclude={"as_of", "cache"})
    program = config.extra.get(PROGRAM) or program_digest()
    config.extra[PROGRAM] = program
    extras = astuple(extras_of(config, session.names, settings.language))
    # The other templates are noted when they are used; which there are decides which is used.
    templates = sorted(session.templates.list_templates())
    facts = [config.site_url, config.site_name, session.assets, session.data.name, extras, templates]
    return digest(json.dumps([program, made, pages, facts, found]).encode())


def services(build: Build) -> dict[str, Any]:
    """Return everything that is read besides records, by the name under which it is noted."""
    renderer = build.renderer
    view = renderer.view
    found: list[Any] = [renderer, view, view.progress, view.subscriptions, renderer.marked, *renderer.labels.values()]
    found += [build.names, build.materials]
    named = {each.trace_name: each for each in found}
    caches = {each.trace_name: each for each in caches_of(build)}
    # Nothing is noted of the source: all that it has is made from the others.
    others = {"source": build.source, "templates": renderer.templates, "catalogue": build.session.catalogue}
    return {**named, **caches, **others}


def caches_of(build: Build) -> list[Cache]:
    """Return the caches of ``build``."""
    return [each for each in (build.source.cache, build.source.picture_cache) if each is not None]


def note_position(body: PageBody, html: str, content: str) -> None:
    """Note in ``body`` where its ``content`` is in the page ``html``."""
    before, found, _ = html.partition(content)
    if found:
        body.start = len(before.encode())
        body.end = body.start + len(content.encode())


def finish(build: Build, graph: Graph, index: Path) -> None:
    """Store ``graph`` at the end of a build that has written the search ``index``, and keep what it needs of caches."""
    graph.digests[graph.index] = digest(index.read_bytes())
    graph.frames[graph.index] = trace.Frame()
    trace.stop()
    graph.save()
    for each in caches_of(build):
        each.keep(graph.noted.get(each.trace_name, ()))
