"""Which pages exist, under which address, in which place of the menu. A section without records has none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from haopin.model import FIXED_PAGES, KINDS, SECTIONS, Kind, Record
from haopin.model.disclosure import BATCH, Batch, Sampled
from haopin.model.task import Task
from haopin.site.catalogue import Catalogue


@dataclass(frozen=True)
class Page:
    """A generated page, the same in every language.

    Attributes:
        address: Site-relative directory address, ``""`` for the home page, else ending in ``/``.
        template: Name of its template, also the name of its kind.
        title: Label key (``page.tasks``) of a page that lists, or None for a record's page.
        record: The record that the page is about, if it is about one.
        kind: The kind of this record, or the one that the page lists; None for other pages.
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
    kind: Kind | None = None

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
        has_rows = self.kind is not None and self.kind.table is not None and self.row is None
        flat = self.record is not None and not has_rows
        return f"{self.address.rstrip('/')}.md" if flat else f"{self.address}index.md"


@dataclass(frozen=True)
class Listing:
    """A page that lists records, shown if there is a record of any of ``models`` or ``also`` says so.

    Attributes:
        folder: Its folder, which may lie in that of another listing, which is then the page above it.
        models: Models of the records that make it exist.
        kind: The kind that it lists, if it is the page of one.
        also: Tells whether it exists even so.
        parts: Returns over how many pages a long list goes.
    """

    folder: str
    models: tuple[type[Record], ...]
    kind: Kind | None
    also: Callable[[Catalogue], bool]
    parts: Callable[[Catalogue], int]

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


#: When pages exist beside those with a record to list.
_ALSO: Mapping[str, Callable[[Catalogue], bool]] = {
    "measures": lambda catalogue: any(task.measures for task in catalogue.all(Task)),
    "changes": lambda catalogue: bool(catalogue.publishable),
    "matrix": lambda catalogue: bool(catalogue.tasks_of_body),
    "subscribe": lambda catalogue: True,
    "participate": lambda catalogue: catalogue.takes_complaints,
    "data": lambda catalogue: True,
}
_PARTS: Mapping[str, Callable[[Catalogue], int]] = {"measures": _pages_of_measures, "changes": _pages_of_changes}


def _listing(folder: str) -> Listing:
    models = tuple(kind.model for kind in KINDS if folder in kind.listed_in)
    kind = next((kind for kind in KINDS if kind.folder == folder and folder in kind.listed_in), None)
    also, parts = _ALSO.get(folder, lambda _: False), _PARTS.get(folder, lambda _: 1)
    return Listing(folder, models, kind, also, parts)


def _folders() -> Iterator[str]:
    """Yield the folder of every listing, those within a folder after it."""
    every = dict.fromkeys(folder for kind in KINDS for folder in kind.listed_in)
    for folders in SECTIONS.values():
        for folder in folders:
            yield folder
            yield from (inner for inner in every if inner.startswith(f"{folder}/"))


#: Every page that lists records, in the order of the menu.
LISTINGS: tuple[Listing, ...] = tuple(map(_listing, _folders()))


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


def measure_parts(catalogue: Catalogue) -> tuple[tuple[Task, ...], ...]:
    """Return the tasks with measures, in the order of the clauses, divided among the pages that list all measures."""
    parts: list[list[Task]] = []
    count = 0
    for holder in catalogue.committed:
        if not isinstance(holder, Task) or not holder.measures:
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
        kind = listing.kind
        found.append(Page(address, name, f"page.{name}", parent=above, parts=parts, kind=kind))
        found += [
            Page(f"{address}{part}/", name, f"page.{name}", parent=address, part=part, parts=parts, kind=kind)
            for part in range(2, parts + 1)
        ]
        if kind is not None and kind.page:
            found += [
                Page(kind.anchor(record.id), kind.page, record=record, parent=address, kind=kind)
                for record in catalogue.all(kind.model)
            ]
    for batch in catalogue.all(Batch):
        above = f"disclosures/batches/{batch.id}/"
        found += [
            Page(f"{above}{row.slug}/", "product", record=batch, parent=above, row=row, kind=BATCH)
            for row in catalogue.rows_of(batch)
            if row.result == "fail"
        ]
    found += [Page(f"{name}/", name, f"page.{name}") for name in FIXED_PAGES]
    return tuple(found)


def written_page(address: str) -> Page:
    """Return the page at ``address`` that a person wrote."""
    return Page(address, "written", parent=None if address == "" else "")


def neighbours(found: tuple[Page, ...]) -> dict[str, tuple[Page | None, Page | None]]:
    """Return, by address, the pages before and after each record's page among its siblings."""
    result: dict[str, tuple[Page | None, Page | None]] = {}
    same: Callable[[Page | None, Page], Page | None] = lambda other, page: (  # noqa: E731
        other
        if other is not None
        and other.record is not None
        and other.parent == page.parent
        # The last task of a plan is not followed by the first of another.
        and getattr(other.record, "plan", None) == getattr(page.record, "plan", None)
        else None
    )
    for index, page in enumerate(found):
        if page.record is not None:
            before = found[index - 1] if index else None
            after = found[index + 1] if index + 1 < len(found) else None
            result[page.address] = same(before, page), same(after, page)
    return result
