"""Rules that compare records and documents with the source: nothing missing, nothing altered, no duplicate reports."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from haopin.check.entries import RecordIndex, no_such
from haopin.model import Record
from haopin.model.base import ClauseRef
from haopin.model.document import Clause, Document
from haopin.model.fields import ClauseHeading, Marked, Quote, Ref, marked, marks_of, name_of
from haopin.model.site import Site
from haopin.model.task import Committed, Measure, Requirement
from haopin.numerals import CHINESE, days_in
from haopin.problem import Place, Problem, problem
from haopin.text import Language, Text, comparable, squeeze

#: Id of the document, and id of the clause.
Key = tuple[str, str]
#: Text of the source file for each clause that differs from it; None if it cannot be determined.
Altered = dict[Key, str | None]


def words_are_the_documents(entries: RecordIndex) -> Iterator[Problem]:
    """Quotations occur verbatim in the document, and each clause is quoted completely.

    One wrong character is one problem, reported at its cause: a clause that differs from its source file, else a clause
    that differs from all its quotations, else a quotation. Consequences are not reported.
    """
    altered: Altered = {}
    yield from _documents_equal_their_sources(entries, altered)
    clauses = _Clauses(entries, altered)
    missed = [each for each in _stated(entries) if not clauses.has(each)]
    yield from _told(missed, entries)
    yield from _clauses_are_covered(entries, clauses, missed)


# --- The clauses and their source


def _documents_equal_their_sources(entries: RecordIndex, altered: Altered) -> Iterator[Problem]:
    """The joined clauses equal the source text, except for white space; clauses that differ are stored."""
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
        yield from _compared(document, place, squeeze(source), altered)


def _compared(document: Document, place: Place, expected: str, altered: Altered) -> Iterator[Problem]:
    parts = _parts(document, place)
    reached, number = 0, 0
    while number < len(parts):
        piece = parts[number].piece
        if expected.startswith(piece, reached):
            reached += len(piece)
            number += 1
            continue
        yield _differs(document, parts[number], expected, reached)
        following = _next_alike(parts, number, expected, reached)
        if following is None:
            altered.update(((document.id, part.id), None) for part in parts[number:])
            return
        again, at = following
        if again > number:
            altered[document.id, parts[number].id] = expected[reached:at]
        reached, number = at, again
    if reached < len(expected):
        yield problem(
            place.at("clauses", key=True),
            "原文还有“{rest}…”没有列入条款",
            "the source continues with “{rest}…”, which is not in the clauses",
            rest=expected[reached : reached + 20],
        )


@dataclass(frozen=True)
class _Part:
    """A piece of the document with its position: a clause, or a row of a table, which has no id."""

    id: str
    piece: str
    place: Place


def _parts(document: Document, place: Place) -> list[_Part]:
    """Return the document piece by piece: its clauses, then of each annex the clauses and the table, row by row."""
    found = [
        _Part(clause.id, squeeze(clause.zh), place.at("clauses", index, "zh"))
        for index, clause in enumerate(document.clauses)
    ]
    for number, annex in enumerate(document.annexes):
        here = place.at("annexes", number)
        for index, clause in enumerate(annex.clauses):
            found.append(_Part(clause.id, squeeze(clause.zh), here.at("clauses", index, "zh")))
        if annex.table is not None:
            found.append(_Part("", _joined(annex.table.columns), here.at("table", "columns")))
            for index, row in enumerate(annex.table.rows):
                found.append(_Part("", _joined(row.cells), here.at("table", "rows", index, "cells")))
    return found


def _joined(cells: Sequence[Text | None]) -> str:
    return squeeze("".join(cell.zh for cell in cells if cell is not None))


#: A shorter piece may occur by chance and does not show where the source continues.
_TELLING = 4


def _next_alike(parts: Sequence[_Part], number: int, expected: str, reached: int) -> tuple[int, int] | None:
    """Return the next part from ``number`` on that occurs in the source, with its position; None if there is none.

    If the last part differs, the rest of the source takes its place.
    """
    for again in range(number, len(parts)):
        piece = parts[again].piece
        if len(piece) >= _TELLING and (at := expected.find(piece, reached)) >= 0:
            return again, at
    return (len(parts), len(expected)) if number == len(parts) - 1 else None


def _differs(document: Document, part: _Part, expected: str, start: int) -> Problem:
    at = next(i for i in range(len(part.piece)) if expected[start + i : start + i + 1] != part.piece[i])
    begin = max(0, at - 5)
    return problem(
        part.place,
        "与原文文件“{file}”不符,两个文件有一个被改动:原文是“…{expected}”,这里是“…{found}”",
        "differs from the source file “{file}”, so one of the two was changed: “…{expected}” there, “…{found}” here",
        file=f"documents/{document.source_file}",
        expected=expected[start + begin : start + at + 10],
        found=part.piece[begin : at + 10],
    )


# --- Number and date of a document, compared with its clauses

# Optional or variable in a document number: the brackets around its year, and 第.
_BRACKETS = str.maketrans({**dict.fromkeys("[(【", "〔"), **dict.fromkeys("])】", "〕"), "第": None})


def heads_agree(entries: RecordIndex) -> Iterator[Problem]:
    """Number and date of adoption equal those in the clauses, regardless of brackets and numerals."""
    for document, place in entries.of(Document):
        numbers = [clause.zh for clause in document.clauses if clause.level == "number"]
        if document.number and numbers and not any(_number(document.number) in _number(words) for words in numbers):
            yield problem(
                place.at("number"),
                "发文字号“{number}”与条款“{words}”不符,请照原文改正",
                "the document number “{number}” is not that of the clause “{words}”; write it as the document has it",
                number=document.number,
                words=numbers[0],
            )
        dates = [clause.zh for clause in document.clauses if clause.level == "date"]
        days = [day for words in dates for day in days_in(words)]
        if document.adopted and days and document.adopted not in days:
            yield problem(
                place.at("adopted"),
                "成文日期“{day}”与条款“{words}”({right})不符,请照原文改正",
                "the date of adoption “{day}” is not that of the clause “{words}” ({right}); write it as the document "
                "has it",
                day=document.adopted,
                words=dates[0],
                right=days[0],
            )


def _number(words: str) -> str:
    return comparable(words).translate(_BRACKETS)


# --- Tables of annexes, and what they assign


def tables_are_whole(entries: RecordIndex) -> Iterator[Problem]:
    """A row has a cell for each column, assigns measures, and does not contradict other data about them."""
    statements = {f"{record.id}/{each.id}": each for record, _ in entries.of(Committed) for each in record.statements}
    said: dict[str, tuple[object, ...]] = {}
    for document, place in entries.of(Document):
        for number, annex in enumerate(document.annexes):
            for index, row in enumerate(annex.table.rows if annex.table else ()):
                assert annex.table is not None
                here = place.at("annexes", number, "table", "rows", index)
                if len(row.cells) != len(annex.table.columns):
                    yield problem(
                        here.at("cells"),
                        "这一行有 {found} 格,应为 {expected} 格;空白的格写 null",
                        "this row has {found} cells and should have {expected}; write null for an empty one",
                        found=len(row.cells),
                        expected=len(annex.table.columns),
                    )
                assigns = row.roles is not None or row.due is not None
                if assigns != bool(row.measures):
                    yield problem(
                        here,
                        "写了“measures”(举措),就要写单位(“lead”、“bodies”、“participating”、“general”)或“due”(时限),"
                        "反之也是",
                        "“measures” needs bodies (“lead”, “bodies”, “participating”, “general”) or “due”, and vice "
                        "versa; give both or neither",
                    )
                given = (row.roles, row.due)
                for at, name in enumerate(row.measures):
                    own = statements.get(name)
                    differs = own is not None and (
                        (own.roles is not None and row.roles is not None and own.roles.parts != row.roles.parts)
                        or (own.due is not None and row.due is not None and own.due != row.due)
                    )
                    if differs or said.setdefault(name, given) != given:
                        yield problem(
                            here.at("measures", at),
                            "附表对举措“{name}”的说法与别处(举措本身,或另一行)不同,请照原文统一",
                            "the table and the measure “{name}” itself, or another row, contradict each other; make "
                            "them agree with the document",
                            name=name,
                        )


# --- Documents that amend or repeal others


def changes_are_consistent(entries: RecordIndex) -> Iterator[Problem]:
    """A change is stated in a clause of its document, has a date, and agrees with the status of the other document."""
    known = {document.id: (document, place) for document, place in entries.of(Document)}
    for document, place in entries.of(Document):
        for index, change in enumerate(document.changes):
            here = place.at("changes", index)
            clauses = entries.clauses[document.id]
            if change.clause is not None and change.clause not in clauses:
                yield no_such(change.clause, clauses, here.at("clause"), "条款", "clause")
            if change.document == document.id:
                yield problem(
                    here.at("document"),
                    "文件不能修改或废止自己,请写另一份文件的编号",
                    "a document cannot change itself; give the id of the other one",
                )
                continue
            since = document.since(change)
            if since is None:
                yield problem(
                    here,
                    "请写“since”(从哪天起):这份文件没有发布或成文日期",
                    "write “since”: the document itself has no date of publication or adoption",
                )
            other, where = known.get(change.document, (None, place))
            if other is None or other.status is None or since is None or change.what == "amends":
                continue
            state, day = other.status.state, other.status.since
            if (state == "in-force" and day >= since) or (state != "in-force" and day != since):
                yield problem(
                    where.at("status"),
                    "“{document}”写明自 {since} 起废止(代替)这份文件,这里的效力却是“{state}”({day});请核对,"
                    "或删去“status”,网站会自动标明",
                    "“{document}” repeals or replaces this document from {since} on, but its status is “{state}” "
                    "({day}); check both, or delete “status”, which the site then derives",
                    document=document.id,
                    since=since,
                    state=state,
                    day=day,
                )


# --- Quotations in records


@dataclass(frozen=True)
class _Stated:
    """A quotation from a clause in one language; ``sort`` is its type."""

    record: Record
    clause: Clause
    key: Key
    language: Language
    words: str
    place: Place
    sort: str = "quotation"

    @property
    def text(self) -> str:
        """The clause in that language; "" if it is not translated."""
        return (self.clause.zh if self.language == "zh" else self.clause.en) or ""


def _stated(entries: RecordIndex) -> Iterator[_Stated]:
    for entry in entries.all:
        record = entry.record
        for quote, found in marked(record, Quote):
            if (named := _clause_of(quote, found, entries)) is not None:
                place = entry.place.at(*found.path)
                # The text may exist in one language only.
                if found.value.zh is not None:
                    yield _Stated(record, *named, "zh", found.value.zh, place.at("zh"))
                # Translations may be added later; that of a quotation together with that of its clause.
                if found.value.en is not None:
                    yield _Stated(record, *named, "en", found.value.en, place.at("en"))
        for heading, found in marked(record, ClauseHeading):
            named = _clause_of(heading, found, entries)
            # The text of a section is a separate clause, below the clause with the heading.
            if named is not None and named[0].level != "paragraph" and found.value.zh is not None:
                yield _Stated(record, *named, "zh", found.value.zh, entry.place.at(*found.path, "zh"), "heading")
    yield from _site_words(entries)


def _site_words(entries: RecordIndex) -> Iterator[_Stated]:
    """Yield the slogan and the number of each hotline, with the clauses that they refer to."""
    for site, place in entries.of(Site):
        stated = [(site.slogan.zh, site.slogan_clause, place.at("slogan", "zh"))] if site.slogan else []
        stated += [(h.number, h.clause, place.at("hotlines", i, "number")) for i, h in enumerate(site.hotlines)]
        for words, ref, where in stated:
            clause = entries.clauses.get(ref.document, {}).get(ref.id) if ref else None
            if ref and clause is not None:
                yield _Stated(site, clause, (ref.document, ref.id), "zh", words, where, "words")


def _clause_of(quote: Quote | ClauseHeading, found: Marked, entries: RecordIndex) -> tuple[Clause, Key] | None:
    """Return the quoted clause: that beside the quotation, or else that of the enclosing record."""
    holder = next(part for part in reversed(found.holders) if quote.source in type(part).model_fields)
    source = getattr(holder, quote.source)
    if isinstance(source, str):
        ref = next(ref for name, ref, _ in marks_of(type(holder), Ref) if name == quote.source and ref is not None)
        source = getattr(entries.known(ref).get(source), "clause", None)
    if not isinstance(source, ClauseRef):
        return None
    clause = entries.clauses.get(source.document, {}).get(source.id)
    return None if clause is None else (clause, (source.document, source.id))


class _Clauses:
    """The clauses in the data, with the text of the source where it differs."""

    def __init__(self, entries: RecordIndex, altered: Altered) -> None:
        self._entries, self._altered = entries, altered

    def forms(self, key: Key, clause: Clause) -> list[Clause] | None:
        """Return ``clause`` in each of its forms; None if its correct text is unknown."""
        if key not in self._altered:
            return [clause]
        source = self._altered[key]
        return None if source is None else [clause, clause.model_copy(update={"zh": source})]

    def has(self, stated: _Stated) -> bool:
        """Return whether the words occur in one of the forms of their clause."""
        forms = self.forms(stated.key, stated.clause) if stated.language == "zh" else [stated.clause]
        if forms is None:
            return True
        texts = [(form.zh if stated.language == "zh" else form.en) or "" for form in forms]
        # What is equal to the letter needs no comparison without differences of width.
        return any(stated.words in text for text in texts) or any(
            comparable(stated.words, stated.language) in comparable(text, stated.language) for text in texts
        )


# --- One problem for each difference


def _told(missed: Sequence[_Stated], entries: RecordIndex) -> Iterator[Problem]:
    """Yield a problem for each quotation in ``missed``; only one for all quotations that differ in the same way."""
    compared = {document.id for document, _ in entries.of(Document) if document.source_file is not None}
    groups: dict[tuple[object, ...], list[_Stated]] = defaultdict(list)
    for number, each in enumerate(missed):
        # A clause that equals its source is correct.
        is_sure = each.language == "zh" and each.key[0] in compared
        cause = (number,) if is_sure else (each.key, each.language, *_difference(each))
        groups[cause].append(each)
    for group in groups.values():
        yield _missing(group[0]) if len(group) == 1 else _clause_stands_alone(group, entries)


def _missing(stated: _Stated) -> Problem:
    if stated.sort == "heading":
        zh, en = (
            "标题“{words}”与条款“{clause}”的原文不符",
            "the Chinese title “{words}” is not the heading of clause “{clause}”",
        )
    elif stated.sort == "words":
        zh, en = "“{words}”在条款“{clause}”中找不到", "“{words}” does not occur in clause “{clause}”"
    elif stated.language == "zh":
        zh, en = (
            "引文“{words}”在条款“{clause}”中找不到;最接近的原文是“{nearest}”",
            "the Chinese quotation “{words}” does not occur in clause “{clause}”; the nearest words are “{nearest}”",
        )
    else:
        zh, en = (
            "英文引文“{words}”在条款“{clause}”的译文中找不到;最接近的是“{nearest}”",
            "the English quotation “{words}” does not occur in clause “{clause}”; the nearest words are “{nearest}”",
        )
    nearest = _nearest(stated.words, stated.text)
    return problem(stated.place, zh, en, words=stated.words, clause=stated.clause.id, nearest=nearest)


def _clause_stands_alone(group: Sequence[_Stated], entries: RecordIndex) -> Problem:
    """Return the problem of a clause from which all its quotations differ in the same way."""
    first = group[0]
    files = list(dict.fromkeys(each.place.file for each in group))
    return problem(
        entries.clause_places[first.key].at(first.language),
        "条款“{clause}”与引用它的 {count} 处不符:这里是“{nearest}”,引文是“{words}”;"
        "条款有误就改这里,引文有误就改 {files}",
        "clause “{clause}” differs from {count} quotations of it: “{nearest}” here, “{words}” there; correct the "
        "clause if it is wrong, else the quotations in {files}",
        clause=first.clause.id,
        count=len(group),
        nearest=_nearest(first.words, first.text),
        words=first.words,
        files=", ".join(files),
    )


#: Largest difference in length, in characters, between a quotation and the words of the clause that match it best.
_SLACK = 2


def _stretch(quote: str, text: str) -> tuple[int, int, int]:
    """Return the position in ``text`` of the words that match ``quote`` best.

    Returns:
        Begin and end; and how many characters agree with ``quote``, counted from both ends.
    """
    starts = [_alike(quote, text[begin : begin + len(quote)]) for begin in range(len(text) + 1)]
    ends = [_alike(quote[::-1], text[max(0, end - len(quote)) : end][::-1]) for end in range(len(text) + 1)]
    best = (0, 0, 0, min(len(quote), len(text)))
    for begin, agree in enumerate(starts):
        for more in range(-_SLACK, _SLACK + 1):
            end = begin + len(quote) + more
            if begin <= end <= len(text):
                score = min(agree + ends[end], len(quote), end - begin)
                # Among equal matches, prefer the same length, then the first.
                best = max(best, (score, -abs(more), -begin, end))
    score, _, begin, end = best
    return -begin, end, score


def _alike(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _nearest(quote: str, text: str) -> str:
    begin, end, score = _stretch(quote, text)
    if 2 * score < len(quote):
        # Both ends differ: use the text around the longest common run.
        match = difflib.SequenceMatcher(None, text, quote, autojunk=False).find_longest_match()
        begin = max(0, match.a - match.b)
        end = begin + len(quote)
    # Words of Latin letters are not cut in two.
    while 0 < begin < len(text) and _in_word(text[begin - 1 : begin + 1]):
        begin -= 1
    while 0 < end < len(text) and _in_word(text[end - 1 : end + 1]):
        end += 1
    return text[begin:end].strip()


def _in_word(pair: str) -> bool:
    return pair.isascii() and pair.isalnum()


def _difference(stated: _Stated) -> tuple[int, str, str]:
    """Return where the words begin to differ from the clause, with the text of the clause and of the words there."""
    quote, text = comparable(stated.words, stated.language), comparable(stated.text, stated.language)
    begin, end, _ = _stretch(quote, text)
    found = text[begin:end]
    same = _alike(found, quote)
    tail = _alike(found[same:][::-1], quote[same:][::-1])
    return begin + same, found[same : len(found) - tail], quote[same : len(quote) - tail]


# --- Completeness: every word of a clause is quoted

# Not quoted by measures or requirements: the number of the clause, and punctuation between quotations.
_NUMBER = re.compile(rf"[0-9]+[.、]|[(](?:{CHINESE}|[0-9]+)[)]|{CHINESE}、|第{CHINESE}[条章]|[\u2460-\u2473]")
_BETWEEN = re.compile(r"[、。,.:;()!?\uff0c\uff1a\uff1b\uff08\uff09\u3010\u3011\u3014\u3015\uff01\uff1f\s]+")
_SENTENCE_END = "。"


def _clauses_are_covered(entries: RecordIndex, clauses: _Clauses, missed: Sequence[_Stated]) -> Iterator[Problem]:
    """Every word of a clause belongs to its heading, a measure or requirement, or the responsible bodies."""
    for record, place in entries.of(Committed):
        key = record.clause.document, record.clause.id
        clause = entries.clauses.get(key[0], {}).get(key[1])
        forms = None if clause is None else clauses.forms(key, clause)
        if clause is None or forms is None:
            continue
        # Words that a wrong quotation is meant to cover are not reported again as missing.
        meant = [each for each in missed if each.record is record and each.key == key and each.language == "zh"]
        left = min((uncovered(form, record, [_meant(each, form) for each in meant]) for form in forms), key=len)
        what = name_of(Requirement if record.divided_into == "requirements" else Measure)
        for words in left:
            yield problem(
                place.at(record.divided_into, key=True),
                "条款“{clause}”的“{words}”没有列入任何{what_zh},请补上",
                "“{words}” of clause “{clause}” is in no {what_en}; add it",
                what_zh=what.zh,
                what_en=what.get("en"),
                clause=clause.id,
                words=words,
            )


def _meant(stated: _Stated, clause: Clause) -> str:
    quote, text = comparable(stated.words), comparable(clause.zh)
    begin, end, score = _stretch(quote, text)
    return text[begin:end] if 2 * score >= len(quote) else ""


def uncovered(clause: Clause, record: Committed, meant: Sequence[str] = ()) -> list[str]:
    """Return the parts of ``clause`` that no quotation of ``record`` covers, except punctuation.

    Args:
        clause: The clause.
        record: The record based on it.
        meant: Further words of the clause that count as covered.
    """
    text, shown = comparable(clause.zh), squeeze(clause.zh)
    number = _NUMBER.match(text)
    start = number.end() if number else 0
    heading = comparable(record.title.zh)
    if text.startswith(heading, start):
        start += len(heading)
    quotes = [comparable(q.zh) for q in (*(each.quote for each in record.statements), *record.stated_phrases())]
    quotes += [words for words in meant if words]
    rest = text[start:]
    for words in quotes:
        rest = rest.replace(words, "\n")
    if not _BETWEEN.sub("", rest):
        return []
    # Overlapping quotations defeat the fast method: mark every character.
    covered = bytearray(len(text))
    covered[:start] = b"\1" * start
    for words in quotes:
        at = text.find(words)
        while at >= 0:
            covered[at : at + len(words)] = b"\1" * len(words)
            at = text.find(words, at + 1)
    rest = "".join("\n" if done else char for char, done in zip(shown, covered, strict=True))
    return [words for words in _BETWEEN.split(rest) if words]


def sentences(text: str) -> list[str]:
    """Return the Chinese sentences of ``text``, each with its full stop."""
    return [part + _SENTENCE_END for part in text.split(_SENTENCE_END)[:-1]]
