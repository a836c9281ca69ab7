"""Terms linked where a page first uses them."""

import re

import pytest
from haopin.html.glossary import Terms
from haopin.html.inline_svg import icon
from haopin.html.outline import outline, plain
from haopin.model.provision import Term
from haopin.text import Language
from support import BuiltSite


def term(term_id: str, zh: str, en: str, *forms: str, defined: bool = True) -> Term:
    definition = {"zh": "释义", "en": "meaning"} if defined else None
    return Term.model_validate(
        {"id": term_id, "kind": "term", "term": {"zh": zh, "en": en}, "definition": definition, "forms": forms}
    )


TERMS = [
    term("metrology", "计量", "metrology"),
    term("honest", "诚信计量", "honest measurement"),
    term("month", "质量月", "Quality Month", "months of quality"),
    term("system", "“3+1”产业体系", "“3+1” industrial system"),
    term("random", "“双随机、一公开”", "random selection", "双随机"),
    term("reform", "“一次不用跑”", "“zero visits”"),
    term("plain", "质量", "quality", defined=False),
]


def linked(language: Language, html: str, seen: set[str] | None = None) -> str:
    found = str(Terms(TERMS, language).link(html, "../", set() if seen is None else seen))
    return re.sub(r'<a class="hp-term" href="\.\./glossary/#([a-z]+)">(.*?)</a>', r"[\1:\2]", found)


@pytest.mark.parametrize(
    ("language", "html", "expected"),
    [
        ("zh", "加强计量,计量", "加强[metrology:计量],计量"),
        # The longest term wins, and the shorter one inside it is no use of the shorter one.
        ("zh", "诚信计量、计量", "[honest:诚信计量]、[metrology:计量]"),
        ("zh", "质量提升", "质量提升"),
        ("zh", "质量月", "[month:质量月]"),
        # Marks around the whole of a name are not part of its use; marks inside it are.
        ("zh", "落实“双随机、一公开”检查", "落实“[random:双随机、一公开]”检查"),
        ("zh", "推行双随机", "推行[random:双随机]"),
        ("zh", "培育“3+1”产业体系", "培育[system:“3+1”产业体系]"),
        ("en", "Metrology and metrology", "[metrology:Metrology] and metrology"),
        ("en", "metrological, non-metrology, metrology", "metrological, non-metrology, [metrology:metrology]"),
        ("en", "the “3+1” industrial system", "the [system:“3+1” industrial system]"),
        ("en", "“zero visits” reform", "“[reform:zero visits]” reform"),
        ("en", "Months of quality", "[month:Months of quality]"),
        (
            "en",
            '<p>See <a href="x">metrology</a>, metrology</p>',
            '<p>See <a href="x">metrology</a>, [metrology:metrology]</p>',
        ),
        ("en", '<p title="metrology"><code>metrology</code></p>', '<p title="metrology"><code>metrology</code></p>'),
        ("en", "<h3>metrology</h3><p>metrology</p>", "<h3>metrology</h3><p>[metrology:metrology]</p>"),
    ],
)
def test_link(language: Language, html: str, expected: str) -> None:
    assert linked(language, html) == expected


def test_a_page_links_a_term_once() -> None:
    seen: set[str] = set()
    assert linked("zh", "诚信计量", seen) == "[honest:诚信计量]"
    assert seen == {"honest"}
    # Seen before: neither it nor the shorter term inside it is linked.
    assert linked("zh", "诚信计量", seen) == "诚信计量"
    assert linked("zh", "计量", seen) == "[metrology:计量]"
    assert linked("zh", "诚信计量和计量", seen) == "诚信计量和计量"


def test_text_without_a_term_stays_as_it_is() -> None:
    assert linked("en", "Nothing &amp; <b>nobody</b>") == "Nothing &amp; <b>nobody</b>"


def test_a_linked_term_is_no_gap_for_the_search() -> None:
    html = str(Terms(TERMS, "zh").link("<p>加强计量管理</p>", "../", set()))
    (passage,) = outline(html).passages
    assert passage.text == "加强计量管理"
    assert plain("<b>甲</b>乙") == "甲 乙"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_links_a_term_once_and_to_its_entry(site: BuiltSite, language: str) -> None:
    defined = {t.id for t in site.catalogue.all(Term) if t.definition}
    linked_somewhere = set()
    for address, page in site.edition(language).items():
        links = [e.attrib["href"].partition("#")[2] for e in page.all("a", cls="hp-term")]
        assert len(set(links)) == len(links), address
        assert set(links) <= defined
        linked_somewhere |= set(links)
    assert bool(linked_somewhere) == bool(defined)
    assert "glossary/" not in {a for a, p in site.edition(language).items() if p.all("a", cls="hp-term")}


def test_icon_is_decoration() -> None:
    svg = str(icon("phone"))
    assert svg.startswith('<svg class="hp-icon" aria-hidden="true" focusable="false"')
    assert "<path" in svg
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
