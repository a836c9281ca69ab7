"""Input of an export (`ExportSource`) and its output (`Outfile`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from haopin.cache import Cache
from haopin.exports.pictures.images import Pictures
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels
from haopin.html.quantity import QuantityFormat
from haopin.html.renderer import Renderer
from haopin.model import Kind, Record
from haopin.site.catalogue import Catalogue
from haopin.text import Language, Text, Wording


@dataclass(frozen=True)
class Outfile:
    """A file of an export: its path is known before its content is made.

    Attributes:
        path: Below the root of the language, or of the site if the export is shared.
        make: Returns its content; called once, when the file is written.
    """

    path: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class ExportSource:
    """The records of a county, in one language, on one day, and the addresses at which they are shown.

    Attributes:
        renderer: Pages and words of the language.
        base: Absolute address of the site's root, ending in ``/``.
        paths: Folder of each language below the root, ``""`` or ending in ``/``.
        indexed: Whether search engines may take the site in: not a demonstration, not a trial.
        cache: Keeps what is slow to make between builds; None to make everything anew.
    """

    renderer: Renderer
    base: str
    paths: Mapping[Language, str]
    indexed: bool = True
    cache: Cache | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The public records."""
        return self.renderer.catalogue

    @property
    def language(self) -> Language:
        """The language of the export."""
        return self.renderer.language

    @property
    def as_of(self) -> date:
        """The day for which the export speaks."""
        return self.renderer.as_of

    @property
    def view(self) -> TemplateContext:
        """Derived answers."""
        return self.renderer.view

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of all pages."""
        return Pictures(self.renderer)

    @property
    def description(self) -> str:
        """What the site is, in a sentence."""
        return self.catalogue.site.description.show(self.language)

    @property
    def t(self) -> Labels:
        """Words of the site itself."""
        return self.renderer.t

    def labels(self, language: Language) -> Labels:
        """Return the words of the site itself in ``language``."""
        return self.renderer.labels[language]

    def quantity(self, language: Language) -> QuantityFormat:
        """Return numbers in the words of ``language``."""
        return self.renderer.quantities[language]

    def both(self, key: str) -> Text:
        """Return the label ``key`` in both languages, for files that the languages share."""
        return self.renderer.both(key)

    def kind_title(self, kind: Kind) -> Text:
        """Return what records of ``kind`` are called on this site, in both languages."""
        return self.renderer.kind_title(kind)

    def url(self, address: str, language: Language | None = None) -> str:
        """Return the absolute address of what stands at ``address`` below the root of a language (default: own)."""
        return self.base + self.paths[language or self.language] + address

    def shared(self, path: str) -> str:
        """Return the absolute address of a file that both languages share."""
        return self.base + path

    def page_of(self, record: Record, language: Language | None = None) -> str:
        """Return the absolute address at which people read ``record``."""
        return self.url(self.view.address_of(record), language)

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the site, the one at its root first."""
        return tuple(self.paths)

    def in_each(self, address: str) -> dict[Language, str]:
        """Return the absolute address of a page in each language."""
        return {language: self.url(address, language) for language in self.languages}

    @cached_property
    def outside(self) -> Mapping[str, Any]:
        """What templates ask for, for pieces that are read outside the site's pages: every address is absolute."""
        return self.renderer.outside(self.url(""), self.base)

    def pair(self, label: str, value: str) -> str:
        """Return ``value`` after its ``label``."""
        return f"{label}\uff1a{value}" if self.language == "zh" else f"{label}: {value}"

    @staticmethod
    def name_of(record: Record) -> Wording:
        """Return what ``record`` is called."""
        return record.label
