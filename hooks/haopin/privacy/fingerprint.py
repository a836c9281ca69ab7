"""Fingerprints of records: whether a record is still what was approved."""

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.folder import photograph_file
from haopin.model.base import Record
from haopin.model.photograph import Photograph
from haopin.model.publishable import Publishable
from haopin.privacy.evidence import fingerprint as file_fingerprint
from haopin.privacy.evidence import path_of
from haopin.text import InLanguages

#: Fields that are not part of what is approved: who wrote, returned and approved it, and names of files whose content
#: is part of it. The first day of publication is for the office only, but is approved too.
_NOT_APPROVED = frozenset({"approved", "drafted", "returned", "looked_at", "picture"})


def fingerprint_of(dataset: Dataset, entry: LoadedRecord) -> str:
    """Return the fingerprint of the content of a record: 16 hexadecimal digits.

    It covers all fields besides those of the approval itself, the rows of the record's table, and the content of its
    evidence files and photograph. Layout of the files, order of fields, comments and file names do not matter. Fields
    with their default value are left out, so a new field of a later version does not change it.
    """
    record = entry.record
    rows = dataset.tables.get((entry.kind.name, record.id), ())
    key = id(record), id(rows)
    # A prediction asks for the same record on many days. The record and the rows are kept, so that no other has its id.
    kept = dataset.fingerprints.get(key)
    if kept is None:
        content = [entry.kind.name, _plain(record), [_plain(row) for row in rows], _files(dataset, record)]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        kept = dataset.fingerprints[key] = record, rows, sha256(text.encode()).hexdigest()[:16]
    return kept[2]


def is_changed(dataset: Dataset, entry: LoadedRecord) -> bool:
    """Return whether a record differs from what was approved; False if its approval has no fingerprint."""
    approved = _approved_fingerprint(entry)
    return approved is not None and approved != fingerprint_of(dataset, entry)


def is_sealed(dataset: Dataset, entry: LoadedRecord) -> bool:
    """Return whether a record is proven to be what was approved; False if its approval has no fingerprint."""
    return _approved_fingerprint(entry) == fingerprint_of(dataset, entry)


def _approved_fingerprint(entry: LoadedRecord) -> str | None:
    approval = entry.record.approved if isinstance(entry.record, Publishable) else None
    return approval.fingerprint if approval is not None else None


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON types that do not depend on how it is written: 93.50 is 93.5."""
    if isinstance(value, BaseModel):
        values = value.__dict__
        found = {
            name: _plain(values[name])
            for name, info in type(value).model_fields.items()
            if name not in _NOT_APPROVED and values[name] != info.get_default(call_default_factory=True)
        }
        return found | dict(value.further) if isinstance(value, InLanguages) else found
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)


def _files(dataset: Dataset, record: Record) -> list[str]:
    """Return the fingerprints of the evidence files of ``record``, and of its photograph."""
    if not isinstance(record, Publishable):
        return []
    paths = [path_of(dataset.folder, item.file) for item in record.evidence if item.file]
    if isinstance(record, Photograph):
        paths.append(dataset.folder / photograph_file(record.picture, sample=record.sample))
    return [file_fingerprint(path) for path in paths]
