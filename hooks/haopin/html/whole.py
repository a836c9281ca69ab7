"""What must not break over lines: dates and times on Chinese pages, compounds with a hyphen in headings on others.

Chinese breaks between any two characters, so also within a date; browsers break every language behind a hyphen, and
show the end of a line of Markdown as a blank, which Chinese does not have.
"""

import re

from haopin.text import Language

# All begin with a digit: asked first, this takes a third of the time on a page.
_DATE = re.compile(
    r"(?=\d)(?:(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月"
    r"|(?<![A-Za-z\d:.])\d{1,2}:\d\d(?:[\u81f3\u2013]\d{1,2}:\d\d)?(?![\d:]))"
)
#: What every time has, and few pages without a date; one literal is found faster than a digit.
_CLOCK = re.compile(r":\d\d")
_HEADING = re.compile(r"(<h[1-6]\b[^>]*>)(.*?)(?=</h[1-6]>)", re.DOTALL)
_COMPOUND = re.compile(r"(?<![\w&#-])[^\W\d_]\w*(?:-\w+)+(?![\w;]|[^<>]*>)")
#: Elements that hold text without elements.
_BARE = ("<text", "<tspan", "<desc", "<title", "<option", "<textarea", "<script", "<style", "<code", "<pre")
_FULL = "\u2018-\u201d\u3001-\u9fff\uff01-\uff5e"
_LINE_END = re.compile(rf"(?<=[{_FULL}])\n(?=(?:</?(?:a|strong|em|code)\b[^>]*>)*[{_FULL}])")
#: A blank that Markdown needs so that a mark may end what is emphasized: **…。** …
_BLANK = re.compile(rf"(?<=[、，。；：！？）”》])(</(?:a|strong|em)>) (?=(?:<(?:a|strong|em)\b[^>]*>)*[{_FULL}])")
_CODE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_OPENING = '<span class="hp-whole">'


def whole(content: str, language: Language) -> str:
    """Return the HTML ``content`` of a page in ``language`` with what must not break in elements of their own."""
    if language != "zh":
        return (
            _HEADING.sub(lambda found: found[1] + _COMPOUND.sub(_kept, found[2]), content)
            if "-" in content
            else content
        )

    if "\u6708" not in content and not _CLOCK.search(content):
        return content

    def kept(found: re.Match[str]) -> str:
        opened = content.rfind("<", 0, found.start())
        is_text = content.rfind(">", 0, found.start()) >= opened and not content.startswith(_BARE, opened)
        return _kept(found) if is_text else found.group()

    return _DATE.sub(kept, content)


def _kept(found: re.Match[str]) -> str:
    return f"{_OPENING}{found.group()}</span>"


def joined(html: str) -> str:
    """Return the HTML of a Chinese text without the ends of its lines, and the blanks, that Markdown only needs."""
    parts = _CODE.split(html)
    parts[::2] = (_BLANK.sub(r"\1", _LINE_END.sub("", text)) for text in parts[::2])
    return "".join(parts)
