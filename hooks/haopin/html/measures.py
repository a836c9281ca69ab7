"""Measures and requirements as finished HTML for templates, because most content of a large site is measures."""

from typing import NamedTuple

from markupsafe import Markup, escape

from haopin.html.glossary import Terms
from haopin.html.i18n import Labels, say
from haopin.model.task import Committed, Statement
from haopin.site.progress import MeasureStatus, Progress
from haopin.text import LANGUAGE_TAGS, Language, fullwidth


class Shown(NamedTuple):
    """A measure or requirement on a page.

    A named tuple, because a large site has tens of thousands.

    Attributes:
        name: ``record/measure``.
        html: Heading with anchor, and text.
        more: The measure or requirement, if it has a body of its own, a due date or a note; few have.
        status: Its status, if the county has a ledger.
    """

    name: str
    html: Markup
    more: Statement | None
    status: MeasureStatus | None


class Measures:
    """Measures and requirements in one language."""

    def __init__(self, language: Language, t: Labels, terms: Terms, progress: Progress) -> None:
        """Store the sources."""
        self._language, self._terms, self._progress = language, terms, progress
        badge = f'<span class="hp-badge">{escape(t("quote.verbatim"))}</span>'
        self._verbatim = f'<p class="hp-verbatim">{badge}</p>'
        self._quote = f'<blockquote class="hp-quote" lang="{LANGUAGE_TAGS["zh"]}">'

    def of(self, holder: Committed, prefix: str, root: str, seen: set[str]) -> list[Shown]:
        """Return the measures or requirements of ``holder``.

        Args:
            holder: The record that they belong to.
            prefix: Prefix of their ids in anchors, if several records share a page.
            root: Relative path from the page to the root of the language.
            seen: Ids of the terms already linked on the page.
        """
        return [
            Shown(
                f"{holder.id}/{m.id}",
                Markup(self._heading(prefix + m.id, m) + self._words(m, root, seen)),
                m if m.owner or m.responsible or m.due or m.note else None,
                self._status(holder, m),
            )
            for m in holder.statements
        ]

    def _status(self, holder: Committed, measure: Statement) -> MeasureStatus | None:
        if not self._progress.reported:
            return None
        found = self._progress.measure(f"{holder.id}/{measure.id}")
        # Requirements, phases and safeguards have a status only if one was reported.
        return None if found.state == "not-reported" and not holder.is_reported else found

    def _heading(self, anchor: str, measure: Statement) -> str:
        title = say(measure.title, self._language)
        return f'<h3 id="{anchor}" class="hp-measure-title"><a href="#{anchor}">{title}</a></h3>\n'

    def _words(self, measure: Statement, root: str, seen: set[str]) -> str:
        """Return the original and its translation, except texts equal to the title."""
        quote, title, link = measure.quote, measure.title, self._terms.link
        if self._language == "zh":
            if quote.zh == title.zh:
                return self._verbatim
            return f"{self._quote}{link(escape(fullwidth(quote.zh)), root, seen)}</blockquote>"
        original = f"{self._quote}{escape(fullwidth(quote.zh))}</blockquote>"
        own = self._language
        if quote.language(own) == "zh" or quote.get(own) == title.get(own):
            return original
        return f'<p class="hp-translation">{link(say(quote, own), root, seen)}</p>\n{original}'
