"""Downloads as CSV and XLSX: records of every kind, and sampling batches."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from haopin.exports.serialize import hidden
from haopin.exports.source import ExportSource, Outfile
from haopin.exports.tabular import TYPE_LABELS, Cell, Table, tables_of
from haopin.exports.xlsx import Block, PublicSheet, require_room, workbook
from haopin.html import csv_tables, formats
from haopin.model import KINDS, Kind, Record
from haopin.model.disclosure import Batch, Sampled
from haopin.model.ledger import Assignment, Entry
from haopin.model.schema import fields_of
from haopin.model.target import Target
from haopin.problem import ConfigurationError
from haopin.site.catalogue import OfPlan
from haopin.text import Text
from haopin.trace import kept

# --- Records by kind; both languages in one file

FOLDER = "downloads/"

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class OfferedTable:
    """A downloadable table: its file (without suffix, relative to `FOLDER`), title, and number of rows.

    ``label`` distinguishes it from the other tables of the kind; the main table has none.
    """

    name: str
    title: Text
    label: Text | None
    count: int


@dataclass(frozen=True)
class Offer:
    """The downloads of a kind: its tables, main table first; ``sample`` if they include sample records."""

    kind: Kind
    tables: tuple[OfferedTable, ...]
    sample: bool


def offers(source: ExportSource) -> tuple[Offer, ...]:
    """Return the downloads of every kind with records, in the order of the kinds."""
    found = []
    for kind in KINDS:
        if tables := tables_by_kind(source, kind):
            own = tuple(OfferedTable(each.name, each.title, each.label, each.count) for each in tables)
            found.append(Offer(kind, own, any(record.sample for record in tables[0].records)))
    return tuple(found)


def make_downloads(source: ExportSource) -> Iterator[Outfile]:
    """Yield a CSV file for each table of a kind, and a workbook with all its tables.

    Raises:
        ConfigurationError: if a table has too many rows for a sheet, or two tables have the same name.
    """
    found = {kind.name: (kind, tables) for kind in KINDS if (tables := tables_by_kind(source, kind))}
    names = Counter(each.name for _, tables in found.values() for each in tables)
    if clashing := [name for name, count in names.items() if count > 1]:
        raise ConfigurationError(f"两个表同名 / two tables have the same name: {', '.join(clashing)}")
    files = _TableFiles(source)
    for name, (kind, tables) in found.items():
        for index, each in enumerate(tables):
            require_room(each.name, each.count)
            yield Outfile(f"{FOLDER}{each.name}.csv", partial(files.csv, kind, index))
        yield Outfile(f"{FOLDER}{name}.xlsx", partial(files.book, kind))


class _TableFiles:
    """Writes the files of the kinds, which are made one after another: keeps the rows of the latest kind only."""

    def __init__(self, source: ExportSource) -> None:
        self._source = source
        self._rows: dict[str, Any] = {}

    def csv(self, kind: Kind, index: int) -> bytes:
        """Return the CSV file of one table of ``kind``."""
        columns = [column.name for column in tables_by_kind(self._source, kind)[index].columns]
        return csv_tables.csv_file(columns, self._rows_of(kind)[index])

    def book(self, kind: Kind) -> bytes:
        """Return the workbook of ``kind``."""
        return book(self._source, kind, tables_by_kind(self._source, kind), self._rows_of(kind))

    def _rows_of(self, kind: Kind) -> list[Rows]:
        if kind.name not in self._rows:
            self._rows.clear()
        return kept(self._rows, kind.name, self._read, kind)

    def _read(self, kind: Kind) -> list[Rows]:
        return [list(each.rows()) for each in tables_by_kind(self._source, kind)]


def tables_by_kind(source: ExportSource, kind: Kind) -> tuple[Table, ...]:
    """Return the tables of ``kind``; none if it has no records."""
    return kept(source.values, f"tables of {kind.name}", _tables, source, kind)


def _tables(source: ExportSource, kind: Kind) -> tuple[Table, ...]:
    catalogue = source.catalogue

    def plan_of(record: Record) -> str:
        assert isinstance(record, OfPlan)
        return catalogue.plan_of(record).id

    # Tasks, groups and others have a field for their plan.
    by_measure = len(catalogue.plans) > 1 and issubclass(kind.model, Target | Assignment | Entry)
    return tables_of(
        kind,
        catalogue.all(kind.model),
        source.both,
        hidden=hidden(kind, catalogue.site),
        page=source.page_of,
        languages=source.languages,
        beside=lambda record: catalogue.table(kind.name, record.id),
        title=source.kind_title(kind),
        plan=plan_of if by_measure else None,
    )


def book(source: ExportSource, kind: Kind, tables: Sequence[Table], rows: Sequence[Rows]) -> bytes:
    """Return the workbook of a ``kind`` with its ``tables`` and the ``rows`` of each."""
    sheets = [
        PublicSheet(
            each.name,
            [f"{column.heading.zh}\n{column.heading.en}" for column in each.columns],
            [column.type for column in each.columns],
            own,
        )
        for each, own in zip(tables, rows, strict=True)
    ]
    name, cut = _joined(source.both("data.about")), _joined(source.both("data.cut"))
    return workbook(sheets, _about(source, kind, tables), name, _joined(source.kind_title(kind)), source.as_of, cut)


def _joined(words: Text) -> str:
    return f"{words.show('zh')} {words.en}"


def _about(source: ExportSource, kind: Kind, tables: Sequence[Table]) -> list[Block]:
    """Return the content of the sheet that describes the others."""
    site, document = source.catalogue.site, source.catalogue.document

    def said(key: str) -> str:
        return _joined(source.both(key))

    facts: list[list[Cell]] = [
        [said("data.content"), source.kind_title(kind).show("zh"), source.kind_title(kind).en],
        [said("data.place"), site.place.show("zh"), site.place.en],
        [said("data.source"), document.title.show("zh"), document.title.en],
    ]
    if document.number:
        facts.append([said("data.number"), document.number, document.number_en])
    facts.append([said("data.as_of"), source.as_of])
    facts.append([said("data.site"), *(source.url("", language) for language in source.languages)])
    zh, en = said("data.zh"), said("data.en")
    own: list[list[Cell]] = [[each.name, each.title.zh, each.title.en, each.count] for each in tables]
    columns: list[list[Cell]] = [
        [each.name, column.name, column.meaning.zh, column.meaning.en, said(TYPE_LABELS[column.type])]
        for each in tables
        for column in each.columns
    ]
    return [
        Block(facts),
        Block([[said("data.sheet"), zh, en, said("data.row_total")], *own], headed=True),
        Block([[said("data.sheet"), said("data.column"), zh, en, said("data.type")], *columns], headed=True),
    ]


# --- Sampling batches, as a workbook per language, beside the CSV file of the page


def make_batches(source: ExportSource) -> Iterator[Outfile]:
    """Yield the workbook of each batch.

    Raises:
        ConfigurationError: if a batch has too many rows for a sheet.
    """
    for batch in source.catalogue.all(Batch):
        require_room(batch.id, len(source.catalogue.rows_of(batch)))
        yield Outfile(f"disclosures/batches/{batch.id}/{batch.id}.xlsx", partial(batch_book, source, batch))


def batch_book(source: ExportSource, batch: Batch) -> bytes:
    """Return the workbook of ``batch``: the rows of the CSV file, and a description."""
    t = source.t
    rows = source.catalogue.rows_of(batch)
    headings, lines = source.renderer.cells.table(rows)
    sheet = PublicSheet(t("batch.rows"), headings, ["text"] * len(headings), lines)
    title = source.renderer.show(batch.title)
    return workbook(
        [sheet], _about_batch(source, batch, len(rows)), t("data.about"), title, source.as_of, t("data.cut")
    )


def _about_batch(source: ExportSource, batch: Batch, count: int) -> list[Block]:
    t, show, language = source.t, source.renderer.show, source.language
    site, document = source.catalogue.site, source.catalogue.document
    facts: list[list[Cell]] = [[t("data.content"), show(batch.title)], [t("data.reporter"), show(batch.source)]]
    if batch.sampled:
        facts.append([t("data.sampled"), formats.span(batch.sampled.start, batch.sampled.end, language)])
    facts += [
        [t("data.place"), show(site.place)],
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
