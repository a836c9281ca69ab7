"""Measures and requirements as finished HTML for templates, because most content of a large site is measures."""

import re
from typing import NamedTuple

from markupsafe import Markup, escape

from haopin.html.glossary import Terms
from haopin.html.i18n import Labels, say
from haopin.model.task import Committed, Statement
from haopin.site.progress import MeasureStatus, Progress
from haopin.text import LANGUAGE_TAGS, Language, Text, fullwidth

_WORD = re.compile(r"\w+")
#: Letters by which two forms of a word are taken for one; letters from which on a word says something.
_STEM, _CONTENT = 5, 4
#: Words that a translation may have beside those of the title and still say no more than it.
_FILLING = 2


def says_more(quote: str, title: str) -> bool:
    """Return whether ``quote``, in a language that parts words by spaces, says more than ``title``.

    Numbers are always content. Of other words, those of four letters are; forms of a word count as one.
    """
    have = {word.lower()[:_STEM] for word in _WORD.findall(title)}
    more = set()
    for word in _WORD.findall(quote):
        stem = word.lower()[:_STEM]
        if stem not in have and (len(word) >= _CONTENT or word.isdigit()):
            more.add(stem)
            # Most say more within a few words.
            if len(more) > _FILLING or stem.isdigit():
                return True
    return False


class Shown(NamedTuple):
    """A measure or requirement on a page.

    A named tuple, because a large site has tens of thousands.

    Attributes:
        name: ``record/measure``.
        title: Heading with anchor.
        words: The document's own words, as far as they say more than the title.
        more: The measure or requirement, if it has a body of its own, a due date or a note; few have.
        status: Its status, if the county has a ledger.
    """

    name: str
    title: Markup
    words: Markup
    more: Statement | None
    status: MeasureStatus | None


class Subject(NamedTuple):
    """Measures or requirements below one heading.

    Attributes:
        heading: The heading, by the editors; None above the first that has one.
        first: Anchor of its first measure.
        number: Number of that measure.
        measures: The measures below the heading.
    """

    heading: Text | None
    first: str
    number: int
    measures: list[Shown]


class Measures:
    """Measures and requirements in one language."""

    def __init__(self, language: Language, t: Labels, terms: Terms, progress: Progress) -> None:
        """Store the sources."""
        self._language, self._terms, self._progress = language, terms, progress
        badge = f'<span class="hp-badge">{escape(t("quote.verbatim"))}</span>'
        self._verbatim = f'<p class="hp-verbatim">{badge}</p>'
        self._quote = f'<blockquote class="hp-quote" lang="{LANGUAGE_TAGS["zh"]}">'

    def of(self, holder: Committed, prefix: str, root: str, seen: set[str]) -> list[Subject]:
        """Return the measures or requirements of ``holder`` by subject; one subject without a name if none is named.

        Args:
            holder: The record that they belong to.
            prefix: Prefix of their ids in anchors, if several records share a page.
            root: Relative path from the page to the root of the language.
            seen: Ids of the terms already linked on the page.
        """
        found: list[Subject] = []
        level = 4 if any(m.heading for m in holder.statements) else 3
        for number, m in enumerate(holder.statements, 1):
            if m.heading or not found:
                found.append(Subject(m.heading, f"{prefix}{m.id}", number, []))
            found[-1].measures.append(
                Shown(
                    f"{holder.id}/{m.id}",
                    Markup(self._heading(prefix + m.id, m, level)),
                    Markup(self._words(m, root, seen)),
                    m if m.owner or m.responsible or m.due or m.note else None,
                    self._status(holder, m),
                )
            )
        return found

    def _status(self, holder: Committed, measure: Statement) -> MeasureStatus | None:
        if not self._progress.reported:
            return None
        found = self._progress.measure(f"{holder.id}/{measure.id}")
        # Requirements, phases and safeguards have a status only if one was reported.
        return None if found.state == "not-reported" and not holder.is_reported else found

    def _heading(self, anchor: str, measure: Statement, level: int) -> str:
        title = say(measure.title, self._language)
        return f'<h{level} id="{anchor}" class="hp-measure-title"><a href="#{anchor}">{title}</a></h{level}>'

    def _words(self, measure: Statement, root: str, seen: set[str]) -> str:
        """Return the original and its translation, except what says no more than the title."""
        quote, title, link = measure.quote, measure.title, self._terms.link
        if self._language == "zh":
            if quote.zh == title.zh:
                return self._verbatim
            return f"{self._quote}{link(escape(fullwidth(quote.zh)), root, seen)}</blockquote>"
        original = f"{self._quote}{escape(fullwidth(quote.zh))}</blockquote>"
        own = self._language
        if quote.language(own) == "zh" or not says_more(quote.show(own), title.show(own)):
            return original
        return f'<p class="hp-translation">{link(say(quote, own), root, seen)}</p>\n{original}'
