"""Approve records, and delete records that were never approved; the rest of each file is left unchanged to the byte."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.check.approvals import folded
from haopin.check.entries import no_such
from haopin.check.rules import check
from haopin.load import articles, yamlfile
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model import Kind
from haopin.model.publishable import Approval, Publishable, SentBack
from haopin.office.writing import in_line
from haopin.privacy.fingerprint import fingerprint_of, is_sealed
from haopin.problem import ConfigurationError, Path, Place, Problem
from haopin.site.publish import WAITING, publish

_BOM = "\ufeff"


def waiting(dataset: Dataset, day: date, *, samples: bool = False) -> list[LoadedRecord]:
    """Return the records that wait for an approval, in the order of the data; samples only with ``samples``.

    These are records that were never approved, and those that were changed since.
    """
    return [item.entry for item in publish(dataset, day, samples=samples).withheld if item.reason in WAITING]


def signed(dataset: Dataset, entry: LoadedRecord, approval: Approval) -> Approval:
    """Return ``approval`` with the fingerprint of the content of ``entry``."""
    return approval.model_copy(update={"fingerprint": fingerprint_of(dataset, entry)})


def not_approvable(
    dataset: Dataset, entries: Sequence[LoadedRecord], approval: Approval
) -> Mapping[int, Sequence[Problem]]:
    """Return the problems that ``entries`` would have with ``approval``, by index; only those with problems.

    Positions refer to the files as they are now, because the approvals are not written yet.
    """
    wanted = {id(entry) for entry in entries}
    trial = []
    for entry in dataset.entries:
        update = {"approved": signed(dataset, entry, approval)} if id(entry) in wanted else None
        trial.append(replace(entry, record=entry.record.model_copy(update=update)) if update else entry)
    before = set(check(dataset))
    new = [wrong for wrong in check(replace(dataset, entries=trial)) if wrong.severity == "error"]
    return concerning(entries, (wrong for wrong in new if wrong not in before))


def concerning(entries: Sequence[LoadedRecord], problems: Iterable[Problem]) -> Mapping[int, Sequence[Problem]]:
    """Return those of ``problems`` that are in ``entries``, by index; only those with problems."""
    found: dict[int, list[Problem]] = {}
    for wrong in problems:
        for number, entry in enumerate(entries):
            files = {entry.place.file, *(side.file for side in entry.sides.values())}
            if wrong.place.file in files and wrong.place.path[: len(entry.place.path)] == entry.place.path:
                found.setdefault(number, []).append(wrong)
    return found


def why_not(dataset: Dataset, entry: LoadedRecord, approval: Approval) -> Sequence[Problem]:
    """Return why ``entry`` cannot get ``approval``; empty if it can."""
    return not_approvable(dataset, [entry], approval).get(0, ())


def again(dataset: Dataset, *, samples: bool = False) -> list[LoadedRecord]:
    """Return the approved records, which can be approved again after a change."""
    return [entry for record, entry in dataset.of(Publishable) if record.approved and (samples or not record.sample)]


def unproven(dataset: Dataset, *, samples: bool = False) -> list[LoadedRecord]:
    """Return the records whose approval has no fingerprint."""
    found = ((entry, entry.record) for entry in again(dataset, samples=samples))
    return [e for e, record in found if isinstance(record, Publishable) and _lacks_fingerprint(record)]


def _lacks_fingerprint(record: Publishable) -> bool:
    return record.approved is not None and record.approved.fingerprint is None


def chosen(
    found: Sequence[LoadedRecord], names: Iterable[str], others: Sequence[LoadedRecord] = ()
) -> list[LoadedRecord]:
    """Select records of ``found`` by ``kind/id``, by id alone, or by a file such as ``ledger/x.yml``.

    Records of ``others`` are selected by id only.

    Raises:
        ConfigurationError: if a name matches none; suggests the nearest name.
    """
    picked: dict[int, LoadedRecord] = {}
    # A record that was changed after its approval is in both.
    first = {id(entry) for entry in found}
    every = [*found, *(entry for entry in others if id(entry) not in first)]
    for name in names:
        fitting = {
            number: entry
            for number, entry in enumerate(every)
            if name in (entry.record.id, f"{entry.kind.name}/{entry.record.id}")
            or (name == entry.place.file and number < len(found))
        }
        if not fitting:
            known = [f"{entry.kind.name}/{entry.record.id}" for entry in every]
            wrong = no_such(name, known, Place(""), "可审核的记录", "record that can be approved")
            raise ConfigurationError(f"{wrong.zh} / {wrong.en}")
        picked.update(fitting)
    return [picked[number] for number in sorted(picked)]


# --- Approvals and returns are written into the files of the records


def approved(dataset: Dataset, entries: Sequence[LoadedRecord], approval: Approval) -> Mapping[str, bytes]:
    """Give each of ``entries`` the approval; return the new content of their files, by path below the data folder.

    An earlier approval is replaced, and an earlier return is removed.

    Args:
        dataset: The dataset, which determines the fingerprints: what is in the files by now may differ.
        entries: Records to approve.
        approval: Who approves them and when; its fingerprint is set for each record.
    """
    return _changed(
        dataset.folder,
        [(entry, {"approved": _in_line(signed(dataset, entry, approval)), "returned": None}) for entry in entries],
    )


def returned(folder: FilePath, entry: LoadedRecord, back: SentBack) -> Mapping[str, bytes]:
    """Send ``entry`` back; return the new content of its file, by path below the data ``folder``."""
    return _changed(folder, [(entry, {"returned": _in_line(back)})])


def cleared(folder: FilePath, entry: LoadedRecord) -> Mapping[str, bytes]:
    """Remove the return of ``entry``, as after a change; return the new content of its file."""
    return _changed(folder, [(entry, {"returned": None})])


def as_saved(dataset: Dataset, kind: Kind, values: Mapping[str, Any], by: str, day: date) -> dict[str, Any]:
    """Return the plain ``values`` of a record that ``by`` saves on ``day``: drafted by that person, no longer returned.

    Others who wrote or changed it since its last approval stay named beside ``by``: none of them may approve it. The
    approval stays: whether it still fits is seen from its fingerprint.

    Args:
        dataset: The data before the change.
        kind: Kind of the record.
        values: Its new values, with its drafters so far.
        by: Who saves it.
        day: Date of the change.
    """
    kept = {name: value for name, value in values.items() if name != "returned"}
    entry = next((e for e in dataset.entries if e.kind is kind and e.record.id == values.get("id")), None)
    drafted = {"by": by, "date": day.isoformat()}
    others = [] if entry is not None and is_sealed(dataset, entry) else _drafters(values.get("drafted"))
    if others := [name for name in others if folded(name) != folded(by)]:
        return kept | {"drafted": {**drafted, "others": others}}
    return kept | {"drafted": drafted}


def _drafters(drafted: Any) -> list[str]:
    """Return the names in the plain value of the field ``drafted``, which may be invalid."""
    if not isinstance(drafted, Mapping):
        return []
    others = drafted.get("others")
    names = [drafted.get("by"), *(others if isinstance(others, list) else ())]
    return [name for name in names if isinstance(name, str)]


def _in_line(part: Approval | SentBack) -> str:
    return in_line(part.model_dump(exclude_none=True))


def _changed(folder: FilePath, changes: Iterable[tuple[LoadedRecord, Mapping[str, str | None]]]) -> Mapping[str, bytes]:
    by_file: dict[str, list[tuple[Path, Mapping[str, str | None]]]] = {}
    for entry, fields in changes:
        by_file.setdefault(entry.place.file, []).append((entry.place.path, fields))
    return {file: _written((folder / file).read_bytes(), file, wanted) for file, wanted in by_file.items()}


def _written(raw: bytes, file: str, wanted: Iterable[tuple[Path, Mapping[str, str | None]]]) -> bytes:
    """Set fields of records in the file ``raw`` to a text on one line, or remove them (None)."""
    text = raw.decode("utf-8")
    lines = text.removeprefix(_BOM).splitlines(keepends=True)
    plain = yamlfile.decode(raw, file)
    assert isinstance(plain, str)
    root = yamlfile.compose(articles.head_of(plain) if file.endswith(".md") else plain, file)
    assert root is not None and not isinstance(root, Problem)
    edits = [edit for path, fields in wanted for edit in _edits(root, path, fields)]
    # From the end, so that earlier positions stay valid.
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        (line, column), (last, end) = edit.start, edit.end
        before, after = lines[line][:column], lines[last][end:]
        if edit.is_line:
            lines[line] = lines[line] if lines[line].endswith("\n") else f"{lines[line]}{_ending(lines[line])}"
            lines.insert(line + 1, f"{edit.words}{_ending(lines[line])}")
        elif edit.words is None:
            del lines[line : last + 1]
        else:
            lines[line : last + 1] = [f"{before}{edit.words}{after}"]
    return ((_BOM if text.startswith(_BOM) else "") + "".join(lines)).encode()


def _ending(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"


@dataclass(frozen=True)
class _Edit:
    """A change of the lines of a file.

    Attributes:
        start: Line and column of the first changed character.
        end: Those behind the last one.
        words: New text; None to delete the lines.
        is_line: Whether the text is a new line below ``start``.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    words: str | None
    is_line: bool = False


def _edits(root: Node, path: Path, fields: Mapping[str, str | None]) -> Iterator[_Edit]:
    node = root
    for step in path:
        assert isinstance(node, SequenceNode) and isinstance(step, int)
        node = node.value[step]
    assert isinstance(node, MappingNode)
    there = {key.value: (number, key, value) for number, (key, value) in enumerate(node.value)}
    for name, words in fields.items():
        if name in there:
            yield _replaced(node, *there[name], words)
        elif words is not None:
            _, key, value = there["date"]
            # The date is on one line.
            end = value.end_mark.line, value.end_mark.column
            if node.flow_style:
                yield _Edit(end, end, f", {name}: {words}")
            else:
                yield _Edit(end, end, f"{' ' * key.start_mark.column}{name}: {words}", is_line=True)


def _replaced(node: MappingNode, number: int, key: Node, value: Node, words: str | None) -> _Edit:
    start, end = value.start_mark, value.end_mark
    if isinstance(value, ScalarNode):
        # Empty, or “~” behind the colon.
        first = key.end_mark.line, key.end_mark.column + 1
        last = (end.line, end.column) if value.value else first
    elif isinstance(value, MappingNode) and not value.flow_style:
        # The mark of a block is behind the comments that follow it.
        first, deepest = (key.end_mark.line, key.end_mark.column + 1), value.value[-1][1]
        last = deepest.end_mark.line, deepest.end_mark.column
    else:
        first, last = (start.line, start.column - 1), (end.line, end.column)
    if words is None and number and not node.flow_style:
        return _Edit((key.start_mark.line, 0), last, None)
    return _Edit(first, last, f" {words or '~'}")
