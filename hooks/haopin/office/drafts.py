"""Drafts of forms: what a clerk has typed and not yet saved. They survive a closed browser and a power cut."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from haopin.files import atomic_write
from haopin.office.desk_folder import desk_folder, locked


@dataclass(frozen=True)
class Draft:
    """A draft of a form.

    Attributes:
        kind: Name of the kind of record.
        id: Id of the record; of a new one a name that begins with ``new``, different for each form.
        values: What is in the form, as JSON values.
        base: `steps.digest` of each file that the record is in, as it was when the form was opened, by path below the
            data folder; empty for a new record.
        base_values: What was in the form then.
        clerk: Who typed it.
        time: When it was last changed.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    base: Mapping[str, str | None]
    base_values: Mapping[str, Any]
    clerk: str
    time: datetime


class Drafts:
    """The drafts of a data folder."""

    def __init__(self, folder: Path) -> None:
        """Use the drafts of the data ``folder``; nothing is read or written yet."""
        self._folder = folder
        self._place = desk_folder(folder) / "drafts"

    def _file(self, kind: str, record_id: str) -> Path:
        # Ids come from requests, and no file system takes every name.
        return self._place / f"{sha256(f'{kind}/{record_id}'.encode()).hexdigest()[:32]}.json"

    def save(self, draft: Draft) -> None:
        """Write a draft in place of the one before, which stays beside it until the next.

        Raises:
            OSError: if it cannot be written; the draft before is still there.
            ConfigurationError: if another process is writing for too long.
        """
        file = self._file(draft.kind, draft.id)
        value = {
            "kind": draft.kind,
            "id": draft.id,
            "values": draft.values,
            "base": draft.base,
            "base_values": draft.base_values,
            "clerk": draft.clerk,
            "time": draft.time.isoformat(),
        }
        content = json.dumps(value, ensure_ascii=False, indent=1).encode()
        # Two windows may have the same form open.
        with locked(self._folder, "drafts"):
            if _read(file) is not None:
                atomic_write(_previous(file), file.read_bytes(), durable=True)
            atomic_write(file, content, durable=True)

    def get(self, kind: str, record_id: str) -> Draft | None:
        """Return the draft of a record, the one before if the last cannot be read; None if there is none."""
        file = self._file(kind, record_id)
        return _read(file) or _read(_previous(file))

    def all(self) -> tuple[list[Draft], list[str]]:
        """Return all drafts, the latest first, and a message for each of which the last change cannot be read."""
        drafts, messages = [], []
        for file in sorted({path.with_suffix(".json") for path in self._place.glob("*.json*")}):
            last, previous = _read(file), _read(_previous(file))
            if draft := last or previous:
                drafts.append(draft)
            if last is not None:
                continue
            name = f"{draft.kind}/{draft.id}" if draft else file.name
            messages.append(
                f"草稿 {name} 最后一次的内容读不出来，用的是前一次的 / the last content of the draft {name} cannot be "
                "read; the one before is used"
                if draft
                else f"草稿读不出来：{name} / this draft cannot be read: {name}"
            )
        return sorted(drafts, key=lambda draft: draft.time, reverse=True), messages

    def delete(self, kind: str, record_id: str) -> None:
        """Delete the draft of a record, when it is saved or given up; no error if there is none.

        Raises:
            OSError: if it cannot be deleted.
        """
        file = self._file(kind, record_id)
        # First the older one, which would otherwise come back.
        _previous(file).unlink(missing_ok=True)
        file.unlink(missing_ok=True)


def _previous(file: Path) -> Path:
    return file.with_suffix(".json-before")


def _read(file: Path) -> Draft | None:
    try:
        value = json.loads(file.read_bytes())
        time = datetime.fromisoformat(value["time"])
        if not all(isinstance(value[name], dict) for name in ("values", "base", "base_values")):
            return None
        draft = Draft(
            str(value["kind"]),
            str(value["id"]),
            value["values"],
            value["base"],
            value["base_values"],
            str(value["clerk"]),
            time,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return draft
