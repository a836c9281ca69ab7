"""Rules that hold records and documents to the source: nothing left out, nothing altered."""

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache

from haopin.check.entries import RecordIndex
from haopin.model.base import ClauseRef
from haopin.model.document import Clause, Document
from haopin.model.fields import ClauseHeading, Marked, Quote, Ref, marked, marks_of
from haopin.model.site import Site
from haopin.model.task import Committed
from haopin.problem import Place, Problem, problem
from haopin.text import Text, squeeze

# --- Rules that nothing of a document is left out or altered

# What no measure has to quote: the clause's number, and punctuation between quotations.
_NUMBER = re.compile(r"[0-9]+\.|[(\uff08][一二三四五六七八九十]+[)\uff09]|[一二三四五六七八九十]+、")
_BETWEEN = re.compile(r"[、。,.:;()!?\uff0c\uff1a\uff1b\uff08\uff09\uff01\uff1f\s]+")
_SENTENCE_END = "。"


def clauses_are_covered(entries: RecordIndex) -> Iterator[Problem]:
    """No word of a clause is left out: heading, measures and responsible bodies together are the whole of it."""
    for record, place in entries.of(Committed):
        clause = entries.clauses.get(record.clause.document, {}).get(record.clause.id)
        if clause is None:
            continue
        for words in uncovered(clause, record):
            yield problem(
                place.at("measures", key=True),
                "条款“{clause}”的“{words}”没有列入任何举措,请补上",
                "“{words}” of clause “{clause}” belongs to no measure; add it",
                clause=clause.id,
                words=words,
            )


def uncovered(clause: Clause, record: Committed) -> list[str]:
    """Return the stretches of ``clause`` that no quotation of ``record`` covers, punctuation aside."""
    text = squeeze(clause.zh)
    number = _NUMBER.match(text)
    start = number.end() if number else 0
    heading = squeeze(record.title.zh)
    if text.startswith(heading, start):
        start += len(heading)
    quotes = [squeeze(q.zh) for q in (*(m.quote for m in record.measures), *record.stated_phrases())]
    rest = text[start:]
    for words in quotes:
        rest = rest.replace(words, "\n")
    if not _BETWEEN.sub("", rest):
        return []
    # Quotations may overlap, and then the quick way finds too little: mark every character.
    covered = bytearray(len(text))
    covered[:start] = b"\1" * start
    for words in quotes:
        at = text.find(words)
        while at >= 0:
            covered[at : at + len(words)] = b"\1" * len(words)
            at = text.find(words, at + 1)
    rest = "".join("\n" if done else char for char, done in zip(text, covered, strict=True))
    return [words for words in _BETWEEN.split(rest) if words]


def documents_equal_their_sources(entries: RecordIndex) -> Iterator[Problem]:
    """The clauses joined, white space aside, are the source text to the character."""
    for document, place in entries.of(Document):
        if document.source_file is None:
            continue
        source = entries.dataset.companions.get(f"documents/{document.source_file}")
        if source is None:
            yield problem(
                place.at("source_file"),
                "找不到原文文件“{file}”",
                "the source file “{file}” is missing",
                file=document.source_file,
            )
            continue
        expected, joined = squeeze(source), ""
        for index, clause in enumerate(document.clauses):
            start, piece = len(joined), squeeze(clause.zh)
            joined += piece
            if not expected.startswith(piece, start):
                at = next(i for i in range(start, len(joined) + 1) if expected[i : i + 1] != joined[i : i + 1])
                yield problem(
                    place.at("clauses", index, "zh"),
                    "与原文文件“{file}”不符,两个文件有一个被改动:原文是“…{expected}”,这里是“…{found}”",
                    "differs from the source file “{file}”, so one of the two was changed: “…{expected}” there, "
                    "“…{found}” here",
                    file=f"documents/{document.source_file}",
                    expected=expected[max(start, at - 5) : at + 10],
                    found=joined[max(start, at - 5) : at + 10],
                )
                break
        else:
            if joined != expected:
                yield problem(
                    place.at("clauses", key=True),
                    "原文还有“{rest}…”没有列入条款",
                    "the source goes on with “{rest}…”, which is no clause here",
                    rest=expected[len(joined) : len(joined) + 20],
                )


def sentences(text: str) -> list[str]:
    """Return the Chinese sentences of ``text``, each with its full stop."""
    return [part + _SENTENCE_END for part in text.split(_SENTENCE_END)[:-1]]


# --- Rules that hold the records to the words of the document


def quotations_occur(entries: RecordIndex) -> Iterator[Problem]:
    """Every quotation stands in its clause, in both languages (white space aside)."""
    for entry in entries.all:
        for quote, found in marked(entry.record, Quote):
            clause = _clause_of(quote, found, entries)
            if clause is not None:
                yield from _occurs(clause, found.value, entry.place.at(*found.path))


def _clause_of(quote: Quote | ClauseHeading, found: Marked, entries: RecordIndex) -> Clause | None:
    """Return the clause that is quoted: the one beside the quotation, or else of what this lies in."""
    holder = next(part for part in reversed(found.holders) if quote.source in type(part).model_fields)
    source = getattr(holder, quote.source)
    if isinstance(source, str):
        ref = next(ref for name, ref, _ in marks_of(type(holder), Ref) if name == quote.source and ref is not None)
        source = getattr(entries.known(ref).get(source), "clause", None)
    return entries.clauses.get(source.document, {}).get(source.id) if isinstance(source, ClauseRef) else None


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
    # A translation may come later; that of a quotation with that of its clause.
    if quote.en is not None and (clause.en is None or _folded(quote.en) not in _folded(clause.en)):
        yield problem(
            place.at("en"),
            "英文引文“{quote}”在条款“{clause}”的译文中找不到;最接近的是“{nearest}”",
            "the English quotation “{quote}” does not occur in clause “{clause}”; the nearest words are “{nearest}”",
            quote=quote.en,
            clause=clause.id,
            nearest=_nearest(quote.en, clause.en or ""),
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


def site_words_occur(entries: RecordIndex) -> Iterator[Problem]:
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


def headings_occur(entries: RecordIndex) -> Iterator[Problem]:
    """A heading that is said to be the document's stands in its clause."""
    for entry in entries.all:
        for heading, found in marked(entry.record, ClauseHeading):
            clause = _clause_of(heading, found, entries)
            # A section's text is a clause of its own, below the clause with the heading.
            if clause is None or clause.level == "paragraph":
                continue
            if squeeze(found.value.zh) not in squeeze(clause.zh):
                yield problem(
                    entry.place.at(*found.path, "zh"),
                    "标题“{title}”与条款“{clause}”的原文不符",
                    "the Chinese title “{title}” is not the heading of clause “{clause}”",
                    title=found.value.zh,
                    clause=clause.id,
                )
