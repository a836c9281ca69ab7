"""Report of the office's tasks: missing, late, due, pending, untranslated; as text or JSON."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from haopin.load import translations
from haopin.load.dataset import LoadedRecord
from haopin.load.folder import Places
from haopin.model.body import Body
from haopin.model.fields import Span
from haopin.model.publishable import Publishable
from haopin.model.site import SITE, Identifiers, Site
from haopin.office.ledger.columns import ReportItem, is_in
from haopin.office.project import Office
from haopin.office.terminal import COLUMNS, CommandLanguage, cut, pad, width
from haopin.problem import Place
from haopin.site.publish import WAITING, Reason
from haopin.text import Text

# --- Missing reports and data of site, bodies, measures and targets


@dataclass(frozen=True)
class StatusLine:
    """A task.

    Attributes:
        place: Position in the data.
        name: Id of its subject.
        words: Text for the clerk.
    """

    place: Place
    name: str
    words: Text


def _site(office: Office) -> Iterator[StatusLine]:
    if office.body is not None:
        return
    site = office.catalogue.site
    for name in ("owner", "operator", "contacts"):
        if not getattr(site, name):
            yield StatusLine(Place(SITE.path, (name,)), name, _doc(Site, name))
    for name in Identifiers.model_fields:
        if getattr(site.identifiers, name) is None:
            yield StatusLine(Place(SITE.path, ("identifiers", name)), f"identifiers.{name}", _doc(Identifiers, name))


def _doc(model: type[Site | Identifiers], name: str) -> Text:
    info = model.model_fields[name]
    assert isinstance(info.json_schema_extra, dict) and info.description
    zh, en = str(info.json_schema_extra["x-zh"]), info.description
    return Text(zh=f"{zh.split(',')[0]}({name})", en=f"{en.split(';')[0]} ({name})")


def _telephones(office: Office) -> Iterator[StatusLine]:
    for body, entry in office.of(Body):
        if office.concerns(entry) and body.phone is None:
            yield StatusLine(entry.place, body.id, body.name)


def _without(name: str) -> Callable[[Office], Iterator[StatusLine]]:
    def find(office: Office) -> Iterator[StatusLine]:
        for about, item in office.items.items():
            if item.target is None and getattr(office.catalogue.measures[about][1], name) is None:
                yield StatusLine(office.places[about], about, item.title)

    return find


def unreported(office: Office) -> Sequence[ReportItem]:
    """Return the measures and targets without an entry; an entry on a target also counts for its measure."""
    own = (item for item in office.items.values() if office.body is None or office.body in item.reporting)
    bare = [item for item in own if not office.catalogue.entries_about.get(item.about)]
    return [i for i in bare if i.target is not None or office.progress.measure(i.about).state == "not-reported"]


def _unreported(office: Office) -> Iterator[StatusLine]:
    """Yield the measures and targets without an entry: singly for one body, otherwise their number per body."""
    bare = unreported(office)
    if office.body is not None:
        for item in bare:
            yield StatusLine(office.places[item.about], item.about, item.title)
        return
    places = {body.id: entry.place for body, entry in office.of(Body)}
    for body in office.bodies:
        own = [item for item in bare if body.id in item.reporting]
        if own:
            yield _counted(places[body.id], body.id, body.name, own)
    if nobody := [item for item in bare if not item.reporting]:
        name = Text(zh="没有明确责任单位的", en="no body named")
        yield _counted(office.places[nobody[0].about], "", name, nobody)


def _counted(place: Place, name: str, words: Text, items: Sequence[ReportItem]) -> StatusLine:
    targets = sum(item.target is not None for item in items)
    measures = sum(item.target is None and item.is_of_task for item in items)
    others = len(items) - targets - measures
    more = (f",{others} 项阶段工作或保障措施", f", phase work and safeguards {others}") if others else ("", "")
    zh = f"{words.zh}\uff1a{measures} 项举措{more[0]},{targets} 个目标"
    en = f"{words.get('en')}: measures {measures}{more[1]}, targets {targets}"
    return StatusLine(place, name, Text(zh=zh, en=en))


#: Each group: name in JSON, title, and function that finds its lines.
GROUPS: Sequence[tuple[str, Text, Callable[[Office], Iterator[StatusLine]]]] = (
    ("site", Text(zh="网站还缺", en="the site lacks"), _site),
    ("telephones", Text(zh="没有电话的单位", en="bodies without telephone"), _telephones),
    ("owners", Text(zh="没有责任单位(owner)的举措", en="measures without owner"), _without("roles")),
    ("dues", Text(zh="没有完成时限(due)的举措", en="measures without due date"), _without("due")),
    (
        "unreported",
        Text(
            zh="没有台账记录的举措和目标(共同负责的,各单位都列)",
            en="measures and targets without ledger entry (joint ones with each body)",
        ),
        _unreported,
    ),
)


# --- Groups of tasks

#: Days before a deadline, and days before and after the expiry of a record, for which it is listed.
DUE_DAYS, END_DAYS = 60, 30


@dataclass(frozen=True)
class StatusGroup:
    """Tasks of one type.

    Attributes:
        name: Its name in JSON.
        title: Title.
        lines: The lines.
        total: Number of subjects, if different from the number of lines.
    """

    name: str
    title: Text
    lines: Sequence[StatusLine]
    total: int | None = None

    @property
    def count(self) -> int:
        """Number of subjects."""
        return len(self.lines) if self.total is None else self.total


def groups(office: Office, months: int) -> Sequence[StatusGroup]:
    """Return all groups, including empty ones.

    Args:
        office: The data and the day.
        months: Months without a report after which an item is outdated.
    """
    found: list[tuple[str, str, str, Iterable[StatusLine]]] = [
        ("stale", f"{months} 个月没有新报送(已完成的不算)", f"no report for {months} months", _stale(office, months)),
        ("due", f"{DUE_DAYS} 天内到期", f"due within {DUE_DAYS} days", _due(office)),
        ("overdue", "逾期", "overdue", _passed(office)),
        ("unapproved", "待审核", "awaiting approval", _withheld(office, WAITING, _pending)),
        ("scheduled", "已审核待发布", "approved, waiting for the day", _withheld(office, {"future"}, _begins)),
        ("expired", f"{END_DAYS} 天内停止显示的", f"ended in the last {END_DAYS} days", _ending(office, -END_DAYS, 0)),
        ("expiring", f"{END_DAYS} 天内将停止显示", f"ending within {END_DAYS} days", _ending(office, 1, END_DAYS)),
        ("untranslated", "没有英文", "without English", _untranslated(office)),
        ("old-english", "英文比中文旧", "English older than its Chinese", _old_english(office)),
    ]
    bare = len(unreported(office))
    return (
        *(
            StatusGroup(name, title, list(find(office)), bare if name == "unreported" else None)
            for name, title, find in GROUPS
        ),
        *(StatusGroup(name, Text(zh=zh, en=en), list(lines)) for name, zh, en, lines in found),
    )


def back(day: date, months: int) -> date:
    """Return the date ``months`` months before ``day``; the last day of that month if it is shorter."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _stale(office: Office, months: int) -> Iterator[StatusLine]:
    limit = back(office.day, months)
    for item in office.items.values():
        entry = next(iter(office.progress.standing_entries(item.about)), None)
        if entry is not None and entry.date < limit and entry.state != "done":
            day = entry.date.isoformat()
            yield _of_item(office, item, Text(zh=f"最近报送 {day}", en=f"latest report {day}"))


def _open_until(office: Office, earliest: date, latest: date) -> Iterator[StatusLine]:
    """Yield the items due between two days that are not completed, earliest first."""
    due = [item for item in office.items.values() if item.due and earliest <= item.due <= latest]
    for item in sorted(due, key=lambda item: (item.due, item.about)):
        if not _is_complete(office, item):
            yield _of_item(office, item, Text(zh=f"期限 {item.due}", en=f"due {item.due}"))


def _is_complete(office: Office, item: ReportItem) -> bool:
    if item.target is not None:
        found = office.progress.target(item.target)
        # An item whose status is not computed is completed by a report for its due date.
        if found.outcome == "not-judged" and found.entry is not None and item.due is not None:
            return found.entry.date >= item.due
        return found.outcome == "met"
    return office.progress.measure(item.about).state in ("done", "routine")


def _due(office: Office) -> Iterator[StatusLine]:
    return _open_until(office, office.day, office.day + timedelta(days=DUE_DAYS))


def _passed(office: Office) -> Iterator[StatusLine]:
    return _open_until(office, date.min, office.day - timedelta(days=1))


def _of_item(office: Office, item: ReportItem, more: Text) -> StatusLine:
    words = Text(zh=f"{more.zh} {item.title.zh}", en=f"{more.en}: {item.title.get('en')}")
    return StatusLine(office.places[item.about], item.about, words)


def _withheld(office: Office, reasons: Collection[Reason], more: Callable[[Publishable], Text]) -> Iterator[StatusLine]:
    for entry, record in _published(office):
        if office.withheld.get((entry.kind.name, record.id)) in reasons:
            yield _of_record(entry, record, more(record))


def _ending(office: Office, first: int, last: int) -> Iterator[StatusLine]:
    days = office.day + timedelta(days=first), office.day + timedelta(days=last)
    for entry, record in _published(office):
        reason = office.withheld.get((entry.kind.name, record.id))
        if record.expires and days[0] <= record.expires <= days[1] and reason in (None, "expired"):
            yield _of_record(entry, record, Text(zh=f"{record.expires} 起不显示", en=f"gone from {record.expires}"))


def _published(office: Office) -> Iterator[tuple[LoadedRecord, Publishable]]:
    return ((entry, record) for record, entry in office.of(Publishable) if office.concerns(entry))


def _pending(record: Publishable) -> Text:
    day, back = record.date.isoformat(), record.returned
    if back is not None:
        return Text(zh=f"{day} 已退回({back.reason})", en=f"{day}, sent back ({back.reason})")
    if record.approved is not None:
        return Text(zh=f"{day} 审核后有改动", en=f"{day}, changed since its approval")
    return Text(zh=day, en=day)


def _begins(record: Publishable) -> Text:
    assert record.approved is not None
    day = max(record.date, record.approved.date, record.publish_from or record.date)
    return Text(zh=f"{day} 起发布", en=f"public from {day}")


def _of_record(entry: LoadedRecord, record: Publishable, more: Text) -> StatusLine:
    kind, label = entry.kind, record.label
    words = Text(
        zh=f"{more.zh} {kind.title.zh}\uff1a{label.show('zh')}",
        en=f"{more.en}: {kind.title.get('en')}: {label.show('en')}",
    )
    return StatusLine(entry.place, f"{kind.name}/{record.id}", words)


def _untranslated(office: Office) -> Iterator[StatusLine]:
    for found in translations.untranslated(office.dataset) if "en" in office.languages else ():
        if (office.samples or not found.entry.record.sample) and office.concerns(found.entry):
            yield _of_text(found, "zh")


def _old_english(office: Office) -> Iterator[StatusLine]:
    stale = set(translations.stale(office.dataset))
    for found in translations.texts(office.dataset) if stale else ():
        counts = office.samples or not found.entry.record.sample
        if found.key in stale and counts and office.concerns(found.entry):
            yield _of_text(found, "en")


def _of_text(found: translations.Translated, language: str) -> StatusLine:
    place = found.entry.at(*found.place, language)
    words = Text(zh=f"{found.key.path}\uff1a{found.zh}", en=f"{found.key.path}: {found.zh}")
    return StatusLine(place, str(found.key), words)


# --- Which bodies have reported


@dataclass(frozen=True)
class BodyReturn:
    """A body that has to report: number of its items, of those that it has reported on, and its latest report."""

    body: Body
    items: int
    reported: int
    latest: date | None


def returns(office: Office, period: Span | None = None) -> Sequence[BodyReturn]:
    """Return the bodies that report on anything, with their own reports (in ``period``); the least reported first."""
    found = []
    for body in office.bodies:
        own = {about for about, item in office.items.items() if body.id in item.reporting}
        entries = [entry for entry in office.entries_of(body.id).values() if entry.about in own]
        counted = {entry.about for entry in entries if period is None or is_in(entry, period)}
        latest = max((entry.date for entry in entries), default=None)
        if own:
            found.append(BodyReturn(body, len(own), len(counted), latest))
    return sorted(found, key=lambda each: each.reported / each.items)


# --- Output as text or JSON

#: Largest number of lines printed per group.
MOST = 20
# Smallest width of the text beside a position; with less, it goes below.
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
class StatusRow:
    """A body in the table: number of its measures, and their status by its own reports.

    Attributes:
        body: The body.
        measures: Number of measures of tasks that it is responsible for, alone or with others.
        reported: Number of these that it has reported on.
        by_others: Number that only other bodies have reported on.
        done: Number done, by its own reports (so are the next two).
        routine: Number ongoing.
        late: Number late.
        latest: Date of its latest report.
    """

    body: Body
    measures: int
    reported: int
    by_others: int
    done: int
    routine: int
    late: int
    latest: date | None


def rows(office: Office) -> Sequence[StatusRow]:
    """Return the table, a row for each body."""
    found = []
    for body in office.bodies:
        own = [item for item in office.items.values() if body.id in item.reporting]
        measures = [item.about for item in own if item.target is None and item.is_of_task]
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
        found.append(StatusRow(body, tally.total, tally.reported, others, done, routine, late, latest))
    return found


def format_report(
    office: Office,
    groups: Sequence[StatusGroup],
    table: Sequence[StatusRow],
    places: Places,
    name: str,
    say: CommandLanguage,
) -> list[str]:
    """Return the lines to print.

    Args:
        office: The data and the day.
        groups: The tasks.
        table: A row for each body.
        places: Resolves positions to lines.
        name: Name of the data folder in messages.
        say: The language.
    """
    day = office.day.isoformat()
    lines = [say("截至 {day}(未审核的记录也算)", "As of {day} (records not yet approved count)", day=day)]
    for group in groups:
        if not group.lines:
            continue
        title = say("{title}\uff1a{n}", "{title}: {n}", title=say.of(_capital(group.title)), n=group.count)
        lines += ["", cut(title, COLUMNS)]
        for line in group.lines[:MOST]:
            where = f"{name}/{line.place.file}:{places.line(line.place)}"
            lines += _line(where, say.of(line.words))
        if (more := len(group.lines) - MOST) > 0:
            lines.append(say("  还有 {n} 条", "  {n} more", n=more))
    quiet = [say.of(group.title) for group in groups if not group.lines]
    if quiet:
        separator = "、" if say.language == "zh" else "; "
        lines += ["", *_wrapped(say("没有:", "None:"), quiet, separator)]
    lines += ["", *_table(table, say)]
    if office.body is None:
        lines += ["", say("看一个单位:haopin status --body 单位名称", "One body: haopin status --body NAME")]
    return lines


def _capital(title: Text) -> Text:
    return Text(zh=title.zh, en=title.get("en")[:1].upper() + title.get("en")[1:])


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


def _table(table: Sequence[StatusRow], say: CommandLanguage) -> list[str]:
    lines = [_row([say.of(head) for head in _HEADS])]
    for row in table:
        latest = row.latest.isoformat() if row.latest else say("无", "none")
        counts = (row.measures, row.reported, row.by_others, row.done, row.routine, row.late)
        lines.append(_row([say.of(row.body.name), *map(str, counts), latest]))
    return lines


def _row(cells: Sequence[str]) -> str:
    return "".join(pad(cell, size, right=n > 0) for n, (cell, size) in enumerate(zip(cells, _WIDTHS, strict=True)))


def as_json(
    office: Office,
    groups: Sequence[StatusGroup],
    table: Sequence[StatusRow],
    places: Places,
    name: str,
    say: CommandLanguage,
) -> str:
    """Return the same as JSON, with all lines; see `format_report`."""
    whole: dict[str, Any] = {"as_of": office.day.isoformat(), "body": office.body}
    whole["groups"] = {
        group.name: {
            "title": say.of(group.title),
            "count": group.count,
            "lines": [
                {
                    "file": f"{name}/{line.place.file}",
                    "line": places.line(line.place),
                    "id": line.name,
                    "text": say.of(line.words),
                }
                for line in group.lines
            ],
        }
        for group in groups
    }
    whole["bodies"] = [
        {
            "id": row.body.id,
            "name": say.of(row.body.name),
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
