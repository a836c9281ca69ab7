"""From a data folder to a catalogue: read, check, and either the frozen whole or every problem at once."""

from pathlib import Path

from haopin.catalogue import Catalogue
from haopin.checking import check
from haopin.problem import DataError
from haopin.reading.folder import Reading, read, report


def examine(folder: Path, name: str) -> tuple[Reading, list[str], list[str]]:
    """Read and check ``folder``.

    Args:
        folder: The data folder.
        name: How problems name it, e.g. ``data``.

    Returns:
        What was read, the lines of the errors, and the lines of the warnings.
    """
    reading = read(folder)
    problems = check(reading)
    errors = [p for p in problems if p.severity == "error"]
    warnings = [p for p in problems if p.severity == "warning"]
    return reading, report(folder, errors, name), report(folder, warnings, name)


def load(folder: Path, name: str, *, samples: bool = False) -> tuple[Catalogue, list[str]]:
    """Return the catalogue of ``folder`` and its warnings.

    Raises:
        DataError: with every error, if there is any.
    """
    if not folder.is_dir():
        raise DataError([f"{name}:1:1: 没有这个资料文件夹 / there is no such data folder"])
    reading, errors, warnings = examine(folder, name)
    if errors:
        raise DataError(errors)
    records = (entry.record for entry in reading.entries)
    return Catalogue.of(records, samples=samples, companions=reading.companions), warnings
