"""Reads a notice from a web page: the article, and metadata in the head."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

from haopin.start.lines import Source, SourceLine
from haopin.text import Text

_SKIPPED = {"script", "style", "noscript", "nav", "header", "footer", "aside", "form", "select", "button", "iframe"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "section", "article", "blockquote", "pre"}
_BLOCKS |= {"table", "tbody", "thead", "tr", "td", "th", "center", "dl", "dt", "dd", "main", "body", "figure"}
#: Smallest share of the full stops of the page that the article must contain.
_SHARE = 0.9


def read_page(raw: bytes) -> Source:
    """Return the lines of the article in a web page; metadata of the head is reported as a doubt."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    # The article declared by the page has precedence.
    root: Element = parser.parse(raw, likely_encoding=_encoding(raw))
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag in _SKIPPED:
                # The text after an element belongs to its parent.
                before = list(parent).index(child)
                tail = child.tail or ""
                parent.remove(child)
                if before:
                    parent[before - 1].tail = (parent[before - 1].tail or "") + tail
                else:
                    parent.text = (parent.text or "") + tail
    body = root.find("body")
    top = body if body is not None else root
    whole = _stops(top)
    while (inner := next((child for child in top if whole and _stops(child) >= _SHARE * whole), None)) is not None:
        if inner.tag in ("p", "span", "td", "tr", "tbody"):
            break
        top = inner
    lines = [line for line in _page_lines(top) if line.text.strip() and not _is_around(line)]
    source = Source(lines)
    meta = {
        (node.get("name") or node.get("property") or "").lower(): (node.get("content") or "").strip()
        for node in root.iter("meta")
    }
    # Names of metadata in the guideline for government sites (国办发〔2017〕47号).
    if found := re.match(r"\d{4}-\d{2}-\d{2}", meta.get("pubdate", "")):
        source.published = found[0]
    title = meta.get("articletitle") or next(
        ("".join(node.itertext()).strip() for node in root.iter("h1") if node not in set(top.iter())), ""
    )
    if title and _bare(title) not in _bare("".join(line.text for line in lines[:6])):
        lines.insert(0, SourceLine(title))
        source.doubts.append(
            Text(
                zh=f"标题“{title}”取自网页的抬头,不在正文里",
                en=f"the title “{title}” is from the head of the page, not from the text",
            )
        )
    return source


#: Additions of portals to an article: breadcrumbs, tools, contributor, previous and next page.
_AROUND = re.compile(
    r"(?:您的?|你)?(?:当前|现在)?(?:所在)?(?:的)?位置[:：].*|(?:首页|网站首页)(?:\s*[>＞»/].*)|"
    r"(?:【?\s*(?:打印(?:本页|正文)?|关闭(?:窗口|本页)?|收藏|分享(?:到.{0,12})?|字体[:：]?.{0,8}|[大中小]|返回顶部)\s*】?\s*[|丨/]?\s*)+|"
    r"(?:发布(?:时间|日期)|信息来源|来源|浏览(?:次数|量)|阅读|点击数|访问量|责任编辑|编辑|作者|字号)\s*[:：].{0,80}|"
    r"上一[篇条][:：].*|下一[篇条][:：].*|扫一扫.{0,20}|相关(?:文件|解读|阅读|链接|信息)[:：]?|附件下载[:：]?.{0,60}"
)


def _is_around(line: SourceLine) -> bool:
    return line.cells is None and _AROUND.fullmatch(line.text.strip()) is not None


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _stops(node: Element) -> int:
    return "".join(node.itertext()).count("。")


def _page_lines(node: Element) -> Iterator[SourceLine]:
    """Yield the lines of an element: blocks, lines ended by a break, table rows with several cells."""
    if node.tag == "table" and not any(inner.tag == "table" for inner in node.iter() if inner is not node):
        yield from _rows(node)
        return
    current = node.text or ""
    number = int(node.get("start") or 1) if node.tag == "ol" else 0
    for child in node:
        if child.tag == "br":
            yield SourceLine(current)
            current = ""
        elif child.tag in _BLOCKS:
            yield SourceLine(current)
            current = ""
            inner = [line for line in _page_lines(child) if line.text.strip()]
            if number and child.tag == "li" and inner:
                inner[0] = SourceLine(f"{number}.{inner[0].text.strip()}")
                number += 1
            yield from inner
        else:
            pieces = list(_page_lines(child))
            current += pieces[0].text if pieces else ""
            for piece in pieces[1:]:
                yield SourceLine(current)
                current = piece.text
        current += child.tail or ""
    yield SourceLine(current)


def _rows(table: Element) -> Iterator[SourceLine]:
    """Yield the rows of a table; rows with one cell, as in layout tables, are paragraphs."""
    below: dict[int, int] = {}
    for row in (node for node in table.iter() if node.tag == "tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if len(cells) == 1 and not any(below.values()):
            yield from _page_lines(cells[0])
            continue
        texts: list[str] = []
        above: set[int] = set()
        for cell in [*cells, None]:
            # A cell of a row above spans this one.
            while below.get(len(texts), 0):
                below[len(texts)] -= 1
                above.add(len(texts))
                texts.append("")
            if cell is not None:
                at = len(texts)
                texts += ["".join(line.text for line in _page_lines(cell)), *[""] * (_span(cell, "colspan") - 1)]
                below |= dict.fromkeys(range(at, len(texts)), _span(cell, "rowspan") - 1)
        yield SourceLine("\t".join(texts), tuple(texts), frozenset(above))


def _span(cell: Element, name: str) -> int:
    words = cell.get(name, "1").strip()
    return min(max(int(words), 1), 1000) if words.isdecimal() else 1
