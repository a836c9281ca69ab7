"""What the office has to do: groups of lines, each with the place in the data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haopin import translation
from haopin.desk import missing
from haopin.desk.ledger_rows import Item
from haopin.desk.office import Office
from haopin.reading.folder import Entry as Found
from haopin.records.publishable import Publishable
from haopin.text import Text

#: How far ahead a deadline is told of, and how long the end of a record, before and after it.
DUE_DAYS, END_DAYS = 60, 30


@dataclass(frozen=True)
class Group:
    """Lines of one sort.

    Attributes:
        name: Its name in JSON.
        title: What they have in common.
        lines: The lines.
        total: How many things they tell of, where that is not the number of lines.
    """

    name: str
    title: Text
    lines: Sequence[missing.Line]
    total: int | None = None

    @property
    def count(self) -> int:
        """How many things the group tells of."""
        return len(self.lines) if self.total is None else self.total


def groups(office: Office, months: int) -> Sequence[Group]:
    """Return every group, also those without lines.

    Args:
        office: The data and the day.
        months: After so many months without a report an item is stale.
    """
    found: list[tuple[str, str, str, Iterable[missing.Line]]] = [
        ("stale", f"{months} 个月没有新报告(已完成的不算)", f"no report for {months} months", _stale(office, months)),
        ("due", f"{DUE_DAYS} 天内到期", f"due within {DUE_DAYS} days", _due(office)),
        ("overdue", "过期未完成", "overdue", _passed(office)),
        ("unapproved", "待审核", "awaiting approval", _withheld(office, "unapproved", _dated)),
        ("scheduled", "已审核待发布", "approved, waiting for the day", _withheld(office, "future", _begins)),
        ("expired", f"{END_DAYS} 天内停止显示的", f"ended in the last {END_DAYS} days", _ending(office, -END_DAYS, 0)),
        ("expiring", f"{END_DAYS} 天内将停止显示", f"ending within {END_DAYS} days", _ending(office, 1, END_DAYS)),
        ("untranslated", "没有英文", "without English", _untranslated(office)),
        ("old-english", "英文比中文旧", "English older than its Chinese", _old_english(office)),
    ]
    bare = len(missing.unreported(office))
    return (
        *(
            Group(name, title, list(find(office)), bare if name == "unreported" else None)
            for name, title, find in missing.GROUPS
        ),
        *(Group(name, Text(zh=zh, en=en), list(lines)) for name, zh, en, lines in found),
    )


def back(day: date, months: int) -> date:
    """Return the day ``months`` months before ``day``, or the last of that month."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _stale(office: Office, months: int) -> Iterator[missing.Line]:
    limit = back(office.day, months)
    for item in office.items.values():
        entry = next(iter(office.progress.standing_entries(item.about)), None)
        if entry is not None and entry.date < limit and entry.state != "done":
            day = entry.date.isoformat()
            yield _of_item(office, item, Text(zh=f"最近报告 {day}", en=f"latest report {day}"))


def _open_until(office: Office, earliest: date, latest: date) -> Iterator[missing.Line]:
    """Yield what is due between two days and not completed, earliest first."""
    due = [item for item in office.items.values() if item.due and earliest <= item.due <= latest]
    for item in sorted(due, key=lambda item: (item.due, item.about)):
        if not _is_complete(office, item):
            yield _of_item(office, item, Text(zh=f"期限 {item.due}", en=f"due {item.due}"))


def _is_complete(office: Office, item: Item) -> bool:
    if item.target is not None:
        return office.progress.target(item.target).outcome == "met"
    return office.progress.measure(item.about).state in ("done", "routine")


def _due(office: Office) -> Iterator[missing.Line]:
    return _open_until(office, office.day, office.day + timedelta(days=DUE_DAYS))


def _passed(office: Office) -> Iterator[missing.Line]:
    return _open_until(office, date.min, office.day - timedelta(days=1))


def _of_item(office: Office, item: Item, more: Text) -> missing.Line:
    words = Text(zh=f"{more.zh} {item.title.zh}", en=f"{more.en}: {item.title.en}")
    return missing.Line(office.places[item.about], item.about, words)


def _withheld(office: Office, reason: str, more: Callable[[Publishable], Text]) -> Iterator[missing.Line]:
    for entry, record in _published(office):
        if office.withheld.get((entry.kind.name, record.id)) == reason:
            yield _of_record(entry, record, more(record))


def _ending(office: Office, first: int, last: int) -> Iterator[missing.Line]:
    days = office.day + timedelta(days=first), office.day + timedelta(days=last)
    for entry, record in _published(office):
        reason = office.withheld.get((entry.kind.name, record.id))
        if record.expires and days[0] <= record.expires <= days[1] and reason in (None, "expired"):
            yield _of_record(entry, record, Text(zh=f"{record.expires} 起不显示", en=f"gone from {record.expires}"))


def _published(office: Office) -> Iterator[tuple[Found, Publishable]]:
    for entry in office.found:
        if isinstance(entry.record, Publishable) and office.concerns(entry):
            yield entry, entry.record


def _dated(record: Publishable) -> Text:
    return Text(zh=record.date.isoformat(), en=record.date.isoformat())


def _begins(record: Publishable) -> Text:
    assert record.approved is not None
    day = max(record.date, record.approved.date, record.publish_from or record.date)
    return Text(zh=f"{day} 起发布", en=f"public from {day}")


def _of_record(entry: Found, record: Publishable, more: Text) -> missing.Line:
    kind, label = entry.kind, record.label
    words = Text(
        zh=f"{more.zh} {kind.title.zh}\uff1a{label.show('zh')}", en=f"{more.en}: {kind.title.en}: {label.show('en')}"
    )
    return missing.Line(entry.place, f"{kind.name}/{record.id}", words)


def _untranslated(office: Office) -> Iterator[missing.Line]:
    for found in translation.untranslated(office.reading):
        if (office.samples or not found.entry.record.sample) and office.concerns(found.entry):
            yield _of_text(found, "zh")


def _old_english(office: Office) -> Iterator[missing.Line]:
    stale = set(translation.stale(office.reading))
    for found in translation.texts(office.reading) if stale else ():
        counts = office.samples or not found.entry.record.sample
        if found.key in stale and counts and office.concerns(found.entry):
            yield _of_text(found, "en")


def _of_text(found: translation.Translated, language: str) -> missing.Line:
    place = found.entry.at(*found.place, language)
    words = Text(zh=f"{found.key.path}\uff1a{found.zh}", en=f"{found.key.path}: {found.zh}")
    return missing.Line(place, str(found.key), words)
