"""What a clerk answered, as the data has it: every unmistakable form is understood, all else is explained."""

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from haopin.desk.cells import CellError, day, narrow
from haopin.desk.new_choices import affirmed, chosen
from haopin.desk.new_fields import REFERENCES, Field
from haopin.desk.new_lookup import Candidate, Lookup, fold, found, nearest
from haopin.desk.new_unclear import UnclearError
from haopin.desk.opening import no_day_to_come
from haopin.desk.workbook import Cell
from haopin.desk.yamltext import Words
from haopin.reading.controls import CONTROL, cleaned
from haopin.reading.numbers import typed_number
from haopin.text import Text

#: So few are listed whenever an answer is none of them.
FEW = 8
_LINK = re.compile(r"(?:[a-z]+://|www\.)", re.I)
_FILE = re.compile(r".*\.[A-Za-z][A-Za-z0-9]{1,3}")
_DAYS = {"今天": 0, "今日": 0, "today": 0, "昨天": -1, "yesterday": -1, "明天": 1, "tomorrow": 1}


class Answers:
    """Understands answers, by the records that there are and the day that is today."""

    def __init__(self, lookup: Lookup, today: date) -> None:
        """Keep both."""
        self._lookup, self._today = lookup, today

    def usual_source(self, given: Mapping[str, Any]) -> Text | None:
        """Return the name of the body of a record of which ``given`` is known: its source, most of the time."""
        bodies = given.get("bodies") or [given.get("body")]
        body = self._lookup.bodies.get(bodies[0])
        return body.name if body else None

    def value(self, field: Field, typed: str, given: Mapping[str, Any], listed: Sequence[Candidate] = ()) -> Any:
        """Return the plain value that ``typed`` means as ``field``, or as an item of its list.

        Args:
            field: The field; not a part.
            typed: What was typed, not empty.
            given: What is known of the record so far.
            listed: What was listed just before: its numbers can be typed.

        Raises:
            UnclearError: if it cannot be understood.
        """
        _typeable(typed)
        typed = cleaned(typed)
        value: Any
        if field.shape in ("words", "texts"):
            return Words(typed.strip())
        if field.shape == "day":
            value = self._day(typed)
            if field.name == "date":
                no_day_to_come(date.fromisoformat(value), self._today)
        elif field.shape == "choice":
            value = chosen(field, typed)
        elif field.shape == "reference":
            return self._reference(field, typed, given, listed)
        elif field.shape == "evidence":
            value = self._evidence(typed)
        elif field.shape == "flag":
            value = "true" if affirmed(typed) else "false"
        elif field.shape == "number":
            value = _number(typed, percent=field.name == "value")
        else:
            value = Words(typed.strip())
        if (wrong := field.problem(value)) is not None:
            raise UnclearError.of(wrong)
        if field.shape == "evidence" and "file" in value:
            self._exists(value["file"])
        return value

    def _day(self, typed: str) -> str:
        if (ahead := _DAYS.get(fold(typed))) is not None:
            return (self._today + timedelta(days=ahead)).isoformat()
        try:
            return day(Cell("text", typed)).isoformat()
        except CellError as error:
            raise UnclearError(error.zh, error.en, **error.values) from error

    def _reference(self, field: Field, typed: str, given: Mapping[str, Any], listed: Sequence[Candidate]) -> str:
        number = narrow(typed)
        if listed and number.isdecimal() and number.isascii() and 1 <= int(number) <= len(listed):
            return listed[int(number) - 1].id
        candidates = self._lookup.candidates(REFERENCES[field.name], given)
        if fold(typed) == "?":
            raise UnclearError("可选的有 {n} 个", "there are {n} to choose from", candidates, n=len(candidates))
        matches = found(candidates, typed)
        if len(matches) == 1:
            return matches[0].id
        if matches:
            raise UnclearError("“{value}”找到 {n} 个", "“{value}” finds {n}", matches, value=typed, n=len(matches))
        if (guess := nearest(candidates, typed)) is not None:
            raise UnclearError(
                "没有找到“{value}”,最像的是", "“{value}” is not found; the nearest is", [guess], value=typed
            )
        raise UnclearError(
            "没有找到“{value}”;可写编号或名称里的字,写 ? 列出全部",
            "“{value}” is not found; write an id or words of the name, or ? to list all",
            candidates if len(candidates) <= FEW else (),
            value=typed,
        )

    def _evidence(self, typed: str) -> dict[str, Any]:
        typed = typed.strip()
        if _LINK.match(typed):
            return {"link": typed}
        if not _FILE.fullmatch(typed):
            return {"number": Words(typed)}
        return {"file": typed.removeprefix("evidence/")}

    def _exists(self, file: str) -> None:
        if file in self._lookup.evidence:
            return
        near = difflib.get_close_matches(file, sorted(self._lookup.evidence), n=1, cutoff=0.6)
        zh = "evidence 文件夹里没有“{file}”,请先把文件放进去" + (";是否想写“{guess}”?" if near else "")
        en = "there is no “{file}” in the folder evidence; put it there first" + (
            "; or is it “{guess}”?" if near else ""
        )
        raise UnclearError(zh, en, file=file, guess=near[0] if near else "")


def _number(typed: str, *, percent: bool) -> str:
    found = typed_number(typed)
    # What is no number stays as it was typed, spaces within it too: “3 5” is not 35.
    return typed.strip() if found is None or (found.is_percent and not percent) else found.number


def _typeable(typed: str) -> None:
    """Refuse what no page may have: control characters, and bytes that the terminal could not read."""
    if (match := CONTROL.search(typed)) is not None:
        zh, en = (
            "含有不可见的控制字符(U+{code:04X}),请重写",
            "contains the control character U+{code:04X}; type it again",
        )
        raise UnclearError(zh, en, code=ord(match.group()))
    if any("\ud800" <= character <= "\udfff" for character in typed):
        zh = "这个终端的编码不是 UTF-8,读不出汉字,请换一个终端"
        raise UnclearError(zh, "this terminal is not UTF-8 and its characters cannot be read; use another")
