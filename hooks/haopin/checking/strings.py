"""Every text of a record, and where it lies."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from haopin.problem import Path


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
