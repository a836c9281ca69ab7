"""Records as plain values, as they stand in the files of a data folder; also those that do not validate."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from haopin.load import articles, yamlfile
from haopin.load.dataset import Dataset
from haopin.load.folder import SAMPLES, copies, home, is_litter
from haopin.load.tables import raw_rows
from haopin.model import READ, Kind
from haopin.problem import Path, Problem


@dataclass(frozen=True)
class RawRecord:
    """A record as plain values.

    Attributes:
        kind: Its kind.
        id: Its id; "" if missing.
        file: Its file, below the data folder; for an article, the file with the front matter.
        path: Its position in the file: () or (index,).
        values: Its plain values: mappings, lists and texts. An article has ``title`` and ``text`` by language.
        sides: Files of an article, by language.
        rows: Rows of its CSV table, cells by field; None if the kind has no table.
        sample: Whether it is below the folder of samples.
        digest: SHA-256 of its file; of the names and SHA-256 of its files if there are several.
    """

    kind: Kind
    id: str
    file: str
    path: Path
    values: Mapping[str, Any]
    sides: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str]] | None = None
    sample: bool = False
    digest: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """All its files, the main one first."""
        table = () if self.rows is None else (table_of(self.file),)
        return tuple(dict.fromkeys((self.file, *self.sides.values(), *table)))


def table_of(file: str) -> str:
    """Return the path of the CSV table beside ``file``."""
    return FilePath(file).with_suffix(".csv").as_posix()


# --- Content of one file


@dataclass(frozen=True)
class _Content:
    """The content of a file: plain value, front matter with text, or rows of a table; or what prevents reading."""

    digest: str
    value: Any
    problem: Problem | None = None


def yaml_value(text: str, file: str) -> Any:
    """Return the plain value of a YAML ``text`` (None if it is empty), or the problem of its syntax."""
    root = yamlfile.compose(text, file)
    return root if root is None or isinstance(root, Problem) else yamlfile.plain(root, text, file)[0]


def article_side(text: str, file: str) -> tuple[Any, str] | Problem:
    """Return front matter and text of one ``file`` of an article, or the problem of its syntax."""
    found = articles.split(text, file)
    if isinstance(found, Problem):
        return found
    head = yaml_value(found[0], file)
    return head if isinstance(head, Problem) else (head or {}, found[1])


def _content(folder: FilePath, file: str, kind: Kind) -> _Content:
    reader = Dataset(folder)
    text = reader.text_of(file)
    digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    if text is None:
        return _Content(digest, None, reader.problems[0])
    if file.endswith(".csv"):
        assert kind.table is not None
        value: Any = raw_rows(text, kind.table, file)
    else:
        value = article_side(text, file) if kind.layout == "articles" else yaml_value(text, file)
    return _Content(digest, None, value) if isinstance(value, Problem) else _Content(digest, value)


# --- The folder


class RawFolder:
    """The records of a data folder as plain values; each file is parsed again only if its time or size changes."""

    def __init__(self, folder: FilePath, kinds: Sequence[Kind] = READ) -> None:
        """List the files of ``folder`` with records of ``kinds``."""
        self.folder = folder
        self._kinds = kinds
        self._listing: dict[str, tuple[int, int]] | None = None
        self._stamps: dict[str, dict[str, tuple[int, int]]] = {}
        self._contents: dict[str, tuple[tuple[int, int], _Content]] = {}
        self._records: dict[str, tuple[Mapping[str, tuple[int, int]], tuple[RawRecord, ...]]] = {}
        self.refresh()

    def refresh(self) -> Mapping[str, tuple[int, int]]:
        """List the folder again, to notice files that were changed, added or deleted.

        Returns:
            Time of change (nanoseconds) and size (bytes) of each visible file, by path below the folder.
        """
        every = dict(sorted(_listed(self.folder, "")))
        if every == self._listing:
            return every
        self._listing, found = every, dict(every)
        for file, _ in list(copies(list(found))):
            del found[file]
        homes: dict[str, list[Kind]] = {}
        for kind in self._kinds:
            homes.setdefault(kind.path.partition("/")[0], []).append(kind)
        stamps: dict[str, dict[str, tuple[int, int]]] = {kind.name: {} for kind in self._kinds}
        for file, stamp in found.items():
            top = file.removeprefix(SAMPLES).partition("/")[0]
            if (owner := home(file, homes.get(top, ()))) is not None:
                stamps[owner.name][file] = stamp
        self._stamps = stamps
        self._contents = {file: kept for file, kept in self._contents.items() if file in found}
        return every

    def changed(self, files: Iterable[str]) -> Sequence[str]:
        """Return which of ``files`` were changed, added or deleted since the last `refresh`."""
        every = dict(_listed(self.folder, ""))
        return [file for file in files if every.get(file) != (self._listing or {}).get(file)]

    def records(self, kind: Kind) -> Sequence[RawRecord]:
        """Return the records of ``kind``, in the order of files and positions."""
        stamps = self._stamps[kind.name]
        if kind.name not in self._records or self._records[kind.name][0] != stamps:
            self._records[kind.name] = stamps, tuple(self._read(kind, stamps))
        return self._records[kind.name][1]

    def record(self, kind: Kind, record_id: str) -> RawRecord | None:
        """Return the first record of ``kind`` with the id ``record_id``; None if there is none."""
        return next((record for record in self.records(kind) if record.id == record_id), None)

    @property
    def unreadable(self) -> Mapping[str, Problem]:
        """The problem of each file that cannot be parsed, by path below the folder."""
        found = {}
        for kind in self._kinds:
            for file in self._stamps[kind.name]:
                if (wrong := self._of(file, kind).problem) is not None:
                    found[file] = wrong
        return found

    def files(self, record: RawRecord) -> Mapping[str, bytes]:
        """Return the content of the files of ``record``, by path below the folder; the main file first."""
        return {file: (self.folder / file).read_bytes() for file in record.files}

    def _of(self, file: str, kind: Kind) -> _Content:
        stamp = self._stamps[kind.name][file]
        kept = self._contents.get(file)
        if kept is None or kept[0] != stamp:
            kept = self._contents[file] = stamp, _content(self.folder, file, kind)
        return kept[1]

    def _read(self, kind: Kind, stamps: Mapping[str, object]) -> Iterator[RawRecord]:
        contents = {file: self._of(file, kind) for file in stamps}
        if kind.layout == "articles":
            yield from _articles(kind, contents)
            return
        for file, content in contents.items():
            if file.endswith(".csv"):
                continue
            sample, digest = file.startswith(SAMPLES), content.digest
            if kind.layout in ("list", "lists"):
                for index, item in enumerate(content.value if isinstance(content.value, list) else ()):
                    if isinstance(item, dict):
                        yield RawRecord(kind, _id(item), file, (index,), item, sample=sample, digest=digest)
            elif isinstance(content.value, dict):
                rows = None
                if kind.table is not None and (table := contents.get(table_of(file))) is not None:
                    rows = table.value
                    digest = _joint({file: digest, table_of(file): table.digest})
                yield RawRecord(kind, _id(content.value), file, (), content.value, {}, rows, sample, digest)


def _id(values: Mapping[str, Any]) -> str:
    found = values.get("id", "")
    return found if isinstance(found, str) else ""


def _articles(kind: Kind, contents: Mapping[str, _Content]) -> Iterator[RawRecord]:
    """Yield the articles; one is left out while one of its files cannot be parsed."""
    groups: dict[str, dict[str, str]] = {}
    for file in contents:
        folder, _, name = file.rpartition("/")
        record_id, language = articles.parse_name(name) or ("", "")
        groups.setdefault(f"{folder}/{record_id}", {})[language] = file
    for name, sides in groups.items():
        parts = {language: contents[file].value for language, file in sides.items()}
        if all(part is not None and isinstance(part[0], dict) for part in parts.values()):
            record_id = name.rpartition("/")[2]
            values = articles.merge(parts, record_id)
            main = sides[articles.main_language(parts)]
            digest = _joint({file: contents[file].digest for file in sides.values()})
            yield RawRecord(kind, record_id, main, (), values, sides, None, main.startswith(SAMPLES), digest)


def _joint(digests: Mapping[str, str]) -> str:
    if len(digests) == 1:
        return next(iter(digests.values()))
    lines = "".join(f"{digest}  {file}\n" for file, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _listed(folder: FilePath | str, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield path and (time in nanoseconds, size in bytes) of each visible file below ``folder``."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or is_litter(entry.name):
                continue
            if entry.is_dir():
                yield from _listed(entry.path, f"{prefix}{entry.name}/")
            else:
                found = entry.stat()
                yield f"{prefix}{entry.name}", (found.st_mtime_ns, found.st_size)
