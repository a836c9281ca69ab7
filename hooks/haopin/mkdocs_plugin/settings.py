"""What ``mkdocs.yml`` says to Haopin, below ``extra: haopin:``."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from haopin.model.base import FIRST_YEAR, LAST_YEAR, HttpsAddress
from haopin.problem import ConfigurationError
from haopin.text import Language


def _day_or_today(value: Any) -> Any:
    return None if value in ("", "today", None) else value


class LanguageEdition(BaseModel):
    """The site in one language.

    Attributes:
        language: Its language.
        path: Its folder below the site, ``""`` or ending in ``/``.
        config: Its configuration file, beside the main one.
        docs: Folder of the pages that a person wrote in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    path: str
    config: str
    docs: str

    @property
    def up(self) -> str:
        """Relative way from the edition's root to the site's root."""
        return "../" * self.path.count("/")


class Settings(BaseModel):
    """The settings of one build.

    Attributes:
        language: Language of this configuration.
        data: Folder of the records, from the configuration file.
        as_of: The day for which the pages speak; None means today in the county's time zone.
        samples: Whether records marked as samples are shown.
        exports: Whether files for machines (calendars, feeds, open data …) are made and named on pages.
        staging: Whether this is a trial that search engines must leave alone.
        cache: Folder, from the configuration file, for pictures and QR codes that are made only when changed.
        address: Where this build will stand, if not at the address in the data: below a portal, say.
        editions: All languages, the one at the site's root first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    data: str
    as_of: Annotated[date | None, BeforeValidator(_day_or_today)] = None
    samples: bool = False
    exports: bool = True
    staging: bool = False
    cache: str = ".cache"
    address: HttpsAddress | None = None
    editions: tuple[LanguageEdition, ...]

    @property
    def indexed(self) -> bool:
        """Whether search engines may take the site in."""
        return not (self.samples or self.staging)

    @property
    def edition(self) -> LanguageEdition:
        """The edition that this configuration builds."""
        return next(e for e in self.editions if e.language == self.language)

    @property
    def others(self) -> tuple[LanguageEdition, ...]:
        """The editions of other languages."""
        return tuple(e for e in self.editions if e.language != self.language)

    @property
    def is_primary(self) -> bool:
        """True for the edition at the site's root, whose build brings the others along."""
        return self.edition is self.editions[0]


def read_settings(extra: Any) -> Settings:
    """Return the settings of a configuration.

    Raises:
        ConfigurationError: if they are missing or wrong.
    """
    given = extra.get("haopin") if isinstance(extra, Mapping) else None
    try:
        return Settings.model_validate({k: v for k, v in (given or {}).items() if k != "session"})
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise ConfigurationError(f"mkdocs.yml extra.haopin 有误 / is wrong: {details}") from error


def resolve_day(as_of: date | None, time_zone: str) -> date:
    """Return ``as_of``, or today in ``time_zone``: the one place that reads a clock.

    Raises:
        ConfigurationError: if there is no such time zone, or the day cannot be right.
    """
    try:
        day = as_of or datetime.now(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"没有时区“{time_zone}” / there is no time zone “{time_zone}”") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ConfigurationError(
            f"日期 {day} 不在 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间，请核对 --as-of、HAOPIN_AS_OF 或本机时钟 / the day "
            f"{day} is not between {FIRST_YEAR} and {LAST_YEAR}; check --as-of, HAOPIN_AS_OF, or the clock"
        )
    return day


def display_name(folder: Path, base: Path) -> str:
    """Return how messages name ``folder``: relative to ``base`` where it lies below it."""
    return folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.name
