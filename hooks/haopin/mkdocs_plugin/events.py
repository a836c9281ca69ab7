"""MkDocs' events, one function each."""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from itertools import chain
from logging import getLogger
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import click
from jinja2 import Environment, TemplateNotFound
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage

from haopin import trace
from haopin.build.addresses import links_of
from haopin.build.graph import PageBody, digest
from haopin.build.session import BuildSession, compile_page_templates, open_session
from haopin.build.settings import MarkdownExtensions, Settings, display_name, read_settings
from haopin.build.written_pages import SHORT_CODE, LeadsOn, without_gone
from haopin.cache import Cache
from haopin.csp import guarded
from haopin.exports import search_index
from haopin.exports.ahead import draw_ahead, recipes
from haopin.exports.downloads import offers
from haopin.exports.registry import PER_LANGUAGE
from haopin.exports.source import ExportSource
from haopin.html import material
from haopin.html.i18n import shown
from haopin.html.outline import outline
from haopin.html.renderer import CompiledTemplates, PageHead, Renderer
from haopin.markdown import without_styles
from haopin.materials.failures import lines_of
from haopin.materials.public import Materials
from haopin.mkdocs_plugin import LOGGER, MODE
from haopin.mkdocs_plugin.editions import Editions, abandon_all
from haopin.mkdocs_plugin.incremental import finish, graph_of, mode_of, note_position, services
from haopin.mkdocs_plugin.page_context import (
    Build,
    WrittenParts,
    alternates,
    build_of,
    extras_of,
    languages_of,
    lastmod,
    menu_of,
    parts_of,
    shell_view,
)
from haopin.mkdocs_plugin.site_files import (
    SPLICED,
    AuthoredPage,
    GeneratedPage,
    add_authored_pages,
    add_evidence,
    add_exports,
    add_pages,
    add_tables,
    compile_templates,
    list_shared,
    place_assets,
    strip_pictures,
    targets_of,
    use_own_templates,
    write_evidence,
    write_policy,
)
from haopin.mkdocs_plugin.speed import PageParts, Shell, attribute, pause_garbage_collection
from haopin.model.base import Nested
from haopin.model.photograph import PHOTOGRAPHS
from haopin.problem import ConfigurationError, DataError
from haopin.site import progress
from haopin.site.catalogue import Catalogue

log = getLogger(LOGGER)

#: Templates of the theme that MkDocs renders to files.
TEMPLATES = ("404.html", "sitemap.xml")
SEARCH_INDEX = "search/search_index.json"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read and check the data before the output is cleaned; take the name and address of the site from the data."""
    if "haopin_build" in config.extra:
        raise PluginError(
            "haopin 配置了两次：plugins 和 hooks 只留一个 / haopin is configured twice: keep plugins or hooks, not both"
        )
    try:
        settings = read_settings(config.extra)
        if not config.use_directory_urls:
            raise ConfigurationError("use_directory_urls 须为 true / must be true")
        base = Path(config.config_file_path).resolve().parent
        if Path(config.docs_dir).resolve() != (base / settings.edition.docs).resolve():
            raise ConfigurationError(
                f"docs_dir 须为 / must be {settings.edition.docs} (extra.haopin.editions): {config.docs_dir}"
            )
        extensions = MarkdownExtensions(tuple(config.markdown_extensions), config.mdx_configs or {})
        session = config.extra["haopin"].get("session")
        if session is None:
            # Once for all languages.
            pause_garbage_collection()
            session = open_session(settings, base, extensions, log.info)
            for line in session.notices:
                click.echo(line, err=True)
        elif extensions.described is None or extensions.described != session.extensions.described:
            # Raises an error if they are not valid.
            extensions.converter()
    except DataError as error:
        raise PluginError("\n" + "\n".join(error.lines)) from error
    except ConfigurationError as error:
        raise PluginError(str(error)) from error
    language = settings.language
    name_site(config, session, settings)
    graph = graph_of(config, session, settings)
    if graph is not None:
        trace.start(Nested, Catalogue)
    with trace.noting(graph.base if graph is not None else None):
        # The builds behind a live preview draw nothing, either.
        is_drawn = MODE not in config.extra
        build = config.extra["haopin_build"] = prepared(config, session, settings, extensions, is_drawn=is_drawn)
    if graph is not None:
        graph.compare(services(build))
    build.graph = graph
    config.mdx_configs = dict(extensions.configs)
    # MkDocs' navigation knows written pages only; ours is part of the menu.
    config.nav = None
    gone = session.gone[language]
    leads_on = [LeadsOn(lambda link: (build.page, link.address) in gone)] if gone else []
    config.markdown_extensions = [*extensions.names, *leads_on]  # type: ignore[list-item]
    return config


def name_site(config: MkDocsConfig, session: BuildSession, settings: Settings) -> None:
    """Take the name and the address of the site from the data."""
    site, language = session.catalogue.site, settings.language
    config.site_name = site.name.show(language)
    config.site_description = progress.description(session.catalogue, session.as_of).show(language)
    # A live preview has already set its own address.
    if not config.site_url:
        config.site_url = str(site.address).rstrip("/") + "/" + settings.edition.path


def prepared(
    config: MkDocsConfig,
    session: BuildSession,
    settings: Settings,
    extensions: MarkdownExtensions,
    *,
    is_drawn: bool = False,
) -> Build:
    """Return the build of one language, before anything is rendered; ``is_drawn``: with files of materials."""
    language = settings.language
    renderer = Renderer(
        session.catalogue,
        language,
        session.as_of,
        session.labels,
        session.templates,
        session.written[language],
        settings.edition.up,
        config.site_url or "/",
        session.assets,
        named=True,
    )
    home = (config.site_url or "/").removesuffix(settings.edition.path)
    cache_folder = Path(config.config_file_path).resolve().parent / settings.cache
    # A build deletes the entries that it did not use: a demonstration and a preview have their own.
    mode = mode_of(config, settings)
    own = "" if mode == "site" else f"{mode}/"
    cache, pictures = Cache(cache_folder, own + language), Cache(cache_folder, own + PHOTOGRAPHS)
    paths = {edition.language: edition.path for edition in settings.editions}
    source = ExportSource(renderer, home, paths, settings.indexed, cache, pictures)
    if settings.exports:
        renderer.offer(lambda: offers(source))
    materials = Materials(source, is_drawn=is_drawn)
    renderer.offer_materials(materials)
    written = session.pages[language]
    renderer.links = links_of(
        session.catalogue,
        lambda: source,
        settings,
        Path(config.docs_dir),
        written,
        extensions,
        lambda address: renderer.page_at(address) is not None,
    )
    extras = extras_of(config, session.names, language)
    return Build(settings, session, renderer, source, materials, Editions(session), extras)


def on_pre_build(config: MkDocsConfig) -> None:
    """Start the builds of the other languages."""
    build = build_of(config)
    use_own_templates(config)
    if build.settings.is_primary or not build.session.shared:
        try:
            build.shared = list_shared(build.source, build.settings, build.session, build.graph)
        except ConfigurationError as error:
            raise PluginError(str(error)) from error
    if build.settings.is_primary:
        compile_templates(config)
        if build.graph is None or build.graph.is_new:
            # Otherwise few are used.
            compile_page_templates(build.session.templates, build.session.catalogue, cards=build.settings.exports)
        build.editions.start(build.settings.others, config)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add generated pages, assets, exports and evidence to ``files``; record what this build makes.

    Files that others add (a plugin, a stray file in the theme's folders) are not in `Build.known`.
    """
    build = build_of(config)
    # Shared values that are made here are nodes of the files that use them later.
    with trace.noting(build.graph.frame() if build.graph is not None else None):
        return _with_ours(files, build, config)


def _with_ours(files: Files, build: Build, config: MkDocsConfig) -> Files:
    build.files = files
    written = frozenset(build.session.docs[build.settings.language])
    top = Path(config.docs_dir).resolve()
    for file in list(files):
        if file.src_dir is not None and Path(file.src_dir).resolve() == top and file.src_uri not in written:
            files.remove(file)
    for file in files.documentation_pages():
        file.inclusion = InclusionLevel.NOT_IN_NAV
    others = frozenset(file.src_uri for file in files) - written
    add_pages(files, build.renderer, config, build.session.as_of.isoformat(), build.graph)
    if build.graph is not None:
        add_authored_pages(files, config, build.graph, build.session, build.settings.language)
        build.names.files = files
    catalogue = build.session.catalogue
    place_assets(files, build.session.assets, config)
    for name, content in build.session.look.items():
        files.append(File.generated(config, build.session.assets + name, content=content))
    strip_pictures(files, config)
    add_evidence(files, catalogue, build.session.data, config)
    add_tables(files, catalogue, build.renderer, config)
    try:
        paths = frozenset() if build.settings.is_primary else build.session.shared
        exports = (*PER_LANGUAGE, lambda _: build.materials.files()) if build.settings.exports else ()
        add_exports(files, build.source, build.settings, config, build.graph, exports, build.shared, paths)
    except ConfigurationError as error:
        raise PluginError(str(error)) from error
    data = build.session.data
    name = display_name(data, Path(config.config_file_path).resolve().parent)
    for line in lines_of(build.materials.made, data, name, "warning"):
        click.echo(line, err=True)
    build.known |= {file.dest_uri for file in files if file.src_uri not in others}
    if build.graph is None or build.graph.is_new:
        addresses = [urljoin(config.site_url or "", file.url) for file in files.documentation_pages()]
        draw_ahead(recipes(build.source, addresses, exports=build.settings.exports))
    return files


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Record which page is being converted; redact withdrawn names in its Markdown."""
    build = build_of(config)
    build.page = page.file.src_uri
    names, language = build.session.names, build.settings.language
    if isinstance(page, GeneratedPage):
        return markdown
    if (title := build.session.nav_titles[language].get(page.file.src_uri)) is not None:
        page.meta["title"] = title
    if not names:
        return markdown
    if isinstance(page.meta.get("title"), str):
        page.meta["title"] = names.struck_from(page.meta["title"], language)
    return names.struck_from(markdown, language)


def on_page_content(html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Replace short codes of a written page by views of the data, and add the page to the search index."""
    if isinstance(page, GeneratedPage):
        page.content = html
        page.put_away(build_of(config).spool)
        return ""
    build = build_of(config)
    page.update_date = build.session.as_of.isoformat()
    if isinstance(page, AuthoredPage) and page.taken is not None:
        build.written[page.url] = WrittenParts((), page.taken[1], page.taken[0].styled)
        page.meta["template"] = SPLICED
        return ""
    graph = build.graph if isinstance(page, AuthoredPage) and page.is_noted else None
    with graph.making_body(page.file.dest_uri) if graph is not None else nullcontext() as body:
        # Which links lead somewhere.
        trace.note(build.names.trace_name, "")
        return _completed(html, page, config, files, body)


def _completed(html: str, page: MkDocsPage, config: MkDocsConfig, files: Files, body: PageBody | None) -> str:
    """Return the content of a written page with views of the data; note its parts, and in ``body`` for the next build.

    Args:
        html: Its converted Markdown.
        page: The page.
        config: The configuration.
        files: All files.
        body: Its body in the graph; None if it is not noted.
    """
    build = build_of(config)
    root = "../" * page.url.count("/") or "./"

    def view(match: re.Match[str]) -> str:
        try:
            return build.renderer.part(match[1], root)
        except TemplateNotFound as error:
            raise PluginError(f"{page.file.src_uri}: 没有视图“{match[1]}” / there is no view “{match[1]}”") from error

    gone = build.session.gone[build.settings.language]
    if gone:
        html = without_gone(html, lambda link: (page.file.src_uri, link.address) in gone)
    html = without_styles(html)
    elements = material.elements_of(material.parts_of(html))
    copied = "content.code.copy" in (config.theme.get("features") or ())
    html, embedded = SHORT_CODE.subn(view, material.completed(html, build.renderer.t, copied=copied))
    html = build.renderer.written(page.url, str(page.title), html, _head_of(page, build, config))
    found = outline(html)
    if embedded:
        page.present_anchor_ids = (page.present_anchor_ids or set()) | found.anchors
        for file, anchors in targets_of(files).check(page, found.links, config).items():
            (page.links_to_anchors or {}).setdefault(file, {}).update(anchors)
    build.written[page.url] = WrittenParts(
        found.headings, search_index.entry(page.url, str(page.title), found.passages), bool(elements)
    )
    page.meta["template"] = SPLICED
    if body is not None:
        body.links, body.anchors, body.styled = found.links, sorted(found.anchors), bool(elements)
    return html


def _head_of(page: MkDocsPage, build: Build, config: MkDocsConfig) -> PageHead:
    """Return what the front matter of a written page sets for its ``head``."""

    def listed(key: str) -> tuple[str, ...]:
        value = page.meta.get(key)
        return () if value is None else tuple(map(str, value)) if isinstance(value, list) else (str(value),)

    language, names = build.settings.language, build.session.names
    tags = tuple(names.struck_from(tag, language) if names else tag for tag in listed("tags"))
    status = (listed("status") or ("",))[0]
    own = (config.extra.get("status") or {}).get(status)
    return PageHead(listed("hide"), tags, status, str(own) if own else "")


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Prepare the page frame, now that every page is known."""
    env.bytecode_cache = CompiledTemplates()
    frame_pages(build_of(config), env, config)
    return env


def frame_pages(build: Build, env: Environment, config: MkDocsConfig) -> None:
    """Prepare the page frame of ``build`` from the templates of ``env``."""
    build.env = env
    main = env.get_template("main.html")

    def render(parts: PageParts, address: str) -> str:
        from mkdocs.commands.build import get_context

        page = SimpleNamespace(
            url=address,
            title=parts.title,
            meta={},
            toc=[],
            content=parts.content,
            canonical_url=parts.canonical,
            is_homepage=False,
        )
        context: Any = get_context([], [], config, page)  # type: ignore[arg-type]
        return shown(main.render({**context, "hp": shell_view(build, parts, address)}), build.settings.language)

    build.shell = Shell(render)


def on_page_context(context: Any, page: MkDocsPage, config: MkDocsConfig, nav: Any) -> Any:
    """Render the page's parts into the page frame."""
    build = build_of(config)
    assert build.shell is not None
    path, graph = page.file.dest_uri, build.graph
    if not isinstance(page, GeneratedPage) and not (isinstance(page, AuthoredPage) and page.taken):
        noted = graph if graph is not None and path in graph.bodies else None
        with noted.making(path, noted.bodies[path].frame) if noted is not None else nullcontext():
            parts = parts_of(build, config, page, str(page.title), build.written[page.url].headings)
            html = context["haopin_page"] = guarded(build.shell.page(parts, page.url, "written"))
        if noted is not None:
            note_position(noted.bodies[path], html, parts.content)
        return context
    if isinstance(page, AuthoredPage) or page.is_taken:
        assert graph is not None
        # MkDocs writes no file for an empty page.
        context["haopin_page"] = ""
        graph.take(path, Path(page.file.abs_dest_path))
        return context
    page.content = build.spool.get(page.body).decode()
    with graph.making(path, graph.bodies[path].frame) if graph is not None else nullcontext():
        parts = parts_of(build, config, page, str(page.title), page.headings)
        html = context["haopin_page"] = guarded(build.shell.page(parts, page.url, page.source.template))
    if graph is not None:
        note_position(graph.bodies[path], html, parts.content)
    # The page is about to be written; free its HTML.
    page.content = ""
    return context


def on_post_page(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """Note the digest of the finished page."""
    graph = build_of(config).graph
    if graph is not None and output:
        graph.digests[page.file.dest_uri] = digest(output.encode("utf-8", errors="xmlcharrefreplace"))
    return output


def on_template_context(context: Any, template_name: str, config: MkDocsConfig) -> Any:
    """Add the variables of the not-found page and the sitemap to ``context``."""
    build = build_of(config)
    t = build.renderer.t
    root = context["base_url"].rstrip("/") + "/" if template_name == "404.html" else "./"
    base = (config.site_url or "").removesuffix(build.settings.edition.path)
    parts = PageParts(
        kind="404",
        styles="",
        title=attribute(f"{t('not_found.title')} - {config.site_name}"),
        description=attribute(t("not_found.text")),
        canonical="",
        shown_address="",
        alternates="",
        languages=languages_of(build, root, ""),
        menu=menu_of(build, root, ""),
        head="",
        citation="",
        qr="",
        poster="",
        embed="",
        content="",
    )
    context["hp"] = shell_view(build, parts, "", root)
    context["haopin_lastmod"] = lambda page: lastmod(build, page)
    context["haopin_alternates"] = alternates(build.settings, base)
    return context


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Add the content security policy to the not-found page."""
    if template_name != "404.html":
        return output_content
    return guarded(shown(output_content, build_of(config).settings.language))


def on_post_build(config: MkDocsConfig) -> None:
    """Write the search index, add the other languages, and write the manifest of the whole site."""
    build = build_of(config)
    generated = [file.page for file in build.files or () if isinstance(file.page, GeneratedPage)]
    entries = (build.spool.get(page.entry).decode() for page in generated)
    written = (page.search_entry for page in build.written.values())
    index = Path(config.site_dir) / SEARCH_INDEX
    index.parent.mkdir(parents=True, exist_ok=True)
    with index.open("w", encoding="utf-8", newline="\n") as file:
        language = build.settings.language
        head = search_index.head(build.session.catalogue, language, build.renderer.t)
        file.writelines(search_index.index(chain(entries, written), language, head, build.source.cache))
    # MkDocs compresses the sitemap by itself. Precompressed copies of all files are made by a release, and have no
    # address of their own.
    (Path(config.site_dir) / "sitemap.xml.gz").unlink(missing_ok=True)
    build.known |= {SEARCH_INDEX, *(name for name in TEMPLATES if (Path(config.site_dir) / name).is_file())}
    digests: Mapping[str, str] = {}
    if build.graph is not None:
        authored = [file for file in build.files or () if file.url in build.written]
        for number, its in enumerate((*(page.file for page in generated), *authored)):
            if (body := build.graph.bodies.get(its.dest_uri)) is not None:
                body.entry = number
        finish(build, build.graph, index)
        digests = build.graph.digests
    if build.source.cache is not None:
        build.source.cache.finish()
    if build.source.picture_cache is not None and build.settings.is_primary:
        build.source.picture_cache.finish()
    build.session.known[build.settings.language] = {name: digests.get(name, "") for name in sorted(build.known)}
    if build.settings.is_primary:
        build.editions.finish(config)
        if build.graph is not None:
            build.graph.save_records()
        write_policy(Path(config.site_dir), build.settings)
        if build.settings.exports or build.settings.is_draft:
            write_evidence(Path(config.site_dir), build.session, build.settings)


def on_build_error(error: Exception) -> None:
    """Stop the builds of other languages and delete their folders."""
    trace.stop()
    abandon_all()
