"""Which pages exist, under which address, in which place of the menu. A section without records has none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from haopin.catalogue import Catalogue
from haopin.records.activity import Activity, Channel
from haopin.records.base import Record
from haopin.records.body import Body
from haopin.records.document import Document
from haopin.records.phase import Phase, Safeguard
from haopin.records.provision import Honour, Industries, Mechanism, PilotField, Service, Term
from haopin.records.target import Target
from haopin.records.task import Section, Task


@dataclass(frozen=True)
class Page:
    """A generated page, the same in every language.

    Attributes:
        address: Site-relative directory address, ``""`` for the home page, else ending in ``/``.
        template: Name of its template, also the name of its kind.
        title: Label key (``page.tasks``) of a page that lists, or None for a record's page.
        record: The record that the page is about, if it is about one.
        parent: Address of the page above it; None for the home page.
    """

    address: str
    template: str
    title: str | None = None
    record: Record | None = None
    parent: str | None = ""

    @property
    def depth(self) -> int:
        """Number of folders between the page and the root of its language."""
        return self.address.count("/")

    @property
    def root(self) -> str:
        """Relative address of the root of its language."""
        return "../" * self.depth or "./"

    @property
    def section(self) -> str:
        """First folder of the address: the page's section in the menu."""
        return self.address.partition("/")[0]

    @property
    def source(self) -> str:
        """The Markdown path that the page would have if a person had written it, e.g. ``tasks/03.md``."""
        return f"{self.address.rstrip('/')}.md" if self.record else f"{self.address}index.md"


@dataclass(frozen=True)
class Listing:
    """A page that lists records, shown if there is a record of any of ``models``."""

    folder: str
    models: tuple[type[Record], ...]
    each: type[Record] | None = None
    each_template: str = ""


LISTINGS: tuple[Listing, ...] = (
    Listing("tasks", (Task,), Task, "task"),
    Listing("targets", (Target,)),
    Listing("bodies", (Body,), Body, "body"),
    Listing("timeline", (Phase,)),
    Listing("activities", (Activity,), Activity, "activity"),
    Listing("documents", (Document,), Document, "document"),
    Listing("aims", (Section,)),
    Listing("safeguards", (Safeguard,)),
    Listing("services", (Service,)),
    Listing("industries", (Industries, PilotField)),
    Listing("honours", (Honour,)),
    Listing("disclosure", (Mechanism,)),
    Listing("channels", (Channel,)),
    Listing("glossary", (Term,)),
)

#: Sections of the top menu, at most six; the others are reached from the home page, the footer and the site map.
MENU: tuple[str, ...] = ("tasks", "targets", "bodies", "timeline", "activities", "documents")

#: Pages that need no record of a kind.
STANDING: tuple[str, ...] = ("reference", "sitemap")


def listings(catalogue: Catalogue) -> Iterator[Listing]:
    """Yield the listings that have a record to list."""
    for listing in LISTINGS:
        if any(catalogue.all(model) for model in listing.models):
            yield listing


def menu(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the folders of the top menu that exist for this catalogue."""
    present = {listing.folder for listing in listings(catalogue)}
    return tuple(folder for folder in MENU if folder in present)


def pages(catalogue: Catalogue) -> tuple[Page, ...]:
    """Return every generated page, in the order of the site map."""
    found = [Page("", "home", "page.home", parent=None)]
    for listing in listings(catalogue):
        address = f"{listing.folder}/"
        found.append(Page(address, listing.folder, f"page.{listing.folder}"))
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
