"""The site with nothing but what is obligatory, with five hundred records of a kind, and with very long words."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from haopin.model import FIXED_PAGES
from haopin.site.pages import LISTINGS
from haopin.text import LANGUAGES
from playwright.sync_api import Browser
from support import AS_OF, ROOT, BuiltSite, build, copy_county, copy_full_county, search_entries, serving

MANY = 500
#: Widths of screens, by whether they are those of phones.
WIDTHS = {True: (320, 390), False: (1440,)}
#: A page that a phone on a slow line still gets in a few seconds, compressed to a twentieth.
LIMIT = 1_500_000
LONG_ZH = "落实质量责任加强监督检查并向社会公布结果" * 4
LONG_EN = "and everything else that belongs to the supervision of quality in every township of the county " * 2
UNBREAKABLE = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunter"
#: The views that a written page can ask for.
VIEWS = sorted(file.stem for file in (ROOT / "hooks/haopin/templates/views").glob("*.html"))


def read(file: Path) -> Any:
    """Return what ``file`` holds, every plain value as text."""
    return yaml.load(file.read_text("utf-8"), yaml.BaseLoader)


def write(file: Path, value: object) -> None:
    """Write ``value``: JSON is YAML as well."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")


def ask_for_every_view(project: Path) -> None:
    """Let a written page hold every view, and link to no record."""
    for language in LANGUAGES:
        text = "\n\n".join(["# About", *(f"[[{view}]]" for view in VIEWS)])
        (project / f"docs/{language}/about.md").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def built(project: Path) -> BuiltSite:
    return BuiltSite(build(project / "site", config=project / "mkdocs.yml", as_of=AS_OF), project / "data")


# The three extremes


def make_bare(project: Path) -> None:
    """Leave the site and its one document, which has the slogan."""
    data = copy_county(project) / "data"
    for path in data.iterdir():
        if path.name not in ("site.yml", "documents"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    file = data / "documents/plan-2030-1.yml"
    document = read(file)
    clauses = [clause for clause in document["clauses"] if clause["id"] == "slogan"]
    (data / "documents" / document["source_file"]).unlink()
    write(file, {"id": document["id"], "title": document["title"], "clauses": clauses})
    # It links to sections that have no records now.
    for page in project.glob("docs/*/authoring.md"):
        page.unlink()
    ask_for_every_view(project)


def make_crowded(project: Path) -> None:
    """Add ``MANY`` tasks, bodies, activities, documents and terms."""
    data = copy_full_county(project) / "data"
    plan = data / "documents/plan-2030-1.yml"
    document, bodies, terms = read(plan), read(data / "bodies.yml"), read(data / "glossary.yml")
    (data / "documents" / document.pop("source_file")).unlink()
    for number in range(MANY):
        key = f"x{number:03d}"
        clause = {"document": document["id"], "id": key}
        document["clauses"].append(
            {
                "id": key,
                "level": "item",
                "zh": f"{number}.任务{key}。办好活动{key},推广术语{key}。(单位{key}、县质量局按职责分工负责)",
                "en": f"{number}. Task {key}. Hold event {key}, spread term {key}. (Body {key}; County Quality Bureau)",
            }
        )
        bodies.append({"id": key, "name": {"zh": f"单位{key}", "en": f"Body {key}"}, "level": "county"})
        write(data / f"tasks/{key}.yml", many_task(key, clause))
        write(data / f"activities/{key}.yml", many_activity(key, clause, number))
        title = {"zh": f"关于{key}的通知", "en": f"Notice on {key}"}
        write(data / f"documents/{key}.yml", {"id": key, "title": title, "issuer": bodies[-1]["name"]})
        definition = {"zh": f"第{number}个术语的释义。", "en": f"What term number {number} means."}
        term = {"zh": f"术语{key}", "en": f"term {key}"}
        terms.append({"id": key, "term": term, "kind": "term", "definition": definition})
    write(plan, document)
    write(data / "bodies.yml", bodies)
    write(data / "glossary.yml", terms)
    add_many_publications(data)


#: What every published record has.
PUBLISHED = {"date": "2029-12-01", "source": "来源", "approved": {"role": "head", "date": "2029-12-02"}}


def add_many_publications(data: Path) -> None:
    """Add ``MANY`` reports, news, events and violations, and a batch of ten times as many rows."""
    numbers = range(MANY)
    shared: dict[str, object] = {**PUBLISHED, "body": "quality"}
    reports = [
        {**shared, "id": f"many-{n}", "measure": f"x{n:03d}/hold", "state": "done", "text": f"第{n}次报送"}
        for n in numbers
    ]
    write(data / "ledger/many.yml", reports)
    violations = read(data / "violations.yml")
    for n in numbers:
        violation = {"party": f"第{n}厂", "number": f"第{n}号", "breach": "违法", "penalty": "警告"}
        violations.append({**shared, "id": f"many-{n}", **violation})
        write(data / f"events/many-{n}.yml", {**shared, "id": f"many-{n}", "title": f"活动{n}", "start": "2030-05-01"})
        head = json.dumps({**shared, "title": f"新闻{n}"}, ensure_ascii=False)
        (data / f"news/many-{n}.zh.md").write_text(f"---\n{head}\n---\n\n第{n}条。\n", encoding="utf-8")
    write(data / "violations.yml", violations)
    write(data / "batches/many.yml", {**shared, "id": "many", "title": "五千批次"})
    rows = [f"产品{n},第{n}厂,M-{n},标准{n},{'不合格,铅' if n % 50 == 0 else '合格,'},\n" for n in range(10 * MANY)]
    head = "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理\n"
    (data / "batches/many.csv").write_text(head + "".join(rows), encoding="utf-8")


def many_task(key: str, clause: object) -> object:
    first = {"zh": f"办好活动{key}", "en": f"Hold event {key}"}
    second = {"zh": f"推广术语{key}", "en": f"spread term {key}"}
    shared = {"zh": f"单位{key}、县质量局按职责分工负责", "en": f"Body {key}; County Quality Bureau"}
    return {
        "id": key,
        "group": "line",
        "clause": clause,
        "title": {"zh": f"任务{key}", "en": f"Task {key}"},
        "responsible": {"quote": shared, "bodies": [key, "quality"]},
        "measures": [
            {"id": "hold", "title": first, "quote": first},
            {"id": "spread", "title": second, "quote": second},
        ],
    }


def many_activity(key: str, clause: object, number: int) -> object:
    name = {"zh": f"活动{key}", "en": f"event {key}"}
    activity: dict[str, object] = {
        "id": key,
        "kind": ("day", "month", "campaign")[number % 3],
        "name": name,
        "as_written": {"clause": clause, "quote": name},
    }
    if number % 3 == 0:
        activity["recurrence"] = {"month": number % 12 + 1, "day": number % 28 + 1}
    elif number % 3 == 1:
        activity["recurrence"] = {"month": number % 12 + 1}
    return activity


#: Files of records that have the heading of their clause for a title.
HEADED = ("groups.yml", "phases.yml", "safeguards.yml", "sections.yml")


def make_wordy(project: Path) -> None:
    """Give every record a name of more than 80 Chinese characters, or 200 letters with a word that cannot be broken."""
    data = copy_full_county(project) / "data"
    plan = data / "documents/plan-2030-1.yml"
    document = read(plan)
    (data / "documents" / document.pop("source_file")).unlink()
    clauses = {clause["id"]: clause for clause in document["clauses"]}
    for file in sorted(data.rglob("*.yml")):
        if file in (plan, data / "site.yml"):
            continue
        value = read(file)
        for record in value if isinstance(value, list) else [value]:
            if file.name in HEADED or file.parent.name == "tasks":
                # The clause must go on holding its heading.
                clause, heading = clauses[record["clause"]["id"]], record["title"]["zh"]
                clause["zh"] = clause["zh"].replace(heading, heading + LONG_ZH, 1)
            for part in (record, *record.get("measures", ()), *record.get("requirements", ())):
                lengthen(part)
        write(file, value)
    lengthen(document)
    write(plan, document)


def lengthen(part: dict[str, Any]) -> None:
    """Make every name in ``part`` long."""
    for field in ("title", "short_title", "name", "term", "holder", "party", "product", "maker", "venue", "scheme"):
        if field in part:
            # Texts of the office may be in one language, or a plain line.
            words = part[field] if isinstance(part[field], dict) else {"zh": part[field]}
            zh, en = words.get("zh", ""), words.get("en", "")
            part[field] = {"zh": zh + LONG_ZH, "en": f"{en} {LONG_EN}{UNBREAKABLE}"}


EXTREMES: dict[str, Callable[[Path], None]] = {"bare": make_bare, "crowded": make_crowded, "wordy": make_wordy}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], BuiltSite]:
    """Build an extreme by its name, each once."""

    @cache
    def make(name: str) -> BuiltSite:
        project = tmp_path_factory.mktemp(name) / "project"
        EXTREMES[name](project)
        return built(project)

    return make


# Thousands of records take minutes to build and to look at.
@pytest.fixture(
    scope="module", params=["bare", *(pytest.param(name, marks=pytest.mark.sweep) for name in ("crowded", "wordy"))]
)
def extreme(request: pytest.FixtureRequest, made: Callable[[str], BuiltSite]) -> BuiltSite:
    """Each extreme in turn, built as the office builds it: that alone proves that strict validation passes."""
    return made(request.param)


@pytest.fixture(scope="module")
def bare(made: Callable[[str], BuiltSite]) -> BuiltSite:
    """The site with the obligatory records alone."""
    return made("bare")


# Thousands of pages full of links; those of the real and the invented county are judged by `make test`.
@pytest.mark.sweep
def test_no_link_is_broken(extreme: BuiltSite) -> None:
    assert extreme.broken_links == []


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_every_kind_of_page_fits_the_screen(browser: Browser, extreme: BuiltSite, phone: bool) -> None:
    context = browser.new_context(is_mobile=phone)
    page = context.new_page()
    wide = []
    with serving(extreme.folder) as home:
        for language in LANGUAGES:
            for address in extreme.each_kind:
                for width in WIDTHS[phone]:
                    page.set_viewport_size({"width": width, "height": 800})
                    if width == WIDTHS[phone][0]:
                        page.goto(f"{home}/{'en/' if language == 'en' else ''}{address}")
                        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
                    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    if over:
                        wide.append(f"{language} {address} at {width} px: {over} px")
    context.close()
    assert wide == []


def test_pages_with_five_hundred_records_stay_light(extreme: BuiltSite) -> None:
    heavy = {page.name: len(page.source.encode()) for page in extreme.html.values()}
    assert {name: size for name, size in heavy.items() if size > LIMIT} == {}


def test_a_section_without_records_is_nowhere(bare: BuiltSite) -> None:
    # The feeds wait for what is to come, and a page offers them.
    present = {"documents", "subscribe", "data"}
    assert {listing.folder for listing in LISTINGS} > present
    absent = {listing.folder for listing in LISTINGS} - present
    for language in LANGUAGES:
        edition = bare.edition(language)
        assert {address.partition("/")[0] for address in edition} == {"", "about", "accessibility", "privacy"} | {
            *present,
            *FIXED_PAGES,
        }
        prefix = "en/" if language == "en" else ""
        index = json.loads((bare.folder / prefix / "search/search_index.json").read_text("utf-8"))
        assert {entry["location"].partition("/")[0] for entry in search_entries(index)} & absent == set()
        listed = ElementTree.fromstring((bare.folder / prefix / "sitemap.xml").read_bytes())
        assert {
            url[0].text.removeprefix(bare.url + prefix).partition("/")[0] for url in listed if url[0].text
        } & absent == set()
        for page in edition.values():
            links = [bare.target(page, link.get("href", "")) for link in page.all("a")]
            assert {target[0].removeprefix(prefix).partition("/")[0] for target in links if target} & absent == set()
            # A menu of two entries, and a second row where a section has two pages.
            assert len(page.one("nav", cls="hp-menu").findall(".//a")) == 2
            rows = [row.findall(".//a") for row in page.all("nav", cls="hp-local")]
            two = page.address.removeprefix(prefix).partition("/")[0] in ("documents", "data")
            assert [len(row) for row in rows] == ([2] if two else [])
