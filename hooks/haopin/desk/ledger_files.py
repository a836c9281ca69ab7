"""The files of the ledger with new entries at their ends: what is there stays to the byte."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from haopin.desk.yamltext import appended, item
from haopin.records.ledger import ENTRY, Entry
from haopin.text import Text


def changes_of(entries: Sequence[Entry], folder: Path, names: Mapping[str, Text]) -> dict[str, bytes]:
    """Return the new content of the ledger’s files: what is there stays to the byte."""
    by_body: dict[str, list[str]] = {}
    for entry in entries:
        by_body.setdefault(entry.body, []).append(item(fields(entry)))
    changes = {}
    for body, texts in by_body.items():
        file = f"{ENTRY.path}/{body}.yml"
        path = folder / file
        if path.exists():
            old = path.read_bytes().decode("utf-8", "surrogateescape")
            # A list may be indented; its new items must stand where the others do.
            dash = re.search(r"^( *)- ", old, re.M)
            margin = dash[1] if dash else ""
            texts = ["".join(margin + row if row.strip() else row for row in text.splitlines(True)) for text in texts]
        else:
            name = names[body]
            old = (
                "# yaml-language-server: $schema=../schema/entry.json\n"
                f"# {name.zh}台账。只增不改，更正另写一条；审核（haopin approve）后才公布。\n"
                f"# Ledger of {name.en}. Only ever added to; public once approved.\n"
            )
        changes[file] = appended(old, texts).encode("utf-8", "surrogateescape")
    return changes


def fields(entry: Entry) -> dict[str, Any]:
    """Return ``entry`` as plain fields in the order in which a clerk reads them."""
    plain = entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if entry.value is not None:
        plain["value"] = f"{entry.value:f}"
    for name in ("text", "source", "reason"):
        words = plain.get(name)
        if words is not None and set(words) == {"zh"}:
            plain[name] = words["zh"]
    order = ("id", "date", "measure", "target", "body", "state", "value", "unit", "covers", "text", "source")
    return {name: plain[name] for name in (*order, "evidence", "corrects", "reason") if name in plain}
