"""Rules on withdrawals."""

from collections import Counter
from collections.abc import Iterator, Sequence

from haopin.check.entries import Look, RecordIndex, TextRule, no_such, strings
from haopin.load.dataset import LoadedRecord
from haopin.model.publishable import Publishable, Withdrawal
from haopin.privacy.folding import BARRIER, fold
from haopin.privacy.redaction import Names, longer_names, withdrawn_names
from haopin.problem import Path, Place, Problem, problem

# Largest number of remaining occurrences reported per name.
_MOST_PLACES = 10


def is_long_enough(name: str) -> bool:
    """Return whether a withdrawn ``name`` has two letters or digits: a shorter one would redact other words."""
    return sum(map(str.isalnum, fold(name))) >= 2


def is_longer(other: str, names: Sequence[str]) -> bool:
    """Return whether ``other``, which stays public, contains one of ``names`` without being equal to it."""
    own = Names(names)
    return bool(own.in_text(other)) and not own.equal_to(other)


def withdrawals_take_effect(entries: RecordIndex) -> Iterator[Problem]:
    """A withdrawn record exists, and a withdrawn name is long enough."""
    known = {f"{entry.kind.name}/{record.id}": record for record, entry in entries.dataset.of(Publishable)}
    for withdrawal, place in entries.of(Withdrawal):
        if withdrawal.record:
            yield from _of_record(entries, withdrawal, known, place)
        for index, name in enumerate(withdrawal.names):
            if not is_long_enough(name):
                yield problem(
                    place.at("names", index),
                    "“{name}”太短,会误伤别的文字;请写全称",
                    "“{name}” is too short and would redact other words; write the full name",
                    name=name,
                )


def _of_record(
    entries: RecordIndex, withdrawal: Withdrawal, known: dict[str, Publishable], place: Place
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


def longer_names_are_decided(entries: RecordIndex) -> Iterator[Problem]:
    """A party whose name contains a withdrawn one counts as another, until a person decides that it is the same."""
    withdrawals = list(entries.of(Withdrawal))
    every = [name for withdrawal, _ in withdrawals for name in withdrawal.names]
    decided = Names(name for withdrawal, _ in withdrawals for name in withdrawal.keep)
    longer = [party for party in longer_names(every, entries.dataset) if not decided.equal_to(party)]
    for withdrawal, place in withdrawals:
        for index, name in enumerate(withdrawal.names):
            own = Names([name])
            for party in longer:
                if own.in_text(party):
                    yield problem(
                        place.at("names", index),
                        "“{party}”含有要撤下的“{name}”,按另一家处理,没有撤下。是同一家,就把“{party}”加进 names;"
                        "不是,就加进 keep",
                        "“{party}” contains the withdrawn “{name}”; it counts as another party and stays. If it is "
                        "the same, add “{party}” to names; if not, to keep",
                        severity="warning",
                        party=party,
                        name=name,
                    )
        for index, other in enumerate(withdrawal.keep):
            if not is_longer(other, withdrawal.names):
                yield problem(
                    place.at("keep", index),
                    "“{other}”不是含有 names 里某个名称的更长的名称,请核对或删去",
                    "“{other}” is not longer than one of names and does not contain it; check it or delete it",
                    other=other,
                )


def addresses_have_no_withdrawn_name(entries: RecordIndex) -> Iterator[Problem]:
    """A record whose id contains a withdrawn name is withdrawn as a whole: its address cannot be published."""
    names = _names(entries)
    for record, place in entries.of(Publishable) if names else ():
        for name in names.in_text(record.id):
            yield problem(
                place.at("id"),
                "编号里有已撤下的名称“{name}”,这条记录整条撤下;不是指它,就把“{id}”加进那条撤下的 keep",
                "the id has the withdrawn name “{name}”, so the whole record is withdrawn; if it means another, "
                "add “{id}” to keep of the withdrawal",
                severity="warning",
                name=name,
                id=record.id,
            )


def _names(entries: RecordIndex) -> Names:
    """Return the withdrawn names, except those too short to search for."""
    withdrawals = [withdrawal for withdrawal, _ in entries.of(Withdrawal)]
    long = [w.model_copy(update={"names": tuple(n for n in w.names if len(n) > 1)}) for w in withdrawals]
    return withdrawn_names(long, entries.dataset)


@TextRule
def withdrawn_names_are_gone(entries: RecordIndex) -> Look:
    """No withdrawn name remains where a withdrawal has no effect."""
    names = _names(entries)
    places: Counter[str] = Counter()

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        if not names or isinstance(entry.record, Publishable | Withdrawal):
            return
        # One search for all texts of a record: most have no name.
        if not names.may_be_in(BARRIER.join(text for _, text in words)):
            return
        for path, text in words:
            for name in names.in_text(text):
                places[name] += 1
                if places[name] <= _MOST_PLACES:
                    yield problem(
                        entry.place.at(*path),
                        "这里还有已撤下的名称“{name}”,请改掉",
                        "the withdrawn name “{name}” is still here; change it",
                        name=name,
                    )

    return look


@TextRule
def withdrawn_names_occur(entries: RecordIndex) -> Look:
    """A withdrawn name occurs in the data: a misspelled one has no effect."""
    withdrawals = list(entries.of(Withdrawal))
    names = Names(name for withdrawal, _ in withdrawals for name in withdrawal.names)
    if not names or not entries.is_whole(Publishable):
        return lambda entry, words: iter(())
    waiting = {name for withdrawal, _ in withdrawals for name in withdrawal.names}

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        if waiting and not isinstance(entry.record, Withdrawal):
            waiting.difference_update(names.in_text(BARRIER.join(text for _, text in words)))
        if entry is not entries.all[-1]:
            return
        for row in (row for sheet in entries.dataset.sheets.values() for row in sheet.rows if waiting):
            waiting.difference_update(names.in_text(BARRIER.join(text for _, text in strings(row))))
        for withdrawal, place in withdrawals:
            for index, name in enumerate(withdrawal.names):
                if name in waiting:
                    yield problem(
                        place.at("names", index),
                        "资料里没有“{name}”,请核对写法是否与要撤下的一致",
                        "“{name}” occurs nowhere in the data; check its spelling against what is to be withdrawn",
                        severity="warning",
                        name=name,
                    )

    return look
