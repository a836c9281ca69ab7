"""What a field declares beside its type: which record it names, which day it may not precede, what it quotes.

Written in ``Annotated`` beside ``doc(…)``. The rules of `haopin check` with their messages and guesses, and the pick
lists of `haopin new`, follow from these declarations, once for all kinds.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel

from haopin.model.base import Day, Nested, Record, doc
from haopin.problem import Path
from haopin.text import Text

M = TypeVar("M")


@dataclass(frozen=True)
class Ref:
    """The field, or each item of its list, is the id of a record.

    Attributes:
        to: Model of the records that may be named, or the name of the class where it is declared later. A model that
            lies in other records is named ``record id/part id``.
        within: Model of the records in which ``to`` lies, if it is no record itself.
        also: Another model that lies in ``within`` and may be named too.
        formerly: Another model that older data names; it is accepted, but offered no more.
        any_kind: The id is ``kind/id``, of a record of any kind that ``to`` is the base of.
        ruled: Whether a rule of its own looks whether the record exists; the general one then does not.
    """

    to: type[Nested] | str
    within: type[Record] | None = None
    also: type[Nested] | None = None
    formerly: type[Nested] | None = None
    any_kind: bool = False
    ruled: bool = False

    @property
    def model(self) -> type[Nested]:
        """The model of what is named."""
        return _record_model(self.to) if isinstance(self.to, str) else self.to

    @property
    def offered(self) -> tuple[type[Nested], ...]:
        """The models of what a new record may name."""
        return (self.model,) if self.also is None else (self.model, self.also)

    @property
    def accepted(self) -> tuple[type[Nested], ...]:
        """The models of what a record may name."""
        return self.offered if self.formerly is None else (*self.offered, self.formerly)

    @property
    def records(self) -> type[Record]:
        """The model of the records that are named, or in which the parts that are named lie."""
        if self.within is not None:
            return self.within
        assert issubclass(self.model, Record), f"Ref({self.model.__name__}) needs within=…"
        return self.model


@dataclass(frozen=True)
class NotBefore:
    """The field is a day or a time of day that is not before that of another field beside it.

    Attributes:
        start: Name of the other field.
        when: Name of a property of the model that must be true for the rule to hold.
    """

    start: str
    when: str | None = None


@dataclass(frozen=True)
class Past:
    """The field is a `Span` that is over when the record is made: a later end is seldom meant."""


@dataclass(frozen=True)
class Quote:
    """The field is a quotation.

    Attributes:
        source: Name of the field that says from where: a clause, or the id of a measure, whose record rests on one. It
            stands beside this field, or in what this part lies in.
    """

    source: str = "clause"


@dataclass(frozen=True)
class ClauseHeading:
    """The field is the heading of a clause, as the document has it; ``source`` as in `Quote`."""

    source: str = "clause"


class Span(Nested):
    """期间 | A span of days, both ends included."""

    start: Annotated[Day, doc("开始日期", "first day")]
    end: Annotated[Day, NotBefore("start"), doc("结束日期", "last day")]


# --- Where in a record such fields lie


@dataclass(frozen=True)
class Marked:
    """A field that was declared so, in a record.

    Attributes:
        value: What the field holds; an item, if the field is a list.
        path: The way to it.
        holders: The record, the part in it, and so on; the last has the field.
    """

    value: Any
    path: Path
    holders: tuple[BaseModel, ...]


def marked(record: BaseModel, wanted: type[M]) -> Iterator[tuple[M, Marked]]:
    """Yield each field of ``record`` that is declared as ``wanted`` and holds something, at any depth.

    Args:
        record: The record.
        wanted: `Ref`, `NotBefore`, `Past`, `Quote`, `ClauseHeading`, or a model: then the parts that are of it.
    """
    yield from _marked(record, wanted, (), (record,))


def _marked(part: BaseModel, wanted: type[M], way: Path, holders: tuple[BaseModel, ...]) -> Iterator[tuple[M, Marked]]:
    values = part.__dict__
    for name, mark, below in marks_of(type(part), wanted):
        value = values[name]
        if value is None:
            continue
        items = enumerate(value) if type(value) is tuple else ((None, value),)
        for index, item in items:
            path = (*way, name) if index is None else (*way, name, index)
            if mark is not None:
                yield (item if mark is wanted else mark), Marked(item, path, holders)
            elif below:
                yield from _marked(item, wanted, path, (*holders, item))


def marks_of(model: type[BaseModel], wanted: type[M]) -> tuple[tuple[str, M | None, bool], ...]:
    """Return each field of ``model`` that is declared as ``wanted``, or in which such a field lies.

    Returns:
        Name of the field; its declaration, or None; whether such a field lies in it.
    """
    # A class is hashable; mypy does not see it.
    return _marks_of(model, wanted)  # type: ignore[arg-type]


@cache
def _marks_of(model: type[BaseModel], wanted: Hashable) -> tuple[tuple[str, Any, bool], ...]:
    found = []
    for name, info in model.model_fields.items():
        mark = next(_marks(info.annotation, wanted, info.metadata), None)
        below = mark is None and any(_marks_of(part, wanted) for part in _parts(info.annotation))
        if mark is not None or below:
            found.append((name, mark, below))
    return tuple(found)


def _marks(annotation: Any, wanted: Any, metadata: Any = ()) -> Iterator[Any]:
    """Yield the declarations in what annotates a field, also within “or nothing” and lists."""
    yield from (each for each in (*metadata, *getattr(annotation, "__metadata__", ())) if isinstance(each, wanted))
    if annotation is wanted:
        yield wanted
    for argument in getattr(annotation, "__args__", ()) or (getattr(annotation, "__origin__", None),):
        if argument is not None:
            yield from _marks(argument, wanted)


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _parts(argument)


def parts_of(model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Return the models of the parts of ``model``, in the order of its fields."""
    return tuple(part for info in model.model_fields.values() for part in _parts(info.annotation))


# --- What a model is called


def name_of(model: type[BaseModel]) -> Text:
    """Return what one thing of ``model`` is called: 责任单位, body."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()
    return Text(zh=(model.__doc__ or "").partition(" | ")[0].strip(), en=words)


@cache
def _record_model(name: str) -> type[Record]:
    waiting: list[type[Record]] = [Record]
    while waiting:
        model = waiting.pop()
        if model.__name__ == name:
            return model
        waiting += model.__subclasses__()
    raise LookupError(f"Ref({name!r}): there is no such kind of record")
