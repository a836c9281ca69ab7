"""From a filled-in form to new entries of the ledger: which are new, and what would be wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from haopin.desk.findings import Findings, line
from haopin.desk.ledger_check import find_contradictions, find_errors
from haopin.desk.ledger_files import changes_of
from haopin.desk.ledger_form import Form, read_form
from haopin.desk.ledger_reports import Reader, Report
from haopin.desk.ledger_rows import items, whole
from haopin.desk.ledger_values import Values
from haopin.desk.opening import TO_COME
from haopin.desk.workbook import open_workbook, refusal
from haopin.problem import DataError
from haopin.reading.reading import Reading
from haopin.reading.report import report as data_lines
from haopin.records.body import Body
from haopin.records.ledger import ENTRY, Entry
from haopin.text import LANGUAGES

#: More than any form has; a run that would write more is a mistake.
MOST_ENTRIES = 2000


@dataclass(frozen=True)
class LedgerImport:
    """What an import would do.

    Attributes:
        new: New entries, with their ids, and where each comes from.
        known: Reports that are in the ledger already, each with the entry.
        changes: New content of data files, by path below the data folder.
        warnings: What deserves a second look, as lines.
    """

    new: tuple[Report, ...]
    known: tuple[tuple[Report, Entry], ...]
    changes: Mapping[str, bytes]
    warnings: tuple[str, ...]


def read_import(
    path: Path, reading: Reading, name: str, *, body: str | None, samples: bool, today: date
) -> LedgerImport:
    """Return what importing ``path`` into the data of ``reading`` would do.

    Args:
        path: The filled-in workbook.
        reading: The data, without errors.
        name: How problems name its folder, e.g. ``data``.
        body: Body that reports, where the form does not say it.
        samples: Whether sample records count as entries that a form may name.
        today: Nothing is reported of a later day.

    Raises:
        DataError: with every problem of the form; nothing is written.
    """
    form = read_form(path, open_workbook(path))
    catalogue = whole(reading, samples=samples)
    if form.body and body and form.body != body:
        zh = f"这个表是为“{form.body}”导出的,与 --body {body} 不一致"
        raise refusal(path, zh, f"this form was made for “{form.body}”, not for --body {body}")
    bodies: dict[str, str] = {b.id: b.id for b in catalogue.all(Body)}
    for b in catalogue.all(Body):
        bodies |= {"".join(b.name.get(language).split()).lower(): b.id for language in LANGUAGES}
    found = Findings(form.sheet)
    entries = catalogue.all(Entry)
    values = Values(form.places, bodies, form.body or body or "", [entry.id for entry in entries], found)
    reader = Reader(form, items(catalogue), values)
    reports = reader.reports()
    if len(reports) > MOST_ENTRIES:
        zh = f"一次最多导入 {MOST_ENTRIES} 条,这个表有 {len(reports)} 条,请分几次导入"
        raise refusal(path, zh, f"at most {MOST_ENTRIES} entries at a time; this form has {len(reports)}")
    for report in reports:
        if report.entry.date > today:
            found.add(report.row, form.places["date"], *TO_COME, value=report.entry.date, today=today)
    new, known = _sorted_out(reports, entries, reading)
    find_contradictions(new, entries, form, found)
    warnings, others = find_errors(new, reading, form, found)
    if others and not found.problems:
        raise DataError(data_lines(reading.folder, others, name))
    found.raise_if_any()
    changes = changes_of([report.entry for report in new], reading.folder, {b.id: b.name for b in catalogue.all(Body)})
    return LedgerImport(
        tuple(new), tuple(known), changes, (*_kept(known, form), *_again(new, entries, form), *warnings)
    )


def _likeness(entry: Entry) -> tuple[Any, ...]:
    """Return what makes two entries one: same thing, same body, same day, same words."""
    text = entry.text and (entry.text.zh, entry.text.en)
    return entry.about, entry.body, entry.date, entry.state, entry.value, text


def _sorted_out(
    reports: Sequence[Report], entries: Sequence[Entry], reading: Reading
) -> tuple[list[Report], list[tuple[Report, Entry]]]:
    """Tell new reports, with their ids, from those that are in the ledger already, or twice in the form."""
    alike: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        alike.setdefault(_likeness(entry), []).append(entry)
    taken = {entry.record.id for entry in reading.entries if entry.kind.anchor("") == ENTRY.anchor("")}
    new, known = [], []
    for report in reports:
        key, corrects = _likeness(report.entry), report.entry.corrects
        same = next((e for e in alike.get(key, ()) if corrects in (None, e.corrects)), None)
        if same is not None:
            known.append((report, same))
            continue
        base = f"{report.entry.date.isoformat()}-{report.entry.about.replace('/', '-')}"
        number = 1
        while (new_id := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        taken.add(new_id)
        entry = report.entry.model_copy(update={"id": new_id})
        alike.setdefault(key, []).append(entry)
        new.append(replace(report, entry=entry))
    return new, known


def _again(new: Sequence[Report], entries: Sequence[Entry], form: Form) -> list[str]:
    """Return a line for each new report of a body that has reported of the same item on the same day already."""
    found = Findings(form.sheet)
    before = {(entry.about, entry.body, entry.date): entry.id for entry in entries}
    for report in new:
        entry = report.entry
        other = before.get((entry.about, entry.body, entry.date))
        if other is not None and entry.corrects is None:
            found.add(
                report.row,
                form.places["date"],
                "同一单位当天已报过这一项(“{other}”),写入会多出一条;要改那一条,请填“更正哪一条”和“更正原因”",
                "this body has reported of this item on this day already (“{other}”), and this adds another entry; to "
                "change that one, fill in the columns for a correction",
                other=other,
            )
    return [line(problem) for problem in found.problems]


def _kept(known: Sequence[tuple[Report, Entry]], form: Form) -> list[str]:
    """Return what a clerk may have wanted to change in entries that stay as they are."""
    found = Findings(form.sheet)
    for report, entry in known:
        names = ("source", "covers", "evidence")
        if any(getattr(report.entry, name) != getattr(entry, name) for name in names):
            found.add(
                report.row,
                form.places["source"],
                "来源、期间或依据与已有的“{id}”不同,没有改;要改请填“更正哪一条”",
                "source, span or evidence differ from those of “{id}”, which stays; to change them, correct it",
                id=entry.id,
            )
    return [line(problem) for problem in found.problems]
