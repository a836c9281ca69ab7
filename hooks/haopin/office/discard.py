"""Deleting a record that was never approved: its file, or its item in a list; everything else stays to the byte."""

from collections.abc import Mapping
from pathlib import Path

from yaml.nodes import SequenceNode

from haopin.load import yamlfile
from haopin.load.dataset import LoadedRecord
from haopin.office.new.fields import labels
from haopin.problem import ConfigurationError, Problem

_BOM = "\ufeff"


def without(folder: Path, entry: LoadedRecord) -> Mapping[str, bytes | None]:
    """Return the new content of the files of ``entry``, by path below the data ``folder``; None for a file to delete.

    Raises:
        ConfigurationError: if it stands in a list in brackets, from which nothing can be taken.
    """
    if entry.kind.layout in ("folder", "articles"):
        files = {entry.place.file, *(side.file for side in entry.sides.values())}
        table = Path(entry.place.file).with_suffix(".csv").as_posix()
        if entry.kind.table is not None and (folder / table).is_file():
            files.add(table)
        return dict.fromkeys(sorted(files))
    file, index = entry.place.file, entry.place.path[0]
    assert isinstance(index, int)
    comment = next(iter(labels(entry.kind.model).values()))
    return {file: _cut((folder / file).read_bytes(), file, index, f"# {comment}")}


def _cut(raw: bytes, file: str, index: int, comment: str) -> bytes:
    """Return the list ``raw`` without item ``index``, and without the ``comment`` that `haopin new` puts above it."""
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
        # A comment at the end of the file is not one of the record.
        end -= 1
    kept = "".join(lines[: starts[index]] + lines[end:])
    return ((_BOM if text.startswith(_BOM) else "") + kept).encode()
