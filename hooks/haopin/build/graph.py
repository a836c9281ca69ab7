"""The graph of a build on disk: what each file was made from, so that the next build makes only what has changed.

It holds names, digests, positions and, once for all languages, the public records. Each build replaces it: of a
withdrawn record nothing is left. The files themselves are taken from the site that is about to be replaced, if they
have the recorded digest.
"""

import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from pydantic import ValidationError

from haopin.build.unchanged import below
from haopin.files import atomic_write, file_digest
from haopin.installation import PACKAGE, packages
from haopin.model import READ, Record
from haopin.model.base import Nested
from haopin.site.catalogue import Catalogue
from haopin.trace import Frame, UntraceableError, depend, is_kept, note, noting, portable, unnoted

#: To be increased after a change of what is stored.
FORMAT = 1
#: File with the records of the last build, which are compared with changed ones.
_RECORDS = "records.json"
#: Files of the program that are noted one by one when they are used.
_NOTED = ("templates/", "labels.yml")
_MODELS: Mapping[str, type[Record]] = {kind.model.__name__: kind.model for kind in READ}


def digest(content: bytes) -> str:
    """Return the SHA-256 of ``content`` (hexadecimal), as in ``build.json``."""
    return hashlib.sha256(content).hexdigest()


def program_digest() -> str:
    """Return a digest of the program without what is noted one by one, of Python and of the installed packages."""
    found = hashlib.sha256()
    found.update(json.dumps([FORMAT, platform.python_version(), packages()]).encode())
    for path in below(PACKAGE):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(_NOTED):
            found.update(f"{name}\0".encode() + file_digest(path))
    return found.hexdigest()


# --- Names of everything that is read, the same in every build


class Parts:
    """A record with all of its parts, by name and by path.

    Attributes:
        names: Name of each part by id: ``Task/03.measures[check].title``.
        paths: Parts by path, the same for all items of a list: ``measures[].title``; "" for the record.
    """

    def __init__(self, root: str, value: Any) -> None:
        """Find the parts of ``value``, which has the name ``root``."""
        self.names: list[tuple[int, str, str]] = []
        self.paths: dict[str, list[Nested]] = {}
        self._walk(value, root, "")

    def _walk(self, value: Any, name: str, path: str) -> None:
        if isinstance(value, Nested):
            path = sys.intern(path)
            self.names.append((id(value), name, path))
            self.paths.setdefault(path, []).append(value)
            for key, each in unnoted(value, "__dict__").items():
                if isinstance(each, Nested | tuple | list | dict):
                    self._walk(each, f"{name}.{key}", f"{path}.{key}")
        elif isinstance(value, tuple | list):
            taken: set[str] = set()
            for number, each in enumerate(value):
                own = unnoted(each, "__dict__").get("id") if isinstance(each, Nested) else None
                key = own if isinstance(own, str) and own not in taken else str(number)
                taken.add(key)
                self._walk(each, f"{name}[{key}]", f"{path}[]")
        elif isinstance(value, dict):
            for key, each in value.items():
                self._walk(each, f"{name}[{key}]", f"{path}[]")


#: What a frame has read of one record: pairs of a path and a field.
Signature = frozenset[tuple[str, str]]


class RecordNames:
    """Names of the records of a catalogue, of their tables and of all parts.

    Attributes:
        roots: Records, tables and notices of withdrawals by name: ``Task/03``.
        texts: Each of them as JSON.
        digests: A digest of each.
        by_id: Names of records and parts by id.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Name everything in ``catalogue``."""
        self.roots: dict[str, Any] = {}
        for model, records in unnoted(catalogue, "records").items():
            self.roots |= {f"{model.__name__}/{record_id}": record for record_id, record in records.items()}
        for key, rows in unnoted(catalogue, "tables").items():
            self.roots["/".join(("table", *key))] = rows
        for number, tombstone in enumerate(unnoted(catalogue, "tombstones")):
            self.roots[f"tombstone/{number}"] = tombstone.withdrawal
        self.texts = {name: _as_json(value) for name, value in self.roots.items()}
        self.digests = {name: _short(text) for name, text in self.texts.items()}
        self.by_id: dict[int, list[str]] = {}
        self._places: dict[int, list[tuple[str, str, type[Nested]]]] = {}
        for root, value in self.roots.items():
            for part, name, path in (parts := Parts(root, value)).names:
                self.by_id.setdefault(part, []).append(name)
                self._places.setdefault(part, []).append((root, path, type(parts.paths[path][0])))
        self._catalogue, self._fields = id(catalogue), frozenset(type(catalogue).__dataclass_fields__)
        self._signatures: dict[Signature, Signature] = {}

    def close(self, frame: Frame) -> None:
        """Store what ``frame`` has read of a record as one read of a `Signature`."""
        kept: set[Any] = set()
        found: dict[str, set[tuple[str, str]]] = {}
        for where, item in frame.reads:
            if isinstance(where, str):
                kept.add((where, item))
            elif where == self._catalogue:
                if not isinstance(item, str) or item == "" or item in self._fields:
                    kept.add(("catalogue", item))
            else:
                # What was made from records while a value was made has no place: its own reads are noted.
                for root, path, model in self._places.get(where, ()):
                    if item in model.model_fields:
                        found.setdefault(root, set()).add((path, item))
                    elif item in _WHOLE:
                        found.setdefault(root, set()).add((path, "*"))
        for root, pairs in found.items():
            signature = frozenset(pairs)
            kept.add((root, self._signatures.setdefault(signature, signature)))
        frame.reads = kept


#: Attributes by which all fields of a record are read at once.
_WHOLE = ("__dict__", "__pydantic_extra__")


def _as_json(value: Any) -> str:
    return value.model_dump_json() if isinstance(value, Nested) else json.dumps([_as_json(each) for each in value])


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=9).hexdigest()


def names_of(catalogue: Catalogue) -> RecordNames:
    """Return the names of everything in ``catalogue``, found once for all languages."""
    own = vars(catalogue)
    if "_names" not in own:
        own["_names"] = RecordNames(catalogue)
    names: RecordNames = own["_names"]
    return names


def signed(parts: Parts, signature: Iterable[Sequence[str]], names: Mapping[int, Sequence[str]]) -> Any:
    """Return what is read of a record as ``signature``, in a form that two builds can compare."""
    pairs = sorted((path, item) for path, item in signature)
    return [[portable(_value_of(part, item), names) for part in parts.paths.get(path, ())] for path, item in pairs]


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


def _portable_item(item: Any) -> Any:
    """Return ``item`` of a service in a form that can be stored."""
    if isinstance(item, type):
        return ["all", item.__name__]
    if isinstance(item, tuple):
        return ["has", item[0].__name__, item[1]] if isinstance(item[0], type) else list(item)
    return item


# --- What makes a file of an export: a function with the values that it has captured


def captured(value: Any, names: Mapping[int, Sequence[str]], services: Mapping[int, str], depth: int = 0) -> Any:
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

    def __init__(self, names: Mapping[int, Sequence[str]], services: Mapping[str, Any]) -> None:
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
        names: Names of records and their parts.
        things: Everything else that is read, by name.
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
    things: dict[str, Any] = field(default_factory=dict)
    makers: Makers | None = None
    base: Frame = field(init=False)
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

    def __post_init__(self) -> None:
        """Name the records."""
        self.names = names_of(self.catalogue)
        self.base = self.frame()

    def frame(self) -> Frame:
        """Return a new frame."""
        return Frame(close=self.names.close)

    def compare(self, services: Mapping[str, Any]) -> None:
        """Read the graph of the last build, to find out what can be taken from it; ``services`` are read by name."""
        self.makers = Makers(self.names.by_id, services)
        self.things = {**services, "catalogue": self.catalogue, "makers": self.makers}
        self._last = _Last.read(self)

    @property
    def is_new(self) -> bool:
        """Whether there is no last build from which anything can be taken."""
        return self._last is None

    @contextmanager
    def making(self, path: str, *made_from: Frame) -> Iterator[None]:
        """Note in the frame of the file ``path`` what is read inside the block; it also depends on ``made_from``."""
        self._go_on()
        frame = self.frames.setdefault(path, self.frame())
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
        body = self.bodies[path] = PageBody(self.frame())
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

    def save_records(self) -> None:
        """Store the records for all languages, when none of them needs those of the last build any more."""
        with suppress(OSError):
            atomic_write(self.path.with_name(_RECORDS), json.dumps(self.names.texts, ensure_ascii=False).encode())


class _GraphWriter:
    """Writes a graph: frames as numbered lists of numbered reads. What is carried over keeps its numbers."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        last = graph._last
        self._old_values: list[Any] = last.stored["reads"] if last is not None else []
        self._old_sets: list[Any] = last.stored["sets"] if last is not None else []
        self._signatures: list[Any] = list(last.stored["signatures"]) if last is not None else []
        self._kept_values: set[int] = set()
        self._kept_sets: set[int] = set()
        self._numbers_of: dict[Signature, int] = {}
        self._reads: dict[tuple[int | str, Any], int] = {}
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
            "records": graph.names.digests,
            "signatures": self._signatures,
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
            self._graph.names.close(frame)
            reads = sorted(map(self._read, frame.reads))
            self._numbers[id(frame)] = len(self._old_sets) + len(self._sets)
            self._sets.append([reads, nodes, frame.first, frame.last])
        return self._numbers[id(frame)]

    def _read(self, read: tuple[int | str, Any]) -> int:
        found = self._reads.get(read)
        if found is None:
            name, item = read
            assert isinstance(name, str)
            found = self._reads[read] = len(self._old_values) + len(self._values)
            if isinstance(item, frozenset):
                self._values.append([name, self._number_of(item)])
            else:
                own = _portable_item(item)
                self._values.append([name, own, digest_of(self._graph, name, own)])
        return found

    def _number_of(self, signature: Signature) -> int:
        if signature not in self._numbers_of:
            self._numbers_of[signature] = len(self._signatures)
            self._signatures.append(sorted(signature))
        return self._numbers_of[signature]

    def _carry(self, number: int) -> None:
        """Keep what has the ``number`` in the graph of the last build."""
        if number not in self._kept_sets:
            self._kept_sets.add(number)
            reads, nodes, _, _ = self._old_sets[number]
            self._kept_values.update(reads)
            for node in nodes:
                self._carry(node)


def digest_of(graph: Graph, name: str, item: Any) -> str | None:
    """Return a digest of what is read as ``item`` of the service ``name``; None if it cannot be compared."""
    thing = graph.things.get(name)
    if thing is None:
        return None
    try:
        with noting(None):
            value = portable(_value_of(thing, item), graph.names.by_id)
    except (UntraceableError, LookupError, StopIteration):
        return None
    return _short(json.dumps(value, ensure_ascii=False))


# --- The graph of the last build


class _Last:
    """The graph of the last build, compared with the records of this one."""

    def __init__(self, graph: Graph, stored: Mapping[str, Any]) -> None:
        self._graph, self.stored = graph, stored
        self._files, self._pages = stored["files"], stored["pages"]
        self._day = graph.day.toordinal()
        self._reads: dict[int, bool] = {}
        self._sets: dict[int, bool] = {}
        self._whole: dict[str, bool] = {}
        self._entries: list[str] | None = None
        #: Digests of the records before and now.
        self._before, self._now = stored["records"], graph.names.digests
        self._texts: dict[str, str] | None = None
        self._changed: dict[str, tuple[Parts, Parts] | None] = {}

    @classmethod
    def read(cls, graph: Graph) -> "_Last | None":
        """Read the graph of the last build; None if there is none for these settings."""
        if not graph.site.is_dir():
            return None
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
            name, item, *before = self.stored["reads"][number]
            if before:
                found = before[0] is not None and digest_of(self._graph, name, item) == before[0]
            else:
                found = self._before.get(name) == self._now.get(name) or self._reads_alike(name, item)
            self._reads[number] = found
        return found

    def _reads_alike(self, name: str, signature: int) -> bool:
        """Return whether the parts of a changed record that a frame has read are the same as before."""
        if name not in self._changed:
            self._changed[name] = self._both(name)
        both = self._changed[name]
        if both is None:
            return False
        before, now = both
        pairs = self.stored["signatures"][signature]
        own = {part: [each] for part, each, _ in before.names}
        return bool(signed(before, pairs, own) == signed(now, pairs, self._graph.names.by_id))

    def _both(self, name: str) -> tuple[Parts, Parts] | None:
        """Return the record ``name`` of the last build and of this one; None if one of them is not known."""
        if self._texts is None:
            self._texts = {}
            with suppress(OSError, ValueError):
                self._texts = json.loads(self._graph.path.with_name(_RECORDS).read_bytes())
        model, text, now = _MODELS.get(name.partition("/")[0]), self._texts.get(name), self._graph.names.roots.get(name)
        if model is None or text is None or now is None or _short(text) != self._before.get(name):
            return None
        try:
            return Parts(name, model.model_validate_json(text)), Parts(name, now)
        except ValidationError:
            return None

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
