"""Where measures and targets stand on a day: each state by its rule, and nothing that the entries do not say."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from haopin.model import Record
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.target import Target
from haopin.model.task import Group, Section, Task
from haopin.site.catalogue import Catalogue
from haopin.site.progress import STATES, MeasureStatus, Progress, State, StatusCounts, TargetStatus
from haopin.site.publish import Published
from living import AS_OF, copy_living
from support import catalogue_of, edit

TEXT = {"zh": "甲", "en": "A"}
CLAUSE = {"document": "d", "id": "c"}


def day(text: str) -> date:
    """Return a day of 2030, of which only month and day are given."""
    return date.fromisoformat(f"2030-{text}")


def measure(record_id: str, due: str | None = None) -> dict[str, Any]:
    return {"id": record_id, "title": TEXT, "quote": TEXT, "due": due and f"2030-{due}"}


def task(record_id: str, *measures: dict[str, Any], group: str = "g", bodies: tuple[str, ...] = ("b",)) -> Task:
    responsible = {"quote": TEXT, "bodies": bodies}
    return Task.model_validate(
        {
            "id": record_id,
            "clause": CLAUSE,
            "title": TEXT,
            "group": group,
            "responsible": responsible,
            "measures": measures,
        }
    )


def target(
    due: str | None = None, *, value: int | None = 95, nature: str = "commitment", way: str = "at-least"
) -> Target:
    return Target.model_validate(
        {
            "id": "t",
            "measure": "01/m",
            "title": TEXT,
            "scope": TEXT,
            "quote": TEXT,
            "comparator": way if value is not None else "achieve",
            "value": value,
            "unit": "percent" if value is not None else None,
            "nature": nature,
            "due": due and f"2030-{due}",
        }
    )


def entry(record_id: str, on: str, *, state: str | None = None, value: Any = None, **more: Any) -> Entry:
    about = {} if "target" in more else {"target": "t"} if value is not None else {"measure": "01/m"}
    if more.get("corrects"):
        more["reason"] = "误"
    if isinstance(covers := more.get("covers"), str):
        more["covers"] = {"start": "2029-01-01", "end": f"2030-{covers}"}
    value = None if value is None else str(value)
    fields = {"id": record_id, "date": f"2030-{on}", "body": "b", "source": "源", "state": state, "value": value}
    return Entry.model_validate({**fields, **about, **more})


CLAUSES = [{"id": "c", "level": "item", "zh": "甲", "en": "A"}]
DOCUMENT = Document.model_validate({"id": "d", "title": TEXT, "clauses": CLAUSES})


def progress(as_of: str, *records: Record) -> Progress:
    return Progress(Catalogue.of(Published((DOCUMENT, *records))), day(as_of))


def id_of(found: Entry | None) -> str | None:
    return found.id if found else None


def standing(as_of: str, *entries: Entry, due: str | None = None) -> tuple[State, str, str | None]:
    """Return state, rule and entry of the one measure."""
    found = progress(as_of, task("01", measure("m", due)), *entries).measure("01/m")
    assert found.due == (due and day(due))
    return found.state, found.rule, id_of(found.entry)


def outlook(as_of: str, of: Target, *entries: Entry) -> tuple[str, str, str | None]:
    """Return outcome, rule and entry of the one target."""
    found = progress(as_of, task("01", measure("m")), of, *entries).target(of)
    return found.outcome, found.rule, id_of(found.entry)


def test_measure_without_entry_is_not_reported_and_never_late() -> None:
    assert standing("06-01") == ("not-reported", "no-entry", None)
    assert standing("06-01", due="01-01") == ("not-reported", "no-entry", None)


@pytest.mark.parametrize("state", ["not-started", "under-way", "done", "routine", "suspended"])
def test_measure_stands_as_its_latest_entry_says(state: State) -> None:
    first = entry("e1", "01-01", state="under-way" if state == "done" else "done")
    assert standing("06-01", first, entry("e2", "02-01", state=state)) == (state, "latest-entry", "e2")
    # The order in the data does not count, the days do.
    assert standing("06-01", entry("e2", "02-01", state=state), first) == (state, "latest-entry", "e2")


@pytest.mark.parametrize(
    ("as_of", "state", "found"),
    [
        ("03-30", "under-way", ("under-way", "latest-entry", "e")),
        ("03-31", "under-way", ("under-way", "latest-entry", "e")),
        ("04-01", "under-way", ("late", "due-passed", "e")),
        ("04-01", "not-started", ("late", "due-passed", "e")),
        ("04-01", "suspended", ("late", "due-passed", "e")),
        ("04-01", "done", ("done", "latest-entry", "e")),
        ("04-01", "routine", ("routine", "latest-entry", "e")),
    ],
)
def test_incomplete_measures_are_late_after_their_due_date(
    as_of: str, state: str, found: tuple[State, str, str]
) -> None:
    assert standing(as_of, entry("e", "01-01", state=state), due="03-31") == found


def test_measure_done_after_its_due_date_is_done() -> None:
    entries = entry("e1", "01-01", state="under-way"), entry("e2", "05-01", state="done")
    assert standing("06-01", *entries, due="03-31") == ("done", "latest-entry", "e2")


def test_entry_in_words_only_leaves_the_state_before() -> None:
    """The check asks for a state; should one be missing, the last that was reported stands."""
    found = standing("06-01", entry("e1", "01-01", state="done"), entry("e2", "02-01", text="又开了会"))
    assert found == ("done", "latest-entry", "e1")


# Corrections.


def test_correction_takes_the_place_of_what_it_corrects() -> None:
    entries = [entry("e1", "01-01", state="done"), entry("e2", "02-01", state="under-way", corrects="e1")]
    assert standing("06-01", *entries) == ("under-way", "latest-entry", "e2")


def test_late_correction_of_an_old_entry_does_not_outdo_what_was_reported_since() -> None:
    entries = [
        entry("e1", "01-01", state="under-way"),
        entry("e2", "02-01", state="done"),
        entry("e3", "03-01", state="not-started", corrects="e1"),
    ]
    assert standing("06-01", *entries) == ("done", "latest-entry", "e2")


def test_chain_of_corrections() -> None:
    entries = [
        entry("e1", "01-01", state="done"),
        entry("e2", "01-01", state="under-way", corrects="e1"),
        entry("e3", "02-01", state="suspended", corrects="e2"),
        entry("e4", "03-01", state="routine", corrects="e3"),
    ]
    assert standing("06-01", *entries) == ("routine", "latest-entry", "e4")
    assert standing("06-01", *entries[:3]) == ("suspended", "latest-entry", "e3")
    newer = entry("e5", "01-15", state="not-started")
    assert standing("06-01", *entries, newer) == ("not-started", "latest-entry", "e5")
    found = progress("06-01", task("01", measure("m")), *entries, newer)
    assert [e.id for e in found.standing_entries("01/m")] == ["e5", "e4"]
    # The history hides nothing: newest first, and of one day what was written later.
    assert [e.id for e in found.history("01/m")] == ["e4", "e3", "e5", "e2", "e1"]


def test_correction_of_an_entry_that_is_not_public() -> None:
    """The corrected entry may be withdrawn: the correction stands on its own day."""
    assert standing("06-01", entry("e2", "02-01", state="done", corrects="e1")) == ("done", "latest-entry", "e2")


def test_corrections_in_a_circle_end() -> None:
    """The check refuses them; a preview with problems must not hang."""
    entries = [entry("e1", "01-01", state="done", corrects="e2"), entry("e2", "01-01", state="done", corrects="e1")]
    assert standing("06-01", *entries) == ("not-reported", "no-entry", None)


def test_of_one_day_what_was_written_later_counts() -> None:
    entries = [entry("e9", "01-01", state="done", text="一"), entry("e1", "01-01", state="done", text="二")]
    assert standing("06-01", *entries) == ("done", "latest-entry", "e1")


# Targets.


@pytest.mark.parametrize(
    ("as_of", "of", "found"),
    [
        ("06-01", target(), ("not-reported", "no-entry", None)),
        ("06-01", target("06-01"), ("not-reported", "no-entry", None)),
        ("06-02", target("06-01"), ("ended-unreported", "aim-ended", None)),
        ("06-02", target("06-01", nature="aim"), ("ended-unreported", "aim-ended", None)),
        ("06-02", target("06-01", value=None), ("ended-unreported", "aim-ended", None)),
    ],
)
def test_target_without_entry_is_never_late(as_of: str, of: Target, found: tuple[str, str, None]) -> None:
    assert outlook(as_of, of) == found


@pytest.mark.parametrize(
    ("value", "way", "met"),
    [
        ("95", "at-least", True),
        ("95.0", "at-least", True),
        ("95.1", "at-least", True),
        ("94.9", "at-least", False),
        ("95", "equal", True),
        ("95.00", "equal", True),
        ("95.1", "equal", False),
        ("94.9", "equal", False),
        ("0", "at-least", False),
    ],
)
def test_target_is_met_by_its_own_comparison(value: str, way: str, met: bool) -> None:
    found = outlook("06-01", target(way=way), entry("e", "01-01", value=value))
    assert found == (("met", "value-meets", "e") if met else ("not-met", "value-below", "e"))


@pytest.mark.parametrize(
    ("as_of", "nature", "found"),
    [
        ("05-31", "commitment", ("not-met", "value-below", "e")),
        ("06-01", "commitment", ("not-met", "value-below", "e")),
        ("06-02", "commitment", ("late", "value-late", "e")),
        ("06-02", "aim", ("not-met", "value-below", "e")),
        ("12-31", "aim", ("not-met", "value-below", "e")),
    ],
)
def test_commitment_is_late_after_its_day_and_an_aim_never(as_of: str, nature: str, found: tuple[str, ...]) -> None:
    assert outlook(as_of, target("06-01", nature=nature), entry("e", "01-01", value=90)) == found


def test_target_that_was_met_is_not_late() -> None:
    assert outlook("06-02", target("06-01"), entry("e", "05-01", value=96)) == ("met", "value-meets", "e")
    assert outlook("06-03", target("06-01"), entry("e", "06-02", value=96)) == ("met", "value-meets", "e")


def test_undated_commitment_is_never_late() -> None:
    assert outlook("12-31", target(), entry("e", "01-01", value=1)) == ("not-met", "value-below", "e")


@pytest.mark.parametrize(
    ("as_of", "nature", "state", "found"),
    [
        ("06-01", "commitment", "under-way", ("reported", "state-open", "e")),
        ("06-02", "commitment", "under-way", ("late", "state-late", "e")),
        ("06-02", "commitment", "suspended", ("late", "state-late", "e")),
        ("06-02", "aim", "under-way", ("reported", "state-open", "e")),
        ("06-02", "commitment", "done", ("met", "state-reached", "e")),
        ("06-02", "aim", "done", ("met", "state-reached", "e")),
    ],
)
def test_target_without_a_number(as_of: str, nature: str, state: str, found: tuple[str, ...]) -> None:
    of = target("06-01", value=None, nature=nature)
    assert outlook(as_of, of, entry("e", "01-01", state=state, target="t")) == found


def full_outlook(of: Target, *entries: Entry, as_of: str = "06-01") -> TargetStatus:
    return progress(as_of, task("01", measure("m")), of, *entries).target(of)


@pytest.mark.parametrize(("before", "now", "trend"), [(90, 91, "up"), (91, 90, "down"), ("90", "90.0", "level")])
def test_trend(before: Any, now: Any, trend: str) -> None:
    found = full_outlook(target(), entry("e1", "01-01", value=before), entry("e2", "02-01", value=now))
    assert found.trend == trend
    assert found.before is not None
    assert (found.before.id, id_of(found.entry)) == ("e1", "e2")


def test_one_value_has_no_trend() -> None:
    found = full_outlook(target(), entry("e1", "01-01", value=90))
    assert (found.before, found.trend) == (None, None)


def test_trend_passes_over_what_was_corrected() -> None:
    found = full_outlook(
        target(),
        entry("e1", "01-01", value=90),
        entry("e2", "02-01", value=99),
        entry("e3", "02-15", value=89, corrects="e2"),
    )
    assert (id_of(found.before), id_of(found.entry), found.trend) == ("e1", "e3", "down")


def test_late_correction_of_an_old_value_does_not_outdo_the_new_one() -> None:
    """The second quarter is corrected when the third is already reported."""
    found = full_outlook(
        target(),
        entry("q2", "02-01", value=97, covers="01-31"),
        entry("q3", "03-01", value=96, covers="02-28"),
        entry("q2b", "03-15", value=94, covers="01-31", corrects="q2"),
    )
    assert (found.outcome, id_of(found.entry)) == ("met", "q3")
    assert (id_of(found.before), found.trend) == ("q2b", "up")


@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_periods_on_one_day_the_later_counts(swapped: bool) -> None:
    entries = [entry("e1", "03-01", value=90, covers="01-31"), entry("e2", "03-01", value=96, covers="02-28")]
    found = full_outlook(target(), *(reversed(entries) if swapped else entries))
    assert (found.outcome, id_of(found.entry), found.trend) == ("met", "e2", "up")


@pytest.mark.parametrize(("as_of", "age"), [("02-01", 0), ("02-02", 1), ("03-01", 28)])
def test_age_of_the_latest_entry(as_of: str, age: int) -> None:
    entries = entry("e1", "01-01", value=90), entry("e2", "02-01", value=91)
    assert full_outlook(target(), *entries, as_of=as_of).age == age
    done = entry("e1", "02-01", state="done", target="t")
    assert full_outlook(target(value=None), done, as_of=as_of).age == age


def test_nothing_reported_has_no_age() -> None:
    assert full_outlook(target("01-01")) == TargetStatus("ended-unreported", "aim-ended")


def test_values_over_time_with_those_corrected() -> None:
    of = target()
    found = progress(
        "06-01",
        task("01", measure("m")),
        of,
        entry("e3", "03-01", value=92, corrects="e2"),
        entry("e1", "01-01", value=90),
        entry("e2", "02-01", value=99),
        entry("m1", "02-01", state="done"),
    )
    assert [e.id for e in found.values(of)] == ["e1", "e2", "e3"]


# Tallies.


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ({}, "not-reported"),
        ({"not-reported": 5}, "not-reported"),
        ({"done": 5}, "done"),
        ({"routine": 5}, "routine"),
        ({"done": 1, "routine": 4}, "done"),
        ({"under-way": 5}, "under-way"),
        ({"done": 4, "under-way": 1}, "under-way"),
        ({"done": 4, "not-started": 1}, "under-way"),
        ({"done": 4, "suspended": 1}, "under-way"),
        # What is not reported may be anything: the whole is not done.
        ({"done": 4, "not-reported": 1}, "under-way"),
        ({"routine": 4, "not-reported": 1}, "under-way"),
        # Nothing is under way here, whatever is not reported.
        ({"not-started": 5}, "not-started"),
        ({"not-started": 1, "not-reported": 4}, "not-started"),
        ({"suspended": 5}, "suspended"),
        ({"suspended": 1, "not-started": 4}, "suspended"),
        ({"suspended": 1, "not-reported": 4}, "suspended"),
        ({"late": 1, "done": 99}, "late"),
        ({"late": 1, "not-reported": 99}, "late"),
        ({"done": 5, "late": 0, "under-way": 0}, "done"),
    ],
)
def test_state_of_a_whole(counts: dict[State, int], state: State) -> None:
    assert StatusCounts(Counter(counts)).state == state


def test_tally() -> None:
    tally = StatusCounts(Counter({"under-way": 2, "done": 3, "not-reported": 4, "late": 0}))
    assert (tally.total, tally.reported) == (9, 5)
    assert tally.parts == (("done", 3), ("under-way", 2), ("not-reported", 4))
    assert [state for state, _ in tally.parts] == [s for s in STATES if s in dict(tally.parts)]


def programme() -> tuple[Progress, Catalogue]:
    group = {"number": "一", "clause": CLAUSE, "title": TEXT}
    bodies = [Body.model_validate({"id": name, "name": TEXT, "level": "county"}) for name in ("b", "c", "d")]
    section = {"id": "s", "clause": CLAUSE, "title": TEXT, "requirements": [measure("x", "02-01"), measure("y")]}
    records = (
        DOCUMENT,
        Group.model_validate({"id": "g", **group}),
        Group.model_validate({"id": "h", **group}),
        *bodies,
        task("01", measure("m", "03-01"), measure("n"), bodies=("b", "c")),
        task("02", measure("m", "02-01"), group="h"),
        Section.model_validate(section),
        target("03-01"),
        entry("e1", "01-05", state="under-way"),
        entry("e2", "01-02", state="done", measure="02/m"),
        entry("e3", "01-03", state="routine", measure="s/x"),
        entry("e5", "01-05", value=96),
        entry("e4", "01-05", value=95, corrects="e5"),
    )
    catalogue = Catalogue.of(Published(records))
    return Progress(catalogue, day("06-01")), catalogue


def test_tallies_of_tasks_groups_and_bodies() -> None:
    found, catalogue = programme()
    assert found.reported
    assert dict(found.task(catalogue.get(Task, "01")).parts) == {"late": 1, "not-reported": 1}
    assert dict(found.group(catalogue.get(Group, "h")).parts) == {"done": 1}
    assert dict(found.body(catalogue.get(Body, "b")).parts) == {"late": 1, "not-reported": 1, "done": 1}
    assert dict(found.body(catalogue.get(Body, "c")).parts) == {"late": 1, "not-reported": 1}
    assert found.body(catalogue.get(Body, "d")).total == 0
    assert dict(found.tally(["s/x", "s/y"]).parts) == {"routine": 1, "not-reported": 1}
    # Sections are no work orders: the programme is its tasks.
    assert dict(found.programme.parts) == {"late": 1, "done": 1, "not-reported": 1}


def test_deadlines_come_earliest_first() -> None:
    found = programme()[0].deadlines
    assert [(name, s.due and s.due.isoformat(), s.state) for name, s in found] == [
        ("02/m", "2030-02-01", "done"),
        ("01/m", "2030-03-01", "late"),
    ]
    assert all(isinstance(standing, MeasureStatus) for _, standing in found)


def test_entries_of_bodies_come_newest_first() -> None:
    found, catalogue = programme()
    # On measures and targets of its tasks; of one day, what was written later stands first.
    assert [e.id for e in found.entries_of_body(catalogue.get(Body, "b"))] == ["e4", "e5", "e1", "e2"]
    assert [e.id for e in found.entries_of_body(catalogue.get(Body, "c"))] == ["e4", "e5", "e1"]
    assert found.entries_of_body(catalogue.get(Body, "d")) == ()
    assert [e.id for e in found.entries_of([catalogue.get(Section, "s")])] == ["e3"]
    assert found.entries_of([]) == ()


def test_county_without_a_ledger() -> None:
    found = Progress(catalogue_of(), AS_OF)
    assert not found.reported
    assert found.programme.state == "not-reported"
    assert found.programme.reported == 0
    assert found.deadlines == ()


def test_county_with_a_ledger(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(
        data / "tasks/01.yml",
        "  - id: publish\n",
        "  - id: publish\n    due: 2030-01-31\n    assigned_by: {zh: 分工表, en: Plan}\n",
    )
    whole = catalogue_of(data)
    found = Progress(whole, AS_OF)
    assert {name: found.measure(name).state for name in whole.measures} == {
        "01/check": "routine",
        "01/publish": "not-reported",
        "01/pass-rate": "under-way",
        "02/events": "not-reported",
        "start/meeting": "not-reported",
    }
    (of,) = whole.all(Target)
    assert (found.target(of).outcome, found.target(of).age) == ("not-met", 20)
    assert [e.id for e in found.history("01/check")] == ["e3", "e1"]
    # The day before the correction was approved, the first entry stands.
    before = Progress(catalogue_of(data, as_of=date(2030, 1, 19)), date(2030, 1, 19))
    assert before.measure("01/check").state == "under-way"
    assert not Progress(catalogue_of(data, as_of=date(2030, 1, 10)), date(2030, 1, 10)).reported


@pytest.mark.parametrize(
    ("value", "due", "state"),
    [
        ("95", None, "routine"),
        ("94.9", None, "under-way"),
        ("94.9", "2030-01-31", "late"),
        ("95", "2030-01-31", "routine"),
        ("94.9", "2030-02-01", "under-way"),
    ],
)
def test_a_target_speaks_for_its_measure(value: str, due: str | None, state: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "ledger/2030.yml", "value: 93.5", f"value: {value}")
    if due:
        edit(
            data / "tasks/01.yml",
            "  - id: pass-rate\n",
            f"  - id: pass-rate\n    due: {due}\n    assigned_by: {{zh: 分工表, en: Plan}}\n",
        )
    found = Progress(catalogue_of(data), AS_OF).measure("01/pass-rate")
    assert (found.state, found.rule) == (state, "by-target")
    assert found.entry is not None
    assert found.entry.target == "pass-rate"


def test_a_report_on_the_measure_itself_counts_before_its_target(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    report = "- {id: e9, date: 2030-01-09, measure: 01/pass-rate, body: quality, state: suspended, source: 局, "
    file = data / "ledger/2030.yml"
    file.write_text(file.read_text("utf-8") + report + "approved: {role: head, date: 2030-01-09}}\n", "utf-8")
    found = Progress(catalogue_of(data), AS_OF).measure("01/pass-rate")
    assert (found.state, found.rule) == ("suspended", "latest-entry")
