"""The course of a plan: stretches with and without reports, the drawing, the list on phones, the table behind."""

from datetime import date, timedelta

import pytest
from haopin.html.charts.course import Moment, MomentKind, course
from haopin.html.charts.drawing import Drawing, Line, Word
from haopin.html.charts.figures import Charts
from haopin.html.charts.progress import MOST_BARS
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.model.ledger import Entry
from haopin.site.catalogue import Catalogue
from haopin.site.course import SILENCE, Stretch, stretches
from haopin.site.pages import pages
from haopin.text import LANGUAGES, Language
from support import ROOT, BuiltSite, catalogue_of, full_catalogue, words
from test_charts import LABELS, MONTHS, box, check

BEGIN, TODAY = date(2030, 1, 1), date(2032, 1, 1)
NAMES: dict[MomentKind, str] = {
    "document": "Document",
    "phase": "Phase",
    "silent": "Reports",
    "reports": "Reports",
    "event": "Activity",
    "due": "Due date",
    "today": "Date of the data",
}


def days(*found: str) -> list[date]:
    return [date.fromisoformat(day) for day in found]


def reports(*found: str) -> Stretch:
    dates = tuple(days(*found))
    return Stretch(dates[0], dates[-1], dates)


# Stretches


@pytest.mark.parametrize(
    ("begin", "reported", "expected"),
    [
        # Nothing reported: silence since the document, if it has a date.
        (BEGIN, (), [Stretch(BEGIN, TODAY)]),
        (None, (), []),
        # One report parts the silence.
        (
            BEGIN,
            ("2031-01-01",),
            [
                Stretch(BEGIN, date(2031, 1, 1)),
                reports("2031-01-01"),
                Stretch(date(2031, 1, 1), TODAY),
            ],
        ),
        # Short pauses are none; what is dated after the page does not count.
        (
            date(2031, 9, 1),
            ("2031-10-01", "2031-12-01", "2033-01-01"),
            [reports("2031-10-01", "2031-12-01")],
        ),
        # A report before the document.
        (
            date(2031, 12, 1),
            ("2031-11-01", "2031-12-31"),
            [reports("2031-11-01", "2031-12-31")],
        ),
        # A document after the page.
        (date(2033, 1, 1), (), []),
    ],
)
def test_stretches(begin: date | None, reported: tuple[str, ...], expected: list[Stretch]) -> None:
    assert stretches(begin, days(*reported), TODAY) == expected


def test_a_pause_is_silence_from_half_a_year() -> None:
    for length, silent in ((SILENCE - timedelta(1), False), (SILENCE, True)):
        found = stretches(TODAY - length, (), TODAY)
        assert [stretch.is_silent for stretch in found] == [True] * silent


# The drawing


def moment(kind: MomentKind, label: str, start: str, end: str = "", form: str = "past") -> Moment:
    return Moment(kind, date.fromisoformat(start), date.fromisoformat(end or start), label, "x/", "Ended", form)


def drawn(*moments: Moment, as_of: date = TODAY) -> Drawing:
    return course(moments, as_of, MONTHS, NAMES, "No reports", lambda each: f"{each.label}, {each.start}")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("as_of", [date(2029, 1, 1), date(2030, 6, 15), TODAY, date(2060, 1, 1)])
def test_the_drawing_stays_legible(label: str, as_of: date) -> None:
    drawing = drawn(
        moment("document", label, "2030-01-01"),
        *(moment("phase", label, f"203{n}-02-01", f"203{n}-04-30") for n in range(4)),
        moment("silent", label, "2030-02-01", "2030-03-01"),
        moment("reports", label, "2030-03-01")._replace(days=(date(2030, 3, 1),)),
        moment("silent", label, "2030-03-01", "2031-03-01"),
        *(moment("event", label, "2030-01-31", "2030-02-02", "main") for _ in range(3)),
        *(moment("due", label, f"2031-{n:02}-01", form="late") for n in range(1, 13)),
        as_of=as_of,
    )
    check(drawing)
    links = drawing.links
    assert len(links) == 1 + 4 + 1 + 3 + 12
    assert all(link.address == "x/" and link.name.startswith(label) for link in links)
    assert [shape.style for shape in drawing.drawn].count("silent") == 2


def test_one_day_can_be_drawn() -> None:
    check(drawn(moment("document", "A", "2032-01-01")))


def test_the_line_of_today_crosses_no_name_that_has_room() -> None:
    drawing = drawn(
        moment("document", "Plan", "2025-01-01"),
        moment("due", "Shortly before", "2031-12-01", form="open"),
        moment("due", "Shortly after", "2032-02-01", form="open"),
    )
    today = next(shape for shape in drawing.drawn if isinstance(shape, Line) and shape.style == "today")
    for word in drawing.of(Word):
        assert isinstance(word, Word)
        left, _, right, _ = box(word)
        assert not left < today.x1 < right or word.style == "soft", word


def test_that_an_event_is_cancelled_is_said() -> None:
    event = moment("event", "Fair", "2032-05-01")._replace(words="Canceled")
    assert any(isinstance(word, Word) and word.text == "Canceled · Fair" for word in drawn(event).of(Word))


# What is on it


def charts(catalogue: Catalogue, language: Language, day: date) -> Charts:
    labels = Labels(read_labels(ROOT / "hooks/haopin/labels.yml"), language)
    return Charts(TemplateContext(catalogue, language, day, pages(catalogue)), labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_dated_is_on_it(language: Language) -> None:
    catalogue = full_catalogue()
    found = charts(catalogue, language, date(2030, 2, 1)).course(catalogue.plan)
    assert found is not None and found.wide is not None
    kinds = [row.kind for row in found.rows]
    assert {"document", "phase", "reports", "event", "due", "today"} <= set(kinds)
    assert kinds.count("today") == 1
    reports = [day for row in found.rows for day in row.days]
    assert sorted(reports) == sorted(entry.date for entry in catalogue.all(Entry))
    # Every mark but silence and today is a link.
    assert len(found.wide.links) == len([row for row in found.near if row.kind not in ("silent", "today")])


def test_without_reports_it_is_silent_since_the_document() -> None:
    catalogue = catalogue_of()
    dated = catalogue.document.dated
    assert dated is not None and not catalogue.all(Entry)
    found = charts(catalogue, "en", date(2035, 1, 1)).course(catalogue.plan)
    assert found is not None
    assert [(row.start, row.end) for row in found.rows if row.kind == "silent"] == [(dated, date(2035, 1, 1))]


def test_a_replaced_plan_has_none() -> None:
    catalogue = catalogue_of()
    plan = catalogue.plan.model_copy(update={"state": "replaced"})
    assert charts(catalogue, "en", TODAY).course(plan) is None


def test_the_nearest_events_and_due_dates_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haopin.html.charts.figures.MOST_BARS", 1)
    assert MOST_BARS > 1
    catalogue = full_catalogue()
    found = charts(catalogue, "en", date(2030, 2, 1)).course(catalogue.plan)
    assert found is not None
    dated = [row for row in found.rows if row.kind in ("event", "due")]
    assert found.left_out == len(dated) - 1 and len(found.near) == len(found.rows) - found.left_out
    kept = next(row for row in found.near if row.kind in ("event", "due"))
    assert all(abs(kept.start - date(2030, 2, 1)) <= abs(row.start - date(2030, 2, 1)) for row in dated)


# Pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_and_the_table_have_the_same(full_county: BuiltSite, language: Language) -> None:
    page = full_county.edition(language)["timeline/"]
    listed = [words(item) for item in next(e for e in page.all("ol") if "hp-course" in e.get("class", "")).iter("li")]
    figure = next(e for e in page.all("div") if e.get("id") == "figure-course")
    rows = [words(next(row.iter("th"))) for row in list(figure.iter("tr"))[1:]]
    assert len(listed) == len(rows) > 5
    assert [row for row, item in zip(rows, listed, strict=True) if row not in item] == []
