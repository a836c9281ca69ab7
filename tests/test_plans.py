"""Several plans on one site, and groups within groups: read back from pages, API, tables, search and messages."""

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest
from broken import Broken, Edit, Recorded
from haopin.model.ledger import Entry
from haopin.model.plan import Plan
from haopin.model.target import Target
from haopin.model.task import Group, Task
from haopin.site.calendar import CalendarItems, Due
from haopin.site.catalogue import Catalogue
from haopin.site.progress import Progress
from support import (
    AS_OF,
    COUNTY,
    BuiltSite,
    HtmlPage,
    build,
    catalogue_of,
    copy_data,
    copy_plans_county,
    edit,
    errors_of,
    search_entries,
    shared,
    site_in,
    warnings_of,
    words,
)

DAY = date.fromisoformat(AS_OF)
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The invented county with two plans, on 1 February 2030."""

    def make(folder: Path) -> None:
        build(folder / "site", config=copy_plans_county(folder) / "mkdocs.yml", as_of=AS_OF)

    folder = shared(tmp_path_factory, "plans-county", make)
    return site_in(folder, folder / "data")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of its data to spoil."""
    return copy_plans_county(tmp_path) / "data"


def text(page: HtmlPage) -> str:
    """Return the words of ``page``, spaces aside."""
    return "".join(words(page.one("main")).split())


def part(page: HtmlPage, plan: str) -> str:
    """Return the words of ``page`` from the heading of ``plan`` to that of the next plan, spaces aside."""
    pieces = re.split(r'id="plan--([a-z]+)"', page.source)
    found = dict(zip(pieces[1::2], pieces[2::2], strict=True))[plan]
    return "".join(re.sub(r"<[^>]+>", " ", found).split())


# --- The model


def test_data_without_plans_has_one() -> None:
    catalogue = catalogue_of(COUNTY / "data")
    assert [plan.state for plan in catalogue.plans] == ["current"]
    assert catalogue.plan.document == catalogue.site.document
    assert catalogue.of_plan(catalogue.plan) is catalogue
    assert {task.plan for task in catalogue.all(Task)} == {None}


def test_plan_follows_from_the_document_of_the_clause(plans: BuiltSite) -> None:
    catalogue = plans.catalogue
    assert [plan.id for plan in catalogue.plans] == ["second", "first"]
    own = {plan.id: {t.id for t in catalogue.of_plan(plan).all(Task)} for plan in catalogue.plans}
    assert own == {"first": {"01", "02"}, "second": {"q2-1", "q2-2", "q2-3", "q2-4", "q2-5"}}
    targets = {plan.id: [t.id for t in catalogue.of_plan(plan).all(Target)] for plan in catalogue.plans}
    assert targets == {"first": ["pass-rate"], "second": ["goods-rate"]}
    entries = {plan.id: [e.id for e in catalogue.of_plan(plan).all(Entry)] for plan in catalogue.plans}
    assert entries == {"first": ["e-old-check"], "second": ["e-new-food", "e-new-rate"]}


def test_groups_lie_in_one_another(plans: BuiltSite) -> None:
    catalogue = plans.catalogue
    tree = {node.group.id: (node.depth, node.number, len(node.tasks)) for node in catalogue.group_nodes.values()}
    assert tree == {
        "line": (0, 1, 2),
        "oversight": (0, 2, 3),
        "production": (1, 1, 2),
        "food": (2, 1, 1),
        "goods": (2, 2, 1),
        "trade": (1, 2, 1),
        "services": (0, 3, 1),
    }
    first = catalogue.get(Task, "q2-1")
    assert [node.group.id for node in catalogue.groups_of(first)] == ["oversight", "production", "food"]
    assert catalogue.groups_of(catalogue.get(Task, "q2-5")) == ()
    progress = Progress(catalogue, DAY)
    assert progress.group(catalogue.get(Group, "oversight")).total == 5
    assert progress.group(catalogue.get(Group, "production")).reported == 2


def test_nothing_of_a_replaced_plan_is_late_or_to_come(data: Path) -> None:
    targets = data / "targets.yml"
    edit(targets, "  value: 95\n", "  value: 95\n  due: 2030-01-31\n")
    edit(targets, "  value: 90\n", "  value: 90\n  due: 2030-01-31\n")
    ledger = data / "ledger/2030.yml"
    old = "- id: e-old-rate\n  date: 2030-01-20\n  target: pass-rate\n  body: quality\n  value: 80\n  unit: percent\n"
    old += "  source: {zh: 县质量局, en: Bureau}\n  approved: {role: head, date: 2030-01-20}\n"
    ledger.write_text(ledger.read_text("utf-8") + old, "utf-8")
    catalogue = catalogue_of(data)
    progress = Progress(catalogue, DAY)
    found = {target.id: progress.target(target).outcome for target in catalogue.all(Target)}
    assert found == {"pass-rate": "not-met", "goods-rate": "late"}
    assert progress.measure("01/pass-rate").state == "under-way"
    assert progress.measure("q2-2/rate").state == "late"
    due = {item.name for item in CalendarItems(catalogue, DAY).all if isinstance(item.subject, Due)}
    assert due == {"target-goods-rate", "phase-prepare"}


# --- Pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_shows_the_current_plan_and_leads_to_the_others(plans: BuiltSite, language: str) -> None:
    home = plans.edition(language)[""]
    said = text(home)
    name = plans.catalogue.plan.name.show("zh" if language == "zh" else "en")
    assert "".join(name.split()) in said
    counts = {
        "zh": "5项任务（其中4项分属2个方面），分为7项举措",
        "en": "The5tasks,4ofthemin2groups,aredividedinto7measures",
    }[language]
    assert counts in said
    assert {"zh": "7项举措，2项有进展报送", "en": "7measures,2reportedon"}[language] in said
    links = {address for _, address in home.references}
    assert any(address.endswith("plans/") for address in links)
    assert not any(address.endswith("tasks/01/") for address in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_says_of_which_plan(plans: BuiltSite, language: str) -> None:
    edition = plans.edition(language)
    tasks = edition["tasks/"]
    new = {"zh": "方案列出5项任务，其中4项分属2个方面。", "en": "Theplansetsout5tasks,4ofthemin2groups."}[language]
    assert new in part(tasks, "second")
    old = {"zh": "方案列出1个方面2项任务。", "en": "Theplansetsout2tasksinonegroup."}[language]
    assert old in part(tasks, "first")
    reported = {"zh": "7项举措中，2项有进展报送", "en": "reportshavebeenpublishedon2of7measures"}[language]
    assert reported in part(edition["progress/"], "second")
    reported = {"zh": "4项举措中，1项有进展报送", "en": "reportshavebeenpublishedon1of4measures"}[language]
    assert reported in part(edition["progress/"], "first")
    for address in ("targets/", "timeline/", "matrix/", "bodies/quality/"):
        page = edition[address]
        assert {"plan--first", "plan--second"} <= page.ids.keys(), address
    assert "plan--first" not in edition["safeguards/"].ids
    measures = text(edition["measures/"])
    counts = [{"zh": f"各项任务的举措共{n}项", "en": f"All{n}measures"}[language] for n in (7, 4)]
    assert [count for count in counts if count not in measures] == []
    # What a replaced plan gives as the time of a phase is no statement on today.
    running = {"zh": "正在进行", "en": "Underway"}[language]
    assert running in part(edition["timeline/"], "second")
    assert running not in part(edition["timeline/"], "first")
    bodies = {"zh": "3项任务", "en": "3tasks"}[language]
    assert text(edition["bodies/"]).count(bodies) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_plans_have_pages(plans: BuiltSite, language: str) -> None:
    edition = plans.edition(language)
    listed = text(edition["plans/"])
    counts = {
        "zh": ["任务5项，举措7项，量化目标1项", "任务2项，举措4项，量化目标1项"],
        "en": ["Tasks:5;measures:7;targets:1.", "Tasks:2;measures:4;targets:1."],
    }[language]
    assert listed.index(counts[0]) < listed.index(counts[1])
    first, second = edition["plans/first/"], edition["plans/second/"]
    assert counts[1] in text(first) and counts[0] in text(second)
    assert {"zh": "已被替代", "en": "Replaced"}[language] in text(first)
    assert any(address.endswith("plans/second/") for _, address in first.references)
    assert {"zh": "诚信为本，质量为先。", "en": "Honestyatheart,qualityfirst."}[language] in text(first)
    levels = [element.tag.rpartition("}")[2] for element in second.all("h3", "h4", "h5")][:6]
    assert levels == ["h3", "h4", "h5", "h5", "h4", "h3"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_task_says_its_plan_its_groups_and_its_number(plans: BuiltSite, language: str) -> None:
    edition = plans.edition(language)
    said = text(edition["tasks/q2-1/"])
    assert {
        "zh": "任务1·质量提升行动方案·监管·生产领域·食品",
        "en": "Task1·QualityImprovementActionPlan·Oversight·Production·Food",
    }[language] in said
    old = {
        "zh": "任务1·质量工作方案（2030年）已被替代·守住底线",
        "en": "Task1·QualityWorkPlan(2030)Replaced·Holdtheline",
    }
    assert old[language] in text(edition["tasks/01/"])
    # The last task of one plan does not lead to the first of the other.
    nav = [address for _, address in edition["tasks/02/"].references if address.endswith("/q2-1/")]
    assert nav == []


def test_headings_of_nested_groups_are_nested(plans: BuiltSite) -> None:
    ids = plans.edition("zh")["tasks/"].ids
    levels = {name: ids[name].tag.rpartition("}")[2] for name in ("plan--second", "oversight", "production", "food")}
    assert levels == {"plan--second": "h2", "oversight": "h3", "production": "h4", "food": "h5"}


def test_measures_are_filtered_by_plan_and_by_each_group_around_them(plans: BuiltSite) -> None:
    page = plans.edition("zh")["measures/"]
    rows = {element.get("data-plan"): 0 for element in page.all("section") if element.get("data-plan")}
    assert rows.keys() == {"first", "second"}
    groups = [element.get("data-group") for element in page.all("section") if element.get("data-group")]
    assert "oversight production food" in groups
    options = [element.get("value") for element in page.all("option")]
    assert [name for name in ("second", "oversight", "production", "food") if name not in options] == []


def test_every_link_has_a_target(plans: BuiltSite) -> None:
    assert plans.broken_links == []
    for page in plans.html.values():
        ids = re.findall(r'\sid="([^"]+)"', page.source)
        assert len(ids) == len(set(ids)), page.name


# --- API, tables, search


def test_interfaces_say_of_which_plan(plans: BuiltSite) -> None:
    status = json.loads((plans.folder / "api/v1/status.json").read_text("utf-8"))
    assert status["plan"] == "second"
    assert {name: (found["state"], found["tally"]["total"]) for name, found in status["plans"].items()} == {
        "second": ("current", 7),
        "first": ("replaced", 4),
    }
    assert status["tasks_together"]["total"] == 7
    assert status["bodies"]["quality"]["total"] == 5
    assert status["groups"]["oversight"]["total"] == 5
    task = json.loads((plans.folder / "api/v1/task/q2-1.json").read_text("utf-8"))["item"]["record"]
    assert (task["plan"], task["group"], task["number"]) == ("second", "food", "1")
    old = json.loads((plans.folder / "api/v1/task/01.json").read_text("utf-8"))["item"]
    assert (old["record"]["plan"], old["pages"]["zh"]) == ("first", "https://quality.example/tasks/01/")
    target = json.loads((plans.folder / "api/v1/target/goods-rate.json").read_text("utf-8"))["item"]
    assert target["derived"]["plan"] == "second"
    group = json.loads((plans.folder / "api/v1/group/food.json").read_text("utf-8"))["item"]["record"]
    assert (group["parent"], group["plan"]) == ("production", "second")
    plan = json.loads((plans.folder / "api/v1/plan/first.json").read_text("utf-8"))["item"]["record"]
    assert (plan["state"], plan["replaced_by"]) == ("replaced", "second")


def test_tables_say_of_which_plan(plans: BuiltSite) -> None:
    found = {}
    for name in ("task", "group", "plan"):
        with (plans.folder / f"downloads/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[name] = {row["id"]: row for row in csv.DictReader(file)}
    assert {name: row["plan"] for name, row in found["task"].items() if name in ("01", "q2-5")} == {
        "01": "first",
        "q2-5": "second",
    }
    assert found["group"]["food"]["parent"] == "production"
    assert found["plan"]["first"]["state"] == "replaced"


@pytest.mark.parametrize(("root", "name"), [("", "质量提升行动方案"), ("en/", "Quality Improvement Action Plan")])
def test_plans_are_found(plans: BuiltSite, root: str, name: str) -> None:
    index = json.loads((plans.folder / root / "search/search_index.json").read_text("utf-8"))
    found = {entry["location"]: entry for entry in search_entries(index)}
    assert found["plans/second/"]["title"] == name
    assert name in found["tasks/q2-1/"]["text"]


# --- Messages


#: What else an edit needs, so that nothing but what is tested is wrong.
NO_SERVICES: list[Edit] = [("tasks/q2-4.yml", "group: services", "group: line")]


def plans_yml(old: str, new: str) -> list[Edit]:
    return [("plans.yml", old, new)]


BROKEN = [
    Broken("none-current", plans_yml("state: current", "state: ended")),
    Broken("two-current", plans_yml("state: replaced\n  replaced_by: second", "state: current")),
    Broken("sample-is-current", plans_yml("- id: second\n", "- id: second\n  sample: true\n")),
    Broken("replaced-by-nothing", plans_yml("  replaced_by: second\n", "")),
    Broken("replaced-by-unknown", plans_yml("replaced_by: second", "replaced_by: secnd")),
    Broken("replaced-by-itself", plans_yml("replaced_by: second", "replaced_by: first")),
    Broken("plan-not-clear", [("plans.yml", "document: plan-2030-9", "document: plan-2030-1")]),
    Broken("unknown-plan", [("tasks/q2-5.yml", "clause:", "plan: secnd\nclause:")]),
    Broken("groups-in-a-circle", [("groups.yml", "- id: oversight\n", "- id: oversight\n  parent: food\n")]),
    Broken("group-of-another-plan", [("tasks/01.yml", "group: line", "group: food")]),
    Broken("parent-of-another-plan", [("groups.yml", "- id: services\n", "- id: services\n  parent: line\n")]),
    Broken("document-and-plans", [("site.yml", "address:", "document: plan-2030-9\naddress:")]),
    Broken("neither-document-nor-plans", [("plans.yml", None, None)]),
    Broken("id-of-another-plan", [("groups.yml", "- id: services\n", "- id: line\n"), *NO_SERVICES]),
]
MESSAGES = Recorded("plans", (broken.name for broken in BROKEN))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_wrong_plans_are_reported_to_the_letter(broken: Broken, data: Path) -> None:
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_a_site_without_plans_needs_a_document(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "site.yml", "document: plan-2030-1\n", "")
    lines = errors_of(data)
    assert len(lines) == 1 and "write “document” with its id" in lines[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("phases.yml", "end: 2030-06-30", "end: 2033-06-30", "不在方案“second”的期间"),
        ("ledger/2030.yml", "date: 2030-01-15", "date: 2029-12-15", "不在方案“first”的期间"),
        ("tasks/q2-5.yml", "clause:", "plan: first\nclause:", "条款在方案“second”的文件里"),
        ("plans.yml", "replaced_by: second", "replaced_by: third", "替代它的方案“third”已经结束"),
    ],
)
def test_doubts_are_warnings(data: Path, file: str, old: str, new: str, word: str) -> None:
    if "third" in new:
        third = "- {id: third, name: {zh: 三, en: Third}, document: plan-2030-9, state: ended}\n"
        (data / "plans.yml").write_text((data / "plans.yml").read_text("utf-8") + third, "utf-8")
    edit(data / file, old, new)
    assert len([line for line in warnings_of(data) if word in line]) == 1


def test_plan_reads_as_declared(plans: BuiltSite) -> None:
    catalogue: Catalogue = plans.catalogue
    first = catalogue.get(Plan, "first")
    assert first.slogan is not None and first.slogan.quote.zh.startswith("诚信为本")
    assert catalogue.slogan is None
    assert catalogue.document.id == "plan-2030-9"
