"""Settings in ``mkdocs.yml``: ``extra: haopin:``, and the Markdown extensions of the written pages.

Commands that do not build read the file here, without MkDocs; a build uses the configuration that MkDocs has loaded.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from types import FunctionType
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import mergedeep
import yaml
from markdown import Markdown
from markdown.extensions import Extension
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from yaml_env_tag import construct_env_tag

from haopin.cache import Readings, key
from haopin.check.configuration import TESTED_EXTENSIONS
from haopin.markdown import AsWritten, emoji, emoji_index
from haopin.model.base import FIRST_YEAR, LAST_YEAR, HttpsAddress
from haopin.problem import ConfigurationError
from haopin.site.publish import Shows
from haopin.text import Language

#: Extensions that MkDocs always adds.
_BUILT_IN = ("toc", "tables", "fenced_code")
#: Modules whose functions do not change while the installed packages and this program stay the same.
_KNOWN = ("haopin.", "markdown.", "pymdownx.")
_PYTHON_NAME = "tag:yaml.org,2002:python/name:"
# Functions of a module that lists all emoji, and those that `MarkdownExtensions` uses in any case.
_LARGE = {"material.extensions.emoji.twemoji": emoji_index, "material.extensions.emoji.to_svg": emoji}


def _day_or_today(value: Any) -> Any:
    return None if value in ("", "today", None) else value


class LanguageEdition(BaseModel):
    """Settings of the site in one language.

    Attributes:
        language: Its language.
        path: Its folder relative to the site, ``""`` or ending in ``/``.
        config: Its configuration file, beside the main one.
        docs: Folder of its written pages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    path: str
    config: str
    docs: str

    @property
    def up(self) -> str:
        """Relative path from the root of the edition to the root of the site."""
        return "../" * self.path.count("/")


class Settings(BaseModel):
    """Settings of one build.

    Attributes:
        language: Language of this configuration.
        data: Folder of the records, relative to the configuration file.
        as_of: Date of the pages; None means today in the county's time zone.
        samples: Whether to show records marked as samples.
        exports: Whether to create exports (calendars, feeds, open data …) and link to them.
        staging: Whether this is a staging build, which search engines must not index.
        cache: Cache folder for generated images, relative to the configuration file.
        remember: Whether to note what each file is made from, so that the next build makes only what has changed. Not
            worthwhile where nothing is kept between builds.
        shows: Which records are shown: more than the public ones only in a draft of the site for the approver, which
            `haopin preview` makes.
        address: Address of this build, if not the one in the data; below a portal, for instance.
        editions: All languages, the primary one (at the root of the site) first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    data: str
    as_of: Annotated[date | None, BeforeValidator(_day_or_today)] = None
    samples: bool = False
    exports: bool = True
    staging: bool = False
    cache: str = ".cache"
    remember: bool = True
    shows: Shows = "public"
    address: HttpsAddress | None = None
    editions: tuple[LanguageEdition, ...]

    @model_validator(mode="after")
    def _has_its_edition(self) -> Self:
        languages = [edition.language for edition in self.editions]
        if self.language not in languages or len(set(languages)) < len(languages):
            listed = ", ".join(languages)
            raise PydanticCustomError(
                "language",
                "language: editions 里每种语言一行 / one line each in editions: {listed}",
                {"listed": listed},
            )
        return self

    @property
    def indexed(self) -> bool:
        """Whether search engines may index the site."""
        return not (self.samples or self.staging or self.is_draft)

    @property
    def is_draft(self) -> bool:
        """Whether records are shown that are not public."""
        return self.shows != "public"

    @property
    def edition(self) -> LanguageEdition:
        """The edition that this configuration builds."""
        return next(e for e in self.editions if e.language == self.language)

    @property
    def others(self) -> tuple[LanguageEdition, ...]:
        """The editions of other languages."""
        return tuple(e for e in self.editions if e.language != self.language)

    def way_to(self, edition: LanguageEdition, root: str, address: str) -> str:
        """Return the relative address of the same page in another language.

        Args:
            edition: Edition of the other language.
            root: Relative path from the page to the root of its language.
            address: Address of the page, relative to that root.
        """
        return f"{root}{self.edition.up}{edition.path}{address}"

    @property
    def is_primary(self) -> bool:
        """Whether this is the edition at the root of the site, whose build also builds the others."""
        return self.edition is self.editions[0]


def read_settings(extra: Any) -> Settings:
    """Validate the settings of a configuration.

    Args:
        extra: Value of ``extra``.

    Raises:
        ConfigurationError: if they are missing or invalid.
    """
    given = extra.get("haopin") if isinstance(extra, Mapping) else None
    try:
        return Settings.model_validate({k: v for k, v in (given or {}).items() if k != "session"})
    except ValidationError as error:
        details = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise ConfigurationError(f"mkdocs.yml extra.haopin 有误 / is wrong: {details}") from error


@dataclass(frozen=True)
class MarkdownExtensions:
    """``markdown_extensions`` of ``mkdocs.yml``, for the written pages.

    Attributes:
        names: The extensions in their order; always includes `AsWritten`.
        configs: Options by extension name.
    """

    names: Sequence[str | Extension]
    configs: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Add `AsWritten`, and replace the emoji of the extension (loaded from a foreign host) by local ones."""
        if not any(isinstance(name, AsWritten) for name in self.names):
            object.__setattr__(self, "names", (*self.names, AsWritten()))
        if "pymdownx.emoji" in self.names:
            own = {"emoji_index": emoji_index, "emoji_generator": emoji}
            given = self.configs.get("pymdownx.emoji", {})
            object.__setattr__(self, "configs", {**self.configs, "pymdownx.emoji": {**given, **own}})

    def converter(self) -> Markdown:
        """Return a new converter.

        Raises:
            ConfigurationError: if an extension does not exist or refuses its options.
        """
        try:
            return Markdown(extensions=list(self.names), extension_configs=self.configs)
        except Exception as error:
            # An extension may raise any exception.
            raise ConfigurationError(f"mkdocs.yml: markdown_extensions 有误 / is wrong: {error}") from error

    @cached_property
    def described(self) -> str | None:
        """Names and options as a text that is the same in every run; None if a conversion may depend on more."""
        names = [name if isinstance(name, str) else type(name).__name__ for name in self.names]
        if not TESTED_EXTENSIONS.issuperset(name for name in self.names if not isinstance(name, AsWritten)):
            return None
        try:
            return json.dumps([names, self.configs], default=_described)
        except TypeError:
            return None

    def reading(self, readings: Readings | None, text: str, what: str, make: Callable[[], Any]) -> Any:
        """Return ``what`` is found in the Markdown ``text`` by ``make``, a value of JSON; perhaps an earlier result."""
        if readings is None or self.described is None:
            return make()
        return readings.made(key(what, self.described, text), make)


def _described(value: Any) -> Any:
    """Return an option that is no value of JSON, a function of a library or of this program, in such a form."""
    if isinstance(value, partial):
        return [_described(value.func), value.args, value.keywords]
    if isinstance(value, FunctionType) and not value.__closure__ and value.__module__.startswith(_KNOWN):
        return f"{value.__module__}.{value.__qualname__}"
    raise TypeError(value)


def settings_of(config: Path) -> Settings:
    """Read the settings of the configuration file ``config``.

    Raises:
        ConfigurationError: if it cannot be read, or the settings are missing or invalid.
    """
    return read_settings(read_yaml(config).get("extra"))


def read_config(config: Path) -> tuple[Settings, MarkdownExtensions]:
    """Read the settings and the Markdown extensions of the configuration file ``config``.

    Raises:
        ConfigurationError: if it cannot be read, or one of the two is invalid.
    """
    given = read_yaml(config)
    return read_settings(given.get("extra")), named_extensions(given.get("markdown_extensions") or [], config.name)


def named_extensions(given: Any, config: str) -> MarkdownExtensions:
    """Return the extensions ``given`` in the configuration file ``config``; their options are not validated.

    Raises:
        ConfigurationError: if these are no names and options.
    """
    configs: dict[str, dict[str, Any]] = {}
    try:
        # A list of names and of one-key mappings (name: options); or a single mapping.
        for item in [given] if isinstance(given, Mapping) else given:
            for name, options in ({item: None} if isinstance(item, str) else item).items():
                configs[name] = options or configs.get(name, {})
    except (TypeError, AttributeError) as error:
        raise ConfigurationError(f"{config}: markdown_extensions 有误 / is wrong: {error}") from error
    return MarkdownExtensions(
        tuple(dict.fromkeys((*_BUILT_IN, *configs))), {name: its for name, its in configs.items() if its}
    )


def read_yaml(config: Path) -> dict[str, Any]:
    """Read the configuration file ``config``, with MkDocs' ``INHERIT``, ``!ENV`` and ``!relative``.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    try:
        try:
            return _read_yaml(config, yaml.CLoader)
        except yaml.YAMLError:
            # The slower parser in Python shows the line of a mistake.
            return _read_yaml(config, yaml.Loader)
    except (yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{config}: 无法读取 / cannot be read: {error}") from error


def _read_yaml(config: Path, parser: Any) -> dict[str, Any]:
    class Loader(parser):  # type: ignore[misc]
        """Loader for MkDocs' own tags, and for Python's, by which a configuration names functions."""

    def relative(loader: yaml.Loader, node: yaml.ScalarNode) -> str:
        first, _, rest = str(loader.construct_scalar(node)).partition("/")
        if first != "$config_dir":
            raise yaml.constructor.ConstructorError(problem="only !relative $config_dir/… can be used here")
        return str(config.resolve().parent / rest)

    Loader.add_constructor("!ENV", construct_env_tag)
    Loader.add_constructor("!relative", relative)
    name_own_emoji(Loader)

    def read(file: Path) -> dict[str, Any]:
        value = yaml.load(file.read_bytes(), Loader) or {}
        if not isinstance(value, dict):
            raise yaml.YAMLError(f"{file}: “name: value” expected")
        parent = value.pop("INHERIT", None)
        return value if parent is None else mergedeep.merge(read(file.parent / parent), value)

    return read(config)


def name_own_emoji(loader: Any) -> None:
    """Let ``loader`` (a class) read the names of Material's emoji functions as ours, without loading Material's."""
    for name, own in _LARGE.items():
        loader.add_constructor(_PYTHON_NAME + name, lambda _loader, _node, own=own: own)


def resolve_day(as_of: date | None, time_zone: str) -> date:
    """Return ``as_of``, or today's date in ``time_zone``. Only this function reads the clock.

    Raises:
        ConfigurationError: if the time zone does not exist or the date is not plausible.
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
    """Return the name of ``folder`` for messages: relative to ``base`` if it is below it."""
    return folder.relative_to(base).as_posix() if folder.is_relative_to(base) else folder.name
