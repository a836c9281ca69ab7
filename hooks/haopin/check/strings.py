"""Every text of a record, and where it lies."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from haopin.problem import Path, Place


def strings(part: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in ``part`` with the way to it."""
    for name in type(part).model_fields:
        yield from _strings(getattr(part, name), (*path, name))


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from strings(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


def line_in_text(text: str, start: int, place: Place) -> Place:
    """Return the place of the line of ``start``, for the text of an article, which has lines of its own."""
    if place.mark is None:
        return place
    return Place(place.file, mark=(place.mark[0] + text.count("\n", 0, start), 1))
