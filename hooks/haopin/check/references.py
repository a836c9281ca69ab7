"""Rules on references between records."""

from collections.abc import Iterator

from haopin.check.entries import RecordIndex, no_such
from haopin.model import KINDS, SECTIONS
from haopin.model.base import ClauseRef
from haopin.model.document import Document
from haopin.model.fields import Ref, marked
from haopin.model.need import Need
from haopin.model.synonym import Synonym
from haopin.model.task import Committed
from haopin.problem import Problem, problem

_FOLDERS = [folder for folders in SECTIONS.values() for folder in folders]


def references_exist(entries: RecordIndex) -> Iterator[Problem]:
    """Every id that a record refers to exists: records and parts of records."""
    for entry in entries.all:
        for ref, found in marked(entry.record, Ref):
            if not ref.ruled:
                yield from entries.unknown(ref, found.value, entry.place.at(*found.path))


def clauses_exist(entries: RecordIndex) -> Iterator[Problem]:
    """Every clause that a record refers to exists."""
    for entry in entries.all if entries.is_whole(Document) else ():
        for ref, found in marked(entry.record, ClauseRef):
            place = entry.place.at(*found.path)
            if ref.document not in entries.clauses:
                yield no_such(ref.document, entries.clauses, place.at("document"), "文件", "document")
            elif ref.id not in entries.clauses[ref.document]:
                yield no_such(ref.id, entries.clauses[ref.document], place.at("id"), "条款", "clause")


def real_records_name_no_samples(entries: RecordIndex) -> Iterator[Problem]:
    """A real record does not refer to a sample, which is not public."""
    for entry in entries.all:
        if entry.record.sample:
            continue
        for ref, found in marked(entry.record, Ref):
            named = None if ref.ruled else entries.known(ref).get(found.value)
            if named is not None and named.sample:
                yield problem(
                    entry.place.at(*found.path),
                    "“{id}”是示例,真实的记录不能引用它",
                    "“{id}” is a sample, which a real record cannot name",
                    id=found.value,
                )


def sections_exist(entries: RecordIndex) -> Iterator[Problem]:
    """The pages that a need refers to are folders of the site."""
    for need, place in entries.of(Need):
        for index, folder in enumerate(need.pages):
            if folder not in _FOLDERS:
                yield no_such(folder, _FOLDERS, place.at("pages", index), "栏目", "section")


def synonyms_lead_somewhere(entries: RecordIndex) -> Iterator[Problem]:
    """What a synonym shows is a section, a record, or a measure; and nobody's words lead to two answers."""
    found = list(entries.of(Synonym))
    if not found:
        return
    known = dict.fromkeys((*_FOLDERS, *_what_is_shown(entries)))
    first: dict[str, str] = {}
    for synonym, place in found:
        for index, target in enumerate(synonym.show):
            if target not in known and not entries.dataset.incomplete:
                yield no_such(target, known, place.at("show", index), "记录或栏目", "record or section")
        for index, word in enumerate(synonym.say):
            other = first.setdefault(word.casefold(), synonym.id)
            if other != synonym.id:
                yield problem(
                    place.at("say", index),
                    "说法“{word}”已写过(编号“{first}”),请删去一条",
                    "“{word}” is already among the words of “{first}”; delete one",
                    word=word,
                    first=other,
                )


def _what_is_shown(entries: RecordIndex) -> Iterator[str]:
    for entry in entries.all:
        if entry.kind in KINDS:
            yield f"{entry.kind.name}/{entry.record.id}"
            if isinstance(entry.record, Committed):
                yield from (f"{entry.kind.name}/{entry.record.id}/{each.id}" for each in entry.record.statements)
