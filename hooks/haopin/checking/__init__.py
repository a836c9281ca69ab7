"""Checking across records. A rule is a small function from all entries to problems; `RULES` lists them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from haopin.checking import (
    calendar,
    coverage,
    days,
    evidence,
    files,
    identity,
    ledger,
    lettering,
    markup,
    personal,
    publication,
    quotations,
    redirects,
    references,
    slips,
    tables,
    translations,
    withdrawals,
)
from haopin.checking.entries import NO_SUCH, Entries
from haopin.problem import Problem
from haopin.reading.folder import Reading

#: So many places that name one missing record are told one by one.
MOST_ALIKE = 5

Rule = Callable[[Entries], Iterator[Problem]]

RULES: Sequence[Rule] = (
    identity.ids_are_unique,
    identity.ids_can_be_files,
    identity.anchors_are_unique,
    identity.anchors_are_free,
    identity.time_zone_exists,
    identity.site_address_is_real,
    identity.colours_are_readable,
    identity.pictures_are_safe,
    references.references_exist,
    references.targets_are_whole,
    references.joint_means_several,
    quotations.quotations_occur,
    quotations.headings_occur,
    quotations.site_words_occur,
    coverage.clauses_are_covered,
    coverage.documents_equal_their_sources,
    calendar.spans_run_forward,
    calendar.days_exist,
    calendar.editions_are_one_a_year,
    ledger.ledger_names_exist,
    ledger.corrections_are_single,
    ledger.ledger_states_fit,
    ledger.ledger_days_agree,
    ledger.percentages_are_no_fractions,
    ledger.assignments_fit,
    ledger.owners_have_a_source,
    publication.lives_run_forward,
    publication.published_names_exist,
    publication.inspections_add_up,
    publication.nothing_is_published_twice,
    publication.samples_are_marked,
    days.spans_of_records_run_forward,
    days.spans_are_over,
    days.days_of_records_agree,
    days.documents_end_after_they_begin,
    files.evidence_has_a_size,
    files.evidence_is_of_its_type,
    tables.sample_numbers_are_unique,
    redirects.redirects_are_single,
    withdrawals.withdrawals_take_effect,
    withdrawals.withdrawn_names_occur,
    markup.markup_is_understood,
    withdrawals.longer_names_are_decided,
    withdrawals.addresses_have_no_withdrawn_name,
    personal.personal_data_is_allowed,
    evidence.evidence_is_looked_at,
    lettering.names_can_be_drawn,
    translations.translations_are_fingerprints,
    slips.texts_are_finished,
    slips.languages_are_in_their_fields,
    slips.events_are_near_their_announcement,
    slips.notices_are_not_repeated,
)


def check(reading: Reading) -> list[Problem]:
    """Return every problem of the data: those of reading, then those of the rules."""
    entries = Entries(reading)
    found = list(reading.problems)
    for rule in RULES:
        found += rule(entries)
    return _together(found)


def _together(problems: list[Problem]) -> list[Problem]:
    """Return ``problems`` with one for each missing record that many others name: it is one mistake, not hundreds."""
    places: dict[str, list[int]] = {}
    for number, wrong in enumerate(problems):
        if wrong.zh.startswith(NO_SUCH):
            places.setdefault(wrong.zh, []).append(number)
    gone: set[int] = set()
    for numbers in places.values():
        if len(numbers) > MOST_ALIKE:
            first, more = problems[numbers[0]], len(numbers) - 1
            zh = f"{first.zh}\uff08另有 {more} 处也写着它\uff1b若是误删\uff0c请恢复\uff09"
            en = f"{first.en} ({more} more places name it; if it was deleted by mistake, restore it)"
            problems[numbers[0]] = replace(first, zh=zh, en=en)
            gone.update(numbers[1:])
    return [wrong for number, wrong in enumerate(problems) if number not in gone]
