"""The ledger is only ever added to: which committed entries have been changed or are gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from haopin.problem import Place, Problem, problem
from haopin.reading import yamlfile
from haopin.reading.plain import plain

#: What may not change once it is committed. Approval, life, source and evidence may.
FIXED = ("date", "body", "about", "state", "value", "unit", "covers", "text", "corrects", "reason")


@dataclass(frozen=True)
class _Written:
    """An entry as it is written: its file, its number in the list, its line, and its plain values."""

    file: str
    index: int
    line: int
    values: Mapping[str, Any]


def changed_entries(committed: Mapping[str, str], current: Mapping[str, str]) -> list[Problem]:
    """Return a warning for each committed and approved entry that is gone or says something else.

    Args:
        committed: Text of each ledger file as it was committed, by path below the data folder.
        current: Text of each ledger file as it is.
    """
    before, _ = _entries(committed)
    now, whole = _entries(current)
    found = []
    for record_id, old in before.items():
        if not old.values.get("approved"):
            # Never public: a mistake in it is simply mended.
            continue
        new = now.get(record_id)
        if new is None:
            if whole:
                # Where it stood; the file may be shorter now, or gone.
                lines = current.get(old.file, "").count("\n") + 1
                found.append(_gone(Place(old.file, mark=(min(old.line, lines), 1)), record_id))
        elif fields := [name for name in FIXED if not _says_the_same(old.values, new.values, name)]:
            about = "measure" if "measure" in new.values else "target"
            path = (new.index, about if fields[0] == "about" else fields[0])
            found.append(_changed(Place(new.file, path), record_id, fields))
    return found


def _entries(files: Mapping[str, str]) -> tuple[dict[str, _Written], bool]:
    """Return the entries of ``files`` by id, and whether all of the files could be read."""
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


def _says_the_same(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    before, now = _meaning(old, name), _meaning(new, name)
    if name in ("text", "reason") and isinstance(before, dict) and isinstance(now, dict):
        # A translation may be added later; what was said may not change.
        return {language: now.get(language) for language in before} == before
    return bool(before == now)


def _meaning(values: Mapping[str, Any], name: str) -> Any:
    """Return what a field says, however it is written: a plain line is Chinese, 93.50 is 93.5."""
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


def _gone(place: Place, record_id: str) -> Problem:
    return problem(
        place,
        "“{id}”不见了。已提交的台账记录不可改动或删除;更正请另写一条(corrects)",
        "“{id}” is gone: a committed entry of the ledger may not be changed or deleted; correct it by another "
        "(corrects)",
        severity="warning",
        id=record_id,
    )


def _changed(place: Place, record_id: str, fields: list[str]) -> Problem:
    return problem(
        place,
        "“{id}”改了 {fields}。已提交的台账记录不可改动或删除;更正请另写一条(corrects)",
        "{fields} of “{id}” changed: a committed entry of the ledger may not be changed or deleted; correct it by "
        "another (corrects)",
        severity="warning",
        id=record_id,
        fields=", ".join(fields),
    )
