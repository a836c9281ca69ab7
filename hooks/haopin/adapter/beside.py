"""Files beside the pages: evidence, and the tables of batches for people and for the page's own script."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from haopin import table
from haopin.adapter.addresses import evidence_names, table_paths
from haopin.catalogue import Catalogue
from haopin.evidence_files import path_of
from haopin.filetext import PICTURES, READABLE
from haopin.records.disclosure import Batch
from haopin.render.renderer import Renderer
from haopin.stripping import stripped


def add_evidence(files: Files, catalogue: Catalogue, data: Path, config: MkDocsConfig) -> None:
    """Add the evidence files that public records name, and no others, without what they say of persons."""
    for name in evidence_names(catalogue):
        _add_stripped(files, config, f"evidence/{name}", path_of(data, name))


def strip_pictures(files: Files, config: MkDocsConfig) -> None:
    """Put in the place of each picture of the written pages what is published of it."""
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
        files.append(File.generated(config, csv, content=table.csv_file(headings, lines)))
        files.append(File.generated(config, filtered, content=renderer.cells.table_json(rows)))
