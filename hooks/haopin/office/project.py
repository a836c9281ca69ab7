"""The project of a command: data folder, dataset and day; and the office's view of the data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from haopin.build.settings import display_name, resolve_day, settings_of
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.model import Record
from haopin.model.body import Body
from haopin.model.fields import Ref
from haopin.model.ledger import Entry
from haopin.model.publishable import Publishable
from haopin.model.target import Target
from haopin.model.task import Committed
from haopin.office.ledger.columns import ReportItem, items
from haopin.office.record_lookup import InvalidAnswerError, RecordLookup, found, nearest
from haopin.office.writing import recover
from haopin.problem import ConfigurationError, Place
from haopin.site.catalogue import Catalogue, checked, time_zone
from haopin.site.progress import Progress
from haopin.site.publish import Published, Reason, publish
from haopin.text import LANGUAGES, Language

R = TypeVar("R", bound=Record)

# --- The office's view: all records entered up to a day, approved or not


@dataclass(frozen=True)
class Office:
    """The data from the office's point of view.

    Attributes:
        dataset: The dataset, without errors.
        day: Date of the view.
        samples: Whether to include sample records.
        body: Id of the only body to look at; None for all.
        languages: Languages of the site.
    """

    dataset: Dataset
    day: date
    samples: bool = False
    body: str | None = None
    languages: tuple[Language, ...] = LANGUAGES

    def of(self, model: type[R]) -> Iterator[tuple[R, LoadedRecord]]:
        """Yield the records of a model (subclasses included) in this view, with their positions."""
        return (pair for pair in self.dataset.of(model) if self.samples or not pair[0].sample)

    @cached_property
    def catalogue(self) -> Catalogue:
        """All records entered up to the day, including unapproved ones."""
        records = (record for record, _ in self.of(Record))
        return Catalogue.of(
            Published(tuple(r for r in records if not (isinstance(r, Publishable) and r.date > self.day)))
        )

    @cached_property
    def progress(self) -> Progress:
        """Status of measures and targets."""
        return Progress(self.catalogue, self.day)

    def entries_of(self, body: str) -> Mapping[str, Entry]:
        """Return the reports of ``body`` and the corrections of these, by id."""
        entries = {entry.id: entry for entry in self.catalogue.all(Entry)}

        def is_own(entry: Entry) -> bool:
            seen: set[str] = set()
            while entry.body != body and entry.corrects in entries and entry.id not in seen:
                seen.add(entry.id)
                entry = entries[entry.corrects]
            return entry.body == body

        return {entry.id: entry for entry in entries.values() if is_own(entry)}

    def progress_of(self, body: str) -> Progress:
        """Return the status of measures and targets by the reports of ``body`` alone, and corrections of these."""
        own = self.entries_of(body)
        return Progress(replace(self.catalogue, records={**self.catalogue.records, Entry: own}), self.day)

    @cached_property
    def items(self) -> Mapping[str, ReportItem]:
        """The measures and targets of the current plan in this view, in the order of the documents."""
        return items(self.catalogue.of_plan(self.catalogue.plan), self.body)

    @cached_property
    def bodies(self) -> Sequence[Body]:
        """The bodies in this view."""
        return [body for body in self.catalogue.all(Body) if self.body in (None, body.id)]

    @cached_property
    def withheld(self) -> Mapping[tuple[str, str], Reason]:
        """(kind, id) → reason of each record that is not public on the day."""
        withheld = publish(self.dataset, self.day, samples=self.samples).withheld
        return {(w.entry.kind.name, w.entry.record.id): w.reason for w in withheld}

    def concerns(self, entry: LoadedRecord) -> bool:
        """Return whether a record concerns the body of this view."""
        record = entry.record
        lists = (getattr(record, name, ()) for name in ("bodies", "lead", "participating"))
        own = {getattr(record, "body", None)}.union(*lists)
        return self.body is None or self.body in own or (isinstance(record, Body) and record.id == self.body)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Position of each measure, requirement and target, by ``record/measure`` or the target's id."""
        return dict(self._places())

    def _places(self) -> Iterator[tuple[str, Place]]:
        for holder, entry in self.of(Committed):
            for index, each in enumerate(holder.statements):
                yield f"{holder.id}/{each.id}", entry.place.at(holder.divided_into, index)
        yield from ((target.id, entry.place) for target, entry in self.of(Target))


# --- The project of a command


@dataclass(frozen=True)
class Project:
    """Data folder, dataset and day of a command.

    Attributes:
        folder: The data folder.
        name: Name of the folder in messages, e.g. ``data``.
        dataset: The dataset, without errors.
        warnings: Warnings of the data check.
        samples: Whether to include sample records.
        day: Date to use as today.
        languages: Languages of the site.
    """

    folder: Path
    name: str
    dataset: Dataset
    warnings: tuple[str, ...]
    samples: bool
    day: date
    languages: tuple[Language, ...]


def open_project(config: Path, as_of: date | None) -> Project:
    """Read and check the data of ``config``.

    Raises:
        DataError: with all errors in the data.
        ConfigurationError: if the configuration is invalid.
    """
    settings = settings_of(config)
    base = config.resolve().parent
    folder = (base / settings.data).resolve()
    name = display_name(folder, base)
    interrupted = recover(folder)
    dataset, warnings = checked(folder, name)
    day = resolve_day(as_of or settings.as_of, time_zone(dataset))
    languages = tuple(edition.language for edition in settings.editions)
    return Project(folder, name, dataset, (*interrupted, *warnings), settings.samples, day, languages)


def body_named(project: Project, typed: str | None) -> str | None:
    """Return the id of the body given by ``--body``; None if the option is not given.

    Raises:
        ConfigurationError: if no body or several match; lists the candidates.
    """
    if typed is None:
        return None
    try:
        return body_in(project.dataset, typed)
    except InvalidAnswerError as error:
        raise refused("--body", error) from error


def body_in(dataset: Dataset, typed: str) -> str:
    """Return the id of the body that ``typed`` matches: id, name in either language, or words of the name.

    Raises:
        InvalidAnswerError: if no body or several match.
    """
    bodies = RecordLookup(dataset).candidates(Ref(Body), {})
    matches = found(bodies, typed) if typed.strip() else ()
    if len(matches) == 1:
        return matches[0].id
    near = nearest(bodies, typed)
    listed = matches or ((near,) if near else bodies)
    zh_names = "、".join(f"{body.name.zh}\uff08{body.id}\uff09" for body in listed)
    en_names = "; ".join(f"{body.name.get('en')} ({body.id})" for body in listed)
    if matches:
        zh, en = "“{value}”不止一个单位,请写全:{zh_names}", "“{value}” is the name of several bodies: {en_names}"
    elif near:
        zh, en = "没有责任单位“{value}”;是否想写“{zh_names}”?", "there is no body “{value}”; did you mean “{en_names}”?"
    else:
        zh, en = "没有责任单位“{value}”;可选:{zh_names}", "there is no body “{value}”; choose one of: {en_names}"
    raise InvalidAnswerError(zh, en, value=typed, zh_names=zh_names, en_names=en_names)


def refused(option: str, error: InvalidAnswerError) -> ConfigurationError:
    """Return an error for the invalid value of an ``option``."""
    return ConfigurationError(f"{option}\uff1a{error.words.zh} / {option}: {error.words.en}")
