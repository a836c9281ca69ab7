"""Files of the outlets as MkDocs files: known to the check of links from the start, made when they are written."""

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from haopin.adapter.generated import know
from haopin.adapter.settings import Settings
from haopin.outlets import PER_LANGUAGE, SHARED, Source


class Made(File):
    """A file whose content is made when it is written: thousands of them must not wait in memory."""

    make: Callable[[], bytes]

    def __init__(self, path: str, config: MkDocsConfig, make: Callable[[], bytes]) -> None:
        """Stand for the file at ``path``."""
        super().__init__(path, src_dir=None, dest_dir=config.site_dir, use_directory_urls=config.use_directory_urls)
        self.make = make
        # Also one whose name begins with a dot, which MkDocs leaves out by itself.
        self.inclusion = InclusionLevel.INCLUDED
        # A page that somebody puts here would be told of the clash.
        self.generated_by = "haopin"

    def copy_file(self, dirty: bool = False) -> None:
        """Make and write the file."""
        target = Path(self.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self.make())


#: Folders of outlets to which pages link, below the root of a language or of the site.
_LINKED = ("api/v1/", "calendar/", "downloads/", "feeds/")


def add_outlets(files: Files, source: Source, settings: Settings, config: MkDocsConfig) -> None:
    """Add the files of all outlets.

    What both languages share is written by the first; the others know it by its way up. Where outlets are off, links to
    their files are not checked.
    """
    if not settings.outlets:
        know(files, folders=(*_LINKED, *(settings.edition.up + folder for folder in _LINKED)))
        return
    for outlet in PER_LANGUAGE:
        for made in outlet(source):
            files.append(Made(made.path, config, made.make))
    shared = [made for outlet in SHARED for made in outlet(source)]
    if settings.is_primary:
        for made in shared:
            files.append(Made(made.path, config, made.make))
    else:
        know(files, addresses=frozenset(settings.edition.up + made.path for made in shared))
