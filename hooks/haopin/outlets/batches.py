"""Each batch of sampling as a workbook, in each language beside the CSV file of its page."""

from collections.abc import Iterator
from functools import partial

from haopin.outlets.fields import TYPE_LABELS, Cell
from haopin.outlets.sheets import Block, Sheet, require_room, workbook
from haopin.outlets.source import Outfile, Source
from haopin.records.disclosure import Batch, Sampled
from haopin.render import formats
from haopin.schema import fields_of


def make_batches(source: Source) -> Iterator[Outfile]:
    """Yield the workbook of each batch.

    Raises:
        ConfigurationError: if a sheet does not take the rows of a batch.
    """
    for batch in source.catalogue.all(Batch):
        require_room(batch.id, len(source.catalogue.rows_of(batch)))
        yield Outfile(f"disclosures/batches/{batch.id}/{batch.id}.xlsx", partial(batch_book, source, batch))


def batch_book(source: Source, batch: Batch) -> bytes:
    """Return the workbook of ``batch``: its rows as the CSV file has them, and what they are."""
    t = source.t
    rows = source.catalogue.rows_of(batch)
    headings, lines = source.renderer.cells.table(rows)
    sheet = Sheet(t("batch.rows"), headings, ["text"] * len(headings), lines)
    title = source.renderer.show(batch.title)
    return workbook([sheet], _about(source, batch, len(rows)), t("data.about"), title, source.as_of, t("data.cut"))


def _about(source: Source, batch: Batch, count: int) -> list[Block]:
    t, show, language = source.t, source.renderer.show, source.language
    site, document = source.catalogue.site, source.catalogue.document
    facts: list[list[Cell]] = [[t("data.content"), show(batch.title)], [t("data.reporter"), show(batch.source)]]
    if batch.sampled:
        facts.append([t("data.sampled"), formats.span(batch.sampled.start, batch.sampled.end, language)])
    facts += [
        [t("data.county"), show(site.county)],
        [t("data.source"), show(document.title)],
    ]
    number = document.number if language == "zh" else document.number_en
    if number:
        facts.append([t("data.number"), number])
    facts += [
        [t("data.as_of"), source.as_of],
        [t("data.site"), source.url("")],
        [t("data.page_of"), source.page_of(batch)],
        [t("data.row_total"), count],
    ]
    docs = {field.name: field.description for field in fields_of(Sampled, language)}
    names = source.renderer.cells.names
    columns: list[list[Cell]] = [[t(f"column.{name}"), docs[name], t(TYPE_LABELS["text"])] for name in names]
    heads: list[Cell] = [t("data.column"), t("data.meaning"), t("data.type")]
    return [Block(facts), Block([heads, *columns], headed=True)]
