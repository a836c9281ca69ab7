"""The search in a browser: queries and what they must find, the dialog, its failures, its weight."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import brotli
import pytest
from haopin.text import LANGUAGES, Language
from playwright.sync_api import Browser, Page
from queries import QUERIES, Query
from support import SEARCH_RESULTS, BuiltSite, root_of, serving, wait_for

pytestmark = pytest.mark.browser

_RUN_ALL = """async ([root, queries]) => {
  const { prepare } = await import(document.querySelector("script[src]").src.replace("scheme", "search-worker"))
  const search = prepare(await (await fetch(`${root}search/search_index.json`)).json())
  return queries.map((query) => search(query))
}"""


@pytest.fixture(scope="module")
def site(full_county: BuiltSite) -> BuiltSite:
    """The county with records of every kind."""
    return full_county


@pytest.fixture(scope="module")
def queries() -> Sequence[Query]:
    """What is asked of it."""
    return QUERIES


@contextmanager
def visit(browser: Browser, address: str) -> Iterator[Page]:
    """Open ``address`` as a new visitor."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    try:
        page = context.new_page()
        page.goto(address, wait_until="load")
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module")
def answers(browser: Browser, home: str, queries: Sequence[Query]) -> dict[tuple[Language, str], dict[str, object]]:
    """What the search answers to every query, all asked on one page a language."""
    found = {}
    for language in LANGUAGES:
        texts = [query.text for query in queries if query.language == language]
        root = root_of(home, language)
        with visit(browser, root) as page:
            for text, answer in zip(texts, page.evaluate(_RUN_ALL, [root, texts]), strict=True):
                found[language, text] = answer
    return found


def addresses(answer: dict[str, object]) -> list[str]:
    groups = answer["groups"]
    assert isinstance(groups, list)
    return [item["location"] for group in groups for item in group["items"]]


def fits(expected: str, address: str) -> bool:
    """Return whether ``address`` equals the expected one, or is below it if that ends in ``/``."""
    return address == expected or (expected.endswith("/") and address.startswith(expected))


def test_queries_find_what_they_must_and_no_more(
    site: BuiltSite, answers: dict[tuple[Language, str], dict[str, object]], queries: Sequence[Query]
) -> None:
    assert len(queries) == len(answers)
    wrong = []
    for query in queries:
        found = addresses(answers[query.language, query.text])
        known = site.edition(query.language)
        assert all(a.partition("#")[0] in known for a in (*query.also, *query.never, query.first) if a != "tasks/")
        if not query.first and found:
            wrong.append(f"{query.text}: nothing was to be found, not {found}")
        elif query.first and not (found and fits(query.first, found[0])):
            wrong.append(f"{query.text}: {query.first} is not the first of {found}")
        for address in query.also:
            if not any(fits(address, a) for a in found):
                wrong.append(f"{query.text}: {address} is not among {found}")
        for address in query.never:
            if any(fits(address, a) and a != address.removesuffix("/") for a in found):
                wrong.append(f"{query.text}: {address} is among {found}")
    assert wrong == []


#: An index with one page beside a page whose part has the very words of the query.
SMALL = """async () => {
  const { prepare } = await import(document.querySelector("script[src]").src.replace("scheme", "search-worker"))
  const groups = Array.from({ length: 10 }, (_, i) => `group ${i}`)
  const docs = [
    ["tasks/01/", 0, "A task", "Blue water, blue water, blue water.", [["part", 1, "Blue water", "It is blue water."]]],
    ["news/", 9, "News about blue water and much more", "", []],
    ["reports/", 8, "A report", "Blue water in its text.", []],
  ]
  const search = prepare({ format: 2, groups, docs, answers: [], pinyin: {}, variants: ["", ""] })
  return search("blue water").groups.flatMap((group) => group.items.map((item) => item.location))
}"""


def test_a_page_whose_title_has_the_words_comes_before_parts_of_other_pages(browser: Browser, home: str) -> None:
    with visit(browser, home) as page:
        # Then the part, then what has the words in its text: the more often, the better.
        assert page.evaluate(SMALL) == ["news/", "tasks/01/#part", "tasks/01/", "reports/"]


def open_search(page: Page, query: str) -> None:
    page.locator("a.hp-tool--search").click()
    page.locator("dialog.hp-search input").fill(query)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dialog_shows_what_the_search_answers(
    browser: Browser,
    home: str,
    answers: dict[tuple[Language, str], dict[str, object]],
    queries: Sequence[Query],
    language: Language,
) -> None:
    asked = [q for q in queries if q.language == language and q.first][::3]
    assert len(asked) >= 2
    root = root_of(home, language)
    with visit(browser, f"{root}subscribe/wall/") as page:
        page.locator("a.hp-tool--search").click()
        for query in asked:
            page.locator("dialog.hp-search input").fill(query.text)
            answer = answers[language, query.text]
            count = page.locator(".hp-search-count")
            wait_for(
                page,
                "([n, query]) => { const t = document.querySelector('.hp-search-count').textContent;"
                " return t.includes(query) && t.includes(n) }",
                arg=[str(answer["n"]), query.text],
            )
            assert count.get_attribute("role") == "status"
            links = page.locator(".hp-search-list > ol > li > a")
            hrefs = links.evaluate_all("links => links.map((a) => a.getAttribute('href'))")
            assert [h.removeprefix("../../") for h in hrefs] == addresses(answer)
            heads = page.locator(".hp-search-list > h2").all_inner_texts()
            groups = answer["groups"]
            assert isinstance(groups, list)
            assert [h.split() for h in heads] == [[*g["name"].split(), str(g["n"])] for g in groups]
            if not query.text.isdecimal() or len(query.text) > 2:
                # A task is found by its number, which its title need not show.
                found = page.locator(".hp-search-list mark").count()
                assert found or query.text.lower().startswith(("task", "\u4efb")), query.text
        page.locator(SEARCH_RESULTS).first.click()
        page.wait_for_url(lambda url: not url.endswith("/subscribe/wall/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_offers_ways_on(browser: Browser, home: str, language: Language) -> None:
    root = root_of(home, language)
    with visit(browser, f"{root}tasks/02/") as page:
        open_search(page, "qqqq <b>")
        page.locator(SEARCH_RESULTS).first.wait_for()
        hrefs = page.locator(SEARCH_RESULTS).evaluate_all("links => links.map((a) => a.getAttribute('href'))")
        assert hrefs == ["../../needs/", "../../sitemap/", "tel:000-0000"]
        assert "qqqq <b>" in page.locator(".hp-search-count").inner_text()
        assert page.locator("dialog.hp-search b").count() == 0
        page.locator(SEARCH_RESULTS).nth(1).click()
        page.wait_for_url(f"{root}sitemap/")


def test_arrows_go_through_the_results(browser: Browser, home: str) -> None:
    with visit(browser, home) as page:
        open_search(page, "2030")
        page.locator(SEARCH_RESULTS).first.wait_for()
        links = page.locator(SEARCH_RESULTS).evaluate_all("links => links.map((a) => a.getAttribute('href'))")
        here = "document.activeElement.getAttribute('href') || document.activeElement.tagName"
        found = []
        for key in ("ArrowUp", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "Enter"):
            page.keyboard.press(key)
            found.append(page.evaluate(here))
        assert found == ["INPUT", links[0], links[1], links[0], "INPUT", links[0]]
        page.keyboard.press("Enter")
        page.wait_for_url(f"{home}{links[0].removeprefix('./')}")


def test_a_browser_without_such_workers_searches_in_the_page(browser: Browser, home: str) -> None:
    with visit(browser, home) as page:
        # A browser that takes modules for plain scripts stumbles over their first line.
        page.evaluate("const W = Worker; Worker = function () { return new W('data:text/javascript,import x from y') }")
        open_search(page, "\u8d28\u91cf\u6708")
        page.locator(SEARCH_RESULTS).first.wait_for()
        assert page.locator(SEARCH_RESULTS).first.get_attribute("href") == "./activities/quality-month/"


@pytest.mark.parametrize("spoiled", ['{"words":', "<!doctype html>", '{"docs":[1]}', '{"format":0,"docs":[]}', ""])
def test_a_spoiled_index_leads_to_the_site_map(browser: Browser, home: str, spoiled: str) -> None:
    with visit(browser, f"{home}tasks/") as page:
        page.route("**/search_index.json", lambda route: route.fulfill(body=spoiled))
        page.locator("a.hp-tool--search").click()
        page.wait_for_url(f"{home}sitemap/")


def test_a_missing_index_leads_to_the_site_map(browser: Browser, home: str) -> None:
    with visit(browser, f"{home}tasks/") as page:
        page.route("**/search_index.json", lambda route: route.fulfill(status=404, body="not found"))
        page.locator("a.hp-tool--search").click()
        page.wait_for_url(f"{home}sitemap/")


# Older browsers

#: Takes from a browser what Chromium 80, the oldest of the floor, has not.
OLD = """
  for (const [holder, names] of [
    [Element.prototype, ["replaceChildren", "checkVisibility"]],
    [Document.prototype, ["replaceChildren"]],
    [DocumentFragment.prototype, ["replaceChildren"]],
    [Array.prototype, ["at", "findLast", "toSorted", "toReversed"]],
    [String.prototype, ["at", "replaceAll"]],
    [Object, ["hasOwn", "groupBy"]],
    [window, ["structuredClone", "WeakRef"]],
  ]) for (const name of names) delete holder[name]
"""


@contextmanager
def old_browser(browser: Browser, script: str) -> Iterator[tuple[Page, list[str]]]:
    """Open a browser in which ``script`` runs before each page; also yields the errors of its pages."""
    context = browser.new_context()
    context.set_default_timeout(10_000)
    context.add_init_script(script)
    try:
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page, troubles
    finally:
        context.close()


def test_the_oldest_browser_of_the_floor_searches_cites_and_filters(browser: Browser, full_county: BuiltSite) -> None:
    with serving(full_county.folder) as address, old_browser(browser, OLD) as (page, troubles):
        page.goto(f"{address}/en/tasks/01/")
        page.locator("a.hp-tool--search").click()
        page.locator("dialog.hp-search input").fill("2030")
        page.locator(SEARCH_RESULTS).first.wait_for()
        page.locator(".hp-search-close").click()
        page.locator("[data-cite]").first.click()
        page.locator("dialog.hp-share-sheet h2:not(:empty)").wait_for()
        page.keyboard.press("Escape")
        page.goto(f"{address}/en/disclosures/batches/fruit-2030-1/")
        rows = page.locator("[data-rows-of] tbody tr")
        before = rows.count()
        page.locator("[data-table] [name=result]").select_option("fail")
        wait_for(page, "n => document.querySelectorAll('[data-rows-of] tbody tr').length < n", before)
        assert rows.count() > 0
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert troubles == []


def test_a_browser_below_the_floor_gets_the_pages_as_without_scripts(browser: Browser, full_county: BuiltSite) -> None:
    script = "delete Promise.allSettled"
    with serving(full_county.folder) as address, old_browser(browser, script) as (page, troubles):
        page.goto(f"{address}/en/tasks/01/")
        assert page.evaluate("document.documentElement.dataset.scripts") is None
        assert not page.locator("[data-print]").first.is_visible()
        assert page.locator("a.hp-tool--search").is_visible()
        assert troubles == []


@pytest.mark.parametrize("folder", ["", "en/"])
def test_the_search_is_light(site: BuiltSite, folder: str) -> None:
    def weight(name: str) -> int:
        return len(brotli.compress((site.folder / folder / name).read_bytes()))

    assert weight("search/search_index.json") <= 60_000
    # The worker is fetched by those alone who search; what opens the dialog stays small.
    assert weight(f"{site.assets}search.js") <= 2_560
    assert weight(f"{site.assets}search.js") + weight(f"{site.assets}search-worker.js") <= 9_216


def test_stems(browser: Browser, site: BuiltSite, home: str) -> None:
    same = (
        "commit commits commit's committed committing commitment commitments",
        "inspect inspected inspecting inspection inspections",
        "certify certified certification certificate certificates",
        "regulate regulated regulation regulations",
        "policy policies",
        "agree agreed agreement",
        "implement implemented implementation",
        "trade trading traded",
        "manage managing management",
    )
    apart = "committee county count station state action act port department government governor community"
    words = [*" ".join(same).split(), *apart.split()]
    with visit(browser, home) as page:
        stems = page.evaluate(
            """async ([address, words]) => {
              const { stem } = await import(address)
              return words.map(stem)
            }""",
            [f"{home}{site.assets}search-worker.js", words],
        )
    of = dict(zip(words, stems, strict=True))
    assert [len({of[word] for word in line.split()}) for line in same] == [1] * len(same)
    heads = [*(line.split()[0] for line in same), *apart.split()]
    assert len({of[word] for word in heads}) == len(heads), json.dumps(of)


# What people say, and how they type it

_FIND = """async ([address, index, queries]) => {
  const { prepare } = await import(address)
  const search = prepare(index)
  return queries.map((query) => search(query))
}"""


def small_index(*docs: tuple[str, str], answers: Sequence[object] = (), chinese: bool = True) -> dict[str, object]:
    """Return the index of pages with a title and a text each."""
    sounds = {"liang": "\u91cf", "ru": "\u6708", "yue": "\u6708\u7ea6", "zhi": "\u8d28"} if chinese else {}
    return {
        "format": 2,
        "groups": [str(number) for number in range(10)],
        "docs": [[f"{number}/", 9, title, text, []] for number, (title, text) in enumerate(docs)],
        "pinyin": sounds,
        "variants": ["", ""],
        "answers": list(answers),
    }


def found_in(
    browser: Browser, home: str, site: BuiltSite, index: dict[str, object], *queries: str
) -> list[dict[str, object]]:
    with visit(browser, home) as page:
        found = page.evaluate(_FIND, [f"{home}{site.assets}search-worker.js", index, queries])
    assert isinstance(found, list)
    return found


def test_pauses_breaks_and_formats_between_chinese_are_ignored(browser: Browser, site: BuiltSite, home: str) -> None:
    texts = (
        "\u6c11\u5b89\uff0c\u597d\u54c1",
        "\u7535\u5b50\n  \u8ba1\u4ef7",
        "\u5f20\u3000\u4f1f",
        "\u4e1a\ufe0f\u52a1\u200b",
        "\u674e\u00b7\u5a1c",
        "\u845b\U000e0100\u57ce",
    )
    queries = (
        "\u6c11\u5b89\u597d\u54c1",
        "\u7535\u5b50\u8ba1\u4ef7",
        "\u5f20\u4f1f",
        "\u4e1a\u52a1",
        "\u674e\u5a1c",
        "\u845b\u57ce",
        "\u6c11\u5b89\u3001\u597d\u54c1",
        "\u674e\u5a1c\u3002",
    )
    index = small_index(*((f"T{number}", text) for number, text in enumerate(texts)))
    found = [addresses(answer) for answer in found_in(browser, home, site, index, *queries)]
    assert found == [["0/"], ["1/"], ["2/"], ["3/"], ["4/"], ["5/"], ["0/"], ["4/"]]


def test_a_whole_word_comes_before_the_beginning_of_one(browser: Browser, site: BuiltSite, home: str) -> None:
    docs = (("Latest business", "The organization of a colour centre"), ("A late bus", "Programmes"), ("News", "x"))
    queries = ("late", "bus", "busi", "organisation", "color center", "program", "what is the news", "the")
    found = [addresses(answer) for answer in found_in(browser, home, site, small_index(*docs), *queries)]
    assert found == [["1/"], ["1/"], ["0/"], ["0/"], ["0/"], ["1/"], ["2/"], ["0/"]]


def test_the_second_try_says_what_it_took(browser: Browser, site: BuiltSite, home: str) -> None:
    docs = (("\u8d28\u91cf\u6708", "Complaint"), ("\u836f\u54c1\u76d1\u7763\u68c0\u67e5", ""))
    queries = (
        "complant",
        "\u8d28\u91cf\u7ea6",
        "zhilangyue",
        "\u836f\u54c1\u68c0\u67e5",
        "\u5b57\u5b57\u5b57",
        "1234",
        "zzzzz",
    )
    found = found_in(browser, home, site, small_index(*docs), *queries)
    assert [addresses(answer) for answer in found] == [["0/"], ["0/"], ["0/"], ["1/"], [], [], []]
    assert [answer.get("instead") for answer in found[:3]] == ["complaint", "\u8d28\u91cf\u6708", "\u8d28\u91cf\u6708"]
    assert found[3]["loose"] is True


def test_an_answer_needs_all_of_what_people_say(browser: Browser, site: BuiltSite, home: str) -> None:
    answers = [
        [["\u5047\u8d27", "fake goods"], "No.", 1, [["Complain", "needs/#complain"]]],
        [["lift"], "", 0, [["Equipment", "glossary/#lift"]]],
    ]
    index = small_index(("T", "Goods"), answers=answers)
    queries = ("\u5047\u8d27", "\u54ea\u91cc\u4e3e\u62a5\u5047\u8d27", "Fake  goods", "goods", "the lifts", "fake")
    found = [answer["cards"] for answer in found_in(browser, home, site, index, *queries)]
    assert [len(cards) for cards in found if isinstance(cards, list)] == [1, 1, 1, 0, 1, 0]


def test_excerpts_split_neither_a_word_nor_a_character(browser: Browser, site: BuiltSite, home: str) -> None:
    rare = "\U00020bb7"
    texts = (
        f"{'Understanding ' * 30}needle {'haystacks ' * 60}",
        f"{rare * 60}\u9488\u5934{rare * 200}",
        f"{'a' * 60} {rare * 11}\u9488\u5934",
    )
    index = small_index(*((f"T{number}", text) for number, text in enumerate(texts)))
    found: list[Any] = found_in(browser, home, site, index, "needle", "\u9488\u5934")
    shown = ["".join(item["text"]) for answer in found for group in answer["groups"] for item in group["items"]]
    assert len(shown) == 3
    assert set(shown[0].replace("\u2026", "").split()) == {"Understanding", "needle", "haystacks"}
    assert all(text.encode("utf-16", "surrogatepass").decode("utf-16") for text in shown)
    assert all("\ufffd" not in text.encode("utf-8", "replace").decode() for text in shown)


@pytest.mark.parametrize(
    ("language", "said", "call"),
    [("zh", "\u5047\u8d27", "\u6ca1\u6709\u5199\u5230"), ("en", "fake goods", "does not mention")],
)
def test_an_answer_stands_above_the_results(
    browser: Browser, home: str, language: Language, said: str, call: str
) -> None:
    root = root_of(home, language)
    with visit(browser, f"{root}tasks/02/?q={said}") as page:
        answer = page.locator(".hp-search-answer")
        assert answer.locator("h2 svg").first.get_attribute("data-kind") == "call"
        answer.wait_for()
        assert call in answer.inner_text()
        hrefs = answer.locator("a").evaluate_all("links => links.map((a) => a.getAttribute('href'))")
        assert hrefs == ["tel:000-0000", "../../needs/#complain", "../../tasks/04/#hotline"]
        assert page.locator("dialog.hp-search input").input_value() == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_dialog_offers_needs_and_words(browser: Browser, home: str, language: Language) -> None:
    with visit(browser, f"{root_of(home, language)}tasks/") as page:
        page.locator("a.hp-tool--search").click()
        words = page.locator(".hp-search-words button")
        words.first.wait_for()
        hrefs = page.locator(SEARCH_RESULTS).evaluate_all("links => links.map((a) => a.getAttribute('href'))")
        assert hrefs[0] == "../needs/#complain" and all(href.startswith("../needs/#") for href in hrefs)
        words.first.click()
        page.locator(".hp-search-answer").wait_for()


@pytest.mark.parametrize(("width", "height"), [(360, 660), (320, 256)])
def test_on_a_small_screen_the_dialog_is_the_screen(browser: Browser, home: str, width: int, height: int) -> None:
    with visit(browser, home) as page:
        page.set_viewport_size({"width": width, "height": height})
        open_search(page, "2030")
        page.locator(SEARCH_RESULTS).first.wait_for()
        box = page.locator("dialog.hp-search").bounding_box()
        assert box == {"x": 0, "y": 0, "width": width, "height": height}
        page.locator(SEARCH_RESULTS).last.scroll_into_view_if_needed()
        field = page.locator("dialog.hp-search input").bounding_box()
        assert field is not None and field["y"] >= 0
        assert page.locator("dialog.hp-search").evaluate("d => d.scrollWidth <= d.clientWidth")
