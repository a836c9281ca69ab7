"""What must not break over lines: `haopin.html.whole`."""

import pytest
from haopin.html.outline import outline
from haopin.html.whole import joined, whole

OPEN, CLOSE = '<span class="hp-whole">', "</span>"


@pytest.mark.parametrize("date", ["2026年7月13日", "7月13日", "2026年7月", "9:30", "9:30至16:30"])
def test_dates_of_chinese_text_are_kept_whole(date: str) -> None:
    assert whole(f"<p>最近报送：{date}。</p>", "zh") == f"<p>最近报送：{OPEN}{date}{CLOSE}。</p>"
    assert whole(date, "zh") == f"{OPEN}{date}{CLOSE}"


@pytest.mark.parametrize(
    "html",
    [
        '<a title="2026年7月13日">x</a>',
        "<svg><text x='1'>2026年7月13日</text></svg>",
        "<option>2026年7月13日</option>",
        "<time>2026-07-13T09:30:00</time>",
        "<p>1:2、12年级、10月份</p>",
    ],
)
def test_what_is_no_text_or_no_date_stays(html: str) -> None:
    assert whole(html, "zh") == html


def test_compounds_of_headings_are_kept_whole() -> None:
    given = '<h2 id="high-end"><a href="#high-end">A high-end, state-of-the-art site</a></h2><p>a high-end site</p>'
    assert whole(given, "en") == (
        f'<h2 id="high-end"><a href="#high-end">A {OPEN}high-end{CLOSE}, {OPEN}state-of-the-art{CLOSE} site</a></h2>'
        "<p>a high-end site</p>"
    )
    assert whole("<h1>2023-01-02 &nbsp-x;</h1>", "en") == "<h1>2023-01-02 &nbsp-x;</h1>"


def test_the_outline_of_a_page_has_no_blanks_there() -> None:
    found = outline(whole("<h1>创建</h1><p>成文日期为2023年6月27日的方案</p>", "zh"))
    assert [passage.text for passage in found.passages] == ["成文日期为2023年6月27日的方案"]
    assert outline(whole('<h2 id="a">A (three-year) plan</h2>', "en")).headings[0].title == "A (three-year) plan"


def test_ends_of_lines_between_chinese_characters_go() -> None:
    assert (
        joined("<p>一句。\n<a href=''>二</a>句\n“三”</p>\n<p>a\nb</p>")
        == "<p>一句。<a href=''>二</a>句“三”</p>\n<p>a\nb</p>"
    )
    code = "<pre><code>一\n二</code></pre>"
    assert joined(code) == code


def test_blanks_that_only_end_what_is_emphasized_go() -> None:
    assert (
        joined("<p><strong>一句。</strong> <a href=''>二</a>句</p>")
        == "<p><strong>一句。</strong><a href=''>二</a>句</p>"
    )
    assert joined("<p><strong>一句</strong> 二</p>") == "<p><strong>一句</strong> 二</p>"
