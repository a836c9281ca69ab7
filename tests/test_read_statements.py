"""Three places with opposite facts: what any page states of dates, reports, quotations and counts is in the records."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from haopin.html import formats
from haopin.model import Record
from haopin.model.activity import Activity
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.target import Target
from haopin.site import calendar
from haopin.text import Text, Wording, fullwidth
from pydantic import BaseModel
from reader import PlanFacts, Reading, said, squeezed
from reader import plans as plans
from reader import reading as reading

#: A date in full, without white space.
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}(?:Jan|Febr|Ma|Apr|Ju|Aug|Sept|Octo|Nove|Dece)[a-z]*\d{4}")


def values(part: Any) -> Iterator[Any]:
    """Yield every value in a record, at any depth."""
    if isinstance(part, BaseModel):
        yield part
        for value in part.__dict__.values():
            yield from values(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from values(value)
    else:
        yield part


def of_records(reading: Reading) -> list[Any]:
    """Return every value of the data."""
    return [value for record in reading.c.every(Record) for value in values(record)]


def spoken(page: Any) -> Iterator[Element]:
    """Yield the elements of a page that readers read: no code, no drawing, no box that a script opens."""
    main = page.one("main")
    waiting = {e for box in main.iter() if box.tag in ("dialog", "template", "code", "pre") for e in box.iter()}
    return (e for e in main.iter() if e.tag not in ("script", "style") and "svg" not in e.tag and e not in waiting)


def test_each_date_is_one_of_the_data(reading: Reading) -> None:
    days = {value for value in of_records(reading) if isinstance(value, date)} | {reading.day}
    years = range(reading.day.year - 5, reading.day.year + 4)
    days |= {day for o in calendar.occurrences(reading.c.all(Activity), years) for day in (o.start, o.end)}
    known = {reading.on(day) for day in days}
    texts = [squeezed(value.show(reading.language)) for value in of_records(reading) if isinstance(value, Wording)]
    known |= {day for text in texts for day in _DATE.findall(text)}
    wrong = []
    for address, page in reading.pages.items():
        if address in ("api/", "reference/", "authoring/"):
            continue
        for element in spoken(page):
            for words in (element.text or "", element.tail or ""):
                wrong += [(address, found) for found in _DATE.findall(squeezed(words)) if found not in known]
            moment = element.get("datetime", "")
            if element.tag == "time" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", moment):
                day = date.fromisoformat(moment)
                parts = {str(day.day), str(day.year), squeezed(formats.month_name(day.month, reading.language))}
                shown = said(element)
                # A leaf of the calendar, a row with more than a day, a span of which this is the beginning.
                if not _made_of(shown, parts) and reading.on(day) not in shown and str(day.year) not in shown:
                    wrong.append((address, f"{moment}: {shown}"))
    assert wrong == []


def _made_of(shown: str, parts: set[str]) -> bool:
    for part in sorted(parts, key=len, reverse=True):
        shown = shown.replace(part, "", 1)
    return shown == ""


def test_each_quotation_is_one_of_the_data(reading: Reading) -> None:
    texts = [value for value in of_records(reading) if isinstance(value, Text)]
    clauses = [clause.text for d in reading.c.all(Document) for clause in d.every_clause]
    originals = {squeezed(fullwidth(text.zh)) for text in [*texts, *clauses]}
    translated = {squeezed(text.en) for text in [*texts, *clauses] if text.en}
    for address, page in reading.pages.items():
        if address == "authoring/":
            continue
        assert [said(e) for e in page.all("blockquote") if said(e) not in originals] == [], address
        assert [said(e) for e in page.all("p", cls="hp-translation") if said(e) not in translated] == [], address


def _told(reading: Reading, entry: Entry, *, linked: bool) -> str:
    """Return a report that nothing corrects, as a list of reports has it."""
    found = reading.on(entry.date) + (reading.t(f"ledger.{entry.state}") if entry.state else "")
    found += squeezed(reading.quantity.reported(entry))
    if linked:
        holder = reading.c.statements[entry.measure or reading.c.get(Target, entry.target or "").measure][0]
        found += reading.show(reading.subject(entry).title) + reading.show(holder.title)
    found += reading.show(entry.text) if entry.text else ""
    if entry.covers:
        span = formats.span(entry.covers.start, entry.covers.end, reading.language)
        found += reading.t("ledger.covers") + squeezed(span) + "·"
    found += reading.t("ledger.source_is") + reading.show(entry.source)
    if entry.evidence:
        named = [squeezed(e.number or "") + (reading.show(e.title) if e.title else "") for e in entry.evidence]
        found += reading.t("ledger.evidence") + reading.t("list.separator").join(named)
    return found


def test_each_report_is_complete(reading: Reading) -> None:
    corrected = {e.corrects for e in reading.c.all(Entry)} | {e.id for e in reading.c.all(Entry) if e.corrects}
    plain = [e for e in reading.c.all(Entry) if e.id not in corrected and not any(x.link or x.file for x in e.evidence)]
    known = {_told(reading, e, linked=linked) for e in plain for linked in (True, False)}
    others = {reading.on(e.date) for e in reading.c.all(Entry) if e not in plain}
    seen = 0
    for address, page in reading.pages.items():
        for item in page.all("li", cls="hp-entry"):
            text, seen = said(item), seen + 1
            assert text in known or any(text.startswith(day) for day in others), (address, text)
    assert seen >= len(plain)


def test_each_result_of_a_target_is_the_last_report(reading: Reading, plans: list[PlanFacts]) -> None:
    for facts in plans:
        for target in facts.targets:
            status = facts.progress.target(target)
            mark = squeezed(reading.quantity.mark(target.number).text()) if target.number else ""
            expected = mark + reading.show(target.title)
            result = ""
            if status.entry is not None:
                result = reading.t(f"outcome.{status.outcome}") + squeezed(reading.quantity.reported(status.entry))
                result += reading.t("outcome.on", day=reading.on(status.entry.date))
            for address, page in reading.pages.items():
                for link in page.all("a", cls="hp-stat"):
                    if reading.to(address, [link]) == [f"targets/#{target.id}"]:
                        assert said(link).startswith(expected + result if mark else ""), address
                for card in page.all(cls="hp-target"):
                    ids = {f"targets/#{target.id}"} & set(reading.to(address, list(card.iter())))
                    if ids or target.id in {e.get("id") for e in card.iter()}:
                        assert result in said(card), address
                        if target.baseline:
                            told = squeezed(reading.quantity.baseline(target, target.baseline))
                            assert not card.findall("dl") or reading.t("target.baseline") + told in said(card), address
            figure = f"reports-{target.id}"
            if f"figure-{figure}" in reading.pages["targets/"].ids:
                entries = sorted((e for e in facts.entries if e.target == target.id), key=lambda e: e.date)
                rows = reading.rows("targets/", figure)[1:]
                for row, entry in zip(rows, [e for e in entries if e.value is not None], strict=True):
                    spans = ""
                    if entry.covers:
                        spans = squeezed(formats.span(entry.covers.start, entry.covers.end, reading.language))
                    assert row[0].startswith(reading.on(entry.date))
                    assert row[1:] == [squeezed(reading.quantity.reported(entry)), spans]


def test_each_tally_is_of_the_measures_that_it_stands_with(reading: Reading, plans: list[PlanFacts]) -> None:
    def tally(found: Any) -> str:
        return reading.counts(found) + "".join(reading.t(f"ledger.{name}") + str(n) for name, n in found.parts)

    for facts in (each for each in plans if each.entries):
        for task in facts.tasks:
            assert tally(facts.progress.of([task])) in reading.main(f"tasks/{task.id}/")
            for measure in task.measures:
                entries = [e for e in facts.entries if e.measure == f"{task.id}/{measure.id}"]
                part = "".join(map(said, reading.under(f"tasks/{task.id}/", measure.id)))
                assert not entries or reading.t("ledger.history", n=len(entries)) in part
        for group in facts.groups:
            if facts.tasks_in(group):
                part = "".join(map(said, reading.under("tasks/", group)))
                assert tally(facts.progress.of(facts.tasks_in(group))) in part
        for body in facts.bodies():
            address, anchor = f"bodies/{body}/", f"standing{facts.end}"
            tasks = [task for task in facts.tasks if task.roles and body in task.roles.answerable]
            if anchor in reading.pages[address].ids:
                part = "".join(map(said, reading.under(address, anchor)))
                assert tally(facts.progress.of(tasks)) in part
                named = {task.id for task in tasks}
                about = [e.measure or reading.c.get(Target, e.target or "").measure for e in facts.entries]
                count = len([name for name in about if name.partition("/")[0] in named])
                assert reading.t("target.reports", n=count) in part
        boxes = [said(e) for e in reading.pages["progress/"].all("a", cls="hp-stat")]
        for name, count in facts.progress.programme.parts:
            assert f"{count}{reading.t(f'ledger.{name}')}" in boxes
        assert len(boxes) == sum(len(each.progress.programme.parts) for each in plans if each.tasks)
    if plans[0].entries:
        assert tally(plans[0].progress.programme) in reading.main("")
    # A summary of the history of a measure counts what it opens.
    histories = [
        (a, box) for a, page in reading.pages.items() for box in page.all(cls="hp-history") if a != "subscribe/"
    ]
    for address, box in histories:
        count = len([e for e in box.iter("li") if "hp-entry" in e.get("class", "").split()])
        labels = [reading.t(key, n=count) for key in ("ledger.history", "target.reports")]
        assert any(said(box).startswith(label) for label in labels) or count == 50, address


def test_each_activity_is_on_its_next_day(reading: Reading) -> None:
    for item in calendar.upcoming(reading.c.all(Activity), reading.day):
        if item.activity.kind == "month":
            continue
        span = squeezed(formats.span(item.start, item.end, reading.language))
        for address, page in reading.pages.items():
            for link in page.all("a", cls="hp-date"):
                if reading.to(address, [link]) == [f"activities/{item.activity.id}/"]:
                    assert said(link).endswith(reading.show(item.activity.name) + span), address
        assert span in reading.main(f"activities/{item.activity.id}/")
    for activity in reading.c.all(Activity):
        page = reading.pages[f"activities/{activity.id}/"]
        years = {said(e)[:4] for e in page.all("h3") if e.get("id", "").startswith("year-")}
        assert {str(edition.year) for edition in activity.editions} <= years
        if activity.recurrence and activity.recurrence.day:
            day = date(2000, activity.recurrence.month, activity.recurrence.day)
            assert squeezed(formats.month_day(day, reading.language)) in {said(e) for e in page.all("dd")}
