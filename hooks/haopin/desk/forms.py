"""Forms made from the one definition of a kind: inputs with their values, and the values of a form that was sent.

Names of inputs are paths: ``title.zh``, ``measures.2.due``. The number of an item only tells items apart; their order
is that of the form. ``measures.2._`` says which item of the record it was, and is empty for a new one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile

from haopin.model import Kind
from haopin.model.choices import CHOICES
from haopin.model.fields import ClauseHeading, Quote, marks_of
from haopin.office.new.answers import Answers
from haopin.office.new.fields import Field, field_requirement, fields_of
from haopin.office.record_lookup import InvalidAnswerError, RecordLookup
from haopin.problem import Path
from haopin.text import Text

#: Fields that the desk keeps itself: by approval, and by saving.
KEPT = frozenset({"approved", "returned", "drafted"})
#: Fields that are seldom needed, folded at the end of a form.
SELDOM = frozenset({"note", "sample", "publish_from", "expires", "keep", "changed", "cancelled"})
#: Hidden input of an item: its index in the record.
WAS = "_"
_TOLD = re.compile(r"[(\uff08](?P<id>[a-z0-9/-]+)[)\uff09]\s*$")
_ENDS = {"zh": "[\uff0c\uff1a\uff1b,:;]", "en": "[,;:]"}


# --- Labels: the first words of a field's documentation name it, the rest explains


def named(words: Text) -> tuple[Text, Text | None]:
    """Divide the documentation of a field into its name and the explanation."""
    parts = {}
    for language, ends in _ENDS.items():
        first, _mark, rest = re.match(f"([^{ends[1:-1]}]*)({ends})?(.*)", words.get(language), re.S).groups()  # type: ignore[union-attr]
        parts[language] = first.strip(), (rest or "").strip()
    head = Text(zh=parts["zh"][0], en=parts["en"][0][:1].upper() + parts["en"][0][1:])
    rest = parts["zh"][1] or parts["en"][1]
    return head, Text(zh=parts["zh"][1] or rest, en=parts["en"][1] or rest) if rest else None


# --- Inputs


@dataclass(frozen=True)
class Input:
    """An input of a form, or a group of them.

    Attributes:
        name: Name in the form; the path with dots.
        field: The field.
        label: Its name.
        help: Its explanation.
        value: Its value: text, mapping of languages, or "" if empty.
        required: Whether it must be filled.
        items: Items of a list, each an `Input` or a group.
        parts: Inputs of a part.
        template: For a list of parts or inputs, an empty item.
        quote: Name of the input with the clause that the text quotes; "" for none.
        was: For an item, its index in the record; "" if it is new.
    """

    name: str
    field: Field
    label: Text
    help: Text | None
    value: Any = ""
    required: bool = False
    items: tuple["Input", ...] = ()
    parts: tuple["Input", ...] = ()
    template: "Input | None" = None
    quote: str = ""
    was: str = ""
    is_item: bool = False

    @property
    def id(self) -> str:
        """Id of the element."""
        return self.name.replace(".", "-")

    @property
    def shape(self) -> str:
        """How it is shown."""
        if self.field.many and not self.is_item:
            return "list"
        return self.field.shape

    @property
    def choices(self) -> Sequence[tuple[str, Text]]:
        """(code, words) of each choice."""
        words = CHOICES.get((self.field.model, self.field.name), {})
        return [(code, words.get(code, Text(zh=code, en=code))) for code in self.field.choices]

    @property
    def is_filled(self) -> bool:
        """Whether it has a value."""
        return bool(self.items or self.value) or any(part.is_filled for part in self.parts)


class Form:
    """The inputs of a record."""

    def __init__(self, kind: Kind, values: Mapping[str, Any], lookup: RecordLookup, *, is_new: bool) -> None:
        """Make the form.

        Args:
            kind: Kind of the record.
            values: Its plain values.
            lookup: The records that it may refer to.
            is_new: Whether the record does not exist yet.
        """
        self.kind, self._lookup = kind, lookup
        self.names: dict[str, Mapping[str, str]] = {}
        inputs = [
            self._input(f, f.name, values.get(f.name), values, is_item=False)
            for f in fields_of(kind.model)
            if f.name not in KEPT and (is_new or f.name != "id" or kind.layout == "single")
        ]
        hidden = {f.name for f in fields_of(kind.model) if field_requirement(kind, f, values, lookup) == "never"}
        self.hidden = frozenset(hidden - SELDOM - {"id"})
        seldom = SELDOM | ({"id"} if is_new else set())
        self.main = tuple(each for each in inputs if each.name not in seldom)
        self.seldom = tuple(each for each in inputs if each.name in seldom)

    def _input(
        self, f: Field, name: str, value: Any, given: Mapping[str, Any], *, is_item: bool, was: str = ""
    ) -> Input:
        label, help_ = named(f.label)
        required = f.required if "." in name else field_requirement(self.kind, f, given, self._lookup) == "must"
        quote = next((f"{mark.source}" for at, mark, _ in marks_of(f.model, Quote) if at == f.name and mark), "")
        quote = quote or next(
            (mark.source for at, mark, _ in marks_of(f.model, ClauseHeading) if at == f.name and mark), ""
        )
        common: dict[str, Any] = {
            "name": name,
            "field": f,
            "label": label,
            "help": help_,
            "required": required,
            "quote": quote,
            "was": was,
            "is_item": is_item,
        }
        if f.many and not is_item:
            entries = value if isinstance(value, list) else []
            items = tuple(
                self._input(f, f"{name}.{n}", each, {}, is_item=True, was=str(n)) for n, each in enumerate(entries)
            )
            blank = self._input(f, f"{name}.__N__", None, {}, is_item=True)
            return Input(**common, items=items, template=blank)
        if f.parts:
            own = value if isinstance(value, Mapping) else {}
            parts = tuple(
                self._input(part, f"{name}.{part.name}", own.get(part.name), own, is_item=False) for part in f.parts
            )
            return Input(**common, parts=parts)
        if f.shape in ("words", "texts"):
            both = value if isinstance(value, Mapping) else {"zh": value or ""}
            return Input(**common, value={side: str(both.get(side) or "").rstrip("\n") for side in ("zh", "en")})
        if f.shape == "reference" and value:
            return Input(**common, value=self.reference(f, str(value)))
        return Input(**common, value="" if value is None else str(value))

    def reference(self, f: Field, value: str) -> str:
        """Return the id ``value`` with the name of its record in front, as it is shown and read."""
        name = self.candidates(f).get(value)
        return f"{name}\uff08{value}\uff09" if name else value

    def candidates(self, f: Field) -> Mapping[str, str]:
        """Return the records that ``f`` may refer to: id → Chinese name."""
        assert f.ref is not None
        key = f"{f.model.__name__}.{f.name}"
        if key not in self.names:
            found = self._lookup.candidates(f.ref, {})
            self.names[key] = {each.id: each.name.show("zh") for each in found}
        return self.names[key]


# --- Values of a form that was sent


@dataclass
class Sent:
    """The values of a form.

    Attributes:
        values: Plain values of the record.
        problems: Name of an input → messages about its answer.
        inputs: Path in the values → name of the input.
        uploads: Name of the input → file that was dropped in.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[Text]] = field(default_factory=dict)
    inputs: dict[Path, str] = field(default_factory=dict)
    uploads: dict[str, UploadFile] = field(default_factory=dict)


class _Tree(dict[str, Any]):
    """The answers below a name: part of the name → answer or tree, in the order of the form."""


def _tree(pairs: Iterable[tuple[str, Any]]) -> _Tree:
    root = _Tree()
    for name, value in pairs:
        node, steps = root, name.split(".")
        for step in steps[:-1]:
            below = node.setdefault(step, _Tree())
            if not isinstance(below, _Tree):
                below = node[step] = _Tree()
            node = below
        node[steps[-1]] = value
    return root


class Reader:
    """Reads the answers of a form into plain values of a record; an answer that did not change keeps its value."""

    def __init__(self, kind: Kind, before: Mapping[str, Any], answers: Answers) -> None:
        """Prepare to read a form of ``kind`` for the record with the values ``before``."""
        self._kind, self._before, self._answers = kind, before, answers
        self._sent = Sent()

    def read(self, pairs: Iterable[tuple[str, Any]]) -> Sent:
        """Return the values of ``pairs`` of names and answers."""
        sent, tree = self._sent, _tree(pairs)
        fields = {f.name: f for f in fields_of(self._kind.model)}
        # Fields without an input, and fields that the model does not know, stay as they are.
        sent.values = {name: value for name, value in self._before.items() if name not in tree}
        known: dict[str, Any] = dict(sent.values)
        for name, f in sorted(fields.items(), key=lambda item: item[0] == "corrects"):
            if name in tree and name not in KEPT:
                value = self._field(f, tree[name], self._before.get(name), (name,), name, known)
                if value is not None:
                    sent.values[name] = known[name] = value
        order = [*self._before, *fields]
        sent.values = {name: sent.values[name] for name in dict.fromkeys(order) if name in sent.values}
        return sent

    def _field(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        self._sent.inputs[path] = name
        if not f.many:
            return self._one(f, answer, before, path, name, known)
        items: list[Any] = []
        earlier = before if isinstance(before, list) else []
        for number, each in answer.items() if isinstance(answer, _Tree) else ():
            if number == "__N__":
                continue
            was = each.pop(WAS, "") if isinstance(each, _Tree) else ""
            if isinstance(each, _Tree) and set(each) == {"value"}:
                each = each["value"]
            old = earlier[int(was)] if str(was).isdecimal() and int(was) < len(earlier) else None
            here = (*path, len(items))
            self._sent.inputs[here] = f"{name}.{number}"
            value = self._one(f, each, old, here, f"{name}.{number}", known)
            if value is not None:
                items.append(value)
        return items or None

    def _one(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        if f.parts:
            return self._part(f, answer, before, path, name)
        if f.shape in ("words", "texts"):
            return self._words(f, answer, before, path, name, known)
        if isinstance(answer, _Tree):
            return None
        return self._leaf(f, answer, before, name, known)

    def _part(self, f: Field, answer: Any, before: Any, path: Path, name: str) -> Any:
        if not isinstance(answer, _Tree):
            return None
        old = before if isinstance(before, Mapping) else {}
        upload = answer.pop("upload", None)
        if isinstance(upload, UploadFile) and upload.filename:
            self._sent.uploads[name] = upload
        values = {key: value for key, value in old.items() if key not in answer}
        for part in f.parts:
            if part.name in answer:
                where, called = (*path, part.name), f"{name}.{part.name}"
                value = self._field(part, answer[part.name], old.get(part.name), where, called, values)
                if value is not None:
                    values[part.name] = value
        order = dict.fromkeys([*old, *(part.name for part in f.parts)])
        return {key: values[key] for key in order if key in values} or None

    def _words(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        sides = answer if isinstance(answer, _Tree) else {"zh": answer}
        old = before if isinstance(before, Mapping) else {"zh": before} if before is not None else {}
        # Further languages have no input here.
        both = {side: words for side, words in old.items() if side not in sides}
        for side in ("zh", "en"):
            self._sent.inputs[(*path, side)] = f"{name}.{side}"
            if (
                side in sides
                and (value := self._leaf(f, sides[side], old.get(side), f"{name}.{side}", known)) is not None
            ):
                both[side] = value
        if not both:
            return None
        is_plain = set(both) == {"zh"} and not isinstance(before, Mapping) and f.shape == "words"
        return both["zh"] if is_plain else both

    def _leaf(self, f: Field, answer: Any, before: Any, name: str, known: Mapping[str, Any]) -> str | None:
        typed = str(answer).replace("\r\n", "\n").replace("\r", "\n") if not isinstance(answer, UploadFile) else ""
        if before is not None and typed.strip() == str(before).strip():
            return str(before)
        if not typed.strip():
            return None
        if f.shape == "reference" and (told := _TOLD.search(typed)) is not None:
            typed = told["id"]
            if typed == before:
                return typed
        try:
            value = self._answers.value(f, typed, known)
        except InvalidAnswerError as error:
            self._sent.problems.setdefault(name, []).append(
                Text.model_construct(zh=error.whole.zh, en=error.whole.get("en"))
            )
            return typed.strip()
        return str(value)


def input_at(inputs: Mapping[Path, str], path: Path) -> str:
    """Return the name of the input at ``path``, or of the nearest one above it; "" if there is none."""
    for length in range(len(path), 0, -1):
        if path[:length] in inputs:
            return inputs[path[:length]]
    return ""
