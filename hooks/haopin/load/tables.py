"""Tables beside records (CSV): each row typed by a model, each problem with its line and the number of its cell."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from haopin.load.characters import may_have_unseen, unseen, unseen_at
from haopin.load.messages import translate
from haopin.model.base import Nested
from haopin.problem import Place, Problem, problem
from haopin.text import fullwidth

#: A spoiled table has the same problem in every row: so many are told, and how many more there are.
MOST_PROBLEMS = 20
#: Most rows of a table.
MOST_ROWS = 60_000
# What other programs put between cells instead of commas.
_OTHER_SEPARATORS = frozenset("\t;|\uff0c\uff1b")


@dataclass(frozen=True)
class TableRows:
    """The rows of a table, and where their cells stand.

    Attributes:
        file: Path of the table below the data folder.
        rows: The rows, in order.
        lines: Line on which each of them begins, the headings being line 1.
        columns: Field of each column.
    """

    file: str
    rows: tuple[Nested, ...] = ()
    lines: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()

    def place(self, index: int, field: str = "") -> Place:
        """Return the place of row ``index``, or of its cell for ``field``: the cell’s number stands for the column."""
        cell = self.columns.index(field) + 1 if field in self.columns else 1
        return Place(self.file, mark=(self.lines[index], cell))


def headings(model: type[Nested]) -> Mapping[str, str]:
    """Return the Chinese heading of each column of ``model``, by field name."""
    found = {}
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        assert isinstance(extra, dict), f"{model.__name__}.{name} needs doc()"
        found[name] = fullwidth(str(extra["x-zh"]))
    return found


def read_table(text: str, model: type[Nested], file: str) -> tuple[TableRows, list[Problem]]:
    """Return the rows of a CSV text with their places, and its problems.

    The first line has the headings, Chinese or as the fields are called, in any order.

    Args:
        text: The text of the file, each line ended by a line feed alone.
        model: Model of a row.
        file: Its path below the data folder, for the problems.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Nested] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    columns: list[str] = []
    start = 1
    try:
        head = _shortened([cell.strip() for cell in next(lines, [])], 0)
        columns, wrong = _columns(head, model, file)
        if wrong:
            return TableRows(file), _capped(wrong)
        grid = _Grid(file, model, head, columns, may_have_unseen(text))
        start = lines.line_num + 1
        for cells in lines:
            # A cell may go over several lines: the row is where it begins.
            line, start = start, lines.line_num + 1
            if len(rows) + len(problems) >= MOST_ROWS or line > 4 * MOST_ROWS:
                zh, en = (
                    "行太多,一个表最多 {most} 行;请分成几批,并删去空行",
                    "there are too many rows, {most} at most; divide the table into several, and delete empty rows",
                )
                problems.insert(0, problem(Place(file, mark=(line, 1)), zh, en, most=MOST_ROWS))
                break
            if any(cell.strip() for cell in cells):
                found = grid.row(cells, line)
                if isinstance(found, Nested):
                    rows.append(found)
                    numbers.append(line)
                else:
                    problems += found
    except csv.Error as error:
        problems.append(_unpaired(Place(file, mark=(start, 1)), error))
    return TableRows(file, tuple(rows), tuple(numbers), tuple(columns)), _capped(problems)


class _Grid:
    """Rows to be made of cells, under known headings."""

    def __init__(self, file: str, model: type[Nested], head: list[str], columns: list[str], suspect: bool) -> None:
        """Keep the columns; ``suspect`` if some cell may have a character that nobody sees."""
        self._file, self._model, self._head, self._columns, self._suspect = file, model, head, columns, suspect

    def row(self, cells: list[str], line: int) -> Nested | list[Problem]:
        """Return the row of ``cells`` that begins on ``line``, or what is wrong with it."""
        cells = _shortened(cells, len(self._columns))
        if len(cells) != len(self._columns):
            return [_shifted(Place(self._file, mark=(line, 1)), len(cells), len(self._columns))]
        if self._suspect and (found := self._controls(cells, line)):
            return found
        given = {name: cell.strip() for name, cell in zip(self._columns, cells, strict=True) if cell.strip()}
        try:
            return self._model.model_validate(given)
        except ValidationError as error:
            return [self._at_cell(item, line) for item in translate(error, self._model, Place(self._file))]

    def _controls(self, cells: list[str], line: int) -> list[Problem]:
        return [
            unseen_at(Place(self._file, mark=(line, number)), cell)
            for number, cell in enumerate(cells, start=1)
            if any(unseen(cell))
        ]

    def _at_cell(self, item: Problem, line: int) -> Problem:
        """Return the problem of a field at its cell, with the heading in front."""
        field = item.place.path[0] if item.place.path else ""
        if field not in self._columns:
            return Problem(Place(self._file, mark=(line, 1)), item.zh, item.en, item.severity)
        cell = self._columns.index(str(field))
        # The message is ready: what was typed in it must stay as it was.
        zh = f"“{self._head[cell]}”列\uff1a{item.zh}"
        return Problem(Place(self._file, mark=(line, cell + 1)), zh, item.en, item.severity)


def _shortened(cells: list[str], least: int) -> list[str]:
    """Return ``cells`` without the empty ones that spreadsheet programs write at the right; ``least`` are kept."""
    count = len(cells)
    while count > least and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _columns(head: Sequence[str], model: type[Nested], file: str) -> tuple[list[str], list[Problem]]:
    """Return the field of each column, or what is wrong with the headings."""
    words = headings(model)
    place = Place(file, mark=(1, 1))
    choices = ", ".join(f"{zh} ({name})" for name, zh in words.items())
    if not head:
        zh, en = "第一行没有标题,可用:{choices}", "the first line has no headings; possible: {choices}"
        return [], [problem(place, zh, en, choices=choices)]
    if len(head) == 1 and not _OTHER_SEPARATORS.isdisjoint(head[0]):
        return [], [_wrong_separator(place)]
    by_heading = {heading: name for name, heading in words.items()} | {name: name for name in words}
    names: list[str] = []
    wrong: list[Problem] = []
    for number, heading in enumerate(head, start=1):
        name = by_heading.get(fullwidth(heading), "")
        if name == "" or name in names:
            wrong.append(_wrong_heading(Place(file, mark=(1, number)), heading, number, name != "", choices))
        names.append(name)
    for name, info in model.model_fields.items():
        if info.is_required() and name not in names:
            wrong.append(
                problem(
                    place,
                    "缺少“{heading}”这一列,请补上",
                    "the column “{heading}” ({name}) is missing; add it",
                    heading=words[name],
                    name=name,
                )
            )
    return names, wrong


def _wrong_heading(place: Place, heading: str, number: int, repeated: bool, choices: str) -> Problem:
    if repeated:
        zh, en = (
            "第 {number} 列的标题“{heading}”与前面的一列重复,请删去一列",
            "the heading “{heading}” of column {number} repeats that of an earlier column; delete one of the two",
        )
    else:
        zh, en = (
            "第 {number} 列的标题“{heading}”不认识,可用:{choices}",
            "the heading “{heading}” of column {number} is unknown; possible: {choices}",
        )
    return problem(place, zh, en, number=number, heading=heading, choices=choices)


def _wrong_separator(place: Place) -> Problem:
    return problem(
        place,
        "各格之间须用英文逗号分隔,请在表格软件里另存为“CSV UTF-8(逗号分隔)”",
        "cells must be separated by commas; save the table again, as “CSV UTF-8 (comma delimited)”",
    )


def _shifted(place: Place, found: int, expected: int) -> Problem:
    return problem(
        place,
        "这一行有 {found} 格,应为 {expected} 格:可能有一列错位,或文字里有未加引号的逗号",
        "this row has {found} cells and should have {expected}: a column has shifted, or a text has a comma without "
        "quotation marks",
        found=found,
        expected=expected,
    )


def _unpaired(place: Place, error: csv.Error) -> Problem:
    # A cell without end is nearly always one whose closing mark is missing.
    return problem(
        place,
        "从这一行起引号不成对,请补上引号,或在表格软件里另存为 CSV({detail})",
        "quotation marks are unpaired from this line on; add the missing one, or save the table as CSV from the "
        "spreadsheet program ({detail})",
        detail=error,
    )


def _capped(problems: list[Problem]) -> list[Problem]:
    """Return the first of ``problems``, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    return [
        *problems[:MOST_PROBLEMS],
        problem(
            problems[MOST_PROBLEMS].place,
            "这个表还有 {more} 处问题,先改上面的",
            "there are {more} more problems in this table; mend those above first",
            more=more,
        ),
    ]
