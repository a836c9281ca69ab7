"""Rules that nothing of a document is left out or altered."""

import re
from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.problem import Problem, problem
from haopin.records.document import Clause, Document
from haopin.records.task import Committed
from haopin.text import squeeze

# What no measure has to quote: the clause's number, and punctuation between quotations.
_NUMBER = re.compile(r"[0-9]+\.|[(\uff08][一二三四五六七八九十]+[)\uff09]|[一二三四五六七八九十]+、")
_BETWEEN = re.compile(r"[、。,.:;()!?\uff0c\uff1a\uff1b\uff08\uff09\uff01\uff1f\s]+")
_SENTENCE_END = "。"


def clauses_are_covered(entries: Entries) -> Iterator[Problem]:
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


def documents_equal_their_sources(entries: Entries) -> Iterator[Problem]:
    """The clauses joined, white space aside, are the source text to the character."""
    for document, place in entries.of(Document):
        if document.source_file is None:
            continue
        source = entries.reading.companions.get(f"documents/{document.source_file}")
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
