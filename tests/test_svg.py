"""Check of SVG pictures: permitted content, and limits of size."""

import pytest
from haopin.check.svg import DEEPEST, LARGEST, MOST_ELEMENTS, svg_problems
from haopin.site.branding import icon

SPACES = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"


def svg(inner: str, attributes: str = "viewBox='0 0 9 9'") -> str:
    return f"<svg {SPACES} {attributes}>\n{inner}</svg>"


def told(text: str) -> list[str]:
    return [item.zh for item in svg_problems(text, "a.svg")]


@pytest.mark.parametrize(
    "good",
    [
        "<title>图</title><g id='a' class='b' transform='translate(1,2) rotate(4)'><path d='M0 0z' fill='#fff'/></g>",
        "<defs><linearGradient id='a'><stop offset='.5' stop-color='rgb(1, 2, 3)'/></linearGradient></defs>"
        "<linearGradient id='b' xlink:href='#a'/><rect width='9' height='9' fill='url(#b)'/><g fill=\"url('#a')\"/>",
        "<symbol id='s' viewBox='0 0 1 1'><circle r='1'/></symbol><use href='#s'/><use xlink:href='#s' x='2'/>",
        "<text x='1' xml:space='preserve' font-family='宋体' aria-label='a (b)'>字<tspan dx='1'>文</tspan></text>",
        "<!-- made by hand -->" + "<g>" * (DEEPEST - 1) + "</g>" * (DEEPEST - 1),
    ],
)
def test_drawing_elements_are_accepted(good: str) -> None:
    assert told(svg(good)) == []
    assert icon(svg(good), 32).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("<script/>", "<script>"),
        ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>", "<script>"),
        ("<img xmlns='http://www.w3.org/1999/xhtml'/>", "<img>"),
        ("<path xmlns='http://www.w3.org/1999/xhtml'/>", "<path>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<a/>", "<a>"),
        ("<style/>", "<style>"),
        ("<image/>", "<image>"),
        ("<feImage/>", "<feImage>"),
        ("<set attributeName='href' to='javascript:x'/>", "<set>"),
        ("<animate/>", "<animate>"),
        ("<metadata/>", "<metadata>"),
        ("<rect style='x'/>", "style"),
        ("<rect onCLICK='x'/>", "onCLICK"),
        ("<rect xml:base='https://x.example/'/>", "xml:base"),
        ("<rect x:fill='red' xmlns:x='urn:x'/>", "fill"),
        ("<use href='b.svg#a'/>", "href=b.svg#a"),
        ("<use xlink:href='data:x'/>", "href=data:x"),
        ("<rect fill='url(//x.example)'/>", "url(//x.example)"),
        ("<rect fill='url(#a) URL(//x.example)'/>", "url(#a) URL(//x.example)"),
        ("<rect fill='u\\72l(//x.example)'/>", "u\\72l(//x.example)"),
        ("<rect fill='image-set(\"x\" 1x)'/>", 'image-set("x" 1x)'),
        ("<?xml-stylesheet href='x'?>", "<?xml-stylesheet?>"),
    ],
)
def test_forbidden_content_is_reported_with_its_line(bad: str, named: str) -> None:
    first = next(iter(svg_problems(svg(bad), "a.svg")))
    assert f"“{named}”" in first.zh and f"“{named}”" in first.en
    assert first.place.mark == (2, 1)


def test_invalid_svg_is_reported() -> None:
    spoiled = "不是完整的 SVG 图形，请重新导出"
    for text in ("", svg("<g>"), svg("&nbsp;"), svg("\x00"), svg("\ud800")):
        assert told(text) == [spoiled]
    top = "顶层须是带“viewBox”的“svg”元素，请重新导出"
    for text in (
        "<svg/>",
        "<html/>",
        *(svg("", f"viewBox='{box}'") for box in ("a b", "0 0 0 1", "0 0 nan 1", "0 0 1")),
    ):
        assert told(text) == [top]
    assert told(svg("", "viewBox='0 0 9 9' width='0'")) == ["“width”应为大于 0 的长度，现为“0”，请删去或改正"]
    entities = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("&b;")
    assert ["<!DOCTYPE>" in line for line in told(entities)] == [True]


def test_of_hundreds_of_problems_twenty_are_listed() -> None:
    assert len(told(svg("<script/>" * 500))) == 20


def test_a_picture_beyond_all_measure_is_refused_at_once() -> None:
    multiplied = "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>" for n in range(1, 7))
    bombs = {
        "图形太大": ["<g>" * 200_000 + "</g>" * 200_000, f"<path d='{'M0 0' * (LARGEST // 4)}'/>"],
        "图形太复杂": ["<g>" * 3_000 + "</g>" * 3_000, "<g>" * DEEPEST + "</g>" * DEEPEST, "<g/>" * MOST_ELEMENTS],
        "图形里的引用": [
            f"<g id='a0'><g/></g>{multiplied}",
            "<g id='a'><use href='#a'/></g>",
            "<pattern id='a'><rect fill='url(#b)'/></pattern><mask id='b'><rect mask='url(#a)'/></mask>",
            "".join(f"<g id='a{n}'><use href='#a{n - 1}'/></g>" for n in range(5_000)),
        ],
    }
    for words, texts in bombs.items():
        for text in texts:
            assert [line.partition("（")[0][: len(words)] for line in told(svg(text))] == [words]
