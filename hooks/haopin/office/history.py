"""Checks against git: records changed after their approval, and committed ledger entries changed or deleted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from haopin.git import Git, run_git
from haopin.load import articles, yamlfile
from haopin.load.folder import report
from haopin.load.yamlfile import plain
from haopin.model import KINDS, Kind
from haopin.model.ledger import ENTRY
from haopin.model.publishable import Publishable
from haopin.problem import Place, Problem, problem

# --- The ledger is append-only: find committed entries that were changed or deleted

#: Fields that must not change once committed; approval, publication dates, source and evidence may.
FIXED = ("date", "body", "about", "state", "value", "unit", "covers", "text", "corrects", "reason")


@dataclass(frozen=True)
class _Written:
    """An entry as written: file, index in the list, line, and plain values."""

    file: str
    index: int
    line: int
    values: Mapping[str, Any]


def changed_entries(committed: Mapping[str, str], current: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each committed and approved entry that was deleted or changed.

    Args:
        committed: Committed text of each ledger file, by path below the data folder.
        current: Present text of each ledger file.
    """
    before, _ = _entries(committed)
    now, whole = _entries(current)
    found = []
    for record_id, old in before.items():
        if not old.values.get("approved"):
            # Never public: it may be corrected in place.
            continue
        new = now.get(record_id)
        if new is None:
            if whole:
                # Its former position; the file may be shorter now, or deleted.
                lines = current.get(old.file, "").count("\n") + 1
                found.append(_entry_gone(Place(old.file, mark=(min(old.line, lines), 1)), record_id))
        elif fields := [name for name in FIXED if not _same_entry(old.values, new.values, name)]:
            about = "measure" if "measure" in new.values else "target"
            path = (new.index, about if fields[0] == "about" else fields[0])
            found.append(_entry_changed(Place(new.file, path), record_id, fields))
    return found


def _entries(files: Mapping[str, str]) -> tuple[dict[str, _Written], bool]:
    """Return the entries of ``files`` by id, and whether all files could be parsed."""
    entries: dict[str, _Written] = {}
    whole = True
    for file, text in files.items():
        root = yamlfile.compose(text, file)
        if isinstance(root, Problem):
            whole = False
            continue
        value = plain(root, text, file)[0] if root is not None else []
        if not isinstance(value, list):
            whole = False
            continue
        for index, item in enumerate(value):
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                line = yamlfile.locate(root, (index,), False)[0]
                entries.setdefault(item["id"], _Written(file, index, line, item))
    return entries, whole


def _same_entry(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    before, now = _entry_meaning(old, name), _entry_meaning(new, name)
    if name in ("text", "reason") and isinstance(before, dict) and isinstance(now, dict):
        # A translation may be added later; existing text must not change.
        return {language: now.get(language) for language in before} == before
    return bool(before == now)


def _entry_meaning(values: Mapping[str, Any], name: str) -> Any:
    """Normalise a field value: plain text is Chinese, 93.50 is 93.5."""
    if name == "about":
        return values.get("measure"), values.get("target")
    value = values.get(name)
    if name in ("text", "reason") and isinstance(value, str):
        return {"zh": "".join(value.split())}
    if name in ("text", "reason") and isinstance(value, dict):
        return {language: "".join(str(words).split()) for language, words in value.items()}
    if name == "value":
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return value
    return value


def _entry_gone(place: Place, record_id: str) -> Problem:
    return problem(
        place,
        "“{id}”不见了。已提交的台账记录不可改动或删除;更正请另写一条(corrects)",
        "“{id}” is gone: a committed entry of the ledger may not be changed or deleted; correct it by another "
        "(corrects)",
        severity="warning",
        id=record_id,
    )


def _entry_changed(place: Place, record_id: str, fields: list[str]) -> Problem:
    return problem(
        place,
        "“{id}”改了 {fields}。已提交的台账记录不可改动或删除;更正请另写一条(corrects)",
        "{fields} of “{id}” changed: a committed entry of the ledger may not be changed or deleted; correct it by "
        "another (corrects)",
        severity="warning",
        id=record_id,
        fields=", ".join(fields),
    )


# --- Committed versions of the ledger; empty without git


def ledger_warnings(folder: Path, name: str, git: Git = run_git) -> list[str]:
    """Return a warning for each committed ledger entry that was changed or deleted.

    Args:
        folder: The data folder.
        name: Name of the folder in messages.
        git: Runs git.
    """
    committed = _committed(folder, git)
    if not committed:
        return []
    current = {}
    for path in sorted((folder / ENTRY.path).glob("*.yml")):
        text = _text(path.read_bytes(), path.name)
        if text is None:
            # Unreadable: do not report its entries as deleted.
            return []
        current[f"{ENTRY.path}/{path.name}"] = text
    return report(folder, changed_entries(committed, current), name)


def _committed(folder: Path, git: Git) -> dict[str, str]:
    """Return the committed text of each ledger file, by path below the data ``folder``."""
    listed = git(folder, ["ls-tree", "-z", "--name-only", "HEAD", f"{ENTRY.path}/"]) or b""
    files = [name for name in listed.decode("utf-8", "replace").split("\0") if name.endswith(".yml")]
    found = {}
    for file in files:
        raw = git(folder, ["show", f"HEAD:./{file}"])
        text = _text(raw, file) if raw is not None else None
        if text is not None:
            found[file] = text
    return found


def _text(raw: bytes, file: str) -> str | None:
    text = yamlfile.decode(raw, file)
    return None if isinstance(text, Problem) else text


# --- Approved records: changed after their approval, or deleted

#: Fields that may change after an approval: the approval itself, and publication dates.
FREE = frozenset({"approved", "publish_from", "expires", "note", "sample"})
FREE_IN_LEDGER = FREE | {"source", "evidence"}
# Lists are split into items; an item with the same bytes is unchanged.
_ITEM = re.compile(r"^( *)- ", re.M)
_IDS = (re.compile(r"""^[ -]*id: *["']?([a-z0-9-]+)""", re.M), re.compile(r"""[{,] *id: *["']?([a-z0-9-]+)"""))

_KINDS: Sequence[Kind] = [kind for kind in KINDS if issubclass(kind.model, Publishable)]
_Version = Mapping[str, str]


@dataclass(frozen=True)
class _Piece:
    """The text of one record.

    Attributes:
        file: File of the record.
        text: Its text in that file.
        others: Texts of its other files: table, or English version.
        line: Line number of its start.
    """

    file: str
    text: str
    others: tuple[str, ...] = ()
    line: int = field(default=1, compare=False)


def approval_warnings(folder: Path, name: str, git: Git = run_git) -> list[str]:
    """Return a warning for each approved record that was changed since its approval, or deleted.

    Committed and uncommitted changes both count; the reference is the first commit that contains the approval.

    Args:
        folder: The data folder.
        name: Name of the folder in messages.
        git: Runs git.
    """
    history = _History(folder, git)
    found: list[Problem] = []
    for kind in _KINDS:
        files = history.files(kind)
        if not files:
            continue
        now = _pieces(kind, history.current(kind, files))
        before = _pieces(kind, next(history.versions(files), {}))
        found += _gone(kind, before, now)
        found += _changed(kind, files, now, history)
    return report(folder, found, name)


class _History:
    """Versions of the data files, newest first; each first-parent commit is a version."""

    def __init__(self, folder: Path, git: Git) -> None:
        """Read the list of changed blobs of each commit by one git command; texts are read on demand."""
        self._folder, self._git = folder, git
        paths = [kind.path for kind in _KINDS]
        told = git(
            folder,
            [
                *("log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "-z", "--relative"),
                *("--format=%x01", "--", *paths),
            ],
        )
        #: Per commit, newest first: (file, blob before, blob after); None for no blob.
        self._commits: list[list[tuple[str, str | None, str | None]]] = []
        for part in (told or b"").decode("utf-8", "replace").split("\x01")[1:]:
            fields = part.strip("\0\n").split("\0")
            changes = []
            for head, file in zip(fields[::2], fields[1::2], strict=False):
                columns = head.strip().lstrip(":").split()
                if len(columns) == 5:
                    blobs = [None if set(blob) == {"0"} else blob for blob in columns[2:4]]
                    changes.append((file, blobs[0], blobs[1]))
            self._commits.append(changes)
        self._texts: dict[str, str] = {}

    def files(self, kind: Kind) -> frozenset[str]:
        """Return every file that ever held records of ``kind``."""
        every = {file for commit in self._commits for file, _, _ in commit}
        if kind.layout == "list":
            return frozenset(every & {kind.path})
        inside = [file for file in every if file.rpartition("/")[0] == kind.path]
        return frozenset(file for file in inside if file.endswith((".yml", ".csv", ".md")))

    def current(self, kind: Kind, files: frozenset[str]) -> _Version:
        """Return the present text of each file of ``kind``, also of files that were never committed."""
        folder = self._folder / kind.path
        there = {file.relative_to(self._folder).as_posix() for file in folder.iterdir()} if folder.is_dir() else set()
        every = files | {file for file in there if file.endswith((".yml", ".csv", ".md"))}
        return {file: text for file in every if (text := self._read(self._folder / file)) is not None}

    @staticmethod
    def _read(path: Path) -> str | None:
        return _decoded(path.read_bytes()) if path.is_file() else None

    def versions(self, files: frozenset[str]) -> Iterator[_Version]:
        """Yield the committed texts of ``files``, newest version first."""
        blobs: dict[str, str | None] = {}
        steps = [[c for c in commit if c[0] in files] for commit in self._commits]
        steps = [step for step in steps if step]
        # The first commit in the list that names a file has its newest blob.
        for step in reversed(steps):
            for file, _, new in step:
                blobs[file] = new
        for step in steps:
            yield {file: self._text(blob) for file, blob in blobs.items() if blob is not None}
            for file, old, _ in step:
                blobs[file] = old

    def _text(self, blob: str) -> str:
        if blob not in self._texts:
            self._texts[blob] = _decoded(self._git(self._folder, ["cat-file", "blob", blob]) or b"")
        return self._texts[blob]


def _decoded(raw: bytes) -> str:
    text = yamlfile.decode(raw, "")
    return "" if isinstance(text, Problem) else text


def _pieces(kind: Kind, files: _Version) -> dict[str, _Piece]:
    """Split ``files`` into the texts of the records of ``kind``, by id."""
    found: dict[str, _Piece] = {}
    if kind.layout in ("list", "lists"):
        for file, text in files.items():
            least = min((len(match[1]) for match in _ITEM.finditer(text)), default=0)
            starts = [match.start() for match in _ITEM.finditer(text) if len(match[1]) == least]
            for start, end in pairwise([*starts, len(text)]):
                item = text[start:end]
                match = next((match for pattern in _IDS if (match := pattern.search(item))), None)
                if match is not None:
                    line = text.count("\n", 0, start) + 1
                    # Text after an item belongs to the next item.
                    found.setdefault(match[1], _Piece(file, item.rstrip(), line=line))
        return found
    groups: dict[str, list[str]] = {}
    for file in sorted(files):
        groups.setdefault(Path(file).name.partition(".")[0], []).append(file)
    for name, parts in groups.items():
        # The Chinese version is the main file of an article; a table without its record is ignored.
        parts.sort(key=lambda file: (file.endswith(".en.md"), file.endswith(".csv")))
        if not parts[0].endswith(".csv"):
            found[name] = _Piece(parts[0], files[parts[0]], tuple(files[file] for file in parts[1:]))
    return found


def _values(kind: Kind, piece: _Piece) -> Mapping[str, Any] | None:
    """Return the plain values of a record; None if they cannot be parsed."""
    text = articles.head_of(piece.text) if kind.layout == "articles" else piece.text
    root = yamlfile.compose(text, "")
    if root is None or isinstance(root, Problem):
        return None
    value = plain(root, text, "")[0]
    if kind.layout in ("list", "lists") and isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return None
    if kind.layout == "articles":
        found = articles.split(piece.text, "")
        body = "" if isinstance(found, Problem) else found[1]
        return {**value, "text": body, **({"text.en": piece.others[0]} if piece.others else {})}
    return {**value, **({"table": piece.others} if kind.table is not None else {})}


def _gone(kind: Kind, before: Mapping[str, _Piece], now: Mapping[str, _Piece]) -> Iterator[Problem]:
    """Yield a problem for the approved records that the last commit has and the data has not; grouped by file."""
    missing: dict[str, list[str]] = {}
    for record_id in before.keys() - now.keys() if kind is not ENTRY else ():
        values = _values(kind, before[record_id])
        if values and _is_approved(values):
            missing.setdefault(before[record_id].file, []).append(record_id)
    for file, names in sorted(missing.items()):
        yield problem(
            Place(file, mark=(1, 1)),
            "已审核的记录不见了:{names}。公布过的不要直接删去:撤下用 haopin new 撤下(记录留着);若是误删,"
            "请恢复这个文件的上一版",
            "approved records are gone: {names}. Published records must not be deleted: withdraw them with haopin new "
            "withdrawal, and keep the records; if it was a mistake, restore the last version of this file",
            severity="warning",
            names=", ".join(sorted(names)),
        )


def _changed(kind: Kind, files: frozenset[str], now: Mapping[str, _Piece], history: _History) -> Iterator[Problem]:
    """Yield the approved records that differ from the first commit with their present approval."""
    wanted: dict[str, tuple[Mapping[str, Any], _Piece]] = {}
    for record_id, piece in now.items():
        values = _values(kind, piece) if "approved" in piece.text else None
        if values is not None and _is_approved(values):
            # Present values, and the text in the oldest version with this approval.
            wanted[record_id] = values, piece
    latest: Mapping[str, _Piece] | None = None
    open_ids = set(wanted)
    for version in history.versions(files):
        if not open_ids:
            break
        pieces = _pieces(kind, version)
        latest = pieces if latest is None else latest
        for record_id in tuple(open_ids):
            values, last = wanted[record_id]
            before = pieces.get(record_id)
            if before is None:
                open_ids.discard(record_id)
            elif before != last and (old := _values(kind, before)) is not None:
                if old.get("approved") != values["approved"]:
                    open_ids.discard(record_id)
                else:
                    wanted[record_id] = values, before
    for record_id, (values, oldest) in wanted.items():
        piece = now[record_id]
        if oldest == piece or (kind is ENTRY and piece != (latest or {}).get(record_id)):
            # Uncommitted changes of the ledger are reported by `ledger_warnings`.
            continue
        approved = _values(kind, oldest) or {}
        free = FREE_IN_LEDGER if kind is ENTRY else FREE
        every = {**approved, **values}
        if names := [name for name in every if name not in free and not _says_the_same(approved, values, name)]:
            yield _changed_problem(kind, record_id, piece, names)


def _is_approved(values: Mapping[str, Any]) -> bool:
    return bool(values.get("approved")) and values.get("sample") != "true"


def _says_the_same(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    if name == "text.en" and name not in old:
        return True
    before, now = _meaning(old.get(name)), _meaning(new.get(name))
    if isinstance(before, dict) and isinstance(now, dict) and {*before, *now} <= {"zh", "en"}:
        # A translation may be added later; existing text must not change.
        return {language: now.get(language) for language in before} == before
    return bool(before == now)


def _meaning(value: Any) -> Any:
    """Normalise a value: plain text is Chinese, 93.50 is 93.5."""
    if isinstance(value, dict):
        return {
            name: "".join(str(item).split()) if name in ("zh", "en") else _meaning(item) for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_meaning(item) for item in value]
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return {"zh": "".join(value.split())}
    return value


def _changed_problem(kind: Kind, record_id: str, piece: _Piece, names: Sequence[str]) -> Problem:
    return problem(
        Place(piece.file, mark=(piece.line, 1)),
        "“{id}”审核以后改了 {names},改动会照原来的审核公布。请核对,再重新审核:haopin approve {kind}/{id}",
        "{names} of “{id}” changed after the approval, and would be published under it. Check the change and have it "
        "approved again: haopin approve {kind}/{id}",
        severity="warning",
        id=record_id,
        kind=kind.name,
        names=", ".join(names),
    )
