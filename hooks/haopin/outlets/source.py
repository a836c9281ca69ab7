"""What an outlet is made from, and what it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from haopin.cache import Cache
from haopin.catalogue import Catalogue
from haopin.pictures import Pictures
from haopin.records import Record
from haopin.render.labels import Labels
from haopin.render.renderer import Renderer
from haopin.render.view import View
from haopin.text import LANGUAGES, Language


@dataclass(frozen=True)
class Outfile:
    """A file of an outlet: its path is known before its content is made.

    Attributes:
        path: Below the root of the language, or of the site if the outlet is shared.
        make: Returns its content; called once, when the file is written.
    """

    path: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Source:
    """The records of a county, in one language, on one day, and the addresses at which they are shown.

    Attributes:
        renderer: Pages and words of the language.
        base: Absolute address of the site's root, ending in ``/``.
        paths: Folder of each language below the root, ``""`` or ending in ``/``.
        cache: Keeps what is slow to make between builds; None to make everything anew.
    """

    renderer: Renderer
    base: str
    paths: Mapping[Language, str]
    cache: Cache | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The public records."""
        return self.renderer.catalogue

    @property
    def language(self) -> Language:
        """The language of the outlet."""
        return self.renderer.language

    @property
    def as_of(self) -> date:
        """The day for which the outlet speaks."""
        return self.renderer.as_of

    @property
    def view(self) -> View:
        """Derived answers."""
        return self.renderer.view

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of all pages."""
        return Pictures(self.renderer)

    @property
    def t(self) -> Labels:
        """Words of the site itself."""
        return self.renderer.t

    def url(self, address: str, language: Language | None = None) -> str:
        """Return the absolute address of what stands at ``address`` below the root of a language (default: own)."""
        return self.base + self.paths[language or self.language] + address

    def shared(self, path: str) -> str:
        """Return the absolute address of a file that both languages share."""
        return self.base + path

    def page_of(self, record: Record, language: Language | None = None) -> str:
        """Return the absolute address at which people read ``record``."""
        return self.url(self.view.address_of(record), language)

    def in_each(self, address: str) -> dict[Language, str]:
        """Return the absolute address of a page in each language."""
        return {language: self.url(address, language) for language in LANGUAGES}
