"""How a page, and what stands on it, is cited: one line of text, in the form that is usual in each language.

A citation is a place (what is cited: a document with its number and clause, a record with its source and date, or just
a title), the site with the day of its data, and an address. The script that cites one measure or figure of a page puts
its title between place and site, so what is common to a page stands on it once.
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

#: What stands between two parts. A Chinese citation is one sentence, an English one a row of them.
_GAP_ZH, _GAP = "\uff0c", " "
# A title in quotation marks or title marks has the inner ones of its own.
_INNER_QUOTES = str.maketrans("\u201c\u201d", "\u2018\u2019")
_INNER_TITLES = str.maketrans("\u300a\u300b", "\u3008\u3009")
# The heading of a clause may lead over to its text.
_LEADING_OVER = ":;,\uff1a\uff1b\uff0c\u3002\u3001 "
# Chinese words and the digits among them: a document number is one stretch of Chinese.
_CHINESE = re.compile("[\u2e80-\uffef](?:[\u2e80-\uffef0-9]*[\u2e80-\uffef])?")
# English words on a page that is written from right to left.
_LATIN = re.compile("[A-Za-z]{2,}(?:[A-Za-z0-9 .,;:'’“”()/&-]*[A-Za-z0-9)])?")


@dataclass(frozen=True)
class CitationLine:
    """A citation of a page in three stretches of text.

    Attributes:
        place: What is cited; empty for the site as a whole, else ending in what sets it apart from the next part.
        site: Name of the site and day of the data, ending likewise.
        address: Absolute address, as people read it.
    """

    place: str
    site: str
    address: str

    @property
    def text(self) -> str:
        """The whole as one line."""
        return self.place + self.site + self.address


class Citations:
    """Citations in one language on one day."""

    def __init__(self, view: TemplateContext, t: Labels) -> None:
        """Keep what they are made from."""
        self._view, self._t, self._language = view, t, view.language
        name = view.catalogue.site.name.show(view.language)
        day = t("footer.as_of", day=formats.day(view.as_of, view.language))
        self.site = self._joined((name, day) if view.language == "zh" else (f"{name}.", f"{day}."))

    def _joined(self, parts: Iterable[str]) -> str:
        return "".join(part + (_GAP_ZH if self._language == "zh" else _GAP) for part in parts if part)

    def item(self, title: str) -> str:
        """Return ``title`` as the name of what is cited, in quotation marks."""
        named = self._t("cite.item", title=title.rstrip(_LEADING_OVER).translate(_INNER_QUOTES))
        # An English sentence that ends in a mark of its own has no second one.
        return re.sub(r"(?<=[.?!\u2026])\.(?=\u201d)", "", named)

    def document(self, document: Document) -> str:
        """Return how ``document`` is named: issuing body, title, number, as far as they are known."""
        title, number = document.title.show(self._language), document.number
        issuer = document.issuer.show(self._language) if document.issuer else ""
        if self._language == "zh":
            # The title of an official document as a rule begins with the body that issued it.
            by = f"{issuer}\uff1a" if issuer and not title.startswith(issuer) else ""
            named = f"\u300a{title.translate(_INNER_TITLES)}\u300b"
            return f"{by}{named}\uff08{number}\uff09" if number else by + named
        by = f"{issuer}. " if issuer else ""
        return f"{by}\u201c{title.translate(_INNER_QUOTES)}\u201d ({number})." if number else by + self.item(title)

    def clause(self, ref: ClauseRef) -> str:
        """Return the place of a clause: its document, and its name there."""
        document = self._view.catalogue.get(Document, ref.document)
        return self._joined((self.document(document), self.item(self._view.clause_name(ref))))

    def record(self, source: str, title: str, day: date) -> str:
        """Return the place of a record that has a source and a date of its own."""
        shown = formats.day(day, self._language)
        if self._language == "zh":
            return self._joined((f"{source}\uff1a{self.item(title)}", shown))
        return self._joined((f"{source.rstrip('.')}.", self.item(title), f"{shown}."))

    def page(self, page: Page | None, title: str, address: str) -> CitationLine:
        """Return the citation of a page.

        Args:
            page: The generated page; None for one that a person wrote.
            title: Its title; empty for the home page, which is the site as a whole.
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
    """Return ``text`` as HTML; Chinese on a page in another language says so, for voices and fonts."""
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
    """Return ``citation`` as HTML; the script that cites a part of the page finds place and site in it."""
    place, site = marked(citation.place, language), marked(citation.site, language)
    return f"<span data-place>{place}</span><span data-site>{site}</span>{escape(citation.address)}"
