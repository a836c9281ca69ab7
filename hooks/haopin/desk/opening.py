"""What a command of the desk works with: the data folder of a configuration, what is in it, and the day."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haopin.adapter.settings import display_name, resolve_day
from haopin.adapter.standalone import settings_of
from haopin.data import checked, time_zone
from haopin.desk.new_lookup import Lookup, found, nearest
from haopin.desk.new_unclear import UnclearError
from haopin.problem import ConfigurationError
from haopin.reading.folder import Reading

#: What is said of a date of a record, or of its approval, that is still to come.
TO_COME = (
    "“{value}”在今天(“{today}”)之后;公布、报送、审核的日期不能晚于今天。活动哪天举行写在活动日期里,"
    "推迟发布写“publish_from”",
    "“{value}” is after today, “{today}”: the date of an announcement, a report or an approval cannot be later. The "
    "day of an event has a field of its own; to publish later, use “publish_from”",
)


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


def body_named(desk: Desk, typed: str | None) -> str | None:
    """Return the id of the body that the option ``--body`` names; None if it is not given.

    Raises:
        ConfigurationError: if there is none, or more than one; lists what may have been meant.
    """
    if typed is None:
        return None
    try:
        return body_in(desk.reading, typed)
    except UnclearError as error:
        raise refused("--body", error) from error


def body_in(reading: Reading, typed: str) -> str:
    """Return the id of the body that ``typed`` names: its id, its name in either language, or words of the name.

    Raises:
        UnclearError: if there is none, or more than one.
    """
    bodies = Lookup(reading).candidates("body", {})
    matches = found(bodies, typed) if typed.strip() else ()
    if len(matches) == 1:
        return matches[0].id
    near = nearest(bodies, typed)
    listed = matches or ((near,) if near else bodies)
    zh_names = "、".join(f"{body.name.zh}\uff08{body.id}\uff09" for body in listed)
    en_names = "; ".join(f"{body.name.en} ({body.id})" for body in listed)
    if matches:
        zh, en = "“{value}”不止一个单位,请写全:{zh_names}", "“{value}” is the name of several bodies: {en_names}"
    elif near:
        zh, en = "没有责任单位“{value}”;是否想写“{zh_names}”?", "there is no body “{value}”; did you mean “{en_names}”?"
    else:
        zh, en = "没有责任单位“{value}”;可选:{zh_names}", "there is no body “{value}”; choose one of: {en_names}"
    raise UnclearError(zh, en, value=typed, zh_names=zh_names, en_names=en_names)


def no_day_to_come(day: date, today: date) -> None:
    """Refuse a ``day`` that is still to come as the date of a record or of its approval.

    Raises:
        UnclearError: with what to write.
    """
    if day > today:
        raise UnclearError(*TO_COME, value=day, today=today)


def refused(option: str, error: UnclearError) -> ConfigurationError:
    """Return what is told of an ``option`` that cannot be understood."""
    return ConfigurationError(f"{option}\uff1a{error.words.zh} / {option}: {error.words.en}")
