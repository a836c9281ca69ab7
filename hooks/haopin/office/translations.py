"""Fingerprints of translations: list outdated English texts, and record texts as up to date."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from haopin.load import translations
from haopin.load.dataset import Dataset
from haopin.load.folder import TRANSLATIONS, Places
from haopin.load.translations import TextKey, Translated
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
