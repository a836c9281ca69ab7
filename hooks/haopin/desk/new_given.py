"""Answers given as options, ``--set title.zh=…``: the same answers as at a terminal, all of their problems at once."""

from collections.abc import Sequence
from typing import Any

from haopin.desk.new_answers import Answers
from haopin.desk.new_fields import Field
from haopin.desk.new_unclear import UnclearError, is_taken
from haopin.problem import Place, Problem
from haopin.reading.messages import no_such_field
from haopin.text import Text

_LANGUAGES = ("zh", "en")


class Given:
    """What options say of a new record.

    Attributes:
        values: Plain values by field; None for a field that is left out on purpose (``--set expires=``).
        problems: What is wrong, as (option, words).
    """

    def __init__(self, fields: Sequence[Field], answers: Answers) -> None:
        """Prepare for the ``fields`` of a kind."""
        self._fields, self._answers = fields, answers
        self.values: dict[str, Any] = {}
        self.problems: list[tuple[str, Text]] = []

    def read(self, options: Sequence[str]) -> None:
        """Take ``options``, each ``field=value``."""
        # Which entry can be corrected depends on what the new one is about.
        for option in sorted(options, key=lambda option: option.startswith("corrects")):
            path, equals, typed = option.partition("=")
            try:
                if not equals:
                    raise UnclearError("应写成 字段=内容,如 title.zh=标题", "write field=value, such as title.zh=…")
                self._take([step.strip() for step in path.split(".")], typed.strip())
            except UnclearError as error:
                self.problems.append((path.strip(), error.whole))

    def refuse_id(self, taken: frozenset[str]) -> None:
        """Refuse an id that is ``taken``: a file of that name would be written over."""
        given = self.values.get("id")
        if given in taken:
            self.problems.append(("id", is_taken(str(given)).words))
            del self.values["id"]

    def _take(self, path: list[str], typed: str) -> None:
        field = _named(path[0], self._fields)
        if not typed and len(path) == 1:
            self.values[field.name] = None
            return
        if not typed:
            return
        self.values[field.name] = self._inside(field, path[1:], typed, self.values.get(field.name))

    def _inside(self, field: Field, path: list[str], typed: str, before: Any) -> Any:
        """Return the value of ``field`` with ``typed`` put in where ``path`` leads to."""
        return self._items(field, path, typed, before or []) if field.many else self._one(field, path, typed, before)

    def _items(self, field: Field, path: list[str], typed: str, items: list[Any]) -> list[Any]:
        """Return ``items`` with one more, or with the one that ``path`` numbers (from 0) changed."""
        if not path:
            return [*items, self._one(field, path, typed, None)]
        if not path[0].isdecimal() or int(path[0]) > len(items):
            raise UnclearError(
                "这一项是列表,请写 {name}=… 或 {name}.{n}.…",
                "this is a list; write {name}=… or {name}.{n}.…",
                name=field.name,
                n=len(items),
            )
        index = int(path[0])
        before = items[index] if index < len(items) else None
        return [*items[:index], self._one(field, path[1:], typed, before), *items[index + 1 :]]

    def _one(self, field: Field, path: list[str], typed: str, before: Any) -> Any:
        if field.shape in ("words", "texts"):
            language = path[0] if path else "zh"
            if path[1:] or language not in _LANGUAGES:
                raise UnclearError(
                    "只有 {name}.zh 和 {name}.en", "there are only {name}.zh and {name}.en", name=field.name
                )
            both = dict(before) if isinstance(before, dict) else {"zh": before} if before else {}
            both[language] = self._answers.value(field, typed, self._known)
            return both["zh"] if set(both) == {"zh"} and field.shape == "words" else both
        if path and field.parts:
            part = _named(path[0], field.parts)
            inner = dict(before or {})
            inner[part.name] = self._inside(part, path[1:], typed, inner.get(part.name))
            return inner
        if path:
            raise UnclearError("“{name}”下面没有别的字段", "“{name}” has no fields below it", name=field.name)
        if field.shape == "part":
            names = ", ".join(f"{field.name}.{part.name}" for part in field.parts)
            raise UnclearError("请分开写:{names}", "write its fields one by one: {names}", names=names)
        return self._answers.value(field, typed, self._known)

    @property
    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if value is not None}


def _named(name: str, fields: Sequence[Field]) -> Field:
    for field in fields:
        if field.name == name:
            return field
    wrong: Problem = no_such_field(Place(""), name, [field.name for field in fields])
    raise UnclearError.of(wrong)
