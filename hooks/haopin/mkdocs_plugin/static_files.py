"""Files beside the pages as MkDocs files: evidence, tables, exports."""

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from haopin.build.addresses import evidence_names, table_paths
from haopin.build.settings import Settings
from haopin.exports.registry import PER_LANGUAGE, SHARED
from haopin.exports.source import ExportSource
from haopin.html import csv_tables
from haopin.html.renderer import Renderer
from haopin.mkdocs_plugin.generated_pages import know
from haopin.model.disclosure import Batch
from haopin.privacy.evidence import path_of
from haopin.privacy.file_text import PICTURES, READABLE
from haopin.privacy.metadata import stripped
from haopin.site.catalogue import Catalogue

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
