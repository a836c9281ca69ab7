"""The sheet “历史”: every earlier entry on the items of the form, newest first, to read and to copy ids from."""

from collections.abc import Iterable, Sequence
from datetime import date

from haopin.catalogue import Catalogue
from haopin.desk.ledger_rows import Item, names, state_shown, value_shown
from haopin.records.ledger import Entry
from haopin.text import Language, Text, Wording

#: Heading and width of each column.
HISTORY_COLUMNS: Sequence[tuple[Text, int]] = (
    (Text(zh="记录编号", en="Entry ID"), 26),
    (Text(zh="事项编号", en="Item ID"), 20),
    (Text(zh="内容", en="Content"), 24),
    (Text(zh="填报单位", en="Reporting body"), 16),
    (Text(zh="日期", en="Date"), 11),
    (Text(zh="状态", en="State"), 10),
    (Text(zh="数值", en="Value"), 8),
    (Text(zh="涵盖期间", en="Covers"), 12),
    (Text(zh="说明", en="Text"), 34),
    (Text(zh="依据", en="Evidence"), 22),
    (Text(zh="来源", en="Source"), 18),
    (Text(zh="更正哪一条", en="Corrects entry"), 20),
    (Text(zh="更正原因", en="Reason for correction"), 18),
    (Text(zh="审核", en="Approved"), 11),
)
_PENDING = Text(zh="未审核", en="not yet")


def past(catalogue: Catalogue, found: Iterable[Item], as_of: date, language: Language) -> list[list[str]]:
    """Return the words of each entry up to a day on the items ``found``, newest first."""
    rows = []
    for item in found:
        for entry in catalogue.entries_about.get(item.about, ()):
            if entry.date <= as_of:
                rows.append((entry.date, entry.id, _row(catalogue, item, entry, language)))
    return [row for _, _, row in sorted(rows, key=lambda r: (r[0], r[1]), reverse=True)]


def _row(catalogue: Catalogue, item: Item, entry: Entry, language: Language) -> list[str]:
    covers = f"{entry.covers.start.isoformat()}\n{entry.covers.end.isoformat()}" if entry.covers else ""
    evidence = "\n".join(str(part.number or part.link or part.file) for part in entry.evidence)
    return [
        entry.id,
        item.about,
        item.title.show(language),
        names(catalogue, (entry.body,), language),
        entry.date.isoformat(),
        state_shown(entry, language),
        value_shown(entry),
        covers,
        _words(entry.text, language),
        evidence,
        _words(entry.source, language),
        entry.corrects or "",
        _words(entry.reason, language),
        entry.approved.date.isoformat() if entry.approved else _PENDING.get(language),
    ]


def _words(wording: Wording | None, language: Language) -> str:
    return wording.show(language) if wording else ""
