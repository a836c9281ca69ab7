"""What a body may report on: the measures and targets that it answers for, and what was last said of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from haopin.catalogue import Catalogue
from haopin.desk.ledger_columns import MEASURE, TARGET
from haopin.publish import Published
from haopin.reading.reading import Reading
from haopin.records.body import Body
from haopin.records.choices import STATES
from haopin.records.ledger import Entry
from haopin.records.target import Target
from haopin.records.task import Committed, Measure, Task
from haopin.text import Language, Text


@dataclass(frozen=True)
class Item:
    """A measure or a target to report on.

    Attributes:
        about: ``record/measure``, or the id of the target.
        holder: Title of the task (or section, phase, safeguard) that it is part of.
        title: Its own title.
        bodies: Ids of the bodies that answer for it; none where the documents name none.
        due: Its due date, if the data states one.
        target: The target, if it is one.
    """

    about: str
    holder: Text
    title: Text
    bodies: tuple[str, ...]
    due: date | None
    target: Target | None = None

    @property
    def has_number(self) -> bool:
        """Whether it is reported by a value."""
        return self.target is not None and self.target.value is not None

    @property
    def is_percent(self) -> bool:
        """Whether that value is a percentage."""
        return self.target is not None and self.target.unit == "percent"


def whole(reading: Reading, *, samples: bool) -> Catalogue:
    """Return a catalogue of everything that was read, approved or not: the office’s own view."""
    records = tuple(entry.record for entry in reading.entries if samples or not entry.record.sample)
    return Catalogue.of(Published(records))


def items(catalogue: Catalogue, body: str | None = None) -> Mapping[str, Item]:
    """Return what ``body`` (or anybody) may report on, in the order of the documents, by ``about``."""
    by_measure: dict[str, list[Target]] = {}
    for target in catalogue.all(Target):
        by_measure.setdefault(target.measure, []).append(target)
    found: dict[str, Item] = {}
    for holder in catalogue.committed:
        for measure in holder.measures:
            name, bodies = f"{holder.id}/{measure.id}", _bodies(holder, measure)
            if body is not None and body not in bodies:
                continue
            found[name] = Item(name, holder.title, measure.title, bodies, measure.due)
            for target in by_measure.get(name, ()):
                found[target.id] = Item(target.id, holder.title, target.title, bodies, target.due, target)
    return found


def _bodies(holder: Committed, measure: Measure) -> tuple[str, ...]:
    if measure.owner is not None:
        return (measure.owner,)
    return holder.responsible.bodies if isinstance(holder, Task) else ()


def last_entry(catalogue: Catalogue, about: str, as_of: date, body: str | None = None) -> Entry | None:
    """Return the latest entry on ``about`` up to a day that no other up to then corrects; None if there is none.

    Only entries of ``body`` count, if it is given: what another body reported of a shared measure is not its report.
    """
    entries = [entry for entry in catalogue.entries_about.get(about, ()) if entry.date <= as_of]
    corrected = {entry.corrects for entry in entries}
    return next((e for e in entries if e.id not in corrected and body in (None, e.body)), None)


def value_shown(entry: Entry) -> str:
    """Return the value of ``entry`` with its unit; empty if it has none."""
    return "" if entry.value is None else f"{entry.value:f}{'%' if entry.unit == 'percent' else ''}"


def state_shown(entry: Entry, language: Language) -> str:
    """Return the state of ``entry`` in words; empty if it has none."""
    return "" if entry.state is None else STATES[entry.state].show(language)


def names(catalogue: Catalogue, bodies: tuple[str, ...], language: Language) -> str:
    """Return the names of ``bodies``."""
    return ("、" if language == "zh" else "; ").join(catalogue.get(Body, body).name.show(language) for body in bodies)


def given(
    catalogue: Catalogue, item: Item, as_of: date, language: Language, body: str | None = None
) -> Mapping[str, str]:
    """Return what stands in the protected cells of the row of ``item``, by the name of the column.

    What was last reported is the last report of ``body``, or of anybody where the form is for all.
    """
    last = last_entry(catalogue, item.about, as_of, body)
    return {
        "id": item.about,
        "kind": (TARGET if item.target else MEASURE).show(language),
        "task": item.holder.show(language),
        "title": item.title.show(language),
        "bodies": names(catalogue, item.bodies, language),
        "due": item.due.isoformat() if item.due else "",
        "last_state": state_shown(last, language) if last else "",
        "last_value": value_shown(last) if last else "",
        "last_date": last.date.isoformat() if last else "",
        "last_id": last.id if last else "",
        "unit": "%" if item.is_percent else "",
    }
