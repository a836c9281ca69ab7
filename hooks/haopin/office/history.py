"""Checks against git: committed ledger entries changed or deleted, and approved records deleted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


def _committed(folder: Path, git: Git, kind: Kind = ENTRY) -> dict[str, str]:
    """Return the committed text of each file of ``kind``, by path below the data ``folder``."""
    path = kind.path if kind.layout == "list" else f"{kind.path}/"
    listed = git(folder, ["ls-tree", "-z", "--name-only", "HEAD", path]) or b""
    found = {}
    for file in filter(_has_records, listed.decode("utf-8", "replace").split("\0")):
        raw = git(folder, ["show", f"HEAD:./{file}"])
        text = _text(raw, file) if raw is not None else None
        if text is not None:
            found[file] = text
    return found


def _has_records(file: str) -> bool:
    return file.endswith((".yml", ".md"))


def _text(raw: bytes, file: str) -> str | None:
    text = yamlfile.decode(raw, file)
    return None if isinstance(text, Problem) else text


# --- Approved records that are gone

# Lists are split into items; an item with the same bytes is unchanged.
_ITEM = re.compile(r"^( *)- ", re.M)
_IDS = (re.compile(r"""^[ -]*id: *["']?([a-z0-9-]+)""", re.M), re.compile(r"""[{,] *id: *["']?([a-z0-9-]+)"""))

_KINDS: Sequence[Kind] = [kind for kind in KINDS if issubclass(kind.model, Publishable) and kind is not ENTRY]


def deletion_warnings(folder: Path, name: str, git: Git = run_git) -> list[str]:
    """Return a warning for the approved records that the last commit has and the data has not; one for each file.

    Args:
        folder: The data folder.
        name: Name of the folder in messages.
        git: Runs git.
    """
    found: list[Problem] = []
    for kind in _KINDS:
        committed = _committed(folder, git, kind)
        if committed:
            found += _gone(kind, _pieces(kind, committed), _pieces(kind, _present(folder, kind)))
    return report(folder, found, name)


def _present(folder: Path, kind: Kind) -> dict[str, str]:
    """Return the present text of each file of ``kind``."""
    place = folder / kind.path
    paths = sorted(place.iterdir()) if place.is_dir() else [place] if place.is_file() else []
    files = {path.relative_to(folder).as_posix(): path for path in paths if _has_records(path.name)}
    return {file: _text(path.read_bytes(), file) or "" for file, path in files.items()}


#: File of a record, and its text in that file.
_Piece = tuple[str, str]


def _pieces(kind: Kind, files: Mapping[str, str]) -> dict[str, _Piece]:
    """Split ``files`` into the texts of the records of ``kind``, by id."""
    found: dict[str, _Piece] = {}
    # The Chinese version is the main file of an article.
    for file, text in sorted(files.items(), key=lambda item: (item[0].endswith(".en.md"), item[0])):
        if kind.layout not in ("list", "lists"):
            found.setdefault(Path(file).name.partition(".")[0], (file, text))
            continue
        least = min((len(match[1]) for match in _ITEM.finditer(text)), default=0)
        starts = [match.start() for match in _ITEM.finditer(text) if len(match[1]) == least]
        for start, end in pairwise([*starts, len(text)]):
            item = text[start:end]
            match = next((match for pattern in _IDS if (match := pattern.search(item))), None)
            if match is not None:
                found.setdefault(match[1], (file, item.rstrip()))
    return found


def _is_approved(kind: Kind, text: str) -> bool:
    """Return whether the record ``text`` was approved and is no sample; False if it cannot be parsed."""
    head = articles.head_of(text) if kind.layout == "articles" else text
    root = yamlfile.compose(head, "")
    value = None if root is None or isinstance(root, Problem) else plain(root, head, "")[0]
    if isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, dict) and bool(value.get("approved")) and value.get("sample") != "true"


def _gone(kind: Kind, before: Mapping[str, _Piece], now: Mapping[str, _Piece]) -> Iterator[Problem]:
    """Yield a problem for the approved records that the last commit has and the data has not; grouped by file."""
    missing: dict[str, list[str]] = {}
    for record_id in before.keys() - now.keys():
        file, text = before[record_id]
        if _is_approved(kind, text):
            missing.setdefault(file, []).append(record_id)
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
