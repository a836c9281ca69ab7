"""What an import of a batch would do, in plain words for the clerk."""

from collections.abc import Sequence

from haopin.desk.batch_import import BatchImport

# So many sample numbers are named; the rest is counted.
_NAMED = 5


def told(plan: BatchImport) -> list[str]:
    """Return the lines that say what is in the table, and how it differs from the one before."""
    rows = len(plan.rows)
    failing = sum(row.result == "fail" for row in plan.rows)
    lines = [
        f"共 {rows} 个样品，合格 {rows - failing}，不合格 {failing} / "
        f"products: {rows}, passing: {rows - failing}, failing: {failing}"
    ]
    if plan.replaces:
        lines.append(
            f"与已有的表相比：新增 {len(plan.added)}，删去 {len(plan.removed)}，改动 {len(plan.changed)} / "
            f"compared with the table there: added {len(plan.added)}, removed {len(plan.removed)}, "
            f"changed {len(plan.changed)}"
        )
        for zh, en, numbers in (
            ("新增", "added", plan.added),
            ("删去", "removed", plan.removed),
            ("改动", "changed", plan.changed),
        ):
            if numbers:
                lines.append(f"  {zh} / {en}: {_named(numbers)}")
    if plan.approved and plan.changes:
        lines.append(
            "提醒 / warning: 这一批已经审核，改动会随下次生成公布，请重新审核 / this batch is approved already: the "
            "change is published with the next build; have it approved again"
        )
    return lines


def _named(numbers: Sequence[str]) -> str:
    more = len(numbers) - _NAMED
    return ", ".join(numbers[:_NAMED]) + (f" … (+{more})" if more > 0 else "")
