"""Input of an export (`ExportSource`) and its output (`Outfile`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from haopin.cache import Cache
from haopin.exports.pictures.images import Pictures
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels
from haopin.html.quantity import QuantityFormat
from haopin.html.renderer import Renderer
from haopin.model import Kind, Record
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language, Text, Wording
from haopin.trace import Day, derived


@dataclass(frozen=True)
class Outfile:
    """A file of an export; its path is known before its content is created.

    Attributes:
        path: Path relative to the root of the language, or of the site for a shared export.
        make: Returns the content; called once, when the file is written.
    """

    path: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class ExportSource:
    """Public records of a site, in one language and on one day, with the addresses of their pages.

    Attributes:
        renderer: Renderer of the language.
        base: Absolute address of the site, ending in ``/``.
        paths: Folder of each language relative to the site, ``""`` or ending in ``/``.
        indexed: Whether search engines may index the site: it is not a demonstration or staging site.
        cache: Cache of slow results between builds; None for no cache.
        picture_cache: Cache of the photographs, which keeps nothing of a photograph that is no longer public.
        values: Values that several files share, by name: see `haopin.trace.kept`.
    """

    renderer: Renderer
    base: str
    paths: Mapping[Language, str]
    indexed: bool = True
    cache: Cache | None = None
    picture_cache: Cache | None = None
    values: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def catalogue(self) -> Catalogue:
        """The public records."""
        return self.renderer.catalogue

    @property
    def language(self) -> Language:
        """Language of the export."""
        return self.renderer.language

    @property
    def as_of(self) -> Day:
        """Date of the export."""
        return self.renderer.as_of

    @property
    def view(self) -> TemplateContext:
        """Derived values."""
        return self.renderer.view

    @derived
    def pictures(self) -> Pictures:
        """Preview images of all pages."""
        if self.language in LANGUAGES:
            return Pictures(self.renderer)
        # The font of the images has Chinese and Latin letters only.
        return Pictures(self.renderer.in_language("en" if "en" in self.languages else "zh"))

    @property
    def description(self) -> str:
        """Description of the site in one sentence."""
        return self.renderer.site_description.show(self.language)

    @property
    def t(self) -> Labels:
        """Interface texts of the language."""
        return self.renderer.t

    def labels(self, language: Language) -> Labels:
        """Return the interface texts in ``language``."""
        return self.renderer.labels[language]

    def quantity(self, language: Language) -> QuantityFormat:
        """Return the number format of ``language``."""
        return self.renderer.quantities[language]

    def both(self, key: str) -> Text:
        """Return the label ``key`` in both languages, for shared files."""
        return self.renderer.both(key)

    def kind_title(self, kind: Kind) -> Text:
        """Return the title of ``kind`` on this site, in both languages."""
        return self.renderer.kind_title(kind)

    def url(self, address: str, language: Language | None = None) -> str:
        """Return the absolute URL of ``address``, relative to the root of a language (default: own)."""
        return self.base + self.paths[language or self.language] + address

    def shared(self, path: str) -> str:
        """Return the absolute URL of a shared file."""
        return self.base + path

    def page_of(self, record: Record, language: Language | None = None) -> str:
        """Return the absolute URL of the page of ``record``."""
        return self.url(self.view.address_of(record), language)

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages of the site, the primary one first."""
        return tuple(self.paths)

    def in_each(self, address: str) -> dict[Language, str]:
        """Return the absolute URL of a page in each language."""
        return {language: self.url(address, language) for language in self.languages}

    @derived
    def outside(self) -> Mapping[str, Any]:
        """Template context for HTML that is read outside the site: all addresses are absolute."""
        return self.renderer.outside(self.url(""), self.base)

    def pair(self, label: str, value: str) -> str:
        """Format ``value`` with its ``label``."""
        return self.renderer.pair(label, value)

    @staticmethod
    def name_of(record: Record) -> Wording:
        """Return the name of ``record``."""
        return record.label
