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

# --- Rules on what the office publishes by and by: the life of a record, names and evidence, sample data


def publication_dates_in_order(entries: RecordIndex) -> Iterator[Problem]:
    """A record is approved no earlier than it is dated, and ends after the day on which it can first be seen."""
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
    """Evidence files that a record names exist."""
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
    """No more problems than inspections, and no more handled than problems."""
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
    """Return what a field is called in Chinese."""
    extra = model.model_fields[field].json_schema_extra
    return fullwidth(str(extra["x-zh"])) if isinstance(extra, dict) else field


def nothing_is_published_twice(entries: RecordIndex) -> Iterator[Problem]:
    """A decision on a party, an award to a holder … stands in the data once, by the fields that its kind declares."""
    for entry, other in _same(entries, lambda kind: kind.unique):
        yield problem(
            entry.place,
            "与“{other}”是同一件事,请只留一条",
            "this is the same as “{other}”; keep one of the two",
            other=other,
        )


def notices_are_not_repeated(entries: RecordIndex) -> Iterator[Problem]:
    """A recall, a news item … is not there twice under two ids, by the fields that its kind declares."""
    for entry, other in _same(entries, lambda kind: kind.alike):
        yield problem(
            entry.place,
            "内容与“{other}”相同;是同一件事就只留一条",
            "this says the same as “{other}”; if it is the same thing, keep one of the two",
            severity="warning",
            other=other,
        )


def _same(entries: RecordIndex, fields_of: Callable[[Kind], Sequence[str]]) -> Iterator[tuple[LoadedRecord, str]]:
    """Yield each record that has the same values in ``fields_of`` its kind as an earlier one, and the earlier one's id.

    A record that lacks one of the values is like no other.
    """
    seen: dict[tuple[str, ...], str] = {}
    for entry in entries.all:
        values = [getattr(entry.record, name) for name in fields_of(entry.kind)]
        if values and None not in values:
            # Texts are compared by their words.
            key = entry.kind.name, str(entry.record.sample), *map(str, values)
            first = seen.setdefault(key, entry.record.id)
            if first != entry.record.id:
                yield entry, first


def samples_are_marked(entries: RecordIndex) -> Iterator[Problem]:
    """Every record in the folder of samples says that it is one."""
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
