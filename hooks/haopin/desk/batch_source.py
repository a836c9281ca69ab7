"""A table that a testing body hands in, as rows of text: from a workbook, or from a CSV in any usual encoding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from haopin.desk.batch_csv import Rows, csv_rows
from haopin.desk.cells import DIGITS, narrow, text
from haopin.desk.findings import Findings, find_merged, ranges
from haopin.desk.workbook import Grid, content, open_workbook, refusal
from haopin.reading.table import headings
from haopin.records.base import Part

#: Lines above the headings, such as a title, number at most so many.
_FIRST_ROWS = 30
#: Columns that many tables have and nobody needs.
_NUMBERING = ("序号", "no", "no.")


@dataclass(frozen=True)
class Source:
    """A table as text.

    Attributes:
        name: Of the sheet or file, for messages.
        head: Row of the headings.
        columns: Field of each column that has one, by its number.
        rows: Rows below, each with its number and its words by column.
        found: What is wrong with it.
    """

    name: str
    head: int
    columns: Mapping[int, str]
    rows: Sequence[tuple[int, Mapping[int, str]]]
    found: Findings


def read_source(path: Path, model: type[Part]) -> Source:
    """Return the table of ``model`` in ``path``.

    Raises:
        DataError: if it cannot be read, or has no headings.
    """
    known = {narrow(word).lower(): name for name, heading in headings(model).items() for word in (heading, name)}
    raw = content(path)
    grid: Grid | None = None
    if path.suffix.lower() in (".csv", ".txt", ".tsv") and not raw.startswith(b"PK"):
        found = Findings(path.name)
        rows = csv_rows(raw, path, lambda rows: _recognised(rows, known)[0])
    else:
        grid = _only_grid(open_workbook(path), path, known)
        found = Findings(grid.title)
        rows = _grid_rows(grid, found)
    count, index = _recognised(rows, known)
    if count < 2:
        choices = "、".join(headings(model).values())
        raise refusal(
            path,
            f"没有找到标题行,各列的标题应为:{choices}",
            f"there is no row of headings; columns are called: {', '.join(headings(model))}",
        )
    head, words = rows[index]
    columns = _columns(head, words, known, model, found)
    if grid is not None:
        _find_hidden(grid, head, words, found)
        find_merged(grid, head, columns, found)
    return Source(found.sheet, head, columns, rows[index + 1 :], found)


def _only_grid(grids: Sequence[Grid], path: Path, known: Mapping[str, str]) -> Grid:
    """Return the visible sheet with the headings; refuse to choose between two."""
    visible = [grid for grid in grids if not grid.hidden and grid.rows]
    if not visible:
        raise refusal(
            path,
            "没有可见的、有内容的表;隐藏的表请取消隐藏",
            "there is no visible sheet with anything in it; unhide the sheet if it is hidden",
        )
    counts = [_recognised(_plain(grid), known)[0] for grid in visible]
    several = [grid.title for grid, count in zip(visible, counts, strict=True) if count >= 2]
    if len(several) > 1:
        zh, en = "”“".join(several), "”, “".join(several)
        raise refusal(
            path,
            f"有 {len(several)} 张表都像抽检结果:“{zh}”;请只留一张(内容合到一起),其余的删去",
            f"{len(several)} sheets look like sampling results: “{en}”; put the rows together on one sheet and "
            "delete the others",
        )
    return visible[counts.index(max(counts))]


def _find_hidden(grid: Grid, head: int, words: Mapping[int, str], found: Findings) -> None:
    """Report rows and columns that nobody sees: whoever filters a table means to hand in what is left."""
    if rows := sorted(row for row in grid.hidden_rows if row > head):
        found.add(
            rows[0],
            0,
            "有 {count} 行被隐藏或筛掉(第 {rows} 行),请取消隐藏和筛选;不要公布的行请删去",
            "{count} rows are hidden or filtered out (rows {rows}); unhide them and clear the filter, or delete those "
            "that are not to be published",
            count=len(rows),
            rows=ranges(rows),
        )
    for column, word in words.items():
        if column in grid.hidden_columns and narrow(word).lower() not in _NUMBERING:
            zh, en = (
                "“{word}”这一列被隐藏,请取消隐藏,不用的话删去",
                "the column “{word}” is hidden; unhide it, or delete it if it is not needed",
            )
            found.add(head, column, zh, en, word=word)


def _recognised(rows: Rows, known: Mapping[str, str]) -> tuple[int, int]:
    """Return how many headings the best of the first rows has, and which it is."""
    counts = [sum(narrow(word).lower() in known for word in words.values()) for _, words in rows[:_FIRST_ROWS]]
    best = max(range(len(counts)), key=lambda n: (counts[n], -n), default=0)
    return (counts[best] if counts else 0), best


def _columns(
    head: int, words: Mapping[int, str], known: Mapping[str, str], model: type[Part], found: Findings
) -> dict[int, str]:
    columns: dict[int, str] = {}
    titles = headings(model)
    for number, word in words.items():
        name = known.get(narrow(word).lower())
        if name is None and narrow(word).lower() not in _NUMBERING:
            guess = found.guess(word, titles.values())
            zh, en = (
                "标题“{word}”不认识,请删去这一列或改名",
                "the heading “{word}” is unknown; delete or rename the column",
            )
            found.unknown(head, number, zh, en, guess, word=word)
        elif name in columns.values():
            zh, en = "标题“{word}”重复,请删去一列", "the heading “{word}” occurs twice; delete one column"
            found.add(head, number, zh, en, word=word)
        elif name is not None:
            columns[number] = name
    for name, info in model.model_fields.items():
        if info.is_required() and name not in columns.values():
            zh, en = "缺少“{title}”这一列,请补上", "the column “{title}” ({name}) is missing; add it"
            found.add(head, 0, zh, en, title=titles[name], name=name)
    return columns


def _plain(grid: Grid) -> Rows:
    return [(number, {n: text(cell) for n, cell in cells.items()}) for number, cells in grid.rows[:_FIRST_ROWS]]


def _grid_rows(grid: Grid, found: Findings) -> Rows:
    rows: Rows = []
    for number, cells in grid.rows:
        for column, cell in cells.items():
            if cell.kind == "formula":
                found.add(number, column, "这一格是公式,请改成它的值", "this cell has a formula; put its value there")
            elif cell.kind == "error":
                zh, en = "这一格是错误值“{value}”,请改正", "this cell has the error “{value}”; correct it"
                found.add(number, column, zh, en, value=cell.value)
            elif cell.kind == "number" and isinstance(cell.value, int | float) and abs(cell.value) >= 10**DIGITS:
                found.add(
                    number,
                    column,
                    "数字超过 {digits} 位,末尾几位已被表格软件改成 0;请把这一列设为文本,重新录入",
                    "a number of more than {digits} digits has lost its last ones; enter it again in a column of text",
                    digits=DIGITS,
                )
        words = {column: text(cell) for column, cell in cells.items()}
        rows.append((number, {column: word for column, word in words.items() if word}))
    return rows
