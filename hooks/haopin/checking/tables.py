"""Rules on the tables beside records."""

from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.problem import Problem, problem
from haopin.records.disclosure import Sampled


def sample_numbers_are_unique(entries: Entries) -> Iterator[Problem]:
    """A sample number, and the address made from it, occurs once in a batch."""
    for sheet in entries.reading.sheets.values():
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
