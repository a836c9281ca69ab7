"""What ``mkdocs.yml`` says to Haopin: ``extra: haopin:``, and the Markdown of the written pages.

The commands that build nothing read the file here, so that they work without MkDocs; a build is given what MkDocs has
read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import mergedeep
import yaml
from markdown import Markdown
from markdown.extensions import Extension
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from yaml_env_tag import construct_env_tag

from haopin.markdown import AsWritten, emoji, emoji_index
from haopin.model.base import FIRST_YEAR, LAST_YEAR, HttpsAddress
from haopin.problem import ConfigurationError
from haopin.text import Language

#: What MkDocs adds to the extensions that a configuration names.
_BUILT_IN = ("toc", "tables", "fenced_code")


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
    def other(self) -> LanguageEdition | None:
        """The edition that a page's switch of languages leads to; None if there is one language only."""
        return next(iter(self.others), None)

    def way_to_other(self, root: str, address: str) -> str:
        """Return the relative address of the page at ``address`` in the other language; empty if there is none.

        Args:
            root: Way from the page to the root of its language.
            address: Address of the page below it.
        """
        return "" if self.other is None else f"{root}{self.edition.up}{self.other.path}{address}"

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


@dataclass(frozen=True)
class MarkdownExtensions:
    """How the Markdown of written pages is read: ``markdown_extensions`` of ``mkdocs.yml``.

    Attributes:
        names: The extensions, in their order; `AsWritten` is always among them.
        configs: Options of the extensions, by name.
    """

    names: Sequence[str | Extension]
    configs: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let ranges be ranges, and icons and emoji the site's own: those of the extension ask a foreign host."""
        if not any(isinstance(name, AsWritten) for name in self.names):
            object.__setattr__(self, "names", (*self.names, AsWritten()))
        if "pymdownx.emoji" in self.names:
            own = {"emoji_index": emoji_index, "emoji_generator": emoji}
            given = self.configs.get("pymdownx.emoji", {})
            object.__setattr__(self, "configs", {**self.configs, "pymdownx.emoji": {**given, **own}})

    def converter(self) -> Markdown:
        """Return a fresh converter."""
        return Markdown(extensions=list(self.names), extension_configs=self.configs)


def settings_of(config: Path) -> Settings:
    """Return the settings of the configuration file ``config``.

    Raises:
        ConfigurationError: if it cannot be read, or they are missing or wrong.
    """
    return read_settings(read_yaml(config).get("extra"))


def read_config(config: Path) -> tuple[Settings, MarkdownExtensions]:
    """Return the settings of the configuration file ``config``, and the Markdown of its written pages.

    Raises:
        ConfigurationError: if it cannot be read, or one of the two is wrong.
    """
    given = read_yaml(config)
    return read_settings(given.get("extra")), _extensions(given.get("markdown_extensions") or [], config)


def _extensions(given: Any, config: Path) -> MarkdownExtensions:
    configs: dict[str, dict[str, Any]] = {}
    try:
        # A list of names, and of mappings of a name to its options; or one such mapping of all.
        for item in [given] if isinstance(given, Mapping) else given:
            for name, options in ({item: None} if isinstance(item, str) else item).items():
                configs[name] = options or configs.get(name, {})
        found = MarkdownExtensions(
            tuple(dict.fromkeys((*_BUILT_IN, *configs))), {name: its for name, its in configs.items() if its}
        )
        found.converter()
    except Exception as error:
        # An extension may fail in any way.
        raise ConfigurationError(f"{config}: markdown_extensions 有误 / is wrong: {error}") from error
    return found


def read_yaml(config: Path) -> dict[str, Any]:
    """Return what the file ``config`` says, with what it inherits: MkDocs' ``INHERIT``, ``!ENV`` and ``!relative``.

    Raises:
        ConfigurationError: if it cannot be read.
    """

    class Loader(yaml.Loader):
        """Reads the tags of MkDocs, and Python's, by which a configuration names functions."""

    def relative(loader: yaml.Loader, node: yaml.ScalarNode) -> str:
        first, _, rest = str(loader.construct_scalar(node)).partition("/")
        if first != "$config_dir":
            raise yaml.constructor.ConstructorError(problem="only !relative $config_dir/… can be used here")
        return str(config.resolve().parent / rest)

    Loader.add_constructor("!ENV", construct_env_tag)
    Loader.add_constructor("!relative", relative)

    def read(file: Path) -> dict[str, Any]:
        value = yaml.load(file.read_bytes(), Loader) or {}
        if not isinstance(value, dict):
            raise yaml.YAMLError(f"{file}: “name: value” expected")
        parent = value.pop("INHERIT", None)
        return value if parent is None else mergedeep.merge(read(file.parent / parent), value)

    try:
        return read(config)
    except (yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{config}: 无法读取 / cannot be read: {error}") from error


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
