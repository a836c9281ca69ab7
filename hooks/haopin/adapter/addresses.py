"""What stands at which address of a language on one day: pages, files beside them, and what languages share."""

from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from haopin.adapter.written import WrittenPage
from haopin.catalogue import Catalogue
from haopin.outlets import PER_LANGUAGE, SHARED, Source
from haopin.records.disclosure import Batch
from haopin.render.links import Links


def evidence_names(catalogue: Catalogue) -> list[str]:
    """Return the names of the evidence files that public records name, sorted."""
    return sorted({e.file for _, record in catalogue.publishable for e in record.evidence if e.file})


def table_paths(batch: Batch) -> tuple[str, str]:
    """Return the paths of the table of ``batch``: all of it as CSV, and as JSON for the filters of its page."""
    folder = f"disclosures/batches/{batch.id}"
    return f"{folder}/{batch.id}.csv", f"{folder}/rows.json"


def links_of(source: Source, up: str, docs: Path, written: Sequence[WrittenPage], config: MkDocsConfig) -> Links:
    """Return where texts in the language of ``source`` may link to.

    Args:
        source: The records of the day in the language.
        up: Way from the root of the language to the root of the site.
        docs: Folder of what a person wrote in the language.
        written: The pages that a person wrote in the language.
        config: The configuration, for their Markdown.
    """
    renderer, catalogue = source.renderer, source.catalogue
    by_address = {page.address: page for page in written}

    def files() -> Iterator[tuple[str, str]]:
        own = [f"evidence/{name}" for name in evidence_names(catalogue)]
        own += [path for batch in catalogue.all(Batch) for path in table_paths(batch)]
        own += [made.path for outlet in PER_LANGUAGE for made in outlet(source)]
        own += [p.relative_to(docs).as_posix() for p in docs.rglob("*") if p.is_file() and p.suffix != ".md"]
        yield from ((path, path) for path in own)
        yield from ((made.path, up + made.path) for outlet in SHARED for made in outlet(source))

    def anchors(address: str) -> Set[str]:
        own = by_address.get(address)
        return own.anchors(config, renderer) if own is not None else renderer.anchors_of(address)

    base = str(catalogue.site.address).rstrip("/") + "/"
    return Links(
        [*(page.address for page in renderer.pages), *by_address],
        lambda: dict(files()),
        anchors,
        [base + path for path in source.paths.values()],
    )
