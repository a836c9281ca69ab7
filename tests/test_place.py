"""Any place, any plan: a site says only what its data gives, of whatever kind of place, with whatever is left out."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from haopin.html.i18n import Labels, local_labels, site_labels
from support import AS_OF, ROOT, BuiltSite, build, copy_full_county, errors_of, run, words
from test_languages import chinese_county

# --- A place of another kind

#: What a file of a site may say in words; the rest is drawn, or the look of the site.
SPOKEN = {".html", ".xml", ".json", ".jsonld", ".csv", ".ics", ".txt", ".webmanifest", ".xlsx"}
#: Names for machines, and choices that the data may make: each stays whatever the place is.
STAY = (
    # The style sheet with the colors, and the class of the line with the place.
    "county.css",
    "hp-hero-county",
    # The kinds of places that site.yml may name, in the schema of the site.
    '"county", "county-level-city"',
    '"county","county-level-city"',
    # The older name of a field of API v1.
    '"county":',
    '"place","county"',
    '"identity","county"]',
)
KINDS = {
    "district": ("区", "district", "示范区", "Demonstration district", "District body"),
    "province": ("省", "province", "示范省", "Demonstration province", "Provincial body"),
}


def place_of(kind: str, target: Path) -> Path:
    """Copy the county with records of every kind as a place of another ``kind``: no word of its data says county."""
    zh, en = KINDS[kind][:2]
    project = copy_full_county(target)
    for file in [*(project / "data").rglob("*"), *(project / "docs").rglob("*")]:
        if file.is_file() and file.suffix in (".yml", ".md", ".csv", ".txt"):
            text = file.read_text(encoding="utf-8").replace("level: county", "level: own")
            text = text.replace("县", zh).replace("county", en).replace("County", en.capitalize())
            file.write_text(text, encoding="utf-8", newline="")
    site = project / "data/site.yml"
    site.write_text(f"{site.read_text(encoding='utf-8')}place_kind: {kind}\n", encoding="utf-8")
    return project


@pytest.fixture(scope="module", params=sorted(KINDS))
def other_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, BuiltSite]:
    """A district and a province."""
    project = place_of(request.param, tmp_path_factory.mktemp(request.param) / "project")
    return request.param, BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")


def text_of(file: Path) -> str:
    """Return the words of a file of a site."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    text = file.read_text("utf-8-sig")
    return re.sub("\r?\n[ \t]", "", text) if file.suffix == ".ics" else text


def of_a_county(text: str) -> list[str]:
    for name in STAY:
        text = text.replace(name, "")
    return [text[max(0, m.start() - 30) : m.end() + 30] for m in re.finditer("县|[Cc]ount(?:y|ies)\\b", text)]


@pytest.mark.sweep
def test_a_site_of_another_place_does_not_mention_a_county(other_place: tuple[str, BuiltSite]) -> None:
    kind, site = other_place
    read = [name for name in sorted(site.files) if Path(name).suffix in SPOKEN]
    assert {Path(name).suffix for name in read} >= SPOKEN - {".webmanifest"}
    assert [(name, found) for name in read if (found := of_a_county(text_of(site.folder / name)))] == []
    _, _, zh, en, body = KINDS[kind]
    assert zh in words(site.pages["honours/demonstrations/"].root)
    assert en in words(site.pages["en/honours/demonstrations/"].root)
    assert body in words(site.pages["en/bodies/quality/"].root)
    assert site.broken_links == []


def test_a_county_is_found_by_that_test(full_county: BuiltSite) -> None:
    found = [
        name
        for name in full_county.files
        if Path(name).suffix in SPOKEN and of_a_county(text_of(full_county.folder / name))
    ]
    assert len(found) > 200


@pytest.mark.parametrize("command", [("check",), ("status", "--as-of", AS_OF)])
def test_commands_say_nothing_of_a_county(tmp_path: Path, command: tuple[str, ...]) -> None:
    project = place_of("district", tmp_path / "project")
    done = run("-m", "haopin", *command, "-f", project / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout) > 100
    assert of_a_county(done.stdout + done.stderr) == []


# --- A plan that has little


def spoil(file: Path, change: Callable[[Any], Any]) -> None:
    value = change(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))
    file.write_text(yaml.dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")


def without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda value: {name: given for name, given in value.items() if name not in names}


def bare_county(target: Path) -> Path:
    """Copy the county with only what every plan has: no phases, groups, slogan, hotline, issuer, levels, English."""
    project = chinese_county(target, alone=False)
    data = project / "data"
    optional = ("slogan", "slogan_clause", "issuing_body", "hotlines", "owner", "contacts", "identifiers", "region")
    spoil(data / "site.yml", without(*optional, "introduction", "introduction_title", "subject"))
    for file in (data / "tasks").glob("*.yml"):
        spoil(file, without("group"))
    for file in (data / "documents").glob("*.yml"):
        spoil(file, without("issuer"))
    spoil(data / "bodies.yml", lambda bodies: [without("level")(body) for body in bodies])
    phases = {phase["id"] for phase in yaml.load((data / "phases.yml").read_text("utf-8"), yaml.BaseLoader)}

    def of_no_phase(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [r for r in records if str(r.get("measure", "")).partition("/")[0] not in phases]

    for file in [*(data / "ledger").glob("*.yml"), data / "assignments.yml"]:
        spoil(file, of_no_phase)
    for name in ("phases.yml", "groups.yml", "mechanisms.yml"):
        (data / name).unlink()
    return project


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The county with only what every plan has."""
    project = bare_county(tmp_path_factory.mktemp("bare") / "project")
    assert errors_of(project / "data") == []
    return BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")


#: Labels that would claim what the plan does not have.
CLAIMS = (
    "page.timeline",
    "home.hotline",
    "home.hotline_lead",
    "home.hotline_call",
    "home.how",
    "participate.call",
    "participate.procedure",
    "page.participate",
    "participate.lead",
    "menu.involvement_about",
    "measure.group",
    "measure.by_group",
    "progress.groups",
    "figure.groups",
    "figure.shares",
    "programme.undated",
    "programme.rule",
    "footer.issuer",
)


@pytest.mark.sweep
def test_missing_data_is_not_claimed(bare: BuiltSite) -> None:
    labels = local_labels(site_labels(ROOT / "hooks/haopin/labels.yml"), bare.catalogue.site)
    wrong = []
    for language in ("zh", "en"):
        said = Labels(labels, language)
        for address, page in bare.edition(language).items():
            # These two say what the data may hold, and the page of a document what is not known of it.
            if address in ("api/", "reference/") or address.startswith("documents/"):
                continue
            text = words(page.one("body"))
            wrong += [(language, address, key) for key in CLAIMS if said(key) in text]
            offer = said("body.hotline", lines="\0").partition("\0")[0]
            wrong += [(language, address, "body.hotline")] if offer in text else []
    assert wrong == []
    # A need may have any id; the one page that says how to complain calls that so.
    assert [a for a, page in bare.pages.items() if "complain" in page.ids and not a.endswith("needs/")] == []
    # A body may have a telephone; a hotline is a button.
    buttons = [e for page in bare.html.values() for e in page.all("a", cls="hp-button")]
    assert [e for e in buttons if e.get("href", "").startswith("tel:")] == []


@pytest.mark.sweep
def test_every_page_of_a_bare_county_is_whole(bare: BuiltSite, node: Callable[[str, bytes], Any]) -> None:
    assert bare.broken_links == []
    assert len(bare.pages) > 120
    headings = ("h1", "h2", "h3", "h4")
    for name, page in bare.html.items():
        assert len(page.all("h1")) == 1, name
        assert all(words(heading) for heading in page.all(*headings)), name
        # A month of the wall calendar without a date stays empty, as its page says.
        for section in set(page.all("section")) - set(page.all(cls="hp-month")):
            own = [words(e) for e in section if e.tag in headings]
            assert words(section) != "".join(own), (name, own)
    told = node("validate.mjs", str(bare.folder).encode())
    assert told["messages"] == []


@pytest.mark.sweep
def test_files_for_machines_name_nobody_who_is_not_known(bare: BuiltSite) -> None:
    home = bare.pages[""]
    assert words(home.one("h1")) == bare.catalogue.site.name.zh
    graph = [
        json.loads("".join(e.itertext()))["@graph"]
        for p in bare.pages.values()
        for e in p.all("script")
        if e.get("type") == "application/ld+json"
    ]
    assert len(graph) > 100
    assert "#owner" not in json.dumps(graph)
    assert "publisher" not in (bare.folder / "data/catalog.jsonld").read_text("utf-8")
    feed = (bare.folder / "feeds/all.xml").read_text("utf-8")
    assert re.findall("<author><name>(.*?)</name>", feed)[:1] == [bare.catalogue.site.name.zh]
    search = (bare.folder / "search/search_index.json").read_text("utf-8")
    assert "tel:" not in search


def test_the_issuer_of_the_plan_is_not_the_publisher_of_the_site(site: BuiltSite) -> None:
    """Only the owner is; the site itself is the author of feeds (RFC 4287 wants one) until the owner is given."""
    own, issuer = site.catalogue.site, site.catalogue.issuer
    assert issuer is not None and issuer != own.owner
    for prefix, language in (("", "zh"), ("en/", "en")):
        publisher = own.owner.show(language) if own.owner else ""
        home = site.pages[prefix]
        facts = [words(e) for e in home.one("footer").iter() if e.tag in ("dt", "dd")]
        terms = dict(zip(facts[::2], facts[1::2], strict=True))
        assert terms[{"zh": "依据文件印发机关", "en": "Plan issued by"}[language]] == issuer.show(language)
        (graph,) = (
            json.loads("".join(e.itertext()))["@graph"] for e in home.all("script") if "ld" in e.get("type", "")
        )
        named = [thing["name"] for thing in graph if thing.get("@id", "").endswith("#owner")]
        assert named == ([publisher] if publisher else [])
        assert any("publisher" in thing for thing in graph) == bool(publisher)
        feed = (site.folder / f"{prefix}feeds/all.xml").read_text("utf-8")
        authors = set(re.findall("<author><name>(.*?)</name>", feed))
        assert authors == {publisher or own.name.show(language)}
    catalog = (site.folder / "data/catalog.jsonld").read_text("utf-8")
    assert ("dct:publisher" in catalog) == (own.owner is not None)


@pytest.mark.sweep
def test_tasks_of_no_group_are_listed(bare: BuiltSite) -> None:
    for page in (bare.pages["tasks/"], bare.pages[""], bare.pages["en/tasks/"]):
        found = {address for _, address in page.references if re.search(r"tasks/\d\d/$", address)}
        assert len(found) == len(list((bare.data / "tasks").glob("*.yml")))


@pytest.mark.sweep
def test_commands_work_for_a_bare_county(bare: BuiltSite, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(bare.data.parent, project, ignore=shutil.ignore_patterns("site"))
    for command in (("check",), ("status", "--as-of", AS_OF)):
        done = run("-m", "haopin", *command, "-f", project / "mkdocs.yml")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.sweep
def test_the_issuer_of_the_document_issued_the_plan(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "project")
    spoil(project / "data/site.yml", without("issuing_body", "owner"))
    site = BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")
    issuer = site.catalogue.document.issuer
    assert issuer is not None
    assert issuer.zh in words(site.pages[""].one("footer"))


@pytest.mark.sweep
def test_a_hotline_that_the_plan_does_not_name(tmp_path: Path) -> None:
    project = copy_full_county(tmp_path / "project")

    def change(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "hotlines": [without("clause")(line) for line in value["hotlines"]]}

    spoil(project / "data/site.yml", change)
    (project / "data/mechanisms.yml").unlink()
    assert errors_of(project / "data") == []
    site = BuiltSite(build(project / "site", config=project / "mkdocs.yml"), project / "data")
    labels = Labels(local_labels(site_labels(ROOT / "hooks/haopin/labels.yml"), site.catalogue.site), "zh")
    home = words(site.pages[""].one("body"))
    assert labels("home.hotline_call") in home and labels("home.hotline_lead") not in home
    assert site.pages["participate/"].all(cls="hp-button--call")
