"""Files that the build adds to MkDocs': generated pages, exports, evidence, tables, assets.

A generated page is an MkDocs page with finished HTML; it skips Markdown, but not MkDocs' validation of links.
"""

import platform
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from logging import getLogger
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents

from haopin import __version__, csp
from haopin.build.addresses import evidence_names, table_paths
from haopin.build.graph import Graph, PageBody, digest
from haopin.build.manifest import NAME, Origin, evidence, fingerprints
from haopin.build.session import BuildSession, theme_assets
from haopin.build.settings import Settings
from haopin.build.unchanged import origin_of
from haopin.exports.registry import OF_PAGES, SHARED, Export
from haopin.exports.search_index import page_entry
from haopin.exports.source import ExportSource, Outfile
from haopin.html import csv_tables
from haopin.html.outline import Heading
from haopin.html.renderer import CompiledTemplates, Renderer
from haopin.mkdocs_plugin import BUILDER, LOGGER
from haopin.mkdocs_plugin.speed import NOWHERE, Spool
from haopin.model.disclosure import Batch
from haopin.privacy.evidence import path_of
from haopin.privacy.file_text import PICTURES, READABLE
from haopin.privacy.metadata import stripped
from haopin.site.catalogue import Catalogue
from haopin.site.pages import Page
from haopin.text import Language
from haopin.trace import Frame, noting

log = getLogger(LOGGER)

#: Template of the theme that outputs a page assembled by `haopin.mkdocs_plugin.speed`.
SPLICED = "haopin-spliced.html"


# --- Link targets


class Targets:
    """Link targets: every file of the site by its address."""

    def __init__(self, files: Files) -> None:
        """Index ``files`` (pages and static files), and the additional targets set by `know`."""
        self._by_address: Mapping[str, File] = {_address(file): file for file in files}
        self._known: frozenset[str]
        self._folders: tuple[str, ...]
        self._known, self._folders = getattr(files, "haopin_known", (frozenset(), ()))

    def check(self, page: MkDocsPage, links: tuple[str, ...], config: MkDocsConfig) -> dict[File, dict[str, str]]:
        """Report broken links of ``page``; return the links with anchors, which MkDocs validates later."""
        to_anchors: dict[File, dict[str, str]] = {}
        # Most links in templates are relative to the root of the language, or anchors within the page, and need no
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
        # Resolve below a pseudo folder, so that "../" beyond the root of the site fails.
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
    """Return the link targets of ``files``, computed once per build."""
    found: Targets | None = getattr(files, "haopin_targets", None)
    if found is None:
        found = Targets(files)
        files.haopin_targets = found  # type: ignore[attr-defined]
    return found


def know(files: Files, *, addresses: frozenset[str] = frozenset(), folders: tuple[str, ...] = ()) -> None:
    """Declare ``addresses`` that are not in ``files``, and everything in ``folders``, to be valid link targets."""
    files.haopin_known = addresses, folders  # type: ignore[attr-defined]


# --- Generated pages


class GeneratedPage(MkDocsPage):
    """An MkDocs page whose HTML comes from one of our templates."""

    def __init__(
        self, page: Page, renderer: Renderer, file: File, config: MkDocsConfig, as_of: str, graph: Graph | None
    ) -> None:
        """Create the page for ``page`` at ``file``; nothing is rendered yet."""
        super().__init__(None, file, config)
        self.source, self.renderer, self.graph = page, renderer, graph
        #: Whether the file of the last build is taken.
        self.is_taken = False
        # MkDocs would use the clock.
        self.update_date = as_of
        self.headings: tuple[Heading, ...] = ()
        self.search_entry = ""
        self.styled = False
        #: Position of content and search entry in the spool.
        self.body = self.entry = NOWHERE

    def read_source(self, config: MkDocsConfig) -> None:
        """Set the template; there is no source file to read."""
        self.markdown = ""
        self.meta = {"template": SPLICED}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the template; pass anchors and links to MkDocs as if they came from Markdown."""
        # The page has its own table of contents; MkDocs' would be thousands of unused objects.
        self.toc = TableOfContents([])
        if self.graph is None:
            links, anchors = self.fill()
        elif (found := self.graph.take_body(self.file.dest_uri)) is not None:
            body, self.search_entry = found
            links, anchors = tuple(body.links), frozenset(body.anchors)
            self.styled = body.styled
            self.is_taken = self.graph.is_right(self.file.dest_uri)
            self.content = "" if self.is_taken else self.graph.text(self.file.dest_uri, body)
            if not self.is_taken:
                with self.graph.making(self.file.dest_uri):
                    title, description = self.renderer.title(self.source), self.renderer.description(self.source)
                    self.meta.update(title=title, description=description)
        else:
            with self.graph.making_body(self.file.dest_uri) as body:
                # The page is known by its address, which the next build compares.
                assert self.renderer.page_at(self.source.address) is not None
                links, anchors = self.fill()
            body.links, body.anchors, body.styled = links, sorted(anchors), self.styled
        self.present_anchor_ids = set(anchors)
        self.links_to_anchors = targets_of(files).check(self, links, config)

    def fill(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Render the template; return links and anchors."""
        rendered = self.renderer.render(self.source)
        # Thousands of pages stay in memory until the end of the build: keep only what is needed.
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
        return rendered.outline.links, rendered.outline.anchors

    def put_away(self, spool: Spool) -> None:
        """Move content and search entry, most of the memory of a build, to ``spool``."""
        self.body, self.content = spool.put((self.content or "").encode()), ""
        self.entry, self.search_entry = spool.put(self.search_entry.encode()), ""


class AuthoredPage(MkDocsPage):
    """A written page, whose file is taken from the last build if everything that it was made from is the same."""

    def __init__(self, file: File, config: MkDocsConfig, graph: Graph, *, is_noted: bool) -> None:
        """Create the page for ``file``; nothing is read yet.

        Args:
            file: Its file.
            config: The configuration.
            graph: The graph of the build.
            is_noted: Whether all that it is made from is noted.
        """
        super().__init__(None, file, config)
        self._graph, self.is_noted = graph, is_noted
        #: Body of the last build with its search entry; None if the page is converted.
        self.taken: tuple[PageBody, str] | None = None

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the Markdown, or pass anchors and links of the last build to MkDocs."""
        path = self.file.dest_uri
        self.taken = self._graph.take_body(path) if self.is_noted and self._graph.is_right(path) else None
        if self.taken is None:
            super().render(config, files)
            return
        body = self.taken[0]
        self.content, self.toc = "", TableOfContents([])
        self.present_anchor_ids = set(body.anchors)
        self.links_to_anchors = targets_of(files).check(self, tuple(body.links), config)


def add_authored_pages(
    files: Files, config: MkDocsConfig, graph: Graph, session: BuildSession, language: Language
) -> None:
    """Let every written page in ``files`` be an `AuthoredPage`.

    Not noted are withdrawn names, which are redacted, and links that lead nowhere today.
    """
    gone = {source for source, _ in session.gone[language]}
    for file in files.documentation_pages():
        if file.page is None:
            AuthoredPage(file, config, graph, is_noted=not session.names and file.src_uri not in gone)


class FileNames:
    """Service of `haopin.trace`: the names of all files, on which the conversion of links depends."""

    trace_name = "files"

    def __init__(self) -> None:
        """Know no file yet."""
        self.files: Iterable[File] = ()

    def trace_value(self, _item: str) -> list[str]:
        """Return the names, sorted."""
        return sorted(file.src_uri for file in self.files)


def add_pages(files: Files, renderer: Renderer, config: MkDocsConfig, as_of: str, graph: Graph | None) -> None:
    """Add every generated page to ``files``, except those that a written page replaces."""
    for page in renderer.pages:
        if files.get_file_from_path(page.source) is not None:
            continue
        file = File.generated(config, page.source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        assert posixpath.dirname(file.dest_uri) == page.address.rstrip("/"), page
        GeneratedPage(page, renderer, file, config, as_of, graph)
        files.append(file)


# --- Exports as MkDocs files: registered as link targets from the start, created when they are written


class ExportFile(File):
    """A file whose content is created when it is written, so that thousands of them need no memory."""

    make: Callable[[], bytes]

    def __init__(
        self, path: str, config: MkDocsConfig, make: Callable[[], bytes], graph: Graph | None, listing: Frame
    ) -> None:
        """Create the file for ``path``; ``listing`` is what the list of the files of its export was made from."""
        super().__init__(path, src_dir=None, dest_dir=config.site_dir, use_directory_urls=config.use_directory_urls)
        self.make, self.graph, self.listing = make, graph, listing
        if graph is not None:
            graph.add_export(path, make)
        # Also files whose name begins with a dot, which MkDocs excludes by default.
        self.inclusion = InclusionLevel.INCLUDED
        # MkDocs reports a conflict if somebody adds a page at this path.
        self.generated_by = "haopin"

    def copy_file(self, dirty: bool = False) -> None:
        """Make and write the file, or take that of the last build."""
        target, path = Path(self.abs_dest_path), self.dest_uri
        if self.graph is None:
            content = self.make()
        elif self.graph.take(path, target):
            return
        else:
            with self.graph.making_export(path, self.listing):
                content = self.make()
            self.graph.digests[path] = digest(content)
        try:
            target.write_bytes(content)
        except FileNotFoundError:
            # The first file of its folder.
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


#: The files of an export, and what their list was made from.
Listing = tuple[Frame, tuple[Outfile, ...]]
#: Folders of exports to which pages link, relative to the root of a language or of the site.
_LINKED = ("api/v1/", "calendar/", "downloads/", "feeds/")


def listed(exports: Iterable[Export], source: ExportSource, graph: Graph | None) -> Iterator[Listing]:
    """Yield the files of each of ``exports``, with the frame of their list."""
    for export in exports:
        frame = Frame() if graph is None else graph.frame()
        with noting(frame if graph is not None else None):
            found = tuple(export(source))
        yield frame, found


def list_shared(source: ExportSource, settings: Settings, session: BuildSession, graph: Graph | None) -> list[Listing]:
    """List the exports that all languages share, which the build of the primary language writes."""
    found = list(listed(SHARED if settings.exports else OF_PAGES, source, graph))
    session.shared.update(made.path for _, files in found for made in files)
    return found


def add_exports(
    files: Files,
    source: ExportSource,
    settings: Settings,
    config: MkDocsConfig,
    graph: Graph | None,
    exports: Iterable[Export],
    shared: Sequence[Listing],
    others: Collection[str],
) -> None:
    """Add the files of ``exports``, which are per language, and of the ``shared`` ones.

    Shared exports are written by the primary language; the others link to their paths, ``others``, by relative paths.
    If exports are disabled, links to them are not checked.
    """
    folders = () if settings.exports else (*_LINKED, *(settings.edition.up + folder for folder in _LINKED))
    own = listed(exports, source, graph)
    for frame, found in (*own, *(shared if settings.is_primary else ())):
        for made in found:
            files.append(ExportFile(made.path, config, made.make, graph, frame))
    know(files, addresses=frozenset(settings.edition.up + path for path in others), folders=folders)


# --- Evidence, and the tables of sampling batches


def add_evidence(files: Files, catalogue: Catalogue, data: Path, config: MkDocsConfig) -> None:
    """Add the evidence files of public records, and no others, without personal metadata."""
    for name in evidence_names(catalogue):
        _add_stripped(files, config, f"evidence/{name}", path_of(data, name))


def strip_pictures(files: Files, config: MkDocsConfig) -> None:
    """Replace each image of the written pages by a copy without metadata."""
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
    """Add the table of each batch, as CSV for download and as JSON for the filters of its page."""
    for batch in catalogue.all(Batch):
        rows = catalogue.rows_of(batch)
        csv, filtered = table_paths(batch)
        headings, lines = renderer.cells.table(rows)
        files.append(File.generated(config, csv, content=csv_tables.csv_file(headings, lines)))
        files.append(File.generated(config, filtered, content=renderer.cells.table_json(rows)))


# --- Templates and assets of the theme

#: Templates of every page and of the not-found page.
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
    """Search templates only in our theme and in the ``custom_dir`` of the configuration.

    No others are needed. MkDocs would list Material's ten thousand icons in each build, which takes an eighth of a
    second.
    """
    dirs = config.theme.dirs
    last = next((n for n, folder in enumerate(dirs) if (Path(folder) / SPLICED).is_file()), len(dirs))
    config.theme.dirs = dirs[: last + 1]


def compile_templates(config: MkDocsConfig) -> None:
    """Compile the templates that every page needs, before the build forks."""
    environment = config.theme.get_env()
    environment.bytecode_cache = CompiledTemplates()
    for name in _NEEDED:
        environment.get_template(name)


def place_assets(files: Files, folder: str, config: MkDocsConfig) -> None:
    """Publish our theme's assets in ``folder``, relative to the root of the language.

    Nothing else in the theme folders is published: not the assets of Material (a megabyte), and no stray file.
    """
    tops = [Path(top).resolve() for top in config.theme.dirs]
    for file in list(files):
        if file.src_dir is not None and Path(file.src_dir).resolve() in tops:
            files.remove(file)
    for asset in theme_assets():
        files.append(File.generated(config, folder + asset.name, abs_src_path=str(asset)))


# --- Files written at the end of a build: policy.json (HTTP headers) and build.json (manifest)


#: Packages that influence the bytes of a site.
_PACKAGES = ("babel", "icalendar", "jinja2", "markdown", BUILDER, "pillow", "resvg-py", "segno", "xlsxwriter")
#: Those of materials, which not every machine has.
_DRAWING = ("pylopdf-fonts-zh-cn", "typst")


def origin(session: BuildSession, settings: Settings) -> Origin:
    """Return the inputs of the site of ``session``, for the manifest."""
    from importlib.metadata import version

    commit, changed, program = origin_of(session.data)
    drawing = _DRAWING if session.catalogue.site.materials else ()
    versions = {name: version(name) for name in (*_PACKAGES, *drawing)}
    versions["python"] = platform.python_version()
    versions["haopin"] = program or __version__
    return Origin(
        session.as_of.isoformat(),
        settings.samples,
        commit,
        changed,
        versions,
        settings.is_draft,
    )


def write_evidence(site: Path, session: BuildSession, settings: Settings) -> None:
    """Write the manifest of the finished ``site``, covering only files that the build made."""
    made = {
        edition.path + name: known
        for edition in settings.editions
        for name, known in session.known[edition.language].items()
    }
    known = {name: found for name, found in made.items() if found}
    known |= fingerprints(site, {csp.NAME, *(made.keys() - known.keys())})
    text = evidence(origin(session, settings), known)
    (site / NAME).write_text(text, encoding="utf-8", newline="\n")


def write_policy(site: Path, settings: Settings) -> None:
    """Write ``policy.json``, the HTTP headers that a web server should send with ``site``."""
    text = csp.headers_text([f"{edition.path}embed/" for edition in settings.editions])
    (site / csp.NAME).write_text(text, encoding="utf-8", newline="\n")
