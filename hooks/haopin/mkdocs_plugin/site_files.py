"""What the build adds to MkDocs' files: generated pages, exports, evidence, tables, and what pages load.

A generated page is a page of MkDocs with finished HTML that skips Markdown, under MkDocs' own validation.
"""

import platform
import posixpath
from collections.abc import Callable, Mapping
from logging import getLogger
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents

from haopin import __version__, csp
from haopin.build.addresses import evidence_names, table_paths
from haopin.build.manifest import NAME, Origin, evidence, fingerprints
from haopin.build.session import BuildSession, theme_assets
from haopin.build.settings import Settings
from haopin.exports.registry import PER_LANGUAGE, SHARED
from haopin.exports.search_index import page_entry
from haopin.exports.source import ExportSource
from haopin.git import last_commit, run_git
from haopin.html import csv_tables
from haopin.html.outline import Heading, Outline
from haopin.html.renderer import CompiledTemplates, Renderer
from haopin.installation import CLONE, PACKAGE
from haopin.mkdocs_plugin import BUILDER, LOGGER
from haopin.mkdocs_plugin.speed import NOWHERE, Spool
from haopin.model.disclosure import Batch
from haopin.privacy.evidence import path_of
from haopin.privacy.file_text import PICTURES, READABLE
from haopin.privacy.metadata import stripped
from haopin.site.catalogue import Catalogue
from haopin.site.pages import Page

log = getLogger(LOGGER)

#: Template of the theme that prints what `haopin.mkdocs_plugin.speed` put together.
SPLICED = "haopin-spliced.html"


# --- Links: where they may lead


class Targets:
    """Where links may lead: every file of the site by its address."""

    def __init__(self, files: Files) -> None:
        """Index ``files`` (pages and static files), and what `know` let links lead to."""
        self._by_address: Mapping[str, File] = {_address(file): file for file in files}
        self._known: frozenset[str]
        self._folders: tuple[str, ...]
        self._known, self._folders = getattr(files, "haopin_known", (frozenset(), ()))

    def check(self, page: MkDocsPage, links: tuple[str, ...], config: MkDocsConfig) -> dict[File, dict[str, str]]:
        """Report links of ``page`` that lead nowhere; return those to anchors, as MkDocs validates them later."""
        to_anchors: dict[File, dict[str, str]] = {}
        # Templates write every address from the root of the language or as an anchor of the page: most links need no
        # resolving.
        root = "../" * page.url.count("/") or "./"
        for link in links:
            path, _, anchor = link.partition("#")
            if (way := path.removeprefix(root)) in self._known or way.startswith(self._folders):
                continue
            known = page.file if not path else self._by_address.get(path.removeprefix(root))
            if known is not None and (not path or path.startswith(root)):
                if anchor:
                    to_anchors.setdefault(known, {}).setdefault(unquote(anchor), link)
                if path or anchor:
                    continue
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or (not parts.path and not parts.fragment):
                if not (parts.scheme or parts.netloc):
                    self._report(page, link, config.validation.links.unrecognized_links)
                continue
            file = self._find(page, parts.path)
            if file is None:
                self._report(page, link, config.validation.links.not_found)
            elif parts.fragment:
                to_anchors.setdefault(file, {}).setdefault(unquote(parts.fragment), link)
        return to_anchors

    def _find(self, page: MkDocsPage, path: str) -> File | None:
        if not path:
            return page.file
        if path.startswith("/"):
            return None
        # A base far below keeps "../" that climbs out of the site visible as a failure.
        joined = urljoin(f"/\0/{page.url}", path)
        return self._by_address.get(unquote(joined[3:])) if joined.startswith("/\0/") else None

    @staticmethod
    def _report(page: MkDocsPage, link: str, level: int) -> None:
        log.log(
            level,
            f"Doc file '{page.file.src_uri}' contains a link '{link}', "
            "but the target is not found among documentation files.",
        )


def _address(file: File) -> str:
    url = unquote(file.url)
    return "" if url in (".", "./") else url


def targets_of(files: Files) -> Targets:
    """Return the link targets of ``files``, made once for a build."""
    found: Targets | None = getattr(files, "haopin_targets", None)
    if found is None:
        found = Targets(files)
        files.haopin_targets = found  # type: ignore[attr-defined]
    return found


def know(files: Files, *, addresses: frozenset[str] = frozenset(), folders: tuple[str, ...] = ()) -> None:
    """Let links lead to ``addresses``, which are not among ``files``, and into ``folders``."""
    files.haopin_known = addresses, folders  # type: ignore[attr-defined]


# --- Generated pages


class GeneratedPage(MkDocsPage):
    """A page whose HTML comes from a template."""

    def __init__(self, page: Page, renderer: Renderer, file: File, config: MkDocsConfig, as_of: str) -> None:
        """Stand for ``page`` at ``file``; nothing is rendered yet."""
        super().__init__(None, file, config)
        self.source, self.renderer = page, renderer
        # MkDocs would date the page by the clock of the machine.
        self.update_date = as_of
        self.headings: tuple[Heading, ...] = ()
        self.search_entry = ""
        self.styled = False
        #: Where content and search entry wait until all pages are rendered.
        self.body = self.entry = NOWHERE

    def read_source(self, config: MkDocsConfig) -> None:
        """There is no source to read: the template name leads to the spliced page."""
        self.markdown = ""
        self.meta = {"template": SPLICED}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the template, and give MkDocs anchors and links as if they came from Markdown."""
        rendered = self.renderer.render(self.source)
        # Thousands of pages wait for the end of the build: what they keep is small.
        self.headings = rendered.outline.headings
        self.styled = rendered.styled
        self.search_entry = page_entry(
            self.source,
            rendered.title,
            rendered.description,
            rendered.outline.passages,
            self.renderer.catalogue,
            self.renderer.language,
        )
        self.meta.update(title=rendered.title, description=rendered.description)
        self.content = rendered.content
        # The page has its own list of contents already; MkDocs' would be thousands of objects that wait for nothing.
        self.toc = TableOfContents([])
        self.take_links(rendered.outline, config, files)

    def put_away(self, spool: Spool) -> None:
        """Let content and search entry wait in ``spool``: together they are most of what a build holds."""
        self.body, self.content = spool.put((self.content or "").encode()), ""
        self.entry, self.search_entry = spool.put(self.search_entry.encode()), ""

    def take_links(self, outline: Outline, config: MkDocsConfig, files: Files) -> None:
        """Keep the anchors of ``outline`` and validate its links."""
        self.present_anchor_ids = set(outline.anchors)
        self.links_to_anchors = targets_of(files).check(self, outline.links, config)


def add_pages(files: Files, renderer: Renderer, config: MkDocsConfig, as_of: str) -> None:
    """Add every generated page to ``files``, but those that a person wrote instead."""
    for page in renderer.pages:
        if files.get_file_from_path(page.source) is not None:
            continue
        file = File.generated(config, page.source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        assert posixpath.dirname(file.dest_uri) == page.address.rstrip("/"), page
        GeneratedPage(page, renderer, file, config, as_of)
        files.append(file)


# --- Files of the exports as MkDocs files: known to the check of links from the start, made when they are written


class ExportFile(File):
    """A file whose content is made when it is written: thousands of them must not wait in memory."""

    make: Callable[[], bytes]

    def __init__(self, path: str, config: MkDocsConfig, make: Callable[[], bytes]) -> None:
        """Stand for the file at ``path``."""
        super().__init__(path, src_dir=None, dest_dir=config.site_dir, use_directory_urls=config.use_directory_urls)
        self.make = make
        # Also one whose name begins with a dot, which MkDocs leaves out by itself.
        self.inclusion = InclusionLevel.INCLUDED
        # A page that somebody puts here would be told of the clash.
        self.generated_by = "haopin"

    def copy_file(self, dirty: bool = False) -> None:
        """Make and write the file."""
        target = Path(self.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.make())


#: Folders of exports to which pages link, below the root of a language or of the site.
_LINKED = ("api/v1/", "calendar/", "downloads/", "feeds/")


def add_exports(files: Files, source: ExportSource, settings: Settings, config: MkDocsConfig) -> None:
    """Add the files of all exports.

    What both languages share is written by the first; the others know it by its way up. Where exports are off, links to
    their files are not checked.
    """
    if not settings.exports:
        know(files, folders=(*_LINKED, *(settings.edition.up + folder for folder in _LINKED)))
        return
    for export in PER_LANGUAGE:
        for made in export(source):
            files.append(ExportFile(made.path, config, made.make))
    shared = [made for export in SHARED for made in export(source)]
    if settings.is_primary:
        for made in shared:
            files.append(ExportFile(made.path, config, made.make))
    else:
        know(files, addresses=frozenset(settings.edition.up + made.path for made in shared))


# --- Files beside the pages: evidence, and the tables of batches for people and for the page's own script


def add_evidence(files: Files, catalogue: Catalogue, data: Path, config: MkDocsConfig) -> None:
    """Add the evidence files that public records name, and no others, without what they say of persons."""
    for name in evidence_names(catalogue):
        _add_stripped(files, config, f"evidence/{name}", path_of(data, name))


def strip_pictures(files: Files, config: MkDocsConfig) -> None:
    """Replace each picture of the written pages by its copy without metadata."""
    for file in list(files.media_files()):
        if file.generated_by is None and file.abs_src_path and file.src_uri.lower().endswith(PICTURES):
            files.remove(file)
            _add_stripped(files, config, file.src_uri, Path(file.abs_src_path))


def _add_stripped(files: Files, config: MkDocsConfig, name: str, source: Path) -> None:
    raw = source.read_bytes() if source.suffix.lower() in READABLE else b""
    public = stripped(name, raw)
    if public == raw:
        files.append(File.generated(config, name, abs_src_path=str(source)))
    else:
        files.append(File.generated(config, name, content=public))


def add_tables(files: Files, catalogue: Catalogue, renderer: Renderer, config: MkDocsConfig) -> None:
    """Add the table of each batch: all of it as CSV, and as JSON for the filters of its page."""
    for batch in catalogue.all(Batch):
        rows = catalogue.rows_of(batch)
        csv, filtered = table_paths(batch)
        headings, lines = renderer.cells.table(rows)
        files.append(File.generated(config, csv, content=csv_tables.csv_file(headings, lines)))
        files.append(File.generated(config, filtered, content=renderer.cells.table_json(rows)))


# --- Templates of the theme, and what it gives to be loaded

#: What every page and the not-found page are made of.
_NEEDED = (
    "404.html",
    "main.html",
    "haopin-spliced.html",
    "sitemap.xml",
    "partials/haopin-header.html",
    "partials/haopin-menu.html",
    "partials/haopin-footer.html",
)


def use_own_templates(config: MkDocsConfig) -> None:
    """Look for templates in the site's own folders only: its theme, and what a configuration puts before it.

    Pages are made of these alone. MkDocs would list the ten thousand icons of Material in each build, which takes an
    eighth of a second.
    """
    dirs = config.theme.dirs
    last = next((n for n, folder in enumerate(dirs) if (Path(folder) / SPLICED).is_file()), len(dirs))
    config.theme.dirs = dirs[: last + 1]


def compile_templates(config: MkDocsConfig) -> None:
    """Compile what every page needs, before a build forks into its languages."""
    environment = config.theme.get_env()
    environment.bytecode_cache = CompiledTemplates()
    for name in _NEEDED:
        environment.get_template(name)


def place_assets(files: Files, folder: str, config: MkDocsConfig) -> None:
    """Let what our theme gives to be loaded lie in ``folder``, below the root of the language.

    Nothing else of the folders of the theme is published: not the shell of the theme that ours is built on (a
    megabyte), and no file that somebody left there.
    """
    tops = [Path(top).resolve() for top in config.theme.dirs]
    for file in list(files):
        if file.src_dir is not None and Path(file.src_dir).resolve() in tops:
            files.remove(file)
    for asset in theme_assets():
        files.append(File.generated(config, folder + asset.name, abs_src_path=str(asset)))


# --- Files written at the end of a build: headers for the web server (policy.json), manifest (build.json)

#: What shapes the bytes of a site.
_PACKAGES = ("babel", "icalendar", "jinja2", "markdown", BUILDER, "pillow", "resvg-py", "segno", "xlsxwriter")


def origin(session: BuildSession, settings: Settings) -> Origin:
    """Return what the site of ``session`` is made from."""
    from importlib.metadata import version

    # Only the data folder counts: what else changed in the repository says nothing about the records.
    commit = last_commit(session.data)
    state = run_git(session.data, ["status", "--porcelain", "--", "."]) if commit else None
    versions = {name: version(name) for name in _PACKAGES}
    versions["python"] = platform.python_version()
    # A package has no history; a folder that it is installed in may have one of its own.
    versions["haopin"] = (last_commit(PACKAGE) if CLONE is not None else None) or __version__
    return Origin(
        session.as_of.isoformat(),
        settings.samples,
        commit,
        bool(state.strip()) if state is not None else None,
        versions,
    )


def write_evidence(site: Path, session: BuildSession, settings: Settings) -> None:
    """Write the evidence of the finished ``site``: of what the build has made, not of what lies there."""
    made = {edition.path + name for edition in settings.editions for name in session.known[edition.language]}
    text = evidence(origin(session, settings), fingerprints(site, {*made, csp.NAME}))
    (site / NAME).write_text(text, encoding="utf-8", newline="\n")


def write_policy(site: Path, settings: Settings) -> None:
    """Write the headers that a web server should send with the finished ``site``."""
    text = csp.headers_text([f"{edition.path}embed/" for edition in settings.editions])
    (site / csp.NAME).write_text(text, encoding="utf-8", newline="\n")
