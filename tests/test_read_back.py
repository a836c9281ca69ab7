"""Three places with opposite facts, read back page by page: each statement about their records is one of the data.

A county with two plans, a city with lead bodies, counts, nested groups and no phases, and a county without English.
What is expected is computed from the records, put into words by the labels, and looked for where the page says it.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from haopin.html import formats
from haopin.html.measures import says_more
from haopin.model import KINDS
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.ledger import Assignment, Entry
from haopin.model.publishable import Publishable
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Statement, Task
from haopin.site.pages import pages as generated_pages
from haopin.text import fullwidth
from reader import HEADING, PlanFacts, Reading, below, said, squeezed
from reader import plans as plans
from reader import reading as reading
from support import (
    HtmlPage,
    words,
)
from test_place import SPOKEN, of_a_county, text_of

#: Pages whose subject is the form of data, not the records: they speak of null, of braces, of every kind there is.
OF_FORMS = {"api/", "reference/"}


# --- Every page: no gap, no leftover, no word of what the data has not


def test_every_page_is_there_and_leads_only_to_pages(reading: Reading) -> None:
    wanted = {page.address for page in generated_pages(reading.c)}
    assert wanted <= reading.pages.keys()
    assert reading.site.broken_links == []
    linked = set(reading.to("sitemap/", reading.everything("sitemap/")))
    assert [address for address in wanted if address not in linked and address.count("/") < 2] == []


HOLD = {"p", "dd", "dt", "li", "ul", "ol", "dl", "figcaption", "blockquote", "section", "summary"}


def test_no_page_has_an_empty_part(reading: Reading) -> None:
    wrong: list[tuple[str, str, object]] = []
    for address, page in reading.pages.items():
        # What a script opens is filled by it.
        waiting = {e for box in page.all("dialog", "template") for e in box.iter()}
        every = [e for e in page.one("main").iter() if isinstance(e.tag, str) and e not in waiting]
        # Of some records a list has the names alone.
        names = {e for card in page.all("li", cls="hp-card") for e in card}
        for place, element in enumerate(every):
            full = words(element) or any(e.tag in ("svg", "img", "input", "select") for e in element.iter())
            if element.tag in HOLD and not full:
                wrong.append((address, f"empty {element.tag}", element.attrib))
            if HEADING.fullmatch(element.tag) and element not in names:
                inside = below(every, place)
                full = any(f"{e.text or ''}{e.tail or ''}".strip() or e.tag == "svg" for e in inside)
                if not words(element) or not full:
                    wrong.append((address, "nothing below", words(element)))
    # A month without a date stays empty on the wall: its page says so.
    assert [each for each in wrong if each[0] != "subscribe/wall/"] == []


def test_no_page_has_a_leftover(reading: Reading) -> None:
    left = re.compile(r"\bNone\b|\bnull\b|\bundefined\b|\{\w*\}|\{\{|%\}|Undefined|\bNaN\b")
    wrong = [
        (address, text[max(0, match.start() - 20) : match.end() + 20])
        for address, page in {**reading.pages, **reading.site.cards}.items()
        if address not in OF_FORMS
        for text in [words(page.root)]
        for match in left.finditer(text)
    ]
    assert wrong == []


def test_no_page_mentions_missing_data(reading: Reading) -> None:
    c = reading.c
    roles = [roles for plan in c.plans for _, _, roles in PlanFacts(reading, plan).roles()]
    absent = {
        "programme.before programme.running programme.between programme.ended programme.rule page.timeline": bool(
            c.records.get(_model("phase"))
        ),
        "plan.slogan": any(plan.slogan for plan in c.plans) or bool(c.slogan),
        "home.hotline home.hotline_lead home.hotline_call body.hotline participate.call": bool(c.site.hotlines),
        "footer.issuer": bool(c.issuer),
        "document.issuer": any(d.issuer for d in c.all(Document)),
        "document.number": any(d.number for d in c.all(Document)),
        "plan.others plan.replaced plan.shown": len(c.plans) > 1,
        "body.general": any(each.general for each in roles),
        "matrix.of_led": any(each.lead for each in roles),
        "page.aims": bool(c.records.get(_model("section"))),
        "page.safeguards": bool(c.records.get(_model("safeguard"))),
        "page.needs": bool(c.records.get(_model("need"))),
    }
    keys = [key for keys, present in absent.items() if not present for key in keys.split()]
    wrong = []
    for address, page in reading.pages.items():
        text = said(page.root)
        wrong += [(address, key) for key in keys if reading.signs(key) in text and address not in OF_FORMS]
    assert wrong == []
    calls = {e.get("href", "") for page in reading.pages.values() for e in page.all("a")}
    numbers = {body.phone for body in c.all(Body)} | {each.phone for each in c.site.contacts}
    numbers |= {line.number for line in c.site.hotlines}
    assert {call for call in calls if call.startswith("tel:")} <= {f"tel:{number}" for number in numbers}


def _model(name: str) -> Any:
    return next(kind.model for kind in KINDS if kind.name == name)


def test_no_file_uses_words_for_another_kind_of_place(reading: Reading) -> None:
    if reading.c.site.place_kind == "county":
        return
    given = re.compile("各县区|(?i:all counties and districts)")
    site = reading.site
    texts = {name: text_of(site.folder / name) for name in sorted(site.files) if Path(name).suffix in SPOKEN}
    for name in [name for name in texts if name.endswith("search_index.json")]:
        # Beside the texts it has a table of characters.
        texts[name] = json.dumps(json.loads(texts[name])["docs"], ensure_ascii=False)
    found = {name: of_a_county(given.sub("", text)) for name, text in texts.items()}
    assert {name: words for name, words in found.items() if words} == {}


# --- Home, tasks, groups


def test_home_is_of_the_current_plan(reading: Reading, plans: list[PlanFacts]) -> None:
    facts, text = plans[0], reading.main("")
    assert facts.leads(reading, "home.tasks_lead", measures=facts.measures) in text
    assert not facts.entries or reading.counts(facts.progress.programme) in text
    assert reading.t("home.bodies_lead", n=len(facts.bodies())) in text
    slogan = facts.plan.slogan.quote if facts.plan.slogan else reading.c.site.slogan
    assert said(reading.pages[""].one("h1")) == reading.show(slogan or reading.c.site.name)
    assert reading.show(reading.c.site.description) in text
    tasks = reading.to("", reading.under("", "tasks"), "tasks/")
    listed = reading.records("", reading.under("", "tasks"), "tasks")
    groups = [group.id for group in facts.within(None) if facts.tasks_in(group.id)]
    assert [name.removeprefix("#") for name in tasks if name.startswith("#")][: len(groups)] == groups
    expected = [task.id for group in groups for task in facts.tasks_in(group)] + [t.id for t in facts.tasks_in(None)]
    assert listed == expected
    items = {said(e) for e in reading.under("", "tasks") if e.tag == "li"}
    assert {reading.numbered(task) for task in facts.tasks} <= items
    if facts.targets:
        assert reading.to("", reading.under("", "targets"), "targets/#") == [t.id for t in facts.targets[:6]]
    bodies = [name for name in reading.to("", reading.under("", "bodies"), "bodies/") if name]
    assert bodies == [f"{body.id}/" for body in reading.c.all(Body)]


def test_tasks_stand_in_their_groups(reading: Reading, plans: list[PlanFacts]) -> None:
    page, text = reading.pages["tasks/"], reading.main("tasks/")
    own = {task.id for facts in plans for task in facts.tasks}
    assert set(reading.records("tasks/", reading.everything("tasks/"), "tasks")) == own
    for facts in plans:
        assert facts.leads(reading, "task.lead") in text
        base = 3 if facts.several else 2
        for group in facts.groups.values():
            depth, above = 0, group.parent
            while above is not None:
                depth, above = depth + 1, facts.groups[above].parent
            heading, tasks = page.ids[group.id], facts.tasks_in(group.id)
            assert heading.tag == f"h{base + depth}"
            assert said(heading).endswith(reading.show(group.title))
            inside = reading.under("tasks/", group.id)
            assert reading.records("tasks/", inside, "tasks") == [task.id for task in tasks]
            if facts.entries:
                assert reading.counts(facts.progress.of(tasks)) in "".join(map(said, inside))
        for task in facts.tasks:
            card = next(
                e
                for e in page.all("li", cls="hp-taskcard")
                if f"tasks/{task.id}/" in reading.to("tasks/", list(e.iter()))
            )
            # Nothing else: the state by its parts, never the worst alone.
            expected = reading.number(task) + reading.show(task.title)
            expected += reading.show(task.summary) if task.summary else ""
            expected += reading.t(f"domain.{task.domain}") if task.domain else ""
            expected += reading.t("task.measure_count", n=len(task.measures))
            expected += reading.parts(facts.progress.task(task)) if facts.entries else ""
            assert said(card) == expected + (reading.listed(task.roles) if task.roles else "")


def test_each_task_page_matches_the_data(reading: Reading, plans: list[PlanFacts]) -> None:
    for facts in plans:
        for place, task in enumerate(facts.tasks):
            address = f"tasks/{task.id}/"
            page, text = reading.pages[address], reading.main(address)
            assert said(page.one("h1")) == reading.show(task.title)
            kicker = said(page.all(cls="hp-kicker")[0])
            chain: list[Group] = []
            above = task.group
            while above is not None:
                chain.insert(0, facts.groups[above])
                above = facts.groups[above].parent
            expected = reading.t("task.task", number=reading.number(task))
            if facts.several:
                expected += f"·{reading.show(facts.plan.name)}"
                expected += reading.t(f"plan.{facts.plan.state}") if facts.plan.state != "current" else ""
            expected += "".join(f"·{reading.show(group.title)}" for group in chain)
            assert kicker.startswith(expected) and (task.domain or kicker == expected)
            _responsible(reading, address, task)
            headings = [said(e) for e in reading.under(address, "measures") if HEADING.fullmatch(e.tag)]
            wanted = []
            for measure in task.measures:
                wanted += [reading.show(measure.heading)] if measure.heading else []
                wanted.append(reading.show(measure.title))
            assert headings == wanted
            assert said(page.ids["measures"]).endswith(str(len(task.measures)))
            rows = [e for e in reading.under(address, "measures") if "hp-measure" in e.get("class", "").split()]
            for row, measure in zip(rows, task.measures, strict=True):
                _measure(reading, address, row, task, measure, facts)
            targets = [t for t in facts.targets if t.measure.startswith(f"{task.id}/")]
            assert ("targets" in page.ids) == bool(targets)
            if targets:
                assert reading.to(address, reading.under(address, "targets"), "targets/#") == [t.id for t in targets]
            for target in targets:
                # Its quotation stands on the page of targets, to which the card leads.
                card = _card(page, reading, address, target)
                _target(reading, said(card), target, facts)
                assert list(card.iter("blockquote")) == []
            if facts.entries:
                counted = facts.progress.task(task)
                each = "".join(reading.t(f"ledger.{name}") + str(count) for name, count in counted.parts)
                assert reading.counts(counted) + each in text
            beside = {e.get("rel"): e for e in page.all("a") if e.get("rel") in ("prev", "next")}
            near = {"prev": facts.tasks[place - 1] if place else None}
            near["next"] = facts.tasks[place + 1] if place + 1 < len(facts.tasks) else None
            assert {rel: reading.to(address, [link]) for rel, link in beside.items()} == {
                rel: [f"tasks/{other.id}/"] for rel, other in near.items() if other
            }


def _measure(reading: Reading, address: str, row: Element, task: Task, measure: Statement, facts: PlanFacts) -> None:
    """Look in a row for the title, the state, the body and the due date, and behind it for the quotation."""
    name = f"{task.id}/{measure.id}"
    assert measure.id in {e.get("id") for e in row.iter()}
    expected = reading.show(measure.title)
    if facts.entries:
        found = facts.progress.measure(name)
        kept = found.state == "routine" and found.rule == "by-target"
        assert row.get("data-state") == found.state
        expected += reading.t("outcome.met" if kept else f"ledger.{found.state}")
        if found.entry:
            expected += reading.t("outcome.on", day=reading.on(found.entry.date))
            expected += reading.t("state.sample") if found.entry.sample else ""
    expected += reading.t("task.owner") + reading.listed(measure.roles) if measure.roles else ""
    expected += reading.t("task.due") + reading.on(measure.due) if measure.due else ""
    assigned = {each.measure: each for each in reading.c.all(Assignment)}.get(name)
    expected += reading.t("state.sample") if assigned and assigned.sample else ""
    (fold,) = row.iter("details")
    assert said(row) == expected + said(fold)
    assert said(fold).startswith(reading.t("task.more"))
    assert reading.to(address, list(fold.iter("a")), f"documents/{task.clause.document}/#")[:1] == [task.clause.id]
    quotes = [said(e) for e in row.iter("blockquote")]
    assert quotes == [said(e) for e in fold.iter("blockquote")]
    quote = squeezed(fullwidth(measure.quote.zh))
    same = reading.language == "zh" and quote == squeezed(fullwidth(measure.title.zh))
    # A title that is the document's own words says so instead.
    assert quotes == ([] if same else [quote])
    assert (reading.t("quote.verbatim") in said(fold)) == same
    translations = [said(e) for e in row.iter("p") if "hp-translation" in e.get("class", "").split()]
    own = reading.language
    more = own != "zh" and measure.quote.language(own) == own
    more = more and says_more(measure.quote.show(own), measure.title.show(own))
    assert translations == ([reading.show(measure.quote)] if more else [])


def _responsible(reading: Reading, address: str, holder: Committed) -> None:
    page, roles = reading.pages[address], holder.roles
    if roles is None:
        assert "responsible" not in page.ids
        return
    part = reading.under(address, "responsible")
    assert reading.records(address, part, "bodies") == list(roles.answerable)
    general = [reading.show(text) for text in roles.general] + (
        [reading.t("part.unnamed", words=reading.show(roles.others))] if roles.others else []
    )
    rows = [said(e) for e in part if e.tag in ("dt", "li")]
    sentences = {reading.t(f"task.{name}") for name in ("sole", "joint", "together")}
    if roles.lead or roles.participating:
        found: list[str] = []
        named = (("lead", roles.lead), ("responsible", roles.bodies), ("participating", roles.participating))
        for role, ids in named:
            found += [reading.t(f"part.{role}"), *map(reading.body, ids)] if ids else []
        found += [reading.t("part.general"), *general] if general else []
        assert rows == found
        assert not sentences & {said(e) for e in part}
    else:
        assert rows == [*map(reading.body, roles.bodies), *general]
        alone = len(rows) == 1
        divided = roles.quote is not None and "职责" in roles.quote.zh
        expected = reading.t("task.sole" if alone else "task.joint" if divided else "task.together")
        assert sentences & {said(e) for e in part} == {expected}
    # The document's words on it are folded.
    quotes = [said(e) for e in part if e.tag == "blockquote"]
    assert quotes == ([squeezed(fullwidth(roles.quote.zh))] if roles.quote else [])
    assert quotes == [said(e) for box in part if box.tag == "details" for e in box.iter("blockquote")]


def _card(page: HtmlPage, reading: Reading, address: str, target: Target) -> Element:
    return next(
        card
        for card in page.all("div", cls="hp-target")
        if f"targets/#{target.id}" in reading.to(address, list(card.iter()))
        or target.id in {e.get("id") for e in card.iter()}
    )


def _target(reading: Reading, text: str, target: Target, facts: PlanFacts) -> None:
    """Look for what is to be reached, by when, and what was reported, in the words of a card."""
    quantity, number = reading.quantity, target.number
    assert reading.show(target.title) in text
    assert number is None or text.startswith(squeezed(quantity.mark(number).text()))
    assert reading.t(f"target.{target.nature}") in text
    assert reading.show(target.scope) in text
    due = reading.on(target.due) if target.due else reading.t("target.no_due")
    assert reading.t("target.due") + due in text
    for milestone in target.milestones:
        goal = squeezed(quantity.milestone(target, milestone))
        assert reading.t("number.dated", day=reading.on(milestone.due), v=goal) in text
    latest = max((e for e in facts.entries if e.target == target.id), key=lambda e: e.date, default=None)
    if latest is not None and facts.progress.target(target).entry is latest:
        value = squeezed(quantity.reported(latest))
        assert value + reading.t("outcome.on", day=reading.on(latest.date)) in text


# --- Bodies and the matrix


def test_each_body_has_exactly_what_the_data_gives_it(reading: Reading, plans: list[PlanFacts]) -> None:
    for body in reading.c.all(Body):
        address = f"bodies/{body.id}/"
        page, text = reading.pages[address], reading.main(address)
        assert said(page.one("h1")) == reading.show(body.name)
        for facts in plans:
            by_part: dict[str, list[Task]] = {"lead": [], "own": [], "participating": []}
            for task in facts.tasks:
                role = task.roles.role_of(body.id) if task.roles else None
                if role:
                    by_part[role if role in by_part else "own"].append(task)
            tasks = [task for own in by_part.values() for task in own]
            named = [
                (holder, measure, roles)
                for holder, measure, roles in facts.roles()
                if body.id in roles.answerable and (measure is not None or not isinstance(holder, Task))
            ]
            if f"tasks{facts.end}" not in page.ids:
                assert not tasks and not named and facts.plan.state != "current"
                continue
            part = reading.under(address, f"tasks{facts.end}")
            assert reading.records(address, part, "tasks") == [task.id for task in tasks]
            headings = [said(e) for e in part if HEADING.fullmatch(e.tag)]
            parts = {name: own for name, own in by_part.items() if own}
            assert headings == (
                [reading.t(f"body.tasks_{name}") + str(len(own)) for name, own in parts.items()]
                if list(parts) != ["own"]
                else []
            )
            for task in tasks:
                item = next(
                    e for e in part if e.tag == "li" and reading.records(address, list(e.iter()), "tasks") == [task.id]
                )
                assert task.roles is not None
                count = reading.t("task.measure_count", n=len(task.measures))
                name = reading.number(task) + reading.show(task.title)
                assert said(item) == f"{name}{reading.part(task.roles, body.id)}·{count}"
            others = [
                reading.show((measure or holder).title)
                + (f"{reading.name(holder)}·" if measure else "")
                + reading.part(roles, body.id)
                for holder, measure, roles in sorted(named, key=lambda each: each[1] is not None)
            ]
            anchor = f"named{facts.end}"
            assert (anchor in page.ids) == bool(others)
            if others:
                assert [said(e) for e in reading.under(address, anchor) if e.tag == "li"] == others
            targets = [t.id for task in tasks for t in facts.targets if t.measure.startswith(f"{task.id}/")]
            anchor = f"targets{facts.end}"
            assert (anchor in page.ids) == bool(targets)
            if targets:
                assert sorted(reading.to(address, reading.under(address, anchor), "targets/#")) == sorted(targets)
            if f"standing{facts.end}" in page.ids:
                found = "".join(map(said, reading.under(address, f"standing{facts.end}")))
                assert reading.counts(facts.progress.of(tasks)) in found
        card = page.ids["contact"]
        hrefs = [e.get("href") for e in card.iter("a")]
        assert (f"tel:{body.phone}" in hrefs) == bool(body.phone)
        assert (str(body.website) in hrefs) == bool(body.website)
        held = [body.phone, body.address, body.hours, body.website]
        missing = said(card).count(reading.t("state.not_held"))
        assert reading.t("body.no_contacts") in text if not any(held) else missing == held.count(None)
        for given in (body.about, body.address, body.hours):
            assert given is None or reading.show(given) in said(card)


def test_the_list_of_bodies_counts_their_tasks(reading: Reading, plans: list[PlanFacts]) -> None:
    facts, page, text = plans[0], reading.pages["bodies/"], reading.main("bodies/")
    others = dict.fromkeys(reading.show(roles.others) for _, _, roles in facts.roles() if roles.others)
    named = {"others": reading.t("list.separator").join(others)} if others else {}
    assert reading.t("body.lead" if others else "body.lead_all", n=len(facts.bodies()), **named) in text
    general = dict.fromkeys(reading.show(words) for _, _, roles in facts.roles() for words in roles.general)
    if general:
        names = reading.t("list.separator").join(general)
        assert reading.t("body.general", names=names) in text
    cards = page.all("li", cls="hp-card")
    assert len(cards) == len(reading.c.all(Body))
    rows = []
    for card, body in zip(cards, reading.c.all(Body), strict=True):
        tasks = [task for task in facts.tasks if task.roles and body.id in task.roles.answerable]
        numbers = "".join(map(reading.number, tasks))
        about = reading.show(body.about) if body.about else ""
        colon = "：" if reading.language == "zh" else ":"
        phone = reading.t("body.phone") + colon + body.phone if body.phone else ""
        assert said(card) == reading.show(body.name) + about + phone + reading.t("body.count", n=len(tasks)) + numbers
        assert reading.within("bodies/", card, "tasks") == [task.id for task in tasks]
        rows.append([reading.show(body.name), str(len(tasks))])
    assert reading.rows("bodies/", "bodies")[1:] == rows


def test_the_matrix_has_each_part_once(reading: Reading, plans: list[PlanFacts]) -> None:
    text = reading.main("matrix/")
    said_of = {"lead": "matrix.lead_body"}
    for facts in plans:
        forms = [task.roles.form for task in facts.tasks if task.roles]
        divided = all(
            "职责" in t.roles.quote.zh for t in facts.tasks if t.roles and t.roles.quote and t.roles.form == "joint"
        )
        if set(forms) == {"joint"} and divided:
            assert reading.t("matrix.lead") in text
        else:
            assert all(reading.t(f"matrix.of_{form}", n=forms.count(form)) in text for form in set(forms))
        head, *rows = reading.rows("matrix/", f"matrix{facts.end}")
        assert head[1:] == [reading.number(task) for task in facts.tasks]
        expected = []
        for body in reading.c.all(Body):
            parts = [task.roles.role_of(body.id) if task.roles else None for task in facts.tasks]
            cells = [reading.t(said_of.get(role, f"matrix.{role}")) if role else "" for role in parts]
            expected.append([reading.show(body.name), *cells])
        assert rows == expected
        by_task = [said(e) for e in reading.under("matrix/", f"by-task{facts.end}") if e.tag in ("dt", "dd")]
        answered = [(holder, holder.roles) for holder in facts.holders if holder.roles]
        answered.sort(key=lambda pair: not isinstance(pair[0], Task))
        pairs = []
        for holder, roles in answered:
            sole = reading.t("matrix.sole") if roles.form == "sole" else ""
            pairs += [reading.numbered(holder), reading.listed(roles) + sole]
        assert by_task == pairs
        boxes = [e for e in reading.under("matrix/", f"by-body{facts.end}") if e.tag == "div"]
        for body in reading.c.all(Body):
            own = [(holder, roles.role_of(body.id)) for holder, roles in answered if body.id in roles.answerable]
            found = [e for e in boxes if reading.within("matrix/", e, "bodies") == [body.id]]
            assert [said(item) for box in found for item in box.iter("li")] == [
                reading.named(role, reading.numbered(holder)) for holder, role in own
            ]
            assert len(found) == bool(own)


# --- Targets, measures, progress


def test_targets_are_those_of_the_data(reading: Reading, plans: list[PlanFacts]) -> None:
    page = reading.pages["targets/"]
    assert [e.get("id") for e in page.elements if e.get("id") in {t.id for t in reading.c.all(Target)}] == [
        target.id for facts in plans for target in facts.targets
    ]
    for facts in plans:
        if not facts.targets:
            continue
        rows = reading.rows("targets/", f"targets{facts.end}")[1:]
        for row, target in zip(rows, facts.targets, strict=True):
            holder, measure = reading.c.statements[target.measure]
            card = _card(page, reading, "targets/", target)
            text = said(card)
            _target(reading, text, target, facts)
            assert [said(e) for e in card.iter("blockquote")] == [squeezed(fullwidth(target.quote.zh))]
            assert reading.name(holder) in text
            roles = measure.roles or holder.roles
            assert roles is None or reading.listed(roles) in text
            entries = [entry for entry in facts.entries if entry.target == target.id]
            values = [squeezed(reading.quantity.reported(e)) for e in entries if e.value is not None]
            assert [value for value in values if value not in text] == []
            assert not entries or reading.t("target.reports", n=len(entries)) in text
            unnumbered = reading.t("target.aim" if target.nature == "aim" else "target.state")
            mark = squeezed(reading.quantity.mark(target.number).text()) if target.number else unnumbered
            assert row[:3] == [reading.show(target.title), mark, reading.t(f"target.{target.nature}")]
            status = facts.progress.target(target)
            if status.entry and status.entry.value is not None:
                assert squeezed(reading.quantity.reported(status.entry)) in row[3]
                assert reading.t(f"outcome.{status.outcome}") in row[3]
            assert not target.due or reading.on(target.due) in row[3]


def test_all_measures_are_listed(reading: Reading, plans: list[PlanFacts]) -> None:
    page, text = reading.pages["measures/"], reading.main("measures/")
    for facts in plans:
        assert reading.t("measure.lead", n=facts.measures) in text
        for holder in facts.tasks:
            section = next(
                e
                for e in page.all("section", cls="hp-holder")
                if any(h.get("id") == f"of-{holder.id}" for h in e.iter())
            )
            assert said(page.ids[f"of-{holder.id}"]) == reading.name(holder)
            expected = []
            for measure in holder.measures:
                name = f"{holder.id}/{measure.id}"
                row = reading.show(measure.title)
                row += reading.t("measure.target") if any(t.measure == name for t in facts.targets) else ""
                if facts.entries and isinstance(holder, Task):
                    row += reading.t(f"ledger.{facts.progress.measure(name).state}")
                expected.append(row)
            assert [said(e) for e in section.iter("li")] == expected
            assert section.get("data-plan") == (facts.plan.id if facts.several else None)
            if holder.roles:
                assert reading.listed(holder.roles) in said(section)
                assert (section.get("data-body") or "").split() == list(holder.roles.answerable)
        if facts.groups:
            rows = reading.rows("measures/", f"groups{facts.end}")[1:]
            assert sum(int(row[1]) for row in rows) == facts.measures


def test_progress_counts_each_measure_once(reading: Reading, plans: list[PlanFacts]) -> None:
    text = reading.main("progress/")
    for facts in plans:
        found = facts.progress.programme
        assert found.total == facts.measures
        assert reading.t("progress.lead", day=reading.on(reading.day), n=found.total, reported=found.reported) in text
        if facts.groups and facts.entries:
            head, together, *groups = reading.rows("progress/", f"shares{facts.end}")
            sums = [sum(int(row[column]) for row in groups) for column in range(1, len(head))]
            assert [int(cell) for cell in together[1:]] == sums
            assert sums[-1] == facts.measures
        for target in facts.targets:
            assert target.id in reading.to(
                "progress/", list(reading.pages["progress/"].one("main").iter()), "targets/#"
            )
        if facts.entries:
            part = [
                e for e in reading.under("progress/", f"latest{facts.end}") if "hp-entry" in e.get("class", "").split()
            ]
            newest = sorted(facts.entries, key=lambda e: (e.date, e.id), reverse=True)[:8]
            assert len(part) == len(newest)
            for item, entry in zip(part, newest, strict=True):
                _entry(reading, said(item), entry)


def _entry(reading: Reading, text: str, entry: Entry) -> None:
    assert text.startswith(reading.on(entry.date))
    if entry.state:
        assert reading.t(f"ledger.{entry.state}") in text
    if entry.value is not None:
        assert squeezed(reading.quantity.reported(entry)) in text
    if entry.text:
        assert reading.show(entry.text) in text
    about = (
        reading.c.get(Target, entry.target).title
        if entry.target
        else reading.c.statements[entry.measure or ""][1].title
    )
    assert reading.show(about) in text


def test_changes_are_all_that_was_published(reading: Reading) -> None:
    items = [said(e) for e in reading.pages["changes/"].all("li") if any(x.tag == "time" for x in e.iter())]
    dated = sorted((record.date for record in reading.c.every(Publishable)), reverse=True)
    starts = [item for item in items if re.match(r"\d", item)]
    assert len(starts) >= len(dated)
    for assignment in reading.c.all(Assignment):
        roles = [reading.listed(assignment.roles)] if assignment.roles else []
        due = [reading.on(assignment.due)] if assignment.due else []
        starts = [item for item in items if item.startswith(reading.on(assignment.date))]
        assert any(all(told in item for told in roles + due) for item in starts)
    for entry in reading.c.all(Entry):
        value = squeezed(reading.quantity.reported(entry)) if entry.value is not None else ""
        assert any(reading.on(entry.date) in item and value in item for item in items)


# --- Plans, documents, activities, safeguards


def test_plans_are_distinguished(reading: Reading, plans: list[PlanFacts]) -> None:
    if len(plans) == 1:
        assert not any(address.startswith("plans/") for address in reading.pages)
        return
    for facts in plans:
        counts = reading.t("plan.counts", tasks=len(facts.tasks), measures=facts.measures, targets=len(facts.targets))
        address = f"plans/{facts.plan.id}/"
        assert counts in reading.main("plans/") and counts in reading.main(address)
        assert reading.t(f"plan.{facts.plan.state}") in reading.main(address)
        listed = reading.records(address, reading.under(address, "tasks"), "tasks")
        assert sorted(listed) == sorted(task.id for task in facts.tasks)
        assert said(reading.pages[address].ids["tasks"]).endswith(str(len(facts.tasks)))


def test_documents_are_verbatim(reading: Reading) -> None:
    for document in reading.c.all(Document):
        address = f"documents/{document.id}/"
        page, text = reading.pages[address], reading.main(address)
        assert address.removeprefix("documents/")[:-1] in reading.records(
            "documents/", list(reading.pages["documents/"].one("main").iter()), "documents"
        )
        assert said(page.one("h1")) == reading.show(document.title)
        place = 0
        for clause in document.clauses:
            place = text.index(squeezed(fullwidth(clause.zh)), place)
            assert clause.en is None or squeezed(clause.en) in text
            holders = [
                h for h in reading.c.every(Committed) if (h.clause.document, h.clause.id) == (document.id, clause.id)
            ]
            for holder in holders:
                assert reading.t(f"document.{holder.counted_as}", n=len(holder.statements)) in text
        facts = {said(e) for e in page.all("dt")}
        assert document.number is None or reading.t("document.number") + squeezed(document.number) in text
        assert (reading.t("document.issuer") in facts) == (document.issuer is not None)
        assert (reading.t("document.number") in facts) == (document.number is not None)
        assert document.adopted is None or reading.t("document.adopted") + reading.on(document.adopted) in text


def test_activities_have_their_dates(reading: Reading) -> None:
    for activity in reading.c.all(Activity):
        address = f"activities/{activity.id}/"
        text = reading.main(address)
        assert said(reading.pages[address].one("h1")) == reading.show(activity.name)
        assert squeezed(fullwidth(activity.as_written.quote.zh)) in text
        if activity.recurrence and activity.recurrence.day:
            day = date(2000, activity.recurrence.month, activity.recurrence.day)
            assert squeezed(formats.month_day(day, reading.language)) in text
    page = reading.pages["activities/"]
    assert set(reading.records("activities/", reading.everything("activities/"), "activities")) == {
        activity.id for activity in reading.c.all(Activity)
    }
    undated = [a for a in reading.c.all(Activity) if a.recurrence is None and not any(e.start for e in a.editions)]
    assert ("campaigns" in page.ids) == bool(undated)


def test_other_records_with_measures_are_whole(reading: Reading) -> None:
    for kind in KINDS:
        if not issubclass(kind.model, Committed) or kind.model is Task:
            continue
        for record in reading.c.all(kind.model):
            assert isinstance(record, Committed)
            address, _, anchor = kind.anchor(record.id).partition("#")
            part = reading.under(address, anchor)
            text = "".join(said(e) for e in part if e.tag in ("h3", "h4", "blockquote", "li", "dt", "dd"))
            assert all(reading.show(measure.title) in text for measure in record.statements)
            if record.roles:
                found = reading.records(address, part, "bodies")
                assert found[: len(record.roles.answerable)] == list(record.roles.answerable)
