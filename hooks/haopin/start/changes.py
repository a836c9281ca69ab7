"""Documents that a notice amends, repeals or replaces, recognized by the words of its clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from haopin.numerals import DAY, day_in

What = Literal["amends", "repeals", "replaces"]
_SAYS: tuple[tuple[What, re.Pattern[str]], ...] = (
    ("replaces", re.compile("代替|替代|取代")),
    ("repeals", re.compile("废止|停止执行|停止施行|不再执行")),
    ("amends", re.compile("作(?:如下|以下)?修改|作(?:如下|以下)?修订|修改为|修订为")),
)
_NAMED = re.compile("《(?P<title>[^《》]+(?:《[^》]*》[^《》]*)?)》(?:\\s*[(（](?P<number>[^()（）]{2,40}号)[)）])?")
_FROM = re.compile(rf"{DAY.pattern}\s*起")
#: Separators of documents in a list.
_AND = re.compile("[、，,和及与以]*(?:以及)?")
#: Words of a sentence that changes only part of a document, or only under a condition.
_UNSURE = re.compile("不一致|相抵触|抵触的|除外|有关规定|相关规定|与本|期满|另有")


@dataclass(frozen=True)
class Changed:
    """A document that a clause changes: type of change, title and number, effective date, and the quoted words."""

    what: What
    title: str
    number: str | None
    since: date | None
    quote: str


@dataclass(frozen=True)
class Unsure:
    """A sentence that may change a document, without a clear document or date."""

    words: str


def changes_in(text: str, own: tuple[str, ...]) -> Iterator[Changed | Unsure]:
    """Yield the documents that the clause ``text`` changes; ``own`` are the titles of the notice itself."""
    for sentence in filter(None, re.split("(?<=[。；;])", text)):
        found = next(((what, match) for what, words in _SAYS if (match := words.search(sentence))), None)
        if found is None:
            continue
        what, says = found
        named = [name for name in _NAMED.finditer(sentence) if name["title"] not in own]
        if what != "repeals" and not named:
            continue
        if not named or _UNSURE.search(sentence) or not _is_list(named, sentence, says.start()):
            yield Unsure(sentence)
            continue
        since = _FROM.search(sentence) or (_FROM.search(text) if "同时" in sentence else None)
        day = day_in(since[0]) if since is not None else None
        yield from (Changed(what, name["title"], name["number"], day, name[0]) for name in named)


def _is_list(named: list[re.Match[str]], sentence: str, says: int) -> bool:
    """Return whether the documents form a list near the verb of the change."""
    joined = all(_AND.fullmatch(sentence[before.end() : after.start()]) for before, after in pairwise(named))
    return joined and says - named[-1].end() <= _NEAR


#: Largest distance of the verb from the last title, in characters.
_NEAR = 30
