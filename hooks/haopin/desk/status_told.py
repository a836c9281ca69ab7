"""The state of the data in plain words for a terminal, or as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from haopin.desk.office import Office
from haopin.desk.status import Group
from haopin.desk.voice import Voice
from haopin.desk.width import COLUMNS, cut, pad, width
from haopin.reading.places import Places
from haopin.records.body import Body
from haopin.text import Text

#: So many lines of a group are told in words.
MOST = 20
# Beside a place there must be room for some words; else they stand below it.
_LEAST = 24
_HEADS = (
    Text(zh="责任单位", en="Body"),
    Text(zh="举措", en="Measures"),
    Text(zh="已报送", en="Reported"),
    Text(zh="他单位报", en="By others"),
    Text(zh="已完成", en="Done"),
    Text(zh="常态化", en="Ongoing"),
    Text(zh="逾期", en="Late"),
    Text(zh="最近报送", en="Latest"),
)
_WIDTHS = (21, 9, 9, 10, 7, 8, 5, 11)


@dataclass(frozen=True)
class Row:
    """A body in the table: how many measures it answers for, and where they stand by its own reports.

    Attributes:
        body: The body.
        measures: How many measures it answers for, with others or alone.
        reported: How many of them it has reported on itself.
        by_others: How many only others have reported on.
        done: How many are done, by its own reports; the next two likewise.
        routine: How many go on for good.
        late: How many are late.
        latest: Day of its latest report.
    """

    body: Body
    measures: int
    reported: int
    by_others: int
    done: int
    routine: int
    late: int
    latest: date | None


def rows(office: Office) -> Sequence[Row]:
    """Return a row for each body."""
    found = []
    for body in office.bodies:
        own = [item for item in office.items.values() if body.id in item.bodies]
        measures = [item.about for item in own if item.target is None]
        tally = office.progress_of(body.id).tally(measures)
        everybody = office.progress.tally(measures)
        days = [
            entry.date
            for item in own
            for entry in office.catalogue.entries_about.get(item.about, ())
            if entry.body == body.id
        ]
        done, routine, late = (tally.counts.get(state, 0) for state in ("done", "routine", "late"))
        others = everybody.reported - tally.reported
        latest = max(days, default=None)
        found.append(Row(body, tally.total, tally.reported, others, done, routine, late, latest))
    return found


def told(
    office: Office, groups: Sequence[Group], table: Sequence[Row], places: Places, name: str, voice: Voice
) -> list[str]:
    """Return the lines to print.

    Args:
        office: The data and the day.
        groups: What is to be done.
        table: A row for each body.
        places: Looks up lines.
        name: How the data folder is called.
        voice: The language.
    """
    day = office.day.isoformat()
    lines = [voice("截至 {day}(未审核的记录也算)", "As of {day} (records not yet approved count)", day=day)]
    for group in groups:
        if not group.lines:
            continue
        title = voice("{title}\uff1a{n}", "{title}: {n}", title=voice.of(_capital(group.title)), n=group.count)
        lines += ["", cut(title, COLUMNS)]
        for line in group.lines[:MOST]:
            where = f"{name}/{line.place.file}:{places.line(line.place)}"
            lines += _line(where, voice.of(line.words))
        if (more := len(group.lines) - MOST) > 0:
            lines.append(voice("  还有 {n} 条", "  {n} more", n=more))
    quiet = [voice.of(group.title) for group in groups if not group.lines]
    if quiet:
        separator = "、" if voice.language == "zh" else "; "
        lines += ["", *_wrapped(voice("没有:", "None:"), quiet, separator)]
    lines += ["", *_table(table, voice)]
    if office.body is None:
        lines += ["", voice("看一个单位:haopin status --body 单位名称", "One body: haopin status --body NAME")]
    return lines


def _capital(title: Text) -> Text:
    return Text(zh=title.zh, en=title.en[0].upper() + title.en[1:])


def _line(where: str, words: str) -> list[str]:
    room = COLUMNS - 2 - width(where) - 2
    if room >= _LEAST or room >= width(words):
        return [f"  {where}  {cut(words, room)}"]
    return [f"  {where}", f"      {cut(words, COLUMNS - 6)}"]


def _wrapped(head: str, words: Sequence[str], separator: str) -> list[str]:
    lines, line = [], head
    for index, word in enumerate(words):
        piece = word + (separator if index < len(words) - 1 else "")
        gap = " " if line == head and head.endswith(":") else ""
        if width(line + gap + piece.rstrip()) > COLUMNS:
            lines.append(line.rstrip())
            line, gap = "  ", ""
        line += gap + piece
    return [*lines, line]


def _table(table: Sequence[Row], voice: Voice) -> list[str]:
    lines = [_row([voice.of(head) for head in _HEADS])]
    for row in table:
        latest = row.latest.isoformat() if row.latest else voice("无", "none")
        counts = (row.measures, row.reported, row.by_others, row.done, row.routine, row.late)
        lines.append(_row([voice.of(row.body.name), *map(str, counts), latest]))
    return lines


def _row(cells: Sequence[str]) -> str:
    return "".join(pad(cell, size, right=n > 0) for n, (cell, size) in enumerate(zip(cells, _WIDTHS, strict=True)))


def as_json(
    office: Office, groups: Sequence[Group], table: Sequence[Row], places: Places, name: str, voice: Voice
) -> str:
    """Return the same as JSON, every line of it; see `told`."""
    whole: dict[str, Any] = {"as_of": office.day.isoformat(), "body": office.body}
    whole["groups"] = {
        group.name: {
            "title": voice.of(group.title),
            "count": group.count,
            "lines": [
                {
                    "file": f"{name}/{line.place.file}",
                    "line": places.line(line.place),
                    "id": line.name,
                    "text": voice.of(line.words),
                }
                for line in group.lines
            ],
        }
        for group in groups
    }
    whole["bodies"] = [
        {
            "id": row.body.id,
            "name": voice.of(row.body.name),
            "measures": row.measures,
            "reported": row.reported,
            "by_others": row.by_others,
            "done": row.done,
            "routine": row.routine,
            "late": row.late,
            "latest": row.latest.isoformat() if row.latest else None,
        }
        for row in table
    ]
    return json.dumps(whole, ensure_ascii=False, indent=2)
