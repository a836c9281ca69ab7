"""Files beside the pages: evidence, and the tables of batches for people and for the page's own script."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from haopin import table
from haopin.adapter.addresses import evidence_names, table_paths
from haopin.catalogue import Catalogue
from haopin.reading.folder import SAMPLES
from haopin.records.disclosure import Batch
from haopin.render.renderer import Renderer


def add_evidence(files: Files, catalogue: Catalogue, data: Path, config: MkDocsConfig) -> None:
    """Add the evidence files that public records name, and no others."""
    for name in evidence_names(catalogue):
        own = data / "evidence" / name
        source = own if own.is_file() else data / SAMPLES / "evidence" / name
        files.append(File.generated(config, f"evidence/{name}", abs_src_path=str(source)))


def add_tables(files: Files, catalogue: Catalogue, renderer: Renderer, config: MkDocsConfig) -> None:
    """Add the table of each batch: all of it as CSV, and as JSON for the filters of its page."""
    for batch in catalogue.all(Batch):
        rows = catalogue.rows_of(batch)
        csv, filtered = table_paths(batch)
        headings, lines = renderer.cells.table(rows)
        files.append(File.generated(config, csv, content=table.csv_file(headings, lines)))
        files.append(File.generated(config, filtered, content=renderer.cells.table_json(rows)))
