"""The graph of a build on disk: what each file was made from, so that the next build makes only what has changed.

It holds names, digests and positions, no texts, and each build replaces it: of a withdrawn record nothing is left. The
files themselves are taken from the site that is about to be replaced, if they have the recorded digest.
"""

import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from haopin.build.unchanged import packages
from haopin.files import atomic_write
from haopin.installation import PACKAGE
from haopin.model import READ, Record
from haopin.model.base import Nested
from haopin.site.catalogue import Catalogue
from haopin.trace import Frame, UntraceableError, depend, is_kept, note, noting, portable, unnoted

#: To be increased after a change of what is stored.
FORMAT = 1
#: Files of the program that are noted one by one when they are used.
_NOTED = ("templates/", "labels.yml")
_MODELS: Mapping[str, type[Record]] = {kind.model.__name__: kind.model for kind in READ}

Names = Mapping[int, Sequence[str]]


def digest(content: bytes) -> str:
    """Return the SHA-256 of ``content`` (hexadecimal), as in ``build.json``."""
    return hashlib.sha256(content).hexdigest()


def program_digest() -> str:
    """Return a digest of the program without what is noted one by one, of Python and of the installed packages."""
    found = hashlib.sha256()
    found.update(json.dumps([FORMAT, platform.python_version(), packages()]).encode())
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        if path.is_file() and "__pycache__" not in name and not name.startswith(_NOTED):
            found.update(f"{name}\0".encode() + path.read_bytes())
    return found.hexdigest()


# --- Names of everything that is read, the same in every build


def names_of(catalogue: Catalogue) -> tuple[dict[int, list[str]], dict[str, Any]]:
    """Return the names of the records of ``catalogue`` and of their parts by id, and the objects by name."""
    names: dict[int, list[str]] = {id(catalogue): ["catalogue"]}
    objects: dict[str, Any] = {"catalogue": catalogue}

    def walk(value: Any, name: str) -> None:
        if isinstance(value, Nested):
            names.setdefault(id(value), []).append(name)
            objects[name] = value
            for key, each in unnoted(value, "__dict__").items():
                if not isinstance(each, str):
                    walk(each, f"{name}.{key}")
        elif isinstance(value, tuple | list):
            taken: set[str] = set()
            for number, each in enumerate(value):
                own = unnoted(each, "__dict__").get("id") if isinstance(each, Nested) else None
                key = own if isinstance(own, str) and own not in taken else str(number)
                taken.add(key)
                walk(each, f"{name}[{key}]")
        elif isinstance(value, Mapping):
            for key, each in value.items():
                walk(each, f"{name}[{key}]")

    for model, records in unnoted(catalogue, "records").items():
        for record_id, record in records.items():
            walk(record, f"{model.__name__}/{record_id}")
    for key, rows in unnoted(catalogue, "tables").items():
        walk(rows, "/".join(("table", *key)))
    for number, tombstone in enumerate(unnoted(catalogue, "tombstones")):
        walk(tombstone.withdrawal, f"tombstone/{number}")
    return names, objects


def _value_of(thing: Any, item: Any) -> Any:
    """Return what is read as ``item`` of ``thing``: a field of a record, an answer, an item of a service."""
    if isinstance(thing, Nested):
        own = unnoted(thing, "__dict__")
        return [own, unnoted(thing, "__pydantic_extra__")] if item == "*" else own.get(item)
    if isinstance(item, list | tuple) and isinstance(thing, Catalogue):
        kind, model, *record_id = item
        return thing.trace_value(_MODELS.get(model) if kind == "all" else (_MODELS.get(model), *record_id))
    if isinstance(item, list | tuple):
        method, *arguments = item
        return getattr(thing, method)(*arguments)
    return thing.trace_value(item)


def _portable_item(thing: Any, item: Any) -> Any:
    """Return ``item`` in a form that can be stored; None if it is no content."""
    if isinstance(thing, Nested):
        if item in type(thing).model_fields:
            return item
        return "*" if item in ("__dict__", "__pydantic_extra__", "model_dump", "model_copy") else None
    if isinstance(thing, Catalogue):
        if isinstance(item, type):
            return ["all", item.__name__]
        if isinstance(item, tuple):
            return ["has", item[0].__name__, item[1]]
        return item if item in ("", *type(thing).__dataclass_fields__) else None
    return list(item) if isinstance(item, tuple) else item


# --- What makes a file of an export: a function with the values that it has captured


def captured(value: Any, names: Names, services: Mapping[int, str], depth: int = 0) -> Any:
    """Return what a function that makes a file has captured, to compare it between builds.

    Args:
        value: A function, or a value that it has captured.
        names: Names of records by id.
        services: Names of services by id; what is read of these is noted when it is read.
        depth: Number of values around it.

    Raises:
        UntraceableError: if something captured cannot be compared.
    """
    if depth > _DEEPEST:
        raise UntraceableError(f"{type(value).__name__} is captured by too many values")
    if id(value) in services:
        return ["service", services[id(value)]]

    def inner(values: Iterable[Any]) -> list[Any]:
        return [captured(each, names, services, depth + 1) for each in values]

    if isinstance(value, partial):
        return ["partial", *inner((value.func, *value.args, *value.keywords.items()))]
    if isinstance(value, MethodType):
        return ["method", value.__func__.__qualname__, *inner([value.__self__])]
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return ["function", value.__module__, value.__qualname__, *inner((*cells, *(value.__defaults__ or ())))]
    if isinstance(value, BuiltinMethodType):
        return ["method", value.__name__, *inner([value.__self__])]
    try:
        return portable(value, names)
    except UntraceableError:
        if isinstance(value, list | tuple):
            return inner(value)
        # Shared values are noted when they are used.
        own = value if isinstance(value, Mapping) else getattr(value, "__dict__", {})
        return [type(value).__qualname__, *inner((key, each) for key, each in own.items() if not is_kept(each))]


#: Most values around a captured one; a value that contains itself has more.
_DEEPEST = 12


class Makers:
    """The functions that make the files of exports, which are compared by what they have captured."""

    trace_name = "makers"

    def __init__(self, names: Names, services: Mapping[str, Any]) -> None:
        """Store the names of records and services by id."""
        self._names, self._services = names, {id(service): name for name, service in services.items()}
        self._found: dict[str, Any] = {}

    def add(self, path: str, make: Callable[[], bytes]) -> bool:
        """Add the function ``make`` of the file ``path``; return whether it can be compared."""
        try:
            self._found[path] = captured(make, self._names, self._services)
        except UntraceableError:
            return False
        return True

    def trace_value(self, path: str) -> Any:
        """Return what makes the file ``path``."""
        return self._found.get(path)


# --- The graph of this build


class CancelledError(Exception):
    """The build is no longer wanted, because something has changed again."""


class Carried(Frame):
    """The frame of something that is taken from the last build.

    Attributes:
        number: Its number in the graph of that build.
    """

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        """Create the frame."""
        super().__init__()
        self.number = number


@dataclass
class PageBody:
    """What the next build needs of a page besides its file.

    Attributes:
        frame: What its body was made from.
        links: Links in the body.
        anchors: Anchors in the body.
        styled: Whether it needs the style sheet of Material's elements.
        start: Position of the body in the file, in bytes; -1 if it is not known.
        end: Its end.
        entry: Number of its entry in the search index.
    """

    frame: Frame
    links: Sequence[str] = ()
    anchors: Sequence[str] = ()
    styled: bool = False
    start: int = -1
    end: int = -1
    entry: int = -1


@dataclass
class Graph:
    """What the files of one language are made from, in this build and in the last one.

    Attributes:
        path: File of the graph.
        key: Digest of everything that every file depends on.
        day: The date of the pages.
        site: Folder of the language in the last site.
        index: Path of the search index in it.
        catalogue: The records.
        names: Names of records and their parts by id.
        things: Everything that is read, by name.
        records: Digest of each record with all of its parts, by name.
        makers: The functions that make the files of exports.
        base: What every file depends on.
        frames: What each file is made from.
        bodies: The bodies of pages.
        digests: SHA-256 of each file.
    """

    path: Path
    key: str
    day: date
    site: Path
    index: str
    catalogue: Catalogue
    names: Names = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    makers: Makers | None = None
    base: Frame = field(default_factory=Frame)
    frames: dict[str, Frame] = field(default_factory=dict)
    bodies: dict[str, PageBody] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    #: Files of exports whose functions cannot be compared: they depend on all that their list was made from.
    unlike: set[str] = field(default_factory=set)
    #: Everything that was read, also of what is taken from the last build, by name; known when the graph is stored.
    noted: dict[str, list[Any]] = field(default_factory=dict)
    #: Returns whether the build is no longer wanted.
    is_cancelled: Callable[[], bool] = bool
    _last: "_Last | None" = None

    def compare(self, services: Mapping[str, Any]) -> None:
        """Read the graph of the last build, to find out what can be taken from it; ``services`` are read by name."""
        self.names, self.things = names_of(self.catalogue)
        self.makers = Makers(self.names, services)
        self.things |= {**services, "makers": self.makers}
        self.records = {
            f"{model.__name__}/{record_id}": blake2b(record.model_dump_json().encode(), digest_size=9).hexdigest()
            for model, records in unnoted(self.catalogue, "records").items()
            for record_id, record in records.items()
        }
        self._last = _Last.read(self)

    @property
    def is_new(self) -> bool:
        """Whether there is no last build from which anything can be taken."""
        return self._last is None

    @contextmanager
    def making(self, path: str, *made_from: Frame) -> Iterator[None]:
        """Note in the frame of the file ``path`` what is read inside the block; it also depends on ``made_from``."""
        self._go_on()
        frame = self.frames.setdefault(path, Frame())
        with noting(frame):
            for each in (self.base, *made_from):
                depend(each)
            yield

    def add_export(self, path: str, make: Callable[[], bytes]) -> None:
        """Add the function ``make`` of a file of an export, before it is asked whether the file is right."""
        assert self.makers is not None
        if not self.makers.add(path, make):
            self.unlike.add(path)

    @contextmanager
    def making_export(self, path: str, listing: Frame) -> Iterator[None]:
        """Note like `making` what is read for a file of an export; ``listing`` is the frame of the list of files."""
        with self.making(path, *([listing] if path in self.unlike else ())):
            note("makers", path)
            yield

    @contextmanager
    def making_body(self, path: str) -> Iterator[PageBody]:
        """Note in the frame of the body of the page ``path`` what is read inside the block."""
        body = self.bodies[path] = PageBody(Frame())
        with noting(body.frame):
            depend(self.base)
            yield body

    def take(self, path: str, target: Path) -> bool:
        """Put the file ``path`` of the last site to ``target`` if it is still right; return whether it was."""
        self._go_on()
        if self._last is None or not self._last.is_right(path):
            return False
        self._last.take(path, target)
        self.frames[path] = Carried(self._last.number_of(path))
        self.digests[path] = self._last.digest_of(path)
        return True

    def _go_on(self) -> None:
        if self.is_cancelled():
            raise CancelledError

    def is_right(self, path: str) -> bool:
        """Return whether the file ``path`` of the last site is still right."""
        return self._last is not None and self._last.is_right(path)

    def take_body(self, path: str) -> tuple[PageBody, str] | None:
        """Return the body of the page ``path`` and its search entry, if they are still right; its text is in `text`."""
        found = self._last.body(path) if self._last is not None else None
        if found is not None:
            self.bodies[path] = found[0]
        return found

    def text(self, path: str, body: PageBody) -> str:
        """Return the text of ``body``, taken from the file ``path`` of the last site."""
        return (self.site / path).read_bytes()[body.start : body.end].decode()

    def save(self) -> None:
        """Store the graph for the next build; if it cannot be stored, that one makes everything."""
        stored = _GraphWriter(self).stored()
        for read in filter(None, stored["reads"]):
            self.noted.setdefault(read[0], []).append(read[1])
        with suppress(OSError):
            atomic_write(self.path, json.dumps(stored, ensure_ascii=False).encode())


class _GraphWriter:
    """Writes a graph: frames as numbered lists of numbered reads. What is carried over keeps its numbers."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names, self._things = graph.names, graph.things
        last = graph._last
        self._old_values: list[Any] = last.stored["reads"] if last is not None else []
        self._old_sets: list[Any] = last.stored["sets"] if last is not None else []
        self._kept_values: set[int] = set()
        self._kept_sets: set[int] = set()
        self._reads: dict[tuple[int | str, Any], list[int]] = {}
        self._values: list[list[Any]] = []
        self._sets: list[list[Any]] = []
        self._numbers: dict[int, int] = {}

    def stored(self) -> dict[str, Any]:
        graph = self._graph
        files = {
            path: [self._number(frame), graph.digests[path]]
            for path, frame in graph.frames.items()
            if path in graph.digests
        }
        pages = {
            path: [self._number(b.frame), b.start, b.end, b.entry, b.styled, list(b.links), list(b.anchors)]
            for path, b in graph.bodies.items()
        }
        # Nothing is left of what is no longer needed, such as the names of withdrawn records.
        values = [value if n in self._kept_values else None for n, value in enumerate(self._old_values)]
        sets = [each if n in self._kept_sets else None for n, each in enumerate(self._old_sets)]
        return {
            "key": graph.key,
            "records": graph.records,
            "reads": values + self._values,
            "sets": sets + self._sets,
            "files": files,
            "pages": pages,
        }

    def _number(self, frame: Frame) -> int:
        if isinstance(frame, Carried):
            self._carry(frame.number)
            return frame.number
        if id(frame) not in self._numbers:
            nodes = sorted(self._number(node) for node in frame.nodes)
            reads = sorted({number for read in frame.reads for number in self._read(read)})
            self._numbers[id(frame)] = len(self._old_sets) + len(self._sets)
            self._sets.append([reads, nodes, frame.first, frame.last])
        return self._numbers[id(frame)]

    def _read(self, read: tuple[int | str, Any]) -> list[int]:
        found = self._reads.get(read)
        if found is None:
            where, item = read
            found = self._reads[read] = []
            for name in [where] if isinstance(where, str) else self._names.get(where, ()):
                own = _portable_item(self._things[name], item)
                if own is not None:
                    found.append(len(self._old_values) + len(self._values))
                    self._values.append([name, own, digest_of(self._things, self._names, name, own)])
        return found

    def _carry(self, number: int) -> None:
        """Keep what has the ``number`` in the graph of the last build."""
        if number not in self._kept_sets:
            self._kept_sets.add(number)
            reads, nodes, _, _ = self._old_sets[number]
            self._kept_values.update(reads)
            for node in nodes:
                self._carry(node)


def _record_of(name: str) -> str:
    """Return the name of the record that the part ``name`` belongs to."""
    return name.partition(".")[0]


def digest_of(things: Mapping[str, Any], names: Names, name: str, item: Any) -> str | None:
    """Return a digest of what is read as ``item`` of the object ``name``; None if it cannot be compared."""
    thing = things.get(name)
    if thing is None:
        return None
    try:
        with noting(None):
            value = portable(_value_of(thing, item), names)
    except (UntraceableError, LookupError, StopIteration):
        return None
    return blake2b(json.dumps(value, ensure_ascii=False).encode(), digest_size=9).hexdigest()


# --- The graph of the last build


class _Last:
    """The graph of the last build, compared with the records of this one."""

    def __init__(self, graph: Graph, stored: Mapping[str, Any]) -> None:
        self._graph, self.stored = graph, stored
        self._files, self._pages = stored["files"], stored["pages"]
        self._day = graph.day.toordinal()
        self._names, self._things = graph.names, graph.things
        self._reads: dict[int, bool] = {}
        self._sets: dict[int, bool] = {}
        self._whole: dict[str, bool] = {}
        self._entries: list[str] | None = None
        before = stored["records"]
        #: Records that are the same with all of their parts.
        self._same = {name for name, own in graph.records.items() if before.get(name) == own}

    @classmethod
    def read(cls, graph: Graph) -> "_Last | None":
        """Read the graph of the last build; None if there is none for these settings."""
        try:
            stored = json.loads(graph.path.read_bytes())
            # A graph that is mostly what was carried over and is no longer needed is made again.
            is_full = stored["reads"].count(None) > len(stored["reads"]) // 2
            return cls(graph, stored) if stored["key"] == graph.key and not is_full else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _has_same_value(self, number: int) -> bool:
        found = self._reads.get(number)
        if found is None:
            name, item, before = self.stored["reads"][number]
            found = _record_of(name) in self._same or (
                before is not None and digest_of(self._things, self._names, name, item) == before
            )
            self._reads[number] = found
        return found

    def _is_same(self, number: int) -> bool:
        """Return whether everything in the set ``number`` has the same value as in the last build."""
        found = self._sets.get(number)
        if found is None:
            reads, nodes, first, last = self.stored["sets"][number]
            found = first <= self._day <= last and all(map(self._is_same, nodes))
            found = self._sets[number] = found and all(map(self._has_same_value, reads))
        return found

    def _is_whole(self, path: str) -> bool:
        """Return whether the file ``path`` of the last site is as it was made."""
        if path not in self._whole:
            self._whole[path] = False
            with suppress(OSError):
                self._whole[path] = digest((self._graph.site / path).read_bytes()) == self._files[path][1]
        return self._whole[path]

    def is_right(self, path: str) -> bool:
        """Return whether the file ``path`` would be made from the same as in the last build, and is still there."""
        return path in self._files and self._is_same(self.number_of(path)) and self._is_whole(path)

    def number_of(self, path: str) -> int:
        """Return the number of what the file ``path`` was made from."""
        return int(self._files[path][0])

    def digest_of(self, path: str) -> str:
        """Return the digest of the file ``path``."""
        return str(self._files[path][1])

    def take(self, path: str, target: Path) -> None:
        """Put the file ``path`` of the last site to ``target``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self._graph.site / path, target)
        except OSError:
            # Another file system, or one without links.
            shutil.copyfile(self._graph.site / path, target)

    def body(self, path: str) -> tuple[PageBody, str] | None:
        """Return the body of the page ``path`` with its search entry if it would be made from the same."""
        if path not in self._pages or path not in self._files:
            return None
        number, first, end, entry, styled, links, anchors = self._pages[path]
        if first < 0 or not self._is_same(number) or not self._is_whole(path):
            return None
        entries = self._index()
        if not 0 <= entry < len(entries):
            return None
        return PageBody(Carried(number), links, anchors, styled, first, end), entries[entry]

    def _index(self) -> list[str]:
        """Return the entries of the search index of the last build, one per line."""
        if self._entries is None:
            path = self._graph.index
            is_whole = path in self._files and self._is_whole(path)
            lines = (self._graph.site / path).read_text("utf-8").split("\n") if is_whole else []
            self._entries = [line.removesuffix(",") for line in lines[1:-2]]
        return self._entries
