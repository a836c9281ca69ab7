"""The site built from ``data/`` and ``docs/``, read as by browsers and other programs."""

import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from haopin.build.offline import copy_site
from haopin.build.settings import settings_of
from haopin.ops.gate.examine import examine
from haopin.ops.prepare import expected_of
from support import ROOT, BuiltSite, program, run
from test_api import (
    test_every_file_validates_against_the_schema_that_it_names,
    test_every_record_has_its_file_and_stands_in_the_list,
    test_every_schema_is_a_schema,
    test_files_that_the_index_names_exist,
    test_openapi_describes_every_file,
    test_pages_that_the_api_names_exist,
)
from test_atom import (
    test_content_is_whole_html_with_absolute_addresses,
    test_every_feed_keeps_the_schema_and_can_be_read,
    test_feeds_lead_to_a_page_that_exists,
    test_ids_are_tag_addresses_of_their_own,
    test_newest_first,
)
from test_conventions import (
    test_every_page_can_be_printed_and_shared_and_says_its_date,
    test_the_contact_stands_in_the_same_words_at_the_same_place_of_every_page,
)
from test_csp import (
    test_every_page_and_card_says_its_policy,
    test_pages_on_privacy_name_what_is_kept,
    test_the_headers_lie_beside_the_site,
)
from test_embeds import (
    test_a_card_has_no_script_no_style_of_its_own_and_asks_nothing_of_others,
    test_a_card_says_its_language_title_and_whose_it_is_and_is_left_out_by_search_engines,
    test_cards_are_no_pages_of_the_site,
    test_every_task_target_and_activity_has_a_card_in_each_language,
    test_links_of_a_card_lead_to_pages_of_its_language_in_a_new_tab,
    test_words_of_a_card_are_in_its_language,
)
from test_english import test_chinese_in_english_is_marked_or_not_translated_yet
from test_glossary import test_every_page_links_a_term_once_and_to_its_entry
from test_ics import test_every_file_keeps_the_rules
from test_meta_tags import (
    test_every_page_names_its_site,
    test_open_graph_says_what_the_page_says,
    test_robots_are_welcome_and_told_of_the_site_maps,
    test_the_public_site_is_open_to_search_engines,
    test_the_site_map_has_every_page_with_its_alternates,
)
from test_offline import test_every_address_leads_to_a_file_of_the_copy_or_out
from test_site import (
    test_a_missing_address_is_answered_in_both_languages,
    test_a_page_loads_nothing_from_elsewhere,
    test_alternates_are_absolute_and_include_the_page_itself,
    test_alternates_are_reciprocal,
    test_canonical_addresses_are_absolute_and_the_pages_own,
    test_every_clause_has_an_anchor,
    test_every_internal_link_and_anchor_leads_somewhere,
    test_every_measure_has_an_anchor_on_the_page_of_its_record,
    test_every_page_has_a_description,
    test_every_page_has_a_title_of_its_own,
    test_every_page_has_one_first_heading,
    test_every_page_is_reached_from_the_home_page,
    test_every_page_says_its_language,
    test_every_record_stands_where_its_kind_says,
    test_everything_in_an_article_can_be_searched,
    test_external_links_are_safe,
    test_ids_are_unique_and_readable,
    test_no_english_label_on_a_chinese_page,
    test_no_label_key_and_no_placeholder_is_left,
    test_nothing_is_styled_or_scripted_in_place,
    test_nothing_of_the_themes_own_shell_is_published,
    test_references_by_id_lead_to_an_element_of_the_page,
    test_scripts_are_files_of_the_site,
    test_search_entries_lead_to_pages_and_anchors,
    test_search_says_its_language,
    test_stylesheets_load_nothing_from_elsewhere,
    test_the_chinese_document_is_verbatim,
    test_the_english_document_shows_the_original_of_every_clause,
    test_the_language_link_leads_to_the_very_same_page,
    test_the_outline_is_what_an_independent_reader_sees,
    test_the_pages_are_the_same_in_both_languages,
    test_the_sitemap_lists_every_page_once,
    test_the_title_ends_in_the_name_of_the_site,
)
from test_systemd import TIMERS, setting
from test_valid import validated, vnu
from test_weight import test_the_first_view_of_every_page_is_light

#: Where the archive would be uploaded; the data may still have a placeholder, which is refused.
PORTAL = "https://portal.test/quality/"


def test_the_gate_finds_nothing(own: BuiltSite) -> None:
    expected = expected_of(ROOT, settings_of(ROOT / "mkdocs.yml"), own.folder)[0]
    assert list(examine(own.folder, expected)) == []


@pytest.fixture(scope="module")
def folder(own: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy that opens from a folder."""
    made = tmp_path_factory.mktemp("offline") / "copy"
    copy_site(own.folder, made)
    return made


@pytest.mark.sweep
def test_it_can_be_packed_for_a_portal(own_day: date, tmp_path: Path) -> None:
    done = run("-m", "haopin", "zip", "--address", PORTAL, "--as-of", own_day.isoformat(), tmp_path / "site.zip")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        assert packed.testzip() is None and packed.namelist()


@pytest.mark.sweep
def test_every_page_is_valid(own: BuiltSite, own_demo: BuiltSite, node: Callable[[str, bytes], Any]) -> None:
    assert vnu(own.folder, own_demo.folder) == []
    assert validated(node, own.folder, own_demo.folder)[1] == []


def test_each_timer_says_when_in_the_time_zone_of_the_county(own: BuiltSite) -> None:
    zone = own.catalogue.site.time_zone
    times = {}
    for path in TIMERS:
        (calendar,) = setting(path, "OnCalendar")
        assert calendar.endswith(f" {zone}") and path.with_suffix(".service").is_file()
        command = [program("systemd-analyze"), "calendar", calendar]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "Next elapse" in done.stdout
        times[path.stem] = calendar.removesuffix(f" {zone}")
    assert times["haopin-nightly"] == "*-*-* 00:05:00" and "haopin-watch" in times
