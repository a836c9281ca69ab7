"""Rules on what the office publishes by and by: life of a record, names, evidence, sample data, personal data."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from haopin.checking.entries import Entries
from haopin.problem import Path, Place, Problem, problem
from haopin.reading.folder import SAMPLES
from haopin.records.activity import Activity
from haopin.records.body import Body
from haopin.records.disclosure import Analysis, Batch, Inspection, RiskWarning, Sampled, Violation
from haopin.records.ledger import Entry
from haopin.records.news import Event, News
from haopin.records.policy import Dimension, Policy
from haopin.records.provision import Honour
from haopin.records.publishable import Publishable, Withdrawal
from haopin.records.recognition import Award


def lives_run_forward(entries: Entries) -> Iterator[Problem]:
    """A record is approved no earlier than it is dated, and ends after it begins."""
    for record, place in entries.of(Publishable):
        if record.approved and record.approved.date < record.date:
            yield problem(
                place.at("approved", "date"),
                "审核日期“{approved}”早于记录日期“{date}”,请核对",
                "approved on “{approved}”, before the date of the record, “{date}”; check both",
                approved=record.approved.date,
                date=record.date,
            )
        begin = record.publish_from or record.date
        if record.expires and record.expires <= begin:
            yield problem(
                place.at("expires"),
                "停止显示的日期“{expires}”不在开始发布(“{begin}”)之后",
                "ends on “{expires}”, which is not after its beginning, “{begin}”",
                expires=record.expires,
                begin=begin,
            )


def spans_of_records_run_forward(entries: Entries) -> Iterator[Problem]:
    """Nothing that is published ends before it begins."""
    pairs: list[tuple[Any, Any, Place]] = []
    for entry, place in entries.of(Entry):
        if entry.covers:
            pairs.append((entry.covers.start, entry.covers.end, place.at("covers", "end")))
    for event, place in entries.of(Event):
        pairs.append((event.start, event.last, place.at("end")))
        if event.opens and event.closes and event.last == event.start:
            pairs.append((event.opens, event.closes, place.at("closes")))
    for policy, place in entries.of(Policy):
        if policy.opens and policy.closes:
            pairs.append((policy.opens, policy.closes, place.at("closes")))
    for batch, place in entries.of(Batch):
        if batch.sampled:
            pairs.append((batch.sampled.start, batch.sampled.end, place.at("sampled", "end")))
    for model in (Inspection, Analysis):
        for record, place in entries.of(model):
            pairs.append((record.period.start, record.period.end, place.at("period", "end")))
    for start, end, place in pairs:
        if end < start:
            yield problem(
                place,
                "结束“{end}”早于开始“{start}”,请核对",
                "the end “{end}” is before the beginning “{start}”; check both",
                start=start,
                end=end,
            )


def published_names_exist(entries: Entries) -> Iterator[Problem]:
    """Bodies, honors, activities and evidence files that a record names exist."""
    for record, place in entries.of(Publishable):
        for index, item in enumerate(record.evidence):
            folder = SAMPLES if place.file.startswith(SAMPLES) else ""
            if item.file and f"{folder}evidence/{item.file}" not in entries.reading.files:
                yield problem(
                    place.at("evidence", index, "file"),
                    "evidence 文件夹里没有“{file}”",
                    "there is no file “{file}” in the folder evidence",
                    file=item.file,
                )
        if isinstance(record, Batch | Violation | RiskWarning | Analysis | Policy | News | Event) and record.body:
            yield from entries.unknown(Body, record.body, place.at("body"), "责任单位")
    for inspection, place in entries.of(Inspection):
        for index, body in enumerate(inspection.bodies):
            yield from entries.unknown(Body, body, place.at("bodies", index), "责任单位")
    for award, place in entries.of(Award):
        yield from entries.unknown(Honour, award.honour, place.at("honour"), "荣誉与称号")
    for event, place in entries.of(Event):
        if event.activity:
            yield from entries.unknown(Activity, event.activity, place.at("activity"), "质量活动")
    for dimension, place in entries.of(Dimension):
        for index, indicator in enumerate(dimension.indicators):
            for number, body in enumerate(indicator.bodies):
                yield from entries.unknown(Body, body, place.at("indicators", index, "bodies", number), "责任单位")


def inspections_add_up(entries: Entries) -> Iterator[Problem]:
    """No more problems than inspections, and no more handled than problems."""
    for record, place in entries.of(Inspection):
        for less, more in (("problems", "inspected"), ("handled", "problems")):
            if getattr(record, less) > getattr(record, more):
                yield problem(
                    place.at(less),
                    "“{less}”({n})多于“{more}”({m}),请核对",
                    "“{less}” ({n}) is more than “{more}” ({m}); check both",
                    less=less,
                    more=more,
                    n=getattr(record, less),
                    m=getattr(record, more),
                )


def samples_are_marked(entries: Entries) -> Iterator[Problem]:
    """Every record in the folder of samples says that it is one."""
    for entry in entries.all:
        if entry.place.file.startswith(SAMPLES) and not entry.record.sample:
            yield problem(
                entry.place,
                "samples 文件夹里的记录都须写 sample{colon} true",
                "every record in the folder samples needs sample: true",
            )


def sample_numbers_are_unique(entries: Entries) -> Iterator[Problem]:
    """A sample number, and the address made from it, occurs once in a batch."""
    for key, rows in entries.reading.tables.items():
        seen: dict[str, int] = {}
        file = entries.reading.table_files[key]
        for number, row in enumerate(rows, start=2):
            if not isinstance(row, Sampled):
                continue
            if row.slug in seen:
                yield problem(
                    Place(file, mark=(number, 1)),
                    "抽样编号“{number}”与第 {line} 行相同",
                    "the sample number “{number}” is that of line {line}",
                    number=row.sample_number,
                    line=seen[row.slug],
                )
            else:
                seen[row.slug] = number


def withdrawals_take_effect(entries: Entries) -> Iterator[Problem]:
    """A withdrawn record exists, and a withdrawn name stands in nothing that a withdrawal cannot reach."""
    known = {f"{entry.kind.name}/{entry.record.id}" for entry in entries.all if isinstance(entry.record, Publishable)}
    names = []
    for withdrawal, place in entries.of(Withdrawal):
        names += withdrawal.names
        if withdrawal.record and withdrawal.record not in known and entries.is_whole(Publishable):
            yield problem(
                place.at("record"),
                "没有“{record}”这条记录",
                "there is no record “{record}”",
                record=withdrawal.record,
            )
        for index, name in enumerate(withdrawal.names):
            if len(name) < 2:
                yield problem(
                    place.at("names", index),
                    "“{name}”太短,会误伤别的文字;请写全称",
                    "“{name}” is too short and would strike other words; write the full name",
                    name=name,
                )
    if not names:
        return
    for entry in entries.all:
        if isinstance(entry.record, Publishable | Withdrawal):
            continue
        for path, text in strings(entry.record):
            for name in names:
                if name in text:
                    yield problem(
                        entry.place.at(*path),
                        "这里还有已撤下的名称“{name}”,请改掉",
                        "the withdrawn name “{name}” still stands here; change it",
                        name=name,
                    )


def strings(part: BaseModel, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in ``part`` with the way to it."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        yield from _strings(value, (*path, name))


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        yield from strings(value, path)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9][0-9 -]{9,30}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def personal_data_is_flagged(entries: Entries) -> Iterator[Problem]:
    """A number that looks like that of an identity card, a mobile telephone or a bank card is worth a second look."""
    for entry in entries.all:
        if isinstance(entry.record, Publishable):
            for path, text in strings(entry.record):
                yield from _personal(text, entry.place.at(*path))
    for key, rows in entries.reading.tables.items():
        for number, row in enumerate(rows, start=2):
            place = Place(entries.reading.table_files[key], mark=(number, 1))
            for _, text in strings(row):
                yield from _personal(text, place)


def _personal(text: str, place: Place) -> Iterator[Problem]:
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"[ -]", "", match.group())
        if (kind := personal_number(digits)) is not None:
            yield problem(
                place,
                "这里像有{zh_kind},请确认可以公开,不可以就删去",
                "this looks like {en_kind}; make sure that it may be public, or delete it",
                severity="warning",
                zh_kind=kind[0],
                en_kind=kind[1],
            )


def personal_number(digits: str) -> tuple[str, str] | None:
    """Return what kind of personal number ``digits`` may be, in both languages; None if none.

    Identity cards are known by their check character (GB 11643), bank cards by the Luhn check (ISO/IEC 7812).
    """
    if len(digits) == 18 and digits[:17].isdigit():
        total = sum(int(d) * w for d, w in zip(digits, _ID_WEIGHTS, strict=False))
        if "10X98765432"[total % 11] == digits[17].upper():
            return "身份证号", "an identity card number"
    if _MOBILE.fullmatch(digits):
        return "手机号", "a mobile telephone number"
    if 16 <= len(digits) <= 19 and digits.isdigit() and _luhn(digits):
        return "银行卡号", "a bank card number"
    return None


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
