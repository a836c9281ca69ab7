"""Fields of a kind as input fields: label, type of input, choices, and whether they are required."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ValidationError, create_model

from haopin.load.messages import translate
from haopin.model import Kind
from haopin.model.base import ClauseRef, Nested, Record
from haopin.model.choices import CHOICES
from haopin.model.fields import Destination, Ref, marks_of
from haopin.model.ledger import ASSIGNMENT, ENTRY
from haopin.model.publishable import WITHDRAWAL, Evidence
from haopin.model.target import Unit
from haopin.office.cells import narrow
from haopin.office.record_lookup import Candidate, InvalidAnswerError, RecordLookup, fold
from haopin.problem import Place, Problem
from haopin.text import Text, Wording

# --- Input fields

Shape = Literal["line", "words", "texts", "day", "number", "flag", "choice", "reference", "evidence", "part"]

# All published records have these fields, which come first and last.
_FIRST, _LAST = (
    ("id", "date"),
    (*("source", "evidence", "publish_from", "expires", "approved", "drafted", "returned", "note", "sample"),),
)


@dataclass(frozen=True)
class Field:
    """An input field.

    Attributes:
        name: Its name in the data.
        label: Label in both languages.
        shape: Type of the input; for a list, of an item.
        required: Whether the model requires it.
        many: Whether it is a list.
        model: The model that declares it.
        choices: Possible values.
        parts: Fields of a part.
        ref: Reference, if it refers to another record.
        destination: Which pages of the site it may lead to, if it leads to one.
    """

    name: str
    label: Text
    shape: Shape
    required: bool
    many: bool
    model: type[BaseModel]
    choices: tuple[str, ...] = ()
    parts: tuple["Field", ...] = ()
    ref: Ref | None = None
    destination: Destination | None = None

    def problem(self, value: Any) -> Problem | None:
        """Validate ``value`` as this field, or as an item of its list; None if it is valid."""
        alone = _alone(self.model, self.name)
        try:
            alone.model_validate({self.name: [value] if self.many else value})
        except ValidationError as error:
            return next(iter(translate(error, alone, Place(""))))
        return None


@cache
def _alone(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Return a model with one field only, so that messages are the same as in the data check."""
    hint = get_type_hints(model, include_extras=True)[name]
    return create_model(model.__name__, __base__=Nested, **{name: (hint, ...)})  # type: ignore[call-overload, no-any-return]


@cache
def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """Return the fields of ``model`` in the order of input."""
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
    ref = next((ref for named, ref, _ in marks_of(model, Ref) if named == name), None)
    destination = next((found for named, found, _ in marks_of(model, Destination) if named == name), None)
    shape = "reference" if ref or destination else _shape(item)
    parts = fields_of(item) if shape in ("part", "evidence") else ()
    return Field(name, label, shape, info.is_required(), many, model, choices, parts, ref, destination)


def _core(hint: Any) -> Any:
    """Return the type without annotations and without “or None”."""
    if get_origin(hint) is Annotated:
        return _core(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return _core(next(option for option in get_args(hint) if option is not type(None)))
    return hint


def _shape(hint: Any) -> Shape:
    if get_origin(hint) is Literal:
        return "choice"
    shapes: dict[Any, Shape] = {
        Wording: "words",
        Text: "texts",
        Unit: "texts",
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
    """Return the comment line of each field of ``model``, in both languages."""
    return {field.name: f"{field.label.show('zh')} / {field.label.en}" for field in fields_of(model)}


# --- References


def candidates(field: Field, given: Mapping[str, Any], lookup: RecordLookup) -> tuple[Candidate, ...]:
    """Return what ``field`` may refer to in a record, or part of one, with the values ``given``.

    These are records; for a place in a document, the documents, or the clauses of the document among ``given``.
    """
    if field.ref is not None:
        return lookup.candidates(field.ref, given)
    if field.destination is not None:
        return lookup.destinations(field.destination)
    if field.model is not ClauseRef:
        return ()
    if field.name == "document":
        return tuple(Candidate(each.id, each.title) for each in lookup.documents.values())
    return lookup.clauses(str(given.get("document", "")))


# --- Fixed choices: an answer may be the number, the label or the value


def chosen(field: Field, typed: str) -> str:
    """Return the choice that ``typed`` selects: by number, by label in either language, or by value."""
    words = CHOICES[field.model, field.name]
    number = narrow(typed)
    if number.isdecimal() and number.isascii() and 1 <= int(number) <= len(field.choices):
        return field.choices[int(number) - 1]
    by_words = {name: (fold(name), fold(words[name].zh), fold(words[name].get("en"))) for name in field.choices}
    wanted = fold(typed)
    exact = [name for name, forms in by_words.items() if wanted in forms]
    part = [name for name, forms in by_words.items() if any(wanted in form for form in forms)]
    for matches in (exact, part):
        if len(matches) == 1:
            return matches[0]
    raise InvalidAnswerError(
        "“{value}”不可用,请写 1 到 {n} 的号码或其中的词",
        "“{value}” is not possible; write a number from 1 to {n}, or one of the words",
        value=typed,
        n=len(field.choices),
    )


def affirmed(typed: str) -> bool:
    """Parse a yes or no; return whether it is yes.

    Raises:
        InvalidAnswerError: if it is neither.
    """
    word = fold(typed)
    if word in ("y", "yes", "是", "是的", "好", "对", "true", "写入"):
        return True
    if word in ("", "n", "no", "否", "不", "不是", "false", "放弃"):
        return False
    raise InvalidAnswerError("“{value}”不清楚,请写 y(是)或 n(否)", "“{value}” is not clear; write y or n", value=typed)


# --- Which fields are required, given the values so far

Need = Literal["must", "may", "never"]

#: Never required of a new record: the id is suggested; notes, the sample mark, and changes since the announcement.
NEVER = ("id", "drafted", "returned", "note", "sample", "changed", "cancelled", "keep", "looked_at")


def field_requirement(kind: Kind, field: Field, given: Mapping[str, Any], lookup: RecordLookup) -> Need:
    """Return whether a new record of ``kind`` must, may or cannot have ``field``, given its other values."""
    if field.name in NEVER:
        return "never"
    if kind is ENTRY:
        found = _of_entry(field.name, given, lookup)
        if found is not None:
            return found
    if kind is ASSIGNMENT and field.name == "due":
        return "may" if given.get("body") else "must"
    if kind is WITHDRAWAL and field.name == "record":
        return "may" if given.get("names") else "must"
    return "must" if field.required else "may"


def _of_entry(name: str, given: Mapping[str, Any], lookup: RecordLookup) -> Need | None:
    """Return the requirement of a ledger field: a measure has a state, a target with a number has a value."""
    target = lookup.targets.get(given.get("target", ""))
    has_number = target is not None and target.number is not None
    if name == "measure":
        return "never" if given.get("target") else "may"
    if name == "target":
        return "never" if given.get("measure") else "must"
    if name == "state":
        return "never" if has_number else "must"
    if name == "value":
        return "must" if has_number else "never"
    if name == "of":
        return "may" if target is not None and target.counted is not None else "never"
    if name == "unit":
        return "never"
    if name == "covers":
        return "may" if has_number else "never"
    if name == "corrects":
        return "may" if lookup.correctable(given.get("measure") or given.get("target")) else "never"
    if name == "reason":
        return "must" if given.get("corrects") else "never"
    return None


def completed(kind: Kind, given: Mapping[str, Any], lookup: RecordLookup) -> dict[str, Any]:
    """Add derived values to ``given``: the unit of a value is that of its target, or of what it counts."""
    target = lookup.targets.get(given.get("target", "")) if kind is ENTRY else None
    if target is None or target.number is None or "value" not in given or "unit" in given:
        return dict(given)
    unit = target.counted if "of" in given else target.number.unit
    return {**given, "unit": unit.model_dump(mode="json", exclude_none=True)} if unit is not None else dict(given)


def missing(kind: Kind, fields: tuple[Field, ...], given: Mapping[str, Any], lookup: RecordLookup) -> tuple[Field, ...]:
    """Return the required fields without a value."""
    return tuple(f for f in fields if f.name not in given and field_requirement(kind, f, given, lookup) == "must")
