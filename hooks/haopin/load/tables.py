"""CSV tables of records: rows validated by a model, problems with line and cell number."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from haopin.load.characters import may_have_unseen, unseen, unseen_at
from haopin.load.messages import translate
from haopin.model.base import Nested
from haopin.problem import Place, Problem, problem
from haopin.text import fullwidth

#: Largest number of problems listed; the others are counted, as a damaged table has the same problem in every row.
MOST_PROBLEMS = 20
#: Largest number of rows.
MOST_ROWS = 60_000
# Separators that other programs use instead of commas.
_OTHER_SEPARATORS = frozenset("\t;|\uff0c\uff1b")


@dataclass(frozen=True)
class TableRows:
    """Rows of a table, with their positions.

    Attributes:
        file: Path of the table below the data folder.
        rows: The rows, in order.
        lines: Line number of each row; the headings are line 1.
        columns: Field of each column.
    """

    file: str
    rows: tuple[Nested, ...] = ()
    lines: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()

    def place(self, index: int, field: str = "") -> Place:
        """Return the position of row ``index``, or of its cell for ``field``, with the cell number as column."""
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
    """Parse a CSV text; return its rows with positions, and its problems.

    The first line has the headings (Chinese, or names of fields), in any order.

    Args:
        text: Text of the file, with line feeds as line ends.
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
            # A cell may contain line breaks: the line of a row is that of its beginning.
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


def raw_rows(text: str, model: type[Nested], file: str) -> list[dict[str, str]] | Problem:
    """Return the cells of each row of a CSV ``text`` by field, without validation; empty cells are left out."""
    try:
        head, *rows = [cells for cells, _ in split_rows(text)] or [[]]
    except csv.Error as error:
        return _unpaired(Place(file, mark=(1, 1)), error)
    columns, wrong = _columns(_shortened([cell.strip() for cell in head], 0), model, file)
    if wrong:
        return wrong[0]
    found = [{name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()} for row in rows]
    return [row for row in found if row]


def split_rows(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield the cells of each row of a CSV ``text``, headings and empty rows included, and its lines as they are.

    Raises:
        csv.Error: if quotation marks are unpaired.
    """
    lines = io.StringIO(text, newline="").readlines()
    reader, start = csv.reader(lines, strict=True), 0
    for cells in reader:
        yield cells, "".join(lines[start : reader.line_num])
        start = reader.line_num


class _Grid:
    """Validates rows of cells under known headings."""

    def __init__(self, file: str, model: type[Nested], head: list[str], columns: list[str], suspect: bool) -> None:
        """Store the columns; ``suspect`` if a cell may contain invisible characters."""
        self._file, self._model, self._head, self._columns, self._suspect = file, model, head, columns, suspect

    def row(self, cells: list[str], line: int) -> Nested | list[Problem]:
        """Validate the ``cells`` that begin on ``line``; return the row, or its problems."""
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
        """Move the problem of a field to its cell, prefixed with the heading."""
        field = item.place.path[0] if item.place.path else ""
        if field not in self._columns:
            return Problem(Place(self._file, mark=(line, 1)), item.zh, item.en, item.severity)
        cell = self._columns.index(str(field))
        # The message is complete; the value in it must not be changed.
        zh = f"“{self._head[cell]}”列\uff1a{item.zh}"
        return Problem(Place(self._file, mark=(line, cell + 1)), zh, item.en, item.severity)


def _shortened(cells: list[str], least: int) -> list[str]:
    """Remove empty cells at the end, which spreadsheet programs add; at least ``least`` are kept."""
    count = len(cells)
    while count > least and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _columns(head: Sequence[str], model: type[Nested], file: str) -> tuple[list[str], list[Problem]]:
    """Return the field of each column, and the problems of the headings."""
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
    # Usually a quotation mark that is not closed.
    return problem(
        place,
        "从这一行起引号不成对,请补上引号,或在表格软件里另存为 CSV({detail})",
        "quotation marks are unpaired from this line on; add the missing one, or save the table as CSV from the "
        "spreadsheet program ({detail})",
        detail=error,
    )


def _capped(problems: list[Problem]) -> list[Problem]:
    """Return the first `MOST_PROBLEMS` problems, then the number of the others."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    return [
        *problems[:MOST_PROBLEMS],
        problem(
            problems[MOST_PROBLEMS].place,
            "这个表还有 {more} 处问题,先改上面的",
            "there are {more} more problems in this table; fix those above first",
            more=more,
        ),
    ]
