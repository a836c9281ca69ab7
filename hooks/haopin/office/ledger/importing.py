"""Import of a filled-in form into the ledger: new entries, contradictions, report."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from haopin.check.rules import check
from haopin.load.dataset import Dataset
from haopin.load.dataset import LoadedRecord as ReadEntry
from haopin.load.folder import report as data_lines
from haopin.model.body import Body
from haopin.model.choices import STATES
from haopin.model.ledger import ENTRY, Entry
from haopin.model.publishable import Drafting
from haopin.office.cells import Findings, line
from haopin.office.ledger.columns import items, value_shown, whole
from haopin.office.ledger.form import COLUMN_OF, LedgerForm, LedgerReader, Report, Values, read_form
from haopin.office.record_lookup import TO_COME
from haopin.office.workbook import open_workbook, refusal
from haopin.office.writing import appended, item
from haopin.problem import DataError, Place, Problem
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language, Text, Wording

# --- Errors of new entries, reported at their cells


def find_contradictions(new: Sequence[Report], entries: Sequence[Entry], form: LedgerForm, found: Findings) -> None:
    """Find rows that contradict an earlier row or the ledger: same item, same day, other content."""
    corrected = {entry.corrects for entry in (*entries, *(report.entry for report in new))}
    said: dict[tuple[str, Any], Entry] = {}
    for entry in entries:
        if entry.id not in corrected:
            said.setdefault((entry.about, entry.date), entry)
    first: dict[tuple[str, Any], Report] = {}
    for report in new:
        key = report.entry.about, report.entry.date
        earlier, other = first.setdefault(key, report), said.get(key)
        place = report.row, form.places["date"]
        if _differ(report.entry, earlier.entry):
            found.add(
                *place,
                "与第 {other} 行同一天、同一事项,说法却不同,请改日期或删去一行",
                "contradicts row {other} on the same item on the same day; change the date or delete one row",
                other=earlier.row,
            )
        elif other is not None and _differ(report.entry, other):
            found.add(
                *place,
                "与已有的“{other}”同一天、同一事项,说法却不同;如是更正,请填“更正哪一条”和“更正原因”",
                "contradicts the entry “{other}” of the same item on the same day; if it is a correction, "
                "fill in which entry it corrects and why",
                other=other.id,
            )


def _differ(entry: Entry, other: Entry) -> bool:
    return (entry.state, entry.value, entry.of) != (other.state, other.value, other.of)


def find_errors(
    new: Sequence[Report], reading: Dataset, form: LedgerForm, found: Findings
) -> tuple[list[Problem], list[Problem]]:
    """Check the data with the new entries; add errors of new entries to ``found``, at their cells.

    Returns:
        New warnings at their cells, and new errors elsewhere in the data.
    """
    spoiled = {(p.place.mark or (0, 0))[0] for p in found.problems}
    good = [report for report in new if report.row not in spoiled]
    place = Place(f"{ENTRY.path}/(new)")
    made = [ReadEntry(ENTRY, report.entry, place.at(index)) for index, report in enumerate(good)]
    future = replace(reading, entries=[*reading.entries, *made])
    before = set(check(reading)) if good else set()
    warnings, others = [], []
    for wrong in check(future) if good else ():
        if wrong in before:
            continue
        if wrong.place.file != place.file:
            others.append(wrong)
            continue
        index, *path = wrong.place.path
        field = str(path[0]) if path else "date"
        column = form.places.get(COLUMN_OF.get(field, field), 0)
        moved = replace(wrong, place=Place(form.sheet, mark=(good[int(index)].row, column)))
        if wrong.severity == "error":
            found.problems.append(moved)
        else:
            warnings.append(moved)
    return warnings, [other for other in others if other.severity == "error"]


# --- Ledger files: new entries are appended, existing text is unchanged to the byte


def changes_of(entries: Sequence[Entry], folder: Path, names: Mapping[str, Text]) -> dict[str, bytes]:
    """Append ``entries`` to the ledger files; return their new content by path."""
    by_body: dict[str, list[str]] = {}
    for entry in entries:
        by_body.setdefault(entry.body, []).append(item(fields(entry)))
    changes = {}
    for body, texts in by_body.items():
        file = f"{ENTRY.path}/{body}.yml"
        path = folder / file
        if path.exists():
            old = path.read_bytes().decode("utf-8", "surrogateescape")
            # New items have the same indentation as the others.
            dash = re.search(r"^( *)- ", old, re.M)
            margin = dash[1] if dash else ""
            texts = ["".join(margin + row if row.strip() else row for row in text.splitlines(True)) for text in texts]
        else:
            name = names[body]
            old = (
                "# yaml-language-server: $schema=../schema/entry.json\n"
                f"# {name.zh}台账。只增不改，更正另写一条；审核（haopin approve）后才公布。\n"
                f"# Ledger of {name.get('en')}. Entries are only added; public once approved.\n"
            )
        changes[file] = appended(old, texts).encode("utf-8", "surrogateescape")
    return changes


def fields(entry: Entry) -> dict[str, Any]:
    """Return the plain fields of ``entry``, in the order of the documentation."""
    plain = entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    for name in ("value", "of"):
        if name in plain:
            plain[name] = f"{getattr(entry, name):f}"
    for name in ("text", "source", "reason"):
        words = plain.get(name)
        if words is not None and set(words) == {"zh"}:
            plain[name] = words["zh"]
    order = ("id", "date", "measure", "target", "body", "state", "value", "of", "unit", "covers", "text", "source")
    return {name: plain[name] for name in (*order, "evidence", "corrects", "reason", "drafted") if name in plain}


# --- The import

#: Largest number of new entries; more are probably a mistake.
MOST_ENTRIES = 2000


@dataclass(frozen=True)
class LedgerImport:
    """Planned changes of an import.

    Attributes:
        new: New entries, with ids, and their rows.
        known: Reports that are in the ledger already, with the existing entry.
        changes: New content of data files, by path below the data folder.
        warnings: Warnings at their cells.
    """

    new: tuple[Report, ...]
    known: tuple[tuple[Report, Entry], ...]
    changes: Mapping[str, bytes]
    warnings: tuple[Problem, ...]


def read_import(
    path: Path,
    reading: Dataset,
    name: str,
    *,
    body: str | None,
    samples: bool,
    today: date,
    raw: bytes | None = None,
    by: str = "",
) -> LedgerImport:
    """Plan the import of the form ``path`` into the dataset ``reading``.

    Args:
        path: The filled-in workbook.
        reading: The dataset, without errors.
        name: Name of the data folder in messages, e.g. ``data``.
        body: Reporting body, if the form does not name one.
        samples: Whether entries may refer to sample records.
        today: Latest permitted date of a report.
        raw: Content of the workbook, if a browser has sent it; see `content`.
        by: Name of the clerk, written as the drafter of new entries; "" for none.

    Raises:
        DataError: with all errors of the form; those of cells as `CellsError`.
    """
    form = read_form(path, open_workbook(path, raw))
    if form.body and body and form.body != body:
        zh = f"这个表是为“{form.body}”导出的,与 --body {body} 不一致"
        raise refusal(path, zh, f"this form was made for “{form.body}”, not for --body {body}")
    found = Findings(form.sheet)
    plan = plan_form(form, reading, name, found, body=form.body or body or "", samples=samples, today=today, by=by)
    found.raise_if_any()
    return plan


def plan_form(
    form: LedgerForm,
    reading: Dataset,
    name: str,
    found: Findings,
    *,
    body: str,
    samples: bool,
    today: date,
    by: str = "",
) -> LedgerImport:
    """Plan the import of a form; see `read_import`. Errors are added to ``found``: then the plan is of the other rows.

    Args:
        form: The form.
        reading: The dataset, without errors.
        name: Name of the data folder in messages, e.g. ``data``.
        found: Collects the errors.
        body: Reporting body of the rows that name none; "" if unknown.
        samples: Whether entries may refer to sample records.
        today: Latest permitted date of a report.
        by: Name of the drafter of new entries; "" for none.

    Raises:
        DataError: if the form is right, but the data would have errors elsewhere.
    """
    catalogue = whole(reading, samples=samples)
    entries = catalogue.all(Entry)
    values = Values(form.places, bodies_by_name(catalogue), body, [entry.id for entry in entries], found)
    reader = LedgerReader(form, items(catalogue), values)
    reports = reader.reports()
    if len(reports) > MOST_ENTRIES:
        zh = f"一次最多导入 {MOST_ENTRIES} 条,这个表有 {len(reports)} 条,请分几次导入"
        found.add(0, 0, zh, f"at most {MOST_ENTRIES} entries at a time; this form has {len(reports)}")
        return LedgerImport((), (), {}, ())
    for report in reports:
        if report.entry.date > today:
            found.add(report.row, form.places["date"], *TO_COME, value=report.entry.date, today=today)
    new, known = _sorted_out(reports, entries, reading, Drafting(by=by, date=today) if by else None)
    find_contradictions(new, entries, form, found)
    warnings, others = find_errors(new, reading, form, found)
    if others and not found.problems:
        raise DataError(data_lines(reading.folder, others, name))
    changes = changes_of([report.entry for report in new], reading.folder, {b.id: b.name for b in catalogue.all(Body)})
    return LedgerImport(
        tuple(new), tuple(known), changes, (*_kept(known, form), *_again(new, entries, form), *warnings)
    )


def bodies_by_name(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the id of each body by its id and its names, as `Values` compares them."""
    return {
        word: body.id
        for body in catalogue.all(Body)
        for word in (body.id, *("".join(body.name.get(language).split()).lower() for language in LANGUAGES))
    }


def _likeness(entry: Entry) -> tuple[Any, ...]:
    """Return the key by which entries count as the same: item, body, day, content."""
    text = entry.text and (entry.text.zh, entry.text.en)
    return entry.about, entry.body, entry.date, entry.state, entry.value, entry.of, text


def _sorted_out(
    reports: Sequence[Report], entries: Sequence[Entry], reading: Dataset, drafted: Drafting | None
) -> tuple[list[Report], list[tuple[Report, Entry]]]:
    """Separate new reports (and give them ids) from those that are in the ledger, or twice in the form."""
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
        entry = report.entry.model_copy(update={"id": new_id, "drafted": drafted})
        alike.setdefault(key, []).append(entry)
        new.append(replace(report, entry=entry))
    return new, known


def _again(new: Sequence[Report], entries: Sequence[Entry], form: LedgerForm) -> list[Problem]:
    """Return a warning for each new report whose body already reported on the same item on the same day."""
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
                "this body has already reported on this item on this day (“{other}”), and this adds another entry; to "
                "change that one, fill in the columns for a correction",
                other=other,
            )
    return found.problems


def _kept(known: Sequence[tuple[Report, Entry]], form: LedgerForm) -> list[Problem]:
    """Return warnings about differences in existing entries that the import does not change."""
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
    return found.problems


# --- Report for the clerk


def format_report(plan: LedgerImport) -> list[str]:
    """Return the report of the import."""
    known = len(plan.known)
    lines = [
        f"新增 {len(plan.new)} 条，已有 {known} 条不变 / new entries: {len(plan.new)}, already there: {known}",
    ]
    for number, report in enumerate(plan.new, start=1):
        lines.append(f"{number}. {words_of(report, 'zh')}")
        lines.append(f"   {words_of(report, 'en')}")
    lines += [f"提醒 / warning: {line(problem)}" for problem in plan.warnings]
    return lines


def words_of(report: Report, language: Language) -> str:
    """Return a new entry in words."""
    entry, chinese = report.entry, language == "zh"
    parts = [entry.date.isoformat()]
    if entry.state:
        parts.append(("状态：" if chinese else "state: ") + STATES[entry.state].get(language))
    if entry.value is not None:
        parts.append(("数值：" if chinese else "value: ") + value_shown(report.item, entry, language))
    if entry.corrects:
        parts.append(("更正 " if chinese else "corrects ") + entry.corrects)
    if entry.text:
        parts.append(("说明：" if chinese else "text: ") + _line(entry.text, language))
    parts.append(("来源：" if chinese else "source: ") + _line(entry.source, language))
    title = report.item.title.show(language)
    head = f"{title}（{entry.about}）：" if chinese else f"{title} ({entry.about}): "
    return head + ("，" if chinese else ", ").join(parts)


def _line(wording: Wording, language: Language) -> str:
    return " ".join(wording.show(language).split())
