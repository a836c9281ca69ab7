"""Checks across records. A rule is a function from all entries to problems; `RULES` lists them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from haopin.check import (
    approvals,
    dates,
    documents,
    evidence,
    identity,
    ledger,
    links,
    personal,
    photographs,
    plans,
    publication,
    references,
    responsibility,
    sources,
    targets,
    texts,
    withdrawals,
)
from haopin.check.entries import NO_SUCH, RecordIndex, TextRule
from haopin.load.dataset import Dataset
from haopin.problem import Problem

#: Number of references to one missing record that are reported one by one.
MOST_ALIKE = 5

Rule = Callable[[RecordIndex], Iterator[Problem]]

RULES: Sequence[Rule] = (
    identity.ids_are_unique,
    identity.ids_can_be_files,
    identity.anchors_are_unique,
    identity.anchors_are_free,
    identity.time_zone_exists,
    identity.site_address_is_real,
    identity.colours_are_readable,
    identity.pictures_are_safe,
    identity.templates_take_no_packages,
    identity.drawings_exist,
    references.references_exist,
    references.clauses_exist,
    references.sections_exist,
    references.synonyms_lead_somewhere,
    references.real_records_name_no_samples,
    plans.one_plan_is_current,
    plans.replacements_lead_on,
    plans.records_have_one_plan,
    plans.groups_are_nested,
    plans.periods_are_within_the_plan,
    texts.languages_have_labels,
    targets.targets_are_whole,
    targets.milestones_lead_to_their_target,
    targets.baselines_say_when,
    responsibility.joint_flag_matches_bodies,
    responsibility.responsibility_is_quoted,
    responsibility.leads_are_recorded,
    sources.facts_have_sources,
    sources.sources_can_be_followed,
    documents.words_are_the_documents,
    documents.heads_agree,
    documents.tables_are_whole,
    documents.changes_are_consistent,
    dates.ends_follow_beginnings,
    dates.editions_are_in_their_year,
    dates.days_exist,
    dates.editions_are_one_a_year,
    ledger.corrected_entries_exist,
    ledger.corrections_are_single,
    ledger.ledger_states_fit,
    targets.reported_numbers_fit,
    ledger.ledger_days_agree,
    ledger.percentages_are_no_fractions,
    ledger.assignments_fit,
    ledger.requirements_are_not_reported_on,
    ledger.owners_have_a_source,
    publication.publication_dates_in_order,
    approvals.approvers_may_approve,
    approvals.drafters_do_not_approve,
    publication.evidence_exists,
    publication.inspections_add_up,
    publication.nothing_is_published_twice,
    publication.samples_are_marked,
    dates.period_ended_before_record,
    dates.days_of_records_agree,
    dates.documents_end_after_they_begin,
    evidence.evidence_has_a_size,
    evidence.evidence_is_of_its_type,
    photographs.photographs_have_pictures,
    photographs.pictures_can_be_shown,
    photographs.photographs_are_described,
    photographs.photographs_are_published_after_they_were_taken,
    photographs.photographs_show_records,
    photographs.photographs_were_looked_at,
    publication.sample_numbers_are_unique,
    links.redirects_are_single,
    withdrawals.withdrawals_take_effect,
    withdrawals.withdrawn_names_are_gone,
    withdrawals.withdrawn_names_occur,
    texts.markup_is_understood,
    withdrawals.longer_names_are_decided,
    withdrawals.addresses_have_no_withdrawn_name,
    personal.personal_data_is_allowed,
    personal.personal_data_in_tables_is_allowed,
    evidence.evidence_is_looked_at,
    texts.names_can_be_drawn,
    texts.translations_are_fingerprints,
    texts.texts_are_finished,
    texts.languages_are_in_their_fields,
    texts.events_are_near_their_announcement,
    publication.notices_are_not_repeated,
    approvals.changes_wait_for_approval,
)


def check(dataset: Dataset) -> list[Problem]:
    """Return all problems of the data: those of reading, then those of the rules."""
    entries = RecordIndex(dataset)
    found = list(dataset.problems)
    looks = [rule.prepare(entries) for rule in RULES if isinstance(rule, TextRule)]
    for rule in RULES:
        if not isinstance(rule, TextRule):
            found += rule(entries)
    for entry in entries.all:
        words = entries.strings(entry)
        for look in looks:
            found += look(entry, words)
    return _together(found)


def _together(problems: list[Problem]) -> list[Problem]:
    """Return ``problems`` with a single one for a missing record that many others refer to."""
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
