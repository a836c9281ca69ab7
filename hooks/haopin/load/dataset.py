"""Dataset of all records of a data folder, with their positions; and reading of YAML files into it."""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from haopin.cache import Readings, key
from haopin.load import yamlfile
from haopin.load.messages import translate
from haopin.load.pictures import Picture
from haopin.load.syntax import conflict
from haopin.load.tables import TableRows
from haopin.load.yamlfile import MOST_PROBLEMS, plain
from haopin.model import KINDS, Kind, Record
from haopin.model.base import Nested
from haopin.model.fields import Ref, marks_of, parts_of
from haopin.problem import Path, Place, Problem, problem

R = TypeVar("R", bound=Record)
V = TypeVar("V")
#: Largest file by suffix, in bytes: many times what is usual.
LARGEST = {
    ".yml": 10_000_000,
    ".md": 1_000_000,
    ".csv": 20_000_000,
    ".svg": 2_000_000,
    ".txt": 10_000_000,
    ".json": 20_000_000,
}


@cache
def _files_named() -> Mapping[str, str]:
    """Return the path of the records that a field refers to, by name of the field."""
    homes = {kind.model: kind.path if kind.layout == "list" else f"{kind.path}/*.yml" for kind in KINDS}
    return {
        name: homes[ref.records]
        for model in _models()
        for name, ref, _ in marks_of(model, Ref)
        if ref is not None and ref.records in homes and ref.within is None
    }


def _models() -> set[type[BaseModel]]:
    """Return all models of records and their parts that contain references."""
    found: set[type[BaseModel]] = set()
    waiting: list[type[BaseModel]] = [kind.model for kind in KINDS]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            waiting += parts_of(model)
    return found


@dataclass(frozen=True)
class Side:
    """One language of an article: its file, and the line on which the text begins."""

    file: str
    line: int


@dataclass(frozen=True)
class LoadedRecord:
    """A record with its position.

    Attributes:
        kind: Its kind.
        record: The record.
        place: Position of its beginning.
        sides: For an article, its files by language.
    """

    kind: Kind
    record: Record
    place: Place
    sides: Mapping[str, Side] = field(default_factory=dict)

    def at(self, *path: str | int) -> Place:
        """Return the position of the part of the record at ``path``."""
        return side_of(self.place.at(*path), path, self.sides)


def side_of(place: Place, path: Path, sides: Mapping[str, Side]) -> Place:
    """Return the position in the file of the language, for a field that differs by language; otherwise ``place``."""
    side = sides.get(str(path[1])) if len(path) > 1 and path[0] in ("title", "text") else None
    if side is None:
        return place
    return Place(side.file, mark=(side.line, 1)) if path[0] == "text" else Place(side.file, path[:1], place.at_key)


@dataclass
class Dataset:
    """Result of reading a data folder: records in the order of kinds and files, problems, and other files.

    Attributes:
        folder: The data folder.
        entries: Records with their positions.
        problems: Errors and warnings of reading.
        companions: Text of other files, by path.
        tables: Rows of CSV tables, by (kind, record id).
        table_files: Path of each CSV table, including those that could not be read.
        sheets: The same tables with the positions of their cells.
        files: Paths of evidence files.
        pictures: Files of photographs, by path.
        incomplete: Models of records that could not be read, whose ids may therefore exist.
        readings: Results of slow reads that are kept between runs; None to keep none.
    """

    folder: FilePath
    entries: list[LoadedRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    companions: dict[str, str] = field(default_factory=dict)
    tables: dict[tuple[str, str], tuple[Nested, ...]] = field(default_factory=dict)
    table_files: dict[tuple[str, str], str] = field(default_factory=dict)
    sheets: dict[tuple[str, str], TableRows] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    pictures: dict[str, Picture] = field(default_factory=dict)
    incomplete: set[type[Record]] = field(default_factory=set)
    readings: Readings | None = field(default=None, repr=False, compare=False)
    #: Fingerprints of records: see `haopin.privacy.fingerprint`.
    fingerprints: dict[tuple[int, int], tuple[Record, tuple[Nested, ...], str]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _names: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, model: type[R]) -> Iterator[tuple[R, LoadedRecord]]:
        """Yield the records of a model (subclasses included), with their positions."""
        return ((entry.record, entry) for entry in self.entries if isinstance(entry.record, model))

    def records(self, model: type[R]) -> Iterator[R]:
        """Yield the records of a model (subclasses included)."""
        return (record for record, _ in self.of(model))

    def names(self, field: str) -> Mapping[str, str]:
        """Return the ids of records that ``field`` may refer to, by Chinese and English name; for messages only."""
        if field not in self._names:
            self._names[field] = dict(self._named(_files_named().get(field, "")))
        return self._names[field]

    def _named(self, pattern: str) -> Iterator[tuple[str, str]]:
        for path in sorted(self.folder.glob(pattern)) if pattern else ():
            text = yamlfile.decode(path.read_bytes(), path.name)
            root = text if isinstance(text, Problem) else yamlfile.compose(text, path.name)
            value = None if root is None or isinstance(root, Problem) else plain(root, str(text), path.name)[0]
            for record in value if isinstance(value, list) else [value]:
                if not isinstance(record, dict) or not isinstance(record.get("id"), str):
                    continue
                words = record.get("name", record.get("title"))
                for word in words.values() if isinstance(words, dict) else ():
                    if isinstance(word, str):
                        yield "".join(word.split()), record["id"]

    def reading(self, parts: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Return the result of ``make``, a value of JSON that depends on ``parts`` alone; perhaps an earlier one."""
        return make() if self.readings is None else self.readings.made(key(*parts), make)

    def same(self, name: Hashable, given: Any, make: Callable[[], V]) -> V:
        """Return the object ``name``, which is made from ``given`` alone, perhaps that of the last reading."""
        return make() if self.readings is None else self.readings.same(name, given, make)

    def text_of(self, file: str) -> str | None:
        """Return the text of ``file``; None if it cannot be read, which is recorded as a problem."""
        path = self.folder / file
        size, most = path.stat().st_size, LARGEST.get(path.suffix, LARGEST[".yml"])
        text: str | Problem
        if size > most:
            text = problem(
                Place(file, mark=(1, 1)),
                "文件太大({size} MB),这类文件最多 {most} MB;请分成几个文件,或检查是否放错了文件",
                "the file is too large ({size} MB; the limit is {most} MB); divide it into several, or check "
                "whether it is the right one",
                size=f"{size / 1_000_000:.1f}",
                most=most // 1_000_000,
            )
        else:
            text = yamlfile.decode(path.read_bytes(), file)
        wrong = text if isinstance(text, Problem) else conflict(text, file) if path.suffix != ".json" else None
        if wrong is not None:
            self.problems.append(wrong)
            return None
        assert isinstance(text, str)
        return text


# --- YAML files with one record or a list


class _FaultyError(Exception):
    """A YAML file with problems; with ``is_cut``, missing fields may be only a consequence of them."""

    def __init__(self, problems: list[Problem], value: Any = None, *, is_cut: bool = True) -> None:
        self.problems, self.value, self.is_cut = problems, value, is_cut
        super().__init__()


def _value(text: str, file: str) -> Any:
    """Return the plain value of the YAML ``text``.

    Raises:
        _FaultyError: if there is anything to report.
    """
    root = yamlfile.compose(text, file)
    if isinstance(root, Problem):
        raise _FaultyError([root])
    value, problems = plain(root, text, file) if root is not None else (None, [])
    cut = yamlfile.cut_texts(root, text, file)
    if problems or cut:
        raise _FaultyError([*problems, *cut], value, is_cut=bool(cut))
    return value


class _NotKeptError(Exception):
    """A file has problems, whose words depend on other files, too."""


def read_file(dataset: Dataset, kind: Kind, file: str) -> None:
    """Read the record or records of ``file``."""
    text = dataset.text_of(file)
    if text is None:
        return

    def records() -> list[LoadedRecord]:
        entries, problems = len(dataset.entries), len(dataset.problems)
        _read_text(dataset, kind, file, text)
        found = dataset.entries[entries:]
        if len(dataset.problems) > problems:
            raise _NotKeptError
        del dataset.entries[entries:]
        return found

    try:
        dataset.entries += dataset.same(("records", kind.name, file), text, records)
    except _NotKeptError:
        return


def _read_text(dataset: Dataset, kind: Kind, file: str, text: str) -> None:
    """Read the record or records of ``file`` from its ``text``."""
    try:
        value = dataset.reading(("yaml", yamlfile.VERSION, text), lambda: _value(text, file))
    except _FaultyError as faulty:
        dataset.problems += faulty.problems
        if faulty.is_cut:
            return
        value = faulty.value
    if kind.layout in ("list", "lists"):
        if value is None:
            return
        if not isinstance(value, list):
            dataset.problems.append(_not_a_list(Place(file), value))
            return
        count = len(dataset.problems)
        for index, item in enumerate(value):
            read_record(dataset, kind, item, Place(file, (index,)))
            if len(dataset.problems) - count >= MOST_PROBLEMS and index + 1 < len(value):
                dataset.problems.append(
                    problem(
                        Place(file, (index,)),
                        "这个文件的问题太多,先改上面的;后面的 {more} 条还没有检查",
                        "there are too many problems in this file; fix those above first. {more} records below were "
                        "not checked",
                        more=len(value) - index - 1,
                    )
                )
                return
        return
    if value is None:
        dataset.problems.append(problem(Place(file), "文件是空的", "the file is empty"))
        return
    read_record(dataset, kind, value, Place(file))


def _not_a_list(place: Place, value: Any) -> Problem:
    first = next(iter(value), "") if isinstance(value, dict) else ""
    if (name := re.fullmatch("[-\u2010-\u2015\u2212\uff0d]\\s*([A-Za-z_]+)", str(first))) is not None:
        zh, en = "“-”应为半角,后面空一格,请写成“- {name}{colon} ”", "write “- {name}: ”, with an ASCII “-” and a space"
        return problem(place, zh, en, name=name[1])
    return problem(
        place,
        "此文件应为列表,每条记录以“- ”开头",
        "this file must be a list, each record with “- ” in front",
    )


def read_record(
    dataset: Dataset, kind: Kind, value: Any, place: Place, sides: Mapping[str, Side] | None = None
) -> None:
    """Validate plain values as a record; a record with a file of its own has the file's name as its id."""
    sides = sides or {}
    try:
        record = kind.model.model_validate(value)
    except ValidationError as error:
        for found in translate(error, kind.model, place, dataset.names):
            where = side_of(found.place, found.place.path, sides)
            dataset.problems.append(Problem(where, found.zh, found.en, found.severity))
        return
    dataset.entries.append(LoadedRecord(kind, record, place, sides))
    name, _, ending = FilePath(place.file).name.partition(".")
    if kind.layout in ("folder", "articles") and record.id != name:
        dataset.problems.append(
            problem(
                place.at("id"),
                "编号“{id}”与文件名“{name}”不一致,请改为一致",
                "the id “{id}” differs from the file name “{name}”; make them the same",
                id=record.id,
                name=f"{name}.{ending}",
            )
        )
