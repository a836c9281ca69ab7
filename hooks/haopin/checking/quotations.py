"""Rules that hold the records to the words of the document."""

import difflib
from collections.abc import Iterator
from functools import lru_cache

from pydantic import BaseModel

from haopin.checking.entries import Entries
from haopin.checking.refs import fields_with_refs
from haopin.problem import Path, Place, Problem, problem
from haopin.records.base import ClauseRef, Record
from haopin.records.document import Clause
from haopin.records.phase import Phase
from haopin.records.site import Site
from haopin.records.target import Target
from haopin.records.task import Committed, Group, Task
from haopin.text import Text, squeeze


def _quoted_parts(part: BaseModel, path: Path = ()) -> Iterator[tuple[ClauseRef, Text, Path]]:
    """Yield each quotation with the clause named beside it."""
    fields = vars(part)
    ref, quote = fields.get("clause"), fields.get("quote")
    if isinstance(ref, ClauseRef) and isinstance(quote, Text):
        yield ref, quote, (*path, "quote")
    # Where there is no reference there is no quotation of its own either.
    for name in fields_with_refs(type(part)):
        value = fields[name]
        if isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from _quoted_parts(item, (*path, name, index))
        elif isinstance(value, BaseModel) and not isinstance(value, ClauseRef):
            yield from _quoted_parts(value, (*path, name))


def _quotations(entries: Entries) -> Iterator[tuple[Clause, Text, Record, Path]]:
    for entry in entries.all:
        record = entry.record
        pairs = list(_quoted_parts(record))
        if isinstance(record, Committed):
            pairs += [(record.clause, m.quote, ("measures", i, "quote")) for i, m in enumerate(record.measures)]
            if isinstance(record, Task):
                pairs.append((record.clause, record.responsible.quote, ("responsible", "quote")))
            if isinstance(record, Phase):
                pairs.append((record.clause, record.period.quote, ("period", "quote")))
        for ref, quote, path in pairs:
            clause = entries.clauses.get(ref.document, {}).get(ref.id)
            if clause is not None:
                yield clause, quote, record, path


def quotations_occur(entries: Entries) -> Iterator[Problem]:
    """Every quotation stands in its clause, in both languages (white space aside)."""
    places = {id(entry.record): entry.place for entry in entries.all}
    for clause, quote, record, path in _quotations(entries):
        yield from _occurs(clause, quote, places[id(record)].at(*path))
    holders = {r.id: r for r, _ in entries.of(Committed)}
    for target, place in entries.of(Target):
        holder = holders.get(target.measure.partition("/")[0])
        if holder is None:
            continue
        found = entries.clauses.get(holder.clause.document, {}).get(holder.clause.id)
        if found is not None:
            yield from _occurs(found, target.quote, place.at("quote"))


def _occurs(clause: Clause, quote: Text, place: Place) -> Iterator[Problem]:
    if squeeze(quote.zh) not in squeeze(clause.zh):
        yield problem(
            place.at("zh"),
            "引文“{quote}”在条款“{clause}”中找不到;最接近的原文是“{nearest}”",
            "the Chinese quotation “{quote}” does not occur in clause “{clause}”; the nearest words are “{nearest}”",
            quote=quote.zh,
            clause=clause.id,
            nearest=_nearest(quote.zh, clause.zh),
        )
    if _folded(quote.en) not in _folded(clause.en):
        yield problem(
            place.at("en"),
            "英文引文“{quote}”在条款“{clause}”的译文中找不到;最接近的是“{nearest}”",
            "the English quotation “{quote}” does not occur in clause “{clause}”; the nearest words are “{nearest}”",
            quote=quote.en,
            clause=clause.id,
            nearest=_nearest(quote.en, clause.en),
        )


@lru_cache(maxsize=64)
def _folded(text: str) -> str:
    # A clause is compared with each of its quotations in turn.
    return " ".join(text.split())


def _nearest(quote: str, text: str) -> str:
    """Return the stretch of ``text``, as long as ``quote``, around their longest common run."""
    match = difflib.SequenceMatcher(None, text, quote, autojunk=False).find_longest_match()
    start = max(0, match.a - match.b)
    return text[start : start + len(quote)]


def site_words_occur(entries: Entries) -> Iterator[Problem]:
    """The slogan and each hotline's number stand in the clause that is given for them."""
    for site, place in entries.of(Site):
        stated = [(site.slogan.zh, site.slogan_clause, place.at("slogan", "zh"))]
        stated += [(h.number, h.clause, place.at("hotlines", i, "number")) for i, h in enumerate(site.hotlines)]
        for words, ref, where in stated:
            clause = entries.clauses.get(ref.document, {}).get(ref.id)
            if clause is not None and squeeze(words) not in squeeze(clause.zh):
                yield problem(
                    where,
                    "“{words}”在条款“{clause}”中找不到",
                    "“{words}” does not occur in clause “{clause}”",
                    words=words,
                    clause=clause.id,
                )


def headings_occur(entries: Entries) -> Iterator[Problem]:
    """A heading that is said to be the document's stands in its clause."""
    for entry in entries.all:
        record = entry.record
        if not isinstance(record, Committed | Group):
            continue
        clause = entries.clauses.get(record.clause.document, {}).get(record.clause.id)
        # A section's text is a clause of its own, below the clause with the heading.
        if clause is None or clause.level == "paragraph":
            continue
        if squeeze(record.title.zh) not in squeeze(clause.zh):
            yield problem(
                entry.place.at("title", "zh"),
                "标题“{title}”与条款“{clause}”的原文不符",
                "the Chinese title “{title}” is not the heading of clause “{clause}”",
                title=record.title.zh,
                clause=clause.id,
            )
