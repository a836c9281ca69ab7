"""Differences between two versions of a record, in words: of its values, and of the rows of its table."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from haopin.model import Kind
from haopin.model.base import Nested
from haopin.model.choices import CHOICES
from haopin.model.disclosure import RESULTS
from haopin.office.edit import arranged, by_language, matched, normal, part_of, root_of
from haopin.office.new.fields import Field, candidates, fields_of
from haopin.office.raw import RawRecord
from haopin.office.record_lookup import RecordLookup
from haopin.problem import Path
from haopin.text import Language, Text


@dataclass(frozen=True)
class ValueChange:
    """A changed value of a record.

    Attributes:
        path: Its position in the record: in the new one, or in the old one if it was deleted.
        label: Its label, with those of the parts around it.
        before: The old value in words; "" if there was none.
        after: The new value in words; "" if there is none.
    """

    path: Path
    label: Text
    before: str
    after: str


_LANGUAGES: Mapping[str, Text] = {"zh": Text(zh="中文", en="Chinese"), "en": Text(zh="英文", en="English")}
_ORDER = Text(zh="顺序", en="order")
_FLAGS = {"true": Text(zh="是", en="yes"), "false": Text(zh="否", en="no")}


def differences(
    kind: Kind,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    language: Language = "zh",
    lookup: RecordLookup | None = None,
) -> Sequence[ValueChange]:
    """Return what differs between the plain values of a record, in the order of its fields.

    Args:
        kind: Its kind.
        before: Old values; {} for a new record.
        after: New values; {} for a deleted record.
        language: Language of the values of choices.
        lookup: The records that the values refer to, which then have their names.
    """
    return tuple(_Comparison(language, lookup).of(normal(before), normal(after), root_of(kind), (), ()))


def record_differences(
    before: RawRecord | None,
    after: RawRecord | None,
    language: Language = "zh",
    lookup: RecordLookup | None = None,
    left: Container[str] = (),
) -> Sequence[ValueChange]:
    """Return what differs between two versions of a record, as `differences` and `row_differences` do.

    Fields in ``left`` are left out.
    """
    record = after or before
    if record is None:
        return ()
    one, other = (
        {name: value for name, value in each.values.items() if name not in left} if each else {}
        for each in (before, after)
    )
    old, new = ((each.rows or ()) if each else () for each in (before, after))
    return (*differences(record.kind, one, other, language, lookup), *row_differences(record.kind, old, new, language))


# --- Rows of a table

#: Rows that are listed; the others are counted.
LISTED_ROWS = 50
#: A row as in its file: cells by field, without empty ones.
TableRow = Mapping[str, str]


def cells_of(row: Nested) -> TableRow:
    """Return a validated row as in its file, where a result is in Chinese."""
    words = {code: zh for zh, code in RESULTS.items()}
    return {name: words.get(cell, str(cell)) for name, cell in row if cell is not None}


def row_differences(
    kind: Kind, before: Sequence[TableRow], after: Sequence[TableRow], language: Language = "zh"
) -> Sequence[ValueChange]:
    """Return which rows of a record's table were added, removed or changed; of a changed row the cells that differ.

    The first field of `Kind.row_name` identifies a row. At most `LISTED_ROWS` are listed.

    Args:
        kind: Kind of the record.
        before: Old rows; empty for a new table.
        after: New rows.
        language: Language of the words.
    """
    if kind.table is None or before == after:
        return ()
    old, new = _by_key(kind, before), _by_key(kind, after)
    differing = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    found = [_row_change(kind, old.get(key, {}), new.get(key, {}), language) for key in differing[:LISTED_ROWS]]
    if (more := len(differing) - LISTED_ROWS) > 0:
        counts = [len(new.keys() - old.keys()), len(old.keys() - new.keys())]
        counts.append(len(differing) - sum(counts))
        zh, en = "共新增 {} 行，删去 {} 行，改动 {} 行", "in all: rows added {}, removed {}, changed {}"
        label = Text(zh=f"另有 {more} 行", en=f"{more} more rows")
        found.append(ValueChange((), label, "", (zh if language == "zh" else en).format(*counts)))
    if [key for key in old if key in new] != [key for key in new if key in old]:
        words = "各行的次序有变" if language == "zh" else "the rows are in another order"
        found.append(ValueChange((), Text(zh="附表", en="Table"), "", words))
    return found


def _by_key(kind: Kind, rows: Sequence[TableRow]) -> dict[tuple[str, int], TableRow]:
    """Return ``rows`` by what identifies them, with a number for rows in which that is the same."""
    found: dict[tuple[str, int], TableRow] = {}
    seen: dict[str, int] = {}
    for row in rows:
        key = row.get(kind.row_name[0], "")
        seen[key] = seen.get(key, 0) + 1
        found[key, seen[key]] = row
    return found


def _row_change(kind: Kind, one: TableRow, other: TableRow, language: Language) -> ValueChange:
    assert kind.table is not None
    field = Field("", kind.title, "part", True, True, kind.table, parts=fields_of(kind.table))
    zh, en = ("改动", "changed") if one and other else ("新增", "added") if other else ("删去", "removed")
    name = " ".join(filter(None, ((other or one).get(each) for each in kind.row_name)))
    before, after = (
        {each: cell for each, cell in row.items() if not than or than.get(each) != cell}
        for row, than in ((one, other), (other, one))
    )
    words = _Comparison(language).words
    label = Text.model_construct(zh=f"附表{zh} › {name}", en=f"Row {en} › {name}")
    return ValueChange((), label, words(before, field), words(after, field))


# --- Values


class _Comparison:
    """Comparison of plain values."""

    def __init__(self, language: Language, lookup: RecordLookup | None = None) -> None:
        """Prepare for the ``language`` of choices, and the names of the records in ``lookup``."""
        self._language, self._lookup = language, lookup
        self._names: dict[tuple[type[BaseModel], str], Mapping[str, Text]] = {}

    def of(
        self, one: Any, other: Any, field: Field | None, path: Path, steps: tuple[Text, ...]
    ) -> Iterator[ValueChange]:
        """Yield the differences of two values."""
        if one == other:
            return
        if isinstance(one, dict) != isinstance(other, dict) and field is not None and not field.parts:
            # A text in one language may be a line, or have a key for its language.
            one, other = (by_language(each) if isinstance(each, str) else each for each in (one, other))
        if isinstance(one, dict) and isinstance(other, dict):
            for name in arranged({**one, **other}, field):
                label = _label(field, name)
                yield from self.of(one.get(name), other.get(name), part_of(field, name), (*path, name), (*steps, label))
        elif isinstance(one, list) and isinstance(other, list) and any(isinstance(each, dict) for each in one + other):
            yield from self._of_items(one, other, field, path, steps)
        else:
            yield self._difference(path, steps, self.words(one, field), self.words(other, field))

    def _of_items(
        self, one: Sequence[Any], other: Sequence[Any], field: Field | None, path: Path, steps: tuple[Text, ...]
    ) -> Iterator[ValueChange]:
        found = matched(one, other)
        for place, (index, value) in enumerate(zip(found, other, strict=True)):
            before = None if index is None else one[index]
            yield from self.of(before, value, field, (*path, place), (*steps, _number(place)))
        for index, value in enumerate(one):
            if index not in found:
                yield from self.of(value, None, field, (*path, index), (*steps, _number(index)))
        kept = [index for index in found if index is not None]
        if kept != sorted(kept):
            names = [self._name(one[index], field) for index in sorted(kept)], [self._name(one[i], field) for i in kept]
            yield self._difference(path, (*steps, _ORDER), *map(self._listed, names))

    def _difference(self, path: Path, steps: Sequence[Text], before: str, after: str) -> ValueChange:
        zh, en = (" › ".join(step.get(side) for step in steps) for side in ("zh", "en"))
        return ValueChange(path, Text(zh=zh or "记录", en=en or "record"), before, after)

    def _name(self, value: Any, field: Field | None) -> str:
        named = next((value[name] for name in ("title", "name", "id") if name in value), value)
        return self.words(named.get(self._language, named) if isinstance(named, dict) else named, field)

    def _listed(self, words: Sequence[str]) -> str:
        return ("、" if self._language == "zh" else ", ").join(words)

    def words(self, value: Any, field: Field | None) -> str:
        """Return a value in words: choices by their label, the parts of a value with theirs."""
        if value is None:
            return ""
        if isinstance(value, list):
            return self._listed([self.words(each, field) for each in value])
        if isinstance(value, dict):
            colon, stop = ("\uff1a", "\uff1b") if self._language == "zh" else (": ", "; ")
            parts = arranged(value, field).items()
            return stop.join(
                f"{_label(field, name).get(self._language)}{colon}{self.words(each, part_of(field, name))}"
                for name, each in parts
            )
        if field is not None and (name := self._name_of(field, value)) is not None:
            shown = name.show(self._language)
            return f"{shown}\uff08{value}\uff09" if self._language == "zh" else f"{shown} ({value})"
        choices = CHOICES.get((field.model, field.name), {}) if field is not None and field.shape == "choice" else {}
        flags = _FLAGS if field is not None and field.shape == "flag" else {}
        label = choices.get(value) or flags.get(value)
        return label.show(self._language) if label is not None else str(value)

    def _name_of(self, field: Field, value: Any) -> Text | None:
        """Return the name of the record with the id ``value``; None if it is unknown or refers to none."""
        if self._lookup is None or not (field.ref or field.destination):
            return None
        key = field.model, field.name
        if key not in self._names:
            self._names[key] = {each.id: each.name for each in candidates(field, {}, self._lookup)}
        return self._names[key].get(str(value))


def _number(place: int) -> Text:
    return Text(zh=f"第{place + 1}项", en=f"item {place + 1}")


def _label(field: Field | None, name: str) -> Text:
    """Return the label of a part without its explanation."""
    part = part_of(field, name)
    if part is None:
        return _LANGUAGES.get(name) or Text(zh=name, en=name)
    zh = re.split("[\uff1a\uff08\uff0c]", part.label.show("zh"))[0].removesuffix("的 id")
    en = re.split(r"[:;(,]", part.label.get("en"))[0]
    return Text(zh=zh.strip(), en=en.strip())
