"""Links to the glossary at the first use of each term on a page."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache  # nothing of records is kept
from typing import Any

from markupsafe import Markup, escape

from haopin.model.provision import Term
from haopin.text import LANGUAGES, Language, fullwidth
from haopin.trace import portable

_TAG = re.compile(r"(<[^>]*>)")
_CHINESE = re.compile("[\u3400-\u9fff]")
_QUOTED = re.compile('“[^“”]*”|"[^"]*"')


class Terms:
    """Terms with a definition, in one language; others are not linked."""

    def __init__(self, terms: Iterable[Term], language: Language) -> None:
        """Index every form of each defined term, the longest first: 质量月 before 质量.

        A form belongs to Chinese if it has a Chinese character, else to English.
        """
        forms: dict[str, str] = {}
        for term in terms:
            if term.definition is None:
                continue
            own = [form for form in term.forms if bool(_CHINESE.search(form)) == (language == "zh")]
            for form in (term.term.get(language), *(own if language in LANGUAGES else ())):
                # Marks around a whole name are not part of it in running text; English terms may begin a sentence.
                words = form[1:-1] if _QUOTED.fullmatch(form) else form
                words = fullwidth(words) if language == "zh" else words.lower()
                forms.setdefault(str(escape(words)), term.id)
        self._ids = dict(sorted(forms.items(), key=lambda pair: -len(pair[0])))
        self._language = language

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the terms with a definition."""
        return frozenset(self._ids.values())

    def link(self, html: str, root: str, seen: set[str]) -> Markup:
        """Return ``html`` with the first use of each term linked to the glossary.

        Args:
            html: Escaped text or HTML; links, code and headings are not changed.
            root: Relative address of the root of the language.
            seen: Ids of the terms already linked on the page; those linked here are added.
        """
        html = str(html)
        folded = html if self._language == "zh" else html.lower()
        found = tuple(form for form in self._ids if form in folded)
        if not found or seen.issuperset(self._ids[form] for form in found):
            return Markup(html)
        # Terms already linked stay in the pattern, or a shorter term within them would be linked instead.
        pattern = _pattern(found, self._language)

        def linked(match: re.Match[str]) -> str:
            term = self._ids[match.group() if self._language == "zh" else match.group().lower()]
            if term in seen:
                return match.group()
            seen.add(term)
            return f'<a class="hp-term" href="{root}glossary/#{term}">{match.group()}</a>'

        if "<" not in html:
            return Markup(pattern.sub(linked, html))
        parts, depth = _TAG.split(html), 0
        for index, part in enumerate(parts):
            if index % 2:
                if re.match(r"<(?:a|code|h[1-6])\b", part):
                    depth += 1
                elif re.match(r"</(?:a|code|h[1-6])>", part):
                    depth -= 1
            elif not depth:
                parts[index] = pattern.sub(linked, part)
        return Markup("".join(parts))


@portable.register
def _(terms: Terms, names: Mapping[int, Sequence[str]]) -> Any:
    return [*terms._ids.items()]


@lru_cache(maxsize=512)
def _pattern(forms: tuple[str, ...], language: Language) -> re.Pattern[str]:
    alternatives = "|".join(map(re.escape, forms))
    if language != "zh":
        return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)
    return re.compile(alternatives)
