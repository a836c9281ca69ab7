"""Data in the form of the first version is read as it stands."""

import shutil
from pathlib import Path

import pytest
from haopin.model.task import Task
from support import COUNTY_FIRST, catalogue_of, copy_full_county, edit, errors_of, full_catalogue


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Every kind of record, as the first version wrote it."""
    folder = copy_full_county(tmp_path / "county") / "data"
    shutil.copytree(COUNTY_FIRST / "data", folder, dirs_exist_ok=True)
    assert "county: {zh: 甲乙县" in (folder / "site.yml").read_text("utf-8")
    return folder


def test_all_is_read_but_a_lead_that_the_document_names_must_be_recorded(data: Path) -> None:
    assert errors_of(data) == [
        "data/tasks/03.yml:7:1: 原文写明“县商务局”牵头，请把“commerce”写进“lead” / "
        "the quotation says that “县商务局” leads; write “commerce” in “lead”"
    ]
    # As the message says; nothing else is changed.
    edit(data / "tasks/03.yml", "bodies: [commerce, quality]", "lead: [commerce]\n  bodies: [quality]")
    old, new = catalogue_of(data), full_catalogue()
    assert (old.site.place, old.site.place_kind) == (new.site.place, "county")
    roles = old.get(Task, "03").responsible
    assert roles is not None and (roles.lead, roles.bodies) == (("commerce",), ("quality",))
    for task in ("01", "02"):
        assert old.get(Task, task) == new.get(Task, task)
    changed = {"site", "task", "safeguard", "assignment", "document"}
    for model, records in new.records.items():
        if model.__name__.lower() not in changed:
            assert old.records[model] == records, model
