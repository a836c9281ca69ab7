"""Pages of the data as it is now, rendered one at a time: what a live preview shows before the site is built."""

import threading
from collections.abc import Mapping
from datetime import date
from logging import getLogger
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from haopin.build.addresses import evidence_names
from haopin.build.session import BuildSession, Reading, open_session, theme_assets
from haopin.build.settings import LanguageEdition, MarkdownExtensions, Settings, read_settings
from haopin.build.written_pages import Docs, read_docs
from haopin.cache import Readings
from haopin.csp import guarded
from haopin.exports.photographs import make_photographs
from haopin.html.renderer import CompiledTemplates
from haopin.load.folder import open_readings
from haopin.mkdocs_plugin import LOGGER
from haopin.mkdocs_plugin.events import frame_pages, name_site, prepared
from haopin.mkdocs_plugin.loading import load
from haopin.mkdocs_plugin.page_context import Build, parts_of
from haopin.mkdocs_plugin.site_files import GeneratedPage, use_own_templates
from haopin.privacy.evidence import path_of
from haopin.privacy.metadata import stripped
from haopin.site.publish import Shows

log = getLogger(LOGGER)


class Configurations:
    """The configurations of all languages, loaded again when one of their files changes."""

    def __init__(self, config: Path, address: str) -> None:
        """Load ``config`` and those of the other languages for a site at ``address``."""
        self._config, self._address = config.resolve(), address
        self._stamps: Mapping[Path, int] = {}
        self._loaded: dict[str, MkDocsConfig] = {}
        self._pages: tuple[Mapping[Path, int], Docs] | None = None
        self._readings: Readings | None = None

    def load(self) -> Mapping[str, MkDocsConfig]:
        """Return the configurations by language, the primary one first.

        Raises:
            ConfigurationError: if one is invalid.
        """
        folder = self._config.parent
        stamps = {file: file.stat().st_mtime_ns for file in sorted(folder.glob("*.yml"))}
        if stamps != self._stamps:
            primary = load(self._config)
            settings = read_settings(primary.extra)
            found = {settings.language: primary}
            for edition in settings.others:
                found[edition.language] = load(folder / edition.config, docs_dir=str(folder / edition.docs))
            for language, each in found.items():
                path = next(edition.path for edition in settings.editions if edition.language == language)
                each.site_url = self._address + path
                use_own_templates(each)
            self._loaded, self._stamps = found, stamps
        return self._loaded

    def docs(self, settings: Settings, extensions: MarkdownExtensions) -> Docs:
        """Return the written pages, read again when a file of their folders or a configuration changes."""
        folder = self._config.parent
        files = (file for edition in settings.editions for file in (folder / edition.docs).rglob("*"))
        stamps = {**self._stamps, **{file: file.stat().st_mtime_ns for file in files if file.is_file()}}
        if self._pages is None or self._pages[0] != stamps:
            self._pages = stamps, read_docs(settings, folder, extensions)
        return self._pages[1]

    def readings(self, settings: Settings) -> Readings:
        """Return the results of slow reads, which are kept as long as the configurations."""
        if self._readings is None:
            self._readings = open_readings(self._config.parent / settings.cache, lasting=True)
        return self._readings


class Live:
    """All pages of a session, each rendered when it is asked for.

    Attributes:
        session: The records, checked.
    """

    def __init__(
        self,
        configurations: Configurations,
        data: Path | None = None,
        reading: Reading | None = None,
        as_of: date | None = None,
        *,
        shows: Shows = "public",
    ) -> None:
        """Read and check the data.

        Args:
            configurations: The configurations.
            data: Another data folder than that of the settings.
            reading: Its records, if they have been read and checked.
            as_of: Another date than that of the settings.
            shows: Which records are shown.

        Raises:
            DataError: with all errors of the data and of the written pages.
            ConfigurationError: if the settings are invalid.
        """
        configs = configurations.load()
        primary = next(iter(configs.values()))
        settings = read_settings(primary.extra)
        others = {"data": str(data) if data else None, "as_of": as_of, "shows": shows}
        settings = settings.model_copy(update={name: value for name, value in others.items() if value is not None})
        base = Path(primary.config_file_path).resolve().parent
        extensions = MarkdownExtensions(tuple(primary.markdown_extensions), primary.mdx_configs or {})
        docs = configurations.docs(settings, extensions)
        readings = configurations.readings(settings)
        self.session: BuildSession = open_session(settings, base, extensions, log.info, docs, reading, readings)
        self._editions = sorted(settings.editions, key=lambda edition: len(edition.path), reverse=True)
        self._builds = {
            edition.language: self._build(configs[edition.language], settings, edition.language, extensions)
            for edition in settings.editions
        }
        # A renderer makes one page at a time.
        self._lock = threading.Lock()

    def _build(
        self, config: MkDocsConfig, settings: Settings, language: str, extensions: MarkdownExtensions
    ) -> tuple[Build, MkDocsConfig]:
        own = settings.model_copy(update={"language": language})
        name_site(config, self.session, own)
        build = prepared(config, self.session, own, extensions)
        env = config.theme.get_env()
        env.bytecode_cache = CompiledTemplates()
        frame_pages(build, env, config)
        return build, config

    def language(self, path: str) -> str:
        """Return the language of the page at ``path``, relative to the root of the site."""
        return self._edition(path).language

    def _edition(self, path: str) -> LanguageEdition:
        return next(edition for edition in self._editions if path.startswith(edition.path))

    def page(self, path: str) -> str | None:
        """Return the generated page at ``path``, relative to the root of the site; None if there is none."""
        edition = self._edition(path)
        build, config = self._builds[edition.language]
        address = path.removeprefix(edition.path)
        page = build.renderer.page_at(address)
        if page is None or any(address == written.address for written in self.session.pages[edition.language]):
            return None
        with self._lock:
            file = File(page.source, src_dir=None, dest_dir=config.site_dir, use_directory_urls=True)
            made = GeneratedPage(page, build.renderer, file, config, self.session.as_of.isoformat(), None)
            made.read_source(config)
            made.fill()
            parts = parts_of(build, config, made, str(made.title), made.headings)
            assert build.shell is not None
            return guarded(build.shell.page(parts, made.url, page.template))

    def file(self, path: str) -> bytes | None:
        """Return the asset, photograph or evidence at ``path`` below the root of the site; None if there is none."""
        path = path.removeprefix(self._edition(path).path)
        session = self.session
        if path.startswith(session.assets):
            name = path.removeprefix(session.assets)
            if name in session.look:
                found = session.look[name]
                return found.encode() if isinstance(found, str) else found
            asset = next((asset for asset in theme_assets() if asset.name == name), None)
            return asset.read_bytes() if asset is not None else None
        folder, _, name = path.partition("/")
        if folder == "evidence" and name in evidence_names(session.catalogue):
            return stripped(path, path_of(session.data, name).read_bytes())
        source = next(iter(self._builds.values()))[0].source
        made = next((made for made in make_photographs(source) if made.path == path), None)
        return made.make() if made is not None else None
