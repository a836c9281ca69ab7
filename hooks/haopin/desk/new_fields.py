"""The fields of a kind as questions: what each is called, what an answer may be, and whether one is needed."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError, create_model

from haopin.problem import Place, Problem
from haopin.reading.messages import translate
from haopin.records.base import Part, Record
from haopin.records.publishable import Evidence
from haopin.text import Text, Wording

Shape = Literal["line", "words", "texts", "day", "number", "flag", "choice", "reference", "evidence", "part"]

#: Fields that name another record, by what they name.
REFERENCES: Mapping[str, str] = {
    "body": "body",
    "bodies": "body",
    "honour": "honour",
    "activity": "activity",
    "measure": "measure",
    "target": "target",
    "corrects": "entry",
    "record": "record",
}
# All that is published begins and ends with the same fields.
_FIRST, _LAST = ("id", "date"), ("source", "evidence", "publish_from", "expires", "approved", "note", "sample")


@dataclass(frozen=True)
class Field:
    """A field as a question.

    Attributes:
        name: Its name in the data.
        label: What it is, in both languages.
        shape: What an answer may be; for a list, what an item may be.
        required: Whether the model needs it.
        many: Whether it is a list.
        model: The model that declares it.
        choices: What may be chosen.
        parts: The fields of a part.
    """

    name: str
    label: Text
    shape: Shape
    required: bool
    many: bool
    model: type[BaseModel]
    choices: tuple[str, ...] = ()
    parts: tuple["Field", ...] = ()

    def problem(self, value: Any) -> Problem | None:
        """Return what the model finds wrong with ``value`` as this field, or with an item of the list; None if none."""
        alone = _alone(self.model, self.name)
        try:
            alone.model_validate({self.name: [value] if self.many else value})
        except ValidationError as error:
            return next(iter(translate(error, alone, Place(""))))
        return None


@cache
def _alone(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Return a model of one field only, whose messages are those of the check."""
    hint = get_type_hints(model, include_extras=True)[name]
    return create_model(model.__name__, __base__=Part, **{name: (hint, ...)})  # type: ignore[call-overload, no-any-return]


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """Return the fields of ``model`` in the order in which a clerk reads them."""
    names = list(model.model_fields)
    if issubclass(model, Record):
        own = [name for name in names if name not in (*_FIRST, *_LAST)]
        names = [name for name in (*_FIRST, *own, *_LAST) if name in names]
    return tuple(_field(model, name) for name in names)


def _field(model: type[BaseModel], name: str) -> Field:
    info = model.model_fields[name]
    extra = info.json_schema_extra
    assert isinstance(extra, dict) and info.description, f"{model.__name__}.{name} needs doc()"
    label = Text(zh=str(extra["x-zh"]), en=info.description)
    core = _core(info.annotation)
    many = get_origin(core) is tuple
    item = _core(get_args(core)[0]) if many else core
    choices = tuple(str(value) for value in get_args(item)) if get_origin(item) is Literal else ()
    shape = _shape(item, name)
    parts = fields_of(item) if shape in ("part", "evidence") else ()
    return Field(name, label, shape, info.is_required(), many, model, choices, parts)


def _core(hint: Any) -> Any:
    """Return the type behind what annotates it and behind “or nothing”."""
    if get_origin(hint) is Annotated:
        return _core(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _core(next(option for option in get_args(hint) if option is not type(None)))
    return hint


def _shape(hint: Any, name: str) -> Shape:
    if get_origin(hint) is Literal:
        return "choice"
    if name in REFERENCES and hint is str:
        return "reference"
    shapes: dict[Any, Shape] = {
        Wording: "words",
        Text: "texts",
        Evidence: "evidence",
        date: "day",
        bool: "flag",
        int: "number",
        Decimal: "number",
    }
    if hint in shapes:
        return shapes[hint]
    return "part" if isinstance(hint, type) and issubclass(hint, BaseModel) else "line"


def labels(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the comment line above each field of ``model``, in both languages."""
    return {field.name: f"{field.label.show('zh')} / {field.label.en}" for field in fields_of(model)}
