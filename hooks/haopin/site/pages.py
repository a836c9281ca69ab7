"""Which pages exist, under which address, in which place of the menu. A section without records has none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from haopin.model.activity import Activity, Channel
from haopin.model.base import Record
from haopin.model.body import Body
from haopin.model.disclosure import Analysis, Batch, Inspection, Recall, RiskWarning, Sampled, Violation
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.need import Need
from haopin.model.news import Event, News
from haopin.model.phase import Phase, Safeguard
from haopin.model.provision import Honour, Industries, Mechanism, PilotField, Service, Term
from haopin.model.recognition import Certification, Demonstration, Standard
from haopin.model.sections import SECTIONS, STANDING
from haopin.model.support_policy import Dimension, Policy
from haopin.model.target import Target
from haopin.model.task import Committed, Section, Task
from haopin.site.catalogue import Catalogue


@dataclass(frozen=True)
class Page:
    """A generated page, the same in every language.

    Attributes:
        address: Site-relative directory address, ``""`` for the home page, else ending in ``/``.
        template: Name of its template, also the name of its kind.
        title: Label key (``page.tasks``) of a page that lists, or None for a record's page.
        record: The record that the page is about, if it is about one.
        parent: Address of the page above it; None for the home page.
        part: Number of this page among those that share a long list, from 1.
        parts: How many pages share the list.
        row: The row of the record's table that the page is about, if it is about one.
    """

    address: str
    template: str
    title: str | None = None
    record: Record | None = None
    parent: str | None = ""
    part: int = 1
    parts: int = 1
    row: Sampled | None = None

    @property
    def depth(self) -> int:
        """Number of folders between the page and the root of its language."""
        return self.address.count("/")

    @property
    def root(self) -> str:
        """Relative address of the root of its language."""
        return "../" * self.depth or "./"

    @property
    def folder(self) -> str:
        """First folder of the address, by which its section is known."""
        return self.address.partition("/")[0]

    @property
    def source(self) -> str:
        """The Markdown path that the page would have if a person had written it, e.g. ``tasks/03.md``."""
        # A record's page with pages below it would be a file beside a folder of its name.
        flat = self.record is not None and not (isinstance(self.record, Batch) and self.row is None)
        return f"{self.address.rstrip('/')}.md" if flat else f"{self.address}index.md"


def _never(catalogue: Catalogue) -> bool:
    return False


def _always(catalogue: Catalogue) -> bool:
    return True


def _one_part(catalogue: Catalogue) -> int:
    return 1


@dataclass(frozen=True)
class Listing:
    """A page that lists records, shown if there is a record of any of ``models`` or ``also`` says so.

    ``folder`` may lie in that of another listing, which is then the page above it; ``parts`` says over how many pages
    a long list goes.
    """

    folder: str
    models: tuple[type[Record], ...]
    each: type[Record] | None = None
    each_template: str = ""
    also: Callable[[Catalogue], bool] = _never
    parts: Callable[[Catalogue], int] = _one_part

    @property
    def name(self) -> str:
        """Name of its template and its labels."""
        return self.folder.rpartition("/")[2]

    @property
    def parent(self) -> str:
        """Address of the page above it."""
        above = self.folder.rpartition("/")[0]
        return f"{above}/" if above else ""


#: So many measures stand on one page at most, but a record is never divided: a phone loads a page in a moment.
MEASURES_PER_PAGE = 400
#: So many changes stand on one page.
CHANGES_PER_PAGE = 100


def _pages_of_measures(catalogue: Catalogue) -> int:
    return len(measure_parts(catalogue))


def _pages_of_changes(catalogue: Catalogue) -> int:
    return max(1, -(-len(catalogue.publishable) // CHANGES_PER_PAGE))


LISTINGS: tuple[Listing, ...] = (
    Listing("tasks", (Task,), Task, "task"),
    Listing("measures", (), also=lambda catalogue: bool(catalogue.measures), parts=_pages_of_measures),
    Listing("targets", (Target,)),
    Listing("industries", (Industries, PilotField)),
    # Those below it have it above them, also where the plan names no honour.
    Listing("honours", (Honour, Standard, Certification, Demonstration)),
    Listing("honours/standards", (Standard,)),
    Listing("honours/certifications", (Certification,)),
    Listing("honours/demonstrations", (Demonstration,)),
    Listing("aims", (Section,)),
    Listing("progress", (Entry,)),
    Listing("changes", (), also=lambda catalogue: bool(catalogue.publishable), parts=_pages_of_changes),
    Listing("news", (News,), News, "article"),
    Listing("disclosures", (Batch, Inspection, Violation, Recall, RiskWarning, Analysis)),
    Listing("disclosures/batches", (Batch,), Batch, "batch"),
    Listing("disclosures/inspections", (Inspection,)),
    Listing("disclosures/violations", (Violation,)),
    Listing("disclosures/recalls", (Recall,)),
    Listing("disclosures/warnings", (RiskWarning,)),
    Listing("disclosures/analyses", (Analysis,)),
    Listing("timeline", (Phase,)),
    Listing("safeguards", (Safeguard,)),
    Listing("bodies", (Body,), Body, "body"),
    Listing("matrix", (), also=lambda catalogue: bool(catalogue.tasks_of_body)),
    Listing("evaluation", (Dimension,)),
    Listing("activities", (Activity,), Activity, "activity"),
    Listing("events", (Event,), Event, "event"),
    Listing("channels", (Channel,)),
    Listing("subscribe", (), also=_always),
    Listing("subscribe/wall", (Activity, Event)),
    Listing("participate", (Activity, Mechanism), also=lambda catalogue: bool(catalogue.site.hotlines)),
    Listing("needs", (Need,)),
    Listing("policies", (Policy,)),
    Listing("disclosure", (Mechanism,)),
    Listing("services", (Service,)),
    Listing("documents", (Document,), Document, "document"),
    Listing("glossary", (Term,)),
    Listing("data", (), also=_always),
)


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu: its name, where it leads, and the folders of its section that exist."""

    name: str
    folders: tuple[str, ...]

    @property
    def address(self) -> str:
        """Address of the page that the entry leads to."""
        return f"{self.folders[0]}/"


def listings(catalogue: Catalogue) -> Iterator[Listing]:
    """Yield the listings that have a record to list."""
    for listing in LISTINGS:
        if any(catalogue.all(model) for model in listing.models) or listing.also(catalogue):
            yield listing


def menu(catalogue: Catalogue) -> tuple[MenuEntry, ...]:
    """Return the entries of the menu; a section of which nothing exists has none."""
    present = {listing.folder for listing in listings(catalogue)}
    found = ((name, tuple(f for f in folders if f in present)) for name, folders in SECTIONS.items())
    return tuple(MenuEntry(name, folders) for name, folders in found if folders)


def measure_parts(catalogue: Catalogue) -> tuple[tuple[Committed, ...], ...]:
    """Return the records with measures, divided among the pages that list all measures."""
    parts: list[list[Committed]] = []
    count = 0
    for holder in catalogue.committed:
        if not holder.measures:
            continue
        if not parts or count + len(holder.measures) > MEASURES_PER_PAGE:
            parts.append([])
            count = 0
        parts[-1].append(holder)
        count += len(holder.measures)
    return tuple(map(tuple, parts))


def pages(catalogue: Catalogue) -> tuple[Page, ...]:
    """Return every generated page, in the order of the site map."""
    found = [Page("", "home", "page.home", parent=None)]
    for listing in listings(catalogue):
        address, name, above = f"{listing.folder}/", listing.name, listing.parent
        parts = listing.parts(catalogue)
        found.append(Page(address, name, f"page.{name}", parent=above, parts=parts))
        found += [
            Page(f"{address}{part}/", name, f"page.{name}", parent=address, part=part, parts=parts)
            for part in range(2, parts + 1)
        ]
        if listing.each is not None:
            template = listing.each_template
            found += [
                Page(f"{address}{record.id}/", template, record=record, parent=address)
                for record in catalogue.all(listing.each)
            ]
    for batch in catalogue.all(Batch):
        above = f"disclosures/batches/{batch.id}/"
        found += [
            Page(f"{above}{row.slug}/", "product", record=batch, parent=above, row=row)
            for row in catalogue.rows_of(batch)
            if row.result == "fail"
        ]
    found += [Page(f"{name}/", name, f"page.{name}") for name in STANDING]
    return tuple(found)


def written_page(address: str) -> Page:
    """Return the page at ``address`` that a person wrote."""
    return Page(address, "written", parent=None if address == "" else "")


def neighbours(found: tuple[Page, ...]) -> dict[str, tuple[Page | None, Page | None]]:
    """Return, by address, the pages before and after each record's page among its siblings."""
    result: dict[str, tuple[Page | None, Page | None]] = {}
    same: Callable[[Page | None, Page], Page | None] = lambda other, page: (  # noqa: E731
        other if other is not None and other.record is not None and other.parent == page.parent else None
    )
    for index, page in enumerate(found):
        if page.record is not None:
            before = found[index - 1] if index else None
            after = found[index + 1] if index + 1 < len(found) else None
            result[page.address] = same(before, page), same(after, page)
    return result
