"""Where in a record clause references lie."""

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from haopin.problem import Path
from haopin.records.base import ClauseRef


def clause_refs(part: BaseModel, path: Path = ()) -> Iterator[tuple[ClauseRef, Path]]:
    """Yield every clause reference in a record, with the path that leads to it."""
    for name in fields_with_refs(type(part)):
        value = getattr(part, name)
        if isinstance(value, ClauseRef):
            yield value, (*path, name)
        elif isinstance(value, BaseModel):
            yield from clause_refs(value, (*path, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from clause_refs(item, (*path, name, index))


@cache
def fields_with_refs(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of ``model`` in which a clause reference may lie, at any depth."""
    return tuple(name for name, info in model.model_fields.items() if _may_hold_ref(info.annotation))


def _may_hold_ref(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation is ClauseRef or bool(fields_with_refs(annotation))
    return any(_may_hold_ref(argument) for argument in getattr(annotation, "__args__", ()))
