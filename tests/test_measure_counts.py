"""One number of measures: that of the tasks, wherever a page, card, feed, table, form or the API states it.

The same of tasks, targets and bodies.
"""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from haopin.exports.search_index import GROUPS
from haopin.load.dataset import Dataset
from haopin.load.folder import read
from haopin.load.translations import read_fingerprints, texts
from haopin.model.body import Body
from haopin.model.target import Target
from haopin.model.task import Section, Task
from haopin.office.ledger.columns import items
from haopin.site.calendar import CalendarItems
from haopin.site.catalogue import Catalogue
from haopin.site.progress import Progress, StatusCounts
from haopin.text import LANGUAGES, Language
from office_commands import TODAY, office_command
from support import (
    BuiltSite,
    build,
    catalogue_of,
    copy_full_county,
    copy_plans_county,
    edit,
    edit_all,
    errors_of,
    full_catalogue,
    shared,
    site_in,
    warnings_of,
    words,
)
from test_downloads import source_of

DAY = date.fromisoformat(TODAY)
#: A number of measures, as labels may say it.
_SAID: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"([0-9]+)(?:条|项)举措|举措(?:共)?([0-9]+)(?:条|项)"),
    "en": re.compile(r"\b([0-9]+) measures?\b|[Mm]easures: ([0-9]+)"),
}
#: The same of what else a plan has.
_ALSO: dict[str, dict[Language, re.Pattern[str]]] = {
    "tasks": {
        "zh": re.compile(r"([0-9]+)项任务|任务([0-9]+)项"),
        "en": re.compile(r"\b([0-9]+) tasks?\b|[Tt]asks: ([0-9]+)"),
    },
    "targets": {
        "zh": re.compile(r"([0-9]+)项(?:量化)?目标|量化目标([0-9]+)项"),
        "en": re.compile(r"\b([0-9]+) targets?\b|[Tt]argets: ([0-9]+)"),
    },
    "bodies": {
        "zh": re.compile(r"([0-9]+)个(?:责任)?单位|责任单位([0-9]+)个|责任单位订阅（([0-9]+)个"),
        "en": re.compile(r"\b([0-9]+) (?:responsible )?bod(?:y|ies)\b|responsible body \(([0-9]+)\)"),
    },
}


def sizes(data: Path, name: str) -> dict[str, int]:
    """Return how many statements each record of a file or folder has, as it is written there."""
    files = sorted((data / name).glob("*.yml")) if (data / name).is_dir() else [data / f"{name}.yml"]
    records = [yaml.safe_load(file.read_text("utf-8")) for file in files if file.is_file()]
    flat = [record for each in records for record in (each if isinstance(each, list) else [each])]
    return {record["id"]: len(record.get("requirements", record.get("measures", ()))) for record in flat}


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The invented county with two plans."""

    def make(folder: Path) -> None:
        build(folder / "site", config=copy_plans_county(folder) / "mkdocs.yml", as_of=TODAY)

    folder = shared(tmp_path_factory, "plans-county", make)
    return site_in(folder, folder / "data")


@pytest.fixture(params=["full_county", "plans"])
def built(request: pytest.FixtureRequest) -> BuiltSite:
    found: BuiltSite = request.getfixturevalue(request.param)
    return found


def numbers_in(text: str, language: Language) -> set[int]:
    """Return every number of measures that ``text`` states."""
    return {int(next(filter(None, found.groups()))) for found in _SAID[language].finditer(text)}


def number_of_tasks(catalogue: Catalogue) -> int:
    return sum(len(task.measures) for task in catalogue.all(Task))


def tallies(catalogue: Catalogue) -> Iterator[StatusCounts]:
    """Yield every count of measures that the data supports: of a plan, a group, a task, a body."""
    progress = Progress(catalogue, DAY)
    for plan in catalogue.plans:
        own = catalogue.of_plan(plan)
        yield Progress(own, DAY).programme
        yield from (Progress(own, DAY).body(body) for body in catalogue.all(Body))
    yield from map(progress.task, catalogue.all(Task))
    yield from (progress.group(node.group) for node in catalogue.group_nodes.values())


def right_numbers(catalogue: Catalogue) -> set[int]:
    return {n for tally in tallies(catalogue) for n in (tally.total, tally.reported)}


def test_the_county_has_what_was_once_counted_together(full_county: BuiltSite) -> None:
    """Each wrong sum is a number that nothing states for another reason: the sweep below cannot pass by chance."""
    own, beside = sizes(full_county.data, "tasks"), ("sections", "phases", "safeguards")
    more = [sum(sizes(full_county.data, name).values()) for name in beside]
    assert all(more)
    assert number_of_tasks(full_county.catalogue) == sum(own.values())
    right = right_numbers(full_county.catalogue)
    assert sum(own.values()) in right
    assert not {sum(own.values()) + n for n in (sum(more), *more, more[1] + more[2])} & right


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_measures_on_pages_cards_and_feeds_is_one_of_the_data(
    built: BuiltSite, language: Language
) -> None:
    right = right_numbers(built.catalogue)
    wrong, found = [], 0
    sources = {
        name: (built.folder / name).read_text("utf-8")
        for name in sorted(built.files)
        if name.endswith((".html", ".xml", ".ics")) and name.startswith("en/") == (language == "en")
    }
    for name, source in sources.items():
        # A number may stand in an element of its own, and a sentence in an attribute.
        bare = re.sub(r"<[^>]+>", "" if language == "zh" else " ", source)
        stated = numbers_in(source, language) | numbers_in(" ".join(bare.split()), language)
        found += len(stated)
        wrong += [(name, n) for n in stated - right]
    assert wrong == [] and found > 10


def numbers_of(catalogue: Catalogue, kind: str) -> set[int]:
    """Return every number of tasks, targets or bodies that the data supports: of a plan, a group, a body."""
    found = set()
    for plan in catalogue.plans:
        own = catalogue.of_plan(plan)
        tasks, bodies = own.all(Task), {body.id for body in own.all(Body)}
        part = {body for task in tasks if task.roles for body in task.roles.answerable}
        if kind == "bodies":
            found |= {len(bodies), len(part), len(part | {*own.statements_of_body})}
        elif kind == "targets":
            units = [target.unit for target in own.all(Target)]
            found |= {len(units), sum(unit is not None and unit.is_percent for unit in units)}
        else:
            forms = [task.roles.form for task in tasks if task.roles]
            found |= {len(tasks), sum(task.group is not None for task in tasks), *map(forms.count, forms)}
            found |= {len(node.tasks) for node in own.group_nodes.values()}
            found |= {sum(body in task.roles.answerable for task in tasks if task.roles) for body in bodies}
    return found


@pytest.mark.parametrize("kind", sorted(_ALSO))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_tasks_targets_and_bodies_is_one_of_the_data(
    built: BuiltSite, language: Language, kind: str
) -> None:
    right, said = numbers_of(built.catalogue, kind), _ALSO[kind][language]
    # One page counts the calendars of bodies; a card counts the bodies of its task.
    calendars = {sum(name.startswith("calendar/bodies/") for name in built.files)}
    wrong, found = [], 0
    for name in sorted(built.files):
        if name.endswith((".html", ".xml", ".ics", ".svg")) and name.startswith("en/") == (language == "en"):
            source = (built.folder / name).read_text("utf-8")
            # A number that ends a paragraph, as of a telephone, is not part of the one that begins the next.
            ended = re.sub(r"</(?:p|li|dd|dt|div)>", " ", source)
            bare = " ".join(re.sub(r"<[^>]+>", "" if language == "zh" else " ", ended).split())
            stated = {int(next(filter(None, each.groups()))) for text in (source, bare) for each in said.finditer(text)}
            found += len(stated)
            card = re.search(r"embed/task/([\w-]+)/", name) if kind == "bodies" else None
            roles = built.catalogue.get(Task, card[1]).roles if card else None
            own = {len(roles.answerable)} if roles else calendars if name.endswith("subscribe/index.html") else right
            wrong += [(name, n) for n in stated - (own if kind == "bodies" else right)]
    assert wrong == [] and found


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_list_filters_and_progress_agree(full_county: BuiltSite, language: Language) -> None:
    edition, catalogue = full_county.edition(language), full_county.catalogue
    number = sum(sizes(full_county.data, "tasks").values())
    programme = Progress(catalogue, DAY).programme
    assert number in numbers_in(words(edition[""].one("main")), language)
    page = edition["measures/"]
    assert numbers_in(words(page.all("p", cls="hp-lead")[0]), language) == {number}
    rows = [row for row in page.all("li") if "data-row" in row.attrib]
    assert len(rows) == number == programme.total
    states = [row.attrib["data-state"] for row in rows]
    assert {state: states.count(state) for state, _ in programme.parts} == dict(programme.parts)
    holders = [each for each in page.all("section") if "data-rows" in each.attrib]
    for body in catalogue.all(Body):
        own = [each for each in holders if body.id in each.attrib.get("data-body", "").split()]
        assert sum("data-row" in row.attrib for each in own for row in each.iter()) == (
            Progress(catalogue, DAY).body(body).total
        )
    lead = "".join(words(each) for each in edition["progress/"].all("p", cls="hp-lead"))
    assert re.findall("[0-9]+", lead.partition({"zh": "日", "en": "2030"}[language])[2])[:2] == (
        [str(number), str(programme.reported)] if language == "zh" else [str(programme.reported), str(number)]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_statements_are_counted_under_their_own_name(full_county: BuiltSite, language: Language) -> None:
    edition = full_county.edition(language)
    lists = {"sections": "aims/", "phases": "timeline/", "safeguards": "safeguards/"}
    beside = "".join(words(each) for each in edition["measures/"].all("p", cls="hp-meta")[:1])
    for file, address in lists.items():
        number = sum(sizes(full_county.data, file).values())
        page = edition[address]
        assert len(page.all("li", cls="hp-measure")) == number
        assert any(re.search(rf"\b{number}\b|{number}项", words(each)) for each in page.all("p", cls="hp-meta"))
        assert re.search(rf"(?<![0-9]){number}(?![0-9])", beside), (file, beside)
        assert any(link.endswith(address) for _, link in edition["measures/"].references)
    # No requirement has a state, still less is one late.
    assert edition["aims/"].all("div", cls="hp-standing-line") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clause_is_divided_into_what_the_words_beside_it_say(full_county: BuiltSite, language: Language) -> None:
    catalogue = full_county.catalogue
    t = source_of(catalogue, language).renderer.t
    for holder in catalogue.committed:
        page = full_county.edition(language)[f"documents/{holder.clause.document}/"]
        links = [words(each) for each in page.all("p", cls="hp-clause-link")]
        assert t(f"document.{holder.counted_as}", n=len(holder.statements)) in links


def test_preview_pictures_state_the_number_of_the_task() -> None:
    catalogue = full_catalogue()
    right = right_numbers(catalogue)
    for language in LANGUAGES:
        cards = source_of(catalogue, language).pictures.cards
        said = {
            address: numbers_in(
                f"{card.figure} {card.fact} {card.note}".replace(" ", "" if language == "zh" else " "), language
            )
            for address, card in cards.items()
        }
        assert {n for found in said.values() for n in found} <= right
        assert any(said[f"tasks/{task.id}/"] == {len(task.measures)} for task in catalogue.all(Task))


def test_api_and_tables_state_it(built: BuiltSite) -> None:
    catalogue = built.catalogue
    own = sizes(built.data, "tasks")
    status = json.loads((built.folder / "api/v1/status.json").read_text("utf-8"))
    current = catalogue.of_plan(catalogue.plan)
    assert status["tasks_together"]["total"] == number_of_tasks(current)
    assert {task: tally["total"] for task, tally in status["tasks"].items()} == own
    assert len(status["measures"]) == sum(own.values())
    for plan in catalogue.plans:
        if plan.id in status["plans"]:
            assert status["plans"][plan.id]["tally"]["total"] == number_of_tasks(catalogue.of_plan(plan))
    requirements = {name for name, (holder, _) in catalogue.statements.items() if isinstance(holder, Section)}
    assert not requirements & (status["measures"].keys() | status["others"].keys())
    sections = json.loads((built.folder / "api/v1/section.json").read_text("utf-8"))
    assert all("measures" not in item["record"] and "measures" not in item["derived"] for item in sections["items"])
    assert sum(len(item["record"]["requirements"]) for item in sections["items"]) == len(requirements)
    table = (built.folder / "downloads/task-measures.csv").read_text("utf-8-sig")
    assert len(list(csv.reader(table.splitlines()))) - 1 == sum(own.values())
    assert "downloads/section-measures.csv" not in built.files


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_groups_measures_apart_from_the_rest(full_county: BuiltSite, language: Language) -> None:
    file = full_county.folder / ("en" if language == "en" else "") / "search/search_index.json"
    docs = json.loads(file.read_text("utf-8"))["docs"]
    groups = [GROUPS[group] for _, _, _, _, parts in docs for _, group, *_ in parts if group >= 0]
    assert groups.count("search.measures") == sum(sizes(full_county.data, "tasks").values())
    beside = sum(sum(sizes(full_county.data, file).values()) for file in ("sections", "phases", "safeguards"))
    assert groups.count("search.beside") == beside


# The office


def test_forms_status_and_calendars_leave_requirements_out(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "county")
    catalogue = catalogue_of(project / "data")
    sections = {section.id for section in catalogue.all(Section)}
    assert any(each.due for section in catalogue.all(Section) for each in section.requirements)
    asked = [item.about for item in items(catalogue).values() if item.target is None]
    assert asked and not [name for name in asked if name.partition("/")[0] in sections]
    assert [n for n in asked if n.partition("/")[0] in {t.id for t in catalogue.all(Task)}] == [
        f"{task.id}/{measure.id}" for task in catalogue.committed if isinstance(task, Task) for measure in task.measures
    ]
    due = [item.name for item in CalendarItems(catalogue, DAY).all]
    assert any(name.startswith("due-") for name in due)
    assert not [name for name in due if name.removeprefix("due-").partition(".")[0] in sections]
    told = office_command(project, "status", "--json")
    found = json.loads(told.output)
    lines = [line for group in found["groups"].values() for line in group["lines"]]
    assert lines and not [line for line in lines if line["id"].partition("/")[0] in sections]
    progress = Progress(catalogue, DAY)
    for row in found["bodies"]:
        # Those that it reports on: of tasks, as many as its form has.
        own = [item for item in items(catalogue, row["id"]).values() if row["id"] in item.reporting]
        assert row["measures"] == sum(item.target is None and item.is_of_task for item in own)
        assert row["measures"] <= Progress(catalogue, DAY).body(catalogue.get(Body, row["id"])).total
    assert not [name for name, _ in progress.deadlines if name.partition("/")[0] in sections]


# Data of before


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Data in which sections have measures, one of them with a report and a due date laid down later."""
    data = copy_full_county(tmp_path / "county") / "data"
    edit_all(data / "sections.yml", "  requirements:\n", "  measures:\n")
    (data / "ledger/aims.yml").write_text(
        "- {id: e-aim, date: 2030-01-10, measure: aims/satisfaction, body: quality, state: under-way,\n"
        "   source: {zh: 县质量局, en: Bureau}, approved: {role: section-head, date: 2030-01-10}}\n",
        "utf-8",
    )
    return data


def test_sections_with_measures_are_read_as_requirements(old: Path) -> None:
    assert errors_of(old) == []
    new = full_catalogue()
    found = catalogue_of(old)
    assert found.all(Section) == new.all(Section)
    assert number_of_tasks(found) == number_of_tasks(new)


def test_a_report_on_a_requirement_is_kept_and_warned_of_but_never_late(old: Path) -> None:
    edit(old / "sections.yml", "      due: 2031-12-31\n", "      due: 2030-01-11\n")
    edit(old / "ledger/aims.yml", "aims/satisfaction", "aims/model-county")
    (warning,) = (line for line in warnings_of(old) if "aims" in line)
    assert warning.startswith("data/ledger/aims.yml:1:42: 提醒 / warning: “aims/model-county”是总体要求或目标")
    assert warning.endswith("name a measure of a task, or report on its target")
    progress = Progress(catalogue_of(old), DAY)
    assert progress.measure("aims/model-county").state == "under-way"
    assert [entry.id for entry in progress.history("aims/model-county")] == ["e-aim"]


def test_a_mistake_in_the_old_form_is_found_where_it_is(old: Path) -> None:
    edit(old / "sections.yml", "    - id: satisfaction\n", "    - id: Satisfaction!\n")
    assert [line.split(": ")[0] for line in errors_of(old)][:1] == ["data/sections.yml:23:11"]


def test_translations_recorded_for_the_old_form_still_hold(tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    dataset: Dataset = read(data)
    key = next(
        str(each.key) for each in texts(dataset) if each.key.kind == "section" and "requirements" in each.key.path
    )
    before = key.replace(":requirements.", ":measures.")
    assert before != key and read_fingerprints(json.dumps({before: "0123"})) == {key: "0123"}
