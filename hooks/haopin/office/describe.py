"""Records in words: values of fields as a person reads them, in either language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from haopin.html import formats
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.markdown import widened
from haopin.model.choices import CHOICES
from haopin.model.fields import Ref
from haopin.model.publishable import Publishable
from haopin.office.new.fields import Field, fields_of
from haopin.office.record_lookup import RecordLookup
from haopin.text import InLanguages, Language, Text, Wording

#: Fields to show to an approver, besides the name or title of a record.
_FACTS = frozenset(
    {
        *("measure", "target", "state", "value", "unit", "body", "bodies", "due", "start", "end", "opens", "closes"),
        *("venue", "number", "penalty", "honour", "holder", "year"),
    }
)


def short_label(field: Field, language: Language) -> str:
    """Return the label of ``field`` without its explanation."""
    words = field.label.show(language)
    for mark in "\uff1a\uff08\uff0c" if language == "zh" else ":;(,":
        words = words.partition(mark)[0]
    return words.strip().removesuffix("的 id").removeprefix("id of the ")


class Describer:
    """Describes records and values of fields."""

    def __init__(self, dataset: Dataset) -> None:
        """Index the names of the records that records of ``dataset`` refer to."""
        self._lookup = RecordLookup(dataset)
        self._names: dict[Ref, Mapping[str, Text]] = {}

    def line(self, entry: LoadedRecord) -> str:
        """Return kind, id, date, subject and content in one line, in Chinese."""
        record = entry.record
        assert isinstance(record, Publishable)
        facts = [self._fact(record, field) for field in fields_of(type(record)) if field.name in _FACTS]
        said = [] if record.label.zh in (record.id, getattr(record, "measure", None)) else [record.label.show("zh")]
        words = [f"{entry.kind.name}/{record.id}", record.date, entry.kind.title.zh, *said, *filter(None, facts)]
        return "  ".join(" ".join(str(word).split()) for word in words)

    def _fact(self, record: Publishable, field: Field) -> str:
        words = self.words(field, getattr(record, field.name), "zh")
        return f"{short_label(field, 'zh')}\uff1a{words}" if words else ""

    def words(self, field: Field, value: Any, language: Language) -> str:
        """Return the ``value`` of ``field`` as text in ``language``; "" if there is none, or no translation.

        Values of parts have their labels.
        """
        if value is None or value == ():
            return ""
        if isinstance(value, tuple):
            mark = "\n" if field.parts else "、" if language == "zh" else ", "
            return mark.join(filter(None, (self.words(field, item, language) for item in value)))
        if field.ref is not None:
            if field.ref not in self._names:
                named = self._lookup.candidates(field.ref, {})
                self._names[field.ref] = {candidate.id: candidate.name for candidate in named}
            name = self._names[field.ref].get(str(value))
            shown = name.show(language) if name is not None else ""
            return f"{shown}\uff08{value}\uff09" if language == "zh" else f"{shown} ({value})".strip()
        if field.shape == "choice":
            return CHOICES[field.model, field.name][str(value)].show(language)
        return self._plain(field, value, language)

    def _plain(self, field: Field, value: Any, language: Language) -> str:
        if isinstance(value, Wording):
            # Articles are Markdown, whose marks stay as they are; other texts have none.
            return widened(value.zh or "") if language == "zh" else value.in_language(language) or ""
        if isinstance(value, InLanguages):
            return value.in_language(language) or ""
        if isinstance(value, BaseModel):
            parts = {part.name: part for part in field.parts}
            said = ((part, self.words(part, getattr(value, name), language)) for name, part in parts.items())
            mark, end = ("\uff1a", "\uff1b") if language == "zh" else (": ", "; ")
            return end.join(f"{short_label(part, language)}{mark}{words}" for part, words in said if words)
        if isinstance(value, bool):
            return {"zh": "是", "en": "yes"}[language] if value else {"zh": "否", "en": "no"}[language]
        return formats.day(value, language) if isinstance(value, date) and language != "zh" else str(value)
