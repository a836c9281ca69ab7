"""Parse answers of a clerk into data values: every unambiguous form is accepted, no other is guessed."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from haopin.load.characters import CONTROL, cleaned, typed_number
from haopin.load.messages import no_such_field
from haopin.office.cells import CellError, day, narrow
from haopin.office.new.fields import Field, affirmed, candidates, chosen
from haopin.office.record_lookup import InvalidAnswerError, RecordLookup, fold, found, is_taken, nearest, no_day_to_come
from haopin.office.workbook import Cell
from haopin.office.writing import QuotedText
from haopin.problem import Place, Problem
from haopin.text import Text

# --- Parsing

#: Largest number of candidates listed.
FEW = 8
_LINK = re.compile(r"(?:[a-z]+://|www\.)", re.I)
_TIME = re.compile(r"(?:上午|早上|早|(?P<late>下午|晚上|晚|午后))?(?P<hour>\d{1,2})(?::|点|时)(?P<minute>\d\d|半|)分?")
_FILE = re.compile(r".*\.[A-Za-z][A-Za-z0-9]{1,3}")
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": -1, "yesterday": -1, "明天": 1, "tomorrow": 1}


class Answers:
    """Parses answers, using the existing records and today's date."""

    def __init__(self, lookup: RecordLookup, today: date) -> None:
        """Store both."""
        self._lookup, self._today = lookup, today

    def usual_source(self, given: Mapping[str, Any]) -> Text | None:
        """Return the name of the body of a record with the values ``given``, the usual source."""
        bodies = given.get("bodies") or [given.get("body")]
        body = self._lookup.bodies.get(bodies[0])
        return body.name if body else None

    def value(self, field: Field, typed: str, given: Mapping[str, Any]) -> Any:
        """Parse ``typed`` as a value of ``field``, or as an item of its list.

        Args:
            field: The field; not one with parts.
            typed: The answer, not empty.
            given: Values of the record so far.

        Raises:
            InvalidAnswerError: if it is invalid.
        """
        _typeable(typed)
        typed = cleaned(typed)
        value: Any
        if field.shape in ("words", "texts"):
            return QuotedText(typed.strip())
        if field.shape == "day":
            value = self._day(typed)
            if field.name == "date":
                no_day_to_come(date.fromisoformat(value), self._today)
        elif field.shape == "choice":
            value = chosen(field, typed)
        elif field.shape == "reference" or candidates(field, given, self._lookup):
            return self._reference(field, typed, given)
        elif field.shape == "evidence":
            value = self._evidence(typed)
        elif field.shape == "flag":
            value = "true" if affirmed(typed) else "false"
        elif field.shape == "number":
            value = _number(typed, percent=field.name == "value" and self._in_percent(given))
        else:
            value = QuotedText(_line(field, typed.strip()))
        if (wrong := field.problem(value)) is not None:
            raise InvalidAnswerError.of(wrong)
        if field.shape == "evidence" and "file" in value:
            self._exists(value["file"])
        return value

    def _in_percent(self, given: Mapping[str, Any]) -> bool:
        """Return whether the value is a percentage, as far as known."""
        target = self._lookup.targets.get(given.get("target", ""))
        return target is None or target.number is None or target.number.unit.is_percent

    def _day(self, typed: str) -> str:
        if (ahead := _DAYS.get(fold(typed))) is not None:
            return (self._today + timedelta(days=ahead)).isoformat()
        try:
            return day(Cell("text", typed)).isoformat()
        except CellError as error:
            raise InvalidAnswerError(error.zh, error.en, **error.values) from error

    def _reference(self, field: Field, typed: str, given: Mapping[str, Any]) -> str:
        offered = candidates(field, given, self._lookup)
        if fold(typed) == "?":
            raise InvalidAnswerError("可选的有 {n} 个", "there are {n} to choose from", offered, n=len(offered))
        matches = found(offered, typed)
        if len(matches) == 1:
            return matches[0].id
        if matches:
            raise InvalidAnswerError(
                "“{value}”找到 {n} 个", "“{value}” finds {n}", matches, value=typed, n=len(matches)
            )
        if (guess := nearest(offered, typed)) is not None:
            raise InvalidAnswerError(
                "没有找到“{value}”,最像的是", "“{value}” is not found; the nearest is", [guess], value=typed
            )
        raise InvalidAnswerError(
            "没有找到“{value}”;可写编号、名称里的字或拼音",
            "“{value}” is not found; write an id, words of the name or its pinyin",
            offered if len(offered) <= FEW else (),
            value=typed,
        )

    def _evidence(self, typed: str) -> dict[str, Any]:
        typed = typed.strip()
        if _LINK.match(typed):
            return {"link": typed}
        if not _FILE.fullmatch(typed):
            return {"number": QuotedText(typed)}
        return {"file": typed.removeprefix("evidence/")}

    def _exists(self, file: str) -> None:
        if file in self._lookup.evidence:
            return
        near = difflib.get_close_matches(file, sorted(self._lookup.evidence), n=1, cutoff=0.6)
        zh = "evidence 文件夹里没有“{file}”,请先把文件放进去" + (";是否想写“{guess}”?" if near else "")
        en = "there is no “{file}” in the folder evidence; put it there first" + (
            "; or is it “{guess}”?" if near else ""
        )
        raise InvalidAnswerError(zh, en, file=file, guess=near[0] if near else "")


def _line(field: Field, typed: str) -> str:
    """Return ``typed`` as a line: a time as 09:30, an address in half-width characters; anything else as it is."""
    if field.name in ("opens", "closes") and (match := _TIME.fullmatch(narrow(typed))) is not None:
        hour = int(match["hour"]) + (12 if match["late"] and int(match["hour"]) < 12 else 0)
        minute = {"半": "30", None: "00", "": "00"}.get(match["minute"], match["minute"])
        return f"{hour:02}:{minute}"
    plain = narrow(typed)
    return plain if _LINK.match(plain) else typed


def _number(typed: str, *, percent: bool) -> str:
    found = typed_number(typed)
    # Invalid numbers are kept as typed, including spaces: “3 5” is not 35.
    return typed.strip() if found is None or (found.is_percent and not percent) else found.number


def _typeable(typed: str) -> None:
    """Reject control characters, and bytes that the terminal could not decode.

    Raises:
        InvalidAnswerError: if there are any.
    """
    if (match := CONTROL.search(typed)) is not None:
        zh, en = (
            "含有不可见的控制字符(U+{code:04X}),请重写",
            "contains the control character U+{code:04X}; type it again",
        )
        raise InvalidAnswerError(zh, en, code=ord(match.group()))
    if any("\ud800" <= character <= "\udfff" for character in typed):
        zh = "这个终端的编码不是 UTF-8,读不出汉字,请换一个终端"
        raise InvalidAnswerError(zh, "this terminal is not UTF-8 and its characters cannot be read; use another")


# --- Answers as options, ``--set title.zh=…``: all errors reported at once

_LANGUAGES = ("zh", "en")


class CliAnswers:
    """Values of a new record, given as options.

    Attributes:
        values: Plain values by field; None for a field that is left out on purpose (``--set expires=``).
        problems: Errors as (option, message).
    """

    def __init__(self, fields: Sequence[Field], answers: Answers) -> None:
        """Prepare to parse options for ``fields``."""
        self._fields, self._answers = fields, answers
        self.values: dict[str, Any] = {}
        self.problems: list[tuple[str, Text]] = []

    def read(self, options: Sequence[str]) -> None:
        """Parse ``options``, each ``field=value``."""
        # The entries that can be corrected depend on the subject: parse "corrects" last.
        for option in sorted(options, key=lambda option: option.startswith("corrects")):
            path, equals, typed = option.partition("=")
            try:
                if not equals:
                    raise InvalidAnswerError(
                        "应写成 字段=内容,如 title.zh=标题", "write field=value, such as title.zh=…"
                    )
                self._take([step.strip() for step in path.split(".")], typed.strip())
            except InvalidAnswerError as error:
                self.problems.append((path.strip(), error.whole))

    def refuse_id(self, taken: frozenset[str]) -> None:
        """Report an id that is ``taken``, as the file of that name would be overwritten."""
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
        """Return the value of ``field`` with ``typed`` set at ``path``."""
        return self._items(field, path, typed, before or []) if field.many else self._one(field, path, typed, before)

    def _items(self, field: Field, path: list[str], typed: str, items: list[Any]) -> list[Any]:
        """Return ``items`` with a new one, or with the one at the index in ``path`` (from 0) changed."""
        if not path:
            return [*items, self._one(field, path, typed, None)]
        if not path[0].isdecimal() or int(path[0]) > len(items):
            raise InvalidAnswerError(
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
                raise InvalidAnswerError(
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
            raise InvalidAnswerError("“{name}”下面没有别的字段", "“{name}” has no fields below it", name=field.name)
        if field.shape == "part":
            names = ", ".join(f"{field.name}.{part.name}" for part in field.parts)
            raise InvalidAnswerError("请分开写:{names}", "write its fields one by one: {names}", names=names)
        return self._answers.value(field, typed, self._known)

    @property
    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if value is not None}


def _named(name: str, fields: Sequence[Field]) -> Field:
    for field in fields:
        if field.name == name:
            return field
    wrong: Problem = no_such_field(Place(""), name, [field.name for field in fields])
    raise InvalidAnswerError.of(wrong)
