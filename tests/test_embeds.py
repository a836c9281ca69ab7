"""Cards for other pages: whole small pages in a frame, as an independent reader and a browser see them."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from haopin.exports.embeds import CARDS, HEIGHTS
from haopin.html.i18n import read_labels
from haopin.model import Record
from haopin.model.activity import Activity
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.progress import Progress
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language
from playwright.sync_api import Browser
from support import AS_OF, ROOT, BuiltSite, HtmlPage, build, copy_county, edit, run, search_entries, serving, words
from test_site import CHINESE, pieces

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The invented county that reports; in ``tests/county``, this repository's own."""
    return full_county


def label(key: str, language: Language) -> str:
    found = LABELS[key]
    return found.zh if language == "zh" else str(found.en)


def folder(language: Language) -> str:
    return "en/" if language == "en" else ""


def card(site: BuiltSite, language: Language, name: str) -> HtmlPage:
    return site.cards[f"{folder(language)}embed/{name}/index.html"]


def built_with(project: Path, name: str, value: str) -> BuiltSite:
    """Build ``project`` with the environment variable ``name`` set."""
    site = project / "site"
    command = ("-m", "haopin", "build", "-f", project / "mkdocs.yml", "--as-of", AS_OF, "--site-dir", site)
    done = run(*command, cwd=ROOT, **{name: value})
    assert done.returncode == 0, done.stderr
    return BuiltSite(site, project / "data")


def test_every_task_target_and_activity_has_a_card_in_each_language(site: BuiltSite) -> None:
    models: dict[str, type[Record]] = {"task": Task, "target": Target, "activity": Activity}
    assert {kind.name: kind.model for kind in CARDS} == models
    assert set(site.cards) == {
        f"{folder(language)}embed/{name}/{record.id}/index.html"
        for language in LANGUAGES
        for name, model in models.items()
        for record in site.catalogue.all(model)
    }
    assert len(site.cards) > 10


def test_a_card_says_its_language_title_and_whose_it_is_and_is_left_out_by_search_engines(site: BuiltSite) -> None:
    for name, page in site.cards.items():
        language: Language = "en" if name.startswith("en/") else "zh"
        assert page.one("html").get("lang") == LANGUAGE_TAGS[language]
        heading, own = words(page.one("h1")), site.catalogue.site.name.show(language)
        assert heading
        assert words(page.one("title")) == f"{heading} - {own}"
        assert words(page.one("header")) == own
        assert [e.get("content") for e in page.all("meta") if e.get("name") == "robots"] == ["noindex"]
        assert len(page.all("a")) == 3


def test_links_of_a_card_lead_to_pages_of_its_language_in_a_new_tab(site: BuiltSite) -> None:
    for name, page in site.cards.items():
        english = name.startswith("en/")
        canonical = [e.attrib["href"] for e in page.all("link") if e.get("rel") == "canonical"]
        targets = [site.target(page, link.attrib["href"]) for link in page.all("a")]
        for target in targets:
            assert target is not None
            assert target[0] in site.html and target[0].startswith("en/") == english
            assert not target[1] or target[1] in site.html[target[0]].ids, name
        full = site.target(page, canonical[0])
        assert full is not None and {full[0]} == {target[0] for target in targets[1:] if target}
        assert {(a.get("target"), a.get("rel")) for a in page.all("a")} == {("_blank", "noopener")}
        assert [a for a in page.all("a") if not a.attrib["href"].startswith(site.url)] == []


def test_a_card_has_no_script_no_style_of_its_own_and_asks_nothing_of_others(site: BuiltSite) -> None:
    for name, page in site.cards.items():
        assert page.all("script", "style", "iframe", "form", "object", "embed", "base") == [], name
        assert [e for e in page.elements for a in e.attrib if a == "style" or a.startswith("on")] == [], name
        loaded = [(e, a) for e, a in page.references if e.tag != "a" and e.get("rel") != "canonical"]
        files = [site.target(page, address) for _, address in loaded]
        assert [f[0] for f in files if f] == [f"{site.assets}{own}" for own in ("county.css", "embed.css", "mark.svg")]
        assert all(f and f[0] in site.files for f in files)
    rules = (site.folder / site.assets / "embed.css").read_text("utf-8")
    assert "url(" not in rules and "@import" not in rules


def test_words_of_a_card_are_in_its_language(site: BuiltSite) -> None:
    for name, page in site.cards.items():
        spoken = [text for tag, text in pieces(page.root, "") if tag != "zh-Hans"]
        if name.startswith("en/"):
            assert [text for text in spoken if CHINESE.search(text)] == [], name
        assert not re.search(r"\bNone\b|\{\w*\}|Undefined", page.source), name


def test_cards_are_no_pages_of_the_site(site: BuiltSite) -> None:
    for language in LANGUAGES:
        root = site.folder / folder(language)
        index = json.loads((root / "search/search_index.json").read_text("utf-8"))
        entries = search_entries(index)
        assert entries and not [entry for entry in entries if "embed/" in entry["location"]]
        assert "embed/" not in (root / "sitemap.xml").read_text("utf-8")
    links = {site.target(page, a) for page in site.html.values() for _, a in page.references}
    assert [target for target in links if target and "embed/" in target[0]] == []


@IN_EACH
def test_what_the_county_has_reported_stands_on_the_card(full_county: BuiltSite, language: Language) -> None:
    task = card(full_county, language, "task/01")
    tally = Progress(full_county.catalogue, full_county.day).task(full_county.catalogue.get(Task, "01"))
    assert len(task.all(cls="hp-state")) == len(tally.parts)
    satisfaction = card(full_county, language, "target/satisfaction")
    assert words(satisfaction.all(cls="hp-state")[0]) in {
        words(e) for e in full_county.edition(language)["targets/"].all(cls="hp-state")
    }
    for name, page in full_county.cards.items():
        assert not page.all(cls="hp-state") or not page.all("dd", cls="hp-missing"), name


@IN_EACH
def test_a_county_that_has_reported_nothing_says_so_and_shows_no_state(county: BuiltSite, language: Language) -> None:
    missing = label("state.not_published", language)
    ended = label("state.no_result", language)
    for target in county.catalogue.all(Target):
        page = card(county, language, f"target/{target.id}")
        result = words(page.all("dd")[1])
        assert result == (missing if target.due is None else ended)
    assert [name for name, page in county.cards.items() if page.all(cls="hp-state")] == []


@IN_EACH
def test_an_activity_shows_its_next_date_and_theme(full_county: BuiltSite, language: Language) -> None:
    page = card(full_county, language, "activity/quality-month")
    assert page.one("time").get("datetime") == "2030-09-02"
    assert words(page.one("p", cls="hp-clamped")).startswith(label("embed.theme", language).rstrip(":"))
    campaign = next(a for a in full_county.catalogue.all(Activity) if a.recurrence is None)
    undated = card(full_county, language, f"activity/{campaign.id}")
    assert undated.all("time") == []
    undated_words = label("activity.undated", language).replace("{the_text}", label("said.document_text", language))
    assert undated_words in words(undated.one("main"))


@pytest.mark.sweep
def test_sample_records_say_so_in_any_frame(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    edit(project / "data/targets.yml", "  nature: commitment\n", "  nature: commitment\n  sample: true\n")
    built = built_with(project, "HAOPIN_SAMPLES", "true")
    for language in LANGUAGES:
        page = card(built, language, "target/pass-rate")
        assert words(page.one("span", cls="hp-badge")) == label("state.sample", language)
        assert card(built, language, "task/01").all("span", cls="hp-badge") == []


@IN_EACH
def test_pages_give_the_code_of_their_cards(full_county: BuiltSite, language: Language) -> None:
    edition, root = full_county.edition(language), full_county.url + folder(language)

    def codes(address: str) -> list[str]:
        return [words(e) for e in edition[address].all("code") if words(e).startswith("<iframe")]

    for address, name in (("tasks/01/", "task/01"), ("activities/quality-day/", "activity/quality-day")):
        (code,) = codes(address)
        frame = HtmlPage("x", code).one("iframe")
        assert frame.attrib == {
            "src": f"{root}embed/{name}/",
            "width": "100%",
            "height": str(HEIGHTS[name.partition("/")[0]]),
            "title": words(card(full_county, language, name).one("h1")),
            "loading": "lazy",
        }
    targets = full_county.catalogue.all(Target)
    found = [HtmlPage("x", code).one("iframe").get("src") for code in codes("targets/")]
    assert found == [f"{root}embed/target/{target.id}/" for target in targets]
    assert {address.partition("/")[0] for address in edition if codes(address)} == {"tasks", "targets", "activities"}
    assert codes("tasks/") == codes("activities/") == []


@pytest.mark.sweep
def test_a_title_is_text_in_card_and_code(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    evil = 'Rate "x" <img src=y onerror=z> & more'
    edit(project / "data/targets.yml", "en: Product pass rate", f"en: '{evil}'")
    built = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), project / "data")
    page = card(built, "en", "target/pass-rate")
    assert words(page.one("h1")) == evil
    assert [e.get("src") for e in page.all("img")] == [f"../../../../{built.assets}mark.svg"]
    code = words(built.html["en/targets/index.html"].one("pre"))
    assert HtmlPage("x", code).one("iframe").get("title") == evil
    assert html.escape(evil) in code


@pytest.mark.sweep
def test_without_exports_there_are_no_cards_and_no_code(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    built = built_with(project, "HAOPIN_EXPORTS", "false")
    assert built.cards == {}
    assert [p.name for p in built.html.values() if p.all(cls="hp-embed")] == []


# In a browser


@pytest.fixture(scope="module")
def served(site: BuiltSite) -> Iterator[str]:
    with serving(site.folder) as address:
        yield f"{address}/"


@pytest.mark.browser
def test_nothing_of_a_card_is_cut_at_its_height(browser: Browser, site: BuiltSite, served: str) -> None:
    heights = {kind.name: kind.height for kind in CARDS}
    found = []
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for name in site.cards:
            page.goto(served + name.removesuffix("index.html"))
            height = heights[name.removeprefix("en/").split("/")[1]]
            for width in (280, 320, 400, 600):
                page.set_viewport_size({"width": width, "height": 100})
                size = page.evaluate(
                    """() => [document.documentElement.scrollHeight, document.documentElement.scrollWidth,
                      [...document.querySelectorAll("h1, .hp-clamped")].every(
                        (e) => e.scrollHeight <= e.clientHeight + 1)]"""
                )
                if size[0] > height or size[1] > width or not size[2]:
                    found.append((name, width, size, height))
    assert found == []


@pytest.mark.browser
def test_a_title_too_long_for_a_card_is_clamped_and_said_in_full(browser: Browser, served: str) -> None:
    with browser.new_context(viewport={"width": 280, "height": HEIGHTS["task"]}) as context:
        page = context.new_page()
        page.goto(f"{served}en/embed/task/01/")
        title = page.locator("h1 a")
        assert title.get_attribute("title") == title.inner_text()
        title.evaluate("(e) => { e.textContent = 'A very long heading '.repeat(20) }")
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHTS["task"]


@pytest.mark.browser
def test_a_card_in_a_frame_follows_the_scheme_and_opens_a_new_tab(browser: Browser, served: str) -> None:
    grounds = set()
    framed = f'<iframe src="{served}en/embed/task/01/"></iframe>'
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:
            page = context.new_page()
            page.route(
                "**/host",
                lambda route: route.fulfill(
                    body=f'<meta name="color-scheme" content="light dark">{framed}',
                    content_type="text/html",
                ),
            )
            page.goto(f"{served}host")
            frame = page.frame_locator("iframe")
            grounds.add(frame.locator("body").evaluate("(e) => getComputedStyle(e).backgroundColor"))
            link = frame.locator("footer a")
            link.evaluate("(e) => { e.href = new URL('../../../tasks/01/', location.href).href }")
            with context.expect_page() as opened:
                link.click()
            opened.value.wait_for_load_state()
            assert opened.value.url == f"{served}en/tasks/01/"
            assert page.url == f"{served}host"
    assert len(grounds) == 2
