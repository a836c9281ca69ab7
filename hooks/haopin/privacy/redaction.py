"""Withdrawn names: find them in texts in any spelling, and redact them."""

import re
import typing
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, StringConstraints

from haopin.load.dataset import Dataset
from haopin.model.publishable import Withdrawal
from haopin.privacy.folding import DESTINATION, decoded, fold, forms, forms_with_places, is_read_as_it_is
from haopin.text import InLanguages, Language, Text

#: Replacement of a withdrawn name.
REDACTED = Text(zh="〔名称已撤下〕", en="[name withdrawn]")

B = TypeVar("B", bound=BaseModel)

#: Optional separator between two letters of a folded name, except within a Latin word.
_GAP = "[ ]*"
#: Separator of several parties in one field.
_LISTED = re.compile(r"[\u3001\uff0c,\uff1b;/\n]")
_ENDS = " \t\n.,:;\u3002\uff0c\uff0e\uff1a\uff1b\u3001"

# Paired signs: to redact only one of a pair would break the markup.
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
#: Number of rounds after which text that still contains a name is redacted completely.
_ROUNDS = 5


class Names:
    """A set of names, matched in any spelling (see `haopin.privacy.folding`)."""

    def __init__(self, names: Iterable[str], kept: Iterable[str] = ()) -> None:
        """Compile the patterns of ``names``.

        Args:
            names: Names to search for; longer ones match first.
            kept: Longer names of other parties that contain one of ``names``; there is no match within them.
        """
        # A name without letters would match everywhere.
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
        """Return whether there are any names."""
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

    def may_be_in(self, text: str) -> bool:
        """Return whether a name may occur in one of the texts that `BARRIER` separates in ``text``."""
        return not is_read_as_it_is(text) or self._any.search(fold(text)) is not None

    def equal_to(self, text: str) -> list[str]:
        """Return the names that equal ``text``, or one of the parties listed in it."""
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
        """Yield (name, start, end) of each match in a folded text, except within longer names of other parties."""
        if not self._any.search(form):
            return
        kept = [(m.start(), m.end(), inner) for pattern, inner in self._kept for m in pattern.finditer(form)]
        for name, pattern in self._names.items():
            for match in pattern.finditer(form):
                start, end = match.span()
                if not any(first <= start and end <= last and name in inner for first, last, inner in kept):
                    yield name, start, end

    def struck_from(self, text: str, language: Language) -> str:
        """Redact the names in ``text``; return it unchanged if there are none.

        Paired signs (Markdown, brackets, quotation marks) stay balanced. An address that contains a name is redacted
        completely, and a link to such an address becomes text.
        """
        for _ in range(_ROUNDS):
            if not self.in_text(text):
                return text
            for start, end, words in sorted(self._replacements(text, REDACTED.get(language)), reverse=True):
                text = text[:start] + words + text[end:]
        return REDACTED.get(language) if self.in_text(text) else text

    def _replacements(self, text: str, words: str) -> list[tuple[int, int, str]]:
        """Return the replacements (start, end, text) for ``text``, without overlaps."""
        stretches: set[tuple[int, int]] = set()
        for form in forms_with_places(text):
            stretches.update(
                (form.places[start][0], form.places[end - 1][1]) for _, start, end in self._found(form.text)
            )
        replacements: list[tuple[int, int, str]] = []
        links = list(DESTINATION.finditer(text))
        addresses = list(_ADDRESS.finditer(text))
        for start, end in _merged(stretches):
            link = next((m for m in links if m.start() < start and end < m.end()), None)
            address = next((m for m in addresses if m.start() <= start and end <= m.end()), None)
            if link is not None:
                replacements += _without_link(text, link.start(), link.end())
            elif address is not None:
                goes_on = _ADDRESS_GOES_ON.match(text, end)
                replacements.append((address.start(), goes_on.end() if goes_on else end, words))
            else:
                replacements.append(_balanced(text, start, end, words))
        return _without_overlaps(replacements)


def _pattern(name: str) -> str:
    """Return the regular expression for ``name`` in folded text; "" if it has no letter.

    Latin words match only as whole words without separators; elsewhere separators are optional.
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


def _without_overlaps(replacements: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the replacements without those that overlap an earlier one, which are left to the next round."""
    found: list[tuple[int, int, str]] = []
    for replacement in sorted(set(replacements)):
        if not found or replacement[0] >= found[-1][1]:
            found.append(replacement)
    return found


def _without_link(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the replacements that turn a link into text, or remove an image; its address is ``start`` to ``end``."""
    depth = 1
    for opening in range(start - 1, -1, -1):
        depth += (text[opening] == "]") - (text[opening] == "[")
        if depth == 0:
            if text[opening - 1 : opening] == "!":
                return [(opening - 1, end, "")]
            return [(opening, opening + 1, ""), (start, end, "")]
    return [(start, end, "")]


def _balanced(text: str, start: int, end: int, words: str) -> tuple[int, int, str]:
    """Return the replacement of a name at ``start`` to ``end`` that keeps unpaired signs before or after it."""
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
    # If the other half is directly beside the name, both are removed.
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
    """Return whether a sign such as ``**`` opens at ``start``: an even number precedes it in the paragraph."""
    line = text.rfind("\n\n", 0, start) + 1
    return sum(m.group() == mark for m in _SIGN.finditer(text, line, start)) % 2 == 0


def _other(mark: str) -> str:
    """Return the other half of a bracket or quotation mark; "" for signs without one."""
    if mark in _CLOSES:
        return _CLOSES[mark]
    if mark in _CLOSES.values():
        return _CLOSING[_OPENING.index(mark)]
    return mark if mark in _SAME else ""


def redacted(part: B, names: Names) -> B:
    """Return ``part`` with ``names`` redacted in all its texts; unchanged if there are none.

    Only prose is changed, not ids and other values with a format.
    """
    changes: dict[str, Any] = {}
    for name in _fields_with_words(type(part)):
        value = getattr(part, name)
        struck = _struck(value, names, "en" if name == "en" or name.endswith("_en") else "zh")
        if struck is not value:
            changes[name] = struck
    if isinstance(part, InLanguages):
        words = {code: names.struck_from(text, code) for code, text in part.further.items()}
        changes |= {code: text for code, text in words.items() if text is not part.further[code]}
    return part.model_copy(update=changes) if changes else part


def _struck(value: Any, names: Names, language: Language) -> Any:
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
    """Return the fields of ``model`` that contain prose, or parts that may contain it."""
    hints = typing.get_type_hints(model, include_extras=True)
    return tuple(name for name in model.model_fields if _holds_words(hints[name]))


def _holds_words(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        held, *marks = get_args(annotation)
        # Prose has no constraint but that it must not be empty (`text.WORD`).
        return any(isinstance(mark, StringConstraints) for mark in marks) or _holds_words(held)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_words(argument) for argument in get_args(annotation))


# --- Withdrawals in the data


def longer_names(names: Collection[str], dataset: Dataset) -> tuple[str, ...]:
    """Return the sorted party names in the data that contain one of ``names`` but belong to another party.

    A withdrawal affects records of a party with exactly this name. Only a person can decide whether a longer name is
    the same party: the data check asks, and without an answer it counts as another.
    """
    plain = Names(names)
    if not plain:
        return ()
    parts = [*(entry.record for entry in dataset.entries), *(row for rows in dataset.tables.values() for row in rows)]
    parties = {party for part in parts for party in part.parties}
    return tuple(sorted(party for party in parties if plain.in_text(party) and not plain.equal_to(party)))


def withdrawn_names(withdrawals: Sequence[Withdrawal], dataset: Dataset) -> Names:
    """Return the names that ``withdrawals`` redact in ``dataset``."""
    names = [name for withdrawal in withdrawals for name in withdrawal.names]
    kept = [name for withdrawal in withdrawals for name in withdrawal.keep]
    return Names(names, [*kept, *longer_names(names, dataset)])


def names_of(dataset: Dataset, *, samples: bool = False) -> Names:
    """Return the names that the withdrawals of ``dataset`` redact; with ``samples``, also those of samples."""
    return withdrawn_names(withdrawals_of(dataset, samples), dataset)


def withdrawals_of(dataset: Dataset, samples: bool) -> list[Withdrawal]:
    """Return the withdrawals of ``dataset``; with ``samples``, also those of samples."""
    return [withdrawal for withdrawal in dataset.records(Withdrawal) if samples or not withdrawal.sample]


def latest_names(withdrawals: Iterable[Withdrawal]) -> date | None:
    """Return the date of the latest of ``withdrawals`` with names; None if no name is withdrawn."""
    return max((withdrawal.date for withdrawal in withdrawals if withdrawal.names), default=None)
