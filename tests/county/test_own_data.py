"""The records in ``data/``: without errors, fit for editors, drawn and dated as they should be, whatever they say."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from haopin.html.charts.figures import Charts
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.model import READ, Kind
from haopin.model.activity import Activity
from haopin.site.calendar import CalendarItems, Occurrence
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.text import LANGUAGES, Language
from support import ROOT
from test_branding import test_colours_of_the_county_can_be_read
from test_catalogue import test_committed_records_come_in_the_order_of_the_clauses_of_their_document
from test_charts import check
from test_check_rules import test_good_county_has_no_errors
from test_office_editor import test_every_yaml_file_has_the_schema_of_its_kind
from test_office_status import test_lines_fit_an_80_column_terminal
from test_outline import test_outline_is_what_a_parser_of_html_reads
from test_pipeline import is_nightly_at_five_past_midnight
from test_schema import (
    files_of,
    test_file_as_an_editor_reads_it_fits_its_schema,
    test_file_as_the_engine_reads_it_agrees_with_model_and_schema,
)


@pytest.mark.parametrize(
    "judge",
    [
        test_file_as_an_editor_reads_it_fits_its_schema,
        test_file_as_the_engine_reads_it_agrees_with_model_and_schema,
    ],
)
def test_every_file_fits_its_schema(data: Path, judge: Callable[[Kind, Path], None]) -> None:
    files = [(kind, file) for kind in READ for file in files_of(kind, data)]
    assert files
    for kind, file in files:
        judge(kind, file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_stay_legible(catalogue: Catalogue, own_day: date, language: Language) -> None:
    labels = Labels(read_labels(ROOT / "hooks/haopin/labels.yml"), language)
    found = Charts(TemplateContext(catalogue, language, own_day, pages(catalogue)), labels)
    for figure in (found.course(catalogue.plan), found.year, found.bodies, found.groups, found.targets, found.matrix):
        for drawing in (figure.wide, figure.narrow) if figure is not None else ():
            if drawing is not None:
                check(drawing)


def test_every_activity_that_comes_round_has_a_next_time(catalogue: Catalogue, own_day: date) -> None:
    # A 29 February may be further away than calendars reach.
    yearly = {
        a.id for a in catalogue.all(Activity) if a.recurrence and (a.recurrence.month, a.recurrence.day) != (2, 29)
    }
    for day in (own_day, date(own_day.year, 12, 31), date(own_day.year + 1, 1, 1)):
        items = [item for item in CalendarItems(catalogue, day).all if item.end >= day]
        assert yearly <= {item.subject.activity.id for item in items if isinstance(item.subject, Occurrence)}


def test_the_nightly_run_is_five_past_midnight_where_the_county_is(catalogue: Catalogue) -> None:
    assert is_nightly_at_five_past_midnight(ZoneInfo(catalogue.site.time_zone))
