"""Approving records: one line is written into each, everything else in the file stays to the byte."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path as FilePath

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.checking.entries import no_such
from haopin.problem import ConfigurationError, Path, Place, Problem
from haopin.publish import publish
from haopin.reading import article, yamlfile
from haopin.reading.folder import Entry, Reading
from haopin.records.publishable import Publishable

_BOM = "\ufeff"


def waiting(reading: Reading, day: date, *, samples: bool = False) -> list[Entry]:
    """Return the records that are not approved yet, in the order of the data; samples only if they are shown."""
    return [item.entry for item in publish(reading, day, samples=samples).withheld if item.reason == "unapproved"]


def described(entry: Entry) -> str:
    """Return what an approver has to see of a record on one line: id, date, what it is about, and what it says."""
    record = entry.record
    assert isinstance(record, Publishable)
    facts = [getattr(record, name, None) for name in ("measure", "target", "state", "value", "unit", "body", "due")]
    said = [] if record.label.zh in (record.id, getattr(record, "measure", None)) else [record.label.show("zh")]
    words = [f"{entry.kind.name}/{record.id}", record.date, *(fact for fact in facts if fact is not None), *said]
    return "  ".join(" ".join(str(word).split()) for word in words)


def chosen(found: Sequence[Entry], names: Iterable[str]) -> list[Entry]:
    """Return the records of ``found`` called ``kind/id``, by an id alone, or by a file such as ``ledger/x.yml``.

    Raises:
        ConfigurationError: naming what is not among them, with the nearest name.
    """
    picked: dict[int, Entry] = {}
    for name in names:
        fitting = {
            number: entry
            for number, entry in enumerate(found)
            if name in (entry.record.id, f"{entry.kind.name}/{entry.record.id}", entry.place.file)
        }
        if not fitting:
            known = [f"{entry.kind.name}/{entry.record.id}" for entry in found]
            wrong = no_such(name, known, Place(""), "待审核的记录", "record waiting for approval")
            raise ConfigurationError(f"{wrong.zh} / {wrong.en}")
        picked.update(fitting)
    return [picked[number] for number in sorted(picked)]


def approved(folder: FilePath, entries: Sequence[Entry], role: str, day: date) -> Mapping[str, bytes]:
    """Return the new content of the files of ``entries``, by path below ``folder``, with an approval in each record.

    Args:
        folder: The data folder.
        entries: Records that are not approved.
        role: Of the approver, as in `haopin.records.publishable.Approval`.
        day: Of the approval.
    """
    by_file: dict[str, list[Path]] = {}
    for entry in entries:
        assert isinstance(entry.record, Publishable)
        by_file.setdefault(entry.place.file, []).append(entry.place.path)
    words = f"approved: {{role: {role}, date: {day.isoformat()}}}"
    return {file: _written((folder / file).read_bytes(), file, paths, words) for file, paths in by_file.items()}


def _written(raw: bytes, file: str, paths: Iterable[Path], words: str) -> bytes:
    text = raw.decode("utf-8")
    lines = text.removeprefix(_BOM).splitlines(keepends=True)
    plain = yamlfile.decode(raw, file)
    assert isinstance(plain, str)
    root = yamlfile.compose(article.head_of(plain) if file.endswith(".md") else plain, file)
    assert root is not None and not isinstance(root, Problem)
    # From the end, so that the places before stay where they are.
    for key, value, flow in sorted(
        (_date_of(root, path) for path in paths), key=lambda found: found[1].end_mark.line, reverse=True
    ):
        line, column = value.end_mark.line, value.end_mark.column
        if flow:
            lines[line] = f"{lines[line][:column]}, {words}{lines[line][column:]}"
        else:
            ending = "\r\n" if lines[line].endswith("\r\n") else "\n"
            lines[line] = lines[line] if lines[line].endswith("\n") else lines[line] + ending
            lines.insert(line + 1, f"{' ' * key.start_mark.column}{words}{ending}")
    return ((_BOM if text.startswith(_BOM) else "") + "".join(lines)).encode()


def _date_of(root: Node, path: Path) -> tuple[Node, Node, bool]:
    """Return key and value of the date that each record has on one line, and whether it stands in braces."""
    node = root
    for step in path:
        assert isinstance(node, SequenceNode) and isinstance(step, int)
        node = node.value[step]
    assert isinstance(node, MappingNode)
    for key, value in node.value:
        if isinstance(key, ScalarNode) and key.value == "date":
            return key, value, bool(node.flow_style)
    raise AssertionError("a published record has a date")
