"""The data folder: every record in it, the tables beside records, and every problem of reading it."""

from collections.abc import Sequence
from pathlib import Path as FilePath

from haopin.load.articles import read_articles
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.layout import (
    SAMPLES,
    TRANSLATIONS,
    copied,
    copies,
    home,
    is_companion,
    is_evidence,
    is_litter,
    is_read_along,
    misplaced,
)
from haopin.load.places import report
from haopin.load.recordfile import read_file
from haopin.load.tables import read_table
from haopin.model import READ, Kind
from haopin.problem import Place, problem

# --- Tables beside records: which record each belongs to, and their rows


def read_table_file(reading: Dataset, kind: Kind, file: str) -> None:
    """Read the rows of ``file``, the table of the record of the same name."""
    assert kind.table is not None
    key = kind.name, FilePath(file).stem
    other = reading.table_files.setdefault(key, file)
    if other != file:
        reading.problems.append(
            problem(
                Place(file),
                "已有同名的表“{other}”,请换一个名称",
                "there is already a table of this name, “{other}”; choose another name",
                other=other,
            )
        )
        return
    text = reading.text_of(file)
    if text is None:
        return
    sheet, problems = read_table(text, kind.table, file)
    reading.problems += problems
    reading.sheets[key] = sheet
    reading.tables[key] = sheet.rows


def match_tables(reading: Dataset, kind: Kind) -> None:
    """Report a table without its record beside it, and a record without its table."""
    for (name, record_id), file in reading.table_files.items():
        if name == kind.name and not (reading.folder / file).with_suffix(".yml").is_file():
            reading.problems.append(
                problem(
                    Place(file),
                    "这个表缺少同名的说明文件“{name}.yml”,请放在这个表旁边",
                    "this table lacks the file “{name}.yml” that describes it; put it beside this table",
                    name=record_id,
                )
            )
    for entry in reading.entries:
        if entry.kind is not kind:
            continue
        name = FilePath(entry.place.file).stem
        if FilePath(reading.table_files.get((kind.name, name), "")).parent != FilePath(entry.place.file).parent:
            reading.problems.append(
                problem(
                    entry.place,
                    "缺少同名的表“{name}.csv”,请放在这个文件旁边",
                    "the table “{name}.csv” is missing; put it beside this file",
                    name=name,
                )
            )


# --- The data folder: every record in it, and every problem of reading it

__all__ = ["SAMPLES", "TRANSLATIONS", "Dataset", "LoadedRecord", "is_evidence", "read", "report"]


def read(folder: FilePath, kinds: Sequence[Kind] = READ) -> Dataset:
    """Read every file below ``folder``; problems of all files are collected, none stops the rest."""
    reading = Dataset(folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    visible = [
        file for file in files if not any(part.startswith(".") for part in file.split("/")) and not is_litter(file)
    ]
    homes = {file: kind for file in visible if (kind := home(file, kinds)) is not None}
    for file, original in copies(visible):
        # Read, it would be blamed on the original that its ids are used already.
        homes.pop(file, None)
        visible.remove(file)
        reading.problems.append(copied(file, original))
    for kind in kinds:
        _read_kind(reading, kind, [file for file, own in homes.items() if own is kind])
    for file in visible:
        if file not in homes:
            _read_other(reading, file, kinds)
    return reading


def _read_kind(reading: Dataset, kind: Kind, files: Sequence[str]) -> None:
    """Read the ``files`` that hold records of ``kind``."""
    count = len(reading.problems)
    if kind.layout == "single" and not files:
        reading.problems.append(
            problem(Place(kind.path), "缺少文件“{path}”", "the file “{path}” is missing", path=kind.path)
        )
    if kind.layout == "articles":
        read_articles(reading, kind, files)
    else:
        for file in files:
            if file.endswith(".csv"):
                read_table_file(reading, kind, file)
            else:
                read_file(reading, kind, file)
    if kind.table is not None:
        match_tables(reading, kind)
    if len(reading.problems) > count:
        reading.incomplete.add(kind.model)


def _read_other(reading: Dataset, file: str, kinds: Sequence[Kind]) -> None:
    """Keep or refuse a ``file`` that holds no records."""
    if is_companion(file):
        if is_read_along(file) and (text := reading.text_of(file)) is not None:
            reading.companions[file] = text
    elif is_evidence(file) and (reading.folder / file).is_symlink():
        # It would publish what lies elsewhere on the machine.
        reading.problems.append(
            problem(
                Place(file, mark=(1, 1)),
                "这是链接,不是文件,请放入文件本身",
                "this is a link and no file; put the file itself here",
            )
        )
    elif is_evidence(file):
        reading.files.add(file)
    else:
        reading.problems.append(misplaced(file, kinds))
