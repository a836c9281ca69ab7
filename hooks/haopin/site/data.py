"""From a data folder to a catalogue: read, check, and either the frozen whole or every problem at once."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import HttpUrl

from haopin.check.rules import check
from haopin.load import translations
from haopin.load.dataset import Dataset
from haopin.load.folder import read, report
from haopin.model.site import Site
from haopin.problem import DataError
from haopin.site.catalogue import Catalogue
from haopin.site.publish import publish


def examine(folder: Path, name: str) -> tuple[Dataset, list[str], list[str]]:
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


def checked(folder: Path, name: str) -> tuple[Dataset, list[str]]:
    """Return what was read from ``folder``, and its warnings.

    Raises:
        DataError: with every error, if there is any.
    """
    if not folder.is_dir():
        raise DataError([f"{name}:1:1: 没有这个资料文件夹 / there is no such data folder"])
    reading, errors, warnings = examine(folder, name)
    if errors:
        raise DataError(errors)
    return reading, warnings


def time_zone(reading: Dataset) -> str:
    """Return the time zone of the county, or the usual one where the record of the site could not be read."""
    zones = (entry.record.time_zone for entry in reading.entries if isinstance(entry.record, Site))
    return next(zones, str(Site.model_fields["time_zone"].default))


def relocated(reading: Dataset, address: HttpUrl) -> Dataset:
    """Return ``reading`` with another address of the site's home page."""
    entries = [
        replace(entry, record=entry.record.model_copy(update={"address": address}))
        if isinstance(entry.record, Site)
        else entry
        for entry in reading.entries
    ]
    return replace(reading, entries=entries)


def catalogue(reading: Dataset, as_of: date, *, samples: bool = False) -> Catalogue:
    """Return what is public on ``as_of`` of data without errors."""
    published = publish(reading, as_of, samples=samples)
    stale = {(key.kind, key.record_id) for key in translations.stale(reading)}
    return Catalogue.of(published, companions=reading.companions, stale=stale)
