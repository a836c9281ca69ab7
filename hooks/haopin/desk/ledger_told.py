"""What an import of the ledger would do, and did, in plain words for the clerk."""

from haopin.desk.ledger_import import LedgerImport
from haopin.desk.ledger_reports import Report
from haopin.desk.ledger_rows import value_shown
from haopin.records.choices import STATES
from haopin.text import Language, Wording


def told(plan: LedgerImport) -> list[str]:
    """Return the lines that say what is new."""
    known = len(plan.known)
    lines = [
        f"新增 {len(plan.new)} 条，已有 {known} 条不变 / new entries: {len(plan.new)}, already there: {known}",
    ]
    for number, report in enumerate(plan.new, start=1):
        lines.append(f"{number}. {_words(report, 'zh')}")
        lines.append(f"   {_words(report, 'en')}")
    lines += [f"提醒 / warning: {line}" for line in plan.warnings]
    return lines


def _words(report: Report, language: Language) -> str:
    entry, chinese = report.entry, language == "zh"
    parts = [entry.date.isoformat()]
    if entry.state:
        parts.append(("状态：" if chinese else "state: ") + STATES[entry.state].get(language))
    if entry.value is not None:
        parts.append(("数值：" if chinese else "value: ") + value_shown(entry))
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
