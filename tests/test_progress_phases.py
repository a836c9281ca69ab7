"""Where the programme stands on a day."""

from datetime import date
from itertools import pairwise

import pytest
from haopin.model.phase import Phase
from haopin.model.target import Target
from haopin.site.catalogue import Catalogue
from haopin.site.progress import phases, programme, target_state
from haopin.site.publish import Published

TEXT = {"zh": "\u7532", "en": "A"}


def phase(record_id: str, start: str, end: str) -> Phase:
    clause = {"document": "d", "id": "c"}
    period = {"start": start, "end": end, "quote": TEXT}
    return Phase.model_validate({"id": record_id, "clause": clause, "title": TEXT, "period": period})


# The second begins a month after the first has ended; given out of order.
CATALOGUE = Catalogue.of(
    Published((phase("late", "2030-05-01", "2030-06-30"), phase("early", "2030-01-01", "2030-03-31")))
)


@pytest.mark.parametrize(
    ("as_of", "early", "late", "whole"),
    [
        ("2029-12-31", "future", "future", "before"),
        ("2030-01-01", "current", "future", "running"),
        ("2030-03-31", "current", "future", "running"),
        ("2030-04-01", "past", "future", "between"),
        ("2030-04-30", "past", "future", "between"),
        ("2030-05-01", "past", "current", "running"),
        ("2030-06-30", "past", "current", "running"),
        ("2030-07-01", "past", "past", "ended"),
    ],
)
def test_position_of_the_phases(as_of: str, early: str, late: str, whole: str) -> None:
    states = phases(CATALOGUE, date.fromisoformat(as_of))
    assert [(state.phase.id, state.position) for state in states] == [("early", early), ("late", late)]
    assert programme(states) == whole


def test_programme_without_phases() -> None:
    states = phases(Catalogue.of(Published(())), date(2030, 1, 1))
    assert states == []
    assert programme(states) == "undated"


def test_phases_come_in_order_of_their_start() -> None:
    starts = [state.phase.period.start for state in phases(CATALOGUE, date(2030, 1, 1))]
    assert all(first < second for first, second in pairwise(starts))


def target(due: str | None) -> Target:
    return Target.model_validate(
        {
            "id": "t",
            "measure": "01/m",
            "title": TEXT,
            "scope": TEXT,
            "quote": TEXT,
            "comparator": "achieve",
            "nature": "aim",
            "due": due,
        }
    )


@pytest.mark.parametrize(
    ("due", "as_of", "state"),
    [
        (None, "2040-01-01", "undated"),
        ("2023-12-31", "2023-12-30", "open"),
        ("2023-12-31", "2023-12-31", "open"),
        ("2023-12-31", "2024-01-01", "ended-unreported"),
    ],
)
def test_target_state(due: str | None, as_of: str, state: str) -> None:
    assert target_state(target(due), date.fromisoformat(as_of)) == state
