"""Which file depends on what: recorded while it is made, so that nobody keeps lists by hand.

While a `Frame` is open, everything that is read is noted in it: fields of records, lists of the catalogue, labels,
templates, and the day as the interval in which the result stays the same. A value that several files share is a node
(`derived`, `kept`): its own frame is noted by those who read it. What is read outside every frame is noted in the base
frame, on which all files depend, so a forgotten frame costs time and never makes a file wrong. A value that is kept
without being a node would be wrong: `functools.cached_property` and `cache` are therefore refused by the linter
wherever records are read, and `tests/test_trace.py` compares what is noted with renderings that share nothing.

`haopin.build.graph` stores frames after a build, and tells the next build which files are still right.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from typing import Any, Generic, TypeVar, overload

from pydantic import AnyUrl, BaseModel

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

#: What was read: the id of a record or of a part of one, or the name of a service; and which field or item of it.
Read = tuple[int | str, Any]


class Frame:
    """What one value was made from.

    Attributes:
        reads: Fields of records and items of services.
        nodes: Frames of shared values.
        first: First day on which the value is the same, as an ordinal.
        last: Last day on which it is the same.
        name: Name of a shared value, for those who look for the reason why something is made again.
        close: Called with the frame when it is closed, to store what was read in less memory; None for nothing.
    """

    __slots__ = ("close", "first", "last", "name", "nodes", "reads")

    def __init__(self, name: str = "", close: Callable[[Frame], None] | None = None) -> None:
        """Create an empty frame, valid on every day."""
        self.name, self.close = name, close
        self.reads: set[Read] = set()
        self.nodes: set[Frame] = set()
        self.first, self.last = 1, date.max.toordinal()

    def narrow(self, first: int, last: int) -> None:
        """Restrict the days on which the value is the same."""
        self.first, self.last = max(self.first, first), min(self.last, last)


#: The innermost open frame of the thread; None if nothing is noted.
_open: ContextVar[Frame | None] = ContextVar("frame", default=None)
_frame = _open.get


@contextmanager
def noting(frame: Frame | None) -> Iterator[None]:
    """Note in ``frame`` what is read inside the block; with None, note nothing."""
    outer = _open.set(frame)
    try:
        yield
    finally:
        _open.reset(outer)
        if frame is not None and frame.close is not None:
            frame.close(frame)


def note(name: int | str, item: Any) -> None:
    """Note that ``item`` of the service ``name``, or of the object with that id, is read."""
    if (frame := _frame()) is not None:
        frame.reads.add((name, item))


def depend(frame: Frame) -> None:
    """Note that the value of ``frame`` is read."""
    if (reader := _frame()) is not None and frame is not reader:
        reader.nodes.add(frame)


# --- Records: every read of a field is noted


def _noted(record: Any, name: str) -> Any:
    if (frame := _frame()) is not None:
        frame.reads.add((id(record), name))
    return _get(record, name)


#: Reads an attribute without noting it.
_get = unnoted = object.__getattribute__

#: Classes whose attributes are noted when they are read, together with their subclasses.
_watched: set[type] = set()


def start(*classes: type) -> None:
    """Begin to note reads of attributes of ``classes`` and their subclasses, while a frame is open."""
    for each in classes:
        each.__getattribute__ = _noted  # type: ignore[assignment]
    _watched.update(classes)


def stop() -> None:
    """End what `start` began."""
    while _watched:
        del _watched.pop().__getattribute__


# --- Shared values


class _Kept:
    """A shared value and the frame that it was made in."""

    __slots__ = ("frame", "is_noted", "value")

    def __init__(self, make: Callable[..., Any], *arguments: Any) -> None:
        outer = _frame()
        self.frame = Frame(make.__qualname__, None if outer is None else outer.close)
        #: Whether ``frame`` says what the value was made from.
        self.is_noted = outer is not None
        with noting(self.frame if self.is_noted else None):
            self.value = make(*arguments)


def is_kept(value: object) -> bool:
    """Return whether ``value`` is a shared value as it is stored by `kept` or `derived`."""
    return isinstance(value, _Kept)


def kept(values: MutableMapping[K, Any], key: K, make: Callable[..., T], *arguments: Any) -> T:
    """Return the value of ``key`` in ``values``; make it with ``arguments`` at the first use."""
    found, frame = values.get(key), _frame()
    if found is None or (frame is not None and not found.is_noted):
        found = values[key] = _Kept(make, *arguments)
    if frame is not None:
        frame.nodes.add(found.frame)
    value: T = found.value
    return value


class derived(Generic[T]):  # noqa: N801 - used like functools.cached_property
    """A property that is computed at its first use, like `functools.cached_property`, and is a node."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        """Compute the value with ``make``."""
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name."""
        self._name = name

    @overload
    def __get__(self, owner: None, kind: type | None = None) -> derived[T]: ...

    @overload
    def __get__(self, owner: object, kind: type | None = None) -> T: ...

    def __get__(self, owner: object, kind: type | None = None) -> derived[T] | T:
        """Return the value for ``owner``."""
        if owner is None:
            return self
        return kept(owner.__dict__, self._name, self._make, owner)

    def __set__(self, owner: object, value: T) -> None:
        """Refuse to replace the value."""
        raise AttributeError(self._name)


class question(Generic[T]):  # noqa: N801 - used like a decorator of the standard library
    """A method whose answer is compared by the next build, which cuts the chain of dependencies.

    Who asks depends on the answer, not on what it was found from: a page depends on whether a list exists, not on the
    ids of its records. The object has the name of a service in ``trace_name``, or "" if it has none and those who ask
    depend on everything that was read. Arguments are texts or numbers.
    """

    def __init__(self, method: Callable[..., T]) -> None:
        """Answer with ``method``."""
        self._method, self.__doc__ = method, method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name."""
        self._name = name

    def __get__(self, owner: Any, kind: type | None = None) -> Callable[..., T]:
        """Return the bound method."""
        if owner is None:
            return self  # type: ignore[return-value]
        name, frame = owner.trace_name, _frame()
        if frame is None or not name:
            return self._method.__get__(owner, kind)  # type: ignore[no-any-return]
        reads, answers = frame.reads, owner.__dict__.setdefault("_answers", {})

        def answer(*arguments: Any) -> T:
            asked = (self._name, *arguments)
            reads.add((name, asked))
            if asked not in answers:
                with noting(Frame()):
                    answers[asked] = self._method(owner, *arguments)
            found: T = answers[asked]
            return found

        return answer


class Lazy(Sequence[T]):
    """A sequence that is made when it is first used, and is a node."""

    def __init__(self, make: Callable[[], Sequence[T]]) -> None:
        """Make the sequence with ``make``."""
        self._make = make

    @derived
    def _items(self) -> Sequence[T]:
        return self._make()

    def __getitem__(self, index: Any) -> Any:
        """Return an item or a part."""
        return self._items[index]

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self._items)


# --- The day


def _exactly(name: str) -> Any:
    """Return the method ``name`` of a date, for which only the day itself gives the same result."""
    method = getattr(date, name)

    def exact(self: Day, *arguments: Any, **named: Any) -> Any:
        return method(self.plain(), *arguments, **named)

    return exact


class Day(date):
    """The date of the pages, which notes how far a result depends on it.

    A comparison holds on all days on the same side of the other date; the year and the month on all of their days;
    everything else on the day only.
    """

    def narrow(self, before: int, after: int) -> None:
        """Note that a result is the same only from ``before`` days earlier to ``after`` days later."""
        if (frame := _frame()) is not None:
            here = date.toordinal(self)
            frame.narrow(here - before, here + after)

    def plain(self) -> date:
        """Return the day as a plain date; the result depends on the day."""
        self.narrow(0, 0)
        return date.fromordinal(date.toordinal(self))

    def _side(self, other: object) -> int | None:
        """Note on which side of ``other`` the day is; return the difference in days."""
        if not isinstance(other, date):
            return None
        difference = date.toordinal(self) - date.toordinal(other)
        if (frame := _frame()) is not None:
            here = date.toordinal(self)
            if difference < 0:
                frame.narrow(1, here - difference - 1)
            elif difference > 0:
                frame.narrow(here - difference + 1, date.max.toordinal())
            else:
                frame.narrow(here, here)
        return difference

    def __lt__(self, other: object) -> bool:
        """Compare; the result is the same until, or from, the other date."""
        if not isinstance(other, date):
            return NotImplemented
        here, there = date.toordinal(self), date.toordinal(other)
        if (frame := _frame()) is not None:
            frame.narrow(*((1, there - 1) if here < there else (there, date.max.toordinal())))
        return here < there

    def __le__(self, other: object) -> bool:
        """Compare; the result is the same up to, or after, the other date."""
        if not isinstance(other, date):
            return NotImplemented
        here, there = date.toordinal(self), date.toordinal(other)
        if (frame := _frame()) is not None:
            frame.narrow(*((1, there) if here <= there else (there + 1, date.max.toordinal())))
        return here <= there

    def __gt__(self, other: object) -> bool:
        """Compare, as `__le__`."""
        found = self.__le__(other)
        return found if found is NotImplemented else not found

    def __ge__(self, other: object) -> bool:
        """Compare, as `__lt__`."""
        found = self.__lt__(other)
        return found if found is NotImplemented else not found

    def __eq__(self, other: object) -> bool:
        """Compare; days on the same side of the other date are as unequal."""
        difference = self._side(other)
        return NotImplemented if difference is None else difference == 0

    def __ne__(self, other: object) -> bool:
        """Compare, as `__eq__`."""
        found = self.__eq__(other)
        return found if found is NotImplemented else not found

    __hash__ = _exactly("__hash__")

    @property
    def year(self) -> int:
        """The year, the same on all of its days."""
        found: int = _YEAR(self)
        if (frame := _frame()) is not None:
            frame.narrow(date(found, 1, 1).toordinal(), date(found, 12, 31).toordinal())
        return found

    @property
    def month(self) -> int:
        """The month, the same on all of its days."""
        year, found = _YEAR(self), _MONTH(self)
        if (frame := _frame()) is not None:
            after = date(year, found, 28) + timedelta(4)
            frame.narrow(date(year, found, 1).toordinal(), after.replace(day=1).toordinal() - 1)
        return int(found)

    @property
    def day(self) -> int:
        """The day of the month."""
        self.narrow(0, 0)
        return int(_DAY(self))


#: What is of the class and not of a date, in any version of Python.
_OF_CLASS = {"__new__", "__doc__", "__getattribute__", "max", "min", "resolution", "strptime", "today"}
for _name in vars(date).keys() - vars(Day).keys() - _OF_CLASS:
    if not _name.startswith("from"):
        setattr(Day, _name, _exactly(_name))

_YEAR, _MONTH, _DAY = (vars(date)[name].__get__ for name in ("year", "month", "day"))


# --- Values in a form that two builds can compare


class UntraceableError(TypeError):
    """A value cannot be compared between builds."""


@singledispatch
def portable(value: Any, names: Mapping[int, Sequence[str]]) -> Any:
    """Return ``value`` as texts, numbers and lists, equal for equal values in any build.

    Args:
        value: The value.
        names: Names of the records and their parts by id: these are compared by name, as their fields are noted when
            they are read.

    Raises:
        UntraceableError: if its kind has no such form.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *_each((getattr(value, each.name) for each in fields(value)), names)]
    raise UntraceableError(f"{type(value).__name__} has no form that two builds can compare")


#: Types of most values, which are their own form; to find the function for a type takes longer.
_PLAIN = frozenset((str, bool, type(None)))


def _each(values: Iterable[Any], names: Mapping[int, Sequence[str]]) -> list[Any]:
    """Return each of ``values`` in that form."""
    return [value if type(value) in _PLAIN else portable(value, names) for value in values]


@portable.register
def _(value: BaseModel, names: Mapping[int, Sequence[str]]) -> Any:
    if (found := names.get(id(value))) is not None:
        return ["record", *found]
    own = _get(value, "__dict__")
    extra = _get(value, "__pydantic_extra__") or {}
    return [type(value).__name__, *_each(own.values(), names), portable(extra, names)]


@portable.register(str)
@portable.register(bool)
@portable.register(type(None))
def _(value: Any, names: Mapping[int, Sequence[str]]) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


@portable.register(int)
@portable.register(float)
@portable.register(Decimal)
@portable.register(Fraction)
@portable.register(AnyUrl)
def _(value: Any, names: Mapping[int, Sequence[str]]) -> Any:
    return [type(value).__name__, str(value)]


@portable.register
def _(value: date, names: Mapping[int, Sequence[str]]) -> Any:
    return ["date", value.isoformat()]


@portable.register
def _(value: bytes, names: Mapping[int, Sequence[str]]) -> Any:
    return ["bytes", value.hex()]


@portable.register
def _(value: type, names: Mapping[int, Sequence[str]]) -> Any:
    return ["type", value.__qualname__]


@portable.register(list)
@portable.register(tuple)
def _(value: Any, names: Mapping[int, Sequence[str]]) -> Any:
    return _each(value, names)


@portable.register
def _(value: Set, names: Mapping[int, Sequence[str]]) -> Any:  # type: ignore[type-arg]
    return ["set", *sorted(map(repr, (portable(each, names) for each in value)))]


@portable.register
def _(value: Mapping, names: Mapping[int, Sequence[str]]) -> Any:  # type: ignore[type-arg]
    return ["map", *([portable(key, names), portable(each, names)] for key, each in value.items())]
