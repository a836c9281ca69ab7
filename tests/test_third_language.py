"""A third language, written from right to left: an edition, labels, texts in the data, and no line of the program."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe
import html5lib
import pytest
from haopin.build.further_labels import with_further
from haopin.html import formats
from haopin.html.i18n import Label, Labels, shown, site_labels
from haopin.installation import PACKAGE
from haopin.load.folder import read, report
from haopin.text import Text, direction_of, own_name
from icalendar import Calendar
from jsonschema import Draft202012Validator
from playwright.sync_api import Browser, expect
from support import (
    AS_OF,
    BuiltSite,
    HtmlPage,
    build,
    copy_data,
    copy_documents_county,
    copy_full_county,
    copy_plans_county,
    edit,
    errors_of,
    run,
    serving,
    shared,
    site_in,
)
from third_language import LANGUAGE, UNTRANSLATED_LABEL, third_county, transliterated

#: Letters of another language: words of English, and Chinese.
_FOREIGN = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
#: What is the same in every language: addresses, numbers of certificates and standards, names of formats.
_SAME = re.compile(
    r"https?://\S+|\S+@\S+|\b[A-Z/]+[ -]?\d[\w.-]*(?:-\d+)*\b|\b(?:CSV|JSON Schema|JSON|XLSX)\b|INVENTED-\d+"
)
PHONE, DESKTOP = (390, 844), (1440, 900)


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The county with records of every kind in three languages."""
    return built(tmp_path_factory, "third-county", copy_full_county)


OTHERS = {"plans": copy_plans_county, "documents": copy_documents_county}


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.sweep) for name in ("full", *OTHERS)])
def any_third(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """That county, the one with several plans, and the one with documents of every form."""
    if request.param == "full":
        found: BuiltSite = request.getfixturevalue("third")
        return found
    return built(tmp_path_factory, f"third-{request.param}", OTHERS[request.param])


def built(factory: pytest.TempPathFactory, name: str, copy: Callable[[Path], Path]) -> BuiltSite:
    def make(folder: Path) -> None:
        build(folder / "site", config=third_county(folder, copy) / "mkdocs.yml")

    folder = shared(factory, name, make)
    return site_in(folder, folder / "data")


PATHS = {"zh": "", "en": "en/", LANGUAGE: f"{LANGUAGE}/"}


def edition(site: BuiltSite, language: str) -> dict[str, HtmlPage]:
    """Return the pages of a language, by their address below its root."""
    others = tuple(path for path in PATHS.values() if path and path != PATHS[language])
    return {
        address.removeprefix(PATHS[language]): page
        for address, page in site.pages.items()
        if address.startswith(PATHS[language])
        and not address.startswith((*others, *(f"{path}embed/" for path in PATHS.values())))
    }


def own_pages(site: BuiltSite) -> dict[str, HtmlPage]:
    """Return the pages of the third language."""
    return edition(site, LANGUAGE)


def test_every_page_says_language_and_direction(any_third: BuiltSite) -> None:
    pages = own_pages(any_third)
    assert pages.keys() == edition(any_third, "zh").keys()
    for page in pages.values():
        assert (page.root.get("lang"), page.root.get("dir")) == (LANGUAGE, "rtl")
    cards = [card for address, card in any_third.pages.items() if address.startswith(f"{LANGUAGE}/embed/")]
    assert cards
    assert {(card.root.get("lang"), card.root.get("dir")) for card in cards} == {(LANGUAGE, "rtl")}
    for language in ("zh", "en"):
        assert {page.root.get("dir") for page in edition(any_third, language).values()} == {None}


def test_every_unmarked_text_is_in_the_language(any_third: BuiltSite) -> None:
    wrong = [(name, words) for name, page in own_pages(any_third).items() for words in _unmarked(page.source)]
    assert wrong == []


def _unmarked(source: str) -> Iterator[str]:
    """Yield each text in other letters that stands in no element with a ``lang`` of its own."""

    def walk(element: Any, own: bool) -> Iterator[str]:
        name = element.tag if isinstance(element.tag, str) else ""
        # Words in a drawing are read as its label; code is copied, not read.
        if name.rpartition("}")[2] in ("script", "style", "template", "svg", "code", "pre", "kbd"):
            return
        own = element.get("lang") == LANGUAGE if element.get("lang") else own
        texts = [element.text] if own else []
        for child in element:
            yield from walk(child, own)
            texts += [child.tail] if own else []
        yield from (
            f"<{name} class={element.get('class')}> {text.strip()}"
            for text in texts
            if text and _FOREIGN.search(_SAME.sub("", text))
        )

    yield from walk(html5lib.parse(source, namespaceHTMLElements=False).find("body"), True)


@pytest.mark.sweep
def test_untranslated_texts_are_english_marked_and_reported(third: BuiltSite) -> None:
    waits, done = own_pages(third)["tasks/02/"], own_pages(third)["tasks/01/"]
    (heading,) = waits.all("h1")
    (mark,) = heading.iter("span")
    assert (mark.get("lang"), mark.get("dir"), mark.text) == ("en", "ltr", "Hold Quality Day")
    assert waits.all(cls="hp-notice--untranslated")
    (heading,) = done.all("h1")
    assert not list(heading.iter("span"))


@pytest.mark.sweep
def test_a_label_that_is_missing_is_english_and_marked(third: BuiltSite) -> None:
    source = own_pages(third)["tasks/01/"].source
    assert '<span><span class="hp-untranslated" lang="en" dir="ltr">' in source
    assert not [name for name, page in third.html.items() if re.search("[\ue010\ue011]", page.source)]
    told = run("-m", "haopin", "check", "-f", third.data.parent / "mkdocs.yml", "--as-of", AS_OF)
    assert told.returncode == 0
    (line,) = [line for line in told.stdout.splitlines() if "labels/" in line]
    assert line.startswith(f"data/labels/{LANGUAGE}.yml:1:1: 提醒 / warning: 缺 1 条")
    assert line.endswith(".".join(UNTRANSLATED_LABEL))


def test_no_mark_stands_within_an_attribute(any_third: BuiltSite) -> None:
    wrong = [
        page.name
        for page in (*any_third.html.values(), *any_third.cards.values())
        if re.search(r'="[^"<>]*<span|&lt;span|None', page.source)
    ]
    assert wrong == []


def test_every_page_leads_to_itself_in_every_language(any_third: BuiltSite) -> None:
    assert any_third.broken_links == []
    tags = {"zh": "zh-Hans", "en": "en", LANGUAGE: LANGUAGE}
    for language in tags:
        for inner, page in edition(any_third, language).items():
            links = page.all("a", cls="hp-language")
            assert [(link.get("lang"), link.text) for link in links] == [
                (tags[other], own_name(other)) for other in tags if other != language
            ]
            alternates = {e.get("hreflang"): e.get("href") for e in page.all("link") if e.get("hreflang")}
            wanted = {tags[each]: f"{any_third.url}{PATHS[each]}{inner}" for each in tags}
            assert alternates == {**wanted, "x-default": wanted["zh-Hans"]}


@pytest.mark.sweep
def test_site_maps_name_every_language(third: BuiltSite) -> None:
    text = (third.folder / LANGUAGE / "sitemap.xml").read_text("utf-8")
    assert f"{third.url}{LANGUAGE}/tasks/01/" in text
    assert set(re.findall(r'hreflang="([^"]+)"', text)) == {"zh-Hans", "en", LANGUAGE, "x-default"}
    assert f"/{LANGUAGE}/sitemap.xml" in (third.folder / "robots.txt").read_text("utf-8")


@pytest.mark.sweep
def test_exports_are_in_the_language(third: BuiltSite) -> None:
    folder = third.folder / LANGUAGE
    calendar = Calendar.from_ical((folder / "calendar/all.ics").read_bytes())
    assert {event["summary"].params["LANGUAGE"] for event in calendar.walk("VEVENT")} <= {LANGUAGE, "en"}
    assert transliterated("Quality Day") in {str(event["summary"]) for event in calendar.walk("VEVENT")}
    feed = (folder / "feeds/all.xml").read_text("utf-8")
    assert f'xml:lang="{LANGUAGE}"' in feed
    index = json.loads((folder / "search/search_index.json").read_text("utf-8"))
    assert (index["lang"], index["pinyin"]) == (LANGUAGE, {})
    assert any(entry[2] == transliterated("Check every year") for doc in index["docs"] for entry in doc[4])


@pytest.mark.sweep
def test_api_and_tables_have_the_language(third: BuiltSite) -> None:
    item = json.loads((third.folder / "api/v1/task/01.json").read_text("utf-8"))["item"]
    assert set(item["pages"]) == {"zh", "en", LANGUAGE}
    title = item["record"]["title"]
    assert title[LANGUAGE] == transliterated(title["en"])
    waits = json.loads((third.folder / "api/v1/task/02.json").read_text("utf-8"))["item"]["record"]["title"]
    assert list(waits) == ["zh", "en"]
    with (third.folder / "downloads/task.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0][f"title_{LANGUAGE}"] == title[LANGUAGE]
    assert rows[0][f"page_{LANGUAGE}"] == f"{third.url}{LANGUAGE}/tasks/01/"
    assert rows[1][f"title_{LANGUAGE}"] == ""


def test_api_fits_its_schemas(any_third: BuiltSite) -> None:
    files = sorted((any_third.folder / "api/v1").glob("*.json"))
    assert len(files) > 20
    for file in files:
        if (schema := any_third.folder / "api/v1/schema" / file.name).exists():
            validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
            assert [error.message for error in validator.iter_errors(json.loads(file.read_text("utf-8")))] == []


@pytest.mark.sweep
def test_site_is_released_and_copied(third: BuiltSite, tmp_path: Path) -> None:
    project = tmp_path / "county"
    shutil.copytree(third.data.parent, project, ignore=shutil.ignore_patterns("site", "parsed", "lock", ".cache"))
    edit(project / "data/site.yml", "https://quality.example/", "https://quality.test/")
    told = run("-m", "haopin", "release", "-f", project / "mkdocs.yml", "--to", tmp_path / "public", "--as-of", AS_OF)
    assert told.returncode == 0, told.stdout + told.stderr
    told = run("-m", "haopin", "offline", third.folder, tmp_path / "copy")
    assert told.returncode == 0, told.stdout + told.stderr
    page = (tmp_path / "copy" / LANGUAGE / "tasks/01/index.html").read_text("utf-8")
    assert '<p class="hp-notice hp-offline" lang="en" dir="ltr">' in page


@pytest.mark.sweep
def test_pages_are_valid(node: Callable[[str, bytes], Any], any_third: BuiltSite) -> None:
    found = node("validate.mjs", f"{any_third.folder / LANGUAGE}".encode())
    assert not found["messages"], found["messages"]


@pytest.mark.sweep
@pytest.mark.browser
@pytest.mark.parametrize("screen", [PHONE, DESKTOP])
@pytest.mark.parametrize("address", ["", "tasks/01/", "targets/", "documents/plan-2030-1/"])
def test_axe_finds_nothing(browser: Browser, third: BuiltSite, screen: tuple[int, int], address: str) -> None:
    with serving(third.folder) as home, axe.context(browser, screen) as context:
        page = context.new_page()
        page.goto(f"{home}/{LANGUAGE}/{address}")
        assert axe.troubles(page) == []
        # Nothing stands beside the screen.
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.sweep
@pytest.mark.browser
def test_words_are_found(browser: Browser, third: BuiltSite) -> None:
    with serving(third.folder) as home:
        page = browser.new_page()
        page.goto(f"{home}/{LANGUAGE}/")
        page.locator("[data-search]").first.click()
        page.locator("dialog input").fill(transliterated("every year"))
        # What is found while the index is still being read may be less near.
        expect(page.locator("dialog a").first).to_have_attribute("href", re.compile("tasks/01/#check"))
        page.close()


# What the check says of labels and codes.


def labels_file(data: Path, text: str, language: str = LANGUAGE) -> None:
    (data / "labels").mkdir(exist_ok=True)
    (data / f"labels/{language}.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("xx", "page: {home: ئۆي}\n", "1:1: there is no language with the code “xx”"),
        ("zh", "page: {home: 首页}\n", "1:1: the labels in Chinese and English come with the program"),
        (LANGUAGE, "page: {hame: ئۆي}\n", "1:8: the program has no label “page.hame”; did you mean “page.home”?"),
        (LANGUAGE, "page: {part: ئۆي}\n", "1:14: “page.part” lacks {n}, {title}"),
        (LANGUAGE, 'page: {home: "{n} ئۆي"}\n', "1:14: “page.home” has no value for {n}; possible: -"),
        (LANGUAGE, 'page: {home: "ئۆي {"}\n', "1:14: a brace in “page.home” is unpaired"),
        (LANGUAGE, "page: {home: {one: ئۆي}}\n", "1:14: “page.home” must be one text, or a text for each plural form"),
        (LANGUAGE, "page: {home: {few: ئۆي, other: ئۆي}}\n", "1:14: “page.home” must be one text"),
        (LANGUAGE, "page: {home: []}\n", "1:14: “page.home” must be one text"),
        (LANGUAGE, "page: ئۆي\n", "1:7: this must have lines “name: words”"),
        (LANGUAGE, "page: {home: Start}\n", "1:1: “ug” is written rtl, but this file ltr"),
        ("fr", "page: {home: ئۆي}\n", "1:1: “fr” is written ltr, but this file rtl"),
        (LANGUAGE, "page: [\n", "2:1:"),
    ],
)
def test_wrong_labels_are_reported_to_the_letter(language: str, text: str, said: str, tmp_path: Path) -> None:

    data = copy_data(tmp_path)
    labels_file(data, text, language)
    _, problems = with_further(site_labels(PACKAGE / "labels.yml"), read(data))
    (line,) = report(data, [found for found in problems if found.severity == "error"], "data")
    assert f" / {said.partition(' ')[2]}" in line or said.partition(" ")[2] in line
    assert line.startswith(f"data/labels/{language}.yml:{said.partition(' ')[0]}")


def test_a_language_without_labels_is_no_edition(tmp_path: Path) -> None:
    project = third_county(tmp_path / "county")
    (project / f"data/labels/{LANGUAGE}.yml").unlink()
    errors = errors_of(project / "data")
    assert errors
    assert all(f"labels/{LANGUAGE}.yml" in line for line in errors)


def test_plural_forms_are_those_of_the_language() -> None:
    forms = {"zero": "0", "one": "1", "two": "2", "few": "f", "many": "m", "other": "o"}
    labels = {"a.b": Label(zh="{n}", en="{n}", further={"ar": forms})}
    said = Labels(labels, "ar")
    assert [said("a.b", n=n) for n in (0, 1, 2, 3, 11, 100)] == ["0", "1", "2", "f", "m", "o"]
    assert Labels(labels, "en")("a.b", n=3) == "3"


def test_marks_of_labels_become_elements_where_there_can_be_some() -> None:
    labels = Labels({"a.b": Label(zh="复制", en="Copy & go")}, LANGUAGE, marks=True)
    word = labels("a.b")
    span = '<span class="hp-untranslated" lang="en" dir="ltr">Copy &amp; go</span>'
    assert shown(f'<p title="{word}">{word}</p>', LANGUAGE) == f'<p title="Copy &amp; go">{span}</p>'
    assert shown(f"<title>{word}</title><svg><text>{word}</text></svg>", LANGUAGE) == (
        "<title>Copy &amp; go</title><svg><text>Copy &amp; go</text></svg>"
    )


def test_text_falls_back_to_english_then_chinese() -> None:
    text = Text.model_validate({"zh": "甲", "en": "A", LANGUAGE: "ئا"})
    assert [text.language(each) for each in ("zh", "en", LANGUAGE, "ar")] == ["zh", "en", LANGUAGE, "en"]
    assert Text(zh="甲").language("ar") == "zh"


def test_names_of_months_do_not_leak_from_one_language_to_the_next() -> None:
    found = [formats.month_name(2, each) for each in ("zh", "ug", "fr", "ar")]
    assert found == ["2月", "فېۋرال", "févr.", "فبراير"]
    assert (direction_of("ar"), direction_of("fr")) == ("rtl", "ltr")
