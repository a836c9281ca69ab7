"""List of pages: addresses and menu. A section without records has no pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from haopin.model import FIXED_PAGES, KINDS, SECTIONS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.disclosure import BATCH, Batch, Sampled
from haopin.model.news import Event
from haopin.model.task import Task
from haopin.site.calendar import upcoming
from haopin.site.catalogue import Catalogue


@dataclass(frozen=True)
class Page:
    """A generated page, the same in every language.

    Attributes:
        address: Site-relative directory address, ``""`` for the home page, else ending in ``/``.
        template: Name of its template, which is also the type of the page.
        title: Label key (``page.tasks``) of a list page; None for the page of a record.
        record: The record of the page, if any.
        kind: The kind of this record, or of the listed records; None for other pages.
        parent: Address of the parent page; None for the home page.
        part: Number of this page of a long list, from 1.
        parts: Number of pages of the list.
        row: The row of the record's table that the page is about, if any.
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
        """First folder of the address, which determines its section."""
        return self.address.partition("/")[0]

    @property
    def source(self) -> str:
        """The path of the equivalent Markdown file, e.g. ``tasks/03.md``."""
        # The page of a record with pages below it is a file beside a folder of the same name.
        has_rows = self.kind is not None and self.kind.table is not None and self.row is None
        flat = self.record is not None and not has_rows
        return f"{self.address.rstrip('/')}.md" if flat else f"{self.address}index.md"


@dataclass(frozen=True)
class Listing:
    """A list page; it exists if there is a record of any of ``models``, or by the condition ``also``.

    Attributes:
        folder: Its folder; if it is below that of another list page, that page is its parent.
        models: Models of the records on which its existence depends.
        kind: The listed kind, if it is the page of one.
        also: Returns whether it exists without such records.
        parts: Returns the number of pages of a long list.
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
        """Address of the parent page."""
        above = self.folder.rpartition("/")[0]
        return f"{above}/" if above else ""


#: Largest number of measures per page, for fast loading on phones; the measures of a record stay together.
MEASURES_PER_PAGE = 400
#: Number of changes per page.
CHANGES_PER_PAGE = 100


def _pages_of_measures(catalogue: Catalogue) -> int:
    return len(measure_parts(catalogue))


def _pages_of_changes(catalogue: Catalogue) -> int:
    return max(1, -(-len(catalogue.publishable) // CHANGES_PER_PAGE))


#: Conditions for pages that exist without a record to list.
_ALSO: Mapping[str, Callable[[Catalogue], bool]] = {
    "measures": lambda catalogue: any(task.measures for task in catalogue.all(Task)),
    "changes": lambda catalogue: bool(catalogue.publishable),
    "matrix": lambda catalogue: bool(catalogue.tasks_of_body),
    "subscribe": lambda catalogue: True,
    "participate": lambda catalogue: catalogue.takes_complaints,
    "materials": lambda catalogue: catalogue.site.materials,
    "data": lambda catalogue: True,
}
_PARTS: Mapping[str, Callable[[Catalogue], int]] = {"measures": _pages_of_measures, "changes": _pages_of_changes}


def _listing(folder: str) -> Listing:
    models = tuple(kind.model for kind in KINDS if folder in kind.listed_in)
    kind = next((kind for kind in KINDS if kind.folder == folder and folder in kind.listed_in), None)
    also, parts = _ALSO.get(folder, lambda _: False), _PARTS.get(folder, lambda _: 1)
    return Listing(folder, models, kind, also, parts)


def _folders() -> Iterator[str]:
    """Yield the folder of every list page, parents first."""
    every = dict.fromkeys(folder for kind in KINDS for folder in kind.listed_in)
    for folders in SECTIONS.values():
        for folder in folders:
            yield folder
            yield from (inner for inner in every if inner.startswith(f"{folder}/"))


#: All list pages, in the order of the menu.
LISTINGS: tuple[Listing, ...] = tuple(map(_listing, _folders()))


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the menu: its name, its target, and the existing folders of its section."""

    name: str
    folders: tuple[str, ...]

    @property
    def address(self) -> str:
        """Address of the target page."""
        return f"{self.folders[0]}/"


def listings(catalogue: Catalogue) -> Iterator[Listing]:
    """Yield the list pages that exist."""
    for listing in LISTINGS:
        if any(catalogue.all(model) for model in listing.models) or listing.also(catalogue):
            yield listing


def menu(catalogue: Catalogue) -> tuple[MenuEntry, ...]:
    """Return the entries of the menu; empty sections have none."""
    present = {listing.folder for listing in listings(catalogue)}
    found = ((name, tuple(f for f in folders if f in present)) for name, folders in SECTIONS.items())
    return tuple(MenuEntry(name, folders) for name, folders in found if folders)


def measure_parts(catalogue: Catalogue) -> tuple[tuple[Task, ...], ...]:
    """Return the tasks with measures in the order of the clauses, by page of the list of all measures."""
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
    """Return all generated pages, in the order of the site map."""
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
    """Return the written page at ``address``."""
    return Page(address, "written", parent=None if address == "" else "")


def neighbours(found: tuple[Page, ...], as_of: date) -> dict[str, tuple[Page | None, Page | None]]:
    """Return the previous and next sibling of the page of each record, by address.

    Events follow one another by date, activities by their next date from ``as_of``, those without one last; all others
    in the order of the data.
    """
    activities = [page.record for page in found if isinstance(page.record, Activity)]
    next_dates = {item.activity.id: item.start for item in upcoming(activities, as_of)}

    def by_date(page: Page) -> tuple[date, ...]:
        if isinstance(page.record, Event):
            return page.record.start, page.record.last
        if isinstance(page.record, Activity):
            return (next_dates.get(page.record.id, date.max),)
        return ()

    siblings: dict[object, list[Page]] = {}
    for page in found:
        if page.record is not None:
            # The first task of another plan does not follow the last one of a plan.
            siblings.setdefault((page.parent, getattr(page.record, "plan", None)), []).append(page)
    result: dict[str, tuple[Page | None, Page | None]] = {}
    for listed in siblings.values():
        row = sorted(listed, key=by_date)
        for before, page, after in zip([None, *row], row, [*row[1:], None], strict=False):
            result[page.address] = before, after
    return result
