"""The offline copy: conversion of pages and scripts, selection of files, and use from a folder."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from haopin.build.offline import CopyPlace, CopySource, copied, copy_site, data_script, needs_help, target, wrapped
from haopin.problem import ConfigurationError
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from support import SEARCH_RESULTS, BuiltSite, HtmlPage, files_of, program, run, wait_for

ONLINE = "https://quality.example/"
PLACE = CopyPlace(
    ONLINE,
    {"index.html", "tasks/index.html", "tasks/03/index.html", "en/tasks/03/index.html", "a b/\u7532.csv"},
    {"assets/main.js"},
    "assets/offline.js",
)
IN_EACH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def folder(full_county: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline copy of the county with records of every kind, in a folder with a name as people give them."""
    made = tmp_path_factory.mktemp("offline") / "\u79bb\u7ebf copy #1"
    assert copy_site(full_county.folder, made) > 100
    return made


# Pages


def page(text: str, path: str = "tasks/03/index.html") -> str:
    return copied(CopySource(path, text), PLACE, lambda canonical: f"[{canonical}]")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("../../", "../../index.html"),
        ("../", "../index.html"),
        ("./", "index.html"),
        ("../?a=1&amp;b=2#c", "../index.html?a=1&amp;b=2#c"),
        ("../../en/tasks/03/", "../../en/tasks/03/index.html"),
        ("../../a%20b/%E7%94%B2.csv", "../../a%20b/%E7%94%B2.csv"),
        # What is not copied is where it always was.
        ("../../api/v1/x.json", "https://quality.example/api/v1/x.json"),
        ("../../feeds/", "https://quality.example/feeds/"),
        # These lead elsewhere, or nowhere.
        ("#here", "#here"),
        ("", ""),
        ("tel:12345", "tel:12345"),
        ("https://other.example/x/", "https://other.example/x/"),
        ("https://quality.example/tasks/", "https://quality.example/tasks/"),
        ("//other.example/", "//other.example/"),
    ],
)
def test_addresses_name_files(before: str, after: str) -> None:
    assert page(f'<p><a class="x" href="{before}" download>a &amp; b</a>') == (
        f'<p><a class="x" href="{after}" download>a &amp; b</a>'
    )


def test_the_rest_is_unchanged_to_the_byte() -> None:
    text = (
        '<!doctype html>\n<p title="href=&quot;../&quot;">\u7532 &lt;a href="../"&gt; <!-- <a href="../"> --><br>\n'
        "<script>x = '<a href=\"../\">'</script>"
    )
    assert page(text) == text


def test_the_notice_stands_first_in_the_main_part_and_knows_the_address() -> None:
    text = '<link rel="canonical" href="https://quality.example/tasks/03/"><main id="m"><p>x'
    assert page(text).endswith('<main id="m">[https://quality.example/tasks/03/]<p>x')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (' src="../../assets/main.js" defer', ' src="../../assets/main.js" defer'),
        (' type="module" src="../../assets/main.js"', ' defer src="../../assets/main.js"'),
    ],
)
def test_a_script_that_needs_help_has_it_before_it(before: str, after: str) -> None:
    place = CopyPlace(ONLINE, {*PLACE.files, "assets/main.js"}, PLACE.scripts, PLACE.helper)
    made = copied(CopySource("tasks/03/index.html", f"<script{before}></script>"), place, str)
    assert made == f'<script src="../../assets/offline.js" defer></script><script{after}></script>'


def test_target_of_an_address() -> None:
    assert target("index.html", "x/?q#f") == ("x/index.html", "?q#f")
    assert target("a/b/index.html", "../../../../x.css") == ("x.css", "")
    assert target("a/index.html", "mailto:a@b.example") == ("", "")


# Scripts


def node(tmp_path: Path, *scripts: str) -> str:
    """Run ``scripts`` with the helper's part of modules, and return what they print."""
    helper = """
const modules = {}
const found = {}
globalThis.haopinOffline = {
  define: (name, uses, make) => (modules[name] = { uses, make }),
  run: (name) => need(name),
}
const need = (name) => {
  if (!found[name]) {
    found[name] = {}
    modules[name].uses.forEach(need)
    const meta = { url: "file:///m.js" }
    const { make } = modules[name]
    make((a) => Promise.resolve(a), found[name], need, meta, {}, null, null, null, null)
  }
  return found[name]
}
"""
    file = tmp_path / "all.js"
    file.write_text("\n".join([helper, *scripts]), encoding="utf-8")
    done = subprocess.run(
        [program("node"), file], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


MODULE = """/* import nothing */
export const one = 1
export let count = 0
export function add() { count += one }
export async function later() { return "later" }
class Two {}
const inner = "renamed"
export { Two, inner as outer }
export default 42
"""
ENTRY = """import { one, count, add, Two } from "./module.js"
import {
  outer as named,
  later,
} from './module.js'
import * as all from "./module.js"
import answer from "./module.js"
import "./module.js"
add()
console.log(one, all.count, Two.name, named, answer, import.meta.url, typeof self, this === undefined)
import("./more.js").then(async (name) => console.log(name, await later()))
"""


def test_modules_work_as_plain_scripts(tmp_path: Path) -> None:
    made = node(tmp_path, wrapped(MODULE, "assets/module.js"), wrapped(ENTRY, "assets/main.js", entry=True))
    assert made == "1 1 Two renamed 42 file:///m.js object true\n./more.js later\n"


@pytest.mark.parametrize(
    "source",
    ['export * from "./a.js"', 'export { a } from "./a.js"', 'import a, { b } from "./a.js"', "export const { a } = b"],
)
def test_an_unsupported_import_or_export_is_refused(source: str) -> None:
    with pytest.raises(ConfigurationError, match=r"assets/a\.js.* does not support this import or export"):
        wrapped(source, "assets/a.js")


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ('import("./a.js")', True),
        ("fetch(address)", True),
        ("new Worker(address)", True),
        ("/* import, fetch */\n// Worker\nconst important = 1", False),
    ],
)
def test_which_scripts_need_help(source: str, needed: bool) -> None:
    assert needs_help(source) is needed


def test_data_is_text_for_the_helper() -> None:
    assert data_script("a.json", '{"\u7532": "</script>"}') == (
        'haopinOffline.data("a.json", "{\\"\u7532\\": \\"</script>\\"}")\n'
    )


# The copy


def test_files_for_servers_are_not_in_the_copy(folder: Path, full_county: BuiltSite) -> None:
    names = set(files_of(folder))
    assert not any(re.match(r"(en/)?(api/v1|feeds|embed|pictures)/", name) for name in names)
    assert not names & {"404.html", "en/404.html", "robots.txt", "sitemap.xml", "build.json"}
    assert not any(name.endswith(".json") for name in names)
    assert {"assets/offline.js", "search/search_index.json.js", "en/search/search_index.json.js"} <= names
    pages = {name for name in full_county.html if not name.endswith("404.html")}
    assert {name for name in names if name.endswith(".html")} == pages


def test_every_address_leads_to_a_file_of_the_copy_or_out(folder: Path) -> None:
    wrong = []
    for file in folder.rglob("*.html"):
        read = HtmlPage(file.name, file.read_text("utf-8"))
        for _, address in read.references:
            parts = urlsplit(address)
            if parts.scheme or not parts.path:
                continue
            if not (file.parent / unquote(parts.path)).is_file():
                wrong.append(f"{file.relative_to(folder)}: {address}")
    assert wrong == []


def test_every_page_has_a_notice(folder: Path) -> None:
    for name, words in (
        ("tasks/01/index.html", "\u6570\u636e\u622a\u81f32030\u5e742\u67081\u65e5"),
        ("en/tasks/01/index.html", "data as of 1 February 2030"),
    ):
        notice = HtmlPage(name, (folder / name).read_text("utf-8")).one("p", cls="hp-offline")
        text = "".join(notice.itertext())
        assert words in text
        assert text.endswith(f"{ONLINE}{name.removesuffix('index.html')}")


@pytest.mark.sweep
def test_the_same_site_gives_the_same_copy_and_is_left_as_it_was(
    folder: Path, full_county: BuiltSite, tmp_path: Path
) -> None:
    before = files_of(full_county.folder)
    copy_site(full_county.folder, tmp_path / "again")
    copy_site(full_county.folder, tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(folder)
    assert files_of(full_county.folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_a_folder_with_something_else_is_left_alone(full_county: BuiltSite, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="is not an offline copy and is not changed"):
        copy_site(full_county.folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_command_rejects_a_folder_that_is_not_a_built_site(tmp_path: Path) -> None:
    done = run("-m", "haopin", "offline", tmp_path, tmp_path / "copy")
    assert done.returncode == 1
    assert "not a built site: build.json cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "copy").exists()


# In a browser


def settle(page: Page) -> None:
    page.wait_for_load_state("load")


@pytest.mark.browser
@IN_EACH
def test_the_copy_works_in_a_folder(browser: Browser, folder: Path, language: Language) -> None:
    root = f"{folder.as_uri()}/{'en/' if language == 'en' else ''}"
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    # Leaving a page aborts what it still loads: no trouble of the page.
    page.on(
        "requestfailed",
        lambda r: troubles.append(f"{r.failure}: {r.url}") if r.failure != "net::ERR_ABORTED" else None,
    )
    page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else troubles.append(r.url))
    try:
        # By links: home, a task, the document that it rests on, the other language.
        page.goto(f"{root}index.html")
        page.locator(".hp-tasklist a").first.click()
        settle(page)
        assert page.url == f"{root}tasks/01/index.html"
        page.locator("a.hp-source").first.click()
        settle(page)
        assert "/documents/" in page.url
        assert page.locator(".hp-doc").is_visible()
        page.locator("a.hp-language").click()
        settle(page)
        assert page.locator("html").get_attribute("lang") == ("zh-Hans" if language == "en" else "en")
        page.go_back()
        # By the search.
        page.locator("a.hp-tool--search").click()
        page.locator("dialog.hp-search input").fill("\u8349\u8393\u9171" if language == "zh" else "Strawberry jam")
        page.locator(SEARCH_RESULTS).first.click()
        page.wait_for_url("**/index.html*")
        settle(page)
        assert page.url.startswith(f"{root}disclosures/batches/")
        # Filters, whose choice stands in the address; rows of a table; citing; colours.
        page.goto(f"{root}measures/index.html")
        whole = page.locator("[data-row]").count()
        words = page.locator("[data-row]").last.inner_text().split("\n")[0]
        page.locator(".hp-filter input[type=search]").fill(words)
        wait_for(page, "location.search.includes('words')")
        assert 0 < page.locator("[data-row]:not([hidden])").count() < whole
        page.goto(f"{root}disclosures/batches/fruit-2030-1/index.html")
        page.locator("[data-rows-more]").click()
        wait_for(page, "document.querySelectorAll('[data-rows-of] tbody tr').length === 39")
        page.locator("[data-rows-of] tbody a").last.click()
        page.wait_for_url("**/fruit-2030-1/*/index.html")
        page.goto(f"{root}tasks/01/index.html")
        page.locator(".hp-measure .hp-fold > summary").first.click()
        page.locator(".hp-fold > .hp-share-mark").first.click()
        assert page.locator("dialog.hp-share-sheet p").first.inner_text().startswith(ONLINE)
        page.locator("dialog.hp-share-sheet svg.hp-qr").wait_for()
        page.keyboard.press("Escape")
        # Pictures of pages are not in the copy; a poster is drawn by the page.
        page.locator("[data-share]").first.click()
        page.locator("dialog.hp-share-sheet figure img[src^='data:image/png']").wait_for()
        page.keyboard.press("Escape")
        page.locator("[data-display]").click()
        page.locator("[data-scheme-switch]").click()
        assert page.locator("html").get_attribute("data-scheme") == "dark"
    finally:
        context.close()
    assert troubles == []
