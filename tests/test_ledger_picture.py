"""The ledger picture, the counts and the next date of the home page: each square and number is that of the records."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from haopin.html.charts.ledger import COLUMNS, squares
from haopin.html.context import TemplateContext
from haopin.model.activity import Activity
from haopin.model.news import Event
from haopin.site import calendar
from haopin.site.pages import pages
from haopin.site.progress import STATES, State
from reader import PlanFacts, Reading, plans, reading, said, squeezed
from support import ROOT, BuiltSite, build, copy_county, full_catalogue, shared, site_in, words

__all__ = ["plans", "reading"]

FRAME = "h10v10h-10z"
SVG = "{http://www.w3.org/2000/svg}"
CSS = (ROOT / "hooks/haopin/theme/assets/figures.css").read_text(encoding="utf-8")


# --- The drawing


def drawn(states: Sequence[State]) -> dict[str, int]:
    return {path.style: path.path.count(FRAME) for path in squares(states).paths if not path.style.endswith("-in")}


def test_there_is_a_square_for_each_measure_in_its_state() -> None:
    states: list[State] = ["late", "done", "done", "not-reported", "routine", "not-reported", "not-reported"]
    assert drawn(states) == {"done": 2, "routine": 1, "late": 1, "not-reported": 3}
    assert squares(states)[:2] == (7, 1)


def test_squares_lie_side_by_side_and_go_on_below() -> None:
    found = squares(["done"] * (COLUMNS + 1))
    assert (found.columns, found.rows) == (COLUMNS, 2)
    places = re.findall(r"M(\d+) (\d+)h10v10", found.paths[0].path)
    assert len(set(places)) == COLUMNS + 1
    assert places[:2] == [("1", "1"), ("13", "1")]
    assert places[-1] == ("1", "13")


def test_each_state_has_a_form_of_its_own() -> None:
    # Without colors: which paths there are, and whether the frame is filled or has a hole.
    full = set(re.findall(r"\.hp-q-([\w-]+)", re.findall(r":is\(([^)]*)\) \{ fill: CanvasText", CSS)[0]))
    forms = {
        state: tuple((p.path, p.style in full or p.style.endswith("-in")) for p in squares([state]).paths)
        for state in STATES
    }
    assert len(set(forms.values())) == len(STATES)


def test_every_style_has_a_rule() -> None:
    styles = {path.style for path in squares(list(STATES)).paths}
    assert styles >= set(STATES)
    assert {style for style in styles if f".hp-q-{style}" not in CSS} == set()


# --- On the pages


def counted(svg: Element) -> Counter[str]:
    """Return how many squares of each state a drawing has."""
    found: Counter[str] = Counter()
    for path in svg.iter(f"{SVG}path"):
        style = path.get("class", "").removeprefix("hp-q-")
        if not style.endswith("-in"):
            found[style] += path.get("d", "").count(FRAME)
    return found


def pictures(element: Element) -> list[Element]:
    return [svg for svg in element.iter(f"{SVG}svg") if svg.get("class") == "hp-squares"]


def test_home_has_a_square_for_each_measure(reading: Reading, plans: list[PlanFacts]) -> None:
    facts = plans[0]
    figure = reading.pages[""].ids["figure-ledger"]
    items = [item for item in figure.iter("li") if pictures(item)]
    tasks = {task.id: task for task in facts.tasks}
    seen = []
    for item in items:
        [task_id] = reading.within("", item, "tasks")
        [svg] = pictures(item)
        counts = facts.progress.of([tasks[task_id]])
        assert counted(svg) == Counter({name: n for name, n in counts.counts.items() if n})
        label = squeezed(svg.get("aria-label"))
        for name, n in counts.parts:
            assert reading.t(f"ledger.{name}") + str(n) in label
        seen.append(task_id)
    assert sorted(seen) == sorted(task.id for task in facts.tasks if task.measures)
    table(reading, "", "ledger", facts)


def table(reading: Reading, address: str, figure: str, facts: PlanFacts) -> None:
    head, *rows = reading.rows(address, figure)
    assert head[1:-1] == [reading.t(f"ledger.{name}") for name, _ in facts.progress.programme.parts]
    sums = [sum(int(row[column]) for row in rows) for column in range(1, len(head))]
    assert sums == [*(n for _, n in facts.progress.programme.parts), facts.measures]
    assert len(rows) == len([task for task in facts.tasks if task.measures])


def test_progress_links_each_square_to_its_measure(reading: Reading, plans: list[PlanFacts]) -> None:
    page = reading.pages["progress/"]
    for facts in plans:
        figure = page.ids[f"figure-ledger{facts.end}"]
        expected = {}
        for task in facts.tasks:
            for each in task.measures:
                state = facts.progress.measure(f"{task.id}/{each.id}").state
                title = f"{reading.show(each.title)}·{reading.t(f'ledger.{state}')}"
                expected[f"tasks/{task.id}/#{each.id}"] = (title, {state: 1})
        found = {}
        for link in figure.iter("a"):
            if link.get("tabindex") == "-1":
                [address] = reading.to("progress/", [link])
                [svg] = pictures(link)
                assert link.get("aria-label") == link.get("title")
                found[address] = (squeezed(link.get("title")), dict(counted(svg)))
        assert found == expected
        table(reading, "progress/", f"ledger{facts.end}", facts)


def test_a_task_and_a_body_have_their_part(reading: Reading, plans: list[PlanFacts]) -> None:
    for facts in plans:
        for task in facts.tasks:
            links = [a for a in reading.pages[f"tasks/{task.id}/"].all("a") if a.get("tabindex") == "-1"]
            assert [a.get("href") for a in links] == [f"#{each.id}" for each in task.measures]
            found: Counter[str] = Counter()
            for link in links:
                found += counted(pictures(link)[0])
            expected = Counter({name: n for name, n in facts.progress.of([task]).counts.items() if n})
            assert found == expected
            for body in task.answerable:
                address = f"bodies/{body}/"
                items = [e for e in reading.everything(address) if e.tag == "li" and pictures(e)]
                own = [e for e in items if reading.within(address, e, "tasks") == [task.id]]
                assert not task.measures or [counted(svg) for e in own for svg in pictures(e)] == [expected]


def test_the_counts_of_home_are_those_of_the_current_plan(reading: Reading, plans: list[PlanFacts]) -> None:
    facts, page = plans[0], reading.pages[""]
    [row] = page.all("ul", cls="hp-headline")
    found = facts.progress.programme
    expected = [("home.count_measures", found.total, "measures/")]
    expected += [("home.count_targets", len(facts.targets), "targets/")] if facts.targets else []
    expected += [("home.count_bodies", len(facts.bodies()), "bodies/")] if facts.bodies() else []
    expected += [("home.count_reported", found.reported, "progress/" if "progress/" in reading.pages else "#progress")]
    links = list(row.iter("a"))
    assert [said(link) for link in links] == [reading.t(key, n=n, number=n) for key, n, _ in expected]
    assert reading.to("", links) == [address for _, _, address in expected]


def test_a_promised_number_is_marked_and_says_that_nothing_was_reported(
    reading: Reading, plans: list[PlanFacts]
) -> None:
    for facts in plans:
        for target in facts.targets:
            for address, page in reading.pages.items():
                for link in page.all("a", cls="hp-stat"):
                    if reading.to(address, [link]) != [f"targets/#{target.id}"]:
                        continue
                    strong = next(link.iter("strong"))
                    assert strong.get("class") == "hp-promised"
                    status = facts.progress.target(target)
                    if status.entry is None:
                        ended = status.outcome == "ended-unreported"
                        words = reading.t("state.no_result" if ended else "target.no_result")
                        assert said(link).endswith(f"{reading.t('target.mark')}·{words}")
                    else:
                        assert reading.show(status.entry.source) in said(link)
    for name in ("targets/", "progress/"):
        values = reading.pages[name].all("p", cls="hp-target-value")
        assert all("hp-promised" in e.get("class", "").split() for e in values)


def test_the_next_date_is_the_first_that_has_not_ended(reading: Reading) -> None:
    page, day = reading.pages[""], reading.day
    events = [e for e in reading.c.all(Event) if e.last >= day and not e.cancelled]
    coming = calendar.upcoming(reading.c.all(Activity), day)
    starts = [*(event.start for event in events), *(item.start for item in coming)]
    if not starts:
        assert "next" not in page.ids
        return
    part = reading.under("", "next")
    text = "".join(said(e) for e in part if e.tag in ("a", "p"))
    first = min(starts)
    assert [e.get("datetime") for e in part if e.tag == "time"] == [str(first)]
    days = (first - day).days
    assert (reading.t("home.days", n=days, day=reading.on(day)) in text) == (days > 0)
    [ics] = [e.get("href", "") for e in part if e.tag == "a" and e.get("download") is not None]
    file = reading.site.folder / reading.root / ics
    assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}" in file.read_text(encoding="utf-8").replace("\r\n", "\n") or (
        f"{first:%Y%m%d}T" in file.read_text(encoding="utf-8")
    )


def test_a_cancelled_event_is_no_next_date() -> None:
    catalogue = full_catalogue()
    view = TemplateContext(catalogue, "zh", date(2030, 2, 1), pages(catalogue))
    assert view.next_date is not None
    for day in (date(2030, 2, 1), date(2030, 6, 1), date(2031, 1, 1)):
        found = TemplateContext(catalogue, "zh", day, pages(catalogue)).next_date
        assert not (isinstance(found, Event) and found.cancelled)


# --- A county without reports


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The county without any report, with a hotline that no clause names, and a right to information."""

    def make(folder: Path) -> None:
        config = copy_county(folder) / "mkdocs.yml"
        site = folder / "data/site.yml"
        asking = """hotlines:
  - {number: "12340", name: {zh: 热线, en: Hotline}}
request:
  text: {zh: 可以向县政府申请公开。, en: Apply to the county government.}
  sources:
    - text: {zh: 甲乙条例第五条, en: "Jiayi Regulations, Article 5"}
"""
        site.write_text(site.read_text(encoding="utf-8") + asking, encoding="utf-8")
        build(folder / "site", config=config)

    folder = shared(tmp_path_factory, "silent-county", make)
    return site_in(folder, folder / "data")


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("", "截至2030年2月1日，各项举措的进展均暂未公布。要了解进展，可拨打12340。"),
        (
            "en/",
            "As of 1 February 2030, no progress on any measure has been published on this site. "
            "To ask about progress, call 12340.",
        ),
    ],
)
def test_silence_is_said_once_with_how_to_ask(silent: BuiltSite, root: str, expected: str) -> None:
    page = silent.pages[root]
    assert f"{root}progress/" not in silent.pages
    paragraphs = [words(e) for e in page.all("p")]
    assert paragraphs.count(expected) == 1
    at = paragraphs.index(expected)
    request = ["可以向县政府申请公开。", "来源：甲乙条例第五条"]
    request_en = ["Apply to the county government.", "Source: Jiayi Regulations, Article 5"]
    assert paragraphs[at + 1 : at + 3] == (request_en if root else request)
    states = {state for svg in pictures(page.ids["figure-ledger"]) for state in counted(svg)}
    assert states == {"not-reported"}
    assert [a.get("href") for a in page.one("ul", cls="hp-headline").iter("a")][-1] == "#progress"
