"""Records as tables: from the model of a kind, so that a new kind has its tables without code of its own."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from haopin.outlets.columns import columns_of
from haopin.outlets.fields import (
    LANGUAGE_LABELS,
    Cell,
    Column,
    Say,
    below,
    column,
    short,
    shown,
    sort_of,
    words_of,
)
from haopin.records import Kind, Record
from haopin.records.base import Part
from haopin.text import LANGUAGES, Language, Text

#: What lies in a record: the keys that lead to it, and the part itself.
Walk = Callable[[Record], Iterator[tuple[tuple[Cell, ...], Any]]]


@dataclass(frozen=True)
class Table:
    """A table: one row for each record, or for each part in a list of its records.

    Attributes:
        name: Its name, of its file and its sheet: ``task``, ``task-measures``.
        title: What its rows are.
        label: The same within its kind; None for the main table.
        columns: Its columns, the same whatever the rows.
        records: The records whose rows it has.
        walk: From a record to what the rows are made of.
        size: Returns how many rows a record has.
        keys: How many of the columns are given by the walk.
    """

    name: str
    title: Text
    label: Text | None
    columns: tuple[Column, ...]
    records: Sequence[Record]
    walk: Walk
    size: Callable[[Record], int]
    keys: int = 0

    @property
    def count(self) -> int:
        """The number of its rows."""
        return sum(map(self.size, self.records))

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield its rows, in the order of the data."""
        readers = [column.read for column in self.columns[self.keys :]]
        for record in self.records:
            for keys, item in self.walk(record):
                yield (*keys, *[read(item) for read in readers])


def tables_of(
    kind: Kind,
    records: Sequence[Record],
    say: Say,
    *,
    hidden: Collection[str] = (),
    page: Callable[[Record, Language], str] | None = None,
    beside: Callable[[Record], Sequence[Part]] | None = None,
) -> tuple[Table, ...]:
    """Return the tables of the ``records`` of a ``kind``: the main one first, then those that have a row.

    Args:
        kind: The kind.
        records: Its records.
        say: Labels in both languages.
        hidden: Fields of the records that are not public.
        page: Returns the address at which a record is read.
        beside: Returns the rows of the table that lies beside a record, if the kind has such tables.
    """
    if not records:
        return ()
    hidden = {*hidden, *(() if any(record.sample for record in records) else ("sample",))}
    columns = _shared_last([*columns_of(kind.model, say, hidden=hidden)])
    if page is not None:
        for language, name in zip(LANGUAGES, ("page", "page_en"), strict=True):
            spoken = say(LANGUAGE_LABELS[language])
            columns.append(column(name, say("data.page"), "text", _address(page, language), spoken=spoken))
    main = Table(
        kind.name, kind.title, None, _distinct(columns), records, lambda record: iter([((), record)]), lambda _: 1
    )
    found = [main, *_children(kind.model, say, main, hidden)]
    if kind.table is not None and beside is not None:
        rows = _child(main, f"{kind.name}-rows", say("data.rows"), kind.table, say, lambda record, _: beside(record))
        found.append(rows)
    return tuple(table for table in found if table is main or table.count)


def _address(page: Callable[[Record, Language], str], language: Language) -> Callable[[Any], Cell]:
    return lambda record: page(record, language)


def _shared_last(columns: list[Column]) -> list[Column]:
    """Move what every record may have, a note above all, behind what its kind is about."""
    last = {f"note_{code}" for code in ("zh", "en")} | {"sample"}
    return sorted(columns, key=lambda column: column.name in last)


def _children(model: type[BaseModel], say: Say, parent: Table, hidden: Collection[str] = ()) -> Iterator[Table]:
    """Yield the tables of the lists of parts in ``model``, and of the lists in these."""
    for path, words, part in _lists(model, hidden):
        child = _child(parent, "-".join((parent.name, *path)), words, part, say, _along(path))
        yield child
        yield from _children(part, say, child)


def _lists(
    model: type[BaseModel], hidden: Collection[str] = ()
) -> Iterator[tuple[tuple[str, ...], Text, type[BaseModel]]]:
    """Yield (path, name for people, model of a part) of each list of parts in ``model`` and in its single parts."""
    for name, info in model.model_fields.items():
        sort = sort_of(info.annotation)
        if name in hidden or not sort.is_part or sort.model is None:
            continue
        words = short(words_of(name, info))
        if sort.many:
            yield (name,), words, sort.model
        else:
            for path, inner, part in _lists(sort.model):
                yield (name, *path), below(words, inner), part


def _along(path: Sequence[str]) -> Callable[[Record, Any], Sequence[Any]]:
    def get(_: Record, item: Any) -> Sequence[Any]:
        for name in path:
            item = getattr(item, name, None)
        return item or ()

    return get


def _child(
    parent: Table,
    name: str,
    words: Text,
    part: type[BaseModel],
    say: Say,
    items: Callable[[Record, Any], Sequence[Any]],
) -> Table:
    """Return the table of the ``items`` of each row of ``parent``: keys of that row, number in order, fields."""
    position = say("data.position")
    if parent.keys:
        above = column(f"{parent.name.rpartition('-')[2]}_position", position, "whole", _never, within=parent.title)
        keys = [*parent.columns[: parent.keys - 1], above]
    else:
        keys = [column(parent.name.replace("-", "_"), say("data.id"), "text", _never, within=parent.title)]
    keys.append(column("position", position, "whole", _never))

    def walk(record: Record) -> Iterator[tuple[tuple[Cell, ...], Any]]:
        for above, item in parent.walk(record):
            for number, inner in enumerate(items(record, item), 1):
                yield (*(above or (record.id,)), number), inner

    def size(record: Record) -> int:
        return sum(len(items(record, item)) for _, item in parent.walk(record))

    columns = _distinct([*keys, *columns_of(part, say)])
    title, label = shown(below(parent.title, words)), shown(below(parent.label, words))
    return Table(name, title, label, columns, parent.records, walk, size, len(keys))


def _never(item: Any) -> Cell:
    raise AssertionError("a key is given by the walk")


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return ``columns`` with names and headings of their own: a heading that two share gets the name behind it."""
    zh, en = (Counter(getattr(column.heading, code) for column in columns) for code in ("zh", "en"))
    found: list[Column] = []
    taken: set[str] = set()
    for each in columns:
        name, heading = each.name, each.heading
        while name in taken:
            name += "_"
        taken.add(name)
        if zh[heading.zh] > 1 or en[heading.en] > 1:
            heading = Text.model_construct(zh=f"{heading.zh}\uff08{name}\uff09", en=f"{heading.en} ({name})")
        found.append(replace(each, name=name, heading=heading))
    return tuple(found)
