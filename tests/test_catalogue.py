"""The catalogue and its look-ups."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from haopin.model.activity import Activity
from haopin.model.base import ClauseRef
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.provision import Service
from haopin.model.site import Site
from haopin.model.task import Group, Task
from haopin.problem import DataError
from haopin.site.catalogue import Catalogue
from haopin.site.publish import Published
from pydantic import ValidationError
from support import catalogue_of, copy_data, edit


@pytest.fixture
def catalogue() -> Catalogue:
    return catalogue_of()


def test_records_come_in_the_order_of_the_data(catalogue: Catalogue) -> None:
    assert [task.id for task in catalogue.all(Task)] == ["01", "02"]
    assert [body.id for body in catalogue.all(Body)] == ["quality", "commerce"]
    assert catalogue.all(Service) == ()


def test_one_record(catalogue: Catalogue) -> None:
    assert catalogue.get(Body, "commerce").name.en == "County Commerce Bureau"
    with pytest.raises(KeyError):
        catalogue.get(Body, "none")


def test_site_and_its_document(catalogue: Catalogue) -> None:
    assert catalogue.site is catalogue.get(Site, "site")
    assert catalogue.document is catalogue.get(Document, "plan-2030-1")


def test_clause(catalogue: Catalogue) -> None:
    ref = ClauseRef(document="plan-2030-1", id="task-02")
    assert str(catalogue.clause(ref).en).startswith("2. Hold Quality Day.")
    with pytest.raises(KeyError):
        catalogue.clause(ClauseRef(document="plan-2030-1", id="none"))


def test_committed_records_come_in_the_order_of_the_clauses(catalogue: Catalogue) -> None:
    assert [record.id for record in catalogue.committed] == ["01", "02", "start"]


def test_committed_records_come_in_the_order_of_the_clauses_of_their_document(catalogue: Catalogue) -> None:
    order = [clause.id for clause in catalogue.document.clauses]
    places = [order.index(record.clause.id) for record in catalogue.committed]
    assert places == sorted(places)


def test_holder_of_clause(catalogue: Catalogue) -> None:
    assert catalogue.holder_of_clause["plan-2030-1", "task-02"].id == "02"
    assert ("plan-2030-1", "slogan") not in catalogue.holder_of_clause


def test_measures_by_address(catalogue: Catalogue) -> None:
    assert list(catalogue.measures) == ["01/check", "01/publish", "01/pass-rate", "02/events", "start/meeting"]
    record, measure = catalogue.measures["01/publish"]
    assert (record.id, measure.title.en) == ("01", "Publish the results")


def test_groups_of_records(catalogue: Catalogue) -> None:
    assert {key: [t.id for t in tasks] for key, tasks in catalogue.tasks_of_group.items()} == {"line": ["01", "02"]}
    assert {key: [t.id for t in tasks] for key, tasks in catalogue.tasks_of_body.items()} == {
        "quality": ["01", "02"],
        "commerce": ["01"],
    }
    assert {key: [t.id for t in targets] for key, targets in catalogue.targets_of_record.items()} == {
        "01": ["pass-rate"]
    }
    assert {key: [a.id for a in found] for key, found in catalogue.activities_of_clause.items()} == {
        ("plan-2030-1", "task-02"): ["quality-day"]
    }


def test_record_by_the_clause_it_rests_on(catalogue: Catalogue) -> None:
    assert catalogue.holder_of(ClauseRef(document="plan-2030-1", id="task-02")) is catalogue.get(Task, "02")
    assert catalogue.holder_of(ClauseRef(document="plan-2030-1", id="slogan")) is None
    assert catalogue.holder_named("start").id == "start"


def test_bodies_and_group_of_a_task(catalogue: Catalogue) -> None:
    task = catalogue.get(Task, "01")
    assert [body.id for body in catalogue.bodies_of(task)] == ["quality", "commerce"]
    assert [node.group for node in catalogue.groups_of(task)] == [catalogue.get(Group, "line")]


def test_catalogue_is_frozen(catalogue: Catalogue) -> None:
    with pytest.raises(FrozenInstanceError):
        catalogue.records = {}  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        catalogue.site.name = catalogue.site.place


def test_samples_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "activities/quality-day.yml", "kind: day", "kind: day\nsample: true")
    assert catalogue_of(data).all(Activity) == ()
    assert [activity.id for activity in catalogue_of(data, samples=True).all(Activity)] == ["quality-day"]
    # No other records are lost.
    assert len(catalogue_of(data).all(Task)) == 2


def test_companions_lie_beside_the_records(catalogue: Catalogue) -> None:
    assert set(catalogue.companions) == {"documents/plan-2030-1.zh.txt"}
    assert Catalogue.of(Published(())).companions == {}


def test_data_with_errors_makes_no_catalogue(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / "tasks/02.yml", "joint: false", "joint: no")
    edit(data / "bodies.yml", "id: commerce", "id: Commerce")
    with pytest.raises(DataError) as caught:
        catalogue_of(data)
    assert [line.split(": ")[0] for line in caught.value.lines] == ["data/bodies.yml:4:7", "data/tasks/02.yml:8:10"]
    assert str(caught.value) == "\n".join(caught.value.lines)


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        catalogue_of(tmp_path / "none")
    assert caught.value.lines == ("data:1:1: 没有这个资料文件夹 / there is no such data folder",)
