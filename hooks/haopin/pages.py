"""Which pages exist, under which address, in which place of the menu. A section without records has none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from haopin.catalogue import Catalogue
from haopin.records.activity import Activity, Channel
from haopin.records.base import Record
from haopin.records.body import Body
from haopin.records.document import Document
from haopin.records.need import Need
from haopin.records.phase import Phase, Safeguard
from haopin.records.provision import Honour, Industries, Mechanism, PilotField, Service, Term
from haopin.records.target import Target
from haopin.records.task import Committed, Section, Task
from haopin.sections import SECTIONS, STANDING


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
    """

    address: str
    template: str
    title: str | None = None
    record: Record | None = None
    parent: str | None = ""
    part: int = 1
    parts: int = 1

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
        return f"{self.address.rstrip('/')}.md" if self.record else f"{self.address}index.md"


@dataclass(frozen=True)
class Listing:
    """A page that lists records, shown if there is a record of any of ``models`` or ``also`` says so."""

    folder: str
    models: tuple[type[Record], ...]
    each: type[Record] | None = None
    each_template: str = ""
    also: Callable[[Catalogue], bool] = lambda catalogue: False


LISTINGS: tuple[Listing, ...] = (
    Listing("tasks", (Task,), Task, "task"),
    Listing("measures", (), also=lambda catalogue: bool(catalogue.measures)),
    Listing("targets", (Target,)),
    Listing("industries", (Industries, PilotField)),
    Listing("honours", (Honour,)),
    Listing("aims", (Section,)),
    Listing("timeline", (Phase,)),
    Listing("safeguards", (Safeguard,)),
    Listing("bodies", (Body,), Body, "body"),
    Listing("matrix", (), also=lambda catalogue: bool(catalogue.tasks_of_body)),
    Listing("activities", (Activity,), Activity, "activity"),
    Listing("channels", (Channel,)),
    Listing("participate", (Activity, Mechanism), also=lambda catalogue: bool(catalogue.site.hotlines)),
    Listing("needs", (Need,)),
    Listing("disclosure", (Mechanism,)),
    Listing("services", (Service,)),
    Listing("documents", (Document,), Document, "document"),
    Listing("glossary", (Term,)),
)

#: So many measures stand on one page at most, but a record is never divided: a phone loads a page in a moment.
MEASURES_PER_PAGE = 400


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
        address = f"{listing.folder}/"
        parts = len(measure_parts(catalogue)) if listing.folder == "measures" else 1
        found.append(Page(address, listing.folder, f"page.{listing.folder}", parts=parts))
        found += [
            Page(f"{address}{part}/", listing.folder, f"page.{listing.folder}", parent=address, part=part, parts=parts)
            for part in range(2, parts + 1)
        ]
        if listing.each is not None:
            template = listing.each_template
            found += [
                Page(f"{address}{record.id}/", template, record=record, parent=address)
                for record in catalogue.all(listing.each)
            ]
    found += [Page(f"{name}/", name, f"page.{name}") for name in STANDING]
    return tuple(found)


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
