"""The data folder: every record in it, and every problem of reading it."""

from collections.abc import Sequence
from pathlib import Path as FilePath

from haopin.problem import Place, problem
from haopin.reading.articles import read_articles
from haopin.reading.homes import (
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
from haopin.reading.reading import Entry, Reading
from haopin.reading.recordfile import read_file
from haopin.reading.report import report
from haopin.reading.tables import match_tables, read_table_file
from haopin.records import READ, Kind

__all__ = ["SAMPLES", "TRANSLATIONS", "Entry", "Reading", "is_evidence", "read", "report"]


def read(folder: FilePath, kinds: Sequence[Kind] = READ) -> Reading:
    """Read every file below ``folder``; problems of all files are collected, none stops the rest."""
    reading = Reading(folder)
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


def _read_kind(reading: Reading, kind: Kind, files: Sequence[str]) -> None:
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


def _read_other(reading: Reading, file: str, kinds: Sequence[Kind]) -> None:
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
