"""Find records by id or by words of their names; errors for invalid answers."""

import difflib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from haopin.html.i18n import Label, local_labels, site_labels
from haopin.installation import PACKAGE
from haopin.load.dataset import Dataset
from haopin.model import KINDS, SECTIONS, Kind, Record
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.fields import Destination, Ref, marked
from haopin.model.ledger import Entry
from haopin.model.site import Site
from haopin.model.target import Target
from haopin.model.task import Committed
from haopin.problem import Place, Problem, problem
from haopin.text import Text, Wording
from haopin.transcription import romanized

# --- Lookup

#: Chinese characters of a clause by which it is recognized.
_BEGINNING = 24


@dataclass(frozen=True)
class Candidate:
    """A record that can be referred to: id, label, and further words to find it by."""

    id: str
    name: Text
    more: str = ""


class RecordLookup:
    """Index of the records that can be referred to; samples are excluded."""

    def __init__(self, dataset: Dataset) -> None:
        """Index ``dataset``."""
        entries = [entry for entry in dataset.entries if not entry.record.sample]
        self._records: Sequence[tuple[Kind, Record]] = [(entry.kind, entry.record) for entry in entries]
        self._sites = list(dataset.records(Site))
        #: All ids, also those of samples: a new id must differ from all of them.
        self.ids = frozenset(entry.record.id for entry in dataset.entries)
        self.evidence = frozenset(name.removeprefix("evidence/") for name in dataset.files)
        self.targets = {target.id: target for target in dataset.records(Target) if not target.sample}
        self.documents = {each.id: each for each in dataset.records(Document)}
        self.bodies = {body.id: body for body in dataset.records(Body) if not body.sample}

    def clauses(self, document: str) -> tuple[Candidate, ...]:
        """Return the clauses of a document, with the beginning of each; () if there is no such document."""
        found = self.documents.get(document)
        return tuple(Candidate(clause.id, _begun(clause.text)) for clause in found.every_clause) if found else ()

    def candidates(self, ref: Ref, given: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """Return the records that ``ref`` may refer to, in a record with the known values ``given``."""
        if ref.model is Entry:
            # Only corrections refer to entries.
            return self.correctable(given.get("measure") or given.get("target"))
        return tuple(self._named(ref))

    def _named(self, ref: Ref) -> Iterator[Candidate]:
        for kind, record in self._records:
            if not isinstance(record, ref.records):
                continue
            if ref.any_kind:
                yield Candidate(f"{kind.name}/{record.id}", _shown(record.label))
            elif ref.within is None:
                yield Candidate(record.id, _shown(record.label), _quoted(record))
            else:
                for _, found in (each for model in ref.offered for each in marked(record, model)):
                    more = f"{_quoted(found.value)} {record.label.show('zh')} {record.label.show('en')}"
                    yield Candidate(f"{record.id}/{found.value.id}", found.value.title, more)

    def destinations(self, allowed: Destination) -> tuple[Candidate, ...]:
        """Return the sections of the site by folder; records and their measures, too, as far as ``allowed``."""
        labels = {key: label for key, label in site_labels(PACKAGE / "labels.yml").items() if key.startswith("page.")}
        for site in self._sites:
            labels = dict(local_labels(labels, site))
        sections = (folder for folders in SECTIONS.values() for folder in folders)
        found = [Candidate(folder, _of_label(labels[f"page.{folder}"])) for folder in sections]
        for kind, record in self._records if allowed.records else ():
            if kind in KINDS:
                name = f"{kind.name}/{record.id}"
                found.append(Candidate(name, _shown(record.label)))
                statements = record.statements if isinstance(record, Committed) else ()
                found += [Candidate(f"{name}/{each.id}", each.title) for each in statements]
        return tuple(found)

    def correctable(self, about: Any) -> tuple[Candidate, ...]:
        """Return the entries on ``about`` that are not corrected yet, latest first."""
        entries = [r for _, r in self._records if isinstance(r, Entry) and r.about == about]
        corrected = {entry.corrects for entry in entries}
        return tuple(
            Candidate(entry.id, _shown(entry.label, entry.date.isoformat()))
            for entry in sorted(entries, key=lambda entry: entry.date, reverse=True)
            if entry.id not in corrected
        )


def _shown(label: Wording, *before: str) -> Text:
    return Text(zh=" ".join([*before, label.show("zh")]), en=" ".join([*before, label.show("en")]))


def _of_label(label: Label) -> Text:
    """Return a label that depends on no number."""
    return Text(zh=label.zh, en=str(label.en))


def _begun(text: Text) -> Text:
    """Return the beginning of the ``text`` of a clause."""
    zh, en = (f"{words[:most]}…" if len(words) > most else words for words, most in _sides(text))
    return Text(zh=zh, en=en or None)


def _sides(text: Text) -> tuple[tuple[str, int], ...]:
    return (text.zh, _BEGINNING), (text.en or "", 2 * _BEGINNING)


def _quoted(part: Any) -> str:
    """Return the quoted text of a record or part, which can be searched too."""
    quote = getattr(part, "quote", None)
    return " ".join(quote.both) if isinstance(quote, Text) else ""


def fold(words: str) -> str:
    """Normalise ``words`` for comparison: half-width, lower case, no white space."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())


def found(candidates: Sequence[Candidate], typed: str) -> tuple[Candidate, ...]:
    """Return the candidates that match ``typed``: one by id or name, otherwise all that contain its words."""
    whole = fold(typed)
    for candidate in candidates:
        if whole == fold(candidate.id):
            return (candidate,)
    if len(named := [c for c in candidates if whole in (fold(c.name.zh), fold(c.name.get("en")))]) == 1:
        return tuple(named)
    words = [fold(word) for word in typed.split()]
    by_name = [c for c in candidates if all(word in fold(f"{c.id} {c.name.zh} {c.name.get('en')}") for word in words)]
    if by_name:
        return tuple(by_name)
    by_text = tuple(
        c for c in candidates if all(word in fold(f"{c.id} {c.name.zh} {c.name.get('en')} {c.more}") for word in words)
    )
    if by_text or not whole.isascii() or not whole.isalpha():
        return by_text
    return tuple(c for c in candidates if whole in romanized(c.name.zh))


def nearest(candidates: Sequence[Candidate], typed: str) -> Candidate | None:
    """Return the candidate whose id or name is most similar to ``typed``, if any is similar."""
    by_word = {word: c for c in candidates for word in (c.id, fold(c.name.zh), fold(c.name.get("en")))}
    close = difflib.get_close_matches(fold(typed), list(by_word), n=1, cutoff=0.5)
    return by_word[close[0]] if close else None


# --- Invalid answers

#: Largest number of candidates listed.
MOST = 20


class InvalidAnswerError(Exception):
    """An invalid answer: reason in both languages, and the candidates."""

    def __init__(self, zh: str, en: str, matches: Sequence[Candidate] = (), **values: Any) -> None:
        """Format the two templates with ``values``; store the ``matches``."""
        said = problem(Place(""), zh, en, **values)
        self.words = Text.model_construct(zh=said.zh, en=said.en)
        self.matches = tuple(matches)
        super().__init__(said.en)

    @property
    def whole(self) -> Text:
        """The message, with the ids of the candidates."""
        ids = ", ".join(match.id for match in self.matches[:MOST])
        if not ids:
            return self.words
        return Text.model_construct(zh=f"{self.words.zh}\uff1a{ids}", en=f"{self.words.en}: {ids}")

    @classmethod
    def of(cls, wrong: Problem) -> "InvalidAnswerError":
        """Convert a validation problem to this error."""
        return cls("{chinese}", "{english}", chinese=wrong.zh, english=wrong.en)


def is_taken(record_id: str) -> InvalidAnswerError:
    """Return the error for an id that is already used."""
    return InvalidAnswerError("编号“{id}”已用过,请换一个", "the id “{id}” is taken; choose another", id=record_id)


#: Message about a date of a record, or of its approval, in the future.
TO_COME = (
    "“{value}”在今天(“{today}”)之后;公布、报送、审核的日期不能晚于今天。活动哪天举行写在活动日期里,"
    "推迟发布写“publish_from”",
    "“{value}” is after today, “{today}”: the date of an announcement, a report or an approval cannot be later. The "
    "day of an event has a field of its own; to publish later, use “publish_from”",
)


def no_day_to_come(day: date, today: date) -> None:
    """Check that ``day``, the date of a record or of its approval, is not after ``today``.

    Raises:
        InvalidAnswerError: if it is.
    """
    if day > today:
        raise InvalidAnswerError(*TO_COME, value=day, today=today)
