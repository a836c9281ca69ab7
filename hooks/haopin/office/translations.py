"""Fingerprints of translations: list outdated English texts, and record texts as up to date."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from haopin.load import translations
from haopin.load.dataset import Dataset
from haopin.load.folder import TRANSLATIONS, Places
from haopin.load.translations import TextKey, Translated
from haopin.model.provision import Term
from haopin.office.terminal import COLUMNS, CommandLanguage, cut
from haopin.problem import DataError


@dataclass(frozen=True)
class Marks:
    """Result of recording.

    Attributes:
        text: New content of the file of fingerprints; None if unchanged.
        recorded: Number of new or changed fingerprints.
        dropped: Number of removed fingerprints, whose texts no longer exist.
    """

    text: str | None
    recorded: int
    dropped: int


def listing(dataset: Dataset, places: Places, name: str, say: CommandLanguage) -> list[str]:
    """List the texts whose English is older than their Chinese, and the number of texts never recorded."""
    stale = set(translations.stale(dataset))
    marks = translations.recorded(dataset)
    both = [found for found in translations.texts(dataset) if found.en is not None]
    lines = [say("英文比中文旧:{n}", "English older than its Chinese: {n}", n=len(stale))]
    for found in both:
        if found.key in stale:
            lines += _entry(found, places, name, say)
    never = sum(str(found.key) not in marks for found in both)
    lines.append(
        say(
            "从未登记:{n}(用 haopin translated --new 登记)",
            "never recorded: {n} (record them with haopin translated --new)",
            n=never,
        )
        if never
        else say("从未登记:0", "never recorded: 0")
    )
    if stale:
        lines.append(
            say(
                "改好英文后运行:haopin translated 类别/编号[{colon}字段]",
                "When the English is corrected, run: haopin translated KIND/ID[{colon}PATH]",
                colon=":",
            )
        )
    return lines


def _entry(found: Translated, places: Places, name: str, say: CommandLanguage) -> list[str]:
    place = found.entry.at(*found.place, "en")
    return [
        "",
        f"{found.key}",
        f"  {name}/{place.file}:{places.line(place)}",
        "  " + cut(say("中文:{words}", "Chinese: {words}", words=found.zh), COLUMNS - 2),
        "  " + cut(say("英文:{words}", "English: {words}", words=found.en), COLUMNS - 2),
    ]


def chosen(dataset: Dataset, keys: Sequence[str], *, added: bool, everything: bool) -> Sequence[Translated]:
    """Select the texts to record.

    Args:
        dataset: The data.
        keys: ``KIND/ID`` for all texts of a record, ``KIND/ID:PATH`` for one.
        added: Also all texts that were never recorded.
        everything: All texts.

    Raises:
        DataError: with every key that matches nothing, or a text without English.
    """
    marks = translations.recorded(dataset)
    texts = list(translations.texts(dataset))
    wanted: set[TextKey] = set()
    wrong = []
    for key in keys:
        named = [found for found in texts if key in (str(found.key), str(found.key).partition(":")[0])]
        wanted |= {found.key for found in named}
        if not named:
            wrong.append(_unknown(key, texts))
        elif all(found.en is None for found in named):
            wrong.append(f"{key}: 还没有英文 / there is no English yet")
    if wrong:
        raise DataError(wrong)
    return [
        found
        for found in texts
        if found.en is not None and (everything or found.key in wanted or (added and str(found.key) not in marks))
    ]


def _unknown(key: str, texts: Sequence[Translated]) -> str:
    names = [str(found.key) for found in texts]
    known = names if ":" in key else list(dict.fromkeys(name.partition(":")[0] for name in names))
    guess = next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.6)), None)
    if guess is None:
        return f"{key}: 没有这条文字 / there is no such text"
    return f"{key}: 没有这条文字\uff1b是否想写“{guess}”\uff1f / there is no such text; did you mean “{guess}”?"


def marked(dataset: Dataset, found: Sequence[Translated]) -> Marks:
    """Update the fingerprints of ``found`` and remove those of texts that no longer exist."""
    before = translations.recorded(dataset)
    there = {str(text.key) for text in translations.texts(dataset)}
    new: Mapping[str, str] = {str(text.key): translations.fingerprint(text.zh) for text in found}
    kept = {key: mark for key, mark in before.items() if key in there}
    after = {**kept, **new}
    recorded = sum(before.get(key) != mark for key, mark in new.items())
    text = translations.fingerprints_file(after)
    same = text == dataset.companions.get(TRANSLATIONS)
    return Marks(None if same else text, recorded, len(before) - len(kept))


# --- What is to be translated, with what helps to do it

#: Why a text is listed: no English; English older than its Chinese; English that was never recorded.
Standing = Literal["missing", "old", "unrecorded"]


def standings(dataset: Dataset, *, samples: bool = False) -> Mapping[TextKey, tuple[Translated, Standing | None]]:
    """Return every text with why it is to be looked at; None for one that is up to date.

    Args:
        dataset: The data.
        samples: Whether to include sample records.
    """
    stale, marks = set(translations.stale(dataset)), translations.recorded(dataset)

    def standing(found: Translated) -> Standing | None:
        if found.en is None:
            return "missing"
        return "old" if found.key in stale else None if str(found.key) in marks else "unrecorded"

    texts = (found for found in translations.texts(dataset) if samples or not found.entry.record.sample)
    return {found.key: (found, standing(found)) for found in texts}


def earlier_chinese(marks: Collection[str], versions: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """Find the Chinese that was translated, by its fingerprint, in earlier versions of a record.

    Args:
        marks: Fingerprints recorded with the translations.
        versions: Plain values of the record; read until everything is found.

    Returns:
        Chinese text by fingerprint; without those that no version has.
    """
    found: dict[str, str] = {}
    for values in versions:
        if set(marks) <= found.keys():
            break
        for text in _strings(values):
            found.setdefault(translations.fingerprint(text), text)
    return {mark: found[mark] for mark in marks if mark in found}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(part)


def compared(old: str, new: str) -> Sequence[tuple[str, str]]:
    """Return ``old`` and ``new`` as one run of pieces, each with ``same``, ``gone`` or ``added``."""
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", new[c:d]))
            continue
        pieces += [(name, words) for name, words in (("gone", old[a:b]), ("added", new[c:d])) if words]
    return pieces


def terms_in(zh: str, terms: Iterable[Term]) -> Sequence[Term]:
    """Return the glossary's terms in the Chinese text that have English, in their order there.

    A term within a longer one is left out: 质量 in 质量月.
    """
    forms = [(form, term) for term in terms if term.term.en for form in (term.term.zh, *term.forms) if form]
    places: dict[int, Term] = {}
    taken: set[int] = set()
    for form, term in sorted(forms, key=lambda each: -len(each[0])):
        start = zh.find(form)
        while start >= 0:
            span = set(range(start, start + len(form)))
            if not span & taken:
                places[start] = term
                taken |= span
            start = zh.find(form, start + 1)
    return list({term.id: term for _, term in sorted(places.items(), key=lambda pair: pair[0])}.values())


def same_elsewhere(dataset: Dataset) -> Mapping[str, Mapping[str, TextKey]]:
    """Return the English of each Chinese text, by fingerprint; each English with one place that has it."""
    found: dict[str, dict[str, TextKey]] = {}
    for text in translations.texts(dataset):
        if text.en is not None:
            found.setdefault(translations.fingerprint(text.zh), {}).setdefault(text.en, text.key)
    return found


def with_english(values: Mapping[str, Any], english: Iterable[tuple[Translated, str]]) -> dict[str, Any]:
    """Return the plain ``values`` of a record with new English texts; an empty one removes the English.

    Raises:
        KeyError, IndexError, TypeError: if a text is not in the values.
    """
    changed = deepcopy(dict(values))
    for text, words in english:
        holder: Any = changed
        *steps, last = text.place
        for step in steps:
            holder = holder[step]
        before = holder[last]
        holder[last] = {**({"zh": before} if isinstance(before, str) else before), "en": words or None}
    return changed
