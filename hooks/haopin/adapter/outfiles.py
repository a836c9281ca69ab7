"""Files of the outlets as MkDocs files: known to the check of links from the start, made when they are written."""

from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from haopin.adapter.settings import Settings
from haopin.outlets import PER_LANGUAGE, SHARED, Source


class Made(File):
    """A file whose content is made when it is written: thousands of them must not wait in memory."""

    make: Callable[[], bytes] | None

    def __init__(self, path: str, config: MkDocsConfig, make: Callable[[], bytes] | None) -> None:
        """Stand for the file at ``path``; without ``make`` it is known but not written."""
        super().__init__(path, src_dir=None, dest_dir=config.site_dir, use_directory_urls=config.use_directory_urls)
        self.make = make
        # A page that somebody puts here would be told of the clash.
        self.generated_by = "haopin"

    def copy_file(self, dirty: bool = False) -> None:
        """Make and write the file."""
        if self.make is not None:
            target = Path(self.abs_dest_path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.make())


def add_outlets(files: Files, source: Source, settings: Settings, config: MkDocsConfig) -> None:
    """Add the files of all outlets.

    What both languages share is written by the first; the others know it by its way up.
    """
    write = settings.outlets
    for outlet in PER_LANGUAGE:
        for made in outlet(source):
            files.append(Made(made.path, config, made.make if write else None))
    for outlet in SHARED:
        for made in outlet(source):
            own = settings.is_primary
            path = made.path if own else settings.edition.up + made.path
            files.append(Made(path, config, made.make if write and own else None))
