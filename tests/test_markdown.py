"""Rich text inside a record: Markdown, without markup of its own and without bad links."""

import random
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from haopin import markdown
from haopin.build.settings import MarkdownExtensions
from haopin.html import material
from haopin.markdown import may_have_elements, rich, rich_article, widened, with_originals
from support import copy_county, warnings_of


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
        ("a\n===", "<p>a<br>\n===</p>"),
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
    # No link without an address either: it would look like one.
    assert "<a" not in html
    assert "x" in html


@pytest.mark.parametrize("address", ["https://a.gov.cn/x.png", "//a.gov.cn/x.png", "data:image/png;base64,x", "x.png"])
def test_picture_of_a_third_party_is_not_asked_for(address: str) -> None:
    assert rich(f"![x]({address})", "../") == "<p><span>x</span></p>"


def test_picture_of_the_site_is_shown() -> None:
    assert rich("![x](/assets/x.png)", "../") == '<p><img alt="x" src="../assets/x.png"></p>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        # A multiplication sign is not Markdown.
        ("规格100g*6袋、50g*12袋", "<p>规格100g*6袋、50g*12袋</p>"),
        ("长*宽*高,1.2m*0.8m,(甲)*(乙)", "<p>长*宽*高，1.2m*0.8m，（甲）*（乙）</p>"),
        ("共**6**袋", "<p>共<strong>6</strong>袋</p>"),
        ("共 *6* 袋", "<p>共 <em>6</em> 袋</p>"),
        # Addresses with brackets, titles and spaces, and a private character that some fonts have.
        ("看[附件](https://a.example/b_(1).pdf)。", '<p>看<a href="https://a.example/b_(1).pdf">附件</a>。</p>'),
        ('[甲](https://a.example/ "乙,丙")。', '<p><a href="https://a.example/" title="乙,丙">甲</a>。</p>'),
        ("[甲]( https://a.example/ )。", '<p><a href="https://a.example/">甲</a>。</p>'),
        ("姓名\ue000某,见[甲](/a/)。", '<p>姓名\ue000某，见<a href="../a/">甲</a>。</p>'),
        ("会议,\n\n![照片](/evidence/p.jpg)", '<p>会议，</p>\n<p><img alt="照片" src="../evidence/p.jpg"></p>'),
        ("字![照片](/evidence/p.jpg)", '<p>字<img alt="照片" src="../evidence/p.jpg"></p>'),
        # Lines stay lines, lists are lists without a blank line, numbers stay what they are.
        ("联系人:甲\n电话:1\n地址:乙", "<p>联系人：甲<br>\n电话：1<br>\n地址：乙</p>"),
        ("安排如下:\n1. 甲\n2. 乙", "<p>安排如下：</p>\n<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>"),
        ("如下:\n- 甲\n- 乙\n  丙", "<p>如下：</p>\n<ul>\n<li>甲</li>\n<li>乙<br>\n  丙</li>\n</ul>"),
        ("- 甲\n\n1. 乙", "<ul>\n<li>甲</li>\n</ul>\n<ol>\n<li>乙</li>\n</ol>"),
        ("3. 甲\n4. 乙", '<ol start="3">\n<li>甲</li>\n<li>乙</li>\n</ol>'),
        ("会议于\n2023. 这不是表", "<p>会议于<br>\n2023. 这不是表</p>"),
        # Spaces before a line make no code of it.
        ("甲\n\n    乙", "<p>甲</p>\n<p>乙</p>"),
        # Marks beside markup, and in code.
        ("甲**乙**,丙`a,b`,丁", "<p>甲<strong>乙</strong>，丙<code>a,b</code>，丁</p>"),
        ("甲\n, b", "<p>甲<br>\n, b</p>"),
    ],
)
@pytest.mark.parametrize("converted", [rich, rich_article])
def test_chinese_comes_out_as_it_was_typed(converted: Callable[..., str], text: str, html: str) -> None:
    assert converted(text, "../", chinese=True) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("#话题#来了", "<p>#话题#来了</p>"),
        ("# ", "<p># </p>"),
        ("##\n甲", "<p>##<br>\n甲</p>"),
        ("## 甲 ##\n乙", "<h2>甲</h2>\n<p>乙</p>"),
        ("# 甲#乙", "<h2>甲#乙</h2>"),
        (
            "表:\n| 甲 | 乙 |\n|---|:-:|\n| 1 | 2 |",
            "<p>表：</p>\n<table>\n<thead>\n<tr>\n<th>甲</th>\n"
            '<th class="hp-center">乙</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class="hp-center">2</td>\n'
            "</tr>\n</tbody>\n</table>",
        ),
    ],
)
def test_headings_and_tables_of_an_article(text: str, html: str) -> None:
    assert rich_article(text, "../", chinese=True) == html


def test_signs_of_markdown_that_would_be_seen_are_warned_of(tmp_path: Path) -> None:
    """The warning names the line of the text; Markdown that is understood gives none."""
    data = copy_county(tmp_path) / "data"
    folder = data / "news"
    folder.mkdir()
    head = "---\ndate: 2030-01-01\nkind: news\ntitle: 甲\nsource: 乙\n---\n"
    texts = {
        "a": "好的[链接](https://a.example/)和**粗体**。",
        "b": "第一行\n\n看[附件] (https://a.example/)。",
        "c": "**没有结尾",
        "d": "`**`是代码,[2030]（试行）",
        "e": "看[附件]（https://a.example/）。",
    }
    for name, text in texts.items():
        (folder / f"2030-01-01-{name}.zh.md").write_text(head + text + "\n", encoding="utf-8")
    warned = [line for line in warnings_of(data) if "原样显示" in line]
    assert [line.split(": ")[0] for line in warned] == [
        "data/news/2030-01-01-b.zh.md:9:1",
        "data/news/2030-01-01-c.zh.md:7:1",
        "data/news/2030-01-01-e.zh.md:7:1",
    ]


def test_quotation_marks_stand_bare_around_attributes_only() -> None:
    html = rich('[x](/a/ "say \\"b\\"") "c" `"d"`', "./")
    assert re.sub(r'\s(?:href|title)="[^"]*"', "", html).count('"') == 0


def test_texts_do_not_leak_into_each_other() -> None:
    """The converter is reused: a link defined in one text does not exist in the next."""
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
def test_possible_markdown_is_parsed(text: str) -> None:
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
        ("看[甲](https://a.cn/b_(1).pdf),乙", "看[甲](https://a.cn/b_(1).pdf)，乙"),
        ('看[甲](https://a.cn/ "a,b"),乙![丙](/c.png)', '看[甲](https://a.cn/ "a,b")，乙![丙](/c.png)'),
        ("\ue000甲,`b,c`,丁", "\ue000甲，`b,c`，丁"),
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


def test_a_link_whose_target_needs_another_conversion() -> None:
    """Whether a place on a page exists is known when the page is made, with texts of its own."""
    inner = []

    def lead(address: str) -> str | None:
        inner.append(rich("[y](/b/) [z](/c/)", "./"))
        return f"../{address[1:]}"

    html = rich("[w](/a/#b) `c` [x](/d/)", "../", lead)
    assert html == '<p><a href="../a/#b">w</a> <code>c</code> <a href="../d/">x</a></p>'
    assert inner == ['<p><a href="./b/">y</a> <a href="./c/">z</a></p>'] * 2


#: What a written page says → what of it is a subscript, a superscript or a key.
SIGNS = {
    "5~10天，3~4天": [],
    "周一~周五，8:00~12:00": [],
    "上午9~11时和下午2~5时": [],
    "增长5%~10%，减少3%~5%": [],
    "甲~乙，丙~丁，H~2~O": ["<sub>2</sub>"],
    "5~10,3~4": [],
    "水是 H~2~O，CO~2~，x~i~": ["<sub>2</sub>", "<sub>2</sub>", "<sub>i</sub>"],
    "v~平均~": ["<sub>平均</sub>"],
    "~~删去~~，5~6天": ["<del>删去</del>"],
    "2^10，2^20": [],
    "m^2^，10^-3^": ["<sup>2</sup>", "<sup>-3</sup>"],
    "C++和C++": [],
    "按 ++ctrl+p++ 打印，按 ++enter++ 确定": [
        '<kbd class="key-control">Ctrl</kbd>',
        '<kbd class="key-p">P</kbd>',
        '<kbd class="key-enter">Enter</kbd>',
    ],
    "`5~10天，3~4天`": [],
}


@pytest.mark.parametrize("text", SIGNS)
def test_ranges_and_powers_stay_text_in_written_pages(text: str) -> None:
    names = ("pymdownx.caret", "pymdownx.keys", "pymdownx.tilde")
    html = MarkdownExtensions(names).converter().convert(text)
    assert len(re.findall(r"<(?:sub|sup|del|kbd)\b", html)) == len(SIGNS[text])
    assert [each for each in SIGNS[text] if each not in html] == []
    if not SIGNS[text]:
        assert re.sub(r"<[^>]+>", "", html) == text.strip("`")


#: What an article says → what it becomes.
ELEMENTS = {
    '!!! note "注意"\n    甲\n': '<p class="admonition-title">注意</p>\n<p>甲</p>',
    "??? tip\n    a\n": "<details",
    '=== "a"\n\n    b\n\n=== "c"\n\n    d\n': 'class="tabbed-set tabbed-alternate"',
    "- [x] a\n- [ ] b": 'class="task-list-item"',
    "a[^1]\n\n[^1]: b": '<a class="footnote-ref" href="#fn:1">',
    "a\n```\n- b\n- c\n```": "<code>- b\n- c\n</code>",
    "==a== ^^b^^ ~~c~~ H~2~O ++tab++": '<mark>a</mark> <ins>b</ins> <del>c</del> H<sub>2</sub>O <span class="keys">',
    ":material-check: :smile:": "<svg aria-hidden",
    "![a](/a.png)\n/// caption\nb\n///": "<figcaption>\n<p>b</p>\n</figcaption>",
    "[a](/b/){ .md-button }": '<a class="md-button" href="../b/">a</a>',
    "![a](/a.png){ width=30 align=right }": '<img align="right" alt="a" src="../a.png" width="30">',
    "GDP\n\n*[GDP]: a": '<abbr title="a">GDP</abbr>',
    "a\n:   b": "<dd>b</dd>",
    "| a |\n| -: |\n| 1 |": '<td class="hp-right">1</td>',
    "`#!python 1`": '<code class="highlight">',
}


@pytest.mark.parametrize("text", ELEMENTS)
def test_articles_have_the_elements_of_material(text: str) -> None:
    html = rich_article(text, "../")
    assert ELEMENTS[text] in html
    # Their styles are there: texts without signs of them are not looked at for that.
    assert may_have_elements(text) or not material.elements_of(material.parts_of(html))


@pytest.mark.parametrize(
    "text",
    [
        '[a](/b/){ onclick="x" }',
        '[a](/b/){ href="javascript:x" }',
        "![a](/a.png){ src=https://x.example/a.png }",
        "![a](/a.png){ onerror=x style=color:red id=main srcset=b }",
        "**a**{ style=x data-x=y }",
        '``` { .yaml onclick="x" style="y" }\na\n```',
        '!!! note "<b onclick=x>"\n    <script>x</script>',
        "a\n{: onclick=x }",
        '--8<-- "/etc/hostname"',
    ],
)
def test_articles_run_and_load_nothing(text: str) -> None:
    html = rich_article(text, "../")
    assert re.findall(r"<[^>]*(?:\son\w+=|style=|javascript:|x\.example|srcset|data-x|id=)|<script", html) == []


@pytest.mark.parametrize("text", ["1:100:2", "C++和C++", "5~10天，3~4天", "    四格", "100g*6", "甲\n#乙#"])
def test_articles_come_out_as_typed(text: str) -> None:
    assert re.sub(r"<[^>]+>", "", rich_article(text, "../")) == text.strip()
