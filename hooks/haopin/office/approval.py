"""Approve records, and delete records that were never approved; the rest of each file is left unchanged to the byte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.check.entries import no_such
from haopin.check.rules import check
from haopin.load import articles, yamlfile
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model.choices import CHOICES
from haopin.model.fields import Ref
from haopin.model.publishable import Approval, Publishable
from haopin.office.new.fields import Field, fields_of, labels
from haopin.office.record_lookup import RecordLookup
from haopin.problem import ConfigurationError, Path, Place, Problem
from haopin.site.publish import WAITING, publish
from haopin.text import Wording

_BOM = "\ufeff"
#: Fields to show to an approver, besides the name or title of a record.
_FACTS = frozenset(
    {
        *("measure", "target", "state", "value", "unit", "body", "bodies", "due", "start", "end", "opens", "closes"),
        *("venue", "number", "penalty", "honour", "holder", "year"),
    }
)


def waiting(dataset: Dataset, day: date, *, samples: bool = False) -> list[LoadedRecord]:
    """Return the records that wait for an approval, in the order of the data; samples only with ``samples``.

    These are records that were never approved, and those that were changed since.
    """
    return [item.entry for item in publish(dataset, day, samples=samples).withheld if item.reason in WAITING]


class Describer:
    """Describes a record in one line for the approver."""

    def __init__(self, dataset: Dataset) -> None:
        """Index the names of the records that records of ``dataset`` refer to."""
        self._lookup = RecordLookup(dataset)
        self._names: dict[Ref, Mapping[str, str]] = {}

    def line(self, entry: LoadedRecord) -> str:
        """Return kind, id, date, subject and content in one line."""
        record = entry.record
        assert isinstance(record, Publishable)
        facts = [self._fact(record, field) for field in fields_of(type(record)) if field.name in _FACTS]
        said = [] if record.label.zh in (record.id, getattr(record, "measure", None)) else [record.label.show("zh")]
        words = [f"{entry.kind.name}/{record.id}", record.date, entry.kind.title.zh, *said, *filter(None, facts)]
        return "  ".join(" ".join(str(word).split()) for word in words)

    def _fact(self, record: Publishable, field: Field) -> str:
        value = getattr(record, field.name)
        if value is None or value == ():
            return ""
        label = field.label.show("zh").partition("\uff1a")[0].partition("\uff08")[0].partition("\uff0c")[0]
        return f"{label.removesuffix('的 id')}\uff1a{self._words(field, value)}"

    def _words(self, field: Field, value: object) -> str:
        if isinstance(value, tuple):
            return "、".join(self._words(field, item) for item in value)
        if field.ref is not None:
            if field.ref not in self._names:
                named = self._lookup.candidates(field.ref, {})
                self._names[field.ref] = {candidate.id: candidate.name.show("zh") for candidate in named}
            return f"{self._names[field.ref].get(str(value), '')}\uff08{value}\uff09"
        if field.shape == "choice":
            return CHOICES[field.model, field.name][str(value)].zh
        return value.show("zh") if isinstance(value, Wording) else str(value)


def not_approvable(
    dataset: Dataset, entries: Sequence[LoadedRecord], role: str, day: date
) -> Mapping[int, Sequence[Problem]]:
    """Return the problems that ``entries`` would have once approved, by index; only those with problems.

    Positions refer to the files as they are now, because the approvals are not written yet.
    """
    approval = Approval.model_validate({"role": role, "date": day})
    wanted = {id(entry): number for number, entry in enumerate(entries)}
    trial = []
    for entry in dataset.entries:
        record = entry.record.model_copy(update={"approved": approval}) if id(entry) in wanted else entry.record
        trial.append(replace(entry, record=record))
    before = set(check(dataset))
    found: dict[int, list[Problem]] = {}
    for wrong in check(replace(dataset, entries=trial)):
        if wrong.severity == "error" and wrong not in before:
            for number, entry in enumerate(entries):
                files = {entry.place.file, *(side.file for side in entry.sides.values())}
                if wrong.place.file in files and wrong.place.path[: len(entry.place.path)] == entry.place.path:
                    found.setdefault(number, []).append(wrong)
    return found


def again(dataset: Dataset, *, samples: bool = False) -> list[LoadedRecord]:
    """Return the approved records, which can be approved again after a change."""
    return [entry for record, entry in dataset.of(Publishable) if record.approved and (samples or not record.sample)]


def chosen(
    found: Sequence[LoadedRecord], names: Iterable[str], others: Sequence[LoadedRecord] = ()
) -> list[LoadedRecord]:
    """Select records of ``found`` by ``kind/id``, by id alone, or by a file such as ``ledger/x.yml``.

    Records of ``others`` are selected by id only.

    Raises:
        ConfigurationError: if a name matches none; suggests the nearest name.
    """
    picked: dict[int, LoadedRecord] = {}
    every = [*found, *others]
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


def approved(folder: FilePath, entries: Sequence[LoadedRecord], role: str, day: date) -> Mapping[str, bytes]:
    """Add an approval to each of ``entries``; return the new content of their files, by path below ``folder``.

    Args:
        folder: The data folder.
        entries: Records to approve; an earlier approval is replaced.
        role: Role of the approver, as in `haopin.model.publishable.Approval`.
        day: Date of the approval.
    """
    by_file: dict[str, list[Path]] = {}
    for entry in entries:
        assert isinstance(entry.record, Publishable)
        by_file.setdefault(entry.place.file, []).append(entry.place.path)
    words = f"{{role: {role}, date: {day.isoformat()}}}"
    return {file: _written((folder / file).read_bytes(), file, paths, words) for file, paths in by_file.items()}


def _written(raw: bytes, file: str, paths: Iterable[Path], words: str) -> bytes:
    text = raw.decode("utf-8")
    lines = text.removeprefix(_BOM).splitlines(keepends=True)
    plain = yamlfile.decode(raw, file)
    assert isinstance(plain, str)
    root = yamlfile.compose(articles.head_of(plain) if file.endswith(".md") else plain, file)
    assert root is not None and not isinstance(root, Problem)
    # From the end, so that earlier positions stay valid.
    for key, value, flow in sorted(
        (_line_of(root, path) for path in paths), key=lambda found: found[1].end_mark.line, reverse=True
    ):
        line, column = value.end_mark.line, value.end_mark.column
        if key.value == "approved":
            start = value.start_mark
            if isinstance(value, ScalarNode):
                # Empty, or “~” behind the colon.
                line, first = key.end_mark.line, key.end_mark.column + 1
                rest = lines[line][max(first, column) if value.value else first :]
                lines[line] = f"{lines[line][:first]} {words}{rest}"
                continue
            if start.line != line or not isinstance(value, MappingNode) or not value.flow_style:
                raise ConfigurationError(
                    f"{file}:{start.line + 1}\uff1a“approved”不在一行里\uff0c请先把它写成一行\uff1aapproved: {words} / "
                    f"“approved” is not on one line; write it as approved: {words}"
                )
            lines[line] = f"{lines[line][: start.column]}{words}{lines[line][column:]}"
        elif flow:
            lines[line] = f"{lines[line][:column]}, approved: {words}{lines[line][column:]}"
        else:
            ending = "\r\n" if lines[line].endswith("\r\n") else "\n"
            lines[line] = lines[line] if lines[line].endswith("\n") else lines[line] + ending
            lines.insert(line + 1, f"{' ' * key.start_mark.column}approved: {words}{ending}")
    return ((_BOM if text.startswith(_BOM) else "") + "".join(lines)).encode()


def _line_of(root: Node, path: Path) -> tuple[Node, Node, bool]:
    """Return the nodes (key, value) of the approval; if there is none, those of the date, which is on one line.

    The third value is whether they are in braces (flow style).
    """
    node = root
    for step in path:
        assert isinstance(node, SequenceNode) and isinstance(step, int)
        node = node.value[step]
    assert isinstance(node, MappingNode)
    lines = {key.value: (key, value) for key, value in node.value if isinstance(key, ScalarNode)}
    key, value = lines.get("approved") or lines["date"]
    return key, value, bool(node.flow_style)


# --- Deletion of a record that was never approved: its file, or its item in a list


def without(folder: FilePath, entry: LoadedRecord) -> Mapping[str, bytes | None]:
    """Remove ``entry``; return the new content of its files, by path below the data ``folder``; None deletes a file.

    Raises:
        ConfigurationError: if the record is in a list in brackets (flow style), which cannot be edited.
    """
    if entry.kind.layout in ("folder", "articles"):
        files = {entry.place.file, *(side.file for side in entry.sides.values())}
        table = FilePath(entry.place.file).with_suffix(".csv").as_posix()
        if entry.kind.table is not None and (folder / table).is_file():
            files.add(table)
        return dict.fromkeys(sorted(files))
    file, index = entry.place.file, entry.place.path[0]
    assert isinstance(index, int)
    comment = next(iter(labels(entry.kind.model).values()))
    return {file: _cut((folder / file).read_bytes(), file, index, f"# {comment}")}


def _cut(raw: bytes, file: str, index: int, comment: str) -> bytes:
    """Remove item ``index`` from the list ``raw``, with the ``comment`` that `haopin new` writes above it."""
    text = raw.decode("utf-8")
    plain = yamlfile.decode(raw, file)
    root = plain if isinstance(plain, Problem) else yamlfile.compose(plain, file)
    if not isinstance(root, SequenceNode) or root.flow_style:
        raise ConfigurationError(
            f"“{file}”里的列表不是每条以“- ”开头\uff0c请打开文件删去 / the list in “{file}” is not written with “- ”; "
            "open the file and delete the record there"
        )
    lines = text.removeprefix(_BOM).splitlines(keepends=True)
    starts = []
    for node in root.value:
        line = node.start_mark.line
        while not lines[line].lstrip().startswith("-"):
            line -= 1
        if line and lines[line - 1].strip() == comment:
            line -= 1
        starts.append(line)
    end = starts[index + 1] if index + 1 < len(starts) else len(lines)
    while index + 1 == len(starts) and end > starts[index] and lines[end - 1].startswith("#"):
        # A comment at the end of the file is not part of the record.
        end -= 1
    kept = "".join(lines[: starts[index]] + lines[end:])
    return ((_BOM if text.startswith(_BOM) else "") + kept).encode()
