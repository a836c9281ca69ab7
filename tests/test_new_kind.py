"""The tutorial `docs/dev/new-kind.md` does what it says: its blocks alone add a kind of record."""

import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest
from support import AS_OF, ROOT, HtmlPage, build, copy_project, edit, edit_all, run, search_entries, words

TUTORIAL = ROOT / "docs/dev/new-kind.md"
_BLOCK = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.M | re.S)
RECORD = "trainings/standards-for-firms/"


@cache
def blocks() -> tuple[tuple[str, str, str], ...]:
    """(language, file, content) of each block of the tutorial that has a title."""
    return tuple(match.groups() for match in _BLOCK.finditer(TUTORIAL.read_text("utf-8")))  # type: ignore[misc]


def apply(project: Path) -> set[str]:
    """Write what the tutorial says into ``project``; return the files that it touches."""
    touched = set()
    for language, file, content in blocks():
        if language == "text":
            continue
        touched.add(file)
        if language == "diff":
            lines = content.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] == " ")
            edit(project / file, old, "".join(line[1:] for line in lines))
        else:
            assert not (project / file).exists(), file
            (project / file).write_text(content, encoding="utf-8")
    return touched


def check(project: Path) -> tuple[int, str]:
    """Return the exit code of ``haopin check`` in ``project``, and what it prints."""
    done = run("-m", "haopin", "check", "--as-of", AS_OF, cwd=project)
    return done.returncode, done.stdout + done.stderr


#: The example is approved by hand, without the fingerprint that `haopin approve` writes.
UNPROVEN = "haopin approve --again"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented county with the kind of the tutorial, and its site."""
    found = copy_project(tmp_path_factory.mktemp("new-kind") / "project")
    apply(found)
    build(found / "site", cwd=found)
    return found


def page(project: Path, address: str) -> HtmlPage:
    return HtmlPage(address, (project / "site" / address / "index.html").read_text("utf-8"))


def test_three_files_are_touched() -> None:
    files = {file for language, file, _ in blocks() if language != "text"}
    assert files - {"data/trainings.yml"} == {
        "hooks/haopin/model/training.py",
        "hooks/haopin/model/__init__.py",
        "hooks/haopin/templates/training.html",
    }


def test_check_finds_nothing(project: Path) -> None:
    code, said = check(project)
    assert code == 0, said
    assert [line for line in said.splitlines() if "trainings.yml" in line and UNPROVEN not in line] == []


@pytest.mark.parametrize(
    ("up", "title", "kicker", "lead", "activity"),
    [
        ("", "企业标准化培训", "培训班", "面向企业和市民的质量培训。", "属于活动"),
        ("en/", "Standards for firms", "Training", "Courses on quality for firms and citizens.", "Part of"),
    ],
)
def test_pages(project: Path, up: str, title: str, kicker: str, lead: str, activity: str) -> None:
    listed = page(project, f"{up}trainings/")
    assert words(listed.one("p", cls="hp-lead")) == lead
    assert words(listed.one("strong")) == title or title in [words(e) for e in listed.all("strong")]
    own = page(project, f"{up}{RECORD}")
    assert words(own.one("h1")) == title
    assert words(own.one("p", cls="hp-kicker")) == kicker
    body = own.one("dl", cls="hp-facts")
    assert "40" in words(body) and body.find(".//a") is not None
    assert "https://enroll.example/" in [a.get("href") for a in own.all("a")]
    assert [words(cell) for cell in own.all("td")] == ["4", "3"]
    assert words(own.one("blockquote", cls="hp-quote")) == "办好质量日活动。"
    assert any(a.get("href", "").endswith("documents/plan-2030-1/#task-02") for a in own.all("a"))
    menu = [a.get("href", "") for a in page(project, f"{up}activities/").all("a")]
    assert any(address.endswith("trainings/") for address in menu)


def test_page_says_what_it_is_to_machines(project: Path) -> None:
    source = (project / "site" / RECORD / "index.html").read_text("utf-8")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', source, re.S)
    assert found is not None
    thing = json.loads(found[1])["@graph"][-1]
    assert (thing["@type"], thing["startDate"], thing["endDate"]) == ("Event", "2030-03-05", "2030-03-06")


def test_search(project: Path) -> None:
    for up, title in (("", "企业标准化培训"), ("en/", "Standards for firms")):
        (file,) = (project / "site" / up / "search").glob("*.json")
        index = json.loads(file.read_text("utf-8"))
        assert title in [e["title"] for e in search_entries(index) if e["location"] == RECORD]
        (group,) = [group for address, group, *_ in index["docs"] if address == RECORD]
        (events,) = {group for address, group, *_ in index["docs"] if address.startswith("activities/q")}
        assert group == events


def test_api_and_tables(project: Path) -> None:
    site = project / "site"
    item = json.loads((site / "api/v1/training/standards-for-firms.json").read_text("utf-8"))["item"]
    assert item["record"]["period"] == {"start": "2030-03-05", "end": "2030-03-06"}
    assert "approved" not in item["record"]
    assert json.loads((site / "api/v1/schema/training.json").read_text("utf-8"))["$defs"]["Item"]
    with (site / "downloads/training.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if "standards-for-firms" in row]
    assert len(rows) == 1 and "quality" in rows[0]
    assert (site / "downloads/training.xlsx").is_file()
    with (site / "downloads/training-lessons.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["hours"] for row in csv.DictReader(file)] == ["4", "3"]


def test_calendars_and_feeds(project: Path) -> None:
    site = project / "site"
    for path in ("calendar/all.ics", "calendar/bodies/quality.ics", "calendar/trainings/standards-for-firms.ics"):
        text = (site / path).read_bytes().replace(b"\r\n ", b"").decode()
        assert "UID:training-standards-for-firms@" in text, path
        assert "DTSTART;VALUE=DATE:20300305" in text and "DTEND;VALUE=DATE:20300307" in text, path
    for path in ("feeds/all.xml", "feeds/activities.xml", "feeds/training.xml", "en/feeds/training.xml"):
        assert "trainings/standards-for-firms/" in (site / path).read_text("utf-8"), path


def test_mistakes_are_reported_with_place_and_guess(project: Path, tmp_path: Path) -> None:
    told = next(content for language, _, content in blocks() if language == "text").splitlines()
    spoilt = copy_project(tmp_path / "spoilt")
    apply(spoilt)
    data = spoilt / "data/trainings.yml"
    edit(data, "body: quality", "body: qualty")
    edit_all(data, "end: 2030-03-06", "end: 2030-03-01")
    edit_all(data, "质量日活动", "质量月活动")
    code, said = check(spoilt)
    assert code == 1
    assert [line for line in said.splitlines() if "trainings.yml" in line and UNPROVEN not in line] == told


def test_mistake_in_the_template_is_reported_with_its_line(tmp_path: Path) -> None:
    spoilt = copy_project(tmp_path / "spoilt")
    apply(spoilt)
    edit(spoilt / "hooks/haopin/templates/training.html", "number(lesson.hours)", "count(lesson.hours)")
    done = run("-m", "haopin", "build", "--as-of", AS_OF, cwd=spoilt)
    assert done.returncode == 1
    template = (spoilt / "hooks/haopin/templates/training.html").read_text("utf-8")
    line = template[: template.index("count(")].count("\n") + 1
    assert f"training.html:{line}: UndefinedError: 'count' is undefined" in done.stdout + done.stderr


def test_office_asks_for_it(project: Path) -> None:
    done = run("-m", "haopin", "new", "培训班", "--set", "body=?", cwd=project)
    assert done.returncode != 0
    assert "quality" in done.stdout + done.stderr
