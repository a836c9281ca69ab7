"""Citations of pages and of items on them: one line of text, in the usual form of each language.

A citation has a place (a document with number and clause, a record with source and date, or a title), the site with the
date of its data, and an address. The script that cites one measure or chart of a page inserts its title between place
and site, so that a page contains the common parts once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from haopin.html import formats
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels
from haopin.model.base import ClauseRef
from haopin.model.document import Document
from haopin.model.publishable import Publishable
from haopin.model.task import Task
from haopin.site.pages import Page
from haopin.text import Language, direction_of, shown_address
from haopin.trace import derived

#: Separator of the parts: a Chinese citation is one sentence, an English one a series of sentences.
_GAP_ZH, _GAP = "\uff0c", " "
# Quotation marks or title marks within a title become the inner ones.
_INNER_QUOTES = str.maketrans("\u201c\u201d", "\u2018\u2019")
_INNER_TITLES = str.maketrans("\u300a\u300b", "\u3008\u3009")
# Removed from the end of a heading that runs into its text.
_LEADING_OVER = ":;,\uff1a\uff1b\uff0c\u3002\u3001 "
# Chinese words with the digits among them: a document number is one stretch of Chinese.
_CHINESE = re.compile("[\u2e80-\uffef](?:[\u2e80-\uffef0-9]*[\u2e80-\uffef])?")
# English words on a right-to-left page.
_LATIN = re.compile("[A-Za-z]{2,}(?:[A-Za-z0-9 .,;:'’“”()/&-]*[A-Za-z0-9)])?")


@dataclass(frozen=True)
class CitationLine:
    """A citation of a page in three parts.

    Attributes:
        place: What is cited, with the separator at its end; "" for the site as a whole.
        site: Name of the site and date of the data, with the separator.
        address: Absolute address, as displayed.
    """

    place: str
    site: str
    address: str

    @property
    def text(self) -> str:
        """The citation as one line."""
        return self.place + self.site + self.address


class Citations:
    """Citations in one language for one date."""

    def __init__(self, view: TemplateContext, t: Labels) -> None:
        """Store the sources."""
        self._view, self._t, self._language = view, t, view.language

    @derived
    def site(self) -> str:
        """Name of the site and date of the data, with the separator."""
        name = self._view.catalogue.site.name.show(self._language)
        day = self._t("footer.as_of", day=formats.day(self._view.as_of, self._language))
        return self._joined((name, day) if self._language == "zh" else (f"{name}.", f"{day}."))

    def _joined(self, parts: Iterable[str]) -> str:
        return "".join(part + (_GAP_ZH if self._language == "zh" else _GAP) for part in parts if part)

    def item(self, title: str) -> str:
        """Return ``title`` as the name of what is cited, in quotation marks."""
        named = self._t("cite.item", title=title.rstrip(_LEADING_OVER).translate(_INNER_QUOTES))
        # No second mark after an English title that ends with one.
        return re.sub(r"(?<=[.?!\u2026])\.(?=\u201d)", "", named)

    def document(self, document: Document) -> str:
        """Return the citation of ``document``: issuing body, title, number, as far as known."""
        title, number = document.title.show(self._language), document.number
        issuer = document.issuer.show(self._language) if document.issuer else ""
        if self._language == "zh":
            # The title of an official document usually begins with the issuing body.
            by = f"{issuer}\uff1a" if issuer and not title.startswith(issuer) else ""
            named = f"\u300a{title.translate(_INNER_TITLES)}\u300b"
            return f"{by}{named}\uff08{number}\uff09" if number else by + named
        by = f"{issuer}. " if issuer else ""
        return f"{by}\u201c{title.translate(_INNER_QUOTES)}\u201d ({number})." if number else by + self.item(title)

    def clause(self, ref: ClauseRef) -> str:
        """Return the place of a clause: its document and its name in it."""
        document = self._view.catalogue.get(Document, ref.document)
        return self._joined((self.document(document), self.item(self._view.clause_name(ref))))

    def record(self, source: str, title: str, day: date) -> str:
        """Return the place of a record with a source and a date of its own."""
        shown = formats.day(day, self._language)
        if self._language == "zh":
            return self._joined((f"{source}\uff1a{self.item(title)}", shown))
        return self._joined((f"{source.rstrip('.')}.", self.item(title), f"{shown}."))

    def page(self, page: Page | None, title: str, address: str) -> CitationLine:
        """Return the citation of a page.

        Args:
            page: The generated page; None for a written page.
            title: Its title; "" for the home page, which stands for the site as a whole.
            address: Its absolute address.
        """
        return CitationLine(self._place(page, title), self.site, shown_address(address))

    def _place(self, page: Page | None, title: str) -> str:
        if not title:
            return ""
        record = page.record if page is not None else None
        if isinstance(record, Task):
            return self.clause(record.clause)
        if isinstance(record, Document):
            return self._joined((self.document(record),))
        if isinstance(record, Publishable):
            return self.record(record.source.show(self._language), title, record.date)
        return self._joined((self.item(title),))


def marked(text: str, language: Language) -> str:
    """Return ``text`` as HTML, with Chinese marked on a page in another language, for screen readers and fonts."""
    html = escape(text, quote=False)
    if language == "zh":
        return html
    html = _CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', html)
    if direction_of(language) == "ltr":
        return html
    return "".join(
        part if number % 2 else _LATIN.sub(r'<span lang="en" dir="ltr">\g<0></span>', part)
        for number, part in enumerate(re.split(r"(<[^>]*>|&\w+;)", html))
    )


def markup(citation: CitationLine, language: Language) -> str:
    """Return ``citation`` as HTML, from which the script that cites a part of the page takes place and site."""
    place, site = marked(citation.place, language), marked(citation.site, language)
    return f"<span data-place>{place}</span><span data-site>{site}</span>{escape(citation.address)}"
