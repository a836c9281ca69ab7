"""Addresses of one language on one day: pages, the files beside them, and files shared by all languages."""

from collections.abc import Callable, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haopin.build.settings import MarkdownExtensions, Settings
from haopin.build.written_pages import WrittenPage
from haopin.html.links import Links
from haopin.load.folder import is_litter
from haopin.model.disclosure import Batch
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.trace import kept

if TYPE_CHECKING:
    from haopin.exports.registry import Export
    from haopin.exports.source import ExportSource


def evidence_names(catalogue: Catalogue) -> list[str]:
    """Return the sorted file names of evidence that public records refer to."""
    return sorted({e.file for _, record in catalogue.publishable for e in record.evidence if e.file})


def table_paths(batch: Batch) -> tuple[str, str]:
    """Return the paths of the sample table of ``batch``: CSV for download, JSON for the filters of the page."""
    folder = f"disclosures/batches/{batch.id}"
    return f"{folder}/{batch.id}.csv", f"{folder}/rows.json"


def links_of(
    catalogue: Catalogue,
    source: Callable[[], "ExportSource"],
    settings: Settings,
    docs: Path,
    written: Sequence[WrittenPage],
    extensions: MarkdownExtensions,
    has_page: Callable[[str], bool] | None = None,
) -> Links:
    """Return the link targets that exist in one language.

    Args:
        catalogue: The public records.
        source: Export source of that language; called only for addresses that are not pages, and for anchors.
        settings: Settings of the language.
        docs: Folder of its written pages.
        written: Its written pages.
        extensions: Markdown extensions of the written pages.
        has_page: Returns whether there is a generated page at an address; by default, from ``catalogue``.
    """
    by_address = {page.address: page for page in written}
    base = str(catalogue.site.address).rstrip("/") + "/"

    def anchors(address: str) -> Set[str]:
        own, renderer = by_address.get(address), source().renderer
        return own.anchors(extensions, renderer) if own is not None else renderer.anchors_of(address)

    if has_page is None:
        has_page = frozenset(page.address for page in pages(catalogue)).__contains__
    return Links(
        lambda address: address in by_address or has_page(address),
        _Files(catalogue, source, settings.edition.up, docs),
        anchors,
        [base + edition.path for edition in settings.editions],
    )


class _Files:
    """Resolves paths of files that are not pages; an export is listed at its first use only."""

    def __init__(self, catalogue: Catalogue, source: Callable[[], "ExportSource"], up: str, docs: Path) -> None:
        self._catalogue, self._source, self._up, self._docs = catalogue, source, up, docs
        self._found: dict[int, Any] = {}

    def __call__(self, path: str) -> str | None:
        if path.startswith("evidence/"):
            return path if path.removeprefix("evidence/") in evidence_names(self._catalogue) else None
        if path in {each for batch in self._catalogue.all(Batch) for each in table_paths(batch)}:
            return path
        if path.endswith("/"):
            return None
        if not path.endswith(".md") and not is_litter(path) and (self._docs / path).is_file():
            return path
        # Few links lead to an export.
        from haopin.exports.registry import PER_LANGUAGE, SHARED

        for number, export in enumerate((*PER_LANGUAGE, *SHARED)):
            if path in kept(self._found, number, self._paths, export):
                return path if number < len(PER_LANGUAGE) else self._up + path
        return None

    def _paths(self, export: "Export") -> frozenset[str]:
        return frozenset(made.path for made in export(self._source()))
