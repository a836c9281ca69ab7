"""Written pages with Material's elements: what authors of Material write works, or is refused by one clear line."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import axe
import brotli
import pytest
from haopin.build import settings
from haopin.check.configuration import untested
from haopin.check.docs import head_problems, style_problems
from haopin.html import material
from living import LIVING, copy_living
from playwright.sync_api import Browser, Page
from support import BuiltSite, HtmlPage, build, copy_county, copy_project, edit, run, serving, words

#: What each element becomes: tag, class, and how often at least it stands on the reference page.
ELEMENTS = {
    ("div", "admonition"): 8,
    ("details", "question"): 1,
    ("div", "tabbed-set"): 1,
    ("div", "tabbed-block"): 3,
    ("div", "cards"): 1,
    ("a", "md-button"): 2,
    ("span", "twemoji"): 5,
    ("div", "highlight"): 2,
    ("code", "highlight"): 1,
    ("span", "hll"): 1,
    ("a", "footnote-ref"): 2,
    ("a", "footnote-backref"): 2,
    ("li", "task-list-item"): 4,
    ("figcaption", ""): 1,
    ("img", "hp-side--right"): 1,
    ("td", "hp-right"): 2,
    ("mark", ""): 1,
    ("ins", ""): 1,
    ("del", ""): 1,
    ("sub", ""): 1,
    ("kbd", "key-control"): 1,
    ("abbr", ""): 1,
    ("dd", ""): 1,
}
#: Signs of Markdown that nothing took for an element.
LEFT_OVER = re.compile(
    r"!!!|\?\?\?|===|```|///|:(?:material|octicons|smile)|\[\^|\[[ x]\]|==|\+\+|\^\^|~~|\{ ?[.#:]|\*\["
)


@pytest.fixture(params=["zh", "en"])
def reference(request: pytest.FixtureRequest, county: BuiltSite) -> HtmlPage:
    """The page with every element, in each language."""
    return county.pages["authoring/" if request.param == "zh" else "en/authoring/"]


def prose(page: HtmlPage) -> str:
    return page.source.partition('hp-prose">')[2].partition("</article>")[0]


def test_each_element_becomes_its_html_and_nothing_is_left_as_text(reference: HtmlPage) -> None:
    found = {each: len(reference.all(each[0], cls=each[1])) for each in ELEMENTS}
    assert {each: count for each, count in found.items() if count < ELEMENTS[each]} == {}
    text = re.sub(r"<[^>]+>", " ", re.sub(r"<code.*?</code>|<svg.*?</svg>", "", prose(reference), flags=re.DOTALL))
    assert LEFT_OVER.findall(text) == []
    assert "😄" in text and not [e for e in reference.all("img") if "://" in e.get("src", "")]


def test_voices_and_keyboards_get_what_the_extensions_leave_out(reference: HtmlPage) -> None:
    english = reference.name.startswith("en/")
    boxes = [e for e in reference.all("input") if e.get("type") == "checkbox"]
    names = {"Done", "Not done"} if english else {"已完成", "未完成"}
    assert {e.get("aria-label") for e in boxes if e.get("disabled") is not None} == names
    assert all(
        e.get("tabindex") == "0" for pre in reference.all("pre") for e in pre if e.tag == "code" and e.text is None
    )
    back = reference.all("a", cls="footnote-backref")[0].get("title", "")
    assert back == ("Back to note 1 in the text" if english else "回到正文的注1")
    # An admonition without a title says its kind in the language of the page.
    assert ("Success" if english else "成功") in {words(e) for e in reference.all("p", cls="admonition-title")}
    assert all(e.get("aria-hidden") == "true" for span in reference.all("span", cls="twemoji") for e in span)


def test_head_of_a_page_is_shown(reference: HtmlPage) -> None:
    english = reference.name.startswith("en/")
    badge = [words(e) for e in reference.all("span", cls="hp-badge")]
    assert badge[:1] == (["New"] if english else ["新增"])
    assert [words(e) for e in reference.one("ul", cls="hp-tags")] == (
        ["writing", "examples"] if english else ["写作", "示例"]
    )


def test_only_pages_with_an_element_load_the_stylesheet(county: BuiltSite) -> None:
    link = f"{county.assets}{material.STYLESHEET}"
    with_it = {name for name, page in county.html.items() if link in page.source}
    assert with_it == {"authoring/index.html", "en/authoring/index.html"}


@pytest.mark.sweep
def test_a_site_without_elements_has_no_stylesheet_and_no_icons(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    for language in ("zh", "en"):
        (project / "docs" / language / "authoring.md").unlink()
        (project / "docs" / language / "authoring.svg").unlink()
    site = build(tmp_path / "site", config=project / "mkdocs.yml")
    assert not [p for p in site.rglob("*") if p.name.startswith("material")]


def test_stylesheet_has_the_countys_colours_only_and_loads_nothing_from_elsewhere(county: BuiltSite) -> None:
    folder = county.folder / county.assets
    css = (folder / material.STYLESHEET).read_text("utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|data:|://", css) == []
    named = set(re.findall(r"url\(([^)]*)\)", css))
    assert len(named) > 5 and named == {p.name for p in folder.glob("material-*.svg")}
    # Every variable of Material has a value, and no rule of its shell came along.
    assert set(re.findall(r"var\((--md-[\w-]+)", css)) <= set(re.findall(r"(--md-[\w-]+):", css))
    assert re.findall(r"\.md-(?!button)[\w-]+|\.no-js|\[dir=|focus-visible\b(?<!:focus-visible)", css) == []
    # Of kinds that stand on no page there is no rule.
    assert ".warning" in css and ".bug" not in css and "key-escape" not in css
    assert len(brotli.compress(css.encode())) < 5_000


def test_rules_follow_what_stands_on_pages() -> None:
    assert material.files(material.parts_of("<p>a</p>")) == {}
    only = material.files(material.parts_of("<p><kbd>a</kbd></p>"))
    assert list(only) == [material.STYLESHEET]
    assert "kbd" in str(only[material.STYLESHEET]) and "admonition" not in str(only[material.STYLESHEET])


@pytest.mark.sweep
def test_news_has_the_elements_and_the_stylesheet(project: Path, tmp_path: Path) -> None:
    shutil.rmtree(project / "data")
    text = '\n!!! tip\n    a\n\n=== "b"\n\n    c\n\n- [x] d\n\ne[^1]\n\n[^1]: f\n\n| g |\n| -: |\n| 1 |\n'
    news = "news/2030-01-15-fair.{}.md"
    more = {name: LIVING[name] + text for name in map(news.format, ("zh", "en"))}
    data = copy_living(project, more)
    site = BuiltSite(build(tmp_path / "site", config=project / "mkdocs.yml"), data)
    for root, title, done, back in (
        ("", "提示", "已完成", "回到正文的注1"),
        ("en/", "Tip", "Done", "Back to note 1 in the text"),
    ):
        page = site.pages[f"{root}news/2030-01-15-fair/"]
        assert [words(e) for e in page.all("p", cls="admonition-title")] == [title]
        assert page.all("div", cls="tabbed-set") and page.all("td", cls="hp-right")
        assert f'aria-label="{done}"' in page.source
        assert page.all("a", cls="footnote-backref")[0].get("title") == back
        assert f"{site.assets}{material.STYLESHEET}" in page.source
        assert len(page.all("div", cls="hp-scroll")) == len(page.all("table"))
    assert f"{site.assets}{material.STYLESHEET}" not in site.pages["tasks/01/"].source
    assert ".admonition" in (site.folder / site.assets / material.STYLESHEET).read_text("utf-8")


# In a browser


@pytest.fixture(scope="module")
def home(county: BuiltSite) -> Iterator[str]:
    with serving(county.folder) as address:
        yield f"{address}/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_tabs_work_without_scripts_and_paper_has_them_all(page: Page, home: str) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url) if not request.url.startswith(home) else None)
    page.goto(f"{home}authoring/")
    blocks = page.locator(".tabbed-block")
    assert [blocks.nth(i).is_visible() for i in range(3)] == [True, False, False]
    page.locator(".tabbed-labels label").nth(1).click()
    assert [blocks.nth(i).is_visible() for i in range(3)] == [False, True, False]
    page.keyboard.press("ArrowRight")
    assert [blocks.nth(i).is_visible() for i in range(3)] == [False, False, True]
    page.emulate_media(media="print")
    assert all(blocks.nth(i).is_visible() for i in range(3))
    assert told == []


def test_icons_are_as_large_as_words_and_masks_are_loaded(page: Page, home: str) -> None:
    loaded: list[str] = []
    page.on("response", lambda response: loaded.append(response.url.rpartition("/")[2]) if response.ok else None)
    page.goto(f"{home}authoring/", wait_until="networkidle")
    for icon in page.locator(".twemoji svg").all():
        box = icon.bounding_box()
        assert box is not None and 12 < box["width"] < 32
    assert {"material-admonition-note.svg", "material-details.svg", "material-tasklist.svg"} <= set(loaded)


@pytest.mark.sweep
def test_axe_finds_nothing_on_the_reference_page(browser: Browser, home: str) -> None:
    screens = ((390, 844), (1440, 900))
    for screen in screens:
        context = axe.context(browser, screen)
        for root in (home, f"{home}en/"):
            assert list(axe.troubles_of(context.new_page(), root, ("authoring/",), (screen,))) == []
        context.close()


# What the configuration and the head of a page say


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


def told_by_check(project: Path) -> list[str]:
    done = run("-m", "haopin", "check", "--as-of", "2030-02-01", cwd=project)
    assert "Traceback" not in done.stderr, done.stderr
    return (done.stdout + done.stderr).splitlines()


def add(project: Path, text: str, name: str = "mkdocs.yml") -> None:
    file = project / name
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")


@pytest.mark.sweep
def test_own_styles_and_scripts_navigation_and_copyright_work(project: Path, tmp_path: Path) -> None:
    for language in ("zh", "en"):
        (project / "docs" / language / "own.css").write_text(".hp-prose { color: inherit; }\n", "utf-8")
        (project / "docs" / language / "own.js").write_text("document.title\n", "utf-8")
    add(project, "extra_css: [own.css]\nextra_javascript: [own.js]\ncopyright: 甲乙县 &copy; 2030\n")
    add(project, "nav:\n  - 隐私: privacy.md\n  - about.md\n")
    site = BuiltSite(build(tmp_path / "site", cwd=project), project / "data")
    for page in (site.pages["tasks/01/"], site.pages["en/about/"], site.html["404.html"]):
        hrefs = {e.get("href", "").rpartition("/")[2] for e in page.all("link")}
        assert "own.css" in hrefs and [e for e in page.all("script") if e.get("src", "").endswith("own.js")]
        assert "甲乙县 © 2030" in page.source
    assert site.broken_links == []
    listed = [words(e) for e in site.pages[""].one("nav", cls="hp-footer-site").iter("a")]
    assert listed[:2] == ["隐私", "关于本站"] or listed[0] == "隐私"
    english = [words(e) for e in site.pages["en/"].one("nav", cls="hp-footer-site").iter("a")]
    # The order is that of the navigation, the titles are those of the English pages.
    assert english[0].isascii() and [e for e in english if not e.isascii()] == []
    assert site.pages["privacy/"].source.count("<title>隐私 - ") == 1


#: Additions to the configuration, and the messages.
REFUSED = {
    "extra_css: [https://x.example/a.css]\n": "extra_css: https://x.example/a.css",
    "extra_css: [missing.css]\n": "there is no docs/zh/missing.css",
    "extra_javascript: [//x.example/a.js]\n": "extra_javascript: //x.example/a.js",
    "copyright: <a href='https://x.example/'>x</a>\n": "copyright",
    "nav: [{A: [about.md]}]\n": "groups are not supported",
    "nav: [tasks/index.md]\n": "this is not a written page",
    "repo_url: https://x.example/\n": "repo_url",
    "site_author: a\n": "site_author",
}


@pytest.mark.sweep
def test_unsupported_settings_are_reported_on_one_line_in_both_languages(project: Path) -> None:
    original = (project / "mkdocs.yml").read_text("utf-8")
    for text, expected in REFUSED.items():
        (project / "mkdocs.yml").write_text(original + text, "utf-8")
        found = [line for line in told_by_check(project) if line.startswith("mkdocs") and expected in line]
        assert len(found) == 1 or (len(found) == 2 and "docs/" in expected), (text, told_by_check(project))
        assert any("\u4e00" <= c <= "\u9fff" for c in found[0].partition(" / ")[0]), found
    (project / "mkdocs.yml").write_text(original, "utf-8")


def test_unsupported_themes_plugins_and_extras_are_reported_by_check_and_build(project: Path) -> None:
    edit(
        project / "mkdocs.yml",
        "  font: false\n",
        "  font: false\n  features: [navigation.tabs]\n  palette: {primary: red}\n",
    )
    edit(project / "mkdocs.yml", "plugins: []", "plugins: [search]")
    edit(project / "mkdocs.yml", "extra:\n", "extra:\n  social: []\n")
    told = told_by_check(project)
    for expected in ("theme.features: navigation.tabs", "theme.palette", "plugins: search", "extra.social"):
        assert len([line for line in told if expected in line]) == 1, (expected, told)
    done = run("-m", "haopin", "build", "--as-of", "2030-02-01", cwd=project)
    assert done.returncode == 1 and "theme.palette" in done.stderr and not (project / "site").exists()


@pytest.mark.sweep
def test_untested_plugins_and_extensions_are_warned_of(project: Path) -> None:
    shipped = settings.read_yaml(project / "mkdocs.yml")
    assert list(untested(shipped, "mkdocs.yml")) == []
    given = {
        "plugins": ["haopin", {"odd": {"a": 1}}, "minify"],
        "markdown_extensions": {"abbr": None, "smarty": None, "pymdownx.arithmatex": {"generic": True}},
    }
    assert [line.partition(": 提醒 / warning: ")[0] for line in untested(given, "mkdocs.yml")] == [
        "mkdocs.yml: plugins: odd",
        "mkdocs.yml: markdown_extensions: pymdownx.arithmatex",
        "mkdocs.yml: markdown_extensions: smarty",
    ]
    edit(project / "mkdocs.yml", "  - abbr\n", "  - abbr\n  - smarty\n")
    told = [line for line in told_by_check(project) if "smarty" in line]
    assert told == [
        "mkdocs.yml: markdown_extensions: smarty: 提醒 / warning: 本站没有用它测试过\uff0c请核对生成的网页\uff1b"
        "不能公开的内容由发布前的检查拒绝 / the site is not tested with it; look at the pages that it changes. "
        "The checks before a release refuse what must not be public"
    ]
    done = run("-m", "haopin", "build", "--as-of", "2030-02-01", cwd=project)
    assert done.returncode == 0, done.stderr


def test_head_of_a_page_is_checked() -> None:
    text = "---\ntitle: a\nhide: [navigation, toc]\ntemplate: home.html\nstatus: odd\n---\n# a\n"
    found = [(p.place.mark, p.en) for p in head_problems(text, "a.md")]
    assert [mark for mark, _ in found] == [(4, 1), (3, 1), (5, 1)]
    assert all(words in en for words, (_, en) in zip(("“template”", "“navigation”", "“odd”"), found, strict=True))
    good = "---\ntitle: a\nhide: [toc, path, tags]\nstatus: new\ntags: [a]\n---\n# a\n"
    assert list(head_problems(good, "a.md")) == []
    assert list(head_problems("# a\n", "a.md")) == []


def test_styles_of_authors_load_nothing_from_elsewhere() -> None:
    text = (
        "a { background: url(a.png) }\n@import 'https://x.example/b.css';\nb { mask: url(data:image/png;base64,a) }\n"
    )
    assert [p.place.mark for p in style_problems(text, "a.css")] == [(2, 1), (3, 1)]


def test_personal_numbers_in_own_styles_and_scripts_are_reported(project: Path) -> None:
    for language in ("zh", "en"):
        (project / "docs" / language / "own.css").write_text("/* 13800138000 */\n", "utf-8")
        (project / "docs" / language / "own.js").write_text("document.title\nconst a = '11010519491231002X'\n", "utf-8")
    add(project, "extra_css: [own.css]\nextra_javascript: [own.js]\n")
    told = told_by_check(project)
    for place in ("docs/zh/own.css:1:1", "docs/en/own.css:1:1", "docs/zh/own.js:2:1", "docs/en/own.js:2:1"):
        assert len([line for line in told if line.startswith(f"{place}: ") and "looks like" in line]) == 1, told


def test_copy_buttons_and_what_a_page_hides(project: Path, tmp_path: Path) -> None:
    edit(project / "mkdocs.yml", "  font: false\n", "  font: false\n  features: [content.code.copy]\n")
    for language in ("zh", "en"):
        edit(project / "docs" / language / "authoring.md", "status: new\n", "status: new\nhide: [toc, path, tags]\n")
    site = BuiltSite(build(tmp_path / "site", cwd=project), project / "data")
    page = site.pages["authoring/"]
    assert len([e for e in page.all("button") if "data-copy-before" in e.attrib]) == 2
    assert page.all("nav", cls="hp-toc") == page.all("nav", cls="hp-trail") == page.all("ul", cls="hp-tags") == []
