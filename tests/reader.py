"""Reader of the pages of three invented places with opposite facts, and their expected content from the data."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from haopin.html import formats
from haopin.html.i18n import Labels, local_labels, site_labels
from haopin.html.quantity import QuantityFormat
from haopin.model.body import Body
from haopin.model.ledger import Entry
from haopin.model.plan import Plan
from haopin.model.target import Target
from haopin.model.task import Committed, Group, Responsible, Statement, Task
from haopin.site.progress import Progress, StatusCounts
from haopin.text import fullwidth
from support import (
    ROOT,
    BuiltSite,
    HtmlPage,
    build,
    copy_city,
    copy_plans_county,
    shared,
    site_in,
    words,
)
from test_languages import chinese_county

#: How each place is made, and the languages of its pages.
PLACES = {
    "city": (copy_city, ("zh", "en")),
    "plans-county": (copy_plans_county, ("zh", "en")),
    "chinese-county": (lambda folder: chinese_county(folder, alone=True), ("zh",)),
}
HEADING = re.compile("h[1-6]")
ROMAN = {"一": "I", "二": "II", "三": "III", "四": "IV", "五": "V"}


def squeezed(text: object) -> str:
    """Return ``text`` without white space, which templates put as they like."""
    return "".join(str(text).split())


def said(element: Element) -> str:
    """Return the words of ``element`` without white space."""
    return squeezed(words(element))


def below(every: list[Element], place: int) -> list[Element]:
    """Return the elements after the heading at ``place`` up to the next of its level."""
    heading = every[place]
    start = place + len(list(heading.iter()))
    ends = (i for i in range(start, len(every)) if HEADING.fullmatch(every[i].tag) and every[i].tag <= heading.tag)
    return every[start : next(ends, len(every))]


class Reading:
    """The pages of a site in one language, the labels that they are written with, and the records."""

    def __init__(self, site: BuiltSite, language: str) -> None:
        """Keep the site."""
        self.site, self.language, self.c, self.day = site, language, site.catalogue, site.day
        self.labels = local_labels(
            site_labels(ROOT / "hooks/haopin/labels.yml"), self.c.site, text_only=self.c.text_only
        )
        self._label = Labels(self.labels, language)
        self.quantity = QuantityFormat(language, self._label, self.c.all(Target))
        self.root = "" if language == "zh" else f"{language}/"

    # --- What the site should say

    def t(self, key: str, **values: object) -> str:
        """Return a label, without white space."""
        return squeezed(self._label(key, **values))

    def signs(self, key: str) -> str:
        """Return the longest piece of a label that is always the same."""
        label = self.labels[key]
        form = fullwidth(label.zh) if self.language == "zh" else getattr(label.en, "other", label.en)
        return max(map(squeezed, re.split(r"\{\w+\}", str(form))), key=len)

    def show(self, text: Any) -> str:
        """Return a text of the records, without white space."""
        return squeezed(text.show(self.language))

    def on(self, day: date) -> str:
        """Return a date in words, without white space."""
        return squeezed(formats.day(day, self.language))

    def number(self, task: Task) -> str:
        """Return the number of a task as pages in this language have it."""
        number = task.number or task.id.lstrip("0")
        return number if self.language == "zh" else ROMAN.get(number, number)

    def name(self, holder: Committed) -> str:
        """Return what a record with measures is called elsewhere."""
        title = self.show(holder.title)
        return self.t("task.named", number=self.number(holder), title=title) if isinstance(holder, Task) else title

    def numbered(self, holder: Committed) -> str:
        """Return the number and the title of a task, the title of another record."""
        return (self.number(holder) if isinstance(holder, Task) else "") + self.show(holder.title)

    def subject(self, entry: Entry) -> Target | Statement:
        """Return what a report is about."""
        return self.c.get(Target, entry.target) if entry.target else self.c.statements[entry.measure or ""][1]

    def body(self, name: str) -> str:
        """Return the name of a body."""
        return self.show(self.c.get(Body, name).name)

    def named(self, role: str | None, name: str) -> str:
        """Return the name of a body with its part, where that is not the same for all."""
        return self.t(f"part.named_{role}", name=name) if role in ("lead", "participating") else name

    def listed(self, roles: Responsible) -> str:
        """Return the bodies in a row, in the order of their parts."""
        found = [self.named("lead", self.body(body)) for body in roles.lead]
        found += [self.body(body) for body in roles.bodies]
        found += [self.named("participating", self.body(body)) for body in roles.participating]
        found += [self.show(words) for words in roles.general]
        return self.t("list.separator").join(found) + (self.show(roles.others) if roles.others else "")

    def part(self, roles: Responsible, body: str) -> str:
        """Return what a body is to something."""
        role = roles.role_of(body)
        if role == "joint":
            return self.t("body.joint" if "职责" in (roles.quote.zh if roles.quote else "") else "body.together")
        return self.t({"sole": "body.sole"}.get(role or "", f"part.is_{role}"))

    def counts(self, found: StatusCounts) -> str:
        """Return the sentence that counts reports."""
        return self.t("progress.count", n=found.total, reported=found.reported)

    def parts(self, found: StatusCounts) -> str:
        """Return how many measures of a whole are in each state, the first part beside the number of all."""
        states = [(self._label(f"ledger.{name}").lower(), count) for name, count in found.parts]
        (first, count), *others = states
        return self.t("progress.part_first", n=count, total=found.total, state=first) + "".join(
            self.t("progress.part", n=count, state=state) for state, count in others
        )

    # --- Where it says it

    @cached_property
    def pages(self) -> dict[str, HtmlPage]:
        """Every page of the language by its address below its root."""
        return self.site.edition(self.language)

    def main(self, address: str) -> str:
        """Return the words of a page."""
        return said(self.pages[address].one("main"))

    def under(self, address: str, anchor: str) -> list[Element]:
        """Return the elements from the heading ``anchor`` to the next of its level."""
        page = self.pages[address]
        every = self.everything(address)
        return below(every, every.index(page.ids[anchor]))

    def to(self, address: str, elements: list[Element], folder: str = "") -> list[str]:
        """Return where the links among ``elements`` lead below ``folder``, in their order."""
        page, found = self.pages[address], []
        for element in elements:
            target = self.site.target(page, element.get("href", "")) if element.tag == "a" else None
            if target is not None:
                place, anchor = target
                way = place.removeprefix(self.root).removesuffix("index.html") + (f"#{anchor}" if anchor else "")
                found += [way.removeprefix(folder)] if way.startswith(folder) else []
        return found

    def records(self, address: str, elements: list[Element], folder: str) -> list[str]:
        """Return the ids of the records whose pages in ``folder`` are linked, in their order."""
        return [way[:-1] for way in self.to(address, elements, f"{folder}/") if re.fullmatch("[^/#]+/", way)]

    def within(self, address: str, element: Element, folder: str) -> list[str]:
        """Return the same for one element and its descendants."""
        return self.records(address, list(element.iter()), folder)

    def everything(self, address: str) -> list[Element]:
        """Return every element of the main part of a page."""
        return list(self.pages[address].one("main").iter())

    def rows(self, address: str, figure: str) -> list[list[str]]:
        """Return the cells of the table behind a figure, its headings first."""
        table = next(e for e in self.pages[address].ids[f"figure-{figure}"].iter("table"))
        return [[said(cell) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]


class PlanFacts:
    """What the data has of one plan."""

    def __init__(self, reading: Reading, plan: Plan) -> None:
        """Keep the plan and its records: those whose clause lies in its document."""
        c, self.plan, self.several = reading.c, plan, len(reading.c.plans) > 1

        def own(holder: Committed | Group) -> bool:
            return not self.several or holder.clause.document == plan.document

        self.tasks = [task for task in c.all(Task) if own(task)]
        self.groups = {group.id: group for group in c.all(Group) if own(group)}
        self.holders = [holder for holder in c.every(Committed) if own(holder)]
        named = {holder.id for holder in self.holders}
        self.targets = [target for target in c.all(Target) if target.measure.partition("/")[0] in named]
        about = {t.id for t in self.targets} | {f"{h.id}/{m.id}" for h in self.holders for m in h.statements}
        self.entries = [entry for entry in c.all(Entry) if (entry.measure or entry.target) in about]
        self.progress = Progress(c.of_plan(plan), reading.day)
        #: What ends an anchor of the part of a page that is about the plan.
        self.end = "" if plan.state == "current" else f"--{plan.id}"

    @property
    def measures(self) -> int:
        """Measures of the tasks."""
        return sum(len(task.measures) for task in self.tasks)

    def within(self, group: str | None) -> list[Group]:
        """Return the groups that lie in ``group``."""
        return [each for each in self.groups.values() if each.parent == group]

    def tasks_in(self, group: str | None) -> list[Task]:
        """Return the tasks of ``group`` and of all that lies in it; with None, those in no group."""
        own = [task for task in self.tasks if task.group == group]
        below = [] if group is None else [task for inner in self.within(group) for task in self.tasks_in(inner.id)]
        return own + below

    def leads(self, reading: Reading, key: str, **more: int) -> str:
        """Return the sentence that counts tasks and groups."""
        alone = len([task for task in self.tasks if task.group is None])
        groups = len([group for group in self.within(None) if self.tasks_in(group.id)])
        if not groups:
            return reading.t(f"{key}_ungrouped", n=len(self.tasks), **more)
        if not alone:
            return reading.t(key, n=groups, tasks=len(self.tasks), **more)
        grouped = len(self.tasks) - alone
        return reading.t(f"{key}_partly", n=groups, tasks=len(self.tasks), grouped=grouped, **more)

    def roles(self) -> Iterator[tuple[Committed, Statement | None, Responsible]]:
        """Yield who is responsible for what: for a whole record, and for a measure that says it itself."""
        for holder in self.holders:
            if holder.roles is not None:
                yield holder, None, holder.roles
            yield from ((holder, measure, measure.roles) for measure in holder.statements if measure.roles is not None)

    def bodies(self) -> set[str]:
        """Return the bodies that have a part in something."""
        return {body for _, _, roles in self.roles() for body in roles.answerable}


def _places() -> list[Any]:
    # A county with records of every kind takes as long as the two others.
    marks = {"chinese-county": [pytest.mark.sweep]}
    return [
        pytest.param((name, language), id=f"{name}-{language}", marks=marks.get(name, []))
        for name, (_, of) in PLACES.items()
        for language in of
    ]


@pytest.fixture(scope="module", params=_places())
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """Each place in each language."""
    name, language = request.param

    def make(folder: Path) -> None:
        build(folder / "site", config=PLACES[name][0](folder) / "mkdocs.yml")

    folder = shared(tmp_path_factory, name, make)
    return Reading(site_in(folder, folder / "data"), language)


@pytest.fixture(scope="module")
def plans(reading: Reading) -> list[PlanFacts]:
    """Each plan of the place, the current one first."""
    return [PlanFacts(reading, plan) for plan in reading.c.plans]
