"""Rules on records published over time, and on the tables beside them."""

from collections.abc import Callable, Iterator, Sequence

from haopin.check.entries import RecordIndex
from haopin.load.dataset import LoadedRecord
from haopin.load.folder import SAMPLES
from haopin.model import Kind, Record
from haopin.model.disclosure import Inspection, Sampled
from haopin.model.publishable import Publishable
from haopin.problem import Problem, problem
from haopin.text import fullwidth

# --- Published records: dates of publication, evidence, numbers, duplicates, sample data


def publication_dates_in_order(entries: RecordIndex) -> Iterator[Problem]:
    """A record is not approved before its date, and expires after its first public day."""
    for record, place in entries.of(Publishable):
        if record.approved and record.approved.date < record.date:
            yield problem(
                place.at("approved", "date"),
                "审核日期“{approved}”早于记录日期“{date}”,请核对:记录日期是公布、报送的日子,不能晚于审核",
                "approved on “{approved}”, before the date of the record, “{date}”; check both: the date of a "
                "record is the day of the announcement or report, and cannot be later than its approval",
                approved=record.approved.date,
                date=record.date,
            )
        days = (record.date, record.publish_from, record.approved and record.approved.date)
        begin = max(day for day in days if day)
        if record.expires and record.expires <= begin:
            yield problem(
                place.at("expires"),
                "停止显示的日期“{expires}”不在开始发布(“{begin}”)之后,永远不会显示",
                "ends on “{expires}”, which is not after its beginning, “{begin}”: it would never be shown",
                expires=record.expires,
                begin=begin,
            )


def evidence_exists(entries: RecordIndex) -> Iterator[Problem]:
    """Evidence files that records refer to exist."""
    for record, place in entries.of(Publishable):
        folder = SAMPLES if place.file.startswith(SAMPLES) else ""
        for index, item in enumerate(record.evidence):
            if item.file and f"{folder}evidence/{item.file}" not in entries.dataset.files:
                yield problem(
                    place.at("evidence", index, "file"),
                    "{folder}evidence 文件夹里没有“{file}”",
                    "there is no file “{file}” in the folder {folder}evidence",
                    file=item.file,
                    folder=folder,
                )


def inspections_add_up(entries: RecordIndex) -> Iterator[Problem]:
    """Problems do not outnumber inspections, and follow-ups do not outnumber problems."""
    for record, place in entries.of(Inspection):
        for less, more in (("problems", "inspected"), ("handled", "problems")):
            if getattr(record, less) > getattr(record, more):
                yield problem(
                    place.at(less),
                    "{less_zh}({less})是 {n},多于{more_zh}({more})的 {m},请核对",
                    "“{less}” ({n}) is more than “{more}” ({m}); check both",
                    less_zh=_label(Inspection, less),
                    more_zh=_label(Inspection, more),
                    less=less,
                    more=more,
                    n=getattr(record, less),
                    m=getattr(record, more),
                )


def _label(model: type[Record], field: str) -> str:
    """Return the Chinese name of a field."""
    extra = model.model_fields[field].json_schema_extra
    return fullwidth(str(extra["x-zh"])) if isinstance(extra, dict) else field


def nothing_is_published_twice(entries: RecordIndex) -> Iterator[Problem]:
    """No two records of a kind have equal values in the fields that the kind declares as ``unique``."""
    for entry, other in _same(entries, lambda kind: kind.unique):
        yield problem(
            entry.place,
            "与“{other}”是同一件事,请只留一条",
            "this is the same as “{other}”; keep one of the two",
            other=other,
        )


def notices_are_not_repeated(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of two records with equal values in the fields that their kind declares as ``alike``."""
    for entry, other in _same(entries, lambda kind: kind.alike):
        yield problem(
            entry.place,
            "内容与“{other}”相同;是同一件事就只留一条",
            "this equals “{other}”; if it is the same thing, keep one of the two",
            severity="warning",
            other=other,
        )


def _same(entries: RecordIndex, fields_of: Callable[[Kind], Sequence[str]]) -> Iterator[tuple[LoadedRecord, str]]:
    """Yield each record that equals an earlier one in ``fields_of`` its kind, and the id of the earlier one.

    A record without one of the values equals no other.
    """
    seen: dict[tuple[str, ...], str] = {}
    for entry in entries.all:
        values = [getattr(entry.record, name) for name in fields_of(entry.kind)]
        if values and None not in values:
            # Texts are compared by their normalized words.
            key = entry.kind.name, str(entry.record.sample), *map(str, values)
            first = seen.setdefault(key, entry.record.id)
            if first != entry.record.id:
                yield entry, first


def samples_are_marked(entries: RecordIndex) -> Iterator[Problem]:
    """Every record in the folder of samples is marked as a sample."""
    for entry in entries.all:
        if entry.place.file.startswith(SAMPLES) and not entry.record.sample:
            yield problem(
                entry.place,
                "samples 文件夹里的记录都须写 sample{colon} true",
                "every record in the folder samples needs sample: true",
            )


# --- Rules on the tables beside records


def sample_numbers_are_unique(entries: RecordIndex) -> Iterator[Problem]:
    """A sample number, and the address made from it, occurs once in a batch."""
    for sheet in entries.dataset.sheets.values():
        seen: dict[str, int] = {}
        for index, row in enumerate(sheet.rows):
            if not isinstance(row, Sampled):
                continue
            first = seen.setdefault(row.slug, index)
            if first == index:
                continue
            number, other = row.sample_number, sheet.rows[first]
            assert isinstance(other, Sampled)
            line = sheet.lines[first]
            place = sheet.place(index, "sample_number")
            if number == other.sample_number:
                yield problem(
                    place,
                    "抽样编号“{number}”与第 {line} 行相同,请核对",
                    "the sample number “{number}” is that of line {line}; check both",
                    number=number,
                    line=line,
                )
            else:
                yield problem(
                    place,
                    "抽样编号“{number}”与第 {line} 行的“{other}”只有符号或大小写不同,网址会相同,请改一个",
                    "the sample number “{number}” differs from “{other}” of line {line} in marks or case only, so both "
                    "would have one address; change one",
                    number=number,
                    other=other.sample_number,
                    line=line,
                )
