"""A batch of product sampling from a spreadsheet: its table in our form, its record, and how it differs from before."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from haopin.desk.batch_record import existing, record_text
from haopin.desk.batch_source import Source, read_source
from haopin.desk.cells import narrow
from haopin.problem import Place
from haopin.reading.messages import translate
from haopin.reading.reading import Reading
from haopin.reading.table import headings
from haopin.records.disclosure import BATCH, Batch, Sampled

_RESULTS = {"pass": "合格", "fail": "不合格"}
# What a spreadsheet program makes of a long number when it writes CSV: 2.03001E+11.
_SPOILED = re.compile(r"\d(\.\d+)?E[+-]?\d+", re.I)


@dataclass(frozen=True)
class BatchImport:
    """What an import would do.

    Attributes:
        rows: The products.
        changes: New content of data files, by path below the data folder; none if nothing is new.
        added: Sample numbers that the table of this id did not have.
        removed: Those that it had and has no longer.
        changed: Those whose row says something else.
        replaces: Whether there was such a table.
        approved: Whether the batch is approved already.
    """

    rows: tuple[Sampled, ...]
    changes: Mapping[str, bytes]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    replaces: bool
    approved: bool


def batch_rows(path: Path) -> tuple[Sampled, ...]:
    """Return the products in the table of ``path``.

    Raises:
        DataError: with every problem of the table.
    """
    source = read_source(path, Sampled)
    found, rows = source.found, []
    seen: dict[str, int] = {}
    bad = {p.place.mark[0] for p in found.problems if p.place.mark}
    for number, words in source.rows:
        # A problem of the headings would come back in every row.
        if number in bad or source.head in bad:
            continue
        before = len(found.problems)
        row = _row(number, words, source)
        if row is None:
            continue
        if row.slug in seen:
            column = _place(source, "sample_number")
            zh, en = "抽样编号“{id}”与第 {first} 行相同", "the sample number “{id}” is that of row {first}"
            found.add(number, column, zh, en, id=row.sample_number, first=seen[row.slug])
        seen.setdefault(row.slug, number)
        if len(found.problems) == before:
            rows.append(row)
    if not rows and not found.problems:
        found.add(source.head, 0, "标题行下面没有产品", "there are no products below the headings")
    found.raise_if_any()
    return tuple(rows)


def _place(source: Source, field: str) -> int:
    return next((number for number, name in source.columns.items() if name == field), 0)


def _row(number: int, words: Mapping[int, str], source: Source) -> Sampled | None:
    found = source.found
    right = max(source.columns)
    for column, word in words.items():
        if column > right:
            zh, en = "这一格“{word}”没有标题,可能有一列错位", "“{word}” stands below no heading: a column has shifted"
            found.add(number, column, zh, en, word=word)
            return None
    given: dict[str, str] = {}
    for column, name in source.columns.items():
        if word := " ".join(words.get(column, "").split("\n")):
            given[name] = narrow(word) if name in ("sample_number", "result") else word
    if not given:
        return None
    spoiled = given.get("sample_number", "")
    if _SPOILED.fullmatch(spoiled):
        found.add(
            number,
            _place(source, "sample_number"),
            "抽样编号“{id}”已被表格软件改成科学记数,请把这一列设为文本,重新录入",
            "a spreadsheet program has turned the sample number into “{id}”; enter it again in a column of text",
            id=spoiled,
        )
        return None
    try:
        return Sampled.model_validate(given)
    except ValidationError as error:
        for wrong in translate(error, Sampled, Place(source.name)):
            field = str(wrong.place.path[0]) if wrong.place.path else "failing_item"
            found.problems.append(replace(wrong, place=Place(source.name, mark=(number, _place(source, field)))))
        return None


def table_text(rows: Sequence[Sampled]) -> str:
    """Return ``rows`` as our CSV: Chinese headings, every column, lines ended by a line feed."""
    words = headings(Sampled)
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(words.values())
    for row in rows:
        values = {**row.model_dump(), "result": _RESULTS[row.result]}
        lines.writerow(values[name] or "" for name in words)
    return out.getvalue()


def batch_import(rows: tuple[Sampled, ...], reading: Reading, batch_id: str, record: Batch | None) -> BatchImport:
    """Return what importing ``rows`` as the batch ``batch_id`` would do; ``record`` if it is new."""
    old = [row for row in reading.tables.get((BATCH.name, batch_id), ()) if isinstance(row, Sampled)]
    before, after = {row.slug: row for row in old}, {row.slug: row for row in rows}
    changes: dict[str, bytes] = {}
    if tuple(old) != rows:
        changes[f"{BATCH.path}/{batch_id}.csv"] = table_text(rows).encode()
    if record is not None:
        changes[f"{BATCH.path}/{batch_id}.yml"] = record_text(record).encode()
    known = existing(reading, batch_id)
    return BatchImport(
        rows,
        changes,
        tuple(row.sample_number for slug, row in after.items() if slug not in before),
        tuple(row.sample_number for slug, row in before.items() if slug not in after),
        tuple(row.sample_number for slug, row in after.items() if slug in before and before[slug] != row),
        bool(old),
        known is not None and known.approved is not None,
    )
