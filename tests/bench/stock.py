"""Stock MkDocs + Material with the same pages, written as Markdown, outside its navigation; and Zensical with these."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

_CONFIGURATION = """site_name: Stock
site_url: https://stock.example/
theme: {{name: material, language: zh, font: false}}
# In the navigation stock grows quadratically, and the comparison would be too easy.
nav: [index.md]
not_in_nav: /**
plugins: {plugins}
markdown_extensions: [attr_list, def_list, tables]
"""
_SEARCH = "[{search: {lang: [zh, en]}}]"
#: Of a section in the search of Zensical.
_POSITIONS = 16_384
_BLOCKS = {"p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "th", "td", "blockquote", "summary", "figcaption"}


class _Writer(HTMLParser):
    """Blocks of a page's article as Markdown, with links and anchors; figures stay out, their tables are text."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._text: list[str] = []
        self._mark = ""
        self._anchor = ""
        self._silent = 0
        self._inside = 0
        self._href: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "article":
            self._inside += 1
        elif tag in ("svg", "nav"):
            self._silent += 1
        elif self._inside and not self._silent:
            if tag in _BLOCKS:
                self._flush()
                self._mark = {"li": "- ", "blockquote": "> ", "dd": ":   "}.get(tag, "")
                if tag[0] == "h":
                    self._mark = "#" * int(tag[1]) + " " if tag[1:].isdigit() else ""
                    self._anchor = f" {{ #{values['id']} }}" if values.get("id") and self._mark else ""
            elif tag == "a":
                self._href.append(values.get("href") or "")
                self._text.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._flush()
            self._inside -= 1
        elif tag in ("svg", "nav"):
            self._silent -= 1
        elif self._inside and not self._silent:
            if tag in _BLOCKS:
                self._flush()
            elif tag == "a" and self._href:
                target = self._href.pop()
                # Links to other pages would all be looked up and warned of; anchors of the page are equal work.
                self._text.append(f"]({target})" if target.startswith("#") else "](#)")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._silent:
            self._text.append(re.sub(r"([\[\]*_`<>])", r"\\\1", data))

    def _flush(self) -> None:
        text = " ".join("".join(self._text).split())
        if text and text not in ("[](#)",):
            self.blocks.append(self._mark + text + self._anchor)
        self._text, self._mark, self._anchor = [], "", ""


def as_markdown(html: str) -> str:
    """Return the article of a page of ours as Markdown."""
    writer = _Writer()
    writer.feed(html)
    return "\n\n".join(writer.blocks) + "\n"


def make_stock(site: Path, folder: Path, *, search: bool) -> int:
    """Write a stock project with the pages of our built ``site``; return their number."""
    count = 0
    for page in sorted(site.rglob("index.html")):
        path = folder / "docs" / page.relative_to(site).parent / "index.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_markdown(page.read_text("utf-8")), encoding="utf-8")
        count += 1
    (folder / "mkdocs.yml").write_text(_CONFIGURATION.format(plugins=_SEARCH if search else "[]"), encoding="utf-8")
    return count


def make_zensical(stock: Path, folder: Path) -> int:
    """Write the project ``stock`` for Zensical; return how many pages its search leaves out.

    It refuses to build a page with a section of more than 16,384 positions unless its search leaves the page out.
    """
    shutil.copytree(stock, folder, ignore=shutil.ignore_patterns("site", "output.txt"))
    left_out = 0
    for page in folder.glob("docs/**/*.md"):
        text = page.read_text("utf-8")
        # A position is at least one character.
        if max(map(len, re.split(r"^#", text, flags=re.M))) > _POSITIONS:
            page.write_text(f"---\nsearch: {{exclude: true}}\n---\n\n{text}", encoding="utf-8")
            left_out += 1
    return left_out
