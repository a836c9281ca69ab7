"""What is wrong in a spreadsheet, cell by cell, as lines for a clerk: “表“进展”C14：… / sheet “进展” C14: …”."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from haopin.desk.workbook import Grid
from haopin.problem import DataError, Place, Problem, problem

#: A spoiled form has the same problem in every row: so many are told, and how many more there are.
MOST = 30


@dataclass
class Findings:
    """The problems of one sheet. Messages with a guess are made only as long as they will be told."""

    sheet: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: int, zh: str, en: str, **values: Any) -> None:
        """Add an error at a cell; row 0 is the sheet as a whole, column 0 the row."""
        self.problems.append(problem(Place(self.sheet, mark=(row, column)), zh, en, **values))

    def guess(self, word: str, choices: Iterable[str]) -> str | None:
        """Return the nearest of ``choices``, if this problem will be told at all."""
        if len(self.problems) >= MOST:
            return None
        return next(iter(difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)), None)

    def unknown(self, row: int, column: int, zh: str, en: str, guess: str | None, **values: Any) -> None:
        """Add an error about a word that is not known, with ``guess`` if there is one."""
        if guess:
            zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
        self.add(row, column, zh, en, guess=guess, **values)

    def lines(self) -> list[str]:
        """Return the errors by their cells, at most `MOST`, then how many more there are."""
        found = sorted(self.problems, key=lambda p: p.place.mark or (0, 0))
        lines = list(dict.fromkeys(line(item) for item in found[: MOST + 1]))[:MOST]
        if (more := len(found) - MOST) > 0:
            lines.append(f"还有 {more} 处,先改上面的 / {more} more; mend those above first".replace(",", "\uff0c", 1))
        return lines

    def raise_if_any(self) -> None:
        """Raise DataError with `lines` if there is any problem."""
        if self.problems:
            raise DataError(self.lines())


def line(item: Problem) -> str:
    """Return a problem as one line to print."""
    row, column = item.place.mark or (0, 0)
    sheet = item.place.file
    cell = f"{get_column_letter(column)}{row}" if column else str(row or "")
    zh_cell = cell if column else f"第 {row} 行" if row else ""
    en_cell = f" {cell}" if column else f" row {row}" if row else ""
    words = f"表“{sheet}”{zh_cell}\uff1a{item.zh} / sheet “{sheet}”{en_cell}: {item.en}"
    return " ".join(words.splitlines())


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending ``numbers`` in short, such as ``3, 5-9``; at most ten of such pieces."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and number == pieces[-1][-1] + 1:
            pieces[-1] = [pieces[-1][0], number]
        else:
            pieces.append([number])
    shown = ", ".join("-".join(str(number) for number in piece) for piece in pieces[:10])
    return shown + (" …" if len(pieces) > 10 else "")


def find_merged(grid: Grid, head: int, columns: Iterable[int], found: Findings) -> None:
    """Report merged cells below the headings: what they show in several cells stands in the first alone."""
    wanted = set(columns)
    for merged in grid.merged:
        if merged.bottom > head and not wanted.isdisjoint(range(merged.left, merged.right + 1)):
            found.add(
                merged.top,
                merged.left,
                "{name} 是合并的单元格,请取消合并并把每一格都填上(不是数据的行请删去)",
                "{name} are merged cells; unmerge them and fill in each (delete a row that is no data)",
                name=merged.name,
            )
