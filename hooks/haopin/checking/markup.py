"""A rule on Markdown that was typed wrongly, so that readers would see its signs."""

import re
from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.checking.strings import line_in_text, strings
from haopin.problem import Place, Problem, problem

# A leaf of the rendering: whether a text is understood is known only by converting it.
from haopin.render.markdown import rich_article

# Brackets before an address may have been typed full-width, or with a space between.
_SIGNS = re.compile(r"\*\*|\]\(|\]\s*[(\uff08]\s*(?:https?[:\uff1a]|www\.|/)")
_NO_TEXT = re.compile(r"<code>.*?</code>|<[^>]*>", re.DOTALL)


def markup_is_understood(entries: Entries) -> Iterator[Problem]:
    """No sign of Markdown, such as ``**`` or ``](``, remains visible in a text."""
    for entry in entries.all:
        for path, text in strings(entry.record):
            if not _SIGNS.search(text):
                continue
            left = _SIGNS.search(_NO_TEXT.sub("", rich_article(text, "")))
            if left is not None:
                yield _visible(line_in_text(text, text.index(left.group()), entry.at(*path)), left.group())


def _visible(place: Place, sign: str) -> Problem:
    return problem(
        place,
        "这里的“{sign}”会原样显示给读者,请核对:加粗写 **文字**,链接写 [名称](https{colon}//…),中间不留空格和换行",
        "readers would see this “{sign}” as it is; check the text: bold is **words**, a link is "
        "[name](https://…), without spaces or line breaks between its parts",
        severity="warning",
        sign=sign,
    )
