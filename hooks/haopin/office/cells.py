"""Parse cells of spreadsheets as text, date, number or id; collect errors by cell."""

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
from haopin.text import Text

# --- Parsing: unambiguous forms are accepted, ambiguous ones are errors

#: Significant digits of a number in spreadsheet programs; further ones are lost.
DIGITS = 15
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_LIKE_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})日?")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BREAKS = re.compile("_x000[dD]_|\r\n?|[\x0b\x0c\x85\u2028\u2029]")


#: Headings of row numbers, a column that is ignored.
NUMBERING = ("序号", "no", "no.")


class CellError(Exception):
    """A cell cannot be parsed; message templates in both languages and their values."""

    def __init__(self, zh: str, en: str, **values: Any) -> None:
        """Store the templates, in which ``{value}`` is the content of the cell."""
        self.zh, self.en, self.values = zh, en, values
        super().__init__(en)


def text(cell: Cell | None) -> str:
    """Return the text of ``cell`` with uniform line breaks and without invisible characters; "" for an empty cell."""
    if cell is None:
        return ""
    if cell.kind != "text":
        return shown(cell)
    words = cleaned(_BREAKS.sub("\n", str(cell.value)))
    return "\n".join(line.rstrip() for line in words.split("\n")).strip()


def narrow(words: str) -> str:
    """Return ``words`` with half-width characters and without white space, to compare ids, dates and numbers."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def shown(cell: Cell) -> str:
    """Return the text that a spreadsheet program displays for ``cell`` in the usual number formats."""
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
    """Return whether ``cell`` displays its number as a percentage."""
    return cell.kind == "number" and "%" in _QUOTED.sub("", cell.format)


def _decimal(value: float) -> Decimal:
    # The digits that the program displays: 98.1, not 98.10000000000001. No exponent.
    number = Decimal(value) if isinstance(value, int) else Decimal(format(value, f".{DIGITS}g"))
    return Decimal(int(number)) if number == int(number) else number.normalize()


def day(cell: Cell) -> date:
    """Parse the date in ``cell``.

    Raises:
        CellError: if it is not a date, or ambiguous text.
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
    """Parse the number in ``cell``, in per cent if ``percent``: 98.5, “98.5%” and a percentage cell all give 98.5.

    A percentage must be between 0 and ``most``; None for a change, which may have any size.

    Raises:
        CellError: if it is not a number, has another unit, or is out of range.
    """
    written = shown(cell) if cell.kind == "number" else text(cell)
    if cell.kind == "number":
        # A percentage cell of 0.985 is 98.5 per cent, whatever number of digits it displays.
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
    if re.fullmatch(r"-?\d+\.\d{5,}%?", narrow(written)):
        return "“{value}”的小数太长,请四舍五入", "“{value}” has too many decimals; round it"
    if re.fullmatch(r"-?[\d.,\s]*\d%?", narrow(written)):
        return (
            "“{value}”可以读成不同的数:小数点写“.”,逗号只用来每三位分隔,数字中间不留空格",
            "“{value}” may be read as different numbers: write “.” before decimals, commas only between groups of "
            "three digits, and no space within a number",
        )
    if re.match(r"-?\d[\d.,]*\D+$", narrow(written)):
        return "“{value}”的单位不对,请只写数字{unit}", "“{value}” has a wrong unit; write the number only{unit_en}"
    return "“{value}”不是数,请只写数字和小数点", "“{value}” is not a number; write digits and a point only"


# --- Errors by cell, as lines such as “表“进展”C14：… / sheet “进展” C14: …”


class CellsError(DataError):
    """Errors of a sheet: as lines, and as problems whose marks are (row, column); see `Findings.add`."""

    def __init__(self, found: "Findings") -> None:
        """Store the problems of ``found``."""
        self.problems = tuple(found.problems)
        super().__init__(found.lines())


#: Largest number of errors listed; the others are counted, as a damaged form has the same error in every row.
MOST = 30


@dataclass
class Findings:
    """Errors of one sheet. Suggestions are computed only for errors that will be listed."""

    sheet: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: int, zh: str, en: str, **values: Any) -> None:
        """Add an error at a cell; row 0 is the whole sheet, column 0 the whole row."""
        self.problems.append(problem(Place(self.sheet, mark=(row, column)), zh, en, **values))

    def guess(self, word: str, choices: Iterable[str]) -> str | None:
        """Return the nearest of ``choices``, or None if this error will not be listed."""
        if len(self.problems) >= MOST:
            return None
        return next(iter(difflib.get_close_matches(word, list(choices), n=1, cutoff=0.5)), None)

    def unknown(self, row: int, column: int, zh: str, en: str, guess: str | None, **values: Any) -> None:
        """Add an error about an unknown word, with the suggestion ``guess`` if there is one."""
        if guess:
            zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
        self.add(row, column, zh, en, guess=guess, **values)

    def lines(self) -> list[str]:
        """Return the errors in the order of their cells, at most `MOST`, then the number of the others."""
        found = sorted(self.problems, key=lambda p: p.place.mark or (0, 0))
        lines = list(dict.fromkeys(line(item) for item in found[: MOST + 1]))[:MOST]
        if (more := len(found) - MOST) > 0:
            lines.append(f"还有 {more} 处,先改上面的 / {more} more; fix those above first".replace(",", "\uff0c", 1))
        return lines

    def raise_if_any(self) -> None:
        """Raise CellsError if there are errors."""
        if self.problems:
            raise CellsError(self)


def line(item: Problem) -> str:
    """Format an error as one line."""
    sheet, cell = item.place.file, cell_name(item)
    words = f"表“{sheet}”{cell.zh}\uff1a{item.zh} / sheet “{sheet}” {cell.get('en')}".rstrip() + f": {item.en}"
    return " ".join(words.splitlines())


def cell_name(item: Problem) -> Text:
    """Return the cell of an error, such as “C14”, or its row; empty if it is about the sheet."""
    row, column = item.place.mark or (0, 0)
    if column:
        return Text.model_construct(zh=(cell := f"{get_column_letter(column)}{row}"), en=cell)
    return Text.model_construct(zh=f"第 {row} 行" if row else "", en=f"row {row}" if row else "")


def ranges(numbers: Sequence[int]) -> str:
    """Return ascending ``numbers`` abbreviated, such as ``3, 5-9``; at most ten ranges."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and number == pieces[-1][-1] + 1:
            pieces[-1] = [pieces[-1][0], number]
        else:
            pieces.append([number])
    shown = ", ".join("-".join(str(number) for number in piece) for piece in pieces[:10])
    return shown + (" …" if len(pieces) > 10 else "")


def find_merged(grid: Grid, head: int, columns: Iterable[int], found: Findings) -> None:
    """Report merged cells below the headings: their content is stored in the first cell only."""
    wanted = set(columns)
    for merged in grid.merged:
        if merged.bottom > head and not wanted.isdisjoint(range(merged.left, merged.right + 1)):
            found.add(
                merged.top,
                merged.left,
                "{name} 是合并的单元格,请取消合并并把每一格都填上(不是数据的行请删去)",
                "{name} are merged cells; unmerge them and fill in each (delete rows that are not data)",
                name=merged.name,
            )
