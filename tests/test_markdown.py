"""Rich text inside a record: Markdown, without markup of its own and without bad links."""

import random
import re
from html import unescape

import pytest
from haopin.render import markdown
from haopin.render.markdown import rich, widened, with_originals


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("\u7532\u4e59", "<p>\u7532\u4e59</p>"),
        ("\u7532**\u4e59**\u4e19", "<p>\u7532<strong>\u4e59</strong>\u4e19</p>"),
        ("a *b* c", "<p>a <em>b</em> c</p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("`a`", "<p><code>a</code></p>"),
        ('say "yes"', "<p>say &quot;yes&quot;</p>"),
        ('*say* "yes"', "<p><em>say</em> &quot;yes&quot;</p>"),
        ("a --- b", "<p>a --- b</p>"),
        # Headings are the page's own affair.
        ("# a", "<p># a</p>"),
        ("a\n===", "<p>a\n===</p>"),
    ],
)
def test_markdown(text: str, html: str) -> None:
    assert rich(text, "../") == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("<div>\n\nx\n\n</div>", "<p>&lt;div&gt;</p>\n<p>x</p>\n<p>&lt;/div&gt;</p>"),
        ('<b onclick="x">', "<p>&lt;b onclick=&quot;x&quot;&gt;</p>"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ("x <!-- y -->", "<p>x &lt;!-- y --&gt;</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("**<i>x</i>**", "<p><strong>&lt;i&gt;x&lt;/i&gt;</strong></p>"),
        ("<?php x ?>", "<p>&lt;?php x ?&gt;</p>"),
    ],
)
def test_markup_in_a_text_is_shown_as_text(text: str, html: str) -> None:
    assert rich(text, "../") == html


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://a.gov.cn/x", "https://a.gov.cn/x"),
        ("#clause", "#clause"),
        ("tel:12345", "tel:12345"),
        ("mailto:a@b.cn", "mailto:a@b.cn"),
        # From the root of the site in the same language.
        ("/tasks/03/", "../../tasks/03/"),
        ("/", "../../"),
    ],
)
def test_link_is_kept(link: str, address: str) -> None:
    assert rich(f"[x]({link})", "../../") == f'<p><a href="{address}">x</a></p>'


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "java\tscript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://a.gov.cn/",
        "//a.gov.cn/",
        "a.gov.cn",
        "../x/",
    ],
)
@pytest.mark.parametrize("form", ["[x]({})", "[x][r]\n\n[r]: {}"])
def test_bad_link_is_dropped_and_its_words_stay(link: str, form: str) -> None:
    html = rich(form.format(link), "../")
    assert "href" not in html
    assert "x" in html


@pytest.mark.parametrize("address", ["https://a.gov.cn/x.png", "//a.gov.cn/x.png", "data:image/png;base64,x", "x.png"])
def test_picture_of_a_third_party_is_not_asked_for(address: str) -> None:
    assert rich(f"![x]({address})", "../") == '<p><img alt="x"></p>'


def test_picture_of_the_site_is_shown() -> None:
    assert rich("![x](/assets/x.png)", "../") == '<p><img alt="x" src="../assets/x.png"></p>'


def test_quotation_marks_stand_bare_around_attributes_only() -> None:
    html = rich('[x](/a/ "say \\"b\\"") "c" `"d"`', "./")
    assert re.sub(r'\s(?:href|title)="[^"]*"', "", html).count('"') == 0


def test_texts_do_not_leak_into_each_other() -> None:
    """The converter is used again and again: a link defined in one text is none in the next."""
    assert "href" in rich("[x][r]\n\n[r]: https://a.cn/", "./")
    assert "href" not in rich("[x][r] *a*", "./")


ALPHABET = "\u7532\u4e59\uff0c\u3002\u201c AB12 .,:;()'\"%/@$+-?{}\u00e9"


def test_fast_path_equals_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most texts skip the parser; 5,000 that do come out the same through it."""
    generator = random.Random(3)
    fast: dict[str, str] = {}
    while len(fast) < 5_000:
        text = "".join(generator.choices(ALPHABET, k=generator.randint(1, 14))).strip()
        if text and not markdown._SPECIAL.search(text):
            fast[text] = rich(text, "../")
    monkeypatch.setattr(markdown, "_SPECIAL", re.compile(""))
    for text, html in fast.items():
        assert unescape(rich(text, "../")) == unescape(html), repr(text)


@pytest.mark.parametrize(
    "text",
    [
        "- a",
        "+ a",
        "> a",
        "1. a",
        "---",
        "a_b_",
        "[a]",
        "<a",
        "a&b",
        "#a",
        "a!b",
        "a\\b",
        "a|b",
        "a~b",
        "a^b",
        "a=b",
        "a\nb",
    ],
)
def test_what_may_be_markdown_goes_to_the_parser(text: str) -> None:
    assert markdown._SPECIAL.search(text)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("\u7532,\u4e59", "\u7532\uff0c\u4e59"),
        ("\u89c1[\u7532,\u4e59](/\u7532,\u4e59/),\u4e19", "\u89c1[\u7532\uff0c\u4e59](/\u7532,\u4e59/)\uff0c\u4e19"),
        ("`\u7532,\u4e59`,\u4e19", "`\u7532,\u4e59`\uff0c\u4e19"),
        ("[\u7532](/a/)(\u4e59)`b`", "[\u7532](/a/)\uff08\u4e59\uff09`b`"),
        ("**\u7532**,\u4e59", "**\u7532**\uff0c\u4e59"),
        ("[a](https://a.cn/?b=c)", "[a](https://a.cn/?b=c)"),
        ("a, b", "a, b"),
    ],
)
def test_widened(source: str, shown: str) -> None:
    assert widened(source) == shown


def test_with_originals_marks_chinese_in_english() -> None:
    html = rich("the words \u4e5d\u6708 mean *\u8d28\u91cf\u6708* [x](/\u8def/)", "./")
    assert with_originals(html) == (
        '<p>the words <span lang="zh-Hans">\u4e5d\u6708</span> mean <em><span lang="zh-Hans">'
        '\u8d28\u91cf\u6708</span></em> <a href="./\u8def/">x</a></p>'
    )
