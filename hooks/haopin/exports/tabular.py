"""Records as tables. Columns are derived from the fields of a model, so a new kind needs no code."""

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
from haopin.text import LANGUAGES, InLanguages, Language, Text, Wording, fullwidth, locale_of
from haopin.trace import Lazy

# --- Columns of fields: type and bilingual headings

Cell = str | int | Decimal | date | bool | None
CellType = Literal["text", "whole", "decimal", "day", "flag"]
#: Returns the label of a key in both languages.
Say = Callable[[str], Text]

#: Labels of languages, for headings.
LANGUAGE_LABELS: Mapping[Language, str] = {"zh": "data.zh", "en": "data.en"}
TYPE_LABELS: Mapping[CellType, str] = {
    "text": "data.type_text",
    "whole": "data.type_whole",
    "decimal": "data.type_decimal",
    "day": "data.type_day",
    "flag": "data.type_flag",
}

_SCALARS: tuple[tuple[type, CellType], ...] = (
    # The order matters: bool is a subclass of int, and datetime of date.
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
        name: Machine-readable name.
        heading: Short heading.
        meaning: Full documentation of the field.
        type: Type of its cells; an empty cell is None.
        read: Returns the cell for a record or part.
    """

    name: str
    heading: Text
    meaning: Text
    type: CellType
    read: Callable[[Any], Cell]


@dataclass(frozen=True)
class FieldType:
    """Type of a field: ``cell`` for scalars, ``model`` for parts and bilingual texts; ``many`` for a list of these."""

    cell: CellType = "text"
    model: type[BaseModel] | None = None
    many: bool = False

    @property
    def is_words(self) -> bool:
        """Whether it is bilingual text without other fields."""
        return self.model is not None and issubclass(self.model, Wording) and self.model is not Unit

    @property
    def is_part(self) -> bool:
        """Whether it is a part with fields of its own."""
        return self.model is not None and not self.is_words


def sort_of(annotation: Any) -> FieldType:
    """Return the type of a field with ``annotation``; text if it has no columns of its own."""
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
    """Return the documentation of a field in both languages, or its name if there is none."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    en = info.description or name
    first, spelled = _END_OF_NAME.search(en), name.replace("_", " ")
    if first is not None and first.group() == "," and _name(en) != spelled and _has_choices(info.annotation):
        # Documentation that only lists values ("day, month, or campaign") does not give a name.
        en = f"{spelled}: {en}"
    return Text.model_construct(zh=str(extra.get("x-zh") or name), en=en)


def _has_choices(annotation: Any) -> bool:
    arguments = get_args(annotation)
    return len(arguments) > 1 if get_origin(annotation) is Literal else any(map(_has_choices, arguments))


def short(words: Text) -> Text:
    """Return the beginning of ``words`` up to the first punctuation mark, the name of the field."""
    return Text.model_construct(zh=_name(words.zh), en=_name(words.get("en")))


def _name(words: str) -> str:
    return _END_OF_NAME.split(words, maxsplit=1)[0].strip() or words


def below(prefix: Text | None, words: Text) -> Text:
    """Prefix ``words``, the name of a field of a part, with ``prefix``, the name of the part."""
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
    """Create a column with headings derived from the documentation of its field.

    Args:
        name: Machine-readable name.
        words: Documentation of the field, which begins with its name.
        type_: Type of the cells.
        read: Returns the cell.
        within: Name of the part that the field belongs to.
        spoken: Name of the language of its cells, if there is a column per language.
    """
    name_of = short(words)
    rest = Text.model_construct(zh=words.zh[len(name_of.zh) :], en=words.get("en")[len(name_of.get("en")) :])
    if spoken is not None:
        name_of = Text.model_construct(zh=f"{name_of.zh}({spoken.zh})", en=f"{name_of.en} ({spoken.en})")
    heading = below(within, name_of)
    meaning = Text.model_construct(zh=heading.zh + rest.zh, en=heading.get("en") + rest.get("en"))
    return Column(name, shown(heading), shown(meaning), type_, read)


def shown(words: Text) -> Text:
    """Return ``words`` as displayed: Chinese with full-width punctuation, English with a capital letter."""
    # Documentation writes "id" as the field is called; a heading writes "ID".
    en = _ID.sub(r"ID\1", words.get("en"))
    return Text.model_construct(zh=fullwidth(words.zh), en=en[:1].upper() + en[1:])


# --- Columns of a model: two for bilingual text, prefixed ones for single parts


def columns_of(
    model: type[BaseModel],
    say: Say,
    *,
    hidden: Collection[str] = (),
    prefix: str = "",
    within: Text | None = None,
    further: Sequence[Language] = (),
) -> Iterator[Column]:
    """Yield the columns of ``model``; a list of parts has none, as it becomes a table of its own.

    Texts have a column in Chinese and English, and in each ``further`` language.
    """
    for name, info in model.model_fields.items():
        sort = sort_of(info.annotation)
        if name in hidden or (sort.is_part and sort.many):
            continue
        words = words_of(name, info)
        if sort.is_words:
            for code in (*LANGUAGES, *further):
                read, spoken = _words_reader(name, code, many=sort.many), _spoken(code, say)
                yield column(f"{prefix}{name}_{code}", words, "text", read, within=within, spoken=spoken)
        elif sort.model is not None:
            for inner in columns_of(
                sort.model, say, prefix=f"{prefix}{name}_", within=below(within, short(words)), further=further
            ):
                yield Column(inner.name, inner.heading, inner.meaning, inner.type, _inside(name, inner.read))
        elif sort.many:
            yield column(f"{prefix}{name}", words, "text", _joined(name), within=within)
        else:
            # Fields that are English by name are not converted to full-width punctuation.
            plain = sort.cell != "text" or name == "en" or name.endswith("_en")
            read = _getter(name) if plain else _text_reader(name)
            yield column(f"{prefix}{name}", words, sort.cell, read, within=within)
    for code in further if issubclass(model, InLanguages) else ():
        spoken = _spoken(code, say)
        yield column(f"{prefix}{code}", spoken, "text", _further_reader(code), within=within)


def _spoken(code: Language, say: Say) -> Text:
    """Return the name of a language in Chinese and English."""
    if code in LANGUAGE_LABELS:
        return say(LANGUAGE_LABELS[code])
    return Text.model_validate({each: locale_of(code).get_display_name(each) or code for each in LANGUAGES})


def _further_reader(code: Language) -> Callable[[Any], Cell]:
    return lambda item: item.further.get(code)


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
            # Missing translations keep their position, so that the columns of all languages have the same order.
            texts = [words and words.in_language(code) for words in getattr(item, name) or ()]
            return gap.join(convert(text or "") for text in texts) if any(texts) else None

        return joined

    def read(item: Any) -> Cell:
        words = getattr(item, name)
        text = None if words is None else words.in_language(code)
        return None if text is None else convert(text)

    return read


def _text_reader(name: str) -> Callable[[Any], Cell]:
    def read(item: Any) -> Cell:
        value = getattr(item, name)
        # Most values are ids.
        return value if value is None or (type(value) is str and value.isascii()) else plain_text(value)

    return read


def _joined(name: str) -> Callable[[Any], Cell]:
    return lambda item: "; ".join(map(plain_text, getattr(item, name) or ())) or None


def plain_text(value: Any) -> str:
    """Return a single value as displayed text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        value = value.value
    return chinese(value if isinstance(value, str) else str(value))


def chinese(text: str) -> str:
    """Return ``text`` with full-width punctuation where it is Chinese; addresses in Markdown are not changed."""
    if text.isascii():
        return text
    return widened(text) if "](" in text or "`" in text else fullwidth(text)


def _same(text: str) -> str:
    return text


# --- Tables

#: Yields (keys, part) for the rows of a record.
Walk = Callable[[Record], Iterator[tuple[tuple[Cell, ...], Any]]]


@dataclass(frozen=True)
class Table:
    """A table: one row for each record, or for each part in a list of its records.

    Attributes:
        name: Name of its file and sheet: ``task``, ``task-measures``.
        title: Title.
        label: Title within its kind; None for the main table.
        columns: Its columns, independent of the rows; described at their first use.
        records: Its records.
        walk: Yields the keys and parts of a record.
        size: Returns the number of rows of a record.
        keys: Number of leading columns that are keys.
    """

    name: str
    title: Text
    label: Text | None
    columns: Sequence[Column]
    records: Sequence[Record]
    walk: Walk
    size: Callable[[Record], int]
    keys: int = 0

    @property
    def count(self) -> int:
        """Number of rows."""
        return sum(map(self.size, self.records))

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows, in the order of the data."""
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
    plan: Callable[[Record], str] | None = None,
) -> tuple[Table, ...]:
    """Return the tables of the ``records`` of a ``kind``: the main table, then tables of lists that are not empty.

    Args:
        kind: The kind.
        records: Its records.
        say: Returns labels in both languages.
        hidden: Fields that are not public.
        page: Returns the address of the page of a record.
        languages: Languages of the site.
        beside: Returns the rows of the CSV table of a record, if the kind has such tables.
        title: Title of the records on the site, if it differs from the kind's.
        plan: Returns the id of the plan of a record, if that is not a field of the records.
    """
    if not records:
        return ()
    hidden = {*hidden, *(() if any(record.sample for record in records) else ("sample",))}
    further = [language for language in languages if language not in LANGUAGES]

    def columns() -> tuple[Column, ...]:
        found = _shared_last([*columns_of(kind.model, say, hidden=hidden, further=further)])
        if plan is not None:
            found.append(column("plan", say("data.plan"), "text", plan))
        if page is not None:
            for language in languages:
                name = "page" if language == LANGUAGES[0] else f"page_{language}"
                spoken = _spoken(language, say)
                found.append(column(name, say("data.page"), "text", _address(page, language), spoken=spoken))
        return _distinct(found)

    main = Table(
        kind.name,
        title or kind.title,
        None,
        Lazy(columns),
        records,
        lambda record: iter([((), record)]),
        lambda _: 1,
    )
    found = [main, *_children(kind.model, say, main, hidden, further)]
    if kind.table is not None and beside is not None:
        rows = _child(main, f"{kind.name}-rows", say("data.rows"), kind.table, say, lambda record, _: beside(record))
        found.append(rows)
    return tuple(table for table in found if table is main or table.count)


def _address(page: Callable[[Record, Language], str], language: Language) -> Callable[[Any], Cell]:
    return lambda record: page(record, language)


def _shared_last(columns: list[Column]) -> list[Column]:
    """Move the columns that every kind has, such as notes, behind those of the kind itself."""
    return sorted(columns, key=lambda column: column.name == "sample" or column.name.startswith("note_"))


def _children(
    model: type[BaseModel], say: Say, parent: Table, hidden: Collection[str] = (), further: Sequence[Language] = ()
) -> Iterator[Table]:
    """Yield the tables of the lists of parts in ``model``, and recursively of lists in these."""
    for path, words, part in _lists(model, hidden):
        child = _child(parent, "-".join((parent.name, *path)), words, part, say, _along(path), further)
        yield child
        yield from _children(part, say, child, (), further)


def _lists(
    model: type[BaseModel], hidden: Collection[str] = ()
) -> Iterator[tuple[tuple[str, ...], Text, type[BaseModel]]]:
    """Yield (path, label, model of a part) of each list of parts in ``model`` and in its single parts."""
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
    further: Sequence[Language] = (),
) -> Table:
    """Return the table of the ``items`` of each row of ``parent``: its keys, a sequence number, and the fields."""

    def columns() -> tuple[Column, ...]:
        position = say("data.position")
        if parent.keys:
            above = column(f"{parent.name.rpartition('-')[2]}_position", position, "whole", _never, within=parent.title)
            keys = [*parent.columns[: parent.keys - 1], above]
        else:
            keys = [column(parent.name.replace("-", "_"), say("data.id"), "text", _never, within=parent.title)]
        keys.append(column("position", position, "whole", _never))
        return _distinct([*keys, *columns_of(part, say, further=further)])

    def walk(record: Record) -> Iterator[tuple[tuple[Cell, ...], Any]]:
        for above, item in parent.walk(record):
            for number, inner in enumerate(items(record, item), 1):
                yield (*(above or (record.id,)), number), inner

    def size(record: Record) -> int:
        return sum(len(items(record, item)) for _, item in parent.walk(record))

    title, label = shown(below(parent.title, words)), shown(below(parent.label, words))
    # The id of the record, and the position in each list.
    return Table(name, title, label, Lazy(columns), parent.records, walk, size, (parent.keys or 1) + 1)


def _never(item: Any) -> Cell:
    raise AssertionError("a key is given by the walk")


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Make names and headings unique: a heading that occurs twice gets the name of its column appended."""
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
