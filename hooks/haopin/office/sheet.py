"""Sheet for signature (审签单): what an approver reads and signs on paper, as a page to print."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from pydantic import ValidationError

from haopin.check.rules import check
from haopin.load.dataset import LoadedRecord
from haopin.load.tables import headings
from haopin.model.publishable import Approval, Evidence, Publishable
from haopin.office.approval import concerning
from haopin.office.describe import Describer, short_label
from haopin.office.differences import TableRow, cells_of, row_differences
from haopin.office.new.fields import Field, fields_of
from haopin.office.project import Project
from haopin.office.raw import RawRecord
from haopin.office.terminal import CommandLanguage
from haopin.privacy.fingerprint import fingerprint_of
from haopin.text import Language, Wording

#: The readings of a text before it is published, each by another person.
READINGS = (("初审", "first reading"), ("复审", "second reading"), ("终审", "final reading"))
#: Fields that have their own place on the sheet, or are not part of what is approved.
_ELSEWHERE = frozenset({"approved", "drafted", "returned", "evidence", "sample"})
#: Characters, or words of Latin letters and digits, as units of a comparison.
_UNITS = re.compile(r"[A-Za-z0-9.%]+|.", re.S)


@dataclass(frozen=True)
class SheetRow:
    """A field: its label, its Chinese and its English; ``alone`` if it has no languages."""

    label: str
    zh: str
    en: str
    alone: bool


@dataclass(frozen=True)
class SheetChange:
    """A field that differs from what is public, with deleted and added text marked."""

    label: str
    words: Markup


@dataclass(frozen=True)
class Sheet:
    """What the sheet says of one record."""

    entry: LoadedRecord
    record: Publishable
    rows: Sequence[SheetRow]
    evidence: Sequence[str]
    table: Sequence[Sequence[str]]
    warnings: Sequence[str]
    changes: Sequence[SheetChange] | None
    fingerprint: str
    code: Markup

    @property
    def grouped(self) -> str:
        """The fingerprint in groups of four, easy to compare by eye."""
        return " ".join(re.findall("....", self.fingerprint))

    @property
    def former(self) -> Approval | None:
        """The approval of an earlier version."""
        return self.record.approved


def sheet(
    project: Project,
    entries: Sequence[LoadedRecord],
    before: Mapping[tuple[str, str], RawRecord],
    *,
    language: Language = "zh",
    paper: str = "",
    preview: str = "",
) -> str:
    """Return a self-contained HTML page with a sheet to print and sign for each of ``entries``.

    Args:
        project: The data.
        entries: Records that wait for an approval.
        before: Records as they were approved before, by kind and id; what is missing there cannot be compared.
        language: Language of the labels; texts of the records are in both.
        paper: Number of the sheet; empty to fill it in by hand.
        preview: Address of the preview, for the code; empty for none.
    """
    dataset, say = project.dataset, CommandLanguage(language)
    problems = concerning(entries, (wrong for wrong in check(dataset) if wrong.severity == "warning"))
    describer = Describer(dataset)
    found = []
    for number, entry in enumerate(entries):
        assert isinstance(entry.record, Publishable)
        name = f"{entry.kind.name}/{entry.record.id}"
        former = before.get((entry.kind.name, entry.record.id))
        old = _former(entry, former.values) if former is not None else None
        fingerprint = fingerprint_of(dataset, entry)
        cells = [cells_of(row) for row in dataset.tables.get((entry.kind.name, entry.record.id), ())]
        table_changes = [
            SheetChange(say.of(each.label), marked_difference(each.before, each.after))
            for each in row_differences(entry.kind, (former and former.rows) or (), cells, language)
        ]
        found.append(
            Sheet(
                entry,
                entry.record,
                list(_rows(describer, entry.record, language)),
                [_evidence(item, language) for item in entry.record.evidence],
                _table(entry, cells),
                [(wrong.desk or (wrong.zh, wrong.en))[language != "zh"] for wrong in problems.get(number, ())],
                [*_changes(describer, old, entry.record, say), *table_changes] if old is not None else None,
                fingerprint,
                _code("\n".join(filter(None, (preview, f"{name} {fingerprint}")))),
            )
        )
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    template = environment.get_template("sheet.html")
    return template.render(sheets=found, say=say, paper=paper, readings=READINGS)


def _shown(model: type[Publishable]) -> list[Field]:
    return [field for field in fields_of(model) if field.name not in _ELSEWHERE]


def _rows(describer: Describer, record: Publishable, language: Language) -> Iterator[SheetRow]:
    for field in _shown(type(record)):
        value = getattr(record, field.name)
        zh, en = describer.words(field, value, "zh"), describer.words(field, value, "en")
        if zh or en:
            alone = not _has_languages(field, value)
            yield SheetRow(short_label(field, language), en if alone and language != "zh" else zh, en, alone)


def _has_languages(field: Field, value: object) -> bool:
    first = value[0] if isinstance(value, tuple) and value else value
    return isinstance(first, Wording) or (bool(field.parts) and field.shape == "part")


def _evidence(item: Evidence, language: Language) -> str:
    """Return an item of evidence in words: its title, and its number, address or file."""
    title = item.title.show(language) if item.title is not None else ""
    return " ".join(filter(None, (title, str(item.number or item.link or item.file))))


def _table(entry: LoadedRecord, rows: Sequence[TableRow]) -> list[list[str]]:
    """Return the headings and the cells of a table, without empty columns."""
    if entry.kind.table is None or not rows:
        return []
    filled = {name: heading for name, heading in headings(entry.kind.table).items() if any(name in row for row in rows)}
    return [list(filled.values()), *([row.get(name, "") for name in filled] for row in rows)]


def _former(entry: LoadedRecord, values: Mapping[str, Any]) -> Publishable | None:
    """Return the former version of a record; None if its values are no longer valid."""
    try:
        record = entry.kind.model.model_validate(values)
    except ValidationError:
        return None
    return record if isinstance(record, Publishable) else None


def _changes(describer: Describer, old: Publishable, new: Publishable, say: CommandLanguage) -> Iterator[SheetChange]:
    """Yield the fields that differ, in the languages in which they do."""
    fields = [*_shown(type(new)), *(field for field in fields_of(type(new)) if field.name == "evidence")]
    for field in fields:
        before, after = getattr(old, field.name, None), getattr(new, field.name)
        if before == after:
            continue
        words = [(describer.words(field, before, each), describer.words(field, after, each)) for each in ("zh", "en")]
        for was, now in dict.fromkeys(pair for pair in words if pair[0] != pair[1]):
            yield SheetChange(short_label(field, say.language), marked_difference(was, now))


def marked_difference(old: str, new: str) -> Markup:
    """Return ``new`` as HTML, with what ``old`` had besides as ``<del>`` and what is new as ``<ins>``."""
    before, after = _UNITS.findall(old), _UNITS.findall(new)
    pieces = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = Markup("").join(before[a:b]), Markup("").join(after[c:d])
        if kind == "equal":
            pieces.append(come)
            continue
        pieces.append(Markup("<del>{}</del>").format(gone) if gone else Markup(""))
        pieces.append(Markup("<ins>{}</ins>").format(come) if come else Markup(""))
    return Markup("").join(pieces)


def _code(text: str) -> Markup:
    return Markup(segno.make_qr(text, error="m").svg_inline(border=2, omitsize=True))
