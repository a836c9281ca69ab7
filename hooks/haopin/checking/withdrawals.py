"""Rules on what the office takes back."""

from collections import Counter
from collections.abc import Iterator

from haopin.checking.entries import Entries, no_such
from haopin.checking.strings import strings
from haopin.problem import Place, Problem, problem
from haopin.records.publishable import Publishable, Withdrawal
from haopin.redaction import Names

# A name that still stands in many places is told of so many times.
_MOST_PLACES = 10


def withdrawals_take_effect(entries: Entries) -> Iterator[Problem]:
    """A withdrawn record exists, and a withdrawn name stands in nothing that a withdrawal cannot reach."""
    known = {f"{e.kind.name}/{e.record.id}": e.record for e in entries.all if isinstance(e.record, Publishable)}
    for withdrawal, place in entries.of(Withdrawal):
        if withdrawal.record:
            yield from _of_record(entries, withdrawal, known, place)
        for index, name in enumerate(withdrawal.names):
            if len(name) < 2:
                yield problem(
                    place.at("names", index),
                    "“{name}”太短,会误伤别的文字;请写全称",
                    "“{name}” is too short and would strike other words; write the full name",
                    name=name,
                )
    yield from _still_there(entries)


def _of_record(
    entries: Entries, withdrawal: Withdrawal, known: dict[str, Publishable], place: Place
) -> Iterator[Problem]:
    record = known.get(withdrawal.record or "")
    if record is None:
        if entries.is_whole(Publishable):
            yield no_such(withdrawal.record or "", known, place.at("record"), "可撤下的记录", "record to be withdrawn")
    elif withdrawal.date < record.date:
        yield problem(
            place.at("date"),
            "撤下的日期“{date}”早于记录日期“{other}”,请核对",
            "withdrawn on “{date}”, before the date of the record, “{other}”; check both",
            date=withdrawal.date,
            other=record.date,
        )


def _still_there(entries: Entries) -> Iterator[Problem]:
    names = Names(name for withdrawal, _ in entries.of(Withdrawal) for name in withdrawal.names if len(name) > 1)
    if not names:
        return
    places: Counter[str] = Counter()
    for entry in entries.all:
        if isinstance(entry.record, Publishable | Withdrawal):
            continue
        for path, text in strings(entry.record):
            for name in names.in_text(text):
                places[name] += 1
                if places[name] <= _MOST_PLACES:
                    yield problem(
                        entry.place.at(*path),
                        "这里还有已撤下的名称“{name}”,请改掉",
                        "the withdrawn name “{name}” still stands here; change it",
                        name=name,
                    )


def withdrawn_names_occur(entries: Entries) -> Iterator[Problem]:
    """A withdrawn name occurs somewhere: one that is spelled otherwise takes nothing back."""
    names = Names(name for withdrawal, _ in entries.of(Withdrawal) for name in withdrawal.names)
    if not names or not entries.is_whole(Publishable):
        return
    found: set[str] = set()
    parts = [e.record for e in entries.all if not isinstance(e.record, Withdrawal)]
    rows = [row for sheet in entries.reading.sheets.values() for row in sheet.rows]
    for part in (*parts, *rows):
        found.update(names.in_text("\0".join(text for _, text in strings(part))))
    for withdrawal, place in entries.of(Withdrawal):
        for index, name in enumerate(withdrawal.names):
            if name not in found:
                yield problem(
                    place.at("names", index),
                    "资料里没有“{name}”,请核对写法是否与要撤下的一致",
                    "“{name}” occurs nowhere in the data; check that it is spelled as in what is to be withdrawn",
                    severity="warning",
                    name=name,
                )
