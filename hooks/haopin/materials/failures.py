"""Pieces that could not be drawn, as problems of the records that have the text at fault."""

import re
from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from haopin.check.entries import texts
from haopin.exports.tabular import short, words_of
from haopin.load.dataset import Dataset
from haopin.load.folder import read, report
from haopin.materials.content import Content
from haopin.materials.drawer import Failure
from haopin.materials.engine import DoesNotFit
from haopin.materials.sets import Made
from haopin.model.material_format import OWN_TEMPLATES
from haopin.problem import Path, Place, Problem, Severity
from haopin.text import Text, comparable

#: Place in a template in the message of a failure.
_IN_TEMPLATE = re.compile(r"([\w-]+\.typ):(\d+):(\d+)")
#: Left out where a name stands alone on a flag.
_MARKS = re.compile("[“”《》]")


def lines_of(made: Iterable[Made], folder: FilePath, prefix: str, severity: Severity = "error") -> list[str]:
    """Return why pieces could not be drawn as sorted lines ``prefix/file.yml:LINE:COLUMN: Chinese / English``.

    Args:
        made: Pieces; those that could be drawn are left out.
        folder: The data folder, which is read again if there is a line.
        prefix: Its name in the lines.
        severity: Whether they are errors, or warnings of a build that goes on without these pieces.
    """
    failed = [each for each in made if each.failure is not None]
    if not failed:
        return []
    dataset = read(folder)
    return report(folder, [problem_of(dataset, each, severity) for each in failed], prefix)


def problem_of(dataset: Dataset, made: Made, severity: Severity = "error") -> Problem:
    """Return why a piece could not be drawn, at the place of the text at fault."""
    content, failure = made.piece.content, made.failure
    assert failure is not None
    zh, en = DoesNotFit.advice if failure.is_long else ("", "")
    found = _found(dataset, content, failure.text)
    if found is None:
        return Problem(_place(dataset, content, failure), failure.zh + zh, failure.en + en, severity)
    place, field, lacks_short = found
    asks = failure.is_long and lacks_short
    if asks:
        zh, en = "；请填 short", "; fill in short"
    before = (field.zh, f"{field.get('en')} ") if failure.is_long else ("", "")
    said = before[0] + failure.zh, before[1] + failure.en
    # Forms have no names of fields.
    desk = f"{said[0]}；请填“宣传物料用的短标题”", f"{said[1]}; fill in its short form"
    return Problem(place, said[0] + zh, said[1] + en, severity, desk if asks else None)


def _place(dataset: Dataset, content: Content, failure: Failure) -> Place:
    """Return the place of a failure that is of no field: a template of the county, the record, or the site."""
    where = _IN_TEMPLATE.search(failure.en)
    if where is not None and OWN_TEMPLATES + where[1] in dataset.companions:
        return Place(OWN_TEMPLATES + where[1], mark=(int(where[2]), int(where[3])))
    own = (entry.place for entry in dataset.entries if f"{entry.kind.name}/{entry.record.id}" == content.record)
    return next(own, Place("site.yml"))


def _found(dataset: Dataset, content: Content, text: str) -> tuple[Place, Text, bool] | None:
    """Return the place of ``text``, the name of its field, and whether a short form can be added to it.

    The record of the content comes first: others have names that it shows, such as that of an organiser.
    """
    wanted = _plain(text)
    for entry in sorted(dataset.entries, key=lambda e: f"{e.kind.name}/{e.record.id}" != content.record):
        # A note may follow it: that a wording is not official.
        every = [((*path, code), words) for path, text in texts(entry.record) for code, words in text.each()]
        found = [(path, words) for path, words in every if words and wanted.startswith(_plain(words))]
        path, words = max(found, key=lambda each: len(each[1]), default=((), ""))
        if len(words) * 2 > len(wanted):
            model, name = _field(entry.record, path[:-1])
            field = short(words_of(name, type(model).model_fields[name]))
            return entry.at(*path), field, _lacks_short(model, name, str(path[-1]))
    return None


def _field(record: BaseModel, path: Path) -> tuple[BaseModel, str]:
    """Return the part of ``record`` and its field that the text at ``path`` is of, alone or in a list."""
    part, name = record, ""
    value: Any = record
    for step in path:
        if isinstance(step, str):
            part, name = value, step
        value = getattr(value, step) if isinstance(step, str) else value[step]
    return part, name


def _lacks_short(model: BaseModel, name: str, language: str) -> bool:
    """Return whether the short form of a field can be given and is not, in ``language``."""
    fields = type(model).model_fields
    if "short" not in fields or name != next(each for each in ("title", "name", "text") if each in fields):
        return False
    given = getattr(model, "short", None)
    return given is None or given.in_language(language) is None


def _plain(text: str) -> str:
    return _MARKS.sub("", comparable(text))
