"""Three places with opposite facts: what they publish beside their pages, read back like `test_read_back`."""

import csv
import json
from datetime import date
from typing import Any
from xml.etree import ElementTree

import icalendar
import openpyxl
from haopin.model import KINDS
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.plan import Plan
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.pages import pages as generated_pages
from haopin.text import fullwidth
from reader import PlanFacts, Reading, said, squeezed
from reader import plans as plans
from reader import reading as reading
from support import (
    search_entries,
)

_ATOM = "{http://www.w3.org/2005/Atom}"


# --- Exports: API, tables, calendars, feeds, search, cards


def _load(reading: Reading, name: str) -> Any:
    return json.loads((reading.site.folder / name).read_text("utf-8"))


def test_the_api_gives_the_same(reading: Reading, plans: list[PlanFacts]) -> None:
    status = _load(reading, "api/v1/status.json")
    current = plans[0]
    assert status["tasks_together"]["total"] == current.measures
    assert status["tasks_together"]["reported"] == current.progress.programme.reported
    for facts in plans:
        for body in reading.c.all(Body) if facts is current else ():
            tasks = [task for task in facts.tasks if task.roles and body.id in task.roles.answerable]
            found = status["bodies"].get(body.id, {"total": 0, "reported": 0})
            expected = facts.progress.of(tasks)
            assert (found["total"], found["reported"]) == (expected.total, expected.reported)
        for group in facts.groups:
            assert status["groups"][group]["total"] == sum(len(task.measures) for task in facts.tasks_in(group))
        for task in facts.tasks:
            record = _load(reading, f"api/v1/task/{task.id}.json")["item"]["record"]
            roles = record["responsible"]
            assert (record["title"]["zh"], record["group"]) == (fullwidth(task.title.zh), task.group)
            assert [m["id"] for m in record["measures"]] == [measure.id for measure in task.measures]
            assert (roles is None) == (task.roles is None)
            if task.roles:
                assert [roles[name] for name in ("lead", "bodies", "participating")] == [
                    list(ids) for ids in (task.roles.lead, task.roles.bodies, task.roles.participating)
                ]
                assert [words["zh"] for words in roles["general"]] == [words.zh for words in task.roles.general]
        for target in facts.targets:
            item = _load(reading, f"api/v1/target/{target.id}.json")["item"]
            assert item["record"]["comparator"] == target.comparator
            assert (item["record"]["value"] is None) == (target.value is None)
            assert target.value is None or float(item["record"]["value"]) == float(target.value)
            assert item["derived"]["outlook"]["outcome"] == facts.progress.target(target).outcome


def test_tables_have_a_row_for_each_record(reading: Reading, plans: list[PlanFacts]) -> None:
    several = len(plans) > 1
    for kind in KINDS:
        records = reading.c.all(kind.model)
        file = reading.site.folder / f"downloads/{kind.name}.csv"
        if not records or not file.exists():
            assert not records or kind.model is Plan or not file.exists()
            continue
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert [row.get("id", "site") for row in rows] == [record.id for record in records]
        book = openpyxl.load_workbook(file.with_suffix(".xlsx"), read_only=True)
        assert sum(1 for _ in book[book.sheetnames[0]].iter_rows()) == len(records) + 1
        book.close()
        assert reading.t("data.count", n=len(records)) in reading.main("data/")
        if kind.model in (Target, Entry):
            plan_of = {r.id: facts.plan.id for facts in plans for r in [*facts.targets, *facts.entries]}
            assert ("plan" in rows[0]) == several
            assert not several or [row["plan"] for row in rows] == [plan_of[record.id] for record in records]


def test_calendars_have_each_date(reading: Reading) -> None:
    folder = reading.site.folder / reading.root
    calendar = icalendar.Calendar.from_ical((folder / "calendar/all.ics").read_bytes())
    events = [(squeezed(e["SUMMARY"]), e.decoded("DTSTART")) for e in calendar.walk("VEVENT")]
    for activity in reading.c.all(Activity):
        if (
            activity.recurrence
            and activity.recurrence.day
            and (activity.recurrence.month, activity.recurrence.day) != (2, 29)
        ):
            day = date(reading.day.year, activity.recurrence.month, activity.recurrence.day)
            assert any(reading.show(activity.name) in name and start == day for name, start in events)
    over = {plan.id for plan in reading.c.plans if plan.state != "current"}
    for target in reading.c.all(Target):
        holder = reading.c.statements[target.measure][0]
        if target.due and holder.plan not in over:
            assert any(reading.show(target.title) in name and start == target.due for name, start in events)


def test_feeds_have_each_report(reading: Reading, plans: list[PlanFacts]) -> None:
    feed = ElementTree.parse(reading.site.folder / reading.root / "feeds/entry.xml").getroot()
    titles = sorted(squeezed(entry.findtext(f"{_ATOM}title")) for entry in feed.iter(f"{_ATOM}entry"))
    found = list(titles)
    for facts in plans:
        for entry in facts.entries:
            about = reading.subject(entry)
            said_in = reading.t(f"ledger.{entry.state}") if entry.state else squeezed(reading.quantity.reported(entry))
            name = reading.show(facts.plan.name) if facts.several else ""
            title = next(t for t in found if reading.show(about.title) in t and said_in in t and name in t)
            found.remove(title)
    assert found == []


def test_search_finds_each_record(reading: Reading) -> None:
    entries = search_entries(_load(reading, f"{reading.root}search/search_index.json"))
    titles = {entry["location"]: squeezed(entry["title"]) for entry in entries}
    for page in generated_pages(reading.c):
        record = page.record
        if isinstance(record, Task | Body | Activity | Document):
            name = record.name if isinstance(record, Body | Activity) else record.title
            name = (isinstance(record, Document) and record.short_title) or name
            assert titles[page.address] == reading.show(name)


def test_cards_say_the_same(reading: Reading, plans: list[PlanFacts]) -> None:
    for facts in plans:
        for task in facts.tasks:
            card = reading.site.cards[f"{reading.root}embed/task/{task.id}/index.html"]
            text = said(card.one("main"))
            expected = reading.t("task.task", number=reading.number(task)) + reading.show(task.title)
            if facts.entries:
                expected += reading.parts(facts.progress.task(task))
            else:
                expected += reading.t("task.measure_count", n=len(task.measures))
            assert text.startswith(expected)
            if task.roles and len(task.roles.answerable) < 2:
                assert text.endswith(reading.listed(task.roles))
            elif task.roles and len(task.roles.lead) == 1:
                assert text.endswith(reading.named("lead", reading.body(task.roles.lead[0])))
        for target in facts.targets:
            text = said(reading.site.cards[f"{reading.root}embed/target/{target.id}/index.html"].one("main"))
            assert target.number is None or squeezed(reading.quantity.mark(target.number).text()) in text
