"""Rich text inside a record: Markdown without raw HTML, links only to this site or to https."""

import re
from functools import lru_cache
from html import escape

import markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from haopin.text import fullwidth

# A text without any of these is one paragraph; most texts are, and skip the parser.
_SPECIAL = re.compile(r"[*_`\[\]<>&#!\\|~^=]|\n|^\s*(?:[-+>:]|\d+[.)]\s)|https?:")
_TEXT_QUOTE = re.compile(r'"(?=[^<>]*(?:<|$))')
# Chinese words outside tags: nothing but a tag has a bare ">" after it.
_CHINESE = re.compile(r"[\u3400-\u9fff]+(?![^<]*>)")
# What is no text in Markdown: where a link leads, and code. It is held by a sign that no text has.
_VERBATIM = re.compile(r"\]\([^()\s]*\)|`[^`]*`")
_HOLD = "\ue000"
# A page asks no third party for anything: links may lead away, pictures are our own.
_ALLOWED = {"href": re.compile(r"https://|/(?!/)|#|tel:|mailto:"), "src": re.compile(r"/(?!/)")}


class _SafeLinks(Treeprocessor):
    def run(self, root):  # type: ignore[no-untyped-def]
        for element in root.iter():
            for name, allowed in _ALLOWED.items():
                address = element.get(name)
                if address is not None and not allowed.match(address):
                    del element.attrib[name]


class _NoHtml(Extension):
    """Markup in a text is text."""

    def __init__(self, *, headings: bool = False) -> None:
        """Let ``headings`` be headings, or drop them: most texts stand below a heading of their page."""
        super().__init__()
        self._headings = headings

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Drop the processors that let HTML through, and those for headings if they are not wanted."""
        if not self._headings:
            md.parser.blockprocessors.deregister("hashheader")
            md.parser.blockprocessors.deregister("setextheader")
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("entity")
        md.treeprocessors.register(_SafeLinks(md), "haopin_safe_links", 0)


@lru_cache(maxsize=1)
def _converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=[_NoHtml()], output_format="html")


def rich(text: str, root: str) -> Markup:
    """Return ``text`` as HTML paragraphs.

    Args:
        text: Markdown. Addresses that begin with ``/`` are those of this site, in the same language.
        root: Relative address of the root of the language, from the page that shows the text.
    """
    if not _SPECIAL.search(text):
        return Markup(f"<p>{escape(text, quote=True)}</p>")
    # Quotation marks in text are escaped like everywhere else: a page has bare ones around attribute values only.
    html = _TEXT_QUOTE.sub("&quot;", _converter().reset().convert(text))
    return Markup(re.sub(r'(href|src)="/(?!/)', rf'\1="{root}', html))


class _ArticleParts(Extension):
    """Headings of an article stand below that of its page, and have no anchors: nothing links to them."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Move headings down a level."""
        md.treeprocessors.register(_LowerHeadings(md), "haopin_lower_headings", 1)


class _LowerHeadings(Treeprocessor):
    def run(self, root):  # type: ignore[no-untyped-def]
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(max(int(element.tag[1]), 2), 6)}"


@lru_cache(maxsize=1)
def _article_converter() -> markdown.Markdown:
    return markdown.Markdown(extensions=[_NoHtml(headings=True), "tables", _ArticleParts()], output_format="html")


def rich_article(text: str, root: str) -> Markup:
    """Return the Markdown of an article as HTML: like `rich`, with headings and tables."""
    html = _TEXT_QUOTE.sub("&quot;", _article_converter().reset().convert(text))
    # Tables are scrolled on narrow screens, and can be reached with the keyboard for that.
    html = html.replace("<table>", '<div class="hp-scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    html = re.sub(r' style="text-align: (left|center|right);"', r' class="hp-\1"', html)
    return Markup(re.sub(r'(href|src)="/(?!/)', rf'\1="{root}', html))


def widened(source: str) -> str:
    """Return Chinese Markdown with full-width punctuation in its text; addresses and code stay as they are."""
    verbatim = iter(_VERBATIM.findall(source))
    return re.sub(_HOLD, lambda _: next(verbatim, ""), fullwidth(_VERBATIM.sub(_HOLD, source)))


def with_originals(html: Markup) -> Markup:
    """Return English ``html`` with the Chinese words that it quotes marked as Chinese, for voices and fonts."""
    return Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(html)))
