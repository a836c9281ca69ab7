"""Fingerprints of translated Chinese texts, kept by ``haopin translated``, to detect outdated English."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.folder import TRANSLATIONS
from haopin.model.ledger import Entry
from haopin.model.target import Unit
from haopin.problem import Path
from haopin.text import Wording

#: Keys in older files, in which sections have measures instead of requirements.
_OLDER_KEY = re.compile(r"^(section/[^:]+):measures\.")


@dataclass(frozen=True, order=True)
class TextKey:
    """Key of a text: kind and id of its record, and path in it, e.g. ``measures.check.title``."""

    kind: str
    record_id: str
    path: str

    def __str__(self) -> str:
        """Return the key as written in the file."""
        return f"{self.kind}/{self.record_id}:{self.path}"


@dataclass(frozen=True)
class Translated:
    """A text in both languages, with its record and its path in the file."""

    key: TextKey
    zh: str
    en: str | None
    entry: LoadedRecord
    place: Path


def fingerprint(zh: str) -> str:
    """Return the fingerprint of a Chinese text, ignoring white space."""
    return hashlib.sha256("".join(zh.split()).encode()).hexdigest()[:12]


def texts(dataset: Dataset) -> Iterator[Translated]:
    """Yield every text with Chinese in every record."""
    for entry in dataset.entries:
        for path, place, zh, en in _texts(entry.record, (), ()):
            yield Translated(TextKey(entry.kind.name, entry.record.id, ".".join(path)), zh, en, entry, place)


def _texts(
    part: BaseModel, path: tuple[str, ...], place: Path
) -> Iterator[tuple[tuple[str, ...], Path, str, str | None]]:
    values = vars(part)
    if "en" in values and (zh := values.get("zh")):
        # Texts, wordings, and clauses.
        yield path, place, zh, values["en"]
        return
    for name, value in values.items():
        # "Per cent" needs no translation, and a report has the unit of its target.
        if isinstance(value, Unit) and (value.is_percent or isinstance(part, Entry)):
            continue
        if isinstance(value, Wording):
            if value.zh is not None:
                yield (*path, name), (*place, name), value.zh, value.en
        elif isinstance(value, BaseModel):
            yield from _texts(value, (*path, name), (*place, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, BaseModel):
                    # Parts with an id are identified by it, because their order may change.
                    step = str(getattr(item, "id", index))
                    yield from _texts(item, (*path, name, step), (*place, name, index))


def recorded(dataset: Dataset) -> Mapping[str, str]:
    """Return the recorded fingerprints by key; empty if the file does not exist."""
    return read_fingerprints(dataset.companions.get(TRANSLATIONS, "{}"))


def read_fingerprints(text: str) -> Mapping[str, str]:
    """Parse the file of fingerprints; empty if it is damaged, which the data check reports."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {_OLDER_KEY.sub(r"\1:requirements.", k): v for k, v in found.items() if isinstance(v, str)}


def stale(dataset: Dataset) -> list[TextKey]:
    """Return the keys of texts whose Chinese changed after the translation."""
    marks = recorded(dataset)
    if not marks:
        return []
    # Called for each day that `check` predicts.
    found = []
    for entry in dataset.entries:
        record = f"{entry.kind.name}/{entry.record.id}:"
        for path, _, zh, en in _texts(entry.record, (), ()):
            mark = marks.get(record + ".".join(path)) if en is not None else None
            if mark is not None and mark != fingerprint(zh):
                found.append(TextKey(entry.kind.name, entry.record.id, ".".join(path)))
    return found


def untranslated(dataset: Dataset) -> list[Translated]:
    """Return the texts without English."""
    return [t for t in texts(dataset) if t.en is None]


def fingerprints_file(marks: Mapping[str, str]) -> str:
    """Format the file of fingerprints: one per line, sorted."""
    return json.dumps(dict(sorted(marks.items())), ensure_ascii=False, indent=0) + "\n"
