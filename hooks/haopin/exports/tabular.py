"""Records as tables: columns follow from the fields of a model, so a new kind has its tables without code."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from haopin.markdown import widened
from haopin.model import Kind, Record
from haopin.model.base import Nested
from haopin.model.target import Unit
from haopin.text import LANGUAGES, Language, Text, Wording, fullwidth

# --- What a field of a model is as a column: its type, and its headings in both languages

Cell = str | int | Decimal | date | bool | None
CellType = Literal["text", "whole", "decimal", "day", "flag"]
#: Label of both languages by its key.
Say = Callable[[str], Text]

#: Labels of the languages of columns, and of what cells are.
LANGUAGE_LABELS: Mapping[Language, str] = {"zh": "data.zh", "en": "data.en"}
TYPE_LABELS: Mapping[CellType, str] = {
    "text": "data.type_text",
    "whole": "data.type_whole",
    "decimal": "data.type_decimal",
    "day": "data.type_day",
    "flag": "data.type_flag",
}

_SCALARS: tuple[tuple[type, CellType], ...] = (
    # True is a whole number to Python, and a moment is a day.
    (bool, "flag"),
    (int, "whole"),
    (Decimal, "decimal"),
    (float, "decimal"),
    (datetime, "text"),
    (date, "day"),
)
_END_OF_NAME = re.compile(r"[:,(;]")
_ID = re.compile(r"\b[Ii]d(s?)\b")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name for programs.
        heading: Its short heading.
        meaning: What the field is, in full.
        type: What its cells are; an empty cell is None.
        read: Returns the cell of a record or part.
    """

    name: str
    heading: Text
    meaning: Text
    type: CellType
    read: Callable[[Any], Cell]


@dataclass(frozen=True)
class FieldType:
    """What a field holds: ``cell`` of scalars, ``model`` of parts and bilingual texts; ``many`` for a list of them."""

    cell: CellType = "text"
    model: type[BaseModel] | None = None
    many: bool = False

    @property
    def is_words(self) -> bool:
        """True for text in both languages, and nothing else beside it."""
        return self.model is not None and issubclass(self.model, Wording) and self.model is not Unit

    @property
    def is_part(self) -> bool:
        """True for a part with fields of its own."""
        return self.model is not None and not self.is_words


def sort_of(annotation: Any) -> FieldType:
    """Return what a field with ``annotation`` holds; what has no columns of its own is text."""
    annotation = getattr(annotation, "__value__", annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return sort_of(arguments[0])
    if origin in (Union, UnionType):
        sorts = [sort_of(argument) for argument in arguments if argument is not NoneType]
        return sorts[0] if all(sort == sorts[0] for sort in sorts) else FieldType()
    if origin is Literal:
        return sort_of(type(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Collection) and not issubclass(origin, dict):
        inner = sort_of(arguments[0])
        return FieldType(inner.cell, inner.model, many=True)
    if not isinstance(annotation, type):
        return FieldType()
    if issubclass(annotation, BaseModel):
        return FieldType(model=annotation)
    return FieldType(next((name for base, name in _SCALARS if issubclass(annotation, base)), "text"))


def words_of(name: str, info: FieldInfo) -> Text:
    """Return the documentation of a field in both languages, or its name."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    en = info.description or name
    first, spelled = _END_OF_NAME.search(en), name.replace("_", " ")
    if first is not None and first.group() == "," and _name(en) != spelled and _has_choices(info.annotation):
        # Only a list of what it can be ("day, month, or campaign"): the first of them is no name of all.
        en = f"{spelled}: {en}"
    return Text.model_construct(zh=str(extra.get("x-zh") or name), en=en)


def _has_choices(annotation: Any) -> bool:
    arguments = get_args(annotation)
    return len(arguments) > 1 if get_origin(annotation) is Literal else any(map(_has_choices, arguments))


def short(words: Text) -> Text:
    """Return the name at the beginning of ``words``, up to the first mark."""
    return Text.model_construct(zh=_name(words.zh), en=_name(words.get("en")))


def _name(words: str) -> str:
    return _END_OF_NAME.split(words, maxsplit=1)[0].strip() or words


def below(prefix: Text | None, words: Text) -> Text:
    """Return ``words`` of something that lies in what ``prefix`` names."""
    if prefix is None:
        return words
    return Text.model_construct(zh=f"{prefix.zh}:{words.zh}", en=f"{prefix.en}: {words.en}")


def column(
    name: str,
    words: Text,
    type_: CellType,
    read: Callable[[Any], Cell],
    *,
    within: Text | None = None,
    spoken: Text | None = None,
) -> Column:
    """Return a column with headings made from what is said of its field.

    Args:
        name: Its name for programs.
        words: What is said of the field: its name up to the first mark.
        type_: What its cells are.
        read: Returns its cell.
        within: Name of the part that the field lies in.
        spoken: Name of the language of its cells, if there is a column of each.
    """
    name_of = short(words)
    rest = Text.model_construct(zh=words.zh[len(name_of.zh) :], en=words.get("en")[len(name_of.get("en")) :])
    if spoken is not None:
        name_of = Text.model_construct(zh=f"{name_of.zh}({spoken.zh})", en=f"{name_of.en} ({spoken.en})")
    heading = below(within, name_of)
    meaning = Text.model_construct(zh=heading.zh + rest.zh, en=heading.get("en") + rest.get("en"))
    return Column(name, shown(heading), shown(meaning), type_, read)


def shown(words: Text) -> Text:
    """Return ``words`` as a reader sees them: Chinese marks full-width, English with a capital letter."""
    # In the documentation of the data an "id" is the name of a field; a heading is for people.
    en = _ID.sub(r"ID\1", words.get("en"))
    return Text.model_construct(zh=fullwidth(words.zh), en=en[:1].upper() + en[1:])


# --- The columns of a model, and how a value becomes a cell: bilingual texts twice, single parts with a prefix


def columns_of(
    model: type[BaseModel], say: Say, *, hidden: Collection[str] = (), prefix: str = "", within: Text | None = None
) -> Iterator[Column]:
    """Yield the columns of ``model``; lists of parts have none, they are tables of their own."""
    for name, info in model.model_fields.items():
        sort = sort_of(info.annotation)
        if name in hidden or (sort.is_part and sort.many):
            continue
        words = words_of(name, info)
        if sort.is_words:
            for code in LANGUAGES:
                read, spoken = _words_reader(name, code, many=sort.many), say(LANGUAGE_LABELS[code])
                yield column(f"{prefix}{name}_{code}", words, "text", read, within=within, spoken=spoken)
        elif sort.model is not None:
            for inner in columns_of(sort.model, say, prefix=f"{prefix}{name}_", within=below(within, short(words))):
                yield Column(inner.name, inner.heading, inner.meaning, inner.type, _inside(name, inner.read))
        elif sort.many:
            yield column(f"{prefix}{name}", words, "text", _joined(name), within=within)
        else:
            # Words of a field that is English by its name stay as they are.
            plain = sort.cell != "text" or name == "en" or name.endswith("_en")
            read = _getter(name) if plain else _text_reader(name)
            yield column(f"{prefix}{name}", words, sort.cell, read, within=within)


def _getter(name: str) -> Callable[[Any], Cell]:
    def read(item: Any) -> Cell:
        value: Cell = getattr(item, name)
        return value if isinstance(value, str | int | Decimal | date | NoneType) else Decimal(str(value))

    return read


def _inside(name: str, read: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    return lambda item: None if (part := getattr(item, name)) is None else read(part)


def _words_reader(name: str, code: Language, *, many: bool) -> Callable[[Any], Cell]:
    convert = chinese if code == "zh" else _same
    if many:
        gap = "\uff1b" if code == "zh" else "; "

        def joined(item: Any) -> Cell:
            # What is not translated keeps its place, so that the languages stay side by side.
            texts = [getattr(words, code, None) for words in getattr(item, name) or ()]
            return gap.join(convert(text or "") for text in texts) if any(texts) else None

        return joined

    def read(item: Any) -> Cell:
        words = getattr(item, name)
        text = None if words is None else getattr(words, code)
        return None if text is None else convert(text)

    return read


def _text_reader(name: str) -> Callable[[Any], Cell]:
    def read(item: Any) -> Cell:
        value = getattr(item, name)
        # Most are ids.
        return value if value is None or (type(value) is str and value.isascii()) else plain_text(value)

    return read


def _joined(name: str) -> Callable[[Any], Cell]:
    return lambda item: "; ".join(map(plain_text, getattr(item, name) or ())) or None


def plain_text(value: Any) -> str:
    """Return a single value as text, as a reader sees it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        value = value.value
    return chinese(value if isinstance(value, str) else str(value))


def chinese(text: str) -> str:
    """Return ``text`` with full-width punctuation where it is Chinese; addresses in Markdown stay as they are."""
    if text.isascii():
        return text
    return widened(text) if "](" in text or "`" in text else fullwidth(text)


def _same(text: str) -> str:
    return text


# --- Records as tables: from the model of a kind, so that a new kind has its tables without code of its own

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
    languages: Sequence[Language] = LANGUAGES,
    beside: Callable[[Record], Sequence[Nested]] | None = None,
    title: Text | None = None,
) -> tuple[Table, ...]:
    """Return the tables of the ``records`` of a ``kind``: the main one first, then those that have a row.

    Args:
        kind: The kind.
        records: Its records.
        say: Labels in both languages.
        hidden: Fields of the records that are not public.
        page: Returns the address at which a record is read.
        languages: Those of the site.
        beside: Returns the rows of the table that lies beside a record, if the kind has such tables.
        title: What the records are called on the site, if otherwise than the kind.
    """
    if not records:
        return ()
    hidden = {*hidden, *(() if any(record.sample for record in records) else ("sample",))}
    columns = _shared_last([*columns_of(kind.model, say, hidden=hidden)])
    if page is not None:
        for language in languages:
            name = "page" if language == LANGUAGES[0] else f"page_{language}"
            spoken = say(LANGUAGE_LABELS[language])
            columns.append(column(name, say("data.page"), "text", _address(page, language), spoken=spoken))
    main = Table(
        kind.name,
        title or kind.title,
        None,
        _distinct(columns),
        records,
        lambda record: iter([((), record)]),
        lambda _: 1,
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
