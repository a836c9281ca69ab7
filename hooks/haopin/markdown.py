"""Markdown in records: no raw HTML, links only to this site or by https.

Clerks type plain text and a little Markdown. Rules that would surprise people who do not know Markdown are disabled,
see `_AsTyped`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import Element

import markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.nl2br import Nl2BrExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, ETX, STX
from markupsafe import Markup

from haopin.text import fullwidth

# A text without any of these is a single paragraph and skips the parser, as most texts do.
_SPECIAL = re.compile(r"[*_`\[\]<>&#!\\|~^=]|\n|^\s*(?:[-+>:]|\d+[.)]\s)|https?:")
_TEXT_QUOTE = re.compile(r'"(?=[^<>]*(?:<|$))')
# Chinese text outside tags: only a tag contains a bare ">".
_CHINESE = re.compile(r"[\u3400-\u9fff]+(?![^<]*>)")
# Parts of Markdown that are not text: link targets (parentheses may be nested once) with titles, the mark of an image,
# and code.
_VERBATIM = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)|!(?=\[)|`[^`]*`")
# Start of a list or a table. A number other than 1 may be text: "2023. ...".
_LIST_START = re.compile(r" {0,3}(?:[-+*]|1\.) +\S")
_LIST_LINE = re.compile(r" *(?:[-+*]|\d+\.) +\S")
_TABLE_RULE = re.compile(r" {0,3}\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$")
# Pages load nothing from third parties: links may lead to other sites, images must be on this one.
_ALLOWED = {"a": re.compile(r"https://|/(?!/)|#|tel:|mailto:"), "img": re.compile(r"/(?!/)")}
_NAMES = {"a": "href", "img": "src"}


#: Maps an address in a text to the address in the page; None if the target is not public.
Lead = Callable[[str], str | None]


class _SafeLinks(Treeprocessor):
    """Tree processor that removes links and images that are not allowed, keeping their text."""

    lead: Lead
    #: (tag, address) of each link and image of the last text, as written.
    found: list[tuple[str, str]]
    #: Whether a text is being converted.
    busy = False

    def run(self, root):  # type: ignore[no-untyped-def]
        self.found = []
        for element in root.iter():
            name = _NAMES.get(element.tag)
            if name is None or (address := element.get(name)) is None:
                continue
            # The parser encodes e-mail addresses as entities, with a placeholder for "&".
            if AMP_SUBSTITUTE in address:
                address = unescape(address.replace(AMP_SUBSTITUTE, "&"))
            self.found.append((element.tag, address))
            led = self.lead(address) if is_link(element.tag, address) else None
            if led is None:
                make_words(element)
            elif led != address:
                element.set(name, led)


def is_link(tag: str, address: str) -> bool:
    """Return whether an ``a`` or ``img`` in a text may have this type of address."""
    return _ALLOWED[tag].match(address) is not None


def make_words(element: Element) -> None:
    """Replace a link by its text, and an image by its alternative text."""
    if element.tag == "img":
        element.text = element.get("alt")
    element.tag = "span"
    element.attrib.clear()


class _NoHtml(Extension):
    """Extension that treats HTML as text."""

    def __init__(self, *, headings: bool = False) -> None:
        """Allow or disable ``headings``; most texts are below a heading of their page."""
        super().__init__()
        self._headings = headings

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Remove the processors of HTML, and of headings if disabled."""
        if not self._headings:
            md.parser.blockprocessors.deregister("hashheader")
            md.parser.blockprocessors.deregister("setextheader")
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("entity")
        md.treeprocessors.register(_SafeLinks(md), _SAFE_LINKS, 0)


_SAFE_LINKS = "haopin_safe_links"


class _AsTyped(Extension):
    """Extension that keeps text as it was typed by somebody who does not know Markdown.

    Line breaks are kept; a list or table needs no blank line before it; list numbers are kept; ``*`` between letters or
    digits is a multiplication sign (``100g*6``); ``#`` starts a heading only before a space and text; indented lines
    are paragraphs, not code.
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Replace the surprising rules."""
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.register(_Headings(md.parser), "hashheader", 70)
        # After code between fences has been taken out (25).
        md.preprocessors.register(_BlankLines(md), "haopin_blank_lines", 24)
        md.inlinePatterns.register(_Times(r"(?<=[\w)\uff09%\u2103])\*(?=[\w(\uff08])", md), "haopin_times", 65)


class _Headings(HashHeaderProcessor):
    """Processor of hash headings as in CommonMark, but not empty ones: ``#topic#`` marks a topic."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ \t]+(?P<header>[^\s#](?:\\.|[^\\\n])*?)[ \t]*#*[ \t]*(?:\n|$)")


class _BlankLines(Preprocessor):
    """Preprocessor that adds missing blank lines before lists and tables."""

    def run(self, lines: list[str]) -> list[str]:
        """Add the blank lines."""
        found: list[str] = []
        for index, line in enumerate(lines):
            above = lines[index - 1] if index else ""
            below = lines[index + 1] if index + 1 < len(lines) else ""
            in_list = _LIST_LINE.match(above) or above.startswith("    ")
            begins_list = _LIST_START.match(line) and not in_list
            begins_table = "|" in line and "|" not in above and _TABLE_RULE.match(below)
            if above.strip() and (begins_list or begins_table):
                found.append("")
            found.append(line)
        return found


class _Times(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802
        """Return the sign as an escaped character, which later patterns ignore."""
        return f"{STX}{ord('*')}{ETX}", m.start(0), m.end(0)


class AsWritten(Extension):
    """Extension that keeps signs literal in Chinese text and numbers, although other extensions give them a meaning.

    ``~``, ``^`` and ``++`` enclose a subscript, a superscript and a key. But ``5~10天，3~4天`` has two ranges,
    ``2^10，2^20`` two powers, and ``C++和C++`` the same name twice: these stay as they are.
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Register before `pymdownx.tilde`, `pymdownx.caret` (60) and `pymdownx.keys` (70)."""
        for sign in ("~", "^", "++"):
            md.inlinePatterns.register(_Enclosing(sign, md), f"haopin_as_written_{sign}", 75)


# Chinese letters, Chinese and full-width punctuation.
_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"


class _Enclosing(InlineProcessor):
    """Processor of a sign used in pairs; a sign that cannot start a pair becomes a literal character."""

    _NOT_ENCLOSED = re.compile(rf"[{_HAN},;%]")
    _WORDS = re.compile(r"[\u3400-\u9fff]+")

    def __init__(self, sign: str, md: markdown.Markdown) -> None:
        self._sign = sign
        char = re.escape(sign[0])
        # Not part of a longer sequence of the sign: ~~deleted~~.
        one = rf"(?<!{char}){re.escape(sign)}(?!{char})"
        super().__init__(rf"{one}(?:((?:(?!{re.escape(sign)}).)*){one})?", md)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        """Return a literal sign as escaped characters, which later patterns ignore."""
        start, end = m.start(), m.start() + len(self._sign)
        before, after = data[start - 1 : start], data[end : end + 1]
        is_range = self._sign == "~" and before.isdigit() and after.isdigit()
        # Chinese text after a Latin letter is a subscript all the same: v~平均~.
        is_index = before.isascii() and before.isalpha() and self._WORDS.fullmatch(m[1] or "")
        if is_range or (m[1] and self._NOT_ENCLOSED.search(m[1]) and not is_index):
            return "".join(f"{STX}{ord(each)}{ETX}" for each in self._sign), start, end
        return None, None, None


class _Widen(Treeprocessor):
    """Tree processor that makes punctuation of Chinese text full-width, except in addresses and code."""

    def run(self, root):  # type: ignore[no-untyped-def]
        for pieces in self._blocks(root):
            words = fullwidth("".join(text for _, _, text in pieces))
            for element, name, text in pieces:
                if element.tag != "code" or name == "tail":
                    setattr(element, name, words[: len(text)])
                words = words[len(text) :]

    def _blocks(self, root: Element) -> Iterator[list[tuple[Element, str, str]]]:
        """Yield the texts of each block as (element, attribute ``text`` or ``tail``, text)."""
        pieces: list[tuple[Element, str, str]] = []

        def walk(element: Element) -> Iterator[list[tuple[Element, str, str]]]:
            # Text on another line is not a neighbour.
            ends_line = element.tag == "br" or self.md.is_block_level(element.tag)
            if ends_line:
                yield pieces[:]
                pieces.clear()
            if element.text:
                pieces.append((element, "text", element.text))
            for child in element:
                yield from walk(child)
            if ends_line:
                yield pieces[:]
                pieces.clear()
            if element.tail:
                pieces.append((element, "tail", element.tail))

        yield from walk(root)


class _Chinese(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Register last, when no placeholders are left in the text."""
        md.treeprocessors.register(_Widen(md), "haopin_widen", -1)


# --- Icons and emoji


class Emoji(dict[str, Any]):
    """Index of icons and emoji, loaded at the first use, because it lists ten thousand files."""

    def __init__(self, part: str, options: Any, md: Any) -> None:
        """Create the index for ``part`` of Material's index; nothing is loaded yet."""
        super().__init__()
        self._part, self._options, self._md = part, options, md

    def get(self, key: str, default: Any = None) -> Any:
        """Return the entry of ``key``, a name between colons."""
        from material.extensions.emoji import twemoji

        # A scale such as 1:100:2 has no emoji.
        if key.strip(":").isdigit():
            return default
        return twemoji(self._options, self._md)[self._part].get(key, default)


def emoji_index(options: Any, md: Any) -> dict[str, Any]:
    """Return the icons of Material and the names of emoji, for the extension ``pymdownx.emoji``."""
    return {"name": "twemoji", **{part: Emoji(part, options, md) for part in ("emoji", "aliases")}}


def emoji(
    index: str, shortname: str, alias: str, uc: str | None, alt: str, title: str, category: str, options: Any, md: Any
) -> Any:
    """Return an icon as inline SVG, and an emoji as its character; Material's own would load a foreign image."""
    if uc:
        return alt
    from xml.etree.ElementTree import Element

    from material.extensions.emoji import _load

    element = Element("span", {"class": options.get("classes", index)})
    svg = _load(md.inlinePatterns["emoji"].emoji_index["emoji"].get(shortname)["path"]).strip()
    # Decorative, as there is text beside it.
    element.text = md.htmlStash.store(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
    return element


# --- Articles: Material's elements for authors, without HTML

#: Extensions of articles (those of mkdocs.yml except HTML and anchors) with their options.
_ARTICLE: Mapping[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "pymdownx.blocks.caption": {},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_index": emoji_index, "emoji_generator": emoji},
    "pymdownx.highlight": {"use_pygments": True, "linenums_style": "pymdownx-inline"},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.mark": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
    "pymdownx.tilde": {},
}
# A text without any of these has no element with a style of its own.
_ELEMENT = re.compile(r"!!!|\?\?\?|===|```|~~~|`#!|\[[ xX]\]|\[\^|\+\+|:[a-z]|///|\*\[|\{|\|[ \t]*:|-:")
# Attributes that an author may set in an attribute list, and those that extensions set.
_ATTRIBUTES = frozenset(
    [
        "align",
        "alt",
        "checked",
        "class",
        "colspan",
        "data-tabs",
        "for",
        "height",
        "loading",
        "name",
        "open",
        "role",
        "rowspan",
        "start",
        "title",
        "type",
        "width",
    ]
)
_OWN_ID = re.compile(r"(?:fn|fnref\d*):[\w-]+|__tabbed_\d+_\d+")
_OWN_STYLE = re.compile(r"text-align: (?:left|center|right);")


class _Attributes(Treeprocessor):
    """Tree processor that removes attributes which could run, load or move something."""

    def run(self, root):  # type: ignore[no-untyped-def]
        for element in root.iter():
            for name, value in list(element.attrib.items()):
                is_kept = (
                    name in _ATTRIBUTES
                    or _NAMES.get(element.tag) == name
                    or (name == "id" and _OWN_ID.fullmatch(value))
                    or (name == "style" and element.tag in ("td", "th") and _OWN_STYLE.fullmatch(value))
                )
                if not is_kept:
                    del element.attrib[name]


@lru_cache(maxsize=4)
def _converter(*, article: bool, chinese: bool) -> markdown.Markdown:
    extensions: list[Extension | str] = [
        SaneListExtension(),
        Nl2BrExtension(),
        "tables",
        _AsTyped(),
        _NoHtml(headings=article),
    ]
    if article:
        extensions = [*_ARTICLE, *extensions, AsWritten(), _ArticleParts()]
    if chinese:
        extensions.append(_Chinese())
    return markdown.Markdown(extensions=extensions, extension_configs=_ARTICLE if article else {}, output_format="html")


def rich(text: str, root: str, lead: Lead | None = None, *, chinese: bool = False) -> Markup:
    """Convert the Markdown ``text`` to HTML paragraphs.

    Args:
        text: Markdown. Addresses that begin with ``/`` are on this site, in the same language.
        root: Relative address of the root of the language, from the page with the text.
        lead: Maps link targets; None to keep every address that begins with ``/``.
        chinese: Whether to make punctuation full-width.
    """
    if not _SPECIAL.search(text):
        return Markup(f"<p>{escape(fullwidth(text) if chinese else text, quote=True)}</p>")
    return _converted(text, lead or _from_root(root), article=False, chinese=chinese)[0]


def without_styles(html: str) -> str:
    """Replace inline styles (table alignment), which the content security policy forbids, by classes."""
    return re.sub(r' style="text-align: (left|center|right);"', r' class="hp-\1"', html)


def rich_article(text: str, root: str, lead: Lead | None = None, *, chinese: bool = False) -> Markup:
    """Convert the Markdown of an article to HTML: like `rich`, with headings and the elements of `_ARTICLE`.

    `haopin.html.material.completed` inserts texts in the language of the page.
    """
    return _converted(text, lead or _from_root(root), article=True, chinese=chinese)[0]


def may_have_elements(text: str) -> bool:
    """Return whether the Markdown of an article may contain elements of Material (fast, with false positives)."""
    return _ELEMENT.search(text) is not None


def links_in(text: str, *, article: bool, chinese: bool) -> list[tuple[str, str]]:
    """Return (tag ``a`` or ``img``, address) of each link and image in a text, as written."""
    return _converted(text, lambda address: address, article=article, chinese=chinese)[1]


def _converted(text: str, lead: Lead, *, article: bool, chinese: bool) -> tuple[Markup, list[tuple[str, str]]]:
    """Convert ``text`` to HTML; also return its links as written."""
    converter = _converter(article=article, chinese=chinese)
    if _safe_links(converter).busy:
        # Called while another text is being converted: the cached converter is in use, create another.
        converter = _converter.__wrapped__(article=article, chinese=chinese)
    safe_links = _safe_links(converter)
    safe_links.lead, safe_links.busy = lead, True
    try:
        html = converter.reset().convert(text)
    finally:
        safe_links.busy = False
    # Escape quotation marks in text, so that bare ones occur around attribute values only.
    html = _TEXT_QUOTE.sub("&quot;", html)
    # Wide tables scroll on narrow screens, also by keyboard. In articles `haopin.html.material` adds this.
    if not article:
        html = html.replace("<table>", '<div class="hp-scroll" tabindex="0"><table>')
        html = html.replace("</table>", "</table></div>")
    html = without_styles(html)
    return Markup(html), safe_links.found


def _safe_links(converter: markdown.Markdown) -> _SafeLinks:
    found = converter.treeprocessors[_SAFE_LINKS]
    assert isinstance(found, _SafeLinks)
    return found


def _from_root(root: str) -> Lead:
    return lambda address: root + address[1:] if address.startswith("/") else address


class _ArticleParts(Extension):
    """Extension that lowers headings of an article below that of its page, without anchors."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Register the processor."""
        md.treeprocessors.register(_LowerHeadings(md), "haopin_lower_headings", 1)
        md.treeprocessors.register(_Attributes(md), "haopin_attributes", 1)


class _LowerHeadings(Treeprocessor):
    def run(self, root):  # type: ignore[no-untyped-def]
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(max(int(element.tag[1]), 2), 6)}"


def widened(source: str) -> str:
    """Return Chinese Markdown with full-width punctuation in its text; addresses and code are not changed."""
    # Positions stay the same. Non-text counts as Chinese for the punctuation beside it.
    wide = fullwidth(_VERBATIM.sub(lambda match: "\u4e00" * len(match.group()), source))
    for match in _VERBATIM.finditer(source):
        wide = wide[: match.start()] + match.group() + wide[match.end() :]
    return wide


def with_originals(html: Markup) -> Markup:
    """Mark quoted Chinese in English ``html`` as Chinese, for screen readers and fonts."""
    return Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(html)))
