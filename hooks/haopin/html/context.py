"""Context of templates: values derived from the catalogue, for one language and date."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar, get_args

from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.base import ClauseRef
from haopin.model.body import Body
from haopin.model.disclosure import Batch, Sampled
from haopin.model.document import Clause, Document, Status
from haopin.model.fields import Ref, marks_of
from haopin.model.ledger import Assignment, Entry
from haopin.model.news import Event, News
from haopin.model.photograph import Photograph
from haopin.model.provision import Honour, Term
from haopin.model.publishable import Publishable, Withdrawal
from haopin.model.schema import FieldDoc, fields_of
from haopin.model.target import Target
from haopin.model.task import Committed, Form, Group, Responsible, Statement, Task
from haopin.numerals import CHINESE, number_of, roman
from haopin.site import calendar, progress
from haopin.site.catalogue import Catalogue
from haopin.site.pages import CHANGES_PER_PAGE, Page, listings, measure_parts, menu
from haopin.site.photographs import PictureSize, sizes_of
from haopin.site.progress import PhaseState, Progress
from haopin.site.publish import WAITING
from haopin.site.subscriptions import Subscriptions
from haopin.text import Language, Text, Wording, fullwidth
from haopin.trace import derived, question

# A heading ends at the first period, except that of "No. 13".
_EN_HEADING = re.compile(r"(?:[0-9]+\.|\([^)]*\)|[IVX]+\.)?(?:[^.]|(?<=\bNo)\.)*")

_CLASSES = ("term", "status", "award", "brand", "campaign", "slogan", "body", "place")

P = TypeVar("P", bound=Publishable)
#: Number of rows of a table on its page; a script loads the others on request.
FIRST_ROWS = 30


@dataclass(frozen=True)
class Sampling:
    """Table of a batch: number of rows, failing rows, and first rows."""

    total: int
    failing: list[Sampled]
    first: tuple[Sampled, ...]


def _newest(records: Iterable[P]) -> list[P]:
    return sorted(records, key=lambda record: (record.date, record.id), reverse=True)


def part_address(address: str, part_id: str) -> str:
    """Return the address of a part (a measure or requirement) of the record at the site-relative ``address``."""
    return f"{address}-{part_id}" if "#" in address else f"{address}#{part_id}"


class TemplateContext:
    """Values for the templates of one catalogue, language and date, each derived once."""

    #: Columns of a batch's table, without their English counterparts.
    columns = tuple(name for name in Sampled.model_fields if not name.endswith("_en"))

    def __init__(
        self, catalogue: Catalogue, language: Language, as_of: date, pages: Sequence[Page], trace_name: str = ""
    ) -> None:
        """Store the sources; ``trace_name`` is the name of this service in `haopin.trace`."""
        self.catalogue, self.language, self.as_of, self.pages = catalogue, language, as_of, pages
        self.trace_name = trace_name

    @derived
    def _kinds_by_name(self) -> Mapping[str, type[Record]]:
        return {kind.name: kind.model for kind in KINDS}

    def all(self, name: str) -> tuple[Record, ...]:
        """Return the records of the kind ``name``."""
        return self.catalogue.all(self._kinds_by_name[name])

    @derived
    def _kinds_by_model(self) -> Mapping[type[Record], Kind]:
        return {kind.model: kind for kind in KINDS}

    def anchor(self, record: Record) -> str:
        """Return the site-relative address of ``record``."""
        return self._kinds_by_model[type(record)].anchor(record.id)

    def draft_of(self, item: object) -> str:
        """Return whether a record is not public: ``waiting`` for an approval, or ``scheduled``; "" if it is public.

        Only in a draft of the site for the approver, of which nothing is remembered.
        """
        if not isinstance(item, Publishable):
            return ""
        reason = self.catalogue.drafts.get((self._kinds_by_model[type(item)].name, item.id))
        return "" if reason is None else "waiting" if reason in WAITING else "scheduled"

    def drafts(self) -> list[tuple[str, Wording]]:
        """Return (site-relative address, name) of each record that is not public."""
        every = (record for kind in KINDS for record in self.catalogue.all(kind.model))
        return [(self.anchor(record), record.label) for record in every if self.draft_of(record)]

    def statement(self, name: str) -> tuple[Committed, Statement]:
        """Return the measure or requirement with the key ``record id/own id``, and its record."""
        return self.catalogue.statements[name]

    def number_of(self, item: Task | Group) -> str:
        """Return the number of ``item`` as in the document; a Chinese numeral in digits on pages in other languages.

        English pages have Roman numerals for 一、二、三, as translations of documents do.
        """
        number = item.shown_number if isinstance(item, Task) else item.number
        value = number_of(number) if self.language != "zh" and re.fullmatch(CHINESE, number) else None
        if not value:
            return number
        return roman(value) if self.language == "en" else str(value)

    def anchor_in(self, holder: Committed, measure: Statement) -> str:
        """Return the site-relative address of a measure or requirement of ``holder``."""
        return part_address(self.anchor(holder), measure.id)

    def named(self, record: Record, name: str) -> Record | None:
        """Return the public record that the field ``name`` of ``record`` refers to; None if there is none."""
        ref = next(ref for field, ref, _ in marks_of(type(record), Ref) if field == name and ref is not None)
        return self.catalogue.find(ref.records, getattr(record, name))

    def document(self, document_id: str) -> Document:
        """Return the document ``document_id``."""
        return self.catalogue.get(Document, document_id)

    def honour(self, honour_id: str) -> Honour:
        """Return the honor ``honour_id``."""
        return self.catalogue.get(Honour, honour_id)

    def activity(self, activity_id: str) -> Activity:
        """Return the activity ``activity_id``."""
        return self.catalogue.get(Activity, activity_id)

    # Reports, disclosures, news, events, withdrawals.

    @derived
    def progress(self) -> Progress:
        """Status of measures and targets on the date."""
        return Progress(self.catalogue, self.as_of, self.trace_name and f"{self.trace_name} progress")

    @derived
    def subscriptions(self) -> Subscriptions:
        """Calendars and feeds."""
        return Subscriptions(self.catalogue, self.as_of, self.trace_name and f"{self.trace_name} subscriptions")

    @derived
    def _kinds_by_page(self) -> Mapping[str, list[Kind]]:
        """Kinds whose records share a page, by its address."""
        found: dict[str, list[Kind]] = {}
        for kind in KINDS:
            address, hash_sign, _ = kind.anchor("x").partition("#")
            if hash_sign:
                found.setdefault(address, []).append(kind)
        return found

    def stale_on(self, page: Page) -> list[Wording]:
        """Return the names of the records on ``page`` whose translation is older than the Chinese."""
        if page.record is not None:
            shown: list[Record] = [page.record]
        else:
            kinds = self._kinds_by_page.get(page.address, [])
            shown = [record for kind in kinds for record in self.catalogue.all(kind.model)]
        own = self._kinds_by_model
        named = [record.label for record in shown if self._is_stale(own[type(record)].name, record.id)]
        # Withdrawals have the name of their kind, so several may be equal.
        return list(dict.fromkeys(named))

    @question
    def _is_stale(self, kind: str, record_id: str) -> bool:
        return (kind, record_id) in self.catalogue.stale

    def sampling(self, batch: Batch) -> Sampling:
        """Return the content of a batch’s table."""
        rows = self.catalogue.rows_of(batch)
        return Sampling(len(rows), [row for row in rows if row.result == "fail"], rows[:FIRST_ROWS])

    def entry_address(self, entry: Entry) -> str:
        """Return the site-relative address of a ledger entry, which is shown with its measure or target."""
        if entry.measure is None:
            return f"targets/#{entry.id}"
        holder, _ = self.catalogue.statements[entry.measure]
        return f"{self.anchor(holder).partition('#')[0]}#{entry.id}"

    def subject(self, entry: Entry | Assignment) -> tuple[str, str, Text]:
        """Return address, name of the record, and title of the measure or target that ``entry`` is about."""
        if isinstance(entry, Entry) and entry.measure is None:
            target = self.catalogue.get(Target, entry.target or "")
            holder = self.statement(target.measure)[0]
            return f"targets/#{target.id}", holder.title.show(self.language), target.title
        holder, measure = self.catalogue.statements[entry.measure or ""]
        return self.anchor_in(holder, measure), holder.title.show(self.language), measure.title

    def changes(self, part: int) -> tuple[tuple[str, Publishable], ...]:
        """Return the content of one page of the changes: kind name and record, newest first."""
        start = (part - 1) * CHANGES_PER_PAGE
        return self.catalogue.publishable[start : start + CHANGES_PER_PAGE]

    def days_ago(self, days: int) -> date:
        """Return the date that many ``days`` before that of the pages."""
        return self.as_of - timedelta(days)

    def address_of(self, record: Record) -> str:
        """Return the site-relative address of ``record``; of a ledger entry, that of its measure or target."""
        if isinstance(record, Assignment):
            return self.subject(record)[0]
        return self.entry_address(record) if isinstance(record, Entry) else self.anchor(record)

    def newest(self, name: str) -> list[Publishable]:
        """Return the records of the kind ``name``, newest first."""
        return _newest(record for record in self.all(name) if isinstance(record, Publishable))

    @derived
    def news_in_language(self) -> list[News]:
        """News in this language, newest first; all news if there is none."""
        found = _newest(self.catalogue.all(News))
        return [item for item in found if item.text.language(self.language) == self.language] or found

    @derived
    def events(self) -> list[Event]:
        """Events of the county that have not ended, earliest first."""
        found = [e for e in self.catalogue.all(Event) if e.last >= self.as_of]
        return sorted(found, key=lambda event: (event.start, event.id))

    @derived
    def past_events(self) -> list[Event]:
        """Events of the county that have ended, latest first."""
        found = [e for e in self.catalogue.all(Event) if e.last < self.as_of]
        return sorted(found, key=lambda event: (event.start, event.id), reverse=True)

    @derived
    def withdrawals(self) -> list[tuple[Withdrawal, list[Kind]]]:
        """Every withdrawal with the kinds of the withdrawn records, latest first."""
        found = sorted(self.catalogue.all(Withdrawal), key=lambda w: (w.date, w.id), reverse=True)
        return [
            (w, list({t.kind.name: t.kind for t in self.catalogue.tombstones if t.withdrawal.id == w.id}.values()))
            for w in found
        ]

    @derived
    def _photographs(self) -> Mapping[str, list[Photograph]]:
        """Photographs by the ``kind/id`` of each record that they show, newest first."""
        found: dict[str, list[Photograph]] = {}
        for photograph in _newest(self.catalogue.all(Photograph)):
            for name in photograph.shows:
                found.setdefault(name, []).append(photograph)
        return found

    def photographs_of(self, record: Record) -> list[Photograph]:
        """Return the photographs that show ``record``, newest first."""
        return self._photographs_of(f"{self._kinds_by_model[type(record)].name}/{record.id}")

    @question
    def _photographs_of(self, name: str) -> list[Photograph]:
        return self._photographs.get(name, [])

    def sizes(self, photograph: Photograph) -> tuple[PictureSize, ...]:
        """Return the published sizes of ``photograph``, the smallest first."""
        return sizes_of(photograph, self.catalogue.pictures)

    def shown_by(self, photograph: Photograph) -> list[Record]:
        """Return the public records that ``photograph`` shows."""
        pairs = (name.split("/") for name in photograph.shows)
        return [self.catalogue.get(self._kinds_by_name[kind], record_id) for kind, record_id in pairs]

    def rows_withdrawn(self, batch: Batch) -> list[Withdrawal]:
        """Return the withdrawals that removed rows from the table of ``batch``."""
        return [t.withdrawal for t in self.catalogue.tombstones if t.table_of == batch.id]

    def withdrawn(self, name: str) -> list[Withdrawal]:
        """Return the withdrawals of records of the kind ``name``, latest first."""
        return [w for w, kinds in self.withdrawals if any(kind.name == name for kind in kinds)]

    # Documents, tasks, terms and kinds.

    def kinds(self) -> list[tuple[Any, list[FieldDoc]]]:
        """Return each kind with its fields, for the reference page."""
        return [(kind, fields_of(kind.model, self.language)) for kind in KINDS]

    def columns_of(self, kind: Kind) -> list[FieldDoc]:
        """Return the columns of the CSV table of records of ``kind``."""
        return fields_of(kind.table, self.language) if kind.table else []

    @property
    def folders(self) -> frozenset[str]:
        """Folders of the listings that exist."""
        return self._folders()

    @question
    def _folders(self) -> frozenset[str]:
        return frozenset(listing.folder for listing in listings(self.catalogue))

    @derived
    def _children(self) -> Mapping[str, list[Page]]:
        children: dict[str, list[Page]] = {}
        for page in self.pages:
            listed = page.record is not None or bool(page.parent and page.part == 1)
            if listed and page.row is None and page.parent is not None:
                children.setdefault(page.parent, []).append(page)
        return children

    @question
    def section_of(self, folder: str) -> str:
        """Return the name of the menu entry whose section contains ``folder``; "" if there is none."""
        return next((entry.name for entry in menu(self.catalogue) if folder in entry.folders), "")

    @derived
    def measure_parts(self) -> tuple[tuple[Task, ...], ...]:
        """Tasks with measures, by page of the list of all measures."""
        return measure_parts(self.catalogue)

    def measure_rows(self, holder: Task) -> list[tuple[str, str, bool, str]]:
        """Return (address, title, has a target, state or "") of each measure of ``holder``."""
        rows: list[tuple[str, str, bool, str]] = []
        states = self.progress.states(holder.id) if self.progress.reported else ("",) * len(holder.measures)
        for m, state in zip(holder.measures, states, strict=True):
            name = f"{holder.id}/{m.id}"
            rows.append((self.anchor_in(holder, m), m.title.show(self.language), name in self._with_target, state))
        return rows

    @derived
    def _with_target(self) -> frozenset[str]:
        return frozenset(target.measure for target in self.catalogue.all(Target))

    @derived
    def domains(self) -> list[str]:
        """Domains of the tasks, in the order of the tasks."""
        return list(dict.fromkeys(task.domain for task in self.catalogue.all(Task) if task.domain))

    @derived
    def _roles(self) -> tuple[Responsible, ...]:
        holders = self.catalogue.committed
        own = (each.responsible for holder in holders for each in holder.statements)
        return tuple(roles for roles in (*(holder.roles for holder in holders), *own) if roles is not None)

    @derived
    def bodies_with_part(self) -> tuple[Body, ...]:
        """Bodies with any responsibility."""
        named = {body for roles in self._roles for body in roles.answerable} | self.catalogue.statements_of_body.keys()
        return tuple(body for body in self.catalogue.all(Body) if body.id in named)

    @derived
    def other_bodies(self) -> tuple[Text, ...]:
        """Words for unnamed bodies, such as “and other departments”, each once."""
        return tuple(dict.fromkeys(roles.others for roles in self._roles if roles.others is not None))

    @derived
    def general_bodies(self) -> tuple[Text, ...]:
        """Groups of bodies with any responsibility, each once."""
        return tuple(dict.fromkeys(words for roles in self._roles for words in roles.general))

    @derived
    def responsibility_forms(self) -> dict[Form, int]:
        """Number of tasks by form of responsibility."""
        counts = Counter(task.roles.form for task in self.catalogue.all(Task) if task.roles)
        return {form: counts[form] for form in get_args(Form) if counts[form]}

    @property
    def has_parts(self) -> bool:
        """Whether bodies have different roles in any task."""
        return "led" in self.responsibility_forms or "supported" in self.responsibility_forms

    @derived
    def remits_divided(self) -> bool:
        """Whether every task of several equal bodies states that each is responsible within its remit."""
        joint = (task.roles for task in self.catalogue.all(Task) if task.roles and task.roles.form == "joint")
        return all(roles.is_divided for roles in joint)

    def tasks_by_part(self, body: Body) -> dict[str, list[Task]]:
        """Return the tasks that ``body`` leads (``lead``), is otherwise responsible for (``own``), or takes part in."""
        found: dict[str, list[Task]] = {"lead": [], "own": [], "participating": []}
        for task in self.catalogue.tasks_of_body.get(body.id, ()):
            role = task.roles.role_of(body.id) if task.roles else None
            found[role if role in ("lead", "participating") else "own"].append(task)
        return {part: tasks for part, tasks in found.items() if tasks}

    def targets_of_body(self, body: Body) -> list[Target]:
        """Return the targets of the tasks that ``body`` is responsible for."""
        tasks = self.catalogue.tasks_of_body.get(body.id, ())
        return [target for task in tasks for target in self.catalogue.targets_of_record.get(task.id, ())]

    @derived
    def terms_by_kind(self) -> list[tuple[str, list[Term]]]:
        """Terms by class, names last; in alphabetical order, in Chinese in the order of the data."""
        found: dict[str, list[Term]] = {kind: [] for kind in _CLASSES}
        for term in self.catalogue.all(Term):
            found.setdefault(term.kind, []).append(term)
        if (language := self.language) != "zh":
            found = {
                kind: sorted(terms, key=lambda t: t.term.get(language).casefold()) for kind, terms in found.items()
            }
        return [(kind, terms) for kind, terms in found.items() if terms]

    def related(self, ref: ClauseRef) -> list[tuple[str, list[Record]]]:
        """Return the provisions other than measures in the clause ``ref``, by folder of their page."""
        found: dict[str, list[Record]] = {}
        for record in self.catalogue.provisions_of_clause.get((ref.document, ref.id), ()):
            found.setdefault(self.anchor(record).partition("/")[0], []).append(record)
        return list(found.items())

    @question
    def children(self, address: str) -> list[Page]:
        """Return the pages below the page at ``address``: of records, or listings of their own."""
        return self._children.get(address, [])

    @derived
    def _clause_names(self) -> Mapping[tuple[str, str], str]:
        names = {}
        for document in self.catalogue.all(Document):
            for clauses in (document.clauses, *(annex.clauses for annex in document.annexes)):
                section: Clause | None = None
                for clause in clauses:
                    # The text of a section is cited by the heading of the section.
                    named = section if clause.level == "paragraph" and section is not None else clause
                    names[document.id, clause.id] = self._heading(named)
                    if clause.level in ("section", "subsection", "title"):
                        section = clause
        return names

    def _heading(self, clause: Clause) -> str:
        if clause.text.language(self.language) == "zh":
            return fullwidth(clause.zh.partition("。")[0])
        words = clause.text.get(self.language)
        match = _EN_HEADING.match(words)
        return (match.group() if match else words).strip()

    def run_in(self, clause: Clause) -> tuple[str, str]:
        """Return the heading of ``clause``, and the text after it in the same paragraph; "" if there is none."""
        text = clause.text.show(self.language)
        if "。" not in clause.zh.rstrip().rstrip("。"):
            return text, ""
        heading = self._heading(clause)
        end = len(heading) + 1 if text.startswith(heading) else len(text)
        return text[:end], text[end:].strip()

    def clause_name(self, ref: Any) -> str:
        """Return the citation of a clause: number and heading."""
        return self._clause_name(ref.document, ref.id)

    @question
    def _clause_name(self, document: str, clause: str) -> str:
        return self._clause_names[document, clause]

    def over(self, document: Document) -> Status | None:
        """Return since when ``document`` is no longer in force, and why; None if it is in force or unknown.

        Based on its own status, or on a document that repeals or replaces it.
        """
        found = document.status
        if found and found.state != "in-force" and found.since <= self.as_of:
            return found
        for other, change in self.catalogue.changes_of_document.get(document.id, ()):
            since = other.since(change)
            if change.what != "amends" and since is not None and since <= self.as_of:
                return Status(state="repealed", since=since, source=other.title)
        return None

    def name_of_clause(self, document: Document, clause: Clause) -> str:
        """Return the citation of a clause of ``document``."""
        return self._clause_name(document.id, clause.id)

    @derived
    def phases(self) -> list[PhaseState]:
        """Phases with their position relative to the date."""
        return progress.phases(self.catalogue, self.as_of)

    @derived
    def programme(self) -> str:
        """Position of the whole programme."""
        return progress.programme(self.phases)

    def target_state(self, target: Target) -> str:
        """Return the state of a target on the date."""
        return progress.target_state(target, self.as_of)

    @derived
    def upcoming(self) -> list[calendar.Occurrence]:
        """Next occurrence of each activity."""
        return calendar.upcoming(self.catalogue.all(Activity), self.as_of)

    @derived
    def next_date(self) -> Event | calendar.Occurrence | None:
        """The first event or activity that has not ended and is not cancelled."""
        dated: list[Event | calendar.Occurrence] = [event for event in self.events if not event.cancelled]
        dated += self.upcoming
        return min(dated, key=lambda item: item.start, default=None)

    def next_date_of(self, body: Body) -> Event | calendar.Occurrence | None:
        """Return the first event or activity of ``body`` that has not ended and is not cancelled."""
        for item in self.subscriptions.items.of_body(body):
            subject = item.subject
            if item.end >= self.as_of and (
                isinstance(subject, calendar.Occurrence) or (isinstance(subject, Event) and not subject.cancelled)
            ):
                return subject
        return None

    @derived
    def wall(self) -> tuple[calendar.WallMonth, ...]:
        """The twelve months of the wall calendar."""
        return calendar.months(self.catalogue.all(Activity), self.catalogue.all(Event), self.as_of)

    @derived
    def undated_campaigns(self) -> list[Activity]:
        """Campaigns without a known date."""
        campaigns = (activity for activity in self.catalogue.all(Activity) if activity.kind == "campaign")
        return [a for a in campaigns if a.recurrence is None and not any(edition.start for edition in a.editions)]

    @derived
    def past(self) -> list[calendar.Occurrence]:
        """Occurrences that have ended, latest first."""
        return calendar.past(self.catalogue.all(Activity), self.as_of)

    def is_ahead(self, activity: Activity, year: int) -> bool:
        """Return whether the occurrence of ``activity`` in ``year`` begins after the date of the build."""
        found = calendar.occurrence(activity, year)
        return found.start > self.as_of if found else year > self.as_of.year

    @derived
    def _next(self) -> Mapping[str, calendar.Occurrence]:
        return {item.activity.id: item for item in self.upcoming}

    def next_of(self, activity: Activity) -> calendar.Occurrence | None:
        """Return the next occurrence of ``activity``."""
        return self._next.get(activity.id)

    @derived
    def measure_count(self) -> int:
        """Number of measures of all tasks, without those of other records."""
        return self.statement_counts["measures"]

    @derived
    def statement_counts(self) -> Mapping[str, int]:
        """Number of statements of clauses by type of count."""
        return Counter(holder.counted_as for holder in self.catalogue.committed for _ in holder.statements)

    def holders(self) -> tuple[Committed, ...]:
        """Return every record that divides a clause into statements."""
        return self.catalogue.committed
