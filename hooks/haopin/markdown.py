"""Rich text inside a record: Markdown without raw HTML, links only to this site or to https.

Clerks type plain text and a little Markdown. What they type must come out as it was typed, so rules that surprise
people who do not know Markdown are off: see `_AsTyped`.
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

# A text without any of these is one paragraph; most texts are, and skip the parser.
_SPECIAL = re.compile(r"[*_`\[\]<>&#!\\|~^=]|\n|^\s*(?:[-+>:]|\d+[.)]\s)|https?:")
_TEXT_QUOTE = re.compile(r'"(?=[^<>]*(?:<|$))')
# Chinese words outside tags: nothing but a tag has a bare ">" after it.
_CHINESE = re.compile(r"[\u3400-\u9fff]+(?![^<]*>)")
# What is no text in Markdown: where a link leads (brackets in it may be nested once), its title, the sign of a picture,
# and code.
_VERBATIM = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)|!(?=\[)|`[^`]*`")
# A list or a table begins on this line. A number other than 1 may well be a line of text: "2023. ...".
_LIST_START = re.compile(r" {0,3}(?:[-+*]|1\.) +\S")
_LIST_LINE = re.compile(r" *(?:[-+*]|\d+\.) +\S")
_TABLE_RULE = re.compile(r" {0,3}\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$")
# A page asks no third party for anything: links may lead away, pictures are our own.
_ALLOWED = {"a": re.compile(r"https://|/(?!/)|#|tel:|mailto:"), "img": re.compile(r"/(?!/)")}
_NAMES = {"a": "href", "img": "src"}


#: From an address in a text to the one that the page gets; None if it leads to nothing that is public.
Lead = Callable[[str], str | None]


class _SafeLinks(Treeprocessor):
    """Links and pictures that a page may have; of all others the words stay."""

    lead: Lead
    #: (tag, address) of each link and picture of the last text, as its author wrote it.
    found: list[tuple[str, str]]
    #: Whether a text is being converted.
    busy = False

    def run(self, root):  # type: ignore[no-untyped-def]
        self.found = []
        for element in root.iter():
            name = _NAMES.get(element.tag)
            if name is None or (address := element.get(name)) is None:
                continue
            # The parser writes addresses of e-mail as entities, and hides their "&".
            if AMP_SUBSTITUTE in address:
                address = unescape(address.replace(AMP_SUBSTITUTE, "&"))
            self.found.append((element.tag, address))
            led = self.lead(address) if is_link(element.tag, address) else None
            if led is None:
                make_words(element)
            elif led != address:
                element.set(name, led)


def is_link(tag: str, address: str) -> bool:
    """Tell whether an ``a`` or ``img`` in a text may have this kind of address."""
    return _ALLOWED[tag].match(address) is not None


def make_words(element: Element) -> None:
    """Leave of a link its words, and of a picture what it shows in words."""
    if element.tag == "img":
        element.text = element.get("alt")
    element.tag = "span"
    element.attrib.clear()


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
        md.treeprocessors.register(_SafeLinks(md), _SAFE_LINKS, 0)


_SAFE_LINKS = "haopin_safe_links"


class _AsTyped(Extension):
    """Text comes out as it was typed by somebody who does not know Markdown.

    A line break stays one; a list or a table needs no blank line before it; numbers of a list stay what they are;
    ``*`` between letters or digits is a sign of multiplication (``100g*6``); ``#`` makes a heading only before a space
    and words; lines that begin with spaces are paragraphs, not code.
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Replace the rules that surprise."""
        md.parser.blockprocessors.deregister("code")
        md.parser.blockprocessors.register(_Headings(md.parser), "hashheader", 70)
        # After code between fences has been taken out (25).
        md.preprocessors.register(_BlankLines(md), "haopin_blank_lines", 24)
        md.inlinePatterns.register(_Times(r"(?<=[\w)\uff09%\u2103])\*(?=[\w(\uff08])", md), "haopin_times", 65)


class _Headings(HashHeaderProcessor):
    """Hash headings as in CommonMark, but never an empty one: ``#topic#`` is how people mark a topic."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ \t]+(?P<header>[^\s#](?:\\.|[^\\\n])*?)[ \t]*#*[ \t]*(?:\n|$)")


class _BlankLines(Preprocessor):
    """Puts the blank line before a list or a table that Markdown asks for and people forget."""

    def run(self, lines: list[str]) -> list[str]:
        """Return ``lines`` with blank lines added."""
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
        """Return the sign as an escaped character, which later patterns leave alone."""
        return f"{STX}{ord('*')}{ETX}", m.start(0), m.end(0)


class AsWritten(Extension):
    """Signs that mean themselves in Chinese and in numbers, for texts read with extensions that give them a meaning.

    ``~``, ``^`` and ``++`` enclose a subscript, a superscript and a key. But ``5~10天，3~4天`` has two ranges,
    ``2^10，2^20`` two powers, and ``C++和C++`` the same name twice: what stands between their signs is none of these.
    """

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Look at the signs before `pymdownx.tilde`, `pymdownx.caret` (60) and `pymdownx.keys` (70) do."""
        for sign in ("~", "^", "++"):
            md.inlinePatterns.register(_Enclosing(sign, md), f"haopin_as_written_{sign}", 75)


# Chinese letters, Chinese and full-width punctuation.
_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"


class _Enclosing(InlineProcessor):
    """A sign that encloses something, in pairs from the left: one that cannot begin a pair becomes a character."""

    _NOT_ENCLOSED = re.compile(rf"[{_HAN},;%]")
    _WORDS = re.compile(r"[\u3400-\u9fff]+")

    def __init__(self, sign: str, md: markdown.Markdown) -> None:
        self._sign = sign
        char = re.escape(sign[0])
        # Of a longer row of the same sign none is meant: ~~deleted~~.
        one = rf"(?<!{char}){re.escape(sign)}(?!{char})"
        super().__init__(rf"{one}(?:((?:(?!{re.escape(sign)}).)*){one})?", md)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        """Return a sign that means itself as escaped characters, which later patterns leave alone."""
        start, end = m.start(), m.start() + len(self._sign)
        before, after = data[start - 1 : start], data[end : end + 1]
        is_range = self._sign == "~" and before.isdigit() and after.isdigit()
        # A word of Chinese at a Latin letter is a subscript after all: the mean velocity.
        is_index = before.isascii() and before.isalpha() and self._WORDS.fullmatch(m[1] or "")
        if is_range or (m[1] and self._NOT_ENCLOSED.search(m[1]) and not is_index):
            return "".join(f"{STX}{ord(each)}{ETX}" for each in self._sign), start, end
        return None, None, None


class _Widen(Treeprocessor):
    """Shows punctuation of Chinese full-width. It sees words without markup, and leaves addresses and code."""

    def run(self, root):  # type: ignore[no-untyped-def]
        for pieces in self._blocks(root):
            words = fullwidth("".join(text for _, _, text in pieces))
            for element, name, text in pieces:
                if element.tag != "code" or name == "tail":
                    setattr(element, name, words[: len(text)])
                words = words[len(text) :]

    def _blocks(self, root: Element) -> Iterator[list[tuple[Element, str, str]]]:
        """Yield the texts of each block: the element that holds a piece, whether as text or as tail, and the piece."""
        pieces: list[tuple[Element, str, str]] = []

        def walk(element: Element) -> Iterator[list[tuple[Element, str, str]]]:
            # A neighbour on another line is none.
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
        """Widen after everything else, when no placeholders are left in the text."""
        md.treeprocessors.register(_Widen(md), "haopin_widen", -1)


# --- Icons and emoji


class Emoji(dict[str, Any]):
    """The index of icons and emoji, read when a text first asks for one: listing ten thousand files takes a while."""

    def __init__(self, part: str, options: Any, md: Any) -> None:
        """Stand for ``part`` of Material's index."""
        super().__init__()
        self._part, self._options, self._md = part, options, md

    def get(self, key: str, default: Any = None) -> Any:
        """Return the entry of ``key``, a name between colons."""
        from material.extensions.emoji import twemoji

        # A scale of 1:100:2 has no emoji in it.
        if key.strip(":").isdigit():
            return default
        return twemoji(self._options, self._md)[self._part].get(key, default)


def emoji_index(options: Any, md: Any) -> dict[str, Any]:
    """Return the icons of Material and the names of emoji, for the extension ``pymdownx.emoji``."""
    return {"name": "twemoji", **{part: Emoji(part, options, md) for part in ("emoji", "aliases")}}


def emoji(
    index: str, shortname: str, alias: str, uc: str | None, alt: str, title: str, category: str, options: Any, md: Any
) -> Any:
    """Return an icon as SVG in the page, and an emoji as its character: Material's own asks a foreign host for it."""
    if uc:
        return alt
    from xml.etree.ElementTree import Element

    from material.extensions.emoji import _load

    element = Element("span", {"class": options.get("classes", index)})
    svg = _load(md.inlinePatterns["emoji"].emoji_index["emoji"].get(shortname)["path"]).strip()
    # It is decoration: words stand beside it.
    element.text = md.htmlStash.store(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
    return element


# --- Articles: what Material for MkDocs offers to authors, without HTML

#: The extensions of articles, those of written pages in mkdocs.yml but for HTML and anchors, and their options.
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
# Without one of these a text has no element with a style of its own; most have none.
_ELEMENT = re.compile(r"!!!|\?\?\?|===|```|~~~|`#!|\[[ xX]\]|\[\^|\+\+|:[a-z]|///|\*\[|\{|\|[ \t]*:|-:")
# What an author may set by an attribute list, and what the extensions set themselves.
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
    """Leaves of the attributes in an article those that neither run nor load nor move anything."""

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
    """Return ``text`` as HTML paragraphs.

    Args:
        text: Markdown. Addresses that begin with ``/`` are those of this site, in the same language.
        root: Relative address of the root of the language, from the page that shows the text.
        lead: Where links lead; None if every address that begins with ``/`` is one.
        chinese: Whether punctuation is shown full-width.
    """
    if not _SPECIAL.search(text):
        return Markup(f"<p>{escape(fullwidth(text) if chinese else text, quote=True)}</p>")
    return _converted(text, lead or _from_root(root), article=False, chinese=chinese)[0]


def without_styles(html: str) -> str:
    """Return ``html`` of Markdown with classes where it has styles, which the policy forbids: cells of tables."""
    return re.sub(r' style="text-align: (left|center|right);"', r' class="hp-\1"', html)


def rich_article(text: str, root: str, lead: Lead | None = None, *, chinese: bool = False) -> Markup:
    """Return the Markdown of an article as HTML: like `rich`, with headings and with the elements of `_ARTICLE`.

    `haopin.html.material.completed` puts the words of the page's language into it.
    """
    return _converted(text, lead or _from_root(root), article=True, chinese=chinese)[0]


def may_have_elements(text: str) -> bool:
    """Tell by its signs, without converting it, whether the Markdown of an article may have elements of Material."""
    return _ELEMENT.search(text) is not None


def links_in(text: str, *, article: bool, chinese: bool) -> list[tuple[str, str]]:
    """Return tag (``a`` or ``img``) and address of each link and picture in a text, in its order, as written."""
    return _converted(text, lambda address: address, article=article, chinese=chinese)[1]


def _converted(text: str, lead: Lead, *, article: bool, chinese: bool) -> tuple[Markup, list[tuple[str, str]]]:
    """Return ``text`` as HTML, and its links as written."""
    converter = _converter(article=article, chinese=chinese)
    if _safe_links(converter).busy:
        # Where a link of another text leads is known only when a page is made, and that page has this text.
        converter = _converter.__wrapped__(article=article, chinese=chinese)
    safe_links = _safe_links(converter)
    safe_links.lead, safe_links.busy = lead, True
    try:
        html = converter.reset().convert(text)
    finally:
        safe_links.busy = False
    # Quotation marks in text are escaped like everywhere else: a page has bare ones around attribute values only.
    html = _TEXT_QUOTE.sub("&quot;", html)
    # Tables are scrolled on narrow screens, and can be reached with the keyboard for that. Of an article
    # `haopin.html.material` sees to it.
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
    """Headings of an article stand below that of its page, and have no anchors: nothing links to them."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the name is the library's
        """Move headings down a level."""
        md.treeprocessors.register(_LowerHeadings(md), "haopin_lower_headings", 1)
        md.treeprocessors.register(_Attributes(md), "haopin_attributes", 1)


class _LowerHeadings(Treeprocessor):
    def run(self, root):  # type: ignore[no-untyped-def]
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(max(int(element.tag[1]), 2), 6)}"


def widened(source: str) -> str:
    """Return Chinese Markdown, as Markdown, with full-width punctuation in its text; addresses and code stay."""
    # Widening keeps every place; what is no text counts as Chinese for the marks beside it.
    wide = fullwidth(_VERBATIM.sub(lambda match: "\u4e00" * len(match.group()), source))
    for match in _VERBATIM.finditer(source):
        wide = wide[: match.start()] + match.group() + wide[match.end() :]
    return wide


def with_originals(html: Markup) -> Markup:
    """Return English ``html`` with the Chinese words that it quotes marked as Chinese, for voices and fonts."""
    return Markup(_CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(html)))
