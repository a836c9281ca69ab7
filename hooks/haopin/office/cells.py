"""Cells of spreadsheets: what a clerk typed as text, day, number or id, and problems named by cell."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from haopin.load.characters import Typed, cleaned, typed_number
from haopin.model.base import FIRST_YEAR, LAST_YEAR
from haopin.numerals import DAY, day_in
from haopin.office.workbook import Cell, Grid
from haopin.problem import DataError, Place, Problem, problem

# --- What a clerk typed into a cell, as text, day, number or id: every unmistakable form is understood, no other

#: Digits of a number that spreadsheet programs keep; further ones are lost.
DIGITS = 15
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_LIKE_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BREAKS = re.compile("_x000[dD]_|\r\n?|[\x0b\x0c\x85\u2028\u2029]")


class CellError(Exception):
    """A cell cannot be understood; templates in both languages, and what they name."""

    def __init__(self, zh: str, en: str, **values: Any) -> None:
        """Keep the templates, in which ``{value}`` is what was typed."""
        self.zh, self.en, self.values = zh, en, values
        super().__init__(en)


def text(cell: Cell | None) -> str:
    """Return what stands in ``cell``, line feeds between lines, nothing invisible; empty for an empty cell."""
    if cell is None:
        return ""
    if cell.kind != "text":
        return shown(cell)
    words = cleaned(_BREAKS.sub("\n", str(cell.value)))
    return "\n".join(line.rstrip() for line in words.split("\n")).strip()


def narrow(words: str) -> str:
    """Return ``words`` with half-width characters and without white space: how ids, days and numbers are compared."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def shown(cell: Cell) -> str:
    """Return the text that a spreadsheet program shows for ``cell`` under the usual number formats."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if cell.kind == "flag":
        return "TRUE" if value else "FALSE"
    if cell.kind != "number":
        return str(value)
    number, pattern = _decimal(value), _QUOTED.sub("", cell.format.split(";")[0])
    if re.fullmatch(r"0{2,}", pattern):
        return f"{int(number):0{len(pattern)}d}" if number == int(number) else f"{number:f}"
    if (form := re.fullmatch(r"(#,##)?0(?:\.(0+))?(%?)", pattern)) is not None:
        scaled = number * 100 if form[3] else number
        return f"{scaled:{',' if form[1] else ''}.{len(form[2] or '')}f}{form[3]}"
    return f"{number * 100:f}%" if is_percent(cell) else f"{number:f}"


def is_percent(cell: Cell) -> bool:
    """Tell whether ``cell`` shows its number as a percentage."""
    return cell.kind == "number" and "%" in _QUOTED.sub("", cell.format)


def _decimal(value: float) -> Decimal:
    # The digits that the program shows: 98.1, not 98.10000000000001. No exponent.
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{DIGITS}g"))
    return Decimal(int(number)) if number == int(number) else number.normalize()


def day(cell: Cell) -> date:
    """Return the day in ``cell``.

    Raises:
        CellError: if it holds no day, or text that might be read in two ways.
    """
    if cell.kind == "day" and isinstance(cell.value, date):
        return _possible(cell.value.date() if isinstance(cell.value, datetime) else cell.value, shown(cell))
    if cell.kind == "day" or (cell.kind == "number" and not re.fullmatch(r"\d{8}", shown(cell))):
        raise CellError(
            "“{value}”不是日期,请写成 2026-03-05 的样子(并把单元格格式设为日期)",
            "“{value}” is not a date; write it like 2026-03-05 (and format the cell as a date)",
            value=shown(cell),
        )
    written = narrow(text(cell))
    if (match := _DAY.fullmatch(written)) is not None:
        year, month, number = (int(part) for part in match.groups() if part)
        try:
            return _possible(date(year, month, number), written)
        except ValueError as error:
            raise CellError(
                "“{value}”这一天不存在,请核对年月日",
                "there is no such day as “{value}”; check year, month and day",
                value=text(cell),
            ) from error
    if DAY.fullmatch(written) and (found := day_in(written)) is not None:
        return _possible(found, written)
    guess = _guess(written)
    zh, en = "“{value}”不是日期,请写成 2026-03-05 的样子", "“{value}” is not a date; write it like 2026-03-05"
    if guess:
        zh, en = "“{value}”不是日期;是否想写“{guess}”?", "“{value}” is not a date; did you mean “{guess}”?"
    raise CellError(zh, en, value=text(cell), guess=guess)


def _possible(found: date, written: str) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError("“{value}”的年份不对", "the year of “{value}” cannot be right", value=written)
    return found


def _guess(written: str) -> str | None:
    match = _LIKE_DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else None
    except ValueError:
        return None


def number(cell: Cell, percent: bool, most: int | None = 100) -> Decimal:
    """Return the number in ``cell``, in percent if ``percent``: 98.5, “98.5%” and a percentage cell are all 98.5.

    A percentage lies between 0 and ``most``; None: it is a change, which may be of any size.

    Raises:
        CellError: if it holds no number, one in another unit, or one out of range.
    """
    written = shown(cell) if cell.kind == "number" else text(cell)
    if cell.kind == "number":
        # A percentage cell of 0.985 holds 98.5 percent, however few digits it shows.
        share = is_percent(cell)
        typed: Typed | None = Typed(f"{_decimal(cell.value) * (100 if share else 1):f}", share)
    else:
        typed = None if cell.kind in ("flag", "day") else typed_number(written)
    if typed is None:
        raise CellError(
            *_no_number(written),
            value=written,
            unit="（单位是 %）" if percent else "",
            unit_en=" (in percent)" if percent else "",
        )
    found = Decimal(typed.number)
    if typed.is_percent and not percent:
        raise CellError("“{value}”是百分比,此项不是", "“{value}” is a percentage, and this is not", value=written)
    if percent and most is not None and not 0 <= found <= most:
        raise CellError(
            "百分比“{value}”须在 0 到 {most} 之间",
            "the percentage “{value}” must lie between 0 and {most}",
            value=written,
            most=most,
        )
    rounded = round(found, 4)
    if rounded != found:
        zh, en = "“{value}”的小数太长,请四舍五入", "“{value}” has too many decimals; round it"
        raise CellError(zh + ",如“{guess}”", en + ", such as to “{guess}”", value=typed.number, guess=round(found, 2))
    return Decimal(int(found)) if found == int(found) else found.normalize()


def _no_number(written: str) -> tuple[str, str]:
    if re.fullmatch(r"-?[\d.,\s]*\d%?", narrow(written)):
        return (
            "“{value}”可以读成不同的数:小数点写“.”,逗号只用来每三位分隔,数字中间不留空格",
            "“{value}” may be read as different numbers: write “.” before decimals, commas only between groups of "
            "three digits, and no space within a number",
        )
    if re.match(r"-?\d[\d.,]*\D+$", narrow(written)):
        return "“{value}”的单位不对,请只写数字{unit}", "“{value}” has a wrong unit; write the number only{unit_en}"
    return "“{value}”不是数,请只写数字和小数点", "“{value}” is not a number; write digits and a point only"


# --- What is wrong in a spreadsheet, cell by cell, as lines for a clerk: “表“进展”C14：… / sheet “进展” C14: …”

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
