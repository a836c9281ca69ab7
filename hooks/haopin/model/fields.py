"""Declarations of fields besides their type: references, order of dates, quotations.

Written in ``Annotated`` beside ``doc(…)``. The rules of `haopin check` with messages and suggestions, and the
candidates of `haopin new`, are derived from them for all kinds.
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
        to: Model of the target, or the name of the class if it is declared later. A part of a record is referred to as
            ``record id/part id``.
        within: Model of the records that contain ``to``, if that is a part of a record.
        also: Another permitted model of parts of ``within``.
        formerly: Another model in older data; accepted, but no longer suggested.
        any_kind: The id is ``kind/id`` of a record of any kind whose model is a subclass of ``to``.
        ruled: Whether a specific rule checks that the record exists; the general one then does not.
    """

    to: type[Nested] | str
    within: type[Record] | None = None
    also: type[Nested] | None = None
    formerly: type[Nested] | None = None
    any_kind: bool = False
    ruled: bool = False

    @property
    def model(self) -> type[Nested]:
        """The model of the target."""
        return _record_model(self.to) if isinstance(self.to, str) else self.to

    @property
    def offered(self) -> tuple[type[Nested], ...]:
        """The models of targets in new records."""
        return (self.model,) if self.also is None else (self.model, self.also)

    @property
    def accepted(self) -> tuple[type[Nested], ...]:
        """The models of permitted targets."""
        return self.offered if self.formerly is None else (*self.offered, self.formerly)

    @property
    def records(self) -> type[Record]:
        """The model of the target records, or of the records that contain the target parts."""
        if self.within is not None:
            return self.within
        assert issubclass(self.model, Record), f"Ref({self.model.__name__}) needs within=…"
        return self.model


@dataclass(frozen=True)
class Destination:
    """The field, or each item of its list, is a page of the site: a section, by its folder.

    Attributes:
        records: Whether it may be a record, ``kind/id``, or a measure of one, ``kind/id/measure id``, too.
    """

    records: bool = False


@dataclass(frozen=True)
class NotBefore:
    """The field is a date or a time of day that is not before that in another field of the same model.

    Attributes:
        start: Name of the other field.
        when: Name of a property of the model that must be true for the rule to hold.
    """

    start: str
    when: str | None = None


@dataclass(frozen=True)
class Past:
    """The field is a `Span` that usually ends before the date of the record: a later end causes a warning."""


@dataclass(frozen=True)
class Quote:
    """The field is a quotation.

    Attributes:
        source: Name of the field with the source: a clause, or the id of a measure, whose record is based on one. It is
            in the same part, or in the record that contains it.
    """

    source: str = "clause"


@dataclass(frozen=True)
class ClauseHeading:
    """The field is the heading of a clause, as in the document; ``source`` as in `Quote`."""

    source: str = "clause"


class Span(Nested):
    """期间 | A span of days, both ends included."""

    start: Annotated[Day, doc("开始日期", "first day")]
    end: Annotated[Day, NotBefore("start"), doc("结束日期", "last day")]


# --- Finding declared fields in a record


@dataclass(frozen=True)
class Marked:
    """A declared field in a record.

    Attributes:
        value: Value of the field; an item, if the field is a list.
        path: Its path.
        holders: The record, the part in it, and so on; the last one has the field.
    """

    value: Any
    path: Path
    holders: tuple[BaseModel, ...]


def marked(record: BaseModel, wanted: type[M]) -> Iterator[tuple[M, Marked]]:
    """Yield each field of ``record`` that is declared as ``wanted`` and not empty, at any depth.

    Args:
        record: The record.
        wanted: `Ref`, `NotBefore`, `Past`, `Quote`, `ClauseHeading`; or a model, to yield parts of that model.
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
    """Return each field of ``model`` that is declared as ``wanted``, or contains such a field.

    Returns:
        Name of the field; its declaration, or None; whether it contains such a field.
    """
    # A class is hashable, but mypy does not recognize it.
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
    """Yield the declarations in the annotation of a field, also within optional types and lists."""
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


# --- Names of models


def name_of(model: type[BaseModel]) -> Text:
    """Return the singular name of ``model``: 责任单位, body."""
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
