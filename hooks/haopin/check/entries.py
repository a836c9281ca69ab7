"""Input of the rules: entries by model and id, clauses of the documents, and all texts."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, update_wrapper
from typing import Any, TypeVar

from pydantic import BaseModel

from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model import Record
from haopin.model.base import Nested
from haopin.model.document import Clause, Document
from haopin.model.fields import Ref, marked, name_of
from haopin.problem import Path, Place, Problem, problem
from haopin.text import InLanguages

R = TypeVar("R", bound=Record)
T = TypeVar("T")
#: Beginning of the message about a missing record.
NO_SUCH = "没有编号为"
_SHORT = 5


class RecordIndex:
    """Entries with their places. Unlike in a catalogue, ids and references may be wrong here."""

    def __init__(self, dataset: Dataset) -> None:
        """Index the entries of the dataset."""
        self.dataset = dataset
        self.all: list[LoadedRecord] = dataset.entries
        self._known: dict[tuple[type[Record], tuple[type[Nested], ...]], dict[str, Record]] = {}

    def of(self, model: type[R]) -> Iterator[tuple[R, Place]]:
        """Yield the records of a model (subclasses included) with their places."""
        return ((record, entry.place) for record, entry in self.dataset.of(model))

    def strings(self, entry: LoadedRecord) -> list[tuple[Path, str]]:
        """Return every text in the record of ``entry`` with its path."""
        return self.dataset.same(("strings", *_name(entry)), entry, lambda: strings(entry.record))

    def texts(self, entry: LoadedRecord) -> list[tuple[Path, InLanguages]]:
        """Return every text in several languages in the record of ``entry``, with its path."""
        return self.dataset.same(("texts", *_name(entry)), entry, lambda: texts(entry.record))

    @cached_property
    def clauses(self) -> dict[str, dict[str, Clause]]:
        """Clauses by document id and clause id."""
        return {
            document.id: {clause.id: clause for clause in document.every_clause} for document, _ in self.of(Document)
        }

    @cached_property
    def clause_places(self) -> dict[tuple[str, str], Place]:
        """Places of the clauses, by document id and clause id."""
        return {
            (document.id, clause.id): place.at(*path)
            for document, place in self.of(Document)
            for path, clause in clauses_of(document)
        }

    def is_whole(self, model: type[Record]) -> bool:
        """Return whether all records of ``model`` and its subclasses were read; only then is a missing id an error."""
        return not any(issubclass(broken, model) for broken in self.dataset.incomplete)

    def known(self, ref: Ref) -> Mapping[str, Record]:
        """Return the permitted targets of ``ref`` by id: a record, or the record that contains the part."""
        key = ref.records, ref.accepted
        if key not in self._known:
            self._known[key] = dict(self._named(*key))
        return self._known[key]

    def _named(self, records: type[Record], models: tuple[type[Nested], ...]) -> Iterator[tuple[str, Record]]:
        for record, _ in self.of(records):
            for model in models:
                if model is records:
                    yield record.id, record
                else:
                    yield from ((f"{record.id}/{found.value.id}", record) for _, found in marked(record, model))

    def unknown(self, ref: Ref, record_id: str, place: Place) -> Iterator[Problem]:
        """Yield a problem if ``record_id`` is not a permitted target of ``ref``."""
        known = self.known(ref)
        if record_id not in known and self.is_whole(ref.records):
            name = name_of(ref.model)
            yield no_such(record_id, known, place, name.zh, name.get("en"))


def _name(entry: LoadedRecord) -> tuple[str, Path]:
    return entry.place.file, entry.place.path


def nearest(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """Return the one of ``known`` that ``word`` most likely is a misspelling of; None if none is near enough."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)


def no_such(record_id: str, known: Iterable[str], place: Place, kind_zh: str, kind_en: str) -> Problem:
    """Return the problem that ``record_id`` is not a ``known`` id, with the nearest one as a suggestion."""
    # A wrong suggestion misleads, and one wrong letter makes a short id unrecognizable.
    guess = nearest(record_id, known, 0.5 if len(record_id) < _SHORT else 0.7)
    zh, en = NO_SUCH + "“{id}”的{kind_zh}", "there is no {kind_en} with the id “{id}”"
    if guess:
        zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
    return problem(place, zh, en, id=record_id, kind_zh=kind_zh, kind_en=kind_en, guess=guess)


def clauses_of(document: Document) -> Iterator[tuple[Path, Clause]]:
    """Yield the clauses of ``document``, then those of its annexes, each with its path."""
    for index, clause in enumerate(document.clauses):
        yield ("clauses", index), clause
    for number, annex in enumerate(document.annexes):
        for index, clause in enumerate(annex.clauses):
            yield ("annexes", number, "clauses", index), clause


# --- Texts of a record, with their paths


def strings(part: BaseModel) -> list[tuple[Path, str]]:
    """Return every text in ``part`` with its path."""
    found: list[tuple[Path, str]] = []
    _collect(part, (), str, found)
    return found


def texts(part: BaseModel) -> list[tuple[Path, InLanguages]]:
    """Return every text in several languages in ``part``, with its path."""
    found: list[tuple[Path, InLanguages]] = []
    _collect(part, (), InLanguages, found)
    return found


#: Types of values that hold no text; most values are of one of these, or a `str`.
_TEXTLESS = frozenset((type(None), bool, int, float, Decimal, date))


def _collect(part: BaseModel | tuple[Any, ...], path: Path, wanted: type[T], found: list[tuple[Path, T]]) -> None:
    # Several rules ask this of every record: a list, because nested generators take three times as long. Pydantic's
    # check for a model takes ten times as long as one for a type.
    for name, value in enumerate(part) if type(part) is tuple else vars(part).items():
        kind = type(value)
        if kind in _TEXTLESS or (kind is str and wanted is not str):
            continue
        if kind is str or isinstance(value, wanted):
            found.append(((*path, name), value))
        elif kind is tuple or isinstance(value, BaseModel):
            _collect(value, (*path, name), wanted, found)
    if type(part) is not tuple and isinstance(part, InLanguages):
        found += [((*path, language), text) for language, text in part.further.items() if isinstance(text, wanted)]


#: Yields the problems of the texts of one record.
Look = Callable[[LoadedRecord, Sequence[tuple[Path, str]]], Iterator[Problem]]


class TextRule:
    """A rule on the texts of each record, which `rules.check` collects once for all such rules.

    Decorates a function from all entries to a `Look`.
    """

    def __init__(self, prepare: Callable[[RecordIndex], Look]) -> None:
        """Use the look that ``prepare`` returns for some entries."""
        self.prepare = prepare
        update_wrapper(self, prepare)

    def __call__(self, entries: RecordIndex) -> Iterator[Problem]:
        """Yield the problems of all records."""
        look = self.prepare(entries)
        for entry in entries.all:
            yield from look(entry, entries.strings(entry))


def line_in_text(text: str, start: int, place: Place) -> Place:
    """Return the position of the line of ``start`` in the text of an article, which has line numbers of its own."""
    if place.mark is None:
        return place
    return Place(place.file, mark=(place.mark[0] + text.count("\n", 0, start), 1))
