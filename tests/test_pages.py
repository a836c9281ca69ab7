"""Which pages exist, where, and under which names."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from haopin.html import context
from haopin.html.context import TemplateContext
from haopin.html.i18n import site_labels
from haopin.html.renderer import environment, template_of
from haopin.model import FIXED_PAGES, KINDS, SECTIONS
from haopin.model.activity import Activity
from haopin.model.disclosure import Batch
from haopin.model.news import Event
from haopin.model.site import Site
from haopin.model.task import Task
from haopin.site import pages as module
from haopin.site.catalogue import Catalogue
from haopin.site.pages import LISTINGS, Listing, Page, listings, measure_parts, menu, neighbours, pages
from haopin.site.publish import Published
from support import ROOT, catalogue_of, copy_data, full_catalogue, has_data

PACKAGE = ROOT / "hooks/haopin"


def is_there(listing: Listing) -> bool:
    """Return whether the invented county has data for ``listing``, or it needs none."""
    if listing.folder == "materials":
        # The site of an invented county leaves them out.
        return False
    kinds = [kind for kind in KINDS if kind.model in listing.models]
    return not kinds or any(map(has_data, kinds))


def test_pages_of_the_invented_county() -> None:
    assert [page.address for page in pages(catalogue_of())] == [
        "",
        "tasks/",
        "tasks/01/",
        "tasks/02/",
        "measures/",
        "targets/",
        "timeline/",
        "bodies/",
        "bodies/quality/",
        "bodies/commerce/",
        "matrix/",
        "activities/",
        "activities/quality-day/",
        "subscribe/",
        "subscribe/wall/",
        "participate/",
        "documents/",
        "documents/plan-2030-1/",
        "data/",
        "api/",
        "reference/",
        "sitemap/",
    ]


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (["targets.yml"], {"targets"}),
        (["phases.yml"], {"timeline"}),
        (["activities"], {"activities", "participate"}),
        (
            ["tasks", "targets.yml", "activities"],
            {"tasks", "targets", "activities", "participate", "matrix", "measures"},
        ),
        (
            ["tasks", "targets.yml", "activities", "phases.yml"],
            {"tasks", "targets", "activities", "participate", "matrix", "timeline", "measures"},
        ),
    ],
)
def test_section_without_records_does_not_exist(gone: list[str], missing: set[str], tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    before = catalogue_of(data)
    for name in gone:
        if (data / name).is_dir():
            shutil.rmtree(data / name)
        else:
            (data / name).unlink()
    after = catalogue_of(data)
    assert {page.folder for page in pages(before)} - {page.folder for page in pages(after)} == missing
    left = [tuple(folder for folder in entry.folders if folder not in missing) for entry in menu(before)]
    assert [folders for folders in left if folders] == [entry.folders for entry in menu(after)]
    assert {listing.folder for listing in listings(after)}.isdisjoint(missing)


def test_empty_site_has_home_fixed_pages_and_changes() -> None:
    site = catalogue_of().get(Site, "site").model_copy(update={"hotlines": ()})
    empty = Catalogue.of(Published((site,)))
    assert [page.address for page in pages(empty)] == ["", "subscribe/", "data/", "api/", "reference/", "sitemap/"]
    assert [(entry.name, entry.folders) for entry in menu(empty)] == [
        ("activities", ("subscribe",)),
        ("documents", ("data",)),
    ]


def test_menu_has_at_most_six_entries_all_of_them_listings() -> None:
    assert len(SECTIONS) <= 6
    in_menu = [folder for folders in SECTIONS.values() for folder in folders]
    assert sorted(in_menu) == sorted(listing.folder for listing in LISTINGS if not listing.parent)
    shown = {entry.name: entry.folders for entry in menu(full_catalogue())}
    folders = {listing.folder for listing in LISTINGS if is_there(listing)}
    assert shown == {name: tuple(f for f in its if f in folders) for name, its in SECTIONS.items()}


def test_entry_of_the_menu_leads_to_the_first_page_of_its_section_that_exists(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    assert [entry.address for entry in menu(catalogue_of(data))][:2] == ["tasks/", "timeline/"]
    shutil.rmtree(data / "tasks")
    shutil.rmtree(data / "activities")
    (data / "targets.yml").unlink()
    assert [(entry.name, entry.address) for entry in menu(catalogue_of(data))] == [
        ("progress", "timeline/"),
        ("answerable", "bodies/"),
        ("activities", "subscribe/"),
        ("documents", "documents/"),
    ]


def test_many_measures_are_divided_among_pages_but_no_record_is(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = full_catalogue()
    monkeypatch.setattr(module, "MEASURES_PER_PAGE", 10)
    parts = measure_parts(catalogue)
    assert len(parts) > 2
    assert [task for part in parts for task in part] == [
        h for h in catalogue.committed if isinstance(h, Task) and h.measures
    ]
    assert all(sum(len(holder.measures) for holder in part) <= 10 for part in parts)
    found = [page for page in pages(catalogue) if page.template == "measures"]
    assert [page.address for page in found] == ["measures/", *(f"measures/{n}/" for n in range(2, len(parts) + 1))]
    assert {page.parts for page in found} == {len(parts)}
    assert [page.part for page in found] == list(range(1, len(parts) + 1))


def test_a_record_with_more_measures_than_a_page_takes_has_a_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEASURES_PER_PAGE", 1)
    assert [[holder.id for holder in part] for part in measure_parts(catalogue_of())] == [["01"], ["02"]]


def test_full_county_has_every_listing() -> None:
    assert [listing.folder for listing in listings(full_catalogue())] == [x.folder for x in LISTINGS if is_there(x)]


@pytest.mark.parametrize("catalogue", [catalogue_of(), full_catalogue()], ids=["invented", "every-kind"])
def test_every_page_has_a_template_a_parent_and_an_address_of_its_own(catalogue: Catalogue) -> None:
    found = pages(catalogue)
    addresses = [page.address for page in found]
    assert len(set(addresses)) == len(addresses)
    assert len({page.source for page in found}) == len(found)
    labels = site_labels(PACKAGE / "labels.yml")
    templates = environment(PACKAGE / "templates")
    for page in found:
        assert (PACKAGE / "templates" / template_of(page, templates)).is_file()
        assert (page.title is None) == (page.record is not None)
        assert page.title is None or page.title in labels
        assert page.parent in addresses if page.address else page.parent is None


@pytest.mark.parametrize("catalogue", [catalogue_of(), full_catalogue()], ids=["invented", "every-kind"])
def test_every_record_can_be_reached(catalogue: Catalogue) -> None:
    """The address of each record, its anchor aside, is that of a page; a new kind without a page fails here."""
    addresses = {page.address for page in pages(catalogue)}
    for kind in KINDS:
        for record in catalogue.all(kind.model):
            assert kind.anchor(record.id).partition("#")[0] in addresses


def test_every_kind_is_listed_somewhere() -> None:
    listed = {model for listing in LISTINGS for model in listing.models}
    # The home page; then records shown with tasks, measures, honors and changes.
    elsewhere = ["site", "group", "assignment", "award", "withdrawal"]
    assert [kind.name for kind in KINDS if kind.model not in listed] == elsewhere
    assert listed >= {kind.model for kind in KINDS if kind.name == "need"}


@pytest.mark.parametrize(
    ("address", "depth", "root", "folder"),
    [("", 0, "./", ""), ("tasks/", 1, "../", "tasks"), ("tasks/03/", 2, "../../", "tasks")],
)
def test_address(address: str, depth: int, root: str, folder: str) -> None:
    page = Page(address, "home")
    assert (page.depth, page.root, page.folder) == (depth, root, folder)


def test_failing_products_have_pages_below_their_batch() -> None:
    catalogue = full_catalogue()
    found = [page for page in pages(catalogue) if page.template == "product"]
    failing = [row.slug for batch in catalogue.all(Batch) for row in catalogue.rows_of(batch) if row.result == "fail"]
    assert [page.address.split("/")[-2] for page in found] == failing
    assert len(failing) > 1
    for page in found:
        assert page.record is not None
        assert page.parent == f"disclosures/batches/{page.record.id}/"


def test_changes_are_divided_among_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHANGES_PER_PAGE", 10)
    catalogue = full_catalogue()
    found = [page for page in pages(catalogue) if page.template == "changes"]
    assert len(found) == -(-len(catalogue.publishable) // 10) > 2
    view = TemplateContext(catalogue, "en", date(2030, 2, 1), tuple(found))
    monkeypatch.setattr(context, "CHANGES_PER_PAGE", 10)
    listed = [record for page in found for _, record in view.changes(page.part)]
    assert listed == [record for _, record in catalogue.publishable]
    assert [r.date for r in listed] == sorted((r.date for r in listed), reverse=True)


def test_source_is_what_a_person_would_have_written() -> None:
    sources = {page.address: page.source for page in pages(catalogue_of())}
    assert sources[""] == "index.md"
    assert sources["tasks/"] == "tasks/index.md"
    assert sources["tasks/01/"] == "tasks/01.md"
    assert sources["sitemap/"] == "sitemap/index.md"


def test_neighbours_are_siblings() -> None:
    found = pages(catalogue_of())
    assert addresses(neighbours(found, date(2030, 2, 1))) == {
        "tasks/01/": (None, "tasks/02/"),
        "tasks/02/": ("tasks/01/", None),
        "bodies/quality/": (None, "bodies/commerce/"),
        "bodies/commerce/": ("bodies/quality/", None),
        "activities/quality-day/": (None, None),
        "documents/plan-2030-1/": (None, None),
    }


def addresses(found: Mapping[str, tuple[Page | None, Page | None]]) -> dict[str, tuple[str | None, str | None]]:
    """Return neighbours by their addresses."""
    return {address: (a.address if a else None, b.address if b else None) for address, (a, b) in found.items()}


def chain(found: Mapping[str, tuple[Page | None, Page | None]], folder: str) -> list[str]:
    """Return the ids of the pages in ``folder``, each followed by its next one."""
    near = addresses({address: pair for address, pair in found.items() if address.startswith(folder)})
    listed = [address for address, (before, _) in near.items() if before is None]
    while (after := near[listed[-1]][1]) is not None:
        assert near[after][0] == listed[-1]
        listed.append(after)
    assert len(listed) == len(near)
    return [address.split("/")[1] for address in listed]


def test_events_and_activities_follow_one_another_by_date() -> None:
    """Their ids are in another order than their dates. 29 February comes after September: the next one is in 2032."""
    catalogue = full_catalogue()
    assert [event.id for event in catalogue.all(Event)] == [
        "lecture-2030",
        "month-fair-2029",
        "quality-day-2030",
        "scale-day-2030",
    ]
    near = neighbours(pages(catalogue), date(2030, 2, 1))
    assert chain(near, "events/") == ["month-fair-2029", "lecture-2030", "scale-day-2030", "quality-day-2030"]
    assert [activity.id for activity in catalogue.all(Activity)][:2] == ["quality-day", "quality-month"]
    assert chain(near, "activities/") == ["quality-month", "quality-day", "shop-with-confidence"]
    later = neighbours(pages(catalogue), date(2030, 10, 1))
    assert chain(later, "activities/") == ["quality-month", "quality-day", "shop-with-confidence"]
    last = neighbours(pages(catalogue), date(2031, 10, 1))
    assert chain(last, "activities/") == ["quality-day", "quality-month", "shop-with-confidence"]


def test_standing_pages_come_last() -> None:
    found = pages(catalogue_of())
    assert [page.address for page in found[-len(FIXED_PAGES) :]] == [f"{name}/" for name in FIXED_PAGES]


def test_a_list_below_another_has_that_above_it() -> None:
    """Whatever records a county has on a day, the page above a page exists."""
    by_folder = {listing.folder: listing for listing in LISTINGS}
    for listing in LISTINGS:
        if listing.parent:
            above = by_folder[listing.parent.rstrip("/")]
            assert set(listing.models) <= set(above.models) or above.also(catalogue_of()), listing.folder
