"""What would be wrong with new entries in the ledger, told at the cells that they come from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from haopin.checking import check
from haopin.desk.findings import Findings, line
from haopin.desk.ledger_form import Form
from haopin.desk.ledger_reports import COLUMN_OF, Report
from haopin.problem import Place, Problem
from haopin.reading.reading import Entry as ReadEntry
from haopin.reading.reading import Reading
from haopin.records.ledger import ENTRY, Entry


def find_contradictions(new: Sequence[Report], entries: Sequence[Entry], form: Form, found: Findings) -> None:
    """Find rows that say other of the same item on the same day than an earlier row, or than the ledger."""
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
                "says other than row {other} of the same item on the same day; change the date or delete one row",
                other=earlier.row,
            )
        elif other is not None and _differ(report.entry, other):
            found.add(
                *place,
                "与已有的“{other}”同一天、同一事项,说法却不同;如是更正,请填“更正哪一条”和“更正原因”",
                "says other than the entry “{other}” of the same item on the same day; if it is a correction, "
                "fill in which entry it corrects and why",
                other=other.id,
            )


def _differ(entry: Entry, other: Entry) -> bool:
    return (entry.state, entry.value) != (other.state, other.value)


def find_errors(
    new: Sequence[Report], reading: Reading, form: Form, found: Findings
) -> tuple[list[str], list[Problem]]:
    """Check the data as it would be; what is wrong with new entries is found at their cells.

    Returns:
        New warnings as lines, and new errors elsewhere.
    """
    spoiled = {(p.place.mark or (0, 0))[0] for p in found.problems}
    good = [report for report in new if report.row not in spoiled]
    place = Place(f"{ENTRY.path}/(new)")
    made = [ReadEntry(ENTRY, report.entry, place.at(index)) for index, report in enumerate(good)]
    future = replace(reading, entries=[*reading.entries, *made])
    before = set(check(reading))
    warnings, others = [], []
    for wrong in check(future):
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
            warnings.append(line(moved))
    return warnings, [other for other in others if other.severity == "error"]
