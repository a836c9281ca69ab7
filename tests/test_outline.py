"""What a finished page holds."""

import re
from datetime import date
from pathlib import Path

import html5lib
import pytest
from haopin.html.i18n import read_labels
from haopin.html.outline import Heading, Outline, Passage, outline, plain
from haopin.html.renderer import Rendered, Renderer, environment
from haopin.text import LANGUAGES, Language
from support import COUNTY, ROOT, catalogue_of, is_silent, without_beside


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        ("<p>a</p>\n<p>b</p>", "a b"),
        ('<a href="x">\u7532</a>\u4e59', "\u7532 \u4e59"),
        ("a&nbsp;b &lt;c&gt; &amp;amp;", "a b <c> &amp;"),
        ("<br>a<br/>", "a"),
    ],
)
def test_plain(fragment: str, text: str) -> None:
    assert plain(fragment) == text


@pytest.mark.parametrize("characters", [1, 2, 7, 40])
def test_the_size_of_blocks_makes_no_difference(characters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, text = outline(PAGE), plain(PAGE)
    monkeypatch.setattr("haopin.html.outline._BLOCK", characters)
    assert (outline(PAGE), plain(PAGE)) == (whole, text)


PAGE = """<nav class="hp-trail"><ol><li><a href="../">Home</a></li></ol></nav>
<h1>Title &amp; more</h1>
<p>Lead <a href="../documents/plan/#c-1">link</a>.</p>
<section><h2 id="measures">Measures <span class="hp-count">2</span></h2>
<h3 class="hp-title" id="\u4e00"><a href="#\u4e00">First</a></h3><blockquote id="q">Words &lt;b&gt;</blockquote>
<h3>No anchor</h3><p>more words</p>
</section>
<svg role="img"><title id="svg-title">Figure</title><a href="../bodies/a/"><text>A</text></a></svg>
<h2 id="last">Last</h2>
<img src="../assets/mark.svg" alt="">
"""


def test_outline() -> None:
    assert outline(PAGE) == Outline(
        headings=(Heading(2, "measures", "Measures"), Heading(3, "\u4e00", "First"), Heading(2, "last", "Last")),
        anchors=frozenset({"measures", "\u4e00", "q", "svg-title", "last"}),
        links=("../", "../documents/plan/#c-1", "#\u4e00", "../bodies/a/", "../assets/mark.svg"),
        passages=(
            Passage("", "Title & more", "Lead link ."),
            Passage("measures", "Measures", ""),
            Passage("\u4e00", "First", "Words <b> No anchor more words"),
            Passage("last", "Last", ""),
        ),
    )


def test_empty_page() -> None:
    assert outline("") == Outline((), frozenset(), (), ())


def test_text_before_the_first_heading_is_a_passage() -> None:
    assert outline('<p>a</p><h2 id="b">B</h2>').passages == (Passage("", "", "a"), Passage("b", "B", ""))


def test_heading_without_an_anchor_begins_no_passage() -> None:
    assert outline("<h2>A</h2><p>b</p>").passages == (Passage("", "", "A b"),)


def test_title_with_an_anchor_is_no_heading_of_the_contents() -> None:
    found = outline('<h1 id="top">A</h1><p>b</p>')
    assert (found.headings, found.passages) == ((), (Passage("", "A", "b"),))
    assert found.anchors == {"top"}


@pytest.mark.parametrize("tag", ["nav", "svg", "script", "form", "template"])
def test_words_that_are_no_text_of_the_page_are_not_searched(tag: str) -> None:
    found = outline(f'<h1>A</h1><{tag} class="x">hidden <h2 id="b">B</h2></{tag}>shown')
    assert found.passages == (Passage("", "A", "shown"),)
    assert found.headings == ()
    # The anchor and the links are there all the same.
    assert found.anchors == {"b"}


def test_escaped_values_are_read_unescaped() -> None:
    found = outline('<a id="a&amp;b" href="?x=1&amp;y=2#c">x</a>')
    assert (found.anchors, found.links) == (frozenset({"a&b"}), ("?x=1&y=2#c",))


@pytest.mark.parametrize("attribute", ["data-id", "aria-id", "xhref"])
def test_other_attributes_are_not_mistaken(attribute: str) -> None:
    found = outline(f'<p {attribute}="a">x</p>')
    assert (found.anchors, found.links) == (frozenset(), ())


def test_words_that_look_like_attributes_are_text() -> None:
    """Quotation marks in text are escaped on every page, so that no text is read as an attribute."""
    found = outline("<p>write id=&quot;a&quot; or href=&quot;b&quot;</p>")
    assert (found.anchors, found.links) == (frozenset(), ())


@pytest.mark.parametrize("level", range(2, 7))
def test_levels(level: int) -> None:
    assert outline(f'<h{level} id="a">A</h{level}>').headings == (Heading(level, "a", "A"),)


def rendered(language: Language, data: Path) -> list[Rendered]:
    labels, templates = read_labels(ROOT / "hooks/haopin/labels.yml"), environment(ROOT / "hooks/haopin/templates")
    renderer = Renderer(catalogue_of(data), language, date(2026, 11, 22), labels, templates)
    return [renderer.render(page) for page in renderer.pages]


@pytest.fixture
def data() -> Path:
    """Records of the invented county; in ``tests/county``, this repository's own."""
    return COUNTY / "data"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_outline_is_what_a_parser_of_html_reads(language: Language, data: Path) -> None:
    """Every generated page: what string search finds is what a browser would."""
    for page in rendered(language, data):
        tree = html5lib.parseFragment(page.content, namespaceHTMLElements=False)
        elements = list(tree.iter())
        ids = [element.get("id") for element in elements if element.get("id")]
        assert sorted(ids) == sorted(set(ids)), page.page.address
        assert page.outline.anchors == set(ids)
        links = [element.get(name) for element in elements for name in ("href", "src") if element.get(name) is not None]
        assert sorted(page.outline.links) == sorted(links)
        headings = [
            Heading(
                int(element.tag[1]), element.get("id"), " ".join(" ".join(without_beside(element).itertext()).split())
            )
            for element in elements
            if element.tag in ("h2", "h3", "h4", "h5", "h6") and element.get("id")
        ]
        assert list(page.outline.headings) == headings
        assert sum(element.tag == "h1" for element in elements) == 1
        assert [(p.anchor, p.title) for p in page.outline.passages if p.anchor] == [(h.id, h.title) for h in headings]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_page_is_lost_to_the_search(language: Language) -> None:
    for page in rendered(language, COUNTY / "data"):
        tree = html5lib.parseFragment(page.content, namespaceHTMLElements=False)
        for parent in list(tree.iter()):
            for child in list(parent):
                if is_silent(child):
                    child.text, child[:] = "", []
                elif re.fullmatch("h[1-6]", str(child.tag)):
                    child[:] = [without_beside(child)]
                    child.text = ""
        words = "".join("".join(tree.itertext()).split())
        found = "".join(f"{passage.title} {passage.text}" for passage in page.outline.passages)
        assert "".join(found.split()) == words, page.page.address
