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

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Drop the processors that let HTML through, and those for headings: a page has its own."""
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


def widened(source: str) -> str:
    """Return Chinese Markdown with full-width punctuation in its text; addresses and code stay as they are."""
    verbatim = iter(_VERBATIM.findall(source))
    return re.sub(_HOLD, lambda _: next(verbatim, ""), fullwidth(_VERBATIM.sub(_HOLD, source)))


def with_originals(html: Markup) -> Markup:
    """Return English ``html`` with the Chinese words that it quotes marked as Chinese, for voices and fonts."""
    return Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(html)))
