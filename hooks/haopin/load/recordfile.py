"""Files of YAML records: one a file, or a list of them."""

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from haopin.load import yamlfile
from haopin.load.dataset import Dataset, LoadedRecord, Side, side_of
from haopin.load.messages import translate
from haopin.load.yamlfile import MOST_PROBLEMS, plain
from haopin.model import Kind
from haopin.problem import Place, Problem, problem


def read_file(reading: Dataset, kind: Kind, file: str) -> None:
    """Read the record or records of ``file``."""
    text = reading.text_of(file)
    if text is None:
        return
    root = yamlfile.compose(text, file)
    if isinstance(root, Problem):
        reading.problems.append(root)
        return
    value, problems = plain(root, text, file) if root is not None else (None, [])
    reading.problems += problems
    if cut := yamlfile.cut_texts(root, text, file):
        # What is missing for this reason alone is not told besides.
        reading.problems += cut
        return
    if kind.layout in ("list", "lists"):
        if value is None:
            return
        if not isinstance(value, list):
            reading.problems.append(_not_a_list(Place(file), value))
            return
        count = len(reading.problems)
        for index, item in enumerate(value):
            read_record(reading, kind, item, Place(file, (index,)))
            if len(reading.problems) - count >= MOST_PROBLEMS and index + 1 < len(value):
                reading.problems.append(
                    problem(
                        Place(file, (index,)),
                        "这个文件的问题太多,先改上面的;后面的 {more} 条还没有检查",
                        "there are too many problems in this file; mend those above first. {more} records below were "
                        "not looked at",
                        more=len(value) - index - 1,
                    )
                )
                return
        return
    if value is None:
        reading.problems.append(problem(Place(file), "文件是空的", "the file is empty"))
        return
    read_record(reading, kind, value, Place(file))


def _not_a_list(place: Place, value: Any) -> Problem:
    first = next(iter(value), "") if isinstance(value, dict) else ""
    if (name := re.fullmatch("[-\u2010-\u2015\u2212\uff0d]\\s*([A-Za-z_]+)", str(first))) is not None:
        zh, en = "“-”应为半角,后面空一格,请写成“- {name}{colon} ”", "write “- {name}: ”, with an ASCII “-” and a space"
        return problem(place, zh, en, name=name[1])
    return problem(
        place,
        "此文件应为列表,每条记录以“- ”开头",
        "this file must be a list, each record with “- ” in front",
    )


def read_record(
    reading: Dataset, kind: Kind, value: Any, place: Place, sides: Mapping[str, Side] | None = None
) -> None:
    """Make a record of plain values; a record with a file of its own bears the file's name as its id."""
    sides = sides or {}
    try:
        record = kind.model.model_validate(value)
    except ValidationError as error:
        for found in translate(error, kind.model, place, reading.names):
            where = side_of(found.place, found.place.path, sides)
            reading.problems.append(Problem(where, found.zh, found.en, found.severity))
        return
    reading.entries.append(LoadedRecord(kind, record, place, sides))
    name, _, ending = FilePath(place.file).name.partition(".")
    if kind.layout in ("folder", "articles") and record.id != name:
        reading.problems.append(
            problem(
                place.at("id"),
                "编号“{id}”与文件名“{name}”不一致,请改为一致",
                "the id “{id}” differs from the file name “{name}”; make them the same",
                id=record.id,
                name=f"{name}.{ending}",
            )
        )
