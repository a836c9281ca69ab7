"""Tables of assignments in annexes, such as a 责任分解表."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from haopin.numerals import MONTH, YEAR, day_in, last_day_of
from haopin.start.lines import SourceLine
from haopin.start.responsibility import Responsibility, joined, parse

#: Content of a column by words of its heading; the first match counts.
_COLUMNS: Sequence[tuple[str, str]] = (
    ("", r"责任人|负责人|领导|联系人|电话|备注|序号"),
    ("bodies", r"牵头.*(?:配合|参与|责任)"),
    ("lead", r"牵头|主办"),
    ("participating", r"配合|参与|协办|参加"),
    ("bodies", r"(?:责任|落实|负责|承办|实施)(?:单位|部门|主体)"),
    ("due", r"时限|时间|进度|期限|节点"),
    ("text", r"任务|措施|举措|内容|指标|事项|要求|项目|工作"),
)
_LONGEST_HEADING = 12
_LABEL = re.compile(r"^(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）.．、]|[①-⑳])\s*")
_UNTIL = "(?:底|末)?(?:前|之前|以前)?(?:完成)?"


@dataclass
class PlannedRow:
    """A row of a table.

    Attributes:
        cells: Its cells as written; None where empty.
        texts: Its subject: the cells below headings such as 任务 and 措施, the most specific one first.
        responsible: Responsible bodies; None if it assigns nothing.
        due: Due date, if its cell has one.
        measures: Measures that it assigns, as record id/measure id.
    """

    cells: tuple[str | None, ...]
    texts: tuple[str, ...] = ()
    responsible: Responsibility | None = None
    due: date | None = None
    measures: list[str] = field(default_factory=list)


@dataclass
class PlannedTable:
    """A table: headings and rows."""

    columns: tuple[str, ...]
    rows: list[PlannedRow] = field(default_factory=list)


def role_of(heading: str) -> str:
    """Return the content of the column with this ``heading``; "" if it is ignored."""
    words = "".join(heading.split())
    if not words or len(words) > _LONGEST_HEADING:
        return ""
    return next((role for role, pattern in _COLUMNS if re.search(pattern, words)), "")


def is_head(cells: Sequence[str]) -> bool:
    """Return whether ``cells`` are the headings of a table of assignments."""
    roles = {role_of(cell) for cell in cells}
    return "text" in roles and bool({"lead", "bodies", "participating"} & roles)


def read_table(lines: Sequence[SourceLine]) -> PlannedTable | None:
    """Return the table in ``lines``, the first with the headings; None if its columns are unclear."""
    width = max(len(line.cells or ()) for line in lines)
    filled = [(*(line.cells or ()), *[""] * (width - len(line.cells or ()))) for line in lines]
    # Columns below a common heading count as one.
    starts = [at for at, cell in enumerate(filled[0]) if cell]
    if len(starts) < 2 or starts[0] != 0:
        return None
    spans = list(zip(starts, [*starts[1:], width], strict=True))
    rows = [tuple(" ".join(filter(None, cells[begin:end])) for begin, end in spans) for cells in filled]
    table = PlannedTable(rows[0])
    roles = [role_of(cell) for cell in table.columns] if is_head(table.columns) else []
    above: tuple[str, ...] = rows[0]
    for line, cells in zip(lines[1:], rows[1:], strict=True):
        # A merged cell repeats the text of the cell above.
        said = tuple(above[at] if not cell and spans[at][0] in line.above else cell for at, cell in enumerate(cells))
        above = said
        table.rows.append(_row(cells, said, roles))
    return table


def _row(cells: Sequence[str], said: Sequence[str], roles: Sequence[str]) -> PlannedRow:
    row = PlannedRow(tuple(cell or None for cell in cells))
    given = [(role, cell) for role, cell in zip(roles, said, strict=False) if cell]
    row.texts = tuple(cell for role, cell in reversed(given) if role == "text")
    parts = []
    for role, cell in given:
        if role not in ("lead", "bodies", "participating"):
            continue
        part = parse(re.sub(r"(?<=\S) +(?=\S)", "、", cell))
        if role != "bodies":
            setattr(part, role, part.named)
            for other in {"lead", "bodies", "participating"} - {role}:
                setattr(part, other, [])
        parts.append(part)
    who = joined(parts, " ".join(cell for role, cell in given if role in ("lead", "bodies", "participating")))
    dues = [cell for role, cell in given if role == "due"]
    who.due = dues[0] if dues else who.due
    row.due = _day(who.due) if who.due else None
    if row.texts and (who.named or who.general or row.due):
        row.responsible = who
    return row


def _day(cell: str) -> date | None:
    words = "".join(cell.split())
    if found := re.fullmatch(rf"(?:{MONTH.pattern}){_UNTIL}", words):
        return last_day_of(found[1], found[2])
    if found := re.fullmatch(rf"(?:{YEAR.pattern}){_UNTIL}", words):
        return last_day_of(found[1])
    return day_in(words) if re.fullmatch(r"[^-—–~～至]*日(?:前|之前|以前)?(?:完成)?", words) else None


# --- Tables in text without cells


def with_tables(rows: Sequence[str], lines_of: Callable[[list[str]], Sequence[str]]) -> Iterator[SourceLine]:
    """Yield ``rows`` of text as lines: with cells for a table of assignments, by ``lines_of`` for others.

    A table begins with separated headings, and continues as long as rows have the same number of cells.
    """
    plain: list[str] = []
    at = 0
    while at < len(rows):
        split = next((split for split in _SPLITS if is_head(split(rows[at])) and len(split(rows[at])) > 2), None)
        count = 0
        if split is not None:
            width = len(split(rows[at]))
            while at + count < len(rows) and len(split(rows[at + count])) == width:
                count += 1
        if split is None or count < 2:
            plain.append(rows[at])
            at += 1
            continue
        yield from map(SourceLine, lines_of(plain))
        plain = []
        for row in rows[at : at + count]:
            cells = tuple(cell.strip() for cell in split(row))
            yield SourceLine("\t".join(cells), cells)
        at += count
    yield from map(SourceLine, lines_of(plain))


_SPLITS: Sequence[Callable[[str], list[str]]] = (
    lambda row: row.split("\t"),
    lambda row: re.split("[|│┃]", row.strip().strip("|│┃")),
    lambda row: re.split(r"[ \u3000]{2,}|\u3000", row.strip()),
    lambda row: row.split(),
)


# --- Measures of a row


def assign(rows: Sequence[PlannedRow], measures: Mapping[str, tuple[str, str]]) -> None:
    """Find the measures of each row with an assignment.

    Args:
        rows: Rows of all tables.
        measures: Record id/measure id → title of the record, and text of the measure.
    """
    known = {name: (_key(title), _key(words)) for name, (title, words) in measures.items()}
    for row in rows:
        if row.responsible is not None:
            row.measures = _about([_key(text) for text in row.texts], known)
    claims: dict[str, list[PlannedRow]] = {}
    for row in rows:
        for name in row.measures:
            claims.setdefault(name, []).append(row)
    for name, claiming in claims.items():
        if any(_who(row) != _who(claiming[0]) for row in claiming):
            # Contradicting rows: people have to decide.
            for row in claiming:
                row.measures.remove(name)


def _about(texts: Sequence[str], known: Mapping[str, tuple[str, str]]) -> list[str]:
    for text in texts:
        exact = [name for name, (_, words) in known.items() if words == text]
        part = [
            name
            for name, (_, words) in known.items()
            if (len(words) >= _TELLING and words in text) or (len(text) >= _TELLING and text in words)
        ]
        whole = [name for name, (title, _) in known.items() if title == text]
        for found in (exact, whole, part):
            holders = {name.partition("/")[0] for name in found}
            if len(holders) > 1:
                # The same text in several records: another cell may have the title of one.
                found = [name for name in found if known[name][0] and any(known[name][0] in other for other in texts)]
                holders = {name.partition("/")[0] for name in found}
            if len(holders) == 1:
                return found
    return []


#: Shorter texts may match by chance.
_TELLING = 5


def _key(words: str) -> str:
    bare = _LABEL.sub("", "".join(words.split()))
    return re.sub(r"[\W_]", "", bare)


def _who(row: PlannedRow) -> tuple[object, ...]:
    said = row.responsible
    assert said is not None
    return said.lead, said.bodies, said.participating, said.general, row.due
