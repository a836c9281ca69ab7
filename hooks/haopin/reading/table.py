"""Tables beside records (CSV): each row typed by a model, each problem with its line and cell."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from haopin.problem import Place, Problem, problem
from haopin.reading.messages import translate
from haopin.records.base import Part
from haopin.text import fullwidth

#: A spoiled table has the same problem in every row: so many are told, and how many more there are.
MOST_PROBLEMS = 20


def headings(model: type[Part]) -> Mapping[str, str]:
    """Return the Chinese heading of each column of ``model``, by field name."""
    found = {}
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        assert isinstance(extra, dict), f"{model.__name__}.{name} needs doc()"
        found[name] = fullwidth(str(extra["x-zh"]))
    return found


def read_table(text: str, model: type[Part], file: str) -> tuple[list[Part], list[Problem]]:
    """Return the rows of a CSV text, and what is wrong with it.

    The first line has the headings, Chinese or as the fields are called, in any order.

    Args:
        text: The text of the file, line ends as ``\\n``.
        model: Model of a row.
        file: Its path below the data folder, for the problems.
    """
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Part] = []
    problems: list[Problem] = []
    try:
        head = [cell.strip() for cell in next(lines, [])]
        names, wrong = _columns(head, model, file)
        if wrong:
            return [], wrong
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            mark = lines.line_num
            if len(cells) != len(names):
                problems.append(_shifted(Place(file, mark=(mark, 1)), len(cells), len(names)))
                continue
            given = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
            try:
                rows.append(model.model_validate(given))
            except ValidationError as error:
                problems += _placed(translate(error, model, Place(file)), names, mark, head)
    except csv.Error as error:
        problems.append(
            problem(
                Place(file, mark=(max(lines.line_num, 1), 1)),
                "这一行的引号不成对,请在表格软件里另存为 CSV({detail})",
                "unpaired quotation marks in this line; save it as CSV from the spreadsheet program ({detail})",
                detail=error,
            )
        )
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        last = problems[MOST_PROBLEMS].place
        problems = problems[:MOST_PROBLEMS]
        problems.append(
            problem(
                last,
                "这个表还有 {more} 处问题,先改上面的",
                "there are {more} more problems in this table; mend those above first",
                more=more,
            )
        )
    return rows, problems


def _columns(head: Sequence[str], model: type[Part], file: str) -> tuple[list[str], list[Problem]]:
    """Return the field of each column, or what is wrong with the headings."""
    words = headings(model)
    by_heading = {**{heading: name for name, heading in words.items()}, **{name: name for name in words}}
    place = Place(file, mark=(1, 1))
    wrong: list[Problem] = []
    names: list[str] = []
    for number, heading in enumerate(head, start=1):
        name = by_heading.get(fullwidth(heading))
        if name is None or name in names:
            wrong.append(
                problem(
                    Place(file, mark=(1, number)),
                    "第 {number} 列的标题“{heading}”不认识或重复,可用:{choices}",
                    "the heading “{heading}” of column {number} is unknown or repeated; possible: {choices}",
                    number=number,
                    heading=heading,
                    choices=", ".join(f"{zh} ({name})" for name, zh in words.items()),
                )
            )
        else:
            names.append(name)
    required = [name for name, info in model.model_fields.items() if info.is_required()]
    for name in required:
        if name not in names:
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


def _shifted(place: Place, found: int, expected: int) -> Problem:
    return problem(
        place,
        "这一行有 {found} 格,应为 {expected} 格:可能有一列错位,或文字里有未加引号的逗号",
        "this row has {found} cells and should have {expected}: a column has shifted, or a text has a comma without "
        "quotation marks",
        found=found,
        expected=expected,
    )


def _placed(found: Any, names: Sequence[str], line: int, head: Sequence[str]) -> list[Problem]:
    """Return the problems of a row at their cells."""
    placed = []
    for item in found:
        field = item.place.path[0] if item.place.path else None
        cell = names.index(field) + 1 if field in names else 1
        heading = head[cell - 1] if field in names else ""
        zh = f"“{heading}”列:{item.zh}" if heading else item.zh
        placed.append(Problem(Place(item.place.file, mark=(line, cell)), fullwidth(zh), item.en, item.severity))
    return placed
