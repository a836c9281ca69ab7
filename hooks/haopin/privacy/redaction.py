"""Withdrawn names: which there are, finding them in texts however they were typed, and striking them out."""

import re
import typing
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from haopin.load.dataset import Dataset
from haopin.model.publishable import Withdrawal
from haopin.privacy.folding import DESTINATION, decoded, fold, forms, forms_with_places
from haopin.text import Text

#: What stands where a withdrawn name stood in a text about something else.
REDACTED = Text(zh="〔名称已撤下〕", en="[name withdrawn]")

B = TypeVar("B", bound=BaseModel)

#: What may stand between two letters of a folded name, save within a Latin word.
_GAP = "[ ]*"
#: Between the parties of one field.
_LISTED = re.compile(r"[\u3001\uff0c,\uff1b;/\n]")
_ENDS = " \t\n.,:;\u3002\uff0c\uff0e\uff1a\uff1b\u3001"

# Signs that come in pairs: one that is struck without the other would spoil the text.
_SAME = ("**", "__", "~~", "*", "_", "`", '"')
_OPENING = "([{<\uff08\u3010\u3014\u300a\u3008\u300c\u300e\u201c\u2018\uff3b\uff5b\uff1c"
_CLOSING = ")]}>\uff09\u3011\u3015\u300b\u3009\u300d\u300f\u201d\u2019\uff3d\uff5d\uff1e"
_CLOSES = dict(zip(_CLOSING, _OPENING, strict=True))
_SIGN = re.compile(
    rf"(?P<leads>{DESTINATION.pattern})|(?P<tag></?[a-z][^<>]*>)|(?P<same>\*\*|__|~~|[*_`\"])"
    rf"|(?P<open>!\[|[{re.escape(_OPENING)}])|(?P<close>[{re.escape(_CLOSING)}])",
    re.I,
)
_ADDRESS = re.compile(r"<?(?:https?://|www\.|mailto:)[^\s<>]*", re.I)
_ADDRESS_GOES_ON = re.compile(r"[!-~]*")
#: Words in which something is left after so many rounds are struck whole.
_ROUNDS = 5


class Names:
    """Names in all the ways in which they may be typed (`haopin.privacy.folding`)."""

    def __init__(self, names: Iterable[str], kept: Iterable[str] = ()) -> None:
        """Prepare ``names``.

        Args:
            names: What is looked for; a longer one is found before a shorter one within it.
            kept: Longer names of others that contain one of ``names``: within them nothing is found.
        """
        # A name without any letter would be found everywhere.
        self._names = {
            name: re.compile(pattern)
            for name in sorted(set(names), key=lambda name: (-len(name), name))
            if (pattern := _pattern(name))
        }
        self._any = re.compile("|".join(pattern.pattern for pattern in self._names.values()))
        self._kept = [
            (re.compile(pattern), tuple(name for name in self._names if self._names[name].search(fold(other))))
            for other in sorted(set(kept))
            if (pattern := _pattern(other))
        ]

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._names)

    def in_text(self, text: str) -> list[str]:
        """Return the names that occur in ``text``."""
        if not self._names:
            return []
        folded = [form for form in forms(text) if self._any.search(form)]
        if not folded:
            return []
        found = {name for form in folded for name, _, _ in self._found(form)}
        return [name for name in self._names if name in found]

    def equal_to(self, text: str) -> list[str]:
        """Return the names that ``text`` is as a whole, or one of the parties that it lists."""
        if not self._names:
            return []
        listed = _LISTED.split(decoded(text, markup=True))
        pieces = [form.strip() for piece in (text, *listed) for form in forms(piece)]
        return [
            name
            for name, pattern in self._names.items()
            if any(pattern.fullmatch(piece.strip(_ENDS)) for piece in pieces)
        ]

    def _found(self, form: str) -> Iterator[tuple[str, int, int]]:
        """Yield each name in a folded text with its place there, those within longer names of others aside."""
        if not self._any.search(form):
            return
        kept = [(m.start(), m.end(), inner) for pattern, inner in self._kept for m in pattern.finditer(form)]
        for name, pattern in self._names.items():
            for match in pattern.finditer(form):
                start, end = match.span()
                if not any(first <= start and end <= last and name in inner for first, last, inner in kept):
                    yield name, start, end

    def struck_from(self, text: str, language: Literal["zh", "en"]) -> str:
        """Return ``text`` without the names; itself if there are none.

        Signs that come in pairs (Markdown, brackets, quotation marks) stay in pairs. An address with a name in it is
        struck whole, and a link that leads to such an address becomes text.
        """
        for _ in range(_ROUNDS):
            if not self.in_text(text):
                return text
            for start, end, words in sorted(self._strokes(text, REDACTED.get(language)), reverse=True):
                text = text[:start] + words + text[end:]
        return REDACTED.get(language) if self.in_text(text) else text

    def _strokes(self, text: str, words: str) -> list[tuple[int, int, str]]:
        """Return what is to be replaced in ``text``: start, end and by what, without overlaps."""
        stretches: set[tuple[int, int]] = set()
        for form in forms_with_places(text):
            stretches.update(
                (form.places[start][0], form.places[end - 1][1]) for _, start, end in self._found(form.text)
            )
        strokes: list[tuple[int, int, str]] = []
        links = list(DESTINATION.finditer(text))
        addresses = list(_ADDRESS.finditer(text))
        for start, end in _merged(stretches):
            link = next((m for m in links if m.start() < start and end < m.end()), None)
            address = next((m for m in addresses if m.start() <= start and end <= m.end()), None)
            if link is not None:
                strokes += _unlinked(text, link.start(), link.end())
            elif address is not None:
                goes_on = _ADDRESS_GOES_ON.match(text, end)
                strokes.append((address.start(), goes_on.end() if goes_on else end, words))
            else:
                strokes.append(_balanced(text, start, end, words))
        return _apart(strokes)


def _pattern(name: str) -> str:
    """Return the expression that finds ``name`` in a folded text; "" if it has no letter.

    Within a Latin word nothing may stand, and at its ends no other letter; elsewhere there may be gaps.
    """
    folded = fold(name).strip()
    words = ""
    for before, char in zip(" " + folded, folded, strict=False):
        if char != " ":
            together = not words or (_is_latin(before) and _is_latin(char))
            words += ("" if together else _GAP) + re.escape(char)
    if not any(char.isalnum() for char in folded):
        return ""
    start = r"(?<![a-z0-9])" if _is_latin(folded[0]) else ""
    end = r"(?![a-z0-9])" if _is_latin(folded[-1]) else ""
    return f"{start}{words}{end}"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _apart(strokes: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the strokes without those that overlap an earlier one: they are for the next round."""
    found: list[tuple[int, int, str]] = []
    for stroke in sorted(set(strokes)):
        if not found or stroke[0] >= found[-1][1]:
            found.append(stroke)
    return found


def _unlinked(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the strokes that make a link text, or take a picture away; its address is at ``start`` to ``end``."""
    depth = 1
    for opening in range(start - 1, -1, -1):
        depth += (text[opening] == "]") - (text[opening] == "[")
        if depth == 0:
            if text[opening - 1 : opening] == "!":
                return [(opening - 1, end, "")]
            return [(opening, opening + 1, ""), (start, end, "")]
    return [(start, end, "")]


def _balanced(text: str, start: int, end: int, words: str) -> tuple[int, int, str]:
    """Return the stroke for a name at ``start`` to ``end``, signs without their other half kept before or after."""
    after: list[str] = []
    waiting: list[tuple[str, str]] = []
    for sign in _SIGN.finditer(text, start, end):
        mark = sign.group()
        partner = next((n for n in range(len(waiting) - 1, -1, -1) if _pair(waiting[n], sign)), None)
        if partner is not None:
            del waiting[partner]
        elif sign.lastgroup == "open" or (sign.lastgroup == "tag" and mark[1] != "/"):
            waiting.append(("open", mark))
        elif sign.lastgroup == "same" and _is_first(text, start, mark):
            waiting.append(("same", mark))
        else:
            after.append(mark)
    before = [mark for _, mark in waiting]
    # The other half may stand right beside the name: then both go.
    while after and text[:start].endswith(opening := _other(after[0])) and opening:
        start -= len(opening)
        after.pop(0)
    while before and text.startswith(closing := _other(before[-1]), end) and closing:
        end += len(closing)
        before.pop()
    return start, end, "".join(before) + words + "".join(after)


def _pair(opened: tuple[str, str], sign: re.Match[str]) -> bool:
    kind, mark = opened
    group, found = sign.lastgroup, sign.group()
    if kind == "same":
        return group == "same" and mark == found
    if group == "leads":
        return mark in ("[", "![")
    if group == "tag":
        return mark.startswith("<") and found[1] == "/"
    return group == "close" and _CLOSES[found] == mark


def _is_first(text: str, start: int, mark: str) -> bool:
    """Tell whether a sign that opens and closes alike opens at ``start``: an even number stands before it."""
    line = text.rfind("\n\n", 0, start) + 1
    return sum(m.group() == mark for m in _SIGN.finditer(text, line, start)) % 2 == 0


def _other(mark: str) -> str:
    """Return the other half of a bracket or quotation mark that may stand right beside a name; "" for other signs."""
    if mark in _CLOSES:
        return _CLOSES[mark]
    if mark in _CLOSES.values():
        return _CLOSING[_OPENING.index(mark)]
    return mark if mark in _SAME else ""


def redacted(part: B, names: Names) -> B:
    """Return ``part`` with ``names`` struck out of every text in it; itself if there are none.

    Only words are changed: ids and other values that have a form of their own stay what they are.
    """
    changes: dict[str, Any] = {}
    for name in _fields_with_words(type(part)):
        value = getattr(part, name)
        struck = _struck(value, names, "en" if name == "en" or name.endswith("_en") else "zh")
        if struck is not value:
            changes[name] = struck
    return part.model_copy(update=changes) if changes else part


def _struck(value: Any, names: Names, language: Literal["zh", "en"]) -> Any:
    if isinstance(value, str):
        return names.struck_from(value, language)
    if isinstance(value, BaseModel):
        return redacted(value, names)
    if isinstance(value, tuple):
        items = tuple(_struck(item, names, language) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


@cache
def _fields_with_words(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of ``model`` that hold words, or parts in which words may stand."""
    hints = typing.get_type_hints(model, include_extras=True)
    return tuple(name for name in model.model_fields if _holds_words(hints[name]))


def _holds_words(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        held, *marks = get_args(annotation)
        # Text is what has no form but that it is not empty (`text.WORD`).
        return any(isinstance(mark, StringConstraints) for mark in marks) or _holds_words(held)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_words(argument) for argument in get_args(annotation))


# --- Withdrawals in the data: which names they take out, and of whom records are


def longer_names(names: Collection[str], dataset: Dataset) -> tuple[str, ...]:
    """Return the names of parties in the data that contain one of ``names`` and are another's, sorted.

    A withdrawn name takes back what is about a party of exactly this name. Whether a longer one means the same party
    only a person knows: the check asks, and until somebody answers it is another.
    """
    plain = Names(names)
    if not plain:
        return ()
    parts = [*(entry.record for entry in dataset.entries), *(row for rows in dataset.tables.values() for row in rows)]
    parties = {party for part in parts for party in part.parties}
    return tuple(sorted(party for party in parties if plain.in_text(party) and not plain.equal_to(party)))


def withdrawn_names(withdrawals: Sequence[Withdrawal], dataset: Dataset) -> Names:
    """Return the names that ``withdrawals`` take out of what was read."""
    names = [name for withdrawal in withdrawals for name in withdrawal.names]
    kept = [name for withdrawal in withdrawals for name in withdrawal.keep]
    return Names(names, [*kept, *longer_names(names, dataset)])


def names_of(dataset: Dataset, *, samples: bool = False) -> Names:
    """Return the names that the withdrawals of ``dataset`` take out; those of sample withdrawals if ``samples``."""
    return withdrawn_names(withdrawals_of(dataset, samples), dataset)


def withdrawals_of(dataset: Dataset, samples: bool) -> list[Withdrawal]:
    """Return the withdrawals of ``dataset``; those of samples too if ``samples``."""
    return [withdrawal for withdrawal in dataset.records(Withdrawal) if samples or not withdrawal.sample]
