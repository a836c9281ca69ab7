"""What a command of the desk works with: the data folder of a configuration, what is in it, and the day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haopin.adapter.settings import display_name, resolve_day
from haopin.adapter.standalone import settings_of
from haopin.checking.entries import Entries
from haopin.data import checked, time_zone
from haopin.problem import ConfigurationError, Place
from haopin.reading.folder import Reading
from haopin.records.body import Body


@dataclass(frozen=True)
class Desk:
    """The office's desk.

    Attributes:
        folder: The data folder.
        name: How messages name it, e.g. ``data``.
        reading: What is in it, without errors.
        warnings: What the check warns of.
        samples: Whether sample records count.
        day: The day for which the command speaks.
    """

    folder: Path
    name: str
    reading: Reading
    warnings: tuple[str, ...]
    samples: bool
    day: date


def open_desk(config: Path, as_of: date | None) -> Desk:
    """Read the data of ``config``.

    Raises:
        DataError: with every error in the data.
        ConfigurationError: if the configuration cannot be used.
    """
    settings = settings_of(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    name = display_name(folder, base)
    reading, warnings = checked(folder, name)
    day = resolve_day(as_of or settings.as_of, time_zone(reading))
    return Desk(folder, name, reading, tuple(warnings), settings.samples, day)


def known_body(desk: Desk, body: str | None) -> None:
    """Refuse a ``body`` that is none.

    Raises:
        ConfigurationError: with the id that may have been meant.
    """
    for wrong in Entries(desk.reading).unknown(Body, body, Place(""), "责任单位") if body is not None else ():
        raise ConfigurationError(f"--body\uff1a{wrong.zh} / --body: {wrong.en}")
