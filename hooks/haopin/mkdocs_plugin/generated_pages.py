"""Generated pages as MkDocs pages: finished HTML that skips Markdown, under MkDocs' own validation."""

import posixpath
from collections.abc import Mapping
from logging import getLogger
from urllib.parse import unquote, urljoin, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import TableOfContents

from haopin.exports.search_index import page_entry
from haopin.html.outline import Heading, Outline
from haopin.html.renderer import Renderer
from haopin.mkdocs_plugin import LOGGER
from haopin.mkdocs_plugin.page_spool import NOWHERE, Spool
from haopin.site.pages import Page

log = getLogger(LOGGER)

#: Template of the theme that prints what `haopin.mkdocs_plugin.page_shell` put together.
SPLICED = "haopin-spliced.html"


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


def add_pages(files: Files, renderer: Renderer, config: MkDocsConfig, as_of: str) -> None:
    """Add every generated page to ``files``, but those that a person wrote instead."""
    for page in renderer.pages:
        if files.get_file_from_path(page.source) is not None:
            continue
        file = File.generated(config, page.source, content="", inclusion=InclusionLevel.NOT_IN_NAV)
        assert posixpath.dirname(file.dest_uri) == page.address.rstrip("/"), page
        GeneratedPage(page, renderer, file, config, as_of)
        files.append(file)
