"""What a field of a model is as a column: its type, and its headings in both languages."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from haopin.text import Language, Text, Wording, fullwidth

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
class Sort:
    """What a field holds: ``cell`` of scalars, ``model`` of parts and bilingual texts; ``many`` for a list of them."""

    cell: CellType = "text"
    model: type[BaseModel] | None = None
    many: bool = False

    @property
    def is_words(self) -> bool:
        """True for text in both languages."""
        return self.model is not None and issubclass(self.model, Text | Wording)

    @property
    def is_part(self) -> bool:
        """True for a part with fields of its own."""
        return self.model is not None and not self.is_words


def sort_of(annotation: Any) -> Sort:
    """Return what a field with ``annotation`` holds; what has no columns of its own is text."""
    annotation = getattr(annotation, "__value__", annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return sort_of(arguments[0])
    if origin in (Union, UnionType):
        sorts = [sort_of(argument) for argument in arguments if argument is not NoneType]
        return sorts[0] if all(sort == sorts[0] for sort in sorts) else Sort()
    if origin is Literal:
        return sort_of(type(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Collection) and not issubclass(origin, dict):
        inner = sort_of(arguments[0])
        return Sort(inner.cell, inner.model, many=True)
    if not isinstance(annotation, type):
        return Sort()
    if issubclass(annotation, BaseModel):
        return Sort(model=annotation)
    return Sort(next((name for base, name in _SCALARS if issubclass(annotation, base)), "text"))


def words_of(name: str, info: FieldInfo) -> Text:
    """Return what is said of a field, in both languages; its name where nothing is."""
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
    return Text.model_construct(zh=_name(words.zh), en=_name(words.en))


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
    rest = Text.model_construct(zh=words.zh[len(name_of.zh) :], en=words.en[len(name_of.en) :])
    if spoken is not None:
        name_of = Text.model_construct(zh=f"{name_of.zh}({spoken.zh})", en=f"{name_of.en} ({spoken.en})")
    heading = below(within, name_of)
    meaning = Text.model_construct(zh=heading.zh + rest.zh, en=heading.en + rest.en)
    return Column(name, shown(heading), shown(meaning), type_, read)


def shown(words: Text) -> Text:
    """Return ``words`` as a reader sees them: Chinese marks full-width, English with a capital letter."""
    # In the documentation of the data an "id" is the name of a field; a heading is for people.
    en = _ID.sub(r"ID\1", words.en)
    return Text.model_construct(zh=fullwidth(words.zh), en=en[:1].upper() + en[1:])
